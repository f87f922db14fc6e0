//! Survey 报表布置: windows in rows.

use serde_json::Value as Json;
use youju_codes::Period;
use youju_domain::Instant;
use youju_domain::id::WindowId;
use youju_domain::survey::{Times, Window};

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;

impl FromRow for Window {
    fn from_row(row: &Row) -> Result<Window> {
        Ok(Window {
            id: row.get("id")?,
            area: row.get("area")?,
            programme: row.get("programme")?,
            form: row.get("form")?,
            form_version: row.get("form_version")?,
            period: row.get("period")?,
            times: Times {
                opens_at: row.get("opens_at")?,
                due_at: row.get("due_at")?,
                closes_at: row.get("closes_at")?,
            },
            chain: from_document("survey_window.chain", row.get::<Json>("chain")?)?,
            opened_at: row.get("opened_at")?,
            locked_at: row.get("locked_at")?,
        })
    }
}

/// A new window. A second one for the same area, form and period breaks `survey_window_area_form_period_key`.
pub async fn add(tx: &mut Tx, window: &Window) -> Result<()> {
    tx.run(
        sql("insert into survey_window
                 (id, area, programme, form, form_version, period, period_ends_on, opens_at, due_at, closes_at, chain,
                  opened_at, locked_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
        .bind(window.id)
        .bind(window.area)
        .bind(window.programme.as_str())
        .bind(window.form.as_str())
        .bind(window.form_version.as_str())
        .bind(window.period)
        .bind(window.period.last_day())
        .bind(window.times.opens_at)
        .bind(window.times.due_at)
        .bind(window.times.closes_at)
        .bind(to_document("survey_window.chain", &window.chain)?)
        .bind(window.opened_at)
        .bind(window.locked_at),
    )
    .await?
    .must_be(1)
}

/// A window whose times, chain or standing changed. Area, form and period never do.
pub async fn put(tx: &mut Tx, window: &Window) -> Result<()> {
    tx.run(
        sql("update survey_window set form_version = $2, opens_at = $3, due_at = $4, closes_at = $5, chain = $6,
                 opened_at = $7, locked_at = $8
             where id = $1")
        .bind(window.id)
        .bind(window.form_version.as_str())
        .bind(window.times.opens_at)
        .bind(window.times.due_at)
        .bind(window.times.closes_at)
        .bind(to_document("survey_window.chain", &window.chain)?)
        .bind(window.opened_at)
        .bind(window.locked_at),
    )
    .await?
    .must_be(1)
}

/// Holds a window until the transaction ends, so that two officers do not open or change it at once.
pub async fn hold(tx: &mut Tx, id: WindowId) -> Result<()> {
    let select = sql("select id from survey_window where id = $1")
        .on_postgres("select id from survey_window where id = $1 for update");
    tx.maybe::<WindowId>(select.bind(id)).await?;
    Ok(())
}

/// A window by its id.
pub async fn get(tx: &mut Tx, id: WindowId) -> Result<Option<Window>> {
    tx.maybe(
        sql("select id, area, programme, form, form_version, period, opens_at, due_at, closes_at, chain,
                 opened_at, locked_at
             from survey_window where id = $1")
        .bind(id),
    )
    .await
}

/// All windows, newest period first. Who may see which is decided above: there are few of them.
pub async fn list(tx: &mut Tx) -> Result<Vec<Window>> {
    tx.all(sql("select id, area, programme, form, form_version, period, opens_at, due_at, closes_at, chain,
             opened_at, locked_at
         from survey_window order by period_ends_on desc, form, area"))
        .await
}

/// Windows whose time it is and that nobody has opened yet, the longest waiting first.
pub async fn waiting(tx: &mut Tx, now: Instant) -> Result<Vec<Window>> {
    tx.all(
        sql("select id, area, programme, form, form_version, period, opens_at, due_at, closes_at, chain,
                 opened_at, locked_at
             from survey_window where opened_at is null and opens_at <= $1 and closes_at >= $1 order by opens_at, form, area")
        .bind(now),
    )
    .await
}

/// Opened windows, of all forms and periods or of some.
pub async fn opened(tx: &mut Tx, form: Option<&str>, period: Option<Period>) -> Result<Vec<Window>> {
    tx.all(
        sql("select id, area, programme, form, form_version, period, opens_at, due_at, closes_at, chain,
                 opened_at, locked_at
             from survey_window
             where opened_at is not null and ($1 is null or form = $1) and ($2 is null or period = $2)
             order by period_ends_on desc, form, area")
        .bind(form)
        .bind(period),
    )
    .await
}
