//! Attachments in a browser without scripts: taken by content, kept once, fetched safely, taken away with a reason.

use axum::body::Body;
use youju_domain::id::UnitId;
use youju_testkit::{County, Factory, TRIAL_BALANCE, Workbook, on_both_engines, on_sqlite};

use crate::browser::{Browser, Page, agreement};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR";
const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\0\x10JFIF";

fn ledger(unit: UnitId) -> String {
    format!("/units/{unit}/ledger?period=2026-03")
}

/// Sends files as the form of the ledger's page does.
async fn attach(browser: &Browser, unit: UnitId, proves: &str, note: &str, files: &[(&str, &[u8])]) -> Page {
    let mut parts = vec![("proves", None, proves.as_bytes()), ("note", None, note.as_bytes())];
    parts.extend(files.iter().map(|(name, content)| ("file", Some(*name), *content)));
    browser.parts(&format!("/units/{unit}/attachments?period=2026-03"), &parts).await
}

/// The addresses of the attachments on a page, in its order.
fn addresses(page: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for rest in page.split("href=\"/attachments/").skip(1) {
        let id = rest.split(['"', '?']).next().unwrap_or_default();
        let address = format!("/attachments/{id}");
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

#[track_caller]
fn header<'a>(page: &'a Page, name: &str) -> &'a str {
    page.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[test]
fn a_clerk_attaches_papers_and_pictures_and_everybody_of_the_unit_finds_them() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, head, unit, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let page = browser.get(&ledger(*unit)).await.text;
        for words in ["本期还没有附件", "accept=\"image/*,.pdf", "multiple", "附件", "文件不经过病毒检查"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        let done = attach(&browser, *unit, "period", "三月电费", &[("电费单.pdf", PDF), ("现场.png", PNG)]).await;
        assert_eq!((done.status, done.to()), (303, format!("{}#attachments", ledger(*unit)).as_str()));
        let page = Browser::of(&app, head).await.get(&ledger(*unit)).await.text;
        for words in ["电费单.pdf", "现场.png", "三月电费", "填报人 tb000", "PDF", "图片", "本期台账"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("移除原因"), "the person in charge looks, the statistician fills");
        let [first, second] = &addresses(&page)[..] else { panic!("{page}") };
        let is_picture = browser.get(first).await.bytes == PNG;
        let (picture, paper) = if is_picture { (first, second) } else { (second, first) };
        let saved = browser.get(paper).await;
        assert_eq!((saved.status, saved.bytes.as_slice()), (200, PDF));
        assert_eq!(header(&saved, "content-type"), "application/pdf");
        let name = "attachment; filename*=UTF-8''%E7%94%B5%E8%B4%B9%E5%8D%95.pdf";
        assert_eq!(header(&saved, "content-disposition"), name);
        assert!(header(&saved, "content-security-policy").ends_with("; sandbox"));
        assert_eq!(header(&saved, "cache-control"), "private, no-store");
        assert_eq!(header(&saved, "x-content-type-options"), "nosniff");
        // A picture may be looked at, a paper is always saved.
        let shown = browser.get(&format!("{picture}?inline=1")).await;
        assert!(header(&shown, "content-disposition").starts_with("inline; "));
        let shown = browser.get(&format!("{paper}?inline=1")).await;
        assert!(header(&shown, "content-disposition").starts_with("attachment; "));
    });
}

