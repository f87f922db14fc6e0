//! `youju vtl check`: rules without a form over a wide table.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use serde_json::Value as Json;

use crate::house::{House, Ran, counts};

/// A sum within 2, a sign under a condition, a code.
const RULES: &str = r#"define datapoint ruleset '财务' (variable '收入', '成本', '利润', '地区') is
  '平衡': abs('利润' - ('收入' - '成本')) <= 2 errorcode "利润应等于收入减成本" errorlevel "A";
  '成本': when '收入' > 0 then '成本' > 0 errorcode "有收入应有成本" errorlevel "B";
  '区划': '地区' in { "06", "07" }
end datapoint ruleset;
"#;

/// 甲 is in order, 乙 does not add up, 丙 has no cost, 丁 lacks a figure and lies elsewhere, 戊 has no income.
const TABLE: &str =
    "单位,收入,成本,利润,地区\n甲,100,60.5,39.5,06\n乙,100,60,50,07\n丙,100,0,100,06\n丁,,5,3,31\n戊,0,0,0,06\n";

fn house() -> House {
    let house = House::with("rules.vtl", RULES);
    house.write("table.csv", TABLE);
    house
}

fn vtl(house: &House, arguments: &[&str]) -> Ran {
    house.run(&[&["vtl", "check"], arguments].concat())
}

#[track_caller]
fn json(house: &House, arguments: &[&str]) -> Json {
    let ran = vtl(house, &[&["--json"], arguments].concat());
    assert!(ran.code < 2 && ran.err.is_empty(), "{}", ran.err);
    let mut json: Json = serde_json::from_str(&ran.out).unwrap();
    for rule in json["rules"].as_array_mut().unwrap() {
        rule["check"] = rule["rule"].clone(); // so that `counts` of the house finds it
    }
    json["checks"] = json["rules"].take();
    json
}

#[track_caller]
fn refused(house: &House, arguments: &[&str], sentence: &str) {
    let ran = vtl(house, arguments);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.trim_end()), (2, "", sentence));
}

/// [`TABLE`] as Parquet, two rows to a group.
fn parquet(path: &Path, figures: impl Fn([Option<&'static str>; 5]) -> ArrayRef) {
    let texts = |texts: [&str; 5]| -> ArrayRef { Arc::new(StringArray::from(texts.to_vec())) };
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("单位", texts(["甲", "乙", "丙", "丁", "戊"]), true),
        ("收入", figures([Some("100"), Some("100"), Some("100"), None, Some("0")]), true),
        ("成本", figures([Some("60.5"), Some("60"), Some("0"), Some("5"), Some("0")]), true),
        ("利润", figures([Some("39.5"), Some("50"), Some("100"), Some("3"), Some("0")]), true),
        ("地区", texts(["06", "07", "06", "31", "06"]), true),
    ])
    .unwrap();
    write(path, &batch, 2);
}

fn write(path: &Path, batch: &RecordBatch, group_rows: usize) {
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group_rows)).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn the_table_tells_how_every_rule_fared() {
    let ran = vtl(&house(), &["rules.vtl", "table.csv"]);
    let expected = "\
table.csv  规则集 财务
共 5 行,3 条规则。

规则    级别  检验       不符      比例    不能检验   不适用     说明
平衡    A     4          1         25.00%  1          0          利润应等于收入减成本
成本    B     3          1         33.33%  1          1          有收入应有成本
区划          5          1         20.00%  0          0          '地区' in {\"06\", \"07\"}

3 行不符合,涉及 3 条规则。
";
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (1, expected, ""));
}

