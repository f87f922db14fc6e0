//! Cutting, held against every partition there is.

use proptest::collection::vec;
use proptest::prelude::*;
use youju_codes::{AreaCode, Industry, Usci, area};
use youju_domain::grid::cut::{Size, Spot, cut};
use youju_domain::grid::{Branch, Kind, Rule, Standing};
use youju_domain::register::{AccountingStandard, Facts, Listing, Unit, beginning};

use crate::make::id;

/// What the module promises to make small, recomputed from the cells alone.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    off: u32,
    mixed: u32,
    reach: u64,
    uneven: u64,
}

fn cost(spots: &[Spot], size: Size, cells: &[Vec<usize>]) -> Cost {
    let mut cost = Cost { off: 0, mixed: 0, reach: 0, uneven: 0 };
    for cell in cells {
        let units = u32::try_from(cell.len()).unwrap();
        cost.off += size.off(units);
        if cell.iter().any(|place| spots[*place].industry != spots[cell[0]].industry) {
            cost.mixed += units;
            continue;
        }
        let villages = cell.iter().map(|place| spots[*place].village);
        cost.reach += u64::from(villages.clone().max().unwrap() - villages.min().unwrap());
        cost.uneven += u64::from((2 * units).abs_diff(size.min() + size.max())).pow(2);
    }
    cost
}

/// The smallest cost over all ways to put the units into cells.
fn best_of_all(spots: &[Spot], size: Size) -> Cost {
    fn place(spots: &[Spot], size: Size, next: usize, cells: &mut Vec<Vec<usize>>, best: &mut Option<Cost>) {
        if next == spots.len() {
            let found = cost(spots, size, cells);
            if best.as_ref().is_none_or(|known| found < *known) {
                *best = Some(found);
            }
            return;
        }
        for index in 0..cells.len() {
            cells[index].push(next);
            place(spots, size, next + 1, cells, best);
            cells[index].pop();
        }
        cells.push(vec![next]);
        place(spots, size, next + 1, cells, best);
        cells.pop();
    }
    let mut best = None;
    place(spots, size, 0, &mut Vec::new(), &mut best);
    best.unwrap()
}

fn spots(industries: usize, units: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Spot>> {
    let spot = (0..industries, 0_u32..12).prop_map(|(industry, village)| Spot { industry, village });
    vec(spot, units)
}

fn everyone_once(cells: &[Vec<usize>], units: usize) {
    let mut placed: Vec<usize> = cells.concat();
    placed.sort_unstable();
    assert_eq!(placed, (0..units).collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_partition_is_better_than_the_cut(spots in spots(3, 0..9), min in 1_u32..4, more in 0_u32..2) {
        let size = Size::new(min, min + more).unwrap();
        let cells = cut(&spots, size);
        everyone_once(&cells, spots.len());
        prop_assert_eq!(cost(&spots, size, &cells), best_of_all(&spots, size));
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_township_is_cut_within_the_rule_whenever_the_number_of_its_units_allows(spots in spots(5, 40..240)) {
        let size = Size::new(20, 30).unwrap();
        let cells = cut(&spots, size);
        everyone_once(&cells, spots.len());
        // From forty on every number is a sum of twenties to thirties.
        prop_assert_eq!(cost(&spots, size, &cells).off, 0);
    }
}

/// Industry and number of its units, all in one village; sizes of the cells, by industries.
fn sizes(units: &[(usize, usize)]) -> Vec<(usize, Vec<usize>)> {
    let spots: Vec<Spot> =
        units.iter().flat_map(|(industry, number)| vec![Spot { industry: *industry, village: 0 }; *number]).collect();
    let told = |cell: Vec<usize>| {
        let mut industries: Vec<usize> = cell.iter().map(|place| spots[*place].industry).collect();
        industries.dedup();
        industries.sort_unstable();
        industries.dedup();
        (cell.len(), industries)
    };
    let mut told: Vec<_> = cut(&spots, Size::new(20, 30).unwrap()).into_iter().map(told).collect();
    told.sort();
    told
}

/// Industries with the number of their units, and the cells that they should make: size and industries.
type Township<'a> = (&'a [(usize, usize)], &'a [(usize, &'a [usize])]);

