//! What holds of any text, any pair and any data that was planted.

use proptest::prelude::*;
use youju_linkage::{
    Entry, Field, Lists, Model, Pattern, Seen, Settings, Side, Table, address, clean, date, estimate, explain,
    industry, levels_of, link, name, person, phone,
};

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[一二三十百零号楼幢()（）镇乡街道省市县0-9a-zＡ０ 有限公司分支行厂店集团银东阳]{0,40}",
        "[\u{3000}\u{feff}\u{200b}\u{301}ﬁ㈱①Ⅱ𠮷臺]{0,8}",
    ]
}

proptest! {
    #[test]
    fn any_text_is_taken_apart_and_made_uniform_once(text in hostile()) {
        let once = clean(&text);
        prop_assert_eq!(&clean(&once), &once);
        let _ = (name(&text), address(&text), phone(&text), industry(&text), date(&text));
        let who = person(&text);
        prop_assert_eq!(person(&who), who);
    }

    #[test]
    fn a_pair_weighs_the_same_from_both_sides(
        a in prop::array::uniform6(hostile()), b in prop::array::uniform6(hostile())
    ) {
        let one = |texts: &[String; 6], other: &[String; 6]| {
            let entry = |texts: &'_ [String; 6]| -> (String, String, String, String, String, String) {
                let [code, name, address, phone, person, date] = texts.clone();
                (code, name, address, phone, person, date)
            };
            let (x, y) = (entry(texts), entry(other));
            let mut lists = Lists::new();
            for (side, row) in [(Side::Register, &x), (Side::List, &y)] {
                let entry = Entry { code: &row.0, name: &row.1, address: &row.2, phone: &row.3, person: &row.4, date: &row.5, ..Entry::default() };
                lists.add(side, &[entry], 1);
            }
            let model = Model::new(Table::usual(), even(), 0.1);
            let told = explain(&lists, &model, (Side::Register, 0), (Side::List, 0));
            (told.lines.iter().map(|line| line.level).collect::<Vec<_>>(), told.bits)
        };
        let (there, back) = (one(&a, &b), one(&b, &a));
        prop_assert_eq!(there.0, back.0);
        prop_assert!((there.1 - back.1).abs() < 1e-9);
    }

    #[test]
    fn better_agreement_never_weighs_less(seed in any::<u64>()) {
        let mut chance = Chance(seed);
        let (mut m, mut u) = (Table::default(), Table::default());
        for field in Field::ALL {
            for level in levels_of(field) {
                m.set(field, level, chance.share() + 1e-6);
                u.set(field, level, chance.share() + 1e-6);
            }
        }
        let model = Model::new(m, u, 0.01);
        for field in Field::ALL {
            let weights: Vec<f64> = field.ordered().iter().map(|level| model.weights.at(field, *level)).collect();
            prop_assert!(weights.windows(2).all(|two| two[0] >= two[1] - 1e-9), "{field:?} {weights:?}");
        }
    }
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

/// Every level as likely as the others.
fn even() -> Table {
    let mut table = Table::default();
    for field in Field::ALL {
        for level in levels_of(field) {
            table.set(field, level, 1.0 / number(field.levels().len()));
        }
    }
    table
}

struct Chance(u64);

impl Chance {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 33).unwrap()) / f64::from(1_u32 << 31)
    }

    fn level(&mut self, table: &Table, field: Field) -> usize {
        let mut left = self.share();
        for level in levels_of(field) {
            left -= table.at(field, level);
            if left < 0.0 {
                return level;
            }
        }
        field.levels().len()
    }
}

#[test]
fn planted_chances_are_found_again() {
    let (planted, mut u) = (Table::usual(), even());
    for field in Field::ALL {
        // Pairs that are none agree rarely, as they do in life.
        let levels = field.levels().len();
        for level in levels_of(field) {
            u.set(field, level, if level == levels { 0.9 } else { 0.1 / number(levels - 1) });
        }
    }
    let mut chance = Chance(7);
    let (mut seen, mut numbers) = (Seen::default(), std::collections::BTreeMap::new());
    for _ in 0..200_000 {
        let is_match = chance.share() < 0.2;
        let table = if is_match { &planted } else { &u };
        let pattern = Field::ALL.into_iter().fold(Pattern::default(), |pattern, field| {
            if chance.share() < 0.3 { pattern } else { pattern.with(field, chance.level(table, field)) }
        });
        seen.pairs.push(*numbers.entry(pattern).or_insert_with(|| {
            seen.patterns.push(pattern);
            u32::try_from(seen.patterns.len() - 1).unwrap()
        }));
        seen.ends.push(seen.pairs.len());
    }
    // It begins far from what was planted.
    let found = estimate(&seen, &u, &Field::ALL, &even(), 0.5);
    assert!(found.converged, "{} rounds", found.rounds);
    assert!((found.share - 0.2).abs() < 0.005, "{}", found.share);
    for field in Field::ALL {
        for level in levels_of(field) {
            let (is, was) = (found.m.at(field, level), planted.at(field, level));
            assert!((is - was).abs() < 0.02, "{field:?} {level}: {is} instead of {was}");
        }
    }
}

#[test]
fn lists_of_nothing_and_of_nonsense_are_matched_without_an_accident() {
    for rows in [0, 1, 3] {
        let entry = Entry { name: "()（", address: "号", code: "?", ..Entry::default() };
        let mut lists = Lists::new();
        lists.add(Side::Register, &vec![entry; rows], 2);
        lists.add(Side::List, &[], 2);
        let linked = link(&lists, &Settings { random_pairs: 100, ..Settings::default() });
        assert!(linked.links.is_empty());
        assert!(!linked.notices.is_empty());
    }
}
