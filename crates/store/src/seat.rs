//! Seats 网格任职 in rows.

use chrono::NaiveDate;
use youju_codes::{AreaCode, Period};
use youju_domain::Instant;
use youju_domain::access::Scope;
use youju_domain::id::{GridId, OrganisationId, SeatId, StaffId, UnitId};
use youju_domain::report::State;
use youju_domain::seat::{Place, Role, Seat};

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;
use crate::register::scope_bindings;

impl FromRow for Seat {
    fn from_row(row: &Row) -> Result<Seat> {
        let grid: Option<GridId> = row.get("grid_id")?;
        Ok(Seat {
            id: row.get("id")?,
            staff: row.get("staff_id")?,
            place: match grid {
                Some(grid) => Place::Grid(grid),
                None => Place::Organisation(row.get("organisation_id")?),
            },
            role: row.get("role")?,
            document: row.get("document")?,
            since: row.get("since")?,
            until: row.get("until")?,
        })
    }
}

/// A seat with who sits on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The seat.
    pub seat: Seat,
    /// Name of whoever sits there.
    pub name: String,
}

impl FromRow for Taken {
    fn from_row(row: &Row) -> Result<Taken> {
        Ok(Taken { seat: Seat::from_row(row)?, name: row.get("staff_name")? })
    }
}

fn ids(place: Place) -> (Option<OrganisationId>, Option<GridId>) {
    match place {
        Place::Organisation(organisation) => (Some(organisation), None),
        Place::Grid(grid) => (None, Some(grid)),
    }
}

