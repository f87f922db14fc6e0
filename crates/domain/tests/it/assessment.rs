//! 数据质量评估: what rules give on sums, and the laws of an assessment over random acts by everybody.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;
use youju_codes::{AreaCode, Period};
use youju_domain::access::{Actor, Role};
use youju_domain::assessment::{
    Assessed, Assessment, Assessor, Bound, Compare, Fit, Measured, Names, Overall, Rule, Said, Snapshot, Stage,
    Standing, Sum, Sums, Verdict, area_of, assessed_by, level_of, measure,
};
use youju_domain::report::Level;
use youju_domain::total::TotalCell;

use crate::make::{actor, area, at, id};

fn rule(compare: Compare, low: i64, high: i64) -> Rule {
    let bound = Bound { low: Some(low.into()), high: Some(high.into()) };
    Rule { id: "r".into(), name: "营业收入与用电".into(), compare, bound }
}

/// A sum over three units: this period, and last year's where it is known.
fn sum(this: i64, last_year: Option<i64>) -> Sum {
    let cell = TotalCell {
        this: Some(this.into()),
        comparable: last_year.map(|_| this.into()),
        last_year: last_year.map(Decimal::from),
    };
    Sum { units: 3, cell }
}

fn names() -> Names {
    let unit = "千元".to_owned();
    Names { figure: ("营业收入".into(), unit.clone()), other: ("205-1 电力".into(), unit) }
}

#[test]
fn every_comparison_gives_its_figure_or_says_what_is_missing() {
    let none = Sums::default();
    let both = |figure, other| Sums { figure, other, ..none };
    let whole = |figure, whole| Sums { figure, whole, ..none };
    let cases: Vec<(Compare, Sums, Result<&str, &str>, Fit)> = vec![
        (Compare::Agree, both(Some(sum(98, None)), Some(sum(100, None))), Ok("-2.00"), Fit::Within),
        (Compare::Agree, both(Some(sum(1, None)), Some(sum(3, None))), Ok("-66.67"), Fit::Outside),
        (Compare::Agree, both(Some(sum(0, None)), Some(sum(0, None))), Ok("0.00"), Fit::Within),
        (Compare::Agree, both(Some(sum(5, None)), Some(sum(0, None))), Err("205-1 电力为零,算不出比例"), Fit::Missing),
        (Compare::Agree, both(None, Some(sum(5, None))), Err("营业收入:没有已验收的报表"), Fit::Missing),
        (Compare::Agree, both(Some(sum(5, None)), None), Err("205-1 电力:没有已验收的报表"), Fit::Missing),
        (Compare::Agree, none, Err("营业收入:没有已验收的报表;205-1 电力:没有已验收的报表"), Fit::Missing),
        (Compare::Ratio, both(Some(sum(1, None)), Some(sum(3, None))), Ok("0.3333"), Fit::Within),
        (Compare::Ratio, both(Some(sum(60, None)), Some(sum(3, None))), Ok("20.0000"), Fit::Outside),
        (
            Compare::Ratio,
            both(Some(sum(5, None)), Some(sum(0, None))),
            Err("205-1 电力不为正,比值没有意义"),
            Fit::Missing,
        ),
        (
            Compare::Ratio,
            both(Some(sum(5, None)), Some(sum(-3, None))),
            Err("205-1 电力不为正,比值没有意义"),
            Fit::Missing,
        ),
        (Compare::Growth, both(Some(sum(1_125, Some(1_000))), Some(sum(1_100, Some(1_000)))), Ok("2.5"), Fit::Within),
        (Compare::Growth, both(Some(sum(1_125, Some(1_000))), Some(sum(900, Some(1_000)))), Ok("22.5"), Fit::Outside),
        (
            Compare::Growth,
            both(Some(sum(1_125, Some(1_000))), Some(sum(900, None))),
            Err("205-1 电力:没有可比的上年同期数,或上年同期合计不为正"),
            Fit::Missing,
        ),
        (Compare::WithWhole, whole(Some(sum(110, Some(100))), Some(sum(330, Some(300)))), Ok("0.0"), Fit::Within),
        (
            Compare::WithWhole,
            whole(Some(sum(110, Some(100))), None),
            Err("上级地区营业收入:没有已验收的报表"),
            Fit::Missing,
        ),
        (Compare::Share, whole(Some(sum(30, Some(20))), Some(sum(100, Some(100)))), Ok("10.00"), Fit::Within),
        (Compare::Share, whole(Some(sum(40, Some(20))), Some(sum(100, Some(100)))), Ok("20.00"), Fit::Outside),
        (
            Compare::Share,
            whole(Some(sum(40, None)), Some(sum(100, None))),
            Err("营业收入:没有可比的两年数据,或上级地区合计不为正"),
            Fit::Missing,
        ),
        (
            Compare::WithBefore,
            Sums { figure: Some(sum(120, Some(100))), before: Some(sum(105, Some(100))), ..none },
            Ok("15.0"),
            Fit::Outside,
        ),
        (
            Compare::WithBefore,
            whole(Some(sum(120, Some(100))), None),
            Err("上期营业收入:没有已验收的报表"),
            Fit::Missing,
        ),
    ];
    for (compare, sums, expected, fit) in cases {
        let measured = measure(&rule(compare, -12, 12), &names(), &sums);
        let told = measured.value.map(|value| value.to_string()).ok_or(measured.missing.clone().unwrap_or_default());
        assert_eq!(told.as_deref().map_err(String::as_str), expected, "{compare:?} {sums:?}");
        assert_eq!(measured.fit(), fit, "{compare:?} {sums:?}");
        assert_eq!(measured.taken.len(), 2, "what it was computed from is told in any case: {compare:?}");
    }
}

