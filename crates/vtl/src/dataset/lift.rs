//! Operators of single values, lifted over datasets: identifiers matched by name, measure by measure.

use super::plan::{Column, Node, Plan, Value};
use super::structure::{Component, Structure, default_name};
use super::typer::{Typed, Typer, map, name_expr, take, wrong};
use crate::ast::{BinaryOp, DatasetOp, Expr, ExprKind, Function, JoinKind, Role, ViralBody};
use crate::error::{Errors, Span};
use crate::expression::Expression;
use crate::scalar::{Scalar, Type};

/// An operand of a lifted operator.
enum Part {
    /// The same in every row.
    Fixed(Expr),
    /// A dataset, by its number.
    Dataset(usize),
}

/// Datasets brought together by their identifiers.
pub(super) struct Met {
    pub plan: Plan,
    /// The identifiers of the result.
    pub identifiers: Vec<Component>,
    /// The measures of each operand.
    pub measures: Vec<Vec<Component>>,
    /// The viral attributes of the result.
    pub virals: Vec<(Component, Column)>,
}

/// The column of a measure of an operand after they have met.
fn met_name(of: usize, operands: usize, name: &str) -> String {
    if operands == 1 { name.to_owned() } else { format!("\u{1}{of}\u{1}{name}") }
}

impl Typer<'_> {
    /// An operator over scalars and datasets.
    pub(super) fn lift(&mut self, expr: &Expr) -> Typed<Value> {
        let mut parts = Vec::new();
        let mut plans = Vec::new();
        for child in operands(&expr.kind) {
            if child.kind == ExprKind::Omitted {
                parts.push(Part::Fixed(child.clone()));
                continue;
            }
            parts.push(match self.value(child)? {
                Value::Scalar(scalar, _) => Part::Fixed(Expr::new(ExprKind::Constant(scalar), child.span)),
                Value::Dataset(plan) => {
                    plans.push(*plan);
                    Part::Dataset(plans.len() - 1)
                }
            });
        }
        let operands = plans.len();
        if operands == 0 {
            return Self::fold(&filled(expr, &parts, |_| String::new()));
        }
        let met = self.meet(plans, expr.span)?;
        let names = common_measures(&met.measures, expr)?;
        if names.len() > 1 && renames_always(&expr.kind) {
            let message = "这个运算只用于有一个度量的数据集。请用 # 选出一个度量,或在 calc 中计算。";
            return wrong(expr.span, message);
        }
        let schema = met.plan.structure.schema();
        let mut columns: Vec<(Component, Column)> = met.identifiers.iter().map(take).collect();
        for name in &names {
            let lowered = filled(expr, &parts, |of| met_name(of, operands, name));
            let compiled = Expression::compile(&lowered, &schema).map_err(|errors| of_measure(errors, name))?;
            let before = met.measures.iter().flatten().find(|measure| measure.name == *name);
            let kind = compiled.kind().or(before.map(|measure| measure.kind)).unwrap_or(Type::String);
            let result = match before.map(|measure| measure.kind) {
                Some(old) if !renames_always(&expr.kind) && is_alike(old, kind) => name.as_str(),
                _ if names.len() > 1 => {
                    return wrong(expr.span, "结果的类型与度量不同,只能用于有一个度量的数据集。请用 # 选出一个度量。");
                }
                _ => default_name(kind),
            };
            columns.push((Component::new(result, kind, Role::Measure), Column::Compute(Box::new(compiled))));
        }
        columns.extend(met.virals);
        Ok(Value::Dataset(Box::new(map(met.plan, columns))))
    }

    /// Joins datasets by their common identifiers. The one with the most identifiers must have those of all others.
    pub(super) fn meet(&mut self, plans: Vec<Plan>, span: Span) -> Typed<Met> {
        let operands = plans.len();
        let widest =
            plans.iter().enumerate().max_by_key(|(at, plan)| (plan.structure.identifiers().len(), operands - at));
        let Some((widest, reference)) = widest else { return wrong(span, "没有数据集。") };
        let identifiers: Vec<Component> = reference.structure.with_role(Role::Identifier).cloned().collect();
        let measures: Vec<Vec<Component>> =
            plans.iter().map(|plan| plan.structure.with_role(Role::Measure).cloned().collect()).collect();
        for plan in &plans {
            for identifier in plan.structure.with_role(Role::Identifier) {
                check_identifier(identifier, &identifiers, span)?;
            }
        }
        let virals = self.virals_of(&plans, span)?;
        if operands == 1 {
            let plan = plans.into_iter().next();
            return match plan {
                Some(plan) => Ok(Met { plan, identifiers, measures, virals }),
                None => wrong(span, "没有数据集。"),
            };
        }
        let mut sides: Vec<Plan> =
            plans.into_iter().enumerate().map(|(at, plan)| prepared(plan, at, operands)).collect();
        let mut plan = sides.remove(widest);
        for side in sides {
            let keys = side.structure.identifiers();
            plan = joined(JoinKind::Inner, plan, side, keys);
        }
        Ok(Met { plan, identifiers, measures, virals })
    }

    /// What becomes of viral attributes: taken from the one operand that has it, or combined by its rule.
    fn virals_of(&mut self, plans: &[Plan], span: Span) -> Typed<Vec<(Component, Column)>> {
        let mut virals: Vec<(Component, Vec<String>)> = Vec::new();
        for (at, plan) in plans.iter().enumerate() {
            for attribute in plan.structure.with_role(Role::ViralAttribute) {
                let column = met_name(at, plans.len(), &attribute.name);
                match virals.iter_mut().find(|(known, _)| known.name == attribute.name) {
                    Some((_, columns)) => columns.push(column),
                    None => virals.push((attribute.clone(), vec![column])),
                }
            }
        }
        let mut columns = Vec::new();
        for (attribute, of) in virals {
            let column = match of.as_slice() {
                [one] => Column::Take(one.clone()),
                _ => self.combined(&attribute, &of, span)?,
            };
            columns.push((attribute, column));
        }
        Ok(columns)
    }

    fn combined(&self, attribute: &Component, of: &[String], span: Span) -> Typed<Column> {
        let Some(rule) = self.virals.get(attribute.name.as_str()) else {
            let message = format!(
                "传播属性“{}”在几个数据集里都有,却没有传播规则。请用 define viral propagation 定义,或先用 drop 去掉它。",
                attribute.name
            );
            return wrong(span, message);
        };
        let mut names = of.iter().map(|name| name_expr(name, span));
        let Some(first) = names.next() else { return Ok(Column::Constant(Scalar::Null)) };
        let mut result = first;
        for next in names {
            result = match &rule.body {
                ViralBody::Listed(clauses, default) => super::user::listed(clauses, default.as_ref(), &result, &next),
                ViralBody::Aggregate(function) => super::user::larger(*function, &result, &next, span)?,
            };
        }
        let schema = of.iter().map(|name| (name.clone(), attribute.kind));
        let compiled = Expression::compile(&result, &crate::scalar::Schema::new(schema))?;
        Ok(Column::Compute(Box::new(compiled)))
    }

    /// `if … then … else …`: rows of the one branch where the condition is true, of the other elsewhere.
    pub(super) fn choice(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr, span: Span) -> Typed<Value> {
        let condition_plan = match self.value(condition)? {
            Value::Scalar(Scalar::Boolean(true), _) => return self.value(then),
            Value::Scalar(Scalar::Boolean(false) | Scalar::Null, _) => return self.value(otherwise),
            Value::Scalar(..) => return wrong(condition.span, "if 后的条件应为布尔值。"),
            Value::Dataset(plan) => *plan,
        };
        let truth = match condition_plan.structure.measures().as_slice() {
            [measure] if measure.kind == Type::Boolean => measure.name.clone(),
            _ => return wrong(condition.span, "if 后的数据集应只有一个布尔度量。"),
        };
        let (then, otherwise) = (self.value(then)?, self.value(otherwise)?);
        let model = match (&then, &otherwise) {
            (Value::Dataset(plan), _) | (_, Value::Dataset(plan)) => plan.structure.clone(),
            _ => return wrong(span, "条件是数据集时,then 和 else 至少有一个应为数据集。"),
        };
        let yes = self.branch(condition_plan.clone(), &truth, then, true, &model, span)?;
        let no = self.branch(condition_plan, &truth, otherwise, false, &model, span)?;
        Ok(Value::Dataset(Box::new(super::set::united(vec![yes, no], span)?)))
    }

    fn branch(
        &mut self,
        condition: Plan,
        truth: &str,
        value: Value,
        wanted: bool,
        model: &Structure,
        span: Span,
    ) -> Typed<Plan> {
        let constant = |value: bool| Box::new(Expr::new(ExprKind::Constant(Scalar::Boolean(value)), span));
        let condition = without_virals(condition);
        let (met, column, fixed) = match value {
            Value::Dataset(plan) => (self.meet(vec![condition, *plan], span)?, met_name(0, 2, truth), None),
            Value::Scalar(scalar, _) => (self.meet(vec![condition], span)?, truth.to_owned(), Some(scalar)),
        };
        let test = Box::new(name_expr(&column, span));
        let test = ExprKind::If(test, constant(wanted), constant(!wanted));
        let compiled = Expression::compile(&Expr::new(test, span), &met.plan.structure.schema())?;
        let mut columns: Vec<(Component, Column)> = met.identifiers.iter().map(take).collect();
        for measure in model.with_role(Role::Measure) {
            let column = match &fixed {
                Some(scalar) => Column::Constant(scalar.clone()),
                None => Column::Take(met_name(1, 2, &measure.name)),
            };
            let own = met.measures.last().filter(|_| fixed.is_none());
            let own = own.and_then(|measures| measures.iter().find(|other| other.name == measure.name));
            let kind = match (&fixed, own) {
                (Some(scalar), _) => scalar.kind().unwrap_or(measure.kind),
                (None, Some(own)) => own.kind,
                (None, None) => {
                    return wrong(span, format!("then 和 else 的度量应相同,其中一个没有“{}”。", measure.name));
                }
            };
            columns.push((Component::new(measure.name.clone(), kind, Role::Measure), column));
        }
        columns.extend(met.virals);
        let structure = met.plan.structure.clone();
        let filtered = Plan { node: Node::Filter(Box::new(met.plan), Box::new(compiled)), structure };
        Ok(map(filtered, columns))
    }
}

