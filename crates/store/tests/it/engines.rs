//! A fresh, migrated data base per story and engine.

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use youju_journal::sha256;
use youju_store::{Db, migrate};

/// A fixed instant: the morning of a reporting day.
pub fn now() -> DateTime<Utc> {
    "2026-03-05T08:30:00.123456Z".parse().unwrap()
}

/// Tells the story on SQLite in a temporary folder, and on a PostgreSQL data base of its own when there is a server.
pub async fn both_engines<Story: AsyncFn(Db)>(story: Story) {
    both_urls(async |url| {
        let db = Db::open(&url).await.unwrap();
        migrate::run(&db, now()).await.unwrap();
        story(db.clone()).await;
        db.close().await;
    })
    .await;
}

/// The same with the addresses of empty data bases.
pub async fn both_urls<Story: AsyncFn(String)>(story: Story) {
    let folder = TempDir::new().unwrap();
    story(format!("sqlite:{}", folder.path().join("统计 数据.db").display())).await;
    if let Ok(server) = std::env::var("YOUJU_TEST_POSTGRES") {
        // The closure's type names the test; a failed run leaves its data base behind for a look, the next one replaces it.
        let place = concat!(env!("CARGO_MANIFEST_DIR"), env!("CARGO_CRATE_NAME"));
        let key = sha256(format!("{place}{}", std::any::type_name::<Story>()).as_bytes()).to_string();
        let name = format!("youju_test_{}", &key[..16]);
        let mut admin = PgConnection::connect(&server).await.unwrap();
        let drop = format!("drop database if exists {name} with (force)");
        sqlx::raw_sql(AssertSqlSafe(drop.clone())).execute(&mut admin).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("create database {name}"))).execute(&mut admin).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        story(format!("{base}/{name}")).await;
        sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut admin).await.unwrap();
    }
}
