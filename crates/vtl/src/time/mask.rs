//! Masks of `cast`: how a date, period, interval or duration is written, such as `YYYY-MM-DD`, `YYYY\Qq`, `{D}D.{M}M.YYYY`.
//!
//! One letter stands for one digit, digits in braces may be missing, a reverse slash takes the next character as it is.
//! `P` is the letter of the unit, `p` its number; `MONTH3`, `Month3`, `month3` are the English names of months. Hours,
//! minutes, seconds, centuries and names of days are refused: nothing here is more exact than a day.

use super::calendar::{day_of_year, iso_week, to_days};
use super::{Duration, Interval, Period, Unit, civil};
use std::fmt::Write;

/// Mask 掩码.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mask(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Piece {
    Literal(char),
    /// A field with its fewest and most digits.
    Digits(Field, usize, usize),
    /// The name of the month with its most letters.
    Month(Case, usize),
    /// The letter of the unit.
    Letter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Case {
    Upper,
    Lower,
    Title,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Field {
    Year,
    Semester,
    Quarter,
    Month,
    Week,
    Day,
    Number,
}

/// What a text says, field by field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Parts {
    year: Option<i64>,
    /// The year has two digits.
    is_short: bool,
    semester: Option<i64>,
    quarter: Option<i64>,
    month: Option<i64>,
    week: Option<i64>,
    day: Option<i64>,
    of_year: Option<i64>,
    unit: Option<Unit>,
    number: Option<i64>,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Mask {
    /// Reads a mask; the error is the piece that is not supported.
    pub fn parse(mask: &str) -> Result<Mask, String> {
        let mut pieces = Vec::new();
        let mut rest = mask;
        while let Some(letter) = rest.chars().next() {
            let (piece, length) = if let Some(name) = month_name(rest) {
                name
            } else if letter == '\\' {
                let literal = rest.chars().nth(1).ok_or("\\")?;
                (Piece::Literal(literal), 1 + literal.len_utf8())
            } else if letter == 'P' {
                (Piece::Letter, 1)
            } else if letter == '{' || field(letter).is_some() {
                run(rest)?
            } else if matches!(letter, 'h' | 'm' | 's' | 'd' | 'C') || rest.to_ascii_uppercase().starts_with("AM/PM") {
                return Err(letter.to_string());
            } else {
                (Piece::Literal(letter), letter.len_utf8())
            };
            pieces.push(piece);
            rest = rest.get(length..).unwrap_or("");
        }
        if pieces.is_empty() { Err(mask.to_owned()) } else { Ok(Mask(pieces)) }
    }

    /// A date in this form.
    pub fn read_date(&self, text: &str) -> Option<i32> {
        let parts = self.read(text)?;
        match (parts.month, parts.of_year) {
            (None, Some(day)) => Period::new(Unit::Day, parts.full_year()?, day)?.first_day(),
            (month, _) => to_days(parts.full_year()?, month?, parts.day?),
        }
    }

    /// A period in this form, of the shortest unit that the mask names.
    pub fn read_period(&self, text: &str) -> Option<Period> {
        let parts = self.read(text)?;
        let year = parts.full_year()?;
        if let Some(unit) = parts.unit {
            return Period::new(unit, year, parts.number.unwrap_or(1));
        }
        if let (Some(month), Some(day)) = (parts.month, parts.day) {
            return Period::of_day(to_days(year, month, day)?, Unit::Day);
        }
        let fields = [
            (Unit::Day, parts.of_year),
            (Unit::Week, parts.week),
            (Unit::Month, parts.month),
            (Unit::Quarter, parts.quarter),
            (Unit::Semester, parts.semester),
            (Unit::Year, Some(1)),
        ];
        fields.into_iter().find_map(|(unit, number)| number.map(|number| Period::new(unit, year, number)))?
    }

    /// Two dates in this form with a slash between them.
    pub fn read_interval(&self, text: &str) -> Option<Interval> {
        let at = self.0.iter().position(|piece| *piece == Piece::Literal('/'))?;
        let (first, last) = text.split_once('/')?;
        let half = |pieces: Option<&[Piece]>| Some(Mask(pieces?.to_vec()));
        let (before, after) = (half(self.0.get(..at))?, half(self.0.get(at + 1..))?);
        Interval::new(before.read_date(first)?, after.read_date(last)?)
    }

    /// A duration in this form: a letter, years and days, or months and days.
    pub fn read_duration(&self, text: &str) -> Option<Duration> {
        let parts = self.read(text)?;
        let days = parts.day.or(parts.of_year).unwrap_or(0);
        let all = |per_unit: i64, count: i64| u32::try_from(count.checked_mul(per_unit)?.checked_add(days)?).ok();
        match (parts.unit, parts.year, parts.month) {
            (Some(unit), None, None) if parts.number.unwrap_or(1) == 1 => Some(Duration::Unit(unit)),
            (None, Some(years), None) => Some(Duration::years_of(all(365, years)?)),
            (None, None, Some(months)) => Some(Duration::months_of(all(30, months)?)),
            _ => None,
        }
    }

    /// A date in this form.
    pub fn write_date(&self, day: i32, out: &mut String) -> Option<()> {
        self.write(parts_of_day(day), out)
    }

    /// A period in this form; `None` if the mask asks for what the period does not have, as the month of a quarter.
    pub fn write_period(&self, period: Period, out: &mut String) -> Option<()> {
        let mut parts = if period.unit() == Unit::Day { parts_of_day(period.first_day()?) } else { Parts::default() };
        let longer = |unit| period.to_unit(unit).map(Period::number);
        parts.year = Some(period.year());
        parts.unit = Some(period.unit());
        parts.number = Some(period.number());
        if period.unit() == Unit::Week {
            parts.week = Some(period.number());
        } else {
            (parts.semester, parts.quarter) = (longer(Unit::Semester), longer(Unit::Quarter));
            parts.month = longer(Unit::Month);
        }
        self.write(parts, out)
    }

    /// An interval in this form.
    pub fn write_interval(&self, interval: Interval, out: &mut String) -> Option<()> {
        let at = self.0.iter().position(|piece| *piece == Piece::Literal('/'))?;
        Mask(self.0.get(..at)?.to_vec()).write_date(interval.first(), out)?;
        out.push('/');
        Mask(self.0.get(at + 1..)?.to_vec()).write_date(interval.last(), out)
    }

    /// A duration in this form.
    pub fn write_duration(&self, duration: Duration, out: &mut String) -> Option<()> {
        let mut parts = Parts::default();
        match duration {
            Duration::Unit(unit) => (parts.unit, parts.number) = (Some(unit), Some(1)),
            Duration::Years(years, days) => {
                (parts.year, parts.day, parts.of_year) = (Some(years.into()), Some(days.into()), Some(days.into()));
            }
            Duration::Months(months, days) => {
                (parts.month, parts.day, parts.of_year) = (Some(months.into()), Some(days.into()), Some(days.into()));
            }
        }
        self.write(parts, out)
    }

    fn read(&self, text: &str) -> Option<Parts> {
        let mut parts = Parts::default();
        let mut rest = text;
        for (at, piece) in self.0.iter().enumerate() {
            match piece {
                Piece::Literal(literal) => rest = rest.strip_prefix(*literal)?,
                Piece::Letter => {
                    parts.unit = Some(Unit::parse(rest.get(..1)?)?);
                    rest = rest.get(1..)?;
                }
                Piece::Month(case, most) => {
                    let found =
                        (1..=12).find_map(|month| Some((month, rest.strip_prefix(&*name(month, *case, *most)?)?)));
                    let (month, after) = found?;
                    (parts.month, rest) = (Some(month), after);
                }
                Piece::Digits(field, least, most) => {
                    // Digits that must follow directly are left to their own piece.
                    let kept: usize = self.0.iter().skip(at + 1).map_while(fixed_digits).sum();
                    let found = rest.bytes().take_while(u8::is_ascii_digit).count().saturating_sub(kept).min(*most);
                    if found < *least {
                        return None;
                    }
                    let value = rest.get(..found)?;
                    let value = if value.is_empty() { None } else { Some(value.parse().ok()?) };
                    parts.set(*field, *most, value);
                    rest = rest.get(found..)?;
                }
            }
        }
        rest.is_empty().then_some(parts)
    }

    fn write(&self, parts: Parts, out: &mut String) -> Option<()> {
        for piece in &self.0 {
            match piece {
                Piece::Literal(literal) => out.push(*literal),
                Piece::Letter => out.push(parts.unit?.letter()),
                Piece::Month(case, most) => out.push_str(&name(parts.month?, *case, *most)?),
                Piece::Digits(field, least, most) => {
                    let Some(value) = parts.get(*field, *most) else {
                        if *least == 0 {
                            continue;
                        }
                        return None;
                    };
                    if *field == Field::Number && *least == 0 && parts.unit == Some(Unit::Year) {
                        continue;
                    }
                    let value = if *field == Field::Year && *most == 2 && value >= 1_000 { value % 100 } else { value };
                    let before = out.len();
                    write!(out, "{value:0least$}").ok()?;
                    if out.len() - before > *most {
                        return None;
                    }
                }
            }
        }
        Some(())
    }
}

impl Parts {
    /// The year of a date or period; two digits are of this century.
    fn full_year(&self) -> Option<i64> {
        self.year.map(|year| if self.is_short { 2000 + year } else { year })
    }

    /// Three digits of days without a month are days of the year.
    fn set(&mut self, field: Field, most: usize, value: Option<i64>) {
        match field {
            Field::Year => (self.year, self.is_short) = (value, most == 2),
            Field::Semester => self.semester = value,
            Field::Quarter => self.quarter = value,
            Field::Month => self.month = value,
            Field::Week => self.week = value,
            Field::Day if most > 2 => self.of_year = value,
            Field::Day => self.day = value,
            Field::Number => self.number = value,
        }
    }

    fn get(&self, field: Field, most: usize) -> Option<i64> {
        match field {
            Field::Year => self.year,
            Field::Semester => self.semester,
            Field::Quarter => self.quarter,
            Field::Month => self.month,
            Field::Week => self.week,
            Field::Day if most > 2 => self.of_year,
            Field::Day => self.day,
            Field::Number => self.number,
        }
    }
}

fn parts_of_day(date: i32) -> Parts {
    let (year, month, day) = civil(date);
    Parts {
        year: Some(year),
        is_short: false,
        semester: Some((month - 1) / 6 + 1),
        quarter: Some((month - 1) / 3 + 1),
        month: Some(month),
        week: Some(iso_week(date).1),
        day: Some(day),
        of_year: Some(day_of_year(date)),
        unit: None,
        number: None,
    }
}

fn field(letter: char) -> Option<Field> {
    Some(match letter {
        'Y' => Field::Year,
        'S' => Field::Semester,
        'Q' | 'q' => Field::Quarter,
        'M' => Field::Month,
        'W' => Field::Week,
        'D' => Field::Day,
        'p' => Field::Number,
        _ => return None,
    })
}

/// A run of one letter, some of them in braces: `YYYY`, `{M}M`, `{ppp}`.
fn run(text: &str) -> Result<(Piece, usize), String> {
    let (optional, after) = match text.strip_prefix('{') {
        Some(rest) => rest.split_once('}').ok_or("{")?,
        None => ("", text),
    };
    let letter = optional.chars().next().or_else(|| after.chars().next()).ok_or("{")?;
    let wrong = || optional.to_owned();
    let field = field(letter).ok_or_else(wrong)?;
    if optional.chars().any(|other| other != letter) {
        return Err(wrong());
    }
    let least = after.chars().take_while(|other| *other == letter).count();
    let most = least + optional.len();
    if most > 9 {
        return Err(letter.to_string());
    }
    let braces = if optional.is_empty() { 0 } else { optional.len() + 2 };
    Ok((Piece::Digits(field, least, most), braces + least))
}

/// `MONTH`, `Month3` …
fn month_name(text: &str) -> Option<(Piece, usize)> {
    let (case, rest) = [(Case::Upper, "MONTH"), (Case::Title, "Month"), (Case::Lower, "month")]
        .into_iter()
        .find_map(|(case, word)| Some((case, text.strip_prefix(word)?)))?;
    let most = rest.chars().next().and_then(|digit| digit.to_digit(10)).filter(|most| *most > 0);
    let letters = most.map_or(9, |most| most as usize);
    Some((Piece::Month(case, letters), 5 + usize::from(most.is_some())))
}

fn name(month: i64, case: Case, most: usize) -> Option<String> {
    let name = MONTHS.get(usize::try_from(month - 1).ok()?)?;
    let name = name.get(..most).unwrap_or(name);
    Some(match case {
        Case::Upper => name.to_uppercase(),
        Case::Lower => name.to_lowercase(),
        Case::Title => name.to_owned(),
    })
}

fn fixed_digits(piece: &Piece) -> Option<usize> {
    match piece {
        Piece::Digits(_, least, most) if least == most => Some(*least),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{date_text, parse_date};

    fn mask(text: &str) -> Mask {
        Mask::parse(text).unwrap_or_else(|piece| panic!("{text}: {piece}"))
    }

    #[test]
    fn dates_are_read_and_written_as_the_mask_says() {
        for (form, text) in [
            ("YYYY-MM-DD", "2020-02-09"),
            ("YYYYMMDD", "20200209"),
            ("YYYY/MM/DD", "2020/02/09"),
            ("YYYY.{M}M.{D}D", "2020.2.9"),
            ("DDmonth3YYYY", "09feb2020"),
            ("DD MONTH YYYY", "09 FEBRUARY 2020"),
            ("Month3 {D}D, YYYY", "Feb 9, 2020"),
            ("YYYY年MM月DD日", "2020年02月09日"),
            ("YYYY-DDD", "2020-040"),
            ("YY-MM-DD", "20-02-09"),
        ] {
            let day = mask(form).read_date(text);
            assert_eq!(day.map(date_text).as_deref(), Some("2020-02-09"), "{form} {text}");
            let mut written = String::new();
            mask(form).write_date(day.unwrap(), &mut written).unwrap();
            assert_eq!(written, text, "{form}");
        }
        for (form, text) in [
            ("YYYY-MM-DD", "2020-2-9"),
            ("YYYY-MM-DD", "2020-02-30"),
            ("YYYYMMDD", "2020020"),
            ("YYYYMMDD", "202002099"),
            ("YYYY-MM", "2020-02"),
        ] {
            assert_eq!(mask(form).read_date(text), None, "{form} {text}");
        }
    }

    #[test]
    fn periods_are_read_and_written_as_the_mask_says() {
        for (form, text, period) in [
            ("YYYY\\QQ", "2012Q1", "2012Q1"),
            ("YYYY\\Qq", "2012Q1", "2012Q1"),
            ("YYYY\\MMM", "2012M01", "2012M01"),
            ("YYYYP{ppp}", "2015Q4", "2015Q4"),
            ("YYYYP{ppp}", "2015A", "2015A"),
            ("YYYYPppp", "2015D365", "2015D365"),
            ("YYYY-MM", "2015-12", "2015M12"),
            ("YYYY", "2015", "2015A"),
            ("YYYY\\WWW", "2015W53", "2015W53"),
            ("YYYY年第Q季度", "2015年第2季度", "2015Q2"),
            ("YYYYMMDD", "20150201", "2015D032"),
        ] {
            let read = mask(form).read_period(text);
            assert_eq!(read.map(|period| period.to_string()).as_deref(), Some(period), "{form} {text}");
            let mut written = String::new();
            mask(form).write_period(read.unwrap(), &mut written).unwrap();
            assert_eq!(written, text, "{form}");
        }
        assert_eq!(mask("YYYY-MM").write_period(Period::parse("2015Q1").unwrap(), &mut String::new()), None);
    }

    #[test]
    fn intervals_and_durations_have_masks_too() {
        let interval = Interval::parse("2020-01-01/2020-03-31").unwrap();
        let form = mask("YYYYMMDD/YYYYMMDD");
        assert_eq!(form.read_interval("20200101/20200331"), Some(interval));
        let mut written = String::new();
        form.write_interval(interval, &mut written).unwrap();
        assert_eq!(written, "20200101/20200331");
        let form = mask("\\P{YY}Y\\Y{DD}D\\D");
        assert_eq!(form.read_duration("P1Y57D"), Some(Duration::Years(1, 57)));
        let mut written = String::new();
        form.write_duration(Duration::Years(1, 57), &mut written).unwrap();
        assert_eq!(written, "P1Y57D");
        assert_eq!(mask("P").read_duration("Q"), Some(Duration::Unit(Unit::Quarter)));
    }

    #[test]
    fn what_is_finer_than_a_day_is_refused() {
        for (form, piece) in [("YYYY-MM-DDThh:mm", "h"), ("{Y", "{"), ("{YM}M", "YM"), ("\\", "\\"), ("", "")] {
            assert_eq!(Mask::parse(form), Err(piece.to_owned()), "{form}");
        }
        assert_eq!(mask("YYYY-MM-DD").read_date(""), None);
        assert_eq!(parse_date("2020-02-09"), mask("YYYY-MM-DD").read_date("2020-02-09"));
    }
}
