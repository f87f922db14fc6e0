//! Workbooks as people make them: a title above, a head of one or several merged rows, more sheets than one.

use std::borrow::Cow;
use std::path::Path;

use youju_sheet::{Cell, Sheet};

use crate::open::{Failure, say_error};

/// A head never has more rows.
const HEAD_ROWS_MAX: usize = 4;

/// The sheet of a workbook that is checked.
pub(crate) struct Page {
    /// Names of its columns, those of several rows joined: 营业收入上年同期.
    pub heads: Vec<String>,
    /// The sheet itself.
    pub sheet: Sheet,
    /// Where the data begin.
    first: usize,
}

/// The first sheet that can be seen and holds a table; others are told, never silently left out.
pub(crate) fn open(path: &Path) -> Result<Page, Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let sheets = youju_sheet::read(&name, &std::fs::read(path)?)?;
    let seen = sheets.into_iter().filter(|sheet| !sheet.is_hidden);
    let mut pages = seen.filter_map(page);
    let page = pages.next().ok_or("工作簿中没有数据。表头应在同一行中写出各列的名称。")?;
    let others: Vec<String> = pages.map(|other| format!("“{}”", other.sheet.name)).collect();
    if !others.is_empty() {
        let named = others.join("、");
        say_error(&format!("{name}:审核了工作表“{}”,没有审核 {named}。请把各表另存为单独的文件。", page.sheet.name));
    }
    Ok(page)
}

/// A title stands alone in its row: the head begins with the first row that has two cells or more.
fn page(sheet: Sheet) -> Option<Page> {
    let top = sheet.rows.iter().position(|row| row.iter().filter(|cell| !cell.is_empty()).count() > 1)?;
    let bottom = bottom(&sheet, top);
    let heads = (0..sheet.width()).map(|column| head(&sheet, top, bottom, column)).collect();
    Some(Page { heads, sheet, first: bottom + 1 })
}

/// The last row of a head: merged cells reach down to it, or stand above several words of it.
fn bottom(sheet: &Sheet, top: usize) -> usize {
    let has_words = |row: usize, columns: std::ops::RangeInclusive<usize>| {
        columns.into_iter().all(|column| matches!(sheet.cell(row, column), Cell::Text(_)))
    };
    let mut bottom = top;
    for row in top..top + HEAD_ROWS_MAX {
        if row > bottom {
            break;
        }
        for merged in sheet.merged.iter().filter(|merged| merged.first_row == row) {
            let below = merged.last_row + 1;
            let is_heading =
                merged.first_column < merged.last_column && has_words(below, merged.first_column..=merged.last_column);
            bottom = bottom.max(if is_heading { below } else { merged.last_row });
        }
    }
    bottom.min(top + HEAD_ROWS_MAX - 1)
}

/// The words of a column from top to bottom; a merged cell shows its text in all its columns, and once.
fn head(sheet: &Sheet, top: usize, bottom: usize, column: usize) -> String {
    let mut words: Vec<Cow<'_, str>> = Vec::new();
    for row in top..=bottom {
        let covers = |m: &&youju_sheet::Merged| {
            (m.first_row..=m.last_row).contains(&row) && (m.first_column..=m.last_column).contains(&column)
        };
        let merged = sheet.merged.iter().find(covers);
        if merged.is_some_and(|merged| merged.first_row < row && merged.first_row >= top) {
            continue;
        }
        let cell = merged.map_or_else(|| sheet.cell(row, column), |m| sheet.cell(m.first_row, m.first_column));
        words.push(cell.text());
    }
    words.iter().map(|word| word.trim()).collect()
}

impl Page {
    /// Hands every row that holds something, with its number, to `take`.
    pub(crate) fn each(&self, mut take: impl FnMut(usize, &[&str])) {
        for (index, row) in self.sheet.rows.iter().enumerate().skip(self.first) {
            let cells: Vec<Cow<'_, str>> = row.iter().map(text).collect();
            let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                take(index + 1, &cells);
            }
        }
    }
}

/// Excel makes the first day of the month of a typed 2026-03; it is a month again here.
fn text(cell: &Cell) -> Cow<'_, str> {
    let text = cell.text();
    match (cell, text.strip_suffix("-01")) {
        (Cell::Date(_), Some(month)) => Cow::Owned(month.to_owned()),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use youju_sheet::Merged;

    use super::*;

    /// Rows of text, cells divided by commas; numbers are numbers. Merged ranges as (first row, first column, last row, last column).
    fn heads(rows: &[&str], merged: &[(usize, usize, usize, usize)]) -> (Vec<String>, usize) {
        let cell = |text: &str| match text.parse() {
            Ok(number) => Cell::Number(number),
            Err(_) if text.is_empty() => Cell::Empty,
            Err(_) => Cell::Text(text.to_owned()),
        };
        let sheet = Sheet {
            rows: rows.iter().map(|row| row.split(',').map(cell).collect()).collect(),
            merged: merged
                .iter()
                .map(|m| Merged { first_row: m.0, first_column: m.1, last_row: m.2, last_column: m.3 })
                .collect(),
            ..Sheet::default()
        };
        let page = page(sheet).unwrap();
        (page.heads, page.first)
    }

    #[test]
    fn a_head_of_one_row_stands_below_its_title() {
        let (names, first) = heads(&["财务状况,,", "单位代码,报告期,301", "A,2026-03,5"], &[(0, 0, 0, 2)]);
        assert_eq!((names.as_slice(), first), (["单位代码", "报告期", "301"].map(str::to_owned).as_slice(), 2));
    }

    #[test]
    fn merged_heads_are_joined_from_top_to_bottom() {
        let rows = ["单位代码,营业收入,,人数", ",1—本月,上年同期,", "A,5,4,1"];
        let (names, first) = heads(&rows, &[(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 1, 3)]);
        assert_eq!(names, ["单位代码", "营业收入1—本月", "营业收入上年同期", "人数"]);
        assert_eq!(first, 2);
        // Without cells merged downwards the words below tell.
        assert_eq!(heads(&rows, &[(0, 1, 0, 2)]), (names, first));
    }

    #[test]
    fn a_wide_cell_above_figures_is_a_head_of_one_row() {
        let (names, first) = heads(&["单位代码,营业收入,", "A,5,4"], &[(0, 1, 0, 2)]);
        assert_eq!((names.len(), first), (3, 1));
    }
}
