//! The format of the case files of hierarchies: rules, groups of points, and what every mode makes of them.

use crate::case::{batch, record, schema, section};
use std::fmt::Write;
use youju_vtl::{
    CodeItem, Comparison, Expr, Group, HierarchicalRule, HierarchicalRuleset, HierarchyProgram, HierarchyTables, Mode,
    Parameter, Point, Record, RuleInput, Scalar, Schema, Signature, Span, Truths, parse_expression,
};

const MODES: [(&str, Mode); 6] = [
    ("non_null", Mode::NonNull),
    ("non_zero", Mode::NonZero),
    ("partial_null", Mode::PartialNull),
    ("partial_zero", Mode::PartialZero),
    ("always_null", Mode::AlwaysNull),
    ("always_zero", Mode::AlwaysZero),
];

const INPUTS: [(&str, RuleInput); 4] = [
    ("dataset", RuleInput::Dataset),
    ("dataset_priority", RuleInput::DatasetPriority),
    ("rule", RuleInput::Rule),
    ("rule_priority", RuleInput::RulePriority),
];

pub fn mode(name: &str) -> Mode {
    MODES.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no mode {name}")).1
}

pub fn input(name: &str) -> RuleInput {
    INPUTS.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no input {name}")).1
}

/// The rules of a ruleset whose conditions are the components of the schema.
pub fn ruleset(rules: &str, conditions: &Schema) -> HierarchicalRuleset {
    let parameter = |(name, _): &(String, _)| Parameter { name: name.clone(), alias: None, span: Span::default() };
    HierarchicalRuleset {
        name: "H".into(),
        signature: Signature::Variable,
        conditions: conditions.components().iter().map(parameter).collect(),
        rule: "code".into(),
        rules: rules.split(';').filter(|rule| !rule.trim().is_empty()).map(rule).collect(),
        span: Span::default(),
    }
}

fn rule(text: &str) -> HierarchicalRule {
    let (text, error_level) = text.split_once(" errorlevel ").map_or((text, None), |(text, n)| (text, Some(n)));
    let (text, error_code) = text.split_once(" errorcode ").map_or((text, None), |(text, c)| (text, Some(c)));
    let (name, text) = text.split_once(": ").map_or((None, text), |(name, text)| (Some(name.trim().into()), text));
    let (when, text) = match text.trim().strip_prefix("when ") {
        Some(rest) => rest.split_once(" then ").map(|(when, text)| (Some(expression(when)), text)).unwrap(),
        None => (None, text.trim()),
    };
    let (left, rest) = text.split_once(' ').unwrap();
    let (sign, right) = rest.split_once(' ').unwrap();
    HierarchicalRule {
        name,
        when,
        left: CodeItem { code: left.into(), is_subtracted: false, condition: None, span: Span::default() },
        comparison: match sign {
            "=" => Comparison::Equal,
            "<>" => Comparison::NotEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            other => panic!("no comparison {other}"),
        },
        right: items(right),
        error_code: error_code.map(|code| Scalar::text(code.trim().trim_matches('"'))),
        error_level: error_level.map(|level| Scalar::Integer(level.trim().parse().unwrap())),
        span: Span::default(),
    }
}

/// `B + C [condition] - D`, with blanks around signs and brackets.
fn items(text: &str) -> Vec<CodeItem> {
    let mut items = Vec::new();
    let mut is_subtracted = false;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        rest = after.trim();
        if word == "+" || word == "-" {
            is_subtracted = word == "-";
            continue;
        }
        let condition = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        items.push(CodeItem {
            code: word.into(),
            is_subtracted,
            condition: condition.map(|(condition, _)| expression(condition)),
            span: Span::default(),
        });
        rest = condition.map_or(rest, |(_, after)| after.trim());
    }
    items
}

fn expression(text: &str) -> Expr {
    parse_expression(text).unwrap_or_else(|errors| panic!("{}", errors.render(text)))
}

/// The groups of a case, with the conditions of each.
struct Groups {
    names: Vec<String>,
    points: Vec<Vec<Point>>,
    truths: Truths,
}

impl Groups {
    /// `name | code value, code value … | values of the conditions`; a code that no rule names is left out.
    fn new(program: &HierarchyProgram, schema: &Schema, data: &str) -> Groups {
        let mut groups = Groups { names: Vec::new(), points: Vec::new(), truths: Truths::default() };
        let mut records: Vec<Record> = Vec::new();
        for line in data.lines().filter(|line| !line.trim().is_empty()) {
            let mut cells = line.split('|');
            groups.names.push(cells.next().unwrap().trim().to_owned());
            let row = records.len();
            let point = |text: &str| {
                let (code, value) = text.trim().split_once(' ').unwrap();
                let value = if value == "null" { Scalar::Null } else { Scalar::parse_number(value).expect(value) };
                Some(Point { code: program.code(code)?, value, row })
            };
            let points = cells.next().unwrap().split(',').filter(|text| !text.trim().is_empty());
            groups.points.push(points.filter_map(point).collect());
            records.push(cells.next().map(|cells| record(schema, cells)).unwrap_or_default());
        }
        if program.has_conditions() {
            groups.truths = program.truths(&batch(schema, &records, 0)).unwrap();
        }
        groups
    }

    /// Conditions are over identifiers here: the same at every point of a group and where there is none.
    fn iter(&self) -> impl Iterator<Item = (&String, Group<'_>)> {
        let groups = self.names.iter().zip(&self.points).enumerate();
        groups.map(|(row, (name, points))| (name, Group { points, truths: &self.truths, absent: self.truths.row(row) }))
    }
}

/// Computes what stands in the head of a section: `check MODE INPUT` or `hierarchy MODE INPUT`.
pub fn results(text: &str, head: &str) -> String {
    let conditions = section(text, "conditions").trim();
    let schema = if conditions.is_empty() { Schema::default() } else { schema(conditions) };
    let program = HierarchyProgram::compile(&ruleset(section(text, "rules"), &schema), &schema).unwrap();
    let groups = Groups::new(&program, &schema, section(text, "data"));
    let words: Vec<&str> = head.split(' ').collect();
    let (mode, input) = (mode(words[1]), input(words[2]));
    let mut lines = String::new();
    let mut tables = HierarchyTables::default();
    if words[0] == "check" {
        let check = program.check(mode, input).unwrap_or_else(|errors| panic!("{errors}"));
        for (name, group) in groups.iter() {
            for found in check.group_in(&mut tables, group).unwrap() {
                let truth = found.bool_var().map_or("null".into(), |truth| truth.to_string());
                let rule = &program.rules()[found.rule].name;
                let code = program.code_text(found.code);
                write!(lines, "{name} {rule}: {code} {} {truth} {}", found.value, found.imbalance).unwrap();
                for mark in found.error_code.iter().chain(&found.error_level) {
                    write!(lines, " {mark}").unwrap();
                }
                lines.push('\n');
            }
        }
    } else {
        let sum = program.sum(mode, input).unwrap_or_else(|errors| panic!("{errors}"));
        for (name, group) in groups.iter() {
            for found in sum.group_in(&mut tables, group).unwrap() {
                let value = if found.is_broken { "broken".into() } else { found.value.to_string() };
                writeln!(lines, "{name} {} {value}", program.code_text(found.code)).unwrap();
            }
        }
    }
    lines
}
