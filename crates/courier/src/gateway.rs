//! Gateways of short messages: the declared fields filled in, the declared answer understood.

use hyper::Method;
use serde_json::Value as Json;

use crate::channels::{Encoding, Gateway, Node, Part, Template};
use crate::http::{Answer, Call};
use crate::letter::{Letter, Words, cut_chars};
use crate::outcome::Outcome;
use crate::secret::Veil;

/// A mobile number of the mainland.
const PHONE_DIGITS: usize = 11;

/// The request, or why there is none.
pub(crate) fn call<'a>(gateway: &'a Gateway, letter: &Letter<'_>, words: &Words) -> Result<Call<'a>, String> {
    if !is_phone(letter.to) {
        return Err(format!("收信号码不是手机号码:应是 {PHONE_DIGITS} 位数字,以 1 开头。请核对后重填。"));
    }
    let filled = Filled {
        phone: letter.to,
        subject: &words.subject,
        text: &cut_chars(&words.text, gateway.text_chars_max),
        link: &words.link,
        id: &letter.id.to_string(),
    };
    let pairs = || {
        let pairs: Vec<(&str, String)> =
            gateway.fields.iter().map(|(name, node)| (name.as_str(), plain(&filled.json(node)))).collect();
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    };
    let (method, query, content_type, body) = match gateway.encoding {
        Encoding::Query => (Method::GET, pairs(), "text/plain", Vec::new()),
        Encoding::Form => {
            (Method::POST, String::new(), "application/x-www-form-urlencoded; charset=utf-8", pairs().into_bytes())
        }
        Encoding::Json => {
            let body = filled.map(&gateway.fields).to_string().into_bytes();
            (Method::POST, String::new(), "application/json; charset=utf-8", body)
        }
    };
    let path = gateway.url.path_with(&query);
    Ok(Call { method, url: &gateway.url, path, content_type, headers: &gateway.headers, body })
}

fn is_phone(text: &str) -> bool {
    text.len() == PHONE_DIGITS && text.starts_with('1') && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What stands in the places of a template.
struct Filled<'a> {
    phone: &'a str,
    subject: &'a str,
    text: &'a str,
    link: &'a str,
    id: &'a str,
}

impl Filled<'_> {
    fn map(&self, fields: &[(String, Node)]) -> Json {
        fields.iter().map(|(name, node)| (name.clone(), self.json(node))).collect::<serde_json::Map<_, _>>().into()
    }

    fn json(&self, node: &Node) -> Json {
        match node {
            Node::Text(template) => Json::String(self.text(template)),
            Node::Plain(value) => value.clone(),
            Node::List(list) => list.iter().map(|node| self.json(node)).collect(),
            Node::Map(map) => self.map(map),
        }
    }

    fn text(&self, Template(parts): &Template) -> String {
        let filled: String = parts
            .iter()
            .map(|part| match part {
                Part::Words(words) => words.reveal(),
                Part::Phone => self.phone,
                Part::Subject => self.subject,
                Part::Text => self.text,
                Part::Link => self.link,
                Part::Id => self.id,
            })
            .collect();
        filled.trim().to_owned() // where there is no link, the blank before it goes too
    }
}

/// A value as forms and comparisons spell it.
fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What the answer means.
pub(crate) fn read(gateway: &Gateway, answer: &Answer, target: &str, veil: &Veil) -> Outcome {
    let declared = &gateway.answer;
    if let Some(outcome) = answer.verdict(target, declared.status, veil) {
        return outcome;
    }
    let json = answer.json();
    let at = |pointer: &Option<String>| {
        let value = json.as_ref().zip(pointer.as_deref()).and_then(|(json, pointer)| json.pointer(pointer));
        value.filter(|value| !value.is_null()).map(|value| veil.quote(&plain(value)))
    };
    if let Some((pointer, equals)) = &declared.success {
        let Some(value) = json.as_ref().and_then(|json| json.pointer(pointer)) else {
            let words = veil.quote(&String::from_utf8_lossy(&answer.body));
            return Outcome::failed(format!("{target} 的答复里没有 {pointer}。请检查渠道的 answer。对方说:{words}"));
        };
        let value = plain(value);
        if value != *equals {
            let why = at(&declared.reason).unwrap_or_default();
            let said = format!("短信网关没有接收:{pointer} 是“{}”,{why}", veil.quote(&value));
            let is_final = declared.refused.contains(&value);
            return if is_final { Outcome::refused(said) } else { Outcome::failed(said) };
        }
    }
    Outcome::delivered(at(&declared.receipt).unwrap_or_else(|| "短信网关已接收。".to_owned()))
}
