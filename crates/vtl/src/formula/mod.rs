//! 审核公式: the notation that statisticians write, read into the same tree as VTL and printed from it.
//!
//! One formula a line; `//` and `#` begin a comment. What stands behind `|` is said beside the formula: severity, message,
//! 适用 (units), 有效 (dates), 来源 (source). Full-width signs and `≥ ≤ ≠ × ÷` are read as they are meant.
//!
//! ```text
//! Z7: [327,1] = [323,1] + [325,1] - [326,1] ±2 | 强制性 | 利润总额应等于营业利润加营业外收支净额,差 {差}
//! IF 执行会计准则="1" THEN [301] >= [302] | B
//! [*,5] = [*,1] - [*,4] {1~6,8}
//! [1,2] = [1,1] + [1,2].-1
//! [301,1] >= B204-1[5,1] × 80%
//! ```
//!
//! - `[row,column]`, `[row]` and `[*,column]`: an open row or column makes one rule for every one that exists; `{1~6,8}`
//!   behind the formula narrows the rows (without an open row the columns; a second set the columns).
//! - `B204-1[5,1]` another form, `Z1[82,2]@1` a form of a linked task, `EXIST(B204-1)` whether it has been filled in.
//! - `.-1` the period before, `.-1Y` the same period last year, `.YTD` the sum since January, `.YE` the end of last year; also
//!   `.上期`, `.上年同期`, `.累计`, `.上年末`. The caller gives these values. Without such a report — no history, or in January
//!   no period before it in the year — the value is null and the formula is not testable: neither a pass nor a failure.
//! - `[2,1,'']` the sum over the lines of a list row; `SUM([2~5,1])` of rows. Blank is not zero: `NVL([5,1],0)`.
//! - `= … ±2` allows a difference of 2; `±尾差` half a unit for every figure of a sum. `80%`; `2000万元` in the unit of the
//!   form; `千元(B206-1[105,1])` a cell of another unit. Without it, amounts in 千元 and 万元 are never added or compared.
//! - `IF … THEN …` is a rule that applies only under its condition; with `ELSE` it is a choice, and a condition that is null
//!   chooses `ELSE`, as in VTL. `NOT` binds weaker than a comparison: `NOT [1,1] > 0` denies the whole of it.
//!
//! This module knows no form: [`Layout`] says what exists and which component holds it.
//!
//! ```
//! use youju_vtl::Type;
//! use youju_vtl::formula::{Cell, Form, Layout, Shift, from_vtl, parse, to_vtl};
//!
//! let cell = |row: &str| Cell {
//!     row: row.into(), column: "1".into(), name: format!("c{row}"), kind: Type::Number, unit: None, is_list: false,
//! };
//! let form = Form {
//!     code: "B203".into(), cells: vec![cell("301"), cell("302")], unit: None, filled: None,
//!     shifts: vec![Shift::Periods(1)],
//! };
//! let layout = Layout::new(vec![form], vec![]);
//!
//! let rules = parse("Z8: [301] ≥ [302] | 强制性 | 营业收入应不小于主营业务收入", &layout)?;
//! let ruleset = to_vtl("B203", &rules);
//! let rule = ruleset.rules.first().map(ToString::to_string).unwrap_or_default();
//! assert_eq!(rule, r#"Z8: c301 >= c302 errorcode "营业收入应不小于主营业务收入" errorlevel "A""#);
//! assert_eq!(from_vtl(&ruleset, &layout).0, "Z8: [301,1] >= [302,1] | A | 营业收入应不小于主营业务收入\n");
//! # Ok::<(), youju_vtl::Errors>(())
//! ```

mod expand;
mod function;
mod layout;
mod lexer;
mod message;
mod meta;
mod number;
mod operand;
mod parser;
mod print;
mod reference;
mod tolerance;
mod unit;

use crate::ast::{DatapointRuleset, Expr, ExprKind, Parameter, RuleItem, Signature};
use crate::error::{Errors, Span};
use crate::limits::{NAME_CHARS_MAX, RULES_MAX, SCRIPT_BYTES_MAX};
use crate::program::Program;
use crate::scalar::{Scalar, Type};
use expand::{Place, Wrong};
use lexer::{Kind, Lexer, Token};
use meta::Fields;
use std::collections::{BTreeSet, HashMap, HashSet};

pub use layout::{Attribute, Cell, Form, Layout, Meaning, SUM_ENDING, Shift, Unit};
pub use message::{Message, Part};
pub use meta::{Meta, Severity, Validity};
pub use print::{Unprintable, from_vtl, print};

/// Rule 审核公式 — a rule of the language and what is said beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The rule. Its name is the formula's; `errorcode` is the message, `errorlevel` the letter of the severity.
    pub item: RuleItem,
    /// What VTL has no word for.
    pub meta: Meta,
}

