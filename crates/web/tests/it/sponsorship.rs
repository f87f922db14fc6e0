//! 包保 by links and forms alone, and every address of it for everybody.

use youju_app::organisation;
use youju_testkit::{County, on_sqlite};

use crate::browser::{Browser, Page};

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |done, byte| format!("{done}%{byte:02X}"))
}

#[track_caller]
fn first_option(page: &Page, select: &str) -> String {
    let found = page.text.split_once(&format!("name=\"{select}\"")).and_then(|(_, rest)| rest.split("value=\"").nth(1));
    found.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no {select}: {}", page.text)).to_owned()
}

#[test]
fn every_address_of_a_sponsorship_answers_whom_it_concerns() {
    on_sqlite(async |app| {
        let mut profiles = app.profiles().to_vec();
        let tiers = profiles.iter().find(|one| one.id == "bozhou").unwrap().sponsorship.clone();
        profiles.iter_mut().find(|one| one.id == "lanxi").unwrap().sponsorship = tiers;
        let app = app.with_profiles(profiles);
        let county = County::open(&app).await;
        let set_up = async |cx: &mut youju_app::Cx<'_>| {
            let shown = organisation::dry_run(cx, "lanxi").await?.to_do();
            organisation::set_up(cx, "lanxi", shown).await.map(drop)
        };
        app.write(Some(county.county.clone()), set_up).await.unwrap();
        let officer = Browser::of(&app, &county.county).await;
        let city = Browser::of(&app, &county.city).await;
        let tree = city.get("/organisations").await;
        let (before, _) = tree.text.split_once("兰溪市统计局<").expect("the bureau is set up");
        let bureau = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
        let post = format!(
            "name={}&born=&education=&began=&duty=statistician&time=full&establishment=hired&work=&since=2026-04-01&document=&login=",
            encoded("周平")
        );
        assert_eq!(city.post(&format!("{bureau}/staff"), &post).await.status, 303);
        let board = officer.get("/sponsorships").await.text;
        assert!(board.contains("市级包保项目") && board.contains("3 家没有包保人"), "{board}");
        let missing = officer.get("/sponsorships/missing?tier=wages").await;
        let usci =
            missing.text.split("usci=").nth(1).and_then(|rest| rest.split(['"', '&']).next()).unwrap().to_owned();
        let form = officer.get(&format!("/sponsorships/new?tier=wages&usci={usci}")).await;
        assert!(form.text.contains(&usci), "{}", form.text);
        let staff = first_option(&form, "staff");
        let name = format!("tier=wages&staff={staff}&usci={usci}&name=&planned=&document=&since=2026-04-01");
        let named = officer.post("/sponsorships/new", &name).await;
        assert_eq!(named.status, 303, "{}", named.text);
        let one = named.to().to_owned();
        let visit = format!("on=2026-04-02&note={}", encoded("台账齐全,工资表一致"));
        assert_eq!(officer.post(&format!("{one}/visit"), &visit).await.status, 303);
        assert!(officer.get(&one).await.text.contains("台账齐全,工资表一致"));
        let end = format!("on=2026-04-02&reason={}", encoded("本人调离"));
        let pages = [(one.as_str(), "GET"), (&format!("{one}/visit"), &visit), (&format!("{one}/end"), &end)];
        for other in [&county.factories[0].clerk, &county.factories[1].head, &county.neighbour, &county.admin] {
            let browser = Browser::of(&app, other).await;
            assert_eq!(browser.get(&one).await.status, 404, "{}", other.name);
            for (path, form) in &pages[1..] {
                assert_eq!(browser.post(path, form).await.status, 404, "{} {path}", other.name);
            }
            assert_eq!(browser.post("/sponsorships/new", &name).await.status, 404, "{}", other.name);
        }
        let township = Browser::of(&app, &county.township).await;
        assert_eq!(
            township.post(&format!("{one}/end"), &end).await.status,
            403,
            "the county has named, the county ends"
        );
        assert_eq!(officer.post(&format!("{one}/end"), &end).await.status, 303);
        assert!(officer.get("/sponsorships?ended=yes").await.text.contains("周平"));
        assert!(officer.get(&format!("/staff/{staff}")).await.text.contains("包保(终身可查)"));
    });
}
