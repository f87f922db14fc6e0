//! Source records 原始记录: a file is chosen, its columns are looked at, then it is imported. Works by forms alone.

mod view;

use axum::extract::{Multipart, Path, RawForm, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::ledger::{import_trial_balance, read_trial_balance};
use youju_app::list::Page;
use youju_app::record::{Agreed, Asked, Choice, FileKind, Mapping, Origin, RecordKind};
use youju_app::{Error, attachment, record};
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::id::{RecordImportId, UnitId, UploadId};
use youju_domain::record::Upload;

use crate::ledger::{Outcome, Period as AskedPeriod, kind_label, read_upload, show_book, unhurried};
use crate::limits::PAGE_ROWS;
use crate::register::{area_crumbs, page_request};
use crate::request::{Answer, Refusal, Signed, damaged, id, query, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

/// Takes a file that is to be looked at; one that cannot be read comes back with every reason and nothing kept.
pub(crate) async fn choose(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
    multipart: Multipart,
) -> Answer {
    let unit: UnitId = id(path)?;
    let asked: AskedPeriod = query(raw)?;
    let period = asked.period()?;
    let taken = async {
        let (name, bytes) = read_upload(multipart).await?;
        let app = web.app.clone();
        let file = unhurried(move || record::open_file(&app, &name, bytes)).await?;
        web.app
            .write(Some(signed.actor.clone()), async |cx| {
                let period = match period {
                    Some(period) => period,
                    None => youju_app::ledger::period_in_work(cx, unit).await?,
                };
                record::choose_file(cx, unit, period, file).await
            })
            .await
    };
    match taken.await {
        Ok(upload) => Ok(Redirect::to(&url::upload(upload)).into_response()),
        Err(Error::Problem(problem)) => {
            let status = StatusCode::from_u16(problem.status()).unwrap_or_default();
            let page = show_book(&web, &signed, unit, period, &Outcome::NotImported(&problem)).await?;
            Ok((status, page).into_response())
        }
        Err(fault) => Err(Refusal::from(fault)),
    }
}

/// What has been said about a file so far.
#[derive(Deserialize, Default)]
struct Said {
    #[serde(default)]
    sheet: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    from: String,
}

const TRIAL_BALANCE: &str = "trial_balance";

fn read_kind(key: &str) -> Option<FileKind> {
    if key == TRIAL_BALANCE { Some(FileKind::TrialBalance) } else { RecordKind::from_key(key).map(FileKind::Record) }
}

fn kind_key(kind: FileKind) -> &'static str {
    match kind {
        FileKind::TrialBalance => TRIAL_BALANCE,
        FileKind::Record(kind) => kind.key(),
    }
}

fn origin_key(origin: &Origin) -> String {
    match origin {
        Origin::Program | Origin::Chosen => "program".into(),
        Origin::Unit => "unit".into(),
        Origin::Template(id, _) => id.to_string(),
    }
}

/// What the file would become.
pub(crate) async fn preview(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
) -> Answer<Markup> {
    let upload: UploadId = id(path)?;
    let said: Said = query(raw)?;
    let asked = Asked {
        sheet: Some(said.sheet).filter(|sheet| !sheet.is_empty()),
        kind: read_kind(&said.kind),
        ..Asked::default()
    };
    show(&web, &signed, upload, asked, &said.from, None).await
}

async fn show(
    web: &Web,
    signed: &Signed,
    upload: UploadId,
    mut asked: Asked,
    from: &str,
    wrong: Option<&Problem>,
) -> Answer<Markup> {
    let (upload, unit, known) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let upload = attachment::upload(cx, upload).await?;
            let unit = youju_app::register::get(cx, upload.unit).await?;
            let known = record::known(cx, unit.id).await?;
            Ok((upload, unit, known))
        })
        .await?;
    asked.origin = match from {
        "" => None,
        "program" => Some(Origin::Program),
        "unit" => Some(Origin::Unit),
        other => record::Known::origin_of(&known, other),
    };
    let (file, period, upload_id) = (upload.file_name.clone(), upload.period, upload.id);
    let preview = unhurried(move || record::preview(&upload, &known, asked)).await?;
    let mut crumbs = area_crumbs(&unit, false);
    crumbs.push(("台账".into(), Some(url::ledger(unit.id, Some(period)))));
    crumbs.push(("核对各列".into(), None));
    let about = format!("文件 {file}。下面是程序的建议,请逐列核对;点“导入”以前不会写入任何数据。");
    let head = Head { period: Some(period.label()), crumbs, about: Some(about), ..Head::of("核对后导入") };
    let back = url::ledger(unit.id, Some(period));
    Ok(whole(&signed.frame, &head, &view::preview(upload_id, &preview, &back, wrong)))
}

/// The agreed form: sheet, kind, the mapping as it was shown, and the choices of its columns.
struct Sent {
    sheet: Option<String>,
    kind: FileKind,
    mapping: Option<Mapping>,
    keeps_persons: bool,
}

