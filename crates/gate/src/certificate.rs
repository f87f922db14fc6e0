//! The certificate of the server: read from PEM files, and read again when they change.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use chrono::NaiveDate;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig, version};

use crate::validity::last_day;

/// How often the files are looked at. Programs that renew certificates write both within a moment.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Why a certificate cannot be used, in words for the administrator. The key itself is never told.
#[derive(Debug, thiserror::Error)]
pub enum BadCertificate {
    /// A file cannot be read.
    #[error("不能读取 {path}:{cause}。")]
    Unreadable {
        /// Which.
        path: String,
        /// Why.
        cause: io::Error,
    },
    /// No certificate stands in the file.
    #[error("{0} 中没有 PEM 格式的证书(应有 BEGIN CERTIFICATE 一行)。")]
    NoCertificate(String),
    /// No private key stands in the file.
    #[error("{0} 中没有 PEM 格式的私钥(应有 BEGIN PRIVATE KEY 一行);加了口令的私钥请先去掉口令。")]
    NoKey(String),
    /// They do not fit, or are of a kind that is not used.
    #[error("证书和私钥不能一起使用:{0}。请检查两个文件是不是一对,证书文件是否从服务器自己的证书开始。")]
    Unfit(rustls::Error),
}

/// A certificate with its key. Clones are one and the same: when it is renewed, new connections get the new one.
#[derive(Clone)]
pub struct Certificate {
    files: Arc<(PathBuf, PathBuf)>,
    current: Arc<RwLock<TlsAcceptor>>,
}

impl Certificate {
    /// Reads both files. TLS 1.2 and 1.3 are spoken, nothing older.
    pub fn read(certificate: &Path, key: &Path) -> Result<Certificate, BadCertificate> {
        let acceptor = acceptor(certificate, key)?;
        Ok(Certificate {
            files: Arc::new((certificate.to_owned(), key.to_owned())),
            current: Arc::new(RwLock::new(acceptor)),
        })
    }

    /// Reads both files again. When they cannot be used, the old ones stay in use.
    pub fn renew(&self) -> Result<(), BadCertificate> {
        let acceptor = acceptor(&self.files.0, &self.files.1)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = acceptor;
        Ok(())
    }

    /// The file that the certificate stands in.
    pub fn file(&self) -> String {
        self.files.0.display().to_string()
    }

    /// The last day of the certificate in the file, as it is now; none where it cannot be read.
    pub fn last_day(&self) -> Option<NaiveDate> {
        let text = fs::read(&self.files.0).ok()?;
        last_day(CertificateDer::pem_slice_iter(&text).next()?.ok()?.as_ref())
    }

    /// Renews for ever, whenever one of the files has changed.
    pub async fn follow(&self) {
        let mut seen = self.changed_at();
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let now = self.changed_at();
            if now != seen {
                // A key that is not written yet: the next look finds another time.
                match self.renew() {
                    Ok(()) => tracing::info!("the certificate was renewed"),
                    Err(error) => tracing::error!(%error, "the changed certificate cannot be used; the old one stays"),
                }
                seen = now;
            }
        }
    }

    fn changed_at(&self) -> [Option<SystemTime>; 2] {
        [&self.files.0, &self.files.1].map(|path| fs::metadata(path).and_then(|about| about.modified()).ok())
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificate").field("files", &self.files).finish_non_exhaustive()
    }
}

fn acceptor(certificate: &Path, key: &Path) -> Result<TlsAcceptor, BadCertificate> {
    let name = |path: &Path| path.display().to_string();
    let read = |path| fs::read(path).map_err(|cause| BadCertificate::Unreadable { path: name(path), cause });
    let chain = CertificateDer::pem_slice_iter(&read(certificate)?).collect::<Result<Vec<_>, pem::Error>>();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    let chain = chain.ok_or_else(|| BadCertificate::NoCertificate(name(certificate)))?;
    let secret = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|_| BadCertificate::NoKey(name(key)))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])
        .map_err(BadCertificate::Unfit)?
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .map_err(BadCertificate::Unfit)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
