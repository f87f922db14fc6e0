//! Security keys as a browser sees them: added on one's own pages, asked for after the password.

use axum::http::header;
use youju_app::App;
use youju_app::crypto::webauthn::{Answer, Created};
use youju_domain::second_factor::Duty;
use youju_testkit::{County, PASSWORD, SoftKey, on_both_engines, on_sqlite};

use crate::browser::{Browser, Page};

const HERE: &str = "https://tj.example.gov.cn";

fn cookies(page: &Page) -> String {
    let set = page.headers.get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let pairs: Vec<&str> = set.filter_map(|cookie| cookie.split(';').next()).collect();
    pairs.join("; ")
}

/// What the page asks keys, as the script reads it.
fn asked(page: &Page) -> serde_json::Value {
    let asked = page.text.split("data-asked=\"").nth(1).unwrap_or_else(|| panic!("{}", page.text));
    serde_json::from_str(&asked.split('"').next().unwrap().replace("&quot;", "\"")).unwrap()
}

fn challenge(page: &Page) -> String {
    asked(page)["challenge"].as_str().unwrap().to_owned()
}

fn created(name: &str, made: &Created) -> String {
    serde_urlencoded::to_string([
        ("name", name),
        ("client_data", &made.client_data),
        ("attestation", &made.attestation),
    ])
    .unwrap()
}

fn answered(answer: &Answer) -> String {
    serde_urlencoded::to_string([
        ("back", "/reports"),
        ("credential", &answer.credential),
        ("client_data", &answer.client_data),
        ("authenticator_data", &answer.authenticator_data),
        ("signature", &answer.signature),
    ])
    .unwrap()
}

async fn first_step(app: &App) -> Browser {
    let nobody = Browser::new(app);
    let page = nobody.post("/sign-in", &format!("login=xian&password={PASSWORD}&back=%2Freports")).await;
    assert_eq!(page.to(), "/sign-in/code?back=%2Freports");
    nobody.with_cookie(&cookies(&page))
}

async fn adds(browser: &Browser, key: &mut SoftKey, name: &str) -> Page {
    let begun = browser.post("/account/keys/begin", &format!("password={PASSWORD}")).await;
    assert_eq!((begun.status, begun.to()), (303, "/account/keys"), "{}", begun.text);
    let made = key.create(&challenge(&browser.get("/account/keys").await));
    browser.post("/account/keys", &created(name, &made)).await
}

#[test]
fn a_key_is_added_on_ones_own_page_and_opens_the_door_after_the_password() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let app = app.with_address(HERE).with_second_factor(Duty::Nobody);
        let officer = Browser::of(&app, &county.county).await;
        let page = officer.get("/account/keys").await.text;
        assert!(page.contains("开始登记") && page.contains("<a href=\"/account/second-factor\">动态码</a>"), "{page}");
        let wrong = officer.post("/account/keys/begin", "password=x").await;
        assert!(wrong.status == 422 && wrong.text.contains("现在的密码不正确。"));
        let mut key = SoftKey::p256(HERE);
        let codes = adds(&officer, &mut key, "办公室的").await;
        assert_eq!((codes.status, codes.text.matches("<li><code>").count()), (200, 10), "{}", codes.text);
        let account = officer.get("/account").await.text;
        assert!(account.contains("登记了 1 把") && account.contains("还有 10 个没有用过"), "{account}");

        let browser = first_step(&app).await;
        let step = browser.get("/sign-in/code?back=%2Freports").await;
        let question = asked(&step);
        assert_eq!(question["host"], "tj.example.gov.cn");
        assert_eq!(question["keys"].as_array().unwrap().len(), 1);
        // Without a script the page says what to do, and codes are the way.
        assert!(step.text.contains("请允许脚本,或用动态码、恢复码。") && step.text.contains(">恢复码</label>"));
        assert!(
            step.text.contains("<button class=\"button primary\" type=\"submit\" disabled>用安全密钥登录</button>")
        );
        let mut foreign = SoftKey::p256(HERE);
        foreign.credential.clone_from(&key.credential);
        let refused = browser.post("/sign-in/key", &answered(&foreign.answer(&challenge(&step)))).await;
        assert!(refused.status == 401 && refused.text.contains("安全密钥没有通过核对。"), "{}", refused.text);
        let answer = answered(&key.answer(&challenge(&refused)));
        let full = browser.post("/sign-in/key", &answer).await;
        assert_eq!((full.status, full.to()), (303, "/reports"));
        let inside = browser.with_cookie(&cookies(&full));
        assert_eq!(inside.get("/reports").await.status, 200);
        // What went over the wire is worth nothing any more.
        assert_eq!(browser.post("/sign-in/key", &answer).await.to(), "/sign-in?back=%2Freports");
        assert_eq!(Browser::new(&app).post("/sign-in/key", &answer).await.to(), "/sign-in?back=%2Freports");
        assert_eq!(first_step(&app).await.post("/sign-in/key", &answer).await.status, 401);
        assert_eq!(browser.get("/sign-in/key").await.to(), "/sign-in/code");
    });
}

