//! The sentences that people read, with their figures.

use youju_vtl::{Expression, Language, Program, Record, Scalar, Schema, Type, parse, parse_expression};

fn schema() -> Schema {
    let numbers = ["c201", "c213", "c218", "c301", "c301__prev", "c323", "c325", "c326", "c327", "c335", "staff"];
    let mut names: Vec<(&str, Type)> = numbers.iter().map(|name| (*name, Type::Number)).collect();
    names.extend([
        ("acct", Type::String),
        ("code", Type::String),
        ("open", Type::Boolean),
        ("opened", Type::Date),
        ("till", Type::Date),
    ]);
    Schema::new(names)
}

fn label(name: &str) -> Option<String> {
    let label = match name {
        "c201" => "流动资产合计",
        "c213" => "资产总计",
        "c218" => "负债合计",
        "c301" => "营业收入",
        "c301__prev" => "上年同期营业收入",
        "c323" => "营业利润",
        "c325" => "营业外收入",
        "c326" => "营业外支出",
        "c327" => "利润总额",
        "c335" => "其他收益",
        "staff" => "从业人员",
        "acct" => "执行会计准则",
        "code" => "行业代码",
        "open" => "是否营业",
        "opened" => "开业日期",
        "till" => "停业日期",
        _ => return None,
    };
    Some(label.to_owned())
}

/// `name=value` pairs; dates are day numbers.
fn record(cells: &str) -> Record {
    let pairs = cells.split_whitespace().map(|cell| cell.split_once('=').unwrap());
    pairs
        .map(|(name, value)| {
            let value = match schema().kind(name).unwrap() {
                Type::String => Scalar::text(value),
                Type::Boolean => Scalar::Boolean(value == "true"),
                Type::Date => Scalar::Date(value.parse().unwrap()),
                _ => Scalar::parse_number(value).unwrap(),
            };
            (name.to_owned(), value)
        })
        .collect()
}

#[track_caller]
fn check(rule: &str, cells: &str, sentence: &str, difference: Option<&str>) {
    let names: Vec<String> = schema().components().iter().map(|(name, _)| format!("'{name}'")).collect();
    let source = format!("define datapoint ruleset r (variable {}) is {rule} end datapoint ruleset;", names.join(", "));
    let script = parse(&source).unwrap_or_else(|errors| panic!("{}", errors.render(&source)));
    let program = Program::compile(script.rulesets().next().unwrap(), &schema())
        .unwrap_or_else(|errors| panic!("{}", errors.render(&source)));
    let record = record(cells);
    let explanation = program.explain_record(0, &record, &label, Language::Chinese).unwrap();
    assert_eq!(explanation.sentence, sentence, "{rule}");
    assert_eq!(explanation.difference.map(|value| value.to_string()).as_deref(), difference, "{rule}");
    assert_eq!(explanation.inputs.len(), program.rules()[0].inputs.len());
    let batch = crate::case::batch(&schema(), &[Record::new(), record.clone()], 4);
    let from_batch = program.explain(0, &batch, 1, &label, Language::Chinese).unwrap();
    assert_eq!(from_batch.sentence, explanation.sentence, "{rule} from a batch");
}

#[test]
fn sums_show_their_terms_the_gap_and_the_tolerance() {
    let cells = "c327=1200 c323=1000 c325=100 c326=0";
    let sentence = "利润总额 1,200 ≠ 营业利润 1,000 + 营业外收入 100 − 营业外支出 0,差 100(允许 ±2)";
    check("abs(c327 - (c323 + c325 - c326)) <= 2", cells, sentence, Some("100"));
    check("abs(c327 - c323 - c325 + c326) <= 2", cells, sentence, Some("100"));
    check("2 >= abs(c327 - (c323 + c325 - c326))", cells, sentence, Some("100"));
    check(
        "c327 = c323 + c325 - c326",
        cells,
        "利润总额 1,200 ≠ 营业利润 1,000 + 营业外收入 100 − 营业外支出 0,差 100",
        Some("100"),
    );
    check(
        "abs(c327 - c323) <= 0.5",
        "c327=-1234567.5 c323=1",
        "利润总额 −1,234,567.5 ≠ 营业利润 1,差 −1,234,568.5(允许 ±0.5)",
        Some("-1234568.5"),
    );
    check("abs(c327) < 5", "c327=-7", "利润总额 −7 的绝对值超过 5", Some("-7"));
}

