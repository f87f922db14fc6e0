//! The only place that opens a connection: host looked up, bytes counted, encrypted if asked for.

use std::error::Error;
use std::fmt::Debug;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::limits::Limits;
use crate::outcome::Outcome;

/// A connection in either direction, encrypted or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin + Debug {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin + Debug> Stream for T {}

/// What the two ends speak over.
pub(crate) type Wire = Box<dyn Stream>;

/// Why there was no conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    NoSuchHost,
    NotListening,
    Unreachable,
    Untrusted(&'static str),
    TooMuch,
    Silent,
    Broken,
}

impl Trouble {
    /// In words; all of it may pass.
    pub(crate) fn outcome(&self, target: &str, limits: &Limits) -> Outcome {
        Outcome::failed(match self {
            Trouble::NoSuchHost => format!("找不到主机 {target}。请检查渠道里的主机名和服务器的域名解析。"),
            Trouble::NotListening => format!("{target} 拒绝连接。请检查端口,以及对方服务是否在运行。"),
            Trouble::Unreachable => format!("连不上 {target}。请检查网络和防火墙。"),
            Trouble::Untrusted(why) => format!("与 {target} 的加密连接没有建立:{why}"),
            Trouble::TooMuch => {
                format!("{target} 的答复超过 {} 字节,已中断。请检查地址是否写对。", limits.answer_bytes)
            }
            Trouble::Silent => format!("{target} 在 {} 秒内没有答复完。", seconds(limits.time_out)),
            Trouble::Broken => format!("与 {target} 的连接中途断开,或对方的答复看不懂。请检查端口和加密方式。"),
        })
    }

    /// The kind of trouble behind an error, whoever wrapped it.
    pub(crate) fn behind(error: &(dyn Error + 'static)) -> Trouble {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(error) = error.downcast_ref::<io::Error>() {
                if error.kind() == io::ErrorKind::FileTooLarge {
                    return Trouble::TooMuch;
                }
                if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                    return Trouble::Untrusted(why_untrusted(tls));
                }
            }
            next = error.source();
        }
        Trouble::Broken
    }
}

fn seconds(time: Duration) -> String {
    let (whole, tenths) = (time.as_secs(), time.subsec_millis() / 100);
    if tenths == 0 { whole.to_string() } else { format!("{whole}.{tenths}") }
}

fn why_untrusted(error: &rustls::Error) -> &'static str {
    use rustls::CertificateError as Bad;
    match error {
        rustls::Error::InvalidCertificate(Bad::UnknownIssuer | Bad::BadSignature) => {
            "对方证书的签发机构不受信任。如是单位自建的机构,请把它的证书写进渠道的 ca。"
        }
        rustls::Error::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }) => {
            "对方的证书已过期。请联系对方更换,并检查服务器的时间。"
        }
        rustls::Error::InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => {
            "对方的证书不是发给这个主机名的。请检查渠道里的主机名。"
        }
        rustls::Error::InvalidCertificate(_) => "对方的证书不能用。",
        rustls::Error::InvalidMessage(_) => "对方说的不是 TLS。请检查端口和加密方式。",
        _ => "双方没有谈成加密方式。",
    }
}

/// Stops waiting when the time is over.
pub(crate) async fn within<T>(time: Duration, work: impl Future<Output = T>) -> Result<T, Trouble> {
    tokio::time::timeout(time, work).await.map_err(|_| Trouble::Silent)
}

/// Connects, without encryption yet.
pub(crate) async fn dial(host: &str, port: u16, limits: &Limits) -> Result<Measured, Trouble> {
    let addresses: Vec<_> = lookup_host((host, port)).await.map_err(|_| Trouble::NoSuchHost)?.collect();
    if addresses.is_empty() {
        return Err(Trouble::NoSuchHost);
    }
    let tcp = TcpStream::connect(addresses.as_slice()).await.map_err(|error| match error.kind() {
        io::ErrorKind::ConnectionRefused => Trouble::NotListening,
        _ => Trouble::Unreachable,
    })?;
    Ok(Measured { tcp, left: limits.answer_bytes })
}

/// Encrypts what is said from here on.
pub(crate) async fn encrypt(wire: Measured, host: &str, trust: &TlsConnector) -> Result<Wire, Trouble> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| Trouble::Untrusted("渠道里的主机名不能用来核对证书。请写完整的主机名。"))?;
    let stream = trust.connect(name, wire).await.map_err(|error| Trouble::behind(&error))?;
    Ok(Box::new(stream))
}

/// A connection that brings so many bytes and no more.
#[derive(Debug)]
pub(crate) struct Measured {
    tcp: TcpStream,
    left: usize,
}

impl AsyncRead for Measured {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.tcp).poll_read(cx, buf);
        let came = buf.filled().len().saturating_sub(before);
        match self.left.checked_sub(came) {
            Some(left) => self.left = left,
            None => return Poll::Ready(Err(io::ErrorKind::FileTooLarge.into())),
        }
        polled
    }
}

impl AsyncWrite for Measured {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}
