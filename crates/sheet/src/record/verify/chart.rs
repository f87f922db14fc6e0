//! Charts of accounts: every account once, and below one that is there.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Findings, Table};
use crate::account_code;
use crate::record::value::Value;

/// Codes that one sentence shows.
const SHOWN_MAX: usize = 5;

pub(super) fn verify(table: &Table<'_>, findings: &mut Findings) {
    let mut first_rows = BTreeMap::<&str, usize>::new();
    let mut again = BTreeMap::<&str, Vec<usize>>::new();
    for record in table.rows {
        let Some(Value::Account { account, printed }) = table.value(record, "account") else { continue };
        match first_rows.get(account.as_str()) {
            Some(_) => again.entry(printed).or_default().push(record.row),
            None => {
                first_rows.insert(account, record.row);
            }
        }
    }
    // Auxiliary accounts of customers and departments repeat the code of their account.
    if let Some(row) = again.values().flatten().min() {
        let codes: Vec<&str> = again.keys().copied().take(SHOWN_MAX).collect();
        let more = if again.len() > SHOWN_MAX { "等" } else { "" };
        let message = format!(
            "有 {} 个科目编码重复出现:{}{more}。辅助核算明细可以这样;编码写错的,请改正。",
            again.len(),
            codes.join("、")
        );
        findings.warnings.push(table.finding(*row, "account", message));
    }
    for record in table.rows {
        let Some(Value::Account { account, printed }) = table.value(record, "account") else { continue };
        let segments = account_code::parse(printed).map_or(1, |code| code.segments.len());
        if segments > 1 {
            let code = account_code::parse(printed);
            let parent = code.and_then(|code| code.segments.split_last().map(|(_, above)| above.concat()));
            if let Some(parent) = parent.filter(|parent| !first_rows.contains_key(parent.as_str())) {
                let message = format!("“{printed}”的上级科目“{parent}”不在表中。请导出全部级次。");
                findings.warnings.push(table.finding(record.row, "account", message));
            }
            let level = table.number(record, "level").and_then(|level: Decimal| level.to_usize());
            if let Some(level) = level.filter(|level| *level != segments) {
                let message = format!("为 {level},但“{account}”是 {segments} 级科目。请核对。");
                findings.warnings.push(table.finding(record.row, "level", message));
            }
        }
    }
}
