//! Grid 网格: an area is cut into cells, the cut is adopted, and people mend it by hand.
//!
//! Nothing is cut and adopted in one act: a cut is looked at first, and adopting it refuses what has changed since.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::json;
use youju_codes::{AreaCode, AreaLevel, Industry, area};
use youju_domain::access::{Action, Object};
use youju_domain::grid::{Coverage, Draft, Grid, Kind, Rule, Standing, read_reason, township_of};
use youju_domain::id::{GridId, UnitId};
use youju_domain::register::Unit;
use youju_domain::{Problem, survey};
use youju_profile::{Profile, for_area};
use youju_store::{StoreError, grid, register, seat};

use crate::context::{App, Cx};
use crate::crypto;
use crate::error::{Error, Result};

pub use youju_store::grid::Placed;

/// Cell 网格 with what is in it.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The cell.
    pub grid: Grid,
    /// Its units.
    pub units: Vec<Placed>,
    /// Its villages.
    pub villages: Vec<AreaCode>,
    /// Names of its branches, each with the number of its units.
    pub branches: Vec<(String, usize)>,
    /// How it stands against the rule.
    pub standing: Standing,
    /// Why, where it is not as the rule wants it.
    pub why: Option<String>,
}

/// Township 乡镇 with its cells.
#[derive(Debug, Clone)]
pub struct Place {
    /// The township; the county itself for the flat line.
    pub area: AreaCode,
    /// Its cells, by kind and name.
    pub cells: Vec<Cell>,
    /// Units that have no cell.
    pub without: Vec<Placed>,
    /// Villages of the area that are in no cell of agriculture, where there should be one.
    pub villages_without: usize,
}

impl Place {
    /// A place without anything.
    pub fn empty(area: AreaCode) -> Place {
        Place { area, cells: Vec::new(), without: Vec::new(), villages_without: 0 }
    }

    /// How far it is covered.
    pub fn coverage(&self) -> Coverage {
        let number = |number: usize| u64::try_from(number).unwrap_or_default();
        let placed = self.cells.iter().map(|cell| number(cell.units.len())).sum();
        let cells = self.cells.iter().filter(|cell| cell.grid.kind == Kind::Units);
        let within = cells.clone().filter(|cell| cell.standing == Standing::Within);
        Coverage {
            units: placed + number(self.without.len()),
            placed,
            cells: number(cells.count()),
            within: number(within.count()),
        }
    }
}

/// The rule of an area.
pub fn rule<'a>(cx: &Cx<'a>, area: &AreaCode) -> Result<&'a Rule> {
    let rule = for_area(cx.app().profiles(), area).and_then(|profile| profile.grid.as_ref());
    rule.ok_or(Error::Problem(Problem::NotFound { what: "网格划分规则" }))
}

/// What a grid is called in an area, or below it; none where nobody has said how to cut.
pub fn word<'a>(app: &'a App, own: &AreaCode) -> Option<&'a str> {
    let ruled = |profile: &&Profile| profile.grid.is_some() && own.contains(&profile.area);
    let found = for_area(app.profiles(), own).filter(|profile| profile.grid.is_some());
    found.or_else(|| app.profiles().iter().find(ruled)).map(|profile| profile.cell_word.as_str())
}

/// The areas of the actor's that have a rule: their own or a wider one's, otherwise those below that have one of their own.
pub fn jurisdictions(cx: &Cx<'_>) -> Result<Vec<AreaCode>> {
    let own = cx.actor()?.area;
    if rule(cx, &own).is_ok() {
        return Ok(vec![own]);
    }
    let ruled = cx.app().profiles().iter().filter(|profile| profile.grid.is_some() && own.contains(&profile.area));
    Ok(ruled.map(|profile| profile.area).collect())
}

fn today(cx: &Cx<'_>) -> NaiveDate {
    survey::local(cx.now()).date()
}

