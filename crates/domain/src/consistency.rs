//! Consistency 核对: the same figure from two places. Source records against the ledger 表实, vouchers
//! against the ledger 账证, the ledger against itself 账账, the ledger against the report 账表. Nothing is changed here; what differs is shown side by side with its difference.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::id::{BookId, ReportId};
use crate::ledger::{Amounts, Line};
use crate::record::Posting;
use crate::report::CellId;

/// Which two places are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Between {
    /// 表实: source records and the ledger that is kept from them.
    RecordsAndLedger,
    /// 账证: vouchers and ledger.
    VouchersAndLedger,
    /// 账账: the ledger within itself and with the period before.
    LedgerAndLedger,
    /// 账表: ledger and report.
    LedgerAndReport,
}

impl Between {
    /// All, in the order of the page.
    pub const ALL: [Between; 4] =
        [Between::RecordsAndLedger, Between::VouchersAndLedger, Between::LedgerAndLedger, Between::LedgerAndReport];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Between::RecordsAndLedger => "表实核对",
            Between::VouchersAndLedger => "账证核对",
            Between::LedgerAndLedger => "账账核对",
            Between::LedgerAndReport => "账表核对",
        }
    }

    /// What stands on either side.
    pub fn sides(self) -> (&'static str, &'static str) {
        match self {
            Between::RecordsAndLedger => ("原始记录", "台账"),
            Between::VouchersAndLedger => ("凭证合计", "科目余额表"),
            Between::LedgerAndLedger => ("一方", "另一方"),
            Between::LedgerAndReport => ("台账", "报表"),
        }
    }
}

/// How a comparison ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// 不一致.
    Differs,
    /// 缺一方: a side is not there.
    OneSided,
    /// 一致.
    Same,
}

impl Agreement {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Agreement::Differs => "不一致",
            Agreement::OneSided => "缺一方",
            Agreement::Same => "一致",
        }
    }
}

/// Where a compared figure can be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A row of the trial balance.
    Line(u32),
    /// A ledger of a discipline.
    Book(BookId),
    /// A cell of a report.
    Cell(ReportId, CellId),
    /// Several rows together.
    Total,
}

/// Comparison 核对项: one figure from two places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Which places.
    pub between: Between,
    /// What the figure is.
    pub label: String,
    /// The first place.
    pub left: Option<Decimal>,
    /// The second place.
    pub right: Option<Decimal>,
    /// Where it can be looked at.
    pub place: Place,
}

impl Comparison {
    /// Whether both sides say the same.
    pub fn agreement(&self) -> Agreement {
        match (self.left, self.right) {
            (Some(left), Some(right)) if left == right => Agreement::Same,
            (Some(_), Some(_)) => Agreement::Differs,
            _ => Agreement::OneSided,
        }
    }

    /// First less second, where both are there.
    pub fn difference(&self) -> Option<Decimal> {
        Some(self.left? - self.right?)
    }
}

