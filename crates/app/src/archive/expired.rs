//! Expired 到期可鉴定: whose files have been kept as long as they must be. Being on this list is no destruction and starts none: there
//! is no command that takes a kept file out of the data base.

use chrono::NaiveDate;
use youju_codes::AreaCode;
use youju_domain::access::{Action, Object};
use youju_domain::archive::{Item, Material as Kind, has_passed, term_of};
use youju_domain::id::UnitId;
use youju_domain::survey::local;
use youju_store::archive::{self, Material};
use youju_store::register::{Page, PageRequest};

use crate::compliance::township_of;
use crate::context::Cx;
use crate::error::Result;

/// A unit with files of a year whose term has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub area: AreaCode,
    /// How many files.
    pub files: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// The last day of the longest of their terms.
    pub last: NaiveDate,
    /// Files of the same year that must still be kept.
    pub kept: u64,
}

/// The list of a year.
#[derive(Debug, Clone)]
pub struct Expired {
    /// One page of the units that have such files.
    pub page: Page<Passed>,
    /// Files of all units together whose term has passed.
    pub files: u64,
    /// Files of all units together that must still be kept.
    pub kept: u64,
    /// The townships in which the actor sees units with files of the year.
    pub townships: Vec<AreaCode>,
}

/// The units in the actor's area with files of a year whose term has passed: of all, or of one township. A file that several items
/// name is kept as long as the longest of them asks, whichever programme declares it.
pub async fn expired(cx: &mut Cx<'_>, year: i32, township: Option<AreaCode>, page: PageRequest) -> Result<Expired> {
    let actor = cx.actor()?.clone();
    cx.allow(Action::View, Object::Area(&actor.area))?;
    let items: Vec<Item> =
        cx.app().programmes().values().flat_map(|programme| programme.archive().all_items()).cloned().collect();
    let today = local(cx.now()).date();
    let mut materials = archive::materials(cx.tx(), &actor.scope(), year).await?;
    let mut townships: Vec<AreaCode> = materials.iter().filter_map(|one| township_of(one.area)).collect();
    townships.sort_unstable();
    townships.dedup();
    materials.retain(|one| township.is_none_or(|township| township.contains(&one.area)));
    let mut units: Vec<Passed> = Vec::new();
    for one in &materials {
        let until = kept_until(one, year, &items);
        if units.last().is_none_or(|last| last.unit != one.unit) {
            units.push(Passed {
                unit: one.unit,
                name: one.name.clone(),
                area: one.area,
                files: 0,
                bytes: 0,
                last: NaiveDate::MIN,
                kept: 0,
            });
        }
        let Some(unit) = units.last_mut() else { continue };
        match until.filter(|_| has_passed(until, today)) {
            Some(last) => {
                unit.files += 1;
                unit.bytes += one.size;
                unit.last = unit.last.max(last);
            }
            None => unit.kept += 1,
        }
    }
    let files = units.iter().map(|unit| unit.files).sum();
    let kept = units.iter().map(|unit| unit.kept).sum();
    units.retain(|unit| unit.files > 0);
    Ok(Expired { page: Page::cut(units.into_iter(), page), files, kept, townships })
}

fn kept_until(material: &Material, year: i32, items: &[Item]) -> Option<NaiveDate> {
    let kind = if material.is_attached { Kind::Paper(&material.text) } else { Kind::Import };
    term_of(kind, items).kept_until(year, local(material.at).date())
}
