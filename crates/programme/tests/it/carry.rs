//! What a report takes over: last year's column, cumulative figures, projects that go on, and cells that follow from others.

use std::collections::BTreeMap;

use youju_codes::Period;
use youju_domain::report::{Cells, Generated, ValueState};
use youju_programme::{Earlier, Facts, Files, Programme, load};

use crate::make::cell;

const PROGRAMME: &str = r#"
id = "h"
name = "投资"
authority = "国家统计局"
document = "示例文号"
valid_from = "2025-01-01"
valid_to = "2027-12-31"
domain = "h"
domain_name = "试算"
industries = ["C"]
forms = ["H1"]
"#;

const H1: &str = r#"
code = "H1"
name = "投资"
period = "month"
measure = "万元"
columns = [
  { id = "", label = "本月" },
  { id = "ytd", label = "1—本月", adds = "" },
  { id = "ly", label = "上年同期", last_year_of = "ytd" },
]
[[group]]
heading = ""
indicators = [
  { code = "1", name = "完成投资" },
  { code = "2", name = "年初库存", columns = [""], carry = "year" },
  { code = "3", name = "计划总投资", columns = [""], carry = "always" },
  { code = "4", name = "平均", columns = [""], decimals = 1 },
  { code = "5", name = "项目合计", columns = [""] },
]
[[list]]
id = "x"
heading = "项目"
rows_max = 4
key = ["1"]
columns = [
  { code = "1", name = "项目代码", kind = "text", carry = "always" },
  { code = "2", name = "本月完成" },
  { code = "3", name = "本年完成", adds = "2" },
  { code = "4", name = "上年同期", last_year_of = "3" },
]
[[computed]]
cell = "c5"
formula = "sum_x_3"
[[computed]]
cell = "c4"
formula = "c5 / count_x"
"#;

fn files(form: &str) -> Files {
    let texts = [
        ("programme.toml", PROGRAMME),
        ("forms/H1.toml", form),
        (
            "checks/H1.vtl",
            "define datapoint ruleset H1 (variable c1) is A1: c1 >= 0 errorcode \"不为负\" errorlevel \"C\" end datapoint ruleset;",
        ),
        ("checks/H1.toml", "[[about]]\nrules = [\"A1\"]\nprovenance = \"youju\"\n"),
    ];
    Files::new("h", texts.map(|(path, text)| (path.to_owned(), text.to_owned())))
}

fn programme() -> Programme {
    load(&[files(H1)]).unwrap_or_else(|errors| panic!("{errors:#?}")).remove(0)
}

fn cells(programme: &Programme, text: &str) -> Cells {
    let form = programme.form("H1").unwrap();
    let one = |pair: &str| {
        let (id, value) = pair.split_once('=').unwrap();
        let def = form.cell_by_text(id).unwrap_or_else(|| panic!("{id}"));
        (def.id.clone(), cell(def.parse_value(value).unwrap()))
    };
    text.split_whitespace().map(one).collect()
}

/// One generation: what is carried, then what is computed from it, as `c3=9`; a `*` where it was computed.
fn generated(period: &str, now: &str, previous: Option<&str>, last_year: Option<&str>) -> Vec<String> {
    let programme = programme();
    let form = programme.form("H1").unwrap();
    let mut now = cells(&programme, now);
    let (previous, last_year) =
        (previous.map(|text| cells(&programme, text)), last_year.map(|text| cells(&programme, text)));
    let (others, attributes) = (BTreeMap::new(), BTreeMap::new());
    let surroundings = Facts {
        period: Period::parse(period).unwrap(),
        cells: &Cells::new(),
        previous: previous.as_ref(),
        last_year: last_year.as_ref(),
        others: &others,
        attributes: &attributes,
        figures: &crate::make::NO_FIGURES,
    };
    let told = |new: &Generated| {
        let mark = if new.state == ValueState::Computed { "*" } else { "" };
        format!("{}={}{mark}", new.cell, new.value.print())
    };
    let carried = form.carried(&Facts { cells: &now, ..surroundings }, Earlier::default());
    let mut all: Vec<String> = carried.iter().map(told).collect();
    now.extend(carried.into_iter().map(|new| (new.cell, cell(new.value))));
    for formula in form.computed() {
        if let Some(new) = form.compute(formula, &Facts { cells: &now, ..surroundings }) {
            all.push(told(&new));
            now.insert(new.cell, cell(new.value));
        }
    }
    all
}

