//! The rows under the header: records, and what is none.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;
use youju_codes::format_number;

use super::kind::{RecordKind, ValueKind};
use super::label::{self, Label};
use super::locate::Located;
use super::mapping::{MappedColumn, Take};
use super::personal;
use super::records::{Record, RecordColumn, Skipped};
use super::value::{self, Value, is_figure};
use crate::error::CellError;
use crate::limits::RECORD_FINDINGS_MAX;
use crate::table::{Cell, Sheet};

/// Everything under the header.
#[derive(Default)]
pub(super) struct Body {
    pub rows: Vec<Record>,
    pub skipped: Vec<Skipped>,
    pub errors: Vec<CellError>,
    pub warnings: Vec<CellError>,
    /// Totals that are not the sums of the rows above; they mean nothing while rows are wrong.
    pub sums: Vec<CellError>,
    /// Rows of each person by the number of their identity card; dropped as soon as they are counted.
    pub persons: BTreeMap<String, Vec<usize>>,
}

/// How the rows are read.
pub(super) struct Reader<'a> {
    pub sheet: &'a Sheet,
    pub located: &'a Located<'a>,
    /// The zero-based column of each field.
    pub places: HashMap<&'a str, usize>,
    pub kind: RecordKind,
    /// Whether columns that tell who a person is are kept.
    pub keeps_persons: bool,
    /// How far a sum of rounded amounts may be off, for each term.
    pub per_term: Decimal,
}

/// Characters of a skipped row that are kept.
const TEXT_CHARS: usize = 60;

/// What is known while the rows go by.
struct State {
    body: Body,
    columns: Vec<RecordColumn>,
    /// Sums of each column: of all rows, and since the last total or subtotal.
    all: Vec<Decimal>,
    since: Vec<Decimal>,
    terms: usize,
    /// The values of the last document that hold for the rows below, and its row.
    carried: Vec<Value>,
    head_row: usize,
}

