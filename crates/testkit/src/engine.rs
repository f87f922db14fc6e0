//! A fresh, migrated data base per story and engine, with an app on it whose clock stands.

use std::hash::{DefaultHasher, Hash, Hasher};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use youju_app::App;
use youju_app::case::effect;
use youju_app::columns::Columns;
use youju_app::crypto::SecretKeys;
use youju_app::world::World;
use youju_programme::{Files, load};
use youju_store::{Db, journal, migrate};

use crate::april;
use crate::columns::InMemory;
use crate::printer::Plain;

/// Names the server on which stories get data bases of their own; without it they are told on SQLite alone.
const POSTGRES: &str = "YOUJU_TEST_POSTGRES";
/// Seed of the ids in a story.
const SEED: u64 = 2026;

/// Tells a story on SQLite, and on PostgreSQL when there is a server.
pub fn on_both_engines<Story: AsyncFn(App)>(story: Story) {
    Runtime::new().unwrap().block_on(async {
        sqlite(&story).await;
        if let Ok(server) = std::env::var(POSTGRES) {
            postgres(&server, &story).await;
        }
    });
}

/// Tells a story on SQLite alone: for what no data base has a part in.
pub fn on_sqlite<Story: AsyncFn(App)>(story: Story) {
    Runtime::new().unwrap().block_on(sqlite(&story));
}

/// Opens an app at an address; it is noon of 1 April 2026.
pub async fn open_app(url: &str, columns: Box<dyn Columns>) -> App {
    let world = World::fixed(april(1), SEED);
    let db = Db::open(url).await.unwrap();
    migrate::run(&db, world.now()).await.unwrap();
    let secrets = SecretKeys::parse(&format!("aes-256-gcm {}", "5a".repeat(32))).unwrap();
    let files = youju_profile::Files::shipped();
    let profiles = youju_profile::load(&files).unwrap();
    let effects = effect::names(effect::ALL);
    let cases = youju_profile::load_cases(&youju_profile::Files::shipped_cases(), &files, &profiles, &effects).unwrap();
    let app = App::new(db, load(&Files::shipped()).unwrap(), columns, Box::new(Plain), world);
    app.with_profiles(profiles).with_case_types(cases).with_secret_keys(secrets)
}

/// The root of the journal: equal when nothing was done in between.
pub async fn journal_root(app: &App) -> String {
    let head = app.read(None, async |cx| Ok(journal::head(cx.tx()).await?)).await.unwrap();
    format!("{} {}", head.size, head.root)
}

async fn sqlite<Story: AsyncFn(App)>(story: &Story) {
    let folder = TempDir::new().unwrap();
    tell(&format!("sqlite:{}", folder.path().join("统计 数据.db").display()), story).await;
}

/// The closure's type names the story; a failed run leaves its data base behind for a look, the next one replaces it.
async fn postgres<Story: AsyncFn(App)>(server: &str, story: &Story) {
    let mut key = DefaultHasher::new();
    std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default().hash(&mut key);
    std::any::type_name::<Story>().hash(&mut key);
    let name = format!("youju_story_{:016x}", key.finish());
    let mut admin = PgConnection::connect(server).await.unwrap();
    let drop = format!("drop database if exists {name} with (force)");
    sqlx::raw_sql(AssertSqlSafe(drop.clone())).execute(&mut admin).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("create database {name}"))).execute(&mut admin).await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    tell(&format!("{base}/{name}"), story).await;
    sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut admin).await.unwrap();
}

async fn tell<Story: AsyncFn(App)>(url: &str, story: &Story) {
    let app = open_app(url, Box::new(InMemory::default())).await;
    story(app.clone()).await;
    app.db().close().await;
}
