//! Checks written as 审核公式, alone and beside VTL.

use std::collections::BTreeSet;
use std::fs;

use youju_domain::finding::{Finding, Outcome};
use youju_programme::{Bulk, Files, Form, Programme, Provenance};
use youju_vtl::Language;

use crate::entry::CASES;
use crate::make::{Story, b103, b203, f101, industry, load_with, programme};

/// The shipped files with formulas beside the VTL of some forms.
fn with_formulas(formulas: &[(&str, &str)]) -> Files {
    let mut files = industry();
    for (form, text) in formulas {
        files.put(&format!("checks/{form}.txt"), text);
    }
    files
}

#[track_caller]
fn loaded(files: &Files) -> Programme {
    let lines = |errors: Vec<_>| errors.iter().map(ToString::to_string).collect::<Vec<String>>().join("\n");
    load_with(files).unwrap_or_else(|errors| panic!("{}", lines(errors)))
}

#[track_caller]
fn refused(files: &Files) -> Vec<String> {
    load_with(files).expect_err("refused").iter().map(ToString::to_string).collect()
}

fn findings(programme: &Programme, story: &Story) -> Vec<Finding> {
    programme.form(story.form).unwrap().check(&story.facts())
}

/// The published accounts of the demonstration, checked in bulk: row and finding. December stands for the year.
fn accounts(form: &Form) -> Vec<(usize, Finding)> {
    let text = include_str!("../../../youju/src/demo/accounts.csv").replace("-12,", "Q4,");
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let mut bulk = Bulk::new(form, &lines.next().unwrap(), None).unwrap();
    for (at, cells) in lines.enumerate() {
        bulk.push(at + 2, &cells);
    }
    let checked = bulk.check().unwrap();
    (0..checked.rows_checked()).flat_map(|at| checked.findings(at).into_iter().map(move |f| (at, f))).collect()
}

/// The notation has no rows of lists yet.
fn without_lists(programme: &Programme) -> impl Iterator<Item = &Form> {
    programme.forms().iter().filter(|form| form.lists.is_empty())
}

/// The shipped programme with no line of VTL where there are no lists: every check as a formula.
fn without_vtl() -> Files {
    let mut files = industry();
    for form in without_lists(programme()) {
        let (text, left_out) = form.as_formulas();
        assert_eq!(left_out, [], "{}", form.code);
        files.remove(&format!("checks/{}.vtl", form.code)).expect("it is there");
        files.put(&format!("checks/{}.txt", form.code), &text);
    }
    files
}

#[test]
fn the_shipped_checks_written_as_formulas_find_the_same() {
    let formulas = loaded(&without_vtl());
    let stories = [b203, b103, f101].into_iter().map(|report| report());
    let spoiled = CASES.iter().map(|(report, changes, ..)| report().with(changes));
    let mut failures = 0;
    for story in stories.chain(spoiled) {
        let expected = story.findings();
        failures += expected.iter().filter(|finding| finding.outcome == Outcome::Fail).count();
        assert_eq!(findings(&formulas, &story), expected, "{} {:?}", story.form, story.cells);
    }
    assert!(failures >= CASES.len(), "{failures}");
    for code in ["B203", "B103-1"] {
        let (one, other) = (accounts(programme().form(code).unwrap()), accounts(formulas.form(code).unwrap()));
        assert!(one.len() > 1000, "{code}: {}", one.len());
        assert_eq!(one, other, "{code}");
    }
    for form in without_lists(&formulas) {
        let shipped = programme().form(&form.code).unwrap();
        assert_eq!(form.checks(), shipped.checks(), "{}", form.code);
        assert_ne!(form.version(), shipped.version(), "it is written otherwise, so it is another definition");
    }
}

#[test]
fn what_was_written_as_formulas_is_shown_as_vtl_again() {
    let mut files = without_vtl();
    let formulas = loaded(&files);
    for form in without_lists(&formulas) {
        files.remove(&format!("checks/{}.txt", form.code)).unwrap();
        files.put(&format!("checks/{}.vtl", form.code), &form.as_vtl());
    }
    let again = loaded(&files);
    for form in again.forms() {
        assert_eq!(form.checks(), programme().form(&form.code).unwrap().checks(), "{}", form.code);
    }
}

