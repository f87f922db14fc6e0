//! Accounts at the command line: passwords that are judged, first passwords that must be changed, and the key file.

use crate::house::{House, Ran};

fn person(house: &House, password: &str, arguments: &[&str]) -> Ran {
    let output = house.command(&[&["person"], arguments].concat()).env("YOUJU_PASSWORD", password).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

const NEW: [&str; 9] = ["add", "--login", "xian01", "--name", "李四光", "--role", "county_officer", "--area", "330781"];

#[test]
fn an_account_gets_no_weak_password_and_its_person_chooses_another() {
    let house = House::new();
    let weak = person(&house, "Tongjiju2026", &NEW);
    assert!(weak.code == 2 && weak.err.contains("常见的弱密码") && !weak.err.contains("Tongjiju"), "{}", weak.err);
    let made = person(&house, "Kuvo-9-Lanhua", &NEW);
    assert_eq!(made.code, 0, "{}", made.err);
    // The password is somebody else's choice: it opens the page where it is changed, and nothing at the command line.
    let mut export = house.command(&["form", "export", "--login", "xian01"]);
    let refused = export.env("YOUJU_PASSWORD", "Kuvo-9-Lanhua").output().unwrap();
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(2) && told.contains("请先在网页上登录,改成自己的密码。"), "{told}");
    let reset = person(&house, "Xian01-xyz-77", &["reset", "--login", "xian01"]);
    assert!(reset.code == 2 && reset.err.contains("不应含有账号或姓名"), "{}", reset.err);
    let reset = person(&house, "Kuvo-8-Lanhua", &["reset", "--login", "xian01"]);
    assert!(reset.code == 0 && reset.out.contains("本人登录后须改成自己的密码"), "{}", reset.err);
    let nobody = person(&house, "Kuvo-8-Lanhua", &["reset", "--login", "nobody"]);
    assert!(nobody.code == 2 && nobody.err.contains("没有找到这个账号"), "{}", nobody.err);
    let none = person(&house, "", &["reset-factor", "--login", "xian01", "--reason", "手机丢失"]);
    assert!(none.code == 2 && none.err.contains("没有启用动态码"), "{}", none.err);
}

#[test]
fn without_a_password_a_code_is_shown_once_and_a_reset_shows_another() {
    let house = House::new();
    let run = |arguments: &[&str]| {
        let output = house.command(&[&["person"], arguments].concat()).env_remove("YOUJU_PASSWORD").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let code = |said: &str| {
        let (_, rest) = said.split_once("以前有效): ").unwrap_or_else(|| panic!("no code: {said}"));
        rest.lines().next().unwrap().replace(' ', "")
    };
    let made = run(&NEW);
    assert!(made.contains("已建立账号 xian01(李四光,县级统计人员)") && made.contains("/activate"), "{made}");
    let again = run(&["reset", "--login", "xian01"]);
    assert_eq!([code(&made).len(), code(&again).len()], [28, 28]);
    assert_ne!(code(&made), code(&again));
}

#[test]
fn the_key_of_secrets_is_made_once_for_its_owner_and_a_damaged_one_is_told() {
    let house = House::new();
    assert_eq!(person(&house, "Kuvo-9-Lanhua", &NEW).code, 0);
    let file = house.path("data").join("secret.key");
    let first = std::fs::read_to_string(&file).unwrap();
    assert!(first.starts_with("aes-256-gcm ") && first.len() == 77, "{}", first.len());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(person(&house, "Kuvo-8-Lanhua", &["reset", "--login", "xian01"]).code, 0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), first);
    std::fs::write(&file, &first[..40]).unwrap();
    let damaged = person(&house, "Kuvo-7-Lanhua", &["reset", "--login", "xian01"]);
    assert!(damaged.code == 2 && damaged.err.contains("第 1 行应为 aes-256-gcm"), "{}", damaged.err);
    assert!(!damaged.err.contains(&first[14..30]));
}
