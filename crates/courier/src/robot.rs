//! Robots of groups: what WeCom and DingTalk are sent, and what their answers mean.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper::Method;
use serde_json::{Value as Json, json};
use sha2::Sha256;

use crate::channels::{Format, Robot};
use crate::http::{Answer, Call};
use crate::letter::Words;
use crate::limits::{DINGTALK_BYTES_MAX, WECOM_MARKDOWN_BYTES_MAX, WECOM_TEXT_BYTES_MAX};
use crate::outcome::Outcome;
use crate::secret::Veil;

/// WeCom counts 20 messages a minute for each robot.
const WECOM_WAIT_SECONDS: u64 = 60;
/// DingTalk counts 20 messages a minute, and whoever exceeds them is not heard for ten.
const DINGTALK_WAIT_SECONDS: u64 = 600;

/// Of which platform a robot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    WeCom,
    DingTalk,
}

/// What an error code of a platform asks for.
enum Advice {
    /// Wait so many seconds.
    Wait(u64),
    /// Mend this.
    Mend(&'static str),
}

impl Platform {
    fn name(self) -> &'static str {
        match self {
            Platform::WeCom => "企业微信",
            Platform::DingTalk => "钉钉",
        }
    }

    /// The request. `now` signs it: DingTalk takes a signature for an hour only.
    pub(crate) fn call<'a>(self, robot: &'a Robot, words: &Words, now: DateTime<Utc>) -> Call<'a> {
        let query = robot.secret.as_ref().map(|secret| {
            let millis = now.timestamp_millis();
            let sign = dingtalk_signature(millis, secret.reveal());
            serde_urlencoded::to_string([("timestamp", millis.to_string()), ("sign", sign)]).unwrap_or_default()
        });
        Call {
            method: Method::POST,
            url: &robot.url,
            path: robot.url.path_with(&query.unwrap_or_default()),
            content_type: "application/json; charset=utf-8",
            headers: &[],
            body: self.body(robot.format, words).to_string().into_bytes(),
        }
    }

    fn body(self, format: Format, words: &Words) -> Json {
        match (self, format) {
            (Platform::WeCom, Format::Text) => {
                json!({ "msgtype": "text", "text": { "content": words.stacked("\n", WECOM_TEXT_BYTES_MAX) } })
            }
            (Platform::DingTalk, Format::Text) => {
                json!({ "msgtype": "text", "text": { "content": words.stacked("\n", DINGTALK_BYTES_MAX) } })
            }
            (Platform::WeCom, Format::Markdown) => {
                json!({ "msgtype": "markdown", "markdown": { "content": markdown(words, "\n", WECOM_MARKDOWN_BYTES_MAX) } })
            }
            (Platform::DingTalk, Format::Markdown) => json!({ "msgtype": "markdown", "markdown": {
                "title": harmless(&words.subject),
                "text": markdown(words, "\n\n", DINGTALK_BYTES_MAX),
            } }),
        }
    }

    /// What the answer means.
    pub(crate) fn read(self, answer: &Answer, target: &str, veil: &Veil) -> Outcome {
        if let Some(outcome) = answer.verdict(target, None, veil) {
            return outcome;
        }
        let json = answer.json().unwrap_or_default();
        let Some(code) = json.get("errcode").and_then(Json::as_i64) else {
            let words = veil.quote(&String::from_utf8_lossy(&answer.body));
            return Outcome::failed(format!("{target} 的答复里没有 errcode。请检查渠道里的地址。对方说:{words}"));
        };
        let name = self.name();
        if code == 0 {
            return Outcome::delivered(format!("{name}已接收。"));
        }
        let words = json.get("errmsg").and_then(Json::as_str).unwrap_or_default();
        let said = format!("{name}答复:{}(errcode {code})", veil.quote(words));
        match self.advice(code) {
            Some(Advice::Wait(seconds)) => {
                Outcome::failed_for(format!("机器人发得太快,每分钟最多 20 条,{seconds} 秒后再发。{said}"), seconds)
            }
            Some(Advice::Mend(what)) => Outcome::refused(format!("{what}{said}")),
            None => Outcome::failed(said),
        }
    }

    fn advice(self, code: i64) -> Option<Advice> {
        const KEY: &str = "机器人的地址或密钥不对,或机器人已移出群、已停用。请在群里重新复制地址。";
        const CONTENT: &str = "消息的内容或长度不被接受。";
        const RULES: &str = "机器人的安全设置没有通过:关键词、加签密钥或 IP 地址段。请对照群里的设置修改渠道。";
        match (self, code) {
            (Platform::WeCom, 45009 | 45033) => Some(Advice::Wait(WECOM_WAIT_SECONDS)),
            (Platform::DingTalk, 130_101 | 410_100) => Some(Advice::Wait(DINGTALK_WAIT_SECONDS)),
            (Platform::WeCom, 93000 | 93004 | 93008)
            | (Platform::DingTalk, 300_005 | 400_013 | 400_101 | 400_102 | 400_106) => Some(Advice::Mend(KEY)),
            (Platform::WeCom, 40008 | 40033 | 40058 | 44004 | 45002)
            | (Platform::DingTalk, 40035 | 400_105 | 430_101 | 430_102 | 430_104 | 460_101) => {
                Some(Advice::Mend(CONTENT))
            }
            (Platform::DingTalk, 310_000) => Some(Advice::Mend(RULES)),
            _ => None,
        }
    }
}

/// The signature of DingTalk: HMAC-SHA256 over the milliseconds, a line break and the secret, under the secret, in base64.
pub fn dingtalk_signature(timestamp_millis: i64, secret: &str) -> String {
    match Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
        Ok(mut mac) => {
            mac.update(format!("{timestamp_millis}\n{secret}").as_bytes());
            STANDARD.encode(mac.finalize().into_bytes())
        }
        Err(_) => String::new(), // a key of any length is taken
    }
}

fn markdown(words: &Words, line_break: &str, bytes_max: usize) -> String {
    let link = match words.link.as_str() {
        "" => String::new(),
        link => format!("[查看]({})", link.replace('(', "%28").replace(')', "%29")),
    };
    let subject = format!("### {}", harmless(&words.subject));
    Words { subject, text: harmless(&words.text), link }.stacked(line_break, bytes_max)
}

/// Words that no robot takes for markup, by full-width signs: somebody's name must not become a link.
fn harmless(text: &str) -> String {
    let wide = |c| match c {
        '[' => '\u{ff3b}',
        ']' => '\u{ff3d}',
        '<' => '\u{ff1c}',
        '>' => '\u{ff1e}',
        '*' => '\u{ff0a}',
        '#' => '\u{ff03}',
        '`' => '\u{ff40}',
        '!' => '\u{ff01}',
        other => other,
    };
    text.chars().map(wide).collect()
}
