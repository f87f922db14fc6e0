//! Programs take part in the cases of their unit: with a key that was made for it, without a browser.

use axum::body::Body;
use serde_json::{Value, json};
use youju_app::App;
use youju_app::api_key::{create, revoke};
use youju_domain::api_key::Uses;
use youju_domain::id::ApiKeyId;
use youju_testkit::{County, Factory, TRIAL_BALANCE, journal_root, on_both_engines, on_sqlite};

use crate::api::{examples, refused};
use crate::browser::{Browser, Page};

const CASES: Uses = Uses { ledgers: false, cases: true };
const SENDING: &str = "3f1c5e0a-7b1d-4c55-9a53-0b4a3a1c2d4e";
/// `%PDF-1.7 licence`.
const LICENCE: &str = "JVBERi0xLjcgbGljZW5jZQ==";
const NO_CASE: &str = "018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11";

/// A program with a key.
struct Program {
    browser: Browser,
    bearer: String,
    usci: String,
    key: ApiKeyId,
}

impl Program {
    async fn of(app: &App, factory: &Factory, uses: Uses) -> Program {
        let Factory { clerk, unit, .. } = factory;
        let making = async |cx: &mut youju_app::Cx<'_>| {
            Ok((create(cx, *unit, "办事接口", None, uses).await?, youju_app::register::get(cx, *unit).await?))
        };
        let (made, unit) = app.write(Some(clerk.clone()), making).await.unwrap();
        let bearer = format!("Bearer {}", made.secret);
        Program { browser: Browser::new(app), bearer, usci: unit.usci.to_string(), key: made.key.id }
    }

    /// The address of the unit's cases, or of one below.
    fn cases(&self, end: &str) -> String {
        format!("/api/v1/cases/{}{end}", self.usci)
    }

    async fn get(&self, path: &str) -> Page {
        self.browser.send("GET", path, &[("authorization", &self.bearer)], Body::empty()).await
    }

    async fn post(&self, path: &str, body: impl Into<Body>) -> Page {
        let headers = [("authorization", self.bearer.as_str()), ("content-type", "application/json")];
        self.browser.send("POST", path, &headers, body.into()).await
    }

    async fn open(&self, body: &Value) -> Page {
        self.post(&self.cases(""), body.to_string()).await
    }

    async fn total(&self, query: &str) -> Value {
        self.get(&self.cases(query)).await.json()["total"].clone()
    }
}

fn licence() -> Value {
    json!({ "kind": "document", "name": "营业执照.pdf", "content": LICENCE })
}

/// The unit has another telephone.
fn amendment() -> Value {
    json!({
        "type": "amendment",
        "values": { "from_on": "2026-04-02", "why": "换号", "phone": "0579-88880009" },
        "materials": [licence()],
        "sending": SENDING,
    })
}

/// A body with one thing otherwise.
fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

