//! `define operator`, and the types of parameters and results.

use super::{Parsed, Parser};
use crate::ast::{OperandKind, OperatorParameter, Role, ScalarKind, TypeName, UserOperator};
use crate::error::Span;
use crate::lexer::Kind;
use std::collections::HashSet;

impl Parser<'_> {
    /// `NAME (parameters) returns type is expression end operator;`
    pub(super) fn user_operator(&mut self, start: Span) -> Parsed<UserOperator> {
        let at = self.here();
        let name = self.name("运算符的名称")?;
        if matches!(name.as_str(), "year" | "month") {
            self.errors.push(at, format!("“{name}”是 VTL 2.1 自带的函数,请给运算符改名。"));
        }
        self.expect_sign("(", "运算符名称后应写左括号 (")?;
        let parameters = if self.is_sign(")") { Vec::new() } else { self.list(Self::operator_parameter)? };
        self.expect_sign(")", "参数之间用逗号分隔,最后写右括号 )")?;
        let mut seen = HashSet::new();
        if let Some(twice) = parameters.iter().find(|parameter| !seen.insert(parameter.name.clone())) {
            self.errors.push(at, format!("参数“{}”出现了两次,请改名。", twice.name));
        }
        let returns = if self.accept_word("returns") { Some(self.result_kind()?) } else { None };
        self.expect_word("is")?;
        let body = self.expression(0)?;
        self.end_of_definition(&["operator"])?;
        Ok(UserOperator { name, parameters, returns, body, span: start.to(self.before()) })
    }

    fn operator_parameter(&mut self) -> Parsed<OperatorParameter> {
        let name = self.name("参数名称")?;
        let kind = self.operand_kind()?;
        let default = if self.accept_word("default") { Some(self.scalar_item()?) } else { None };
        Ok(OperatorParameter { name, kind, default })
    }

    fn result_kind(&mut self) -> Parsed<OperandKind> {
        if self.is_word("set") || self.starts_ruleset_kind() {
            return Err(self.wrong("运算符的结果应是标量、成分或 dataset"));
        }
        self.operand_kind()
    }

    fn starts_ruleset_kind(&self) -> bool {
        ["ruleset", "datapoint", "hierarchical", "datapoint_on_valuedomains", "datapoint_on_variables"]
            .iter()
            .chain(&["hierarchical_on_valuedomains", "hierarchical_on_variables"])
            .any(|word| self.is_word(word))
    }

    fn operand_kind(&mut self) -> Parsed<OperandKind> {
        let from = self.at;
        if self.accept_word("dataset") {
            return self.dataset_constraint().map(OperandKind::Dataset);
        }
        if self.accept_word("set") {
            self.scalar_in_angles()?;
            return Ok(OperandKind::Other(self.written(from)));
        }
        if self.starts_ruleset_kind() {
            self.ruleset_kind()?;
            return Ok(OperandKind::Other(self.written(from)));
        }
        if let Some(role) = self.role()? {
            return Ok(OperandKind::Component(role.named(), self.scalar_in_angles()?));
        }
        self.scalar_kind().map(OperandKind::Scalar)
    }

    /// `<type>` behind `set`, `component` or a role.
    fn scalar_in_angles(&mut self) -> Parsed<Option<ScalarKind>> {
        if !self.accept_sign("<") {
            return Ok(None);
        }
        let kind = self.scalar_kind()?;
        self.expect_sign(">", "类型后应写 >")?;
        Ok(Some(kind))
    }

    /// `integer [value > 0] not null`, `string {"A", "B"}`
    pub(super) fn scalar_kind(&mut self) -> Parsed<ScalarKind> {
        let name: TypeName = self.type_name()?;
        let from = self.at;
        if self.accept_sign("[") {
            self.component_expression()?;
            self.expect_sign("]", "类型的条件后应写右方括号 ]")?;
        } else if self.accept_sign("{") {
            self.list(Self::scalar_item)?;
            self.expect_sign("}", "类型的取值后应写右花括号 }")?;
        }
        if self.accept_word("not") {
            self.expect_word("null")?;
        } else {
            self.accept_word("null");
        }
        Ok(ScalarKind { name, constraint: self.written(from) })
    }

    /// `{measure<number> Me_1, identifier _+}` behind `dataset`; gives what stands in the braces.
    pub(super) fn dataset_constraint(&mut self) -> Parsed<String> {
        if !self.accept_sign("{") {
            return Ok(String::new());
        }
        let from = self.at;
        self.list(Self::component_constraint)?;
        let written = self.written(from);
        self.expect_sign("}", "dataset 的成分之间用逗号分隔,最后写右花括号 }")?;
        Ok(written)
    }

    fn component_constraint(&mut self) -> Parsed<()> {
        if self.role()?.is_none() {
            return Err(self.wrong("这里应写成分的角色:identifier、measure、attribute、viral attribute 或 component"));
        }
        self.scalar_in_angles()?;
        if self.accept_sign("_") {
            if !self.accept_sign("+") {
                self.accept_sign("*");
            }
            return Ok(());
        }
        self.component().map(|_| ())
    }

    /// `datapoint_on_variables {a * b}`, `hierarchical_on_valuedomains {a (b * c)}`
    fn ruleset_kind(&mut self) -> Parsed<()> {
        let is_bare = ["ruleset", "datapoint", "hierarchical"].iter().any(|word| self.is_word(word));
        let is_hierarchical = matches!(self.peek(0), Kind::Word(word) if word.starts_with("hierarchical_on"));
        self.advance();
        if is_bare || !self.accept_sign("{") {
            return Ok(());
        }
        self.name("变量或值域的名称")?;
        if is_hierarchical && self.accept_sign("(") {
            self.name("变量或值域的名称")?;
            while self.accept_sign("*") {
                self.name("变量或值域的名称")?;
            }
            self.expect_sign(")", "名称之间写 *,最后写右括号 )")?;
        }
        while !is_hierarchical && self.accept_sign("*") {
            self.name("变量或值域的名称")?;
        }
        self.expect_sign("}", "名称之间写 *,最后写右花括号 }")
    }

    /// The role here: `None` if there is none.
    pub(super) fn role(&mut self) -> Parsed<Option<WrittenRole>> {
        if self.accept_word("viral") {
            self.expect_word("attribute")?;
            return Ok(Some(WrittenRole::Named(Role::ViralAttribute)));
        }
        Ok(self.choice(|word| match word {
            "identifier" => Some(WrittenRole::Named(Role::Identifier)),
            "measure" => Some(WrittenRole::Named(Role::Measure)),
            "attribute" => Some(WrittenRole::Named(Role::Attribute)),
            "component" => Some(WrittenRole::Component),
            _ => None,
        }))
    }
}

/// A role as written: `component` names none in particular.
pub(super) enum WrittenRole {
    Named(Role),
    Component,
}

impl WrittenRole {
    pub(super) fn named(&self) -> Option<Role> {
        match self {
            WrittenRole::Named(role) => Some(*role),
            WrittenRole::Component => None,
        }
    }
}
