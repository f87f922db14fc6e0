//! A workbook in somebody's hands: opened, typed into, saved by another program.

use rust_decimal::Decimal;
use youju_sheet::form_book::{Annotation, write_annotated};
use youju_sheet::{Cell, Sheet, read};

/// An exported report that is being filled in, or a copy that came back.
#[derive(Debug, Clone)]
pub struct Workbook {
    sheets: Vec<Sheet>,
}

impl Workbook {
    /// Opens a file.
    pub fn open(bytes: &[u8]) -> Workbook {
        Workbook { sheets: read("报表.xlsx", bytes).unwrap() }
    }

    /// Types into the cell of a row, `301` or `p.2`, and a column of the form; what looks like a number becomes one.
    pub fn put(&mut self, row: &str, column: &str, text: &str) {
        let (sheet, row, column) = self.find(&format!("r:{row}"), column);
        self.set(sheet, row, column, text);
    }

    /// Fills the next blank row of a list.
    pub fn add(&mut self, list: &str, cells: &[(&str, &str)]) {
        let sheet = self.sheet_of(list);
        let is_free =
            |row: &&Vec<Cell>| row.first() == Some(&Cell::Text("r+".into())) && row.iter().skip(1).all(Cell::is_empty);
        let row = self.sheets[sheet].rows.iter().position(|row| is_free(&row)).expect("no blank row is left");
        for (column, text) in cells {
            let at = self.column_at(sheet, column).unwrap();
            self.set(sheet, row, at, text);
        }
    }

    /// Takes a row away.
    pub fn remove(&mut self, row: &str) {
        let (sheet, row, _) = self.find(&format!("r:{row}"), "");
        self.sheets[sheet].rows.remove(row);
    }

    /// What stands in the cell of a row and a column.
    pub fn text(&self, row: &str, column: &str) -> String {
        let (sheet, row, column) = self.find(&format!("r:{row}"), column);
        self.sheets[sheet].cell(row, column).to_string()
    }

    /// Everything that can be read in it, row by row.
    pub fn words(&self) -> String {
        let rows = self.sheets.iter().flat_map(|sheet| &sheet.rows);
        let row = |row: &Vec<Cell>| row.iter().map(Cell::to_string).collect::<Vec<_>>().join("|");
        rows.map(row).collect::<Vec<_>>().join("\n")
    }

    /// Saves it.
    pub fn save(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_annotated(&mut bytes, &Annotation { sheets: &self.sheets, ..Annotation::default() }).unwrap();
        bytes
    }

    fn sheet_of(&self, list: &str) -> usize {
        let mark = format!("youju1 list.{list} ");
        let is_it = |sheet: &Sheet| sheet.cell(0, 0).to_string().starts_with(&mark);
        self.sheets.iter().position(is_it).expect("no such list")
    }

    fn column_at(&self, sheet: usize, column: &str) -> Option<usize> {
        let mark = Cell::Text(format!("c:cell.{column}"));
        self.sheets[sheet].rows[0].iter().position(|cell| *cell == mark)
    }

    fn find(&self, mark: &str, column: &str) -> (usize, usize, usize) {
        let row_at = |sheet: &Sheet| sheet.rows.iter().position(|row| row.first() == Some(&Cell::Text(mark.into())));
        let found = self.sheets.iter().enumerate().find_map(|(at, sheet)| Some((at, row_at(sheet)?)));
        let (sheet, row) = found.unwrap_or_else(|| panic!("no row {mark}"));
        (sheet, row, self.column_at(sheet, column).unwrap_or(1))
    }

    fn set(&mut self, sheet: usize, row: usize, column: usize, text: &str) {
        let cells = &mut self.sheets[sheet].rows[row];
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        let is_number = text == "0" || !text.starts_with('0');
        cells[column] = match text.parse::<Decimal>() {
            Ok(number) if is_number => Cell::Number(number),
            _ => Cell::from_text(text),
        };
    }
}
