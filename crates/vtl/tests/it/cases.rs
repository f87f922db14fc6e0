//! Runs the case files: rules on rows, values of expressions, places of errors.

use crate::case::{batch, files, record, scalar, schema, section};
use youju_vtl::{Errors, EvalError, Expression, Program, Record, Scalar, Schema, Verdict, Verdicts, Why};

fn compile(source: &str, schema: &Schema) -> Result<Program, Errors> {
    Program::compile(youju_vtl::parse(source)?.rulesets().next().unwrap(), schema)
}

pub fn word(verdicts: &Verdicts, rule: usize, row: usize) -> &'static str {
    match verdicts.verdict(rule, row).unwrap() {
        Verdict::Fail => "fail",
        Verdict::Pass if verdicts.applies(rule, row) => "pass",
        Verdict::Pass => "n/a",
        Verdict::Undecided(Why::Null) => "null",
        Verdict::Undecided(Why::Arithmetic) => "broken",
    }
}

/// One file of rules: every row alone, all rows together, and all rows far down in a batch of many blocks.
#[track_caller]
fn check(path: &str, text: &str) {
    let data = section(text, "data");
    let mut lines = data.lines().filter(|line| !line.trim().is_empty());
    let (head, rules) = lines.next().unwrap().split_once('|').unwrap();
    let schema = schema(head);
    let source = section(text, "rules");
    let program = compile(source, &schema).unwrap_or_else(|errors| panic!("{path}\n{}", errors.render(source)));
    let rules: Vec<usize> = rules.split_whitespace().map(|name| program.rule_named(name).expect(name)).collect();
    let mut records = Vec::new();
    let mut expected = Vec::new();
    for line in lines {
        let (cells, words) = line.split_once('|').unwrap();
        records.push(record(&schema, cells));
        expected.push(words.split_whitespace().collect::<Vec<_>>());
    }
    let words = |verdicts: &Verdicts, row| rules.iter().map(|rule| word(verdicts, *rule, row)).collect::<Vec<_>>();
    for (row, (record, expected)) in records.iter().zip(&expected).enumerate() {
        assert_eq!(words(&program.evaluate_record(record).unwrap(), 0), *expected, "{path}: row {row} alone");
    }
    for scale in [0, 4] {
        let verdicts = program.evaluate(&batch(&schema, &records, scale)).unwrap();
        for (row, expected) in expected.iter().enumerate() {
            assert_eq!(words(&verdicts, row), *expected, "{path}: row {row} with scale {scale}");
        }
    }
    let many: Vec<Record> = std::iter::repeat_n(records.clone(), 3000 / records.len() + 1).flatten().collect();
    let verdicts = program.evaluate(&batch(&schema, &many, 2)).unwrap();
    for row in 0..many.len() {
        assert_eq!(words(&verdicts, row), expected[row % records.len()], "{path}: row {row} of many");
    }
}

#[test]
fn rules_judge_rows_as_the_cases_say() {
    for (path, text) in files("rules") {
        check(&path, &text);
    }
}

#[test]
fn expressions_have_the_values_that_the_cases_say() {
    let mut wrong = Vec::new();
    for (path, text) in files("values") {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        let schema = schema(lines.next().unwrap());
        let mut current = Record::new();
        for line in lines {
            if let Some(cells) = line.strip_prefix("row ") {
                current = record(&schema, cells);
                continue;
            }
            let (source, expected) = line.rsplit_once("=>").unwrap();
            let expr = youju_vtl::parse_expression(source).unwrap_or_else(|e| panic!("{path}\n{}", e.render(source)));
            let compiled =
                Expression::compile(&expr, &schema).unwrap_or_else(|e| panic!("{path}\n{}", e.render(source)));
            let expected = expected.trim();
            let found = match compiled.value(&current) {
                Ok(value) => value.to_string(),
                Err(EvalError::Arithmetic { .. }) => "broken".to_owned(),
                Err(other) => panic!("{path}: {source}: {other}"),
            };
            if found != expected {
                wrong.push(format!("{path}: {source} => {found}, expected {expected}"));
            }
            let column = compiled.evaluate(&batch(&schema, &[current.clone(), Record::new()], 3)).unwrap();
            assert_eq!(column.array.len(), 2, "{path}: {source}");
            assert_eq!(column.broken.first() == Some(&0), found == "broken", "{path}: {source}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `line:column+length piece of the message` for each error, in order.
#[test]
fn errors_stand_where_the_cases_say() {
    for (path, text) in files("errors") {
        let source = section(&text, "rules");
        let schema = schema(section(&text, "schema").trim());
        let Err(errors) = compile(source, &schema) else { panic!("{path}: no error") };
        let expected: Vec<&str> = section(&text, "errors").lines().filter(|line| !line.trim().is_empty()).collect();
        let shown = errors.render(source);
        assert_eq!(errors.0.len(), expected.len(), "{path}\n{shown}");
        for (error, expected) in errors.0.iter().zip(expected) {
            let (place, message) = expected.split_once(' ').unwrap();
            let found = format!("{}:{}+{}", error.span.line, error.span.column, error.span.length());
            assert_eq!(found, place, "{path}\n{shown}");
            assert!(error.message.contains(message), "{path}: {message:?} not in\n{shown}");
        }
    }
}

#[test]
fn a_case_scalar_is_what_it_looks_like() {
    assert_eq!(scalar("", youju_vtl::Type::Number), Scalar::Null);
    assert_eq!(scalar("\"\"", youju_vtl::Type::String), Scalar::text(""));
}
