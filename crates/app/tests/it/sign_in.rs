//! Signing in: wrong passwords, waiting, and how long a session lasts.

use chrono::TimeDelta;
use youju_app::App;
use youju_app::access::{SESSION_IDLE, SESSION_LONGEST, actor_of, reset_password, sign_in, sign_out};
use youju_testkit::{County, PASSWORD, april, on_both_engines};

use crate::make::{act, refusal, verified};

async fn refused(app: &App, login: &str, password: &str) -> youju_domain::Problem {
    refusal(sign_in(app, login, password).await.map(drop))
}

#[test]
fn a_person_signs_in_and_is_who_they_are() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let signed = sign_in(&app, " tb000 ", PASSWORD).await.unwrap();
        assert_eq!(signed.actor, county.factories[0].clerk);
        assert_eq!(actor_of(&app, &signed.token).await.unwrap(), county.factories[0].clerk);
        // The token itself is nowhere in the data base: its hash does not open the door.
        let hash = youju_app::crypto::sha256(signed.token.as_bytes());
        assert_eq!(refusal(actor_of(&app, &hash).await).code(), "access.signed_out");
    });
}

#[test]
fn an_unknown_account_is_told_the_same_as_a_wrong_password() {
    on_both_engines(async |app| {
        County::open(&app).await;
        let (unknown, wrong) = (refused(&app, "nobody", PASSWORD).await, refused(&app, "tb000", "12345678").await);
        assert_eq!(unknown, wrong);
        assert_eq!(unknown.says(), "账号或密码不正确。");
        assert_eq!(refused(&app, "' or 1=1 --", "x").await, unknown);
    });
}

#[test]
fn an_unknown_account_waits_and_is_written_down_like_any_other() {
    on_both_engines(async |app| {
        County::open(&app).await;
        let before = verified(&app).await.size;
        for login in ["nobody", "tb000"] {
            let mut told = Vec::new();
            for _ in 0..6 {
                told.push(refused(&app, login, "猜的密码").await.says());
            }
            assert_eq!(told[4..], ["账号或密码不正确。", "连续登录失败次数过多,请 30 秒后再试。"], "{login}");
        }
        app.world().set(april(2) + TimeDelta::seconds(30));
        for login in ["nobody", "tb000"] {
            assert_eq!(refused(&app, login, "再猜一次").await.code(), "access.wrong_password");
            assert_eq!(refused(&app, login, "再猜一次").await.says(), "连续登录失败次数过多,请 60 秒后再试。");
        }
        assert_eq!(verified(&app).await.size, before + 12);
        let entries =
            app.read(None, async |cx| Ok(youju_store::journal::of_object(cx.tx(), "login", "unknown").await?));
        let entries = entries.await.unwrap();
        assert_eq!(entries.len(), 6);
        assert!(entries.iter().all(|entry| entry.action == "access.refused" && entry.actor_id.is_none()));
        assert!(entries.iter().all(|entry| !entry.payload.to_string().contains("nobody")));
    });
}

#[test]
fn whoever_forgot_their_password_gets_another_and_signs_in_anew() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let before = sign_in(&app, "tb000", PASSWORD).await.unwrap();
        let hash = youju_app::crypto::hash_password("另一个密码").unwrap();
        for actor in [&county.factories[0].clerk, &county.county] {
            let asked = act(&app, actor, async |cx| reset_password(cx, "tb000", &hash).await).await.map(drop);
            assert!(matches!(refusal(asked).status(), 403 | 404), "{}", actor.name);
        }
        let nobody = act(&app, &county.security, async |cx| reset_password(cx, "tb", &hash).await).await.map(drop);
        assert_eq!(refusal(nobody).says(), "没有找到这个账号,或者它不在您的管理范围内。");
        act(&app, &county.security, async |cx| reset_password(cx, "tb000", &hash).await).await.unwrap();
        assert_eq!(refusal(actor_of(&app, &before.token).await).code(), "access.signed_out");
        assert_eq!(refused(&app, "tb000", PASSWORD).await.code(), "access.wrong_password");
        sign_in(&app, "tb000", "另一个密码").await.unwrap();
        verified(&app).await;
    });
}

