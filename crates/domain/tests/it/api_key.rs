//! As whom a key acts, how long, and when no more.

use chrono::{NaiveDate, TimeDelta};
use youju_codes::AreaCode;
use youju_domain::access::{Actor, Role};
use youju_domain::api_key::{ApiKey, KEYS_MAX, Standing, Use, Uses, expiry, must_have_room, named};
use youju_domain::id::UnitId;
use youju_domain::person::Person;
use youju_domain::{Instant, Problem};

use crate::make::{actor, area, at, id, unit};

fn person(role: Role, unit: Option<UnitId>) -> Person {
    let Actor { person, area, .. } = actor(role);
    Person {
        id: person,
        login: "tb".into(),
        name: "王芳".into(),
        role,
        area,
        unit,
        domains: youju_domain::access::Domains::Every,
        failures: 0,
        failed_at: None,
    }
}

fn key() -> ApiKey {
    ApiKey {
        id: id(1),
        unit: unit(),
        name: "用友接口".into(),
        prefix: "yj_0123abcd".into(),
        secret_hash: "00".into(),
        uses: Uses::LEDGERS,
        by: actor(Role::Statistician).person,
        at: at(1),
        expires_at: at(10),
        revoked: None,
        last_used_at: None,
    }
}

fn home() -> AreaCode {
    area("330781001000")
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn bad<T>(answer: &Result<T, Problem>) -> bool {
    matches!(answer, Err(Problem::BadInput { .. }))
}

#[test]
fn a_key_acts_as_its_statistician_under_a_name_that_tells_it_apart() {
    let acts = key().actor(&person(Role::Statistician, Some(unit())), &home(), at(2)).unwrap();
    assert_eq!(acts.name, "王芳(接口 用友接口)");
    assert_eq!((acts.person, acts.unit, acts.role), (key().by, Some(unit()), Role::Statistician));
}

#[test]
fn every_key_that_does_not_serve_is_refused_alike() {
    let clerk = person(Role::Statistician, Some(unit()));
    let moved = person(Role::Statistician, Some(id(8)));
    let promoted = Person { role: Role::UnitHead, ..clerk.clone() };
    let other = Person { id: id(55), ..clerk.clone() };
    let cases: [(ApiKey, &Person, Instant); 6] = [
        (key(), &clerk, at(10)),
        (key(), &clerk, at(11)),
        (key().revoke(id(9), at(2)), &clerk, at(3)),
        (key(), &moved, at(2)),
        (key(), &promoted, at(2)),
        (key(), &other, at(2)),
    ];
    for (key, person, now) in cases {
        assert_eq!(key.actor(person, &home(), now).unwrap_err(), Problem::WrongApiKey);
    }
}

#[test]
fn who_ends_a_key_first_is_who_ended_it() {
    let ended = key().revoke(id(9), at(2)).revoke(id(10), at(3));
    assert_eq!((ended.standing(at(2)), ended.revoked), (Standing::Revoked, Some((at(2), id(9)))));
}

#[test]
fn a_key_lasts_a_year_unless_somebody_says_and_never_more_than_two() {
    let now = at(2);
    let last = |asked: Option<&str>| {
        expiry(asked.map(day), now).map(|expires_at| ApiKey { expires_at, ..key() }.last_day().to_string())
    };
    assert_eq!(last(None).unwrap(), "2027-04-02");
    assert_eq!(last(Some("2026-04-02")).unwrap(), "2026-04-02");
    assert_eq!(last(Some("2028-04-02")).unwrap(), "2028-04-02");
    assert!(bad(&last(Some("2028-04-03"))) && bad(&last(Some("2026-04-01"))));
    let today = ApiKey { expires_at: expiry(Some(day("2026-04-02")), now).unwrap(), ..key() };
    // 2 April in Asia/Shanghai ends at 16:00 UTC.
    assert_eq!(today.standing(at(2) + TimeDelta::hours(11)), Standing::Active);
    assert_eq!(today.standing(at(2) + TimeDelta::hours(12)), Standing::Expired);
}

#[test]
fn a_name_is_short_and_printable_and_a_unit_has_only_so_many_keys() {
    assert_eq!(named(" 用友接口 ").unwrap(), "用友接口");
    for wrong in ["", "  ", "a\nb", &"长".repeat(21)] {
        assert!(bad(&named(wrong)), "{wrong}");
    }
    let mut keys = vec![key(); KEYS_MAX];
    assert!(bad(&must_have_room(&keys, at(2))));
    keys.pop();
    keys.push(key().revoke(id(9), at(2)));
    assert!(must_have_room(&keys, at(2)).is_ok());
}

#[test]
fn a_key_does_what_it_was_made_for_and_says_what_that_is() {
    assert!(bad(&Uses::chosen(false, false)));
    for (ledgers, cases, label) in [(true, false, "台账"), (false, true, "事项"), (true, true, "台账、事项")] {
        let uses = Uses::chosen(ledgers, cases).unwrap();
        let key = ApiKey { uses, ..key() };
        assert_eq!(uses.label(), label);
        assert_eq!((key.must_serve(Use::Ledgers).is_ok(), key.must_serve(Use::Cases).is_ok()), (ledgers, cases));
    }
    let refused = key().must_serve(Use::Cases).unwrap_err();
    assert_eq!((refused.code(), refused.status()), ("api_key.wrong_use", 403));
    assert_eq!(refused.says(), "这个接口密钥的用途是“台账”,不能用于“事项”。");
}
