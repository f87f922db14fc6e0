//! Whether a case type can work: every state is reached, whoever owns it can act, every case can end, and everything that is named is there.

use std::collections::BTreeSet;

use super::kind::{Act, CaseType, Demand, Field, OPEN, State, SubjectKind};
use super::party::Who;
use crate::attachment::FILES_MAX;
use crate::organisation;
use crate::register::Listing;

/// Most working days of a deadline: a year of them.
const DEADLINE_DAYS_MAX: u32 = 250;

/// What a flaw is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// The type as a whole.
    Type,
    /// The opening.
    Open,
    /// A state.
    State(String),
    /// An act.
    Act(String),
    /// A field.
    Field(String),
}

/// Flaw 缺陷 of a case type, in Chinese with the way out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flaw {
    /// Where.
    pub at: Spot,
    /// What is wrong and what to do.
    pub says: String,
}

/// Everything that is wrong with a type; `effects` are the names of what can happen. Keys are distinct and labels there: whoever reads
/// the file sees to that.
pub fn flaws(kind: &CaseType, effects: &[&str]) -> Vec<Flaw> {
    let mut found = Vec::new();
    whole(kind, &mut found);
    for state in &kind.states {
        self::state(kind, state, &mut found);
    }
    demand(kind, &kind.open.demand, &Spot::Open, &mut found);
    people(kind, &kind.open.who, &Spot::Open, &mut found);
    for act in &kind.actions {
        self::act(kind, act, effects, &mut found);
    }
    ways(kind, &mut found);
    found.sort();
    found.dedup();
    found
}

pub(super) fn tell(found: &mut Vec<Flaw>, at: &Spot, says: impl Into<String>) {
    found.push(Flaw { at: at.clone(), says: says.into() });
}

fn whole(kind: &CaseType, found: &mut Vec<Flaw>) {
    if kind.version == 0 {
        tell(found, &Spot::Type, "版本(version)应从 1 开始。");
    }
    if kind.readers.is_empty() {
        tell(found, &Spot::Type, "没有写谁可以查看(readers)。请写上。");
    }
    people(kind, &kind.readers, &Spot::Type, found);
    super::sight::flaws(kind, found);
    match &kind.title {
        Some(title) if !kind.open.demand.owes.contains(title) => {
            tell(found, &Spot::Type, format!("标题栏目(title)“{title}”应在提出时必填(open.owes)。"));
        }
        None if kind.subject == SubjectKind::None => {
            tell(found, &Spot::Type, "没有办理对象的事项应写标题栏目(title)。");
        }
        _ => {}
    }
    only(kind, found);
    match kind.state(&kind.open.state) {
        None => tell(found, &Spot::Open, format!("没有状态“{}”。请核对写法。", kind.open.state)),
        Some(state) if state.is_end => tell(found, &Spot::Open, "提出以后不能就是终结状态。请改为待办状态。"),
        Some(_) => {}
    }
    check_list(kind, found);
    paper(kind, found);
    super::weigh::flaws(kind, found);
    super::round::flaws(kind, found);
    for field in &kind.fields {
        self::field(kind, field, found);
    }
}

fn field(kind: &CaseType, field: &Field, found: &mut Vec<Flaw>) {
    let spot = Spot::Field(field.key.clone());
    if (field.kind == super::FieldKind::Choice) != (field.choices.len() >= 2) {
        tell(found, &spot, "选项(choices)只用于 choice 栏目,至少 2 个。");
    }
    let demands = || kind.actions.iter().map(|act| &act.demand).chain([&kind.open.demand]);
    let is_filled =
        |demand: &Demand| [&demand.owes, &demand.asks, &demand.one_of].iter().any(|keys| keys.contains(&field.key));
    if !demands().any(is_filled) {
        tell(found, &spot, "没有哪一步填写这个栏目。请写入某一步的 owes 或 asks,或删去。");
    }
    // What is folded away cannot be asked for: whoever overlooks it would be refused for a field that they do not see.
    if field.is_more && demands().any(|demand| demand.owes.contains(&field.key)) {
        tell(found, &spot, "必填的栏目(owes)不能收起。请删去 more,或改为可填(asks)。");
    }
}

/// A paper tells what was found on the spot at a unit.
fn paper(kind: &CaseType, found: &mut Vec<Flaw>) {
    let is_onsite = kind.subject == SubjectKind::Unit && kind.actions.iter().any(|act| act.is_onsite);
    if kind.paper.is_some() && !is_onsite {
        tell(found, &Spot::Type, "打印的核查表(paper)只用于对单位现场办理(onsite)的事项。");
    }
}

