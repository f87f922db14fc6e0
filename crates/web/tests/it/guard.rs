//! Where a request may come from, and how large it may be.

use axum::body::Body;
use youju_app::App;
use youju_domain::report::State;
use youju_testkit::{County, Factory, on_sqlite};
use youju_web::{Settings, router};

use crate::browser::{Browser, cookie};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[test]
fn a_change_that_another_site_asks_for_is_refused() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Draft).await;
        let browser = Browser::of(&app, &county.factories[0].clerk).await;
        let path = format!("/reports/{id}/sign");
        let foreign: [&[(&str, &str)]; 7] = [
            &[FORM, ("origin", "https://example.com")],
            &[FORM, ("origin", "null")],
            &[FORM, ("origin", "http://youju.test.example.com")],
            &[FORM, ("origin", "http://youju.test:81")],
            &[FORM, ("sec-fetch-site", "cross-site")],
            &[FORM, ("sec-fetch-site", "same-site"), ("origin", "http://youju.test")],
            &[FORM, ("sec-fetch-site", "cross-site"), ("origin", "http://youju.test")],
        ];
        for headers in foreign {
            let page = browser.send("POST", &path, headers, Body::empty()).await;
            assert_eq!(page.status, 403, "{headers:?}");
            assert!(page.text.starts_with("这个请求来自别的网站"), "{}", page.text);
        }
        // Signing in by another site would let its owner watch what is typed.
        let page = browser.send("POST", "/sign-in", foreign[0], Body::from("login=tb001&password=x")).await;
        assert_eq!(page.status, 403);
        assert_eq!(county.report(id).await.state, State::Draft);
        let own: [&[(&str, &str)]; 3] = [
            &[FORM, ("origin", "http://youju.test")],
            &[FORM, ("sec-fetch-site", "same-origin"), ("origin", "http://youju.test")],
            &[FORM],
        ];
        for headers in own {
            let page = browser.send("POST", &path, headers, Body::empty()).await;
            assert!(page.status == 303 || page.status == 409, "{headers:?}: {}", page.status);
        }
        assert_eq!(county.report(id).await.state, State::Signed);
        // A link from elsewhere may lead here.
        let link = [("sec-fetch-site", "cross-site")];
        assert_eq!(browser.send("GET", "/inbox", &link, Body::empty()).await.status, 200);
    });
}

/// Something larger than any trial balance.
fn huge() -> Body {
    Body::from(vec![b'1'; 33 * 1024 * 1024])
}

#[test]
fn a_huge_body_is_refused_in_a_sentence() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let id = county.factories[0].report;
        let browser = Browser::of(&app, &county.factories[0].clerk).await;
        let says = "送来的内容超过了 32 MB,没有办理。";
        let form = browser.send("POST", "/sign-in", &[FORM], huge()).await;
        assert!(form.status == 413 && form.is_page() && form.text.contains(says), "{} {}", form.status, form.text);
        let json = [("content-type", "application/json")];
        let saved = browser.send("POST", &format!("/reports/{id}/cells"), &json, huge()).await;
        assert_eq!(saved.status, 413);
        assert!(saved.json()["says"].as_str().unwrap().starts_with(says));
        let file = browser.upload(&format!("/reports/{id}/import"), "大.csv", &"1".repeat(33 * 1024 * 1024)).await;
        assert_eq!(file.status, 422);
        assert!(file.is_page() && file.text.contains("可能超过了 32 MB"), "{}", file.text);
    });
}

/// Method, address, headers, body, and the status that it is answered.
type Damaged = (&'static str, String, &'static [(&'static str, &'static str)], &'static str, u16);

const TEXT: (&str, &str) = ("content-type", "text/plain");

#[test]
fn what_no_page_sends_is_refused_in_a_sentence() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let id = county.factories[0].report;
        let browser = Browser::of(&app, &county.factories[0].clerk).await;
        let report = |act: &str| format!("/reports/{id}/{act}");
        let cases: [Damaged; 8] = [
            ("POST", report("return"), &[TEXT], "reason=x", 415),
            ("POST", report("explain"), &[FORM], "check=Z15", 422),
            ("POST", report("import"), &[FORM], "file=x", 400),
            ("POST", report("import"), &[("content-type", "multipart/form-data")], "x", 400),
            ("POST", "/sign-in".into(), &[FORM], "login=tb000", 422),
            ("PUT", report("sign"), &[], "", 405),
            ("DELETE", report("history"), &[], "", 405),
            ("GET", "/reports?page=first".into(), &[], "", 422),
        ];
        for (method, path, headers, body, status) in cases {
            let page = browser.send(method, &path, headers, Body::from(body)).await;
            assert_eq!(page.status, status, "{method} {path}");
            assert!(page.is_page() && page.text.contains("没有办成"), "{method} {path}: {}", page.text);
        }
    });
}

