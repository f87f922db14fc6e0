//! 联审联评 by links and forms alone: from the window to the minutes; and every address of a meeting for everybody.

use youju_app::App;
use youju_domain::access::Actor;
use youju_domain::report::{Level, State};
use youju_testkit::{County, new_unit, on_both_engines};

use crate::browser::{Browser, Page};

/// `三月新增生产线一条`, as a form sends it: long enough for a remark and for a reason.
const WORDS: &str = "%E4%B8%89%E6%9C%88%E6%96%B0%E5%A2%9E%E7%94%9F%E4%BA%A7%E7%BA%BF%E4%B8%80%E6%9D%A1";

/// Six factories that have handed in.
async fn busy(app: &App) -> County {
    let county = County::with_factories(app, 6).await;
    for factory in 0..6 {
        county.bring(factory, if factory == 0 { State::Accepted(Level::County) } else { State::Submitted }).await;
    }
    county
}

/// The page of a browser after a command, which must have been done.
async fn after(browser: &Browser, path: &str, form: &str) -> Page {
    let done = browser.post(path, form).await;
    assert_eq!(done.status, 303, "{path}: {}", done.text);
    browser.get(done.to()).await
}

/// The county calls the second factory's clerk and the township's officer; gives the address of the meeting.
async fn called(app: &App, county: &County) -> String {
    let own = Browser::of(app, &county.county).await;
    let (peer, town) = (county.factories[1].clerk.person, county.township.person);
    let done = own.post(&call(county), &format!("area=&topic=Q1&member={peer}&member={town}&search=")).await;
    assert_eq!(done.status, 303, "{}", done.text);
    done.to().to_owned()
}

fn call(county: &County) -> String {
    format!("/windows/{}/joint-review", county.window)
}

/// Nothing on a page tells whose the lines are; the person's own unit may stand in the frame.
#[track_caller]
fn names_nobody(page: &Page, county: &County, own: Option<usize>, place: &str) {
    for (number, factory) in county.factories.iter().enumerate().filter(|(number, _)| Some(*number) != own) {
        let code = new_unit(number, "330781001000", "1411").usci;
        for secret in [factory.name.as_str(), code.as_str(), &factory.unit.to_string(), &factory.report.to_string()] {
            assert!(!page.text.contains(secret), "{place} tells {secret}");
        }
    }
    for figure in ["120,000", "120000", "150,000", "21,049", "21049", "90,001"] {
        assert!(!page.text.contains(figure), "{place} tells {figure}");
    }
}

