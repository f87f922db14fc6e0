//! Evidence by hand: a unit's people attach files to a place, everybody who may look at the unit fetches them. What an officer
//! fetches is written down.

use serde_json::json;
use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object};
use youju_domain::attachment::{ATTACHMENTS_MAX, Attachment, ContentKind, FILES_MAX, Hand, Proves, note};
use youju_domain::id::{AttachmentId, ImportId, RecordImportId, ReportId, UnitId};
use youju_domain::report::CellId;
use youju_store::{attachment as files, ledger, record, register, report};

use super::{File, take_in};
use crate::context::{App, Cx};
use crate::error::{Error, Result};
use crate::secrets;

/// A file that may be attached.
#[derive(Debug, Clone)]
pub struct Evidence {
    file: File,
    kind: ContentKind,
}

impl Evidence {
    /// The file and what it is, for what is kept beside attachments.
    pub(crate) fn into_parts(self) -> (File, ContentKind) {
        (self.file, self.kind)
    }
}

/// A file that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedFile {
    /// Its name.
    pub name: String,
    /// What is wrong and what to do.
    pub reason: String,
}

/// Files that have been looked at.
#[derive(Debug, Clone, Default)]
pub struct Looked {
    /// Those that may be attached.
    pub good: Vec<Evidence>,
    /// The others.
    pub refused: Vec<RefusedFile>,
}

/// What came of adding files.
#[derive(Debug, Clone)]
pub struct Added {
    /// The new attachments.
    pub added: Vec<Attachment>,
    /// The files that were not taken.
    pub refused: Vec<RefusedFile>,
}

/// Looks at files, by name and content, before any transaction is opened: size, viruses, and what stands in them. A bad one
/// does not keep the others out. Blocks while the scanner works.
pub fn look_at(app: &App, sent: Vec<(String, Vec<u8>)>) -> Result<Looked> {
    if sent.len() > FILES_MAX {
        let reason = format!("一次最多上传 {FILES_MAX} 个文件,现为 {} 个。请分次上传。", sent.len());
        return Err(Problem::BadInput { reason }.into());
    }
    let mut looked = Looked::default();
    for (sent_name, content) in sent {
        let name = youju_domain::attachment::file_name(&sent_name);
        match take_in(app, &sent_name, content) {
            Ok(file) => match ContentKind::of_evidence(&file.content) {
                Ok(kind) => looked.good.push(Evidence { file, kind }),
                Err(reason) => looked.refused.push(RefusedFile { name, reason: reason.to_owned() }),
            },
            Err(Error::Problem(problem)) => looked.refused.push(RefusedFile { name, reason: problem.says() }),
            Err(fault) => return Err(fault),
        }
    }
    Ok(looked)
}

/// Attaches files to a place of a unit and period, each by itself. What hangs there already is told and not added again, so
/// that sending a form twice does no harm.
pub async fn add(
    cx: &mut Cx<'_>,
    (unit, period): (UnitId, Period),
    proves: &Proves,
    said: &str,
    looked: Looked,
) -> Result<Added> {
    let unit = crate::register::get(cx, unit).await?;
    cx.allow(Action::Fill, Object::Unit { id: unit.id, area: &unit.area })?;
    must_be_there(cx, unit.id, period, proves).await?;
    let said = note(said)?;
    let mut room = ATTACHMENTS_MAX.saturating_sub(files::count(cx.tx(), unit.id, period).await?);
    let mut done = Added { added: Vec::new(), refused: looked.refused };
    for Evidence { file, kind } in looked.good {
        let has_same = files::has_same(cx.tx(), unit.id, period, proves, &file.hash).await?;
        if has_same || room == 0 {
            let reason = if has_same {
                "同一个文件已经在附件中,没有重复添加。".to_owned()
            } else {
                format!("本期附件(包括已移除的)已有 {ATTACHMENTS_MAX} 个,达到上限。请合并文件后再上传。")
            };
            done.refused.push(RefusedFile { name: file.name, reason });
            continue;
        }
        room -= 1;
        let attachment = Attachment {
            id: cx.new_id(),
            unit: unit.id,
            period,
            proves: proves.clone(),
            file_name: file.name,
            kind,
            size: u64::try_from(file.content.len()).unwrap_or(u64::MAX),
            hash: file.hash,
            note: said.clone(),
            added: hand(cx)?,
            removed: None,
        };
        secrets::keep_file(cx, &attachment.hash, kind, file.content).await?;
        files::add(cx.tx(), &attachment).await?;
        let payload = about(&attachment);
        cx.record("attachment.added", ("attachment", attachment.id.to_string()), payload).await?;
        done.added.push(attachment);
    }
    Ok(done)
}

/// What the journal says about an attachment.
fn about(attachment: &Attachment) -> serde_json::Value {
    json!({
        "unit": attachment.unit, "period": attachment.period, "proves": attachment.proves.to_string(),
        "file_name": attachment.file_name, "file_hash": attachment.hash, "kind": attachment.kind.key(),
        "size": attachment.size, "note": attachment.note, "reason": attachment.removed.as_ref().map(|one| &one.reason),
    })
}

fn hand(cx: &Cx<'_>) -> Result<Hand> {
    let actor = cx.actor()?;
    Ok(Hand { person: actor.person, name: actor.name.clone(), at: cx.now() })
}

