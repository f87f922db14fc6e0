//! 审核公式 of a form: which cells, earlier reports, other forms and attributes its formulas may name.
//!
//! A row is the code of an indicator, a column its number from 1: `[301,2]` is 上年同期 of row 301.

use youju_codes::Measure;
use youju_vtl::Type;
use youju_vtl::formula::{Attribute, Cell, Form, Layout, Shift, Unit};

use crate::cell::CellDef;
use crate::facts::{ATTRIBUTES, FIRST_OF_YEAR, PERIOD_END, Tables, YEAR};

/// The names of a form in formulas; every one of them is one of [`crate::facts::components`]. `tables` are the cells of
/// every form in force, `measure` is the unit that amounts such as `2000万元` are converted to.
pub(crate) fn layout(code: &str, measure: Measure, tables: &Tables) -> Layout {
    let own = Form {
        unit: unit(measure),
        shifts: vec![Shift::Periods(1), Shift::Years(1)],
        ..form(code, "", tables.get(code).map_or(&[], |table| table.cells.as_slice()))
    };
    let others = tables.iter().filter(|(other, _)| *other != code);
    let others = others.map(|(other, table)| form(other, &format!("{}__", table.name), &table.cells));
    Layout::new(std::iter::once(own).chain(others).collect(), attributes())
}

fn form(code: &str, prefix: &str, cells: &[CellDef]) -> Form {
    let mut columns: Vec<&str> = Vec::new();
    let cells = cells.iter().map(|cell| {
        let column = columns.iter().position(|column| *column == cell.column).unwrap_or_else(|| {
            columns.push(&cell.column);
            columns.len() - 1
        });
        Cell {
            row: cell.code.clone(),
            column: (column + 1).to_string(),
            name: format!("{prefix}{}", cell.id),
            kind: if cell.is_number() { Type::Number } else { Type::String },
            unit: unit(cell.measure),
            is_list: false,
        }
    });
    Form { code: code.to_owned(), cells: cells.collect(), unit: None, filled: None, shifts: Vec::new() }
}

fn attributes() -> Vec<Attribute> {
    let attribute = |word: &str, name: &str, kind| Attribute {
        word: word.to_owned(),
        name: name.to_owned(),
        kind,
        shifts: Vec::new(),
    };
    let register = ATTRIBUTES.map(|(name, label)| attribute(label.trim_end_matches("(名录库)"), name, Type::String));
    let period = [
        attribute("首期", FIRST_OF_YEAR, Type::Boolean),
        attribute("报告期末", PERIOD_END, Type::String),
        attribute("年份", YEAR, Type::Integer),
    ];
    register.into_iter().chain(period).collect()
}

fn unit(measure: Measure) -> Option<Unit> {
    match measure {
        Measure::Yuan => Some(Unit::Yuan),
        Measure::ThousandYuan => Some(Unit::Thousand),
        Measure::TenThousandYuan => Some(Unit::TenThousand),
        Measure::MillionYuan => Some(Unit::Million),
        Measure::HundredMillionYuan => Some(Unit::HundredMillion),
        _ => None,
    }
}
