//! 安全: tries to sign in stay, assets and drills are kept, the self-check is frozen, and only those who look after security see any of it.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use youju_app::access::{Browser, enter, sign_out};
use youju_app::attachment::{Looked, look_at};
use youju_app::security::{
    LogKeeping, Surroundings, Topic, asset, drill, overview, retention, self_check, sign_in, software,
};
use youju_app::{App, Result};
use youju_domain::access::Actor;
use youju_domain::id::DrillId;
use youju_domain::security::drill::Outcome;
use youju_domain::security::self_check::Status;
use youju_domain::security::{AssetKind, Light, Protection};
use youju_testkit::{County, PASSWORD, april, on_both_engines};

use crate::make::{act, look, refusal, verified};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn browser(address: &str) -> Browser {
    Browser { address: address.into(), agent: "Mozilla/5.0 (Windows NT 10.0) Chrome/130".into(), key: String::new() }
}

async fn tries(app: &App, login: &str, password: &str, address: &str) -> bool {
    enter(app, login, password, &browser(address)).await.is_ok()
}

#[test]
fn every_try_is_written_down_with_its_address_and_outlives_the_session() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        assert!(tries(&app, "tb000", PASSWORD, "10.1.2.3").await);
        let youju_app::access::Entered::In(signed) = enter(&app, "xian", PASSWORD, &browser("10.8.8.8")).await.unwrap()
        else {
            panic!("a code is asked for");
        };
        sign_out(&app, signed.actor.clone(), &signed.token).await.unwrap();
        for _ in 0..6 {
            assert!(!tries(&app, "shi", "猜的密码", "60.1.1.1").await);
        }
        assert!(!tries(&app, "nobody", "猜的密码", "60.1.1.1").await);
        let tried = look(&app, &county.security, async |cx| sign_in::tried(cx, 7).await).await.unwrap();
        // The sixth found the account waiting: nothing was compared.
        assert_eq!((tried.failures.all.tries, tried.failures.lock_outs), (6, 1));
        assert_eq!((tried.failures.by_account["shi"].tries, tried.failures.by_account[""].tries), (5, 1));
        assert_eq!(tried.failures.by_address["60.1.1.1"].tries, 6);
        let (waits, until) = &tried.waiting[0];
        assert_eq!((waits.login.as_str(), *until), ("shi", april(2) + TimeDelta::seconds(30)));
        let (_, file) = sign_in::csv(&tried).unwrap();
        let text = String::from_utf8(file).unwrap();
        assert!(text.contains("2026-04-02 12:00,shi,") && text.contains(",账号不存在,1,60.1.1.1,"), "{text}");
        assert!(!text.contains("猜的密码"));
        // Half a year later the sessions are long gone, and who came from where is still there.
        app.world().set(april(2) + TimeDelta::days(180));
        let (span, map) = look(&app, &county.auditor, async |cx| sign_in::map_of(cx, 183).await).await.unwrap();
        assert_eq!((span.left, map.all.tries, map.all.networks.len()), (0, 2, 2));
        let nets: Vec<&str> = map.by_cross.keys().map(|(_, network, _)| network.as_str()).collect();
        assert_eq!(nets, ["10.1.2.*", "10.8.8.*"]);
        // Addresses are sealed where they lie.
        let open = app.read(None, async |cx| {
            let rows = youju_store::sign_in::list(cx.tx(), april(1), 100).await?;
            Ok(rows.into_iter().filter(|row| row.address.contains('.')).count())
        });
        assert_eq!(open.await.unwrap(), 0);
        assert_eq!(
            refusal(look(&app, &county.security, async |cx| sign_in::tried(cx, 8).await).await).code(),
            "bad_input"
        );
        verified(&app).await;
    });
}

fn typed(name: &str, until: Option<&str>) -> asset::Typed {
    asset::Typed {
        kind: AssetKind::Certificate,
        name: name.into(),
        owner: "赵安".into(),
        place: "县局机房".into(),
        protection: Protection::Third,
        since: None,
        until: until.map(day),
        remarks: String::new(),
    }
}

