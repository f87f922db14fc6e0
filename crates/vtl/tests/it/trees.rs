//! Trees of every kind, as chance makes them: expressions here, statements in `trees::statements`.

mod statements;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
pub use statements::script;
use youju_vtl::{
    Aggregate, Analytic, AnalyticFunction, Assigned, BinaryOp, Clause, Comparison, ComponentRef, Conversion, DatasetOp,
    Expr, ExprKind, Function, Given, Grouping, HierarchyOutput, Join, JoinKind, JoinOperand, Mode, OrderItem, Output,
    Partition, Retain, Role, RuleInput, Scalar, SetOp, Span, TimeOp, TypeName, UnaryOp, Window, WindowBound,
    WindowUnit,
};

pub fn expr(kind: ExprKind) -> Expr {
    Expr::new(kind, Span::default())
}

fn op(op: DatasetOp) -> Expr {
    expr(ExprKind::Dataset(Box::new(op)))
}

pub fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z][a-z0-9_.]{0,5}x",
        1 => select(vec!["sum", "营业 收入", "it's", "_x", "1A", "-5", "A:B", "end", "it\\s"]).prop_map(str::to_owned),
    ]
}

/// Constants as they stand in expressions: without a sign.
pub fn constant() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        Just(Scalar::Null),
        any::<bool>().prop_map(Scalar::Boolean),
        (0..i64::MAX).prop_map(Scalar::Integer),
        (0..i128::MAX / 10, 1_u8..20).prop_map(|(unscaled, scale)| Scalar::Number { unscaled, scale }),
        "[^\"]{0,6}".prop_map(Scalar::Text),
    ]
}

/// Constants as they stand in sets and after `errorcode`: perhaps with a sign.
pub fn signed() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        constant(),
        (1..i64::MAX).prop_map(|value| Scalar::Integer(-value)),
        (1..i128::MAX / 10, 1_u8..20).prop_map(|(unscaled, scale)| Scalar::Number { unscaled: -unscaled, scale }),
    ]
}

fn basic_type() -> impl Strategy<Value = TypeName> {
    use TypeName::{Boolean, Date, Duration, Integer, Number, Scalar, String, Time, TimePeriod};
    select(vec![Scalar, Integer, Number, Boolean, String, Date, Time, TimePeriod, Duration])
}

fn type_name() -> impl Strategy<Value = TypeName> {
    prop_oneof![basic_type(), name().prop_map(TypeName::Domain)]
}

/// A constant, or a constant cast.
fn item() -> impl Strategy<Value = Expr> {
    let mask = option::of(Just("YYYY-MM-DD".to_owned()));
    let constant = |value| expr(ExprKind::Constant(value));
    prop_oneof![
        3 => signed().prop_map(constant),
        1 => (signed(), basic_type(), mask).prop_map(move |(value, name, mask)| {
            // In front of a comma a sign is part of an expression.
            let value = match value {
                Scalar::Integer(digits) if digits < 0 => {
                    expr(ExprKind::Unary(UnaryOp::Minus, Box::new(constant(Scalar::Integer(-digits)))))
                }
                Scalar::Number { unscaled, scale } if unscaled < 0 => {
                    let positive = constant(Scalar::Number { unscaled: -unscaled, scale });
                    expr(ExprKind::Unary(UnaryOp::Minus, Box::new(positive)))
                }
                other => constant(other),
            };
            op(DatasetOp::Cast(value, name, mask))
        }),
    ]
}

fn component() -> impl Strategy<Value = ComponentRef> {
    (option::weighted(0.3, name()), name()).prop_map(|(dataset, name)| ComponentRef { dataset, name })
}

fn components() -> impl Strategy<Value = Vec<ComponentRef>> {
    vec(component(), 1..4)
}

fn aggregate() -> impl Strategy<Value = Aggregate> {
    use Aggregate::{Avg, Count, Max, Median, Min, StddevPop, StddevSamp, Sum, VarPop, VarSamp};
    select(vec![Sum, Avg, Count, Min, Max, Median, StddevPop, StddevSamp, VarPop, VarSamp])
}

fn given<T: std::fmt::Debug + Clone>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Given<T>> {
    prop_oneof![3 => value.prop_map(Given::Value), 1 => name().prop_map(Given::Parameter)]
}

fn window() -> impl Strategy<Value = Window> {
    let bound = || {
        prop_oneof![
            Just(WindowBound::UnboundedPreceding),
            Just(WindowBound::Current),
            Just(WindowBound::UnboundedFollowing),
            given(0..9_u64).prop_map(WindowBound::Preceding),
            given(0..9_u64).prop_map(WindowBound::Following),
        ]
    };
    (select(vec![WindowUnit::Points, WindowUnit::Range]), bound(), bound()).prop_map(|(unit, from, to)| Window {
        unit,
        from,
        to,
    })
}

