//! Projects 投资项目 in rows. One that has left stays to be read.

use youju_domain::id::{ProjectId, UnitId};
use youju_domain::project::{Kind, Project};

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::{Result, StoreError};

impl FromRow for Project {
    fn from_row(row: &Row) -> Result<Project> {
        let kind: String = row.get("kind")?;
        let left_on: Option<chrono::NaiveDate> = row.get("left_on")?;
        let why: Option<String> = row.get("left_why")?;
        Ok(Project {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            case: row.get("case_id")?,
            code: row.get("code")?,
            name: row.get("name")?,
            kind: Kind::from_key(&kind).ok_or_else(|| StoreError::fault("读取 project.kind".to_owned(), kind))?,
            area: row.get("area")?,
            industry: row.get("industry")?,
            planned: row.get("planned")?,
            started_on: row.get("started_on")?,
            entered_on: row.get("entered_on")?,
            left: left_on.map(|on| (on, why.unwrap_or_default())),
            revision: row.get("revision")?,
        })
    }
}

/// A new project. The same one twice breaks a key.
pub async fn add(tx: &mut Tx, project: &Project) -> Result<()> {
    tx.run(
        sql("insert into project (id, unit_id, case_id, code, name, kind, area, industry, planned, started_on, entered_on, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .bind(project.id)
        .bind(project.unit)
        .bind(project.case)
        .bind(project.code.as_str())
        .bind(project.name.as_str())
        .bind(project.kind.key())
        .bind(project.area)
        .bind(project.industry)
        .bind(project.planned)
        .bind(project.started_on)
        .bind(project.entered_on)
        .bind(project.revision),
    )
    .await?
    .must_be(1)
}

/// That a project left; refused when somebody else wrote in between.
pub async fn leave(tx: &mut Tx, project: &Project) -> Result<()> {
    tx.run(
        sql("update project set left_on = $3, left_why = $4, revision = revision + 1 where id = $1 and revision = $2")
            .bind(project.id)
            .bind(project.revision)
            .bind(project.left.as_ref().map(|(on, _)| *on))
            .bind(project.left.as_ref().map(|(_, why)| why.as_str())),
    )
    .await?
    .must_be(1)
}

/// A project by its id.
pub async fn get(tx: &mut Tx, id: ProjectId) -> Result<Option<Project>> {
    tx.maybe(
        sql("select id, unit_id, case_id, code, name, kind, area, industry, planned, started_on, entered_on, left_on, left_why, revision
             from project where id = $1")
        .bind(id),
    )
    .await
}

/// The projects of a unit, those that are there first.
pub async fn of_unit(tx: &mut Tx, unit: UnitId) -> Result<Vec<Project>> {
    tx.all(
        sql("select id, unit_id, case_id, code, name, kind, area, industry, planned, started_on, entered_on, left_on, left_why, revision
             from project where unit_id = $1 order by left_on is not null, entered_on desc, name")
        .bind(unit),
    )
    .await
}
