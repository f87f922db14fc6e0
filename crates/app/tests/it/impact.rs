//! From a voucher to the totals, and the same way back.

use std::collections::BTreeSet;

use youju_app::impact::{self, Asked, Impact};
use youju_app::list::PageRequest;
use youju_app::record::RecordKind;
use youju_app::survey::{self, NewWindow};
use youju_app::total::{self, PartsRequest};
use youju_app::{App, Result, book, generate, ledger, lineage, report, review};
use youju_codes::{AreaCode, Period};
use youju_domain::access::Actor;
use youju_domain::id::{BookId, ImportId, ReportId};
use youju_domain::impact::{Counted, Path, Stands, Unused};
use youju_domain::report::{CellId, Level, State};
use youju_domain::total::{FrameKey, Grouping};
use youju_testkit::{County, Factory, TRIAL_BALANCE, VOUCHERS, corrections, new_window, on_both_engines};

use crate::make::{act, look, refusal, save, typed};
use crate::records::take;

const ALL: PageRequest = PageRequest { offset: 0, limit: i64::MAX };

fn march() -> Period {
    Period::parse("2026-03").unwrap()
}

async fn imported(app: &App, county: &County, text: &str, period: Period) -> ImportId {
    let Factory { clerk, unit, .. } = &county.factories[0];
    let file = ledger::read_trial_balance("三月.csv", text.as_bytes()).unwrap();
    act(app, clerk, async |cx| ledger::import_trial_balance(cx, *unit, period, file).await).await.unwrap().id
}

async fn walk(app: &App, by: &Actor, asked: Asked) -> Result<Impact> {
    look(app, by, async |cx| impact::of(cx, &asked).await).await
}

async fn line(app: &App, by: &Actor, import: ImportId, account: &str) -> Impact {
    walk(app, by, Asked::Import(import, Some(account.to_owned()))).await.unwrap()
}

async fn generated(app: &App, clerk: &Actor, id: ReportId) {
    act(app, clerk, async |cx| generate::single(cx, id).await.map(drop)).await.unwrap();
}

async fn handed_in(app: &App, county: &County, id: ReportId) {
    let Factory { clerk, head, .. } = &county.factories[0];
    let cells = county.report(id).await.cells;
    save(app, clerk, id, &corrections(&cells)).await.unwrap();
    act(app, clerk, async |cx| report::sign(cx, id).await).await.unwrap();
    act(app, head, async |cx| report::authorise(cx, id).await).await.unwrap();
    act(app, clerk, async |cx| report::submit(cx, id).await).await.unwrap();
}

/// The cells of one report that a voucher reaches directly and that still rest on it.
fn taken(impact: &Impact, id: ReportId) -> BTreeSet<String> {
    let of = impact.reports.iter().filter(|affected| affected.report.id == id).flat_map(|affected| &affected.cells);
    let here = of.filter(|told| told.reached.path == Path::Taken && told.reached.stands != Stands::Elsewhere);
    here.map(|told| told.reached.cell.to_string()).collect()
}

#[test]
fn every_line_leads_to_the_cells_that_lead_back_to_it_and_to_no_other() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = county.factories[0].clone();
        let import = imported(&app, &county, TRIAL_BALANCE, march()).await;
        generated(&app, &clerk, id).await;
        save(&app, &clerk, id, &[typed("c301", "120,000", "120,300")]).await.unwrap();
        let (mut right, mut left) = (BTreeSet::new(), BTreeSet::new());
        let lines = look(&app, &clerk, async |cx| ledger::get(cx, import).await).await.unwrap().lines;
        for one in &lines {
            let found = line(&app, &county.county, import, &one.code).await;
            right.extend(taken(&found, id).into_iter().map(|cell| (cell, one.code.clone())));
        }
        for cell in app.form("B203").unwrap().cells() {
            let found = look(&app, &clerk, async |cx| lineage::of_cell(cx, id, cell.id.as_str()).await).await.unwrap();
            let (_, lines) = found.source.unzip();
            left.extend(lines.unwrap_or_default().into_iter().map(|line| (cell.id.to_string(), line.code)));
        }
        assert_eq!(right, left);
        assert!(right.len() > 8 && right.contains(&("c301".into(), "6001".into())), "{right:?}");
        // The whole file reaches what its lines reach.
        let whole = walk(&app, &clerk, Asked::Import(import, None)).await.unwrap();
        let cells: BTreeSet<String> = right.iter().map(|(cell, _)| cell.clone()).collect();
        assert!(taken(&whole, id).is_superset(&cells));
    });
}

