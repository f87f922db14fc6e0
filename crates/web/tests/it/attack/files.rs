//! Attacks by files: names that lead elsewhere, content that unpacks without end, cells that a spreadsheet would run.

use std::io::{Cursor, Read, Write};

use youju_app::register::{self, NewUnit};
use youju_testkit::{County, Factory, new_unit, new_window, on_sqlite};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::browser::Browser;

/// Unpacks to a thousand times its size.
fn bomb() -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let names = ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"];
    let piece = vec![b' '; 1 << 20];
    for name in names {
        zip.start_file(name, SimpleFileOptions::default().large_file(true)).unwrap();
        let pieces = if name.ends_with("sheet1.xml") { 64 } else { 0 };
        (0..pieces).for_each(|_| zip.write_all(&piece).unwrap());
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_file_that_unpacks_without_end_is_refused_before_it_does() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, report, .. } = &county.factories[0];
        let clerk = Browser::of(&app, clerk).await;
        let officer = Browser::of(&app, &county.county).await;
        let bomb = bomb();
        assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
        for (browser, path) in [
            (&clerk, format!("/reports/{report}/import")),
            (&clerk, format!("/reports/{report}/form-book/import")),
            (&clerk, format!("/units/{unit}/ledger?period=2026-03")),
            (&officer, "/queries/list".to_owned()),
            (&officer, "/outside/table".to_owned()),
        ] {
            let page = browser.upload(&path, "三月.xlsx", &bomb).await;
            assert!((400..500).contains(&page.status), "{path}: {} {}", page.status, page.text);
        }
        assert_eq!(clerk.get("/inbox").await.status, 200);
    });
}

#[test]
fn the_name_of_a_file_leads_nowhere() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let path = format!("/units/{unit}/attachments?period=2026-03");
        let names =
            ["../../etc/passwd.pdf", "..\\..\\boot.pdf", "/etc/cron.d/x.pdf", "a%00.pdf", "x\u{202e}fdp.exe.pdf"];
        for name in names {
            let page = browser.parts(&path, &[("file", Some(name), b"%PDF-1.7")]).await;
            assert!(page.status == 303 || page.status == 422, "{name}: {}", page.status);
        }
        let page = browser.get(&format!("/units/{unit}/ledger?period=2026-03")).await.text;
        for link in page.split("href=\"/attachments/").skip(1) {
            let file = browser.get(&format!("/attachments/{}", link.split('"').next().unwrap())).await;
            let disposition = file.headers["content-disposition"].to_str().unwrap();
            let leads = ["..", "\\", "etc/"].iter().any(|part| disposition.contains(part));
            assert!(!leads, "{disposition}");
            assert!(disposition.starts_with("attachment"), "{disposition}");
        }
    });
}

#[test]
fn no_export_runs_what_somebody_is_called() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let officer = Some(county.county.clone());
        for (number, name) in ["=HYPERLINK(\"http://evil\")", "+1+1", "-2+3", "@SUM(1)"].into_iter().enumerate() {
            let unit = NewUnit { name: name.to_owned(), ..new_unit(800 + number, "330781001000", "1411") };
            app.write(officer.clone(), async |cx| register::enrol(cx, unit).await).await.unwrap();
        }
        let window = new_window("330781", "2026-04");
        let opened = app.write(officer, async |cx| youju_app::survey::open(cx, window).await).await.unwrap().window;
        let browser = Browser::of(&app, &county.county).await;
        let mut told = 0;
        for path in
            ["/standards/csv".to_owned(), format!("/reports/{}/cells/c301/hands/csv", county.factories[0].report)]
        {
            let page = browser.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            for cell in page.text.lines().flat_map(|line| line.split(',')) {
                let cell = cell.trim_start_matches(['\u{feff}', '"']);
                let runs = cell.starts_with(['=', '@', '\t', '\r'])
                    || (cell.starts_with(['+', '-']) && cell.parse::<f64>().is_err() && cell.len() > 1);
                assert!(!runs, "{path}: {cell}");
            }
            told += usize::from(page.text.contains("HYPERLINK"));
        }
        let book = browser.get(&format!("/windows/{opened}/form-book")).await;
        let mut zip = ZipArchive::new(Cursor::new(book.bytes)).unwrap();
        for index in 0..zip.len() {
            let mut text = String::new();
            let mut part = zip.by_index(index).unwrap();
            let name = part.name().unwrap().into_owned();
            if part.read_to_string(&mut text).is_ok() {
                assert!(!text.split("<f>").skip(1).any(|rest| rest.starts_with("HYPERLINK")), "{name}");
                told += usize::from(text.contains("HYPERLINK"));
            }
        }
        assert!(told > 0, "no export names the unit: this proves nothing");
    });
}
