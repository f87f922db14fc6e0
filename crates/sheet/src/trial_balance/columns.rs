//! The columns of a trial balance: what accounting programs call them, and how they pair up.

use youju_codes::Measure;

use super::Place;
use crate::caption::money_in_name;
use crate::error::CellError;
use crate::header::{Column, Header};

/// Zero-based columns of what is read.
pub(super) struct Layout {
    pub code: usize,
    pub name: usize,
    pub level: Option<usize>,
    pub opening: Balance,
    pub period: Option<(usize, usize)>,
    pub ytd: Option<(usize, usize)>,
    pub closing: Balance,
}

/// How a balance is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Balance {
    Absent,
    /// Debit and credit in columns of their own.
    Pair(usize, usize),
    /// One amount, with 借, 贷 or 平 in another column.
    Directed {
        amount: usize,
        direction: usize,
    },
}

impl Layout {
    /// The columns that hold amounts.
    pub fn amounts(&self) -> Vec<usize> {
        let of_balance = |balance: Balance| match balance {
            Balance::Absent => Vec::new(),
            Balance::Pair(debit, credit) => vec![debit, credit],
            Balance::Directed { amount, .. } => vec![amount],
        };
        let of_flow = |flow: Option<(usize, usize)>| flow.into_iter().flat_map(|(debit, credit)| [debit, credit]);
        let flows = of_flow(self.period).chain(of_flow(self.ytd));
        of_balance(self.opening).into_iter().chain(flows).chain(of_balance(self.closing)).collect()
    }
}

/// Every column that is recognised. Names seen in exports of 用友 U8, T3, T+ and 金蝶 K3, KIS, 精斗云, and in import templates.
pub(super) fn wanted() -> Vec<Column> {
    let opening = ["期初", "期初余额", "月初余额", "上期余额"];
    let closing = ["期末", "期末余额", "余额", "月末余额", "本期余额", "本币余额"];
    let period = ["本期", "本期发生", "本期发生额", "本月", "本月发生", "本月发生额", "查询期间", "发生额", "本期合计"];
    let ytd = ["本年累计", "本年累计发生", "本年累计发生额", "累计", "累计发生额", "本年", "本年发生额"];
    vec![
        Column::required(
            "code",
            &["科目编码", "科目编号", "科目代码", "科目号", "会计科目编码", "会计科目代码", "编码", "account_code"],
        ),
        Column::required("name", &["科目名称", "科目", "科目全名", "会计科目", "会计科目名称", "名称", "account_name"]),
        Column::optional("level", &["级次", "科目级次", "级别"]),
        Column::optional("type", &["科目类型", "科目类别", "科目性质", "类型"]),
        Column {
            may_repeat: true,
            ..Column::optional(
                "direction",
                &["余额方向", "借贷方向", "方向", "方向借贷", "科目方向", "借或贷", "借贷", "余额借贷方向"],
            )
        },
        named("opening_direction", directions(&opening)),
        named("closing_direction", directions(&closing)),
        named("opening", amounts(&opening)),
        named("closing", amounts(&closing)),
        named("opening_debit", sides(&opening, "借", &["", "余额", "金额"])),
        named("opening_credit", sides(&opening, "贷", &["", "余额", "金额"])),
        named("period_debit", sides(&period, "借", &["", "发生", "发生额", "金额", "合计"])),
        named("period_credit", sides(&period, "贷", &["", "发生", "发生额", "金额", "合计"])),
        named("ytd_debit", sides(&ytd, "借", &["", "发生", "发生额", "金额", "累计"])),
        named("ytd_credit", sides(&ytd, "贷", &["", "发生", "发生额", "金额", "累计"])),
        named("closing_debit", sides(&closing, "借", &["", "余额", "金额"])),
        named("closing_credit", sides(&closing, "贷", &["", "余额", "金额"])),
    ]
}

fn named(key: &str, aliases: Vec<String>) -> Column {
    Column { aliases, ..Column::optional(key, &[]) }
}

