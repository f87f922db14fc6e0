//! Journals of vouchers: every voucher balances to the cent, lies in its accounting period, and its number follows the last.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use rust_decimal::Decimal;
use youju_codes::{Period, format_number};

use super::{Findings, Table};
use crate::record::records::Record;
use crate::record::value::Value;

/// A voucher: its rows in the order of the file.
struct Voucher<'a> {
    /// The month 会计期间 as year and month, when the day is known.
    month: (i32, u32),
    /// 记, 收, 付, 转.
    word: String,
    /// What is printed as its number.
    number: String,
    rows: Vec<&'a Record>,
    /// Whether rows of another voucher stand between them.
    is_apart: bool,
}

/// The vouchers in the order of the file. Rows of one number and month belong together.
fn vouchers<'a>(table: &Table<'a>) -> Vec<Voucher<'a>> {
    let mut vouchers: Vec<Voucher<'a>> = Vec::new();
    let mut index_of = BTreeMap::<((i32, u32), String, String), usize>::new();
    let mut last = 0;
    for record in table.rows {
        let text = |key: &str| table.value(record, key).map(Value::text).unwrap_or_default();
        let month = table.value(record, "date").and_then(Value::date).map_or((0, 0), |day| (day.year(), day.month()));
        let (word, number) = (youju_codes::normalise(text("word")), youju_codes::normalise(text("number")));
        let index = *index_of.entry((month, word.clone(), number.clone())).or_insert(vouchers.len());
        match vouchers.get_mut(index) {
            Some(voucher) => {
                voucher.rows.push(record);
                voucher.is_apart |= index != last;
            }
            None => vouchers.push(Voucher { month, word, number, rows: vec![record], is_apart: false }),
        }
        last = index;
    }
    vouchers
}

impl Voucher<'_> {
    fn name(&self) -> String {
        format!("{}{}", self.word, self.number)
    }

    fn first_row(&self) -> usize {
        self.rows.first().map_or(0, |record| record.row)
    }

    fn last_row(&self) -> usize {
        self.rows.last().map_or(0, |record| record.row)
    }

    /// The number without its word: `记 - 12` is 12 of 记.
    fn series(&self) -> Option<(String, u32)> {
        let digits = self.number.chars().rev().take_while(char::is_ascii_digit).count();
        let (word, digits) = self.number.split_at_checked(self.number.len() - digits)?;
        let word = format!("{}{}", self.word, word.trim_end_matches(['-', '—', '－', '第', '_']));
        Some((word, digits.parse().ok()?))
    }
}

pub(super) fn verify(table: &Table<'_>, findings: &mut Findings) {
    for record in table.rows {
        verify_entry(table, record, findings);
        verify_period(table, record, findings);
    }
    let vouchers = vouchers(table);
    findings.vouchers = Some(vouchers.len());
    for voucher in &vouchers {
        verify_balance(table, voucher, findings);
        verify_whole(table, voucher, findings);
    }
    verify_numbers(table, &vouchers, findings);
}

