//! 国民经济行业分类 GB/T 4754-2017: 20 sections, 97 divisions, 473 groups, 1,381 classes (`codes/README.md`).
//! Other classifications (行业大类 of a programme, 战略性新兴产业 …) are built over these codes elsewhere.

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use crate::error::{CodeError, CodeErrorKind, Subject};
use crate::text::{normalise, text_value};

/// Industry 行业 — a code of GB/T 4754-2017 that exists. Sorted as in the standard.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Industry(&'static Entry);

text_value!(Industry);

/// `order` comes first, so that sorting and comparing follow the standard.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Entry {
    order: u16,
    code: &'static str,
    name: &'static str,
    section: &'static str,
}

/// Level of an industry code 行业级别.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IndustryLevel {
    /// 门类, a letter.
    Section,
    /// 大类, two digits.
    Division,
    /// 中类, three digits.
    Group,
    /// 小类, four digits.
    Class,
}

impl IndustryLevel {
    /// The Chinese name of the level.
    pub fn label(self) -> &'static str {
        match self {
            IndustryLevel::Section => "门类",
            IndustryLevel::Division => "大类",
            IndustryLevel::Group => "中类",
            IndustryLevel::Class => "小类",
        }
    }
}

impl Industry {
    /// Reads `C`, `13`, `131` or `1311`; the code must exist.
    pub fn parse(text: &str) -> Result<Industry, CodeError> {
        let text = normalise(text);
        if let Some(industry) = find(&text) {
            return Ok(industry);
        }
        if text.is_empty() {
            return Err(CodeError::empty(Subject::Industry, "请填写 GB/T 4754—2017 的行业代码,例如 1311"));
        }
        let is_section = text.len() == 1 && !text.starts_with(|c: char| c.is_ascii_digit());
        let foreign = text.chars().enumerate().find(|(_, c)| !c.is_ascii_digit()).filter(|_| !is_section);
        if let Some((index, c)) = foreign {
            let reason = format!("应为数字,现为“{c}”");
            let hint = "请填写 1 位门类字母,或 2、3、4 位数字,不要连写门类和数字";
            return Err(CodeError::new(Subject::Industry, CodeErrorKind::Character, &text, reason, hint).at(index + 1));
        }
        if !is_section && !(2..=4).contains(&text.len()) {
            let reason = format!("应为 2、3 或 4 位数字,现为 {} 位", text.len());
            let hint = "大类 2 位,中类 3 位,小类 4 位,请补全前面的 0 或删去多余的数字";
            return Err(CodeError::new(Subject::Industry, CodeErrorKind::Length, &text, reason, hint));
        }
        let reason = "国民经济行业分类(GB/T 4754—2017)中没有这个代码".to_owned();
        Err(CodeError::new(Subject::Industry, CodeErrorKind::Unknown, &text, reason, &nearby(&text)))
    }

    /// The code, without the section letter for divisions and below.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// The name in the standard.
    pub fn name(&self) -> &'static str {
        self.0.name
    }

    /// The level, told by the length of the code.
    pub fn level(&self) -> IndustryLevel {
        match self.0.code.len() {
            1 => IndustryLevel::Section,
            2 => IndustryLevel::Division,
            3 => IndustryLevel::Group,
            _ => IndustryLevel::Class,
        }
    }

    /// The section 门类 that it belongs to; a section is its own.
    #[must_use]
    pub fn section(&self) -> Industry {
        find(self.0.section).unwrap_or(*self)
    }

    /// The division 大类 that it belongs to; a section has none.
    pub fn division(&self) -> Option<Industry> {
        find(self.0.code.get(..2)?)
    }

    /// The industry directly above.
    pub fn parent(&self) -> Option<Industry> {
        match self.level() {
            IndustryLevel::Section => None,
            IndustryLevel::Division => Some(self.section()),
            IndustryLevel::Group | IndustryLevel::Class => find(self.0.code.get(..self.0.code.len() - 1)?),
        }
    }

    /// Whether `other` is this industry or belongs to it.
    pub fn contains(&self, other: &Industry) -> bool {
        match self.level() {
            IndustryLevel::Section => self.0.code == other.0.section,
            _ => other.0.code.starts_with(self.0.code),
        }
    }

    /// The names from the section down: `制造业 › 农副食品加工业 › 谷物磨制 › 稻谷加工`.
    pub fn path(&self) -> String {
        let mut names: Vec<&str> = std::iter::successors(Some(*self), Industry::parent).map(|i| i.name()).collect();
        names.reverse();
        names.join(" › ")
    }
}