#[test]
fn assets_are_entered_changed_and_struck_off_and_nobody_is_overwritten() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let by = &county.security;
        let id = act(&app, by, async |cx| asset::add(cx, typed("网站证书", Some("2026-05-01"))).await).await.unwrap();
        let revision = look(&app, by, async |cx| asset::get(cx, id).await).await.unwrap().revision;
        let change = async |name: &str| {
            act(&app, by, async |cx| asset::change(cx, id, revision, typed(name, Some("2026-03-01"))).await).await
        };
        change("统计网站证书").await.unwrap();
        assert_eq!(refusal(change("另一个名称").await).code(), "conflict");
        let light = async |of: Topic| {
            let all = look(&app, by, overview).await.unwrap();
            all.into_iter().find(|shown| shown.topic == of).unwrap()
        };
        let shown = light(Topic::Assets).await;
        assert_eq!((shown.light, shown.says.contains("1 项已到期")), (Light::Bad, true), "{}", shown.says);
        let list = look(&app, &county.admin, asset::list).await.unwrap();
        assert_eq!(list.entered[0].name, "统计网站证书");
        assert!(list.known.iter().any(|one| one.kind == AssetKind::Database && one.says.starts_with("版本 ")));
        let (name, file) = asset::csv(&list).unwrap();
        let text = String::from_utf8(file).unwrap();
        assert!(
            name == "资产清单 2026-04-02.csv" && text.contains("登记,证书,统计网站证书,赵安,县局机房,三级,,2026-03-01"),
            "{text}"
        );
        act(&app, by, async |cx| asset::strike(cx, id, "证书已更换,旧的吊销").await).await.unwrap();
        let late = act(&app, by, async |cx| asset::strike(cx, id, "再划一次看看").await).await;
        assert_eq!(refusal(late).code(), "bad_input");
        assert_eq!(light(Topic::Assets).await.says, "还没有登记资产。程序自己知道的已经列出,其余的请登记。");
        verified(&app).await;
    });
}

async fn held(app: &App, by: &Actor, on: &str, looked: Looked) -> Result<DrillId> {
    let typed = drill::TypedDrill {
        held_on: day(on),
        scenario: "机房断电,改用备用线路".into(),
        people: "赵安、李静、王敏".into(),
        finding: "切换用了两小时,超过预案的一小时".into(),
    };
    act(app, by, async |cx| drill::add(cx, typed, looked).await).await
}

fn plan(change: &str, after: Option<DrillId>) -> drill::TypedPlan {
    drill::TypedPlan {
        title: "网络安全应急预案".into(),
        body: "断网时由县局电话通知。".into(),
        in_force: None,
        change: change.into(),
        after,
    }
}

