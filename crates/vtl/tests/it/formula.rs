//! 审核公式: case files with formulas, the VTL that they become, rows and verdicts; and formulas that are refused.

use std::collections::BTreeMap;

use crate::case::{batch, files, record, schema, section};
use crate::cases::word;
use crate::form::{cell, form, layout};
use youju_vtl::formula::{self, Attribute, Cell, Layout, Meaning, Severity, Shift};
use youju_vtl::{Program, Record, Scalar, Type, Verdicts, parse};

/// One rule a line, as VTL.
fn vtl(rules: &[formula::Rule]) -> String {
    let lines: Vec<String> = formula::to_vtl("T1", rules).rules.iter().map(ToString::to_string).collect();
    lines.join("\n") + "\n"
}

/// Formulas become the VTL that the case says, print as formulas again, and judge the rows as the case says.
#[track_caller]
fn check(path: &str, text: &str, layout: &Layout) {
    let source = section(text, "formulas");
    let rules = formula::parse(source, layout).unwrap_or_else(|errors| panic!("{path}\n{}", errors.render(source)));
    let exported = vtl(&rules);
    assert_eq!(exported, section(text, "vtl"), "{path}");
    for rule in &rules {
        let printed = formula::print(&rule.item, &rule.meta, layout).unwrap();
        let again = formula::parse(&printed, layout).unwrap_or_else(|e| panic!("{path}\n{}", e.render(&printed)));
        assert_eq!(again, std::slice::from_ref(rule), "{path}: {printed}");
    }
    let ruleset = formula::to_vtl("T1", &rules);
    let script = format!("{ruleset}\n");
    assert_eq!(parse(&script).unwrap().rulesets().next(), Some(&ruleset), "{path}: {script}");

    let mut lines = section(text, "data").lines().filter(|line| !line.trim().is_empty());
    let (head, named) = lines.next().unwrap().split_once('|').unwrap();
    let schema = schema(head);
    let program = Program::compile(&ruleset, &schema).unwrap_or_else(|errors| panic!("{path}: {errors}"));
    let named: Vec<usize> = named.split_whitespace().map(|name| program.rule_named(name).expect(name)).collect();
    let mut judged: Vec<usize> = named.clone();
    judged.sort_unstable();
    judged.dedup();
    assert_eq!(judged.len(), rules.len(), "{path}: every rule is judged");
    let words = |verdicts: &Verdicts, row| named.iter().map(|rule| word(verdicts, *rule, row)).collect::<Vec<_>>();
    let rows: Vec<(Record, Vec<&str>)> = lines
        .map(|line| line.split_once('|').unwrap())
        .map(|(cells, words)| (record(&schema, cells), words.split_whitespace().collect()))
        .collect();
    let records: Vec<Record> = rows.iter().map(|(record, _)| record.clone()).collect();
    let together = program.evaluate(&batch(&schema, &records, 2)).unwrap();
    for (at, (record, expected)) in rows.iter().enumerate() {
        assert_eq!(words(&program.evaluate_record(record).unwrap(), 0), *expected, "{path}: row {at} alone");
        assert_eq!(words(&together, at), *expected, "{path}: row {at} of all");
    }
}

#[test]
fn formulas_judge_rows_as_the_cases_say() {
    let layout = layout();
    let cases: Vec<_> = files("formula").into_iter().filter(|(_, text)| text.contains("=== data")).collect();
    for (path, text) in &cases {
        check(path, text, &layout);
    }
    let formulas: usize =
        cases.iter().map(|(_, text)| formula::parse(section(text, "formulas"), &layout).unwrap().len()).sum();
    assert!(formulas >= 60, "{formulas} rules");
}

/// Each line is refused alone, at the place that stands below it: `column+length piece of the message`.
#[test]
fn wrong_formulas_are_refused_where_the_cases_say() {
    let layout = layout();
    let mut count = 0;
    for (path, text) in files("formula").iter().filter(|(_, text)| text.contains("=== refused")) {
        let mut lines = section(text, "refused").lines().filter(|line| !line.is_empty());
        while let (Some(source), Some(expected)) = (lines.next(), lines.next()) {
            let errors = match formula::parse(source, &layout) {
                Err(errors) => errors,
                Ok(rules) => panic!("{path}: not refused: {source}\n{}", vtl(&rules)),
            };
            let found: Vec<String> =
                errors.0.iter().map(|e| format!("{}+{} {}", e.span.column, e.span.length(), e.message)).collect();
            let (place, piece) = expected.trim().split_once(' ').unwrap();
            let fits =
                found.first().is_some_and(|found| found.starts_with(&format!("{place} ")) && found.contains(piece));
            assert!(fits && found.len() == 1, "{path}:\n{source}\n  {}", found.join("\n  "));
            count += 1;
        }
    }
    assert!(count >= 40, "{count} refused");
}

