//! Cutting 划分: which units of a township go into one cell.
//!
//! The rule (兰溪市基层统计网格智治专项改革工作方案, 三(一)1): twenty to thirty enterprises of the same industry are one cell, and where there
//! are few of them a cell may hold several industries. What the rule leaves open is decided here as an optimum, in this order:
//!
//! 1. as few units as possible too many or too few in their cells,
//! 2. as few units as possible in cells of several industries,
//! 3. cells of one industry that reach over as few neighbouring villages as possible,
//! 4. sizes of these cells close to the middle of the rule;
//! 5. then the same two for the cells of several industries, made of what is left.
//!
//! Villages are neighbours when they stand next to each other in the order of their codes, which is how they were numbered.
//!
//! The solver is dynamic programming, and it is exact. A cell of one industry is a run of its units in the order of villages: if two
//! cells overlapped, exchanging units would make neither longer. So an industry is cut by a shortest path over (units seen, units left
//! over), and industries are put together by a knapsack over what they leave. `tests/it/grid.rs` compares with every partition there is.

use std::collections::BTreeMap;

/// How many units a cell should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    min: u32,
    max: u32,
}

impl Size {
    /// From `min` to `max` units; none where that is no size.
    pub fn new(min: u32, max: u32) -> Option<Size> {
        (1 <= min && min <= max && max <= CELL_UNITS_MAX).then_some(Size { min, max })
    }

    /// Fewest units.
    pub fn min(self) -> u32 {
        self.min
    }

    /// Most units.
    pub fn max(self) -> u32 {
        self.max
    }

    /// By how many units a cell is too small or too large.
    pub fn off(self, units: u32) -> u32 {
        units.saturating_sub(self.max) + self.min.saturating_sub(units)
    }

    /// Twice the distance from the middle, squared: whole numbers for odd sizes too.
    fn uneven(self, units: u32) -> u64 {
        u64::from((2 * units).abs_diff(self.min + self.max)).pow(2)
    }

    /// The least by which cells for so many units together must be off.
    pub fn off_at_best(self, units: u32) -> u32 {
        let most = units / self.min + 1;
        let off = |cells: u32| units.saturating_sub(cells * self.max) + (cells * self.min).saturating_sub(units);
        if units == 0 { 0 } else { (1..=most).map(off).min().unwrap_or_default() }
    }
}

/// A larger cell is no cell any more: nobody visits so many units.
const CELL_UNITS_MAX: u32 = 200;

/// A unit, as cutting sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Number of its industry among those that are told apart.
    pub industry: usize,
    /// Place of its village among those of the township, in the order of their codes.
    pub village: u32,
}

/// What is compared, in this order. Smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Cost {
    /// Units too many or too few.
    off: u32,
    /// Units in cells of several industries.
    mixed: u32,
    /// Villages that cells of one industry reach over.
    reach: u64,
    /// Squared distance of their sizes from the middle.
    uneven: u64,
}

impl Cost {
    fn and(self, other: Cost) -> Cost {
        Cost {
            off: self.off + other.off,
            mixed: self.mixed + other.mixed,
            reach: self.reach + other.reach,
            uneven: self.uneven + other.uneven,
        }
    }
}

/// Cells as lists of places in `spots`: every unit stands in one of them. The same units give the same cells.
pub fn cut(spots: &[Spot], size: Size) -> Vec<Vec<usize>> {
    let mut lines: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, spot) in spots.iter().enumerate() {
        lines.entry(spot.industry).or_default().push(place);
    }
    let village = |place: &usize| spots.get(*place).map_or(0, |spot| spot.village);
    let lines: Vec<Line> = lines
        .into_values()
        .map(|mut places| {
            places.sort_by_key(|place| (village(place), *place));
            let villages = places.iter().map(village).collect();
            Line { places, villages }
        })
        .collect();
    let ways: Vec<Ways> = lines.iter().map(|line| Ways::of(line, size)).collect();
    let mut cells = Vec::new();
    let mut left = Vec::new();
    for (line, (way, leaves)) in lines.iter().zip(ways.iter().zip(shares(&ways, size))) {
        let (runs, over) = way.trace(line, leaves);
        cells.extend(runs);
        left.extend(over);
    }
    left.sort_by_key(|place| (village(place), *place));
    let pool = Line { villages: left.iter().map(village).collect(), places: left };
    let (runs, _) = Ways::whole(&pool, size).trace(&pool, 0);
    cells.extend(runs);
    cells
}

