//! What an expression is: a scalar or a dataset, and how it is computed.

use super::hierarchical::Applied;
use super::plan::{Column, Node, Plan, Value};
use super::structure::{Component, Structure, default_name};
use crate::ast::{
    Assignment, DatapointRuleset, DatasetOp, Expr, ExprKind, HierarchicalRuleset, Role, Script, Statement,
    UserOperator, ViralPropagation,
};
use crate::error::{Errors, Span};
use crate::expression::Expression;
use crate::limits::TYPED_NODES_MAX;
use crate::nearest::nearest;
use crate::scalar::{Record, Scalar, Schema, Type};
use std::collections::BTreeMap;

/// Tells what only the rows of a plan say, where a result is typed by it. An error is a message.
pub trait Rows {
    /// The codes of an identifier, for `pivot`, whose structure depends on them.
    fn codes(&self, plan: &Plan, identifier: &str) -> Result<Vec<String>, String>;

    /// The value of the only component of a plan without identifiers, for `#`, which makes a scalar of it.
    fn value(&self, plan: &Plan) -> Result<Scalar, String>;
}

/// Typer 类型推导 — knows the datasets, scalars and definitions that a statement may name.
pub struct Typer<'a> {
    pub(super) known: BTreeMap<String, Known>,
    pub(super) operators: BTreeMap<&'a str, &'a UserOperator>,
    pub(super) rulesets: BTreeMap<&'a str, &'a DatapointRuleset>,
    pub(super) hierarchies: BTreeMap<&'a str, &'a HierarchicalRuleset>,
    pub(super) virals: BTreeMap<&'a str, &'a ViralPropagation>,
    pub(super) rows: &'a dyn Rows,
    /// Names of the operators that are being expanded.
    pub(super) active: Vec<String>,
    spent: u32,
    fresh: usize,
}

/// What a name stands for.
#[derive(Debug, Clone)]
pub(super) enum Known {
    Dataset(Structure),
    Scalar(Scalar, Option<Type>),
}

pub(super) type Typed<T> = Result<T, Errors>;

/// One error as a result.
pub(super) fn wrong<T>(span: Span, message: impl Into<String>) -> Typed<T> {
    let mut errors = Errors::default();
    errors.push(span, message);
    Err(errors)
}

