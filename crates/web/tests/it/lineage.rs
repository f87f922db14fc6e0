//! The way of a figure by links: from an import to the totals and back, and everybody who touched it; the same for programs.

use axum::body::Body;
use serde_json::{Value, json};
use youju_app::{App, api_key, note};
use youju_domain::api_key::Uses;
use youju_domain::report::{Level, State};
use youju_testkit::{County, Factory, TRIAL_BALANCE, on_both_engines, on_sqlite};

use crate::browser::{Browser, Page};

/// A county whose first factory has generated its report from its books, and the address of its import.
async fn generated(app: &App) -> (County, String) {
    let county = County::open(app).await;
    let Factory { clerk, report: id, .. } = &county.factories[0];
    let browser = Browser::of(app, clerk).await;
    let import = browser.upload(&format!("/reports/{id}/import"), "三月.csv", TRIAL_BALANCE).await.to().to_owned();
    assert_eq!(browser.post(&format!("/reports/{id}/generate"), "").await.status, 200);
    (county, import)
}

#[track_caller]
fn has(page: &Page, words: &[&str]) {
    assert_eq!(page.status, 200, "{}", page.text);
    for words in words {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
}

#[test]
fn from_a_line_to_the_cell_and_back_by_links() {
    on_both_engines(async |app| {
        let (county, import) = generated(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        let (browser, officer) = (Browser::of(&app, clerk).await, Browser::of(&app, &county.county).await);
        let (whole, line) = (format!("{import}/impact"), format!("{import}/impact?account=6001"));
        has(&browser.get(&import).await, &[&format!("href=\"{whole}\""), &format!("href=\"{line}\"")]);
        let (cell, hands) = (format!("/reports/{id}/cells/c301"), format!("/reports/{id}/cells/c301/hands"));
        let page = browser.get(&line).await;
        let links = [format!("href=\"{cell}\""), format!("href=\"{hands}\""), format!("href=\"{whole}\"")];
        has(&page, &links.each_ref().map(String::as_str));
        has(
            &page,
            &["6001 主营业务收入(三月.csv 第 ", "<caption>", "仍是生成的数", "还没有上报", "报表现在是“填报中”"],
        );
        assert!(!page.text.contains("/totals"), "a unit has no page of totals");
        has(
            &browser.get(&cell).await,
            &[&format!("href=\"{line}\""), &format!("href=\"{whole}\""), &format!("href=\"{hands}\"")],
        );
        let unused = officer.get(&format!("{import}/impact?account=4001")).await;
        has(&unused, &["没有任何报表的数取自它", "取数公式都没有用到它"]);
        assert_eq!(officer.get(&format!("{import}/impact?account=9999")).await.status, 404);
        let typed = "was.c301=120,000&c301=120,300";
        assert_eq!(browser.post(&format!("/reports/{id}/cells"), typed).await.status, 303);
        has(&officer.get(&line).await, &["已改动", "生成的数 120,000", "120,300"]);
    });
}

#[test]
fn a_total_leads_to_the_cells_that_it_is_made_of() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 3).await;
        for factory in [0, 2] {
            county.bring(factory, State::Accepted(Level::City)).await;
        }
        let officer = Browser::of(&app, &county.township).await;
        let totals = officer.get("/totals?of=B203%2F2026-03&by=township&level=city").await;
        let parts = "/totals/parts?of=B203%2F2026-03&area=330781001&level=city&cell=c301";
        has(&totals, &["240,000", &format!("href=\"{}\"", parts.replace('&', "&amp;"))]);
        let page = officer.get(parts).await;
        has(&page, &["共 2 条", "合计 240,000"]);
        for factory in [0, 2] {
            let Factory { name, report: id, .. } = &county.factories[factory];
            let cell = format!("/reports/{id}/cells/c301");
            has(&page, &[name, &format!("href=\"{cell}\""), &format!("href=\"{cell}/hands\"")]);
        }
        for (address, status) in [
            ("/totals/parts?of=B203%2F2026-03&area=330781002&level=city&cell=c301", 404),
            ("/totals/parts?of=B203%2F2026-03&area=330781001&level=city&cell=c999", 422),
            ("/totals/parts?of=B203&area=330781001&cell=c301", 422),
            ("/totals/parts", 422),
        ] {
            assert_eq!(officer.get(address).await.status, status, "{address}");
        }
    });
}

#[test]
fn everybody_who_touched_a_figure_is_on_one_page_and_in_one_file() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, .. } = &county.factories[0];
        let id = county.bring(0, State::Accepted(Level::City)).await;
        let written = app.write(Some(county.county.clone()), async |cx| {
            note::write(cx, id, Some("c301"), "与税务数据差异较大", true).await
        });
        written.await.unwrap();
        let address = format!("/reports/{id}/cells/c301/hands");
        let officer = Browser::of(&app, &county.city).await.get(&address).await;
        has(
            &officer,
            &[
                "经手这个数的共 4 人 7 次。",
                "<caption>",
                "写批注(内部)",
                "与税务数据差异较大",
                "验收(市级)",
                "单位签发",
            ],
        );
        let browser = Browser::of(&app, clerk).await;
        let own = browser.get(&address).await;
        has(&own, &["经手这个数的共 4 人 6 次。", "空 → 120,000", "县级统计人员 xian", "验收(县级)"]);
        assert!(!own.text.contains("内部") && !own.text.contains("税务"), "{}", own.text);
        let file = browser.get(&format!("{address}/csv")).await;
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
        assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename*=UTF-8''"));
        assert!(file.bytes.starts_with("\u{feff}序号,时间,姓名,".as_bytes()), "{}", file.text);
        // Six touches below the header, and who took the file.
        assert!(file.text.lines().count() == 8 && !file.text.contains("税务"), "{}", file.text);
        assert!(
            file.text.trim_end().lines().last().unwrap().starts_with("\"由填报人 tb000(填报人)于"),
            "{}",
            file.text
        );
        let untouched = format!("/reports/{}/cells/c301/hands", county.factories[1].report);
        has(&Browser::of(&app, &county.county).await.get(&untouched).await, &["共 0 人 0 次", "还没有人经手这个数"]);
    });
}

