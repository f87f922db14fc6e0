//! Setting organisations up from a profile: what would be new, changed, unchanged, or left because somebody here knows better.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use youju_codes::AreaCode;

use super::{Kind, Organisation, Span};
use crate::id::OrganisationId;

/// An organisation as a profile declares it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Its key, unique among all profiles: `lanxi/lanjiang`.
    pub key: String,
    /// Kind.
    pub kind: Kind,
    /// Name.
    pub name: String,
    /// Key of what it belongs to.
    pub parent: Option<String>,
    /// Its 统计用区划代码, where it is an area.
    pub code: Option<AreaCode>,
    /// The area that it works in.
    pub area: AreaCode,
    /// The day from which it is kept.
    pub since: NaiveDate,
}

/// What setting up does with an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// 新增.
    New,
    /// 认作: somebody here has added it already, with the same code or name; from now on it goes by the profile.
    Known,
    /// 变更: the profile says something else than at the last time.
    Changed,
    /// 不变.
    Unchanged,
    /// 本地已改: it was renamed or moved here; the profile has not changed since, and what was decided here stands.
    Local,
    /// 两边都改: the profile and somebody here have changed it. It is left, for somebody to look at.
    Both,
    /// 已终止: it has ended here.
    Ended,
    /// 今天已变动: it has changed today or will change; another change of the same day would leave no trace of the first.
    Today,
    /// 档案中已没有: the profile does not name it any more. It is left: an end needs a document.
    Dropped,
}

impl Step {
    /// All of them, in the order of a list.
    pub const ALL: [Step; 8] =
        [Step::New, Step::Changed, Step::Both, Step::Today, Step::Local, Step::Ended, Step::Dropped, Step::Unchanged];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Step::New => "新增",
            Step::Known => "本地已有,认作这一项",
            Step::Changed => "变更",
            Step::Unchanged => "不变",
            Step::Local => "本地已改,保留",
            Step::Both => "两边都改了,保留",
            Step::Ended => "已终止,保留",
            Step::Today => "今天已变动,明天再办",
            Step::Dropped => "配置中已没有,保留",
        }
    }

    /// True when something is written.
    pub fn is_done(self) -> bool {
        matches!(self, Step::New | Step::Known | Step::Changed)
    }
}

/// One line of the dry run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planning {
    /// What is done.
    pub step: Step,
    /// What the profile says; none where it says nothing any more.
    pub planned: Option<Planned>,
    /// Which organisation it is, unless it is new.
    pub organisation: Option<OrganisationId>,
    /// What it is called here.
    pub name: String,
    /// What would change, in words: `名称:市建设局 → 市住房和城乡建设局`.
    pub changes: Vec<String>,
}

/// Compares what a profile declares with what is here. `day` is the day from which changes would hold.
pub fn plan(here: &[Organisation], declared: &[Planned], day: NaiveDate) -> Vec<Planning> {
    let mut lines: Vec<Planning> = declared.iter().map(|planned| line(here, planned, day)).collect();
    for organisation in here {
        let Some(was) = &organisation.planned else { continue };
        if organisation.ended_on().is_none() && declared.iter().all(|planned| planned.key != was.key) {
            let name = organisation.last().map(|span| span.name.clone()).unwrap_or_default();
            lines.push(Planning {
                step: Step::Dropped,
                planned: None,
                organisation: Some(organisation.id),
                name,
                changes: Vec::new(),
            });
        }
    }
    lines
}

fn line(here: &[Organisation], planned: &Planned, day: NaiveDate) -> Planning {
    let found = here.iter().find(|one| one.planned.as_ref().is_some_and(|was| was.key == planned.key));
    let Some((organisation, last, was)) = found.and_then(|one| Some((one, one.last()?, one.planned.as_ref()?))) else {
        let known = here.iter().find(|one| is_known(one, planned));
        return Planning {
            step: if known.is_some() { Step::Known } else { Step::New },
            planned: Some(planned.clone()),
            organisation: known.map(|one| one.id),
            name: planned.name.clone(),
            changes: Vec::new(),
        };
    };
    let parent_key = last.parent.and_then(|id| {
        let parent = here.iter().find(|one| one.id == id)?;
        parent.planned.as_ref().map(|planned| planned.key.clone())
    });
    let is_as_planned = is_same(last, parent_key.as_deref(), was);
    let has_changed = !is_alike(was, planned);
    let step = match (organisation.ended_on(), has_changed, is_as_planned) {
        (Some(_), ..) => Step::Ended,
        (None, false, true) => Step::Unchanged,
        (None, false, false) => Step::Local,
        (None, true, _) if is_same(last, parent_key.as_deref(), planned) => Step::Unchanged,
        (None, true, true) if last.from < day => Step::Changed,
        (None, true, true) => Step::Today,
        (None, true, false) => Step::Both,
    };
    let told = matches!(step, Step::Changed | Step::Both | Step::Local | Step::Today);
    let changes = if told { changes(last, parent_key.as_deref(), planned) } else { Vec::new() };
    Planning {
        step,
        planned: Some(planned.clone()),
        organisation: Some(organisation.id),
        name: last.name.clone(),
        changes,
    }
}

/// True when somebody here has added what the profile declares: with its code, or where it has none, with its name.
fn is_known(organisation: &Organisation, planned: &Planned) -> bool {
    let Some(last) = organisation.last().filter(|last| last.until.is_none()) else { return false };
    let is_it = if planned.code.is_some() { last.code == planned.code } else { last.name == planned.name };
    organisation.planned.is_none() && last.kind == planned.kind && is_it
}

/// True when a span is what the profile says. The area of an organisation without a code follows from its parent.
fn is_same(span: &Span, parent: Option<&str>, planned: &Planned) -> bool {
    span.kind == planned.kind
        && span.name == planned.name
        && span.code == planned.code
        && parent == planned.parent.as_deref()
}

fn is_alike(was: &Planned, now: &Planned) -> bool {
    (was.kind, &was.name, was.code, &was.parent) == (now.kind, &now.name, now.code, &now.parent)
}

fn changes(last: &Span, parent: Option<&str>, planned: &Planned) -> Vec<String> {
    let mut changes = Vec::new();
    let mut told = |what: &str, from: String, to: String| {
        if from != to {
            changes.push(format!("{what}:{from} → {to}"));
        }
    };
    let code = |code: Option<AreaCode>| code.map_or_else(|| "无".to_owned(), |code| code.to_string());
    let key = |key: Option<&str>| key.unwrap_or("无").to_owned();
    told("名称", last.name.clone(), planned.name.clone());
    told("类型", last.kind.label().to_owned(), planned.kind.label().to_owned());
    told("区划代码", code(last.code), code(planned.code));
    told("上级", key(parent), key(planned.parent.as_deref()));
    changes
}

/// The span that a declared organisation begins or goes on with.
pub fn planned_span(planned: &Planned, parent: Option<OrganisationId>, from: NaiveDate) -> Span {
    Span {
        from,
        until: None,
        kind: planned.kind,
        name: planned.name.clone(),
        parent,
        code: planned.code,
        area: planned.area,
    }
}
