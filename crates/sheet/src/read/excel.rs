//! What the two Excel formats have in common: a grid with limits, and the guard around the reader of workbooks.

use std::cell::Cell as Flag;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use calamine::{Dimensions, ExcelDateTime, SheetType, SheetVisible};
use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::error::SheetError;
use crate::limits::{CELLS_MAX, COLUMNS_MAX, MERGED_MAX, ROWS_MAX, SHEETS_MAX, TEXT_BYTES_MAX};
use crate::table::{Cell, Merged, Sheet};

/// Runs the reader of workbooks. It indexes freely into what a file claims about itself; a hostile or torn file can make
/// it stop in the middle, which must be an error of the file and not the end of the program.
pub(crate) fn guarded<T>(name: &str, run: impl FnOnce() -> Result<T, SheetError>) -> Result<T, SheetError> {
    hush();
    let before = IS_HUSHED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(run));
    IS_HUSHED.set(before);
    result.unwrap_or_else(|_| Err(damaged(name, &"内部结构前后矛盾")))
}

thread_local! {
    /// Whether this thread is inside the reader of workbooks, whose panics are told by an error.
    static IS_HUSHED: Flag<bool> = const { Flag::new(false) };
}

/// Keeps a panic of the reader out of the log of the server. The hook is put before the present one, once; all other
/// panics, of other threads at the same moment too, reach that one as before. A hook that is set later takes the place of
/// both, and the log is as noisy as without.
fn hush() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !IS_HUSHED.get() {
                before(panic);
            }
        }));
    });
}

pub(crate) fn damaged(name: &str, reason: &dyn std::fmt::Display) -> SheetError {
    SheetError::Damaged { name: name.to_owned(), reason: reason.to_string() }
}

pub(crate) fn verify_sheet_count(name: &str, count: usize) -> Result<(), SheetError> {
    if count > SHEETS_MAX {
        return Err(SheetError::limit(format!("“{name}”的工作表数"), count as u64, SHEETS_MAX as u64));
    }
    Ok(())
}

/// A sheet that can be read.
pub(crate) struct Tab {
    pub(crate) name: String,
    is_hidden: bool,
}

/// The sheets of cells; charts and macros are none.
pub(crate) fn tabs(sheets: &[calamine::Sheet]) -> Vec<Tab> {
    let sheets = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    sheets.map(|sheet| Tab { name: sheet.name.clone(), is_hidden: sheet.visible != SheetVisible::Visible }).collect()
}

/// Sheets as they grow cell by cell. Cells may come in any order and leave gaps.
pub(crate) struct Grid {
    sheet: Sheet,
}

/// How many cells the whole workbook has so far, gaps included, and how many bytes of text.
#[derive(Default)]
pub(crate) struct Budget {
    cells: usize,
    text_bytes: usize,
}

impl Grid {
    pub(crate) fn new(tab: &Tab) -> Grid {
        Grid { sheet: Sheet { name: tab.name.clone(), is_hidden: tab.is_hidden, ..Sheet::default() } }
    }

    /// Puts a cell at a zero-based place.
    pub(crate) fn put(&mut self, budget: &mut Budget, at: (u32, u32), cell: Cell) -> Result<(), SheetError> {
        let (row, column) = (at.0 as usize, at.1 as usize);
        if cell.is_empty() {
            return Ok(());
        }
        let limit = |what: &str, found: usize, max: usize| {
            Err(SheetError::limit(format!("工作表“{}”的{what}", self.sheet.name), found as u64, max as u64))
        };
        if row >= ROWS_MAX {
            return limit("行数", row + 1, ROWS_MAX);
        }
        if column >= COLUMNS_MAX {
            return limit("列数", column + 1, COLUMNS_MAX);
        }
        // Blank rows cost memory too.
        let new_rows = (row + 1).saturating_sub(self.sheet.rows.len());
        let length = self.sheet.rows.get(row).map_or(0, Vec::len);
        budget.cells += new_rows + (column + 1).saturating_sub(length);
        if budget.cells > CELLS_MAX {
            return limit("单元格数", budget.cells, CELLS_MAX);
        }
        if let Cell::Text(text) = &cell {
            budget.text_bytes += text.len();
        }
        if budget.text_bytes > TEXT_BYTES_MAX {
            return limit("文本字节数", budget.text_bytes, TEXT_BYTES_MAX);
        }
        if new_rows > 0 {
            self.sheet.rows.resize_with(row + 1, Vec::new);
        }
        let Some(cells) = self.sheet.rows.get_mut(row) else { return Ok(()) };
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        if let Some(place) = cells.get_mut(column) {
            *place = cell;
        }
        Ok(())
    }

    pub(crate) fn finish(mut self, merged: &[Dimensions]) -> Result<Sheet, SheetError> {
        if merged.len() > MERGED_MAX {
            let what = format!("工作表“{}”的合并单元格数", self.sheet.name);
            return Err(SheetError::limit(what, merged.len() as u64, MERGED_MAX as u64));
        }
        self.sheet.merged = merged
            .iter()
            .map(|range| Merged {
                first_row: range.start.0 as usize,
                first_column: range.start.1 as usize,
                last_row: range.end.0 as usize,
                last_column: range.end.1 as usize,
            })
            .collect();
        Ok(self.sheet)
    }
}

/// A date, or a length of time as hours:minutes:seconds.
pub(crate) fn cell_from_date(moment: &ExcelDateTime) -> Cell {
    if moment.is_duration() {
        let seconds = Decimal::from_f64_retain(moment.as_f64() * 86_400.0).map_or(0, |s| s.round().mantissa());
        return Cell::Text(format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, (seconds % 60).abs()));
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    let date_time = date.and_then(|date| date.and_hms_opt(u32::from(hour), u32::from(minute), u32::from(second)));
    date_time.map_or_else(|| Cell::from_f64(moment.as_f64()), Cell::Date)
}
