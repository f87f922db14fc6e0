//! Compliance 台账达标: what a data base can say about the ledgers of many units at once, without comparing figures; and when
//! the imports of one unit came in.

use chrono::NaiveDate;
use youju_codes::{AreaCode, Period};
use youju_domain::Instant;
use youju_domain::access::FormScope;
use youju_domain::compliance::Counts;
use youju_domain::id::UnitId;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;
use crate::register::{forms_binding, scope_bindings, total};

/// What is asked of the units.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Periods that end on this day or later.
    pub since: NaiveDate,
    /// Reports that were due before this instant.
    pub now: Instant,
    /// Forms whose ledger is a trial balance; that of the others is kept row by row, or as source records.
    pub from_accounts: Vec<String>,
    /// Ledgers that forms are taken from; others, such as that of events, do not stand for them.
    pub ledgers: Vec<String>,
}

/// A unit with its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub area: AreaCode,
    /// What was counted.
    pub counts: Counts,
}

impl FromRow for Counted {
    fn from_row(row: &Row) -> Result<Counted> {
        let counts = Counts {
            owed: total(row.get("owed")?),
            kept: total(row.get("kept")?),
            evident: total(row.get("evident")?),
        };
        Ok(Counted { unit: row.get("id")?, name: row.get("name")?, area: row.get("area")?, counts })
    }
}

/// Every unit of a scope with its counts, by area and code. Units without a report that counts are among them.
pub async fn counts(tx: &mut Tx, scope: &FormScope, asked: &Asked) -> Result<Vec<Counted>> {
    let (unit, area) = scope_bindings(&scope.scope);
    let forms = serde_json::Value::from(asked.from_accounts.clone());
    let ledgers = serde_json::Value::from(asked.ledgers.clone());
    tx.all(
        sql("with owed as (
                 select r.unit_id, r.period, max(r.period_ends_on) as ends_on,
                     max(case when a.value is null then 0 else 1 end) as by_accounts,
                     max(case when a.value is null then 1 else 0 end) as by_records
                 from report r
                 join unit u on u.id = r.unit_id
                 join survey_window w on w.id = r.window_id
                 left join json_each($5) a on a.value = r.form
                 where (u.id = $1 or ($1 is null and u.area like $2))
                   and r.period_ends_on >= $3 and w.due_at < $4
                   and ($7 is null or r.form in (select value from json_each($7)))
                 group by r.unit_id, r.period),
             counted as (
                 select o.unit_id, count(*) as owed,
                     cast(sum(case when (o.by_accounts = 0 or exists (
                             select 1 from ledger_import l where l.unit_id = o.unit_id and l.period = o.period))
                         and (o.by_records = 0 or exists (
                             select 1 from record_import i where i.unit_id = o.unit_id and i.period = o.period)
                             or exists (
                             select 1 from book k join json_each($6) g on g.value = k.ledger
                             where k.unit_id = o.unit_id and k.period_ends_on = o.ends_on))
                         then 1 else 0 end) as bigint) as kept,
                     cast(sum(case when exists (
                             select 1 from attachment t
                             where t.unit_id = o.unit_id and t.period = o.period and t.removed_at is null)
                         or exists (select 1 from ledger_import l join blob b on b.sha256 = l.file_hash
                             where l.unit_id = o.unit_id and l.period = o.period)
                         or exists (select 1 from record_import i join blob b on b.sha256 = i.file_hash
                             where i.unit_id = o.unit_id and i.period = o.period)
                         then 1 else 0 end) as bigint) as evident
                 from owed o group by o.unit_id)
             select u.id, u.name, u.area, coalesce(c.owed, 0) as owed, coalesce(c.kept, 0) as kept,
                 coalesce(c.evident, 0) as evident
             from unit u left join counted c on c.unit_id = u.id
             where u.id = $1 or ($1 is null and u.ever_listed and (u.listing <> 'outside' or c.unit_id is not null) and u.area like $2)
             order by u.area, u.usci")
        .bind(unit)
        .bind(area)
        .bind(asked.since)
        .bind(asked.now)
        .bind(forms)
        .bind(ledgers)
        .bind(forms_binding(scope)),
    )
    .await
}

/// When the first import of a period came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct First {
    /// Which period.
    pub period: Period,
    /// When.
    pub at: Instant,
}

impl FromRow for First {
    fn from_row(row: &Row) -> Result<First> {
        Ok(First { period: row.get("period")?, at: row.get("first_at")? })
    }
}

/// When the first trial balance of each period of a unit came in.
pub async fn first_trial_balances(tx: &mut Tx, unit: UnitId) -> Result<Vec<First>> {
    tx.all(
        sql("select period, min(imported_at) as first_at from ledger_import where unit_id = $1 group by period")
            .bind(unit),
    )
    .await
}

/// When the first source records of each period of a unit came in.
pub async fn first_records(tx: &mut Tx, unit: UnitId) -> Result<Vec<First>> {
    tx.all(
        sql("select period, min(imported_at) as first_at from record_import where unit_id = $1 group by period")
            .bind(unit),
    )
    .await
}

/// When the book of a ledger and period was saved first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstBook {
    /// Which ledger.
    pub ledger: String,
    /// Which period.
    pub period: Period,
    /// When.
    pub at: Instant,
}

impl FromRow for FirstBook {
    fn from_row(row: &Row) -> Result<FirstBook> {
        Ok(FirstBook { ledger: row.get("ledger")?, period: row.get("period")?, at: row.get("first_at")? })
    }
}

/// When the first book of each ledger and period of a unit was saved.
pub async fn first_books(tx: &mut Tx, unit: UnitId) -> Result<Vec<FirstBook>> {
    tx.all(
        sql("select ledger, period, min(saved_at) as first_at from book where unit_id = $1 group by ledger, period")
            .bind(unit),
    )
    .await
}

/// The periods for which a file of a unit is kept or attached.
pub async fn evident(tx: &mut Tx, unit: UnitId) -> Result<Vec<Period>> {
    tx.all(
        sql("select t.period from attachment t where t.unit_id = $1 and t.removed_at is null
             union select l.period from ledger_import l join blob b on b.sha256 = l.file_hash where l.unit_id = $1
             union select i.period from record_import i join blob b on b.sha256 = i.file_hash where i.unit_id = $1")
        .bind(unit),
    )
    .await
}