#[test]
fn what_is_not_evidence_is_refused_with_its_reason_and_the_rest_is_kept() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let page: &[u8] = b"<!DOCTYPE html><script>alert(1)</script>";
        let bad: [(&str, &[u8], &str); 7] = [
            ("a.pdf", page, "网页"),
            ("图.png", b"<svg onload='alert(1)'/>", "网页"),
            ("发票.jpg", b"MZ\x90\0", "程序"),
            ("归档.xlsx", b"PK\x03\x04....virus.exe", "压缩包"),
            ("说明.csv", "没有分列的一段话".as_bytes(), "不是分列的表格"),
            ("包.gz", b"\x1F\x8B\x08", "压缩包"),
            ("空.pdf", b"", "空的"),
        ];
        for (name, content, reason) in bad {
            let refused = attach(&browser, *unit, "period", "", &[(name, content)]).await;
            assert_eq!(refused.status, 422, "{name}");
            let page = &refused.text;
            assert!(refused.is_page() && page.contains("附件没有添加") && page.contains(reason), "{name}: {page}");
            assert!(page.contains(name) && !page.contains("<script>alert"), "{name}: {page}");
        }
        assert!(browser.get(&ledger(*unit)).await.text.contains("本期还没有附件"));
        // The good ones of the same act are kept.
        let files: Vec<(&str, &[u8])> = vec![("a.pdf", page), ("电费单.pdf", PDF), ("照片.jpg", JPEG)];
        let some = attach(&browser, *unit, "period", "", &files).await;
        assert_eq!(some.status, 200);
        assert!(some.text.contains("已添加 2 个附件。") && some.text.contains("有 1 个文件没有添加"), "{}", some.text);
        assert_eq!(addresses(&some.text).len(), 2);
        let none = browser.parts(&format!("/units/{unit}/attachments?period=2026-03"), &[("note", None, b"x")]).await;
        assert!(none.status == 422 && none.text.contains("没有选择文件"), "{}", none.text);
        let long = attach(&browser, *unit, "period", &"字".repeat(201), &[("电费单二.pdf", b"%PDF-1.4")]).await;
        assert!(long.status == 422 && long.text.contains("说明最多 200 个字"), "{}", long.text);
        let many: Vec<(&str, &[u8])> = vec![("电费单.pdf", PDF); 21];
        let many = attach(&browser, *unit, "period", "", &many).await;
        assert!(many.status == 422 && many.text.contains("一次最多上传 20 个文件"), "{}", many.text);
        // A document made by an office program is taken by what is in it.
        let report = browser.get(&format!("/reports/{}/form-book", county.factories[0].report)).await.bytes;
        let done = attach(&browser, *unit, "period", "", &[("没有后缀", &Workbook::open(&report).save())]).await;
        assert_eq!(done.status, 303, "{}", done.text);
    });
}

#[test]
fn the_same_file_is_stored_once_and_hangs_once_in_one_place() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, report, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        for proves in ["period".to_owned(), format!("report:{report}"), format!("report:{report}:c301")] {
            assert_eq!(attach(&browser, *unit, &proves, "", &[("电费单.pdf", PDF)]).await.status, 303, "{proves}");
            let again = attach(&browser, *unit, &proves, "", &[("另一个名字.pdf", PDF)]).await;
            assert_eq!(again.status, 422, "{proves}");
            assert!(again.text.contains("另一个名字.pdf") && again.text.contains("没有重复添加"), "{}", again.text);
        }
        let cell = browser.get(&format!("/reports/{report}/cells/c301")).await.text;
        assert_eq!(addresses(&cell).len(), 2, "of the report and of the cell: {cell}");
        assert!(cell.contains("这一格") && cell.contains("整张报表") && cell.contains("为这一格添加附件"));
        assert_eq!(addresses(&browser.get(&format!("/reports/{report}/cells/c401")).await.text).len(), 1);
        // The link from the cell chooses it in the form.
        let form = browser.get(&format!("{}&proves=report%3A{report}%3Ac301", ledger(*unit))).await.text;
        assert!(form.contains(&format!("<option value=\"report:{report}:c301\" selected>报表 B203 ")), "{form}");
        // Taken away in one place, it stays in the others.
        let page = browser.get(&ledger(*unit)).await.text;
        let first = addresses(&page)[0].clone();
        assert_eq!(
            browser.post(&format!("{first}/remove"), "reason=%E4%BC%A0%E9%94%99%E4%BA%86%E6%96%87").await.status,
            303
        );
        for address in addresses(&page) {
            assert_eq!(browser.get(&address).await.bytes, PDF, "{address}");
        }
    });
}

