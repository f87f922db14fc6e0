//! A table of people who need an account: which column is what, in any order, row by row.

use std::collections::BTreeSet;

use youju_domain::opening::{OPENED_MAX, Typed};
use youju_sheet::{CellOut, Column, ColumnOut, Header, Sheet, find_header, write_csv};

use super::Without;
use crate::context::App;
use crate::error::{Fault, Result};
use crate::ledger::bad_file;
use crate::record::open_sheets;

const LOGIN: &[&str] = &["账号", "登录账号", "登录名", "用户名"];
const NAME: &[&str] = &["姓名", "统计人员姓名", "填报人姓名", "人员姓名", "联系人"];
const ROLE: &[&str] = &["角色", "岗位", "身份", "账号类型"];
const USCI: &[&str] = &["统一社会信用代码", "社会信用代码", "信用代码", "单位代码"];
const UNIT: &[&str] = &["单位名称", "单位详细名称", "企业名称", "单位"];
const AREA: &[&str] = &["区划代码", "行政区划代码", "统计用区划代码", "管理区划", "区划"];

/// A table that has been read.
#[derive(Debug, Clone)]
pub struct Table {
    /// Name of the file.
    pub file_name: String,
    /// The sheet that was read.
    pub sheet: String,
    /// What was recognised: what is meant, and the column as it is printed.
    pub recognised: Vec<(&'static str, String)>,
    /// Columns that were not used.
    pub unused: Vec<String>,
    /// Its rows; blank ones are none.
    pub rows: Vec<Typed>,
}

/// Reads a table. What holds for the whole of it is refused here; what is wrong with a row is told with the row.
pub fn read_table(app: &App, name: &str, content: Vec<u8>) -> Result<Table> {
    let (file, sheets) = open_sheets(app, name, content)?;
    let mut refusals = BTreeSet::new();
    for sheet in sheets.iter().filter(|sheet| !sheet.is_hidden) {
        match find_header(sheet, &columns()) {
            Ok(header) => return read(sheet, &header, file.name),
            Err(reason) => {
                refusals.insert(format!("工作表“{}”:{reason}", sheet.name));
            }
        }
    }
    Err(bad_file(refusals.into_iter().collect()))
}

fn columns() -> [Column; 6] {
    [
        Column::required("role", ROLE),
        Column::optional("login", LOGIN),
        Column::optional("name", NAME),
        Column::optional("usci", USCI),
        Column::optional("unit", UNIT),
        Column::optional("area", AREA),
    ]
}

fn read(sheet: &Sheet, header: &Header, file_name: String) -> Result<Table> {
    let text = |row: usize, key: &str| {
        header.column(key).map(|column| sheet.cell(row, column).text().trim().to_owned()).unwrap_or_default()
    };
    let row = |row: usize| {
        let typed = Typed {
            row: u32::try_from(row + 1).unwrap_or(u32::MAX),
            login: text(row, "login"),
            name: text(row, "name"),
            role: text(row, "role"),
            usci: text(row, "usci"),
            area: text(row, "area"),
        };
        let is_blank =
            [&typed.login, &typed.name, &typed.role, &typed.usci, &typed.area].iter().all(|one| one.is_empty());
        (!is_blank).then_some(typed)
    };
    let rows: Vec<Typed> = (header.rows.end..sheet.rows.len()).filter_map(row).collect();
    match rows.len() {
        0 => return Err(bad_file(vec!["表头下面没有数据。".into()])),
        count if count > OPENED_MAX => {
            return Err(bad_file(vec![format!("表里有 {count} 行,一次最多 {OPENED_MAX} 行。请拆分后分次办理。")]));
        }
        _ => {}
    }
    let meant =
        [("账号", "login"), ("姓名", "name"), ("角色", "role"), ("统一社会信用代码", "usci"), ("区划代码", "area")];
    let printed = |(label, key): (&'static str, &str)| header.column(key).map(|column| (label, header.name(column)));
    Ok(Table {
        file_name,
        sheet: sheet.name.clone(),
        recognised: meant.into_iter().filter_map(printed).collect(),
        unused: header.unknown.iter().map(|(_, name)| name.clone()).collect(),
        rows,
    })
}

fn write(rows: impl Iterator<Item = [String; 6]>) -> Result<Vec<u8>> {
    let columns =
        [UNIT, USCI, ROLE, NAME, LOGIN, AREA].map(|names| ColumnOut::new(names.first().copied().unwrap_or_default()));
    let rows = rows.map(|row| row.iter().map(|text| CellOut::from(text.as_str())).collect());
    let mut file = Vec::new();
    write_csv(&mut file, youju_sheet::Table { title: String::new(), columns: columns.into(), rows })
        .map_err(|error| Fault::new("writing a list of accounts", error))?;
    Ok(file)
}

/// Rows as a table, in which they travel through the page to the confirmation.
pub fn written(rows: &[Typed]) -> Result<Vec<u8>> {
    write(rows.iter().map(|row| {
        let Typed { login, name, role, usci, area, .. } = row;
        [String::new(), usci.clone(), role.clone(), name.clone(), login.clone(), area.clone()]
    }))
}

/// The units without any account as a table: names are written in, and it comes back.
pub fn csv(units: &[Without]) -> Result<(String, Vec<u8>)> {
    let file = write(units.iter().map(|one| {
        let (unit, role) = (&one.unit, youju_domain::access::Role::Statistician.label().to_owned());
        [unit.name.clone(), unit.usci.to_string(), role, one.name.clone(), String::new(), String::new()]
    }))?;
    Ok(("没有账号的单位.csv".to_owned(), file))
}
