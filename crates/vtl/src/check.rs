//! Names and types: a tree becomes nodes of the graph, or errors with their places.
//!
//! Functions are in `check::call`, those over time in `check::moment`, casts in `check::convert`.

pub(crate) mod call;
mod convert;
mod moment;

use crate::ast::{BinaryOp, Comparison, DatasetOp, Expr, ExprKind, Parameter, TimeOp, UnaryOp};
use crate::error::{Errors, Span};
use crate::graph::{Arithmetic, Graph, Id, Node};
use crate::nearest::nearest;
use crate::scalar::{Scalar, Schema, Type};
use std::collections::HashMap;

/// What an expression became. The null constant takes the type that its place asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value {
    Null,
    Of(Id, Type),
}

impl Value {
    fn chinese(self) -> &'static str {
        match self {
            Value::Null => "空",
            Value::Of(_, kind) => kind.chinese(),
        }
    }
}

/// Turns expressions into nodes and collects what is wrong.
pub(crate) struct Checker<'a> {
    pub graph: &'a mut Graph,
    pub errors: Errors,
    /// Names that may be used, with place in the schema and type.
    names: HashMap<String, (usize, Type)>,
    /// Names of the schema that the ruleset did not list: they get another message.
    unlisted: Vec<String>,
    /// “规则“Z1”:” or empty.
    pub place: String,
    /// The day of `current_date`, if the schema names one.
    today: Option<i32>,
}

impl<'a> Checker<'a> {
    /// A checker for bare expressions over all components of a schema.
    pub fn new(graph: &'a mut Graph, schema: &Schema) -> Checker<'a> {
        let mut names = HashMap::new();
        for (place, (name, kind)) in schema.components().iter().enumerate() {
            names.entry(name.clone()).or_insert((place, *kind));
        }
        Checker {
            graph,
            errors: Errors::default(),
            names,
            unlisted: Vec::new(),
            place: String::new(),
            today: schema.today(),
        }
    }

    /// Narrows the names to the parameters of a ruleset; an alias replaces the name of its component.
    pub fn limit(&mut self, parameters: &[Parameter]) {
        let mut listed = HashMap::new();
        for Parameter { name, alias, span } in parameters {
            match self.names.get(name) {
                Some(known) => {
                    listed.insert(alias.clone().unwrap_or_else(|| name.clone()), *known);
                }
                None => self.unknown(name, *span),
            }
        }
        self.unlisted = self.names.keys().filter(|name| !listed.contains_key(*name)).cloned().collect();
        self.names = listed;
    }

    /// Reports a mistake in the current rule.
    fn wrong(&mut self, span: Span, message: &str) {
        self.errors.push(span, format!("{}{message}", self.place));
    }

    fn unknown(&mut self, name: &str, span: Span) {
        if self.unlisted.iter().any(|other| other == name) {
            return self.wrong(span, &format!("变量“{name}”没有列入规则集开头的变量清单,请补上。"));
        }
        let near = nearest(name, self.names.keys().map(String::as_str));
        let advice =
            if near.is_empty() { "请核对名称。".into() } else { format!("是否应为 {}？", near.join("、")) };
        self.wrong(span, &format!("没有名为“{name}”的变量。{advice}"));
    }

    /// The nodes of an expression; `None` if something in it was reported.
    pub fn lower(&mut self, expr: &Expr) -> Option<Value> {
        match &expr.kind {
            ExprKind::Constant(value) => Some(self.constant(value)),
            ExprKind::Name(name) => {
                if let Some((place, kind)) = self.names.get(name).copied() {
                    return Some(Value::Of(self.input(place, kind), kind));
                }
                self.unknown(name, expr.span);
                None
            }
            ExprKind::Omitted => {
                self.wrong(expr.span, "这个参数不能省略。");
                None
            }
            ExprKind::Unary(op, operand) => self.unary(*op, operand),
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, expr.span),
            ExprKind::In { operand, negated, set } => self.membership(operand, *negated, set),
            ExprKind::If(condition, then, otherwise) => {
                let condition = self.boolean(condition, "if 后的条件");
                self.choose(condition, then, otherwise, expr.span)
            }
            ExprKind::Case(branches, otherwise) => self.case(branches, otherwise, expr.span),
            ExprKind::Call(function, arguments) => self.call(*function, arguments, expr.span),
            ExprKind::Dataset(op) => self.dataset(op, expr.span),
        }
    }

    /// A constant; periods, intervals and durations in their written form, as columns hold them.
    fn constant(&mut self, value: &Scalar) -> Value {
        let Some(kind) = value.kind() else { return Value::Null };
        let value = if kind.is_written() { Scalar::Text(value.to_string()) } else { value.clone() };
        Value::Of(self.graph.add(Node::Constant(value), kind), kind)
    }

