//! Columns that add up in memory, plainly: the judge of nothing but the use cases above them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rust_decimal::Decimal;
use youju_app::Fault;
use youju_app::columns::Columns;
use youju_domain::total::{Accepted, FrameKey, Summed, TotalCell, TotalRow, TotalsRequest};

/// Accepted figures by form and period, each with the journal entry that they cover.
#[derive(Debug, Default)]
pub struct InMemory(Mutex<BTreeMap<FrameKey, (i64, Vec<Accepted>)>>);

impl Columns for InMemory {
    fn is_fresh(&self, key: &FrameKey, watermark: i64) -> bool {
        let frames = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        frames.get(key).is_some_and(|(covered, _)| *covered >= watermark)
    }

    fn put(&self, key: &FrameKey, watermark: i64, accepted: Vec<Accepted>) -> Result<(), Fault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), (watermark, accepted));
        Ok(())
    }

    fn totals(&self, request: &TotalsRequest) -> Result<Vec<TotalRow>, Fault> {
        let frames = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all = frames.get(&request.key).map(|(_, rows)| rows.as_slice()).unwrap_or_default();
        let wanted = |row: &&Accepted| request.area.contains(&row.area) && row.level >= request.level;
        let mut groups: BTreeMap<String, Vec<&Accepted>> = BTreeMap::new();
        for row in all.iter().filter(wanted) {
            // The empty group, which holds everything, stands first.
            groups.entry(String::new()).or_default().push(row);
            groups.entry(request.by.group_of(&row.area, &row.industry)).or_default().push(row);
        }
        let total = |(group, rows): (String, Vec<&Accepted>)| TotalRow {
            group,
            units: u64::try_from(rows.len()).unwrap_or_default(),
            sums: request.cells.iter().map(|summed| sum(&rows, summed)).collect(),
        };
        Ok(groups.into_iter().map(total).collect())
    }
}

fn sum(rows: &[&Accepted], summed: &Summed) -> TotalCell {
    let mut total = TotalCell::default();
    for row in rows {
        let this = row.cells.get(&summed.cell).copied();
        let before = summed.last_year.as_ref().and_then(|cell| row.cells.get(cell)).copied();
        total.this = plus(total.this, this);
        if this.is_some() && before.is_some() {
            total.comparable = plus(total.comparable, this);
            total.last_year = plus(total.last_year, before);
        }
    }
    total
}

fn plus(sum: Option<Decimal>, value: Option<Decimal>) -> Option<Decimal> {
    match (sum, value) {
        (Some(sum), Some(value)) => Some(sum + value),
        (sum, value) => sum.or(value),
    }
}
