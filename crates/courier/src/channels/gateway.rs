//! Settings of a gateway of short messages: every province has another one, so its fields are declared.

use serde_json::Value as Json;
use toml::{Table, Value};

use super::fields::Fields;
use super::url::Url;
use crate::limits::SMS_CHARS_MAX;
use crate::secret::Secret;

/// How the fields travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// POST, `a=1&b=2`.
    Form,
    /// POST, `{"a":"1"}`.
    Json,
    /// GET, `?a=1&b=2`.
    Query,
}

/// A gateway.
#[derive(Debug, Clone)]
pub(crate) struct Gateway {
    pub url: Url,
    pub encoding: Encoding,
    /// Sent with each call, mostly keys.
    pub headers: Vec<(String, Secret)>,
    pub fields: Vec<(String, Node)>,
    pub answer: Answer,
    pub text_chars_max: usize,
}

/// A value of a field.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    Text(Template),
    /// A number, `true` or `false`.
    Plain(Json),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// A text with places for the letter.
#[derive(Debug, Clone)]
pub(crate) struct Template(pub Vec<Part>);

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// As it stands; account and password are among these.
    Words(Secret),
    Phone,
    Subject,
    Text,
    Link,
    Id,
}

/// What the gateway's answer means.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    /// The status of success; any 2xx when left out.
    pub status: Option<u16>,
    /// Where the answer says how it went, and what it says then.
    pub success: Option<(String, String)>,
    /// What it says when another attempt is of no use.
    pub refused: Vec<String>,
    /// Where the answer says why not.
    pub reason: Option<String>,
    /// Where the answer has its own number.
    pub receipt: Option<String>,
}

/// Reads the settings; mistakes are written down.
pub(crate) fn read(fields: &mut Fields<'_>) -> Option<Gateway> {
    let choices = [("form", Encoding::Form), ("json", Encoding::Json), ("query", Encoding::Query)];
    fields.must("encoding");
    let encoding = fields.choice("encoding", &choices, Encoding::Form);
    let most = u16::try_from(SMS_CHARS_MAX).unwrap_or(u16::MAX);
    let text_chars_max = usize::from(fields.number("text_chars_max", 50, most).unwrap_or(most));
    let headers = headers(fields);
    let body = body(fields, encoding);
    let answer = answer(fields);
    let url = fields.url("url");
    Some(Gateway { url: url?, encoding, headers, fields: body, answer, text_chars_max })
}

fn headers(fields: &mut Fields<'_>) -> Vec<(String, Secret)> {
    let mut list = Vec::new();
    for (name, value) in fields.table("headers").unwrap_or_default() {
        let is_ours = ["host", "content-length", "content-type", "connection", "transfer-encoding"]
            .contains(&name.to_lowercase().as_str());
        let is_name = hyper::header::HeaderName::from_bytes(name.as_bytes()).is_ok();
        let value = value.as_str().filter(|text| hyper::header::HeaderValue::from_str(text).is_ok());
        match value {
            Some(value) if is_name && !is_ours => list.push((name, Secret::new(value))),
            _ => fields
                .wrong(&format!("的 headers 里“{name}”不能这样写:名称和值应是请求头允许的文字,连接和长度由程序填写。")),
        }
    }
    list
}

fn body(fields: &mut Fields<'_>, encoding: Encoding) -> Vec<(String, Node)> {
    fields.must("fields");
    let Some(table) = fields.table("fields") else { return Vec::new() };
    let list = map(fields, table, encoding == Encoding::Json);
    let has = |wanted: &[Part]| list.iter().any(|(_, node)| node.any(&|part| wanted.contains(part)));
    let (has_phone, has_words) = (has(&[Part::Phone]), has(&[Part::Text, Part::Subject]));
    if !has_phone {
        fields.wrong("的 fields 里没有 {phone}(手机号码)。");
    }
    if !has_words {
        fields.wrong("的 fields 里没有 {text}(正文),也没有 {subject}(标题)。");
    }
    list
}

fn map(fields: &mut Fields<'_>, table: Table, may_nest: bool) -> Vec<(String, Node)> {
    let mut list = Vec::new();
    for (key, value) in table {
        if let Some(node) = node(fields, &key, value, may_nest) {
            list.push((key, node));
        }
    }
    list
}

