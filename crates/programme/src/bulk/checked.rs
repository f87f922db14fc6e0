//! What a bulk check found: counts by check, findings by row, and everything that was not looked at, with the reason.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Decimal128Array, Int64Array, RecordBatch, RecordBatchOptions, StringArray};
use arrow_schema::{ArrowError, DECIMAL128_MAX_PRECISION, Field, Schema};
use youju_codes::Period;
use youju_domain::finding::{Finding, Severity};
use youju_domain::report::{CellId, Value};
use youju_vtl::{Counts, EvalError, Explanation, Language, Record, Scalar, Type, Verdict, Verdicts};

use super::header::{Header, is_given};
use super::table::{Key, NONE, Row, Table, Values};
use super::{Errors, TableError, before};
use crate::check::Check;
use crate::facts::{Age, Component, Input, Report, period_end, text_scalar};
use crate::form::Form;
use crate::intrinsic::Intrinsic;

/// Rows are assembled and evaluated in pieces of this size, so that memory does not grow with the file.
const PIECE_ROWS: usize = 16_384;

/// Checked file 批量审核结果.
#[derive(Debug)]
pub struct Checked<'f> {
    form: &'f Form,
    rows: Rows,
    verdicts: Verdicts,
    /// Rows that fail an intrinsic check, in the order of the form's list.
    faults: Vec<(&'f Intrinsic, Vec<Row>)>,
    /// How many rows the file has below its head.
    pub rows_read: usize,
    /// Cells and rows that cannot be used; at most [`super::ERRORS_KEPT_MAX`] of them.
    pub errors: Vec<TableError>,
    /// How many such errors there are in all.
    pub errors_total: usize,
    /// Columns of the file that the form does not know.
    pub ignored: Vec<String>,
    /// Cells of the form for which the file has no column.
    pub missing: Vec<String>,
    /// Checks that were not run because the file has none of the figures they look at.
    pub skipped: Vec<String>,
}

/// Row of a file 行 — which report it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowId<'a> {
    /// Number of the row, as the caller counts.
    pub row: usize,
    /// The unit; empty when the file does not say.
    pub unit: &'a str,
    /// The period.
    pub period: Period,
    /// The series; empty when the file has only one.
    pub series: &'a str,
}

/// Summary 汇总 of one check over all rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary<'a> {
    /// Id of the check.
    pub check: &'a str,
    /// How severe a failure is.
    pub severity: Severity,
    /// What should hold.
    pub message: &'a str,
    /// True when it only asks that a cell be filled.
    pub asks_presence: bool,
    /// How the rows fared.
    pub counts: Counts,
}

/// One check on one row, explained.
#[derive(Debug)]
pub struct Explained<'a> {
    /// The check.
    pub check: &'a Check,
    /// Its verdict; `None` when it was not run because the file has none of its figures.
    pub verdict: Option<Verdict>,
    /// What should hold, with the figures of the row where the message asks for them.
    pub message: String,
    /// The sentence, the difference, what was read.
    pub explanation: Explanation,
}

/// The table together with which row is the previous and which is last year's report of which.
#[derive(Debug)]
struct Rows {
    header: Header,
    table: Table,
    previous: Vec<Row>,
    last_year: Vec<Row>,
}

