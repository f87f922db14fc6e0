//! A table as a department hands it over: which column is what, in which unit of measure, row by row. Read before any transaction
//! is opened, and read again when it is confirmed.

use std::collections::BTreeSet;

use youju_codes::{Measure, Period, PeriodKind, normalise};
use youju_domain::Problem;
use youju_domain::outside::{Handed, Item, ORIGIN_CHARS_MAX};
use youju_sheet::{Cell, Column, Header, Sheet, find_header};

use super::item;
use crate::context::App;
use crate::error::{Error, Result};
use crate::ledger::bad_file;
use crate::record::open_sheets;

/// Rows of one table: all taxpayers of a large county. More would make a page that nobody reads.
pub const ROWS_MAX: usize = 50_000;

const CODE: &[&str] = &[
    "统一社会信用代码",
    "社会信用代码",
    "信用代码",
    "纳税人识别号",
    "纳税人识别码",
    "社会信用代码纳税人识别号",
    "统一社会信用代码纳税人识别号",
    "单位代码",
];
const NAME: &[&str] =
    &["单位名称", "单位详细名称", "纳税人名称", "企业名称", "用户名称", "用电户名称", "户名", "参保单位名称", "名称"];
const PERIOD: &[&str] = &["报告期", "报告期别", "所属期", "税款所属期", "数据期", "期别", "月份", "统计月份"];
/// What the column may be called in the table of any department.
const VALUE: &[&str] = &["金额", "数量", "数值", "数据", "本年累计", "累计数", "期末数", "本期数"];

/// What somebody says about a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The id of the item.
    pub item: String,
    /// The period as typed; empty where the table has a column for it.
    pub period: String,
    /// Where the table comes from.
    pub origin: String,
}

/// A table that has been read.
#[derive(Debug, Clone)]
pub struct Table {
    /// Which item.
    pub item: Item,
    /// The period that was typed, as it is kept; none where every row says its own.
    pub period: Option<Period>,
    /// Where it comes from.
    pub origin: String,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_hash: String,
    /// The sheet that was read.
    pub sheet: String,
    /// What was recognised: what is meant, and the column as it is printed.
    pub recognised: Vec<(&'static str, String)>,
    /// Columns that were not used.
    pub unused: Vec<String>,
    /// The unit of measure of the figures.
    pub measure: Measure,
    /// True where the file names it.
    pub measure_is_written: bool,
    /// Its rows; blank ones are none.
    pub rows: Vec<Handed>,
}

fn bad_input(reason: impl Into<String>) -> Error {
    Problem::BadInput { reason: reason.into() }.into()
}

/// Reads a table. What holds for the whole of it is refused here; what is wrong with a row is told with the row.
pub fn read_table(app: &App, wanted: &Wanted, name: &str, content: Vec<u8>) -> Result<Table> {
    let item = item(app, &wanted.item)?;
    let origin = wanted.origin.trim();
    if origin.is_empty() || origin.chars().count() > ORIGIN_CHARS_MAX {
        return Err(bad_input(format!("请写明数据是谁、什么时候提供的,不超过 {ORIGIN_CHARS_MAX} 个字。")));
    }
    let period = match wanted.period.trim() {
        "" => None,
        typed => Some(item.span.kept_under(Period::parse(typed).map_err(|error| bad_input(error.to_string()))?)),
    };
    let (file, sheets) = open_sheets(app, name, content)?;
    let mut refusals = BTreeSet::new();
    for sheet in sheets.iter().filter(|sheet| !sheet.is_hidden) {
        match header_of(sheet, &item) {
            Ok(header) => {
                let table = Reading { sheet, header: &header, item: &item, period };
                return table.read(origin, (file.name, file.hash));
            }
            Err(reason) => {
                refusals.insert(reason);
            }
        }
    }
    Err(bad_file(refusals.into_iter().collect()))
}

/// The columns of the item go before those that any table may have.
fn header_of(sheet: &Sheet, item: &Item) -> std::result::Result<Header, String> {
    let own: Vec<&str> = item.columns.iter().map(String::as_str).collect();
    let columns = |value: &[&str]| {
        [
            Column::required("usci", CODE),
            Column::optional("name", NAME),
            Column::required("value", value),
            Column::optional("period", PERIOD),
        ]
    };
    find_header(sheet, &columns(&own))
        .or_else(|first| find_header(sheet, &columns(VALUE)).map_err(|_| format!("工作表“{}”:{first}", sheet.name)))
}

struct Reading<'a> {
    sheet: &'a Sheet,
    header: &'a Header,
    item: &'a Item,
    period: Option<Period>,
}