#[test]
fn the_level_directly_above_assesses_and_nobody_else() {
    let provinces_neighbour = Actor { area: area("34"), ..actor(Role::ProvinceOfficer) };
    let citys_neighbour = Actor { area: area("3301"), ..actor(Role::CityOfficer) };
    let cases =
        [("330781", Role::CityOfficer, Role::CountyOfficer), ("3307", Role::ProvinceOfficer, Role::CityOfficer)];
    for (code, above, own) in cases {
        let area = area(code);
        for role in Role::ALL {
            assert_eq!(Assessor::of(&actor(role), &area).is_ok(), role == above, "{code} {role:?}");
            assert_eq!(Assessed::of(&actor(role), &area).is_ok(), role == own, "{code} {role:?}");
        }
        for stranger in [&provinces_neighbour, &citys_neighbour] {
            assert_eq!(Assessor::of(stranger, &area).unwrap_err().code(), "not_found");
            assert!(Assessed::of(stranger, &area).is_err());
        }
    }
    for code in ["33", "330781001000", "330781001002"] {
        assert_eq!(assessed_by(&area(code)), None, "{code} is not assessed by itself");
        assert!(Role::ALL.iter().all(|role| Assessor::of(&actor(*role), &area(code)).is_err()), "{code}");
    }
    // A district of 北京, a county of 重庆 and 仙桃 lie directly under their province; 东莞 is a city without counties.
    for (code, above) in [("110101", "11"), ("500105", "50"), ("500229", "50"), ("429004", "42"), ("441900", "44")] {
        assert_eq!(assessed_by(&area(code)), Some(Level::Province), "{code}");
        let province = Actor { area: area(above), ..actor(Role::ProvinceOfficer) };
        assert!(Assessor::of(&province, &area(code)).is_ok(), "{code}");
    }
    for bookkeeping in ["110100", "500200", "429000"] {
        assert_eq!((level_of(&area(bookkeeping)), assessed_by(&area(bookkeeping))), (None, None), "{bookkeeping}");
    }
    assert_eq!(area_of(&area("110101001")), area("110101"));
    assert_eq!(area_of(&area("441900003")), area("4419"));
    assert_eq!(area_of(&area("330781001002")), area("330781"));
    assert_eq!(area_of(&area("3307")), area("3307"));
}

fn county() -> AreaCode {
    area("330781")
}

fn city() -> Assessor {
    Assessor::of(&actor(Role::CityOfficer), &county()).unwrap()
}

fn own() -> Assessed {
    Assessed::of(&actor(Role::CountyOfficer), &county()).unwrap()
}

fn begun() -> Assessment {
    Assessment::open(id(9), &city(), ("B203", Period::parse("2026-03").unwrap()), at(20)).unwrap()
}

fn measured(last_year: i64) -> Measured {
    let sums = Sums { figure: Some(sum(100, Some(100))), other: Some(sum(100, Some(last_year))), ..Sums::default() };
    measure(&rule(Compare::Growth, -10, 10), &names(), &sums)
}

