//! Checks 审核关系 of a form, and what they say about one report.

use std::collections::{BTreeMap, BTreeSet};

use youju_domain::finding::{Finding, Outcome, Severity};
use youju_domain::report::{CellId, value_of};
use youju_vtl::formula::{self, Layout, Message, Part, Unprintable};
use youju_vtl::{DatapointRuleset, Language, Program, Record, Scalar, Schema, Verdict, Why};

use crate::facts::{Component, Facts, Input, plain};
use crate::form::{Form, Provenance};
use crate::intrinsic::Intrinsic;

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
    /// The cells of this report that it reads.
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
        self.run(facts, |_| true, |_| true)
    }

    /// Only the checks that read one of the changed cells.
    pub fn check_touched(&self, facts: &Facts, changed: &[CellId]) -> Touched {
        let rule = |check: &Check| check.cells.iter().any(|cell| changed.contains(cell));
        let code = |intrinsic: &Intrinsic| changed.contains(&intrinsic.cell);
        let codes = self.checks.intrinsic.iter().filter(|i| code(i)).map(|i| i.id.clone());
        let rules = self.checks.list.iter().filter(|c| rule(c)).map(|c| c.id.clone());
        Touched { checks: codes.chain(rules).collect(), findings: self.run(facts, rule, code) }
    }

    fn run(
        &self,
        facts: &Facts,
        is_rule_wanted: impl Fn(&Check) -> bool,
        is_code_wanted: impl Fn(&Intrinsic) -> bool,
    ) -> Vec<Finding> {
        let codes = self.checks.intrinsic.iter().filter(|intrinsic| is_code_wanted(intrinsic));
        let codes = codes.filter_map(|code| code.finding(value_of(facts.cells, &code.cell)));
        let rules = self.checks.list.iter().enumerate().filter(|(_, check)| is_rule_wanted(check));
        let rules: Vec<usize> = rules.map(|(at, _)| at).collect();
        let record = facts.record(&self.checks.components);
        // The record has the types that the program was compiled for; should it ever not, nothing passes unseen.
        let verdicts = self.checks.program.evaluate_record_rules(&record, &rules).ok();
        let verdict = |rule: usize| verdicts.as_ref().and_then(|v| v.verdict(rule, 0));
        let unseen = Verdict::Undecided(Why::Arithmetic);
        let rules =
            rules.iter().filter_map(|at| self.finding(*at, verdict(*at).unwrap_or(unseen), &|_| record.clone()));
        codes.chain(rules).collect()
    }

    /// The finding of one rule on one record; nothing when it passes, and then no record is made.
    pub(crate) fn finding(&self, rule: usize, verdict: Verdict, record: &dyn Fn(&Check) -> Record) -> Option<Finding> {
        let check = self.checks.list.get(rule)?;
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
            severity: check.severity,
            outcome,
            message: self.message(rule, check, &record),
            sentence,
            cells: check.cells.clone(),
            inputs: check.inputs.iter().map(input).collect(),
        })
    }

    /// What should hold, with the figures of a record where the message asks for them.
    fn message(&self, rule: usize, check: &Check, record: &Record) -> String {
        if check.template.0.iter().all(|part| matches!(part, Part::Text(_))) {
            return check.message.clone();
        }
        let explained = self.checks.told.explain_record(rule, record, &|_| None, Language::Chinese);
        check.template.fill(record, explained.ok().and_then(|explained| explained.difference).as_ref())
    }

    fn explain(&self, rule: usize, record: &Record) -> String {
        let labels = |name: &str| self.label(name);
        match self.checks.told.explain_record(rule, record, &labels, Language::Chinese) {
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
        self.checks.components.iter().find(|component| component.name == name).map(|component| component.label.clone())
    }
}

impl Checks {
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
                Input::Cell(id) => Some(id.clone()),
                _ => None,
            })
            .collect()
    }
}