/// An officer does something on the page.
async fn does(browser: &Browser, case: &str, act: &str, reason: &str) {
    let page = browser.get(case).await.text;
    let revision = page.split("name=\"revision\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let parts = [("revision", None, revision.as_bytes()), ("reason", None, reason.as_bytes())];
    let done = browser.parts(&format!("{case}/acts/{act}"), &parts).await;
    assert_eq!(done.status, 303, "{act}: {}", done.text);
}

/// What the unit may open, and what that asks for.
async fn told_beforehand(program: &Program) {
    let types = program.get(&format!("/api/v1/case-types/{}", program.usci)).await.json();
    let types = types.as_array().unwrap();
    let find = |key: &str| types.iter().find(|one| one["key"] == key).unwrap_or_else(|| panic!("no {key}: {types:?}"));
    let opening = &find("amendment")["opening"];
    assert_eq!((&opening["act"], &opening["refused"]), (&json!("open"), &Value::Null));
    assert_eq!(opening["materials"][0]["kind"], "document");
    assert_eq!(opening["materials"][0]["least"], 1);
    let field = |key: &str| opening["fields"].as_array().unwrap().iter().find(|one| one["key"] == key).unwrap().clone();
    assert_eq!((&field("from_on")["kind"], &field("from_on")["is_required"]), (&json!("date"), &json!(true)));
    assert_eq!(field("kind")["choices"], json!(["法人单位", "产业活动单位", "个体经营户"]));
    assert!(opening["one_of"].as_array().unwrap().contains(&json!("phone")));
    assert!(find("enrolment")["rounds"].to_string().contains("截止"), "{}", find("enrolment")["rounds"]);
    assert!(types.iter().all(|one| one["key"] != "interference_record"), "what offices record is no unit's");
}

#[test]
fn a_program_changes_a_telephone_past_a_return() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let program = Program::of(&app, &county.factories[0], CASES).await;
        told_beforehand(&program).await;
        let opened = program.open(&amendment()).await;
        assert_eq!(opened.status, 201, "{}", opened.text);
        let (address, case) = (opened.to().to_owned(), opened.json());
        assert_eq!(address, program.cases(&format!("/{}", case["id"].as_str().unwrap())));
        assert_eq!((&case["state"], &case["turn"]), (&json!("township"), &json!(["乡级"])), "{case}");
        assert_eq!(case["steps"][0]["materials"][0]["name"], "营业执照.pdf");
        // Its answer got lost on the way, and another program of the clerk tries too.
        let other = Program::of(&app, &county.factories[0], CASES).await;
        for again in [&program, &other] {
            let page = again.open(&amendment()).await;
            assert_eq!((page.status, &page.json()["id"]), (200, &case["id"]), "{}", page.text);
        }
        let mixed = program.open(&with(amendment(), "type", json!("withdrawal"))).await;
        assert!(refused(&mixed).1 == "bad_input" && mixed.text.contains("换一个编号"), "{}", mixed.text);
        assert_eq!(program.total("").await, 1);

        let page = case["page"].as_str().unwrap();
        let township = Browser::of(&app, &county.township).await;
        does(&township, page, "return", "执照不清楚,请重交").await;
        let returned = program.get(&address).await.json();
        assert_eq!((&returned["state"], &returned["is_bad"]), (&json!("mending"), &json!(true)));
        assert_eq!(returned["steps"][1]["reason"], "执照不清楚,请重交");
        let offered: Vec<&Value> = returned["offers"].as_array().unwrap().iter().map(|offer| &offer["act"]).collect();
        assert_eq!(offered, ["mend", "withdraw"]);

        let mend = json!({
            "revision": returned["revision"], "materials": [licence()], "values": { "phone": "0579-88880010" },
            "sending": "0b4a3a1c-7b1d-4c55-9a53-3f1c5e0a2d4e",
        });
        let old =
            program.post(&format!("{address}/acts/mend"), with(mend.clone(), "revision", json!(0)).to_string()).await;
        assert_eq!((refused(&old).0, refused(&old).1.as_str()), (409, "conflict"));
        assert!(old.text.contains("请重新查看"), "{}", old.text);
        for _ in 0..2 {
            let done = program.post(&format!("{address}/acts/mend"), mend.to_string()).await;
            assert_eq!(done.status, 200, "{}", done.text);
            let case = &done.json()["case"];
            assert_eq!((&case["state"], case["steps"].as_array().unwrap().len()), (&json!("township"), 3), "{case}");
            let phone = case["values"].as_array().unwrap().iter().find(|one| one["key"] == "phone").unwrap();
            assert_eq!(phone["value"], "0579-88880010");
        }
        kept(&app, &county, &case).await;
    });
}

/// The page tells the program from the person.
async fn kept(app: &App, county: &County, case: &Value) {
    let program = format!("{}(接口 办事接口)", county.factories[0].clerk.name);
    let clerk = Browser::of(app, &county.factories[0].clerk).await;
    let page = clerk.get(case["page"].as_str().unwrap()).await;
    assert!(page.status == 200 && page.text.contains(&program) && page.text.contains("营业执照.pdf"), "{}", page.text);
}

#[test]
fn a_list_is_narrowed_and_turned_page_by_page() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let program = Program::of(&app, &county.factories[0], CASES).await;
        assert_eq!(program.total("").await, 0);
        let case = program.open(&amendment()).await.json();
        for (query, total) in [
            ("?type=amendment", 1),
            ("?type=withdrawal", 0),
            ("?state=open", 1),
            ("?state=ended", 0),
            // It is the township's turn now; the unit may only take it back.
            ("?state=mine", 0),
            ("?page=1&state=open&type=amendment", 1),
        ] {
            assert_eq!(program.total(query).await, total, "{query}");
        }
        let listed = program.get(&program.cases("")).await.json();
        assert_eq!((&listed["page"], &listed["page_size"]), (&json!(1), &json!(50)));
        let row = &listed["cases"][0];
        assert_eq!((&row["id"], &row["type"], &row["state"]), (&case["id"], &json!("amendment"), &json!("township")));
        let beyond = program.get(&program.cases("?page=2")).await.json();
        assert_eq!((&beyond["total"], &beyond["cases"]), (&json!(1), &json!([])));
        for query in ["?state=all", "?page=0", "?page=x", "?page=-1", "?type=%00"] {
            assert_eq!(refused(&program.get(&program.cases(query)).await).1, "bad_input", "{query}");
        }
    });
}

