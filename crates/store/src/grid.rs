//! Grid 网格 in rows: the cells and, from day to day, who belongs to them.
//!
//! A day belongs to where somebody stood at its end: whoever is moved twice in a day was only ever in the last cell.

use chrono::NaiveDate;
use youju_codes::{AreaCode, Industry};
use youju_domain::grid::Grid;
use youju_domain::id::{GridId, UnitId};
use youju_domain::register::Unit;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

impl FromRow for Grid {
    fn from_row(row: &Row) -> Result<Grid> {
        Ok(Grid {
            id: row.get("id")?,
            area: row.get("area")?,
            kind: row.get("kind")?,
            name: row.get("name")?,
            reason: row.get("reason")?,
            since: row.get("since")?,
            until: row.get("until")?,
            revision: row.get("revision")?,
        })
    }
}

/// A unit of the register with the cell that it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its cell; none where it has none.
    pub grid: Option<GridId>,
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub area: AreaCode,
    /// Its industry.
    pub industry: Industry,
}

impl FromRow for Placed {
    fn from_row(row: &Row) -> Result<Placed> {
        Ok(Placed {
            grid: row.get("grid_id")?,
            unit: row.get("id")?,
            name: row.get("name")?,
            area: row.get("area")?,
            industry: row.get("industry")?,
        })
    }
}

/// A village with the cell that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Village {
    /// Its cell.
    pub grid: GridId,
    /// The village.
    pub area: AreaCode,
}

impl FromRow for Village {
    fn from_row(row: &Row) -> Result<Village> {
        Ok(Village { grid: row.get("grid_id")?, area: row.get("area")? })
    }
}

