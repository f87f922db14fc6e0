//! A ruleset compiled for a schema: all its rules in one graph.

use crate::ast::{DatapointRuleset, Parameter, RuleItem, Signature};
use crate::check::Checker;
use crate::column::EvalError;
use crate::engine::{Code, Input, locked};
use crate::error::{Errors, Span};
use crate::graph::{Graph, Id};
use crate::limits::{BLOCK_ROWS, BLOCK_WORDS, CELL_SCALE, PART_BLOCKS_MAX};
use crate::machine::Machine;
use crate::plan::Operand;
use crate::register::{ALL, NONE, TruthView, set_word, word_of};
use crate::scalar::{Record, Scalar, Schema};
use crate::verdict::{BlockBits, Part, Verdicts};
use arrow_array::RecordBatch;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Mutex;

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

    /// The rules as the definition of a ruleset in VTL: compiled for the same schema it judges alike.
    pub fn text(&self) -> String {
        let rules = self.rules.iter().map(|rule| RuleItem { name: Some(rule.name.clone()), ..rule.item.clone() });
        let ruleset = DatapointRuleset {
            name: "rules".into(),
            signature: Signature::Variable,
            parameters: self.parameters.clone(),
            rules: rules.collect(),
            span: Span::default(),
        };
        ruleset.to_string()
    }

    /// What it was compiled for.
    pub fn schema(&self) -> &Schema {
        self.code.schema()
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
        self.judged(Input::Batch(batch), rules, NonZeroUsize::MIN)
    }

    /// Judges a batch by some of the rules on several threads. The verdicts are those of one thread, to the last row.
    pub fn evaluate_on(
        &self,
        batch: &RecordBatch,
        rules: &[usize],
        threads: NonZeroUsize,
    ) -> Result<Verdicts, EvalError> {
        self.judged(Input::Batch(batch), rules, threads)
    }

    /// Judges one record: row 0 of the verdicts.
    pub fn evaluate_record(&self, record: &Record) -> Result<Verdicts, EvalError> {
        self.evaluate_record_rules(record, &(0..self.rules.len()).collect::<Vec<_>>())
    }

    /// Judges one record by some of the rules only, as after the change of one cell.
    pub fn evaluate_record_rules(&self, record: &Record, rules: &[usize]) -> Result<Verdicts, EvalError> {
        self.judged(Input::Record(record, CELL_SCALE), rules, NonZeroUsize::MIN)
    }

    fn judged(&self, input: Input<'_>, rules: &[usize], threads: NonZeroUsize) -> Result<Verdicts, EvalError> {
        let chosen = self.chosen(rules)?;
        if input.rows() == 0 {
            self.code.check(input, &chosen.roots)?; // types are refused also where there is nothing to judge
        }
        let mut verdicts = Verdicts::new(chosen.rules.iter().map(|(at, _)| *at).collect(), input.rows());
        let blocks = input.rows().div_ceil(BLOCK_ROWS);
        if threads.get() == 1 || blocks < 2 {
            for mut part in verdicts.parts(blocks) {
                self.fill(input, &chosen, &mut part)?;
            }
            return Ok(verdicts);
        }
        // Several parts for each thread, so that none waits long for another; each part takes whole blocks.
        let size = (blocks / (threads.get() * 4)).clamp(1, PART_BLOCKS_MAX);
        let parts = Mutex::new(verdicts.parts(size));
        let refused: Mutex<BTreeMap<usize, EvalError>> = Mutex::default();
        let work = || {
            loop {
                let part = locked(&parts).next();
                let Some(mut part) = part else { break };
                if let Err(error) = self.fill(input, &chosen, &mut part) {
                    locked(&refused).insert(part.rows.start, error);
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads.get().min(blocks) {
                scope.spawn(work);
            }
            work();
        });
        drop(parts);
        let first = locked(&refused).pop_first(); // the same error as on one thread
        first.map_or(Ok(verdicts), |(_, error)| Err(error))
    }

    /// Judges the rows of one part.
    fn fill(&self, input: Input<'_>, chosen: &Chosen<'_>, part: &mut Part<'_>) -> Result<(), EvalError> {
        self.code.run(input, &chosen.roots, part.rows.clone(), |machine, results, start, _| {
            let mut results = results.iter();
            for (place, (_, rule)) in chosen.rules.iter().enumerate() {
                let when = if rule.when.is_some() { results.next() } else { None };
                if let Some(then) = results.next() {
                    part.set(place, start, &judge(machine, when, *then));
                }
            }
        })
    }

    /// The rules of these numbers, once each and in order.
    fn chosen(&self, rules: &[usize]) -> Result<Chosen<'_>, EvalError> {
        let mut numbers = rules.to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        let rules = numbers.into_iter().map(|at| Ok((at, self.rules.get(at).ok_or(EvalError::NoRule(at))?)));
        let rules = rules.collect::<Result<Vec<_>, EvalError>>()?;
        let roots = rules.iter().flat_map(|(_, rule)| rule.when.into_iter().chain([rule.then])).collect();
        Ok(Chosen { rules, roots })
    }
}

/// Rules with their numbers, and the nodes that they ask for.
struct Chosen<'p> {
    rules: Vec<(usize, &'p Rule)>,
    roots: Vec<Id>,
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
    let [mut fail, mut null, mut broken, mut skipped] = BlockBits::default();
    for word in 0..BLOCK_WORDS {
        let applies = word_of(when.yes, word);
        let not = word_of(when.no, word);
        let fails = applies & word_of(then.no, word);
        let stuck = (word_of(when.broken, word) | (applies & word_of(then.broken, word))) & !fails;
        let pass = applies & word_of(then.yes, word);
        set_word(&mut fail, word, fails);
        set_word(&mut skipped, word, not);
        set_word(&mut broken, word, stuck);
        set_word(&mut null, word, !(fails | pass | not | stuck));
    }
    [fail, null, broken, skipped]
}
