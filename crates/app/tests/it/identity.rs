//! Signing in by an identity platform: tied once, entered by it, and every way in which its word does not count.

use chrono::TimeDelta;
use youju_app::access::{Browser, SignedIn, actor_of, sign_in};
use youju_app::account::own as own_account;
use youju_app::identity::{Arrived, Given, Sent, arrive, begin, begin_tie, own, tie_somebody, untie, untie_somebody};
use youju_app::{App, Result};
use youju_domain::access::Actor;
use youju_domain::account::Due;
use youju_domain::second_factor::Duty;
use youju_store::register::PageRequest;
use youju_testkit::{
    ADDRESS, Bend, County, ISSUER, PASSWORD, Signing, SoftKey, SoftPlatform, on_both_engines, on_sqlite,
};

use crate::make::{act, look, refusal, verified};

fn browser(key: &str) -> Browser {
    Browser { key: key.into(), ..Browser::default() }
}

/// Comes back from the platform with what it has given.
async fn back(app: &App, (state, code): (String, String), from: &Browser, token: &str) -> Result<Arrived> {
    arrive(app, &Given { state, code, ..Given::default() }, from, token).await
}

/// Ties the account of somebody to a subject, by all the steps; gives the token of the session.
async fn ties(app: &App, platform: &SoftPlatform, who: &Actor, login: &str, subject: &str) -> Result<String> {
    let token = sign_in(app, login, PASSWORD).await?.token;
    let session = look(app, who, async |cx| own_account(cx).await).await?.sessions[0].id;
    let sent = begin_tie(app, who.clone(), session, PASSWORD, &browser("own")).await?;
    back(app, platform.visit(app, &sent, subject, &[]), &browser("own"), &token).await?;
    Ok(token)
}

/// Signs in by the platform.
async fn enters(app: &App, platform: &SoftPlatform, subject: &str, means: &[&str]) -> Result<Arrived> {
    let sent = begin(app, &browser("own"), "/reports").await?;
    back(app, platform.visit(app, &sent, subject, means), &browser("own"), "").await
}

fn inside(arrived: Arrived) -> SignedIn {
    match arrived {
        Arrived::In(signed, back) => {
            assert_eq!(back, "/reports");
            signed
        }
        Arrived::Halfway { .. } | Arrived::Tied => panic!("not signed in"),
    }
}

async fn titles(app: &App, who: &Actor) -> Vec<String> {
    let page = PageRequest { offset: 0, limit: 20 };
    let found = look(app, who, async |cx| youju_app::message::list(cx, page).await).await.unwrap();
    found.rows.into_iter().map(|message| message.title).collect()
}

#[test]
fn whoever_has_tied_their_account_once_signs_in_by_the_platform() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (app, platform) = SoftPlatform::open(&app);
        // Nobody is let in, and no account is made, before somebody has tied one.
        let unknown = refusal(enters(&app, &platform, "zhang-330781", &[]).await.map(drop));
        assert_eq!(unknown.code(), "identity.untied");
        assert!(unknown.hint().contains("请先用账号和密码登录"));
        ties(&app, &platform, &county.county, "xian", "zhang-330781").await.unwrap();
        assert!(titles(&app, &county.county).await.contains(&"您的账号绑定了统一身份".to_owned()));
        for signing in [Signing::P256, Signing::Rsa] {
            platform.signs(signing);
            let signed = inside(enters(&app, &platform, "zhang-330781", &[]).await.unwrap());
            assert_eq!(actor_of(&app, &signed.token).await.unwrap(), county.county);
        }
        // What somebody is called there is written nowhere.
        let id = county.county.person.to_string();
        let entries = app.read(None, async |cx| Ok(youju_store::journal::of_object(cx.tx(), "person", &id).await?));
        for entry in entries.await.unwrap() {
            assert!(!entry.payload.to_string().contains("zhang"), "{}", entry.action);
        }
        // One person there is one account here, and the other way round.
        let twice = ties(&app, &platform, &county.city, "shi", "zhang-330781").await;
        assert_eq!(refusal(twice).code(), "identity.tied_elsewhere");
        assert_eq!(refusal(ties(&app, &platform, &county.county, "xian", "li").await).code(), "identity.tied");
        assert_eq!(refusal(untie(&app, county.county.clone(), "猜的密码").await).code(), "account.wrong_own_password");
        untie(&app, county.county.clone(), PASSWORD).await.unwrap();
        assert_eq!(refusal(untie(&app, county.county.clone(), PASSWORD).await).code(), "identity.not_tied");
        let untied = enters(&app, &platform, "zhang-330781", &[]).await.map(drop);
        assert_eq!(refusal(untied).code(), "identity.untied");
        verified(&app).await;
    });
}

