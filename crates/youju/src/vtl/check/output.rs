//! The outcome for people, for machines, and as a file of failures.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use serde_json::{Value as Json, json};
use youju_sheet::{CellOut, ColumnOut, SheetError, Table, write_csv};
use youju_vtl::{Counts, Program, Rule, Scalar};

use super::{Options, Outcome};
use crate::check::output::{aligned, places, share};
use crate::open::{Failure, say};

/// Rows that may wait for the disk.
const ROWS_WAITING_MAX: usize = 1_024;

/// A rule that failed in a row.
pub(crate) struct FailedRow {
    /// The line or row of the file.
    pub number: u64,
    /// The number of the rule.
    pub rule: usize,
    /// The figures, in a sentence.
    pub sentence: String,
}

/// The table that people read.
pub(super) fn print(options: &Options, outcome: &Outcome) {
    let tally = &outcome.tally;
    let rules: Vec<(&Rule, &Counts)> = outcome.program.rules().iter().zip(&tally.counts).collect();
    say(&format!("{}  规则集 {}", options.data.display(), outcome.ruleset));
    say(&format!("共 {} 行,{} 条规则。", tally.rows, rules.len()));
    if !outcome.missing.is_empty() {
        let names = outcome.missing.join("、");
        say(&format!("表中没有这些变量,相关规则不能检验({} 项):{names}", outcome.missing.len()));
    }
    say("");
    let name = rules.iter().map(|(rule, _)| places(&rule.name) + 2).max().unwrap_or(0).max(8);
    let level = rules.iter().map(|(rule, _)| places(&plain(rule.error_level.as_ref())) + 2).max().unwrap_or(0).max(6);
    let widths = [name, level, 11, 10, 8, 11, 11, 0];
    say(&aligned(["规则", "级别", "检验", "不符", "比例", "不能检验", "不适用", "说明"], widths));
    for (rule, counts) in &rules {
        let about = rule.error_code.as_ref().map_or_else(|| rule.text(), |code| plain(Some(code)));
        let cells = [
            &rule.name,
            &plain(rule.error_level.as_ref()),
            &counts.tested.to_string(),
            &counts.failed.to_string(),
            &share(counts.failed, counts.tested),
            &counts.undecided.to_string(),
            &counts.not_applicable.to_string(),
            &about,
        ];
        say(&aligned(cells.map(String::as_str), widths));
    }
    say("");
    let failing = rules.iter().filter(|(_, counts)| counts.failed > 0).count();
    say(&format!("{} 行不符合,涉及 {failing} 条规则。", tally.flagged));
    let errors = &tally.errors;
    if errors.total > 0 {
        say(&format!("\n有 {} 处数据不能使用,按没有数据处理:", errors.total));
        errors.shown.iter().for_each(|error| say(&format!("  {error}")));
        if errors.total > errors.shown.len() {
            say(&format!("  …… 共 {} 处,显示前 {} 处。", errors.total, errors.shown.len()));
        }
    }
}

/// A constant as people read it: texts without quotation marks.
fn plain(value: Option<&Scalar>) -> String {
    match value {
        None | Some(Scalar::Null) => String::new(),
        Some(Scalar::Text(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The same for machines.
pub(super) fn json(options: &Options, outcome: &Outcome) -> String {
    let tally = &outcome.tally;
    let rules = outcome.program.rules().iter().zip(&tally.counts);
    json!({
        "file": options.data.display().to_string(),
        "ruleset": outcome.ruleset,
        "rows_read": tally.rows,
        "rows_flagged": tally.flagged,
        "missing": outcome.missing,
        "errors_total": tally.errors.total,
        "errors": tally.errors.shown,
        "rules": rules.map(|(rule, counts)| rule_json(rule, counts)).collect::<Vec<_>>(),
    })
    .to_string()
}

fn rule_json(rule: &Rule, counts: &Counts) -> Json {
    let constant = |value: &Option<Scalar>| value.as_ref().map(|value| plain(Some(value)));
    json!({
        "rule": rule.name,
        "text": rule.text(),
        "errorcode": constant(&rule.error_code),
        "errorlevel": constant(&rule.error_level),
        "tested": counts.tested,
        "passed": counts.passed,
        "failed": counts.failed,
        "undecided": counts.undecided,
        "broken": counts.broken,
        "not_applicable": counts.not_applicable,
    })
}

/// The file of failures, written while rows are judged. It has its name only when it is complete.
pub(crate) struct FailureFile {
    path: PathBuf,
    unfinished: PathBuf,
    send: Option<SyncSender<Vec<CellOut>>>,
    thread: Option<JoinHandle<Result<u64, SheetError>>>,
}

impl FailureFile {
    /// Opens the file beside its final place.
    pub(crate) fn create(path: &Path) -> Result<FailureFile, Failure> {
        let unfinished = path.with_extension("csv.part");
        let file = File::create(&unfinished).map_err(|error| format!("不能写 {}:{error}。", path.display()))?;
        let (send, receive) = sync_channel(ROWS_WAITING_MAX);
        let columns = ["行号", "规则", "错误级别", "错误代码", "审核结果"].map(ColumnOut::new).to_vec();
        let table = Table { title: String::new(), columns, rows: receive };
        let thread = std::thread::spawn(move || write_csv(BufWriter::new(file), table));
        Ok(FailureFile { path: path.to_owned(), unfinished, send: Some(send), thread: Some(thread) })
    }

    /// Adds rows.
    pub(crate) fn write(&mut self, program: &Program, rows: Vec<FailedRow>) -> Result<(), Failure> {
        for row in rows {
            let rule = program.rules().get(row.rule);
            let cells = vec![
                CellOut::Number(row.number.into()),
                CellOut::from(rule.map_or("", |rule| rule.name.as_str())),
                CellOut::from(plain(rule.and_then(|rule| rule.error_level.as_ref())).as_str()),
                CellOut::from(plain(rule.and_then(|rule| rule.error_code.as_ref())).as_str()),
                CellOut::from(row.sentence.as_str()),
            ];
            if self.send.as_ref().is_none_or(|send| send.send(cells).is_err()) {
                return self.close().map(|_| ()); // the writer has stopped, and says why
            }
        }
        Ok(())
    }

    /// Gives the file its name; the number of its rows.
    pub(crate) fn finish(mut self) -> Result<u64, Failure> {
        let rows = self.close()?;
        std::fs::rename(&self.unfinished, &self.path)
            .map_err(|error| format!("不能写 {}:{error}。", self.path.display()))?;
        Ok(rows)
    }

    fn close(&mut self) -> Result<u64, Failure> {
        self.send = None;
        let written = self.thread.take().map(JoinHandle::join);
        let in_file = |cause: &dyn std::fmt::Display| format!("不能写 {}:{cause}", self.path.display());
        match written {
            Some(Ok(written)) => Ok(written.map_err(|error| in_file(&error))?),
            _ => Err(in_file(&"写文件的线程意外停止。请再试一次。").into()),
        }
    }
}

impl Drop for FailureFile {
    fn drop(&mut self) {
        self.send = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let _ = std::fs::remove_file(&self.unfinished); // after `finish` there is nothing under this name
    }
}
