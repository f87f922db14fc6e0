//! Archive 档案盒 — what belongs into the box of a unit, or of an investment project, and a year; how complete it is; and until
//! when each piece must be kept. What belongs in it is declared by a programme, what is there is handed in: nothing is looked up
//! here, and nothing about completeness is ever stored.

mod item;
mod keep;

use std::collections::BTreeSet;
use std::iter::Sum;

use youju_codes::Period;

use crate::Instant;
use crate::id::{CorrectionId, QueryId, ReportId};

pub use item::{Duty, Each, Evidence, Ground, Item};
pub use keep::{Material, TERM_YEARS_MAX, TERM_YEARS_MIN, Term, has_passed, term_of};

/// A report that the unit owed in the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Which.
    pub id: ReportId,
    /// Its form.
    pub form: String,
    /// Its period.
    pub period: Period,
    /// Until when it was due.
    pub due_at: Instant,
    /// True once it was handed in.
    pub is_in: bool,
    /// True where something was explained when it was handed in.
    pub is_explained: bool,
}

/// A ledger that a report is taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its id; empty for what a form is taken from in general.
    pub ledger: String,
    /// What it is called.
    pub name: String,
    /// The form that is taken from it.
    pub form: String,
    /// Of which period.
    pub period: Period,
    /// When that form was due.
    pub due_at: Instant,
    /// True where it is there.
    pub is_there: bool,
}

/// A query or a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// Which.
    pub place: Place,
    /// The form of its report.
    pub form: String,
    /// The period of its report.
    pub period: Period,
    /// Until when somebody has to act.
    pub due_at: Instant,
    /// True where nobody has to act any more.
    pub is_settled: bool,
}

/// An attached paper that was not taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Of which period.
    pub period: Period,
    /// The report that it hangs on, if it does.
    pub report: Option<ReportId>,
    /// Its name and its note.
    pub text: String,
}

/// What is there of a unit, or of a project, and a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The reports that were owed.
    pub reports: Vec<Owed>,
    /// The ledgers that they are taken from.
    pub ledgers: Vec<Kept>,
    /// Periods of which an original file is kept or attached.
    pub originals: BTreeSet<Period>,
    /// Queries and corrections.
    pub talks: Vec<Talk>,
    /// Attached papers.
    pub papers: Vec<Paper>,
    /// The year as a period: papers that are owed once hang here, or at any of its periods.
    pub year: Period,
    /// When the year is over.
    pub year_ends_at: Instant,
}

/// Where something is, or is mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A report.
    Report(ReportId),
    /// The ledger of a period.
    Ledger(Period),
    /// A ledger of a discipline.
    Book(String, Period),
    /// The attachments of a period, with the report that they belong to.
    Papers(Period, Option<ReportId>),
    /// A query.
    Query(QueryId),
    /// A correction.
    Correction(CorrectionId),
}

/// Whether an expected piece is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// 缺.
    Missing,
    /// 未到期.
    NotDue,
    /// 有.
    There,
}

/// Piece 应归档的一件.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it is, in words.
    pub name: String,
    /// Where it is, or is mended.
    pub place: Place,
    /// Whether it is there.
    pub standing: Standing,
}

/// Judged 一项的齐全情况.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The item.
    pub item: Item,
    /// Every expected piece.
    pub pieces: Vec<Piece>,
}

impl Judged {
    /// The numerator: pieces that are there.
    pub fn there(&self) -> u64 {
        self.count(Standing::There)
    }

    /// The denominator: pieces that are there or should be.
    pub fn owed(&self) -> u64 {
        self.there() + self.count(Standing::Missing)
    }

    /// Pieces whose time has not come.
    pub fn not_due(&self) -> u64 {
        self.count(Standing::NotDue)
    }

    /// Pieces that are missing.
    pub fn missing(&self) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(|piece| piece.standing == Standing::Missing)
    }

    fn count(&self, standing: Standing) -> u64 {
        u64::try_from(self.pieces.iter().filter(|piece| piece.standing == standing).count()).unwrap_or(u64::MAX)
    }
}

/// How complete a box is, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pieces that are there or should be.
    pub owed: u64,
    /// Those that are there.
    pub there: u64,
}