/// As somebody would write them by hand: full-width signs, Chinese words, a tolerance.
const BY_HAND: &str = "# 营业利润以下的审核关系
Z1： ［213，1］ ≥ ［201，1］ | 强制性 | 资产总计应不小于流动资产合计
Z7: [327,1] = [323,1] + [325,1] - [326,1] ±2 | 级别：强制性 | 利润总额应等于营业利润加营业外收入减营业外支出
Z9a: 若 NOT 首期 且 NOT ISNULL([301,1].上期) 则 [301,1] >= [301,1].上期 | 核实性 | 营业收入的年初累计数一般不小于上期
";

/// The shipped VTL without these rules.
fn without(file: &str, rules: &[&str]) -> String {
    let vtl = industry().get(file).unwrap().to_owned();
    rules.iter().fold(vtl, |vtl, rule| {
        let from = vtl.find(&format!("  {rule}:")).expect(rule);
        let to = from + vtl[from..].find(";\n").expect(rule) + 2;
        vtl[..from].to_owned() + &vtl[to..]
    })
}

#[test]
fn a_form_may_have_some_checks_in_vtl_and_some_as_formulas() {
    let mut files = with_formulas(&[("B203", BY_HAND)]);
    files.put("checks/B203.vtl", &without("checks/B203.vtl", &["Z1", "Z7", "Z9a"]));
    let mixed = loaded(&files);
    let sorted = |mut findings: Vec<Finding>| {
        findings.sort_by(|a, b| a.check.cmp(&b.check));
        findings
    };
    for changes in ["", "201=13000", "327=2203 201=13000", "prev:301=20001", "327="] {
        let story = b203().with(changes);
        assert_eq!(sorted(findings(&mixed, &story)), sorted(story.findings()), "{changes}");
    }
    let ids = |programme: &Programme| {
        programme.form("B203").unwrap().checks().iter().map(|check| check.id.clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(ids(&mixed), ids(programme()));
    // A change is re-checked whatever its checks are written in.
    let story = b203().with("327=2203");
    let cell = mixed.form("B203").unwrap().cell_by_text("c327").unwrap().id.clone();
    let touched = mixed.form("B203").unwrap().check_touched(&story.facts(), &[cell]);
    assert!(touched.checks.contains(&"Z7".to_owned()) && touched.checks.contains(&"Z14b".to_owned()), "{touched:?}");
}

type Case = (fn() -> Story, &'static str, &'static str, &'static str);

/// The report, a formula, what is changed in the report, and what should hold with the sentence; nothing where it holds.
const STORIES: &[Case] = &[
    (b203, "X: [301,1] <= 2000万元 | C | 营业收入应不超过 2000 万元,现为 {[301,1]} 千元", "", ""),
    (
        b203,
        "X: [301,1] <= 2000万元 | C | 营业收入应不超过 2000 万元,现为 {[301,1]} 千元",
        "301=20001",
        "营业收入应不超过 2000 万元,现为 20,001 千元 / 营业收入 20,001,应不大于 20,000。",
    ),
    (
        b203,
        "X: [327,1] = [323,1] + [325,1] - [326,1] | C | 利润总额差 {差}",
        "327=2199",
        "利润总额差 −1 / 利润总额 2,199 ≠ 营业利润 2,175 + 营业外收入 40 − 营业外支出 15,差 −1。",
    ),
    (
        b203,
        "X: [*,1] >= 50% * [*,2] {301,401} | D | 比上年同期 {[*,2]} 少了一半以上",
        "401=1000",
        "比上年同期 2,700 少了一半以上 / 应付职工薪酬 1,000 < 0.5 × 应付职工薪酬(上年同期) 2,700 = 1,350,应不小于,差 350。",
    ),
    (
        b203,
        "X: [601,1] >= [601,1].上年同期 | C | 上期的资产总计是 {[213,1].-1}",
        "601=100",
        "上期的资产总计是 11,800 / 期末用工人数 100 < 期末用工人数(上年报表) 115,应不小于,差 15。",
    ),
    (
        b203,
        "X: IF 执行会计准则=\"2\" THEN [332,1] = 0 | B | 小企业会计准则没有资产处置收益",
        "@acct=2",
        "小企业会计准则没有资产处置收益 / 因 执行会计准则 = 2,资产处置收益 5,应等于 0。",
    ),
    (
        b103,
        "X: [301,1] = B203[301,1] | C | 年报 {[301,1]} 应等于 12 月 {B203[301,1]},差 {差}",
        "B203:301=19000",
        "年报 20,000 应等于 12 月 19,000,差 1,000 / 营业收入 20,000 ≠ 营业收入(B203) 19,000,差 1,000。",
    ),
    (f101, "X: LEFT([103.4,1],2) = \"13\" | C | 行业大类应为 13,小类是 {[103.4,1]}", "", ""),
    (
        f101,
        "X: LEFT([103.4,1],2) = \"14\" | C | 行业大类应为 14,小类是 {[103.4,1]}",
        "",
        "行业大类应为 14,小类是 1311 / 截取(行业代码 1311,1,2) = 13,应等于 14。",
    ),
    // Reports for 2026-03.
    (b203, "X: [301,1] < 0 | C | 有效 | 有效:2024-01~2025", "", ""),
    (b203, "X: [301,1] < 0 | C | 有效 | 有效:2026-04~", "", ""),
    (b203, "X: [301,1] < 0 | C | 有效 | 有效:~2026-03", "", "有效 / 营业收入 20,000,应小于 0。"),
    (b203, "X: [301,1] < 0 | C | 有效 | 有效:2026~2026", "", "有效 / 营业收入 20,000,应小于 0。"),
    (
        b203,
        "X: IF 执行会计准则=\"1\" THEN [301,1] < 0 | C | 有效 | 有效:2026-03-31~",
        "",
        "有效 / 因 执行会计准则 = 1,营业收入 20,000,应小于 0。",
    ),
];

#[test]
fn a_formula_is_told_with_its_figures() {
    for (report, formula, changes, expected) in STORIES {
        let story = report().with(changes);
        let programme = loaded(&with_formulas(&[(story.form, &format!("{formula} | 来源:FW-F203"))]));
        let of_it = |finding: &Finding| finding.check.split('_').next() == Some("X");
        let found: Vec<String> = findings(&programme, &story)
            .iter()
            .filter(|finding| of_it(finding))
            .map(|finding| format!("{} / {}", finding.message, finding.sentence))
            .collect();
        assert_eq!(found.join("\n"), *expected, "{formula}");
    }
}

#[test]
fn a_message_in_vtl_has_the_same_places_for_figures() {
    let mut files = industry();
    let text = files.get("checks/B203.vtl").unwrap().replace(
        "利润总额应等于营业利润加营业外收入减营业外支出\" errorlevel \"A\"",
        "利润总额 {[327,1]} 差 {差}\" errorlevel \"A\"",
    );
    files.put("checks/B203.vtl", &text);
    let found = findings(&loaded(&files), &b203().with("327=2203"));
    assert_eq!(found.iter().find(|finding| finding.check == "Z7").unwrap().message, "利润总额 2,203 差 3");
    files.put("checks/B203.vtl", &text.replace("{[327,1]}", "{[999,1]}"));
    let errors = refused(&files);
    assert!(errors[0].contains("审核关系 Z7 的说明:表 B203 没有第 999 行。"), "{errors:?}");
}

#[test]
fn a_whole_file_is_checked_as_one_report_is() {
    let formulas =
        "X: [301,1] >= [307,1] | C | 收入 {[301,1]} 成本 {[307,1]} 资产 {[213,1]} | 有效:2025~ | 来源:FW-F203";
    let programme = loaded(&with_formulas(&[("B203", formulas)]));
    let mut bulk = Bulk::new(programme.form("B203").unwrap(), &["period", "301", "307", "213"], None).unwrap();
    bulk.push(2, &["2024-12", "1000", "2000", "7"]);
    bulk.push(3, &["2025-03", "1000", "2000", "8"]);
    let checked = bulk.check().unwrap();
    let told = checked.failures().filter(|(_, finding)| finding.check == "X").map(|(row, f)| (row.row, f.message));
    assert_eq!(told.collect::<Vec<_>>(), [(3, "收入 1,000 成本 2,000 资产 8".to_owned())]);
    // Explaining the row says the same.
    let explained = checked.explain(1, "X", Language::Chinese).unwrap().unwrap();
    assert_eq!(explained.message, "收入 1,000 成本 2,000 资产 8");
}

#[test]
fn a_formula_says_where_it_comes_from_and_for_whom() {
    let formulas = "X1: [301,1] > 0 | C | 一 | 来源:FW-F203、LY-GUIXIA | 适用:规模以上工业\n\
                    S: [*,1] >= [*,2] {301,307} | C | 二 | 适用:新入库单位\n";
    let mut files = with_formulas(&[("B203", formulas)]);
    let abouts = "\n[[about]]\nrules = [\"S\"]\nprovenance = \"inferred\"\nnote = \"示例。\"\n";
    let toml = format!("{}{abouts}", files.get("checks/B203.toml").unwrap());
    files.put("checks/B203.toml", &toml);
    let programme = loaded(&files);
    let checks = programme.form("B203").unwrap().checks();
    let about = |id: &str| {
        let check = checks.iter().find(|check| check.id == id).expect(id);
        (check.provenance, check.sources.join(" "), check.note.as_str())
    };
    assert_eq!(about("X1"), (Provenance::Real, "FW-F203 LY-GUIXIA".to_owned(), "适用:规模以上工业。"));
    // The rules that one formula became are described together.
    assert_eq!(about("S_301"), (Provenance::Inferred, String::new(), "示例。适用:新入库单位。"));
    assert_eq!(about("S_301"), about("S_307"));
    // What is written beside a formula stays beside it.
    let (text, _) = programme.form("B203").unwrap().as_formulas();
    assert!(text.contains("X1: [301,1] > 0 | C | 一 | 适用:规模以上工业 | 来源:FW-F203、LY-GUIXIA\n"), "{text}");
}

/// Formulas of B203, and the refusal as it is printed.
const REFUSED: &[(&str, &str)] = &[
    (
        "# 行号写错\nX: [3011,1] >= 0 | C | 一 | 来源:FW-F203",
        "checks/B203.txt 第 2 行第 5 列:表 B203 没有第 3011 行。是否应为 301、201、302？\n2 | X: [3011,1] >= 0 | C | 一 | 来源:FW-F203\n  |     ^^^^",
    ),
    (
        "X: [301,3] >= 0 | C | 一 | 来源:FW-F203",
        "checks/B203.txt 第 1 行第 9 列:表 B203 没有第 3 栏。是否应为 1、2？\n1 | X: [301,3] >= 0 | C | 一 | 来源:FW-F203\n  |         ^",
    ),
    (
        "X: [601,1] + [301,1] >= 执行会计准则 | C | 一 | 来源:FW-F203",
        "checks/B203.txt 第 1 行第 4 列:“>=”两边类型不同:一边是数值,一边是字符串。",
    ),
    ("X: B999[301,1] >= 0 | C | 一 | 来源:FW-F203", "checks/B203.txt 第 1 行第 4 列:没有表号为“B999”的表。"),
    ("X: [301,1].YTD >= 0 | C | 一 | 来源:FW-F203", "表 B203 没有提供“.YTD”的数据。可用的有 .-1、.-1Y。"),
    (
        "X: [301,1] > 0 AND 行业=\"1311\" | C | 一 | 来源:FW-F203",
        "checks/B203.txt 第 1 行第 20 列:没有名为“行业”的属性。",
    ),
    (
        "[301,1] >= 0 | C | 一 | 来源:FW-F203",
        "checks/B203.txt 第 1 行第 1 列:审核关系没有编号。请在冒号前写上,例如 Z7:\n1 | [",
    ),
    ("X: [301,1] >= 0 | C | 来源:FW-F203", "审核关系 X 没有说明应当怎样。请在竖线后写提示语。"),
    ("X: [301,1] >= 0 | 一 | 来源:FW-F203", "审核关系 X 的类别应为 A、B、C、D 之一,现为“”。请在竖线后写 A 或强制性。"),
    ("X: [301,1] >= 0 | C | 一", "审核关系 X 没有来源说明。请在竖线后写 来源:…,或在同名 toml 的 [[about]] 中列出。"),
    ("X: [301,1] >= 0 | C | 一 | 来源:FW-F2O3", "sources.toml 中没有来源“FW-F2O3”。请补上,或核对写法。"),
    (
        "Z1: [213,1] >= [201,1] | A | 一",
        "checks/B203.txt 第 1 行第 1 列:审核关系 Z1 用了两次(checks/B203.vtl 第 52 行已有)。请换一个编号。\n1 | Z1: [213,1] >= [201,1] | A | 一\n  | ^",
    ),
    (
        "X: [301,1] >= 0 | C | 一 | 来源:FW-F203\nX: [302,1] >= 0 | C | 二 | 来源:FW-F203",
        "checks/B203.txt 第 2 行第 1 列:有两条公式叫“X”(另一条在第 1 行),请改名。",
    ),
    ("R302: NOT ISNULL([302,1]) | A | 一 | 来源:FW-F203", "R302 要求必填,但表式中没有 required = true。"),
];

#[test]
fn a_wrong_formula_is_told_with_file_line_column_and_a_caret() {
    for (formulas, expected) in REFUSED {
        let errors = refused(&with_formulas(&[("B203", formulas)]));
        assert!(errors.len() == 1 && errors[0].contains(expected), "{formulas}\n{}", errors.join("\n"));
    }
    // Said beside the formula and in the file of descriptions too.
    let mut files = with_formulas(&[("B203", "Z1: [213,1] >= [201,1] | A | 一 | 来源:FW-F203")]);
    files.put("checks/B203.vtl", &without("checks/B203.vtl", &["Z1"]));
    let twice =
        "checks/B203.txt 第 1 行第 1 列:审核关系 Z1 说明了两次:竖线后的来源,和同名 toml 的 [[about]]。请只留一处。";
    assert!(refused(&files)[0].starts_with(twice), "{:?}", refused(&files));
    // A wrong name in VTL is shown in the same way.
    let mut files = industry();
    let vtl = files.get("checks/B203.vtl").unwrap().replace("Z3: c205 >= c206 ", "Z3: c205 >= c2060 ");
    files.put("checks/B203.vtl", &vtl);
    let errors = refused(&files);
    assert!(errors[0].contains("第 15 列:") && errors[0].ends_with("^^^^^"), "{errors:?}");
}

#[test]
fn a_mistake_that_shows_in_one_row_only_is_told_at_its_formula() {
    // Rows 101 to 103.3 hold texts, 192 a number.
    let errors = refused(&with_formulas(&[("101-1", "\nX: [*,1] >= \"\" | C | 一 | 来源:HF-101")]));
    assert!(errors.iter().all(|error| error.starts_with("checks/101-1.txt 第 2 行第 ")), "{errors:?}");
}

#[test]
fn a_form_without_a_required_cell_needs_nothing_but_its_formulas() {
    let mut files = industry();
    let form = files.get("forms/B203.toml").unwrap().replace(", required = true", "");
    files.put("forms/B203.toml", &form);
    files.remove("checks/B203.vtl");
    files.remove("checks/B203.toml");
    files.put("checks/B203.txt", "Z1: [213,1] >= [201,1] | A | 资产总计应不小于流动资产合计 | 来源:FW-F203\r\n");
    assert_eq!(loaded(&files).form("B203").unwrap().checks().len(), 1);
    files.put("forms/B203.toml", &form.replace("name = \"营业收入\"", "name = \"营业收入\", required = true"));
    let missing = "checks/B203.txt 第 1 行:“营业收入”是必填项,但没有审核关系 R301。请补上 R301: NOT ISNULL([301,1])。";
    assert_eq!(refused(&files), [missing]);
}

#[test]
fn formulas_are_text_files_in_the_folder_of_checks() {
    let folder = std::env::temp_dir().join(format!("youju-formulas-{}", std::process::id()));
    for (path, text) in industry().paths().map(|path| (path.to_owned(), industry().get(path).unwrap().to_owned())) {
        fs::create_dir_all(folder.join(&path).parent().unwrap()).unwrap();
        fs::write(folder.join(&path), text).unwrap();
    }
    let line = "X: [301,1] > 0 | C | 有收入 | 来源:FW-F203\r\n";
    // Notepad puts a mark in front. A note beside the programme is nobody's formula.
    fs::write(folder.join("checks/B203.txt"), format!("\u{feff}{line}")).unwrap();
    fs::write(folder.join("说明.txt"), "给同事看").unwrap();
    let programme = loaded(&Files::read_dir(&folder).unwrap());
    assert_eq!(programme.form("B203").unwrap().checks().last().unwrap().message, "有收入");
    // Under another name it would be forgotten; that is told.
    fs::rename(folder.join("checks/B203.txt"), folder.join("checks/B203.txt.txt")).unwrap();
    let errors = refused(&Files::read_dir(&folder).unwrap());
    assert!(errors[0].starts_with("checks/B203.txt.txt 第 1 行:没有报表或台账使用这个文件。"), "{errors:?}");
    fs::write(folder.join("checks/B203.txt.txt"), b"X: [301,1] > 0 | C | \xd3\xd0").unwrap();
    let error = Files::read_dir(&folder).unwrap_err().to_string();
    assert_eq!(error, "checks/B203.txt.txt 不是 UTF-8 编码。请用记事本另存为 UTF-8。");
    fs::remove_dir_all(folder).unwrap();
}
