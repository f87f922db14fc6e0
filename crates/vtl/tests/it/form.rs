//! A form, the forms that it is compared with, and what is known of a unit: what formulas in tests are about.

use youju_vtl::Type;
use youju_vtl::formula::{Attribute, Cell, Form, Layout, Shift, Unit};

/// A form `T1` in 千元 that the cases are about, and the forms that it is compared with.
pub fn layout() -> Layout {
    let all = [Shift::Periods(1), Shift::Years(1), Shift::YearToDate, Shift::YearEnd];
    let mut own = Vec::new();
    for row in ["1", "2", "3", "4", "5", "6"] {
        // Row 6 has no fourth column.
        for column in ["1", "2", "3", "4", "5"].into_iter().filter(|column| (row, *column) != ("6", "4")) {
            own.push(cell("", row, column));
        }
    }
    for row in ["07", "14", "15", "16"] {
        own.extend(["1", "2"].map(|column| cell("", row, column)));
    }
    own.push(Cell { kind: Type::String, ..cell("", "9", "1") });
    own.extend(["1", "2"].map(|column| Cell { is_list: true, ..cell("", "20", column) }));
    own.push(Cell { unit: Some(Unit::Thousand), ..cell("", "30", "1") });
    let list = ["30", "31", "38", "39", "40", "41", "42", "43", "44", "45"];
    let forms = vec![
        form("T1", own, &all, Some("T1__filled")),
        form("B204-1", cells("B204_1__", &["5", "6"], &["1", "2"]), &all[1..2], Some("B204_1__filled")),
        form("Z17", cells("Z17__", &["1"], &["1"]), &[], Some("Z17__filled")),
        form("Z7", cells("Z7__", &list, &["1"]), &[], None),
        form("Z1@1", cells("Z1_1__", &["82"], &["1", "2"]), &[], None),
        form("206-1", vec![Cell { unit: Some(Unit::TenThousand), ..cell("F206_1__", "B105", "1") }], &[], None),
    ];
    let attribute = |word: &str, name: &str, kind, shifts: &[Shift]| Attribute {
        word: word.to_owned(),
        name: name.to_owned(),
        kind,
        shifts: shifts.to_vec(),
    };
    let attributes = vec![
        attribute("BBLX", "bblx", Type::String, &[]),
        attribute("执行会计准则", "acct", Type::String, &[]),
        attribute("行业代码", "industry", Type::String, &all[1..2]),
        attribute("首期", "first_of_year", Type::Boolean, &[]),
        attribute("人数", "staff", Type::Number, &all[..1]),
    ];
    Layout::new(forms, attributes)
}

/// A form in 千元.
pub fn form(code: &str, cells: Vec<Cell>, shifts: &[Shift], filled: Option<&str>) -> Form {
    let unit = Some(Unit::Thousand);
    Form { code: code.to_owned(), cells, unit, filled: filled.map(str::to_owned), shifts: shifts.to_vec() }
}

fn cells(prefix: &str, rows: &[&str], columns: &[&str]) -> Vec<Cell> {
    rows.iter().flat_map(|row| columns.iter().map(|column| cell(prefix, row, column))).collect()
}

/// A cell that holds a number.
pub fn cell(prefix: &str, row: &str, column: &str) -> Cell {
    Cell {
        row: row.to_owned(),
        column: column.to_owned(),
        name: format!("{prefix}c{row}_{column}"),
        kind: Type::Number,
        unit: None,
        is_list: false,
    }
}
