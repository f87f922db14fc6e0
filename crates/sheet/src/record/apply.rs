//! Applies a mapping: a sheet becomes records, verified by what their kind must fulfil. Errors refuse the file, all of them
//! at once.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use youju_codes::{Measure, Period};

use super::body::Reader;
use super::kind::ValueKind;
use super::locate::{Located, locate};
use super::mapping::{Mapping, Take};
use super::records::{Record, RecordColumn, Records};
use super::value::Value;
use super::verify;
use crate::caption;
use crate::error::CellError;
use crate::limits::RECORD_FINDINGS_MAX;
use crate::table::Sheet;

/// What is asked of an import 导入要求.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// How much of it is kept.
    pub detail: Detail,
    /// The period that the records must belong to; without it, the printed one.
    pub period: Option<Period>,
}

/// How much is kept 保留程度.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// As little as serves statistics: no column that tells who a person is; of lists of persons only their number and sums.
    #[default]
    Least,
    /// Every row, also of persons, without the columns that tell who they are.
    Rows,
    /// Everything, also who the persons are. For the unit's own eyes.
    Persons,
}

/// Reads the records of a sheet by a mapping.
///
/// ```
/// use youju_sheet::record::{RecordKind, Wish, apply, propose};
/// let file = "日期,凭证字号,科目代码,借方金额,贷方金额\n2026-03-01,记-1,1002.01,5,\n,,4001,,5\n";
/// let sheet = &youju_sheet::read("凭证.csv", file.as_bytes())?[0];
/// let mapping = propose(sheet, RecordKind::VoucherJournal)?.mapping;
/// let records = apply(sheet, &mapping, &Wish::default()).map_err(|errors| errors[0].to_string())?;
/// assert_eq!((records.rows.len(), records.vouchers), (2, Some(1)));
/// assert_eq!(records.value(&records.rows[1], "number").unwrap().text(), "记-1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn apply(sheet: &Sheet, mapping: &Mapping, wish: &Wish) -> Result<Records, Vec<CellError>> {
    let about = |message: String| CellError { sheet: sheet.name.clone(), row: None, column: None, message };
    let problems = mapping.verify();
    if !problems.is_empty() {
        return Err(problems.into_iter().map(about).collect());
    }
    let located = locate(sheet, mapping)?;
    let caption = caption::read(sheet, located.head.rows.start);
    let measure = measure(mapping, caption.measure).map_err(|message| vec![about(message)])?;
    let reader = Reader {
        sheet,
        located: &located,
        places: located.fields(),
        kind: mapping.kind,
        keeps_persons: wish.detail == Detail::Persons,
        per_term: per_term(sheet, &located, measure),
    };
    let body = reader.read();
    let columns = reader.columns();
    let mut errors = body.errors;
    let mut warnings = body.warnings;
    if body.rows.is_empty() && errors.is_empty() {
        errors.push(about("表头下面没有记录。请检查导出条件后重新导出。".to_owned()));
    }
    let table = verify::Table {
        kind: mapping.kind,
        sheet: &sheet.name,
        columns: &columns,
        rows: &body.rows,
        period: wish.period.or(caption.period),
        is_period_asked: wish.period.is_some(),
        per_term: reader.per_term,
    };
    let mut findings = verify::Findings::default();
    if errors.is_empty() {
        findings = verify::verify(&table);
        errors.extend(body.sums);
    }
    errors.extend(findings.errors);
    warnings.extend(findings.warnings);
    if !errors.is_empty() {
        return Err(sorted(errors, about));
    }
    let persons =
        mapping.kind.is_about_persons().then(|| count_persons(&body.rows, &body.persons, &mut warnings, about));
    if table.lacks_period() {
        warnings.extend(caption.warnings.iter().cloned().map(about));
    }
    if measure.is_none() && table.has_amounts() {
        warnings.push(about("没有注明金额单位,按元读取。请核对金额单位是否为元。".to_owned()));
    }
    warnings.extend(new_columns(sheet, &located));
    limit(&mut warnings, about);
    Ok(Records {
        kind: mapping.kind,
        sheet: sheet.name.clone(),
        unit_name: caption.unit_name,
        period_text: caption.period_text,
        period: table.period,
        days: table.days(),
        measure,
        sums: sums(&columns, &body.rows),
        vouchers: findings.vouchers,
        persons,
        count: body.rows.len(),
        rows: if persons.is_some() && wish.detail == Detail::Least { Vec::new() } else { body.rows },
        columns,
        skipped: body.skipped,
        warnings,
    })
}

