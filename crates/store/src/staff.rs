//! Register of staff 统计人员 in rows: people, posts, qualifications, trainings.

use chrono::NaiveDate;
use serde_json::Value as Json;
use youju_codes::AreaCode;
use youju_domain::access::Scope;
use youju_domain::id::{GridId, OrganisationId, PersonId, QualificationId, StaffId, TenureId, TrainingId, UnitId};
use youju_domain::organisation;
use youju_domain::staff::{Certificate, Course, Duty, Qualification, Staff, Tenure, Training, Workplace};

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::register::{Page, PageRequest, pattern, scope_bindings, total};

fn year(value: Option<i64>) -> Option<i32> {
    value.and_then(|year| i32::try_from(year).ok())
}

impl FromRow for Staff {
    fn from_row(row: &Row) -> Result<Staff> {
        Ok(Staff {
            id: row.get("id")?,
            person: row.get("person_id")?,
            name: row.get("name")?,
            born: year(row.get("born")?),
            education: row.get("education")?,
            began: year(row.get("began")?),
            revision: row.get("revision")?,
        })
    }
}

impl FromRow for Tenure {
    fn from_row(row: &Row) -> Result<Tenure> {
        let organisation: Option<OrganisationId> = row.get("organisation_id")?;
        Ok(Tenure {
            id: row.get("id")?,
            staff: row.get("staff_id")?,
            at: match organisation {
                Some(organisation) => Workplace::Organisation(organisation),
                None => Workplace::Unit(row.get("unit_id")?),
            },
            duty: row.get("duty")?,
            time: row.get("time")?,
            establishment: row.get("establishment")?,
            fields: from_document("tenure.fields", row.get::<Json>("fields")?)?,
            work: row.get("work")?,
            document: row.get("document")?,
            since: row.get("since")?,
            until: row.get("until")?,
            left_by: row.get("left_by")?,
            revision: row.get("revision")?,
        })
    }
}

/// A post with whose it is, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The post.
    pub tenure: Tenure,
    /// Name of its holder.
    pub name: String,
    /// The holder's account.
    pub person: Option<PersonId>,
    /// Name of the place, as it is or was at last.
    pub place: String,
    /// Where the place is.
    pub area: AreaCode,
    /// What kind of organisation it is; none for a unit of the register.
    pub kind: Option<organisation::Kind>,
}

impl FromRow for Held {
    fn from_row(row: &Row) -> Result<Held> {
        Ok(Held {
            tenure: Tenure::from_row(row)?,
            name: row.get("staff_name")?,
            person: row.get("person_id")?,
            place: row.get("place_name")?,
            area: row.get("place_area")?,
            kind: row.get("place_kind")?,
        })
    }
}

/// Somebody new.
pub async fn add(tx: &mut Tx, staff: &Staff) -> Result<()> {
    tx.run(
        sql("insert into staff (id, person_id, name, born, education, began, revision) values ($1, $2, $3, $4, $5, $6, $7)")
            .bind(staff.id)
            .bind(staff.person)
            .bind(staff.name.as_str())
            .bind(staff.born.map(i64::from))
            .bind(staff.education)
            .bind(staff.began.map(i64::from))
            .bind(staff.revision),
    )
    .await?
    .must_be(1)
}

/// What is told of somebody; refused when somebody else changed it in between.
pub async fn put(tx: &mut Tx, staff: &Staff) -> Result<()> {
    tx.run(
        sql(
            "update staff set person_id = $3, name = $4, born = $5, education = $6, began = $7, revision = revision + 1
             where id = $1 and revision = $2",
        )
        .bind(staff.id)
        .bind(staff.revision)
        .bind(staff.person)
        .bind(staff.name.as_str())
        .bind(staff.born.map(i64::from))
        .bind(staff.education)
        .bind(staff.began.map(i64::from)),
    )
    .await?
    .must_be(1)
}

/// Somebody by their id.
pub async fn get(tx: &mut Tx, id: StaffId) -> Result<Option<Staff>> {
    tx.maybe(sql("select id, person_id, name, born, education, began, revision from staff where id = $1").bind(id))
        .await
}

/// Who signs in with an account.
pub async fn of_person(tx: &mut Tx, person: PersonId) -> Result<Option<Staff>> {
    tx.maybe(
        sql("select id, person_id, name, born, education, began, revision from staff where person_id = $1")
            .bind(person),
    )
    .await
}

