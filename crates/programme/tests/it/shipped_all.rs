//! Every shipped form: a plausible report passes all its checks, and a small change breaks exactly those that it should.
//! The stories of the financial forms and of 101-1 stand in `entry.rs`, with their sentences.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::Deserialize;
use youju_codes::{Measure, Period};
use youju_domain::finding::{Finding, Outcome};
use youju_domain::report::{CellId, Cells, value_of};
use youju_programme::{Earlier, Facts, Form, Programme, RowCell};

use crate::make::{cell, form, programmes};

/// Report, surroundings and changes of one form, as its file in `tests/cases` tells them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    form: String,
    period: String,
    attributes: String,
    cells: String,
    #[serde(default)]
    previous: String,
    #[serde(default)]
    last_year: String,
    #[serde(default)]
    others: BTreeMap<String, String>,
    /// Figures of the unit's ledgers: `till__sum__receipts=300000`.
    #[serde(default)]
    ledgers: String,
    pub broken: Vec<(String, String)>,
}

/// The checks that the collected documents name, by form.
const NAMED: [(&str, &str); 18] = [
    ("101-1", "U1 U2 U3 U4 U5 U6"),
    ("102-1", "L10 L11 L12 L13"),
    ("107-1", "D1 D2 D3 D4 D5"),
    ("107-2", "D10 D11 D12 D13 D14 D15 D16 D17 D18"),
    ("109", "N1 N2 N3"),
    ("202-1", "L1 L2 L3 L4 L5"),
    ("205-1", "P1 P2 P3 P4 P5 P6 P7 P8 P9"),
    ("206-1", "H1 H2 H3 H4 H5 H6 H7 H8 H9 H10 H11"),
    ("B103-1", "Z1 Z2 Z3 Z4 Z5 Z6 Z7 Z8 Z9 Z10 Z11 Z12 Z13 Z20 Z21 Z22"),
    ("B203", "Z1 Z2 Z3 Z4 Z5 Z6 Z7 Z8 Z9 Z10 Z11 Z12 Z13"),
    ("B204-1", "B1 B2 B3 B4 B5 B6 B7 B8 B9"),
    ("E204-1", "E1 E2 E3 E4 E5 E6 E7"),
    ("E224", "E10 E11 E12"),
    ("F203", "F1 Z1 Z2 Z3 Z4 Z5 Z6 Z7 Z8 Z9 Z10 Z11 Z12 Z13"),
    ("NC-乡", "V10"),
    ("NC-村", "V1 V2"),
    ("S204-1", "S1 S2 S3 S4 S5"),
    ("X204-1", "X1 X2 X3 X4 X5 X6"),
];

const FILES: [&str; 15] = [
    include_str!("../cases/102-1.toml"),
    include_str!("../cases/107-1.toml"),
    include_str!("../cases/107-2.toml"),
    include_str!("../cases/109.toml"),
    include_str!("../cases/202-1.toml"),
    include_str!("../cases/205-1.toml"),
    include_str!("../cases/206-1.toml"),
    include_str!("../cases/B204-1.toml"),
    include_str!("../cases/E204-1.toml"),
    include_str!("../cases/E224.toml"),
    include_str!("../cases/F203.toml"),
    include_str!("../cases/NC-乡.toml"),
    include_str!("../cases/NC-村.toml"),
    include_str!("../cases/S204-1.toml"),
    include_str!("../cases/X204-1.toml"),
];

pub fn all_cases() -> Vec<Cases> {
    FILES.iter().map(|text| toml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))).collect()
}

/// One report and what surrounds it.
#[derive(Clone)]
pub struct Report {
    pub form: &'static Form,
    period: String,
    pub cells: Cells,
    previous: Cells,
    last_year: Cells,
    others: BTreeMap<String, Cells>,
    attributes: BTreeMap<String, String>,
    figures: BTreeMap<String, Decimal>,
}

impl Report {
    pub fn of(cases: &Cases) -> Report {
        let form = form(&cases.form);
        let filled = |form: &Form, text: &str| {
            let mut cells = Cells::new();
            text.split_whitespace().for_each(|pair| fill(form, pair, &mut cells));
            cells
        };
        let attributes = cases.attributes.split_whitespace().map(|pair| pair.split_once('=').expect(pair));
        Report {
            form,
            period: cases.period.clone(),
            cells: filled(form, &cases.cells),
            previous: filled(form, &cases.previous),
            last_year: filled(form, &cases.last_year),
            others: cases.others.iter().map(|(code, text)| (code.clone(), filled(self::form(code), text))).collect(),
            attributes: attributes.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            figures: cases.ledgers.split_whitespace().map(figure).collect(),
        }
    }

