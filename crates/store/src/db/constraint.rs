//! From the engines' errors to ours. PostgreSQL names the violated constraint; SQLite names columns, from which the name is found.
//!
//! So that both give the same name, migrations follow these rules: uniqueness is a `create unique index table_what_key`, or an inline
//! `unique (a, b)` without a name (then it is `table_a_b_key`); checks have names; primary keys have none (`table_pkey`).

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::postgres::PgDatabaseError;
use sqlx::{Row, SqliteConnection};

use crate::error::StoreError;

/// Translates an error of the driver. For SQLite the constraint still holds the engine's message; see [`sqlite_constraint`].
pub(super) fn translate(doing: &str, error: sqlx::Error) -> StoreError {
    let known = match &error {
        sqlx::Error::PoolTimedOut => Some(StoreError::Busy),
        sqlx::Error::Database(database) => match database.try_downcast_ref::<PgDatabaseError>() {
            Some(postgres) => from_postgres(postgres),
            None => from_sqlite(database.as_ref()),
        },
        _ => None,
    };
    known.unwrap_or_else(|| StoreError::fault(doing, error))
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn from_postgres(error: &PgDatabaseError) -> Option<StoreError> {
    let name = match error.code() {
        "40001" | "40P01" => return Some(StoreError::Conflict),
        "55P03" => return Some(StoreError::Busy),
        "25006" => return Some(StoreError::ReadOnly),
        "23503" => StoreError::FOREIGN_KEY.to_owned(),
        "23502" => format!("{}_{}_not_null", error.table()?, error.column()?),
        "23505" | "23514" => error.constraint()?.to_owned(),
        _ => return None,
    };
    Some(StoreError::Constraint(name))
}

/// <https://www.sqlite.org/rescode.html>; the lower byte of a code is its family.
fn from_sqlite(error: &dyn DatabaseError) -> Option<StoreError> {
    let family = error.code()?.parse::<u32>().ok()? & 0xff;
    match (error.kind(), family) {
        (ErrorKind::ForeignKeyViolation, _) => Some(StoreError::Constraint(StoreError::FOREIGN_KEY.to_owned())),
        (ErrorKind::UniqueViolation | ErrorKind::NotNullViolation | ErrorKind::CheckViolation, _) => {
            Some(StoreError::Constraint(error.message().to_owned()))
        }
        (_, 5 | 6) => Some(StoreError::Busy),
        (_, 8) => Some(StoreError::ReadOnly),
        _ => None,
    }
}

/// Finds the name behind SQLite's message, in the schema where necessary.
pub(super) async fn sqlite_constraint(connection: &mut SqliteConnection, message: &str) -> StoreError {
    let Some((kind, what)) = message.split_once(" constraint failed: ") else {
        return StoreError::Constraint(message.to_owned());
    };
    if kind != "UNIQUE" {
        let name = if kind == "NOT NULL" { format!("{}_not_null", what.replace('.', "_")) } else { what.to_owned() };
        return StoreError::Constraint(name);
    }
    // An index over expressions is named at once: index 'unit_lower_name_key'.
    if let Some(index) = what.strip_prefix("index '") {
        return StoreError::Constraint(index.trim_end_matches('\'').to_owned());
    }
    let table = what.split('.').next().unwrap_or_default();
    let columns: Vec<&str> = what.split(", ").filter_map(|column| column.split('.').nth(1)).collect();
    match unique_name(connection, table, &columns).await {
        Ok(name) => StoreError::Constraint(name),
        Err(error) => StoreError::fault("pragma index_list", error),
    }
}

async fn unique_name(connection: &mut SqliteConnection, table: &str, columns: &[&str]) -> Result<String, sqlx::Error> {
    let text = "select i.name as index_name, i.origin, c.name as column_name \
         from pragma_index_list($1) i, pragma_index_info(i.name) c where i.\"unique\" = 1 order by i.name, c.seqno";
    let mut indexes: Vec<(String, String, Vec<String>)> = Vec::new();
    for row in sqlx::query(text).bind(table).fetch_all(connection).await? {
        let name: String = row.try_get("index_name")?;
        let column: Option<String> = row.try_get("column_name")?;
        let column = column.unwrap_or_default();
        match indexes.last_mut() {
            Some((current, _, columns)) if *current == name => columns.push(column),
            _ => indexes.push((name, row.try_get("origin")?, vec![column])),
        }
    }
    let found = indexes.into_iter().find(|(_, _, list)| list.iter().eq(columns));
    Ok(match found {
        Some((name, origin, _)) if origin == "c" => name,
        Some((_, origin, _)) if origin == "u" => format!("{table}_{}_key", columns.join("_")),
        _ => format!("{table}_pkey"), // SQLite has no index for an integer key
    })
}
