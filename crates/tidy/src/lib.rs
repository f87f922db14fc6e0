//! What the tests of the house need: reading a licence expression, and telling code from words in a Rust file.
//!
//! The rules themselves (who may use whom, which licences, where SQL may stand) are tests in `tests/it`; each says what to do
//! when it fails. Nothing of the product lives here, and nothing here is part of the product.
//!
//! ```
//! use youju_tidy::{licence, source};
//!
//! assert!(licence::is_allowed("MIT OR GPL-3.0", &["MIT"]));
//! assert!(!licence::is_allowed("MIT AND GPL-3.0", &["MIT"]));
//!
//! let parts = source::split("let text = \"select\"; // words");
//! assert_eq!(parts.strings, ["select"]);
//! assert!(!parts.code.contains("words"));
//! ```

pub mod licence;
pub mod source;