#[test]
fn a_drill_leads_to_measures_that_are_struck_off_and_to_another_version_of_the_plan() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let by = &county.security;
        let early = held(&app, by, "2026-04-01", Looked::default()).await;
        assert!(refusal(early).says().starts_with("还没有应急预案"));
        act(&app, by, async |cx| drill::add_plan(cx, plan("", None), Looked::default()).await).await.unwrap();
        let paper = look_at(&app, vec![("签到表.pdf".into(), b"%PDF-1.7".to_vec())]).unwrap();
        let id = held(&app, by, "2026-04-01", paper).await.unwrap();
        let issue = drill::TypedIssue {
            words: "备用电源每季度试一次".into(),
            owner: "赵安".into(),
            due_on: Some(day("2026-04-30")),
        };
        let issue = act(&app, by, async |cx| drill::add_issue(cx, id, issue).await).await.unwrap();
        let all = look(&app, &county.auditor, drill::list).await.unwrap();
        assert_eq!((all.drills[0].outcome(&all.plans), all.issues.len()), (Outcome::Open, 1));
        // The file comes out for the auditor, and the journal says so.
        let hash = all.drills[0].file.clone().unwrap().hash;
        let fetched = act(&app, &county.auditor, async |cx| drill::fetch(cx, &hash).await).await.unwrap();
        assert_eq!((fetched.name.as_str(), fetched.content.as_slice()), ("签到表.pdf", b"%PDF-1.7".as_slice()));
        act(&app, by, async |cx| drill::strike_off(cx, issue, "已列入巡检表").await).await.unwrap();
        let again = act(&app, by, async |cx| drill::strike_off(cx, issue, "已列入巡检表").await).await;
        assert_eq!(refusal(again).says(), "这个问题已经销号。");
        act(&app, by, async |cx| {
            drill::add_plan(cx, plan("备用电源切换改为半小时", Some(id)), Looked::default()).await
        })
        .await
        .unwrap();
        let all = look(&app, by, drill::list).await.unwrap();
        assert_eq!(all.drills[0].outcome(&all.plans), Outcome::Revised(2));
        let late = act(&app, by, async |cx| drill::leave_plan(cx, id, "步骤都走通了").await).await;
        assert_eq!(refusal(late).says(), "预案已经根据这次演练修订过。");
        // A year later the next drill is overdue.
        app.world().set(april(2) + TimeDelta::days(400));
        let lights = look(&app, by, overview).await.unwrap();
        let of = |topic| lights.iter().find(|shown| shown.topic == topic).unwrap();
        assert_eq!((of(Topic::Drills).light, of(Topic::Issues).light), (Light::Bad, Light::Good));
        assert!(of(Topic::Drills).says.contains("2027-04-01"), "{}", of(Topic::Drills).says);
        verified(&app).await;
    });
}

#[test]
fn a_self_check_is_frozen_and_what_is_not_met_becomes_an_issue_once() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let by = &county.security;
        for _ in 0..2 {
            act(&app, by, async |cx| self_check::record(cx, "逐条看过,不符合的列入计划").await).await.unwrap();
        }
        let checks = look(&app, &county.auditor, self_check::checks).await.unwrap();
        assert_eq!((checks.made.len(), checks.made[0].counts), (2, checks.counts));
        assert_eq!(checks.made[0].fingerprint, checks.list.fingerprint());
        assert_eq!(i64::try_from(checks.issues.len()).unwrap(), checks.counts.not_met, "once each");
        let first = checks.issues[0].clone();
        act(&app, by, async |cx| drill::strike_off(cx, first.id, "已在新版本中实现").await).await.unwrap();
        let open = look(&app, by, self_check::checks).await.unwrap();
        assert_eq!(open.issues.iter().filter(|issue| issue.done.is_none()).count() + 1, checks.issues.len());
        verified(&app).await;
    });
}

#[test]
fn the_list_of_the_self_check_is_whole_and_honest() {
    let list = self_check::shipped();
    // Requirements of level 2 in each chapter of the standard.
    let wanted = [38, 54, 18, 9, 30, 13, 12, 15, 7, 5, 8, 15, 13, 23];
    for ((chapter, name), wanted) in list.chapters.iter().zip(wanted) {
        let count = list.requirements.iter().filter(|one| one.chapter() == chapter).count();
        assert_eq!(count, wanted, "V{chapter} {name}");
    }
    let flaws: Vec<String> =
        list.requirements.iter().filter_map(youju_domain::security::self_check::Requirement::flaw).collect();
    assert_eq!(flaws, Vec::<String>::new());
    let ids: std::collections::BTreeSet<&str> = list.requirements.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids.len(), list.requirements.len(), "a number stands there twice");
    assert!(list.requirements.iter().any(|one| one.status == Status::NotMet), "nobody believes a list without a gap");
}

