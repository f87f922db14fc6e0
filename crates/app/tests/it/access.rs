//! Law 7: what each role sees in every list, and gets by every address.

use youju_app::ledger::{import_trial_balance, read_trial_balance};
use youju_app::list::{Filter, PageRequest};
use youju_app::{
    App, Cx, Error, Result, archive, attachment, compliance, consistency, generate, hands, impact, inbox, ledger,
    lineage, outside, record, register, report, review, survey, total,
};
use youju_codes::{AreaCode, Period};
use youju_domain::access::{Actor, Role};
use youju_domain::id::{AttachmentId, Id, ImportId, ReportId, UnitId};
use youju_domain::report::{CellId, Level, State};
use youju_domain::total::{FrameKey, Grouping, Summed, TotalsRequest};
use youju_testkit::{County, Factory, TRIAL_BALANCE, on_both_engines};

use crate::make::{act, look, refusal};

const ALL: PageRequest = PageRequest { offset: 0, limit: i64::MAX };

fn march() -> Period {
    Period::parse("2026-03").unwrap()
}

/// Four factories in two townships, each submitted, each with an import.
async fn busy(app: &App) -> (County, Vec<ImportId>) {
    let county = County::with_factories(app, 4).await;
    let mut imports = Vec::new();
    for factory in 0..4 {
        county.bring(factory, State::Submitted).await;
        let Factory { clerk, unit, .. } = &county.factories[factory];
        let file = read_trial_balance("三月.csv", TRIAL_BALANCE.as_bytes()).unwrap();
        let import = act(app, clerk, async |cx| import_trial_balance(cx, *unit, march(), file).await);
        imports.push(import.await.unwrap().id);
    }
    (county, imports)
}

/// Everybody with the factories that they may see.
fn sights(county: &County) -> Vec<(Actor, Vec<usize>)> {
    let mut sights: Vec<(Actor, Vec<usize>)> = county
        .factories
        .iter()
        .enumerate()
        .flat_map(|(n, f)| [(f.clerk.clone(), vec![n]), (f.head.clone(), vec![n])])
        .collect();
    sights.push((county.township.clone(), vec![0, 2]));
    sights.push((county.county.clone(), vec![0, 1, 2, 3]));
    sights.push((county.city.clone(), vec![0, 1, 2, 3]));
    sights.push((county.neighbour.clone(), vec![]));
    sights.push((county.admin.clone(), vec![]));
    sights
}

#[test]
fn every_list_holds_the_actors_own_rows_and_no_other() {
    on_both_engines(async |app| {
        let (county, _) = busy(&app).await;
        for (actor, sees) in sights(&county) {
            let units: Vec<UnitId> = sees.iter().map(|n| county.factories[*n].unit).collect();
            let who = &actor.name;
            let mut listed = lists(&app, &county, &actor).await.unwrap();
            for (list, rows) in &mut listed {
                rows.retain(|unit| *unit != county.shop);
                rows.sort_unstable();
                rows.dedup();
                let mut expected = units.clone();
                if *list == "待办" && !matches!(actor.role, Role::CountyOfficer) {
                    expected.clear();
                }
                expected.sort_unstable();
                assert_eq!(*rows, expected, "{who}: {list}");
            }
        }
    });
}

/// The units behind every list that a person can open.
async fn lists(app: &App, county: &County, actor: &Actor) -> Result<Vec<(&'static str, Vec<UnitId>)>> {
    let reports = look(app, actor, async |cx| report::list(cx, &Filter::default(), ALL).await).await?;
    let narrowed = Filter { window: Some(county.window), area: AreaCode::parse("33").ok(), ..Filter::default() };
    let narrowed = look(app, actor, async |cx| report::list(cx, &narrowed, ALL).await).await?;
    let units = look(app, actor, async |cx| register::list(cx, "", ALL).await).await?;
    let groups = look(app, actor, async |cx| inbox::groups(cx).await).await?;
    let mut lists = vec![
        ("报表", reports.rows.iter().map(|row| row.unit).collect::<Vec<_>>()),
        ("筛选", narrowed.rows.iter().map(|row| row.unit).collect()),
        ("名录", units.rows.iter().map(|row| row.id).collect()),
        ("待办", groups.iter().flat_map(|group| &group.first).map(|row| row.unit).collect()),
    ];
    let mut own = Vec::new();
    for factory in &county.factories {
        let found = look(app, actor, async |cx| report::of_unit_and_period(cx, factory.unit, march()).await).await?;
        own.extend(found.iter().map(|row| row.unit));
    }
    lists.push(("本期报表", own));
    Ok(lists)
}

