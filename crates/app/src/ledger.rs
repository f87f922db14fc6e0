//! Ledger 台账: trial balances come in, whole or not at all.

use rust_decimal::Decimal;
use serde_json::json;
use youju_codes::{Measure, Period, PeriodKind};
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::{ImportId, UnitId};
use youju_domain::ledger::{Amounts, Import, Line};
use youju_sheet::Sheet;
use youju_sheet::record::tells_persons;
use youju_sheet::trial_balance::{self, TrialBalance};
use youju_store::register::PageRequest;
use youju_store::{ledger, report};

use crate::attachment::{self, File};
use crate::context::Cx;
use crate::crypto;
use crate::error::{Error, Fault, Result};
use crate::register;

/// Most sentences about one file that are shown; their number is always told.
const REASONS_MAX: usize = 20;

/// A trial balance file, read but not yet imported.
#[derive(Debug)]
pub struct TrialBalanceFile {
    name: String,
    pub(crate) hash: String,
    /// Nothing where the file tells who persons are.
    content: Option<Vec<u8>>,
    table: TrialBalance,
}

/// Reads a trial balance 科目余额表 before any transaction is opened, because a large workbook takes a while.
pub fn read_trial_balance(file_name: &str, bytes: &[u8]) -> Result<TrialBalanceFile> {
    let sheets = youju_sheet::read(file_name, bytes).map_err(|error| bad_file(vec![error.to_string()]))?;
    let file = File { name: file_name.to_owned(), hash: crypto::sha256(bytes), content: bytes.to_vec() };
    trial_balance_in(file, &sheets)
}

/// The trial balance of a file whose sheets have been read.
pub(crate) fn trial_balance_in(file: File, sheets: &[Sheet]) -> Result<TrialBalanceFile> {
    let table =
        trial_balance::parse(sheets).map_err(|errors| bad_file(errors.iter().map(ToString::to_string).collect()))?;
    let content = (!tells_persons(sheets)).then_some(file.content);
    Ok(TrialBalanceFile { name: file.name, hash: file.hash, content, table })
}

/// Imports a trial balance of a unit for a period, whole or not at all.
pub async fn import_trial_balance(
    cx: &mut Cx<'_>,
    unit: UnitId,
    period: Period,
    file: TrialBalanceFile,
) -> Result<Import> {
    let unit = register::get(cx, unit).await?;
    cx.allow(Action::Fill, Object::Unit { id: unit.id, area: &unit.area })?;
    must_be_of(&file.table, period)?;
    let import = Import {
        id: cx.new_id(),
        unit: unit.id,
        period,
        file_name: file.name,
        file_hash: file.hash,
        by: cx.actor()?.person,
        at: cx.now(),
        warnings: warnings(&file.table, &unit.name),
        skipped: skipped(&file.table),
        lines: file.table.lines.iter().map(|line| to_line(line, file.table.measure.unwrap_or(Measure::Yuan))).collect(),
    };
    let is_kept = file.content.is_some();
    if let Some(content) = file.content {
        attachment::keep(cx, &import.file_hash, content).await?;
    }
    ledger::add(cx.tx(), &import).await?;
    let payload = json!({
        "unit": unit.id, "period": period, "file_name": import.file_name, "file_hash": import.file_hash,
        "is_file_kept": is_kept, "lines": import.lines.len(), "warnings": import.warnings, "skipped": import.skipped,
    });
    cx.record("ledger.imported", ("import", import.id.to_string()), payload).await?;
    Ok(import)
}

/// An import, for those who may look at the unit.
pub async fn get(cx: &mut Cx<'_>, id: ImportId) -> Result<Import> {
    let import = ledger::get(cx.tx(), id).await?.ok_or(Error::Problem(Problem::NotFound { what: "台账" }))?;
    register::get(cx, import.unit).await?;
    Ok(import)
}

/// The latest import of a unit and period.
pub async fn latest(cx: &mut Cx<'_>, unit: UnitId, period: Period) -> Result<Option<Import>> {
    register::get(cx, unit).await?;
    Ok(ledger::latest(cx.tx(), unit, period).await?)
}

