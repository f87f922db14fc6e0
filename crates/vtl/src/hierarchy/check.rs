//! `check_hierarchy` over one group.

use super::order::{Chain, Outputs, source};
use super::side::{Cell, Side, holds};
use super::{CodeId, Group, GroupError, HierarchyProgram, Table, is_always};
use crate::ast::{Mode, Output, RuleInput};
use crate::scalar::Scalar;
use crate::verdict::{Verdict, Why};
use std::collections::BTreeSet;

/// Hierarchy check 汇总关系审核 — compares each code with what it should be.
#[derive(Debug, Clone)]
pub struct HierarchyCheck<'a> {
    program: &'a HierarchyProgram,
    chain: Chain,
    mode: Mode,
    input: RuleInput,
}

/// What one rule found in one group.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked<'a> {
    /// The number of the rule.
    pub rule: usize,
    /// The code on the left.
    pub code: CodeId,
    /// The value on the left that was compared, also one that the mode or another rule filled in.
    pub value: Scalar,
    /// Whether the relation holds.
    pub verdict: Verdict,
    /// Left minus right; null if one of them is null, or if it has more than 38 digits.
    pub imbalance: Scalar,
    /// The constant after `errorcode`, if the rule failed.
    pub error_code: Option<&'a Scalar>,
    /// The constant after `errorlevel`, if the rule failed.
    pub error_level: Option<&'a Scalar>,
}

impl Checked<'_> {
    /// `bool_var`: null where the relation cannot be tested.
    pub fn bool_var(&self) -> Option<bool> {
        match self.verdict {
            Verdict::Pass => Some(true),
            Verdict::Fail => Some(false),
            Verdict::Undecided(_) => None,
        }
    }

    /// Does it belong to this output?
    pub fn is_shown(&self, output: Output) -> bool {
        output != Output::Invalid || self.verdict == Verdict::Fail
    }
}

impl<'a> HierarchyCheck<'a> {
    pub(super) fn new(program: &'a HierarchyProgram, chain: Chain, mode: Mode, input: RuleInput) -> HierarchyCheck<'a> {
        HierarchyCheck { program, chain, mode, input }
    }

    /// Checks one group by every rule, in the order of the rules.
    pub fn group(&self, group: Group<'_>) -> Result<Vec<Checked<'a>>, GroupError> {
        let table = Table::new(self.program, group)?;
        let outputs = match self.input {
            RuleInput::DatasetPriority => self.chain.run(self.program, &table, self.mode, self.input),
            _ => Outputs::new(),
        };
        Ok(self.concerned(&table, &outputs).into_iter().filter_map(|at| self.checked(at, &table, &outputs)).collect())
    }

    /// The rules that some point or output touches; the others give nothing.
    fn concerned(&self, table: &Table<'_>, outputs: &Outputs) -> BTreeSet<usize> {
        if is_always(self.mode) {
            return (0..self.program.rules.len()).collect();
        }
        let given = outputs.keys().filter_map(|at| self.program.rules.get(*at)).map(|rule| rule.left);
        let codes = table.cells.keys().copied().chain(given);
        codes.flat_map(|code| self.program.touching(code)).copied().collect()
    }

    fn checked(&self, at: usize, table: &Table<'_>, outputs: &Outputs) -> Option<Checked<'a>> {
        let rule = self.program.rules.get(at)?;
        if rule.is_identity() || !table.truths(rule.left).holds(rule.when) {
            return None;
        }
        let cell = |code| source(self.program, at, code, table, self.input, outputs);
        let parts = rule.right.iter().filter(|item| table.truths(item.code).holds(item.condition));
        let side = Side::new(parts.map(|item| (cell(item.code), item.is_subtracted)), self.mode);
        let left = cell(rule.left);
        if !side.is_checked(left, self.mode) {
            return None;
        }
        let left = left.filled(self.mode);
        let imbalance = left.plus(side.total.negated());
        let verdict = match imbalance {
            Cell::Known(difference) if holds(rule.comparison, difference) => Verdict::Pass,
            Cell::Known(_) => Verdict::Fail,
            Cell::Broken => Verdict::Undecided(Why::Arithmetic),
            Cell::Missing | Cell::Null => Verdict::Undecided(Why::Null),
        };
        let marks = |mark: &'a Option<Scalar>| mark.as_ref().filter(|_| verdict == Verdict::Fail);
        Some(Checked {
            rule: at,
            code: rule.left,
            value: left.scalar(),
            verdict,
            imbalance: imbalance.scalar(),
            error_code: marks(&rule.error_code),
            error_level: marks(&rule.error_level),
        })
    }
}
