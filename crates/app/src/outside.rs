//! Outside 部门数据: tables that departments hand over come in, whole or not at all, and stand beside what units report. For
//! offices of the county and above: whoever might fill in for a unit must not learn what figure would fit. What was shown to whom is
//! written down before it is shown.

mod beside;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use youju_codes::{Period, Usci};
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::OutsideImportId;
use youju_domain::outside::{Against, Fate, Handed, Import, Item, Left, judge};
use youju_programme::Programme;
use youju_store::outside::{self, Figure};
use youju_store::register::{Page, PageRequest};

use crate::context::{App, Cx};
use crate::error::{Error, Result};
use crate::ledger::bad_file;

pub use beside::{Line, OfWindow, Standing, beyond, csv, key, of_report, of_window};
pub use table::{ROWS_MAX, Table, Wanted, read_table};
pub use youju_store::outside::Listed;

/// Every item that a programme in force declares, once, with the comparisons of all programmes.
pub fn items(app: &App) -> Vec<Item> {
    let mut items: BTreeMap<&str, Item> = BTreeMap::new();
    for item in app.programmes().values().flat_map(Programme::outside) {
        let merged = items.entry(&item.id).or_insert_with(|| Item { against: Vec::new(), ..item.clone() });
        merged.against.extend(item.against.iter().cloned());
        let known: BTreeSet<String> = merged.columns.iter().cloned().collect();
        merged.columns.extend(item.columns.iter().filter(|column| !known.contains(*column)).cloned());
    }
    items.into_values().collect()
}

fn item(app: &App, id: &str) -> Result<Item> {
    let found = items(app).into_iter().find(|item| item.id == id);
    found.ok_or(Error::Problem(Problem::NotFound { what: "部门数据项" }))
}

/// The comparisons of a form, each with its item.
fn comparisons(app: &App, form: &str) -> Vec<(Item, Against)> {
    let all = items(app).into_iter().flat_map(|item| {
        let against = item.against.clone();
        against.into_iter().map(move |against| (item.clone(), against))
    });
    all.filter(|(_, against)| against.form == form).collect()
}

fn must_inspect(cx: &Cx<'_>) -> Result<()> {
    cx.allow(Action::Inspect, Object::Area(&cx.actor()?.area))
}

/// What taking a table would do.
#[derive(Debug, Clone)]
pub struct Looked {
    /// Every row with what becomes of it.
    pub rows: Vec<(Handed, Fate)>,
    /// Earlier imports of the same item and period that would count no more, or not for the actor's area.
    pub replaces: Vec<Import>,
}

impl Looked {
    /// How many rows would be taken, left, and have to be mended first.
    pub fn counts(&self) -> (usize, usize, usize) {
        let number = |is: fn(&Fate) -> bool| self.rows.iter().filter(|(_, fate)| is(fate)).count();
        (
            number(|fate| matches!(fate, Fate::Taken { .. })),
            number(|fate| matches!(fate, Fate::Left(_))),
            number(|fate| matches!(fate, Fate::Wrong(_))),
        )
    }
}

/// Looks at every row of a table: about which unit it is, and whether it can be taken.
pub async fn look(cx: &mut Cx<'_>, table: &Table) -> Result<Looked> {
    must_inspect(cx)?;
    let actor = cx.actor()?.clone();
    let codes: BTreeSet<Usci> = table.rows.iter().filter_map(|row| Usci::parse(&row.usci).ok()).collect();
    let codes: Vec<Usci> = codes.into_iter().collect();
    let known = outside::known(cx.tx(), &actor.scope(), &codes).await?;
    let fates = judge(&table.rows, &known);
    let rows: Vec<(Handed, Fate)> = table.rows.iter().cloned().zip(fates).collect();
    let mut replaces = Vec::new();
    for period in periods(&rows) {
        let earlier = youju_domain::outside::counting(outside::of(cx.tx(), &table.item.id, period).await?);
        let touches = |import: &Import| actor.area.contains(&import.area) || import.area.contains(&actor.area);
        replaces.extend(earlier.into_iter().filter(touches));
    }
    Ok(Looked { rows, replaces })
}

fn periods(rows: &[(Handed, Fate)]) -> BTreeSet<Period> {
    let period = |fate: &Fate| if let Fate::Taken { period, .. } = fate { Some(*period) } else { None };
    rows.iter().filter_map(|(_, fate)| period(fate)).collect()
}

