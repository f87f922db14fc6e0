//! Survey 报表布置: windows in rows.

use youju_domain::id::WindowId;
use youju_domain::survey::Window;

use crate::db::{FromRow, Row, Tx, sql};
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
            opens_at: row.get("opens_at")?,
            due_at: row.get("due_at")?,
            closes_at: row.get("closes_at")?,
        })
    }
}

/// A new window. A second one for the same area, form and period breaks `survey_window_area_form_period_key`.
pub async fn add(tx: &mut Tx, window: &Window) -> Result<()> {
    tx.run(
        sql("insert into survey_window
                 (id, area, programme, form, form_version, period, period_ends_on, opens_at, due_at, closes_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(window.id)
        .bind(window.area)
        .bind(window.programme.as_str())
        .bind(window.form.as_str())
        .bind(window.form_version.as_str())
        .bind(window.period)
        .bind(window.period.last_day())
        .bind(window.opens_at)
        .bind(window.due_at)
        .bind(window.closes_at),
    )
    .await?
    .must_be(1)
}

/// A window by its id.
pub async fn get(tx: &mut Tx, id: WindowId) -> Result<Option<Window>> {
    tx.maybe(
        sql("select id, area, programme, form, form_version, period, opens_at, due_at, closes_at
             from survey_window where id = $1")
        .bind(id),
    )
    .await
}

/// All windows, newest period first. Who may see which is decided above: there are few of them.
pub async fn list(tx: &mut Tx) -> Result<Vec<Window>> {
    tx.all(sql("select id, area, programme, form, form_version, period, opens_at, due_at, closes_at
         from survey_window order by period_ends_on desc, form, area"))
        .await
}
