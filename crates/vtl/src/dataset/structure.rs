//! What a dataset is made of.

use crate::ast::Role;
use crate::nearest::nearest;
use crate::scalar::{Schema, Type};

/// Component 成分 of a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: Type,
    /// Its role.
    pub role: Role,
    /// May it be null? Identifiers never are.
    pub is_nullable: bool,
}

impl Component {
    /// A component that may be null unless it is an identifier.
    pub fn new(name: impl Into<String>, kind: Type, role: Role) -> Component {
        Component { name: name.into(), kind, role, is_nullable: role != Role::Identifier }
    }
}

/// Structure 数据集结构 — the components in order; no name twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Structure {
    /// The components.
    pub components: Vec<Component>,
}

impl Structure {
    /// The component of this name.
    pub fn find(&self, name: &str) -> Option<&Component> {
        self.components.iter().find(|component| component.name == name)
    }

    /// The components of this role.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Component> {
        self.components.iter().filter(move |component| component.role == role)
    }

    /// The names of the identifiers in order.
    pub fn identifiers(&self) -> Vec<String> {
        self.with_role(Role::Identifier).map(|component| component.name.clone()).collect()
    }

    /// The measures in order.
    pub fn measures(&self) -> Vec<&Component> {
        self.with_role(Role::Measure).collect()
    }

    /// Names and types, as the row engine wants them.
    pub fn schema(&self) -> Schema {
        Schema::new(self.components.iter().map(|component| (component.name.clone(), component.kind)))
    }

    /// 是否应为 … — advice for a name that is not here.
    pub(super) fn advice(&self, name: &str) -> String {
        let near = nearest(name, self.components.iter().map(|component| component.name.as_str()));
        if !near.is_empty() {
            return format!("是否应为 {}？", near.join("、"));
        }
        let names: Vec<&str> = self.components.iter().map(|component| component.name.as_str()).take(20).collect();
        format!("这个数据集有:{}。", names.join("、"))
    }
}

/// The name of a measure that an operator has made.
pub(super) fn default_name(kind: Type) -> &'static str {
    match kind {
        Type::Integer => "int_var",
        Type::Number => "num_var",
        Type::Boolean => "bool_var",
        Type::String => "string_var",
        Type::Date => "date_var",
        Type::TimePeriod => "time_period_var",
        Type::Time => "time_var",
        Type::Duration => "duration_var",
    }
}
