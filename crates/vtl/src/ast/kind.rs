//! Types as a script names them, in casts and in the signatures of user-defined operators.

use super::Role;
use crate::scalar::Type;

/// The name of a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TypeName {
    /// `scalar`: any of the others.
    Scalar,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `boolean`
    Boolean,
    /// `string`
    String,
    /// `date`
    Date,
    /// `time`
    Time,
    /// `time_period`
    TimePeriod,
    /// `duration`
    Duration,
    /// A value domain.
    Domain(String),
}

impl TypeName {
    const ALL: [(&'static str, TypeName); 9] = [
        ("scalar", TypeName::Scalar),
        ("integer", TypeName::Integer),
        ("number", TypeName::Number),
        ("boolean", TypeName::Boolean),
        ("string", TypeName::String),
        ("date", TypeName::Date),
        ("time", TypeName::Time),
        ("time_period", TypeName::TimePeriod),
        ("duration", TypeName::Duration),
    ];

    /// The basic type that this reserved word names.
    pub(crate) fn named(word: &str) -> Option<TypeName> {
        Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, name)| name.clone())
    }

    /// The reserved word of a basic type, the name of a value domain.
    pub fn name(&self) -> &str {
        match self {
            TypeName::Domain(name) => name,
            basic => Self::ALL.iter().find(|(_, known)| known == basic).map_or("", |(word, _)| word),
        }
    }

    /// The type that this crate evaluates, if it is one.
    pub fn kind(&self) -> Option<Type> {
        match self {
            TypeName::Integer => Some(Type::Integer),
            TypeName::Number => Some(Type::Number),
            TypeName::Boolean => Some(Type::Boolean),
            TypeName::String => Some(Type::String),
            TypeName::Date => Some(Type::Date),
            TypeName::Time => Some(Type::Time),
            TypeName::TimePeriod => Some(Type::TimePeriod),
            TypeName::Duration => Some(Type::Duration),
            TypeName::Scalar | TypeName::Domain(_) => None,
        }
    }
}

/// A scalar type with its constraint: `integer [value > 0] not null`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScalarKind {
    /// Its name.
    pub name: TypeName,
    /// `[…]`, `{…}`, `null` or `not null` behind it as written; empty if there is none. Not enforced.
    pub constraint: String,
}

/// What a parameter or result may be. Constraints on structure are kept as written and not enforced beyond the kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperandKind {
    /// `integer`, `string`, …
    Scalar(ScalarKind),
    /// `dataset {…}` with what stands in braces; empty without braces.
    Dataset(String),
    /// `component`, `measure<number>`, … with role and type.
    Component(Option<Role>, Option<ScalarKind>),
    /// `datapoint`, `hierarchical`, `ruleset`, `set<…>`: as written.
    Other(String),
}
