//! Security keys: added, asked for, used once, refused, taken away; and what opens on the way.

use chrono::TimeDelta;
use youju_app::access::{Browser, Entered, actor_of, enter, sign_in};
use youju_app::account::own;
use youju_app::security_key::{add, begin, give, list, pending, remove, rename, second_step};
use youju_app::{App, Result};
use youju_domain::access::Actor;
use youju_domain::account::Due;
use youju_domain::id::SessionId;
use youju_domain::second_factor::Duty;
use youju_domain::security_key::KEYS_MAX;
use youju_store::register::PageRequest;
use youju_testkit::{County, PASSWORD, SoftKey, on_both_engines, on_sqlite};

use crate::make::{act, look, refusal, verified};

const HERE: &str = "https://tj.example.gov.cn";

fn here(app: App) -> App {
    app.with_address(HERE)
}

/// A way for a key to be no good.
type Bend = fn(&mut SoftKey);

/// The session of somebody who signs in for it.
async fn session(app: &App, who: &Actor) -> SessionId {
    look(app, who, async |cx| own(cx).await).await.unwrap().sessions[0].id
}

/// What a new key is asked.
async fn asked(app: &App, who: &Actor, session: SessionId) -> String {
    begin(app, who.clone(), session, PASSWORD).await.unwrap();
    look(app, who, async |cx| pending(cx, session).await).await.unwrap().unwrap().challenge
}

/// Adds a key in the latest session of somebody; gives the recovery codes that came with it.
async fn added(app: &App, who: &Actor, key: &mut SoftKey, name: &str) -> Option<Vec<String>> {
    let session = session(app, who).await;
    let challenge = asked(app, who, session).await;
    add(app, who.clone(), session, name, &key.create(&challenge)).await.unwrap()
}

/// The token of the first step, and what the keys are asked.
async fn halfway(app: &App, login: &str) -> (String, String) {
    let Entered::Halfway { token } = enter(app, login, PASSWORD, &Browser::default()).await.unwrap() else {
        panic!("one step was enough")
    };
    let challenge = second_step(app, &token).await.unwrap().question.unwrap().challenge;
    (token, challenge)
}

async fn enters(app: &App, token: &str, key: &mut SoftKey, challenge: &str) -> Result<String> {
    give(app, token, &key.answer(challenge), &Browser::default()).await.map(|signed| signed.token)
}

/// Why the journal says that the last answer did not count.
async fn why(app: &App, who: &Actor) -> String {
    let id = who.person.to_string();
    let entries = app.read(None, async |cx| Ok(youju_store::journal::of_object(cx.tx(), "person", &id).await?)).await;
    let entries = entries.unwrap();
    let last = entries.iter().rfind(|entry| entry.action == "security_key.refused").unwrap();
    let text = last.payload.to_string();
    text.split('"').nth(3).unwrap().to_owned()
}

async fn told(app: &App, who: &Actor) -> Vec<String> {
    let page = PageRequest { offset: 0, limit: 20 };
    let found = look(app, who, async |cx| youju_app::message::list(cx, page).await).await.unwrap();
    found.rows.into_iter().map(|message| message.title).collect()
}

#[test]
fn a_key_of_every_kind_opens_the_second_step_once() {
    on_both_engines(async |app| {
        let (app, county) = (here(app.clone()), County::open(&app).await);
        let who = &county.county;
        sign_in(&app, "xian", PASSWORD).await.unwrap();
        let elsewhere = sign_in(&app, "xian", PASSWORD).await.unwrap().token;
        sign_in(&app, "xian", PASSWORD).await.unwrap();
        let mut keys = [SoftKey::p256(HERE), SoftKey::ed25519(HERE), SoftKey::rsa(HERE)];
        let codes = added(&app, who, &mut keys[0], "办公室的").await.unwrap();
        assert_eq!(codes.len(), 10, "recovery codes come with the first second factor");
        assert_eq!(refusal(actor_of(&app, &elsewhere).await).code(), "access.signed_out");
        for (key, name) in keys[1..].iter_mut().zip(["钥匙扣上的", "电脑"]) {
            assert_eq!(added(&app, who, key, name).await, None);
        }
        assert_eq!(refusal(sign_in(&app, "xian", PASSWORD).await).code(), "account.code_due");
        for key in &mut keys {
            let (token, challenge) = halfway(&app, "xian").await;
            assert_eq!(refusal(actor_of(&app, &token).await).code(), "account.code_due");
            let answer = key.answer(&challenge);
            let full = give(&app, &token, &answer, &Browser::default()).await.unwrap().token;
            assert_eq!(actor_of(&app, &full).await.unwrap(), *who);
            // The same answer again, in the old session, in the new one, and in another halfway one.
            for other in [token, full, halfway(&app, "xian").await.0] {
                let again = give(&app, &other, &answer, &Browser::default()).await.map(drop);
                assert!(matches!(refusal(again).code(), "access.signed_out" | "security_key.refused"));
            }
        }
        let names: Vec<String> = told(&app, who).await;
        assert_eq!(names.iter().filter(|title| *title == "您的账号登记了一把安全密钥").count(), 3);
        let used = look(&app, who, async |cx| list(cx).await).await.unwrap();
        assert!(used.iter().all(|key| key.used_at.is_some()));
        verified(&app).await;
    });
}