/// Reads formulas, one a line. A formula with wildcards becomes several rules, named after their row and column.
pub fn parse(source: &str, layout: &Layout) -> Result<Vec<Rule>, Errors> {
    let mut errors = Errors::default();
    if source.len() > SCRIPT_BYTES_MAX {
        let place = Span { line: 1, column: 1, start: 0, end: 0 };
        errors.push(place, format!("公式有 {} 字节,最多 {SCRIPT_BYTES_MAX} 字节。请分成几个文件。", source.len()));
        return Err(errors);
    }
    let mut rules: Vec<Rule> = Vec::new();
    let mut start = 0;
    for (number, line) in (1..).zip(source.split('\n')) {
        let raw: Vec<char> = line.chars().collect();
        let mut lexer = Lexer::new(&raw, number, start, layout, &mut errors);
        // Inside a text it would be kept, and could not be written on one line again.
        if let Some(at) = line.trim_end_matches('\r').chars().position(|c| c == '\r') {
            let span = lexer.span(at, at + 1);
            lexer.errors.push(span, "一行的中间有回车符,请删去,或者另起一行。");
        } else {
            rules.extend(formula(&mut lexer));
        }
        if rules.len() > RULES_MAX {
            let place = Span { line: number, column: 1, start: 0, end: 0 };
            errors.push(place, format!("展开后的公式超过 {RULES_MAX} 条,请分成几个文件。"));
            return Err(errors);
        }
        start += raw.len() + 1;
    }
    let mut names = HashMap::new();
    for item in rules.iter().map(|rule| &rule.item) {
        if let Some(name) = &item.name
            && let Some(Span { line, .. }) = names.insert(name.as_str(), item.span)
        {
            errors.push(item.span, format!("有两条公式叫“{name}”(另一条在第 {line} 行),请改名。"));
        }
    }
    errors.or(rules)
}

/// The rules as a ruleset of standard VTL. Rules without a name are numbered; without a message the name is the `errorcode`.
pub fn to_vtl(name: &str, rules: &[Rule]) -> DatapointRuleset {
    let mut used = BTreeSet::new();
    for item in rules.iter().map(|rule| &rule.item) {
        item.when.iter().chain([&item.then]).for_each(|expr| names(expr, &mut used));
    }
    let parameter = |name: String| Parameter { name, alias: None, span: Span::default() };
    let taken: HashSet<&str> = rules.iter().filter_map(|rule| rule.item.name.as_deref()).collect();
    let named = (1..).zip(rules).map(|(number, rule)| {
        let mut name = rule.item.name.clone().unwrap_or_else(|| format!("F{number}"));
        while rule.item.name.is_none() && taken.contains(name.as_str()) {
            name.push('_');
        }
        let error_code = rule.item.error_code.clone().or_else(|| Some(Scalar::Text(name.clone())));
        RuleItem { name: Some(name), error_code, ..rule.item.clone() }
    });
    DatapointRuleset {
        name: name.to_owned(),
        signature: Signature::Variable,
        parameters: used.into_iter().map(parameter).collect(),
        rules: named.collect(),
        span: Span::default(),
    }
}

/// The rules of one line; none if something in it was reported or there is no formula.
fn formula(lexer: &mut Lexer<'_>) -> Vec<Rule> {
    let before = lexer.errors.0.len();
    lexer.skip_blank();
    let from = lexer.at;
    let id = lexer.id();
    let mut tokens = lexer.tokens();
    let fields = meta::fields(lexer);
    if let Some((id, span)) = id.as_ref().filter(|(id, _)| !is_id(id)) {
        let advice = if id.is_empty() {
            "冒号前应写公式的名称。"
        } else {
            "公式的名称只能有汉字、字母、数字、点、横线和下划线。"
        };
        lexer.errors.push(*span, advice);
    }
    let nothing = tokens.len() == 1;
    if nothing && id.is_none() && fields.meta == Meta::default() && fields.message.is_none() {
        return Vec::new();
    }
    function::mark_sums(&mut tokens);
    if lexer.errors.0.len() > before || tokens.iter().any(|token| token.kind == Kind::Wrong) {
        return Vec::new();
    }
    let last = tokens.iter().rev().find(|token| token.kind != Kind::End).map(|token| token.span);
    let start = lexer.span(from, from);
    let span = start.to(last.unwrap_or(start));
    let id = id.map(|(id, _)| id);
    match rules(&tokens, lexer, id.as_deref(), &fields, span) {
        Ok(rules) => rules,
        Err(Some((span, message))) => {
            lexer.errors.push(span, message);
            Vec::new()
        }
        Err(None) => Vec::new(),
    }
}

