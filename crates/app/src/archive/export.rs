//! Export of a box: one zip with every file, a table of contents that people read, a manifest that programs read, and the hashes that
//! `sha256sum -c` checks. The same box gives the same bytes, whoever takes it and whenever: times are those of the data, and the file
//! says nothing about who fetched it. That stands in the journal.

mod collect;

use std::io::Cursor;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::json;
use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::access::Actor;
use youju_domain::archive::{Counts, Judged};
use youju_domain::id::UnitId;
use youju_domain::survey::local;
use youju_domain::{Instant, access};
use youju_sheet::{FileOut, SheetError, write_zip};
use youju_store::journal::instant_text;

use super::tables::{self, count, csv, ground, instant, text};
use super::{Archive, judged, load};
use crate::context::{App, Cx};
use crate::crypto::sha256;
use crate::error::{Error, Fault, Result};
use crate::register;

/// Bytes of the files in one export: it is packed in memory, and an old office PC fetches it in a minute.
pub const EXPORT_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Files of one export; more are not looked through by anybody.
pub const EXPORT_FILES_MAX: usize = 5_000;

/// The part of a box that is exported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Part {
    /// 全部.
    #[default]
    Whole,
    /// 上半年: periods that end with June at the latest.
    FirstHalf,
    /// 下半年.
    SecondHalf,
    /// Periods that end with one month.
    Month(u8),
    /// The reports of one form 表号, with what was said about them and what hangs on them.
    Form(String),
    /// 台账和原始资料: what is on no report.
    Ledgers,
}

impl Part {
    /// Reads what an address says; nothing where it is damaged.
    pub fn parse(text: &str) -> Option<Part> {
        match text {
            "" | "all" => return Some(Part::Whole),
            "h1" => return Some(Part::FirstHalf),
            "h2" => return Some(Part::SecondHalf),
            "ledgers" => return Some(Part::Ledgers),
            _ => {}
        }
        if let Some(form) = text.strip_prefix("form:") {
            return (!form.is_empty()).then(|| Part::Form(form.to_owned()));
        }
        let month = text.strip_prefix('m')?.parse().ok()?;
        (1..=12).contains(&month).then_some(Part::Month(month))
    }

    /// What [`Part::parse`] reads.
    pub fn key(&self) -> String {
        match self {
            Part::Whole => "all".to_owned(),
            Part::FirstHalf => "h1".to_owned(),
            Part::SecondHalf => "h2".to_owned(),
            Part::Month(month) => format!("m{month}"),
            Part::Form(form) => format!("form:{form}"),
            Part::Ledgers => "ledgers".to_owned(),
        }
    }

    /// The word on the page and in the name of the file.
    pub fn label(&self) -> String {
        match self {
            Part::Whole => "全部".to_owned(),
            Part::FirstHalf => "上半年".to_owned(),
            Part::SecondHalf => "下半年".to_owned(),
            Part::Month(month) => format!("{month}月"),
            Part::Form(form) => format!("{form}表"),
            Part::Ledgers => "台账和原始资料".to_owned(),
        }
    }

    fn is_of(&self, period: Period) -> bool {
        match self {
            Part::FirstHalf => period.last_month() <= 6,
            Part::SecondHalf => period.last_month() > 6,
            Part::Month(month) => period.last_month() == *month,
            _ => true,
        }
    }

    /// Whether what belongs to a report of this form and period is in it.
    fn holds_report(&self, form: &str, period: Period) -> bool {
        let is_form = match self {
            Part::Form(wanted) => wanted == form,
            Part::Ledgers => false,
            _ => true,
        };
        is_form && self.is_of(period)
    }

    /// Whether what belongs to a period and no report is in it.
    fn holds_rest(&self, period: Period) -> bool {
        !matches!(self, Part::Form(_)) && self.is_of(period)
    }
}

/// A file on its way into the zip.
struct Packed {
    path: String,
    bytes: Vec<u8>,
    /// The items that it proves: `investment/reports`.
    proves: Vec<String>,
    about: String,
    by: String,
    at: Instant,
    /// The journal entry that holds the same SHA-256.
    journal: Option<i64>,
}

/// A box on its way out of the house.
#[derive(Debug, Clone)]
pub struct Exported {
    /// Name of the file.
    pub name: String,
    /// The zip.
    pub content: Vec<u8>,
}

/// What was collected: the judged box and its files, in the order of their paths.
struct Collected {
    archive: Archive,
    part: Part,
    files: Vec<Packed>,
}

