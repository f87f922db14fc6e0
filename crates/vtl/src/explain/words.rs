//! Two languages for one explanation.

use super::Scene;
use crate::ast::{BinaryOp, Function};

/// Language 语言 of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// 中文
    #[default]
    Chinese,
    /// English
    English,
}

impl Language {
    /// The word of this language.
    pub(super) fn word(self, chinese: &'static str, english: &'static str) -> &'static str {
        match self {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }
}

impl Scene<'_> {
    pub(super) fn word(&self, chinese: &'static str, english: &'static str) -> &'static str {
        self.language.word(chinese, english)
    }

    /// A sentence of this language; `{0}` `{1}` … are the parts.
    pub(super) fn say(&self, chinese: &'static str, english: &'static str, parts: &[&str]) -> String {
        let mut said = String::new();
        let mut rest = self.word(chinese, english);
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let (place, after) = after.split_once('}').unwrap_or((after, ""));
            said.push_str(place.parse().ok().and_then(|place: usize| parts.get(place)).copied().unwrap_or_default());
            rest = after;
        }
        said.push_str(rest);
        said
    }

    /// Items one after the other.
    pub(super) fn listed(&self, items: &[String]) -> String {
        items.join(self.word("、", ", "))
    }

    /// What a function does, in a word.
    pub(super) fn function(&self, function: Function) -> &'static str {
        let chinese = match function {
            Function::Round => "四舍五入",
            Function::Trunc => "截尾",
            Function::Ceil => "向上取整",
            Function::Floor => "向下取整",
            Function::Mod => "余数",
            Function::Power => "乘方",
            Function::Length => "长度",
            Function::Substr => "截取",
            Function::Upper => "转大写",
            Function::Lower => "转小写",
            Function::Trim | Function::Ltrim | Function::Rtrim => "去空格",
            Function::Instr => "位置",
            Function::Replace => "替换",
            Function::Exp => "自然指数",
            Function::Ln => "自然对数",
            Function::Log => "对数",
            Function::Sqrt => "平方根",
            Function::DateAdd => "推移",
            Function::DateDiff => "相隔天数",
            Function::Year => "年份",
            Function::Month => "月份",
            Function::DayOfMonth => "日",
            Function::DayOfYear => "年内天数",
            Function::Levenshtein | Function::DamerauLevenshtein | Function::Hamming => "文字差异",
            Function::JaroWinkler => "文字相似度",
            _ => function.name(),
        };
        self.word(chinese, function.name())
    }

    pub(super) fn sign(&self, op: BinaryOp) -> &'static str {
        match op {
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "−",
            BinaryOp::Multiply => "×",
            BinaryOp::Divide => "÷",
            BinaryOp::Concat => self.word("连接", "||"),
            BinaryOp::Compare(op) => super::formula::compared(op),
            BinaryOp::And => self.word("且", "and"),
            BinaryOp::Or => self.word("或", "or"),
            BinaryOp::Xor => self.word("异或", "xor"),
        }
    }
}
