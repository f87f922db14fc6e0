//! A transaction, and how statements run inside it.

use futures_util::TryStreamExt;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

use super::Engine;
use super::constraint::{sqlite_constraint, translate};
use super::row::{Cells, FromRow, Row};
use super::value::Sql;
use super::writer::Lease;
use crate::error::{Result, StoreError};

/// Transaction 事务 — all of its statements take effect at [`Tx::commit`], or none. Dropping it rolls back.
pub struct Tx {
    connection: Connection,
    /// False while a statement runs, and for ever when it fails or is cut off. PostgreSQL ignores everything after a failed
    /// statement and answers a later commit with a silent rollback; SQLite would go on. Here both refuse.
    is_sound: bool,
}

enum Connection {
    Sqlite(OnSqlite),
    Postgres(OnPostgres),
}

enum OnSqlite {
    Reader(Transaction<'static, Sqlite>),
    Writer(Lease),
    Glance(PoolConnection<Sqlite>),
}

enum OnPostgres {
    Transaction(Transaction<'static, Postgres>),
    Glance(PoolConnection<Postgres>),
}

impl OnPostgres {
    fn get(&mut self) -> &mut PgConnection {
        match self {
            OnPostgres::Transaction(tx) => tx,
            OnPostgres::Glance(connection) => connection,
        }
    }
}

impl OnSqlite {
    fn get(&mut self) -> sqlx::Result<&mut SqliteConnection> {
        match self {
            OnSqlite::Reader(tx) => Ok(&mut **tx),
            OnSqlite::Writer(lease) => lease.connection(),
            OnSqlite::Glance(connection) => Ok(connection),
        }
    }
}

/// How many rows a statement changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a change that nobody counts may not have happened"]
pub struct Affected(u64);

impl Affected {
    /// Another number means that somebody else was faster: `Conflict`.
    pub fn must_be(self, expected: u64) -> Result<()> {
        if self.0 == expected { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// For statements that may rightly change nothing or many rows.
    pub fn any(self) -> u64 {
        self.0
    }
}

impl Tx {
    pub(super) fn from_reader(tx: Transaction<'static, Sqlite>) -> Tx {
        Tx { connection: Connection::Sqlite(OnSqlite::Reader(tx)), is_sound: true }
    }

    pub(super) fn from_writer(lease: Lease) -> Tx {
        Tx { connection: Connection::Sqlite(OnSqlite::Writer(lease)), is_sound: true }
    }

    pub(super) fn from_postgres(tx: Transaction<'static, Postgres>) -> Tx {
        Tx { connection: Connection::Postgres(OnPostgres::Transaction(tx)), is_sound: true }
    }

    pub(super) fn from_sqlite_glance(connection: PoolConnection<Sqlite>) -> Tx {
        Tx { connection: Connection::Sqlite(OnSqlite::Glance(connection)), is_sound: true }
    }

    pub(super) fn from_postgres_glance(connection: PoolConnection<Postgres>) -> Tx {
        Tx { connection: Connection::Postgres(OnPostgres::Glance(connection)), is_sound: true }
    }

    /// Runs a statement that changes rows.
    pub async fn run(&mut self, statement: Sql) -> Result<Affected> {
        self.must_not_be_a_glance(statement.sqlite)?;
        self.begin_statement()?;
        let (sqlite, postgres) = (statement.sqlite, statement.postgres);
        let changed = match &mut self.connection {
            Connection::Sqlite(tx) => {
                let arguments = statement.sqlite_arguments().map_err(|error| StoreError::fault(sqlite, error))?;
                match tx.get() {
                    Ok(connection) => sqlx::query_with(sqlite, arguments).execute(connection).await,
                    Err(error) => Err(error),
                }
                .map(|done| done.rows_affected())
            }
            Connection::Postgres(tx) => {
                let arguments = statement.postgres_arguments().map_err(|error| StoreError::fault(postgres, error))?;
                sqlx::query_with(postgres, arguments).execute(tx.get()).await.map(|done| done.rows_affected())
            }
        };
        self.end_statement(sqlite, changed).await.map(Affected)
    }

    /// All rows of an answer.
    pub async fn all<T: FromRow>(&mut self, statement: Sql) -> Result<Vec<T>> {
        self.rows(statement).await?.iter().map(T::from_row).collect()
    }

    /// The row of an answer that has one or none; more than one is a fault of the statement.
    pub async fn maybe<T: FromRow>(&mut self, statement: Sql) -> Result<Option<T>> {
        let text = statement.sqlite;
        match self.rows(statement).await?.as_slice() {
            [] => Ok(None),
            [row] => T::from_row(row).map(Some),
            rows => Err(StoreError::fault(text, format!("{} rows where one was expected", rows.len()))),
        }
    }

    /// The row of an answer that must have one; none is `Missing`.
    pub async fn one<T: FromRow>(&mut self, statement: Sql) -> Result<T> {
        self.maybe(statement).await?.ok_or(StoreError::Missing)
    }

    /// Makes everything permanent. When this returns `Ok`, the change survives a crash of the machine.
    pub async fn commit(self) -> Result<()> {
        if !self.is_sound {
            return Err(StoreError::Broken);
        }
        match self.connection {
            Connection::Sqlite(OnSqlite::Writer(lease)) => return lease.commit().await,
            Connection::Sqlite(OnSqlite::Reader(tx)) => tx.commit().await,
            Connection::Postgres(OnPostgres::Transaction(tx)) => tx.commit().await,
            Connection::Sqlite(OnSqlite::Glance(_)) | Connection::Postgres(OnPostgres::Glance(_)) => Ok(()),
        }
        .map_err(|error| translate("commit", error))
    }

    /// Which engine the statements run on.
    pub fn engine(&self) -> Engine {
        match self.connection {
            Connection::Sqlite(_) => Engine::Sqlite,
            Connection::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a migration: several statements without values.
    pub(crate) async fn script(&mut self, text: &'static str) -> Result<()> {
        self.begin_statement()?;
        let done = match &mut self.connection {
            Connection::Sqlite(tx) => match tx.get() {
                Ok(connection) => sqlx::raw_sql(text).execute(connection).await.map(drop),
                Err(error) => Err(error),
            },
            Connection::Postgres(tx) => sqlx::raw_sql(text).execute(tx.get()).await.map(drop),
        };
        self.end_statement(text, done).await
    }

    /// Every row of an answer, one after the other: there may be more than memory holds.
    pub(crate) async fn each(&mut self, statement: Sql, mut take: impl FnMut(&Row) -> Result<()>) -> Result<()> {
        self.begin_statement()?;
        let (sqlite, postgres) = (statement.sqlite, statement.postgres);
        let end = match &mut self.connection {
            Connection::Sqlite(tx) => {
                let arguments = statement.sqlite_arguments().map_err(|error| StoreError::fault(sqlite, error))?;
                let mut rows = sqlx::query_with(sqlite, arguments)
                    .fetch(tx.get().map_err(|error| StoreError::fault(sqlite, error))?);
                loop {
                    match rows.try_next().await {
                        Ok(Some(row)) => take(&Row(Cells::Sqlite(row)))?,
                        Ok(None) => break Ok(()),
                        Err(error) => break Err(error),
                    }
                }
            }
            Connection::Postgres(tx) => {
                let arguments = statement.postgres_arguments().map_err(|error| StoreError::fault(postgres, error))?;
                let mut rows = sqlx::query_with(postgres, arguments).fetch(tx.get());
                loop {
                    match rows.try_next().await {
                        Ok(Some(row)) => take(&Row(Cells::Postgres(row)))?,
                        Ok(None) => break Ok(()),
                        Err(error) => break Err(error),
                    }
                }
            }
        };
        self.end_statement(sqlite, end).await
    }

    async fn rows(&mut self, statement: Sql) -> Result<Vec<Row>> {
        self.begin_statement()?;
        let (sqlite, postgres) = (statement.sqlite, statement.postgres);
        let rows: sqlx::Result<Vec<Row>> = match &mut self.connection {
            Connection::Sqlite(tx) => {
                let arguments = statement.sqlite_arguments().map_err(|error| StoreError::fault(sqlite, error))?;
                let rows = match tx.get() {
                    Ok(connection) => sqlx::query_with(sqlite, arguments).fetch_all(connection).await,
                    Err(error) => Err(error),
                };
                rows.map(|rows| rows.into_iter().map(|row| Row(Cells::Sqlite(row))).collect())
            }
            Connection::Postgres(tx) => {
                let arguments = statement.postgres_arguments().map_err(|error| StoreError::fault(postgres, error))?;
                let rows = sqlx::query_with(postgres, arguments).fetch_all(tx.get()).await;
                rows.map(|rows| rows.into_iter().map(|row| Row(Cells::Postgres(row))).collect())
            }
        };
        self.end_statement(sqlite, rows).await
    }

    /// A glance has no transaction that a change could belong to.
    fn must_not_be_a_glance(&self, text: &str) -> Result<()> {
        match self.connection {
            Connection::Sqlite(OnSqlite::Glance(_)) | Connection::Postgres(OnPostgres::Glance(_)) => {
                Err(StoreError::fault(text, "a glance only reads"))
            }
            _ => Ok(()),
        }
    }

    fn begin_statement(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.is_sound, false) { Ok(()) } else { Err(StoreError::Broken) }
    }

    async fn end_statement<T>(&mut self, text: &str, outcome: sqlx::Result<T>) -> Result<T> {
        let error = match outcome {
            Ok(answer) => {
                self.is_sound = true;
                return Ok(answer);
            }
            Err(error) => translate(text, error),
        };
        match (&mut self.connection, error) {
            (Connection::Sqlite(tx), StoreError::Constraint(message)) => match tx.get() {
                Ok(connection) => Err(sqlite_constraint(connection, &message).await),
                Err(_) => Err(StoreError::Constraint(message)),
            },
            (_, error) => Err(error),
        }
    }
}
