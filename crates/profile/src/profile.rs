//! A profile as it is in force.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use youju_codes::AreaCode;
use youju_domain::grid::Rule;
use youju_domain::norm::Norm;
use youju_domain::onboarding::Order;
use youju_domain::organisation::Planned;
use youju_domain::sponsorship::Tier;
use youju_domain::standard::Standard;

/// Document 来源文件.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Title.
    pub title: String,
    /// Who issued it.
    pub authority: String,
    /// 文号; empty where the published text bears none.
    pub number: String,
    /// Its date; none where the published text bears none.
    pub dated: Option<NaiveDate>,
}

/// An organisation of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// What is set up.
    pub planned: Planned,
    /// The paragraph of the document that says what it has to do.
    pub duties: String,
}

/// Profile 地方配置.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its id, the name of its folder.
    pub id: String,
    /// Name of the jurisdiction.
    pub name: String,
    /// Its area.
    pub area: AreaCode,
    /// What a cell of units is called there: 网格 or 单元.
    pub cell_word: String,
    /// The day from which organisations are kept.
    pub since: NaiveDate,
    /// The documents that it rests on, by key.
    pub documents: BTreeMap<String, Document>,
    /// Key of the leading document.
    pub document: String,
    /// The organisations to set up, each after the one that it belongs to.
    pub organisations: Vec<Organisation>,
    /// Staffing norms.
    pub norms: Vec<Norm>,
    /// What organisations must meet.
    pub standards: Vec<Standard>,
    /// How cells are cut; none where nobody has said so.
    pub grid: Option<Rule>,
    /// Who answers by name for what, tier by tier.
    pub sponsorship: Vec<Tier>,
    /// What every new unit is given.
    pub onboarding: Order,
}

impl Profile {
    /// The leading document.
    pub fn leading(&self) -> Option<&Document> {
        self.documents.get(&self.document)
    }

    /// A standard by its key.
    pub fn standard(&self, id: &str) -> Option<&Standard> {
        self.standards.iter().find(|standard| standard.id == id)
    }

    /// The paragraph that says what an organisation has to do, by its key.
    pub fn duties(&self, key: &str) -> Option<&str> {
        let found = self.organisations.iter().find(|one| one.planned.key == key);
        found.map(|one| one.duties.as_str()).filter(|duties| !duties.is_empty())
    }

    /// What the organisations of the profile are, as setting up takes it.
    pub fn planned(&self) -> Vec<Planned> {
        self.organisations.iter().map(|one| one.planned.clone()).collect()
    }
}

/// The profile of an area: the narrowest one that holds it.
pub fn for_area<'p>(profiles: &'p [Profile], area: &AreaCode) -> Option<&'p Profile> {
    profiles.iter().filter(|profile| profile.area.contains(area)).max_by_key(|profile| profile.area.prefix().len())
}

/// What new units of an area are given: as its profile says, or what all areas share.
pub fn onboarding_for<'p>(profiles: &'p [Profile], area: &AreaCode) -> &'p Order {
    match for_area(profiles, area) {
        Some(profile) => &profile.onboarding,
        None => crate::load::shared_onboarding(),
    }
}
