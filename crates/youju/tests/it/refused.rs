//! Files and options that cannot be used: exit code 2, one sentence with the place and the way out, nothing half done.

use crate::house::{House, TWO};

#[track_caller]
fn refused(house: &House, arguments: &[&str], sentence: &str) {
    let ran = house.check(arguments);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.trim_end()), (2, "", sentence));
}

#[test]
fn files_that_cannot_be_read() {
    let house = House::with("empty.csv", "");
    std::fs::create_dir(house.path("folder")).unwrap();
    house.write("short.csv", format!("{TWO}丙厂,2026-03,1\n"));
    house.write("timeless.csv", "单位代码,301\n甲厂,1\n");
    house.write("twice.csv", "单位代码,报告期,301,营业收入\n甲厂,2026-03,1,1\n");
    let cases = [
        ("nowhere.csv", "nowhere.csv:没有这个文件。请核对路径和文件名。"),
        ("folder", "folder:这是目录。请写出其中要检查的文件。"),
        ("empty.csv", "empty.csv:“文件”没有内容。请检查是否选对了文件,或从原软件重新导出。"),
        ("short.csv", "short.csv:第 4 行有 3 列,应为 8 列。请检查该行是否缺少分隔符,带千位逗号的金额是否加了双引号。"),
        ("timeless.csv", "timeless.csv:表头中没有报告期。请加一列“报告期”,或另外指定报告期。"),
        ("twice.csv", "twice.csv:表头第 3 列“301”和第 4 列“营业收入”是同一个数据项。请去掉一列。"),
    ];
    for (file, sentence) in cases {
        refused(&house, &[file], sentence);
    }
}

#[test]
fn damaged_files_are_refused_with_a_way_out() {
    let house = House::with("book.xlsx", b"PK\x03\x04 and nothing more");
    house.write("columns.parquet", b"PAR1 and nothing more");
    house.write("packed.csv.gz", b"\x1f\x8b and nothing more");
    house.write("bytes.csv", [0xff; 64]);
    for file in ["book.xlsx", "columns.parquet", "packed.csv.gz", "bytes.csv"] {
        let ran = house.check(&[file]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{file}");
        assert!(ran.err.starts_with(&format!("{file}:")) && ran.err.contains("请"), "{}", ran.err);
    }
}

#[test]
fn unknown_forms_and_periods() {
    let house = House::with("two.csv", TWO);
    let output = house.command(&["check", "--form", "B999", "two.csv"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("没有表号为 B999 的报表。现有:") && said.contains("、B203、B103-1、B204-1、"), "{said}");
    refused(
        &house,
        &["--period", "2026-13", "two.csv"],
        "报告期“2026-13”第 6 位有误:月份应为 1 至 12,现为 13。请改为实际存在的报告期,例如 2026-03。",
    );
    refused(
        &house,
        &["--period", "2026", "two.csv"],
        "two.csv:表头之外指定的报告期是“2026年”,B203 工业 财务状况不按这个报告期报送。",
    );
}

#[test]
fn failures_are_written_only_where_they_belong() {
    let house = House::with("two.csv", TWO);
    refused(&house, &["two.csv", "--failures", "out.txt"], "不能写 out.txt:文件名应以 .csv 或 .xlsx 结尾。");
    refused(&house, &["two.csv", "--failures", "./two.csv"], "不能写 ./two.csv:这是要检查的文件。请换一个文件名。");
    assert_eq!(std::fs::read_to_string(house.path("two.csv")).unwrap(), TWO);
    assert!(!house.path("out.txt").exists());
    let ran = house.check(&["two.csv", "--failures", "nowhere/out.csv"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("不能写 nowhere/out.csv:"), "{}", ran.err);
}

#[test]
fn one_unusable_file_among_several_stops_everything() {
    let house = House::with("two.csv", TWO);
    refused(&house, &["two.csv", "nowhere.csv"], "nowhere.csv:没有这个文件。请核对路径和文件名。");
}
