//! Payrolls: what the header calls 小计, 合计, 应发 or 实发 is the sum of its parts.
//!
//! Which parts those are, headers say badly: a 小计 may leave out what the employer pays, 实发 may subtract one column or
//! ten. So the readings that a header allows are tried, and the one that most rows follow is taken; the rows that do not
//! follow it are wrong. Where no reading fits most rows, that is told, and nothing is invented.

use rust_decimal::Decimal;
use youju_codes::format_number;

use super::{Findings, Table};
use crate::record::kind::ValueKind;
use crate::record::records::Record;
use crate::record::value::Value;

/// A way to read what a column is made of: indices that are added and that are subtracted.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reading {
    plus: Vec<usize>,
    minus: Vec<usize>,
}

pub(super) fn verify(table: &Table<'_>, findings: &mut Findings) {
    for target in 0..table.columns.len() {
        if is_total(table, target) {
            verify_total(table, target, findings);
        }
    }
}

/// Whether a column declares itself to be a sum.
fn is_total(table: &Table<'_>, index: usize) -> bool {
    let Some(column) = table.columns.get(index).filter(|column| column.kind == ValueKind::Amount) else { return false };
    let last = column.name.rsplit('/').next().unwrap_or_default();
    let last = youju_codes::normalise(last);
    matches!(column.key.as_str(), "gross_pay" | "deductions" | "net_pay")
        || last.ends_with("小计")
        || last.ends_with("合计")
}

/// Whether a column is paid by the employer, on top of the wage.
fn is_employers(table: &Table<'_>, index: usize) -> bool {
    let name = table.columns.get(index).map_or("", |column| &column.name);
    // The heading often names both sides; the lowest row tells.
    let last = name.rsplit('/').next().unwrap_or_default();
    ["单位", "企业", "公司"].iter().any(|word| last.contains(word))
}

fn verify_total(table: &Table<'_>, target: usize, findings: &mut Findings) {
    let value = |record: &Record, index: usize| record.values.get(index).and_then(Value::number);
    let expected = |record: &Record, reading: &Reading| -> Decimal {
        let sum = |indices: &[usize]| indices.iter().filter_map(|index| value(record, *index)).sum::<Decimal>();
        sum(&reading.plus) - sum(&reading.minus)
    };
    let agrees = |record: &Record, reading: &Reading| {
        let terms = reading.plus.len() + reading.minus.len() + 1;
        let bound = table.per_term * Decimal::from(terms);
        value(record, target).is_some_and(|printed| (printed - expected(record, reading)).abs() <= bound)
    };
    // A row of zeros follows every reading.
    let telling: Vec<&Record> =
        table.rows.iter().filter(|record| value(record, target).is_some_and(|number| !number.is_zero())).collect();
    let readings = readings(table, target);
    if telling.is_empty() || readings.is_empty() {
        return;
    }
    let count = |reading: &Reading| telling.iter().filter(|record| agrees(record, reading)).count();
    let Some(best) = readings.iter().rev().max_by_key(|reading| count(reading)) else { return };
    let name = table.columns.get(target).map_or("", |column| &column.name);
    if count(best) * 2 <= telling.len() {
        let row = telling.first().map_or(0, |record| record.row);
        let key = table.columns.get(target).map_or("", |column| &column.key);
        let message = format!("没有认出“{name}”由哪些项目组成,没有核对。");
        findings.warnings.push(table.finding(row, key, message));
        return;
    }
    for record in table.rows {
        let (printed, sum) = (value(record, target), expected(record, best));
        // A blank may stand for zero, and for nothing else.
        if agrees(record, best) || printed.is_none() && sum.is_zero() {
            continue;
        }
        let key = table.columns.get(target).map_or("", |column| &column.key);
        let now = printed.map_or("没有填写".to_owned(), |printed| format!("现为 {}", format_number(&printed)));
        let message = format!(
            "{now},按其余各行的算法({})应为 {},相差 {}。请核对这一行。",
            say(table, best),
            format_number(&sum),
            format_number(&(printed.unwrap_or_default() - sum).abs())
        );
        findings.errors.push(table.finding(record.row, key, message));
    }
}

