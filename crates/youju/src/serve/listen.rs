//! Where the pages are served: encrypted by ourselves, or behind a gateway that does it.

use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Router;
use clap::Args;
use tokio::net::TcpListener;
use youju_gate::{Certificate, Limits, serve, to_https};

use crate::open::Failure;

/// 加密和网关。
#[derive(Debug, Args)]
pub(super) struct Wire {
    /// 服务器证书(PEM,从自己的证书开始,接着是中间证书):程序自己用 https 提供服务。
    #[arg(long, requires = "tls_key", env = "YOUJU_TLS_CERT")]
    tls_cert: Option<PathBuf>,
    /// 证书的私钥(PEM,不带口令)。
    #[arg(long, requires = "tls_cert", env = "YOUJU_TLS_KEY")]
    tls_key: Option<PathBuf>,
    /// 在这个地址(如 0.0.0.0:80)把 http 的访问转到 --address 的网址。
    #[arg(long, requires_all = ["tls_cert", "address"], env = "YOUJU_REDIRECT_FROM")]
    redirect_from: Option<SocketAddr>,
    /// 前面有一个加密的网关(如 nginx):登录凭证不允许明文传送,来访者的地址取网关写的 X-Forwarded-For。
    #[arg(long, alias = "https", conflicts_with = "tls_cert", env = "YOUJU_BEHIND_PROXY")]
    behind_proxy: bool,
    /// 只回答这些主机名的请求(不写端口),用逗号隔开;缺省不限。
    #[arg(long = "host", value_delimiter = ',', env = "YOUJU_HOSTS")]
    pub(super) hosts: Vec<String>,
}

impl Wire {
    /// Whether browsers come by https.
    pub(super) fn is_https(&self) -> bool {
        self.behind_proxy || self.tls_cert.is_some()
    }

    /// Whether every request comes through a gateway.
    pub(super) fn is_behind_gateway(&self) -> bool {
        self.behind_proxy
    }

    /// Takes the addresses, before anything else is opened.
    pub(super) async fn open(&self, listen: SocketAddr, address: &str) -> Result<Gates, Failure> {
        let certificate = match self.tls_cert.as_deref().zip(self.tls_key.as_deref()) {
            Some((certificate, key)) => Some(Certificate::read(certificate, key)?),
            None => None,
        };
        let plain = match self.redirect_from {
            Some(_) if !address.starts_with("https://") => {
                return Err("用 --redirect-from 时,--address 应写以 https:// 开头的网址,http 的访问转到那里。".into());
            }
            Some(from) => Some((bind(from, "--redirect-from").await?, to_https(address))),
            None => None,
        };
        if !self.is_https() && !listen.ip().is_loopback() {
            tracing::warn!(
                "passwords travel unencrypted: use --tls-cert and --tls-key, or a gateway and --behind-proxy"
            );
        }
        let limits = if self.behind_proxy { Limits::behind_gateway() } else { Limits::default() };
        Ok(Gates { pages: bind(listen, "--listen").await?, certificate, plain, limits })
    }
}

async fn bind(to: SocketAddr, option: &str) -> Result<TcpListener, Failure> {
    let bound = TcpListener::bind(to).await;
    Ok(bound.map_err(|error| format!("不能在 {to} 上提供服务:{error}。请换一个 {option}。"))?)
}

/// The addresses of a server, taken and not served yet.
#[derive(Debug)]
pub(super) struct Gates {
    pages: TcpListener,
    certificate: Option<Certificate>,
    plain: Option<(TcpListener, Router)>,
    limits: Limits,
}

impl Gates {
    /// Where the pages are, for the terminal.
    pub(super) fn address(&self) -> Result<String, Failure> {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{}", self.pages.local_addr()?))
    }

    /// The certificate that is shown, if the program encrypts by itself.
    pub(super) fn certificate(&self) -> Option<Certificate> {
        self.certificate.clone()
    }

    /// Serves until the program is asked to stop.
    pub(super) async fn serve(self, pages: Router) {
        if let Some(certificate) = self.certificate.clone() {
            tokio::spawn(renewals(certificate.clone()));
            tokio::spawn(async move { certificate.follow().await });
        }
        if let Some((listener, redirect)) = self.plain {
            tokio::spawn(serve(listener, None, redirect, self.limits.clone(), std::future::pending()));
        }
        serve(self.pages, self.certificate, pages, self.limits, stopped()).await;
    }
}

/// Reads the certificate again whenever the service manager says so (SIGHUP).
async fn renewals(certificate: Certificate) {
    #[cfg(unix)]
    if let Ok(mut hang_up) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()) {
        while hang_up.recv().await.is_some() {
            match certificate.renew() {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(error) => tracing::error!(%error, "the certificate cannot be used; the old one stays"),
            }
        }
    }
    #[cfg(not(unix))]
    drop(certificate);
}

/// Ends when the terminal or the service manager asks to stop; running requests are finished first.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