#[test]
fn after_five_wrong_passwords_even_the_right_one_waits() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let start = april(2);
        for _ in 0..5 {
            assert_eq!(refused(&app, "tb000", "猜的密码").await.code(), "access.wrong_password");
        }
        assert_eq!(refused(&app, "tb000", PASSWORD).await.says(), "连续登录失败次数过多,请 30 秒后再试。");
        app.world().set(start + TimeDelta::seconds(29));
        assert_eq!(refused(&app, "tb000", PASSWORD).await.says(), "连续登录失败次数过多,请 1 秒后再试。");
        // Others are not held up by it.
        sign_in(&app, "tb001", PASSWORD).await.unwrap();
        app.world().set(start + TimeDelta::seconds(30));
        assert_eq!(refused(&app, "tb000", "再猜一次").await.code(), "access.wrong_password");
        app.world().set(start + TimeDelta::seconds(89));
        assert_eq!(refused(&app, "tb000", PASSWORD).await.code(), "access.too_many_attempts");
        app.world().set(start + TimeDelta::seconds(90));
        sign_in(&app, "tb000", PASSWORD).await.unwrap();
        // A success forgets the failures.
        assert_eq!(refused(&app, "tb000", "手滑").await.code(), "access.wrong_password");
        sign_in(&app, "tb000", PASSWORD).await.unwrap();
        let person = county.factories[0].clerk.person.to_string();
        let entries = app
            .read(None, async |cx| Ok(youju_store::journal::of_object(cx.tx(), "person", &person).await?))
            .await
            .unwrap();
        let count = |action: &str| entries.iter().filter(|entry| entry.action == action).count();
        assert_eq!((count("access.refused"), count("access.signed_in")), (7, 2));
        assert!(entries.iter().all(|entry| !entry.payload.to_string().contains(PASSWORD)));
    });
}

#[test]
fn guesses_sent_all_at_once_are_counted_like_guesses_one_by_one() {
    on_both_engines(async |app| {
        County::open(&app).await;
        let guess = |app: App| async move { refused(&app, "tb000", "猜的密码").await.code() };
        let tasks: Vec<_> = (0..12).map(|_| tokio::spawn(guess(app.clone()))).collect();
        let mut tried = 0;
        for task in tasks {
            tried += usize::from(task.await.unwrap() == "access.wrong_password");
        }
        assert_eq!(tried, 5);
    });
}

#[test]
fn a_session_ends_when_nobody_works_when_the_day_is_over_and_by_signing_out() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let start = april(2);
        let ended = async |token: &str| match actor_of(&app, token).await {
            Ok(_) => false,
            Err(error) => refusal(Err::<(), _>(error)).code() == "access.signed_out",
        };
        let idle = sign_in(&app, "tb000", PASSWORD).await.unwrap().token;
        let busy = sign_in(&app, "tb000", PASSWORD).await.unwrap().token;
        app.world().set(start + SESSION_IDLE);
        assert!(!ended(&busy).await);
        app.world().set(start + SESSION_IDLE + TimeDelta::seconds(1));
        assert!(ended(&idle).await && !ended(&busy).await);
        for hour in 3..=12 {
            app.world().set(start + TimeDelta::hours(hour));
            assert!(!ended(&busy).await, "hour {hour}");
        }
        app.world().set(start + SESSION_LONGEST + TimeDelta::seconds(1));
        assert!(ended(&busy).await);

        let signed = sign_in(&app, "tb000", PASSWORD).await.unwrap();
        sign_out(&app, signed.actor, &signed.token).await.unwrap();
        assert!(ended(&signed.token).await && ended("").await && ended("not a token").await);
        assert_eq!(county.factories[0].clerk.name, "填报人 tb000");
        verified(&app).await;
    });
}
