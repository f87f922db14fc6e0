//! Gathering 归集: source records are added up into the rows of a ledger, and stand beside what it says.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use youju_codes::{Measure, Quantity, Rounding};
use youju_domain::id::RecordImportId;
use youju_domain::record::{RecordRow, RecordTable, RecordValue};
use youju_domain::report::{CellId, Cells, Derivation as Origin, Generated, Value, ValueState, value_of};

use crate::cell::NUMBER_DIGITS_MAX;
use crate::ledger::{Ledger, ROWS, is_reportable};
use crate::list::row_cell_id;

/// Which source records fill which columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gather {
    /// The kind of source records: `energy_slips`.
    pub records: String,
    /// The field of the records that tells their unit of measure.
    pub measure: Option<String>,
    /// Column of the ledger → field of the records. Records of one key are added up.
    pub columns: BTreeMap<String, String>,
    /// Columns of which the latest record counts, not the sum: what is left at the end.
    pub last: Vec<String>,
    /// Columns that are only proposed, because a person has to look: they are not compared with the records.
    pub proposed: Vec<String>,
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
                        let value = field_value(table, record, field);
                        if gather.last.contains(column) {
                            put_last(row, self, column, (value.as_ref(), factor));
                        } else {
                            add(row, self, column, (value.as_ref(), factor));
                        }
                    }
                }
                Err(reason) => *gathering.left_out.entry(reason).or_default() += 1,
            }
        }
        if !table.rows.is_empty() {
            self.tell_missing_fields(gather, table, &mut gathering);
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

    /// A column that the file does not have is told: what it would have given stays blank.
    fn tell_missing_fields(&self, gather: &Gather, table: &RecordTable, gathering: &mut Gathering) {
        let has = |field: &str| table.columns.iter().any(|column| column.key == field);
        let is_given = |field: &str| match field {
            "credit" | "debit" => has(field) || (has("direction") && has("amount")),
            field => has(field),
        };
        let blank = gather.columns.iter().filter(|(_, field)| !is_given(field));
        let names: Vec<&str> = blank
            .filter_map(|(column, _)| self.rows.column(column))
            .map(|column| column.indicator.label.as_str())
            .collect();
        if !names.is_empty() {
            let reason = format!("文件里没有可以填“{}”的栏,没有归集", names.join("、"));
            gathering.left_out.insert(reason, table.rows.len().try_into().unwrap_or(u64::MAX));
        }
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
        let mut next = self.rows.last_number(cells);
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
            for (column, value) in row.values.iter().filter(|(column, _)| !gather.proposed.contains(column)) {
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

/// The value of a field. Where money stands in one column with a direction beside it, `credit` is what came in and `debit` what went out.
fn field_value(table: &RecordTable, record: &RecordRow, field: &str) -> Option<RecordValue> {
    let wanted = match field {
        "credit" => "贷",
        "debit" => "借",
        _ => return table.value(record, field).cloned(),
    };
    if table.columns.iter().any(|column| column.key == field) {
        return table.value(record, field).cloned();
    }
    let direction = table.value(record, "direction").map(RecordValue::print);
    let is_it = direction.as_deref().is_some_and(|direction| direction == wanted);
    table.value(record, "amount").filter(|_| is_it).cloned()
}

/// Of what is left at the end the latest record tells, not the sum.
fn put_last(row: &mut Gathered, ledger: &Ledger, column: &str, value: (Option<&RecordValue>, (i64, i64))) {
    if value.0.is_some() {
        row.values.remove(column);
        add(row, ledger, column, value);
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
