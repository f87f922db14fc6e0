//! Headline figures of the reports of a window, beside those of the same units' earlier reports.

use rust_decimal::Decimal;
use youju_codes::{AreaCode, Period};
use youju_domain::access::Scope;
use youju_domain::id::{ReportId, UnitId, WindowId};
use youju_domain::report::{CellId, Level, State};
use youju_domain::selection::Figure;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::{Result, StoreError};
use crate::register::scope_bindings;

/// Headline figures that are weighed.
pub const HEADLINES_MAX: usize = 3;

/// A report that was handed in, with what it is weighed by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// The report.
    pub id: ReportId,
    /// Its unit.
    pub unit: UnitId,
    /// Its unit's name.
    pub unit_name: String,
    /// Where the unit is.
    pub area: AreaCode,
    /// Its state.
    pub state: State,
    /// Whose turn it is.
    pub awaits: Option<Level>,
    /// How often it was handed in.
    pub versions: i64,
    /// Its headline figures, in the order of the form: always [`HEADLINES_MAX`], blank where the form has fewer.
    pub figures: Vec<Figure>,
}

impl FromRow for Weighed {
    fn from_row(row: &Row) -> Result<Weighed> {
        let number = |name: &str| -> Result<Option<Decimal>> {
            let Some(text) = row.get::<Option<String>>(name)? else { return Ok(None) };
            Decimal::from_str_exact(&text).map(Some).map_err(|error| StoreError::fault(format!("读取列 {name}"), error))
        };
        let names = [["r1", "p1", "y1"], ["r2", "p2", "y2"], ["r3", "p3", "y3"]];
        let figure = |[now, previous, last_year]: [&str; 3]| {
            Ok(Figure { now: number(now)?, previous: number(previous)?, last_year: number(last_year)? })
        };
        Ok(Weighed {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            unit_name: row.get("name")?,
            area: row.get("area")?,
            state: row.get("state")?,
            awaits: row.get("awaits")?,
            versions: row.get("versions")?,
            figures: names.into_iter().map(figure).collect::<Result<_>>()?,
        })
    }
}

/// The reports of a window that are handed in, within a scope, by area and code. Only the named cells are taken out of the documents.
pub async fn weighed(
    tx: &mut Tx,
    (window, scope): (WindowId, &Scope),
    headline: &[CellId],
    (previous, last_year): (Period, Period),
) -> Result<Vec<Weighed>> {
    let (unit, area) = scope_bindings(scope);
    let cell = |at: usize| headline.get(at).map_or("", CellId::as_str);
    tx.all(
        sql("select r.id, r.unit_id, u.name, u.area, r.state, r.awaits, r.versions,
                 json_extract(r.cells, '$.\"' || $4 || '\".value.number') as r1,
                 json_extract(r.cells, '$.\"' || $5 || '\".value.number') as r2,
                 json_extract(r.cells, '$.\"' || $6 || '\".value.number') as r3,
                 json_extract(p.cells, '$.\"' || $4 || '\".value.number') as p1,
                 json_extract(p.cells, '$.\"' || $5 || '\".value.number') as p2,
                 json_extract(p.cells, '$.\"' || $6 || '\".value.number') as p3,
                 json_extract(y.cells, '$.\"' || $4 || '\".value.number') as y1,
                 json_extract(y.cells, '$.\"' || $5 || '\".value.number') as y2,
                 json_extract(y.cells, '$.\"' || $6 || '\".value.number') as y3
             from report r join unit u on u.id = r.unit_id
             left join report p on p.unit_id = r.unit_id and p.form = r.form and p.period = $7
                 and p.state not in ('empty', 'draft', 'checked', 'signed', 'authorised', 'returned')
             left join report y on y.unit_id = r.unit_id and y.form = r.form and y.period = $8
                 and y.state not in ('empty', 'draft', 'checked', 'signed', 'authorised', 'returned')
             where r.window_id = $1 and (u.id = $2 or ($2 is null and u.area like $3))
                 and r.state not in ('empty', 'draft', 'checked', 'signed', 'authorised', 'returned')
             order by u.area, u.usci")
        .on_postgres(
            "select r.id, r.unit_id, u.name, u.area, r.state, r.awaits, r.versions,
                 r.cells -> $4 -> 'value' ->> 'number' as r1, r.cells -> $5 -> 'value' ->> 'number' as r2,
                 r.cells -> $6 -> 'value' ->> 'number' as r3, p.cells -> $4 -> 'value' ->> 'number' as p1,
                 p.cells -> $5 -> 'value' ->> 'number' as p2, p.cells -> $6 -> 'value' ->> 'number' as p3,
                 y.cells -> $4 -> 'value' ->> 'number' as y1, y.cells -> $5 -> 'value' ->> 'number' as y2,
                 y.cells -> $6 -> 'value' ->> 'number' as y3
             from report r join unit u on u.id = r.unit_id
             left join report p on p.unit_id = r.unit_id and p.form = r.form and p.period = $7
                 and p.state not in ('empty', 'draft', 'checked', 'signed', 'authorised', 'returned')
             left join report y on y.unit_id = r.unit_id and y.form = r.form and y.period = $8
                 and y.state not in ('empty', 'draft', 'checked', 'signed', 'authorised', 'returned')
             where r.window_id = $1 and (u.id = $2 or ($2 is null and u.area like $3))
                 and r.state not in ('empty', 'draft', 'checked', 'signed', 'authorised', 'returned')
             order by u.area, u.usci",
        )
        .bind(window)
        .bind(unit)
        .bind(area)
        .bind(cell(0))
        .bind(cell(1))
        .bind(cell(2))
        .bind(previous)
        .bind(last_year),
    )
    .await
}
