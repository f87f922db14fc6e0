//! What holds of any text that anybody hands in. The stories of `mutated` and the fuzz targets in `fuzz/` ask the same of
//! very different texts.

use crate::form::layout;
use std::sync::LazyLock;
use youju_vtl::dataset::{Component, Plan, Rows, Structure, Typer};
use youju_vtl::formula::{self, Layout};
use youju_vtl::limits::ERRORS_MAX;
use youju_vtl::{
    DatapointRuleset, Errors, Expression, HierarchyProgram, Language, Program, Record, Role, Scalar, Schema, Script,
    Statement, Type, format, parse, parse_expression,
};

/// Any text read as one expression: refused with its mistakes, or printed, read back the same and computed.
pub fn expression(text: &str) {
    let expr = match parse_expression(text) {
        Ok(expr) => expr,
        Err(errors) => return placed(&errors, text),
    };
    let printed = expr.to_string();
    let again = parse_expression(&printed).unwrap_or_else(|errors| panic!("{text}\n{}", errors.render(&printed)));
    assert_eq!(again, expr, "{text}\n{printed}");
    assert_eq!(again.to_string(), printed, "{text}");
    let schema = Schema::new(["n", "i", "s", "b", "d", "p", "t", "u", "n2"].map(|name| (name, kind_of(name))));
    match Expression::compile(&expr, &schema) {
        Ok(compiled) => {
            for record in records(&schema) {
                let _ = compiled.value(&record);
                let _ = compiled.explain(&record, &|_| None, Language::Chinese);
            }
        }
        Err(errors) => placed(&errors, text),
    }
}

/// Any text read as a script: refused with its mistakes, or printed and formatted without a change of meaning, and compiled.
pub fn script(text: &str) {
    let script = match parse(text) {
        Ok(script) => script,
        Err(errors) => return placed(&errors, text),
    };
    let printed = script.to_string();
    let again = parse(&printed).unwrap_or_else(|errors| panic!("{text}\n{}", errors.render(&printed)));
    assert_eq!(again, script, "{text}\n{printed}");
    assert_eq!(again.to_string(), printed, "{text}");
    let formatted = format(text).unwrap_or_else(|errors| panic!("{text}\n{}", errors.render(text)));
    assert_eq!(format(&formatted).as_ref(), Ok(&formatted), "{text}");
    for ruleset in script.rulesets() {
        judged(ruleset, text);
    }
    typed(&script, text);
}

/// Any text read as 审核公式: refused with its mistakes, or rules that print, read back and export the same.
pub fn formulas(text: &str) {
    static LAYOUT: LazyLock<Layout> = LazyLock::new(layout);
    let rules = match formula::parse(text, &LAYOUT) {
        Ok(rules) => rules,
        Err(errors) => return placed(&errors, text),
    };
    for rule in &rules {
        let printed = formula::print(&rule.item, &rule.meta, &LAYOUT).unwrap_or_else(|no| panic!("{text}\n{no}"));
        let again = formula::parse(&printed, &LAYOUT).unwrap_or_else(|e| panic!("{text}\n{}", e.render(&printed)));
        assert_eq!(again, std::slice::from_ref(rule), "{text}\n{printed}");
    }
    if rules.is_empty() {
        return;
    }
    let ruleset = formula::to_vtl("T1", &rules);
    let exported = ruleset.to_string();
    let read = parse(&exported).unwrap_or_else(|errors| panic!("{text}\n{}", errors.render(&exported)));
    assert_eq!(read.rulesets().next(), Some(&ruleset), "{text}\n{exported}");
    let (shown, left_out) = formula::from_vtl(&ruleset, &LAYOUT);
    assert_eq!(left_out, [], "{text}");
    let again = formula::parse(&shown, &LAYOUT).unwrap_or_else(|errors| panic!("{text}\n{}", errors.render(&shown)));
    assert_eq!(formula::to_vtl("T1", &again).rules, ruleset.rules, "{text}\n{shown}");
    let schema = LAYOUT.schema(ruleset.parameters.iter().map(|parameter| parameter.name.as_str()));
    let program = Program::compile(&ruleset, &schema).unwrap_or_else(|errors| panic!("{text}\n{errors}"));
    explained(&program, &schema);
}

/// Mistakes stand inside the text, where their line and column say, and are drawn below it.
fn placed(errors: &Errors, text: &str) {
    assert!(!errors.0.is_empty() && errors.0.len() <= ERRORS_MAX, "{text}");
    let chars: Vec<char> = text.chars().collect();
    for error in &errors.0 {
        let (start, end) = (error.span.start as usize, error.span.end as usize);
        assert!(start <= end && end <= chars.len(), "{error} at {start}..{end} in {text:?}");
        let before = &chars[..start];
        let line = before.iter().filter(|c| **c == '\n').count() + 1;
        let column = before.iter().rev().take_while(|c| **c != '\n').count() + 1;
        assert_eq!((error.span.line as usize, error.span.column as usize), (line, column), "{error} in {text:?}");
        assert!(error.message.ends_with(['。', '？']), "{error}");
    }
    assert!(errors.render(text).contains('^'), "{text}");
}

