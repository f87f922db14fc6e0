//! What is typed is shown as it was typed, never run; and no damaged address or odd character is an accident.

use youju_app::register::{self, NewUnit};
use youju_app::{App, report, review};
use youju_domain::report::State;
use youju_testkit::{County, VOUCHERS, new_unit, new_window, on_both_engines, on_sqlite};

use crate::browser::Browser;

const SCRIPT: &str = "<script>alert(1)</script>\"'&";
const ESCAPED: &str = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;";

/// `<script>` as a form sends it.
const SENT: &str = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27%26";

#[track_caller]
fn is_harmless(text: &str, place: &str) {
    assert!(!text.contains("<script>alert"), "{place} runs what was typed");
    assert!(!text.contains("\"'&"), "{place} lets a quotation mark out of its attribute");
}

#[test]
fn a_name_that_is_a_script_is_shown_and_not_run() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let named = NewUnit { name: SCRIPT.to_owned(), ..new_unit(800, "330781001000", "1411") };
        let officer = Some(county.county.clone());
        let unit = app.write(officer.clone(), async |cx| register::enrol(cx, named).await).await.unwrap();
        let window = new_window("330781", "2026-04");
        let opened = app.write(officer, async |cx| youju_app::survey::open(cx, window).await).await.unwrap();
        let browser = Browser::of(&app, &county.county).await;
        let township = Browser::of(&app, &county.township).await;
        let report = app.read(Some(county.county.clone()), async |cx| {
            Ok(report::of_unit_and_period(cx, unit, youju_codes::Period::parse("2026-04").unwrap()).await?[0].id)
        });
        let report = report.await.unwrap();
        for (browser, path) in [
            (&browser, "/units".to_owned()),
            (&browser, format!("/units/{unit}")),
            (&browser, "/reports".to_owned()),
            (&browser, format!("/reports?window={}", opened.window)),
            (&browser, format!("/reports/{report}")),
            (&browser, format!("/reports/{report}/history")),
            (&browser, format!("/reports/{report}/cells/c301")),
            (&browser, format!("/reports/{report}/cells/c301/hands")),
            (&township, "/inbox".to_owned()),
        ] {
            let page = browser.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(page.text.contains(ESCAPED), "{path} does not show the name");
            is_harmless(&page.text, &path);
        }
    });
}

#[test]
fn words_that_are_scripts_are_shown_and_not_run() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let officer = Browser::of(&app, &county.county).await;
        for path in
            [format!("/units?search={SENT}"), format!("/reports?search={SENT}"), format!("/sign-in?back=/{SENT}")]
        {
            is_harmless(&officer.get(&path).await.text, &path);
        }
        let wrong = Browser::new(&app).post("/sign-in", &format!("login={SENT}&password=x&back={SENT}")).await;
        assert!(wrong.text.contains(ESCAPED));
        is_harmless(&wrong.text, "/sign-in");
        assert_eq!(officer.post(&format!("/reports/{id}/return"), &format!("reason={SENT}")).await.status, 303);
        let clerk = Browser::of(&app, &county.factories[0].clerk).await;
        for path in ["/inbox".to_owned(), "/reports".into(), format!("/reports/{id}"), format!("/reports/{id}/history")]
        {
            is_harmless(&clerk.get(&path).await.text, &path);
        }
        let shown = clerk.get(&format!("/reports/{id}")).await;
        assert!(shown.text.contains(ESCAPED), "the reason of the return");
        let typed = clerk.post(&format!("/reports/{id}/cells"), &format!("was.c401=&c401={SENT}")).await;
        is_harmless(&typed.text, "the refusal of a value");
        let file =
            clerk.upload(&format!("/reports/{id}/import"), "<script>alert(1).csv", "<script>alert(1)</script>").await;
        is_harmless(&file.text, "the refusal of a file");
    });
}

#[test]
fn damaged_addresses_are_not_found() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let browser = Browser::of(&app, &county.county).await;
        let absent = "018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11";
        for path in [
            "/nothing",
            "/reports/1",
            "/reports/%00",
            "/reports/%FF%FE",
            "/reports/../../etc/passwd",
            "/units/x",
            "/imports/x",
            "/records/x",
            "/uploads/x",
            "/attachments/x",
            "/imports/x/file",
            "/records/x/file",
            "/units/x/ledger",
            "/units/x/compliance",
            "/windows/x",
            "/windows/x/accept",
            &format!("/reports/{absent}"),
            &format!("/units/{absent}"),
            &format!("/imports/{absent}"),
            &format!("/records/{absent}"),
            &format!("/uploads/{absent}"),
            &format!("/attachments/{absent}"),
            &format!("/imports/{absent}/file"),
            &format!("/records/{absent}/file"),
            &format!("/units/{absent}/ledger"),
            &format!("/units/{absent}/compliance"),
            &format!("/windows/{absent}"),
            &format!("/windows/{absent}/accept"),
            &format!("/reports/{id}/versions/x"),
            &format!("/reports/{id}/versions/0"),
            &format!("/reports/{id}/versions/99999999999"),
            &format!("/reports/{id}/cells/%FF"),
            &format!("/reports/{id}/cells/%00"),
            &format!("/reports/{id}/./history"),
            &format!("/reports/%2e%2e/{id}"),
            &format!("/reports%2F{id}"),
            &format!("/reports//{id}"),
            &format!("/reports/{id}/{}", "x".repeat(3_000)),
            &format!("/reports?search={}", "x".repeat(20_000)),
        ] {
            let page = browser.get(path).await;
            assert_eq!(page.status, 404, "{path}");
            assert!(page.is_page() && page.text.contains("没有找到"), "{path}: {}", page.text);
        }
        let unknown = browser.get(&format!("/reports/{id}/cells/c999x")).await;
        assert!(unknown.status == 422 && unknown.is_page());
    });
}

