//! A report that is filled in Excel, by links and forms alone.

use youju_domain::report::{CellId, State, value_of};
use youju_testkit::{County, FIGURES, Factory, Workbook, on_both_engines, on_sqlite};

use crate::browser::{Browser, Page, cookie};

/// The hidden field of a page.
fn hidden(page: &Page, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let begin = page.text.find(&mark).unwrap_or_else(|| panic!("no {name}: {}", page.text)) + mark.len();
    page.text[begin..].split('"').next().unwrap().to_owned()
}

/// Presses a button of the page that shows what would change.
async fn press(browser: &Browser, page: &Page, path: &str, mode: &str) -> Page {
    let fields = ["name", "seen", "kept"].map(|name| (name, hidden(page, name)));
    let mut parts: Vec<(&str, Option<&str>, &[u8])> =
        fields.iter().map(|(name, value)| (*name, None, value.as_bytes())).collect();
    parts.push(("mode", None, mode.as_bytes()));
    browser.parts(path, &parts).await
}

fn is_workbook(page: &Page) -> bool {
    let kind = page.headers["content-type"].to_str().unwrap();
    let saved = page.headers["content-disposition"].to_str().unwrap();
    page.status == 200 && kind.ends_with("spreadsheetml.sheet") && saved.starts_with("attachment; filename*=UTF-8''")
}

#[test]
fn from_the_export_through_the_look_and_the_copy_to_the_report() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let act = |act: &str| format!("/reports/{id}/{act}");
        let report = browser.get(&format!("/reports/{id}")).await.text;
        for link in ["form-book", "form-book/import"] {
            assert!(report.contains(&format!("href=\"{}\"", act(link))), "{link}");
        }
        let out = browser.get(&act("form-book")).await;
        assert!(is_workbook(&out));
        let mut workbook = Workbook::open(&out.bytes);
        for (cell, value) in FIGURES {
            workbook.put(cell.trim_start_matches('c'), "", &value.replace(',', ""));
        }
        workbook.put("601", "", "八十");

        let page = browser.upload(&act("form-book/import"), "填好的表.xlsx", workbook.save()).await;
        assert_eq!(page.status, 200);
        for told in ["14</b>", "“期末用工人数”应为人整数,现为“八十”", "只导入没有问题的行(14 格)", "120,000"]
        {
            assert!(page.text.contains(told), "{told}: {}", page.text);
        }
        assert_eq!(county.report(*id).await.state, State::Empty, "looking takes nothing");

        let copy = press(&browser, &page, &act("form-book/copy"), "").await;
        assert!(is_workbook(&copy));
        let mut copy = Workbook::open(&copy.bytes);
        assert!(copy.words().contains("“期末用工人数”应为人整数"), "{}", copy.words());

        let taken = press(&browser, &page, &act("form-book/take"), "rows").await;
        assert!(taken.status == 200 && taken.text.contains("已导入 14 格。"), "{}", taken.text);
        // Pressed twice: what moved in between is shown again, and nothing is taken twice.
        let again = press(&browser, &page, &act("form-book/take"), "rows").await;
        assert!(again.status == 409 && again.text.contains("0</b><span>格将改动"), "{}", again.text);

        copy.put("601", "", "80");
        let page = browser.upload(&act("form-book/import"), "改好的表.xlsx", copy.save()).await;
        assert!(page.text.contains("导入 1 格") && page.text.contains("审核通过"), "{}", page.text);
        let done = press(&browser, &page, &act("form-book/take"), "whole").await;
        assert_eq!((done.status, done.to()), (303, format!("/reports/{id}").as_str()));
        assert!(cookie(&done).starts_with("youju_notice=form_book_taken"));
        let cells = county.report(*id).await.cells;
        assert!(FIGURES.iter().all(|(cell, value)| value_of(&cells, &CellId::new(*cell)).print() == *value));
        let history = browser.get(&act("history")).await.text;
        assert!(history.contains("从 Excel 导入") && history.contains("文件 改好的表.xlsx"), "{history}");
    });
}

#[test]
fn a_file_that_cannot_be_used_is_told_on_the_page_that_asks_for_it() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let [own, other] = [0, 1].map(|at| &county.factories[at]);
        let (browser, stranger) = (Browser::of(&app, &own.clerk).await, Browser::of(&app, &other.clerk).await);
        let path = format!("/reports/{}/form-book/import", own.report);
        let foreign = stranger.get(&format!("/reports/{}/form-book", other.report)).await.bytes;
        for (name, bytes, says) in [
            ("别家.xlsx", foreign, "文件是从另一份报表导出的"),
            ("余额表.csv", youju_testkit::TRIAL_BALANCE.as_bytes().to_vec(), "不是本系统导出的报表"),
            ("坏的.xlsx", b"PK\x03\x04".to_vec(), "已损坏"),
            ("很大.xlsx", vec![0; 9 << 20], "文件有 9 MB,报表工作簿不应超过 8 MB。"),
        ] {
            let page = browser.upload(&path, name, bytes).await;
            assert_eq!(page.status, 422, "{name}");
            assert!(page.text.contains(says) && page.text.contains("文件没有导入。"), "{name}: {}", page.text);
        }
        let nothing = browser.parts(&path, &[]).await;
        assert!(nothing.status == 422 && nothing.text.contains("没有选择文件。"), "{}", nothing.text);
        let take = path.replace("import", "take");
        let spoilt = browser.parts(&take, &[("kept", None, b"???"), ("seen", None, b"0")]).await;
        assert_eq!(spoilt.status, 422);
        assert_eq!(county.report(own.report).await.revision, 0);
    });
}

#[test]
fn officers_take_the_table_of_a_window_and_are_offered_no_import() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let officer = Browser::of(&app, &county.county).await;
        let board = officer.get(&format!("/windows/{}", county.window)).await.text;
        let path = format!("/windows/{}/form-book", county.window);
        assert!(board.contains(&format!("href=\"{path}\"")), "{board}");
        let table = officer.get(&path).await;
        assert!(is_workbook(&table) && Workbook::open(&table.bytes).words().contains("120000"));
        let report = officer.get(&format!("/reports/{id}")).await.text;
        assert!(report.contains("导出 Excel") && !report.contains("form-book/import"));
    });
}