impl<'a> Typer<'a> {
    /// Knows the definitions of a script and no dataset yet.
    pub fn new(script: &'a Script, rows: &'a dyn Rows) -> Typer<'a> {
        let mut typer = Typer {
            known: BTreeMap::new(),
            operators: BTreeMap::new(),
            rulesets: BTreeMap::new(),
            hierarchies: BTreeMap::new(),
            virals: BTreeMap::new(),
            rows,
            active: Vec::new(),
            spent: 0,
            fresh: 0,
        };
        for statement in &script.statements {
            match statement {
                Statement::Assign(_) => {}
                Statement::Datapoint(ruleset) => {
                    typer.rulesets.insert(&ruleset.name, ruleset);
                }
                Statement::Hierarchical(ruleset) => {
                    typer.hierarchies.insert(&ruleset.name, ruleset);
                }
                Statement::Operator(operator) => {
                    typer.operators.insert(&operator.name, operator);
                }
                Statement::Viral(rule) => {
                    typer.virals.insert(&rule.target, rule);
                }
            }
        }
        typer
    }

    /// Makes a dataset known: an input or an earlier result.
    pub fn add_dataset(&mut self, name: &str, structure: Structure) {
        self.known.insert(name.to_owned(), Known::Dataset(structure));
    }

    /// What a statement gives. Its result is known to later statements.
    pub fn assignment(&mut self, assignment: &Assignment) -> Result<Value, Errors> {
        self.spent = 0;
        let value = self.value(&assignment.expr)?;
        let known = match &value {
            Value::Dataset(plan) => Known::Dataset(plan.structure.clone()),
            Value::Scalar(scalar, kind) => Known::Scalar(scalar.clone(), *kind),
        };
        self.known.insert(assignment.name.clone(), known);
        Ok(value)
    }

    /// A column name that no script can write.
    pub(super) fn fresh(&mut self) -> String {
        self.fresh += 1;
        format!("\u{1}{}", self.fresh)
    }

    pub(super) fn value(&mut self, expr: &Expr) -> Typed<Value> {
        self.spent += 1;
        if self.spent > TYPED_NODES_MAX {
            return wrong(expr.span, format!("展开后的语句超过 {TYPED_NODES_MAX} 项,请拆成几个语句。"));
        }
        match &expr.kind {
            ExprKind::Constant(scalar) => Ok(Value::Scalar(scalar.clone(), scalar.kind())),
            ExprKind::Name(name) => self.named(name, expr.span),
            ExprKind::Omitted => wrong(expr.span, "这个参数不能省略。"),
            ExprKind::Unary(..) | ExprKind::Binary(..) | ExprKind::In { .. } | ExprKind::Call(..) => self.lift(expr),
            ExprKind::If(condition, then, otherwise) => self.choice(condition, then, otherwise, expr.span),
            ExprKind::Case(branches, otherwise) => {
                let nest = |rest: Expr, (when, then): &(Expr, Expr)| {
                    let kind = ExprKind::If(Box::new(when.clone()), Box::new(then.clone()), Box::new(rest));
                    Expr::new(kind, expr.span)
                };
                let nested = branches.iter().rev().fold((**otherwise).clone(), nest);
                self.value(&nested)
            }
            ExprKind::Dataset(op) => self.operator(op, expr),
        }
    }

    /// An expression that must be a dataset.
    pub(super) fn dataset(&mut self, expr: &Expr, what: &str) -> Typed<Plan> {
        match self.value(expr)? {
            Value::Dataset(plan) => Ok(*plan),
            Value::Scalar(..) => wrong(expr.span, format!("{what}应为数据集,现为标量。")),
        }
    }

    fn named(&mut self, name: &str, span: Span) -> Typed<Value> {
        match self.known.get(name) {
            Some(Known::Dataset(structure)) => Ok(read(name, structure)),
            Some(Known::Scalar(scalar, kind)) => Ok(Value::Scalar(scalar.clone(), *kind)),
            None => {
                let near = nearest(name, self.known.keys().map(String::as_str));
                let advice = if near.is_empty() {
                    "请提供这个数据集,或核对名称。".into()
                } else {
                    format!("是否应为 {}？", near.join("、"))
                };
                wrong(span, format!("没有名为“{name}”的数据集或标量。{advice}"))
            }
        }
    }

    fn operator(&mut self, op: &DatasetOp, expr: &Expr) -> Typed<Value> {
        let span = expr.span;
        let plan = match op {
            DatasetOp::Cast(..) | DatasetOp::InDomain(..) => return self.lift(expr),
            DatasetOp::UserCall(name, arguments) => {
                let body = self.expanded(name, arguments, span)?;
                self.active.push(name.clone());
                let value = self.value(&body);
                self.active.pop();
                return value;
            }
            DatasetOp::Member(operand, name) => {
                let plan = self.dataset(operand, "“#”的左边")?;
                if plan.structure.identifiers().is_empty() {
                    return self.only_value(plan, name, span);
                }
                member(plan, name, span)?
            }
            DatasetOp::Clause(operand, clause) => {
                let plan = self.dataset(operand, "方括号前")?;
                self.clause(plan, clause, &super::clause::Scope::default(), span)?
            }
            DatasetOp::Join(join) => self.join(join, span)?,
            DatasetOp::Aggregate(function, operand, grouping, having) => {
                let Some(operand) = operand else {
                    return wrong(
                        span,
                        "count() 只能写在 aggr、having 或 over 里;统计数据集的行数请写 count(数据集)。",
                    );
                };
                let plan = self.dataset(operand, "聚合的对象")?;
                self.aggregate(plan, *function, grouping.as_ref(), having.as_ref(), span)?
            }
            DatasetOp::Analytic(analytic) => self.analytic(analytic, span)?,
            DatasetOp::Set(kind, operands) => self.set(*kind, operands, span)?,
            DatasetOp::ExistsIn(left, right, retain) => self.exists_in(left, right, *retain, span)?,
            DatasetOp::Check { operand, error_code, error_level, imbalance, output } => {
                let codes = (error_code.as_ref(), error_level.as_ref());
                self.check(operand, codes, imbalance.as_ref(), *output)?
            }
            DatasetOp::CheckDatapoint { operand, ruleset, components, output } => {
                self.check_datapoint(operand, ruleset, components, *output, span)?
            }
            DatasetOp::CheckHierarchy { operand, ruleset, conditions, rule, mode, input, output } => {
                let rule = rule.as_ref();
                let applied = Applied { operand, ruleset, conditions, rule, mode: *mode, input: *input, span };
                self.check_hierarchy(&applied, *output)?
            }
            DatasetOp::Hierarchy { operand, ruleset, conditions, rule, mode, input, output } => {
                let rule = rule.as_ref();
                let applied = Applied { operand, ruleset, conditions, rule, mode: *mode, input: *input, span };
                self.hierarchy(&applied, *output)?
            }
            DatasetOp::Time(op) => return self.time(op, span),
            DatasetOp::Eval(_) => return wrong(span, "不支持外部程序(eval)。请改用 VTL 的运算。"),
        };
        Ok(Value::Dataset(Box::new(plan)))
    }

    /// A component of a dataset without identifiers: it has one value, which is a scalar.
    fn only_value(&self, plan: Plan, name: &str, span: Span) -> Typed<Value> {
        let component = found(&plan, name, span)?.clone();
        let kind = component.kind;
        let plan = map(plan, vec![take(&component)]);
        match self.rows.value(&plan) {
            // A constant travels as text of the language, which has no way to write this sign.
            Ok(Scalar::Text(text)) if text.contains('"') => {
                wrong(span, format!("“{name}”的值含有双引号,不能作标量。请在数据里去掉双引号。"))
            }
            Ok(scalar) => Ok(Value::Scalar(scalar, Some(kind))),
            Err(message) => wrong(span, message),
        }
    }

    /// Computes an expression over constants.
    pub(super) fn fold(expr: &Expr) -> Typed<Value> {
        let compiled = Expression::compile(expr, &Schema::default())?;
        match compiled.value(&Record::new()) {
            Ok(scalar) => Ok(Value::Scalar(scalar, compiled.kind())),
            Err(error) => wrong(expr.span, error.to_string()),
        }
    }

    /// A name that stands for a scalar.
    pub(super) fn scalar_named(&self, name: &str) -> Option<Scalar> {
        match self.known.get(name) {
            Some(Known::Scalar(scalar, _)) => Some(scalar.clone()),
            _ => None,
        }
    }
}

