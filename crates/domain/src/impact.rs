//! Impact 去向 — from what a unit keeps to the figures that were taken from it. Everything is read from the derivations that
//! stand beside the generated values; nothing is evaluated again.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::Book;
use crate::id::{BookId, ImportId, RecordImportId, ReportId};
use crate::report::{Cell, CellId, Cells, Derivation, Level, Report, State, Value, ValueState};
use crate::survey::{Chain, Window};

/// Voucher 凭据 — what somebody walks right from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voucher {
    /// A trial balance.
    Import(ImportId),
    /// One line of it, by the row of the file.
    Line(ImportId, u32),
    /// Source records of one import.
    Records(RecordImportId),
    /// A ledger as it was saved at one time.
    Book(BookId),
}

impl Voucher {
    /// The saved ledgers that hold it: the one itself, those that were gathered from the records, and those that carried over from these.
    pub fn books(&self, kept: &[Book]) -> BTreeSet<BookId> {
        let mut found: BTreeSet<BookId> = match self {
            Voucher::Book(id) => BTreeSet::from([*id]),
            _ => BTreeSet::new(),
        };
        loop {
            let reads =
                |cell: &Cell| cell.derivation.as_ref().is_some_and(|derivation| self.is_read_by(derivation, &found));
            let new: Vec<BookId> = kept
                .iter()
                .filter(|book| !found.contains(&book.id) && book.cells.values().any(reads))
                .map(|book| book.id)
                .collect();
            if new.is_empty() {
                return found;
            }
            found.extend(new);
        }
    }

    /// True when a derivation reads it, or one of the saved ledgers that hold it.
    pub fn is_read_by(&self, derivation: &Derivation, books: &BTreeSet<BookId>) -> bool {
        let through_books = derivation.books.iter().any(|book| books.contains(book));
        through_books
            || match self {
                Voucher::Import(import) => derivation.import == Some(*import),
                Voucher::Line(import, row) => {
                    derivation.import == Some(*import) && derivation.inputs.iter().any(|input| input.row == Some(*row))
                }
                Voucher::Records(records) => derivation.record == Some(*records),
                Voucher::Book(_) => false,
            }
    }
}

/// How the cell of a report depends on a voucher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Path {
    /// 直接取数: its derivation reads the voucher.
    Taken,
    /// 再算出、再带入: it was computed from, or carried over from, cells that do.
    Onward,
}

impl Path {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Path::Taken => "直接取数",
            Path::Onward => "再算出或带入",
        }
    }

    /// The name on the wire.
    pub fn key(self) -> &'static str {
        match self {
            Path::Taken => "taken",
            Path::Onward => "onward",
        }
    }
}

/// What stands now in a cell that was once taken from a voucher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// 仍是生成的数.
    Generated,
    /// 已改动: typed over, the generated value is kept beside it.
    TypedOver,
    /// 已不取自它: only earlier versions were taken from it.
    Elsewhere,
}

impl Stands {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Stands::Generated => "仍是生成的数",
            Stands::TypedOver => "已改动",
            Stands::Elsewhere => "现在不取自它",
        }
    }

    /// The name on the wire.
    pub fn key(self) -> &'static str {
        match self {
            Stands::Generated => "generated",
            Stands::TypedOver => "typed_over",
            Stands::Elsewhere => "elsewhere",
        }
    }

    fn of(cell: &Cell) -> Stands {
        match (cell.state, &cell.generated) {
            (ValueState::Edited, _) | (_, Some(_)) => Stands::TypedOver,
            _ => Stands::Generated,
        }
    }
}

/// A cell of a report that was taken from a voucher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Which cell.
    pub cell: CellId,
    /// How it depends on the voucher.
    pub path: Path,
    /// What stands there now.
    pub stands: Stands,
    /// The value that stands there now.
    pub value: Value,
    /// The generated value beside it, when it was typed over.
    pub generated: Option<Value>,
    /// The versions that were handed in with a value from the voucher.
    pub versions: Vec<u32>,
}

/// The reports of a unit as they are and as they were handed in.
pub type Handed = Vec<(u32, Cells)>;

/// The cells that a voucher reaches in the reports of its unit, report by report, in the order of the reports.
pub fn reached(
    voucher: &Voucher,
    books: &BTreeSet<BookId>,
    reports: &[(Report, Handed)],
) -> Vec<(ReportId, Vec<Reached>)> {
    let present: Vec<(ReportId, &Cells)> = reports.iter().map(|(report, _)| (report.id, &report.cells)).collect();
    let now = spread(voucher, books, &present);
    let each = reports.iter().filter_map(|(report, handed)| {
        let mut cells: BTreeMap<CellId, Reached> = BTreeMap::new();
        for ((_, id), path) in now.iter().filter(|((of, _), _)| *of == report.id) {
            let Some(cell) = report.cells.get(id) else { continue };
            cells.insert(id.clone(), here(id, *path, Stands::of(cell), Some(cell)));
        }
        for (number, then) in handed {
            // What a version rested on in other reports is not kept as it was then: a version tells what it took itself.
            let taken = spread(voucher, books, &[(report.id, then)]);
            for ((_, id), path) in taken {
                let entry = cells.entry(id.clone());
                let one = entry.or_insert_with(|| here(&id, path, Stands::Elsewhere, report.cells.get(&id)));
                one.versions.push(*number);
            }
        }
        (!cells.is_empty()).then(|| (report.id, cells.into_values().collect()))
    });
    each.collect()
}

