//! Laws of hierarchies over random rulesets and holes: what the manual says, written down naively, must come out.

use crate::hierarchy_case::ruleset;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;
use youju_vtl::{Group, HierarchyProgram, Mode, Point, RuleInput, Scalar, Schema};

const CODES: usize = 9;
const MODES: [Mode; 6] =
    [Mode::NonNull, Mode::NonZero, Mode::PartialNull, Mode::PartialZero, Mode::AlwaysNull, Mode::AlwaysZero];

/// A value or null; `None` where there is no point.
type Cell = Option<Option<i64>>;

/// Sums by left code (each at most one, of codes behind it, with signs), then relations `left >= right`.
#[derive(Debug, Clone)]
struct Rules {
    sums: BTreeMap<usize, Vec<(usize, bool)>>,
    relations: Vec<(usize, usize)>,
}

impl Rules {
    fn text(&self, is_reversed: bool) -> String {
        let mut rules = Vec::new();
        for (left, items) in &self.sums {
            let mut rule = format!("s{left}: c{left} =");
            for (code, is_subtracted) in items {
                write!(rule, " {} c{code}", if *is_subtracted { "-" } else { "+" }).unwrap();
            }
            rules.push(rule);
        }
        rules.extend(self.relations.iter().enumerate().map(|(at, (a, b))| format!("r{at}: c{a} >= c{b}")));
        if is_reversed {
            rules.reverse();
        }
        rules.join(";")
    }

    /// The point that the rule for this code gives, if it gives one.
    fn given(&self, code: usize, data: &[Cell], mode: Mode, input: RuleInput) -> Cell {
        let cells: Vec<(Cell, bool)> =
            self.sums[&code].iter().map(|(code, minus)| (self.read(*code, data, mode, input), *minus)).collect();
        let total = total(&cells, mode);
        let is_given = match mode {
            Mode::NonNull => total.is_some(),
            Mode::NonZero => total != Some(0),
            Mode::PartialNull | Mode::PartialZero => cells.iter().any(|(cell, _)| cell.is_some()),
            Mode::AlwaysNull | Mode::AlwaysZero => true,
        };
        is_given.then_some(total)
    }

    /// The point that a rule reads.
    fn read(&self, code: usize, data: &[Cell], mode: Mode, input: RuleInput) -> Cell {
        let own = data[code];
        if !self.sums.contains_key(&code) || input == RuleInput::Dataset {
            return own;
        }
        let given = self.given(code, data, mode, input);
        match input {
            RuleInput::Rule => given,
            RuleInput::RulePriority if matches!(given, Some(Some(_))) => given,
            RuleInput::RulePriority => own.or(given),
            _ if matches!(own, Some(Some(_))) => own,
            _ => given.or(own),
        }
    }

    fn sum(&self, data: &[Cell], mode: Mode, input: RuleInput) -> BTreeMap<String, Option<i64>> {
        let given = |code: &usize| Some((format!("c{code}"), self.given(*code, data, mode, input)?));
        self.sums.keys().filter_map(given).collect()
    }

    /// `bool_var` by rule.
    fn check(&self, data: &[Cell], mode: Mode, input: RuleInput) -> BTreeMap<String, Option<bool>> {
        let mut found = BTreeMap::new();
        let mut judge = |name: String, left: Cell, cells: Vec<(Cell, bool)>, holds: fn(i64) -> bool| {
            let mut all = cells.iter().map(|(cell, _)| *cell).chain([left]);
            let is_given = match mode {
                Mode::NonNull => all.all(|cell| matches!(cell, Some(Some(_)))),
                Mode::NonZero => all.any(|cell| cell.is_some() && cell != Some(Some(0))),
                Mode::PartialNull | Mode::PartialZero => all.any(|cell| cell.is_some()),
                Mode::AlwaysNull | Mode::AlwaysZero => true,
            };
            let difference = total(&[(left, false)], mode).zip(total(&cells, mode)).map(|(a, b)| a - b);
            if is_given {
                found.insert(name, difference.map(holds));
            }
        };
        for (left, items) in &self.sums {
            let cells = items.iter().map(|(code, minus)| (self.read(*code, data, mode, input), *minus)).collect();
            judge(format!("s{left}"), data[*left], cells, |difference| difference == 0);
        }
        for (at, (a, b)) in self.relations.iter().enumerate() {
            let [a, b] = [a, b].map(|code| self.read(*code, data, mode, input));
            judge(format!("r{at}"), a, vec![(b, false)], |difference| difference >= 0);
        }
        found
    }
}

/// Null if any of them is null, after the mode has filled the holes.
fn total(cells: &[(Cell, bool)], mode: Mode) -> Option<i64> {
    let hole = matches!(mode, Mode::NonZero | Mode::PartialZero | Mode::AlwaysZero).then_some(0);
    cells.iter().map(|(cell, minus)| cell.unwrap_or(hole).map(|value| if *minus { -value } else { value })).sum()
}

