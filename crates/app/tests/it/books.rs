//! The ledgers of a unit, and all its reports generated from them in one act.

use std::collections::BTreeMap;

use youju_app::book::{self, ledgers_of};
use youju_app::record::RecordKind;
use youju_app::report::Typed;
use youju_app::survey::{self, NewWindow};
use youju_app::{App, consistency, generate, ledger, report};
use youju_codes::Period;
use youju_domain::access::Actor;
use youju_domain::consistency::{Agreement, Between};
use youju_domain::finding::Outcome;
use youju_domain::id::{BookId, UnitId};
use youju_domain::report::{CellId, State, ValueState, value_of};
use youju_testkit::{County, Factory, TRIAL_BALANCE, new_window, on_both_engines, on_sqlite};

use crate::make::{act, look, refusal, verified};
use crate::records::take;

fn march() -> Period {
    Period::parse("2026-03").unwrap()
}

fn typed(text: &str) -> Vec<Typed> {
    let one = |pair: &str| {
        let (cell, value) = pair.split_once('=').unwrap();
        Typed { cell: cell.into(), was: String::new(), value: value.into(), reason: None }
    };
    text.split_whitespace().map(one).collect()
}

async fn keep(
    app: &App,
    by: &Actor,
    unit: UnitId,
    (id, period): (&str, Period),
    was: Option<BookId>,
    text: &str,
) -> youju_app::Result<BookId> {
    let ledger = app.ledger(id).unwrap();
    act(app, by, async |cx| book::save(cx, unit, ledger, (period, was), &typed(text)).await).await
}

/// Opens the windows of other forms for March, so that the factories owe them too.
async fn opened(county: &County, forms: &[&str]) {
    for form in forms {
        let new = NewWindow { form: (*form).to_owned(), ..new_window("330781", "2026-03") };
        act(&county.app, &county.county, async |cx| survey::open(cx, new).await).await.unwrap();
    }
}

#[test]
fn every_gathering_names_records_and_fields_that_there_are() {
    on_sqlite(async |app| {
        for ledger in app.programmes().values().flat_map(youju_programme::Programme::ledgers) {
            for gather in &ledger.gathers {
                let kind = RecordKind::from_key(&gather.records).unwrap_or_else(|| panic!("{}", gather.records));
                for field in gather.columns.values().chain(&gather.measure).filter(|field| *field != "persons") {
                    assert!(kind.field(field).is_some(), "{}: {} has no {field}", ledger.id, kind.label());
                }
            }
        }
    });
}

#[test]
fn a_ledger_is_kept_row_by_row_and_every_saving_stays() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let at = ("output", march());
        let first = keep(&app, clerk, *unit, at, None, "r.1.name=水泥 r.1.produced=100 r.1.price=300").await.unwrap();
        let second =
            keep(&app, clerk, *unit, at, Some(first), "r.1.sold=40 r.2.name=砖 r.2.processing=500").await.unwrap();
        let output = app.ledger("output").unwrap();
        let shown = look(&app, clerk, async |cx| book::open(cx, *unit, output, march()).await).await.unwrap();
        let kept = shown.book.unwrap();
        assert_eq!((kept.id, shown.versions.len()), (second, 2));
        let value = |cell: &str| value_of(&kept.cells, &CellId::new(cell)).print();
        assert_eq!([value("r.1.value"), value("r.1.closing"), value("r.2.value")], ["30,000", "60", "500"]);
        // Whoever still looks at the first one is told, and nothing is lost.
        let late = keep(&app, clerk, *unit, at, Some(first), "r.1.sold=41").await;
        assert_eq!(refusal(late).code(), "conflict");
        let computed = keep(&app, clerk, *unit, at, Some(second), "r.1.value=1").await;
        assert!(refusal(computed).says().contains("r.1.value"));
        let wrong = keep(&app, clerk, *unit, at, Some(second), "r.1.sold=many r.3.produced=5").await;
        assert!(refusal(wrong).says().contains("“many”"));
        let nameless = keep(&app, clerk, *unit, at, Some(second), "r.3.produced=5").await;
        assert_eq!(refusal(nameless).says(), "第 3 行没有填“产品名称”。");
        let yearly = keep(&app, clerk, *unit, ("output", Period::parse("2026").unwrap()), None, "r.1.name=砖").await;
        assert!(refusal(yearly).says().contains("按月登记"));
        // What stands there is of the actor's own unit, and nobody else's.
        let stranger = &county.factories[1].clerk;
        assert_eq!(refusal(keep(&app, stranger, *unit, at, Some(second), "r.1.sold=1").await).status(), 404);
        let officer = keep(&app, &county.county, *unit, at, Some(second), "r.1.sold=1").await;
        assert_eq!(refusal(officer).status(), 403);
        let seen = look(&app, &county.county, async |cx| book::get(cx, first).await).await.unwrap();
        assert_eq!(seen.cells.len(), 5);
        verified(&app).await;
    });
}

