//! Archive 档案盒 in rows that others write: counted for lists, and what is kept of a unit and year. It has no table of its own.

use serde_json::Value as Json;
use youju_codes::{AreaCode, Period};
use youju_domain::Instant;
use youju_domain::access::{FormScope, Scope};
use youju_domain::archive::Counts;
use youju_domain::finding::Finding;
use youju_domain::id::{ImportId, RecordImportId, ReportId, UnitId};

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::from_document;
use crate::error::Result;
use crate::register::{forms_binding, scope_bindings, total};

/// What is asked of the units of a list.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Boxes of which year.
    pub year: i32,
    /// What was due before this instant is owed.
    pub now: Instant,
    /// Forms whose reports belong into the box.
    pub reports: Vec<String>,
    /// Forms whose periods need an original file.
    pub originals: Vec<String>,
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
        let counts = Counts { owed: total(row.get("owed")?), there: total(row.get("there")?) };
        Ok(Counted { unit: row.get("id")?, name: row.get("name")?, area: row.get("area")?, counts })
    }
}

/// Every unit of a scope with what can be counted of its box: reports handed in, periods with an original file, queries that were
/// answered, corrections that were settled. A piece counts when it is there or its time has passed.
pub async fn counts(tx: &mut Tx, scope: &FormScope, asked: &Asked) -> Result<Vec<Counted>> {
    let (unit, area) = scope_bindings(&scope.scope);
    tx.all(
        sql("with owed as (
                 select r.id, r.unit_id, r.form, r.period, case when w.due_at < $4 then 1 else 0 end as is_due,
                     case when r.versions > 0 then 1 else 0 end as is_in
                 from report r join unit u on u.id = r.unit_id join survey_window w on w.id = r.window_id
                 where (u.id = $1 or ($1 is null and u.area like $2)) and substr(r.period, 1, 4) = $3
                   and ($7 is null or r.form in (select value from json_each($7)))),
             span as (
                 select o.unit_id, o.period, max(o.is_due) as is_due
                 from owed o join json_each($6) f on f.value = o.form group by o.unit_id, o.period),
             original as (
                 select s.unit_id, s.is_due, case when exists (
                         select 1 from attachment t
                         where t.unit_id = s.unit_id and t.period = s.period and t.removed_at is null)
                     or exists (select 1 from ledger_import l join blob b on b.sha256 = l.file_hash
                         where l.unit_id = s.unit_id and l.period = s.period)
                     or exists (select 1 from record_import i join blob b on b.sha256 = i.file_hash
                         where i.unit_id = s.unit_id and i.period = s.period)
                     then 1 else 0 end as is_there
                 from span s),
             piece as (
                 select o.unit_id, o.is_due, o.is_in as is_there from owed o join json_each($5) f on f.value = o.form
                 union all
                 select unit_id, is_due, is_there from original
                 union all
                 select o.unit_id, case when q.due_at < $4 then 1 else 0 end,
                     case when q.stage = 'asked' then 0 else 1 end
                 from query q join owed o on o.id = q.report_id
                 union all
                 select o.unit_id, case when c.due_at < $4 then 1 else 0 end,
                     case when c.stage in ('asked', 'approved') then 0 else 1 end
                 from correction c join owed o on o.id = c.report_id where c.stage <> 'withdrawn'),
             counted as (
                 select unit_id, count(*) as owed, cast(sum(is_there) as bigint) as there
                 from piece where is_due = 1 or is_there = 1 group by unit_id)
             select u.id, u.name, u.area, coalesce(c.owed, 0) as owed, coalesce(c.there, 0) as there
             from unit u left join counted c on c.unit_id = u.id
             where u.id = $1 or ($1 is null and u.ever_listed and (u.listing <> 'outside' or c.unit_id is not null) and u.area like $2)
             order by u.area, u.usci")
        .bind(unit)
        .bind(area)
        .bind(format!("{:04}", asked.year))
        .bind(asked.now)
        .bind(Json::from(asked.reports.clone()))
        .bind(Json::from(asked.originals.clone()))
        .bind(forms_binding(scope)),
    )
    .await
}

/// An import with its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Which: a trial balance, or source records.
    pub id: Imported,
    /// Of which period.
    pub period: Period,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_hash: String,
    /// Bytes of the kept file; none where it is not kept, because it names persons.
    pub size: Option<u64>,
    /// Who imported it.
    pub by_name: String,
    /// When.
    pub at: Instant,
}

/// Which import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// A trial balance.
    Ledger(ImportId),
    /// Source records.
    Records(RecordImportId),
}

impl FromRow for Import {
    fn from_row(row: &Row) -> Result<Import> {
        let ledger: Option<ImportId> = row.get("ledger_id")?;
        let id = match ledger {
            Some(id) => Imported::Ledger(id),
            None => Imported::Records(row.get("record_id")?),
        };
        Ok(Import {
            id,
            period: row.get("period")?,
            file_name: row.get("file_name")?,
            file_hash: row.get("file_hash")?,
            size: row.get::<Option<i64>>("size")?.map(total),
            by_name: row.get("name")?,
            at: row.get("imported_at")?,
        })
    }
}

