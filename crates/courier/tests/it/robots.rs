//! Stories of group robots.

use youju_courier::{
    DINGTALK_BYTES_MAX, Letter, Outcome, WECOM_MARKDOWN_BYTES_MAX, WECOM_TEXT_BYTES_MAX, dingtalk_signature,
};

use crate::http_server::{Server, answer, json};
use crate::make::{at, courier, delivered, failed, letter, refused};

const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;
const KEY: &str = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa";
const SIGNING: &str = "SEC000000000000000000000";

fn robot(kind: &str, port: u16, more: &str) -> String {
    format!("[[channel]]\nid = 'group'\nkind = '{kind}'\nurl = 'http://127.0.0.1:{port}/send?key={KEY}'\n{more}")
}

async fn outcome(kind: &str, said: &str) -> Outcome {
    let server = Server::answering(json(said)).await;
    courier(&robot(kind, server.port, "")).deliver("group", &letter(""), at()).await
}

#[tokio::test]
async fn a_group_of_wecom_reads_the_letter_as_text() {
    let server = Server::answering(json(OK)).await;
    let done = courier(&robot("wecom", server.port, "")).deliver("group", &letter(""), at()).await;
    assert_eq!(delivered(done), "企业微信已接收。");
    let seen = server.only();
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", format!("/send?key={KEY}").as_str()));
    assert_eq!(seen.headers["content-type"], "application/json; charset=utf-8");
    assert_eq!(seen.headers["host"], format!("127.0.0.1:{}", server.port));
    assert_eq!(seen.json()["msgtype"], "text");
    assert_eq!(
        seen.json()["text"]["content"],
        "报表被退回:B203 2026年2月\n县统计局退回了本期报表。\n请核对营业收入后重新上报。\nhttps://youju.example.gov.cn/reports/7"
    );
}

#[tokio::test]
async fn a_group_of_dingtalk_reads_the_letter_and_sees_the_signature() {
    let server = Server::answering(json(OK)).await;
    let toml = robot("dingtalk", server.port, &format!("secret = '{SIGNING}'"));
    let now = chrono::DateTime::from_timestamp_millis(1_577_262_236_757).unwrap();
    delivered(courier(&toml).deliver("group", &letter(""), now).await);
    let seen = server.only();
    assert!(
        seen.path.ends_with("&timestamp=1577262236757&sign=xOJIB8eNoYWeLy26EMZOlc2RjOJbtPv9HYjm%2BE3uALU%3D"),
        "{}",
        seen.path
    );
    assert!(seen.json()["text"]["content"].as_str().unwrap().starts_with("报表被退回"));
}

#[test]
fn the_signature_equals_the_one_computed_elsewhere() {
    // python3: base64(hmac_sha256(secret, f"{timestamp}\n{secret}"))
    assert_eq!(dingtalk_signature(1_577_262_236_757, SIGNING), "xOJIB8eNoYWeLy26EMZOlc2RjOJbtPv9HYjm+E3uALU=");
}

#[tokio::test]
async fn markdown_has_a_heading_and_a_link_and_no_word_becomes_markup() {
    for (kind, at_text) in [("wecom", "/markdown/content"), ("dingtalk", "/markdown/text")] {
        let server = Server::answering(json(OK)).await;
        let named = Letter { text: "单位“[领奖](http://evil.example)”\n<@all> *已退回*", ..letter("") };
        let toml = robot(kind, server.port, "format = 'markdown'");
        delivered(courier(&toml).deliver("group", &named, at()).await);
        let sent = server.only().json();
        let text = sent.pointer(at_text).unwrap().as_str().unwrap();
        assert!(text.starts_with("### 报表被退回:B203 2026年2月\n"), "{text}");
        assert!(text.ends_with("\n[查看](https://youju.example.gov.cn/reports/7)"), "{text}");
        assert!(text.contains("单位“\u{ff3b}领奖\u{ff3d}(http://evil.example)”"), "{text}");
        assert!(!text.contains('<') && !text.contains('*'), "{text}");
        assert_eq!(text.matches("](").count(), 1, "{text}");
    }
}