#[test]
fn no_list_tells_how_many_there_are_elsewhere() {
    on_both_engines(async |app| {
        let (county, _) = busy(&app).await;
        for (actor, sees) in sights(&county) {
            let first = PageRequest { offset: 0, limit: 1 };
            let page = look(&app, &actor, async |cx| report::list(cx, &Filter::default(), first).await).await.unwrap();
            assert_eq!(page.total, sees.len() as u64, "{}", actor.name);
            let elsewhere = look(&app, &actor, async |cx| register::list(cx, "虚构第003号", ALL).await).await.unwrap();
            assert_eq!(elsewhere.total, u64::from(sees.contains(&3)), "{}", actor.name);
        }
    });
}

#[test]
fn every_address_of_another_unit_is_not_found() {
    on_both_engines(async |app| {
        let (county, imports) = busy(&app).await;
        for (actor, sees) in sights(&county) {
            for (n, factory) in county.factories.iter().enumerate() {
                for (address, answer) in gets(&app, &actor, factory, imports[n]).await {
                    let found = match answer {
                        Ok(()) => true,
                        Err(Error::Problem(problem)) if problem.code() == "not_found" => false,
                        Err(other) => panic!("{} {address}: {other}", actor.name),
                    };
                    assert_eq!(found, sees.contains(&n), "{}: {address} of factory {n}", actor.name);
                }
            }
        }
    });
}

/// Everything that is got by the id of something.
async fn gets(app: &App, actor: &Actor, factory: &Factory, import: ImportId) -> Vec<(&'static str, Result<()>)> {
    let (unit, id) = (factory.unit, factory.report);
    vec![
        ("单位", look(app, actor, async |cx| register::get(cx, unit).await).await.map(drop)),
        ("报表", look(app, actor, async |cx| report::open(cx, id).await).await.map(drop)),
        ("版本", look(app, actor, async |cx| report::version(cx, id, 1).await).await.map(drop)),
        ("各版本", look(app, actor, async |cx| report::versions(cx, id).await).await.map(drop)),
        ("办理过程", look(app, actor, async |cx| report::history(cx, id).await).await.map(drop)),
        ("来源", look(app, actor, async |cx| lineage::of_cell(cx, id, "c301").await).await.map(drop)),
        ("部门数据对照", outside::of_report(app, actor, id).await.map(drop)),
        ("经手人", look(app, actor, async |cx| hands::of_cell(cx, id, "c301").await).await.map(drop)),
        (
            "去向",
            look(app, actor, async |cx| impact::of(cx, &impact::Asked::Import(import, None)).await).await.map(drop),
        ),
        ("按表号", look(app, actor, async |cx| lineage::report_of(cx, unit, "B203", march()).await).await.map(drop)),
        ("台账", look(app, actor, async |cx| ledger::get(cx, import).await).await.map(drop)),
        ("原始记录", look(app, actor, async |cx| record::list(cx, unit, march()).await).await.map(drop)),
        (
            "凭证",
            look(app, actor, async |cx| record::latest(cx, unit, march(), record::RecordKind::VoucherJournal).await)
                .await
                .map(drop),
        ),
        ("附件", look(app, actor, async |cx| attachment::list(cx, unit, march()).await).await.map(drop)),
        (
            "格的附件",
            look(app, actor, async |cx| attachment::of_cell(cx, id, &CellId::new("c301")).await).await.map(drop),
        ),
        ("原文件", attachment::fetch(app, actor.clone(), attachment::Wanted::Ledger(import)).await.map(drop)),
        ("对应关系", look(app, actor, async |cx| record::known(cx, unit).await).await.map(drop)),
        ("核对", look(app, actor, async |cx| consistency::of(cx, unit, march()).await).await.map(drop)),
        ("台账达标", look(app, actor, async |cx| compliance::of_unit(cx, unit).await).await.map(drop)),
        ("档案盒", look(app, actor, async |cx| archive::of_unit(cx, unit, 2026, None).await).await.map(drop)),
        ("导出档案盒", archive::export(app, actor.clone(), (unit, 2026), None, archive::Part::Whole).await.map(drop)),
        ("报告期", look(app, actor, async |cx| ledger::period_in_work(cx, unit).await).await.map(drop)),
        ("最近台账", look(app, actor, async |cx| ledger::latest(cx, unit, march()).await).await.map(drop)),
    ]
}

#[test]
fn boards_and_totals_are_for_officers_of_the_area() {
    on_both_engines(async |app| {
        let (county, _) = busy(&app).await;
        let cases = [
            (&county.factories[0].clerk, None),
            (&county.factories[0].head, None),
            (&county.admin, None),
            (&county.neighbour, None),
            (&county.township, Some(2)),
            (&county.county, Some(4)),
            (&county.city, Some(4)),
        ];
        for (actor, owed) in cases {
            let board = look(&app, actor, async |cx| survey::board(cx, county.window).await).await;
            let seen = board.ok().map(|(_, rows)| rows.last().unwrap().owed());
            assert_eq!(seen, owed, "{}", actor.name);
        }
        for (actor, area, may) in [
            (&county.township, "330781001000", true),
            (&county.township, "330781002000", false),
            (&county.township, "330781", false),
            (&county.county, "330781002000", true),
            (&county.county, "3307", false),
            (&county.neighbour, "330781", false),
            (&county.factories[0].head, "330781001000", false),
            (&county.admin, "330781", false),
        ] {
            let answer = total::totals(&app, actor.clone(), asked(area)).await;
            assert_eq!(answer.is_ok(), may, "{} {area}", actor.name);
        }
    });
}

