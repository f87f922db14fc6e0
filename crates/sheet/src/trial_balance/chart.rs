//! Which chart of accounts 会计科目表 a table of accounts follows. Two are in use, and they give the same codes to different
//! accounts: 5001 is 生产成本 for one and 主营业务收入 for the other, 4001 is 实收资本 or 生产成本. The names tell.

use crate::error::CellError;

/// Chart of accounts 会计科目表, by the standard that prescribes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountChart {
    /// 企业会计准则 (2006).
    Enterprise,
    /// 小企业会计准则 (2013).
    SmallEnterprise,
}

impl AccountChart {
    /// The Chinese name of the standard.
    pub fn label(self) -> &'static str {
        match self {
            AccountChart::Enterprise => "企业会计准则",
            AccountChart::SmallEnterprise => "小企业会计准则",
        }
    }
}

/// First-level accounts that tell the charts apart: code, and a word of the name in the one chart or in the other. Accounts
/// that both charts call alike tell nothing.
const TELLING: [(&str, &[&str], &[&str]); 24] = [
    ("4001", &["实收资本", "股本"], &["生产成本"]),
    ("4002", &["资本公积"], &[]),
    ("4101", &["盈余公积"], &["制造费用"]),
    ("4103", &["本年利润"], &[]),
    ("4104", &["利润分配"], &[]),
    ("5001", &["生产成本"], &["主营业务收入"]),
    ("5101", &["制造费用"], &[]),
    ("5301", &["研发支出"], &["营业外收入"]),
    ("3001", &[], &["实收资本"]),
    ("3002", &[], &["资本公积"]),
    ("3101", &[], &["盈余公积"]),
    ("3103", &[], &["本年利润"]),
    ("3104", &[], &["利润分配"]),
    ("4301", &[], &["研发支出"]),
    ("5051", &[], &["其他业务收入"]),
    ("5401", &["工程施工"], &["主营业务成本"]),
    ("5601", &[], &["销售费用", "营业费用"]),
    ("5602", &[], &["管理费用"]),
    ("5603", &[], &["财务费用"]),
    ("6001", &["主营业务收入"], &[]),
    ("6401", &["主营业务成本"], &[]),
    ("6601", &["销售费用", "营业费用"], &[]),
    ("6602", &["管理费用"], &[]),
    ("6603", &["财务费用"], &[]),
];

/// Tells which chart some accounts follow: pairs of code and name. Nothing when no telling account is among them, or when
/// the accounts contradict each other.
///
/// ```
/// use youju_sheet::trial_balance::{AccountChart, account_chart};
/// let small = account_chart([("5001", "主营业务收入"), ("5602", "管理费用")]);
/// assert_eq!(small, Some(AccountChart::SmallEnterprise));
/// ```
pub fn account_chart<'a>(accounts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<AccountChart> {
    let (mut enterprise, mut small) = (0_usize, 0_usize);
    for (code, name) in accounts {
        let name = youju_codes::normalise(name);
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if let Some((_, of_enterprise, of_small)) = TELLING.iter().find(|(known, ..)| *known == code) {
            enterprise += usize::from(has(of_enterprise));
            small += usize::from(has(of_small));
        }
    }
    match (enterprise, small) {
        (1.., 0) => Some(AccountChart::Enterprise),
        (0, 1..) => Some(AccountChart::SmallEnterprise),
        _ => None,
    }
}

/// A warning when the accounts follow another chart than the one that the unit has declared.
pub fn verify_account_chart<'a>(
    accounts: impl IntoIterator<Item = (&'a str, &'a str)>,
    declared: AccountChart,
) -> Option<CellError> {
    let found = account_chart(accounts).filter(|found| *found != declared)?;
    let message = format!(
        "科目名称看来执行{},但单位登记的是{}。两者的 4001、5001 等编码含义不同,取数会出错。请核对单位执行的会计准则。",
        found.label(),
        declared.label()
    );
    Some(CellError { sheet: String::new(), row: None, column: None, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTERPRISE: [(&str, &str); 4] =
        [("1002", "银行存款"), ("4001", "实收资本(或股本)"), ("5001", "生产成本"), ("6602", "管理费用")];
    const SMALL: [(&str, &str); 4] =
        [("1002", "银行存款"), ("4001", "生产成本"), ("5001", "主营业务收入"), ("3001", "实收资本")];

    #[test]
    fn the_names_of_accounts_tell_the_chart_where_codes_collide() {
        assert_eq!(account_chart(ENTERPRISE), Some(AccountChart::Enterprise));
        assert_eq!(account_chart(SMALL), Some(AccountChart::SmallEnterprise));
        assert_eq!(account_chart([("1002", "银行存款"), ("2202", "应付账款")]), None, "both charts have these");
        assert_eq!(account_chart(ENTERPRISE.into_iter().chain(SMALL)), None, "contradictions are not decided");
        assert_eq!(account_chart([("5001", "自编科目")]), None);
    }

    #[test]
    fn a_declared_standard_that_disagrees_is_told_and_one_that_agrees_is_not() {
        assert_eq!(verify_account_chart(SMALL, AccountChart::SmallEnterprise), None);
        let warning = verify_account_chart(SMALL, AccountChart::Enterprise).unwrap();
        assert_eq!(
            warning.to_string(),
            "科目名称看来执行小企业会计准则,但单位登记的是企业会计准则。两者的 4001、5001 等编码含义不同,取数会出错。请核对单位执行的会计准则。"
        );
        assert_eq!(verify_account_chart([("1002", "银行存款")], AccountChart::Enterprise), None);
    }
}
