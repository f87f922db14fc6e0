//! Compliance 台账达标: whether a unit has kept its ledger of the last three years, period by period. A measure with numerator,
//! denominator and the list of what is missing; what it is made of is handed in, nothing is looked up here.
//!
//! Up to standard is a period whose ledger is kept and consistent. Whether it came in time and whether there is evidence is
//! told and decides nothing: the sources that ask for 100 % of the last three years say "达标" and name neither.

use chrono::{Months, NaiveDate};
use youju_codes::Period;

use crate::Instant;

/// Years that are looked back (武威: 近三年台账达标率 100 %).
pub const YEARS: u32 = 3;

/// The first day whose periods count: a period counts when its last day is not before it.
pub fn since(today: NaiveDate) -> NaiveDate {
    today.checked_sub_months(Months::new(12 * YEARS)).unwrap_or(today)
}

/// What the ledger of a form is made of 台账依据.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// A trial balance: the form's figures can be generated from accounts.
    TrialBalance,
    /// Ledgers kept row by row, or source records: nothing of the form stands in accounts.
    Records,
}

impl Basis {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Basis::TrialBalance => "科目余额表",
            Basis::Records => "统计台账或原始记录",
        }
    }
}

/// A report that the unit owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Its form.
    pub form: String,
    /// What its ledger is made of.
    pub basis: Basis,
    /// Until when it was due.
    pub due_at: Instant,
    /// When the last of the ledgers that it is taken from was first saved; nothing while one is missing, or where it has none.
    pub ledgers_at: Option<Instant>,
}

/// What is there of a unit and period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// When the first trial balance came in.
    pub trial_balance_at: Option<Instant>,
    /// When the first source records came in.
    pub records_at: Option<Instant>,
    /// Figures that were compared and say the same, or something else.
    pub compared: u64,
    /// Those that say something else.
    pub differs: u64,
    /// True when the file of an import is kept, or an attachment hangs there.
    pub has_evidence: bool,
}

impl Found {
    fn at(&self, owed: &Owed) -> Option<Instant> {
        match owed.basis {
            Basis::TrialBalance => self.trial_balance_at,
            Basis::Records => self.records_at.into_iter().chain(owed.ledgers_at).min(),
        }
    }
}

/// Something that is missing from the ledger of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// Nothing was imported that the form could be taken from.
    NotKept(String, Basis),
    /// So many figures say something else in two places.
    Differs(u64),
}

/// A period, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Which.
    pub period: Period,
    /// The forms that were owed.
    pub forms: Vec<String>,
    /// 有台账: everything is there that the owed forms could be taken from.
    pub is_kept: bool,
    /// 及时: it was there when the forms were due; nothing where it is not there at all.
    pub is_in_time: Option<bool>,
    /// 一致: no figure says something else in two places; nothing where there was nothing to compare.
    pub is_consistent: Option<bool>,
    /// 有凭据: a file is kept or attached.
    pub has_evidence: bool,
    /// What is missing from being up to standard.
    pub missing: Vec<Missing>,
}

impl Judged {
    /// 达标: nothing is missing.
    pub fn is_met(&self) -> bool {
        self.missing.is_empty()
    }
}

/// Judges one period by the reports that were owed, and are due, at an instant. Nothing where none is: a period whose
/// deadlines are all ahead is not held against anybody.
pub fn judge(period: Period, owed: &[Owed], found: &Found, now: Instant) -> Option<Judged> {
    let due: Vec<&Owed> = owed.iter().filter(|owed| owed.due_at < now).collect();
    if due.is_empty() {
        return None;
    }
    let mut missing: Vec<Missing> = Vec::new();
    let mut is_in_time = true;
    for owed in &due {
        match found.at(owed) {
            None => missing.push(Missing::NotKept(owed.form.clone(), owed.basis)),
            Some(at) => is_in_time &= at <= owed.due_at,
        }
    }
    let is_kept = missing.is_empty();
    if found.differs > 0 {
        missing.push(Missing::Differs(found.differs));
    }
    Some(Judged {
        period,
        forms: due.iter().map(|owed| owed.form.clone()).collect(),
        is_kept,
        is_in_time: is_kept.then_some(is_in_time),
        is_consistent: (found.compared > 0).then_some(found.differs == 0),
        has_evidence: found.has_evidence,
        missing,
    })
}

