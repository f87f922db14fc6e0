//! Ledger 统计台账: what a unit's books say about a period, and where each line stood.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use youju_codes::Period;

use crate::Instant;
use crate::id::{ImportId, PersonId, UnitId};

/// Amounts of one account 科目 in 元. None where the file has no such column or cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    /// 期初借方.
    pub opening_debit: Option<Decimal>,
    /// 期初贷方.
    pub opening_credit: Option<Decimal>,
    /// 本期借方.
    pub period_debit: Option<Decimal>,
    /// 本期贷方.
    pub period_credit: Option<Decimal>,
    /// 本年累计借方.
    pub ytd_debit: Option<Decimal>,
    /// 本年累计贷方.
    pub ytd_credit: Option<Decimal>,
    /// 期末借方.
    pub closing_debit: Option<Decimal>,
    /// 期末贷方.
    pub closing_credit: Option<Decimal>,
}

impl Amounts {
    /// Every amount that is there, with its name in derivations and its Chinese name.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &'static str, Decimal)> + '_ {
        [
            ("opening_debit", "期初借方", self.opening_debit),
            ("opening_credit", "期初贷方", self.opening_credit),
            ("period_debit", "本期借方", self.period_debit),
            ("period_credit", "本期贷方", self.period_credit),
            ("ytd_debit", "本年累计借方", self.ytd_debit),
            ("ytd_credit", "本年累计贷方", self.ytd_credit),
            ("closing_debit", "期末借方", self.closing_debit),
            ("closing_credit", "期末贷方", self.closing_credit),
        ]
        .into_iter()
        .filter_map(|(name, label, amount)| amount.map(|amount| (name, label, amount)))
    }
}

/// Ledger entry 台账分录 — one line of a trial balance 科目余额表.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// 1-based row of the sheet that it was imported from.
    pub row: u32,
    /// Account code as printed.
    pub code: String,
    /// Account code, digits only.
    pub account: String,
    /// Account name.
    pub name: String,
    /// True when no other line is below it.
    pub is_leaf: bool,
    /// The amounts.
    pub amounts: Amounts,
}

/// Import 导入批次 — one trial balance of one unit and period, with the file that it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// Whose books.
    pub unit: UnitId,
    /// Of which period.
    pub period: Period,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file, hexadecimal.
    pub file_hash: String,
    /// Who imported it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// The lines.
    pub lines: Vec<Line>,
    /// What looked odd but did not refuse the file.
    pub warnings: Vec<String>,
    /// Rows that were not taken because they are no accounts, each with its reason: totals, notes.
    pub skipped: Vec<String>,
}

/// A figure that a derivation may name, in the unit of measure in which the derivation counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// The figure.
    pub value: Decimal,
    /// What it is, e.g. `6001 主营业务收入 本年累计贷方`.
    pub label: String,
    /// 1-based row of the imported sheet; none for a figure of a ledger that is kept here.
    pub row: Option<u32>,
}

/// The figures of an import by the names that derivations use: `ytd_credit_6001`.
pub fn balances(lines: &[Line]) -> BTreeMap<String, Balance> {
    let mut balances = BTreeMap::new();
    for line in lines {
        for (kind, kind_label, value) in line.amounts.named() {
            let label = format!("{} {} {kind_label}", line.code, line.name);
            balances.insert(format!("{kind}_{}", line.account), Balance { value, label, row: Some(line.row) });
        }
    }
    balances
}
