//! Records as they were read become records as they are kept: amounts in 元, exact.

use rust_decimal::Decimal;
use youju_codes::Measure;
use youju_domain::record::{RecordColumn, RecordRow, RecordTable, RecordValue};
use youju_sheet::record::{Records, Value, ValueKind};

pub(super) fn of(records: &Records) -> RecordTable {
    let measure = records.measure.filter(|measure| *measure != Measure::Yuan);
    let (times, over) = measure.and_then(|measure| measure.factor(Measure::Yuan)).unwrap_or((1, 1));
    let yuan = |amount: Decimal| amount * Decimal::from(times) / Decimal::from(over);
    let kept = |kind: ValueKind, value: &Value| match value {
        Value::Empty => None,
        Value::Text(text) => Some(RecordValue::Text(text.clone())),
        Value::Number(number) if kind == ValueKind::Amount => Some(RecordValue::Number(yuan(*number))),
        Value::Number(number) => Some(RecordValue::Number(*number)),
        Value::Date(day) => Some(RecordValue::Date(*day)),
        Value::Account { printed, account } => Some(RecordValue::Account(printed.clone(), account.clone())),
    };
    let row = |record: &youju_sheet::record::Record| RecordRow {
        row: u32::try_from(record.row).unwrap_or(u32::MAX),
        values: records.columns.iter().zip(&record.values).map(|(column, value)| kept(column.kind, value)).collect(),
    };
    let is_amount =
        |key: &str| records.columns.iter().any(|column| column.key == key && column.kind == ValueKind::Amount);
    let sum = |(key, sum): (&String, &Decimal)| (key.clone(), if is_amount(key) { yuan(*sum) } else { *sum });
    let column = |column: &youju_sheet::record::RecordColumn| RecordColumn {
        key: column.key.clone(),
        name: column.name.clone(),
        is_number: column.kind.is_number(),
    };
    let count = |number: Option<usize>| number.map(|number| u64::try_from(number).unwrap_or(u64::MAX));
    RecordTable {
        columns: records.columns.iter().map(column).collect(),
        rows: records.rows.iter().map(row).collect(),
        sums: records.sums.iter().map(sum).collect(),
        persons: count(records.persons),
        vouchers: count(records.vouchers),
        days: records.days,
        measure: measure.map(|measure| measure.label().to_owned()),
    }
}