impl Counts {
    /// The counts of several items together.
    pub fn of(items: &[Judged]) -> Counts {
        Counts { owed: items.iter().map(Judged::owed).sum(), there: items.iter().map(Judged::there).sum() }
    }

    /// Worst first: the smaller share before the larger, then who lacks more; who owes nothing stands last. Shares are compared
    /// exactly, by cross multiplication.
    pub fn worst_first(&self, other: &Counts) -> std::cmp::Ordering {
        let cross = |a: u64, b: u64| u128::from(a) * u128::from(b);
        let lacks = |counts: &Counts| counts.owed.saturating_sub(counts.there);
        (self.owed == 0)
            .cmp(&(other.owed == 0))
            .then(cross(self.there, other.owed).cmp(&cross(other.there, self.owed)))
            .then(lacks(other).cmp(&lacks(self)))
    }
}

impl Sum for Counts {
    fn sum<All: Iterator<Item = Counts>>(all: All) -> Counts {
        all.fold(Counts::default(), |sum, one| Counts { owed: sum.owed + one.owed, there: sum.there + one.there })
    }
}

/// Judges one item at an instant.
pub fn judge(item: &Item, facts: &Facts, now: Instant) -> Judged {
    let mut pieces = match item.evidence {
        Evidence::Reports => reports(item, facts, now),
        Evidence::Ledgers => ledgers(item, facts, now),
        Evidence::Originals => originals(item, facts, now),
        Evidence::Explanations => explanations(item, facts),
        Evidence::Queries | Evidence::Corrections => talks(item, facts, now),
        Evidence::Attachments => papers(item, facts, now),
    };
    if item.duty == Duty::IfHappened && !item.evidence.only_happens() {
        pieces.retain(|piece| piece.standing == Standing::There);
    }
    Judged { item: item.clone(), pieces }
}

/// A term that has passed with nothing there is a lack; one that runs is not.
fn standing(is_there: bool, due_at: Instant, now: Instant) -> Standing {
    if is_there {
        Standing::There
    } else if due_at < now {
        Standing::Missing
    } else {
        Standing::NotDue
    }
}

fn about<'f>(item: &'f Item, facts: &'f Facts) -> impl Iterator<Item = &'f Owed> {
    facts.reports.iter().filter(|report| item.is_about(&report.form))
}

fn title(form: &str, period: Period) -> String {
    format!("{form} {}", period.label())
}

fn reports(item: &Item, facts: &Facts, now: Instant) -> Vec<Piece> {
    let piece = |report: &Owed| Piece {
        name: title(&report.form, report.period),
        place: Place::Report(report.id),
        standing: standing(report.is_in, report.due_at, now),
    };
    about(item, facts).map(piece).collect()
}

fn ledgers(item: &Item, facts: &Facts, now: Instant) -> Vec<Piece> {
    let wanted = |kept: &&Kept| {
        if item.ledgers.is_empty() { kept.ledger.is_empty() } else { item.ledgers.contains(&kept.ledger) }
    };
    // Two forms may be taken from one ledger, which is still kept once.
    let mut seen = BTreeSet::new();
    let is_first = |kept: &&Kept| kept.ledger.is_empty() || seen.insert((kept.ledger.clone(), kept.period));
    let of_item = facts.ledgers.iter().filter(|kept| item.is_about(&kept.form)).filter(wanted).filter(is_first);
    let piece = |kept: &Kept| Piece {
        name: if kept.ledger.is_empty() {
            format!("{}({}) {}", kept.name, kept.form, kept.period.label())
        } else {
            title(&kept.name, kept.period)
        },
        place: if kept.ledger.is_empty() {
            Place::Ledger(kept.period)
        } else {
            Place::Book(kept.ledger.clone(), kept.period)
        },
        standing: standing(kept.is_there, kept.due_at, now),
    };
    of_item.map(piece).collect()
}

fn originals(item: &Item, facts: &Facts, now: Instant) -> Vec<Piece> {
    let periods: BTreeSet<Period> = about(item, facts).map(|report| report.period).collect();
    let piece = |period: Period| {
        // A period is due with the first of its reports.
        let due = about(item, facts).filter(|report| report.period == period).map(|report| report.due_at).min();
        Piece {
            name: period.label(),
            place: Place::Papers(period, None),
            standing: standing(facts.originals.contains(&period), due.unwrap_or(facts.year_ends_at), now),
        }
    };
    periods.into_iter().map(piece).collect()
}

