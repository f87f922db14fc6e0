//! What the checks of a form are tried on: the reports that were handed in, unit by unit.

use youju_codes::Period;
use youju_domain::access::Scope;
use youju_domain::id::{ReportId, UnitId};
use youju_domain::report::{Cells, State};

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;
use crate::folded;
use crate::register::scope_bindings;

/// Sample 样本 — a report that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The report.
    pub report: ReportId,
    /// Its unit.
    pub unit: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// Its period.
    pub period: Period,
    /// How far it has come.
    pub state: State,
    /// The cells as they are.
    pub cells: Cells,
    /// The cells as they were handed in first, where they were handed in again.
    pub first: Option<Cells>,
}

impl FromRow for Sample {
    fn from_row(row: &Row) -> Result<Sample> {
        Ok(Sample {
            report: row.get("id")?,
            unit: row.get("unit_id")?,
            unit_name: row.get("name")?,
            period: row.get("period")?,
            state: row.get("state")?,
            cells: folded::read(row, "cells")?,
            first: folded::maybe(row, "first_cells")?,
        })
    }
}

/// Units in a scope that have handed in a form, after one of them: at most `units_max`.
pub async fn units(
    tx: &mut Tx,
    scope: &Scope,
    form: &str,
    after: Option<UnitId>,
    units_max: i64,
) -> Result<Vec<UnitId>> {
    let (unit, area) = scope_bindings(scope);
    tx.all(
        sql("select distinct r.unit_id as id from report r join unit u on u.id = r.unit_id
             where (u.id = $1 or ($1 is null and u.area like $2)) and r.form = $3
               and r.state in ('submitted', 'under_review', 'accepted_by_township', 'accepted_by_county', 'accepted_by_city',
                       'accepted_by_province', 'locked')
               and ($4 is null or r.unit_id > $4)
             order by r.unit_id limit $5")
        .bind(unit)
        .bind(area)
        .bind(form)
        .bind(after)
        .bind(units_max),
    )
    .await
}

/// A unit's reports of a form that were handed in, the earliest first.
pub async fn samples(tx: &mut Tx, unit: UnitId, form: &str) -> Result<Vec<Sample>> {
    tx.all(
        sql("select r.id, r.unit_id, u.name, r.period, r.state, r.cells, v.cells as first_cells
             from report r join unit u on u.id = r.unit_id
             left join report_version v on v.report_id = r.id and v.number = 1 and r.versions > 1
             where r.unit_id = $1 and r.form = $2 and r.state in ('submitted', 'under_review', 'accepted_by_township', 'accepted_by_county', 'accepted_by_city',
                       'accepted_by_province', 'locked')
             order by r.period_ends_on")
        .bind(unit)
        .bind(form),
    )
    .await
}
