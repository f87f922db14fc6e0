//! How viral attributes pass from operands to results (2.2).

use super::{Aggregate, Signature};
use crate::error::Span;
use crate::scalar::Scalar;

/// Viral propagation 属性传播规则 — what a viral attribute becomes where values meet.
#[derive(Debug, Clone)]
pub struct ViralPropagation {
    /// Its name.
    pub name: String,
    /// Is the attribute named itself (`variable`) or the domain of its values (`valuedomain`)?
    pub signature: Signature,
    /// The attribute or value domain.
    pub target: String,
    /// How its values are combined.
    pub body: ViralBody,
    /// Where the definition stands.
    pub span: Span,
}

impl PartialEq for ViralPropagation {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, self.signature, &self.target, &self.body)
            == (&other.name, other.signature, &other.target, &other.body)
    }
}

/// How the values of a viral attribute are combined.
#[derive(Debug, Clone, PartialEq)]
pub enum ViralBody {
    /// `when "A" and "B" then "C"; … else "D"`: the first clause that fits, then the default.
    Listed(Vec<ViralClause>, Option<Scalar>),
    /// `aggregate max`; one of `min`, `max`, `sum`, `avg`.
    Aggregate(Aggregate),
}

/// `name: when value and value then result`.
#[derive(Debug, Clone, PartialEq)]
pub struct ViralClause {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// A value that must occur.
    pub when: Scalar,
    /// Another one that must occur with it.
    pub and: Option<Scalar>,
    /// The result.
    pub then: Scalar,
}