/// A check list is asked somewhere, and whatever is chosen, there is something to answer.
fn check_list(kind: &CaseType, found: &mut Vec<Flaw>) {
    let is_asked = kind.actions.iter().map(|act| &act.demand).chain([&kind.open.demand]).any(|demand| demand.checks);
    match (is_asked, kind.checks.is_empty()) {
        (true, true) => tell(found, &Spot::Type, "有动作要填核查清单(checks),没有写核查项目([[check]])。请写上。"),
        (false, false) => {
            tell(found, &Spot::Type, "写了核查项目([[check]]),没有哪一步填写。请在某个动作中写上 checks = true。");
        }
        _ => {}
    }
    if kind.open.demand.checks {
        tell(found, &Spot::Open, "提出时还没有到现场,不能填核查清单(checks)。请写在动作中。");
    }
    let by = kind.checks_by.as_ref().map(|key| (key, kind.field(key)));
    let choices = match by {
        None => Vec::new(),
        Some((key, Some(field))) if kind.open.demand.owes.contains(key) => field.choices.clone(),
        Some((key, _)) => {
            let says = format!("区分核查项目的栏目(checks_by)“{key}”应是提出时必填的 choice 栏目。");
            return tell(found, &Spot::Type, says);
        }
    };
    for check in &kind.checks {
        if let Some(stranger) = check.only.iter().find(|value| !choices.contains(value)) {
            let says = format!("核查项目“{}”的“{stranger}”(for)不是 checks_by 栏目的选项。请核对写法。", check.key);
            tell(found, &Spot::Type, says);
        }
    }
    let lonely = |choice: &&String| !kind.checks.iter().any(|one| one.only.is_empty() || one.only.contains(choice));
    if let Some(choice) = choices.iter().find(lonely).filter(|_| !kind.checks.is_empty()) {
        tell(found, &Spot::Type, format!("“{choice}”没有核查项目。请写上,或写一项对所有的都适用的。"));
    }
}

/// Sorts of subjects: kinds of organisations, and of units how they are listed.
fn only(kind: &CaseType, found: &mut Vec<Flaw>) {
    for sort in &kind.only {
        match kind.subject {
            SubjectKind::Organisation if organisation::Kind::from_key(sort).is_some() => {}
            SubjectKind::Unit if Listing::from_key(sort).is_some() => {}
            SubjectKind::Unit => {
                let known: Vec<&str> = Listing::ALL.iter().map(|listing| listing.key()).collect();
                tell(found, &Spot::Type, format!("没有纳入情况“{sort}”(only)。可用:{}。", known.join("、")));
            }
            _ => {
                let known = organisation::Kind::ALL.map(organisation::Kind::key).join("、");
                tell(found, &Spot::Type, format!("没有机构类型“{sort}”(only)。只用于机构和单位,机构可用:{known}。"));
            }
        }
    }
}

pub(super) fn people(kind: &CaseType, who: &[Who], at: &Spot, found: &mut Vec<Flaw>) {
    for who in who {
        if matches!(who, Who::Unit(_)) && !kind.subject.has_unit() {
            tell(found, at, format!("办理对象是{},没有“{who}”。", kind.subject.label()));
        }
    }
}

fn state(kind: &CaseType, state: &State, found: &mut Vec<Flaw>) {
    let at = Spot::State(state.key.clone());
    people(kind, &state.owner, &at, found);
    if let Some(days) = state.deadline
        && !(1..=DEADLINE_DAYS_MAX).contains(&days)
    {
        tell(found, &at, format!("期限(deadline)应为 1 到 {DEADLINE_DAYS_MAX} 个工作日,现为 {days}。"));
    }
    match &state.counts_from {
        Some(_) if state.deadline.is_none() => tell(found, &at, "写了起算状态(counts_from),没有写期限(deadline)。"),
        Some(from) if kind.state(from).is_none() => tell(found, &at, format!("没有状态“{from}”。请核对写法。")),
        _ => {}
    }
    if state.is_end {
        if !state.owner.is_empty() || state.deadline.is_some() {
            tell(found, &at, "终结状态没有办理人(owner),也没有期限(deadline)。请删去。");
        }
        if let Some(act) = kind.acts_from(&state.key).next() {
            tell(found, &at, format!("终结状态还能办理“{}”。请从它的 from 中删去。", act.key));
        }
        return;
    }
    if state.owner.is_empty() {
        tell(found, &at, "没有写由谁办理(owner)。请写上。");
    }
    for who in &state.owner {
        if !kind.acts_from(&state.key).any(|act| act.hands().any(|hand| hand == *who)) {
            tell(
                found,
                &at,
                format!("办理人“{who}”在这个状态没有可办的动作。请在某个动作的 who 中写上,或从 owner 中删去。"),
            );
        }
    }
}

