//! Source records 原始记录: a file is chosen, its columns are proposed and looked at, then it comes in, whole or not at all.
//! The agreed mapping is kept for the unit's next file; an office may share it as a template.

mod preview;
mod settle;
mod table;

use serde_json::json;
use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::{RecordImportId, TemplateId, UnitId, UploadId};
use youju_domain::record::{RecordImport, RecordTable, Template, Upload};
use youju_domain::register::Unit;
use youju_sheet::limits::RECORD_COLUMNS_MAX;
use youju_sheet::record::{Wish, apply, resume, tells_persons};
use youju_sheet::{Cell, Sheet};
use youju_store::{attachment as files, record};

use crate::attachment::{self, File};
use crate::context::{App, Cx};
use crate::crypto;
use crate::error::{Error, Result};
use crate::ledger::bad_file;
use crate::register;
use crate::secrets;

pub(crate) use settle::settle;

pub use preview::{Asked, Choice, Known, Origin, Preview, PreviewedRecords, Seen, change, known, preview};
pub use youju_sheet::record::{Field, FileKind, MappedColumn, Mapping, RecordKind, Take};
pub use youju_store::record::ListedRecords;

/// Records of one import, each a row of one document that is read whole. A month of a large enterprise has fewer; a year's
/// journal is imported month by month.
pub const RECORDS_MAX: usize = 100_000;
/// Hours after which a file that nobody imported is gone.
pub const UPLOAD_HOURS_MAX: i64 = 24;
/// Characters of the name of a template.
const TEMPLATE_NAME_CHARS_MAX: usize = 40;

async fn fillable(cx: &mut Cx<'_>, unit: UnitId) -> Result<Unit> {
    let unit = register::get(cx, unit).await?;
    cx.allow(Action::Fill, Object::Unit { id: unit.id, area: &unit.area })?;
    Ok(unit)
}

/// Takes a file in that a table can be read from, before any transaction is opened; it is read again when it is looked at.
pub fn open_file(app: &App, name: &str, content: Vec<u8>) -> Result<File> {
    open_sheets(app, name, content).map(|(file, _)| file)
}

/// The same with the sheets that stand in it, for whoever goes on with them at once.
pub(crate) fn open_sheets(app: &App, name: &str, content: Vec<u8>) -> Result<(File, Vec<Sheet>)> {
    let file = attachment::take_in(app, name, content)?;
    let sheets = youju_sheet::read(&file.name, &file.content).map_err(|error| bad_file(vec![error.to_string()]))?;
    if sheets.iter().any(holds_nul) {
        return Err(bad_file(vec!["文件的单元格中含有空字符(NUL)。请用 Excel 或 WPS 打开后另存为 xlsx 文件。".into()]));
    }
    Ok((file, sheets))
}

/// A character that no keyboard types, that an old workbook may hold, and PostgreSQL does not.
fn holds_nul(sheet: &Sheet) -> bool {
    let is_it = |cell: &Cell| matches!(cell, Cell::Text(text) | Cell::Error(text) if text.contains('\0'));
    sheet.name.contains('\0') || sheet.rows.iter().flatten().any(is_it)
}

/// Keeps a file until it is imported or a day is over; what the person chose before is gone.
pub async fn choose_file(cx: &mut Cx<'_>, unit: UnitId, period: Period, file: File) -> Result<UploadId> {
    let unit = fillable(cx, unit).await?;
    let (by, at) = (cx.actor()?.person, cx.now());
    files::clear_uploads(cx.tx(), by, at - chrono::TimeDelta::hours(UPLOAD_HOURS_MAX)).await?;
    let id = cx.new_id();
    let upload = Upload { id, unit: unit.id, period, file_name: file.name, content: file.content, by, at };
    secrets::keep_upload(cx, upload).await?;
    Ok(id)
}

