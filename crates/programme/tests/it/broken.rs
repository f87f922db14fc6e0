//! Files that are refused, with the place and the reason.

use youju_programme::{Files, load};

use crate::make::{industry, load_with};

/// Loads the shipped files with one text replaced by another; the errors as they are printed.
#[track_caller]
fn errors(file: &str, from: &str, to: &str) -> Vec<String> {
    let mut files = industry();
    let text = files.get(file).expect(file);
    assert!(text.contains(from), "{file} has no {from}");
    let text = text.replacen(from, to, 1);
    files.put(file, &text);
    load_with(&files).expect_err("refused").iter().map(ToString::to_string).collect()
}

/// File, a text in it, what stands there instead, and a piece of the refusal.
const CASES: &[(&str, &str, &str, &str)] = &[
    (
        "programme.toml",
        "authority = \"国家统计局\"",
        "",
        "programme.toml 第 1 行:缺少制定机关(authority)。没有法定标识的报表,调查对象有权拒绝填报。",
    ),
    (
        "programme.toml",
        "示例文号,启用前由制定机关核定",
        " ",
        "programme.toml 第 5 行:文号(document)不能为空。没有法定标识的报表,调查对象有权拒绝填报。",
    ),
    (
        "programme.toml",
        "2027-12-31",
        "2027年底",
        "programme.toml 第 7 行:有效期止(valid_to)应为日期,现为“2027年底”。请写成 2026-12-31。",
    ),
    (
        "programme.toml",
        "2027-12-31",
        "2024-12-31",
        "programme.toml 第 1 行:有效期起应早于有效期止。请核对 valid_from 和 valid_to。",
    ),
    (
        "programme.toml",
        "[\"B\", \"C\", \"D\"]",
        "[\"Z\"]",
        "programme.toml 第 11 行:填报范围(industries)有误:行业代码“Z”有误:国民经济行业分类(GB/T 4754—2017)中没有这个代码。",
    ),
    ("programme.toml", "\"B103-1\", ", "", "forms/B103-1.toml 第 1 行:没有报表或台账使用这个文件。"),
    ("programme.toml", "\"101-1\"]", "\"101-1\", \"B999-1\"]", "forms/B999-1.toml 第 1 行:没有这个文件。"),
    (
        "forms/B203.toml",
        "code = \"B203\"",
        "code = \"B204\"",
        "forms/B203.toml 第 2 行:表号“B204”与文件名“B203”不一致。",
    ),
    ("forms/B203.toml", "measure = \"千元\"", "measure = \"千圆\"", "forms/B203.toml 第 5 行:计量单位“千圆”有误"),
    (
        "forms/B203.toml",
        "headline = [\"301\", \"327\"",
        "headline = [\"301\", \"999\"",
        "forms/B203.toml 第 13 行:主要指标(headline)“999”不是本表的数值指标。",
    ),
    ("forms/B203.toml", "headline = [\"301\", \"327\"", "headline = [\"301\", \"301\"", "主要指标“301”"),
    ("forms/B203.toml", "foot =", "feet =", "不认识的键“feet”。可用的键:code、name、period"),
    (
        "forms/B203.toml",
        "period = \"month_combined\"",
        "period = \"weekly\"",
        "forms/B203.toml 第 4 行:没有报告期别“weekly”。",
    ),
    ("forms/B203.toml", "code = \"202\"", "code = \"201\"", "指标代码“201”重复(单元格 c201)。"),
    ("forms/B203.toml", "sources = [\"GZ-YB\"]", "sources = [\"GZ\"]", "sources.toml 中没有来源“GZ”。"),
    (
        "forms/B203.toml",
        "sign = \"nonnegative\"",
        "sign = \"positive\"",
        "没有符号要求“positive”。可用:any、nonnegative。",
    ),
    ("forms/101-1.toml", "kind = \"usci\", required", "kind = \"uscc\", required", "没有填报类型“uscc”。"),
    ("forms/101-1.toml", ", codes = [[\"1\", \"是\"], [\"2\", \"否\"]]", "", "填报类型为 code 的指标要有代码表(codes)"),
    ("checks/B203.vtl", "Z1: c213 >= c201", "Z1: c213 >= c2011", "c2011"),
    ("checks/B203.vtl", "Z1: c213 >= c201", "Z1: c213 >=", "checks/B203.vtl 第"),
    ("checks/B203.vtl", "Z3: c205 >= c206", "Z1: c205 >= c206", "“Z1”用了两次"),
    (
        "checks/B203.vtl",
        "errorcode \"存货应不小于产成品\" errorlevel \"A\"",
        "errorcode \"存货应不小于产成品\" errorlevel \"E\"",
        "审核关系 Z3 的类别应为 A、B、C、D 之一,现为“E”。",
    ),
    (
        "checks/B203.vtl",
        "Z3: c205 >= c206 errorcode \"存货应不小于产成品\"",
        "Z3: c205 >= c206",
        "审核关系 Z3 没有说明应当怎样。",
    ),
    (
        "checks/B203.vtl",
        "  R301: not isnull(c301) errorcode \"营业收入应填报,没有的填 0\" errorlevel \"A\";\n",
        "",
        "“营业收入”是必填项,但没有审核关系 R301。",
    ),
    ("checks/B203.vtl", "ruleset B203 ", "ruleset B204 ", "规则集名称应为 B203,现为 B204。"),
    (
        "checks/B203.toml",
        "rules = [\"Z2\"]",
        "rules = [\"Z2\", \"Z99\"]",
        "没有审核关系 Z99。请核对编号,或从这里去掉。",
    ),
    ("checks/B203.toml", "rules = [\"Z2\"]", "rules = []", "审核关系 Z2 没有来源说明。"),
    ("checks/B203.toml", "rules = [\"Z2\"]", "rules = [\"Z2\", \"Z1\"]", "审核关系 Z1 说明了两次。"),
    ("checks/B103-1.toml", "Z9 =", "Z1 =", "编号 Z1 已经用过。"),
    ("checks/101-1.toml", "cell = \"c101\"", "cell = \"c102\"", "本表没有代码类单元格“c102”。"),
    ("checks/101-1.toml", "provenance = \"real\"", "provenance = \"official\"", "没有来源类别“official”。"),
    (
        "derivations/B203.toml",
        "cell = \"c202\"",
        "cell = \"c203\"",
        "derivations/B203.toml 第 18 行:本表没有单元格“c203”。请核对写法,例如 c301。",
    ),
    ("derivations/B203.toml", "cell = \"c202\"", "cell = \"c601\"", "“期末用工人数”的计量单位是人,不能由元换算。"),
    ("derivations/B203.toml", "ytd_credit_6001 + nvl", "c302 + nvl", "公式中的“c302”不是余额,也不是台账数。"),
    ("derivations/B203.toml", "ytd_credit_6001 + nvl", "ytd_credit_6001 + + nvl(", "公式有误"),
    ("derivations/B203.toml", "acct = [\"1\"]", "acct = [\"7\"]", "没有会计准则“7”。"),
    (
        "derivations/B203.toml",
        "formula = \"ytd_credit_6001\"",
        "formula = \"ytd_credit_6001 > 0\"",
        "公式的结果应为数值。",
    ),
    (
        "derivations/B203.toml",
        "cell = \"c205\"",
        "cell = \"c202\"",
        "“c202”的取数公式重复:前面已有不带条件的公式(会计准则 1)。",
    ),
];