fn read_sent(body: &[u8]) -> Answer<Sent> {
    let pairs: Vec<(String, String)> = read(&String::from_utf8_lossy(body))?;
    let value = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let kind = value("kind").and_then(read_kind).ok_or_else(damaged)?;
    let mut mapping: Option<Mapping> = match value("mapping") {
        Some(text) => Some(serde_json::from_str(text).map_err(|_| damaged())?),
        None => None,
    };
    if let Some(mapping) = &mut mapping {
        let choice = |(name, value): &(String, String)| {
            let index: usize = name.strip_prefix("column.")?.parse().ok()?;
            let choice = match value.as_str() {
                "" => Choice::Leave,
                "*" => Choice::Own,
                key => Choice::Field(key.to_owned()),
            };
            Some((index, choice))
        };
        let choices: Vec<(usize, Choice)> = pairs.iter().filter_map(choice).collect();
        record::change(mapping, &choices)?;
    }
    let sheet = value("sheet").filter(|sheet| !sheet.is_empty()).map(str::to_owned);
    Ok(Sent { sheet, kind, mapping, keeps_persons: value("keeps_persons") == Some("yes") })
}

/// Imports the file as it was agreed; what is wrong comes back beside the columns and nothing is written.
pub(crate) async fn import(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let upload: UploadId = id(path)?;
    let found = web.app.read(Some(signed.actor.clone()), async |cx| attachment::upload(cx, upload).await).await?;
    let sent = read_sent(&body)?;
    let asked =
        Asked { sheet: sent.sheet.clone(), kind: Some(sent.kind), mapping: sent.mapping.clone(), ..Asked::default() };
    match take(&web, &signed, found, sent).await {
        Ok((address, notice)) => Ok(see(&address, notice)),
        Err(Error::Problem(problem)) => {
            let status = StatusCode::from_u16(problem.status()).unwrap_or_default();
            let page = show(&web, &signed, upload, asked, "", Some(&problem)).await?;
            Ok((status, page).into_response())
        }
        Err(fault) => Err(Refusal::from(fault)),
    }
}

async fn take(web: &Web, signed: &Signed, upload: Upload, sent: Sent) -> youju_app::Result<(String, &'static str)> {
    let (id, unit, period) = (upload.id, upload.unit, upload.period);
    let Some(mapping) = sent.mapping.filter(|_| sent.kind != FileKind::TrialBalance) else {
        let file = unhurried(move || read_trial_balance(&upload.file_name, &upload.content)).await?;
        let import = web.app.write(Some(signed.actor.clone()), async |cx| {
            attachment::done(cx, id).await?;
            import_trial_balance(cx, unit, period, file).await
        });
        return Ok((url::import(import.await?.id, None), "imported"));
    };
    let agreed = Agreed { sheet: sent.sheet, mapping, period, keeps_persons: sent.keeps_persons };
    let file = unhurried(move || record::read_records(&upload.file_name, upload.content, &agreed)).await?;
    let import =
        web.app.write(Some(signed.actor.clone()), async |cx| record::import(cx, unit, file, Some(id)).await).await?;
    Ok((url::records(import.id), "records"))
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    page: i64,
}

/// An import, record by record.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Markup> {
    let import: RecordImportId = id(path)?;
    let part: Part = query(raw)?;
    let (import, unit, is_kept) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let import = record::get(cx, import).await?;
            let unit = youju_app::register::get(cx, import.unit).await?;
            let is_kept = attachment::is_kept(cx, unit.id, &import.file_hash).await?;
            Ok((import, unit, is_kept))
        })
        .await?;
    let request = page_request(part.page);
    let (offset, limit) = (request.offset.unsigned_abs(), usize::try_from(PAGE_ROWS).unwrap_or_default());
    let rows = import.table.rows.iter().skip(usize::try_from(offset).unwrap_or(usize::MAX)).take(limit).cloned();
    let total = u64::try_from(import.table.rows.len()).unwrap_or_default();
    let rows = Page { rows: rows.collect(), total, offset };
    let shares = decide(&signed.actor, Action::Arrange, Object::Unit { id: unit.id, area: &unit.area });
    let mut crumbs = area_crumbs(&unit, false);
    crumbs.push(("台账".into(), Some(url::ledger(unit.id, Some(import.period)))));
    crumbs.push((kind_label(&import.kind).into(), None));
    let about = format!("文件 {} · 工作表 {} · 共 {} 条", import.file_name, import.sheet, import.count);
    let head = Head {
        period: Some(import.period.label()),
        crumbs,
        about: Some(about),
        actions: Some(html! { a.button href=(url::records_impact(import.id)) { "去向" } }),
        ..Head::of(kind_label(&import.kind))
    };
    Ok(whole(&signed.frame, &head, &view::records(&import, &rows, is_kept, shares)))
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: String,
}

/// Shares the mapping of an import with the units of the officer's area.
pub(crate) async fn share(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let import: RecordImportId = id(path)?;
    let named: Named = read(&String::from_utf8_lossy(&body))?;
    web.app.write(Some(signed.actor), async |cx| record::share(cx, import, &named.name).await).await?;
    Ok(see(&url::records(import), "shared"))
}