#[test]
fn an_attachment_proves_only_what_is_of_its_unit_and_period() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let (own, other) = (&county.factories[0], &county.factories[1]);
        let browser = Browser::of(&app, &own.clerk).await;
        let import = browser.upload(&ledger(own.unit), "三月.csv", TRIAL_BALANCE).await;
        let import = browser.post(import.to(), "kind=trial_balance").await;
        let import = import.to().strip_prefix("/imports/").unwrap().to_owned();
        let absent = "018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11";
        for (proves, status) in [
            (format!("import:{import}"), 303),
            (format!("report:{}:c999", own.report), 422),
            (format!("report:{}", other.report), 404),
            (format!("import:{absent}"), 404),
            (format!("records:{import}"), 404),
            ("unit".to_owned(), 422),
            ("report:x".to_owned(), 422),
        ] {
            let answer = attach(&browser, own.unit, &proves, "", &[("电费单.pdf", PDF)]).await;
            assert_eq!(answer.status, status, "{proves}: {}", answer.text);
        }
        let elsewhere = format!("/units/{}/attachments?period=2026-02", own.unit);
        let proves = format!("import:{import}");
        let parts = [("proves", None, proves.as_bytes()), ("file", Some("电费单.pdf"), PDF)];
        assert_eq!(browser.parts(&elsewhere, &parts).await.status, 404, "an import of another period");
        let reloaded = browser.get(&elsewhere).await;
        assert!(reloaded.status == 303 && reloaded.to().ends_with("/ledger?period=2026-02#attachments"));
    });
}

#[test]
fn officers_fetch_what_is_kept_and_strangers_find_nothing() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        assert_eq!(attach(&browser, *unit, "period", "", &[("电费单.pdf", PDF)]).await.status, 303);
        let chosen = browser.upload(&ledger(*unit), "三月.csv", TRIAL_BALANCE).await;
        let import = browser.post(chosen.to(), "kind=trial_balance").await.to().to_owned();
        let table = "日期,客户,金额\n2026-03-01,甲商行,7\n2026-03-02,乙商行,8\n";
        let chosen = browser.upload(&ledger(*unit), "明细.csv", table).await;
        let preview = browser.get(&format!("{}?kind=generic", chosen.to())).await.text;
        let records = browser.post(chosen.to(), &agreement(&preview)).await.to().to_owned();
        assert!(browser.get(&import).await.text.contains("下载原文件"));
        assert!(browser.get(&records).await.text.contains("下载原文件"));

        let address = addresses(&browser.get(&ledger(*unit)).await.text).remove(0);
        let wanted = [
            (address.clone(), "电费单.pdf"),
            (format!("{import}/file"), "三月.csv"),
            (format!("{records}/file"), "明细.csv"),
        ];
        for officer in [&county.township, &county.county, &county.city] {
            let browser = Browser::of(&app, officer).await;
            for (address, _) in &wanted {
                let page = browser.get(address).await;
                assert_eq!(page.status, 200, "{address}");
                assert!(header(&page, "content-disposition").starts_with("attachment; "), "{address}");
            }
            assert!(!browser.get(&ledger(*unit)).await.text.contains("添加附件"), "an officer adds nothing");
        }
        assert_eq!(browser.get(&format!("{import}/file")).await.bytes, TRIAL_BALANCE.as_bytes());

        for stranger in [&county.factories[1].clerk, &county.factories[1].head, &county.neighbour, &county.admin] {
            let browser = Browser::of(&app, stranger).await;
            for (address, name) in &wanted {
                let page = browser.get(address).await;
                assert_eq!(page.status, 404, "{} {address}", stranger.name);
                assert!(!page.text.contains(name));
            }
            assert_eq!(browser.post(&format!("{address}/remove"), "reason=abcdef").await.status, 404);
            assert_eq!(attach(&browser, *unit, "period", "", &[("电费单二.pdf", PDF)]).await.status, 404);
        }
    });
}

