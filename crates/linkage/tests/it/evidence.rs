//! Every number has its evidence: why a pair is held for one unit, and what has to be said about the estimate.

use youju_linkage::{Field, Notice, Side, explain, link, probability};

use crate::lists::{lists, register, settings, tax_office};

#[test]
fn a_pair_is_explained_field_by_field_and_the_weights_add_up() {
    let register = register();
    let list = tax_office(&register);
    let lists = lists(&register, &list, 2);
    let linked = link(&lists, &settings(2));
    for pair in linked.links.iter().take(50) {
        let told = explain(&lists, &linked.training.model, (Side::Register, pair.left), (Side::List, pair.right));
        let sum = told.prior + told.lines.iter().map(|line| line.bits).sum::<f64>();
        let bits = pair.bits + pair.rivals;
        assert!((sum - bits).abs() < 1e-6 && (told.bits - bits).abs() < 1e-6);
        assert!((told.probability - probability(bits)).abs() < 1e-9);
        assert!(told.lines.iter().all(|line| line.says.ends_with('。')));
    }
    let told = explain(&lists, &linked.training.model, (Side::Register, 4), (Side::List, 4));
    let says: Vec<&str> = told.lines.iter().map(|line| line.says.as_str()).collect();
    assert!(says[0].starts_with("代码:前者为“91330781MA"), "{}", says[0]);
    assert!(says[1].contains("“宏发”相同(这样的值前一方有 1 个、后一方有 1 个)"), "{}", says[1]);
    assert!(told.says.contains("是同一单位的概率约"), "{}", told.says);
}

#[test]
fn agreement_on_a_rare_name_weighs_more_than_on_a_common_one() {
    let mut register = register();
    for row in register.iter_mut().skip(100).take(60) {
        row.name = row.name.chars().take(3).chain("大众商贸有限公司".chars()).collect();
    }
    let list = tax_office(&register);
    let lists = lists(&register, &list, 2);
    let model = link(&lists, &settings(2)).training.model;
    let weight = |row: u32| {
        let told = explain(&lists, &model, (Side::Register, row), (Side::List, row));
        told.lines.iter().find(|line| line.field == Field::Name).map(|line| (line.level, line.bits)).unwrap()
    };
    let (rare, common) = (weight(3), weight(120));
    assert_eq!((rare.0, common.0), (1, 1));
    assert!(rare.1 > common.1 + 4.0, "{rare:?} {common:?}");
}

#[test]
fn what_cannot_be_learnt_is_said() {
    let register = register();
    let list = tax_office(&register);
    let linked = link(&lists(&register, &list, 2), &settings(2));
    assert!(linked.notices.contains(&Notice::NoData(Field::Industry)));
    assert!(linked.notices.contains(&Notice::NoData(Field::Date)));
    // Eight rows teach nothing.
    let few = link(&lists(&register[..8], &list[..8], 1), &settings(1));
    assert!(few.notices.contains(&Notice::NotLearnt(Field::Name)));
    assert_eq!(few.links.len(), 8);
    for notice in &few.notices {
        assert!(notice.says().ends_with('。'), "{}", notice.says());
    }
}
