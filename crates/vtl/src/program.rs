//! A ruleset compiled for a schema: all its rules in one graph.

use crate::ast::{DatapointRuleset, Parameter, RuleItem};
use crate::check::Checker;
use crate::column::EvalError;
use crate::engine::Code;
use crate::error::Errors;
use crate::graph::{Graph, Id};
use crate::limits::BLOCK_WORDS;
use crate::machine::Machine;
use crate::plan::Operand;
use crate::register::{ALL, NONE, TruthView, set_word, word_of};
use crate::scalar::{Record, Scalar, Schema};
use crate::verdict::{BlockBits, Verdicts};
use arrow_array::RecordBatch;

/// Program 程序 — the rules of one ruleset, checked and ready to judge rows.
#[derive(Debug, Clone)]
pub struct Program {
    pub(crate) code: Code,
    pub(crate) parameters: Vec<Parameter>,
    rules: Vec<Rule>,
    inputs: Vec<String>,
}

/// Rule 审核规则 — one rule of a program.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name; without one, its place in the ruleset from 1.
    pub name: String,
    /// The constant after `errorcode`.
    pub error_code: Option<Scalar>,
    /// The constant after `errorlevel`.
    pub error_level: Option<Scalar>,
    /// The components that it reads, in the order of the schema.
    pub inputs: Vec<String>,
    pub(crate) item: RuleItem,
    when: Option<Id>,
    then: Id,
}

impl Rule {
    /// The rule as VTL text, without its name and codes.
    pub fn text(&self) -> String {
        let bare = RuleItem { name: None, error_code: None, error_level: None, ..self.item.clone() };
        bare.to_string()
    }

    fn roots(&self) -> Vec<Id> {
        self.when.into_iter().chain([self.then]).collect()
    }
}

impl Program {
    /// Checks names and types and compiles all rules together, sharing what they have in common.
    pub fn compile(ruleset: &DatapointRuleset, schema: &Schema) -> Result<Program, Errors> {
        let mut graph = Graph::default();
        let mut checker = Checker::new(&mut graph, schema);
        checker.limit(&ruleset.parameters);
        let mut compiled = Vec::new();
        for (at, item) in ruleset.rules.iter().enumerate() {
            let name = item.name.clone().unwrap_or_else(|| (at + 1).to_string());
            checker.place = format!("规则“{name}”:");
            let when = item.when.as_ref().map(|when| checker.boolean(when, "when 后的条件"));
            let then = checker.boolean(&item.then, "规则");
            if let (Some(then), Some(when)) = (then, when.map_or(Some(None), |id| id.map(Some))) {
                compiled.push((name, item.clone(), when, then));
            }
        }
        let errors = checker.errors;
        let code = Code::new(graph, schema.clone());
        let rules: Vec<Rule> =
            compiled.into_iter().map(|(name, item, when, then)| rule(&code, name, item, when, then)).collect();
        let inputs = code.inputs(&rules.iter().flat_map(Rule::roots).collect::<Vec<_>>());
        errors.or(Program { code, parameters: ruleset.parameters.clone(), rules, inputs })
    }

    /// The rules in the order of the ruleset.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The number of the rule of this name.
    pub fn rule_named(&self, name: &str) -> Option<usize> {
        self.rules.iter().position(|rule| rule.name == name)
    }

    /// All components that some rule reads, in the order of the schema.
    pub fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// The rules that read a component: what has to be judged again when it changes.
    pub fn rules_reading(&self, component: &str) -> Vec<usize> {
        let reads = |rule: &Rule| rule.inputs.iter().any(|input| input == component);
        self.rules.iter().enumerate().filter(|(_, rule)| reads(rule)).map(|(at, _)| at).collect()
    }

    /// Judges every row of a batch by every rule. Columns may come in any order; a missing one is null in every row.
    pub fn evaluate(&self, batch: &RecordBatch) -> Result<Verdicts, EvalError> {
        self.evaluate_rules(batch, &(0..self.rules.len()).collect::<Vec<_>>())
    }

    /// Judges a batch by some of the rules only.
    pub fn evaluate_rules(&self, batch: &RecordBatch, rules: &[usize]) -> Result<Verdicts, EvalError> {
        let chosen = self.chosen(rules)?;
        let roots: Vec<Id> = chosen.iter().flat_map(|(_, rule)| rule.roots()).collect();
        let mut verdicts = Verdicts::new(rules);
        self.code.run(batch, &roots, |machine, results, rows| {
            let mut results = results.iter();
            for (at, rule) in &chosen {
                let when = if rule.when.is_some() { results.next() } else { None };
                if let Some(then) = results.next() {
                    verdicts.add(*at, &judge(machine, when, *then), rows);
                }
            }
            verdicts.advance(rows);
        })?;
        Ok(verdicts)
    }

    /// Judges one record: row 0 of the verdicts.
    pub fn evaluate_record(&self, record: &Record) -> Result<Verdicts, EvalError> {
        self.evaluate_record_rules(record, &(0..self.rules.len()).collect::<Vec<_>>())
    }

    /// Judges one record by some of the rules only, as after the change of one cell.
    pub fn evaluate_record_rules(&self, record: &Record, rules: &[usize]) -> Result<Verdicts, EvalError> {
        let roots: Vec<Id> = self.chosen(rules)?.iter().flat_map(|(_, rule)| rule.roots()).collect();
        self.evaluate_rules(&self.code.batch_of(record, &roots)?, rules)
    }

    /// The rules of these numbers, once each and in order.
    fn chosen(&self, rules: &[usize]) -> Result<Vec<(usize, &Rule)>, EvalError> {
        let mut numbers = rules.to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().map(|at| Ok((at, self.rules.get(at).ok_or(EvalError::NoRule(at))?))).collect()
    }
}

fn rule(code: &Code, name: String, item: RuleItem, when: Option<Id>, then: Id) -> Rule {
    let roots: Vec<Id> = when.into_iter().chain([then]).collect();
    let (error_code, error_level) = (item.error_code.clone(), item.error_level.clone());
    Rule { name, error_code, error_level, inputs: code.inputs(&roots), item, when, then }
}

/// Tested only where the condition is true; where it is false the rule holds; where it is null nothing is known.
fn judge(machine: &Machine<'_>, when: Option<&Operand>, then: Operand) -> BlockBits {
    let always = TruthView { yes: &ALL, no: &NONE, broken: &NONE };
    let when = when.map_or(always, |operand| machine.truths_of(*operand));
    let then = machine.truths_of(then);
    let mut block = BlockBits { fail: NONE, null: NONE, broken: NONE, skipped: NONE };
    for word in 0..BLOCK_WORDS {
        let applies = word_of(when.yes, word);
        let skipped = word_of(when.no, word);
        let fail = applies & word_of(then.no, word);
        let broken = (word_of(when.broken, word) | (applies & word_of(then.broken, word))) & !fail;
        let pass = applies & word_of(then.yes, word);
        set_word(&mut block.fail, word, fail);
        set_word(&mut block.skipped, word, skipped);
        set_word(&mut block.broken, word, broken);
        set_word(&mut block.null, word, !(fail | pass | skipped | broken));
    }
    block
}
