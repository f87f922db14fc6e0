//! Laws of 审核公式: tree → formula → tree, formula → tree → formula, formula → VTL → tree; and no text breaks the reader.

use crate::form::layout;
use proptest::prelude::*;
use youju_vtl::formula::{self, Meta, Rule};
use youju_vtl::{BinaryOp, Comparison, Expr, ExprKind, Function, RuleItem, Scalar, Span, UnaryOp, parse};

fn expr(kind: ExprKind) -> Expr {
    Expr::new(kind, Span::default())
}

fn name(names: &'static [&'static str]) -> impl Strategy<Value = Expr> {
    prop::sample::select(names).prop_map(|name| expr(ExprKind::Name(name.to_owned())))
}

fn constant(value: Scalar) -> Expr {
    expr(ExprKind::Constant(value))
}

fn unary(op: UnaryOp, operand: Expr) -> Expr {
    expr(ExprKind::Unary(op, Box::new(operand)))
}

fn binary(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    expr(ExprKind::Binary(op, Box::new(left), Box::new(right)))
}

fn choose(condition: Expr, then: Expr, otherwise: Expr) -> Expr {
    expr(ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise)))
}

fn call(function: Function, arguments: Vec<Expr>) -> Expr {
    expr(ExprKind::Call(function, arguments))
}

fn figure() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        (0_i64..2000).prop_map(Scalar::Integer),
        (0_i128..2000, 1_u8..4).prop_map(|(unscaled, scale)| Scalar::Number { unscaled, scale }),
    ]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    prop::sample::select(vec![
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ])
}

/// Numbers; conditions inside them come from one level of their own.
fn number() -> BoxedStrategy<Expr> {
    let cells = &[
        "c1_1",
        "c2_5",
        "c07_1",
        "c14_2",
        "c20_1__sum",
        "c1_1__prev",
        "c1_2__py",
        "c3_3__ytd",
        "c4_1__ye",
        "c30_1",
        "c20_2__sum__prev",
        "staff",
        "staff__prev",
        "B204_1__c5_2",
        "Z1_1__c82_2",
        "F206_1__cB105_1",
    ];
    let leaf = prop_oneof![3 => name(cells), 1 => figure().prop_map(constant)];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let op = prop::sample::select(vec![BinaryOp::Add, BinaryOp::Subtract, BinaryOp::Multiply, BinaryOp::Divide]);
        prop_oneof![
            4 => (op, inner.clone(), inner.clone()).prop_map(|(op, left, right)| binary(op, left, right)),
            1 => inner.clone().prop_map(|operand| unary(UnaryOp::Minus, operand)),
            1 => inner.clone().prop_map(|operand| unary(UnaryOp::Plus, operand)),
            1 => inner.clone().prop_map(|operand| call(Function::Abs, vec![operand])),
            1 => (inner.clone(), 0_i64..3).prop_map(|(operand, digits)| {
                call(Function::Round, vec![operand, constant(Scalar::Integer(digits))])
            }),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| call(Function::Nvl, vec![a, b])),
            1 => (inner.clone(), comparison(), inner.clone(), inner).prop_map(|(a, op, b, c)| {
                choose(binary(BinaryOp::Compare(op), a.clone(), b), a, c)
            }),
        ]
    })
    .boxed()
}

fn text() -> BoxedStrategy<Expr> {
    let words = prop::sample::select(vec!["", "1", "甲 乙", "a|b", "IF [1,1] # //", "±2;{}"]);
    let leaf = prop_oneof![
        name(&["c9_1", "bblx", "acct", "industry__py"]),
        words.prop_map(|word| constant(Scalar::text(word)))
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| binary(BinaryOp::Concat, a, b)),
            inner.prop_map(|operand| call(Function::Upper, vec![operand])),
        ]
    })
    .boxed()
}

/// `abs(a - b) <= k` and its kin, which are written with `±`.
fn tolerant() -> impl Strategy<Value = Expr> {
    (number(), number(), comparison(), figure()).prop_map(|(a, b, op, k)| {
        let difference = call(Function::Abs, vec![binary(BinaryOp::Subtract, a, b)]);
        binary(BinaryOp::Compare(op), difference, constant(k))
    })
}

fn member() -> impl Strategy<Value = Expr> {
    let numbers =
        (number(), any::<bool>(), prop::collection::vec(-20_i64..20, 1..4)).prop_map(|(operand, negated, set)| {
            let set = set.into_iter().map(|value| constant(Scalar::Integer(value))).collect();
            expr(ExprKind::In { operand: Box::new(operand), negated, set })
        });
    let texts = (text(), any::<bool>()).prop_map(|(operand, negated)| {
        let set = ["0", "9"].map(|word| constant(Scalar::text(word))).to_vec();
        expr(ExprKind::In { operand: Box::new(operand), negated, set })
    });
    prop_oneof![numbers, texts]
}

