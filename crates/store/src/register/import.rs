//! Many units in one statement, for lists that are taken into the register.

use serde_json::{Value as Json, json};
use youju_codes::Usci;
use youju_domain::id::UnitId;
use youju_domain::register::terms::{self, Entry};
use youju_domain::register::{Change, Fact, Unit};

use super::{facts_json, search};
use crate::db::{Tx, instant_text, sql};
use crate::error::Result;

/// The units that have one of these codes.
pub async fn with_codes(tx: &mut Tx, codes: &[Usci]) -> Result<Vec<Unit>> {
    let codes: Json = codes.iter().map(Usci::as_str).collect::<Vec<_>>().into();
    tx.all(
        sql("select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
             where usci in (select value from json_each($1))")
        .bind(codes),
    )
    .await
}

/// New units with their first changes and what the index holds of them. One whose code is there already breaks `unit_usci_key`.
pub async fn add(tx: &mut Tx, new: &[(Unit, Change)]) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let expected = u64::try_from(new.len()).unwrap_or(u64::MAX);
    let rows = Json::from(new.iter().map(|(unit, change)| row(unit, change)).collect::<Vec<_>>());
    tx.run(
        sql("insert into unit (id, usci, name, area, industry, standard, listing, may_explain, parent_id, details, changed_on, revision)
             select value ->> 'id', value ->> 'usci', value ->> 'name', value ->> 'area', value ->> 'industry', value ->> 'standard',
                    value ->> 'listing', 0, value ->> 'parent_id', value -> 'details', value ->> 'changed_on', 0
             from json_each($1)")
        .on_postgres(
            "insert into unit (id, usci, name, area, industry, standard, listing, may_explain, parent_id, details, changed_on, revision)
             select id, usci, name, area, industry, standard, listing, false, parent_id, details, changed_on, 0
             from jsonb_to_recordset($1) as e (id uuid, usci text, name text, area text, industry text, standard text, listing text,
                 parent_id uuid, details jsonb, changed_on date)",
        )
        .bind(rows.clone()),
    )
    .await?
    .must_be(expected)?;
    tx.run(
        sql("insert into unit_change (unit_id, number, since, recorded_at, recorded_by, recorded_by_name, origin, about, facts)
             select value ->> 'id', value ->> 'number', value ->> 'since', value ->> 'recorded_at', value ->> 'recorded_by',
                    value ->> 'recorded_by_name', value ->> 'origin', value ->> 'about', value -> 'facts'
             from json_each($1)")
        .on_postgres(
            "insert into unit_change (unit_id, number, since, recorded_at, recorded_by, recorded_by_name, origin, about, facts)
             select id, number, since, recorded_at, recorded_by, recorded_by_name, origin, about, facts
             from jsonb_to_recordset($1) as e (id uuid, number bigint, since date, recorded_at timestamptz, recorded_by uuid,
                 recorded_by_name text, origin text, about text, facts jsonb)",
        )
        .bind(rows),
    )
    .await?
    .must_be(expected)?;
    let entries: Vec<(UnitId, Entry)> = new.iter().map(|(unit, _)| (unit.id, terms::of_unit(unit, &[]))).collect();
    search::write(tx, &entries).await
}

fn row(unit: &Unit, change: &Change) -> Json {
    json!({
        "id": unit.id.to_string(), "usci": unit.usci.as_str(), "name": unit.name, "area": unit.area.as_str(),
        "industry": unit.industry.code(), "standard": unit.standard_code(), "listing": unit.listing.key(),
        "parent_id": unit.details.unit(Fact::Parent).map(|parent| parent.to_string()), "details": facts_json(&unit.details),
        "changed_on": unit.changed_on.to_string(), "number": change.number, "since": change.since.to_string(),
        "recorded_at": instant_text(&change.recorded_at), "recorded_by": change.by.map(|by| by.to_string()),
        "recorded_by_name": change.by_name, "origin": change.source.origin.key(), "about": change.source.about,
        "facts": facts_json(&change.facts),
    })
}
