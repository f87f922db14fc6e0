//! The stored journal 操作日志: every change appends a leaf in its own transaction; anybody can verify all of it later.

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Serialize, Serializer};
use serde_json::Value as Json;
use serde_json::value::to_raw_value;
use uuid::Uuid;
use youju_journal::{EntryBuf, Frontier, Hash, Head, Mismatch, Stored, Tree, Verifier, What};

pub use crate::db::instant_text;
use crate::db::{FromRow, Row, Tx, sql};
use crate::error::{Result, StoreError};

/// Entries that verification reads at once.
const PAGE_ROWS: i64 = 1_000;

/// What happened, before it has a place in the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none when the system acted.
    pub actor_id: Option<Uuid>,
    /// Name of the actor at that time.
    pub actor_name: String,
    /// What was done: `report.submit`.
    pub action: String,
    /// Kind of the object: `report`.
    pub object_kind: String,
    /// Id of the object.
    pub object_id: String,
    /// Particulars. Figures stand in it as text.
    pub payload: Payload,
}

/// Particulars on their way into the journal.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// As values.
    Values(Json),
    /// As the text of [`canonical_json`], where there is much of it.
    Written(String),
}

impl From<Json> for Payload {
    fn from(values: Json) -> Payload {
        Payload::Values(values)
    }
}

impl Payload {
    /// Particulars with one more member, whose own members are in order.
    pub fn with(values: &Json, key: &str, member: &impl Serialize) -> Result<Payload> {
        let fault = |error| StoreError::fault("写入操作日志内容", error);
        let mut members = BTreeMap::new();
        for (key, value) in values.as_object().into_iter().flatten() {
            members.insert(key.as_str(), to_raw_value(&Canonical(value)).map_err(fault)?);
        }
        members.insert(key, to_raw_value(member).map_err(fault)?);
        serde_json::to_string(&members).map(Payload::Written).map_err(fault)
    }

    fn into_text(self) -> Result<String> {
        match self {
            Payload::Values(values) => canonical_json(&values),
            Payload::Written(text) => Ok(text),
        }
    }
}

/// Journal entry 日志条目, as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Place in the journal, from 1.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none when the system acted.
    pub actor_id: Option<Uuid>,
    /// Name of the actor at that time.
    pub actor_name: String,
    /// What was done.
    pub action: String,
    /// Kind of the object.
    pub object_kind: String,
    /// Id of the object.
    pub object_id: String,
    /// Particulars.
    pub payload: Json,
}

