//! Rows of lists 清单取数: from the rows of a ledger to the rows of a form's list, each with the same key.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use youju_codes::{Measure, Period, Quantity, Rounding, format_number};
use youju_domain::book::Book;
use youju_domain::id::BookId;
use youju_domain::report::{Cells, Derivation as Origin, Generated, Value, ValueState};

use crate::cell::CellDef;
use crate::derive::RowsFrom;
use crate::figures::{Take, kept};
use crate::form::Form;
use crate::ledger::Ledger;
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
            match Rows::new(list, ledger, from, period, books) {
                Ok(rows) => {
                    let made = rows.derive(cells);
                    let missing = made.missing(list, ledger).into_iter().map(|reason| (list.heading.clone(), reason));
                    derived.missing.extend(missing);
                    derived.cells.extend(made.cells);
                }
                Err(reason) => derived.missing.push((list.heading.clone(), reason)),
            }
        }
        derived
    }
}

/// A filled ledger with its rows by the key of the list: several rows of a ledger may be one of the list.
struct Indexed<'a> {
    book: &'a Book,
    rows: BTreeMap<Vec<String>, Vec<u32>>,
    without_key: usize,
}

/// A column of the list, with what it is taken from.
struct Taken<'a> {
    column: &'a str,
    cell: CellDef,
    take: Take,
    of: &'a str,
    books: Vec<&'a Indexed<'a>>,
}

struct Rows<'a> {
    list: &'a List,
    ledger: &'a Ledger,
    from: &'a RowsFrom,
    period: Period,
    books: Vec<Indexed<'a>>,
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

impl<'a> Rows<'a> {
    /// Refused when a period is missing that any column needs: a sum would be short without anybody noticing.
    fn new(
        list: &'a List,
        ledger: &'a Ledger,
        from: &'a RowsFrom,
        period: Period,
        books: &'a [Book],
    ) -> Result<Rows<'a>, String> {
        let mut needed: BTreeSet<Period> = BTreeSet::new();
        for (take, _) in from.columns.values() {
            let periods = take.periods(ledger, period);
            kept(ledger, &periods, books)?;
            needed.extend(periods);
        }
        let own = books.iter().filter(|book| book.ledger == ledger.id && needed.contains(&book.period));
        let books = own.map(|book| index(list, ledger, from, book)).collect();
        Ok(Rows { list, ledger, from, period, books })
    }

    fn derive(&self, cells: &Cells) -> Made {
        let within = self.ledger.periods_within(self.period);
        let now = self.books.iter().filter(|indexed| within.contains(&indexed.book.period));
        let mut made =
            Made { without_key: now.map(|indexed| indexed.without_key).max().unwrap_or(0), ..Made::default() };
        let mut numbers: BTreeMap<Vec<String>, u32> = self.list.by_key(cells);
        let mut next = self.list.last_number(cells);
        let cleared = self.cleared(cells);
        let columns = self.columns();
        let keys: BTreeSet<&Vec<String>> = self.books.iter().flat_map(|indexed| indexed.rows.keys()).collect();
        // A row that the respondent has cleared stays cleared.
        for key in keys.into_iter().filter(|key| !cleared.contains(*key)) {
            let number = *numbers.entry(key.clone()).or_insert_with(|| {
                next = next.saturating_add(1);
                next
            });
            if number > self.list.rows_max {
                made.without_room += 1;
                continue;
            }
            for taken in &columns {
                let Some(definition) = self.list.cell(number, taken.column) else { continue };
                let stands = cells.get(&definition.id).filter(|cell| cell.value != Value::Blank);
                // A key that the respondent typed is theirs.
                let is_key = self.list.key.iter().any(|key| key == taken.column);
                if is_key && stands.is_some_and(|cell| cell.derivation.is_none()) {
                    continue;
                }
                let cell = self.value(key, taken);
                made.cells.extend(cell.map(|cell| Generated { cell: definition.id, ..cell }));
            }
        }
        made
    }

    /// The keys of rows that were generated once and then cleared by the respondent.
    fn cleared(&self, cells: &Cells) -> BTreeSet<Vec<String>> {
        let generated = |row: u32| {
            let part = |column: &String| {
                let cell = cells.get(&self.list.cell(row, column)?.id)?;
                let was = cell.generated.as_ref().filter(|_| cell.value == Value::Blank)?;
                Some(was.print())
            };
            self.list.key.iter().map(part).collect::<Option<Vec<String>>>()
        };
        (1..=self.list.last_number(cells)).filter_map(generated).collect()
    }

    fn columns(&self) -> Vec<Taken<'_>> {
        let taken = |(column, (take, of)): (&'a String, &'a (Take, String))| {
            let (cell, periods) = (self.list.cell(1, column)?, take.periods(self.ledger, self.period));
            // Words hold for the year: a project that rested this month still has its name.
            let counts = |indexed: &&Indexed<'_>| !cell.is_number() || periods.contains(&indexed.book.period);
            let books = self.books.iter().filter(counts).collect();
            Some(Taken { column, cell, take: *take, of, books })
        };
        self.from.columns.iter().filter_map(taken).collect()
    }

    fn value(&self, key: &[String], taken: &Taken<'_>) -> Option<Generated> {
        let mut found: Vec<&Value> = Vec::new();
        for indexed in &taken.books {
            let rows = indexed.rows.get(key).into_iter().flatten();
            found.extend(rows.map(|row| self.ledger.rows.value(&indexed.book.cells, *row, taken.of)));
        }
        found.retain(|value| **value != Value::Blank);
        let (value, exact) = if taken.cell.is_number() {
            self.number(&taken.cell, taken.take, taken.of, &found, taken.books.len())?
        } else {
            // Of words the latest ones stand.
            ((*found.last()?).clone(), None)
        };
        let ids: Vec<BookId> = taken.books.iter().map(|indexed| indexed.book.id).collect();
        Some(self.generated(&taken.cell, value, exact, (taken.take, taken.of), ids))
    }

    fn number(
        &self,
        cell: &CellDef,
        take: Take,
        of: &str,
        found: &[&Value],
        books: usize,
    ) -> Option<(Value, Option<Decimal>)> {
        let numbers: Vec<Decimal> = found.iter().filter_map(|value| value.number()).collect();
        let exact = take.of(&numbers, books)?;
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
}

/// The rows of a filled ledger by what tells them apart in the list.
fn index<'a>(list: &List, ledger: &Ledger, from: &RowsFrom, book: &'a Book) -> Indexed<'a> {
    let mut indexed = Indexed { book, rows: BTreeMap::new(), without_key: 0 };
    let belongs = |row: &u32| {
        let reaches = |(column, least): (&String, &Decimal)| {
            ledger.rows.value(&book.cells, *row, column).number().is_some_and(|number| number >= *least)
        };
        from.at_least.iter().all(reaches)
    };
    for row in ledger.rows.rows(&book.cells).into_iter().filter(belongs) {
        let part = |column: &String| {
            let (_, of) = from.columns.get(column)?;
            match ledger.rows.value(&book.cells, row, of) {
                Value::Blank | Value::NotApplicable => None,
                value => Some(value.print()),
            }
        };
        let key: Option<Vec<String>> = list.key.iter().map(part).collect();
        match key {
            Some(key) => indexed.rows.entry(key).or_default().push(row),
            None => indexed.without_key += 1,
        }
    }
    indexed
}