#[test]
fn a_unit_keeps_the_ledgers_of_its_own_forms() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let unit = look(&app, clerk, async |cx| youju_app::register::get(cx, *unit).await).await.unwrap();
        let ids: Vec<&str> = ledgers_of(&app, clerk, &unit).into_iter().map(|ledger| ledger.id.as_str()).collect();
        for own in ["energy", "output", "events", "wages", "research", "project"] {
            assert!(ids.contains(&own), "{own}: {ids:?}");
        }
        assert!(!ids.contains(&"goods") && !ids.contains(&"households"), "{ids:?}");
    });
}

#[test]
fn all_reports_of_a_period_come_from_the_books_in_one_act() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        opened(&county, &["B204-1", "205-1"]).await;
        let Factory { clerk, unit, report: id, .. } = county.factories[0].clone();
        let file = ledger::read_trial_balance("三月余额.csv", TRIAL_BALANCE.as_bytes()).unwrap();
        act(&app, &clerk, async |cx| ledger::import_trial_balance(cx, unit, march(), file).await).await.unwrap();
        let text = "r.1.name=水泥 r.1.code=3011 r.1.unit=吨 r.1.produced=120 r.1.price=300 r.1.sales=29000";
        let kept = keep(&app, &clerk, unit, ("output", march()), None, text).await.unwrap();
        let done = act(&app, &clerk, async |cx| generate::all(cx, unit, march()).await).await.unwrap();
        let told: Vec<(&str, bool)> = done.iter().map(|one| (one.form.as_str(), one.done.is_ok())).collect();
        assert_eq!(told, [("205-1", false), ("B203", true), ("B204-1", true)], "205-1 has neither ledger nor past");
        let explained = look(&app, &clerk, async |cx| generate::explain(cx, unit, march()).await).await.unwrap();
        let of = |form: &str| explained.iter().find(|one| one.report.form == form).unwrap();
        let (definition, value) = of("B204-1").cells.iter().find(|(cell, _)| cell.id.as_str() == "c01").unwrap();
        assert_eq!((definition.label.as_str(), value.value.print()), ("工业总产值", "36".to_owned()));
        let derivation = value.derivation.as_ref().unwrap();
        assert_eq!((derivation.books.as_slice(), derivation.import), ([kept].as_slice(), None));
        assert!(
            derivation.sentence.contains("36000 元,即 36 千元") || derivation.sentence.contains("36,000 元,即 36 千元"),
            "{}",
            derivation.sentence
        );
        let row = of("B204-1").cells.iter().find(|(cell, _)| cell.id.as_str() == "p.1.1").unwrap();
        assert_eq!(row.1.value.print(), "120");
        assert!(of("205-1").cells.is_empty() && of("205-1").missing.iter().any(|(what, _)| what == "能源合计"));
        assert!(of("B203").missing.iter().any(|(_, why)| why.contains("手工填报") || why.contains("请")));
        // Nothing was handed in, and what is typed over is told with both values.
        let one = look(&app, &clerk, async |cx| report::open(cx, id).await).await.unwrap();
        assert_eq!(one.report.state, State::Draft);
        let id = of("B204-1").report.id;
        let over = vec![Typed {
            cell: "c01".into(),
            was: "36".into(),
            value: "40".into(),
            reason: Some("含本月委托加工".into()),
        }];
        act(&app, &clerk, async |cx| report::save(cx, id, &over).await).await.unwrap();
        act(&app, &clerk, async |cx| generate::all(cx, unit, march()).await).await.unwrap();
        let again = look(&app, &clerk, async |cx| generate::explain(cx, unit, march()).await).await.unwrap();
        let (_, cell) = again.iter().flat_map(|one| &one.cells).find(|(cell, _)| cell.id.as_str() == "c01").unwrap();
        assert_eq!(
            (cell.state, cell.value.print(), cell.generated.as_ref().unwrap().print()),
            (ValueState::Edited, "40".into(), "36".into())
        );
        assert_eq!(cell.reason.as_deref(), Some("含本月委托加工"));
        verified(&app).await;
    });
}