fn here(id: &CellId, path: Path, stands: Stands, cell: Option<&Cell>) -> Reached {
    Reached {
        cell: id.clone(),
        path,
        stands,
        value: cell.map_or(Value::Blank, |cell| cell.value.clone()),
        generated: cell.filter(|_| stands == Stands::TypedOver).and_then(|cell| cell.generated.clone()),
        versions: Vec::new(),
    }
}

/// The cells whose derivations read the voucher, and those that rest on such cells, until no more are found.
fn spread(
    voucher: &Voucher,
    books: &BTreeSet<BookId>,
    reports: &[(ReportId, &Cells)],
) -> BTreeMap<(ReportId, CellId), Path> {
    let mut found: BTreeMap<(ReportId, CellId), Path> = BTreeMap::new();
    let derived = || {
        reports.iter().flat_map(|(report, cells)| {
            cells.iter().filter_map(|(id, cell)| Some(((*report, id.clone()), cell.derivation.as_deref()?)))
        })
    };
    found.extend(derived().filter(|(_, d)| voucher.is_read_by(d, books)).map(|(place, _)| (place, Path::Taken)));
    loop {
        let rests = |((report, _), derivation): &((ReportId, CellId), &Derivation)| {
            rests_on(*report, derivation).iter().any(|place| found.contains_key(place))
        };
        let new: Vec<_> = derived().filter(|(place, _)| !found.contains_key(place)).filter(rests).collect();
        if new.is_empty() {
            return found;
        }
        found.extend(new.into_iter().map(|(place, _)| (place, Path::Onward)));
    }
}

/// The cells that a derivation reads: one of an earlier report, or others of its own. The row that a row of a list was carried
/// over from is not kept with it, so rows are not followed into other reports.
fn rests_on(own: ReportId, derivation: &Derivation) -> Vec<(ReportId, CellId)> {
    match derivation.report {
        Some(_) if derivation.formula.contains('.') => Vec::new(),
        Some(report) => vec![(report, CellId::new(derivation.formula.as_str()))],
        None => derivation.inputs.iter().map(|input| (own, CellId::new(input.name.as_str()))).collect(),
    }
}

/// Whether the figures of a report are in the totals (law 6), and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Accepted by the last level: in every total.
    Fully(Level),
    /// In the totals of what this level has accepted; the next one of the chain has not accepted yet.
    UpTo(Level, Option<Level>),
    /// Accepted by the township only: totals begin with the county.
    BelowTotals,
    /// In no total.
    Not(State),
}

impl Counted {
    /// Whether a report in its window is counted.
    pub fn of(report: &Report, window: &Window) -> Counted {
        match report.accepted_by(window) {
            None => Counted::Not(report.state),
            Some(Level::Township) => Counted::BelowTotals,
            Some(level) if window.chain.last() == Some(level) => Counted::Fully(level),
            Some(level) => Counted::UpTo(level, after(&window.chain, level)),
        }
    }

    /// The highest level whose totals hold it.
    pub fn level(self) -> Option<Level> {
        match self {
            Counted::Fully(level) | Counted::UpTo(level, _) => Some(level),
            Counted::BelowTotals | Counted::Not(_) => None,
        }
    }

    /// In a sentence.
    pub fn says(self) -> String {
        match self {
            Counted::Fully(level) => format!("{}已验收,全部验收完毕,已进入汇总。", level.label()),
            Counted::UpTo(level, next) => {
                let next = next.map(|next| format!(",{}还没有验收", next.label())).unwrap_or_default();
                format!("已进入{}口径的汇总{next}。", level.label())
            }
            Counted::BelowTotals => "还没有进入汇总:只有乡级验收,汇总从县级验收开始。".to_owned(),
            Counted::Not(state) => format!("还没有进入汇总:报表现在是“{}”,只有验收过的数才汇总。", state.label()),
        }
    }
}

fn after(chain: &Chain, level: Level) -> Option<Level> {
    chain.links().iter().map(|link| link.level).find(|next| *next > level)
}

/// Why nothing was taken from a voucher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unused {
    /// A later import or saving of the same period counts.
    Superseded,
    /// No form of the period has been opened for the unit.
    NoReport,
    /// Formulas read it, but nothing has been generated since.
    NotGenerated,
    /// No formula of the unit's forms reads it.
    NotRead,
    /// A ledger is gathered from such records, but has not been.
    NotGathered,
    /// Records that are only compared with.
    ComparedOnly,
}

impl Unused {
    /// In a sentence, with the way out.
    pub fn says(self) -> &'static str {
        match self {
            Unused::Superseded => "本期后来又导入或保存过,报表取的是后来的那一次;这一次保留备查。",
            Unused::NoReport => "本期还没有布置要报送的报表,没有可以取数的地方。",
            Unused::NotGenerated => "有取数公式用到它,但导入或保存以后还没有生成过报表。请由填报人生成。",
            Unused::NotRead => "本期各张报表的取数公式都没有用到它。",
            Unused::NotGathered => "台账可以从它归集,但还没有归集。请由填报人在台账页归集后再生成报表。",
            Unused::ComparedOnly => "这种原始记录只用于核对,不归集进台账,不生成报表的数。",
        }
    }

    /// The name on the wire.
    pub fn key(self) -> &'static str {
        match self {
            Unused::Superseded => "superseded",
            Unused::NoReport => "no_report",
            Unused::NotGenerated => "not_generated",
            Unused::NotRead => "not_read",
            Unused::NotGathered => "not_gathered",
            Unused::ComparedOnly => "compared_only",
        }
    }
}
