//! What is known about the group at hand, in tables that the next group uses again: nothing is cleared or allocated anew,
//! so that a small group costs little under a ruleset with many codes.

use super::side::{Amount, Cell};
use super::{CodeId, Group, GroupError, HierarchyProgram, Point, TruthRow};
use crate::scalar::Scalar;

/// Hierarchy tables 汇总工作表 — what [`HierarchyCheck`](super::HierarchyCheck) and [`HierarchySum`](super::HierarchySum)
/// fill for one group after another. Keep one for each thread; any ruleset may use it.
#[derive(Debug, Clone, Default)]
pub struct HierarchyTables {
    pub(super) work: Work,
    /// Rules of a chain that are still to be computed; empty between groups.
    pub(super) waiting: Marks,
    /// Rules that are still to be checked; empty between groups.
    pub(super) concerned: Marks,
}

/// What is known about one group.
#[derive(Debug, Clone, Default)]
pub(super) struct Work {
    /// The number of the group; entries of earlier groups do not count.
    round: u64,
    /// By code.
    points: Vec<Entry>,
    /// The codes of the points.
    present: Vec<CodeId>,
    /// By rule.
    outputs: Vec<Entry>,
    /// The rules that gave something, in the order of computing.
    given: Vec<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    round: u64,
    cell: Cell,
    /// Of a point: its row in the truths.
    row: usize,
}

impl Work {
    /// Forgets the last group and reads this one.
    pub fn load(&mut self, program: &HierarchyProgram, group: Group<'_>) -> Result<(), GroupError> {
        let conditions = program.condition_count();
        if group.truths.conditions() < conditions || group.absent.conditions() < conditions {
            return Err(GroupError::NoTruths);
        }
        let never = Entry { round: 0, cell: Cell::Missing, row: 0 };
        self.points.resize(self.points.len().max(program.code_count()), never);
        self.outputs.resize(self.outputs.len().max(program.rules.len()), never);
        self.round += 1;
        self.present.clear();
        self.given.clear();
        for point in group.points {
            let Some(entry) = self.points.get_mut(point.code.0) else { continue };
            if entry.round == self.round {
                return Err(GroupError::Repeated { code: program.code_text(point.code).to_owned() });
            }
            *entry = Entry { round: self.round, cell: cell(program, point)?, row: point.row };
            self.present.push(point.code);
        }
        Ok(())
    }

    /// The point of this code in the data.
    pub fn point(&self, code: CodeId) -> Cell {
        self.entry(code).map_or(Cell::Missing, |entry| entry.cell)
    }

    /// The row of the point of this code, if there is one.
    pub fn row(&self, code: CodeId) -> Option<usize> {
        self.entry(code).map(|entry| entry.row)
    }

    /// The conditions at the point of this code, or at the group if it has none.
    pub fn truths<'a>(&self, code: CodeId, group: Group<'a>) -> TruthRow<'a> {
        self.entry(code).map_or(group.absent, |entry| group.truths.row(entry.row))
    }

    pub fn present(&self) -> &[CodeId] {
        &self.present
    }

    /// Notes what a rule gave.
    pub fn give(&mut self, rule: usize, cell: Cell) {
        if let Some(entry) = self.outputs.get_mut(rule) {
            *entry = Entry { round: self.round, cell, row: 0 };
            self.given.push(rule);
        }
    }

    /// What a rule gave, if anything.
    pub fn output(&self, rule: usize) -> Option<Cell> {
        self.outputs.get(rule).filter(|entry| entry.round == self.round).map(|entry| entry.cell)
    }

    pub fn given(&self) -> &[usize] {
        &self.given
    }

    fn entry(&self, code: CodeId) -> Option<&Entry> {
        self.points.get(code.0).filter(|entry| entry.round == self.round)
    }
}

fn cell(program: &HierarchyProgram, point: &Point) -> Result<Cell, GroupError> {
    match (&point.value, point.value.decimal()) {
        (_, Some((digits, scale))) => Ok(Amount::cell(digits, scale)),
        (Scalar::Null, None) => Ok(Cell::Null),
        (other, None) => {
            let code = program.code_text(point.code).to_owned();
            Err(GroupError::NotANumber { code, value: other.to_string() })
        }
    }
}

/// A set of small numbers, taken out in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks(Vec<u64>);

impl Marks {
    pub fn insert(&mut self, number: usize) {
        if self.0.len() <= number / 64 {
            self.0.resize(number / 64 + 1, 0);
        }
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// The smallest number leaves the set. The search begins at `from`: the caller knows that there is none before.
    pub fn take(&mut self, from: usize) -> Option<usize> {
        let (at, word) = self.0.iter_mut().enumerate().skip(from / 64).find(|(_, word)| **word != 0)?;
        let bit = word.trailing_zeros();
        *word &= *word - 1;
        Some(at * 64 + bit as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_out_in_order_and_once_also_those_set_meanwhile() {
        let mut marks = Marks::default();
        for number in [130, 3, 64, 63, 3] {
            marks.insert(number);
        }
        let mut taken = Vec::new();
        while let Some(number) = marks.take(taken.last().copied().unwrap_or(0)) {
            taken.push(number);
            if number == 64 {
                marks.insert(199);
                marks.insert(65);
            }
        }
        assert_eq!(taken, [3, 63, 64, 65, 130, 199]);
        assert_eq!(marks.take(0), None);
    }
}
