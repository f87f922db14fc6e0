//! Onboarding 新入库辅导 in rows: what is owed to new units, what was done, and what became of their first reports. Nothing is taken away.

use chrono::NaiveDate;
use serde_json::Value as Json;
use youju_codes::AreaCode;
use youju_domain::Instant;
use youju_domain::access::Scope;
use youju_domain::id::{OnboardingActId, OnboardingId, UnitId};
use youju_domain::onboarding::{Act, Entry, Handed, Onboarding};
use youju_domain::register::Listing;
use youju_domain::report::Level;

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::register::{scope_bindings, total};

/// What is owed, still without what was done.
impl FromRow for Onboarding {
    fn from_row(row: &Row) -> Result<Onboarding> {
        Ok(Onboarding {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            listed_on: row.get("listed_on")?,
            items: from_document("onboarding.items", row.get::<Json>("items")?)?,
            acts: Vec::new(),
        })
    }
}

impl FromRow for Entry {
    fn from_row(row: &Row) -> Result<Entry> {
        Ok(Entry {
            one: Onboarding::from_row(row)?,
            usci: row.get("usci")?,
            name: row.get("name")?,
            area: row.get("area")?,
            is_listed: row.get::<Listing>("listing")? != Listing::Outside,
        })
    }
}

/// What was done, and for whom.
struct Done(OnboardingId, Act);

impl FromRow for Done {
    fn from_row(row: &Row) -> Result<Done> {
        let (why, by, at): (Option<String>, Option<String>, Option<Instant>) =
            (row.get("struck")?, row.get("struck_by")?, row.get("struck_at")?);
        let act = Act {
            id: row.get("id")?,
            item: row.get("item")?,
            done_on: row.get("done_on")?,
            note: row.get("note")?,
            link: row.get("link")?,
            file_name: row.get("file_name")?,
            file_hash: row.get("file_hash")?,
            by: row.get("by_id")?,
            by_name: row.get("by_name")?,
            is_by_unit: row.get("is_by_unit")?,
            at: row.get("noted_at")?,
            struck: why.zip(at).map(|(why, at)| (why, by.unwrap_or_default(), at)),
        };
        Ok(Done(row.get("onboarding_id")?, act))
    }
}

