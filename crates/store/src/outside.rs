//! Outside 部门数据 in rows: imports, and the figures of units in them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value as Json;
use youju_codes::{AreaCode, Period, Usci};
use youju_domain::access::Scope;
use youju_domain::id::{OutsideImportId, ReportId, UnitId, WindowId};
use youju_domain::outside::{Import, Known, Left};
use youju_domain::report::{CellId, State};

use crate::db::{Document, FromRow, Row, Tx, sql};
use crate::document::to_text;
use crate::error::{Result, StoreError};
use crate::register::{Page, PageRequest, scope_bindings, total};

impl FromRow for Import {
    fn from_row(row: &Row) -> Result<Import> {
        Ok(Import {
            id: row.get("id")?,
            item: row.get("item")?,
            period: row.get("period")?,
            area: row.get("area")?,
            file_name: row.get("file_name")?,
            file_hash: row.get("file_hash")?,
            origin: row.get("origin")?,
            measure: row.get("measure")?,
            by: row.get("imported_by")?,
            at: row.get("imported_at")?,
            left: total(row.get("left_count")?),
        })
    }
}

/// A figure of a new import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Of which unit.
    pub unit: UnitId,
    /// Row in the file.
    pub row: u32,
    /// The figure, in the unit of measure of the import.
    #[serde(serialize_with = "as_text")]
    pub value: Decimal,
}

/// Digits as they are: a number of JSON may go through a floating point.
fn as_text<S: serde::Serializer>(value: &Decimal, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    let mut value = *value;
    if value.is_zero() {
        value.set_sign_positive(true);
    }
    serializer.serialize_str(&value.to_string())
}

