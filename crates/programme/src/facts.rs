//! Facts 审核依据: what a check sees of one report — its cells, the unit's earlier reports, the register.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use youju_codes::Period;
use youju_domain::report::{CellId, Cells, Value, value_of};
use youju_vtl::{Range, Record, Scalar, Type};

use crate::cell::CellDef;

/// Register attributes 名录库属性 that checks may name, with their names in sentences.
pub const ATTRIBUTES: [(&str, &str); 5] = [
    ("acct", "执行会计准则"),
    ("area", "区划代码(名录库)"),
    ("industry", "行业代码(名录库)"),
    ("size", "单位规模(名录库)"),
    ("usci", "统一社会信用代码(名录库)"),
];

/// True when the period is the first one of its year, so that cumulative figures begin anew.
pub(crate) const FIRST_OF_YEAR: &str = "first_of_year";
/// The last day of the period, `2026-03-31`: rules with 有效期 ask for it.
pub(crate) const PERIOD_END: &str = "period_end";
/// Ending of names that mean the unit's previous report of the same form 上期.
const PREVIOUS: &str = "__prev";
/// Ending of names that mean the unit's report of the same period last year 上年同期报表.
const LAST_YEAR: &str = "__py";

/// Facts 审核依据 of one report.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The report's period.
    pub period: Period,
    /// Its cells.
    pub cells: &'a Cells,
    /// The unit's report of the previous period, if it has been reported.
    pub previous: Option<&'a Cells>,
    /// The unit's report of the same period last year, if it has been reported.
    pub last_year: Option<&'a Cells>,
    /// The unit's reports of other forms whose periods end with this one's, by 表号, if they have been reported:
    /// December's monthly report beside the annual one. Only those that [`crate::Form::other_forms`] names are looked at.
    pub others: &'a BTreeMap<String, Cells>,
    /// The unit's attributes in the register.
    pub attributes: &'a BTreeMap<String, String>,
}

/// Where a name of a check finds its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// A cell of this report.
    Cell(CellId),
    /// A cell of the previous report.
    Previous(CellId),
    /// A cell of last year's report.
    LastYear(CellId),
    /// A cell of the report of another form, by its 表号, for the period that ends with this one.
    Other(String, CellId),
    /// A register attribute.
    Attribute(String),
    /// Whether the period is the first of its year.
    FirstOfYear,
    /// The last day of the period.
    PeriodEnd,
}

/// A name that a check may use.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Component {
    pub name: String,
    pub input: Input,
    pub kind: Type,
    pub label: String,
    /// What the cell can hold; anything of its type where it is no cell.
    pub range: Range,
    /// True when a negative number is always or nearly always wrong.
    pub is_nonnegative: bool,
}

impl Component {
    fn of_cell(cell: &CellDef, name: String, input: Input, label: String) -> Component {
        let kind = if cell.is_number() { Type::Number } else { Type::String };
        Component { name, input, kind, label, range: cell.range(), is_nonnegative: cell.is_nonnegative }
    }

    fn of_fact(name: &str, input: Input, kind: Type, label: &str) -> Component {
        let (name, label) = (name.to_owned(), label.to_owned());
        Component { name, input, kind, label, range: Range::default(), is_nonnegative: false }
    }

    /// The other form that it is taken from.
    pub fn other_form(&self) -> Option<&str> {
        match &self.input {
            Input::Other(form, _) => Some(form),
            _ => None,
        }
    }
}

/// A 表号 as a name of the check language: `B103-1` is `B103_1`, `101-1` is `F101_1`.
pub(crate) fn form_name(code: &str) -> String {
    let name: String = code.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("F{name}") } else { name }
}

