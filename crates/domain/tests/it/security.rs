//! Network security: lights, assets, drills, issues, sign-ins, and how long logs are kept.

use chrono::{NaiveDate, TimeDelta};
use youju_codes::AreaCode;
use youju_domain::Instant;
use youju_domain::access::Role;
use youju_domain::id::{DrillId, PersonId, PlanId};
use youju_domain::person::waits_until;
use youju_domain::security::drill::{Drill, Hand, Issue, Outcome as PlanOutcome, Plan, Source};
use youju_domain::security::retention::{LOGS, log_days};
use youju_domain::security::self_check::{Counts, Requirement, Status};
use youju_domain::security::sign_in::{Outcome, SignIn, Signal, Whose, failures, map, network};
use youju_domain::security::{Asset, AssetKind, Light, Protection};
use youju_domain::survey::parse_local;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn hand() -> Hand {
    Hand { person: PersonId::new(uuid(1)), name: "赵安".into(), at: Instant::UNIX_EPOCH }
}

fn uuid(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

#[test]
fn a_yearly_duty_is_due_sixty_days_before_and_bad_the_day_after() {
    let last = Some(day("2026-03-01"));
    for (today, light) in [
        ("2026-03-01", Light::Good),
        ("2026-12-30", Light::Good),
        ("2026-12-31", Light::Due),
        ("2027-03-01", Light::Due),
        ("2027-03-02", Light::Bad),
    ] {
        assert_eq!(Light::of_yearly(last, day(today)), (light, Some(day("2027-03-01"))), "{today}");
    }
    assert_eq!(Light::of_yearly(None, day("2026-03-01")), (Light::Bad, None));
    // A leap day has its anniversary on the last of February.
    assert_eq!(Light::of_yearly(Some(day("2028-02-29")), day("2028-03-01")).1, Some(day("2029-02-28")));
}

#[test]
fn logs_are_kept_for_six_months_at_least() {
    for (days, is_taken) in
        [(0, false), (90, false), (182, false), (183, true), (400, true), (3_660, true), (3_661, false)]
    {
        assert_eq!(log_days(days).is_ok(), is_taken, "{days}");
    }
    let refused = log_days(90).unwrap_err().says();
    assert!(refused.contains("现为 90 天") && refused.contains("不少于六个月"), "{refused}");
    assert!(LOGS.iter().all(|log| !log.holds.is_empty()));
}

fn asset() -> Asset {
    Asset {
        id: youju_domain::id::AssetId::new(uuid(2)),
        kind: AssetKind::Server,
        name: " 机房一号 ".into(),
        owner: "赵安".into(),
        place: String::new(),
        protection: Protection::Third,
        since: Some(day("2024-01-01")),
        until: None,
        remarks: String::new(),
        struck: String::new(),
        revision: 0,
    }
}

#[test]
fn an_asset_has_a_name_and_somebody_who_answers_for_it_and_is_struck_off_with_a_reason() {
    let checked = asset().checked().unwrap();
    assert_eq!((checked.name.as_str(), checked.light(day("2026-01-01"))), ("机房一号", None));
    assert!(Asset { owner: " ".into(), ..asset() }.checked().is_err());
    assert!(Asset { until: Some(day("2023-12-31")), ..asset() }.checked().is_err());
    assert!(asset().strike("坏了").is_err(), "too short to be a reason");
    let struck = asset().strike("报废,硬盘已销毁").unwrap();
    assert!(struck.is_struck() && struck.clone().checked().is_err() && struck.strike("再划一次吧").is_err());
    for kind in AssetKind::ALL {
        assert_eq!(AssetKind::from_key(kind.key()), Some(kind));
    }
    for level in Protection::ALL {
        assert_eq!(Protection::from_key(level.key()), Some(level));
    }
}

#[test]
fn a_plan_is_words_or_a_file_and_its_next_version_says_what_is_new() {
    let plan = Plan {
        id: PlanId::new(uuid(3)),
        number: 1,
        title: "网络安全应急预案".into(),
        body: "断网时改用电话报送。".into(),
        file: None,
        in_force: day("2026-01-01"),
        change: String::new(),
        after: None,
        by: hand(),
    };
    assert!(plan.clone().checked().is_ok());
    assert!(Plan { body: String::new(), ..plan.clone() }.checked().is_err());
    assert!(Plan { number: 2, ..plan.clone() }.checked().is_err(), "what is new?");
    assert!(Plan { number: 2, change: "增加备用线路".into(), ..plan }.checked().is_ok());
}

#[test]
fn after_a_drill_the_plan_is_revised_or_somebody_says_why_not() {
    let drill = Drill {
        id: DrillId::new(uuid(4)),
        held_on: day("2026-04-01"),
        plan: PlanId::new(uuid(3)),
        scenario: "机房断电".into(),
        people: "赵安、李静".into(),
        finding: "切换用了两小时".into(),
        file: None,
        unchanged: String::new(),
        by: hand(),
        revision: 0,
    };
    assert!(drill.clone().checked(day("2026-04-01")).is_ok());
    assert!(drill.clone().checked(day("2026-03-31")).is_err(), "it has not been held yet");
    assert_eq!(drill.outcome(&[]), PlanOutcome::Open);
    let left = drill.clone().leave_plan("预案规定的步骤都走通了").unwrap();
    assert_eq!(left.outcome(&[]), PlanOutcome::Unchanged);
    assert!(left.leave_plan("再说一次原因").is_err());
    let issue = Issue {
        id: youju_domain::id::IssueId::new(uuid(5)),
        source: Source::Drill(drill.id),
        requirement: String::new(),
        words: "备用电源每季度试一次".into(),
        owner: "赵安".into(),
        due_on: Some(day("2026-06-30")),
        done: None,
        revision: 0,
    };
    assert!(!issue.is_overdue(day("2026-06-30")) && issue.is_overdue(day("2026-07-01")));
    let done = issue.strike_off("已列入巡检表", hand()).unwrap();
    assert!(!done.is_overdue(day("2027-01-01")) && done.strike_off("再销一次号", hand()).is_err());
}

#[test]
fn a_requirement_names_its_proof_or_its_reason_and_never_both() {
    let one = |status, tests: &[&str], why: &str| Requirement {
        id: "2.1.1".into(),
        asks: "密码不少于 12 个字符".into(),
        status,
        tests: tests.iter().map(|&test| test.into()).collect(),
        why: why.into(),
    };
    let good = [one(Status::Met, &["a_test"], ""), one(Status::Read, &[], "看过"), one(Status::NotMet, &[], "没有做")];
    assert!(good.iter().all(|one| one.flaw().is_none()));
    assert!(one(Status::Met, &[], "").flaw().is_some());
    assert!(one(Status::NotMet, &["a_test"], "没有做").flaw().is_some());
    assert!(one(Status::NotApplicable, &[], "").flaw().is_some());
    let counts = Counts::of(&good);
    assert_eq!((counts.met, counts.read, counts.not_met, counts.not_applicable, counts.all()), (1, 1, 1, 0, 3));
}

/// A try of an account at a time of 2026.
fn tried(login: &str, at: &str, address: &str, outcome: Outcome) -> SignIn {
    let whose = Whose {
        person: PersonId::new(uuid(u128::from(login.bytes().map(u64::from).sum::<u64>()))),
        login: login.into(),
        name: format!("姓{login}"),
        role: Role::Statistician,
        area: AreaCode::parse("330781001000").unwrap(),
    };
    SignIn {
        id: youju_domain::id::SignInId::new(uuid(9)),
        at: parse_local(&format!("2026-{at}")).unwrap(),
        whose: (outcome != Outcome::Stranger).then_some(whose),
        outcome,
        failures: 0,
        address: address.into(),
        browser: "Windows 10 或 11".into(),
    }
}

#[test]
fn a_network_is_what_neighbours_share() {
    for (address, wanted) in [
        ("10.1.2.3", "10.1.2.*"),
        ("10.1.2.250", "10.1.2.*"),
        ("2001:db8:1:2::5", "2001:db8:1::*"),
        ("", "不明"),
        ("unix", "不明"),
    ] {
        assert_eq!(network(address), wanted);
    }
}

#[test]
fn the_map_counts_by_area_and_tells_what_to_look_at() {
    let is_in = Outcome::SignedIn;
    let mut tries = vec![
        // Long ago, from the office; it only tells what is new later.
        tried("tb000", "01-05 09:00", "10.1.2.3", is_in),
        tried("tb000", "04-01 09:00", "10.1.2.9", is_in),
        tried("tb000", "04-02 23:10", "117.20.30.4", is_in),
        // The first sign-in of an account is no news, and neither is an unknown address.
        tried("tb001", "04-02 10:00", "60.1.1.1", is_in),
        tried("tb001", "04-03 10:00", "", is_in),
        tried("tb001", "04-03 10:00", "60.1.1.1", Outcome::WrongPassword),
    ];
    tries.extend((2..7).map(|number| tried(&format!("tb00{number}"), "04-04 08:00", "60.1.1.1", is_in)));
    let found = map(&tries, day("2026-04-01"));
    assert_eq!((found.all.tries, found.all.accounts.len()), (9, 7));
    assert_eq!(found.by_area.keys().collect::<Vec<_>>(), ["330781"]);
    assert_eq!(found.by_day[&day("2026-04-04")], 5);
    let words: Vec<&str> = found.signals.iter().map(Signal::label).collect();
    assert_eq!(words, ["一个地址多个账号", "首次出现的网段", "夜间登录"]);
    let Signal::ManyAccounts { accounts, .. } = &found.signals[0] else { panic!("{:?}", found.signals) };
    assert_eq!(accounts.len(), 6);
    // Whoever comes from four networks is told.
    let far: Vec<SignIn> = (1..5).map(|net| tried("fz000", "04-05 09:00", &format!("10.9.{net}.1"), is_in)).collect();
    let found = map(&far, day("2026-04-01"));
    assert!(found.signals.iter().any(|one| matches!(one, Signal::ManyNetworks { login, .. } if login == "fz000")));
}

#[test]
fn what_was_tried_in_vain_is_counted_by_account_address_and_hour() {
    let mut tries: Vec<SignIn> = (0..6)
        .map(|number| SignIn {
            failures: number + 1,
            ..tried("xian", "04-02 03:00", "60.1.1.1", Outcome::WrongPassword)
        })
        .collect();
    tries.push(tried("", "04-02 03:05", "60.1.1.1", Outcome::Stranger));
    tries.push(tried("xian", "04-02 08:00", "10.1.1.1", Outcome::SignedIn));
    tries.push(tried("shi", "03-31 08:00", "10.1.1.1", Outcome::WrongCode));
    let found = failures(&tries, day("2026-04-01"));
    assert_eq!((found.all.tries, found.lock_outs, found.by_hour[3]), (7, 2, 7));
    assert_eq!((found.by_account["xian"].tries, found.by_account[""].tries), (6, 1));
    assert_eq!(found.by_address["60.1.1.1"].tries, 7);
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::from_key(outcome.key()), Some(outcome));
    }
}

#[test]
fn after_the_fifth_failure_an_account_waits_until_an_instant() {
    let at = Instant::UNIX_EPOCH;
    for (failures, seconds) in [(4, None), (5, Some(30)), (6, Some(60)), (12, Some(3_600)), (90, Some(3_600))] {
        assert_eq!(
            waits_until(failures, Some(at)),
            seconds.map(|seconds| at + TimeDelta::seconds(seconds)),
            "{failures}"
        );
    }
    assert_eq!(waits_until(9, None), None);
}
