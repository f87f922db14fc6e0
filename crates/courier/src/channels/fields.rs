//! Takes the fields of one table by name, and tells what is missing, mistyped or unknown.

use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use toml::{Table, Value};

use super::url::Url;

/// The fields of one table.
pub(crate) struct Fields<'a> {
    /// Whose: `渠道“mail”`.
    place: String,
    table: Table,
    wrong: &'a mut Vec<String>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(place: String, table: Table, wrong: &'a mut Vec<String>) -> Fields<'a> {
        Fields { place, table, wrong }
    }

    /// Speaks of the table by another name from now on.
    pub(crate) fn rename(&mut self, place: String) {
        self.place = place;
    }

    /// Writes a mistake down: `的 port 应是……`.
    pub(crate) fn wrong(&mut self, what: &str) {
        self.wrong.push(format!("{}{what}", self.place));
    }

    /// A text that may be left out, but not be empty.
    pub(crate) fn text(&mut self, key: &str) -> Option<String> {
        match self.table.remove(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text),
            _ => {
                self.wrong(&format!("的 {key} 应是引号里的文字,不能为空。"));
                None
            }
        }
    }

    /// A text that must be there.
    pub(crate) fn must_text(&mut self, key: &str) -> String {
        self.must(key);
        self.text(key).unwrap_or_default()
    }

    /// A whole number between two bounds.
    pub(crate) fn number(&mut self, key: &str, least: u16, most: u16) -> Option<u16> {
        let value = self.table.remove(key)?;
        let number = value.as_integer().and_then(|number| u16::try_from(number).ok());
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.wrong(&format!("的 {key} 应是 {least} 到 {most} 的整数。"));
        }
        number
    }

    /// Yes or no; no when left out.
    pub(crate) fn flag(&mut self, key: &str) -> bool {
        match self.table.remove(key) {
            None => false,
            Some(Value::Boolean(flag)) => flag,
            Some(_) => {
                self.wrong(&format!("的 {key} 应是 true 或 false。"));
                false
            }
        }
    }

    /// One of these words, or the first when left out.
    pub(crate) fn choice<T: Copy>(&mut self, key: &str, choices: &[(&str, T)], default: T) -> T {
        let Some(word) = self.text(key) else { return default };
        if let Some((_, found)) = choices.iter().find(|(name, _)| *name == word) {
            return *found;
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        self.wrong(&format!("的 {key} 应是 {} 中的一个。", names.join("、")));
        default
    }

    /// A table of its own.
    pub(crate) fn table(&mut self, key: &str) -> Option<Table> {
        let Value::Table(table) = self.table.remove(key)? else {
            self.wrong(&format!("的 {key} 应是一组“名称 = 值”。"));
            return None;
        };
        Some(table)
    }

    /// A list of texts or whole numbers, as texts.
    pub(crate) fn words(&mut self, key: &str) -> Vec<String> {
        let Some(value) = self.table.remove(key) else { return Vec::new() };
        let words = value.as_array().map(|list| list.iter().filter_map(word).collect::<Vec<_>>());
        match words {
            Some(words) if words.len() == value.as_array().map_or(0, Vec::len) => words,
            _ => {
                self.wrong(&format!("的 {key} 应是方括号里的一列文字或整数。"));
                Vec::new()
            }
        }
    }

    /// A text, whole number, `true` or `false`, as a text.
    pub(crate) fn word(&mut self, key: &str) -> Option<String> {
        let value = self.table.remove(key)?;
        let found = word(&value);
        if found.is_none() {
            self.wrong(&format!("的 {key} 应是文字、整数、true 或 false。"));
        }
        found
    }

    /// A web address. Without encryption it may lead to this machine, or further if the administrator says so.
    pub(crate) fn url(&mut self, key: &str) -> Option<Url> {
        let unencrypted = self.flag("unencrypted");
        self.must(key);
        let text = self.text(key)?;
        let url = match Url::parse(&text) {
            Ok(url) => url,
            Err(why) => {
                self.wrong(&format!("的 {key} {why}"));
                return None;
            }
        };
        if !(url.is_encrypted || unencrypted || is_this_machine(&url.host)) {
            self.wrong(&format!(
                "的 {key} 没有加密,密钥和内容会被沿途看到。请改用 https://;只在可信的内网里可以写明 unencrypted = true。"
            ));
        }
        Some(url)
    }

    /// Certificates in PEM, trusted instead of the system's.
    pub(crate) fn certificates(&mut self, key: &str) -> Vec<CertificateDer<'static>> {
        let Some(text) = self.text(key) else { return Vec::new() };
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
        match read {
            Ok(list) if !list.is_empty() => list,
            _ => {
                self.wrong(&format!("的 {key} 应是 PEM 格式的证书,以 -----BEGIN CERTIFICATE----- 开头。"));
                Vec::new()
            }
        }
    }

    /// What is left over is unknown.
    pub(crate) fn finish(mut self) {
        let unknown: Vec<String> = self.table.keys().cloned().collect();
        for key in unknown {
            self.wrong(&format!("有不认识的项目“{key}”。请检查拼写,或对照渠道说明。"));
        }
    }

    /// The same list of mistakes for a table inside this one.
    pub(crate) fn inside(&mut self, key: &str, table: Table) -> Fields<'_> {
        Fields { place: format!("{}的 {key} ", self.place), table, wrong: self.wrong }
    }

    /// Tells that a field is missing.
    pub(crate) fn must(&mut self, key: &str) {
        if !self.table.contains_key(key) {
            self.wrong(&format!("缺少 {key}。"));
        }
    }
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// True for `localhost` and the addresses that never leave the machine.
pub(crate) fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