/// Appends an entry in this transaction and returns the head with it. On PostgreSQL the head row is locked until the transaction ends,
/// so append late: journal writers queue for it. Refuses to extend a journal whose head does not fit its tree.
pub async fn append(tx: &mut Tx, new: NewEntry) -> Result<Head> {
    let lock = sql("select seq, root_hash, frontier from journal_head where id = 1")
        .on_postgres("select seq, root_hash, frontier from journal_head where id = 1 for update");
    let before: StoredHead = tx.one(lock).await?;
    let mut log = before.frontier()?;
    let line = Line::new(before.seq + 1, new)?;
    let leaf = line.entry().leaf_hash();
    log.append(leaf);
    let insert = sql("insert into journal_leaf \
         (seq, at, actor_id, actor_name, action, object_kind, object_id, payload, leaf_hash, root_hash) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
    .bind(line.seq)
    .bind(line.at)
    .bind(line.actor_id)
    .bind(line.actor_name)
    .bind(line.action)
    .bind(line.object_kind)
    .bind(line.object_id)
    .bind(line.payload)
    .bind(leaf.as_bytes().to_vec())
    .bind(log.root().as_bytes().to_vec());
    tx.run(insert).await?.must_be(1)?;
    let update = sql("update journal_head set seq = $2, root_hash = $3, frontier = $4 where id = 1 and seq = $1")
        .bind(before.seq)
        .bind(before.seq + 1)
        .bind(log.root().as_bytes().to_vec())
        .bind(log.to_bytes());
    tx.run(update).await?.must_be(1)?;
    Ok(Head { size: log.size(), root: log.root() })
}

/// Reads the whole journal and gives its head, or `Tampered` with the first entry that does not fit.
/// `progress` hears how many entries are done, page by page.
pub async fn verify(tx: &mut Tx, mut progress: impl FnMut(u64)) -> Result<Head> {
    let mut verifier = Verifier::default();
    let mut after = i64::MIN;
    loop {
        let page: Vec<Checked> = tx
            .all(
                sql("select seq, at, actor_id, actor_name, action, object_kind, object_id, payload, leaf_hash, root_hash \
                     from journal_leaf where seq > $1 order by seq limit $2")
                .bind(after)
                .bind(PAGE_ROWS),
            )
            .await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        page.iter().try_for_each(|row| row.check(&mut verifier))?;
        progress(verifier.head().size);
    }
    let found: Option<StoredHead> =
        tx.maybe(sql("select seq, root_hash, frontier from journal_head where id = 1")).await?;
    let no_head = Mismatch { seq: verifier.head().size.max(1), what: What::Head };
    let log = found.ok_or(no_head)?.frontier()?;
    let head = verifier.finish(&Head { size: log.size(), root: log.root() })?;
    if log == *verifier.frontier() { Ok(head) } else { Err(no_head.into()) }
}

/// Everything that happened to one object, oldest first.
pub async fn of_object(tx: &mut Tx, kind: &str, id: &str) -> Result<Vec<Entry>> {
    let select = sql("select seq, at, actor_id, actor_name, action, object_kind, object_id, payload \
         from journal_leaf where object_kind = $1 and object_id = $2 order by seq");
    let lines: Vec<Line> = tx.all(select.bind(kind).bind(id)).await?;
    lines.into_iter().map(Entry::from_line).collect()
}

/// Everything that happened to one object, oldest first, in the texts that are hashed.
pub async fn of_object_as_hashed(tx: &mut Tx, kind: &str, id: &str) -> Result<Vec<EntryBuf>> {
    let select = sql("select seq, at, actor_id, actor_name, action, object_kind, object_id, payload \
         from journal_leaf where object_kind = $1 and object_id = $2 order by seq");
    let lines: Vec<Line> = tx.all(select.bind(kind).bind(id)).await?;
    Ok(lines.iter().map(|line| EntryBuf::from(&line.entry())).collect())
}

/// A page of the whole journal after an entry, in the texts that are hashed.
pub async fn page(tx: &mut Tx, after: i64) -> Result<Vec<EntryBuf>> {
    let select = sql("select seq, at, actor_id, actor_name, action, object_kind, object_id, payload \
         from journal_leaf where seq > $1 order by seq limit $2");
    let lines: Vec<Line> = tx.all(select.bind(after).bind(PAGE_ROWS)).await?;
    Ok(lines.iter().map(|line| EntryBuf::from(&line.entry())).collect())
}

/// The root of the tree after an entry, hexadecimal: it covers that entry and everything before it.
pub async fn root_after(tx: &mut Tx, seq: i64) -> Result<String> {
    struct Root(Vec<u8>);
    impl FromRow for Root {
        fn from_row(row: &Row) -> Result<Root> {
            Ok(Root(row.get("root_hash")?))
        }
    }
    let Root(bytes) = tx.one(sql("select root_hash from journal_leaf where seq = $1").bind(seq)).await?;
    let at = u64::try_from(seq).unwrap_or_default();
    let root = Hash::from_bytes(&bytes).map_err(|_| Mismatch { seq: at, what: What::Root })?;
    Ok(root.to_string())
}

/// The head as it is stored: to be printed, witnessed and kept elsewhere.
pub async fn head(tx: &mut Tx) -> Result<Head> {
    let stored: StoredHead = tx.one(sql("select seq, root_hash, frontier from journal_head where id = 1")).await?;
    let log = stored.frontier()?;
    Ok(Head { size: log.size(), root: log.root() })
}

/// The tree over all stored leaves, which gives proofs of inclusion and consistency. 64 bytes of memory per entry.
pub async fn tree(tx: &mut Tx) -> Result<Tree> {
    let (mut tree, mut after) = (Tree::default(), 0);
    loop {
        let select = sql("select leaf_hash from journal_leaf where seq > $1 order by seq limit $2");
        let page: Vec<Vec<u8>> = tx.all(select.bind(after).bind(PAGE_ROWS)).await?;
        if page.is_empty() {
            return Ok(tree);
        }
        for leaf in &page {
            after += 1;
            let seq = tree.size() + 1;
            tree.push(Hash::from_bytes(leaf).map_err(|_| Mismatch { seq, what: What::Leaf })?);
        }
    }
}

/// JSON with sorted keys and without spaces, so that the same particulars have the same text.
pub fn canonical_json(value: &Json) -> Result<String> {
    serde_json::to_string(&Canonical(value)).map_err(|error| StoreError::fault("写入操作日志内容", error))
}

struct Canonical<'a>(&'a Json);