impl<'f> Checked<'f> {
    pub(super) fn run(
        form: &'f Form,
        header: Header,
        table: Table,
        errors: Errors,
        rows_read: usize,
    ) -> Result<Checked<'f>, TableError> {
        let cells = form.cells().iter();
        let missing = cells.filter(|cell| header.column(&Input::own(&cell.id)).is_none());
        let missing = missing.map(|cell| cell.label.clone()).collect();
        let has_figures = |cells: &[CellId]| cells.iter().any(|id| header.column(&Input::own(id)).is_some());
        let (run, skip): (Vec<usize>, Vec<usize>) =
            (0..form.checks.list.len()).partition(|at| form.checks().get(*at).is_some_and(|c| has_figures(&c.cells)));
        let skipped = skip.iter().filter_map(|at| form.checks().get(*at)).map(|check| check.id.clone());
        let codes = form.intrinsic_checks().iter().filter(|i| !has_figures(std::slice::from_ref(&i.cell)));
        let skipped = codes.map(|intrinsic| intrinsic.id.clone()).chain(skipped).collect();
        let rows = Rows::new(form, header, table);
        let verdicts = rows.evaluate(form, &run).map_err(|error| TableError {
            row: 0,
            column: String::new(),
            message: format!("和数据不能审核:{error}"),
        })?;
        Ok(Checked {
            faults: form.intrinsic_checks().iter().map(|intrinsic| (intrinsic, rows.faults(intrinsic))).collect(),
            form,
            verdicts,
            rows_read,
            errors: errors.kept,
            errors_total: errors.total,
            ignored: rows.header.ignored.clone(),
            missing,
            skipped,
            rows,
        })
    }

    /// How many rows were checked; the others stand among the errors.
    pub fn rows_checked(&self) -> usize {
        self.rows.table.len()
    }

    /// Every check that was run, in the order of the form.
    pub fn summary(&self) -> Vec<Summary<'_>> {
        let codes = self.faults.iter().filter(|(intrinsic, _)| !self.skipped.contains(&intrinsic.id));
        let codes = codes.map(|(intrinsic, faults)| Summary {
            check: &intrinsic.id,
            severity: intrinsic.severity,
            message: &intrinsic.message,
            asks_presence: false,
            counts: self.rows.counts(intrinsic, faults.len()),
        });
        let rules = self.verdicts.rules().filter_map(|rule| {
            let check = self.form.checks().get(rule)?;
            Some(Summary {
                check: &check.id,
                severity: check.severity,
                message: &check.message,
                asks_presence: check.asks_presence(),
                counts: self.verdicts.counts(rule),
            })
        });
        codes.chain(rules).collect()
    }

    /// How many rows fail at least one of the wanted checks. No sentence is made, so this is quick at any size.
    pub fn flagged_rows(&self, is_wanted: impl Fn(&Summary<'_>) -> bool) -> usize {
        let wanted: BTreeSet<&str> = self.summary().iter().filter(|s| is_wanted(s)).map(|s| s.check).collect();
        let mut is_flagged = vec![false; self.rows_checked()];
        let mut flag = |row: usize| is_flagged.get_mut(row).into_iter().for_each(|flag| *flag = true);
        for (_, rows) in self.faults.iter().filter(|(intrinsic, _)| wanted.contains(intrinsic.id.as_str())) {
            for row in rows {
                flag(place(*row));
            }
        }
        let is_rule_wanted =
            |rule: &usize| self.form.checks().get(*rule).is_some_and(|c| wanted.contains(c.id.as_str()));
        for rule in self.verdicts.rules().filter(is_rule_wanted) {
            self.verdicts.failing_rows(rule).for_each(&mut flag);
        }
        is_flagged.into_iter().filter(|is_flagged| *is_flagged).count()
    }

    /// Every failure, row by row, each with its sentence. Sentences are made one at a time, as they are asked for.
    pub fn failures(&self) -> impl Iterator<Item = (RowId<'_>, Finding)> + '_ {
        let codes = self.faults.iter().enumerate();
        let mut places: Vec<(usize, bool, usize)> =
            codes.flat_map(|(at, (_, rows))| rows.iter().map(move |row| (place(*row), false, at))).collect();
        places.extend(
            self.verdicts.rules().flat_map(|rule| self.verdicts.failing_rows(rule).map(move |row| (row, true, rule))),
        );
        places.sort_unstable();
        places.into_iter().filter_map(|(row, is_rule, at)| {
            let finding = if is_rule { self.rule_finding(row, at) } else { self.code_finding(row, at) };
            Some((self.row(row)?, finding?))
        })
    }

    /// Every finding of the row at a place (from 0), failures and checks that could not be tested, as [`Form::check`]
    /// gives them for a single report.
    pub fn findings(&self, at: usize) -> Vec<Finding> {
        let codes = (0..self.faults.len()).filter_map(|code| self.code_finding(at, code));
        codes.chain(self.verdicts.rules().filter_map(|rule| self.rule_finding(at, rule))).collect()
    }

    /// What a check says about the row at a place (from 0), whatever the verdict. `None` for a check that is no rule of
    /// the form's ruleset.
    pub fn explain(&self, at: usize, check: &str, language: Language) -> Option<Result<Explained<'_>, EvalError>> {
        let rule = self.form.checks().iter().position(|known| known.id == check)?;
        let check = self.form.checks().get(rule)?;
        let record = self.rows.record(self.form, check, at);
        let label = |name: &str| match language {
            Language::Chinese => self.form.checks.label(name),
            Language::English => None,
        };
        let explained = self.form.checks.program.explain_record(rule, &record, &label, language);
        let verdict = self.verdicts.verdict(rule, at);
        let message = self.form.checks.message(rule, check, &record);
        Some(explained.map(|explanation| Explained { check, verdict, message, explanation }))
    }

    /// Which report the row at a place (from 0) is.
    pub fn row(&self, at: usize) -> Option<RowId<'_>> {
        let table = &self.rows.table;
        let key = table.keys.get(at)?;
        let text = |place| table.dictionary.text(place).unwrap_or_default();
        let row = *table.numbers.get(at)?;
        Some(RowId { row, unit: text(key.unit), period: key.period, series: text(key.series) })
    }

    fn rule_finding(&self, row: usize, rule: usize) -> Option<Finding> {
        let verdict = self.verdicts.verdict(rule, row)?;
        self.form.checks.finding(rule, verdict, &|check| Cow::Owned(self.rows.record(self.form, check, row)))
    }

    fn code_finding(&self, row: usize, code: usize) -> Option<Finding> {
        let (intrinsic, _) = self.faults.get(code)?;
        let text = self.rows.text(&Input::own(&intrinsic.cell), row)?;
        intrinsic.finding(&Value::Text(text.to_owned()))
    }
}

