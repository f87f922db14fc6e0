//! The programme that comes with the program is complete.

use std::collections::BTreeSet;
use std::path::Path;

use youju_codes::{Period, PeriodKind};
use youju_domain::report::CellId;
use youju_programme::{Files, Kind};

use crate::make::{form, industry, load_with, programme};

#[test]
fn the_forms_have_their_names_and_rhythms() {
    let forms: Vec<(String, PeriodKind)> = programme().forms().iter().map(|f| (f.title(), f.period_kind())).collect();
    let expected = [
        ("B203 工业 财务状况", PeriodKind::MonthCombined),
        ("B103-1 工业 财务状况(年报)", PeriodKind::Year),
        ("B204-1 工业产销总值及主要产品产量", PeriodKind::Month),
        ("101-1 调查单位基本情况", PeriodKind::Year),
    ];
    assert_eq!(forms, expected.map(|(title, kind)| (title.to_owned(), kind)));
}

#[test]
fn what_is_built_in_is_what_stands_in_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes");
    assert_eq!(Files::read_all(&folder).unwrap(), Files::shipped());
}

#[test]
fn cells_are_found_by_their_ids() {
    let b203 = form("B203");
    let cell = b203.cell_by_text("c322_ly").unwrap();
    assert_eq!(cell.label, "投资收益(上年同期)");
    assert!(cell.is_last_year() && !cell.is_required);
    assert_eq!(form("101-1").cell_by_text("c103_4").unwrap().kind, Kind::Industry);
    assert_eq!(b203.cell_by_text("c999"), None);
    let (ly, main) = (CellId::new("c301_ly"), CellId::new("c301"));
    assert!(b203.last_year_cells().any(|pair| pair == (&ly, &main)));
    assert_eq!(b203.last_year_cells().count(), 32);
    assert_eq!(form("101-1").last_year_cells().count(), 0);
}

#[test]
fn january_alone_is_not_reported() {
    let cases = [
        ("2026-01~02", true),
        ("2026-03", true),
        ("2026-12", true),
        ("2026-01", false),
        ("2026-Q1", false),
        ("2026", false),
    ];
    for (text, expected) in cases {
        assert_eq!(form("B203").is_reported_in(Period::parse(text).unwrap()), expected, "{text}");
    }
    assert!(form("B103-1").is_reported_in(Period::parse("2025").unwrap()));
}

#[test]
fn every_code_list_names_each_code_once() {
    for indicator in form("101-1").indicators() {
        if let Kind::Code(codes) = &indicator.kind {
            let distinct: BTreeSet<&String> = codes.iter().map(|(code, _)| code).collect();
            assert_eq!(distinct.len(), codes.len(), "{}", indicator.code);
        }
    }
}

#[test]
fn checks_that_wait_say_for_what() {
    assert!(form("B204-1").later_checks()["B17"].contains("产品产量目录"));
}

#[test]
fn severe_checks_are_never_mere_suspicions() {
    // 一般, 请说明 and 请核对 are words of suspicion: only C and D may use them.
    for form in programme().forms() {
        for check in form.checks().iter().filter(|check| check.severity.letter() < "C") {
            let is_suspicion = ["一般", "请说明", "请核对"].iter().any(|word| check.message.contains(word));
            assert!(!is_suspicion, "{} {} {}", form.code, check.id, check.message);
        }
    }
}

#[test]
fn a_definition_that_changes_has_another_version() {
    let mut files = industry();
    let text = files.get("checks/B203.vtl").unwrap().replace("<= 2 errorcode", "<= 3 errorcode");
    files.put("checks/B203.vtl", &text);
    let changed = load_with(&files).unwrap();
    assert_ne!(changed.form("B203").unwrap().version(), form("B203").version());
    assert_eq!(changed.form("B103-1").unwrap().version(), form("B103-1").version());
    assert_eq!(form("B203").version().len(), 64);

    // The document number belongs to the definition of every form.
    let text = files.get("programme.toml").unwrap().replace("示例文号", "另一文号");
    files.put("programme.toml", &text);
    let renumbered = load_with(&files).unwrap();
    assert_ne!(renumbered.form("B103-1").unwrap().version(), form("B103-1").version());
}
