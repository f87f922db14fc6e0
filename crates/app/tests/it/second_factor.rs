//! The second step: set up, asked for, used once, recovered, taken away, reset; and what it opens on the way.

use chrono::TimeDelta;
use youju_app::access::{Browser, Entered, Holder, actor_of, enter, holder_of, sign_in};
use youju_app::account::own;
use youju_app::second_factor::{begin, confirm, pending, remove, renew_recovery, reset, second_step};
use youju_app::{App, Result};
use youju_domain::access::Actor;
use youju_domain::account::Due;
use youju_domain::id::SessionId;
use youju_domain::second_factor::Duty;
use youju_store::register::PageRequest;
use youju_testkit::{County, PASSWORD, code_on_phone, on_both_engines};

use crate::make::{act, look, refusal, verified};

/// Somebody's phone after the set-up.
struct Phone {
    secret: String,
    recovery: Vec<String>,
}

impl Phone {
    fn shows(&self, app: &App) -> String {
        code_on_phone(&self.secret, app.world().now())
    }
}

async fn session(app: &App, who: &Actor) -> SessionId {
    look(app, who, async |cx| own(cx).await).await.unwrap().sessions[0].id
}

/// Sets up the second factor of somebody who signs in for it.
async fn set_up(app: &App, who: &Actor, login: &str) -> Phone {
    sign_in(app, login, PASSWORD).await.unwrap();
    begin(app, who.clone(), PASSWORD).await.unwrap();
    let secret = look(app, who, async |cx| pending(cx).await).await.unwrap().unwrap().secret;
    let phone = Phone { secret, recovery: Vec::new() };
    let recovery = confirm(app, who.clone(), session(app, who).await, &phone.shows(app)).await.unwrap();
    Phone { recovery, ..phone }
}

/// The token of the first step.
async fn halfway(app: &App, login: &str) -> String {
    match enter(app, login, PASSWORD, &Browser::default()).await.unwrap() {
        Entered::Halfway { token } => token,
        Entered::In(_) => panic!("one step was enough"),
    }
}

async fn gives(app: &App, token: &str, code: &str) -> Result<String> {
    second_step(app, token, code, &Browser::default()).await.map(|signed| signed.token)
}

fn later(app: &App, seconds: i64) {
    app.world().set(app.world().now() + TimeDelta::seconds(seconds));
}

#[test]
fn after_the_password_the_code_is_asked_for_and_until_then_nothing_opens() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let phone = set_up(&app, &county.county, "xian").await;
        assert_eq!(phone.recovery.len(), 10);
        later(&app, 60);
        let token = halfway(&app, "xian").await;
        assert!(matches!(holder_of(&app, &token).await.unwrap(), Holder::Halfway));
        assert_eq!(refusal(actor_of(&app, &token).await).code(), "account.code_due");
        let full = gives(&app, &token, &phone.shows(&app)).await.unwrap();
        assert_eq!(actor_of(&app, &full).await.unwrap(), county.county);
        // A fresh token: the one of the first step opens nothing any more.
        assert_ne!(full, token);
        assert_eq!(refusal(holder_of(&app, &token).await).code(), "access.signed_out");
        assert_eq!(refusal(gives(&app, &full, &phone.shows(&app)).await).code(), "access.signed_out");
        // Where there is no page, the password alone is not enough.
        assert_eq!(refusal(sign_in(&app, "xian", PASSWORD).await).code(), "account.code_due");
        let late = halfway(&app, "xian").await;
        later(&app, 301);
        assert_eq!(refusal(gives(&app, &late, &phone.shows(&app)).await).code(), "access.signed_out");
        verified(&app).await;
    });
}

#[test]
fn a_code_counts_once_also_when_it_is_sent_twice_at_once() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let phone = set_up(&app, &county.county, "xian").await;
        // The code that confirmed the set-up was used by it.
        let token = halfway(&app, "xian").await;
        assert_eq!(refusal(gives(&app, &token, &phone.shows(&app)).await).code(), "account.wrong_code");
        later(&app, 60);
        let mut tasks = Vec::new();
        for _ in 0..4 {
            let (app, token, code) = (app.clone(), halfway(&app, "xian").await, phone.shows(&app));
            tasks.push(tokio::spawn(async move { gives(&app, &token, &code).await.is_ok() }));
        }
        let mut entered = 0;
        for task in tasks {
            entered += usize::from(task.await.unwrap());
        }
        assert_eq!(entered, 1);
    });
}

