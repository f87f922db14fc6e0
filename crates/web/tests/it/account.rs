//! Signing in as a browser sees it: the first password, the second step, one's own account, and slow doors.

use axum::body::Body;
use axum::http::header;
use chrono::TimeDelta;
use youju_app::access::{NewPerson, open_account};
use youju_app::{App, crypto};
use youju_codes::AreaCode;
use youju_domain::access::Role;
use youju_domain::second_factor::Duty;
use youju_testkit::{County, PASSWORD, april, code_on_phone, on_both_engines, on_sqlite};
use youju_web::Settings;

use crate::browser::{Browser, Page};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// All cookies of an answer, as a browser would send them.
fn cookies(page: &Page) -> String {
    let set = page.headers.get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let pairs: Vec<&str> = set.filter_map(|cookie| cookie.split(';').next()).collect();
    pairs.join("; ")
}

async fn first_step(app: &App, login: &str, password: &str) -> (Page, Browser) {
    let nobody = Browser::new(app);
    let page = nobody.post("/sign-in", &format!("login={login}&password={password}&back=%2Freports")).await;
    let browser = nobody.with_cookie(&cookies(&page));
    (page, browser)
}

/// Sets up the second factor of a browser that has signed in; gives the secret and the recovery codes.
async fn set_up(app: &App, browser: &Browser) -> (String, Vec<String>) {
    let begun = browser.post("/account/second-factor/begin", &format!("password={PASSWORD}")).await;
    assert_eq!((begun.status, begun.to()), (303, "/account/second-factor"), "{}", begun.text);
    let page = browser.get("/account/second-factor").await.text;
    let secret = page.split("<p><code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(page.contains("<svg") && page.contains("role=\"img\""));
    let code = code_on_phone(&secret, app.world().now());
    let codes = browser.post("/account/second-factor/confirm", &format!("code={code}")).await;
    assert_eq!(codes.status, 200, "{}", codes.text);
    let codes = codes.text.split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    (secret, codes)
}

#[test]
fn a_given_password_leads_to_the_page_where_it_is_changed_and_nowhere_else() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let new = NewPerson {
            login: "xian02".into(),
            name: "周平".into(),
            role: Role::CountyOfficer,
            area: AreaCode::parse("330781").unwrap(),
            unit: None,
            password_hash: crypto::hash_password("Given-To-Him-1").unwrap(),
        };
        let admin = Some(county.admin.clone());
        app.write(admin, async |cx| open_account(cx, new).await).await.unwrap();
        let (page, browser) = first_step(&app, "xian02", "Given-To-Him-1").await;
        assert_eq!((page.status, page.to()), (303, "/account/password"));
        for path in ["/inbox", "/reports", "/account", "/messages", "/totals"] {
            assert_eq!(browser.get(path).await.to(), "/account/password", "{path}");
        }
        let id = county.factories[0].report;
        assert_eq!(browser.post(&format!("/reports/{id}/accept"), "").await.to(), "/account/password");
        let form = browser.get("/account/password").await;
        assert!(form.text.contains("这个密码是别人设置的。") && !form.text.contains("主要工作"), "{}", form.text);
        let change = |new: &str| format!("old=Given-To-Him-1&new={new}&again={new}");
        let weak = browser.post("/account/password", &change("Tongjiju2026")).await;
        assert_eq!(weak.status, 422);
        assert!(weak.text.contains("弱密码") && !weak.text.contains("Tongjiju2026"));
        let done = browser.post("/account/password", &change("Kuvo-9-Lanhua")).await;
        assert_eq!((done.status, done.to()), (303, "/inbox"));
        assert_eq!(browser.get("/inbox").await.status, 200);
        assert_eq!(first_step(&app, "xian02", "Kuvo-9-Lanhua").await.0.to(), "/reports");
    });
}

#[test]
fn the_second_step_stands_between_the_password_and_everything() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let first = Browser::of(&app, &county.county).await;
        let (secret, codes) = set_up(&app, &first).await;
        assert_eq!(codes.len(), 10);
        assert_eq!(first.get("/inbox").await.status, 200, "the browser of the set-up stays signed in");
        app.world().set(april(2) + TimeDelta::minutes(2));
        let (page, browser) = first_step(&app, "xian", PASSWORD).await;
        assert_eq!((page.status, page.to()), (303, "/sign-in/code?back=%2Freports"));
        for path in ["/inbox", "/account", "/account/password", "/account/second-factor"] {
            let page = browser.get(path).await;
            assert!(page.status == 303 && page.to().starts_with("/sign-in/code?back="), "{path} {}", page.to());
        }
        assert_eq!(browser.post("/account/sessions/end", "").await.to(), "/sign-in/code");
        assert_eq!(browser.post("/sign-out", "").await.to(), "/sign-in/code");
        assert!(browser.get("/sign-in/code?back=%2Freports").await.text.contains("恢复码"));
        let wrong = browser.post("/sign-in/code", "code=000000&back=%2Freports").await;
        assert!(wrong.status == 401 && wrong.text.contains("动态码不正确,或者已经用过。"), "{}", wrong.text);
        let code = code_on_phone(&secret, app.world().now());
        let full = browser.post("/sign-in/code", &format!("code={code}&back=%2Freports")).await;
        assert_eq!((full.status, full.to()), (303, "/reports"));
        // A fresh token; whoever knew the one from before has nothing.
        assert_eq!(browser.get("/inbox").await.to(), "/sign-in?back=%2Finbox");
        let inside = browser.with_cookie(&cookies(&full));
        assert_eq!(inside.get("/reports").await.status, 200);
        assert_eq!(inside.get("/sign-in/code").await.to(), "/inbox");
        let elsewhere = first_step(&app, "xian", PASSWORD).await.1;
        let recovered = elsewhere.post("/sign-in/code", &format!("code={}&back=//example.com", codes[0])).await;
        assert_eq!(recovered.to(), "/inbox");
        let nobody = Browser::new(&app);
        assert_eq!(nobody.get("/sign-in/code").await.to(), "/sign-in");
        assert_eq!(nobody.post("/sign-in/code", "code=123456").await.to(), "/sign-in");
    });
}

