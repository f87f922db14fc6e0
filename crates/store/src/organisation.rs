//! Organisation 机构 in rows: one for itself, one for every span of its life.

mod event;

use chrono::NaiveDate;
use serde_json::Value as Json;
use youju_codes::AreaCode;
use youju_domain::access::Scope;
use youju_domain::id::{OrganisationId, UnitId};
use youju_domain::organisation::{Kind, Organisation, Span};
use youju_domain::register::Unit;

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::register::{Page, PageRequest, scope_bindings, total};

pub use event::{add_event, cuts, events_of};

impl FromRow for Span {
    fn from_row(row: &Row) -> Result<Span> {
        Ok(Span {
            from: row.get("from_on")?,
            until: row.get("until_on")?,
            kind: row.get("kind")?,
            name: row.get("name")?,
            parent: row.get("parent_id")?,
            code: row.get("code")?,
            area: row.get("area")?,
        })
    }
}

/// A span with the organisation that it is of.
struct Joined {
    organisation: Organisation,
    span: Span,
}

impl FromRow for Joined {
    fn from_row(row: &Row) -> Result<Joined> {
        let planned: Option<Json> = row.get("planned")?;
        let organisation = Organisation {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            planned: planned.map(|json| from_document("organisation.planned", json)).transpose()?,
            spans: Vec::new(),
            revision: row.get("revision")?,
        };
        Ok(Joined { organisation, span: Span::from_row(row)? })
    }
}

/// Organisations from their joined rows, which stand together and oldest first.
fn gathered(rows: Vec<Joined>) -> Vec<Organisation> {
    let mut all: Vec<Organisation> = Vec::new();
    for Joined { organisation, span } in rows {
        match all.last_mut() {
            Some(last) if last.id == organisation.id => last.spans.push(span),
            _ => all.push(Organisation { spans: vec![span], ..organisation }),
        }
    }
    all
}

/// A new organisation. A second one of the same unit breaks `organisation_unit_key`, a code that is borne already
/// `organisation_span_code_key`.
pub async fn add(tx: &mut Tx, organisation: &Organisation) -> Result<()> {
    let planned = organisation.planned.as_ref();
    tx.run(
        sql("insert into organisation (id, unit_id, planned_key, planned, revision) values ($1, $2, $3, $4, $5)")
            .bind(organisation.id)
            .bind(organisation.unit)
            .bind(planned.map(|planned| planned.key.as_str()))
            .bind(planned.map(|planned| to_document("organisation.planned", planned)).transpose()?)
            .bind(organisation.revision),
    )
    .await?
    .must_be(1)?;
    put_spans(tx, organisation).await
}

