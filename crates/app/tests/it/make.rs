//! Small words that the stories share.

use youju_app::report::{Saved, Typed};
use youju_app::{App, Cx, Error, Result};
use youju_domain::Problem;
use youju_domain::access::Actor;
use youju_domain::id::ReportId;
use youju_domain::report::{CellId, Cells, value_of};
use youju_store::journal;

/// A cell as it was typed.
pub fn typed(cell: &str, was: &str, value: &str) -> Typed {
    Typed { cell: cell.into(), was: was.into(), value: value.into(), reason: None }
}

/// Saves cells by somebody.
pub async fn save(app: &App, by: &Actor, report: ReportId, typed: &[Typed]) -> Result<Saved> {
    youju_app::report::autosave(app, by.clone(), report, typed).await
}

/// A cell as it is printed.
pub fn printed(cells: &Cells, cell: &str) -> String {
    value_of(cells, &CellId::new(cell)).print()
}

/// The refusal; anything else stops the story.
#[track_caller]
pub fn refusal<T>(result: Result<T>) -> Problem {
    match result {
        Err(Error::Problem(problem)) => problem,
        Err(Error::Fault(fault)) => panic!("an accident: {fault:?}"),
        Ok(_) => panic!("not refused"),
    }
}

/// The journal's entries: verified, and how many they are.
pub async fn verified(app: &App) -> youju_journal::Head {
    app.read(None, async |cx| Ok(journal::verify(cx.tx(), |_| {}).await?)).await.unwrap()
}

/// What happened to a report, by the names of the actions.
pub async fn actions(app: &App, report: ReportId) -> Vec<String> {
    let entries = app.read(None, async |cx| Ok(journal::of_object(cx.tx(), "report", &report.to_string()).await?));
    entries.await.unwrap().into_iter().map(|entry| entry.action).collect()
}

/// Runs a use case that only reads, by somebody.
pub async fn look<T>(app: &App, by: &Actor, use_case: impl AsyncFnOnce(&mut Cx<'_>) -> Result<T>) -> Result<T> {
    app.read(Some(by.clone()), use_case).await
}

/// Runs a use case that writes, by somebody.
pub async fn act<T>(app: &App, by: &Actor, use_case: impl AsyncFnOnce(&mut Cx<'_>) -> Result<T>) -> Result<T> {
    app.write(Some(by.clone()), use_case).await
}
