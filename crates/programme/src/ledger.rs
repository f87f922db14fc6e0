//! Ledgers 统计台账 of a discipline: what one row is, its columns, how they follow from one another, and what source records
//! and the period before give.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use youju_codes::{Measure, Period, PeriodKind, Quantity, Rounding, format_number};
use youju_domain::id::PersonId;
use youju_domain::report::{Cell, CellId, Cells, Derivation as Origin, DerivationInput, Generated, Value, ValueState};
use youju_vtl::{Expression, Language, Record, Scalar};

use crate::carry::{Earlier, carried_rows};
use crate::cell::{Carry, CellDef, NUMBER_DIGITS_MAX};
use crate::facts::{Facts, number_scalar};
use crate::form::Provenance;
use crate::gather::Gather;
use crate::list::{List, ListColumn, RowCell, row_cell_id};

/// The list of every ledger has this id, so its cells are `r.3.purchased`.
pub(crate) const ROWS: &str = "r";

/// Ledger 统计台账 of a discipline, as a programme declares it.
#[derive(Debug)]
pub struct Ledger {
    /// Its id, the name of its file: `energy`.
    pub id: String,
    /// Its name: `能源台账`.
    pub name: String,
    /// What one row is: `能源品种`.
    pub row: String,
    /// How often it is kept.
    pub period: PeriodKind,
    /// Its rows and columns.
    pub rows: List,
    /// The original records 原始记录 that it is kept from.
    pub originals: Vec<String>,
    /// Where its columns were read.
    pub provenance: Provenance,
    /// Keys of the sources.
    pub sources: Vec<String>,
    /// What has to be known about it.
    pub note: String,
    /// Key of a row → unit of measure of its quantities, where rows count different things.
    pub measures: BTreeMap<String, Measure>,
    /// Columns whose sum means nothing: prices, coefficients, quantities of different products.
    pub not_added: Vec<String>,
    pub(crate) formulas: Vec<RowFormula>,
    /// What source records give it.
    pub gathers: Vec<Gather>,
}

/// A column that follows from others of the same row.
#[derive(Debug)]
pub(crate) struct RowFormula {
    pub column: String,
    pub text: String,
    pub expression: Expression,
    pub inputs: Vec<String>,
}

impl RowFormula {
    /// The exact result: none while a figure is missing, an error when it is too long to be reported.
    fn result(&self, record: &Record) -> Option<Result<Decimal, ()>> {
        // A sum of nothing is unknown, not zero, whatever `nvl` would make of it.
        if record.values().all(|value| *value == Scalar::Null) {
            return None;
        }
        let (unscaled, scale) = self.expression.value(record).ok()?.decimal()?;
        let exact = Decimal::try_from_i128_with_scale(unscaled, scale.into()).map_err(|_| ());
        Some(exact.and_then(|exact| if is_reportable(exact) { Ok(exact) } else { Err(()) }))
    }
}

pub(crate) fn is_reportable(number: Decimal) -> bool {
    number.trunc().abs() < Decimal::from(10_i64.pow(NUMBER_DIGITS_MAX))
}

/// A sum; nothing without a number, or with one that no decimal holds.
pub(crate) fn total(numbers: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    let mut numbers = numbers.into_iter();
    let first = numbers.next()?;
    numbers.try_fold(first, Decimal::checked_add)
}

impl Ledger {
    /// Columns that are computed and never typed.
    pub fn is_computed(&self, column: &str) -> bool {
        self.formulas.iter().any(|formula| formula.column == column)
    }

    /// A cell of a row with the id of its column, given as text from outside.
    pub fn cell_by_text(&self, id: &str) -> Option<(CellDef, String)> {
        let id = CellId::new(id);
        let row =
            RowCell::parse(&id).filter(|row| row.list == ROWS && (1..=self.rows.rows_max).contains(&row.number))?;
        Some((self.rows.cell(row.number, row.column)?, row.column.to_owned()))
    }

    /// The formula of a column that is computed.
    pub fn formula(&self, column: &str) -> Option<&str> {
        self.formulas.iter().find(|formula| formula.column == column).map(|formula| formula.text.as_str())
    }

    /// The periods in which it is kept, from the first to the last day of another period.
    pub fn periods_within(&self, period: Period) -> Vec<Period> {
        let all = self.period.periods(period.year()).unwrap_or_default();
        let inside = |own: &Period| own.first_day() >= period.first_day() && own.last_day() <= period.last_day();
        all.into_iter().filter(inside).collect()
    }

    /// The periods in which it is kept, from the first day of the year to the last day of another period.
    pub fn periods_to_date(&self, period: Period) -> Vec<Period> {
        let all = self.period.periods(period.year()).unwrap_or_default();
        all.into_iter().filter(|own| own.last_day() <= period.last_day()).collect()
    }

    /// The period of this ledger that a day belongs to with which another period ends.
    pub fn period_ending_with(&self, period: Period) -> Option<Period> {
        self.period.containing(period.last_day()).ok()
    }

    /// Whether a sum over all rows means anything: not of prices and coefficients, not where rows count different things.
    pub fn adds_up(&self, column: &ListColumn) -> bool {
        let counts_alike = self.measures.is_empty() || column.cell.measure != Measure::None;
        column.cell.is_number() && counts_alike && !self.not_added.contains(&column.id)
    }