fn node(fields: &mut Fields<'_>, key: &str, value: Value, may_nest: bool) -> Option<Node> {
    match value {
        Value::String(text) => match Template::parse(&text) {
            Some(template) => return Some(Node::Text(template)),
            None => fields.wrong(&format!(
                "的 fields.{key} 里花括号不对。可以写 {{phone}}、{{subject}}、{{text}}、{{link}}、{{id}},别的地方不能有花括号。"
            )),
        },
        Value::Integer(number) => return Some(Node::Plain(number.into())),
        Value::Boolean(flag) => return Some(Node::Plain(flag.into())),
        Value::Array(list) if may_nest => {
            return list.into_iter().map(|value| node(fields, key, value, true)).collect::<Option<_>>().map(Node::List);
        }
        Value::Table(table) if may_nest => return Some(Node::Map(map(fields, table, true))),
        Value::Array(_) | Value::Table(_) => {
            fields.wrong(&format!("的 fields.{key} 只有在 encoding = \"json\" 时才能有层次。"));
        }
        Value::Float(_) | Value::Datetime(_) => fields.wrong(&format!("的 fields.{key} 请写成引号里的文字。")),
    }
    None
}

impl Template {
    fn parse(text: &str) -> Option<Template> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}')?;
            if before.contains('}') {
                return None;
            }
            parts.push(Part::Words(Secret::new(before)));
            parts.push(match name {
                "phone" => Part::Phone,
                "subject" => Part::Subject,
                "text" => Part::Text,
                "link" => Part::Link,
                "id" => Part::Id,
                _ => return None,
            });
            rest = behind;
        }
        parts.push(Part::Words(Secret::new(rest)));
        parts.retain(|part| !matches!(part, Part::Words(words) if words.reveal().is_empty()));
        (!rest.contains('}')).then_some(Template(parts))
    }
}

impl Node {
    /// True if one of its parts is so.
    fn any(&self, test: &dyn Fn(&Part) -> bool) -> bool {
        match self {
            Node::Text(template) => template.0.iter().any(test),
            Node::Plain(_) => false,
            Node::List(list) => list.iter().any(|node| node.any(test)),
            Node::Map(map) => map.iter().any(|(_, node)| node.any(test)),
        }
    }

    /// Texts without a place for the letter: account and password are among them.
    pub(crate) fn constants(&self) -> Vec<&str> {
        match self {
            Node::Text(Template(parts)) => match parts.as_slice() {
                [Part::Words(words)] => vec![words.reveal()],
                _ => Vec::new(),
            },
            Node::Plain(_) => Vec::new(),
            Node::List(list) => list.iter().flat_map(Node::constants).collect(),
            Node::Map(map) => map.iter().flat_map(|(_, node)| node.constants()).collect(),
        }
    }
}

fn answer(fields: &mut Fields<'_>) -> Answer {
    fields.must("answer");
    let Some(table) = fields.table("answer") else { return Answer::default() };
    let mut inner = fields.inside("answer", table);
    let status = inner.number("status", 200, 299);
    let (at, equals) = (pointer(&mut inner, "pointer"), inner.word("equals"));
    let refused = inner.words("refused");
    let (reason, receipt) = (pointer(&mut inner, "reason"), pointer(&mut inner, "receipt"));
    let success = match (at, equals) {
        (Some(at), Some(equals)) => Some((at, equals)),
        (None, None) => None,
        _ => {
            inner.wrong("里 pointer 和 equals 要一起写。");
            None
        }
    };
    if status.is_none() && success.is_none() {
        inner.wrong("里应写明怎样算成功:status,或 pointer 和 equals,或两样都写。");
    }
    if success.is_none() && !refused.is_empty() {
        inner.wrong("里写了 refused,缺少 pointer。");
    }
    inner.finish();
    Answer { status, success, refused, reason, receipt }
}

fn pointer(fields: &mut Fields<'_>, key: &str) -> Option<String> {
    let text = fields.text(key)?;
    if text.starts_with('/') {
        return Some(text);
    }
    fields.wrong(&format!("的 {key} 应以“/”开头,如 /data/code。"));
    None
}
