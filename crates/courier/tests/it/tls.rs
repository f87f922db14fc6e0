//! Stories of encryption: an authority of our own, servers with its certificates.

use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::http_server::{self, json};
use crate::make::{at, courier, delivered, failed, letter, refused};
use crate::smtp_server::{Script, Server};

/// An authority, its certificate in PEM, and a server that it vouches for under a name.
fn authority_and_server(name: &str) -> (String, TlsAcceptor) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority: Certificate = params.self_signed(&key).unwrap();
    let issuer = Issuer::new(params, &key);
    let server_key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&server_key, &issuer).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![server.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server_key.serialize_der())),
        )
        .unwrap();
    (authority.pem(), TlsAcceptor::from(Arc::new(config)))
}

fn mail(port: u16, encryption: &str, ca: &str) -> String {
    let ca = if ca.is_empty() { String::new() } else { format!("ca = '''\n{ca}'''\n") };
    format!(
        "[[channel]]\nid = 'mail'\nkind = 'smtp'\nhost = '127.0.0.1'\nport = {port}\nencryption = '{encryption}'\n\
         from = 'tjj@example.gov.cn'\nuser = 'tjj'\npassword = 'correct horse'\n{ca}"
    )
}

const TO: &str = "kuaiji@example.com";

#[tokio::test]
async fn a_letter_travels_encrypted_from_the_first_byte() {
    let (ca, tls) = authority_and_server("127.0.0.1");
    let server = Server::start(Script { auth: "PLAIN", tls: Some(tls), ..Script::default() }).await;
    delivered(courier(&mail(server.port, "tls", &ca)).deliver("mail", &letter(TO), at()).await);
    assert_eq!(server.heard().mails.len(), 1);
}

#[tokio::test]
async fn a_letter_travels_encrypted_after_starttls() {
    let (ca, tls) = authority_and_server("127.0.0.1");
    let script = Script { auth: "PLAIN", tls: Some(tls), starttls: true, ..Script::default() };
    let server = Server::start(script).await;
    delivered(courier(&mail(server.port, "starttls", &ca)).deliver("mail", &letter(TO), at()).await);
    let lines = server.heard().lines;
    let verbs: Vec<&str> = lines.iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(verbs, ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]);
}

#[tokio::test]
async fn what_is_slipped_in_before_the_encryption_never_counts_after_it() {
    let (ca, tls) = authority_and_server("127.0.0.1");
    let injected = "\r\n250-evil\r\n250 AUTH PLAIN";
    let script = Script { auth: "PLAIN", tls: Some(tls), starttls: true, injected, ..Script::default() };
    let server = Server::start(script).await;
    failed(courier(&mail(server.port, "starttls", &ca)).deliver("mail", &letter(TO), at()).await);
    assert!(server.heard().mails.is_empty());
}

#[tokio::test]
async fn a_server_without_starttls_gets_neither_password_nor_letter() {
    let server = Server::start(Script { auth: "PLAIN", ..Script::default() }).await;
    let (ca, _) = authority_and_server("127.0.0.1");
    let reason = refused(courier(&mail(server.port, "starttls", &ca)).deliver("mail", &letter(TO), at()).await);
    assert!(reason.contains("不提供 STARTTLS 加密,信没有发出"), "{reason}");
    assert_eq!(server.heard().lines.len(), 1, "{:?}", server.heard());
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_ends_the_conversation() {
    let (_, tls) = authority_and_server("127.0.0.1");
    let (another, _) = authority_and_server("127.0.0.1");
    let server = Server::start(Script { tls: Some(tls), ..Script::default() }).await;
    for ca in [another.as_str(), ""] {
        let (reason, _) = failed(courier(&mail(server.port, "tls", ca)).deliver("mail", &letter(TO), at()).await);
        assert!(reason.contains("证书的签发机构不受信任"), "{reason}");
    }
    assert!(server.heard().lines.is_empty());
}

#[tokio::test]
async fn a_certificate_for_another_name_ends_the_conversation() {
    let (ca, tls) = authority_and_server("mail.example.com");
    let server = Server::start(Script { tls: Some(tls), ..Script::default() }).await;
    let (reason, _) = failed(courier(&mail(server.port, "tls", &ca)).deliver("mail", &letter(TO), at()).await);
    assert!(reason.contains("不是发给这个主机名的"), "{reason}");
}

#[tokio::test]
async fn a_server_that_speaks_plainly_on_an_encrypted_port_is_told() {
    let (ca, _) = authority_and_server("127.0.0.1");
    let server = Server::start(Script::default()).await;
    let (reason, _) = failed(courier(&mail(server.port, "tls", &ca)).deliver("mail", &letter(TO), at()).await);
    assert!(reason.contains("对方说的不是 TLS"), "{reason}");
}

#[tokio::test]
async fn a_robot_is_called_encrypted() {
    let (ca, tls) = authority_and_server("127.0.0.1");
    let server = http_server::Server::encrypted(json(r#"{"errcode":0,"errmsg":"ok"}"#), tls).await;
    let toml = format!(
        "[[channel]]\nid = 'group'\nkind = 'wecom'\nurl = 'https://127.0.0.1:{}/send?key=k'\nca = '''\n{ca}'''",
        server.port
    );
    delivered(courier(&toml).deliver("group", &letter(""), at()).await);
    assert_eq!(server.only().path, "/send?key=k");
}