fn snapshot(measured: Vec<Measured>) -> Snapshot {
    Snapshot { reports: 3, fingerprint: "f".into(), measured, judgements: BTreeMap::new() }
}

fn said(verdict: Verdict) -> Said {
    Said { verdict, reason: "新厂区投产用电增加较多".into(), method: "与供电部门核对".into() }
}

#[test]
fn what_is_out_of_bounds_is_judged_on_just_these_figures_before_it_is_fed_back() {
    let (inside, outside, later) = (measured(100), measured(50), measured(60));
    let give = |assessment: Assessment, overall, on: &Measured| {
        assessment.feed_back(&city(), (overall, "请核实用电情况后说明"), snapshot(vec![on.clone()]), at(21))
    };
    assert!(give(begun(), Overall::Approved, &inside).is_ok());
    let refused = give(begun(), Overall::Approved, &outside).unwrap_err().to_string();
    assert!(refused.contains("还没有评判:“营业收入与用电”"), "{refused}");
    let judged = |verdict| begun().judge(&city(), outside.clone(), &said(verdict), at(20)).unwrap();
    assert!(give(judged(Verdict::Approved), Overall::Approved, &outside).is_ok());
    let refused = give(judged(Verdict::Approved), Overall::Approved, &later).unwrap_err().to_string();
    assert!(refused.contains("评判后数据有变动"), "{refused}");
    for verdict in [Verdict::Verify, Verdict::Mend] {
        assert!(give(judged(verdict), Overall::Approved, &outside).is_err(), "{verdict:?}");
        assert!(give(judged(verdict), Overall::Verify, &outside).is_ok(), "{verdict:?}");
    }
    let silent = begun().feed_back(&city(), (Overall::Verify, " "), snapshot(vec![inside.clone()]), at(21));
    assert!(silent.is_err(), "what is not approved says why");
    let nothing = Snapshot { reports: 0, ..snapshot(Vec::new()) };
    assert!(begun().feed_back(&city(), (Overall::Approved, ""), nothing, at(21)).is_err());
    let no_method = Said { method: " ".into(), ..said(Verdict::Approved) };
    assert!(begun().judge(&city(), outside, &no_method, at(20)).is_err());
}

#[test]
fn a_judgement_counts_while_its_rule_is_out_of_bounds_by_what_was_judged() {
    let (inside, outside, later) = (measured(100), measured(50), measured(60));
    let judged = || begun().judge(&city(), outside.clone(), &said(Verdict::Mend), at(20)).unwrap();
    let give = |overall, on: &Measured, words: &str| {
        judged().feed_back(&city(), (overall, words), snapshot(vec![on.clone()]), at(21))
    };
    // Judged outside, later inside: what was asked for is there, and nothing is left to judge anew.
    let fed_back = give(Overall::Approved, &inside, "").unwrap();
    assert!(fed_back.is_usable() && fed_back.judgements.is_empty());
    assert_eq!(fed_back.feedback().unwrap().snapshot.as_ref().unwrap().judgements, BTreeMap::new());
    // Later missing: it cannot be judged either, and the approval says on what it rests.
    let missing = measure(&rule(Compare::Growth, -10, 10), &names(), &Sums::default());
    assert_eq!(missing.fit(), Fit::Missing);
    for silent in ["", "  "] {
        let refused = give(Overall::Approved, &missing, silent).unwrap_err().to_string();
        assert!(refused.contains("缺数据") && refused.contains("“营业收入与用电”"), "{refused}");
    }
    assert!(give(Overall::Approved, &missing, "电力报表未到,按供电部门售电量核对").unwrap().is_usable());
    // Still outside by another figure: judged anew. From how many units the same figure comes does not matter.
    assert!(give(Overall::Verify, &later, "请核实用电情况后说明").is_err());
    let mut more_units = outside.clone();
    more_units.taken.iter_mut().for_each(|taken| taken.units += 1);
    assert!(give(Overall::Verify, &more_units, "请核实用电情况后说明").is_ok());
    let mut other_bound = outside.clone();
    other_bound.bound.high = Some(5.into());
    assert!(give(Overall::Verify, &other_bound, "请核实用电情况后说明").is_err());
}

