//! Addresses around an identity platform.

/// Sends somebody to the platform in order to sign in.
pub const SIGN_IN_PLATFORM: &str = "/sign-in/platform";
/// Where the platform sends people back to.
pub const SIGN_IN_PLATFORM_BACK: &str = youju_app::identity::BACK_PATH;
/// 统一身份: tying one's own account.
pub const ACCOUNT_IDENTITY: &str = "/account/identity";
/// Unties it.
pub const ACCOUNT_IDENTITY_UNTIE: &str = "/account/identity/untie";
