//! `youju check`: the checks of a form over a file, at any size.

mod input;
mod output;
mod workbook;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use youju_codes::Period;
use youju_domain::finding::Severity;
use youju_programme::{Bulk, Checked, Form};

use crate::open::{Failure, programmes, say, say_error};

/// 检查文件。
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// 表号,例如 B203。
    #[arg(long)]
    form: String,
    /// 要检查的文件(csv、csv.gz、xlsx、xls、parquet)。
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// 文件中没有报告期一栏时,全部数据的报告期。
    #[arg(long)]
    period: Option<String>,
    /// 把不符合的记录写到这个文件(.csv 或 .xlsx)。
    #[arg(long)]
    failures: Option<PathBuf>,
    /// 输出 JSON,供程序读取。
    #[arg(long)]
    json: bool,
    /// 报表制度目录;缺省使用程序自带的制度。
    #[arg(long, env = "YOUJU_PROGRAMMES")]
    programmes: Option<PathBuf>,
}

/// The whole outcome of one file.
pub(crate) struct Outcome<'f> {
    /// Which file.
    pub file: PathBuf,
    /// The checked table.
    pub checked: Checked<'f>,
}

/// 0: nothing blocking failed; 1: something did; 2: a file cannot be used.
pub(crate) fn run(options: &Options) -> ExitCode {
    match check(options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            say_error(&error.to_string());
            ExitCode::from(2)
        }
    }
}

fn check(options: &Options) -> Result<bool, Failure> {
    let programmes = programmes(options.programmes.as_deref())?;
    let form = programmes.iter().find_map(|programme| programme.form(&options.form));
    let form = form.ok_or_else(|| no_such_form(&options.form, &programmes))?;
    let period = options.period.as_deref().map(Period::parse).transpose()?;
    if let Some(path) = &options.failures {
        verify_target(path, &options.files)?;
    }
    let mut outcomes = Vec::new();
    for file in &options.files {
        let checked = one(form, file, period, options.json)?;
        outcomes.push(Outcome { file: file.clone(), checked });
    }
    if options.json {
        say(&output::json(form, &outcomes));
    } else {
        for outcome in &outcomes {
            output::print(form, outcome);
        }
    }
    if let Some(path) = &options.failures {
        let rows = output::write_failures(path, form, &outcomes)?;
        say_error(&format!("不符合的记录 {rows} 条,已写到 {}。", path.display()));
    }
    Ok(outcomes.iter().all(is_clear))
}

/// True when no blocking check failed and every row could be used.
fn is_clear(outcome: &Outcome<'_>) -> bool {
    let blocks = |severity: Severity| severity == Severity::Blocking;
    outcome.checked.errors_total == 0
        && outcome.checked.summary().iter().all(|summary| !blocks(summary.severity) || summary.counts.failed == 0)
}

/// Reads a file and runs every check over it.
pub(crate) fn one<'f>(
    form: &'f Form,
    file: &Path,
    period: Option<Period>,
    is_quiet: bool,
) -> Result<Checked<'f>, Failure> {
    let in_file = |error: &dyn std::fmt::Display| -> Failure { format!("{}:{error}", file.display()).into() };
    let mut rows = input::open(file, is_quiet).map_err(|error| in_file(&error))?;
    let mut bulk = Bulk::new(form, &rows.heads, period).map_err(|error| in_file(&error))?;
    rows.each(|number, cells| bulk.push(number, cells)).map_err(|error| in_file(&error))?;
    let checked = bulk.check().map_err(|error| in_file(&error))?;
    if checked.summary().is_empty() {
        return Err(in_file(&no_figures(form, &rows.heads)));
    }
    let is_other = |at: usize| checked.row(at).is_some_and(|row| Some(row.period) != period);
    if let Some(period) = period.filter(|_| (0..checked.rows_checked()).any(is_other)) {
        say_error(&format!("{}:文件有报告期一栏,没有使用指定的{}。", file.display(), period.label()));
    }
    Ok(checked)
}

/// A file without any figure of the form must not look like a file without errors.
fn no_figures(form: &Form, heads: &[String]) -> String {
    let example = form.cells().first().map(|cell| format!("(例如 {} 或 {})", cell.code, cell.label));
    format!(
        "表头中没有 {} 的任何数据项,一条审核也不能执行。表头请写指标代码或指标名称{}。现有各列:{}。",
        form.title(),
        example.unwrap_or_default(),
        heads.join("、")
    )
}

/// The file of failures is written as its name says, and never over a file that is being checked.
fn verify_target(path: &Path, files: &[PathBuf]) -> Result<(), Failure> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    if ending != "csv" && ending != "xlsx" {
        return Err(format!("不能写 {}:文件名应以 .csv 或 .xlsx 结尾。", path.display()).into());
    }
    let place = |path: &Path| path.canonicalize().ok();
    if place(path).is_some() && files.iter().any(|file| place(file) == place(path)) {
        return Err(format!("不能写 {}:这是要检查的文件。请换一个文件名。", path.display()).into());
    }
    Ok(())
}

pub(crate) fn no_such_form(code: &str, programmes: &[youju_programme::Programme]) -> String {
    let known: Vec<&str> =
        programmes.iter().flat_map(youju_programme::Programme::forms).map(|form| form.code.as_str()).collect();
    format!("没有表号为 {code} 的报表。现有:{}。", known.join("、"))
}
