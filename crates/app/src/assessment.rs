//! Assessment 数据质量评估: the level above looks at an area's figures, judges and feeds back; the area answers; totals say whether
//! they may be used.

mod figures;
mod list;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde_json::json;
use youju_codes::{AreaCode, Period};
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object, Role};
use youju_domain::assessment::{
    Assessed, Assessment, Assessor, Overall, Said, Snapshot, Stage, Standing, Turn, area_of, assessed_by, is_usable,
    level_of,
};
use youju_domain::id::{AssessmentId, ReportId};
use youju_domain::message::Kind;
use youju_domain::person::Person;
use youju_domain::register::Unit;
use youju_domain::report::{Level, Report};
use youju_domain::survey::Window;
use youju_store::assessment::{self, Read};
use youju_store::{Engine, StoreError, person};

use crate::context::{App, Cx};
use crate::error::{Error, Result};
use crate::message::{Draft, tell_area};

pub use list::{Filter, Listed, Waiting, Where, list, waiting};
pub use youju_store::assessment::Brief;

/// What is assessed: the figures of a form and period in an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Form 表号.
    pub form: String,
    /// Period.
    pub period: Period,
    /// Whose figures.
    pub area: AreaCode,
}

impl Subject {
    fn of(assessment: &Assessment) -> Subject {
        Subject { form: assessment.form.clone(), period: assessment.period, area: assessment.area }
    }
}

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "评估" })
}

/// An assessment with what the actor may see and do of it.
pub struct About {
    /// The assessment.
    pub assessment: Assessment,
    /// The figures as they are now, for the assessor who is at it; everybody else sees those that were fed back.
    pub now: Option<Snapshot>,
    /// The actor is of the level that assesses.
    pub may_assess: bool,
    /// The actor answers for the area.
    pub may_answer: bool,
}

/// An assessment that the actor may look at.
pub async fn look(app: &App, actor: &Actor, id: AssessmentId) -> Result<About> {
    let Read { assessment, .. } = app.read(Some(actor.clone()), async |cx| get(cx, id).await).await?;
    let domain = app.domain_of(&assessment.form);
    let may = |action| actor.must(action, Object::Survey { area: &assessment.area, domain }).is_ok();
    let (may_assess, may_answer) = (may(Action::Assess), may(Action::AnswerFor));
    let now = if may_assess && assessment.stage == Stage::Assessing {
        Some(figures::now(app, actor, &Subject::of(&assessment), None).await?)
    } else {
        None
    };
    Ok(About { assessment, now, may_assess, may_answer })
}

async fn get(cx: &mut Cx<'_>, id: AssessmentId) -> Result<Read> {
    let read = assessment::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let domain = cx.app().domain_of(&read.assessment.form);
    match cx.allow(Action::View, Object::Survey { area: &read.assessment.area, domain }) {
        Err(Error::Problem(Problem::NotFound { .. })) => Err(not_found()),
        allowed => allowed.map(|()| read),
    }
}

/// An assessment to be gone on with. Nothing that it rests on is accepted or sent back before this transaction ends.
async fn held(cx: &mut Cx<'_>, id: AssessmentId) -> Result<Read> {
    let Read { assessment, .. } = get(cx, id).await?;
    assessment::hold(cx.tx(), &assessment.area, &assessment.form, assessment.period).await?;
    get(cx, id).await
}

/// The level above begins to assess. One assessment per form, period and area; later rounds go on in it.
pub async fn open(cx: &mut Cx<'_>, subject: &Subject) -> Result<Assessment> {
    let assessor = Assessor::of(cx.actor()?, &subject.area)?;
    let programme = cx.app().programme_of(&subject.form)?;
    if programme.assessment(&subject.form).next().is_none() {
        return Err(bad("本表没有制定评估办法。请先在报表制度的 assessment.toml 中写明评估项目。"));
    }
    if figures::basis(cx, subject).await?.0 == 0 {
        return Err(bad("这个地区本期还没有已验收的报表,没有可以评估的数据。"));
    }
    let now = cx.now();
    let opened = Assessment::open(cx.new_id(), &assessor, (&subject.form, subject.period), now)?;
    match assessment::add(cx.tx(), &opened).await {
        Err(StoreError::Constraint(name)) if name == "assessment_area_form_period_key" => {
            return Err(bad("这个地区的这张表本期已经开始评估。请从评估列表打开。"));
        }
        other => other?,
    }
    record(cx, "assessment.opened", &opened).await?;
    Ok(opened)
}

