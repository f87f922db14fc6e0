//! Bank statements and journals of money: each balance follows from the one before it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use youju_codes::format_number;

use super::{Findings, Table};
use crate::record::records::Record;
use crate::record::value::Value;

/// How balances follow each other: what comes in is a debit (the unit's own journal) or a credit (the bank's statement), and
/// the newest row stands below or above.
#[derive(Clone, Copy)]
struct Rule {
    is_debit_in: bool,
    is_newest_above: bool,
}

const RULES: [Rule; 4] = [
    Rule { is_debit_in: true, is_newest_above: false },
    Rule { is_debit_in: false, is_newest_above: false },
    Rule { is_debit_in: true, is_newest_above: true },
    Rule { is_debit_in: false, is_newest_above: true },
];

pub(super) fn verify(table: &Table<'_>, findings: &mut Findings) {
    for record in table.rows {
        let is_silent = ["debit", "credit", "amount", "balance"].iter().all(|key| table.number(record, key).is_none());
        if is_silent {
            let key = if table.at("debit").is_some() { "debit" } else { "amount" };
            let message = "没有金额。请补上金额,或者删去这一行。".to_owned();
            findings.errors.push(table.finding(record.row, key, message));
        }
    }
    if table.at("balance").is_none() {
        return;
    }
    let mut accounts = BTreeMap::<&str, Vec<&Record>>::new();
    for record in table.rows {
        accounts.entry(table.value(record, "account").map(Value::text).unwrap_or_default()).or_default().push(record);
    }
    for records in accounts.values() {
        verify_account(table, records, findings);
    }
}

/// The rule that half of the neighbours follow, or more, is the rule of the account; who does not follow it is wrong.
fn verify_account(table: &Table<'_>, records: &[&Record], findings: &mut Findings) {
    let steps: Vec<(&Record, &Record)> = records
        .windows(2)
        .filter_map(|pair| match pair {
            [before, after] => Some((*before, *after)),
            _ => None,
        })
        .filter(|(before, after)| table.number(before, "balance").is_some() && table.number(after, "balance").is_some())
        .collect();
    let holds = |rule: Rule, step: &(&Record, &Record)| difference(table, rule, step).is_some_and(|d| d.is_zero());
    let count = |rule: Rule| steps.iter().filter(|step| holds(rule, step)).count();
    // Of rules that hold alike, the first of the list.
    let Some(rule) = RULES.into_iter().rev().max_by_key(|rule| count(*rule)).filter(|_| !steps.is_empty()) else {
        return;
    };
    // One wrong balance breaks two steps.
    if count(rule) == 0 || count(rule) * 2 < steps.len() {
        let row = records.first().map_or(0, |record| record.row);
        let message = "没有认出上下两行余额之间的关系,没有核对。请确认导出的是同一账户的连续流水。".to_owned();
        findings.warnings.push(table.finding(row, "balance", message));
        return;
    }
    for step in steps.iter().filter(|step| !holds(rule, step)) {
        let Some(difference) = difference(table, rule, step) else { continue };
        let message = format!(
            "与第 {} 行的余额接不上,相差 {}。请核对这两行的金额和余额,或确认中间没有缺行。",
            step.0.row,
            format_number(&difference.abs())
        );
        findings.errors.push(table.finding(step.1.row, "balance", message));
    }
}

/// What is missing between two balances.
fn difference(table: &Table<'_>, rule: Rule, step: &(&Record, &Record)) -> Option<Decimal> {
    let (before, after) = if rule.is_newest_above { (step.1, step.0) } else { *step };
    let (debit, credit) = movement(table, after);
    let moved = if rule.is_debit_in { debit - credit } else { credit - debit };
    Some(table.number(after, "balance")? - table.number(before, "balance")? - moved)
}

/// Debit and credit of a row; an amount without a direction carries its sign.
fn movement(table: &Table<'_>, record: &Record) -> (Decimal, Decimal) {
    let (debit, credit) = table.sides(record);
    if debit.is_some() || credit.is_some() {
        return (debit.unwrap_or_default(), credit.unwrap_or_default());
    }
    let amount = table.number(record, "amount").unwrap_or_default();
    match table.value(record, "direction").map(Value::text) {
        Some("支") => (Decimal::ZERO, amount),
        _ => (amount, Decimal::ZERO),
    }
}
