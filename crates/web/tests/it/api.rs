//! Programs hand in ledgers: with a key, without a browser.

use axum::body::Body;
use serde_json::{Value, json};
use youju_app::api_key::{Created, create, revoke};
use youju_app::{App, ledger};
use youju_codes::Period;
use youju_domain::access::Actor;
use youju_domain::api_key::Uses;
use youju_domain::id::UnitId;
use youju_domain::report::State;
use youju_testkit::{
    County, Factory, TRIAL_BALANCE, VOUCHERS, april, on_both_engines, on_sqlite, trial_balance_workbook,
};

use crate::browser::{Browser, Page};

const FILE: &str = "application/octet-stream";
const TABLE: &str = "application/json";

/// A program with a key.
struct Program {
    browser: Browser,
    bearer: String,
    usci: String,
}

impl Program {
    async fn of(app: &App, by: &Actor, unit: UnitId) -> (Program, Created) {
        let made = app
            .write(Some(by.clone()), async |cx| create(cx, unit, "用友接口", None, Uses::LEDGERS).await)
            .await
            .unwrap();
        let found = app.read(Some(by.clone()), async |cx| youju_app::register::get(cx, unit).await).await.unwrap();
        (Program::with(app, &made.secret, found.usci.as_str()), made)
    }

    fn with(app: &App, secret: &str, usci: &str) -> Program {
        Program { browser: Browser::new(app), bearer: format!("Bearer {secret}"), usci: usci.to_owned() }
    }

    fn address(&self, end: &str) -> String {
        format!("/api/v1/ledgers/{}/2026-03{end}", self.usci)
    }

    async fn give(&self, end: &str, kind: &str, body: impl Into<Body>) -> Page {
        let headers = [("authorization", self.bearer.as_str()), ("content-type", kind)];
        self.browser.send("POST", &self.address(end), &headers, body.into()).await
    }

    async fn get(&self, path: &str) -> Page {
        self.browser.send("GET", path, &[("authorization", &self.bearer)], Body::empty()).await
    }

    async fn standing(&self) -> Value {
        self.get(&self.address("")).await.json()
    }
}

/// The first factory's program.
async fn program(app: &App) -> (County, Program, Created) {
    let county = County::open(app).await;
    let Factory { clerk, unit, .. } = &county.factories[0];
    let (program, made) = Program::of(app, clerk, *unit).await;
    (county, program, made)
}

/// The refusal as a program reads it: its status, its code, and all of it.
#[track_caller]
pub fn refused(page: &Page) -> (u16, String, Value) {
    assert_eq!(page.headers["content-type"], "application/problem+json", "{}", page.text);
    let problem = page.json();
    assert_eq!(problem["status"], page.status);
    let code = problem["code"].as_str().unwrap().to_owned();
    assert_eq!(problem["type"], format!("urn:youju:{code}"));
    for field in ["title", "detail"] {
        assert!(problem[field].as_str().unwrap().chars().any(|letter| letter > '一'), "{problem}");
    }
    assert!(problem["reasons"].is_array(), "{problem}");
    (page.status, code, problem)
}

/// A trial balance as JSON, with figures that binary numbers do not hold.
fn accounts(customers: &str) -> String {
    format!(
        r#"{{"unit_name": "虚构第000号食品厂", "period": "2026-03", "measure": "元", "rows": [
            {{"code": "1002", "name": "银行存款", "opening_debit": 0, "period_debit": 12345678901234.56, "closing_debit": 12345678901234.56}},
            {{"code": "1122", "name": "应收账款", "opening_debit": 0, "period_debit": 0.1, "closing_debit": {customers}}},
            {{"code": "4001", "name": "实收资本", "period_credit": "12345678901234.66", "closing_credit": 12345678901234.66}}]}}"#
    )
}