/// How many units each industry leaves for cells of several industries.
fn shares(ways: &[Ways], size: Size) -> Vec<usize> {
    // After each industry: by what is left so far, the best cost and what this industry left of it.
    let mut steps: Vec<Vec<Option<(Cost, usize)>>> = Vec::new();
    let mut best: Vec<Option<Cost>> = vec![Some(Cost::default())];
    for way in ways {
        let left_max = (best.len() + way.ends.len()).saturating_sub(1);
        let mut next: Vec<Option<(Cost, usize)>> = vec![None; left_max];
        for (before, cost) in best.iter().enumerate() {
            for (leaves, end) in way.ends.iter().enumerate() {
                let (Some(cost), Some(end)) = (cost, end) else { continue };
                let sum = cost.and(*end);
                if let Some(slot) = next.get_mut(before + leaves)
                    && slot.is_none_or(|(known, _)| sum < known)
                {
                    *slot = Some((sum, leaves));
                }
            }
        }
        best = next.iter().map(|slot| slot.map(|(cost, _)| cost)).collect();
        steps.push(next);
    }
    let pooled = |left: usize, cost: Cost| {
        let mixed = u32::try_from(left).unwrap_or(u32::MAX);
        cost.and(Cost { off: size.off_at_best(mixed), mixed, ..Cost::default() })
    };
    let ends = best.iter().enumerate().filter_map(|(left, cost)| Some((pooled(left, (*cost)?), left)));
    let mut left = ends.min().map_or(0, |(_, left)| left);
    let mut shares: Vec<usize> = Vec::new();
    for step in steps.iter().rev() {
        let leaves = step.get(left).copied().flatten().map_or(0, |(_, leaves)| leaves);
        shares.push(leaves);
        left = left.saturating_sub(leaves);
    }
    shares.reverse();
    shares
}

/// The units of one industry in the order of their villages.
struct Line {
    places: Vec<usize>,
    villages: Vec<u32>,
}

/// The best ways to cut a line, for every number of units that are left over.
struct Ways {
    /// After `seen` units with `left` of them left over: the best cost, and the length of the last run; 0 is a unit left over.
    steps: Vec<Vec<Option<(Cost, usize)>>>,
    /// Cost of the whole line, by what is left over.
    ends: Vec<Option<Cost>>,
}

impl Ways {
    /// Units may be left over.
    fn of(line: &Line, size: Size) -> Ways {
        // Who leaves more than two cells hold can make one of them.
        let left_max = line.places.len().min(2 * size.max as usize);
        Ways::with(line, size, left_max)
    }

    /// Every unit has its cell.
    fn whole(line: &Line, size: Size) -> Ways {
        Ways::with(line, size, 0)
    }

    fn with(line: &Line, size: Size, left_max: usize) -> Ways {
        // Two cells are never more off than one that is larger than both.
        let run_max = 2 * size.max as usize;
        let units = line.places.len();
        let mut steps: Vec<Vec<Option<(Cost, usize)>>> = vec![vec![None; left_max + 1]; units + 1];
        if let Some(first) = steps.first_mut().and_then(|first| first.first_mut()) {
            *first = Some((Cost::default(), 0));
        }
        for seen in 1..=units {
            let (before, after) = steps.split_at_mut(seen);
            let Some(now) = after.first_mut() else { break };
            for (left, slot) in now.iter_mut().enumerate() {
                let mut better = |cost: Cost, run: usize| {
                    if slot.is_none_or(|(known, _)| cost < known) {
                        *slot = Some((cost, run));
                    }
                };
                let at = |seen: usize, left: usize| before.get(seen)?.get(left).copied().flatten();
                for run in 1..=run_max.min(seen) {
                    if let Some((cost, _)) = at(seen - run, left) {
                        better(cost.and(line.run(seen - run, run, size)), run);
                    }
                }
                if let Some((cost, _)) = left.checked_sub(1).and_then(|less| at(seen - 1, less)) {
                    better(cost, 0);
                }
            }
        }
        let ends = steps.last().map(|last| last.iter().map(|slot| slot.map(|(cost, _)| cost)).collect());
        Ways { ends: ends.unwrap_or_default(), steps }
    }

    /// The cells of the best way that leaves so many, and who is left.
    fn trace(&self, line: &Line, leaves: usize) -> (Vec<Vec<usize>>, Vec<usize>) {
        let (mut runs, mut over) = (Vec::new(), Vec::new());
        let (mut seen, mut left) = (line.places.len(), leaves);
        while seen > 0 {
            let Some((_, run)) = self.steps.get(seen).and_then(|step| step.get(left).copied().flatten()) else { break };
            if run == 0 {
                over.extend(line.places.get(seen - 1));
                (seen, left) = (seen - 1, left.saturating_sub(1));
            } else {
                runs.push(line.places.get(seen - run..seen).unwrap_or_default().to_vec());
                seen -= run;
            }
        }
        runs.reverse();
        over.reverse();
        (runs, over)
    }
}

impl Line {
    /// The cost of a cell of `run` units from `first` on.
    fn run(&self, first: usize, run: usize, size: Size) -> Cost {
        let village = |index: usize| self.villages.get(index).copied().unwrap_or_default();
        let units = u32::try_from(run).unwrap_or(u32::MAX);
        Cost {
            off: size.off(units),
            mixed: 0,
            reach: u64::from(village(first + run - 1).saturating_sub(village(first))),
            uneven: size.uneven(units),
        }
    }
}