/// What is owed to a unit from its day of entry on. It is owed once: a second settling of the same entry adds nothing.
pub async fn begin(tx: &mut Tx, one: &Onboarding, now: Instant) -> Result<bool> {
    let added = tx
        .run(
            sql("insert into onboarding (id, unit_id, listed_on, items, began_at) values ($1, $2, $3, $4, $5)
                 on conflict (unit_id, listed_on) do nothing")
            .bind(one.id)
            .bind(one.unit)
            .bind(one.listed_on)
            .bind(to_document("onboarding.items", &one.items)?)
            .bind(now),
        )
        .await?;
    Ok(added.any() > 0)
}

/// What is owed to a unit now: its latest entry.
pub async fn of_unit(tx: &mut Tx, unit: UnitId) -> Result<Option<Onboarding>> {
    let found: Option<Onboarding> = tx
        .maybe(
            sql("select id, unit_id, listed_on, items from onboarding where unit_id = $1 order by listed_on desc limit 1")
                .bind(unit),
        )
        .await?;
    let Some(mut one) = found else { return Ok(None) };
    let acts: Vec<Done> = tx
        .all(
            sql(
                "select id, onboarding_id, item, done_on, note, link, file_name, file_hash, by_id, by_name, is_by_unit,
                     noted_at, struck, struck_by, struck_at
                 from onboarding_act where onboarding_id = $1 order by noted_at, id",
            )
            .bind(one.id),
        )
        .await?;
    one.acts = acts.into_iter().map(|Done(_, act)| act).collect();
    Ok(Some(one))
}

/// Holds what is owed to a unit until the transaction ends, so that two officers do not note the same thing at once.
pub async fn hold(tx: &mut Tx, id: OnboardingId) -> Result<()> {
    let select = sql("select id from onboarding where id = $1")
        .on_postgres("select id from onboarding where id = $1 for update");
    tx.maybe::<OnboardingId>(select.bind(id)).await?;
    Ok(())
}

/// Notes what was done.
pub async fn add(tx: &mut Tx, of: OnboardingId, act: &Act) -> Result<()> {
    tx.run(
        sql("insert into onboarding_act (id, onboarding_id, item, done_on, note, link, file_name, file_hash, by_id, by_name,
                 is_by_unit, noted_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .bind(act.id)
        .bind(of)
        .bind(act.item.as_str())
        .bind(act.done_on)
        .bind(act.note.as_str())
        .bind(act.link.as_str())
        .bind(act.file_name.as_str())
        .bind(act.file_hash.as_str())
        .bind(act.by)
        .bind(act.by_name.as_str())
        .bind(act.is_by_unit)
        .bind(act.at),
    )
    .await?
    .must_be(1)
}

/// Strikes what was noted; refused when somebody else was faster.
pub async fn strike(tx: &mut Tx, id: OnboardingActId, reason: &str, (by, now): (&str, Instant)) -> Result<()> {
    tx.run(
        sql("update onboarding_act set struck = $2, struck_by = $3, struck_at = $4 where id = $1 and struck is null")
            .bind(id)
            .bind(reason)
            .bind(by)
            .bind(now),
    )
    .await?
    .must_be(1)
}

/// Units of an area that entered between two days, with what was done, by day of entry and code.
pub async fn entries(tx: &mut Tx, area: &AreaCode, (from, to): (NaiveDate, NaiveDate)) -> Result<Vec<Entry>> {
    let below = scope_bindings(&Scope::Area(*area)).1;
    let mut entries: Vec<Entry> = tx
        .all(
            sql("select o.id, o.unit_id, o.listed_on, o.items, u.usci, u.name, u.area, u.listing
                 from onboarding o join unit u on u.id = o.unit_id
                 where o.listed_on >= $1 and o.listed_on <= $2 and u.area like $3
                 order by o.listed_on, u.usci, o.id")
            .bind(from)
            .bind(to)
            .bind(below.as_str()),
        )
        .await?;
    let acts: Vec<Done> = tx
        .all(
            sql("select a.id, a.onboarding_id, a.item, a.done_on, a.note, a.link, a.file_name, a.file_hash, a.by_id, a.by_name,
                     a.is_by_unit, a.noted_at, a.struck, a.struck_by, a.struck_at
                 from onboarding o join unit u on u.id = o.unit_id join onboarding_act a on a.onboarding_id = o.id
                 where o.listed_on >= $1 and o.listed_on <= $2 and u.area like $3
                 order by a.noted_at, a.id")
            .bind(from)
            .bind(to)
            .bind(below),
        )
        .await?;
    let places: std::collections::BTreeMap<OnboardingId, usize> =
        entries.iter().enumerate().map(|(place, entry)| (entry.one.id, place)).collect();
    for Done(of, act) in acts {
        if let Some(entry) = places.get(&of).and_then(|place| entries.get_mut(*place)) {
            entry.one.acts.push(act);
        }
    }
    Ok(entries)
}

/// The units of an area that report and lack an item of a level, the earliest entry first. Whoever left and came back is owed their last entry.
pub async fn waiting(tx: &mut Tx, area: &AreaCode, level: Level, limit: i64) -> Result<Vec<Entry>> {
    let select = sql(
        "select o.id, o.unit_id, o.listed_on, o.items, u.usci, u.name, u.area, u.listing
         from onboarding o join unit u on u.id = o.unit_id
         where u.area like $1 and u.listing <> 'outside'
             and not exists (select 1 from onboarding later where later.unit_id = o.unit_id and later.listed_on > o.listed_on)
             and exists (select 1 from json_each(o.items) i where json_extract(i.value, '$.level') = $2
                 and not exists (select 1 from onboarding_act a where a.onboarding_id = o.id
                     and a.item = json_extract(i.value, '$.key') and a.struck is null))
         order by o.listed_on, u.usci limit $3",
    )
    .on_postgres(
        "select o.id, o.unit_id, o.listed_on, o.items, u.usci, u.name, u.area, u.listing
         from onboarding o join unit u on u.id = o.unit_id
         where u.area like $1 and u.listing <> 'outside'
             and not exists (select 1 from onboarding later where later.unit_id = o.unit_id and later.listed_on > o.listed_on)
             and exists (select 1 from jsonb_array_elements(o.items) i where i->>'level' = $2
                 and not exists (select 1 from onboarding_act a where a.onboarding_id = o.id
                     and a.item = i->>'key' and a.struck is null))
         order by o.listed_on, u.usci limit $3",
    );
    let below = scope_bindings(&Scope::Area(*area)).1;
    let mut entries: Vec<Entry> = tx.all(select.bind(below).bind(level.key()).bind(limit)).await?;
    for entry in &mut entries {
        if let Some(whole) = of_unit(tx, entry.one.unit).await? {
            entry.one = whole;
        }
    }
    Ok(entries)
}

/// How many units [`waiting`] would give.
pub async fn count_waiting(tx: &mut Tx, area: &AreaCode, level: Level) -> Result<u64> {
    let select = sql(
        "select count(*) as n from onboarding o join unit u on u.id = o.unit_id
         where u.area like $1 and u.listing <> 'outside'
             and not exists (select 1 from onboarding later where later.unit_id = o.unit_id and later.listed_on > o.listed_on)
             and exists (select 1 from json_each(o.items) i where json_extract(i.value, '$.level') = $2
                 and not exists (select 1 from onboarding_act a where a.onboarding_id = o.id
                     and a.item = json_extract(i.value, '$.key') and a.struck is null))",
    )
    .on_postgres(
        "select count(*) as n from onboarding o join unit u on u.id = o.unit_id
         where u.area like $1 and u.listing <> 'outside'
             and not exists (select 1 from onboarding later where later.unit_id = o.unit_id and later.listed_on > o.listed_on)
             and exists (select 1 from jsonb_array_elements(o.items) i where i->>'level' = $2
                 and not exists (select 1 from onboarding_act a where a.onboarding_id = o.id
                     and a.item = i->>'key' and a.struck is null))",
    );
    let below = scope_bindings(&Scope::Area(*area)).1;
    let count: i64 = tx.one(select.bind(below).bind(level.key())).await?;
    Ok(total(count))
}

impl FromRow for Handed {
    fn from_row(row: &Row) -> Result<Handed> {
        Ok(Handed {
            unit: row.get("unit_id")?,
            report: row.get("id")?,
            form: row.get("form")?,
            period: row.get("period")?,
            state: row.get("state")?,
            due_at: row.get("due_at")?,
            submitted_at: row.get("submitted_at")?,
            is_late: row.get("is_late")?,
            versions: u32::try_from(row.get::<i64>("versions")?).unwrap_or_default(),
            changed: total(row.get("changed")?),
            corrections: total(row.get("corrections")?),
        })
    }
}

/// The reports that new units of an area owe since their entry: those that entered between two days, periods that end on the day of entry
/// or later.
pub async fn reports(tx: &mut Tx, area: &AreaCode, (from, to): (NaiveDate, NaiveDate)) -> Result<Vec<Handed>> {
    tx.all(
        sql("select r.unit_id, r.id, r.form, r.period, r.state, w.due_at, r.submitted_at, r.is_late, r.versions,
                 coalesce((select cast(sum(v.changed) as bigint) from report_version v where v.report_id = r.id), 0) as changed,
                 (select count(*) from correction c where c.report_id = r.id) as corrections
             from onboarding o join unit u on u.id = o.unit_id join report r on r.unit_id = o.unit_id
                 join survey_window w on w.id = r.window_id
             where o.listed_on >= $1 and o.listed_on <= $2 and u.area like $3 and r.period_ends_on >= o.listed_on
             order by r.unit_id, w.due_at, r.form, r.id")
        .bind(from)
        .bind(to)
        .bind(scope_bindings(&Scope::Area(*area)).1),
    )
    .await
}

/// Whether a file proves anything of a unit's onboarding, and by which name.
pub async fn file_name(tx: &mut Tx, of: OnboardingId, hash: &str) -> Result<Option<String>> {
    tx.maybe(
        sql("select file_name from onboarding_act where onboarding_id = $1 and file_hash = $2 order by noted_at desc limit 1")
            .bind(of)
            .bind(hash),
    )
    .await
}
