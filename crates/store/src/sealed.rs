//! What lies sealed, and what does not yet: files, and words about persons. Which key seals is told by how a value begins; the store knows no key.

use uuid::Uuid;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

/// Files read at once: each may have 32 MB.
const FILES: i64 = 4;
/// Short values read at once.
const WORDS: i64 = 500;

/// Short values about persons, other than traces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Mail addresses and telephone numbers.
    Contact,
    /// What a channel said about a letter; it may name the address.
    Delivery,
    /// From which network address somebody signed in.
    SessionAddress,
    /// With which browser.
    SessionAgent,
    /// Secrets of second factors.
    SecondFactor,
    /// From which network address somebody tried to sign in.
    SignIn,
}

impl Place {
    /// All of them.
    pub const ALL: [Place; 6] = [
        Place::Contact,
        Place::Delivery,
        Place::SessionAddress,
        Place::SessionAgent,
        Place::SecondFactor,
        Place::SignIn,
    ];
}

/// A value as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Its row; the person of a contact or a second factor.
    pub id: Uuid,
    /// The channel of a contact.
    pub channel: String,
    /// The value.
    pub words: String,
}

impl FromRow for Words {
    fn from_row(row: &Row) -> Result<Words> {
        Ok(Words { id: row.get("id")?, channel: row.get("channel")?, words: row.get("words")? })
    }
}

/// A file as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// SHA-256 of its content.
    pub sha256: String,
    /// The content, sealed or not.
    pub content: Vec<u8>,
}

impl FromRow for File {
    fn from_row(row: &Row) -> Result<File> {
        Ok(File { sha256: row.get("sha256")?, content: row.get("content")? })
    }
}

/// The network address of a trace as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// Its journal entry.
    pub seq: i64,
    /// The address.
    pub words: String,
}

impl FromRow for Traced {
    fn from_row(row: &Row) -> Result<Traced> {
        Ok(Traced { seq: row.get("seq")?, words: row.get("words")? })
    }
}

/// How many there are, and how many of them begin otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// All.
    pub total: i64,
    /// Those that begin otherwise.
    pub rest: i64,
}

impl FromRow for Count {
    fn from_row(row: &Row) -> Result<Count> {
        Ok(Count { total: row.get("total")?, rest: row.get("rest")? })
    }
}

/// Counts the files that do not begin so.
pub async fn count_files(tx: &mut Tx, prefix: &[u8]) -> Result<Count> {
    tx.one(
        sql("select count(*) as total, count(case when substr(content, 1, length($1)) <> $1 then 1 end) as rest from blob")
            .bind(prefix.to_vec()),
    )
    .await
}

