//! Ledgers 统计台账 of a discipline: what one row is, its columns, how they follow from one another, and what source records
//! and the period before give.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use youju_codes::{Measure, Period, PeriodKind, Quantity, Rounding, format_number};
use youju_domain::id::{PersonId, RecordImportId};
use youju_domain::record::{RecordTable, RecordValue};
use youju_domain::report::{
    Cell, CellId, Cells, Derivation as Origin, DerivationInput, Generated, Value, ValueState, value_of,
};
use youju_vtl::{Expression, Language, Record, Scalar};

use crate::carry::{Earlier, carried_rows};
use crate::cell::{CellDef, NUMBER_DIGITS_MAX};
use crate::facts::{Facts, number_scalar};
use crate::form::Provenance;
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
        let (unscaled, scale) = self.expression.value(record).ok()?.decimal()?;
        let exact = Decimal::try_from_i128_with_scale(unscaled, scale.into()).map_err(|_| ());
        Some(exact.and_then(|exact| if is_reportable(exact) { Ok(exact) } else { Err(()) }))
    }
}

fn is_reportable(number: Decimal) -> bool {
    number.trunc().abs() < Decimal::from(10_i64.pow(NUMBER_DIGITS_MAX))
}

/// A sum; nothing without a number, or with one that no decimal holds.
pub(crate) fn total(numbers: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    let mut numbers = numbers.into_iter();
    let first = numbers.next()?;
    numbers.try_fold(first, Decimal::checked_add)
}

/// Gathering 归集: which source records fill which columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gather {
    /// The kind of source records: `energy_slips`.
    pub records: String,
    /// The field of the records that tells their unit of measure.
    pub measure: Option<String>,
    /// Column of the ledger → field of the records. Records of one key are added up.
    pub columns: BTreeMap<String, String>,
    /// Column of the ledger → a fixed value.
    pub constants: BTreeMap<String, String>,
    /// Why it is so.
    pub note: String,
}

/// A row that was gathered from source records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gathered {
    /// Its values by column.
    pub values: BTreeMap<String, Value>,
    /// How many records are in it.
    pub records: u64,
}

