//! Handover 工作交接: a post is not left before everything unfinished is listed, handed over, taken over and countersigned; the old access
//! ends with the last signature.
//!
//! Three people sign, each the list as it stands when they sign: who leaves, who takes over, and who watches. Where the one who leaves cannot
//! sign any more, whoever watches says so, and why.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::Instant;
use crate::id::{HandoverId, PersonId, StaffId, TenureId};
use crate::problem::Problem;

/// Most characters of what is handed over beside the program: papers, devices, keys.
pub const PAPERS_CHARS_MAX: usize = 1_000;
/// Fewest characters of a reason.
const REASON_CHARS_MIN: usize = 4;
/// Most characters of a reason.
const REASON_CHARS_MAX: usize = 200;

/// Party 交接方.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// 移交人: who leaves.
    Giver,
    /// 接收人: who takes over.
    Taker,
    /// 监交人: who watches.
    Witness,
}

impl Party {
    /// All parties, in the order in which they sign.
    pub const ALL: [Party; 3] = [Party::Giver, Party::Taker, Party::Witness];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Party::Giver => "移交人",
            Party::Taker => "接收人",
            Party::Witness => "监交人",
        }
    }
}

/// Stage 交接状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Somebody has to sign.
    Awaits(Party),
    /// 已完成.
    Done,
    /// 已撤销.
    Withdrawn,
}

impl Stage {
    /// All stages.
    pub const ALL: [Stage; 5] = [
        Stage::Awaits(Party::Giver),
        Stage::Awaits(Party::Taker),
        Stage::Awaits(Party::Witness),
        Stage::Done,
        Stage::Withdrawn,
    ];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Awaits(Party::Giver) => "待移交人签字",
            Stage::Awaits(Party::Taker) => "待接收人签字",
            Stage::Awaits(Party::Witness) => "待监交人签字",
            Stage::Done => "已完成",
            Stage::Withdrawn => "已撤销",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Awaits(Party::Giver) => "awaits_giver",
            Stage::Awaits(Party::Taker) => "awaits_taker",
            Stage::Awaits(Party::Witness) => "awaits_witness",
            Stage::Done => "done",
            Stage::Withdrawn => "withdrawn",
        }
    }

    /// Reads [`Stage::key`].
    pub fn from_key(key: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.key() == key)
    }

    /// True while somebody has to do something.
    pub fn is_open(self) -> bool {
        matches!(self, Stage::Awaits(_))
    }
}

/// Item 移交事项: something of one kind that is unfinished, or that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What it is, e.g. `退回待改`.
    pub title: String,
    /// How many there are.
    pub number: u64,
    /// The first of them by name; all, where there are few.
    pub named: Vec<String>,
}

/// Signature 签字, with the list that was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// As whom.
    pub party: Party,
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// When.
    pub at: Instant,
    /// The list as it stood.
    pub items: Vec<Item>,
    /// Why somebody else signs in the place of who leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
}

/// Handover 工作交接.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Its id.
    pub id: HandoverId,
    /// Who leaves.
    pub giver: StaffId,
    /// The post that ends.
    pub tenure: TenureId,
    /// Who takes over.
    pub taker: StaffId,
    /// The document or reason of leaving.
    pub document: String,
    /// Why a chief's term is cut short, where it is.
    pub exception: String,
    /// What is handed over beside the program.
    pub papers: String,
    /// Where it stands.
    pub stage: Stage,
    /// Who has signed.
    pub signatures: Vec<Signature>,
    /// When it was begun.
    pub begun_at: Instant,
    /// The day on which it was finished.
    pub done_on: Option<NaiveDate>,
    /// Changes at every write.
    pub revision: i64,
}

/// Who signs, as what the program knows about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// They are the one who leaves.
    pub is_giver: bool,
    /// They are the one who takes over.
    pub is_taker: bool,
    /// They may watch over this place.
    pub may_witness: bool,
}

/// A signature that is about to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signing {
    /// By whom.
    pub signer: Signer,
    /// When.
    pub at: Instant,
    /// The list as it stands.
    pub items: Vec<Item>,
    /// Why the one who leaves cannot sign; empty where they do.
    pub instead: String,
}

impl Handover {
    /// The party whose turn it is, if it is anybody's.
    pub fn turn(&self) -> Option<Party> {
        match self.stage {
            Stage::Awaits(party) => Some(party),
            _ => None,
        }
    }

    /// What somebody may sign as now. Nobody signs twice, whatever else they are.
    pub fn may_sign(&self, signer: &Signer) -> Option<Party> {
        let has_signed = self.signatures.iter().any(|signature| signature.person == signer.person);
        let party = self.turn().filter(|_| !has_signed)?;
        let may = match party {
            // Who takes over does not also say that the other one cannot sign.
            Party::Giver => signer.is_giver || (signer.may_witness && !signer.is_taker),
            Party::Taker => signer.is_taker,
            Party::Witness => signer.may_witness && !signer.is_giver && !signer.is_taker,
        };
        may.then_some(party)
    }

    /// Signs: the next party's turn, or the end.
    pub fn sign(&self, signing: Signing, today: NaiveDate) -> Result<Handover, Problem> {
        let Signing { signer, at, items, instead } = signing;
        let party = self.may_sign(&signer).ok_or_else(|| match self.turn() {
            Some(party) => bad(format!("现在轮到{}签字。", party.label())),
            None => bad(format!("这次交接{}。", self.stage.label())),
        })?;
        let instead = if party == Party::Giver && !signer.is_giver {
            Some(reason("移交人不能签字的原因", &instead)?)
        } else {
            None
        };
        let mut next = self.clone();
        next.signatures.push(Signature { party, person: signer.person, name: signer.name, at, items, instead });
        next.stage = match party {
            Party::Giver => Stage::Awaits(Party::Taker),
            Party::Taker => Stage::Awaits(Party::Witness),
            Party::Witness => Stage::Done,
        };
        next.done_on = (next.stage == Stage::Done).then_some(today);
        Ok(next)
    }

    /// Takes it back, before it is done.
    pub fn withdraw(&self) -> Result<Handover, Problem> {
        if !self.stage.is_open() {
            return Err(bad(format!("这次交接{},不能撤销。", self.stage.label())));
        }
        Ok(Handover { stage: Stage::Withdrawn, ..self.clone() })
    }
}

/// Reads what is handed over beside the program.
pub fn read_papers(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(bad("请列出系统以外移交的资料(纸质台账、原始凭证、设备、印章等),没有的写“无”。".into())),
        count if count > PAPERS_CHARS_MAX => {
            Err(bad(format!("系统以外移交的资料最多写 {PAPERS_CHARS_MAX} 个字,现为 {count} 个字。")))
        }
        _ => Ok(text.to_owned()),
    }
}

fn reason(what: &str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    match text.chars().count() {
        REASON_CHARS_MIN..=REASON_CHARS_MAX => Ok(text.to_owned()),
        _ => Err(bad(format!("请用 {REASON_CHARS_MIN} 至 {REASON_CHARS_MAX} 个字写明{what}。"))),
    }
}

fn bad(reason: String) -> Problem {
    Problem::BadInput { reason }
}
