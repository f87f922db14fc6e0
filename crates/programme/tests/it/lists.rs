//! Forms with lists: a row per project, sums of rows in the form and in other forms, rows of earlier reports.

use std::collections::BTreeMap;

use youju_codes::Period;
use youju_domain::finding::Outcome;
use youju_domain::report::{CellId, Cells, Value};
use youju_programme::{Facts, Files, Programme, load};

use crate::make::cell;

const PROGRAMME: &str = r#"
id = "rd"
name = "研发"
authority = "国家统计局"
document = "示例文号"
valid_from = "2025-01-01"
valid_to = "2027-12-31"
domain = "rd"
domain_name = "试算"
industries = ["C", "6520"]
forms = ["P1", "S-表"]
provenance = "youju"
"#;

const P1: &str = r#"
code = "P1"
name = "项目"
period = "year"
columns = [{ id = "", label = "本年" }, { id = "ytd", label = "累计" }, { id = "lytd", label = "上年累计", last_year_of = "ytd" }]

[[group]]
heading = "合计"
indicators = [
  { code = "01", name = "经费合计", measure = "千元", decimals = 2 },
  { code = "02", name = "期末人数", measure = "人", columns = [""] },
]

[[list]]
id = "p"
heading = "研发项目"
rows_max = 20
key = ["name"]
columns = [
  { code = "乙", id = "name", name = "项目名称", kind = "text", required = true },
  { code = "6", name = "完成日期", kind = "date", open = true },
  { code = "10", name = "经费支出", measure = "千元", decimals = 2, sign = "nonnegative" },
  { code = "11", name = "行业", kind = "industry" },
]
"#;

const P1_CHECKS: &str = r#"
define datapoint ruleset P1 (variable c01, sum_p_10, count_p, c01__prev, sum_p_10__prev) is
  T1: c01 = nvl(sum_p_10, 0) errorcode "合计应等于各项目之和" errorlevel "A";
  T2: when not isnull(sum_p_10__prev) then sum_p_10 >= sum_p_10__prev errorcode "不应少于上年" errorlevel "C";
  T3: count_p <= 3 errorcode "项目偏多" errorlevel "D"
end datapoint ruleset;
define datapoint ruleset P1_p (variable p_name, p_10, p_10__prev, p_6, c01, year) is
  R_p_name: not isnull(p_name) errorcode "应填写项目名称" errorlevel "A";
  D1: p_10 <= c01 errorcode "一个项目不应多于合计" errorlevel "A";
  D2: when not isnull(p_10__prev) then p_10 < p_10__prev * 10 errorcode "比上年增加很多" errorlevel "C";
  D3: when p_6 <> "000000" then p_6 >= cast(year, string) || "01" errorcode "早已完成的项目不应再报" errorlevel "B"
end datapoint ruleset;
"#;

const P1_ABOUT: &str = r#"
[[about]]
rules = ["T1", "T2", "T3", "R_p_name", "D1", "D2", "D3"]
provenance = "youju"
[[intrinsic]]
rule = "D9"
cell = "p_11"
severity = "B"
message = "行业代码应在行业分类中"
provenance = "youju"
"#;

const S: &str = r#"
code = "S-表"
name = "汇总"
period = "year"
name_in_checks = "S_biao"
industries = ["9620"]
columns = [{ id = "", label = "本年" }]
[[group]]
heading = ""
indicators = [{ code = "1", name = "经费", measure = "千元", decimals = 2 }]
"#;

const S_CHECKS: &str = r#"
define datapoint ruleset S_biao (variable c1, P1__sum_p_10, P1__count_p, P1__c02) is
  X1: c1 >= P1__sum_p_10 errorcode "应不小于项目经费之和" errorlevel "A";
  X2: when P1__count_p > 0 then c1 > 0 errorcode "有项目就有经费" errorlevel "A"
end datapoint ruleset;
"#;

const S_ABOUT: &str = "[[about]]\nrules = [\"X1\", \"X2\"]\nprovenance = \"youju\"\n";

fn files() -> Files {
    let texts = [
        ("programme.toml", PROGRAMME),
        ("forms/P1.toml", P1),
        ("checks/P1.vtl", P1_CHECKS),
        ("checks/P1.toml", P1_ABOUT),
        ("forms/S-表.toml", S),
        ("checks/S-表.vtl", S_CHECKS),
        ("checks/S-表.toml", S_ABOUT),
    ];
    Files::new("rd", texts.map(|(path, text)| (path.to_owned(), text.to_owned())))
}

fn programme() -> Programme {
    load(&[files()]).unwrap_or_else(|errors| panic!("{errors:#?}")).remove(0)
}

