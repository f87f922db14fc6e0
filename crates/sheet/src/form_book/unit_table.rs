//! Reads a table of many units that was not written here: one row for each unit, known by the names in its header.

use std::collections::HashMap;

use crate::error::CellError;
use crate::form_book::read::{ReturnedRow, ReturnedTable, RowId, read_columns, settle};
use crate::header::{Column, Header, find_header};
use crate::limits::COLUMNS_MAX;
use crate::table::Sheet;

/// Column that is looked for 待识别的栏目.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its key in the section.
    pub id: String,
    /// Its names and codes; the first is used in messages.
    pub names: Vec<String>,
}

/// Table of units 单位一览表.
#[derive(Debug, Clone)]
pub struct UnitTable<'a> {
    /// The table, to be judged like one that came back.
    pub table: ReturnedTable<'a>,
    /// What was not read: other sheets, columns that nobody knows, columns that are not there.
    pub told: Vec<CellError>,
}

/// Finds the columns by their names, in any order, and the rows by what stands in the column `key`. Columns that are not
/// there and columns that nobody knows are told; a table without the column `key` is refused.
pub fn read_unit_table<'a>(
    sheets: &'a [Sheet],
    columns: &[Wanted],
    key: &str,
) -> Result<UnitTable<'a>, Vec<CellError>> {
    let wanted: Vec<Column> = columns.iter().map(|one| column(one, key)).collect();
    let mut told = Vec::new();
    let mut refused = Vec::new();
    let mut found: Option<(&Sheet, Header)> = None;
    for sheet in sheets.iter().filter(|sheet| !sheet.rows.is_empty()) {
        let whole = |message: String| CellError { sheet: sheet.name.clone(), row: None, column: None, message };
        if sheet.is_hidden {
            let message = "已被隐藏,没有读取。如果要导入其中的数据,请在 Excel 或 WPS 中取消隐藏后重新导入。";
            told.push(whole(message.to_owned()));
            continue;
        }
        match (find_header(sheet, &wanted), &found) {
            (Ok(header), None) => found = Some((sheet, header)),
            (Ok(_), Some((first, _))) => {
                told.push(whole(format!("也有一览表,没有读取;读取的是工作表“{}”。请分次导入。", first.name)));
            }
            (Err(error), _) => refused.push(whole(format!(":{error}"))),
        }
    }
    let Some((sheet, header)) = found else {
        refused.extend(told);
        return Err(if refused.is_empty() { vec![nothing()] } else { refused });
    };
    told.extend(refused);
    tell_columns(sheet, &header, &wanted, &mut told);
    let mut table = read_table(sheet, &header, &wanted, key);
    settle(&mut table);
    Ok(UnitTable { table, told })
}

fn nothing() -> CellError {
    let message = "文件中没有表格。请检查是否选对了文件。".to_owned();
    CellError { sheet: String::new(), row: None, column: None, message }
}

fn column(wanted: &Wanted, key: &str) -> Column {
    Column { key: wanted.id.clone(), aliases: wanted.names.clone(), is_required: wanted.id == key, may_repeat: false }
}

fn tell_columns(sheet: &Sheet, header: &Header, wanted: &[Column], told: &mut Vec<CellError>) {
    let at_header = |column: Option<String>, message: String| CellError {
        sheet: sheet.name.clone(),
        row: Some(header.rows.start + 1),
        column,
        message,
    };
    for (_, name) in header.unknown.iter().take(COLUMNS_MAX) {
        told.push(at_header(Some(name.clone()), "不是这份报表的栏目,没有读取。".to_owned()));
    }
    for column in wanted.iter().filter(|column| !header.columns.contains_key(&column.key)) {
        told.push(at_header(None, format!("表头没有栏目“{}”,这一栏没有读取。", column.name())));
    }
}

fn read_table<'a>(sheet: &'a Sheet, header: &Header, wanted: &[Column], key: &str) -> ReturnedTable<'a> {
    let mut places: Vec<(String, usize)> = Vec::new();
    for column in wanted {
        places.extend(header.column(&column.key).map(|at| (column.key.clone(), at)));
    }
    places.sort_by_key(|(_, at)| *at);
    let columns = read_columns(places);
    let key_column = header.column(key).unwrap_or(0);
    let mut rows = Vec::new();
    for at in header.rows.end..sheet.rows.len() {
        let id = match sheet.cell(at, key_column).text() {
            text if !text.is_empty() => RowId::Key(text.into_owned()),
            _ if columns.iter().any(|column| !sheet.cell(at, column.at).is_empty()) => RowId::Unmarked,
            _ => continue,
        };
        rows.push(ReturnedRow { id, at, merged_at: None });
    }
    let names: HashMap<&str, &str> = wanted.iter().map(|column| (column.key.as_str(), column.name())).collect();
    let key_name = names.get(key).map_or_else(|| key.to_owned(), |name| (*name).to_owned());
    let head_at = header.rows.end.saturating_sub(1);
    ReturnedTable { section: String::new(), sheet, columns, head_at, rows, key_name: Some(key_name) }
}
