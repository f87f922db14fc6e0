//! Checks that do not fit together: what is refused, and what an author is only told.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use youju_programme::{Files, NoteKind, Programme, Remark};

use crate::make::{industry, load_with, programme, programmes};

/// The shipped files with more formulas in B203, each with a source.
fn with_formulas(lines: &[&str]) -> Files {
    let mut files = industry();
    let lines: Vec<String> = lines.iter().map(|line| format!("{line} | 来源:FW-F203\n")).collect();
    files.put("checks/B203.txt", &lines.concat());
    files
}

/// `Redundant Z4 R201 N201 Z1`: kind, the check in question, those that bear on it.
fn remarks(files: &Files, form: &str) -> Vec<String> {
    let programme = load_with(files).unwrap_or_else(|errors| panic!("{errors:#?}"));
    let remarks = programme.form(form).unwrap().remarks().into_iter();
    remarks.map(|remark| format!("{:?} {}", remark.kind, remark.checks.join(" "))).collect()
}

/// Signs that follow from those of the parts are no remark here: each cell is asked for its own.
fn is_sign(remark: &Remark) -> bool {
    remark.kind == NoteKind::Redundant && remark.checks.first().is_some_and(|check| check.starts_with('N'))
}

/// What is known and meant so. No income, but wages: Z11b asks about them, Z11e and Z12 about their absence, all of class C.
const ACCOUNTS: &[&str] = &[
    "Redundant Z4 R201 N201 Z1",
    "Contradiction Z11b Z12",
    "Contradiction Z11e Z11b",
    "Redundant Z13a Z11c",
    "Redundant Z13b Z11d",
    "Redundant Z13c Z11c",
    "Redundant Z13d Z11d",
];

/// As above; the annual form asks about wages further down.
const ANNUAL: &[&str] = &[
    "Redundant Z4 R201 N201 Z1",
    "Contradiction Z11e Z11b",
    "Redundant Z13a Z11c",
    "Redundant Z13b Z11d",
    "Redundant Z13c Z11c",
    "Redundant Z13d Z11d",
    "Contradiction Z12 Z11b",
];

/// Months are texts to the analysis: that a project cannot both cross the year and not cross it, it does not see.
const PROJECTS: &[&str] = &["Contradiction D2b D2a"];

/// A thousandfold change is a change of half too; the message tells which it is.
const UNITS: [(&str, &[&str]); 3] =
    [("B204-1", &["Redundant B13a B6b"]), ("E204-1", &["Redundant E13b E11"]), ("S204-1", &["Redundant S13b S11"])];

#[test]
fn the_shipped_programmes_have_the_known_remarks_and_no_other() {
    let known: BTreeMap<&str, &[&str]> =
        [("B203", ACCOUNTS), ("F203", ACCOUNTS), ("B103-1", ANNUAL), ("107-1", PROJECTS)]
            .into_iter()
            .chain(UNITS)
            .collect();
    for form in programmes().iter().flat_map(Programme::forms) {
        let told = form.remarks().into_iter().filter(|remark| !is_sign(remark));
        let told: Vec<String> = told.map(|remark| format!("{:?} {}", remark.kind, remark.checks.join(" "))).collect();
        assert_eq!(told, known.get(form.code.as_str()).copied().unwrap_or_default(), "{}", form.code);
    }
}

#[test]
fn a_remark_is_shown_at_its_place() {
    let remarks = programme().form("B203").unwrap().remarks();
    let remark = remarks.iter().find(|remark| remark.checks == ["Z11e", "Z11b"]).unwrap();
    let told =
        "industry/checks/B203.vtl 第 126 行第 54 列:规则“Z11b”和“Z11e”相互矛盾:在都适用时没有任何取值能让它们都通过。";
    assert!(remark.told.starts_with(told) && remark.told.ends_with("^^^^"), "{}", remark.told);
}

/// Two rules, and the remarks about them; nothing where a programme with both is refused.
type Pair = (&'static str, &'static str, Option<&'static [&'static str]>);

const PAIRS: &[Pair] = &[
    ("X1: [318,1] >= [319,1] + 10 | A | 一", "X2: [319,1] >= [318,1] | B | 二", None),
    // A question may be asked either way.
    ("X1: [318,1] >= [319,1] + 10 | A | 一", "X2: [319,1] >= [318,1] | C | 二", Some(&["Contradiction X2 X1"])),
    // The unit cannot choose its accounting standard, nor what it reported last year.
    (
        "X1: IF 执行会计准则=\"2\" THEN [318,1] > 5 | A | 一",
        "X2: IF 执行会计准则=\"2\" THEN [318,1] <= 5 | A | 二",
        None,
    ),
    ("X1: IF [319,1].-1Y > 0 THEN [318,1] > 5 | A | 一", "X2: [318,1] <= 5 | A | 二", None),
    // Other figures would pass both.
    (
        "X1: IF [319,1] > 0 THEN [318,1] > 5 | A | 一",
        "X2: IF [319,1] > 0 THEN [318,1] <= 5 | A | 二",
        Some(&["Contradiction X2 X1"]),
    ),
    // One unit is never asked both.
    (
        "X1: IF 执行会计准则=\"1\" THEN [318,1] > 5 | A | 一",
        "X2: IF 执行会计准则=\"2\" THEN [318,1] <= 5 | A | 二",
        Some(&[]),
    ),
    // Nor in one period.
    ("X1: [318,1] > 5 | A | 一 | 有效:~2025", "X2: [318,1] <= 5 | A | 二 | 有效:2026~", Some(&[])),
    ("X1: [318,1] > 5 | A | 一 | 有效:~2026-03", "X2: [318,1] <= 5 | A | 二 | 有效:2026~", None),
    // Cells hold whole numbers.
    ("X1: [318,1] > 5 | A | 一", "X2: [318,1] < 6 | A | 二", None),
];