#[test]
fn only_the_respondent_generates() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let unit = county.factories[0].unit;
        for (by, status) in [(&county.county, 403), (&county.factories[1].clerk, 404), (&county.factories[0].head, 403)]
        {
            let refused = act(&app, by, async |cx| generate::all(cx, unit, march()).await).await;
            assert_eq!(refusal(refused).status(), status, "{}", by.name);
        }
        let none = act(&app, &county.factories[0].clerk, async |cx| {
            generate::all(cx, unit, Period::parse("2026-07").unwrap()).await
        });
        assert_eq!(refusal(none.await).status(), 404);
    });
}

#[test]
fn slips_are_gathered_carried_and_compared_with_the_ledger() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = county.factories[0].clone();
        let february = Period::parse("2026-02").unwrap();
        let text = "r.1.energy=01 r.1.opening=90 r.1.closing=70 r.1.coefficient=0.7143";
        keep(&app, &clerk, unit, ("energy", february), None, text).await.unwrap();
        let slips = "能源品种,计量单位,日期,购进量,购进金额,生产用,非生产用,期末库存\n\
            原煤,吨,2026-03-02,30,24000,50,2,48\n\
            电力,千瓦时,2026-03-28,152000,110000.5,140000,12000,\n\
            柴油,升,2026-03-05,300,2200,300,,\n";
        let imported = take(&app, &clerk, unit, slips, false).await.unwrap();
        assert_eq!(imported.kind, RecordKind::EnergySlips.key());
        let energy = app.ledger("energy").unwrap();
        let done = act(&app, &clerk, async |cx| book::gather(cx, unit, energy, (march(), None)).await).await.unwrap();
        let left: Vec<(&str, u64)> = done.left_out.iter().map(|(_, why, records)| (why.as_str(), *records)).collect();
        assert_eq!(left, [("文件里没有可以填“省外购进量”的栏,没有归集", 3), ("计量单位“升”不能换算成吨", 1)]);
        let kept = look(&app, &clerk, async |cx| book::get(cx, done.book).await).await.unwrap();
        let value = |cell: &str| value_of(&kept.cells, &CellId::new(cell)).print();
        let row = ["energy", "opening", "purchased", "consumed", "closing", "coefficient"]
            .map(|column| value(&format!("r.1.{column}")));
        assert_eq!(row, ["01", "70", "30", "52", "48", "0.7143"]);
        let opening = kept.cells[&CellId::new("r.1.opening")].derivation.as_ref().unwrap();
        assert_eq!(opening.books.len(), 1, "what was left leads to the book of February");
        assert_eq!([value("r.2.energy"), value("r.2.purchased"), value("r.2.amount")], ["33", "15.2", "110,000.5"]);
        // Typed over: the comparison tells, and the next gathering leaves it.
        keep(&app, &clerk, unit, ("energy", march()), Some(done.book), "r.2.purchased=16").await.unwrap();
        let compared = look(&app, &clerk, async |cx| consistency::of(cx, unit, march()).await).await.unwrap();
        let between: Vec<_> =
            compared.comparisons.iter().filter(|one| one.between == Between::RecordsAndLedger).collect();
        let differs: Vec<&str> =
            between.iter().filter(|one| one.agreement() == Agreement::Differs).map(|one| one.label.as_str()).collect();
        assert_eq!(differs, ["能源台账 33 电力的购进量"]);
        assert!(between.len() >= 7, "{}", between.len());
        verified(&app).await;
    });
}

#[test]
fn a_month_with_nothing_to_gather_is_told() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = county.factories[0].clone();
        let energy = app.ledger("energy").unwrap();
        let none = act(&app, &clerk, async |cx| book::gather(cx, unit, energy, (march(), None)).await).await;
        assert!(refusal(none).says().starts_with("没有可以归集的数据:"));
    });
}

