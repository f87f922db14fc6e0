//! Stories of the configuration.

use youju_courier::{Channels, Courier, Kind};

use crate::make::mistake;

const ALL: &str = r#"
[[channel]]
id = "mail"
kind = "smtp"
host = "smtp.example.gov.cn"
port = 465
encryption = "tls"
user = "tjj@example.gov.cn"
password = "secret-of-mail"
from = "tjj@example.gov.cn"
from_name = "某某市统计局"
hello = "youju.example.gov.cn"

[[channel]]
id = "relay"
kind = "smtp"
host = "localhost"
encryption = "none"
from = "tjj@example.gov.cn"

[[channel]]
id = "wecom"
kind = "wecom"
url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret-of-wecom"
format = "markdown"

[[channel]]
id = "dingtalk"
kind = "dingtalk"
url = "https://oapi.dingtalk.com/robot/send?access_token=secret-of-dingtalk"
secret = "SEC-secret-of-signing"

[[channel]]
id = "sms"
kind = "sms"
url = "https://sms.example.gov.cn/secret-of-path/send"
encoding = "json"
text_chars_max = 300
headers = { Authorization = "Basic secret-of-header" }
fields = { user = "tjj", password = "secret-of-field", mobiles = ["{phone}"], content = "【市统计局】{text}" }
answer = { status = 200, pointer = "/code", equals = "0" }
"#;

#[test]
fn every_kind_is_read_and_listed_in_the_order_of_the_file() {
    let channels = Channels::parse(ALL).unwrap();
    let list: Vec<_> =
        channels.ids().map(|id| (id, channels.kind(id).unwrap(), channels.target(id).unwrap())).collect();
    assert_eq!(
        list,
        [
            ("mail", Kind::Mail, "smtp.example.gov.cn:465".to_owned()),
            ("relay", Kind::Mail, "localhost:25".to_owned()),
            ("wecom", Kind::WeCom, "qyapi.weixin.qq.com:443".to_owned()),
            ("dingtalk", Kind::DingTalk, "oapi.dingtalk.com:443".to_owned()),
            ("sms", Kind::Sms, "sms.example.gov.cn:443".to_owned()),
        ]
    );
    assert_eq!(channels.kind("nobody"), None);
    assert!(Kind::WeCom.is_group() && !Kind::Sms.is_group());
    assert_eq!(Kind::Mail.name(), "电子邮件");
}

#[test]
fn the_examples_of_the_administrators_page_are_read() {
    let page = include_str!("../../../../docs/channels.zh-CN.md");
    let examples: Vec<&str> = page.split("```toml\n").skip(1).map(|after| after.split("```").next().unwrap()).collect();
    assert!(examples.len() >= 6, "{} examples", examples.len());
    for example in examples {
        let example = example.split("ca = ").next().unwrap(); // the certificate is shortened on the page
        let read = Channels::parse(example).unwrap_or_else(|wrong| panic!("{wrong}\n{example}"));
        assert_eq!(read.ids().count(), 1);
    }
}

#[test]
fn nothing_configured_is_no_channel() {
    assert_eq!(Channels::parse("# 暂不发送\n").unwrap().ids().count(), 0);
}

#[test]
fn secrets_are_in_no_debug_output() {
    let channels = Channels::parse(ALL).unwrap();
    let shown = format!("{channels:#?}");
    assert!(!shown.contains("secret-of"), "{shown}");
    assert!(shown.contains("smtp.example.gov.cn"), "{shown}");
    let shown = format!("{:#?}", Courier::new(channels).unwrap());
    assert!(!shown.contains("secret-of"), "{shown}");
}

#[test]
fn what_is_missing_is_told_by_name() {
    for (field, expected) in [
        ("host = \"smtp.example.gov.cn\"\n", "渠道“mail”缺少 host。"),
        ("from = \"tjj@example.gov.cn\"\nfrom_name", "渠道“mail”缺少 from。"),
        ("password = \"secret-of-mail\"\n", "渠道“mail”写了 user,缺少 password。"),
        ("url = \"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret-of-wecom\"\n", "渠道“wecom”缺少 url。"),
        ("encoding = \"json\"\n", "渠道“sms”缺少 encoding。"),
        ("answer = { status = 200, pointer = \"/code\", equals = \"0\" }\n", "渠道“sms”缺少 answer。"),
    ] {
        let toml = ALL.replacen(field, if field.ends_with("name") { "from_name" } else { "" }, 1);
        let wrong = Channels::parse(&toml).unwrap_err().wrong;
        assert!(wrong.contains(&expected.to_owned()), "{expected}: {wrong:#?}");
    }
}

#[test]
fn what_is_unknown_is_told_by_name() {
    let typo = ALL.replacen("from_name", "fromname", 1);
    assert_eq!(mistake(&typo), "渠道“mail”有不认识的项目“fromname”。请检查拼写,或对照渠道说明。");
    let inner = ALL.replace("equals = \"0\"", "equals = \"0\", retry = 3");
    assert_eq!(mistake(&inner), "渠道“sms”的 answer 有不认识的项目“retry”。请检查拼写,或对照渠道说明。");
    let outer = format!("timeout = 3\n{ALL}");
    assert_eq!(mistake(&outer), "渠道配置里有不认识的项目“timeout”。每个渠道应以 [[channel]] 开头。");
    let signed = ALL.replace("format = \"markdown\"", "secret = \"x\"");
    assert_eq!(mistake(&signed), "渠道“wecom”有不认识的项目“secret”。请检查拼写,或对照渠道说明。");
}

