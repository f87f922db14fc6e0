//! Proof bundles 证明包: one text that holds everything needed to check some entries and documents against a signed checkpoint, years later and offline.

mod flaw;
mod text;

pub use flaw::{BadBundle, Flaw, Place};

use crate::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::hash::{Hash, sha256};
use crate::json::string_member;
use crate::key::VerifyingKey;
use crate::limits::{BUNDLE_BYTES_MAX, LABEL_BYTES_MAX};
use crate::owned::EntryBuf;
use crate::proof::{verify_consistency, verify_inclusion};
use crate::tree::Tree;
use crate::trust::{Signer, Unproved, idle_key, is_any_trusted, signers};

/// A document 文件 whose SHA-256 stands in the particulars of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Name for people. It proves nothing.
    pub name: String,
    /// Media type, `application/json`. It proves nothing.
    pub media_type: String,
    /// The document, byte by byte.
    pub bytes: Vec<u8>,
    /// The entry of the bundle that holds the fingerprint, by its place in the journal.
    pub entry: u64,
    /// Under which key of that entry's particulars: `cells_hash`, `file_hash`.
    pub key: String,
}

impl Document {
    /// Fingerprint of the bytes.
    pub fn sha256(&self) -> Hash {
        sha256(&self.bytes)
    }
}

/// What a bundle is made of, before it has proofs.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Up to where the journal is proved.
    pub checkpoint: SignedCheckpoint,
    /// The keys of all signatures below the checkpoints.
    pub keys: Vec<VerifyingKey>,
    /// A checkpoint that the reader may already have.
    pub older: Option<SignedCheckpoint>,
    /// The entries to be proved.
    pub entries: Vec<EntryBuf>,
    /// The documents to be proved.
    pub documents: Vec<Document>,
}

/// Bundle 证明包 that passed every check of its own: [`Bundle::build`] makes one, [`verify`] reads one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    keys: Vec<VerifyingKey>,
    checkpoint: SignedCheckpoint,
    older: Option<Older>,
    entries: Vec<Proved>,
    documents: Vec<Document>,
}

/// An older checkpoint with the proof that its log is the beginning of the newer one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Older {
    checkpoint: SignedCheckpoint,
    consistency: Vec<Hash>,
}

/// An entry with the proof that it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Proved {
    entry: EntryBuf,
    inclusion: Vec<Hash>,
}

/// Report 核对结果 of a bundle in which everything fits. Whether it proves anything depends on [`Report::is_proved`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The log, its size and root, and when.
    pub checkpoint: Checkpoint,
    /// Who signed that.
    pub signers: Vec<Signer>,
    /// The older checkpoint, which the newer one continues.
    pub older: Option<OlderReport>,
    /// Entries that stand in the log.
    pub entries: Vec<EntryBuf>,
    /// Documents whose fingerprints stand in those entries.
    pub documents: Vec<Document>,
}

/// An older checkpoint of the same log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OlderReport {
    /// Its size and root, and when.
    pub checkpoint: Checkpoint,
    /// Who signed that.
    pub signers: Vec<Signer>,
}

impl Report {
    /// True if a key that the reader trusts signed the checkpoint. Otherwise only inner consistency was shown.
    pub fn is_proved(&self) -> bool {
        is_any_trusted(&self.signers)
    }

    /// What was not proved, and how the reader may go on.
    pub fn unproved(&self) -> Vec<Unproved> {
        let is_older_open = self.older.as_ref().is_some_and(|older| !is_any_trusted(&older.signers));
        let count = self.checkpoint.head().size.saturating_sub(self.entries.len() as u64);
        let open = [
            (!self.is_proved(), Unproved::Signer),
            (self.is_proved() && is_older_open, Unproved::OlderSigner),
            (true, Unproved::Time),
            (true, Unproved::OneLog),
            (count > 0, Unproved::OtherEntries { count }),
            (true, Unproved::Choice),
            (true, Unproved::Truth),
        ];
        open.into_iter().filter_map(|(is_open, what)| is_open.then_some(what)).collect()
    }
}

/// Reads a bundle and checks all of it. With trusted keys, one of them must have signed the checkpoint. Without any, the report says what is missing.
pub fn verify(bundle: &[u8], trusted: &[VerifyingKey]) -> Result<Report, BadBundle> {
    if bundle.len() > BUNDLE_BYTES_MAX {
        return Err(Flaw::TooLong.at(Place::Whole));
    }
    let text = std::str::from_utf8(bundle).map_err(|bad| Flaw::NotUtf8.at(Place::Byte(bad.valid_up_to() + 1)))?;
    let read = Bundle::parse(text)?;
    let report = read.check(trusted)?;
    // The reader takes one writing only, so that nothing but the closing fingerprint can differ here.
    if read.to_text() == text { Ok(report) } else { Err(Flaw::Digest.at(Place::Whole)) }
}

