//! `check_hierarchy` over one group.

use super::order::{Chain, Reader};
use super::side::{Cell, Side, holds};
use super::work::{HierarchyTables, Marks, Work};
use super::{CodeId, Group, GroupError, HierarchyProgram, is_always};
use crate::ast::{Mode, Output, RuleInput};
use crate::scalar::Scalar;
use crate::verdict::{Verdict, Why};

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

    /// Checks one group by every rule, in the order of the rules. For many groups use [`HierarchyCheck::group_in`].
    pub fn group(&self, group: Group<'_>) -> Result<Vec<Checked<'a>>, GroupError> {
        self.group_in(&mut HierarchyTables::default(), group)
    }

    /// The same with tables that were used before.
    pub fn group_in(&self, tables: &mut HierarchyTables, group: Group<'_>) -> Result<Vec<Checked<'a>>, GroupError> {
        let HierarchyTables { work, waiting, concerned } = tables;
        work.load(self.program, group)?;
        let reader = Reader { program: self.program, group, mode: self.mode, input: self.input };
        if self.input == RuleInput::DatasetPriority {
            self.chain.run(reader, work, waiting);
        }
        self.find_concerned(work, concerned);
        let mut found = Vec::new();
        let mut next = 0;
        while let Some(at) = concerned.take(next) {
            next = at;
            found.extend(self.checked(at, reader, work));
        }
        Ok(found)
    }

    /// Marks the rules that some point or output touches; the others give nothing.
    fn find_concerned(&self, work: &Work, concerned: &mut Marks) {
        if is_always(self.mode) {
            return (0..self.program.rules.len()).for_each(|at| concerned.insert(at));
        }
        let given = work.given().iter().filter_map(|at| self.program.rules.get(*at)).map(|rule| rule.left);
        for code in work.present().iter().copied().chain(given) {
            self.program.touching(code).iter().for_each(|at| concerned.insert(*at));
        }
    }

    fn checked(&self, at: usize, reader: Reader<'_>, work: &Work) -> Option<Checked<'a>> {
        let rule = self.program.rules.get(at)?;
        let truths = |code| work.truths(code, reader.group);
        if rule.is_identity() || !truths(rule.left).holds(rule.when) {
            return None;
        }
        let cell = |code| reader.cell(at, code, work);
        let parts = rule.right.iter().filter(|item| truths(item.code).holds(item.condition));
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