#[test]
fn only_what_leaves_no_possible_report_is_refused() {
    for (one, other, expected) in PAIRS {
        let files = with_formulas(&[one, other]);
        match expected {
            None => assert!(load_with(&files).is_err(), "{one}\n{other}"),
            Some(expected) => {
                let told = remarks(&files, "B203").into_iter().filter(|remark| remark.contains('X'));
                assert_eq!(told.collect::<Vec<_>>(), *expected, "{one}\n{other}");
            }
        }
    }
}

#[test]
fn a_refused_contradiction_names_both_rules_with_their_places_and_an_example() {
    let mut files = with_formulas(&["X2: [319,1] >= [318,1] + 1 | B | 二"]);
    let vtl = files
        .get("checks/B203.vtl")
        .unwrap()
        .replace("Z3: c205", "X1: c318 >= c319 errorcode \"一\" errorlevel \"A\";\n  Z3: c205");
    files.put(
        "checks/B203.vtl",
        &vtl.replacen("c318__py", "c318, c318__py", 1).replacen("c319__py,", "c319, c319__py,", 1),
    );
    let toml = files.get("checks/B203.toml").unwrap().replace("\"Z1\"]", "\"Z1\", \"X1\"]");
    files.put("checks/B203.toml", &toml);
    let errors = load_with(&files).unwrap_err();
    let expected = "checks/B203.txt 第 1 行第 5 列:强制性或准强制性的审核关系 X2 与 X1(checks/B203.vtl 第 54 行)相互矛盾:都适用的报表没有一份能上报。\
        例如利息收入 = 0、利息费用 = 1 时,X2 通过而 X1 不通过。请改正写错的一条,或把一条改为 C 核实性。\n\
        54 |   X1: c318 >= c319 errorcode \"一\" errorlevel \"A\";\n   |       ^^^^^^^^^^^^\n\
        1 | X2: [319,1] >= [318,1] + 1 | B | 二 | 来源:FW-F203\n  |     ^^^^^^^^^^^^^^^^^^^^^^";
    assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
}

#[test]
fn rules_that_cannot_do_their_work_are_remarked() {
    let cases: [(&str, &[&str]); 6] = [
        ("X: [318,1] < 1000000000000000000 | C | 18 位以内", &["NeverFails X"]),
        ("X: [331,1] = [331,1] | C | 两边相同", &["SameSides X"]),
        ("X: IF [331,1] > 5 AND [331,1] < 3 THEN [318,1] > 0 | C | 条件不成立", &["NeverApplies X"]),
        ("X: [318,1] = 0.5 | C | 没有小数", &["NeverPasses X"]),
        // The indicator is declared nonnegative. N401 asks for it; that N401 never fails then is no remark.
        (
            "X: [401,1] < 0 | D | 与符号相反",
            &["Contradiction X N401", "Contradiction X Z12", "Contradiction X Z11e", "NeverPasses X"],
        ),
        // An A beside a C of the same words is not idle, the C is.
        ("X: [302,1] >= 0 | A | 同 N302", &["SameRule X N302"]),
    ];
    let found = cases.map(|(formula, _)| {
        let told = remarks(&with_formulas(&[formula]), "B203").into_iter().filter(|remark| remark.contains('X'));
        (formula, told.collect::<Vec<_>>())
    });
    assert_eq!(found, cases.map(|(formula, told)| (formula, told.iter().map(ToString::to_string).collect())));
}

/// A thousand rules over the figures of B203 that go together.
fn thousand(letter: char) -> Files {
    let form = programme().form("B203").unwrap();
    let rows: Vec<&str> = form.indicators().map(|indicator| indicator.code.as_str()).collect();
    let row = |at: usize| rows[at % rows.len()];
    let lines = (0..1000).map(|at| {
        let (a, b) = (row(at), row(at * 7 + at / 32 + 1));
        match at % 3 {
            0 => format!("X{at}: [{a},1] <= [{b},1] + {} | {letter} | 一", 1_000_000 + at),
            1 => format!("X{at}: IF 执行会计准则=\"1\" THEN [{a},1] + [{b},2] >= -{} | {letter} | 二", 1000 + at),
            _ => format!("X{at}: [{a},2] = [{a},1].-1Y ±{} | {letter} | 三", at + 1),
        }
    });
    let lines: Vec<String> = lines.collect();
    with_formulas(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_thousand_rules_that_must_hold_load_within_a_few_times_of_a_thousand_questions() {
    let took = |letter| {
        let files = thousand(letter);
        let once = || {
            let start = Instant::now();
            assert!(load_with(&files).is_ok());
            start.elapsed()
        };
        (0..3).map(|_| once()).min().unwrap_or(Duration::ZERO)
    };
    let (questions, musts) = (took('C'), took('A'));
    println!("1,102 checks: {questions:.1?} with 1,000 of class C, {musts:.1?} with 1,000 of class A");
    assert!(musts < questions * 6, "{musts:?} is much more than {questions:?}");
}
