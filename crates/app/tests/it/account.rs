//! One's own account: the first password is changed before anything else, none of the last five comes back, sessions are seen and ended.

use chrono::TimeDelta;
use youju_app::access::{Browser, Entered, NewPerson, actor_of, enter, open_account, reset_password, sign_in};
use youju_app::account::{Change, change_password, end_all_sessions, end_session, own};
use youju_app::{App, Result, crypto};
use youju_codes::AreaCode;
use youju_domain::access::{Actor, Role};
use youju_domain::account::Due;
use youju_domain::id::SessionId;
use youju_domain::message::Message;
use youju_store::register::PageRequest;
use youju_testkit::{County, PASSWORD, april, on_both_engines};

use crate::make::{act, look, refusal, verified};

/// Signs in, and finds the session.
async fn entered(app: &App, login: &str, password: &str) -> (Actor, SessionId, String) {
    let signed = sign_in(app, login, password).await.unwrap();
    let own = look(app, &signed.actor, async |cx| own(cx).await).await.unwrap();
    (signed.actor, own.sessions[0].id, signed.token)
}

async fn change(app: &App, who: &(Actor, SessionId, String), old: &str, new: &str) -> Result<()> {
    let typed = Change { old: old.into(), new: new.into(), again: new.into() };
    change_password(app, who.0.clone(), who.1, typed).await
}

async fn happened(app: &App, who: &Actor, action: &str) -> usize {
    let person = who.person.to_string();
    let entries = app.read(None, async |cx| Ok(youju_store::journal::of_object(cx.tx(), "person", &person).await?));
    let entries = entries.await.unwrap();
    assert!(entries.iter().all(|entry| !entry.payload.to_string().contains("argon2")));
    entries.iter().filter(|entry| entry.action == action).count()
}

#[test]
fn a_password_that_somebody_else_has_set_is_changed_before_anything_else() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let new = NewPerson {
            login: "xian02".into(),
            name: "周平".into(),
            role: Role::CountyOfficer,
            area: AreaCode::parse("330781").unwrap(),
            unit: None,
            password_hash: crypto::hash_password("Given-To-Him-1").unwrap(),
        };
        act(&app, &county.admin, async |cx| open_account(cx, new).await).await.unwrap();
        let first = sign_in(&app, "xian02", "Given-To-Him-1").await.unwrap();
        assert_eq!(first.due, Some(Due::Password));
        // Until then the session opens nothing.
        assert_eq!(refusal(actor_of(&app, &first.token).await).code(), "account.change_due");
        let session = look(&app, &first.actor, async |cx| own(cx).await).await.unwrap().sessions[0].id;
        let who = (first.actor, session, first.token);
        assert_eq!(
            refusal(change(&app, &who, "Given-To-Him-1", "Given-To-Him-1").await).code(),
            "account.password_used_before"
        );
        change(&app, &who, "Given-To-Him-1", "Kuvo-9-Lanhua").await.unwrap();
        assert_eq!(actor_of(&app, &who.2).await.unwrap(), who.0);
        assert_eq!(sign_in(&app, "xian02", "Kuvo-9-Lanhua").await.unwrap().due, None);
        // A reset by the administrator is somebody else's choice again.
        let hash = crypto::hash_password("Given-Again-22").unwrap();
        act(&app, &county.security, async |cx| reset_password(cx, "xian02", &hash).await).await.unwrap();
        assert_eq!(sign_in(&app, "xian02", "Given-Again-22").await.unwrap().due, Some(Due::Password));
        assert_eq!(happened(&app, &who.0, "person.password_changed").await, 1);
        // Who was there when the installation was set up has chosen already.
        assert_eq!(sign_in(&app, "xian", PASSWORD).await.unwrap().due, None);
        verified(&app).await;
    });
}

#[test]
fn a_changed_password_signs_out_everywhere_else_and_none_of_the_last_five_comes_back() {
    on_both_engines(async |app| {
        County::open(&app).await;
        let here = entered(&app, "tb000", PASSWORD).await;
        let elsewhere = sign_in(&app, "tb000", PASSWORD).await.unwrap().token;
        let mut old = PASSWORD.to_owned();
        for number in 1..=5 {
            app.world().set(april(2) + TimeDelta::minutes(number));
            let new = format!("Kuvo-{number}-Lanhua");
            change(&app, &here, &old, &new).await.unwrap();
            old = new;
        }
        assert_eq!(refusal(actor_of(&app, &elsewhere).await).code(), "access.signed_out");
        actor_of(&app, &here.2).await.unwrap();
        for number in 1..=5 {
            let used = change(&app, &here, &old, &format!("Kuvo-{number}-Lanhua")).await;
            assert_eq!(refusal(used).says(), "新密码与最近 5 次用过的密码相同。", "{number}");
        }
        // The sixth back may: but the one of the stories is too weak for a new password.
        assert_eq!(refusal(change(&app, &here, &old, PASSWORD).await).code(), "account.weak_password");
        app.world().set(april(2) + TimeDelta::minutes(6));
        change(&app, &here, &old, "Kuvo-6-Lanhua").await.unwrap();
        change(&app, &here, "Kuvo-6-Lanhua", "Kuvo-1-Lanhua").await.unwrap();
        assert_eq!(happened(&app, &here.0, "person.password_changed").await, 7);
        verified(&app).await;
    });
}