/// The box of a unit and year, or of one of its projects, as a zip. What an officer takes is written down.
pub async fn export(
    app: &App,
    actor: Actor,
    (unit, year): (UnitId, i32),
    project: Option<&str>,
    part: Part,
) -> Result<Exported> {
    let (key, is_officer) = (part.key(), actor.role.is_officer());
    let read = async |cx: &mut Cx<'_>| collected(cx, (unit, year), project, part).await;
    let collected = app.read(Some(actor.clone()), read).await?;
    let packed = tokio::task::spawn_blocking(move || pack(collected)).await;
    let (exported, told) = packed.map_err(|error| Fault::new("packing a box", error))??;
    if is_officer {
        let payload = json!({
            "year": year, "project": project, "part": key, "files": told.files, "size": exported.content.len(),
            "manifest_hash": told.manifest_hash,
        });
        let about = ("unit", unit.to_string());
        app.write(Some(actor), async |cx| cx.record("archive.fetched", about, payload).await).await?;
    }
    Ok(exported)
}

async fn collected(
    cx: &mut Cx<'_>,
    (unit, year): (UnitId, i32),
    project: Option<&str>,
    part: Part,
) -> Result<Collected> {
    let unit = register::get(cx, unit).await?;
    cx.allow(access::Action::View, access::Object::Unit { id: unit.id, area: &unit.area })?;
    let loaded = load(cx, unit, year).await?;
    let archive = judged(cx, &loaded, project).await?;
    let mut files = collect::files(cx, &loaded, &archive, &part).await?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Collected { archive, part, files })
}

/// Refuses what is too much for one export, and tells the way out.
fn must_fit(bytes: u64, files: usize) -> Result<()> {
    if bytes <= EXPORT_BYTES_MAX && files <= EXPORT_FILES_MAX {
        return Ok(());
    }
    let reason = format!(
        "要导出的有 {files} 个文件、{} MB,一次最多 {EXPORT_FILES_MAX} 个文件、{} MB。请按半年、按月或按报表分次导出;单个文件可以在台账页下载。",
        bytes.div_ceil(1024 * 1024),
        EXPORT_BYTES_MAX / 1024 / 1024
    );
    Err(Problem::BadInput { reason }.into())
}

struct Told {
    files: usize,
    manifest_hash: String,
}

fn unwritable(error: SheetError) -> Error {
    Fault::new("writing a box", error).into()
}

/// Puts the files, their table and their hashes together.
fn pack(collected: Collected) -> Result<(Exported, Told)> {
    let Collected { archive, part, mut files } = collected;
    let new_year = NaiveDate::from_ymd_opt(archive.year, 1, 1).unwrap_or_default().and_time(NaiveTime::MIN);
    let latest = files.iter().map(|file| local(file.at)).max().unwrap_or(new_year);
    let completeness = tables::completeness(&archive.filled).map_err(unwritable)?;
    must_fit(files.iter().map(|file| size(&file.bytes)).sum(), files.len())?;
    let hashes: Vec<String> = files.iter().map(|file| sha256(&file.bytes)).collect();
    let contents = contents(&files, &hashes).map_err(unwritable)?;
    let manifest = manifest(&archive, &part, &files, &hashes)?;
    let manifest_hash = sha256(&manifest);
    let told = Told { files: files.len(), manifest_hash };
    let mut out: Vec<FileOut> = [
        ("目录.csv", contents),
        ("完整性.csv", completeness),
        ("manifest.json", manifest),
        ("核对方法.txt", HOW_TO_CHECK.as_bytes().to_vec()),
    ]
    .map(|(path, bytes)| summary(path, bytes, latest))
    .into();
    out.extend(files.drain(..).map(|file| FileOut { path: file.path, at: local(file.at), bytes: file.bytes }));
    let mut sums = String::new();
    for file in &out {
        sums.extend([sha256(&file.bytes).as_str(), "  ", file.path.as_str(), "\n"]);
    }
    out.push(summary("SHA256SUMS", sums.into_bytes(), latest));
    let mut content = Cursor::new(Vec::new());
    write_zip(&mut content, &out).map_err(unwritable)?;
    Ok((Exported { name: name(&archive, &part), content: content.into_inner() }, told))
}

fn summary(path: &str, bytes: Vec<u8>, at: NaiveDateTime) -> FileOut {
    FileOut { path: path.to_owned(), at, bytes }
}