/// An organisation as it goes on; refused when somebody else changed it in between.
pub async fn put(tx: &mut Tx, organisation: &Organisation) -> Result<()> {
    let planned = organisation.planned.as_ref();
    tx.run(
        sql("update organisation set planned_key = $3, planned = $4, revision = revision + 1
             where id = $1 and revision = $2")
        .bind(organisation.id)
        .bind(organisation.revision)
        .bind(planned.map(|planned| planned.key.as_str()))
        .bind(planned.map(|planned| to_document("organisation.planned", planned)).transpose()?),
    )
    .await?
    .must_be(1)?;
    put_spans(tx, organisation).await
}

/// A span that is there only gets its end: what was, stays.
async fn put_spans(tx: &mut Tx, organisation: &Organisation) -> Result<()> {
    for span in &organisation.spans {
        tx.run(
            sql("insert into organisation_span (organisation_id, from_on, until_on, kind, name, parent_id, code, area)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)
                 on conflict (organisation_id, from_on) do update set until_on = excluded.until_on")
            .bind(organisation.id)
            .bind(span.from)
            .bind(span.until)
            .bind(span.kind)
            .bind(span.name.as_str())
            .bind(span.parent)
            .bind(span.code)
            .bind(span.area),
        )
        .await?
        .must_be(1)?;
    }
    Ok(())
}

/// An organisation by its id, with everything it has been.
pub async fn get(tx: &mut Tx, id: OrganisationId) -> Result<Option<Organisation>> {
    let rows = tx
        .all(
            sql("select o.id, o.unit_id, o.planned, o.revision, s.from_on, s.until_on, s.kind, s.name, s.parent_id, s.code,
                     s.area
                 from organisation o join organisation_span s on s.organisation_id = o.id
                 where o.id = $1 order by o.id, s.from_on")
            .bind(id),
        )
        .await?;
    Ok(gathered(rows).into_iter().next())
}

/// The organisation that is a unit of the register.
pub async fn of_unit(tx: &mut Tx, unit: UnitId) -> Result<Option<OrganisationId>> {
    tx.maybe(sql("select id from organisation where unit_id = $1").bind(unit)).await
}

/// Everything that was set up from a profile, whose keys begin with its id, and what was added by hand in its area.
pub async fn of_profile(tx: &mut Tx, profile: &str, area: &AreaCode) -> Result<Vec<Organisation>> {
    let rows = tx
        .all(
            sql("select o.id, o.unit_id, o.planned, o.revision, s.from_on, s.until_on, s.kind, s.name, s.parent_id, s.code,
                     s.area
                 from organisation o join organisation_span s on s.organisation_id = o.id
                 where o.planned_key like $1 escape '\\'
                     or (o.planned_key is null and o.unit_id is null and exists (select 1 from organisation_span l
                         where l.organisation_id = o.id and l.until_on is null and l.area like $2))
                 order by o.id, s.from_on")
            .bind(format!("{}/%", profile.replace('_', "\\_")))
            .bind(scope_bindings(&Scope::Area(*area)).1),
        )
        .await?;
    Ok(gathered(rows))
}

/// What goes on below organisations, or works without a code of its own in areas: what follows them.
pub async fn followers(tx: &mut Tx, parents: &[OrganisationId], areas: &[AreaCode]) -> Result<Vec<Organisation>> {
    let areas: Vec<&str> = areas.iter().map(AreaCode::as_str).collect();
    let parents: Vec<String> = parents.iter().map(ToString::to_string).collect();
    let rows = tx
        .all(
            sql("select o.id, o.unit_id, o.planned, o.revision, s.from_on, s.until_on, s.kind, s.name, s.parent_id, s.code,
                     s.area
                 from organisation o join organisation_span s on s.organisation_id = o.id
                 where exists (select 1 from organisation_span l where l.organisation_id = o.id and l.until_on is null
                     and (cast(l.parent_id as text) in (select value from json_each($1))
                         or (l.code is null and l.area in (select value from json_each($2)))))
                 order by o.id, s.from_on")
            .bind(Json::from(parents))
            .bind(Json::from(areas)),
        )
        .await?;
    Ok(gathered(rows))
}

/// Holds an organisation until the transaction ends, so that nothing is put below it while it ends. See [`crate::report::hold`].
pub async fn hold(tx: &mut Tx, id: OrganisationId) -> Result<()> {
    let select = sql("select id from organisation where id = $1")
        .on_postgres("select id from organisation where id = $1 for update");
    tx.maybe::<OrganisationId>(select.bind(id)).await?;
    Ok(())
}

/// Units in an area that report and are no organisation yet, by code.
pub async fn units_without(tx: &mut Tx, area: &AreaCode) -> Result<Vec<Unit>> {
    tx.all(
        sql(
            "select u.id, u.usci, u.name, u.area, u.industry, u.standard, u.listing, u.may_explain, u.details, u.changed_on,
                 u.revision from unit u
             where u.ever_listed and u.listing <> 'outside' and u.area like $1
                 and not exists (select 1 from organisation o where o.unit_id = u.id) order by u.usci",
        )
        .bind(scope_bindings(&Scope::Area(*area)).1),
    )
    .await
}

/// How many organisations go on below one.
pub async fn below(tx: &mut Tx, id: OrganisationId) -> Result<u64> {
    let count: i64 = tx
        .one(sql("select count(*) as n from organisation_span where parent_id = $1 and until_on is null").bind(id))
        .await?;
    Ok(total(count))
}

/// The name of whoever bears or has borne a code, except one organisation.
pub async fn bearer(tx: &mut Tx, code: &AreaCode, but: Option<OrganisationId>) -> Result<Option<String>> {
    tx.maybe(
        sql("select name from organisation_span where code = $1 and ($2 is null or organisation_id <> $2)
             order by from_on desc limit 1")
        .bind(*code)
        .bind(but),
    )
    .await
}

/// An organisation as it was on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: OrganisationId,
    /// The unit of the register that it is.
    pub unit: Option<UnitId>,
    /// What it was.
    pub span: Span,
    /// Key in its profile.
    pub planned_key: Option<String>,
}

impl FromRow for Listed {
    fn from_row(row: &Row) -> Result<Listed> {
        Ok(Listed {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            span: Span::from_row(row)?,
            planned_key: row.get("planned_key")?,
        })
    }
}

/// Everything but enterprises in an area on a day, by code of the area, kind and name.
pub async fn tree(tx: &mut Tx, area: &AreaCode, on: NaiveDate) -> Result<Vec<Listed>> {
    tx.all(
        sql("select o.id, o.unit_id, o.planned_key, s.from_on, s.until_on, s.kind, s.name, s.parent_id, s.code, s.area
             from organisation_span s join organisation o on o.id = s.organisation_id
             where s.area like $1 and s.from_on <= $2 and (s.until_on is null or s.until_on > $2) and s.kind <> 'enterprise'
             order by s.area, s.name, o.id")
        .bind(scope_bindings(&Scope::Area(*area)).1)
        .bind(on),
    )
    .await
}

/// How many enterprises stand below each organisation of an area on a day.
pub async fn enterprises(tx: &mut Tx, area: &AreaCode, on: NaiveDate) -> Result<Vec<(OrganisationId, u64)>> {
    struct Counted(OrganisationId, i64);
    impl FromRow for Counted {
        fn from_row(row: &Row) -> Result<Counted> {
            Ok(Counted(row.get("parent_id")?, row.get("n")?))
        }
    }
    let rows: Vec<Counted> = tx
        .all(
            sql("select parent_id, count(*) as n from organisation_span
                 where area like $1 and from_on <= $2 and (until_on is null or until_on > $2) and kind = 'enterprise'
                     and parent_id is not null
                 group by parent_id")
            .bind(scope_bindings(&Scope::Area(*area)).1)
            .bind(on),
        )
        .await?;
    Ok(rows.into_iter().map(|Counted(id, count)| (id, total(count))).collect())
}

/// One page of what stood below an organisation on a day.
pub async fn children(tx: &mut Tx, id: OrganisationId, on: NaiveDate, page: PageRequest) -> Result<Page<Listed>> {
    let count: i64 = tx
        .one(
            sql("select count(*) as n from organisation_span
                 where parent_id = $1 and from_on <= $2 and (until_on is null or until_on > $2)")
            .bind(id)
            .bind(on),
        )
        .await?;
    let rows = tx
        .all(
            sql("select o.id, o.unit_id, o.planned_key, s.from_on, s.until_on, s.kind, s.name, s.parent_id, s.code, s.area
                 from organisation_span s join organisation o on o.id = s.organisation_id
                 where s.parent_id = $1 and s.from_on <= $2 and (s.until_on is null or s.until_on > $2)
                 order by s.area, s.name, o.id limit $3 offset $4")
            .bind(id)
            .bind(on)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}

/// Everything of some kinds in an area on a day, by area and name.
pub async fn of_kinds(tx: &mut Tx, area: &AreaCode, kinds: &[Kind], on: NaiveDate) -> Result<Vec<Listed>> {
    let kinds: Vec<&str> = kinds.iter().copied().map(Kind::key).collect();
    tx.all(
        sql("select o.id, o.unit_id, o.planned_key, s.from_on, s.until_on, s.kind, s.name, s.parent_id, s.code, s.area
             from organisation_span s join organisation o on o.id = s.organisation_id
             where s.area like $1 and s.from_on <= $2 and (s.until_on is null or s.until_on > $2)
                 and s.kind in (select value from json_each($3))
             order by s.area, s.name, o.id")
        .bind(scope_bindings(&Scope::Area(*area)).1)
        .bind(on)
        .bind(Json::from(kinds)),
    )
    .await
}
