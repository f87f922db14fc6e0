//! Figures 台账数: what the formulas of a form may name — balances of accounts, and sums over the ledgers of a discipline.
//!
//! A figure of a ledger is named `energy__sum__purchased`, or `energy__ytd__purchased__33` for the row whose key is 33.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use youju_codes::Period;
use youju_domain::book::Book;
use youju_domain::id::BookId;
use youju_domain::ledger::{Balance, Line, balances};

use crate::ledger::{Ledger, total};

/// Take 取数口径: what is taken from the periods of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Take {
    /// 本期: the sum over the period of the form.
    Sum,
    /// 1—本期: the sum from the beginning of the year.
    YearToDate,
    /// 期末: what stands in the last period.
    Closing,
    /// 年初: what stands in the first period of the year.
    Opening,
    /// 平均: the mean over the period of the form.
    Average,
    /// 1—本期平均: the mean from the beginning of the year.
    AverageToDate,
    /// 上年期末: what stood in the same last period a year ago.
    LastYear,
    /// 最后: what stands in the last period of the form's that has a figure.
    Last,
}

impl Take {
    const ALL: [(Take, &'static str, &'static str); 8] = [
        (Take::Sum, "sum", "本期"),
        (Take::YearToDate, "ytd", "1—本期"),
        (Take::Closing, "closing", "期末"),
        (Take::Opening, "opening", "年初"),
        (Take::Average, "average", "本期平均"),
        (Take::AverageToDate, "ytdaverage", "1—本期平均"),
        (Take::LastYear, "lastyear", "上年期末"),
        (Take::Last, "last", "最后"),
    ];

    /// The word in names.
    pub fn key(self) -> &'static str {
        Take::ALL.iter().find(|(take, ..)| *take == self).map_or("", |(_, key, _)| key)
    }

    /// The word in sentences.
    pub fn label(self) -> &'static str {
        Take::ALL.iter().find(|(take, ..)| *take == self).map_or("", |(_, _, label)| label)
    }

    /// Reads [`Take::key`].
    pub fn from_key(key: &str) -> Option<Take> {
        Take::ALL.iter().find(|(_, known, _)| *known == key).map(|(take, ..)| *take)
    }

    /// What is taken from the figures of some filled ledgers, in their order.
    pub(crate) fn of(self, figures: &[Decimal], books: usize) -> Option<Decimal> {
        match self {
            Take::Last => figures.last().copied(),
            Take::Average | Take::AverageToDate => Some(total(figures.iter().copied())? / Decimal::from(books)),
            _ => total(figures.iter().copied()),
        }
    }

    fn is_mean(self) -> bool {
        matches!(self, Take::Average | Take::AverageToDate)
    }

    /// The periods of a ledger that count for a period of the form.
    pub(crate) fn periods(self, ledger: &Ledger, period: Period) -> Vec<Period> {
        let one = |period: Option<Period>| period.into_iter().collect();
        match self {
            Take::Sum | Take::Average | Take::Last => ledger.periods_within(period),
            Take::YearToDate | Take::AverageToDate => ledger.periods_to_date(period),
            Take::Closing => one(ledger.period_ending_with(period)),
            Take::LastYear => one(ledger.period_ending_with(period.same_last_year())),
            Take::Opening => one(ledger.periods_to_date(period).first().copied()),
        }
    }
}

/// Every figure of a ledger over all its rows, by name, with what it is.
pub(crate) fn names(ledger: &Ledger) -> Vec<(String, String)> {
    let columns = ledger.rows.columns.iter().filter(|column| column.cell.is_number());
    let names = columns.flat_map(|column| {
        Take::ALL.into_iter().map(|(take, ..)| Name {
            ledger: ledger.id.clone(),
            take,
            column: column.id.clone(),
            row: None,
        })
    });
    names.map(|name| (format!("{}__{}__{}", name.ledger, name.take.key(), name.column), name.label(ledger))).collect()
}

/// A name of a figure, in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub ledger: String,
    pub take: Take,
    pub column: String,
    pub row: Option<String>,
}

impl Name {
    /// The parts of a name; nothing where it is none.
    pub fn parse(name: &str) -> Option<Name> {
        let mut parts = name.split("__");
        let (ledger, take, column) = (parts.next()?, Take::from_key(parts.next()?)?, parts.next()?);
        let row = parts.next().map(str::to_owned);
        let is_whole = parts.next().is_none();
        is_whole.then(|| Name { ledger: ledger.to_owned(), take, column: column.to_owned(), row })
    }

    pub fn ledger_in<'l>(&self, ledgers: &'l [Ledger]) -> Option<&'l Ledger> {
        ledgers.iter().find(|ledger| ledger.id == self.ledger)
    }

    fn label(&self, ledger: &Ledger) -> String {
        let column = ledger.rows.column(&self.column).map_or(self.column.as_str(), |column| &column.indicator.label);
        let row = self.row.as_deref().map(|row| format!("“{}”", row_label(ledger, row))).unwrap_or_default();
        format!("{}{row}{column}({})", ledger.name, self.take.label())
    }
}

