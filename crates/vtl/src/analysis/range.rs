//! What is declared about components before there is any data.

use super::linear::{Fraction, Interval, fraction_of};
use crate::scalar::Scalar;
use std::collections::BTreeMap;

/// Range 取值范围 — which values a component may have when it is not null.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Range {
    /// The smallest number or date.
    pub min: Option<Scalar>,
    /// The largest number or date.
    pub max: Option<Scalar>,
    /// Are all its numbers whole?
    pub is_whole: bool,
    /// The only texts that it may be.
    pub codes: Option<Vec<String>>,
}

impl Range {
    /// At least zero.
    pub fn not_negative() -> Range {
        Range { min: Some(Scalar::Integer(0)), ..Range::default() }
    }

    pub(super) fn interval(&self) -> Interval {
        let bound = |scalar: &Option<Scalar>| scalar.as_ref().and_then(number_of);
        Interval::closed(bound(&self.min), bound(&self.max))
    }
}

/// A number, or the day number of a date, as an exact fraction.
pub(super) fn number_of(scalar: &Scalar) -> Option<Fraction> {
    match scalar {
        Scalar::Date(days) => Some(fraction_of(i128::from(*days), 0)),
        other => other.decimal().map(|(digits, scale)| fraction_of(digits, scale)),
    }
}

/// Ranges 取值范围 of components by name. A component that is not named may be anything of its type.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ranges(BTreeMap<String, Range>);

impl Ranges {
    /// Ranges by the names of components.
    pub fn new<N: Into<String>>(ranges: impl IntoIterator<Item = (N, Range)>) -> Ranges {
        Ranges(ranges.into_iter().map(|(name, range)| (name.into(), range)).collect())
    }

    /// The range of a component, if one is declared.
    pub fn get(&self, component: &str) -> Option<&Range> {
        self.0.get(component)
    }
}
