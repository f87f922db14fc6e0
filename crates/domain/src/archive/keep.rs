//! How long a piece must be kept 保存期限. The texts say "at least so many years" and not from when; the term runs from the end of
//! the box's year, or from the day on which the piece was made where that came later, so that it is never too short.

use chrono::{Months, NaiveDate};

use super::{Evidence, Item};

/// Fewest years of a term: what the regulation asks for original records (统计法实施条例 22, 23).
pub const TERM_YEARS_MIN: u32 = 2;
/// Most years of a term; whatever must be kept longer is permanent.
pub const TERM_YEARS_MAX: u32 = 100;

/// Term 保存期限.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// So many years.
    Years(u32),
    /// 永久.
    Permanent,
}

impl Term {
    /// Reads `2y`, `10y` or `permanent`; nothing for what is shorter than the law allows, or no term.
    pub fn parse(text: &str) -> Option<Term> {
        if text == "permanent" {
            return Some(Term::Permanent);
        }
        let years = text.strip_suffix('y')?;
        let is_plain = !years.starts_with('0') && years.bytes().all(|byte| byte.is_ascii_digit());
        let years = years.parse().ok().filter(|_| is_plain)?;
        (TERM_YEARS_MIN..=TERM_YEARS_MAX).contains(&years).then_some(Term::Years(years))
    }

    /// The word on the page.
    pub fn label(self) -> String {
        match self {
            Term::Years(years) => format!("{years} 年"),
            Term::Permanent => "永久".to_owned(),
        }
    }

    /// The last day on which a piece of a year's box must still be kept; none where it must be kept for ever. The first day is not
    /// counted, and a year ends with the same day, or with the last day of the month where there is none (民法典 201, 202).
    pub fn kept_until(self, year: i32, made_on: NaiveDate) -> Option<NaiveDate> {
        let Term::Years(years) = self else { return None };
        let from = NaiveDate::from_ymd_opt(year, 12, 31)?.max(made_on);
        from.checked_add_months(Months::new(12 * years))
    }
}

/// Whether the term is over: on the day after its last.
pub fn has_passed(kept_until: Option<NaiveDate>, today: NaiveDate) -> bool {
    kept_until.is_some_and(|last| last < today)
}

/// A kind of material.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Material<'a> {
    /// A version that was handed in.
    Version,
    /// The file of an import.
    Import,
    /// An attached paper, with its name and note.
    Paper(&'a str),
}

/// The term of a piece: of all items that name it the longest. Versions, and what no item names, are kept for ever.
pub fn term_of(material: Material<'_>, items: &[Item]) -> Term {
    let is_named = |item: &&Item| match material {
        Material::Version => false,
        Material::Import => item.evidence == Evidence::Originals,
        Material::Paper(text) => item.evidence == Evidence::Originals || item.names(text),
    };
    items.iter().filter(is_named).map(|item| item.keep).max().unwrap_or(Term::Permanent)
}

#[cfg(test)]
mod tests {
    use super::super::{Duty, Each, Ground};
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn terms_end_with_the_same_day_years_later() {
        // Term, year of the box, made on, last day.
        let cases = [
            ("2y", 2024, "2024-02-29", Some("2026-12-31")),
            // The annual report's papers come after the year.
            ("2y", 2023, "2024-02-29", Some("2026-02-28")),
            ("10y", 2023, "2024-02-29", Some("2034-02-28")),
            ("4y", 2023, "2024-02-29", Some("2028-02-29")),
            ("2y", 2024, "2025-03-10", Some("2027-03-10")),
            ("2y", 2024, "2024-12-31", Some("2026-12-31")),
            ("10y", 2024, "2024-06-30", Some("2034-12-31")),
            ("permanent", 2024, "2024-02-29", None),
        ];
        for (term, year, made_on, last) in cases {
            let until = Term::parse(term).unwrap().kept_until(year, date(made_on));
            assert_eq!(until, last.map(date), "{term} {year} {made_on}");
        }
    }

    #[test]
    fn a_term_is_over_on_the_day_after_its_last() {
        let last = Some(date("2026-02-28"));
        for (today, is_over) in [("2026-02-27", false), ("2026-02-28", false), ("2026-03-01", true)] {
            assert_eq!(has_passed(last, date(today)), is_over, "{today}");
        }
        assert!(!has_passed(None, date("9999-12-31")));
    }

    #[test]
    fn a_term_shorter_than_the_law_is_none() {
        for (text, term) in [
            ("2y", Some(Term::Years(2))),
            ("10y", Some(Term::Years(10))),
            ("100y", Some(Term::Years(100))),
            ("permanent", Some(Term::Permanent)),
            ("1y", None),
            ("0y", None),
            ("02y", None),
            ("101y", None),
            ("2", None),
            ("y", None),
            ("forever", None),
            ("-2y", None),
        ] {
            assert_eq!(Term::parse(text), term, "{text}");
        }
        assert_eq!([Term::Years(2).label(), Term::Permanent.label()], ["2 年", "永久"]);
    }

    #[test]
    fn the_longest_term_holds_and_what_nobody_names_is_kept_for_ever() {
        let item = |evidence, word: &str, keep| Item {
            id: "x".into(),
            name: "x".into(),
            evidence,
            forms: Vec::new(),
            ledgers: Vec::new(),
            words: vec![word.into()],
            duty: Duty::Always,
            each: Each::Year,
            keep,
            ground: Ground { sources: Vec::new(), article: String::new(), is_inferred: true },
            note: String::new(),
        };
        let contract = item(Evidence::Attachments, "合同", Term::Years(10));
        let originals = item(Evidence::Originals, "", Term::Years(2));
        let versions = item(Evidence::Reports, "", Term::Years(2));
        let all = [contract.clone(), originals, versions];
        for (material, items, term) in [
            (Material::Version, &all[..], Term::Permanent),
            (Material::Import, &all, Term::Years(2)),
            (Material::Paper("施工合同.pdf"), &all, Term::Years(10)),
            (Material::Paper("电费单.pdf"), &all, Term::Years(2)),
            (Material::Paper("电费单.pdf"), &[contract][..], Term::Permanent),
            (Material::Import, &[][..], Term::Permanent),
        ] {
            assert_eq!(term_of(material, items), term, "{material:?}");
        }
    }
}
