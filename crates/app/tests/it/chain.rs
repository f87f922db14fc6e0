//! The chain: from the trial balance to the totals, and back from a figure to its account line.

use rust_decimal::Decimal;
use youju_app::ledger::{import_trial_balance, read_trial_balance};
use youju_app::{App, generate, ledger, lineage, report, review, survey, total};
use youju_codes::{AreaCode, Period};
use youju_domain::Problem;
use youju_domain::access::Actor;
use youju_domain::id::{ImportId, ReportId};
use youju_domain::report::{CellId, Level, State, ValueState};
use youju_domain::survey::Times;
use youju_domain::total::{FrameKey, Grouping, Summed, TotalRow, TotalsRequest};
use youju_testkit::{County, TRIAL_BALANCE, april, corrections, new_window, on_both_engines};

use crate::make::{act, actions, look, printed, refusal, typed, verified};

async fn import(app: &App, county: &County, text: &str) -> youju_app::Result<ImportId> {
    let (unit, clerk) = (county.factories[0].unit, &county.factories[0].clerk);
    let file = read_trial_balance("三月科目余额表.csv", text.as_bytes())?;
    let march = Period::parse("2026-03").unwrap();
    Ok(act(app, clerk, async |cx| import_trial_balance(cx, unit, march, file).await).await?.id)
}

fn asked(period: &str, area: &str, level: Level) -> TotalsRequest {
    TotalsRequest {
        key: FrameKey { form: "B203".into(), period: Period::parse(period).unwrap() },
        area: AreaCode::parse(area).unwrap(),
        level,
        cells: vec![Summed { cell: CellId::new("c301"), last_year: Some(CellId::new("c301_ly")) }],
        by: Grouping::Township,
    }
}

async fn totals(app: &App, by: &Actor, period: &str, level: Level) -> Vec<TotalRow> {
    total::totals(app, by.clone(), asked(period, by.area.as_str(), level)).await.unwrap()
}

/// Groups with their units and sums.
fn sums(rows: &[TotalRow]) -> Vec<(&str, u64, Option<i64>)> {
    let whole = |value: Decimal| i64::try_from(value).unwrap();
    rows.iter().map(|row| (row.group.as_str(), row.units, row.sums[0].this.map(whole))).collect()
}

#[test]
fn a_factory_reports_from_its_trial_balance_and_the_county_adds_up() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (clerk, id) = (&county.factories[0].clerk, county.factories[0].report);
        import(&app, &county, TRIAL_BALANCE).await.unwrap();
        let derived = act(&app, clerk, async |cx| generate::single(cx, id).await).await.unwrap();
        let cells = &derived.saved.open.report.cells;
        // 120,000,499.99 元 rounds down, 90,000,500.00 元 rounds up.
        assert_eq!((printed(cells, "c301"), printed(cells, "c307")), ("120,000".into(), "90,001".into()));
        assert_eq!(derived.computed, cells.len());
        assert!(derived.missing.iter().any(|(cell, reason)| cell == "c213" && reason.contains("资产负债表")));
        let typed = corrections(cells);
        let saved = act(&app, clerk, async |cx| report::save(cx, id, &typed).await).await.unwrap();
        assert!(saved.refused.is_empty() && saved.conflicts.is_empty());
        finish(&app, &county, id).await;

        let county_rows = totals(&app, &county.county, "2026-03", Level::County).await;
        let expected = [("", 1, Some(120_000)), ("330781001", 1, Some(120_000))];
        assert_eq!(sums(&county_rows), expected);
        assert_eq!(totals(&app, &county.city, "2026-03", Level::City).await, county_rows);
        let steps = ["report.generated", "report.saved", "report.signed", "report.authorised", "report.submitted"];
        assert_eq!(actions(&app, id).await, [&steps[..], &["review.accepted"; 2]].concat());
        verified(&app).await;
    });
}

/// Signs, authorises, submits and accepts at both levels.
async fn finish(app: &App, county: &County, id: ReportId) {
    let (clerk, head) = (&county.factories[0].clerk, &county.factories[0].head);
    act(app, clerk, async |cx| report::sign(cx, id).await).await.unwrap();
    act(app, head, async |cx| report::authorise(cx, id).await).await.unwrap();
    act(app, clerk, async |cx| report::submit(cx, id).await).await.unwrap();
    act(app, &county.county, async |cx| review::accept(cx, id).await).await.unwrap();
    let report = act(app, &county.city, async |cx| review::accept(cx, id).await).await.unwrap();
    assert_eq!(report.state, State::Accepted(Level::City));
}

