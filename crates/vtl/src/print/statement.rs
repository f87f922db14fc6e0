//! Statements: assignments, rulesets, operators, propagation.

use super::list;
use crate::ast::{
    Assignment, BinaryOp, CodeItem, DatapointRuleset, HierarchicalRule, HierarchicalRuleset, OperandKind,
    OperatorParameter, Parameter, RuleItem, ScalarKind, Script, Signature, Statement, TypeName, UserOperator,
    ViralBody, ViralClause, ViralPropagation,
};
use crate::keyword::{is_plain, quoted};
use crate::scalar::Scalar;
use std::fmt::{self, Display, Formatter};

impl Display for Script {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.statements.iter().try_for_each(|statement| writeln!(f, "{statement}"))
    }
}

impl Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Statement::Assign(assignment) => write!(f, "{assignment}"),
            Statement::Datapoint(ruleset) => write!(f, "{ruleset}"),
            Statement::Hierarchical(ruleset) => write!(f, "{ruleset}"),
            Statement::Operator(operator) => write!(f, "{operator}"),
            Statement::Viral(propagation) => write!(f, "{propagation}"),
        }
    }
}

impl Display for Assignment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let sign = if self.is_persistent { "<-" } else { ":=" };
        write!(f, "{} {sign} {};", quoted(&self.name), self.expr)
    }
}

impl Display for Signature {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Signature::Variable => "variable",
            Signature::ValueDomain => "valuedomain",
        })
    }
}

impl Display for DatapointRuleset {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "define datapoint ruleset {} ({}", quoted(&self.name), self.signature)?;
        f.write_str(if self.parameters.is_empty() { "" } else { " " })?;
        list(f, &self.parameters, ", ")?;
        f.write_str(") is\n  ")?;
        list(f, &self.rules, ";\n  ")?;
        f.write_str("\nend datapoint ruleset;")
    }
}

impl Display for Parameter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&quoted(&self.name))?;
        self.alias.iter().try_for_each(|alias| write!(f, " as {}", quoted(alias)))
    }
}

impl Display for RuleItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.name.iter().try_for_each(|name| write!(f, "{}: ", quoted(name)))?;
        self.when.iter().try_for_each(|when| write!(f, "when {when} then "))?;
        write!(f, "{}", self.then)?;
        marks(f, self.error_code.as_ref(), self.error_level.as_ref())
    }
}

fn marks(f: &mut Formatter<'_>, code: Option<&Scalar>, level: Option<&Scalar>) -> fmt::Result {
    code.iter().try_for_each(|code| write!(f, " errorcode {code}"))?;
    level.iter().try_for_each(|level| write!(f, " errorlevel {level}"))
}

impl Display for HierarchicalRuleset {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "define hierarchical ruleset {} ({} ", quoted(&self.name), self.signature)?;
        if !self.conditions.is_empty() {
            f.write_str("condition ")?;
            list(f, &self.conditions, ", ")?;
            f.write_str(" ")?;
        }
        write!(f, "rule {}) is\n  ", quoted(&self.rule))?;
        list(f, &self.rules, ";\n  ")?;
        f.write_str("\nend hierarchical ruleset;")
    }
}

impl Display for HierarchicalRule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.name.iter().try_for_each(|name| write!(f, "{}: ", quoted(name)))?;
        self.when.iter().try_for_each(|when| write!(f, "when {when} then "))?;
        write!(f, "{} {}", code(&self.left.code), BinaryOp::Compare(self.comparison).sign())?;
        for (at, item) in self.right.iter().enumerate() {
            if item.is_subtracted || at > 0 {
                f.write_str(if item.is_subtracted { " -" } else { " +" })?;
            }
            write!(f, " {item}")?;
        }
        marks(f, self.error_code.as_ref(), self.error_level.as_ref())
    }
}

/// Without its sign.
impl Display for CodeItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&code(&self.code))?;
        self.condition.iter().try_for_each(|condition| write!(f, " [{condition}]"))
    }
}

/// Codes that are numbers stand without quotes, as code lists have them.
fn code(code: &str) -> String {
    let is_number = (1..=18).contains(&code.len()) && code.bytes().all(|digit| digit.is_ascii_digit());
    if is_number || is_plain(code) { code.to_owned() } else { quoted(code) }
}

impl Display for UserOperator {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "define operator {} (", quoted(&self.name))?;
        list(f, &self.parameters, ", ")?;
        f.write_str(")")?;
        self.returns.iter().try_for_each(|kind| write!(f, " returns {kind}"))?;
        write!(f, " is\n  {}\nend operator;", self.body)
    }
}

impl Display for OperatorParameter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", quoted(&self.name), self.kind)?;
        self.default.iter().try_for_each(|default| write!(f, " default {default}"))
    }
}

impl Display for OperandKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            OperandKind::Scalar(kind) => write!(f, "{kind}"),
            OperandKind::Dataset(constraint) if constraint.is_empty() => f.write_str("dataset"),
            OperandKind::Dataset(constraint) => write!(f, "dataset {{{constraint}}}"),
            OperandKind::Component(role, kind) => {
                f.write_str(role.map_or("component", |role| role.name()))?;
                kind.iter().try_for_each(|kind| write!(f, "<{kind}>"))
            }
            OperandKind::Other(written) => f.write_str(written),
        }
    }
}

impl Display for ScalarKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let space = if self.constraint.is_empty() { "" } else { " " };
        write!(f, "{}{space}{}", self.name, self.constraint)
    }
}

impl Display for TypeName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            TypeName::Domain(name) => f.write_str(&quoted(name)),
            basic => f.write_str(basic.name()),
        }
    }
}

impl Display for ViralPropagation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (name, target) = (quoted(&self.name), quoted(&self.target));
        write!(f, "define viral propagation {name} ({} {target}) is\n  ", self.signature)?;
        match &self.body {
            ViralBody::Aggregate(function) => write!(f, "aggregate {}", function.name())?,
            ViralBody::Listed(clauses, default) => {
                list(f, clauses, ";\n  ")?;
                default.iter().try_for_each(|default| write!(f, ";\n  else {default}"))?;
            }
        }
        f.write_str("\nend viral propagation;")
    }
}

impl Display for ViralClause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.name.iter().try_for_each(|name| write!(f, "{}: ", quoted(name)))?;
        write!(f, "when {}", self.when)?;
        self.and.iter().try_for_each(|and| write!(f, " and {and}"))?;
        write!(f, " then {}", self.then)
    }
}