/// Columns that have come since the mapping was saved.
fn new_columns<'a>(sheet: &'a Sheet, located: &'a Located<'_>) -> impl Iterator<Item = CellError> + 'a {
    located.new.iter().map(|(at, name)| CellError {
        sheet: sheet.name.clone(),
        row: Some(located.head.rows.end),
        column: Some(name.clone()),
        message: format!("第 {} 列是新出现的列,对应关系中没有,没有导入。需要的,请在对应关系中指定。", at + 1),
    })
}

/// Errors in the order of the rows.
fn sorted(mut errors: Vec<CellError>, about: impl Fn(String) -> CellError) -> Vec<CellError> {
    errors.sort_by_key(|error| (error.row.is_none(), error.row));
    limit(&mut errors, about);
    errors
}

/// Keeps as many findings as somebody may read, and says how many there were.
fn limit(findings: &mut Vec<CellError>, about: impl Fn(String) -> CellError) {
    let count = findings.len();
    if count > RECORD_FINDINGS_MAX + 1 {
        findings.truncate(RECORD_FINDINGS_MAX);
        findings
            .push(about(format!("共有 {count} 处问题,只列出前 {RECORD_FINDINGS_MAX} 处。请先核对对应关系是否正确。")));
    }
}

/// The unit of the amounts. One that has changed since the mapping was saved may be right or a slip; somebody must look.
fn measure(mapping: &Mapping, printed: Option<Measure>) -> Result<Option<Measure>, String> {
    let kept = mapping.columns.iter().filter(|column| column.take == Take::Keep);
    let printed = printed.or_else(|| kept.clone().find_map(|column| caption::money_in_name(&column.name)));
    match (printed, mapping.measure) {
        (Some(printed), Some(saved)) if printed != saved => Err(format!(
            "表上的金额单位是{},保存的对应关系是{}。请核对金额单位后重新确认对应关系。",
            printed.label(),
            saved.label()
        )),
        (printed, saved) => Ok(printed.or(saved)),
    }
}

/// Amounts in 元 are exact. In 万元 and the like each is rounded on its own, by half a unit of the last printed place.
fn per_term(sheet: &Sheet, located: &Located<'_>, measure: Option<Measure>) -> Decimal {
    if measure.is_none_or(|measure| measure == Measure::Yuan) {
        return Decimal::ZERO;
    }
    let amounts = located.columns.iter().filter(|(_, column)| column.kind == ValueKind::Amount);
    let columns: Vec<usize> = amounts.map(|(at, _)| *at).collect();
    let rows = sheet.rows.iter().skip(located.head.rows.end);
    let places = rows
        .flat_map(|row| columns.iter().filter_map(|at| row.get(*at)))
        .filter_map(|cell| cell.number().ok().flatten())
        .map(|number| number.normalize().scale())
        .max();
    Decimal::new(5, (places.unwrap_or(0) + 1).min(8))
}

fn sums(columns: &[RecordColumn], rows: &[Record]) -> BTreeMap<String, Decimal> {
    let additive = columns.iter().enumerate().filter(|(_, column)| column.kind.is_additive());
    let sum = |index: usize| rows.iter().filter_map(|record| record.values.get(index).and_then(Value::number)).sum();
    additive.map(|(index, column)| (column.key.clone(), sum(index))).collect()
}

/// How many persons there are: a number of an identity card counts once, a row without one counts as a person.
fn count_persons(
    rows: &[Record],
    persons: &BTreeMap<String, Vec<usize>>,
    warnings: &mut Vec<CellError>,
    about: impl Fn(String) -> CellError,
) -> usize {
    let mut again = 0;
    for places in persons.values() {
        if let [first, .., last] = places.as_slice() {
            again += places.len() - 1;
            let message = format!("与第 {first} 行的身份证号相同,按一人计数。请确认不是重复发放。");
            warnings.push(CellError { row: Some(*last), ..about(message) });
        }
    }
    rows.len().saturating_sub(again)
}
