//! Stories of encryption.

use std::fs;
use std::time::Duration;

use tempfile::tempdir;
use tokio::time::timeout;
use tokio_rustls::rustls::{ProtocolVersion, version};
use youju_gate::{BadCertificate, Certificate, Limits, to_https};

use crate::make::{Authority, BOTH, Gate, ask, hear, say};

#[tokio::test]
async fn a_page_travels_encrypted_by_both_versions_and_never_in_the_open() {
    let (authority, folder) = (Authority::new(), tempdir().unwrap());
    let (certificate, key) = authority.write(&folder, 1);
    let gate = Gate::open(Some(Certificate::read(&certificate, &key).unwrap()), Limits::default()).await;
    let spoken = [(&version::TLS13, ProtocolVersion::TLSv1_3), (&version::TLS12, ProtocolVersion::TLSv1_2)];
    for (offered, expected) in spoken {
        let mut stream = authority.connect(gate.at, &[offered]).await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(expected));
        assert!(ask(&mut stream, "/").await.ends_with("from 127.0.0.1"));
    }
    let mut plain = gate.dial().await;
    say(&mut plain, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let heard = hear(&mut plain).await;
    assert!(!heard.contains("HTTP/1.1 200") && !heard.contains("from"), "{heard}");
}

#[tokio::test]
async fn a_handshake_that_hangs_holds_nobody_up_and_is_given_up() {
    let (authority, folder) = (Authority::new(), tempdir().unwrap());
    let (certificate, key) = authority.write(&folder, 1);
    let limits = Limits { handshake: Duration::from_millis(600), ..Limits::default() };
    let gate = Gate::open(Some(Certificate::read(&certificate, &key).unwrap()), limits).await;
    let mut hanging = Vec::new();
    for _ in 0..40 {
        let mut stream = gate.dial().await;
        // The first bytes of a greeting that never comes.
        say(&mut stream, "\u{16}\u{3}\u{1}").await;
        hanging.push(stream);
    }
    let mut stream = timeout(Duration::from_secs(5), authority.connect(gate.at, BOTH)).await.unwrap().unwrap();
    assert!(ask(&mut stream, "/").await.contains("200 OK"));
    for mut stream in hanging {
        assert_eq!(hear(&mut stream).await, "");
    }
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_restart_and_a_bad_one_never() {
    let (authority, folder) = (Authority::new(), tempdir().unwrap());
    let (path, key) = authority.write(&folder, 1);
    let certificate = Certificate::read(&path, &key).unwrap();
    let gate = Gate::open(Some(certificate.clone()), Limits::default()).await;
    let shown = async || {
        let stream = authority.connect(gate.at, BOTH).await.unwrap();
        stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
    };
    let first = shown().await;
    authority.write(&folder, 2);
    assert_eq!(shown().await, first);
    certificate.renew().unwrap();
    let second = shown().await;
    assert_ne!(first, second);
    // Half of a pair: the certificate of one key with another key.
    let old = fs::read(&path).unwrap();
    authority.write(&folder, 3);
    fs::write(&path, old).unwrap();
    assert!(matches!(certificate.renew(), Err(BadCertificate::Unfit(_))));
    assert_eq!(shown().await, second);
}

#[test]
fn a_certificate_says_until_when_it_counts() {
    let (authority, folder) = (Authority::new(), tempdir().unwrap());
    for (year, wanted) in [(2031, "2031-05-09"), (2049, "2049-05-09"), (2051, "2051-05-09")] {
        let (path, key) = authority.write_until(&folder, 1, year);
        let certificate = Certificate::read(&path, &key).unwrap();
        assert_eq!(certificate.last_day(), Some(wanted.parse().unwrap()));
        assert_eq!(certificate.file(), path.display().to_string());
    }
}

#[test]
fn what_is_wrong_with_the_files_is_told_without_the_key() {
    let (authority, folder) = (Authority::new(), tempdir().unwrap());
    let (certificate, key) = authority.write(&folder, 1);
    let none = folder.path().join("none.pem");
    let told = |certificate, key| Certificate::read(certificate, key).unwrap_err().to_string();
    assert!(told(&none, &key).starts_with("不能读取 "));
    assert!(told(&key, &key).contains("没有 PEM 格式的证书"));
    assert!(told(&certificate, &certificate).contains("没有 PEM 格式的私钥"));
    let secret = fs::read_to_string(&key).unwrap();
    let line = secret.lines().nth(1).unwrap();
    fs::write(&key, secret.replace(&line[10..20], "AAAAAAAAAA")).unwrap();
    let said = told(&certificate, &key);
    assert!(!said.contains(&line[20..40]), "{said}");
    assert!(!format!("{:?}", Certificate::read(&certificate, &authority.write(&folder, 2).1)).contains("PRIVATE"));
}

#[tokio::test]
async fn plain_requests_are_sent_to_the_known_address_whatever_host_they_name() {
    let gate = Gate::before(to_https("https://tj.example.gov.cn/"), None, Limits::default()).await;
    let mut stream = gate.dial().await;
    let asked = "POST /sign-in?back=%2Finbox HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    say(&mut stream, asked).await;
    let heard = hear(&mut stream).await.to_lowercase();
    assert!(heard.starts_with("http/1.1 308 "), "{heard}");
    assert!(heard.contains("\r\nlocation: https://tj.example.gov.cn/sign-in?back=%2finbox\r\n"), "{heard}");
}
