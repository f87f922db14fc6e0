//! Case 事项 — whatever is applied for, checked and signed: its type is data (fields, states, acts, who acts, what is owed, until when), its
//! story is its steps, and everything else about it follows from them. [`open`] and [`take`] decide; nothing here reads a clock or a table.

mod act;
mod check;
mod kind;
mod onsite;
mod party;
mod round;
mod sight;
mod value;
mod weigh;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use youju_codes::AreaCode;
use youju_codes::workday::working_days_after;

use crate::Instant;
use crate::access::Role;
use crate::id::{CaseId, PersonId, UnitId};

pub use act::{Command, Moment, New, Offer, REASON_CHARS, STEPS_AT_REST_MAX, Taken, offers, open, take};
pub use check::{Flaw, Spot, flaws};
pub use kind::{
    Act, CaseType, Check, Demand, EvidenceKind, Field, FieldKind, Least, OPEN, Opening, Reason, Signatory, Sort, State,
    SubjectKind,
};
pub use onsite::{ANSWERS, Device, Inside, NO_PLACE_CHARS_MIN, Point, Shot, clock_remarks, photo_facts, photo_remarks};
pub use party::{Height, Opener, Party, Place, Reach, WHO_WORDS, Who};
pub use round::{InRound, Round, rounds};
pub use sight::Telling;
pub use value::{LONG_TEXT_CHARS_MAX, TEXT_CHARS_MAX, Values, read as read_value, show as show_value};
pub use weigh::{Contradiction, Must, Than, contradictions, facts_of};

/// Subject 办理对象 of a case, as it was when the case was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its id; the code of an area; empty where there is none.
    pub id: String,
    /// Of which sort, where there are several: the kind of an organisation.
    pub sort: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub area: AreaCode,
    /// The unit that it is or belongs to, if it does.
    pub unit: Option<UnitId>,
}

/// A file of a step, kept by its fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Material {
    /// Its kind within the type.
    pub kind: String,
    /// Name of the file.
    pub name: String,
    /// SHA-256, hexadecimal.
    pub hash: String,
    /// Bytes.
    pub size: u64,
    /// What the device said when it was taken, of a photograph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shot: Option<Shot>,
    /// What its file says, of a photograph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<Inside>,
}

/// Step 办理步骤 — what somebody did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Key of the act; [`OPEN`] for the first.
    pub act: String,
    /// As which signatory, where it was counter-signed.
    pub signed_as: Option<String>,
    /// The state after it.
    pub to: String,
    /// Who.
    pub by: PersonId,
    /// Name at that time.
    pub name: String,
    /// Role at that time.
    pub role: Role,
    /// When.
    pub at: Instant,
    /// The day, from which terms are counted.
    pub on: NaiveDate,
    /// In words.
    pub reason: String,
    /// What was filled in or changed.
    pub values: Values,
    /// What was added.
    pub materials: Vec<Material>,
    /// The key that the device gave its sending: what comes twice is one step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending: Option<String>,
    /// The clock of the device, where it was done on the spot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
}

/// Case 事项.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Fingerprint of its type as it was when the case was opened.
    pub type_hash: String,
    /// What it is about.
    pub subject: Subject,
    /// Who opened it.
    pub opener: Opener,
    /// What was done, the opening first.
    pub steps: Vec<Step>,
    /// Changes at every step.
    pub revision: i64,
}

impl Case {
    /// Key of the state that it is in.
    pub fn state(&self) -> &str {
        self.steps.last().map_or("", |step| step.to.as_str())
    }

    /// The last step.
    pub fn last(&self) -> Option<&Step> {
        self.steps.last()
    }