#[tokio::test]
async fn a_long_text_is_cut_and_says_so_and_the_link_stays() {
    for (kind, format, at_text, bytes_max) in [
        ("wecom", "text", "/text/content", WECOM_TEXT_BYTES_MAX),
        ("wecom", "markdown", "/markdown/content", WECOM_MARKDOWN_BYTES_MAX),
        ("dingtalk", "text", "/text/content", DINGTALK_BYTES_MAX),
        ("dingtalk", "markdown", "/markdown/text", DINGTALK_BYTES_MAX),
    ] {
        let server = Server::answering(json(OK)).await;
        let text = "长\n".repeat(9_000);
        let toml = robot(kind, server.port, &format!("format = '{format}'"));
        delivered(courier(&toml).deliver("group", &Letter { text: &text, ..letter("") }, at()).await);
        let sent = server.only().json();
        let text = sent.pointer(at_text).unwrap().as_str().unwrap();
        assert!(text.len() <= bytes_max && text.len() > bytes_max - 10, "{kind} {format}: {}", text.len());
        assert!(text.contains("……(内容较长,全文请登录系统查看。)\n"), "{kind} {format}");
        assert!(text.contains("https://youju.example.gov.cn/reports/7"), "{kind} {format}");
    }
}

#[tokio::test]
async fn a_message_to_one_person_is_not_shown_to_a_group() {
    let server = Server::answering(json(OK)).await;
    let reason =
        refused(courier(&robot("wecom", server.port, "")).deliver("group", &letter("13800000000"), at()).await);
    assert!(reason.contains("群机器人的消息全群可见"), "{reason}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn too_many_messages_a_minute_come_back_with_a_wait() {
    let busy = r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#;
    let (reason, wait) = failed(outcome("wecom", busy).await);
    assert_eq!(wait, Some(60));
    assert!(reason.starts_with("机器人发得太快,每分钟最多 20 条,60 秒后再发。"), "{reason}");
    let (_, wait) = failed(outcome("dingtalk", r#"{"errcode":130101,"errmsg":"send too fast"}"#).await);
    assert_eq!(wait, Some(600));
}

#[tokio::test]
async fn a_wrong_key_and_a_failed_safeguard_are_refused_with_what_to_do() {
    let reason = refused(outcome("wecom", r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#).await);
    assert!(reason.contains("请在群里重新复制地址") && reason.contains("(errcode 93000)"), "{reason}");
    let reason = refused(outcome("dingtalk", r#"{"errcode":310000,"errmsg":"keywords not in content"}"#).await);
    assert!(reason.contains("关键词、加签密钥或 IP 地址段"), "{reason}");
    let reason = refused(outcome("dingtalk", r#"{"errcode":300005,"errmsg":"token is not exist"}"#).await);
    assert!(reason.contains("token is not exist"), "{reason}");
}

#[tokio::test]
async fn a_busy_platform_and_an_unknown_code_are_tried_again() {
    for kind in ["wecom", "dingtalk"] {
        let (reason, wait) = failed(outcome(kind, r#"{"errcode":-1,"errmsg":"system busy"}"#).await);
        assert!(reason.contains("system busy(errcode -1)"), "{reason}");
        assert_eq!(wait, None);
    }
}

#[tokio::test]
async fn an_answer_without_errcode_is_no_delivery() {
    let server = Server::answering(answer("200 OK", &[], "<html>登录上网</html>")).await;
    let done = courier(&robot("wecom", server.port, "")).deliver("group", &letter(""), at()).await;
    let (reason, _) = failed(done);
    assert!(reason.contains("没有 errcode") && reason.contains("登录上网"), "{reason}");
}

#[tokio::test]
async fn a_key_that_comes_back_is_not_shown() {
    let said = format!(r#"{{"errcode":40058,"errmsg":"bad key {KEY}, sign {SIGNING}, url /send?key={KEY}"}}"#);
    let server = Server::answering(json(&said)).await;
    let toml = robot("dingtalk", server.port, &format!("secret = '{SIGNING}'"));
    let (reason, _) = failed(courier(&toml).deliver("group", &letter(""), at()).await);
    assert!(reason.contains("bad key ***, sign ***, url ***"), "{reason}");
}
