//! What was typed into a cell, judged by its rule. Every refusal is a sentence about the cell, with the way out.

use std::collections::HashMap;

use chrono::Datelike;

use crate::form_book::{CodeList, FormBook, Rule};
use crate::read::NOT_COMPUTED;
use crate::table::Cell;
use crate::write::CellOut;

/// Codes by everything that may be typed for them.
pub(crate) struct Lists<'a>(HashMap<&'a str, ListIndex<'a>>);

struct ListIndex<'a> {
    list: &'a CodeList,
    codes: HashMap<String, &'a str>,
}

impl<'a> Lists<'a> {
    pub(crate) fn of(book: &'a FormBook) -> Lists<'a> {
        let mut lists = HashMap::new();
        for list in &book.lists {
            let mut codes = HashMap::new();
            for (code, meaning) in &list.codes {
                codes.insert(youju_codes::normalise(code), code.as_str());
                codes.insert(youju_codes::normalise(&CodeList::shown(code, meaning)), code.as_str());
            }
            // A meaning that two codes share stands for neither; one that looks like a code is a code.
            let mut meanings = HashMap::<String, Vec<&str>>::new();
            for (code, meaning) in &list.codes {
                meanings.entry(youju_codes::normalise(meaning)).or_default().push(code);
            }
            for (meaning, of) in meanings {
                if let ([code], false) = (of.as_slice(), meaning.is_empty()) {
                    codes.entry(meaning).or_insert(code);
                }
            }
            lists.insert(list.name.as_str(), ListIndex { list, codes });
        }
        Lists(lists)
    }

    /// The value of a cell to be filled; for [`Rule::Absent`] there must be none. Locked cells are compared by [`is_same`].
    pub(crate) fn value(&self, rule: &Rule, cell: &Cell) -> Result<CellOut, String> {
        match (rule, cell) {
            (_, Cell::Empty) => Ok(CellOut::Empty),
            (_, Cell::Error(code)) => Err(failed_formula(code)),
            (_, Cell::Text(text)) if FAILED.contains(&text.as_str()) => Err(failed_formula(text)),
            (Rule::Locked | Rule::Absent, _) => Err(format!("此格不填数据,现为“{cell}”。请清空。")),
            (Rule::Number { decimals }, _) => number(cell, *decimals),
            (Rule::Text { chars_max }, _) => text(cell, *chars_max),
            (Rule::Code { list }, _) => self.code(list, cell),
            (Rule::Month, _) => month(cell),
            (Rule::Free, _) => Ok(as_typed(cell)),
        }
    }

    fn code(&self, list: &str, cell: &Cell) -> Result<CellOut, String> {
        let typed = cell.text();
        let index = self.0.get(list);
        if let Some(code) = index.and_then(|index| index.codes.get(&youju_codes::normalise(&typed))) {
            return Ok(CellOut::Text((*code).to_owned()));
        }
        let codes = index.map(|index| index.list.codes.as_slice()).unwrap_or_default();
        let few: Vec<String> = codes.iter().take(5).map(|(code, meaning)| CodeList::shown(code, meaning)).collect();
        let more = if codes.len() > few.len() { format!("等 {} 项", codes.len()) } else { String::new() };
        Err(format!("“{typed}”不在可选的代码中。请从下拉列表中选择({}{more})。", few.join("、")))
    }
}

/// How Excel shows formulas that failed; a returned copy holds these words as text.
const FAILED: [&str; 9] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", NOT_COMPUTED];

/// What stands in a cell, to be written again or judged elsewhere. A formula is its result.
pub(crate) fn as_typed(cell: &Cell) -> CellOut {
    match cell {
        Cell::Empty => CellOut::Empty,
        Cell::Number(number) => CellOut::Number(*number),
        Cell::Date(moment) => CellOut::Date(*moment),
        Cell::Text(_) | Cell::Bool(_) | Cell::Error(_) => CellOut::Text(cell.text().into_owned()),
    }
}

fn failed_formula(code: &str) -> String {
    format!("公式出错,显示为“{code}”。请改正公式,或直接填写内容。")
}

/// A lone dash is zero to an accountant and nothing to a statistician: it is asked about.
fn number(cell: &Cell, decimals: u32) -> Result<CellOut, String> {
    if let Cell::Text(text) = cell
        && text.chars().all(|c| matches!(c, '-' | '－' | '–' | '—' | '−' | '/' | '／' | '\\' | '无'))
    {
        return Err(format!("应为数字,现为“{text}”。数值是零的请填 0,没有数据的请清空。"));
    }
    let Some(number) = cell.number()? else { return Ok(CellOut::Empty) };
    let number = number.normalize();
    match (number.scale() > decimals, decimals) {
        (false, _) => Ok(CellOut::Number(number)),
        (true, 0) => Err(format!("应为整数,现为“{number}”。请按计量单位四舍五入到整数。")),
        (true, _) => Err(format!("最多 {decimals} 位小数,现为“{number}”。请四舍五入到 {decimals} 位小数。")),
    }
}

/// Digits of a number that Excel keeps.
const EXCEL_DIGITS: u32 = 15;

fn text(cell: &Cell, chars_max: u32) -> Result<CellOut, String> {
    let typed = cell.text();
    match cell {
        Cell::Date(_) => {
            return Err(format!("应为文字,已被 Excel 变成日期“{typed}”。请把单元格格式设为“文本”,再重新填写。"));
        }
        Cell::Number(number) if number.abs().trunc().to_string().len() > EXCEL_DIGITS as usize => {
            return Err(format!(
                "应为文字,现为数字“{typed}”,Excel 只保留数字的前 {EXCEL_DIGITS} 位。请把单元格格式设为“文本”,再重新填写。"
            ));
        }
        _ => {}
    }
    let count = typed.chars().count();
    if count > chars_max as usize {
        return Err(format!("最多 {chars_max} 个字,现有 {count} 个字。请缩短。"));
    }
    Ok(CellOut::Text(typed.into_owned()))
}

/// `202603`, as number or text; Excel makes a date of `2026-3` by itself.
fn month(cell: &Cell) -> Result<CellOut, String> {
    if let Cell::Date(moment) = cell {
        return Ok(CellOut::Text(format!("{:04}{:02}", moment.year(), moment.month())));
    }
    let typed = youju_codes::normalise(&cell.text());
    let is_month = typed.len() == 6
        && typed.bytes().all(|byte| byte.is_ascii_digit())
        && typed.get(..4).is_some_and(|year| ("1900".."3000").contains(&year))
        && typed.get(4..).is_some_and(|month| ("01"..="12").contains(&month));
    if is_month {
        return Ok(CellOut::Text(typed));
    }
    Err(format!("应为 6 位年月(例如 202603),现为“{cell}”。请改为年份 4 位加月份 2 位。"))
}

/// Whether a cell still holds what was printed there. Blanks and the type that a spreadsheet gives make no difference.
pub(crate) fn is_same(printed: &CellOut, cell: &Cell) -> bool {
    match printed {
        CellOut::Empty => cell.is_empty(),
        CellOut::Number(number) => cell.number() == Ok(Some(*number)),
        CellOut::Date(moment) => cell.text() == Cell::Date(*moment).text(),
        CellOut::Text(text) => {
            text.split_whitespace().eq(cell.text().split_whitespace()) || (text.trim().is_empty() && cell.is_empty())
        }
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    fn book() -> FormBook {
        let codes = [("01", "农业"), ("11", "工业"), ("12", "其他"), ("13", "其他"), ("农业", "")];
        let codes = codes.map(|(code, meaning)| (code.to_owned(), meaning.to_owned())).to_vec();
        FormBook { lists: vec![CodeList { name: "行业".into(), codes }], ..FormBook::default() }
    }

    fn judged(rule: &Rule, cell: &Cell) -> String {
        match Lists::of(&book()).value(rule, cell) {
            Ok(CellOut::Empty) => "空".into(),
            Ok(CellOut::Number(number)) => format!("数 {number}"),
            Ok(CellOut::Text(text)) => format!("文 {text}"),
            Ok(CellOut::Date(_)) => "日期".into(),
            Err(message) => message,
        }
    }

    #[test]
    fn what_is_typed_is_taken_exactly_or_refused_with_the_way_out() {
        let (whole, cents) = (Rule::Number { decimals: 0 }, Rule::Number { decimals: 2 });
        let (words, code) = (Rule::Text { chars_max: 4 }, Rule::Code { list: "行业".into() });
        let text = Cell::from_text;
        let number = |text: &str| Cell::Number(text.parse::<Decimal>().unwrap());
        for (rule, cell, answer) in [
            (&whole, number("1200"), "数 1200"),
            (&whole, text("１,200"), "数 1200"),
            (&whole, text("0"), "数 0"),
            (&whole, Cell::Empty, "空"),
            (&whole, number("3.00"), "数 3"),
            (&whole, number("3.5"), "应为整数,现为“3.5”。请按计量单位四舍五入到整数。"),
            (&whole, text("-"), "应为数字,现为“-”。数值是零的请填 0,没有数据的请清空。"),
            (&whole, text("/"), "应为数字,现为“/”。数值是零的请填 0,没有数据的请清空。"),
            (&cents, text("1.235"), "最多 2 位小数,现为“1.235”。请四舍五入到 2 位小数。"),
            (&cents, Cell::Error("#REF!".into()), "公式出错,显示为“#REF!”。请改正公式,或直接填写内容。"),
            (&words, text("#REF!"), "公式出错,显示为“#REF!”。请改正公式,或直接填写内容。"),
            (&words, text("0579"), "文 0579"),
            (&words, number("579"), "文 579"),
            (&words, text("兰溪市云山"), "最多 4 个字,现有 5 个字。请缩短。"),
            (&code, text("01"), "文 01"),
            (&code, text("11 工业"), "文 11"),
            (&code, text("工业"), "文 11"),
            (&code, text("农业"), "文 农业"),
            (&code, number("12"), "文 12"),
            (&Rule::Month, number("202603"), "文 202603"),
            (&Rule::Month, text("２０２６１２"), "文 202612"),
            (&Rule::Absent, number("0"), "此格不填数据,现为“0”。请清空。"),
            (&Rule::Absent, Cell::Empty, "空"),
            (&Rule::Free, text("12万"), "文 12万"),
            (&Rule::Free, number("3.5"), "数 3.5"),
            (&Rule::Free, Cell::Empty, "空"),
            (&Rule::Free, text("#REF!"), "公式出错,显示为“#REF!”。请改正公式,或直接填写内容。"),
        ] {
            assert_eq!(judged(rule, &cell), answer, "{rule:?}");
        }
        for (rule, cell, words) in [
            (&whole, text("12万"), "应为数字,现为“12万”"),
            (&code, number("1"), "“1”不在可选的代码中"),
            (&code, text("其他"), "请从下拉列表中选择(01 农业、11 工业、12 其他、13 其他、农业)"),
            (&words, number("913307810000000000"), "Excel 只保留数字的前 15 位"),
            (&Rule::Month, number("202613"), "应为 6 位年月(例如 202603),现为“202613”"),
            (&Rule::Month, text("26年3月"), "应为 6 位年月"),
        ] {
            let answer = judged(rule, &cell);
            assert!(answer.contains(words), "{answer}");
        }
    }

    #[test]
    fn a_date_that_excel_made_of_a_month_is_that_month_and_of_text_is_a_mistake() {
        let date = chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap().and_hms_opt(0, 0, 0).unwrap();
        assert_eq!(judged(&Rule::Month, &Cell::Date(date)), "文 202603");
        let answer = judged(&Rule::Text { chars_max: 20 }, &Cell::Date(date));
        assert!(answer.contains("已被 Excel 变成日期“2026-03-01”"), "{answer}");
    }
}
