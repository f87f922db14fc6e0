//! The typed program: a graph in which equal sub-expressions of all rules are one node (hash-consing).
//!
//! Children always have smaller numbers than their parents. Scales, registers and columns are not known here; see `plan`.

use crate::ast::Comparison;
use crate::routine::Routine;
use crate::scalar::{Scalar, Type};
use std::collections::{BTreeSet, HashMap};

/// Number of a node.
pub(crate) type Id = usize;

/// One operation on smaller nodes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    /// A component, by its place in the schema.
    Input(usize),
    /// A constant other than null.
    Constant(Scalar),
    /// Null of a type.
    Null(Type),
    Negate(Id),
    Absolute(Id),
    Arithmetic(Arithmetic, Id, Id),
    Round(Rounding, i8, Id),
    /// Numbers and dates, texts, or truth values; both sides of one family.
    Compare(Comparison, Id, Id),
    Member(Id, Vec<Scalar>),
    Matches(Id, String),
    IsNull(Id),
    Not(Id),
    And(Id, Id),
    Or(Id, Id),
    Xor(Id, Id),
    /// The second where the first is true, the third where it is false or null.
    Choose(Id, Id, Id),
    /// The first where it is not null, else the second.
    Nvl(Id, Id),
    Length(Id),
    /// Text, pattern, start, occurrence.
    Position(Id, Id, Id, Id),
    Text(TextOp, Vec<Id>),
    /// A function of up to three single values.
    Routine(Box<Routine>, Vec<Id>),
}

/// Arithmetic between two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// How digits are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Rounding {
    /// Half away from zero 四舍五入.
    Half,
    /// Towards zero.
    Zero,
    /// Towards minus infinity.
    Down,
    /// Towards plus infinity.
    Up,
}

/// Operators whose result is a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TextOp {
    Concat,
    Upper,
    Lower,
    Trim,
    TrimLeft,
    TrimRight,
    /// Text, start, length (two or three operands).
    Part,
    /// Text, pattern, by.
    Replace,
}

/// All nodes with their types.
#[derive(Debug, Clone, Default)]
pub(crate) struct Graph {
    nodes: Vec<(Node, Type)>,
    known: HashMap<(Node, Type), Id>,
}

impl Graph {
    /// The number of this node; an equal one is not added twice.
    pub fn add(&mut self, node: Node, kind: Type) -> Id {
        let key = (normal(node), kind);
        if let Some(id) = self.known.get(&key) {
            return *id;
        }
        let id = self.nodes.len();
        self.nodes.push(key.clone());
        self.known.insert(key, id);
        id
    }

    /// All nodes in order, children first.
    pub fn nodes(&self) -> &[(Node, Type)] {
        &self.nodes
    }

    /// Marks the nodes that the given ones are computed from, and themselves.
    pub fn reachable(&self, roots: &[Id]) -> Vec<bool> {
        let mut needed = vec![false; self.nodes.len()];
        for root in roots {
            if let Some(mark) = needed.get_mut(*root) {
                *mark = true;
            }
        }
        for (id, (node, _)) in self.nodes.iter().enumerate().rev() {
            if needed.get(id) == Some(&true) {
                for child in node.children() {
                    if let Some(mark) = needed.get_mut(child) {
                        *mark = true;
                    }
                }
            }
        }
        needed
    }

    /// The schema places that the given nodes read.
    pub fn inputs(&self, roots: &[Id]) -> BTreeSet<usize> {
        let needed = self.reachable(roots);
        let reads = self.nodes.iter().zip(needed).filter_map(|((node, _), needed)| match node {
            Node::Input(place) if needed => Some(*place),
            _ => None,
        });
        reads.collect()
    }
}

impl Node {
    /// The nodes directly below.
    pub fn children(&self) -> Vec<Id> {
        match self {
            Node::Input(_) | Node::Constant(_) | Node::Null(_) => Vec::new(),
            Node::Negate(a)
            | Node::Absolute(a)
            | Node::Round(_, _, a)
            | Node::Member(a, _)
            | Node::Matches(a, _)
            | Node::IsNull(a)
            | Node::Not(a)
            | Node::Length(a) => vec![*a],
            Node::Arithmetic(_, a, b)
            | Node::Compare(_, a, b)
            | Node::And(a, b)
            | Node::Or(a, b)
            | Node::Xor(a, b)
            | Node::Nvl(a, b) => vec![*a, *b],
            Node::Choose(a, b, c) => vec![*a, *b, *c],
            Node::Position(a, b, c, d) => vec![*a, *b, *c, *d],
            Node::Text(_, operands) | Node::Routine(_, operands) => operands.clone(),
        }
    }
}

/// One form for operations that do not care about the order of their operands, so that more of them are equal.
fn normal(node: Node) -> Node {
    let sorted = |a: Id, b: Id| (a.min(b), a.max(b));
    match node {
        Node::Arithmetic(op @ (Arithmetic::Add | Arithmetic::Multiply), a, b) => {
            let (a, b) = sorted(a, b);
            Node::Arithmetic(op, a, b)
        }
        Node::Compare(op @ (Comparison::Equal | Comparison::NotEqual), a, b) => {
            let (a, b) = sorted(a, b);
            Node::Compare(op, a, b)
        }
        Node::Compare(Comparison::Greater, a, b) => Node::Compare(Comparison::Less, b, a),
        Node::Compare(Comparison::GreaterOrEqual, a, b) => Node::Compare(Comparison::LessOrEqual, b, a),
        Node::And(a, b) => {
            let (a, b) = sorted(a, b);
            Node::And(a, b)
        }
        Node::Or(a, b) => {
            let (a, b) = sorted(a, b);
            Node::Or(a, b)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sub_expressions_are_one_node() {
        let mut graph = Graph::default();
        let a = graph.add(Node::Input(0), Type::Number);
        let b = graph.add(Node::Input(1), Type::Number);
        let sum = graph.add(Node::Arithmetic(Arithmetic::Add, a, b), Type::Number);
        assert_eq!(graph.add(Node::Arithmetic(Arithmetic::Add, b, a), Type::Number), sum);
        let greater = graph.add(Node::Compare(Comparison::Greater, a, b), Type::Boolean);
        assert_eq!(graph.add(Node::Compare(Comparison::Less, b, a), Type::Boolean), greater);
        assert_ne!(graph.add(Node::Arithmetic(Arithmetic::Subtract, b, a), Type::Number), sum);
        assert_eq!(graph.inputs(&[sum]), BTreeSet::from([0, 1]));
    }
}