fn without_virals(plan: Plan) -> Plan {
    let columns = plan.structure.components.iter().filter(|component| component.role != Role::ViralAttribute);
    let columns = columns.map(take).collect();
    map(plan, columns)
}

fn check_identifier(identifier: &Component, reference: &[Component], span: Span) -> Typed<()> {
    match reference.iter().find(|other| other.name == identifier.name) {
        None => {
            let names: Vec<&str> = reference.iter().map(|other| other.name.as_str()).collect();
            let message = format!(
                "各数据集的标识对不上:标识“{}”不在标识最多的数据集({})里。一个数据集应包含其余各个的全部标识。",
                identifier.name,
                names.join("、")
            );
            wrong(span, message)
        }
        Some(other) if other.kind == identifier.kind || (other.kind.is_numeric() && identifier.kind.is_numeric()) => {
            Ok(())
        }
        Some(other) => {
            let (one, two) = (other.kind.chinese(), identifier.kind.chinese());
            wrong(span, format!("标识“{}”的类型在各数据集里不同:{one}与{two}。", identifier.name))
        }
    }
}

/// Identifiers under their names, measures and viral attributes under names of the operand, other attributes left out.
fn prepared(plan: Plan, at: usize, operands: usize) -> Plan {
    let mut columns = Vec::new();
    for component in &plan.structure.components {
        let (mut renamed, column) = take(component);
        match component.role {
            Role::Identifier => {}
            Role::Attribute => continue,
            Role::Measure | Role::ViralAttribute => renamed.name = met_name(at, operands, &component.name),
        }
        columns.push((renamed, column));
    }
    map(plan, columns)
}

