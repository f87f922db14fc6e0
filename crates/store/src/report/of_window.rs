//! The reports of a window, unit by unit.

use youju_codes::AreaCode;
use youju_domain::access::Scope;
use youju_domain::id::{ReportId, UnitId, WindowId};
use youju_domain::report::{Cells, State};

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;
use crate::folded;
use crate::register::{scope_bindings, total};

/// A unit with its report in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct OfUnit {
    /// Its id.
    pub unit: UnitId,
    /// The unit's code.
    pub usci: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub area: AreaCode,
    /// Where its report stands.
    pub state: State,
    /// The present cells; they are what was submitted only while the report is reported.
    pub cells: Cells,
}

impl FromRow for OfUnit {
    fn from_row(row: &Row) -> Result<OfUnit> {
        Ok(OfUnit {
            unit: row.get("unit_id")?,
            usci: row.get("usci")?,
            name: row.get("name")?,
            area: row.get("area")?,
            state: row.get("state")?,
            cells: folded::read(row, "cells")?,
        })
    }
}

/// How many reports of a window lie within a scope.
pub async fn count_of_window(tx: &mut Tx, window: WindowId, scope: &Scope) -> Result<u64> {
    let (unit, area) = scope_bindings(scope);
    let count = sql("select count(*) as n from report r join unit u on u.id = r.unit_id
                     where r.window_id = $1 and (u.id = $2 or ($2 is null and u.area like $3))");
    Ok(total(tx.one(count.bind(window).bind(unit).bind(area)).await?))
}

/// The reports of a window within a scope, by area and code.
pub async fn of_window(tx: &mut Tx, window: WindowId, scope: &Scope) -> Result<Vec<OfUnit>> {
    let (unit, area) = scope_bindings(scope);
    tx.all(
        sql("select r.unit_id, u.usci, u.name, u.area, r.state, r.cells
             from report r join unit u on u.id = r.unit_id
             where r.window_id = $1 and (u.id = $2 or ($2 is null and u.area like $3))
             order by u.area, u.usci")
        .bind(window)
        .bind(unit)
        .bind(area),
    )
    .await
}

/// The units that report in a window.
pub async fn units_of_window(tx: &mut Tx, window: WindowId) -> Result<Vec<UnitId>> {
    tx.all(sql("select unit_id from report where window_id = $1 order by unit_id").bind(window)).await
}

/// A report that was handed in more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The report.
    pub report: ReportId,
    /// Its unit's name.
    pub unit_name: String,
    /// How often it was handed in.
    pub versions: u64,
    /// Cells that later versions changed, added up over the versions.
    pub changed: u64,
    /// Corrections that were asked for after acceptance.
    pub corrections: u64,
}

impl FromRow for Edited {
    fn from_row(row: &Row) -> Result<Edited> {
        Ok(Edited {
            report: row.get("id")?,
            unit_name: row.get("name")?,
            versions: total(row.get("versions")?),
            changed: total(row.get("changed")?),
            corrections: total(row.get("corrections")?),
        })
    }
}

/// The reports of a window that were handed in more than once (修改痕迹), those with the most changed cells first.
pub async fn edited(tx: &mut Tx, window: WindowId, scope: &Scope) -> Result<Vec<Edited>> {
    let (unit, area) = scope_bindings(scope);
    tx.all(
        sql("select r.id, u.name, r.versions, coalesce(v.changed, 0) as changed, coalesce(c.n, 0) as corrections
             from report r join unit u on u.id = r.unit_id
             left join (select report_id, cast(sum(changed) as bigint) as changed from report_version group by report_id) v
                 on v.report_id = r.id
             left join (select report_id, count(*) as n from correction group by report_id) c on c.report_id = r.id
             where r.window_id = $1 and r.versions > 1 and (u.id = $2 or ($2 is null and u.area like $3))
             order by 4 desc, u.name, r.id")
        .bind(window)
        .bind(unit)
        .bind(area),
    )
    .await
}
