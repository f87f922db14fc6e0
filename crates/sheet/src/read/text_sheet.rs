//! A CSV file as one sheet. Nobody has said yet where the header is, so titles above the table and notes below it may be
//! shorter than the rows of the table; a row inside the table may not.

use std::collections::BTreeMap;

use crate::error::SheetError;
use crate::limits::{CELLS_MAX, ROWS_MAX};
use crate::read::csv::{CsvRow, RawRows};
use crate::table::{Cell, Sheet};

/// What is remembered of a row until the width of the table is known.
struct Shape {
    line: u64,
    cells: usize,
    used: usize,
    filled: usize,
}

pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Sheet, SheetError> {
    let mut raw = RawRows::open(bytes)?;
    let (mut rows, mut shapes) = (Vec::new(), Vec::new());
    let mut cells_total = 0;
    let mut row = CsvRow::default();
    while let Some(next) = raw.next_row(row)? {
        row = next;
        let cells: Vec<Cell> = if row.is_blank() { Vec::new() } else { row.cells().map(Cell::from_text).collect() };
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        cells_total += cells.len();
        shapes.push(Shape { line: row.line, cells: cells.len(), used: row.used(), filled });
        rows.push(cells);
        if rows.len() > ROWS_MAX {
            return Err(SheetError::limit(format!("“{name}”的行数"), rows.len() as u64, ROWS_MAX as u64));
        }
        if cells_total > CELLS_MAX {
            return Err(SheetError::limit(format!("“{name}”的单元格数"), cells_total as u64, CELLS_MAX as u64));
        }
    }
    if shapes.iter().all(|shape| shape.filled == 0) {
        return Err(SheetError::Empty { name: name.to_owned() });
    }
    verify_shapes(&shapes)?;
    Ok(Sheet { name: stem(name).to_owned(), rows, ..Sheet::default() })
}

/// The width of the table is the width of most of its rows.
fn verify_shapes(shapes: &[Shape]) -> Result<(), SheetError> {
    let mut widths = BTreeMap::<usize, usize>::new();
    for shape in shapes.iter().filter(|shape| shape.filled > 1) {
        *widths.entry(shape.cells).or_default() += 1;
    }
    let Some((&expected, _)) = widths.iter().max_by_key(|(width, count)| (**count, **width)) else { return Ok(()) };
    let table_from = shapes.iter().position(|shape| shape.cells == expected).unwrap_or(0);
    for (index, shape) in shapes.iter().enumerate() {
        let is_note = shape.filled <= 1;
        let is_too_short = shape.cells < expected && index > table_from && !is_note;
        if is_too_short || shape.used > expected {
            return Err(SheetError::Ragged { line: shape.line, found: shape.cells, expected });
        }
    }
    Ok(())
}

/// The name of a file without folders and its ending.
pub(super) fn stem(name: &str) -> &str {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match base.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => base,
    }
}
