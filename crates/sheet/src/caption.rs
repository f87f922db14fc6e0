//! What stands above a table: the company, the accounting period, the unit of the amounts.

use youju_codes::{Dimension, Measure, Period};

use crate::table::Sheet;

/// What was found; all of it may be missing.
pub(crate) struct Caption {
    pub unit_name: Option<String>,
    pub period_text: Option<String>,
    pub period: Option<Period>,
    pub measure: Option<Measure>,
    /// Sentences about the table as a whole.
    pub warnings: Vec<String>,
}

/// A piece of text with the label in front of it: `会计期间:2026.03`.
struct Fragment {
    label: String,
    value: String,
}

const PERIOD_LABELS: [&str; 6] = ["期间", "会计期", "月份", "年月", "所属期", "报告期"];
const PRINT_LABELS: [&str; 6] = ["打印", "制表", "导出", "生成", "查询时间", "查询日期"];
const UNIT_LABELS: [&str; 9] =
    ["单位名称", "核算单位", "编制单位", "公司名称", "企业名称", "会计主体", "核算组织", "账套", "公司"];
const MEASURE_LABELS: [&str; 5] = ["单位", "金额单位", "货币单位", "计量单位", "本位币单位"];
const UNIT_WORDS: [&str; 13] =
    ["公司", "厂", "集团", "合作社", "中心", "医院", "学校", "店", "分部", "本部", "企业", "事务所", "研究院"];
const TITLES: [&str; 5] = ["科目余额表", "科目发生额及余额表", "发生额及余额表", "试算平衡表", "余额表"];

/// Reads the rows above the header.
pub(crate) fn read(sheet: &Sheet, rows: usize) -> Caption {
    let fragments = fragments(sheet, rows);
    let mut warnings = Vec::new();
    let (period_text, period) = match find_period(&fragments, sheet) {
        Some((text, Ok(period))) => (Some(text), Some(period)),
        Some((text, Err(reason))) => {
            warnings.push(format!("会计期间“{text}”{reason}"));
            (Some(text), None)
        }
        None => {
            warnings.push("没有注明会计期间。请在导入时选择报告期。".to_owned());
            (None, None)
        }
    };
    let is_money_label = |fragment: &&Fragment| {
        fragment.label.is_empty() || MEASURE_LABELS.contains(&fragment.label.trim_matches(['(', '（']))
    };
    let measure = fragments.iter().filter(is_money_label).find_map(|fragment| money(&fragment.value));
    Caption { unit_name: find_unit(&fragments), period_text, period, measure, warnings }
}

/// The texts above the table. A label and its value may stand in one cell or in two; several may share a cell.
fn fragments(sheet: &Sheet, rows: usize) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    for row in 0..rows {
        let cells = sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default();
        let mut pending = String::new();
        for cell in cells.iter().filter(|cell| !cell.is_empty()) {
            let own = cell.text().replace('：', ":");
            // A label that nobody filled in stands before the next label.
            let text = if own.contains(':') { own } else { format!("{pending}{own}") };
            pending.clear();
            if text.ends_with(':') {
                pending = text;
            } else if text.contains(':') {
                fragments.extend(labelled(&text));
            } else {
                fragments.push(Fragment { label: String::new(), value: text.trim().to_owned() });
            }
        }
    }
    fragments
}

/// `核算单位:甲公司 期间:2026.01 至 2026.03 单位:元` has three fragments.
fn labelled(text: &str) -> Vec<Fragment> {
    let mut fragments: Vec<Fragment> = Vec::new();
    for token in text.split_whitespace() {
        match (token.split_once(':'), fragments.last_mut()) {
            (Some((label, value)), _) => {
                fragments.push(Fragment { label: label.to_owned(), value: value.to_owned() });
            }
            (None, Some(before)) => {
                let gap = if before.value.is_empty() { "" } else { " " };
                before.value = format!("{}{gap}{token}", before.value);
            }
            (None, None) => fragments.push(Fragment { label: String::new(), value: token.to_owned() }),
        }
    }
    fragments
}

type PeriodReading = (String, Result<Period, String>);

