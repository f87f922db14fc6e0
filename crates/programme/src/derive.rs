//! Derivations 取数 (一键生成): from the balances of accounts and the figures of ledgers to the cells of a report, exactly, with
//! every step told.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use youju_codes::{Measure, Quantity, Rounding, format_number};

use youju_codes::Period;
use youju_domain::book::Book;
use youju_domain::id::{BookId, ImportId};
use youju_domain::ledger::{Balance, Line};
use youju_domain::report::{CellId, Derivation as Origin, DerivationInput, Generated, Value, ValueState};
use youju_vtl::{Expression, Language, Record, Scalar};

use crate::cell::CellDef;
use crate::facts::{Input, number_scalar};
use crate::figures::{Figures, Name, Take};
use crate::form::{Form, Provenance};
use crate::ledger::Ledger;

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

/// Everything a form takes from accounts and ledgers.
#[derive(Debug)]
pub(crate) struct Derivations {
    pub provenance: Provenance,
    pub note: String,
    pub list: Vec<Derivation>,
    pub rows: Vec<RowsFrom>,
}

/// Rows of a list, taken from the rows of a ledger.
#[derive(Debug)]
pub struct RowsFrom {
    /// Id of the list.
    pub list: String,
    /// Id of the ledger.
    pub ledger: String,
    /// Column of the list → what is taken, and from which column of the ledger.
    pub columns: BTreeMap<String, (Take, String)>,
    /// Column of the ledger → the smallest number with which a row belongs to the form; smaller ones belong elsewhere.
    pub at_least: BTreeMap<String, Decimal>,
    /// Why it is so.
    pub note: String,
}

/// Derivation 取数公式 of one cell.
#[derive(Debug)]
pub struct Derivation {
    /// The cell.
    pub cell: CellId,
    /// Codes of the accounting standards for which it holds; none means all.
    pub standards: Vec<String>,
    /// The unit of measure in which its formula counts.
    pub measure: Measure,
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
    /// Exact, in the unit of measure in which the formula counts.
    pub exact: Decimal,
    /// The formula, as the programme declares it.
    pub formula: String,
    /// The formula with names and figures.
    pub sentence: String,
    /// Every input.
    pub inputs: Vec<DerivationInput>,
    /// The filled ledgers that it was derived from.
    pub books: Vec<BookId>,
}