#[test]
fn a_table_in_order_ends_with_0() {
    let house = house();
    house.write("good.csv", TABLE.lines().take(2).collect::<Vec<_>>().join("\n"));
    let ran = vtl(&house, &["rules.vtl", "good.csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.ends_with("\n0 行不符合,涉及 0 条规则。\n"), "{}", ran.out);
}

#[test]
fn every_kind_of_file_gives_the_same_verdicts() {
    let house = house();
    house.write("semicolon.csv", TABLE.replace(',', ";"));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(TABLE.as_bytes()).unwrap();
    house.write("packed.csv.gz", gzip.finish().unwrap());
    let tenths = |text: &str| -> i128 {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        format!("{whole}{part}").parse().unwrap()
    };
    parquet(&house.path("float.parquet"), |cells| {
        Arc::new(Float64Array::from(cells.map(|cell| cell.map(|text| text.parse().unwrap())).to_vec()))
    });
    parquet(&house.path("decimal.parquet"), |cells| {
        let digits = Decimal128Array::from(cells.map(|cell| cell.map(tenths)).to_vec());
        Arc::new(digits.with_precision_and_scale(18, 1).unwrap())
    });
    let expected = json(&house, &["rules.vtl", "table.csv"]);
    assert_eq!(
        ["平衡", "成本", "区划"].map(|rule| counts(&expected, rule)),
        [[4, 1, 1, 0], [3, 1, 1, 1], [5, 1, 0, 0]]
    );
    assert_eq!((&expected["rows_read"], &expected["rows_flagged"]), (&Json::from(5), &Json::from(3)));
    for name in ["semicolon.csv", "packed.csv.gz", "float.parquet", "decimal.parquet"] {
        for threads in ["1", "3"] {
            let mut found = json(&house, &["rules.vtl", name, "--threads", threads]);
            found["file"] = expected["file"].clone();
            assert_eq!(found, expected, "{name}, {threads} threads");
        }
    }
}

#[test]
fn failing_rows_are_written_in_the_order_of_the_file_with_their_figures() {
    let house = house();
    let ran = vtl(&house, &["rules.vtl", "table.csv", "--failures", "out.csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, "不符合的记录 3 条,已写到 out.csv。\n"));
    let expected = "\u{feff}行号,规则,错误级别,错误代码,审核结果\r
3,平衡,A,利润应等于收入减成本,\"利润 50 ≠ 收入 100 − 成本 60,差 10(允许 ±2)。\"\r
4,成本,B,有收入应有成本,\"因 收入 100 > 0,成本 0,应大于 0。\"\r
5,区划,,,地区 31 不属于 {06、07}。\r
";
    assert_eq!(std::fs::read_to_string(house.path("out.csv")).unwrap(), expected);
    parquet(&house.path("groups.parquet"), |cells| {
        Arc::new(Float64Array::from(cells.map(|cell| cell.map(|text| text.parse().unwrap())).to_vec()))
    });
    // The rows of a Parquet file count from 1; there is no line of heads.
    let expected = expected.replace("\n3,", "\n2,").replace("\n4,", "\n3,").replace("\n5,", "\n4,");
    for threads in ["1", "2", "8"] {
        vtl(&house, &["rules.vtl", "groups.parquet", "--failures", "out.csv", "--threads", threads]);
        assert_eq!(std::fs::read_to_string(house.path("out.csv")).unwrap(), expected, "{threads} threads");
    }
    let left: Vec<_> = std::fs::read_dir(house.path(".")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".part")), "{left:?}");
}

#[test]
fn many_groups_on_many_threads_keep_their_order() {
    let house = House::with("rules.vtl", "define datapoint ruleset r (variable a) is a >= 0 end datapoint ruleset;");
    let values = (0..20_000_i64).map(|row| if row % 7 == 0 { -row - 1 } else { row });
    let column: ArrayRef = Arc::new(Int64Array::from(values.collect::<Vec<_>>()));
    write(&house.path("long.parquet"), &RecordBatch::try_from_iter([("a", column)]).unwrap(), 900);
    let ran = vtl(&house, &["rules.vtl", "long.parquet", "--failures", "out.csv", "--threads", "4"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, "不符合的记录 2858 条,已写到 out.csv。\n"));
    let text = std::fs::read_to_string(house.path("out.csv")).unwrap();
    let rows = text.lines().skip(1).map(|line| line.split(',').next().unwrap().parse::<usize>().unwrap());
    assert!(rows.eq((0..20_000).step_by(7).map(|row| row + 1)));
}

#[test]
fn a_text_in_a_column_of_numbers_is_named_and_is_never_a_pass() {
    let house = house();
    house.write("odd.csv", TABLE.replace("乙,100,60", "乙,100,六十").replace("戊,0", "戊,1e308"));
    let ran = vtl(&house, &["rules.vtl", "odd.csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let (_, errors) = ran.out.split_once("\n有 2 处数据不能使用,按没有数据处理:\n").unwrap();
    let expected = [
        "  第 3 行“成本”应为数字,现为“六十”(“六”不能出现在这里)。请",
        "  第 6 行“收入”应为数字,现为“1e308”(超过 28 位,无法精确保存)。请",
    ];
    for (found, expected) in errors.lines().zip(expected) {
        assert!(found.starts_with(expected), "{found}");
    }
    assert_eq!(errors.lines().count(), 2);
    assert_eq!(ran.line("平衡")[2..6], ["2", "0", "0.00%", "3"]);
}

#[test]
fn a_row_with_the_wrong_number_of_fields_stops_everything() {
    let house = house();
    house.write("short.csv", format!("{TABLE}己,1,1\n"));
    let sentence = "short.csv:第 7 行有 3 列,应为 5 列。请检查该行是否缺少分隔符,带千位逗号的金额是否加了双引号。";
    refused(&house, &["rules.vtl", "short.csv", "--failures", "out.csv"], sentence);
    assert!(!house.path("out.csv").exists() && !house.path("out.csv.part").exists());
}

#[test]
fn the_rules_decide_what_digits_mean() {
    // 地区 is compared with texts: 06 is not 6. 产量 and 上年 are only compared with each other: the cells tell.
    let rules = "define datapoint ruleset r (variable '地区', '产量', '上年', '有') is
        a: '地区' <> \"6\"; b: '产量' >= '上年'; c: when '有' then not isnull('产量') end datapoint ruleset;";
    let house = House::with("rules.vtl", rules);
    house.write("t.csv", "地区,产量,上年,有\n06,10,9,true\n6,9,10,false\n06,\"1,000\",９９９,TRUE\n06,,1,true\n");
    let found = json(&house, &["rules.vtl", "t.csv"]);
    assert_eq!(["a", "b", "c"].map(|rule| counts(&found, rule)), [[4, 1, 0, 0], [3, 1, 1, 0], [3, 1, 0, 1]]);
}

#[test]
fn a_variable_that_the_table_lacks_is_told_and_its_rules_cannot_be_tested() {
    let house = house();
    house.write("part.csv", "收入,地区\n5,06\n6,06\n");
    let ran = vtl(&house, &["rules.vtl", "part.csv"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("\n表中没有这些变量,相关规则不能检验(2 项):成本、利润\n"), "{}", ran.out);
    assert_eq!(ran.line("平衡")[2..6], ["0", "0", "—", "2"]);
    house.write("none.csv", "income\n5\n");
    let sentence = "none.csv:没有规则用到的任何一列,一条规则也不能检验。列名应与变量名相同:收入、成本、利润、地区。";
    refused(&house, &["rules.vtl", "none.csv"], sentence);
}

#[test]
fn one_of_several_rulesets_is_named() {
    let house = house();
    let simple = "define datapoint ruleset '简' (variable '收入') is '收入' >= 0 end datapoint ruleset;";
    house.write("two.vtl", format!("{RULES}{simple}"));
    refused(&house, &["two.vtl", "table.csv"], "two.vtl:有几个规则集:财务、简。请用 --ruleset 写明用哪一个。");
    refused(&house, &["two.vtl", "table.csv", "--ruleset", "繁"], "two.vtl:没有规则集 繁。现有:财务、简。");
    let found = json(&house, &["two.vtl", "table.csv", "--ruleset", "简"]);
    assert_eq!((counts(&found, "1"), &found["ruleset"]), ([4, 0, 1, 0], &Json::from("简")));
}

#[test]
fn rules_that_cannot_be_used_are_refused_with_their_place() {
    let house = house();
    house.write("empty.vtl", "/* 还没有写 */");
    refused(
        &house,
        &["empty.vtl", "table.csv"],
        "empty.vtl:文件中没有审核规则集。请用 define datapoint ruleset 定义。",
    );
    house.write("domain.vtl", RULES.replace("variable", "valuedomain"));
    let sentence = "domain.vtl:规则集 财务 写的是值域(valuedomain),不知道对应哪些列。请改为 variable 并写列名。";
    refused(&house, &["domain.vtl", "table.csv"], sentence);
    house.write("gbk.vtl", encoding_rs::GBK.encode(RULES).0);
    refused(&house, &["gbk.vtl", "table.csv"], "gbk.vtl:规则文件应为 UTF-8 编码。请转换后再试。");
    for (wrong, right, place) in [("<= 2", "<= ", "第 2 行"), ("'成本' > 0", "'本金' > 0", "第 3 行")] {
        house.write("wrong.vtl", RULES.replace(wrong, right));
        let ran = vtl(&house, &["wrong.vtl", "table.csv"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.starts_with(&format!("wrong.vtl:{place}")) && ran.err.contains('^'), "{}", ran.err);
    }
}

#[test]
fn files_that_cannot_be_used_are_refused() {
    let house = house();
    house.write("book.xlsx", b"PK\x03\x04 and more");
    house.write("columns.parquet", b"PAR1 and nothing more");
    refused(&house, &["rules.vtl", "no.csv"], "no.csv:没有这个文件。请核对路径和文件名。");
    refused(&house, &["no.vtl", "table.csv"], "no.vtl:没有这个文件。请核对路径和文件名。");
    refused(&house, &["rules.vtl", "book.xlsx"], "book.xlsx:这是工作簿。请在原软件中另存为 csv 再检查。");
    let ran = vtl(&house, &["rules.vtl", "columns.parquet"]);
    assert!(ran.code == 2 && ran.err.contains("请从原软件重新导出"), "{}", ran.err);
    let options = |target| ["rules.vtl", "table.csv", "--failures", target];
    refused(&house, &options("out.xlsx"), "不能写 out.xlsx:文件名应以 .csv 结尾。");
    refused(&house, &options("table.csv"), "不能写 table.csv:这是要检查的文件。请换一个文件名。");
    assert_eq!(std::fs::read_to_string(house.path("table.csv")).unwrap(), TABLE);
}

#[test]
fn floats_with_many_digits_are_as_exact_as_short_ones() {
    let rules = "define datapoint ruleset r (variable a, b) is a = b + 0.000000001 end datapoint ruleset;";
    let house = House::with("rules.vtl", rules);
    let column = |values: Vec<f64>| -> ArrayRef { Arc::new(Float64Array::from(values)) };
    let long = column(vec![1.000_000_001, 0.300_000_001, 2.0]);
    let batch = RecordBatch::try_from_iter([("a", long), ("b", column(vec![1.0, 0.3, 2.0]))]).unwrap();
    write(&house.path("long.parquet"), &batch, 2);
    let found = json(&house, &["rules.vtl", "long.parquet"]);
    assert_eq!(counts(&found, "1"), [3, 1, 0, 0]);
}

#[test]
fn a_figure_that_is_not_exact_is_named_with_its_row_whichever_thread_meets_it() {
    let house = House::with("rules.vtl", "define datapoint ruleset r (variable a) is a >= 0 end datapoint ruleset;");
    let mut values = vec![1.25; 4_000];
    values[1_234] = f64::NAN;
    values[3_999] = f64::INFINITY;
    let column: ArrayRef = Arc::new(Float64Array::from(values));
    write(&house.path("nan.parquet"), &RecordBatch::try_from_iter([("a", column)]).unwrap(), 100);
    for threads in ["1", "4"] {
        let sentence = "nan.parquet:第 1235 行“a”应为能精确表示的数,现为“NaN”。请改正,没有数据时留空。";
        refused(&house, &["rules.vtl", "nan.parquet", "--threads", threads], sentence);
    }
}
