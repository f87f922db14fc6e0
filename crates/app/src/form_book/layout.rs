//! The workbook of a form: its tables, what may stand in every cell, and the names by which cells come home.

use youju_codes::Measure;
use youju_domain::id::ReportId;
use youju_domain::report::{Cells, Value, value_of};
use youju_programme::{CellDef, Form, Indicator, Kind, List, TEXT_CHARS_MAX};
use youju_sheet::CellOut;
use youju_sheet::form_book::{BookCell, BookColumn, BookRow, CodeList, FormBook, HeadLine, Line, Rule, Section};

use crate::report::Open;

/// The section of the fixed cells.
pub(super) const FIXED: &str = "fixed";
/// What stands before the id of a list in the key of its section, and before the id of a column in its key.
const LIST: &str = "list.";
const COLUMN: &str = "cell.";

/// Blank rows at the end of a list: more can be inserted in Excel.
const SPARE_ROWS: u32 = 20;

/// What the workbook is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To be filled in: Excel minds the rules of every cell.
    Fill,
    /// To be looked at.
    Read,
    /// To be compared with what came home: every cell is read by its own parser.
    Compare,
}

/// By what a workbook is known again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The report.
    pub report: ReportId,
    /// The version of its form.
    pub version: String,
    /// The revision of the report.
    pub revision: i64,
}

impl Stamp {
    fn of(form: &Form, open: &Open) -> Stamp {
        Stamp { report: open.report.id, version: form.version().to_owned(), revision: open.report.revision }
    }

    fn text(&self) -> String {
        format!("{} {} {}", self.report, self.version, self.revision)
    }

    pub(super) fn parse(text: &str) -> Option<Stamp> {
        let mut parts = text.split(' ');
        let (report, version, revision) = (parts.next()?, parts.next()?, parts.next()?);
        let stamp =
            Stamp { report: report.parse().ok()?, version: version.to_owned(), revision: revision.parse().ok()? };
        parts.next().is_none().then_some(stamp)
    }
}

/// A report as a workbook with these figures.
pub(super) fn book(form: &Form, open: &Open, cells: &Cells, purpose: Purpose) -> FormBook {
    let mut builder = Builder { form, cells, purpose, lists: Vec::new() };
    let mut sections = Vec::new();
    if !form.groups.is_empty() {
        sections.push(builder.fixed());
    }
    sections.extend(form.lists.iter().map(|list| builder.list(list)));
    let mut foot = vec![form.foot.iter().map(|label| format!("{label}:")).collect::<Vec<_>>().join("            ")];
    if purpose == Purpose::Fill {
        foot.push("没有数据的请留空,没有发生的请填 0;不适用的请导入以后在网页上填“—”。".to_owned());
    }
    FormBook {
        title: form.name.clone(),
        head: head(form, open),
        sections,
        foot,
        lists: builder.lists,
        stamp: Stamp::of(form, open).text(),
        mark: String::new(),
    }
}

/// The official head, beside who reports and for when.
fn head(form: &Form, open: &Open) -> Vec<HeadLine> {
    let measure = match form.measure {
        Measure::None => String::new(),
        measure => format!("计量单位:{}", measure.label()),
    };
    let lines = [
        (format!("统一社会信用代码:{}", open.unit.usci), format!("表号:{} 表", form.code)),
        (format!("单位详细名称:{}", open.unit.name), format!("制定机关:{}", form.authority)),
        (format!("报告期:{}", open.report.period.cumulative_label()), format!("文号:{}", form.document)),
        (measure, format!("有效期至:{}", form.valid_to.format("%Y年%-m月"))),
    ];
    lines.into_iter().map(|(left, right)| HeadLine { left, right }).collect()
}

struct Builder<'a> {
    form: &'a Form,
    cells: &'a Cells,
    purpose: Purpose,
    lists: Vec<CodeList>,
}

