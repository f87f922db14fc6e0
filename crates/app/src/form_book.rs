//! Form book 报表工作簿: a report goes out as a workbook, is filled in Excel or WPS, and comes home.
//!
//! What comes home is compared with what went out, with what stands in the report now, and with what this person has already
//! brought home from the same workbook; so a cell that somebody else changed meanwhile is never overwritten. Every value
//! is read by the parser of its cell, as on the page. Nothing is taken before somebody has seen what it would do.

mod copy;
mod layout;
mod past;
mod row;
mod weigh;
mod window;

use serde_json::json;
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object, Respondent, decide};
use youju_domain::finding::Answered;
use youju_domain::id::{ReportId, UnitId};
use youju_domain::report::{CellId, Change};
use youju_domain::survey::print_instant;
use youju_programme::Form;
use youju_sheet::form_book::{BookError, BookRow, FormBook, read_form_book, write_unit_book};
use youju_sheet::{Sheet, SheetError};

use crate::context::{App, Cx};
use crate::crypto;
use crate::error::{Error, Fault, Result};
use crate::ledger::bad_file;
use crate::look::take_copy;
use crate::report::{Open, answered, open, save_imported, to_fill};

use layout::{Purpose, Stamp};
use weigh::Weighed;
pub use window::export_window;

/// Bytes of a workbook that is brought home. It travels once more inside the page that shows what it would change, a third longer as
/// text, and must still fit into a request; a form without pictures stays far below.
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Workbook on its way out.
#[derive(Debug)]
pub struct Outgoing {
    /// The name of the file.
    pub name: String,
    book: FormBook,
    rows: Vec<BookRow>,
    /// Whose figures; none for a table of many units.
    unit: Option<UnitId>,
}

impl Outgoing {
    /// How many rows its sections have together.
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }
}

/// A workbook as somebody takes it. What a unit takes of its own is as it is; whoever else takes one is written down first, and every page of
/// it bears the mark, as does a line below the last table.
pub async fn take_out(app: &App, actor: &Actor, outgoing: Outgoing) -> Result<Outgoing> {
    if actor.role.is_respondent() {
        return Ok(outgoing);
    }
    let taken = take_copy(app, actor, outgoing.unit, &outgoing.name).await?;
    let mut book = outgoing.book;
    book.foot.push(taken.words());
    book.mark = taken.words();
    Ok(Outgoing { name: taken.named(&outgoing.name), book, ..outgoing })
}

/// Writes a workbook off the request's thread: a long list takes a while.
pub async fn file(outgoing: Outgoing) -> Result<Vec<u8>> {
    let write = move || {
        let mut bytes = Vec::new();
        let rows = outgoing.rows.into_iter().map(std::borrow::Cow::Owned);
        write_unit_book(&mut bytes, &outgoing.book, rows).map(|_| bytes)
    };
    let written = tokio::task::spawn_blocking(write).await;
    written.map_err(|error| Fault::new("writing a workbook", error))?.map_err(unwritable)
}

fn unwritable(error: SheetError) -> Error {
    match error {
        // A limit is told to the person who met it.
        SheetError::Limit { .. } => Problem::BadInput { reason: error.to_string() }.into(),
        other => Fault::new("writing a workbook", other).into(),
    }
}

/// A report as a workbook: to be filled by those who may fill it now, to be read by everybody else who may see it.
pub async fn export(cx: &mut Cx<'_>, id: ReportId) -> Result<Outgoing> {
    let open = open(cx, id).await?;
    let form = cx.app().form(&open.report.form)?;
    let actor = cx.actor()?;
    let fills = decide(actor, Action::Fill, Object::Unit { id: open.unit.id, area: &open.unit.area })
        && open.report.must_be_editable(&actor.respondent()?, &open.window, cx.now()).is_ok();
    let purpose = if fills { Purpose::Fill } else { Purpose::Read };
    let mut book = layout::book(form, &open, &open.report.cells, purpose);
    if !fills {
        book.foot.push(copy_mark(&actor.name, cx.now()));
    }
    let period = open.report.period.cumulative_label();
    Ok(Outgoing {
        name: format!("{} {} {period}.xlsx", form.code, open.unit.name),
        book,
        rows: Vec::new(),
        unit: Some(open.unit.id),
    })
}

/// Who holds a copy that nobody may fill in.
fn copy_mark(reader: &str, at: youju_domain::Instant) -> String {
    format!("副本,{reader} {} 导出,只供查阅。", print_instant(at))
}

