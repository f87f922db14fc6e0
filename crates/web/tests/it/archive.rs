//! The archive box on pages: an officer finds whose box lacks what, the unit mends it, and takes it home.

use youju_domain::report::State;
use youju_testkit::{County, Factory, april, on_both_engines};

use crate::browser::Browser;

#[test]
fn a_box_says_what_it_lacks_and_where_that_is_mended_and_can_be_taken_home() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, report, name, .. } = &county.factories[0];
        county.bring(0, State::Submitted).await;
        app.world().set(april(11));
        let browser = Browser::of(&app, clerk).await;
        let own = format!("/archive/{unit}/2026");
        assert_eq!(browser.get("/archive").await.to(), own);
        assert_eq!(browser.get(&format!("/units/{unit}/archive")).await.to(), own);
        for from in [format!("/units/{unit}/ledger?period=2026-03"), format!("/reports/{report}/history")] {
            assert!(browser.get(&from).await.text.contains(&own), "{from}");
        }
        let page = browser.get(&own).await.text;
        for words in ["已有 1 件 ÷ 应有 4 件", "缺 3 件", "认这些字样:签字、盖章", "10 年", "第二十三条", "发生时归档"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        let mend = format!("/units/{unit}/ledger?period=2026-03&amp;proves=report%3A{report}#attachments");
        assert!(page.contains(&mend), "{page}");
        let place = format!("report:{report}");
        let parts: [(&str, Option<&str>, &[u8]); 3] = [
            ("file", Some("三月.pdf"), b"%PDF-1.7"),
            ("note", None, "已盖章".as_bytes()),
            ("proves", None, place.as_bytes()),
        ];
        assert_eq!(browser.parts(&format!("/units/{unit}/attachments?period=2026-03"), &parts).await.status, 303);
        let page = browser.get(&own).await.text;
        assert!(page.contains("已有 3 件 ÷ 应有 4 件"), "the paper, and an original: {page}");
        let file = browser.get(&format!("{own}/export?part=all")).await;
        assert_eq!((file.status, file.headers["content-type"].to_str().unwrap()), (200, "application/zip"));
        assert!(file.bytes.starts_with(b"PK"));
        let damaged = browser.get(&format!("{own}/export?part=h3")).await;
        assert!(damaged.status == 422 && damaged.is_page(), "{}", damaged.status);
        let wrong = browser.get(&format!("/archive/{unit}/26")).await;
        assert!(wrong.status == 422 && wrong.text.contains("年度应写成四位数字"), "{}", wrong.text);

        let officer = Browser::of(&app, &county.county).await;
        assert!(officer.get("/inbox").await.text.contains("href=\"/archive\""));
        let list = officer.get("/archive").await.text;
        for words in ["共 3 条", "不缺的 1 家 ÷ 有应归档的 2 家", "已有 2 件 ÷ 应有 4 件", "没有到期的材料", &own]
        {
            assert!(list.contains(words), "{words}: {list}");
        }
        let list = officer.get("/archive?township=330781001000&year=2026").await.text;
        assert!(list.contains(name) && !list.contains(&county.factories[1].name), "{list}");
        let passed = officer.get("/archive/expired?year=2026").await.text;
        assert!(passed.contains("没有保存期限已满的材料") && passed.contains("还有 1 个在保存期限内"), "{passed}");
        let empty = officer.get(&format!("/archive/{unit}/2020")).await.text;
        assert!(empty.contains("这一年没有应报的报表"), "{empty}");
        let nobody = Browser::of(&app, &county.neighbour).await.get("/archive").await.text;
        assert!(nobody.contains("没有单位"), "{nobody}");
    });
}