impl DerivedCell {
    /// Ready to be put into a report; `import` is the trial balance.
    pub fn generated(self, import: Option<ImportId>) -> Generated {
        let is_from_accounts = self.inputs.iter().any(|input| parts(&input.name).is_some());
        Generated {
            cell: self.cell,
            value: Value::Number(self.value),
            state: ValueState::Computed,
            derivation: Origin {
                import: import.filter(|_| is_from_accounts),
                report: None,
                books: self.books,
                record: None,
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

    /// The names that it reads.
    pub fn inputs(&self) -> &[String] {
        match &self.outcome {
            Outcome::Formula(formula) => &formula.inputs,
            Outcome::Missing(_) => &[],
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

    /// How sure the formulas are, and what has to be known about them; nothing for a form without derivations.
    pub fn ledger_note(&self) -> Option<(Provenance, &str)> {
        self.derivations.as_ref().map(|derivations| (derivations.provenance, derivations.note.as_str()))
    }

    /// True when some of its cells are taken from a trial balance.
    pub fn reads_accounts(&self) -> bool {
        self.figure_names().any(|name| parts(name).is_some())
    }

    /// The lists whose rows are taken from ledgers.
    pub fn rows_from(&self) -> &[RowsFrom] {
        self.derivations.as_ref().map_or(&[], |derivations| &derivations.rows)
    }

    /// The ledgers that its cells are taken from, or that its checks look at.
    pub fn ledgers(&self) -> Vec<&Ledger> {
        let own = self.figure_names().filter_map(|name| Some(Name::parse(name)?.ledger));
        let ids: BTreeSet<String> = own.chain(self.rows_from().iter().map(|rows| rows.ledger.clone())).collect();
        self.ledgers.iter().filter(|ledger| ids.contains(&ledger.id)).collect()
    }

    /// The figures that its derivations may name: the accounts of a trial balance, and what the filled ledgers of the year give.
    pub fn figures(&self, period: Period, accounts: Option<&[Line]>, books: &[Book]) -> Figures {
        let mut figures = Figures::of_accounts(accounts);
        for name in self.figure_names() {
            figures.put(name, &self.ledgers, period, books);
        }
        figures
    }

    /// The figures of ledgers that its checks look at; where a ledger lacks a period there is none.
    pub fn check_figures(&self, period: Period, books: &[Book]) -> BTreeMap<String, Decimal> {
        let mut figures = Figures::default();
        let checks = std::iter::once(&self.checks).chain(&self.row_checks);
        for component in checks.flat_map(|checks| &checks.components) {
            if let Input::Figure(name) = &component.input {
                figures.put(name, &self.ledgers, period, books);
            }
        }
        figures.values()
    }

    /// True when something is taken from the ledgers of last year, or looked at there.
    pub fn looks_back(&self) -> bool {
        let is_back = |name: &String| Name::parse(name).is_some_and(|name| name.take == Take::LastYear);
        let rows = self.rows_from().iter().flat_map(|rows| rows.columns.values());
        self.figure_names().any(is_back) || rows.into_iter().any(|(take, _)| *take == Take::LastYear)
    }

    /// Every name of a figure in its derivations and checks.
    fn figure_names(&self) -> impl Iterator<Item = &String> {
        let checks = std::iter::once(&self.checks).chain(&self.row_checks).flat_map(|checks| &checks.components);
        let checked = checks.filter_map(|component| match &component.input {
            Input::Figure(name) => Some(name),
            _ => None,
        });
        let conditions = self.derivations().iter().filter_map(|derivation| derivation.when.as_ref());
        let asked = conditions.flat_map(|when| &when.inputs);
        self.derivations().iter().flat_map(Derivation::inputs).chain(asked).chain(checked)
    }

    /// True when its checks look at ledgers.
    pub fn checks_ledgers(&self) -> bool {
        let checks = std::iter::once(&self.checks).chain(&self.row_checks);
        checks.flat_map(|checks| &checks.components).any(|component| matches!(component.input, Input::Figure(_)))
    }

    /// Derives cells from figures, for a unit that keeps its books by this standard (会计准则代码).
    /// What cannot be derived is listed as missing; it is never guessed and never taken for zero.
    pub fn derive(&self, standard: &str, figures: &Figures) -> Derived {
        let numbers = figures.balances.iter().map(|(name, balance)| (name.clone(), number_scalar(balance.value)));
        let record: Record = numbers.collect();
        let mut derived = Derived::default();
        let is_derived = |cell: &CellDef| self.derivations().iter().any(|derivation| derivation.cell == cell.id);
        let wanted = |cell: &&CellDef| cell.is_number() && (cell.column.is_empty() || is_derived(cell));
        for cell in self.cells().iter().filter(wanted) {
            match self.derive_cell(cell, standard, figures, &record) {
                Ok(cell) => derived.cells.push(cell),
                Err(Some(reason)) => derived.missing.push((cell.id.clone(), reason)),
                Err(None) => {}
            }
        }
        derived
    }

    /// Why a cell has no value; nothing where there is nothing to say.
    fn derive_cell(
        &self,
        cell: &CellDef,
        standard: &str,
        figures: &Figures,
        record: &Record,
    ) -> Result<DerivedCell, Option<String>> {
        let holds = |derivation: &&Derivation| {
            derivation.cell == cell.id
                && (derivation.standards.is_empty() || derivation.standards.iter().any(|known| known == standard))
                && derivation.when.as_ref().is_none_or(|when| when.is_true(record))
        };
        let Some(derivation) = self.derivations().iter().find(holds) else {
            return Err(Some(self.no_formula(cell)));
        };
        match &derivation.outcome {
            Outcome::Missing(reason) => Err(Some(reason.clone())),
            Outcome::Formula(formula) => formula.derive(cell, derivation.measure, figures, record),
        }
    }

    fn no_formula(&self, cell: &CellDef) -> String {
        let is_there = self.derivations().iter().any(|derivation| derivation.cell == cell.id);
        let reason = if is_there {
            "本单位执行的会计准则没有取数公式"
        } else {
            "制度没有规定取数公式"
        };
        format!("{reason},请手工填报并注明依据。")
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
        figures: &Figures,
        record: &Record,
    ) -> Result<DerivedCell, Option<String>> {
        let exact = self.exact(figures, record)?;
        let in_unit = match measure {
            Measure::None => Quantity::new(exact, cell.measure),
            measure => Quantity::new(exact, measure).to(cell.measure).map_err(|error| Some(error.to_string()))?,
        };
        let value = in_unit.round(cell.decimals, Rounding::HalfUp).value().normalize();
        let books: BTreeSet<BookId> =
            self.inputs.iter().filter_map(|name| figures.books.get(name)).flatten().copied().collect();
        Ok(DerivedCell {
            cell: cell.id.clone(),
            value,
            exact,
            formula: self.text.clone(),
            sentence: self.sentence(cell, (exact, measure), value, &figures.balances, record),
            inputs: self.inputs.iter().map(|name| input(name, &figures.balances)).collect(),
            books: books.into_iter().collect(),
        })
    }

    fn exact(&self, figures: &Figures, record: &Record) -> Result<Decimal, Option<String>> {
        // Where there are no books at all, what `nvl` replaces is unknown, not zero.
        if !figures.has_accounts && self.inputs.iter().any(|name| parts(name).is_some()) {
            return Err(Some("本期还没有导入科目余额表。请先导入,或手工填报并注明依据。".to_owned()));
        }
        let value = self.expression.value(record);
        if let Ok(Some((unscaled, scale))) = value.as_ref().map(Scalar::decimal) {
            let exact = Decimal::try_from_i128_with_scale(unscaled, scale.into());
            return exact.map_err(|_| Some("结果超过 28 位数,无法精确保存。请核对台账的计量单位。".to_owned()));
        }
        Err(self.why_not(figures))
    }

    /// Why there is no result; nothing where a ledger has no such row at all.
    fn why_not(&self, figures: &Figures) -> Option<String> {
        let strict = || self.inputs.iter().filter(|name| self.strict.contains(*name));
        if let Some(reason) = strict().find_map(|name| figures.absent.get(name)) {
            return reason.clone();
        }
        let absent: Vec<String> = strict()
            .filter(|name| !figures.balances.contains_key(*name))
            .map(|name| format!("“{}”", label(name)))
            .collect();
        if absent.is_empty() {
            return Some("公式无法计算。请核对台账,或手工填报并注明依据。".to_owned());
        }
        let names = absent.join("、");
        Some(format!("科目余额表中没有{names},不能当作零。请核对科目编码和会计准则,或手工填报并注明依据。"))
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
        let unit = |measure: Measure| match measure {
            Measure::None => String::new(),
            measure => format!(" {measure}"),
        };
        if measure == cell.measure || measure == Measure::None {
            let step = if exact == value { String::new() } else { format!("{exact}≈") };
            return format!("{}={steps}={step}{value}{}。", cell.label, unit(cell.measure));
        }
        format!("{}={steps}={exact}{},即 {value}{}。", cell.label, unit(measure), unit(cell.measure))
    }
}

fn input(name: &str, balances: &BTreeMap<String, Balance>) -> DerivationInput {
    match balances.get(name) {
        Some(balance) => DerivationInput {
            name: name.to_owned(),
            label: balance.label.clone(),
            value: Some(balance.value),
            row: balance.row,
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
