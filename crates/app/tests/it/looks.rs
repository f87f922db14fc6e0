//! 查看记录: who looks at a unit is written down before they see it, the unit may read it, and a file leads back to whoever took it.

use youju_app::look::{self, Filter};
use youju_app::report::{list, open};
use youju_app::{App, Result, form_book, paper, register, review};
use youju_domain::access::Actor;
use youju_domain::look::Purpose;
use youju_domain::report::{Level, State};
use youju_domain::trace::Origin;
use youju_store::register::PageRequest;
use youju_store::report::Filter as Reports;
use youju_testkit::{County, april, on_both_engines};

use crate::make::{look, refusal, verified};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };

/// Somebody at a page that is for a purpose.
fn at(actor: &Actor, purpose: Option<Purpose>) -> Actor {
    Actor { origin: Some(Origin { purpose, ..Origin::default() }), ..actor.clone() }
}

/// Who looked at a unit, for what, as somebody reads it.
async fn looks(app: &App, by: &Actor, unit: youju_domain::id::UnitId) -> Result<Vec<(String, Purpose)>> {
    let (_, found) = look(app, by, async |cx| look::of_unit(cx, unit, ALL).await).await?;
    Ok(found.rows.into_iter().map(|one| (one.name, one.purpose)).collect())
}

#[test]
fn an_officer_who_looks_is_written_down_and_the_unit_reads_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        county.bring(0, State::Submitted).await;
        let own = &county.factories[0];
        let report = own.report;
        let opens = async |by: Actor| look(&app, &by, async |cx| open(cx, report).await.map(drop)).await;
        // Units looking at themselves, the inbox, and refused looks are none.
        opens(at(&own.clerk, Some(Purpose::Review))).await.unwrap();
        opens(at(&county.county, None)).await.unwrap();
        assert!(opens(at(&county.neighbour, Some(Purpose::Review))).await.is_err());
        assert_eq!(looks(&app, &own.clerk, own.unit).await.unwrap(), []);
        opens(at(&county.county, Some(Purpose::Review))).await.unwrap();
        opens(at(&county.county, Some(Purpose::Review))).await.unwrap();
        opens(at(&county.county, Some(Purpose::Query))).await.unwrap();
        opens(at(&county.city, Some(Purpose::Review))).await.unwrap();
        let (officer, city) = (county.county.name.clone(), county.city.name.clone());
        let mut seen = looks(&app, &own.head, own.unit).await.unwrap();
        seen.sort();
        let mut wanted = vec![(officer.clone(), Purpose::Review), (officer, Purpose::Query), (city, Purpose::Review)];
        wanted.sort();
        assert_eq!(seen, wanted);
        // An hour later it is another look.
        app.world().set(april(2) + chrono::TimeDelta::minutes(61));
        opens(at(&county.county, Some(Purpose::Review))).await.unwrap();
        assert_eq!(looks(&app, &county.county, own.unit).await.unwrap().len(), 4);
        // The other unit, the township and the administrator do not read it; the auditor does.
        for by in [&county.factories[1].clerk, &county.township, &county.neighbour, &county.admin, &county.security] {
            assert_eq!(refusal(looks(&app, by, own.unit).await).code(), "not_found", "{}", by.name);
        }
        assert_eq!(looks(&app, &county.auditor, own.unit).await.unwrap().len(), 4);
        verified(&app).await;
    });
}

#[test]
fn a_file_leads_back_to_whoever_took_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let content = "\u{feff}单位\r\n甲\r\n".as_bytes().to_vec();
        let taken = look::take_out(&app, &county.county, "清单.csv", content).await.unwrap();
        let text = String::from_utf8(taken.content).unwrap();
        let mark = taken.name.trim_start_matches("清单_").trim_end_matches(".csv").to_owned();
        assert_eq!(mark.len(), 8);
        let last = text.trim_end().lines().last().unwrap();
        assert!(last.contains(&county.county.name) && last.contains(&mark), "{last}");
        let filter = Filter { search: mark, ..Filter::default() };
        let found = look(&app, &county.auditor, async |cx| look::list(cx, &filter, ALL).await).await.unwrap();
        assert_eq!((found.total, found.rows[0].look.person), (1, county.county.person));
        for by in [&county.county, &county.admin, &county.security, &county.factories[0].clerk] {
            let refused = look(&app, by, async |cx| look::list(cx, &Filter::default(), ALL).await.map(drop)).await;
            assert!(matches!(refusal(refused).status(), 403 | 404), "{}", by.name);
        }
        // The auditor reads what everybody did, by whom and of which kind, and no figure.
        let acts = look::ActFilter { action: "survey.".into(), ..Default::default() };
        let found = look(&app, &county.auditor, async |cx| look::acts(cx, &acts, ALL).await).await.unwrap();
        assert!(found.total >= 1 && found.rows.iter().all(|act| act.action.starts_with("survey.")));
    });
}

