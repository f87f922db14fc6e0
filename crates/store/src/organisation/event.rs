//! What happened to organisations, with what was before and after.

use youju_codes::AreaCode;
use youju_domain::id::OrganisationId;
use youju_domain::organisation::{Cut, Event, Part};

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

/// An event with one of its parts.
struct Joined {
    event: Event,
    is_before: bool,
    part: Part,
}

impl FromRow for Joined {
    fn from_row(row: &Row) -> Result<Joined> {
        let event = Event {
            id: row.get("id")?,
            happened: row.get("happened")?,
            on: row.get("on_date")?,
            document: row.get("document")?,
            reason: row.get("reason")?,
            from: Vec::new(),
            into: Vec::new(),
            by: row.get("entered_by")?,
            by_name: row.get("entered_by_name")?,
            at: row.get("entered_at")?,
        };
        let part = Part { organisation: row.get("organisation_id")?, name: row.get("name")?, code: row.get("code")? };
        Ok(Joined { event, is_before: row.get::<String>("side")? == "from", part })
    }
}

fn gathered(rows: Vec<Joined>) -> Vec<Event> {
    let mut all: Vec<Event> = Vec::new();
    for Joined { event, is_before, part } in rows {
        if all.last().is_none_or(|last| last.id != event.id) {
            all.push(event);
        }
        if let Some(last) = all.last_mut() {
            if is_before { last.from.push(part) } else { last.into.push(part) }
        }
    }
    all
}

/// Writes down what happened.
pub async fn add_event(tx: &mut Tx, event: &Event) -> Result<()> {
    tx.run(
        sql("insert into organisation_event (id, happened, on_date, document, reason, entered_by, entered_by_name, entered_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(event.id)
        .bind(event.happened)
        .bind(event.on)
        .bind(event.document.as_str())
        .bind(event.reason.as_str())
        .bind(event.by)
        .bind(event.by_name.as_str())
        .bind(event.at),
    )
    .await?
    .must_be(1)?;
    for (side, parts) in [("from", &event.from), ("into", &event.into)] {
        for (position, part) in (0_i64..).zip(parts) {
            add_part(tx, event, (side, position), part).await?;
        }
    }
    Ok(())
}

async fn add_part(tx: &mut Tx, event: &Event, (side, position): (&str, i64), part: &Part) -> Result<()> {
    tx.run(
        sql("insert into organisation_event_part (event_id, side, position, organisation_id, name, code)
             values ($1, $2, $3, $4, $5, $6)")
        .bind(event.id)
        .bind(side)
        .bind(position)
        .bind(part.organisation)
        .bind(part.name.as_str())
        .bind(part.code),
    )
    .await?
    .must_be(1)
}

/// What happened to an organisation, newest first. Of an event only what it was and became, and of what, is read: a set-up
/// names dozens.
pub async fn events_of(tx: &mut Tx, id: OrganisationId) -> Result<Vec<Event>> {
    let rows = tx
        .all(
            sql("select e.id, e.happened, e.on_date, e.document, e.reason, e.entered_by, e.entered_by_name, e.entered_at, p.side,
                     p.organisation_id, p.name, p.code
                 from organisation_event e join organisation_event_part p on p.event_id = e.id
                 where e.id in (select m.event_id from organisation_event_part m where m.organisation_id = $1)
                     and (e.happened not in ('set_up', 'added') or p.organisation_id = $1)
                 order by e.on_date desc, e.entered_at desc, e.id, p.side, p.position")
            .bind(id),
        )
        .await?;
    Ok(gathered(rows))
}

/// Everything that changed area codes within an area, in the order in which it holds and was entered.
pub async fn cuts(tx: &mut Tx, area: &AreaCode) -> Result<Vec<Cut>> {
    let rows = tx
        .all(
            sql("select e.id, e.happened, e.on_date, e.document, e.reason, e.entered_by, e.entered_by_name, e.entered_at, p.side,
                     p.organisation_id, p.name, p.code
                 from organisation_event e join organisation_event_part p on p.event_id = e.id
                 where e.happened in ('renamed', 'merged', 'split', 'ended')
                     and exists (select 1 from organisation_event_part c where c.event_id = e.id and c.code like $1)
                 order by e.on_date, e.entered_at, e.id, p.side, p.position")
            .bind(format!("{}%", area.prefix())),
        )
        .await?;
    Ok(gathered(rows).iter().filter_map(Event::cut).collect())
}