/// What is to be proved must be of this unit and period, and a cell one of the form.
async fn must_be_there(cx: &mut Cx<'_>, unit: UnitId, period: Period, proves: &Proves) -> Result<()> {
    let found = match proves {
        Proves::Period => Some((unit, period)),
        Proves::Ledger(id) => ledger::get(cx.tx(), *id).await?.map(|import| (import.unit, import.period)),
        Proves::Records(id) => record::get(cx.tx(), *id).await?.map(|import| (import.unit, import.period)),
        Proves::Report(id, cell) => match report::get(cx.tx(), *id).await? {
            Some(report) => {
                if let Some(cell) = cell.as_ref().filter(|_| report.unit == unit)
                    && cx.app().form(&report.form)?.cell_by_text(cell.as_str()).is_none()
                {
                    return Err(Problem::UnknownCell { cell: cell.to_string() }.into());
                }
                Some((report.unit, report.period))
            }
            None => None,
        },
    };
    let is_there = found == Some((unit, period));
    if is_there { Ok(()) } else { Err(Problem::NotFound { what: "证明对象" }.into()) }
}

/// An attachment, for those who may look at the unit.
pub async fn get(cx: &mut Cx<'_>, id: AttachmentId) -> Result<Attachment> {
    let not_found = || Error::Problem(Problem::NotFound { what: "附件" });
    cx.actor()?;
    let attachment = files::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let unit = register::get(cx.tx(), attachment.unit).await?.ok_or_else(not_found)?;
    cx.allow(Action::View, Object::Unit { id: unit.id, area: &unit.area }).map_err(|_| not_found())?;
    if is_seen(cx, &attachment).await? { Ok(attachment) } else { Err(not_found()) }
}

/// What proves something of a report is for those who may look at the report.
async fn is_seen(cx: &mut Cx<'_>, attachment: &Attachment) -> Result<bool> {
    let Proves::Report(report, _) = &attachment.proves else { return Ok(true) };
    let report = report::get(cx.tx(), *report).await?;
    Ok(report.is_some_and(|report| cx.actor().is_ok_and(|actor| actor.covers(cx.app().domain_of(&report.form)))))
}

/// The attachments of a unit and period that the actor may look at; those that were taken away stand last, with their reasons.
pub async fn list(cx: &mut Cx<'_>, unit: UnitId, period: Period) -> Result<Vec<Attachment>> {
    crate::register::get(cx, unit).await?;
    let mut seen = Vec::new();
    for attachment in files::list(cx.tx(), unit, period).await? {
        if is_seen(cx, &attachment).await? {
            seen.push(attachment);
        }
    }
    Ok(seen)
}

/// The attachments of a report as a whole and of one of its cells.
pub async fn of_cell(cx: &mut Cx<'_>, id: ReportId, cell: &CellId) -> Result<Vec<Attachment>> {
    crate::report::open(cx, id).await?;
    Ok(files::of_report(cx.tx(), id, cell).await?)
}

/// Takes an attachment away, with a reason: a mark, the file stays.
pub async fn remove(cx: &mut Cx<'_>, id: AttachmentId, reason: &str) -> Result<Attachment> {
    let attachment = get(cx, id).await?;
    let unit = crate::register::get(cx, attachment.unit).await?;
    cx.allow(Action::Fill, Object::Unit { id: unit.id, area: &unit.area })?;
    let attachment = attachment.remove(hand(cx)?, reason)?;
    if let Some(removal) = &attachment.removed {
        files::remove(cx.tx(), id, removal).await?;
        let payload = about(&attachment);
        cx.record("attachment.removed", ("attachment", id.to_string()), payload).await?;
    }
    Ok(attachment)
}

/// A kept file that somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// An attachment.
    Attachment(AttachmentId),
    /// The file of a trial balance.
    Ledger(ImportId),
    /// The file of source records.
    Records(RecordImportId),
}

/// A file on its way out.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Its name.
    pub name: String,
    /// What stands in it.
    pub kind: ContentKind,
    /// Its content.
    pub content: Vec<u8>,
}

/// A kept file, for those who may look at the unit. When an officer fetches it, the journal says who, when and which.
pub async fn fetch(app: &App, actor: Actor, wanted: Wanted) -> Result<Fetched> {
    let is_officer = actor.role.is_officer();
    let work = async |cx: &mut Cx<'_>| {
        let (object, name, hash, payload) = find(cx, wanted).await?;
        let blob = secrets::file(cx, &hash).await?.ok_or(Error::Problem(Problem::NotFound { what: "原文件" }))?;
        if is_officer {
            cx.record("attachment.viewed", object, payload).await?;
        }
        Ok(Fetched { name, kind: blob.kind, content: blob.content })
    };
    if is_officer { app.write(Some(actor), work).await } else { app.read(Some(actor), work).await }
}

/// The object in the journal, name and fingerprint of what is wanted, and what the journal says about it.
async fn find(cx: &mut Cx<'_>, wanted: Wanted) -> Result<((&'static str, String), String, String, serde_json::Value)> {
    let (object, unit, period, name, hash) = match wanted {
        Wanted::Attachment(id) => {
            let it = get(cx, id).await?;
            (("attachment", id.to_string()), it.unit, it.period, it.file_name, it.hash)
        }
        Wanted::Ledger(id) => {
            let it = crate::ledger::get(cx, id).await?;
            (("import", id.to_string()), it.unit, it.period, it.file_name, it.file_hash)
        }
        Wanted::Records(id) => {
            let it = crate::record::get(cx, id).await?;
            (("record", id.to_string()), it.unit, it.period, it.file_name, it.file_hash)
        }
    };
    let payload = json!({ "unit": unit, "period": period, "file_name": name, "file_hash": hash });
    Ok((object, name, hash, payload))
}
