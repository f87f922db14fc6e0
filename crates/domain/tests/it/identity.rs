//! Which words of an identity platform count.

use chrono::{TimeDelta, TimeZone, Utc};
use youju_domain::Problem;
use youju_domain::identity::{
    ATTEMPT_LASTS, Claims, Doubt, Expected, IdentityProblem, SKEW_SECONDS, SUBJECT_CHARS_MAX,
};

const NOW: i64 = 1_775_000_000;

fn good() -> Claims {
    Claims {
        issuer: "https://sso.example.gov.cn".into(),
        audiences: vec!["youju".into()],
        party: None,
        nonce: "n-1".into(),
        expires: NOW + 300,
        issued: NOW,
        from: None,
        subject: "330781".into(),
        means: Vec::new(),
    }
}

fn judged(claims: &Claims, at: i64) -> Result<(), Doubt> {
    let now = Utc.timestamp_opt(at, 0).unwrap();
    claims.judge(Expected { issuer: "https://sso.example.gov.cn", client: "youju", nonce: "n-1", now })
}

#[test]
fn a_word_counts_when_it_is_the_platforms_to_us_about_somebody_now() {
    assert_eq!(judged(&good(), NOW), Ok(()));
    let longest = ATTEMPT_LASTS.num_seconds() + SKEW_SECONDS;
    for (claims, doubt) in [
        (Claims { issuer: "https://sso.example.gov.cn/".into(), ..good() }, Some(Doubt::Issuer)),
        (Claims { audiences: vec![], ..good() }, Some(Doubt::Audience)),
        (Claims { audiences: vec!["other".into()], ..good() }, Some(Doubt::Audience)),
        (Claims { audiences: vec!["youju".into(), "other".into()], ..good() }, Some(Doubt::Audience)),
        (Claims { audiences: vec!["youju".into(), "other".into()], party: Some("youju".into()), ..good() }, None),
        (Claims { party: Some("other".into()), ..good() }, Some(Doubt::Audience)),
        (Claims { nonce: "n-2".into(), ..good() }, Some(Doubt::Nonce)),
        (Claims { nonce: String::new(), ..good() }, Some(Doubt::Nonce)),
        (Claims { expires: NOW - SKEW_SECONDS + 1, ..good() }, None),
        (Claims { expires: NOW - SKEW_SECONDS, ..good() }, Some(Doubt::Expired)),
        (Claims { issued: NOW + SKEW_SECONDS, ..good() }, None),
        (Claims { issued: NOW + SKEW_SECONDS + 1, ..good() }, Some(Doubt::Early)),
        (Claims { issued: NOW - longest, ..good() }, None),
        (Claims { issued: NOW - longest - 1, ..good() }, Some(Doubt::Expired)),
        (Claims { from: Some(NOW + SKEW_SECONDS + 1), ..good() }, Some(Doubt::Early)),
        (Claims { from: Some(NOW), ..good() }, None),
        (Claims { subject: String::new(), ..good() }, Some(Doubt::Subject)),
        (Claims { subject: "字".repeat(SUBJECT_CHARS_MAX), ..good() }, None),
        (Claims { subject: "字".repeat(SUBJECT_CHARS_MAX + 1), ..good() }, Some(Doubt::Subject)),
    ] {
        assert_eq!(judged(&claims, NOW).err(), doubt, "{claims:?}");
    }
    assert_eq!(judged(&good(), NOW + TimeDelta::hours(1).num_seconds()), Err(Doubt::Expired));
    assert_eq!(judged(&Claims { expires: i64::MIN, issued: i64::MAX, ..good() }, NOW), Err(Doubt::Expired));
}

#[test]
fn every_refusal_says_what_to_do() {
    let doubtful = Doubt::ALL.map(IdentityProblem::Doubtful);
    let others = [
        IdentityProblem::None,
        IdentityProblem::Unreachable,
        IdentityProblem::Declined,
        IdentityProblem::Stale,
        IdentityProblem::Untied,
        IdentityProblem::TiedElsewhere,
        IdentityProblem::Tied,
        IdentityProblem::NotTied,
        IdentityProblem::BadSubject,
    ];
    for problem in doubtful.into_iter().chain(others) {
        assert!(problem.to_string().ends_with('。') && problem.code().starts_with("identity."), "{problem}");
        let whole = Problem::from(problem.clone());
        assert_eq!((whole.status(), whole.says()), (problem.status(), problem.says()));
    }
}