fn asked(area: &str) -> TotalsRequest {
    TotalsRequest {
        key: FrameKey { form: "B203".into(), period: march() },
        area: AreaCode::parse(area).unwrap(),
        level: Level::County,
        cells: vec![Summed { cell: CellId::new("c301"), last_year: None }],
        by: Grouping::Township,
    }
}

#[test]
fn nobody_does_anything_without_signing_in() {
    on_both_engines(async |app| {
        let (county, imports) = busy(&app).await;
        let Factory { unit, report: id, .. } = &county.factories[0];
        macro_rules! refuses {
            ($($work:expr),* $(,)?) => { $(
                let answer: Result<()> = app.write(None, $work).await;
                assert_eq!(refusal(answer).code(), "access.signed_out", "{}", stringify!($work));
            )* };
        }
        refuses!(
            async |cx: &mut Cx<'_>| register::list(cx, "", ALL).await.map(drop),
            async |cx: &mut Cx<'_>| register::get(cx, *unit).await.map(drop),
            async |cx: &mut Cx<'_>| report::list(cx, &Filter::default(), ALL).await.map(drop),
            async |cx: &mut Cx<'_>| report::open(cx, *id).await.map(drop),
            async |cx: &mut Cx<'_>| report::history(cx, *id).await.map(drop),
            async |cx: &mut Cx<'_>| report::save(cx, *id, &[]).await.map(drop),
            async |cx: &mut Cx<'_>| generate::single(cx, *id).await.map(drop),
            async |cx: &mut Cx<'_>| report::submit(cx, *id).await.map(drop),
            async |cx: &mut Cx<'_>| review::accept(cx, *id).await.map(drop),
            async |cx: &mut Cx<'_>| review::acceptable(cx, county.window).await.map(drop),
            async |cx: &mut Cx<'_>| survey::list(cx).await.map(drop),
            async |cx: &mut Cx<'_>| survey::board(cx, county.window).await.map(drop),
            async |cx: &mut Cx<'_>| inbox::groups(cx).await.map(drop),
            async |cx: &mut Cx<'_>| ledger::get(cx, imports[0]).await.map(drop),
            async |cx: &mut Cx<'_>| impact::of(cx, &impact::Asked::Import(imports[0], None)).await.map(drop),
            async |cx: &mut Cx<'_>| hands::of_cell(cx, *id, "c301").await.map(drop),
            async |cx: &mut Cx<'_>| record::list(cx, *unit, march()).await.map(drop),
            async |cx: &mut Cx<'_>| consistency::of(cx, *unit, march()).await.map(drop),
            async |cx: &mut Cx<'_>| compliance::of_unit(cx, *unit).await.map(drop),
            async |cx: &mut Cx<'_>| compliance::of_area(cx, None, compliance::Order::Name, ALL).await.map(drop),
            async |cx: &mut Cx<'_>| archive::of_unit(cx, *unit, 2026, None).await.map(drop),
            async |cx: &mut Cx<'_>| { archive::of_area(cx, 2026, None, compliance::Order::Name, ALL).await.map(drop) },
            async |cx: &mut Cx<'_>| archive::expired(cx, 2026, None, ALL).await.map(drop),
            async |cx: &mut Cx<'_>| attachment::list(cx, *unit, march()).await.map(drop),
            async |cx: &mut Cx<'_>| outside::list(cx, ALL).await.map(drop),
            async |cx: &mut Cx<'_>| outside::get(cx, Id::new(unit.uuid())).await.map(drop),
            async |cx: &mut Cx<'_>| outside::beyond(cx, county.window).await.map(drop),
            async |cx: &mut Cx<'_>| attachment::get(cx, AttachmentId::new(unit.uuid())).await.map(drop),
            async |cx: &mut Cx<'_>| attachment::remove(cx, AttachmentId::new(unit.uuid()), "传错了文件")
                .await
                .map(drop),
        );
    });
}

#[test]
fn an_id_of_nothing_is_not_found_by_anybody() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let nothing: ReportId = "018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11".parse().unwrap();
        for actor in county.everybody() {
            let answer = look(&app, &actor, async |cx| report::open(cx, nothing).await).await;
            assert_eq!(refusal(answer).code(), "not_found", "{}", actor.name);
        }
    });
}
