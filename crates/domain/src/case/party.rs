//! Who may act in a case: said in a case type by role and relation, told for one case as parties that a person either belongs to or not.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use youju_codes::{AreaCode, AreaLevel};

use crate::access::{Actor, Role};
use crate::assessment::assessed_by;
use crate::id::{PersonId, UnitId};
use crate::report::Level;

/// Which level of officers, seen from the area of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Height {
    /// A level by its name.
    Of(Level),
    /// The level of the area itself; of a village, the township.
    Here,
    /// The level directly above.
    Above,
    /// Every level that answers for the area.
    Any,
}

/// Who, as a case type says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Who {
    /// 申请人: the person who opened the case.
    Applicant,
    /// 申请人所在单位: whoever has the same office, or is of the same unit.
    Colleagues,
    /// The people of the subject's unit, or those of them with a role.
    Unit(Option<Role>),
    /// 统计人员 of a level who answer for the case's area.
    Officer(Height),
}

/// Every way to say it, for refusals and documentation.
pub const WHO_WORDS: &str = "applicant、colleagues、unit、unit:statistician、unit:unit_head、officer:any、officer:here、officer:above、officer:township、officer:county、officer:city、officer:province";

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Who::Applicant => f.write_str("applicant"),
            Who::Colleagues => f.write_str("colleagues"),
            Who::Unit(None) => f.write_str("unit"),
            Who::Unit(Some(role)) => write!(f, "unit:{}", role.key()),
            Who::Officer(Height::Any) => f.write_str("officer:any"),
            Who::Officer(Height::Here) => f.write_str("officer:here"),
            Who::Officer(Height::Above) => f.write_str("officer:above"),
            Who::Officer(Height::Of(level)) => write!(f, "officer:{}", level.key()),
        }
    }
}

impl FromStr for Who {
    type Err = String;
    fn from_str(text: &str) -> Result<Who, String> {
        let unknown = || format!("没有办理人“{text}”。可用:{WHO_WORDS}。");
        match text.split_once(':') {
            None => match text {
                "applicant" => Ok(Who::Applicant),
                "colleagues" => Ok(Who::Colleagues),
                "unit" => Ok(Who::Unit(None)),
                _ => Err(unknown()),
            },
            Some(("unit", role)) => {
                let role = Role::from_key(role).filter(|role| role.is_respondent()).ok_or_else(unknown)?;
                Ok(Who::Unit(Some(role)))
            }
            Some(("officer", height)) => match height {
                "any" => Ok(Who::Officer(Height::Any)),
                "here" => Ok(Who::Officer(Height::Here)),
                "above" => Ok(Who::Officer(Height::Above)),
                level => Level::from_key(level).map(|level| Who::Officer(Height::Of(level))).ok_or_else(unknown),
            },
            Some(_) => Err(unknown()),
        }
    }
}

impl TryFrom<String> for Who {
    type Error = String;
    fn try_from(text: String) -> Result<Who, String> {
        text.parse()
    }
}

impl From<Who> for String {
    fn from(who: Who) -> String {
        who.to_string()
    }
}

impl Who {
    /// The words on a page.
    pub fn label(self) -> String {
        match self {
            Who::Applicant => "申请人".to_owned(),
            Who::Colleagues => "申请单位".to_owned(),
            Who::Unit(None) => "调查单位".to_owned(),
            Who::Unit(Some(role)) => role.label().to_owned(),
            Who::Officer(Height::Any) => "各级统计机构".to_owned(),
            Who::Officer(Height::Here) => "本级统计机构".to_owned(),
            Who::Officer(Height::Above) => "上一级统计机构".to_owned(),
            Who::Officer(Height::Of(level)) => level.label().to_owned(),
        }
    }

