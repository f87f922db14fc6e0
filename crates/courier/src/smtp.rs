//! Hands a mail to a mail server (RFC 5321), step by step, so that a refusal says which step was refused.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Quit, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio_rustls::TlsConnector;

use crate::channels::{Encryption, Login, Smtp};
use crate::limits::{GOODBYE_SECONDS_MAX, Limits};
use crate::mail::Mail;
use crate::outcome::Outcome;
use crate::secret::Veil;
use crate::wire::{Measured, Trouble, Wire, dial, encrypt, within};

/// A greeting that has been heard already.
const HEARD: &[u8] = b"220 youju\r\n";

/// What the server was asked when it said no.
#[derive(Debug, Clone, Copy)]
enum Step {
    Hello,
    Login,
    Sender,
    Recipient,
    Content,
}

impl Step {
    fn refused(self) -> &'static str {
        match self {
            Step::Hello => "邮件服务器不接待",
            Step::Login => "邮件服务器不认用户名或密码",
            Step::Sender => "邮件服务器不接受发件地址",
            Step::Recipient => "邮件服务器不接受收件地址",
            Step::Content => "邮件服务器不接受邮件内容",
        }
    }
}

/// One conversation with one server.
pub(crate) struct Talk<'a> {
    pub smtp: &'a Smtp,
    pub target: &'a str,
    pub trust: Option<&'a TlsConnector>,
    pub veil: &'a Veil,
    pub limits: &'a Limits,
}

impl Talk<'_> {
    /// Hands the mail over.
    pub(crate) async fn send(&self, mail: &Mail) -> Outcome {
        let handed = within(self.limits.time_out, self.hand_over(mail)).await;
        match handed.unwrap_or_else(|silent| Err(self.trouble(&silent))) {
            Ok((receipt, mut connection)) => {
                // It is delivered, whatever becomes of the goodbye.
                let goodbye = std::time::Duration::from_secs(GOODBYE_SECONDS_MAX).min(self.limits.time_out);
                let _said = within(goodbye, connection.command(Quit)).await;
                Outcome::delivered(receipt)
            }
            Err(outcome) => outcome,
        }
    }

    async fn hand_over(&self, mail: &Mail) -> Result<(String, AsyncSmtpConnection), Outcome> {
        let hello = self.smtp.hello.clone().map_or_else(ClientId::default, ClientId::Domain);
        let wire = self.connect(&hello).await?;
        let opened = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &hello).await;
        let mut connection = opened.map_err(|error| self.no(Step::Hello, &error))?;
        if let Some(login) = &self.smtp.login {
            self.log_in(&mut connection, login).await?;
        }
        let from = MailFrom::new(mail.envelope.from().cloned(), Vec::new());
        connection.command(from).await.map_err(|error| self.no(Step::Sender, &error))?;
        for to in mail.envelope.to() {
            let to = Rcpt::new(to.clone(), Vec::new());
            connection.command(to).await.map_err(|error| self.no(Step::Recipient, &error))?;
        }
        connection.command(Data).await.map_err(|error| self.no(Step::Content, &error))?;
        let said = connection.message(&mail.bytes).await.map_err(|error| self.no(Step::Content, &error))?;
        let words = said.message().collect::<Vec<_>>().join(" ");
        Ok((self.veil.quote(&format!("{} {words}", said.code())), connection))
    }

    async fn log_in(&self, connection: &mut AsyncSmtpConnection, login: &Login) -> Result<(), Outcome> {
        let ways = [Mechanism::Plain, Mechanism::Login];
        if connection.server_info().get_auth_mechanism(&ways).is_none() {
            return Err(Outcome::refused(format!(
                "{} 不支持用户名密码登录(PLAIN 或 LOGIN)。请检查加密方式和端口,或去掉 user 和 password。",
                self.target
            )));
        }
        let credentials = Credentials::new(login.user.clone(), login.password.reveal().to_owned());
        connection.auth(&ways, &credentials).await.map_err(|error| self.no(Step::Login, &error))?;
        Ok(())
    }

    /// A connection on which the server has still to greet, or is made to.
    async fn connect(&self, hello: &ClientId) -> Result<Greeted, Outcome> {
        let connected = async {
            let mut tcp = dial(&self.smtp.host, self.smtp.port, self.limits).await?;
            let (wire, greeting): (Wire, _) = match (self.smtp.encryption, self.trust) {
                (Encryption::None, _) => (Box::new(tcp), &b""[..]),
                (Encryption::Tls, Some(trust)) => (encrypt(tcp, &self.smtp.host, trust).await?, &b""[..]),
                (Encryption::StartTls, Some(trust)) => match ask_for_tls(&mut tcp, hello).await? {
                    Asked::Granted => (encrypt(tcp, &self.smtp.host, trust).await?, HEARD),
                    Asked::Denied { code, words } => return Ok(Err(self.answer(Step::Hello, code, &words))),
                    Asked::Unknown => return Ok(Err(self.no_starttls())),
                },
                (_, None) => return Err(Trouble::Untrusted("渠道没有可用的证书。")),
            };
            Ok(Ok(Greeted { wire, greeting }))
        };
        connected.await.unwrap_or_else(|trouble: Trouble| Err(self.trouble(&trouble)))
    }

    fn no_starttls(&self) -> Outcome {
        Outcome::refused(format!(
            "{} 不提供 STARTTLS 加密,信没有发出。请检查端口,或把 encryption 改为 tls。",
            self.target
        ))
    }

    fn trouble(&self, trouble: &Trouble) -> Outcome {
        trouble.outcome(self.target, self.limits)
    }

    fn no(&self, step: Step, error: &Error) -> Outcome {
        let Some(code) = error.status() else { return self.trouble(&Trouble::behind(error)) };
        let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        self.answer(step, code.into(), &words)
    }

    /// 4yz may pass, 5yz will not (RFC 5321, 4.2.1).
    fn answer(&self, step: Step, code: u16, words: &str) -> Outcome {
        let said = self.veil.quote(&format!("{code} {words}"));
        let what = step.refused();
        if code >= 500 {
            Outcome::refused(format!("{what}。{} 说:{said}", self.target))
        } else {
            Outcome::failed(format!("{what},但可以稍后再试。{} 说:{said}", self.target))
        }
    }
}