    /// The sum of a column; nothing without a number, or with one that no decimal holds.
    pub fn sum(&self, cells: &Cells, column: &str) -> Option<Decimal> {
        let rows = self.rows.rows(cells).into_iter();
        total(rows.filter_map(|row| self.rows.value(cells, row, column).number()))
    }

    /// The first row in which a computed column is blank although something was recorded for it: its sum would be short.
    pub(crate) fn unfinished_row(&self, cells: &Cells, column: &str) -> Option<u32> {
        let formula = self.formulas.iter().find(|formula| formula.column == column)?;
        // What is carried over from period to period alone, such as a price, was not recorded now.
        let recorded = |name: &&String| self.rows.column(name).is_some_and(|column| column.cell.carry != Carry::Always);
        let now: Vec<&String> = formula.inputs.iter().filter(recorded).collect();
        self.rows.rows(cells).into_iter().find(|row| {
            let stands = |name: &str| self.rows.value(cells, *row, name).number().is_some();
            !stands(column) && now.iter().any(|name| stands(name))
        })
    }

    /// What stays the same and what follows from the period before: opening stocks, names, rows that go on.
    pub fn carried(
        &self,
        period: Period,
        cells: &Cells,
        previous: Option<&Cells>,
        last_year: Option<&Cells>,
    ) -> Vec<Generated> {
        let (others, attributes, figures) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let facts =
            Facts { period, cells, previous, last_year, others: &others, attributes: &attributes, figures: &figures };
        carried_rows(&facts, Earlier::default(), &self.rows)
    }

    /// Puts every column that follows from others of its row; one whose figures are missing is taken away.
    pub fn compute(&self, mut cells: Cells, by: PersonId, now: youju_domain::Instant) -> Cells {
        for row in self.rows.rows(&cells) {
            // What is computed alone makes no row: one that was cleared is gone.
            let own = self.rows.columns.iter().filter(|column| !self.is_computed(&column.id));
            if own.into_iter().all(|column| *self.rows.value(&cells, row, &column.id) == Value::Blank) {
                for column in &self.rows.columns {
                    cells.remove(&row_cell_id(ROWS, row, &column.id));
                }
                continue;
            }
            for formula in &self.formulas {
                let id = row_cell_id(ROWS, row, &formula.column);
                match self.computed(formula, &cells, row) {
                    Some((value, derivation)) => {
                        let cell = Cell {
                            value: Value::Number(value),
                            state: ValueState::Computed,
                            by,
                            at: now,
                            derivation: Some(Box::new(derivation)),
                            generated: None,
                            reason: None,
                        };
                        cells.insert(id, cell);
                    }
                    None => drop(cells.remove(&id)),
                }
            }
        }
        cells
    }

    fn computed(&self, formula: &RowFormula, cells: &Cells, row: u32) -> Option<(Decimal, Origin)> {
        let number = |name: &String| self.rows.value(cells, row, name).number();
        let record = self.record(formula, cells, row);
        let exact = formula.result(&record)?.ok()?;
        let cell = self.rows.cell(row, &formula.column)?;
        let value = Quantity::new(exact, cell.measure).round(cell.decimals, Rounding::HalfUp).value().normalize();
        let label = |name: &str| self.rows.column(name).map(|column| column.indicator.label.clone());
        let steps = formula.expression.explain(&record, &label, Language::Chinese);
        let input = |name: &String| DerivationInput {
            name: name.clone(),
            label: label(name).unwrap_or_default(),
            value: number(name),
            row: None,
        };
        let origin = Origin {
            import: None,
            report: None,
            books: Vec::new(),
            record: None,
            formula: formula.text.clone(),
            sentence: format!("{}={steps}={}。", cell.label, format_number(&value)),
            exact: Some(exact),
            inputs: formula.inputs.iter().map(input).collect(),
        };
        Some((value, origin))
    }

    fn record(&self, formula: &RowFormula, cells: &Cells, row: u32) -> Record {
        let number = |name: &String| self.rows.value(cells, row, name).number();
        let value = |name: &String| (name.clone(), number(name).map_or(Scalar::Null, number_scalar));
        formula.inputs.iter().map(value).collect()
    }

    /// What is wrong with the rows as a whole, in sentences: a required column without a value, a key that stands twice, a result
    /// that has too many digits.
    pub fn problems(&self, cells: &Cells) -> Vec<String> {
        let mut problems = Vec::new();
        let mut seen: BTreeMap<Vec<String>, u32> = BTreeMap::new();
        for row in self.rows.rows(cells) {
            let required = self.rows.columns.iter().filter(|column| column.indicator.is_required);
            for column in required.filter(|column| *self.rows.value(cells, row, &column.id) == Value::Blank) {
                problems.push(format!("第 {row} 行没有填“{}”。", column.indicator.label));
            }
            for formula in &self.formulas {
                if formula.result(&self.record(formula, cells, row)).is_some_and(|result| result.is_err()) {
                    let name = self.rows.column(&formula.column).map_or("", |column| &column.indicator.label);
                    problems.push(format!("第 {row} 行的“{name}”超过 {NUMBER_DIGITS_MAX} 位数,请核对各栏的计量单位。"));
                }
            }
            let Some(key) = self.rows.key_of(cells, row) else { continue };
            if let Some(first) = seen.insert(key.clone(), row) {
                let key = key.join("、");
                problems.push(format!("第 {first} 行和第 {row} 行都是“{key}”。每个{}只登记一行。", self.row));
            }
        }
        problems
    }
}
