//! A gate with its certificate, and clients that behave or do not.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion, version};
use youju_gate::{Certificate, Limits, serve};

/// An authority that clients trust.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

impl Authority {
    pub fn new() -> Authority {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Authority { issuer: Issuer::new(params, key), certificate }
    }

    /// Writes a fresh certificate and its key into the folder.
    pub fn write(&self, folder: &TempDir, serial: u64) -> (PathBuf, PathBuf) {
        self.write_until(folder, serial, 4096)
    }

    /// The same, until 9 May of a year.
    pub fn write_until(&self, folder: &TempDir, serial: u64, year: i32) -> (PathBuf, PathBuf) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["tj.example.gov.cn".to_owned()]).unwrap();
        params.serial_number = Some(serial.into());
        params.not_after = rcgen::date_time_ymd(year, 5, 9);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let (first, second) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        fs::write(&first, certificate.pem()).unwrap();
        fs::write(&second, key.serialize_pem()).unwrap();
        (first, second)
    }

    pub async fn connect(
        &self,
        to: SocketAddr,
        versions: &[&'static SupportedProtocolVersion],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let tcp = TcpStream::connect(to).await.unwrap();
        TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("tj.example.gov.cn").unwrap(), tcp).await
    }
}

pub const BOTH: &[&SupportedProtocolVersion] = &[&version::TLS13, &version::TLS12];

/// A gate that is open until it is told to close.
pub struct Gate {
    pub at: SocketAddr,
    pub close: Option<oneshot::Sender<()>>,
    pub closed: JoinHandle<()>,
}

impl Gate {
    pub async fn open(certificate: Option<Certificate>, limits: Limits) -> Gate {
        Gate::before(pages(), certificate, limits).await
    }

    pub async fn before(pages: Router, certificate: Option<Certificate>, limits: Limits) -> Gate {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (close, closing) = oneshot::channel();
        let closed = tokio::spawn(serve(listener, certificate, pages, limits, async {
            let _ = closing.await;
        }));
        Gate { at, close: Some(close), closed }
    }

    pub async fn dial(&self) -> TcpStream {
        TcpStream::connect(self.at).await.unwrap()
    }
}

fn pages() -> Router {
    Router::new()
        .route("/", get(async |ConnectInfo(from): ConnectInfo<SocketAddr>| format!("from {}", from.ip())))
        .route(
            "/slow",
            get(async || {
                tokio::time::sleep(Duration::from_millis(900)).await;
                "done"
            }),
        )
        .route("/large", get(async || vec![b'x'; 64 << 20]))
        .route("/count", post(async |body: String| body.len().to_string()))
}

/// Asks for a page and reads what comes until the end.
pub async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), path: &str) -> String {
    say(stream, &format!("GET {path} HTTP/1.1\r\nHost: tj.example.gov.cn\r\nConnection: close\r\n\r\n")).await;
    hear(stream).await
}

pub async fn say(stream: &mut (impl AsyncWrite + Unpin), text: &str) {
    // A closed connection is told by what is heard.
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.flush().await;
}

/// What comes until the other end closes; within ten seconds, or the test fails.
pub async fn hear(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    let reading = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut bytes)).await;
    let _ = reading.expect("the connection stays open");
    String::from_utf8_lossy(&bytes).into_owned()
}