impl Reader<'_> {
    /// The columns that are kept.
    pub fn columns(&self) -> Vec<RecordColumn> {
        let kept = self.located.columns.iter().filter(|(_, column)| self.is_kept(column));
        let mut columns: Vec<RecordColumn> = Vec::new();
        for (at, column) in kept {
            let key = column.field.clone().unwrap_or_else(|| column.name.clone());
            // Of columns with the same name the later ones get their number.
            let twins = columns.iter().filter(|other| other.key == key || other.name == column.name).count();
            let key = if twins > 0 && column.field.is_none() { format!("{key}#{}", twins + 1) } else { key };
            columns.push(RecordColumn { key, name: column.name.clone(), column: at + 1, kind: column.kind });
        }
        columns
    }

    fn is_kept(&self, column: &MappedColumn) -> bool {
        match column.settled() {
            Take::Keep => true,
            Take::Personal => self.keeps_persons,
            Take::Leave => false,
        }
    }

    /// Reads all rows.
    pub fn read(&self) -> Body {
        let columns = self.columns();
        let zeros = vec![Decimal::ZERO; columns.len()];
        let mut state = State {
            body: Body::default(),
            all: zeros.clone(),
            since: zeros,
            terms: 0,
            carried: vec![Value::Empty; columns.len()],
            head_row: 0,
            columns,
        };
        for row in self.located.head.rows.end..self.sheet.rows.len() {
            if self.filled(row).next().is_none() {
                continue;
            }
            if state.body.errors.len() >= RECORD_FINDINGS_MAX {
                let message =
                    format!("已有 {RECORD_FINDINGS_MAX} 处以上的问题,从这一行起没有再读。请先改正前面的问题。");
                let sheet = self.sheet.name.clone();
                state.body.errors.push(CellError { sheet, row: Some(row + 1), column: None, message });
                break;
            }
            if self.repeats_header(row) {
                self.skip(&mut state, row, "重复的表头");
                continue;
            }
            match self.label(row) {
                Some(label) => self.read_total(&mut state, row, label),
                None if self.is_note(row) => self.skip(&mut state, row, "说明文字"),
                None if self.is_silent_total(&mut state, row) => self.skip(&mut state, row, "合计行,已核对"),
                None => self.read_record(&mut state, row),
            }
        }
        state.body
    }

    fn filled(&self, row: usize) -> impl Iterator<Item = &Cell> {
        self.sheet.rows.get(row).into_iter().flatten().filter(|cell| !cell.is_empty())
    }

    /// Whether a row says again what a row of the header says.
    fn repeats_header(&self, row: usize) -> bool {
        self.located.head.rows.clone().any(|head| self.filled(head).eq(self.filled(row)))
    }

    /// The cell of a field.
    fn cell(&self, row: usize, key: &str) -> &Cell {
        self.places.get(key).map_or(&Cell::Empty, |at| self.sheet.cell(row, *at))
    }

    /// Whether a row bears the code of an account; then no word in it makes it a total.
    fn has_account(&self, row: usize) -> bool {
        let has_codes = self.kind.field("account").is_some_and(|field| field.kind == ValueKind::Account);
        has_codes && matches!(value::read(self.cell(row, "account"), ValueKind::Account), Ok(Value::Account { .. }))
    }

    fn label(&self, row: usize) -> Option<Label> {
        if self.has_account(row) {
            let name = self.cell(row, "account_name").text().into_owned();
            return label::read_end(&name).filter(|_| self.kind == RecordKind::ChartOfAccounts);
        }
        let words = || self.filled(row).filter(|cell| !is_figure(cell));
        let first = words().next().and_then(|cell| label::read_end(&cell.text()));
        words().find_map(|cell| label::read(&cell.text())).or(first)
    }

    /// Columns with numbers in this row.
    fn has_numbers(&self, row: usize) -> bool {
        let mut numbers = self.located.columns.iter().filter(|(_, column)| column.kind.is_number());
        numbers.any(|(at, _)| matches!(self.sheet.cell(row, *at).number(), Ok(Some(_))))
    }

    /// A remark below or between the records: labels only, or no number and hardly a word.
    fn is_note(&self, row: usize) -> bool {
        const WORDS_MAX: usize = 2;
        let filled: Vec<&Cell> = self.filled(row).collect();
        if filled.iter().all(|cell| cell.text().contains([':', '：']) && !is_figure(cell)) {
            return true;
        }
        if self.has_numbers(row) || self.has_account(row) || filled.len() > WORDS_MAX {
            return false;
        }
        let mut required = self.kind.fields().iter().filter(|field| field.is_required).peekable();
        let has_required = required.peek().is_some();
        let is_whole = required.all(|field| {
            let cell = self.cell(row, field.key);
            !cell.is_empty() && value::read(cell, field.kind).is_ok()
        });
        let has_amounts = self.located.columns.iter().any(|(_, column)| column.kind.is_additive());
        filled.len() == 1 || has_amounts && !(has_required && is_whole)
    }

    /// In a table that nobody knows, any word or day names the row.
    fn is_named(&self, row: usize) -> bool {
        let mut words = self.located.columns.iter().filter(|(_, column)| !column.kind.is_number());
        self.kind == RecordKind::Generic && words.any(|(at, _)| !self.sheet.cell(row, *at).is_empty())
    }

    /// A total that does not say so: nothing but numbers, and all of them sums of the rows above. The last row may be a total
    /// that is wrong.
    fn is_silent_total(&self, state: &mut State, row: usize) -> bool {
        const ROWS_MIN: usize = 2;
        let keys = ["account", "product", "number", "date", "name", "person_id"];
        if state.terms < ROWS_MIN || keys.iter().any(|key| !self.cell(row, key).is_empty()) || self.is_named(row) {
            return false;
        }
        let printed: Vec<(usize, Decimal, Decimal)> = additive(&state.columns)
            .into_iter()
            .filter_map(|(index, at)| Some((at, number(self.sheet.cell(row, at))?, *state.all.get(index)?)))
            .collect();
        let wrong = printed.iter().find(|(_, printed, sum)| !self.agree(*printed, *sum, state.terms));
        let Some((at, printed, sum)) = wrong else { return !printed.is_empty() };
        let is_last = (row + 1..self.sheet.rows.len()).all(|below| !self.has_numbers(below));
        if is_last {
            let message = format!(
                "现为 {},这一行没有说明是什么。如果是合计,上面各行之和为 {},相差 {};如果是记录,请补全其余各列。",
                format_number(printed),
                format_number(sum),
                format_number(&(printed - sum).abs())
            );
            state.body.sums.push(self.error(row, *at, message));
        }
        is_last
    }

    fn agree(&self, printed: Decimal, sum: Decimal, terms: usize) -> bool {
        (printed - sum).abs() <= self.per_term * Decimal::from(terms + 1)
    }

    fn read_total(&self, state: &mut State, row: usize, label: Label) {
        let reason = match label {
            Label::Running => "累计或过次页行,未核对",
            Label::Balance => "期初或期末余额行",
            Label::Total | Label::Subtotal => {
                let is_total = label == Label::Total;
                let agrees = self.verify_total(state, row, is_total);
                state.since.fill(Decimal::ZERO);
                match (is_total, agrees) {
                    (_, None) => "小计或合计行,没有数字",
                    (true, Some(true)) => "合计行,已核对",
                    (true, Some(false)) => "合计行,与上面各行不符",
                    (false, Some(true)) => "小计行,已核对",
                    (false, Some(false)) => "小计行,与上面各行不符",
                }
            }
        };
        self.skip(state, row, reason);
    }

    /// Whether the printed sums are those of the rows above; nothing when none is printed.
    fn verify_total(&self, state: &mut State, row: usize, is_total: bool) -> Option<bool> {
        let mut agrees = None;
        for (index, at) in additive(&state.columns) {
            let Some(printed) = number(self.sheet.cell(row, at)) else { continue };
            let (Some(all), Some(since)) = (state.all.get(index), state.since.get(index)) else { continue };
            let is_right = [*all, *since].into_iter().any(|sum| self.agree(printed, sum, state.terms));
            agrees = Some(agrees.unwrap_or(true) && is_right);
            if is_right {
                continue;
            }
            let sum = if is_total { all } else { since };
            let message = format!(
                "{}现为 {},上面各行之和为 {},相差 {}。请核对是否缺行、重复或改动;这一列不应求和的,请在对应关系中改为“不求和的数字”。",
                if is_total { "合计" } else { "小计" },
                format_number(&printed),
                format_number(sum),
                format_number(&(printed - sum).abs())
            );
            let finding = self.error(row, at, message);
            // Of a table that nobody knows, a total may mean anything.
            if is_total && self.kind != RecordKind::Generic {
                state.body.sums.push(finding);
            } else {
                state.body.warnings.push(finding);
            }
        }
        agrees
    }

    fn skip(&self, state: &mut State, row: usize, reason: &'static str) {
        // In a list of persons a note may name one.
        let text = if self.kind.is_about_persons() && !self.keeps_persons { String::new() } else { self.excerpt(row) };
        state.body.skipped.push(Skipped { row: row + 1, text, reason });
    }

    /// The text of a row, without what is personal.
    fn excerpt(&self, row: usize) -> String {
        let cells = self.sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default();
        let is_open =
            |column: usize| self.keeps_persons || !personal::is_personal_name(&self.located.head.name(column));
        let shown = cells.iter().enumerate().filter(|(column, cell)| !cell.is_empty() && is_open(*column));
        let text: Vec<String> = shown.map(|(_, cell)| cell.text().into_owned()).collect();
        let text = text.join(" ");
        let text = if self.keeps_persons { text } else { personal::blot_out(&text).unwrap_or(text) };
        if text.chars().count() <= TEXT_CHARS { text } else { text.chars().take(TEXT_CHARS).chain(['…']).collect() }
    }

    fn read_record(&self, state: &mut State, row: usize) {
        let mut values = Vec::new();
        for column in &state.columns {
            let cell = self.sheet.cell(row, column.column - 1);
            match value::read(cell, column.kind) {
                Ok(value) => values.push(self.discreet(&mut state.body.warnings, value, row, column.column - 1)),
                Err(message) => {
                    state.body.errors.push(self.error(row, column.column - 1, message));
                    values.push(Value::Empty);
                }
            }
        }
        let is_new = self.carry(state, row, &mut values);
        for (index, column) in state.columns.iter().enumerate() {
            let is_required = self.kind.field(&column.key).is_some_and(|field| field.is_required);
            let was_given = !self.sheet.cell(row, column.column - 1).is_empty();
            if is_required && !was_given && values.get(index).is_none_or(Value::is_empty) {
                let message = "没有填写。请补上,或者删去这一行。".to_owned();
                state.body.errors.push(self.error(row, column.column - 1, message));
            }
        }
        for (value, (all, since)) in values.iter().zip(state.all.iter_mut().zip(state.since.iter_mut())) {
            if let Value::Number(number) = value {
                *all += *number;
                *since += *number;
            }
        }
        state.terms += 1;
        if is_new {
            state.head_row = row + 1;
        }
        let identity = self.cell(row, "person_id").text().trim().to_owned();
        if !identity.is_empty() {
            state.body.persons.entry(identity).or_default().push(row + 1);
        }
        state.body.rows.push(Record { row: row + 1, head_row: state.head_row.max(1), values });
    }

    /// Fills what is printed once for a document; whether a document begins here.
    fn carry(&self, state: &mut State, row: usize, values: &mut [Value]) -> bool {
        let carried = self.kind.carried();
        let index_of = |key: &str| state.columns.iter().position(|column| column.key == key);
        let Some(first) = carried.first().and_then(|key| index_of(key)) else { return true };
        let fields: Vec<usize> = carried.iter().filter_map(|key| index_of(key)).collect();
        let number = values.get(first).cloned().unwrap_or_default();
        let is_same = number.is_empty() || state.carried.get(first) == Some(&number);
        if !is_same {
            state.carried = values.to_vec();
            return true;
        }
        let mut is_new = !number.is_empty();
        for index in fields {
            let (Some(value), Some(above)) = (values.get_mut(index), state.carried.get(index)) else { continue };
            if value.is_empty() {
                value.clone_from(above);
                is_new = false;
            } else if *value != *above && number.is_empty() {
                let name = state.columns.get(first).map_or("", |column| &column.name);
                let at = state.columns.get(index).map_or(0, |column| column.column - 1);
                let message = format!("与第 {} 行的凭证不同,但没有“{name}”。请补上。", state.head_row);
                state.body.errors.push(self.error(row, at, message));
            }
        }
        if is_new {
            state.carried = values.to_vec();
        }
        is_new
    }

    /// A value without the number of anybody's identity card.
    fn discreet(&self, warnings: &mut Vec<CellError>, value: Value, row: usize, column: usize) -> Value {
        let Value::Text(text) = &value else { return value };
        match personal::blot_out(text).filter(|_| !self.keeps_persons) {
            Some(clean) => {
                warnings.push(self.error(row, column, "含有身份证号,导入时已略去。".to_owned()));
                Value::Text(clean)
            }
            None => value,
        }
    }

    /// A finding in a cell; both zero-based.
    pub fn error(&self, row: usize, column: usize, message: String) -> CellError {
        let name = self.located.head.name(column);
        CellError { sheet: self.sheet.name.clone(), row: Some(row + 1), column: Some(name), message }
    }
}

/// A number as it is read in records; nothing where none stands.
fn number(cell: &Cell) -> Option<Decimal> {
    value::read(cell, ValueKind::Number).ok()?.number()
}

/// Columns that may be added up: index among the kept ones, and zero-based place.
fn additive(columns: &[RecordColumn]) -> Vec<(usize, usize)> {
    let columns = columns.iter().enumerate().filter(|(_, column)| column.kind.is_additive());
    columns.map(|(index, column)| (index, column.column - 1)).collect()
}
