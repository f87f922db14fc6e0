//! Checks 审核关系 of a form, and what they say about one report.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use youju_domain::finding::{Finding, Outcome, Severity};
use youju_domain::report::{CellId, Cells, value_of};
use youju_vtl::formula::{self, Layout, Message, Part, Unprintable};
use youju_vtl::{DatapointRuleset, Language, Program, Record, Scalar, Schema, Verdict, Why};

use crate::facts::{Age, Component, Facts, Input, Report, RowAt, plain};
use crate::form::{Form, Provenance};
use crate::intrinsic::Intrinsic;
use crate::list::{List, RowCell, row_cell_id};

/// Check 审核关系 — one rule of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its id within the form, e.g. `Z7`.
    pub id: String,
    /// How severe a failure is.
    pub severity: Severity,
    /// What should hold, in a few words; `{[301,1]}` and `{差}` stand where a finding has figures.
    pub message: String,
    /// The rule as VTL.
    pub text: String,
    /// Where the rule was read.
    pub provenance: Provenance,
    /// Keys of the sources.
    pub sources: Vec<String>,
    /// What has to be known about it.
    pub note: String,
    /// The names that it reads.
    pub inputs: Vec<String>,
    /// Those of them that make it untestable when they are null.
    pub(crate) strict: BTreeSet<String>,
    /// The cells of this report that it reads; of a check of rows, the columns.
    pub cells: Vec<CellId>,
    /// The message with its places for figures.
    pub(crate) template: Message,
}

/// All checks of a form, compiled.
#[derive(Debug)]
pub(crate) struct Checks {
    /// Decides.
    pub program: Program,
    /// Explains failures; see `load::checks`.
    pub told: Program,
    /// In the order of the program's rules.
    pub list: Vec<Check>,
    pub intrinsic: Vec<Intrinsic>,
    /// What the rules read, and nothing else.
    pub components: Vec<Component>,
    /// Rules that wait for something, with the reason.
    pub later: BTreeMap<String, String>,
    /// The rules as one ruleset, of whatever notation they were written in.
    pub ruleset: DatapointRuleset,
    /// The rules as written, with what only a formula says beside them.
    pub written: Vec<formula::Rule>,
    /// What formulas may name.
    pub layout: Layout,
    /// The files that the rules stand in, in their order.
    pub files: Vec<RuleFile>,
}

/// One file of rules as it was read.
#[derive(Debug)]
pub(crate) struct RuleFile {
    pub path: String,
    pub text: String,
    /// How many rules came of it.
    pub rules: usize,
}

/// What re-checking after a change found: the findings of the touched checks replace those of before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Ids of the checks that were run.
    pub checks: Vec<String>,
    /// Their findings.
    pub findings: Vec<Finding>,
}

impl Check {
    /// True when it only asks that a cell be filled 必填项.
    pub fn asks_presence(&self) -> bool {
        self.cells.iter().any(|cell| self.text == format!("not isnull({cell})"))
    }

    /// True when its finding shows the value of this name, in the sentence or in the message.
    pub(crate) fn shows(&self, name: &str) -> bool {
        let in_message = |part: &Part| matches!(part, Part::Value(value) if value == name);
        self.inputs.iter().any(|input| input == name) || self.template.0.iter().any(in_message)
    }
}

impl Form {
    /// Its checks, in order.
    pub fn checks(&self) -> &[Check] {
        &self.checks.list
    }

    /// Its checks as one VTL ruleset, whatever notation they were written in. 适用 and 来源 of formulas have no place in it.
    pub fn as_vtl(&self) -> String {
        self.checks.ruleset.to_string()
    }

    /// Its checks in the notation 审核公式, one a line, and those that it cannot say.
    pub fn as_formulas(&self) -> (String, Vec<Unprintable>) {
        let (mut text, mut left_out) = (String::new(), Vec::new());
        for rule in &self.checks.written {
            match formula::print(&rule.item, &rule.meta, &self.checks.layout) {
                Ok(line) => text.extend([line.as_str(), "\n"]),
                Err(unprintable) => left_out.push(unprintable),
            }
        }
        (text, left_out)
    }

    /// Its checks and those of its lists' rows.
    pub fn all_checks(&self) -> impl Iterator<Item = &Check> {
        std::iter::once(&self.checks).chain(&self.row_checks).flat_map(|checks| &checks.list)
    }

    /// Its checks of codes.
    pub fn intrinsic_checks(&self) -> &[Intrinsic] {
        &self.checks.intrinsic
    }

    /// Checks that are known but wait for something, by id, with the reason.
    pub fn later_checks(&self) -> &BTreeMap<String, String> {
        &self.checks.later
    }

    /// Every check that the report fails, and every check that cannot be tested, with the figures.
    pub fn check(&self, facts: &Facts) -> Vec<Finding> {
        let mut findings = self.check_by(&self.checks, &self.row_checks, facts);
        findings.extend(self.lists.iter().flat_map(|list| list.doubles(facts.cells)));
        findings
    }