#[test]
fn taking_away_needs_a_reason_and_leaves_everything_to_be_looked_up() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, head, unit, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        assert_eq!(attach(&browser, *unit, "period", "", &[("电费单.pdf", PDF)]).await.status, 303);
        let address = addresses(&browser.get(&ledger(*unit)).await.text).remove(0);
        let remove = format!("{address}/remove");
        for form in ["", "reason=", "reason=%20%20%E9%94%99%20%20"] {
            let refused = browser.post(&remove, form).await;
            assert!(refused.status == 422 && refused.text.contains("移除原因应在 4 到 200 个字之间"), "{form}");
        }
        let reason = "reason=%E4%BC%A0%E6%88%90%E4%BA%86%E4%BA%8C%E6%9C%88%E7%9A%84%E5%8D%95%E6%8D%AE";
        for (actor, status) in [(head, 403), (&county.county, 403), (clerk, 303), (clerk, 422)] {
            assert_eq!(Browser::of(&app, actor).await.post(&remove, reason).await.status, status, "{}", actor.name);
        }
        let officer = Browser::of(&app, &county.county).await;
        for browser in [&browser, &officer] {
            let page = browser.get(&ledger(*unit)).await.text;
            assert!(page.contains("已移除") && page.contains("传成了二月的单据"), "{page}");
        }
        assert_eq!(officer.get(&address).await.bytes, PDF, "evidence stays");
        // What was taken away by mistake is added again.
        assert_eq!(attach(&browser, *unit, "period", "", &[("电费单.pdf", PDF)]).await.status, 303);
        assert_eq!(addresses(&browser.get(&ledger(*unit)).await.text).len(), 2);
    });
}

#[test]
fn a_hostile_name_harms_nobody() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let names = [
            "..%2f..%2fetc.pdf",
            "../../../etc/passwd",
            "<script>alert(1).pdf",
            "a\u{202e}fdp.exe",
            "CON",
            "x'; filename=evil.html",
            "新 文件\u{feff}.pdf",
            &"长".repeat(400),
        ];
        for (number, name) in names.iter().enumerate() {
            let content = format!("%PDF-1.{number}");
            let done =
                attach(&browser, *unit, "period", "<script>alert(2)</script>", &[(name, content.as_bytes())]).await;
            assert_eq!(done.status, 303, "{name}: {}", done.text);
        }
        let page = browser.get(&ledger(*unit)).await.text;
        assert!(!page.contains("<script>alert") && !page.contains('\u{202e}'), "{page}");
        assert_eq!(addresses(&page).len(), names.len());
        for address in addresses(&page) {
            let saved = browser.get(&address).await;
            let disposition = header(&saved, "content-disposition").to_owned();
            let name = disposition.strip_prefix("attachment; filename*=UTF-8''").unwrap();
            assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)), "{disposition}");
            assert!(name.len() < 1_200, "{disposition}");
            assert_eq!(header(&saved, "content-type"), "application/pdf");
        }
        for odd in ["%00", "a%00b", "%FF%FE", "%F0%9F%98%80", "%27%3B--", "%E2%80%AE"] {
            for path in [
                format!("/attachments/{odd}"),
                format!("/imports/{odd}/file"),
                format!("/records/{odd}/file"),
                format!("/units/{odd}/attachments"),
                format!("/units/{unit}/ledger?period=2026-03&proves={odd}"),
                format!("/units/{unit}/attachments?period={odd}"),
            ] {
                assert!(browser.get(&path).await.status < 500, "{path}");
            }
            assert!(browser.post(&format!("/attachments/{odd}/remove"), &format!("reason={odd}")).await.status < 500);
            let done = attach(&browser, *unit, odd, odd, &[(odd, PDF)]).await;
            assert!(done.status < 500, "{odd}");
        }
        let nul = attach(&browser, *unit, "period", "a\0b", &[("二.pdf", PDF)]).await;
        assert_eq!(nul.status, 422);
        let broken = [("content-type", "multipart/form-data; boundary=youju")];
        let path = format!("/units/{unit}/attachments?period=2026-03");
        let body =
            Body::from("--youju\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF");
        assert_eq!(browser.send("POST", &path, &broken, body).await.status, 422);
    });
}
