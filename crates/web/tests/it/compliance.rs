//! Ledger compliance on pages: of one unit with what is missing, of an area as a list.

use youju_testkit::{County, Factory, TRIAL_BALANCE, april, on_both_engines};

use crate::browser::Browser;

#[test]
fn an_officer_finds_whose_ledgers_are_missing_and_the_unit_sees_what() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, name, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let own = format!("/units/{unit}/compliance");
        let early = browser.get(&own).await.text;
        assert!(early.contains("近三年没有到期的报表"), "{early}");
        app.world().set(april(11));
        // The session is over by now.
        let browser = Browser::of(&app, clerk).await;
        let page = browser.get(&own).await.text;
        for words in ["未达标", "达标 0 期 ÷ 应有 1 期", "没有科目余额表(B203)", "0.0%"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(page.contains(&format!("href=\"/units/{unit}/ledger?period=2026-03\"")), "{page}");
        assert!(browser.get(&format!("/units/{unit}")).await.text.contains(&own));

        let officer = Browser::of(&app, &county.county).await;
        let list = officer.get("/compliance").await.text;
        for words in
            ["台账齐全 0 家 ÷ 有应报的 2 家", "有台账 0 期 ÷ 应有 2 期", "共 3 条", "不全", "没有到期的报表", &own]
        {
            assert!(list.contains(words), "{words}: {list}");
        }
        assert!(officer.get("/inbox").await.text.contains("href=\"/compliance\""));
        let uploaded = browser.upload(&format!("/units/{unit}/ledger?period=2026-03"), "三月.csv", TRIAL_BALANCE).await;
        assert_eq!(browser.post(uploaded.to(), "kind=trial_balance").await.status, 303);
        let list = officer.get("/compliance?township=330781001000").await.text;
        assert!(list.contains("台账齐全 1 家 ÷ 有应报的 1 家") && list.contains(name), "{list}");
        assert!(!list.contains(&county.factories[1].name), "{list}");
        assert!(list.contains("<option value=\"330781002000\">"), "the other townships can still be chosen: {list}");
        let page = officer.get(&own).await.text;
        assert!(page.contains("迟于截止") && page.contains("达标 1 期 ÷ 应有 1 期"), "{page}");
        let nobody = Browser::of(&app, &county.neighbour).await.get("/compliance").await.text;
        assert!(nobody.contains("没有单位"), "{nobody}");
    });
}