    /// Who that is in a case; empty where there is nobody of the kind.
    pub fn parties(self, place: &Place<'_>) -> Vec<Party> {
        let here = level_here(place.area);
        let officer = |level: Level| if level >= here { vec![Party::Officer(level)] } else { Vec::new() };
        match self {
            Who::Applicant => vec![Party::Person(place.opener.person)],
            Who::Colleagues => match place.opener.unit {
                Some(unit) => vec![Party::Unit(unit, None)],
                None => vec![Party::Office(place.opener.role, place.opener.area)],
            },
            Who::Unit(role) => place.unit.map(|unit| Party::Unit(unit, role)).into_iter().collect(),
            Who::Officer(Height::Of(level)) => officer(level),
            Who::Officer(Height::Here) => officer(here),
            Who::Officer(Height::Above) => level_above(place.area).map(Party::Officer).into_iter().collect(),
            Who::Officer(Height::Any) => Level::ALL.into_iter().flat_map(officer).collect(),
        }
    }
}

/// The level whose officers answer for an area first.
fn level_here(area: &AreaCode) -> Level {
    match area.level() {
        AreaLevel::Province => Level::Province,
        AreaLevel::City => Level::City,
        AreaLevel::County => Level::County,
        AreaLevel::Township | AreaLevel::Village => Level::Township,
    }
}

/// The level above it: the province for 仙桃 and for a district of 北京; none above a province.
fn level_above(area: &AreaCode) -> Option<Level> {
    match level_here(area) {
        Level::Township => Some(Level::County),
        _ => assessed_by(area),
    }
}

/// Opener 申请人 — who opened a case, as they were then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opener {
    /// Who.
    pub person: PersonId,
    /// Name at that time.
    pub name: String,
    /// Role at that time.
    pub role: Role,
    /// Area at that time.
    pub area: AreaCode,
    /// Unit at that time.
    pub unit: Option<UnitId>,
}

impl From<&Actor> for Opener {
    fn from(actor: &Actor) -> Opener {
        let Actor { person, name, role, area, unit, .. } = actor.clone();
        Opener { person, name, role, area, unit }
    }
}

/// What parties of a case follow from.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Where the subject is.
    pub area: &'a AreaCode,
    /// The unit that the subject is or belongs to.
    pub unit: Option<UnitId>,
    /// Who opened it.
    pub opener: &'a Opener,
}

/// Party 办理方 of one case: somebody belongs to it or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// One person.
    Person(PersonId),
    /// The people of a unit, or those with a role.
    Unit(UnitId, Option<Role>),
    /// The officers of one office.
    Office(Role, AreaCode),
    /// The officers of a level whose area holds the case's.
    Officer(Level),
}

impl Party {
    /// True when the actor belongs to it in a case of an area.
    pub fn includes(self, actor: &Actor, area: &AreaCode) -> bool {
        match self {
            Party::Person(person) => actor.person == person,
            Party::Unit(unit, role) => {
                actor.role.is_respondent() && actor.unit == Some(unit) && role.is_none_or(|role| role == actor.role)
            }
            Party::Office(role, office) => actor.role == role && actor.area == office,
            Party::Officer(level) => actor.role.level() == Some(level) && actor.area.contains(area),
        }
    }
}

/// Who has to do with a case now: what access is decided by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Where the subject is.
    pub area: AreaCode,
    /// Who may look at it.
    pub readers: Vec<Party>,
    /// Who is told something of it in its present state.
    pub told: Vec<Party>,
    /// Who may do something in its present state.
    pub hands: Vec<Party>,
}

impl Reach {
    fn holds(&self, parties: &[Party], actor: &Actor) -> bool {
        parties.iter().any(|party| party.includes(actor, &self.area))
    }

    /// True when the actor may look at the case, or at what they are told of it.
    pub fn shows_itself_to(&self, actor: &Actor) -> bool {
        [&self.readers, &self.told, &self.hands].into_iter().any(|parties| self.holds(parties, actor))
    }

    /// True when the actor sees all of it: readers, and whoever may do something and is not told what to see of it.
    pub fn is_whole_to(&self, actor: &Actor) -> bool {
        self.holds(&self.readers, actor) || (self.holds(&self.hands, actor) && !self.holds(&self.told, actor))
    }

    /// True when the actor may do something in it.
    pub fn is_in_the_hands_of(&self, actor: &Actor) -> bool {
        self.holds(&self.hands, actor)
    }
}