fn analytic(operand: BoxedStrategy<Expr>) -> impl Strategy<Value = Expr> {
    use AnalyticFunction::{FirstValue, Lag, LastValue, Lead, RatioToReport};
    let partition = prop_oneof![
        components().prop_map(Partition::By),
        components().prop_map(Partition::Except),
        Just(Partition::ExceptAll)
    ];
    let order =
        (component(), any::<bool>()).prop_map(|(component, is_descending)| OrderItem { component, is_descending });
    let over = (option::of(partition), vec(order, 1..3), option::of(window())).boxed();
    let simple = prop_oneof![aggregate().prop_map(AnalyticFunction::Aggregate), select(vec![FirstValue, LastValue])];
    let shift = (select(vec![Lag, Lead]), option::of((given(-9..9_i64), option::of(item()))));
    prop_oneof![
        (simple, operand.clone(), over.clone()).prop_map(|(function, operand, (partition, order, window))| Analytic {
            function,
            operand: Some(operand),
            offset: None,
            default: None,
            partition,
            order,
            window
        }),
        (shift, operand.clone(), over.clone()).prop_map(|((function, shift), operand, (partition, order, _))| {
            let (offset, default) = shift.map_or((None, None), |(offset, default)| (Some(offset), default));
            Analytic { function, operand: Some(operand), offset, default, partition, order, window: None }
        }),
        (operand, components()).prop_map(|(operand, listed)| Analytic {
            function: RatioToReport,
            operand: Some(operand),
            offset: None,
            default: None,
            partition: Some(Partition::By(listed)),
            order: Vec::new(),
            window: None
        }),
    ]
    .prop_map(|analytic| op(DatasetOp::Analytic(analytic)))
}

fn conversion(operand: BoxedStrategy<Expr>) -> impl Strategy<Value = Conversion> {
    let duration = || select(vec!["A", "Q", "M"]).prop_map(str::to_owned);
    (given(duration()), option::of(duration()), option::of(operand), option::of(any::<bool>()))
        .prop_map(|(to, from, operand, takes_last)| Conversion { to, from, operand, takes_last })
}

/// Branches, operators, sets, functions: what rows and datasets have in common.
fn common(inner: BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    use BinaryOp::{Add, And, Compare, Concat, Divide, Multiply, Or, Subtract, Xor};
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    let unary = select(vec![UnaryOp::Plus, UnaryOp::Minus, UnaryOp::Not]);
    let compare = select(vec![Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual]);
    let binary =
        prop_oneof![select(vec![Add, Subtract, Multiply, Divide, Concat, And, Or, Xor]), compare.prop_map(Compare)];
    let branches = vec((inner.clone(), inner.clone()), 1..3);
    let call = prop_oneof![
        select(vec![Function::Abs, Function::Round, Function::IsNull, Function::Trim, Function::Year, Function::Ln])
            .prop_map(|function| (function, 1)),
        select(vec![Function::Nvl, Function::Mod, Function::Round, Function::Hamming, Function::DateDiff])
            .prop_map(|function| (function, 2)),
        select(vec![Function::Between, Function::Substr, Function::DateAdd]).prop_map(|function| (function, 3)),
    ];
    let three = [inner.clone(), inner.clone(), inner.clone()];
    let time = prop_oneof![
        (inner.clone(), any::<bool>()).prop_map(|(operand, all)| TimeOp::Fill(operand, all)),
        inner.clone().prop_map(TimeOp::FlowToStock),
        inner.clone().prop_map(TimeOp::StockToFlow),
        (inner.clone(), given(-9..9_i64)).prop_map(|(operand, count)| TimeOp::Shift(operand, count)),
        conversion(inner.clone()).prop_map(TimeOp::Agg),
        option::of(inner.clone()).prop_map(TimeOp::PeriodIndicator),
        Just(TimeOp::CurrentDate),
    ];
    let eval = select(vec!["f ( a , 1 ) language \"SQL\" returns number", "'外部' ( )"]);
    let mask = option::of(Just("YYYY".to_owned()));
    let arguments = vec(prop_oneof![4 => inner.clone(), 1 => Just(expr(ExprKind::Omitted))], 0..3);
    prop_oneof![
        (unary, inner.clone()).prop_map(|(op, a)| expr(ExprKind::Unary(op, Box::new(a)))),
        (binary, inner.clone(), inner.clone()).prop_map(|(op, a, b)| expr(ExprKind::Binary(
            op,
            Box::new(a),
            Box::new(b)
        ))),
        (inner.clone(), any::<bool>(), vec(item(), 1..4)).prop_map(|(a, negated, set)| expr(ExprKind::In {
            operand: Box::new(a),
            negated,
            set
        })),
        (inner.clone(), any::<bool>(), name())
            .prop_map(|(operand, negated, domain)| op(DatasetOp::InDomain(operand, negated, domain))),
        three.clone().prop_map(|[a, b, c]| expr(ExprKind::If(Box::new(a), Box::new(b), Box::new(c)))),
        (branches, inner.clone()).prop_map(|(branches, last)| expr(ExprKind::Case(branches, Box::new(last)))),
        (call, three).prop_map(|((function, count), arguments)| {
            expr(ExprKind::Call(function, arguments.into_iter().take(count).collect()))
        }),
        (inner.clone(), type_name(), mask).prop_map(|(operand, name, mask)| op(DatasetOp::Cast(operand, name, mask))),
        (name(), arguments).prop_map(|(name, arguments)| op(DatasetOp::UserCall(name, arguments))),
        time.prop_map(|time| op(DatasetOp::Time(time))),
        analytic(inner),
        eval.prop_map(|written| op(DatasetOp::Eval(written.to_owned()))),
    ]
    .boxed()
}

