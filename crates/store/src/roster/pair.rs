//! What runs found, and what people decided, in rows.

use rust_decimal::Decimal;
use serde::Serialize;
use youju_codes::AreaCode;
use youju_domain::Instant;
use youju_domain::id::{PersonId, RosterRunId, UnitId};
use youju_domain::roster::{Choice, Difference, Found, Line, Pair, Verdict};

use crate::db::{Document, FromRow, Row, Tx, sql};
use crate::document::to_text;
use crate::error::Result;
use crate::register::{Page, PageRequest, pattern, total};

impl FromRow for Pair {
    fn from_row(row: &Row) -> Result<Pair> {
        Ok(Pair {
            number: row.get("number")?,
            sort: row.get("sort")?,
            unit: row.get("unit_id")?,
            other: row.get("other_id")?,
            row: row.get("row_number")?,
            band: row.get("band")?,
            then: row.get("follows")?,
            choice: row.get("choice")?,
            verdict: row.get("verdict")?,
        })
    }
}

/// An entry of a run as pages show it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The entry with its evidence.
    pub found: Found,
    /// Name of the unit.
    pub unit_name: Option<String>,
    /// Its code.
    pub unit_code: Option<String>,
    /// How it is listed, by the key of the register.
    pub unit_listing: Option<String>,
    /// Name of the other unit.
    pub other_name: Option<String>,
    /// Its code.
    pub other_code: Option<String>,
    /// Name of the row.
    pub row_name: Option<String>,
    /// Its code.
    pub row_code: Option<String>,
    /// Its address.
    pub row_address: Option<String>,
    /// Its industry, as the list writes it.
    pub row_industry: Option<String>,
    /// Its revenue in yuan.
    pub row_revenue: Option<Decimal>,
    /// Who decided last.
    pub by_name: Option<String>,
    /// When.
    pub at: Option<Instant>,
    /// Changes with every decision about it.
    pub revision: i64,
}

impl FromRow for Listed {
    fn from_row(row: &Row) -> Result<Listed> {
        let found = Found {
            pair: Pair::from_row(row)?,
            area: row.get("area")?,
            bits: row.get("bits")?,
            differences: row.get::<Document<Vec<Difference>>>("differences")?.0,
            evidence: row.get::<Document<Vec<Line>>>("evidence")?.0,
        };
        Ok(Listed {
            found,
            unit_name: row.get("unit_name")?,
            unit_code: row.get("unit_code")?,
            unit_listing: row.get("unit_listing")?,
            other_name: row.get("other_name")?,
            other_code: row.get("other_code")?,
            row_name: row.get("row_name")?,
            row_code: row.get("row_code")?,
            row_address: row.get("row_address")?,
            row_industry: row.get("row_industry")?,
            row_revenue: row.get("row_revenue")?,
            by_name: row.get("by_name")?,
            at: row.get("decided_at")?,
            revision: row.get("revision")?,
        })
    }
}

#[derive(Serialize)]
struct NewPair<'f> {
    number: i64,
    sort: &'static str,
    unit: Option<UnitId>,
    other: Option<UnitId>,
    row: Option<i64>,
    area: AreaCode,
    bits: i64,
    band: &'static str,
    follows: &'static str,
    verdict: &'static str,
    differences: &'f [Difference],
    evidence: &'f [Line],
}

impl<'f> From<&'f Found> for NewPair<'f> {
    fn from(found: &'f Found) -> NewPair<'f> {
        let pair = &found.pair;
        NewPair {
            number: pair.number,
            sort: pair.sort.key(),
            unit: pair.unit,
            other: pair.other,
            row: pair.row,
            area: found.area,
            bits: found.bits,
            band: pair.band.key(),
            follows: pair.then.key(),
            verdict: pair.verdict.key(),
            differences: &found.differences,
            evidence: &found.evidence,
        }
    }
}

