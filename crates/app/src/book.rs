//! Books 台账登记: a unit keeps the ledgers of its disciplines — typed, carried over, gathered from source records. Every saving
//! is kept; the latest counts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object, decide};
use youju_domain::book::{Book, gathered, typed};
use youju_domain::id::{BookId, RecordImportId, UnitId};
use youju_domain::register::Unit;
use youju_domain::report::{Cell, CellId, Cells, Change, Value, ValueState};
use youju_programme::Ledger;
use youju_sheet::record::RecordKind;
use youju_store::{book, record, register as register_store};

use crate::context::{App, Cx};
use crate::error::{Error, Result};
use crate::ledger::sentences;
use crate::register;
use crate::report::Typed;

pub use youju_store::book::ListedBook;

/// A ledger of a unit and period, with what is needed to keep it.
#[derive(Debug)]
pub struct Opened {
    /// Whose.
    pub unit: Unit,
    /// Of which period.
    pub period: Period,
    /// The book that counts, if anybody saved one.
    pub book: Option<Book>,
    /// That of the period before.
    pub previous: Option<Book>,
    /// Every time it was saved, the latest first.
    pub versions: Vec<ListedBook>,
    /// The source records of the period that it can be gathered from.
    pub records: Vec<(RecordKind, RecordImportId)>,
    /// True when the actor may write.
    pub fills: bool,
}

/// What gathering did.
#[derive(Debug)]
pub struct Gathered {
    /// The book that was saved.
    pub book: BookId,
    /// How many cells were gathered or carried over.
    pub cells: usize,
    /// Records that belong to no row, by kind and reason, with their number (law 9).
    pub left_out: Vec<(RecordKind, String, u64)>,
}

/// The ledgers that a unit keeps: those its forms are taken from, and those of its programmes that stand alone. Of them those that
/// the actor's work covers.
pub fn ledgers_of<'a>(app: &'a App, actor: &Actor, unit: &Unit) -> Vec<&'a Ledger> {
    let mut ledgers = Vec::new();
    for programme in app.programmes().values().filter(|programme| actor.covers(&programme.domain)) {
        let owed: Vec<_> = programme.forms().iter().filter(|form| unit.is_in(&form.industries)).collect();
        if owed.is_empty() {
            continue;
        }
        let ids = |forms: &mut dyn Iterator<Item = &youju_programme::Form>| -> BTreeSet<String> {
            forms.flat_map(|form| form.ledgers()).map(|ledger| ledger.id.clone()).collect()
        };
        let (own, all) = (ids(&mut owed.into_iter()), ids(&mut programme.forms().iter()));
        ledgers.extend(programme.ledgers().iter().filter(|l| own.contains(&l.id) || !all.contains(&l.id)));
    }
    ledgers
}

/// A ledger that the actor may look at.
pub async fn open(cx: &mut Cx<'_>, unit: UnitId, ledger: &Ledger, period: Period) -> Result<Opened> {
    let unit = register::get(cx, unit).await?;
    must_see(cx, &unit, &ledger.id)?;
    let period = period_of(ledger, period)?;
    let fills = decide(cx.actor()?, Action::Fill, Object::Unit { id: unit.id, area: &unit.area });
    let before = period.previous_in(ledger.period);
    let mut records = Vec::new();
    for kind in ledger.gathers.iter().filter_map(|gather| RecordKind::from_key(&gather.records)) {
        if let Some(import) = record::latest(cx.tx(), unit.id, period, kind.key()).await? {
            records.push((kind, import.id));
        }
    }
    Ok(Opened {
        book: book::latest(cx.tx(), unit.id, &ledger.id, period).await?,
        previous: book::latest(cx.tx(), unit.id, &ledger.id, before).await?,
        versions: book::versions(cx.tx(), unit.id, &ledger.id, period).await?,
        unit,
        period,
        records,
        fills,
    })
}

/// A ledger is kept in its own rhythm and in no other.
fn period_of(ledger: &Ledger, asked: Period) -> Result<Period> {
    if ledger.period.periods(asked.year()).is_ok_and(|periods| periods.contains(&asked)) {
        return Ok(asked);
    }
    let rhythm = ledger.period.label().trim_end_matches('报');
    let reason = format!("{}按{rhythm}登记,没有“{}”。", ledger.name, asked.label());
    Err(Problem::BadInput { reason }.into())
}

/// A book as it was saved at one time, for those who may look at the unit.
pub async fn get(cx: &mut Cx<'_>, id: BookId) -> Result<Book> {
    let found = book::get(cx.tx(), id).await?.ok_or(Error::Problem(Problem::NotFound { what: "台账" }))?;
    let unit = register::get(cx, found.unit).await?;
    must_see(cx, &unit, &found.ledger)?;
    Ok(found)
}

