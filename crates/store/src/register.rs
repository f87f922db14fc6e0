//! Register 名录库: units in rows.

pub mod history;
pub mod import;
pub mod search;

use youju_codes::{AreaCode, Usci};
use youju_domain::access::{FormScope, Scope};
use youju_domain::id::UnitId;
use youju_domain::register::{Fact, Facts, Listing, Unit};

use serde_json::Value as Json;

use crate::db::{Document, FromRow, Row, Tx, sql};
use crate::error::Result;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// Rows to skip.
    pub offset: i64,
    /// Rows to give at most.
    pub limit: i64,
}

impl Default for PageRequest {
    fn default() -> PageRequest {
        PageRequest { offset: 0, limit: 50 }
    }
}

/// A part of a list, with the number of all rows: nothing is cut silently (law 9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many there are in all.
    pub total: u64,
    /// How many stand before these.
    pub offset: u64,
}

impl<T> Page<T> {
    /// The part of rows that were gathered and sorted outside the data base.
    pub fn cut(rows: impl ExactSizeIterator<Item = T>, page: PageRequest) -> Page<T> {
        let total = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        // More than there are addresses is as good as all.
        let number = |number: i64| usize::try_from(number.max(0)).unwrap_or(usize::MAX);
        let rows = rows.skip(number(page.offset)).take(number(page.limit)).collect();
        Page { rows, total, offset: page.offset.max(0).unsigned_abs() }
    }
}

impl FromRow for Unit {
    fn from_row(row: &Row) -> Result<Unit> {
        // No standard is an empty text: the column is older than units without one.
        let standard: String = row.get("standard")?;
        Ok(Unit {
            id: row.get("id")?,
            usci: row.get("usci")?,
            name: row.get("name")?,
            area: row.get("area")?,
            industry: row.get("industry")?,
            standard: if standard.is_empty() { None } else { Some(row.get("standard")?) },
            listing: row.get("listing")?,
            may_explain: row.get("may_explain")?,
            details: row.get::<Document<Facts>>("details")?.0,
            changed_on: row.get("changed_on")?,
            revision: row.get("revision")?,
        })
    }
}

/// A scope as two bindings: a unit, and the prefix of an area. `Nothing` binds an id that no unit has.
pub(crate) fn scope_bindings(scope: &Scope) -> (Option<UnitId>, String) {
    match scope {
        Scope::Unit(unit) => (Some(*unit), String::new()),
        Scope::Area(area) => (None, format!("{}%", area.prefix())),
        Scope::Nothing => (Some(UnitId::new(uuid::Uuid::nil())), String::new()),
    }
}

