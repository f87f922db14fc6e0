//! 分管专业: an officer of one domain meets nothing of another, on any way, and no domain is left without anybody.

use std::collections::BTreeSet;

use youju_app::query::{self, NewQuery};
use youju_app::report::{self, open};
use youju_app::survey::{self, NewWindow};
use youju_app::total::{PartsRequest, parts};
use youju_app::{App, Result, accounts, archive, domains, inbox, laboratory, message, register, review, trace};
use youju_domain::access::{Actor, Domains};
use youju_domain::id::{PersonId, ReportId, WindowId};
use youju_domain::report::{CellId, Level, State};
use youju_domain::total::FrameKey;
use youju_store::register::PageRequest;
use youju_store::report::Filter;
use youju_testkit::{County, Factory, new_window, newcomer, on_both_engines};

use crate::make::{act, actions, look, refusal, verified};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };

async fn assign(app: &App, by: &Actor, officer: PersonId, keys: &[&str]) -> Result<Domains> {
    let chosen: BTreeSet<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    act(app, by, async |cx| domains::assign(cx, officer, chosen).await).await
}

/// Somebody as they act from their next request on.
async fn anew(app: &App, actor: &Actor) -> Actor {
    let read = app.read(None, async |cx| Ok(youju_store::person::get(cx.tx(), actor.person).await?)).await;
    read.unwrap().unwrap().actor()
}

/// The factories owe the energy form too; its window and the first factory's report in it.
async fn energy(county: &County) -> (WindowId, ReportId) {
    let new = NewWindow { form: "205-1".into(), ..new_window("330781", "2026-03") };
    let opened = act(&county.app, &county.county, async |cx| survey::open(cx, new).await).await.unwrap();
    let own = &county.factories[0];
    let read = async |cx: &mut youju_app::Cx<'_>| {
        let filter = Filter { unit: Some(own.unit), window: Some(opened.window), ..Filter::default() };
        report::list(cx, &filter, ALL).await
    };
    (opened.window, look(&county.app, &own.clerk, read).await.unwrap().rows[0].id)
}

fn query(report: ReportId) -> NewQuery {
    NewQuery {
        report,
        cells: Vec::new(),
        question: "请说明本月增长的原因。".into(),
        due_at: None,
        source: String::new(),
    }
}

#[test]
fn an_officer_of_energy_finds_nothing_of_industry() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let colleague = newcomer(&county, "dai", &county.county).await;
        let Factory { unit, .. } = county.factories[0];
        let industry = county.bring(0, State::Submitted).await;
        let (energy_window, energy_report) = energy(&county).await;
        assign(&app, &county.admin, colleague.person, &["energy"]).await.unwrap();
        let bound = anew(&app, &colleague).await;

        // The register is everybody's; the report, and all that is said about it, is not.
        look(&app, &bound, async |cx| register::get(cx, unit).await).await.unwrap();
        look(&app, &bound, async |cx| open(cx, energy_report).await.map(drop)).await.unwrap();
        let refused = [
            refusal(look(&app, &bound, async |cx| open(cx, industry).await.map(drop)).await),
            refusal(look(&app, &bound, async |cx| trace::of_report(cx, industry).await.map(drop)).await),
            refusal(
                look(&app, &bound, async |cx| youju_app::hands::of_cell(cx, industry, "301").await.map(drop)).await,
            ),
            refusal(look(&app, &bound, async |cx| youju_app::paper::of_report(cx, industry).await.map(drop)).await),
            refusal(act(&app, &bound, async |cx| review::take_up(cx, industry).await.map(drop)).await),
            refusal(act(&app, &bound, async |cx| query::ask(cx, query(industry)).await.map(drop)).await),
            refusal(look(&app, &bound, async |cx| survey::board(cx, county.window).await.map(drop)).await),
            refusal(look(&app, &bound, async |cx| review::selected(cx, county.window).await.map(drop)).await),
            refusal(look(&app, &bound, async |cx| trace::signals_of(cx, county.window).await.map(drop)).await),
            refusal(look(&app, &bound, async |cx| laboratory::look(cx, "B203", None).await.map(drop)).await),
            refusal(look(&app, &bound, async |cx| parts(cx, &income(&bound), ALL).await.map(drop)).await),
        ];
        for (place, problem) in refused.iter().enumerate() {
            assert_eq!(problem.code(), "not_found", "{place}: {problem:?}");
        }

        // Lists hold the forms of the domain.
        let forms = async |by: &Actor| {
            let listed = look(&app, by, async |cx| report::list(cx, &Filter::default(), ALL).await).await.unwrap();
            let forms: BTreeSet<String> = listed.rows.iter().map(|one| one.form.clone()).collect();
            assert_eq!(usize::try_from(listed.total).unwrap(), listed.rows.len());
            forms
        };
        assert_eq!(forms(&bound).await, BTreeSet::from(["205-1".to_owned()]));
        assert_eq!(forms(&county.county).await.len(), 2);
        let windows = look(&app, &bound, survey::list).await.unwrap();
        assert_eq!(windows.iter().map(|window| window.id).collect::<Vec<_>>(), [energy_window]);
        assert!(
            look(&app, &bound, inbox::groups).await.unwrap().is_empty(),
            "the submitted report waits for the other"
        );
        assert_eq!(look(&app, &county.county, inbox::groups).await.unwrap()[0].total, 1);
        let box_of = async |by: &Actor| look(&app, by, async |cx| archive::of_unit(cx, unit, 2026, None).await).await;
        let text = format!("{:?}", box_of(&bound).await.unwrap());
        assert!(text.contains("205-1") && !text.contains("B203"), "{text}");
        verified(&app).await;
    });
}

