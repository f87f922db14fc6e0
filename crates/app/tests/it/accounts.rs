//! The sweep of accounts that nobody uses, from the notice to the appeal.

use chrono::TimeDelta;
use youju_app::access::{actor_of, sign_in};
use youju_app::accounts::{Filter, end_post, get, list, notice, restore, sweep};
use youju_app::{App, api_key};
use youju_domain::Instant;
use youju_domain::access::Actor;
use youju_domain::api_key::Uses;
use youju_domain::dormancy::Standing;
use youju_store::register::PageRequest;
use youju_testkit::{County, PASSWORD, april, on_both_engines};

use crate::make::{act, look, refusal, verified};

const ALL: PageRequest = PageRequest { offset: 0, limit: 200 };

async fn listed(app: &App, admin: &Actor, standing: &str) -> Vec<String> {
    let filter = Filter { standing: standing.into(), ..Filter::default() };
    let found = look(app, admin, async |cx| list(cx, &filter, ALL).await).await.unwrap();
    assert_eq!(usize::try_from(found.total).unwrap(), found.rows.len());
    // The data base and the rule say the same of every account.
    let label = |one: &youju_app::accounts::Listed| one.account.life.standing(app.world().now()).label();
    let wanted = [("dormant", "待通知"), ("noticed", "已通知"), ("suspended", "已停用")];
    if let Some((_, word)) = wanted.iter().find(|(key, _)| *key == standing) {
        let everything = look(app, admin, async |cx| list(cx, &Filter::default(), ALL).await).await.unwrap();
        let same: Vec<_> = everything.rows.into_iter().filter(|one| label(one) == *word).collect();
        assert_eq!(found.rows, same, "{standing}");
    }
    found.rows.into_iter().map(|one| one.person.login).collect()
}

fn days(days: i64) -> Instant {
    april(2) + TimeDelta::days(days)
}

#[test]
fn whoever_does_not_come_is_noticed_then_shut_out_and_comes_back_by_appeal() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (admin, clerk) = (&county.admin, &county.factories[0].clerk);
        for login in ["tb000", "admin"] {
            sign_in(&app, login, PASSWORD).await.unwrap();
        }
        assert!(listed(&app, admin, "dormant").await.is_empty());
        app.world().set(days(30));
        let never = listed(&app, admin, "dormant").await;
        assert!(never.contains(&"tb001".to_owned()) && !never.contains(&"tb000".to_owned()), "{never:?}");
        app.world().set(days(80));
        sign_in(&app, "admin", PASSWORD).await.unwrap();
        app.world().set(days(90));
        assert!(listed(&app, admin, "dormant").await.contains(&"tb000".to_owned()));
        let (one, other) = (clerk.person, county.factories[1].clerk.person);
        assert_eq!(act(&app, admin, async |cx| notice(cx, &[one, other, one]).await).await.unwrap(), 2);
        assert_eq!(listed(&app, admin, "noticed").await, ["tb000", "tb001"]);
        let page = PageRequest { offset: 0, limit: 9 };
        let told = look(&app, clerk, async |cx| youju_app::message::list(cx, page).await).await.unwrap().rows;
        assert_eq!(told[0].title, "您的账号将于 2026-07-15 12:00 停用");
        assert!(told[0].body.starts_with("原因:连续 90 天没有登录。"), "{}", told[0].body);
        // One of them comes.
        app.world().set(days(100));
        let token = sign_in(&app, "tb001", PASSWORD).await.unwrap().token;
        app.world().set(days(104));
        assert_eq!(listed(&app, admin, "suspended").await, ["tb000"]);
        // The door is shut before anybody has swept; only who knows the password is told.
        let told = refusal(sign_in(&app, "tb000", PASSWORD).await.map(drop));
        assert_eq!(told.says(), "这个账号已于 2026-07-15 12:00 停用:连续 90 天没有登录。");
        assert_eq!(refusal(sign_in(&app, "tb000", "guess").await.map(drop)).code(), "access.wrong_password");
        assert_eq!(app.write(None, async |cx| sweep(cx).await).await.unwrap(), 1);
        assert_eq!(app.write(None, async |cx| sweep(cx).await).await.unwrap(), 0);
        assert_eq!(listed(&app, admin, "suspended").await, ["tb000"]);
        assert_eq!(refusal(actor_of(&app, &token).await).code(), "access.signed_out", "idle for days");
        let short = act(&app, &county.security, async |cx| restore(cx, one, "要用").await).await;
        assert!(refusal(short).says().contains("不少于 4 个字"));
        act(&app, &county.security, async |cx| restore(cx, one, "休产假后回来上班").await).await.unwrap();
        sign_in(&app, "tb000", PASSWORD).await.unwrap();
        let id = one.to_string();
        let entries = app.read(None, async |cx| Ok(youju_store::journal::of_object(cx.tx(), "person", &id).await?));
        let actions: Vec<String> = entries.await.unwrap().into_iter().map(|entry| entry.action).collect();
        for action in ["account.noticed", "account.suspended", "account.restored", "access.shut"] {
            assert_eq!(actions.iter().filter(|one| *one == action).count(), 1, "{action}");
        }
        verified(&app).await;
    });
}

