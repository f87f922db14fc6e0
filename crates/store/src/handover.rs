//! Handovers 工作交接 in rows, with the lists that were signed.

use serde_json::Value as Json;
use youju_domain::access::Scope;
use youju_domain::handover::{Handover, Stage};
use youju_domain::id::{HandoverId, StaffId, TenureId};

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::register::{Page, PageRequest, scope_bindings, total};
use crate::staff::Held;

impl FromRow for Handover {
    fn from_row(row: &Row) -> Result<Handover> {
        Ok(Handover {
            id: row.get("handover_id")?,
            giver: row.get("giver_id")?,
            tenure: row.get("tenure_id")?,
            taker: row.get("taker_id")?,
            document: row.get("handover_document")?,
            exception: row.get("exception")?,
            papers: row.get("papers")?,
            stage: row.get("stage")?,
            signatures: from_document("handover.signatures", row.get::<Json>("signatures")?)?,
            begun_at: row.get("begun_at")?,
            done_on: row.get("done_on")?,
            revision: row.get("handover_revision")?,
        })
    }
}

/// A handover with the post that ends, and who takes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// It.
    pub handover: Handover,
    /// The post.
    pub held: Held,
    /// Name of who takes over.
    pub taker: String,
}

impl FromRow for Listed {
    fn from_row(row: &Row) -> Result<Listed> {
        Ok(Listed { handover: Handover::from_row(row)?, held: Held::from_row(row)?, taker: row.get("taker_name")? })
    }
}

/// A new handover. A second open one of the same post breaks `handover_tenure_key`.
pub async fn add(tx: &mut Tx, handover: &Handover) -> Result<()> {
    tx.run(
        sql("insert into handover (id, giver_id, tenure_id, taker_id, document, exception, papers, stage, signatures, begun_at,
                 done_on, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .bind(handover.id)
        .bind(handover.giver)
        .bind(handover.tenure)
        .bind(handover.taker)
        .bind(handover.document.as_str())
        .bind(handover.exception.as_str())
        .bind(handover.papers.as_str())
        .bind(handover.stage)
        .bind(to_document("handover.signatures", &handover.signatures)?)
        .bind(handover.begun_at)
        .bind(handover.done_on)
        .bind(handover.revision),
    )
    .await?
    .must_be(1)
}

/// A handover as it goes on; refused when somebody else changed it in between.
pub async fn put(tx: &mut Tx, handover: &Handover) -> Result<()> {
    tx.run(
        sql("update handover set stage = $3, signatures = $4, done_on = $5, revision = revision + 1
             where id = $1 and revision = $2")
        .bind(handover.id)
        .bind(handover.revision)
        .bind(handover.stage)
        .bind(to_document("handover.signatures", &handover.signatures)?)
        .bind(handover.done_on),
    )
    .await?
    .must_be(1)
}

/// A handover by its id.
pub async fn get(tx: &mut Tx, id: HandoverId) -> Result<Option<Listed>> {
    tx.maybe(
        sql("select h.id as handover_id, h.giver_id, h.tenure_id, h.taker_id, h.document as handover_document, h.exception,
                 h.papers, h.stage, h.signatures, h.begun_at, h.done_on, h.revision as handover_revision,
                 t.id, t.staff_id, t.organisation_id, t.unit_id, t.duty, t.time, t.establishment, t.fields, t.work, t.document,
                 t.since, t.until, t.left_by, t.revision, s.name as staff_name, s.person_id, k.name as taker_name,
                 coalesce(o.name, u.name) as place_name, coalesce(o.area, u.area) as place_area, o.kind as place_kind
             from handover h join tenure t on t.id = h.tenure_id join staff s on s.id = h.giver_id
             join staff k on k.id = h.taker_id left join unit u on u.id = t.unit_id
             left join organisation_span o on o.organisation_id = t.organisation_id
                 and o.from_on = (select max(from_on) from organisation_span x where x.organisation_id = t.organisation_id)
             where h.id = $1")
        .bind(id),
    )
    .await
}

/// The open handover of a post.
pub async fn open_of(tx: &mut Tx, tenure: TenureId) -> Result<Option<HandoverId>> {
    tx.maybe(
        sql("select id from handover where tenure_id = $1 and stage in ('awaits_giver', 'awaits_taker', 'awaits_witness')")
            .bind(tenure),
    )
    .await
}

/// Handovers in a scope, or in which somebody takes part; the newest first.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    staff: Option<StaffId>,
    stage: Option<Stage>,
    page: PageRequest,
) -> Result<Page<Listed>> {
    let (unit, area) = scope_bindings(scope);
    let count: i64 = tx
        .one(
            sql("select count(*) as n from handover h join tenure t on t.id = h.tenure_id left join unit u on u.id = t.unit_id
                 left join organisation_span o on o.organisation_id = t.organisation_id
                     and o.from_on = (select max(from_on) from organisation_span x where x.organisation_id = t.organisation_id)
                 where (t.unit_id = $1 or ($1 is null and coalesce(o.area, u.area) like $2) or h.giver_id = $3 or h.taker_id = $3)
                   and ($4 is null or h.stage = $4)")
            .bind(unit)
            .bind(area.as_str())
            .bind(staff)
            .bind(stage),
        )
        .await?;
    let rows = tx
        .all(
            sql("select h.id as handover_id, h.giver_id, h.tenure_id, h.taker_id, h.document as handover_document, h.exception,
                     h.papers, h.stage, h.signatures, h.begun_at, h.done_on, h.revision as handover_revision,
                     t.id, t.staff_id, t.organisation_id, t.unit_id, t.duty, t.time, t.establishment, t.fields, t.work, t.document,
                     t.since, t.until, t.left_by, t.revision, s.name as staff_name, s.person_id, k.name as taker_name,
                     coalesce(o.name, u.name) as place_name, coalesce(o.area, u.area) as place_area, o.kind as place_kind
                 from handover h join tenure t on t.id = h.tenure_id join staff s on s.id = h.giver_id
                 join staff k on k.id = h.taker_id left join unit u on u.id = t.unit_id
                 left join organisation_span o on o.organisation_id = t.organisation_id
                     and o.from_on = (select max(from_on) from organisation_span x where x.organisation_id = t.organisation_id)
                 where (t.unit_id = $1 or ($1 is null and coalesce(o.area, u.area) like $2) or h.giver_id = $3 or h.taker_id = $3)
                   and ($4 is null or h.stage = $4)
                 order by h.begun_at desc, h.id limit $5 offset $6")
            .bind(unit)
            .bind(area)
            .bind(staff)
            .bind(stage)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}