/// A new post.
pub async fn add_tenure(tx: &mut Tx, tenure: &Tenure) -> Result<()> {
    let (organisation, unit) = match tenure.at {
        Workplace::Organisation(organisation) => (Some(organisation), None),
        Workplace::Unit(unit) => (None, Some(unit)),
    };
    tx.run(
        sql("insert into tenure (id, staff_id, organisation_id, unit_id, duty, time, establishment, fields, work, document,
                 since, until, left_by, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)")
        .bind(tenure.id)
        .bind(tenure.staff)
        .bind(organisation)
        .bind(unit)
        .bind(tenure.duty)
        .bind(tenure.time)
        .bind(tenure.establishment)
        .bind(to_document("tenure.fields", &tenure.fields)?)
        .bind(tenure.work.as_str())
        .bind(tenure.document.as_str())
        .bind(tenure.since)
        .bind(tenure.until)
        .bind(tenure.left_by.as_deref())
        .bind(tenure.revision),
    )
    .await?
    .must_be(1)
}

/// The end of a post; refused when somebody else changed it in between.
pub async fn put_tenure(tx: &mut Tx, tenure: &Tenure) -> Result<()> {
    tx.run(
        sql("update tenure set until = $3, left_by = $4, revision = revision + 1 where id = $1 and revision = $2")
            .bind(tenure.id)
            .bind(tenure.revision)
            .bind(tenure.until)
            .bind(tenure.left_by.as_deref()),
    )
    .await?
    .must_be(1)
}

