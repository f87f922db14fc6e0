//! Trial balance 科目余额表: the one table that every accounting program can export, and the source of most financial
//! indicators. The layouts of 用友 and 金蝶 are recognised by their headers, read line by line, and verified: a table that
//! contradicts itself is refused with all its contradictions, each with its row and column.
//!
//! Which account feeds which indicator is not decided here.

use rust_decimal::Decimal;
use youju_codes::{Measure, Period};

use crate::caption;
use crate::error::{CellError, SheetError};
use crate::header::{Header, find_header};
use crate::table::Sheet;

mod chart;
mod columns;
mod lines;
mod tree;
mod verify;

pub use chart::{AccountChart, account_chart, verify_account_chart};

/// Trial balance 科目余额表 — verified.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialBalance {
    /// The name of the sheet that it stands on.
    pub sheet: String,
    /// The company 核算单位, when it is printed above the table.
    pub unit_name: Option<String>,
    /// The accounting period as printed: `2021.12--2021.12`.
    pub period_text: Option<String>,
    /// The accounting period, when the printed one is a period of official statistics.
    pub period: Option<Period>,
    /// The unit of the amounts 金额单位, when it is printed. Accounts are kept in 元.
    pub measure: Option<Measure>,
    /// The accounts, in the order of the file.
    pub lines: Vec<Line>,
    /// Rows that are no accounts: totals, repeated headers, notes.
    pub skipped: Vec<Skipped>,
    /// What the reader should know although the table is accepted.
    pub warnings: Vec<CellError>,
}

/// Line of a trial balance 科目行. An empty cell is `None`, a printed zero is zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// 1-based row of the sheet, for lineage.
    pub row: usize,
    /// The account code as printed: `1002.01`.
    pub code: String,
    /// The account code without separators: `100201`.
    pub account: String,
    /// The name of the account 科目名称.
    pub name: String,
    /// 1 for 一级科目 and so on: as printed 级次, else from the code.
    pub level: usize,
    /// Whether no other line of this table belongs to this account 末级科目.
    pub is_leaf: bool,
    /// 期初借方余额.
    pub opening_debit: Option<Decimal>,
    /// 期初贷方余额.
    pub opening_credit: Option<Decimal>,
    /// 本期借方发生额.
    pub period_debit: Option<Decimal>,
    /// 本期贷方发生额.
    pub period_credit: Option<Decimal>,
    /// 本年累计借方发生额.
    pub ytd_debit: Option<Decimal>,
    /// 本年累计贷方发生额.
    pub ytd_credit: Option<Decimal>,
    /// 期末借方余额.
    pub closing_debit: Option<Decimal>,
    /// 期末贷方余额.
    pub closing_credit: Option<Decimal>,
}

/// Skipped row 未作为科目导入的行.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// 1-based row of the sheet.
    pub row: usize,
    /// What stands there, shortened.
    pub text: String,
    /// Why it is no account, in Chinese.
    pub reason: &'static str,
}

/// Reads the one trial balance of a workbook. Errors refuse the table, all of them at once; what does not stand in the way
/// is listed in `warnings`. Hidden sheets are not read, and told of: they often hold an older table, or somebody else's.
pub fn parse(sheets: &[Sheet]) -> Result<TrialBalance, Vec<CellError>> {
    let (sheet, header) = find_table(sheets)?;
    let place = Place { sheet: if sheets.len() > 1 { &sheet.name } else { "" }, header: &header };
    let layout = columns::layout(&place)?;
    let body = lines::read(sheet, &place, &layout);
    let mut errors = body.errors;
    if body.rows.is_empty() && errors.is_empty() {
        errors.push(place.table("表头下面没有科目。请检查导出条件后重新导出。".to_owned()));
    }
    let mut lines: Vec<Line> = body.rows;
    let parents = tree::arrange(&place, &layout, &mut lines, &mut errors);
    let mut caption = caption::read(sheet, header.rows.start);
    caption.measure = caption.measure.or_else(|| columns::measure(&place, &layout));
    if errors.is_empty() {
        let table = verify::Table {
            place: &place,
            layout: &layout,
            lines: &lines,
            parents: &parents,
            is_rounded: caption.measure.is_some_and(|measure| measure != Measure::Yuan),
        };
        errors.extend(verify::verify(&table, body.total.as_ref()));
    }
    if !errors.is_empty() {
        errors.sort_by_key(|error| (error.row.is_none(), error.row));
        return Err(errors);
    }
    let mut warnings: Vec<CellError> = caption.warnings.into_iter().map(|sentence| place.table(sentence)).collect();
    if caption.measure.is_none() {
        warnings.push(place.table("没有注明金额单位,按元读取。请核对金额单位是否为元。".to_owned()));
    }
    for (column, name) in &header.unknown {
        let message = format!("第 {} 列“{name}”不是科目余额表的栏目,没有导入。", column + 1);
        warnings.push(place.row(header.rows.end, message));
    }
    warnings.extend(hidden(sheets));
    Ok(TrialBalance {
        sheet: sheet.name.clone(),
        unit_name: caption.unit_name,
        period_text: caption.period_text,
        period: caption.period,
        measure: caption.measure,
        lines,
        skipped: body.skipped,
        warnings,
    })
}