/// The next files after a fingerprint that do not begin so.
pub async fn files(tx: &mut Tx, prefix: &[u8], after: &str) -> Result<Vec<File>> {
    tx.all(
        sql("select sha256, content from blob where sha256 > $2 and substr(content, 1, length($1)) <> $1
             order by sha256 limit $3")
        .bind(prefix.to_vec())
        .bind(after)
        .bind(FILES),
    )
    .await
}

/// Keeps the same file otherwise sealed.
pub async fn put_file(tx: &mut Tx, sha256: &str, content: Vec<u8>) -> Result<()> {
    tx.run(sql("update blob set content = $2 where sha256 = $1").bind(sha256).bind(content)).await?.must_be(1)
}

/// Counts the traces whose address does not begin so.
pub async fn count_traces(tx: &mut Tx, prefix: &str) -> Result<Count> {
    tx.one(
        sql("select count(*) as total, count(case when substr(address, 1, length($1)) <> $1 then 1 end) as rest
             from trace where address <> ''")
        .bind(prefix),
    )
    .await
}

/// The next traces after a journal entry whose address does not begin so.
pub async fn traces(tx: &mut Tx, prefix: &str, after: i64) -> Result<Vec<Traced>> {
    tx.all(
        sql("select seq, address as words from trace
             where seq > $2 and address <> '' and substr(address, 1, length($1)) <> $1 order by seq limit $3")
        .bind(prefix)
        .bind(after)
        .bind(WORDS),
    )
    .await
}

/// Keeps the same address otherwise sealed.
pub async fn put_trace(tx: &mut Tx, seq: i64, words: &str) -> Result<()> {
    tx.run(sql("update trace set address = $2 where seq = $1").bind(seq).bind(words)).await?.must_be(1)
}

/// Counts the values of a place that do not begin so.
pub async fn count(tx: &mut Tx, place: Place, prefix: &str) -> Result<Count> {
    let text = match place {
        Place::Contact => {
            "select count(*) as total, count(case when substr(address, 1, length($1)) <> $1 then 1 end) as rest
             from contact where address <> ''"
        }
        Place::Delivery => {
            "select count(*) as total, count(case when substr(detail, 1, length($1)) <> $1 then 1 end) as rest
             from delivery where detail <> ''"
        }
        Place::SessionAddress => {
            "select count(*) as total, count(case when substr(address, 1, length($1)) <> $1 then 1 end) as rest
             from session where address <> ''"
        }
        Place::SessionAgent => {
            "select count(*) as total, count(case when substr(agent, 1, length($1)) <> $1 then 1 end) as rest
             from session where agent <> ''"
        }
        Place::SecondFactor => {
            "select count(*) as total, count(case when substr(sealed, 1, length($1)) <> $1 then 1 end) as rest
             from second_factor"
        }
        Place::SignIn => {
            "select count(*) as total, count(case when substr(address, 1, length($1)) <> $1 then 1 end) as rest
             from sign_in where address <> ''"
        }
    };
    tx.one(sql(text).bind(prefix)).await
}

/// Some values of a place that do not begin so.
pub async fn words(tx: &mut Tx, place: Place, prefix: &str) -> Result<Vec<Words>> {
    let text = match place {
        Place::Contact => {
            "select person_id as id, channel, address as words from contact
             where address <> '' and substr(address, 1, length($1)) <> $1 limit $2"
        }
        Place::Delivery => {
            "select id, '' as channel, detail as words from delivery
             where detail <> '' and substr(detail, 1, length($1)) <> $1 limit $2"
        }
        Place::SessionAddress => {
            "select id, '' as channel, address as words from session
             where address <> '' and substr(address, 1, length($1)) <> $1 limit $2"
        }
        Place::SessionAgent => {
            "select id, '' as channel, agent as words from session
             where agent <> '' and substr(agent, 1, length($1)) <> $1 limit $2"
        }
        Place::SecondFactor => {
            "select person_id as id, '' as channel, sealed as words from second_factor
             where substr(sealed, 1, length($1)) <> $1 limit $2"
        }
        Place::SignIn => {
            "select id, '' as channel, address as words from sign_in
             where address <> '' and substr(address, 1, length($1)) <> $1 limit $2"
        }
    };
    tx.all(sql(text).bind(prefix).bind(WORDS)).await
}

/// Keeps the same value otherwise sealed. One that somebody has changed or taken away meanwhile is left alone.
pub async fn put(tx: &mut Tx, place: Place, was: &Words, now: &str) -> Result<()> {
    let text = match place {
        Place::Contact => "update contact set address = $2 where person_id = $1 and address = $3 and channel = $4",
        Place::Delivery => "update delivery set detail = $2 where id = $1 and detail = $3 and $4 = ''",
        Place::SessionAddress => "update session set address = $2 where id = $1 and address = $3 and $4 = ''",
        Place::SessionAgent => "update session set agent = $2 where id = $1 and agent = $3 and $4 = ''",
        Place::SecondFactor => "update second_factor set sealed = $2 where person_id = $1 and sealed = $3 and $4 = ''",
        Place::SignIn => "update sign_in set address = $2 where id = $1 and address = $3 and $4 = ''",
    };
    let statement = sql(text).bind(was.id).bind(now).bind(was.words.as_str()).bind(was.channel.as_str());
    tx.run(statement).await?.any();
    Ok(())
}
