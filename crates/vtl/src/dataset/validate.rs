//! `check` and `check_datapoint`.

use super::clause::constant;
use super::plan::{Column, Node, Plan};
use super::structure::{Component, Structure};
use super::typer::{Typed, Typer, map, take, wrong};
use crate::ast::{ComponentRef, Expr, ExprKind, Output, Parameter, Role, Signature};
use crate::error::Span;
use crate::expression::Expression;
use crate::program::Program;
use crate::scalar::{Scalar, Schema, Type};

impl Typer<'_> {
    pub(super) fn check(
        &mut self,
        operand: &Expr,
        (code, level): (Option<&Scalar>, Option<&Scalar>),
        imbalance: Option<&Expr>,
        output: Option<Output>,
    ) -> Typed<Plan> {
        let span = operand.span;
        let plan = self.dataset(operand, "check 的对象")?;
        let truth = match plan.structure.measures().as_slice() {
            [measure] if measure.kind == Type::Boolean => measure.name.clone(),
            _ => return wrong(span, "check 的对象应是只有一个布尔度量的数据集,如两个数据集的比较。"),
        };
        let mut sides = vec![plan];
        if let Some(imbalance) = imbalance {
            let other = self.dataset(imbalance, "imbalance")?;
            if other.structure.measures().len() != 1 {
                return wrong(imbalance.span, "imbalance 应是只有一个度量的数据集。");
            }
            sides.push(other);
        }
        let operands = sides.len();
        let met = self.meet(sides, span)?;
        let truth = if operands == 1 { truth } else { format!("\u{1}0\u{1}{truth}") };
        let mut columns: Vec<(Component, Column)> = met.identifiers.iter().map(take).collect();
        columns.push((Component::new("bool_var", Type::Boolean, Role::Measure), Column::Take(truth.clone())));
        let difference = met.measures.get(1).and_then(|measures| measures.first());
        columns.push(match difference {
            Some(measure) => {
                let column = Column::Take(format!("\u{1}1\u{1}{}", measure.name));
                (Component::new("imbalance", measure.kind, Role::Measure), column)
            }
            None => (Component::new("imbalance", Type::Number, Role::Measure), constant(None)),
        });
        // Codes stand only where the check fails; null and true have none.
        let schema = met.plan.structure.schema();
        for (name, value) in [("errorcode", code), ("errorlevel", level)] {
            let kind = value.and_then(Scalar::kind);
            let fallback = if name == "errorcode" { Type::String } else { Type::Integer };
            let component = Component::new(name, kind.unwrap_or(fallback), Role::Measure);
            let column = match value {
                Some(value) => Column::Compute(Box::new(only_where_false(&truth, value, &schema, span)?)),
                None => constant(None),
            };
            columns.push((component, column));
        }
        columns.extend(met.virals);
        let checked = map(met.plan, columns);
        if output != Some(Output::Invalid) {
            return Ok(checked);
        }
        let compiled = is_false("bool_var", &checked.structure.schema(), span)?;
        let structure = checked.structure.clone();
        Ok(Plan { node: Node::Filter(Box::new(checked), Box::new(compiled)), structure })
    }

    pub(super) fn check_datapoint(
        &mut self,
        operand: &Expr,
        ruleset: &str,
        components: &[ComponentRef],
        output: Option<Output>,
        span: Span,
    ) -> Typed<Plan> {
        let plan = self.dataset(operand, "check_datapoint 的对象")?;
        let Some(ruleset) = self.rulesets.get(ruleset).copied() else {
            return wrong(span, format!("没有名为“{ruleset}”的规则集,请先用 define datapoint ruleset 定义。"));
        };
        let columns = parameter_columns(&ruleset.parameters, ruleset.signature, components, &plan.structure, span)?;
        let schema = Schema::new(columns.iter().map(|(name, column)| {
            (name.clone(), plan.structure.find(column).map_or(Type::String, |found| found.kind))
        }));
        let program = Program::compile(ruleset, &schema)?;
        let codes = program.rules().iter().map(|rule| rule.error_code.as_ref());
        let levels = program.rules().iter().map(|rule| rule.error_level.as_ref());
        let code = common_kind(codes, Type::String);
        let level = common_kind(levels, Type::Integer);
        let output = output.unwrap_or(Output::Invalid);
        let structure = checked_structure(&plan.structure, output, code, level);
        let node = Node::Rules { input: Box::new(plan), program: Box::new(program), columns, output };
        Ok(Plan { node, structure })
    }
}

