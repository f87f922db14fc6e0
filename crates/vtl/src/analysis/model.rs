//! From nodes of the graph to cases: when is a node true, false, null, filled?
//!
//! Each answer covers at least the records in question. What is not understood — patterns, products of components, texts
//! put together — is a quantity of its own about which only little is known. Numbers are in `quantity`.

use super::case::{Case, any, both, either};
use super::linear::{Fraction, Linear, Relation};
use super::quantity::{Value, Valued};
use super::range::{Range, Ranges, number_of};
use super::text::TextSet;
use crate::ast::Comparison;
use crate::explain::{mirrored, opposite};
use crate::graph::{Arithmetic, Graph, Id, Node};
use crate::scalar::{Scalar, Schema, Type};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The graph and what is declared about its inputs. Answers are kept: nested conditions ask for the same again and again.
pub(super) struct Model<'a> {
    pub graph: &'a Graph,
    schema: &'a Schema,
    ranges: &'a Ranges,
    truths: RefCell<BTreeMap<(Id, bool), Vec<Case>>>,
    nulls: RefCell<BTreeMap<Id, Vec<Case>>>,
    values: RefCell<BTreeMap<Id, Vec<Valued>>>,
}

impl<'a> Model<'a> {
    pub fn new(graph: &'a Graph, schema: &'a Schema, ranges: &'a Ranges) -> Model<'a> {
        let (truths, nulls, values) = Default::default();
        Model { graph, schema, ranges, truths, nulls, values }
    }

    pub fn node(&self, id: Id) -> Option<&'a Node> {
        self.graph.nodes().get(id).map(|(node, _)| node)
    }

    pub fn kind(&self, id: Id) -> Option<Type> {
        self.graph.nodes().get(id).map(|(_, kind)| *kind)
    }

