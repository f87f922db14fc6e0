//! Seats 网格任职 on three tiers and in the flat line: who is named, who is missing, and what those who follow a cell see of it: lights, no figures.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::grid::Grid;
use youju_domain::id::{GridId, SeatId, StaffId, UnitId};
use youju_domain::register::Unit;
use youju_domain::seat::{Place, Role, Seat, Tier};
use youju_domain::staff::Workplace;
use youju_profile::{Profile, for_area};
use youju_store::{StoreError, grid, organisation, seat as store, staff};

use crate::context::Cx;
use crate::error::{Error, Result};
use crate::grid::rule;
use crate::organisation::today;

pub use youju_store::seat::{Light, Taken};
pub use youju_store::staff::Held;

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "网格" })
}

/// A grid of any tier, with who sits there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seated {
    /// Which one.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub area: AreaCode,
    /// Its tier.
    pub tier: Tier,
    /// Who sits there today.
    pub taken: Vec<Taken>,
}

impl Seated {
    /// Seats that nobody sits on.
    pub fn vacant(&self) -> Vec<Role> {
        let taken: Vec<Role> = self.taken.iter().map(|one| one.seat.role).collect();
        self.tier.vacant(&taken)
    }
}

/// The grids of an area by tier, in the order of the profile.
pub async fn board(cx: &mut Cx<'_>, area: AreaCode) -> Result<Vec<Seated>> {
    cx.allow(Action::View, Object::Area(&area))?;
    let on = today(cx);
    let rule = rule(cx, &area)?;
    let mut taken: BTreeMap<Place, Vec<Taken>> = BTreeMap::new();
    for one in store::in_area(cx.tx(), &area, on).await? {
        taken.entry(one.seat.place).or_default().push(one);
    }
    let organisations = organisation::tree(cx.tx(), &area, on).await?;
    let cells = grid::in_area(cx.tx(), &area, on).await?;
    let mut found = Vec::new();
    for tier in &rule.tiers {
        let mut seated = |place: Place, name: &str, area: AreaCode| {
            let taken = taken.get(&place).cloned().unwrap_or_default();
            found.push(Seated { place, name: name.to_owned(), area, tier: tier.clone(), taken });
        };
        for one in &organisations {
            if tier.has_organisation(one.span.kind, one.planned_key.as_deref()) {
                seated(Place::Organisation(one.id), &one.span.name, one.span.area);
            }
        }
        for cell in cells.iter().filter(|cell| tier.cells.contains(&cell.kind)) {
            seated(Place::Grid(cell.id), &cell.name, cell.area);
        }
    }
    Ok(found)
}

/// Where a grid is, and of which tier.
struct Known<'a> {
    profile: &'a Profile,
    tier: &'a Tier,
    area: AreaCode,
    name: String,
}

async fn known<'a>(cx: &mut Cx<'a>, place: Place) -> Result<Known<'a>> {
    let on = today(cx);
    let (area, name, kind, key) = match place {
        Place::Grid(id) => {
            let cell = grid::get(cx.tx(), id).await?.filter(|cell| cell.until.is_none_or(|until| until > on));
            let cell = cell.ok_or_else(not_found)?;
            (cell.area, cell.name, Err(cell.kind), None)
        }
        Place::Organisation(id) => {
            let found = organisation::get(cx.tx(), id).await?.ok_or_else(not_found)?;
            let span = found.as_of(on).ok_or_else(not_found)?;
            (span.area, span.name.clone(), Ok(span.kind), found.planned.as_ref().map(|planned| planned.key.clone()))
        }
    };
    let profile = for_area(cx.app().profiles(), &area).ok_or_else(not_found)?;
    let tiers = profile.grid.as_ref().map(|rule| rule.tiers.as_slice()).unwrap_or_default();
    let tier = tiers.iter().find(|tier| match kind {
        Ok(kind) => tier.has_organisation(kind, key.as_deref()),
        Err(kind) => tier.cells.contains(&kind),
    });
    Ok(Known { profile, tier: tier.ok_or_else(not_found)?, area, name })
}

/// One grid of any tier, with everybody who sits or sat there, and whom the actor could name.
pub struct Sheet {
    /// It, with those who sit there today.
    pub seated: Seated,
    /// What a grid is called there.
    pub word: String,
    /// Those who sat there before.
    pub before: Vec<Taken>,
    /// The actor may name people.
    pub may_arrange: bool,
    /// Members by their posts: the people of the units of a cell.
    pub members: Vec<Held>,
    /// Today.
    pub on: NaiveDate,
}

/// One grid of any tier, for the officers of its area.
pub async fn get(cx: &mut Cx<'_>, place: Place) -> Result<Sheet> {
    let Known { profile, tier, area, name } = known(cx, place).await?;
    cx.allow(Action::View, Object::Area(&area)).map_err(|_| not_found())?;
    let on = today(cx);
    let all = store::of_place(cx.tx(), place).await?;
    let (taken, before) = all.into_iter().partition(|one| one.seat.until.is_none_or(|until| until > on));
    let members = match place {
        Place::Grid(id) => members(cx, id, on).await?,
        Place::Organisation(_) => Vec::new(),
    };
    let may_arrange = decide(cx.actor()?, Action::Arrange, Object::Area(&area));
    let seated = Seated { place, name, area, tier: tier.clone(), taken };
    Ok(Sheet { seated, word: profile.cell_word.clone(), before, may_arrange, members, on })
}

/// The people of a cell's units.
async fn members(cx: &mut Cx<'_>, grid: GridId, on: NaiveDate) -> Result<Vec<Held>> {
    Ok(staff::in_grid(cx.tx(), grid, on).await?)
}

