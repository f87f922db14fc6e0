//! Statements and the values bound to them. A statement's text is written in the source, never put together at run time.

use chrono::{DateTime, NaiveDate, SecondsFormat, SubsecRound, Utc};
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use sqlx::Arguments;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use uuid::Uuid;

use super::numeric::Exact;

/// A statement with its bound values.
#[derive(Debug, Clone)]
pub struct Sql {
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
    values: Vec<Value>,
}

/// Begins a statement: `sql("update unit set name = $2 where id = $1").bind(id).bind(name)`.
///
/// Filters that may be absent stay in the text: `where ($1 is null or state = $1)` with an `Option`. A list is bound as one JSON array:
/// `where area_code in (select value from json_each($1))` (on PostgreSQL the first migration defines that function; its values are texts).
pub fn sql(text: &'static str) -> Sql {
    Sql { sqlite: text, postgres: text, values: Vec::new() }
}

impl Sql {
    /// Binds the next value: the first call is `$1`.
    #[must_use]
    pub fn bind(mut self, value: impl Bind) -> Sql {
        self.values.push(value.into_value());
        self
    }

    /// Another text for PostgreSQL, for the rare statement that must lock rows (`for update`).
    #[must_use]
    pub fn on_postgres(mut self, text: &'static str) -> Sql {
        self.postgres = text;
        self
    }

    pub(super) fn sqlite_arguments(self) -> Result<SqliteArguments, BoxDynError> {
        let mut arguments = SqliteArguments::default();
        for value in self.values {
            match value {
                Value::Text(v) => arguments.add(v),
                Value::Int(v) => arguments.add(v),
                Value::Bool(v) => arguments.add(v),
                Value::Bytes(v) => arguments.add(v),
                Value::Uuid(v) => arguments.add(v.map(|id| id.to_string())),
                Value::Decimal(v) => arguments.add(v.map(|number| number.to_string())),
                Value::Instant(v) => arguments.add(v.map(|at| instant_text(&at))),
                Value::Date(v) => arguments.add(v.map(|date| date.to_string())),
                Value::Json(v) => arguments.add(v.map(|json| json.to_string())),
                Value::Document(v) => arguments.add(v.get()),
            }?;
        }
        Ok(arguments)
    }

    pub(super) fn postgres_arguments(self) -> Result<PgArguments, BoxDynError> {
        let mut arguments = PgArguments::default();
        for value in self.values {
            match value {
                Value::Text(v) => arguments.add(v),
                Value::Int(v) => arguments.add(v),
                Value::Bool(v) => arguments.add(v),
                Value::Bytes(v) => arguments.add(v),
                Value::Uuid(v) => arguments.add(v),
                Value::Decimal(v) => arguments.add(v.map(Exact)),
                Value::Instant(v) => arguments.add(v),
                Value::Date(v) => arguments.add(v),
                Value::Json(v) => arguments.add(v),
                Value::Document(v) => arguments.add(sqlx::types::Json(v)),
            }?;
        }
        Ok(arguments)
    }
}

/// A bound value. Null keeps its type, which PostgreSQL wants to know.
#[derive(Debug, Clone)]
pub enum Value {
    /// Text.
    Text(Option<String>),
    /// Whole number: `integer` on SQLite, `bigint` on PostgreSQL.
    Int(Option<i64>),
    /// Truth: `integer` 0 or 1 on SQLite.
    Bool(Option<bool>),
    /// Bytes: `blob`, `bytea`.
    Bytes(Option<Vec<u8>>),
    /// Identifier: lower-case text on SQLite.
    Uuid(Option<Uuid>),
    /// Exact number, up to 28 digits: text on SQLite, `numeric` on PostgreSQL. The number of decimals is kept.
    Decimal(Option<Decimal>),
    /// Instant to the microsecond: RFC 3339 text on SQLite, `timestamptz` on PostgreSQL.
    Instant(Option<DateTime<Utc>>),
    /// Calendar day: text on SQLite.
    Date(Option<NaiveDate>),
    /// JSON document: text on SQLite, `jsonb` on PostgreSQL.
    Json(Option<serde_json::Value>),
    /// The same, written already.
    Document(Box<RawValue>),
}

/// A type that can be bound to a statement. Identifiers and codes bind as their text or UUID.
pub trait Bind: Sized {
    /// The value to bind.
    fn into_value(self) -> Value;
    /// Null of this type.
    fn null() -> Value;
}

impl<T: Bind> Bind for Option<T> {
    fn into_value(self) -> Value {
        self.map_or_else(T::null, T::into_value)
    }
    fn null() -> Value {
        T::null()
    }
}

impl Bind for String {
    fn into_value(self) -> Value {
        Value::Text(Some(self))
    }
    fn null() -> Value {
        Value::Text(None)
    }
}

impl Bind for &str {
    fn into_value(self) -> Value {
        self.to_owned().into_value()
    }
    fn null() -> Value {
        Value::Text(None)
    }
}

impl Bind for i64 {
    fn into_value(self) -> Value {
        Value::Int(Some(self))
    }
    fn null() -> Value {
        Value::Int(None)
    }
}

impl Bind for bool {
    fn into_value(self) -> Value {
        Value::Bool(Some(self))
    }
    fn null() -> Value {
        Value::Bool(None)
    }
}

impl Bind for Vec<u8> {
    fn into_value(self) -> Value {
        Value::Bytes(Some(self))
    }
    fn null() -> Value {
        Value::Bytes(None)
    }
}

impl Bind for Uuid {
    fn into_value(self) -> Value {
        Value::Uuid(Some(self))
    }
    fn null() -> Value {
        Value::Uuid(None)
    }
}

impl Bind for Decimal {
    fn into_value(mut self) -> Value {
        if self.is_zero() {
            self.set_sign_positive(true); // "-0" is no number of a report, and numeric does not know it
        }
        Value::Decimal(Some(self))
    }
    fn null() -> Value {
        Value::Decimal(None)
    }
}

impl Bind for DateTime<Utc> {
    fn into_value(self) -> Value {
        Value::Instant(Some(self.trunc_subsecs(6)))
    }
    fn null() -> Value {
        Value::Instant(None)
    }
}

impl Bind for NaiveDate {
    fn into_value(self) -> Value {
        Value::Date(Some(self))
    }
    fn null() -> Value {
        Value::Date(None)
    }
}

impl Bind for serde_json::Value {
    fn into_value(self) -> Value {
        Value::Json(Some(self))
    }
    fn null() -> Value {
        Value::Json(None)
    }
}

impl Bind for Box<RawValue> {
    fn into_value(self) -> Value {
        Value::Document(self)
    }
    fn null() -> Value {
        Value::Json(None)
    }
}

/// The one text of an instant: always UTC, always six decimals, so that texts sort as instants do.
pub fn instant_text(at: &DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}