#[test]
fn an_answer_of_another_site_of_another_key_or_untouched_opens_nothing() {
    on_both_engines(async |app| {
        let (app, county) = (here(app.clone()), County::open(&app).await);
        let who = &county.county;
        sign_in(&app, "xian", PASSWORD).await.unwrap();
        let mut key = SoftKey::p256(HERE);
        added(&app, who, &mut key, "办公室的").await;
        sign_in(&app, "shi", PASSWORD).await.unwrap();
        let mut foreign = SoftKey::p256(HERE);
        added(&app, &county.city, &mut foreign, "市里的").await;
        // Another's key under the name of the own one.
        let mut false_name = SoftKey::p256(HERE);
        false_name.credential.clone_from(&key.credential);
        let bends: [(Bend, &str); 4] = [
            (|key| key.origin = "https://tj.example.gov.cn.evil.example".into(), "origin"),
            (|key| key.origin = "http://tj.example.gov.cn".into(), "origin"),
            (|key| key.host = "evil.example".into(), "site"),
            (|key| key.is_touched = false, "untouched"),
        ];
        for (bend, reason) in bends {
            let (token, challenge) = halfway(&app, "xian").await;
            let (origin, host) = (key.origin.clone(), key.host.clone());
            bend(&mut key);
            assert_eq!(refusal(enters(&app, &token, &mut key, &challenge).await).code(), "security_key.refused");
            assert_eq!(why(&app, who).await, reason);
            (key.origin, key.host, key.is_touched) = (origin, host, true);
            // Another question stands there now; the honest key answers it.
            let next = second_step(&app, &token).await.unwrap().question.unwrap().challenge;
            assert_ne!(next, challenge);
            enters(&app, &token, &mut key, &next).await.unwrap();
        }
        for (other, reason) in [(&mut foreign, "unknown"), (&mut false_name, "signature")] {
            let (token, challenge) = halfway(&app, "xian").await;
            assert_eq!(refusal(enters(&app, &token, other, &challenge).await).code(), "security_key.refused");
            assert_eq!(why(&app, who).await, reason);
        }
        // A question of another session, of another person, and none at all.
        let ((token, _), (_, others)) = (halfway(&app, "xian").await, halfway(&app, "shi").await);
        for challenge in [others.as_str(), "", "AAAA"] {
            assert_eq!(refusal(enters(&app, &token, &mut key, challenge).await).code(), "security_key.refused");
            assert_eq!(why(&app, who).await, "challenge");
        }
        // Wrong answers count like wrong codes.
        let waits = enter(&app, "xian", PASSWORD, &Browser::default()).await.map(drop);
        assert_eq!(refusal(waits).code(), "access.too_many_attempts");
        verified(&app).await;
    });
}

