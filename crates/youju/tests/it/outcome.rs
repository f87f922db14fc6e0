//! What is said about a file: the table, the exit code, the errors by place, JSON, the file of failures.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::{Value as Json, json};

use crate::house::{House, TWO, counts};

#[test]
fn the_table_says_what_was_checked_and_how_it_fared() {
    let house = House::with("two.csv", TWO);
    let ran = house.check(&["two.csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert!(ran.out.starts_with("two.csv  B203 工业 财务状况\n共 2 行,审核 2 行。\n"), "{}", ran.out);
    assert!(ran.out.contains("\n审核    类别  检验     不符    比例    不能检验  不适用  应满足\n"), "{}", ran.out);
    assert!(
        ran.out.contains("\nZ8a     A     2        1       50.00%  0         0       营业收入应不小于主营业务收入\n"),
        "{}",
        ran.out
    );
    assert!(ran.out.ends_with("\n2 行有需要处理的问题(A、B、C 类),其中 2 行不只是必填项空着。\n"), "{}", ran.out);
}

#[test]
fn the_exit_code_is_1_when_something_blocking_failed_and_0_otherwise() {
    let head = "单位代码,报告期,301,302,322";
    let cases = [
        ("甲厂,2026-03,1000,900,0", 0, "0 行有需要处理的问题(A、B、C 类),其中 0 行不只是必填项空着。"),
        ("甲厂,2026-03,1000,900,1001", 0, "1 行有需要处理的问题(A、B、C 类),其中 1 行不只是必填项空着。"),
        ("甲厂,2026-03,1000,900,", 1, "1 行有需要处理的问题(A、B、C 类),其中 0 行不只是必填项空着。"),
        ("甲厂,2026-03,1000,1001,0", 1, "1 行有需要处理的问题(A、B、C 类),其中 1 行不只是必填项空着。"),
        ("甲厂,2026-03,1000,九百,0", 1, "有 1 处数据不能使用:"),
    ];
    for (row, code, words) in cases {
        let ran = House::with("one.csv", format!("{head}\n{row}\n")).check(&["one.csv"]);
        assert_eq!(ran.code, code, "{row}\n{}", ran.out);
        assert!(ran.out.contains(words), "{row}\n{}", ran.out);
    }
}

#[test]
fn a_file_with_a_head_and_nothing_below_has_0_rows() {
    let house = House::with("head.csv", TWO.lines().next().unwrap());
    let ran = house.check(&["head.csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("\n共 0 行,审核 0 行。\n"), "{}", ran.out);
    assert_eq!(ran.line("Z8a")[2..7], ["0", "0", "—", "0", "0"]);
}

#[test]
fn cells_and_rows_that_cannot_be_used_are_named_and_the_rest_is_checked() {
    let text = TWO.replace("1200", "12万").replace(",300", ",1e308");
    let rows = "甲厂,2026-03,1,1,1,1,1,1\n,2026-03,1,1,1,1,1,1\n丙厂,三月,1,1,1,1,1,1\n丙厂,2026,1,1,1,1,1,1\n";
    let house = House::with("odd.csv", format!("{text}{rows}"));
    let ran = house.check(&["odd.csv"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("\n共 6 行,审核 2 行。\n"), "{}", ran.out);
    let (_, errors) = ran.out.split_once("有 6 处数据不能使用:\n").unwrap();
    let expected = [
        "  第 2 行“主营业务收入”应为千元整数,现为“12万”(第 3 位“万”不能出现在这里)。请按本栏的计量单位换算,只填数字。",
        "  第 3 行“利润总额”应为千元整数,现为“1e308”(超过 28 位,无法精确保存)。请核对位数和计量单位后重新填写。",
        "  第 4 行与第 2 行重复:同一单位、同一报告期、同一来源只能有一行。本行没有审核,请删去一行。",
        "  第 5 行“单位代码”是空的,不知道是哪个单位。请补上单位代码。本行没有审核。",
        "  第 6 行“报告期”不能用:报告期“三月”第 1 位有误:",
        "  第 7 行“报告期”是“2026年”,B203 工业 财务状况不按这个报告期报送。本行没有审核。",
    ];
    for (found, expected) in errors.lines().zip(expected) {
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
    assert_eq!(errors.lines().count(), expected.len());
    assert_eq!(ran.line("Z8a")[2..6], ["1", "0", "0.00%", "1"], "a figure that cannot be read is not zero");
}

#[test]
fn of_very_many_errors_twenty_are_shown_and_all_are_counted() {
    let rows: Vec<String> = (0..50).map(|n| format!("厂{n},2026-03,许多")).collect();
    let ran = House::with("bad.csv", format!("单位代码,报告期,301\n{}\n", rows.join("\n"))).check(&["bad.csv"]);
    let (_, errors) = ran.out.split_once("有 50 处数据不能使用:\n").unwrap();
    assert_eq!(errors.lines().count(), 21);
    assert!(errors.ends_with("  …… 共 50 处,显示前 20 处。\n"), "{errors}");
}

#[test]
fn a_file_without_periods_takes_the_given_one() {
    let house = House::with("plain.csv", "单位代码,301,302\n甲厂,5,9\n");
    let ran = house.check(&["--period", "2026年1—2月", "plain.csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert_eq!(ran.line("Z8a")[2..4], ["1", "1"]);
    // A file that has its own keeps them, and says so.
    house.write("own.csv", TWO);
    let ran = house.check(&["--period", "2026-04", "own.csv"]);
    assert_eq!(ran.err, "own.csv:文件有报告期一栏,没有使用指定的2026年4月。\n");
}

#[test]
fn several_files_are_told_one_after_the_other() {
    let house = House::with("a.csv", TWO);
    house.write("b.csv", TWO.replace("1200", "900").replace(",300", ",200"));
    let ran = house.check(&["b.csv", "a.csv"]);
    assert_eq!(ran.code, 1, "one bad file is enough");
    assert_eq!(ran.out.matches("共 2 行,审核 2 行。").count(), 2);
    assert!(ran.out.find("b.csv  B203") < ran.out.find("a.csv  B203"));
    assert_eq!(house.check(&["b.csv"]).code, 0);
    let ran = house.check(&["--json", "b.csv", "a.csv"]);
    let json: Json = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        json["files"].as_array().unwrap().iter().map(|file| &file["file"]).collect::<Vec<_>>(),
        ["b.csv", "a.csv"]
    );
}

#[test]
fn json_has_everything_that_the_table_has() {
    let house = House::with("odd.csv", TWO.replace("1200", "12万").replace("营业利润", "备注"));
    let ran = house.check(&["--json", "odd.csv"]);
    assert_eq!((ran.code, ran.out.lines().count()), (1, 1));
    let json: Json = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&json["form"], json["version"].is_string()), (&json!("B203"), true));
    let file = &json["files"][0];
    let names: Vec<&String> = file.as_object().unwrap().keys().collect();
    let expected = [
        "checks",
        "errors",
        "errors_total",
        "file",
        "ignored",
        "missing",
        "rows_checked",
        "rows_flagged",
        "rows_flagged_beyond_required",
        "rows_read",
        "skipped",
    ];
    assert_eq!(names, expected);
    let numbers = ["rows_read", "rows_checked", "rows_flagged", "rows_flagged_beyond_required", "errors_total"];
    assert_eq!(numbers.map(|name| file[name].as_u64().unwrap()), [2, 2, 0, 0, 1]);
    assert_eq!((&file["ignored"], &file["errors"][0]["row"]), (&json!(["备注"]), &json!(2)));
    assert_eq!(file["errors"][0]["column"], "主营业务收入");
    assert_eq!(
        file["checks"].as_array().unwrap().iter().find(|check| check["check"] == "Z8a").unwrap(),
        &json!({
            "check": "Z8a", "severity": "A", "message": "营业收入应不小于主营业务收入",
            "tested": 1, "passed": 1, "failed": 0, "undecided": 1, "not_applicable": 0,
        })
    );
}

#[test]
fn the_file_of_failures_holds_every_failure_with_its_sentence() {
    let house = House::with("two.csv", TWO);
    house.write("three.csv", format!("{TWO}丙厂,2026-03,-5,,,,,\n"));
    let failed: u64 = ["two.csv", "three.csv"].map(|file| failed(&house, file)).iter().sum();
    assert_eq!(failed, 2 + 2 + 5);
    for name in ["out.csv", "out.xlsx"] {
        let ran = house.check(&["two.csv", "three.csv", "--failures", name]);
        assert_eq!((ran.code, ran.err), (1, format!("不符合的记录 {failed} 条,已写到 {name}。\n")));
        let sheets = youju_sheet::read(name, &std::fs::read(house.path(name)).unwrap()).unwrap();
        let text = |row: usize, column| sheets[0].cell(row, column).text().into_owned();
        let head = sheets[0].rows.iter().position(|row| row[0].text() == "文件").unwrap();
        let rows: Vec<usize> = (head + 1..sheets[0].rows.len()).filter(|row| !text(*row, 0).is_empty()).collect();
        assert_eq!(rows.len() as u64, failed, "{name}");
        let first: Vec<String> = (0..9).map(|column| text(head + 1, column)).collect();
        let sentence = "营业收入 1,000 < 主营业务收入 1,200,应不小于,差 200。";
        assert_eq!(
            first,
            ["two.csv", "2", "甲厂", "2026-03", "", "Z8a", "A", "营业收入应不小于主营业务收入", sentence]
        );
        let last = *rows.last().unwrap();
        assert_eq!((text(last, 0), text(last, 2), text(last, 5)), ("three.csv".into(), "丙厂".into(), "N301".into()));
    }
}

fn failed(house: &House, file: &str) -> u64 {
    house.json(file)["checks"].as_array().unwrap().iter().map(|check| check["failed"].as_u64().unwrap()).sum()
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let house = House::with("two.csv", TWO);
    let mut child = house
        .command(&["check", "--form", "B203", "two.csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let done = child.wait_with_output().unwrap();
    assert_eq!((first.as_str(), done.status.code()), ("two.csv  B203 工业 财务状况\n", Some(1)));
    assert_eq!(String::from_utf8_lossy(&done.stderr), "");
}

#[test]
fn rows_of_different_sources_are_not_compared() {
    let rows = "甲厂,2025-03,年报,100\n甲厂,2026-03,年报,900\n乙厂,2025-03,年报,100\n乙厂,2026-03,快报,900\n";
    let file = House::with("s.csv", format!("单位代码,报告期,来源,301\n{rows}")).json("s.csv");
    assert_eq!(counts(&file, "Z11c"), [1, 1, 0, 3]);
}
