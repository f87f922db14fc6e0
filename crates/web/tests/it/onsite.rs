//! Field work by what a phone sends and shows: the page that can be kept, a sending that comes twice, one that was cut off, and the same form
//! without scripts.

use axum::body::Body;
use youju_app::App;
use youju_testkit::{County, bare_photograph, new_unit, on_both_engines, photograph, signature};

use crate::browser::{Browser, Page};

/// A field of a form.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

fn text<'a>(name: &'a str, value: &'a str) -> Part<'a> {
    (name, None, value.as_bytes())
}

const ANSWERS: [&str; 11] = [
    "exists",
    "licence",
    "address",
    "activity",
    "opened",
    "scale",
    "single",
    "records",
    "production",
    "power",
    "software",
];
const FOUND: [(&str, &str); 5] = [
    ("f.met", "王五"),
    ("f.findings", "设备运转"),
    ("f.unit_opinion", "无异议,已签名"),
    ("f.opinion", "属实"),
    ("f.check.power.remark", "停产一周"),
];
const DEVICE: &str = r#"{"sent_at":"2026-04-02T04:00:00Z","ahead":2}"#;
const SHOT: &str = r#"{"at":"2026-04-02T01:00:00Z","point":{"latitude":29208333,"longitude":119460277},"accuracy":9}"#;

/// The county plans a verification of a factory; the address of the case.
async fn planned(app: &App, county: &County) -> String {
    let office = Browser::of(app, &county.county).await;
    let usci = new_unit(0, "330781001000", "1411").usci;
    let parts = [
        text("subject", usci.as_str()),
        text("f.reason", "申报入库"),
        text("f.domain", "工业"),
        text("f.planned_on", "2026-04-02"),
        text("f.first", "张三"),
        text("f.second", "李四"),
    ];
    let opened = office.parts("/cases/new/onsite_verification", &parts).await;
    assert_eq!(opened.status, 303, "{}", opened.text);
    opened.to().to_owned()
}

/// Sends a visit: what was found, and files as they are given.
async fn send(browser: &Browser, path: &str, more: &[Part<'_>]) -> Page {
    let keys: Vec<String> = ANSWERS.iter().map(|item| format!("f.check.{item}")).collect();
    let answer = |key: &str| if key.ends_with("power") { "no" } else { "yes" };
    let mut parts: Vec<Part<'_>> = keys.iter().map(|key| text(key, answer(key))).collect();
    parts.extend(FOUND.iter().map(|(name, value)| text(name, value)));
    parts.extend(more);
    browser.parts(path, &parts).await
}

#[test]
fn a_phone_keeps_the_page_sends_twice_and_the_case_has_one_step() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let case = planned(&app, &county).await;
        let town = Browser::of(&app, &county.township).await;
        let path = format!("{}/verify", case.replace("/cases/", "/onsite/"));
        let list = town.get("/onsite").await;
        assert!(list.text.contains(&format!("href=\"{path}\"")) && list.text.contains("现场核查"), "{}", list.text);
        assert!(town.get(&case).await.text.contains(&format!("href=\"{path}\"")));
        let page = town.get(&path).await;
        for words in [
            "data-fresh=\"yes\"",
            "用电、用工与产值规模相称",
            "门头照片",
            "capture=\"environment\"",
            "data-kept-days=\"7\"",
        ] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        assert!(!page.text.contains("立项"), "the list of another domain");
        let devices = |page: &Page| page.headers["permissions-policy"].to_str().unwrap().to_owned();
        assert!(devices(&page).contains("geolocation=(self)"));
        assert!(devices(&town.get(&case).await).contains("geolocation=()"));
        let worker = Browser::new(&app).get("/onsite-worker.js").await;
        let script = worker.headers["content-type"].to_str().unwrap();
        assert_eq!((worker.status, script), (200, "text/javascript; charset=utf-8"));

        let (photo, name) = (photograph(Some("2026:01:05 08:00:00"), None), signature("张三"));
        let mut parts = vec![
            text("revision", "0"),
            text("device", DEVICE),
            text("shot.gate", SHOT),
            ("file.gate", Some("门头.jpg"), photo.as_slice()),
            text("shot.site", SHOT),
            ("file.site", Some("车间.jpg"), photo.as_slice()),
            ("file.first_sign", Some("first_sign.png"), name.as_slice()),
            ("file.second_sign", Some("second_sign.png"), name.as_slice()),
        ];
        let keyless = send(&town, &path, &parts).await;
        assert!(
            keyless.status == 422 && keyless.json()["says"].as_str().unwrap().contains("没有发送编号"),
            "{}",
            keyless.text
        );
        parts.push(text("sending", "0190f3a2b4c5d6e7f8091a2b3c4d5e6f"));
        for _ in 0..2 {
            let done = send(&town, &path, &parts).await;
            assert!(done.status == 200 && done.json()["done"] == true, "{}", done.text);
        }
        let page = town.get(&case).await.text;
        assert_eq!(page.matches("→ 待第二人确认").count(), 1, "{page}");
        for words in
            ["停产一周", "照片内的拍摄时间是 2026-01-05 08:00", "北纬 29.208333°,东经 119.460277°(±9 米)", "HONOR 60"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        parts.pop();
        parts.push(text("sending", "0190f3a2b4c5d6e7f8091a2b3c4d5e70"));
        let slower = send(&town, &path, &parts).await;
        assert!(slower.status == 409 && slower.json()["says"].as_str().unwrap().contains("其他人"), "{}", slower.text);
        assert!(town.get(&path).await.text.contains("这一步现在不能办理。"));
        let sheet = town.get(&format!("{case}/sheet")).await;
        assert!(sheet.status == 200 && sheet.headers["content-type"] == "application/pdf", "{}", sheet.text);
        for who in [&county.neighbour, &county.admin, &county.factories[0].clerk] {
            let browser = Browser::of(&app, who).await;
            let answers = [browser.get(&path).await.status, send(&browser, &path, &parts).await.status];
            assert_eq!(answers, [404, 404], "{}", who.name);
            assert_eq!(browser.get(&format!("{case}/sheet")).await.status, 404, "{}", who.name);
        }
        assert_eq!(send(&Browser::new(&app), &path, &parts).await.status, 303, "to sign in");
    });
}