#[test]
fn where_it_is_compulsory_an_officer_is_led_to_set_it_up() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let app = app.with_second_factor(Duty::Officers);
        let (page, browser) = first_step(&app, "xian", PASSWORD).await;
        assert_eq!(page.to(), "/account/second-factor");
        assert_eq!(browser.get("/inbox").await.to(), "/account/second-factor");
        let form = browser.get("/account/second-factor").await;
        assert!(form.text.contains("开始启用") && form.text.contains("退出登录") && !form.text.contains("主要工作"));
        let wrong = browser.post("/account/second-factor/begin", "password=x").await;
        assert!(wrong.status == 422 && wrong.text.contains("现在的密码不正确。"), "{}", wrong.text);
        set_up(&app, &browser).await;
        assert_eq!(browser.get("/inbox").await.status, 200);
        assert_eq!(first_step(&app, "tb000", PASSWORD).await.0.to(), "/reports");
        drop(county);
    });
}

#[test]
fn one_sees_and_ends_where_one_is_signed_in() {
    on_sqlite(async |app| {
        County::open(&app).await;
        let edge = [FORM, ("user-agent", "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120")];
        let form = || Body::from(format!("login=tb000&password={PASSWORD}"));
        let page = Browser::new(&app).send("POST", "/sign-in", &edge, form()).await;
        let here = Browser::new(&app).with_cookie(&cookies(&page));
        let odd = [FORM, ("user-agent", "<script>alert(1)</script>")];
        let page = Browser::new(&app).send("POST", "/sign-in", &odd, form()).await;
        let there = Browser::new(&app).with_cookie(&cookies(&page));
        let account = here.get("/account").await.text;
        assert!(account.contains("Windows 10 或 11 上的 Edge <span class=\"badge done\">本机</span>"), "{account}");
        assert!(
            account.contains("共 2 处") && account.contains("不能识别的浏览器") && !account.contains("<script>alert")
        );
        // Another browser was told of, with a link to this page.
        let messages = here.get("/messages").await.text;
        assert!(messages.contains("<a href=\"/account\">您的账号在一个没有用过的浏览器上登录</a>"), "{messages}");
        let ends: Vec<&str> = account.split("action=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let ends: Vec<&str> =
            ends.into_iter().filter(|to| to.ends_with("/end") && to.matches('/').count() == 4).collect();
        assert_eq!(ends.len(), 2);
        // The latest stands first: that is the other one.
        assert_eq!(here.post(ends[0], "").await.to(), "/account");
        assert_eq!((there.get("/inbox").await.status, here.get("/inbox").await.status), (303, 200));
        let gone = here.post("/account/sessions/end", "").await;
        assert_eq!((gone.status, gone.to()), (303, "/sign-in"));
        assert_eq!(here.get("/inbox").await.to(), "/sign-in?back=%2Finbox");
    });
}

#[test]
fn an_address_that_guesses_is_slowed_down_and_another_is_not() {
    on_sqlite(async |app| {
        County::open(&app).await;
        let browser = Browser::with(&app, Settings { is_https: true, is_behind_gateway: true, ..Settings::default() });
        let from = async |address: &str, login: &str, password: &str| {
            let form = format!("login={login}&password={password}");
            browser.send("POST", "/sign-in", &[FORM, ("x-forwarded-for", address)], Body::from(form)).await
        };
        for number in 0..60 {
            assert_eq!(from("203.0.113.9", &format!("guess{number}"), "x").await.status, 401, "{number}");
        }
        let slowed = from("203.0.113.9", "tb000", PASSWORD).await;
        assert_eq!(slowed.status, 429);
        assert!(slowed.text.contains("从您这个网络地址登录失败的次数过多,请 10 秒后再试。"), "{}", slowed.text);
        assert_eq!(from("203.0.113.10", "tb000", PASSWORD).await.status, 303);
        app.world().set(april(2) + TimeDelta::seconds(10));
        assert_eq!(from("203.0.113.9", "tb000", PASSWORD).await.status, 303);
    });
}

#[test]
fn unknown_account_wrong_password_and_waiting_read_the_same() {
    on_sqlite(async |app| {
        County::open(&app).await;
        let said = async |login: &str| {
            let page = Browser::new(&app).post("/sign-in", &format!("login={login}&password=guess")).await;
            (page.status, page.text.replace(login, ""))
        };
        for number in 0..7 {
            let (unknown, known) = (said("nobody").await, said("tb000").await);
            assert_eq!(unknown, known, "{number}");
            assert_eq!(unknown.0, if number < 5 { 401 } else { 429 });
        }
    });
}
