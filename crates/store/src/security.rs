//! Security 安全 in rows: assets, self-checks, and what the data base itself can tell.

use youju_domain::Instant;
use youju_domain::id::AssetId;
use youju_domain::security::drill::Hand;
use youju_domain::security::self_check::{Counts, SelfCheck};
use youju_domain::security::{Asset, retention};

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::{Result, StoreError};

impl FromRow for Asset {
    fn from_row(row: &Row) -> Result<Asset> {
        Ok(Asset {
            id: row.get("id")?,
            kind: row.get("kind")?,
            name: row.get("name")?,
            owner: row.get("owner")?,
            place: row.get("place")?,
            protection: row.get("protection")?,
            since: row.get("since")?,
            until: row.get("until")?,
            remarks: row.get("remarks")?,
            struck: row.get("struck")?,
            revision: row.get("revision")?,
        })
    }
}

impl FromRow for Hand {
    fn from_row(row: &Row) -> Result<Hand> {
        Ok(Hand { person: row.get("person_id")?, name: row.get("person_name")?, at: row.get("at")? })
    }
}

impl FromRow for SelfCheck {
    fn from_row(row: &Row) -> Result<SelfCheck> {
        let counts = Counts {
            met: row.get("met")?,
            read: row.get("read_only")?,
            not_met: row.get("not_met")?,
            not_applicable: row.get("not_applicable")?,
        };
        Ok(SelfCheck {
            id: row.get("id")?,
            standard: row.get("standard")?,
            program: row.get("program")?,
            fingerprint: row.get("fingerprint")?,
            counts,
            conclusion: row.get("conclusion")?,
            by: Hand::from_row(row)?,
        })
    }
}

/// All assets, those that were struck off last.
pub async fn assets(tx: &mut Tx) -> Result<Vec<Asset>> {
    tx.all(sql("select id, kind, name, owner, place, protection, since, until, remarks, struck, revision from asset
                order by case when struck = '' then 0 else 1 end, kind, name, id"))
        .await
}

/// One asset.
pub async fn asset(tx: &mut Tx, id: AssetId) -> Result<Option<Asset>> {
    tx.maybe(
        sql("select id, kind, name, owner, place, protection, since, until, remarks, struck, revision from asset where id = $1")
            .bind(id),
    )
    .await
}

/// Keeps an asset; somebody who was faster is not overwritten.
pub async fn put_asset(tx: &mut Tx, asset: &Asset) -> Result<()> {
    tx.run(
        sql("insert into asset (id, kind, name, owner, place, protection, since, until, remarks, struck, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 + 1)
             on conflict (id) do update set kind = excluded.kind, name = excluded.name, owner = excluded.owner,
                 place = excluded.place, protection = excluded.protection, since = excluded.since, until = excluded.until,
                 remarks = excluded.remarks, struck = excluded.struck, revision = excluded.revision
             where asset.revision = $11")
        .bind(asset.id)
        .bind(asset.kind)
        .bind(asset.name.as_str())
        .bind(asset.owner.as_str())
        .bind(asset.place.as_str())
        .bind(asset.protection)
        .bind(asset.since)
        .bind(asset.until)
        .bind(asset.remarks.as_str())
        .bind(asset.struck.as_str())
        .bind(asset.revision),
    )
    .await?
    .must_be(1)
}

/// Keeps a self-check as it was made.
pub async fn add_self_check(tx: &mut Tx, check: &SelfCheck) -> Result<()> {
    tx.run(
        sql("insert into self_check (id, standard, program, fingerprint, met, read_only, not_met, not_applicable, conclusion,
                 person_id, person_name, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .bind(check.id)
        .bind(check.standard.as_str())
        .bind(check.program.as_str())
        .bind(check.fingerprint.as_str())
        .bind(check.counts.met)
        .bind(check.counts.read)
        .bind(check.counts.not_met)
        .bind(check.counts.not_applicable)
        .bind(check.conclusion.as_str())
        .bind(check.by.person)
        .bind(check.by.name.as_str())
        .bind(check.by.at),
    )
    .await?
    .must_be(1)
}

/// All self-checks, the latest first.
pub async fn self_checks(tx: &mut Tx) -> Result<Vec<SelfCheck>> {
    tx.all(sql(
        "select id, standard, program, fingerprint, met, read_only, not_met, not_applicable, conclusion, person_id,
                    person_name, at
                from self_check order by at desc, id desc",
    ))
    .await
}

/// What lies in a log: how many rows, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Rows.
    pub rows: i64,
    /// The oldest one.
    pub oldest: Option<Instant>,
}

impl FromRow for Extent {
    fn from_row(row: &Row) -> Result<Extent> {
        Ok(Extent { rows: row.get("n")?, oldest: row.get("oldest")? })
    }
}

/// What lies in one of [`retention::LOGS`].
pub async fn extent(tx: &mut Tx, log: &retention::Log) -> Result<Extent> {
    let text = match log.table {
        "journal_leaf" => {
            "select (select seq from journal_head) as n, (select at from journal_leaf order by seq limit 1) as oldest"
        }
        "sign_in" => "select count(*) as n, min(at) as oldest from sign_in",
        "look" => "select count(*) as n, min(at) as oldest from look",
        "trace" => "select count(*) as n, min(at) as oldest from trace",
        "delivery" => "select count(*) as n, min(at) as oldest from delivery",
        "message" => "select count(*) as n, min(sent_at) as oldest from message",
        "checkpoint" => "select count(*) as n, min(at) as oldest from checkpoint",
        other => return Err(StoreError::fault("读取日志的范围", format!("没有“{other}”这个日志"))),
    };
    tx.one(sql(text)).await
}

/// What the data base calls itself.
pub async fn engine_version(tx: &mut Tx) -> Result<String> {
    tx.one(sql("select sqlite_version() as version").on_postgres("select current_setting('server_version') as version"))
        .await
}

/// When the last backup was made, as the journal says.
pub async fn last_backup(tx: &mut Tx) -> Result<Option<Instant>> {
    tx.one(sql("select max(at) as at from journal_leaf
                where object_kind = 'installation' and object_id = 'backup' and action = 'backup.made'"))
        .await
}

/// How many keys of programs are in force.
pub async fn count_api_keys(tx: &mut Tx, now: Instant) -> Result<i64> {
    tx.one(sql("select count(*) as n from api_key where revoked_at is null and expires_at > $1").bind(now)).await
}