#[test]
fn a_session_that_was_left_open_is_no_place_to_guess_the_password() {
    on_both_engines(async |app| {
        County::open(&app).await;
        let here = entered(&app, "tb000", PASSWORD).await;
        for _ in 0..5 {
            let wrong = refusal(change(&app, &here, "猜的密码", "Kuvo-9-Lanhua").await);
            assert_eq!((wrong.code(), wrong.status()), ("account.wrong_own_password", 422));
        }
        let waits = refusal(change(&app, &here, PASSWORD, "Kuvo-9-Lanhua").await);
        assert_eq!(waits.code(), "access.too_many_attempts");
        assert_eq!(refusal(sign_in(&app, "tb000", PASSWORD).await).code(), "access.too_many_attempts");
        app.world().set(april(2) + TimeDelta::seconds(30));
        let differ = Change { old: PASSWORD.into(), new: "Kuvo-9-Lanhua".into(), again: "Kuvo-8-Lanhua".into() };
        let differ = refusal(change_password(&app, here.0.clone(), here.1, differ).await);
        assert_eq!(differ.says(), "两次输入的新密码不一样。");
        change(&app, &here, PASSWORD, "Kuvo-9-Lanhua").await.unwrap();
    });
}

fn browser(key: &str, address: &str) -> Browser {
    Browser { address: address.into(), agent: "Mozilla/5.0 (Windows NT 10.0) Firefox/128.0".into(), key: key.into() }
}

async fn through(app: &App, key: &str, address: &str) -> String {
    match enter(app, "tb000", PASSWORD, &browser(key, address)).await.unwrap() {
        Entered::In(signed) => signed.token,
        Entered::Halfway { .. } => panic!("no second factor was set up"),
    }
}

async fn messages(app: &App, who: &Actor) -> Vec<Message> {
    let page = PageRequest { offset: 0, limit: 50 };
    let listed = look(app, who, async |cx| youju_app::message::list(cx, page).await).await.unwrap().rows;
    listed.into_iter().filter(|message| message.about.0 == "person").collect()
}

#[test]
fn a_browser_that_was_not_seen_before_is_told_once() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let clerk = &county.factories[0].clerk;
        through(&app, "office", "10.1.2.3").await;
        through(&app, "office", "10.1.2.4").await;
        assert!(messages(&app, clerk).await.is_empty(), "the first browser is no news");
        through(&app, "cafe", "203.0.113.9").await;
        through(&app, "cafe", "203.0.113.9").await;
        let told = messages(&app, clerk).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].title, "您的账号在一个没有用过的浏览器上登录");
        assert!(told[0].body.contains("Windows 10 或 11 上的火狐(Firefox),网络地址 203.0.113.9"), "{}", told[0].body);
        assert!(told[0].is_news() && !told[0].body.contains("cafe"));
        // The same browser of somebody else is theirs.
        enter(&app, "tb001", PASSWORD, &browser("cafe", "")).await.unwrap();
        assert!(messages(&app, &county.factories[1].clerk).await.is_empty());
        verified(&app).await;
    });
}

#[test]
fn people_see_where_they_are_signed_in_and_end_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let clerk = &county.factories[0].clerk;
        let old = through(&app, "office", "10.1.2.3").await;
        app.world().set(april(2) + TimeDelta::hours(1));
        let new = through(&app, "cafe", "203.0.113.9").await;
        let other = sign_in(&app, "tb001", PASSWORD).await.unwrap();
        let seen = look(&app, clerk, async |cx| own(cx).await).await.unwrap().sessions;
        let addresses: Vec<&str> = seen.iter().map(|session| session.address.as_str()).collect();
        assert_eq!(addresses, ["203.0.113.9", "10.1.2.3"]);
        // Nobody ends somebody else's.
        act(&app, &other.actor, async |cx| end_session(cx, seen[0].id).await).await.unwrap();
        assert!(actor_of(&app, &new).await.is_ok());
        act(&app, clerk, async |cx| end_session(cx, seen[0].id).await).await.unwrap();
        assert_eq!(refusal(actor_of(&app, &new).await).code(), "access.signed_out");
        actor_of(&app, &old).await.unwrap();
        act(&app, clerk, async |cx| end_all_sessions(cx).await).await.unwrap();
        assert_eq!(refusal(actor_of(&app, &old).await).code(), "access.signed_out");
        assert!(actor_of(&app, &other.token).await.is_ok());
        // What has run out is not listed.
        through(&app, "office", "10.1.2.3").await;
        app.world().set(april(2) + TimeDelta::hours(4));
        assert!(look(&app, clerk, async |cx| own(cx).await).await.unwrap().sessions.is_empty());
        verified(&app).await;
    });
}
