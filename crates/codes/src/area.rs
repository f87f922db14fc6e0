//! 统计用区划代码: 2 province + 2 city + 2 county + 3 township + 3 village digits, and the published names.
//! The list is one edition (`codes/README.md`); codes outside it are valid values, they only have no name here.
//! 城乡分类代码, validity ranges and mergers belong to the register.

use std::fmt;
use std::sync::OnceLock;

use crate::error::{CodeError, CodeErrorKind, Subject};
use crate::text::{Ascii, normalise, text_value};

const LENGTH: usize = 12;

/// GB/T 2260: the first two digits. Typing errors there would otherwise land in a province that does not exist.
const PROVINCES: &str =
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82";

/// Area code 统计用区划代码 — 12 digits, from the province down to the village.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaCode(Ascii<LENGTH>);

text_value!(AreaCode);

/// Level of an area 区划级别, from the province down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AreaLevel {
    /// 省级.
    Province,
    /// 市级 (地级).
    City,
    /// 县级.
    County,
    /// 乡级.
    Township,
    /// 村级.
    Village,
}

/// Area 区划 — a code of the published list with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// The 12-digit code.
    pub code: AreaCode,
    /// The published name.
    pub name: &'static str,
}

impl AreaLevel {
    const ALL: [AreaLevel; 5] =
        [AreaLevel::Province, AreaLevel::City, AreaLevel::County, AreaLevel::Township, AreaLevel::Village];

    /// The Chinese name of the level.
    pub fn label(self) -> &'static str {
        match self {
            AreaLevel::Province => "省级",
            AreaLevel::City => "市级",
            AreaLevel::County => "县级",
            AreaLevel::Township => "乡级",
            AreaLevel::Village => "村级",
        }
    }

    /// How many leading digits say everything at this level.
    pub fn digits(self) -> usize {
        match self {
            AreaLevel::Province => 2,
            AreaLevel::City => 4,
            AreaLevel::County => 6,
            AreaLevel::Township => 9,
            AreaLevel::Village => 12,
        }
    }
}

impl AreaCode {
    /// Reads 2, 4, 6, 9 or 12 digits and pads them with zeros to 12.
    pub fn parse(text: &str) -> Result<AreaCode, CodeError> {
        let text = normalise(text);
        if text.is_empty() {
            return Err(CodeError::empty(Subject::Area, "请填写 12 位区划代码"));
        }
        if let Some((index, c)) = text.chars().enumerate().find(|(_, c)| !c.is_ascii_digit()) {
            let reason = format!("应为数字,现为“{c}”");
            return Err(refuse(CodeErrorKind::Character, &text, reason, "区划代码只含数字,请改正这一位").at(index + 1));
        }
        let Some(code) = AreaCode::padded(&text) else {
            let reason = format!("应为 2、4、6、9 或 12 位,现为 {} 位", text.len());
            return Err(refuse(CodeErrorKind::Length, &text, reason, "请补全到 12 位,不足的级别以 0 补齐"));
        };
        code.verify(&text)?;
        Ok(code)
    }

    /// The 12 digits.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The level that the trailing zeros leave.
    pub fn level(&self) -> AreaLevel {
        let significant = self.as_str().trim_end_matches('0').len();
        AreaLevel::ALL.into_iter().find(|level| significant <= level.digits()).unwrap_or(AreaLevel::Village)
    }

    /// The significant digits: `330781` for 兰溪市. Every code below begins with them (SQL `like '330781%'`).
    pub fn prefix(&self) -> &str {
        self.head(self.level().digits())
    }

    /// The area directly above. A township of a city without counties (东莞) lies directly under the city.
    pub fn parent(&self) -> Option<AreaCode> {
        let digits = AreaLevel::ALL.into_iter().rev().map(AreaLevel::digits).find(|d| *d < self.level().digits())?;
        AreaCode::padded(self.head(digits))
    }

    /// All areas above, from the province down, without itself.
    pub fn ancestors(&self) -> Vec<AreaCode> {
        let mut above: Vec<AreaCode> = std::iter::successors(self.parent(), AreaCode::parent).collect();
        above.reverse();
        above
    }

    /// Whether `other` is this area or lies in it.
    pub fn contains(&self, other: &AreaCode) -> bool {
        other.as_str().starts_with(self.prefix())
    }

    fn head(&self, digits: usize) -> &str {
        self.as_str().get(..digits).unwrap_or_default()
    }

    fn padded(digits: &str) -> Option<AreaCode> {
        let is_whole_level = AreaLevel::ALL.into_iter().any(|level| level.digits() == digits.len());
        if is_whole_level { Ascii::new(&format!("{digits:0<LENGTH$}")).map(AreaCode) } else { None }
    }

