//! History 变更记录 of units in rows. Nothing is written over.

use chrono::NaiveDate;
use youju_codes::AreaCode;
use youju_domain::id::UnitId;
use youju_domain::register::{Change, Facts, Source, Unit};

use super::facts_json;
use crate::db::{Document, FromRow, Row, Tx, sql};
use crate::error::Result;

impl FromRow for Change {
    fn from_row(row: &Row) -> Result<Change> {
        Ok(Change {
            number: row.get("number")?,
            since: row.get("since")?,
            recorded_at: row.get("recorded_at")?,
            by: row.get("recorded_by")?,
            by_name: row.get("recorded_by_name")?,
            source: Source { origin: row.get("origin")?, about: row.get("about")? },
            facts: row.get::<Document<Facts>>("facts")?.0,
        })
    }
}

/// One more change. A number that is taken breaks the key: somebody else was faster.
pub async fn add(tx: &mut Tx, unit: UnitId, change: &Change) -> Result<()> {
    tx.run(
        sql("insert into unit_change (unit_id, number, since, recorded_at, recorded_by, recorded_by_name, origin, about, facts)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(unit)
        .bind(change.number)
        .bind(change.since)
        .bind(change.recorded_at)
        .bind(change.by)
        .bind(change.by_name.as_str())
        .bind(change.source.origin)
        .bind(change.source.about.as_str())
        .bind(facts_json(&change.facts)),
    )
    .await?
    .must_be(1)
}

/// The changes of a unit, in the order in which they were written down.
pub async fn of_unit(tx: &mut Tx, unit: UnitId) -> Result<Vec<Change>> {
    tx.all(
        sql("select number, since, recorded_at, recorded_by, recorded_by_name, origin, about, facts
             from unit_change where unit_id = $1 order by number")
        .bind(unit),
    )
    .await
}

/// The changes of those units of an area of whom something counts only after a day: what they were on it tells their history alone.
pub async fn of_changed_after(tx: &mut Tx, area: &AreaCode, day: NaiveDate) -> Result<Vec<(UnitId, Change)>> {
    struct Of(UnitId, Change);
    impl FromRow for Of {
        fn from_row(row: &Row) -> Result<Of> {
            Ok(Of(row.get("unit_id")?, Change::from_row(row)?))
        }
    }
    let rows: Vec<Of> = tx
        .all(
            sql("select c.unit_id, c.number, c.since, c.recorded_at, c.recorded_by, c.recorded_by_name, c.origin, c.about, c.facts
                 from unit u join unit_change c on c.unit_id = u.id
                 where u.ever_listed and u.area like $1 and u.changed_on > $2 order by c.unit_id, c.number")
            .bind(format!("{}%", area.prefix()))
            .bind(day),
        )
        .await?;
    Ok(rows.into_iter().map(|Of(unit, change)| (unit, change)).collect())
}

/// On which day a unit becomes something else without anybody doing anything, and whether it ever is one that reports.
pub async fn ripens(tx: &mut Tx, unit: UnitId, on: Option<NaiveDate>, ever_listed: bool) -> Result<()> {
    let update = sql("update unit set next_change_on = $2, ever_listed = $3 where id = $1");
    tx.run(update.bind(unit).bind(on).bind(ever_listed)).await?.must_be(1)
}

/// Units that have become something else by a day.
pub async fn ripe(tx: &mut Tx, today: NaiveDate, limit: i64) -> Result<Vec<UnitId>> {
    tx.all(
        sql("select id from unit where next_change_on <= $1 order by next_change_on, id limit $2")
            .bind(today)
            .bind(limit),
    )
    .await
}

/// The branches of a unit.
pub async fn children(tx: &mut Tx, parent: UnitId) -> Result<Vec<Unit>> {
    tx.all(
        sql("select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
             where parent_id = $1 order by area, usci")
        .bind(parent),
    )
    .await
}

/// The greatest code of a sample unit that was ever given in an area; numbers are not given twice.
pub async fn last_sample_code(tx: &mut Tx, area: &AreaCode) -> Result<Option<String>> {
    let select = sql("select json_extract(facts, '$.sample_code') as code from unit_change
         where json_extract(facts, '$.sample_code') is not null and json_extract(facts, '$.sample_code') like $1
         order by code desc limit 1")
    .on_postgres(
        "select facts->>'sample_code' as code from unit_change
         where facts->>'sample_code' is not null and facts->>'sample_code' like $1
         order by code desc limit 1",
    );
    tx.maybe(select.bind(format!("{}%", area.as_str()))).await
}

/// The units that came out of a unit.
pub async fn came_of(tx: &mut Tx, unit: UnitId) -> Result<Vec<Unit>> {
    let select = sql(
        "select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
         where json_extract(details, '$.predecessor') = $1 order by area, usci",
    );
    let select = select.on_postgres(
        "select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
         where details->>'predecessor' = $1 order by area, usci",
    );
    tx.all(select.bind(unit.to_string())).await
}

/// The units that were merged into a unit.
pub async fn merged_into(tx: &mut Tx, unit: UnitId) -> Result<Vec<Unit>> {
    let select = sql(
        "select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
         where json_extract(details, '$.successor') = $1 order by area, usci",
    );
    let select = select.on_postgres(
        "select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
         where details->>'successor' = $1 order by area, usci",
    );
    tx.all(select.bind(unit.to_string())).await
}
