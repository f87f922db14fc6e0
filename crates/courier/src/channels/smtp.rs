//! Settings of a mail server.

use lettre::Address;

use super::fields::{Fields, is_this_machine};
use crate::letter::one_line;
use crate::secret::Secret;

/// How the way to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// From the first byte.
    Tls,
    /// After a plain greeting.
    StartTls,
    /// Not at all.
    None,
}

/// A mail server.
#[derive(Debug, Clone)]
pub(crate) struct Smtp {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    pub login: Option<Login>,
    pub from: Option<Address>,
    pub from_name: Option<String>,
    /// What this machine calls itself.
    pub hello: Option<String>,
}

/// User and password.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub user: String,
    pub password: Secret,
}

/// Reads the settings; mistakes are written down.
pub(crate) fn read(fields: &mut Fields<'_>) -> Smtp {
    let host = host(fields, "host");
    let choices = [("tls", Encryption::Tls), ("starttls", Encryption::StartTls), ("none", Encryption::None)];
    let encryption = fields.choice("encryption", &choices, Encryption::Tls);
    let usual = match encryption {
        Encryption::Tls => 465,
        Encryption::StartTls => 587,
        Encryption::None => 25,
    };
    let port = fields.number("port", 1, u16::MAX).unwrap_or(usual);
    let login = login(fields);
    if encryption == Encryption::None && login.is_some() && !is_this_machine(&host) {
        fields.wrong("的 encryption 是 none,密码会被沿途看到。请改用 tls 或 starttls,或去掉 user 和 password。");
    }
    let from = fields.must_text("from");
    let address = (!from.is_empty()).then(|| crate::mail::address(&from)).flatten();
    if address.is_none() && !from.is_empty() {
        fields.wrong("的 from 应是一个邮箱地址,如 tjj@example.gov.cn;显示的名称写在 from_name。");
    }
    let from_name = fields.text("from_name").map(|name| one_line(&name));
    let hello = fields.text("hello").filter(|name| is_host(name, fields, "hello"));
    Smtp { host, port, encryption, login, from: address, from_name, hello }
}

fn host(fields: &mut Fields<'_>, key: &str) -> String {
    let host = fields.must_text(key);
    if !host.is_empty() {
        is_host(&host, fields, key);
    }
    host
}

fn is_host(text: &str, fields: &mut Fields<'_>, key: &str) -> bool {
    let is_host = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'));
    if !is_host {
        fields.wrong(&format!("的 {key} 应是主机名或 IP 地址,不带 https:// 和端口。"));
    }
    is_host
}

fn login(fields: &mut Fields<'_>) -> Option<Login> {
    match (fields.text("user"), fields.text("password")) {
        (Some(user), Some(password)) => Some(Login { user, password: Secret::new(password) }),
        (None, None) => None,
        (Some(_), None) => {
            fields.wrong("写了 user,缺少 password。");
            None
        }
        (None, Some(_)) => {
            fields.wrong("写了 password,缺少 user。");
            None
        }
    }
}
