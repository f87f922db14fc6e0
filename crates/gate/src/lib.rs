//! Gate 大门: where connections come in. Encryption, how long somebody may take to say what they want, how many come at once.
//!
//! What lives here: the listener, certificates and their renewal, limits of connections, the way from plain http to https. What never will:
//! pages, rules, the data base. What passes is handed to a router as it is.
//!
//! ```no_run
//! # async fn example(pages: axum::Router) -> std::io::Result<()> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8600").await?;
//! youju_gate::serve(listener, None, pages, youju_gate::Limits::default(), std::future::pending()).await;
//! # Ok(())
//! # }
//! ```

mod addresses;
mod certificate;
mod limits;
mod redirect;
mod sent;
mod serve;
mod validity;
mod watched;

pub use certificate::{BadCertificate, Certificate};
pub use limits::Limits;
pub use redirect::to_https;
pub use serve::serve;
