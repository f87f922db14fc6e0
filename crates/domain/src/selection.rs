//! Selective review 选择性审核: which reports to look at first, because their figures weigh most on the totals.
//!
//! A figure is compared with the one that the unit's own past lets expect: the previous period, or else the same period last year,
//! moved along with the other units (the median of their ratios). The effect of a report is its largest deviation from that, as a
//! share of the total of the figure: score s = |y − ŷ| / T, the maximum over the headline figures (de Waal, Pannekoek, Scholtus,
//! *Handbook of Statistical Data Editing and Imputation*, 2011, chapter 6; all weights are 1 where every unit reports).

use rust_decimal::Decimal;

/// The remaining deviations of the reports that need no look may move a total by this share at most.
pub const REMAINDER_MAX: Decimal = Decimal::from_parts(1, 0, 0, false, 2);
/// With fewer units there is no trend to speak of; then the past itself is expected.
const TREND_UNITS_MIN: usize = 5;
/// Decimals of a share.
const SHARE_DECIMALS: u32 = 6;

/// One headline figure of a report, with the unit's own past.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figure {
    /// As it was handed in.
    pub now: Option<Decimal>,
    /// Of the previous period.
    pub previous: Option<Decimal>,
    /// Of the same period last year.
    pub last_year: Option<Decimal>,
}

/// Where an expectation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The previous period, moved along with the others.
    Previous,
    /// The same period last year, moved along with the others.
    LastYear,
    /// The unit has no past: all of the figure is unexpected.
    None,
}

/// How far a figure lies from what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deviation {
    /// Which of the headline figures, from 0.
    pub figure: usize,
    /// The figure; zero where it is blank.
    pub now: Decimal,
    /// What was expected.
    pub expected: Decimal,
    /// Why.
    pub basis: Basis,
    /// |now − expected| as a share of the total.
    pub effect: Decimal,
}

/// A report in the order in which it should be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    /// Place of the report in what was given.
    pub place: usize,
    /// Its largest deviation; none where no figure can be weighed.
    pub most: Option<Deviation>,
    /// True from the report on behind which all together move no total by more than [`REMAINDER_MAX`].
    pub is_small: bool,
}

/// How much of a figure's change is common to all units.
struct Trend {
    previous: Decimal,
    last_year: Decimal,
    total: Decimal,
}

/// Orders reports, each with the same headline figures, by their effect on the totals, the largest first.
pub fn rank(reports: &[Vec<Figure>]) -> Vec<Ranked> {
    let figures = reports.iter().map(Vec::len).max().unwrap_or_default();
    let trends: Vec<Trend> = (0..figures).map(|figure| trend(reports, figure)).collect();
    let deviations: Vec<Vec<Deviation>> = reports
        .iter()
        .map(|report| {
            trends.iter().zip(report).enumerate().filter_map(|(at, (trend, one))| deviation(at, *one, trend)).collect()
        })
        .collect();
    let mut ranked: Vec<Ranked> = deviations
        .iter()
        .enumerate()
        .map(|(place, all)| {
            // Of equal ones the first counts, so that the order is the same every time.
            let most = all.iter().copied().reduce(|most, one| if one.effect > most.effect { one } else { most });
            Ranked { place, most, is_small: false }
        })
        .collect();
    ranked.sort_by_key(|one| (std::cmp::Reverse(one.effect()), one.place));
    mark_small(&mut ranked, &deviations, &trends);
    ranked
}

impl Ranked {
    /// Its largest share of a total.
    pub fn effect(&self) -> Decimal {
        self.most.map_or(Decimal::ZERO, |most| most.effect)
    }
}

/// From the end, as long as the signed deviations that have not been looked at move no total too far. A single one that would
/// is looked at, even if another one makes up for it.
fn mark_small(ranked: &mut [Ranked], deviations: &[Vec<Deviation>], trends: &[Trend]) {
    let mut rest = vec![Decimal::ZERO; trends.len()];
    let mut first = ranked.len();
    for (at, one) in ranked.iter().enumerate().rev() {
        if one.effect() > REMAINDER_MAX {
            break;
        }
        for deviation in deviations.get(one.place).into_iter().flatten() {
            if let Some(sum) = rest.get_mut(deviation.figure) {
                *sum = sum.saturating_add(deviation.now.saturating_sub(deviation.expected));
            }
        }
        if rest.iter().zip(trends).all(|(sum, trend)| sum.abs() <= REMAINDER_MAX.saturating_mul(trend.total)) {
            first = at;
        }
    }
    for one in ranked.iter_mut().skip(first) {
        one.is_small = true;
    }
}

fn trend(reports: &[Vec<Figure>], figure: usize) -> Trend {
    let all = || reports.iter().filter_map(|report| report.get(figure));
    let ratio = |past: fn(&Figure) -> Option<Decimal>| {
        let ratios = all().filter_map(|one| {
            let (now, past) = (one.now?, past(one)?);
            (past > Decimal::ZERO && now > Decimal::ZERO).then(|| now.checked_div(past)).flatten()
        });
        median(ratios.collect()).unwrap_or(Decimal::ONE)
    };
    Trend {
        previous: ratio(|one| one.previous),
        last_year: ratio(|one| one.last_year),
        total: all().filter_map(|one| one.now).fold(Decimal::ZERO, |sum, now| sum.saturating_add(now.abs())),
    }
}

fn median(mut values: Vec<Decimal>) -> Option<Decimal> {
    if values.len() < TREND_UNITS_MIN {
        return None;
    }
    values.sort_unstable();
    let middle = values.len() / 2;
    let upper = values.get(middle).copied()?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = values.get(middle.checked_sub(1)?).copied()?;
    Some(lower.saturating_add(upper) / Decimal::TWO)
}

fn deviation(figure: usize, one: Figure, trend: &Trend) -> Option<Deviation> {
    if trend.total.is_zero() {
        return None;
    }
    let (past, basis) = match (one.previous, one.last_year) {
        (Some(previous), _) => (previous.saturating_mul(trend.previous), Basis::Previous),
        (None, Some(last_year)) => (last_year.saturating_mul(trend.last_year), Basis::LastYear),
        (None, None) => (Decimal::ZERO, Basis::None),
    };
    let (now, expected) = (one.now.unwrap_or_default(), past.round());
    // A figure of 28 digits is a mistake that must stand first, not stop the list.
    let far = now.saturating_sub(expected).abs();
    let effect = far.checked_div(trend.total).unwrap_or(Decimal::MAX).round_dp(SHARE_DECIMALS);
    Some(Deviation { figure, now, expected, basis, effect })
}
