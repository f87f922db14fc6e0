//! Rows between the records: totals, subtotals, balances brought forward, notes.

/// What a row says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// 合计: the sum of all that stands above, or since the last one.
    Total,
    /// 小计 and its like: the sum of some of it.
    Subtotal,
    /// Sums that reach beyond this file or page: 本年累计, 过次页.
    Running,
    /// 期初余额 and its like: no movement.
    Balance,
}

/// What a word in a row says the row is; nothing of most words.
pub(super) fn read(word: &str) -> Option<Label> {
    let word = youju_codes::normalise(word);
    let word = word.trim_end_matches(':');
    match word {
        "合计" | "总计" | "共计" | "合计数" | "总合计" | "本期合计" | "全部合计" => {
            Some(Label::Total)
        }
        "小计" | "本页小计" | "本页合计" | "本日合计" | "本日小计" | "本月合计" | "本月小计" | "部门小计" => {
            Some(Label::Subtotal)
        }
        "本年累计" | "累计" | "过次页" | "承前页" | "本季累计" => Some(Label::Running),
        "期初余额" | "上年结转" | "上月结转" | "月初余额" | "年初余额" | "期末余额" | "月末余额" | "结转下年"
        | "上日余额" => Some(Label::Balance),
        _ => None,
    }
}

/// What the first word of a row, or the name of an account, says: also `生产部小计` and `固定资产-小计`.
pub(super) fn read_end(word: &str) -> Option<Label> {
    let folded = youju_codes::normalise(word);
    let folded = folded.trim_end_matches(':');
    read(word).or_else(|| ["小计", "合计", "总计"].iter().any(|end| folded.ends_with(end)).then_some(Label::Subtotal))
}