#[test]
fn one_reading_shows_the_mistakes_of_every_line_with_a_caret() {
    let source = "# 表头\nZ1: [1,1] >= [2,1]\n[1,1] ≥ [99,1]\r\nZ1: [3,1] >= 0 // 同名\n若 BBLX＝“1” 则 [1,1] > 0 THEN";
    let errors = formula::parse(source, &layout()).unwrap_err();
    let expected = "第 3 行第 10 列:表 T1 没有第 99 行。是否应为 9？
3 | [1,1] ≥ [99,1]
  |          ^^

第 4 行第 1 列:有两条公式叫“Z1”(另一条在第 2 行),请改名。
4 | Z1: [3,1] >= 0 // 同名
  | ^^^^^^^^^^^^^^

第 5 行第 24 列:公式到这里应当结束,一行只写一条公式,却是“THEN”。
5 | 若 BBLX＝“1” 则 [1,1] > 0 THEN
  |                           ^^^^";
    assert_eq!(errors.render(source), expected);
}

#[test]
fn lines_may_end_as_on_windows_but_hold_no_carriage_return() {
    let rules = formula::parse("[9,1] = \"甲\" | 甲\r\n[1,1] > 0\r\r\n", &layout()).unwrap();
    assert_eq!(rules.len(), 2);
    for line in ["[9,1] = \"甲\r乙\"", "[1,1] > 0 | 甲\r乙", "[1,1] > 0\r[2,1] > 0", "# 注释\r[2,1] > 0"] {
        let errors = formula::parse(line, &layout()).unwrap_err();
        let places: Vec<_> = errors.0.iter().map(|error| line.chars().nth(error.span.start as usize)).collect();
        assert_eq!(places, [Some('\r')], "{}", errors.render(line));
    }
}

#[test]
fn severity_message_dates_and_source_stand_beside_the_rule() {
    let layout = layout();
    let line = "Z7: [5,1] = [1,1] + [4,1] ±2 | 核实性 | 合计 {[5,1]} 应等于分项之和,差 {差} | 适用:规模以上工业 \
                | 有效:2024-01~2025 | 来源:制度说明(五)";
    let rules = formula::parse(line, &layout).unwrap();
    let [rule] = rules.as_slice() else { panic!("{rules:?}") };
    assert_eq!(
        rule.item.to_string(),
        "Z7: abs(c5_1 - (c1_1 + c4_1)) <= 2 errorcode \"合计 {[5,1]} 应等于分项之和,差 {差}\" errorlevel \"C\""
    );
    let meta = &rule.meta;
    assert_eq!(meta.severity.map(Severity::chinese), Some("核实性"));
    assert_eq!(meta.tolerance, Some(Scalar::Integer(2)));
    assert_eq!((meta.units.as_deref(), meta.source.as_deref()), (Some("规模以上工业"), Some("制度说明(五)")));
    let validity = meta.validity.as_ref().unwrap();
    for (day, covered) in [("2023-12-31", false), ("2024-01-01", true), ("2025-12-31", true), ("2026-01-01", false)] {
        assert_eq!(validity.covers(day), covered, "{day}");
    }
    let record: Record = [("c5_1".to_owned(), Scalar::Integer(12))].into();
    let sentence = meta.message.as_ref().unwrap().fill(&record, Some(&Scalar::Integer(-3)));
    assert_eq!(sentence, "合计 12 应等于分项之和,差 −3");
    let printed = formula::print(&rule.item, meta, &layout).unwrap();
    assert_eq!(
        printed,
        "Z7: [5,1] = [1,1] + [4,1] ±2 | C | 合计 {[5,1]} 应等于分项之和,差 {差} | 适用:规模以上工业 \
         | 有效:2024-01~2025 | 来源:制度说明(五)"
    );
}