fn explanations(item: &Item, facts: &Facts) -> Vec<Piece> {
    let piece = |report: &Owed| Piece {
        name: title(&report.form, report.period),
        place: Place::Report(report.id),
        standing: Standing::There,
    };
    about(item, facts).filter(|report| report.is_explained).map(piece).collect()
}

fn talks(item: &Item, facts: &Facts, now: Instant) -> Vec<Piece> {
    let is_kind = |talk: &&Talk| match talk.place {
        Place::Query(_) => item.evidence == Evidence::Queries,
        _ => item.evidence == Evidence::Corrections,
    };
    let of_item = facts.talks.iter().filter(|talk| item.is_about(&talk.form)).filter(is_kind);
    let piece = |talk: &Talk| Piece {
        name: title(&talk.form, talk.period),
        place: talk.place.clone(),
        standing: standing(talk.is_settled, talk.due_at, now),
    };
    of_item.map(piece).collect()
}

/// Papers of a report hang on it; papers of the year may hang at any of its periods.
fn papers(item: &Item, facts: &Facts, now: Instant) -> Vec<Piece> {
    let mut named = facts.papers.iter().filter(|paper| item.names(&paper.text));
    match item.each {
        Each::Year => {
            let (is_there, last) = (named.next().is_some(), facts.reports.iter().map(|report| report.period).max());
            let standing = standing(is_there, facts.year_ends_at, now);
            let place = Place::Papers(last.unwrap_or(facts.year), None);
            vec![Piece { name: item.name.clone(), place, standing }]
        }
        Each::Report => {
            let hanging: BTreeSet<Option<ReportId>> = named.map(|paper| paper.report).collect();
            let piece = |report: &Owed| Piece {
                name: title(&report.form, report.period),
                place: Place::Papers(report.period, Some(report.id)),
                standing: standing(hanging.contains(&Some(report.id)), report.due_at, now),
            };
            about(item, facts).map(piece).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn day(number: i64) -> Instant {
        Instant::UNIX_EPOCH + TimeDelta::days(number)
    }

    fn id(number: u128) -> ReportId {
        ReportId::new(uuid::Uuid::from_u128(number))
    }

    fn period(text: &str) -> Period {
        Period::parse(text).unwrap()
    }

    fn item(evidence: Evidence, duty: Duty, each: Each) -> Item {
        Item {
            id: "x".into(),
            name: "签字盖章的报表".into(),
            evidence,
            forms: vec!["B203".into()],
            ledgers: Vec::new(),
            words: vec!["签字".into(), "盖章".into()],
            duty,
            each,
            keep: Term::Permanent,
            ground: Ground { sources: Vec::new(), article: String::new(), is_inferred: true },
            note: String::new(),
        }
    }

    /// February is in, March is overdue, April is not due; and a form of somebody else's programme.
    fn facts() -> Facts {
        let owed = |number, form: &str, of: &str, due, is_in| Owed {
            id: id(number),
            form: form.into(),
            period: period(of),
            due_at: day(due),
            is_in,
            is_explained: number == 1,
        };
        let paper = |of: &str, report: Option<u128>, text: &str| Paper {
            period: period(of),
            report: report.map(id),
            text: text.into(),
        };
        Facts {
            reports: vec![
                owed(1, "B203", "2026-01~02", 10, true),
                owed(2, "B203", "2026-03", 20, false),
                owed(3, "B203", "2026-04", 40, false),
                owed(4, "205-1", "2026-03", 20, false),
            ],
            ledgers: Vec::new(),
            originals: [period("2026-03")].into(),
            talks: vec![
                Talk {
                    place: Place::Query(QueryId::new(uuid::Uuid::nil())),
                    form: "B203".into(),
                    period: period("2026-03"),
                    due_at: day(25),
                    is_settled: false,
                },
                Talk {
                    place: Place::Correction(CorrectionId::new(uuid::Uuid::nil())),
                    form: "B203".into(),
                    period: period("2026-03"),
                    due_at: day(40),
                    is_settled: false,
                },
            ],
            papers: vec![paper("2026-01~02", Some(1), "扫描件.pdf 已签字"), paper("2026-03", None, "盖章页.jpg")],
            year: period("2026"),
            year_ends_at: day(365),
        }
    }

    #[test]
    fn each_kind_is_there_missing_or_not_due() {
        use Duty::{Always, IfHappened};
        use Standing::{Missing, NotDue, There};
        let cases: [(Evidence, Duty, Each, &[Standing]); 10] = [
            (Evidence::Reports, Always, Each::Report, &[There, Missing, NotDue]),
            (Evidence::Reports, IfHappened, Each::Report, &[There]),
            (Evidence::Originals, Always, Each::Report, &[Missing, There, NotDue]),
            (Evidence::Explanations, IfHappened, Each::Report, &[There]),
            (Evidence::Queries, IfHappened, Each::Report, &[Missing]),
            (Evidence::Corrections, IfHappened, Each::Report, &[NotDue]),
            // The paper that hangs on the period and not on the report proves nothing for the report.
            (Evidence::Attachments, Always, Each::Report, &[There, Missing, NotDue]),
            (Evidence::Attachments, IfHappened, Each::Report, &[There]),
            (Evidence::Attachments, Always, Each::Year, &[There]),
            (Evidence::Ledgers, Always, Each::Report, &[]),
        ];
        for (evidence, duty, each, expected) in cases {
            let judged = judge(&item(evidence, duty, each), &facts(), day(30));
            let found: Vec<Standing> = judged.pieces.iter().map(|piece| piece.standing).collect();
            assert_eq!(found, expected, "{evidence:?} {duty:?} {each:?}");
        }
    }

    #[test]
    fn what_is_missing_has_a_name_and_a_place_to_mend_it() {
        let judged = judge(&item(Evidence::Attachments, Duty::Always, Each::Report), &facts(), day(30));
        let missing: Vec<&Piece> = judged.missing().collect();
        assert_eq!(missing.len(), 1);
        assert_eq!(missing[0].name, "B203 2026年3月");
        assert_eq!(missing[0].place, Place::Papers(period("2026-03"), Some(id(2))));
        assert_eq!((judged.there(), judged.owed(), judged.not_due()), (1, 2, 1));
        let mut licence = item(Evidence::Attachments, Duty::Always, Each::Year);
        licence.words = vec!["营业执照".into()];
        assert_eq!(judge(&licence, &facts(), day(365)).not_due(), 1, "until the year is over");
        let missing = judge(&licence, &facts(), day(366));
        assert_eq!(missing.missing().next().unwrap().place, Place::Papers(period("2026-04"), None));
    }

    #[test]
    fn named_ledgers_are_asked_for_one_by_one_and_others_by_form() {
        let kept = |ledger: &str, is_there| Kept {
            ledger: ledger.into(),
            name: "投资项目台账".into(),
            form: "B203".into(),
            period: period("2026-03"),
            due_at: day(20),
            is_there,
        };
        let facts = Facts { ledgers: vec![kept("", true), kept("project", false), kept("energy", true)], ..facts() };
        let any = item(Evidence::Ledgers, Duty::Always, Each::Report);
        let named = Item { ledgers: vec!["project".into()], ..any.clone() };
        assert_eq!((judge(&any, &facts, day(30)).there(), judge(&any, &facts, day(30)).owed()), (1, 1));
        let judged = judge(&named, &facts, day(30));
        assert_eq!(judged.pieces[0].place, Place::Book("project".into(), period("2026-03")));
        assert_eq!((judged.there(), judged.owed()), (0, 1));
    }

    #[test]
    fn the_worst_stands_first_and_who_owes_nothing_last() {
        let counts = |there: u64, owed: u64| Counts { owed, there };
        let mut list = [counts(0, 0), counts(36, 36), counts(2, 4), counts(0, 1), counts(0, 36), counts(35, 36)];
        list.sort_by(Counts::worst_first);
        let order: Vec<(u64, u64)> = list.iter().map(|one| (one.there, one.owed)).collect();
        assert_eq!(order, [(0, 36), (0, 1), (2, 4), (35, 36), (36, 36), (0, 0)]);
    }
}
