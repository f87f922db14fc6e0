//! Stories of e-mail.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use youju_courier::Letter;

use crate::make::{ID, at, courier, dead_port, delivered, failed, hasty, letter, refused, terse};
use crate::smtp_server::{Script, Server};

const TO: &str = "kuaiji@example.com";

fn settings(port: u16, more: &str) -> String {
    format!(
        "[[channel]]\nid = 'mail'\nkind = 'smtp'\nhost = '127.0.0.1'\nport = {port}\nencryption = 'none'\n\
         from = 'tjj@example.gov.cn'\nfrom_name = '某某市统计局'\n{more}"
    )
}

const LOGIN: &str = "user = 'tjj'\npassword = 'correct horse'";

/// A header as a reader sees it: unfolded, encoded words decoded.
fn header(mail: &str, name: &str) -> String {
    let head = mail.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap();
    let words =
        line.split(' ').map(|word| match word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?=")) {
            Some(word) => (String::from_utf8(STANDARD.decode(word).unwrap()).unwrap(), true),
            None => (word.to_owned(), false),
        });
    let mut text = String::new();
    let mut after_encoded = true; // blanks between encoded words are none
    for (word, is_encoded) in words {
        if !(text.is_empty() || after_encoded && is_encoded) {
            text.push(' ');
        }
        text.push_str(&word);
        after_encoded = is_encoded;
    }
    text
}

/// The text of a mail.
fn body(mail: &str) -> String {
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("Content-Type: text/plain; charset=utf-8"), "{head}");
    if head.contains("Content-Transfer-Encoding: base64") {
        return String::from_utf8(STANDARD.decode(body.replace("\r\n", "")).unwrap()).unwrap();
    }
    if head.contains("Content-Transfer-Encoding: quoted-printable") {
        let body = body.replace("=\r\n", "");
        let mut parts = body.split('=');
        let mut bytes = parts.next().unwrap().as_bytes().to_vec();
        for part in parts {
            bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
            bytes.extend_from_slice(&part.as_bytes()[2..]);
        }
        return String::from_utf8(bytes).unwrap();
    }
    assert!(head.contains("Content-Transfer-Encoding: 7bit"), "{head}");
    body.to_owned()
}

#[tokio::test]
async fn a_letter_arrives_with_its_chinese_words() {
    let server = Server::start(Script::default()).await;
    let outcome = courier(&settings(server.port, "")).deliver("mail", &letter(TO), at()).await;
    assert_eq!(delivered(outcome), "250 2.0.0 Ok: queued as 4F1A2B");
    let mail = server.mail();
    assert_eq!(header(&mail, "Subject"), "报表被退回:B203 2026年2月");
    assert_eq!(header(&mail, "From"), "某某市统计局 <tjj@example.gov.cn>");
    assert_eq!(header(&mail, "To"), TO);
    assert_eq!(header(&mail, "Date"), "Thu, 05 Mar 2026 01:02:03 +0000");
    assert_eq!(header(&mail, "Auto-Submitted"), "auto-generated");
    assert_eq!(
        body(&mail).trim_end(),
        "县统计局退回了本期报表。\r\n请核对营业收入后重新上报。\r\n\r\nhttps://youju.example.gov.cn/reports/7"
    );
    assert!(mail.is_ascii(), "no server needs an extension for it");
    let lines = server.heard().lines;
    assert!(lines.contains(&"MAIL FROM:<tjj@example.gov.cn>".to_owned()), "{lines:?}");
    assert_eq!(lines.last().unwrap(), "QUIT");
}

#[tokio::test]
async fn a_retry_is_the_same_message() {
    let server = Server::start(Script::default()).await;
    let courier = courier(&settings(server.port, ""));
    delivered(courier.deliver("mail", &letter(TO), at()).await);
    delivered(courier.deliver("mail", &letter(TO), at() + chrono::TimeDelta::hours(2)).await);
    let mails = server.heard().mails;
    assert_eq!(mails[0], mails[1]);
    assert_eq!(header(&mails[0], "Message-ID"), format!("<{ID}@example.gov.cn>"));
}

