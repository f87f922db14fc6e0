//! Sums of points, exactly, with what the modes ask about them.

use super::{CodeId, fills_zero};
use crate::ast::{Comparison, Mode};
use crate::exact::ten_to;
use crate::limits::SCALE_MAX;
use crate::scalar::Scalar;
use std::cmp::Ordering;

/// An exact decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Amount {
    pub digits: i128,
    pub scale: u8,
}

/// What is known about a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    /// There is no such point.
    Missing,
    /// It is there, its value is null.
    Null,
    /// Its value.
    Known(Amount),
    /// It has a value of more than 38 digits, which nobody can hold.
    Broken,
}

impl Amount {
    pub const ZERO: Amount = Amount { digits: 0, scale: 0 };

    /// The value of a point, broken if it has more than 38 digits.
    pub fn cell(digits: i128, scale: u8) -> Cell {
        let fits = ten_to(SCALE_MAX).is_some_and(|limit| digits.unsigned_abs() < limit.unsigned_abs());
        if fits && scale <= SCALE_MAX { Cell::Known(Amount { digits, scale }) } else { Cell::Broken }
    }

    fn plus(self, other: Amount) -> Cell {
        let scale = self.scale.max(other.scale);
        let sum = self.at(scale).zip(other.at(scale)).and_then(|(a, b)| a.checked_add(b));
        sum.map_or(Cell::Broken, |digits| Amount::cell(digits, scale))
    }

    fn negated(self) -> Amount {
        Amount { digits: -self.digits, ..self }
    }

    fn at(self, scale: u8) -> Option<i128> {
        self.digits.checked_mul(ten_to(scale - self.scale)?)
    }
}

impl Cell {
    pub fn exists(self) -> bool {
        self != Cell::Missing
    }

    /// Neither missing nor null.
    pub fn has_value(self) -> bool {
        matches!(self, Cell::Known(_) | Cell::Broken)
    }

    /// Is it there with anything else than zero? Null is not zero.
    pub fn is_not_zero(self) -> bool {
        match self {
            Cell::Missing => false,
            Cell::Null | Cell::Broken => true,
            Cell::Known(amount) => amount.digits != 0,
        }
    }

    /// The value that the mode gives to a missing point; others keep theirs.
    pub fn filled(self, mode: Mode) -> Cell {
        match self {
            Cell::Missing if fills_zero(mode) => Cell::Known(Amount::ZERO),
            Cell::Missing => Cell::Null,
            other => other,
        }
    }

    /// The sum of two filled cells. A null makes it null, whatever else is too long.
    pub fn plus(self, other: Cell) -> Cell {
        match (self, other) {
            (Cell::Known(a), Cell::Known(b)) => a.plus(b),
            (Cell::Null | Cell::Missing, _) | (_, Cell::Null | Cell::Missing) => Cell::Null,
            (Cell::Broken, _) | (_, Cell::Broken) => Cell::Broken,
        }
    }

    pub fn negated(self) -> Cell {
        match self {
            Cell::Known(amount) => Cell::Known(amount.negated()),
            other => other,
        }
    }

    /// The number, or null.
    pub fn scalar(self) -> Scalar {
        match self {
            Cell::Known(Amount { digits: unscaled, scale }) => Scalar::Number { unscaled, scale },
            Cell::Missing | Cell::Null | Cell::Broken => Scalar::Null,
        }
    }
}

/// A code on the right of a rule.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub code: CodeId,
    pub is_subtracted: bool,
    /// The number of its condition.
    pub condition: Option<usize>,
}

/// The right side of a rule in one group: the sum of the codes that take part, and how many of them there are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side {
    pub total: Cell,
    /// Codes that take part.
    pub parts: usize,
    /// Those that are there.
    found: usize,
    /// Those that are there with a value.
    valued: usize,
    /// Those that are there and not zero.
    not_zero: usize,
}

impl Side {
    /// Adds up the codes that take part. Without any, the sum is like a missing point.
    pub fn new(parts: impl Iterator<Item = (Cell, bool)>, mode: Mode) -> Side {
        let mut side = Side { total: Cell::Known(Amount::ZERO), parts: 0, found: 0, valued: 0, not_zero: 0 };
        for (cell, is_subtracted) in parts {
            side.parts += 1;
            side.found += usize::from(cell.exists());
            side.valued += usize::from(cell.has_value());
            side.not_zero += usize::from(cell.is_not_zero());
            let cell = cell.filled(mode);
            side.total = side.total.plus(if is_subtracted { cell.negated() } else { cell });
        }
        if side.parts == 0 {
            side.total = Cell::Missing.filled(mode);
        }
        side
    }

    /// Does `hierarchy` give a point for it?
    pub fn is_computed(&self, mode: Mode) -> bool {
        match mode {
            Mode::NonNull => self.total != Cell::Null,
            Mode::NonZero => self.total.is_not_zero(),
            Mode::PartialNull | Mode::PartialZero => self.found > 0,
            Mode::AlwaysNull | Mode::AlwaysZero => true,
        }
    }

    /// Does `check_hierarchy` give a point for it and this left side?
    pub fn is_checked(&self, left: Cell, mode: Mode) -> bool {
        match mode {
            Mode::NonNull => left.has_value() && self.parts > 0 && self.valued == self.parts,
            Mode::NonZero => left.is_not_zero() || self.not_zero > 0,
            Mode::PartialNull | Mode::PartialZero => left.exists() || self.found > 0,
            Mode::AlwaysNull | Mode::AlwaysZero => true,
        }
    }
}

/// Does the comparison hold for this difference, left minus right?
pub(super) fn holds(comparison: Comparison, difference: Amount) -> bool {
    let order = difference.digits.cmp(&0);
    match comparison {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(digits: i128, scale: u8) -> Cell {
        Cell::Known(Amount { digits, scale })
    }

    #[test]
    fn sums_are_exact_or_broken_and_null_stays_null() {
        let most = 10_i128.pow(38) - 1;
        for (a, b, sum) in [
            (known(1, 1), known(25, 2), known(35, 2)),
            (known(most, 0), known(1, 0), Cell::Broken),
            (known(most, 0), known(1, 1), Cell::Broken),
            (known(most, 0), known(-1, 0), known(most - 1, 0)),
            (Cell::Broken, known(1, 0), Cell::Broken),
            (Cell::Broken, Cell::Null, Cell::Null),
            (known(1, 0), Cell::Null, Cell::Null),
        ] {
            assert_eq!(a.plus(b), sum, "{a:?} + {b:?}");
            assert_eq!(b.plus(a), sum, "{b:?} + {a:?}");
        }
    }

    #[test]
    fn a_difference_decides_every_comparison() {
        use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        for (digits, holding) in [
            (-1, [NotEqual, Less, LessOrEqual]),
            (0, [Equal, LessOrEqual, GreaterOrEqual]),
            (1, [NotEqual, Greater, GreaterOrEqual]),
        ] {
            for comparison in [Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual] {
                let holds = holds(comparison, Amount { digits, scale: 2 });
                assert_eq!(holds, holding.contains(&comparison), "{digits} {comparison:?}");
            }
        }
    }
}
