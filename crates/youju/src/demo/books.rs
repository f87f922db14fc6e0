//! A trial balance that gives the published figures back, built so that it balances like a real one.
//!
//! Accounts are those of 企业会计准则, exported before the closing transfer of the month: opening, month, year to date, closing.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

/// Movements of an account in 元.
#[derive(Clone, Copy, Default)]
struct Moves {
    debit: i64,
    credit: i64,
}

/// One account of the balance: what it is, how it moved, and its closing balance in 元 (debit positive).
struct Account {
    code: &'static str,
    name: &'static str,
    month: Moves,
    year: Moves,
    closing: i64,
}

/// 损益类 accounts: code, name, cell, and on which side it grows.
const INCOME: [(&str, &str, &str); 4] = [
    ("6001", "主营业务收入", "301"),
    ("6117", "其他收益", "333"),
    ("6301", "营业外收入", "325"),
    ("6115", "资产处置损益", "332"),
];
const GAINS: [(&str, &str, &str); 2] = [("6101", "公允价值变动损益", "321"), ("6111", "投资收益", "322")];
const EXPENSES: [(&str, &str, &str); 8] = [
    ("6401", "主营业务成本", "307"),
    ("6403", "税金及附加", "309"),
    ("6601", "销售费用", "312"),
    ("6602", "管理费用", "313"),
    ("6603", "财务费用", "317"),
    ("6604", "研发费用", "331"),
    ("6711", "营业外支出", "326"),
    ("6801", "所得税费用", "328"),
];
/// Losses that the form records with a minus sign.
const LOSSES: [(&str, &str, &str); 2] = [("6701", "资产减值损失", "320"), ("6702", "信用减值损失", "334")];

/// Figures of one unit and period by row code, in 千元.
pub(crate) type Figures = BTreeMap<String, i64>;

/// The trial balance as the CSV that accounting software exports.
pub(crate) fn trial_balance(unit_name: &str, year: i32, month: u32, figures: &Figures) -> String {
    let yuan = |cell: &str| figures.get(cell).map(|thousand| thousand * 1_000);
    let mut accounts = Vec::new();
    for (code, name, cell) in INCOME.into_iter().chain(GAINS) {
        let moves = |amount| Moves { debit: 0, credit: amount };
        accounts.extend(yuan(cell).map(|amount| profit_or_loss(code, name, month, moves(amount))));
    }
    let moves = |amount| Moves { debit: amount, credit: 0 };
    for (code, name, cell) in EXPENSES {
        accounts.extend(yuan(cell).map(|amount| profit_or_loss(code, name, month, moves(amount))));
    }
    for (code, name, cell) in LOSSES {
        accounts.extend(yuan(cell).map(|amount| profit_or_loss(code, name, month, moves(-amount))));
    }
    let mut all = balance_sheet(&yuan, &accounts);
    all.append(&mut accounts);
    all.sort_by_key(|account| account.code);
    print(unit_name, year, month, &all)
}

/// An account that began the year at nothing. The month holds its even share of the year, cut to whole 元.
fn profit_or_loss(code: &'static str, name: &'static str, month: u32, year: Moves) -> Account {
    let months = i64::from(month);
    let share = Moves { debit: year.debit / months, credit: year.credit / months };
    Account { code, name, month: share, year, closing: year.debit - year.credit }
}

/// Assets, debts and owners' equity that go with the figures. Money moves through the bank; equity closes the gap, so
/// that debit equals credit to the last 元.
fn balance_sheet(yuan: &dyn Fn(&str) -> Option<i64>, profit_and_loss: &[Account]) -> Vec<Account> {
    let still = |code, name, closing| Account { code, name, month: Moves::default(), year: Moves::default(), closing };
    let paid = |moves: &dyn Fn(&Account) -> Moves| Moves {
        debit: profit_and_loss.iter().map(|account| moves(account).credit).sum(),
        credit: profit_and_loss.iter().map(|account| moves(account).debit).sum(),
    };
    let current = yuan("201").unwrap_or_default();
    let receivables = yuan("202").unwrap_or_default();
    let stock = yuan("205").unwrap_or_default();
    let all = yuan("213").unwrap_or_default();
    let debts = yuan("217").unwrap_or_default();
    let profit: i64 = profit_and_loss.iter().map(|account| -account.closing).sum();
    let bank = Account {
        code: "1002",
        name: "银行存款",
        month: paid(&|account| account.month),
        year: paid(&|account| account.year),
        closing: current - receivables - stock,
    };
    let mut sheet = vec![
        bank,
        still("1601", "固定资产", all - current),
        still("2202", "应付账款", -debts),
        still("4104", "利润分配", -(all - debts - profit)),
    ];
    if receivables != 0 {
        sheet.push(still("1122", "应收账款", receivables));
    }
    if stock != 0 {
        sheet.push(still("1405", "库存商品", stock));
    }
    sheet
}

fn print(unit_name: &str, year: i32, month: u32, accounts: &[Account]) -> String {
    let mut text = format!("科目余额表,,,,,,,,,\n编制单位:{unit_name},,,,,,,会计期间:{year}年{month}月,,单位:元\n");
    text.push_str("科目编码,科目名称,期初余额,,本期发生额,,本年累计发生额,,期末余额,\n,,借方,贷方,借方,贷方,借方,贷方,借方,贷方\n");
    let mut totals = [Decimal::ZERO; 8];
    for account in accounts {
        let amounts = account.amounts();
        for (total, amount) in totals.iter_mut().zip(amounts) {
            *total += amount;
        }
        text.push_str(&line(account.code, account.name, &amounts));
    }
    text.push_str(&line("合计", "", &totals));
    text
}

fn line(code: &str, name: &str, amounts: &[Decimal; 8]) -> String {
    let printed: Vec<String> = amounts.iter().map(|amount| format!("{amount:.2}")).collect();
    format!("{code},{name},{}\n", printed.join(","))
}

impl Account {
    /// Opening debit and credit, month, year to date, closing.
    fn amounts(&self) -> [Decimal; 8] {
        let opening = self.closing - self.month.debit + self.month.credit;
        let side = |balance: i64| (balance.max(0), (-balance).max(0));
        let ((opening_debit, opening_credit), (closing_debit, closing_credit)) = (side(opening), side(self.closing));
        let moves = [self.month.debit, self.month.credit, self.year.debit, self.year.credit];
        let [month_debit, month_credit, year_debit, year_credit] = moves;
        [
            opening_debit,
            opening_credit,
            month_debit,
            month_credit,
            year_debit,
            year_credit,
            closing_debit,
            closing_credit,
        ]
        .map(Decimal::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_books_balance_and_give_the_figures_back() {
        let figures = Figures::from([
            ("201".into(), 600),
            ("213".into(), 1_000),
            ("217".into(), 400),
            ("301".into(), 320),
            ("307".into(), 165),
            ("317".into(), -12),
            ("320".into(), -15),
            ("322".into(), -9),
        ]);
        let text = trial_balance("虚构第001号机械厂", 2021, 12, &figures);
        let table = youju_sheet::trial_balance::parse(&youju_sheet::read("a.csv", text.as_bytes()).unwrap()).unwrap();
        let line = |code: &str| table.lines.iter().find(|line| line.account == code).unwrap();
        assert_eq!(line("6001").ytd_credit, Some(Decimal::from(320_000)));
        assert_eq!(line("6701").ytd_debit, Some(Decimal::from(15_000)));
        assert_eq!(line("6111").ytd_credit, Some(Decimal::from(-9_000)));
    }
}