/// People of the register who might be named in an area, by words of their name or place.
pub async fn candidates(cx: &mut Cx<'_>, area: &AreaCode, search: &str) -> Result<Vec<Held>> {
    cx.allow(Action::Arrange, Object::Area(area))?;
    let on = today(cx);
    let filter = staff::Filter { search: search.trim().to_owned(), ..staff::Filter::default() };
    let page = youju_store::register::PageRequest { offset: 0, limit: CANDIDATES_MAX };
    let scope = cx.actor()?.scope();
    Ok(staff::list(cx.tx(), &scope, &filter, on, page).await?.rows)
}

/// People that are offered at a time; whoever is not among them is found by more of the name.
pub const CANDIDATES_MAX: i64 = 20;

/// Names somebody from a day on.
pub async fn name(
    cx: &mut Cx<'_>,
    (place, role): (Place, Role),
    who: StaffId,
    (since, document): (NaiveDate, &str),
) -> Result<SeatId> {
    let Known { profile, tier, area, name } = known(cx, place).await?;
    cx.allow(Action::Arrange, Object::Area(&area))?;
    let on = today(cx);
    let bad = |reason: String| Error::Problem(Problem::BadInput { reason });
    if since > on {
        return Err(bad("任职日期不能晚于今天。".into()));
    }
    let held = staff::of_staff(cx.tx(), who).await?;
    let mut today = held.iter().filter(|held| held.tenure.holds_on(on));
    let person = today.next().ok_or_else(crate::staff::not_found)?;
    crate::staff::get(cx, who).await?;
    if let (Place::Grid(grid), Workplace::Unit(unit)) = (place, person.tenure.at) {
        // Somebody of an enterprise follows the cell that the enterprise stands in, and no other.
        if !grid::units(cx.tx(), grid, on).await?.iter().any(|one: &Unit| one.id == unit) {
            return Err(bad(format!("{}所在的“{}”不在“{name}”中。", person.name, person.place)));
        }
    }
    let others: Vec<Seat> = store::of_place(cx.tx(), place).await?.into_iter().map(|one| one.seat).collect();
    let others: Vec<Seat> = others.into_iter().filter(|seat| seat.until.is_none_or(|until| until > on)).collect();
    let seat = Seat::begin(cx.new_id(), (who, place), (tier, role), &others, (since, document))?;
    match store::add(cx.tx(), &seat).await {
        Err(StoreError::Constraint(name)) if name.starts_with("seat_") => return Err(Problem::Conflict.into()),
        other => other?,
    }
    let payload = json!({
        "place": name, "area": area.as_str(), "role": role.label(&profile.cell_word), "name": person.name,
        "since": since, "document": seat.document,
    });
    cx.record("seat.named", ("staff", who.to_string()), payload).await?;
    Ok(seat.id)
}

/// Relieves somebody today.
pub async fn relieve(cx: &mut Cx<'_>, id: SeatId) -> Result<Place> {
    let seat = store::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let Known { area, name, .. } = known(cx, seat.place).await?;
    cx.allow(Action::Arrange, Object::Area(&area))?;
    let on = today(cx);
    store::end(cx.tx(), id, on).await?;
    cx.record("seat.relieved", ("staff", seat.staff.to_string()), json!({ "place": name, "until": on })).await?;
    Ok(seat.place)
}

/// A cell as those who follow it see it: its units with where their reports stand. No figure is read for it.
pub struct Lights {
    /// The cell.
    pub grid: Grid,
    /// What a grid is called there.
    pub word: String,
    /// As what the actor follows it; none for officers.
    pub role: Option<Role>,
    /// Each unit with its lights.
    pub units: Vec<(UnitId, String, Vec<Light>)>,
}

/// Days after the deadline for which a report that has come in keeps its light; one that has not keeps it until the period is locked.
const LIGHT_DAYS: i64 = 45;

/// The lights of a cell, for officers of its area and for those who lead, stand in or guide there.
pub async fn lights(cx: &mut Cx<'_>, id: GridId) -> Result<Lights> {
    let (person, on, now) = (cx.actor()?.person, today(cx), cx.now());
    let grid = grid::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let seat = store::follows(cx.tx(), id, person, on).await?;
    cx.allow(Action::View, Object::Cell { area: &grid.area, seat }).map_err(|_| not_found())?;
    let mut lights: BTreeMap<UnitId, Vec<Light>> = BTreeMap::new();
    let is_news = |light: &Light| light.state.is_editable() || light.due_at > now - TimeDelta::days(LIGHT_DAYS);
    for light in store::lights(cx.tx(), id, on, now).await?.into_iter().filter(is_news) {
        lights.entry(light.unit).or_default().push(light);
    }
    let units = grid::units(cx.tx(), id, on).await?;
    let units = units.into_iter().map(|unit| {
        let own = lights.remove(&unit.id).unwrap_or_default();
        (unit.id, unit.name, own)
    });
    let word = for_area(cx.app().profiles(), &grid.area).map(|profile| profile.cell_word.clone());
    Ok(Lights { units: units.collect(), role: seat, word: word.unwrap_or_else(|| "网格".into()), grid })
}

/// The cells that the actor follows, with their names.
pub async fn own(cx: &mut Cx<'_>) -> Result<Vec<(GridId, String, Role)>> {
    let (person, on) = (cx.actor()?.person, today(cx));
    let Some(own) = staff::of_person(cx.tx(), person).await? else { return Ok(Vec::new()) };
    let seats = store::of_staff(cx.tx(), own.id).await?.into_iter();
    let held = seats.filter(|(seat, _)| seat.until.is_none_or(|until| until > on));
    let cell = |(seat, name): (Seat, String)| match seat.place {
        Place::Grid(id) => Some((id, name, seat.role)),
        Place::Organisation(_) => None,
    };
    Ok(held.filter_map(cell).collect())
}