#[test]
fn a_program_hands_in_a_file_and_reads_what_became_of_it() {
    on_both_engines(async |app| {
        let (county, program, _) = program(&app).await;
        let xlsx = trial_balance_workbook();
        let name = "/trial-balance?file_name=%E4%B8%89%E6%9C%88.xlsx";
        let first = program.give(name, FILE, xlsx.clone()).await;
        assert_eq!((first.status, first.to()), (201, program.address("").as_str()), "{}", first.text);
        let import = first.json();
        assert_eq!((&import["kind"], &import["count"]), (&json!("trial_balance"), &json!(14)), "{import}");
        assert_eq!(import["file_name"], "三月.xlsx");
        let again = program.give(name, FILE, xlsx).await;
        assert_eq!((again.status, again.json()), (200, import.clone()), "the same content changes nothing");

        let vouchers = program.give("/records/voucher_journal?file_name=a.csv", FILE, VOUCHERS).await;
        assert_eq!(vouchers.status, 201, "{}", vouchers.text);
        let columns = vouchers.json()["columns"].clone();
        assert_eq!(columns[3], json!({ "name": "科目编码", "field": "科目编码", "is_taken": true }));
        assert_eq!((&columns[7]["name"], &columns[7]["is_taken"]), (&json!("制单人"), &json!(false)));
        assert_eq!(program.give("/records/voucher_journal?file_name=b.csv", FILE, VOUCHERS).await.status, 200);
        let altered = VOUCHERS.replace("收到货款", "收货款");
        assert_eq!(program.give("/records/voucher_journal", FILE, altered).await.status, 201);

        let standing = program.standing().await;
        assert_eq!(standing["trial_balance"]["id"], import["id"]);
        assert_eq!(standing["trial_balance"]["file_hash"], import["file_hash"]);
        let records = standing["records"].as_array().unwrap();
        assert_eq!((records.len(), &records[0]["count"], &records[0]["earlier"]), (1, &json!(10), &json!(1)));
        assert_eq!(standing["unit_name"], county.factories[0].name);
        // People see the same on the page, and the journal tells who it was.
        let clerk = Browser::of(&app, &county.factories[0].clerk).await;
        let page = clerk.get(import["page"].as_str().unwrap()).await;
        assert!(page.status == 200 && page.text.contains("三月.xlsx"), "{}", page.text);
    });
}

#[test]
fn amounts_of_a_table_arrive_exactly_as_they_were_written() {
    on_both_engines(async |app| {
        let (county, program, _) = program(&app).await;
        let given = program.give("/trial-balance", TABLE, accounts("0.10")).await;
        assert_eq!((given.status, &given.json()["warnings"]), (201, &json!([])), "{}", given.text);
        let Factory { clerk, unit, .. } = &county.factories[0];
        let march = Period::parse("2026-03").unwrap();
        let import =
            app.read(Some(clerk.clone()), async |cx| ledger::latest(cx, *unit, march).await).await.unwrap().unwrap();
        let printed: Vec<String> = import
            .lines
            .iter()
            .filter_map(|line| line.amounts.closing_debit.or(line.amounts.closing_credit))
            .map(|n| n.to_string())
            .collect();
        assert_eq!(printed, ["12345678901234.56", "0.10", "12345678901234.66"]);
        assert_eq!(import.lines[0].row, 3);
        assert_eq!(program.give("/trial-balance", TABLE, accounts("0.10")).await.status, 200);
    });
}

#[test]
fn records_as_json_go_through_the_checks_of_a_file() {
    on_sqlite(async |app| {
        let (_, program, _) = program(&app).await;
        let table = |debit: &str| {
            format!(
                r#"{{"columns": ["日期", "凭证字号", "科目编码", "借方金额", "贷方金额"], "rows": [
                    ["2026-03-05", "记-1", "1002", {debit}, null], ["2026-03-05", "记-1", "6001", null, "0.3"]]}}"#
            )
        };
        let off = program.give("/records/voucher_journal", TABLE, table("0.31")).await;
        let (status, code, problem) = refused(&off);
        assert_eq!((status, code.as_str()), (422, "ledger.bad_file"));
        let reason = problem["reasons"][0].as_str().unwrap();
        assert!(reason.contains("第 3 行") && reason.contains("借贷不平"), "{problem}");
        assert_eq!(program.give("/records/voucher_journal", TABLE, table("0.3")).await.status, 201);
        let february = table("0.3").replace("2026-03-05", "2026-02-05");
        assert_eq!(refused(&program.give("/records/voucher_journal", TABLE, february).await).1, "ledger.bad_file");
        let odd = table("0.3").replace("科目编码", "核算项");
        let (_, code, problem) = refused(&program.give("/records/voucher_journal", TABLE, odd).await);
        assert_eq!(code, "record.undecided_columns");
        assert!(problem["reasons"].to_string().contains("没有对应“科目编码”的列"), "{problem}");
        let unknown = program.give("/records/diary", TABLE, table("0.3")).await;
        assert!(unknown.status == 422 && unknown.text.contains("voucher_journal(凭证序时簿)"), "{}", unknown.text);
    });
}