#[test]
fn a_quotient_never_looks_like_the_bound_that_it_breaks() {
    let cells = "c301=20000 c301__prev=18181";
    let ratio = "营业收入 20,000 ÷ 上年同期营业收入 18,181 = 1.10005";
    check("between(c301 / c301__prev, 0.9, 1.1)", cells, &format!("{ratio} 不在 0.9 与 1.1 之间"), None);
    check("c301 / c301__prev < 1.1", cells, &format!("{ratio},应小于 1.1"), Some("0.0000495022"));
    check("c301 / c301__prev <> 2", "c301=4 c301__prev=2", "营业收入 4 ÷ 上年同期营业收入 2 = 2,应不等于 2", Some("0"));
}

#[test]
fn a_blank_that_counts_as_zero_says_so() {
    check(
        "when acct = \"1\" then abs(c323 - (c301 + nvl(c335, 0))) <= 8",
        "acct=1 c323=100 c301=50",
        "因 执行会计准则 = 1,营业利润 100 ≠ 营业收入 50 + 其他收益 空(按 0 计),差 50(允许 ±8)",
        Some("50"),
    );
    check("nvl(c335, 0) >= 1", "c301=1", "其他收益 空(按 0 计),应不小于 1", Some("-1"));
}

#[test]
fn comparisons_say_what_ought_to_be() {
    let cells = "c213=900 c201=1000 c218=100";
    check("c213 >= c201", cells, "资产总计 900 < 流动资产合计 1,000,应不小于,差 100", Some("-100"));
    check("c201 <= c213", cells, "流动资产合计 1,000 > 资产总计 900,应不大于,差 100", Some("100"));
    check("c213 > c201 + c218", cells, "资产总计 900 ≤ 流动资产合计 1,000 + 负债合计 100,应大于,差 200", Some("-200"));
    check("c213 <> c213", cells, "资产总计 900 = 资产总计 900,应不相等", Some("0"));
    check("c213 > 1000", cells, "资产总计 900,应大于 1,000", Some("-100"));
    check("1000 < c213", cells, "资产总计 900,应大于 1,000", Some("-100"));
    check("not (c213 < c201)", cells, "资产总计 900 < 流动资产合计 1,000,应不小于,差 100", None);
    check(
        "c213 >= c201 * 0.95",
        cells,
        "资产总计 900 < 流动资产合计 1,000 × 0.95 = 950,应不小于,差 50",
        Some("-50.00"),
    );
    check("opened <= till", "opened=19002 till=19000", "开业日期 2022-01-10 > 停业日期 2022-01-08,应不大于", None);
    check("acct = code", "acct=1 code=2", "执行会计准则 1 ≠ 行业代码 2,应相等", None);
}

#[test]
fn ratios_show_their_quotient() {
    let cells = "c301=1000 c301__prev=1 staff=3";
    check(
        "when c301__prev > 0 then not (between(c301 / c301__prev, 950, 1050) or between(c301 / c301__prev, 0.00095, 0.00105))",
        cells,
        "因 上年同期营业收入 1 > 0,营业收入 1,000 ÷ 上年同期营业收入 1 = 1,000 在 950 与 1,050 之间,应在此范围之外",
        None,
    );
    check("c301 / staff < 300", cells, "营业收入 1,000 ÷ 从业人员 3 = 333.3333,应小于 300", Some("33.3333333333"));
    check("between(staff, 10, 20)", cells, "从业人员 3 不在 10 与 20 之间", None);
}

#[test]
fn codes_blanks_and_alternatives_are_told_plainly() {
    let cells = "code=C99 staff=0 open=false c301=5";
    check("code in {\"C13\", \"C14\"}", cells, "行业代码 C99 不属于 {C13、C14}", None);
    check("code not_in {\"C99\"}", cells, "行业代码 C99 属于 {C99},应在其外", None);
    check("match_characters(code, \"C1[0-9]\")", cells, "行业代码 C99 不符合格式 C1[0-9]", None);
    check("not isnull(c213)", cells, "资产总计 为空,应填写", None);
    check("isnull(staff)", cells, "从业人员 0,应为空", None);
    check("open", cells, "是否营业 为否,应为是", None);
    check("staff > 0 and c301 < 3 and c301 > 1", cells, "从业人员 0,应大于 0;营业收入 5,应小于 3", None);
    check("staff > 0 or c301 = 0", cells, "下列各项至少应有一项成立:从业人员 0 > 0;营业收入 5 = 0", None);
    check("not (staff = 0 and c301 > 0)", cells, "下列各项不应同时成立:从业人员 0 = 0;营业收入 5 > 0", None);
    check("if staff = 0 then c301 = 0 else true", cells, "因 从业人员 = 0,营业收入 5,应等于 0", None);
    check("staff > 0 xor c301 < 0", cells, "“从业人员 0 > 0 异或 营业收入 5 < 0”不成立", None);
}

