//! Prospects 准四上单位 in rows, each with the acts on it.

use rust_decimal::Decimal;
use youju_codes::AreaCode;
use youju_domain::Instant;
use youju_domain::access::Scope;
use youju_domain::id::{PersonId, ProspectId, RosterRunId, UnitId};
use youju_domain::prospect::{Act, Prospect, State};
use youju_domain::register::Unit;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;
use crate::register::{Page, PageRequest, pattern, scope_bindings, total};

impl FromRow for Prospect {
    fn from_row(row: &Row) -> Result<Prospect> {
        Ok(Prospect {
            id: row.get("id")?,
            area: row.get("area")?,
            unit: row.get("unit_id")?,
            code: row.get("code")?,
            name: row.get("name")?,
            address: row.get("address")?,
            phone: row.get("phone")?,
            industry: row.get("industry")?,
            kind: row.get("kind")?,
            quarter: row.get("quarter")?,
            revenue: row.get("revenue")?,
            threshold: row.get("threshold")?,
            source: row.get("source")?,
            state: row.get("state")?,
            reason: row.get("reason")?,
            due_on: row.get("due_on")?,
            by: row.get("entered_by")?,
            at: row.get("entered_at")?,
            verified_by: row.get("verified_by")?,
            verified_at: row.get("verified_at")?,
            changed_at: row.get("changed_at")?,
            revision: row.get("revision")?,
        })
    }
}

/// A new prospect.
pub async fn add(tx: &mut Tx, one: &Prospect) -> Result<()> {
    tx.run(
        sql("insert into prospect (id, area, unit_id, code, name, address, phone, industry, kind, quarter, revenue, threshold,
                 source, state, reason, due_on, entered_by, entered_at, verified_by, verified_at, changed_at, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 0)")
        .bind(one.id)
        .bind(one.area)
        .bind(one.unit)
        .bind(one.code.as_str())
        .bind(one.name.as_str())
        .bind(one.address.as_str())
        .bind(one.phone.as_str())
        .bind(one.industry)
        .bind(one.kind.as_str())
        .bind(one.quarter.as_str())
        .bind(one.revenue)
        .bind(one.threshold)
        .bind(one.source.as_str())
        .bind(one.state)
        .bind(one.reason.as_str())
        .bind(one.due_on)
        .bind(one.by)
        .bind(one.at)
        .bind(one.verified_by)
        .bind(one.verified_at)
        .bind(one.changed_at),
    )
    .await?
    .must_be(1)
}

