//! Case types as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::load::raw::Text;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub key: Text,
    pub version: u32,
    pub name: Text,
    pub about: Text,
    #[serde(default)]
    pub grounds: Vec<Text>,
    #[serde(default)]
    pub note: String,
    pub subject: Text,
    #[serde(default)]
    pub only: Vec<String>,
    pub title: Option<String>,
    pub paper: Option<Text>,
    #[serde(default)]
    pub readers: Vec<Text>,
    #[serde(default)]
    pub told: Vec<Told>,
    pub open: Open,
    #[serde(default)]
    pub field: Vec<Field>,
    #[serde(default)]
    pub check: Vec<Check>,
    pub checks_by: Option<String>,
    #[serde(default)]
    pub contradiction: Vec<Contradiction>,
    #[serde(default)]
    pub round: Vec<Round>,
    pub rounds_by: Option<String>,
    #[serde(default)]
    pub single: bool,
    #[serde(default)]
    pub looks_alike: bool,
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    #[serde(default)]
    pub state: Vec<State>,
    #[serde(default)]
    pub action: Vec<Action>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Open {
    pub label: Text,
    pub who: Vec<Text>,
    pub state: String,
    #[serde(default)]
    pub owes: Vec<String>,
    #[serde(default)]
    pub asks: Vec<String>,
    #[serde(default)]
    pub one_of: Vec<String>,
    #[serde(default)]
    pub evidence: BTreeMap<String, u32>,
    pub reason: Option<Text>,
    #[serde(default)]
    pub checks: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    pub key: Text,
    pub label: Text,
    pub kind: Text,
    #[serde(default)]
    pub choices: Vec<String>,
    #[serde(default)]
    pub help: String,
    pub fact: Option<Text>,
    #[serde(default)]
    pub more: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Told {
    pub who: Vec<Text>,
    #[serde(rename = "in")]
    pub states: Vec<String>,
    pub shows: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Check {
    pub key: Text,
    pub label: Text,
    #[serde(default)]
    pub help: String,
    #[serde(default, rename = "for")]
    pub only: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Evidence {
    pub key: Text,
    pub label: Text,
    #[serde(default)]
    pub help: String,
    #[serde(default)]
    pub photo: bool,
    #[serde(default)]
    pub signature: bool,
    pub by: Option<String>,
    #[serde(default, rename = "for")]
    pub only: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    pub key: Text,
    pub label: Text,
    #[serde(default)]
    pub owner: Vec<Text>,
    pub deadline: Option<u32>,
    pub counts_from: Option<String>,
    #[serde(default)]
    pub end: bool,
    #[serde(default)]
    pub bad: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "as the file says them, before they are read")]
pub(super) struct Action {
    pub key: Text,
    pub label: Text,
    pub from: Vec<String>,
    pub to: Option<String>,
    #[serde(default)]
    pub who: Vec<Text>,
    #[serde(default)]
    pub party: Vec<Party>,
    #[serde(default)]
    pub not_by: Vec<String>,
    #[serde(default)]
    pub owes: Vec<String>,
    #[serde(default)]
    pub asks: Vec<String>,
    #[serde(default)]
    pub evidence: BTreeMap<String, u32>,
    pub reason: Option<Text>,
    #[serde(default)]
    pub checks: bool,
    #[serde(default)]
    pub onsite: bool,
    #[serde(default)]
    pub one_of: Vec<String>,
    #[serde(default)]
    pub weighs: bool,
    #[serde(default)]
    pub without: Vec<String>,
    #[serde(default)]
    pub effects: Vec<String>,
    #[serde(default)]
    pub danger: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Party {
    pub key: Text,
    pub label: Text,
    pub who: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Contradiction {
    pub key: Text,
    pub of: String,
    pub must: Text,
    pub field: Option<String>,
    pub fact: Option<Text>,
    pub value: Option<String>,
    pub says: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Round {
    pub label: Text,
    #[serde(default, rename = "for")]
    pub only: Vec<String>,
    pub state: String,
    pub until: Vec<String>,
    #[serde(default)]
    pub except: Vec<u32>,
}
