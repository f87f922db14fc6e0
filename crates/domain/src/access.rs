//! Who may do what: one function, [`decide`], for pages, API, exports and search (law 7).
//!
//! Lists take a [`Scope`], made from the actor, so that a row outside it is never read.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use youju_codes::AreaCode;

use crate::assessment::{assessed_by, level_of};
use crate::case::Reach;
use crate::id::{PersonId, UnitId};
use crate::problem::Problem;
use crate::report::Level;
use crate::seat;
use crate::trace::Origin;

/// Role 角色 of a person on the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 填报人 of a unit: fills in, explains, signs as statistician, submits.
    Statistician,
    /// 单位负责人 of a unit: signs and submits.
    UnitHead,
    /// 县级统计人员: follows, returns, accepts at county level; opens windows.
    CountyOfficer,
    /// 市级统计人员: returns, accepts at city level.
    CityOfficer,
    /// 省级统计人员: returns, accepts at provincial level.
    ProvinceOfficer,
    /// 乡镇(街道)统计人员: follows the units of the township, returns and accepts where the township is in the chain.
    TownshipOfficer,
    /// 系统管理员: accounts and settings, no figures.
    Administrator,
    /// 安全管理员: gives back what was shut or lost: suspended accounts, second factors. No figures, no new accounts.
    SecurityAdministrator,
    /// 审计管理员: looks at what everybody did, the other two administrators among them. Changes nothing.
    AuditAdministrator,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 9] = [
        Role::Statistician,
        Role::UnitHead,
        Role::TownshipOfficer,
        Role::CountyOfficer,
        Role::CityOfficer,
        Role::ProvinceOfficer,
        Role::Administrator,
        Role::SecurityAdministrator,
        Role::AuditAdministrator,
    ];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Role::Statistician => "填报人",
            Role::UnitHead => "单位负责人",
            Role::TownshipOfficer => "乡镇统计员",
            Role::CountyOfficer => "县级统计人员",
            Role::CityOfficer => "市级统计人员",
            Role::ProvinceOfficer => "省级统计人员",
            Role::Administrator => "系统管理员",
            Role::SecurityAdministrator => "安全管理员",
            Role::AuditAdministrator => "审计管理员",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Role::Statistician => "statistician",
            Role::UnitHead => "unit_head",
            Role::TownshipOfficer => "township_officer",
            Role::CountyOfficer => "county_officer",
            Role::CityOfficer => "city_officer",
            Role::ProvinceOfficer => "province_officer",
            Role::Administrator => "administrator",
            Role::SecurityAdministrator => "security_administrator",
            Role::AuditAdministrator => "audit_administrator",
        }
    }

    /// Reads [`Role::key`].
    pub fn from_key(key: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.key() == key)
    }

    /// True for the people of a reporting unit.
    pub fn is_respondent(self) -> bool {
        matches!(self, Role::Statistician | Role::UnitHead)
    }

    /// True for the three who keep the system and read no figures (三员): no two of them are one person, because an account has one role.
    pub fn keeps_the_system(self) -> bool {
        matches!(self, Role::Administrator | Role::SecurityAdministrator | Role::AuditAdministrator)
    }

    /// True for officers who read figures.
    pub fn is_officer(self) -> bool {
        self.level().is_some()
    }

    /// The level of government that the role works for, if it does.
    pub fn level(self) -> Option<Level> {
        match self {
            Role::TownshipOfficer => Some(Level::Township),
            Role::CountyOfficer => Some(Level::County),
            Role::CityOfficer => Some(Level::City),
            Role::ProvinceOfficer => Some(Level::Province),
            _ => None,
        }
    }
}

/// Domains 专业 that an officer's work covers: what of the forms, and of what is made from them, they see and handle.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Domains {
    /// All of them: whoever has not been given some. People of units and administrators are not divided by them.
    #[default]
    Every,
    /// These, by the name that programmes give.
    Only(BTreeSet<String>),
}

impl Domains {
    /// From names as they are chosen: none at all is every domain.
    pub fn of(names: BTreeSet<String>) -> Domains {
        if names.is_empty() { Domains::Every } else { Domains::Only(names) }
    }

    /// True when the work covers a domain.
    pub fn cover(&self, domain: &str) -> bool {
        match self {
            Domains::Every => true,
            Domains::Only(names) => names.contains(domain),
        }
    }
}

