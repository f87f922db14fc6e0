//! 核实清单: what the shipped programmes declare, and what a wrong declaration is told.

use youju_domain::check_list::Every;

use crate::make::{industry, load_with, programmes};

#[test]
fn investment_is_looked_at_every_day_and_research_every_week() {
    let rule = |programme: &str, form: &str| {
        let found = programmes().iter().find(|one| one.id == programme).unwrap();
        found.check_list(form).cloned()
    };
    let investment = rule("investment", "206-1").unwrap();
    let threshold = investment.threshold.as_ref().unwrap();
    assert_eq!((investment.every, investment.queries, investment.evidence_same_day), (Every::Day, true, true));
    assert_eq!((threshold.at_least, threshold.measure.label()), (2000.into(), "万元"));
    assert_eq!((threshold.label.as_str(), investment.rows.as_ref().unwrap().list.as_str()), ("本月完成投资", "x"));
    assert!(!investment.ground.is_inferred && investment.ground.sources.len() == 1);
    for form in ["107-1", "107-2"] {
        let research = rule("rd", form).unwrap();
        assert_eq!((research.every, research.evidence_same_day, research.threshold), (Every::Week, false, None));
    }
    assert_eq!(rule("industry", "B203"), None);
}

/// A good declaration for a programme with a form without lists.
const GOOD: &str = "[[list]]
forms = [\"B203\"]
every = \"day\"
threshold = { cell = \"c301\", at_least = \"100000\", measure = \"千元\" }
evidence = \"same_day\"
";

/// A text in the declaration, what stands there instead, and a piece of the refusal.
const CASES: &[(&str, &str, &str)] = &[
    ("every = \"day\"", "every = \"month\"", "checklist.toml 第 3 行:没有报告频率“month”。可用:day、week。"),
    ("[\"B203\"]", "[\"B2O3\"]", "本制度没有表号为“B2O3”的报表。"),
    ("[\"B203\"]", "[\"B203\", \"B203\"]", "表号“B203”已有核实清单。"),
    ("c301", "c999", "没有“c999”。"),
    ("\"100000\"", "\"十万\"", "界限“十万”应为数字"),
    ("千元", "万元", "“c301”的计量单位是千元,界限写的是万元。"),
    ("千元", "千圆", "没有计量单位“千圆”。"),
    ("same_day", "next_day", "没有支撑材料要求“next_day”。可用:same_day。"),
    ("every = \"day\"", "every = \"day\"\nprovenance = \"real\"", "还要写明来源(sources)和条款(article)。"),
    ("every = \"day\"", "every = \"day\"\nsources = [\"NO-SUCH\"]", "sources.toml 中没有来源“NO-SUCH”。"),
    ("every = \"day\"", "every = \"day\"\nrows = { list = \"q\", name = \"x\" }", "没有清单“q”。"),
    ("every = \"day\"", "every = \"day\"\nhours = 9", "checklist.toml 第"),
];

#[test]
fn a_declaration_that_nobody_could_follow_is_refused_at_its_place() {
    let with = |text: &str| {
        let mut files = industry();
        files.put("checklist.toml", text);
        load_with(&files)
    };
    let loaded = with(GOOD).unwrap();
    let rule = loaded.check_list("B203").unwrap();
    assert!(rule.ground.is_inferred && rule.rows.is_none());
    for (from, to, expected) in CASES {
        assert!(GOOD.contains(from), "the declaration has no {from}");
        let errors: Vec<String> =
            with(&GOOD.replacen(from, to, 1)).unwrap_err().iter().map(ToString::to_string).collect();
        assert!(errors.iter().any(|error| error.contains(expected)), "{to}: {errors:#?}");
    }
}