#[test]
fn a_figure_leads_back_to_its_account_line_and_its_people() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (clerk, id) = (&county.factories[0].clerk, county.factories[0].report);
        let import = import(&app, &county, TRIAL_BALANCE).await.unwrap();
        act(&app, clerk, async |cx| generate::single(cx, id).await).await.unwrap();
        let reason = "含三月补开发票".to_owned();
        let over = [report::Typed { reason: Some(reason.clone()), ..typed("c301", "120,000", "120,300") }];
        act(&app, clerk, async |cx| report::save(cx, id, &over).await).await.unwrap();
        act(&app, clerk, async |cx| report::save(cx, id, &[typed("c601", "", "80")]).await).await.unwrap();

        let found = look(&app, &county.county, async |cx| lineage::of_cell(cx, id, "c301").await).await.unwrap();
        let cell = found.cell.unwrap();
        assert_eq!((cell.state, cell.by, cell.reason), (ValueState::Edited, clerk.person, Some(reason)));
        assert_eq!(cell.generated.unwrap().print(), "120,000");
        let derivation = cell.derivation.unwrap();
        assert_eq!(derivation.exact.unwrap().to_string(), "120000499.99");
        let (source, lines) = found.source.unwrap();
        assert_eq!((source.id, source.file_name.as_str()), (import, "三月科目余额表.csv"));
        let line = lines.iter().find(|line| line.account == "6001").unwrap();
        // The line is the one that stands in the file, counted as a person counts it.
        assert!(TRIAL_BALANCE.lines().nth(line.row as usize - 1).unwrap().starts_with("6001,主营业务收入"));
        // What happened to other cells is not this cell's story.
        let touched: Vec<&str> = found.touched.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(touched, ["report.generated", "report.saved"]);
        assert!(found.touched.iter().all(|entry| entry.actor_id == Some(clerk.person.uuid())));
        let unknown = look(&app, clerk, async |cx| lineage::of_cell(cx, id, "c999").await).await;
        assert_eq!(refusal(unknown).code(), "report.unknown_cell");
    });
}

#[test]
fn books_of_another_month_or_that_do_not_balance_are_refused_and_leave_nothing() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let before = verified(&app).await;
        let february = TRIAL_BALANCE.replace("2026年3月", "2026年2月");
        let refused = refusal(import(&app, &county, &february).await);
        assert_eq!(refused.code(), "ledger.wrong_period");
        assert!(refused.says().contains("2026年2月") && refused.says().contains("2026年1—3月"), "{}", refused.says());
        let crooked = TRIAL_BALANCE.replace("600000.00,0.00,600000.00,0.00", "600000.00,0.00,500000.00,0.00");
        assert_eq!(refusal(import(&app, &county, &crooked).await).code(), "ledger.bad_file");
        let (clerk, id) = (&county.factories[0].clerk, county.factories[0].report);
        let none = act(&app, clerk, async |cx| generate::single(cx, id).await).await.map(drop);
        assert_eq!(refusal(none).code(), "ledger.none");
        assert_eq!(verified(&app).await, before);
    });
}

#[test]
fn what_an_import_found_odd_or_did_not_take_is_told() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let clerk = &county.factories[0].clerk;
        let odd = TRIAL_BALANCE.replace("虚构第000号食品厂", "虚构第001号食品厂").replace("会计期间:2026年3月", "");
        let id = import(&app, &county, &odd).await.unwrap();
        let stored = look(&app, clerk, async |cx| ledger::get(cx, id).await).await.unwrap();
        let warnings = stored.warnings.join("\n");
        assert!(warnings.contains("没有写明会计期间"), "{warnings}");
        assert!(warnings.contains("“虚构第001号食品厂”") && warnings.contains("“虚构第000号食品厂”"), "{warnings}");
        assert_eq!(stored.lines.len(), 14);
        let totals = TRIAL_BALANCE.lines().filter(|line| line.starts_with("合计")).count();
        assert_eq!((stored.skipped.len(), totals), (1, 1), "{:?}", stored.skipped);
        assert!(stored.skipped[0].ends_with("合计行,已核对"), "{:?}", stored.skipped);
        // The newest import counts; the older one stays as evidence.
        let newer = import(&app, &county, TRIAL_BALANCE).await.unwrap();
        let march = Period::parse("2026-03").unwrap();
        let latest = look(&app, clerk, async |cx| ledger::latest(cx, stored.unit, march).await).await.unwrap();
        assert_eq!(latest.unwrap().id, newer);
        let words = TRIAL_BALANCE.replace(".00", ".00元整");
        let Problem::BadFile { reasons } = refusal(import(&app, &county, &words).await) else {
            panic!("not a bad file")
        };
        assert_eq!(reasons.len(), 21);
        assert!(reasons[20].starts_with("另有 ") && reasons[20].ends_with(" 处问题没有列出。"), "{}", reasons[20]);
    });
}