#[test]
fn few_units_stay_together_and_few_industries_are_mixed() {
    let cases: [Township; 7] = [
        (&[(0, 12)], &[(12, &[0])]),
        (&[(0, 25), (1, 24)], &[(24, &[1]), (25, &[0])]),
        // Twelve shops are too few for a cell: they go with eight factories or more, and the other factories keep theirs.
        (&[(0, 33), (1, 12)], &[(20, &[0, 1]), (25, &[0])]),
        (&[(0, 8), (1, 8), (2, 8)], &[(24, &[0, 1, 2])]),
        // Thirty-five are too many for one cell and too few for two.
        (&[(0, 35)], &[(35, &[0])]),
        (&[(0, 50)], &[(25, &[0]), (25, &[0])]),
        (&[(0, 35), (1, 5)], &[(20, &[0]), (20, &[0, 1])]),
    ];
    for (units, wanted) in cases {
        let wanted: Vec<(usize, Vec<usize>)> = wanted.iter().map(|(size, of)| (*size, of.to_vec())).collect();
        assert_eq!(sizes(units), wanted, "{units:?}");
    }
}

#[test]
fn neighbouring_villages_are_kept_together() {
    // Forty-eight factories in four villages, told in no order.
    let spots: Vec<Spot> = (0..48).map(|place| Spot { industry: 0, village: [7, 2, 30, 31][place % 4] }).collect();
    let mut cells: Vec<Vec<u32>> = cut(&spots, Size::new(20, 30).unwrap())
        .iter()
        .map(|cell| {
            let mut villages: Vec<u32> = cell.iter().map(|place| spots[*place].village).collect();
            villages.sort_unstable();
            villages.dedup();
            villages
        })
        .collect();
    cells.sort();
    assert_eq!(cells, [vec![2, 7], vec![30, 31]]);
}

/// 兰溪市 as the notice orders it.
fn lanxi() -> Rule {
    let branch = |key: &str, industries: &[&str], is_flat| Branch {
        key: key.into(),
        name: key.into(),
        industries: industries.iter().map(ToString::to_string).collect(),
        is_flat,
    };
    Rule {
        word: "网格".into(),
        size: Size::new(20, 30).unwrap(),
        branches: vec![
            branch("工业", &["B", "C", "D"], false),
            branch("服务业", &["F", "G", "H", "I", "L", "M"], false),
            branch("建筑业", &["E"], true),
        ],
        no_agriculture: Vec::new(),
        tiers: Vec::new(),
    }
}

#[test]
fn ten_thousand_units_of_a_city_have_their_cells() {
    let villages: Vec<AreaCode> = area::children(&AreaCode::parse("330781").unwrap())
        .iter()
        .flat_map(|township| area::children(&township.code))
        .map(|village| village.code)
        .collect();
    let industries = ["1411", "1711", "3311", "5123", "5211", "6110", "7291", "4710", "2631", "6513"];
    let units: Vec<Unit> = (0..10_000)
        .map(|number| Unit {
            id: id(number),
            usci: Usci::with_check(&format!("91330781FAKE{number:05}")).unwrap(),
            name: format!("虚构第{number:05}号"),
            area: villages[(number as usize * 7_919) % villages.len()],
            industry: Industry::parse(industries[number as usize % industries.len()]).unwrap(),
            standard: Some(AccountingStandard::Enterprise),
            listing: Listing::Above,
            may_explain: false,
            details: Facts::default(),
            changed_on: beginning(),
            revision: 0,
        })
        .collect();
    let rule = lanxi();
    let (drafts, without) = rule.cut(&AreaCode::parse("330781").unwrap(), &units, &villages);
    let mut placed: Vec<_> = drafts.iter().flat_map(|draft| draft.units.iter().copied()).chain(without).collect();
    placed.sort_unstable();
    assert_eq!(placed, units.iter().map(|unit| unit.id).collect::<Vec<_>>(), "everybody once");
    let of = |kind: Kind| drafts.iter().filter(move |draft| draft.kind == kind);
    assert!(of(Kind::Units).all(|draft| rule.standing(draft.kind, draft.units.len()) == Standing::Within));
    assert_eq!((of(Kind::Flat).count(), of(Kind::Agriculture).count()), (1, 16));
    assert_eq!(of(Kind::Agriculture).map(|draft| draft.villages.len()).sum::<usize>(), villages.len());
    // 9,000 units of two branches in cells of one industry each, or nearly so.
    assert!((300..=450).contains(&of(Kind::Units).count()), "{}", of(Kind::Units).count());
}
