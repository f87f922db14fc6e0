//! Markup typed into every field of every form that anybody finds, and then every page read back by everybody.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use youju_testkit::on_sqlite;

use super::forms::{Form, forms, links, pattern};
use crate::browser::{Browser, Page};
use crate::matrix::rows::PAGES;
use crate::matrix::{browsers, fill, submitted};

/// Closes an attribute, closes a field, opens a script, and bears every character that markup knows.
const TYPED: &str = "</textarea><script>alert(1)</script>\"'&<img src=x onerror=alert(2)>";
/// How it reads when it is shown and not run.
const SHOWN: &str = "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;";
/// What would tell that it ran.
const RUNS: [&str; 4] = ["</textarea><script>", "<script>alert", "<img src=x", "\"'&<"];
/// Pages of one kind that one person reads.
const OF_A_KIND: usize = 1;

/// What ends the attack itself: signing out, other passwords, ended keys.
fn is_end(action: &str) -> bool {
    ["/sign-out", "/account/", "/revoke", "/api-keys/"].iter().any(|part| action.contains(part))
}

fn check(who: &str, path: &str, page: &Page) {
    assert_ne!(page.status, 500, "{who} {path}: {}", page.text);
    if page.is_page() {
        for part in RUNS {
            assert!(!page.text.contains(part), "{who} {path} lets {part} through");
        }
    }
}

async fn send(browser: &Browser, form: &Form) -> Page {
    let Some(file) = &form.file else {
        return browser.post(&form.action, &serde_urlencoded::to_string(&form.fields).unwrap()).await;
    };
    let name = TYPED.replace('"', "");
    let content = format!("{TYPED},金额\n{TYPED},1\n");
    let mut parts: Vec<(&str, Option<&str>, &[u8])> =
        form.fields.iter().map(|(name, value)| (name.as_str(), None, value.as_bytes())).collect();
    parts.push((file, Some(&name), content.as_bytes()));
    browser.parts(&form.action, &parts).await
}

/// Reads everything that a person finds from a few pages on; `seen` hears each page.
async fn walk(browser: &Browser, from: &[String], mut seen: impl AsyncFnMut(&str, &Page)) {
    let (mut waiting, mut read): (VecDeque<String>, _) = (from.iter().cloned().collect(), BTreeSet::new());
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(path) = waiting.pop_front() {
        let count = kinds.entry(pattern(&path)).or_default();
        if *count >= OF_A_KIND || !read.insert(path.clone()) {
            continue;
        }
        *count += 1;
        let page = browser.get(&path).await;
        if page.is_page() {
            waiting.extend(links(&page.text));
        }
        seen(&path, &page).await;
    }
}

#[test]
fn what_is_typed_into_any_form_is_shown_to_everybody_and_run_for_nobody() {
    on_sqlite(async |app| {
        let (county, found) = submitted(&app).await;
        let pages: Vec<String> = PAGES
            .iter()
            .map(|(route, _)| fill(route, &county, &found).replace("食品", "%E9%A3%9F%E5%93%81"))
            .chain(["/organisations", "/standards", "/grids", "/joint-reviews", "/check-lists"].map(str::to_owned))
            .collect();
        let everybody = browsers(&app, &county).await;
        let (mut taken, mut tried) = (BTreeSet::new(), BTreeSet::new());
        for (who, browser) in &everybody {
            walk(browser, &pages, async |path, page| {
                check(who, path, page);
                for form in forms(&page.text, path, TYPED).into_iter().filter(|form| !is_end(&form.action)) {
                    // Each form once for each person: the second time says nothing new.
                    let fields: Vec<&str> = form.fields.iter().map(|(name, _)| name.as_str()).collect();
                    if !tried.insert((who.clone(), pattern(&form.action), fields.join(","))) {
                        continue;
                    }
                    let answer = send(browser, &form).await;
                    check(who, &form.action, &answer);
                    if answer.status == 303 || answer.status == 200 {
                        taken.insert(pattern(&form.action));
                    }
                }
            })
            .await;
        }
        let mut shown = BTreeSet::new();
        for (who, browser) in &everybody {
            walk(browser, &pages, async |path, page| {
                check(who, path, page);
                if page.text.contains(SHOWN) {
                    shown.insert(pattern(path));
                }
            })
            .await;
        }
        let actions: BTreeSet<&String> = tried.iter().map(|(_, action, _)| action).collect();
        println!("{} forms tried, taken: {taken:#?}\nshown on: {shown:#?}", actions.len());
        assert!(actions.len() >= 30 && taken.len() >= 15, "{} forms, {} taken", actions.len(), taken.len());
        assert!(shown.len() >= 8, "it was stored hardly anywhere: {shown:?}");
    });
}
