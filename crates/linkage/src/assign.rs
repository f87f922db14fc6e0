//! The assignment with the greatest sum (Hungarian method, with potentials; cube of the smaller side).

/// For every row the column that it is given, so that no column is given twice and the sum of gains is greatest. A gain of nothing is no
/// assignment.
pub(crate) fn best(gains: &[Vec<i64>]) -> Vec<Option<usize>> {
    let columns = gains.iter().map(Vec::len).max().unwrap_or(0);
    // As many columns as rows at least: those beyond stand for "nobody".
    let width = columns.max(gains.len());
    let cost = |row: usize, column: usize| -> i64 { -at(gains.get(row).map_or(&[][..], Vec::as_slice), column) };
    let mut work = Work {
        row_height: vec![0; gains.len() + 1],
        column_height: vec![0; width + 1],
        owner: vec![0; width + 1],
        way: vec![0; width + 1],
    };
    for row in 1..=gains.len() {
        work.give(row, width, &cost);
    }
    let mut given = vec![None; gains.len()];
    for (column, row) in work.owner.iter().enumerate().skip(1).filter(|(_, row)| **row > 0) {
        if cost(row - 1, column - 1) < 0 {
            put(&mut given, row - 1, Some(column - 1));
        }
    }
    given
}

/// Rows and columns count from 1; 0 is the free column in which every search begins.
struct Work {
    row_height: Vec<i64>,
    column_height: Vec<i64>,
    owner: Vec<usize>,
    way: Vec<usize>,
}

impl Work {
    fn give(&mut self, row: usize, width: usize, cost: &impl Fn(usize, usize) -> i64) {
        put(&mut self.owner, 0, row);
        let mut least = vec![i64::MAX; width + 1];
        let mut used = vec![false; width + 1];
        let mut here = 0;
        loop {
            put(&mut used, here, true);
            let owner = at(&self.owner, here);
            let (mut step, mut next) = (i64::MAX, 0);
            for column in (1..=width).filter(|column| !used.get(*column).copied().unwrap_or(true)) {
                let now = cost(owner - 1, column - 1) - at(&self.row_height, owner) - at(&self.column_height, column);
                if now < at(&least, column) {
                    put(&mut least, column, now);
                    put(&mut self.way, column, here);
                }
                if at(&least, column) < step {
                    (step, next) = (at(&least, column), column);
                }
            }
            for column in 0..=width {
                if used.get(column).copied().unwrap_or(false) {
                    let owner = at(&self.owner, column);
                    let height = at(&self.row_height, owner) + step;
                    put(&mut self.row_height, owner, height);
                    let height = at(&self.column_height, column) - step;
                    put(&mut self.column_height, column, height);
                } else {
                    let left = at(&least, column).saturating_sub(step);
                    put(&mut least, column, left);
                }
            }
            here = next;
            if at(&self.owner, here) == 0 {
                break;
            }
        }
        while here != 0 {
            let before = at(&self.way, here);
            let owner = at(&self.owner, before);
            put(&mut self.owner, here, owner);
            here = before;
        }
    }
}

fn at<T: Copy + Default>(values: &[T], index: usize) -> T {
    values.get(index).copied().unwrap_or_default()
}

fn put<T>(values: &mut [T], index: usize, value: T) {
    if let Some(slot) = values.get_mut(index) {
        *slot = value;
    }
}

#[cfg(test)]
mod tests {
    use super::best;
    use proptest::prelude::*;

    /// All assignments, one after the other.
    fn by_trying(gains: &[Vec<i64>], row: usize, used: u32) -> i64 {
        let Some(mine) = gains.get(row) else { return 0 };
        let skipped = by_trying(gains, row + 1, used);
        let free = mine.iter().enumerate().filter(|(column, gain)| used & (1 << column) == 0 && **gain > 0);
        free.map(|(column, gain)| gain + by_trying(gains, row + 1, used | 1 << column)).max().unwrap_or(0).max(skipped)
    }

    proptest! {
        #[test]
        fn the_sum_is_the_greatest_there_is(
            gains in (1_usize..6, 1_usize..6).prop_flat_map(|(rows, columns)| {
                prop::collection::vec(prop::collection::vec(0_i64..9, columns), rows)
            })
        ) {
            let given = best(&gains);
            let mut columns: Vec<usize> = given.iter().flatten().copied().collect();
            let count = columns.len();
            columns.sort_unstable();
            columns.dedup();
            prop_assert_eq!(columns.len(), count);
            let sum: i64 = given.iter().zip(&gains).filter_map(|(column, row)| Some(row[(*column)?])).sum();
            prop_assert_eq!(sum, by_trying(&gains, 0, 0));
        }
    }
}