#[test]
fn a_token_that_is_not_the_platforms_word_to_us_now_opens_nothing() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let (app, platform) = SoftPlatform::open(&app);
        ties(&app, &platform, &county.county, "xian", "zhang").await.unwrap();
        let bends: [(Bend, &str); 12] = [
            (|said| said["nonce"] = "another".into(), "nonce"),
            (|said| drop(said.as_object_mut().unwrap().remove("nonce")), "nonce"),
            (|said| said["aud"] = "another-client".into(), "audience"),
            (|said| said["aud"] = serde_json::json!(["youju-lanxi", "another-client"]), "audience"),
            (|said| said["azp"] = "another-client".into(), "audience"),
            (|said| said["iss"] = "https://sso.evil.example".into(), "issuer"),
            (|said| said["exp"] = (said["iat"].as_i64().unwrap() - 61).into(), "expired"),
            (|said| said["iat"] = (said["iat"].as_i64().unwrap() - 3_600).into(), "expired"),
            (|said| said["iat"] = (said["iat"].as_i64().unwrap() + 3_600).into(), "early"),
            (|said| said["nbf"] = (said["iat"].as_i64().unwrap() + 3_600).into(), "early"),
            (|said| said["sub"] = "".into(), "subject"),
            (|said| drop(said.as_object_mut().unwrap().remove("exp")), "unreadable"),
        ];
        let why = async |app: &App| {
            let entries =
                app.read(None, async |cx| Ok(youju_store::journal::of_object(cx.tx(), "login", "unknown").await?));
            let entries = entries.await.unwrap();
            let last = entries.iter().rfind(|entry| entry.action == "identity.doubted").unwrap().payload.to_string();
            last.split('"').nth(3).unwrap().to_owned()
        };
        for (bend, reason) in bends {
            platform.bends(Some(bend));
            let refused = refusal(enters(&app, &platform, "zhang", &[]).await.map(drop));
            assert_eq!(refused.says(), "统一身份认证平台的答复没有通过核对,没有接受。");
            assert_eq!(why(&app).await, reason);
        }
        platform.bends(None);
        for (signing, reason) in
            [(Signing::None, "algorithm"), (Signing::PublicAsSecret, "algorithm"), (Signing::Foreign, "signature")]
        {
            platform.signs(signing);
            assert_eq!(refusal(enters(&app, &platform, "zhang", &[]).await.map(drop)).code(), "identity.doubtful");
            assert_eq!(why(&app).await, reason);
        }
        platform.signs(Signing::P256);
        inside(enters(&app, &platform, "zhang", &[]).await.unwrap());
        verified(&app).await;
    });
}

#[test]
fn an_attempt_is_finished_once_in_time_and_by_the_browser_that_began_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (app, platform) = SoftPlatform::open(&app);
        ties(&app, &platform, &county.county, "xian", "zhang").await.unwrap();
        let told = async |given: (String, String), from: &str| {
            refusal(back(&app, given, &browser(from), "").await.map(drop)).code()
        };
        let sent = begin(&app, &browser("own"), "/reports").await.unwrap();
        let (state, code) = platform.visit(&app, &sent, "zhang", &[]);
        // An attacker's own attempt, planted into somebody's browser; and a state that nobody has begun.
        assert_eq!(told((state.clone(), code), "victim").await, "identity.stale");
        assert_eq!(told(("made-up".into(), "code".into()), "own").await, "identity.stale");
        // Finished once.
        let sent = begin(&app, &browser("own"), "/reports").await.unwrap();
        let given = platform.visit(&app, &sent, "zhang", &[]);
        inside(back(&app, given.clone(), &browser("own"), "").await.unwrap());
        assert_eq!(told(given, "own").await, "identity.stale");
        // A code of another attempt does not fit its verifier: it was stolen on the way.
        let sent = begin(&app, &browser("own"), "/reports").await.unwrap();
        let (_, stolen) = platform.visit(&app, &sent, "zhang", &[]);
        let own = begin(&app, &browser("thief"), "/reports").await.unwrap();
        let (state, _) = platform.visit(&app, &own, "thief", &[]);
        assert_eq!(told((state, stolen), "thief").await, "identity.unreachable");
        // Too late.
        let sent = begin(&app, &browser("own"), "/reports").await.unwrap();
        let given = platform.visit(&app, &sent, "zhang", &[]);
        app.world().set(app.world().now() + TimeDelta::seconds(601));
        assert_eq!(told(given, "own").await, "identity.stale");
        // The person, or the platform, said no.
        let sent = begin(&app, &browser("own"), "/reports").await.unwrap();
        let (state, _) = platform.visit(&app, &sent, "zhang", &[]);
        let given = Given { state, error: "access_denied".into(), ..Given::default() };
        let declined = arrive(&app, &given, &browser("own"), "").await.map(drop);
        assert_eq!(refusal(declined).code(), "identity.declined");
    });
}