    /// What some checks say, of the form and of its lists' rows.
    pub(crate) fn check_by(&self, checks: &Checks, rows: &[Checks], facts: &Facts) -> Vec<Finding> {
        let mut findings = checks.run(facts, None, |_| true, |_| true);
        for (list, checks) in self.lists.iter().zip(rows) {
            findings.extend(check_rows(list, checks, facts));
        }
        findings
    }

    /// Only the checks that read one of the changed cells.
    pub fn check_touched(&self, facts: &Facts, changed: &[CellId]) -> Touched {
        let is_input_touched = |input: &Input| changed.iter().any(|cell| input.is_touched_by(cell));
        let rule = |check: &Check| {
            let read = self.checks.components.iter().filter(|component| check.inputs.contains(&component.name));
            read.map(|component| &component.input).any(is_input_touched)
        };
        let code = |intrinsic: &Intrinsic| changed.contains(&intrinsic.cell);
        let codes = self.checks.intrinsic.iter().filter(|i| code(i)).map(|i| i.id.clone());
        let rules = self.checks.list.iter().filter(|c| rule(c)).map(|c| c.id.clone());
        let mut touched =
            Touched { checks: codes.chain(rules).collect(), findings: self.checks.run(facts, None, rule, code) };
        // A row stands beside its neighbours: one changed key makes another row the second of its kind.
        for (list, checks) in self.lists.iter().zip(&self.row_checks) {
            if changed.iter().filter_map(RowCell::parse).any(|cell| cell.list == list.id) {
                touched.checks.extend(checks.list.iter().map(|check| check.id.clone()));
                touched.checks.push(list.key_check());
                touched.findings.extend(check_rows(list, checks, facts));
                touched.findings.extend(list.doubles(facts.cells));
            }
        }
        touched
    }
}

/// What the checks of a list's rows say about each of them.
fn check_rows(list: &List, checks: &Checks, facts: &Facts) -> Vec<Finding> {
    rows_of(list, facts).flat_map(|row| checks.run(facts, Some(row), |_| true, |_| true)).collect()
}

/// The rows of a list, each with those of the same key in earlier reports.
pub(crate) fn rows_of<'a>(list: &'a List, facts: &Facts<'a>) -> impl Iterator<Item = RowAt<'a>> + use<'a> {
    let by_key = |cells: Option<&Cells>| cells.map(|cells| list.by_key(cells)).unwrap_or_default();
    let (previous, last_year) = (by_key(facts.previous), by_key(facts.last_year));
    let cells = facts.cells;
    list.rows(cells).into_iter().map(move |number| {
        let key = list.key_of(cells, number);
        let of = |rows: &BTreeMap<Vec<String>, u32>| key.as_ref().and_then(|key| rows.get(key)).copied();
        RowAt { list, number, previous: of(&previous), last_year: of(&last_year) }
    })
}

impl Checks {
    fn run(
        &self,
        facts: &Facts,
        row: Option<RowAt>,
        is_rule_wanted: impl Fn(&Check) -> bool,
        is_code_wanted: impl Fn(&Intrinsic) -> bool,
    ) -> Vec<Finding> {
        let codes = self.intrinsic.iter().filter(|intrinsic| is_code_wanted(intrinsic));
        let codes = codes.filter_map(|code| match row {
            None => code.finding(value_of(facts.cells, &code.cell)),
            Some(row) => code.finding(row.list.value(facts.cells, row.number, code.cell.as_str())),
        });
        let rules = self.list.iter().enumerate().filter(|(_, check)| is_rule_wanted(check));
        let rules: Vec<usize> = rules.map(|(at, _)| at).collect();
        let record = facts.record(&self.components, row);
        // The record has the types that the program was compiled for; should it ever not, nothing passes unseen.
        let verdicts = self.program.evaluate_record_rules(&record, &rules).ok();
        let verdict = |rule: usize| verdicts.as_ref().and_then(|v| v.verdict(rule, 0));
        let unseen = Verdict::Undecided(Why::Arithmetic);
        let rules = rules
            .iter()
            .filter_map(|at| self.finding(*at, verdict(*at).unwrap_or(unseen), &|_| Cow::Borrowed(&record)));
        let findings = codes.chain(rules);
        match row {
            None => findings.collect(),
            Some(row) => findings.map(|finding| in_row(finding, row)).collect(),
        }
    }

