//! Source records as units keep them: recognised, mapped, read, verified; and what is said when something is wrong.

use rust_decimal::Decimal;
use youju_codes::{Measure, Period};
use youju_sheet::record::{
    FileKind, Mapping, Reason, RecordKind, Records, Take, ValueKind, Wish, apply, propose, recognise, resume,
    tells_persons,
};
use youju_sheet::{CellError, Sheet};

use crate::make::{Old, gbk, sheet, xls, xlsx};

/// As 金蝶 exports it: head fields on a voucher's first row, a last row of sums without a word.
pub const KINGDEE: &str = "审核,日期,会计期间,凭证字号,摘要,科目代码,科目名称,汇率,原币金额,借方,贷方,制单,附件数,序号\n\
    √,2026-03-02,2026.3,记 - 1,购料,1403.01,原材料-钢材,1,10000,\"10,000.00\",0.00,王某,2,7001\n\
    ,,,,购料,2221.01.01,应交税费-进项税额,1,1300,\"1,300.00\",0.00,,,\n\
    ,,,,付款,1002.01,银行存款-工行,1,11300,0.00,\"11,300.00\",,,\n\
    √,2026-03-15,2026.3,记 - 2,提现,1001,库存现金,1,500,500.00,0.00,李某,1,7002\n\
    ,,,,提现,1002.01,银行存款-工行,1,500,0.00,500.00,,,\n\
    √,2026-03-31,2026.3,记 - 4,水电费,6602.10,管理费用-水电费,1,86.4,86.40,0.00,王某,1,7003\n\
    ,,,,水电费,1002.01,银行存款-工行,1,86.4,0.00,86.40,,,\n\
    ,,,,,,,,,\"11,886.40\",\"11,886.40\",,4,\n";

/// As 用友 exports it: title, company and period above, every row complete, one amount with its direction, a labelled total.
pub const YONYOU: &str = "凭证序时簿,,,,,,\n核算单位：兰江某机械厂,,期间：2026.03,,,单位：元,\n\
    制单日期,凭证类别,凭证号数,摘要,科目编码,方向,金额本币\n\
    2026-03-05,收,1,收款,100201,借,800.5\n2026-03-05,收,1,收款,1122,贷,800.5\n\
    2026-03-06,付,1,付款,2202,借,20\n2026-03-06,付,1,付款,100201,贷,20\n合计,,,,,,1641\n";

pub const PAYROLL: &str = "工资发放表,,,,,,,,,,,\n编制单位：某公司,,,所属月份：,2026年3月,,,金额单位：元,,,,\n\
    序号,姓名,身份证号,部门,应付工资,,,应扣部分,,,实发工资,备注\n\
    ,,,,基本工资,绩效,小计,养老保险,,小计,,\n,,,,,,,单位16%,个人8%,,,\n\
    1,张三丰,330781199001010011,生产部,5000,800,5800,928,464,464,5336,\n\
    2,李四光,330781198502280022,生产部,4500.5,600,5100.5,816.08,408.04,408.04,4692.46,代李四光330781198502280022领\n\
    3,王五六,330781197912310033,管理部,7000,0,7000,1120,560,560,6440,\n\
    合计,,,,16500.5,1400,17900.5,2864.08,1432.04,1432.04,16468.46,\n制表人：赵某某,,,,,,,,,,,\n";

const STOCK: &str = "品名,计量单位,期初数量,入库数量,出库数量,结存数量,期初金额,入库金额,出库金额,结存金额\n\
    齿轮,件,10,5,3,12,100,50,30,120\n轴承,件,0,7.5,,7.5,,75,,75\n合计,,10,12.5,3,19.5,100,125,30,195\n";

const SALES: &str = "开票日期,发票号码,购方名称,货物名称,单位,数量,单价,金额,税率,税额,价税合计\n\
    2026-03-02,00012,甲厂,齿轮,件,3,33.33,99.99,13%,13,112.99\n2026-03-03,00013,乙厂,轴承,件,2,50,100,13%,13,113\n";