fn read(name: &str, structure: &Structure) -> Value {
    Value::Dataset(Box::new(Plan { node: Node::Read(name.to_owned()), structure: structure.clone() }))
}

/// A name as an expression.
pub(super) fn name_expr(name: &str, span: Span) -> Expr {
    Expr::new(ExprKind::Name(name.to_owned()), span)
}

fn found<'p>(plan: &'p Plan, name: &str, span: Span) -> Typed<&'p Component> {
    match plan.structure.find(name) {
        Some(component) => Ok(component),
        None => wrong(span, format!("数据集没有名为“{name}”的成分。{}", plan.structure.advice(name))),
    }
}

/// Identifiers, one component as measure, viral attributes. A viral attribute that becomes the measure stays as well.
fn member(plan: Plan, name: &str, span: Span) -> Typed<Plan> {
    let component = found(&plan, name, span)?.clone();
    let result = match component.role {
        Role::Measure => component.name.clone(),
        _ => default_name(component.kind).to_owned(),
    };
    let mut taken = Vec::new();
    for other in plan.structure.with_role(Role::Identifier) {
        taken.push((other.clone(), Column::Take(other.name.clone())));
    }
    let measure = Component::new(result, component.kind, Role::Measure);
    taken.push((measure, Column::Take(component.name.clone())));
    taken.extend(plan.structure.with_role(Role::ViralAttribute).map(take));
    Ok(map(plan, taken))
}

/// A plan whose columns are these.
pub(super) fn map(input: Plan, columns: Vec<(Component, Column)>) -> Plan {
    let (components, columns) = columns.into_iter().unzip();
    Plan { node: Node::Map(Box::new(input), columns), structure: Structure { components } }
}

/// A component taken over as it is.
pub(super) fn take(component: &Component) -> (Component, Column) {
    (component.clone(), Column::Take(component.name.clone()))
}
