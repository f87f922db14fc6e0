//! Stories of gateways of short messages.

use youju_courier::{Letter, Outcome};

use crate::http_server::{Server, answer, json};
use crate::make::{ID, at, courier, delivered, failed, letter, refused};

const PHONE: &str = "13800000000";
const ANSWER: &str = "{ pointer = '/code', equals = 0, reason = '/msg', receipt = '/data/id', refused = ['12', 13] }";
const OK: &str = r#"{"code":"0","msg":"","data":{"id":88}}"#;

fn gateway(port: u16, encoding: &str, fields: &str, answer: &str) -> String {
    format!(
        "[[channel]]\nid = 'sms'\nkind = 'sms'\nurl = 'http://127.0.0.1:{port}/send'\nencoding = '{encoding}'\n\
         fields = {{ {fields} }}\nanswer = {answer}\nheaders = {{ X-Api-Key = 'key-of-the-office' }}\n"
    )
}

const FIELDS: &str = "account = 'tjj-account', password = 'pass&word=1', mobile = '{phone}', content = '【某市统计局】{text} {link}', ext = 7, id = '{id}'";

async fn outcome(said: String) -> Outcome {
    let server = Server::answering(said).await;
    courier(&gateway(server.port, "form", FIELDS, ANSWER)).deliver("sms", &letter(PHONE), at()).await
}

#[tokio::test]
async fn a_form_carries_the_declared_fields() {
    let server = Server::answering(json(OK)).await;
    let done = courier(&gateway(server.port, "form", FIELDS, ANSWER)).deliver("sms", &letter(PHONE), at()).await;
    assert_eq!(delivered(done), "88");
    let seen = server.only();
    assert_eq!(seen.method, "POST");
    assert_eq!(seen.headers["content-type"], "application/x-www-form-urlencoded; charset=utf-8");
    assert_eq!(seen.headers["x-api-key"], "key-of-the-office");
    let form = seen.form();
    assert_eq!(form["mobile"], PHONE);
    assert_eq!(form["password"], "pass&word=1");
    assert_eq!(form["ext"], "7");
    assert_eq!(form["id"], ID);
    assert_eq!(
        form["content"],
        "【某市统计局】县统计局退回了本期报表。\n请核对营业收入后重新上报。 https://youju.example.gov.cn/reports/7"
    );
}

#[tokio::test]
async fn a_query_carries_them_too() {
    let server = Server::answering(json(OK)).await;
    delivered(courier(&gateway(server.port, "query", FIELDS, ANSWER)).deliver("sms", &letter(PHONE), at()).await);
    let seen = server.only();
    assert_eq!((seen.method.as_str(), seen.body.as_str()), ("GET", ""));
    assert_eq!(seen.form()["password"], "pass&word=1");
}

#[tokio::test]
async fn json_may_have_depth_and_no_word_breaks_out_of_it() {
    let server = Server::answering(json(OK)).await;
    let fields = "to = ['{phone}'], body = { text = '{subject}:{text}', urgent = true }, n = 3";
    let quoted = Letter { text: "单位“\",\"evil\":\"1”", ..letter(PHONE) };
    delivered(courier(&gateway(server.port, "json", fields, ANSWER)).deliver("sms", &quoted, at()).await);
    let sent = server.only().json();
    assert_eq!(
        sent,
        serde_json::json!({
            "to": [PHONE],
            "body": { "text": "报表被退回:B203 2026年2月:单位“\",\"evil\":\"1”", "urgent": true },
            "n": 3,
        })
    );
}

#[tokio::test]
async fn a_letter_without_a_link_leaves_no_blank() {
    let server = Server::answering(json(OK)).await;
    let plain = Letter { link: None, text: "好", ..letter(PHONE) };
    delivered(courier(&gateway(server.port, "form", FIELDS, ANSWER)).deliver("sms", &plain, at()).await);
    assert_eq!(server.only().form()["content"], "【某市统计局】好");
}

#[tokio::test]
async fn a_long_text_is_cut_to_what_the_channel_takes() {
    let server = Server::answering(json(OK)).await;
    let toml = gateway(server.port, "form", FIELDS, ANSWER) + "text_chars_max = 70\n";
    let long = "长".repeat(100);
    delivered(courier(&toml).deliver("sms", &Letter { text: &long, link: None, ..letter(PHONE) }, at()).await);
    let content = server.only().form()["content"].clone();
    assert!(content.ends_with("长……(内容较长,全文请登录系统查看。)"), "{content}");
    assert_eq!(content.trim_start_matches("【某市统计局】").chars().count(), 70);
}

#[tokio::test]
async fn what_the_answer_says_decides() {
    let (reason, wait) = failed(outcome(json(r#"{"code":9,"msg":"余额不足"}"#)).await);
    assert_eq!((reason.as_str(), wait), ("短信网关没有接收:/code 是“9”,余额不足", None));
    for said in [r#"{"code":"12","msg":"号码错误"}"#, r#"{"code":13,"msg":"黑名单"}"#] {
        assert!(refused(outcome(json(said)).await).starts_with("短信网关没有接收"));
    }
    let (reason, _) = failed(outcome(json(r#"{"status":"ok"}"#)).await);
    assert!(reason.contains("答复里没有 /code"), "{reason}");
    let (reason, _) = failed(outcome(answer("200 OK", &[], "success")).await);
    assert!(reason.contains("对方说:success"), "{reason}");
}

#[tokio::test]
async fn a_status_alone_may_be_the_answer() {
    let server = Server::answering(answer("202 Accepted", &[], "")).await;
    let toml = gateway(server.port, "form", FIELDS, "{ status = 202 }");
    assert_eq!(delivered(courier(&toml).deliver("sms", &letter(PHONE), at()).await), "短信网关已接收。");
    let server = Server::answering(answer("200 OK", &[], "")).await;
    let toml = gateway(server.port, "form", FIELDS, "{ status = 202 }");
    failed(courier(&toml).deliver("sms", &letter(PHONE), at()).await);
}

#[tokio::test]
async fn a_number_that_is_none_is_not_sent() {
    let server = Server::answering(json(OK)).await;
    let courier = courier(&gateway(server.port, "form", FIELDS, ANSWER));
    for to in ["", "12345", "1380000000a", "13800000000,13900000000", "+8613800000000", "\u{ff11}\u{ff13}\u{ff18}0"] {
        let reason = refused(courier.deliver("sms", &letter(to), at()).await);
        assert!(reason.starts_with("收信号码不是手机号码"), "{to}: {reason}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn account_password_and_header_that_come_back_are_not_shown() {
    let said = r#"{"code":9,"msg":"tjj-account pass&word=1 pass%26word%3D1 key-of-the-office"}"#;
    let (reason, _) = failed(outcome(json(said)).await);
    assert_eq!(reason, "短信网关没有接收:/code 是“9”,*** *** *** ***");
}
