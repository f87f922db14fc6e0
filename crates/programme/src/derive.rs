//! Derivations 取数 (一键生成): from the balances of a ledger to the cells of a report, exactly, with every step told.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use youju_codes::{Measure, Quantity, Rounding, format_number};
use youju_domain::id::ImportId;
use youju_domain::ledger::Balance;
use youju_domain::report::{CellId, Derivation as Origin, DerivationInput, Generated, Value, ValueState};
use youju_vtl::{Expression, Language, Record, Scalar};

use crate::cell::CellDef;
use crate::facts::number_scalar;
use crate::form::{Form, Provenance};

/// Kinds of balance 余额和发生额, as the first part of a name in formulas, with their Chinese names.
pub const BALANCE_KINDS: [(&str, &str); 8] = [
    ("opening_debit", "期初借方"),
    ("opening_credit", "期初贷方"),
    ("period_debit", "本期借方"),
    ("period_credit", "本期贷方"),
    ("ytd_debit", "本年累计借方"),
    ("ytd_credit", "本年累计贷方"),
    ("closing_debit", "期末借方"),
    ("closing_credit", "期末贷方"),
];

/// Everything a form takes from a ledger.
#[derive(Debug)]
pub(crate) struct Derivations {
    pub measure: Measure,
    pub provenance: Provenance,
    pub note: String,
    pub list: Vec<Derivation>,
}

/// Derivation 取数公式 of one cell.
#[derive(Debug)]
pub struct Derivation {
    /// The cell.
    pub cell: CellId,
    /// Codes of the accounting standards for which it holds.
    pub standards: Vec<String>,
    /// It counts only where this is true.
    pub(crate) when: Option<Formula>,
    pub(crate) outcome: Outcome,
    /// Why it is so.
    pub note: String,
}

#[derive(Debug)]
pub(crate) enum Outcome {
    Formula(Box<Formula>),
    /// Why the ledger cannot give this cell.
    Missing(String),
}

/// A compiled expression over balances.
#[derive(Debug)]
pub(crate) struct Formula {
    pub text: String,
    pub expression: Expression,
    pub inputs: Vec<String>,
    /// Inputs whose absence is suspicious and never taken for zero.
    pub strict: BTreeSet<String>,
}

/// What a ledger gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derived {
    /// The cells, in the order of the form.
    pub cells: Vec<DerivedCell>,
    /// Cells that the ledger cannot give, each with the reason and the way out.
    pub missing: Vec<(CellId, String)>,
}

/// Derived cell 生成的单元格.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DerivedCell {
    /// Which cell.
    pub cell: CellId,
    /// Rounded, in the cell's unit of measure.
    pub value: Decimal,
    /// Exact, in the ledger's unit of measure.
    pub exact: Decimal,
    /// The formula, as the programme declares it.
    pub formula: String,
    /// The formula with names and figures.
    pub sentence: String,
    /// Every input.
    pub inputs: Vec<DerivationInput>,
}

impl DerivedCell {
    /// Ready to be put into a report.
    pub fn generated(self, import: ImportId) -> Generated {
        Generated {
            cell: self.cell,
            value: Value::Number(self.value),
            state: ValueState::Computed,
            derivation: Origin {
                import: Some(import),
                report: None,
                formula: self.formula,
                sentence: self.sentence,
                exact: Some(self.exact),
                inputs: self.inputs,
            },
        }
    }
}

impl Derivation {
    /// The formula; nothing when the programme says that the ledger cannot give this cell.
    pub fn formula(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Formula(formula) => Some(&formula.text),
            Outcome::Missing(_) => None,
        }
    }

    /// The condition under which it counts.
    pub fn condition(&self) -> Option<&str> {
        self.when.as_ref().map(|when| when.text.as_str())
    }
}

impl Form {
    /// Every derivation, in the order of the file.
    pub fn derivations(&self) -> &[Derivation] {
        self.derivations.as_ref().map_or(&[], |derivations| &derivations.list)
    }

    /// How sure the account codes are, and what has to be known about them; nothing for a form without a ledger.
    pub fn ledger_note(&self) -> Option<(Provenance, &str)> {
        self.derivations.as_ref().map(|derivations| (derivations.provenance, derivations.note.as_str()))
    }

    /// Derives the main column from the balances of a ledger, for a unit that keeps its books by this standard (会计准则代码).
    /// What cannot be derived is listed as missing; it is never guessed and never taken for zero.
    pub fn derive(&self, standard: &str, balances: &BTreeMap<String, Balance>) -> Derived {
        let record: Record =
            balances.iter().map(|(name, balance)| (name.clone(), number_scalar(balance.value))).collect();
        let mut derived = Derived::default();
        for cell in self.cells().iter().filter(|cell| cell.column.is_empty() && cell.is_number()) {
            match self.derive_cell(cell, standard, balances, &record) {
                Ok(cell) => derived.cells.push(cell),
                Err(reason) => derived.missing.push((cell.id.clone(), reason)),
            }
        }
        derived
    }

