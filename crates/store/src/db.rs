//! Opening a data base, and the two kinds of transaction that it gives out.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use crate::error::{Result, StoreError};

mod constraint;
mod numeric;
mod row;
mod tx;
mod value;
mod writer;

pub(crate) use row::Document;
pub use row::{Column, FromRow, Row};
pub use tx::{Affected, Tx};
pub use value::instant_text;
pub use value::{Bind, Sql, Value, sql};

use constraint::translate;
use writer::Writer;

/// Readers of one SQLite file at the same time.
const SQLITE_READERS_MAX: u32 = 8;
/// Connections to PostgreSQL of one process.
const POSTGRES_CONNECTIONS_MAX: u32 = 16;
/// How long a request waits for a connection, or for the single writer of SQLite, before it gives up.
const WAIT_SECONDS: u64 = 30;
/// How long SQLite waits for another process that is writing to the same file.
const BUSY_SECONDS: u64 = 15;

/// Database 数据库 — cheap to clone, shared by all tasks.
#[derive(Clone)]
pub struct Db {
    pools: Pools,
}

#[derive(Clone)]
enum Pools {
    /// SQLite has one writer at a time anyway: callers queue for it here, fairly, instead of failing with "busy".
    Sqlite {
        writer: Writer,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

/// Which of the two engines stands behind a [`Db`] or a [`Tx`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file beside the program.
    Sqlite,
    /// A server.
    Postgres,
}

impl Db {
    /// Opens `sqlite:path/to/file` (created when absent) or `postgres://user@host/name`. Does not touch the schema: see [`crate::migrate`].
    pub async fn open(url: &str) -> Result<Db> {
        let scheme = url.split(':').next().unwrap_or_default();
        let pools = match scheme {
            "sqlite" => open_sqlite(url.trim_start_matches("sqlite:").trim_start_matches("//")).await?,
            "postgres" | "postgresql" => open_postgres(url).await?,
            other => return Err(StoreError::Address(other.to_owned())),
        };
        Ok(Db { pools })
    }

    /// Begins a transaction that may write. Dropping it rolls back. On SQLite it is the only one and the others wait their turn,
    /// and those that follow each other closely become permanent together; on PostgreSQL it is READ COMMITTED, so that what was read is written with its version: see [`Affected::must_be`].
    pub async fn write(&self) -> Result<Tx> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => writer.begin(Duration::from_secs(WAIT_SECONDS)).await.map(Tx::from_writer),
            Pools::Postgres(pool) => {
                let begun = pool.begin_with("begin isolation level read committed").await;
                begun.map(Tx::from_postgres).map_err(|error| translate("begin", error))
            }
        }
    }

    /// Begins a transaction that sees one state of the data and refuses writes.
    pub async fn read(&self) -> Result<Tx> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => readers.begin().await.map(Tx::from_reader),
            Pools::Postgres(pool) => {
                pool.begin_with("begin isolation level repeatable read, read only").await.map(Tx::from_postgres)
            }
        }
        .map_err(|error| translate("begin read only", error))
    }

    /// For a single statement that only reads: it sees one state of the data anyway, so begin and end are spared.
    pub async fn glance(&self) -> Result<Tx> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => readers.acquire().await.map(Tx::from_sqlite_glance),
            Pools::Postgres(pool) => pool.acquire().await.map(Tx::from_postgres_glance),
        }
        .map_err(|error| translate("acquire", error))
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// Waits for running transactions and closes all connections.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

impl fmt::Debug for Db {
    /// Shows no more than the engine: the address may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").field("engine", &self.engine()).finish_non_exhaustive()
    }
}

/// WAL lets readers work beside the writer; FULL makes a commit survive a power cut, not only a crash of the program.
async fn open_sqlite(path: &str) -> Result<Pools> {
    let doing = || format!("打开数据库文件 {path}");
    if path.is_empty() || path.contains(":memory:") {
        return Err(StoreError::fault(doing(), "readers and the writer are separate connections and need a file"));
    }
    let options =
        SqliteConnectOptions::new().filename(path).foreign_keys(true).busy_timeout(Duration::from_secs(BUSY_SECONDS));
    let writing = options
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let wait = Duration::from_secs(WAIT_SECONDS);
    // It stays open, so that the file is never without its write-ahead log while we run.
    let writer = Writer::open(writing).await.map_err(|cause| StoreError::fault(doing(), cause))?;
    // A file does not go away like a server: no question before each use.
    let readers =
        SqlitePoolOptions::new().max_connections(SQLITE_READERS_MAX).acquire_timeout(wait).test_before_acquire(false);
    let readers =
        readers.connect_with(options.read_only(true)).await.map_err(|cause| StoreError::fault(doing(), cause))?;
    Ok(Pools::Sqlite { writer, readers })
}

async fn open_postgres(url: &str) -> Result<Pools> {
    let doing = "连接 PostgreSQL 数据库";
    let options = PgConnectOptions::from_str(url).map_err(|cause| StoreError::fault(doing, cause))?;
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS_MAX)
        .acquire_timeout(Duration::from_secs(WAIT_SECONDS))
        .connect_with(options.application_name("youju"))
        .await
        .map_err(|cause| StoreError::fault(doing, cause))?;
    Ok(Pools::Postgres(pool))
}
