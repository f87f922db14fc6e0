//! Grid 网格: which units belong together below a township, and whether that is as the rule wants it.
//!
//! Who leads a grid is not here. The word itself (网格, 单元) is a label of the jurisdiction and never stands in a sentence of this module
//! but as `word`.

pub mod cut;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use youju_codes::{AreaCode, AreaLevel, Industry};

use crate::id::{GridId, UnitId};
use crate::problem::Problem;
use crate::register::{Unit, is_among};
use crate::seat::Tier;
use cut::{Size, Spot};

/// Branch 产业 — industries that are one kind when cells are cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Its name in storage.
    pub key: String,
    /// The word on the page, e.g. 工业.
    pub name: String,
    /// Sections (门类), or beginnings of codes; the first branch that has a unit's industry takes it.
    pub industries: Vec<String>,
    /// Whether its units are led from the city in one flat line (扁平化架构) instead of cells of townships.
    pub is_flat: bool,
}

/// Rule 划分规则 — what a jurisdiction orders about cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What a grid is called: 网格 or 单元.
    pub word: String,
    /// How many units a cell holds.
    pub size: Size,
    /// The branches, in the order in which they are asked.
    pub branches: Vec<Branch>,
    /// Townships and zones without a cell of agriculture (经济开发区不设置农业网格).
    pub no_agriculture: Vec<AreaCode>,
    /// The tiers, with who sits there; none where nobody has said so.
    pub tiers: Vec<Tier>,
}

/// Kind 网格类别 — what a cell gathers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Units of a township.
    Units,
    /// The villages of a township (农业网格).
    Agriculture,
    /// Units of a branch that the city leads itself (扁平化).
    Flat,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 3] = [Kind::Units, Kind::Agriculture, Kind::Flat];

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Units => "units",
            Kind::Agriculture => "agriculture",
            Kind::Flat => "flat",
        }
    }

    /// Reads [`Kind::key`].
    pub fn from_key(key: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Units => "企业",
            Kind::Agriculture => "农业",
            Kind::Flat => "扁平化",
        }
    }
}

/// Grid 网格 of the third tier, or of the flat line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Its id.
    pub id: GridId,
    /// The township, park or zone; of a flat one the county.
    pub area: AreaCode,
    /// What it gathers.
    pub kind: Kind,
    /// Its name, told apart within its area.
    pub name: String,
    /// Why its size is not as the rule wants it, where a person said so.
    pub reason: Option<String>,
    /// The first day.
    pub since: NaiveDate,
    /// The first day on which it is no more.
    pub until: Option<NaiveDate>,
    /// Changes at every write.
    pub revision: i64,
}

/// A cell that was cut, before anybody adopts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Where.
    pub area: AreaCode,
    /// What it gathers.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its units; none of a cell of agriculture.
    pub units: Vec<UnitId>,
    /// Its villages, of a cell of agriculture.
    pub villages: Vec<AreaCode>,
}

/// Standing 规模 of a cell against the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// As the rule wants it, or of a kind that the rule does not count.
    Within,
    /// Too few units.
    Small,
    /// Too many.
    Large,
}

impl Rule {
    /// The branch of a unit; none that takes it leaves it without a cell.
    pub fn branch_of(&self, industry: &Industry) -> Option<&Branch> {
        self.branches.iter().find(|branch| is_among(industry, &branch.industries))
    }

    /// How a cell stands.
    pub fn standing(&self, kind: Kind, units: usize) -> Standing {
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        match kind {
            Kind::Units if units < self.size.min() => Standing::Small,
            Kind::Units if units > self.size.max() => Standing::Large,
            _ => Standing::Within,
        }
    }

    /// The sentence under a cell that is not as the rule wants it. `together` is what the township has for cells of units.
    pub fn why(&self, standing: Standing, units: usize, together: usize) -> Option<String> {
        let (min, max) = (self.size.min(), self.size.max());
        let is_forced = u32::try_from(together).is_ok_and(|together| self.size.off_at_best(together) > 0);
        let wanted = format!("应为 {min}—{max} 家,现有 {units} 家");
        match standing {
            Standing::Within => None,
            _ if is_forced && together == units => {
                Some(format!("{wanted}:本地应划入的共 {together} 家,只能划成一个。"))
            }
            _ if is_forced => Some(format!("{wanted}:本地应划入的共 {together} 家,怎样划分都不能全部合乎规模。")),
            _ => Some(format!("{wanted}。")),
        }
    }