    /// What stands in the fields.
    pub fn values(&self) -> Values {
        let mut values = Values::new();
        for step in &self.steps {
            values.extend(step.values.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        values.retain(|_, value| !value.is_empty());
        values
    }

    /// Every material, in the order in which they came.
    pub fn materials(&self) -> impl Iterator<Item = &Material> {
        self.steps.iter().flat_map(|step| &step.materials)
    }

    /// What it is called.
    pub fn title(&self, kind: &CaseType) -> String {
        let named = kind.title.as_ref().and_then(|field| self.values().remove(field));
        named.unwrap_or_else(|| self.subject.name.clone())
    }

    /// Where the parties of the case follow from.
    pub fn place(&self) -> Place<'_> {
        Place { area: &self.subject.area, unit: self.subject.unit, opener: &self.opener }
    }

    /// The step with which it came into a state the last time.
    fn entered(&self, state: &str) -> Option<&Step> {
        let before = |index: usize| index.checked_sub(1).and_then(|before| self.steps.get(before));
        let came = self
            .steps
            .iter()
            .enumerate()
            .rev()
            .find(|(index, step)| step.to == state && before(*index).is_none_or(|before| before.to != state));
        came.map(|(_, step)| step)
    }

    /// The last day on which its state is in time; none where there is no term.
    pub fn due_on(&self, kind: &CaseType) -> Option<NaiveDate> {
        let state = kind.state(self.state())?;
        let days = state.deadline?;
        let counted = state.counts_from.as_deref().and_then(|from| self.entered(from));
        let since = counted.or_else(|| self.entered(&state.key))?;
        Some(working_days_after(since.on, days))
    }

    /// The signatures that an act has in the present state.
    fn signatures<'c>(&'c self, act: &'c Act) -> impl Iterator<Item = &'c Step> {
        let here = self.steps.iter().rev().take_while(|step| step.to == self.state());
        here.filter(move |step| step.act == act.key && step.signed_as.is_some())
    }

    /// True when somebody signed an act the last time that it was done.
    fn has_signed(&self, act: &str, person: PersonId) -> bool {
        let done = self.steps.iter().rposition(|step| step.act == act && step.signed_as.is_some());
        let signed = self.steps.iter().take(done.map_or(0, |done| done + 1)).rev();
        signed.take_while(|step| step.act == act).any(|step| step.by == person)
    }

    /// The signatories of an act who have not signed yet.
    pub fn unsigned<'t>(&self, act: &'t Act) -> Vec<&'t Signatory> {
        let signed = |one: &&Signatory| self.signatures(act).all(|step| step.signed_as.as_deref() != Some(&one.key));
        act.signatories.iter().filter(signed).collect()
    }

    /// Why somebody may not do an act although they are among those who may: two acts need two people, and so do two signatures.
    /// Whose proposal was sent back may decide on the next one, which is somebody else's: the last doer counts.
    pub fn bar(&self, kind: &CaseType, act: &Act, person: PersonId) -> Option<String> {
        let last = |key: &String| self.steps.iter().rev().find(|step| step.act == *key && step.signed_as.is_none());
        let did = |key: &String| last(key).is_some_and(|step| step.by == person) || self.has_signed(key, person);
        if let Some(done) = act.not_by.iter().find(|key| did(key)) {
            let (done, label) = (kind.act_label(done), &act.label);
            return Some(format!("“{done}”是您本人办理的,“{label}”应由另一位人员办理。"));
        }
        if let Some(field) = self.filled_against(kind, act) {
            return Some(format!("填写了“{field}”的,不能由这一步办结,请办理其他动作。"));
        }
        let signed = self.signatures(act).any(|step| step.by == person);
        signed.then(|| format!("您已经签过“{}”,其余应由另外的人员签。", act.label))
    }

    /// The field that stands against an act: it is for cases that say nothing there.
    fn filled_against<'t>(&self, kind: &'t CaseType, act: &Act) -> Option<&'t str> {
        let values = if act.without.is_empty() { return None } else { self.values() };
        let filled = act.without.iter().find(|key| values.contains_key(*key))?;
        kind.field(filled).map(|field| field.label.as_str())
    }

    /// Who of an act may still take part, as the type says it.
    fn open_hands(&self, act: &Act) -> Vec<Who> {
        let unsigned = self.unsigned(act);
        act.who.iter().chain(unsigned.into_iter().flat_map(|one| &one.who)).copied().collect()
    }

    /// Whose turn it is: the owners of the state who can still do something.
    pub fn turn(&self, kind: &CaseType) -> Vec<Who> {
        let Some(state) = kind.state(self.state()) else { return Vec::new() };
        let open: Vec<Who> = kind.acts_from(&state.key).flat_map(|act| self.open_hands(act)).collect();
        state.owner.iter().filter(|who| open.contains(who)).copied().collect()
    }

    /// The parties whose turn it is.
    pub fn turn_parties(&self, kind: &CaseType) -> Vec<Party> {
        distinct(self.turn(kind).into_iter().flat_map(|who| who.parties(&self.place())).collect())
    }

    /// People for whom, although it is their party's turn, every act of it is for somebody else.
    pub fn barred(&self, kind: &CaseType) -> Vec<PersonId> {
        let turn = self.turn(kind);
        let acts: Vec<&Act> = kind
            .acts_from(self.state())
            .filter(|act| self.open_hands(act).iter().any(|who| turn.contains(who)))
            .collect();
        let is_barred = |person: &PersonId| acts.iter().all(|act| self.bar(kind, act, *person).is_some());
        let mut people: Vec<PersonId> = self.steps.iter().map(|step| step.by).filter(is_barred).collect();
        people.sort_unstable();
        people.dedup();
        if acts.is_empty() { Vec::new() } else { people }
    }

    /// Who may look at it and who may do something in it now.
    pub fn reach(&self, kind: &CaseType) -> Reach {
        let place = self.place();
        let parties = |who: &[Who]| distinct(who.iter().flat_map(|who| who.parties(&place)).collect());
        let hands: Vec<Who> = kind.acts_from(self.state()).flat_map(Act::hands).collect();
        let readers = [kind.readers.as_slice(), &[Who::Applicant]].concat();
        let told: Vec<Who> = self.tellings(kind).flat_map(|one| one.who.iter().copied()).collect();
        Reach { area: self.subject.area, readers: parties(&readers), told: parties(&told), hands: parties(&hands) }
    }
}

fn distinct(mut parties: Vec<Party>) -> Vec<Party> {
    parties.sort_unstable();
    parties.dedup();
    parties
}