#[test]
fn a_line_leads_to_the_total_and_the_total_leads_back_to_the_line() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = county.factories[0].clone();
        let import = imported(&app, &county, TRIAL_BALANCE, march()).await;
        generated(&app, &clerk, id).await;
        let counted = async || line(&app, &clerk, import, "6001").await.reports.remove(0).counted;
        assert_eq!(counted().await, Counted::Not(State::Draft));
        handed_in(&app, &county, id).await;
        assert!(counted().await.says().starts_with("还没有进入汇总:报表现在是“已上报”"));
        act(&app, &county.county, async |cx| review::accept(cx, id).await).await.unwrap();
        assert_eq!(counted().await, Counted::UpTo(Level::County, Some(Level::City)));
        act(&app, &county.city, async |cx| review::accept(cx, id).await).await.unwrap();
        let found = line(&app, &county.township, import, "6001").await;
        let affected = &found.reports[0];
        assert_eq!(affected.counted, Counted::Fully(Level::City));
        let groups = [(Grouping::Township, "330781001".to_owned()), (Grouping::County, "330781".to_owned())];
        assert_eq!(affected.groups, groups);
        let revenue = affected.cells.iter().find(|told| told.reached.cell.as_str() == "c301").unwrap();
        assert_eq!((revenue.value.as_str(), revenue.is_totalled), ("120,000", true));
        assert_eq!((revenue.reached.stands, revenue.reached.versions.as_slice()), (Stands::Generated, &[1][..]));
        // And back: the group, the report in it, the cell, the line.
        let asked = |area: &str| PartsRequest {
            key: FrameKey { form: "B203".into(), period: march() },
            area: AreaCode::parse(area).unwrap(),
            level: Level::City,
            cell: CellId::new("c301"),
        };
        let parts = |by: &Actor, area: &str| {
            let (by, asked) = (by.clone(), asked(area));
            let app = &app;
            async move { look(app, &by, async |cx| total::parts(cx, &asked, ALL).await).await }
        };
        for (group, reports) in [("330781001", 1), ("330781002", 0), ("330781", 1)] {
            let found = parts(&county.county, group).await.unwrap();
            assert_eq!((found.rows.total, found.sum.is_some()), (reports, reports > 0), "{group}");
        }
        let found = parts(&county.township, "330781001").await.unwrap();
        assert_eq!((found.sum, found.rows.rows[0].report), (Some(120_000.into()), id));
        let back = look(&app, &county.township, async |cx| lineage::of_cell(cx, id, "c301").await).await.unwrap();
        assert!(back.source.unwrap().1.iter().any(|line| line.code == "6001"));
        for (by, area) in [(&county.township, "330781002"), (&county.neighbour, "330781"), (&clerk, "330781001")] {
            assert_eq!(refusal(parts(by, area).await).code(), "not_found", "{}", by.name);
        }
    });
}

#[test]
fn a_figure_typed_over_and_a_version_of_older_books_are_told_as_such() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = county.factories[0].clone();
        let first = imported(&app, &county, TRIAL_BALANCE, march()).await;
        generated(&app, &clerk, id).await;
        handed_in(&app, &county, id).await;
        act(&app, &county.county, async |cx| review::return_(cx, id, "主营业务收入与开票额不符").await).await.unwrap();
        let cell = async |import, account: &str, wanted: &str| {
            let found = line(&app, &clerk, import, account).await;
            let of = found.reports.into_iter().flat_map(|affected| affected.cells);
            let told = of.into_iter().find(|told| told.reached.cell.as_str() == wanted).unwrap();
            (told.reached.stands, told.reached.versions, told.value, told.generated)
        };
        assert_eq!(cell(first, "6001", "c301").await, (Stands::Generated, vec![1], "120,000".into(), None));
        save(&app, &clerk, id, &[typed("c301", "120,000", "120,300")]).await.unwrap();
        let over = (Stands::TypedOver, vec![1], "120,300".into(), Some("120,000".into()));
        assert_eq!(cell(first, "6001", "c301").await, over);
        // The books are corrected: the figure rests on the new ones, the first version stays with the old ones.
        let second = imported(&app, &county, TRIAL_BALANCE, march()).await;
        assert_eq!(walk(&app, &clerk, Asked::Import(second, None)).await.unwrap().unused, Some(Unused::NotGenerated));
        save(&app, &clerk, id, &[typed("c301", "120,300", "120,000")]).await.unwrap();
        generated(&app, &clerk, id).await;
        handed_in(&app, &county, id).await;
        assert_eq!(cell(first, "6001", "c301").await, (Stands::Elsewhere, vec![1], "120,000".into(), None));
        assert_eq!(cell(second, "6001", "c301").await, (Stands::Generated, vec![2], "120,000".into(), None));
        let old = walk(&app, &clerk, Asked::Import(first, None)).await.unwrap();
        assert!(!old.is_latest && old.unused.is_none());
    });
}

