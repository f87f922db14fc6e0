//! Functions of single values that need no kernel of their own: calendars, conversions, distances, roots and logarithms.
//!
//! Each is pure: the values of one row in, one value out; `None` where there is none — a text that is no date, the root
//! of a negative number, a year after 9999 — which makes the row “not testable”. Null never comes here.

mod figures;
mod real;
mod text;
mod whole;
mod word;

use crate::exact::Fraction;
use crate::scalar::Type;

pub(crate) use figures::Figures;
pub(crate) use text::Written;
pub(crate) use whole::Whole;

/// A function by the family of its result.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Routine {
    /// A whole number or a day.
    Whole(Whole),
    /// A fraction.
    Rational(Rational),
    /// A text, period, interval or duration.
    Written(Written),
}

/// Functions whose result is a fraction.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Rational {
    /// A text as a number, perhaps in the form of a mask.
    Read(Option<Figures>),
    /// `exp(x)`, to 15 significant digits as all below.
    Exp,
    /// `ln(x)`
    Ln,
    /// `log(x, base)`
    Log,
    /// `sqrt(x)`; exact where the root is rational.
    Sqrt,
    /// `power(x, y)`; exact where `y` is whole and the result has at most 38 digits.
    Power,
    /// `random(seed, index)`: from 0 up to 1, the same for the same operands everywhere and always.
    Random,
    /// `string_distance(jaro_winkler, s, t)`
    JaroWinkler,
}

/// The value of an operand in one row. Whole numbers and days are fractions too.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell<'a> {
    Text(&'a str),
    Number(Fraction),
}

impl<'a> Cell<'a> {
    fn text(self) -> Option<&'a str> {
        if let Cell::Text(text) = self { Some(text) } else { None }
    }

    fn number(self) -> Option<Fraction> {
        if let Cell::Number(number) = self { Some(number) } else { None }
    }

    /// A whole number, if it is one.
    fn whole(self) -> Option<i64> {
        let (over, under) = self.number()?;
        if over.checked_rem(under)? == 0 { i64::try_from(over / under).ok() } else { None }
    }

    fn day(self) -> Option<i32> {
        i32::try_from(self.whole()?).ok()
    }
}

impl Rational {
    /// The value of one row.
    pub fn run(&self, cells: [Cell<'_>; 3]) -> Option<Fraction> {
        let [a, b, _] = cells;
        match self {
            Rational::Read(mask) => figures::read(a.text()?, mask.as_ref()),
            Rational::Exp => real::exp(a.number()?),
            Rational::Ln => real::ln(a.number()?),
            Rational::Log => real::log(a.number()?, b.number()?),
            Rational::Sqrt => real::sqrt(a.number()?),
            Rational::Power => real::power(a.number()?, b.number()?),
            Rational::Random => Some(real::random(a.number()?, b.whole()?)),
            Rational::JaroWinkler => word::jaro_winkler(a.text()?, b.text()?),
        }
    }
}

impl Routine {
    /// The value of one row of a routine of whole numbers.
    pub fn whole(&self, cells: [Cell<'_>; 3]) -> Option<i128> {
        if let Routine::Whole(op) = self { op.run(cells) } else { None }
    }

    /// The value of one row of a routine of fractions.
    pub fn rational(&self, cells: [Cell<'_>; 3]) -> Option<Fraction> {
        if let Routine::Rational(op) = self { op.run(cells) } else { None }
    }

    /// Appends the value of one row of a routine of texts.
    pub fn written(&self, cells: [Cell<'_>; 3], out: &mut String) -> Option<()> {
        if let Routine::Written(op) = self { op.run(cells, out) } else { None }
    }

    /// Reads what a column holds, so that every spelling of a period becomes one.
    pub fn read(kind: Type) -> Routine {
        Routine::Written(Written::Read(kind, None))
    }
}
