//! Self-check 年度自查 against OWASP ASVS, level 2: the list comes with the program (`security/asvs.toml`); the office looks at it once a year, and
//! what it saw is frozen. What is not met becomes an issue, once.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::json;
use youju_domain::access::{Action, Object};
use youju_domain::id::SelfCheckId;
use youju_domain::security::drill::{Issue, Source};
use youju_domain::security::self_check::{Counts, Requirement, SelfCheck, Status};
use youju_store::{drill as drills, security as store};

use super::drill::keep_issue;
use super::{hand, may_look};
use crate::context::Cx;
use crate::crypto::sha256;
use crate::error::Result;

/// The list as it stands in the tree.
const TEXT: &str = include_str!("../../../../security/asvs.toml");

/// The list of requirements.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// The standard with its edition.
    pub standard: String,
    /// Its chapters: number and name, in our words.
    pub chapters: Vec<(String, String)>,
    /// The requirements in order.
    pub requirements: Vec<Requirement>,
}

impl List {
    /// SHA-256 of the list as it is, hexadecimal.
    pub fn fingerprint(&self) -> String {
        sha256(TEXT.as_bytes())
    }
}

/// The list; a test reads it, so that it can always be read.
pub fn shipped() -> &'static List {
    static LIST: LazyLock<List> = LazyLock::new(|| {
        let empty = List { standard: String::new(), chapters: Vec::new(), requirements: Vec::new() };
        toml::from_str(TEXT).unwrap_or(empty)
    });
    &LIST
}

/// The list with the checks that were made.
pub struct Checks {
    /// The list.
    pub list: &'static List,
    /// How many stand how now.
    pub counts: Counts,
    /// Checks that were made, the latest first.
    pub made: Vec<SelfCheck>,
    /// Issues of self-checks, open ones first.
    pub issues: Vec<Issue>,
}

/// The list with the checks that were made.
pub async fn checks(cx: &mut Cx<'_>) -> Result<Checks> {
    may_look(cx)?;
    let list = shipped();
    let mut issues = drills::issues(cx.tx()).await?;
    issues.retain(|issue| matches!(issue.source, Source::SelfCheck(_)));
    let made = store::self_checks(cx.tx()).await?;
    Ok(Checks { list, counts: Counts::of(&list.requirements), made, issues })
}

/// Records a self-check: counts and fingerprint as they are now. What is not met and is no open issue yet becomes one.
pub async fn record(cx: &mut Cx<'_>, conclusion: &str) -> Result<SelfCheckId> {
    cx.allow(Action::Secure, Object::System)?;
    let Checks { list, counts, issues, .. } = checks(cx).await?;
    let check = SelfCheck {
        id: cx.new_id(),
        standard: list.standard.clone(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        fingerprint: list.fingerprint(),
        counts,
        conclusion: conclusion.to_owned(),
        by: hand(cx)?,
    };
    let check = check.checked()?;
    store::add_self_check(cx.tx(), &check).await?;
    let said = json!({
        "standard": check.standard, "fingerprint": check.fingerprint, "met": counts.met, "read": counts.read,
        "not_met": counts.not_met, "not_applicable": counts.not_applicable, "conclusion": check.conclusion,
    });
    cx.record("security.self_check_made", ("self_check", check.id.to_string()), said).await?;
    let is_open = |id: &str| issues.iter().any(|issue| issue.done.is_none() && issue.requirement == id);
    for one in list.requirements.iter().filter(|one| one.status == Status::NotMet && !is_open(&one.id)) {
        let issue = Issue {
            id: cx.new_id(),
            source: Source::SelfCheck(check.id),
            requirement: one.id.clone(),
            words: format!("{}。{}", one.asks, one.why),
            owner: String::new(),
            due_on: None,
            done: None,
            revision: 0,
        };
        keep_issue(cx, "security.issue_added", &issue).await?;
    }
    Ok(check.id)
}