const BANK: &str = "交易日期,交易流水号,摘要,借方发生额,贷方发生额,余额,对方户名\n\
    2026-03-01,A1,货款,,1000,1500,甲公司\n2026-03-02,A2,电费,300,,1200,供电公司\n2026-03-03,A3,货款,,55.5,1255.5,乙公司\n\
    2026-03-04,A4,工资,255.5,,1000,代发工资\n";

const CHART: &str = "科目编码,科目名称,科目级次,余额方向\n1002,银行存款,1,借\n1002.01,工行,2,借\n4001,实收资本,1,贷\n4001,实收资本-小计,1,贷\n";

const ENERGY: &str = "日期,能源名称,计量单位,期初库存,购进量,购进金额,消费量合计,生产用,非生产用,期末库存\n\
    2026-03-31,原煤,吨,10,50,50000,45,40,5,15\n2026-03-31,电力,万千瓦时,,8.2,61500,8.2,8,0.2,\n";

const LAYOUTS: [(&str, RecordKind); 8] = [
    (KINGDEE, RecordKind::VoucherJournal),
    (YONYOU, RecordKind::VoucherJournal),
    (PAYROLL, RecordKind::Payroll),
    (STOCK, RecordKind::StockList),
    (SALES, RecordKind::SalesList),
    (BANK, RecordKind::BankStatement),
    (CHART, RecordKind::ChartOfAccounts),
    (ENERGY, RecordKind::EnergySlips),
];

pub fn read(text: &str, kind: RecordKind, wish: &Wish) -> Result<Records, Vec<CellError>> {
    let sheet = sheet(text);
    apply(&sheet, &propose(&sheet, kind).unwrap().mapping, wish)
}