#[tokio::test]
async fn user_and_password_are_shown_in_the_way_that_the_server_offers() {
    for auth in ["PLAIN LOGIN", "LOGIN", "PLAIN"] {
        let server = Server::start(Script { auth, ..Script::default() }).await;
        delivered(courier(&settings(server.port, LOGIN)).deliver("mail", &letter(TO), at()).await);
    }
}

#[tokio::test]
async fn a_server_without_a_log_in_gets_no_password() {
    let server = Server::start(Script::default()).await;
    let reason = refused(courier(&settings(server.port, LOGIN)).deliver("mail", &letter(TO), at()).await);
    assert!(reason.contains("不支持用户名密码登录"), "{reason}");
    assert!(server.heard().lines.iter().all(|line| !line.starts_with("AUTH")));
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_not_repeated_in_the_reason() {
    let script = Script {
        auth: "PLAIN",
        password: "another",
        // A careless server repeats what it was told, as it is and as it was sent.
        wrong_login: "535 5.7.8 correct horse / AHRqagBjb3JyZWN0IGhvcnNl is wrong",
        ..Script::default()
    };
    let server = Server::start(script).await;
    let reason = refused(courier(&settings(server.port, LOGIN)).deliver("mail", &letter(TO), at()).await);
    assert!(reason.starts_with("邮件服务器不认用户名或密码。"), "{reason}");
    assert!(reason.contains("535 5.7.8 *** / *** is wrong"), "{reason}");
}

#[tokio::test]
async fn an_unknown_address_is_refused_at_its_step() {
    let script = Script { recipient: "550 5.1.1 User unknown", ..Script::default() };
    let server = Server::start(script).await;
    let reason = refused(courier(&settings(server.port, "")).deliver("mail", &letter(TO), at()).await);
    assert_eq!(reason, format!("邮件服务器不接受收件地址。127.0.0.1:{} 说:550 5.1.1 User unknown", server.port));
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    for script in [
        Script { recipient: "451 4.7.1 Greylisted, try again later", ..Script::default() },
        Script { content: "452 4.3.1 Insufficient system storage", ..Script::default() },
        Script { greeting: "421 4.3.2 Too many connections", ..Script::default() },
        Script { auth: "LOGIN", password: "x", wrong_login: "454 4.7.0 Temporary failure", ..Script::default() },
    ] {
        let more = if script.auth.is_empty() { "" } else { LOGIN };
        let server = Server::start(script).await;
        let (reason, wait) = failed(courier(&settings(server.port, more)).deliver("mail", &letter(TO), at()).await);
        assert!(reason.contains("可以稍后再试"), "{reason}");
        assert_eq!(wait, None);
    }
}

#[tokio::test]
async fn a_content_that_is_not_wanted_is_refused() {
    let script = Script { content: "554 5.7.1 Spam", ..Script::default() };
    let server = Server::start(script).await;
    let reason = refused(courier(&settings(server.port, "")).deliver("mail", &letter(TO), at()).await);
    assert!(reason.contains("不接受邮件内容"), "{reason}");
}

#[tokio::test]
async fn nobody_listening_is_a_failure() {
    let port = dead_port().await;
    let (reason, _) = failed(courier(&settings(port, "")).deliver("mail", &letter(TO), at()).await);
    assert_eq!(reason, format!("127.0.0.1:{port} 拒绝连接。请检查端口,以及对方服务是否在运行。"));
}

#[tokio::test]
async fn a_silent_server_is_left_when_the_time_is_over() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let (reason, _) = failed(hasty(&settings(port, "")).deliver("mail", &letter(TO), at()).await);
    assert_eq!(reason, format!("127.0.0.1:{port} 在 0.3 秒内没有答复完。"));
}

#[tokio::test]
async fn a_server_that_never_stops_talking_is_cut_off() {
    let greeting: &'static str = Box::leak(format!("220 {}", "x".repeat(100_000)).into_boxed_str());
    let server = Server::start(Script { greeting, ..Script::default() }).await;
    let (reason, _) = failed(terse(&settings(server.port, "")).deliver("mail", &letter(TO), at()).await);
    assert!(reason.contains("答复超过 2000 字节"), "{reason}");
}

