//! A list of queries (查询清单) as it comes from above: a table of units, forms, cells and questions. First it is looked at
//! row by row, then asked.

use youju_domain::Instant;
use youju_domain::Problem;
use youju_domain::query::Query;
use youju_domain::survey::parse_local;
use youju_sheet::{Column, Sheet, find_header};

use super::{NewQuery, ask, report_of};
use crate::context::Cx;
use crate::error::{Error, Result};

/// Rows of one list; a national list of a county has some hundred.
pub const ROWS_MAX: usize = 5_000;

/// A row of a list, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Row in the file, from 1.
    pub row: usize,
    /// 统一社会信用代码.
    pub usci: String,
    /// 表号.
    pub form: String,
    /// 报告期.
    pub period: String,
    /// 指标, separated by commas or 、; may be empty.
    pub cells: Vec<String>,
    /// 查询内容.
    pub question: String,
    /// 回复期限; may be empty.
    pub due: String,
}

/// A list that has been read.
#[derive(Debug, Clone)]
pub struct ListFile {
    /// Its rows.
    pub rows: Vec<Asked>,
}

fn bad(reasons: Vec<String>) -> Error {
    Error::Problem(Problem::BadFile { reasons })
}

/// Reads a list from a workbook or csv before any transaction is opened.
pub fn read_list(file_name: &str, bytes: &[u8]) -> Result<ListFile> {
    let sheets = youju_sheet::read(file_name, bytes).map_err(|error| bad(vec![error.to_string()]))?;
    let columns = [
        Column::required("usci", &["统一社会信用代码", "信用代码", "单位代码", "组织机构代码"]),
        Column::required("form", &["表号", "报表", "报表代码", "报表名称"]),
        Column::required("period", &["报告期", "报告期别", "数据期", "期别"]),
        Column::optional("cells", &["指标代码", "指标", "数据项", "查询指标"]),
        Column::required("question", &["查询内容", "查询问题", "查询说明", "问题", "核实内容"]),
        Column::optional("due", &["回复期限", "反馈期限", "回复时限", "截止时间", "反馈时间"]),
    ];
    let mut refusals = Vec::new();
    for sheet in sheets.iter().filter(|sheet| !sheet.is_hidden) {
        match find_header(sheet, &columns) {
            Ok(header) => return read_rows(sheet, header.rows.end, |key| header.column(key)),
            Err(error) => refusals.push(error.to_string()),
        }
    }
    Err(bad(refusals))
}

fn read_rows(sheet: &Sheet, from: usize, column: impl Fn(&str) -> Option<usize>) -> Result<ListFile> {
    let text =
        |row: usize, key: &str| column(key).map(|at| sheet.cell(row, at).text().trim().to_owned()).unwrap_or_default();
    let mut rows = Vec::new();
    for row in from..sheet.rows.len() {
        let asked = Asked {
            row: row + 1,
            usci: text(row, "usci"),
            form: text(row, "form"),
            period: text(row, "period"),
            cells: split(&text(row, "cells")),
            question: text(row, "question"),
            due: text(row, "due"),
        };
        let is_blank = [&asked.usci, &asked.form, &asked.question].iter().all(|text| text.is_empty());
        if !is_blank {
            rows.push(asked);
        }
    }
    match rows.len() {
        0 => Err(bad(vec!["清单中没有查询。".into()])),
        count if count > ROWS_MAX => Err(bad(vec![format!("清单有 {count} 行,一次最多 {ROWS_MAX} 行。")])),
        _ => Ok(ListFile { rows }),
    }
}

fn split(text: &str) -> Vec<String> {
    text.split([',', ',', '、', ';', ';', ' '])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A row that can be asked, or why not.
pub type Looked = (Asked, std::result::Result<NewQuery, Problem>);

/// Looks at every row: which report it means, which cells, until when.
pub async fn look(cx: &mut Cx<'_>, file: &ListFile, source: &str) -> Result<Vec<Looked>> {
    let mut looked = Vec::with_capacity(file.rows.len());
    for row in &file.rows {
        let seen = match look_at(cx, row, source).await {
            Ok(new) => Ok(new),
            Err(Error::Problem(problem)) => Err(problem),
            Err(fault) => return Err(fault),
        };
        looked.push((row.clone(), seen));
    }
    Ok(looked)
}

async fn look_at(cx: &mut Cx<'_>, row: &Asked, source: &str) -> Result<NewQuery> {
    let report = report_of(cx, &row.usci, &row.form, &row.period).await?;
    let form = cx.app().form(&row.form)?;
    let mut cells = Vec::new();
    for typed in &row.cells {
        // A list names an indicator by its code, our cells are called c301.
        let found = form.cell_by_text(typed).or_else(|| form.cell_by_text(&format!("c{typed}")));
        let found = found.ok_or_else(|| Problem::UnknownCell { cell: typed.clone() })?;
        cells.push(found.id.to_string());
    }
    let due_at = read_due(&row.due)?;
    let now = cx.now();
    let term = due_at.unwrap_or(now + chrono::TimeDelta::days(super::ANSWER_DAYS));
    let question = Query::read_question(&row.question, term, now)?;
    Ok(NewQuery { report, cells, question, due_at, source: source.to_owned() })
}

/// A day means its end.
fn read_due(text: &str) -> Result<Option<Instant>> {
    if text.is_empty() {
        return Ok(None);
    }
    let plain = text.replace(['/', '.'], "-").replace(['年', '月'], "-").replace('日', "");
    let at = parse_local(&plain).or_else(|| parse_local(&format!("{} 23:59", plain.trim())));
    at.map(Some).ok_or_else(|| {
        let reason = format!("回复期限应写成 2026-11-21 或 2026-11-21 18:00 的样子,现为“{text}”。");
        Error::Problem(Problem::BadInput { reason })
    })
}

/// Asks every row that can be asked. Gives how many were, and the rows that were not with their reasons.
pub async fn ask_all(cx: &mut Cx<'_>, file: &ListFile, source: &str) -> Result<(usize, Vec<(Asked, Problem)>)> {
    let (mut done, mut left) = (0, Vec::new());
    for (row, seen) in look(cx, file, source).await? {
        let asked = match seen {
            Ok(new) => ask(cx, new).await,
            Err(problem) => Err(problem.into()),
        };
        match asked {
            Ok(_) => done += 1,
            Err(Error::Problem(problem)) => left.push((row, problem)),
            Err(fault) => return Err(fault),
        }
    }
    Ok((done, left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_whatever_its_columns_are_called() {
        let csv = "国家查询清单,,,,,\n单位代码,报表,报告期,查询指标,核实内容,反馈期限\n91330781FAKE000009,B203,2026-03,\"301、327\",营业收入同比增长过快,2026年4月16日\n,,,,,\n";
        let list = read_list("清单.csv", csv.as_bytes()).unwrap();
        assert_eq!(list.rows.len(), 1);
        let row = &list.rows[0];
        assert_eq!((row.row, row.cells.len(), row.question.as_str()), (3, 2, "营业收入同比增长过快"));
        assert!(read_due(&row.due).unwrap().is_some());
        assert!(read_list("空.csv", "单位代码,报表\n".as_bytes()).is_err());
    }
}
