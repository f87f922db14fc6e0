//! Reading rows: strictly, so that a value which is not written as we write it is an error and never a guess.

use std::convert::identity;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::types::Json;
use sqlx::{Column as _, Decode, Postgres, Row as _, Sqlite, Type};
use uuid::Uuid;

use super::numeric::Exact;
use super::value::instant_text;
use crate::error::{Result, StoreError};

/// One row of an answer.
pub struct Row(pub(super) Cells);

pub(super) enum Cells {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// The value of a column: `row.get::<Uuid>("id")?`. Null is an error unless an `Option` is asked for.
    pub fn get<T: Column>(&self, name: &str) -> Result<T> {
        let value = T::read(self, name).and_then(|value| value.ok_or_else(|| "null where a value must be".into()));
        value.map_err(|error| StoreError::fault(format!("读取列 {name}"), error))
    }

    /// The name of the first column.
    fn first(&self) -> &str {
        match &self.0 {
            Cells::Sqlite(row) => row.columns().first().map_or("", |column| column.name()),
            Cells::Postgres(row) => row.columns().first().map_or("", |column| column.name()),
        }
    }

    /// A value that both engines keep in the same way.
    fn native<'r, T>(&'r self, name: &str) -> Result<Option<T>, BoxDynError>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>,
    {
        Ok(match &self.0 {
            Cells::Sqlite(row) => row.try_get(name)?,
            Cells::Postgres(row) => row.try_get(name)?,
        })
    }

    /// A value with a type of its own on PostgreSQL that SQLite keeps as text.
    fn text_or_native<'r, T, P>(
        &'r self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, BoxDynError>,
        native: fn(P) -> T,
    ) -> Result<Option<T>, BoxDynError>
    where
        P: Decode<'r, Postgres> + Type<Postgres>,
    {
        match &self.0 {
            Cells::Sqlite(row) => row.try_get::<Option<&str>, _>(name)?.map(parse).transpose(),
            Cells::Postgres(row) => Ok(row.try_get::<Option<P>, _>(name)?.map(native)),
        }
    }
}

/// Something that a row can be read as.
pub trait FromRow: Sized {
    /// Reads the columns by their names.
    fn from_row(row: &Row) -> Result<Self>;
}

/// A statement with a single column gives plain values: `tx.one::<i64>(sql("select count(*) as n from unit"))`.
impl<T: Column> FromRow for T {
    fn from_row(row: &Row) -> Result<T> {
        row.get(row.first())
    }
}

/// A type that a column can be read as. Identifiers and codes are read through their text or UUID.
pub trait Column: Sized {
    /// Reads the named column; `None` for null.
    fn read(row: &Row, name: &str) -> Result<Option<Self>, BoxDynError>;
}

impl<T: Column> Column for Option<T> {
    /// Null is a value of this type, so there is always one.
    fn read(row: &Row, name: &str) -> Result<Option<Self>, BoxDynError> {
        T::read(row, name).map(Some)
    }
}

impl Column for String {
    fn read(row: &Row, name: &str) -> Result<Option<Self>, BoxDynError> {
        row.native(name)
    }
}

impl Column for i64 {
    fn read(row: &Row, name: &str) -> Result<Option<Self>, BoxDynError> {
        row.native(name)
    }
}

impl Column for bool {
    fn read(row: &Row, name: &str) -> Result<Option<Self>, BoxDynError> {
        row.native(name)
    }
}

impl Column for Vec<u8> {
    fn read(row: &Row, name: &str) -> Result<Option<Self>, BoxDynError> {
        row.native(name)
    }
}

impl Column for Uuid {
    fn read(row: &Row, name: &str) -> Result<Option<Self>, BoxDynError> {
        row.text_or_native(name, |text| as_written(Uuid::parse_str(text)?, text, Uuid::to_string), identity)
    }
}

impl Column for Decimal {
    fn read(row: &Row, name: &str) -> Result<Option<Self>, BoxDynError> {
        let parse = |text: &str| as_written(Decimal::from_str_exact(text)?, text, Decimal::to_string);
        row.text_or_native(name, parse, |Exact(value)| value)
    }
}

impl Column for DateTime<Utc> {
    fn read(row: &Row, name: &str) -> Result<Option<Self>, BoxDynError> {
        let parse = |text: &str| as_written(DateTime::parse_from_rfc3339(text)?.to_utc(), text, instant_text);
        row.text_or_native(name, parse, identity)
    }
}

impl Column for NaiveDate {
    fn read(row: &Row, name: &str) -> Result<Option<Self>, BoxDynError> {
        row.text_or_native(name, |text| as_written(text.parse()?, text, NaiveDate::to_string), identity)
    }
}

/// A JSON document, read into what it holds without a tree of values in between.
pub(crate) struct Document<T>(pub(crate) T);

impl<T: DeserializeOwned> Column for Document<T> {
    fn read(row: &Row, name: &str) -> Result<Option<Self>, BoxDynError> {
        row.text_or_native(name, |text| Ok(Document(serde_json::from_str(text)?)), |Json(value)| Document(value))
    }
}

impl Column for serde_json::Value {
    fn read(row: &Row, name: &str) -> Result<Option<Self>, BoxDynError> {
        row.text_or_native(name, |text| Ok(serde_json::from_str(text)?), identity)
    }
}

/// Two texts for one value would make equal rows unequal, and let a journal entry be changed unnoticed.
fn as_written<T>(value: T, text: &str, write: impl Fn(&T) -> String) -> Result<T, BoxDynError> {
    if write(&value) == text { Ok(value) } else { Err(format!("{text:?} is not written in the usual form").into()) }
}