#[derive(Debug, Clone)]
enum Deed {
    Judge(Verdict),
    FeedBack(Overall),
    Answer,
    Close,
    Reassess,
    Change,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => prop::sample::select(Verdict::ALL.to_vec()).prop_map(Deed::Judge),
        4 => prop::sample::select(Overall::ALL.to_vec()).prop_map(Deed::FeedBack),
        3 => Just(Deed::Answer),
        2 => Just(Deed::Close),
        1 => Just(Deed::Reassess),
        2 => Just(Deed::Change),
    ]
}

fn step(before: Assessment, deed: &Deed, outside: &Measured) -> Option<Assessment> {
    let (words, now) = ("已与供电部门核对一致", at(22));
    match deed {
        Deed::Judge(verdict) => before.judge(&city(), outside.clone(), &said(*verdict), now).ok(),
        Deed::FeedBack(overall) => {
            before.feed_back(&city(), (*overall, words), snapshot(vec![outside.clone()]), now).ok()
        }
        Deed::Answer => before.answer(&own(), words, now).ok(),
        Deed::Close => before.close(&city(), words, now).ok(),
        Deed::Reassess => before.reassess(&city(), words, now).ok(),
        Deed::Change => before.changed(&actor(Role::CountyOfficer), "一份报表退回".into(), now),
    }
}

/// One deed that leads out of a stage, by whoever it waits for.
fn exit(stage: Stage) -> Deed {
    match stage {
        Stage::Assessing => Deed::FeedBack(Overall::Verify),
        Stage::Demanded => Deed::Answer,
        Stage::Answered | Stage::Closed | Stage::Changed => Deed::Reassess,
    }
}

proptest! {
    #[test]
    fn no_sequence_of_deeds_breaks_the_laws(deeds in prop::collection::vec(deed(), 0..40)) {
        let outside = measured(50);
        let mut now = begun();
        for deed in &deeds {
            let Some(after) = step(now.clone(), deed, &outside) else { continue };
            // Only a feedback makes figures usable, and every act stays in the record.
            if after.is_usable() && !now.is_usable() {
                prop_assert!(matches!(deed, Deed::FeedBack(overall) if overall.approves()), "{deed:?}");
            }
            if !matches!(deed, Deed::Judge(_)) {
                prop_assert_eq!(after.turns.len(), now.turns.len() + 1);
            }
            prop_assert!(after.turns.starts_with(&now.turns));
            if matches!(deed, Deed::Change | Deed::Reassess) {
                prop_assert!(!after.is_usable());
            }
            // What may be used is said so by its standing, and nothing else is.
            prop_assert_eq!(Standing::of(Some(&after)).is_usable(), after.is_usable());
            if after.stage == Stage::Closed {
                prop_assert!(after.overall.is_some_and(Overall::approves));
            }
            now = after;
        }
        // No dead end: from wherever it stands, somebody has a way on.
        let now = if now.stage == Stage::Assessing {
            now.judge(&city(), outside.clone(), &said(Verdict::Verify), at(23)).unwrap()
        } else {
            now
        };
        let (stage, after) = (now.stage, step(now.clone(), &exit(now.stage), &outside));
        prop_assert!(after.is_some_and(|after| after.stage != stage), "{:?}", stage);
    }
}

#[test]
fn an_assessor_of_another_area_cannot_go_on_with_it() {
    let elsewhere = Assessor::of(&actor(Role::CityOfficer), &area("330783")).unwrap();
    let given = begun().feed_back(&elsewhere, (Overall::Approved, ""), snapshot(vec![measured(100)]), at(21));
    assert_eq!(given.unwrap_err().code(), "not_found");
    let elsewhere = Actor { area: area("330783"), ..actor(Role::CountyOfficer) };
    let elsewhere = Assessed::of(&elsewhere, &area("330783")).unwrap();
    assert_eq!(begun().answer(&elsewhere, "已与供电部门核对一致", at(21)).unwrap_err().code(), "not_found");
}

#[test]
fn the_words_of_storage_read_back() {
    assert!(Stage::ALL.iter().all(|one| Stage::from_key(one.key()) == Some(*one)));
    assert!(Overall::ALL.iter().all(|one| Overall::from_key(one.key()) == Some(*one)));
    assert!(Verdict::ALL.iter().all(|one| Verdict::from_key(one.key()) == Some(*one)));
    assert!(Compare::ALL.iter().all(|one| Compare::from_key(one.key()) == Some(*one)));
}
