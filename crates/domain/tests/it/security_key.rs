//! At which addresses security keys work, which counts go on, and what keys may be called.

use youju_domain::Problem;
use youju_domain::id::{PersonId, SecurityKeyId};
use youju_domain::security_key::{Flaw, KeyProblem, NAME_CHARS_MAX, SecurityKey, Site, name};

#[test]
fn keys_work_at_a_name_that_is_encrypted_and_on_the_machine_itself() {
    for (address, host, origin) in [
        ("https://tj.example.gov.cn", "tj.example.gov.cn", "https://tj.example.gov.cn"),
        ("https://TJ.Example.gov.cn:443/", "tj.example.gov.cn", "https://tj.example.gov.cn"),
        ("https://tj.example.gov.cn:8443/youju", "tj.example.gov.cn", "https://tj.example.gov.cn:8443"),
        ("https://tongji", "tongji", "https://tongji"),
        ("http://localhost:8600", "localhost", "http://localhost:8600"),
        ("HTTP://localhost:80", "localhost", "http://localhost"),
    ] {
        let site = Site { host: host.into(), origin: origin.into() };
        assert_eq!(Site::of(address), Some(site), "{address}");
    }
    for address in [
        "",
        "tj.example.gov.cn",
        "http://tj.example.gov.cn",
        "http://127.0.0.1:8600",
        "https://10.0.0.8",
        "https://[::1]:8600",
        "https://tj.example.gov.cn:port",
        "https://admin@tj.example.gov.cn",
        "https://",
        "https://.gov.cn",
        "https://统计.中国",
        "ftp://tj.example.gov.cn",
    ] {
        assert_eq!(Site::of(address), None, "{address}");
    }
}

#[test]
fn a_key_that_counts_backwards_may_be_a_copy() {
    let key = |counter| SecurityKey {
        id: SecurityKeyId::new(uuid::Uuid::from_u128(1)),
        person: PersonId::new(uuid::Uuid::from_u128(2)),
        name: "办公室的".into(),
        credential: String::new(),
        public_key: String::new(),
        counter,
        made_at: youju_domain::Instant::UNIX_EPOCH,
        used_at: None,
    };
    for (last, now, goes_on) in
        [(0, 0, true), (0, 1, true), (7, 8, true), (7, 90, true), (7, 7, false), (7, 6, false), (7, 0, false)]
    {
        assert_eq!(key(last).goes_on(now), goes_on, "{last} {now}");
    }
}

#[test]
fn a_key_has_a_name_that_people_can_read() {
    assert_eq!(name(" 办公室的 ").unwrap(), "办公室的");
    assert_eq!(name(&"字".repeat(NAME_CHARS_MAX)).unwrap().chars().count(), NAME_CHARS_MAX);
    for typed in ["", "  ", "a\u{7}b", &"字".repeat(NAME_CHARS_MAX + 1)] {
        assert!(name(typed).is_err(), "{typed:?}");
    }
}

#[test]
fn every_refusal_says_what_to_do() {
    let refused = Flaw::ALL.map(KeyProblem::Refused);
    let others = [KeyProblem::NoSite, KeyProblem::TooMany, KeyProblem::Known, KeyProblem::LastFactor];
    for problem in refused.into_iter().chain(others) {
        assert!(problem.to_string().ends_with('。') && problem.code().starts_with("security_key."), "{problem}");
        let whole = Problem::from(problem.clone());
        assert_eq!((whole.status(), whole.says()), (problem.status(), problem.says()));
    }
}