    /// The finding of one rule on one record; nothing when it passes, and then no record is made.
    pub(crate) fn finding<'r>(
        &self,
        rule: usize,
        verdict: Verdict,
        record: &dyn Fn(&Check) -> Cow<'r, Record>,
    ) -> Option<Finding> {
        let check = self.list.get(rule)?;
        if verdict == Verdict::Pass {
            return None;
        }
        let record = record(check);
        let (outcome, sentence) = match verdict {
            Verdict::Undecided(why) => (Outcome::NotTestable, self.untestable(check, why, &record)),
            Verdict::Pass | Verdict::Fail => (Outcome::Fail, self.explain(rule, &record)),
        };
        let input = |name: &String| (name.clone(), plain(record.get(name).unwrap_or(&Scalar::Null)));
        Some(Finding {
            check: check.id.clone(),
            row: None,
            severity: check.severity,
            outcome,
            message: self.message(rule, check, &record),
            sentence,
            cells: check.cells.clone(),
            inputs: check.inputs.iter().map(input).collect(),
        })
    }

    /// What should hold, with the figures of a record where the message asks for them.
    pub(crate) fn message(&self, rule: usize, check: &Check, record: &Record) -> String {
        if check.template.0.iter().all(|part| matches!(part, Part::Text(_))) {
            return check.message.clone();
        }
        let explained = self.told.explain_record(rule, record, &|_| None, Language::Chinese);
        check.template.fill(record, explained.ok().and_then(|explained| explained.difference).as_ref())
    }

    fn explain(&self, rule: usize, record: &Record) -> String {
        let labels = |name: &str| self.label(name);
        match self.told.explain_record(rule, record, &labels, Language::Chinese) {
            Ok(explanation) => format!("{}。", explanation.sentence),
            Err(error) => error.to_string(),
        }
    }

    fn untestable(&self, check: &Check, why: Why, record: &Record) -> String {
        if why == Why::Arithmetic {
            return "除数为零或数字过大,无法计算。请核对数据和计量单位。".to_owned();
        }
        let is_null = |name: &&String| matches!(record.get(*name), None | Some(Scalar::Null));
        let mut blank: Vec<&String> =
            check.inputs.iter().filter(|n| check.strict.contains(*n)).filter(is_null).collect();
        if blank.is_empty() {
            blank = check.inputs.iter().filter(is_null).collect();
        }
        let names: Vec<String> =
            blank.into_iter().map(|n| format!("“{}”", self.label(n).unwrap_or_default())).collect();
        format!("{}没有数据,无法审核。填报后自动审核。", names.join("、"))
    }

    /// The name of a check's input in sentences.
    pub(crate) fn label(&self, name: &str) -> Option<String> {
        self.components.iter().find(|component| component.name == name).map(|component| component.label.clone())
    }

    /// Names and types of what the rules read.
    pub fn schema(&self) -> Schema {
        Schema::new(self.components.iter().map(|component| (component.name.clone(), component.kind)))
    }

    /// Path and text of the file that a rule stands in.
    pub fn file_of(&self, rule: usize) -> (&str, &str) {
        let mut before = 0;
        let found = self.files.iter().find(|file| {
            before += file.rules;
            rule < before
        });
        found.or(self.files.first()).map_or(("", ""), |file| (&file.path, &file.text))
    }

    /// The cells of the report itself among a rule's inputs.
    pub fn own_cells(components: &[Component], inputs: &[String]) -> Vec<CellId> {
        let found = inputs.iter().filter_map(|name| components.iter().find(|component| component.name == *name));
        found
            .filter_map(|component| match &component.input {
                Input::Cell(Report::Own(Age::Now), id) => Some(id.clone()),
                Input::Row(Age::Now, column) => Some(CellId::new(column.clone())),
                _ => None,
            })
            .collect()
    }
}

/// A finding of a row names the row and its cells.
fn in_row(finding: Finding, row: RowAt) -> Finding {
    let cells = finding.cells.iter().map(|column| row_cell_id(&row.list.id, row.number, column.as_str())).collect();
    Finding { row: Some(row.list.row_id(row.number)), cells, ..finding }
}

impl List {
    /// The id of the check that no two rows are the same thing.
    fn key_check(&self) -> String {
        format!("KEY_{}", self.id)
    }

    /// Rows that say they are the same thing as an earlier one.
    fn doubles(&self, cells: &Cells) -> Vec<Finding> {
        let first = self.by_key(cells);
        let earlier = |number: u32| self.key_of(cells, number).and_then(|key| first.get(&key).copied());
        let rows = self.rows(cells).into_iter().filter_map(|number| Some((number, earlier(number)?)));
        rows.filter(|(number, first)| first != number)
            .map(|(number, first)| self.doubled(cells, number, first))
            .collect()
    }

    /// Two rows with one key.
    fn doubled(&self, cells: &Cells, number: u32, earlier: u32) -> Finding {
        let columns = self.key.iter().filter_map(|id| self.column(id));
        let names: Vec<&str> = columns.map(|column| column.indicator.label.as_str()).collect();
        let input = |id: &String| (format!("{}_{id}", self.id), self.value(cells, number, id).print());
        Finding {
            check: self.key_check(),
            row: Some(self.row_id(number)),
            severity: Severity::Blocking,
            outcome: Outcome::Fail,
            message: format!("{}不能重复", names.join("、")),
            sentence: format!("第 {number} 行与第 {earlier} 行相同。请合并成一行,或改正其中一行。"),
            cells: self.key.iter().map(|id| row_cell_id(&self.id, number, id)).collect(),
            inputs: self.key.iter().map(input).collect(),
        }
    }

    /// The row as findings name it: `p.3`.
    fn row_id(&self, number: u32) -> String {
        format!("{}.{number}", self.id)
    }
}