#[test]
fn every_address_of_cases_answers_whom_it_concerns() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let program = Program::of(&app, &county.factories[0], CASES).await;
        let own = program.open(&amendment()).await.json()["id"].as_str().unwrap().to_owned();
        let other = Program::of(&app, &county.factories[1], CASES).await;
        let foreign = other.open(&amendment()).await.json()["id"].as_str().unwrap().to_owned();
        let ledgers = Program::of(&app, &county.factories[0], Uses::LEDGERS).await;
        let ended = Program::of(&app, &county.factories[0], CASES).await;
        let head = county.factories[0].head.clone();
        app.write(Some(head), async |cx| revoke(cx, ended.key).await).await.unwrap();
        let withdraw =
            json!({ "revision": 0, "reason": "不用变更了", "sending": "aaaaaaaa-0000-0000-0000-000000000001" });
        let (open, withdraw) = (with(amendment(), "sending", json!("aaaaaaaa-00000000")), withdraw.to_string());
        let addresses = |usci: &str, case: &str| {
            [
                ("GET", format!("/api/v1/case-types/{usci}"), String::new()),
                ("GET", format!("/api/v1/cases/{usci}"), String::new()),
                ("POST", format!("/api/v1/cases/{usci}"), open.to_string()),
                ("GET", format!("/api/v1/cases/{usci}/{case}"), String::new()),
                ("POST", format!("/api/v1/cases/{usci}/{case}/acts/withdraw"), withdraw.clone()),
            ]
        };
        let ask = async |bearer: &str, (method, path, body): &(&str, String, String)| {
            let headers = [("authorization", bearer), ("content-type", "application/json")];
            program
                .browser
                .send(method, path, &headers[usize::from(bearer.is_empty())..], Body::from(body.clone()))
                .await
        };
        let clerk = Browser::of(&app, &county.factories[0].clerk).await;
        let root = journal_root(&app).await;
        for asked in &addresses(&program.usci, &own) {
            for (bearer, status, code) in [
                ("", 401, "api_key.missing"),
                ("Bearer yj_0123", 401, "api_key.wrong"),
                (ended.bearer.as_str(), 401, "api_key.wrong"),
                (other.bearer.as_str(), 404, "not_found"),
                (ledgers.bearer.as_str(), 403, "api_key.wrong_use"),
            ] {
                let page = ask(bearer, asked).await;
                assert_eq!((refused(&page).0, refused(&page).1.as_str()), (status, code), "{bearer} {asked:?}");
            }
            assert_eq!(clerk.send(asked.0, &asked.1, &[], Body::empty()).await.status, 401, "a session is no key");
        }
        // The case of another unit under one's own address, one that there is not, and no id at all.
        for case in [foreign.as_str(), NO_CASE, "x", "%FF"] {
            for asked in &addresses(&program.usci, case)[3..] {
                let page = ask(&program.bearer, asked).await;
                assert!([404, 400].contains(&refused(&page).0), "{asked:?}: {}", page.text);
            }
        }
        let told = ask(&ledgers.bearer, &addresses(&program.usci, &own)[1]).await;
        assert!(told.text.contains("用途是“台账”") && told.text.contains("“接口密钥”页面新建"), "{}", told.text);
        let ledger = format!("/api/v1/ledgers/{}/2026-03", program.usci);
        for (method, end, body) in [("GET", "", ""), ("POST", "/trial-balance", TRIAL_BALANCE)] {
            let asked = (method, format!("{ledger}{end}"), body.to_owned());
            assert_eq!(refused(&ask(&program.bearer, &asked).await).1, "api_key.wrong_use", "{asked:?}");
        }
        assert_eq!(journal_root(&app).await, root);
        assert_eq!((program.total("").await, other.total("").await), (json!(1), json!(1)));
        for asked in &addresses(&program.usci, &own) {
            assert!([200, 201].contains(&ask(&program.bearer, asked).await.status), "{asked:?}");
        }
    });
}

/// The sentence of a refusal, with its reasons.
#[track_caller]
fn says(page: &Page, status: u16, code: &str) -> String {
    let (found, told, problem) = refused(page);
    assert_eq!((found, told.as_str()), (status, code), "{problem}");
    format!("{}{}", problem["detail"].as_str().unwrap(), problem["reasons"])
}

