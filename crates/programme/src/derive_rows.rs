//! Rows of lists 清单取数: from the rows of a ledger to the rows of a form's list, each with the same key.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use youju_codes::{Measure, Period, Quantity, Rounding, format_number};
use youju_domain::book::Book;
use youju_domain::id::BookId;
use youju_domain::report::{Cells, Derivation as Origin, Generated, Value, ValueState, value_of};

use crate::cell::CellDef;
use crate::derive::RowsFrom;
use crate::figures::{Take, kept};
use crate::form::Form;
use crate::ledger::{Ledger, total};
use crate::list::List;

/// What ledgers gave the lists of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DerivedRows {
    /// The cells, row by row.
    pub cells: Vec<Generated>,
    /// Lists that could not be derived, or not whole, each with the reason and the way out.
    pub missing: Vec<(String, String)>,
}

impl Form {
    /// The rows of its lists that ledgers give. A row whose key is there keeps its number; new ones go behind those that are there.
    pub fn derive_rows(&self, period: Period, cells: &Cells, books: &[Book]) -> DerivedRows {
        let mut derived = DerivedRows::default();
        for from in self.rows_from() {
            let ledger = self.ledgers().into_iter().find(|ledger| ledger.id == from.ledger);
            let (Some(list), Some(ledger)) = (self.list(&from.list), ledger) else { continue };
            match (Rows { list, ledger, from, period, books }).derive(cells) {
                Ok(rows) => {
                    let missing = rows.missing(list, ledger).into_iter().map(|reason| (list.heading.clone(), reason));
                    derived.missing.extend(missing);
                    derived.cells.extend(rows.cells);
                }
                Err(reason) => derived.missing.push((list.heading.clone(), reason)),
            }
        }
        derived
    }
}

struct Rows<'a> {
    list: &'a List,
    ledger: &'a Ledger,
    from: &'a RowsFrom,
    period: Period,
    books: &'a [Book],
}

/// The rows of one list.
#[derive(Default)]
struct Made {
    cells: Vec<Generated>,
    without_room: usize,
    without_key: usize,
}

impl Made {
    /// What was left out, in sentences (law 9).
    fn missing(&self, list: &List, ledger: &Ledger) -> Vec<String> {
        let names = list.key.iter().filter_map(|id| list.column(id)).map(|column| column.indicator.label.as_str());
        let key = names.collect::<Vec<_>>().join("、");
        let counted = [
            (self.without_room, format!("行没有带入:本表最多 {} 行。请告诉统计机构。", list.rows_max)),
            (self.without_key, format!("行没有带入:没有填“{key}”。应报的请在台账中补上。")),
        ];
        let told = counted.into_iter().filter(|(rows, _)| *rows > 0);
        told.map(|(rows, reason)| format!("{}有 {rows} {reason}", ledger.name)).collect()
    }
}