#[test]
fn a_returned_report_leaves_the_totals_at_once_and_comes_back_with_its_new_figure() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Accepted(Level::County)).await;
        county.bring(1, State::Accepted(Level::City)).await;
        let both = [("", 2, Some(240_000)), ("330781001", 1, Some(120_000)), ("330781002", 1, Some(120_000))];
        assert_eq!(sums(&totals(&app, &county.county, "2026-03", Level::County).await), both);
        let one = [("", 1, Some(120_000)), ("330781002", 1, Some(120_000))];
        assert_eq!(sums(&totals(&app, &county.city, "2026-03", Level::City).await), one);

        act(&app, &county.county, async |cx| review::return_(cx, id, "营业收入与开票额不符").await).await.unwrap();
        assert_eq!(sums(&totals(&app, &county.county, "2026-03", Level::County).await), one);
        let more =
            [typed("c301", "120,000", "120,500"), typed("c323", "20,999", "21,499"), typed("c327", "21,049", "21,549")];
        let clerk = &county.factories[0].clerk;
        act(&app, clerk, async |cx| report::save(cx, id, &more).await).await.unwrap();
        assert_eq!(sums(&totals(&app, &county.county, "2026-03", Level::County).await), one);
        finish(&app, &county, id).await;
        let after = [("", 2, Some(240_500)), ("330781001", 1, Some(120_500)), ("330781002", 1, Some(120_000))];
        assert_eq!(sums(&totals(&app, &county.county, "2026-03", Level::City).await), after);
    });
}

#[test]
fn what_is_not_accepted_is_in_no_total() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 5).await;
        for (factory, state) in
            (0..).zip([State::Draft, State::Signed, State::Authorised, State::Submitted, State::Returned])
        {
            county.bring(factory, state).await;
        }
        assert!(totals(&app, &county.county, "2026-03", Level::County).await.is_empty());
    });
}

#[test]
fn last_years_column_comes_from_the_units_own_accepted_report_and_growth_from_both() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        county.bring(0, State::Accepted(Level::City)).await;
        let (unit, clerk) = (county.factories[0].unit, &county.factories[0].clerk);
        let next = survey::NewWindow {
            times: Times { opens_at: april(366), due_at: april(376), closes_at: april(380) },
            ..new_window("330781", "2027-03")
        };
        let year = next.period;
        act(&app, &county.county, async |cx| survey::open(cx, next).await).await.unwrap();
        app.world().set(april(367));
        let listed = look(&app, clerk, async |cx| report::of_unit_and_period(cx, unit, year).await).await.unwrap();
        let id = listed[0].id;
        let derived = act(&app, clerk, async |cx| generate::single(cx, id).await).await.unwrap();
        assert_eq!((derived.computed, derived.prefilled), (0, 15));
        let cell = &derived.saved.open.report.cells[&CellId::new("c301_ly")];
        assert_eq!((cell.value.print(), cell.state), ("120,000".into(), ValueState::Prefilled));
        assert_eq!(cell.derivation.as_ref().unwrap().report, Some(county.factories[0].report));

        let typed = youju_testkit::figures().into_iter().map(|typed| match typed.cell.as_str() {
            "c301" => report::Typed { value: "135,000".into(), ..typed },
            "c323" => report::Typed { value: "35,999".into(), ..typed },
            "c327" => report::Typed { value: "36,049".into(), ..typed },
            "c213" => report::Typed { value: "165,000".into(), ..typed },
            _ => typed,
        });
        let typed: Vec<report::Typed> = typed.collect();
        act(&app, clerk, async |cx| report::save(cx, id, &typed).await).await.unwrap();
        finish(&app, &county, id).await;
        let rows = totals(&app, &county.city, "2027-03", Level::City).await;
        assert_eq!(rows[0].sums[0].growth().unwrap().to_string(), "12.5");
    });
}
