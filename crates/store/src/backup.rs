//! Backup 备份: every table as lines of JSON, the same on both engines, so that a backup of one is restored on the other.

mod tables;

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::db::{Bind, Column, Row, Sql, Tx, instant_text, sql};
use crate::error::{Result, StoreError};
use crate::journal::canonical_json;

pub use tables::{LEFT_OUT, TABLES};

/// A table of a backup.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns and what stands in them.
    pub columns: &'static [(&'static str, Kind)],
    count: &'static str,
    select: &'static str,
    select_on_postgres: &'static str,
    insert: &'static str,
}

/// What stands in a column. In a line, bytes are base 64, and whatever JSON does not know is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Whole number.
    Int,
    /// Truth.
    Bool,
    /// Bytes.
    Bytes,
    /// Identifier.
    Id,
    /// Exact number.
    Exact,
    /// Instant.
    Instant,
    /// Calendar day.
    Day,
    /// Document.
    Json,
}

/// How many rows a table has.
pub async fn count(tx: &mut Tx, table: &Table) -> Result<u64> {
    let count: i64 = tx.one(sql(table.count)).await?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// How many bytes the data base takes, its indexes and what is free inside it included.
pub async fn bytes(tx: &mut Tx) -> Result<u64> {
    let bytes: i64 = tx
        .one(
            sql("select c.page_count * s.page_size as n from pragma_page_count() c, pragma_page_size() s")
                .on_postgres("select pg_database_size(current_database()) as n"),
        )
        .await?;
    Ok(u64::try_from(bytes).unwrap_or_default())
}

/// Every row as a line, in the order of the primary key.
pub async fn each(tx: &mut Tx, table: &Table, mut take: impl FnMut(&str) -> io::Result<()>) -> Result<()> {
    let statement = sql(table.select).on_postgres(table.select_on_postgres);
    tx.each(statement, |row| {
        let line = line(table, row)?;
        take(&line).map_err(|error| StoreError::fault(format!("写出表 {}", table.name), error))
    })
    .await
}

fn line(table: &Table, row: &Row) -> Result<String> {
    let mut line = String::from("[");
    for (index, (column, kind)) in table.columns.iter().enumerate() {
        if index > 0 {
            line.push(',');
        }
        line.push_str(&canonical_json(&value(row, column, *kind)?)?);
    }
    line.push(']');
    Ok(line)
}

fn value(row: &Row, column: &str, kind: Kind) -> Result<Json> {
    fn read<T: Column>(row: &Row, column: &str, write: impl FnOnce(T) -> Json) -> Result<Json> {
        Ok(row.get::<Option<T>>(column)?.map_or(Json::Null, write))
    }
    match kind {
        Kind::Text => read(row, column, Json::String),
        Kind::Int => read(row, column, |number: i64| number.into()),
        Kind::Bool => read(row, column, Json::Bool),
        Kind::Bytes => read(row, column, |bytes: Vec<u8>| STANDARD.encode(bytes).into()),
        Kind::Id => read(row, column, |id: Uuid| id.to_string().into()),
        Kind::Exact => read(row, column, |number: Decimal| number.to_string().into()),
        Kind::Instant => read(row, column, |at: DateTime<Utc>| instant_text(&at).into()),
        Kind::Day => read(row, column, |day: NaiveDate| day.to_string().into()),
        // A document inside a list: no text that looks like one is taken for it.
        Kind::Json => read(row, column, |document: Json| Json::Array(vec![document])),
    }
}

/// Puts the row of a line into its table.
pub async fn put(tx: &mut Tx, table: &Table, line: &str) -> Result<()> {
    let damaged = |cause: &str| StoreError::fault(format!("读取备份中的表 {}", table.name), cause.to_owned());
    let values: Vec<Json> = serde_json::from_str(line).map_err(|error| damaged(&error.to_string()))?;
    if values.len() != table.columns.len() {
        return Err(damaged("another number of columns"));
    }
    let mut statement = sql(table.insert);
    for ((column, kind), value) in table.columns.iter().zip(values) {
        statement = bound(statement, *kind, value).ok_or_else(|| damaged(column))?;
    }
    tx.run(statement).await?.must_be(1)
}

/// None for a value that is not what the column holds.
fn bound(statement: Sql, kind: Kind, value: Json) -> Option<Sql> {
    fn text<T: Bind>(statement: Sql, value: Json, read: impl FnOnce(&str) -> Option<T>) -> Option<Sql> {
        let value = match value {
            Json::Null => None,
            Json::String(text) => Some(read(&text)?),
            _ => return None,
        };
        Some(statement.bind(value))
    }
    match (kind, value) {
        (Kind::Text, Json::Null) => Some(statement.bind(None::<String>)),
        (Kind::Text, Json::String(text)) => Some(statement.bind(text)),
        (Kind::Int, Json::Null) => Some(statement.bind(None::<i64>)),
        (Kind::Int, Json::Number(number)) => Some(statement.bind(number.as_i64()?)),
        (Kind::Bool, Json::Null) => Some(statement.bind(None::<bool>)),
        (Kind::Bool, Json::Bool(truth)) => Some(statement.bind(truth)),
        (Kind::Json, Json::Null) => Some(statement.bind(None::<Json>)),
        (Kind::Json, Json::Array(mut document)) if document.len() == 1 => Some(statement.bind(document.pop()?)),
        (Kind::Bytes, value) => text(statement, value, |text| STANDARD.decode(text).ok()),
        (Kind::Id, value) => text(statement, value, |text| text.parse::<Uuid>().ok()),
        (Kind::Exact, value) => text(statement, value, |text| Decimal::from_str_exact(text).ok()),
        (Kind::Instant, value) => {
            text(statement, value, |text| DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()))
        }
        (Kind::Day, value) => text(statement, value, |text| text.parse::<NaiveDate>().ok()),
        (Kind::Text | Kind::Int | Kind::Bool | Kind::Json, _) => None,
    }
}