    /// The component that an input node reads.
    pub fn component(&self, id: Id) -> Option<&'a str> {
        match self.node(id) {
            Some(Node::Input(place)) => self.schema.components().get(*place).map(|(name, _)| name.as_str()),
            _ => None,
        }
    }

    pub fn has_component(&self, name: &str) -> bool {
        self.schema.kind(name).is_some()
    }

    pub fn range(&self, id: Id) -> Option<&'a Range> {
        self.ranges.get(self.component(id)?)
    }

    /// The cases in which a node is true (or false).
    pub fn truth(&self, id: Id, wanted: bool) -> Vec<Case> {
        recalled(&self.truths, (id, wanted), || self.find_truth(id, wanted))
    }

    /// The cases in which a node is null.
    pub fn null(&self, id: Id) -> Vec<Case> {
        recalled(&self.nulls, id, || self.find_null(id))
    }

    /// The values that a number may have where it has one.
    pub fn values(&self, id: Id) -> Vec<Valued> {
        recalled(&self.values, id, || self.find_values(id))
    }

    fn find_truth(&self, id: Id, wanted: bool) -> Vec<Case> {
        match self.node(id) {
            Some(Node::Constant(Scalar::Boolean(value))) if *value == wanted => any(),
            Some(Node::Constant(_) | Node::Null(_)) => Vec::new(),
            Some(Node::Input(_)) => Case::filled(id, true).and(&Case::truth(id, wanted)).into_iter().collect(),
            Some(Node::Not(a)) => self.truth(*a, !wanted),
            Some(Node::And(a, b)) if wanted => both(&self.truth(*a, true), &self.truth(*b, true)),
            Some(Node::And(a, b)) => either(self.truth(*a, false), self.truth(*b, false)),
            Some(Node::Or(a, b)) if wanted => either(self.truth(*a, true), self.truth(*b, true)),
            Some(Node::Or(a, b)) => both(&self.truth(*a, false), &self.truth(*b, false)),
            Some(Node::Xor(a, b)) => self.differ(*a, *b, wanted),
            Some(Node::Compare(op, a, b)) => self.compare(id, *op, *a, *b, wanted),
            Some(Node::Member(a, items)) => self.member(id, *a, items, wanted),
            Some(Node::IsNull(a)) if wanted => self.null(*a),
            Some(Node::IsNull(a)) => vec![self.filled(*a)],
            Some(Node::Choose(condition, a, b)) => either(
                both(&self.truth(*condition, true), &self.truth(*a, wanted)),
                both(&self.not_true(*condition), &self.truth(*b, wanted)),
            ),
            Some(Node::Nvl(a, b)) => either(self.truth(*a, wanted), both(&self.null(*a), &self.truth(*b, wanted))),
            Some(Node::Matches(a, _)) => Case::truth(id, wanted).and(&self.filled(*a)).into_iter().collect(),
            _ => vec![Case::truth(id, wanted)],
        }
    }

    fn differ(&self, a: Id, b: Id, wanted: bool) -> Vec<Case> {
        let pair = |x: bool, y: bool| both(&self.truth(a, x), &self.truth(b, y));
        either(pair(true, !wanted), pair(false, wanted))
    }

    /// False or null: where `if` takes its second branch.
    pub fn not_true(&self, id: Id) -> Vec<Case> {
        either(self.truth(id, false), self.null(id))
    }

    fn find_null(&self, id: Id) -> Vec<Case> {
        match self.node(id) {
            Some(Node::Input(_)) => vec![Case::filled(id, false)],
            Some(Node::Constant(_) | Node::IsNull(_)) => Vec::new(),
            Some(Node::Nvl(a, b)) => both(&self.null(*a), &self.null(*b)),
            Some(node) if is_strict(node) => {
                node.children().into_iter().fold(Vec::new(), |cases, child| either(cases, self.null(child)))
            }
            _ => any(),
        }
    }

    /// What is known where a node has a value.
    pub fn filled(&self, id: Id) -> Case {
        match self.node(id) {
            Some(Node::Input(_)) => Case::filled(id, true),
            // And, or: one side may decide although the other is null.
            Some(Node::And(..) | Node::Or(..)) => Case::default(),
            Some(node) if is_strict(node) => {
                let children = node.children().into_iter().map(|child| self.filled(child));
                children.reduce(|all, child| all.and(&child).unwrap_or(all)).unwrap_or_default()
            }
            _ => Case::default(),
        }
    }

    /// The cases in which a node may have no value although nothing that it reads is null: a divisor is zero. `None` if
    /// that cannot be told. (A result beyond 38 digits is left aside.)
    pub fn broken(&self, root: Id) -> Option<Vec<Case>> {
        let needed = self.graph.reachable(&[root]);
        let mut cases = Vec::new();
        for ((node, _), _) in self.graph.nodes().iter().zip(needed).filter(|(_, needed)| *needed) {
            match node {
                Node::Arithmetic(Arithmetic::Divide, _, divisor) => {
                    let zeros = self
                        .values(*divisor)
                        .into_iter()
                        .filter_map(|(case, value)| case.and(&self.linear(&value.top, Relation::Exactly)?));
                    cases = either(cases, zeros.collect());
                }
                Node::Input(_) | Node::Constant(_) | Node::Null(_) | Node::IsNull(_) | Node::Nvl(..) => {}
                node if is_strict(node) => {}
                _ => return None,
            }
        }
        Some(cases)
    }

    /// A linear condition; `None` if it never holds.
    pub fn linear(&self, sum: &Linear, relation: Relation) -> Option<Case> {
        Case::linear(super::linear::condition(sum, relation, |id| self.is_whole(id)))
    }

    fn compare(&self, id: Id, op: Comparison, a: Id, b: Id, wanted: bool) -> Vec<Case> {
        let op = if wanted { op } else { opposite(op) };
        if a == b {
            let holds = matches!(op, Comparison::Equal | Comparison::LessOrEqual | Comparison::GreaterOrEqual);
            return if holds { vec![self.filled(a)] } else { Vec::new() };
        }
        match self.kind(a) {
            Some(Type::Integer | Type::Number | Type::Date) => self.compare_numbers(op, a, b),
            Some(Type::Boolean) => self.differ(a, b, op == Comparison::NotEqual),
            Some(Type::String) => self.compare_texts(id, op, a, b, wanted),
            _ => vec![Case::truth(id, wanted)],
        }
    }

    fn compare_texts(&self, id: Id, op: Comparison, a: Id, b: Id, wanted: bool) -> Vec<Case> {
        let (subject, text, op) = match (self.node(a), self.node(b)) {
            (_, Some(Node::Constant(Scalar::Text(text)))) => (a, text, op),
            (Some(Node::Constant(Scalar::Text(text))), _) => (b, text, mirrored(op)),
            (Some(Node::Null(_)), _) | (_, Some(Node::Null(_))) => return Vec::new(),
            _ => {
                let case = Case::truth(id, wanted).and(&self.filled(a)).and_then(|case| case.and(&self.filled(b)));
                return case.into_iter().collect();
            }
        };
        let set = match op {
            Comparison::Equal => TextSet::only([text.as_str()]),
            Comparison::NotEqual => TextSet::except([text.as_str()]),
            Comparison::Less => TextSet::below(text, true),
            Comparison::LessOrEqual => TextSet::below(text, false),
            Comparison::Greater => TextSet::above(text, true),
            Comparison::GreaterOrEqual => TextSet::above(text, false),
        };
        self.texts(subject, &set)
    }

    /// A text value lies in a set. `nvl` with a constant is looked into.
    fn texts(&self, id: Id, set: &TextSet) -> Vec<Case> {
        match self.node(id) {
            Some(Node::Constant(Scalar::Text(text))) => {
                if set.and(&TextSet::only([text.as_str()])).is_empty() {
                    Vec::new()
                } else {
                    any()
                }
            }
            Some(Node::Null(_)) => Vec::new(),
            Some(Node::Nvl(a, b)) => either(self.texts(*a, set), both(&self.null(*a), &self.texts(*b, set))),
            Some(Node::Choose(condition, a, b)) => either(
                both(&self.truth(*condition, true), &self.texts(*a, set)),
                both(&self.not_true(*condition), &self.texts(*b, set)),
            ),
            _ => {
                let codes = self.range(id).and_then(|range| range.codes.as_ref());
                let set = codes
                    .map_or_else(|| set.clone(), |codes| set.and(&TextSet::only(codes.iter().map(String::as_str))));
                let case = Case { texts: [(id, set.clone())].into(), ..self.filled(id) };
                if set.is_empty() { Vec::new() } else { vec![case] }
            }
        }
    }

    fn member(&self, id: Id, a: Id, items: &[Scalar], wanted: bool) -> Vec<Case> {
        match self.kind(a) {
            Some(Type::String) => {
                let texts = items
                    .iter()
                    .filter_map(|item| if let Scalar::Text(text) = item { Some(text.as_str()) } else { None });
                self.texts(a, &if wanted { TextSet::only(texts) } else { TextSet::except(texts) })
            }
            Some(Type::Integer | Type::Number | Type::Date) => {
                let mut numbers: Vec<Fraction> = items.iter().filter_map(number_of).collect();
                numbers.sort();
                numbers.dedup();
                self.member_numbers(a, &numbers, wanted)
            }
            _ => vec![Case::truth(id, wanted)],
        }
    }

    fn member_numbers(&self, a: Id, numbers: &[Fraction], wanted: bool) -> Vec<Case> {
        let compare = |op: Comparison, number: &Fraction| self.compare_values(op, &self.values(a), &[plain(number)]);
        if wanted {
            return numbers.iter().fold(Vec::new(), |cases, number| either(cases, compare(Comparison::Equal, number)));
        }
        // Below the first, between neighbours, above the last.
        let Some((first, last)) = numbers.first().zip(numbers.last()) else { return vec![self.filled(a)] };
        let between = numbers.iter().zip(numbers.iter().skip(1)).fold(Vec::new(), |cases, (low, high)| {
            either(cases, both(&compare(Comparison::Greater, low), &compare(Comparison::Less, high)))
        });
        either(either(compare(Comparison::Less, first), between), compare(Comparison::Greater, last))
    }
}

/// The kept answer, or the answer found now.
fn recalled<K: Ord, A: Clone>(kept: &RefCell<BTreeMap<K, A>>, key: K, find: impl FnOnce() -> A) -> A {
    if let Some(answer) = kept.borrow().get(&key) {
        return answer.clone();
    }
    let answer = find();
    kept.borrow_mut().insert(key, answer.clone());
    answer
}

fn plain(number: &Fraction) -> Valued {
    (Case::default(), Value::plain(Linear::constant(number.clone())))
}

/// Is the result null only where an operand is?
fn is_strict(node: &Node) -> bool {
    matches!(
        node,
        Node::Negate(_)
            | Node::Absolute(_)
            | Node::Arithmetic(..)
            | Node::Round(..)
            | Node::Compare(..)
            | Node::Member(..)
            | Node::Matches(..)
            | Node::Not(_)
            | Node::And(..)
            | Node::Or(..)
            | Node::Xor(..)
            | Node::Length(_)
    )
}
