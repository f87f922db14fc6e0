//! Trial balances as enterprises export them from 用友 and 金蝶, and what is said to them when something is wrong.

use rust_decimal::Decimal;
use youju_codes::Measure;
use youju_sheet::trial_balance::{self, TrialBalance};
use youju_sheet::{CellError, read};

use crate::make::{gbk, sheet, xlsx};

const FOUR_PAIRS: &str = include_str!("../fixtures/four_pairs.csv");
const DIRECTION_PAIRS: &str = include_str!("../fixtures/direction_pairs.csv");

fn parse(text: &str) -> Result<TrialBalance, Vec<CellError>> {
    trial_balance::parse(&[sheet(text)])
}

/// All sentences of a refusal.
#[track_caller]
fn refused(text: &str) -> Vec<String> {
    parse(text).unwrap_err().iter().map(ToString::to_string).collect()
}

fn number(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

#[test]
fn four_pairs_of_columns_with_title_total_and_signature() {
    let sheets = read("余额表.csv", &gbk(FOUR_PAIRS)).unwrap();
    let balance = trial_balance::parse(&sheets).unwrap();
    assert_eq!(balance.unit_name.as_deref(), Some("兰江某机械厂"));
    assert_eq!(balance.period_text.as_deref(), Some("2026.01-2026.03"));
    assert_eq!(balance.period.unwrap().to_string(), "2026-Q1");
    assert_eq!(balance.measure, Some(Measure::Yuan));
    assert_eq!(balance.lines.len(), 8);
    assert_eq!(balance.warnings, []);
    let receivable = &balance.lines[1];
    assert_eq!((receivable.row, receivable.code.as_str(), receivable.level, receivable.is_leaf), (5, "1122", 1, false));
    let customer = &balance.lines[3];
    assert_eq!((customer.code.as_str(), customer.account.as_str(), customer.level), ("1122.02", "112202", 2));
    assert_eq!((customer.opening_debit, customer.opening_credit), (None, number("12000.00")));
    assert_eq!((customer.period_debit, customer.ytd_credit), (None, None), "a blank is not a zero");
    let skipped: Vec<(usize, &str)> = balance.skipped.iter().map(|skipped| (skipped.row, skipped.reason)).collect();
    assert_eq!(skipped, [(12, "小计行,未核对"), (13, "合计行,已核对"), (14, "说明文字")]);
}

#[test]
fn two_header_rows_with_direction_and_amount() {
    let balance = parse(DIRECTION_PAIRS).unwrap();
    assert_eq!(balance.unit_name.as_deref(), Some("某纺织公司本部"));
    assert_eq!(balance.period.unwrap().to_string(), "2026-03");
    let levels: Vec<(usize, usize, bool)> = balance.lines.iter().map(|l| (l.row, l.level, l.is_leaf)).collect();
    assert_eq!(levels, [(6, 1, false), (7, 2, false), (8, 3, true), (9, 3, true), (11, 2, false), (12, 3, true)]);
    let special = &balance.lines[3];
    assert_eq!((special.opening_debit, special.opening_credit), (number("0"), number("0")), "平 says zero");
    assert_eq!((balance.lines[0].closing_debit, balance.lines[0].closing_credit), (number("5200.15"), None));
    let warnings: Vec<String> = balance.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings, ["没有注明金额单位,按元读取。请核对金额单位是否为元。"]);
}

