//! Joint review 联审联评 of reports by officers and people of enterprises, over a redacted sheet: called, remarked on, settled, closed
//! with minutes. What members get from here holds no figure, no name and no code of a unit.

mod call;
mod list;

use serde_json::json;
use youju_codes::{AreaCode, Period};
use youju_domain::access::{Action, Actor, Object};
use youju_domain::id::{JointReviewId, PersonId, QueryId, WindowId};
use youju_domain::joint_review::{Ending, JointReview, Office, Sheet, Sight, Stage};
use youju_domain::message::Kind;
use youju_domain::report::Level;
use youju_domain::survey::print_instant;
use youju_domain::{Instant, Problem};
use youju_sheet::{CellOut, ColumnOut, Table, write_csv};
use youju_store::joint_review::{self, Read};

use crate::context::Cx;
use crate::error::{Error, Fault, Result};
use crate::message::{Draft, tell_area, tell_people};
use crate::query::NewQuery;

pub use call::{Choice, NewMeeting, call, choose};
pub use list::{list, waiting};
pub use youju_store::joint_review::{Brief, Candidate, Keyed};

/// From where the unit is told that a query about a remark comes; never from whom.
pub const SOURCE: &str = "联审联评";

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "联审会" })
}

/// A meeting as the actor may see it: everything for the office; for a member neither who the others are nor whose the lines are.
pub struct Seen {
    /// Its id.
    pub id: JointReviewId,
    /// The window, for the office.
    pub window: Option<WindowId>,
    /// Form 表号.
    pub form: String,
    /// Period.
    pub period: Period,
    /// Whose reports are on the sheet.
    pub area: AreaCode,
    /// In words.
    pub topic: String,
    /// Level of the office that called.
    pub level: Level,
    /// Who called.
    pub called_by: String,
    /// When.
    pub called_at: Instant,
    /// Where it stands.
    pub stage: Stage,
    /// How many members there are.
    pub members: usize,
    /// Their numbers and names, for the office.
    pub names: Vec<(u32, String)>,
    /// What was remarked.
    pub remarks: Vec<SeenRemark>,
    /// How it ended.
    pub ending: Option<Ending>,
    /// The sheet; none for members of a cancelled meeting.
    pub sheet: Option<Sheet>,
    /// SHA-256 of the sheet, as it stands in the journal.
    pub sheet_hash: String,
    /// The line of the actor's own enterprise.
    pub own: Option<u32>,
    /// True for the office.
    pub is_office: bool,
    /// True while the actor may remark.
    pub may_remark: bool,
}

/// A remark as the actor may see it.
pub struct SeenRemark {
    /// Its number.
    pub number: u32,
    /// On which line.
    pub line: u32,
    /// Who; a number to members.
    pub author: String,
    /// When.
    pub at: Instant,
    /// In words.
    pub text: String,
    /// What became of it.
    pub settled: Option<SeenSettlement>,
}

/// How a remark was settled, as the actor may see it.
pub struct SeenSettlement {
    /// True when the unit was asked.
    pub is_asked: bool,
    /// The query, for the office.
    pub query: Option<QueryId>,
    /// Why it was dismissed.
    pub reason: String,
    /// When.
    pub at: Instant,
}

/// A meeting that the actor may look at.
pub async fn get(cx: &mut Cx<'_>, id: JointReviewId) -> Result<Seen> {
    let (meeting, _) = found(cx, id).await?;
    let (actor, now) = (cx.actor()?.clone(), cx.now());
    let own = own_line(cx, &actor, id).await?;
    let sight = meeting.sight(&actor, cx.app().domain_of(&meeting.subject.form), now).ok_or_else(not_found)?;
    let sheet_hash = joint_review::hash_of(&meeting.sheet)?;
    Ok(seen(&meeting, sight, own, sheet_hash))
}

fn seen(meeting: &JointReview, sight: Sight<'_>, own: Option<u32>, sheet_hash: String) -> Seen {
    let is_office = sight.is_office();
    let names =
        meeting.members.iter().filter(|_| is_office).map(|member| (member.number, member.name.clone())).collect();
    let remark = |remark: &youju_domain::joint_review::Remark| SeenRemark {
        number: remark.number,
        line: remark.line,
        author: meeting.author(remark, sight),
        at: remark.at,
        text: remark.text.clone(),
        settled: remark.settled.as_ref().map(|settled| SeenSettlement {
            is_asked: settled.query.is_some(),
            query: settled.query.filter(|_| is_office),
            reason: settled.reason.clone(),
            at: settled.at,
        }),
    };
    Seen {
        id: meeting.id,
        window: is_office.then_some(meeting.subject.window),
        form: meeting.subject.form.clone(),
        period: meeting.subject.period,
        area: meeting.subject.area,
        topic: meeting.subject.topic.clone(),
        level: meeting.level,
        called_by: meeting.called_by_name.clone(),
        called_at: meeting.called_at,
        stage: meeting.stage,
        members: meeting.members.len(),
        names,
        remarks: meeting.remarks.iter().map(remark).collect(),
        ending: meeting.ending.clone(),
        sheet: meeting.sheet_for(sight).cloned(),
        sheet_hash,
        own: own.filter(|_| meeting.sheet_for(sight).is_some()),
        is_office,
        may_remark: meeting.stage == Stage::Called && sight.member().is_some(),
    }
}

