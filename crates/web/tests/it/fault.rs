//! An accident shows a number and nothing else.

use youju_app::Fault;
use youju_app::columns::Columns;
use youju_app::{App, Result};
use youju_domain::total::{Accepted, FrameKey, TotalRow, TotalsRequest};
use youju_testkit::{County, on_sqlite, open_app};

use crate::browser::Browser;

/// Columns whose disk is full.
struct Full;

const SECRET: &str = "no space left on /srv/youju/columns, password=hunter2";

impl Columns for Full {
    fn is_fresh(&self, _: &FrameKey, _: i64) -> bool {
        false
    }

    fn put(&self, _: &FrameKey, _: i64, _: Vec<Accepted>) -> std::result::Result<(), Fault> {
        Err(Fault::new("writing columns", SECRET))
    }

    fn totals(&self, _: &TotalsRequest) -> std::result::Result<Vec<TotalRow>, Fault> {
        Err(Fault::new("adding up", SECRET))
    }
}

fn number(text: &str) -> &str {
    text.split_once("编号 ").unwrap().1.split_once(')').unwrap().0
}

#[test]
fn an_accident_has_a_number_of_its_own_and_tells_no_detail() {
    let folder = tempfile::TempDir::new().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let url = format!("sqlite:{}", folder.path().join("a.db").display());
        let app = open_app(&url, Box::new(Full)).await;
        let county = County::open(&app).await;
        let browser = Browser::of(&app, &county.county).await;
        let mut numbers = Vec::new();
        for _ in 0..3 {
            let page = browser.get("/totals").await;
            assert_eq!(page.status, 500);
            assert!(page.is_page() && page.text.contains("已保存的数据不受影响"), "{}", page.text);
            for detail in ["hunter2", "/srv", "columns,", "writing", "adding up"] {
                assert!(!page.text.contains(detail), "{detail}");
            }
            numbers.push(number(&page.text).to_owned());
        }
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 3, "two accidents must not share a number: {numbers:?}");
        // The rest of the program goes on.
        assert_eq!(browser.get("/inbox").await.status, 200);
        app.db().close().await;
    });
}

#[test]
fn a_closed_data_base_is_an_accident_too_and_the_grid_tries_again() {
    on_sqlite(async |app: App| {
        let county = County::open(&app).await;
        let browser = Browser::of(&app, &county.factories[0].clerk).await;
        app.db().close().await;
        let path = format!("/reports/{}/cells", county.factories[0].report);
        let saved = browser.post_json(&path, &serde_json::json!({ "changes": [] })).await;
        assert_eq!(saved.status, 500);
        let page = browser.get("/inbox").await;
        assert!(page.status == 500 && page.is_page() && !page.text.contains("sqlite"), "{}", page.text);
        let health = browser.get("/health").await;
        assert_eq!((health.status, health.text.as_str()), (200, "ok"));
        let again: Result<()> = app.read(None, async |_| Ok(())).await;
        assert!(again.is_err());
    });
}
