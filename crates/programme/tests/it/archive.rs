//! 档案盒: what the shipped programmes put into their boxes, and what a wrong declaration is told.

use std::collections::BTreeSet;

use youju_domain::archive::{Evidence, Term};

use crate::make::{industry, load_with, programmes};

#[test]
fn every_programme_declares_a_box_and_keeps_what_was_handed_in_for_ever() {
    for programme in programmes() {
        let archive = programme.archive();
        let kinds: BTreeSet<Evidence> = archive.items.iter().map(|item| item.evidence).collect();
        assert_eq!(kinds, Evidence::ALL.into(), "{}", programme.id);
        for item in archive.all_items() {
            let is_version = item.evidence == Evidence::Reports;
            assert!(!is_version || item.keep == Term::Permanent, "{} {}", programme.id, item.id);
            let ground = &item.ground;
            assert!(ground.is_inferred || !(ground.sources.is_empty() || ground.article.is_empty()), "{}", item.id);
            assert!(!item.forms.is_empty(), "{}", item.id);
        }
        for evidence in [Evidence::Ledgers, Evidence::Originals] {
            let item = archive.items.iter().find(|item| item.evidence == evidence).unwrap();
            assert_eq!((item.keep, item.ground.article.as_str()), (Term::Years(2), "第二十三条"), "{}", programme.id);
        }
    }
}

#[test]
fn one_investment_project_has_one_box() {
    let investment = programmes().iter().find(|programme| programme.id == "investment").unwrap();
    let project = investment.archive().project.as_ref().unwrap();
    assert_eq!((project.form.as_str(), project.list.as_str(), project.name.as_str()), ("206-1", "x", "name"));
    let words: BTreeSet<&str> = project.items.iter().flat_map(|item| &item.words).map(String::as_str).collect();
    assert!(["立项", "施工合同", "监理", "凭证", "现场"].iter().all(|word| words.contains(word)), "{words:?}");
    let others = programmes().iter().filter(|programme| programme.id != "investment");
    assert!(others.into_iter().all(|programme| programme.archive().project.is_none()));
}

/// A text in the declaration, what stands there instead, and a piece of the refusal.
const CASES: &[(&str, &str, &str)] = &[
    ("evidence = \"reports\"", "evidence = \"report\"", "archive.toml 第 7 行:没有材料种类“report”。可用:reports、"),
    ("owed = \"always\"", "owed = \"often\"", "没有归档要求“often”。可用:always、happened。"),
    ("keep = \"permanent\"", "keep = \"10y\"", "上报过的报表永久保存,keep 只能写 permanent。"),
    ("keep = \"2y\"", "keep = \"1y\"", "保存期限“1y”应写成 permanent,或 2y 到 100y"),
    ("each = \"report\"", "each = \"month\"", "没有归档频率“month”。可用:report、year。"),
    ("each = \"report\"", "forms = [\"B2O3\"]", "本制度没有表号为“B2O3”的报表。"),
    ("evidence = \"ledgers\"", "evidence = \"ledgers\"\nledgers = [\"oil\"]", "本制度没有台账“oil”。"),
    (
        "evidence = \"originals\"",
        "evidence = \"originals\"\nledgers = [\"output\"]",
        "ledgers 只用于材料种类 ledgers。",
    ),
    ("words = [\"签字\", \"盖章\"]", "words = []", "words 只用于 attachments,并且必须写"),
    ("evidence = \"originals\"", "evidence = \"originals\"\neach = \"year\"", "each 只用于 attachments。"),
    ("id = \"queries\"", "id = \"corrections\"", "档案盒的项目代号“corrections”重复。"),
    ("[\"LAW-SSTL\"]", "[\"LAW\"]", "sources.toml 中没有来源“LAW”。"),
    ("article = \"第二十三条\"", "article = \"\"", "还要写明来源(sources)和条款(article)。"),
    ("id = \"queries\"", "id = \"queries\"\nwhen = \"now\"", "archive.toml 第"),
    ("[[item]]", "[project]\nform = \"B204-1\"\nlist = \"q\"\nname = \"x\"\n\n[[item]]", "没有清单“q”。"),
];

#[test]
fn a_box_that_cannot_be_filled_is_refused_at_its_place() {
    for (from, to, expected) in CASES {
        let mut files = industry();
        let text = files.get("archive.toml").unwrap();
        assert!(text.contains(from), "the declaration has no {from}");
        let spoilt = text.replacen(from, to, 1);
        files.put("archive.toml", &spoilt);
        let errors: Vec<String> = load_with(&files).unwrap_err().iter().map(ToString::to_string).collect();
        assert!(errors.iter().any(|error| error.contains(expected)), "{to}: {errors:#?}");
    }
}