#[test]
fn an_account_is_tied_by_the_session_that_began_it_and_by_no_other() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (app, platform) = SoftPlatform::open(&app);
        let token = sign_in(&app, "xian", PASSWORD).await.unwrap().token;
        let session = look(&app, &county.county, async |cx| own_account(cx).await).await.unwrap().sessions[0].id;
        let who = county.county.clone();
        let wrong = begin_tie(&app, who.clone(), session, "猜的密码", &browser("own")).await.map(drop);
        assert_eq!(refusal(wrong).code(), "account.wrong_own_password");
        let another = sign_in(&app, "shi", PASSWORD).await.unwrap().token;
        let again = sign_in(&app, "xian", PASSWORD).await.unwrap().token;
        for other in [another.as_str(), again.as_str(), ""] {
            let sent: Sent = begin_tie(&app, who.clone(), session, PASSWORD, &browser("own")).await.unwrap();
            let given = platform.visit(&app, &sent, "zhang", &[]);
            let refused = refusal(back(&app, given, &browser("own"), other).await.map(drop));
            assert!(matches!(refused.code(), "identity.stale" | "access.signed_out"), "{}", refused.code());
        }
        assert!(look(&app, &county.county, async |cx| own(cx).await).await.unwrap().is_none());
        let sent = begin_tie(&app, who.clone(), session, PASSWORD, &browser("own")).await.unwrap();
        let given = platform.visit(&app, &sent, "zhang", &[]);
        assert!(matches!(back(&app, given, &browser("own"), &token).await.unwrap(), Arrived::Tied));
        assert!(look(&app, &county.county, async |cx| own(cx).await).await.unwrap().is_some());
        // A password that the security administrator sets takes the tie away: whoever was in the account may have made it.
        let hash = youju_app::crypto::hash_password("Given-To-Him-1").unwrap();
        act(&app, &county.security, async |cx| youju_app::access::reset_password(cx, "xian", &hash).await.map(drop))
            .await
            .unwrap();
        assert_eq!(refusal(enters(&app, &platform, "zhang", &[]).await.map(drop)).code(), "identity.untied");
        verified(&app).await;
    });
}

#[test]
fn the_house_asks_for_everything_that_it_asks_for_at_the_other_door() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (app, platform) = SoftPlatform::open(&app);
        ties(&app, &platform, &county.county, "xian", "zhang").await.unwrap();
        // Whoever must have a second factor is led to set it up.
        let strict = app.clone().with_second_factor(Duty::Officers);
        let signed = inside(enters(&strict, &platform, "zhang", &["mfa"]).await.unwrap());
        assert_eq!(signed.due, Some(Due::SecondFactor));
        // Whoever has one is asked for it, unless the platform has asked.
        let session = look(&app, &county.county, async |cx| own_account(cx).await).await.unwrap().sessions[0].id;
        let begun = youju_app::security_key::begin(&app, county.county.clone(), session, PASSWORD).await;
        begun.unwrap();
        let pending = async |cx: &mut youju_app::Cx<'_>| youju_app::security_key::pending(cx, session).await;
        let question = look(&app, &county.county, pending).await.unwrap().unwrap();
        let mut key = SoftKey::p256(ADDRESS);
        let made = key.create(&question.challenge);
        youju_app::security_key::add(&app, county.county.clone(), session, "办公室的", &made).await.unwrap();
        let Arrived::Halfway { token, .. } = enters(&app, &platform, "zhang", &["pwd"]).await.unwrap() else {
            panic!("one step was enough")
        };
        let question = youju_app::security_key::second_step(&app, &token).await.unwrap().question.unwrap();
        let answer = key.answer(&question.challenge);
        youju_app::security_key::give(&app, &token, &answer, &browser("own")).await.unwrap();
        inside(enters(&app, &platform, "zhang", &["pwd", "mfa"]).await.unwrap());
        // Too many wrong passwords at the other door shut this one, too.
        for _ in 0..5 {
            drop(sign_in(&app, "xian", "猜的密码").await);
        }
        let waits = enters(&app, &platform, "zhang", &["mfa"]).await.map(drop);
        assert_eq!(refusal(waits).code(), "access.too_many_attempts");
        // An account that nobody has used is suspended whoever speaks for it.
        let notice = [county.county.person];
        app.world().set(app.world().now() + TimeDelta::days(120));
        act(&app, &county.admin, async |cx| youju_app::accounts::notice(cx, &notice).await).await.unwrap();
        app.world().set(app.world().now() + TimeDelta::days(60));
        assert_eq!(refusal(enters(&app, &platform, "zhang", &["mfa"]).await.map(drop)).code(), "account.suspended");
        verified(&app).await;
    });
}

