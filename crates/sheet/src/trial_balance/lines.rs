//! The rows under the header: accounts, totals, and what is neither.

use rust_decimal::Decimal;

use super::columns::{Balance, Layout};
use super::{Line, Place, Skipped};
use crate::account_code::{self, Reading};
use crate::error::CellError;
use crate::table::{Cell, Sheet};

/// Everything under the header.
pub(super) struct Body {
    pub rows: Vec<Line>,
    /// The last row that says 合计.
    pub total: Option<Line>,
    pub skipped: Vec<Skipped>,
    pub errors: Vec<CellError>,
}

const TOTALS: [&str; 5] = ["合计", "总计", "共计", "合计数", "总合计"];
const SUBTOTALS: [&str; 7] = ["小计", "合计", "总计", "过次页", "承前页", "累计", "本页"];
/// Amounts in Excel that a formula gave carry binary dust (0.1 as 0.0999999999767169); nobody keeps accounts beyond this
/// decimal place. Amounts that are text are taken as they stand.
const AMOUNT_PLACES: u32 = 8;
/// No account of an enterprise reaches this; sums of a million such amounts still fit into an exact number.
const AMOUNT_MAX: u64 = 10_000_000_000_000_000_000;
/// Characters of a skipped row that are kept.
const TEXT_CHARS: usize = 60;

pub(super) fn read(sheet: &Sheet, place: &Place<'_>, layout: &Layout) -> Body {
    let mut body = Body { rows: Vec::new(), total: None, skipped: Vec::new(), errors: Vec::new() };
    let header: Vec<Vec<String>> = place.header.rows.clone().map(|row| texts(sheet, row)).collect();
    let mut totals = Vec::new();
    for row in place.header.rows.end..sheet.rows.len() {
        let texts = texts(sheet, row);
        if texts.is_empty() {
            continue;
        }
        let mut skip = |reason| body.skipped.push(Skipped { row: row + 1, text: shorten(&texts), reason });
        let name = sheet.cell(row, layout.name).text().trim().to_owned();
        let has_amount = layout.amounts().iter().any(|at| matches!(sheet.cell(row, *at).number(), Ok(Some(_))));
        if header.contains(&texts) {
            skip("重复的表头");
            continue;
        }
        match account_code::read(sheet.cell(row, layout.code)) {
            Reading::Lost(reason) => body.errors.push(place.cell(row, layout.code, reason)),
            Reading::Code(code) if !name.is_empty() || has_amount => match read_amounts(sheet, place, layout, row) {
                Ok(line) => body.rows.push(Line { code: code.printed.clone(), account: code.account(), name, ..line }),
                Err(errors) => body.errors.extend(errors),
            },
            Reading::Code(_) => skip("没有科目名称和金额"),
            Reading::Words(words) => match kind(&words, &name) {
                Kind::Total => {
                    skip("合计行,已核对");
                    totals.push(row);
                }
                Kind::Subtotal => skip("小计行,未核对"),
                Kind::Other if !has_amount => skip("说明文字"),
                Kind::Other if words.is_empty() => {
                    let message = format!("“{name}”有金额,但没有科目编码。请补上科目编码;辅助核算明细请不要导出。");
                    body.errors.push(place.row(row + 1, message));
                }
                Kind::Other => {
                    let message = format!("应为科目编码,现为“{words}”。请改为数字编码,例如 1002 或 1002.01。");
                    body.errors.push(place.cell(row, layout.code, message));
                }
            },
        }
    }
    if let Some(row) = totals.pop() {
        match read_amounts(sheet, place, layout, row) {
            Ok(line) => body.total = Some(line),
            Err(errors) => body.errors.extend(errors),
        }
    }
    for skipped in body.skipped.iter_mut().filter(|skipped| totals.contains(&(skipped.row - 1))) {
        skipped.reason = "非最后一处合计,未核对";
    }
    body
}

enum Kind {
    Total,
    Subtotal,
    Other,
}

/// Whether a row without a code is a total.
fn kind(words: &str, name: &str) -> Kind {
    let label = youju_codes::normalise(if words.is_empty() { name } else { words });
    let label = label.trim_end_matches(':');
    if TOTALS.contains(&label) {
        Kind::Total
    } else if SUBTOTALS.iter().any(|word| label.contains(word)) {
        Kind::Subtotal
    } else {
        Kind::Other
    }
}

