//! What may be a password, as a table of what people choose.

use proptest::prelude::*;
use youju_domain::access::Role;
use youju_domain::password::{CHARS_MAX, OFFICE_CHARS_MIN, RESPONDENT_CHARS_MIN, Whose, judge, rules};

fn said(password: &str, role: Role) -> String {
    let whose = Whose { login: "tb001", name: "王敏芳", role };
    judge(password, whose).map_or_else(|problem| problem.says(), |()| String::new())
}

#[test]
fn what_people_choose() {
    // Password, and a word of every reason that is told; none for a good one.
    let cases: [(&str, &[&str]); 36] = [
        ("Rq7-lanhua", &[]),
        ("山茶Hu9!xkm0", &[]),
        ("cA3 vurmo!", &[]),
        ("Kv9?tmxe", &["应在 10 到 128 个字符之间,现为 8 个"]),
        ("", &["现为 0 个", "现有 0 种", "连续"]),
        ("kuvormaxet", &["3 种以上,现有 1 种"]),
        ("KuvorMaxet", &["现有 2 种"]),
        ("83650274918", &["现有 1 种"]),
        ("Kv-tb001-xW", &["账号或姓名"]),
        ("Kv-TB001-xW", &["账号或姓名"]),
        ("Kv王敏芳9-xW", &["账号或姓名"]),
        // The list, as it is and dressed up.
        ("password", &["现为 8 个", "现有 1 种", "弱密码"]),
        ("Password2026", &["弱密码"]),
        ("P@ssw0rd2026", &["弱密码"]),
        ("P@$$w0rd!!", &["弱密码"]),
        ("@dmin12345", &["弱密码"]),
        ("Admin@2026", &["弱密码"]),
        ("4dm1nistr@t0r", &["弱密码"]),
        ("!!Welcome2026", &["弱密码"]),
        ("Woaini1314!", &["弱密码"]),
        ("Woaini5201314", &["弱密码"]),
        ("Tongjiju2026", &["弱密码"]),
        ("Lanxi@330781", &["弱密码"]),
        ("2026Zhongguo!", &["弱密码"]),
        ("Xinnian2026!", &["弱密码"]),
        ("Youju-2026", &["弱密码"]),
        // Walks on the keyboard, also with the shift key, and repetition.
        ("1qaz2wsx3EDC", &["弱密码", "连续"]),
        ("1qaz@WSX3edc", &["连续"]),
        ("Qwer1234!@#$", &["连续"]),
        ("Abcd123456", &["弱密码", "连续"]),
        ("Abc123!@#$%^", &["连续"]),
        ("Aa11111111!", &["连续"]),
        ("zxcvBNM,123", &["连续"]),
        ("9876543210Zz", &["连续"]),
        // A word of the list inside others is nobody's password.
        ("Tongji-kuvo-9", &[]),
        ("9x-admin-Kuvo", &[]),
    ];
    for (password, words) in cases {
        let said = said(password, Role::CountyOfficer);
        assert_eq!(said.is_empty(), words.is_empty(), "{password}: {said}");
        for word in words {
            assert!(said.contains(word), "{password}: {said}");
        }
    }
}

#[test]
fn respondents_need_fewer_characters_than_offices() {
    for role in Role::ALL {
        let least = if role.is_respondent() { RESPONDENT_CHARS_MIN } else { OFFICE_CHARS_MIN };
        let good = "Kv9?tmxeRw2"[..least].to_owned();
        assert_eq!(said(&good, role), "", "{role:?}");
        assert!(said(&good[..least - 1], role).contains(&format!("应在 {least} 到")));
        assert!(rules(role).starts_with(&format!("不少于 {least} 个字符")));
    }
    assert!(said(&"Kv9?tmxe".repeat(20), Role::Administrator).contains("现为 160 个"));
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_the_way_out() {
    let whose = Whose { login: "admin", name: "李四", role: Role::Administrator };
    let problem = judge("admin", whose).unwrap_err();
    assert_eq!(
        problem.says(),
        "新密码容易被猜到:应在 10 到 128 个字符之间,现为 5 个;大写字母、小写字母、数字、其他字符中应有 3 种以上,现有 1 种;不应含有账号或姓名;不应是常见的弱密码,包括只换了几个字符或加了数字的。"
    );
    assert_eq!((problem.code(), problem.status()), ("account.weak_password", 422));
    assert!(!problem.hint().is_empty());
}

proptest! {
    /// Whatever is typed is answered, and never repeated.
    #[test]
    fn no_text_stops_the_rules(text in ".{0,160}") {
        let said = said(&text, Role::Statistician);
        prop_assert!(text.chars().count() < 30 || !said.contains(&text));
        prop_assert!(text.chars().count() <= CHARS_MAX || !said.is_empty());
    }

    /// Drawn by a machine, a password passes.
    #[test]
    fn what_a_machine_draws_passes(text in "[a-km-z]{4}[A-HJ-Z]{4}[2-9]{3}[?&=;:]{3}") {
        let said = said(&text, Role::CountyOfficer);
        prop_assume!(!said.contains("连续"));
        prop_assert_eq!(said, "");
    }
}

#[test]
fn a_long_password_is_taken_up_to_128_characters() {
    // Nothing of it follows from what stands before.
    let long = |count: usize| -> String { "Kv9?tmxeRw4!zqLb7#".chars().cycle().take(count).collect() };
    let whose = Whose { login: "xian", name: "李静", role: Role::CountyOfficer };
    for (count, is_taken) in [(64, true), (128, true), (129, false)] {
        assert_eq!(judge(&long(count), whose).is_ok(), is_taken, "{count}");
    }
}
