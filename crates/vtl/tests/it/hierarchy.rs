//! Hierarchical rulesets: stories in case files, refusals, what cannot be computed, conditions.

use crate::case::{batch, files, record, schema, section};
use crate::hierarchy_case::{results, ruleset};
use youju_vtl::{
    Errors, EvalError, Group, GroupError, HierarchyProgram, HierarchyTables, Mode, Output, Point, Record, RuleInput,
    Scalar, Schema, Verdict, Why,
};

fn program(rules: &str) -> HierarchyProgram {
    HierarchyProgram::compile(&ruleset(rules, &Schema::default()), &Schema::default()).unwrap()
}

/// Points without conditions; codes that no rule names are left out.
fn points(program: &HierarchyProgram, cells: &[(&str, Scalar)]) -> Vec<Point> {
    let point =
        |(code, value): &(&str, Scalar)| Some(Point { code: program.code(code)?, value: value.clone(), row: 0 });
    cells.iter().filter_map(point).collect()
}

fn number(digits: i128) -> Scalar {
    Scalar::Number { unscaled: digits, scale: 0 }
}

#[test]
fn every_mode_and_input_gives_what_the_cases_say() {
    for (path, text) in files("hierarchy") {
        let heads = text.lines().filter_map(|line| line.strip_prefix("=== "));
        let heads: Vec<&str> = heads.filter(|head| head.contains(' ')).collect();
        assert!(!heads.is_empty(), "{path}");
        for head in heads {
            assert_eq!(results(&text, head), section(&text, head), "{path}: {head}");
        }
    }
}

#[test]
fn a_ruleset_that_cannot_mean_anything_is_refused() {
    let conditions = schema("year:integer");
    let refused = |rules: &str| {
        let errors = HierarchyProgram::compile(&ruleset(rules, &conditions), &conditions).unwrap_err();
        errors.to_string()
    };
    for (rules, message) in [
        ("A <> B", "规则“1”:汇总关系只能用 =、>、>=、<、<= 表示"),
        ("a: A = B; C = D", "请给每条规则都写上名称"),
        ("a: A = B; a: C = D", "规则名称“a”用了两次"),
        ("when year + 1 then A = B", "规则“1”:条件应为布尔值,现为整数"),
        ("z: A = B [ yaer = 1 ]", "规则“z”:没有名为“yaer”的变量。是否应为 year"),
    ] {
        assert!(refused(rules).contains(message), "{rules}: {}", refused(rules));
    }
    let errors = HierarchyProgram::compile(&ruleset("A = B", &conditions), &Schema::default()).unwrap_err();
    assert!(errors.to_string().contains("条件变量“year”在数据中没有对应的列"), "{errors}");
}

#[test]
fn circles_and_double_counts_are_refused_where_rules_feed_each_other() {
    let circle = "规则“1”、“3”、“2”互为前提,形成循环:A ← C ← B ← A";
    for (rules, message) in [
        ("A = B + C; B = A + D; C = E", "规则“1”、“2”互为前提,形成循环:A ← B ← A"),
        ("A = C + D; B = A + E; C = B - F; Z = A; Y = Z", circle),
        ("A = A + B", "规则“1”互为前提,形成循环:A ← A"),
    ] {
        let program = program(rules);
        let said = |errors: Errors| errors.to_string();
        let sum = |input| program.sum(Mode::NonNull, input).map(|_| ()).map_err(said);
        for input in [RuleInput::Rule, RuleInput::RulePriority] {
            assert!(sum(input).unwrap_err().contains(message), "{rules}: {:?}", sum(input));
        }
        assert!(program.check(Mode::NonNull, RuleInput::DatasetPriority).unwrap_err().to_string().contains(message));
        // Taken from the data alone, every rule stands by itself.
        assert_eq!(sum(RuleInput::Dataset), Ok(()), "{rules}");
        assert!(program.check(Mode::NonNull, RuleInput::Dataset).is_ok(), "{rules}");
    }
    let ring: Vec<String> = (0..5000).map(|at| format!("c{at} = c{}", (at + 1) % 5000)).collect();
    let errors = program(&ring.join(";")).sum(Mode::NonNull, RuleInput::Rule).unwrap_err().to_string();
    assert!(errors.contains("“10”…(共 5000 条)互为前提,形成循环:c0 ← c1 ←"), "{errors}");
    let twice = program("means: 运输 = 水运 + 陆运; purpose: 运输 = 客运 + 货运");
    let errors = twice.sum(Mode::NonNull, RuleInput::Rule).unwrap_err().to_string();
    assert!(errors.contains("代码“运输”由规则“means”和规则“purpose”重复计算"), "{errors}");
    assert!(twice.check(Mode::NonNull, RuleInput::DatasetPriority).is_ok());
}

