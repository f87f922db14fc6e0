//! Standards 规范化清单: what organisations of a kind must have (五有, 四大体系, 制度), as a profile declares it; and how far each of them
//! has come, item by item: claimed with evidence, accepted by the level above, or sent back. A rule book 制度 holds for a time and is
//! adopted anew. Whether something counts today is computed, never stored.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::Instant;
use crate::id::{OrganisationId, PersonId};
use crate::organisation::Kind;
use crate::problem::Problem;

/// Most characters of a note or a reason.
pub const NOTE_CHARS_MAX: usize = 500;
/// Most files of one claim.
pub const FILES_MAX: usize = 5;

/// Standard 规范化清单.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// Its key within the profile.
    pub id: String,
    /// Name: `部门统计“五有”`.
    pub name: String,
    /// Kinds of organisations that it is for.
    pub kinds: Vec<Kind>,
    /// Months for which an item holds after it was adopted; none where it holds until somebody finds otherwise.
    pub renew_months: Option<u32>,
    /// What is asked.
    pub requirements: Vec<Requirement>,
    /// Title of the document.
    pub source: String,
    /// The paragraph.
    pub paragraph: String,
    /// What is to be said about it.
    pub note: String,
}

/// Requirement 清单项目.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its key within the standard.
    pub id: String,
    /// The words of the document.
    pub words: String,
    /// What proves it 应提供的材料.
    pub evidence: String,
}

/// A file of a claim, kept by its fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceFile {
    /// Its name.
    pub name: String,
    /// SHA-256, hexadecimal.
    pub hash: String,
    /// Bytes.
    pub size: u64,
}

/// Claim 申报: what is said and shown for an item.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Claim {
    /// In words.
    pub note: String,
    /// The document 文号.
    pub document: String,
    /// Its date; of a rule book, when it was adopted.
    pub dated: Option<NaiveDate>,
    /// Who signed it.
    pub signed_by: String,
    /// The last day on which a rule book is in force.
    pub in_force_until: Option<NaiveDate>,
    /// Files.
    pub files: Vec<EvidenceFile>,
}

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hand {
    /// Who.
    pub person: PersonId,
    /// Name at that time.
    pub name: String,
    /// When.
    pub at: Instant,
}

/// What was done with an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Turn {
    /// 申报.
    Claimed {
        /// What was said.
        claim: Claim,
        /// By whom.
        by: Hand,
    },
    /// 验收.
    Accepted {
        /// What was said about it.
        note: String,
        /// By whom.
        by: Hand,
    },
    /// 退回.
    Returned {
        /// Why.
        reason: String,
        /// By whom.
        by: Hand,
    },
}

/// Where an organisation stands with an item 达标情况.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// 未达到.
    Lacking,
    /// 退回.
    Returned,
    /// 已到期: a rule book that was accepted and is in force no more.
    Lapsed,
    /// 待验收.
    Claimed,
    /// 已达到.
    Met,
}

impl Standing {
    /// All of them, the worst first.
    pub const ALL: [Standing; 5] =
        [Standing::Lacking, Standing::Returned, Standing::Lapsed, Standing::Claimed, Standing::Met];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Standing::Lacking => "未达到",
            Standing::Returned => "退回",
            Standing::Lapsed => "已到期",
            Standing::Claimed => "待验收",
            Standing::Met => "已达到",
        }
    }

    /// The name in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Standing::Lacking => "lacking",
            Standing::Returned => "returned",
            Standing::Lapsed => "lapsed",
            Standing::Claimed => "claimed",
            Standing::Met => "met",
        }
    }

    /// Reads [`Standing::key`].
    pub fn from_key(key: &str) -> Option<Standing> {
        Standing::ALL.into_iter().find(|one| one.key() == key)
    }

    /// From what is stored: what waits goes before what was accepted, because somebody has to act.
    pub fn of(stored: Stored, today: NaiveDate) -> Standing {
        let lapsed = stored.in_force_until.is_some_and(|until| until < today);
        match stored {
            Stored { is_claimed: true, .. } => Standing::Claimed,
            Stored { is_returned: true, .. } => Standing::Returned,
            Stored { is_accepted: true, .. } if lapsed => Standing::Lapsed,
            Stored { is_accepted: true, .. } => Standing::Met,
            _ => Standing::Lacking,
        }
    }
}

/// What is stored about an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stored {
    /// A claim waits.
    pub is_claimed: bool,
    /// The last claim was sent back, or the acceptance taken back.
    pub is_returned: bool,
    /// A claim was accepted.
    pub is_accepted: bool,
    /// Until when the accepted one is in force.
    pub in_force_until: Option<NaiveDate>,
}

impl Stored {
    /// True when the item counts as met on a day. While a renewal waits, the accepted one still counts until its last day.
    pub fn is_met(self, today: NaiveDate) -> bool {
        self.is_accepted && self.in_force_until.is_none_or(|until| today <= until)
    }
}

/// Attainment 达标登记: an item of an organisation with its whole story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attainment {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Key of the standard.
    pub standard: String,
    /// Key of the requirement.
    pub requirement: String,
    /// What was done, in its order.
    pub turns: Vec<Turn>,
    /// Changes at every write; 0 while nothing is kept.
    pub revision: i64,
}

fn bad<T>(reason: impl Into<String>) -> Result<T, Problem> {
    Err(Problem::BadInput { reason: reason.into() })
}

