//! Attachments 附件: added to a unit's ledger, fetched safely, taken away with a reason. Works by forms alone.

mod view;

use axum::extract::{Multipart, Path, RawForm, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use youju_app::attachment::{self, Added, Fetched, Wanted};
use youju_app::{Error, ledger};
use youju_domain::Problem;
use youju_domain::attachment::{FILES_MAX, Proves};
use youju_domain::id::{AttachmentId, UnitId};

use crate::ledger::{Outcome, Period as Asked, show_book, unhurried};
use crate::parts::Parts;
use crate::request::{Answer, Refusal, Signed, damaged, id, query, read, see};
use crate::{Web, url};

pub(crate) use view::{Place, Section, section, table};

/// What the form of attachments sends.
struct Sent {
    files: Vec<(String, Vec<u8>)>,
    note: String,
    proves: Proves,
}

async fn receive(multipart: Multipart) -> Result<Sent, Problem> {
    let mut parts = Parts::receive(multipart).await?;
    let files = parts.take_files("file");
    if files.is_empty() {
        return Err(Problem::BadInput { reason: "没有选择文件。".into() });
    }
    if files.len() > FILES_MAX {
        let reason = format!("一次最多上传 {FILES_MAX} 个文件。请分次上传。");
        return Err(Problem::BadInput { reason });
    }
    let proves = match parts.fields.get("proves") {
        "" => Proves::Period,
        key => Proves::parse(key).ok_or_else(damaged)?,
    };
    Ok(Sent { files, note: parts.fields.exact("note").to_owned(), proves })
}

/// Attaches files. The good ones are kept, every other one is told with its reason on the page of the ledger.
pub(crate) async fn add(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
    multipart: Multipart,
) -> Answer {
    let unit: UnitId = id(path)?;
    let asked: Asked = query(raw)?;
    let period = asked.period()?;
    let taken = async {
        let sent = receive(multipart).await?;
        let (app, files) = (web.app.clone(), sent.files);
        let looked = unhurried(move || attachment::look_at(&app, files)).await?;
        web.app
            .write(Some(signed.actor.clone()), async |cx| {
                let period = match period {
                    Some(period) => period,
                    None => ledger::period_in_work(cx, unit).await?,
                };
                let added = attachment::add(cx, (unit, period), &sent.proves, &sent.note, looked).await?;
                Ok((period, added))
            })
            .await
    };
    match taken.await {
        Ok((period, Added { refused, .. })) if refused.is_empty() => {
            Ok(see(&url::ledger_attachments(unit, Some(period), None), "attached"))
        }
        Ok((period, added)) => {
            let status = if added.added.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let page = show_book(&web, &signed, unit, Some(period), &Outcome::Attached(&added)).await?;
            Ok((status, page).into_response())
        }
        Err(Error::Problem(problem)) => {
            let status = StatusCode::from_u16(problem.status()).unwrap_or_default();
            let page = show_book(&web, &signed, unit, period, &Outcome::NotAttached(&problem)).await?;
            Ok((status, page).into_response())
        }
        Err(fault) => Err(Refusal::from(fault)),
    }
}

/// Reloading the address of the form shows the ledger.
pub(crate) async fn back(_signed: Signed, path: Path<String>, raw: RawQuery) -> Answer {
    let unit: UnitId = id(path)?;
    let asked: Asked = query(raw)?;
    Ok(Redirect::to(&url::ledger_attachments(unit, asked.period()?, None)).into_response())
}

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    inline: String,
}

/// An attachment. A picture may be shown in the browser; everything else is saved.
pub(crate) async fn fetch(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer {
    let attachment: AttachmentId = id(path)?;
    let shown: Shown = query(raw)?;
    let fetched = attachment::fetch(&web.app, signed.actor, Wanted::Attachment(attachment)).await?;
    Ok(answer(fetched, shown.inline == "1"))
}

/// The file that a trial balance came in.
pub(crate) async fn import_file(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let wanted = Wanted::Ledger(id(path)?);
    Ok(answer(attachment::fetch(&web.app, signed.actor, wanted).await?, false))
}

/// The file that source records came in.
pub(crate) async fn records_file(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let wanted = Wanted::Records(id(path)?);
    Ok(answer(attachment::fetch(&web.app, signed.actor, wanted).await?, false))
}

/// A stranger's file: never a page of ours. The browser is told what it is by what stands in it, may not guess, may run
/// nothing, and keeps no copy for others (`guard::headers` adds the rest of the policy).
pub(crate) fn answer(fetched: Fetched, inline: bool) -> Response {
    let how = if inline && fetched.kind.is_shown() { "inline" } else { "attachment" };
    let disposition = format!("{how}; filename*=UTF-8''{}", url::encode(&fetched.name));
    let head = [
        (header::CONTENT_TYPE, fetched.kind.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, "sandbox".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (head, fetched.content).into_response()
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

/// Takes an attachment away.
pub(crate) async fn remove(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let attachment: AttachmentId = id(path)?;
    let said: Reason = read(&String::from_utf8_lossy(&body))?;
    let removed =
        web.app.write(Some(signed.actor), async |cx| attachment::remove(cx, attachment, &said.reason).await).await?;
    Ok(see(&url::ledger_attachments(removed.unit, Some(removed.period), None), "detached"))
}