/// The cells of an area on a day, township by township; an officer's own area where none is named.
pub async fn board(cx: &mut Cx<'_>, area: AreaCode, on: Option<NaiveDate>) -> Result<Vec<Place>> {
    cx.allow(Action::View, Object::Area(&area))?;
    let rule = rule(cx, &area)?;
    let on = on.unwrap_or(today(cx));
    let grids = grid::in_area(cx.tx(), &area, on).await?;
    let units = grid::placed(cx.tx(), &area, on).await?;
    let villages = grid::villages(cx.tx(), &area, on).await?;
    let mut by_cell: BTreeMap<GridId, Vec<Placed>> = BTreeMap::new();
    let mut without: BTreeMap<AreaCode, Vec<Placed>> = BTreeMap::new();
    let known: BTreeSet<GridId> = grids.iter().map(|grid| grid.id).collect();
    // What a township has for cells of units: whether a rule can be kept depends on it.
    let mut together: BTreeMap<AreaCode, usize> = BTreeMap::new();
    for unit in units {
        let township = township_of(&unit.area).unwrap_or(unit.area);
        if !rule.branch_of(&unit.industry).is_some_and(|branch| branch.is_flat) {
            *together.entry(township).or_default() += 1;
        }
        match unit.grid {
            Some(id) if known.contains(&id) => by_cell.entry(id).or_default().push(unit),
            // It stands in a cell that reaches beyond this area, such as one of the flat line.
            Some(_) => {}
            None => without.entry(township).or_default().push(unit),
        }
    }
    let mut places: BTreeMap<AreaCode, Place> = BTreeMap::new();
    for (township, units) in without {
        places.entry(township).or_insert_with(|| Place::empty(township)).without = units;
    }
    for grid in grids {
        let units = by_cell.remove(&grid.id).unwrap_or_default();
        let villages = villages.iter().filter(|village| village.grid == grid.id).map(|village| village.area).collect();
        let place = places.entry(grid.area).or_insert_with(|| Place::empty(grid.area));
        let together = together.get(&grid.area).copied().unwrap_or_default();
        place.cells.push(cell(rule, grid, units, villages, together));
    }
    let farmed: BTreeSet<AreaCode> = villages.iter().map(|village| village.area).collect();
    for village in villages_of(&area) {
        let township = township_of(&village).filter(|township| !rule.no_agriculture.contains(township));
        if let Some(township) = township.filter(|_| !farmed.contains(&village)) {
            places.entry(township).or_insert_with(|| Place::empty(township)).villages_without += 1;
        }
    }
    Ok(places.into_values().collect())
}

fn cell(rule: &Rule, grid: Grid, units: Vec<Placed>, villages: Vec<AreaCode>, together: usize) -> Cell {
    let standing = rule.standing(grid.kind, units.len());
    let computed = rule.why(standing, units.len(), together);
    let why = match (&grid.reason, computed) {
        (Some(reason), Some(computed)) => Some(format!("{computed}{reason}")),
        (_, computed) => computed,
    };
    let mut branches: BTreeMap<&str, usize> = BTreeMap::new();
    for unit in &units {
        let name = rule.branch_of(&unit.industry).map_or("其他", |branch| branch.name.as_str());
        *branches.entry(name).or_default() += 1;
    }
    let branches = branches.into_iter().map(|(name, number)| (name.to_owned(), number)).collect();
    Cell { grid, units, villages, branches, standing, why }
}

/// The villages of an area, after the published list of codes.
fn villages_of(county: &AreaCode) -> Vec<AreaCode> {
    let mut found = Vec::new();
    let mut open = vec![*county];
    while let Some(above) = open.pop() {
        for below in area::children(&above) {
            if below.code.level() == AreaLevel::Village { found.push(below.code) } else { open.push(below.code) }
        }
    }
    found.sort_unstable();
    found
}

/// Proposal 划分方案: what cutting an area anew would give.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The area.
    pub area: AreaCode,
    /// The cells.
    pub drafts: Vec<Draft>,
    /// Names of the units, for those who look.
    pub names: BTreeMap<UnitId, (String, Industry)>,
    /// Units whose industry no branch takes, or that lie in no township.
    pub without: Vec<UnitId>,
    /// Cells that end when it is adopted.
    pub ends: usize,
    /// Of those, the ones that a person gave a reason for.
    pub ends_explained: usize,
    /// Stands for the whole proposal: adopting another one is refused.
    pub fingerprint: String,
}