    /// The same report after changes: `05=101`, `06=` (blank), `x.1.B105=3`, `!x` (no rows), `prev:01=9`, `py:01=9`,
    /// `B203:301=9` (another form), `@industry=5111`, `#till__sum__net=9` (a figure of a ledger), `period=2026-01`.
    pub fn with(&self, changes: &str) -> Report {
        let mut report = self.clone();
        changes.split_whitespace().for_each(|change| report.change(change));
        report
    }

    fn change(&mut self, change: &str) {
        if let Some(attribute) = change.strip_prefix('@') {
            let (name, value) = attribute.split_once('=').expect(change);
            self.attributes.insert(name.to_owned(), value.to_owned());
        } else if let Some(pair) = change.strip_prefix('#') {
            self.figures.extend([figure(pair)]);
        } else if let Some(period) = change.strip_prefix("period=") {
            period.clone_into(&mut self.period);
        } else if let Some(list) = change.strip_prefix('!') {
            self.cells.retain(|id, _| !id.as_str().starts_with(&format!("{list}.")));
        } else {
            match change.split_once(':') {
                None => fill(self.form, change, &mut self.cells),
                Some(("prev", pair)) => fill(self.form, pair, &mut self.previous),
                Some(("py", pair)) => fill(self.form, pair, &mut self.last_year),
                Some((code, pair)) => fill(form(code), pair, self.others.entry(code.to_owned()).or_default()),
            }
        }
    }

    pub fn facts(&self) -> Facts<'_> {
        Facts {
            period: Period::parse(&self.period).expect(&self.period),
            cells: &self.cells,
            previous: Some(&self.previous).filter(|cells| !cells.is_empty()),
            last_year: Some(&self.last_year).filter(|cells| !cells.is_empty()),
            others: &self.others,
            attributes: &self.attributes,
            figures: &self.figures,
        }
    }

    fn findings(&self) -> Vec<Finding> {
        self.form.check(&self.facts())
    }

    fn failing(&self) -> BTreeSet<String> {
        let failed = self.findings().into_iter().filter(|finding| finding.outcome == Outcome::Fail);
        failed.map(|finding| finding.check).collect()
    }

    fn untested(&self) -> BTreeSet<String> {
        let untested = self.findings().into_iter().filter(|finding| finding.outcome == Outcome::NotTestable);
        untested.map(|finding| finding.check).collect()
    }
}

fn figure(pair: &str) -> (String, Decimal) {
    let (name, value) = pair.split_once('=').expect(pair);
    (name.to_owned(), value.parse().expect(pair))
}

/// Puts `05=101` or `x.1.B105=3` into a report.
fn fill(form: &Form, pair: &str, cells: &mut Cells) {
    let (code, value) = pair.split_once('=').expect(pair);
    let id = CellId::new(if code.contains('.') { code.to_owned() } else { format!("c{code}") });
    let def = form.cell_by_text(id.as_str()).unwrap_or_else(|| panic!("{id} is not on {}", form.code));
    let value = def.parse_value(value).unwrap_or_else(|problem| panic!("{}: {problem}", form.code));
    cells.insert(id, cell(value));
}

fn every_form() -> impl Iterator<Item = &'static Form> {
    programmes().iter().flat_map(Programme::forms)
}

