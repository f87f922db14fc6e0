//! Which column of a file is what.

use std::collections::BTreeMap;

use youju_codes::{Period, normalise};

use super::TableError;
use crate::facts::{ATTRIBUTES, Age, Component, Input, Report};
use crate::form::Form;

/// Heads of the column that says which unit a row belongs to, the best first.
const UNIT_HEADS: [&str; 6] = ["usci", "统一社会信用代码", "unit", "单位代码", "company_id", "组织机构代码"];
/// Heads of the column of the period.
const PERIOD_HEADS: [&str; 3] = ["period", "报告期", "所属期"];
/// Heads of the column that keeps figures of different origin apart.
const SERIES_HEADS: [&str; 3] = ["series", "source", "来源"];

/// The columns of a file, found.
#[derive(Debug)]
pub(crate) struct Header {
    pub heads: Vec<String>,
    pub unit: Option<usize>,
    pub period: Option<usize>,
    pub fixed_period: Option<Period>,
    pub series: Option<usize>,
    /// For every input that stands in the file itself, its column.
    pub inputs: Vec<(Input, usize)>,
    pub ignored: Vec<String>,
}

impl Header {
    pub fn find<S: AsRef<str>>(form: &Form, heads: &[S], period: Option<Period>) -> Result<Header, TableError> {
        let heads: Vec<String> = heads.iter().map(|head| head.as_ref().trim().to_owned()).collect();
        let first = |known: &[&str]| known.iter().find_map(|name| heads.iter().position(|head| same(head, name)));
        let mut header = Header {
            unit: first(&UNIT_HEADS),
            period: first(&PERIOD_HEADS),
            fixed_period: period,
            series: first(&SERIES_HEADS),
            inputs: Vec::new(),
            ignored: Vec::new(),
            heads: Vec::new(),
        };
        if header.period.is_none() && period.is_none() {
            let message = "中没有报告期。请加一列“报告期”,或另外指定报告期。".to_owned();
            return Err(TableError { row: 0, column: String::new(), message });
        }
        let aliases = aliases(form);
        for (at, head) in heads.iter().enumerate() {
            let input = aliases.get(&fold(head)).cloned().flatten();
            let is_key = [header.unit, header.period, header.series].contains(&Some(at));
            match input {
                Some(input) => header.take(input, at, &heads)?,
                None if is_key => {}
                None if head.is_empty() => header.ignored.push(format!("第 {} 列(没有名称)", at + 1)),
                None => header.ignored.push(head.clone()),
            }
        }
        header.heads = heads;
        Ok(header)
    }

    /// The column of an input.
    pub fn column(&self, input: &Input) -> Option<usize> {
        self.inputs.iter().find(|(known, _)| known == input).map(|(_, at)| *at)
    }

    fn take(&mut self, input: Input, at: usize, heads: &[String]) -> Result<(), TableError> {
        if let Some(other) = self.column(&input) {
            let head = |at: usize| heads.get(at).map_or("", String::as_str);
            let (one, two) = (head(other), head(at));
            let message = format!("第 {} 列“{one}”和第 {} 列“{two}”是同一个数据项。请去掉一列。", other + 1, at + 1);
            return Err(TableError { row: 0, column: String::new(), message });
        }
        self.inputs.push((input, at));
        Ok(())
    }
}

/// Heads are compared without brackets, dashes and underscores: `1—本月` is `1-本月`, `营业收入(上年同期)` is `营业收入上年同期`.
fn fold(head: &str) -> String {
    normalise(head).replace(['(', ')', '-', '—', '–', '_'], "")
}

fn same(head: &str, name: &str) -> bool {
    fold(head) == fold(name)
}

/// Everything that a head may say, and the input that it means. A name that several inputs share means none of them.
fn aliases(form: &Form) -> BTreeMap<String, Option<Input>> {
    let mut aliases: BTreeMap<String, Option<Input>> = BTreeMap::new();
    let mut names = |name: &str, input: &Input| {
        let shared = aliases.get(&fold(name)).is_some_and(|known| known.as_ref() != Some(input));
        aliases.insert(fold(name), if shared { None } else { Some(input.clone()) });
    };
    for cell in form.cells() {
        let input = Input::own(&cell.id);
        let bare = if cell.column.is_empty() { cell.code.clone() } else { format!("{}_{}", cell.code, cell.column) };
        for name in [cell.id.as_str(), &bare, &cell.label] {
            names(name, &input);
        }
        for (ending, age) in [("__prev", Age::Previous), ("__py", Age::LastYear)] {
            names(&format!("{}{ending}", cell.id), &Input::Cell(Report::Own(age), cell.id.clone()));
        }
    }
    for indicator in form.indicators() {
        for (at, column) in form.columns.iter().enumerate() {
            let Some(cell) = form.cell_at(indicator, column) else { continue };
            let input = Input::own(&cell.id);
            if at == 0 {
                names(&indicator.name, &input);
            }
            // A head of two rows: 营业收入 over 1—本月 and 上年同期.
            for name in [&indicator.name, &indicator.label] {
                names(&format!("{name}{}", column.label), &input);
            }
        }
    }
    for (name, chinese) in ATTRIBUTES {
        let input = Input::Attribute(name.to_owned());
        for name in [name, chinese.trim_end_matches("(名录库)"), chinese] {
            // A cell of the form goes before a register attribute of the same name.
            aliases.entry(fold(name)).or_insert_with(|| Some(input.clone()));
        }
    }
    aliases
}

/// True when the file itself, or another row of it, can give this input.
pub(crate) fn is_given(header: &Header, component: &Component) -> bool {
    let stands = |input: &Input| header.column(input).is_some();
    match &component.input {
        Input::Cell(Report::Own(Age::Now), _) | Input::Attribute(_) => stands(&component.input),
        Input::Cell(Report::Own(_), id) => {
            (header.unit.is_some() && stands(&Input::own(id))) || stands(&component.input)
        }
        Input::FirstOfYear | Input::PeriodEnd | Input::Year => true,
        // One file holds the reports of one form, and of these what stands in fixed cells.
        Input::Cell(Report::Other(_), _) | Input::Sum(..) | Input::Count(..) | Input::Row(..) | Input::Figure(_) => {
            false
        }
    }
}
