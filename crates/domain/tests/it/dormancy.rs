//! When an account is dormant, what a notice does, and how it comes back.

use chrono::{NaiveDate, TimeDelta};
use youju_domain::Instant;
use youju_domain::dormancy::{IDLE_DAYS, Life, NOTICE_DAYS, Standing, UNUSED_DAYS, Why};
use youju_domain::survey::parse_local;

fn day(day: i64) -> Instant {
    parse_local("2026-01-01 09:00").unwrap() + TimeDelta::days(day)
}

#[test]
fn an_account_is_dormant_by_its_dates() {
    let last = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
    let life = |made, used, restored, post_ends_on| Life {
        made_at: Some(day(made)),
        used_at: used,
        restored_at: restored,
        post_ends_on,
        ..Life::default()
    };
    for (life, at, why) in [
        (life(0, None, None, None), UNUSED_DAYS - 1, None),
        (life(0, None, None, None), UNUSED_DAYS, Some(Why::NeverUsed)),
        (life(0, Some(day(5)), None, None), 5 + IDLE_DAYS - 1, None),
        (life(0, Some(day(5)), None, None), 5 + IDLE_DAYS, Some(Why::Idle)),
        // Restored: days count anew, by the same measure.
        (life(0, None, Some(day(40)), None), 40 + UNUSED_DAYS - 1, None),
        (life(0, None, Some(day(40)), None), 40 + UNUSED_DAYS, Some(Why::NeverUsed)),
        (life(0, Some(day(5)), Some(day(100)), None), 100 + IDLE_DAYS - 1, None),
        // The last day of a post is still one of it.
        (life(0, Some(day(9)), None, last("2026-01-11")), 10, None),
        (life(0, Some(day(9)), None, last("2026-01-11")), 11, Some(Why::PostEnded)),
        // Of an account that nothing is known of, nobody can say that it is used.
        (Life::default(), 0, Some(Why::NeverUsed)),
    ] {
        assert_eq!(life.why(day(at)), why, "{life:?} on day {at}");
    }
}

#[test]
fn a_notice_has_a_term_that_shuts_by_itself_and_one_sign_in_ends_it() {
    let idle = Life { made_at: Some(day(0)), used_at: Some(day(0)), ..Life::default() };
    assert_eq!(idle.standing(day(89)), Standing::InUse);
    assert!(idle.noticed(day(89)).is_none());
    assert_eq!(idle.standing(day(95)), Standing::Dormant(Why::Idle));
    // Without a notice nobody is shut out, however long it was.
    assert!(!idle.is_shut(day(900)));
    let noticed = idle.noticed(day(95)).unwrap();
    let until = day(95 + NOTICE_DAYS);
    assert_eq!(noticed.standing(day(95)), Standing::Noticed { why: Why::Idle, until });
    assert!(noticed.noticed(day(96)).is_none(), "nobody is noticed twice");
    assert!(noticed.must_be_open(until - TimeDelta::seconds(1)).is_ok());
    assert!(noticed.run_out(until - TimeDelta::seconds(1)).is_none());
    let refused = noticed.must_be_open(until).unwrap_err();
    assert_eq!(refused.says(), "这个账号已于 2026-04-20 09:00 停用:连续 90 天没有登录。");
    assert!(refused.hint().contains("申诉"));
    let used = Life { used_at: Some(until - TimeDelta::hours(1)), ..noticed };
    assert_eq!(used.standing(until), Standing::InUse);
    // What has run out is kept, and stays whatever the dates say later.
    let shut = noticed.run_out(until).unwrap();
    assert_eq!(shut.suspended, Some((until, Why::Idle)));
    assert!(shut.run_out(until).is_none());
    assert!(Life { used_at: Some(until), ..shut }.is_shut(until));
}

#[test]
fn an_account_comes_back_with_a_reason() {
    let gone = Life {
        used_at: Some(day(0)),
        post_ends_on: Some("2026-01-02".parse().unwrap()),
        suspended: Some((day(20), Why::PostEnded)),
        notice_until: Some(day(20)),
        ..Life::default()
    };
    assert!(gone.restored(" 返聘 ", day(30)).unwrap_err().says().contains("不少于 4 个字"));
    let back = gone.restored("返聘到年底", day(30)).unwrap();
    assert_eq!(back.standing(day(30)), Standing::InUse);
    assert_eq!((back.post_ends_on, back.notice_until, back.suspended), (None, None, None));
    assert_eq!(back.restored("返聘到年底", day(30)).unwrap_err().code(), "account.in_use");
    let later = Life { post_ends_on: Some("2026-12-31".parse().unwrap()), ..gone };
    assert!(later.restored("返聘到年底", day(30)).unwrap().post_ends_on.is_some());
    for why in Why::ALL {
        assert_eq!(Why::from_key(why.key()), Some(why));
    }
}
