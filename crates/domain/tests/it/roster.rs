//! 部门名单: what a row says, and what follows from pairs and decisions.

use std::collections::BTreeMap;

use proptest::prelude::*;
use youju_domain::id::UnitId;
use youju_domain::roster::{Band, Choice, Column, Coverage, Pair, Sort, Standing, Verdict, answer, judge, settle};

fn row(pairs: &[(Column, &str)]) -> BTreeMap<Column, String> {
    pairs.iter().map(|(column, text)| (*column, (*text).to_owned())).collect()
}

#[test]
fn a_value_under_the_wrong_heading_is_found() {
    const NAME: (Column, &str) = (Column::Name, "兰溪市某某纺织有限公司");
    type Case<'a> = (&'a [(Column, &'a str)], Option<&'a str>);
    let cases: &[Case<'_>] = &[
        (&[NAME, (Column::Address, "浙江省兰溪市丹溪大道1号"), (Column::Opened, "2015-03-02")], None),
        (&[NAME, (Column::Phone, "0579-88886666"), (Column::Standing, "存续")], None),
        (&[NAME, (Column::Code, "91330781MA2L000006")], None),
        // A shop may be called by its street, and an address may lack its number.
        (&[(Column::Name, "兰溪市丹溪大道小吃店"), (Column::Address, "城关")], None),
        (&[(Column::Name, "91330781MA2L000006"), (Column::Address, "浙江省兰溪市丹溪大道1号")], Some("像代码")),
        (&[(Column::Name, "2001-05-06")], Some("像日期")),
        (&[NAME, (Column::Address, "2003年9月30日")], Some("像日期")),
        (&[NAME, (Column::Address, "54(万元)")], Some("像金额")),
        (&[NAME, (Column::Opened, "浙江省兰溪市丹溪大道1号")], Some("像地址")),
        (&[NAME, (Column::Standing, "20010506")], Some("像日期")),
        (&[NAME, (Column::Code, "兰溪市某某纺织有限公司")], Some("错了列")),
        (&[NAME, (Column::Revenue, "存续")], Some("像登记状态")),
        (&[(Column::Code, "91330781MA2L000006")], Some("没有单位名称")),
    ];
    for (values, expected) in cases {
        match (judge(&row(values)), expected) {
            (Ok(_), None) => {}
            (Err(reason), Some(words)) => assert!(reason.contains(words), "{values:?}: {reason}"),
            (judged, expected) => panic!("{values:?}: {judged:?}, not {expected:?}"),
        }
    }
}

#[test]
fn states_are_read_as_departments_write_them() {
    for (text, expected) in [
        ("", Some(Standing::Open)),
        ("存续(在营、开业、在册)", Some(Standing::Open)),
        ("在营（开业）企业", Some(Standing::Open)),
        ("吊销,未注销", Some(Standing::Revoked)),
        ("已注销", Some(Standing::Cancelled)),
        ("迁出", Some(Standing::MovedOut)),
        ("停业", Some(Standing::Suspended)),
        ("正在注销", Some(Standing::Closing)),
        ("丙类", None),
    ] {
        assert_eq!(Standing::read(text), expected, "{text}");
    }
    // What slipped into columns that are not kept is told too.
    let judged = judge(&row(&[(Column::Name, "某厂"), (Column::Capital, "凭相关有效证件经营")])).unwrap();
    assert!(judged.remarks.concat().contains("可能错了列"), "{judged:?}");
    let judged = judge(&row(&[(Column::Name, "某厂"), (Column::Capital, "54(万元)")])).unwrap();
    assert!(!judged.remarks.concat().contains("错了列"), "{judged:?}");
    let judged = judge(&row(&[(Column::Name, "某厂"), (Column::Standing, "丙类")])).unwrap();
    assert!(judged.remarks.concat().contains("“丙类”不认识,按在业处理"), "{judged:?}");
}

fn pair(number: i64, sort: Sort, unit: Option<u128>, row: Option<i64>, band: Band, choice: Option<Choice>) -> Pair {
    let then = match sort {
        Sort::Pair => Verdict::Amend,
        Sort::Row => Verdict::Enrol,
        Sort::Unit => Verdict::Withdraw,
        Sort::Double => Verdict::Double,
    };
    let unit = unit.map(|unit| UnitId::new(uuid::Uuid::from_u128(unit)));
    Pair { number, sort, unit, other: None, row, band, then, choice, verdict: Verdict::Review }
}

/// Two rows and two units with every pair between them, each row and unit by itself, and what people decided.
fn some_pairs() -> impl Strategy<Value = Vec<Pair>> {
    let choice = prop_oneof![Just(None), Just(Some(Choice::Same)), Just(Some(Choice::Different))];
    let band = prop_oneof![Just(Band::Accepted), Just(Band::Review), Just(Band::Taken)];
    prop::collection::vec((band, choice), 4).prop_map(|all| {
        let mut pairs: Vec<Pair> = (1_i64..)
            .zip(all)
            .map(|(number, (band, choice))| {
                let (unit, row) = (u128::try_from((number - 1) % 2 + 1).unwrap(), (number - 1) / 2 + 1);
                pair(number, Sort::Pair, Some(unit), Some(row), band, choice)
            })
            .collect();
        pairs.extend((1..=2).map(|row| pair(4 + row, Sort::Row, None, Some(row), Band::None, None)));
        pairs.extend(
            (1..=2_u8).map(|unit| pair(6 + i64::from(unit), Sort::Unit, Some(unit.into()), None, Band::None, None)),
        );
        pairs
    })
}

proptest! {
    #[test]
    fn nothing_is_to_be_enrolled_and_in_the_register_at_once(pairs in some_pairs(), whole in any::<bool>()) {
        let coverage = if whole { Coverage::Whole } else { Coverage::Part };
        let verdicts: BTreeMap<i64, Verdict> = settle(&pairs, coverage).into_iter().collect();
        for one in &pairs {
            let of = |matches: &dyn Fn(&Pair) -> bool| pairs.iter().filter(|other| other.sort == Sort::Pair && matches(other)).map(Pair::is_one).collect::<Vec<_>>();
            let held = match one.sort {
                Sort::Row => of(&|other| other.row == one.row),
                Sort::Unit => of(&|other| other.unit == one.unit),
                Sort::Pair | Sort::Double => continue,
            };
            let verdict = verdicts[&one.number];
            let alone = held.iter().all(|held| *held == Some(false));
            if one.sort == Sort::Row {
                prop_assert_eq!(verdict == Verdict::Enrol, alone);
            } else {
                prop_assert_eq!(verdict == Verdict::Withdraw, alone && whole);
            }
            prop_assert!(!held.contains(&Some(true)) || verdict == Verdict::Nothing);
        }
        // Settling what is settled changes nothing.
        let settled: Vec<Pair> = pairs.iter().map(|pair| Pair { verdict: verdicts[&pair.number], ..pair.clone() }).collect();
        prop_assert_eq!(settle(&settled, coverage).into_iter().collect::<BTreeMap<_, _>>(), verdicts);
    }

    #[test]
    fn a_row_is_never_accepted_as_two_units(pairs in some_pairs()) {
        for one in pairs.iter().filter(|pair| pair.sort == Sort::Pair) {
            let others = pairs.iter().filter(|other| other.sort == Sort::Pair && other.number != one.number && other.row == one.row);
            let is_taken = others.into_iter().any(|other| other.is_one() == Some(true));
            prop_assert_eq!(answer(&pairs, one.number, Choice::Same).is_err(), is_taken);
            prop_assert!(answer(&pairs, one.number, Choice::Different).is_ok());
        }
    }

    #[test]
    fn any_row_is_judged(texts in prop::collection::vec(".{0,40}", 11)) {
        let values: BTreeMap<Column, String> = Column::ALL.into_iter().zip(texts).collect();
        if let Ok(taken) = judge(&values) {
            prop_assert!(!taken.name.is_empty());
        }
    }
}