#[test]
fn a_trial_balance_that_does_not_balance_is_refused_with_its_rows() {
    on_sqlite(async |app| {
        let (_, program, _) = program(&app).await;
        let (status, code, problem) = refused(&program.give("/trial-balance", TABLE, accounts("0.2")).await);
        assert_eq!((status, code.as_str()), (422, "ledger.bad_file"));
        let reasons = problem["reasons"].as_array().unwrap();
        assert!(reasons[0].as_str().unwrap().starts_with("第 4 行"), "{problem}");
        let word = refused(&program.give("/trial-balance", TABLE, accounts("\"一角\"")).await).2;
        assert!(word["reasons"][0].as_str().unwrap().starts_with("第 4 行“期末借方”应为数字,现为“一角”"), "{word}");
        let other = accounts("0.1").replace("2026-03", "2026-02");
        assert_eq!(refused(&program.give("/trial-balance", TABLE, other).await).1, "ledger.wrong_period");
        assert_eq!(program.standing().await["trial_balance"], Value::Null, "nothing was written");
    });
}

#[test]
fn only_a_key_that_serves_lets_in_and_every_other_is_answered_alike() {
    on_sqlite(async |app| {
        let (county, program, made) = program(&app).await;
        let ask = async |headers: &[(&str, &str)]| {
            program.browser.send("GET", &program.address(""), headers, Body::empty()).await
        };
        for headers in [&[][..], &[("authorization", "Basic dGIwMDA6eA==")], &[("authorization", "Bearer")]] {
            let page = ask(headers).await;
            assert_eq!((refused(&page).1.as_str(), page.status), ("api_key.missing", 401));
            assert_eq!(page.headers["www-authenticate"], "Bearer realm=\"youju\"");
        }
        assert_eq!(ask(&[("authorization", &format!("bearer  {}", made.secret))]).await.status, 200);
        let wrong = ask(&[("authorization", "Bearer yj_0123")]).await;
        assert_eq!(refused(&wrong).1, "api_key.wrong");
        assert_eq!(wrong.headers["www-authenticate"], "Bearer realm=\"youju\", error=\"invalid_token\"");
        let clerk = Browser::of(&app, &county.factories[0].clerk).await;
        assert_eq!(clerk.get(&program.address("")).await.status, 401, "a session is no key");
        app.world().set(made.key.expires_at);
        let expired = program.get(&program.address("")).await;
        app.world().set(april(3));
        let head = county.factories[0].head.clone();
        app.write(Some(head), async |cx| revoke(cx, made.key.id).await).await.unwrap();
        let revoked = program.give("/trial-balance", FILE, TRIAL_BALANCE).await;
        for page in [expired, revoked] {
            assert_eq!((page.status, page.text), (401, wrong.text.clone()));
        }
    });
}

#[test]
fn another_unit_is_not_found_whether_it_is_there_or_not() {
    on_sqlite(async |app| {
        let (county, program, made) = program(&app).await;
        let (other, _) = Program::of(&app, &county.factories[1].clerk, county.factories[1].unit).await;
        let mut told = Vec::new();
        for unit in [other.usci.as_str(), &county.factories[1].unit.to_string(), "91330781MA28D5XXXX", "x"] {
            let foreign = Program::with(&app, &made.secret, unit);
            for page in [
                foreign.get(&foreign.address("")).await,
                foreign.give("/trial-balance", FILE, TRIAL_BALANCE).await,
                foreign.give("/records/voucher_journal", TABLE, "{").await,
            ] {
                assert_eq!(page.status, 404);
                told.push(page.text);
            }
        }
        assert!(told.iter().all(|text| *text == told[0]) && told[0].contains("没有找到这个单位"), "{told:?}");
        let by_id = Program::with(&app, &made.secret, &county.factories[0].unit.to_string());
        assert_eq!(by_id.give("/trial-balance", FILE, TRIAL_BALANCE).await.status, 201);
        assert_eq!(other.standing().await["trial_balance"], Value::Null);
        assert_eq!(program.get("/api/v1/ledgers/x/2026-03").await.status, 404);
        let damaged = program.get(&format!("/api/v1/ledgers/{}/2026-13", program.usci)).await;
        assert_eq!(refused(&damaged).1, "bad_input");
    });
}

