//! The rules of a form as they are written: in VTL, as 审核公式, or partly in each.

use std::collections::BTreeMap;

use youju_codes::Period;
use youju_vtl::formula::{self, Layout, Meta, Rule, Validity};
use youju_vtl::{BinaryOp, DatapointRuleset, Expr, ExprKind, RuleItem, Signature, Span};

use super::error::Log;
use crate::facts::PERIOD_END;
use crate::files::Files;

/// How rules are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    Vtl,
    Formula,
}

/// Part 规则文件 — one file of rules.
pub(super) struct Part<'f> {
    pub path: &'f str,
    pub text: &'f str,
    pub notation: Notation,
    /// As written.
    pub rules: Vec<Rule>,
    /// As evaluated: 有效期 has become a condition.
    pub ruleset: DatapointRuleset,
}

impl Part<'_> {
    /// Notes an error at a piece of the file.
    pub fn error(&self, span: Span, message: impl Into<String>, log: &mut Log) {
        log.at_span(self.path, self.text, youju_vtl::Error { span, message: message.into() });
    }
}

/// The rulesets that a form may have.
pub(super) struct Wanted {
    /// Of the form.
    pub form: String,
    /// Of the rows of its lists, in their order.
    pub lists: Vec<String>,
}

type Rulesets<'f> = BTreeMap<String, Part<'f>>;

/// The rules of a form and of its lists' rows.
pub(super) struct Written<'f> {
    pub form: Vec<Part<'f>>,
    pub rows: Vec<Option<Part<'f>>>,
}

/// Reads both files of a form; one of them must be there. `None` if anything is wrong with either.
pub(super) fn read<'f>(
    files: &'f Files,
    wanted: &Wanted,
    [vtl, formulas]: [&'f str; 2],
    layout: &Layout,
    log: &mut Log,
) -> Option<Written<'f>> {
    if files.get(vtl).is_none() && files.get(formulas).is_none() {
        log.missing(vtl);
        return None;
    }
    let mut rulesets = match files.get(vtl) {
        Some(text) => read_vtl(vtl, text, wanted, log)?,
        None => Rulesets::new(),
    };
    let second = match files.get(formulas) {
        Some(text) => Some(read_formulas(formulas, text, &wanted.form, layout, log)?),
        None => None,
    };
    let form: Vec<Part> = rulesets.remove(&wanted.form).into_iter().chain(second).collect();
    if form.is_empty() && wanted.lists.is_empty() {
        log.at_line(vtl, 1, format!("没有规则集 {}。", wanted.form));
    }
    let rows = wanted.lists.iter().map(|name| rulesets.remove(name)).collect();
    are_names_distinct(&form, log).then_some(Written { form, rows })
}

/// The rulesets of a form's VTL file by their names; those that are neither of the form nor of a list are refused.
fn read_vtl<'f>(path: &'f str, text: &'f str, wanted: &Wanted, log: &mut Log) -> Option<Rulesets<'f>> {
    let script = match youju_vtl::parse(text) {
        Ok(script) => script,
        Err(errors) => {
            errors.0.into_iter().for_each(|error| log.at_span(path, text, error));
            return None;
        }
    };
    let mut found = Rulesets::new();
    for ruleset in script.rulesets() {
        let rules = ruleset.rules.iter().map(|item| Rule { item: item.clone(), meta: Meta::default() }).collect();
        let part = Part { path, text, notation: Notation::Vtl, rules, ruleset: ruleset.clone() };
        let name = ruleset.name.clone();
        if name != wanted.form && !wanted.lists.contains(&name) {
            let known: Vec<&str> = std::iter::once(&wanted.form).chain(&wanted.lists).map(String::as_str).collect();
            part.error(ruleset.span, format!("规则集名称应为 {},现为 {name}。", known.join("、")), log);
        } else if found.insert(name.clone(), part).is_some() {
            log.at_span(path, text, youju_vtl::Error { span: ruleset.span, message: format!("规则集 {name} 重复。") });
        }
    }
    Some(found)
}

fn read_formulas<'f>(path: &'f str, text: &'f str, name: &str, layout: &Layout, log: &mut Log) -> Option<Part<'f>> {
    match formula::parse(text, layout) {
        Ok(rules) => {
            let evaluated: Vec<Rule> = rules.iter().cloned().map(in_force).collect();
            let ruleset = formula::to_vtl(name, &evaluated);
            Some(Part { path, text, notation: Notation::Formula, rules, ruleset })
        }
        Err(errors) => {
            errors.0.into_iter().for_each(|error| log.at_span(path, text, error));
            None
        }
    }
}

/// The rule with its 有效期 as a condition on the last day of the period, so that one engine decides that too.
fn in_force(mut rule: Rule) -> Rule {
    let bounds = rule.meta.validity.as_ref().map(bounds).unwrap_or_default();
    for (op, day) in bounds {
        let text = format!("{PERIOD_END} {op} \"{day}\"");
        let Ok(condition) = youju_vtl::parse_expression(&text) else { continue };
        rule.item.when = Some(match rule.item.when.take() {
            None => condition,
            Some(when) => {
                Expr::new(ExprKind::Binary(BinaryOp::And, Box::new(condition), Box::new(when)), Span::default())
            }
        });
    }
    rule
}

/// The first and the last day: a year or a month counts from its first to its last.
fn bounds(validity: &Validity) -> Vec<(&'static str, String)> {
    let period = |text: &str| Period::parse(text).ok().filter(|_| text.len() < "2024-07-01".len());
    let first = |text: &String| period(text).map_or_else(|| text.clone(), |period| period.first_day().to_string());
    let last = |text: &String| period(text).map_or_else(|| text.clone(), |period| period.last_day().to_string());
    let from = validity.from.as_ref().map(|text| (">=", first(text)));
    from.into_iter().chain(validity.to.as_ref().map(|text| ("<=", last(text)))).collect()
}

/// No name may stand in both files; within one file the reader has seen to it.
fn are_names_distinct(parts: &[Part], log: &mut Log) -> bool {
    let mut seen: BTreeMap<&str, (&str, u32)> = BTreeMap::new();
    let mut distinct = true;
    for part in parts {
        for RuleItem { name, span, .. } in part.rules.iter().map(|rule| &rule.item) {
            let Some(name) = name else { continue };
            let earlier = seen.insert(name, (part.path, span.line));
            if let Some((path, line)) = earlier.filter(|(path, _)| *path != part.path) {
                distinct = false;
                part.error(*span, format!("审核关系 {name} 用了两次({path} 第 {line} 行已有)。请换一个编号。"), log);
            }
        }
    }
    distinct
}

/// All parts as one ruleset.
pub(super) fn join(name: &str, parts: &[Part]) -> DatapointRuleset {
    let mut joined = DatapointRuleset {
        name: name.to_owned(),
        signature: Signature::Variable,
        parameters: Vec::new(),
        rules: Vec::new(),
        span: Span::default(),
    };
    for ruleset in parts.iter().map(|part| part.ruleset.clone()) {
        for parameter in ruleset.parameters {
            if joined.parameters.iter().all(|known| known.alias.as_ref().unwrap_or(&known.name) != &parameter.name) {
                joined.parameters.push(parameter);
            }
        }
        joined.rules.extend(ruleset.rules);
    }
    joined
}