fn leaf() -> BoxedStrategy<Expr> {
    prop_oneof![
        constant().prop_map(|value| expr(ExprKind::Constant(value))),
        name().prop_map(|name| expr(ExprKind::Name(name))),
    ]
    .boxed()
}

/// Over the components of a row.
pub fn component_expression() -> BoxedStrategy<Expr> {
    leaf()
        .prop_recursive(4, 24, 4, |inner| {
            let rank = components().prop_map(|listed| {
                let order = listed.into_iter().map(|component| OrderItem { component, is_descending: true }).collect();
                op(DatasetOp::Analytic(Analytic {
                    function: AnalyticFunction::Rank,
                    operand: None,
                    offset: None,
                    default: None,
                    partition: None,
                    order,
                    window: None,
                }))
            });
            prop_oneof![
                8 => common(inner.clone()),
                1 => (name(), name()).prop_map(|(dataset, name)| {
                    op(DatasetOp::Member(expr(ExprKind::Name(dataset)), name))
                }),
                1 => rank,
                1 => (aggregate(), inner).prop_map(|(function, operand)| {
                    op(DatasetOp::Aggregate(function, Some(operand), None, None))
                }),
                1 => Just(op(DatasetOp::Aggregate(Aggregate::Count, None, None, None))),
            ]
        })
        .boxed()
}

fn grouping() -> impl Strategy<Value = Grouping> {
    let takes = option::of(any::<bool>());
    let duration = given(Just("A".to_owned()));
    let conversion =
        (duration, takes).prop_map(|(to, takes_last)| Conversion { to, from: None, operand: None, takes_last });
    let conversion = option::of(conversion).boxed();
    prop_oneof![
        (components(), conversion.clone()).prop_map(|(listed, conversion)| Grouping::By(listed, conversion)),
        (components(), conversion.clone()).prop_map(|(listed, conversion)| Grouping::Except(listed, conversion)),
        conversion.prop_map(Grouping::All),
    ]
}

fn assigned(value: impl Strategy<Value = Expr>) -> impl Strategy<Value = Assigned> {
    let role = select(vec![Role::Identifier, Role::Measure, Role::Attribute, Role::ViralAttribute]);
    (option::of(role), component(), value).prop_map(|(role, component, expr)| Assigned { role, component, expr })
}

fn clause() -> BoxedStrategy<Clause> {
    let value = component_expression;
    let summed = prop_oneof![
        (aggregate(), value()).prop_map(|(function, x)| op(DatasetOp::Aggregate(function, Some(x), None, None))),
        Just(op(DatasetOp::Aggregate(Aggregate::Count, None, None, None))),
    ];
    let grouped = option::of((grouping(), option::of(value())));
    let fixed = prop_oneof![item(), name().prop_map(|name| expr(ExprKind::Name(name)))];
    prop_oneof![
        value().prop_map(Clause::Filter),
        vec(assigned(value()), 1..3).prop_map(Clause::Calc),
        (vec(assigned(summed), 1..3), grouped).prop_map(|(items, grouped)| {
            let (grouping, having) = grouped.map_or((None, None), |(grouping, having)| (Some(grouping), having));
            Clause::Aggr(items, grouping, having)
        }),
        components().prop_map(Clause::Keep),
        components().prop_map(Clause::Drop),
        vec((component(), component()), 1..3).prop_map(Clause::Rename),
        (component(), component()).prop_map(|(identifier, measure)| Clause::Pivot(identifier, measure)),
        (component(), component()).prop_map(|(identifier, measure)| Clause::Unpivot(identifier, measure)),
        vec((component(), fixed), 1..3).prop_map(Clause::Sub),
    ]
    .boxed()
}

