//! Every shipped form that is taken from ledgers, generated from a year in which every ledger is kept.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use uuid::Uuid;
use youju_codes::Period;
use youju_domain::book::Book;
use youju_domain::id::Id;
use youju_domain::report::{CellId, Cells, Value};
use youju_programme::{Form, Kind, Ledger, Take};

use crate::make::{cell, programmes};

/// What the numbers of every row are; large enough for every row condition of the shipped forms.
const NUMBER: i64 = 6000;

/// A ledger with one row for every code of its key, and one row where the key is words.
fn kept(ledger: &Ledger, period: Period) -> Book {
    let keys: Vec<String> = match ledger.rows.key.first().and_then(|key| ledger.rows.cell(1, key)).map(|cell| cell.kind)
    {
        Some(Kind::Code(codes)) => codes.into_iter().map(|(code, _)| code).collect(),
        _ => vec!["甲".to_owned()],
    };
    let mut cells = Cells::new();
    for (row, key) in (1..).zip(&keys) {
        for column in ledger.rows.columns.iter().filter(|column| !ledger.is_computed(&column.id)) {
            let definition = ledger.rows.cell(row, &column.id).unwrap();
            let value = match &definition.kind {
                Kind::Number => Value::Number(NUMBER.into()),
                _ if ledger.rows.key.first() == Some(&column.id) => Value::Text(key.clone()),
                Kind::Code(codes) => Value::Text(codes[0].0.clone()),
                _ => Value::Text("乙".into()),
            };
            cells.insert(definition.id, cell(value));
        }
    }
    let (nobody, never) = (Id::new(Uuid::nil()), youju_domain::Instant::UNIX_EPOCH);
    let cells = ledger.compute(cells, nobody, never);
    assert_eq!(ledger.problems(&cells), Vec::<String>::new(), "{}", ledger.id);
    Book {
        id: Id::new(Uuid::nil()),
        unit: nobody_unit(),
        ledger: ledger.id.clone(),
        period,
        cells,
        by: nobody,
        at: never,
    }
}

fn nobody_unit() -> youju_domain::id::UnitId {
    Id::new(Uuid::nil())
}

fn books(form: &Form, period: Period) -> Vec<Book> {
    let year = Period::of_year(period.year()).unwrap();
    let periods = |ledger: &'static Ledger| ledger.periods_within(year).into_iter().map(move |period| (ledger, period));
    let ledgers = programmes().iter().flat_map(youju_programme::Programme::ledgers);
    let own = ledgers.filter(|ledger| form.ledgers().iter().any(|own| own.id == ledger.id));
    own.flat_map(periods).map(|(ledger, period)| kept(ledger, period)).collect()
}

/// The cells that a form's derivations give where every ledger is kept, and those that they should give.
#[test]
fn every_derivation_from_a_ledger_gives_its_cell() {
    let mut forms = BTreeSet::new();
    for form in programmes().iter().flat_map(youju_programme::Programme::forms) {
        // Of the last period of the year every month before it counts.
        let Some(period) = form.period_kind().periods(2025).unwrap().pop() else { continue };
        let books = books(form, period);
        let derived = form.derive("1", &form.figures(period, None, &books));
        let given: BTreeMap<&CellId, Decimal> = derived.cells.iter().map(|cell| (&cell.cell, cell.value)).collect();
        for derivation in form.derivations().iter().filter(|one| one.inputs().iter().any(|name| name.contains("__"))) {
            let cell = &derivation.cell;
            assert!(given.get(cell).is_some_and(|value| !value.is_zero()), "{} {cell}: {given:?}", form.code);
            forms.insert(form.code.as_str());
        }
        let rows = form.derive_rows(period, &Cells::new(), &books);
        assert_eq!(rows.missing, [], "{}", form.code);
        for from in form.rows_from() {
            let list = form.list(&from.list).unwrap();
            for (column, (take, _)) in &from.columns {
                let id = list.cell(1, column).unwrap().id;
                let value = rows.cells.iter().find(|cell| cell.cell == id).map(|cell| &cell.value);
                assert!(value.is_some_and(|value| *value != Value::Blank), "{} {id} {}", form.code, take.key());
            }
            forms.insert(form.code.as_str());
        }
    }
    let expected = [
        "102-1", "107-1", "107-2", "202-1", "205-1", "206-1", "B204-1", "E204-1", "NC-乡", "NC-村", "S204-1", "X204-1",
    ];
    assert_eq!(forms.into_iter().collect::<Vec<_>>(), expected);
}

/// A month of 6,000 a month: sums over the period and the year are so many months of it.
#[test]
fn sums_are_so_many_months() {
    let form = crate::make::form("202-1");
    let period = Period::parse("2025-Q2").unwrap();
    let derived = form.derive("1", &form.figures(period, None, &books(form, period)));
    let value = |cell: &str| derived.cells.iter().find(|one| one.cell == CellId::new(cell)).map(|one| one.value);
    // Three kinds of persons; wages in thousands.
    let months = |number: i64| Some(Decimal::from(3 * number * NUMBER / 1000));
    assert_eq!([value("c12"), value("c12_ytd")], [months(3), months(6)]);
    assert_eq!([value("c08"), value("c08_ytd")], [Some((3 * NUMBER).into()); 2]);
    assert_eq!(Take::from_key("sum"), Some(Take::Sum));
}