#[test]
fn what_is_cut_off_in_the_middle_is_told_in_words_that_a_phone_can_show() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let case = planned(&app, &county).await;
        let town = Browser::of(&app, &county.township).await;
        let path = format!("{}/verify", case.replace("/cases/", "/onsite/"));
        let body =
            "--youju\r\nContent-Disposition: form-data; name=\"file.gate\"; filename=\"a.jpg\"\r\n\r\n\u{1}\u{2}";
        let kind = [("content-type", "multipart/form-data; boundary=youju")];
        let cut = town.send("POST", &path, &kind, Body::from(body)).await;
        assert!(cut.status == 422 && cut.json()["says"].as_str().unwrap().contains("没有完整传到"), "{}", cut.text);
        for (name, damaged) in
            [("device", "{}"), ("device", "[1"), ("shot.gate", r#"{"at":"yesterday"}"#), ("revision", "x")]
        {
            let refused = town.parts(&path, &[text(name, damaged)]).await;
            assert!(refused.status == 422 && refused.json()["says"].is_string(), "{name} {}", refused.text);
        }
        assert!(town.get(&case).await.text.contains("待实地核查"));
    });
}

#[test]
fn without_scripts_the_same_form_goes_the_way_of_every_other() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let case = planned(&app, &county).await;
        let town = Browser::of(&app, &county.township).await;
        let path = format!("{}/verify", case.replace("/cases/", "/onsite/"));
        let target = format!("{case}/acts/verify");
        assert!(town.get(&path).await.text.contains(&format!("action=\"{target}\"")));
        let (photo, name) = (bare_photograph(), signature("张三"));
        let mut parts = vec![
            text("revision", "0"),
            ("file.gate", Some("门头.jpg"), photo.as_slice()),
            ("file.site", Some("车间.jpg"), photo.as_slice()),
            ("file.first_sign", Some("张三.png"), name.as_slice()),
            ("file.second_sign", Some("李四.png"), name.as_slice()),
            text("no_place.gate", "相机没有定位功能"),
        ];
        let refused = send(&town, &target, &parts).await;
        assert!(refused.status == 422 && refused.text.contains("照片“车间.jpg”没有位置"), "{}", refused.text);
        parts.push(text("no_place.site", "相机没有定位功能"));
        let done = send(&town, &target, &parts).await;
        assert_eq!((done.status, done.to()), (303, case.as_str()), "{}", done.text);
        assert!(town.get(&case).await.text.contains("没有位置,原因:相机没有定位功能。"));
    });
}