/// Reads `c01=5 p.1.10=3.25`.
fn cells(programme: &Programme, form: &str, text: &str) -> Cells {
    let form = programme.form(form).unwrap();
    let one = |pair: &str| {
        let (id, value) = pair.split_once('=').unwrap();
        let def = form.cell_by_text(id).unwrap_or_else(|| panic!("{id}"));
        (def.id.clone(), cell(def.parse_value(value).unwrap()))
    };
    text.split_whitespace().map(one).collect()
}

/// Each finding as `check@row`, with a `?` where it could not be tested.
fn found(form: &str, now: &str, before: Option<&str>, others: &[(&str, &str)]) -> Vec<String> {
    let programme = programme();
    let (now, before) = (cells(&programme, form, now), before.map(|text| cells(&programme, form, text)));
    let others: BTreeMap<String, Cells> =
        others.iter().map(|(code, text)| ((*code).to_owned(), cells(&programme, code, text))).collect();
    let facts = Facts {
        period: Period::parse("2026").unwrap(),
        cells: &now,
        previous: before.as_ref(),
        last_year: before.as_ref(),
        others: &others,
        attributes: &BTreeMap::new(),
        figures: &crate::make::NO_FIGURES,
    };
    let form = programme.form(form).unwrap();
    let findings = form.check(&facts);
    let all: Vec<CellId> = now.keys().cloned().collect();
    // A change of everything touches everything that has cells.
    let touched = form.check_touched(&facts, &all).findings;
    assert!(touched.iter().all(|finding| findings.contains(finding)), "{touched:#?}");
    assert!(findings.iter().filter(|f| f.row.is_some()).all(|finding| touched.contains(finding)));
    let told = |outcome: Outcome| if outcome == Outcome::NotTestable { "?" } else { "" };
    findings.iter().map(|finding| format!("{}{}", finding.key(), told(finding.outcome))).collect()
}

#[test]
fn rows_are_checked_each_for_itself_and_all_together() {
    let row = |number: u32, name: &str, cost: &str| {
        format!("p.{number}.name={name} p.{number}.6=000000 p.{number}.10={cost}")
    };
    let two = format!("{} {}", row(1, "甲", "3.25"), row(7, "乙", "1.75"));
    assert!(found("P1", &format!("c01=5 {two}"), None, &[]).is_empty());
    assert_eq!(found("P1", &format!("c01=4.99 {two}"), None, &[]), ["T1"]);
    // A row larger than the sum, and a row without a name; blank rows are no rows.
    assert_eq!(found("P1", &format!("c01=2 {two}"), None, &[]), ["T1", "D1@p.1"]);
    assert_eq!(found("P1", "c01=5 p.3.10=5 p.3.6=000000 p.4.10= p.4.name=", None, &[]), ["R_p_name@p.3"]);
    // Without rows there is nothing to add up, and no row to complain about.
    assert_eq!(found("P1", "c01=1", None, &[]), ["T1"]);
    // The second of two rows with one name is named.
    let twice = format!("c01=5 {} {}", row(2, "甲", "3"), row(5, "甲", "2"));
    assert_eq!(found("P1", &twice, None, &[]), ["KEY_p@p.5"]);
    let programme = programme();
    let facts_cells = cells(&programme, "P1", &twice);
    let list = &programme.form("P1").unwrap().lists[0];
    assert_eq!(list.rows(&facts_cells).into_iter().collect::<Vec<_>>(), [2, 5]);
}

#[test]
fn a_row_meets_itself_in_the_report_before_by_its_key() {
    let now = "c01=50 p.1.name=甲 p.1.10=50 p.1.6=202512";
    // Last year the project stood in another row.
    let before = "c01=9 p.1.name=乙 p.1.10=4 p.4.name=甲 p.4.10=5";
    assert_eq!(found("P1", now, Some(before), &[]), ["D2@p.1", "D3@p.1"]);
    let shrunk = "c01=1 p.1.name=甲 p.1.10=1 p.1.6=000000";
    assert_eq!(found("P1", shrunk, Some(before), &[]), ["T2"]);
    assert_eq!(found("P1", "c01=3 p.1.name=丙 p.1.10=3 p.1.6=202601 p.1.11=9999", None, &[]), ["D9@p.1"]);
}

#[test]
fn another_form_sees_sums_and_counts() {
    let projects = [("P1", "p.1.name=甲 p.1.10=3.5 p.2.name=乙 p.2.10=1")];
    assert!(found("S-表", "c1=4.5", None, &projects).is_empty());
    assert_eq!(found("S-表", "c1=4.49", None, &projects), ["X1"]);
    assert_eq!(found("S-表", "c1=0", None, &[("P1", "p.1.name=甲")]), ["X1?", "X2"]);
    assert_eq!(found("S-表", "c1=0", None, &[]), ["X1?", "X2?"]);
}