#[test]
fn a_workbook_with_a_merged_header_and_codes_as_numbers() {
    let text = "科目余额表,,,,,,,\n会计期间：,2026年3月,,,,,,单位：元\n\
        科目代码,科目名称,期初余额,,本期发生额,,期末余额,\n,,借方,贷方,借方,贷方,借方,贷方\n\
        1002,银行存款,800.1,,200.2,,1000.3,\n4001,实收资本,,800.1,,200.2,,1000.3\n合计,,800.1,800.1,200.2,200.2,1000.3,1000.3\n";
    let merged = [(0, 0, 0, 7), (2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 2, 3), (2, 4, 2, 5), (2, 6, 2, 7)];
    let cover = ("封面", "某公司财务资料,x\n", [].as_slice());
    let file = xlsx(&[cover, ("科目余额表", text, &merged)]);
    let balance = trial_balance::parse(&read("导出.xlsx", &file).unwrap()).unwrap();
    assert_eq!((balance.sheet.as_str(), balance.lines.len()), ("科目余额表", 2));
    assert_eq!(balance.period.unwrap().to_string(), "2026-03");
    assert_eq!(balance.lines[0].account, "1002");
    assert_eq!(balance.lines[1].closing_credit, number("1000.3"));
}

#[test]
fn one_direction_for_both_balances_or_one_before_each() {
    let natural = "科目编码,科目名称,余额方向,期初余额,本期借方,本期贷方,期末余额\n\
        1002,银行存款,借,100,50,30,120\n2202,应付账款,贷,100,30,50,120\n";
    let balance = parse(natural).unwrap();
    assert_eq!((balance.lines[1].opening_credit, balance.lines[1].closing_credit), (number("100"), number("120")));
    let before_each = "科目编码,科目名称,方向,期初余额,本期借方,本期贷方,方向,期末余额\n\
        1002,银行存款,借,100,0,130,贷,30\n2202,应付账款,贷,100,130,0,借,30\n";
    let balance = parse(before_each).unwrap();
    assert_eq!((balance.lines[0].opening_debit, balance.lines[0].closing_credit), (number("100"), number("30")));
}

#[test]
fn separators_in_codes_decide_who_belongs_to_whom() {
    let text = "科目编码,科目名称,借方余额,贷方余额\n1002,银行存款,30,\n1002.1,工行,10,\n1002.10,农行,20,\n4001,实收资本,,30\n";
    let balance = parse(text).unwrap();
    let leaves: Vec<&str> = balance.lines.iter().filter(|line| line.is_leaf).map(|line| line.code.as_str()).collect();
    assert_eq!(leaves, ["1002.1", "1002.10", "4001"]);
}

#[test]
fn pages_of_a_printed_table_repeat_title_and_header() {
    let page = "科目编码,科目名称,期末借方,期末贷方\n";
    let text = format!(
        "甲公司余额表\n{page}1002,银行存款,30,\n过次页,,30,\n2026.03--2026.03\n{page}4001,实收资本,,30\n合计,,30,30\n"
    );
    let balance = parse(&text).unwrap();
    assert_eq!(balance.lines.len(), 2);
    let reasons: Vec<&str> = balance.skipped.iter().map(|skipped| skipped.reason).collect();
    assert_eq!(reasons, ["小计行,未核对", "说明文字", "重复的表头", "合计行,已核对"]);
}

#[test]
fn amounts_in_ten_thousands_may_be_off_by_their_rounding_and_by_no_more() {
    let table = |opening: &str| {
        format!(
            "单位：万元,,,,\n科目编码,科目名称,方向,期初余额,本期借方,本期贷方,期末余额\n\
             1002,银行存款,借,{opening},0.01,0.01,1.00\n"
        )
    };
    assert_eq!(parse(&table("1.02")).unwrap().measure, Some(Measure::TenThousandYuan));
    assert_eq!(refused(&table("1.03")).len(), 1);
    assert_eq!(refused(&table("1.02").replace("万元", "元")).len(), 1, "in 元 nothing may be off");
    let in_header = "科目编码,科目名称,期末借方（万元）,期末贷方（万元）\n1002,银行存款,1,\n4001,实收资本,,1\n";
    assert_eq!(parse(in_header).unwrap().measure, Some(Measure::TenThousandYuan));
}

#[test]
fn binary_dust_of_excel_formulas_is_no_difference() {
    let text = "科目编码,科目名称,期初借方,期初贷方,本期借方,本期贷方,期末借方,期末贷方\n\
        1002,银行存款,1000000.1,,0,1000000,0.09999999997671694,\n";
    let file = xlsx(&[("表", text, &[])]);
    let balance = trial_balance::parse(&read("表.xlsx", &file).unwrap()).unwrap();
    assert_eq!(balance.lines[0].closing_debit, number("0.1"));
}