impl Builder<'_> {
    fn fixed(&mut self) -> Section {
        let mut columns =
            vec![named("name", "指标名称", 38), named("code", "代码", 10), named("measure", "计量单位", 10)];
        self.note(&mut columns);
        // Every cell says itself what it may hold; the rule of the column only tells that it must come home.
        columns.extend(self.form.columns.iter().map(|column| {
            let rule = self.rule_of_column();
            BookColumn { width: 16, ..BookColumn::new(&format!("{COLUMN}{}", column.id), &column.label, rule) }
        }));
        let mut section = Section::new(FIXED, columns);
        for group in &self.form.groups {
            if !group.heading.is_empty() {
                section.lines.push(Line::Heading(group.heading.clone()));
            }
            section.lines.extend(group.indicators.iter().map(|indicator| Line::Row(self.indicator(indicator))));
        }
        section
    }

    fn rule_of_column(&self) -> Rule {
        if self.purpose == Purpose::Read { Rule::Locked } else { Rule::Free }
    }

    fn indicator(&mut self, indicator: &Indicator) -> BookRow {
        let name = format!("{}{}", "　".repeat(indicator.level.into()), indicator.name);
        let form = self.form;
        let mut cells: Vec<BookCell> =
            [name.as_str(), &indicator.code, measure(indicator.measure)].map(text_cell).into();
        for column in &form.columns {
            cells.push(match form.cell_at(indicator, column) {
                Some(cell) => self.cell(cell),
                None => BookCell { value: CellOut::Empty, rule: Some(Rule::Absent) },
            });
        }
        let note = if indicator.is_required { "必填。没有发生的请填 0。".to_owned() } else { String::new() };
        BookRow { note, ..BookRow::new(&indicator.code, cells) }
    }

    fn cell(&mut self, cell: &CellDef) -> BookCell {
        let value = match value_of(self.cells, &cell.id) {
            Value::Blank => CellOut::Empty,
            Value::Number(number) => CellOut::Number(*number),
            value => CellOut::Text(cell.print(value)),
        };
        BookCell { value, rule: Some(self.rule(cell)) }
    }

    fn rule(&mut self, cell: &CellDef) -> Rule {
        match (self.purpose, &cell.kind) {
            (Purpose::Read, _) => Rule::Locked,
            (Purpose::Compare, _) => Rule::Free,
            (Purpose::Fill, Kind::Number) => Rule::Number { decimals: cell.decimals },
            (Purpose::Fill, Kind::Code(codes)) => Rule::Code { list: self.code_list(codes) },
            (Purpose::Fill, Kind::Date { may_be_open: false }) => Rule::Month,
            (Purpose::Fill, _) => Rule::Text { chars_max: u32::try_from(TEXT_CHARS_MAX).unwrap_or(u32::MAX) },
        }
    }

    /// The name of a code list; cells with the same codes share one.
    fn code_list(&mut self, codes: &[(String, String)]) -> String {
        if let Some(list) = self.lists.iter().find(|list| list.codes == codes) {
            return list.name.clone();
        }
        let name = format!("代码{}", self.lists.len() + 1);
        self.lists.push(CodeList { name: name.clone(), codes: codes.to_vec() });
        name
    }

    fn list(&mut self, list: &List) -> Section {
        let mut columns = vec![named("row", "行", 6)];
        self.note(&mut columns);
        for column in &list.columns {
            let own = &column.indicator;
            let rule = list.cell(1, &column.id).map_or(Rule::Absent, |cell| self.rule(&cell));
            let name = match own.measure {
                Measure::None => own.label.clone(),
                measure => format!("{}({})", own.label, measure.label()),
            };
            let width = if own.kind == Kind::Number { 14 } else { 20 };
            let note = if own.is_required { "必填。".to_owned() } else { String::new() };
            let new = BookColumn::new(&format!("{COLUMN}{}", column.id), &name, rule);
            columns.push(BookColumn { width, note, code: own.code.clone(), ..new });
        }
        let filled = list.rows(self.cells);
        let mut section = Section::new(&format!("{LIST}{}", list.id), columns);
        section.heading.clone_from(&list.heading);
        section.lines = filled.iter().map(|number| Line::Row(self.list_row(list, *number))).collect();
        if self.purpose != Purpose::Read {
            let used = filled.last().copied().unwrap_or(0);
            section.spare_rows = list.rows_max.saturating_sub(used).min(SPARE_ROWS);
        }
        section
    }

    fn list_row(&mut self, list: &List, number: u32) -> BookRow {
        let mut cells = vec![BookCell::from(CellOut::Number(number.into()))];
        for column in &list.columns {
            cells.extend(list.cell(number, &column.id).map(|cell| self.cell(&cell)));
        }
        BookRow::new(&row_key(list, number), cells)
    }

    /// How the form is filled in, as a comment on the first name.
    fn note(&self, columns: &mut [BookColumn]) {
        if let Some(first) = columns.first_mut() {
            first.note = self.form.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>().join("\n");
        }
    }
}

fn named(key: &str, name: &str, width: u16) -> BookColumn {
    BookColumn { width, ..BookColumn::new(key, name, Rule::Locked) }
}

fn text_cell(text: &str) -> BookCell {
    BookCell::from(if text.is_empty() { CellOut::Empty } else { CellOut::Text(text.to_owned()) })
}

fn measure(measure: Measure) -> &'static str {
    if measure == Measure::None { "" } else { measure.label() }
}

fn row_key(list: &List, number: u32) -> String {
    format!("{}.{number}", list.id)
}

/// The list that a section shows; none for the fixed cells.
pub(super) fn list_of<'f>(form: &'f Form, section: &str) -> Option<&'f List> {
    form.list(section.strip_prefix(LIST)?)
}

/// The number of a row by its key.
pub(super) fn number_of(list: &List, key: &str) -> Option<u32> {
    key.strip_prefix(list.id.as_str())?.strip_prefix('.')?.parse().ok()
}

/// The id of a column by its key; none for the columns that name the row.
pub(super) fn column_of(key: &str) -> Option<&str> {
    key.strip_prefix(COLUMN)
}