/// What gathering gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gathering {
    /// The rows, by key.
    pub rows: BTreeMap<Vec<String>, Gathered>,
    /// Records that belong to no row, each kind of them with its reason and how many there are.
    pub left_out: BTreeMap<String, u64>,
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
            for formula in &self.formulas {
                let id = row_cell_id(ROWS, row, &formula.column);
                match self.computed(formula, &cells, row) {
                    Some((value, derivation)) => {
                        let cell = Cell {
                            value: Value::Number(value),
                            state: ValueState::Computed,
                            by,
                            at: now,
                            derivation: Some(derivation),
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

impl Ledger {
    /// Adds source records up by the key of the ledger.
    pub fn gather(&self, gather: &Gather, table: &RecordTable) -> Gathering {
        let mut gathering = Gathering::default();
        if table.rows.is_empty() {
            self.gather_sums(gather, table, &mut gathering);
        }
        for record in &table.rows {
            let field = |field: &str| table.value(record, field).map(RecordValue::print);
            let found = self.key_in(gather, &field);
            match found.and_then(|key| Ok((self.factor(gather, &field, &key)?, key))) {
                Ok((factor, key)) => {
                    let row = gathering.rows.entry(key.clone()).or_default();
                    row.records += 1;
                    self.put_key(row, &key);
                    for (column, field) in &gather.columns {
                        add(row, self, column, (table.value(record, field), factor));
                    }
                }
                Err(reason) => *gathering.left_out.entry(reason).or_default() += 1,
            }
        }
        for row in gathering.rows.values_mut() {
            for (column, _) in row.values.extract_if(.., |_, value| *value == Value::Blank) {
                let name = self.rows.column(&column).map_or("", |column| &column.indicator.label);
                let reason = format!("“{name}”的合计超过 {NUMBER_DIGITS_MAX} 位数");
                *gathering.left_out.entry(reason).or_default() += row.records;
            }
            self.finish(gather, row);
        }
        gathering
    }

    /// A list of persons keeps sums only: they make one row.
    fn gather_sums(&self, gather: &Gather, table: &RecordTable, gathering: &mut Gathering) {
        if table.sums.is_empty() && table.persons.is_none() {
            return;
        }
        let Ok(key) = self.key_in(gather, &|_| None) else { return };
        let mut row = Gathered { values: BTreeMap::new(), records: table.persons.unwrap_or_default() };
        self.put_key(&mut row, &key);
        for (column, field) in &gather.columns {
            let persons = || table.persons.filter(|_| field == "persons").map(Decimal::from);
            let number = table.sums.get(field).copied().or_else(persons);
            add(&mut row, self, column, (number.map(RecordValue::Number).as_ref(), (1, 1)));
        }
        gathering.rows.insert(key, row);
    }

    /// The key of a record, each part as its column holds it.
    fn key_in(&self, gather: &Gather, field: &dyn Fn(&str) -> Option<String>) -> Result<Vec<String>, String> {
        let part = |column: &String| {
            let definition = self.rows.column(column);
            let name = definition.map_or(column.as_str(), |column| column.indicator.label.as_str());
            let constant = gather.constants.get(column).cloned();
            let text = constant.or_else(|| gather.columns.get(column).and_then(|from| field(from)));
            let text = text.filter(|text| !text.trim().is_empty()).ok_or_else(|| format!("没有“{name}”"))?;
            let cell = self.rows.cell(1, column).ok_or_else(|| format!("没有“{name}”"))?;
            let value = cell.parse_value(&text).map_err(|_| format!("台账没有“{text}”这一{}", self.row))?;
            Ok(value.print())
        };
        self.rows.key.iter().map(part).collect()
    }

    /// By what quantities of a record are multiplied and divided to stand in the unit of measure of their row.
    fn factor(
        &self,
        gather: &Gather,
        field: &dyn Fn(&str) -> Option<String>,
        key: &[String],
    ) -> Result<(i64, i64), String> {
        let own = key.first().and_then(|key| self.measures.get(key));
        let (Some(own), Some(from)) = (own, &gather.measure) else { return Ok((1, 1)) };
        let text = field(from).ok_or_else(|| format!("没有计量单位,应为{own}"))?;
        let factor = measure_of(&text).and_then(|measure| measure.factor(*own));
        factor.ok_or_else(|| format!("计量单位“{text}”不能换算成{own}"))
    }

    fn put_key(&self, row: &mut Gathered, key: &[String]) {
        for (column, part) in self.rows.key.iter().zip(key) {
            row.values.entry(column.clone()).or_insert_with(|| Value::Text(part.clone()));
        }
    }

    /// Rounds sums to the decimals of their columns and puts what is fixed.
    fn finish(&self, gather: &Gather, row: &mut Gathered) {
        for (column, value) in &mut row.values {
            let Some(cell) = self.rows.cell(1, column) else { continue };
            if let Value::Number(number) = value {
                *number =
                    Quantity::new(*number, cell.measure).round(cell.decimals, Rounding::HalfUp).value().normalize();
            }
        }
        for (column, text) in &gather.constants {
            if let Some(Ok(value)) = self.rows.cell(1, column).map(|cell| cell.parse_value(text)) {
                row.values.insert(column.clone(), value);
            }
        }
    }

    /// The rows as cells that may be put into the ledger, numbered as in it; new ones go behind. The number of rows without room is told.
    pub fn gathered_cells(
        &self,
        cells: &Cells,
        gathering: &Gathering,
        import: RecordImportId,
    ) -> (Vec<Generated>, u64) {
        let there = self.rows.by_key(cells);
        let mut next = self.rows.rows(cells).last().copied().unwrap_or(0);
        let (mut generated, mut without_room) = (Vec::new(), 0);
        for (key, row) in &gathering.rows {
            let number = there.get(key).copied().unwrap_or_else(|| {
                next = next.saturating_add(1);
                next
            });
            if number > self.rows.rows_max {
                without_room += 1;
                continue;
            }
            for (column, value) in &row.values {
                let id = row_cell_id(ROWS, number, column);
                // A key that is there already is left as it is.
                if self.rows.key.contains(column) && *value_of(cells, &id) != Value::Blank {
                    continue;
                }
                generated.push(self.generated(id, value, row.records, import));
            }
        }
        (generated, without_room)
    }

    fn generated(&self, cell: CellId, value: &Value, records: u64, import: RecordImportId) -> Generated {
        let name = self.rows.heading.as_str();
        let sentence = format!("由 {records} 条原始记录归集到{name}={}。", value.print());
        let derivation = Origin {
            import: None,
            report: None,
            books: Vec::new(),
            record: Some(import),
            formula: "原始记录归集".to_owned(),
            sentence,
            exact: value.number(),
            inputs: Vec::new(),
        };
        Generated { cell, value: value.clone(), state: ValueState::Computed, derivation }
    }
}

/// A sum of source records beside what the ledger says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// Ledger, row and column.
    pub label: String,
    /// The sum of the records.
    pub records: Decimal,
    /// What stands in the ledger; none where it has no such row or cell.
    pub ledger: Option<Decimal>,
}

impl Ledger {
    /// What the records of a period add up to, beside what the ledger says.
    pub fn beside(&self, gather: &Gather, table: &RecordTable, cells: &Cells) -> Vec<Beside> {
        let there = self.rows.by_key(cells);
        let mut all = Vec::new();
        for (key, row) in self.gather(gather, table).rows {
            for (column, value) in &row.values {
                let (Some(records), Some(definition)) = (value.number(), self.rows.column(column)) else { continue };
                let ledger = there.get(&key).and_then(|row| self.rows.value(cells, *row, column).number());
                let label = format!("{} {}的{}", self.name, self.key_label(&key), definition.indicator.label);
                all.push(Beside { label, records, ledger });
            }
        }
        all
    }

    /// The key of a row in words.
    pub fn key_label(&self, key: &[String]) -> String {
        let part = |(column, part): (&String, &String)| {
            let value = Value::Text(part.clone());
            self.rows.cell(1, column).map_or_else(|| part.clone(), |cell| cell.print(&value))
        };
        self.rows.key.iter().zip(key).map(part).collect::<Vec<_>>().join("、")
    }
}

/// Numbers are added; of words the first stands.
fn add(row: &mut Gathered, ledger: &Ledger, column: &str, (value, (times, over)): (Option<&RecordValue>, (i64, i64))) {
    let (Some(value), Some(definition)) = (value, ledger.rows.column(column)) else { return };
    if definition.cell.is_number() {
        let Some(number) = value.number() else { return };
        let is_quantity = definition.cell.measure == Measure::None;
        let (times, over) = if is_quantity { (times, over) } else { (1, 1) };
        let number =
            number.checked_mul(Decimal::from(times)).and_then(|number| number.checked_div(Decimal::from(over)));
        let sum = row.values.entry(column.to_owned()).or_insert(Value::Number(Decimal::ZERO));
        let before = sum.number();
        // What is too long to be reported is not gathered; the rest of the column would be a wrong sum, so it stays blank.
        let after = before.zip(number).and_then(|(before, number)| before.checked_add(number));
        *sum = after.filter(|after| is_reportable(*after)).map_or(Value::Blank, Value::Number);
    } else if !ledger.rows.key.iter().any(|key| key == column) {
        row.values.entry(column.to_owned()).or_insert_with(|| Value::Text(value.print()));
    }
}

/// A unit of measure as bills print it; 度 is what everybody calls a kilowatt hour.
fn measure_of(text: &str) -> Option<Measure> {
    match text.trim() {
        "度" | "kWh" | "KWH" | "kwh" => Some(Measure::Kwh),
        "万度" => Some(Measure::TenThousandKwh),
        "m³" | "m3" | "方" => Some(Measure::CubicMetre),
        "kg" | "公斤" => Some(Measure::Kilogram),
        "t" | "公吨" => Some(Measure::Ton),
        "GJ" | "吉焦" => Some(Measure::Gigajoule),
        text => Measure::parse(text).ok(),
    }
}