fn join(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = Expr> {
    let kind = select(vec![JoinKind::Inner, JoinKind::Left, JoinKind::Full, JoinKind::Cross]);
    let operand = (inner.clone(), option::of(name())).prop_map(|(expr, alias)| JoinOperand { expr, alias });
    let first = option::of(component_expression().prop_map(Clause::Filter));
    let second = option::of(prop_oneof![
        inner.prop_map(Clause::Apply),
        vec(assigned(component_expression()), 1..3).prop_map(Clause::Calc),
    ]);
    let third = option::of(components().prop_map(Clause::Keep));
    let last = option::of(vec((component(), component()), 1..3).prop_map(Clause::Rename));
    let using = option::of((components(), vec((component(), signed()), 0..2)));
    (kind, vec(operand, 1..3), using, (first, second, third, last)).prop_map(|(kind, operands, using, clauses)| {
        let (mut using, mut nvl) = using.unwrap_or_default();
        if kind == JoinKind::Cross {
            using.clear();
        }
        if matches!(kind, JoinKind::Cross | JoinKind::Inner) {
            nvl.clear();
        }
        let clauses = [clauses.0, clauses.1, clauses.2, clauses.3].into_iter().flatten().collect();
        op(DatasetOp::Join(Join { kind, operands, using, nvl, clauses }))
    })
}

fn validation(inner: &BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    use Mode::{AlwaysNull, AlwaysZero, NonNull, NonZero, PartialNull, PartialZero};
    let mode = || option::of(select(vec![AlwaysNull, AlwaysZero, NonNull, NonZero, PartialNull, PartialZero]));
    let output = || option::of(select(vec![Output::All, Output::Invalid, Output::AllMeasures]));
    let head = || (inner.clone(), name(), vec(component(), 0..3), option::of(component()), mode());
    let checked = option::of(select(vec![RuleInput::Dataset, RuleInput::DatasetPriority]));
    let computed = option::of(select(vec![RuleInput::Dataset, RuleInput::Rule, RuleInput::RulePriority]));
    let rolled = option::of(select(vec![HierarchyOutput::All, HierarchyOutput::Computed]));
    let simple = (inner.clone(), option::of(signed()), option::of(signed()), option::of(inner.clone()));
    prop_oneof![
        (simple, option::of(select(vec![Output::All, Output::Invalid]))).prop_map(
            |((operand, error_code, error_level, imbalance), output)| {
                DatasetOp::Check { operand, error_code, error_level, imbalance, output }
            }
        ),
        (inner.clone(), name(), vec(component(), 0..3), output()).prop_map(|(operand, ruleset, components, output)| {
            DatasetOp::CheckDatapoint { operand, ruleset, components, output }
        }),
        (head(), checked, output()).prop_map(|((operand, ruleset, conditions, rule, mode), input, output)| {
            DatasetOp::CheckHierarchy { operand, ruleset, conditions, rule, mode, input, output }
        }),
        (head(), computed, rolled).prop_map(|((operand, ruleset, conditions, rule, mode), input, output)| {
            DatasetOp::Hierarchy { operand, ruleset, conditions, rule, mode, input, output }
        }),
    ]
    .prop_map(op)
    .boxed()
}

/// Over datasets.
pub fn dataset_expression() -> BoxedStrategy<Expr> {
    leaf()
        .prop_recursive(4, 20, 4, |inner| {
            let grouped = option::of((grouping(), option::of(component_expression())));
            let set = prop_oneof![
                (select(vec![SetOp::Union, SetOp::Intersect]), vec(inner.clone(), 2..4)),
                (select(vec![SetOp::SetDiff, SetOp::SymDiff]), vec(inner.clone(), 2..3)),
            ];
            let retain = option::of(select(vec![Retain::All, Retain::True, Retain::False]));
            prop_oneof![
                3 => common(inner.clone()),
                1 => (inner.clone(), name()).prop_map(|(operand, name)| op(DatasetOp::Member(operand, name))),
                2 => (inner.clone(), clause()).prop_map(|(operand, clause)| op(DatasetOp::Clause(operand, clause))),
                1 => join(inner.clone()),
                1 => validation(&inner),
                1 => set.prop_map(|(set, operands)| op(DatasetOp::Set(set, operands))),
                1 => (inner.clone(), inner.clone(), retain)
                    .prop_map(|(left, right, retain)| op(DatasetOp::ExistsIn(left, right, retain))),
                1 => (aggregate(), inner, grouped).prop_map(|(function, operand, grouped)| {
                    let (grouping, having) =
                        grouped.map_or((None, None), |(grouping, having)| (Some(grouping), having));
                    op(DatasetOp::Aggregate(function, Some(operand), grouping, having))
                }),
            ]
        })
        .boxed()
}
