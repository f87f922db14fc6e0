//! Cases 事项 in rows: the story as a document, what lists need of it in columns, and who has to do with it as parties. A type is kept once
//! per version, as the text that its fingerprint is of.

mod list;

use serde_json::Value as Json;
use youju_domain::Instant;
use youju_domain::access::Role;
use youju_domain::case::{Case, CaseType, Party, Subject};
use youju_domain::id::{CaseId, PersonId, UnitId};

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::{Result, StoreError};

pub use list::{Filter, Listed, Turn, count_waiting, list, type_names, waiting};

impl FromRow for Case {
    fn from_row(row: &Row) -> Result<Case> {
        Ok(Case {
            id: row.get("id")?,
            type_hash: row.get("type_sha256")?,
            subject: Subject {
                kind: row.get("subject_kind")?,
                id: row.get("subject_id")?,
                sort: row.get("subject_sort")?,
                name: row.get("subject_name")?,
                area: row.get("area")?,
                unit: row.get("unit_id")?,
            },
            opener: from_document("case_record.opener", row.get::<Json>("opener")?)?,
            steps: from_document("case_record.steps", row.get::<Json>("steps")?)?,
            revision: row.get("revision")?,
        })
    }
}

/// Keeps a version of a type under its fingerprint; one that is there already stays as it is.
pub async fn keep_type(tx: &mut Tx, sha256: &str, kind: &CaseType, text: &str, now: Instant) -> Result<()> {
    tx.run(
        sql(
            "insert into case_type (sha256, type_key, version, name, document, kept_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (sha256) do nothing",
        )
        .bind(sha256)
        .bind(kind.key.as_str())
        .bind(i64::from(kind.version))
        .bind(kind.name.as_str())
        .bind(text)
        .bind(now),
    )
    .await?
    .any();
    Ok(())
}

/// A version of a type by its fingerprint.
pub async fn kept_type(tx: &mut Tx, sha256: &str) -> Result<CaseType> {
    let text: String = tx.one(sql("select document from case_type where sha256 = $1").bind(sha256)).await?;
    serde_json::from_str(&text).map_err(|error| StoreError::fault("读取 case_type.document".to_owned(), error))
}

/// A new case of a type.
pub async fn add(tx: &mut Tx, case: &Case, kind: &CaseType) -> Result<()> {
    let state = kind.state(case.state());
    let at = case.last().map(|step| step.at);
    tx.run(
        sql("insert into case_record (id, type_sha256, type_key, title, subject_kind, subject_id, subject_sort,
                 subject_name, area, unit_id, opened_by, opener, opened_at, changed_at, state, state_label, is_end,
                 is_bad, due_on, steps, revision, sending)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15, $16, $17, $18, $19, 0, $20)")
        .bind(case.id)
        .bind(case.type_hash.as_str())
        .bind(kind.key.as_str())
        .bind(case.title(kind))
        .bind(case.subject.kind)
        .bind(case.subject.id.as_str())
        .bind(case.subject.sort.as_str())
        .bind(case.subject.name.as_str())
        .bind(case.subject.area)
        .bind(case.subject.unit)
        .bind(case.opener.person)
        .bind(to_document("case_record.opener", &case.opener)?)
        .bind(at)
        .bind(case.state())
        .bind(state.map_or("", |state| state.label.as_str()))
        .bind(state.is_some_and(|state| state.is_end))
        .bind(state.is_some_and(|state| state.is_bad))
        .bind(case.due_on(kind))
        .bind(to_document("case_record.steps", &case.steps)?)
        .bind(case.steps.first().and_then(|step| step.sending.clone())),
    )
    .await?
    .must_be(1)?;
    set_parties(tx, case, kind).await
}

/// The case that a person opened with a sending of this key, with the key of its type.
pub async fn opened(tx: &mut Tx, by: PersonId, sending: &str) -> Result<Option<Opened>> {
    tx.maybe(sql("select id, type_key from case_record where opened_by = $1 and sending = $2").bind(by).bind(sending))
        .await
}

/// A case that was opened with a sending, and of which type it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The case.
    pub id: CaseId,
    /// Key of its type.
    pub kind: String,
}

