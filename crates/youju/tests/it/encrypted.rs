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
