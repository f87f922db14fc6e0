//! Contradictions 矛盾提示: what a case says in two places, or otherwise than the register or the rules, told before every decision. It
//! forbids nothing; whoever goes on says why.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use youju_codes::{Industry, normalise, parse_number, threshold};

use super::check::{Flaw, Spot, tell};
use super::kind::{CaseType, Field, FieldKind, Reason, SubjectKind};
use super::value::{Values, show};
use crate::problem::Problem;
use crate::register::{Fact, Facts, Form};

/// How a field has to stand to something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Must {
    /// 相同, whatever the blanks and widths of letters.
    Equal,
    /// 不晚于, of days.
    NotAfter,
    /// 不低于, of numbers.
    AtLeast,
    /// 低于, of numbers.
    Below,
    /// 达到纳统标准: an amount in 万元 reaches the threshold of an industry.
    Reach,
}

impl Must {
    /// All of them with their names in files.
    pub const ALL: [(&'static str, Must); 5] = [
        ("equal", Must::Equal),
        ("not_after", Must::NotAfter),
        ("at_least", Must::AtLeast),
        ("below", Must::Below),
        ("reach", Must::Reach),
    ];

    /// Reads the name in files.
    pub fn from_key(key: &str) -> Option<Must> {
        Must::ALL.into_iter().find(|(name, _)| *name == key).map(|(_, must)| must)
    }
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Than {
    /// Another field.
    Field(String),
    /// What the register says of the subject.
    Fact(Fact),
    /// A value.
    Value(String),
}

/// Contradiction 矛盾提示 as it is declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contradiction {
    /// Its key within the type.
    pub key: String,
    /// The field that is looked at.
    pub of: String,
    /// How it has to stand.
    pub must: Must,
    /// To what.
    pub than: Than,
    /// What is said when it does not, without a stop.
    pub says: String,
}

/// One side of a comparison: what it is called, what stands there, and how a page shows it.
struct Side {
    label: String,
    value: String,
    shown: String,
}

fn side(field: &Field, values: &Values) -> Option<Side> {
    let value = values.get(&field.key).filter(|value| !value.is_empty())?.clone();
    Some(Side { label: field.label.clone(), shown: show(field, &value), value })
}

fn other_side(kind: &CaseType, than: &Than, values: &Values, facts: &Facts) -> Option<Side> {
    match than {
        Than::Field(key) => side(kind.field(key)?, values),
        Than::Fact(fact) => {
            let value = facts.get(*fact)?.to_owned();
            Some(Side { label: format!("名录库中的{}", fact.label()), shown: fact.show(&value), value })
        }
        Than::Value(value) => Some(Side { label: String::new(), shown: value.clone(), value: value.clone() }),
    }
}

/// Everything that contradicts in a case with these values, about a subject of which the register says these facts: a sentence each. What
/// is not filled in contradicts nothing.
pub fn contradictions(kind: &CaseType, values: &Values, facts: &Facts) -> Vec<String> {
    let one = |rule: &Contradiction| {
        let left = side(kind.field(&rule.of)?, values)?;
        let right = other_side(kind, &rule.than, values, facts)?;
        match rule.must {
            Must::Reach => reach(&left, &right),
            must if holds(must, &left.value, &right.value) => None,
            _ if right.label.is_empty() => Some(format!("{}:“{}”为 {}。", rule.says, left.label, left.shown)),
            _ => Some(format!("{}:“{}”为 {},“{}”为 {}。", rule.says, left.label, left.shown, right.label, right.shown)),
        }
    };
    kind.contradictions.iter().filter_map(one).collect()
}

/// True when both sides stand as they should; what cannot be compared is told.
fn holds(must: Must, left: &str, right: &str) -> bool {
    let numbers = || Some((parse_number(left).ok()?, parse_number(right).ok()?));
    let compare = |fits: fn(Decimal, Decimal) -> bool| numbers().is_some_and(|(left, right)| fits(left, right));
    match must {
        Must::Equal => compare(|left, right| left == right) || normalise(left) == normalise(right),
        Must::NotAfter => left <= right,
        Must::AtLeast => compare(|left, right| left >= right),
        Must::Below => compare(|left, right| left < right),
        Must::Reach => true,
    }
}

/// A figure below the threshold of its industry, and an industry that has none.
fn reach(figure: &Side, industry: &Side) -> Option<String> {
    let industry = Industry::parse(&industry.value).ok()?;
    let amount = parse_number(&figure.value).ok()?;
    match threshold::of(&industry) {
        None => Some(format!("行业 {} {}没有按规模确定的纳统标准。", industry.code(), industry.name())),
        Some(line) if line.is_reached(amount) == Some(false) => {
            Some(format!("“{}”为 {} 万元,没有达到纳统标准({})。", figure.label, figure.shown, line.say()))
        }
        Some(_) => None,
    }
}

/// The facts of the register that a case says, as the register keeps them.
pub fn facts_of(kind: &CaseType, values: &Values) -> Result<Facts, Problem> {
    let said = kind.fields.iter().filter_map(|field| Some((field.fact?, values.get(&field.key)?.as_str())));
    Facts::read(said.filter(|(_, value)| !value.is_empty()))
}

/// What is wrong with fields that say facts, with materials by choice, and with contradictions.
pub(super) fn flaws(kind: &CaseType, found: &mut Vec<Flaw>) {
    for field in &kind.fields {
        fact(kind, field, found);
    }
    for material in &kind.evidence {
        let says = |what: &str| format!("材料“{}”{what}", material.key);
        match material.by.as_ref().map(|by| kind.field(by).filter(|_| kind.open.demand.owes.contains(by))) {
            None if material.only.is_empty() => {}
            None => tell(found, &Spot::Type, says("写了 for,没有写按哪个栏目(by)。")),
            Some(Some(field)) if field.kind == FieldKind::Choice && !material.only.is_empty() => {
                if let Some(stranger) = material.only.iter().find(|one| !field.choices.contains(one)) {
                    tell(found, &Spot::Type, says(&format!("的“{stranger}”(for)不是栏目“{}”的选项。", field.key)));
                }
            }
            Some(_) => tell(found, &Spot::Type, says("的 by 应是提出时必填的 choice 栏目,并用 for 写上选项。")),
        }
    }
    for rule in &kind.contradictions {
        contradiction(kind, rule, found);
    }
    let acts = kind.actions.iter().map(|act| (Spot::Act(act.key.clone()), &act.demand));
    for (at, demand) in acts.filter(|(_, demand)| demand.weighs) {
        if kind.contradictions.is_empty() {
            tell(found, &at, "有动作要说明矛盾(weighs),没有写矛盾提示([[contradiction]])。请写上。");
        }
        if demand.reason == Reason::No {
            tell(found, &at, "要说明矛盾(weighs)的动作应能写意见(reason)。请写 may 或 must。");
        }
    }
    if kind.open.demand.weighs {
        tell(found, &Spot::Open, "提出时还没有矛盾可以说明(weighs)。请写在动作中。");
    }
    if kind.looks_alike && kind.subject != SubjectKind::Unit {
        tell(found, &Spot::Type, "查重(looks_alike)只用于单位。请删去。");
    }
    if kind.is_single && kind.subject == SubjectKind::None {
        tell(found, &Spot::Type, "没有办理对象的事项不能只办一件(single)。请删去。");
    }
}

fn fact(kind: &CaseType, field: &Field, found: &mut Vec<Flaw>) {
    let Some(fact) = field.fact else { return };
    let at = Spot::Field(field.key.clone());
    if kind.subject != SubjectKind::Unit {
        tell(found, &at, "登记事项(fact)只用于办理对象是单位的事项。");
    }
    let fits = match fact.form() {
        Form::Text | Form::Usci | Form::Area | Form::Industry => field.kind == FieldKind::Text,
        Form::Day => field.kind == FieldKind::Date,
        Form::Number => field.kind == FieldKind::Number,
        Form::Choice(_) => field.kind == FieldKind::Choice && field.choices.iter().all(|one| fact.read(one).is_ok()),
        Form::Unit => false,
    };
    if !fits {
        let says = format!("栏目的类型或选项与登记事项“{}”(fact)对不上。", fact.label());
        tell(found, &at, says);
    }
}

fn contradiction(kind: &CaseType, rule: &Contradiction, found: &mut Vec<Flaw>) {
    let mut says = |what: String| tell(found, &Spot::Type, format!("矛盾提示“{}”{what}", rule.key));
    let wanted = match rule.must {
        Must::NotAfter => Some(FieldKind::Date),
        Must::AtLeast | Must::Below | Must::Reach => Some(FieldKind::Number),
        Must::Equal => None,
    };
    match kind.field(&rule.of) {
        None => says(format!("中没有栏目“{}”。请核对写法。", rule.of)),
        Some(field) if wanted.is_some_and(|wanted| field.kind != wanted) => says("的栏目类型不能这样比较。".to_owned()),
        Some(_) => {}
    }
    match &rule.than {
        Than::Field(key) if kind.field(key).is_none() => says(format!("中没有栏目“{key}”。请核对写法。")),
        Than::Fact(fact) if rule.must == Must::Reach && *fact != Fact::Industry => {
            says("比较纳统标准的,应与行业代码比较。".to_owned());
        }
        Than::Fact(_) if kind.subject != SubjectKind::Unit => says("只有办理对象是单位的才能与名录库比较。".to_owned()),
        Than::Value(value) if rule.must != Must::Equal && parse_number(value).is_err() => {
            says(format!("的“{value}”不是数字。"));
        }
        _ => {}
    }
}