/// Whether a sheet looks like a trial balance: an opening and a closing, or a movement and a balance, beside the accounts.
pub(crate) fn is_one(sheet: &Sheet) -> bool {
    let Ok(header) = find_header(sheet, &columns::wanted()) else { return false };
    let has = |stem: &str| ["", "_debit"].iter().any(|end| header.column(&format!("{stem}{end}")).is_some());
    has("opening") && has("closing") || has("closing") && (has("period") || has("ytd"))
}

/// Where findings are: the sheet, when there are several, and the names of the columns.
struct Place<'a> {
    sheet: &'a str,
    header: &'a Header,
}

impl Place<'_> {
    /// A finding in one cell; both zero-based.
    fn cell(&self, row: usize, column: usize, message: String) -> CellError {
        let column = Some(self.header.name(column));
        CellError { sheet: self.sheet.to_owned(), row: Some(row + 1), column, message }
    }

    /// A finding about a row, counted from 1.
    fn row(&self, row: usize, message: String) -> CellError {
        CellError { sheet: self.sheet.to_owned(), row: Some(row), column: None, message }
    }

    /// A finding about the table as a whole.
    fn table(&self, message: String) -> CellError {
        CellError { sheet: self.sheet.to_owned(), row: None, column: None, message }
    }
}

/// What is not read because nobody sees it. Empty sheets are nobody's loss.
fn hidden(sheets: &[Sheet]) -> impl Iterator<Item = CellError> + '_ {
    let message = "已被隐藏,没有读取。如果要导入其中的数据,请在 Excel 或 WPS 中取消隐藏后重新导入。";
    sheets.iter().filter(|sheet| sheet.is_hidden && !sheet.rows.is_empty()).map(|sheet| CellError {
        sheet: sheet.name.clone(),
        row: None,
        column: None,
        message: message.to_owned(),
    })
}

/// The one visible sheet that holds a trial balance.
fn find_table(sheets: &[Sheet]) -> Result<(&Sheet, Header), Vec<CellError>> {
    let wanted = columns::wanted();
    let refuse =
        |sheet: &str, message: String| vec![CellError { sheet: sheet.to_owned(), row: None, column: None, message }];
    let mut found = Vec::new();
    let mut near: Option<(&Sheet, SheetError)> = None;
    for sheet in sheets.iter().filter(|sheet| !sheet.is_hidden) {
        match find_header(sheet, &wanted) {
            Ok(header) if columns::has_amounts(&header) => found.push((sheet, header)),
            Ok(_) => {}
            Err(error @ SheetError::NoHeader { .. }) => near = near.or(Some((sheet, error))),
            Err(error) => near = Some((sheet, error)),
        }
    }
    let names: Vec<&str> = found.iter().map(|(sheet, _)| sheet.name.as_str()).collect();
    if names.len() > 1 {
        let names = names.join("”、“");
        let message = format!("工作簿中有 {} 张科目余额表(“{names}”)。请每次只导入一张,删去其余工作表。", found.len());
        return Err(refuse("", message));
    }
    let near_sheet = |sheet: &Sheet| if sheets.len() > 1 { sheet.name.clone() } else { String::new() };
    found.pop().ok_or_else(|| {
        let mut errors = match near {
            Some((sheet, error)) => refuse(&near_sheet(sheet), error.to_string()),
            None => {
                refuse("", "没有找到期初余额、本期发生额或期末余额栏目。请导出包含这些栏目的科目余额表。".to_owned())
            }
        };
        errors.extend(hidden(sheets));
        errors
    })
}
