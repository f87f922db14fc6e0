//! 抽样框: which units belong to it, that its text depends on nothing but them, and how two of them differ.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use chrono::NaiveDate;
use proptest::prelude::*;
use rust_decimal::Decimal;
use youju_codes::{AreaCode, Usci};
use youju_domain::id::UnitId;
use youju_domain::register::{Fact, Facts, Unit};
use youju_domain::sampling_frame::{Bounds, Comparison, Definition, Difference, Part, line, read_hash, text};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn shop(number: u32, facts: &[(Fact, &str)]) -> Unit {
    let id: UnitId = format!("018f6b3e-7b1a-7c33-9a53-0000{number:08}").parse().unwrap();
    let usci = Usci::with_check(&format!("91330781FAKE{number:05}")).unwrap();
    let own = [
        (Fact::Usci, usci.as_str()),
        (Fact::Name, "虚构商行"),
        (Fact::Area, "330781001001"),
        (Fact::Industry, "5211"),
        (Fact::Employees, "4"),
    ];
    let all = own.iter().chain(facts).fold(Facts::default(), |all, (fact, value)| all.with(*fact, *value));
    Unit::of(id, all, day("2026-01-01")).unwrap()
}

fn definition() -> Definition {
    Definition {
        name: "限下零售".into(),
        purpose: "抽样调查".into(),
        area: AreaCode::parse("330781").unwrap(),
        industries: vec!["52".into()],
        listings: Vec::new(),
        kinds: Vec::new(),
        employees: Bounds { least: None, below: Some(Decimal::from(10)) },
        revenue: Bounds::default(),
        with_unknown: true,
        on: day("2026-04-01"),
    }
}

#[test]
fn who_belongs_to_a_frame() {
    let cases: [(&[(Fact, &str)], bool); 10] = [
        (&[], true),
        (&[(Fact::Industry, "6110")], false),
        (&[(Fact::Area, "330782001001")], false),
        // Surveyed one by one, and never drawn.
        (&[(Fact::Listing, "above")], false),
        (&[(Fact::Listing, "sample")], true),
        (&[(Fact::Status, "closed")], false),
        (&[(Fact::Status, "suspended")], false),
        (&[(Fact::Employees, "10")], false),
        (&[(Fact::Employees, "")], true),
        (&[(Fact::Kind, "household")], true),
    ];
    for (facts, expected) in cases {
        assert_eq!(definition().takes(&shop(1, facts)), expected, "{facts:?}");
    }
    let strict = Definition { with_unknown: false, kinds: vec!["household".into()], ..definition() };
    assert!(!strict.takes(&shop(1, &[(Fact::Kind, "household"), (Fact::Employees, "")])));
    assert!(!strict.takes(&shop(1, &[])));
    assert!(strict.takes(&shop(1, &[(Fact::Kind, "household")])));
}

#[test]
fn a_definition_that_defines_nothing_is_refused() {
    let today = day("2026-04-02");
    let wrong = [
        (Definition { name: " ".into(), ..definition() }, "抽样框名称"),
        (Definition { purpose: String::new(), ..definition() }, "用途"),
        (Definition { on: day("2026-04-03"), ..definition() }, "还没有到"),
        (Definition { industries: vec!["ZZ".into()], ..definition() }, "不是行业代码"),
        (Definition { listings: vec!["above".into()], ..definition() }, "从列表中选择"),
        (Definition { kinds: vec!["castle".into()], ..definition() }, "从列表中选择"),
        (
            Definition { revenue: Bounds { least: Some(Decimal::TEN), below: Some(Decimal::ONE) }, ..definition() },
            "下限应小于上限",
        ),
    ];
    for (one, words) in wrong {
        let says = one.checked(today).unwrap_err().says();
        assert!(says.contains(words), "{says}");
    }
    assert!(definition().checked(today).is_ok());
}

#[test]
fn cells_are_quoted_where_they_must_be_and_fingerprints_are_read_as_people_type_them() {
    assert_eq!(line(["a", "b,c", "d\"e", "f\ng", ""]), "a,\"b,c\",\"d\"\"e\",\"f\ng\",\r\n");
    let hash = "AB ".repeat(32);
    assert_eq!(read_hash(&hash).unwrap(), "ab".repeat(32));
    assert!(["", "xy", &"g".repeat(64), &"a".repeat(63)].iter().all(|text| read_hash(text).is_err()));
}

fn side(units: &BTreeMap<u8, u8>) -> Vec<Result<Part, Infallible>> {
    units.iter().map(|(id, stratum)| Ok((format!("{id:03}"), format!("第{id}号"), format!("s{stratum}")))).collect()
}

proptest! {
    #[test]
    fn the_text_does_not_depend_on_the_order_of_the_rows(
        numbers in prop::collection::btree_set(0u32..5_000, 1..30),
        seed in any::<u64>(),
    ) {
        let mut units: Vec<Unit> = numbers.iter().map(|number| shop(*number, &[])).collect();
        let mut other = units.clone();
        // Any order at all.
        let mut state = seed;
        other.sort_by_cached_key(|_| { state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1); state });
        let told = text(&mut units);
        prop_assert_eq!(&told, &text(&mut other));
        prop_assert_eq!(told.matches("\r\n").count(), numbers.len() + 1);
    }

    #[test]
    fn a_comparison_says_what_the_sets_say(
        before in prop::collection::btree_map(any::<u8>(), 0u8..3, 0..40),
        now in prop::collection::btree_map(any::<u8>(), 0u8..3, 0..40),
    ) {
        let mut told = Vec::new();
        let found = Comparison::of(side(&before), side(&now), |one| told.push(one.clone())).unwrap();
        let (b, n): (BTreeSet<u8>, BTreeSet<u8>) = (before.keys().copied().collect(), now.keys().copied().collect());
        let moved = b.intersection(&n).filter(|id| before[id] != now[id]).count() as u64;
        prop_assert_eq!(found.came, n.difference(&b).count() as u64);
        prop_assert_eq!(found.left, b.difference(&n).count() as u64);
        prop_assert_eq!(found.moved, moved);
        prop_assert_eq!(found.same, b.intersection(&n).count() as u64 - moved);
        prop_assert_eq!(told.len() as u64, found.came + found.left + found.moved);
        let came = told.iter().filter(|one| matches!(one, Difference::Came(_))).count() as u64;
        prop_assert_eq!(came, found.came);
    }
}
