//! A bundle as text: one JSON object, in one writing only. The format is described in docs/journal.md.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{BadBundle, Bundle, Document, Flaw, Older, Place, Proved};
use crate::checkpoint::SignedCheckpoint;
use crate::hash::{Hash, sha256};
use crate::json::{Reader, push_list, push_string};
use crate::key::VerifyingKey;
use crate::limits::{BUNDLE_DOCUMENTS_MAX, BUNDLE_ENTRIES_MAX, PROOF_HASHES_MAX, SIGNATURES_MAX};
use crate::owned::{EntryBuf, push_members};

/// The first member, so that the format can change without old bundles changing their meaning.
const START: &str = "{\"format\":\"youju.bundle.1\"";

/// Before the fingerprint of everything in front of it.
const DIGEST: &str = ",\"sha256\":";

impl Bundle {
    /// The one text of this bundle, to be kept as a file.
    pub fn to_text(&self) -> String {
        let mut out = START.to_owned();
        out.push_str(",\"keys\":");
        push_list(&mut out, &self.keys, |out, key| push_string(out, &key.to_string()));
        out.push_str(",\"checkpoint\":");
        push_string(&mut out, &self.checkpoint.to_string());
        out.push_str(",\"older\":");
        match &self.older {
            None => out.push_str("null"),
            Some(older) => {
                out.push_str("{\"checkpoint\":");
                push_string(&mut out, &older.checkpoint.to_string());
                out.push_str(",\"consistency\":");
                push_hashes(&mut out, &older.consistency);
                out.push('}');
            }
        }
        out.push_str(",\"entries\":");
        push_list(&mut out, &self.entries, |out, proved| {
            out.push('{');
            push_members(out, &proved.entry.entry());
            out.push_str(",\"inclusion\":");
            push_hashes(out, &proved.inclusion);
            out.push('}');
        });
        out.push_str(",\"documents\":");
        push_list(&mut out, &self.documents, push_document);
        let digest = sha256(out.as_bytes());
        out.push_str(DIGEST);
        push_string(&mut out, &digest.to_string());
        out.push_str("}\n");
        out
    }

    /// Reads the writing, and not yet whether anything fits. The closing fingerprint is not compared here.
    pub(super) fn parse(text: &str) -> Result<Bundle, BadBundle> {
        let mut reader = Reader::new(text);
        reader.literal(START)?;
        reader.literal(",\"keys\":")?;
        let mut keys = Vec::new();
        reader.list(SIGNATURES_MAX, |reader| {
            let key = VerifyingKey::parse(&reader.string()?);
            keys.push(key.map_err(|bad| Flaw::Key(bad).at(Place::Key(keys.len() + 1)))?);
            Ok::<_, BadBundle>(())
        })?;
        reader.literal(",\"checkpoint\":")?;
        let checkpoint = read_checkpoint(&mut reader, Place::Checkpoint)?;
        reader.literal(",\"older\":")?;
        let older = if reader.takes("null") { None } else { Some(read_older(&mut reader)?) };
        reader.literal(",\"entries\":")?;
        let mut entries = Vec::new();
        reader.list(BUNDLE_ENTRIES_MAX, |reader| {
            reader.literal("{")?;
            let entry = EntryBuf::read_members(reader)?;
            reader.literal(",\"inclusion\":")?;
            let inclusion = read_hashes(reader)?;
            reader.literal("}")?;
            entries.push(Proved { entry, inclusion });
            Ok::<_, BadBundle>(())
        })?;
        reader.literal(",\"documents\":")?;
        let mut documents = Vec::new();
        reader.list(BUNDLE_DOCUMENTS_MAX, |reader| {
            documents.push(read_document(reader, documents.len() + 1)?);
            Ok::<_, BadBundle>(())
        })?;
        reader.literal(DIGEST)?;
        read_hash(&mut reader)?;
        reader.literal("}\n")?;
        reader.end()?;
        Ok(Bundle { keys, checkpoint, older, entries, documents })
    }
}

fn read_checkpoint(reader: &mut Reader<'_>, place: Place) -> Result<SignedCheckpoint, BadBundle> {
    SignedCheckpoint::parse(&reader.string()?).map_err(|bad| Flaw::Checkpoint(bad).at(place))
}

fn read_older(reader: &mut Reader<'_>) -> Result<Older, BadBundle> {
    reader.literal("{\"checkpoint\":")?;
    let checkpoint = read_checkpoint(reader, Place::Older)?;
    reader.literal(",\"consistency\":")?;
    let consistency = read_hashes(reader)?;
    reader.literal("}")?;
    Ok(Older { checkpoint, consistency })
}

fn push_hashes(out: &mut String, hashes: &[Hash]) {
    push_list(out, hashes, |out, hash| push_string(out, &hash.to_string()));
}

fn read_hashes(reader: &mut Reader<'_>) -> Result<Vec<Hash>, BadBundle> {
    let mut hashes = Vec::new();
    reader.list(PROOF_HASHES_MAX, |reader| {
        hashes.push(read_hash(reader)?);
        Ok::<_, BadBundle>(())
    })?;
    Ok(hashes)
}

fn read_hash(reader: &mut Reader<'_>) -> Result<Hash, BadBundle> {
    let bad = reader.bad();
    Hash::parse(&reader.string()?).map_err(|_| bad.into())
}

/// Bytes that are UTF-8 stand as text, all others as base64: never the one where the other could be.
fn push_document(out: &mut String, document: &Document) {
    let label = |out: &mut String, before: &str, text: &str| {
        out.push_str(before);
        push_string(out, text);
    };
    label(out, "{\"name\":", &document.name);
    label(out, ",\"media_type\":", &document.media_type);
    match std::str::from_utf8(&document.bytes) {
        Ok(text) => label(out, ",\"text\":", text),
        Err(_) => label(out, ",\"base64\":", &STANDARD.encode(&document.bytes)),
    }
    label(out, ",\"sha256\":", &document.sha256().to_string());
    out.push_str(",\"entry\":");
    out.push_str(&document.entry.to_string());
    label(out, ",\"key\":", &document.key);
    out.push('}');
}

fn read_document(reader: &mut Reader<'_>, nth: usize) -> Result<Document, BadBundle> {
    let label = |reader: &mut Reader<'_>, before: &str| {
        reader.literal(before)?;
        Ok::<_, BadBundle>(reader.string()?)
    };
    let name = label(reader, "{\"name\":")?;
    let media_type = label(reader, ",\"media_type\":")?;
    let bad = reader.bad();
    let bytes = if reader.takes(",\"base64\":") {
        let bytes = STANDARD.decode(reader.string()?).map_err(|_| bad)?;
        if std::str::from_utf8(&bytes).is_ok() {
            return Err(bad.into());
        }
        bytes
    } else {
        label(reader, ",\"text\":")?.into_bytes()
    };
    if label(reader, ",\"sha256\":")? != sha256(&bytes).to_string() {
        return Err(Flaw::Altered.at(Place::Document { nth, name }));
    }
    reader.literal(",\"entry\":")?;
    let entry = reader.number()?;
    let key = label(reader, ",\"key\":")?;
    reader.literal("}")?;
    Ok(Document { name, media_type, bytes, entry, key })
}
