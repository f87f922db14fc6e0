//! The cells of a form that follow from others: formulas over the report itself and its lists.

use youju_domain::report::CellId;
use youju_vtl::{Expression, Schema, Type};

use super::error::{Log, Source};
use super::form::Draft;
use super::paths_of;
use crate::carry::Computed;
use crate::facts::{Component, Tables, components};
use crate::files::Files;
use crate::names;

/// Formulas are computed in their order, so one may read only what earlier ones give: nothing depends on itself.
pub(super) fn read(files: &Files, draft: &Draft, tables: &Tables, log: &mut Log) -> Vec<Computed> {
    let [path, ..] = paths_of(&draft.code);
    let Some(mut source) = Source::open(files, &path, log).filter(|_| !draft.computed.is_empty()) else {
        return Vec::new();
    };
    let known = components(&draft.code, tables);
    let mut computed: Vec<Computed> = Vec::new();
    let later = |at: usize, name: &str| draft.computed.iter().skip(at).any(|raw| raw.cell.get_ref() == name);
    for (at, raw) in draft.computed.iter().enumerate() {
        let cell = CellId::new(raw.cell.get_ref().clone());
        if !draft.cells.iter().any(|known| known.id == cell && known.is_number()) {
            source.error(&raw.cell.span(), format!("本表没有数值单元格“{cell}”,不能计算。"));
            continue;
        }
        let expr = match youju_vtl::parse_expression(raw.formula.get_ref()) {
            Ok(expr) => expr,
            Err(errors) => {
                source.error(&raw.formula.span(), format!("公式有误:{errors}"));
                continue;
            }
        };
        let read = names::all(&expr);
        if let Some(name) = read.iter().find(|name| later(at, name)) {
            source.error(&raw.formula.span(), format!("公式用到的“{name}”要在它之后才计算。请调整顺序。"));
            continue;
        }
        let components: Vec<Component> = known.iter().filter(|known| read.contains(&known.name)).cloned().collect();
        let schema = Schema::new(components.iter().map(|component| (component.name.clone(), component.kind)));
        match Expression::compile(&expr, &schema) {
            Ok(expression) if expression.kind().is_some_and(Type::is_numeric) => computed.push(Computed {
                cell,
                formula: raw.formula.get_ref().clone(),
                expression,
                components,
                note: raw.note.clone(),
            }),
            Ok(_) => source.error(&raw.formula.span(), "公式的结果应为数值。"),
            Err(errors) => source.error(&raw.formula.span(), format!("公式有误:{errors}")),
        }
    }
    computed
}