/// A meeting that the actor may look at, with its revision.
async fn found(cx: &mut Cx<'_>, id: JointReviewId) -> Result<(JointReview, i64)> {
    let Read { meeting, revision } = joint_review::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let seen = meeting.sight(cx.actor()?, cx.app().domain_of(&meeting.subject.form), cx.now()).is_some();
    if seen { Ok((meeting, revision)) } else { Err(not_found()) }
}

/// A meeting to be gone on with. Others wait until this transaction ends.
async fn held(cx: &mut Cx<'_>, id: JointReviewId) -> Result<(JointReview, i64)> {
    found(cx, id).await?;
    joint_review::hold(cx.tx(), id).await?;
    found(cx, id).await
}

/// The same for the office; members are told that it is not theirs to do.
async fn held_by_office(cx: &mut Cx<'_>, id: JointReviewId) -> Result<(JointReview, i64, Office)> {
    let (meeting, revision) = held(cx, id).await?;
    let office = Office::of(cx.actor()?, &meeting.subject.area, cx.app().domain_of(&meeting.subject.form))
        .map_err(|_| Problem::Forbidden)?;
    Ok((meeting, revision, office))
}

async fn own_line(cx: &mut Cx<'_>, actor: &Actor, id: JointReviewId) -> Result<Option<u32>> {
    match actor.unit.filter(|_| actor.role.is_respondent()) {
        Some(unit) => Ok(joint_review::line_of(cx.tx(), id, unit).await?),
        None => Ok(None),
    }
}

/// Refuses words that name a unit of the area: everybody at the meeting reads them.
async fn must_name_nobody(cx: &mut Cx<'_>, area: &AreaCode, text: &str) -> Result<()> {
    if !joint_review::names_a_unit(cx.tx(), area, text).await? {
        return Ok(());
    }
    let reason = "文字中写了单位名称或统一社会信用代码。会上的文字成员都看得到,请改用行号。".into();
    Err(Problem::BadInput { reason }.into())
}

/// A member remarks on a line.
pub async fn remark(cx: &mut Cx<'_>, id: JointReviewId, line: u32, text: &str) -> Result<()> {
    let (meeting, revision) = held(cx, id).await?;
    let (actor, now) = (cx.actor()?.clone(), cx.now());
    let own = own_line(cx, &actor, id).await?;
    let sight = meeting.sight(&actor, cx.app().domain_of(&meeting.subject.form), now).ok_or_else(not_found)?;
    let member = sight.member().ok_or(Problem::Forbidden)?.clone();
    must_name_nobody(cx, &meeting.subject.area, text).await?;
    let after = meeting.remark(&member, (line, own), text, now)?;
    joint_review::put(cx.tx(), &after, revision).await?;
    let number = after.remarks.last().map(|remark| remark.number);
    let payload = json!({ "remark": number, "line": line, "text": text.trim() });
    cx.record("joint_review.remarked", ("joint_review", id.to_string()), payload).await
}

/// What the office asks the unit of a line about a remark.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Which remark.
    pub remark: u32,
    /// About which cells; empty for the whole report.
    pub cells: Vec<String>,
    /// What is asked.
    pub question: String,
    /// Until when the unit should answer; none for the usual term.
    pub due_at: Option<Instant>,
}

/// The office settles a remark by a query to the unit of its line.
pub async fn ask(cx: &mut Cx<'_>, id: JointReviewId, asked: Asked) -> Result<QueryId> {
    let (meeting, revision, office) = held_by_office(cx, id).await?;
    let line = meeting.remarks.iter().find(|remark| remark.number == asked.remark).map(|remark| remark.line);
    let line = line.ok_or(Problem::NotFound { what: "意见" })?;
    let report = joint_review::report_of(cx.tx(), id, line).await?.ok_or_else(not_found)?;
    let number = asked.remark;
    let new = NewQuery {
        report,
        cells: asked.cells,
        question: asked.question,
        due_at: asked.due_at,
        source: SOURCE.to_owned(),
    };
    let query = crate::query::ask(cx, new).await?.id;
    let after = meeting.ask(&office, number, query, cx.now())?;
    joint_review::put(cx.tx(), &after, revision).await?;
    let payload = json!({ "remark": number, "line": line, "query": query, "report": report });
    cx.record("joint_review.asked", ("joint_review", id.to_string()), payload).await?;
    Ok(query)
}

/// The office dismisses a remark.
pub async fn dismiss(cx: &mut Cx<'_>, id: JointReviewId, number: u32, reason: &str) -> Result<()> {
    let (meeting, revision, office) = held_by_office(cx, id).await?;
    must_name_nobody(cx, &meeting.subject.area, reason).await?;
    let after = meeting.dismiss(&office, number, reason, cx.now())?;
    joint_review::put(cx.tx(), &after, revision).await?;
    let payload = json!({ "remark": number, "text": reason.trim() });
    cx.record("joint_review.dismissed", ("joint_review", id.to_string()), payload).await
}