/// Compliance 台账达标情况 of a unit: the judged periods, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compliance {
    /// The periods that count.
    pub periods: Vec<Judged>,
}

impl Compliance {
    /// The denominator: periods that count.
    pub fn owed(&self) -> u64 {
        count(self.periods.iter())
    }

    /// The numerator: periods that are up to standard.
    pub fn met(&self) -> u64 {
        count(self.periods.iter().filter(|period| period.is_met()))
    }

    /// Whether the unit is up to standard; nothing where no period counts.
    pub fn is_met(&self) -> Option<bool> {
        (!self.periods.is_empty()).then(|| self.periods.iter().all(Judged::is_met))
    }
}

fn count<'a>(periods: impl Iterator<Item = &'a Judged>) -> u64 {
    u64::try_from(periods.count()).unwrap_or(u64::MAX)
}

/// Whether the ledgers of a unit are there at all, in figures that a data base counts: for lists of many units. Whether they
/// are consistent is not in it, because that has to be compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Periods with a report that was owed and is due.
    pub owed: u64,
    /// Those of them with everything that the forms could be taken from.
    pub kept: u64,
    /// Those of them with a kept or attached file.
    pub evident: u64,
}

impl Counts {
    /// Worst first: the smaller share of kept ledgers stands before the larger, then the one that lacks more. Who owed nothing
    /// stands last. Shares are compared exactly, by cross multiplication.
    pub fn worst_first(&self, other: &Counts) -> std::cmp::Ordering {
        let owes = |counts: &Counts| counts.owed == 0;
        let cross = |a: u64, b: u64| u128::from(a) * u128::from(b);
        owes(self)
            .cmp(&owes(other))
            .then(cross(self.kept, other.owed).cmp(&cross(other.kept, self.owed)))
            .then(other.owed.saturating_sub(other.kept).cmp(&self.owed.saturating_sub(self.kept)))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn day(number: i64) -> Instant {
        Instant::UNIX_EPOCH + TimeDelta::days(number)
    }

    fn owed(form: &str, basis: Basis, due: i64) -> Owed {
        Owed { form: form.into(), basis, due_at: day(due), ledgers_at: None }
    }

    fn found(trial_balance: Option<i64>, records: Option<i64>, compared: u64, differs: u64) -> Found {
        let at = |number: Option<i64>| number.map(day);
        Found { trial_balance_at: at(trial_balance), records_at: at(records), compared, differs, has_evidence: true }
    }

    fn not_kept(form: &str, basis: Basis) -> Missing {
        Missing::NotKept(form.into(), basis)
    }

    /// What was owed, what there is, and then: kept, in time, consistent, missing.
    type Case = (Vec<Owed>, Found, bool, Option<bool>, Option<bool>, Vec<Missing>);

    #[test]
    fn a_period_is_up_to_standard_when_its_ledger_is_kept_and_consistent() {
        use Basis::{Records, TrialBalance};
        let books = || owed("B203", TrialBalance, 10);
        let energy = || owed("205-1", Records, 12);
        let cases: [Case; 11] = [
            // One form from accounts.
            (vec![books()], found(Some(9), None, 20, 0), true, Some(true), Some(true), vec![]),
            (vec![books()], found(Some(10), None, 20, 0), true, Some(true), Some(true), vec![]),
            (vec![books()], found(Some(11), None, 20, 0), true, Some(false), Some(true), vec![]),
            (vec![books()], found(Some(9), None, 20, 3), true, Some(true), Some(false), vec![Missing::Differs(3)]),
            (vec![books()], found(None, None, 0, 0), false, None, None, vec![not_kept("B203", TrialBalance)]),
            // Source records are no trial balance, and the other way round.
            (vec![books()], found(None, Some(9), 0, 0), false, None, None, vec![not_kept("B203", TrialBalance)]),
            (vec![energy()], found(Some(9), None, 4, 0), false, None, Some(true), vec![not_kept("205-1", Records)]),
            (vec![energy()], found(None, Some(9), 0, 0), true, Some(true), None, vec![]),
            // Both are owed; each has a deadline of its own.
            (vec![books(), energy()], found(Some(10), Some(12), 4, 0), true, Some(true), Some(true), vec![]),
            (vec![books(), energy()], found(Some(12), Some(12), 4, 0), true, Some(false), Some(true), vec![]),
            (
                vec![books(), energy()],
                found(Some(9), None, 4, 1),
                false,
                None,
                Some(false),
                vec![not_kept("205-1", Records), Missing::Differs(1)],
            ),
        ];
        let period = Period::parse("2026-03").unwrap();
        for (number, (owed, found, is_kept, is_in_time, is_consistent, missing)) in cases.into_iter().enumerate() {
            let judged = judge(period, &owed, &found, day(40)).unwrap();
            assert_eq!(
                (judged.is_kept, judged.is_in_time, judged.is_consistent),
                (is_kept, is_in_time, is_consistent),
                "{number}"
            );
            assert_eq!(judged.missing, missing, "{number}");
            assert_eq!(judged.is_met(), missing.is_empty(), "{number}");
        }
    }

    #[test]
    fn what_is_not_due_is_not_held_against_anybody() {
        let period = Period::parse("2026-03").unwrap();
        let both = [owed("B203", Basis::TrialBalance, 10), owed("205-1", Basis::Records, 30)];
        let books = found(Some(9), None, 4, 0);
        assert_eq!(judge(period, &both, &books, day(10)), None, "the day itself is not over");
        assert_eq!(judge(period, &[], &books, day(99)), None);
        let first = judge(period, &both, &books, day(20)).unwrap();
        assert!(first.is_met() && first.forms == ["B203"]);
        assert!(!judge(period, &both, &books, day(31)).unwrap().is_met());
    }

    #[test]
    fn a_unit_is_up_to_standard_when_every_period_is() {
        let period = Period::parse("2026-03").unwrap();
        let books = [owed("B203", Basis::TrialBalance, 10)];
        let good = judge(period, &books, &found(Some(9), None, 4, 0), day(20)).unwrap();
        let bad = judge(period, &books, &Found::default(), day(20)).unwrap();
        for (periods, met, is_met) in [
            (vec![], 0, None),
            (vec![good.clone()], 1, Some(true)),
            (vec![good.clone(), bad.clone()], 1, Some(false)),
            (vec![bad], 0, Some(false)),
        ] {
            let compliance = Compliance { periods };
            assert_eq!((compliance.met(), compliance.is_met()), (met, is_met));
            assert_eq!(compliance.owed(), u64::try_from(compliance.periods.len()).unwrap());
        }
    }

    #[test]
    fn three_years_end_today() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(since(day("2026-04-02")), day("2023-04-02"));
        assert_eq!(since(day("2028-02-29")), day("2025-02-28"));
    }

    #[test]
    fn the_worst_stands_first_and_who_owed_nothing_last() {
        let counts = |kept: u64, owed: u64| Counts { owed, kept, evident: 0 };
        let mut list =
            [counts(0, 0), counts(36, 36), counts(2, 4), counts(1, 2), counts(0, 1), counts(0, 36), counts(35, 36)];
        list.sort_by(Counts::worst_first);
        let order: Vec<(u64, u64)> = list.iter().map(|one| (one.kept, one.owed)).collect();
        assert_eq!(order, [(0, 36), (0, 1), (2, 4), (1, 2), (35, 36), (36, 36), (0, 0)]);
    }
}