/// 账证: what the vouchers of the period post to each account, and what the ledger says was posted. Every account of the
/// first level is compared; of those below only what differs, because it tells where to look.
pub fn with_vouchers(lines: &[Line], postings: &[Posting]) -> Vec<Comparison> {
    let mut posted: BTreeMap<&str, (Decimal, Decimal)> = BTreeMap::new();
    for posting in postings {
        let sums = posted.entry(&posting.account).or_default();
        sums.0 += posting.debit;
        sums.1 += posting.credit;
    }
    let mut comparisons = Vec::new();
    for line in lines {
        let below = posted.range(line.account.as_str()..).take_while(|(account, _)| account.starts_with(&line.account));
        let found: Vec<&(Decimal, Decimal)> = below.map(|(_, sums)| sums).collect();
        let side = |pick: fn(&(Decimal, Decimal)) -> Decimal| found.iter().map(|sums| pick(sums)).sum::<Decimal>();
        let pairs = [
            ("本期借方", side(|sums| sums.0), line.amounts.period_debit),
            ("本期贷方", side(|sums| sums.1), line.amounts.period_credit),
        ];
        let is_top = is_top(lines, line);
        for (word, vouchers, ledger) in pairs {
            let comparison = Comparison {
                between: Between::VouchersAndLedger,
                label: format!("{} {} {word}", line.code, line.name),
                // No voucher and no turnover agree; the ledger may leave an account without turnover blank.
                left: Some(vouchers),
                right: ledger.or(vouchers.is_zero().then_some(Decimal::ZERO)),
                place: Place::Line(line.row),
            };
            let is_idle = vouchers.is_zero() && comparison.right == Some(Decimal::ZERO);
            if !is_idle && (is_top || comparison.agreement() != Agreement::Same) {
                comparisons.push(comparison);
            }
        }
    }
    for (account, (debit, credit)) in posted {
        if lines.iter().any(|line| account.starts_with(&line.account)) {
            continue;
        }
        for (word, value) in [("本期借方", debit), ("本期贷方", credit)].into_iter().filter(|(_, v)| !v.is_zero())
        {
            let label = format!("{account} {word}(科目余额表中没有这个科目)");
            let between = Between::VouchersAndLedger;
            comparisons.push(Comparison { between, label, left: Some(value), right: None, place: Place::Total });
        }
    }
    comparisons
}

fn is_top(lines: &[Line], line: &Line) -> bool {
    !lines.iter().any(|other| other.account.len() < line.account.len() && line.account.starts_with(&other.account))
}