fn size(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn name(archive: &Archive, part: &Part) -> String {
    let project = archive.project.as_ref().map(|project| format!("-{}", collect::safe(&project.code)));
    let part = if *part == Part::Whole { String::new() } else { format!("-{}", collect::safe(&part.label())) };
    format!("档案盒-{}{}-{}{part}.zip", archive.unit.usci, project.unwrap_or_default(), archive.year)
}

/// What stands beside the files, for people who have nothing but the zip.
const HOW_TO_CHECK: &str = "\u{feff}核对这个档案盒\r\n\r\n\
    1. 解压后在这个目录运行 sha256sum -c SHA256SUMS,每个文件都应显示 OK。Windows 可用 certutil -hashfile 文件名 SHA256 逐个比对。\r\n\
    2. 报表目录里“第N版.json”的 SHA-256 就是上报时记入操作日志的数据指纹,与“签字.csv”、打印报表的二维码、证明包中的相同。\r\n\
    3. 要证明日志没有被改过,请在报表的“办理过程”下载证明包,用 youju-verify 验证;证明包里的文件与“第N版.json”逐字节相同。\r\n";

/// 目录.csv: what lies where, and what it proves.
fn contents(files: &[Packed], hashes: &[String]) -> std::result::Result<Vec<u8>, SheetError> {
    let rows = files.iter().zip(hashes).map(|(file, hash)| {
        vec![
            text(&file.path),
            text(&file.about),
            text(&file.proves.join("、")),
            text(&file.by),
            instant(file.at),
            count(size(&file.bytes)),
            text(hash),
        ]
    });
    csv(&["文件", "内容", "证明的项目", "办理人", "时间", "字节", "SHA-256"], rows.collect())
}

fn manifest(archive: &Archive, part: &Part, files: &[Packed], hashes: &[String]) -> Result<Vec<u8>> {
    let files: Vec<serde_json::Value> = files
        .iter()
        .zip(hashes)
        .map(|(file, hash)| {
            json!({
                "path": file.path, "size": file.bytes.len(), "sha256": hash, "proves": file.proves, "about": file.about,
                "by": file.by, "at": instant_text(&file.at), "journal_seq": file.journal,
            })
        })
        .collect();
    let items = archive.filled.iter().flat_map(|filled| filled.items.iter().map(|one| item(&filled.programme, one)));
    let Counts { owed, there } = archive.counts();
    let manifest = json!({
        "format": "youju.archive.1",
        "unit": { "usci": archive.unit.usci.as_str(), "name": archive.unit.name, "area": archive.unit.area.as_str() },
        "year": archive.year,
        "project": archive.project.as_ref().map(|project| json!({ "code": project.code, "name": project.name })),
        "part": part.key(),
        "completeness": { "owed": owed, "there": there },
        "items": items.collect::<Vec<_>>(),
        "files": files,
    });
    let bytes = serde_json::to_vec_pretty(&manifest).map_err(|error| Fault::new("writing a manifest", error))?;
    Ok(bytes)
}

fn item(programme: &str, judged: &Judged) -> serde_json::Value {
    let missing: Vec<&str> = judged.missing().map(|piece| piece.name.as_str()).collect();
    json!({
        "id": format!("{programme}/{}", judged.item.id), "name": judged.item.name, "evidence": judged.item.evidence.key(),
        "keep": judged.item.keep.label(), "ground": ground(judged), "owed": judged.owed(), "there": judged.there(),
        "not_due": judged.not_due(), "missing": missing,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_reads_back_from_its_key_and_holds_its_periods() {
        let period = |text: &str| Period::parse(text).unwrap();
        // Part, report of B203 in June, in July, of the year; ledger of June.
        let cases = [
            ("all", [true, true, true, true]),
            ("h1", [true, false, false, true]),
            ("h2", [false, true, true, false]),
            ("m6", [true, false, false, true]),
            ("form:B203", [true, true, true, false]),
            ("form:205-1", [false, false, false, false]),
            ("ledgers", [false, false, false, true]),
        ];
        for (key, expected) in cases {
            let part = Part::parse(key).unwrap();
            let reports = ["2026-06", "2026-07", "2026"].map(|text| part.holds_report("B203", period(text)));
            let found = [reports[0], reports[1], reports[2], part.holds_rest(period("2026-06"))];
            assert_eq!((found, part.key().as_str()), (expected, key));
        }
        for damaged in ["h3", "m0", "m13", "form:", "x", "m-1"] {
            assert_eq!(Part::parse(damaged), None, "{damaged}");
        }
    }

    #[test]
    fn what_is_too_much_for_one_export_is_told_the_way_out() {
        assert!(must_fit(EXPORT_BYTES_MAX, EXPORT_FILES_MAX).is_ok());
        for (bytes, files) in [(EXPORT_BYTES_MAX + 1, 1), (1, EXPORT_FILES_MAX + 1)] {
            let Err(Error::Problem(problem)) = must_fit(bytes, files) else { panic!("{bytes} {files}") };
            assert!(
                problem.says().contains("一次最多 5000 个文件、64 MB。请按半年、按月或按报表分次导出"),
                "{problem}"
            );
        }
    }
}