#[test]
fn keys_are_renamed_and_taken_away_and_the_page_says_where_none_works() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let bare = Browser::of(&app, &county.city).await;
        let page = bare.get("/account/keys").await.text;
        assert!(page.contains("浏览器只在用域名和 https 访问时允许安全密钥。") && !page.contains("开始登记"), "{page}");
        assert_eq!(bare.post("/account/keys/begin", &format!("password={PASSWORD}")).await.status, 409);
        let app = app.with_address(HERE).with_second_factor(Duty::Officers);
        // Who must have a second factor may choose a key.
        let signed = Browser::new(&app).post("/sign-in", &format!("login=xian&password={PASSWORD}")).await;
        assert_eq!(signed.to(), "/account/second-factor");
        let officer = Browser::new(&app).with_cookie(&cookies(&signed));
        assert!(officer.get("/account/second-factor").await.text.contains("<a href=\"/account/keys\">安全密钥</a>"));
        assert!(officer.get("/account/keys").await.text.contains("退出登录"));
        let mut key = SoftKey::ed25519(HERE);
        assert_eq!(adds(&officer, &mut key, "办公室的").await.status, 200);
        let list = officer.get("/account/keys").await.text;
        let rename = list.split("action=\"").find(|rest| rest.starts_with("/account/keys/0")).unwrap();
        let rename = rename.split('"').next().unwrap();
        assert_eq!(officer.post(rename, "name=%3Cb%3E").await.to(), "/account/keys");
        assert!(officer.get("/account/keys").await.text.contains("<th scope=\"row\">&lt;b&gt;</th>"));
        let away = rename.replace("rename", "remove");
        let kept = officer.post(&away, &format!("password={PASSWORD}")).await;
        assert!(kept.status == 409 && kept.text.contains("不能移除"), "{}", kept.text);
        assert_eq!(adds(&officer, &mut SoftKey::p256(HERE), "备用").await.to(), "/account/keys");
        assert_eq!(officer.post(&away, &format!("password={PASSWORD}")).await.to(), "/account/keys");
        assert!(officer.get("/account/keys").await.text.contains("共 1 把"));
        assert_eq!(officer.get(rename).await.to(), "/account/keys");
        // The administrators see by what somebody signs in; one of them takes it away.
        let security = Browser::new(&app.with_second_factor(Duty::Nobody)).signed_in(&county.security).await;
        let account = format!("/accounts/{}", county.county.person);
        assert!(security.get(&account).await.text.contains("安全密钥 1 把"));
        let reset = security.post(&format!("{account}/reset-factor"), "reason=两把都丢失").await;
        assert_eq!(reset.to(), account);
        assert!(security.get(&account).await.text.contains("没有启用"));
    });
}
