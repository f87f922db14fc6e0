//! A small mail server: speaks enough of RFC 5321 and RFC 4954 to take a letter, or to say no at any step.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What the server says.
#[derive(Clone)]
pub struct Script {
    pub greeting: &'static str,
    /// The ways to log in, none if empty: `PLAIN LOGIN`.
    pub auth: &'static str,
    pub user: &'static str,
    pub password: &'static str,
    pub wrong_login: &'static str,
    pub recipient: &'static str,
    pub content: &'static str,
    pub tls: Option<TlsAcceptor>,
    /// Encrypts after STARTTLS instead of from the start.
    pub starttls: bool,
    /// Said together with the leave to encrypt, by somebody on the way.
    pub injected: &'static str,
}

impl Default for Script {
    fn default() -> Script {
        Script {
            greeting: "220 mail.example.gov.cn ESMTP",
            auth: "",
            user: "tjj",
            password: "correct horse",
            wrong_login: "535 5.7.8 Error: authentication failed",
            recipient: "250 2.1.5 Ok",
            content: "250 2.0.0 Ok: queued as 4F1A2B",
            tls: None,
            starttls: false,
            injected: "",
        }
    }
}

/// What the server heard.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// Every command line.
    pub lines: Vec<String>,
    /// The mails, dots unstuffed.
    pub mails: Vec<String>,
}

/// A running server.
pub struct Server {
    pub port: u16,
    heard: Arc<Mutex<Heard>>,
}

impl Server {
    pub async fn start(script: Script) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let shared = Arc::clone(&heard);
        tokio::spawn(async move {
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                let _ended = connection(tcp, &script, &shared).await;
            }
        });
        Server { port, heard }
    }

    pub fn heard(&self) -> Heard {
        self.heard.lock().unwrap().clone()
    }

    /// The only mail.
    #[track_caller]
    pub fn mail(&self) -> String {
        let mails = self.heard().mails;
        assert_eq!(mails.len(), 1, "{mails:?}");
        mails.into_iter().next().unwrap()
    }
}

async fn connection(mut tcp: TcpStream, script: &Script, heard: &Mutex<Heard>) -> std::io::Result<()> {
    let Some(tls) = &script.tls else { return talk(BufReader::new(tcp), script, heard, true).await };
    if script.starttls {
        let mut stream = BufReader::new(&mut tcp);
        say(&mut stream, script.greeting).await?;
        hear(&mut stream, heard).await?;
        say(&mut stream, "250-mail.example.gov.cn\r\n250 STARTTLS").await?;
        hear(&mut stream, heard).await?;
        say(&mut stream, &format!("220 Ready to start TLS{}", script.injected)).await?;
    }
    let stream = tls.accept(tcp).await?;
    talk(BufReader::new(stream), script, heard, !script.starttls).await
}

async fn say(stream: &mut (impl AsyncWrite + Unpin), line: &str) -> std::io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await?;
    stream.flush().await
}

async fn hear(
    stream: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>,
    heard: &Mutex<Heard>,
) -> std::io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    let line = line.trim_end_matches("\r\n").to_owned();
    heard.lock().unwrap().lines.push(line.clone());
    Ok(line)
}

async fn talk(
    mut stream: BufReader<impl AsyncRead + AsyncWrite + Unpin>,
    script: &Script,
    heard: &Mutex<Heard>,
    greets: bool,
) -> std::io::Result<()> {
    if greets {
        say(&mut stream, script.greeting).await?;
    }
    loop {
        let line = hear(&mut stream, heard).await?;
        let answer = match line.split(' ').next().unwrap() {
            "EHLO" if script.auth.is_empty() => "250 mail.example.gov.cn".to_owned(),
            "EHLO" => format!("250-mail.example.gov.cn\r\n250 AUTH {}", script.auth),
            "AUTH" => log_in(&mut stream, &line, script, heard).await?,
            "MAIL" => "250 2.1.0 Ok".to_owned(),
            "RCPT" => script.recipient.to_owned(),
            "DATA" => {
                say(&mut stream, "354 End data with <CR><LF>.<CR><LF>").await?;
                let mail = content(&mut stream).await?;
                heard.lock().unwrap().mails.push(mail);
                script.content.to_owned()
            }
            "QUIT" => return say(&mut stream, "221 2.0.0 Bye").await,
            _ => "502 5.5.2 Error: command not recognized".to_owned(),
        };
        say(&mut stream, &answer).await?;
    }
}

async fn log_in(
    stream: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>,
    line: &str,
    script: &Script,
    heard: &Mutex<Heard>,
) -> std::io::Result<String> {
    let decode = |text: &str| String::from_utf8(STANDARD.decode(text).unwrap()).unwrap();
    let (user, password) = if let Some(plain) = line.strip_prefix("AUTH PLAIN ") {
        let plain = decode(plain);
        let mut parts = plain.split('\0').skip(1);
        (parts.next().unwrap().to_owned(), parts.next().unwrap().to_owned())
    } else {
        say(stream, "334 VXNlcm5hbWU6").await?;
        let user = decode(&hear(stream, heard).await?);
        say(stream, "334 UGFzc3dvcmQ6").await?;
        (user, decode(&hear(stream, heard).await?))
    };
    let is_right = user == script.user && password == script.password;
    Ok(if is_right { "235 2.7.0 Authentication successful".to_owned() } else { script.wrong_login.to_owned() })
}

async fn content(stream: &mut BufReader<impl AsyncRead + Unpin>) -> std::io::Result<String> {
    let mut mail = String::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        match line.as_str() {
            ".\r\n" | "" => return Ok(mail),
            line => mail.push_str(line.strip_prefix('.').unwrap_or(line)),
        }
    }
}