#[test]
fn a_question_is_too_old_after_five_minutes_and_answered_once_also_when_sent_twice_at_once() {
    on_both_engines(async |app| {
        let (app, county) = (here(app.clone()), County::open(&app).await);
        let who = &county.county;
        sign_in(&app, "xian", PASSWORD).await.unwrap();
        let mut key = SoftKey::ed25519(HERE);
        let here = session(&app, who).await;
        let challenge = asked(&app, who, here).await;
        app.world().set(app.world().now() + TimeDelta::seconds(301));
        let late = add(&app, who.clone(), here, "晚了的", &key.create(&challenge)).await.map(drop);
        assert_eq!(refusal(late).says(), "等待的时间过长,或者这个页面已经用过,没有通过核对。");
        added(&app, who, &mut key, "办公室的").await;
        let (token, challenge) = halfway(&app, "xian").await;
        let answer = key.answer(&challenge);
        let mut tasks = Vec::new();
        for _ in 0..4 {
            let (app, token, answer) = (app.clone(), token.clone(), answer.clone());
            tasks.push(tokio::spawn(async move { give(&app, &token, &answer, &Browser::default()).await.is_ok() }));
        }
        let mut entered = 0;
        for task in tasks {
            entered += usize::from(task.await.unwrap());
        }
        assert_eq!(entered, 1);
        let (token, challenge) = halfway(&app, "xian").await;
        app.world().set(app.world().now() + TimeDelta::seconds(301));
        assert_eq!(refusal(enters(&app, &token, &mut key, &challenge).await).code(), "access.signed_out");
    });
}

#[test]
fn a_copied_key_that_counts_backwards_is_refused_written_down_and_told() {
    on_both_engines(async |app| {
        let (app, county) = (here(app.clone()), County::open(&app).await);
        let who = &county.county;
        sign_in(&app, "xian", PASSWORD).await.unwrap();
        let mut key = SoftKey::p256(HERE);
        added(&app, who, &mut key, "办公室的").await;
        let copied = key.counter;
        for _ in 0..2 {
            let (token, challenge) = halfway(&app, "xian").await;
            enters(&app, &token, &mut key, &challenge).await.unwrap();
        }
        let owners = std::mem::replace(&mut key.counter, copied);
        let (token, challenge) = halfway(&app, "xian").await;
        let refused = refusal(enters(&app, &token, &mut key, &challenge).await);
        assert!(refused.says().contains("可能有人复制了它"), "{}", refused.says());
        assert_eq!(why(&app, who).await, "counter");
        assert!(told(&app, who).await.contains(&"您的一把安全密钥可能被人复制".to_owned()));
        key.counter = owners;
        let next = second_step(&app, &token).await.unwrap().question.unwrap().challenge;
        enters(&app, &token, &mut key, &next).await.unwrap();
        // Keys that do not count say zero for ever.
        let mut silent = SoftKey::ed25519(HERE);
        silent.counts = false;
        added(&app, who, &mut silent, "不计数的").await;
        for _ in 0..2 {
            let (token, challenge) = halfway(&app, "xian").await;
            enters(&app, &token, &mut silent, &challenge).await.unwrap();
        }
    });
}

#[test]
fn a_key_is_added_against_the_password_once_and_to_one_account_alone() {
    on_both_engines(async |app| {
        let (bare, county) = (app.clone(), County::open(&app).await);
        let app = here(app.clone());
        let who = &county.county;
        sign_in(&app, "xian", PASSWORD).await.unwrap();
        let at = session(&app, who).await;
        assert_eq!(refusal(begin(&bare, who.clone(), at, PASSWORD).await).code(), "security_key.no_site");
        assert_eq!(refusal(begin(&app, who.clone(), at, "猜的密码").await).code(), "account.wrong_own_password");
        let mut key = SoftKey::p256(HERE);
        let challenge = asked(&app, who, at).await;
        // An answer to a question of signing in is none of adding, and the other way round.
        let crossed = key.create(&challenge);
        let unnamed = add(&app, who.clone(), at, " ", &crossed).await.map(drop);
        assert!(refusal(unnamed).says().contains("请给安全密钥起一个名称"));
        add(&app, who.clone(), at, "办公室的", &crossed).await.unwrap();
        let twice = add(&app, who.clone(), at, "再来一次", &crossed).await.map(drop);
        assert_eq!(refusal(twice).code(), "security_key.refused");
        sign_in(&app, "shi", PASSWORD).await.unwrap();
        let city = session(&app, &county.city).await;
        let challenge = asked(&app, &county.city, city).await;
        let taken = add(&app, county.city.clone(), city, "偷来的", &key.create(&challenge)).await.map(drop);
        assert_eq!(refusal(taken).code(), "security_key.known");
        for number in 1..KEYS_MAX {
            let mut next = SoftKey::ed25519(HERE);
            let challenge = asked(&app, who, at).await;
            add(&app, who.clone(), at, &number.to_string(), &next.create(&challenge)).await.unwrap();
        }
        assert_eq!(refusal(begin(&app, who.clone(), at, PASSWORD).await).says(), "每个账号最多登记 10 把安全密钥。");
        // Everybody sees, renames and takes away their own alone.
        let id = look(&app, who, async |cx| list(cx).await).await.unwrap()[0].id;
        act(&app, who, async |cx| rename(cx, id, "抽屉里的").await).await.unwrap();
        assert_eq!(look(&app, who, async |cx| list(cx).await).await.unwrap()[0].name, "抽屉里的");
        for other in [&county.city, &county.security, &county.admin] {
            let refused = act(&app, other, async |cx| rename(cx, id, "别人的").await).await;
            assert_eq!(refusal(refused).status(), 404);
            assert_eq!(refusal(remove(&app, other.clone(), id, PASSWORD).await).status(), 404);
        }
        verified(&app).await;
    });
}

