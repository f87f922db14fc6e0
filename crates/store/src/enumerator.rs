//! Enumerators 辅助调查员 in rows: engagements with whose they are, appraisals, rates, work and pay.

use chrono::NaiveDate;
use serde_json::Value as Json;
use youju_codes::{AreaCode, Period};
use youju_domain::Instant;
use youju_domain::access::Scope;
use youju_domain::enumerator::{Appraisal, Engagement, Paid, Pay, Rate, Terms, Work};
use youju_domain::id::{EngagementId, OrganisationId, PersonId, RateId, StaffId, WorkId};

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::register::scope_bindings;

impl FromRow for Engagement {
    fn from_row(row: &Row) -> Result<Engagement> {
        Ok(Engagement {
            id: row.get("id")?,
            tenure: row.get("tenure_id")?,
            terms: Terms {
                area: from_document("engagement.area", row.get::<Json>("area")?)?,
                surveys: row.get("surveys")?,
                supervisor: row.get("supervisor_id")?,
                agreement: row.get("agreement")?,
                secrecy_on: row.get("secrecy_on")?,
            },
            since: row.get("since")?,
            until: row.get("until")?,
            left_by: row.get("left_by")?,
            revision: row.get("revision")?,
        })
    }
}

/// An engagement with whose it is, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engaged {
    /// For what.
    pub engagement: Engagement,
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// Their account.
    pub person: Option<PersonId>,
    /// Where.
    pub at: OrganisationId,
    /// Its name.
    pub place: String,
    /// Its area.
    pub place_area: AreaCode,
    /// The name of who supervises them.
    pub supervisor_name: Option<String>,
    /// The account of who supervises them.
    pub supervisor_person: Option<PersonId>,
    /// True when they were trained before their first work, or are trained and have not worked yet.
    pub is_trained: bool,
    /// Marks of the latest appraisal.
    pub score: Option<i64>,
}

impl FromRow for Engaged {
    fn from_row(row: &Row) -> Result<Engaged> {
        Ok(Engaged {
            engagement: Engagement::from_row(row)?,
            staff: row.get("staff_id")?,
            name: row.get("staff_name")?,
            person: row.get("person_id")?,
            at: row.get("organisation_id")?,
            place: row.get("place_name")?,
            place_area: row.get("place_area")?,
            supervisor_name: row.get("supervisor_name")?,
            supervisor_person: row.get("supervisor_person")?,
            is_trained: row.get::<i64>("trained")? > 0,
            score: row.get("score")?,
        })
    }
}

