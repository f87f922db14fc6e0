//! Lists of assessments: what could be assessed, what is, and what waits for somebody.

use std::collections::{BTreeMap, BTreeSet};

use youju_codes::{AreaCode, Period, area};
use youju_domain::access::{Action, Object, decide};
use youju_domain::assessment::{Stage, area_of, assessed_by};
use youju_store::assessment::{self, Brief};
use youju_store::register::{Page, PageRequest};
use youju_store::survey;

use super::{assessors, is_above_here};
use crate::context::Cx;
use crate::error::Result;

/// What a list of assessments is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// One form 表号.
    pub form: Option<String>,
    /// One period.
    pub period: Option<Period>,
    /// One area.
    pub area: Option<AreaCode>,
    /// Only areas directly below this one.
    pub below: Option<AreaCode>,
    /// Where they stand.
    pub standing: Option<Where>,
}

/// Where an assessment stands, also one that nobody has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// 未评估.
    Unassessed,
    /// Begun.
    In(Stage),
}

/// Something that could be assessed, or is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Form 表号.
    pub form: String,
    /// Period.
    pub period: Period,
    /// Whose figures.
    pub area: AreaCode,
    /// The assessment, once it was begun.
    pub brief: Option<Brief>,
    /// True when the actor is of the level that assesses.
    pub may_assess: bool,
}

/// One page of what is assessed in the actor's area: newest period first, then by form and area. Forms without a declared
/// assessment are not in it.
pub async fn list(cx: &mut Cx<'_>, filter: &Filter, page: PageRequest) -> Result<Page<Listed>> {
    let actor = cx.actor()?.clone();
    cx.allow(Action::View, Object::Area(&actor.area))?;
    let scope = cx.form_scope()?;
    let mut known: BTreeMap<(AreaCode, String, Period), Brief> = BTreeMap::new();
    let (form, period) = (filter.form.as_deref(), filter.period);
    for brief in assessment::list(cx.tx(), &scope, form, period).await? {
        known.insert((brief.area, brief.form.clone(), brief.period), brief);
    }
    let mut keys: BTreeSet<(AreaCode, String, Period)> = known.keys().cloned().collect();
    let areas = areas(cx).await?;
    for window in survey::opened(cx.tx(), form, period).await? {
        let is_declared =
            |form: &str| cx.app().programme_of(form).is_ok_and(|programme| programme.assessment(form).next().is_some());
        if is_declared(&window.form) && actor.covers(cx.app().domain_of(&window.form)) {
            let touched = areas.iter().filter(|area| window.area.contains(area) || area.contains(&window.area));
            keys.extend(touched.map(|area| (*area, window.form.clone(), window.period)));
        }
    }
    let mut rows: Vec<Listed> = Vec::new();
    for (area, form, period) in keys {
        let brief = known.remove(&(area, form.clone(), period));
        let may_assess =
            actor.must(Action::Assess, Object::Survey { area: &area, domain: cx.app().domain_of(&form) }).is_ok();
        let row = Listed { form, period, area, brief, may_assess };
        if filter.takes(&row) {
            rows.push(row);
        }
    }
    let order = |row: &Listed| (std::cmp::Reverse(row.period.last_day()), row.form.clone(), row.area);
    rows.sort_by_key(order);
    Ok(Page::cut(rows.into_iter(), page))
}

impl Filter {
    fn takes(&self, row: &Listed) -> bool {
        let stands = match (self.standing, &row.brief) {
            (None, _) | (Some(Where::Unassessed), None) => true,
            (Some(Where::In(stage)), Some(brief)) => brief.stage == stage,
            _ => false,
        };
        stands
            && self.form.as_ref().is_none_or(|form| *form == row.form)
            && self.period.is_none_or(|period| period == row.period)
            && self.area.is_none_or(|area| area == row.area)
            && self.below.is_none_or(|whole| area::above(&row.area) == Some(whole))
    }
}

/// The areas that hold units, lie within the actor's and have their assessor in this installation.
async fn areas(cx: &mut Cx<'_>) -> Result<BTreeSet<AreaCode>> {
    let actor = cx.actor()?.clone();
    let units = assessment::areas(cx.tx(), &actor.scope()).await?;
    let counties: BTreeSet<AreaCode> = units.iter().map(area_of).collect();
    let above = counties.iter().filter_map(area::above);
    let all: BTreeSet<AreaCode> =
        counties.iter().copied().chain(above).filter(|area| actor.area.contains(area)).collect();
    let assessors = assessors(cx).await?;
    Ok(all.into_iter().filter(|area| is_above_here(&assessors, area)).collect())
}

/// Assessments that lie with somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many there are.
    pub total: u64,
    /// The first of them, oldest period first.
    pub first: Vec<Brief>,
}

/// Assessments that lie with the actor: those to be judged, closed or confirmed anew, and those to be answered.
pub async fn waiting(cx: &mut Cx<'_>, first_max: i64) -> Result<Waiting> {
    let actor = cx.actor()?.clone();
    let Some(level) = actor.role.level() else { return Ok(Waiting::default()) };
    let scope = cx.form_scope()?;
    let mut open = assessment::open(cx.tx(), &scope).await?;
    open.retain(|brief| match brief.stage {
        Stage::Demanded => decide(&actor, Action::AnswerFor, Object::Area(&brief.area)),
        stage => stage.is_with_assessor() && brief.area != actor.area && assessed_by(&brief.area) == Some(level),
    });
    let total = u64::try_from(open.len()).unwrap_or_default();
    open.truncate(usize::try_from(first_max).unwrap_or_default());
    Ok(Waiting { total, first: open })
}