/// The same values, written with so many decimal places.
fn points(program: &HierarchyProgram, data: &[Cell], scale: u8) -> Vec<Point> {
    let value = |value: Option<i64>| {
        value.map_or(Scalar::Null, |value| Scalar::Number {
            unscaled: i128::from(value) * 10_i128.pow(u32::from(scale)),
            scale,
        })
    };
    let point = |(code, cell): (usize, &Cell)| {
        Some(Point { code: program.code(&format!("c{code}"))?, value: value((*cell)?), row: 0 })
    };
    data.iter().enumerate().filter_map(point).collect()
}

fn compile(text: &str) -> HierarchyProgram {
    HierarchyProgram::compile(&ruleset(text, &Schema::default()), &Schema::default()).unwrap()
}

fn whole(value: &Scalar) -> Option<i64> {
    value.decimal().map(|(digits, scale)| i64::try_from(digits / 10_i128.pow(u32::from(scale))).unwrap())
}

fn summed(program: &HierarchyProgram, points: &[Point], mode: Mode, input: RuleInput) -> BTreeMap<String, Option<i64>> {
    let computed = program.sum(mode, input).unwrap().group(Group::unconditional(points)).unwrap();
    computed.iter().map(|found| (program.code_text(found.code).to_owned(), whole(&found.value))).collect()
}

fn checked(
    program: &HierarchyProgram,
    points: &[Point],
    mode: Mode,
    input: RuleInput,
) -> BTreeMap<String, Option<bool>> {
    let found = program.check(mode, input).unwrap().group(Group::unconditional(points)).unwrap();
    found.iter().map(|found| (program.rules()[found.rule].name.clone(), found.bool_var())).collect()
}

fn rules() -> impl Strategy<Value = Rules> {
    let items = |left: usize| {
        let codes = prop::sample::subsequence((left + 1..CODES).collect::<Vec<_>>(), 1..=3.min(CODES - 1 - left));
        (codes, prop::collection::vec(any::<bool>(), 3))
            .prop_map(|(codes, signs)| codes.into_iter().zip(signs).collect())
    };
    let sums = prop::sample::subsequence((0..CODES - 1).collect::<Vec<_>>(), 1..6);
    let sums =
        sums.prop_flat_map(move |lefts| lefts.into_iter().map(|left| (Just(left), items(left))).collect::<Vec<_>>());
    let relations = prop::collection::vec((0..CODES, 0..CODES), 0..3);
    (sums, relations).prop_map(|(sums, relations)| Rules { sums: sums.into_iter().collect(), relations })
}

fn data() -> impl Strategy<Value = Vec<Cell>> {
    let cell = prop_oneof![Just(None), Just(Some(None)), Just(Some(Some(0))), (-3_i64..9).prop_map(|v| Some(Some(v)))];
    prop::collection::vec(cell, CODES)
}

proptest! {
    /// Also for rules and points in another order, and values with other decimal places.
    #[test]
    fn the_manual_read_naively_gives_the_same(rules in rules(), data in data(), reversed: bool, scale in 0_u8..4) {
        let program = compile(&rules.text(reversed));
        let mut points = points(&program, &data, scale);
        if reversed {
            points.reverse();
        }
        for mode in MODES {
            for input in [RuleInput::Dataset, RuleInput::Rule, RuleInput::RulePriority] {
                let expected = rules.sum(&data, mode, input);
                prop_assert_eq!(summed(&program, &points, mode, input), expected, "{:?} {:?}", mode, input);
            }
            for input in [RuleInput::Dataset, RuleInput::DatasetPriority] {
                let expected = rules.check(&data, mode, input);
                prop_assert_eq!(checked(&program, &points, mode, input), expected, "{:?} {:?}", mode, input);
            }
        }
    }

    #[test]
    fn what_is_added_up_passes_the_check(rules in rules(), mut data in data()) {
        let rules = Rules { relations: Vec::new(), ..rules };
        let program = compile(&rules.text(false));
        for cell in &mut data {
            *cell = cell.map(|value| Some(value.unwrap_or(1)));
        }
        for (code, value) in summed(&program, &points(&program, &data, 0), Mode::AlwaysZero, RuleInput::Rule) {
            data[code[1..].parse::<usize>().unwrap()] = Some(value);
        }
        let verdicts = checked(&program, &points(&program, &data, 0), Mode::AlwaysZero, RuleInput::Dataset);
        prop_assert_eq!(verdicts.len(), rules.sums.len());
        prop_assert!(verdicts.values().all(|verdict| *verdict == Some(true)), "{:?}", verdicts);
    }

    /// The modes that give less never say anything else.
    #[test]
    fn modes_differ_in_what_they_give_not_in_what_they_find(rules in rules(), data in data()) {
        let program = compile(&rules.text(false));
        let points = points(&program, &data, 0);
        let found = |mode| checked(&program, &points, mode, RuleInput::Dataset);
        for (few, many) in [
            (Mode::NonNull, Mode::PartialNull),
            (Mode::PartialNull, Mode::AlwaysNull),
            (Mode::NonZero, Mode::PartialZero),
            (Mode::PartialZero, Mode::AlwaysZero),
        ] {
            let (few, many) = (found(few), found(many));
            prop_assert!(few.iter().all(|(rule, verdict)| many.get(rule) == Some(verdict)), "{:?} {:?}", few, many);
        }
    }
}
