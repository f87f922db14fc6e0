//! Assessment 数据质量评估 in rows; judgements and what was done are documents.

use serde_json::Value as Json;
use youju_codes::{AreaCode, Period};
use youju_domain::access::{FormScope, Scope};
use youju_domain::assessment::{Assessment, Overall, Stage};
use youju_domain::id::{AssessmentId, ReportId};
use youju_domain::report::Level;

use crate::db::{Engine, FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::register::{forms_binding, scope_bindings};
use crate::report::accepted_by;

/// An assessment with the revision that it was read at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The assessment.
    pub assessment: Assessment,
    /// Changes at every write.
    pub revision: i64,
}

impl FromRow for Read {
    fn from_row(row: &Row) -> Result<Read> {
        let assessment = Assessment {
            id: row.get("id")?,
            form: row.get("form")?,
            period: row.get("period")?,
            area: row.get("area")?,
            stage: row.get("stage")?,
            overall: row.get("overall")?,
            round: u32::try_from(row.get::<i64>("round")?).unwrap_or_default(),
            judgements: from_document("assessment.judgements", row.get::<Json>("judgements")?)?,
            turns: from_document("assessment.turns", row.get::<Json>("turns")?)?,
        };
        Ok(Read { assessment, revision: row.get("revision")? })
    }
}

/// A new assessment. A second one of the same area, form and period breaks `assessment_area_form_period_key`.
pub async fn add(tx: &mut Tx, assessment: &Assessment) -> Result<()> {
    tx.run(
        sql("insert into assessment (id, area, form, period, stage, overall, round, judgements, turns, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)")
        .bind(assessment.id)
        .bind(assessment.area)
        .bind(assessment.form.as_str())
        .bind(assessment.period)
        .bind(assessment.stage)
        .bind(assessment.overall)
        .bind(i64::from(assessment.round))
        .bind(to_document("assessment.judgements", &assessment.judgements)?)
        .bind(to_document("assessment.turns", &assessment.turns)?),
    )
    .await?
    .must_be(1)
}