#[test]
fn what_cannot_be_is_told_with_what_can() {
    for (from, to, expected) in [
        ("port = 465", "port = 0", "渠道“mail”的 port 应是 1 到 65535 的整数。"),
        ("port = 465", "port = 70000", "渠道“mail”的 port 应是 1 到 65535 的整数。"),
        ("port = 465", "port = \"465\"", "渠道“mail”的 port 应是 1 到 65535 的整数。"),
        ("\"tls\"", "\"ssl\"", "渠道“mail”的 encryption 应是 tls、starttls、none 中的一个。"),
        ("kind = \"wecom\"", "kind = \"feishu\"", "渠道“wecom”的 kind 应是 smtp、wecom、dingtalk 或 sms。"),
        (
            "\"smtp.example.gov.cn\"",
            "\"https://smtp\"",
            "渠道“mail”的 host 应是主机名或 IP 地址,不带 https:// 和端口。",
        ),
        ("id = \"relay\"", "id = \"mail\"", "有两个渠道的 id 都是“mail”。请改掉一个。"),
        ("id = \"relay\"", "id = \"Relay 1\"", "第 2 个渠道的 id 应是 1 到 32 个小写字母、数字、“-”或“_”。"),
        ("[\"{phone}\"]", "[\"{mobile}\"]", "花括号不对"),
        ("[\"{phone}\"]", "[\"138\"]", "渠道“sms”的 fields 里没有 {phone}(手机号码)。"),
        ("{text}\"", "验证码\"", "渠道“sms”的 fields 里没有 {text}(正文),也没有 {subject}(标题)。"),
        ("\"json\"", "\"form\"", "渠道“sms”的 fields.mobiles 只有在 encoding = \"json\" 时才能有层次。"),
        ("Authorization =", "Host =", "渠道“sms”的 headers 里“Host”不能这样写"),
        (
            "status = 200, pointer = \"/code\", equals = \"0\"",
            "reason = \"/msg\"",
            "渠道“sms”的 answer 里应写明怎样算成功",
        ),
        ("equals = \"0\"", "receipt = \"/id\"", "渠道“sms”的 answer 里 pointer 和 equals 要一起写。"),
        ("\"/code\"", "\"code\"", "渠道“sms”的 answer 的 pointer 应以“/”开头,如 /data/code。"),
        ("text_chars_max = 300", "text_chars_max = 3000", "渠道“sms”的 text_chars_max 应是 50 到 500 的整数。"),
    ] {
        let wrong = Channels::parse(&ALL.replacen(from, to, 1)).unwrap_err().wrong;
        assert!(wrong.iter().any(|wrong| wrong.contains(expected)), "{expected}: {wrong:#?}");
    }
}

#[test]
fn an_unprotected_way_must_be_wanted() {
    let plain = ALL.replace("https://sms.", "http://sms.");
    assert!(mistake(&plain).contains("没有加密,密钥和内容会被沿途看到"));
    assert!(Channels::parse(&plain.replace("text_chars_max", "unencrypted = true\ntext_chars_max")).is_ok());
    let open = ALL.replacen("\"tls\"", "\"none\"", 1);
    assert!(mistake(&open).contains("密码会被沿途看到"));
    let login = "encryption = \"none\"\nuser = \"a\"\npassword = \"b\"";
    assert!(
        Channels::parse(&ALL.replace("encryption = \"none\"", login)).is_ok(),
        "on this machine nobody is on the way"
    );
}

#[test]
fn an_address_that_hides_another_host_is_refused() {
    for url in ["https://qyapi.weixin.qq.com@evil.example/send", "ftp://qyapi.weixin.qq.com/send", "/send", "https://"]
    {
        let toml = format!("[[channel]]\nid = 'a'\nkind = 'wecom'\nurl = '{url}'");
        assert!(mistake(&toml).starts_with("渠道“a”的 url "), "{url}");
    }
}

#[test]
fn what_is_not_toml_is_told_with_its_line_and_without_the_line_itself() {
    let broken = "[[channel]]\nid = \"mail\"\npassword = \"secret-of-mail\n";
    let wrong = mistake(broken);
    assert_eq!(wrong, "渠道配置第 3 行不符合 TOML 格式。请检查引号、等号和方括号。");
    assert!(mistake("channel = 3").contains("[[channel]]"));
    assert!(mistake("channel = [3]").contains("第 1 个渠道"));
}

#[test]
fn no_mistake_repeats_a_value() {
    for value in ["3", "true", "[1]", "\"\""] {
        let toml = ALL.replace("\"secret-of-mail\"", value);
        let wrong = Channels::parse(&toml).unwrap_err();
        assert!(wrong.to_string().contains("渠道“mail”的 password 应是引号里的文字"), "{wrong}");
    }
    let wrong = Channels::parse(&ALL.replace("https://", "secret-of://")).unwrap_err().to_string();
    assert!(!wrong.contains("secret-of"), "{wrong}");
}

#[test]
fn a_channel_without_id_or_kind_is_told_once() {
    assert_eq!(mistake("[[channel]]\nkind = 'smtp'"), "第 1 个渠道缺少 id。");
    assert_eq!(mistake("[[channel]]\nid = 'a'\nhost = 'b'"), "渠道“a”缺少 kind。");
    let both = Channels::parse("[[channel]]\nid = 'a'\nkind = 'wecom'\nkey = 'b'").unwrap_err().wrong;
    assert_eq!(both, ["渠道“a”缺少 url。", "渠道“a”有不认识的项目“key”。请检查拼写,或对照渠道说明。"]);
}

#[test]
fn a_certificate_that_is_none_is_told() {
    let toml = ALL.replacen("port = 465", "ca = \"abc\"", 1);
    assert!(mistake(&toml).contains("应是 PEM 格式的证书"));
}
