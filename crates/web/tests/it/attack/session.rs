//! Attacks on who somebody is: sessions planted or kept, and requests that another site sends.

use axum::body::Body;
use youju_domain::report::State;
use youju_testkit::{County, Factory, PASSWORD, journal_root, on_both_engines, on_sqlite};

use crate::browser::{Browser, cookie};
use crate::matrix::rows::COMMANDS;
use crate::matrix::{fill, submitted};

fn token(page: &crate::browser::Page) -> String {
    let cookies = page.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
    let own = cookies.filter(|cookie| cookie.starts_with("youju_session="));
    own.map(|cookie| cookie.split(';').next().unwrap().to_owned()).next().unwrap_or_default()
}

#[test]
fn a_session_that_an_attacker_has_planted_never_becomes_the_victims() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let planted = format!("youju_session={}", "ab".repeat(32));
        let attacker = Browser::of(&app, &county.factories[1].clerk).await;
        let own = attacker.post("/sign-in", &format!("login=tb001&password={PASSWORD}")).await;
        for fixed in [planted, token(&own)] {
            let victim = Browser::new(&app).with_cookie(&fixed);
            let page = victim.post("/sign-in", &format!("login=tb000&password={PASSWORD}")).await;
            assert_eq!((page.status, page.to()), (303, "/inbox"));
            let fresh = token(&page);
            assert!(!fresh.is_empty() && fresh != fixed, "a new session, whatever came along");
            // Neither the planted one nor an address opens the victim's session.
            let seen = Browser::new(&app).with_cookie(&fixed).get("/inbox").await;
            assert!(!seen.text.contains(&county.factories[0].name), "{}", seen.status);
            let by_address = Browser::new(&app).get(&format!("/inbox?{fresh}")).await;
            assert_eq!(by_address.status, 303);
        }
    });
}

#[test]
fn a_session_that_has_ended_opens_nothing_any_more() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let clerk = &county.factories[0].clerk;
        let page = Browser::new(&app).post("/sign-in", &format!("login=tb000&password={PASSWORD}")).await;
        assert!(cookie(&page).contains("HttpOnly"));
        let stolen = Browser::new(&app).with_cookie(&token(&page));
        assert_eq!(stolen.get("/inbox").await.status, 200);
        // Changing the password ends every other session.
        let here = Browser::of(&app, clerk).await;
        let form = format!("old={PASSWORD}&new=Kuvo-9-Lanhua&again=Kuvo-9-Lanhua");
        assert_eq!(here.post("/account/password", &form).await.status, 303);
        assert_eq!(stolen.get("/inbox").await.status, 303);
        assert_eq!(here.get("/inbox").await.status, 200);
        // Signing out ends this one on the server, not only in the browser.
        here.post("/sign-out", "").await;
        assert_eq!(here.get("/inbox").await.status, 303);
    });
}

#[test]
fn no_command_is_taken_from_another_site() {
    on_sqlite(async |app| {
        let (county, found) = submitted(&app).await;
        county.bring(1, State::Draft).await;
        let Factory { clerk, .. } = &county.factories[0];
        let actors = [clerk, &county.county, &county.admin];
        let mut browsers = Vec::new();
        for actor in actors {
            browsers.push(Browser::of(&app, actor).await);
        }
        let before = journal_root(&app).await;
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let foreign: [&[(&str, &str)]; 3] = [
            &[kind, ("sec-fetch-site", "cross-site"), ("origin", "https://evil.example.com")],
            &[kind, ("origin", "null")],
            &[("content-type", "text/plain"), ("sec-fetch-site", "same-site")],
        ];
        for (route, form, ..) in COMMANDS {
            let path = fill(route, &county, &found);
            for (browser, headers) in browsers.iter().flat_map(|one| foreign.iter().map(move |headers| (one, headers)))
            {
                let page = browser.send("POST", &path, headers, Body::from((*form).to_owned())).await;
                assert_eq!(page.status, 403, "{route} {headers:?}");
            }
        }
        assert_eq!(journal_root(&app).await, before, "something was done");
    });
}

#[test]
fn no_page_that_is_only_read_changes_anything() {
    on_sqlite(async |app| {
        let (county, found) = submitted(&app).await;
        let clerk = Browser::of(&app, &county.factories[0].clerk).await;
        let before = journal_root(&app).await;
        // A picture on another site can make a browser read any address; for a command that does nothing.
        for (route, form, ..) in COMMANDS.iter().filter(|(route, ..)| *route != "/sign-out") {
            let path = fill(route, &county, &found);
            let separator = if path.contains('?') { '&' } else { '?' };
            clerk.get(&format!("{path}{separator}{form}")).await;
        }
        assert_eq!(journal_root(&app).await, before);
    });
}
