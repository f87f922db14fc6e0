//! Whom an encrypted connection trusts: the system's authorities, or the ones written into the channel.

use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// The authorities that the system trusts. One that is odd is left out: the others still count.
pub(crate) fn system() -> Vec<CertificateDer<'static>> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs().certs;
    found.into_iter().filter(|found| roots.add(found.clone()).is_ok()).collect()
}

/// Encrypts, and trusts only these authorities. `None` when one of them cannot be used.
pub(crate) fn connector(authorities: &[CertificateDer<'static>]) -> Option<TlsConnector> {
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        roots.add(authority.clone()).ok()?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .ok()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Some(TlsConnector::from(Arc::new(config)))
}