/// Cuts an area (a county, or one township of it) and says what that would give. Nothing is changed.
pub async fn propose(cx: &mut Cx<'_>, area: AreaCode) -> Result<Proposal> {
    cx.allow(Action::Arrange, Object::Area(&area))?;
    let rule = rule(cx, &area)?;
    if area.level() < AreaLevel::County || area.level() == AreaLevel::Village {
        return Err(Problem::BadInput { reason: "请按县(市、区)或乡镇(街道)划分。".into() }.into());
    }
    let on = today(cx);
    let units = register::listed_in(cx.tx(), &area).await?;
    let is_county = area.level() == AreaLevel::County;
    // The flat line belongs to the whole county: cutting one township leaves it alone.
    let cuts = |unit: &&Unit| is_county || !rule.branch_of(&unit.industry).is_some_and(|branch| branch.is_flat);
    let taken: Vec<Unit> = units.iter().filter(cuts).cloned().collect();
    let (drafts, without) = rule.cut(&area, &taken, &villages_of(&area));
    let ending = grid::in_area(cx.tx(), &area, on).await?;
    let ends: Vec<String> = ending.iter().map(|grid| format!("{}/{}", grid.id, grid.revision)).collect();
    let fingerprint = fingerprint(&drafts, &ends);
    Ok(Proposal {
        area,
        drafts,
        names: taken.into_iter().map(|unit| (unit.id, (unit.name, unit.industry))).collect(),
        without,
        ends: ending.len(),
        ends_explained: ending.iter().filter(|grid| grid.reason.is_some()).count(),
        fingerprint,
    })
}

fn fingerprint(drafts: &[Draft], ends: &[String]) -> String {
    let line = |draft: &Draft| {
        let units: Vec<String> = draft.units.iter().map(ToString::to_string).collect();
        format!("{}|{}|{}|{}", draft.area, draft.name, draft.villages.len(), units.join(","))
    };
    let lines: Vec<String> = drafts.iter().map(line).chain(ends.iter().cloned()).collect();
    crypto::sha256(lines.join("\n").as_bytes())
}

/// Adopts the proposal that was looked at, from today on. What stood there before ends today.
pub async fn adopt(cx: &mut Cx<'_>, area: AreaCode, fingerprint: &str) -> Result<Proposal> {
    let proposal = propose(cx, area).await?;
    if proposal.fingerprint != fingerprint {
        return Err(Problem::Conflict.into());
    }
    let on = today(cx);
    grid::end_all(cx.tx(), &area, on).await?;
    for draft in &proposal.drafts {
        let grid = Grid {
            id: cx.new_id(),
            area: draft.area,
            kind: draft.kind,
            name: draft.name.clone(),
            reason: None,
            since: on,
            until: None,
            revision: 0,
        };
        grid::add(cx.tx(), &grid).await?;
        grid::place(cx.tx(), grid.id, &draft.units, on).await?;
        grid::place_villages(cx.tx(), grid.id, &draft.villages, on).await?;
        let villages: Vec<&str> = draft.villages.iter().map(AreaCode::as_str).collect();
        let payload = json!({
            "area": grid.area.as_str(), "kind": grid.kind.key(), "name": grid.name, "units": draft.units,
            "villages": villages,
        });
        cx.record("grid.adopted", ("grid", grid.id.to_string()), payload).await?;
    }
    Ok(proposal)
}

/// Where a unit is moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// A cell that is there.
    Cell(GridId),
    /// One of the new cells of the same act, by its place.
    New(usize),
}

/// Move 调整 of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// The unit.
    pub unit: UnitId,
    /// Where it stood when somebody looked; refused when that has changed.
    pub from: Option<GridId>,
    /// Where it goes.
    pub to: To,
}