/// What a reading says: `基本工资＋绩效－缺勤扣款`.
fn say(table: &Table<'_>, reading: &Reading) -> String {
    const SHOWN_MAX: usize = 6;
    let name = |index: &usize| {
        let name = table.columns.get(*index).map_or("", |column| &column.name);
        let mut parts = name.rsplit('/');
        let last = parts.next().unwrap_or_default();
        match parts.next() {
            Some(above) if last.ends_with('计') || last.starts_with("个人") => format!("{above}{last}"),
            _ => last.to_owned(),
        }
    };
    let shown = |indices: &[usize]| {
        let names: Vec<String> = indices.iter().take(SHOWN_MAX).map(name).collect();
        let more = if indices.len() > SHOWN_MAX { format!("等 {} 项", indices.len()) } else { String::new() };
        (names, more)
    };
    let (plus, more_plus) = shown(&reading.plus);
    let (minus, more_minus) = shown(&reading.minus);
    let minus = if minus.is_empty() { String::new() } else { format!("－{}{more_minus}", minus.join("－")) };
    format!("{}{more_plus}{minus}", plus.join("＋"))
}

/// The readings that a header allows, the most literal first.
fn readings(table: &Table<'_>, target: usize) -> Vec<Reading> {
    let Some(column) = table.columns.get(target) else { return Vec::new() };
    let is_amount = |index: &usize| table.columns.get(*index).is_some_and(|column| column.kind == ValueKind::Amount);
    let parts = |range: std::ops::Range<usize>| -> Vec<usize> {
        range.filter(|index| is_amount(index) && !is_total(table, *index)).collect()
    };
    let totals =
        |range: std::ops::Range<usize>| -> Vec<usize> { range.filter(|index| is_total(table, *index)).collect() };
    let own = |indices: &[usize]| -> Vec<usize> {
        indices.iter().copied().filter(|index| !is_employers(table, *index)).collect()
    };
    let before = totals(0..target);
    let last_total = before.last().map_or(0, |index| index + 1);
    let mut readings: Vec<Reading> = Vec::new();
    let mut add = |plus: Vec<usize>, minus: Vec<usize>| {
        let reading = Reading { plus, minus };
        if !reading.plus.is_empty() && !readings.contains(&reading) {
            readings.push(reading);
        }
    };
    if let Some((group, _)) = column.name.rsplit_once('/') {
        let is_in_group = |index: &usize| {
            let name = table.columns.get(*index).map_or("", |column| &column.name);
            name.strip_prefix(group).is_some_and(|rest| rest.starts_with('/'))
        };
        let members: Vec<usize> = parts(0..table.columns.len()).into_iter().filter(is_in_group).collect();
        add(members.clone(), Vec::new());
        add(own(&members), Vec::new());
    }
    let since = parts(last_total..target);
    match column.key.as_str() {
        "net_pay" => {
            let gross = table.at("gross_pay").filter(|at| *at < target);
            let deductions = table.at("deductions").filter(|at| *at < target);
            if let Some(gross) = gross {
                let between = parts(gross + 1..target);
                if let Some(deductions) = deductions {
                    add(vec![gross], vec![deductions]);
                }
                add(vec![gross], totals(gross + 1..target));
                add(vec![gross], between.clone());
                add(vec![gross], own(&between));
            }
            // Subtotals are earned or taken away as their heading says.
            let (minus, plus): (Vec<usize>, Vec<usize>) = before.iter().partition(|index| is_deduction(table, **index));
            add(plus.clone(), minus.clone());
            add(plus.clone(), [minus.clone(), own(&since)].concat());
            // What is taken away and stands in no subtotal: insurances under a heading of their own.
            let loose = own(&parts(0..target))
                .into_iter()
                .filter(|index| is_loose(table, *index) && is_deduction(table, *index));
            add(plus, [minus, loose.collect()].concat());
        }
        "gross_pay" | "deductions" => {
            add(since.clone(), Vec::new());
            add(own(&since), Vec::new());
            let (minus, plus): (Vec<usize>, Vec<usize>) = before.iter().partition(|index| is_deduction(table, **index));
            add(plus, minus);
            let (minus, plus): (Vec<usize>, Vec<usize>) = since.iter().partition(|index| is_deduction(table, **index));
            add(plus, minus);
            add(before, Vec::new());
        }
        _ => {
            add(since.clone(), Vec::new());
            add(own(&since), Vec::new());
            add(before, Vec::new());
        }
    }
    readings
}

/// Whether no subtotal stands under the heading of a column.
fn is_loose(table: &Table<'_>, index: usize) -> bool {
    let group = |index: usize| {
        let name = table.columns.get(index).map_or("", |column| &column.name);
        name.split_once('/').map(|(group, _)| group)
    };
    let own = group(index);
    own.is_some() && !(0..table.columns.len()).any(|other| is_total(table, other) && group(other) == own)
}

/// Whether the name of a column says that it is taken away.
fn is_deduction(table: &Table<'_>, index: usize) -> bool {
    let is_taken = |name: &str| ["扣", "保险", "公积金", "所得税"].iter().any(|word| name.contains(word));
    table.columns.get(index).is_some_and(|column| column.key == "deductions" || is_taken(&column.name))
}
