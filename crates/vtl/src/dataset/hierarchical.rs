//! `check_hierarchy` and `hierarchy`.

use super::plan::{HierarchyResult, HierarchyTask, Node, Plan};
use super::structure::{Component, Structure};
use super::typer::{Typed, Typer, wrong};
use super::validate::common_kind;
use crate::ast::{Aggregate, ComponentRef, Expr, HierarchyOutput, Mode, Output, Role, RuleInput, Signature, ViralBody};
use crate::error::Span;
use crate::hierarchy::HierarchyProgram;
use crate::scalar::{Schema, Type};

/// The ruleset and the components that stand for its signature.
pub(super) struct Applied<'a> {
    pub operand: &'a Expr,
    pub ruleset: &'a str,
    pub conditions: &'a [ComponentRef],
    pub rule: Option<&'a ComponentRef>,
    pub mode: Option<Mode>,
    pub input: Option<RuleInput>,
    pub span: Span,
}

impl Typer<'_> {
    pub(super) fn check_hierarchy(&mut self, applied: &Applied<'_>, output: Option<Output>) -> Typed<Plan> {
        let output = output.unwrap_or(Output::Invalid);
        let (plan, task) = self.hierarchy_task(applied, RuleInput::Dataset, HierarchyResult::Checked(output))?;
        task.program.check(task.mode, task.input)?;
        let input = &plan.structure;
        let mut components: Vec<Component> = input.with_role(Role::Identifier).cloned().collect();
        components.push(Component::new("ruleid", Type::String, Role::Identifier));
        if output != Output::All {
            components.extend(input.with_role(Role::Measure).cloned());
        }
        if output != Output::Invalid {
            components.push(Component::new("bool_var", Type::Boolean, Role::Measure));
        }
        let measure = input.find(&task.measure).map_or(Type::Number, |measure| measure.kind);
        components.push(Component::new("imbalance", measure, Role::Measure));
        let codes = task.program.rules().iter().map(|rule| rule.error_code.as_ref());
        let levels = task.program.rules().iter().map(|rule| rule.error_level.as_ref());
        components.push(Component::new("errorcode", common_kind(codes, Type::String), Role::Measure));
        components.push(Component::new("errorlevel", common_kind(levels, Type::Integer), Role::Measure));
        let node = Node::Hierarchy { input: Box::new(plan), task: Box::new(task) };
        Ok(Plan { node, structure: Structure { components } })
    }

    pub(super) fn hierarchy(&mut self, applied: &Applied<'_>, output: Option<HierarchyOutput>) -> Typed<Plan> {
        let output = output.unwrap_or(HierarchyOutput::Computed);
        let (plan, mut task) = self.hierarchy_task(applied, RuleInput::Rule, HierarchyResult::Computed(output))?;
        task.program.sum(task.mode, task.input)?;
        for attribute in plan.structure.with_role(Role::ViralAttribute) {
            let body = self.virals.get(attribute.name.as_str()).map(|rule| &rule.body);
            let Some(ViralBody::Aggregate(function @ (Aggregate::Min | Aggregate::Max))) = body else {
                let message = format!(
                    "逐级汇总时传播属性“{}”要有 aggregate min 或 aggregate max 的传播规则。请用 define viral propagation 定义,或先用 drop 去掉它。",
                    attribute.name
                );
                return wrong(applied.span, message);
            };
            task.virals.push((attribute.name.clone(), *function));
        }
        let kept = plan.structure.components.iter().filter(|component| component.role != Role::Attribute);
        let structure = Structure { components: kept.cloned().collect() };
        Ok(Plan { node: Node::Hierarchy { input: Box::new(plan), task: Box::new(task) }, structure })
    }

    fn hierarchy_task(
        &mut self,
        applied: &Applied<'_>,
        default: RuleInput,
        output: HierarchyResult,
    ) -> Typed<(Plan, HierarchyTask)> {
        let span = applied.span;
        let plan = self.dataset(applied.operand, "汇总关系的对象")?;
        let Some(ruleset) = self.hierarchies.get(applied.ruleset).copied() else {
            let name = applied.ruleset;
            return wrong(span, format!("没有名为“{name}”的规则集,请先用 define hierarchical ruleset 定义。"));
        };
        let structure = &plan.structure;
        let rule = match (applied.rule, ruleset.signature) {
            (Some(rule), _) => rule.name.clone(),
            (None, Signature::Variable) => ruleset.rule.clone(),
            (None, Signature::ValueDomain) => return wrong(span, "规则集按值域定义,请用 rule 写明代码所在的标识。"),
        };
        if structure.find(&rule).is_none_or(|found| found.role != Role::Identifier) {
            return wrong(span, format!("“{rule}”不是数据集的标识。{}", structure.advice(&rule)));
        }
        let measure = match structure.measures().as_slice() {
            [measure] if measure.kind.is_numeric() => measure.name.clone(),
            _ => return wrong(span, "汇总关系只用于有一个数值度量的数据集。请用 # 选出一个度量。"),
        };
        let mut conditions = Vec::new();
        for (at, parameter) in ruleset.conditions.iter().enumerate() {
            let column = applied.conditions.get(at).map_or(&parameter.name, |component| &component.name);
            if structure.find(column).is_none() {
                return wrong(span, format!("条件要用的“{column}”不在数据集里。{}", structure.advice(column)));
            }
            conditions.push((parameter.name.clone(), column.clone()));
        }
        let schema = Schema::new(
            conditions
                .iter()
                .map(|(name, column)| (name.clone(), structure.find(column).map_or(Type::String, |found| found.kind))),
        );
        let program = HierarchyProgram::compile(ruleset, &schema)?;
        let mode = applied.mode.unwrap_or(Mode::NonNull);
        let input = applied.input.unwrap_or(default);
        Ok((plan, HierarchyTask { program, conditions, rule, measure, virals: Vec::new(), mode, input, output }))
    }
}