#[test]
fn what_runs_here_is_named_with_every_component_and_its_licence() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let found = look(&app, &county.admin, software::software).await.unwrap();
        assert!(
            found.parts.iter().any(|(name, version)| name == "数据库结构" && version.starts_with("第 ")),
            "{:?}",
            found.parts
        );
        assert!(found.components.len() > 200);
        for one in found.components {
            assert!(!one.licence.is_empty() && one.checksum.contains(':'), "{one:?}");
        }
        let (name, file) = software::sbom();
        let told: serde_json::Value = serde_json::from_slice(&file).unwrap();
        assert!(name.ends_with(".cdx.json"));
        assert_eq!((told["bomFormat"].as_str(), told["specVersion"].as_str()), (Some("CycloneDX"), Some("1.5")));
        assert_eq!(told["components"].as_array().unwrap().len(), found.components.len());
        let sqlx = told["components"].as_array().unwrap().iter().find(|one| one["name"] == "sqlx").unwrap();
        assert!(sqlx["purl"].as_str().unwrap().starts_with("pkg:cargo/sqlx@") && sqlx["hashes"][0]["alg"] == "SHA-256");
    });
}

#[test]
fn logs_say_how_long_they_are_kept_and_since_when() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        assert!(tries(&app, "tb000", PASSWORD, "10.1.2.3").await);
        let kept = look(&app, &county.security, retention::kept).await.unwrap();
        let of = |table: &str| kept.logs.iter().find(|(log, _)| log.table == table).unwrap().1;
        assert_eq!((of("sign_in").rows, of("sign_in").oldest), (1, Some(april(2))));
        assert!(of("journal_leaf").rows > 10 && of("journal_leaf").oldest == Some(april(1)));
        assert_eq!((of("delivery").rows, of("delivery").oldest), (0, None));
        assert_eq!(kept.since, day("2025-10-02"));
        let logs = async |app: &App| {
            let all = look(app, &county.security, overview).await.unwrap();
            all.into_iter().find(|shown| shown.topic == Topic::Logs).unwrap()
        };
        assert_eq!((kept.server, logs(&app).await.light), (None, Light::Bad));
        let log = LogKeeping { folder: "logs".into(), days: 200, files: 3, oldest: Some(day("2026-03-31")) };
        let around = Surroundings {
            certificates: vec![("统计.pem".into(), Some(day("2026-04-20")))],
            log: Some(log),
            ..Surroundings::default()
        };
        let app = app.with_surroundings(Arc::new(move || around.clone()));
        assert_eq!(logs(&app).await.says, "服务器日志留存 200 天,现有 3 个文件,最早的是 2026-03-31。");
        let all = look(&app, &county.auditor, overview).await.unwrap();
        let shown = all.iter().find(|shown| shown.topic == Topic::Certificates).unwrap();
        assert_eq!((shown.light, shown.says.as_str()), (Light::Due, "证书有效期到 2026-04-20。"));
    });
}

#[test]
fn only_those_who_look_after_security_see_it_and_only_one_of_them_writes() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        for by in county.everybody() {
            let sees = [&county.security, &county.auditor].iter().any(|one| one.person == by.person);
            let knows = sees || by.person == county.admin.person;
            assert_eq!(look(&app, &by, overview).await.is_ok(), sees, "{}", by.name);
            assert_eq!(look(&app, &by, async |cx| sign_in::tried(cx, 7).await).await.is_ok(), sees, "{}", by.name);
            assert_eq!(look(&app, &by, retention::kept).await.is_ok(), sees, "{}", by.name);
            assert_eq!(look(&app, &by, drill::list).await.is_ok(), sees, "{}", by.name);
            assert_eq!(look(&app, &by, self_check::checks).await.is_ok(), sees, "{}", by.name);
            assert_eq!(look(&app, &by, asset::list).await.is_ok(), knows, "{}", by.name);
            assert_eq!(look(&app, &by, software::software).await.is_ok(), knows, "{}", by.name);
            let writes = by.person == county.security.person;
            let added = act(&app, &by, async |cx| asset::add(cx, typed("服务器一号", None)).await).await;
            assert_eq!(added.is_ok(), writes, "{}", by.name);
            let recorded = act(&app, &by, async |cx| self_check::record(cx, "逐条看过了").await).await;
            assert_eq!(recorded.is_ok(), writes, "{}", by.name);
        }
    });
}
