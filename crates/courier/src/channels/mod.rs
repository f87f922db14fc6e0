//! The channels that an administrator has configured, read from TOML. Every mistake is told by name, never by its value.

mod fields;
mod gateway;
mod robot;
mod smtp;
mod url;

use std::collections::BTreeSet;

pub(crate) use fields::{Fields, is_this_machine};
pub(crate) use gateway::{Encoding, Gateway, Node, Part, Template};
pub(crate) use robot::{Format, Robot};
pub(crate) use smtp::{Encryption, Login, Smtp};
pub(crate) use url::Url;

use tokio_rustls::rustls::pki_types::CertificateDer;
use toml::{Table, Value};

/// Most channels of one installation. A province has a handful; more is a mistake.
const CHANNELS_MAX: usize = 50;
/// Longest id: it stands in tables and addresses.
const ID_CHARS_MAX: usize = 32;
/// What a channel is called in sentences that are not about one channel.
const WHOLE: &str = "渠道配置";

/// Settings that cannot be used, with everything that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .wrong.join("\n"))]
pub struct BadChannels {
    /// One sentence for each mistake.
    pub wrong: Vec<String>,
}

/// Kind 渠道类型 — by what a channel delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// E-mail by SMTP, to a mail address.
    Mail,
    /// The robot of a WeCom group, to the whole group.
    WeCom,
    /// The robot of a DingTalk group, to the whole group.
    DingTalk,
    /// A gateway of short messages, to a mobile number.
    Sms,
}

impl Kind {
    /// How people call it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Mail => "电子邮件",
            Kind::WeCom => "企业微信群机器人",
            Kind::DingTalk => "钉钉群机器人",
            Kind::Sms => "短信",
        }
    }

    /// True when a letter goes to a whole group and names no addressee.
    pub fn is_group(self) -> bool {
        matches!(self, Kind::WeCom | Kind::DingTalk)
    }
}

/// Channels 渠道 — the configured ways to people, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Channels {
    list: Vec<Channel>,
}

/// Channel 渠道 — one way to people.
#[derive(Debug, Clone)]
pub(crate) struct Channel {
    pub id: String,
    pub way: Way,
    /// Trusted instead of what the system trusts; empty means the system.
    pub authorities: Vec<CertificateDer<'static>>,
}

/// The settings of a kind.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    Smtp(Smtp),
    WeCom(Robot),
    DingTalk(Robot),
    Sms(Gateway),
}

impl Channel {
    fn kind(&self) -> Kind {
        match self.way {
            Way::Smtp(_) => Kind::Mail,
            Way::WeCom(_) => Kind::WeCom,
            Way::DingTalk(_) => Kind::DingTalk,
            Way::Sms(_) => Kind::Sms,
        }
    }

    /// Host and port.
    pub(crate) fn target(&self) -> String {
        match &self.way {
            Way::Smtp(smtp) => format!("{}:{}", smtp.host, smtp.port),
            Way::WeCom(robot) | Way::DingTalk(robot) => robot.url.target(),
            Way::Sms(gateway) => gateway.url.target(),
        }
    }

    /// True when it needs to know whom to trust.
    pub(crate) fn is_encrypted(&self) -> bool {
        match &self.way {
            Way::Smtp(smtp) => smtp.encryption != Encryption::None,
            Way::WeCom(robot) | Way::DingTalk(robot) => robot.url.is_encrypted,
            Way::Sms(gateway) => gateway.url.is_encrypted,
        }
    }
}

impl Channels {
    /// Reads `[[channel]]` tables. An empty text has no channels.
    pub fn parse(toml: &str) -> Result<Channels, BadChannels> {
        let mut wrong = Vec::new();
        let list = match toml.parse::<Table>() {
            Ok(table) => read(table, &mut wrong),
            Err(error) => {
                wrong.push(not_toml(toml, &error));
                Vec::new()
            }
        };
        if wrong.is_empty() { Ok(Channels { list }) } else { Err(BadChannels { wrong }) }
    }

    /// The names of the channels, in the order of the file.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|channel| channel.id.as_str())
    }

    /// By what a channel delivers.
    pub fn kind(&self, id: &str) -> Option<Kind> {
        self.get(id).map(Channel::kind)
    }

    /// The host and port that a channel calls, for the administrator's page.
    pub fn target(&self, id: &str) -> Option<String> {
        self.get(id).map(Channel::target)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Channel> {
        self.list.iter().find(|channel| channel.id == id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Channel> {
        self.list.iter()
    }
}

/// Where the text stops being TOML. The parser's own picture of the line would show a password.
fn not_toml(toml: &str, error: &toml::de::Error) -> String {
    let line = error.span().and_then(|span| toml.get(..span.start)).map(|before| before.matches('\n').count() + 1);
    match line {
        Some(line) => format!("{WHOLE}第 {line} 行不符合 TOML 格式。请检查引号、等号和方括号。"),
        None => format!("{WHOLE}不符合 TOML 格式。"),
    }
}

fn read(mut table: Table, wrong: &mut Vec<String>) -> Vec<Channel> {
    let tables = match table.remove("channel") {
        None => Vec::new(),
        Some(Value::Array(list)) => list,
        Some(_) => {
            wrong.push(format!("{WHOLE}的每个渠道应以 [[channel]] 开头(两对方括号)。"));
            Vec::new()
        }
    };
    wrong.extend(table.keys().map(|key| format!("{WHOLE}里有不认识的项目“{key}”。每个渠道应以 [[channel]] 开头。")));
    if tables.len() > CHANNELS_MAX {
        wrong.push(format!("{WHOLE}里有 {} 个渠道,最多 {CHANNELS_MAX} 个。", tables.len()));
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let mut list = Vec::new();
    for (at, value) in tables.into_iter().enumerate() {
        let Value::Table(table) = value else {
            wrong.push(format!("第 {} 个渠道应是一组“名称 = 值”。", at + 1));
            continue;
        };
        if let Some(channel) = one(at, table, wrong) {
            if !seen.insert(channel.id.clone()) {
                wrong.push(format!("有两个渠道的 id 都是“{}”。请改掉一个。", channel.id));
            }
            list.push(channel);
        }
    }
    list
}

fn one(at: usize, table: Table, wrong: &mut Vec<String>) -> Option<Channel> {
    let mut fields = Fields::new(format!("第 {} 个渠道", at + 1), table, wrong);
    let id = fields.must_text("id");
    if id.is_empty() {
        return None; // told already
    }
    if !is_id(&id) {
        fields.wrong(&format!("的 id 应是 1 到 {ID_CHARS_MAX} 个小写字母、数字、“-”或“_”。"));
        return None;
    }
    fields.rename(format!("渠道“{id}”"));
    let authorities = fields.certificates("ca");
    let way = match fields.must_text("kind").as_str() {
        "smtp" => Some(Way::Smtp(smtp::read(&mut fields))),
        "wecom" => robot::read(&mut fields, false).map(Way::WeCom),
        "dingtalk" => robot::read(&mut fields, true).map(Way::DingTalk),
        "sms" => gateway::read(&mut fields).map(Way::Sms),
        "" => return None,
        _ => {
            fields.wrong("的 kind 应是 smtp、wecom、dingtalk 或 sms。");
            return None; // nobody knows which fields belong to it
        }
    };
    fields.finish();
    Some(Channel { id, way: way?, authorities })
}

fn is_id(text: &str) -> bool {
    (1..=ID_CHARS_MAX).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
}
