//! The rows of a list, judged one after the other; and what stays out, as a list of its own.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use youju_codes::Usci;
use youju_domain::Problem;
use youju_domain::look::is_watermark;
use youju_domain::register::Fact;
use youju_domain::register::import::{Field, Flaw, Rules, Sound, judge};
use youju_sheet::{Column, ListReader, csv_row};

use super::Fate;
use crate::attachment;
use crate::context::App;
use crate::error::{Error, Result};
use crate::ledger::bad_file;

/// Columns that a list of what stayed out has besides its own; handed in again, they say nothing.
const REMARKS: [&str; 2] = ["原行号", "没有导入的原因"];

/// A row with what it says.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its line in the file.
    pub line: u64,
    /// Its cells as they stand.
    pub cells: Vec<String>,
    /// What it says, or what is wrong with it.
    pub judged: std::result::Result<Sound, Vec<Flaw>>,
}

/// A list that is read.
pub struct List<R: Read> {
    reader: ListReader<R>,
    fields: Vec<Option<Field>>,
    rules: Rules,
    /// Where a code stood first.
    seen: HashMap<Usci, u64>,
}

/// Opens a list: which column is what follows from its names, and from what somebody says about them.
pub fn open<R: Read>(
    name: &str,
    reader: R,
    said: &[(String, Field)],
    rules: Rules,
) -> Result<List<impl Read + use<R>>> {
    let reader = ListReader::open(name, reader, &columns(said)).map_err(|error| bad_file(vec![error.to_string()]))?;
    let mut fields = vec![None; reader.names().len()];
    for field in Field::all() {
        if let Some(slot) = reader.header().column(field.key()).and_then(|column| fields.get_mut(column)) {
            *slot = Some(field);
        }
    }
    for (column, field) in said {
        if reader.header().column(field.key()).is_none() {
            let reason = format!("名单里没有“{column}”这一列。现有的列:{}。", reader.names().join("、"));
            return Err(Error::Problem(Problem::BadInput { reason }));
        }
    }
    Ok(List { reader, fields, rules, seen: HashMap::new() })
}

/// Opens a list that somebody handed in through a page: judged like any other file before it is looked into.
pub fn open_handed(app: &App, name: &str, content: Vec<u8>, rules: Rules) -> Result<List<impl Read + use<>>> {
    let file = attachment::take_in(app, name, content)?;
    open(&file.name, Cursor::new(file.content), &[], rules)
}

/// What a column may be called. What somebody says goes before what the house knows.
fn columns(said: &[(String, Field)]) -> Vec<Column> {
    let column = |field: Field| {
        let own: Vec<&str> = said.iter().filter(|(_, meant)| *meant == field).map(|(name, _)| name.as_str()).collect();
        let aliases = if own.is_empty() { field.aliases() } else { own };
        let is_required = matches!(field, Field::Fact(Fact::Usci | Fact::Name));
        let others = said.iter().filter(|(_, meant)| *meant != field);
        let taken: Vec<&str> = others.map(|(name, _)| name.as_str()).collect();
        let aliases: Vec<&str> = aliases.into_iter().filter(|alias| !taken.contains(alias)).collect();
        Column { is_required, ..Column::optional(field.key(), &aliases) }
    };
    Field::all().into_iter().map(column).collect()
}

impl<R: Read> List<R> {
    /// What was recognised: the column as it is printed, and what it is; nothing for what is not used.
    pub fn columns(&self) -> impl Iterator<Item = (&str, Option<Field>)> {
        self.reader.names().iter().map(String::as_str).zip(self.fields.iter().copied())
    }

    /// The next rows, `max` at most; none at the end.
    pub fn next_rows(&mut self, max: usize) -> Vec<Row> {
        let mut rows = Vec::with_capacity(max);
        while rows.len() < max
            && let Some((line, cells)) = self.reader.next_row()
        {
            rows.push(match cells {
                Ok(cells) if is_watermark(cells.iter().map(String::as_str)) => continue,
                Ok(cells) => self.row(line, cells),
                Err(error) => Row { line, cells: Vec::new(), judged: Err(vec![Flaw::of_row(error.to_string())]) },
            });
        }
        rows
    }

    fn row(&mut self, line: u64, cells: Vec<String>) -> Row {
        let judged = self.judge(line, &cells);
        Row { line, cells, judged }
    }

    fn judge(&mut self, line: u64, cells: &[String]) -> std::result::Result<Sound, Vec<Flaw>> {
        let width = self.fields.len();
        if cells.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
            let reason = format!("本行有 {} 列,表头只有 {width} 列,可能多了分隔符。", cells.len());
            return Err(vec![Flaw::of_row(reason)]);
        }
        let last = self.fields.iter().rposition(Option::is_some).map_or(0, |at| at + 1);
        if self.reader.is_text() && cells.len() < last {
            let reason = format!("本行只有 {} 列,表头有 {width} 列,可能少了分隔符。", cells.len());
            return Err(vec![Flaw::of_row(reason)]);
        }
        let typed: Vec<(Field, &str)> =
            self.fields.iter().zip(cells).filter_map(|(field, cell)| Some(((*field)?, unguarded(cell)))).collect();
        let sound = judge(&typed, &self.rules)?;
        if let Some(first) = self.seen.get(&sound.usci) {
            let reason = format!("代码 {} 与第 {first} 行相同。请核对哪一行是对的。", sound.usci);
            return Err(vec![Flaw::of_row(reason)]);
        }
        self.seen.insert(sound.usci, line);
        Ok(sound)
    }

    /// The head of the list of what stays out.
    pub fn left_head(&self) -> Result<Vec<u8>> {
        let names = self.reader.names().iter().map(String::as_str).filter(|name| !REMARKS.contains(name));
        let line = csv_row(names.chain(REMARKS)).map_err(|error| bad_file(vec![error.to_string()]))?;
        Ok([b"\xEF\xBB\xBF".as_slice(), &line].concat())
    }

    /// The lines of that list: what the rows held, and why they stay out.
    pub fn left(&self, rows: &[Row], fates: &[Fate]) -> Result<Vec<u8>> {
        let own: Vec<usize> = (0..self.fields.len())
            .filter(|column| self.reader.names().get(*column).is_none_or(|name| !REMARKS.contains(&name.as_str())))
            .collect();
        let mut lines = Vec::new();
        for (row, fate) in rows.iter().zip(fates) {
            let Some(reason) = fate.why_left() else { continue };
            let line = row.line.to_string();
            let cells = own.iter().map(|column| row.cells.get(*column).map_or("", |cell| unguarded(cell)));
            // What stood beyond the last column stays there: the row is refused until somebody has looked at it.
            let beyond = row.cells.iter().skip(self.fields.len()).map(|cell| unguarded(cell));
            let cells = cells.chain([line.as_str(), reason.as_str()]).chain(beyond);
            lines.extend(csv_row(cells).map_err(|error| bad_file(vec![error.to_string()]))?);
        }
        Ok(lines)
    }
}

/// Without the apostrophe that keeps Excel from running a cell: what this program wrote comes back as it was.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => cell,
    }
}
