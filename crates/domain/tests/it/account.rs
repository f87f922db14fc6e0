//! What is due after signing in, how long a session lasts, and what a browser is called.

use chrono::TimeDelta;
use youju_domain::Instant;
use youju_domain::access::Role;
use youju_domain::account::{
    Account, Due, HALFWAY_LASTS, SESSION_IDLE, SESSION_LONGEST, Session, Stage, browser_in_words,
};
use youju_domain::id::{PersonId, SessionId};
use youju_domain::person::{FAILURES_FREE, may_try};
use youju_domain::second_factor::Duty;

#[test]
fn ones_own_password_comes_first_and_the_second_factor_after_it() {
    let account = |must_change, has_phone| Account { must_change, has_phone, ..Account::default() };
    for (account, duty, role, due) in [
        (account(false, false), Duty::Nobody, Role::CountyOfficer, None),
        (account(true, false), Duty::Nobody, Role::Statistician, Some(Due::Password)),
        (account(true, true), Duty::Everybody, Role::Statistician, Some(Due::Password)),
        (account(true, false), Duty::Officers, Role::CountyOfficer, Some(Due::Password)),
        (account(false, false), Duty::Officers, Role::CountyOfficer, Some(Due::SecondFactor)),
        (account(false, false), Duty::Officers, Role::UnitHead, None),
        (account(false, true), Duty::Officers, Role::CountyOfficer, None),
        (account(false, true), Duty::Nobody, Role::UnitHead, None),
    ] {
        assert_eq!(account.due(role, duty), due, "{account:?} {duty:?} {role:?}");
    }
    for due in [Due::Password, Due::SecondFactor] {
        assert!(!due.problem().says().is_empty() && !due.problem().hint().is_empty());
    }
}

#[test]
fn a_session_that_waits_for_its_code_ends_after_five_minutes_whatever_happens() {
    let began = Instant::UNIX_EPOCH;
    let session = |stage, seen: TimeDelta| Session {
        id: SessionId::new(uuid::Uuid::from_u128(1)),
        person: PersonId::new(uuid::Uuid::from_u128(2)),
        token_hash: String::new(),
        stage,
        created_at: began,
        seen_at: began + seen,
        address: String::new(),
        agent: String::new(),
    };
    let second = TimeDelta::seconds(1);
    for (stage, seen, at, lasts) in [
        (Stage::Halfway, TimeDelta::zero(), HALFWAY_LASTS, true),
        (Stage::Halfway, HALFWAY_LASTS, HALFWAY_LASTS + second, false),
        (Stage::Full, TimeDelta::zero(), SESSION_IDLE, true),
        (Stage::Full, TimeDelta::zero(), SESSION_IDLE + second, false),
        (Stage::Full, SESSION_LONGEST, SESSION_LONGEST, true),
        (Stage::Full, SESSION_LONGEST, SESSION_LONGEST + second, false),
    ] {
        assert_eq!(session(stage, seen).lasts(began + at), lasts, "{stage:?} {seen} {at}");
    }
    assert_eq!(HALFWAY_LASTS, TimeDelta::minutes(5));
}

#[test]
fn waits_grow_from_half_a_minute_to_an_hour() {
    let failed = Instant::UNIX_EPOCH;
    let waits: Vec<i64> = (0..14)
        .map(|failures| {
            let lasts = |second: &i64| may_try(failures, Some(failed), failed + TimeDelta::seconds(*second)).is_err();
            (0..=3_600).take_while(lasts).count().try_into().unwrap()
        })
        .collect();
    assert_eq!(waits, [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
    assert_eq!(FAILURES_FREE, 5);
    assert!(may_try(u32::MAX, None, failed).is_ok());
}

#[test]
fn browsers_are_called_what_people_call_them() {
    for (agent, words) in [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0",
            "Windows 10 或 11 上的 Edge",
        ),
        (
            "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0 Safari/537.36",
            "Windows 7 上的谷歌内核浏览器(Chrome)",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Mobile MicroMessenger/8.0",
            "iPhone 上的微信",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/99 HuaweiBrowser/14 Mobile Safari/537.36",
            "安卓上的华为浏览器",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Linux(统信、麒麟等)上的火狐(Firefox)",
        ),
        ("curl/8.0", "不能识别的浏览器"),
        ("", "不能识别的浏览器"),
    ] {
        assert_eq!(browser_in_words(agent), words);
    }
}
