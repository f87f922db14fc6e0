//! Carrying over 结转: what a report takes from the unit's own earlier reports, and what follows from its own cells.
//!
//! Nothing here is typed by anybody and nothing is guessed: a figure that is not there is not carried.

use std::collections::BTreeMap;

use youju_codes::{Quantity, Rounding, format_number};
use youju_domain::id::ReportId;
use youju_domain::report::{
    CellId, Cells, Derivation as Origin, DerivationInput, Generated, Value, ValueState, value_of,
};
use youju_vtl::{Expression, Language, Scalar};

use crate::cell::{Carry, CellDef};
use crate::facts::{Component, Facts};
use crate::form::Form;
use crate::list::List;

/// Earlier reports of the unit, by the ids under which figures are traced to them.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    /// The report of the previous period.
    pub previous: Option<ReportId>,
    /// The report of the same period last year.
    pub last_year: Option<ReportId>,
    /// The reports of other forms whose periods end with this one's, by 表号.
    pub others: BTreeMap<String, ReportId>,
}

/// Computed cell 表内计算 — a cell that follows from others of the same report.
#[derive(Debug)]
pub struct Computed {
    /// The cell.
    pub cell: CellId,
    /// The formula.
    pub formula: String,
    pub(crate) expression: Expression,
    /// What it reads.
    pub(crate) components: Vec<Component>,
    /// Why it is so.
    pub note: String,
}

/// Which earlier report a value comes from.
#[derive(Clone, Copy)]
enum From<'a> {
    Previous,
    LastYear,
    Other(&'a str),
}

impl Form {
    /// Cells that are taken over from earlier reports: last year's columns, figures that stay the same from period to period, and
    /// cumulative figures, which are the previous ones with this period's added.
    pub fn carried(&self, facts: &Facts, earlier: Earlier) -> Vec<Generated> {
        let carrying = Carrying { facts, earlier };
        let mut carried: Vec<Generated> = self.cells().iter().filter_map(|cell| carrying.fixed(self, cell)).collect();
        for list in &self.lists {
            carried.extend(carrying.rows(list));
        }
        carried
    }

    /// True when 一键生成 can give it anything.
    pub fn can_be_generated(&self) -> bool {
        let carries = |cell: &CellDef| cell.carry != Carry::No;
        let mut rows = self.lists.iter().flat_map(|list| &list.columns);
        let has_formulas = !self.computed.is_empty() || !self.derivations().is_empty() || !self.rows_from().is_empty();
        has_formulas || self.cells().iter().any(carries) || rows.any(|column| carries(&column.cell))
    }

    /// Lists that have no room for all the rows which go on from the previous period, each with the number of those left out.
    pub fn without_room(&self, facts: &Facts) -> Vec<(&List, usize)> {
        let carrying = Carrying { facts, earlier: Earlier::default() };
        let left_out = |list: &List| carrying.coming(list).into_iter().filter(|(row, _)| *row > list.rows_max).count();
        self.lists.iter().map(|list| (list, left_out(list))).filter(|(_, rows)| *rows > 0).collect()
    }

    /// The cells that follow from others, in the order in which they are to be computed.
    pub fn computed(&self) -> &[Computed] {
        &self.computed
    }

    /// The value of a computed cell; nothing while a figure that it needs is missing.
    pub fn compute(&self, computed: &Computed, facts: &Facts) -> Option<Generated> {
        let cell = self.fixed(&computed.cell)?;
        let record = facts.record(&computed.components, None);
        // A sum of nothing is unknown, not zero, whatever `nvl` would make of it.
        if !record.is_empty() && record.values().all(|value| *value == Scalar::Null) {
            return None;
        }
        let (unscaled, scale) = computed.expression.value(&record).ok()?.decimal()?;
        let exact = rust_decimal::Decimal::try_from_i128_with_scale(unscaled, scale.into()).ok()?;
        let value = Quantity::new(exact, cell.measure).round(cell.decimals, Rounding::HalfUp).value();
        let label = |name: &str| computed.components.iter().find(|c| c.name == name).map(|c| c.label.clone());
        let steps = computed.expression.explain(&record, &label, Language::Chinese);
        let input = |component: &Component| DerivationInput {
            name: component.name.clone(),
            label: component.label.clone(),
            value: match record.get(&component.name) {
                Some(Scalar::Number { unscaled, scale }) => {
                    rust_decimal::Decimal::try_from_i128_with_scale(*unscaled, (*scale).into()).ok()
                }
                _ => None,
            },
            row: None,
        };
        Some(Generated {
            cell: cell.id.clone(),
            value: Value::Number(value),
            state: ValueState::Computed,
            derivation: Origin {
                import: None,
                report: None,
                books: Vec::new(),
                record: None,
                formula: computed.formula.clone(),
                sentence: format!("{}={steps}={}。", cell.label, format_number(&value)),
                exact: Some(exact),
                inputs: computed.components.iter().map(input).collect(),
            },
        })
    }
}

/// What the rows of a list take over from earlier reports.
pub(crate) fn carried_rows(facts: &Facts, earlier: Earlier, list: &List) -> Vec<Generated> {
    Carrying { facts, earlier }.rows(list)
}

struct Carrying<'a> {
    facts: &'a Facts<'a>,
    earlier: Earlier,
}