/// A new cell. A second one of the same name in its area breaks `grid_area_name_key`.
pub async fn add(tx: &mut Tx, grid: &Grid) -> Result<()> {
    tx.run(
        sql("insert into grid (id, area, kind, name, reason, since, until, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(grid.id)
        .bind(grid.area)
        .bind(grid.kind)
        .bind(grid.name.as_str())
        .bind(grid.reason.as_deref())
        .bind(grid.since)
        .bind(grid.until)
        .bind(grid.revision),
    )
    .await?
    .must_be(1)
}

/// A cell's name, reason and last day; refused when somebody else changed it in between.
pub async fn put(tx: &mut Tx, grid: &Grid) -> Result<()> {
    tx.run(
        sql("update grid set name = $3, reason = $4, until = $5, revision = revision + 1 where id = $1 and revision = $2")
            .bind(grid.id)
            .bind(grid.revision)
            .bind(grid.name.as_str())
            .bind(grid.reason.as_deref())
            .bind(grid.until),
    )
    .await?
    .must_be(1)
}

/// A cell by its id.
pub async fn get(tx: &mut Tx, id: GridId) -> Result<Option<Grid>> {
    tx.maybe(sql("select id, area, kind, name, reason, since, until, revision from grid where id = $1").bind(id)).await
}

/// The cells of an area on a day, by place and name.
pub async fn in_area(tx: &mut Tx, area: &AreaCode, on: NaiveDate) -> Result<Vec<Grid>> {
    tx.all(
        sql("select id, area, kind, name, reason, since, until, revision from grid
             where area like $1 and since <= $2 and (until is null or until > $2) order by area, kind desc, name")
        .bind(format!("{}%", area.prefix()))
        .bind(on),
    )
    .await
}

/// Ends every cell of an area and of a kind, with all that belongs to it.
pub async fn end_all(tx: &mut Tx, area: &AreaCode, on: NaiveDate) -> Result<()> {
    let below = format!("{}%", area.prefix());
    tx.run(
        sql("update grid_unit set until = $2
             where until is null and grid_id in (select id from grid where area like $1 and until is null)")
        .bind(below.as_str())
        .bind(on),
    )
    .await?
    .any();
    tx.run(
        sql("update grid_village set until = $2
             where until is null and grid_id in (select id from grid where area like $1 and until is null)")
        .bind(below.as_str())
        .bind(on),
    )
    .await?
    .any();
    tx.run(
        sql("update seat set until = $2
             where until is null and grid_id in (select id from grid where area like $1 and until is null)")
        .bind(below.as_str())
        .bind(on),
    )
    .await?
    .any();
    tx.run(
        sql("update grid set until = $2, revision = revision + 1 where area like $1 and until is null")
            .bind(below)
            .bind(on),
    )
    .await?
    .any();
    Ok(())
}

/// The units of an area on a day, each with its cell.
pub async fn placed(tx: &mut Tx, area: &AreaCode, on: NaiveDate) -> Result<Vec<Placed>> {
    tx.all(
        sql("select m.grid_id, u.id, u.name, u.area, u.industry
             from unit u left join grid_unit m on m.unit_id = u.id and m.since <= $2 and (m.until is null or m.until > $2)
             where u.ever_listed and u.listing <> 'outside' and u.area like $1 order by u.area, u.usci")
        .bind(format!("{}%", area.prefix()))
        .bind(on),
    )
    .await
}

/// The units of a cell on a day.
pub async fn units(tx: &mut Tx, grid: GridId, on: NaiveDate) -> Result<Vec<Unit>> {
    tx.all(
        sql("select u.id, u.usci, u.name, u.area, u.industry, u.standard, u.listing, u.may_explain, u.details, u.changed_on,
                 u.revision
             from grid_unit m join unit u on u.id = m.unit_id
             where m.grid_id = $1 and m.since <= $2 and (m.until is null or m.until > $2) order by u.area, u.usci")
        .bind(grid)
        .bind(on),
    )
    .await
}

/// The villages of an area's cells on a day.
pub async fn villages(tx: &mut Tx, area: &AreaCode, on: NaiveDate) -> Result<Vec<Village>> {
    tx.all(
        sql("select grid_id, area from grid_village
             where area like $1 and since <= $2 and (until is null or until > $2) order by area")
        .bind(format!("{}%", area.prefix()))
        .bind(on),
    )
    .await
}

/// Where a unit has stood, oldest first.
pub async fn way_of(tx: &mut Tx, unit: UnitId) -> Result<Vec<Grid>> {
    tx.all(
        sql("select g.id, g.area, g.kind, g.name, g.reason, m.since, m.until, g.revision
             from grid_unit m join grid g on g.id = m.grid_id
             where m.unit_id = $1 and (m.until is null or m.until > m.since) order by m.since")
        .bind(unit),
    )
    .await
}

/// Puts units without a cell into one, from a day on.
pub async fn place(tx: &mut Tx, grid: GridId, units: &[UnitId], since: NaiveDate) -> Result<()> {
    let ids: Vec<String> = units.iter().map(ToString::to_string).collect();
    let insert = sql(
        "insert into grid_unit (grid_id, unit_id, since, until) select $1, value, $3, null from json_each($2)",
    )
    .on_postgres(
        "insert into grid_unit (grid_id, unit_id, since, until) select $1, value::uuid, $3, null from json_each($2)",
    );
    let placed = tx.run(insert.bind(grid).bind(serde_json::Value::from(ids)).bind(since)).await?;
    placed.must_be(u64::try_from(units.len()).unwrap_or(u64::MAX))
}

/// Puts villages into a cell, from a day on.
pub async fn place_villages(tx: &mut Tx, grid: GridId, villages: &[AreaCode], since: NaiveDate) -> Result<()> {
    let codes: Vec<&str> = villages.iter().map(AreaCode::as_str).collect();
    let insert =
        sql("insert into grid_village (grid_id, area, since, until) select $1, value, $3, null from json_each($2)");
    let placed = tx.run(insert.bind(grid).bind(serde_json::Value::from(codes)).bind(since)).await?;
    placed.must_be(u64::try_from(villages.len()).unwrap_or(u64::MAX))
}

/// Moves a unit to another cell, or out of its cell, from a day on.
pub async fn move_to(tx: &mut Tx, unit: UnitId, to: Option<GridId>, on: NaiveDate) -> Result<()> {
    // What began today has not lasted a day.
    let corrected = match to {
        Some(grid) => {
            let update = sql("update grid_unit set grid_id = $2 where unit_id = $1 and until is null and since = $3");
            tx.run(update.bind(unit).bind(grid).bind(on)).await?.any()
        }
        None => 0,
    };
    if corrected > 0 {
        return Ok(());
    }
    let end = sql("update grid_unit set until = $2 where unit_id = $1 and until is null");
    tx.run(end.bind(unit).bind(on)).await?.any();
    match to {
        Some(grid) => place(tx, grid, &[unit], on).await,
        None => Ok(()),
    }
}
