//! The files as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// A text that knows its place.
pub(super) type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    pub id: Text,
    pub name: Text,
    pub area: Text,
    pub cell_word: Text,
    pub since: Text,
    pub document: Text,
    #[serde(default)]
    pub documents: BTreeMap<String, Document>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub title: Text,
    pub authority: Text,
    #[serde(default)]
    pub number: String,
    pub dated: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Organisations {
    #[serde(default)]
    pub organisation: Vec<Organisation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Organisation {
    pub key: Text,
    pub kind: Text,
    pub name: Text,
    pub parent: Option<Text>,
    pub area: Option<Text>,
    pub since: Option<Text>,
    pub source: Text,
    pub paragraph: Text,
    #[serde(default)]
    pub duties: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Norms {
    #[serde(default)]
    pub norm: Vec<Norm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Norm {
    pub id: Text,
    pub kinds: Vec<Text>,
    #[serde(default)]
    pub only: Vec<Text>,
    #[serde(default)]
    pub units_from: u64,
    pub units_below: Option<u64>,
    pub source: Text,
    pub paragraph: Text,
    #[serde(default)]
    pub minimum: Vec<Minimum>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Minimum {
    pub post: Text,
    pub least: Spanned<u32>,
    pub term_years: Option<u32>,
    pub words: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Standards {
    #[serde(default)]
    pub list: Vec<Standard>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Standard {
    pub id: Text,
    pub name: Text,
    pub kinds: Vec<Text>,
    pub renew_months: Option<Spanned<u32>>,
    pub source: Text,
    pub paragraph: Text,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub item: Vec<Requirement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Requirement {
    pub id: Text,
    pub words: Text,
    pub evidence: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Grid {
    pub source: Text,
    pub paragraph: Text,
    pub units_min: Spanned<u32>,
    pub units_max: Spanned<u32>,
    #[serde(default)]
    pub no_agriculture: Vec<Text>,
    #[serde(default)]
    pub branch: Vec<Branch>,
    #[serde(default)]
    pub tier: Vec<Tier>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tier {
    pub key: Text,
    pub name: Text,
    #[serde(default)]
    pub kinds: Vec<Text>,
    #[serde(default)]
    pub only: Vec<Text>,
    #[serde(default)]
    pub cells: Vec<Text>,
    pub lead: Option<Text>,
    pub deputy: Option<Text>,
    pub guide: Option<Text>,
    pub member: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Branch {
    pub key: Text,
    pub name: Text,
    pub industries: Vec<Text>,
    #[serde(default)]
    pub is_flat: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sponsorship {
    #[serde(default)]
    pub tier: Vec<Sponsor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sponsor {
    pub key: Text,
    pub name: Text,
    pub what: Text,
    pub level: Text,
    #[serde(default)]
    pub industries: Vec<Text>,
    pub least: Option<i64>,
    pub below: Option<i64>,
    pub duties: Text,
    pub source: Text,
    pub paragraph: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Onboarding {
    #[serde(default)]
    pub inferred: bool,
    pub source: Option<Text>,
    pub paragraph: Option<Text>,
    #[serde(default)]
    pub letter: Vec<Text>,
    #[serde(default)]
    pub notice: Vec<Text>,
    #[serde(default)]
    pub sign_in: Vec<Text>,
    #[serde(default)]
    pub more: Vec<Text>,
    #[serde(default)]
    pub item: Vec<OnboardingItem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OnboardingItem {
    pub key: Text,
    pub name: Text,
    pub shows: Text,
    pub days: Spanned<u32>,
    pub level: Text,
    pub kind: Text,
    pub file: Option<Spanned<bool>>,
}