/// The office writes the minutes and closes.
pub async fn close(cx: &mut Cx<'_>, id: JointReviewId, minutes: &str) -> Result<()> {
    let (meeting, revision, office) = held_by_office(cx, id).await?;
    must_name_nobody(cx, &meeting.subject.area, minutes).await?;
    let after = meeting.close(&office, minutes, cx.now())?;
    ended(cx, &after, revision, "joint_review.closed").await
}

/// The office cancels the meeting.
pub async fn cancel(cx: &mut Cx<'_>, id: JointReviewId, reason: &str) -> Result<()> {
    let (meeting, revision, office) = held_by_office(cx, id).await?;
    must_name_nobody(cx, &meeting.subject.area, reason).await?;
    let after = meeting.cancel(&office, reason, cx.now())?;
    ended(cx, &after, revision, "joint_review.cancelled").await
}

async fn ended(cx: &mut Cx<'_>, after: &JointReview, revision: i64, action: &str) -> Result<()> {
    joint_review::put(cx.tx(), after, revision).await?;
    let text = after.ending.as_ref().map(|ending| ending.text.as_str()).unwrap_or_default();
    tell_members(cx, after, &draft(after, &format!("联审{}", after.stage.label()), text), false).await?;
    let payload = json!({ "stage": after.stage.key(), "text": text });
    cx.record(action, ("joint_review", after.id.to_string()), payload).await
}

/// Whose the lines are, for the office alone. That it was opened is in the journal.
pub async fn key(cx: &mut Cx<'_>, id: JointReviewId) -> Result<(Seen, Vec<Keyed>)> {
    let (meeting, ..) = held_by_office(cx, id).await?;
    let domain = cx.app().domain_of(&meeting.subject.form);
    let mut keyed = joint_review::key(cx.tx(), id).await?;
    // A unit that has moved away since is not theirs to look at any more.
    keyed.retain(|one| cx.allow(Action::Review, Object::Report { unit: one.unit, area: &one.area, domain }).is_ok());
    let payload = json!({ "lines": keyed.len() });
    cx.record("joint_review.key_opened", ("joint_review", id.to_string()), payload).await?;
    Ok((get(cx, id).await?, keyed))
}

async fn tell_members(cx: &mut Cx<'_>, meeting: &JointReview, draft: &Draft, is_task: bool) -> Result<()> {
    let people: Vec<PersonId> = meeting.members.iter().map(|member| member.person).collect();
    tell_people(cx, &people, draft, is_task).await
}

async fn tell_office(cx: &mut Cx<'_>, meeting: &JointReview, draft: &Draft) -> Result<()> {
    tell_area(cx, meeting.level, (&meeting.subject.area, Some(&meeting.subject.form)), draft, true).await
}

fn draft(meeting: &JointReview, what: &str, body: &str) -> Draft {
    let subject = &meeting.subject;
    let area = youju_codes::area::name(&subject.area).unwrap_or(subject.area.prefix());
    Draft {
        kind: Kind::JointReview,
        title: format!("{what}:{area} {} {}", subject.form, subject.period.cumulative_label()),
        body: body.to_owned(),
        about: ("joint_review", meeting.id.to_string()),
    }
}

/// The sheet as CSV for the meeting room, with the name of the file: the same for everybody, without remarks.
pub fn csv(seen: &Seen) -> Result<(String, Vec<u8>)> {
    let sheet = seen.sheet.as_ref().ok_or_else(not_found)?;
    let mut names = vec!["行号".to_owned(), "规模".to_owned()];
    for figure in &sheet.figures {
        names.extend([format!("{figure}比上期"), format!("{figure}比上年同期")]);
    }
    names.extend(["已说明的审核问题", "未了结的审核问题", "查询", "上报"].map(str::to_owned));
    let rows = sheet.lines.iter().map(|line| {
        let mut row = vec![CellOut::Number(line.number.into())];
        row.push(CellOut::from(line.size.map_or("—", |size| size.label())));
        for change in &line.changes {
            row.extend([CellOut::from(change.previous.label()), CellOut::from(change.last_year.label())]);
        }
        row.extend([CellOut::Number(line.explained.into()), CellOut::Number(line.open.into())]);
        row.push(CellOut::from(if line.has_open_query { "有查询未办结" } else { "" }));
        row.push(CellOut::from(if line.is_late { "迟报" } else { "" }));
        row
    });
    let columns = names.iter().map(|name| ColumnOut::new(name)).collect();
    let mut file = Vec::new();
    write_csv(&mut file, Table { title: String::new(), columns, rows })
        .map_err(|error| Fault::new("writing the sheet of a meeting", error))?;
    let name = format!("联审表 {} {} {}.csv", seen.form, seen.period.label(), print_instant(seen.called_at));
    Ok((name.replace(['/', '\\', ':'], "_"), file))
}