/// Actor 办理人 — the person who acts, with what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub person: PersonId,
    /// Name, for the journal.
    pub name: String,
    /// In which role.
    pub role: Role,
    /// The area that an officer answers for; of a respondent, where the unit is.
    pub area: AreaCode,
    /// The unit of a respondent.
    pub unit: Option<UnitId>,
    /// What of the surveys an officer's work covers.
    pub domains: Domains,
    /// From where and how; none where no browser is behind it.
    pub origin: Option<Origin>,
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Look at it.
    View,
    /// Write cells, explain findings, import and generate, recall.
    Fill,
    /// Sign as statistician.
    Sign,
    /// Sign as person in charge.
    Authorise,
    /// Hand it in; of an organisation, claim what it must have.
    Submit,
    /// Accept or return.
    Review,
    /// Open windows, enter units into the register, write check lists, set up and change organisations.
    Arrange,
    /// Look at from where and how a unit's people acted, and at what departments say about it.
    Inspect,
    /// Assess the figures of an area, one level below one's own.
    Assess,
    /// Answer for the figures of one's own area to the level above.
    AnswerFor,
    /// Do something in a case.
    Handle,
    /// Make accounts and end them, settings.
    Administer,
    /// Restore suspended accounts, take lost second factors away.
    Secure,
    /// Look at what everybody did.
    Audit,
}

impl Action {
    /// All actions.
    pub const ALL: [Action; 14] = [
        Action::View,
        Action::Fill,
        Action::Sign,
        Action::Authorise,
        Action::Submit,
        Action::Review,
        Action::Arrange,
        Action::Inspect,
        Action::Assess,
        Action::AnswerFor,
        Action::Handle,
        Action::Administer,
        Action::Secure,
        Action::Audit,
    ];

    /// The words on a page.
    pub fn label(self) -> &'static str {
        match self {
            Action::View => "查看",
            Action::Fill => "填报、说明、导入、生成",
            Action::Sign => "统计人员签字",
            Action::Authorise => "单位负责人签字",
            Action::Submit => "上报",
            Action::Review => "验收、退回、查询",
            Action::Arrange => "布置、入库、划分、设立机构",
            Action::Inspect => "查看报送痕迹和部门数据",
            Action::Assess => "评估下一级的数据",
            Action::AnswerFor => "就本地区的数据答复上级",
            Action::Handle => "办理事项",
            Action::Administer => "开设、停用账号,设置",
            Action::Secure => "恢复账号、重置动态码和安全密钥,登记安全事项",
            Action::Audit => "审计操作和查看记录",
        }
    }
}