#[track_caller]
pub fn accepted(text: &str, kind: RecordKind) -> Records {
    read(text, kind, &Wish::default()).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

pub fn sentences(findings: &[CellError]) -> Vec<String> {
    findings.iter().map(|finding| finding.to_string().replace("工作表“表”", "")).collect()
}

pub fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn every_layout_is_recognised_as_what_it_is() {
    for (text, kind) in LAYOUTS {
        let guesses = recognise(&[sheet(text)]);
        assert_eq!(guesses.first().map(|guess| guess.kind), Some(FileKind::Record(kind)), "{text}{guesses:#?}");
    }
    let balance = include_str!("../fixtures/four_pairs.csv");
    assert_eq!(recognise(&[sheet(balance)])[0].kind, FileKind::TrialBalance);
    assert_eq!(recognise(&[sheet("甲,乙\n1,2\n")]), []);
}

#[test]
fn head_fields_of_a_voucher_hold_for_its_rows_and_the_row_of_the_file_is_kept() {
    let records = accepted(KINGDEE, RecordKind::VoucherJournal);
    assert_eq!((records.rows.len(), records.vouchers), (7, Some(3)));
    let third = &records.rows[2];
    assert_eq!((third.row, third.head_row), (4, 2));
    assert_eq!(records.value(third, "number").unwrap().text(), "记 - 1");
    assert_eq!(records.value(third, "date").unwrap().date().unwrap().to_string(), "2026-03-02");
    assert_eq!(records.value(third, "account").unwrap().text(), "1002.01");
    assert_eq!(records.sides(third), (Some(number("0.00")), Some(number("11300.00"))));
    assert_eq!(records.sums["debit"], number("11886.40"));
    let skipped: Vec<(usize, &str)> = records.skipped.iter().map(|skipped| (skipped.row, skipped.reason)).collect();
    assert_eq!(skipped, [(9, "合计行,已核对")], "a total that does not say so");
    assert_eq!(sentences(&records.warnings)[0], "第 7 行“凭证字号”2026年3月凭证“记”缺 1 个号:3。请确认没有漏导凭证。");
}

#[test]
fn an_amount_with_its_direction_says_the_same_as_two_columns() {
    let records = accepted(YONYOU, RecordKind::VoucherJournal);
    assert_eq!((records.rows.len(), records.vouchers), (4, Some(2)), "收 1 and 付 1 are two vouchers");
    assert_eq!(records.unit_name.as_deref(), Some("兰江某机械厂"));
    assert_eq!((records.period, records.measure), (Some(Period::of_month(2026, 3).unwrap()), Some(Measure::Yuan)));
    assert_eq!(records.sides(&records.rows[3]), (None, Some(number("20"))));
    assert!(records.warnings.is_empty(), "{:#?}", records.warnings);
}

/// A layout, what is changed in it, and the sentence that must be said.
type Contradiction = (&'static str, RecordKind, &'static str, &'static str, &'static str);

const CONTRADICTIONS: &[Contradiction] = &[
    (
        KINGDEE,
        RecordKind::VoucherJournal,
        "\"11,300.00\"",
        "\"11,300.01\"",
        "第 4 行“贷方”现为 11,300.01,按原币金额乘汇率应为 11,300。请核对。",
    ),
    (
        YONYOU,
        RecordKind::VoucherJournal,
        "1122,贷,800.5",
        "1122,贷,800.05",
        "第 4 行“金额本币”凭证 收1(第 4 至 5 行)借贷不平:借方 800.5,贷方 800.05,相差 0.45。请核对这几行的金额。",
    ),
    (
        YONYOU,
        RecordKind::VoucherJournal,
        "1122,贷,800.5",
        "1122,贷,",
        "第 5 行“金额本币”借方、贷方都没有金额。请补上金额。",
    ),
    (
        YONYOU,
        RecordKind::VoucherJournal,
        "2026-03-06,付,1,付款,2202",
        "2026-04-06,付,1,付款,2202",
        "第 6 行“制单日期”2026-04-06 不在2026年3月之内。请检查是否选错了文件或报告期。",
    ),
    (
        KINGDEE,
        RecordKind::VoucherJournal,
        "2026-03-15,2026.3",
        "2026-03-15,2026.4",
        "第 5 行“会计期间”为“2026.4”,但凭证日期是 2026-03-15。请核对凭证日期。",
    ),
    (KINGDEE, RecordKind::VoucherJournal, ",2221.01.01,", ",,", "第 3 行“科目代码”没有填写。请补上,或者删去这一行。"),
    (
        STOCK,
        RecordKind::StockList,
        "10,5,3,12,",
        "10,5,4,12,",
        "第 2 行“结存数量”现为 12,按“期初＋入库－出库”应为 11,相差 1。请核对这一行。",
    ),
    (
        STOCK,
        RecordKind::StockList,
        "合计,,10,12.5",
        "合计,,10,12.6",
        "第 4 行“入库数量”合计现为 12.6,上面各行之和为 12.5,相差 0.1。请核对是否缺行、重复或改动;这一列不应求和的,请在对应关系中改为“不求和的数字”。",
    ),
    (
        SALES,
        RecordKind::SalesList,
        "13,113",
        "13,131",
        "第 3 行“价税合计”现为 131,按“金额＋税额”应为 113,相差 18。请核对这一行。",
    ),
    (
        BANK,
        RecordKind::BankStatement,
        "300,,1200",
        "330,,1200",
        "第 3 行“余额”与第 2 行的余额接不上,相差 30。请核对这两行的金额和余额,或确认中间没有缺行。",
    ),
    (
        ENERGY,
        RecordKind::EnergySlips,
        "45,40,5",
        "45,40,4",
        "第 2 行“消费量合计”现为 45,按“生产用＋非生产用”应为 44,相差 1。请核对这一行。",
    ),
    (
        PAYROLL,
        RecordKind::Payroll,
        "5000,800,5800",
        "5000,850,5800",
        "第 6 行“应付工资/小计”现为 5,800,按其余各行的算法(基本工资＋绩效)应为 5,850,相差 50。请核对这一行。",
    ),
    (
        PAYROLL,
        RecordKind::Payroll,
        "464,5336",
        "464,5363",
        "第 6 行“实发工资”现为 5,363,按其余各行的算法(应付工资小计－应扣部分小计)应为 5,336,相差 27。请核对这一行。",
    ),
];

#[test]
fn every_contradiction_is_found_and_located() {
    for (text, kind, from, to, sentence) in CONTRADICTIONS {
        assert!(text.contains(from), "{from}");
        let errors = read(&text.replacen(from, to, 1), *kind, &Wish::default()).unwrap_err();
        let found = sentences(&errors);
        assert!(found.iter().any(|found| found == sentence), "wanted {sentence}\nfound {found:#?}");
    }
}

#[test]
fn a_file_of_another_month_than_was_asked_for_is_refused() {
    let april = Wish { period: Some(Period::of_month(2026, 4).unwrap()), ..Wish::default() };
    for (text, kind) in [(KINGDEE, RecordKind::VoucherJournal), (BANK, RecordKind::BankStatement)] {
        let errors = read(text, kind, &april).unwrap_err();
        assert!(sentences(&errors)[0].ends_with("不在2026年4月之内。请检查是否选错了文件或报告期。"), "{errors:#?}");
    }
}

#[test]
fn a_proposal_tells_its_reasons_and_what_is_left() {
    let text = "凭证日期,凭证编号（字）,科目编码,本次借方发生额,本次贷方发生额,附注\n2026-03-01,记-1,1002,5,,a\n2026-03-01,记-1,4001,,5,b\n";
    let proposal = propose(&sheet(text), RecordKind::VoucherJournal).unwrap();
    let reasons: Vec<(&str, Option<&str>, Reason)> =
        proposal.mapping.columns.iter().map(|c| (c.name.as_str(), c.field.as_deref(), c.reason)).collect();
    assert_eq!(
        reasons,
        [
            ("凭证日期", Some("date"), Reason::Exact),
            ("凭证编号（字）", Some("number"), Reason::Normalised),
            ("科目编码", Some("account"), Reason::Exact),
            ("本次借方发生额", Some("debit"), Reason::Like),
            ("本次贷方发生额", Some("credit"), Reason::Like),
            ("附注", None, Reason::Unknown),
        ]
    );
    let unused: Vec<&str> = proposal.mapping.unused().map(|column| column.name.as_str()).collect();
    assert_eq!(unused, ["附注"]);
    assert!(proposal.mapping.missing().any(|field| field.name() == "摘要"));
    let doubts = sentences(&proposal.doubts);
    assert!(doubts.contains(&"第 1 行“本次借方发生额”对应为“借方”,依据是名称相近。请核对。".to_owned()), "{doubts:#?}");
}

#[test]
fn days_and_codes_of_accounts_are_found_by_what_they_are() {
    let text = "发生于,凭证号,记入,借方,贷方\n2026-03-01,1,1002,5,\n2026-03-02,1,4001,,5\n";
    let mapping = propose(&sheet(text), RecordKind::VoucherJournal).unwrap().mapping;
    assert_eq!(mapping.of("date").map(|c| (c.name.as_str(), c.reason)), Some(("发生于", Reason::Content)));
    assert_eq!(mapping.of("account").map(|c| (c.name.as_str(), c.reason)), Some(("记入", Reason::Content)));
}

#[test]
fn what_a_person_chooses_takes_the_place_of_the_proposal() {
    let text = "日期,凭证号,科目编码,借方,贷方,原币借,原币贷\n2026-03-01,1,1002,5,,1,\n2026-03-01,1,4001,,5,,1\n";
    let mut mapping = propose(&sheet(text), RecordKind::VoucherJournal).unwrap().mapping;
    mapping.choose(5, RecordKind::VoucherJournal.field("debit"));
    mapping.choose(6, RecordKind::VoucherJournal.field("credit"));
    let records = apply(&sheet(text), &mapping, &Wish::default()).unwrap();
    assert_eq!(records.sums["debit"], number("1"));
    mapping.columns[5].kind = ValueKind::Text;
    assert_eq!(mapping.verify(), ["“原币借”对应“借方”,应为金额,现定为文字。请改正。"]);
    mapping.choose(5, RecordKind::VoucherJournal.field("debit"));
    mapping.choose(6, None);
    assert_eq!(mapping.verify(), ["没有对应“借方”和“贷方”,或者“方向”和“金额”的列。请至少指定其中一种。"]);
}

#[test]
fn a_saved_mapping_reads_next_month_and_refuses_a_header_that_no_longer_fits() {
    let first = propose(&sheet(KINGDEE), RecordKind::VoucherJournal).unwrap().mapping;
    let saved = serde_json::to_string(&first).unwrap();
    for value in ["王某", "银行存款", "记 - 1", "11300"] {
        assert!(!saved.contains(value), "a template holds no value of the file: {value}");
    }
    let mapping: Mapping = serde_json::from_str(&saved).unwrap();
    assert_eq!(mapping, first);
    let next = "某公司凭证,,,,,,\n凭证字号,日期,科目代码,科目名称,贷方,借方,会计期间,汇率,原币金额,摘要,附件数,项目\n\
        记 - 1,2026-04-02,1001,库存现金,,7,2026.4,1,7,x,1,甲\n,,1002,银行存款,7,,,1,7,x,,甲\n";
    let next = sheet(next);
    let records = apply(&next, &mapping, &Wish::default()).unwrap();
    assert_eq!((records.rows.len(), records.rows[0].row, records.sums["credit"]), (2, 3, number("7")));
    let sentence = "第 2 行“项目”第 12 列是新出现的列,对应关系中没有,没有导入。需要的,请在对应关系中指定。";
    assert!(sentences(&records.warnings).contains(&sentence.to_owned()), "{:#?}", records.warnings);
    let renamed = sheet(&KINGDEE.replacen(",科目代码,", ",科目代码(新),", 1).replacen(",借方,", ",收方,", 1));
    assert_eq!(
        sentences(&apply(&renamed, &mapping, &Wish::default()).unwrap_err()),
        [
            "第 1 行表头没有“借方”这一列,与保存的对应关系不符。请检查是否选对了文件;栏目确实改了名的,请重新确认对应关系。",
            "第 1 行表头没有“科目代码”这一列,与保存的对应关系不符。最接近的是第 6 列“科目代码(新)”,请核对后重新确认对应关系。",
        ]
    );
    assert_eq!(
        sentences(&apply(&sheet(BANK), &mapping, &Wish::default()).unwrap_err()),
        ["前 5 行没有找到与保存的对应关系相符的表头。请检查是否选对了文件或工作表;表头改了的,请重新确认对应关系。"]
    );
    let yuan = propose(&sheet(YONYOU), RecordKind::VoucherJournal).unwrap().mapping;
    let changed = sheet(&YONYOU.replace("单位：元", "单位：万元"));
    assert_eq!(
        sentences(&apply(&changed, &yuan, &Wish::default()).unwrap_err()),
        ["表上的金额单位是万元,保存的对应关系是元。请核对金额单位后重新确认对应关系。"]
    );
}

#[test]
fn bank_statements_run_down_or_up_and_journals_take_debit_as_income() {
    let lines: Vec<&str> = BANK.lines().collect();
    let upward = [&lines[..1], &[lines[4], lines[3], lines[2], lines[1]]].concat().join("\n") + "\n";
    let journal = BANK.replace("借方发生额,贷方发生额", "贷方,借方");
    for text in [BANK, &upward, &journal] {
        assert_eq!(accepted(text, RecordKind::BankStatement).count, 4, "{text}");
    }
    assert_eq!(
        read(&upward.replace("300,,1200", "330,,1200"), RecordKind::BankStatement, &Wish::default()).unwrap_err().len(),
        1
    );
    let signed =
        "交易日期,摘要,交易金额,账户余额\n2026-03-01,a,100,100\n2026-03-02,b,-30.5,69.5\n2026-03-03,c,1,70.5\n";
    assert_eq!(accepted(signed, RecordKind::BankStatement).sums["amount"], number("70.5"));
}

#[test]
fn a_chart_of_accounts_keeps_its_codes_and_skips_subtotals() {
    let records = accepted(CHART, RecordKind::ChartOfAccounts);
    assert_eq!(records.count, 3);
    assert_eq!(records.skipped.iter().map(|skipped| skipped.row).collect::<Vec<_>>(), [5]);
    let orphan = CHART.replace("1002.01,工行,2", "1012.01,外埠存款,3");
    assert_eq!(
        sentences(&accepted(&orphan, RecordKind::ChartOfAccounts).warnings),
        [
            "第 3 行“科目编码”“1012.01”的上级科目“1012”不在表中。请导出全部级次。",
            "第 3 行“科目级次”为 3,但“101201”是 2 级科目。请核对。",
        ]
    );
}

#[test]
fn amounts_in_ten_thousands_may_be_off_by_their_rounding_and_by_no_more() {
    let table = |closing: &str| {
        format!("单位：万元,,,,\n品名,期初金额,入库金额,出库金额,结存金额\n齿轮,1.00,2.00,0.50,{closing}\n")
    };
    assert_eq!(accepted(&table("2.52"), RecordKind::StockList).measure, Some(Measure::TenThousandYuan));
    assert_eq!(read(&table("2.53"), RecordKind::StockList, &Wish::default()).unwrap_err().len(), 1);
    let in_yuan = table("2.51").replace("万元", "元");
    assert_eq!(read(&in_yuan, RecordKind::StockList, &Wish::default()).unwrap_err().len(), 1);
}

#[test]
fn any_other_table_keeps_every_column_under_its_own_name() {
    let text = "某项目台账,,,,\n项目,工程款,,设备款,\n,本月,累计,本月,累计\n一期,10,100,5,50\n二期,20,200,,\n合计,30,300,5,50\n";
    let records = accepted(text, RecordKind::Generic);
    let keys: Vec<(&str, ValueKind)> =
        records.columns.iter().map(|column| (column.key.as_str(), column.kind)).collect();
    assert_eq!(
        keys,
        [
            ("项目", ValueKind::Text),
            ("工程款/本月", ValueKind::Amount),
            ("工程款/累计", ValueKind::Amount),
            ("设备款/本月", ValueKind::Amount),
            ("设备款/累计", ValueKind::Amount),
        ]
    );
    assert_eq!((records.count, records.sums["工程款/累计"]), (2, number("300")));
    assert!(records.rows[1].values[3].is_empty(), "a blank is not a zero");
}

#[test]
fn pages_repeat_their_header_and_notes_stand_below() {
    let head = "品名,期初数量,入库数量,出库数量,结存数量";
    let text = format!(
        "{head}\n齿轮,1,2,0,3\n本页小计,1,2,0,3\n{head}\n轴承,1,1,1,1\n小计,1,1,1,1\n总计,2,3,1,4\n保管员：王某,,,,\n"
    );
    let records = accepted(&text, RecordKind::StockList);
    let skipped: Vec<(usize, &str)> = records.skipped.iter().map(|skipped| (skipped.row, skipped.reason)).collect();
    assert_eq!(
        skipped,
        [(3, "小计行,已核对"), (4, "重复的表头"), (6, "小计行,已核对"), (7, "合计行,已核对"), (8, "说明文字")]
    );
}

#[test]
fn wps_files_are_read_by_their_content_as_old_and_as_new_workbooks() {
    let rows: Vec<Vec<&str>> = YONYOU.lines().map(|line| line.split(',').collect()).collect();
    let mut cells = Vec::new();
    for (row, line) in (0_u16..).zip(&rows) {
        for (column, cell) in (0_u16..).zip(line).filter(|(_, cell)| !cell.is_empty()) {
            cells.push((row, column, cell.parse().map_or(Old::Text(cell), Old::Number)));
        }
    }
    let old = xls(&cells, &[]);
    let new = xlsx(&[("凭证", YONYOU, &[])]);
    let wanted = accepted(YONYOU, RecordKind::VoucherJournal);
    for (name, bytes) in
        [("凭证.et", &old), ("凭证.ett", &old), ("凭证.et", &new), ("凭证.ett", &new), ("凭证.xls", &gbk(YONYOU))]
    {
        let sheet: Sheet = youju_sheet::read(name, bytes).unwrap().remove(0);
        let mapping = propose(&sheet, RecordKind::VoucherJournal).unwrap().mapping;
        let records = apply(&sheet, &mapping, &Wish::default()).unwrap();
        assert_eq!((records.rows, records.sums), (wanted.rows.clone(), wanted.sums.clone()), "{name}");
    }
}

#[test]
fn in_any_other_table_a_last_row_with_words_is_a_record_and_not_a_wrong_total() {
    let text = "车间,设备,功率,费用\n一车间,车床,3,100\n一车间,铣床,4,50\n二车间,磨床,7,150\n";
    let records = accepted(text, RecordKind::Generic);
    assert_eq!((records.count, records.sums["费用"]), (3, Decimal::from(300)));
}

#[test]
fn a_saved_mapping_is_laid_over_the_next_file_with_what_has_come_and_refused_for_what_has_gone() {
    let mapping = propose(&sheet(SALES), RecordKind::SalesList).unwrap().mapping;
    let next = SALES
        .replace("开票日期,发票号码", "发票号码,仓库,开票日期")
        .replace("2026-03-02,00012", "00012,一号库,2026-03-02");
    let over = resume(&sheet(&next.replace("2026-03-03,00013", "00013,,2026-03-03")), &mapping).unwrap();
    let seen: Vec<(usize, &str, Take)> =
        over.mapping.columns.iter().map(|column| (column.column, column.name.as_str(), column.take)).take(3).collect();
    assert_eq!(seen, [(1, "发票号码", Take::Keep), (2, "仓库", Take::Leave), (3, "开票日期", Take::Keep)]);
    assert!(over.doubts[0].to_string().contains("“仓库”是新出现的列"), "{:?}", over.doubts);
    let gone = resume(&sheet(&SALES.replace("价税合计", "备注")), &mapping).unwrap_err();
    assert!(gone[0].to_string().contains("表头没有“价税合计”这一列"), "{gone:?}");
}

#[test]
fn a_file_that_names_persons_is_told_from_one_that_does_not() {
    for (text, tells) in [
        (PAYROLL, true),
        (KINGDEE, true),
        (SALES, false),
        (STOCK, false),
        ("科目余额表\n制表人：赵某某\n科目编码,科目名称,期末余额\n", true),
        ("科目余额表\n编制单位：某公司,单位：元\n科目编码,科目名称,期末余额\n", false),
        ("单位联系人：某某\n科目编码,科目名称,期末余额\n", true),
    ] {
        assert_eq!(tells_persons(&[sheet(text)]), tells, "{text}");
    }
}

#[test]
fn kinds_are_read_back_from_their_names_in_storage() {
    for kind in RecordKind::ALL {
        assert_eq!(RecordKind::from_key(kind.key()), Some(kind));
    }
    assert_eq!(RecordKind::from_key("nothing"), None);
}