/// Two plans joined: the columns of the left, then those of the right without the keys.
pub(super) fn joined(kind: JoinKind, left: Plan, right: Plan, keys: Vec<String>) -> Plan {
    let mut components = left.structure.components.clone();
    components.extend(right.structure.components.iter().filter(|one| !keys.contains(&one.name)).cloned());
    let node = Node::Join { kind, left: Box::new(left), right: Box::new(right), keys };
    Plan { node, structure: Structure { components } }
}

fn common_measures(measures: &[Vec<Component>], expr: &Expr) -> Typed<Vec<String>> {
    let Some(first) = measures.first() else { return Ok(Vec::new()) };
    let names = |of: &[Component]| of.iter().map(|measure| measure.name.clone()).collect::<Vec<_>>();
    let list = names(first);
    if list.is_empty() {
        return wrong(expr.span, "数据集没有度量,不能计算。");
    }
    for others in measures {
        let others = names(others);
        if others.len() != list.len() || others.iter().any(|name| !list.contains(name)) {
            let message = format!(
                "各数据集的度量名应相同,现为({})和({})。请用 rename 改名,或在 join 中计算。",
                list.join("、"),
                others.join("、")
            );
            return wrong(expr.span, message);
        }
    }
    Ok(list)
}

fn of_measure(mut errors: Errors, name: &str) -> Errors {
    for error in &mut errors.0 {
        error.message = format!("度量“{name}”:{}", error.message);
    }
    errors
}