/// The income of the county, as a figure of a total.
fn income(by: &Actor) -> PartsRequest {
    let key = FrameKey { form: "B203".into(), period: youju_codes::Period::parse("2026-03").unwrap() };
    PartsRequest { key, area: by.area, level: Level::County, cell: CellId::new("301") }
}

#[test]
fn queries_and_messages_go_to_those_whose_work_they_are() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (of_energy, of_industry) =
            (newcomer(&county, "dai", &county.county).await, newcomer(&county, "gong", &county.county).await);
        let report = county.bring(0, State::Submitted).await;
        assign(&app, &county.admin, of_energy.person, &["energy"]).await.unwrap();
        assign(&app, &county.admin, of_industry.person, &["industry"]).await.unwrap();
        let asked =
            act(&app, &anew(&app, &of_industry).await, async |cx| query::ask(cx, query(report)).await).await.unwrap();
        let clerk = &county.factories[0].clerk;
        act(&app, clerk, async |cx| query::answer(cx, asked.id, "因为一笔出口订单在本月确认收入。").await)
            .await
            .unwrap();
        let seen = async |by: &Actor| {
            let by = anew(&app, by).await;
            let list = async |cx: &mut youju_app::Cx<'_>| {
                let queries = query::list(cx, &youju_store::query::Filter::default(), ALL).await?.total;
                let waiting: u64 = query::waiting(cx, 10).await?.iter().map(|group| group.total).sum();
                let told =
                    message::list(cx, ALL).await?.rows.into_iter().filter(|one| one.title.contains("查询")).count();
                Ok((queries, waiting, told))
            };
            look(&app, &by, list).await.unwrap()
        };
        assert_eq!(seen(&of_energy).await, (0, 0, 0));
        let (queries, waiting, _) = seen(&of_industry).await;
        assert_eq!((queries, waiting), (1, 1));
        assert_eq!(seen(&county.county).await.0, 1, "whoever has every domain sees it");
        verified(&app).await;
    });
}

#[test]
fn the_administrator_divides_the_work_and_leaves_no_domain_without_anybody() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let alone = refusal(assign(&app, &county.admin, county.county.person, &["industry"]).await);
        assert!(alone.says().contains("能源") && alone.says().contains("没有别的"), "{}", alone.says());
        let colleague = newcomer(&county, "dai", &county.county).await;
        for by in [&county.county, &county.security, &county.auditor, &county.factories[0].clerk] {
            assert!(assign(&app, by, colleague.person, &["energy"]).await.is_err(), "{}", by.name);
        }
        let given = assign(&app, &county.admin, colleague.person, &["energy"]).await.unwrap();
        assert_eq!(domains::label(&app, &given), "能源");
        let told = look(&app, &colleague, async |cx| message::list(cx, ALL).await).await.unwrap();
        assert!(told.rows[0].body.contains("现在是能源"), "{}", told.rows[0].body);
        // The other leaves: what only they had has nobody, and the administrator is told.
        let gaps = async || look(&app, &county.admin, domains::gaps).await.unwrap();
        assert!(gaps().await.is_empty());
        let last = chrono::NaiveDate::from_ymd_opt(2026, 4, 1);
        act(&app, &county.admin, async |cx| accounts::end_post(cx, county.county.person, last).await).await.unwrap();
        let found = gaps().await;
        assert_eq!((found.len(), found[0].role), (1, county.county.role));
        assert!(found[0].missing.iter().any(|domain| domain.label == "工业"));
        // Back to every domain.
        assert_eq!(assign(&app, &county.admin, colleague.person, &[]).await.unwrap(), Domains::Every);
        assert!(gaps().await.is_empty());
        let entries = actions(&app, county.factories[0].report).await;
        assert!(!entries.iter().any(|action| action == "account.domains"), "it is the person's story, not a report's");
        verified(&app).await;
    });
}
