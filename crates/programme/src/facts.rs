//! Facts 审核依据: what a check sees of one report — its cells, the unit's earlier reports, the register.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use youju_codes::Period;
use youju_domain::report::{CellId, Cells, Value, value_of};
use youju_vtl::{Range, Record, Scalar, Type};

use crate::cell::CellDef;
use crate::list::{self, List, RowCell};

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
/// The year of the period, as a number.
pub(crate) const YEAR: &str = "year";
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
    /// Figures of the ledgers that the unit keeps, by name: those that [`crate::Form::check_figures`] gives.
    pub figures: &'a BTreeMap<String, Decimal>,
}

/// Which of a unit's reports of one form, seen from the one that is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Age {
    Now,
    Previous,
    LastYear,
}

/// A report that a check looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Report {
    /// Of the form itself.
    Own(Age),
    /// Of another form, by its 表号, for the period that ends with this one.
    Other(String),
}

/// Where a name of a check finds its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// A fixed cell.
    Cell(Report, CellId),
    /// The sum of a list's column.
    Sum(Report, String, String),
    /// How many rows of a list are filled.
    Count(Report, String),
    /// A column of the row that is checked, or of the row with the same key in an earlier report.
    Row(Age, String),
    /// A register attribute.
    Attribute(String),
    /// Whether the period is the first of its year.
    FirstOfYear,
    /// The last day of the period.
    PeriodEnd,
    /// The year of the period.
    Year,
    /// A figure of the ledgers that the unit keeps.
    Figure(String),
}

impl Input {
    /// A cell of the report itself.
    pub fn own(id: &CellId) -> Input {
        Input::Cell(Report::Own(Age::Now), id.clone())
    }

    fn report(&self) -> Option<&Report> {
        match self {
            Input::Cell(report, _) | Input::Sum(report, ..) | Input::Count(report, _) => Some(report),
            Input::Row(..)
            | Input::Attribute(_)
            | Input::FirstOfYear
            | Input::PeriodEnd
            | Input::Year
            | Input::Figure(_) => None,
        }
    }

    /// True when a change of this cell can change the value.
    pub fn is_touched_by(&self, changed: &CellId) -> bool {
        let list_of = |list: &str| RowCell::parse(changed).is_some_and(|cell| cell.list == list);
        match self {
            Input::Cell(Report::Own(Age::Now), id) => id == changed,
            Input::Sum(Report::Own(Age::Now), list, _) | Input::Count(Report::Own(Age::Now), list) => list_of(list),
            _ => false,
        }
    }
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

    fn of_fact(name: impl Into<String>, input: Input, kind: Type, label: impl Into<String>) -> Component {
        let (name, label) = (name.into(), label.into());
        Component { name, input, kind, label, range: Range::default(), is_nonnegative: false }
    }

    /// The other form that it is taken from.
    pub fn other_form(&self) -> Option<&str> {
        match self.input.report() {
            Some(Report::Other(form)) => Some(form),
            _ => None,
        }
    }
}

/// What the checks of any form may look at of one form.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// The 表号 as a name of the check language.
    pub name: String,
    pub cells: Vec<CellDef>,
    pub lists: Vec<List>,
    /// Figures of the ledgers of its programme, each with what it is.
    pub figures: Vec<(String, String)>,
}

/// The tables of every form, by 表号.
pub(crate) type Tables = BTreeMap<String, Table>;

/// A 表号 as a name of the check language: `B103-1` is `B103_1`, `101-1` is `F101_1`.
pub(crate) fn form_name(code: &str) -> String {
    let name: String = code.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("F{name}") } else { name }
}

/// Endings of names and of labels for the unit's reports of the same form.
const AGES: [(Age, &str, &str); 3] =
    [(Age::Now, "", ""), (Age::Previous, PREVIOUS, "(上期报表)"), (Age::LastYear, LAST_YEAR, "(上年报表)")];

/// Every name that the checks of a form may use.
pub(crate) fn components(code: &str, tables: &Tables) -> Vec<Component> {
    let mut all = Vec::new();
    if let Some(own) = tables.get(code) {
        for (age, ending, told) in AGES {
            all.extend(of_table(own, "", ending, &Report::Own(age), told));
        }
        let figures = own.figures.iter();
        all.extend(
            figures.map(|(name, label)| Component::of_fact(name, Input::Figure(name.clone()), Type::Number, label)),
        );
    }
    for (other, table) in tables.iter().filter(|(other, _)| *other != code) {
        let (prefix, told) = (format!("{}__", table.name), format!("({other})"));
        all.extend(of_table(table, &prefix, "", &Report::Other(other.clone()), &told));
    }
    all.extend(
        ATTRIBUTES
            .map(|(name, label)| Component::of_fact(name, Input::Attribute(name.to_owned()), Type::String, label)),
    );
    all.push(Component::of_fact(FIRST_OF_YEAR, Input::FirstOfYear, Type::Boolean, "本期是当年第一期"));
    all.push(Component::of_fact(PERIOD_END, Input::PeriodEnd, Type::String, "报告期末"));
    all.push(Component::of_fact(YEAR, Input::Year, Type::Integer, "报告年份"));
    all
}