/// Workbook that was brought home, read but not yet compared.
#[derive(Debug)]
pub struct Incoming {
    name: String,
    hash: String,
    sheets: Vec<Sheet>,
    reason: Option<String>,
}

impl Incoming {
    /// The report that the workbook was exported from, as its stamp says.
    pub fn report(&self) -> Result<ReportId> {
        let refuse = |errors: Vec<youju_sheet::CellError>| bad_file(errors.iter().map(ToString::to_string).collect());
        let stamp = Stamp::parse(&read_form_book(&self.sheets).map_err(refuse)?.stamp);
        let reason = "文件不是从本系统的报表导出的。请先导出,填好导出的文件再导入。".to_owned();
        stamp.map(|stamp| stamp.report).ok_or_else(|| bad_file(vec![reason]))
    }

    /// With the reason why generated values are typed over.
    #[must_use]
    pub fn because(self, reason: &str) -> Incoming {
        let reason = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        Incoming { reason, ..self }
    }
}

/// Reads a workbook before any transaction is opened, because a large one takes a while.
pub fn read(file_name: &str, bytes: &[u8]) -> Result<Incoming> {
    if bytes.len() > FILE_BYTES_MAX {
        let mb = |bytes: usize| bytes.div_ceil(1024 * 1024);
        let reason = format!("文件有 {} MB,报表工作簿不应超过 {} MB。", mb(bytes.len()), FILE_BYTES_MAX / 1024 / 1024);
        return Err(bad_file(vec![reason]));
    }
    let sheets = youju_sheet::read(file_name, bytes).map_err(|error| bad_file(vec![error.to_string()]))?;
    read_form_book(&sheets).map_err(|errors| bad_file(errors.iter().map(ToString::to_string).collect()))?;
    Ok(Incoming { name: file_name.to_owned(), hash: crypto::sha256(bytes), sheets, reason: None })
}

/// How much of a workbook is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Everything, or nothing if anything is wrong.
    Whole,
    /// The rows in which nothing is wrong.
    CorrectRows,
}

/// What taking a workbook would change, or has changed.
pub struct Preview {
    /// The report as it is afterwards.
    pub open: Open,
    /// The revision that the workbook was compared with.
    pub revision: i64,
    /// The name of the file.
    pub file_name: String,
    /// Cells that change.
    pub changes: Vec<Changing>,
    /// What cannot be taken as it is.
    pub refused: Vec<Mistake>,
    /// What somebody else has changed since the workbook went out.
    pub conflicts: Vec<Mistake>,
    /// What was not read, and why.
    pub told: Vec<String>,
    /// Names of the cells that have changed in the report since the workbook went out, and not in the workbook: they stay as they are.
    pub kept: Vec<String>,
    /// Cells among the changes that were generated or carried over.
    pub overtyped: usize,
    /// Rows that are left because of what is wrong in them.
    pub rows_left: usize,
    /// The findings of the report as it is afterwards.
    pub findings: Vec<Answered>,
    weighed: Weighed,
}

/// Cell that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changing {
    /// Its id.
    pub cell: CellId,
    /// Its name.
    pub label: String,
    /// What stands there, as printed.
    pub was: String,
    /// What shall stand there, as printed.
    pub value: String,
}

/// Something in a workbook that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Sheet and cell, in the words of Excel.
    pub place: String,
    /// What was typed.
    pub found: String,
    /// What is wrong and what to do.
    pub says: String,
}

impl From<&BookError> for Mistake {
    fn from(error: &BookError) -> Mistake {
        Mistake { place: error.place.to_string(), found: error.found.clone(), says: error.message.clone() }
    }
}

/// What taking a workbook would do. Nothing is written.
pub async fn preview(cx: &mut Cx<'_>, id: ReportId, file: &Incoming) -> Result<Preview> {
    let open = open(cx, id).await?;
    cx.allow(Action::Fill, Object::Unit { id: open.unit.id, area: &open.unit.area })?;
    let by = cx.actor()?.respondent()?;
    let weighed = weigh(cx, &open, file).await?;
    let revision = open.report.revision;
    let now = cx.now();
    let (after, _) = open.report.clone().save(&by, &open.window, &weighed.changes, now)?;
    told(cx, Open { report: after, ..open }, revision, file, weighed).await
}