#[test]
fn what_is_damaged_or_too_large_is_refused_in_a_sentence_and_nothing_is_kept() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let program = Program::of(&app, &county.factories[0], CASES).await;
        let root = journal_root(&app).await;
        let paper = |name: &str, content: &str| json!([{ "kind": "document", "name": name, "content": content }]);
        for (name, value, code, words) in [
            ("materials", paper("a.pdf", "JVBERi0x*"), "ledger.bad_file", "第 1 份材料“a.pdf”的 content 不是 base64"),
            ("materials", paper("a.pdf", "JVBERi0xLjcgbGljZW5jZQ"), "ledger.bad_file", "末尾用 = 补足"),
            ("materials", paper("a.pdf", ""), "ledger.bad_file", "第 1 份材料“a.pdf”是空的"),
            ("materials", paper("a.exe", "TVqQAAMAAAAEAAAA"), "ledger.bad_file", "a.exe"),
            ("materials", json!([]), "bad_input", "至少 1 份,现为 0 份"),
            ("materials", json!(vec![licence(); 21]), "bad_input", "一次最多上传 20 个文件"),
            (
                "materials",
                json!([{ "kind": "photo", "name": "a.pdf", "content": LICENCE }]),
                "bad_input",
                "不交“photo”",
            ),
            ("sending", Value::Null, "bad_input", "没有发送编号(sending)"),
            ("sending", json!("1"), "bad_input", "应为 16 到 64 位"),
            ("values", json!({ "from_on": "2026-04-02", "why": "换号" }), "bad_input", "请至少填写一项"),
            ("values", json!({ "price": "1" }), "bad_input", "这一步不填写“price”"),
            ("values", json!({ "phone": 5 }), "bad_input", "类型不对"),
            ("reason", json!("a\u{0}b"), "bad_input", "U+0000"),
            ("colour", json!("red"), "bad_input", "多出"),
            ("subject", json!(county.factories[1].unit), "not_found", "办理对象"),
            ("type", json!("interference_record"), "not_found", "事项类型"),
        ] {
            let page = program.open(&with(amendment(), name, value)).await;
            let status = if code == "not_found" { 404 } else { 422 };
            let told = says(&page, status, code);
            assert!(told.contains(words), "{name}: {told}");
        }
        for body in ["", "[]", "{", "null", "\u{1}", "{\"type\": \"amendment\"}"] {
            says(&program.post(&program.cases(""), body).await, 422, "bad_input");
        }
        let huge = paper("a.pdf", &"A".repeat(33 * 1024 * 1024));
        let told = says(&program.open(&with(amendment(), "materials", huge)).await, 413, "too_large");
        assert!(told.contains("32 MB") && told.contains("请压缩"), "{told}");
        let headers = [("authorization", program.bearer.as_str()), ("content-type", "application/octet-stream")];
        let octets = program.browser.send("POST", &program.cases(""), &headers, Body::from("x")).await;
        says(&octets, 415, "unsupported_content");
        assert_eq!(journal_root(&app).await, root, "nothing of what was refused is there");

        let address = program.open(&amendment()).await.to().to_owned();
        let step = json!({ "revision": 0, "reason": "不用变更了", "sending": "aaaaaaaa-00000001" });
        for (act, body, status, code) in [
            ("township_pass", step.clone(), 403, "access.forbidden"),
            ("mend", step.clone(), 422, "bad_input"),
            ("nothing", step.clone(), 422, "bad_input"),
            ("withdraw", with(step.clone(), "revision", json!(7)), 409, "conflict"),
            ("withdraw", with(step.clone(), "revision", Value::Null), 422, "bad_input"),
            ("withdraw", with(step.clone(), "reason", json!("不")), 422, "bad_input"),
        ] {
            says(&program.post(&format!("{address}/acts/{act}"), body.to_string()).await, status, code);
        }
        let done = program.post(&format!("{address}/acts/withdraw"), step.to_string()).await;
        assert_eq!((done.status, &done.json()["case"]["is_end"]), (200, &json!(true)), "{}", done.text);
    });
}

#[test]
fn the_cases_of_the_handbook_are_taken_as_they_stand() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let program = Program::of(&app, &county.factories[0], CASES).await;
        let [.., new, step] = examples();
        let opened = program.post(&program.cases(""), new).await;
        assert_eq!(opened.status, 201, "{}", opened.text);
        let township = Browser::of(&app, &county.township).await;
        does(&township, opened.json()["page"].as_str().unwrap(), "return", "执照不清楚,请重交").await;
        let mended = program.post(&format!("{}/acts/mend", opened.to()), step).await;
        assert_eq!((mended.status, &mended.json()["case"]["state"]), (200, &json!("township")), "{}", mended.text);
    });
}

#[test]
fn the_same_sending_by_two_programs_at_once_is_one_case() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let one = Program::of(&app, &county.factories[0], CASES).await;
        let two = Program::of(&app, &county.factories[0], CASES).await;
        let body = amendment();
        let (a, b, c) = tokio::join!(one.open(&body), two.open(&body), one.open(&body));
        let mut told = [a.status, b.status, c.status];
        told.sort_unstable();
        assert_eq!((told, one.total("").await), ([200, 200, 201], json!(1)));
        assert_eq!((&a.json()["id"], &a.json()["id"]), (&b.json()["id"], &c.json()["id"]));
    });
}