/// One side of an account: name and how to read it.
type Side = (&'static str, fn(&Amounts) -> Option<Decimal>);

/// 账账: debit is credit in every pair of columns; the opening balances are the closing ones of the ledger before.
pub fn within_ledger(lines: &[Line], before: Option<&[Line]>) -> Vec<Comparison> {
    let pairs: [(&str, Side, Side); 4] = [
        ("期初余额", ("借方", |a| a.opening_debit), ("贷方", |a| a.opening_credit)),
        ("本期发生额", ("借方", |a| a.period_debit), ("贷方", |a| a.period_credit)),
        ("本年累计发生额", ("借方", |a| a.ytd_debit), ("贷方", |a| a.ytd_credit)),
        ("期末余额", ("借方", |a| a.closing_debit), ("贷方", |a| a.closing_credit)),
    ];
    let mut comparisons = Vec::new();
    for (word, (_, debit), (_, credit)) in pairs {
        let sum = |pick: fn(&Amounts) -> Option<Decimal>| {
            lines.iter().filter(|line| line.is_leaf).filter_map(|line| pick(&line.amounts)).reduce(|a, b| a + b)
        };
        let (left, right) = (sum(debit), sum(credit));
        if left.is_some() || right.is_some() {
            let label = format!("{word}:借方合计与贷方合计");
            let between = Between::LedgerAndLedger;
            comparisons.push(Comparison { between, label, left, right, place: Place::Total });
        }
    }
    comparisons.extend(before.map(|before| continued(before, lines)).unwrap_or_default());
    comparisons
}

/// The closing balance of one period is the opening balance of the next, for every account of the first level.
fn continued(before: &[Line], lines: &[Line]) -> Vec<Comparison> {
    let balance = |debit: Option<Decimal>, credit: Option<Decimal>| match (debit, credit) {
        (None, None) => None,
        (debit, credit) => Some(debit.unwrap_or_default() - credit.unwrap_or_default()),
    };
    let mut comparisons = Vec::new();
    for line in lines.iter().filter(|line| is_top(lines, line)) {
        let opening = balance(line.amounts.opening_debit, line.amounts.opening_credit);
        let earlier = before.iter().find(|other| other.account == line.account);
        let closing = earlier
            .map_or(Some(Decimal::ZERO), |line| balance(line.amounts.closing_debit, line.amounts.closing_credit));
        let turnover = balance(line.amounts.period_debit, line.amounts.period_credit);
        let end = balance(line.amounts.closing_debit, line.amounts.closing_credit);
        // Some programs print the balances at the beginning of the year, which continue another period.
        let is_years = matches!((opening, turnover, end), (Some(o), Some(t), Some(e)) if o + t != e);
        let is_idle = opening == Some(Decimal::ZERO) && closing == Some(Decimal::ZERO);
        if opening.is_none() || is_years || is_idle {
            continue;
        }
        comparisons.push(Comparison {
            between: Between::LedgerAndLedger,
            label: format!("{} {}:上期期末余额与本期期初余额", line.code, line.name),
            left: closing,
            right: opening,
            place: Place::Line(line.row),
        });
    }
    comparisons
}

/// 账表: what the ledger gives for a cell now, and what the report says.
pub fn with_report(
    report: ReportId,
    cell: CellId,
    label: String,
    ledger: Decimal,
    reported: Option<Decimal>,
) -> Comparison {
    let between = Between::LedgerAndReport;
    Comparison { between, label, left: Some(ledger), right: reported, place: Place::Cell(report, cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(row: u32, code: &str, amounts: Amounts) -> Line {
        let account = code.replace('.', "");
        Line { row, code: code.into(), account, name: "某科目".into(), is_leaf: code.len() > 4, amounts }
    }

    fn posted(debit: i64, credit: i64) -> Amounts {
        let some = |n: i64| Some(Decimal::from(n));
        Amounts { period_debit: some(debit), period_credit: some(credit), ..Amounts::default() }
    }

    fn posting(account: &str, debit: i64, credit: i64) -> Posting {
        Posting { account: account.into(), debit: debit.into(), credit: credit.into() }
    }

    fn told(comparisons: &[Comparison]) -> Vec<(&str, Agreement, Option<i64>)> {
        let difference = |c: &Comparison| c.difference().map(|d| i64::try_from(d).unwrap());
        comparisons.iter().map(|c| (c.label.as_str(), c.agreement(), difference(c))).collect()
    }

    #[test]
    fn vouchers_are_summed_to_the_accounts_above_them_and_a_difference_names_the_account_below() {
        let lines = [
            line(5, "1002", posted(70, 10)),
            line(6, "1002.01", posted(50, 10)),
            line(7, "1002.02", posted(20, 0)),
            line(8, "6001", posted(0, 60)),
            line(9, "1405", posted(0, 0)),
        ];
        let postings =
            [posting("100201", 50, 10), posting("100202", 15, 0), posting("6001", 0, 60), posting("9999", 3, 0)];
        assert_eq!(
            told(&with_vouchers(&lines, &postings)),
            [
                ("1002 某科目 本期借方", Agreement::Differs, Some(-5)),
                ("1002 某科目 本期贷方", Agreement::Same, Some(0)),
                ("1002.02 某科目 本期借方", Agreement::Differs, Some(-5)),
                ("6001 某科目 本期贷方", Agreement::Same, Some(0)),
                ("9999 本期借方(科目余额表中没有这个科目)", Agreement::OneSided, None),
            ]
        );
    }

    #[test]
    fn opening_balances_are_the_closing_ones_of_the_ledger_before() {
        let closing = |n: i64| Amounts { closing_debit: Some(n.into()), ..Amounts::default() };
        let opening = |n: i64| Amounts { opening_debit: Some(n.into()), ..Amounts::default() };
        let before = [line(3, "1002", closing(100)), line(4, "1405", closing(7))];
        let now = [line(3, "1002", opening(100)), line(4, "1405", opening(9)), line(5, "1601", opening(0))];
        let found = within_ledger(&now, Some(&before));
        assert_eq!(
            told(&found),
            [
                ("1002 某科目:上期期末余额与本期期初余额", Agreement::Same, Some(0)),
                ("1405 某科目:上期期末余额与本期期初余额", Agreement::Differs, Some(-2)),
            ]
        );
    }
}
