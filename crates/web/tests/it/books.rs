//! Ledgers and 一键生成 in a browser without scripts.

use youju_testkit::{County, Factory, TRIAL_BALANCE, on_both_engines, on_sqlite};

use crate::browser::Browser;

/// The value of a hidden field.
fn hidden<'p>(page: &'p str, name: &str) -> &'p str {
    let marker = format!("name=\"{name}\" value=\"");
    page.split(&marker).nth(1).and_then(|rest| rest.split('"').next()).expect(name)
}

#[test]
fn a_clerk_keeps_a_ledger() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let ledger = format!("/units/{unit}/ledger?period=2026-03");
        let page = browser.get(&ledger).await.text;
        for words in ["统计台账", "产值产量台账", "能源台账", "企业大事记", "未登记", "本期报表一键生成"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        let output = format!("/units/{unit}/books/output?period=2026-03");
        let empty = browser.get(&output).await.text;
        assert!(
            empty.contains("产成品入库单")
                && empty.contains("name=\"r.5.produced\"")
                && !empty.contains("r.6.produced")
        );
        assert!(!empty.contains("name=\"r.1.value\""), "what is computed is not asked for");
        // More rows are shown without saving what is being typed.
        let more = browser.post(&output, "was=&spare=5&more=1&r.1.name=%E6%B0%B4%E6%B3%A5&r.2.produced=7").await.text;
        assert!(
            more.contains("还没有保存") && more.contains("value=\"水泥\"") && more.contains("r.25.produced"),
            "{more}"
        );
        let wrong = browser.post(&output, "was=&spare=5&r.1.name=%E6%B0%B4%E6%B3%A5&r.1.produced=abc").await;
        assert_eq!(wrong.status, 422);
        assert!(
            wrong.text.contains("没有保存")
                && wrong.text.contains("value=\"abc\"")
                && wrong.text.contains("value=\"水泥\"")
        );
        let body = "was=&spare=5&r.1.name=%E6%B0%B4%E6%B3%A5&r.1.produced=120&r.1.price=300.5&r.2.name=&r.2.produced=";
        assert_eq!(browser.post(&output, body).await.to(), output);
        let saved = browser.get(&output).await.text;
        assert!(saved.contains("36,060") && saved.contains("保存记录"), "{saved}");
        // Somebody else saved meanwhile: nothing is overwritten, what was typed is still there, and saving again changes only that.
        let late = browser.post(&output, "was=&spare=5&r.2.name=%E7%A0%96&r.1.produced=").await;
        assert!(late.status == 409 && late.text.contains("刚才有其他人也在办理") && late.text.contains("value=\"砖\""));
        assert!(late.text.contains("value=\"120\""), "what the other person saved is shown: {}", late.text);
        let was = hidden(&saved, "was").to_owned();
        let again = browser
            .post(&output, &format!("was={was}&spare=5&r.1.name=%E6%B0%B4%E6%B3%A5&r.1.produced=100&r.1.price=300.5"))
            .await;
        assert_eq!(again.to(), output);
        assert!(browser.get(&format!("/books/{was}")).await.text.contains("36,060"), "the earlier one stays");
    });
}

#[test]
fn a_clerk_generates_every_report_and_an_officer_sees_what_differs() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let ledger = format!("/units/{unit}/ledger?period=2026-03");
        let output = format!("/units/{unit}/books/output?period=2026-03");
        browser.post(&output, "was=&spare=5&r.1.name=%E6%B0%B4%E6%B3%A5&r.1.produced=100&r.1.price=300.5").await;
        let upload = browser.upload(&ledger, "三月余额.csv", TRIAL_BALANCE).await;
        browser.post(upload.to(), "kind=trial_balance").await;
        let set = format!("/units/{unit}/generate?period=2026-03");
        let before = browser.get(&set).await.text;
        assert!(before.contains("全部生成") && before.contains("台账中已有,还没有生成"), "{before}");
        assert_eq!(browser.post(&set, "").await.to(), set);
        let after = browser.get(&set).await.text;
        assert!(
            after.contains("主营业务收入") && after.contains("科目余额表") && !after.contains("还没有生成。请再生成"),
            "{after}"
        );
        // A figure that is typed over is told on the report, to whoever looks at it.
        let report = county.factories[0].report;
        assert!(!browser.get(&format!("/reports/{report}")).await.text.contains("项与台账不一致"));
        let was = youju_domain::report::value_of(
            &county.report(report).await.cells,
            &youju_domain::report::CellId::new("c301"),
        )
        .print();
        browser.post(&format!("/reports/{report}/cells"), &format!("was.c301={was}&c301=1")).await;
        let officer = Browser::of(&app, &county.county).await;
        let told = officer.get(&format!("/reports/{report}")).await.text;
        assert!(told.contains("有 1 项与台账不一致") && told.contains(&format!("台账 {was},报表 1")), "{told}");
        let seen = officer.get(&set).await.text;
        assert!(seen.contains("怎样得到") && !seen.contains("全部生成"));
        assert_eq!(officer.post(&set, "").await.status, 403);
        let read_only = officer.get(&output).await.text;
        assert!(read_only.contains("30,050") && !read_only.contains("<input name=\"r."), "{read_only}");
    });
}

#[test]
fn a_ledger_that_is_not_there_or_not_ones_own_is_not_found() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let (own, other) = (&county.factories[0], &county.factories[1]);
        let browser = Browser::of(&app, &own.clerk).await;
        for path in [
            format!("/units/{}/books/nothing?period=2026-03", own.unit),
            format!("/units/{}/books/output?period=2026-03", other.unit),
            format!("/units/{}/generate?period=2026-03", other.unit),
            format!("/books/{}", own.unit),
        ] {
            assert_eq!(browser.get(&path).await.status, 404, "{path}");
        }
        for path in [format!("/units/{}/books/output?period=x", own.unit), format!("/units/{}/books/output", own.unit)]
        {
            assert_eq!(browser.get(&path).await.status, 422, "{path}");
        }
        let nothing = browser.get(&format!("/units/{}/generate?period=2025-03", own.unit)).await;
        assert!(nothing.status == 200 && nothing.text.contains("没有2025年3月的报表"), "{}", nothing.text);
        let gather = format!("/units/{}/books/energy/gather?period=2026-03", own.unit);
        let none = browser.post(&gather, "was=").await;
        assert!(none.status == 422 && none.text.contains("没有可以归集的数据"), "{}", none.text);
    });
}