/// A program of a factory.
struct Program {
    browser: Browser,
    bearer: String,
    usci: String,
}

impl Program {
    async fn of(app: &App, factory: &Factory) -> Program {
        let Factory { clerk, unit, .. } = factory;
        let made = app
            .write(Some(clerk.clone()), async |cx| api_key::create(cx, *unit, "U8", None, Uses::LEDGERS).await)
            .await
            .unwrap();
        let found = app.read(Some(clerk.clone()), async |cx| youju_app::register::get(cx, *unit).await).await.unwrap();
        let usci = found.usci.as_str().to_owned();
        Program { browser: Browser::new(app), bearer: format!("Bearer {}", made.secret), usci }
    }

    async fn get(&self, path: &str) -> Page {
        let path = format!("/api/v1/{}", path.replace("{unit}", &self.usci));
        self.browser.send("GET", &path, &[("authorization", &self.bearer)], Body::empty()).await
    }
}

fn cells(impact: &Value) -> Vec<&str> {
    let reports = impact["reports"].as_array().unwrap().iter();
    reports.flat_map(|one| one["cells"].as_array().unwrap()).map(|cell| cell["cell"].as_str().unwrap()).collect()
}

#[test]
fn a_program_reads_where_the_figures_of_its_unit_came_from_and_went() {
    on_both_engines(async |app| {
        let (county, import) = generated(&app).await;
        let program = Program::of(&app, &county.factories[0]).await;
        let import = import.strip_prefix("/imports/").unwrap();
        let cell = "reports/{unit}/2026-03/B203/cells/c301";
        let lineage = program.get(&format!("{cell}/lineage")).await.json();
        assert_eq!((&lineage["value"], &lineage["value_state"]), (&json!("120,000"), &json!("台账生成")), "{lineage}");
        assert_eq!(lineage["place"]["label"], "营业收入");
        assert_eq!(
            (&lineage["derivation"]["import"], &lineage["derivation"]["exact"]),
            (&json!(import), &json!("120000499.99"))
        );
        let input = &lineage["derivation"]["inputs"][0];
        assert_eq!((&input["account"], &input["value"]), (&json!("6001"), &json!("120000499.99")), "{lineage}");
        let walk =
            async |end: &str| program.get(&format!("ledgers/{{unit}}/2026-03/imports/{import}/impact{end}")).await;
        let line = walk("?account=6001").await.json();
        assert!(cells(&line).contains(&"c301"), "{line}");
        assert_eq!((&line["unused"], &line["reports"][0]["totalled_by"]), (&Value::Null, &Value::Null));
        assert!(line["reports"][0]["totals_say"].as_str().unwrap().starts_with("还没有进入汇总"));
        assert_eq!(walk("?account=4001").await.json()["unused"], "not_read");
        assert!(cells(&walk("").await.json()).len() > 8);
        let hands = program.get(&format!("{cell}/hands")).await.json();
        let acts: Vec<&str> =
            hands["touches"].as_array().unwrap().iter().map(|one| one["act"].as_str().unwrap()).collect();
        assert_eq!((acts, &hands["people"]), (vec!["导入科目余额表", "从台账生成"], &json!(1)));
    });
}

#[test]
fn a_program_reads_of_no_other_unit_and_of_nothing_that_is_not_there() {
    on_sqlite(async |app| {
        let (county, import) = generated(&app).await;
        let import = import.strip_prefix("/imports/").unwrap();
        let (own, other) =
            (Program::of(&app, &county.factories[0]).await, Program::of(&app, &county.factories[1]).await);
        for (program, path, status, code) in [
            (&other, format!("reports/{}/2026-03/B203/cells/c301/lineage", own.usci), 404, "not_found"),
            (&other, format!("reports/{}/2026-03/B203/cells/c301/hands", own.usci), 404, "not_found"),
            (&other, format!("ledgers/{{unit}}/2026-03/imports/{import}/impact"), 404, "not_found"),
            (&own, format!("ledgers/{{unit}}/2026-02/imports/{import}/impact"), 404, "not_found"),
            (&own, "ledgers/{unit}/2026-03/imports/x/impact".to_owned(), 404, "not_found"),
            (&own, format!("ledgers/{{unit}}/2026-03/imports/{import}/impact?account=9999"), 404, "not_found"),
            (&own, format!("ledgers/{{unit}}/2026-03/imports/{import}/impact?account=%00"), 422, "bad_input"),
            (&own, "reports/{unit}/2026-04/B203/cells/c301/lineage".to_owned(), 404, "not_found"),
            (&own, "reports/{unit}/2026-03/B999/cells/c301/hands".to_owned(), 404, "not_found"),
            (&own, "reports/{unit}/2026-03/B203/cells/c999/hands".to_owned(), 422, "report.unknown_cell"),
        ] {
            let page = program.get(&path).await;
            assert_eq!((page.status, page.json()["code"].as_str()), (status, Some(code)), "{path}: {}", page.text);
            assert_eq!(page.headers["content-type"], "application/problem+json", "{path}");
        }
    });
}