#[test]
fn mistakes_are_told_with_file_line_and_reason() {
    for (file, from, to, expected) in CASES {
        let errors = errors(file, from, to);
        assert!(errors.iter().any(|error| error.contains(expected)), "{file} {to}\n{errors:#?}");
    }
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_files() {
    let mut files = industry();
    for (file, from, to) in [
        ("forms/B203.toml", "period = \"month_combined\"", "period = \"weekly\""),
        ("checks/B103-1.toml", "provenance = \"youju\"", "provenance = \"ours\""),
        ("programme.toml", "authority = \"国家统计局\"", ""),
    ] {
        let text = files.get(file).unwrap().replacen(from, to, 1);
        files.put(file, &text);
    }
    let errors = load_with(&files).unwrap_err();
    let files: Vec<&str> = errors.iter().map(|error| error.file.as_str()).collect();
    assert_eq!(files, ["checks/B103-1.toml", "forms/B203.toml", "programme.toml"]);
}

#[test]
fn an_unknown_name_in_a_check_is_told_with_its_neighbours() {
    let errors = errors("checks/B203.vtl", "Z1: c213 >= c201", "Z1: c213 >= c2011");
    assert!(
        errors.iter().any(|error| error.contains("c201") && error.starts_with("checks/B203.vtl 第 ")),
        "{errors:#?}"
    );
}

#[test]
fn a_programme_without_files_is_refused() {
    let errors = load(&[Files::default()]).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].file, "programme.toml");
}
