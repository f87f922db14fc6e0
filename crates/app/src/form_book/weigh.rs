//! Compares a workbook that came home with the report: what changes, what cannot stand in its cell, what somebody else has changed.

use std::collections::{BTreeMap, BTreeSet};

use youju_domain::report::{CellId, Cells, Change, Value, value_of};
use youju_programme::{CellDef, Form};
use youju_sheet::form_book::{BookError, FormBook, JudgedRow, Returned, ReturnedTable, judge};
use youju_sheet::{CellError, CellOut};

use super::layout::{self, Purpose, column_of, list_of, number_of};
use super::past::Past;
use super::row::{Row, conflict, parse};
use crate::report::Open;

/// A workbook, compared.
#[derive(Default)]
pub(super) struct Weighed {
    /// The revision of the report when the workbook went out.
    pub book_revision: i64,
    /// Cells that change.
    pub changes: Vec<Change>,
    /// What cannot be taken as it is.
    pub mistakes: Vec<BookError>,
    /// What somebody else has changed.
    pub conflicts: Vec<BookError>,
    /// What was not read.
    pub told: Vec<CellError>,
    /// Names of the cells that the report has changed and the workbook has not.
    pub kept: Vec<String>,
    /// Changes of cells that were generated or carried over.
    pub overtyped: usize,
    /// Rows with something wrong.
    pub rows_left: usize,
    /// Rows that were brought home before.
    pub rows_standing: usize,
    /// Where every cell stands in the workbook.
    pub spots: BTreeMap<CellId, Spot>,
}

impl Weighed {
    /// Says why generated values are typed over; those that come without a reason of their own.
    pub fn give_reason(&mut self, cells: &Cells, reason: &str) {
        let is_generated = |change: &&mut Change| cells.get(&change.cell).is_some_and(|cell| cell.derivation.is_some());
        for change in self.changes.iter_mut().filter(is_generated) {
            change.reason.get_or_insert_with(|| reason.to_owned());
        }
    }
}

/// Place of a cell in a workbook.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    /// Which of the returned tables.
    pub table: usize,
    /// Zero-based row.
    pub row: usize,
    /// Zero-based column.
    pub column: usize,
}

/// Compares a workbook with the report.
pub(super) fn weigh(form: &Form, open: &Open, past: &Past, returned: &Returned<'_>) -> Weighed {
    // Rows that stood in the report when the workbook went out are rows of it, and so are those that stand there now.
    let book = layout::book(form, open, &either(&open.report.cells, &past.base), Purpose::Compare);
    let judged = judge(&book, returned);
    let weighed = Weighed {
        book_revision: past.revision,
        mistakes: judged.errors.clone(),
        told: returned.told.clone(),
        ..Weighed::default()
    };
    let mut scales = Scales { form, now: &open.report.cells, past, book: &book, taken: BTreeSet::new(), weighed };
    for (number, table) in returned.tables.iter().enumerate() {
        scales.keep_numbers(table);
        for row in judged.rows.iter().filter(|row| std::ptr::eq(row.table, table)) {
            scales.row(number, row);
        }
    }
    scales.weighed
}

/// All cells in which something stands now or stood before.
fn either(now: &Cells, base: &Cells) -> Cells {
    let mut either = now.clone();
    for (id, cell) in base {
        if *value_of(&either, id) == Value::Blank {
            either.insert(id.clone(), cell.clone());
        }
    }
    either
}

struct Scales<'a> {
    form: &'a Form,
    now: &'a Cells,
    past: &'a Past,
    book: &'a FormBook,
    /// Numbers of the rows of a list that belong to a row of the workbook, or did when it went out.
    taken: BTreeSet<u32>,
    weighed: Weighed,
}

/// What one row brings.
#[derive(Default)]
struct Brought {
    changes: Vec<Change>,
    mistakes: Vec<BookError>,
    conflicts: Vec<BookError>,
    is_standing: bool,
}

impl<'a> Scales<'a> {
    /// Rows of a list that have their numbers already; those that are not in the workbook any more are told.
    fn keep_numbers(&mut self, table: &ReturnedTable<'_>) {
        let Some(list) = list_of(self.form, &table.section) else { return };
        let there: BTreeSet<u32> = table.rows.iter().filter_map(|row| number_of(list, row.id.key())).collect();
        let went_out = list.rows(&self.past.base);
        for number in went_out.difference(&there) {
            let message =
                format!("没有第 {number} 行,报表里的这一行没有改动。要删去的,请在文件或网页里清空这一行的各栏。");
            let sheet = table.sheet.name.clone();
            self.weighed.told.push(CellError { sheet, row: None, column: None, message });
        }
        self.taken = went_out.union(&there).copied().collect();
    }