/// What it is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object<'a> {
    /// A unit's own things that belong to no domain alone: the unit, its accounts and records, its archive boxes.
    Unit {
        /// Which unit.
        id: UnitId,
        /// Where it is.
        area: &'a AreaCode,
    },
    /// What a unit reports by a form, and what is said about it; a ledger that only forms of one domain are made from.
    Report {
        /// Which unit's.
        unit: UnitId,
        /// Where the unit is.
        area: &'a AreaCode,
        /// The form's domain.
        domain: &'a str,
    },
    /// What an area has as a whole, of no domain alone.
    Area(&'a AreaCode),
    /// Windows, progress, totals and assessments of a form in an area.
    Survey {
        /// Where.
        area: &'a AreaCode,
        /// The form's domain.
        domain: &'a str,
    },
    /// An organisation 机构: its names and dates, what it must have.
    Organisation {
        /// The area that it works in.
        area: &'a AreaCode,
        /// The unit that it is, if it is one.
        unit: Option<UnitId>,
        /// The level that accepts what it must have.
        answers_to: Level,
    },
    /// A cell of a grid as those see it who follow it: names of units and where their reports stand, no figures.
    Cell {
        /// The township that it is in.
        area: &'a AreaCode,
        /// As what the actor sits there, if they do.
        seat: Option<seat::Role>,
    },
    /// A case 事项: who has to do with it follows from its type and its state.
    Case(&'a Reach),
    /// Accounts, settings and the journal as a whole.
    System,
}

/// True when `actor` may do `action` to `object`. Everything not said here is denied.
pub fn decide(actor: &Actor, action: Action, object: Object<'_>) -> bool {
    match object {
        Object::Report { unit, area, domain } => actor.covers(domain) && of_unit(actor, action, unit, area),
        Object::Survey { area, domain } => actor.covers(domain) && of_area(actor, action, area),
        Object::Unit { id, area } => of_unit(actor, action, id, area),
        Object::Area(area) => of_area(actor, action, area),
        Object::Organisation { area, unit, answers_to } => {
            let own = actor.role.is_respondent() && actor.unit.is_some() && actor.unit == unit;
            let inside = actor.role.is_officer() && actor.area.contains(area);
            match action {
                Action::View | Action::Submit => own || inside,
                Action::Review => inside && actor.role.level().is_some_and(|level| level >= answers_to),
                Action::Arrange => inside && matches!(actor.role, Role::CountyOfficer | Role::CityOfficer),
                _ => false,
            }
        }
        Object::Cell { area, seat } => {
            let inside = actor.role.is_officer() && actor.area.contains(area);
            let follows = matches!(seat, Some(seat::Role::Lead | seat::Role::Deputy | seat::Role::Guide));
            match action {
                Action::View => inside || follows,
                Action::Arrange => inside && actor.role == Role::CountyOfficer,
                _ => false,
            }
        }
        Object::Case(reach) => match action {
            Action::View => reach.shows_itself_to(actor),
            Action::Handle => reach.is_in_the_hands_of(actor),
            _ => false,
        },
        // Three persons: whoever makes accounts does not give access back, and neither looks through the records of both.
        Object::System => match action {
            Action::View => matches!(actor.role, Role::Administrator | Role::SecurityAdministrator),
            Action::Administer => actor.role == Role::Administrator,
            Action::Secure => actor.role == Role::SecurityAdministrator,
            Action::Audit => actor.role == Role::AuditAdministrator,
            _ => false,
        },
    }
}

/// Whoever might fill in for a unit does not see what would show it.
fn inspects(actor: &Actor) -> bool {
    actor.role.level().is_some_and(|level| level >= Level::County)
}

fn of_unit(actor: &Actor, action: Action, id: UnitId, area: &AreaCode) -> bool {
    let own = actor.role.is_respondent() && actor.unit == Some(id);
    let inside = actor.role.is_officer() && actor.area.contains(area);
    match action {
        Action::View => own || inside,
        Action::Fill | Action::Sign => own && actor.role == Role::Statistician,
        Action::Authorise => own && actor.role == Role::UnitHead,
        Action::Submit => own,
        Action::Review => inside,
        Action::Arrange => inside && actor.role == Role::CountyOfficer,
        Action::Inspect => inside && inspects(actor),
        Action::Assess | Action::AnswerFor | Action::Handle | Action::Administer | Action::Secure | Action::Audit => {
            false
        }
    }
}

fn of_area(actor: &Actor, action: Action, area: &AreaCode) -> bool {
    let inside = actor.role.is_officer() && actor.area.contains(area);
    match action {
        Action::View | Action::Review => inside,
        Action::Inspect => inside && inspects(actor),
        Action::Arrange => inside && actor.role == Role::CountyOfficer,
        Action::Assess => {
            inside && actor.area != *area && actor.role.level().is_some_and(|level| assessed_by(area) == Some(level))
        }
        Action::AnswerFor => {
            actor.area == *area && actor.role.level().is_some_and(|level| level_of(area) == Some(level))
        }
        _ => false,
    }
}

impl Actor {
    /// [`decide`] as a refusal. What lies outside the actor's view is "not found": its existence is not told.
    pub fn must(&self, action: Action, object: Object<'_>) -> Result<(), Problem> {
        if decide(self, action, object) {
            Ok(())
        } else if decide(self, Action::View, object) {
            Err(Problem::Forbidden)
        } else {
            Err(Problem::NotFound { what: "内容" })
        }
    }

    /// The actor as somebody who answers for a unit; officers are refused, whatever their rank.
    pub fn respondent(&self) -> Result<Respondent, Problem> {
        match self.unit {
            Some(unit) if self.role.is_respondent() => Ok(Respondent { person: self.person, unit }),
            _ => Err(Problem::Forbidden),
        }
    }

    /// True unless a domain lies outside an officer's work.
    pub fn covers(&self, domain: &str) -> bool {
        !self.role.is_officer() || self.domains.cover(domain)
    }

    /// The rows that the actor's lists may hold, where they are not about forms.
    pub fn scope(&self) -> Scope {
        match self.unit {
            Some(unit) if self.role.is_respondent() => Scope::Unit(unit),
            None if self.role.is_officer() => Scope::Area(self.area),
            _ => Scope::Nothing,
        }
    }

    /// The rows that the actor's lists about forms may hold; `forms` are all there are, with their domains.
    pub fn form_scope<'f>(&self, forms: impl IntoIterator<Item = (&'f str, &'f str)>) -> FormScope {
        let forms = match &self.domains {
            Domains::Only(_) if self.role.is_officer() => Some(
                forms
                    .into_iter()
                    .filter(|(_, domain)| self.domains.cover(domain))
                    .map(|(form, _)| form.to_owned())
                    .collect(),
            ),
            _ => None,
        };
        FormScope { scope: self.scope(), forms }
    }
}

/// Proof that the actor belongs to a reporting unit. Only [`Actor::respondent`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Respondent {
    person: PersonId,
    unit: UnitId,
}

impl Respondent {
    /// Who.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// Refuses to touch another unit's things.
    pub fn must_answer_for(&self, unit: UnitId) -> Result<(), Problem> {
        if self.unit == unit { Ok(()) } else { Err(Problem::NotFound { what: "报表" }) }
    }
}

/// The rows that a list may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Those of one unit.
    Unit(UnitId),
    /// Those of every unit in an area.
    Area(AreaCode),
    /// None.
    Nothing,
}

/// The rows that a list about forms may show. Lists that are not about forms take a [`Scope`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormScope {
    /// Of which units.
    pub scope: Scope,
    /// Of which forms; none is all.
    pub forms: Option<BTreeSet<String>>,
}

impl From<Scope> for FormScope {
    /// Every form.
    fn from(scope: Scope) -> FormScope {
        FormScope { scope, forms: None }
    }
}