/// What came of asking for encryption.
enum Asked {
    Granted,
    Denied { code: u16, words: String },
    Unknown,
}

/// Greets and asks for TLS. Replies are read byte by byte, so that nothing said before the encryption counts after it.
async fn ask_for_tls(tcp: &mut Measured, hello: &ClientId) -> Result<Asked, Trouble> {
    let hello = format!("EHLO {hello}\r\n");
    for (line, is_hello) in [("", false), (hello.as_str(), true), ("STARTTLS\r\n", false)] {
        tcp.write_all(line.as_bytes()).await.map_err(|error| Trouble::behind(&error))?;
        let (code, words) = reply(tcp).await?;
        if !(200..300).contains(&code) {
            return Ok(Asked::Denied { code, words });
        }
        if is_hello && !words.lines().any(|word| word.trim().eq_ignore_ascii_case("STARTTLS")) {
            return Ok(Asked::Unknown);
        }
    }
    Ok(Asked::Granted)
}

/// One reply: its code, and its lines.
async fn reply(tcp: &mut Measured) -> Result<(u16, String), Trouble> {
    let mut words = String::new();
    loop {
        let mut line = Vec::new();
        while line.last() != Some(&b'\n') {
            line.push(tcp.read_u8().await.map_err(|error| Trouble::behind(&error))?);
        }
        let line = String::from_utf8_lossy(&line).into_owned();
        let code = line.get(..3).and_then(|code| code.parse().ok()).ok_or(Trouble::Broken)?;
        words.push_str(line.get(4..).unwrap_or_default());
        if line.get(3..4) != Some("-") {
            return Ok((code, words));
        }
    }
}

/// A connection whose greeting may have been heard before.
#[derive(Debug)]
struct Greeted {
    wire: Wire,
    greeting: &'static [u8],
}

impl AsyncRead for Greeted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.greeting.is_empty() {
            return Pin::new(&mut self.wire).poll_read(cx, buf);
        }
        let (now, later) = self.greeting.split_at(self.greeting.len().min(buf.remaining()));
        buf.put_slice(now);
        self.greeting = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Greeted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.wire).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for Greeted {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Err(io::ErrorKind::Unsupported.into()) // asked for by nobody on this way
    }
}