/// A new seat. A second lead of the same place breaks `seat_…_lead_key`, a second seat of the same person `seat_…_staff_key`.
pub async fn add(tx: &mut Tx, seat: &Seat) -> Result<()> {
    let (organisation, grid) = ids(seat.place);
    tx.run(
        sql("insert into seat (id, staff_id, organisation_id, grid_id, role, document, since, until)
             values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(seat.id)
        .bind(seat.staff)
        .bind(organisation)
        .bind(grid)
        .bind(seat.role)
        .bind(seat.document.as_str())
        .bind(seat.since)
        .bind(seat.until),
    )
    .await?
    .must_be(1)
}

/// Ends a seat.
pub async fn end(tx: &mut Tx, id: SeatId, on: NaiveDate) -> Result<()> {
    tx.run(sql("update seat set until = $2 where id = $1 and until is null").bind(id).bind(on)).await?.must_be(1)
}

/// Ends every seat of somebody; gives back how many.
pub async fn end_of(tx: &mut Tx, staff: StaffId, on: NaiveDate) -> Result<u64> {
    Ok(tx
        .run(sql("update seat set until = $2 where staff_id = $1 and until is null").bind(staff).bind(on))
        .await?
        .any())
}

/// Ends every seat of a cell that is no more.
pub async fn end_in(tx: &mut Tx, grid: GridId, on: NaiveDate) -> Result<()> {
    tx.run(sql("update seat set until = $2 where grid_id = $1 and until is null").bind(grid).bind(on)).await?.any();
    Ok(())
}

/// A seat by its id.
pub async fn get(tx: &mut Tx, id: SeatId) -> Result<Option<Seat>> {
    tx.maybe(
        sql("select id, staff_id, organisation_id, grid_id, role, document, since, until from seat where id = $1")
            .bind(id),
    )
    .await
}

/// Who sits in a place today, and sat there.
pub async fn of_place(tx: &mut Tx, place: Place) -> Result<Vec<Taken>> {
    let (organisation, grid) = ids(place);
    tx.all(
        sql("select q.id, q.staff_id, q.organisation_id, q.grid_id, q.role, q.document, q.since, q.until, s.name as staff_name
             from seat q join staff s on s.id = q.staff_id
             where q.organisation_id = $1 or q.grid_id = $2 order by q.since desc, s.name")
        .bind(organisation)
        .bind(grid),
    )
    .await
}

/// The seats of somebody, the newest first, with the names of the places.
pub async fn of_staff(tx: &mut Tx, staff: StaffId) -> Result<Vec<(Seat, String)>> {
    struct Named(Seat, String);
    impl FromRow for Named {
        fn from_row(row: &Row) -> Result<Named> {
            Ok(Named(Seat::from_row(row)?, row.get("place_name")?))
        }
    }
    let found: Vec<Named> = tx
        .all(
            sql("select q.id, q.staff_id, q.organisation_id, q.grid_id, q.role, q.document, q.since, q.until,
                     coalesce(g.name, o.name) as place_name
                 from seat q left join grid g on g.id = q.grid_id
                 left join organisation_span o on o.organisation_id = q.organisation_id
                     and o.from_on = (select max(from_on) from organisation_span x where x.organisation_id = q.organisation_id)
                 where q.staff_id = $1 order by q.since desc, q.id")
            .bind(staff),
        )
        .await?;
    Ok(found.into_iter().map(|Named(seat, name)| (seat, name)).collect())
}

/// Everybody who sits somewhere in an area on a day.
pub async fn in_area(tx: &mut Tx, area: &AreaCode, on: NaiveDate) -> Result<Vec<Taken>> {
    tx.all(
        sql("select q.id, q.staff_id, q.organisation_id, q.grid_id, q.role, q.document, q.since, q.until, s.name as staff_name
             from seat q join staff s on s.id = q.staff_id left join grid g on g.id = q.grid_id
             left join organisation_span o on o.organisation_id = q.organisation_id
                 and o.from_on <= $2 and (o.until_on is null or o.until_on > $2)
             where coalesce(g.area, o.area) like $1 and q.since <= $2 and (q.until is null or q.until > $2)
                 and (g.id is null or g.until is null or g.until > $2)
             order by q.role, s.name")
        .bind(scope_bindings(&Scope::Area(*area)).1)
        .bind(on),
    )
    .await
}

/// Light 状态灯: where a report of a unit of a cell stands. No figure, and nothing of what the report says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Light {
    /// The unit.
    pub unit: UnitId,
    /// Form.
    pub form: String,
    /// Period.
    pub period: Period,
    /// State.
    pub state: State,
    /// Deadline.
    pub due_at: Instant,
    /// It was handed in late.
    pub is_late: bool,
}

impl FromRow for Light {
    fn from_row(row: &Row) -> Result<Light> {
        Ok(Light {
            unit: row.get("unit_id")?,
            form: row.get("form")?,
            period: row.get("period")?,
            state: row.get("state")?,
            due_at: row.get("due_at")?,
            is_late: row.get("is_late")?,
        })
    }
}

/// The reports of a cell's units in windows that have opened and are not locked.
pub async fn lights(tx: &mut Tx, grid: GridId, on: NaiveDate, now: Instant) -> Result<Vec<Light>> {
    tx.all(
        sql("select r.unit_id, r.form, r.period, r.state, w.due_at, r.is_late
             from grid_unit m join report r on r.unit_id = m.unit_id join survey_window w on w.id = r.window_id
             where m.grid_id = $1 and m.since <= $2 and (m.until is null or m.until > $2)
                 and w.opens_at <= $3 and w.locked_at is null
             order by r.form, r.period")
        .bind(grid)
        .bind(on)
        .bind(now),
    )
    .await
}

/// True when somebody sits in a place as one of those who follow it: lead, deputy or guide.
pub async fn follows(
    tx: &mut Tx,
    grid: GridId,
    person: youju_domain::id::PersonId,
    on: NaiveDate,
) -> Result<Option<Role>> {
    tx.maybe(
        sql("select q.role from seat q join staff s on s.id = q.staff_id
             where q.grid_id = $1 and s.person_id = $2 and q.since <= $3 and (q.until is null or q.until > $3)")
        .bind(grid)
        .bind(person)
        .bind(on),
    )
    .await
}
