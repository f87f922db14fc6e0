//! 统计人员 by links and forms alone: entered, qualified, handed over, seated; and every address of it for everybody.

use youju_app::App;
use youju_domain::access::Actor;
use youju_testkit::{County, Factory, newcomer, on_both_engines};

use crate::browser::{Browser, Page};

/// A new post, as a form sends it.
fn post(name: &str, login: &str) -> String {
    let name = name.bytes().fold(String::new(), |name, byte| format!("{name}%{byte:02X}"));
    format!(
        "name={name}&born=1990&education=bachelor&began=2012&duty=statistician&time=full&establishment=hired&work=&since=2026-04-01&document=&login={login}"
    )
}

/// The page of a browser after a command, which must have been done.
async fn after(browser: &Browser, path: &str, form: &str) -> Page {
    let done = browser.post(path, form).await;
    assert_eq!(done.status, 303, "{path}: {}", done.text);
    browser.get(done.to()).await
}

/// The first address on a page that begins and ends so.
#[track_caller]
fn address(page: &Page, from: &str, to: &str) -> String {
    let all = page.text.split('"').filter(|part| part.starts_with(from) && part.ends_with(to));
    all.map(str::to_owned).next().unwrap_or_else(|| panic!("no {from}…{to}: {}", page.text))
}

fn hidden(page: &Page, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    page.text.split(&start).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

/// Somebody of a unit with an account who leaves, and somebody with an account who follows; the addresses of both.
async fn two(app: &App, county: &County) -> (Browser, [String; 2], Actor) {
    let own = &county.factories[0];
    let head = Browser::of(app, &own.head).await;
    let successor = newcomer(county, "tb900", &own.clerk).await;
    let people = format!("/units/{}/staff", own.unit);
    assert!(head.get(&people).await.text.contains("还没有登记统计人员"));
    assert!(head.get(&format!("{people}/new")).await.text.contains("自动报备县级统计机构"));
    let leaves = head.post(&people, &post("柳惠", "tb000")).await.to().to_owned();
    let follows = head.post(&people, &post("龚敏", "tb900")).await.to().to_owned();
    (head, [leaves, follows], successor)
}

#[test]
fn a_clerk_is_entered_trained_and_leaves_by_a_handover() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (head, [leaves, follows], successor) = two(&app, &county).await;
        let bad = head.post(&format!("{leaves}/train"), "subject=a&held=2026-04-01&hours=x&organiser=&passed=").await;
        assert!(bad.status == 422 && bad.text.contains("学时应为整数"), "{}", bad.text);
        let form = "subject=%E5%B9%B4%E6%8A%A5&held=2026-04-01&hours=8&organiser=&passed=yes";
        let trained = after(&head, &format!("{leaves}/train"), form).await;
        assert!(trained.text.contains("共 8 学时") && trained.text.contains("合格"), "{}", trained.text);
        let form = "kind=junior&number=1&issued=2020-01-01&expires=2026-04-30";
        let qualified = after(&head, &format!("{leaves}/qualify"), form).await;
        assert!(qualified.text.contains("即将到期"), "{}", qualified.text);
        let found = head.get("/staff?search=%E6%9F%B3").await.text;
        assert!(found.contains("柳惠") && !found.contains("龚敏"), "{found}");

        let clerk = Browser::of(&app, &county.factories[0].clerk).await;
        let form = address(&clerk.get(&leaves).await, "/tenures/", "/handover");
        let begin = clerk.get(&form).await;
        assert!(begin.text.contains("龚敏") && !begin.text.contains("聘期"), "{}", begin.text);
        let taker = follows.rsplit('/').next().unwrap();
        let form_sent = format!("taker={taker}&document=%E8%BE%9E%E8%81%8C&papers=%E6%97%A0");
        let page = after(&clerk, &form, &form_sent).await;
        let handover = address(&page, "/handovers/", "/sign").trim_end_matches("/sign").to_owned();
        let signs = async |browser: &Browser, more: &str| {
            let seal = hidden(&browser.get(&handover).await, "seal");
            after(browser, &format!("{handover}/sign"), &format!("seal={seal}{more}")).await
        };
        assert!(page.text.contains("待填报"), "{}", page.text);
        assert!(signs(&clerk, "").await.text.contains("待接收人签字"));
        let successor = Browser::of(&app, &successor).await;
        assert!(successor.get("/inbox").await.text.contains("工作交接待签字"));
        assert!(signs(&successor, "").await.text.contains("待监交人签字"));
        let done = signs(&head, "").await;
        assert!(done.text.contains("已完成") && done.text.contains("签字时的清单"), "{}", done.text);
        assert_eq!(clerk.get("/inbox").await.status, 303, "signed out that second");
        assert!(head.get("/staff?ended=yes").await.text.contains("柳惠"));
    });
}