/// `期初余额`, `期初金额`, `期初余额本币`.
fn amounts(stems: &[&str]) -> Vec<String> {
    stems.iter().flat_map(|stem| ["", "金额", "本币", "本位币", "余额"].map(|end| format!("{stem}{end}"))).collect()
}

/// `期初方向`, `期初余额借贷方向`. 余额方向 alone is the direction of the account, or of the nearest balance.
fn directions(stems: &[&str]) -> Vec<String> {
    let ends = ["方向", "借贷方向", "余额方向", "借贷", "借或贷"];
    stems.iter().filter(|stem| **stem != "余额").flat_map(|stem| ends.map(|end| format!("{stem}{end}"))).collect()
}

/// `期初借方`, `期初余额借方`, `期初借方余额本币`, `借方期初余额` and so on.
fn sides(stems: &[&str], side: &str, ends: &[&str]) -> Vec<String> {
    let mut aliases = Vec::new();
    for stem in stems {
        for side in [format!("{side}方"), side.to_owned()] {
            for end in ends {
                for currency in ["", "本币", "本位币"] {
                    aliases.push(format!("{stem}{side}{end}{currency}"));
                    aliases.push(format!("{side}{stem}{end}{currency}"));
                }
            }
        }
    }
    aliases
}

/// Whether anything besides codes and names was recognised.
pub(super) fn has_amounts(header: &Header) -> bool {
    let is_amount = |key: &&String| !matches!(key.as_str(), "code" | "name" | "level" | "type" | "direction");
    header.columns.keys().any(|key| is_amount(&key))
}

/// Pairs the columns; half a pair, or an amount without a direction, is refused.
pub(super) fn layout(place: &Place<'_>) -> Result<Layout, Vec<CellError>> {
    let header = place.header;
    let mut errors = Vec::new();
    let mut pair = |stem: &str, chinese: &str| -> Option<(usize, usize)> {
        match (header.column(&format!("{stem}_debit")), header.column(&format!("{stem}_credit"))) {
            (Some(debit), Some(credit)) => Some((debit, credit)),
            (None, None) => None,
            (debit, _) => {
                let missing = if debit.is_some() { "贷方" } else { "借方" };
                let message = format!("表头有“{chinese}”的一方,缺少{missing}。请导出借方和贷方两栏。");
                errors.push(place.row(header.rows.start + 1, message));
                None
            }
        }
    };
    let pairs = [pair("opening", "期初余额"), pair("closing", "期末余额")];
    let (period, ytd) = (pair("period", "本期发生额"), pair("ytd", "本年累计发生额"));
    let [opening, closing] = pairs;
    let opening = balance(place, "opening", opening, &mut errors);
    let closing = balance(place, "closing", closing, &mut errors);
    let (Some(code), Some(name)) = (header.column("code"), header.column("name")) else { return Err(errors) };
    if errors.is_empty() {
        Ok(Layout { code, name, level: header.column("level"), opening, period, ytd, closing })
    } else {
        Err(errors)
    }
}

fn balance(place: &Place<'_>, stem: &str, pair: Option<(usize, usize)>, errors: &mut Vec<CellError>) -> Balance {
    let header = place.header;
    match (pair, header.column(stem)) {
        (Some((debit, credit)), _) => Balance::Pair(debit, credit),
        (None, None) => Balance::Absent,
        (None, Some(amount)) => {
            let shared = header.columns.get("direction").into_iter().flatten().copied();
            let nearest = shared.min_by_key(|column| column.abs_diff(amount));
            if let Some(direction) = header.column(&format!("{stem}_direction")).or(nearest) {
                return Balance::Directed { amount, direction };
            }
            let name = header.name(amount);
            let message = format!("“{name}”没有注明方向。请导出借方、贷方两栏,或者加上“方向”一栏。");
            errors.push(place.row(header.rows.start + 1, message));
            Balance::Absent
        }
    }
}

/// The unit of the amounts, when it stands in the names of the columns: `期末余额(万元)`.
pub(super) fn measure(place: &Place<'_>, layout: &Layout) -> Option<Measure> {
    layout.amounts().into_iter().find_map(|column| money_in_name(&place.header.name(column)))
}
