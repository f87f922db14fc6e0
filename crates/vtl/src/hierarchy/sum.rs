//! `hierarchy` over one group.

use super::order::Chain;
use super::side::Cell;
use super::{CodeId, Group, GroupError, HierarchyProgram, Table};
use crate::ast::{Mode, RuleInput};
use crate::scalar::Scalar;
use std::collections::BTreeMap;

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

    /// Computes one group; the points come in the order in which the ruleset first defines their codes.
    pub fn group(&self, group: Group<'_>) -> Result<Vec<Computed>, GroupError> {
        let table = Table::new(self.program, group)?;
        let outputs = self.chain.run(self.program, &table, self.mode, self.input);
        let mut totals: BTreeMap<Option<usize>, (CodeId, Cell)> = BTreeMap::new();
        for (at, cell) in outputs {
            let Some(rule) = self.program.rules.get(at) else { continue };
            let first = self.program.defining(rule.left).first().copied();
            totals.entry(first).and_modify(|(_, total)| *total = total.plus(cell)).or_insert((rule.left, cell));
        }
        let point =
            |(code, cell): (CodeId, Cell)| Computed { code, value: cell.scalar(), is_broken: cell == Cell::Broken };
        Ok(totals.into_values().map(point).collect())
    }
}
