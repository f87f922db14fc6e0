//! What is printed is read back the same, and nothing that anybody types makes the parser fall over.

use crate::case::{files, section};
use proptest::prelude::*;
use youju_vtl::limits::{DEPTH_MAX, ERRORS_MAX, NAME_CHARS_MAX};
use youju_vtl::{
    BinaryOp, Comparison, DatapointRuleset, Expr, ExprKind, Function, Parameter, RuleItem, Scalar, Script, Signature,
    Span, Statement, UnaryOp, parse, parse_expression,
};

fn expr(kind: ExprKind) -> Expr {
    Expr::new(kind, Span::default())
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z][a-z0-9_.]{0,5}", Just("sum".to_owned()), Just("营业 收入".to_owned()), Just("it's".to_owned())]
}

fn constant() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        Just(Scalar::Null),
        any::<bool>().prop_map(Scalar::Boolean),
        (0..i64::MAX).prop_map(Scalar::Integer),
        (0..i128::MAX / 10, 1_u8..20).prop_map(|(unscaled, scale)| Scalar::Number { unscaled, scale }),
        "[^\"]{0,6}".prop_map(Scalar::Text),
    ]
}

fn expression() -> impl Strategy<Value = Expr> {
    use BinaryOp::{Add, And, Compare, Concat, Divide, Multiply, Or, Subtract, Xor};
    let leaf = prop_oneof![
        constant().prop_map(|value| expr(ExprKind::Constant(value))),
        name().prop_map(|name| expr(ExprKind::Name(name))),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let unary = prop::sample::select(vec![UnaryOp::Plus, UnaryOp::Minus, UnaryOp::Not]);
        let compare = prop::sample::select(vec![
            Comparison::Equal,
            Comparison::NotEqual,
            Comparison::Less,
            Comparison::LessOrEqual,
            Comparison::Greater,
            Comparison::GreaterOrEqual,
        ]);
        let binary = prop_oneof![
            prop::sample::select(vec![Add, Subtract, Multiply, Divide, Concat, And, Or, Xor]),
            compare.prop_map(Compare),
        ];
        let set = prop::collection::vec(constant().prop_map(|value| expr(ExprKind::Constant(value))), 1..4);
        let branches = prop::collection::vec((inner.clone(), inner.clone()), 1..3);
        let call = prop_oneof![
            prop::sample::select(vec![Function::Abs, Function::Round, Function::IsNull, Function::Trim])
                .prop_map(|function| (function, 1)),
            prop::sample::select(vec![Function::Nvl, Function::Mod, Function::Round])
                .prop_map(|function| (function, 2)),
            prop::sample::select(vec![Function::Between, Function::Substr]).prop_map(|function| (function, 3)),
        ];
        let three = [inner.clone(), inner.clone(), inner.clone()];
        prop_oneof![
            (unary, inner.clone()).prop_map(|(op, a)| expr(ExprKind::Unary(op, Box::new(a)))),
            (binary, inner.clone(), inner.clone()).prop_map(|(op, a, b)| expr(ExprKind::Binary(
                op,
                Box::new(a),
                Box::new(b)
            ))),
            (inner.clone(), any::<bool>(), set).prop_map(|(a, negated, set)| expr(ExprKind::In {
                operand: Box::new(a),
                negated,
                set
            })),
            three.clone().prop_map(|[a, b, c]| expr(ExprKind::If(Box::new(a), Box::new(b), Box::new(c)))),
            (branches, inner).prop_map(|(branches, last)| expr(ExprKind::Case(branches, Box::new(last)))),
            (call, three).prop_map(|((function, count), arguments)| {
                expr(ExprKind::Call(function, arguments.into_iter().take(count).collect()))
            }),
        ]
    })
}

fn script() -> impl Strategy<Value = Script> {
    let code = || prop::option::of(constant());
    let rule = (prop::option::of(expression()), expression(), code(), code());
    (prop::collection::vec(rule, 1..4), any::<bool>(), prop::option::of(name())).prop_map(|(rules, variable, alias)| {
        let rules = rules.into_iter().enumerate().map(|(at, (when, then, error_code, error_level))| {
            let name = (at != 1).then(|| format!("Z{at}"));
            RuleItem { name, when, then, error_code, error_level, span: Span::default() }
        });
        let parameter = Parameter { name: "c201".into(), alias, span: Span::default() };
        let signature = if variable { Signature::Variable } else { Signature::ValueDomain };
        let (rules, span) = (rules.collect(), Span::default());
        Script {
            statements: vec![Statement::Datapoint(DatapointRuleset {
                name: "表 B203".into(),
                signature,
                parameters: vec![parameter],
                rules,
                span,
            })],
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_printed_expression_is_read_back_the_same(written in expression()) {
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
    for (open, close) in [("(", ")"), ("-", ""), ("abs(", ")"), ("if a then 1 else ", ""), ("a + (", ")"), ("not ", "")]
    {
        let deep = format!("{}a{}", open.repeat(1000), close.repeat(1000));
        let errors = parse_expression(&deep).unwrap_err();
        assert!(errors.0[0].message.contains("层"), "{open}: {errors}");
    }
    let terms = |count: usize| vec!["a"; count].join(" + ");
    let sum = parse_expression(&terms(DEPTH_MAX as usize)).unwrap();
    assert_eq!(parse_expression(&sum.to_string()).unwrap(), sum);
    assert!(parse_expression(&terms(DEPTH_MAX as usize + 1)).is_err());
    assert!(parse_expression(&terms(100_000)).is_err());
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
