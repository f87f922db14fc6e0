//! Joint review 联审会 in rows. Remarks and sheet are documents; which line is whose stands in a table of its own, which is read for
//! the office's key list, for a member's own line, and for nothing else.

use serde_json::Value as Json;
use youju_codes::{AreaCode, Period};
use youju_domain::Instant;
use youju_domain::access::{FormScope, Role, Scope};
use youju_domain::id::{JointReviewId, PersonId, ReportId, UnitId, WindowId};
use youju_domain::joint_review::{Ending, JointReview, Member, Remark, Sheet, Stage, Subject};
use youju_domain::report::Level;

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::register::{Page, PageRequest, forms_binding, pattern, scope_bindings, total};

/// A meeting with the revision that it was read at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The meeting.
    pub meeting: JointReview,
    /// Changes at every write.
    pub revision: i64,
}

impl FromRow for Read {
    fn from_row(row: &Row) -> Result<Read> {
        let meeting = JointReview {
            id: row.get("id")?,
            subject: Subject {
                window: row.get("window_id")?,
                form: row.get("form")?,
                period: row.get("period")?,
                area: row.get("area")?,
                topic: row.get("topic")?,
            },
            level: row.get("level")?,
            called_by: row.get("called_by")?,
            called_by_name: row.get("called_by_name")?,
            called_at: row.get("called_at")?,
            stage: row.get("stage")?,
            members: Vec::new(),
            remarks: from_document("joint_review.remarks", row.get::<Json>("remarks")?)?,
            ending: ending(row)?,
            sheet: from_document("joint_review.sheet", row.get::<Json>("sheet")?)?,
        };
        Ok(Read { meeting, revision: row.get("revision")? })
    }
}

fn ending(row: &Row) -> Result<Option<Ending>> {
    let document: Option<Json> = row.get("ending")?;
    document.map(|json| from_document("joint_review.ending", json)).transpose()
}

impl FromRow for Member {
    fn from_row(row: &Row) -> Result<Member> {
        Ok(Member {
            number: number(row, "number")?,
            person: row.get("person_id")?,
            name: row.get("name")?,
            unit: row.get("unit_id")?,
        })
    }
}

fn number(row: &Row, name: &str) -> Result<u32> {
    Ok(u32::try_from(row.get::<i64>(name)?).unwrap_or_default())
}

/// Whose report a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed {
    /// Number of the line.
    pub line: u32,
    /// The report.
    pub report: ReportId,
    /// Its unit.
    pub unit: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// Where the unit is now.
    pub area: AreaCode,
}

impl FromRow for Keyed {
    fn from_row(row: &Row) -> Result<Keyed> {
        Ok(Keyed {
            line: number(row, "number")?,
            report: row.get("report_id")?,
            unit: row.get("unit_id")?,
            unit_name: row.get("name")?,
            area: row.get("area")?,
        })
    }
}

/// A new meeting with its key: the report and unit of line 1, line 2 … Gives the hash of the sheet's document.
pub async fn add(tx: &mut Tx, meeting: &JointReview, key: &[(ReportId, UnitId)]) -> Result<String> {
    let sheet = to_document("joint_review.sheet", &meeting.sheet)?;
    let hash = hash_of(&meeting.sheet)?;
    tx.run(
        sql("insert into joint_review (id, window_id, form, period, area, topic, level, called_by, called_by_name,
                 called_at, stage, remarks, ending, ended_at, sheet, sheet_hash, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, null, null, $13, $14, 0)")
        .bind(meeting.id)
        .bind(meeting.subject.window)
        .bind(meeting.subject.form.as_str())
        .bind(meeting.subject.period)
        .bind(meeting.subject.area)
        .bind(meeting.subject.topic.as_str())
        .bind(meeting.level)
        .bind(meeting.called_by)
        .bind(meeting.called_by_name.as_str())
        .bind(meeting.called_at)
        .bind(meeting.stage)
        .bind(to_document("joint_review.remarks", &meeting.remarks)?)
        .bind(sheet)
        .bind(hash.as_str()),
    )
    .await?
    .must_be(1)?;
    for member in &meeting.members {
        add_member(tx, meeting.id, member).await?;
    }
    for (line, (report, unit)) in (1_i64..).zip(key) {
        tx.run(
            sql("insert into joint_review_line (joint_review_id, number, report_id, unit_id) values ($1, $2, $3, $4)")
                .bind(meeting.id)
                .bind(line)
                .bind(*report)
                .bind(*unit),
        )
        .await?
        .must_be(1)?;
    }
    Ok(hash)
}

