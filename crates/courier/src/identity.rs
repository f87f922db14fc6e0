//! An identity platform 统一身份认证平台: its settings, and the two kinds of calls that signing in by it needs. What the answers mean is not
//! known here. Only the hosts of the settings are called.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use tokio_rustls::TlsConnector;
use toml::{Table, Value};

use crate::channels::{BadChannels, Fields, Url, is_this_machine};
use crate::http::{self, Call};
use crate::limits::Limits;
use crate::outcome::Outcome;
use crate::secret::{Secret, Veil};
use crate::trust;

/// What a mistake is said about.
const WHOLE: &str = "统一身份认证平台的配置";
/// Longest secret of an installation.
const SECRET_BYTES_MAX: usize = 4_096;

/// Where the secret of the installation lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// A file that only the program may read.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
    /// There is none: the platform knows the installation by its address alone.
    Nowhere,
}

/// What an installation says about an identity platform.
#[derive(Debug, Clone)]
pub struct IdentitySettings {
    /// What it is called on the button.
    pub label: String,
    /// Its address, as it names itself.
    pub issuer: String,
    /// Who the installation is there.
    pub client: String,
    /// Which claim says who somebody is.
    pub claim: String,
    /// What it is asked to say.
    pub scopes: Vec<String>,
    /// By which means somebody has given a second factor there.
    pub second_factor: Vec<String>,
    /// Where the secret lies.
    pub secret: SecretPlace,
    hosts: BTreeSet<String>,
    is_plain_allowed: bool,
    is_basic: bool,
    authorities: Vec<tokio_rustls::rustls::pki_types::CertificateDer<'static>>,
}

impl IdentitySettings {
    /// Reads the table `[platform]`.
    pub fn parse(toml: &str) -> Result<IdentitySettings, BadChannels> {
        let mut wrong = Vec::new();
        let found = if let Ok(mut table) = toml.parse::<Table>() {
            let platform = table.remove("platform");
            if let (Some(Value::Table(platform)), true) = (platform, table.is_empty()) {
                read(platform, &mut wrong)
            } else {
                wrong.push(format!("{WHOLE}应只有一个 [platform] 部分。"));
                None
            }
        } else {
            // The parser's own picture of the line may show what nobody should see.
            wrong.push(format!("{WHOLE}不符合 TOML 格式。请检查引号、等号和方括号。"));
            None
        };
        found.filter(|_| wrong.is_empty()).ok_or(BadChannels { wrong })
    }
}

fn read(table: Table, wrong: &mut Vec<String>) -> Option<IdentitySettings> {
    let mut fields = Fields::new(WHOLE.to_owned(), table, wrong);
    let (label, issuer, client) =
        (fields.must_text("label"), fields.must_text("issuer"), fields.must_text("client_id"));
    let (file, variable) = (fields.text("client_secret_file"), fields.text("client_secret_env"));
    let secret = match (file, variable) {
        (Some(file), None) => SecretPlace::File(file.into()),
        (None, Some(variable)) => SecretPlace::Variable(variable),
        (None, None) => SecretPlace::Nowhere,
        _ => {
            fields.wrong("的 client_secret_file 和 client_secret_env 只能写一个。");
            return None;
        }
    };
    let is_basic = fields.choice("client_auth", &[("basic", true), ("post", false)], true);
    let claim = fields.text("claim").unwrap_or_else(|| "sub".to_owned());
    let mut scopes = fields.words("scopes");
    if !scopes.iter().any(|scope| scope == "openid") {
        scopes.insert(0, "openid".to_owned());
    }
    let second_factor = fields.words("second_factor");
    let mut hosts: BTreeSet<String> = fields.words("hosts").into_iter().map(|host| host.to_ascii_lowercase()).collect();
    let is_plain_allowed = fields.flag("unencrypted");
    let authorities = fields.certificates("ca");
    match Url::parse(&issuer) {
        Ok(url) if url.is_encrypted || is_plain_allowed || is_this_machine(&url.host) => {
            hosts.insert(url.host.to_ascii_lowercase());
        }
        Ok(_) => fields.wrong("的 issuer 没有加密。请改用 https://;只在可信的内网里可以写明 unencrypted = true。"),
        Err(_) if issuer.is_empty() => {}
        Err(why) => fields.wrong(&format!("的 issuer {why}")),
    }
    fields.finish();
    Some(IdentitySettings {
        label,
        issuer,
        client,
        claim,
        scopes,
        second_factor,
        secret,
        hosts,
        is_plain_allowed,
        is_basic,
        authorities,
    })
}