#[test]
fn a_key_opens_no_page_and_touches_no_report() {
    on_sqlite(async |app| {
        let (county, program, _) = program(&app).await;
        let Factory { report, unit, .. } = county.factories[0];
        let before = county.report(report).await;
        for path in
            ["/inbox", &format!("/reports/{report}"), &format!("/units/{unit}"), &format!("/units/{unit}/api-keys")]
        {
            let page = program.get(path).await;
            assert!(page.status == 303 && page.to().starts_with("/sign-in"), "{path}: {}", page.status);
        }
        for act in ["generate", "sign", "submit", "cells"] {
            let headers = [("authorization", program.bearer.as_str())];
            let page = program.browser.send("POST", &format!("/reports/{report}/{act}"), &headers, Body::empty()).await;
            assert_eq!((page.status, page.to()), (303, "/sign-in"), "{act}");
        }
        let import =
            program.give("/trial-balance", FILE, TRIAL_BALANCE).await.json()["id"].as_str().unwrap().to_owned();
        let after = county.report(report).await;
        assert_eq!((after.state, &after), (State::Empty, &before), "handing in a ledger changes no report");
        // It reads where figures came from and went, and the history of the report does not grow by that.
        let clerk = &county.factories[0].clerk;
        let journal = async || {
            let history = app.read(Some(clerk.clone()), async |cx| youju_app::report::history(cx, report).await).await;
            history.unwrap().len()
        };
        let head = journal().await;
        let cell = format!("/api/v1/reports/{}/2026-03/B203/cells/c301", program.usci);
        for path in
            [format!("{cell}/lineage"), format!("{cell}/hands"), program.address(&format!("/imports/{import}/impact"))]
        {
            assert_eq!(program.get(&path).await.status, 200, "{path}");
            for method in ["POST", "PUT", "PATCH", "DELETE"] {
                let headers = [("authorization", program.bearer.as_str())];
                let page = program.browser.send(method, &path, &headers, Body::empty()).await;
                assert_eq!(refused(&page).0, 405, "{method} {path}");
            }
        }
        for path in ["", "/2026-03", "/2026-03/B203", "/2026-03/B203/cells/c301"] {
            let page = program.get(&format!("/api/v1/reports/{}{path}", program.usci)).await;
            assert_eq!(refused(&page).1, "no_such_address", "{path}");
        }
        assert_eq!((journal().await, &county.report(report).await), (head, &before), "reading changes nothing");
    });
}

#[test]
fn whatever_the_server_refuses_by_itself_is_a_problem_too() {
    on_sqlite(async |app| {
        let (_, program, made) = program(&app).await;
        let address = program.address("/trial-balance");
        let send = async |method: &str, path: &str, kind: &str, body: Body| {
            let headers = [("authorization", program.bearer.as_str()), ("content-type", kind)];
            program.browser.send(method, path, &headers, body).await
        };
        let huge = send("POST", &address, FILE, Body::from(vec![b'1'; 33 * 1024 * 1024])).await;
        assert_eq!(refused(&huge).1, "too_large");
        assert!(huge.status == 413 && huge.text.contains("32 MB"), "{}", huge.text);
        assert_eq!(refused(&send("POST", &address, "text/html", Body::from("x")).await).0, 415);
        let method = send("DELETE", &address, FILE, Body::empty()).await;
        assert_eq!((refused(&method).0, method.headers["allow"].to_str().unwrap()), (405, "POST"));
        assert_eq!(refused(&send("GET", "/api/v1/reports", FILE, Body::empty()).await).1, "no_such_address");
        assert_eq!(refused(&send("GET", "/api/v1", FILE, Body::empty()).await).0, 404);
        assert_eq!(
            refused(&send("POST", &format!("{address}?file_name=%00"), FILE, Body::from("x")).await).1,
            "bad_input"
        );
        assert_eq!(refused(&send("GET", "/api/v1/ledgers/%FF/2026-03", FILE, Body::empty()).await).0, 400);
        for body in ["", "[]", "{", "{}", "null", "\u{1}", "{\"rows\": [{\"code\": \"1\\u0000\"}]}"] {
            assert_eq!(refused(&send("POST", &address, TABLE, Body::from(body)).await).0, 422, "{body}");
        }
        assert_eq!(refused(&send("POST", &address, FILE, Body::from("%PDF-1.7")).await).1, "ledger.bad_file");
        // A key goes along only with whoever holds it, so it does not matter on which page it is used.
        let headers = [
            ("authorization", program.bearer.as_str()),
            ("content-type", FILE),
            ("origin", "https://erp.example.com"),
            ("sec-fetch-site", "cross-site"),
        ];
        let elsewhere = program.browser.send("POST", &address, &headers, Body::from(TRIAL_BALANCE)).await;
        assert_eq!(elsewhere.status, 201, "{}", elsewhere.text);
        assert!(!elsewhere.text.contains(&made.secret));
    });
}