/// How many imports of a unit and period there are; the latest counts, the others stay for a look.
pub async fn count(cx: &mut Cx<'_>, unit: UnitId, period: Period) -> Result<u64> {
    register::get(cx, unit).await?;
    Ok(ledger::count(cx.tx(), unit, period).await?)
}

pub(crate) fn bad_file(reasons: Vec<String>) -> Error {
    Error::Problem(Problem::BadFile { reasons: sentences(reasons) })
}

/// As many sentences as somebody reads, and how many more there are (law 9).
pub(crate) fn sentences(mut reasons: Vec<String>) -> Vec<String> {
    let count = reasons.len();
    if count > REASONS_MAX {
        reasons.truncate(REASONS_MAX);
        reasons.push(format!("另有 {} 处问题没有列出。", count - REASONS_MAX));
    }
    reasons
}

/// The period printed in the file must be the one that is asked for. A monthly trial balance serves the cumulative
/// period that ends with its month.
fn must_be_of(table: &TrialBalance, asked: Period) -> Result<()> {
    match table.period {
        Some(period) if period.last_day() != asked.last_day() => {
            Err(Problem::WrongPeriod { file: period.label(), asked: asked.cumulative_label() }.into())
        }
        _ => Ok(()),
    }
}

/// The period whose ledger is shown when nobody asks for one: that of the unit's latest report, else last month.
pub async fn period_in_work(cx: &mut Cx<'_>, unit: UnitId) -> Result<Period> {
    let unit = register::get(cx, unit).await?;
    let scope = cx.form_scope()?;
    let filter = report::Filter { unit: Some(unit.id), ..report::Filter::default() };
    let page = PageRequest { offset: 0, limit: i64::MAX };
    let reports = report::list(cx.tx(), &scope, &filter, page).await?.rows;
    if let Some(latest) = reports.iter().map(|report| report.period).max_by_key(Period::last_day) {
        return Ok(latest);
    }
    let today = youju_domain::survey::local(cx.now()).date();
    let month = PeriodKind::Month.containing(today).map_err(|error| Fault::new("finding the month of today", error))?;
    Ok(month.previous())
}

/// Law 9: what was not taken is told, row by row.
fn skipped(table: &TrialBalance) -> Vec<String> {
    let told = |row: &trial_balance::Skipped| format!("第 {} 行“{}”:{}", row.row, row.text, row.reason);
    table.skipped.iter().map(told).collect()
}

fn warnings(table: &TrialBalance, unit_name: &str) -> Vec<String> {
    let mut warnings: Vec<String> = table.warnings.iter().map(ToString::to_string).collect();
    if table.period.is_none() {
        warnings.push("文件中没有写明会计期间,请核对是否为本期的科目余额表。".into());
    }
    if let Some(name) = table.unit_name.as_deref().filter(|name| *name != unit_name) {
        warnings.push(format!("文件上的单位名称是“{name}”,名录库中是“{unit_name}”,请核对。"));
    }
    warnings
}

/// Ledgers are kept in 元, whatever the file counts in.
fn to_line(line: &trial_balance::Line, measure: Measure) -> Line {
    let yuan = |amount: Option<Decimal>| {
        let (times, over) = measure.factor(Measure::Yuan).unwrap_or((1, 1));
        amount.map(|amount| amount * Decimal::from(times) / Decimal::from(over))
    };
    Line {
        row: u32::try_from(line.row).unwrap_or(u32::MAX),
        code: line.code.clone(),
        account: line.account.clone(),
        name: line.name.clone(),
        is_leaf: line.is_leaf,
        amounts: Amounts {
            opening_debit: yuan(line.opening_debit),
            opening_credit: yuan(line.opening_credit),
            period_debit: yuan(line.period_debit),
            period_credit: yuan(line.period_credit),
            ytd_debit: yuan(line.ytd_debit),
            ytd_credit: yuan(line.ytd_credit),
            closing_debit: yuan(line.closing_debit),
            closing_credit: yuan(line.closing_credit),
        },
    }
}