/// The forms of a scope as a binding for `… is null or form in (select value from json_each(…))`.
pub(crate) fn forms_binding(scope: &FormScope) -> Option<Json> {
    scope.forms.as_ref().map(|forms| Json::from(forms.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// The pattern of a search: the words anywhere, with the wildcards of `like` taken literally.
pub(crate) fn pattern(search: &str) -> String {
    let mut pattern = String::from("%");
    for letter in search.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Counts as the pages tell them.
pub(crate) fn total(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// Facts as a document.
pub(crate) fn facts_json(facts: &Facts) -> Json {
    facts.iter().map(|(fact, value)| (fact.key().to_owned(), Json::from(value))).collect()
}

/// A new unit. A second one with the same code breaks `unit_usci_key`.
pub async fn add(tx: &mut Tx, unit: &Unit) -> Result<()> {
    tx.run(
        sql("insert into unit (id, usci, name, area, industry, standard, listing, may_explain, parent_id, details, changed_on,
                 ever_listed, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
        .bind(unit.id)
        .bind(unit.usci)
        .bind(unit.name.as_str())
        .bind(unit.area)
        .bind(unit.industry)
        .bind(unit.standard_code())
        .bind(unit.listing)
        .bind(unit.may_explain)
        .bind(unit.details.unit(Fact::Parent))
        .bind(facts_json(&unit.details))
        .bind(unit.changed_on)
        .bind(unit.listing != Listing::Outside)
        .bind(unit.revision),
    )
    .await?
    .must_be(1)?;
    search::index(tx, unit).await
}

/// A unit as it is now; refused when somebody else changed it in between.
pub async fn put(tx: &mut Tx, unit: &Unit) -> Result<()> {
    tx.run(
        sql("update unit set usci = $3, name = $4, area = $5, industry = $6, standard = $7, listing = $8, may_explain = $9,
                 parent_id = $10, details = $11, changed_on = $12, revision = revision + 1
             where id = $1 and revision = $2")
        .bind(unit.id)
        .bind(unit.revision)
        .bind(unit.usci)
        .bind(unit.name.as_str())
        .bind(unit.area)
        .bind(unit.industry)
        .bind(unit.standard_code())
        .bind(unit.listing)
        .bind(unit.may_explain)
        .bind(unit.details.unit(Fact::Parent))
        .bind(facts_json(&unit.details))
        .bind(unit.changed_on),
    )
    .await?
    .must_be(1)?;
    search::index(tx, unit).await
}

/// A unit by its id.
pub async fn get(tx: &mut Tx, id: UnitId) -> Result<Option<Unit>> {
    tx.maybe(
        sql("select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit where id = $1").bind(id),
    )
    .await
}

/// Holds a unit until the transaction ends, so that nobody saves a ledger of it in between. See [`crate::report::hold`].
pub async fn hold(tx: &mut Tx, id: UnitId) -> Result<()> {
    let select = sql("select id from unit where id = $1").on_postgres("select id from unit where id = $1 for update");
    tx.maybe::<UnitId>(select.bind(id)).await?;
    Ok(())
}

/// A unit by its 统一社会信用代码.
pub async fn by_usci(tx: &mut Tx, usci: Usci) -> Result<Option<Unit>> {
    tx.maybe(
        sql("select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit where usci = $1")
            .bind(usci),
    )
    .await
}

/// Units that look alike, at most.
const ALIKE_MAX: i64 = 20;

/// Other units with the same name, the same body code (组织机构代码), telephone or address.
pub async fn alike(tx: &mut Tx, unit: &Unit) -> Result<Vec<Unit>> {
    let select = sql(
        "select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
         where id <> $1 and (name = $2 or substr(usci, 9, 9) = $3 or json_extract(details, '$.phone') = $4
             or json_extract(details, '$.address') = $5)
         order by usci limit $6",
    )
    .on_postgres(
        "select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
         where id <> $1 and (name = $2 or substr(usci, 9, 9) = $3 or details->>'phone' = $4 or details->>'address' = $5)
         order by usci limit $6",
    );
    tx.all(
        select
            .bind(unit.id)
            .bind(unit.name.as_str())
            .bind(unit.usci.as_str().get(8..17).unwrap_or_default())
            .bind(unit.details.get(Fact::Phone))
            .bind(unit.details.get(Fact::Address))
            .bind(ALIKE_MAX),
    )
    .await
}

/// The units in an area that are listed, by code.
pub async fn listed_in(tx: &mut Tx, area: &AreaCode) -> Result<Vec<Unit>> {
    tx.all(
        sql("select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
             where ever_listed and listing <> 'outside' and area like $1 order by usci")
        .bind(format!("{}%", area.prefix())),
    )
    .await
}

/// The units in an area that are listed, were, or will be, by code: what they were on the day of a period tells their history.
pub async fn ever_listed_in(tx: &mut Tx, area: &AreaCode) -> Result<Vec<Unit>> {
    tx.all(
        sql("select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
             where ever_listed and area like $1 order by usci")
        .bind(format!("{}%", area.prefix())),
    )
    .await
}

/// One page of the units of an area, or of all of them, in the order of their places and codes.
pub async fn list(tx: &mut Tx, area: Option<&AreaCode>, page: PageRequest) -> Result<Page<Unit>> {
    // Between the first and the last code, so that the index serves on both engines.
    let digits = area.map_or("", AreaCode::prefix);
    let (first, last) = (format!("{digits:0<12}"), format!("{digits:9<12}"));
    let count: i64 = tx
        .one(
            sql("select count(*) as n from unit where area >= $1 and area <= $2")
                .bind(first.as_str())
                .bind(last.as_str()),
        )
        .await?;
    let rows = tx
        .all(
            sql("select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
                 where area >= $1 and area <= $2 order by area, usci limit $3 offset $4")
            .bind(first)
            .bind(last)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}

/// How many listed units stand in each place of an area.
pub async fn counts(tx: &mut Tx, area: &AreaCode) -> Result<Vec<(AreaCode, u64)>> {
    struct Counted(AreaCode, i64);
    impl FromRow for Counted {
        fn from_row(row: &Row) -> Result<Counted> {
            Ok(Counted(row.get("area")?, row.get("n")?))
        }
    }
    let rows: Vec<Counted> = tx
        .all(
            sql("select area, count(*) as n from unit where ever_listed and listing <> 'outside' and area like $1 group by area")
                .bind(scope_bindings(&Scope::Area(*area)).1),
        )
        .await?;
    Ok(rows.into_iter().map(|Counted(place, count)| (place, total(count))).collect())
}