impl Carrying<'_> {
    fn fixed(&self, form: &Form, cell: &CellDef) -> Option<Generated> {
        let at = |column: &str| crate::form::cell_id(&cell.code, column);
        let taken = |id: &CellId, from| Some(self.taken(cell, (id, value_of(self.cells(from)?, id)), from));
        match &cell.carry {
            Carry::No => None,
            Carry::LastYear(column) => taken(&form.fixed(&at(column))?.id, From::LastYear)?,
            Carry::WithinYear if self.facts.period.is_first_of_year() => None,
            Carry::Always | Carry::WithinYear => taken(&cell.id, From::Previous)?,
            Carry::Follows(column) => taken(&form.fixed(&at(column))?.id, From::Previous)?,
            Carry::OtherForm(form) => taken(&cell.id, From::Other(form))?,
            Carry::Adds(column) => {
                let before = self.facts.previous.map(|cells| value_of(cells, &cell.id));
                self.added(cell, value_of(self.facts.cells, &at(column)), before)
            }
        }
    }

    fn rows(&self, list: &List) -> Vec<Generated> {
        let (now, before) = (list.by_key(self.facts.cells), self.facts.previous.map(|cells| list.by_key(cells)));
        let year_before = self.facts.last_year.map(|cells| list.by_key(cells)).unwrap_or_default();
        let before = before.unwrap_or_default();
        let mut rows: Vec<(u32, Option<u32>, Option<u32>)> =
            now.iter().map(|(key, row)| (*row, before.get(key).copied(), year_before.get(key).copied())).collect();
        rows.extend(self.coming(list).into_iter().map(|(row, key)| {
            let of = |rows: &BTreeMap<Vec<String>, u32>| rows.get(&key).copied();
            (row, of(&before), of(&year_before))
        }));
        // Whoever generates is told of these: see `Form::without_room`.
        rows.retain(|(row, ..)| *row <= list.rows_max);
        let cells = rows.into_iter().flat_map(|row| list.columns.iter().map(move |column| (row, column)));
        cells
            .filter_map(|((row, before, year_before), column)| {
                let cell = list.cell(row, &column.id)?;
                let taken = |from: From<'_>, row: Option<u32>, column: &str| {
                    let value = list.value(self.cells(from)?, row?, column);
                    self.taken(&cell, (&cell.id, value), from)
                };
                match &cell.carry {
                    // A list of another form has rows of its own.
                    Carry::No | Carry::OtherForm(_) => None,
                    Carry::LastYear(column) => taken(From::LastYear, year_before, column),
                    Carry::WithinYear if self.facts.period.is_first_of_year() => None,
                    Carry::Always | Carry::WithinYear => taken(From::Previous, before, &column.id),
                    Carry::Follows(column) => taken(From::Previous, before, column),
                    Carry::Adds(added) => {
                        let before = self.facts.previous.zip(before);
                        let before = before.map(|(cells, row)| list.value(cells, row, &column.id));
                        self.added(&cell, list.value(self.facts.cells, row, added), before)
                    }
                }
            })
            .collect()
    }

    /// The rows of the previous period that go on and are not here yet, numbered behind those that are.
    fn coming(&self, list: &List) -> Vec<(u32, Vec<String>)> {
        let goes_on = list.columns.iter().any(|column| column.cell.carry == Carry::Always);
        let Some(previous) = self.facts.previous.filter(|_| goes_on) else { return Vec::new() };
        let now = list.by_key(self.facts.cells);
        let mut missing: Vec<(Vec<String>, u32)> =
            list.by_key(previous).into_iter().filter(|(key, _)| !now.contains_key(key)).collect();
        missing.sort_by_key(|(_, row)| *row);
        let highest = list.last_number(self.facts.cells);
        (highest.saturating_add(1)..).zip(missing).map(|(row, (key, _))| (row, key)).collect()
    }

    fn cells(&self, from: From<'_>) -> Option<&Cells> {
        match from {
            From::Previous => self.facts.previous,
            From::LastYear => self.facts.last_year,
            From::Other(form) => self.facts.others.get(form),
        }
    }

    fn taken(&self, cell: &CellDef, (id, value): (&CellId, &Value), from: From<'_>) -> Option<Generated> {
        let (report, which) = match from {
            From::Previous => (self.earlier.previous, "上期本表".to_owned()),
            From::LastYear => (self.earlier.last_year, format!("{}本表", self.facts.period.same_last_year().label())),
            From::Other(form) => (self.earlier.others.get(form).copied(), format!("同期末 {form} 表")),
        };
        if *value == Value::Blank {
            return None;
        }
        Some(Generated {
            cell: cell.id.clone(),
            value: value.clone(),
            state: ValueState::Prefilled,
            derivation: Origin {
                import: None,
                report,
                books: Vec::new(),
                record: None,
                formula: id.to_string(),
                sentence: format!("取自本单位{which}数据。"),
                exact: value.number(),
                inputs: Vec::new(),
            },
        })
    }

    /// Cumulative figures: in the first period of the year this period's alone.
    fn added(&self, cell: &CellDef, now: &Value, before: Option<&Value>) -> Option<Generated> {
        let now = now.number()?;
        let is_first = self.facts.period.is_first_of_year();
        let before = if is_first { Some(rust_decimal::Decimal::ZERO) } else { before?.number() }?;
        let sum = before.checked_add(now)?;
        let (before, now) = (format_number(&before), format_number(&now));
        let (told, formula) = if is_first {
            (format!("当年第一期,等于本期数 {now}"), "本期")
        } else {
            (format!("上期累计 {before} + 本期 {now}"), "上期累计 + 本期")
        };
        Some(Generated {
            cell: cell.id.clone(),
            value: Value::Number(sum),
            state: ValueState::Computed,
            derivation: Origin {
                import: None,
                report: self.earlier.previous.filter(|_| !is_first),
                books: Vec::new(),
                record: None,
                formula: formula.to_owned(),
                sentence: format!("{}={told}={}。", cell.label, format_number(&sum)),
                exact: Some(sum),
                inputs: Vec::new(),
            },
        })
    }
}