/// Entries of a run, all with one statement.
pub async fn add(tx: &mut Tx, run: RosterRunId, found: &[Found]) -> Result<()> {
    let rows: Vec<NewPair<'_>> = found.iter().map(NewPair::from).collect();
    tx.run(
        sql("insert into roster_pair (run_id, number, sort, unit_id, other_id, row_number, area, bits, band, follows, verdict,
                 differences, evidence, choice, decided_by, decided_at, revision)
             select $1, e.value ->> 'number', e.value ->> 'sort', e.value ->> 'unit', e.value ->> 'other', e.value ->> 'row',
                 e.value ->> 'area', e.value ->> 'bits', e.value ->> 'band', e.value ->> 'follows', e.value ->> 'verdict',
                 e.value -> 'differences', e.value -> 'evidence', null, null, null, 0
             from json_each($2) e")
        .on_postgres(
            "insert into roster_pair (run_id, number, sort, unit_id, other_id, row_number, area, bits, band, follows, verdict,
                 differences, evidence, choice, decided_by, decided_at, revision)
             select $1, cast(e ->> 'number' as bigint), e ->> 'sort', cast(e ->> 'unit' as uuid), cast(e ->> 'other' as uuid),
                 cast(e ->> 'row' as bigint), e ->> 'area', cast(e ->> 'bits' as bigint), e ->> 'band', e ->> 'follows',
                 e ->> 'verdict', e -> 'differences', e -> 'evidence', null, null, null, 0
             from jsonb_array_elements($2) e",
        )
        .bind(run)
        .bind(to_text("roster_pair", &rows)?),
    )
    .await?
    .must_be(u64::try_from(rows.len()).unwrap_or(u64::MAX))
}

/// How many entries of a run have each verdict, in an area.
pub async fn counts(tx: &mut Tx, run: RosterRunId, area: &AreaCode) -> Result<Vec<(Verdict, u64)>> {
    struct Counted(Verdict, i64);
    impl FromRow for Counted {
        fn from_row(row: &Row) -> Result<Counted> {
            Ok(Counted(row.get("verdict")?, row.get("n")?))
        }
    }
    let found: Vec<Counted> = tx
        .all(
            sql("select verdict, count(*) as n from roster_pair where run_id = $1 and area like $2 group by verdict")
                .bind(run)
                .bind(format!("{}%", area.prefix())),
        )
        .await?;
    Ok(found.into_iter().map(|Counted(verdict, count)| (verdict, total(count))).collect())
}