#[test]
fn wrong_codes_count_like_wrong_passwords_and_the_right_password_does_not_forget_them() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let phone = set_up(&app, &county.county, "xian").await;
        later(&app, 60);
        for _ in 0..5 {
            let token = halfway(&app, "xian").await;
            assert_eq!(refusal(gives(&app, &token, "000000").await).code(), "account.wrong_code");
        }
        let waits = enter(&app, "xian", PASSWORD, &Browser::default()).await.map(drop);
        assert_eq!(refusal(waits).code(), "access.too_many_attempts");
        later(&app, 30);
        let token = halfway(&app, "xian").await;
        assert_eq!(refusal(gives(&app, &token, "no code at all").await).code(), "account.wrong_code");
        gives(&app, &token, &phone.shows(&app)).await.unwrap();
        // Signed in: the failures are forgotten.
        later(&app, 30);
        let token = halfway(&app, "xian").await;
        assert_eq!(refusal(gives(&app, &token, "000000").await).code(), "account.wrong_code");
        gives(&app, &token, &phone.shows(&app)).await.unwrap();
    });
}

#[test]
fn a_recovery_code_opens_once_and_is_told() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let phone = set_up(&app, &county.county, "xian").await;
        let code = phone.recovery[3].to_uppercase();
        gives(&app, &halfway(&app, "xian").await, &code).await.unwrap();
        assert_eq!(refusal(gives(&app, &halfway(&app, "xian").await, &code).await).code(), "account.wrong_code");
        let page = PageRequest { offset: 0, limit: 9 };
        let told = look(&app, &county.county, async |cx| youju_app::message::list(cx, page).await).await.unwrap();
        assert!(told.rows.iter().any(|message| message.body.starts_with("还有 9 个恢复码没有用过。")));
        assert_eq!(look(&app, &county.county, async |cx| own(cx).await).await.unwrap().recovery_left, 9);
        // Another's recovery codes are another's.
        let city = set_up(&app, &county.city, "shi").await;
        assert_eq!(
            refusal(gives(&app, &halfway(&app, "xian").await, &city.recovery[0]).await).code(),
            "account.wrong_code"
        );
        // Fresh ones make the old ones void.
        later(&app, 60);
        let (who, code) = (county.county.clone(), phone.shows(&app));
        let fresh = renew_recovery(&app, who, PASSWORD, &code).await.unwrap();
        assert_eq!(
            refusal(gives(&app, &halfway(&app, "xian").await, &phone.recovery[0]).await).code(),
            "account.wrong_code"
        );
        gives(&app, &halfway(&app, "xian").await, &fresh[0]).await.unwrap();
    });
}

#[test]
fn no_secret_lies_open_in_the_data_base_or_in_the_journal() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let phone = set_up(&app, &county.county, "xian").await;
        let person = county.county.person;
        let kept = app.read(None, async |cx| Ok(youju_store::second_factor::of(cx.tx(), person).await?)).await.unwrap();
        let sealed = kept.unwrap().sealed;
        assert!(sealed.starts_with("aes-256-gcm:") && !sealed.contains(&phone.secret), "{sealed}");
        let id = person.to_string();
        let entries = app.read(None, async |cx| Ok(youju_store::journal::of_object(cx.tx(), "person", &id).await?));
        for entry in entries.await.unwrap() {
            let payload = entry.payload.to_string();
            assert!(!payload.contains(&phone.secret) && !payload.contains("aes"), "{} {payload}", entry.action);
            assert!(phone.recovery.iter().all(|code| !payload.contains(code)));
        }
        // Once confirmed, the secret is never shown again, and not replaced by the way.
        assert!(look(&app, &county.county, async |cx| pending(cx).await).await.unwrap().is_none());
        let again = begin(&app, county.county.clone(), PASSWORD).await;
        assert_eq!(refusal(again).code(), "account.second_factor_exists");
        // Without the key file nobody comes in by a code, and nobody is let in without one either.
        later(&app, 60);
        let bare = app.clone().with_secret_keys(youju_app::crypto::SecretKeys::default());
        let token = halfway(&bare, "xian").await;
        assert_eq!(refusal(gives(&bare, &token, &phone.shows(&app)).await).code(), "account.no_key");
        gives(&bare, &token, &phone.recovery[0]).await.unwrap();
    });
}