    /// The few operators of datasets that also exist for single values.
    fn dataset(&mut self, op: &DatasetOp, span: Span) -> Option<Value> {
        let message = match op {
            DatasetOp::Cast(operand, to, mask) => return self.cast(operand, to, mask.as_deref(), span),
            DatasetOp::Time(TimeOp::PeriodIndicator(operand)) => return self.indicator(operand.as_ref(), span),
            DatasetOp::Time(TimeOp::Agg(conversion)) => return self.coarser(conversion, span),
            DatasetOp::Time(TimeOp::CurrentDate) => return self.current_date(span),
            DatasetOp::UserCall(name, _) => format!("没有名为“{name}”的函数。"),
            DatasetOp::InDomain(_, _, domain) => {
                format!("不支持值域,这里不能用“{domain}”。请把可取的值写在花括号里。")
            }
            _ => "这里逐行计算,不能使用数据集的运算。".to_owned(),
        };
        self.wrong(span, &message);
        None
    }

    fn operand(&mut self, expr: &Expr, what: &str, wanted: Type) -> Option<Id> {
        let value = self.lower(expr)?;
        let fits = match value {
            Value::Null => return Some(self.null(wanted)),
            Value::Of(_, kind) => kind == wanted || (wanted == Type::Number && kind == Type::Integer),
        };
        match value {
            Value::Of(id, _) if fits => Some(id),
            Value::Of(id, Type::Boolean) if wanted == Type::String => Some(self.truth_as_text(id)),
            Value::Of(id, kind) if wanted == Type::Time && kind.is_temporal() => Some(self.interval(id, kind)),
            _ => {
                let message = format!("{what}应为{},现为{}。", wanted.chinese(), value.chinese());
                self.wrong(expr.span, &message);
                None
            }
        }
    }

    /// A truth value, as rules and conditions need.
    pub fn boolean(&mut self, expr: &Expr, what: &str) -> Option<Id> {
        self.operand(expr, what, Type::Boolean)
    }

    fn text(&mut self, expr: &Expr, what: &str) -> Option<Id> {
        self.operand(expr, what, Type::String)
    }

    /// A number with its narrowest type.
    fn number(&mut self, expr: &Expr, what: &str) -> Option<(Id, Type)> {
        let id = self.operand(expr, what, Type::Number)?;
        let kind = self.graph.nodes().get(id).map_or(Type::Number, |(node, kind)| match node {
            Node::Null(_) => Type::Integer, // so that `null + 1` is as whole as 1
            _ => *kind,
        });
        Some((id, kind))
    }

    fn null(&mut self, kind: Type) -> Id {
        self.graph.add(Node::Null(kind), kind)
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr) -> Option<Value> {
        if op == UnaryOp::Not {
            let compared = matches!(operand.kind, ExprKind::Name(_) | ExprKind::Constant(_) | ExprKind::Call(..));
            let what = if compared {
                "not 只管紧跟其后的一项,若要否定整个比较请写 not (…);not 后"
            } else {
                "not 后"
            };
            let id = self.boolean(operand, what)?;
            return Some(Value::Of(self.graph.add(Node::Not(id), Type::Boolean), Type::Boolean));
        }
        let (id, kind) = self.number(operand, "正负号后")?;
        let id = if op == UnaryOp::Minus { self.graph.add(Node::Negate(id), kind) } else { id };
        Some(Value::Of(id, kind))
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr, span: Span) -> Option<Value> {
        let (before, after) = (format!("“{}”的左边", op.sign()), format!("“{}”的右边", op.sign()));
        let arithmetic = match op {
            BinaryOp::Add => Arithmetic::Add,
            BinaryOp::Subtract => Arithmetic::Subtract,
            BinaryOp::Multiply => Arithmetic::Multiply,
            BinaryOp::Divide => Arithmetic::Divide,
            BinaryOp::Compare(comparison) => return self.compare(comparison, left, right, span),
            BinaryOp::Concat => {
                let (left, right) = (self.text(left, &before), self.text(right, &after));
                let node = Node::Text(crate::graph::TextOp::Concat, vec![left?, right?]);
                return Some(Value::Of(self.graph.add(node, Type::String), Type::String));
            }
            BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => {
                let (left, right) = (self.boolean(left, &before), self.boolean(right, &after));
                let node = match op {
                    BinaryOp::And => Node::And(left?, right?),
                    BinaryOp::Or => Node::Or(left?, right?),
                    _ => Node::Xor(left?, right?),
                };
                return Some(Value::Of(self.graph.add(node, Type::Boolean), Type::Boolean));
            }
        };
        let (left, right) = (self.number(left, &before), self.number(right, &after));
        Some(self.arithmetic(arithmetic, left?, right?))
    }