    /// A level may be zero only when everything below it is zero; the county alone may be left out (东莞).
    fn verify(&self, text: &str) -> Result<(), CodeError> {
        if !PROVINCES.split(' ').any(|province| province == self.head(2)) {
            let reason = format!("没有以 {} 开头的省级代码", self.head(2));
            return Err(refuse(CodeErrorKind::Unknown, text, reason, "请核对前两位").at(1));
        }
        let is_zero =
            |from: usize, to: usize| self.as_str().get(from..to).is_some_and(|part| part.bytes().all(|b| b == b'0'));
        if is_zero(2, 4) && !is_zero(4, LENGTH) {
            let reason = "第 3、4 位(市级)为 00,下面的级别却不为 0".to_owned();
            return Err(refuse(CodeErrorKind::Structure, text, reason, "请补上市级代码").at(3));
        }
        if is_zero(6, 9) && !is_zero(9, LENGTH) {
            let reason = "第 7 至 9 位(乡级)为 000,村级却不为 0".to_owned();
            return Err(refuse(CodeErrorKind::Structure, text, reason, "请补上乡级代码").at(7));
        }
        Ok(())
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

fn refuse(kind: CodeErrorKind, text: &str, reason: String, hint: &str) -> CodeError {
    CodeError::new(Subject::Area, kind, text, reason, hint)
}

/// The listed area with this code.
pub fn find(code: &AreaCode) -> Option<Area> {
    let list = list();
    let index = list.binary_search_by_key(code, |area| area.code).ok()?;
    list.get(index).copied()
}

/// The name of a listed area.
pub fn name(code: &AreaCode) -> Option<&'static str> {
    find(code).map(|area| area.name)
}

/// The names from the province down: `浙江省 › 金华市 › 兰溪市 › 云山街道`.
///
/// Levels that exist only for bookkeeping (重庆市 › 市辖区 › 江北区) are left out; an area that is not listed shows its code.
pub fn path(code: &AreaCode) -> String {
    let mut names: Vec<String> = code.ancestors().iter().map(shown_name).filter(|name| !is_placeholder(name)).collect();
    names.push(shown_name(code));
    names.join(" › ")
}

/// The nearest area above that is more than bookkeeping: 北京市 for 东城区, 湖北省 for 仙桃市.
pub fn above(code: &AreaCode) -> Option<AreaCode> {
    std::iter::successors(code.parent(), AreaCode::parent).find(|above| !is_bookkeeping(above))
}

/// True for levels that exist only for bookkeeping: 110100 市辖区, 500200 县, 429000 省直辖县级行政区划. No office answers for them.
pub fn is_bookkeeping(code: &AreaCode) -> bool {
    code.level() == AreaLevel::City && name(code).is_some_and(is_placeholder)
}

/// The listed areas directly below, in the order of their codes.
pub fn children(code: &AreaCode) -> Vec<Area> {
    let list = list();
    let after = list.partition_point(|area| area.code <= *code);
    let below = list.iter().skip(after).take_while(|area| code.contains(&area.code));
    below.filter(|area| area.code.parent() == Some(*code)).copied().collect()
}

/// The listed provinces.
pub fn provinces() -> Vec<Area> {
    list().iter().filter(|area| area.code.level() == AreaLevel::Province).copied().collect()
}

fn shown_name(code: &AreaCode) -> String {
    name(code).map_or_else(|| code.to_string(), str::to_owned)
}

fn is_placeholder(name: &str) -> bool {
    matches!(name, "市辖区" | "县" | "省直辖县级行政区划" | "自治区直辖县级行政区划")
}

/// All listed areas in the order of their codes.
fn list() -> &'static [Area] {
    static LIST: OnceLock<Vec<Area>> = OnceLock::new();
    LIST.get_or_init(|| {
        let files = [
            include_str!("../../../codes/area.csv"),
            include_str!("../../../codes/township.csv"),
            include_str!("../../../codes/village.csv"),
        ];
        let mut list: Vec<Area> =
            files.into_iter().flat_map(|file| file.lines().skip(1)).filter_map(read_line).collect();
        list.sort_unstable_by_key(|area| area.code);
        list
    })
}

fn read_line(line: &'static str) -> Option<Area> {
    let (code, name) = line.split_once(',')?;
    Some(Area { code: AreaCode::padded(code)?, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_published_lists_is_read_and_no_code_appears_twice() {
        // 31 provinces, 342 cities and 2,975 counties; 41,351 townships; 3,080 villages of the four places.
        assert_eq!(list().len(), 3348 + 41_351 + 3080);
        assert!(list().windows(2).all(|pair| pair[0].code < pair[1].code));
        assert_eq!(provinces().len(), 31);
    }

    #[test]
    fn every_listed_area_is_a_valid_code_whose_parent_is_listed_and_contains_it() {
        for area in list() {
            assert_eq!(AreaCode::parse(area.code.as_str()), Ok(area.code), "{}", area.name);
            assert_eq!(AreaCode::parse(area.code.prefix()), Ok(area.code));
            match area.code.parent() {
                Some(parent) => {
                    assert!(find(&parent).is_some(), "{} {}", area.code, area.name);
                    assert!(parent.contains(&area.code) && !area.code.contains(&parent));
                    assert!(parent.level() < area.code.level());
                }
                None => assert_eq!(area.code.level(), AreaLevel::Province),
            }
        }
    }

    #[test]
    fn walking_down_through_children_meets_every_listed_area_once() {
        let mut waiting = provinces();
        let mut met = 0;
        while let Some(area) = waiting.pop() {
            met += 1;
            waiting.extend(children(&area.code));
        }
        assert_eq!(met, list().len());
    }
}