/// An assessment as it goes on; refused when somebody else was faster.
pub async fn put(tx: &mut Tx, assessment: &Assessment, revision: i64) -> Result<()> {
    tx.run(
        sql("update assessment set stage = $3, overall = $4, round = $5, judgements = $6, turns = $7,
                 revision = revision + 1
             where id = $1 and revision = $2")
        .bind(assessment.id)
        .bind(revision)
        .bind(assessment.stage)
        .bind(assessment.overall)
        .bind(i64::from(assessment.round))
        .bind(to_document("assessment.judgements", &assessment.judgements)?)
        .bind(to_document("assessment.turns", &assessment.turns)?),
    )
    .await?
    .must_be(1)
}

/// An assessment by its id.
pub async fn get(tx: &mut Tx, id: AssessmentId) -> Result<Option<Read>> {
    tx.maybe(
        sql("select id, area, form, period, stage, overall, round, judgements, turns, revision
             from assessment where id = $1")
        .bind(id),
    )
    .await
}

/// The assessment of an area, form and period, if there is one, with everything that was said in it.
pub async fn of(tx: &mut Tx, area: &AreaCode, form: &str, period: Period) -> Result<Option<Read>> {
    tx.maybe(
        sql("select id, area, form, period, stage, overall, round, judgements, turns, revision
             from assessment where area = $1 and form = $2 and period = $3")
        .bind(*area)
        .bind(form)
        .bind(period),
    )
    .await
}

/// Holds an assessment until the transaction ends, so that nothing it rests on is accepted or sent back unseen while it is fed
/// back. Held after reports, a county's before its city's, and before the journal is written: see [`crate::report::hold`].
pub async fn hold(tx: &mut Tx, area: &AreaCode, form: &str, period: Period) -> Result<()> {
    if tx.engine() == Engine::Postgres {
        let select = sql("select id from assessment where area = $1 and form = $2 and period = $3 for update");
        tx.maybe::<AssessmentId>(select.bind(*area).bind(form).bind(period)).await?;
    }
    Ok(())
}

/// Whose figures a report is a part of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// Form 表号.
    pub form: String,
    /// Period.
    pub period: Period,
    /// Where the unit is.
    pub area: AreaCode,
}

impl FromRow for Subject {
    fn from_row(row: &Row) -> Result<Subject> {
        Ok(Subject { form: row.get("form")?, period: row.get("period")?, area: row.get("area")? })
    }
}

/// Form, period and place of a report, without its figures.
pub async fn subject(tx: &mut Tx, report: ReportId) -> Result<Option<Subject>> {
    tx.maybe(
        sql("select r.form, r.period, u.area from report r join unit u on u.id = r.unit_id where r.id = $1")
            .bind(report),
    )
    .await
}

/// An assessment without what was said in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// Its id.
    pub id: AssessmentId,
    /// Whose figures.
    pub area: AreaCode,
    /// Form 表号.
    pub form: String,
    /// Period.
    pub period: Period,
    /// Where it stands.
    pub stage: Stage,
    /// The result of the last feedback of this round.
    pub overall: Option<Overall>,
}

impl FromRow for Brief {
    fn from_row(row: &Row) -> Result<Brief> {
        Ok(Brief {
            id: row.get("id")?,
            area: row.get("area")?,
            form: row.get("form")?,
            period: row.get("period")?,
            stage: row.get("stage")?,
            overall: row.get("overall")?,
        })
    }
}

/// Where the assessment of an area, form and period stands, without reading what was said in it.
pub async fn brief(tx: &mut Tx, area: &AreaCode, form: &str, period: Period) -> Result<Option<Brief>> {
    tx.maybe(
        sql("select id, area, form, period, stage, overall from assessment
             where area = $1 and form = $2 and period = $3")
        .bind(*area)
        .bind(form)
        .bind(period),
    )
    .await
}

/// The assessments of areas in a scope, of all forms and periods or of some.
pub async fn list(tx: &mut Tx, scope: &FormScope, form: Option<&str>, period: Option<Period>) -> Result<Vec<Brief>> {
    let (_, area) = scope_bindings(&scope.scope);
    tx.all(
        sql("select id, area, form, period, stage, overall from assessment
             where area like $1 and ($2 is null or form = $2) and ($3 is null or period = $3)
                 and ($4 is null or form in (select value from json_each($4)))
             order by period desc, form, area")
        .bind(area)
        .bind(form)
        .bind(period)
        .bind(forms_binding(scope)),
    )
    .await
}

/// Those of them that are not closed. There are few at any time.
pub async fn open(tx: &mut Tx, scope: &FormScope) -> Result<Vec<Brief>> {
    let (_, area) = scope_bindings(&scope.scope);
    tx.all(
        sql("select id, area, form, period, stage, overall from assessment
             where stage in ('assessing', 'demanded', 'answered', 'changed') and area like $1
                 and ($2 is null or form in (select value from json_each($2)))
             order by period, form, area")
        .bind(area)
        .bind(forms_binding(scope)),
    )
    .await
}

/// The areas of units in a scope, in the order of their codes.
pub async fn areas(tx: &mut Tx, scope: &Scope) -> Result<Vec<AreaCode>> {
    let (_, area) = scope_bindings(scope);
    tx.all(sql("select distinct area from unit where ever_listed and area like $1 order by area").bind(area)).await
}

/// An accepted report, by its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The report.
    pub report: ReportId,
    /// How often it was handed in.
    pub versions: i64,
    /// The level that has accepted it last.
    pub level: Option<Level>,
}

impl FromRow for Version {
    fn from_row(row: &Row) -> Result<Version> {
        Ok(Version { report: row.get("id")?, versions: row.get("versions")?, level: accepted_by(row)? })
    }
}

/// What is accepted of an area, form and period: what an assessment rests on.
pub async fn accepted(tx: &mut Tx, area: &AreaCode, form: &str, period: Period) -> Result<Vec<Version>> {
    tx.all(
        sql("select r.id, r.versions, r.state, w.chain
             from report r join unit u on u.id = r.unit_id join survey_window w on w.id = r.window_id
             where r.form = $1 and r.period = $2 and u.area like $3 and r.state in ('accepted_by_township',
                 'accepted_by_county', 'accepted_by_city', 'accepted_by_province', 'locked')
             order by r.id")
        .bind(form)
        .bind(period)
        .bind(scope_bindings(&Scope::Area(*area)).1),
    )
    .await
}
