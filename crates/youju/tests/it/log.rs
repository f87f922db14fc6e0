//! The log of a server, as talkative as it can be, through everything that is secret: none of it may stand there.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Child;
use std::time::{Duration, Instant};

use youju_app::world::World;
use youju_testkit::{code_on_phone, new_unit};

use crate::house::House;

const FIRST: &str = "Lanxi-Tongji-86";
const OWN: &str = "Wucheng-Jisuan-47";
const WORDS: &str = "一个很长的备份口令 2026";

/// A browser that keeps its cookies and every secret that it was told.
struct Browser {
    address: String,
    cookies: Vec<(String, String)>,
}

impl Browser {
    fn new(address: &str) -> Browser {
        Browser { address: address.to_owned(), cookies: Vec::new() }
    }

    fn ask(&mut self, method: &str, path: &str, form: &str) -> String {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            cookies.join("; "),
            form.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        for line in answer.lines().take_while(|line| !line.is_empty()) {
            if let Some(cookie) = line.strip_prefix("set-cookie: ") {
                let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
                self.cookies.retain(|(known, _)| known != name);
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    /// Signs in with the password that somebody else has set, and takes an own one.
    fn arrive(&mut self, login: &str, secrets: &mut Vec<String>) {
        let answer = self.ask("POST", "/sign-in", &format!("login={login}&password={FIRST}"));
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        let answer = self.ask("POST", "/account/password", &format!("old={FIRST}&new={OWN}&again={OWN}"));
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        secrets.extend(self.cookies.iter().map(|(_, value)| value.clone()).filter(|value| value.len() > 20));
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0
}

/// Ends with the test, whatever becomes of it.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(house: &House) -> (Server, String) {
    let (said, log) = (house.path("said"), house.path("log"));
    let server = house
        .command(&["serve", "--data", "data", "--listen", "127.0.0.1:0", "--log-dir", "logs", "--log-days", "183"])
        .env("YOUJU_LOG", "trace")
        .stdout(File::create(&said).unwrap())
        .stderr(File::create(log).unwrap())
        .spawn()
        .unwrap();
    let (server, began) = (Server(server), Instant::now());
    loop {
        let text = fs::read_to_string(&said).unwrap();
        if let Some(address) = text.split("http://").nth(1).filter(|rest| rest.ends_with('\n')) {
            return (server, address.trim().to_owned());
        }
        assert!(began.elapsed() < Duration::from_mins(1), "it did not start: {text}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Runs a command as talkative, and gives what it wrote to the log.
fn runs(house: &House, arguments: &[&str]) -> String {
    let mut command = house.command(arguments);
    command.env("YOUJU_LOG", "trace").env("YOUJU_PASSWORD", FIRST).env("YOUJU_BACKUP_PASSPHRASE", WORDS);
    let output = command.output().unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {log}");
    log
}

#[test]
fn no_secret_ever_stands_in_the_log() {
    let house = House::new();
    let mut secrets = vec![FIRST.to_owned(), OWN.to_owned(), WORDS.to_owned()];
    let add = ["person", "add", "--data", "data", "--login", "xian01", "--name", "李四", "--role", "county_officer"];
    let mut log = runs(&house, &[&add[..], &["--area", "330781"]].concat());
    log += &runs(&house, &["journal", "key", "--data", "data", "--name", "tjj.example.gov.cn/youju"]);
    let (server, address) = start(&house);
    let mut officer = Browser::new(&address);
    officer.arrive("xian01", &mut secrets);
    officer.ask("POST", "/account/second-factor/begin", &format!("password={OWN}"));
    let page = officer.ask("GET", "/account/second-factor", "");
    let secret = between(&page, "密钥填:<p><code>", "</code>").replace(' ', "");
    let code = code_on_phone(&secret, World::System.now());
    let page = officer.ask("POST", "/account/second-factor/confirm", &format!("code={code}"));
    let recovery: Vec<String> =
        page.split("<code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    assert_eq!(recovery.len(), 10, "{page}");
    secrets.extend(recovery);
    secrets.push(secret);
    let unit = new_unit(7, "330781001000", "1411");
    let form = format!("usci={}&name=x&area=330781001&industry=1411&standard=1&since=2026-01-01", unit.usci);
    let enrolled = officer.ask("POST", "/units", &form);
    assert!(enrolled.starts_with("HTTP/1.1 303"), "{enrolled}");
    let add = ["person", "add", "--data", "data", "--login", "tb001", "--name", "张三", "--role", "statistician"];
    log += &runs(&house, &[&add[..], &["--usci", unit.usci.as_str()]].concat());
    let mut clerk = Browser::new(&address);
    clerk.arrive("tb001", &mut secrets);
    let id = between(&enrolled, "location: /units/", "\r\n").split('?').next().unwrap();
    let page = clerk.ask("POST", &format!("/units/{id}/api-keys"), "name=U8&use=ledgers&last_day=");
    secrets.push(format!("yj_{}", between(&page, "value=\"yj_", "\"")));
    let wrong = clerk.ask("POST", "/sign-in", "login=tb001&password=Guessed-Password-1");
    assert!(wrong.starts_with("HTTP/1.1 401"));
    secrets.push("Guessed-Password-1".into());
    log += &runs(&house, &["secrets", "rotate", "--to", "sm4", "--data", "data"]);
    log += &runs(&house, &["secrets", "seal", "--data", "data"]);
    log += &runs(&house, &["backup", "--data", "data", "--passphrase", "--with-keys", "all.vault"]);
    drop(server);
    let on_error = fs::read_to_string(house.path("log")).unwrap();
    log += &on_error;
    // What is kept in files is the same, a file a day.
    let kept: Vec<_> = fs::read_dir(house.path("logs")).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(!kept.is_empty() && kept.len() <= 2, "{kept:?}");
    let in_files: String = kept.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(in_files.len() > 1_000 && in_files.contains("request{number="));
    log += &in_files;
    for file in ["secret.key", "journal.key"] {
        let text = fs::read_to_string(house.path("data").join(file)).unwrap();
        secrets.extend(text.split_whitespace().filter(|word| word.len() >= 32).map(str::to_owned));
    }
    assert!(secrets.len() >= 20 && secrets.iter().all(|secret| secret.len() > 8), "{}", secrets.len());
    // It is talkative indeed, and its lines belong together by the number of the request.
    assert!(log.contains("TRACE") || log.contains("DEBUG"), "{log}");
    assert!(log.contains("request{number=") && log.contains("path=\"/account/second-factor/confirm\""));
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "a secret of {} characters stands in the log", secret.len());
    }
}

#[test]
fn a_log_of_less_than_six_months_is_refused_with_the_reason() {
    let house = House::new();
    let output = house.command(&["serve", "--data", "data", "--log-dir", "logs", "--log-days", "90"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("现为 90 天") && said.contains("不少于六个月"), "{said}");
    assert!(!house.path("logs").exists(), "nothing was begun");
}