#[test]
fn a_set_up_counts_only_when_the_phone_has_shown_that_it_has_the_secret() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let who = &county.county;
        let token = sign_in(&app, "xian", PASSWORD).await.unwrap().token;
        let wrong = begin(&app, who.clone(), "猜的密码").await;
        assert_eq!(refusal(wrong).code(), "account.wrong_own_password");
        begin(&app, who.clone(), PASSWORD).await.unwrap();
        let here = session(&app, who).await;
        let elsewhere = sign_in(&app, "xian", PASSWORD).await.unwrap().token;
        assert_eq!(refusal(confirm(&app, who.clone(), here, "000000").await).code(), "account.wrong_code");
        // Not confirmed in time: from the beginning, with another secret.
        let first = look(&app, who, async |cx| pending(cx).await).await.unwrap().unwrap().secret;
        later(&app, 901);
        assert!(look(&app, who, async |cx| pending(cx).await).await.unwrap().is_none());
        let late = confirm(&app, who.clone(), here, &code_on_phone(&first, app.world().now())).await;
        assert_eq!(refusal(late).code(), "account.no_second_factor");
        begin(&app, who.clone(), PASSWORD).await.unwrap();
        let second = look(&app, who, async |cx| pending(cx).await).await.unwrap().unwrap().secret;
        assert_ne!(first, second);
        confirm(&app, who.clone(), here, &code_on_phone(&second, app.world().now())).await.unwrap();
        actor_of(&app, &token).await.unwrap();
        // A session that never gave a code ends.
        assert_eq!(refusal(actor_of(&app, &elsewhere).await).code(), "access.signed_out");
    });
}

#[test]
fn where_it_is_compulsory_officers_set_it_up_before_anything_else() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let app = app.with_second_factor(Duty::Officers);
        assert_eq!(sign_in(&app, "tb000", PASSWORD).await.unwrap().due, None);
        let officer = sign_in(&app, "xian", PASSWORD).await.unwrap();
        assert_eq!(officer.due, Some(Due::SecondFactor));
        assert_eq!(refusal(actor_of(&app, &officer.token).await).code(), "account.no_second_factor");
        let phone = set_up(&app, &county.county, "xian").await;
        later(&app, 60);
        let full = gives(&app, &halfway(&app, "xian").await, &phone.shows(&app)).await.unwrap();
        actor_of(&app, &full).await.unwrap();
        // A new phone: taken away against password and code, then set up anew before anything else.
        later(&app, 60);
        let wrong = remove(&app, county.county.clone(), PASSWORD, "000000").await;
        assert_eq!(refusal(wrong).code(), "account.wrong_code");
        remove(&app, county.county.clone(), PASSWORD, &phone.shows(&app)).await.unwrap();
        assert_eq!(refusal(actor_of(&app, &full).await).code(), "account.no_second_factor");
        assert_eq!(
            refusal(remove(&app, county.county.clone(), PASSWORD, "000000").await).code(),
            "account.no_second_factor"
        );
        verified(&app).await;
    });
}

#[test]
fn an_administrator_resets_a_lost_phone_and_the_person_is_told_why() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        set_up(&app, &county.county, "xian").await;
        let person = county.county.person;
        for actor in [&county.county, &county.city, &county.factories[0].clerk] {
            let refused = act(&app, actor, async |cx| reset(cx, person, "手机丢失").await).await;
            assert!(matches!(refusal(refused).status(), 403 | 404), "{}", actor.name);
        }
        let short = act(&app, &county.security, async |cx| reset(cx, person, " 丢 ").await).await;
        assert_eq!(refusal(short).says(), "重置应写明原因,不少于 4 个字。");
        act(&app, &county.security, async |cx| reset(cx, person, "手机丢失").await).await.unwrap();
        let page = PageRequest { offset: 0, limit: 9 };
        let told = look(&app, &county.county, async |cx| youju_app::message::list(cx, page).await).await.unwrap();
        assert!(told.rows.iter().any(|message| message.body.starts_with("原因:手机丢失。")));
        let signed = sign_in(&app, "xian", PASSWORD).await.unwrap();
        assert_eq!(signed.due, None);
        let none = act(&app, &county.security, async |cx| reset(cx, person, "手机丢失").await).await;
        assert_eq!(refusal(none).code(), "account.no_second_factor");
        verified(&app).await;
    });
}