/// A ledger belongs to the domain of its programme, like the forms that are taken from it.
fn must_see(cx: &Cx<'_>, unit: &Unit, ledger: &str) -> Result<()> {
    let programme = cx.app().programmes().values().find(|programme| programme.ledger(ledger).is_some());
    let domain = programme.map_or("", |programme| programme.domain.as_str());
    let object = Object::Report { unit: unit.id, area: &unit.area, domain };
    cx.allow(Action::View, object).map_err(|_| Problem::NotFound { what: "台账" }.into())
}

/// The books that count of a unit whose periods end within a period.
pub async fn listed(cx: &mut Cx<'_>, unit: UnitId, period: Period) -> Result<Vec<ListedBook>> {
    let unit = register::get(cx, unit).await?;
    let mut listed = book::listed(cx.tx(), unit.id, period.first_day(), period.last_day()).await?;
    listed.retain(|one| must_see(cx, &unit, &one.ledger).is_ok());
    Ok(listed)
}

/// Saves what somebody typed, whole or not at all. `was` is the book that the page showed. A ledger without a row says that
/// nothing happened in the period: that is said by [`save_none`], not by an empty page.
pub async fn save(
    cx: &mut Cx<'_>,
    unit: UnitId,
    ledger: &Ledger,
    (period, was): (Period, Option<BookId>),
    changes: &[Typed],
) -> Result<BookId> {
    let held = hold(cx, unit, ledger, (period, was)).await?;
    let changes = read(ledger, changes)?;
    let (by, now) = (cx.actor()?.person, cx.now());
    let cells = ledger.compute(typed(held.cells, &changes, by, now), by, now);
    if ledger.rows.rows(&cells).is_empty() && was.is_none() {
        let reason = "没有登记任何内容。本期确实没有发生的,请点“本期没有发生”。".to_owned();
        return Err(Problem::BadInput { reason }.into());
    }
    put(cx, held.unit.id, ledger, held.period, cells, "book.saved").await
}

/// Says that nothing happened in the period 本期没有发生; refused while rows are filled.
pub async fn save_none(
    cx: &mut Cx<'_>,
    unit: UnitId,
    ledger: &Ledger,
    (period, was): (Period, Option<BookId>),
) -> Result<BookId> {
    let held = hold(cx, unit, ledger, (period, was)).await?;
    if !ledger.rows.rows(&held.cells).is_empty() {
        let reason = "台账里已有登记的内容。本期没有发生的,请先清空各行并保存。".to_owned();
        return Err(Problem::BadInput { reason }.into());
    }
    put(cx, held.unit.id, ledger, held.period, Cells::new(), "book.saved").await
}

struct Held {
    unit: Unit,
    period: Period,
    cells: Cells,
}

/// Refused when somebody saved the ledger after the page was opened: their rows would be lost without a word.
async fn hold(cx: &mut Cx<'_>, unit: UnitId, ledger: &Ledger, (period, was): (Period, Option<BookId>)) -> Result<Held> {
    register_store::hold(cx.tx(), unit).await?;
    let unit = register::get(cx, unit).await?;
    cx.allow(Action::Fill, Object::Unit { id: unit.id, area: &unit.area })?;
    let period = period_of(ledger, period)?;
    let latest = book::latest(cx.tx(), unit.id, &ledger.id, period).await?;
    if latest.as_ref().map(|book| book.id) != was {
        return Err(Problem::Conflict.into());
    }
    Ok(Held { unit, period, cells: latest.map(|book| book.cells).unwrap_or_default() })
}

/// What was typed, as changes; everything that is wrong is told at once and nothing is taken.
fn read(ledger: &Ledger, changes: &[Typed]) -> Result<Vec<Change>> {
    let mut problems = Vec::new();
    let mut read = Vec::new();
    for change in changes {
        let cell = ledger.cell_by_text(&change.cell).filter(|(_, column)| !ledger.is_computed(column));
        let Some((cell, _)) = cell else {
            return Err(Problem::UnknownCell { cell: change.cell.clone() }.into());
        };
        match cell.parse_value(&change.value) {
            Ok(value) => {
                read.push(Change { was: Value::Blank, cell: cell.id, value, reason: change.reason.clone() });
            }
            Err(problem) => problems.push(problem.says()),
        }
    }
    if problems.is_empty() { Ok(read) } else { Err(refused(problems)) }
}

