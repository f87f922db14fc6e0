//! Which account belongs to which: parents, levels, leaves, and codes that occur twice.

use std::collections::HashMap;

use super::columns::Layout;
use super::{Line, Place};
use crate::account_code;
use crate::error::CellError;

/// Sets `level` and `is_leaf`, refuses codes that occur twice, and returns for each line the index of its parent.
pub(super) fn arrange(
    place: &Place<'_>,
    layout: &Layout,
    lines: &mut [Line],
    errors: &mut Vec<CellError>,
) -> Vec<Option<usize>> {
    let mut index_of = HashMap::<String, usize>::new();
    for (index, line) in lines.iter().enumerate() {
        match index_of.get(&line.account).and_then(|first| lines.get(*first)) {
            Some(first) => {
                let column = layout.code;
                let message = format!(
                    "“{}”与第 {} 行的“{}”重复。请合并或改正编码;按部门、往来单位等辅助核算的明细请不要导出。",
                    line.code, first.row, first.code
                );
                errors.push(place.cell(line.row - 1, column, message));
            }
            None => {
                index_of.insert(line.account.clone(), index);
            }
        }
    }
    let parents: Vec<Option<usize>> = lines.iter().map(|line| parent(&line.code, &index_of)).collect();
    for parent in parents.iter().flatten() {
        if let Some(line) = lines.get_mut(*parent) {
            line.is_leaf = false;
        }
    }
    let levels = levels(lines);
    for (line, level) in lines.iter_mut().zip(levels) {
        if line.level == 0 {
            line.level = level;
        }
    }
    parents
}

/// The account with the longest beginning of this code. Where separators are printed they decide, because 1002.1 is not the
/// parent of 1002.10.
fn parent(printed: &str, index_of: &HashMap<String, usize>) -> Option<usize> {
    let code = account_code::parse(printed)?;
    if code.segments.len() > 1 {
        return (1..code.segments.len())
            .rev()
            .find_map(|count| index_of.get(&code.segments.get(..count)?.concat()).copied());
    }
    let account = code.account();
    (3..account.len()).rev().find_map(|length| index_of.get(account.get(..length)?).copied())
}

/// Levels by separators, else by the lengths that occur in the table: 4-7-10 digits are levels 1, 2, 3.
fn levels(lines: &[Line]) -> Vec<usize> {
    const FIRST_LEVEL_DIGITS: usize = 4;
    let mut lengths: Vec<usize> = lines.iter().map(|line| line.account.len()).collect();
    lengths.sort_unstable();
    lengths.dedup();
    // A table of leaves only has no codes of the first level.
    let base = if lengths.first().is_some_and(|shortest| *shortest <= FIRST_LEVEL_DIGITS) { 1 } else { 2 };
    lines
        .iter()
        .map(|line| match account_code::parse(&line.code) {
            Some(code) if code.segments.len() > 1 => code.segments.len(),
            _ => base + lengths.iter().position(|length| *length == line.account.len()).unwrap_or(0),
        })
        .collect()
}
