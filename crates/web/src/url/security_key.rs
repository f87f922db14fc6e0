//! Addresses of security keys.

use youju_domain::id::SecurityKeyId;

/// The second step by a security key.
pub const SIGN_IN_KEY: &str = "/sign-in/key";
/// One's own security keys, and adding one.
pub const ACCOUNT_KEYS: &str = "/account/keys";
/// Begins to add one.
pub const ACCOUNT_KEYS_BEGIN: &str = "/account/keys/begin";

/// A command on a key: `rename`, `remove`.
pub fn key_act(id: SecurityKeyId, act: &str) -> String {
    format!("{ACCOUNT_KEYS}/{id}/{act}")
}
