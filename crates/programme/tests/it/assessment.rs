//! 评估办法: what the shipped programmes compare, and what a wrong declaration is told.

use std::collections::BTreeSet;

use youju_domain::assessment::{Aspect, Compare};
use youju_programme::Provenance;

use crate::make::{industry, load_with, programmes};

#[test]
fn the_shipped_items_say_where_they_are_from_and_can_be_computed() {
    let items = || programmes().iter().flat_map(|one| one.forms().iter().flat_map(|form| one.assessment(&form.code)));
    let forms: BTreeSet<&str> = items().map(|item| item.form.as_str()).collect();
    assert!(["B203", "B204-1", "205-1", "F203", "E204-1", "202-1", "X204-1"].iter().all(|form| forms.contains(form)));
    for item in items() {
        assert_eq!(item.provenance, Provenance::Youju, "no published method was at hand: {}", item.rule.id);
        let needs = item.rule.compare.needs_last_year();
        assert!(!needs || item.figure.last_year.is_some(), "{} {}", item.form, item.rule.id);
    }
    let aspects: BTreeSet<Aspect> =
        items().filter(|item| item.form == "B203").map(|item| item.rule.compare.aspect()).collect();
    assert_eq!(aspects.len(), 4, "B203 is looked at from every side");
    let power = items().find(|item| item.rule.id == "income_and_power").unwrap();
    let other = power.other.as_ref().unwrap();
    assert_eq!((power.rule.compare, other.form.as_str(), other.cell.as_str()), (Compare::Growth, "205-1", "c33"));
    assert_eq!(other.last_year.as_ref().unwrap().as_str(), "c33_ly");
}

/// A text in the declaration, what stands there instead, and a piece of the refusal.
const CASES: &[(&str, &str, &str)] = &[
    ("compare = \"growth\"", "compare = \"grow\"", "assessment.toml 第 9 行:没有比较方法“grow”。可用:agree、growth、"),
    ("form = \"B203\"", "form = \"B2O3\"", "本制度没有表号为“B2O3”的报表。"),
    ("figure = \"c301\"", "figure = \"c999\"", "assessment.toml 第 10 行:B203没有编号为 c999 的数据项。"),
    (
        "{ form = \"205-1\", cell = \"c33\" }",
        "{ form = \"205-9\", cell = \"c33\" }",
        "各制度都没有表号为“205-9”的报表。",
    ),
    ("{ form = \"205-1\", cell = \"c33\" }", "{ form = \"205-1\", cell = \"c77\" }", "205-1没有编号为 c77 的数据项。"),
    ("{ form = \"205-1\", cell = \"c33\" }", "{ form = \"101-1\", cell = \"c208\" }", "不是数字,不能汇总评估。"),
    (
        "{ form = \"205-1\", cell = \"c33\" }",
        "{ form = \"202-1\", cell = \"c12\" }",
        "没有上年同期的数据项,算不出增速。",
    ),
    ("compare = \"with_whole\"", "compare = \"growth\"", "“growth”还要写 other(比较数)。"),
    ("compare = \"growth\"", "compare = \"share\"", "“share”不用 other。"),
    ("form = \"202-1\", cell = \"c01\"", "form = \"202-1\", cell = \"c12\"", "两个数的计量单位不同"),
    ("low = \"-15\"\nhigh = \"15\"", "", "没有允许范围。请写 low、high"),
    ("low = \"-15\"", "low = \"16\"", "允许范围的 low 应不大于 high。"),
    ("low = \"-15\"", "low = \"很低\"", "允许范围应为数字"),
    ("low = \"-15\"", "low = -15", "assessment.toml 第"),
    ("id = \"income_and_wages\"", "id = \"income_and_power\"", "评估项目代号“income_and_power”重复。"),
    ("provenance = \"youju\"", "provenance = \"official\"", "没有来源类别“official”。"),
    ("provenance = \"youju\"", "provenance = \"youju\"\nsources = [\"NO\"]", "sources.toml 中没有来源“NO”。"),
    ("provenance = \"youju\"", "provenance = \"youju\"\nwithin = \"5\"", "assessment.toml 第"),
];

#[test]
fn an_item_that_cannot_be_computed_is_refused_at_its_place() {
    for (from, to, expected) in CASES {
        let mut files = industry();
        let text = files.get("assessment.toml").unwrap();
        assert!(text.contains(from), "the declaration has no {from}");
        let spoilt = text.replacen(from, to, 1);
        files.put("assessment.toml", &spoilt);
        let errors: Vec<String> = load_with(&files).unwrap_err().iter().map(ToString::to_string).collect();
        assert!(errors.iter().any(|error| error.contains(expected)), "{to}: {errors:#?}");
    }
}