/// One page of the entries of a run in an area with a verdict, whose names or codes hold `search`; the most certain first.
pub async fn list(
    tx: &mut Tx,
    (run, verdict): (RosterRunId, Verdict),
    (area, search): (&AreaCode, &str),
    page: PageRequest,
) -> Result<Page<Listed>> {
    let (within, words) = (format!("{}%", area.prefix()), pattern(search));
    let count: i64 = tx
        .one(
            sql("select count(*) as n from roster_pair p
                 join roster_run x on x.id = p.run_id
                 left join unit u on u.id = p.unit_id
                 left join roster_row r on r.roster_id = x.roster_id and r.number = p.row_number
                 where p.run_id = $1 and p.verdict = $2 and p.area like $3
                     and (u.name like $4 escape '\\' or u.usci like $4 escape '\\' or r.name like $4 escape '\\'
                         or r.code like $4 escape '\\')")
            .bind(run)
            .bind(verdict)
            .bind(within.as_str())
            .bind(words.as_str()),
        )
        .await?;
    let rows = tx
        .all(
            sql("select p.number, p.sort, p.unit_id, p.other_id, p.row_number, p.area, p.bits, p.band, p.follows, p.verdict,
                     p.differences, p.evidence, p.choice, p.decided_at, p.revision, u.name as unit_name, u.usci as unit_code,
                     u.listing as unit_listing, o.name as other_name, o.usci as other_code, r.name as row_name,
                     r.code as row_code, r.address as row_address, r.industry as row_industry, r.revenue as row_revenue, d.name as by_name
                 from roster_pair p
                 join roster_run x on x.id = p.run_id
                 left join unit u on u.id = p.unit_id
                 left join unit o on o.id = p.other_id
                 left join roster_row r on r.roster_id = x.roster_id and r.number = p.row_number
                 left join person d on d.id = p.decided_by
                 where p.run_id = $1 and p.verdict = $2 and p.area like $3
                     and (u.name like $4 escape '\\' or u.usci like $4 escape '\\' or r.name like $4 escape '\\'
                         or r.code like $4 escape '\\')
                 order by p.bits desc, p.number limit $5 offset $6")
            .bind(run)
            .bind(verdict)
            .bind(within)
            .bind(words)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: page.offset.max(0).unsigned_abs() })
}

/// An entry of a run.
pub async fn get(tx: &mut Tx, run: RosterRunId, number: i64) -> Result<Option<Listed>> {
    tx.maybe(
        sql("select p.number, p.sort, p.unit_id, p.other_id, p.row_number, p.area, p.bits, p.band, p.follows, p.verdict,
                 p.differences, p.evidence, p.choice, p.decided_at, p.revision, u.name as unit_name, u.usci as unit_code,
                 u.listing as unit_listing, o.name as other_name, o.usci as other_code, r.name as row_name,
                 r.code as row_code, r.address as row_address, r.industry as row_industry, r.revenue as row_revenue, d.name as by_name
             from roster_pair p
             join roster_run x on x.id = p.run_id
             left join unit u on u.id = p.unit_id
             left join unit o on o.id = p.other_id
             left join roster_row r on r.roster_id = x.roster_id and r.number = p.row_number
             left join person d on d.id = p.decided_by
             where p.run_id = $1 and p.number = $2")
        .bind(run)
        .bind(number),
    )
    .await
}

/// The most certain pair in an area that waits for a look and comes behind another one, if there is one.
pub async fn next(tx: &mut Tx, run: RosterRunId, area: &AreaCode, behind: Option<(i64, i64)>) -> Result<Option<i64>> {
    let (bits, number) = behind.unzip();
    tx.maybe(
        sql("select number from roster_pair
             where run_id = $1 and verdict = 'review' and area like $2
                 and ($3 is null or bits < $3 or (bits = $3 and number > $4))
             order by bits desc, number limit 1")
        .bind(run)
        .bind(format!("{}%", area.prefix()))
        .bind(bits)
        .bind(number),
    )
    .await
}

/// The entry itself, and every entry that shares its unit or its row.
pub async fn around(tx: &mut Tx, run: RosterRunId, number: i64) -> Result<Vec<Pair>> {
    tx.all(
        sql("select distinct p.number, p.sort, p.unit_id, p.other_id, p.row_number, p.band, p.follows, p.choice, p.verdict
             from roster_pair p join roster_pair a on a.run_id = p.run_id
             where a.run_id = $1 and a.number = $2
                 and (p.number = a.number or p.unit_id = a.unit_id or p.row_number = a.row_number)
             order by p.number")
        .bind(run)
        .bind(number),
    )
    .await
}

/// A decision about an entry, by number and revision: `Conflict` when somebody else was faster.
pub async fn decide(
    tx: &mut Tx,
    (run, number, revision): (RosterRunId, i64, i64),
    choice: Choice,
    (by, at): (PersonId, Instant),
) -> Result<()> {
    let stands = (choice != Choice::Undone).then_some(choice);
    tx.run(
        sql("update roster_pair set choice = $4, decided_by = $5, decided_at = $6, revision = revision + 1
             where run_id = $1 and number = $2 and revision = $3")
        .bind(run)
        .bind(number)
        .bind(revision)
        .bind(stands)
        .bind(by)
        .bind(at),
    )
    .await?
    .must_be(1)?;
    tx.run(
        sql("insert into roster_decision (run_id, number, step, choice, decided_by, decided_at) values ($1, $2, $3, $4, $5, $6)")
            .bind(run)
            .bind(number)
            .bind(revision + 1)
            .bind(choice)
            .bind(by)
            .bind(at),
    )
    .await?
    .must_be(1)
}

/// The number behind the last entry of a run.
pub async fn next_number(tx: &mut Tx, run: RosterRunId) -> Result<i64> {
    tx.one(sql("select coalesce(max(number), 0) + 1 as n from roster_pair where run_id = $1").bind(run)).await
}

/// What follows from an entry now.
pub async fn follow(tx: &mut Tx, run: RosterRunId, number: i64, verdict: Verdict) -> Result<()> {
    tx.run(
        sql("update roster_pair set verdict = $3 where run_id = $1 and number = $2")
            .bind(run)
            .bind(number)
            .bind(verdict),
    )
    .await?
    .must_be(1)
}

/// A decision as it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What.
    pub choice: Choice,
    /// By whom.
    pub by_name: String,
    /// When.
    pub at: Instant,
}

impl FromRow for Decision {
    fn from_row(row: &Row) -> Result<Decision> {
        Ok(Decision { choice: row.get("choice")?, by_name: row.get("by_name")?, at: row.get("decided_at")? })
    }
}

/// Every decision about an entry, the first one first.
pub async fn decisions(tx: &mut Tx, run: RosterRunId, number: i64) -> Result<Vec<Decision>> {
    tx.all(
        sql("select d.choice, d.decided_at, p.name as by_name from roster_decision d join person p on p.id = d.decided_by
             where d.run_id = $1 and d.number = $2 order by d.step")
        .bind(run)
        .bind(number),
    )
    .await
}
