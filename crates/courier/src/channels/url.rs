//! A web address as a channel needs it.

use hyper::Uri;

use crate::secret::Secret;

/// Where to call. The path often holds a key, so it is never shown.
#[derive(Debug, Clone)]
pub(crate) struct Url {
    pub host: String,
    pub port: u16,
    pub is_encrypted: bool,
    /// Path and query.
    pub path: Secret,
}

impl Url {
    /// Reads `https://…` or `http://…`, or says what is wrong.
    pub(crate) fn parse(text: &str) -> Result<Url, &'static str> {
        let uri: Uri = text.parse().map_err(|_| "不是网址。请整段复制,以 https:// 开头。")?;
        let is_encrypted = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("应以 https:// 开头。"),
        };
        let authority = uri.authority().ok_or("里没有主机名。")?;
        if authority.as_str().contains('@') {
            return Err("的主机名前不能写用户名和密码。请用 headers。");
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() {
            return Err("里没有主机名。");
        }
        let port = authority.port_u16().unwrap_or(if is_encrypted { 443 } else { 80 });
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Url { host, port, is_encrypted, path: Secret::new(path) })
    }

    /// Host and port.
    pub(crate) fn target(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Host, and port if it is not the usual one, as the header `Host` spells them.
    pub(crate) fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let usual = if self.is_encrypted { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }

    /// Path and query with further parameters, which are in the spelling of forms.
    pub(crate) fn path_with(&self, query: &str) -> String {
        let path = self.path.reveal();
        match (query.is_empty(), path.contains('?')) {
            (true, _) => path.to_owned(),
            (false, true) => format!("{path}&{query}"),
            (false, false) => format!("{path}?{query}"),
        }
    }

    /// Everything in it that a reason must not show: the path, and each value of the query.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        let path = self.path.reveal();
        let values = path.split(['?', '&']).skip(1).filter_map(|pair| pair.split_once('=')).map(|(_, value)| value);
        values.chain((path != "/").then_some(path)).collect()
    }
}
