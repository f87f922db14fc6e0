//! Case type 事项类型 as it is declared: fields, states, actions, who acts, what is owed, until when. Verified before anything of it takes
//! effect ([`super::flaws`]); a running case keeps the version that it was opened with.

use serde::{Deserialize, Serialize};

use super::party::Who;
use super::round::Round;
use super::sight::Telling;
use super::value::Values;
use super::weigh::Contradiction;
use crate::problem::Problem;
use crate::register::Fact;

/// Case type 事项类型.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseType {
    /// Its key, the name of its file.
    pub key: String,
    /// Counts up when its meaning changes, for people; cases hold to the fingerprint of the whole.
    pub version: u32,
    /// Name.
    pub name: String,
    /// What it is for, in one sentence.
    pub about: String,
    /// What it rests on: document and paragraph.
    pub grounds: Vec<String>,
    /// What is to be said about it, such as what is ours and not the document's.
    pub note: String,
    /// What a case is about.
    pub subject: SubjectKind,
    /// Sorts of subjects that it is for: kinds of organisations; empty for all.
    pub only: Vec<String>,
    /// The field that a case is named by; without it, by its subject.
    pub title: Option<String>,
    /// What its paper is called, of types that are done on the spot and printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<String>,
    /// Who may look at a case, whatever its state.
    pub readers: Vec<Who>,
    /// Who is told a few fields of it in some states, and sees nothing else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Telling>,
    /// How one is opened.
    pub open: Opening,
    /// What is filled in.
    pub fields: Vec<Field>,
    /// What is asked on the spot 核查清单.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// The field of choices that says which of the items belong to a case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks_by: Option<String>,
    /// Kinds of materials.
    pub evidence: Vec<EvidenceKind>,
    /// States.
    pub states: Vec<State>,
    /// Actions.
    pub actions: Vec<Act>,
    /// What must not contradict each other, told before every decision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contradictions: Vec<Contradiction>,
    /// Rounds of application: until when a case has to be where to belong to one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<Round>,
    /// The field whose choice says which rounds a case belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounds_by: Option<String>,
    /// True where no second one about the same subject may run beside it.
    #[serde(default, skip_serializing_if = "is_not")]
    pub is_single: bool,
    /// True where units of the register that look like the subject are told.
    #[serde(default, skip_serializing_if = "is_not")]
    pub looks_alike: bool,
}

/// What a case is about 办理对象.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// Nothing but its fields; it lies in the area of whoever opens it.
    None,
    /// A unit of the register.
    Unit,
    /// An organisation.
    Organisation,
    /// An area.
    Area,
    /// A member of staff.
    Staff,
}

impl SubjectKind {
    /// All kinds.
    pub const ALL: [SubjectKind; 5] =
        [SubjectKind::None, SubjectKind::Unit, SubjectKind::Organisation, SubjectKind::Area, SubjectKind::Staff];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            SubjectKind::None => "无",
            SubjectKind::Unit => "单位",
            SubjectKind::Organisation => "机构",
            SubjectKind::Area => "地区",
            SubjectKind::Staff => "统计人员",
        }
    }

    /// The name in files and storage.
    pub fn key(self) -> &'static str {
        match self {
            SubjectKind::None => "none",
            SubjectKind::Unit => "unit",
            SubjectKind::Organisation => "organisation",
            SubjectKind::Area => "area",
            SubjectKind::Staff => "staff",
        }
    }

    /// Reads [`SubjectKind::key`].
    pub fn from_key(key: &str) -> Option<SubjectKind> {
        SubjectKind::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// True when a unit may stand behind it.
    pub fn has_unit(self) -> bool {
        matches!(self, SubjectKind::Unit | SubjectKind::Organisation | SubjectKind::Staff)
    }
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// 一行文字.
    Text,
    /// 多行文字.
    LongText,
    /// 日期.
    Date,
    /// 数.
    Number,
    /// One of the field's choices.
    Choice,
    /// 是或否.
    YesNo,
    /// Another unit of the register, by its code.
    Unit,
}

impl FieldKind {
    /// All kinds.
    pub const ALL: [FieldKind; 7] = [
        FieldKind::Text,
        FieldKind::LongText,
        FieldKind::Date,
        FieldKind::Number,
        FieldKind::Choice,
        FieldKind::YesNo,
        FieldKind::Unit,
    ];

