//! Stories of an identity platform: what is said to it, and whom nobody ever calls.

use std::time::Duration;

use youju_courier::{Identity, IdentitySettings, Limits, SecretPlace};

use crate::http_server::{Server, answer, json};
use crate::make::dead_port;

const SECRET: &str = "correct horse: battery";

fn settings(port: u16, more: &str) -> String {
    format!(
        "[platform]\nlabel = '省统一身份认证'\nissuer = 'http://127.0.0.1:{port}'\nclient_id = 'youju lanxi'\n{more}"
    )
}

fn identity(port: u16, more: &str) -> Identity {
    let settings = IdentitySettings::parse(&settings(port, more)).unwrap();
    let limits = Limits { time_out: Duration::from_secs(2), answer_bytes: 4096 };
    Identity::new(settings, SECRET, limits).unwrap()
}

fn form() -> Vec<(&'static str, String)> {
    vec![("grant_type", "authorization_code".into()), ("code", "a&b=c".into())]
}

#[tokio::test]
async fn the_secret_travels_as_the_platform_wants_it_and_is_never_shown() {
    let server = Server::answering(json("{}")).await;
    let url = format!("http://127.0.0.1:{}/token?realm=gov", server.port);
    let basic = identity(server.port, "client_secret_env = 'X'\n");
    assert_eq!(basic.redeem(&url, &form()).await.unwrap(), b"{}");
    let seen = server.only();
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/token?realm=gov"));
    // Both in the spelling of forms, then in base64: youju+lanxi:correct+horse%3A+battery.
    assert_eq!(seen.headers["authorization"], "Basic eW91anUrbGFueGk6Y29ycmVjdCtob3JzZSUzQStiYXR0ZXJ5");
    assert_eq!(seen.headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(seen.body, "grant_type=authorization_code&code=a%26b%3Dc");
    assert!(!format!("{basic:?}").contains("correct"));

    let server = Server::answering(json("{}")).await;
    let url = format!("http://127.0.0.1:{}/token", server.port);
    let posted = identity(server.port, "client_secret_file = '/etc/x'\nclient_auth = 'post'\n");
    posted.redeem(&url, &form()).await.unwrap();
    let seen = server.only();
    assert!(!seen.headers.contains_key("authorization"));
    assert!(seen.body.ends_with("&client_id=youju+lanxi&client_secret=correct+horse%3A+battery"), "{}", seen.body);
    let public = Server::answering(json("{}")).await;
    let url = format!("http://127.0.0.1:{}/token", public.port);
    identity(public.port, "").redeem(&url, &form()).await.unwrap();
    assert!(public.only().body.ends_with("&client_id=youju+lanxi"));
}

#[tokio::test]
async fn nobody_is_called_but_the_hosts_of_the_settings_and_no_redirect_is_followed() {
    let elsewhere = Server::answering(json("{}")).await;
    let location = format!("Location: http://127.0.0.1:{}/keys", elsewhere.port);
    let server = Server::answering(answer("302 Found", &[&location], "code=abc")).await;
    let here = identity(server.port, "");
    let why = here.get(&format!("http://127.0.0.1:{}/keys", server.port)).await.unwrap_err();
    assert!(why.contains("答复状态 302") && !why.contains("abc"), "{why}");
    for url in [
        format!("http://localhost:{}/keys", elsewhere.port),
        "https://sso.evil.example/keys".to_owned(),
        "file:///etc/passwd".to_owned(),
        format!("http://user@127.0.0.1:{}/keys", elsewhere.port),
    ] {
        assert!(here.get(&url).await.is_err(), "{url}");
    }
    assert!(elsewhere.seen().is_empty());
    // Another host of the platform may be named, and is then called by encryption alone.
    let wider = identity(server.port, "hosts = ['SSO.example.gov.cn']\n");
    let why = wider.get("http://sso.example.gov.cn/keys").await.unwrap_err();
    assert_eq!(why, "sso.example.gov.cn:80 没有加密,没有访问。");
}

#[tokio::test]
async fn a_platform_that_is_down_or_talks_without_end_is_told() {
    let port = dead_port().await;
    let why = identity(port, "").get(&format!("http://127.0.0.1:{port}/keys")).await.unwrap_err();
    assert!(why.contains("拒绝连接"), "{why}");
    let server = Server::answering(json(&"x".repeat(10_000))).await;
    let why = identity(server.port, "").get(&format!("http://127.0.0.1:{}/keys", server.port)).await.unwrap_err();
    assert!(why.contains("超过 4096 字节"), "{why}");
    let failing = Server::answering(answer("500 Oops", &[], "code a&b=c")).await;
    let why = identity(failing.port, "").get(&format!("http://127.0.0.1:{}/keys", failing.port)).await.unwrap_err();
    assert!(why.ends_with("答复状态 500。"), "{why}");
}

#[test]
fn settings_are_read_whole_and_every_mistake_is_told_by_name() {
    let read = IdentitySettings::parse(
        "[platform]\nlabel = '浙里办'\nissuer = 'https://sso.example.gov.cn'\nclient_id = 'youju'\nclient_secret_file = '/etc/youju/secret'\n\
         claim = 'loginName'\nscopes = ['profile']\nsecond_factor = ['mfa', 'urn:cn:level:3']\n",
    )
    .unwrap();
    assert_eq!(read.scopes, ["openid", "profile"]);
    assert_eq!((read.claim.as_str(), read.second_factor.len()), ("loginName", 2));
    assert_eq!(read.secret, SecretPlace::File("/etc/youju/secret".into()));
    for (text, says) in [
        ("", "应只有一个 [platform] 部分"),
        ("label = 'x'", "应只有一个 [platform] 部分"),
        ("[platform]\nlabel = ", "不符合 TOML 格式"),
        ("[platform]\nlabel = 'x'\nclient_id = 'x'", "缺少 issuer"),
        ("[platform]\nlabel = 'x'\nissuer = 'http://sso.gov.cn'\nclient_id = 'x'", "issuer 没有加密"),
        ("[platform]\nlabel = 'x'\nissuer = 'sso'\nclient_id = 'x'", "issuer"),
        (
            "[platform]\nlabel = 'x'\nissuer = 'https://a.cn'\nclient_id = 'x'\nclient_secret = 'hush'",
            "不认识的项目“client_secret”",
        ),
        (
            "[platform]\nlabel = 'x'\nissuer = 'https://a.cn'\nclient_id = 'x'\nclient_secret_file = 'a'\nclient_secret_env = 'b'",
            "只能写一个",
        ),
    ] {
        let told = IdentitySettings::parse(text).unwrap_err().to_string();
        assert!(told.contains(says) && !told.contains("hush"), "{text}: {told}");
    }
    let named = IdentitySettings::parse(&settings(1, "client_secret_env = 'X'\n")).unwrap();
    assert!(Identity::new(named, " ", Limits::default()).unwrap_err().to_string().contains("空的"));
}