/// Every import of a unit and year, oldest first.
pub async fn imports(tx: &mut Tx, unit: UnitId, year: i32) -> Result<Vec<Import>> {
    tx.all(
        sql("select l.id as ledger_id, null as record_id, l.period, l.file_name, l.file_hash, b.size, p.name, l.imported_at
             from ledger_import l join person p on p.id = l.imported_by left join blob b on b.sha256 = l.file_hash
             where l.unit_id = $1 and substr(l.period, 1, 4) = $2
             union all
             select null as ledger_id, i.id as record_id, i.period, i.file_name, i.file_hash, b.size, p.name, i.imported_at
             from record_import i join person p on p.id = i.imported_by left join blob b on b.sha256 = i.file_hash
             where i.unit_id = $1 and substr(i.period, 1, 4) = $2
             order by 8, 5, 1, 2")
        .bind(unit)
        .bind(format!("{year:04}")),
    )
    .await
}

/// A finding that was explained when a version was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedFinding {
    /// The report.
    pub report: ReportId,
    /// The version.
    pub version: u32,
    /// The finding.
    pub finding: Finding,
    /// What was said about it.
    pub explanation: String,
}

/// What a unit explained in the versions of a year, by report and version.
pub async fn explained(tx: &mut Tx, unit: UnitId, year: i32) -> Result<Vec<ExplainedFinding>> {
    struct Found(ReportId, i64, Json);
    impl FromRow for Found {
        fn from_row(row: &Row) -> Result<Found> {
            Ok(Found(row.get("report_id")?, row.get("number")?, row.get("findings")?))
        }
    }
    let found: Vec<Found> = tx
        .all(
            sql("select v.report_id, v.number, v.findings from report_version v join report r on r.id = v.report_id
                 where r.unit_id = $1 and substr(r.period, 1, 4) = $2 order by r.period_ends_on, r.form, v.number")
            .bind(unit)
            .bind(format!("{year:04}")),
        )
        .await?;
    let mut explained = Vec::new();
    for Found(report, number, findings) in found {
        let Json::Array(findings) = findings else { continue };
        for mut answered in findings {
            let explanation = answered.get("explanation").and_then(Json::as_str).map(str::to_owned);
            let (Some(explanation), Some(finding)) = (explanation, answered.get_mut("finding").map(Json::take)) else {
                continue;
            };
            let finding = from_document("report_version.findings", finding)?;
            let version = u32::try_from(number).unwrap_or_default();
            explained.push(ExplainedFinding { report, version, finding, explanation });
        }
    }
    Ok(explained)
}

/// A kept file of some unit, as the list of passed terms sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// Whose.
    pub unit: UnitId,
    /// The unit's name.
    pub name: String,
    /// Where the unit is.
    pub area: AreaCode,
    /// True for an attachment, false for the file of an import.
    pub is_attached: bool,
    /// Name of the file, and the note of an attachment.
    pub text: String,
    /// Bytes.
    pub size: u64,
    /// When it came in.
    pub at: Instant,
}

impl FromRow for Material {
    fn from_row(row: &Row) -> Result<Material> {
        let (name, note): (String, String) = (row.get("file_name")?, row.get("note")?);
        Ok(Material {
            unit: row.get("id")?,
            name: row.get("name")?,
            area: row.get("area")?,
            is_attached: row.get::<i64>("is_attached")? == 1,
            text: format!("{name} {note}"),
            size: total(row.get("size")?),
            at: row.get("at")?,
        })
    }
}

/// Every kept file of the boxes of a year, of the units in a scope, by area and unit.
pub async fn materials(tx: &mut Tx, scope: &Scope, year: i32) -> Result<Vec<Material>> {
    let (unit, area) = scope_bindings(scope);
    tx.all(
        sql("with kept as (
                 select unit_id, cast(1 as bigint) as is_attached, file_name, note, size, added_at as at from attachment
                 where substr(period, 1, 4) = $3
                 union all
                 select l.unit_id, 0, l.file_name, '', b.size, l.imported_at
                 from ledger_import l join blob b on b.sha256 = l.file_hash where substr(l.period, 1, 4) = $3
                 union all
                 select i.unit_id, 0, i.file_name, '', b.size, i.imported_at
                 from record_import i join blob b on b.sha256 = i.file_hash where substr(i.period, 1, 4) = $3)
             select u.id, u.name, u.area, k.is_attached, k.file_name, k.note, k.size, k.at
             from kept k join unit u on u.id = k.unit_id
             where (u.id = $1 or ($1 is null and u.area like $2))
             order by u.area, u.usci, k.at")
        .bind(unit)
        .bind(area)
        .bind(format!("{year:04}")),
    )
    .await
}