async fn add_member(tx: &mut Tx, id: JointReviewId, member: &Member) -> Result<()> {
    tx.run(
        sql("insert into joint_review_member (joint_review_id, number, person_id, name, unit_id)
             values ($1, $2, $3, $4, $5)")
        .bind(id)
        .bind(i64::from(member.number))
        .bind(member.person)
        .bind(member.name.as_str())
        .bind(member.unit),
    )
    .await?
    .must_be(1)
}

/// SHA-256 of a sheet's document.
pub fn hash_of(sheet: &Sheet) -> Result<String> {
    let document = to_document("joint_review.sheet", sheet)?.to_string();
    Ok(youju_journal::sha256(document.as_bytes()).to_string())
}

/// A meeting as it goes on; its sheet, its members and its key never change. Refused when somebody else was faster.
pub async fn put(tx: &mut Tx, meeting: &JointReview, revision: i64) -> Result<()> {
    let ending = meeting.ending.as_ref();
    let document = ending.map(|ending| to_document("joint_review.ending", ending)).transpose()?;
    tx.run(
        sql("update joint_review set stage = $3, remarks = $4, ending = $5, ended_at = $6, revision = revision + 1
             where id = $1 and revision = $2")
        .bind(meeting.id)
        .bind(revision)
        .bind(meeting.stage)
        .bind(to_document("joint_review.remarks", &meeting.remarks)?)
        .bind(document)
        .bind(ending.map(|ending| ending.at)),
    )
    .await?
    .must_be(1)
}

/// A meeting by its id, with its members.
pub async fn get(tx: &mut Tx, id: JointReviewId) -> Result<Option<Read>> {
    let found: Option<Read> = tx
        .maybe(
            sql("select id, window_id, form, period, area, topic, level, called_by, called_by_name, called_at, stage,
                     remarks, ending, sheet, revision from joint_review where id = $1")
            .bind(id),
        )
        .await?;
    let Some(mut read) = found else { return Ok(None) };
    read.meeting.members = tx
        .all(
            sql("select number, person_id, name, unit_id from joint_review_member where joint_review_id = $1
                 order by number")
            .bind(id),
        )
        .await?;
    Ok(Some(read))
}

/// Holds a meeting until the transaction ends, so that remarks wait for each other. See [`crate::report::hold`].
pub async fn hold(tx: &mut Tx, id: JointReviewId) -> Result<()> {
    let select = sql("select id from joint_review where id = $1")
        .on_postgres("select id from joint_review where id = $1 for update");
    tx.maybe::<JointReviewId>(select.bind(id)).await?;
    Ok(())
}

/// The line of a unit on a sheet, if it is on it.
pub async fn line_of(tx: &mut Tx, id: JointReviewId, unit: UnitId) -> Result<Option<u32>> {
    let select = sql("select number from joint_review_line where joint_review_id = $1 and unit_id = $2");
    let found: Option<i64> = tx.maybe(select.bind(id).bind(unit)).await?;
    Ok(found.and_then(|line| u32::try_from(line).ok()))
}

/// The report of a line.
pub async fn report_of(tx: &mut Tx, id: JointReviewId, line: u32) -> Result<Option<ReportId>> {
    let select = sql("select report_id from joint_review_line where joint_review_id = $1 and number = $2");
    tx.maybe(select.bind(id).bind(i64::from(line))).await
}

/// The key of a sheet, line by line.
pub async fn key(tx: &mut Tx, id: JointReviewId) -> Result<Vec<Keyed>> {
    tx.all(
        sql("select l.number, l.report_id, l.unit_id, u.name, u.area from joint_review_line l join unit u on u.id = l.unit_id
             where l.joint_review_id = $1 order by l.number")
        .bind(id),
    )
    .await
}

/// A meeting as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// Its id.
    pub id: JointReviewId,
    /// Form 表号.
    pub form: String,
    /// Period.
    pub period: Period,
    /// Whose reports are on the sheet.
    pub area: AreaCode,
    /// In words.
    pub topic: String,
    /// Level of the office that called it.
    pub level: Level,
    /// When it was called.
    pub called_at: Instant,
    /// Where it stands.
    pub stage: Stage,
    /// How many remarks there are.
    pub remarks: usize,
    /// How many of them are not settled.
    pub open: usize,
    /// True when whoever asked is a member.
    pub is_member: bool,
}

impl FromRow for Brief {
    fn from_row(row: &Row) -> Result<Brief> {
        let remarks: Vec<Remark> = from_document("joint_review.remarks", row.get::<Json>("remarks")?)?;
        Ok(Brief {
            id: row.get("id")?,
            form: row.get("form")?,
            period: row.get("period")?,
            area: row.get("area")?,
            topic: row.get("topic")?,
            level: row.get("level")?,
            called_at: row.get("called_at")?,
            stage: row.get("stage")?,
            open: remarks.iter().filter(|remark| remark.settled.is_none()).count(),
            remarks: remarks.len(),
            is_member: row.get::<i64>("own")? > 0,
        })
    }
}

/// Whose meetings are listed: those of areas in a scope, and those that a person is a member of and that have not ended before an
/// instant.
#[derive(Debug, Clone)]
pub struct Whose<'a> {
    /// The areas that an office looks over.
    pub scope: &'a FormScope,
    /// The member.
    pub person: PersonId,
    /// Since when a member's meetings may have ended.
    pub ended_since: Instant,
}

/// One page of meetings, newest first; in one stage, or in any.
pub async fn list(tx: &mut Tx, whose: &Whose<'_>, stage: Option<Stage>, page: PageRequest) -> Result<Page<Brief>> {
    let (_, area) = scope_bindings(&whose.scope.scope);
    let count: i64 = tx
        .one(
            sql("select count(*) as n from joint_review m
                 where ((m.area like $1 and ($5 is null or m.form in (select value from json_each($5)))) or exists (select 1 from joint_review_member x where x.joint_review_id = m.id
                         and x.person_id = $2 and (m.ended_at is null or m.ended_at >= $3)))
                     and ($4 is null or m.stage = $4)")
            .bind(area.as_str())
            .bind(whose.person)
            .bind(whose.ended_since)
            .bind(stage)
            .bind(forms_binding(whose.scope)),
        )
        .await?;
    let rows = tx
        .all(
            sql("select m.id, m.form, m.period, m.area, m.topic, m.level, m.called_at, m.stage, m.remarks,
                     (select count(*) from joint_review_member x where x.joint_review_id = m.id and x.person_id = $2) as own
                 from joint_review m
                 where ((m.area like $1 and ($5 is null or m.form in (select value from json_each($5)))) or exists (select 1 from joint_review_member x where x.joint_review_id = m.id
                         and x.person_id = $2 and (m.ended_at is null or m.ended_at >= $3)))
                     and ($4 is null or m.stage = $4)
                 order by m.called_at desc, m.id limit $6 offset $7")
            .bind(area)
            .bind(whose.person)
            .bind(whose.ended_since)
            .bind(stage)
            .bind(forms_binding(whose.scope))
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}

/// What a line of the sheet is made of, beside the headline figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// The report.
    pub report: ReportId,
    /// Its unit.
    pub unit: UnitId,
    /// True when it was handed in late.
    pub is_late: bool,
    /// Findings that were explained.
    pub explained: u64,
    /// Findings that are still open.
    pub open: u64,
    /// Queries that are not closed.
    pub queries: u64,
}

impl FromRow for Seed {
    fn from_row(row: &Row) -> Result<Seed> {
        Ok(Seed {
            report: row.get("id")?,
            unit: row.get("unit_id")?,
            is_late: row.get("is_late")?,
            explained: total(row.get("explained")?),
            open: total(row.get("open")?),
            queries: total(row.get("queries")?),
        })
    }
}

/// The reports of a window that are handed in, within an area: the same as [`crate::report::weighed`] gives.
pub async fn seeds(tx: &mut Tx, window: WindowId, area: &AreaCode) -> Result<Vec<Seed>> {
    tx.all(
        sql("select r.id, r.unit_id, r.is_late,
                 (select count(*) from finding f where f.report_id = r.id and f.standing = 'explained') as explained,
                 (select count(*) from finding f where f.report_id = r.id and f.standing in ('must_mend', 'must_explain'))
                     as open,
                 (select count(*) from query q where q.report_id = r.id and q.stage <> 'closed') as queries
             from report r join unit u on u.id = r.unit_id
             where r.window_id = $1 and u.area like $2
                 and r.state not in ('empty', 'draft', 'checked', 'signed', 'authorised', 'returned')
             order by u.area, u.usci")
        .bind(window)
        .bind(scope_bindings(&Scope::Area(*area)).1),
    )
    .await
}

/// True when a text holds the name or the code of a unit in an area.
pub async fn names_a_unit(tx: &mut Tx, area: &AreaCode, text: &str) -> Result<bool> {
    let select = sql("select count(*) as n from unit
                      where ever_listed and area like $1 and ($2 like '%' || name || '%' or upper($2) like '%' || usci || '%')");
    Ok(tx.one::<i64>(select.bind(scope_bindings(&Scope::Area(*area)).1).bind(text)).await? > 0)
}

/// Somebody who could be called to a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Their area.
    pub area: AreaCode,
    /// Name of their unit, if they are of one.
    pub unit_name: Option<String>,
}

impl FromRow for Candidate {
    fn from_row(row: &Row) -> Result<Candidate> {
        Ok(Candidate {
            person: row.get("id")?,
            name: row.get("name")?,
            role: row.get("role")?,
            area: row.get("area")?,
            unit_name: row.get("unit_name")?,
        })
    }
}

/// One page of the officers and people of enterprises in an area, without one person, whose name or unit holds `search`.
pub async fn candidates(
    tx: &mut Tx,
    (area, but): (&AreaCode, PersonId),
    search: &str,
    page: PageRequest,
) -> Result<Page<Candidate>> {
    let prefix = scope_bindings(&Scope::Area(*area)).1;
    let count: i64 = tx
        .one(
            sql("select count(*) as n from person p left join unit u on u.id = p.unit_id
                 where p.area like $1 and p.id <> $2 and p.role <> 'administrator'
                     and (p.name like $3 escape '\\' or u.name like $3 escape '\\')")
            .bind(prefix.as_str())
            .bind(but)
            .bind(pattern(search)),
        )
        .await?;
    let rows = tx
        .all(
            sql("select p.id, p.name, p.role, p.area, u.name as unit_name
                 from person p left join unit u on u.id = p.unit_id
                 where p.area like $1 and p.id <> $2 and p.role <> 'administrator'
                     and (p.name like $3 escape '\\' or u.name like $3 escape '\\')
                 order by p.area, coalesce(u.usci, ''), p.login limit $4 offset $5")
            .bind(prefix)
            .bind(but)
            .bind(pattern(search))
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}