impl Bundle {
    /// Adds the proofs, which the tree over the whole journal gives. Whoever gets the bundle can check it, or it is not made.
    pub fn build(parts: Parts, tree: &Tree) -> Result<Bundle, BadBundle> {
        let size = parts.checkpoint.checkpoint().head().size;
        let mut entries = Vec::new();
        for entry in parts.entries {
            let path = entry.seq.checked_sub(1).and_then(|index| tree.inclusion(index, size));
            let inclusion = path.ok_or_else(|| Flaw::Outside { size }.at(Place::Entry(entry.seq)))?;
            entries.push(Proved { entry, inclusion });
        }
        entries.sort_by_key(|proved| proved.entry.seq);
        let with_proof = |checkpoint: SignedCheckpoint| {
            let proof = tree.consistency(checkpoint.checkpoint().head().size, size);
            let consistency = proof.ok_or(Flaw::Fork.at(Place::Older))?;
            Ok::<_, BadBundle>(Older { checkpoint, consistency })
        };
        let older = parts.older.map(with_proof).transpose()?;
        let documents = parts.documents;
        let bundle = Bundle { keys: parts.keys, checkpoint: parts.checkpoint, older, entries, documents };
        verify(bundle.to_text().as_bytes(), &[])?;
        Ok(bundle)
    }

    /// Everything but the writing.
    fn check(&self, trusted: &[VerifyingKey]) -> Result<Report, BadBundle> {
        let signed =
            |signed, place| signers(signed, &self.keys, trusted).map_err(|bad| Flaw::Checkpoint(bad).at(place));
        let by = signed(&self.checkpoint, Place::Checkpoint)?;
        if !trusted.is_empty() && !is_any_trusted(&by) {
            let fingerprints = by.iter().map(|signer| signer.key.fingerprint()).collect();
            return Err(Flaw::Untrusted { fingerprints }.at(Place::Checkpoint));
        }
        let older = match &self.older {
            None => None,
            Some(older) => {
                let signers = signed(&older.checkpoint, Place::Older)?;
                self.check_older(older)?;
                Some(OlderReport { checkpoint: older.checkpoint.checkpoint().clone(), signers })
            }
        };
        let both: Vec<&Signer> = by.iter().chain(older.iter().flat_map(|older| &older.signers)).collect();
        if let Some(nth) = idle_key(&self.keys, &both) {
            return Err(Flaw::UnusedKey.at(Place::Key(nth)));
        }
        self.check_entries()?;
        for (nth, document) in (1..).zip(&self.documents) {
            let place = || Place::Document { nth, name: document.name.clone() };
            self.check_document(document).map_err(|flaw| flaw.at(place()))?;
        }
        Ok(Report {
            checkpoint: self.checkpoint.checkpoint().clone(),
            signers: by,
            older,
            entries: self.entries.iter().map(|proved| proved.entry.clone()).collect(),
            documents: self.documents.clone(),
        })
    }

    fn check_older(&self, older: &Older) -> Result<(), BadBundle> {
        let (old, new) = (older.checkpoint.checkpoint(), self.checkpoint.checkpoint());
        if old.origin() != new.origin() {
            return Err(Flaw::OtherLog.at(Place::Older));
        }
        if old.head().size > new.head().size || old.at() > new.at() {
            return Err(Flaw::NotOlder.at(Place::Older));
        }
        let (before, after) = (old.head(), new.head());
        let is_same = verify_consistency(before.size, after.size, &older.consistency, &before.root, &after.root);
        if is_same { Ok(()) } else { Err(Flaw::Fork.at(Place::Older)) }
    }

    fn check_entries(&self) -> Result<(), BadBundle> {
        let head = self.checkpoint.checkpoint().head();
        let mut before = 0;
        for Proved { entry, inclusion } in &self.entries {
            let place = Place::Entry(entry.seq);
            if entry.seq <= before {
                return Err(Flaw::Order.at(place));
            }
            if entry.seq > head.size {
                return Err(Flaw::Outside { size: head.size }.at(place));
            }
            if !verify_inclusion(&entry.entry().leaf_hash(), entry.seq - 1, head.size, inclusion, &head.root) {
                return Err(Flaw::NotIncluded.at(place));
            }
            before = entry.seq;
        }
        Ok(())
    }

    fn check_document(&self, document: &Document) -> Result<(), Flaw> {
        for label in [&document.name, &document.media_type, &document.key] {
            if label.is_empty() || label.len() > LABEL_BYTES_MAX || label.chars().any(char::is_control) {
                return Err(Flaw::Label);
            }
        }
        let seq = document.entry;
        let found = self.entries.binary_search_by_key(&seq, |proved| proved.entry.seq);
        let proved = found.ok().and_then(|at| self.entries.get(at)).ok_or(Flaw::NoEntry { seq })?;
        let key = || document.key.clone();
        let stored =
            string_member(&proved.entry.payload, &document.key).ok_or_else(|| Flaw::NoHash { seq, key: key() })?;
        let is_same = stored == document.sha256().to_string();
        if is_same { Ok(()) } else { Err(Flaw::OtherHash { seq, key: key() }) }
    }
}