#[test]
fn each_operator_takes_its_own_inputs_only() {
    let program = program("A = B");
    let message = |errors: Errors| errors.0[0].message.clone();
    let check = program.check(Mode::NonNull, RuleInput::Rule).map(|_| ()).map_err(message);
    assert_eq!(check, Err("check_hierarchy 的取数方式只能是 dataset 或 dataset_priority。".into()));
    let sum = program.sum(Mode::NonNull, RuleInput::DatasetPriority).map(|_| ()).map_err(message);
    assert_eq!(sum, Err("hierarchy 的取数方式只能是 dataset、rule 或 rule_priority。".into()));
}

#[test]
fn a_group_with_a_code_twice_or_a_text_for_a_value_is_refused() {
    let program = program("A = B");
    let check = program.check(Mode::PartialNull, RuleInput::Dataset).unwrap();
    let cells = points(&program, &[("A", number(1)), ("A", number(1))]);
    let error = check.group(Group::unconditional(&cells)).unwrap_err();
    assert_eq!(error, GroupError::Repeated { code: "A".into() });
    let cells = points(&program, &[("B", Scalar::text("多"))]);
    let error = program.sum(Mode::NonNull, RuleInput::Rule).unwrap().group(Group::unconditional(&cells)).unwrap_err();
    assert!(error.to_string().starts_with("代码“B”的值“\"多\"”不是数值。"), "{error}");
}

#[test]
fn a_total_beyond_38_digits_is_not_testable_and_never_a_pass() {
    let program = program("A = B + C errorcode \"sum\"; B >= C; Z = A + B");
    let most = 10_i128.pow(38) - 1;
    let cells = points(&program, &[("A", number(most)), ("B", number(most)), ("C", number(1))]);
    let group = Group::unconditional(&cells);
    for mode in [Mode::NonNull, Mode::NonZero, Mode::PartialZero] {
        let found = program.check(mode, RuleInput::Dataset).unwrap().group(group).unwrap();
        let verdicts: Vec<Verdict> = found.iter().map(|found| found.verdict).collect();
        let broken = Verdict::Undecided(Why::Arithmetic);
        let last = if mode == Mode::PartialZero || mode == Mode::NonZero { vec![broken] } else { vec![] };
        assert_eq!(verdicts, [vec![broken, Verdict::Pass], last].concat(), "{mode:?}");
        assert_eq!((found[0].bool_var(), found[0].error_code), (None, None));
    }
    let sum = program.sum(Mode::PartialNull, RuleInput::Rule).unwrap().group(group).unwrap();
    let found = sum.iter().map(|point| (program.code_text(point.code), &point.value, point.is_broken));
    assert_eq!(found.collect::<Vec<_>>(), [("A", &Scalar::Null, true), ("Z", &Scalar::Null, true)]);
    // A value that is itself too long spoils only the rules that read it.
    let cells = points(&program, &[("A", number(i128::MIN)), ("B", number(2)), ("C", number(1))]);
    let found = program.check(Mode::NonNull, RuleInput::Dataset).unwrap().group(Group::unconditional(&cells)).unwrap();
    let verdicts: Vec<_> = found.iter().map(|found| found.verdict).collect();
    assert_eq!(verdicts, [Verdict::Undecided(Why::Arithmetic), Verdict::Pass]);
}