#[test]
fn lists_and_exports_hold_the_same_units_for_everybody() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 4).await;
        let window = county.window;
        for actor in county.everybody().iter().chain([&county.neighbour, &county.factories[1].clerk]) {
            let filter = Reports { window: Some(window), ..Reports::default() };
            let mut listed: Vec<String> = look(&app, actor, async |cx| list(cx, &filter, ALL).await)
                .await
                .map(|page| page.rows.into_iter().map(|row| row.usci).collect())
                .unwrap_or_default();
            listed.sort();
            let registered: Vec<String> = look(&app, actor, async |cx| register::list(cx, "", ALL).await)
                .await
                .map(|page| page.rows.into_iter().map(|unit| unit.usci.as_str().to_owned()).collect())
                .unwrap_or_default();
            assert!(listed.iter().all(|usci| registered.contains(usci)), "{}", actor.name);
            if !actor.role.is_officer() {
                assert_eq!(listed.len(), usize::from(actor.role.is_respondent()), "{}", actor.name);
                continue;
            }
            let book = look(&app, actor, async |cx| form_book::export_window(cx, window).await).await;
            let exported = book.map(|book| book.row_count()).unwrap_or_default();
            assert_eq!(exported, listed.len(), "{}", actor.name);
            let inside = usize::from(actor.area != county.neighbour.area) * 4;
            let wanted = if actor.area == county.township.area { 2 } else { inside };
            assert_eq!(listed.len(), wanted, "{}", actor.name);
        }
    });
}

#[test]
fn a_copy_of_a_report_bears_the_mark_and_the_units_own_print_does_not() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let (own, officer) = (&county.factories[0], &county.county);
        let (name, print) = paper::take(&app, &own.clerk, id).await.unwrap();
        assert!(name.ends_with("号食品厂 2026年1—3月.pdf"), "{name}");
        assert_eq!((print.watermark.as_deref(), print.mark.contains("标记")), (None, false));
        let (name, copy) = paper::take(&app, officer, id).await.unwrap();
        let mark = name.rsplit_once('_').unwrap().1.trim_end_matches(".pdf").to_owned();
        assert!(copy.watermark.as_ref().unwrap().ends_with(&format!("标记 {mark}")), "{:?}", copy.watermark);
        assert!(copy.mark.contains(&officer.name) && copy.mark.contains(&mark), "{}", copy.mark);
        // The code that anybody looks the paper up by is the same on both.
        assert_eq!(copy.proof.map(|proof| proof.payload), print.proof.map(|proof| proof.payload));
        // The same of workbooks: in the name, below the table, and at the head of every printed page.
        for (by, is_marked) in [(&own.clerk, false), (officer, true)] {
            let out = look(&app, by, async |cx| form_book::export(cx, id).await).await.unwrap();
            let out = form_book::take_out(&app, by, out).await.unwrap();
            assert_eq!(out.name.contains('_'), is_marked, "{}", out.name);
            let name = out.name.clone();
            let workbook = youju_testkit::Workbook::open(&form_book::file(out).await.unwrap());
            let mark = name.rsplit_once('_').map(|(_, end)| end.trim_end_matches(".xlsx").to_owned());
            let words = workbook.words();
            assert_eq!(words.contains(&format!("标记 {}", mark.as_deref().unwrap_or("无"))), is_marked, "{words}");
        }
        // Both copies lead back to the officer, and the unit reads that they were taken.
        let filter = Filter { purpose: Some(Purpose::Export), ..Filter::default() };
        let found = look(&app, &county.auditor, async |cx| look::list(cx, &filter, ALL).await).await.unwrap();
        assert!(found.total == 2 && found.rows.iter().all(|row| row.look.unit == Some(own.unit)), "{found:?}");
        assert_eq!(looks(&app, &own.head, own.unit).await.unwrap().len(), 2);
        verified(&app).await;
    });
}

#[test]
fn whoever_reviews_the_units_that_weigh_most_is_written_down_for_each_of_them() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        county.bring(0, State::Accepted(Level::County)).await;
        county.bring(1, State::Submitted).await;
        let city = at(&county.city, Some(Purpose::Assessment));
        look(&app, &city, async |cx| review::selected(cx, county.window).await.map(drop)).await.unwrap();
        for factory in &county.factories {
            let seen = looks(&app, &factory.head, factory.unit).await.unwrap();
            assert_eq!(seen, [(city.name.clone(), Purpose::Assessment)]);
        }
    });
}