#[test]
fn the_cookie_of_a_session_is_out_of_reach_of_scripts_and_of_plain_http() {
    on_sqlite(async |app| {
        County::open(&app).await;
        let form = format!("login=tb000&password={}", youju_testkit::PASSWORD);
        let plain = Browser::new(&app).post("/sign-in", &form).await;
        for word in ["youju_session=", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie(&plain).contains(word), "{}", cookie(&plain));
        }
        assert!(!cookie(&plain).contains("Secure"));
        assert!(plain.headers.get("strict-transport-security").is_none());
        let encrypted = over_https(&app, &form).await;
        assert!(encrypted["set-cookie"].to_str().unwrap().contains("; Secure"));
        assert_eq!(encrypted["strict-transport-security"], "max-age=31536000");
        let wrong = Browser::new(&app).post("/sign-in", "login=tb000&password=wrong").await;
        assert_eq!((wrong.status, cookie(&wrong)), (401, ""));
        assert!(wrong.text.contains("账号或密码不正确。"));
    });
}

async fn over_https(app: &App, form: &str) -> axum::http::HeaderMap {
    use tower::ServiceExt;
    let router = router(app.clone(), Settings { is_https: true, ..Settings::default() });
    let request = axum::http::Request::post("/sign-in").header(FORM.0, FORM.1).body(Body::from(form.to_owned()));
    router.oneshot(request.unwrap()).await.unwrap().headers().clone()
}

#[test]
fn a_browser_that_has_a_file_is_not_sent_it_again() {
    on_sqlite(async |app| {
        let browser = Browser::new(&app);
        let first = browser.get("/assets/app.css").await;
        assert!(first.text.contains('{'));
        let tag = first.headers["etag"].to_str().unwrap().to_owned();
        let again = browser.send("GET", "/assets/app.css", &[("if-none-match", &tag)], Body::empty()).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
        for path in ["/assets/README.md", "/assets/..%2FREADME.md", "/assets/..%2f..%2fCargo.toml", "/assets/"] {
            assert_eq!(browser.get(path).await.status, 404, "{path}");
        }
    });
}

#[test]
fn a_refused_command_shows_the_report_with_the_reason() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Draft).await;
        let Factory { clerk, head, .. } = &county.factories[0];
        let (clerk, head) = (Browser::of(&app, clerk).await, Browser::of(&app, head).await);
        let act = |act: &str| format!("/reports/{id}/{act}");
        for (browser, command, status, says) in [
            (&clerk, "submit", 409, "报表现在的状态是“填报中”"),
            (&head, "sign", 403, "您没有办理这件事的权限。"),
            (&clerk, "explain", 422, "页面送来的内容不完整或格式不对。"),
        ] {
            let page = browser.post(&act(command), "").await;
            assert!(page.status == status && page.text.contains(says), "{command} {}", page.status);
            assert!(page.text.contains("role=\"alert\"") && page.text.contains("退出登录"), "{command}");
            let is_report = page.text.contains(&format!("/reports/{id}/history"));
            assert_eq!(is_report, command != "explain", "{command}");
        }
        // Reloading the address of a command shows the report.
        let page = clerk.get(&act("sign")).await;
        assert_eq!((page.status, page.to()), (303, format!("/reports/{id}").as_str()));
        assert_eq!(county.report(id).await.state, State::Draft);
    });
}

#[test]
fn a_refusal_leads_back_to_the_page_of_ours_where_it_was_asked() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let browser = Browser::of(&app, &county.county).await;
        for (referer, back) in [
            ("http://youju.test/windows?x=1", Some("/windows?x=1")),
            ("http://example.com/windows", None),
            ("/windows", None),
            ("", None),
        ] {
            let headers = [FORM, ("referer", referer)];
            let page = browser.send("POST", "/windows", &headers, Body::from("form=B203")).await;
            assert!(page.status == 422 && page.text.contains("没有办成"), "{referer}: {}", page.text);
            let shown =
                page.text.split("class=\"button primary\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
            assert_eq!(shown, back, "{referer}");
        }
        // Somebody unknown is shown no frame.
        let page = Browser::new(&app).get("/nothing").await;
        assert!(page.status == 404 && !page.text.contains("退出登录"));
        assert!(browser.get("/nothing").await.text.contains("退出登录"));
    });
}

#[test]
fn when_too_many_are_at_work_the_others_are_told_when_to_come_again() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let report = county.factories[0].report;
        let browser = Browser::of(&app, &county.factories[0].clerk).await;
        let full = browser.moved_to(&app, Settings { requests_max: Some(0), ..Settings::default() });
        let page = full.get("/inbox").await;
        let saved = full.post_json(&format!("/reports/{report}/cells"), &serde_json::json!({ "changes": [] })).await;
        let api = full.get("/api/v1/openapi.json").await;
        for answer in [&page, &saved, &api] {
            assert_eq!(answer.status, 503);
            assert_eq!(answer.headers.get("retry-after").unwrap(), "1");
            assert!(answer.text.contains("现在同时办理的人很多"), "{}", answer.text);
        }
        assert!(page.is_page() && saved.json()["says"].is_string());
        assert_eq!(api.json()["code"], "crowded");
        assert_eq!(browser.get("/inbox").await.status, 200);
    });
}
