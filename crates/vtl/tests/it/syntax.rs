//! What is printed is read back the same, and nothing that anybody types makes the parser fall over.

use crate::case::{files, section};
use crate::trees::{dataset_expression, script};
use proptest::prelude::*;
use youju_vtl::limits::{DEPTH_MAX, ERRORS_MAX, NAME_CHARS_MAX};
use youju_vtl::{format, parse, parse_expression};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_printed_expression_is_read_back_the_same(written in dataset_expression()) {
        let text = written.to_string();
        let read = parse_expression(&text).map_err(|errors| TestCaseError::fail(errors.render(&text)))?;
        prop_assert_eq!(&read, &written, "{}", text);
    }

    #[test]
    fn a_printed_script_is_read_back_the_same(written in script()) {
        let text = written.to_string();
        let read = parse(&text).map_err(|errors| TestCaseError::fail(errors.render(&text)))?;
        prop_assert_eq!(&read, &written, "{}", text);
    }

    #[test]
    fn a_formatted_script_says_the_same_and_is_not_formatted_again(written in script()) {
        let text = written.to_string();
        let formatted = format(&text).map_err(|errors| TestCaseError::fail(errors.render(&text)))?;
        prop_assert_eq!(&parse(&formatted).unwrap(), &written, "{}", text);
        prop_assert_eq!(&format(&formatted).unwrap(), &formatted);
    }

    #[test]
    fn any_characters_are_read_or_refused(text in any::<String>()) {
        refuse(&text);
    }

    #[test]
    fn any_tokens_are_read_or_refused(tokens in prop::collection::vec(token(), 0..60)) {
        let soup = tokens.join(" ");
        refuse(&soup);
        refuse(&tokens.concat());
        refuse(&format!("define datapoint ruleset r (variable a, b) is {soup} end datapoint ruleset;"));
    }
}

fn token() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "define",
        "datapoint",
        "ruleset",
        "variable",
        "valuedomain",
        "is",
        "end",
        "when",
        "then",
        "else",
        "if",
        "case",
        "errorcode",
        "errorlevel",
        "and",
        "or",
        "not",
        "xor",
        "in",
        "not_in",
        "{",
        "}",
        "(",
        ")",
        "[",
        ",",
        ";",
        ":",
        "+",
        "-",
        "*",
        "/",
        "||",
        "=",
        "<>",
        "<",
        "<=",
        ">",
        ">=",
        "_",
        "null",
        "true",
        "1",
        "2.5",
        "\"x\"",
        "a",
        "b",
        "'a b'",
        "isnull",
        "nvl",
        "round",
        "between",
        "match_characters",
        "substr",
        "sum",
        "as",
        "，",
        "资产",
        "\"",
        "'",
        "/*",
        "//",
        "\n",
        ":=",
        "1e5",
        "#",
        "\u{0}",
    ])
}

/// Reads a text; errors must lie inside it and be drawn without trouble.
fn refuse(text: &str) {
    let chars = u32::try_from(text.chars().count()).unwrap();
    let read = [parse(text).err(), parse_expression(text).err()];
    for errors in read.into_iter().flatten() {
        assert!(!errors.0.is_empty() && errors.0.len() <= ERRORS_MAX);
        for error in &errors.0 {
            assert!(error.span.end <= chars, "{error} in {text:?}");
            assert!(error.message.ends_with(['。', '？']), "{error}");
        }
        assert!(errors.render(text).contains('^'));
    }
}

#[test]
fn the_case_files_print_and_read_back_the_same() {
    for (path, text) in files("rules") {
        let script = parse(section(&text, "rules")).unwrap();
        assert_eq!(parse(&script.to_string()).unwrap(), script, "{path}");
        assert_eq!(parse(&script.to_string()).unwrap().to_string(), script.to_string(), "{path}");
    }
}

#[test]
fn a_thousand_levels_are_refused_and_four_hundred_terms_are_read() {
    let nested = [
        ("(", ")"),
        ("-", ""),
        ("abs(", ")"),
        ("if a then 1 else ", ""),
        ("case when a then 1 else ", ""),
        ("a + (", ")"),
        ("not ", ""),
        ("f(", ")"),
        ("sum(", ")"),
        ("union(a, ", ")"),
        ("inner_join(", ", b)"),
        ("inner_join(a, b apply ", ")"),
        ("check(", ")"),
        ("cast(", ", integer)"),
        ("exists_in(", ", b)"),
        ("ds[calc x := sum(", ")]"),
        ("time_agg(\"A\", _, ", ")"),
        ("lag(", " over (order by a))"),
    ];
    for (open, close) in nested {
        let deep = format!("{}a{}", open.repeat(1000), close.repeat(1000));
        assert!(parse_expression(&deep).is_err(), "{open}");
        assert!(parse(&format!("r := {deep};")).is_err(), "{open}");
        if !open.starts_with("ds[") {
            let errors = parse_expression(&deep).unwrap_err();
            assert!(errors.0[0].message.contains("层"), "{open}: {errors}");
        }
    }
    let clauses = format!("ds{}", "[filter a]".repeat(1000));
    assert!(parse_expression(&clauses).unwrap_err().to_string().contains("层"));
    let terms = |count: usize| vec!["a"; count].join(" + ");
    let sum = parse_expression(&terms(DEPTH_MAX as usize)).unwrap();
    assert_eq!(parse_expression(&sum.to_string()).unwrap(), sum);
    assert!(parse_expression(&terms(DEPTH_MAX as usize + 1)).is_err());
    assert!(parse_expression(&terms(100_000)).is_err());
}

#[test]
fn what_is_missing_at_the_end_is_missed_where_the_script_ends() {
    for (source, place) in [
        ("", (1, 1)),
        ("\n // 注释", (2, 7)),
        ("a +", (1, 4)),
        ("a + // 加", (1, 4)),
        ("a = \"甲\n乙\" +\n", (2, 5)),
        ("a || (\"甲\n\n乙丙\"", (3, 4)),
    ] {
        let errors = parse_expression(source).unwrap_err();
        let last = errors.0.last().unwrap().span;
        assert_eq!((last.line, last.column), place, "{}", errors.render(source));
    }
}

#[test]
fn precedence_is_that_of_the_grammar() {
    for (short, long) in [
        ("not a = b", "(not a) = b"),
        ("-a * b", "(-a) * b"),
        ("a - b - c", "(a - b) - c"),
        ("a + b * c || d", "(a + (b * c)) || d"),
        ("a < b = c", "(a < b) = c"),
        ("a = b in {1}", "(a = b) in {1}"),
        ("a and b in {1} or c xor d", "((a and (b in {1})) or c) xor d"),
        ("if a then b else c or d", "if a then b else (c or d)"),
        ("a + if b then c else d * e", "a + (if b then c else (d * e))"),
        ("a /* 注释 */ + // 到行末\n b", "a + b"),
        ("'a' + a", "a + a"),
    ] {
        assert_eq!(parse_expression(short).unwrap(), parse_expression(long).unwrap(), "{short}");
    }
    assert_ne!(parse_expression("If").unwrap(), parse_expression("a").unwrap(), "keywords are case sensitive");
}

#[test]
fn names_beyond_the_limit_are_refused() {
    let long = "n".repeat(NAME_CHARS_MAX + 1);
    assert!(parse_expression(&long).unwrap_err().to_string().contains("最多 200 个"));
    assert!(parse_expression("99999999999999999999").unwrap_err().to_string().contains("这个数太长"));
}
