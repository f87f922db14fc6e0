//! The identity platform of an installation: its settings from a file, reached by the courier.

use std::path::Path;
use std::time::Duration;

use youju_app::identity::{Answering, Platform, Reach, Settings};
use youju_courier::{Identity, IdentitySettings, Limits, SecretPlace};

use crate::open::Failure;

/// A person waits for each of up to three calls, and a request may take a minute.
const CALL_LASTS: Duration = Duration::from_secs(15);

/// The platform as the courier reaches it.
struct Reached(Identity);

impl Reach for Reached {
    fn get<'a>(&'a self, url: &'a str) -> Answering<'a> {
        Box::pin(self.0.get(url))
    }

    fn redeem<'a>(&'a self, url: &'a str, form: Vec<(&'static str, String)>) -> Answering<'a> {
        Box::pin(async move { self.0.redeem(url, &form).await })
    }
}

/// The platform of a file; none without one.
pub(crate) fn platform(file: Option<&Path>, address: &str) -> Result<Option<Platform>, Failure> {
    let Some(path) = file else { return Ok(None) };
    if address.is_empty() {
        return Err("用 --identity 时,--address 应写外部访问的网址:统一身份认证平台要把人送回那里。".into());
    }
    let shown = path.display();
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("不能读取统一身份认证平台的配置 {shown}:{error}。"))?;
    let settings =
        IdentitySettings::parse(&text).map_err(|error| format!("统一身份认证平台的配置 {shown} 有误:\n{error}"))?;
    let secret = secret(&settings.secret)?;
    let ours = Settings {
        label: settings.label.clone(),
        issuer: settings.issuer.clone(),
        client: settings.client.clone(),
        claim: settings.claim.clone(),
        scopes: settings.scopes.clone(),
        second_factor: settings.second_factor.clone(),
    };
    let limits = Limits { time_out: CALL_LASTS, ..Limits::default() };
    let reached = Identity::new(settings, &secret, limits).map_err(|error| error.to_string())?;
    Ok(Some(Platform::new(ours, Box::new(Reached(reached)))))
}

fn secret(place: &SecretPlace) -> Result<String, Failure> {
    match place {
        SecretPlace::Nowhere => Ok(String::new()),
        SecretPlace::File(path) => {
            let shown = path.display();
            let read = std::fs::read_to_string(path);
            Ok(read.map_err(|error| format!("不能读取统一身份认证平台的密码文件 {shown}:{error}。"))?)
        }
        SecretPlace::Variable(name) => {
            Ok(std::env::var(name).map_err(|_| format!("没有环境变量 {name},统一身份认证平台的密码应写在那里。"))?)
        }
    }
}