/// Reaches an identity platform. It keeps nothing between two calls.
pub struct Identity {
    settings: IdentitySettings,
    secret: Secret,
    trust: Option<TlsConnector>,
    limits: Limits,
}

impl Identity {
    /// Reaches the platform of these settings, with the secret from where it lies.
    pub fn new(settings: IdentitySettings, secret: &str, limits: Limits) -> Result<Identity, BadChannels> {
        let told = |what: &str| BadChannels { wrong: vec![format!("{WHOLE}{what}")] };
        let secret = secret.trim();
        if secret.len() > SECRET_BYTES_MAX || (secret.is_empty() && settings.secret != SecretPlace::Nowhere) {
            return Err(told("里指明的密码是空的,或者太长。请检查那个文件或环境变量。"));
        }
        let is_own = !settings.authorities.is_empty();
        let trust = if is_own { trust::connector(&settings.authorities) } else { trust::connector(&trust::system()) };
        if trust.is_none() {
            return Err(told("的加密不能用。请检查 ca 里的证书。"));
        }
        Ok(Identity { settings, secret: Secret::new(secret), trust, limits })
    }

    /// Fetches a document.
    pub async fn get(&self, url: &str) -> Result<Vec<u8>, String> {
        self.call(Method::GET, url, &[], Vec::new()).await
    }

    /// Sends a form with the word by which the platform knows the installation.
    pub async fn redeem(&self, url: &str, form: &[(&str, String)]) -> Result<Vec<u8>, String> {
        let client = &self.settings.client;
        let mut pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut headers = Vec::new();
        let has_secret = self.settings.secret != SecretPlace::Nowhere;
        if has_secret && self.settings.is_basic {
            // Both in the spelling of forms first (RFC 6749, 2.3.1).
            let spelled = |word: &str| {
                let pair = serde_urlencoded::to_string([("", word)]).unwrap_or_default();
                pair.strip_prefix('=').unwrap_or_default().to_owned()
            };
            let both = STANDARD.encode(format!("{}:{}", spelled(client), spelled(self.secret.reveal())));
            headers.push(("authorization".to_owned(), Secret::new(format!("Basic {both}"))));
        } else {
            pairs.push(("client_id", client));
            if has_secret {
                pairs.push(("client_secret", self.secret.reveal()));
            }
        }
        let body = serde_urlencoded::to_string(pairs).map_err(|error| error.to_string())?;
        self.call(Method::POST, url, &headers, body.into_bytes()).await
    }

    async fn call(
        &self,
        method: Method,
        url: &str,
        headers: &[(String, Secret)],
        body: Vec<u8>,
    ) -> Result<Vec<u8>, String> {
        let url = Url::parse(url).map_err(|why| format!("地址{why}"))?;
        let target = url.target();
        if !self.settings.hosts.contains(&url.host.to_ascii_lowercase()) {
            return Err(format!("{target} 不在{WHOLE}的 issuer 和 hosts 里,没有访问。"));
        }
        if !(url.is_encrypted || self.settings.is_plain_allowed || is_this_machine(&url.host)) {
            return Err(format!("{target} 没有加密,没有访问。"));
        }
        let path = url.path_with("");
        let content_type = "application/x-www-form-urlencoded";
        let call = Call { method, url: &url, path, content_type, headers, body };
        let answer = http::call(call, self.trust.as_ref(), &self.limits).await;
        let answer = answer.map_err(|trouble| reason(trouble.outcome(&target, &self.limits)))?;
        // What the other side says may repeat a code or a token: only its status is told.
        match answer.verdict(&target, None, &Veil::default()) {
            None => Ok(answer.body),
            Some(_) => Err(format!("{target} 答复状态 {}。", answer.status)),
        }
    }
}

fn reason(outcome: Outcome) -> String {
    match outcome {
        Outcome::Refused { reason } | Outcome::Failed { reason, .. } => reason,
        Outcome::Delivered { .. } => String::new(),
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("settings", &self.settings).finish_non_exhaustive()
    }
}