fn texts(sheet: &Sheet, row: usize) -> Vec<String> {
    let cells = sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default();
    cells.iter().filter(|cell| !cell.is_empty()).map(|cell| cell.text().into_owned()).collect()
}

fn shorten(texts: &[String]) -> String {
    let text = texts.join(" ");
    if text.chars().count() <= TEXT_CHARS { text } else { text.chars().take(TEXT_CHARS).chain(['…']).collect() }
}

/// A debit and a credit side.
type Sides = (Option<Decimal>, Option<Decimal>);

/// The amounts of a row; every wrong cell is reported.
fn read_amounts(sheet: &Sheet, place: &Place<'_>, layout: &Layout, row: usize) -> Result<Line, Vec<CellError>> {
    let mut errors = Vec::new();
    let mut number = |column: usize| {
        amount(sheet.cell(row, column)).unwrap_or_else(|message| {
            errors.push(place.cell(row, column, message));
            None
        })
    };
    let mut flow = |columns: Option<(usize, usize)>| -> Sides {
        columns.map_or((None, None), |(debit, credit)| (number(debit), number(credit)))
    };
    let (period, ytd) = (flow(layout.period), flow(layout.ytd));
    let mut balance = |balance: Balance| -> Sides {
        match balance {
            Balance::Absent => (None, None),
            Balance::Pair(debit, credit) => flow(Some((debit, credit))),
            Balance::Directed { amount, .. } => (flow(Some((amount, amount))).0, None),
        }
    };
    let (opening, closing) = (balance(layout.opening), balance(layout.closing));
    // A wrong amount is not reported twice, once for each side.
    errors.dedup();
    let mut direct = |balance: Balance, sides: Sides| -> Sides {
        let Balance::Directed { direction, .. } = balance else { return sides };
        split(sides.0, sheet.cell(row, direction)).unwrap_or_else(|message| {
            errors.push(place.cell(row, direction, message));
            (None, None)
        })
    };
    let (opening, closing) = (direct(layout.opening, opening), direct(layout.closing, closing));
    if !errors.is_empty() {
        return Err(errors);
    }
    let level = layout.level.and_then(|column| sheet.cell(row, column).text().trim().parse().ok()).unwrap_or(0);
    Ok(Line {
        row: row + 1,
        code: String::new(),
        account: String::new(),
        name: String::new(),
        level,
        is_leaf: true,
        opening_debit: opening.0,
        opening_credit: opening.1,
        period_debit: period.0,
        period_credit: period.1,
        ytd_debit: ytd.0,
        ytd_credit: ytd.1,
        closing_debit: closing.0,
        closing_credit: closing.1,
    })
}

fn amount(cell: &Cell) -> Result<Option<Decimal>, String> {
    let number = match cell {
        Cell::Number(number) => Some(number.round_dp(AMOUNT_PLACES)),
        _ => cell.number()?,
    };
    match number {
        Some(number) if number.abs() > Decimal::from(AMOUNT_MAX) => {
            Err(format!("的金额 {} 过大。请核对金额和单位。", youju_codes::format_number(&number)))
        }
        number => Ok(number),
    }
}

/// Puts an amount on the side that its direction names. 平 says that both sides are zero.
fn split(amount: Option<Decimal>, direction: &Cell) -> Result<Sides, String> {
    let text = direction.text();
    match (text.trim(), amount) {
        ("借" | "借方" | "D" | "Dr" | "DR", _) => Ok((amount, None)),
        ("贷" | "贷方" | "C" | "Cr" | "CR", _) => Ok((None, amount)),
        ("平", None) => Ok((Some(Decimal::ZERO), Some(Decimal::ZERO))),
        ("平" | "", Some(zero)) if zero.is_zero() => Ok((Some(zero), Some(zero))),
        ("", None) => Ok((None, None)),
        ("平", Some(amount)) => {
            Err(format!("为“平”,但金额是 {}。请改为“借”或“贷”。", youju_codes::format_number(&amount)))
        }
        ("", Some(_)) => Err("没有填写。有金额时请填“借”或“贷”。".to_owned()),
        (other, _) => Err(format!("应为“借”“贷”或“平”,现为“{other}”。请改正。")),
    }
}
