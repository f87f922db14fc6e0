//! Every route, every role: the status that the access matrix promises.

use serde_json::json;
use youju_app::correction::{self, Typed};
use youju_app::query::NewQuery;
use youju_app::{App, report};
use youju_domain::access::Actor;
use youju_domain::correction::Cause;
use youju_domain::id::UnitId;
use youju_domain::report::{Level, State};
use youju_testkit::{County, Factory, TRIAL_BALANCE, VOUCHERS, new_unit, on_both_engines, on_sqlite};

use crate::browser::{Browser, Page, agreement};

/// Columns of the tables below: the unit's two people, another unit's, then officers, then the administrator.
async fn browsers(app: &App, county: &County) -> Vec<(String, Browser)> {
    let actors: [&Actor; 8] = [
        &county.factories[0].clerk,
        &county.factories[0].head,
        &county.factories[1].clerk,
        &county.township,
        &county.county,
        &county.city,
        &county.neighbour,
        &county.admin,
    ];
    let mut browsers = Vec::new();
    for actor in actors {
        browsers.push((actor.name.clone(), Browser::of(app, actor).await));
    }
    browsers
}

/// Addresses of what the first factory has imported: its books, its vouchers, and a file that still waits; and its program's key.
#[derive(Default)]
struct Imported {
    import: String,
    records: String,
    upload: String,
    attachment: String,
    book: String,
    key: String,
    query: String,
    correction: String,
}