impl Reading<'_> {
    fn read(&self, origin: &str, (file_name, file_hash): (String, String)) -> Result<Table> {
        if self.period.is_none() && self.header.column("period").is_none() {
            return Err(bad_input("请填写报告期:表里没有报告期这一列。"));
        }
        let written = self.measure().map_err(|reason| bad_file(vec![reason]))?;
        let rows: Vec<Handed> = (self.header.rows.end..self.sheet.rows.len()).filter_map(|row| self.row(row)).collect();
        match rows.len() {
            0 => return Err(bad_file(vec!["表头下面没有数据。".into()])),
            count if count > ROWS_MAX => {
                return Err(bad_file(vec![format!("表里有 {count} 行,一次最多 {ROWS_MAX} 行。请拆分后分次导入。")]));
            }
            _ => {}
        }
        let meant = [("统一社会信用代码", "usci"), ("单位名称", "name"), ("数值", "value"), ("报告期", "period")];
        let printed = |(label, key): (&'static str, &str)| {
            self.header.column(key).map(|column| (label, self.header.name(column)))
        };
        Ok(Table {
            item: self.item.clone(),
            period: self.period,
            origin: origin.to_owned(),
            file_name,
            file_hash,
            sheet: self.sheet.name.clone(),
            recognised: meant.into_iter().filter_map(printed).collect(),
            unused: self.header.unknown.iter().map(|(_, name)| name.clone()).collect(),
            measure: written.unwrap_or(self.item.measure),
            measure_is_written: written.is_some(),
            rows,
        })
    }

    fn cell(&self, row: usize, key: &str) -> &Cell {
        self.header.column(key).map_or(&Cell::Empty, |column| self.sheet.cell(row, column))
    }

    fn text(&self, row: usize, key: &str) -> String {
        self.cell(row, key).text().trim().to_owned()
    }

    fn row(&self, row: usize) -> Option<Handed> {
        let (usci, name, value) = (self.text(row, "usci"), self.text(row, "name"), self.cell(row, "value"));
        if usci.is_empty() && name.is_empty() && value.is_empty() {
            return None;
        }
        let value = value.number().map_err(|reason| format!("数值{reason}"));
        let number = u32::try_from(row + 1).unwrap_or(u32::MAX);
        Some(Handed { row: number, usci, name, period: self.period_of(row), value })
    }

    /// The period of a row, as it is kept: what the row says must be what was typed.
    fn period_of(&self, row: usize) -> std::result::Result<Period, String> {
        let written = match self.cell(row, "period") {
            Cell::Empty => None,
            Cell::Date(moment) => Some(PeriodKind::Month.containing(moment.date()).map_err(|error| error.to_string())?),
            other => Some(Period::parse(&other.text()).map_err(|error| error.to_string())?),
        };
        match (written.map(|period| self.item.span.kept_under(period)), self.period) {
            (Some(written), Some(typed)) if written != typed => {
                let say = |period| self.item.span.say(period);
                Err(format!("报告期为 {},与所填的 {} 不同。", say(written), say(typed)))
            }
            (Some(period), _) | (None, Some(period)) => Ok(period),
            (None, None) => Err("没有报告期。".into()),
        }
    }

    /// The unit of measure that the file names, in the brackets of the column or above the header; both must say the same.
    fn measure(&self) -> std::result::Result<Option<Measure>, String> {
        let column = self.header.column("value").map(|column| self.header.name(column)).unwrap_or_default();
        let in_column = in_brackets(&column).map(|text| self.fitting(&text)).transpose()?.flatten();
        let above = (0..self.header.rows.start).flat_map(|row| self.sheet.rows.get(row).into_iter().flatten());
        let mut in_caption = None;
        for cell in above {
            if let Some(text) = in_caption_text(&cell.text()) {
                in_caption = self.fitting(&text)?.or(in_caption);
            }
        }
        match (in_column, in_caption) {
            (Some(one), Some(other)) if one != other => {
                Err(format!("表头写的计量单位是“{one}”,表上方写的是“{other}”。请改成一样的。"))
            }
            (one, other) => Ok(one.or(other)),
        }
    }

    /// A unit of measure; other words in brackets are none. One that measures something else is a mistake.
    fn fitting(&self, text: &str) -> std::result::Result<Option<Measure>, String> {
        let Ok(measure) = Measure::parse(text) else { return Ok(None) };
        match measure {
            Measure::None => Ok(None),
            measure if measure.factor(self.item.measure).is_some() => Ok(Some(measure)),
            measure => {
                Err(format!("表里的计量单位是“{measure}”,不能换算成“{}”的“{}”。", self.item.name, self.item.measure))
            }
        }
    }
}

/// The words in the last brackets of a name.
fn in_brackets(name: &str) -> Option<String> {
    let name = normalise(name);
    let (_, rest) = name.rsplit_once(['(', '[', '【'])?;
    Some(rest.split([')', ']', '】']).next()?.trim_start_matches("单位:").to_owned())
}

/// `单位:万元` above a table.
fn in_caption_text(text: &str) -> Option<String> {
    let text = normalise(text);
    let (before, unit) = text.split_once(':')?;
    let before = before.trim();
    (before.ends_with("计量单位") || before.ends_with("金额单位") || before == "单位").then(|| unit.trim().to_owned())
}