#[tokio::test]
async fn a_server_of_another_kind_is_told_from_a_refusal() {
    let server = Server::start(Script { greeting: "HTTP/1.1 400 Bad Request", ..Script::default() }).await;
    let (reason, _) = failed(courier(&settings(server.port, "")).deliver("mail", &letter(TO), at()).await);
    assert!(reason.contains("看不懂"), "{reason}");
}

#[tokio::test]
async fn no_subject_and_no_name_puts_a_header_or_a_command_into_the_mail() {
    let server = Server::start(Script::default()).await;
    let evil = Letter {
        subject: "退回\r\nBcc: all@example.com\r\n\r\n伪造的正文",
        text: "第一行\r\n.\r\nMAIL FROM:<evil@example.com>\r\n..点",
        link: Some("https://example.com/\r\nX-Evil: 1"),
        ..letter(TO)
    };
    delivered(courier(&settings(server.port, "")).deliver("mail", &evil, at()).await);
    let mail = server.mail();
    let head = mail.split("\r\n\r\n").next().unwrap();
    assert!(!head.contains("\r\nBcc") && !head.contains("\r\nX-Evil"), "{head}");
    assert!(header(&mail, "Subject").contains("Bcc: all@example.com"), "it stays a part of the subject");
    assert_eq!(server.heard().lines.iter().filter(|line| line.starts_with("MAIL")).count(), 1);
    assert!(body(&mail).contains("\r\n.\r\nMAIL FROM"), "the text arrives as it was written");
}

#[tokio::test]
async fn an_english_text_with_dots_arrives_whole() {
    let server = Server::start(Script::default()).await;
    let dotted = Letter { text: ".\n..\nend", link: None, ..letter(TO) };
    delivered(courier(&settings(server.port, "")).deliver("mail", &dotted, at()).await);
    assert!(body(&server.mail()).starts_with(".\r\n..\r\nend"));
}

#[tokio::test]
async fn an_address_that_could_end_a_command_is_not_even_tried() {
    let port = dead_port().await;
    let courier = courier(&settings(port, ""));
    for to in [
        "",
        "kuaiji",
        "a@example.com\r\nRCPT TO:<b@example.com>",
        "a@example.com>\r\nDATA",
        "\"a\r\nDATA\"@example.com",
        "\"a b\"@example.com",
        "a@example.com, b@example.com",
        "A <a@example.com>",
        "会计@example.com",
    ] {
        let reason = refused(courier.deliver("mail", &letter(to), at()).await);
        assert!(reason.starts_with("收件地址不是可用的邮箱地址。"), "{to:?}: {reason}");
    }
}

#[tokio::test]
async fn two_mail_servers_are_two_channels() {
    let (one, two) = (Server::start(Script::default()).await, Server::start(Script::default()).await);
    let toml = format!("{}\n{}", settings(one.port, ""), settings(two.port, "").replace("'mail'", "'other'"));
    let courier = courier(&toml);
    assert_eq!(courier.channels().ids().collect::<Vec<_>>(), ["mail", "other"]);
    delivered(courier.deliver("other", &letter(TO), at()).await);
    assert_eq!((one.heard().mails.len(), two.heard().mails.len()), (0, 1));
}

#[tokio::test]
async fn what_is_too_long_is_told_with_its_number() {
    let courier = courier(&settings(dead_port().await, ""));
    let (subject, text) = ("长".repeat(201), "x".repeat(262_145));
    let link = format!("https://example.com/{}", "x".repeat(1_000));
    let long = [
        (Letter { subject: &subject, ..letter(TO) }, "标题有 201 个字,最多 200 个字。"),
        (Letter { text: &text, ..letter(TO) }, "正文有 262145 字节,最多 262144 字节。"),
        (Letter { link: Some(&link), ..letter(TO) }, "链接有 1020 字节,最多 1000 字节。"),
        (Letter { link: Some("javascript:alert(1)"), ..letter(TO) }, "链接应以 https:// 或 http:// 开头。"),
    ];
    for (letter, expected) in long {
        assert_eq!(refused(courier.deliver("mail", &letter, at()).await), expected);
    }
}