/// What a component holds, by the beginning of its name, so that a text can choose.
fn kind_of(name: &str) -> Type {
    match name.chars().next() {
        Some('i') => Type::Integer,
        Some('s') => Type::String,
        Some('b') => Type::Boolean,
        Some('d') => Type::Date,
        Some('p') => Type::TimePeriod,
        Some('t') => Type::Time,
        Some('u') => Type::Duration,
        _ => Type::Number,
    }
}

/// Common values, extreme ones, and none.
fn records(schema: &Schema) -> [Record; 3] {
    let of = |pick: fn(Type) -> Scalar| {
        schema.components().iter().map(|(name, kind)| (name.clone(), pick(*kind))).collect::<Record>()
    };
    [of(common), of(extreme), of(|_| Scalar::Null)]
}

fn common(kind: Type) -> Scalar {
    let text = match kind {
        Type::Integer => "3",
        Type::Number => "12.50",
        Type::String => "甲1",
        Type::Boolean => return Scalar::Boolean(true),
        Type::Date => "2024-02-29",
        Type::TimePeriod => "2024Q1",
        Type::Time => "2024-01-01/2024-12-31",
        Type::Duration => "M",
    };
    Scalar::parse(text, kind).unwrap_or_default()
}

fn extreme(kind: Type) -> Scalar {
    let text = match kind {
        Type::Integer => return Scalar::Integer(i64::MIN),
        Type::Number => return Scalar::Number { unscaled: i128::MAX, scale: 2 },
        Type::String => "",
        Type::Boolean => return Scalar::Boolean(false),
        Type::Date => "9999-12-31",
        Type::TimePeriod => "9999W52",
        Type::Time => "0001-01-01/9999-12-31",
        Type::Duration => "A",
    };
    Scalar::parse(text, kind).unwrap_or_default()
}

/// A ruleset is compiled, or refused with its mistakes.
fn judged(ruleset: &DatapointRuleset, text: &str) {
    let names = ruleset.parameters.iter().map(|parameter| parameter.name.as_str());
    let schema = Schema::new(names.map(|name| (name, kind_of(name))));
    match Program::compile(ruleset, &schema) {
        Ok(program) => explained(&program, &schema),
        Err(errors) => placed(&errors, text),
    }
}

/// Every record gets verdicts; the first rules are explained.
fn explained(program: &Program, schema: &Schema) {
    for record in records(schema) {
        let verdicts = program.evaluate_record(&record).unwrap();
        for rule in 0..program.rules().len().min(8) {
            assert!(verdicts.verdict(rule, 0).is_some(), "{}", program.rules()[rule].text());
            for language in [Language::Chinese, Language::English] {
                program.explain_record(rule, &record, &|_| None, language).unwrap();
            }
        }
    }
}

/// The same answer for every dataset.
struct SomeRows;

impl Rows for SomeRows {
    fn codes(&self, _: &Plan, _: &str) -> Result<Vec<String>, String> {
        Ok(vec!["A".to_owned(), "B".to_owned()])
    }

    fn value(&self, _: &Plan) -> Result<Scalar, String> {
        Ok(Scalar::Integer(1))
    }
}

/// The statements of a script over datasets of one structure, whatever they are called.
fn typed(script: &Script, text: &str) {
    let roles =
        [("Id_1", Role::Identifier), ("Id_2", Role::Identifier), ("Me_1", Role::Measure), ("At_1", Role::Attribute)];
    let of = |(name, role): &(&str, Role)| {
        let kind = if *role == Role::Measure { Type::Number } else { Type::String };
        Component::new(*name, kind, *role)
    };
    let structure = Structure { components: roles.iter().map(of).collect() };
    let mut typer = Typer::new(script, &SomeRows);
    for name in ["a", "b", "c", "ds", "DS_1", "DS_2"] {
        typer.add_dataset(name, structure.clone());
    }
    for statement in &script.statements {
        match statement {
            Statement::Assign(assignment) => {
                if let Err(errors) = typer.assignment(assignment) {
                    placed(&errors, text);
                }
            }
            Statement::Hierarchical(ruleset) => {
                let names = ruleset.conditions.iter().map(|condition| condition.name.as_str());
                let schema = Schema::new(names.map(|name| (name, kind_of(name))));
                if let Err(errors) = HierarchyProgram::compile(ruleset, &schema) {
                    placed(&errors, text);
                }
            }
            _ => {}
        }
    }
}
