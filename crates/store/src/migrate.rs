//! Migrations: forward only, all that are pending in one transaction, each remembered by its fingerprint.
//!
//! A new one is two files and one line in [`MIGRATIONS`]. An applied file is never edited: the next start would refuse it.

use chrono::{DateTime, Utc};
use youju_journal::sha256;

use crate::db::{Db, Engine, FromRow, Row, Tx, sql};
use crate::error::{Result, StoreError};

/// One step of the schema, in the words of each engine.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Number, from 1 without gaps.
    pub version: i64,
    /// Name, as in the file's name.
    pub name: &'static str,
    /// Text for SQLite; tables are `strict`.
    pub sqlite: &'static str,
    /// Text for PostgreSQL.
    pub postgres: &'static str,
}

/// All steps in order.
#[rustfmt::skip]
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "base", sqlite: include_str!("../migrations/0001_base.sqlite.sql"), postgres: include_str!("../migrations/0001_base.postgres.sql") },
    Migration { version: 2, name: "chain", sqlite: include_str!("../migrations/0002_chain.sqlite.sql"), postgres: include_str!("../migrations/0002_chain.postgres.sql") },
    Migration { version: 3, name: "record", sqlite: include_str!("../migrations/0003_record.sqlite.sql"), postgres: include_str!("../migrations/0003_record.postgres.sql") },
    Migration { version: 4, name: "book", sqlite: include_str!("../migrations/0004_book.sqlite.sql"), postgres: include_str!("../migrations/0004_book.postgres.sql") },
    Migration { version: 5, name: "attachment", sqlite: include_str!("../migrations/0005_attachment.sqlite.sql"), postgres: include_str!("../migrations/0005_attachment.postgres.sql") },
    Migration { version: 6, name: "api_key", sqlite: include_str!("../migrations/0006_api_key.sqlite.sql"), postgres: include_str!("../migrations/0006_api_key.postgres.sql") },
    Migration { version: 7, name: "life", sqlite: include_str!("../migrations/0007_life.sqlite.sql"), postgres: include_str!("../migrations/0007_life.postgres.sql") },
    Migration { version: 8, name: "message", sqlite: include_str!("../migrations/0008_message.sqlite.sql"), postgres: include_str!("../migrations/0008_message.postgres.sql") },
    Migration { version: 9, name: "review", sqlite: include_str!("../migrations/0009_review.sqlite.sql"), postgres: include_str!("../migrations/0009_review.postgres.sql") },
    Migration { version: 10, name: "checkpoint", sqlite: include_str!("../migrations/0010_checkpoint.sqlite.sql"), postgres: include_str!("../migrations/0010_checkpoint.postgres.sql") },
    Migration { version: 11, name: "contact", sqlite: include_str!("../migrations/0011_contact.sqlite.sql"), postgres: include_str!("../migrations/0011_contact.postgres.sql") },
    Migration { version: 12, name: "trace", sqlite: include_str!("../migrations/0012_trace.sqlite.sql"), postgres: include_str!("../migrations/0012_trace.postgres.sql") },
    Migration { version: 13, name: "message_task", sqlite: include_str!("../migrations/0013_message_task.sqlite.sql"), postgres: include_str!("../migrations/0013_message_task.postgres.sql") },
    Migration { version: 14, name: "assessment", sqlite: include_str!("../migrations/0014_assessment.sqlite.sql"), postgres: include_str!("../migrations/0014_assessment.postgres.sql") },
    Migration { version: 15, name: "check_list", sqlite: include_str!("../migrations/0015_check_list.sqlite.sql"), postgres: include_str!("../migrations/0015_check_list.postgres.sql") },
    Migration { version: 16, name: "joint_review", sqlite: include_str!("../migrations/0016_joint_review.sqlite.sql"), postgres: include_str!("../migrations/0016_joint_review.postgres.sql") },
    Migration { version: 17, name: "outside", sqlite: include_str!("../migrations/0017_outside.sqlite.sql"), postgres: include_str!("../migrations/0017_outside.postgres.sql") },
    Migration { version: 18, name: "run_out", sqlite: include_str!("../migrations/0018_run_out.sqlite.sql"), postgres: include_str!("../migrations/0018_run_out.postgres.sql") },
    Migration { version: 19, name: "sign_in", sqlite: include_str!("../migrations/0019_sign_in.sqlite.sql"), postgres: include_str!("../migrations/0019_sign_in.postgres.sql") },
    Migration { version: 20, name: "grid", sqlite: include_str!("../migrations/0020_grid.sqlite.sql"), postgres: include_str!("../migrations/0020_grid.postgres.sql") },
    Migration { version: 21, name: "organisation", sqlite: include_str!("../migrations/0021_organisation.sqlite.sql"), postgres: include_str!("../migrations/0021_organisation.postgres.sql") },
    Migration { version: 22, name: "staff", sqlite: include_str!("../migrations/0022_staff.sqlite.sql"), postgres: include_str!("../migrations/0022_staff.postgres.sql") },
    Migration { version: 23, name: "case", sqlite: include_str!("../migrations/0023_case.sqlite.sql"), postgres: include_str!("../migrations/0023_case.postgres.sql") },
    Migration { version: 24, name: "look", sqlite: include_str!("../migrations/0024_look.sqlite.sql"), postgres: include_str!("../migrations/0024_look.postgres.sql") },
    Migration { version: 25, name: "security_key", sqlite: include_str!("../migrations/0025_security_key.sqlite.sql"), postgres: include_str!("../migrations/0025_security_key.postgres.sql") },
    Migration { version: 26, name: "identity", sqlite: include_str!("../migrations/0026_identity.sqlite.sql"), postgres: include_str!("../migrations/0026_identity.postgres.sql") },
    Migration { version: 27, name: "activation", sqlite: include_str!("../migrations/0027_activation.sqlite.sql"), postgres: include_str!("../migrations/0027_activation.postgres.sql") },
    Migration { version: 28, name: "field", sqlite: include_str!("../migrations/0028_field.sqlite.sql"), postgres: include_str!("../migrations/0028_field.postgres.sql") },
    Migration { version: 29, name: "security", sqlite: include_str!("../migrations/0029_security.sqlite.sql"), postgres: include_str!("../migrations/0029_security.postgres.sql") },
    Migration { version: 30, name: "domains", sqlite: include_str!("../migrations/0030_domains.sqlite.sql"), postgres: include_str!("../migrations/0030_domains.postgres.sql") },
    Migration { version: 31, name: "register", sqlite: include_str!("../migrations/0031_register.sqlite.sql"), postgres: include_str!("../migrations/0031_register.postgres.sql") },
    Migration { version: 32, name: "unit_search", sqlite: include_str!("../migrations/0032_unit_search.sqlite.sql"), postgres: include_str!("../migrations/0032_unit_search.postgres.sql") },
    Migration { version: 33, name: "project", sqlite: include_str!("../migrations/0033_project.sqlite.sql"), postgres: include_str!("../migrations/0033_project.postgres.sql") },
    Migration { version: 34, name: "lists", sqlite: include_str!("../migrations/0034_lists.sqlite.sql"), postgres: include_str!("../migrations/0034_lists.postgres.sql") },
    Migration { version: 35, name: "onboarding", sqlite: include_str!("../migrations/0035_onboarding.sqlite.sql"), postgres: include_str!("../migrations/0035_onboarding.postgres.sql") },
    Migration { version: 36, name: "frame", sqlite: include_str!("../migrations/0036_frame.sqlite.sql"), postgres: include_str!("../migrations/0036_frame.postgres.sql") },
    Migration { version: 37, name: "key_scope", sqlite: include_str!("../migrations/0037_key_scope.sqlite.sql"), postgres: include_str!("../migrations/0037_key_scope.postgres.sql") },
    Migration { version: 38, name: "frame_job", sqlite: include_str!("../migrations/0038_frame_job.sqlite.sql"), postgres: include_str!("../migrations/0038_frame_job.postgres.sql") },
];