fn words(text: &str, what: &str, least: usize) -> Result<String, Problem> {
    let text = text.trim().to_owned();
    let count = text.chars().count();
    if (least..=NOTE_CHARS_MAX).contains(&count) {
        return Ok(text);
    }
    bad(format!("{what}应在 {least} 到 {NOTE_CHARS_MAX} 个字之间,现为 {count} 个字。"))
}

impl Attainment {
    /// Nothing has been done yet.
    pub fn begin(organisation: OrganisationId, standard: &str, requirement: &str) -> Attainment {
        let (standard, requirement) = (standard.to_owned(), requirement.to_owned());
        Attainment { organisation, standard, requirement, turns: Vec::new(), revision: 0 }
    }

    /// The claim that waits, with its hand.
    pub fn claimed(&self) -> Option<(&Claim, &Hand)> {
        match self.turns.last() {
            Some(Turn::Claimed { claim, by }) => Some((claim, by)),
            _ => None,
        }
    }

    /// The claim that was accepted last and has not been taken back since: a renewal that waits or was sent back leaves it standing,
    /// a return right after the acceptance takes it away.
    pub fn accepted(&self) -> Option<&Claim> {
        let mut standing = None;
        let mut waiting = None;
        for turn in &self.turns {
            match turn {
                Turn::Claimed { claim, .. } => waiting = Some(claim),
                Turn::Accepted { .. } => standing = waiting.take().or(standing),
                Turn::Returned { .. } if waiting.is_some() => waiting = None,
                Turn::Returned { .. } => standing = None,
            }
        }
        standing
    }

    /// What columns hold of it.
    pub fn stored(&self) -> Stored {
        let accepted = self.accepted();
        Stored {
            is_claimed: self.claimed().is_some(),
            is_returned: matches!(self.turns.last(), Some(Turn::Returned { .. })),
            is_accepted: accepted.is_some(),
            in_force_until: accepted.and_then(|claim| claim.in_force_until),
        }
    }

    fn with(&self, turn: Turn) -> Attainment {
        let mut turns = self.turns.clone();
        turns.push(turn);
        Attainment { turns, ..self.clone() }
    }

    /// Claims an item. A rule book says when it was adopted, who signed it and until when it holds; a claim that waits is replaced.
    pub fn claim(&self, standard: &Standard, claim: Claim, by: Hand, today: NaiveDate) -> Result<Attainment, Problem> {
        let mut claim = Claim {
            note: words(&claim.note, "情况说明", 0)?,
            document: words(&claim.document, "文号", 0)?,
            signed_by: words(&claim.signed_by, "签发人", 0)?,
            ..claim
        };
        if claim.dated.is_some_and(|dated| dated > today) {
            return bad("文件日期不应晚于今天。");
        }
        if claim.files.len() > FILES_MAX {
            return bad(format!("一项最多 {FILES_MAX} 个文件,现为 {} 个。", claim.files.len()));
        }
        match standard.renew_months {
            Some(months) => must_be_in_force(&claim, months, today)?,
            None => claim.in_force_until = None,
        }
        if claim.files.is_empty() && claim.document.is_empty() && claim.note.chars().count() < 6 {
            return bad("请上传材料,或填写文号,或用不少于 6 个字写明情况。");
        }
        Ok(self.with(Turn::Claimed { claim, by }))
    }

    /// The level above accepts what was claimed. Nobody accepts what they claimed themselves.
    pub fn accept(&self, note: &str, by: Hand) -> Result<Attainment, Problem> {
        let Some((_, claimed_by)) = self.claimed() else { return bad("这一项没有待验收的申报。") };
        if claimed_by.person == by.person {
            return bad("这一项由您本人申报,应由另一位有权限的人员验收。");
        }
        Ok(self.with(Turn::Accepted { note: words(note, "验收意见", 0)?, by }))
    }

    /// The level above sends a claim back, or takes an acceptance back.
    pub fn return_(&self, reason: &str, by: Hand) -> Result<Attainment, Problem> {
        if self.claimed().is_none() && self.accepted().is_none() {
            return bad("这一项没有申报,也没有验收过,不能退回。");
        }
        Ok(self.with(Turn::Returned { reason: words(reason, "退回原因", 4)?, by }))
    }
}

/// A rule book 制度 is dated, signed, and in force for no longer than it may be without being adopted anew.
fn must_be_in_force(claim: &Claim, months: u32, today: NaiveDate) -> Result<(), Problem> {
    let Some(dated) = claim.dated else { return bad("制度应填写通过(修订)日期。") };
    if claim.signed_by.is_empty() {
        return bad("制度应填写签发人。");
    }
    let Some(until) = claim.in_force_until else { return bad("制度应填写有效期至。") };
    let latest = dated.checked_add_months(Months::new(months)).unwrap_or(dated);
    if until > latest {
        return bad(format!("制度每 {months} 个月复核一次:{dated} 通过的,有效期最晚到 {latest},现为 {until}。"));
    }
    if until < today {
        return bad(format!("有效期至 {until} 已经过去。请按重新通过的日期填写。"));
    }
    Ok(())
}

/// An item of a standard for one organisation, in a list of who lacks what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Items that are met.
    pub met: u64,
    /// All items.
    pub all: u64,
}

impl Progress {
    /// How many items of a standard are met on a day.
    pub fn of(standard: &Standard, stored: impl Fn(&str) -> Stored, today: NaiveDate) -> Progress {
        let all = u64::try_from(standard.requirements.len()).unwrap_or(u64::MAX);
        let met = standard.requirements.iter().filter(|item| stored(&item.id).is_met(today)).count();
        Progress { met: u64::try_from(met).unwrap_or(u64::MAX), all }
    }
}
