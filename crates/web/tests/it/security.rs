//! 安全 in the browser: the security administrator keeps the lists by forms alone, the auditor reads them, nobody else finds them.

use youju_testkit::{County, on_both_engines};

use crate::browser::Browser;

/// What stands between two texts.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0
}

const ASSET: &str = "kind=server&name=%E6%9C%BA%E6%88%BF%E4%B8%80%E5%8F%B7&owner=%E8%B5%B5%E5%AE%89&place=%E5%8E%BF%E5%B1%80&protection=3&since=2024-01-01&until=2026-04-20&remarks=";

#[test]
fn assets_are_kept_by_forms_alone() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let browser = Browser::of(&app, &county.security).await;
        assert!(browser.get("/inbox").await.text.contains("href=\"/security\""));
        assert!(browser.get("/security/assets").await.text.contains("还没有登记资产"));
        assert_eq!(browser.post("/security/assets", ASSET).await.to(), "/security/assets");
        let list = browser.get("/security/assets").await.text;
        assert!(list.contains("机房一号") && list.contains("三级") && list.contains("请关注"), "{list}");
        let own = format!("/security/assets/{}", between(&list, "href=\"/security/assets/0", "\"")).replacen(
            "/security/assets/",
            "/security/assets/0",
            1,
        );
        let form = browser.get(&own).await.text;
        let revision = between(&form, "name=\"revision\" value=\"", "\"").to_owned();
        let changed = format!("{}&revision={revision}", ASSET.replace("until=2026-04-20", "until=2030-01-01"));
        assert_eq!(browser.post(&own, &changed).await.to(), "/security/assets");
        assert_eq!(browser.post(&own, &changed).await.status, 409, "somebody was faster");
        let csv = browser.get("/security/assets/csv").await.text;
        assert!(csv.contains("登记,服务器,机房一号,赵安,县局,三级,2024-01-01,2030-01-01"), "{csv}");
        assert!(csv.contains("标记"), "the file says who took it: {csv}");
        let reason = "reason=%E6%8A%A5%E5%BA%9F%E4%BA%86%E5%B7%B2%E9%94%80%E6%AF%81";
        assert_eq!(browser.post(&format!("{own}/strike"), reason).await.to(), "/security/assets");
        assert!(browser.get("/security/assets").await.text.contains("报废了已销毁"));
        // The administrator sees assets and versions, and no more.
        let admin = Browser::of(&app, &county.admin).await;
        assert!(admin.get("/security/assets").await.text.contains("机房一号"));
        assert!(!admin.get("/security/assets").await.text.contains("登记资产</h2>"));
        assert_eq!(admin.get("/security").await.status, 403);
        let sbom = admin.get("/security/software/sbom").await;
        assert_eq!(sbom.json()["bomFormat"], "CycloneDX");
    });
}

#[test]
fn a_drill_with_its_paper_and_its_measures_goes_by_forms_alone() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let browser = Browser::of(&app, &county.security).await;
        let plan: [(&str, Option<&str>, &[u8]); 4] = [
            ("title", None, "网络安全应急预案".as_bytes()),
            ("body", None, "断网时改用电话。".as_bytes()),
            ("file", Some(""), b""),
            ("in_force", None, b"2026-01-01"),
        ];
        assert_eq!(browser.parts("/security/plans", &plan).await.to(), "/security/drills");
        let drill: [(&str, Option<&str>, &[u8]); 5] = [
            ("held_on", None, b"2026-04-01"),
            ("scenario", None, "机房断电,改用备用线路".as_bytes()),
            ("people", None, "赵安、李静".as_bytes()),
            ("finding", None, "切换用了两小时".as_bytes()),
            ("file", Some("签到表.pdf"), b"%PDF-1.7"),
        ];
        assert_eq!(browser.parts("/security/drills", &drill).await.to(), "/security/drills");
        let page = browser.get("/security/drills").await.text;
        assert!(page.contains("第 1 版 网络安全应急预案") && page.contains("预案待评估"), "{page}");
        let id = between(&page, "/security/drills/", "/issues").to_owned();
        let measure = "words=%E5%A4%87%E7%94%A8%E7%94%B5%E6%BA%90%E8%AF%95%E4%B8%80%E6%AC%A1&owner=%E8%B5%B5%E5%AE%89&due_on=2026-04-30";
        assert_eq!(browser.post(&format!("/security/drills/{id}/issues"), measure).await.to(), "/security/drills");
        let page = browser.get("/security/drills").await.text;
        let issue = format!("/security/issues/{}/strike", between(&page, "/security/issues/", "/strike"));
        let done = "done=%E5%B7%B2%E5%88%97%E5%85%A5%E5%B7%A1%E6%A3%80%E8%A1%A8";
        assert_eq!(browser.post(&issue, done).await.to(), "/security/drills");
        let reason = "reason=%E6%AD%A5%E9%AA%A4%E9%83%BD%E8%B5%B0%E9%80%9A%E4%BA%86";
        assert_eq!(browser.post(&format!("/security/drills/{id}/leave"), reason).await.to(), "/security/drills");
        // The auditor reads it, with the paper, and finds no form.
        let auditor = Browser::of(&app, &county.auditor).await;
        let page = auditor.get("/security/drills").await.text;
        assert!(
            page.contains("已列入巡检表") && page.contains("预案不需要修订") && !page.contains("登记演练"),
            "{page}"
        );
        let file = format!("/security/files/{}", between(&page, "href=\"/security/files/", "\""));
        assert_eq!(auditor.get(&file).await.bytes, b"%PDF-1.7");
        assert!(auditor.get("/security").await.text.contains("下一次应在 2027-04-01 以前"));
    });
}

