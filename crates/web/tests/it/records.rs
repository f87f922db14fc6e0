//! Source records in a browser without scripts: choose, look at the columns, import, compare.

use youju_testkit::{County, Factory, TRIAL_BALANCE, VOUCHERS, on_both_engines, on_sqlite};

use crate::browser::{Browser, agreement};

const SCRIPT: &str = "<script>alert(1)</script>";

#[test]
fn a_clerk_imports_books_and_vouchers_and_sees_that_they_agree() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let ledger = format!("/units/{unit}/ledger?period=2026-03");
        let empty = browser.get(&ledger).await.text;
        assert!(empty.contains("本期还没有导入") && empty.contains("文件不经过病毒检查"), "{empty}");

        let chosen = browser.upload(&ledger, "三月余额.csv", TRIAL_BALANCE).await;
        let preview = browser.get(chosen.to()).await;
        assert!(preview.text.contains("程序识别为 <strong>科目余额表</strong>"), "{}", preview.text);
        let done = browser.post(chosen.to(), "kind=trial_balance").await;
        assert!(done.to().starts_with("/imports/"), "{}", done.text);

        let chosen = browser.upload(&ledger, "三月凭证.csv", VOUCHERS).await;
        let preview = browser.get(chosen.to()).await;
        for words in ["凭证序时簿", "名称一致", "个人信息,不保存", "记-1", "默认不保留原文件"]
        {
            assert!(preview.text.contains(words), "{words}: {}", preview.text);
        }
        assert!(!preview.text.contains("钱会计"));
        let done = browser.post(chosen.to(), &agreement(&preview.text)).await;
        assert!(done.to().starts_with("/records/"), "{}", done.text);
        let page = browser.get(done.to()).await.text;
        assert!(
            page.contains("共 10 条") && page.contains("没有保留(含个人信息)") && !page.contains("钱会计"),
            "{page}"
        );

        let page = browser.get(&ledger).await.text;
        assert!(page.contains("账证核对") && page.contains("共核对 10 项") && page.contains("1002 银行存款 本期借方"));
        assert_eq!(browser.get(chosen.to()).await.status, 404, "an imported file waits no more");
    });
}

#[test]
fn a_refused_file_comes_back_with_its_reasons_and_the_chosen_columns() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let ledger = format!("/units/{unit}/ledger?period=2026-03");
        let chosen = browser.upload(&ledger, "三月凭证.csv", &VOUCHERS.replace("40030000.25", "40030000.26")).await;
        let preview = browser.get(chosen.to()).await.text;
        let refused = browser.post(chosen.to(), &agreement(&preview)).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("借贷不平") && refused.text.contains("刚才选择的"), "{}", refused.text);
        // Without the account nothing can be imported, and the page says which column is missing.
        let without = agreement(&preview).replace("=account&", "=&");
        let refused = browser.post(chosen.to(), &without).await;
        assert!(refused.text.contains("没有对应“科目编码”的列"), "{}", refused.text);
        assert_eq!(refused.status, 422);
        let unreadable = browser.upload(&ledger, "三月.xlsx", "%PDF-1.7").await;
        assert!(unreadable.status == 422 && unreadable.text.contains("是 PDF 文件"), "{}", unreadable.text);
    });
}

#[test]
fn a_column_or_a_value_that_is_a_script_is_shown_and_not_run() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let ledger = format!("/units/{unit}/ledger?period=2026-03");
        let file = VOUCHERS.replace("摘要", SCRIPT).replace("收到货款", SCRIPT).replace("制单人", "备注");
        let chosen = browser.upload(&ledger, "<script>alert(1).csv", &file).await;
        let preview = browser.get(&format!("{}?kind=generic", chosen.to())).await;
        let imported = browser.post(chosen.to(), &agreement(&preview.text)).await;
        assert!(imported.to().starts_with("/records/"), "{}", imported.text);
        for page in [&preview, &browser.get(imported.to()).await, &browser.get(&ledger).await] {
            assert!(page.is_page() && page.status == 200, "{}", page.text);
            assert!(!page.text.contains("<script>alert"), "{}", page.text);
        }
        assert!(preview.text.contains("&lt;script&gt;"));
    });
}

#[test]
fn an_officer_shares_a_template_and_the_next_unit_is_offered_it() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let (first, second) = (&county.factories[0], &county.factories[1]);
        let clerk = Browser::of(&app, &first.clerk).await;
        let chosen = clerk.upload(&format!("/units/{}/ledger?period=2026-03", first.unit), "一.csv", VOUCHERS).await;
        let preview = clerk.get(chosen.to()).await;
        let records = clerk.post(chosen.to(), &agreement(&preview.text)).await.to().to_owned();
        assert!(!clerk.get(&records).await.text.contains("共享为模板"));
        let officer = Browser::of(&app, &county.county).await;
        assert!(officer.get(&records).await.text.contains("共享为模板"));
        assert_eq!(officer.post(&format!("{records}/share"), "name=U8").await.to(), records);
        let next = Browser::of(&app, &second.clerk).await;
        let chosen = next.upload(&format!("/units/{}/ledger?period=2026-03", second.unit), "二.csv", VOUCHERS).await;
        let offered = next.get(chosen.to()).await.text;
        assert!(offered.contains("模板“U8”") && offered.contains("程序建议"), "{offered}");
        let own = next.get(&format!("{}?from=program", chosen.to())).await.text;
        assert!(own.contains("<strong>程序建议</strong>"), "{own}");
    });
}