/// Only one program at a time migrates a server; the others wait. The number is arbitrary and ours.
const LOCK: &str = "select pg_advisory_xact_lock(7205759403792)";

/// Brings the schema up to this program's version and returns the versions that were applied now.
/// Refuses a data base that is newer than the program, and one whose applied steps were other than ours.
pub async fn run(db: &Db, now: DateTime<Utc>) -> Result<Vec<i64>> {
    run_steps(db, MIGRATIONS, now).await
}

/// The same with another list of steps, for tests of upgrades.
pub async fn run_steps(db: &Db, steps: &[Migration], now: DateTime<Utc>) -> Result<Vec<i64>> {
    let mut tx = db.write().await?;
    let applied = applied(&mut tx).await?;
    let pending = pending(steps, &applied, db.engine())?;
    for step in pending {
        tx.script(step.text(db.engine())).await?;
        remember(&mut tx, step, now).await?;
    }
    tx.commit().await?;
    Ok(pending.iter().map(|step| step.version).collect())
}

impl Migration {
    fn text(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }

    fn fingerprint(&self, engine: Engine) -> String {
        sha256(self.text(engine).as_bytes()).to_string()
    }
}

/// An applied step, as the data base remembers it.
struct Applied {
    version: i64,
    name: String,
    sha256: String,
}

impl FromRow for Applied {
    fn from_row(row: &Row) -> Result<Applied> {
        Ok(Applied { version: row.get("version")?, name: row.get("name")?, sha256: row.get("sha256")? })
    }
}

/// The steps still to do, or the reason why this program must not touch this data base.
fn pending<'a>(steps: &'a [Migration], applied: &[Applied], engine: Engine) -> Result<&'a [Migration]> {
    for (i, done) in applied.iter().enumerate() {
        let Some(step) = steps.get(i) else {
            return Err(StoreError::Schema(format!(
                "数据库已升级到第 {} 版({}),而本程序只认识到第 {} 版。请改用新版程序,不要用旧版打开。",
                applied.len(),
                done.name,
                steps.len()
            )));
        };
        if done.version != step.version || done.name != step.name || done.sha256 != step.fingerprint(engine) {
            return Err(StoreError::Schema(format!(
                "数据库第 {} 版结构({})与本程序的记录不一致。请改用当初升级它的程序,或从备份恢复。",
                done.version, done.name
            )));
        }
    }
    Ok(steps.get(applied.len()..).unwrap_or_default())
}

async fn applied(tx: &mut Tx) -> Result<Vec<Applied>> {
    if tx.engine() == Engine::Postgres {
        tx.run(sql(LOCK)).await?.any();
    }
    let create = sql("create table if not exists schema_migration \
         (version integer primary key not null, name text not null, sha256 text not null, applied_at text not null) strict")
    .on_postgres(
        "create table if not exists schema_migration \
         (version bigint primary key not null, name text not null, sha256 text not null, applied_at timestamptz not null)",
    );
    tx.run(create).await?.any();
    tx.all(sql("select version, name, sha256 from schema_migration order by version")).await
}

async fn remember(tx: &mut Tx, step: &Migration, now: DateTime<Utc>) -> Result<()> {
    let insert = sql("insert into schema_migration (version, name, sha256, applied_at) values ($1, $2, $3, $4)")
        .bind(step.version)
        .bind(step.name)
        .bind(step.fingerprint(tx.engine()))
        .bind(now);
    tx.run(insert).await?.must_be(1)
}