impl fmt::Display for Industry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Industry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Industry({} {})", self.code(), self.name())
    }
}

/// The industry with exactly this code.
pub fn find(code: &str) -> Option<Industry> {
    let table = table();
    table.by_code.get(code).and_then(|index| table.entries.get(*index)).map(Industry)
}

/// The industries directly below, in the order of the standard.
pub fn children(industry: &Industry) -> Vec<Industry> {
    let after = table().entries.iter().skip(usize::from(industry.0.order) + 1).map(Industry);
    let below = after.take_while(|other| industry.contains(other));
    below.filter(|other| other.parent().as_ref() == Some(industry)).collect()
}

/// The 20 sections 门类, A to T.
pub fn sections() -> Vec<Industry> {
    table().entries.iter().map(Industry).filter(|industry| industry.level() == IndustryLevel::Section).collect()
}

/// The way out of an unknown code: what exists under its longest known beginning.
fn nearby(text: &str) -> String {
    let with_zero = format!("0{text}");
    if let Some(industry) = find(&with_zero).filter(|_| text.len() == 3) {
        return format!("如果表格软件去掉了前面的 0,请填 {with_zero}({})", industry.name());
    }
    let known = (2..text.len()).rev().find_map(|length| find(text.get(..length)?));
    let Some(above) = known else { return "请在行业分类中查找后填写".to_owned() };
    let codes: Vec<&str> = children(&above).iter().map(Industry::code).collect();
    format!("{} {}“{}”下有 {},请从中选择", above.level().label(), above.code(), above.name(), codes.join("、"))
}

struct Table {
    entries: Vec<Entry>,
    by_code: HashMap<&'static str, usize>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut section = "";
        let lines = include_str!("../../../codes/industry.csv").lines().skip(1).filter_map(|line| line.split_once(','));
        let entries: Vec<Entry> = (0..)
            .zip(lines)
            .map(|(order, (code, name))| {
                if code.len() == 1 {
                    section = code;
                }
                Entry { order, code, name, section }
            })
            .collect();
        let by_code = entries.iter().enumerate().map(|(index, entry)| (entry.code, index)).collect();
        Table { entries, by_code }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Industry> {
        table().entries.iter().map(Industry).collect()
    }

    #[test]
    fn the_list_has_the_sizes_of_the_standard() {
        let count = |level| all().iter().filter(|industry| industry.level() == level).count();
        assert_eq!(sections().len(), 20);
        assert_eq!(count(IndustryLevel::Division), 97);
        assert_eq!(count(IndustryLevel::Group), 473);
        assert_eq!(count(IndustryLevel::Class), 1381);
        assert_eq!(table().by_code.len(), all().len());
    }

    #[test]
    fn every_industry_reads_back_and_lies_in_its_parent() {
        for industry in all() {
            assert_eq!(Industry::parse(industry.code()), Ok(industry));
            assert!(industry.section().contains(&industry));
            let Some(parent) = industry.parent() else {
                assert_eq!(industry.level(), IndustryLevel::Section);
                continue;
            };
            assert!(parent.contains(&industry) && !industry.contains(&parent));
            assert!(parent < industry, "a parent stands before its parts");
            assert!(children(&parent).contains(&industry));
        }
    }
}
