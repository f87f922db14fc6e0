//! Which code counts, and for whom one is compulsory.

use chrono::TimeDelta;
use youju_domain::Instant;
use youju_domain::access::Role;
use youju_domain::id::PersonId;
use youju_domain::second_factor::{DRIFT_STEPS, Duty, Given, STEP_SECONDS, SecondFactor, step};

fn factor(last_step: i64) -> SecondFactor {
    SecondFactor {
        person: PersonId::new(uuid::Uuid::from_u128(1)),
        sealed: String::new(),
        begun_at: Instant::UNIX_EPOCH,
        confirmed_at: Some(Instant::UNIX_EPOCH),
        last_step,
    }
}

/// Six digits that differ from step to step.
fn code(step: i64) -> String {
    format!("{step:06}")
}

#[test]
fn a_code_counts_around_its_half_minute_and_only_once() {
    let now = Instant::UNIX_EPOCH + TimeDelta::seconds(3_000);
    let here = step(now);
    assert_eq!((here, step(now - TimeDelta::seconds(1))), (100, 99));
    for (given, last, accepted) in [
        (here, 0, true),
        (here - DRIFT_STEPS, 0, true),
        (here + DRIFT_STEPS, 0, true),
        (here - DRIFT_STEPS - 1, 0, false),
        (here + DRIFT_STEPS + 1, 0, false),
        // Once used, neither it nor an earlier one is taken again.
        (here, here, false),
        (here - 1, here, false),
        (here + 1, here, true),
    ] {
        let found = factor(last).accept(&code(given), now, code);
        assert_eq!(found, accepted.then_some(given), "{given} after {last}");
    }
    assert_eq!(factor(0).accept("", now, code), None);
    let later = now + TimeDelta::seconds(STEP_SECONDS * (DRIFT_STEPS + 1));
    assert_eq!(factor(0).accept(&code(here), later, code), None);
}

#[test]
fn what_is_typed_is_a_code_a_recovery_code_or_nothing() {
    let code = |text: &str| Some(Given::Code(text.into()));
    let recovery = |text: &str| Some(Given::Recovery(text.into()));
    for (typed, read) in [
        ("123456", code("123456")),
        (" 123 456 ", code("123456")),
        ("abcd-efgh-ijkl-mn23", recovery("abcdefghijklmn23")),
        ("ABCD EFGH IJKL MN23", recovery("abcdefghijklmn23")),
        ("12345", None),
        ("1234567", None),
        ("１２３４５６", None),
        ("abcd-efgh-ijkl-mn2", None),
        ("", None),
        ("' or 1=1 --", None),
    ] {
        assert_eq!(Given::parse(typed).ok(), read, "{typed}");
    }
}

#[test]
fn an_installation_says_for_whom_it_is_compulsory() {
    for role in Role::ALL {
        assert!(!Duty::Nobody.obliges(role) && Duty::Everybody.obliges(role));
        assert_eq!(Duty::Officers.obliges(role), !role.is_respondent(), "{role:?}");
    }
    assert!(Duty::Officers.obliges(Role::Administrator));
    assert_eq!(Duty::default(), Duty::Nobody);
    for duty in Duty::ALL {
        assert_eq!(Duty::from_key(duty.key()), Some(duty));
    }
    assert_eq!(Duty::from_key("me"), None);
}
