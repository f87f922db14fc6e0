//! How much is read at most. Whoever meets one of these is told the number.

/// Bytes of a key's or a log's name. A name is an address such as `tjj.example.gov.cn/youju`, and stands in one line.
pub const NAME_BYTES_MAX: usize = 255;

/// Signature lines of a note, and keys that a bundle or an export carries. The format asks readers for at least 16.
pub const SIGNATURES_MAX: usize = 16;

/// Bytes of one signature. Ours have 64; the longest known kind, which may stand beside ours, has about 5,000.
pub const SIGNATURE_BYTES_MAX: usize = 8 * 1024;

/// Bytes of a note. A checkpoint with 16 long signatures stays below.
pub const NOTE_BYTES_MAX: usize = 256 * 1024;

/// Bytes of a proof bundle. It is read whole into memory, and should go by e-mail.
pub const BUNDLE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Entries of a bundle. More than that is a whole journal, for which there is the export.
pub const BUNDLE_ENTRIES_MAX: usize = 10_000;

/// Documents of a bundle.
pub const BUNDLE_DOCUMENTS_MAX: usize = 1_000;

/// Bytes of a document's name, media type or payload key: one line on a screen.
pub const LABEL_BYTES_MAX: usize = 255;

/// Fingerprints of one proof. A log of 2⁶⁴ entries has paths of 64, and one more for consistency.
pub const PROOF_HASHES_MAX: usize = 65;

/// Bytes of one line of an export. An entry holds particulars, not files.
pub const EXPORT_LINE_BYTES_MAX: usize = 16 * 1024 * 1024;
