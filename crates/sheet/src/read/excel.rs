//! What the two Excel formats have in common: a grid with limits, and the guard around the reader of workbooks.

use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Dimensions, ExcelDateTime};
use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::error::SheetError;
use crate::limits::{CELLS_MAX, COLUMNS_MAX, MERGED_MAX, ROWS_MAX, SHEETS_MAX};
use crate::table::{Cell, Merged, Sheet};

/// Runs the reader of workbooks. It indexes freely into what a file claims about itself; a hostile or torn file can make
/// it stop in the middle, which must be an error of the file and not the end of the program.
pub(crate) fn guarded<T>(name: &str, run: impl FnOnce() -> Result<T, SheetError>) -> Result<T, SheetError> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(damaged(name, &"内部结构前后矛盾")))
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

/// Sheets as they grow cell by cell. Cells may come in any order and leave gaps.
pub(crate) struct Grid {
    sheet: Sheet,
}

/// How many cells the whole workbook has so far, gaps included.
#[derive(Default)]
pub(crate) struct Budget {
    cells: usize,
}

impl Grid {
    pub(crate) fn new(name: &str) -> Grid {
        Grid { sheet: Sheet { name: name.to_owned(), ..Sheet::default() } }
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