/// The first factory imports its books and its vouchers, and chooses a file once more.
async fn imported(app: &App, county: &County) -> Imported {
    let Factory { clerk, unit, report: id, .. } = &county.factories[0];
    let browser = Browser::of(app, clerk).await;
    let page = browser.upload(&format!("/reports/{id}/import"), "三月.csv", TRIAL_BALANCE).await;
    let import = page.to().to_owned();
    assert!(import.starts_with("/imports/"), "{} {}", page.status, page.text);
    let ledger = format!("/units/{unit}/ledger?period=2026-03");
    let chosen = browser.upload(&ledger, "三月凭证.csv", VOUCHERS).await;
    let preview = browser.get(chosen.to()).await;
    let records = browser.post(chosen.to(), &agreement(&preview.text)).await;
    assert!(records.to().starts_with("/records/"), "{} {}", records.status, records.text);
    let upload = browser.upload(&ledger, "三月凭证.csv", VOUCHERS).await;
    let parts: [(&str, Option<&str>, &[u8]); 1] = [("file", Some("电费单.pdf"), b"%PDF-1.7")];
    let attached = browser.parts(&format!("/units/{unit}/attachments?period=2026-03"), &parts).await;
    assert_eq!(attached.status, 303, "{}", attached.text);
    let page = browser.get(&ledger).await.text;
    let attachment = page.split("href=\"/attachments/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let output = format!("/units/{unit}/books/output?period=2026-03");
    browser.post(&output, "was=&r.1.name=a&r.1.produced=1").await;
    let page = browser.get(&output).await.text;
    let book = page.split("href=\"/books/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let key = key(app, clerk, *unit).await;
    Imported {
        book: format!("/books/{book}"),
        import,
        records: records.to().to_owned(),
        upload: upload.to().to_owned(),
        attachment: format!("/attachments/{attachment}"),
        key,
        ..Imported::default()
    }
}

/// The county asks about the first factory's accepted report, and the factory asks to correct it.
async fn talked_about(app: &App, county: &County, found: &mut Imported) {
    let Factory { clerk, report, .. } = &county.factories[0];
    let new = NewQuery {
        report: *report,
        cells: vec!["c301".into()],
        question: "请说明原因".into(),
        due_at: None,
        source: String::new(),
    };
    let asked = app.write(Some(county.county.clone()), async |cx| youju_app::query::ask(cx, new).await).await;
    found.query = asked.unwrap().id.to_string();
    let wanted = [Typed { cell: "c601".into(), value: "95".into() }];
    let correction = app.write(Some(clerk.clone()), async |cx| {
        correction::ask(cx, *report, Cause::Slip, "漏计了二车间的人员", &wanted).await
    });
    found.correction = correction.await.unwrap().id.to_string();
}

async fn key(app: &App, clerk: &Actor, unit: UnitId) -> String {
    let made = app.write(Some(clerk.clone()), async |cx| youju_app::api_key::create(cx, unit, "U8", None).await).await;
    made.unwrap().key.id.to_string()
}

/// A county whose first factory has imported its books and submitted.
async fn submitted(app: &App) -> (County, Imported) {
    let county = County::open(app).await;
    let found = imported(app, &county).await;
    county.bring(0, State::Accepted(Level::County)).await;
    let mut found = found;
    talked_about(app, &county, &mut found).await;
    (county, found)
}

/// `{id}`, `{unit}`, `{window}`, `{import}`, `{records}`, `{upload}`, `{attachment}`, `{book}`, `{key}`, `{query}` and `{correction}` stand for the first factory's.
fn fill(route: &str, county: &County, found: &Imported) -> String {
    let Factory { unit, report, .. } = &county.factories[0];
    route
        .replace("{id}", &report.to_string())
        .replace("{unit}", &unit.to_string())
        .replace("{window}", &county.window.to_string())
        .replace("{import}", &found.import)
        .replace("{records}", &found.records)
        .replace("{upload}", &found.upload)
        .replace("{attachment}", &found.attachment)
        .replace("{book}", &found.book)
        .replace("{key}", &found.key)
        .replace("{query}", &found.query)
        .replace("{correction}", &found.correction)
}

const PAGES: &[(&str, [u16; 8])] = &[
    // clerk, head, another unit's clerk, township, county, city, neighbour, administrator
    ("/", [303; 8]),
    ("/inbox", [200; 8]),
    ("/reports", [200; 8]),
    ("/reports?state=submitted&window={window}&area=3307&search=食品", [200; 8]),
    ("/reports/{id}", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/reports/{id}/cells/c301", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/reports/{id}/cells/c301/hands", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/reports/{id}/cells/c301/hands/csv", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/reports/{id}/cells/c999/hands", [422, 422, 404, 422, 422, 422, 404, 404]),
    ("/reports/{id}/present", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/reports/{id}/history", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/reports/{id}/versions/1", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/reports/{id}/versions/2", [404; 8]),
    ("/reports/{id}/paper", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/forms/B203", [200; 8]),
    ("/forms/107-1", [200; 8]),
    ("/forms/B999", [404; 8]),
    ("/forms/B203/blank", [200; 8]),
    ("/forms/B999/blank", [404; 8]),
    ("/reports/{id}/import", [200, 403, 404, 403, 403, 403, 404, 404]),
    ("/reports/{id}/form-book", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/reports/{id}/form-book/import", [200, 403, 404, 403, 403, 403, 404, 404]),
    ("{import}", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("{import}/impact", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("{import}/impact?account=6001", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("{import}/impact?account=9999", [404; 8]),
    ("{records}/impact", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("{book}", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("{book}/impact", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("{records}", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("{upload}", [200, 404, 404, 404, 404, 404, 404, 404]),
    ("/units/{unit}/ledger", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("{import}/file", [200, 200, 404, 200, 200, 200, 404, 404]),
    // The file of the vouchers names persons and is not kept.
    ("{records}/file", [404; 8]),
    ("{attachment}", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/units/{unit}/attachments?period=2026-03", [303; 8]),
    ("/units/{unit}/ledger?period=2026-03", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/windows", [200; 8]),
    ("/windows/{window}", [404, 404, 404, 200, 200, 200, 404, 404]),
    ("/windows/{window}/form-book", [404, 404, 404, 200, 200, 200, 404, 404]),
    ("/windows/{window}/accept", [403, 403, 403, 200, 200, 200, 404, 403]),
    ("/windows/{window}/remind", [403, 403, 403, 200, 200, 200, 404, 403]),
    ("/windows/{window}/change", [404, 404, 404, 404, 200, 403, 404, 404]),
    ("/calendar", [404, 404, 404, 403, 200, 403, 200, 404]),
    ("/messages", [200; 8]),
    ("/contact", [200; 8]),
    ("/reports/{id}/traces", [403, 403, 404, 403, 200, 200, 404, 404]),
    ("/windows/{window}/edited", [404, 404, 404, 200, 200, 200, 404, 404]),
    ("/windows/{window}/review", [404, 404, 404, 200, 200, 200, 404, 404]),
    ("/windows/{window}/signals", [404, 404, 404, 403, 200, 200, 404, 404]),
    // Without a key of the installation nobody gets a proof bundle.
    ("/reports/{id}/proof", [422, 422, 404, 422, 422, 422, 404, 404]),
    ("/reports/{id}/correction", [200, 403, 404, 403, 403, 403, 404, 404]),
    ("/queries", [200; 8]),
    ("/queries?stage=asked&overdue=1&source=x", [200; 8]),
    ("/queries/list", [403, 403, 403, 200, 200, 200, 200, 403]),
    ("/queries/quality", [200; 8]),
    ("/queries/{query}", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/corrections/{correction}", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/reports/{id}/reminders", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/units", [200; 8]),
    ("/units?search=食品", [200; 8]),
    ("/units/{unit}", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/units/{unit}/books/output?period=2026-03", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/units/{unit}/generate?period=2026-03", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/units/{unit}/compliance", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/compliance", [404, 404, 404, 200, 200, 200, 200, 404]),
    ("/compliance?township=330781001000&order=name&page=2", [404, 404, 404, 200, 200, 200, 200, 404]),
    ("/archive", [303, 303, 303, 200, 200, 200, 200, 404]),
    ("/archive?year=2026&township=330781001000&order=name&page=2", [303, 303, 303, 200, 200, 200, 200, 404]),
    ("/archive/expired?year=2023", [404, 404, 404, 200, 200, 200, 200, 404]),
    ("/archive/{unit}/2026", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/archive/{unit}/2026?project=P1", [404; 8]),
    ("/archive/{unit}/2026/export", [200, 200, 404, 200, 200, 200, 404, 404]),
    ("/units/{unit}/archive", [303; 8]),
    ("/units/{unit}/api-keys", [200, 200, 404, 403, 403, 403, 404, 404]),
    ("/api-keys/{key}/revoke", [200, 200, 404, 403, 403, 403, 404, 404]),
    ("/laboratory?form=B203", [404, 404, 404, 200, 200, 200, 200, 404]),
    ("/totals/parts?of=B203/2026-03&area=330781001&level=county&cell=c301", [404, 404, 404, 200, 200, 200, 404, 404]),
    ("/totals?form=B203&period=2026-03", [404, 404, 404, 200, 200, 200, 200, 404]),
];

#[test]
fn every_page_is_shown_to_whom_it_concerns() {
    on_both_engines(async |app| {
        let (county, import) = submitted(&app).await;
        let browsers = browsers(&app, &county).await;
        for (route, promised) in PAGES {
            let path = fill(route, &county, &import).replace("食品", "%E9%A3%9F%E5%93%81");
            for ((who, browser), status) in browsers.iter().zip(promised) {
                let page = browser.get(&path).await;
                assert_eq!(page.status, *status, "{who} {route}");
                let is_file =
                    ["/paper", "/blank", "/form-book", "/file", "/csv", "/export", "/present", "{attachment}"]
                        .iter()
                        .any(|end| route.ends_with(end));
                if *status != 303 && (*status != 200 || !is_file) {
                    assert!(page.is_page(), "{who} {route}");
                }
                // Whatever the status: another unit's clerk reads nothing of the first one's.
                if who.ends_with("tb001") {
                    assert!(!page.text.contains(&county.factories[0].name), "{route}");
                }
            }
        }
    });
}

#[test]
fn without_signing_in_every_page_leads_to_the_sign_in_page_and_back() {
    on_both_engines(async |app| {
        let (county, import) = submitted(&app).await;
        let nobody = Browser::new(&app);
        for (route, _) in PAGES.iter().filter(|(route, _)| *route != "/") {
            let path = fill(route, &county, &import).replace("食品", "%E9%A3%9F%E5%93%81");
            for browser in [&nobody, &nobody.with_cookie("youju_session=0123"), &nobody.with_cookie("youju_session=")] {
                let page = browser.get(&path).await;
                assert_eq!(page.status, 303, "{route}");
                assert!(page.to().starts_with("/sign-in?back=%2F"), "{route}: {}", page.to());
            }
        }
        for (path, status) in [("/", 303), ("/sign-in", 200), ("/health", 200), ("/assets/app.css", 200)] {
            assert_eq!(nobody.get(path).await.status, status, "{path}");
        }
        for (route, ..) in COMMANDS {
            let page = nobody.post(&fill(route, &county, &import), "").await;
            assert_eq!((page.status, page.to()), (303, "/sign-in"), "{route}");
        }
    });
}

/// A command, its form, the state that the report is brought to, and what each of the eight is answered. 409 is a refusal to
/// somebody who may, because of the state; whoever is answered 303 does it, so they stand alone or it can be done by both.
const COMMANDS: &[(&str, &str, State, [u16; 8])] = &[
    ("/reports/{id}/cells", "was.c401=&c401=9", State::Draft, [303, 403, 404, 403, 403, 403, 404, 404]),
    ("/reports/{id}/generate", "", State::Draft, [409, 403, 404, 403, 403, 403, 404, 404]),
    (
        "/reports/{id}/explain",
        "check=Z15&text=%E6%96%B0%E5%8E%82%E5%8C%BA%E6%8A%95%E4%BA%A7",
        State::Draft,
        [409, 403, 404, 403, 403, 403, 404, 404],
    ),
    ("/reports/{id}/sign", "", State::Draft, [303, 403, 404, 403, 403, 403, 404, 404]),
    ("/reports/{id}/check", "", State::Draft, [303, 403, 404, 403, 403, 403, 404, 404]),
    ("/reports/{id}/take-up", "", State::Submitted, [403, 403, 404, 409, 303, 409, 404, 404]),
    ("/reports/{id}/put-down", "", State::UnderReview, [403, 403, 404, 409, 303, 409, 404, 404]),
    ("/reports/{id}/authorise", "", State::Signed, [403, 303, 404, 403, 403, 403, 404, 404]),
    ("/reports/{id}/submit", "", State::Authorised, [303, 409, 404, 403, 403, 403, 404, 404]),
    ("/reports/{id}/recall", "", State::Submitted, [303, 409, 404, 403, 403, 403, 404, 404]),
    ("/reports/{id}/accept", "", State::Submitted, [403, 403, 404, 409, 303, 303, 404, 404]),
    (
        "/reports/{id}/return",
        "reason=%E8%90%A5%E4%B8%9A%E6%94%B6%E5%85%A5%E6%9C%89%E8%AF%AF",
        State::Accepted(Level::County),
        [403, 403, 404, 409, 303, 409, 404, 404],
    ),
    ("/reports/{id}/import", "", State::Draft, [422, 403, 404, 403, 403, 403, 404, 404]),
    ("/reports/{id}/form-book/import", "", State::Draft, [422, 403, 404, 403, 403, 403, 404, 404]),
    ("/reports/{id}/form-book/take", "", State::Draft, [422, 403, 404, 403, 403, 403, 404, 404]),
    ("/reports/{id}/form-book/copy", "", State::Draft, [422, 403, 404, 403, 403, 403, 404, 404]),
    ("/units/{unit}/ledger?period=2026-03", "", State::Draft, [422, 403, 404, 403, 403, 403, 404, 404]),
    (
        "/units/{unit}/books/output?period=2026-03",
        "was=&r.1.name=a&r.1.produced=1",
        State::Draft,
        [303, 403, 404, 403, 403, 403, 404, 404],
    ),
    (
        "/units/{unit}/books/energy/gather?period=2026-03",
        "was=",
        State::Draft,
        [422, 403, 404, 403, 403, 403, 404, 404],
    ),
    ("/units/{unit}/generate?period=2026-03", "", State::Draft, [200, 403, 404, 403, 403, 403, 404, 404]),
    ("/units/{unit}/attachments?period=2026-03", "", State::Draft, [422, 403, 404, 403, 403, 403, 404, 404]),
    ("{attachment}/remove", "reason=abcdef", State::Draft, [303, 403, 404, 403, 403, 403, 404, 404]),
    ("{upload}", "kind=voucher_journal", State::Draft, [422, 404, 404, 404, 404, 404, 404, 404]),
    ("{records}/share", "name=U8", State::Draft, [404, 404, 404, 403, 303, 403, 404, 404]),
    ("/windows/{window}/accept", "reports=", State::Draft, [403, 403, 403, 200, 200, 200, 404, 403]),
    ("/windows/{window}/open", "", State::Draft, [404, 404, 404, 404, 409, 403, 404, 404]),
    (
        "/windows/{window}/change",
        "opens_at=2026-04-01T00:00&due_at=2026-04-11T00:00&closes_at=2026-04-19T00:00&county=on&city=on&reason=%E7%B3%BB%E7%BB%9F%E7%BB%B4%E6%8A%A4",
        State::Draft,
        [404, 404, 404, 404, 303, 403, 404, 404],
    ),
    ("/windows/{window}/lock", "", State::Draft, [404, 404, 404, 409, 409, 422, 404, 404]),
    (
        "/windows/{window}/remind",
        "report={id}&body=%E8%AF%B7%E6%8A%A5",
        State::Draft,
        [403, 403, 403, 200, 200, 200, 404, 403],
    ),
    ("/reports/{id}/note", "text=%E8%AF%B7%E6%A0%B8%E5%AF%B9", State::Draft, [303, 303, 404, 303, 303, 303, 404, 404]),
    (
        "/reports/{id}/query",
        "question=%E8%AF%B7%E8%AF%B4%E6%98%8E%E5%8E%9F%E5%9B%A0",
        State::Submitted,
        [403, 403, 404, 303, 303, 303, 404, 404],
    ),
    (
        "/reports/{id}/correction",
        "cause=slip&reason=%E6%BC%8F%E8%AE%A1%E4%BA%86%E4%BA%8C%E8%BD%A6%E9%97%B4&c.c601=95",
        State::Accepted(Level::City),
        [303, 403, 404, 403, 403, 403, 404, 404],
    ),
    (
        "/corrections/{correction}/decide",
        "agrees=yes",
        State::Accepted(Level::County),
        [403, 403, 404, 409, 303, 422, 404, 404],
    ),
    (
        "/corrections/{correction}/withdraw",
        "",
        State::Accepted(Level::County),
        [303, 403, 404, 403, 403, 403, 404, 404],
    ),
    (
        "/queries/{query}/answer",
        "text=%E4%B8%89%E6%9C%88%E6%96%B0%E5%A2%9E%E7%94%9F%E4%BA%A7%E7%BA%BF",
        State::Accepted(Level::County),
        [303, 403, 404, 403, 403, 403, 404, 404],
    ),
    (
        "/queries/{query}/judge",
        "act=reopen&text=%E8%AF%B7%E8%A1%A5%E5%85%85",
        State::Accepted(Level::County),
        [403, 403, 404, 422, 422, 422, 404, 404],
    ),
    ("/calendar", "year=2026", State::Draft, [404, 404, 404, 403, 303, 403, 303, 404]),
    ("/units/{unit}/api-keys", "name=U8", State::Draft, [200, 403, 404, 403, 403, 403, 404, 404]),
    ("/api-keys/{key}/revoke", "", State::Draft, [303, 303, 404, 403, 403, 403, 404, 404]),
    ("/units/{unit}/may-explain", "may_explain=yes", State::Draft, [403, 403, 404, 403, 303, 403, 404, 404]),
    (
        "/windows",
        "form=B203&period=2026-04&opens_at=2026-05-01T00:00&due_at=2026-05-10T00:00&closes_at=2026-05-18T00:00&county=on&city=on",
        State::Draft,
        [404, 404, 404, 403, 303, 403, 303, 404],
    ),
    (
        "/units",
        "usci={usci}&name=%E8%99%9A%E6%9E%84%E5%8E%82&area=330781001&industry=1411&standard=1",
        State::Draft,
        [404, 404, 404, 403, 303, 403, 404, 404],
    ),
    ("/sign-out", "", State::Draft, [303; 8]),
];

#[test]
fn every_command_is_taken_from_whom_it_belongs_to() {
    for (route, form, state, promised) in COMMANDS {
        // A county of its own for every command: what one does must not help the next.
        on_sqlite(async |app| {
            let county = County::open(&app).await;
            county.bring(0, *state).await;
            let browsers = browsers(&app, &county).await;
            let usci = new_unit(999, "330781001000", "1411").usci;
            let needs = ["{records}", "{upload}", "{attachment}", "{key}"].iter().any(|one| route.contains(one));
            let mut found = if needs { imported(&app, &county).await } else { Imported::default() };
            if ["{query}", "{correction}"].iter().any(|one| route.contains(one)) {
                talked_about(&app, &county, &mut found).await;
            }
            let (path, form) = (
                fill(route, &county, &found),
                form.replace("{usci}", usci.as_str()).replace("{id}", &county.factories[0].report.to_string()),
            );
            for ((who, browser), status) in browsers.iter().zip(promised) {
                let page = give(browser, &path, &form).await;
                assert_eq!(page.status, *status, "{who} {route}: {}", page.text);
                assert!(page.status == 303 || page.is_page(), "{who} {route}: {}", page.text);
            }
        });
    }
}

async fn give(browser: &Browser, path: &str, form: &str) -> Page {
    let takes_file = ["/import", "/take", "/copy"].iter().any(|end| path.ends_with(end)) || path.contains("/ledger");
    let takes_file = takes_file || path.contains("/attachments?");
    if takes_file { browser.upload(path, "空.csv", "").await } else { browser.post(path, form).await }
}

#[test]
fn a_link_that_was_open_when_the_session_ended_leads_back_after_signing_in() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let path = format!("/reports/{id}?from=list");
        assert_eq!(browser.post("/sign-out", "").await.to(), "/sign-in");
        let page = browser.get(&path).await;
        let back = format!("%2Freports%2F{id}%3Ffrom%3Dlist");
        assert_eq!(page.to(), format!("/sign-in?back={back}"));
        let form = |back: &str| format!("login=tb000&password={}&back={back}", youju_testkit::PASSWORD);
        assert_eq!(Browser::new(&app).post("/sign-in", &form(&back)).await.to(), path);
        for elsewhere in ["https:%2F%2Fexample.com", "%2F%2Fexample.com", "%2F%5Cexample.com"] {
            assert_eq!(Browser::new(&app).post("/sign-in", &form(elsewhere)).await.to(), "/inbox");
        }
        // What a script sends is told so, and not redirected into a page.
        let saved = browser.post_json(&format!("/reports/{id}/cells"), &json!({ "changes": [] })).await;
        assert!(saved.status == 401 || saved.status == 303);
        let listed = app.read(Some(clerk.clone()), async |cx| report::open(cx, *id).await).await.unwrap();
        assert_eq!(listed.report.revision, 0);
    });
}