/// An attribute as a condition: `when` looks at the left point in a check and at every right point in a sum.
#[test]
fn a_condition_over_an_attribute_looks_at_each_point() {
    let conditions = schema("source:string");
    let rules = "when source = \"x\" then A = B + C [ source <> \"z\" ]";
    let program = HierarchyProgram::compile(&ruleset(rules, &conditions), &conditions).unwrap();
    let rows: Vec<Record> = ["\"x\"", "\"y\"", "\"x\"", "\"z\"", ""].map(|cell| record(&conditions, cell)).into();
    let truths = program.truths(&batch(&conditions, &rows, 0)).unwrap();
    let unsaid = program.sum(Mode::NonNull, RuleInput::Rule).unwrap().group(Group::unconditional(&[]));
    assert_eq!(unsaid, Err(GroupError::NoTruths));
    let of = |source: &[usize; 3]| {
        let code = |code| program.code(code).unwrap();
        let values = [("A", 9), ("B", 4), ("C", 5)].into_iter().zip(source);
        let points = values.map(|((name, value), row)| Point { code: code(name), value: number(value), row: *row });
        let points: Vec<Point> = points.collect();
        let group = Group { points: &points, truths: &truths, absent: truths.row(4) };
        let check = program.check(Mode::PartialNull, RuleInput::Dataset).unwrap().group(group).unwrap();
        let sum = program.sum(Mode::PartialNull, RuleInput::Dataset).unwrap().group(group).unwrap();
        let text = |value: Option<Scalar>| value.map(|value| value.to_string());
        let imbalance = check.first().map(|found| found.imbalance.clone());
        (text(imbalance), text(sum.first().map(|found| found.value.clone())))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(of(&[0, 0, 2]), (some("0"), some("9")));
    assert_eq!(of(&[1, 0, 2]), (None, some("9")), "the left point does not ask for a check");
    assert_eq!(of(&[0, 1, 2]), (some("0"), some("5")), "B is not from x: no part of the sum, but of the check");
    assert_eq!(of(&[0, 0, 3]), (some("5"), some("4")), "C takes no part in either");
    assert_eq!(of(&[0, 1, 1]), (some("0"), None), "nothing to add up");
}

#[test]
fn a_condition_that_cannot_be_computed_is_refused_with_its_text() {
    let conditions = schema("share:number");
    let program =
        HierarchyProgram::compile(&ruleset("when 1 / share > 2 then A = B", &conditions), &conditions).unwrap();
    let rows = [record(&conditions, "0.25"), record(&conditions, "0")];
    let error = program.truths(&batch(&conditions, &rows, 2)).unwrap_err();
    assert_eq!(error, EvalError::Arithmetic { expression: "1 / share > 2".into() });
}

#[test]
fn tables_serve_one_ruleset_after_another_and_remember_nothing() {
    let (small, large) = (program("A = B"), program("Z = Y + X; Y = X + W; W = V; B = A"));
    let mut tables = HierarchyTables::default();
    for (program, cells) in [
        (&small, vec![("B", number(1))]),
        (&large, vec![("V", number(2)), ("X", number(3))]),
        (&small, vec![]),
        (&small, vec![("B", number(1)), ("B", number(1))]),
        (&large, vec![("A", number(5))]),
        (&small, vec![("A", number(7))]),
    ] {
        let points = points(program, &cells);
        let group = Group::unconditional(&points);
        for mode in [Mode::PartialNull, Mode::AlwaysZero] {
            let sum = program.sum(mode, RuleInput::Rule).unwrap();
            assert_eq!(sum.group_in(&mut tables, group), sum.group(group), "{cells:?}");
            let check = program.check(mode, RuleInput::DatasetPriority).unwrap();
            assert_eq!(check.group_in(&mut tables, group), check.group(group), "{cells:?}");
        }
    }
}

#[test]
fn only_failures_are_invalid_and_carry_marks() {
    let program = program("A = B errorcode \"x\" errorlevel 3");
    let check = program.check(Mode::PartialNull, RuleInput::Dataset).unwrap();
    let shown = |a: Scalar, b: Scalar| {
        let cells = points(&program, &[("A", a), ("B", b)]);
        let found = check.group(Group::unconditional(&cells)).unwrap();
        let marks = (found[0].error_code.cloned(), found[0].error_level.cloned());
        (found[0].verdict, found[0].is_shown(Output::Invalid), found[0].is_shown(Output::All), marks)
    };
    let marks = (Some(Scalar::text("x")), Some(Scalar::Integer(3)));
    assert_eq!(shown(number(1), number(1)), (Verdict::Pass, false, true, (None, None)));
    assert_eq!(shown(number(1), Scalar::Integer(2)), (Verdict::Fail, true, true, marks));
    assert_eq!(shown(number(1), Scalar::Null), (Verdict::Undecided(Why::Null), false, true, (None, None)));
}
