//! The journal 操作日志 as pure computation: a Merkle tree over canonical entries, as RFC 9162 (Certificate Transparency) defines it.
//!
//! Here live: the hashes of leaves and nodes, the [`Frontier`] with which a log grows by one entry in logarithmic time, the [`Tree`]
//! that proves inclusion and consistency, the checks of such proofs, the canonical bytes of an [`Entry`], and the [`Verifier`] that
//! names the first entry that does not fit. Nobody needs Youju to check a journal: the format is ten lines in any language.
//!
//! Here never live: databases, files, clocks, access rules, or what an action means.
//!
//! ```
//! use youju_journal::{Entry, Frontier, Stored, verify};
//!
//! let entry = Entry {
//!     seq: 1,
//!     at: "2026-03-05T08:30:00.000000Z",
//!     actor_id: "0195b2c1-0000-7000-8000-000000000001",
//!     actor_name: "王敏",
//!     action: "report.submit",
//!     object_kind: "report",
//!     object_id: "206-1/2026-02/91330781MA2000000X",
//!     payload: r#"{"version":3}"#,
//! };
//! let mut log = Frontier::default();
//! log.append(entry.leaf_hash());
//! let (leaf, root) = (entry.leaf_hash(), log.root());
//! let head = verify([Stored { entry, leaf_hash: leaf.as_bytes(), root_hash: root.as_bytes() }]).unwrap();
//! assert_eq!((head.size, head.root), (1, root));
//! ```

mod bundle;
mod checkpoint;
mod entry;
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
pub use frontier::{BadFrontier, Frontier};
pub use hash::{BadHash, Hash, leaf_hash, node_hash, sha256};
pub use instant::{in_beijing, is_instant};
pub use key::{Algorithm, BadKey, KeyId, SECRET_BYTES, SIGNATURE_BYTES, SigningKey, VerifyingKey};
pub use note::{BadNote, Note, Signature};
pub use owned::EntryBuf;
pub use proof::{verify_consistency, verify_inclusion};
pub use tree::Tree;
pub use trust::{Signer, Unproved};