#[test]
fn what_is_used_nowhere_says_so_and_why() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, unit, .. } = county.factories[0].clone();
        let first = imported(&app, &county, TRIAL_BALANCE, march()).await;
        let why = async |asked: Asked| walk(&app, &clerk, asked).await.unwrap().unused;
        let of_line = |import, account: &str| Asked::Import(import, Some(account.to_owned()));
        assert_eq!(why(of_line(first, "6001")).await, Some(Unused::NotGenerated));
        let second = imported(&app, &county, TRIAL_BALANCE, march()).await;
        assert_eq!(why(Asked::Import(first, None)).await, Some(Unused::Superseded));
        generated(&app, &clerk, id).await;
        assert_eq!(why(of_line(second, "6001")).await, None);
        assert_eq!(why(of_line(second, "4001")).await, Some(Unused::NotRead));
        let missing = walk(&app, &clerk, of_line(second, "9999")).await;
        assert!(refusal(missing).says().contains("没有找到这个科目"));
        let may = TRIAL_BALANCE.replace("2026年3月", "2026年5月");
        let may = imported(&app, &county, &may, Period::parse("2026-05").unwrap()).await;
        assert_eq!(why(Asked::Import(may, None)).await, Some(Unused::NoReport));
        let vouchers = take(&app, &clerk, unit, VOUCHERS, false).await.unwrap();
        assert_eq!(vouchers.kind, RecordKind::VoucherJournal.key());
        assert_eq!(why(Asked::Records(vouchers.id)).await, Some(Unused::ComparedOnly));
        for unused in
            [Unused::NotGenerated, Unused::Superseded, Unused::NotRead, Unused::NoReport, Unused::ComparedOnly]
        {
            assert!(unused.says().ends_with('。'));
        }
    });
}

async fn kept(app: &App, county: &County, ledger: &str, was: Option<BookId>, text: &str) -> BookId {
    let Factory { clerk, unit, .. } = &county.factories[0];
    let ledger = app.ledger(ledger).unwrap();
    let changes: Vec<report::Typed> = text
        .split_whitespace()
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(cell, value)| typed(cell, "", value))
        .collect();
    act(app, clerk, async |cx| book::save(cx, *unit, ledger, (march(), was), &changes).await).await.unwrap()
}

#[test]
fn a_saved_ledger_and_the_records_in_it_lead_to_the_cells_taken_from_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = county.factories[0].clone();
        for form in ["B204-1", "205-1"] {
            let new = NewWindow { form: form.to_owned(), ..new_window("330781", "2026-03") };
            act(&app, &county.county, async |cx| survey::open(cx, new).await).await.unwrap();
        }
        let text = "r.1.name=水泥 r.1.code=3011 r.1.unit=吨 r.1.produced=120 r.1.price=300";
        let output = kept(&app, &county, "output", None, text).await;
        let slips =
            "能源品种,计量单位,日期,购进量,购进金额,生产用,非生产用,期末库存\n原煤,吨,2026-03-02,30,24000,50,2,48\n";
        let slips = take(&app, &clerk, unit, slips, false).await.unwrap();
        let of_slips = || walk(&app, &clerk, Asked::Records(slips.id));
        assert_eq!(of_slips().await.unwrap().unused, Some(Unused::NotGathered));
        let energy = app.ledger("energy").unwrap();
        let gathered =
            act(&app, &clerk, async |cx| book::gather(cx, unit, energy, (march(), None)).await).await.unwrap().book;
        assert_eq!(of_slips().await.unwrap().unused, Some(Unused::NotGenerated));
        act(&app, &clerk, async |cx| generate::all(cx, unit, march()).await.map(drop)).await.unwrap();

        let found = walk(&app, &clerk, Asked::Book(output)).await.unwrap();
        let id = found.reports[0].report.id;
        assert_eq!((found.reports.len(), found.reports[0].report.form.as_str()), (1, "B204-1"));
        let cells = taken(&found, id);
        assert!(cells.contains("c01") && cells.contains("p.1.1"), "{cells:?}");
        // Both ways over all cells: a cell rests on the ledger if and only if its derivation names it.
        let report = county.report(id).await;
        let named = report
            .cells
            .iter()
            .filter(|(_, cell)| cell.derivation.as_ref().is_some_and(|derivation| derivation.books.contains(&output)));
        assert_eq!(named.map(|(id, _)| id.to_string()).collect::<BTreeSet<_>>(), cells);
        let found = of_slips().await.unwrap();
        assert_eq!(found.books.iter().map(|book| book.id).collect::<Vec<_>>(), [gathered]);
        assert!(found.unused.is_none() || found.unused == Some(Unused::NotGenerated), "{:?}", found.unused);
        // A later saving takes over once the report is generated from it.
        let later = kept(&app, &county, "output", Some(output), "r.1.produced=130").await;
        let of_later = walk(&app, &clerk, Asked::Book(later)).await.unwrap();
        assert_eq!((of_later.unused, of_later.is_latest), (Some(Unused::NotGenerated), true));
        act(&app, &clerk, async |cx| generate::single(cx, id).await.map(drop)).await.unwrap();
        assert_eq!(walk(&app, &clerk, Asked::Book(output)).await.unwrap().unused, Some(Unused::Superseded));
        let stranger = walk(&app, &county.factories[1].clerk, Asked::Book(output)).await;
        assert_eq!(refusal(stranger.map(drop)).code(), "not_found");
    });
}