/// The words of a code, where the key of a ledger is a code list.
fn row_label(ledger: &Ledger, row: &str) -> String {
    let cell = ledger.rows.key.first().and_then(|key| ledger.rows.cell(1, key));
    let printed = cell.map(|cell| cell.print(&youju_domain::report::Value::Text(row.to_owned())));
    printed.unwrap_or_else(|| row.to_owned())
}

/// Figures 台账数 of one unit for one period.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    pub(crate) balances: BTreeMap<String, Balance>,
    /// Names without a figure, and why; nothing is said about rows that the unit does not have.
    pub(crate) absent: BTreeMap<String, Option<String>>,
    /// The filled ledgers behind each name.
    pub(crate) books: BTreeMap<String, Vec<BookId>>,
    pub(crate) has_accounts: bool,
}

impl From<BTreeMap<String, Balance>> for Figures {
    fn from(balances: BTreeMap<String, Balance>) -> Figures {
        Figures { balances, has_accounts: true, ..Figures::default() }
    }
}

impl Figures {
    /// The balances of a trial balance; none where there is none.
    pub fn of_accounts(lines: Option<&[Line]>) -> Figures {
        lines.map_or_else(Figures::default, |lines| balances(lines).into())
    }

    /// True when there is nothing at all to derive from.
    pub fn is_empty(&self) -> bool {
        self.balances.is_empty()
    }

    /// The figures by name.
    pub(crate) fn values(self) -> BTreeMap<String, Decimal> {
        self.balances.into_iter().map(|(name, balance)| (name, balance.value)).collect()
    }

    /// Adds a figure of a ledger, or the reason why there is none.
    pub(crate) fn put(&mut self, name: &str, ledgers: &[Ledger], period: Period, books: &[Book]) {
        let Some(parts) = Name::parse(name) else { return };
        let Some(ledger) = parts.ledger_in(ledgers) else { return };
        match of(&parts, ledger, period, books) {
            Ok((value, from)) => {
                self.balances.insert(name.to_owned(), Balance { value, label: parts.label(ledger), row: None });
                self.books.insert(name.to_owned(), from);
            }
            Err(reason) => drop(self.absent.insert(name.to_owned(), reason)),
        }
    }
}

/// The filled ledgers of some periods, or which of them are missing.
pub(crate) fn kept<'b>(ledger: &Ledger, periods: &[Period], books: &'b [Book]) -> Result<Vec<&'b Book>, String> {
    let of = |period: &Period| books.iter().find(|book| book.ledger == ledger.id && book.period == *period);
    let missing: Vec<String> = periods.iter().filter(|period| of(period).is_none()).map(Period::label).collect();
    if missing.is_empty() && !periods.is_empty() {
        return Ok(periods.iter().filter_map(of).collect());
    }
    Err(format!("{}还没有登记:{}。请先登记台账,或手工填报并注明依据。", ledger.name, missing.join("、")))
}

fn of(name: &Name, ledger: &Ledger, period: Period, books: &[Book]) -> Result<(Decimal, Vec<BookId>), Option<String>> {
    let books = kept(ledger, &name.take.periods(ledger, period), books).map_err(Some)?;
    let in_book = |book: &Book| match &name.row {
        None => (ledger.sum(&book.cells, &name.column), !ledger.rows.rows(&book.cells).is_empty()),
        Some(row) => {
            let number = ledger.rows.by_key(&book.cells).get(std::slice::from_ref(row)).copied();
            let value = number.and_then(|number| ledger.rows.value(&book.cells, number, &name.column).number());
            (value, number.is_some())
        }
    };
    let mut found: Vec<Decimal> = Vec::new();
    for book in &books {
        if let (None, Some(row)) = (&name.row, ledger.unfinished_row(&book.cells, &name.column)) {
            let (label, period) = (name.label(ledger), book.period.label());
            return Err(Some(format!("{label}:{period}第 {row} 行没有算出。请补全台账这一行。")));
        }
        match in_book(book) {
            (Some(figure), _) => found.push(figure),
            // A row that is not there is nothing; a blank in one that is there is unknown, and no mean may run over it.
            (None, true) if name.take.is_mean() => {
                return Err(Some(format!("{}:{}没有填。请补登台账。", name.label(ledger), book.period.label())));
            }
            (None, _) => {}
        }
    }
    let Some(value) = name.take.of(&found, books.len()) else {
        // A unit that uses no coal has no row of coal: there is nothing to say about it.
        let reason = format!("{}没有数据。请补登台账,或手工填报并注明依据。", name.label(ledger));
        return Err(name.row.is_none().then_some(reason));
    };
    Ok((value, books.iter().map(|book| book.id).collect()))
}
