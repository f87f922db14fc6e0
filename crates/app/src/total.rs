//! Totals 汇总: sums over accepted figures (law 6), by the columnar floor.

use youju_domain::access::{Action, Object};
use youju_domain::total::{Accepted, FrameKey, TotalRow, TotalsRequest};
use youju_store::report;

use crate::context::App;
use crate::error::{Fault, Result};
use youju_domain::access::Actor;

/// Totals for an actor's area. The columns are brought up to date first, then added up off the request's thread.
pub async fn totals(app: &App, actor: Actor, request: TotalsRequest) -> Result<Vec<TotalRow>> {
    actor.must(Action::View, Object::Area(&request.area))?;
    freshen(app, &request.key).await?;
    let app = app.clone();
    let answer = tokio::task::spawn_blocking(move || app.columns().totals(&request)).await;
    Ok(answer.map_err(|error| Fault::new("adding up", error))??)
}

/// Brings the columns of a form and period up to the present state of the journal, if they are behind it.
async fn freshen(app: &App, key: &FrameKey) -> Result<()> {
    let (watermark, rows) = app
        .read(None, async |cx| {
            let watermark = report::last_change(cx.tx(), &key.form, key.period).await?;
            if app.columns().is_fresh(key, watermark) {
                return Ok((watermark, None));
            }
            Ok((watermark, Some(report::accepted(cx.tx(), &key.form, key.period).await?)))
        })
        .await?;
    let Some(rows) = rows else { return Ok(()) };
    let (app, key): (App, FrameKey) = (app.clone(), key.clone());
    let put = move || -> std::result::Result<(), Fault> {
        let added_up = |row: Accepted| Accepted { cells: youju_programme::added_up(row.cells), ..row };
        let accepted: Vec<Accepted> = rows.into_iter().map(added_up).collect();
        app.columns().put(&key, watermark, accepted)
    };
    Ok(tokio::task::spawn_blocking(put).await.map_err(|error| Fault::new("refreshing columns", error))??)
}
