//! The pages of administrators: which accounts nobody uses, notice, restoring, a lost phone.

use chrono::TimeDelta;
use youju_domain::report::State;
use youju_testkit::{County, PASSWORD, april, newcomer, on_both_engines};

use crate::browser::Browser;

#[test]
fn an_administrator_gives_notice_and_restores_what_was_shut() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let clerk = county.factories[0].clerk.person;
        app.world().set(april(2) + TimeDelta::days(40));
        let admin = Browser::of(&app, &county.admin).await;
        let list = admin.get("/accounts?standing=dormant&search=tb0").await;
        assert!(list.text.contains("开设 30 天没有登录过") && list.text.contains("通知选中的账号"), "{}", list.text);
        assert!(!list.text.contains(">admin</a>"));
        let none = admin.post("/accounts/notice", "").await;
        assert!(none.status == 422 && none.text.contains("没有选中任何账号。"));
        let done = admin.post("/accounts/notice", &format!("person={clerk}")).await;
        assert_eq!((done.status, done.to()), (303, "/accounts?standing=noticed"));
        assert!(admin.get(done.to()).await.text.contains("tb000"));
        app.world().set(april(2) + TimeDelta::days(54));
        let refused = Browser::new(&app).post("/sign-in", &format!("login=tb000&password={PASSWORD}")).await;
        assert_eq!(refused.status, 403);
        assert!(
            refused.text.contains("停用:开设 30 天没有登录过。") && refused.text.contains("申诉"),
            "{}",
            refused.text
        );
        let security = Browser::of(&app, &county.security).await;
        let page = security.get(&format!("/accounts/{clerk}")).await.text;
        assert!(page.contains("已停用") && page.contains("恢复使用") && !page.contains("重置动态码</h2>"), "{page}");
        let reason = "reason=%E4%BC%91%E4%BA%A7%E5%81%87%E5%90%8E%E5%9B%9E%E6%9D%A5";
        let restored = security.post(&format!("/accounts/{clerk}/restore"), reason).await;
        assert_eq!((restored.status, restored.to()), (303, format!("/accounts/{clerk}").as_str()));
        Browser::of(&app, &county.factories[0].clerk).await;
        // Who makes accounts does not give them back, and who gives them back does not end them.
        let admin = Browser::of(&app, &county.admin).await;
        assert_eq!(admin.post(&format!("/accounts/{clerk}/restore"), reason).await.status, 403);
        assert_eq!(security.post(&format!("/accounts/{clerk}/post"), "last=2026-12-31").await.status, 403);
        let odd = admin.post(&format!("/accounts/{clerk}/post"), "last=sometime").await;
        assert!(odd.status == 422 && odd.text.contains("日期应写成"));
        assert_eq!(admin.post(&format!("/accounts/{clerk}/post"), "last=2026-12-31").await.status, 303);
        assert!(admin.get(&format!("/accounts/{clerk}")).await.text.contains("value=\"2026-12-31\""));
    });
}

#[test]
fn work_is_divided_by_domains_on_the_page_of_an_account() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let report = county.bring(0, State::Submitted).await;
        let colleague = newcomer(&county, "dai", &county.county).await;
        let admin = Browser::of(&app, &county.admin).await;
        let account = format!("/accounts/{}", colleague.person);
        let page = admin.get(&account).await;
        assert!(page.text.contains("保存分管专业") && page.text.contains("全部专业"), "{}", page.text);
        let officer = Browser::of(&app, &colleague).await;
        let places = [
            format!("/reports/{report}"),
            format!("/windows/{}", county.window),
            format!("/windows/{}/form-book", county.window),
        ];
        for place in &places {
            assert_eq!(officer.get(place).await.status, 200, "{place}");
        }
        let refused = admin.post(&format!("/accounts/{}/domains", county.county.person), "domain=rocket").await;
        assert!(refused.status == 422 && refused.text.contains("没有“rocket”这个专业"), "{}", refused.text);
        let done = admin.post(&format!("{account}/domains"), "domain=energy&domain=labour").await;
        assert_eq!(done.status, 303, "{}", done.text);
        assert!(admin.get(done.to()).await.text.contains("能源、劳动工资"));
        // From the next request on, on pages, exports and lists.
        for place in &places {
            assert_eq!(officer.get(place).await.status, 404, "{place}");
        }
        let list = officer.get("/reports").await;
        assert!(list.status == 200 && !list.text.contains("B203"), "{}", list.text);
        let unit = officer.get(&format!("/units/{}", county.factories[0].unit)).await;
        assert!(unit.status == 200 && !unit.text.contains("B203"), "{}", unit.text);
        // Nobody is left without: the other cannot be limited to energy too.
        let refused = admin.post(&format!("/accounts/{}/domains", county.county.person), "domain=energy").await;
        assert!(refused.status == 422 && refused.text.contains("没有别的"), "{}", refused.text);
    });
}
