//! A report in Excel: out, home again with a look at what it would change, and the copy with what is wrong in it.
//!
//! Between the look and the confirmation the file travels inside the page, as a hidden field: nothing is kept on the server
//! that somebody would have to clear away, and a restart in between loses nothing. What comes back is read and compared
//! anew, so the page need not be trusted.

mod view;

use axum::extract::{Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::Markup;
use youju_app::Error;
use youju_app::form_book::{self, Incoming, Mode, Outgoing};
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::{ReportId, WindowId};

use crate::parts::Parts;
use crate::request::{Answer, Refusal, Signed, id, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A workbook as the answer: the browser saves it under its name.
fn saved(name: &str, bytes: Vec<u8>) -> Response {
    let saved = format!("attachment; filename*=UTF-8''{}", url::encode(name));
    ([(header::CONTENT_TYPE, XLSX.to_owned()), (header::CONTENT_DISPOSITION, saved)], bytes).into_response()
}

async fn write(outgoing: Outgoing) -> Answer {
    let name = outgoing.name.clone();
    Ok(saved(&name, form_book::file(outgoing).await?))
}

/// The report as a workbook.
pub(crate) async fn export(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let report: ReportId = id(path)?;
    let outgoing = web.app.read(Some(signed.actor.clone()), async |cx| form_book::export(cx, report).await).await?;
    write(form_book::take_out(&web.app, &signed.actor, outgoing).await?).await
}

/// What the units of a window have reported, as a table.
pub(crate) async fn export_window(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let window: WindowId = id(path)?;
    let actor = Some(signed.actor.clone());
    let outgoing = web.app.read(actor, async |cx| form_book::export_window(cx, window).await).await?;
    write(form_book::take_out(&web.app, &signed.actor, outgoing).await?).await
}

/// The page that asks for a filled workbook.
pub(crate) async fn form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    upload_page(&web, &signed, id(path)?, None).await
}

async fn upload_page(web: &Web, signed: &Signed, report: ReportId, wrong: Option<&Problem>) -> Answer<Markup> {
    let open = web.app.read(Some(signed.actor.clone()), async |cx| {
        let open = youju_app::report::open(cx, report).await?;
        cx.allow(Action::Fill, Object::Unit { id: open.unit.id, area: &open.unit.area })?;
        Ok(open)
    });
    let head = Head {
        about: Some(
            "导入前先给您看会改动哪些格,确认后才写入。行和列的顺序可以变,请不要删去隐藏的第一行和第一列。".into(),
        ),
        ..view::head(&open.await?, "导入填好的 Excel")
    };
    Ok(whole(&signed.frame, &head, &view::upload(report, wrong)))
}

/// What a page of ours sends along with a workbook.
#[derive(Default)]
struct Sent {
    name: String,
    bytes: Vec<u8>,
    seen: i64,
    takes_correct_rows: bool,
    reason: String,
}

/// Reads a file that was chosen (`file`) or that travelled inside the page (`kept`).
async fn receive(multipart: Multipart) -> Result<Sent, Problem> {
    let mut parts = Parts::receive(multipart).await?;
    let missing = || Problem::BadInput { reason: "没有选择文件。".into() };
    let (name, bytes) = parts.take_file()?.ok_or_else(missing)?;
    let fields = &parts.fields;
    Ok(Sent {
        name,
        bytes,
        seen: fields.number("seen", "版本")?.unwrap_or_default(),
        takes_correct_rows: fields.get("mode") == "rows",
        reason: fields.exact("reason").to_owned(),
    })
}

async fn read(name: String, bytes: Vec<u8>) -> youju_app::Result<(Incoming, Vec<u8>)> {
    let read = move || form_book::read(&name, &bytes).map(|file| (file, bytes));
    let read = tokio::task::spawn_blocking(read).await;
    read.map_err(|error| youju_app::Fault::new("reading an uploaded file", error))?
}

/// A refusal is told on the page that asks for the file.
async fn asked_again(web: &Web, signed: &Signed, report: ReportId, error: Error) -> Answer {
    let Error::Problem(problem) = error else { return Err(Refusal::from(error)) };
    let status = StatusCode::from_u16(problem.status()).unwrap_or_default();
    Ok((status, upload_page(web, signed, report, Some(&problem)).await?).into_response())
}

/// What the workbook would change. Nothing is written.
pub(crate) async fn preview(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    multipart: Multipart,
) -> Answer {
    let report: ReportId = id(path)?;
    let shown = async {
        let sent = receive(multipart).await?;
        let (file, bytes) = read(sent.name, sent.bytes).await?;
        preview_page(&web, &signed, report, &file, &bytes).await
    };
    match shown.await {
        Ok(page) => Ok(page.into_response()),
        Err(error) => asked_again(&web, &signed, report, error).await,
    }
}

async fn preview_page(
    web: &Web,
    signed: &Signed,
    report: ReportId,
    file: &Incoming,
    bytes: &[u8],
) -> youju_app::Result<Markup> {
    let actor = Some(signed.actor.clone());
    let shown = web.app.read(actor, async |cx| form_book::preview(cx, report, file).await).await?;
    let kept = view::Kept { name: &shown.file_name, seen: shown.revision, base64: &STANDARD.encode(bytes) };
    let head = view::head(&shown.open, "核对将要导入的数据");
    Ok(whole(&signed.frame, &head, &view::preview(report, &shown, &kept)))
}

/// Takes what was shown.
pub(crate) async fn take(
    State(web): State<Web>,
    mut signed: Signed,
    path: Path<String>,
    multipart: Multipart,
) -> Answer {
    let report: ReportId = id(path)?;
    let received = async {
        let sent = receive(multipart).await?;
        let mode = if sent.takes_correct_rows { Mode::CorrectRows } else { Mode::Whole };
        let (file, bytes) = read(sent.name, sent.bytes).await?;
        Ok((file.because(&sent.reason), bytes, mode, sent.seen))
    };
    let (file, bytes, mode, seen) = match received.await {
        Ok(received) => received,
        Err(error) => return asked_again(&web, &signed, report, error).await,
    };
    let actor = Some(signed.actor.clone());
    match web.app.write(actor, async |cx| form_book::take(cx, report, &file, mode, seen).await).await {
        Ok(taken) if taken.refused.is_empty() && taken.conflicts.is_empty() && taken.told.is_empty() => {
            Ok(see(&url::report(report), "form_book_taken"))
        }
        Ok(taken) => {
            let kept = view::Kept { name: &taken.file_name, seen: taken.revision, base64: &STANDARD.encode(&bytes) };
            let head = view::head(&taken.open, "导入的结果");
            Ok(whole(&signed.frame, &head, &view::taken(report, &taken, &kept)).into_response())
        }
        // Something moved in between: it is shown as it would be now.
        Err(Error::Problem(Problem::Conflict)) => {
            let (status, words) = Refusal::from(Problem::Conflict).told();
            signed.frame.refused = Some(words);
            Ok((status, preview_page(&web, &signed, report, &file, &bytes).await?).into_response())
        }
        Err(error) => asked_again(&web, &signed, report, error).await,
    }
}

/// The workbook with everything that is wrong in its cell.
pub(crate) async fn copy(State(web): State<Web>, signed: Signed, path: Path<String>, multipart: Multipart) -> Answer {
    let report: ReportId = id(path)?;
    let written = async {
        let sent = receive(multipart).await?;
        let (file, _) = read(sent.name, sent.bytes).await?;
        let actor = Some(signed.actor.clone());
        web.app.read(actor, async |cx| form_book::annotated(cx, report, &file).await).await
    };
    match written.await {
        Ok((name, bytes)) => Ok(saved(&name, bytes)),
        Err(error) => asked_again(&web, &signed, report, error).await,
    }
}