#[test]
fn a_program_that_asks_too_often_is_told_how_long_to_wait() {
    on_sqlite(async |app| {
        let (county, program, _) = program(&app).await;
        let (other, _) = Program::of(&app, &county.factories[1].clerk, county.factories[1].unit).await;
        for _ in 0..60 {
            assert_eq!(program.get(&program.address("")).await.status, 200);
        }
        let page = program.get(&program.address("")).await;
        assert_eq!((refused(&page).1.as_str(), page.status), ("api_key.too_many_requests", 429));
        assert_eq!(page.headers["retry-after"], "60");
        assert_eq!(other.get(&other.address("")).await.status, 200);
        app.world().set(april(2) + chrono::TimeDelta::minutes(1));
        assert_eq!(program.get(&program.address("")).await.status, 200);
    });
}

#[test]
fn the_description_is_complete_chinese_and_every_address_in_it_is_there() {
    on_sqlite(async |app| {
        let (county, program, _) = program(&app).await;
        let nobody = Browser::new(&app);
        let page = nobody.get("/api/v1/openapi.json").await;
        assert_eq!(page.status, 200);
        let document = page.json();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
        let paths = document["paths"].as_object().unwrap();
        assert_eq!(paths.len(), 10);
        for (path, methods) in paths {
            let address = path
                .replace("{unit}", &program.usci)
                .replace("{period}", "2026-03")
                .replace("{kind}", "voucher_journal")
                .replace("{form}", "B203")
                .replace("{cell}", "c301")
                .replace("{import}", "018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11")
                .replace("{case}", "018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11")
                .replace("{act}", "mend");
            for (method, told) in methods.as_object().unwrap() {
                assert!(told["summary"].as_str().unwrap().chars().all(|letter| letter > '一'), "{told}");
                let page = nobody.send(&method.to_uppercase(), &address, &[], Body::empty()).await;
                assert_eq!(refused(&page).1, "api_key.missing", "{method} {path}");
            }
        }
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for name in [
            "Account",
            "Import",
            "Problem",
            "Standing",
            "TrialBalanceTable",
            "ValueTable",
            "Lineage",
            "Impact",
            "Hands",
            "CaseType",
            "Case",
            "Cases",
            "NewCase",
            "NewStep",
            "CaseStep",
            "CaseForm",
        ] {
            assert!(schemas[name]["description"].is_string(), "{name}");
        }
        for (name, schema) in schemas {
            for (field, told) in schema["properties"].as_object().into_iter().flatten() {
                assert!(
                    told["description"].is_string() || told["$ref"].is_string() || told["oneOf"].is_array(),
                    "{name}.{field}: {told}"
                );
            }
        }
        assert!(!page.text.contains(&county.factories[0].name));
    });
}

const HANDBOOK: &str = include_str!("../../../../docs/handbook/enterprise.zh-CN.md");

/// What the handbook shows to those who write programs: a trial balance, vouchers, a new case, a step.
pub fn examples() -> [&'static str; 4] {
    let examples: Vec<&str> = HANDBOOK.split("\n\n").filter(|part| part.starts_with("    {")).collect();
    examples.try_into().unwrap()
}

#[test]
fn the_examples_of_the_handbook_are_taken_as_they_stand() {
    on_sqlite(async |app| {
        let (_, program, _) = program(&app).await;
        let [balance, vouchers, ..] = examples();
        let balance = program.give("/trial-balance", TABLE, balance).await;
        assert_eq!((balance.status, &balance.json()["warnings"]), (201, &json!([])), "{}", balance.text);
        let vouchers = program.give("/records/voucher_journal", TABLE, vouchers).await;
        assert_eq!((vouchers.status, &vouchers.json()["count"]), (201, &json!(2)), "{}", vouchers.text);
    });
}

#[test]
fn the_same_content_sent_several_times_at_once_counts_once() {
    on_both_engines(async |app| {
        let (_, program, _) = program(&app).await;
        let give = || program.give("/trial-balance", FILE, TRIAL_BALANCE);
        let (one, two, three) = tokio::join!(give(), give(), give());
        let mut told = [one.status, two.status, three.status];
        told.sort_unstable();
        assert_eq!(told, [200, 200, 201]);
        let standing = program.standing().await;
        assert_eq!(standing["trial_balance"]["earlier"], json!(0), "{standing}");
        assert_eq!(standing["trial_balance"]["id"], one.json()["id"]);
    });
}