/// Takes what [`preview`] showed at revision `seen`; in between, nothing may have moved.
pub async fn take(cx: &mut Cx<'_>, id: ReportId, file: &Incoming, mode: Mode, seen: i64) -> Result<Preview> {
    let (open, by): (Open, Respondent) = to_fill(cx, id, Action::Fill).await?;
    if open.report.revision != seen {
        return Err(Problem::Conflict.into());
    }
    let mut weighed = weigh(cx, &open, file).await?;
    if let Some(reason) = file.reason.as_deref() {
        weighed.give_reason(&open.report.cells, reason);
    }
    let wrong: Vec<&BookError> = weighed.mistakes.iter().chain(&weighed.conflicts).collect();
    if mode == Mode::Whole && !wrong.is_empty() {
        return Err(bad_file(wrong.iter().map(ToString::to_string).collect()));
    }
    let about = json!({
        "file_name": file.name, "file_hash": file.hash, "book_revision": weighed.book_revision,
        "rows_left": weighed.rows_left,
    });
    let open = save_imported(cx, open, &by, &weighed.changes, about).await?;
    told(cx, open, seen, file, weighed).await
}

/// The workbook as it came home, with everything that is wrong in its cell; the findings of the checks too.
pub async fn annotated(cx: &mut Cx<'_>, id: ReportId, file: &Incoming) -> Result<(String, Vec<u8>)> {
    let preview = preview(cx, id, file).await?;
    let form = cx.app().form(&preview.open.report.form)?;
    let bytes = copy::write(form, &preview, file).map_err(unwritable)?;
    Ok((copy::name(&file.name), bytes))
}

async fn weigh(cx: &mut Cx<'_>, open: &Open, file: &Incoming) -> Result<Weighed> {
    let form = cx.app().form(&open.report.form)?;
    let refuse = |errors: Vec<youju_sheet::CellError>| bad_file(errors.iter().map(ToString::to_string).collect());
    let returned = read_form_book(&file.sheets).map_err(refuse)?;
    let stamp = own_stamp(form, open, &returned.stamp)?;
    let past = past::past(cx, form, open, stamp.revision).await?;
    Ok(weigh::weigh(form, open, &past, &returned))
}

/// The stamp, if the workbook was exported from this report and its form has not changed since.
fn own_stamp(form: &Form, open: &Open, text: &str) -> Result<Stamp> {
    let refuse = |reason: &str| Err(bad_file(vec![reason.to_owned()]));
    let Some(stamp) = Stamp::parse(text) else {
        return refuse("文件不是从本系统的报表导出的。请打开报表,点“导出 Excel”,填好导出的文件再导入。");
    };
    if stamp.report != open.report.id {
        let title = format!("{} {}", form.title(), open.report.period.cumulative_label());
        return refuse(&format!(
            "文件是从另一份报表导出的,不是这份“{title}”。请到它自己的报表里导入;要填这一份的,请从这里重新导出。"
        ));
    }
    if stamp.version != form.version() {
        return refuse("导出以后,报表制度的这张表有了新的版本。请重新导出,把数字复制过去再导入。");
    }
    if stamp.revision > open.report.revision {
        return refuse("文件比系统中的报表还新:系统可能恢复过备份。请重新导出,把数字复制过去再导入。");
    }
    Ok(stamp)
}

async fn told(cx: &mut Cx<'_>, open: Open, revision: i64, file: &Incoming, weighed: Weighed) -> Result<Preview> {
    let form = cx.app().form(&open.report.form)?;
    let findings = answered(cx, form, &open).await?;
    Ok(Preview {
        revision,
        file_name: file.name.clone(),
        changes: weighed.changes.iter().filter_map(|change| changing(form, change)).collect(),
        refused: weighed.mistakes.iter().map(Mistake::from).collect(),
        conflicts: weighed.conflicts.iter().map(Mistake::from).collect(),
        told: weighed.told.iter().map(ToString::to_string).collect(),
        kept: weighed.kept.clone(),
        overtyped: weighed.overtyped,
        rows_left: weighed.rows_left,
        open,
        findings,
        weighed,
    })
}

fn changing(form: &Form, change: &Change) -> Option<Changing> {
    let cell = form.cell(&change.cell)?;
    let (was, value) = (cell.print(&change.was), cell.print(&change.value));
    Some(Changing { cell: change.cell.clone(), label: cell.label.clone(), was, value })
}