/// A new import with its figures. Earlier ones of the same item and period stay.
pub async fn add(tx: &mut Tx, import: &Import, figures: &[Figure], left: &[Left]) -> Result<()> {
    tx.run(
        sql("insert into outside_import (id, item, period, area, file_name, file_hash, origin, measure, imported_by,
                 imported_at, left_count, left_rows)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .bind(import.id)
        .bind(import.item.as_str())
        .bind(import.period)
        .bind(import.area)
        .bind(import.file_name.as_str())
        .bind(import.file_hash.as_str())
        .bind(import.origin.as_str())
        .bind(import.measure)
        .bind(import.by)
        .bind(import.at)
        .bind(i64::try_from(left.len()).unwrap_or(i64::MAX))
        .bind(to_text("outside_import.left_rows", left)?),
    )
    .await?
    .must_be(1)?;
    // One statement for all: a city hands over ten thousand.
    tx.run(
        sql("insert into outside_figure (import_id, unit_id, row_number, value)
             select $1, e.value ->> 'unit', e.value ->> 'row', e.value ->> 'value' from json_each($2) e")
        .on_postgres(
            "insert into outside_figure (import_id, unit_id, row_number, value)
             select $1, cast(e ->> 'unit' as uuid), cast(e ->> 'row' as bigint), cast(e ->> 'value' as numeric)
             from jsonb_array_elements($2) e",
        )
        .bind(import.id)
        .bind(to_text("outside_figure", figures)?),
    )
    .await?
    .must_be(u64::try_from(figures.len()).unwrap_or(u64::MAX))
}

/// Every import of an item and period, the newest first.
pub async fn of(tx: &mut Tx, item: &str, period: Period) -> Result<Vec<Import>> {
    tx.all(
        sql(
            "select id, item, period, area, file_name, file_hash, origin, measure, imported_by, imported_at, left_count
             from outside_import where item = $1 and period = $2 order by imported_at desc, id desc",
        )
        .bind(item)
        .bind(period),
    )
    .await
}

/// An import, and the rows that it left.
pub async fn get(tx: &mut Tx, id: OutsideImportId) -> Result<Option<(Import, Vec<Left>)>> {
    struct Whole(Import, Vec<Left>);
    impl FromRow for Whole {
        fn from_row(row: &Row) -> Result<Whole> {
            Ok(Whole(Import::from_row(row)?, row.get::<Document<Vec<Left>>>("left_rows")?.0))
        }
    }
    let found: Option<Whole> = tx
        .maybe(
            sql("select id, item, period, area, file_name, file_hash, origin, measure, imported_by, imported_at, left_count,
                     left_rows
                 from outside_import where id = $1")
            .bind(id),
        )
        .await?;
    Ok(found.map(|Whole(import, left)| (import, left)))
}

/// An import in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The import.
    pub import: Import,
    /// Who imported it.
    pub by_name: String,
    /// How many figures it has of units in the scope.
    pub figures: u64,
}

impl FromRow for Listed {
    fn from_row(row: &Row) -> Result<Listed> {
        Ok(Listed { import: Import::from_row(row)?, by_name: row.get("by_name")?, figures: total(row.get("figures")?) })
    }
}

/// One page of the imports that touch an area, the newest first: those of offices within it, and those of offices above it.
pub async fn list(tx: &mut Tx, area: &AreaCode, page: PageRequest) -> Result<Page<Listed>> {
    let within = format!("{}%", area.prefix());
    let above = Json::from(area.ancestors().iter().map(ToString::to_string).collect::<Vec<_>>());
    let count: i64 = tx
        .one(
            sql("select count(*) as n from outside_import i
                 where i.area like $1 or i.area in (select value from json_each($2))")
            .bind(within.as_str())
            .bind(above.clone()),
        )
        .await?;
    let rows = tx
        .all(
            sql("select i.id, i.item, i.period, i.area, i.file_name, i.file_hash, i.origin, i.measure, i.imported_by,
                     i.imported_at, i.left_count, p.name as by_name,
                     (select count(*) from outside_figure f join unit u on u.id = f.unit_id
                      where f.import_id = i.id and u.area like $1) as figures
                 from outside_import i join person p on p.id = i.imported_by
                 where i.area like $1 or i.area in (select value from json_each($2))
                 order by i.imported_at desc, i.id desc limit $3 offset $4")
            .bind(within)
            .bind(above)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: page.offset.max(0).unsigned_abs() })
}

/// Of these codes those of units in a scope.
pub async fn known(tx: &mut Tx, scope: &Scope, codes: &[Usci]) -> Result<BTreeMap<Usci, Known>> {
    struct Found(Usci, Known);
    impl FromRow for Found {
        fn from_row(row: &Row) -> Result<Found> {
            Ok(Found(row.get("usci")?, Known { unit: row.get("id")?, name: row.get("name")? }))
        }
    }
    let (unit, area) = scope_bindings(scope);
    let codes = Json::from(codes.iter().map(Usci::as_str).collect::<Vec<_>>());
    let found: Vec<Found> = tx
        .all(
            sql("select u.id, u.usci, u.name from unit u
                 where (u.id = $1 or ($1 is null and u.area like $2)) and u.usci in (select value from json_each($3))")
            .bind(unit)
            .bind(area)
            .bind(codes),
        )
        .await?;
    Ok(found.into_iter().map(|Found(code, known)| (code, known)).collect())
}

/// The figures of an import, of the units in a scope.
pub async fn figures(tx: &mut Tx, import: OutsideImportId, scope: &Scope) -> Result<BTreeMap<UnitId, Decimal>> {
    struct Found(UnitId, Decimal);
    impl FromRow for Found {
        fn from_row(row: &Row) -> Result<Found> {
            Ok(Found(row.get("unit_id")?, row.get("value")?))
        }
    }
    let (unit, area) = scope_bindings(scope);
    let found: Vec<Found> = tx
        .all(
            sql("select f.unit_id, f.value from outside_figure f join unit u on u.id = f.unit_id
                 where f.import_id = $1 and (u.id = $2 or ($2 is null and u.area like $3))")
            .bind(import)
            .bind(unit)
            .bind(area),
        )
        .await?;
    Ok(found.into_iter().map(|Found(unit, value)| (unit, value)).collect())
}

/// A report of a window with one of its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// The report.
    pub id: ReportId,
    /// Its unit.
    pub unit: UnitId,
    /// The unit's code.
    pub usci: String,
    /// The unit's name.
    pub unit_name: String,
    /// Where the unit is.
    pub area: AreaCode,
    /// Where the report stands.
    pub state: State,
    /// The number in the cell; none before the report is handed in.
    pub value: Option<Decimal>,
}

impl FromRow for Reported {
    fn from_row(row: &Row) -> Result<Reported> {
        let state: State = row.get("state")?;
        let text: Option<String> = row.get("value")?;
        let value = text.as_deref().filter(|_| state.is_reported()).map(Decimal::from_str_exact).transpose();
        Ok(Reported {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            usci: row.get("usci")?,
            unit_name: row.get("name")?,
            area: row.get("area")?,
            state,
            value: value.map_err(|error| StoreError::fault("读取报表的一格".to_owned(), error))?,
        })
    }
}

/// Every report of a window within a scope with one cell, by area and code. Only that cell is taken out of the documents.
pub async fn reported(tx: &mut Tx, (window, scope): (WindowId, &Scope), cell: &CellId) -> Result<Vec<Reported>> {
    let (unit, area) = scope_bindings(scope);
    tx.all(
        sql("select r.id, r.unit_id, u.usci, u.name, u.area, r.state,
                 json_extract(r.cells, '$.\"' || $4 || '\".value.number') as value
             from report r join unit u on u.id = r.unit_id
             where r.window_id = $1 and (u.id = $2 or ($2 is null and u.area like $3)) order by u.area, u.usci")
        .on_postgres(
            "select r.id, r.unit_id, u.usci, u.name, u.area, r.state, r.cells -> $4 -> 'value' ->> 'number' as value
             from report r join unit u on u.id = r.unit_id
             where r.window_id = $1 and (u.id = $2 or ($2 is null and u.area like $3)) order by u.area, u.usci",
        )
        .bind(window)
        .bind(unit)
        .bind(area)
        .bind(cell.as_str()),
    )
    .await
}
