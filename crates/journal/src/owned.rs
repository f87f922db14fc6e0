//! An entry that owns its texts, as files carry it.

use crate::entry::Entry;
use crate::json::{BadJson, Reader, push_string};

/// The fields of an entry after its number, in the order in which they are hashed and written.
const FIELDS: [&str; 7] = ["at", "actor_id", "actor_name", "action", "object_kind", "object_id", "payload"];

/// An [`Entry`] with its own texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryBuf {
    /// Place in the journal, from 1.
    pub seq: u64,
    /// Instant in UTC.
    pub at: String,
    /// Id of the person that acted; empty when the system did.
    pub actor_id: String,
    /// Name of the actor at that time.
    pub actor_name: String,
    /// What was done.
    pub action: String,
    /// Kind of the object.
    pub object_kind: String,
    /// Id of the object.
    pub object_id: String,
    /// Particulars as canonical JSON text.
    pub payload: String,
}

impl From<&Entry<'_>> for EntryBuf {
    fn from(entry: &Entry<'_>) -> EntryBuf {
        EntryBuf {
            seq: entry.seq,
            at: entry.at.to_owned(),
            actor_id: entry.actor_id.to_owned(),
            actor_name: entry.actor_name.to_owned(),
            action: entry.action.to_owned(),
            object_kind: entry.object_kind.to_owned(),
            object_id: entry.object_id.to_owned(),
            payload: entry.payload.to_owned(),
        }
    }
}

impl EntryBuf {
    /// The entry that is hashed.
    pub fn entry(&self) -> Entry<'_> {
        Entry {
            seq: self.seq,
            at: &self.at,
            actor_id: &self.actor_id,
            actor_name: &self.actor_name,
            action: &self.action,
            object_kind: &self.object_kind,
            object_id: &self.object_id,
            payload: &self.payload,
        }
    }

    /// Members `"seq":1,"at":"…",…` without brackets, so that more may follow.
    pub(crate) fn read_members(reader: &mut Reader<'_>) -> Result<EntryBuf, BadJson> {
        reader.literal("\"seq\":")?;
        let seq = reader.number()?;
        EntryBuf::read_texts(seq, reader, |reader, name| {
            reader.literal(",\"")?;
            reader.literal(name)?;
            reader.literal("\":")
        })
    }

    /// Items `1,"…",…` without brackets.
    pub(crate) fn read_items(reader: &mut Reader<'_>) -> Result<EntryBuf, BadJson> {
        let seq = reader.number()?;
        EntryBuf::read_texts(seq, reader, |reader, _| reader.literal(","))
    }

    fn read_texts(
        seq: u64,
        reader: &mut Reader<'_>,
        before: impl Fn(&mut Reader<'_>, &str) -> Result<(), BadJson>,
    ) -> Result<EntryBuf, BadJson> {
        let mut next = FIELDS.iter().map(|name| {
            before(reader, name)?;
            reader.string()
        });
        let mut text = || next.next().unwrap_or_else(|| Ok(String::new()));
        Ok(EntryBuf {
            seq,
            at: text()?,
            actor_id: text()?,
            actor_name: text()?,
            action: text()?,
            object_kind: text()?,
            object_id: text()?,
            payload: text()?,
        })
    }
}

/// Writes members, to be read by [`EntryBuf::read_members`].
pub(crate) fn push_members(out: &mut String, entry: &Entry<'_>) {
    out.push_str("\"seq\":");
    out.push_str(&entry.seq.to_string());
    for (name, text) in FIELDS.iter().zip(texts(entry)) {
        out.push_str(",\"");
        out.push_str(name);
        out.push_str("\":");
        push_string(out, text);
    }
}

/// Writes items, to be read by [`EntryBuf::read_items`].
pub(crate) fn push_items(out: &mut String, entry: &Entry<'_>) {
    out.push_str(&entry.seq.to_string());
    for text in texts(entry) {
        out.push(',');
        push_string(out, text);
    }
}

/// The texts of [`FIELDS`].
fn texts<'a>(entry: &Entry<'a>) -> [&'a str; 7] {
    [entry.at, entry.actor_id, entry.actor_name, entry.action, entry.object_kind, entry.object_id, entry.payload]
}