#[test]
fn text_in_amounts_is_named_with_row_and_column_all_at_once() {
    let text = FOUR_PAIRS.replace("\"60,000.00\",\"45,000.00\",\"60,000.00\"", "12万,#DIV/0!,\"60,000.00\"");
    let sentences = refused(&text);
    assert_eq!(sentences.len(), 2, "{sentences:#?}");
    assert!(sentences[0].starts_with("第 4 行“本期借方发生额”应为数字,现为“12万”"), "{}", sentences[0]);
    assert!(sentences[1].starts_with("第 4 行“本期贷方发生额”应为数字,现为“#DIV/0!”"), "{}", sentences[1]);
}

#[test]
fn every_contradiction_is_found_and_located() {
    for (from, to, sentence) in [
        (
            "1002001002,工行专户,平,0.00,1000.00,1000.00,平,0.00",
            "1002001002,工行专户,平,0.00,1000.00,1000.00,借,0.01",
            "第 9 行“余额金额”现为借方 0.01,按“期初＋本期借方－本期贷方”应为平,相差 0.01。请核对“工行专户”这一行后重新导出。",
        ),
        (
            "1002001002,工行专户,平,0.00,1000.00,1000.00,平,0.00",
            "",
            "第 7 行“本期发生借方”现为 1,000.00,1 个下级科目合计为 0.00,相差 1,000.00。请导出“工行”的全部下级科目,或者核对该科目。",
        ),
        (
            "1002002001,农行一般户,借,1000.00",
            "1002001002,农行一般户,借,1000.00",
            "第 12 行“科目编号”“1002001002”与第 9 行的“1002001002”重复。请合并或改正编码;按部门、往来单位等辅助核算的明细请不要导出。",
        ),
        (
            "合计,合计,借,5000.25,1300.00",
            "合计,合计,借,5000.25,1300.01",
            "第 14 行“本期发生借方”合计现为 1,300.01,各科目的本期借方之和为 1,300.00,相差 0.01。请确认科目没有缺少或重复。",
        ),
        (
            "1002001001,工行基本户,借",
            "1002001001,工行基本户,惜",
            "第 8 行“期初方向”应为“借”“贷”或“平”,现为“惜”。请改正。",
        ),
        (
            "1002001001,工行基本户,借",
            "1002001001,工行基本户,平",
            "第 8 行“期初方向”为“平”,但金额是 4,000.25。请改为“借”或“贷”。",
        ),
        ("1002001001,工行基本户,借", "1002001001,工行基本户,", "第 8 行“期初方向”没有填写。有金额时请填“借”或“贷”。"),
        (
            "1002001001,工行基本户",
            ",工行基本户",
            "第 8 行“工行基本户”有金额,但没有科目编码。请补上科目编码;辅助核算明细请不要导出。",
        ),
        (
            "1002001001,工行基本户",
            "工行①,工行基本户",
            "第 8 行“科目编号”应为科目编码,现为“工行①”。请改为数字编码,例如 1002 或 1002.01。",
        ),
    ] {
        assert!(DIRECTION_PAIRS.contains(from), "{from}");
        let sentences = refused(&DIRECTION_PAIRS.replacen(from, to, 1));
        assert!(sentences.iter().any(|found| found == sentence), "wanted {sentence}\nfound {sentences:#?}");
    }
}

#[test]
fn a_whole_table_must_balance_but_a_part_of_it_need_not() {
    let without_capital = FOUR_PAIRS.replace("4001,实收资本,,\"80,000.00\",,,,,,\"80,000.00\"\n", "");
    let sentences = refused(&without_capital);
    let sentence = "5 个一级科目的期初余额借贷不平,借方多 80,000.00。请确认已导出全部科目,没有筛选或删除。";
    assert!(sentences.iter().any(|found| found == sentence), "{sentences:#?}");
    let bank_only = "科目编码,科目名称,期末借方,期末贷方\n1001,库存现金,5,\n1002,银行存款,30,\n";
    assert!(parse(bank_only).is_ok());
}