/// Integer and number are alike.
fn is_alike(one: Type, other: Type) -> bool {
    one == other || (one.is_numeric() && other.is_numeric())
}

/// Operators whose result is always named after its type.
fn renames_always(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Binary(BinaryOp::Compare(_), ..) | ExprKind::In { .. } => true,
        ExprKind::Call(function, _) => {
            matches!(function, Function::IsNull | Function::Between | Function::MatchCharacters)
        }
        ExprKind::Dataset(op) => matches!(**op, DatasetOp::InDomain(..)),
        _ => false,
    }
}

/// The operands that may be datasets.
fn operands(kind: &ExprKind) -> Vec<&Expr> {
    match kind {
        ExprKind::In { operand, .. } => vec![operand],
        ExprKind::Dataset(op) => match &**op {
            DatasetOp::Cast(operand, ..) | DatasetOp::InDomain(operand, ..) => vec![operand],
            _ => Vec::new(),
        },
        other => other.children(),
    }
}

/// The expression with its operands replaced by constants and columns.
fn filled(expr: &Expr, parts: &[Part], column: impl Fn(usize) -> String) -> Expr {
    let mut given = parts.iter().map(|part| match part {
        Part::Fixed(fixed) => fixed.clone(),
        Part::Dataset(of) => name_expr(&column(*of), expr.span),
    });
    let mut next = || Box::new(given.next().unwrap_or_else(|| Expr::new(ExprKind::Omitted, expr.span)));
    let kind = match &expr.kind {
        ExprKind::Unary(op, _) => ExprKind::Unary(*op, next()),
        ExprKind::Binary(op, ..) => ExprKind::Binary(*op, next(), next()),
        ExprKind::In { negated, set, .. } => ExprKind::In { operand: next(), negated: *negated, set: set.clone() },
        ExprKind::Call(function, arguments) => ExprKind::Call(*function, arguments.iter().map(|_| *next()).collect()),
        ExprKind::Dataset(op) => ExprKind::Dataset(Box::new(match &**op {
            DatasetOp::Cast(_, kind, mask) => DatasetOp::Cast(*next(), kind.clone(), mask.clone()),
            DatasetOp::InDomain(_, negated, domain) => DatasetOp::InDomain(*next(), *negated, domain.clone()),
            other => other.clone(),
        })),
        other => other.clone(),
    };
    Expr::new(kind, expr.span)
}