fn bad(reason: &str) -> Error {
    Error::Problem(Problem::BadInput { reason: reason.to_owned() })
}

/// The assessor judges one item, on its figures as they are now.
pub async fn judge(app: &App, actor: &Actor, id: AssessmentId, rule: &str, said: &Said) -> Result<Assessment> {
    let before = app.read(Some(actor.clone()), async |cx| get(cx, id).await).await?.assessment;
    Assessor::of(actor, &before.area)?;
    let mut snapshot = figures::now(app, actor, &Subject::of(&before), Some(rule)).await?;
    let measured = snapshot.measured.pop().ok_or_else(|| bad("评估办法中没有这一项。"))?;
    app.write(Some(actor.clone()), async |cx| {
        let Read { assessment, revision } = unmoved(cx, id, &snapshot).await?;
        let assessor = Assessor::of(cx.actor()?, &assessment.area)?;
        let judged = assessment.judge(&assessor, measured, said, cx.now())?;
        assessment::put(cx.tx(), &judged, revision).await?;
        let payload =
            json!({ "rule": rule, "judgement": judged.judgements.get(rule), "fingerprint": snapshot.fingerprint });
        cx.record("assessment.judged", ("assessment", id.to_string()), payload).await?;
        Ok(judged)
    })
    .await
}

/// The assessor feeds back; the area is told, and asked where something is owed.
pub async fn feed_back(
    app: &App,
    actor: &Actor,
    id: AssessmentId,
    (overall, text): (Overall, &str),
) -> Result<Assessment> {
    let before = app.read(Some(actor.clone()), async |cx| get(cx, id).await).await?.assessment;
    Assessor::of(actor, &before.area)?;
    let snapshot = figures::now(app, actor, &Subject::of(&before), None).await?;
    app.write(Some(actor.clone()), async |cx| {
        let Read { assessment, revision } = unmoved(cx, id, &snapshot).await?;
        let assessor = Assessor::of(cx.actor()?, &assessment.area)?;
        let fed_back = assessment.feed_back(&assessor, (overall, text), snapshot.clone(), cx.now())?;
        keep(cx, (&fed_back, revision), "assessment.fed_back").await?;
        let draft = draft(&fed_back, &format!("评估反馈({})", overall.label()), text);
        tell_assessed(cx, &fed_back, &draft, fed_back.stage == Stage::Demanded).await?;
        Ok(fed_back)
    })
    .await
}

/// The assessment, held, if what is accepted is still what the figures were computed from.
async fn unmoved(cx: &mut Cx<'_>, id: AssessmentId, snapshot: &Snapshot) -> Result<Read> {
    let read = held(cx, id).await?;
    let (_, fingerprint) = figures::basis(cx, &Subject::of(&read.assessment)).await?;
    if fingerprint == snapshot.fingerprint { Ok(read) } else { Err(Problem::Conflict.into()) }
}

/// The area answers.
pub async fn answer(cx: &mut Cx<'_>, id: AssessmentId, text: &str) -> Result<Assessment> {
    let Read { assessment, revision } = held(cx, id).await?;
    let assessed = Assessed::of(cx.actor()?, &assessment.area)?;
    let answered = assessment.answer(&assessed, text, cx.now())?;
    keep(cx, (&answered, revision), "assessment.answered").await?;
    tell_assessor(cx, &answered, &draft(&answered, "评估已答复", text)).await?;
    Ok(answered)
}