#[test]
fn a_platform_that_changes_its_key_is_asked_once_a_minute_and_one_that_is_down_is_told() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let (app, platform) = SoftPlatform::open(&app);
        ties(&app, &platform, &county.county, "xian", "zhang").await.unwrap();
        inside(enters(&app, &platform, "zhang", &[]).await.unwrap());
        assert_eq!(platform.fetched_keys(), 1, "keys are kept");
        platform.changes_key("2026-2");
        // Within a minute nobody makes us call again.
        assert_eq!(refusal(enters(&app, &platform, "zhang", &[]).await.map(drop)).code(), "identity.doubtful");
        assert_eq!(platform.fetched_keys(), 1);
        app.world().set(app.world().now() + TimeDelta::seconds(61));
        inside(enters(&app, &platform, "zhang", &[]).await.unwrap());
        assert_eq!(platform.fetched_keys(), 2);
        let sent = begin(&app, &browser("own"), "/reports").await.unwrap();
        let given = platform.visit(&app, &sent, "zhang", &[]);
        platform.is_down(true);
        let down = refusal(back(&app, given, &browser("own"), "").await.map(drop));
        assert_eq!(down.code(), "identity.unreachable");
        assert!(down.hint().contains("用账号和密码登录"));
        sign_in(&app, "xian", PASSWORD).await.unwrap();
        // After an hour the description is asked for again; another platform at the same address is none of ours.
        platform.is_down(false);
        platform.name("https://sso.evil.example");
        app.world().set(app.world().now() + TimeDelta::hours(2));
        assert_eq!(refusal(begin(&app, &browser("own"), "").await.map(drop)).code(), "identity.doubtful");
        platform.name(ISSUER);
        begin(&app, &browser("own"), "").await.unwrap();
        // Without a platform, or an address to come back to, there is no such door.
        let none = app.clone().with_address("");
        assert_eq!(refusal(begin(&none, &browser("own"), "").await.map(drop)).code(), "identity.none");
    });
}

#[test]
fn the_security_administrator_ties_and_unties_and_the_person_is_told() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (app, platform) = SoftPlatform::open(&app);
        let person = county.county.person;
        for other in [&county.county, &county.admin, &county.factories[0].clerk] {
            let refused = act(&app, other, async |cx| tie_somebody(cx, person, "zhang").await).await;
            assert!(matches!(refusal(refused).status(), 403 | 404), "{}", other.name);
            let refused = act(&app, other, async |cx| untie_somebody(cx, person).await).await;
            assert!(matches!(refusal(refused).status(), 403 | 404), "{}", other.name);
        }
        for odd in ["", "  ", "zhang san", "a\u{7}", &"x".repeat(256)] {
            let refused = act(&app, &county.security, async |cx| tie_somebody(cx, person, odd).await).await;
            assert_eq!(refusal(refused).code(), "identity.bad_subject", "{odd:?}");
        }
        act(&app, &county.security, async |cx| tie_somebody(cx, person, "zhang").await).await.unwrap();
        inside(enters(&app, &platform, "zhang", &[]).await.unwrap());
        act(&app, &county.security, async |cx| untie_somebody(cx, person).await).await.unwrap();
        assert_eq!(refusal(enters(&app, &platform, "zhang", &[]).await.map(drop)).code(), "identity.untied");
        let titles = titles(&app, &county.county).await;
        assert!(titles.contains(&"您的账号绑定了统一身份".to_owned()));
        assert!(titles.contains(&"您的账号解除了统一身份的绑定".to_owned()));
        verified(&app).await;
    });
}
