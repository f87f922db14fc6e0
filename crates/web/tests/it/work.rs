//! A day of work, by links and forms alone.

use youju_domain::report::{Level, State};
use youju_testkit::{County, Factory, REACHED, TRIAL_BALANCE, corrections, on_both_engines};

use crate::browser::{Browser, cookie};

/// Follows the redirect of a command, and gives the page with its notice.
async fn done(browser: &Browser, path: &str, form: &str, notice: &str) -> String {
    let page = browser.post(path, form).await;
    assert_eq!(page.status, 303, "{path}: {}", page.text);
    assert!(cookie(&page).starts_with(&format!("youju_notice={notice}")), "{}", cookie(&page));
    browser.get(page.to()).await.text
}

#[test]
fn from_the_trial_balance_to_the_totals_by_links_and_forms() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, head, report: id, .. } = &county.factories[0];
        let (clerk, head) = (Browser::of(&app, clerk).await, Browser::of(&app, head).await);
        let (officer, city) = (Browser::of(&app, &county.county).await, Browser::of(&app, &county.city).await);
        let act = |act: &str| format!("/reports/{id}/{act}");

        assert!(clerk.get("/inbox").await.text.contains(&format!("href=\"/reports/{id}\"")));
        let import = clerk.upload(&act("import"), "三月科目余额表.csv", TRIAL_BALANCE).await;
        assert!(clerk.get(import.to()).await.text.contains("三月科目余额表.csv"));
        // What could not be generated is listed before going on.
        let generated = clerk.post(&act("generate"), "").await;
        assert!(generated.status == 200 && generated.text.contains("资产总计要把往来科目"), "{}", generated.text);
        let cells = county.report(*id).await.cells;
        let form: Vec<String> =
            corrections(&cells).iter().map(|t| format!("was.{0}={1}&{0}={2}", t.cell, t.was, t.value)).collect();
        done(&clerk, &act("cells"), &form.join("&"), "saved").await;
        done(&clerk, &act("sign"), "", "signed").await;
        done(&head, &act("authorise"), "", "authorised").await;
        done(&head, &act("submit"), "", "submitted").await;
        assert!(officer.get("/inbox").await.text.contains("待县级验收"));
        done(&officer, &act("accept"), "", "accepted").await;
        done(&city, &act("accept"), "", "accepted").await;
        assert_eq!(county.report(*id).await.state, State::Accepted(Level::City));

        let totals = officer.get("/totals?form=B203&period=2026-03&level=city").await.text;
        assert!(totals.contains("120,000") && totals.contains("兰江街道"));
        // And back again: from the figure to the account line.
        let figure = officer.get(&act("cells/c301")).await.text;
        assert!(figure.contains("120,000,499.99") && figure.contains("6001 主营业务收入"), "{figure}");
        assert!(figure.contains(&format!("href=\"{}#row-", import.to())));
        let history = officer.get(&act("history")).await.text;
        for word in ["从台账生成", "统计人员签字", "单位负责人签字", "上报", "验收"] {
            assert!(history.contains(word), "{word}");
        }
    });
}

#[test]
fn the_page_offers_each_person_what_they_may_do_now() {
    on_both_engines(async |app| {
        let states = REACHED;
        let county = County::with_factories(&app, states.len()).await;
        let (officer, city) = (Browser::of(&app, &county.county).await, Browser::of(&app, &county.city).await);
        for (number, state) in states.into_iter().enumerate() {
            let id = county.bring(number, state).await;
            let Factory { clerk, head, .. } = &county.factories[number];
            let people = [Browser::of(&app, clerk).await, Browser::of(&app, head).await, officer.clone(), city.clone()];
            let mut offered = Vec::new();
            for browser in &people {
                let page = browser.get(&format!("/reports/{id}")).await.text;
                let acts = [
                    "generate",
                    "check",
                    "sign",
                    "authorise",
                    "submit",
                    "recall",
                    "take-up",
                    "put-down",
                    "accept",
                    "return",
                ];
                let has = |act: &&str| page.contains(&format!("action=\"/reports/{id}/{act}\""));
                offered.push(acts.iter().filter(|act| has(act)).copied().collect::<Vec<_>>().join(" "));
            }
            let expected = match state {
                State::Empty => ["generate", "", "", ""],
                State::Draft | State::Returned => ["generate check sign", "", "", ""],
                State::Checked => ["generate sign", "", "", ""],
                State::Signed => ["generate", "authorise", "", ""],
                State::Authorised => ["generate submit", "submit", "", ""],
                State::Submitted => ["recall", "recall", "take-up accept return", "return"],
                State::UnderReview => ["", "", "put-down accept return", "return"],
                State::Accepted(Level::County) => ["", "", "return", "accept return"],
                _ => ["", "", "", "return"],
            };
            assert_eq!(offered, expected, "{state:?}");
        }
    });
}