/// The assessor is content with the explanation.
pub async fn close(cx: &mut Cx<'_>, id: AssessmentId, text: &str) -> Result<Assessment> {
    let Read { assessment, revision } = held(cx, id).await?;
    let assessor = Assessor::of(cx.actor()?, &assessment.area)?;
    let closed = assessment.close(&assessor, text, cx.now())?;
    keep(cx, (&closed, revision), "assessment.closed").await?;
    tell_assessed(cx, &closed, &draft(&closed, "评估已办结", text), false).await?;
    Ok(closed)
}

/// The assessor begins anew.
pub async fn reassess(cx: &mut Cx<'_>, id: AssessmentId, text: &str) -> Result<Assessment> {
    let Read { assessment, revision } = held(cx, id).await?;
    let assessor = Assessor::of(cx.actor()?, &assessment.area)?;
    let again = assessment.reassess(&assessor, text, cx.now())?;
    keep(cx, (&again, revision), "assessment.reassessed").await?;
    tell_assessed(cx, &again, &draft(&again, "重新评估", text), false).await?;
    Ok(again)
}

/// The areas that an assessment of figures of `area` may be about: its county, then its city.
fn assessed_areas(area: &AreaCode) -> impl Iterator<Item = AreaCode> {
    std::iter::successors(Some(*area), youju_codes::area::above).filter(|area| assessed_by(area).is_some())
}

/// Holds the assessments that reports are a part of, so that nobody feeds them back unseen while the reports are accepted or sent
/// back. The reports are held already and nothing is written yet: two transactions that take report, assessment and journal in
/// one order never wait for each other.
pub(crate) async fn hold(cx: &mut Cx<'_>, reports: &[ReportId]) -> Result<()> {
    if cx.tx().engine() != Engine::Postgres {
        return Ok(());
    }
    let mut held: BTreeSet<(Reverse<AreaCode>, String, Period)> = BTreeSet::new();
    for report in reports {
        let Some(of) = assessment::subject(cx.tx(), *report).await? else { continue };
        held.extend(assessed_areas(&of.area).map(|area| (Reverse(area), of.form.clone(), of.period)));
    }
    for (Reverse(area), form, period) in held {
        assessment::hold(cx.tx(), &area, &form, period).await?;
    }
    Ok(())
}

/// A report has been accepted, sent back or opened for correction: whatever had been approved with it, or without it, is not what
/// was assessed any more. `was` is the level that had accepted it last.
pub(crate) async fn moved(
    cx: &mut Cx<'_>,
    was: Option<Level>,
    report: &Report,
    (unit, window): (&Unit, &Window),
) -> Result<()> {
    let is = report.accepted_by(window);
    for area in assessed_areas(&unit.area) {
        let Some(level) = level_of(&area) else { continue };
        let counts = |by: Option<Level>| by.is_some_and(|by| by >= level);
        if counts(was) == counts(is) {
            continue;
        }
        // Most reports move before anything has been approved: what was said is read only where it has.
        let brief = assessment::brief(cx.tx(), &area, &report.form, report.period).await?;
        let Some(usable) = brief.filter(|brief| is_usable(brief.stage, brief.overall)) else { continue };
        let Some(Read { assessment, revision }) = assessment::get(cx.tx(), usable.id).await? else { continue };
        let word = if counts(was) { "不再是已验收数据" } else { "成为已验收数据" };
        let text = format!("{}的报表{word}(现为“{}”)。", unit.name, report.state.label());
        let (actor, now) = (cx.actor()?.clone(), cx.now());
        let Some(changed) = assessment.changed(&actor, text.clone(), now) else { continue };
        keep(cx, (&changed, revision), "assessment.changed").await?;
        let draft = draft(&changed, Stage::Changed.label(), &text);
        tell_assessor(cx, &changed, &draft).await?;
        tell_assessed(cx, &changed, &draft, false).await?;
    }
    Ok(())
}

