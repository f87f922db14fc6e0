//! Rounds 申报批次: until which day a case has to be at an office to belong to a round. Whoever comes later is told and belongs to the next.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Case;
use super::check::{Flaw, Spot, tell};
use super::kind::{CaseType, FieldKind};

/// The last day that every month has.
const DAY_MAX: u32 = 28;

/// Round 申报批次 as it is declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// What it is called.
    pub label: String,
    /// The choices of [`CaseType::rounds_by`] that it is for; empty for every one.
    pub only: Vec<String>,
    /// The state that the case has to have come to.
    pub state: String,
    /// The last days: `11-20`; of every month `*-15`.
    pub until: Vec<String>,
    /// Months without one.
    pub except: Vec<u32>,
}

/// Reads `11-20` and `*-15`: the month, if it is one, and the day.
fn read(until: &str) -> Option<(Option<u32>, u32)> {
    let (month, day) = until.split_once('-')?;
    let day = day.parse().ok().filter(|day| (1..=DAY_MAX).contains(day))?;
    match month {
        "*" => Some((None, day)),
        month => Some((Some(month.parse().ok().filter(|month| (1..=12).contains(month))?), day)),
    }
}

impl Round {
    /// The first last day that is not before a day.
    pub fn next(&self, from: NaiveDate) -> Option<NaiveDate> {
        let mut days = Vec::new();
        for (month, day) in self.until.iter().filter_map(|until| read(until)) {
            let months = month.map_or(1..=12, |month| month..=month).filter(|month| !self.except.contains(month));
            for month in months {
                let years = [from.year(), from.year() + 1];
                days.extend(years.into_iter().filter_map(|year| NaiveDate::from_ymd_opt(year, month, day)));
            }
        }
        days.into_iter().filter(|day| *day >= from).min()
    }
}

/// A case, or one that is not yet opened, in a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InRound {
    /// What the round is called.
    pub label: String,
    /// Its last day.
    pub until: NaiveDate,
    /// True when the case came in time for it; otherwise it still can.
    pub is_in: bool,
    /// The last day of the round that it was opened for and that it missed.
    pub missed: Option<NaiveDate>,
}

impl InRound {
    /// In a sentence.
    pub fn say(&self) -> String {
        let InRound { label, until, .. } = self;
        let missed = self.missed.map(|missed| format!("{missed} 截止的一批已错过,")).unwrap_or_default();
        if self.is_in {
            return format!("{label}:{missed}列入 {until} 截止的一批。");
        }
        format!("{label}:{missed}{until} 截止。")
    }
}

/// The rounds of a case; without one, every round of the type as it is for whoever opens one today.
pub fn rounds(kind: &CaseType, case: Option<&Case>, today: NaiveDate) -> Vec<InRound> {
    let values = case.map(Case::values).unwrap_or_default();
    let chosen = kind.rounds_by.as_ref().and_then(|by| values.get(by));
    let is_for = |round: &&Round| round.only.is_empty() || chosen.is_none_or(|chosen| round.only.contains(chosen));
    let one = |round: &Round| {
        let entered = case.and_then(|case| case.entered(&round.state)).map(|step| step.on);
        let until = round.next(entered.unwrap_or(today))?;
        let first = case.and_then(|case| case.steps.first()).and_then(|step| round.next(step.on));
        let missed = first.filter(|first| *first < until);
        Some(InRound { label: round.label.clone(), until, is_in: entered.is_some(), missed })
    };
    kind.rounds.iter().filter(is_for).filter_map(one).collect()
}

/// What is wrong with the rounds of a type.
pub(super) fn flaws(kind: &CaseType, found: &mut Vec<Flaw>) {
    let field = kind.rounds_by.as_ref().map(|by| kind.field(by).filter(|_| kind.open.demand.owes.contains(by)));
    let choices = match field {
        None => Vec::new(),
        Some(Some(field)) if field.kind == FieldKind::Choice => field.choices.clone(),
        Some(_) => return tell(found, &Spot::Type, "区分批次的栏目(rounds_by)应是提出时必填的 choice 栏目。"),
    };
    for round in &kind.rounds {
        let mut says = |what: String| tell(found, &Spot::Type, format!("批次“{}”{what}", round.label));
        if kind.state(&round.state).is_none_or(|state| state.is_end) {
            says(format!("没有待办状态“{}”(state)。请核对写法。", round.state));
        }
        if round.until.is_empty() || round.until.iter().any(|until| read(until).is_none()) {
            says("的截止日(until)应写成 \"11-20\" 或每月的 \"*-15\",日不超过 28。".to_owned());
        }
        if round.except.iter().any(|month| !(1..=12).contains(month)) {
            says("的例外月份(except)应为 1 到 12。".to_owned());
        }
        if let Some(stranger) = round.only.iter().find(|one| !choices.contains(one)) {
            says(format!("的“{stranger}”(for)不是 rounds_by 栏目的选项。"));
        }
    }
}