#[test]
fn where_it_is_compulsory_a_key_is_enough_and_the_last_one_stays() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let app = here(app.clone()).with_second_factor(Duty::Officers);
        let who = &county.county;
        assert_eq!(sign_in(&app, "xian", PASSWORD).await.unwrap().due, Some(Due::SecondFactor));
        let mut key = SoftKey::p256(HERE);
        let codes = added(&app, who, &mut key, "办公室的").await.unwrap();
        let (token, challenge) = halfway(&app, "xian").await;
        let full = enters(&app, &token, &mut key, &challenge).await.unwrap();
        actor_of(&app, &full).await.unwrap();
        let id = look(&app, who, async |cx| list(cx).await).await.unwrap()[0].id;
        assert_eq!(refusal(remove(&app, who.clone(), id, "猜的密码").await).code(), "account.wrong_own_password");
        assert_eq!(refusal(remove(&app, who.clone(), id, PASSWORD).await).code(), "security_key.last_factor");
        let mut second = SoftKey::p256(HERE);
        added(&app, who, &mut second, "备用").await;
        remove(&app, who.clone(), id, PASSWORD).await.unwrap();
        let (token, challenge) = halfway(&app, "xian").await;
        assert_eq!(refusal(enters(&app, &token, &mut key, &challenge).await).code(), "security_key.refused");
        assert!(told(&app, who).await.contains(&"您的账号移除了一把安全密钥".to_owned()));
        // Without any key: a recovery code, as with a phone.
        let by_code = youju_app::second_factor::second_step(&app, &token, &codes[0], &Browser::default()).await;
        actor_of(&app, &by_code.unwrap().token).await.unwrap();
        // Both gone: the security administrator takes them away, and the person begins anew.
        let person = who.person;
        let reset = async |cx: &mut youju_app::Cx<'_>| youju_app::second_factor::reset(cx, person, "两把都丢失").await;
        assert_eq!(refusal(act(&app, &county.admin, reset).await).status(), 403);
        act(&app, &county.security, async |cx| youju_app::second_factor::reset(cx, person, "两把都丢失").await)
            .await
            .unwrap();
        assert!(look(&app, who, async |cx| list(cx).await).await.unwrap().is_empty());
        assert_eq!(sign_in(&app, "xian", PASSWORD).await.unwrap().due, Some(Due::SecondFactor));
        assert!(told(&app, who).await.contains(&"您的动态码和安全密钥已由安全管理员重置".to_owned()));
        verified(&app).await;
    });
}

#[test]
fn nobody_needs_a_key_that_nobody_obliges_them_to_and_none_is_asked_where_none_works() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let (bare, app) = (app.clone(), here(app.clone()));
        let who = &county.county;
        sign_in(&app, "xian", PASSWORD).await.unwrap();
        let mut key = SoftKey::p256(HERE);
        let codes = added(&app, who, &mut key, "办公室的").await.unwrap();
        // The address was taken away: codes are the way.
        let Entered::Halfway { token } = enter(&bare, "xian", PASSWORD, &Browser::default()).await.unwrap() else {
            panic!("one step was enough")
        };
        let step = second_step(&bare, &token).await.unwrap();
        assert!(step.has_keys && !step.has_phone && step.question.is_none());
        youju_app::second_factor::second_step(&bare, &token, &codes[0], &Browser::default()).await.unwrap();
        let id = look(&app, who, async |cx| list(cx).await).await.unwrap()[0].id;
        remove(&app, who.clone(), id, PASSWORD).await.unwrap();
        sign_in(&app, "xian", PASSWORD).await.unwrap();
        // The recovery codes went with it.
        assert_eq!(look(&app, who, async |cx| own(cx).await).await.unwrap().recovery_left, 0);
    });
}