#[test]
fn a_table_that_is_none_is_refused_with_the_way_out() {
    let head = "科目编码,科目名称,";
    for (text, sentence) in [
        (
            "姓名,工资\n张某,5000\n".to_owned(),
            "前 2 行没有找到表头,表头应含有“科目编码”、“科目名称”。请检查是否选对了文件或工作表。",
        ),
        (
            format!("{head}备注\n1002,银行存款,x\n"),
            "没有找到期初余额、本期发生额或期末余额栏目。请导出包含这些栏目的科目余额表。",
        ),
        (
            "科目编码,期末借方,期末贷方\n1002,1,\n".to_owned(),
            "第 1 行表头缺少“科目名称”。请补上这些列,或按下载的模板填报。",
        ),
        (
            format!("{head}期末借方\n1002,银行存款,1\n"),
            "第 1 行表头有“期末余额”的一方,缺少贷方。请导出借方和贷方两栏。",
        ),
        (
            format!("{head}期末余额\n1002,银行存款,1\n"),
            "第 1 行“期末余额”没有注明方向。请导出借方、贷方两栏,或者加上“方向”一栏。",
        ),
        (format!("{head}期末借方,期末贷方\n"), "表头下面没有科目。请检查导出条件后重新导出。"),
        (
            format!("{head}期末借方,期末贷方\n1002,银行存款,1e20,\n"),
            "第 2 行“期末借方”的金额 100,000,000,000,000,000,000 过大。请核对金额和单位。",
        ),
    ] {
        assert_eq!(refused(&text), [sentence], "{text}");
    }
}

#[test]
fn two_tables_in_one_workbook_cannot_be_told_apart_and_errors_name_the_sheet() {
    let table = "科目编码,科目名称,期末借方,期末贷方\n1002,银行存款,1,\n";
    let two = read("表.xlsx", &xlsx(&[("一月", table, &[]), ("二月", table, &[])])).unwrap();
    assert_eq!(
        trial_balance::parse(&two).unwrap_err()[0].to_string(),
        "工作簿中有 2 张科目余额表(“一月”、“二月”)。请每次只导入一张,删去其余工作表。"
    );
    let bad = table.replace(",1,", ",一万,");
    let one = read("表.xlsx", &xlsx(&[("封面", "甲,乙\n", &[]), ("一月", &bad, &[])])).unwrap();
    let sentence = trial_balance::parse(&one).unwrap_err()[0].to_string();
    assert!(sentence.starts_with("工作表“一月”第 2 行“期末借方”应为数字,现为“一万”"), "{sentence}");
}

#[test]
fn a_code_that_excel_turned_into_a_number_is_not_guessed() {
    let text = "科目编码,科目名称,期末借方,期末贷方\n1002.1,工行,1,\n";
    let sheets = read("表.xlsx", &xlsx(&[("表", text, &[])])).unwrap();
    let sentence = trial_balance::parse(&sheets).unwrap_err()[0].to_string();
    assert_eq!(
        sentence,
        "第 2 行“科目编码”是数字 1002.1,无法区分 1002.1 与 1002.10。请把这一列设为文本格式后重新导出。"
    );
}

#[test]
fn columns_that_are_not_understood_are_reported_not_silently_dropped() {
    let text = "科目编码,科目名称,年初余额,期末借方,期末贷方\n1002,银行存款,1,1,\n";
    let warnings: Vec<String> = parse(text).unwrap().warnings.iter().map(ToString::to_string).collect();
    assert!(warnings.contains(&"第 1 行第 3 列“年初余额”不是科目余额表的栏目,没有导入。".to_owned()), "{warnings:#?}");
    assert!(warnings.contains(&"没有注明会计期间。请在导入时选择报告期。".to_owned()), "{warnings:#?}");
}
