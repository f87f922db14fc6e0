//! Drills 应急演练 in rows: versions of the plan, drills, and issues.

use youju_domain::id::{DrillId, IssueId};
use youju_domain::security::drill::{Drill, Hand, Issue, KeptFile, Plan, Source};

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::{Result, StoreError};

fn file(row: &Row) -> Result<Option<KeptFile>> {
    let hash: Option<String> = row.get("file_hash")?;
    let name: String = row.get("file_name")?;
    Ok(hash.map(|hash| KeptFile { name, hash }))
}

impl FromRow for Plan {
    fn from_row(row: &Row) -> Result<Plan> {
        Ok(Plan {
            id: row.get("id")?,
            number: row.get("number")?,
            title: row.get("title")?,
            body: row.get("body")?,
            file: file(row)?,
            in_force: row.get("in_force")?,
            change: row.get("change")?,
            after: row.get("drill_id")?,
            by: Hand::from_row(row)?,
        })
    }
}

impl FromRow for Drill {
    fn from_row(row: &Row) -> Result<Drill> {
        Ok(Drill {
            id: row.get("id")?,
            held_on: row.get("held_on")?,
            plan: row.get("plan_id")?,
            scenario: row.get("scenario")?,
            people: row.get("people")?,
            finding: row.get("finding")?,
            file: file(row)?,
            unchanged: row.get("unchanged")?,
            by: Hand::from_row(row)?,
            revision: row.get("revision")?,
        })
    }
}

impl FromRow for Issue {
    fn from_row(row: &Row) -> Result<Issue> {
        let source = match (row.get::<Option<_>>("drill_id")?, row.get::<Option<_>>("self_check_id")?) {
            (Some(drill), _) => Source::Drill(drill),
            (None, Some(check)) => Source::SelfCheck(check),
            (None, None) => return Err(StoreError::fault("读取安全问题", "不知道来自哪里")),
        };
        let done: Option<youju_domain::Instant> = row.get("done_at")?;
        let done = match done {
            Some(at) => {
                Some((row.get("done")?, Hand { person: row.get("done_by")?, name: row.get("done_by_name")?, at }))
            }
            None => None,
        };
        Ok(Issue {
            id: row.get("id")?,
            source,
            requirement: row.get("requirement")?,
            words: row.get("words")?,
            owner: row.get("owner")?,
            due_on: row.get("due_on")?,
            done,
            revision: row.get("revision")?,
        })
    }
}

/// A further version of the plan. Two with one number break `emergency_plan_number_key`.
pub async fn add_plan(tx: &mut Tx, plan: &Plan) -> Result<()> {
    tx.run(
        sql("insert into emergency_plan (id, number, title, body, file_name, file_hash, in_force, change, drill_id, person_id,
                 person_name, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .bind(plan.id)
        .bind(plan.number)
        .bind(plan.title.as_str())
        .bind(plan.body.as_str())
        .bind(plan.file.as_ref().map_or("", |file| file.name.as_str()))
        .bind(plan.file.as_ref().map(|file| file.hash.as_str()))
        .bind(plan.in_force)
        .bind(plan.change.as_str())
        .bind(plan.after)
        .bind(plan.by.person)
        .bind(plan.by.name.as_str())
        .bind(plan.by.at),
    )
    .await?
    .must_be(1)
}

/// All versions of the plan, the latest first.
pub async fn plans(tx: &mut Tx) -> Result<Vec<Plan>> {
    tx.all(sql(
        "select id, number, title, body, file_name, file_hash, in_force, change, drill_id, person_id, person_name, at
                from emergency_plan order by number desc",
    ))
    .await
}

/// Keeps a drill; somebody who was faster is not overwritten.
pub async fn put(tx: &mut Tx, drill: &Drill) -> Result<()> {
    tx.run(
        sql("insert into drill (id, held_on, plan_id, scenario, people, finding, file_name, file_hash, unchanged, person_id,
                 person_name, at, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 + 1)
             on conflict (id) do update set unchanged = excluded.unchanged, revision = excluded.revision
             where drill.revision = $13")
        .bind(drill.id)
        .bind(drill.held_on)
        .bind(drill.plan)
        .bind(drill.scenario.as_str())
        .bind(drill.people.as_str())
        .bind(drill.finding.as_str())
        .bind(drill.file.as_ref().map_or("", |file| file.name.as_str()))
        .bind(drill.file.as_ref().map(|file| file.hash.as_str()))
        .bind(drill.unchanged.as_str())
        .bind(drill.by.person)
        .bind(drill.by.name.as_str())
        .bind(drill.by.at)
        .bind(drill.revision),
    )
    .await?
    .must_be(1)
}

/// All drills, the latest first.
pub async fn drills(tx: &mut Tx) -> Result<Vec<Drill>> {
    tx.all(sql("select id, held_on, plan_id, scenario, people, finding, file_name, file_hash, unchanged, person_id,
                    person_name, at, revision
                from drill order by held_on desc, at desc, id desc"))
        .await
}

/// One drill.
pub async fn drill(tx: &mut Tx, id: DrillId) -> Result<Option<Drill>> {
    tx.maybe(
        sql("select id, held_on, plan_id, scenario, people, finding, file_name, file_hash, unchanged, person_id, person_name,
                 at, revision
             from drill where id = $1")
        .bind(id),
    )
    .await
}

/// Keeps an issue; somebody who was faster is not overwritten.
pub async fn put_issue(tx: &mut Tx, issue: &Issue) -> Result<()> {
    let (drill, check) = match issue.source {
        Source::Drill(drill) => (Some(drill), None),
        Source::SelfCheck(check) => (None, Some(check)),
    };
    let done = issue.done.as_ref();
    tx.run(
        sql(
            "insert into security_issue (id, drill_id, self_check_id, requirement, words, owner, due_on, done, done_by,
                 done_by_name, done_at, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 + 1)
             on conflict (id) do update set done = excluded.done, done_by = excluded.done_by,
                 done_by_name = excluded.done_by_name, done_at = excluded.done_at, revision = excluded.revision
             where security_issue.revision = $12",
        )
        .bind(issue.id)
        .bind(drill)
        .bind(check)
        .bind(issue.requirement.as_str())
        .bind(issue.words.as_str())
        .bind(issue.owner.as_str())
        .bind(issue.due_on)
        .bind(done.map_or("", |(words, _)| words.as_str()))
        .bind(done.map(|(_, by)| by.person))
        .bind(done.map_or("", |(_, by)| by.name.as_str()))
        .bind(done.map(|(_, by)| by.at))
        .bind(issue.revision),
    )
    .await?
    .must_be(1)
}

/// All issues: open ones first, those that are due first among them.
pub async fn issues(tx: &mut Tx) -> Result<Vec<Issue>> {
    tx.all(sql("select id, drill_id, self_check_id, requirement, words, owner, due_on, done, done_by, done_by_name, done_at,
                    revision
                from security_issue
                order by case when done_at is null then 0 else 1 end, coalesce(due_on, '9999-12-31'), id")
        .on_postgres(
            "select id, drill_id, self_check_id, requirement, words, owner, due_on, done, done_by, done_by_name, done_at,
                 revision
             from security_issue order by case when done_at is null then 0 else 1 end, due_on nulls last, id",
        ))
        .await
}

/// One issue.
pub async fn issue(tx: &mut Tx, id: IssueId) -> Result<Option<Issue>> {
    tx.maybe(
        sql("select id, drill_id, self_check_id, requirement, words, owner, due_on, done, done_by, done_by_name, done_at,
                 revision
             from security_issue where id = $1")
        .bind(id),
    )
    .await
}