#[test]
fn everybody_finds_what_they_may_see_and_nothing_else() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 4).await;
        let (head, [leaves, follows], _) = two(&app, &county).await;
        let officer = Browser::of(&app, &county.county).await;
        let cut = officer.get("/grids/330781000000/cut").await;
        let print = hidden(&cut, "fingerprint");
        officer.post("/grids/330781000000/cut", &format!("fingerprint={print}")).await;
        let cell = address(&officer.get("/grids/330781001000").await, "/cells/", "/seats");
        let cell = cell.trim_end_matches("/seats").to_owned();
        officer.post("/organisations/set-up", "profile=lanxi&shown=36").await;
        let street = {
            let tree = officer.get("/organisations").await.text;
            let before = tree.split("\">兰江街道办事处</a>").next().unwrap().to_owned();
            before.rsplit("href=\"").next().unwrap().to_owned()
        };
        let taker = follows.rsplit('/').next().unwrap();
        let leave = address(&head.get(&leaves).await, "/tenures/", "/handover");
        let begun = head.post(&leave, &format!("taker={taker}&document=x&papers=x")).await.to().to_owned();
        let Factory { unit, clerk, head: own_head, .. } = &county.factories[0];
        let actors = [
            clerk,
            own_head,
            &county.factories[1].clerk,
            &county.township,
            &county.county,
            &county.city,
            &county.neighbour,
            &county.admin,
        ];
        let pages: Vec<(String, [u16; 8])> = vec![
            ("/staff".into(), [200, 200, 200, 200, 200, 200, 200, 404]),
            ("/staff?search=x&duty=lead&where=units&ended=yes&page=2".into(), [200, 200, 200, 200, 200, 200, 200, 404]),
            (leaves.clone(), [200, 200, 404, 200, 200, 200, 404, 404]),
            (format!("{leaves}/train"), [303; 8]),
            (format!("/units/{unit}/staff"), [200, 200, 404, 200, 200, 200, 404, 404]),
            (format!("/units/{unit}/staff/new"), [200, 200, 404, 200, 200, 200, 404, 404]),
            (format!("/units/{unit}/staff/new?search=x"), [200, 200, 404, 200, 200, 200, 404, 404]),
            (format!("{street}/staff"), [404, 404, 404, 200, 200, 200, 404, 404]),
            (format!("{street}/staff/new"), [404, 404, 404, 403, 200, 200, 404, 404]),
            (leave.clone(), [200, 200, 404, 200, 200, 200, 404, 404]),
            (leave.replace("handover", "release"), [200, 200, 404, 200, 200, 200, 404, 404]),
            ("/staffing".into(), [404, 404, 404, 200, 200, 200, 200, 404]),
            ("/staffing?only=missing".into(), [404, 404, 404, 200, 200, 200, 200, 404]),
            ("/staffing/csv".into(), [404, 404, 404, 200, 200, 200, 200, 404]),
            ("/staffing/json".into(), [404, 404, 404, 200, 200, 200, 200, 404]),
            ("/handovers".into(), [200, 200, 200, 200, 200, 200, 200, 404]),
            (begun.clone(), [200, 200, 404, 200, 200, 200, 404, 404]),
            ("/seats".into(), [404, 404, 404, 200, 200, 200, 404, 404]),
            ("/seats?area=330781&only=vacant".into(), [404, 404, 404, 404, 200, 200, 404, 404]),
            (cell.clone(), [404, 404, 404, 200, 200, 200, 404, 404]),
            (format!("{cell}/seats"), [404, 404, 404, 200, 200, 200, 404, 404]),
            (format!("{cell}/seats?search=x"), [404, 404, 404, 200, 200, 200, 404, 404]),
            (format!("{street}/seats"), [404, 404, 404, 200, 200, 200, 404, 404]),
        ];
        let mut wrong = Vec::new();
        for (column, actor) in actors.iter().enumerate() {
            let browser = Browser::of(&app, actor).await;
            for (path, statuses) in &pages {
                let page = browser.get(path).await;
                if page.status != statuses[column] {
                    wrong.push(format!("{} {path}: {} not {}", actor.name, page.status, statuses[column]));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}

#[test]
fn people_are_named_and_a_deputy_sees_lights_without_figures() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 4).await;
        let (_, [deputy, _], _) = two(&app, &county).await;
        let officer = Browser::of(&app, &county.county).await;
        let print = hidden(&officer.get("/grids/330781000000/cut").await, "fingerprint");
        officer.post("/grids/330781000000/cut", &format!("fingerprint={print}")).await;
        let seats = address(&officer.get("/grids/330781001000").await, "/cells/", "/seats");
        let empty = officer.get(&seats).await.text;
        assert!(empty.contains("空缺") && empty.contains("经济发展办公室主任"), "{empty}");
        assert!(officer.get(&format!("{seats}?search=%E6%9F%B3")).await.text.contains("柳惠"));
        let id = deputy.rsplit('/').next().unwrap();
        let named = after(&officer, &seats, &format!("staff={id}&role=deputy&since=2026-04-02&document=")).await;
        assert!(named.text.contains("柳惠") && named.text.contains("免去"), "{}", named.text);
        let clerk = Browser::of(&app, &county.factories[0].clerk).await;
        let inbox = clerk.get("/inbox").await;
        assert!(inbox.text.contains("我的网格"), "{}", inbox.text);
        let cell = address(&inbox, "/cells/", "");
        let lights = clerk.get(&cell).await.text;
        assert!(lights.contains("看不到其他单位的数据") && lights.contains("未填"), "{lights}");
        let other = format!("/units/{}", county.factories[2].unit);
        assert!(!lights.contains(&other), "no way to another unit");
        let board = officer.get("/seats?only=vacant").await.text;
        assert!(board.contains("任职到位"), "{board}");
        let relieve = address(&named, "/seats/", "/relieve");
        after(&officer, &relieve, "").await;
        assert_eq!(clerk.get(&cell).await.status, 404);
    });
}