/// Every name that the checks of a list's rows may use: the row's, and those of the whole form.
pub(crate) fn row_components(code: &str, list: &List, tables: &Tables) -> Vec<Component> {
    let ages = AGES.iter().flat_map(|(age, ending, told)| {
        list.columns.iter().map(move |column| {
            let name = format!("{}_{}{ending}", list.id, column.id);
            let label = format!("{}{told}", column.indicator.label);
            Component::of_cell(&column.cell, name, Input::Row(*age, column.id.clone()), label)
        })
    });
    ages.chain(components(code, tables)).collect()
}

fn of_table<'t>(
    table: &'t Table,
    prefix: &'t str,
    ending: &'t str,
    report: &'t Report,
    told: &'t str,
) -> impl Iterator<Item = Component> + 't {
    let name = move |bare: &str| format!("{prefix}{bare}{ending}");
    let cells = table.cells.iter().map(move |cell| {
        let input = Input::Cell(report.clone(), cell.id.clone());
        Component::of_cell(cell, name(cell.id.as_str()), input, format!("{}{told}", cell.label))
    });
    let lists = table.lists.iter().flat_map(move |list| {
        let numbers = list.columns.iter().filter(|column| column.cell.is_number());
        let sums = numbers.map(move |column| {
            let input = Input::Sum(report.clone(), list.id.clone(), column.id.clone());
            let label = format!("{}的{}之和{told}", list.heading, column.indicator.label);
            Component {
                is_nonnegative: column.cell.is_nonnegative,
                ..Component::of_fact(name(&format!("sum_{}_{}", list.id, column.id)), input, Type::Number, label)
            }
        });
        let input = Input::Count(report.clone(), list.id.clone());
        let label = format!("{}的行数{told}", list.heading);
        let count = Component::of_fact(name(&format!("count_{}", list.id)), input, Type::Integer, label);
        sums.chain([Component { is_nonnegative: true, ..count }])
    });
    cells.chain(lists)
}

/// A row that is checked, with the rows of the same key in earlier reports.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowAt<'a> {
    pub list: &'a List,
    pub number: u32,
    pub previous: Option<u32>,
    pub last_year: Option<u32>,
}

impl<'a> Facts<'a> {
    /// The flat record of the named values; those of a row where one is checked.
    pub(crate) fn record<'c>(&self, components: impl IntoIterator<Item = &'c Component>, row: Option<RowAt>) -> Record {
        components.into_iter().map(|component| (component.name.clone(), self.value(component, row))).collect()
    }

    pub(crate) fn value(&self, component: &Component, row: Option<RowAt>) -> Scalar {
        match &component.input {
            Input::Cell(report, id) => {
                self.cells_of(report).map_or(Scalar::Null, |cells| scalar(value_of(cells, id), component.kind))
            }
            Input::Sum(report, list, column) => {
                self.cells_of(report).map_or(Scalar::Null, |cells| list::sum(cells, list, column))
            }
            Input::Count(report, list) => self.cells_of(report).map_or(Scalar::Null, |cells| list::count(cells, list)),
            Input::Row(age, column) => row
                .and_then(|row| self.of_row(row, *age, column))
                .map_or(Scalar::Null, |value| scalar(value, component.kind)),
            Input::Attribute(name) => self.attributes.get(name).map_or(Scalar::Null, |text| text_scalar(text)),
            Input::FirstOfYear => Scalar::Boolean(self.period.is_first_of_year()),
            Input::PeriodEnd => period_end(self.period),
            Input::Year => Scalar::Integer(self.period.year().into()),
            Input::Figure(name) => self.figures.get(name).map_or(Scalar::Null, |figure| number_scalar(*figure)),
        }
    }

    fn of_row(&self, row: RowAt, age: Age, column: &str) -> Option<&'a Value> {
        let (cells, number) = match age {
            Age::Now => (Some(self.cells), Some(row.number)),
            Age::Previous => (self.previous, row.previous),
            Age::LastYear => (self.last_year, row.last_year),
        };
        Some(row.list.value(cells?, number?, column))
    }

    fn cells_of(&self, report: &Report) -> Option<&'a Cells> {
        match report {
            Report::Own(Age::Now) => Some(self.cells),
            Report::Own(Age::Previous) => self.previous,
            Report::Own(Age::LastYear) => self.last_year,
            Report::Other(form) => self.others.get(form),
        }
    }
}

/// The last day of a period, as checks compare it.
pub(crate) fn period_end(period: Period) -> Scalar {
    Scalar::Text(period.last_day().to_string())
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