impl Rows<'_> {
    fn derive(&self, cells: &Cells) -> Result<Made, String> {
        // Every column's books must be there, or a sum would be short without anybody noticing.
        for (take, _) in self.from.columns.values() {
            kept(self.ledger, &take.periods(self.ledger, self.period), self.books)?;
        }
        let mut made = Made::default();
        let mut numbers: BTreeMap<Vec<String>, u32> = self.list.by_key(cells);
        let mut next = self.list.rows(cells).last().copied().unwrap_or(0);
        for key in self.keys() {
            let columns: BTreeMap<&str, Generated> = self.row(&key);
            let own = self.key_of(&columns);
            if own.is_none() && !self.list.key.is_empty() {
                made.without_key += 1;
                continue;
            }
            let number = own.as_ref().and_then(|own| numbers.get(own).copied()).unwrap_or_else(|| {
                next = next.saturating_add(1);
                next
            });
            if number > self.list.rows_max {
                made.without_room += 1;
                continue;
            }
            if let Some(own) = own {
                numbers.insert(own, number);
            }
            for (column, cell) in columns {
                let Some(definition) = self.list.cell(number, column) else { continue };
                if self.list.key.iter().any(|key| key == column) && *value_of(cells, &definition.id) != Value::Blank {
                    continue;
                }
                made.cells.push(Generated { cell: definition.id, ..cell });
            }
        }
        Ok(made)
    }

    /// The keys of the ledger's rows in the period of the form, in the order of the alphabet.
    fn keys(&self) -> BTreeSet<Vec<String>> {
        let of = |period: Period| self.books.iter().find(|b| b.ledger == self.ledger.id && b.period == period);
        let books = self.ledger.periods_within(self.period).into_iter().filter_map(of);
        books.flat_map(|book| self.ledger.rows.by_key(&book.cells).into_keys()).collect()
    }

    fn row(&self, key: &[String]) -> BTreeMap<&str, Generated> {
        let columns = self.from.columns.iter();
        columns
            .filter_map(|(column, (take, of))| Some((column.as_str(), self.value(key, column, *take, of)?)))
            .collect()
    }

    fn value(&self, key: &[String], column: &str, take: Take, of: &str) -> Option<Generated> {
        let cell = self.list.cell(1, column)?;
        let periods = take.periods(self.ledger, self.period);
        let books: Vec<&Book> = kept(self.ledger, &periods, self.books).ok()?;
        let found: Vec<&Value> = books
            .iter()
            .filter_map(|book| {
                let row = *self.ledger.rows.by_key(&book.cells).get(key)?;
                Some(self.ledger.rows.value(&book.cells, row, of)).filter(|value| **value != Value::Blank)
            })
            .collect();
        let (value, exact) = if cell.is_number() {
            self.number(&cell, take, of, &found, books.len())?
        } else {
            // Of words the latest ones stand.
            ((*found.last()?).clone(), None)
        };
        let ids: Vec<BookId> = books.iter().map(|book| book.id).collect();
        Some(self.generated(&cell, value, exact, (take, of), ids))
    }

    fn number(
        &self,
        cell: &CellDef,
        take: Take,
        of: &str,
        found: &[&Value],
        books: usize,
    ) -> Option<(Value, Option<Decimal>)> {
        let sum = total(found.iter().filter_map(|value| value.number()))?;
        let exact = take.of(sum, books);
        let measure = self.ledger.rows.column(of).map_or(Measure::None, |column| column.indicator.measure);
        let quantity = match measure.factor(cell.measure) {
            Some(_) => Quantity::new(exact, measure).to(cell.measure).ok()?,
            None => Quantity::new(exact, cell.measure),
        };
        Some((Value::Number(quantity.round(cell.decimals, Rounding::HalfUp).value().normalize()), Some(exact)))
    }

    fn generated(
        &self,
        cell: &CellDef,
        value: Value,
        exact: Option<Decimal>,
        (take, of): (Take, &str),
        books: Vec<BookId>,
    ) -> Generated {
        let column = self.ledger.rows.column(of).map_or(of, |column| column.indicator.label.as_str());
        let exact_words = exact.map(|exact| format!(" {}", format_number(&exact.normalize()))).unwrap_or_default();
        let sentence = format!("取自{}的“{column}”({}){exact_words}。", self.ledger.name, take.label());
        let derivation = Origin {
            import: None,
            report: None,
            books,
            record: None,
            formula: format!("{}.{of}", take.key()),
            sentence,
            exact,
            inputs: Vec::new(),
        };
        Generated { cell: cell.id.clone(), value, state: ValueState::Computed, derivation }
    }

    /// What tells the new row apart in the list.
    fn key_of(&self, columns: &BTreeMap<&str, Generated>) -> Option<Vec<String>> {
        let part = |key: &String| columns.get(key.as_str()).map(|cell| cell.value.print());
        let parts: Option<Vec<String>> = self.list.key.iter().map(part).collect();
        parts.filter(|parts| !parts.is_empty())
    }
}
