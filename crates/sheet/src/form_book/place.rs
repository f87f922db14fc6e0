//! Where something stands in a workbook, in the words of Excel, and what is wrong there.

use std::fmt;

/// Place 位置 — a cell of a sheet, or the sheet as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The name on the tab.
    pub sheet: String,
    /// Row and column, zero-based.
    pub cell: Option<(usize, usize)>,
}

impl Place {
    /// The cell as Excel shows it: `B7`; empty for a whole sheet.
    pub fn a1(&self) -> String {
        self.cell.map(|(row, column)| format!("{}{}", letters(column), row + 1)).unwrap_or_default()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "工作表“{}”{}", self.sheet, self.a1())
    }
}

/// The name of a zero-based column: `A`, `Z`, `AA`.
pub(crate) fn letters(column: usize) -> String {
    let mut name = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        name.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    name.iter().rev().collect()
}

/// Mistake in a book that came back 填报错误 — in its cell, with the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookError {
    /// Where it stands in the workbook that was sent.
    pub place: Place,
    /// What the row is called: `301 营业收入`, or the name of a unit.
    pub row: String,
    /// What the column is called.
    pub column: String,
    /// What was typed.
    pub found: String,
    /// A full sentence or several, with the way out.
    pub message: String,
}

impl fmt::Display for BookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place)?;
        let names: Vec<&str> = [self.row.as_str(), &self.column].into_iter().filter(|name| !name.is_empty()).collect();
        if !names.is_empty() {
            write!(f, "({})", names.join(","))?;
        }
        write!(f, ":{}", self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_excel_names_them() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(letters(column), name);
        }
    }
}