/// The column in which an amount is looked for.
fn amount_key(table: &Table<'_>, is_debit: bool) -> &'static str {
    match (table.at("debit").is_some(), is_debit) {
        (true, true) => "debit",
        (true, false) => "credit",
        (false, _) => "amount",
    }
}

/// An entry has an amount on one side, and it is what its quantity or its original currency says.
fn verify_entry(table: &Table<'_>, record: &Record, findings: &mut Findings) {
    let (debit, credit) = table.sides(record);
    let zero = |side: Option<Decimal>| side.unwrap_or(Decimal::ZERO);
    let key = amount_key(table, credit.is_none_or(|credit| credit.is_zero()));
    match (debit, credit) {
        (None, None) => {
            let message = "借方、贷方都没有金额。请补上金额。".to_owned();
            findings.errors.push(table.finding(record.row, key, message));
        }
        (Some(debit), Some(credit)) if !debit.is_zero() && !credit.is_zero() => {
            let message = format!(
                "同一分录借方 {}、贷方 {} 都有金额。请分成两条分录。",
                format_number(&debit),
                format_number(&credit)
            );
            findings.errors.push(table.finding(record.row, key, message));
        }
        _ => {}
    }
    let amount = zero(debit) + zero(credit);
    let original = table.number(record, "original_amount").filter(|original| !original.is_zero());
    let rate = table.number(record, "rate").filter(|rate| !rate.is_zero());
    if let (Some(original), Some(rate)) = (original, rate)
        && let Some(expected) = original.checked_mul(rate)
    {
        // The rate is printed rounded, except that of the own currency.
        let bound =
            if rate == Decimal::ONE { Decimal::ZERO } else { half_place(rate) * original.abs() + half_place(amount) };
        if (amount.abs() - expected.abs()).abs() > bound {
            let message = format!(
                "现为 {},按原币金额乘汇率应为 {}。请核对。",
                format_number(&amount),
                format_number(&expected.normalize())
            );
            findings.errors.push(table.finding(record.row, key, message));
        }
    }
}

fn half_place(number: Decimal) -> Decimal {
    Decimal::new(5, (number.normalize().scale() + 1).min(28))
}

/// The printed accounting period holds the day of the voucher. Excel prints October as 2020.1; both readings pass.
fn verify_period(table: &Table<'_>, record: &Record, findings: &mut Findings) {
    let Some(day) = table.value(record, "date").and_then(Value::date) else { return };
    let Some(text) = table.value(record, "period").map(Value::text) else { return };
    let folded = youju_codes::normalise(text);
    let numbers: Vec<u32> = folded.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    let (year, month) = match numbers.as_slice() {
        [year, month] => (Some(*year), *month),
        [whole] if (190_000..220_000).contains(whole) => (Some(whole / 100), whole % 100),
        [month] if *month <= 12 => (None, *month),
        _ => {
            let message = format!("应为会计期间,现为“{text}”。请改为 2026.3 这样的年月。");
            findings.warnings.push(table.finding(record.row, "period", message));
            return;
        }
    };
    let is_october = month == 1 && day.month() == 10 && folded.ends_with(".1");
    let is_year = year.is_none_or(|year| i32::try_from(year) == Ok(day.year()));
    if !is_year || month != day.month() && !is_october {
        let message = format!("为“{text}”,但凭证日期是 {day}。请核对凭证日期。");
        findings.errors.push(table.finding(record.row, "period", message));
    }
}

/// Debit is credit, to the cent.
fn verify_balance(table: &Table<'_>, voucher: &Voucher<'_>, findings: &mut Findings) {
    let (mut debit, mut credit) = (Decimal::ZERO, Decimal::ZERO);
    for record in &voucher.rows {
        let sides = table.sides(record);
        debit += sides.0.unwrap_or_default();
        credit += sides.1.unwrap_or_default();
    }
    if (debit - credit).abs() <= table.per_term * Decimal::from(voucher.rows.len()) {
        return;
    }
    let message = format!(
        "凭证 {}(第 {} 至 {} 行)借贷不平:借方 {},贷方 {},相差 {}。请核对这几行的金额。",
        voucher.name(),
        voucher.first_row(),
        voucher.last_row(),
        format_number(&debit),
        format_number(&credit),
        format_number(&(debit - credit).abs())
    );
    findings.errors.push(table.finding(voucher.first_row(), amount_key(table, true), message));
}

/// Rows of a voucher stand together; a number that comes back may be another voucher.
fn verify_whole(table: &Table<'_>, voucher: &Voucher<'_>, findings: &mut Findings) {
    let starts: BTreeSet<usize> = voucher.rows.iter().map(|record| record.head_row).collect();
    if voucher.is_apart {
        let rows: Vec<String> = starts.iter().take(3).map(ToString::to_string).collect();
        let message = format!(
            "凭证 {} 的分录不相连(第 {} 行等处),按一张凭证核对。请确认凭证号没有重复。",
            voucher.name(),
            rows.join("、")
        );
        findings.warnings.push(table.finding(voucher.first_row(), "number", message));
    }
}

/// Numbers of one word and month run from 1 without a gap.
fn verify_numbers(table: &Table<'_>, vouchers: &[Voucher<'_>], findings: &mut Findings) {
    const SHOWN_MAX: usize = 10;
    let mut series = BTreeMap::<((i32, u32), String), BTreeMap<u32, usize>>::new();
    for voucher in vouchers {
        if let Some((word, number)) = voucher.series() {
            series.entry((voucher.month, word)).or_default().insert(number, voucher.first_row());
        }
    }
    for (((year, month), word), numbers) in &series {
        let mut expected = 1;
        let (mut gaps, mut count, mut row) = (Vec::new(), 0_u64, 0);
        for (number, at) in numbers {
            if *number > expected {
                let last = number - 1;
                gaps.push(if last == expected { last.to_string() } else { format!("{expected}—{last}") });
                count += u64::from(number - expected);
                row = if row == 0 { *at } else { row };
            }
            expected = number.saturating_add(1);
        }
        if count > 0 {
            let more = if gaps.len() > SHOWN_MAX { "等" } else { "" };
            gaps.truncate(SHOWN_MAX);
            let month = Period::of_month(*year, u8::try_from(*month).unwrap_or(0)).map_or(String::new(), |p| p.label());
            let message = format!("{month}凭证“{word}”缺 {count} 个号:{}{more}。请确认没有漏导凭证。", gaps.join("、"));
            findings.warnings.push(table.finding(row, "number", message));
        }
    }
}