    /// The name in files.
    pub fn key(self) -> &'static str {
        match self {
            FieldKind::Text => "text",
            FieldKind::LongText => "long_text",
            FieldKind::Date => "date",
            FieldKind::Number => "number",
            FieldKind::Choice => "choice",
            FieldKind::YesNo => "yes_no",
            FieldKind::Unit => "unit",
        }
    }

    /// Reads [`FieldKind::key`].
    pub fn from_key(key: &str) -> Option<FieldKind> {
        FieldKind::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// Field 栏目.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its key within the type.
    pub key: String,
    /// What stands beside it.
    pub label: String,
    /// How it is filled in.
    pub kind: FieldKind,
    /// What may be chosen.
    pub choices: Vec<String>,
    /// A hint below it.
    pub help: String,
    /// The fact of the register that it says: it is read like that fact, and what is decided is written there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<Fact>,
    /// True for what is seldom filled in: forms fold it away until it is wanted.
    #[serde(default, skip_serializing_if = "is_not")]
    pub is_more: bool,
}

/// Item 核查项目 of a check list, answered 是, 否 or 不适用.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Its key within the type.
    pub key: String,
    /// What is asked.
    pub label: String,
    /// How to look.
    pub help: String,
    /// The choices of [`CaseType::checks_by`] that it belongs to; empty for every one.
    pub only: Vec<String>,
}

/// What a material is: how it comes and what is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// 文件: any file that may be evidence.
    #[default]
    File,
    /// 现场照片: a photograph with time and place.
    Photo,
    /// 手写签名: a name written by hand, as a picture.
    Signature,
}

impl Sort {
    /// True for what is not said in files and stored types, because most materials are this.
    pub fn is_file(&self) -> bool {
        *self == Sort::File
    }
}

/// Kind of material 材料.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceKind {
    /// Its key within the type.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// What it has to show.
    pub help: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "Sort::is_file")]
    pub sort: Sort,
    /// The field whose choice says whether it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The choices for which it is asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
}

impl EvidenceKind {
    /// True when it is asked for in a case with these values; before anything is chosen, everything is.
    pub fn is_for(&self, values: &Values) -> bool {
        let chosen = self.by.as_ref().and_then(|by| values.get(by));
        chosen.is_none_or(|chosen| self.only.contains(chosen))
    }
}

/// Whether words of a reason go with an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Not asked.
    #[default]
    No,
    /// May be given.
    May,
    /// Owed.
    Must,
}

impl Reason {
    /// Reads the name in files.
    pub fn from_key(key: &str) -> Option<Reason> {
        match key {
            "no" => Some(Reason::No),
            "may" => Some(Reason::May),
            "must" => Some(Reason::Must),
            _ => None,
        }
    }
}

/// So many materials of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Least {
    /// The kind.
    pub kind: String,
    /// How many the case must have at least after the act; 0 where they may be added.
    pub least: u32,
}

/// What goes with an act.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Demand {
    /// Fields that must be filled in when it is done.
    pub owes: Vec<String>,
    /// Fields that may be filled in with it.
    pub asks: Vec<String>,
    /// Materials.
    pub evidence: Vec<Least>,
    /// Words.
    pub reason: Reason,
    /// True when the check list is answered with it.
    #[serde(default, skip_serializing_if = "is_not")]
    pub checks: bool,
    /// Fields of which at least one is filled in with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<String>,
    /// True when contradictions have to be answered in words by whoever goes on.
    #[serde(default, skip_serializing_if = "is_not")]
    pub weighs: bool,
}

/// What is not so is not said in stored types: most acts are done at a desk.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_not(said: &bool) -> bool {
    !said
}

impl Demand {
    /// The fields of the act's form, in the order of the type.
    pub fn fields<'t>(&self, kind: &'t CaseType) -> Vec<(&'t Field, bool)> {
        let owed = |field: &Field| self.owes.contains(&field.key);
        let asked = |field: &Field| self.asks.contains(&field.key) || self.one_of.contains(&field.key);
        let wanted = kind.fields.iter().filter(|field| owed(field) || asked(field));
        wanted.map(|field| (field, owed(field))).collect()
    }
}

/// How a case is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The word on the button.
    pub label: String,
    /// Who may.
    pub who: Vec<Who>,
    /// The state that it begins in.
    pub state: String,
    /// What goes with it.
    pub demand: Demand,
}

