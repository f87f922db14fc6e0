//! Letters: how long a code counts, how it is typed, and what stands in every letter.

use chrono::TimeDelta;
use youju_domain::Instant;
use youju_domain::access::Action;
use youju_domain::activation::{
    Activation, CODE_CHARS, NAME_TO_COME, Standing, TERM_DAYS, Wording, groups, name_of, read_code,
};
use youju_domain::survey::parse_local;

fn noon() -> Instant {
    parse_local("2026-04-02 12:00").unwrap()
}

#[test]
fn a_code_counts_until_its_term_and_until_the_next_letter() {
    let fresh = Activation::default();
    assert_eq!(fresh.standing(noon()), Standing::Unsent);
    assert!(!fresh.fits("one"));
    let sent = fresh.issued("one".into(), noon());
    let until = noon() + TimeDelta::days(TERM_DAYS);
    assert_eq!(sent.standing(until - TimeDelta::seconds(1)), Standing::Sent { until });
    assert_eq!(sent.standing(until), Standing::RunOut { since: until });
    assert!(sent.fits("one") && !sent.fits("two") && !sent.fits(""));
    assert_eq!(sent.must_count(until).unwrap_err().code(), "account.activation_run_out");
    let again = sent.issued("two".into(), until);
    assert!(again.fits("two") && !again.fits("one"), "the earlier letter is void");
    let done = again.used(until);
    assert!(!done.fits("two") && done.code_hash.is_none(), "a code counts once");
    assert_eq!(done.standing(until), Standing::Done { at: until });
    assert_eq!(done.must_wait().unwrap_err().code(), "account.activated");
}

#[test]
fn whoever_opens_accounts_does_not_come_into_one_that_is_in_use() {
    assert_eq!(Activation::default().issuer(), Action::Administer);
    assert_eq!(Activation { is_reset: true, ..Activation::default() }.issuer(), Action::Secure);
}

#[test]
fn a_code_is_read_as_people_type_it() {
    let code = "ABCDEFGHIJKLMNOPQRSTUVWXYZ23";
    assert_eq!(code.len(), CODE_CHARS);
    assert_eq!(groups(code).len(), 7);
    for typed in [
        "ABCD EFGH IJKL MNOP QRST UVWX YZ23",
        "abcd-efgh-ijkl-mnop-qrst-uvwx-yz23",
        " ABCDEFGHIJKLMNOPQRSTUVWXYZ23\n",
        "ＡＢＣＤ　ＥＦＧＨ　ＩＪＫＬ　ＭＮＯＰ　ＱＲＳＴ　ＵＶＷＸ　ＹＺ２３",
        "A8CDEFGHIJKLMNOPQRSTUVWXYZ23",
        "ABCDEFGH1JKLMN0PQRSTUVWXYZ23",
    ] {
        assert_eq!(read_code(typed).as_deref(), Some(code), "{typed}");
    }
    for typed in ["", "ABCD", "ABCDEFGHIJKLMNOPQRSTUVWXYZ2", "ABCDEFGHIJKLMNOPQRSTUVWXYZ9!", "激活码"] {
        assert_eq!(read_code(typed), None, "{typed}");
    }
}

#[test]
fn a_name_is_asked_for_where_the_letter_has_none_and_kept_everywhere_else() {
    assert_eq!(name_of("李四光", "张三").unwrap(), None);
    assert_eq!(name_of(NAME_TO_COME, " 张三 ").unwrap().as_deref(), Some("张三"));
    for none in ["", "张", NAME_TO_COME] {
        assert_eq!(name_of(NAME_TO_COME, none).unwrap_err().code(), "account.name_due", "{none}");
    }
}

#[test]
fn a_letter_says_whom_to_ask_and_where_to_go() {
    let wording = |contact: &str, site: &str| Wording { contact: contact.into(), site: site.into() }.read();
    let good = wording(" 李四 0579-88880000 ", "https://tj.example.gov.cn:8443/").unwrap();
    assert_eq!((good.contact.as_str(), good.site.as_str()), ("李四 0579-88880000", "https://tj.example.gov.cn:8443"));
    for (contact, site) in [
        ("", "https://tj.example.gov.cn"),
        ("李四 0579-88880000", ""),
        ("李四 0579-88880000", "tj.example.gov.cn"),
        ("李四 0579-88880000", "javascript:alert(1)"),
        ("李四 0579-88880000", "https://"),
        ("李四 0579-88880000", "https://tj.example.gov.cn/?x=1"),
    ] {
        assert_eq!(wording(contact, site).unwrap_err().code(), "bad_input", "{contact} {site}");
    }
}
