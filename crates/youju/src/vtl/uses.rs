//! What rules take a variable for. A csv file has no types: `area = "06"` makes area a text although all of it are digits.

use std::collections::BTreeMap;

use youju_vtl::{BinaryOp, DatapointRuleset, Expr, ExprKind, Function, Type, UnaryOp};

/// The types of the variables that the rules calculate or compare with a constant; the others are told by the data.
pub(crate) fn of(ruleset: &DatapointRuleset) -> BTreeMap<String, Type> {
    let mut uses = Uses::default();
    for rule in &ruleset.rules {
        for expr in rule.when.iter().chain([&rule.then]) {
            uses.walk(expr, Some(Type::Boolean));
        }
    }
    let parameters = ruleset.parameters.iter();
    let known = parameters.filter_map(|parameter| {
        let name = parameter.alias.as_ref().unwrap_or(&parameter.name);
        Some((parameter.name.clone(), *uses.kinds.get(name)?))
    });
    known.collect()
}

#[derive(Default)]
struct Uses {
    kinds: BTreeMap<String, Type>,
}

impl Uses {
    /// Notes what the names in an expression are, when the expression itself should be `wanted`.
    fn walk(&mut self, expr: &Expr, wanted: Option<Type>) {
        match &expr.kind {
            ExprKind::Name(name) => {
                if let Some(kind) = wanted {
                    self.kinds.entry(name.clone()).or_insert(kind);
                }
            }
            ExprKind::Unary(UnaryOp::Not, operand) => self.walk(operand, Some(Type::Boolean)),
            ExprKind::Unary(_, operand) => self.walk(operand, Some(Type::Number)),
            ExprKind::Binary(op, left, right) => {
                let wanted = operands(*op).or_else(|| known(left)).or_else(|| known(right));
                self.walk(left, wanted);
                self.walk(right, wanted);
            }
            ExprKind::In { operand, set, .. } => self.walk(operand, set.iter().find_map(known)),
            ExprKind::If(condition, then, otherwise) => {
                self.walk(condition, Some(Type::Boolean));
                self.all([&**then, otherwise], wanted);
            }
            ExprKind::Case(branches, otherwise) => {
                self.all(branches.iter().map(|(when, _)| when), Some(Type::Boolean));
                self.all(branches.iter().map(|(_, then)| then).chain([&**otherwise]), wanted);
            }
            ExprKind::Call(function, arguments) => self.call(*function, arguments, wanted),
            ExprKind::Constant(_) | ExprKind::Omitted | ExprKind::Dataset(_) => {}
        }
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>, wanted: Option<Type>) {
        for expr in exprs {
            self.walk(expr, wanted);
        }
    }

    fn call(&mut self, function: Function, arguments: &[Expr], wanted: Option<Type>) {
        let shared = arguments.iter().find_map(known);
        match function {
            Function::IsNull => self.all(arguments, None),
            Function::Nvl => self.all(arguments, shared.or(wanted)),
            Function::Between => self.all(arguments, shared),
            _ if is_about_numbers(function) => self.all(arguments, Some(Type::Number)),
            _ => {
                // Of the functions of texts the first argument is the text; the others are patterns and places.
                let of_text = is_about_texts(function).then_some(Type::String);
                self.all(arguments.first(), of_text);
                self.all(arguments.iter().skip(1), None);
            }
        }
    }
}

/// What an operator takes on both sides; a comparison takes anything.
fn operands(op: BinaryOp) -> Option<Type> {
    match op {
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide => Some(Type::Number),
        BinaryOp::Concat => Some(Type::String),
        BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => Some(Type::Boolean),
        BinaryOp::Compare(_) => None,
    }
}

/// The type that an expression has by itself.
fn known(expr: &Expr) -> Option<Type> {
    match &expr.kind {
        ExprKind::Constant(value) => value.kind().map(|kind| if kind.is_numeric() { Type::Number } else { kind }),
        ExprKind::Unary(UnaryOp::Not, _) | ExprKind::In { .. } => Some(Type::Boolean),
        ExprKind::Unary(..) => Some(Type::Number),
        ExprKind::Binary(op, ..) => operands(*op).or(Some(Type::Boolean)),
        ExprKind::If(_, then, otherwise) => known(then).or_else(|| known(otherwise)),
        ExprKind::Case(branches, otherwise) => {
            branches.iter().find_map(|(_, then)| known(then)).or_else(|| known(otherwise))
        }
        ExprKind::Call(function, arguments) => match function {
            Function::IsNull | Function::Between | Function::MatchCharacters => Some(Type::Boolean),
            Function::Nvl => arguments.iter().find_map(known),
            Function::Length | Function::Instr => Some(Type::Number),
            _ if is_about_numbers(*function) => Some(Type::Number),
            _ if is_about_texts(*function) => Some(Type::String),
            _ => None,
        },
        ExprKind::Name(_) | ExprKind::Omitted | ExprKind::Dataset(_) => None,
    }
}

fn is_about_numbers(function: Function) -> bool {
    matches!(
        function,
        Function::Abs
            | Function::Round
            | Function::Trunc
            | Function::Ceil
            | Function::Floor
            | Function::Mod
            | Function::Power
    )
}

fn is_about_texts(function: Function) -> bool {
    matches!(
        function,
        Function::MatchCharacters
            | Function::Length
            | Function::Substr
            | Function::Upper
            | Function::Lower
            | Function::Trim
            | Function::Ltrim
            | Function::Rtrim
            | Function::Instr
            | Function::Replace
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rule: &str) -> Vec<(String, Type)> {
        let text =
            format!("define datapoint ruleset R (variable alpha as a, b, c, d) is {rule} end datapoint ruleset;");
        of(youju_vtl::parse(&text).unwrap().rulesets().next().unwrap()).into_iter().collect()
    }

    #[test]
    fn a_variable_is_what_the_rules_take_it_for() {
        use Type::{Boolean, Number, String};
        let cases: [(&str, &[(&str, Type)]); 9] = [
            ("a = b + 1", &[("alpha", Number), ("b", Number)]),
            ("a = \"06\"", &[("alpha", String)]),
            ("b in { 1, 2 } and c", &[("b", Number), ("c", Boolean)]),
            ("when not b then isnull(c)", &[("b", Boolean)]),
            ("a = b", &[]),
            ("nvl(a, 0) = b", &[("alpha", Number), ("b", Number)]),
            ("substr(b, 1, 2) = c", &[("b", String), ("c", String)]),
            ("between(a, b, 5)", &[("alpha", Number), ("b", Number)]),
            ("a = (if b = \"1\" then c else 0)", &[("alpha", Number), ("b", String), ("c", Number)]),
        ];
        for (rule, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
            assert_eq!(found(rule), expected, "{rule}");
        }
    }
}