    fn row(&mut self, table: usize, judged: &JudgedRow<'_>) {
        let typed = self.typed(judged);
        let mut brought = Brought::default();
        match self.place(judged, &typed) {
            Ok(row) => {
                for (key, column, out) in &typed {
                    let Some(cell) = row.cell(self.form, column) else { continue };
                    if let Some(at) = judged.table.columns.iter().find(|own| own.key == *key).map(|own| own.at) {
                        self.weighed.spots.insert(cell.id.clone(), Spot { table, row: judged.row.at, column: at });
                    }
                    let error = |message: String| BookError {
                        row: row.name(),
                        column: self.column_name(judged, key),
                        ..judged.table.error(judged.row, key, message)
                    };
                    match parse(&cell, out) {
                        Ok(value) if value == *value_of(&self.past.base, &cell.id) => {
                            // What the workbook leaves as it went out is left as it stands.
                            let is_moved = *value_of(self.now, &cell.id) != value;
                            self.weighed.kept.extend(is_moved.then_some(cell.label));
                        }
                        Ok(value) => brought.cell(self.now, self.past, &cell, value, error),
                        Err(problem) => brought.mistakes.push(error(problem.says())),
                    }
                }
            }
            // What is wrong with the row itself has been told.
            Err(None) => {}
            Err(Some(message)) => brought.mistakes.push(judged.table.error(judged.row, "", message)),
        }
        self.take(judged, brought);
    }

    fn take(&mut self, judged: &JudgedRow<'_>, brought: Brought) {
        let weighed = &mut self.weighed;
        if judged.errors.is_empty() && brought.mistakes.is_empty() && brought.conflicts.is_empty() {
            weighed.rows_standing += usize::from(brought.is_standing && brought.changes.is_empty());
            let is_generated =
                |change: &&Change| self.now.get(&change.cell).is_some_and(|cell| cell.derivation.is_some());
            weighed.overtyped += brought.changes.iter().filter(is_generated).count();
            weighed.changes.extend(brought.changes);
        } else {
            weighed.rows_left += 1;
            weighed.mistakes.extend(brought.mistakes);
            weighed.conflicts.extend(brought.conflicts);
        }
    }

    /// What was typed into a row: key of the column, id of the form's column, value.
    fn typed<'j>(&self, judged: &'j JudgedRow<'_>) -> Vec<(&'a str, &'a str, &'j CellOut)> {
        let section = self.book.sections.iter().find(|section| section.key == judged.table.section);
        let columns = section.map(|section| section.columns.as_slice()).unwrap_or_default();
        let cells = judged.values.iter().filter_map(|(at, out)| {
            let key = columns.get(*at)?.key.as_str();
            Some((key, column_of(key)?, out))
        });
        cells.collect()
    }

    fn column_name(&self, judged: &JudgedRow<'_>, key: &str) -> String {
        let section = self.book.sections.iter().find(|section| section.key == judged.table.section);
        let column = section.and_then(|section| section.columns.iter().find(|column| column.key == key));
        column.map(|column| column.name.clone()).unwrap_or_default()
    }

    /// Which row of the form a row of the workbook is. A row that was added keeps the number under which it was brought home
    /// before, or gets the next free one.
    fn place(&mut self, judged: &JudgedRow<'_>, typed: &[(&str, &str, &CellOut)]) -> Result<Row<'a>, Option<String>> {
        let key = judged.row.id.key();
        let Some(list) = list_of(self.form, &judged.table.section) else {
            let mut indicators = self.form.indicators();
            return indicators.find(|own| own.code == key).map(Row::Fixed).ok_or(None);
        };
        if !key.is_empty() {
            return number_of(list, key).map(|number| Row::Listed(list, number)).ok_or(None);
        }
        let values: BTreeMap<&str, Value> = typed
            .iter()
            .filter_map(|(_, column, out)| Some((*column, parse(&list.cell(1, column)?, out).ok()?)))
            .collect();
        let known = Row::known(list, self.now, &self.taken, &values);
        let free = || {
            let used = self.taken.last().max(list.rows(self.now).last()).copied().unwrap_or(0);
            Some(used.saturating_add(1)).filter(|number| *number <= list.rows_max)
        };
        let full = || Some(format!("清单最多 {} 行,这一行没有位置。请删去不用的行。", list.rows_max));
        let number = known.or_else(free).ok_or_else(full)?;
        self.taken.insert(number);
        Ok(Row::Listed(list, number))
    }
}

impl Brought {
    /// Compares a cell that was filled in the workbook.
    fn cell(
        &mut self,
        now: &Cells,
        past: &Past,
        cell: &CellDef,
        value: Value,
        error: impl FnOnce(String) -> BookError,
    ) {
        let (base, stands) = (value_of(&past.base, &cell.id), value_of(now, &cell.id));
        if value == *stands {
            self.is_standing = true;
        } else if stands != value_of(&past.known, &cell.id) {
            self.conflicts.push(error(conflict(cell, base, stands, &value)));
        } else {
            self.changes.push(Change { cell: cell.id.clone(), was: stands.clone(), value, reason: None });
        }
    }
}