impl Serialize for Canonical<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.0 {
            Json::Array(list) => serializer.collect_seq(list.iter().map(Canonical)),
            Json::Object(map) => {
                let mut pairs: Vec<_> = map.iter().collect();
                pairs.sort_unstable_by_key(|(key, _)| *key);
                serializer.collect_map(pairs.into_iter().map(|(key, value)| (key, Canonical(value))))
            }
            plain => plain.serialize(serializer),
        }
    }
}

/// An entry with its payload as the text that is stored and hashed, and its instant both ways.
#[derive(Debug)]
struct Line {
    seq: i64,
    at: DateTime<Utc>,
    at_text: String,
    actor_id: Option<Uuid>,
    actor_text: String,
    actor_name: String,
    action: String,
    object_kind: String,
    object_id: String,
    payload: String,
}

impl Line {
    fn new(seq: i64, new: NewEntry) -> Result<Line> {
        let at = new.at.trunc_subsecs(6);
        Ok(Line {
            seq,
            at,
            at_text: instant_text(&at),
            actor_id: new.actor_id,
            actor_text: new.actor_id.map(|id| id.to_string()).unwrap_or_default(),
            actor_name: new.actor_name,
            action: new.action,
            object_kind: new.object_kind,
            object_id: new.object_id,
            payload: new.payload.into_text()?,
        })
    }

    fn entry(&self) -> youju_journal::Entry<'_> {
        youju_journal::Entry {
            seq: self.seq.unsigned_abs(),
            at: &self.at_text,
            actor_id: &self.actor_text,
            actor_name: &self.actor_name,
            action: &self.action,
            object_kind: &self.object_kind,
            object_id: &self.object_id,
            payload: &self.payload,
        }
    }
}

impl FromRow for Line {
    fn from_row(row: &Row) -> Result<Line> {
        let (at, actor_id) = (row.get("at")?, row.get::<Option<Uuid>>("actor_id")?);
        Ok(Line {
            seq: row.get("seq")?,
            at,
            at_text: instant_text(&at),
            actor_id,
            actor_text: actor_id.map(|id| id.to_string()).unwrap_or_default(),
            actor_name: row.get("actor_name")?,
            action: row.get("action")?,
            object_kind: row.get("object_kind")?,
            object_id: row.get("object_id")?,
            payload: row.get("payload")?,
        })
    }
}

impl Entry {
    fn from_line(line: Line) -> Result<Entry> {
        let payload = serde_json::from_str(&line.payload).map_err(|e| StoreError::fault("读取操作日志内容", e))?;
        Ok(Entry {
            seq: line.seq,
            at: line.at,
            actor_id: line.actor_id,
            actor_name: line.actor_name,
            action: line.action,
            object_kind: line.object_kind,
            object_id: line.object_id,
            payload,
        })
    }
}

/// A row under verification: a field that cannot be read is a finding about this entry, not an accident.
struct Checked {
    seq: i64,
    /// The line with its stored leaf and root.
    read: Option<(Line, Vec<u8>, Vec<u8>)>,
}

impl FromRow for Checked {
    fn from_row(row: &Row) -> Result<Checked> {
        let read = || Ok::<_, StoreError>((Line::from_row(row)?, row.get("leaf_hash")?, row.get("root_hash")?));
        Ok(Checked { seq: row.get("seq")?, read: read().ok() })
    }
}

impl Checked {
    fn check(&self, verifier: &mut Verifier) -> std::result::Result<(), Mismatch> {
        let seq = u64::try_from(self.seq).map_err(|_| Mismatch { seq: 0, what: What::Repeated })?;
        match &self.read {
            Some((line, leaf_hash, root_hash)) => verifier.check(&Stored { entry: line.entry(), leaf_hash, root_hash }),
            None => Err(Mismatch { seq, what: What::Unreadable }),
        }
    }
}

/// The row of `journal_head`.
struct StoredHead {
    seq: i64,
    root_hash: Vec<u8>,
    frontier: Vec<u8>,
}

impl FromRow for StoredHead {
    fn from_row(row: &Row) -> Result<StoredHead> {
        Ok(StoredHead { seq: row.get("seq")?, root_hash: row.get("root_hash")?, frontier: row.get("frontier")? })
    }
}

impl StoredHead {
    /// The right edge, if it has the stored root.
    fn frontier(&self) -> Result<Frontier> {
        let seq = u64::try_from(self.seq).unwrap_or_default();
        let log = Frontier::from_bytes(seq, &self.frontier).ok();
        let fitting = log.filter(|log| log.root().as_bytes() == self.root_hash);
        fitting.ok_or(StoreError::Tampered(Mismatch { seq: seq.max(1), what: What::Head }))
    }
}
