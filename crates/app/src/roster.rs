//! Rosters 部门名单: lists of units of other departments come in ([`take`]), are matched with the register by `linkage` ([`ask`], [`work`]),
//! are reviewed pair by pair ([`decide`]) and become lists to work through. Nothing is entered into the register from here: an office looks
//! into it first.
//!
//! Lists are brought by offices of the county and above, because they tell about units what those do not report; a township sees and
//! decides what lies in it. Names of persons are neither kept nor compared.

mod find;
mod intake;
mod read;
mod result;
mod review;
mod run;

use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::RosterId;
use youju_domain::roster::{Column, Left, Roster, Row, Run};
use youju_sheet::{CellOut, ColumnOut, Table, write_csv};
use youju_store::register::{Page, PageRequest};
use youju_store::roster as store;

use crate::context::Cx;
use crate::error::{Error, Fault, Result};

pub use intake::{Counts, Looked, NAMED_MAX, SHOWN_MAX, Wanted, look, take};
pub use read::{Judged, Mapping, Opened, Source, open};
pub use result::{Listed, Results, csv, results};
pub use review::{Pairing, decide, get, next};
pub use run::{ask, doubles, run, work};
pub use youju_store::roster::pair::Decision;

pub(crate) fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "部门名单" })
}

/// A list that touches the actor's area, for officers: those who brought it and those below them.
async fn seen(cx: &mut Cx<'_>, id: RosterId) -> Result<Roster> {
    let roster = store::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    cx.allow(Action::View, Object::Area(&narrower(&roster.area, &cx.actor()?.area)))?;
    Ok(roster)
}

/// The part of an area that concerns an actor: the narrower of both, where one holds the other.
pub(crate) fn narrower(one: &AreaCode, other: &AreaCode) -> AreaCode {
    if one.contains(other) { *other } else { *one }
}

/// One page of the lists that touch the actor's area, the newest first.
pub async fn list(cx: &mut Cx<'_>, page: PageRequest) -> Result<Page<Roster>> {
    let area = cx.actor()?.area;
    cx.allow(Action::View, Object::Area(&area))?;
    Ok(store::list(cx.tx(), &area, page).await?)
}

/// A list with its runs.
pub async fn with_runs(cx: &mut Cx<'_>, id: RosterId) -> Result<(Roster, Vec<Run>)> {
    let roster = seen(cx, id).await?;
    let runs = store::run::of_roster(cx.tx(), id).await?;
    Ok((roster, runs))
}

/// A list for those who may bring one.
async fn brought(cx: &mut Cx<'_>, id: RosterId) -> Result<Roster> {
    let roster = seen(cx, id).await?;
    cx.allow(Action::Inspect, Object::Area(&roster.area))?;
    Ok(roster)
}

/// One page of the rows that were left and are not mended.
pub async fn left(cx: &mut Cx<'_>, id: RosterId, page: PageRequest) -> Result<(Roster, Page<Left>)> {
    let roster = brought(cx, id).await?;
    Ok((roster, store::left(cx.tx(), id, page).await?))
}

/// One page of the rows that are in and have something to be told.
pub async fn remarked(cx: &mut Cx<'_>, id: RosterId, page: PageRequest) -> Result<(Roster, Page<Row>)> {
    let roster = brought(cx, id).await?;
    Ok((roster, store::remarked(cx.tx(), id, page).await?))
}

/// The rows that were left as CSV, with our own headings and the reason in the last column: mended, it can be handed in again.
pub async fn left_csv(cx: &mut Cx<'_>, id: RosterId) -> Result<(String, Vec<u8>)> {
    let (roster, left) = left(cx, id, PageRequest { offset: 0, limit: i64::MAX }).await?;
    let mut columns: Vec<ColumnOut> = Column::ALL.iter().map(|column| ColumnOut::new(column.label())).collect();
    columns.push(ColumnOut::new("退回原因"));
    let value = |row: &Left, column: Column| match column {
        Column::Line => row.line.to_string(),
        _ => row.values.iter().find(|(one, _)| *one == column).map(|(_, text)| text.clone()).unwrap_or_default(),
    };
    let rows = left.rows.iter().map(|row| {
        let values = Column::ALL.iter().map(|column| value(row, *column));
        values.chain([row.reason.clone()]).map(|text| CellOut::from(text.as_str())).collect::<Vec<CellOut>>()
    });
    let mut file = Vec::new();
    write_csv(&mut file, Table { title: String::new(), columns, rows })
        .map_err(|error| Fault::new("writing the rows of a list that were left", error))?;
    Ok((format!("{}名单 未收的行.csv", roster.department), file))
}
