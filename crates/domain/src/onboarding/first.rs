//! The first report 首报 of a new unit: was it handed in on time, accepted as it was, and its figures left alone?

use youju_codes::Period;

use crate::Instant;
use crate::id::{ReportId, UnitId};
use crate::report::State;
use crate::survey::print_instant;

/// A report as the follow-up sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// The unit.
    pub unit: UnitId,
    /// The report.
    pub report: ReportId,
    /// 表号.
    pub form: String,
    /// 报告期.
    pub period: Period,
    /// Where it stands.
    pub state: State,
    /// 截止.
    pub due_at: Instant,
    /// When it was handed in first.
    pub submitted_at: Option<Instant>,
    /// True when that was too late.
    pub is_late: bool,
    /// How often it was handed in.
    pub versions: u32,
    /// Cells that later versions changed.
    pub changed: u64,
    /// Corrections that were asked for after acceptance.
    pub corrections: u64,
}

/// What became of a first report. Computed, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// 待报: its deadline has not come.
    Waiting,
    /// 逾期未报.
    Overdue,
    /// 已报,待验收.
    Handed,
    /// 及时准确: on time, accepted as it was first handed in, no figure corrected.
    Clean,
    /// 已验收 after it was late, sent back or corrected.
    Mended,
    /// 已退回.
    Returned,
}

impl Verdict {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Verdict::Waiting => "待报",
            Verdict::Overdue => "逾期未报",
            Verdict::Handed => "已报待验收",
            Verdict::Clean => "及时准确",
            Verdict::Mended => "已验收,有迟报或改动",
            Verdict::Returned => "退回修改中",
        }
    }
}

impl Handed {
    /// What became of it.
    pub fn verdict(&self, now: Instant) -> Verdict {
        let is_untouched = !self.is_late && self.versions <= 1 && self.changed == 0 && self.corrections == 0;
        match self.state {
            State::Returned => Verdict::Returned,
            State::Accepted(_) | State::Locked if is_untouched => Verdict::Clean,
            State::Accepted(_) | State::Locked => Verdict::Mended,
            _ if self.submitted_at.is_some() => Verdict::Handed,
            _ if now > self.due_at => Verdict::Overdue,
            _ => Verdict::Waiting,
        }
    }

    /// What is to be looked at, in words; empty where all is well.
    pub fn remarks(&self) -> String {
        let mut remarks = Vec::new();
        match self.submitted_at {
            Some(at) if self.is_late => remarks.push(format!("{} 才上报,迟于截止时间", print_instant(at))),
            _ => {}
        }
        if self.versions > 1 {
            remarks.push(format!("上报过 {} 次", self.versions));
        }
        if self.changed > 0 {
            remarks.push(format!("后来改动 {} 个数", self.changed));
        }
        if self.corrections > 0 {
            remarks.push(format!("申请更正 {} 次", self.corrections));
        }
        remarks.join(";")
    }
}

/// The first reports of a unit: of each form the earliest period that it owes after its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct First {
    /// The earliest due first.
    pub reports: Vec<Handed>,
}

impl First {
    /// The first of each form out of all reports of a unit.
    pub fn of(mut reports: Vec<Handed>) -> First {
        reports.sort_by(|a, b| (a.due_at, &a.form, a.report).cmp(&(b.due_at, &b.form, b.report)));
        let mut first: Vec<Handed> = Vec::new();
        for report in reports {
            if first.iter().all(|known| known.form != report.form) {
                first.push(report);
            }
        }
        First { reports: first }
    }
}

/// How many first reports there are, and how many were handed in on time and right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FirstCount {
    /// Whose deadline has passed, or that are in.
    pub due: u64,
    /// 按时上报.
    pub on_time: u64,
    /// 及时准确.
    pub clean: u64,
    /// 已验收.
    pub accepted: u64,
}

impl FirstCount {
    /// Counts one more.
    pub fn add(&mut self, report: &Handed, now: Instant) {
        let verdict = report.verdict(now);
        if verdict == Verdict::Waiting {
            return;
        }
        self.due += 1;
        self.on_time += u64::from(report.submitted_at.is_some() && !report.is_late);
        self.clean += u64::from(verdict == Verdict::Clean);
        self.accepted += u64::from(matches!(verdict, Verdict::Clean | Verdict::Mended));
    }
}
