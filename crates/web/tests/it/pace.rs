//! Stories of those who ask too fast, of hosts that are not ours, and of addresses that are written oddly.

use axum::body::Body;
use youju_app::App;
use youju_testkit::{County, on_sqlite};
use youju_web::Settings;

use crate::browser::{Browser, Page};

fn behind_gateway() -> Settings {
    Settings { is_https: true, is_behind_gateway: true, ..Settings::default() }
}

async fn from(browser: &Browser, address: &str, path: &str) -> Page {
    browser.send("GET", path, &[("x-forwarded-for", address)], Body::empty()).await
}

async fn wears_out(browser: &Browser, address: &str) -> Page {
    for _ in 0..2_000 {
        let page = from(browser, address, "/sign-in").await;
        if page.status != 200 {
            return page;
        }
    }
    panic!("two thousand requests were answered");
}

#[test]
fn who_asks_too_fast_is_told_when_to_come_again_and_their_neighbours_go_on() {
    on_sqlite(async |app: App| {
        let county = County::open(&app).await;
        let nobody = Browser::with(&app, behind_gateway());
        let clerk = nobody.clone().signed_in(&county.factories[0].clerk).await;
        assert_eq!(from(&clerk, "203.0.113.9", "/inbox").await.status, 200);
        let slowed = wears_out(&nobody, "203.0.113.9").await;
        assert_eq!(slowed.status, 429);
        assert!(slowed.is_page() && slowed.text.contains("请求过于频繁,请 "), "{}", slowed.text);
        let wait: u32 = slowed.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=5).contains(&wait), "{wait}");
        // Made-up cookies are no way around it.
        let made_up = nobody.with_cookie(&format!("youju_session={}", "0".repeat(64)));
        let mut page = from(&made_up, "203.0.113.9", "/inbox").await;
        while page.status == 303 {
            page = from(&made_up, "203.0.113.9", "/inbox").await;
        }
        assert_eq!(page.status, 429);
        // Programs are told in their own words.
        let mut api = from(&nobody, "203.0.113.9", "/api/v1/units").await;
        while api.status != 429 {
            api = from(&nobody, "203.0.113.9", "/api/v1/units").await;
        }
        assert_eq!(api.json()["code"], "too_fast");
        // Styles, the watchdog, another address, and whoever has signed in from the same one.
        for path in ["/assets/app.css", "/health"] {
            assert_eq!(from(&nobody, "203.0.113.9", path).await.status, 200, "{path}");
        }
        assert_eq!(from(&nobody, "203.0.113.10", "/sign-in").await.status, 200);
        assert_eq!(from(&clerk, "203.0.113.9", "/inbox").await.status, 200);
    });
}

#[test]
fn nobody_is_slowed_down_by_what_somebody_else_writes_into_a_header() {
    on_sqlite(async |app: App| {
        let nobody = Browser::new(&app);
        // Not behind a gateway: the note counts for nothing, and an unknown address is not counted.
        for _ in 0..700 {
            assert_eq!(from(&nobody, "203.0.113.9", "/sign-in").await.status, 200);
        }
    });
}

#[test]
fn a_host_that_is_not_ours_gets_no_page() {
    on_sqlite(async |app: App| {
        let named = |hosts: &[&str]| {
            let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
            Browser::with(&app, Settings { hosts, ..Settings::default() })
        };
        // The browser of these tests asks for youju.test.
        assert_eq!(named(&["youju.test"]).get("/sign-in").await.status, 200);
        let other = named(&["tj.example.gov.cn"]);
        for path in ["/sign-in", "/assets/app.css", "/api/v1/units", "/nothing"] {
            let page = other.get(path).await;
            assert_eq!(page.status, 421, "{path}");
            assert!(!page.text.contains("example.gov.cn"), "{}", page.text);
        }
        assert_eq!(other.get("/health").await.status, 200);
    });
}
