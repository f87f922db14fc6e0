//! Courier 投递: delivers one message through one channel, and says what became of it.
//!
//! What lives here: e-mail, group robots, gateways of short messages, the calls to an identity platform, and every connection that the program
//! opens by itself.
//! What never will: who is told what and when, retries, the data base, messages on the program's own pages.
//!
//! It calls the hosts of the configured channels, and of the configured platform, and nobody else: no redirect is followed, no proxy is taken from the
//! environment. Secrets stand in no `Debug` output and in no reason.
//!
//! ```
//! use youju_courier::{BadChannels, Channels, Kind};
//!
//! # fn main() -> Result<(), BadChannels> {
//! let channels = Channels::parse(
//!     r#"
//!     [[channel]]
//!     id = "mail"
//!     kind = "smtp"
//!     host = "smtp.example.gov.cn"
//!     from = "tjj@example.gov.cn"
//!     user = "tjj"
//!     password = "not shown"
//!     "#,
//! )?;
//! assert_eq!(channels.kind("mail"), Some(Kind::Mail));
//! assert_eq!(channels.target("mail").as_deref(), Some("smtp.example.gov.cn:465"));
//! assert!(!format!("{channels:?}").contains("not shown"));
//! # Ok(()) }
//! ```

mod channels;
mod courier;
mod gateway;
mod http;
mod identity;
mod letter;
mod limits;
mod mail;
mod outcome;
mod robot;
mod secret;
mod smtp;
mod trust;
mod wire;

pub use channels::{BadChannels, Channels, Kind};
pub use courier::Courier;
pub use identity::{Identity, IdentitySettings, SecretPlace};
pub use letter::Letter;
pub use limits::{
    ANSWER_BYTES_MAX, DINGTALK_BYTES_MAX, LINK_BYTES_MAX, Limits, SMS_CHARS_MAX, SUBJECT_CHARS_MAX, TEXT_BYTES_MAX,
    TIME_OUT_SECONDS_MAX, WECOM_MARKDOWN_BYTES_MAX, WECOM_TEXT_BYTES_MAX,
};
pub use outcome::Outcome;
pub use robot::dingtalk_signature;