#[test]
fn cumulative_figures_are_the_previous_ones_and_this_period() {
    assert_eq!(generated("2026-03", "c1=5", Some("c1=3 c1_ytd=7"), None), ["c1_ytd=12*"]);
    assert_eq!(generated("2026-01", "c1=5", Some("c1_ytd=70"), None), ["c1_ytd=5*"]);
    // What is not there is not taken for zero.
    assert!(generated("2026-03", "c1=5", None, None).is_empty());
    assert!(generated("2026-03", "c1=", Some("c1_ytd=7"), None).is_empty());
}

#[test]
fn columns_of_last_year_and_figures_that_stay_are_taken_over() {
    assert_eq!(generated("2026-03", "", None, Some("c1=4 c1_ytd=9 c3=1")), ["c1_ly=9"]);
    assert_eq!(generated("2026-03", "", Some("c2=8 c3=900"), None), ["c2=8", "c3=900"]);
    // Every year begins with stocks of its own.
    assert_eq!(generated("2026-01", "", Some("c2=8 c3=900"), None), ["c3=900"]);
}

#[test]
fn projects_go_on_in_the_next_month() {
    let previous = "x.1.1=甲 x.1.3=10 x.2.1=乙 x.2.3=20";
    let last_year = "x.3.1=乙 x.3.3=15";
    let now = "x.1.1=乙 x.1.2=5";
    let expected = ["x.1.1=乙", "x.1.3=25*", "x.1.4=15", "x.2.1=甲", "c5=25*", "c4=12.5*"];
    assert_eq!(generated("2026-03", now, Some(previous), Some(last_year)), expected);
    // Never more rows than the list may have.
    let full = "x.1.1=a x.2.1=b x.3.1=c x.4.1=d";
    assert_eq!(generated("2026-03", full, Some("x.1.1=z x.1.3=1"), None), Vec::<String>::new());
    // What has no room is told.
    let programme = programme();
    let (now, previous) = (cells(&programme, full), cells(&programme, "x.1.1=z x.2.1=a x.3.1=y"));
    let facts = Facts {
        period: Period::parse("2026-03").unwrap(),
        cells: &now,
        previous: Some(&previous),
        last_year: None,
        others: &BTreeMap::new(),
        attributes: &BTreeMap::new(),
        figures: &crate::make::NO_FIGURES,
    };
    let without_room = programme.form("H1").unwrap().without_room(&facts);
    assert_eq!(without_room.iter().map(|(list, rows)| (list.id.as_str(), *rows)).collect::<Vec<_>>(), [("x", 2)]);
}

#[test]
fn formulas_that_build_on_later_ones_and_two_ways_to_carry_are_refused() {
    let cases = [
        ("formula = \"sum_x_3\"", "formula = \"c4 + 1\"", "公式用到的“c4”要在它之后才计算。请调整顺序。"),
        ("formula = \"sum_x_3\"", "formula = \"c5 + 1\"", "公式用到的“c5”要在它之后才计算。请调整顺序。"),
        ("formula = \"sum_x_3\"", "formula = \"c99\"", "公式有误:"),
        ("formula = \"sum_x_3\"", "formula = \"c1 > 2\"", "公式的结果应为数值。"),
        ("cell = \"c5\"", "cell = \"x_1\"", "本表没有数值单元格“x_1”,不能计算。"),
        ("adds = \"2\"", "adds = \"2\", carry = \"year\"", "last_year_of、adds、carry 只能写一个。"),
        ("adds = \"2\"", "adds = \"9\"", "没有栏目“9”。adds 应是另一个栏目的 id。"),
        ("measure = \"万元\"\n", "measure = \"万元\"\ndecimals = 9\n", "小数位数最多 4 位,现为 9。"),
        ("carry = \"year\"", "carry = \"month\"", "没有结转方式“month”。可用:always(一直结转)、year(当年内结转)。"),
    ];
    for (from, to, expected) in cases {
        assert!(H1.contains(from), "{from}");
        let errors = load(&[files(&H1.replacen(from, to, 1))]).expect_err(expected);
        assert!(errors.iter().any(|error| error.message.contains(expected)), "{expected}\n{errors:#?}");
    }
}
