//! Stories of a server that encrypts by itself.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rcgen::{CertificateParams, KeyPair};

use crate::house::House;

fn certificate(house: &House) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["tj.example.gov.cn".to_owned()]).unwrap().self_signed(&key).unwrap();
    house.write("cert.pem", certificate.pem());
    house.write("key.pem", key.serialize_pem());
}

#[test]
fn what_does_not_fit_together_is_refused_before_anything_is_opened() {
    let house = House::new();
    certificate(&house);
    let tls = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];
    let refused = |more: &[&str], says: &str| {
        let ran = house.run(&[&["serve", "--data", "data", "--listen", "127.0.0.1:0"], more].concat());
        assert!(ran.code == 2 && ran.err.contains(says), "{more:?}: {} {}", ran.code, ran.err);
        assert!(!house.path("data").exists());
    };
    refused(&tls[..2], "--tls-key");
    refused(&["--tls-cert", "cert.pem", "--tls-key", "none.pem"], "不能读取 none.pem");
    refused(&["--tls-cert", "cert.pem", "--tls-key", "cert.pem"], "cert.pem 中没有 PEM 格式的私钥");
    refused(&[&tls[..], &["--behind-proxy"]].concat(), "--behind-proxy");
    refused(&["--redirect-from", "127.0.0.1:0"], "--tls-cert");
    let open = [&tls[..], &["--redirect-from", "127.0.0.1:0", "--address", "http://tj.example.gov.cn"]].concat();
    refused(&open, "以 https:// 开头");
}

#[test]
fn a_new_key_stands_before_the_old_one_and_what_there_is_to_seal_is_told() {
    let house = House::new();
    let run = |arguments: &[&str]| {
        let ran = house.run(&[&["secrets"], arguments, &["--data", "data"]].concat());
        assert!(ran.code == 0 && ran.err.is_empty(), "{arguments:?}: {} {}", ran.code, ran.err);
        ran.out
    };
    let told = run(&["seal", "--dry-run"]);
    assert!(
        told.starts_with("现在的密钥:aes-256-gcm:") && told.contains("附件和导入的原文件:共 0 条,其中 0 条"),
        "{told}"
    );
    let file = house.path("data/secret.key");
    let old = std::fs::read_to_string(&file).unwrap();
    let told = run(&["rotate", "--to", "sm4"]);
    let keys = std::fs::read_to_string(&file).unwrap();
    let (new, rest) = keys.split_once('\n').unwrap();
    assert!(new.starts_with("sm4-gcm ") && rest == old && told.starts_with("新密钥 sm4-gcm:"), "{told}");
    assert!(!told.contains(&new[10..30]));
    assert!(!house.path("data/secret.key.new").exists());
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions()) & 0o777,
        0o600
    );
    assert!(run(&["seal"]).starts_with("现在的密钥:sm4-gcm:"));
    let refused = house.run(&["secrets", "rotate", "--to", "des", "--data", "data"]);
    assert!(refused.code == 2 && refused.err.contains("没有“des”这种算法,可以写 aes、sm4"), "{}", refused.err);
}

#[test]
fn an_encrypted_server_says_so_and_answers_nothing_in_the_open() {
    let house = House::new();
    certificate(&house);
    let said = house.path("said");
    let mut server = house
        .command(&[
            "serve",
            "--data",
            "data",
            "--listen",
            "127.0.0.1:0",
            "--tls-cert",
            "cert.pem",
            "--tls-key",
            "key.pem",
        ])
        .stdout(std::fs::File::create(&said).unwrap())
        .spawn()
        .unwrap();
    let began = Instant::now();
    let address = loop {
        let text = std::fs::read_to_string(&said).unwrap();
        if let Some(address) = text.split("https://").nth(1).filter(|rest| rest.ends_with('\n')) {
            break address.trim().to_owned();
        }
        assert!(began.elapsed() < Duration::from_mins(1), "it did not start: {text}");
        std::thread::sleep(Duration::from_millis(50));
    };
    let mut plain = TcpStream::connect(address).unwrap();
    plain.write_all(b"GET /sign-in HTTP/1.1\r\nHost: tj.example.gov.cn\r\n\r\n").unwrap();
    let mut heard = Vec::new();
    let _ = plain.read_to_end(&mut heard);
    assert!(!String::from_utf8_lossy(&heard).contains("HTTP/1.1 200"));
    server.kill().unwrap();
    server.wait().unwrap();
}
