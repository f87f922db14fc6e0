//! Why a row fails, in a sentence with the figures in the formula, in Chinese or English.
//!
//! Figures are written in `explain::figure`, formulas in `explain::formula`, the common shapes of rules in `explain::shape`.

mod figure;
mod formula;
mod shape;
mod words;

use crate::ast::{Comparison, Expr, ExprKind};
use crate::column::{Column, EvalError};
use crate::expression::Expression;
use crate::program::{Program, Rule};
use crate::scalar::{Record, Scalar};
use crate::verdict::{Verdict, Why};
use arrow_array::RecordBatch;
pub(crate) use figure::figure;
use shape::comparison;
pub use words::Language;

/// Finds the name of a component for people; without one the component's own name is shown.
pub type Labels<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Explanation 解释 — one rule on one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// One sentence, without a full stop.
    pub sentence: String,
    /// Left side minus right side, if the rule compares two numbers that are known.
    pub difference: Option<Scalar>,
    /// Everything that the rule reads, in the order of the schema.
    pub inputs: Vec<(String, Scalar)>,
}

/// What an explanation looks at: one rule's names, one record, the labels.
pub(crate) struct Scene<'a> {
    program: Option<&'a Program>,
    code: &'a crate::engine::Code,
    record: &'a Record,
    labels: Labels<'a>,
    language: Language,
}

impl Program {
    /// Explains the verdict of a rule on a record.
    pub fn explain_record(
        &self,
        rule: usize,
        record: &Record,
        labels: Labels<'_>,
        language: Language,
    ) -> Result<Explanation, EvalError> {
        let number = rule;
        let rule = self.rules().get(number).ok_or(EvalError::NoRule(number))?;
        let verdicts = self.evaluate_record_rules(record, &[number])?;
        let scene = Scene { program: Some(self), code: &self.code, record, labels, language };
        let sentence = match verdicts.verdict(number, 0) {
            Some(Verdict::Fail) => scene.failure(rule),
            Some(Verdict::Undecided(why)) => scene.undecided(rule, why),
            _ if !verdicts.applies(number, 0) => {
                let when = rule.item.when.as_ref().map(|when| scene.formula(when)).unwrap_or_default();
                scene.say("不适用:{0}不成立", "not applicable: {0} does not hold", &[&when])
            }
            _ => scene.say("符合:{0}", "holds: {0}", &[&scene.formula(&rule.item.then)]),
        };
        let value = |name: &String| (name.clone(), record.get(name).cloned().unwrap_or_default());
        let inputs = rule.inputs.iter().map(value).collect();
        Ok(Explanation { sentence, difference: scene.difference(&rule.item.then), inputs })
    }

    /// Explains the verdict of a rule on a row of a batch.
    pub fn explain(
        &self,
        rule: usize,
        batch: &RecordBatch,
        row: usize,
        labels: Labels<'_>,
        language: Language,
    ) -> Result<Explanation, EvalError> {
        self.explain_record(rule, &self.record(rule, batch, row)?, labels, language)
    }

    /// What a rule reads in one row of a batch.
    fn record(&self, rule: usize, batch: &RecordBatch, row: usize) -> Result<Record, EvalError> {
        let rule = self.rules().get(rule).ok_or(EvalError::NoRule(rule))?;
        if row >= batch.num_rows() {
            return Err(EvalError::NoRow(row));
        }
        let mut record = Record::new();
        for name in &rule.inputs {
            let (Some(array), Some(kind)) = (batch.column_by_name(name), self.code.schema.kind(name)) else { continue };
            record.insert(name.clone(), Column::new(name, kind, array)?.value(row));
        }
        Ok(record)
    }
}

impl Expression {
    /// The expression with labels and figures, as `6001 贷方累计 1,000 + 6051 贷方累计 200`.
    pub fn explain(&self, record: &Record, labels: Labels<'_>, language: Language) -> String {
        let scene = Scene { program: None, code: self.code(), record, labels, language };
        scene.formula(&self.expr)
    }
}

impl Scene<'_> {
    /// The value of a piece of the rule; `None` if it cannot be computed.
    fn value(&self, expr: &Expr) -> Option<Scalar> {
        if let ExprKind::Constant(value) = &expr.kind {
            return Some(value.clone());
        }
        let parameters = self.program.map(|program| program.parameters.as_slice());
        Expression::within(expr, &self.code.schema, parameters).ok()?.value(self.record).ok()
    }

    fn truth(&self, expr: &Expr) -> Option<bool> {
        match self.value(expr) {
            Some(Scalar::Boolean(value)) => Some(value),
            _ => None,
        }
    }

    /// The component that a name in the rule stands for.
    fn component<'n>(&'n self, name: &'n str) -> &'n str {
        let parameters = self.program.map_or(&[][..], |program| program.parameters.as_slice());
        let aliased = parameters.iter().find(|parameter| parameter.alias.as_deref() == Some(name));
        aliased.map_or(name, |parameter| parameter.name.as_str())
    }

    fn label(&self, name: &str) -> String {
        let component = self.component(name);
        (self.labels)(component).unwrap_or_else(|| component.to_owned())
    }

    fn failure(&self, rule: &Rule) -> String {
        let violated = self.violated(&rule.item.then, true);
        match &rule.item.when {
            Some(when) => self.say("因 {0},{1}", "as {0}, {1}", &[&self.condition(when), &violated]),
            None => violated,
        }
    }

    fn undecided(&self, rule: &Rule, why: Why) -> String {
        if why == Why::Arithmetic {
            let core = self.formula(&rule.item.then);
            return self.say(
                "无法检验:{0} 中除数为零,结果超出 38 位数字,或有值不能换算",
                "cannot be tested: {0} divides by zero, exceeds 38 digits or cannot be converted",
                &[&core],
            );
        }
        let missing =
            rule.inputs.iter().filter(|name| self.record.get(*name).is_none_or(|value| *value == Scalar::Null));
        let missing: Vec<String> = missing.map(|name| (self.labels)(name).unwrap_or_else(|| name.clone())).collect();
        if missing.is_empty() {
            self.say("无法检验:规则的结果为空", "cannot be tested: the result is null", &[])
        } else {
            self.say("无法检验:{0}为空", "cannot be tested: {0} is empty", &[&self.listed(&missing)])
        }
    }

    fn difference(&self, rule: &Expr) -> Option<Scalar> {
        let (left, op, right) = comparison(rule)?;
        let (left, right) = match shape::tolerance(left, op, right) {
            Some((inner, _)) => shape::sides(inner),
            None => (left.clone(), right.clone()),
        };
        let value = self.value(&shape::minus(left, right))?;
        value.decimal().map(|_| value)
    }
}

/// The comparison that holds exactly where this one does not.
pub(crate) fn opposite(op: Comparison) -> Comparison {
    match op {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}

/// The same comparison with its sides exchanged.
pub(crate) fn mirrored(op: Comparison) -> Comparison {
    match op {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}