/// Every name that the checks of a form may use. `tables` are the cells of every form of the programme.
pub(crate) fn components(code: &str, tables: &BTreeMap<String, Vec<CellDef>>) -> Vec<Component> {
    let mut all = Vec::new();
    for cell in tables.get(code).into_iter().flatten() {
        let mut push = |ending: &str, input: Input, label: String| {
            all.push(Component::of_cell(cell, format!("{}{ending}", cell.id), input, label));
        };
        push("", Input::Cell(cell.id.clone()), cell.label.clone());
        push(PREVIOUS, Input::Previous(cell.id.clone()), format!("{}(上期报表)", cell.label));
        push(LAST_YEAR, Input::LastYear(cell.id.clone()), format!("{}(上年报表)", cell.label));
    }
    for (other, cells) in tables.iter().filter(|(other, _)| *other != code) {
        all.extend(cells.iter().map(|cell| {
            let name = format!("{}__{}", form_name(other), cell.id);
            let input = Input::Other(other.clone(), cell.id.clone());
            Component::of_cell(cell, name, input, format!("{}({other})", cell.label))
        }));
    }
    all.extend(
        ATTRIBUTES
            .map(|(name, label)| Component::of_fact(name, Input::Attribute(name.to_owned()), Type::String, label)),
    );
    all.push(Component::of_fact(FIRST_OF_YEAR, Input::FirstOfYear, Type::Boolean, "本期是当年第一期"));
    all.push(Component::of_fact(PERIOD_END, Input::PeriodEnd, Type::String, "报告期末"));
    all
}

impl Facts<'_> {
    /// The flat record of the named values.
    pub(crate) fn record<'c>(&self, components: impl IntoIterator<Item = &'c Component>) -> Record {
        components.into_iter().map(|component| (component.name.clone(), self.value(component))).collect()
    }

    pub(crate) fn value(&self, component: &Component) -> Scalar {
        match &component.input {
            Input::Cell(id) => scalar(value_of(self.cells, id), component.kind),
            Input::Previous(id) => of_other(self.previous, id, component.kind),
            Input::LastYear(id) => of_other(self.last_year, id, component.kind),
            Input::Other(form, id) => of_other(self.others.get(form), id, component.kind),
            Input::Attribute(name) => self.attributes.get(name).map_or(Scalar::Null, |text| text_scalar(text)),
            Input::FirstOfYear => Scalar::Boolean(self.period.is_first_of_year()),
            Input::PeriodEnd => period_end(self.period),
        }
    }
}

/// The last day of a period, as checks compare it.
pub(crate) fn period_end(period: Period) -> Scalar {
    Scalar::Text(period.last_day().to_string())
}

fn of_other(cells: Option<&Cells>, id: &CellId, kind: Type) -> Scalar {
    cells.map_or(Scalar::Null, |cells| scalar(value_of(cells, id), kind))
}

/// Blank and not applicable are both unknown to a check; neither is zero.
fn scalar(value: &Value, kind: Type) -> Scalar {
    match (value, kind) {
        (Value::Number(number), Type::Number) => number_scalar(*number),
        (Value::Text(text), Type::String) => text_scalar(text),
        (Value::Number(number), Type::String) => text_scalar(&number.to_string()),
        _ => Scalar::Null,
    }
}

/// Text that says nothing is null.
pub(crate) fn text_scalar(text: &str) -> Scalar {
    let text = text.trim();
    if text.is_empty() { Scalar::Null } else { Scalar::Text(text.to_owned()) }
}

/// An exact number for the check language.
pub(crate) fn number_scalar(number: Decimal) -> Scalar {
    let number = number.normalize();
    Scalar::Number { unscaled: number.mantissa(), scale: u8::try_from(number.scale()).unwrap_or(u8::MAX) }
}

/// The value as an explanation remembers it: plain digits, empty for null.
pub(crate) fn plain(value: &Scalar) -> String {
    match value {
        Scalar::Null => String::new(),
        Scalar::Text(text) => text.clone(),
        Scalar::Boolean(true) => "是".to_owned(),
        Scalar::Boolean(false) => "否".to_owned(),
        other => other.to_string(),
    }
}