#[test]
fn a_failed_try_is_seen_the_moment_after_and_a_self_check_is_recorded() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        for _ in 0..5 {
            Browser::new(&app).post("/sign-in", "login=shi&password=wrong").await;
        }
        let browser = Browser::of(&app, &county.security).await;
        let page = browser.get("/security/failures?days=7").await.text;
        assert!(page.contains("正在等待的账号") && page.contains("其中 1 次以后账号要等待"), "{page}");
        assert!(browser.get("/security/failures/csv?days=7").await.text.contains(",shi,"));
        let page = browser.get("/security/sign-ins?days=7").await.text;
        assert!(page.contains("stat-chart") && page.contains("金华市"), "{page}");
        assert_eq!(browser.get("/security/sign-ins?days=8").await.status, 422);
        let page = browser.get("/security/logs").await.text;
        assert!(page.contains("登录和失败的尝试") && page.contains("程序没有留存"), "{page}");
        let page = browser.get("/security/self-check?chapter=2&status=not_met").await.text;
        assert!(page.contains("密码不少于 12 个字符") && page.contains("OWASP ASVS 4.0.3"), "{page}");
        let conclusion = "conclusion=%E9%80%90%E6%9D%A1%E7%9C%8B%E8%BF%87%E4%BA%86";
        assert_eq!(browser.post("/security/self-check", conclusion).await.to(), "/security/self-check");
        let page = browser.get("/security/self-check").await.text;
        assert!(page.contains("逐条看过了") && page.contains("个没有销号"), "{page}");
        assert!(browser.get("/security").await.text.contains("下一次应在 2027-04-02 以前"));
    });
}

#[test]
fn every_address_of_the_room_answers_whom_it_concerns() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let security = Browser::of(&app, &county.security).await;
        security.post("/security/assets", ASSET).await;
        let list = security.get("/security/assets").await.text;
        let asset = format!("/security/assets/0{}", between(&list, "href=\"/security/assets/0", "\""));
        let nothing = "018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11";
        let commands = [
            "/security/assets".to_owned(),
            asset.clone(),
            format!("{asset}/strike"),
            "/security/plans".into(),
            "/security/drills".into(),
            format!("/security/drills/{nothing}/leave"),
            format!("/security/drills/{nothing}/issues"),
            format!("/security/issues/{nothing}/strike"),
            "/security/self-check".into(),
        ];
        for by in county.everybody() {
            let browser = Browser::of(&app, &by).await;
            let (is_admin, is_auditor) = (by.person == county.admin.person, by.person == county.auditor.person);
            if by.person == county.security.person {
                continue;
            }
            let seen = if is_admin || is_auditor { 200 } else { 404 };
            assert_eq!(browser.get(&asset).await.status, seen, "{}", by.name);
            let file = browser.get("/security/files/00").await.status;
            assert_eq!(file, if is_admin { 403 } else { 404 }, "{}", by.name);
            for path in &commands {
                let is_of_parts = ["/security/plans", "/security/drills"].contains(&path.as_str());
                let page = if is_of_parts {
                    browser.parts(path, &[("title", None, b"x")]).await
                } else {
                    browser.post(path, ASSET).await
                };
                assert_eq!(page.status, if is_admin { 403 } else { 404 }, "{} {path}", by.name);
            }
        }
        // Nothing that is not there, and nothing by an address that is none.
        for path in [format!("/security/assets/{nothing}"), "/security/assets/x".into(), "/security/files/00".into()] {
            assert_eq!(security.get(&path).await.status, 404, "{path}");
        }
        for path in &commands[5..8] {
            let words = "reason=%E5%8E%9F%E5%9B%A0%E5%9C%A8%E6%AD%A4&words=%E5%8E%9F%E5%9B%A0%E5%9C%A8%E6%AD%A4&done=%E5%8E%9F%E5%9B%A0%E5%9C%A8%E6%AD%A4";
            assert_eq!(security.post(path, words).await.status, 404, "{path}");
        }
    });
}
