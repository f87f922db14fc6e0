//! `hierarchy` over one group.

use super::order::{Chain, Reader};
use super::side::Cell;
use super::work::{HierarchyTables, Work};
use super::{CodeId, Group, GroupError, HierarchyProgram};
use crate::ast::{Mode, RuleInput};
use crate::scalar::Scalar;
use std::collections::BTreeSet;

/// Hierarchy sum 逐级汇总 — computes the codes that the rules define.
#[derive(Debug, Clone)]
pub struct HierarchySum<'a> {
    program: &'a HierarchyProgram,
    chain: Chain,
    mode: Mode,
    input: RuleInput,
}

/// One computed point. With the output `all` it takes the place of the point of the operand with the same code.
#[derive(Debug, Clone, PartialEq)]
pub struct Computed {
    /// Its code.
    pub code: CodeId,
    /// Its value, or null.
    pub value: Scalar,
    /// Null only because the sum has more than 38 digits.
    pub is_broken: bool,
}

impl<'a> HierarchySum<'a> {
    pub(super) fn new(program: &'a HierarchyProgram, chain: Chain, mode: Mode, input: RuleInput) -> HierarchySum<'a> {
        HierarchySum { program, chain, mode, input }
    }

    /// Computes one group; the points come in the order in which the ruleset first defines their codes. For many groups
    /// use [`HierarchySum::group_in`].
    pub fn group(&self, group: Group<'_>) -> Result<Vec<Computed>, GroupError> {
        self.group_in(&mut HierarchyTables::default(), group)
    }

    /// The same with tables that were used before.
    pub fn group_in(&self, tables: &mut HierarchyTables, group: Group<'_>) -> Result<Vec<Computed>, GroupError> {
        let HierarchyTables { work, waiting, .. } = tables;
        work.load(self.program, group)?;
        self.chain.run(self.reader(group), work, waiting);
        let mut rules = work.given().to_vec();
        rules.sort_unstable();
        Ok(rules.into_iter().filter_map(|at| self.total(at, work)).collect())
    }

    /// The rows of the points that went into a computed code, also through other rules. The tables must still be those of
    /// this group: ask before the next one is computed.
    pub fn sources(&self, tables: &HierarchyTables, group: Group<'_>, code: CodeId) -> BTreeSet<usize> {
        self.reader(group).sources(code, &tables.work)
    }

    fn reader<'b>(&'b self, group: Group<'b>) -> Reader<'b> {
        Reader { program: self.program, group, mode: self.mode, input: self.input }
    }

    /// What all rules for the code of this rule gave; `None` if an earlier one has told it.
    fn total(&self, at: usize, work: &Work) -> Option<Computed> {
        let code = self.program.rules.get(at)?.left;
        let mut given = self.program.defining(code).iter().filter(|rule| work.output(**rule).is_some());
        if given.next() != Some(&at) {
            return None;
        }
        let first = work.output(at)?;
        let total = given.filter_map(|rule| work.output(*rule)).fold(first, Cell::plus);
        Some(Computed { code, value: total.scalar(), is_broken: total == Cell::Broken })
    }
}