#[test]
fn a_meeting_is_called_held_and_closed_by_forms_alone() {
    on_both_engines(async |app| {
        let county = busy(&app).await;
        let own = Browser::of(&app, &county.county).await;
        let peer = Browser::of(&app, &county.factories[1].clerk).await;
        let window = own.get(&format!("/windows/{}", county.window)).await.text;
        assert!(window.contains(&format!("href=\"{}\"", call(&county))), "{window}");
        assert!(own.get("/joint-reviews").await.text.contains("还没有联审"));

        // Members are searched for; what was ticked stays from search to search.
        let town = county.township.person;
        let found = own.get(&format!("{}?topic=Q1&member={town}&search=fz003&page=1", call(&county))).await.text;
        for words in
            ["已选成员", "乡镇统计员 zhen", "共 1 条", "单位负责人 fz003", "checked", ">Q1</textarea>", "兰江街道"]
        {
            assert!(found.contains(words), "{words}: {found}");
        }
        assert!(own.get(&format!("{}?search=nobody", call(&county))).await.text.contains("没有找到人员"));
        let none = own.post(&call(&county), "area=&topic=&search=").await;
        assert!(none.status == 422 && none.text.contains("现选了 0 名"));
        let few = own.post(&call(&county), &format!("area=330781001&topic=&member={town}")).await;
        assert!(few.status == 422 && few.text.contains("不足 5 份"), "{}", few.text);
        let address = called(&app, &county).await;
        let act = |act: &str| format!("{address}/{act}");

        // The member finds it in the inbox and by the message, sees the sheet, and remarks.
        let inbox = peer.get("/inbox").await.text;
        assert!(inbox.contains(&format!("href=\"{address}\"")) && inbox.contains("请您看联审表"), "{inbox}");
        assert!(peer.get("/messages").await.text.contains(&format!("href=\"{address}\"")));
        let sheet = peer.get(&address).await;
        for words in ["<caption>联审表", "本单位", "无可比", "共 6 条,显示 1–6", "营业收入", "写意见"]
        {
            assert!(sheet.text.contains(words), "{words}: {}", sheet.text);
        }
        assert!(!sheet.text.contains("行号对照表") && !sheet.text.contains("成员名单"));
        names_nobody(&sheet, &county, Some(1), "the meeting");
        let line = own_line(&sheet.text);
        assert!(peer.post(&act("remark"), &format!("line={line}&text={WORDS}")).await.text.contains("本单位的一行"));
        assert_eq!(peer.post(&act("remark"), &format!("line=x&text={WORDS}")).await.status, 422);
        let other = if line == 1 { 2 } else { 1 };
        let remarked = after(&peer, &act("remark"), &format!("line={other}&text={WORDS}")).await.text;
        assert!(remarked.contains("(本人)") && remarked.contains("等待召集单位处理"));

        // The office settles it by a query with the words in it, and closes with minutes.
        let office = own.get(&address).await.text;
        assert!(
            office.contains("联审中提出:三月新增生产线一条") && office.contains("还有 1 条意见没有处理"),
            "{office}"
        );
        assert!(own.get("/inbox").await.text.contains("有 1 条意见待处理"));
        let question = "remark=1&cells=c301&due_at=&question=%E8%AF%B7%E8%AF%B4%E6%98%8E%E5%8E%9F%E5%9B%A0";
        assert_eq!(own.post(&act("ask"), &question.replace("due_at=", "due_at=x")).await.status, 422);
        let settled = after(&own, &act("ask"), question).await.text;
        let query = settled.split("href=\"/queries/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert!(own.get(&format!("/queries/{query}")).await.text.contains("来自 联审联评"));
        let theirs = peer.get(&address).await;
        assert!(theirs.text.contains("已向单位查询") && !theirs.text.contains(query));
        assert_eq!(peer.get(&format!("/queries/{query}")).await.status, 404);
        let closed = after(&own, &act("close"), &format!("text={WORDS}{WORDS}")).await.text;
        assert!(closed.contains("已结束") && closed.contains("纪要") && !closed.contains("写意见"));
        assert!(own.get("/joint-reviews?stage=closed").await.text.contains("共 1 条"));
        assert!(peer.get("/joint-reviews").await.text.contains(&format!("href=\"{address}\"")));
    });
}

/// The number beside the mark 本单位.
fn own_line(page: &str) -> u32 {
    let (before, _) = page.split_once(" <span class=\"badge todo\">本单位").unwrap();
    before.rsplit('>').next().unwrap().parse().unwrap()
}

#[test]
fn the_sheet_for_the_meeting_room_is_the_same_for_everybody_and_marks_nobody() {
    on_both_engines(async |app| {
        let county = busy(&app).await;
        let address = called(&app, &county).await;
        let mut sheets = Vec::new();
        for actor in [&county.county, &county.factories[1].clerk, &county.township] {
            let browser = Browser::of(&app, actor).await;
            let (page, csv) =
                (browser.get(&format!("{address}/sheet")).await, browser.get(&format!("{address}/sheet/csv")).await);
            names_nobody(&page, &county, None, "the printed sheet");
            names_nobody(&csv, &county, None, "the file");
            // The side of every page of a unit says 本单位; no line does.
            assert!(!page.text.contains(">本单位</span>") && !csv.text.contains("本单位"));
            assert!(csv.text.contains("行号,规模,") && csv.text.lines().count() == 7, "{}", csv.text);
            sheets.push(csv.bytes);
        }
        assert!(sheets.iter().all(|sheet| *sheet == sheets[0]));
        // Whose they are stands on the key list alone.
        let own = Browser::of(&app, &county.county).await;
        let key = own.get(&format!("{address}/key")).await.text;
        assert!(
            county.factories.iter().all(|factory| key.contains(&factory.name)) && key.contains("每次打开都记入日志")
        );
    });
}

/// Every address of a meeting, and a form that the office may send: first factory's clerk (no member), second factory's clerk (member),
/// second factory's head (no member), township's officer (member), county (called it), city, neighbour, administrator.
const ADDRESSES: &[(&str, Option<&str>, [u16; 8])] = &[
    ("", None, [404, 200, 404, 200, 200, 200, 404, 404]),
    ("/sheet", None, [404, 200, 404, 200, 200, 200, 404, 404]),
    ("/sheet/csv", None, [404, 200, 404, 200, 200, 200, 404, 404]),
    ("/key", None, [404, 403, 404, 403, 200, 200, 404, 404]),
    ("/remark", None, [303; 8]),
    ("/ask", None, [303; 8]),
    ("/dismiss", None, [303; 8]),
    ("/close", None, [303; 8]),
    ("/cancel", None, [303; 8]),
    ("/remark", Some("line=9&text={words}"), [404, 422, 404, 422, 403, 403, 404, 404]),
    ("/ask", Some("remark=9&question={words}"), [404, 403, 404, 403, 404, 404, 404, 404]),
    ("/dismiss", Some("remark=9&text={words}"), [404, 403, 404, 403, 404, 404, 404, 404]),
    ("/close", Some("text=x"), [404, 403, 404, 403, 422, 422, 404, 404]),
    ("/cancel", Some("text={words}"), [404, 403, 404, 403, 303, 422, 404, 404]),
];

#[test]
fn every_address_of_a_meeting_answers_whom_it_concerns() {
    on_both_engines(async |app| {
        let county = busy(&app).await;
        let meeting = called(&app, &county).await;
        let actors: [&Actor; 8] = [
            &county.factories[0].clerk,
            &county.factories[1].clerk,
            &county.factories[1].head,
            &county.township,
            &county.county,
            &county.city,
            &county.neighbour,
            &county.admin,
        ];
        let nobody = Browser::new(&app);
        let mut browsers = Vec::new();
        for actor in actors {
            browsers.push((actor, Browser::of(&app, actor).await));
        }
        for (below, form, promised) in ADDRESSES {
            let path = format!("{meeting}{below}");
            for ((actor, browser), status) in browsers.iter().zip(promised) {
                let page = match form {
                    Some(form) => browser.post(&path, &form.replace("{words}", WORDS)).await,
                    None => browser.get(&path).await,
                };
                assert_eq!(page.status, *status, "{} {below} {form:?}: {}", actor.name, page.text);
                if actor.unit.is_some() {
                    names_nobody(&page, &county, Some(usize::from(!actor.name.ends_with("000"))), below);
                }
            }
            let unknown = if form.is_some() { nobody.post(&path, "").await } else { nobody.get(&path).await };
            // The address of a command, asked for as a page, leads to the meeting first.
            assert!(
                unknown.status == 303 && (unknown.to().starts_with("/sign-in") || unknown.to() == meeting),
                "{below}"
            );
        }
        // An id of nothing is a page of nothing.
        for path in ["/joint-reviews/x", "/joint-reviews/018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11"] {
            assert_eq!(Browser::of(&app, &county.county).await.get(path).await.status, 404);
        }
    });
}