#[test]
fn a_message_with_wildcards_names_the_cells_of_its_own_rule() {
    let line = "S: [*,3] ≥ [*,2] ±5 {1～2} | 提示性 | 提示：第 3 栏 {[*,3]} 小于第 2 栏 {[*,2]}，上期 {[1,1].-1}";
    let rules = formula::parse(line, &layout()).unwrap();
    let told: Vec<String> = rules.iter().map(|rule| rule.item.to_string()).collect();
    assert_eq!(
        told,
        [
            "S_1: c1_3 >= c1_2 - 5 errorcode \"第 3 栏 {[1,3]} 小于第 2 栏 {[1,2]}，上期 {[1,1].-1}\" errorlevel \"D\"",
            "S_2: c2_3 >= c2_2 - 5 errorcode \"第 3 栏 {[2,3]} 小于第 2 栏 {[2,2]}，上期 {[1,1].-1}\" errorlevel \"D\"",
        ]
    );
    let record: Record =
        [("c2_3", 7), ("c2_2", 20)].map(|(name, value)| (name.to_owned(), Scalar::Integer(value))).into();
    let message = rules.get(1).and_then(|rule| rule.meta.message.as_ref()).unwrap();
    assert_eq!(message.fill(&record, None), "第 3 栏 7 小于第 2 栏 20，上期 空");
}

#[test]
fn rules_without_a_name_are_numbered_around_the_names_that_exist() {
    let rules = formula::parse("[1,1] > 0\nF1: [2,1] > 0\n\n[3,1] > 0 | C", &layout()).unwrap();
    let ruleset = formula::to_vtl("T1", &rules);
    assert_eq!(
        ruleset.to_string(),
        "define datapoint ruleset T1 (variable c1_1, c2_1, c3_1) is\n  F1_: c1_1 > 0 errorcode \"F1_\";\n  \
         F1: c2_1 > 0 errorcode \"F1\";\n  F3: c3_1 > 0 errorcode \"F3\" errorlevel \"C\"\nend datapoint ruleset;"
    );
}

/// `cargo test --release -p youju-vtl formula -- --ignored --nocapture`
#[test]
#[ignore = "a measurement, not a test of behaviour"]
fn ten_thousand_rules_are_read_and_printed() {
    let layout = layout();
    let line = |at: usize| {
        format!("Z{at}: IF BBLX=\"1\" THEN [5,1] = [1,1] + [2,1] - [1,2].-1 ±2 | 核实性 | 合计 {{[5,1]}} 不符\n")
    };
    let source: String =
        (0..5000).map(line).chain((0..1000).map(|at| format!("W{at}: [*,5] = [*,1] - [*,4]\n"))).collect();
    let start = std::time::Instant::now();
    let rules = formula::parse(&source, &layout).unwrap();
    let read = start.elapsed();
    let start = std::time::Instant::now();
    let text = rules.iter().map(|rule| formula::print(&rule.item, &rule.meta, &layout).unwrap()).collect::<Vec<_>>();
    let printed = start.elapsed();
    assert_eq!((rules.len(), text.len()), (10_000, 10_000));
    println!("6,000 lines, {} rules: read in {read:.1?}, printed in {printed:.1?}", rules.len());
}

#[test]
fn a_ruleset_in_vtl_is_shown_as_formulas_and_what_cannot_be_said_is_named() {
    let source = r#"define datapoint ruleset T1 (variable c1_1, c1_1__prev, c2_1, acct, first_of_year, other) is
        Z9: when not first_of_year and not isnull(c1_1__prev) then c1_1 >= c1_1__prev errorcode "累计数" errorlevel "C";
        Z5: abs(c1_1 - c2_1) <= 1.5;
        Z6: nvl(acct, "1") in {"2", "3"} errorcode "来源:核对" ;
        X1: other > 1;
        X2: case when c1_1 > 0 then true else false;
        X3: c1_1 > 0 errorlevel 7
      end datapoint ruleset;"#;
    let script = parse(source).unwrap();
    let ruleset = script.rulesets().next().unwrap();
    let (text, left_out) = formula::from_vtl(ruleset, &layout());
    assert_eq!(
        text,
        "Z9: IF NOT 首期 AND NOT ISNULL([1,1].-1) THEN [1,1] >= [1,1].-1 | C | 累计数\n\
         Z5: [1,1] = [2,1] ±1.5\n\
         Z6: INLIST(NVL(执行会计准则, \"1\"), \"2\", \"3\") | 提示:来源:核对\n"
    );
    let left_out: Vec<String> = left_out.iter().map(ToString::to_string).collect();
    assert_eq!(
        left_out,
        [
            "规则“X1”不能写成审核公式:表式里没有名为“other”的单元格或属性。",
            "规则“X2”不能写成审核公式:公式没有 case,请改用 if … then … else …。",
            "规则“X3”不能写成审核公式:级别应为 A、B、C 或 D,现为 7。",
        ]
    );
    let rules = formula::parse(&text, &layout()).unwrap();
    let items: Vec<_> = rules.iter().map(|rule| &rule.item).collect();
    assert_eq!(items, ruleset.rules.iter().take(3).collect::<Vec<_>>());
}