    /// Cuts an area: cells of units and one of agriculture for every township that has any, flat ones for the whole. Units of no branch are told apart.
    pub fn cut(&self, county: &AreaCode, units: &[Unit], villages: &[AreaCode]) -> (Vec<Draft>, Vec<UnitId>) {
        let (mut drafts, mut without) = (Vec::new(), Vec::new());
        let mut flat: BTreeMap<&str, Vec<UnitId>> = BTreeMap::new();
        let mut townships: BTreeMap<AreaCode, Vec<(&Branch, &Unit)>> = BTreeMap::new();
        for unit in units {
            match (self.branch_of(&unit.industry), township_of(&unit.area)) {
                (Some(branch), _) if branch.is_flat => flat.entry(&branch.key).or_default().push(unit.id),
                (Some(branch), Some(township)) => townships.entry(township).or_default().push((branch, unit)),
                _ => without.push(unit.id),
            }
        }
        for branch in self.branches.iter().filter(|branch| branch.is_flat) {
            if let Some(units) = flat.remove(branch.key.as_str()) {
                let name = format!("{}{}", branch.name, self.word);
                drafts.push(Draft { area: *county, kind: Kind::Flat, name, units, villages: Vec::new() });
            }
        }
        let mut farms: BTreeMap<AreaCode, Vec<AreaCode>> = BTreeMap::new();
        for village in villages {
            if let Some(township) = township_of(village).filter(|township| !self.no_agriculture.contains(township)) {
                farms.entry(township).or_default().push(*village);
            }
        }
        let mut areas: Vec<AreaCode> = townships.keys().chain(farms.keys()).copied().collect();
        areas.sort_unstable();
        areas.dedup();
        for area in areas {
            drafts.extend(self.cells(area, townships.get(&area).map(Vec::as_slice).unwrap_or_default()));
            if let Some(villages) = farms.remove(&area) {
                let name = format!("农业{}", self.word);
                drafts.push(Draft { area, kind: Kind::Agriculture, name, units: Vec::new(), villages });
            }
        }
        (drafts, without)
    }

    /// The cells of units of one township.
    fn cells(&self, area: AreaCode, units: &[(&Branch, &Unit)]) -> Vec<Draft> {
        let mut villages: Vec<AreaCode> = units.iter().map(|(_, unit)| unit.area).collect();
        villages.sort_unstable();
        villages.dedup();
        let spot = |(branch, unit): &(&Branch, &Unit)| Spot {
            industry: self.branches.iter().position(|known| known == *branch).unwrap_or_default(),
            village: villages.iter().zip(0..).find(|(village, _)| **village == unit.area).map_or(0, |(_, place)| place),
        };
        let mut sorted = units.to_vec();
        sorted.sort_by_key(|(_, unit)| (unit.area, unit.usci));
        let spots: Vec<Spot> = sorted.iter().map(spot).collect();
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let cells = cut::cut(&spots, self.size).into_iter().map(|cell| {
            let members: Vec<&(&Branch, &Unit)> = cell.iter().filter_map(|place| sorted.get(*place)).collect();
            let kind = kind_of(members.iter().map(|(branch, _)| *branch));
            let number = numbers.entry(kind.clone()).or_default();
            *number += 1;
            let name = format!("{kind}第{number}{}", self.word);
            let units = members.iter().map(|(_, unit)| unit.id).collect();
            Draft { area, kind: Kind::Units, name, units, villages: Vec::new() }
        });
        cells.collect()
    }
}

/// What a cell of these branches is called: by their name, or 综合 where there are several.
fn kind_of<'a>(branches: impl Iterator<Item = &'a Branch>) -> String {
    let mut names: Vec<&str> = branches.map(|branch| branch.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [one] => (*one).to_owned(),
        _ => "综合".to_owned(),
    }
}

/// The township that an area is or lies in; none above townships.
pub fn township_of(area: &AreaCode) -> Option<AreaCode> {
    let digits = area.as_str().get(..9)?;
    AreaCode::parse(digits).ok().filter(|township| township.level() == AreaLevel::Township)
}

/// Coverage 覆盖率 of an area: how many units have a cell, of how many that should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Units of the register there.
    pub units: u64,
    /// Those of them in a grid.
    pub placed: u64,
    /// Cells of units.
    pub cells: u64,
    /// Those of them that are as the rule wants them.
    pub within: u64,
}

/// Why somebody moves units or leaves a cell out of the rule, as it is kept.
pub fn read_reason(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    match text.chars().count() {
        4..=200 => Ok(text.to_owned()),
        count => {
            Err(Problem::BadInput { reason: format!("请用 4 至 200 个字写明原因,现为 {count} 个字。") })
        }
    }
}