/// A post with whose it is, and where.
pub async fn held(tx: &mut Tx, id: TenureId) -> Result<Option<Held>> {
    tx.maybe(
        sql("select t.id, t.staff_id, t.organisation_id, t.unit_id, t.duty, t.time, t.establishment, t.fields, t.work, t.document,
                 t.since, t.until, t.left_by, t.revision, s.name as staff_name, s.person_id,
                 coalesce(o.name, u.name) as place_name, coalesce(o.area, u.area) as place_area, o.kind as place_kind
             from tenure t join staff s on s.id = t.staff_id left join unit u on u.id = t.unit_id
             left join organisation_span o on o.organisation_id = t.organisation_id
                 and o.from_on = (select max(from_on) from organisation_span x where x.organisation_id = t.organisation_id)
             where t.id = $1")
        .bind(id),
    )
    .await
}

/// The posts of somebody, the newest first.
pub async fn of_staff(tx: &mut Tx, staff: StaffId) -> Result<Vec<Held>> {
    tx.all(
        sql("select t.id, t.staff_id, t.organisation_id, t.unit_id, t.duty, t.time, t.establishment, t.fields, t.work, t.document,
                 t.since, t.until, t.left_by, t.revision, s.name as staff_name, s.person_id,
                 coalesce(o.name, u.name) as place_name, coalesce(o.area, u.area) as place_area, o.kind as place_kind
             from tenure t join staff s on s.id = t.staff_id left join unit u on u.id = t.unit_id
             left join organisation_span o on o.organisation_id = t.organisation_id
                 and o.from_on = (select max(from_on) from organisation_span x where x.organisation_id = t.organisation_id)
             where t.staff_id = $1 order by t.since desc, t.id")
        .bind(staff),
    )
    .await
}

/// The posts of a place on a day, by duty and name.
pub async fn in_place(tx: &mut Tx, at: Workplace, on: NaiveDate) -> Result<Vec<Held>> {
    let (organisation, unit): (Option<OrganisationId>, Option<UnitId>) = match at {
        Workplace::Organisation(organisation) => (Some(organisation), None),
        Workplace::Unit(unit) => (None, Some(unit)),
    };
    tx.all(
        sql("select t.id, t.staff_id, t.organisation_id, t.unit_id, t.duty, t.time, t.establishment, t.fields, t.work, t.document,
                 t.since, t.until, t.left_by, t.revision, s.name as staff_name, s.person_id,
                 coalesce(o.name, u.name) as place_name, coalesce(o.area, u.area) as place_area, o.kind as place_kind
             from tenure t join staff s on s.id = t.staff_id left join unit u on u.id = t.unit_id
             left join organisation_span o on o.organisation_id = t.organisation_id
                 and o.from_on = (select max(from_on) from organisation_span x where x.organisation_id = t.organisation_id)
             where (t.organisation_id = $1 or t.unit_id = $2) and t.since <= $3 and (t.until is null or t.until > $3)
             order by t.duty, s.name, t.id")
        .bind(organisation)
        .bind(unit)
        .bind(on),
    )
    .await
}

/// What a list of posts is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words in the name of the holder or of the place.
    pub search: String,
    /// One duty.
    pub duty: Option<Duty>,
    /// Posts that have ended, instead of those that are held.
    pub has_ended: bool,
    /// Only in organisations, or only in units.
    pub in_units: Option<bool>,
}

/// One page of the posts in a scope, by place and name.
pub async fn list(tx: &mut Tx, scope: &Scope, filter: &Filter, on: NaiveDate, page: PageRequest) -> Result<Page<Held>> {
    let (unit, area) = scope_bindings(scope);
    let count: i64 = tx
        .one(
            sql("select count(*) as n
                 from tenure t join staff s on s.id = t.staff_id left join unit u on u.id = t.unit_id
                 left join organisation_span o on o.organisation_id = t.organisation_id
                     and o.from_on = (select max(from_on) from organisation_span x where x.organisation_id = t.organisation_id)
                 where (t.unit_id = $1 or ($1 is null and coalesce(o.area, u.area) like $2))
                   and (s.name like $3 escape '\\' or coalesce(o.name, u.name) like $3 escape '\\')
                   and ($4 is null or t.duty = $4) and ($6 is null or (t.unit_id is not null) = $6)
                   and (t.until is null or t.until > $7) <> $5")
            .bind(unit)
            .bind(area.as_str())
            .bind(pattern(&filter.search))
            .bind(filter.duty)
            .bind(filter.has_ended)
            .bind(filter.in_units)
            .bind(on),
        )
        .await?;
    let rows = tx
        .all(
            sql("select t.id, t.staff_id, t.organisation_id, t.unit_id, t.duty, t.time, t.establishment, t.fields, t.work, t.document,
                     t.since, t.until, t.left_by, t.revision, s.name as staff_name, s.person_id,
                     coalesce(o.name, u.name) as place_name, coalesce(o.area, u.area) as place_area, o.kind as place_kind
                 from tenure t join staff s on s.id = t.staff_id left join unit u on u.id = t.unit_id
                 left join organisation_span o on o.organisation_id = t.organisation_id
                     and o.from_on = (select max(from_on) from organisation_span x where x.organisation_id = t.organisation_id)
                 where (t.unit_id = $1 or ($1 is null and coalesce(o.area, u.area) like $2))
                   and (s.name like $3 escape '\\' or coalesce(o.name, u.name) like $3 escape '\\')
                   and ($4 is null or t.duty = $4) and ($6 is null or (t.unit_id is not null) = $6)
                   and (t.until is null or t.until > $7) <> $5
                 order by coalesce(o.area, u.area), coalesce(o.name, u.name), s.name, t.id limit $8 offset $9")
            .bind(unit)
            .bind(area)
            .bind(pattern(&filter.search))
            .bind(filter.duty)
            .bind(filter.has_ended)
            .bind(filter.in_units)
            .bind(on)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}

/// The posts that are held on a day in the units of a cell, by unit and name.
pub async fn in_grid(tx: &mut Tx, grid: GridId, on: NaiveDate) -> Result<Vec<Held>> {
    tx.all(
        sql("select t.id, t.staff_id, t.organisation_id, t.unit_id, t.duty, t.time, t.establishment, t.fields, t.work, t.document,
                 t.since, t.until, t.left_by, t.revision, s.name as staff_name, s.person_id,
                 u.name as place_name, u.area as place_area, null as place_kind
             from grid_unit m join tenure t on t.unit_id = m.unit_id join staff s on s.id = t.staff_id
             join unit u on u.id = t.unit_id
             where m.grid_id = $1 and m.since <= $2 and (m.until is null or m.until > $2)
                 and t.since <= $2 and (t.until is null or t.until > $2)
             order by u.name, s.name, t.id")
        .bind(grid)
        .bind(on),
    )
    .await
}

/// The posts that are held in organisations of an area on a day.
pub async fn in_organisations(tx: &mut Tx, area: &AreaCode, on: NaiveDate) -> Result<Vec<Tenure>> {
    tx.all(
        sql("select t.id, t.staff_id, t.organisation_id, t.unit_id, t.duty, t.time, t.establishment, t.fields, t.work, t.document,
                 t.since, t.until, t.left_by, t.revision
             from tenure t join organisation_span o on o.organisation_id = t.organisation_id
             where o.area like $1 and o.from_on <= $2 and (o.until_on is null or o.until_on > $2)
                 and t.since <= $2 and (t.until is null or t.until > $2)")
        .bind(scope_bindings(&Scope::Area(*area)).1)
        .bind(on),
    )
    .await
}

impl FromRow for Qualification {
    fn from_row(row: &Row) -> Result<Qualification> {
        Ok(Qualification {
            id: row.get("id")?,
            staff: row.get("staff_id")?,
            certificate: Certificate {
                kind: row.get("kind")?,
                number: row.get("number")?,
                issued_on: row.get("issued_on")?,
                expires_on: row.get("expires_on")?,
            },
        })
    }
}

/// A new qualification.
pub async fn add_qualification(tx: &mut Tx, one: &Qualification) -> Result<()> {
    tx.run(
        sql("insert into qualification (id, staff_id, kind, number, issued_on, expires_on) values ($1, $2, $3, $4, $5, $6)")
            .bind(one.id)
            .bind(one.staff)
            .bind(one.certificate.kind)
            .bind(one.certificate.number.as_str())
            .bind(one.certificate.issued_on)
            .bind(one.certificate.expires_on),
    )
    .await?
    .must_be(1)
}

/// What somebody is qualified for, the newest first; without what was struck out.
pub async fn qualifications(tx: &mut Tx, staff: StaffId) -> Result<Vec<Qualification>> {
    tx.all(
        sql("select id, staff_id, kind, number, issued_on, expires_on from qualification
             where staff_id = $1 and struck is null order by issued_on desc, id")
        .bind(staff),
    )
    .await
}

/// Who has a valid 统计执法证 on a day.
pub async fn enforcers(tx: &mut Tx, on: NaiveDate) -> Result<Vec<StaffId>> {
    tx.all(
        sql("select distinct staff_id from qualification
             where kind = 'enforcement' and struck is null and issued_on <= $1 and (expires_on is null or expires_on >= $1)")
        .bind(on),
    )
    .await
}

/// Strikes out a qualification that was entered wrongly.
pub async fn strike_qualification(tx: &mut Tx, (staff, id): (StaffId, QualificationId), why: &str) -> Result<()> {
    tx.run(
        sql("update qualification set struck = $3 where id = $1 and staff_id = $2 and struck is null")
            .bind(id)
            .bind(staff)
            .bind(why),
    )
    .await?
    .must_be(1)
}

impl FromRow for Training {
    fn from_row(row: &Row) -> Result<Training> {
        Ok(Training {
            id: row.get("id")?,
            staff: row.get("staff_id")?,
            course: Course {
                held_on: row.get("held_on")?,
                hours: u32::try_from(row.get::<i64>("hours")?).unwrap_or_default(),
                subject: row.get("subject")?,
                organiser: row.get("organiser")?,
                passed: row.get("passed")?,
            },
        })
    }
}

/// A new training.
pub async fn add_training(tx: &mut Tx, one: &Training) -> Result<()> {
    tx.run(
        sql("insert into training (id, staff_id, held_on, hours, subject, organiser, passed) values ($1, $2, $3, $4, $5, $6, $7)")
            .bind(one.id)
            .bind(one.staff)
            .bind(one.course.held_on)
            .bind(i64::from(one.course.hours))
            .bind(one.course.subject.as_str())
            .bind(one.course.organiser.as_str())
            .bind(one.course.passed),
    )
    .await?
    .must_be(1)
}

/// What somebody was trained in, the newest first; without what was struck out.
pub async fn trainings(tx: &mut Tx, staff: StaffId) -> Result<Vec<Training>> {
    tx.all(
        sql("select id, staff_id, held_on, hours, subject, organiser, passed from training
             where staff_id = $1 and struck is null order by held_on desc, id")
        .bind(staff),
    )
    .await
}

/// Strikes out a training that was entered wrongly.
pub async fn strike_training(tx: &mut Tx, (staff, id): (StaffId, TrainingId), why: &str) -> Result<()> {
    tx.run(
        sql("update training set struck = $3 where id = $1 and staff_id = $2 and struck is null")
            .bind(id)
            .bind(staff)
            .bind(why),
    )
    .await?
    .must_be(1)
}
