//! What the checks say while a report is being filled in.

use std::collections::BTreeSet;

use youju_domain::finding::Outcome;
use youju_domain::report::CellId;

use crate::make::{Story, b103, b203, cell, f101, fill, form, programme};

pub type Case = (fn() -> Story, &'static str, &'static str, &'static str);

/// The report, what is changed in it, the check that then fails, and its sentence.
pub const CASES: &[Case] = &[
    (b203, "301=", "R301", "营业收入 为空,应填写。"),
    (b203, "201=-1", "N201", "流动资产合计 −1,应不小于 0。"),
    (b203, "201=13000", "Z1", "资产总计 12,000 < 流动资产合计 13,000,应不小于,差 1,000。"),
    (b203, "201=2000", "Z2", "应收账款 1,200 + 存货 1,500 > 流动资产合计 2,000 + 1.5,应不大于,差 698.5。"),
    (b203, "206=1501", "Z3", "存货 1,500 < 产成品 1,501,应不小于,差 1。"),
    (b203, "213=-1", "Z4", "资产总计 −1,应不小于 0。"),
    (b203, "217=12001", "Z15", "资产总计 12,000 < 负债合计 12,001,应不小于,差 1。"),
    (
        b203,
        "323=2183",
        "Z5",
        "因 执行会计准则 1 = 1,营业利润 2,183 ≠ 营业收入 20,000 − 营业成本 15,000 − 税金及附加 150 − 销售费用 800 \
         − 管理费用 1,200 − 研发费用 500 − 财务费用 200 + 其他收益 60 + 投资收益 30 + 净敞口套期收益 0 \
         + 公允价值变动收益 0 + 信用减值损失 −20 + 资产减值损失 −50 + 资产处置收益 5,差 8(允许 ±7.5)。",
    ),
    (
        b203,
        "@acct=2",
        "Z6",
        "因 执行会计准则 2 属于 {2、3},营业利润 2,175 ≠ 营业收入 20,000 − 营业成本 15,000 − 税金及附加 150 \
         − 销售费用 800 − 管理费用 1,200 − 研发费用 500 − 财务费用 200 + 投资收益 30,差 −5(允许 ±4.5)。",
    ),
    (b203, "327=2203", "Z7", "利润总额 2,203 ≠ 营业利润 2,175 + 营业外收入 40 − 营业外支出 15,差 3(允许 ±2)。"),
    (b203, "302=20001", "Z8a", "营业收入 20,000 < 主营业务收入 20,001,应不小于,差 1。"),
    (b203, "308=15001", "Z8b", "营业成本 15,000 < 主营业务成本 15,001,应不小于,差 1。"),
    (b203, "202-1:12_ytd=3001", "Z12", "应付职工薪酬 3,000 < 从业人员工资总额(1—本季)(202-1) 3,001,应不小于,差 1。"),
    (
        b203,
        "B204-1:01_ytd=10000",
        "Z24",
        "工业总产值(1—本月)(B204-1) 10,000 ÷ 营业收入 20,000 = 0.5 不在 0.7 与 1.3 之间。",
    ),
    (b203, "prev:301=20001", "Z9a", "营业收入 20,000 < 营业收入(上期报表) 20,001,应不小于,差 1。"),
    (b203, "prev:307=15001", "Z9b", "营业成本 15,000 < 营业成本(上期报表) 15,001,应不小于,差 1。"),
    (b203, "prev:401=3001", "Z9c", "应付职工薪酬 3,000 < 应付职工薪酬(上期报表) 3,001,应不小于,差 1。"),
    (b203, "prev:309=151", "Z9d", "税金及附加 150 < 税金及附加(上期报表) 151,应不小于,差 1。"),
    (b203, "ly:301=18501", "Z10_301", "营业收入(上年同期) 18,501 ≠ 营业收入(上年报表) 18,500,差 1。"),
    (b203, "307=0", "Z11a", "因 营业收入 20,000 > 0,营业成本 0,应不等于 0。"),
    (b203, "301=0", "Z11b", "因 营业收入 = 0,应付职工薪酬 3,000,应不大于 0。"),
    (b203, "ly:301=10000", "Z11c", "营业收入 20,000 ÷ 营业收入(上年同期) 10,000 = 2 不在 0.5 与 1.5 之间。"),
    (b203, "213=5000", "Z11d", "资产总计 5,000 ÷ 资产总计(上年同期) 11,500 = 0.4348 不在 0.5 与 1.5 之间。"),
    (b203, "401=4051", "Z11e", "应付职工薪酬 4,051 ÷ 应付职工薪酬(上年同期) 2,700 = 1.5004 不在 0.5 与 1.5 之间。"),
    (b203, "601=57", "Z11f", "期末用工人数 57 ÷ 期末用工人数(上年同期) 115 = 0.4957 不在 0.5 与 1.5 之间。"),
    (
        b203,
        "301=20000000",
        "Z13a",
        "营业收入 20,000,000 ÷ 营业收入(上年同期) 18,500 = 1,081.0811 不在 0.00333 与 300 之间。",
    ),
    (b203, "213=12", "Z13b", "资产总计 12 ÷ 资产总计(上年同期) 11,500 = 0.001 不在 0.00333 与 300 之间。"),
    (
        b203,
        "301=185000",
        "Z13c",
        "营业收入 185,000 ÷ 营业收入(上年同期) 18,500 = 10 在 9.5 与 10.5 之间,应在此范围之外。",
    ),
    (
        b203,
        "213=1150",
        "Z13d",
        "资产总计 1,150 ÷ 资产总计(上年同期) 11,500 = 0.1 在 0.095 与 0.105 之间,应在此范围之外。",
    ),
    (
        b203,
        "prev:213=12000000",
        "Z13e",
        "资产总计 12,000 ÷ 资产总计(上期报表) 12,000,000 = 0.001 不在 0.00333 与 300 之间。",
    ),
    (
        b203,
        "prev:213=120000",
        "Z13f",
        "资产总计 12,000 ÷ 资产总计(上期报表) 120,000 = 0.1 在 0.095 与 0.105 之间,应在此范围之外。",
    ),
    (b203, "601=20001", "Z16a", "营业收入 20,000 ÷ 期末用工人数 20,001 = 1 不在 10 与 20,000 之间。"),
    (b203, "601=500", "Z16b", "资产总计 12,000 ÷ 期末用工人数 500 = 24 不在 30 与 100,000 之间。"),
    (b203, "201=6000", "Z17", "|资产总计 12,000 − 2 × 流动资产合计 6,000| = 0,应大于 1。"),
    (b203, "322=20001", "Z18a", "|投资收益 20,001| = 20,001 > 营业收入 20,000,应不大于,差 1。"),
    (
        b203,
        "320=-20000",
        "Z18b",
        "|资产减值损失 −20,000 + 信用减值损失 −20| = 20,020 > 营业收入 20,000,应不大于,差 20。",
    ),
    (b203, "326=2001", "Z18c", "营业外支出 2,001 ÷ 营业收入 20,000 = 0.1001,应不大于 0.1。"),
    (b203, "301=18500", "Z14a", "营业收入 18,500 = 营业收入(上年同期) 18,500,应不相等。"),
    (b203, "327=1925", "Z14b", "利润总额 1,925 = 利润总额(上年同期) 1,925,应不相等。"),
    (b203, "213=11500", "Z14c", "资产总计 11,500 = 资产总计(上年同期) 11,500,应不相等。"),
    (b203, "ly:201=11501", "Z1y", "资产总计(上年同期) 11,500 < 流动资产合计(上年同期) 11,501,应不小于,差 1。"),
    (b203, "ly:206=1451", "Z3y", "存货(上年同期) 1,450 < 产成品(上年同期) 1,451,应不小于,差 1。"),
    (b203, "ly:323=1913", "Z5y", "差 8(允许 ±7.5)。"),
    (b203, "@acct=3", "Z6y", "差 −5(允许 ±4.5)。"),
    (
        b203,
        "ly:327=1928",
        "Z7y",
        "利润总额(上年同期) 1,928 ≠ 营业利润(上年同期) 1,905 + 营业外收入(上年同期) 30 − 营业外支出(上年同期) 10,\
         差 3(允许 ±2)。",
    ),
    (b203, "ly:302=18501", "Z8ay", "营业收入(上年同期) 18,500 < 主营业务收入(上年同期) 18,501,应不小于,差 1。"),
    (b203, "ly:308=13901", "Z8by", "营业成本(上年同期) 13,900 < 主营业务成本(上年同期) 13,901,应不小于,差 1。"),
    (b103, "102=1451", "Z3", "年初存货 1,450 < 年初产成品 1,451,应不小于,差 1。"),
    (b103, "ly:102=1401", "Z3y", "年初存货(上年) 1,400 < 年初产成品(上年) 1,401,应不小于,差 1。"),
    (b103, "211=2501", "Z20a", "累计折旧 2,500 < 本年折旧 2,501,应不小于,差 1。"),
    (b103, "210=7001", "Z20b", "固定资产原价 7,000 < 累计折旧 7,001,应不小于,差 1。"),
    (b103, "2091=3502", "Z20c", "固定资产原价 7,000 + 1.5 < 房屋和构筑物 3,502 + 机器设备 3,500,应不小于,差 0.5。"),
    (b103, "2121=801", "Z20d", "无形资产 800 < 土地使用权 801,应不小于,差 1。"),
    (b103, "2191=3001", "Z20e", "实收资本 3,000 < 个人资本 3,001,应不小于,差 1。"),
    (b103, "218=6002", "Z21", "资产总计 12,000 ≠ 负债合计 6,000 + 所有者权益合计 6,002,差 −2(允许 ±1.5)。"),
    (b103, "ly:218=5702", "Z21y", "差 −2(允许 ±1.5)。"),
    (b103, "101=1451", "Z22a", "年初存货 1,451 ≠ 存货(上年报表) 1,450,差 1。"),
    (b103, "101=1451", "Z22b", "年初存货 1,451 ≠ 存货(上年) 1,450,差 1。"),
    (b103, "B203:301=18181", "Z23", "营业收入 20,000 ÷ 营业收入(B203) 18,181 = 1.10005 不在 0.9 与 1.1 之间。"),
    (f101, "101=", "R101", "统一社会信用代码 为空,应填写。"),
    (
        f101,
        "101=91330100799655058C",
        "U1",
        "统一社会信用代码“91330100799655058C”第 18 位有误:校验码应为 B,现为 C。请对照证照逐位核对全部 18 位后重新填写。",
    ),
    (f101, "212.2=799655059", "U1b", "第 9 位有误"),
    (f101, "213.2=91330100799655058C", "U1c", "校验码应为 B,现为 C"),
    (f101, "103.4=13", "U2", "行业代码“13”是制造业 › 农副食品加工业,应填 4 位小类代码。"),
    (f101, "105.7=330781", "U3", "区划代码“330781”应为 12 位数字,现为 6 位。请填到村(居)委会一级。"),
    (
        f101,
        "106.7=330799001001",
        "U3b",
        "区划代码“330799001001”的前 6 位 330799 不在区划名单中。请核对所在县(市、区)。",
    ),
    (f101, "103.4=4811", "U4a", "因 报表类别 B = B 或 报表类别 B = B1,行业代码 4811 不在 0600 与 4699 之间。"),
    (f101, "104=C", "U4b", "因 报表类别 = C,行业代码 1311 不在 4700 与 5099 之间。"),
    (f101, "104=E", "U4c", "因 报表类别 = E,行业代码 1311 不在 5100 与 5299 之间。"),
    (f101, "104=S", "U4d", "因 报表类别 = S,行业代码 1311 不在 6100 与 6299 之间。"),
    (f101, "104=X", "U4e", "因 报表类别 = X,行业代码 1311,应等于 7010。"),
    (f101, "104=F", "U4f", "行业代码 1311 在 5300 与 6099 之间"),
    (f101, "104=A", "U4g", "因 报表类别 = A,行业代码 1311 不在 0100 与 0599 之间。"),
    (f101, "208=2", "U5", "因 运营状态 2 ≠ 1,营业收入 80,000,应等于 0。"),
    (f101, "192=1000 193.1=400000", "U6a", "单位规模 3,应等于 1。"),
    (f101, "192=300", "U6b", "单位规模 3,应等于 2。"),
    (f101, "191=2", "U6c", "单位规模 2,应等于 3。"),
    (f101, "192=19", "U6d", "单位规模 3,应等于 4。"),
    (f101, "101=799655058", "U7a", "统一社会信用代码 799655058 ≠ 统一社会信用代码(名录库) 91330100799655058B,应相等。"),
    (f101, "@industry=1312", "U7b", "行业代码 1311 ≠ 行业代码(名录库) 1312,应相等。"),
    (f101, "@area=330781001002", "U7c", "所在地区划代码 330781001001 ≠ 区划代码(名录库) 330781001002,应相等。"),
    (f101, "210=2", "U7d", "执行企业会计准则情况 2 ≠ 执行会计准则 1,应相等。"),
    (f101, "@size=2", "U7e", "单位规模 3 ≠ 单位规模(名录库) 2,应相等。"),
    (f101, "203.2=200304", "U8a", "开业时间 200304 < 成立时间 200305,应不小于。"),
    (f101, "193.2=80001", "U8b", "营业收入 80,000 < 主营业务收入 80,001,应不小于,差 1。"),
    (f101, "210=", "U8c", "因 执行会计标准类别 = 1,执行企业会计准则情况 为空,应填写。"),
    (f101, "212.2=", "U8d", "因 企业集团情况 = 2,直接上级法人代码 为空,应填写。"),
    (f101, "213.3=", "U8e", "因 有无上一级法人 = 1,上一级法人名称 为空,应填写。"),
    (f101, "214.2=0", "U8f", "因 是否有下属产业活动单位 = 1,下属产业活动单位个数 0,应大于 0。"),
    (f101, "py:193.1=80", "U9a", "营业收入 80,000 ÷ 营业收入(上年报表) 80 = 1,000 不在 0.00333 与 300 之间。"),
    (f101, "193.1=1199", "U9b", "营业收入 1,199 ÷ 从业人员期末人数 120 = 9.9917 不在 10 与 20,000 之间。"),
    (f101, "py:192=60", "U9c", "从业人员期末人数 120 ÷ 从业人员期末人数(上年报表) 60 = 2 不在 0.5 与 1.5 之间。"),
    (b103, "102-1:12=3001", "Z12", "应付职工薪酬 3,000 < 从业人员工资总额(102-1) 3,001,应不小于,差 1。"),
];

#[test]
fn correct_books_have_no_finding() {
    for story in [b203(), b103(), f101()] {
        let findings: Vec<String> = story.findings().iter().map(|f| format!("{} {}", f.check, f.sentence)).collect();
        assert_eq!(findings, Vec::<String>::new(), "{}", story.form);
    }
}

#[test]
fn every_mistake_is_told_with_its_figures() {
    for (story, changes, check, sentence) in CASES {
        let finding = story().with(changes).finding(check).unwrap_or_else(|| panic!("{check} passes after {changes}"));
        assert_eq!(finding.outcome, Outcome::Fail, "{check} after {changes}: {}", finding.sentence);
        assert!(finding.sentence.contains(sentence), "{check}: {}", finding.sentence);
    }
}

/// Rules that repeat one pattern for every indicator are spoiled by the loops below.
fn follows_a_pattern(check: &str) -> bool {
    check.starts_with('R') || check.starts_with('N') || check.starts_with("Z10_")
}

#[test]
fn every_check_has_a_story() {
    let told: BTreeSet<(&str, &str)> = CASES.iter().map(|(story, _, check, _)| (story().form, *check)).collect();
    // The annual form repeats these rules of the monthly one word for word.
    let shared = programme().form("B203").unwrap().checks();
    // The other forms have theirs in `tests/cases`.
    for form in ["B203", "B103-1", "101-1"].map(form) {
        for check in form.checks().iter().filter(|check| !follows_a_pattern(&check.id)) {
            let is_shared = shared.iter().any(|other| other.id == check.id && other.text == check.text);
            let is_told = told.contains(&(form.code.as_str(), check.id.as_str()))
                || (is_shared && told.contains(&("B203", check.id.as_str())));
            assert!(is_told, "{} {} has no case above", form.code, check.id);
        }
        for check in form.intrinsic_checks() {
            assert!(told.contains(&(form.code.as_str(), check.id.as_str())), "{} {}", form.code, check.id);
        }
    }
}

#[test]
fn required_cells_and_signs_are_checked_one_by_one() {
    for story in [b203(), b103(), f101()] {
        for def in story.form().cells().iter().filter(|cell| cell.column.is_empty()) {
            let code = def.id.as_str().trim_start_matches('c');
            let blank = story.clone().with(&format!("{}=", def.code));
            let is_missed = blank.failing().contains(&format!("R{code}"));
            assert_eq!(is_missed, def.is_required, "{} {}", story.form, def.id);
            if def.is_nonnegative {
                let below = story.clone().with(&format!("{}=-1", def.code)).failing();
                let sign = if code == "213" { "Z4".to_owned() } else { format!("N{code}") };
                assert!(below.contains(&sign), "{} {}", story.form, def.id);
            }
        }
    }
}

#[test]
fn last_years_column_must_repeat_last_years_report() {
    for story in [b203(), b103()] {
        for (ly, main) in story.form().last_year_cells() {
            let code = main.as_str().trim_start_matches('c');
            let check = format!("Z10_{code}");
            let changed = story.clone().with(&format!("ly:{code}=777"));
            assert!(changed.failing().contains(&check), "{} {ly}", story.form);
            let mut new_unit = changed;
            new_unit.last_year = None;
            assert_eq!(new_unit.finding(&check), None, "a unit without last year's report is not asked");
        }
    }
}

#[test]
fn a_blank_is_not_zero_and_leaves_the_check_untested() {
    let cases = [
        ("326=", "Z7", "“营业外支出”没有数据,无法审核。填报后自动审核。"),
        ("202= 205=", "Z2", "“应收账款”、“存货”没有数据,无法审核。填报后自动审核。"),
        ("ly:327=", "Z10_327", "“利润总额(上年同期)”没有数据,无法审核。填报后自动审核。"),
    ];
    for (changes, check, sentence) in cases {
        let finding = b203().with(changes).finding(check).expect(check);
        assert_eq!((finding.outcome, finding.sentence.as_str()), (Outcome::NotTestable, sentence));
    }
    // What most units never have counts as zero: 净敞口套期收益 and its neighbours.
    assert_eq!(b203().with("335= 321=").finding("Z5"), None);
}

#[test]
fn rounding_alone_is_never_a_failure() {
    // Fifteen terms, each rounded on its own: seven units are possible, eight are not.
    for (value, fails) in [(2168, false), (2182, false), (2167, true), (2183, true)] {
        let story = b203().with(&format!("323={value} 327={}", value + 25));
        assert_eq!(story.failing().contains(&"Z5".to_owned()), fails, "{value}");
    }
}

#[test]
fn cumulative_figures_begin_anew_with_the_year() {
    let mut story = b203().with("prev:301=99999");
    assert_eq!(story.failing(), ["Z9a"]);
    story.period = "2026-01~02";
    assert_eq!(story.failing(), Vec::<String>::new());
}

#[test]
fn a_finding_names_its_cells_and_remembers_its_figures() {
    let finding = b203().with("prev:301=20001").finding("Z9a").unwrap();
    assert_eq!(finding.cells, [CellId::new("c301")]);
    let inputs: Vec<(&str, &str)> = finding.inputs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(inputs, [("c301", "20000"), ("c301__prev", "20001"), ("first_of_year", "否")]);
    assert_eq!(finding.message, "营业收入的年初累计数一般不小于上期");
}

#[test]
fn a_change_is_checked_where_it_matters_and_nowhere_else() {
    let before = b203();
    let mut after = before.clone();
    fill(after.form(), "", "206=1501 325=50", &mut after.cells);
    let touched = after.form().check_touched(&after.facts(), &[CellId::new("c206"), CellId::new("c325")]);
    assert_eq!(touched.checks, ["R325", "N206", "N325", "Z3", "Z7"]);
    // Replacing the findings of the touched checks gives what a full check gives.
    assert_eq!(touched.findings, after.findings());
}

#[test]
fn a_text_in_a_number_cell_is_never_a_number() {
    let mut story = b203();
    let id = CellId::new("c326");
    story.cells.insert(id, cell(youju_domain::report::Value::Text("15".into())));
    assert_eq!(story.finding("Z7").unwrap().outcome, Outcome::NotTestable);
}