/// A file of source records, read by an agreed mapping but not yet imported.
#[derive(Debug)]
pub struct RecordFile {
    name: String,
    pub(crate) hash: String,
    /// Nothing where the file tells who persons are and nobody asked to keep it.
    content: Option<Vec<u8>>,
    pub(crate) kind: RecordKind,
    pub(crate) sheet: String,
    /// The sheet is the whole file; that of a text is called like the file, which says nothing about its content.
    pub(crate) is_only_sheet: bool,
    pub(crate) period: Period,
    unit_name: Option<String>,
    mapping: Mapping,
    count: u64,
    table: RecordTable,
    warnings: Vec<String>,
    skipped: Vec<String>,
}

impl RecordFile {
    /// Its mapping as an import keeps it.
    pub(crate) fn mapping_document(&self) -> Result<serde_json::Value> {
        document(&self.mapping)
    }
}

/// What somebody agreed to about a file.
#[derive(Debug, Clone)]
pub struct Agreed {
    /// Which sheet; the first visible one where nobody says.
    pub sheet: Option<String>,
    /// Which column is what.
    pub mapping: Mapping,
    /// Of which period the records are.
    pub period: Period,
    /// Keep the file as it came although it tells who persons are.
    pub keeps_persons: bool,
}

/// Reads a file by an agreed mapping, before any transaction is opened. All that is wrong is told at once.
pub fn read_records(file_name: &str, content: Vec<u8>, agreed: &Agreed) -> Result<RecordFile> {
    let sheets = youju_sheet::read(file_name, &content).map_err(|error| bad_file(vec![error.to_string()]))?;
    let file = File { name: file_name.to_owned(), hash: crypto::sha256(&content), content };
    records_in(file, &sheets, agreed)
}

/// The records of a file whose sheets have been read.
pub(crate) fn records_in(file: File, sheets: &[Sheet], agreed: &Agreed) -> Result<RecordFile> {
    let columns = agreed.mapping.columns.len();
    if columns > RECORD_COLUMNS_MAX {
        return Err(bad_file(vec![format!("对应关系有 {columns} 列,超过上限 {RECORD_COLUMNS_MAX} 列。")]));
    }
    let sheet = preview::sheet_named(sheets, agreed.sheet.as_deref())?;
    let wish = Wish { period: Some(agreed.period), ..Wish::default() };
    let records = apply(sheet, &agreed.mapping, &wish)
        .map_err(|errors| bad_file(errors.iter().map(ToString::to_string).collect()))?;
    if records.rows.len() > RECORDS_MAX {
        let (count, max) = (records.rows.len(), RECORDS_MAX);
        return Err(bad_file(vec![format!("文件有 {count} 条记录,超过一次导入的上限 {max} 条。请按月或按类拆分。")]));
    }
    // What is saved names the columns of this file and nothing else, whatever was sent along.
    let mapping = resume(sheet, &agreed.mapping)
        .map_err(|errors| bad_file(errors.iter().map(ToString::to_string).collect()))?
        .mapping;
    let is_kept = agreed.keeps_persons || !tells_persons(sheets);
    Ok(RecordFile {
        name: file.name,
        hash: file.hash,
        content: is_kept.then_some(file.content),
        kind: records.kind,
        sheet: records.sheet.clone(),
        is_only_sheet: sheets.len() == 1,
        period: agreed.period,
        unit_name: records.unit_name.clone(),
        count: u64::try_from(records.count).unwrap_or(u64::MAX),
        warnings: records.warnings.iter().map(ToString::to_string).collect(),
        skipped: records.skipped.iter().map(|row| format!("第 {} 行“{}”:{}", row.row, row.text, row.reason)).collect(),
        table: table::of(&records),
        mapping,
    })
}