#[test]
fn a_check_looks_at_the_ledger_and_is_silent_without_one() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        opened(&county, &["B204-1"]).await;
        let Factory { clerk, unit, .. } = county.factories[0].clone();
        let reports = look(&app, &clerk, async |cx| report::of_unit_and_period(cx, unit, march()).await).await.unwrap();
        let id = reports.iter().find(|one| one.form == "B204-1").unwrap().id;
        let figures = [("c01", "100"), ("c01_ytd", "300")];
        let typed: Vec<Typed> = figures.iter().map(|(cell, value)| crate::make::typed(cell, "", value)).collect();
        act(&app, &clerk, async |cx| report::save(cx, id, &typed).await.map(drop)).await.unwrap();
        let fails = async || {
            let open = look(&app, &clerk, async |cx| report::open(cx, id).await).await.unwrap();
            let findings = open.findings(app.form("B204-1").unwrap());
            findings.into_iter().any(|finding| finding.check == "B7" && finding.outcome == Outcome::Fail)
        };
        for (month, is_watched) in [("2026-01", false), ("2026-02", false), ("2026-03", true)] {
            assert!(!fails().await, "{month}: nothing is summed around a missing month");
            let period = Period::parse(month).unwrap();
            keep(&app, &clerk, unit, ("tax", period), None, "r.1.tax=1 r.1.taxable_sales=90000").await.unwrap();
            assert_eq!(fails().await, is_watched, "{month}");
        }
    });
}

#[test]
fn what_the_books_do_not_give_any_more_is_withdrawn_and_nothing_recorded_is_said_aloud() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        opened(&county, &["B204-1"]).await;
        let Factory { clerk, unit, .. } = county.factories[0].clone();
        let at = ("output", march());
        let output = app.ledger("output").unwrap();
        let empty = keep(&app, &clerk, unit, at, None, "r.1.name=").await;
        assert!(refusal(empty).says().contains("本期没有发生"));
        let first = keep(
            &app,
            &clerk,
            unit,
            at,
            None,
            "r.1.name=水泥 r.1.code=3011 r.1.unit=吨 r.1.produced=120 r.1.price=9000",
        )
        .await
        .unwrap();
        let reports = look(&app, &clerk, async |cx| report::of_unit_and_period(cx, unit, march()).await).await.unwrap();
        let id = reports.iter().find(|one| one.form == "B204-1").unwrap().id;
        let generate = async || act(&app, &clerk, async |cx| generate::single(cx, id).await.map(drop)).await.unwrap();
        generate().await;
        generate().await;
        let printed = async |cell: &str| value_of(&county.report(id).await.cells, &CellId::new(cell)).print();
        assert_eq!([printed("p.1.code").await, printed("p.1.1").await, printed("p.2.code").await], ["3011", "120", ""]);
        // The code was wrong: the old row goes, the respondent's own figure in another row stays.
        keep(&app, &clerk, unit, at, Some(first), "r.1.code=3012").await.unwrap();
        let own = [("p.5.code", "9999"), ("p.5.1", "7")];
        let own: Vec<Typed> = own.iter().map(|(cell, value)| crate::make::typed(cell, "", value)).collect();
        act(&app, &clerk, async |cx| report::save(cx, id, &own).await.map(drop)).await.unwrap();
        generate().await;
        let cells = county.report(id).await.cells;
        let form = app.form("B204-1").unwrap();
        let list = form.list("p").unwrap();
        let codes: Vec<String> =
            list.rows(&cells).into_iter().map(|row| list.value(&cells, row, "code").print()).collect();
        assert_eq!(codes, ["9999", "3012"]);
        // Whoever reads the journal alone comes to the same figures: what went is in it, too.
        let mut told = BTreeMap::new();
        for entry in look(&app, &clerk, async |cx| report::history(cx, id).await).await.unwrap() {
            for (cell, change) in entry.payload["cells"].as_object().into_iter().flatten() {
                told.insert(cell.clone(), change["value"].as_str().unwrap().to_owned());
            }
        }
        told.retain(|_, value| !value.is_empty());
        let stands: BTreeMap<String, String> =
            cells.iter().map(|(id, cell)| (id.to_string(), cell.value.print())).collect();
        assert_eq!(told, stands.into_iter().filter(|(_, value)| !value.is_empty()).collect());
        // A month in which nothing happened is said, not left empty.
        let february = Period::parse("2026-02").unwrap();
        act(&app, &clerk, async |cx| book::save_none(cx, unit, output, (february, None)).await).await.unwrap();
        let full = look(&app, &clerk, async |cx| book::open(cx, unit, output, march()).await).await.unwrap();
        let none = act(&app, &clerk, async |cx| {
            book::save_none(cx, unit, output, (march(), full.book.as_ref().map(|book| book.id))).await
        });
        assert!(refusal(none.await).says().contains("已有登记的内容"));
        verified(&app).await;
    });
}