/// A labelled period first, then any other text with a month in it, then the name of the sheet or file.
fn find_period(fragments: &[Fragment], sheet: &Sheet) -> Option<PeriodReading> {
    let has = |labels: &[&str], fragment: &Fragment| labels.iter().any(|label| fragment.label.contains(label));
    let labelled = fragments.iter().filter(|fragment| has(&PERIOD_LABELS, fragment));
    let others = fragments.iter().filter(|f| !has(&PERIOD_LABELS, f) && !has(&PRINT_LABELS, f));
    let texts = labelled.chain(others).map(|fragment| fragment.value.as_str());
    texts.chain([sheet.name.as_str()]).find_map(read_period)
}

fn read_period(text: &str) -> Option<PeriodReading> {
    if let Ok(period) = Period::parse(text) {
        return Some((text.to_owned(), Ok(period)));
    }
    let months = months(text);
    let (first, last) = (months.first()?, months.last()?);
    let period = match (first, last) {
        (first, last) if first == last => Period::of_month(first.0, first.1),
        ((year, 1), (last, 2)) if year == last => Period::of_jan_feb(*year),
        ((year, 1), (last, 6)) if year == last => Period::of_half(*year, 1),
        ((year, 7), (last, 12)) if year == last => Period::of_half(*year, 2),
        ((year, 1), (last, 12)) if year == last => Period::of_year(*year),
        ((year, from), (last, to)) if year == last && from % 3 == 1 && *to == from + 2 => {
            Period::of_quarter(*year, to / 3)
        }
        _ => return Some((text.to_owned(), Err("不是一个月、季、半年或年。请在导入时选择报告期。".to_owned()))),
    };
    Some((text.to_owned(), period.map_err(|error| format!("无法识别:{error}"))))
}

/// All months that a text names: `2021.12--2021.12`, `2026年1-3月`, `202603`, `2026-03-31`, `2026年第3期`.
fn months(text: &str) -> Vec<(i32, u8)> {
    let text = youju_codes::normalise(text);
    let mut numbers: Vec<(String, String)> = Vec::new();
    for c in text.chars() {
        match (c.is_ascii_digit(), numbers.last_mut()) {
            (true, Some((digits, behind))) if behind.is_empty() => digits.push(c),
            (true, _) => numbers.push((c.to_string(), String::new())),
            (false, Some((_, behind))) => behind.push(c),
            (false, None) => {}
        }
    }
    let month = |digits: &str| digits.parse::<u8>().ok().filter(|month| (1..=12).contains(month));
    let year = |digits: &str| digits.parse::<i32>().ok().filter(|year| (1990..2100).contains(year));
    let mut found: Vec<(i32, u8)> = Vec::new();
    let mut current: Option<(i32, String)> = None;
    for (digits, behind) in &numbers {
        match (digits.len(), &current) {
            (4, _) => current = year(digits).map(|year| (year, behind.clone())),
            (6 | 8, _) => {
                let parts = digits.get(..4).and_then(year).zip(digits.get(4..6).and_then(month));
                found.extend(parts);
                current = None;
            }
            (1 | 2, Some((year, mark))) if matches!(mark.as_str(), "." | "-" | "/" | "年" | "年第" | "M") => {
                found.extend(month(digits).map(|month| (*year, month)));
                current = Some((*year, behind.clone()));
            }
            // The second month of 2026年1-3月.
            (1 | 2, Some((year, mark))) if matches!(mark.as_str(), "-" | "~" | "—" | "至" | "月-" | "月至" | "月—") =>
            {
                found.extend(month(digits).filter(|_| behind.starts_with(['月', '期'])).map(|month| (*year, month)));
                current = None;
            }
            _ => current = None,
        }
    }
    found
}

/// The company: labelled, else the text above the table that looks like the name of one.
fn find_unit(fragments: &[Fragment]) -> Option<String> {
    let is_labelled = |fragment: &&Fragment| {
        let label = fragment.label.trim();
        UNIT_LABELS.iter().any(|known| label.ends_with(known)) || label == "单位" && money(&fragment.value).is_none()
    };
    let labelled = fragments.iter().find(is_labelled).map(|fragment| fragment.value.trim().to_owned());
    labelled.filter(|name| !name.is_empty()).or_else(|| {
        let mut unlabelled = fragments.iter().filter(|fragment| fragment.label.is_empty());
        unlabelled.find_map(|fragment| unit_from_title(&fragment.value))
    })
}

