//! Signing in by an identity platform as a browser sees it: away by a page of ours, back with a code, tied on one's own page.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::header;
use youju_app::App;
use youju_testkit::{ADDRESS, County, ISSUER, PASSWORD, SoftPlatform, on_both_engines, on_sqlite};
use youju_web::Settings;

use crate::browser::{Browser, Page};

fn cookies(page: &Page) -> Vec<String> {
    let set = page.headers.get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    set.filter_map(|cookie| cookie.split(';').next()).map(str::to_owned).collect()
}

/// The address to which a page leads by itself; its link leads there, too.
fn away(page: &Page) -> String {
    assert_eq!(page.status, 200, "{}", page.text);
    let to = page.headers["refresh"].to_str().unwrap().strip_prefix("0;url=").unwrap().to_owned();
    assert!(to.starts_with(&format!("{ISSUER}/authorize?realm=gov&response_type=code&")), "{to}");
    assert!(page.text.contains(&format!("<a href=\"{}\">", to.replace('&', "&amp;"))), "{}", page.text);
    to
}

/// Signs in at the platform; gives the address by which the browser comes back.
fn visits(app: &App, platform: &SoftPlatform, to: &str, subject: &str) -> String {
    let decoded = to.split_once('?').unwrap().1.replace("%3A", ":").replace("%2F", "/").replace("%20", " ");
    let query: BTreeMap<&str, &str> = decoded.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let (state, code) = platform.visited(app, &query, subject, &[]);
    format!("/sign-in/platform/back?code={code}&state={state}")
}

/// A browser that has signed in by password, with its key.
async fn signed_in(app: &App, login: &str) -> (Browser, Vec<String>) {
    let nobody = Browser::new(app);
    let kept = cookies(&nobody.post("/sign-in", &format!("login={login}&password={PASSWORD}")).await);
    assert_eq!(kept.len(), 2);
    (nobody.with_cookie(&kept.join("; ")), kept)
}

#[test]
fn an_account_is_tied_on_ones_own_page_and_entered_by_the_platform() {
    on_both_engines(async |app| {
        County::open(&app).await;
        assert!(!Browser::new(&app).get("/sign-in").await.text.contains("统一身份"));
        let (app, platform) = SoftPlatform::open(&app);
        let (officer, kept) = signed_in(&app, "xian").await;
        assert!(officer.get("/account").await.text.contains("绑定统一身份"));
        let wrong = officer.post("/account/identity", "password=x").await;
        assert!(wrong.status == 422 && wrong.text.contains("现在的密码不正确。"), "{}", wrong.text);
        let page = officer.post("/account/identity", &format!("password={PASSWORD}")).await;
        let back = visits(&app, &platform, &away(&page), "zhang");
        let tied = officer.get(&back).await;
        assert_eq!((tied.status, tied.to()), (303, "/account/identity"));
        assert!(officer.get("/account/identity").await.text.contains("已绑定。"));
        let again = officer.get(&back).await;
        assert!(again.status == 401 && again.text.contains("已经办完"), "{}", again.text);

        // Another day, in the same browser, without a session: the key of the browser alone.
        let device = kept.iter().find(|cookie| cookie.starts_with("youju_device=")).unwrap();
        let browser = Browser::new(&app).with_cookie(device);
        let form = browser.get("/sign-in?back=%2Freports").await.text;
        assert!(form.contains("用浙里办统一身份认证登录"), "{form}");
        let page = browser.post("/sign-in/platform", "back=%2Freports").await;
        let back = visits(&app, &platform, &away(&page), "zhang");
        // In another browser it opens nothing: nobody is signed in by a link that somebody sends them.
        let elsewhere = Browser::new(&app).get(&back).await;
        assert!(elsewhere.status == 401 && elsewhere.headers.get(header::SET_COOKIE).is_none(), "{}", elsewhere.text);
        let page = browser.post("/sign-in/platform", "back=%2Freports").await;
        let full = browser.get(&visits(&app, &platform, &away(&page), "zhang")).await;
        assert_eq!((full.status, full.to()), (303, "/reports"));
        assert_eq!(browser.with_cookie(&cookies(&full).join("; ")).get("/reports").await.status, 200);

        let untied = officer.post("/account/identity/untie", &format!("password={PASSWORD}")).await;
        assert_eq!(untied.to(), "/account");
        let page = browser.post("/sign-in/platform", "").await;
        let refused = browser.get(&visits(&app, &platform, &away(&page), "zhang")).await;
        assert_eq!(refused.status, 403);
        assert!(refused.text.contains("还没有绑定本系统的账号。") && refused.text.contains("name=\"password\""));
    });
}

#[test]
fn a_platform_that_is_down_leaves_the_other_door_open_and_made_up_words_are_slowed_down() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let (app, platform) = SoftPlatform::open(&app);
        platform.is_down(true);
        let nobody = Browser::new(&app);
        let down = nobody.post("/sign-in/platform", "back=//example.com").await;
        assert!(
            down.status == 502 && down.text.contains("用账号和密码登录") && down.text.contains("name=\"password\"")
        );
        platform.is_down(false);
        let browser = nobody.post("/sign-in/platform", "back=//example.com").await;
        let browser = Browser::new(&app).with_cookie(&cookies(&browser).join("; "));
        let denied = browser.get("/sign-in/platform/back?error=access_denied&state=x").await;
        assert_eq!(denied.status, 401);
        let damaged = browser.get("/sign-in/platform/back?state=%3Cscript%3E&code=%22").await;
        assert!(damaged.status == 401 && !damaged.text.contains("<script>"), "{}", damaged.text);
        let behind = Browser::with(&app, Settings { is_behind_gateway: true, ..Settings::default() });
        let from = async |address: &str| {
            let headers = [("x-forwarded-for", address)];
            behind.send("GET", "/sign-in/platform/back?state=guess&code=x", &headers, Body::empty()).await
        };
        for number in 0..60 {
            assert_eq!(from("203.0.113.9").await.status, 401, "{number}");
        }
        assert_eq!(from("203.0.113.9").await.status, 429);
        assert_eq!(from("203.0.113.10").await.status, 401);
        // The administrator's page ties and unties.
        let security = Browser::of(&app, &county.security).await;
        let account = format!("/accounts/{}", county.county.person);
        assert!(security.get(&account).await.text.contains("在统一身份认证平台上的标识"));
        assert_eq!(security.post(&format!("{account}/tie"), "subject=zhang").await.to(), account);
        let page = security.get(&account).await.text;
        assert!(page.contains("已绑定。") && !page.contains("zhang"), "{page}");
        assert_eq!(security.post(&format!("{account}/untie"), "").await.to(), account);
        assert_eq!(ADDRESS, app.address());
    });
}