/// One rule for every place of the wildcards; `None` if the mistake has been reported.
fn rules(
    tokens: &[Token],
    lexer: &mut Lexer<'_>,
    id: Option<&str>,
    fields: &Fields,
    span: Span,
) -> Result<Vec<Rule>, Option<Wrong>> {
    let layout = lexer.layout;
    let mut rules = Vec::new();
    let places = expand::places(tokens, layout)?;
    // Most rows and columns hold the same types; each combination is checked once.
    let mut sound = HashSet::new();
    for place in &places {
        let rule = rule(tokens, lexer, id, fields, place, span)?;
        if sound.insert(types(&rule.item, layout)) && !has_sound_types(&rule.item, place, lexer) {
            return Err(None);
        }
        rules.push(rule);
        if rules.len() > RULES_MAX {
            break;
        }
    }
    Ok(rules)
}

fn rule(
    tokens: &[Token],
    lexer: &Lexer<'_>,
    id: Option<&str>,
    fields: &Fields,
    place: &Place,
    span: Span,
) -> Result<Rule, Wrong> {
    let layout = lexer.layout;
    let core = parser::core(tokens, layout, place)?;
    if !core.when.iter().chain([&core.then]).any(is_open) {
        return Err((span, format!("{NOTHING_ASKED},请删去。")));
    }
    let message = fields.message.as_ref().map(|written| message::resolve(written, layout, place)).transpose()?;
    let item = RuleItem {
        name: id.map(|id| format!("{id}{}", place.suffix)),
        when: core.when,
        then: core.then,
        error_code: message.as_ref().map(|message| Scalar::Text(message.template(layout))),
        error_level: fields.meta.severity.map(|severity| Scalar::text(severity.letter())),
        span,
    };
    Ok(Rule { item, meta: Meta { message, tolerance: core.tolerance, ..fields.meta.clone() } })
}

/// What messages about VTL say, and how it reads in a formula.
const WORDS: [(&str, &str); 6] = [
    ("规则“F”:", ""),
    ("not 只管紧跟其后的一项,若要否定整个比较请写 not (…);not 后", "NOT 后"),
    ("规则应为布尔值", "公式应是比较或条件"),
    ("when 后的条件", "IF 后的条件"),
    ("if 后的条件", "IF 后的条件"),
    ("花括号里的", "INLIST 里的"),
];

/// The types of everything that a rule names, in the order of the formula.
fn types(item: &RuleItem, layout: &Layout) -> Vec<Option<Type>> {
    let mut named = Vec::new();
    item.when.iter().chain([&item.then]).for_each(|expr| each_name(expr, &mut |name| named.push(layout.kind(name))));
    named
}

/// Types are checked as in VTL; mistakes are reported at their place in the formula.
fn has_sound_types(item: &RuleItem, place: &Place, lexer: &mut Lexer<'_>) -> bool {
    let rule = Rule { item: RuleItem { name: Some("F".to_owned()), ..item.clone() }, meta: Meta::default() };
    let ruleset = to_vtl("F", std::slice::from_ref(&rule));
    let schema = lexer.layout.schema(ruleset.parameters.iter().map(|parameter| parameter.name.as_str()));
    let Err(errors) = Program::compile(&ruleset, &schema) else { return true };
    for error in errors.0 {
        let message = WORDS.iter().fold(error.message, |message, (vtl, formula)| message.replacen(vtl, formula, 1));
        lexer.errors.push(error.span, format!("{}{message}", place.told()));
    }
    false
}

/// A message that a formula can say, as `errorcode` holds it.
fn message_of(text: &str, layout: &Layout) -> Result<Message, String> {
    let message = Message::parse(text, layout).map_err(|message| message.trim_end_matches('。').to_owned())?;
    let plain = !text.is_empty() && text.trim() == text && !text.contains(['|', '｜']);
    if !plain || message.template(layout) != text {
        return Err("提示语是空的,或首尾有空格,或含有竖线,或其中单元格的写法不同".to_owned());
    }
    Ok(message)
}

const NOTHING_ASKED: &str = "公式里没有单元格或属性,没有什么可审核";

/// Does it name a component?
fn is_open(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Name(_)) || expr.kind.children().into_iter().any(is_open)
}

/// May a formula be called so?
fn is_id(name: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    (1..=NAME_CHARS_MAX).contains(&name.chars().count()) && name.chars().all(fits)
}

/// Every component that an expression names.
fn names(expr: &Expr, into: &mut BTreeSet<String>) {
    each_name(expr, &mut |name| {
        into.insert(name.to_owned());
    });
}

fn each_name(expr: &Expr, take: &mut dyn FnMut(&str)) {
    if let ExprKind::Name(name) = &expr.kind {
        take(name);
    }
    expr.kind.children().into_iter().for_each(|child| each_name(child, take));
}
