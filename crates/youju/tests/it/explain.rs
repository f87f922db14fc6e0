//! `youju explain`: one row, with the figures in the formula.

use crate::house::{House, TWO};

fn explain(house: &House, arguments: &[&str]) -> (i32, String, String) {
    let output = house.command(&[&["explain", "--form", "B203"], arguments].concat()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_row_says_what_it_fails_in_two_languages() {
    let house = House::with("two.csv", TWO);
    let (code, out, err) = explain(&house, &["two.csv", "--row", "3"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let expected = "two.csv  B203 工业 财务状况  乙厂  2026年3月\n\
         Z7 (A) 不符合:利润总额 300 ≠ 营业利润 200 + 营业外收入 0 − 营业外支出 0,差 100(允许 ±2)\n    \
         应满足 利润总额应等于营业利润加营业外收入减营业外支出\n    abs(c327 - (c323 + c325 - c326)) <= 2\n不符合 1 条;";
    assert!(out.starts_with(expected), "{out}");
    let (_, out, _) = explain(&house, &["two.csv", "--row", "2", "--language", "en"]);
    assert!(out.contains("Z8a (A) fails: c301 1,000 < c302 1,200, should be at least that, difference 200\n"), "{out}");
}

#[test]
fn a_named_check_is_explained_whatever_its_verdict() {
    let house = House::with("two.csv", TWO);
    let (_, out, _) = explain(&house, &["two.csv", "--row", "2", "--check", "Z7", "--check", "Z1"]);
    assert!(out.contains("Z7 (A) 符合:|利润总额 104 − (营业利润 100 + 营业外收入 5 − 营业外支出 1)| ≤ 2\n"), "{out}");
    assert!(out.contains("Z1 (A) 无法检验:流动资产合计、资产总计为空\n"), "{out}");
}

#[test]
fn what_cannot_be_explained_is_told_with_the_way_out() {
    let house = House::with("two.csv", format!("{TWO}丙厂,三月,1,1,1,1,1,1\n"));
    for (arguments, says) in [
        (&["two.csv", "--row", "9"][..], "two.csv:第 9 行没有数据。行号从表头的第 1 行数起。\n"),
        (&["two.csv", "--row", "4"], "two.csv:第 4 行“报告期”不能用:"),
        (&["two.csv", "--row", "3", "--check", "Z77"], "没有编号为 Z77 的审核关系。编号见 youju check 的第一栏。\n"),
        (&["none.csv", "--row", "3"], "none.csv:没有这个文件。请核对路径和文件名。\n"),
    ] {
        let (code, _, err) = explain(&house, arguments);
        assert!(code == 2 && err.starts_with(says), "{code} {err}");
    }
}
