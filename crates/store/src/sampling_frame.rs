//! Sampling frames 抽样框 in rows, and the units that they are taken from, a part at a time.

pub mod job;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value as Json;
use youju_codes::AreaCode;
use youju_domain::access::Scope;
use youju_domain::id::{SamplingFrameId, UnitId};
use youju_domain::register::{Change, Unit};
use youju_domain::sampling_frame::{Snapshot, Strata, Stratum};

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::{Result, StoreError};
use crate::register::{Page, PageRequest, scope_bindings, total};

impl FromRow for Snapshot {
    fn from_row(row: &Row) -> Result<Snapshot> {
        let strata: BTreeMap<String, u64> = from_document("sampling_frame.strata", row.get::<Json>("strata")?)?;
        Ok(Snapshot {
            id: row.get("id")?,
            definition: from_document("sampling_frame.definition", row.get::<Json>("definition")?)?,
            known_at: row.get("known_at")?,
            rows: total(row.get("row_count")?),
            strata: read_strata(strata)?,
            sha256: row.get("sha256")?,
            sha256_gb: row.get("sha256_gb")?,
            size: total(row.get("size")?),
            file_hash: row.get("file_hash")?,
            by: row.get("frozen_by")?,
            by_name: row.get("frozen_by_name")?,
            at: row.get("frozen_at")?,
        })
    }
}

fn read_strata(strata: BTreeMap<String, u64>) -> Result<Strata> {
    let broken = |key: &str| StoreError::fault("读取 sampling_frame.strata", std::io::Error::other(key.to_owned()));
    strata.into_iter().map(|(key, count)| Ok((Stratum::from_key(&key).ok_or_else(|| broken(&key))?, count))).collect()
}

/// A frozen frame.
pub async fn add(tx: &mut Tx, one: &Snapshot) -> Result<()> {
    let strata: BTreeMap<String, u64> = one.strata.iter().map(|(stratum, count)| (stratum.key(), *count)).collect();
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    tx.run(
        sql("insert into sampling_frame (id, area, definition, known_at, row_count, strata, sha256, sha256_gb, size, file_hash,
                 frozen_by, frozen_by_name, frozen_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
        .bind(one.id)
        .bind(one.definition.area)
        .bind(to_document("sampling_frame.definition", &one.definition)?)
        .bind(one.known_at)
        .bind(number(one.rows))
        .bind(to_document("sampling_frame.strata", &strata)?)
        .bind(one.sha256.as_str())
        .bind(one.sha256_gb.as_str())
        .bind(number(one.size))
        .bind(one.file_hash.as_str())
        .bind(one.by)
        .bind(one.by_name.as_str())
        .bind(one.at),
    )
    .await?
    .must_be(1)
}

/// A frame.
pub async fn get(tx: &mut Tx, id: SamplingFrameId) -> Result<Option<Snapshot>> {
    tx.maybe(
        sql("select id, definition, known_at, row_count, strata, sha256, sha256_gb, size, file_hash, frozen_by, frozen_by_name,
                 frozen_at
             from sampling_frame where id = $1")
        .bind(id),
    )
    .await
}

/// The frames with a fingerprint, in either encoding: the same units under the same definition give the same one.
pub async fn by_hash(tx: &mut Tx, hash: &str) -> Result<Vec<Snapshot>> {
    tx.all(
        sql("select id, definition, known_at, row_count, strata, sha256, sha256_gb, size, file_hash, frozen_by, frozen_by_name,
                 frozen_at
             from sampling_frame where sha256 = $1 or sha256_gb = $1 order by frozen_at, id")
        .bind(hash),
    )
    .await
}

/// One page of the frames of an area, the newest first.
pub async fn list(tx: &mut Tx, area: &AreaCode, page: PageRequest) -> Result<Page<Snapshot>> {
    let below = scope_bindings(&Scope::Area(*area)).1;
    let count: i64 =
        tx.one(sql("select count(*) as n from sampling_frame where area like $1").bind(below.as_str())).await?;
    let rows = tx
        .all(
            sql("select id, definition, known_at, row_count, strata, sha256, sha256_gb, size, file_hash, frozen_by,
                     frozen_by_name, frozen_at
                 from sampling_frame where area like $1 order by frozen_at desc, id desc limit $2 offset $3")
            .bind(below)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}

/// The next units by id that are in an area today, or were something else on a day and so may have been in it then.
pub async fn candidates(
    tx: &mut Tx,
    area: &AreaCode,
    day: NaiveDate,
    after: Option<UnitId>,
    limit: i64,
) -> Result<Vec<Unit>> {
    tx.all(
        sql("select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
             where id > $1 and (area like $2 or changed_on > $3) order by id limit $4")
        .bind(after.unwrap_or_else(|| UnitId::new(uuid::Uuid::nil())))
        .bind(scope_bindings(&Scope::Area(*area)).1)
        .bind(day)
        .bind(limit),
    )
    .await
}

/// The changes of those units between two ids of whom something counts only after a day.
pub async fn changes(
    tx: &mut Tx,
    (first, last): (UnitId, UnitId),
    day: NaiveDate,
) -> Result<BTreeMap<UnitId, Vec<Change>>> {
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
                 where u.id >= $1 and u.id <= $2 and u.changed_on > $3 order by c.unit_id, c.number")
            .bind(first)
            .bind(last)
            .bind(day),
        )
        .await?;
    let mut changes: BTreeMap<UnitId, Vec<Change>> = BTreeMap::new();
    for Of(unit, change) in rows {
        changes.entry(unit).or_default().push(change);
    }
    Ok(changes)
}