    fn derive_cell(
        &self,
        cell: &CellDef,
        standard: &str,
        balances: &BTreeMap<String, Balance>,
        record: &Record,
    ) -> Result<DerivedCell, String> {
        let holds = |derivation: &&Derivation| {
            derivation.cell == cell.id
                && derivation.standards.iter().any(|known| known == standard)
                && derivation.when.as_ref().is_none_or(|when| when.is_true(record))
        };
        let found = self.derivations.as_ref().and_then(|all| Some((all.list.iter().find(holds)?, all.measure)));
        let Some((derivation, measure)) = found else {
            return Err("本单位执行的会计准则没有取数公式,请手工填报并注明依据。".to_owned());
        };
        match &derivation.outcome {
            Outcome::Missing(reason) => Err(reason.clone()),
            Outcome::Formula(formula) => formula.derive(cell, measure, balances, record),
        }
    }
}

impl Formula {
    fn is_true(&self, record: &Record) -> bool {
        matches!(self.expression.value(record), Ok(Scalar::Boolean(true)))
    }

    fn derive(
        &self,
        cell: &CellDef,
        measure: Measure,
        balances: &BTreeMap<String, Balance>,
        record: &Record,
    ) -> Result<DerivedCell, String> {
        let exact = self.exact(balances, record)?;
        let in_unit = Quantity::new(exact, measure).to(cell.measure).map_err(|error| error.to_string())?;
        let value = in_unit.round(cell.decimals, Rounding::HalfUp).value();
        Ok(DerivedCell {
            cell: cell.id.clone(),
            value,
            exact,
            formula: self.text.clone(),
            sentence: self.sentence(cell, (exact, measure), value, balances, record),
            inputs: self.inputs.iter().map(|name| input(name, balances)).collect(),
        })
    }

    fn exact(&self, balances: &BTreeMap<String, Balance>, record: &Record) -> Result<Decimal, String> {
        let value = self.expression.value(record);
        if let Ok(Some((unscaled, scale))) = value.as_ref().map(Scalar::decimal) {
            let exact = Decimal::try_from_i128_with_scale(unscaled, scale.into());
            return exact.map_err(|_| "结果超过 28 位数,无法精确保存。请核对余额表的计量单位。".to_owned());
        }
        let absent: Vec<String> = self
            .inputs
            .iter()
            .filter(|name| self.strict.contains(*name) && !balances.contains_key(*name))
            .map(|name| format!("“{}”", label(name)))
            .collect();
        if absent.is_empty() {
            return Err("公式无法计算。请核对余额表,或手工填报并注明依据。".to_owned());
        }
        let names = absent.join("、");
        Err(format!("科目余额表中没有{names},不能当作零。请核对科目编码和会计准则,或手工填报并注明依据。"))
    }

    fn sentence(
        &self,
        cell: &CellDef,
        (exact, measure): (Decimal, Measure),
        value: Decimal,
        balances: &BTreeMap<String, Balance>,
        record: &Record,
    ) -> String {
        let labels = |name: &str| Some(balances.get(name).map_or_else(|| label(name), |b| b.label.clone()));
        let steps = self.expression.explain(record, &labels, Language::Chinese);
        let (exact, value) = (format_number(&exact.normalize()), format_number(&value));
        format!("{}={steps}={exact} {measure},即 {value} {}。", cell.label, cell.measure)
    }
}

fn input(name: &str, balances: &BTreeMap<String, Balance>) -> DerivationInput {
    match balances.get(name) {
        Some(balance) => DerivationInput {
            name: name.to_owned(),
            label: balance.label.clone(),
            value: Some(balance.value),
            row: Some(balance.row),
        },
        None => DerivationInput { name: name.to_owned(), label: label(name), value: None, row: None },
    }
}

/// `ytd_credit_6001` is `6001 本年累计贷方`.
fn label(name: &str) -> String {
    parts(name).map_or_else(|| name.to_owned(), |(kind, account)| format!("{account} {kind}"))
}

/// The Chinese kind and the account of a name in formulas; nothing for a name that no ledger can have.
pub(crate) fn parts(name: &str) -> Option<(&'static str, &str)> {
    BALANCE_KINDS.iter().find_map(|(kind, chinese)| {
        let account = name.strip_prefix(kind)?.strip_prefix('_')?;
        let is_account = account.len() >= 4 && account.bytes().all(|byte| byte.is_ascii_digit());
        is_account.then_some((*chinese, account))
    })
}
