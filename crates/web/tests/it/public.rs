//! What somebody sees who has not signed in, and what only some of those who have may choose.

use youju_app::{paper, survey};
use youju_domain::report::State;
use youju_testkit::{County, Factory, april, new_window, on_both_engines, on_sqlite};
use youju_web::{Channel, Settings};

use crate::browser::Browser;

#[test]
fn a_printed_form_is_looked_up_without_signing_in_and_shows_no_figure() {
    on_both_engines(async |app| {
        let app = app.with_address("http://youju.test");
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let clerk = county.factories[0].clerk.clone();
        let printed = app.read(Some(clerk), async |cx| paper::of_report(cx, id).await).await.unwrap();
        let code = printed.proof.unwrap().payload;
        let anybody = Browser::new(&app);
        let page = anybody.get(code.strip_prefix("http://youju.test").unwrap()).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("对上了") && page.text.contains(&county.factories[0].name), "{}", page.text);
        for figure in youju_testkit::FIGURES.iter().map(|(_, figure)| figure).filter(|figure| figure.contains(',')) {
            assert!(!page.text.contains(figure), "the figure {figure} is told to anybody");
        }
        let wrong = anybody.get(&format!("/verify/{id}/1/00/1/00")).await;
        assert!(wrong.text.contains("没有对上") && !wrong.text.contains(&county.factories[0].name));
        assert_eq!(anybody.get("/journal").await.status, 200);
        assert_eq!(anybody.get(&format!("/reports/{id}/proof")).await.status, 303, "to sign in");
    });
}

#[test]
fn the_robot_of_an_offices_group_is_chosen_by_its_officers_only() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let channel = |id: &str, is_group| Channel { id: id.into(), name: id.to_uppercase(), is_group };
        let settings =
            || Settings { channels: vec![channel("mail", false), channel("robot", true)], ..Settings::default() };
        let body = "channel=robot&act=set&address=&cadence=at_once";
        for (who, status) in
            [(&county.county, 303), (&county.factories[0].clerk, 404), (&county.factories[0].head, 404)]
        {
            let browser = Browser::with(&app, settings()).signed_in(who).await;
            assert_eq!(browser.post("/contact", body).await.status, status, "{}", who.name);
            assert_eq!(browser.get("/contact").await.text.contains("ROBOT"), status == 303, "{}", who.name);
        }
    });
}

#[test]
fn before_its_time_a_report_is_not_open_on_every_page() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let mut new = new_window("330781", "2026-04");
        new.times.opens_at = april(5);
        let period = new.period;
        app.write(Some(county.county.clone()), async |cx| survey::open(cx, new).await).await.unwrap();
        let clerk = &county.factories[0].clerk;
        let unit = county.factories[0].unit;
        let listed =
            app.read(Some(clerk.clone()), async |cx| youju_app::report::of_unit_and_period(cx, unit, period).await);
        let id = listed.await.unwrap()[0].id;
        for (day, word) in [(3, "未开网"), (6, "未填报")] {
            app.world().set(april(day));
            let browser = Browser::of(&app, clerk).await;
            let page = browser.get(&format!("/reports/{id}")).await.text;
            assert!(page.contains(&format!("{word}</span>")), "day {day}: {page}");
            let list = browser.get("/reports").await.text;
            assert_eq!(list.contains("未开网</span>"), word == "未开网", "day {day}");
        }
    });
}

#[test]
fn two_people_of_a_unit_at_one_report_see_each_other_and_nobody_else() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, head, report, .. } = county.factories[0].clone();
        let settings = Settings::default();
        // One installation: who is there is known in its memory.
        let door = Browser::with(&app, settings);
        let (first, second) = (door.clone().signed_in(&clerk).await, door.clone().signed_in(&head).await);
        let officer = door.clone().signed_in(&county.county).await;
        let others =
            async |browser: &Browser| browser.get(&format!("/reports/{report}/present")).await.json()["says"].clone();
        assert_eq!(others(&first).await, "");
        let page = second.get(&format!("/reports/{report}")).await.text;
        assert!(page.contains(&format!("{}也打开了这张报表", clerk.name)), "{page}");
        assert!(others(&first).await.as_str().unwrap().starts_with(&head.name));
        // An officer looks, and is told of nobody; the unit is not told of the officer.
        assert_eq!(others(&officer).await, "");
        assert!(!others(&first).await.as_str().unwrap().contains(&county.county.name));
        let stranger = door.clone().signed_in(&county.factories[1].clerk).await;
        assert_eq!(stranger.get(&format!("/reports/{report}/present")).await.status, 404);
        app.world().set(app.world().now() + chrono::TimeDelta::minutes(1));
        assert_eq!(others(&first).await, "", "whoever has not been heard of for a minute has gone");
    });
}