/// `某公司2026年3月科目余额表` names 某公司.
fn unit_from_title(text: &str) -> Option<String> {
    let end = TITLES.iter().filter_map(|title| text.find(title)).min().unwrap_or(text.len());
    let name = text.get(..end)?;
    let name = name.split(|c: char| c.is_ascii_digit()).next()?.trim_matches([' ', '-', '_', '　', '(', '（']);
    UNIT_WORDS.iter().any(|word| name.contains(word)).then(|| name.to_owned())
}

/// A unit of money in Chinese currency: `元`, `人民币万元`.
pub(crate) fn money(text: &str) -> Option<Measure> {
    let text = text.trim().trim_start_matches("人民币").trim_matches(['(', ')', '（', '）', '。']);
    let measure = Measure::parse(text).ok()?;
    (measure.dimension() == Dimension::Money && measure.factor(Measure::Yuan).is_some()).then_some(measure)
}

/// The unit that the name of a column holds in brackets: `期末余额(万元)`.
pub(crate) fn money_in_name(name: &str) -> Option<Measure> {
    let (_, behind) = name.split_once(['(', '（'])?;
    money(behind.split([')', '）']).next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_in_which_accounting_programs_print_a_period() {
        for (printed, period) in [
            ("2021.12--2021.12", "2021-12"),
            ("2026年3月", "2026-03"),
            ("2026.03", "2026-03"),
            ("2026-03-31", "2026-03"),
            ("2026年3月31日", "2026-03"),
            ("2026年第3期", "2026-03"),
            ("202603", "2026-03"),
            ("2026.01-2026.02", "2026-01~02"),
            ("2026.01 至 2026.03", "2026-Q1"),
            ("2026年1-3月", "2026-Q1"),
            ("2026年1月至6月", "2026-S1"),
            ("2025年07月—2025年12月", "2025-S2"),
            ("2025.01-2025.12", "2025"),
            ("2025年度", "2025"),
            ("甲公司2026年3月科目余额表", "2026-03"),
        ] {
            let (_, read) = read_period(printed).unwrap_or_else(|| panic!("{printed}"));
            assert_eq!(read.unwrap().to_string(), period, "{printed}");
        }
    }

    #[test]
    fn a_span_that_is_no_period_is_named_and_other_numbers_are_no_period() {
        assert!(read_period("2026.01-2026.09").unwrap().1.is_err());
        for text in ["科目余额表", "第 1 页 共 12 页", "单位:元", "12345678"] {
            assert!(read_period(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_company_is_found_in_titles() {
        for (text, name) in [
            ("某建筑公司本部", Some("某建筑公司本部")),
            ("兰溪某纺织有限公司2026年3月科目余额表", Some("兰溪某纺织有限公司")),
            ("科目余额表", None),
            ("发生额及余额表", None),
        ] {
            assert_eq!(unit_from_title(text).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn a_label_without_a_value_does_not_swallow_the_next() {
        let row = ["编制单位：", "某公司", "发放日期：", "金额单位：元"].map(crate::Cell::from_text).to_vec();
        let caption = read(&Sheet { rows: vec![row], ..Sheet::default() }, 1);
        assert_eq!((caption.unit_name.as_deref(), caption.measure), (Some("某公司"), Some(Measure::Yuan)));
    }

    #[test]
    fn one_cell_may_hold_several_labels() {
        let fragments = labelled("核算单位:甲公司 期间:2026.01 至 2026.03 单位:元");
        let values: Vec<&str> = fragments.iter().map(|fragment| fragment.value.as_str()).collect();
        assert_eq!(values, ["甲公司", "2026.01 至 2026.03", "元"]);
        assert_eq!(find_unit(&fragments).as_deref(), Some("甲公司"));
    }
}