#[test]
fn every_component_leads_back_to_its_place() {
    let layout = layout();
    let mut names = 0;
    for form in layout.forms() {
        for cell in &form.cells {
            for shift in [Shift::Now].into_iter().chain(form.shifts.clone()) {
                let name = cell.component(shift);
                assert_eq!(layout.meaning(&name), Some(Meaning::Cell(form, cell, shift)), "{name}");
                names += 1;
            }
        }
    }
    assert_eq!(names, 227);
    assert_eq!(layout.meaning("c1_1__ytd__prev"), None);
    let schema = layout.schema(["c9_1", "T1__filled", "nobody", "staff__prev"]);
    let known: Vec<&str> = schema.components().iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(known, ["c9_1", "T1__filled", "staff__prev"]);
}

/// A layout for a ruleset whose names are `c301`, `c301_ly`, `c301__prev`, `c301__py` and words of the register.
fn layout_of(code: &str, ruleset: &youju_vtl::DatapointRuleset) -> Layout {
    let mut cells: Vec<Cell> = Vec::new();
    let mut others: BTreeMap<String, Vec<Cell>> = BTreeMap::new();
    let mut attributes = Vec::new();
    for name in ruleset.parameters.iter().map(|parameter| parameter.name.as_str()) {
        let base = name.trim_end_matches("__prev").trim_end_matches("__py");
        let code = base.strip_prefix('c').filter(|code| code.starts_with(|c: char| c.is_ascii_digit()));
        let kind = if name == "first_of_year" { Type::Boolean } else { Type::String };
        if let Some((other, row)) = name.split_once("__c") {
            let (row, column) = row.strip_suffix("_ytd").map_or((row, "1"), |row| (row, "2"));
            // `F202_1` is 202-1.
            let other = other.trim_start_matches('F').replace('_', "-");
            others.entry(other).or_default().push(Cell { name: name.to_owned(), ..cell("", row, column) });
            continue;
        }
        let Some(code) = code else {
            attributes.push(Attribute { word: name.to_owned(), name: name.to_owned(), kind, shifts: Vec::new() });
            continue;
        };
        let (row, column) = code.strip_suffix("_ly").map_or((code, "1"), |row| (row, "2"));
        if cells.iter().all(|cell| cell.name != base) {
            cells.push(Cell { name: base.to_owned(), ..cell("", row, column) });
        }
    }
    let mut forms = vec![form(code, cells, &[Shift::Periods(1), Shift::Years(1)], None)];
    forms.extend(others.into_iter().map(|(other, cells)| form(&other, cells, &[], None)));
    Layout::new(forms, attributes)
}

/// What was written in VTL for the shipped programme, shown to a statistician in the notation of the house, and back.
#[test]
fn the_shipped_checks_of_the_financial_forms_are_formulas_too() {
    for file in ["B203", "B103-1"] {
        let path = format!("{}/../../programmes/industry/checks/{file}.vtl", env!("CARGO_MANIFEST_DIR"));
        let script = parse(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let ruleset = script.rulesets().next().unwrap();
        let layout = layout_of(file, ruleset);
        let (text, left_out) = formula::from_vtl(ruleset, &layout);
        assert_eq!(left_out, [], "{file}");
        let rules = formula::parse(&text, &layout).unwrap_or_else(|errors| panic!("{}", errors.render(&text)));
        let exported = formula::to_vtl(&ruleset.name, &rules);
        assert_eq!(exported.rules, ruleset.rules, "{file}");
    }
}