/// Mends the cells of a township by hand, from today on: units go to other cells, to new ones with these names, or into one for the
/// first time. Cells that are left empty end. The reason stays with the cells that are then not as the rule wants them.
pub async fn recut(cx: &mut Cx<'_>, township: AreaCode, new: &[String], moves: &[Move], reason: &str) -> Result<()> {
    cx.allow(Action::Arrange, Object::Area(&township))?;
    if !can_be_mended(&township) {
        return Err(Problem::NotFound { what: "乡镇(街道)" }.into());
    }
    let reason = read_reason(reason)?;
    let on = today(cx);
    let mut cells: BTreeMap<GridId, Grid> = BTreeMap::new();
    for grid in grid::in_area(cx.tx(), &township, on).await? {
        cells.insert(grid.id, grid);
    }
    let places = grid::placed(cx.tx(), &township, on).await?;
    let stands: BTreeMap<UnitId, Option<GridId>> = places.iter().map(|unit| (unit.unit, unit.grid)).collect();
    let mut made = Vec::new();
    for name in new {
        made.push(add_by_hand(cx, township, name, on).await?);
    }
    for Move { unit, from, to } in moves {
        if stands.get(unit) != Some(from) {
            return Err(Problem::Conflict.into());
        }
        let to = match to {
            To::Cell(id) => *id,
            To::New(place) => made.get(*place).map(|grid| grid.id).ok_or(Error::Problem(Problem::Conflict))?,
        };
        let is_here = |id: &GridId| cells.get(id).is_some_and(|grid| grid.kind == Kind::Units);
        let is_made = made.iter().any(|grid| grid.id == to);
        if !(is_made || is_here(&to)) || from.as_ref().is_some_and(|from| !is_here(from)) {
            let reason = format!("只能在同一个乡镇的企业{}之间调整。", rule(cx, &township)?.word);
            return Err(Problem::BadInput { reason }.into());
        }
        grid::move_to(cx.tx(), *unit, Some(to), on).await?;
        let payload = json!({ "unit": unit, "from": from, "to": to, "reason": reason });
        cx.record("grid.moved", ("unit", unit.to_string()), payload).await?;
    }
    settle(cx, township, &reason, on).await
}

/// Cells are mended township by township: the flat line follows the industries of the units alone.
pub fn can_be_mended(area: &AreaCode) -> bool {
    area.level() == AreaLevel::Township
}

/// A new cell that somebody names.
async fn add_by_hand(cx: &mut Cx<'_>, area: AreaCode, name: &str, on: NaiveDate) -> Result<Grid> {
    let word = &rule(cx, &area)?.word;
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        let reason = format!("请给新{word}起名,最多 {NAME_CHARS_MAX} 个字。");
        return Err(Problem::BadInput { reason }.into());
    }
    let grid =
        Grid { id: cx.new_id(), area, kind: Kind::Units, name, reason: None, since: on, until: None, revision: 0 };
    match grid::add(cx.tx(), &grid).await {
        Err(StoreError::Constraint(key)) if key == "grid_area_name_key" => {
            let reason = format!("这里已有名为“{}”的{word},请换一个名称。", grid.name);
            return Err(Problem::BadInput { reason }.into());
        }
        other => other?,
    }
    let payload = json!({ "area": grid.area.as_str(), "kind": grid.kind.key(), "name": grid.name });
    cx.record("grid.added", ("grid", grid.id.to_string()), payload).await?;
    Ok(grid)
}

/// Most characters of a cell's name.
pub const NAME_CHARS_MAX: usize = 30;

/// After units have moved: empty cells end, and a reason stands with exactly those that are not as the rule wants them.
async fn settle(cx: &mut Cx<'_>, township: AreaCode, reason: &str, on: NaiveDate) -> Result<()> {
    let rule = rule(cx, &township)?;
    let mut numbers: BTreeMap<GridId, usize> = BTreeMap::new();
    for unit in grid::placed(cx.tx(), &township, on).await? {
        if let Some(id) = unit.grid {
            *numbers.entry(id).or_default() += 1;
        }
    }
    for grid in grid::in_area(cx.tx(), &township, on).await? {
        if grid.kind != Kind::Units {
            continue;
        }
        let units = numbers.get(&grid.id).copied().unwrap_or_default();
        let wanted = match rule.standing(grid.kind, units) {
            Standing::Within => None,
            _ => grid.reason.clone().or_else(|| Some(reason.to_owned())),
        };
        let until = (units == 0).then_some(on);
        if wanted == grid.reason && until.is_none() {
            continue;
        }
        let changed = Grid { reason: wanted, until, ..grid };
        grid::put(cx.tx(), &changed).await?;
        if until.is_some() {
            seat::end_in(cx.tx(), changed.id, on).await?;
        }
        let action = if until.is_some() { "grid.ended" } else { "grid.explained" };
        cx.record(action, ("grid", changed.id.to_string()), json!({ "reason": changed.reason })).await?;
    }
    Ok(())
}
