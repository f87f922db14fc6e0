//! Books 台账登记: the rows of one ledger, unit and period are one document, kept anew each time somebody saves them.

use chrono::NaiveDate;
use serde_json::Value as Json;
use youju_codes::Period;
use youju_domain::Instant;
use youju_domain::book::Book;
use youju_domain::id::{BookId, PersonId, UnitId};

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::register::total;

impl FromRow for Book {
    fn from_row(row: &Row) -> Result<Book> {
        Ok(Book {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            ledger: row.get("ledger")?,
            period: row.get("period")?,
            cells: from_document("book.cells", row.get::<Json>("cells")?)?,
            by: row.get("saved_by")?,
            at: row.get("saved_at")?,
        })
    }
}

/// Listed book 登记记录, without its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedBook {
    /// Its id.
    pub id: BookId,
    /// Which ledger.
    pub ledger: String,
    /// Of which period.
    pub period: Period,
    /// How many rows are filled.
    pub rows: u64,
    /// Who saved it.
    pub by: PersonId,
    /// Their name.
    pub by_name: String,
    /// When.
    pub at: Instant,
}

impl FromRow for ListedBook {
    fn from_row(row: &Row) -> Result<ListedBook> {
        Ok(ListedBook {
            id: row.get("id")?,
            ledger: row.get("ledger")?,
            period: row.get("period")?,
            rows: total(row.get("row_count")?),
            by: row.get("saved_by")?,
            by_name: row.get("name")?,
            at: row.get("saved_at")?,
        })
    }
}

/// Keeps a book. Earlier ones stay, because derivations point at them.
pub async fn add(tx: &mut Tx, book: &Book, rows: usize) -> Result<()> {
    tx.run(
        sql("insert into book (id, unit_id, ledger, period, period_ends_on, cells, row_count, saved_by, saved_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(book.id)
        .bind(book.unit)
        .bind(book.ledger.as_str())
        .bind(book.period)
        .bind(book.period.last_day())
        .bind(to_document("book.cells", &book.cells)?)
        .bind(i64::try_from(rows).unwrap_or(i64::MAX))
        .bind(book.by)
        .bind(book.at),
    )
    .await?
    .must_be(1)
}

/// A book by its id.
pub async fn get(tx: &mut Tx, id: BookId) -> Result<Option<Book>> {
    tx.maybe(sql("select id, unit_id, ledger, period, cells, saved_by, saved_at from book where id = $1").bind(id))
        .await
}

/// The book of a unit, ledger and period that counts: the latest.
pub async fn latest(tx: &mut Tx, unit: UnitId, ledger: &str, period: Period) -> Result<Option<Book>> {
    tx.maybe(
        sql("select id, unit_id, ledger, period, cells, saved_by, saved_at from book
             where unit_id = $1 and ledger = $2 and period = $3 order by saved_at desc, id desc limit 1")
        .bind(unit)
        .bind(ledger)
        .bind(period),
    )
    .await
}

/// Every saving of a unit's ledgers whose periods end on a day or later, oldest first.
pub async fn since(tx: &mut Tx, unit: UnitId, day: NaiveDate) -> Result<Vec<Book>> {
    tx.all(
        sql("select id, unit_id, ledger, period, cells, saved_by, saved_at from book
             where unit_id = $1 and period_ends_on >= $2 order by period_ends_on, saved_at, id")
        .bind(unit)
        .bind(day),
    )
    .await
}

/// The books of a unit's ledger that count, of every period that ends within some days.
pub async fn within(
    tx: &mut Tx,
    unit: UnitId,
    ledger: &str,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Book>> {
    tx.all(
        sql("select b.id, b.unit_id, b.ledger, b.period, b.cells, b.saved_by, b.saved_at from book b
             where b.unit_id = $1 and b.ledger = $2 and b.period_ends_on >= $3 and b.period_ends_on <= $4
               and not exists (select 1 from book n
                   where n.unit_id = b.unit_id and n.ledger = b.ledger and n.period = b.period
                     and n.period_ends_on = b.period_ends_on
                     and (n.saved_at > b.saved_at or (n.saved_at = b.saved_at and n.id > b.id)))
             order by b.period_ends_on")
        .bind(unit)
        .bind(ledger)
        .bind(first)
        .bind(last),
    )
    .await
}

/// Every time a book of a unit, ledger and period was saved, the latest first.
pub async fn versions(tx: &mut Tx, unit: UnitId, ledger: &str, period: Period) -> Result<Vec<ListedBook>> {
    tx.all(
        sql("select b.id, b.ledger, b.period, b.row_count, b.saved_by, p.name, b.saved_at
             from book b join person p on p.id = b.saved_by
             where b.unit_id = $1 and b.ledger = $2 and b.period = $3 order by b.saved_at desc, b.id desc")
        .bind(unit)
        .bind(ledger)
        .bind(period),
    )
    .await
}

/// The books that count of a unit whose periods end within some days, without their rows.
pub async fn listed(tx: &mut Tx, unit: UnitId, first: NaiveDate, last: NaiveDate) -> Result<Vec<ListedBook>> {
    tx.all(
        sql("select b.id, b.ledger, b.period, b.row_count, b.saved_by, p.name, b.saved_at
             from book b join person p on p.id = b.saved_by
             where b.unit_id = $1 and b.period_ends_on >= $2 and b.period_ends_on <= $3
               and not exists (select 1 from book n
                   where n.unit_id = b.unit_id and n.ledger = b.ledger and n.period = b.period
                     and n.period_ends_on = b.period_ends_on
                     and (n.saved_at > b.saved_at or (n.saved_at = b.saved_at and n.id > b.id)))
             order by b.ledger, b.period_ends_on")
        .bind(unit)
        .bind(first)
        .bind(last),
    )
    .await
}