/// `Z1` names `Z1`, `Z1a` and `Z1_301`, but not `Z10`.
fn is_named(check: &str, name: &str) -> bool {
    check.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[test]
fn every_check_that_the_sources_name_is_there_or_says_what_it_waits_for() {
    assert_eq!(
        every_form().map(|form| form.code.as_str()).collect::<BTreeSet<_>>(),
        NAMED.map(|(code, _)| code).into()
    );
    for (code, names) in NAMED {
        let form = form(code);
        let rules = form.all_checks().map(|check| check.id.as_str());
        let codes = form.intrinsic_checks().iter().map(|check| check.id.as_str());
        let there: Vec<&str> = rules.chain(codes).chain(form.later_checks().keys().map(String::as_str)).collect();
        for name in names.split_whitespace() {
            assert!(there.iter().any(|check| is_named(check, name)), "{code} has no {name}");
        }
    }
}

/// Rows of the forms without lists; compound items count once, and what the documents sum up in one line (86—90, 10—36) is unfolded.
const ROWS: [(&str, usize); 14] = [
    ("102-1", 42),
    ("107-2", 51),
    ("109", 7),
    ("202-1", 13),
    ("205-1", 23),
    ("101-1", 30),
    ("B103-1", 44),
    ("B203", 32),
    ("E204-1", 35),
    ("F203", 30),
    ("NC-乡", 14),
    ("NC-村", 7),
    ("S204-1", 11),
    ("X204-1", 16),
];

#[test]
fn no_indicator_is_missing() {
    let distinct = |codes: &mut dyn Iterator<Item = &String>| {
        codes.map(|code| code.split('.').next().unwrap_or_default().to_owned()).collect::<BTreeSet<_>>().len()
    };
    for (code, rows) in ROWS {
        assert_eq!(distinct(&mut form(code).indicators().map(|indicator| &indicator.code)), rows, "{code}");
    }
    for (code, list, columns) in [("107-1", "p", 13), ("206-1", "x", 26)] {
        let list = form(code).list(list).expect(code);
        assert_eq!(distinct(&mut list.columns.iter().map(|column| &column.indicator.code)), columns, "{code}");
    }
}

#[test]
fn a_column_may_have_its_own_unit_and_decimals_and_a_row_may_lack_cells() {
    let energy = form("205-1");
    let cell = |id: &str| energy.cell_by_text(id).map(|cell| (cell.measure, cell.decimals));
    assert_eq!(cell("c01"), Some((Measure::Ton, 2)));
    assert_eq!(cell("c01_8"), Some((Measure::None, 4)));
    assert_eq!(cell("c01_10"), Some((Measure::ThousandYuan, 0)));
    // P6: there is no place for a stock of electricity.
    assert_eq!((cell("c33_1"), cell("c33_7")), (None, None));
    // The official order of columns, with the main one in its place.
    let order: Vec<&str> = energy.columns.iter().map(|column| column.id.as_str()).collect();
    assert_eq!(order, ["1", "2", "3", "", "5", "6", "7", "8", "9", "10", "ly"]);
}

#[test]
fn a_plausible_report_passes_every_check() {
    for cases in all_cases() {
        let report = Report::of(&cases);
        let findings = report.findings();
        assert!(findings.is_empty(), "{}: {findings:#?}", cases.form);
    }
}

#[test]
fn each_change_is_told_by_the_checks_that_it_breaks_and_no_others() {
    for cases in all_cases() {
        let report = Report::of(&cases);
        for (change, expected) in &cases.broken {
            let expected: BTreeSet<String> = expected.split_whitespace().map(str::to_owned).collect();
            assert_eq!(report.with(change).failing(), expected, "{} after {change}", cases.form);
        }
    }
}

/// The part of an id that rules of the same make share: `E5_03` and `E5_04` are `E5`.
fn family(check: &str) -> &str {
    check.split('_').next().unwrap_or(check)
}

/// Rules of presence and sign are told cell by cell below.
fn follows_a_pattern(form: &Form, check: &str) -> bool {
    let rest = check.trim_start_matches(['R', 'N']);
    rest.len() < check.len() && (rest.starts_with('_') || form.cell_by_text(&format!("c{rest}")).is_some())
}

#[test]
fn every_kind_of_check_has_a_case() {
    for cases in all_cases() {
        let told: BTreeSet<&str> = cases.broken.iter().flat_map(|(_, checks)| checks.split_whitespace()).collect();
        let form = form(&cases.form);
        let rules = form.all_checks().map(|check| &check.id).filter(|id| !follows_a_pattern(form, id));
        for id in rules.chain(form.intrinsic_checks().iter().map(|check| &check.id)) {
            let is_told = told.iter().any(|other| family(other) == family(id));
            assert!(is_told, "{} {id} has no case", cases.form);
        }
    }
}

#[test]
fn cells_that_must_be_filled_and_signs_are_asked_for_one_by_one() {
    for cases in all_cases() {
        let report = Report::of(&cases);
        for def in report.form.cells().iter().filter(|cell| cell.column.is_empty()) {
            let code = def.id.as_str().trim_start_matches('c');
            let asks = report.with(&format!("{code}=")).failing().contains(&format!("R{code}"));
            assert_eq!(asks, def.is_required, "{} {}", cases.form, def.id);
            if def.is_nonnegative {
                let below = report.with(&format!("{code}=-1")).failing();
                // 资产总计 is Z4 in the documents.
                let sign = if cases.form == "F203" && code == "213" { "Z4".to_owned() } else { format!("N{code}") };
                assert!(below.contains(&sign), "{} {}", cases.form, def.id);
            }
        }
    }
}

#[test]
fn columns_of_lists_that_must_be_filled_and_signs_are_asked_for_too() {
    for cases in all_cases() {
        let report = Report::of(&cases);
        for (list, column) in report.form.lists.iter().flat_map(|list| list.columns.iter().map(move |c| (list, c))) {
            let (id, name) = (format!("{}.1.{}", list.id, column.id), format!("{}_{}", list.id, column.id));
            let asks = report.with(&format!("{id}=")).failing().contains(&format!("R_{name}"));
            assert_eq!(asks, column.indicator.is_required, "{} {id}", cases.form);
            if column.indicator.is_nonnegative {
                let below = report.with(&format!("{id}=-1")).failing();
                assert!(below.contains(&format!("N_{name}")), "{} {id}", cases.form);
            }
        }
    }
}

#[test]
fn what_need_not_be_filled_in_leaves_nothing_untested() {
    // F203 keeps the ways of B203: few of its cells may stay blank, and those are told.
    for cases in all_cases().iter().filter(|cases| cases.form != "F203") {
        let mut report = Report { others: BTreeMap::new(), ..Report::of(cases) };
        report.previous.clear();
        report.last_year.clear();
        let asked: BTreeSet<String> =
            report.form.all_checks().filter_map(|check| check.id.strip_prefix('R').map(str::to_owned)).collect();
        report.cells.retain(|id, _| match RowCell::parse(id) {
            Some(row) => asked.contains(&format!("_{}_{}", row.list, row.column)),
            None => asked.contains(id.as_str().trim_start_matches('c')),
        });
        assert_eq!(report.untested(), BTreeSet::new(), "{}", cases.form);
    }
}

#[test]
fn what_is_carried_over_and_computed_is_what_the_plausible_report_says() {
    let mut figures = BTreeMap::new();
    for cases in all_cases() {
        let report = Report::of(&cases);
        let carried = report.form.carried(&report.facts(), Earlier::default());
        let computed = report.form.computed().iter().filter_map(|cell| report.form.compute(cell, &report.facts()));
        for generated in carried.into_iter().chain(computed) {
            let told = value_of(&report.cells, &generated.cell);
            assert_eq!(*told, generated.value, "{} {}", cases.form, generated.derivation.sentence);
            *figures.entry(cases.form.clone()).or_insert(0) += 1;
        }
    }
    let expected = [
        ("102-1", 9),
        ("109", 9),
        ("205-1", 8),
        ("206-1", 4),
        ("B204-1", 25),
        ("E204-1", 26),
        ("E224", 3),
        ("F203", 30),
        ("S204-1", 25),
    ];
    assert_eq!(figures, expected.map(|(form, figures)| (form.to_owned(), figures)).into());
}

#[test]
fn what_is_asked_on_several_forms_is_listed_and_the_annual_form_takes_what_december_said() {
    let repeated = youju_programme::burden(programmes());
    let of =
        |label: &str| repeated.iter().find(|one| one.label == label && one.measure == Measure::ThousandYuan).unwrap();
    let revenue = of("营业收入");
    // 101-1 asks every industrial unit once more; services have a form of their own and no factory owes it.
    assert!(revenue.forms.contains(&("B103-1".to_owned(), Some("B203".to_owned()))), "{revenue:?}");
    assert!(revenue.forms.contains(&("B203".to_owned(), None)), "{revenue:?}");
    assert!(revenue.forms.iter().all(|(form, _)| form != "X204-1"));
    assert!(!of("营业外收入").is_typed_twice() || of("营业外收入").forms.len() > 2, "{:?}", of("营业外收入"));
    let december = Report::of(&all_cases().into_iter().find(|cases| cases.form == "F203").unwrap());
    let annual = form("B103-1");
    let others = BTreeMap::from([("B203".to_owned(), december.cells.clone())]);
    let empty = Cells::new();
    let attributes = BTreeMap::new();
    let facts = Facts {
        period: Period::parse("2025").unwrap(),
        cells: &empty,
        previous: None,
        last_year: None,
        others: &others,
        attributes: &attributes,
        figures: &crate::make::NO_FIGURES,
    };
    let carried = annual.carried(&facts, Earlier::default());
    let revenue = carried.iter().find(|cell| cell.cell.as_str() == "c301").unwrap();
    assert_eq!(revenue.value, *value_of(&december.cells, &CellId::new("c301")));
    assert_eq!(revenue.derivation.sentence, "取自本单位同期末 B203 表数据。");
}