fn refused(problems: Vec<String>) -> Error {
    Problem::BadInput { reason: sentences(problems).concat() }.into()
}

async fn put(
    cx: &mut Cx<'_>,
    unit: UnitId,
    ledger: &Ledger,
    period: Period,
    cells: Cells,
    action: &str,
) -> Result<BookId> {
    let (by, at) = (cx.actor()?.person, cx.now());
    let cells = ledger.compute(cells, by, at);
    let problems = ledger.problems(&cells);
    if !problems.is_empty() {
        return Err(refused(problems));
    }
    let rows = ledger.rows.rows(&cells).len();
    let saved = Book { id: cx.new_id(), unit, ledger: ledger.id.clone(), period, cells, by, at };
    book::add(cx.tx(), &saved, rows).await?;
    let sums: BTreeMap<&str, String> = ledger
        .rows
        .columns
        .iter()
        .filter_map(|column| Some((column.id.as_str(), ledger.sum(&saved.cells, &column.id)?.to_string())))
        .collect();
    let payload = json!({ "unit": unit, "ledger": ledger.id, "period": period, "rows": rows, "sums": sums });
    cx.record(action, ("book", saved.id.to_string()), payload).await?;
    Ok(saved.id)
}

/// Carries over what goes on from the period before, and adds the source records of the period up. What somebody typed stands.
pub async fn gather(
    cx: &mut Cx<'_>,
    unit: UnitId,
    ledger: &Ledger,
    (period, was): (Period, Option<BookId>),
) -> Result<Gathered> {
    let held = hold(cx, unit, ledger, (period, was)).await?;
    let (by, now) = (cx.actor()?.person, cx.now());
    let before = book::latest(cx.tx(), held.unit.id, &ledger.id, held.period.previous_in(ledger.period)).await?;
    let year_before = book::latest(cx.tx(), held.unit.id, &ledger.id, held.period.same_last_year()).await?;
    let [last, last_year] = [&before, &year_before].map(|book| book.as_ref().map(|book| &book.cells));
    let mut carried = ledger.carried(held.period, &held.cells, last, last_year);
    // What was left leads back to the book in which it was left.
    for cell in carried.iter_mut().filter(|cell| cell.state == ValueState::Prefilled) {
        cell.derivation.books.extend(before.as_ref().map(|book| book.id));
    }
    let mut count = carried.len();
    let mut cells = gathered(held.cells, carried, by, now);
    let mut left_out = Vec::new();
    let mut given: BTreeSet<CellId> = BTreeSet::new();
    let mut has_records = false;
    for gather in &ledger.gathers {
        let Some(kind) = RecordKind::from_key(&gather.records) else { continue };
        let import = record::latest(cx.tx(), held.unit.id, held.period, kind.key()).await?;
        let Some(import) = import else { continue };
        let found = ledger.gather(gather, &import.table);
        let (generated, without_room) = ledger.gathered_cells(&cells, &found, import.id);
        count += generated.len();
        has_records = true;
        given.extend(generated.iter().map(|cell| cell.cell.clone()));
        cells = gathered(cells, generated, by, now);
        left_out.extend(found.left_out.into_iter().map(|(reason, records)| (kind, reason, records)));
        if without_room > 0 {
            left_out.push((kind, format!("台账最多 {} 行", ledger.rows.rows_max), without_room));
        }
    }
    if has_records {
        cells.retain(|id, cell| given.contains(id) || !is_gathered(ledger, id, cell));
    }
    if count == 0 && left_out.is_empty() {
        let reason = format!("没有可以归集的数据:上期没有登记{},本期也没有导入能归集的原始记录。", ledger.name);
        return Err(Problem::BadInput { reason }.into());
    }
    let book = put(cx, held.unit.id, ledger, held.period, cells, "book.gathered").await?;
    Ok(Gathered { book, cells: count, left_out })
}

/// A figure that came from records and was not typed over: when they do not give it any more, it goes. Words stay with their row.
fn is_gathered(ledger: &Ledger, id: &CellId, cell: &Cell) -> bool {
    let is_number = ledger.cell_by_text(id.as_str()).is_some_and(|(cell, _)| cell.is_number());
    let is_from_records = cell.derivation.as_ref().is_some_and(|derivation| derivation.record.is_some());
    is_number && is_from_records && cell.state == ValueState::Computed
}

impl App {
    /// A ledger by its id.
    pub fn ledger(&self, id: &str) -> Result<&Ledger> {
        let found = self.programmes().values().find_map(|programme| programme.ledger(id));
        found.ok_or(Error::Problem(Problem::NotFound { what: "台账" }))
    }
}
