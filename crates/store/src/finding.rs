//! Findings and explanations in rows: what the checks say about the present cells, and what was answered.

use serde::Serialize;
use serde_json::Value as Json;
use youju_domain::finding::{Answered, Explanation, Finding, Standing};
use youju_domain::id::ReportId;

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document, to_text};
use crate::error::Result;

struct Body(Explanation);

impl FromRow for Body {
    fn from_row(row: &Row) -> Result<Body> {
        Ok(Body(from_document("explanation.body", row.get::<Json>("body")?)?))
    }
}

/// The name under which a standing is counted.
pub(crate) fn standing_key(standing: Standing) -> &'static str {
    match standing {
        Standing::MustMend => "must_mend",
        Standing::MustExplain => "must_explain",
        Standing::Explained => "explained",
        Standing::Told => "told",
    }
}

/// A row of findings on its way into the table.
#[derive(Serialize)]
struct NewRow<'a> {
    check: &'a str,
    severity: &'static str,
    standing: &'static str,
    body: &'a Finding,
}

/// Replaces the findings of a report by those of its present cells.
pub async fn replace(tx: &mut Tx, report: ReportId, findings: &[Answered], standings: &[Standing]) -> Result<()> {
    tx.run(sql("delete from finding where report_id = $1").bind(report)).await?.any();
    if findings.is_empty() {
        return Ok(());
    }
    let rows: Vec<NewRow<'_>> = findings
        .iter()
        .zip(standings)
        .map(|(Answered { finding, .. }, standing)| NewRow {
            check: finding.check.as_str(),
            severity: finding.severity.letter(),
            standing: standing_key(*standing),
            body: finding,
        })
        .collect();
    let count = rows.len();
    // One statement for all: a form has a hundred checks and more.
    tx.run(
        sql("insert into finding (report_id, position, check_id, severity, standing, body)
             select $1, e.key, e.value ->> 'check', e.value ->> 'severity', e.value ->> 'standing', e.value -> 'body'
             from json_each($2) e")
        .on_postgres(
            "insert into finding (report_id, position, check_id, severity, standing, body)
             select $1, e.place - 1, e.value ->> 'check', e.value ->> 'severity', e.value ->> 'standing', e.value -> 'body'
             from jsonb_array_elements($2) with ordinality e (value, place)",
        )
        .bind(report)
        .bind(to_text("finding.body", &rows)?),
    )
    .await?
    .must_be(u64::try_from(count).unwrap_or_default())
}

/// One more explanation; earlier ones stay, as evidence.
pub async fn explain(tx: &mut Tx, report: ReportId, explanation: &Explanation) -> Result<()> {
    tx.run(
        sql("insert into explanation (report_id, position, body)
             select $1, count(*) + 1, $2 from explanation where report_id = $1")
        .bind(report)
        .bind(to_document("explanation.body", explanation)?),
    )
    .await?
    .must_be(1)
}

/// Every explanation of a report, oldest first.
pub async fn explanations(tx: &mut Tx, report: ReportId) -> Result<Vec<Explanation>> {
    let rows: Vec<Body> =
        tx.all(sql("select body from explanation where report_id = $1 order by position").bind(report)).await?;
    Ok(rows.into_iter().map(|Body(explanation)| explanation).collect())
}

/// How many findings of a window's reports stand how, by severity: `(letter, standing, number)`.
pub async fn counts(tx: &mut Tx, window: youju_domain::id::WindowId) -> Result<Vec<(String, String, i64)>> {
    struct Count(String, String, i64);
    impl FromRow for Count {
        fn from_row(row: &Row) -> Result<Count> {
            Ok(Count(row.get("severity")?, row.get("standing")?, row.get("n")?))
        }
    }
    let rows: Vec<Count> = tx
        .all(
            sql("select f.severity, f.standing, count(*) as n from finding f join report r on r.id = f.report_id
                 where r.window_id = $1 group by f.severity, f.standing order by f.severity, f.standing")
            .bind(window),
        )
        .await?;
    Ok(rows.into_iter().map(|Count(severity, standing, n)| (severity, standing, n)).collect())
}
