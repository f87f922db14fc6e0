//! Autosave as the entry grid knows it, and the same form without scripts.

use serde_json::{Value, json};
use youju_domain::report::State;
use youju_testkit::{County, FIGURES, Factory, april, on_both_engines, on_sqlite};

use crate::browser::Browser;

fn change(cell: &str, was: &str, value: &str) -> Value {
    json!({ "cell": cell, "was": was, "value": value, "reason": null })
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn an_answer_holds_what_the_grid_reads() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let path = format!("/reports/{id}/cells");
        let first =
            browser.post_json(&path, &json!({ "revision": 0, "changes": [change("c301", "", "120000")] })).await;
        assert_eq!(first.status, 200);
        assert_eq!(first.headers["content-type"], "application/json");
        let told = first.json();
        let expected = [
            "cells",
            "conflicts",
            "findings_html",
            "marks",
            "problems",
            "revision",
            "saved_at",
            "state",
            "summary_html",
        ];
        assert_eq!(keys(&told), expected);
        assert_eq!((&told["saved_at"], &told["revision"]), (&json!("12:00:00"), &json!(1)));
        let cell = &told["cells"][0];
        assert_eq!(
            (&cell["id"], &cell["value"], &cell["state"]),
            (&json!("c301"), &json!("120,000"), &json!("collected"))
        );
        assert_eq!(cell["state_label"], "填报");
        // Verdicts of the whole report: what is missing is marked in its own cell.
        let marks = told["marks"].as_array().unwrap();
        assert!(marks.iter().any(|mark| mark["cell"] == "c307" && mark["level"] == "error" && mark["says"] != ""));
        assert!(!marks.iter().any(|mark| mark["cell"] == "c301"));
        assert!(told["findings_html"].as_str().unwrap().contains("R307"));
        assert!(told["summary_html"].as_str().unwrap().contains("14 条须改数"));

        let changes = [change("c301", "", "1"), change("c301", "120,000", "12万"), change("c307", "", "90,001")];
        let told = browser.post_json(&path, &json!({ "revision": 1, "changes": changes })).await.json();
        assert_eq!(told["conflicts"], json!([{ "cell": "c301", "stands": "120,000", "wanted": "1" }]));
        assert_eq!(told["problems"][0]["cell"], "c301");
        assert!(told["problems"][0]["says"].as_str().unwrap().contains("现为“12万”"));
        assert_eq!(told["cells"].as_array().unwrap().len(), 1);
        assert_eq!(told["cells"][0]["value"], "90,001");
        // Sent again because the answer was lost: it stands already, so it is saved and no conflict.
        let told = browser.post_json(&path, &json!({ "changes": [change("c307", "", "90001")] })).await.json();
        assert_eq!((&told["conflicts"], &told["cells"][0]["value"]), (&json!([]), &json!("90,001")));
    });
}

#[test]
fn a_refusal_of_the_whole_save_is_a_sentence_in_json() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let path = format!("/reports/{id}/cells");
        let many: Vec<Value> = (0..2_001).map(|n| change(&format!("c{n}"), "", "1")).collect();
        let other = format!("/reports/{}/cells", county.factories[1].report);
        let one = json!({ "changes": [change("c301", "", "1")] });
        for (path, body, status, says) in [
            (path.as_str(), json!({ "changes": many }), 422, "一次最多保存 2000 格,现为 2001 格。"),
            (&path, json!({ "change": [] }), 422, "页面送来的内容不完整或格式不对。"),
            (&path, json!(7), 422, "页面送来的内容不完整或格式不对。"),
            (&path, json!({ "changes": [change("c301", "", "1\u{0}")] }), 422, "页面送来的内容不完整或格式不对。"),
            ("/reports/123/cells", one.clone(), 404, "没有找到这个页面"),
            (&other, one.clone(), 404, "没有找到这个"),
        ] {
            let page = browser.post_json(path, &body).await;
            assert_eq!(page.status, status, "{body}");
            assert_eq!(keys(&page.json()), ["says"]);
            assert!(page.json()["says"].as_str().unwrap().starts_with(says), "{}", page.text);
        }
        app.world().set(april(19));
        let browser = Browser::of(&app, clerk).await;
        let closed = browser.post_json(&path, &one).await;
        assert_eq!(closed.status, 409);
        assert_eq!(closed.json()["says"], "本期报表已于 2026-04-18 12:00 关网。如需补报,请联系县级统计机构。");
        assert_eq!(county.report(*id).await.revision, 0);
    });
}

#[test]
fn a_submitted_report_takes_no_figures() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let browser = Browser::of(&app, &county.factories[0].clerk).await;
        let changes = json!({ "changes": [change("c301", "120,000", "1")] });
        let page = browser.post_json(&format!("/reports/{id}/cells"), &changes).await;
        assert_eq!(page.status, 409);
        assert!(page.json()["says"].as_str().unwrap().contains("已上报"), "{}", page.text);
    });
}

#[test]
fn without_scripts_the_form_saves_and_tells_every_value_that_was_not_taken() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let path = format!("/reports/{id}/cells");
        let page = browser.post(&path, "was.c301=&c301=120000&was.c307=&c307=").await;
        assert_eq!((page.status, page.to()), (303, format!("/reports/{id}").as_str()));
        let page =
            browser.post(&path, "was.c301=&c301=7&was.c307=&c307=abc&was.c309=&c309=x&was.c312=&c312=3000").await;
        assert_eq!(page.status, 422);
        for told in ["“营业成本”", "“税金及附加”", "120,000", "7"] {
            assert!(page.text.contains(told), "{told} is not told: {}", page.text);
        }
        let cells = county.report(*id).await.cells;
        assert_eq!(cells.len(), 2);
    });
}

#[test]
fn the_entry_page_holds_what_was_saved_and_the_office_sees_it_without_fields() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Draft).await;
        let filling = Browser::of(&app, &county.factories[0].clerk).await.get(&format!("/reports/{id}")).await.text;
        let looking = Browser::of(&app, &county.county).await.get(&format!("/reports/{id}")).await.text;
        for (cell, value) in FIGURES {
            assert!(filling.contains(&format!("data-cell=\"{cell}\" value=\"{value}\"")), "{cell}");
            assert!(looking.contains(&format!(">{value}</a>")), "{cell}");
        }
        assert!(
            filling.contains("data-save=") && !looking.contains("data-save=") && !looking.contains("<input name=\"c")
        );
    });
}
