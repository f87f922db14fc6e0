//! Lists of sales, stock and energy: what a line says of itself must agree.

use rust_decimal::Decimal;
use youju_codes::format_number;

use super::{Findings, Table};
use crate::error::CellError;
use crate::record::kind::RecordKind;
use crate::record::records::Record;

/// What must hold on every line where all of it is printed: the terms, with their signs, are the last field.
struct Law {
    terms: &'static [(&'static str, Sign)],
    result: &'static str,
    /// In words.
    says: &'static str,
    /// How many units of the last place each term may be off, beside the rounding of the whole file.
    slack: Slack,
    is_strict: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
    /// Missing is as good as zero.
    PlusIfAny,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Slack {
    None,
    /// Each of an invoice's amounts is rounded to the 分 on its own.
    Cent,
}

const LAWS: [(RecordKind, Law); 6] = [
    (
        RecordKind::StockList,
        Law {
            terms: &[("opening", Sign::Plus), ("incoming", Sign::PlusIfAny), ("outgoing", Sign::Minus)],
            result: "closing",
            says: "期初＋入库－出库",
            slack: Slack::None,
            is_strict: true,
        },
    ),
    (
        RecordKind::StockList,
        Law {
            terms: &[
                ("opening_amount", Sign::Plus),
                ("incoming_amount", Sign::PlusIfAny),
                ("outgoing_amount", Sign::Minus),
            ],
            result: "closing_amount",
            says: "期初＋入库－出库",
            slack: Slack::None,
            is_strict: true,
        },
    ),
    (
        RecordKind::SalesList,
        Law {
            terms: &[("amount", Sign::Plus), ("tax", Sign::Plus)],
            result: "gross_amount",
            says: "金额＋税额",
            slack: Slack::Cent,
            is_strict: true,
        },
    ),
    (
        RecordKind::EnergySlips,
        Law {
            terms: &[("consumed_production", Sign::Plus), ("consumed_other", Sign::PlusIfAny)],
            result: "consumed",
            says: "生产用＋非生产用",
            slack: Slack::None,
            is_strict: true,
        },
    ),
    // Losses and transfers between stores stand nowhere in these lists.
    (
        RecordKind::EnergySlips,
        Law {
            terms: &[("opening", Sign::Plus), ("purchased", Sign::PlusIfAny), ("consumed", Sign::Minus)],
            result: "closing",
            says: "期初库存＋购进－消费",
            slack: Slack::None,
            is_strict: false,
        },
    ),
    (
        RecordKind::EnergySlips,
        Law {
            terms: &[("purchased_other_province", Sign::Plus)],
            result: "purchased",
            says: "其中省外购进",
            slack: Slack::None,
            is_strict: false,
        },
    ),
];

pub(super) fn verify(table: &Table<'_>, findings: &mut Findings) {
    for (_, law) in LAWS.iter().filter(|(kind, law)| *kind == table.kind && law.is_printed(table)) {
        for record in table.rows {
            verify_law(table, law, record, findings);
        }
    }
    let product = match table.kind {
        RecordKind::SalesList => Some(("amount", "gross_amount")),
        RecordKind::EnergySlips => Some(("purchased_amount", "purchased_amount")),
        _ => None,
    };
    if let Some(amounts) = product {
        verify_prices(table, amounts, findings);
    }
}

impl Law {
    /// Whether the columns are there. A part of a whole is compared as "no more than".
    fn is_printed(&self, table: &Table<'_>) -> bool {
        let is_there = |key: &str| table.at(key).is_some();
        let needed = |(key, sign): &(&str, Sign)| *sign == Sign::PlusIfAny || is_there(key);
        is_there(self.result) && self.terms.iter().all(needed)
    }

    fn tell(&self, findings: &mut Findings, finding: CellError) {
        if self.is_strict { findings.errors.push(finding) } else { findings.warnings.push(finding) }
    }

    fn is_part(&self) -> bool {
        self.terms.len() == 1
    }
}

fn verify_law(table: &Table<'_>, law: &Law, record: &Record, findings: &mut Findings) {
    let sum: Decimal = law.terms.iter().map(|(key, sign)| signed(table.number(record, key), *sign)).sum();
    let Some(result) = table.number(record, law.result) else {
        // A blank may stand for zero, and for nothing else.
        if !sum.is_zero() && !law.is_part() {
            let message = format!("没有填写,按“{}”应为 {}。请补上。", law.says, format_number(&sum));
            law.tell(findings, table.finding(record.row, law.result, message));
        }
        return;
    };
    let slack = match law.slack {
        Slack::None => Decimal::ZERO,
        Slack::Cent => Decimal::new(1, 2),
    };
    let bound = slack + table.per_term * Decimal::from(law.terms.len() + 1);
    let difference = result - sum;
    let is_wrong = if law.is_part() { sum - result > bound } else { difference.abs() > bound };
    if !is_wrong {
        return;
    }
    let message = if law.is_part() {
        format!("现为 {},小于{} {}。请核对这一行。", format_number(&result), law.says, format_number(&sum))
    } else {
        format!(
            "现为 {},按“{}”应为 {},相差 {}。请核对这一行。",
            format_number(&result),
            law.says,
            format_number(&sum),
            format_number(&difference.abs())
        )
    };
    law.tell(findings, table.finding(record.row, law.result, message));
}

fn signed(number: Option<Decimal>, sign: Sign) -> Decimal {
    let number = number.unwrap_or_default();
    if sign == Sign::Minus { -number } else { number }
}

/// Quantity times price is the amount, within the rounding of all three. Discounts and prices with tax are common, so that
/// it is only told.
fn verify_prices(table: &Table<'_>, (net, gross): (&'static str, &'static str), findings: &mut Findings) {
    let quantity = if table.kind == RecordKind::EnergySlips { "purchased" } else { "quantity" };
    for record in table.rows {
        let (Some(quantity), Some(price)) = (table.number(record, quantity), table.number(record, "price")) else {
            continue;
        };
        let Some(product) = quantity.checked_mul(price) else { continue };
        let bound = half_place(quantity) * price.abs() + half_place(price) * quantity.abs() + Decimal::new(5, 3);
        let agrees = |amount: Decimal| (amount - product).abs() <= bound;
        let amounts: Vec<Decimal> = [net, gross].iter().filter_map(|key| table.number(record, key)).collect();
        if let Some(amount) = amounts.first().filter(|_| !amounts.iter().any(|amount| agrees(*amount))) {
            let key = if table.at(net).is_some() { net } else { gross };
            let message = format!(
                "现为 {},数量乘单价为 {}。有折扣的可以不改,否则请核对。",
                format_number(amount),
                format_number(&product.normalize())
            );
            findings.warnings.push(table.finding(record.row, key, message));
        }
    }
}

/// Half a unit of the last printed place.
fn half_place(number: Decimal) -> Decimal {
    Decimal::new(5, (number.normalize().scale() + 1).min(8))
}