fn act(kind: &CaseType, act: &Act, effects: &[&str], found: &mut Vec<Flaw>) {
    let at = Spot::Act(act.key.clone());
    if act.from.is_empty() {
        tell(found, &at, "没有写在哪些状态办理(from)。请写上。");
    }
    for state in act.from.iter().chain(&act.to) {
        if kind.state(state).is_none() {
            tell(found, &at, format!("没有状态“{state}”。请核对写法。"));
        }
    }
    match act.signatories.len() {
        0 if act.who.is_empty() => tell(found, &at, "没有写由谁办理(who)。请写上。"),
        1 => tell(found, &at, "会签至少两方。请再写一个 [[action.party]],或改用 who。"),
        n if n > 1 && !act.who.is_empty() => tell(found, &at, "会签的动作由各方办理,不再写 who。请删去。"),
        _ => {}
    }
    if act.is_onsite && !act.signatories.is_empty() {
        tell(found, &at, "现场办理(onsite)的动作由一个账号发送,不能会签。请让第二人用另一个动作确认(not_by)。");
    }
    if let Some(one) = act.signatories.iter().find(|one| one.who.is_empty()) {
        tell(found, &at, format!("会签方“{}”没有写由谁签(who)。请写上。", one.key));
    }
    people(kind, &act.hands().collect::<Vec<_>>(), &at, found);
    if alone(act).count() > 1 {
        tell(found, &at, "会签有两方都只能由申请人本人签。请改写其中一方。");
    }
    for other in &act.not_by {
        if other != OPEN && kind.act(other).is_none() {
            tell(found, &at, format!("两人原则(not_by)中没有动作“{other}”。请核对写法。"));
        }
        let only = only_applicant(&act.who) || alone(act).next().is_some();
        let did = if other == OPEN { true } else { kind.act(other).is_some_and(|other| only_applicant(&other.who)) };
        if only && did {
            tell(found, &at, format!("“{other}”和这个动作都只能由申请人办理,两人原则(not_by)永远不能满足。"));
        }
    }
    if let Some(stranger) = act.without.iter().find(|key| kind.field(key).is_none()) {
        tell(found, &at, format!("没有栏目“{stranger}”(without)。请核对写法。"));
    }
    for effect in &act.effects {
        if !effects.contains(&effect.as_str()) {
            let known = if effects.is_empty() {
                "现在没有可用的".to_owned()
            } else {
                format!("可用:{}", effects.join("、"))
            };
            tell(found, &at, format!("没有办理结果(effects)“{effect}”。{known}。"));
        }
    }
    demand(kind, &act.demand, &at, found);
}

fn only_applicant(who: &[Who]) -> bool {
    !who.is_empty() && who.iter().all(|who| *who == Who::Applicant)
}

/// Signatories whom nobody but the applicant can be.
fn alone(act: &Act) -> impl Iterator<Item = &super::Signatory> {
    act.signatories.iter().filter(|one| only_applicant(&one.who))
}

fn demand(kind: &CaseType, demand: &Demand, at: &Spot, found: &mut Vec<Flaw>) {
    let mut seen = BTreeSet::new();
    for field in demand.owes.iter().chain(&demand.asks).chain(&demand.one_of) {
        if kind.field(field).is_none() {
            tell(found, at, format!("没有栏目“{field}”。请核对写法,或在 [[field]] 中写上。"));
        }
        if !seen.insert(field) {
            tell(found, at, format!("栏目“{field}”写了两次。请只留一个。"));
        }
    }
    for asked in &demand.evidence {
        if kind.material(&asked.kind).is_none() {
            tell(found, at, format!("没有材料“{}”。请核对写法,或在 [[evidence]] 中写上。", asked.kind));
        }
        if usize::try_from(asked.least).unwrap_or(usize::MAX) > FILES_MAX {
            tell(found, at, format!("材料“{}”最多要 {FILES_MAX} 份,现为 {}。", asked.kind, asked.least));
        }
    }
}

/// Reachability, and a way to an end that the owners themselves can go: nobody waits for somebody whose turn it is not.
fn ways(kind: &CaseType, found: &mut Vec<Flaw>) {
    let mut reached: BTreeSet<&str> = BTreeSet::from([kind.open.state.as_str()]);
    while grow(&mut reached, kind, |reached, from, to, _| reached.contains(from).then_some(to)) {}
    for state in kind.states.iter().filter(|state| !reached.contains(state.key.as_str())) {
        tell(found, &Spot::State(state.key.clone()), "没有动作到达这个状态。请在某个动作的 to 中写上,或删去。");
    }
    let ends = kind.states.iter().filter(|state| state.is_end).map(|state| state.key.as_str());
    let mut ending: BTreeSet<&str> = ends.collect();
    if ending.is_empty() {
        tell(found, &Spot::Type, "没有终结状态。请给一个状态写上 end = true。");
        return;
    }
    let by_owner =
        |from: &str, act: &Act| kind.state(from).is_some_and(|state| act.hands().any(|who| state.owner.contains(&who)));
    while grow(&mut ending, kind, |ending, from, to, act| (ending.contains(to) && by_owner(from, act)).then_some(from))
    {
    }
    for state in kind.states.iter().filter(|state| !ending.contains(state.key.as_str())) {
        let says = "办理人(owner)从这个状态走不到终结。请补上动作,或把能办的人写入 owner。";
        tell(found, &Spot::State(state.key.clone()), says);
    }
}

/// Adds what follows from what is there by one act; true when something was new.
fn grow<'t>(
    set: &mut BTreeSet<&'t str>,
    kind: &'t CaseType,
    follows: impl Fn(&BTreeSet<&'t str>, &'t str, &'t str, &Act) -> Option<&'t str>,
) -> bool {
    let mut new = Vec::new();
    for act in &kind.actions {
        for from in &act.from {
            new.extend(follows(set, from, act.leads_to(from), act));
        }
    }
    let before = set.len();
    set.extend(new);
    set.len() > before
}