#[test]
fn cells_of_rows_have_ids_names_and_limits() {
    let programme = programme();
    let form = programme.form("P1").unwrap();
    let cost = form.cell_by_text("p.20.10").unwrap();
    assert_eq!((cost.label.as_str(), cost.decimals), ("研发项目第 20 行的经费支出", 2));
    assert_eq!(cost.parse_value("3.25"), Ok(Value::Number("3.25".parse().unwrap())));
    let refused = cost.parse_value("3.255").unwrap_err().to_string();
    assert_eq!(
        refused,
        "“研发项目第 20 行的经费支出”应为最多 2 位小数的数字(计量单位 千元),现为“3.255”。请四舍五入为 2 位小数。请改正后再保存。"
    );
    for id in ["p.21.10", "p.0.10", "p.01.10", "p.+1.10", "p.1.12", "q.1.10", "p.1", "p.1.10.1", "p..10"] {
        assert_eq!(form.cell_by_text(id), None, "{id}");
    }
    // A row of the table that has a cell in one column only, and a column that repeats another column's last year.
    assert_eq!(form.cell_by_text("c02_ytd"), None);
    let repeats: Vec<String> = form.last_year_cells().map(|(cell, of)| format!("{cell} {of}")).collect();
    assert_eq!(repeats, ["c01_lytd c01_ytd"]);
    assert_eq!(form.industries, ["C", "6520"]);
    assert_eq!(programme.form("S-表").unwrap().industries, ["9620"]);
}

#[test]
fn mistakes_in_lists_are_told() {
    let cases = [
        ("programme.toml", "industries = [\"C\", \"6520\"]\n", "", "没有填报范围。"),
        ("forms/P1.toml", "id = \"p\"", "id = \"c\"", "清单 id“c”只能用小写字母,并且不能是 c。"),
        ("forms/P1.toml", "rows_max = 20", "rows_max = 0", "清单最多行数(rows_max)应在 1 至 9999 之间,现为 0。"),
        ("forms/P1.toml", "key = [\"name\"]", "key = [\"nome\"]", "清单没有栏目“nome”,不能用来区分各行(key)。"),
        ("forms/P1.toml", "id = \"name\", ", "", "清单栏目“乙”含有汉字或符号。请另写 id"),
        ("forms/P1.toml", "code = \"11\"", "code = \"10\"", "清单栏目“10”重复。"),
        ("forms/P1.toml", "decimals = 2 }", "decimals = 9 }", "小数位数最多 4 位,现为 9。"),
        (
            "forms/P1.toml",
            "last_year_of = \"ytd\"",
            "last_year_of = \"x\"",
            "没有栏目“x”。last_year_of 应是另一个栏目的 id。",
        ),
        ("forms/P1.toml", "columns = [\"\"]", "columns = [\"x\"]", "本表没有栏目“x”。"),
        ("checks/P1.vtl", "P1_p (", "P1_q (", "规则集名称应为 P1、P1_p,现为 P1_q。"),
        (
            "checks/P1.vtl",
            "R_p_name: not isnull(p_name)",
            "R_p_10: not isnull(p_10)",
            "R_p_10 要求必填,但表式中没有 required = true。",
        ),
        (
            "checks/P1.vtl",
            "R_p_name:",
            "R:",
            "“项目名称”是必填项,但没有审核关系 R_p_name。请补上 R_p_name: not isnull(p_name)。",
        ),
        ("checks/P1.toml", "cell = \"p_11\"", "cell = \"p_10\"", "本表没有代码类单元格“p_10”。"),
        ("forms/S-表.toml", "name_in_checks = \"S_biao\"", "", "表号含有汉字。请另写审核关系中的表名(name_in_checks)"),
        ("forms/S-表.toml", "\"S_biao\"", "\"P1\"", "重复:另一张表已经用了。"),
    ];
    for (file, from, to, expected) in cases {
        let mut files = files();
        let text = files.get(file).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        let text = text.replacen(from, to, 1);
        files.put(file, &text);
        let errors: Vec<String> = load(&[files]).expect_err(expected).iter().map(ToString::to_string).collect();
        assert!(errors.iter().any(|error| error.contains(expected)), "{expected}\n{errors:#?}");
        assert!(errors.iter().all(|error| error.starts_with("rd/")), "{errors:#?}");
    }
}

#[test]
fn two_programmes_may_not_claim_one_form() {
    let errors = load(&[
        files(),
        Files::new("two", files().paths().map(|p| (p.to_owned(), files().get(p).unwrap().to_owned()))),
    ]);
    let errors: Vec<String> = errors.unwrap_err().iter().map(ToString::to_string).collect();
    assert!(
        errors.contains(&"two/programme.toml 第 1 行:制度代号“rd”重复:另一套制度已经用了。请换一个。".to_owned()),
        "{errors:#?}"
    );
    assert!(errors.iter().any(|error| error.starts_with("two/forms/P1.toml 第 1 行:表号“P1”")), "{errors:#?}");
}