#[test]
fn a_post_that_has_ended_shuts_out_at_the_end_of_the_term_also_who_is_inside() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (admin, person) = (&county.admin, county.county.person);
        let last = Some("2026-04-02".parse().unwrap());
        act(&app, admin, async |cx| end_post(cx, person, last).await).await.unwrap();
        assert!(listed(&app, admin, "dormant").await.is_empty());
        app.world().set(days(1));
        assert_eq!(listed(&app, admin, "dormant").await, ["xian"]);
        act(&app, admin, async |cx| notice(cx, &[person]).await).await.unwrap();
        app.world().set(days(15) - TimeDelta::minutes(1));
        let token = sign_in(&app, "xian", PASSWORD).await.unwrap().token;
        actor_of(&app, &token).await.unwrap();
        app.world().set(days(15));
        // Signing in did not make the post go on.
        assert_eq!(refusal(actor_of(&app, &token).await).code(), "access.signed_out");
        let shut = look(&app, admin, async |cx| get(cx, person).await).await.unwrap();
        assert!(matches!(shut.account.life.standing(days(15)), Standing::Suspended { .. }));
        act(&app, &county.security, async |cx| restore(cx, person, "返聘到年底").await).await.unwrap();
        sign_in(&app, "xian", PASSWORD).await.unwrap();
        verified(&app).await;
    });
}

#[test]
fn only_administrators_sweep_and_a_program_in_use_keeps_its_person() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (clerk, person) = (&county.factories[0].clerk, county.factories[1].clerk.person);
        for actor in [clerk, &county.county, &county.city] {
            let refused = [
                refusal(look(&app, actor, async |cx| list(cx, &Filter::default(), ALL).await.map(drop)).await),
                refusal(look(&app, actor, async |cx| get(cx, person).await.map(drop)).await),
                refusal(act(&app, actor, async |cx| notice(cx, &[person]).await.map(drop)).await),
                refusal(act(&app, actor, async |cx| restore(cx, person, "需要使用").await).await),
                refusal(act(&app, actor, async |cx| end_post(cx, person, None).await).await),
            ];
            assert!(refused.iter().all(|problem| problem.status() == 404), "{}", actor.name);
        }
        let unit = county.factories[0].unit;
        let made =
            act(&app, clerk, async |cx| api_key::create(cx, unit, "U8", None, Uses::LEDGERS).await).await.unwrap();
        for month in 1..=4 {
            app.world().set(days(month * 25));
            api_key::authenticate(&app, &made.secret).await.unwrap();
        }
        assert!(!listed(&app, &county.admin, "dormant").await.contains(&"tb000".to_owned()));
        // The key of a suspended person opens nothing.
        app.world().set(days(200));
        act(&app, &county.admin, async |cx| notice(cx, &[clerk.person]).await).await.unwrap();
        app.world().set(days(215));
        assert_eq!(refusal(api_key::authenticate(&app, &made.secret).await).code(), "api_key.wrong");
        verified(&app).await;
    });
}