/// Which column of the dataset stands for each parameter.
fn parameter_columns(
    parameters: &[Parameter],
    signature: Signature,
    components: &[ComponentRef],
    structure: &Structure,
    span: Span,
) -> Typed<Vec<(String, String)>> {
    if signature == Signature::ValueDomain && components.len() != parameters.len() {
        let message = format!(
            "这个规则集按值域定义,check_datapoint 要用 components 写明 {} 个成分,这里有 {} 个。",
            parameters.len(),
            components.len()
        );
        return wrong(span, message);
    }
    let mut columns = Vec::new();
    for (at, parameter) in parameters.iter().enumerate() {
        let column = components.get(at).map_or(&parameter.name, |component| &component.name);
        if structure.find(column).is_none() {
            return wrong(span, format!("规则集要用的“{column}”不在数据集里。{}", structure.advice(column)));
        }
        columns.push((parameter.name.clone(), column.clone()));
    }
    Ok(columns)
}

/// The type of the codes of all rules: the common one, otherwise text.
pub(super) fn common_kind<'a>(values: impl Iterator<Item = Option<&'a Scalar>>, fallback: Type) -> Type {
    let mut common = None;
    for kind in values.filter_map(|value| value.and_then(Scalar::kind)) {
        common = Some(match common {
            None => kind,
            Some(known) if known == kind => kind,
            Some(Type::Integer | Type::Number) if kind.is_numeric() => Type::Number,
            Some(_) => Type::String,
        });
    }
    common.unwrap_or(fallback)
}

fn checked_structure(input: &Structure, output: Output, code: Type, level: Type) -> Structure {
    let mut components: Vec<Component> = input.with_role(Role::Identifier).cloned().collect();
    components.push(Component::new("ruleid", Type::String, Role::Identifier));
    if output != Output::All {
        components.extend(input.with_role(Role::Measure).cloned());
    }
    if output != Output::Invalid {
        components.push(Component::new("bool_var", Type::Boolean, Role::Measure));
    }
    components.push(Component::new("errorcode", code, Role::Measure));
    components.push(Component::new("errorlevel", level, Role::Measure));
    components.extend(input.with_role(Role::ViralAttribute).cloned());
    Structure { components }
}

fn is_false(truth: &str, schema: &Schema, span: Span) -> Typed<Expression> {
    let constant = |value: bool| Box::new(Expr::new(ExprKind::Constant(Scalar::Boolean(value)), span));
    let equal = crate::ast::BinaryOp::Compare(crate::ast::Comparison::Equal);
    let test = ExprKind::Binary(equal, Box::new(super::typer::name_expr(truth, span)), constant(false));
    Expression::compile(&Expr::new(test, span), schema)
}

fn only_where_false(truth: &str, value: &Scalar, schema: &Schema, span: Span) -> Typed<Expression> {
    let constant = |value: Scalar| Box::new(Expr::new(ExprKind::Constant(value), span));
    let truth = super::typer::name_expr(truth, span);
    let not = Expr::new(ExprKind::Unary(crate::ast::UnaryOp::Not, Box::new(truth)), span);
    let choice = ExprKind::If(Box::new(not), constant(value.clone()), constant(Scalar::Null));
    Expression::compile(&Expr::new(choice, span), schema)
}
