//! Impact 去向: from what a unit keeps — a trial balance, a line of it, source records, a saved ledger — to the derivations that
//! read it, the cells taken from it, the versions handed in with it, and the totals that hold them.

use std::collections::BTreeMap;

use youju_codes::Period;
use youju_domain::book::Book;
use youju_domain::id::{BookId, ImportId, RecordImportId, ReportId};
use youju_domain::impact::{Counted, Handed, Reached, Unused, Voucher, reached};
use youju_domain::ledger::{Import, Line};
use youju_domain::record::RecordImport;
use youju_domain::register::Unit;
use youju_domain::report::Report;
use youju_domain::total::Grouping;
use youju_domain::{Instant, Problem};
use youju_programme::{Derivation, Form};
use youju_sheet::record::RecordKind;
use youju_store::{ledger as ledgers, record as records, report, survey};

use crate::context::{App, Cx};
use crate::error::{Error, Result};
use crate::{book, ledger, record, register};

/// What is asked about, as addresses name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A trial balance, or the line of one account of it, by its code.
    Import(ImportId, Option<String>),
    /// Source records.
    Records(RecordImportId),
    /// A ledger as it was saved at one time.
    Book(BookId),
}

/// A voucher with where it leads.
pub struct Impact {
    /// Whose.
    pub unit: Unit,
    /// What it is, in words: `科目余额表 三月.xlsx`.
    pub title: String,
    /// Of which period.
    pub period: Period,
    /// When it came in.
    pub at: Instant,
    /// The line that is asked about.
    pub line: Option<Line>,
    /// True while it is the one that counts for its period.
    pub is_latest: bool,
    /// The saved ledgers that hold it, oldest first.
    pub books: Vec<Book>,
    /// The reports with cells taken from it.
    pub reports: Vec<Affected>,
    /// Why there are none.
    pub unused: Option<Unused>,
}

impl Impact {
    /// How many cells there are in all reports.
    pub fn cells(&self) -> usize {
        self.reports.iter().map(|affected| affected.cells.len()).sum()
    }
}

/// A report with cells taken from a voucher.
pub struct Affected {
    /// The report as it is now.
    pub report: Report,
    /// Whether its figures are in the totals.
    pub counted: Counted,
    /// The groups of totals that it belongs to, narrow first.
    pub groups: Vec<(Grouping, String)>,
    /// The cells, by id.
    pub cells: Vec<Told>,
}

/// A cell as its form tells it.
pub struct Told {
    /// How the voucher reaches it.
    pub reached: Reached,
    /// Its name.
    pub label: String,
    /// What stands there now, printed.
    pub value: String,
    /// The generated value beside it, printed.
    pub generated: Option<String>,
    /// True when totals add it up.
    pub is_totalled: bool,
}

/// A voucher that was found.
struct Found {
    voucher: Voucher,
    unit: Unit,
    title: String,
    period: Period,
    at: Instant,
    line: Option<Line>,
    is_latest: bool,
    kind: Kind,
}

enum Kind {
    Accounts,
    Records(String),
    Ledger(String),
}

/// Walks from a voucher to the totals, for those who may look at its unit.
pub async fn of(cx: &mut Cx<'_>, asked: &Asked) -> Result<Impact> {
    let found = find(cx, asked).await?;
    let day = found.period.last_day();
    let kept = match found.kind {
        Kind::Accounts => Vec::new(),
        Kind::Records(_) | Kind::Ledger(_) => youju_store::book::since(cx.tx(), found.unit.id, day).await?,
    };
    let ids = found.voucher.books(&kept);
    let reports = with_versions(cx, &found).await?;
    let all = reached(&found.voucher, &ids, &reports);
    let unused = if all.is_empty() { Some(why_unused(cx, &found, &reports, !ids.is_empty())) } else { None };
    let mut affected = Vec::new();
    for (id, cells) in all {
        let Some((report, _)) = reports.iter().find(|(report, _)| report.id == id) else { continue };
        affected.push(told(cx, &found.unit, report.clone(), cells).await?);
    }
    Ok(Impact {
        books: kept.into_iter().filter(|book| ids.contains(&book.id)).collect(),
        unit: found.unit,
        title: found.title,
        period: found.period,
        at: found.at,
        line: found.line,
        is_latest: found.is_latest,
        reports: affected,
        unused,
    })
}

/// The reports of the unit that can have read the voucher, each with what was handed in.
async fn with_versions(cx: &mut Cx<'_>, found: &Found) -> Result<Vec<(Report, Handed)>> {
    let (unit, day) = (found.unit.id, found.period.last_day());
    let mut handed: BTreeMap<ReportId, Handed> = BTreeMap::new();
    for (report, number, cells) in report::handed_since(cx.tx(), unit, day).await? {
        handed.entry(report).or_default().push((number, cells));
    }
    let (app, actor) = (cx.app(), cx.actor()?.clone());
    let mut reports = report::since(cx.tx(), unit, day).await?;
    reports.retain(|report| actor.covers(app.domain_of(&report.form)));
    let with_handed = |report: Report| {
        let versions = handed.remove(&report.id).unwrap_or_default();
        (report, versions)
    };
    Ok(reports.into_iter().map(with_handed).collect())
}