/// A new engagement.
pub async fn add(tx: &mut Tx, one: &Engagement) -> Result<()> {
    tx.run(
        sql("insert into engagement (id, tenure_id, area, surveys, supervisor_id, agreement, secrecy_on, since, until, left_by, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        .bind(one.id)
        .bind(one.tenure)
        .bind(to_document("engagement.area", &one.terms.area)?)
        .bind(one.terms.surveys.as_str())
        .bind(one.terms.supervisor)
        .bind(one.terms.agreement.as_str())
        .bind(one.terms.secrecy_on)
        .bind(one.since)
        .bind(one.until)
        .bind(one.left_by.as_deref())
        .bind(one.revision),
    )
    .await?
    .must_be(1)
}

/// Terms and end of an engagement; refused when somebody else changed it in between.
pub async fn put(tx: &mut Tx, one: &Engagement) -> Result<()> {
    tx.run(
        sql("update engagement set area = $3, surveys = $4, supervisor_id = $5, agreement = $6, secrecy_on = $7, until = $8,
                 left_by = $9, revision = revision + 1
             where id = $1 and revision = $2")
        .bind(one.id)
        .bind(one.revision)
        .bind(to_document("engagement.area", &one.terms.area)?)
        .bind(one.terms.surveys.as_str())
        .bind(one.terms.supervisor)
        .bind(one.terms.agreement.as_str())
        .bind(one.terms.secrecy_on)
        .bind(one.until)
        .bind(one.left_by.as_deref()),
    )
    .await?
    .must_be(1)
}

/// An engagement with its person, its place and its supervisor; `$which` says which.
macro_rules! engaged {
    ($which:literal) => {
        concat!(
            "select e.id, e.tenure_id, e.area, e.surveys, e.supervisor_id, e.agreement, e.secrecy_on, e.since,
                 case when e.until is null or t.until < e.until then t.until else e.until end as until, e.left_by, e.revision,
                 s.id as staff_id, s.name as staff_name, s.person_id, t.organisation_id, o.name as place_name, o.area as place_area,
                 v.name as supervisor_name, v.person_id as supervisor_person,
                 (select count(*) from training g where g.staff_id = s.id and g.struck is null and (g.passed is null or g.passed)
                      and (g.held_on <= (select min(w.done_on) from enumerator_work w where w.engagement_id = e.id and w.struck is null)
                           or not exists (select 1 from enumerator_work w where w.engagement_id = e.id and w.struck is null))) as trained,
                 (select a.score from appraisal a where a.engagement_id = e.id order by a.appraised_at desc, a.id desc limit 1) as score
             from engagement e join tenure t on t.id = e.tenure_id join staff s on s.id = t.staff_id
             join organisation_span o on o.organisation_id = t.organisation_id
                 and o.from_on = (select max(from_on) from organisation_span x where x.organisation_id = t.organisation_id)
             left join staff v on v.id = e.supervisor_id\n",
            $which
        )
    };
}

/// An engagement.
pub async fn get(tx: &mut Tx, id: EngagementId) -> Result<Option<Engaged>> {
    tx.maybe(sql(engaged!("where e.id = $1")).bind(id)).await
}

/// The engagements of an area, or of one organisation there, that hold on a day or are over by it.
pub async fn list(
    tx: &mut Tx,
    area: &AreaCode,
    at: Option<OrganisationId>,
    (on, has_ended): (NaiveDate, bool),
) -> Result<Vec<Engaged>> {
    tx.all(
        sql(engaged!(
            "where o.area like $1 and ($2 is null or t.organisation_id = $2)
                 and ((e.until is null or e.until > $3) and (t.until is null or t.until > $3)) <> $4
             order by o.area, o.name, s.name, e.since, e.id"
        ))
        .bind(scope_bindings(&Scope::Area(*area)).1)
        .bind(at)
        .bind(on)
        .bind(has_ended),
    )
    .await
}

impl FromRow for Appraisal {
    fn from_row(row: &Row) -> Result<Appraisal> {
        Ok(Appraisal {
            id: row.get("id")?,
            engagement: row.get("engagement_id")?,
            period: row.get("period")?,
            score: u32::try_from(row.get::<i64>("score")?).unwrap_or_default(),
            grounds: row.get("grounds")?,
            by: row.get("appraised_by")?,
            by_name: row.get("by_name")?,
            at: row.get("appraised_at")?,
        })
    }
}

/// A new appraisal.
pub async fn add_appraisal(tx: &mut Tx, one: &Appraisal) -> Result<()> {
    tx.run(
        sql("insert into appraisal (id, engagement_id, period, score, grounds, appraised_by, appraised_at)
             values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(one.id)
        .bind(one.engagement)
        .bind(one.period)
        .bind(i64::from(one.score))
        .bind(one.grounds.as_str())
        .bind(one.by)
        .bind(one.at),
    )
    .await?
    .must_be(1)
}

/// The appraisals of an engagement, the newest first.
pub async fn appraisals(tx: &mut Tx, id: EngagementId) -> Result<Vec<Appraisal>> {
    tx.all(
        sql("select a.id, a.engagement_id, a.period, a.score, a.grounds, a.appraised_by, a.appraised_at, p.name as by_name
             from appraisal a join person p on p.id = a.appraised_by
             where a.engagement_id = $1 order by a.appraised_at desc, a.id desc")
        .bind(id),
    )
    .await
}

impl FromRow for Rate {
    fn from_row(row: &Row) -> Result<Rate> {
        Ok(Rate {
            id: row.get("id")?,
            area: row.get("area")?,
            task: row.get("task")?,
            per: row.get("per")?,
            amount: row.get("amount")?,
            document: row.get("document")?,
            since: row.get("since")?,
            until: row.get("until")?,
        })
    }
}

/// A new rate.
pub async fn add_rate(tx: &mut Tx, one: &Rate) -> Result<()> {
    tx.run(
        sql("insert into pay_rate (id, area, task, per, amount, document, since, until) values ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(one.id)
            .bind(one.area)
            .bind(one.task.as_str())
            .bind(one.per.as_str())
            .bind(one.amount)
            .bind(one.document.as_str())
            .bind(one.since)
            .bind(one.until),
    )
    .await?
    .must_be(1)
}

/// The end of a rate.
pub async fn end_rate(tx: &mut Tx, id: RateId, on: NaiveDate) -> Result<()> {
    tx.run(sql("update pay_rate set until = $2 where id = $1 and until is null").bind(id).bind(on)).await?.must_be(1)
}

/// A rate.
pub async fn rate(tx: &mut Tx, id: RateId) -> Result<Option<Rate>> {
    tx.maybe(sql("select id, area, task, per, amount, document, since, until from pay_rate where id = $1").bind(id))
        .await
}

/// The rates that were ever set in an area or above it, the present ones first.
pub async fn rates(tx: &mut Tx, areas: &[AreaCode]) -> Result<Vec<Rate>> {
    let areas = Json::from(areas.iter().map(AreaCode::as_str).collect::<Vec<_>>());
    tx.all(
        sql("select id, area, task, per, amount, document, since, until from pay_rate
             where area in (select value from json_each($1)) order by until is not null, task, since desc, id")
        .bind(areas),
    )
    .await
}

impl FromRow for Work {
    fn from_row(row: &Row) -> Result<Work> {
        Ok(Work {
            id: row.get("id")?,
            done_on: row.get("done_on")?,
            rate: row.get("rate_id")?,
            quantity: row.get("quantity")?,
            note: row.get("note")?,
            by_name: row.get("by_name")?,
        })
    }
}

/// Work that was entered.
pub async fn add_work(tx: &mut Tx, id: EngagementId, one: &Work, by: (PersonId, Instant)) -> Result<()> {
    tx.run(
        sql("insert into enumerator_work (id, engagement_id, rate_id, done_on, quantity, note, entered_by, entered_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(one.id)
        .bind(id)
        .bind(one.rate)
        .bind(one.done_on)
        .bind(one.quantity)
        .bind(one.note.as_str())
        .bind(by.0)
        .bind(by.1),
    )
    .await?
    .must_be(1)
}

/// Strikes out work that was entered wrongly.
pub async fn strike_work(tx: &mut Tx, engagement: EngagementId, id: WorkId, why: &str) -> Result<()> {
    tx.run(
        sql("update enumerator_work set struck = $3 where id = $2 and engagement_id = $1 and struck is null")
            .bind(engagement)
            .bind(id)
            .bind(why),
    )
    .await?
    .must_be(1)
}

/// The work of an engagement from one day to another, in order; without what was struck out.
pub async fn work(tx: &mut Tx, id: EngagementId, (from, to): (NaiveDate, NaiveDate)) -> Result<Vec<Work>> {
    tx.all(
        sql("select w.id, w.done_on, w.rate_id, w.quantity, w.note, p.name as by_name
             from enumerator_work w join person p on p.id = w.entered_by
             where w.engagement_id = $1 and w.done_on >= $2 and w.done_on <= $3 and w.struck is null
             order by w.done_on, w.id")
        .bind(id)
        .bind(from)
        .bind(to),
    )
    .await
}

impl FromRow for Pay {
    fn from_row(row: &Row) -> Result<Pay> {
        let (by, at): (Option<PersonId>, Option<Instant>) = (row.get("paid_by")?, row.get("paid_at")?);
        let name = row.get::<Option<String>>("paid_name")?.unwrap_or_default();
        let document = row.get::<Option<String>>("document")?.unwrap_or_default();
        Ok(Pay {
            engagement: row.get("engagement_id")?,
            month: row.get("month")?,
            lines: from_document("enumerator_pay.lines", row.get::<Json>("lines")?)?,
            confirmed_by: row.get("confirmed_by")?,
            confirmed_name: row.get("confirmed_name")?,
            confirmed_at: row.get("confirmed_at")?,
            paid: by.zip(at).map(|(by, at)| Paid { by, by_name: name, at, document }),
        })
    }
}

/// Pay that was confirmed. A second confirmation breaks the key.
pub async fn add_pay(tx: &mut Tx, one: &Pay) -> Result<()> {
    tx.run(
        sql("insert into enumerator_pay (engagement_id, month, lines, confirmed_by, confirmed_at) values ($1, $2, $3, $4, $5)")
            .bind(one.engagement)
            .bind(one.month)
            .bind(to_document("enumerator_pay.lines", &one.lines)?)
            .bind(one.confirmed_by)
            .bind(one.confirmed_at),
    )
    .await?
    .must_be(1)
}

/// Pay that went out; refused when it was marked in between.
pub async fn put_paid(tx: &mut Tx, one: &Pay) -> Result<()> {
    let Some(paid) = &one.paid else { return Ok(()) };
    tx.run(
        sql("update enumerator_pay set paid_by = $3, paid_at = $4, document = $5
             where engagement_id = $1 and month = $2 and paid_by is null")
        .bind(one.engagement)
        .bind(one.month)
        .bind(paid.by)
        .bind(paid.at)
        .bind(paid.document.as_str()),
    )
    .await?
    .must_be(1)
}

/// The pay of an engagement for a month, from its confirmation on.
pub async fn pay(tx: &mut Tx, id: EngagementId, month: Period) -> Result<Option<Pay>> {
    tx.maybe(
        sql("select y.engagement_id, y.month, y.lines, y.confirmed_by, y.confirmed_at, y.paid_by, y.paid_at, y.document,
                 c.name as confirmed_name, d.name as paid_name
             from enumerator_pay y join person c on c.id = y.confirmed_by left join person d on d.id = y.paid_by
             where y.engagement_id = $1 and y.month = $2")
        .bind(id)
        .bind(month),
    )
    .await
}
