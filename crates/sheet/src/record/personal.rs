//! What tells who a person is, and is therefore not kept unless somebody asks for it 个人信息最小化.
//!
//! The rule: a column is personal when its name says so, or when most of what stands in it are numbers of identity cards or
//! mobile telephones; and a number of an identity card inside any other text is blotted out.

use chrono::NaiveDate;

use crate::header::{Brackets, fold};
use crate::limits::{COLUMN_NAME_BYTES_MAX, HEADER_SEARCH_ROWS};
use crate::table::Sheet;

/// Words that make a column personal wherever they stand in its name.
const WORDS: [&str; 17] = [
    "姓名",
    "身份证",
    "证件号",
    "公民身份",
    "手机",
    "电话",
    "联系人",
    "联系方式",
    "邮箱",
    "EMAIL",
    "住址",
    "银行卡",
    "工资卡",
    "签名",
    "签字",
    "出生",
    "工号",
];

/// Columns that name the people who dealt with a document.
const ROLES: [&str; 26] = [
    "制单",
    "制单人",
    "审核",
    "审核人",
    "复核",
    "复核人",
    "出纳",
    "出纳人",
    "过账",
    "过账人",
    "记账",
    "记账人",
    "经办",
    "经办人",
    "核准",
    "核准人",
    "主管",
    "会计主管",
    "业务员",
    "销售员",
    "收银员",
    "操作员",
    "保管员",
    "领料人",
    "领款人",
    "开票人",
];

/// Whether the name of a column says that it is about one person.
pub(super) fn is_personal_name(name: &str) -> bool {
    let folded = fold(name, Brackets::Open);
    let last = fold(name.rsplit('/').next().unwrap_or(name), Brackets::Open);
    WORDS.iter().any(|word| folded.contains(word)) || ROLES.contains(&last.as_str())
}

/// Whether a text is the number of an identity card or of a mobile telephone, whole.
pub(super) fn is_personal_number(text: &str) -> bool {
    let text = youju_codes::normalise(text);
    let is_mobile = text.len() == 11
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.starts_with('1')
        && text.as_bytes().get(1).is_some_and(|b| *b >= b'3');
    is_mobile || is_identity_number(text.as_bytes())
}

/// Whether a file has anywhere, also on a hidden sheet, a column or a caption that names a person. Only the rows are looked at
/// in which headers stand; asked before a file is kept as it came.
pub fn tells_persons(sheets: &[Sheet]) -> bool {
    let heads = sheets.iter().flat_map(|sheet| sheet.rows.iter().take(HEADER_SEARCH_ROWS).flatten());
    heads.filter(|cell| !cell.is_empty()).any(|cell| {
        let text = cell.text();
        let (name, behind) = text.split_once([':', '：']).unwrap_or((&text, ""));
        // `制表人：赵某某`: whoever is named behind a role.
        let is_signed = name.trim_end().ends_with('人') && !behind.trim().is_empty();
        text.len() <= COLUMN_NAME_BYTES_MAX && (is_signed || is_personal_name(name)) || is_personal_number(&text)
    })
}

const IDENTITY_CHARS: usize = 18;
const BLOT: &str = "〔身份证号已略〕";

/// The text without numbers of identity cards; nothing when it holds none.
pub(super) fn blot_out(text: &str) -> Option<String> {
    if text.len() < IDENTITY_CHARS || text.bytes().filter(u8::is_ascii_digit).count() + 1 < IDENTITY_CHARS {
        return None;
    }
    let is_part = |c: &char| c.is_ascii_digit() || matches!(c, 'X' | 'x');
    let chars: Vec<char> = text.chars().collect();
    let (mut clean, mut found, mut rest) = (String::new(), false, chars.as_slice());
    while let Some((first, behind)) = rest.split_first() {
        let run = rest.iter().take_while(|c| is_part(c)).count();
        let digits: Vec<u8> = rest.iter().take(run).filter_map(|c| u8::try_from(*c).ok()).collect();
        if is_identity_number(&digits) {
            found = true;
            clean.push_str(BLOT);
            rest = rest.get(run..).unwrap_or_default();
        } else if run > 0 {
            clean.extend(rest.iter().take(run));
            rest = rest.get(run..).unwrap_or_default();
        } else {
            clean.push(*first);
            rest = behind;
        }
    }
    found.then_some(clean)
}

/// 18 characters: a province, a day of birth, the rest. The check character is not asked for: Excel loses the last digits of
/// a number, and what is left still tells who somebody is.
fn is_identity_number(text: &[u8]) -> bool {
    let Some((last, digits)) = text.split_last() else { return false };
    if text.len() != IDENTITY_CHARS
        || !digits.iter().all(u8::is_ascii_digit)
        || !(last.is_ascii_digit() || matches!(last, b'X' | b'x'))
    {
        return false;
    }
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to).unwrap_or_default();
        digits.iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    };
    let is_province = matches!(number(0, 2), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83);
    let year = i32::try_from(number(6, 10)).unwrap_or(0);
    is_province
        && (1900..2100).contains(&year)
        && NaiveDate::from_ymd_opt(year, number(10, 12), number(12, 14)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_that_tell_who_somebody_is() {
        for name in [
            "姓名",
            "员工姓名",
            "身份证号码",
            "手机号",
            "联系电话",
            "签名/email",
            "工资卡号",
            "制单",
            "审核人",
            "职工 工号",
        ] {
            assert!(is_personal_name(name), "{name}");
        }
        for name in ["制单日期", "部门", "人员类别", "基本工资", "客户名称", "审核日期", "会计期间", "应发工资/小计"]
        {
            assert!(!is_personal_name(name), "{name}");
        }
    }

    #[test]
    fn numbers_of_identity_cards_are_blotted_out_wherever_they_stand() {
        for (text, clean) in [
            ("补发张某11010119900307888X工资", Some("补发张某〔身份证号已略〕工资")),
            ("330781199001010000", Some("〔身份证号已略〕")),
            ("91330781MA28D5XXXX", None),
            ("913307810000000000", None),
            ("202603150000123456", None),
            ("订单3307811990010100001", None),
        ] {
            assert_eq!(blot_out(text).as_deref(), clean, "{text}");
        }
    }

    #[test]
    fn whole_columns_of_telephones_are_recognised() {
        assert!(is_personal_number("13800001111") && is_personal_number("11010119900307888x"));
        assert!(!is_personal_number("12800001111") && !is_personal_number("1380000111"));
    }
}
