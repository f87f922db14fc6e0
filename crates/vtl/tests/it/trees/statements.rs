//! Statements and scripts.

use super::{component_expression, dataset_expression, item, name, signed, type_name};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use youju_vtl::{
    Aggregate, Assignment, CodeItem, Comparison, DatapointRuleset, HierarchicalRule, HierarchicalRuleset, OperandKind,
    OperatorParameter, Parameter, Role, RuleItem, ScalarKind, Script, Signature, Span, Statement, UserOperator,
    ViralBody, ViralClause, ViralPropagation,
};

fn signature() -> impl Strategy<Value = Signature> {
    select(vec![Signature::Variable, Signature::ValueDomain])
}

/// Different names with aliases.
fn parameters(least: usize) -> impl Strategy<Value = Vec<Parameter>> {
    vec(option::of(Just(())), least..4).prop_map(|aliases| {
        let parameter = |(at, alias): (usize, Option<()>)| Parameter {
            name: format!("参数{at}"),
            alias: alias.map(|()| format!("p{at}")),
            span: Span::default(),
        };
        aliases.into_iter().enumerate().map(parameter).collect()
    })
}

fn rule_name(at: usize) -> Option<String> {
    (at != 1).then(|| format!("规则{at}"))
}

fn datapoint() -> impl Strategy<Value = Statement> {
    let code = || option::of(signed());
    let rule = (option::of(component_expression()), component_expression(), code(), code());
    (vec(rule, 1..4), signature(), parameters(0), name()).prop_map(|(rules, signature, parameters, name)| {
        let rules = rules.into_iter().enumerate().map(|(at, (when, then, error_code, error_level))| RuleItem {
            name: rule_name(at),
            when,
            then,
            error_code,
            error_level,
            span: Span::default(),
        });
        let (rules, span) = (rules.collect(), Span::default());
        Statement::Datapoint(DatapointRuleset { name, signature, parameters, rules, span })
    })
}

fn code_item() -> impl Strategy<Value = CodeItem> {
    let code = prop_oneof![name(), "[0-9]{1,6}", Just("01.50".to_owned()), Just("1.5.2".to_owned())];
    (code, any::<bool>(), option::weighted(0.3, component_expression()))
        .prop_map(|(code, is_subtracted, condition)| CodeItem { code, is_subtracted, condition, span: Span::default() })
}

fn hierarchical() -> impl Strategy<Value = Statement> {
    use Comparison::{Equal, GreaterOrEqual, Less, NotEqual};
    let comparison = select(vec![Equal, NotEqual, Less, GreaterOrEqual]);
    let code = || option::of(signed());
    let rule = (option::of(component_expression()), code_item(), comparison, vec(code_item(), 1..4), code(), code());
    (vec(rule, 1..4), signature(), parameters(0), name(), name()).prop_map(
        |(rules, signature, conditions, rule, name)| {
            let rules =
                rules.into_iter().enumerate().map(|(at, (when, left, comparison, right, error_code, error_level))| {
                    HierarchicalRule {
                        name: rule_name(at),
                        when,
                        left: CodeItem { is_subtracted: false, condition: None, ..left },
                        comparison,
                        right,
                        error_code,
                        error_level,
                        span: Span::default(),
                    }
                });
            let (rules, span) = (rules.collect(), Span::default());
            Statement::Hierarchical(HierarchicalRuleset { name, signature, conditions, rule, rules, span })
        },
    )
}

fn scalar_kind() -> impl Strategy<Value = ScalarKind> {
    let constraint = select(vec!["", "not null", "null", "[ 'x' > 0 ] not null", "{ \"A\" , - 1 }"]);
    let constraint = constraint.prop_map(|text| text.replace("'x'", "x"));
    (type_name(), constraint).prop_map(|(name, constraint)| ScalarKind { name, constraint })
}

fn operand_kind(is_result: bool) -> BoxedStrategy<OperandKind> {
    let role = select(vec![Role::Identifier, Role::Measure, Role::Attribute, Role::ViralAttribute]);
    let dataset = select(vec!["", "measure < number > Me_1", "identifier _ + , viral attribute '状态'"]);
    let other = select(vec!["ruleset", "set < integer >", "hierarchical_on_variables { a ( b * c ) }", "datapoint"]);
    let usual = prop_oneof![
        scalar_kind().prop_map(OperandKind::Scalar),
        dataset.prop_map(|text| OperandKind::Dataset(text.to_owned())),
        (option::of(role), option::of(scalar_kind())).prop_map(|(role, kind)| OperandKind::Component(role, kind)),
    ];
    if is_result {
        return usual.boxed();
    }
    prop_oneof![4 => usual, 1 => other.prop_map(|text| OperandKind::Other(text.to_owned()))].boxed()
}

fn user_operator() -> impl Strategy<Value = Statement> {
    let parameter = (operand_kind(false), option::of(item()));
    (vec(parameter, 0..4), option::of(operand_kind(true)), dataset_expression(), name()).prop_map(
        |(parameters, returns, body, name)| {
            let parameters = parameters.into_iter().enumerate().map(|(at, (kind, default))| OperatorParameter {
                name: format!("参数{at}"),
                kind,
                default,
            });
            let (parameters, span) = (parameters.collect(), Span::default());
            Statement::Operator(UserOperator { name, parameters, returns, body, span })
        },
    )
}

fn viral() -> impl Strategy<Value = Statement> {
    use Aggregate::{Avg, Max, Min, Sum};
    let clause = (option::of(name()), signed(), option::of(signed()), signed())
        .prop_map(|(name, when, and, then)| ViralClause { name, when, and, then });
    let body = prop_oneof![
        (vec(clause, 1..4), option::of(signed())).prop_map(|(clauses, default)| ViralBody::Listed(clauses, default)),
        select(vec![Min, Max, Sum, Avg]).prop_map(ViralBody::Aggregate),
    ];
    (name(), signature(), name(), body).prop_map(|(name, signature, target, body)| {
        Statement::Viral(ViralPropagation { name, signature, target, body, span: Span::default() })
    })
}

/// A script of any statements. The names of definitions are made different.
pub fn script() -> BoxedStrategy<Script> {
    let assignment = (name(), any::<bool>(), dataset_expression()).prop_map(|(name, is_persistent, expr)| {
        Statement::Assign(Assignment { name, is_persistent, expr, span: Span::default() })
    });
    let statement =
        prop_oneof![3 => assignment, 2 => datapoint(), 2 => hierarchical(), 2 => user_operator(), 1 => viral()];
    vec(statement, 0..4)
        .prop_map(|mut statements| {
            for (at, statement) in statements.iter_mut().enumerate() {
                match statement {
                    Statement::Assign(_) => {}
                    Statement::Datapoint(ruleset) => ruleset.name = format!("{}{at}", ruleset.name),
                    Statement::Hierarchical(ruleset) => ruleset.name = format!("{}{at}", ruleset.name),
                    Statement::Operator(operator) => operator.name = format!("{}{at}", operator.name),
                    Statement::Viral(viral) => viral.name = format!("{}{at}", viral.name),
                }
            }
            Script { statements }
        })
        .boxed()
}