impl FromRow for Opened {
    fn from_row(row: &Row) -> Result<Opened> {
        Ok(Opened { id: row.get("id")?, kind: row.get("type_key")? })
    }
}

/// A case after a step. Refused when somebody else was faster.
pub async fn put(tx: &mut Tx, case: &Case, kind: &CaseType) -> Result<()> {
    let state = kind.state(case.state());
    tx.run(
        sql("update case_record set title = $3, changed_at = $4, state = $5, state_label = $6, is_end = $7, is_bad = $8,
                 due_on = $9, steps = $10, revision = revision + 1
             where id = $1 and revision = $2")
        .bind(case.id)
        .bind(case.revision)
        .bind(case.title(kind))
        .bind(case.last().map(|step| step.at))
        .bind(case.state())
        .bind(state.map_or("", |state| state.label.as_str()))
        .bind(state.is_some_and(|state| state.is_end))
        .bind(state.is_some_and(|state| state.is_bad))
        .bind(case.due_on(kind))
        .bind(to_document("case_record.steps", &case.steps)?),
    )
    .await?
    .must_be(1)?;
    set_parties(tx, case, kind).await
}

/// A case with its story.
pub async fn get(tx: &mut Tx, id: CaseId) -> Result<Option<Case>> {
    tx.maybe(
        sql("select id, type_sha256, subject_kind, subject_id, subject_sort, subject_name, area, unit_id, opener, steps,
                 revision
             from case_record where id = $1")
        .bind(id),
    )
    .await
}

/// A case of a type about a subject that has not ended.
pub async fn running(tx: &mut Tx, type_key: &str, subject: &str) -> Result<Option<CaseId>> {
    let select = sql(
        "select id from case_record where subject_id = $1 and type_key = $2 and is_end = 0 order by opened_at limit 1",
    )
    .on_postgres(
        "select id from case_record where subject_id = $1 and type_key = $2 and not is_end order by opened_at limit 1",
    );
    tx.maybe(select.bind(subject).bind(type_key)).await
}

/// Writes anew who has to do with a case.
async fn set_parties(tx: &mut Tx, case: &Case, kind: &CaseType) -> Result<()> {
    clear_parties(tx, case.id).await?;
    let reach = case.reach(kind);
    let mut readers: Vec<Party> = reach.readers.into_iter().chain(reach.told).chain(reach.hands).collect();
    readers.sort_unstable();
    readers.dedup();
    for party in readers {
        add_party(tx, case.id, "reads", party).await?;
    }
    for party in case.turn_parties(kind) {
        add_party(tx, case.id, "turn", party).await?;
    }
    for person in case.barred(kind) {
        add_party(tx, case.id, "barred", Party::Person(person)).await?;
    }
    Ok(())
}

async fn clear_parties(tx: &mut Tx, case: CaseId) -> Result<()> {
    tx.run(sql("delete from case_party where case_id = $1").bind(case)).await?.any();
    Ok(())
}

async fn add_party(tx: &mut Tx, case: CaseId, part: &str, party: Party) -> Result<()> {
    let (person, unit, role, area) = match party {
        Party::Person(person) => (Some(person), None, None, None),
        Party::Unit(unit, role) => (None, Some(unit), role, None),
        Party::Office(role, area) => (None, None, Some(role), Some(area)),
        Party::Officer(level) => (None, None, Role::ALL.into_iter().find(|role| role.level() == Some(level)), None),
    };
    let (person, unit): (Option<PersonId>, Option<UnitId>) = (person, unit);
    tx.run(
        sql("insert into case_party (case_id, part, person_id, unit_id, role, area) values ($1, $2, $3, $4, $5, $6)")
            .bind(case)
            .bind(part)
            .bind(person)
            .bind(unit)
            .bind(role)
            .bind(area),
    )
    .await?
    .must_be(1)
}

/// Remembers that a case rests on a kept file, so that it stays.
pub async fn add_file(tx: &mut Tx, case: CaseId, sha256: &str) -> Result<()> {
    tx.run(
        sql("insert into case_file (case_id, sha256) values ($1, $2) on conflict do nothing").bind(case).bind(sha256),
    )
    .await?
    .any();
    Ok(())
}