/// Writes down where an assessment has come to, and what was done in the journal.
async fn keep(cx: &mut Cx<'_>, (assessment, revision): (&Assessment, i64), action: &str) -> Result<()> {
    assessment::put(cx.tx(), assessment, revision).await?;
    record(cx, action, assessment).await
}

fn draft(assessment: &Assessment, what: &str, body: &str) -> Draft {
    let area = youju_codes::area::name(&assessment.area).unwrap_or(assessment.area.as_str());
    Draft {
        kind: Kind::Assessment,
        title: format!("{what}:{area} {} {}", assessment.form, assessment.period.cumulative_label()),
        body: body.trim().to_owned(),
        about: ("assessment", assessment.id.to_string()),
    }
}

async fn tell_assessor(cx: &mut Cx<'_>, assessment: &Assessment, draft: &Draft) -> Result<()> {
    match assessed_by(&assessment.area) {
        Some(level) => tell_area(cx, level, (&assessment.area, Some(&assessment.form)), draft, true).await,
        None => Ok(()),
    }
}

async fn tell_assessed(cx: &mut Cx<'_>, assessment: &Assessment, draft: &Draft, is_task: bool) -> Result<()> {
    match level_of(&assessment.area) {
        Some(level) => tell_area(cx, level, (&assessment.area, Some(&assessment.form)), draft, is_task).await,
        None => Ok(()),
    }
}

/// The last turn goes into the journal with the figures of its time.
async fn record(cx: &mut Cx<'_>, action: &str, assessment: &Assessment) -> Result<()> {
    let last: Option<&Turn> = assessment.turns.last();
    let payload = json!({
        "form": assessment.form, "period": assessment.period, "area": assessment.area.as_str(),
        "stage": assessment.stage.key(), "round": assessment.round, "text": last.map(|turn| turn.text.as_str()),
        "level": last.and_then(|turn| turn.level), "overall": last.and_then(|turn| turn.overall),
        "snapshot": last.and_then(|turn| turn.snapshot.as_ref()),
    });
    cx.record(action, ("assessment", assessment.id.to_string()), payload).await
}

/// Whether figures of a form and period in an area may be used outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The area whose assessment decides: of a township, its county.
    pub area: AreaCode,
    /// Where it stands.
    pub standing: Standing,
    /// The assessment, where there is one that the actor may open.
    pub id: Option<AssessmentId>,
}

/// Tells whether figures may be used outside; for everybody who may look at totals of the area.
pub async fn standing(cx: &mut Cx<'_>, asked: &Subject) -> Result<Told> {
    let domain = cx.app().domain_of(&asked.form);
    cx.allow(Action::View, Object::Survey { area: &asked.area, domain })?;
    let area = area_of(&asked.area);
    let is_declared = cx.app().programme_of(&asked.form)?.assessment(&asked.form).next().is_some();
    let found = assessment::of(cx.tx(), &area, &asked.form, asked.period).await?;
    let id = found.as_ref().map(|read| read.assessment.id);
    let id = id.filter(|_| cx.allow(Action::View, Object::Area(&area)).is_ok());
    let standing = match found {
        Some(read) => Standing::of(Some(&read.assessment)),
        None if !is_declared => Standing::Undeclared,
        None if !is_above_here(&assessors(cx).await?, &area) => Standing::NoLevelAbove(assessed_by(&area)),
        None => Standing::Unassessed,
    };
    Ok(Told { area, standing, id })
}

/// Everybody who could assess an area.
async fn assessors(cx: &mut Cx<'_>) -> Result<Vec<Person>> {
    let mut officers = person::with_role(cx.tx(), Role::CityOfficer).await?;
    officers.extend(person::with_role(cx.tx(), Role::ProvinceOfficer).await?);
    Ok(officers)
}

/// True when somebody of the level that assesses an area has an account here.
fn is_above_here(assessors: &[Person], area: &AreaCode) -> bool {
    let above = |officer: &Person| {
        officer.role.level() == assessed_by(area) && officer.area.contains(area) && officer.area != *area
    };
    assessed_by(area).is_some() && assessors.iter().any(above)
}