async fn find(cx: &mut Cx<'_>, asked: &Asked) -> Result<Found> {
    match asked {
        Asked::Import(id, account) => {
            let import = ledger::get(cx, *id).await?;
            let unit = register::get(cx, import.unit).await?;
            let latest = ledgers::latest(cx.tx(), import.unit, import.period).await?;
            of_import(&import, unit, account.as_deref(), latest.is_some_and(|latest| latest.id == *id))
        }
        Asked::Records(id) => {
            let import = record::get(cx, *id).await?;
            let unit = register::get(cx, import.unit).await?;
            let latest = records::latest(cx.tx(), import.unit, import.period, &import.kind).await?;
            Ok(of_records(import, unit, latest.is_some_and(|latest| latest.id == *id)))
        }
        Asked::Book(id) => {
            let kept = book::get(cx, *id).await?;
            let unit = register::get(cx, kept.unit).await?;
            let latest = youju_store::book::latest(cx.tx(), kept.unit, &kept.ledger, kept.period).await?;
            let name = cx.app().ledger(&kept.ledger)?.name.clone();
            Ok(Found {
                voucher: Voucher::Book(*id),
                unit,
                title: name,
                period: kept.period,
                at: kept.at,
                line: None,
                is_latest: latest.is_some_and(|latest| latest.id == *id),
                kind: Kind::Ledger(kept.ledger),
            })
        }
    }
}

fn of_import(import: &Import, unit: Unit, account: Option<&str>, is_latest: bool) -> Result<Found> {
    let line = match account {
        None => None,
        Some(code) => {
            let line = import.lines.iter().find(|line| line.account == code || line.code == code).cloned();
            Some(line.ok_or(Error::Problem(Problem::NotFound { what: "科目" }))?)
        }
    };
    let title = match &line {
        Some(line) => format!("{} {}({} 第 {} 行)", line.code, line.name, import.file_name, line.row),
        None => format!("科目余额表 {}", import.file_name),
    };
    let voucher = line.as_ref().map_or(Voucher::Import(import.id), |line| Voucher::Line(import.id, line.row));
    Ok(Found { voucher, unit, title, period: import.period, at: import.at, line, is_latest, kind: Kind::Accounts })
}

fn of_records(import: RecordImport, unit: Unit, is_latest: bool) -> Found {
    let kind = RecordKind::from_key(&import.kind).unwrap_or(RecordKind::Generic);
    Found {
        voucher: Voucher::Records(import.id),
        unit,
        title: format!("{} {}", kind.label(), import.file_name),
        period: import.period,
        at: import.at,
        line: None,
        is_latest,
        kind: Kind::Records(import.kind),
    }
}

async fn told(cx: &mut Cx<'_>, unit: &Unit, report: Report, cells: Vec<Reached>) -> Result<Affected> {
    let window = survey::get(cx.tx(), report.window).await?;
    let window = window.ok_or(Error::Problem(Problem::NotFound { what: "报送窗口" }))?;
    let form = cx.app().form(&report.form)?;
    let told = |reached: Reached| {
        let cell = form.cell_by_text(reached.cell.as_str());
        let print = |value| cell.as_ref().map_or_else(String::new, |cell| cell.print(value));
        Told {
            label: cell.as_ref().map_or_else(|| reached.cell.to_string(), |cell| cell.label.clone()),
            value: print(&reached.value),
            generated: reached.generated.as_ref().map(print),
            is_totalled: form.is_totalled(&reached.cell),
            reached,
        }
    };
    let group = |by: Grouping| (by, by.group_of(&unit.area, &unit.industry));
    Ok(Affected {
        counted: Counted::of(&report, &window),
        groups: [Grouping::Township, Grouping::County].map(group).to_vec(),
        cells: cells.into_iter().map(told).collect(),
        report,
    })
}

/// Why no cell was taken from a voucher.
fn why_unused(cx: &Cx<'_>, found: &Found, reports: &[(Report, Handed)], has_books: bool) -> Unused {
    let app = cx.app();
    if let Kind::Records(kind) = &found.kind
        && !has_books
        && !is_gathered(app, kind)
    {
        return Unused::ComparedOnly;
    }
    if !found.is_latest {
        return Unused::Superseded;
    }
    if matches!(found.kind, Kind::Records(_)) && !has_books {
        return Unused::NotGathered;
    }
    let own = |report: &&Report| match found.kind {
        Kind::Accounts => report.period == found.period,
        _ => true,
    };
    let own: Vec<&Report> = reports.iter().map(|(report, _)| report).filter(own).collect();
    if own.is_empty() {
        return Unused::NoReport;
    }
    let reads = |report: &&&Report| app.form(&report.form).is_ok_and(|form| reads(form, found));
    let generated = |report: &&Report| match found.voucher {
        Voucher::Line(import, _) => report
            .cells
            .values()
            .any(|cell| cell.derivation.as_ref().is_some_and(|derivation| derivation.import == Some(import))),
        _ => false,
    };
    let readers: Vec<&&Report> = own.iter().filter(reads).collect();
    if readers.iter().any(|report| !generated(report)) { Unused::NotGenerated } else { Unused::NotRead }
}

fn is_gathered(app: &App, kind: &str) -> bool {
    let mut ledgers = app.programmes().values().flat_map(youju_programme::Programme::ledgers);
    ledgers.any(|ledger| ledger.gathers.iter().any(|gather| gather.records == kind))
}

/// True when the formulas of a form that hold for the unit can read the voucher.
fn reads(form: &Form, found: &Found) -> bool {
    let standard = found.unit.standard_code();
    let holds = |d: &&Derivation| d.standards.is_empty() || d.standards.iter().any(|known| known == standard);
    match (&found.kind, &found.line) {
        (Kind::Accounts, None) => form.reads_accounts(),
        (Kind::Accounts, Some(line)) => {
            let end = format!("_{}", line.account);
            let mut inputs = form.derivations().iter().filter(holds).flat_map(Derivation::inputs);
            inputs.any(|name| name.ends_with(&end))
        }
        (Kind::Ledger(id), _) => form.ledgers().iter().any(|ledger| ledger.id == *id),
        (Kind::Records(kind), _) => {
            form.ledgers().iter().any(|ledger| ledger.gathers.iter().any(|gather| gather.records == *kind))
        }
    }
}