#[test]
fn what_did_not_fail_is_explained_too() {
    check("c213 >= c201", "c213=1", "无法检验:流动资产合计为空", None);
    check(
        "c213 / c201 > 1",
        "c213=1 c201=0",
        "无法检验:资产总计 1 ÷ 流动资产合计 0 > 1 中除数为零,结果超出 38 位数字,或有值不能换算",
        None,
    );
    check("when staff > 0 then c213 > 0", "staff=0 c213=0", "不适用:从业人员 0 > 0不成立", Some("0"));
    check("c213 >= c201", "c213=2 c201=1", "符合:资产总计 2 ≥ 流动资产合计 1", Some("1"));
}

#[test]
fn a_derivation_shows_where_its_figure_comes_from() {
    let schema = Schema::new([("s6001", Type::Number), ("s6051", Type::Number)]);
    let derivation = Expression::compile(&parse_expression("s6001 + nvl(s6051, 0)").unwrap(), &schema).unwrap();
    let record = Record::from([
        ("s6001".to_owned(), Scalar::Integer(1000)),
        ("s6051".to_owned(), Scalar::Number { unscaled: 20_050, scale: 2 }),
    ]);
    let labels = |name: &str| name.strip_prefix('s').map(|account| format!("{account} 贷方累计"));
    assert_eq!(derivation.explain(&record, &labels, Language::Chinese), "6001 贷方累计 1,000 + 6051 贷方累计 200.5");
}

#[test]
fn the_same_is_said_in_english() {
    let english = |rule: &str, cells: &str| {
        let names: Vec<String> = schema().components().iter().map(|(name, _)| format!("'{name}'")).collect();
        let source =
            format!("define datapoint ruleset r (variable {}) is {rule} end datapoint ruleset;", names.join(", "));
        let script = parse(&source).unwrap();
        let program = Program::compile(script.rulesets().next().unwrap(), &schema()).unwrap();
        program.explain_record(0, &record(cells), &|_| None, Language::English).unwrap().sentence
    };
    let cases = [
        (
            "abs(c327 - (c323 + c325 - c326)) <= 2",
            "c327=1200 c323=1000 c325=100 c326=0",
            "c327 1,200 ≠ c323 1,000 + c325 100 − c326 0, difference 100 (allowed ±2)",
        ),
        ("c213 >= c201", "c213=900 c201=1000", "c213 900 < c201 1,000, should be at least that, difference 100"),
        ("c301 = c323", "c301=5 c323=7", "c301 5 ≠ c323 7, difference −2"),
        ("c301 > 0", "c301=-5", "c301 −5, should be more than 0"),
        (
            "when acct = \"1\" then nvl(c335, 0) >= 1",
            "acct=1",
            "as acct = 1, c335 (empty) (taken as 0), should be at least 1",
        ),
        ("code in {\"13\", \"14\"}", "code=15", "code 15 is not in {13, 14}"),
        (
            "between(c301 / c301__prev, 0.5, 1.5)",
            "c301=1 c301__prev=4",
            "c301 1 ÷ c301__prev 4 = 0.25 is not between 0.5 and 1.5",
        ),
        ("not isnull(c301)", "c201=1", "c301 is empty, should be filled in"),
        ("c301 > 0 and c201 > 0", "c301=-1 c201=1", "c301 −1, should be more than 0"),
        ("c301 > 0 or open", "c301=-1 open=false", "at least one of these should hold: c301 −1 > 0; open false"),
        ("if open then c301 > 0 else c301 = 0", "open=true c301=0", "as open true, c301 0, should be more than 0"),
        ("c301 > 0", "c201=1", "cannot be tested: c301 is empty"),
        (
            "c301 / c201 > 0",
            "c201=0 c301=1",
            "cannot be tested: c301 1 ÷ c201 0 > 0 divides by zero, exceeds 38 digits or cannot be converted",
        ),
        ("when open then c301 > 0", "open=false", "not applicable: open false does not hold"),
        ("abs(c327) < 5", "c327=4", "holds: |c327 4| < 5"),
    ];
    for (rule, cells, sentence) in cases {
        assert_eq!(english(rule, cells), sentence, "{rule}");
    }
}

#[test]
fn dates_and_conversions_are_told_by_what_they_mean() {
    check(r#"opened >= cast("2020-01-01", date)"#, "opened=18000", "开业日期 2019-04-14,应不小于 2020-01-01", None);
    check(
        "cast(code, integer) > 5",
        "code=C13",
        "无法检验:行业代码 C13 > 5 中除数为零,结果超出 38 位数字,或有值不能换算",
        None,
    );
    check(
        "datediff(opened, till) <= 100",
        "opened=18000 till=18200",
        "相隔天数(开业日期 2019-04-14,停业日期 2019-10-31) = 200,应不大于 100",
        Some("100"),
    );
}
