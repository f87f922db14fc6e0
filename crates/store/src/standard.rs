//! What organisations must have, in rows: the story of an item as a document, where it stands in columns.

use chrono::NaiveDate;
use serde_json::Value as Json;
use youju_codes::AreaCode;
use youju_domain::access::Scope;
use youju_domain::id::OrganisationId;
use youju_domain::standard::{Attainment, Stored};

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::register::scope_bindings;

impl FromRow for Attainment {
    fn from_row(row: &Row) -> Result<Attainment> {
        Ok(Attainment {
            organisation: row.get("organisation_id")?,
            standard: row.get("standard")?,
            requirement: row.get("requirement")?,
            turns: from_document("attainment.turns", row.get::<Json>("turns")?)?,
            revision: row.get("revision")?,
        })
    }
}

/// Where an organisation stands with an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stand {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The standard.
    pub standard: String,
    /// The requirement.
    pub requirement: String,
    /// What is stored of it.
    pub stored: Stored,
}

impl FromRow for Stand {
    fn from_row(row: &Row) -> Result<Stand> {
        Ok(Stand {
            organisation: row.get("organisation_id")?,
            standard: row.get("standard")?,
            requirement: row.get("requirement")?,
            stored: Stored {
                is_claimed: row.get("is_claimed")?,
                is_returned: row.get("is_returned")?,
                is_accepted: row.get("is_accepted")?,
                in_force_until: row.get("in_force_until")?,
            },
        })
    }
}

/// An item as it goes on, the first time or later. Refused when somebody else was faster.
pub async fn put(tx: &mut Tx, item: &Attainment) -> Result<()> {
    let stored = item.stored();
    tx.run(
        sql("insert into attainment (organisation_id, standard, requirement, turns, is_claimed, is_returned, is_accepted,
                 in_force_until, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9 + 1)
             on conflict (organisation_id, standard, requirement) do update set turns = excluded.turns,
                 is_claimed = excluded.is_claimed, is_returned = excluded.is_returned, is_accepted = excluded.is_accepted,
                 in_force_until = excluded.in_force_until, revision = excluded.revision
             where attainment.revision = $9")
        .bind(item.organisation)
        .bind(item.standard.as_str())
        .bind(item.requirement.as_str())
        .bind(to_document("attainment.turns", &item.turns)?)
        .bind(stored.is_claimed)
        .bind(stored.is_returned)
        .bind(stored.is_accepted)
        .bind(stored.in_force_until)
        .bind(item.revision),
    )
    .await?
    .must_be(1)
}

/// Remembers that an item rests on a kept file, so that it stays.
pub async fn add_file(tx: &mut Tx, item: &Attainment, sha256: &str) -> Result<()> {
    tx.run(
        sql("insert into attainment_file (organisation_id, standard, requirement, sha256) values ($1, $2, $3, $4)
             on conflict do nothing")
        .bind(item.organisation)
        .bind(item.standard.as_str())
        .bind(item.requirement.as_str())
        .bind(sha256),
    )
    .await?
    .any();
    Ok(())
}

/// An item with its story.
pub async fn get(
    tx: &mut Tx,
    organisation: OrganisationId,
    (standard, requirement): (&str, &str),
) -> Result<Option<Attainment>> {
    tx.maybe(
        sql("select organisation_id, standard, requirement, turns, revision from attainment
             where organisation_id = $1 and standard = $2 and requirement = $3")
        .bind(organisation)
        .bind(standard)
        .bind(requirement),
    )
    .await
}

/// Where an organisation stands with everything.
pub async fn of_organisation(tx: &mut Tx, organisation: OrganisationId) -> Result<Vec<Stand>> {
    tx.all(
        sql("select organisation_id, standard, requirement, is_claimed, is_returned, is_accepted, in_force_until
             from attainment where organisation_id = $1 order by standard, requirement")
        .bind(organisation),
    )
    .await
}

/// Where everybody in an area on a day stands with a standard.
pub async fn of_area(tx: &mut Tx, area: &AreaCode, standard: &str, on: NaiveDate) -> Result<Vec<Stand>> {
    tx.all(
        sql("select a.organisation_id, a.standard, a.requirement, a.is_claimed, a.is_returned, a.is_accepted, a.in_force_until
             from attainment a join organisation_span s on s.organisation_id = a.organisation_id
             where a.standard = $2 and s.area like $1 and s.from_on <= $3 and (s.until_on is null or s.until_on > $3)
             order by a.organisation_id, a.requirement")
        .bind(scope_bindings(&Scope::Area(*area)).1)
        .bind(standard)
        .bind(on),
    )
    .await
}