fn place(row: Row) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}

impl Rows {
    fn new(form: &Form, header: Header, table: Table) -> Rows {
        let other = |key: &Key, period: Period| table.find(&Key { period, ..*key }).unwrap_or(NONE);
        let previous = table.keys.iter().map(|key| other(key, before(form, key.period))).collect();
        let last_year = table.keys.iter().map(|key| other(key, key.period.same_last_year())).collect();
        Rows { header, table, previous, last_year }
    }

    fn evaluate(&self, form: &Form, rules: &[usize]) -> Result<Verdicts, String> {
        let given: Vec<&Component> = form.checks.components.iter().filter(|c| is_given(&self.header, c)).collect();
        let piece = |start: usize| start..(start + PIECE_ROWS).min(self.table.len());
        let evaluate = |piece| {
            let batch = self.batch(&given, piece).map_err(|error| error.to_string())?;
            form.checks.program.evaluate_rules(&batch, rules).map_err(|error| error.to_string())
        };
        let mut verdicts = evaluate(piece(0))?;
        for start in (PIECE_ROWS..self.table.len()).step_by(PIECE_ROWS) {
            verdicts.append(&evaluate(piece(start))?).map_err(|error| error.to_string())?;
        }
        Ok(verdicts)
    }

    fn batch(&self, components: &[&Component], piece: Range<usize>) -> Result<RecordBatch, ArrowError> {
        let (mut fields, mut arrays) = (Vec::new(), Vec::new());
        for component in components {
            let array = self.array(component, piece.clone())?;
            fields.push(Field::new(&component.name, array.data_type().clone(), true));
            arrays.push(array);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(piece.len()));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
    }

    fn array(&self, component: &Component, piece: Range<usize>) -> Result<ArrayRef, ArrowError> {
        Ok(match component.kind {
            Type::Boolean => Arc::new(piece.map(|row| self.is_first_of_year(row)).collect::<BooleanArray>()),
            Type::Number => {
                let source = self.source(&component.input);
                let numbers = piece.map(|row| number_at(source, row));
                match places(source).filter(|places| *places > 0) {
                    None => Arc::new(numbers.collect::<Int64Array>()),
                    Some(places) => Arc::new(decimals(numbers, places)?),
                }
            }
            Type::Integer => {
                Arc::new(piece.map(|row| self.period(row).map(|p| i64::from(p.year()))).collect::<Int64Array>())
            }
            _ if component.input == Input::PeriodEnd => {
                let end = |row| self.period(row).map(|period| period.last_day().to_string());
                Arc::new(piece.map(end).collect::<StringArray>())
            }
            _ => Arc::new(piece.map(|row| self.text(&component.input, row)).collect::<StringArray>()),
        })
    }