#[test]
fn no_odd_character_is_an_accident() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let officer = Browser::of(&app, &county.county).await;
        let clerk = Browser::of(&app, &county.factories[1].clerk).await;
        let (own, unit) = (county.factories[1].report, county.factories[1].unit);
        let chosen = clerk.upload(&format!("/units/{unit}/ledger?period=2026-03"), "三月.csv", VOUCHERS).await;
        let upload = chosen.to().to_owned();
        assert!(upload.starts_with("/uploads/"));
        for odd in ["%00", "a%00b", "%FF%FE", "%ED%A0%80", "%F0%9F%98%80", "%25_%5C", "%27%3B--", "%E2%80%AE"] {
            let word = format!("{odd}%E8%90%A5%E4%B8%9A%E6%94%B6%E5%85%A5{odd}");
            let pages = [
                officer.get(&format!("/units?search={odd}")).await,
                officer.get(&format!("/reports?search={odd}&area={odd}")).await,
                officer.get(&format!("/reports?state={odd}")).await,
                officer.get(&format!("/totals?form={odd}&period={odd}")).await,
                officer.get(&format!("/totals?form=B203&period=2026-03&by={odd}&level={odd}&cell={odd}")).await,
                Browser::new(&app).post("/sign-in", &format!("login={odd}&password={odd}")).await,
                officer.post(&format!("/reports/{id}/return"), &format!("reason={word}")).await,
                officer.post("/windows", &format!("form={odd}&period={odd}&opens_at={odd}&due_at=&closes_at=")).await,
                clerk.post(&format!("/reports/{own}/cells"), &format!("was.c301={odd}&c301={word}")).await,
                clerk.post(&format!("/reports/{own}/explain"), &format!("check={odd}&text={word}")).await,
                clerk.upload(&format!("/reports/{own}/import"), "奇\u{202e}怪\0.csv", "科目\0编码,x\n1,2").await,
                officer.get(&format!("/reports/{id}/cells/{odd}")).await,
                officer.get(&format!("/units/{unit}/ledger?period={odd}")).await,
                officer.get(&format!("/records/{odd}?page={odd}")).await,
                officer.get(&format!("/compliance?township={odd}&order={odd}")).await,
                officer.get("/compliance?page=9223372036854775807").await,
                clerk.get(&format!("{upload}?sheet={odd}&kind={odd}&from={odd}")).await,
                clerk.post(&upload, &format!("kind=generic&sheet={odd}&mapping={odd}&column.0={odd}")).await,
                officer.get("/reports?page=-9223372036854775808").await,
                officer.get("/units?page=9223372036854775807").await,
            ];
            for (number, page) in pages.iter().enumerate() {
                assert!(page.status < 500, "{odd} at {number}: {} {}", page.status, page.text);
            }
        }
    });
}

#[test]
fn a_list_page_beyond_the_end_says_how_many_there_are() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let browser = Browser::of(&app, &county.county).await;
        let page = browser.get("/units").await.text;
        assert!(page.contains("共 3 条") && page.contains("显示 1–3"));
        assert_eq!(browser.get("/units?page=2").await.status, 200);
        ends(&app, &county).await;
    });
}

/// Bulk acceptance refuses a list of which a part is damaged, instead of taking the rest silently.
async fn ends(app: &App, county: &County) {
    let id = county.bring(0, State::Submitted).await;
    let browser = Browser::of(app, &county.county).await;
    let path = format!("/windows/{}/accept", county.window);
    for damaged in [format!("{id}"), format!("{id}:1,x:1"), format!("{id}:one")] {
        assert_eq!(browser.post(&path, &format!("reports={damaged}")).await.status, 422, "{damaged}");
    }
    let waits = app.read(Some(county.county.clone()), async |cx| review::acceptable(cx, county.window).await).await;
    assert_eq!(waits.unwrap(), [id]);
    let dry_run = browser.get(&path).await.text;
    assert!(dry_run.contains(&format!("value=\"{id}:1\"")) && dry_run.contains("将验收下列 1 份报表。"));
    let done = browser.post(&path, &format!("reports={id}:1")).await;
    assert!(done.text.contains("已验收 1 份。"), "{}", done.text);
}
