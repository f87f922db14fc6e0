//! The journal 操作日志 as pure computation: a Merkle tree over canonical entries, as RFC 9162 (Certificate Transparency) defines it.
//!
//! Here live: the hashes of leaves and nodes, the [`Frontier`] with which a log grows by one entry in logarithmic time, the [`Tree`]
//! that proves inclusion and consistency, the checks of such proofs, the canonical bytes of an [`Entry`], and the [`Verifier`] that
//! names the first entry that does not fit.
//!
//! Beside them live the things that leave the house: the [`SignedCheckpoint`], which dates and signs the head of a log in the public formats
//! of C2SP; the proof [`Bundle`], one text by which anybody checks some entries and documents against a checkpoint, offline and years later
//! ([`verify_bundle`]); and the export of a whole journal, line by line ([`ExportWriter`], [`verify_export`]).
//!
//! Nobody needs Youju to check a journal: docs/journal.md gives every format in full, and the separate program `youju-verify` is this crate with
//! a command line.
//!
//! Here never live: databases, files, clocks, random bytes, access rules, or what an action means.
//!
//! ```
//! use youju_journal::{Algorithm, Bundle, Checkpoint, Document, Entry, Head, Parts, SignedCheckpoint, SigningKey, Tree};
//! use youju_journal::{sha256, verify_bundle};
//!
//! let cells = br#"{"B1.1":"1250.00"}"#;
//! let payload = format!(r#"{{"cells_hash":"{}","version":3}}"#, sha256(cells));
//! let entry = Entry {
//!     seq: 1,
//!     at: "2026-03-05T08:30:00.000000Z",
//!     actor_id: "0195b2c1-0000-7000-8000-000000000001",
//!     actor_name: "王敏",
//!     action: "report.submit",
//!     object_kind: "report",
//!     object_id: "206-1/2026-02/91330781MA2000000X",
//!     payload: &payload,
//! };
//! let tree = Tree::from_leaves([entry.leaf_hash()]);
//!
//! // The office dates and signs the head of its journal. The 32 secret bytes were drawn at random somewhere else.
//! let key = SigningKey::new("tjj.example.gov.cn/youju", Algorithm::Ed25519, &[7; 32]).unwrap();
//! let head = Head { size: tree.size(), root: tree.root() };
//! let checkpoint = Checkpoint::new("tjj.example.gov.cn/youju", head, "2026-03-06T00:00:00.000000Z").unwrap();
//! let checkpoint = SignedCheckpoint::sign(checkpoint, &[&key]).unwrap();
//!
//! // It hands the submitted figures out, with everything that is needed to check them.
//! let document = Document {
//!     name: "填报数据.json".into(),
//!     media_type: "application/json".into(),
//!     bytes: cells.to_vec(),
//!     entry: 1,
//!     key: "cells_hash".into(),
//! };
//! let keys = vec![key.verifying_key().clone()];
//! let parts = Parts { checkpoint, keys: keys.clone(), older: None, entries: vec![(&entry).into()], documents: vec![document] };
//! let text = Bundle::build(parts, &tree).unwrap().to_text();
//!
//! // Whoever knows the office's key checks the text and nothing else.
//! let report = verify_bundle(text.as_bytes(), &keys).unwrap();
//! assert!(report.is_proved());
//! assert!(verify_bundle(text.replace("1250", "1350").as_bytes(), &keys).is_err());
//! // Without the key, everything fits together, and nothing is proved.
//! assert!(!verify_bundle(text.as_bytes(), &[]).unwrap().is_proved());
//! ```

mod bundle;
mod checkpoint;
mod entry;
mod export;
mod frontier;
mod hash;
mod instant;
pub mod json;
mod key;
pub mod limits;
mod note;
mod owned;
mod proof;
mod tree;
mod trust;

pub use bundle::{BadBundle, Bundle, Document, Flaw, OlderReport, Parts, Place, Report, verify as verify_bundle};
pub use checkpoint::{BadCheckpoint, Checkpoint, SignedCheckpoint};
pub use entry::{Entry, Head, Mismatch, Stored, Verifier, What, verify};
pub use export::{BadExport, ExportReport, ExportWriter, verify_export};
pub use frontier::{BadFrontier, Frontier};
pub use hash::{BadHash, Hash, leaf_hash, node_hash, sha256};
pub use instant::{in_beijing, is_instant};
pub use key::{Algorithm, BadKey, KeyId, SECRET_BYTES, SIGNATURE_BYTES, SigningKey, VerifyingKey};
pub use note::{BadNote, Note, Signature};
pub use owned::EntryBuf;
pub use proof::{verify_consistency, verify_inclusion};
pub use tree::Tree;
pub use trust::{Signer, Unproved};