    /// What a check reads of one row, as [`crate::Facts`] would give it.
    fn record(&self, form: &Form, check: &Check, row: usize) -> Record {
        let value = |component: &Component| match component.kind {
            Type::Boolean => self.is_first_of_year(row).map_or(Scalar::Null, Scalar::Boolean),
            Type::Number => {
                let source = self.source(&component.input);
                let scale = places(source).and_then(|places| u8::try_from(places).ok()).unwrap_or(0);
                number_at(source, row).map_or(Scalar::Null, |n| Scalar::Number { unscaled: n.into(), scale })
            }
            Type::Integer => self.period(row).map_or(Scalar::Null, |period| Scalar::Integer(period.year().into())),
            _ if component.input == Input::PeriodEnd => self.period(row).map_or(Scalar::Null, period_end),
            _ => self.text(&component.input, row).map_or(Scalar::Null, text_scalar),
        };
        let read = form.checks.components.iter().filter(|component| check.shows(&component.name));
        read.map(|component| (component.name.clone(), value(component))).collect()
    }

    fn period(&self, row: usize) -> Option<Period> {
        self.table.keys.get(row).map(|key| key.period)
    }

    fn is_first_of_year(&self, row: usize) -> Option<bool> {
        self.period(row).map(|period| period.is_first_of_year())
    }

    /// The column of an input, and the rows from which it is taken (none: the row itself).
    fn source(&self, input: &Input) -> Option<(&Values, Option<&[Row]>)> {
        let values = |input: &Input| {
            let at = self.header.inputs.iter().position(|(known, _)| known == input)?;
            self.table.columns.get(at)
        };
        if let Some(own) = values(input) {
            return Some((own, None));
        }
        match input {
            Input::Cell(Report::Own(Age::Previous), id) => Some((values(&Input::own(id))?, Some(&self.previous))),
            Input::Cell(Report::Own(Age::LastYear), id) => Some((values(&Input::own(id))?, Some(&self.last_year))),
            _ => None,
        }
    }

    fn text(&self, input: &Input, row: usize) -> Option<&str> {
        let (values, rows) = self.source(input)?;
        match values {
            Values::Texts(texts) => self.table.dictionary.text(*texts.get(other(rows, row)?)?),
            Values::Numbers(..) => None,
        }
    }

    fn faults(&self, intrinsic: &Intrinsic) -> Vec<Row> {
        let input = Input::own(&intrinsic.cell);
        let rows =
            (0..self.table.len()).filter(|row| self.text(&input, *row).is_some_and(|t| intrinsic.fault(t).is_some()));
        rows.filter_map(|row| Row::try_from(row).ok()).collect()
    }

    /// A code that is not filled in is not tested: what must be filled has a check of its own.
    fn counts(&self, intrinsic: &Intrinsic, failed: usize) -> Counts {
        let input = Input::own(&intrinsic.cell);
        let tested = (0..self.table.len()).filter(|row| self.text(&input, *row).is_some()).count();
        let not_applicable = self.table.len() - tested;
        Counts { tested, passed: tested - failed, failed, not_applicable, ..Counts::default() }
    }
}

fn number_at(source: Option<(&Values, Option<&[Row]>)>, row: usize) -> Option<i64> {
    let (values, rows) = source?;
    match values {
        Values::Numbers(numbers, _) => numbers.get(other(rows, row)?).copied().flatten(),
        Values::Texts(_) => None,
    }
}

/// Decimal places of a column of numbers.
fn places(source: Option<(&Values, Option<&[Row]>)>) -> Option<u32> {
    match source? {
        (Values::Numbers(_, places), _) => Some(*places),
        (Values::Texts(_), _) => None,
    }
}

fn decimals(numbers: impl Iterator<Item = Option<i64>>, places: u32) -> Result<Decimal128Array, ArrowError> {
    let numbers: Decimal128Array = numbers.map(|number| number.map(i128::from)).collect();
    numbers.with_precision_and_scale(DECIMAL128_MAX_PRECISION, i8::try_from(places).unwrap_or(i8::MAX))
}

/// The row that another row's report stands in.
fn other(rows: Option<&[Row]>, row: usize) -> Option<usize> {
    match rows {
        None => Some(row),
        Some(rows) => rows.get(row).filter(|other| **other != NONE).map(|other| place(*other)),
    }
}