    /// Whole numbers stay whole except under division.
    fn arithmetic(&mut self, op: Arithmetic, left: (Id, Type), right: (Id, Type)) -> Value {
        let whole = op != Arithmetic::Divide && left.1 == Type::Integer && right.1 == Type::Integer;
        let kind = if whole { Type::Integer } else { Type::Number };
        Value::Of(self.graph.add(Node::Arithmetic(op, left.0, right.0), kind), kind)
    }

    fn compare(&mut self, op: Comparison, left: &Expr, right: &Expr, span: Span) -> Option<Value> {
        let (a, b) = (self.lower(left), self.lower(right));
        let (a, b, kind) = self.unify(a?, b?, span, &format!("“{}”两边", BinaryOp::Compare(op).sign()))?;
        Some(Value::Of(self.ordered(op, a, b, kind, span)?, Type::Boolean))
    }

    /// Brings two values to one type: integers are numbers, dates and periods intervals, null fits anything.
    fn unify(&mut self, a: Value, b: Value, span: Span, what: &str) -> Option<(Id, Id, Type)> {
        match (a, b) {
            (Value::Null, Value::Null) => {
                let null = self.null(Type::Integer);
                Some((null, null, Type::Integer))
            }
            (Value::Null, Value::Of(id, kind)) => Some((self.null(kind), id, kind)),
            (Value::Of(id, kind), Value::Null) => Some((id, self.null(kind), kind)),
            (Value::Of(a, one), Value::Of(b, other)) if one == other => Some((a, b, one)),
            (Value::Of(a, one), Value::Of(b, other)) if one.is_numeric() && other.is_numeric() => {
                Some((a, b, Type::Number))
            }
            (Value::Of(a, one), Value::Of(b, other)) if one.is_temporal() && other.is_temporal() => {
                Some((self.interval(a, one), self.interval(b, other), Type::Time))
            }
            (Value::Of(_, one), Value::Of(_, other)) => {
                let any = |test: fn(Type) -> bool| test(one) || test(other);
                let advice = match (any(|kind| kind == Type::Date), any(Type::is_written), any(Type::is_text)) {
                    (true, ..) => "日期只能与日期比较,日期常数要写成 cast(\"2024-01-31\", date)。",
                    (_, true, _) => "常数要用 cast 转换,如 cast(\"2024Q1\", time_period)。",
                    (.., true) => "字符串常数要加双引号,如 \"1\"。",
                    _ => "请改为同一类型。",
                };
                self.wrong(
                    span,
                    &format!("{what}类型不同:一边是{},一边是{}。{advice}", one.chinese(), other.chinese()),
                );
                None
            }
        }
    }

    fn membership(&mut self, operand: &Expr, negated: bool, set: &[Expr]) -> Option<Value> {
        let value = self.lower(operand)?;
        let mut items = Vec::new();
        for item in set {
            let Value::Of(id, other) = self.lower(item)? else {
                self.wrong(item.span, "花括号里不能写 null,判断空请用 isnull。");
                return None;
            };
            let Some((Node::Constant(constant), _)) = self.graph.nodes().get(id).cloned() else {
                self.wrong(item.span, "逐行计算时花括号里只能写常数。");
                return None;
            };
            let fits = match value {
                Value::Null => true,
                Value::Of(_, kind) => kind == other || (kind.is_numeric() && other.is_numeric()),
            };
            if !fits {
                let message = format!("花括号里的{}不能与{}比较,请改为同一类型。", other.chinese(), value.chinese());
                self.wrong(item.span, &message);
                return None;
            }
            items.push(constant);
        }
        let id = match value {
            Value::Null => self.null(Type::Boolean),
            Value::Of(id, _) => self.graph.add(Node::Member(id, items), Type::Boolean),
        };
        let id = if negated { self.graph.add(Node::Not(id), Type::Boolean) } else { id };
        Some(Value::Of(id, Type::Boolean))
    }

    fn choose(&mut self, condition: Option<Id>, then: &Expr, otherwise: &Expr, span: Span) -> Option<Value> {
        let (then, otherwise) = (self.lower(then), self.lower(otherwise));
        self.chosen(condition?, then?, otherwise?, span)
    }

    fn chosen(&mut self, condition: Id, then: Value, otherwise: Value, span: Span) -> Option<Value> {
        if let (Value::Null, Value::Null) = (then, otherwise) {
            return Some(Value::Null);
        }
        let (then, otherwise, kind) = self.unify(then, otherwise, span, "各分支")?;
        Some(Value::Of(self.graph.add(Node::Choose(condition, then, otherwise), kind), kind))
    }

    fn case(&mut self, branches: &[(Expr, Expr)], otherwise: &Expr, span: Span) -> Option<Value> {
        let lowered: Vec<_> =
            branches.iter().map(|(when, then)| (self.boolean(when, "when 后的条件"), self.lower(then))).collect();
        let mut result = self.lower(otherwise)?;
        for (condition, then) in lowered.into_iter().rev() {
            result = self.chosen(condition?, then?, result, span)?;
        }
        Some(result)
    }
}
