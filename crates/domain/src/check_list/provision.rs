//! Provision 支撑材料: whether what is owed on the day of reporting is there. Computed, never stored.

use crate::Instant;

use super::span::{Every, Span};

/// Whether the supporting material of a report, or of one of its projects, is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provision {
    /// 逾期未提供: the day is over.
    Overdue,
    /// 今天应提供: the day of handing in still runs.
    DueToday,
    /// 逾期提供: it came after that day.
    ProvidedLate,
    /// 已提供: it was there by the end of that day.
    Provided,
}

impl Provision {
    /// All of them, what is worst first.
    pub const ALL: [Provision; 4] =
        [Provision::Overdue, Provision::DueToday, Provision::ProvidedLate, Provision::Provided];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Provision::Overdue => "逾期未提供",
            Provision::DueToday => "今天应提供",
            Provision::ProvidedLate => "逾期提供",
            Provision::Provided => "已提供",
        }
    }

    /// The name in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Provision::Overdue => "overdue",
            Provision::DueToday => "due_today",
            Provision::ProvidedLate => "provided_late",
            Provision::Provided => "provided",
        }
    }

    /// Reads [`Provision::key`].
    pub fn from_key(key: &str) -> Option<Provision> {
        Provision::ALL.into_iter().find(|provision| provision.key() == key)
    }

    /// True while the unit still has to provide it.
    pub fn is_owed(self) -> bool {
        matches!(self, Provision::Overdue | Provision::DueToday)
    }

    /// How it stands for a version handed in at an instant. The day of the present version counts: whoever hands in again owes
    /// again, and what was there before still proves. What was taken away proves nothing.
    pub fn of(handed_in_at: Instant, papers: &[Paper], now: Instant) -> Provision {
        let ends_at = Span::at(Every::Day, handed_in_at).ends_at();
        let first = papers.iter().filter(|paper| !paper.is_removed).map(|paper| paper.added_at).min();
        match first {
            Some(added) if added < ends_at => Provision::Provided,
            Some(_) => Provision::ProvidedLate,
            None if now < ends_at => Provision::DueToday,
            None => Provision::Overdue,
        }
    }
}

/// An attachment, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    /// When it was added.
    pub added_at: Instant,
    /// It was taken away since.
    pub is_removed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::parse_local;

    /// Handed in, papers (those with a minus were taken away), now, and how it stands.
    const CASES: &[(&str, &[&str], &str, Provision)] = &[
        ("04-03 09:00", &[], "04-03 09:00", Provision::DueToday),
        ("04-03 09:00", &[], "04-03 23:59", Provision::DueToday),
        ("04-03 09:00", &[], "04-04 00:00", Provision::Overdue),
        ("04-03 09:00", &["04-03 23:59"], "04-04 10:00", Provision::Provided),
        ("04-03 09:00", &["04-04 00:00"], "04-04 10:00", Provision::ProvidedLate),
        ("04-03 09:00", &["04-02 15:00"], "04-03 09:00", Provision::Provided),
        ("04-03 00:00", &[], "04-03 23:59", Provision::DueToday),
        ("04-02 23:59", &[], "04-03 00:00", Provision::Overdue),
        ("04-02 23:59", &["04-02 23:59"], "04-03 00:00", Provision::Provided),
        // Taken away, and put back on another day.
        ("04-03 09:00", &["-04-03 10:00"], "04-03 12:00", Provision::DueToday),
        ("04-03 09:00", &["-04-03 10:00"], "04-05 12:00", Provision::Overdue),
        ("04-03 09:00", &["-04-03 10:00", "04-04 08:00"], "04-05 12:00", Provision::ProvidedLate),
        ("04-03 09:00", &["-04-03 10:00", "04-03 11:00"], "04-05 12:00", Provision::Provided),
        // Handed in again on the 5th: what came in between is in time for that version.
        ("04-05 09:00", &["04-04 00:00"], "04-05 09:00", Provision::Provided),
        ("04-05 09:00", &[], "04-05 09:00", Provision::DueToday),
    ];

    #[test]
    fn material_is_in_time_until_midnight_of_the_day_on_which_the_present_version_was_handed_in() {
        let at = |text: &str| parse_local(&format!("2026-{text}")).unwrap();
        for (handed_in, papers, now, expected) in CASES {
            let paper =
                |text: &&str| Paper { added_at: at(text.trim_start_matches('-')), is_removed: text.starts_with('-') };
            let papers: Vec<Paper> = papers.iter().map(paper).collect();
            let found = Provision::of(at(handed_in), &papers, at(now));
            assert_eq!(found, *expected, "{handed_in} {papers:?} {now}");
            assert_eq!(Provision::from_key(found.key()), Some(found));
        }
    }
}
