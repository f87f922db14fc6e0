//! Which forms units owe 应报报表: asked of the one rule in `domain`, about units as they are on the last day of a period.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use youju_codes::{AreaCode, Period};
use youju_domain::id::UnitId;
use youju_domain::register::{self as rules, Audience, Change, Owes, Unit};
use youju_store::register;
use youju_store::register::history as store;

use crate::context::Cx;
use crate::error::Result;

/// The units of an area with as much of their past as days from a certain one on need.
pub(crate) struct Past {
    units: Vec<Unit>,
    changes: BTreeMap<UnitId, Vec<Change>>,
}

impl Past {
    /// The units that are in an area today, by code.
    pub(crate) async fn of(cx: &mut Cx<'_>, area: &AreaCode, earliest: NaiveDate) -> Result<Past> {
        let units = register::ever_listed_in(cx.tx(), area).await?;
        let mut changes: BTreeMap<UnitId, Vec<Change>> = BTreeMap::new();
        for (unit, change) in store::of_changed_after(cx.tx(), area, earliest).await? {
            changes.entry(unit).or_default().push(change);
        }
        Ok(Past { units, changes })
    }

    /// The units that owe a form for a period.
    pub(crate) fn owing(&self, audience: Audience<'_>, period: Period) -> impl Iterator<Item = &Unit> {
        let day = period.last_day();
        self.units.iter().filter(move |unit| {
            let then = as_on(unit, self.changes.get(&unit.id).map(Vec::as_slice), day);
            rules::owes(then.as_deref(), audience) == Owes::Owed
        })
    }
}

/// A unit as it was on a day; its row, if nothing of it counts only later.
fn as_on<'u>(unit: &'u Unit, changes: Option<&[Change]>, day: NaiveDate) -> Option<Cow<'u, Unit>> {
    match changes {
        Some(changes) if unit.changed_on > day => {
            let facts = rules::state(changes, day, None)?;
            unit.with(facts, unit.changed_on).ok().map(Cow::Owned)
        }
        _ => Some(Cow::Borrowed(unit)),
    }
}

/// A form of a period, with the answer whether a unit owes it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Programme.
    pub programme: String,
    /// Form code 表号.
    pub form: String,
    /// Form title.
    pub title: String,
    /// Period 报告期.
    pub period: Period,
    /// Whether.
    pub owes: Owes,
    /// Why, in a sentence.
    pub why: String,
}

/// Every form that is in force, for the period that holds a day, with whether a unit owes it and why. Forms that no period of holds
/// are left out.
pub async fn of_unit(cx: &mut Cx<'_>, id: UnitId, day: NaiveDate) -> Result<Vec<Answer>> {
    let unit = super::get(cx, id).await?;
    let changes = store::of_unit(cx.tx(), id).await?;
    let mut answers = Vec::new();
    for programme in cx.app().programmes().values() {
        for form in programme.forms() {
            let Ok(period) = form.period_kind().containing(day) else { continue };
            if !form.is_reported_in(period) {
                continue;
            }
            let last = period.last_day();
            let then = rules::state(&changes, last, None).and_then(|facts| unit.with(facts, last).ok());
            let since = super::history::listed_since(&changes, last);
            let (owes, why) = rules::why(then.as_ref(), since, form.audience(), period);
            let (programme, form, title) = (programme.name.clone(), form.code.clone(), form.title());
            answers.push(Answer { programme, form, title, period, owes, why });
        }
    }
    answers.sort_by(|a, b| (a.owes != Owes::Owed, &a.form).cmp(&(b.owes != Owes::Owed, &b.form)));
    Ok(answers)
}
