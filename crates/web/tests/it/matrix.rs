//! Every route, every role: the status that the access matrix promises.

pub mod rows;

use serde_json::json;
use youju_app::assessment::{self, Subject};
use youju_app::correction::{self, Typed};
use youju_app::query::NewQuery;
use youju_app::{App, report};
use youju_codes::{AreaCode, Period};
use youju_domain::access::Actor;
use youju_domain::api_key::Uses;
use youju_domain::correction::Cause;
use youju_domain::id::UnitId;
use youju_domain::report::{Level, State};
use youju_testkit::{County, Factory, TRIAL_BALANCE, VOUCHERS, new_unit, on_both_engines, on_sqlite};

use crate::browser::{Browser, Page, agreement};
use rows::{COMMANDS, PAGES};

/// Columns of the tables below: the unit's two people, another unit's, then officers, then the administrator.
pub async fn browsers(app: &App, county: &County) -> Vec<(String, Browser)> {
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
pub struct Imported {
    import: String,
    records: String,
    upload: String,
    attachment: String,
    book: String,
    key: String,
    query: String,
    correction: String,
    assessment: String,
    projects: String,
    outside: String,
    case: String,
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

/// The city begins to assess the county's figures, as far as the county has accepted them.
async fn assessed(app: &App, county: &County) -> String {
    let (period, area) = (Period::parse("2026-03").unwrap(), AreaCode::parse("330781").unwrap());
    let subject = Subject { form: "B203".into(), period, area };
    let opened = app.write(Some(county.city.clone()), async |cx| assessment::open(cx, &subject).await).await;
    opened.unwrap().id.to_string()
}

async fn key(app: &App, clerk: &Actor, unit: UnitId) -> String {
    let made = app
        .write(Some(clerk.clone()), async |cx| youju_app::api_key::create(cx, unit, "U8", None, Uses::LEDGERS).await)
        .await;
    made.unwrap().key.id.to_string()
}

/// A county whose first factory has imported its books and submitted.
pub async fn submitted(app: &App) -> (County, Imported) {
    let county = County::open(app).await;
    let found = imported(app, &county).await;
    county.bring(0, State::Accepted(Level::County)).await;
    let mut found = found;
    talked_about(app, &county, &mut found).await;
    found.assessment = assessed(app, &county).await;
    found.projects = county.open_projects().await.to_string();
    found.outside = crate::outside::imported(app, &county).await;
    found.case = crate::cases::recorded(app, &county).await;
    (county, found)
}

/// `{id}`, `{unit}`, `{window}`, `{import}`, `{records}`, `{upload}`, `{attachment}`, `{book}`, `{key}`, `{query}`, `{correction}`, `{assessment}`, `{outside}`, `{case}` and `{onsite}` (the same case on a phone) stand for the first factory's; `{projects}` for the window of investment projects.
pub fn fill(route: &str, county: &County, found: &Imported) -> String {
    let Factory { unit, report, .. } = &county.factories[0];
    route
        .replace("{id}", &report.to_string())
        .replace("{person}", &county.factories[0].clerk.person.to_string())
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
        .replace("{assessment}", &found.assessment)
        .replace("{projects}", &found.projects)
        .replace("{outside}", &found.outside)
        .replace("{case}", &found.case)
        .replace("{onsite}", &found.case.replace("/cases/", "/onsite/"))
}

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
                let is_file = [
                    "/paper",
                    "/blank",
                    "/form-book",
                    "/file",
                    "/csv",
                    "/csv?days=7",
                    "/sbom",
                    "/export",
                    "/zip",
                    "/present",
                    "{attachment}",
                ]
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

/// What the security and the audit administrator see; everywhere else they see what the administrator sees: no figure.
const ADMINISTRATORS: &[(&str, [u16; 2])] = &[
    ("/accounts/open", [403, 404]),
    ("/accounts", [200, 404]),
    ("/audit", [403, 200]),
    ("/units/{unit}/looks", [404, 200]),
    ("/security", [200, 200]),
];

#[test]
fn three_administrators_share_no_power_and_see_no_figure() {
    on_both_engines(async |app| {
        let (county, import) = submitted(&app).await;
        let browsers = [Browser::of(&app, &county.security).await, Browser::of(&app, &county.auditor).await];
        for (route, promised) in PAGES {
            let path = fill(route, &county, &import).replace("食品", "%E9%A3%9F%E5%93%81");
            let own = ADMINISTRATORS.iter().find(|(own, _)| route.starts_with(own)).map(|(_, statuses)| *statuses);
            let wanted = own.filter(|_| promised[7] != 422).unwrap_or([promised[7]; 2]);
            for (browser, status) in browsers.iter().zip(wanted) {
                assert_eq!(browser.get(&path).await.status, status, "{route}");
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
            if route.contains("{assessment}") {
                found.assessment = assessed(&app, &county).await;
            }
            if route.contains("{case}") {
                found.case = crate::cases::recorded(&app, &county).await;
            }
            if route.contains("{projects}") {
                found.projects = county.open_projects().await.to_string();
            }
            let (path, form) = (
                fill(route, &county, &found),
                form.replace("{usci}", usci.as_str())
                    .replace("{id}", &county.factories[0].report.to_string())
                    .replace("{person}", &county.factories[0].clerk.person.to_string()),
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
    let takes_file =
        ["/import", "/take", "/import/left", "/copy"].iter().any(|end| path.ends_with(end)) || path.contains("/ledger");
    let takes_file =
        takes_file || path.contains("/attachments?") || path.starts_with("/outside/") || path.starts_with("/cases/");
    let takes_file = takes_file || path.starts_with("/accounts/open/table");
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
