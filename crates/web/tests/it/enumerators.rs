//! 辅助调查员 by links and forms alone, and every address of it for everybody.

use youju_app::{App, organisation};
use youju_testkit::{County, on_sqlite};

use crate::browser::{Browser, Page};

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |done, byte| format!("{done}%{byte:02X}"))
}

/// The page of a browser after a command, which must have been done.
async fn after(browser: &Browser, path: &str, form: &str) -> Page {
    let done = browser.post(path, form).await;
    assert_eq!(done.status, 303, "{path}: {}", done.text);
    browser.get(done.to()).await
}

/// The first address on a page that begins so.
#[track_caller]
fn address(page: &Page, from: &str) -> String {
    let found = page.text.split('"').find(|part| part.starts_with(from) && part.len() > from.len());
    found.unwrap_or_else(|| panic!("no {from}: {}", page.text)).to_owned()
}

#[track_caller]
fn option_of(page: &Page, select: &str) -> String {
    let (_, rest) =
        page.text.split_once(&format!("name=\"{select}\"")).unwrap_or_else(|| panic!("no {select}: {}", page.text));
    let rest = rest.split("</select>").next().unwrap();
    let values = rest.split("value=\"").skip(1).filter_map(|rest| rest.split('"').next());
    values.filter(|value| !value.is_empty()).map(str::to_owned).next().unwrap()
}

#[test]
fn everybody_finds_the_enumerators_that_they_may_see_and_nothing_else() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let set_up = async |cx: &mut youju_app::Cx<'_>| {
            let shown = organisation::dry_run(cx, "lanxi").await?.to_do();
            organisation::set_up(cx, "lanxi", shown).await.map(drop)
        };
        app.write(Some(county.county.clone()), set_up).await.unwrap();
        let officer = Browser::of(&app, &county.county).await;
        let township = Browser::of(&app, &county.township).await;
        let tree = officer.get("/organisations").await;
        let (before, _) = tree.text.split_once("兰江街道办事处").expect("the street is set up");
        let street = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned();
        let post = format!(
            "name={}&born=&education=&began=&duty=auxiliary&time=part&establishment=hired&work=&since=2026-04-01&document=&login=",
            encoded("郑梅")
        );
        assert_eq!(officer.post(&format!("{street}/staff"), &post).await.status, 303);
        let people = format!("{street}/enumerators");
        assert!(township.get(&people).await.text.contains("1 人待聘"));
        let form = township.get(&format!("{people}/new")).await;
        let tenure = option_of(&form, "tenure");
        let area = encoded("黄店村、上章村");
        let engage =
            format!("tenure={tenure}&since=2026-04-01&area={area}&surveys={}&agreement=&secrecy=", encoded("住户调查"));
        let page = after(&township, &format!("{people}/new"), &engage).await;
        assert!(page.text.contains("没有上岗前的培训记录") && page.text.contains("还没有报酬标准"), "{}", page.text);
        let one = address(&page, "/enumerators/").trim_end_matches("/appraise").to_owned();
        let rate = format!(
            "task={}&per={}&amount=15.5&document={}&since=2026-04-01",
            encoded("入户"),
            encoded("户"),
            encoded("兰统〔2026〕9号")
        );
        assert!(after(&officer, "/enumerators/rates", &rate).await.text.contains("15.5"));
        let page = township.get(&one).await;
        let work = format!("month=2026-04&rate={}&done_on=2026-04-02&quantity=4&note=", option_of(&page, "rate"));
        let page = after(&township, &format!("{one}/work"), &work).await;
        assert!(page.text.contains("4 户 × 15.5 元 = 62 元"), "{}", page.text);
        let early = township.post(&format!("{one}/confirm"), "month=2026-04").await;
        assert!(early.status == 422 && early.text.contains("还没有过完"), "{}", early.text);
        let marks = format!("month=2026-04&period=2026-03&score=55&grounds={}", encoded("走访不齐"));
        assert!(after(&township, &format!("{one}/appraise"), &marks).await.text.contains("不合格"));
        let file = officer.get("/enumerators/csv?month=2026-04").await;
        assert!(file.status == 200 && file.text.contains("郑梅"), "{}", file.text);
        assert_eq!(township.post(&format!("{one}/nothing"), "").await.status, 404);

        strangers_find_nothing(&app, &county, [&one, &people], [&engage, &work, &marks]).await;
    });
}

/// Whoever has nothing to do with the enumerators of the street finds no page and gives no command.
async fn strangers_find_nothing(
    app: &App,
    county: &County,
    [one, people]: [&str; 2],
    [engage, work, marks]: [&str; 3],
) {
    let pages = [("/enumerators", true), (one, false), (people, false), ("/enumerators/csv?month=2026-04", true)];
    for other in [&county.factories[0].clerk, &county.factories[0].head, &county.admin, &county.neighbour] {
        let browser = Browser::of(app, other).await;
        for (path, is_own) in pages {
            // Another county has a list of its own, which is empty.
            let status = if is_own && other.name == county.neighbour.name { 200 } else { 404 };
            let page = browser.get(path).await;
            assert_eq!(page.status, status, "{} {path}", other.name);
            assert!(!page.text.contains("郑梅"), "{} {path}", other.name);
        }
        for (command, form) in
            [("work", work), ("appraise", marks), ("confirm", work), ("end", "on=2026-04-02&why=xxxx")]
        {
            let status = browser.post(&format!("{one}/{command}"), form).await.status;
            assert_eq!(status, 404, "{} {command}", other.name);
        }
        assert_eq!(browser.post(&format!("{people}/new"), engage).await.status, 404, "{}", other.name);
    }
    let nobody = Browser::new(app);
    assert!(nobody.get(one).await.to().starts_with("/sign-in"));
    assert!(nobody.post(&format!("{one}/pay"), "month=2026-04&document=x").await.to().starts_with("/sign-in"));
}