/// State 状态 of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Its key within the type.
    pub key: String,
    /// The word on the page.
    pub label: String,
    /// Whose turn it is; nobody's at an end.
    pub owner: Vec<Who>,
    /// Working days until it is overdue.
    pub deadline: Option<u32>,
    /// The state from whose beginning the days count; this one itself without it.
    pub counts_from: Option<String>,
    /// True for an end.
    pub is_end: bool,
    /// True for an end that is a "no", and for a state in which something has to be mended.
    pub is_bad: bool,
}

/// Signatory 会签方 of a counter-signed act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signatory {
    /// Its key within the act.
    pub key: String,
    /// What it is called: 移交人.
    pub label: String,
    /// Who may sign as such.
    pub who: Vec<Who>,
}

/// Act 办理动作.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Its key within the type.
    pub key: String,
    /// The word on the button.
    pub label: String,
    /// The states in which it may be done.
    pub from: Vec<String>,
    /// The state after it; without it the case stays where it is.
    pub to: Option<String>,
    /// Who may; empty where everybody signs.
    pub who: Vec<Who>,
    /// Who has to sign, each by somebody else; the state changes with the last signature.
    pub signatories: Vec<Signatory>,
    /// Acts (`open` is the opening) whose doers may not do this one 两人原则.
    pub not_by: Vec<String>,
    /// What goes with it.
    pub demand: Demand,
    /// What else happens, by name.
    pub effects: Vec<String>,
    /// Fields that must be empty: a case that says something there is for somebody else to decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
    /// True for what cannot be taken back or says no: it stands apart.
    pub is_danger: bool,
    /// True for what is done on the spot 现场办理: it can be filled in without a line and sent later.
    #[serde(default, skip_serializing_if = "is_not")]
    pub is_onsite: bool,
}

impl Act {
    /// Everybody who may take part in it.
    pub fn hands(&self) -> impl Iterator<Item = Who> {
        self.who.iter().chain(self.signatories.iter().flat_map(|one| &one.who)).copied()
    }

    /// The state after it, from a state.
    pub fn leads_to<'a>(&'a self, from: &'a str) -> &'a str {
        self.to.as_deref().unwrap_or(from)
    }
}

/// The key of the opening among acts.
pub const OPEN: &str = "open";

impl CaseType {
    /// A state by its key.
    pub fn state(&self, key: &str) -> Option<&State> {
        self.states.iter().find(|state| state.key == key)
    }

    /// An act by its key.
    pub fn act(&self, key: &str) -> Option<&Act> {
        self.actions.iter().find(|act| act.key == key)
    }

    /// A field by its key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// A kind of material by its key.
    pub fn material(&self, key: &str) -> Option<&EvidenceKind> {
        self.evidence.iter().find(|kind| kind.key == key)
    }

    /// The acts that a state knows.
    pub fn acts_from<'t, 's>(&'t self, state: &'s str) -> impl Iterator<Item = &'t Act> + use<'t, 's> {
        self.actions.iter().filter(move |act| act.from.iter().any(|from| from == state))
    }

    /// What an act, or the opening, wants of a person: who stands somewhere or signs is no program. None where a program may do it.
    pub fn wants_a_hand(&self, act: Option<&Act>) -> Option<&'static str> {
        if act.is_some_and(|act| act.is_onsite) {
            return Some("要由本人在现场办理");
        }
        if act.is_some_and(|act| !act.signatories.is_empty()) {
            return Some("要由各方本人签字");
        }
        let demand = act.map_or(&self.open.demand, |act| &act.demand);
        let mut asked = demand.evidence.iter().filter_map(|asked| self.material(&asked.kind));
        asked.find_map(|material| match material.sort {
            Sort::File => None,
            Sort::Photo => Some("要交本人在现场拍的照片"),
            Sort::Signature => Some("要交本人的手写签名"),
        })
    }

    /// Refuses an act, or the opening, that wants somebody's own hand.
    pub fn must_want_no_hand(&self, act: Option<&Act>) -> Result<(), Problem> {
        let label = act.map_or(&self.open.label, |act| &act.label);
        match self.wants_a_hand(act) {
            None => Ok(()),
            Some(wants) => Err(Problem::OnlyInPerson { act: label.clone(), wants }),
        }
    }

    /// The word for an act, the opening included.
    pub fn act_label<'t>(&'t self, key: &'t str) -> &'t str {
        if key == OPEN { &self.open.label } else { self.act(key).map_or(key, |act| act.label.as_str()) }
    }
}
