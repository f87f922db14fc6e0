//! The kinds of source records, and what is wanted of each. The fields stand in `fields`.

use serde::{Deserialize, Serialize};

use super::fields;

/// Kind of source record 原始记录种类 — what the rows of a file are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// 凭证序时簿: entries of vouchers, debit and credit.
    VoucherJournal,
    /// 销售明细: what was sold, line by line.
    SalesList,
    /// 出入库、库存: what came into the store, went out and is left.
    StockList,
    /// 工资表: one row for each person.
    Payroll,
    /// 银行流水、日记账: money that came and went.
    BankStatement,
    /// 科目表: the accounts themselves.
    ChartOfAccounts,
    /// 能源购进消费: bills and slips of energy.
    EnergySlips,
    /// Any other table: every column under its own name.
    Generic,
}

/// What stands in a column 栏目类型, and whether it may be added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// Words, also numbers that are names: of a document, of a customer.
    Text,
    /// A day.
    Date,
    /// The code of an account, with or without separators.
    Account,
    /// 借 or 贷, 收 or 支.
    Direction,
    /// Money that may be added up.
    Amount,
    /// A quantity that may be added up.
    Quantity,
    /// A number that is never added up: price, rate, days, balance.
    Number,
}

impl ValueKind {
    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            ValueKind::Text => "文字",
            ValueKind::Date => "日期",
            ValueKind::Account => "科目编码",
            ValueKind::Direction => "方向",
            ValueKind::Amount => "金额",
            ValueKind::Quantity => "数量",
            ValueKind::Number => "不求和的数字",
        }
    }

    /// Whether a number stands here.
    pub fn is_number(self) -> bool {
        matches!(self, ValueKind::Amount | ValueKind::Quantity | ValueKind::Number)
    }

    /// Whether a total of this column means anything.
    pub fn is_additive(self) -> bool {
        matches!(self, ValueKind::Amount | ValueKind::Quantity)
    }
}

/// Wanted field 待取栏目 — something that is looked for in the files of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name in code.
    pub key: &'static str,
    /// Its Chinese names; the first is shown. For headers of several rows, the words of the rows one after the other.
    pub aliases: &'static [&'static str],
    /// What stands in it.
    pub kind: ValueKind,
    /// Whether no record can do without.
    pub is_required: bool,
}

impl Field {
    /// The Chinese name.
    pub fn name(&self) -> &'static str {
        self.aliases.first().copied().unwrap_or(self.key)
    }
}

impl RecordKind {
    /// All kinds; those that are told apart by more come first.
    pub const ALL: [RecordKind; 8] = [
        RecordKind::VoucherJournal,
        RecordKind::Payroll,
        RecordKind::BankStatement,
        RecordKind::SalesList,
        RecordKind::StockList,
        RecordKind::EnergySlips,
        RecordKind::ChartOfAccounts,
        RecordKind::Generic,
    ];

    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            RecordKind::VoucherJournal => "凭证序时簿",
            RecordKind::SalesList => "销售明细",
            RecordKind::StockList => "出入库和库存",
            RecordKind::Payroll => "工资表",
            RecordKind::BankStatement => "银行流水、日记账",
            RecordKind::ChartOfAccounts => "科目表",
            RecordKind::EnergySlips => "能源购进消费",
            RecordKind::Generic => "其他表格",
        }
    }

    /// The name in storage and in addresses.
    pub fn key(self) -> &'static str {
        match self {
            RecordKind::VoucherJournal => "voucher_journal",
            RecordKind::SalesList => "sales_list",
            RecordKind::StockList => "stock_list",
            RecordKind::Payroll => "payroll",
            RecordKind::BankStatement => "bank_statement",
            RecordKind::ChartOfAccounts => "chart_of_accounts",
            RecordKind::EnergySlips => "energy_slips",
            RecordKind::Generic => "generic",
        }
    }

    /// Reads [`RecordKind::key`].
    pub fn from_key(key: &str) -> Option<RecordKind> {
        RecordKind::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// What is looked for.
    pub fn fields(self) -> &'static [Field] {
        match self {
            RecordKind::VoucherJournal => fields::VOUCHER_JOURNAL,
            RecordKind::SalesList => fields::SALES_LIST,
            RecordKind::StockList => fields::STOCK_LIST,
            RecordKind::Payroll => fields::PAYROLL,
            RecordKind::BankStatement => fields::BANK_STATEMENT,
            RecordKind::ChartOfAccounts => fields::CHART_OF_ACCOUNTS,
            RecordKind::EnergySlips => fields::ENERGY_SLIPS,
            RecordKind::Generic => &[],
        }
    }

    /// A field by its name in code.
    pub fn field(self, key: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.key == key)
    }

    /// The ways in which the figures may be given, beside what is required; one of them must be there whole.
    pub fn ways(self) -> &'static [&'static [&'static str]] {
        match self {
            RecordKind::VoucherJournal => &[&["debit", "credit"], &["direction", "amount"]],
            RecordKind::SalesList => &[&["amount"], &["gross_amount"], &["quantity"]],
            RecordKind::StockList => &[&["closing"], &["incoming"], &["outgoing"], &["closing_amount"]],
            RecordKind::Payroll => &[&["gross_pay"], &["net_pay"]],
            RecordKind::BankStatement => &[&["debit", "credit"], &["direction", "amount"], &["amount"]],
            RecordKind::EnergySlips => &[&["purchased"], &["consumed"], &["purchased_amount"]],
            RecordKind::ChartOfAccounts | RecordKind::Generic => &[],
        }
    }

    /// Whether a row is a person. Then only sums are kept unless rows are asked for.
    pub fn is_about_persons(self) -> bool {
        self == RecordKind::Payroll
    }

    /// Whether columns that nobody looked for are kept under their own names: the items of a payroll differ everywhere.
    pub(super) fn keeps_all_columns(self) -> bool {
        matches!(self, RecordKind::Payroll | RecordKind::Generic)
    }

    /// Fields that are printed on the first row of a document only, and hold for the rows below; the first one says where
    /// a document begins.
    pub(super) fn carried(self) -> &'static [&'static str] {
        match self {
            RecordKind::VoucherJournal => &["number", "date", "period", "word"],
            _ => &[],
        }
    }
}