fn truth() -> BoxedStrategy<Expr> {
    let compared = |(a, op, b)| binary(BinaryOp::Compare(op), a, b);
    let leaf = prop_oneof![
        4 => (number(), comparison(), number()).prop_map(compared),
        1 => (text(), comparison(), text()).prop_map(compared),
        2 => tolerant(),
        1 => member(),
        1 => name(&["first_of_year", "T1__filled", "B204_1__filled"]),
        1 => any::<bool>().prop_map(|value| constant(Scalar::Boolean(value))),
        1 => number().prop_map(|operand| call(Function::IsNull, vec![operand])),
        1 => (number(), number(), number()).prop_map(|(a, b, c)| call(Function::Between, vec![a, b, c])),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let op = prop::sample::select(vec![BinaryOp::And, BinaryOp::Or, BinaryOp::Xor]);
        let equal = BinaryOp::Compare(Comparison::Equal);
        prop_oneof![
            4 => (op, inner.clone(), inner.clone()).prop_map(|(op, left, right)| binary(op, left, right)),
            2 => inner.clone().prop_map(|operand| unary(UnaryOp::Not, operand)),
            1 => (inner.clone(), inner.clone()).prop_map(move |(left, right)| binary(equal, left, right)),
            1 => (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| choose(a, b, c)),
        ]
    })
    .boxed()
}

fn rule() -> impl Strategy<Value = RuleItem> {
    let words = vec![
        "资产总计应不小于流动资产",
        "来源:手工",
        "A",
        "差 {差}",
        "见 {[1,1].-1} 和 {B204-1[5,1]} # 注 //",
        "有效:x",
    ];
    let message = prop::option::of(prop::sample::select(words));
    let level = prop::option::of(prop::sample::select(vec!["A", "B", "C", "D"]));
    let name = prop::option::of("[A-Za-z甲乙][A-Za-z0-9_.-]{0,4}");
    (name, prop::option::of(truth()), truth(), message, level).prop_map(|(name, when, then, message, level)| RuleItem {
        name,
        when,
        then,
        error_code: message.map(Scalar::text),
        error_level: level.map(Scalar::text),
        span: Span::default(),
    })
}

/// Every sign in its full-width form.
fn widened(text: &str) -> String {
    let wide = |c: char| match c {
        '*' => '×',
        '/' => '÷',
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap(),
        ' ' => '\u{3000}',
        c => c,
    };
    text.chars().map(wide).collect()
}

fn read(text: &str) -> Rule {
    match formula::parse(text, &layout()) {
        Ok(rules) => rules.into_iter().next().unwrap(),
        Err(errors) => panic!("{}", errors.render(text)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_printed_is_read_back_as_the_same_tree(item in rule()) {
        let layout = layout();
        match formula::print(&item, &Meta::default(), &layout) {
            Ok(line) => {
                let rule = read(&line);
                prop_assert_eq!(&rule.item, &item, "{}", line);
                let again = formula::print(&rule.item, &rule.meta, &layout).unwrap();
                prop_assert_eq!(read(&again), rule, "{}", again);
            }
            // 千元 and 万元 must not be added or compared; a constant is no check.
            Err(unprintable) => prop_assert!(["计量单位", "没有什么可审核"].iter().any(|known| unprintable.reason.contains(known)), "{}", unprintable),
        }
    }

    #[test]
    fn what_is_exported_is_read_by_the_other_parser_as_the_same_ruleset(item in rule()) {
        let rule = Rule { item, meta: Meta::default() };
        let ruleset = formula::to_vtl("T1", &[rule]);
        prop_assume!(!ruleset.parameters.is_empty());
        let script = ruleset.to_string();
        match parse(&script) {
            Ok(read) => prop_assert_eq!(read.rulesets().next(), Some(&ruleset)),
            Err(errors) => prop_assert!(false, "{}", errors.render(&script)),
        }
    }

    #[test]
    fn full_width_signs_mean_the_same(item in rule()) {
        let bare = RuleItem { error_code: None, ..item };
        let line = formula::print(&bare, &Meta::default(), &layout());
        if let Ok(line) = line.map(|line| line.replace('"', "”")).map_err(|_| ()) {
            // Text keeps its characters, so only formulas without text can be widened as a whole.
            if !line.contains('”') {
                prop_assert_eq!(read(&widened(&line)).item, read(&line).item, "{}", line);
            }
        }
    }

    #[test]
    fn no_text_breaks_the_reader_and_every_mistake_has_its_place(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "[1,1]", "[*,1]", "[20]", "[2~4,1]", "[1,1", "B204-1[5,1]", "206-1[B105,1]", ".-1", "@1", "{1~3}", "{9", "''",
            "SUM(", "EXIST(Z17)", "ROUND(", "INLIST(", ")", "(", ",", "IF ", " THEN ", " ELSE ", "且", "NOT ", "=", "≥", "±",
            "2", "80%", "3万元", "“甲”", "\"", "'", "BBLX", "首期", "+", "－", "×", "|", "A", "{差}", "Z1:", "#", "//", "\n", "\r\n", " ", "。", "😀",
        ]), 0..14)
    ) {
        let text = pieces.concat();
        let layout = layout();
        match formula::parse(&text, &layout) {
            Ok(rules) => for rule in rules {
                prop_assert!(formula::print(&rule.item, &rule.meta, &layout).is_ok(), "{}", text);
            },
            Err(errors) => for error in errors.0 {
                let line = text.split('\n').nth(error.span.line as usize - 1).unwrap_or_default();
                let before: usize = text.split('\n').take(error.span.line as usize - 1).map(|l| l.chars().count() + 1).sum();
                prop_assert_eq!(before + error.span.column as usize - 1, error.span.start as usize, "{}", text);
                prop_assert!(error.span.column as usize <= line.chars().count() + 1, "{}", text);
            },
        }
    }
}
