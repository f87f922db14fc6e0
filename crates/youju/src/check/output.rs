//! The outcome for people, for machines, and as a file of failures.

use std::fs::File;
use std::path::Path;

use serde_json::{Value as Json, json};
use youju_programme::{Form, Summary};
use youju_sheet::{CellOut, ColumnOut, Table, write_csv, write_xlsx};

use super::Outcome;
use crate::open::{Failure, say};

/// Errors of a file that are printed; the number of all is always told.
pub(crate) const ERRORS_SHOWN_MAX: usize = 20;

/// Rows in which a check of severity A, B or C failed.
fn flagged(outcome: &Outcome<'_>) -> usize {
    outcome.checked.flagged_rows(|summary| summary.severity.blocks_unexplained())
}

/// Of these the rows in which more is wrong than a required item left blank.
fn flagged_beyond_required(outcome: &Outcome<'_>) -> usize {
    outcome.checked.flagged_rows(|summary| summary.severity.blocks_unexplained() && !summary.asks_presence)
}

/// The table that people read.
pub(crate) fn print(form: &Form, outcome: &Outcome<'_>) {
    let checked = &outcome.checked;
    say(&format!("{}  {}", outcome.file.display(), form.title()));
    say(&format!("共 {} 行,审核 {} 行。", checked.rows_read, checked.rows_checked()));
    note("文件中没有这些数据项,相关审核不能检验", &checked.missing);
    note("没有使用这些列", &checked.ignored);
    note("因为没有数据而没有执行的审核", &checked.skipped);
    say("");
    say(&line(["审核", "类别", "检验", "不符", "比例", "不能检验", "不适用", "应满足"]));
    for summary in checked.summary() {
        let counts = &summary.counts;
        say(&line([
            summary.check,
            summary.severity.letter(),
            &counts.tested.to_string(),
            &counts.failed.to_string(),
            &share(counts.failed, counts.tested),
            &counts.undecided.to_string(),
            &counts.not_applicable.to_string(),
            summary.message,
        ]));
    }
    say("");
    let (rows, beyond) = (flagged(outcome), flagged_beyond_required(outcome));
    say(&format!("{rows} 行有需要处理的问题(A、B、C 类),其中 {beyond} 行不只是必填项空着。"));
    if checked.errors_total > 0 {
        say(&format!("\n有 {} 处数据不能使用:", checked.errors_total));
        for error in checked.errors.iter().take(ERRORS_SHOWN_MAX) {
            say(&format!("  {error}"));
        }
        if checked.errors_total > ERRORS_SHOWN_MAX {
            say(&format!("  …… 共 {} 处,显示前 {ERRORS_SHOWN_MAX} 处。", checked.errors_total));
        }
    }
}

fn note(words: &str, names: &[String]) {
    if !names.is_empty() {
        say(&format!("{words}({} 项):{}", names.len(), names.join("、")));
    }
}

fn line(cells: [&str; 8]) -> String {
    aligned(cells, [8, 6, 9, 8, 8, 10, 8, 0])
}

/// Columns of a table; Chinese characters take two places.
pub(crate) fn aligned<const N: usize>(cells: [&str; N], widths: [usize; N]) -> String {
    let mut text = String::new();
    for (cell, width) in cells.into_iter().zip(widths) {
        text.push_str(cell);
        text.extend(std::iter::repeat_n(' ', width.saturating_sub(places(cell))));
    }
    text.trim_end().to_owned()
}

/// How wide a text stands on a terminal.
pub(crate) fn places(text: &str) -> usize {
    text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum()
}

/// A share in per cent with two decimals.
pub(crate) fn share(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "—".into();
    }
    let hundredths = (part * 10_000 + whole / 2) / whole;
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// The same for machines.
pub(crate) fn json(form: &Form, outcomes: &[Outcome<'_>]) -> String {
    let files: Vec<Json> = outcomes
        .iter()
        .map(|outcome| {
            let checked = &outcome.checked;
            json!({
                "file": outcome.file.display().to_string(),
                "rows_read": checked.rows_read,
                "rows_checked": checked.rows_checked(),
                "rows_flagged": flagged(outcome),
                "rows_flagged_beyond_required": flagged_beyond_required(outcome),
                "missing": checked.missing,
                "ignored": checked.ignored,
                "skipped": checked.skipped,
                "errors_total": checked.errors_total,
                "errors": checked.errors.iter().map(|error| json!({
                    "row": error.row, "column": error.column, "message": error.message,
                })).collect::<Vec<_>>(),
                "checks": checked.summary().iter().map(check_json).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "form": form.code, "version": form.version(), "files": files }).to_string()
}

fn check_json(summary: &Summary<'_>) -> Json {
    let counts = &summary.counts;
    json!({
        "check": summary.check,
        "severity": summary.severity.letter(),
        "message": summary.message,
        "tested": counts.tested,
        "passed": counts.passed,
        "failed": counts.failed,
        "undecided": counts.undecided,
        "not_applicable": counts.not_applicable,
    })
}

/// Every failure as a row of a csv or xlsx file; gives their number.
pub(crate) fn write_failures(path: &Path, form: &Form, outcomes: &[Outcome<'_>]) -> Result<u64, Failure> {
    let names = ["文件", "行号", "单位", "报告期", "来源", "审核", "类别", "应满足", "审核结果"];
    let columns = names.into_iter().map(|name| ColumnOut { name: name.to_owned(), width: 16 }).collect();
    let rows = outcomes.iter().flat_map(|outcome| {
        let file = outcome.file.display().to_string();
        outcome.checked.failures().map(move |(row, finding)| {
            vec![
                CellOut::from(file.as_str()),
                CellOut::Number(row.row.into()),
                CellOut::from(row.unit),
                CellOut::from(row.period.to_string().as_str()),
                CellOut::from(row.series),
                CellOut::from(finding.check.as_str()),
                CellOut::from(finding.severity.letter()),
                CellOut::from(finding.message.as_str()),
                CellOut::from(finding.sentence.as_str()),
            ]
        })
    });
    let table = Table { title: format!("{} 审核结果", form.title()), columns, rows };
    let file = File::create(path).map_err(|error| format!("不能写 {}:{error}。", path.display()))?;
    let is_workbook = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    Ok(if is_workbook { write_xlsx(file, table)? } else { write_csv(file, table)? })
}