/// Imports records of a unit, whole or not at all, and keeps their mapping for the next file.
pub async fn import(cx: &mut Cx<'_>, unit: UnitId, file: RecordFile, upload: Option<UploadId>) -> Result<RecordImport> {
    let unit = fillable(cx, unit).await?;
    if let Some(upload) = upload {
        attachment::done(cx, upload).await?;
    }
    let mut warnings = file.warnings;
    if let Some(name) = file.unit_name.filter(|name| *name != unit.name) {
        warnings.push(format!("文件上的单位名称是“{name}”,名录库中是“{}”,请核对。", unit.name));
    }
    let import = RecordImport {
        id: cx.new_id(),
        unit: unit.id,
        period: file.period,
        kind: file.kind.key().to_owned(),
        file_name: file.name,
        file_hash: file.hash,
        sheet: file.sheet,
        count: file.count,
        by: cx.actor()?.person,
        at: cx.now(),
        mapping: document(&file.mapping)?,
        table: file.table,
        warnings,
        skipped: file.skipped,
    };
    let is_kept = file.content.is_some();
    if let Some(content) = file.content {
        attachment::keep(cx, &import.file_hash, content).await?;
    }
    record::add(cx.tx(), &import).await?;
    record::save_mapping(cx.tx(), unit.id, &import.kind, import.mapping.clone(), import.by, import.at).await?;
    let payload = json!({
        "unit": unit.id, "period": import.period, "kind": import.kind, "file_name": import.file_name,
        "file_hash": import.file_hash, "is_file_kept": is_kept, "sheet": import.sheet, "records": import.count,
        "sums": import.table.sums, "warnings": import.warnings.len(), "skipped": import.skipped.len(),
    });
    cx.record("record.imported", ("record", import.id.to_string()), payload).await?;
    Ok(import)
}

fn document(mapping: &Mapping) -> Result<serde_json::Value> {
    Ok(serde_json::to_value(mapping).map_err(|error| crate::Fault::new("writing a mapping", error))?)
}

/// An import, for those who may look at the unit.
pub async fn get(cx: &mut Cx<'_>, id: RecordImportId) -> Result<RecordImport> {
    let import = record::get(cx.tx(), id).await?.ok_or(Error::Problem(Problem::NotFound { what: "原始记录" }))?;
    register::get(cx, import.unit).await?;
    Ok(import)
}

/// The import of a kind that counts for a unit and period.
pub async fn latest(cx: &mut Cx<'_>, unit: UnitId, period: Period, kind: RecordKind) -> Result<Option<RecordImport>> {
    register::get(cx, unit).await?;
    Ok(record::latest(cx.tx(), unit, period, kind.key()).await?)
}

/// Every import of a unit and period, by kind, the one that counts first.
pub async fn list(cx: &mut Cx<'_>, unit: UnitId, period: Period) -> Result<Vec<ListedRecords>> {
    register::get(cx, unit).await?;
    Ok(record::list(cx.tx(), unit, period).await?)
}

/// Shares the mapping of an import as a template with all units of the officer's area. It holds names of columns only.
pub async fn share(cx: &mut Cx<'_>, import: RecordImportId, name: &str) -> Result<TemplateId> {
    let import = get(cx, import).await?;
    let area = cx.actor()?.area;
    cx.allow(Action::Arrange, Object::Area(&area))?;
    let name = name.trim();
    let count = name.chars().count();
    if !(1..=TEMPLATE_NAME_CHARS_MAX).contains(&count) {
        let reason = format!("模板名称应为 1 到 {TEMPLATE_NAME_CHARS_MAX} 个字,现为 {count} 个字。");
        return Err(Problem::BadInput { reason }.into());
    }
    let template = Template {
        id: cx.new_id(),
        area,
        kind: import.kind,
        name: name.to_owned(),
        mapping: import.mapping,
        by: cx.actor()?.person,
        at: cx.now(),
    };
    record::share(cx.tx(), &template).await?;
    let payload = json!({ "area": area.as_str(), "kind": template.kind, "name": template.name, "import": import.id });
    cx.record("record.template_shared", ("template", template.id.to_string()), payload).await?;
    Ok(template.id)
}