/// Takes a table, whole or not at all: as many rows as the look has shown, one import for each period.
pub async fn import(cx: &mut Cx<'_>, table: &Table, shown: usize) -> Result<Vec<Import>> {
    let looked = look(cx, table).await?;
    let wrong = |(row, fate): &(Handed, Fate)| match fate {
        Fate::Wrong(reason) => Some(format!("第 {} 行 {}:{reason}", row.row, row.usci)),
        _ => None,
    };
    let wrong: Vec<String> = looked.rows.iter().filter_map(wrong).collect();
    if !wrong.is_empty() {
        return Err(bad_file(wrong));
    }
    let (taken, ..) = looked.counts();
    if taken == 0 {
        return Err(bad_file(vec!["表里没有一行是本辖区名录库中的单位,没有可以导入的数据。".into()]));
    }
    if taken != shown {
        // The register has changed since the look.
        return Err(Problem::Conflict.into());
    }
    let mut imports = Vec::new();
    for period in periods(&looked.rows) {
        imports.push(add(cx, table, &looked.rows, (period, imports.is_empty())).await?);
    }
    Ok(imports)
}

/// One import; what cannot be told to belong to another period is remembered with the first.
async fn add(
    cx: &mut Cx<'_>,
    table: &Table,
    rows: &[(Handed, Fate)],
    (period, is_first): (Period, bool),
) -> Result<Import> {
    let (mut figures, mut left) = (Vec::new(), Vec::new());
    let all = periods(rows);
    for (row, fate) in rows {
        match fate {
            Fate::Taken { unit, period: of, value, .. } if *of == period => {
                figures.push(Figure { unit: *unit, row: row.row, value: *value });
            }
            Fate::Left(reason) => {
                let of = row.period.as_ref().ok().filter(|of| all.contains(of));
                if of.map_or(is_first, |of| *of == period) {
                    left.push(Left { row: row.row, usci: row.usci.clone(), reason: reason.clone() });
                }
            }
            _ => {}
        }
    }
    let actor = cx.actor()?.clone();
    let import = Import {
        id: cx.new_id(),
        item: table.item.id.clone(),
        period,
        area: actor.area,
        file_name: table.file_name.clone(),
        file_hash: table.file_hash.clone(),
        origin: table.origin.clone(),
        measure: table.measure,
        by: actor.person,
        at: cx.now(),
        left: u64::try_from(left.len()).unwrap_or(u64::MAX),
    };
    outside::add(cx.tx(), &import, &figures, &left).await?;
    let payload = json!({
        "item": import.item, "period": period, "area": import.area, "file_name": import.file_name,
        "file_hash": import.file_hash, "origin": import.origin, "measure": import.measure.label(),
        "figures": figures.len(), "left": import.left,
    });
    cx.record("outside.imported", ("outside", import.id.to_string()), payload).await?;
    Ok(import)
}

/// An import in a list, and whether it still counts.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The import.
    pub listed: Listed,
    /// What it is about; none where no programme in force declares the item any more.
    pub item: Option<Item>,
    /// False once a later one has replaced it.
    pub counts: bool,
}

/// One page of the imports that touch the actor's area, the newest first.
pub async fn list(cx: &mut Cx<'_>, page: PageRequest) -> Result<Page<Imported>> {
    must_inspect(cx)?;
    let area = cx.actor()?.area;
    let found = outside::list(cx.tx(), &area, page).await?;
    let items = items(cx.app());
    let mut counting: BTreeMap<(String, Period), BTreeSet<OutsideImportId>> = BTreeMap::new();
    let mut rows = Vec::with_capacity(found.rows.len());
    for listed in found.rows {
        let key = (listed.import.item.clone(), listed.import.period);
        if !counting.contains_key(&key) {
            let all = youju_domain::outside::counting(outside::of(cx.tx(), &key.0, key.1).await?);
            counting.insert(key.clone(), all.iter().map(|import| import.id).collect());
        }
        let counts = counting.get(&key).is_some_and(|ids| ids.contains(&listed.import.id));
        let item = items.iter().find(|item| item.id == key.0).cloned();
        rows.push(Imported { listed, item, counts });
    }
    Ok(Page { rows, total: found.total, offset: found.offset })
}

/// An import of an office in the actor's area, and the rows that it left.
pub async fn get(cx: &mut Cx<'_>, id: OutsideImportId) -> Result<(Import, Vec<Left>)> {
    must_inspect(cx)?;
    let area = cx.actor()?.area;
    let found = outside::get(cx.tx(), id).await?.filter(|(import, _)| area.contains(&import.area));
    found.ok_or(Error::Problem(Problem::NotFound { what: "部门数据导入" }))
}