/// A prospect as it is now. `Conflict` when somebody else moved it in between.
pub async fn put(tx: &mut Tx, one: &Prospect) -> Result<()> {
    tx.run(
        sql("update prospect set unit_id = $3, state = $4, reason = $5, due_on = $6, verified_by = $7, verified_at = $8,
                 changed_at = $9, revision = revision + 1
             where id = $1 and revision = $2")
        .bind(one.id)
        .bind(one.revision)
        .bind(one.unit)
        .bind(one.state)
        .bind(one.reason.as_str())
        .bind(one.due_on)
        .bind(one.verified_by)
        .bind(one.verified_at)
        .bind(one.changed_at),
    )
    .await?
    .must_be(1)
}

/// A prospect.
pub async fn get(tx: &mut Tx, id: ProspectId) -> Result<Option<Prospect>> {
    tx.maybe(
        sql("select id, area, unit_id, code, name, address, phone, industry, kind, quarter, revenue, threshold, source, state,
                 reason, due_on, entered_by, entered_at, verified_by, verified_at, changed_at, revision
             from prospect where id = $1")
        .bind(id),
    )
    .await
}

/// Whether a unit or a code is a prospect already that something is to be done about, or that has been listed.
pub async fn is_there(tx: &mut Tx, unit: Option<UnitId>, (code, name): (&str, &str)) -> Result<bool> {
    let count: i64 = tx
        .one(
            sql("select count(*) as n from prospect
                 where state in ('lead', 'verified', 'due', 'applied', 'listed')
                     and (unit_id = $1 or (code <> '' and code = $2) or ((code = '' or $2 = '') and name = $3))")
            .bind(unit)
            .bind(code)
            .bind(name),
        )
        .await?;
    Ok(count > 0)
}

/// Units that may be told of twice: more than a person compares at a glance are not looked through.
const ALIKE_MAX: i64 = 10;

/// Units of the register with a name or a telephone.
pub async fn alike(tx: &mut Tx, name: &str, phone: &str) -> Result<Vec<Unit>> {
    let select = sql(
        "select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
         where name = $1 or ($2 <> '' and json_extract(details, '$.phone') = $2) order by usci limit $3",
    )
    .on_postgres(
        "select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
         where name = $1 or ($2 <> '' and details->>'phone' = $2) order by usci limit $3",
    );
    tx.all(select.bind(name).bind(phone).bind(ALIKE_MAX)).await
}

/// Which prospects are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In a state.
    pub state: Option<State>,
    /// Of a kind.
    pub kind: String,
    /// Whose name or code holds these words.
    pub search: String,
    /// Open ones that nobody has moved since.
    pub untouched_since: Option<Instant>,
}

/// One page of the prospects of a scope, the highest above their line first.
pub async fn list(tx: &mut Tx, scope: &Scope, filter: &Filter, page: PageRequest) -> Result<Page<Prospect>> {
    let (_, area) = scope_bindings(scope);
    let count: i64 = tx
        .one(
            sql("select count(*) as n from prospect
                 where area like $1 and ($2 is null or state = $2) and ($3 = '' or kind = $3)
                     and (name like $4 escape '\\' or code like $4 escape '\\')
                     and ($5 is null or (changed_at < $5 and state in ('lead', 'verified', 'due', 'applied')))")
            .bind(area.as_str())
            .bind(filter.state)
            .bind(filter.kind.as_str())
            .bind(pattern(&filter.search))
            .bind(filter.untouched_since),
        )
        .await?;
    let rows = tx
        .all(
            sql("select id, area, unit_id, code, name, address, phone, industry, kind, quarter, revenue, threshold, source,
                     state, reason, due_on, entered_by, entered_at, verified_by, verified_at, changed_at, revision
                 from prospect
                 where area like $1 and ($2 is null or state = $2) and ($3 = '' or kind = $3)
                     and (name like $4 escape '\\' or code like $4 escape '\\')
                     and ($5 is null or (changed_at < $5 and state in ('lead', 'verified', 'due', 'applied')))
                 order by area, changed_at, id limit $6 offset $7")
            .bind(area)
            .bind(filter.state)
            .bind(filter.kind.as_str())
            .bind(pattern(&filter.search))
            .bind(filter.untouched_since)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: page.offset.max(0).unsigned_abs() })
}

/// How many prospects of a scope there are by area, kind and state.
pub async fn counts(tx: &mut Tx, scope: &Scope) -> Result<Vec<(AreaCode, String, State, u64)>> {
    struct Counted(AreaCode, String, State, i64);
    impl FromRow for Counted {
        fn from_row(row: &Row) -> Result<Counted> {
            Ok(Counted(row.get("area")?, row.get("kind")?, row.get("state")?, row.get("n")?))
        }
    }
    let (_, area) = scope_bindings(scope);
    let found: Vec<Counted> = tx
        .all(
            sql("select area, kind, state, count(*) as n from prospect where area like $1
                 group by area, kind, state order by area, kind, state")
            .bind(area),
        )
        .await?;
    Ok(found.into_iter().map(|Counted(area, kind, state, count)| (area, kind, state, total(count))).collect())
}

/// An act on a prospect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number, from 0: the entry itself.
    pub number: i64,
    /// What was done; none for the entry itself.
    pub act: Option<Act>,
    /// Where it stood then.
    pub state: State,
    /// What was said.
    pub reason: String,
    /// By whom.
    pub by: PersonId,
    /// Their name.
    pub by_name: String,
    /// When.
    pub at: Instant,
}

impl FromRow for Step {
    fn from_row(row: &Row) -> Result<Step> {
        let act: String = row.get("act")?;
        Ok(Step {
            number: row.get("number")?,
            act: Act::from_key(&act),
            state: row.get("state")?,
            reason: row.get("reason")?,
            by: row.get("taken_by")?,
            by_name: row.get("by_name")?,
            at: row.get("taken_at")?,
        })
    }
}

/// One more act on a prospect, or its entry.
pub async fn add_step(tx: &mut Tx, one: &Prospect, (number, act): (i64, Option<Act>), by: PersonId) -> Result<()> {
    tx.run(
        sql("insert into prospect_step (prospect_id, number, act, state, reason, taken_by, taken_at)
             values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(one.id)
        .bind(number)
        .bind(act.map_or("enter", Act::key))
        .bind(one.state)
        .bind(one.reason.as_str())
        .bind(by)
        .bind(one.changed_at),
    )
    .await?
    .must_be(1)
}

/// Every act on a prospect, the first one first.
pub async fn steps(tx: &mut Tx, id: ProspectId) -> Result<Vec<Step>> {
    tx.all(
        sql("select s.number, s.act, s.state, s.reason, s.taken_by, p.name as by_name, s.taken_at
             from prospect_step s join person p on p.id = s.taken_by where s.prospect_id = $1 order by s.number")
        .bind(id),
    )
    .await
}

/// A row of a list with a figure, as a run placed it.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The entry of the run.
    pub number: i64,
    /// The unit that it is, where it is one.
    pub unit: Option<UnitId>,
    /// The row of the list.
    pub row: i64,
    /// Its figure in yuan.
    pub revenue: Decimal,
}

impl FromRow for Candidate {
    fn from_row(row: &Row) -> Result<Candidate> {
        Ok(Candidate {
            number: row.get("number")?,
            unit: row.get("unit_id")?,
            row: row.get("row_number")?,
            revenue: row.get("revenue")?,
        })
    }
}

/// The rows of a run's list that have a figure and of which it is settled whether they are a unit of the register.
pub async fn candidates(tx: &mut Tx, run: RosterRunId, area: &AreaCode) -> Result<Vec<Candidate>> {
    tx.all(
        sql("select p.number, p.unit_id, p.row_number, r.revenue
             from roster_pair p
             join roster_run x on x.id = p.run_id
             join roster_row r on r.roster_id = x.roster_id and r.number = p.row_number
             where p.run_id = $1 and p.area like $2 and p.verdict in ('enrol', 'amend', 'agreed') and r.revenue is not null
             order by p.number")
        .bind(run)
        .bind(format!("{}%", area.prefix())),
    )
    .await
}
