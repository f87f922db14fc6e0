//! Delivering a frame: one zip with the table, a manifest that programs read, and the line that `sha256sum -c` checks. And a later frame
//! beside an earlier one.

use std::io::Cursor;

use serde_json::json;
use youju_domain::access::Actor;
use youju_domain::id::SamplingFrameId;
use youju_domain::sampling_frame::{
    COLUMNS, Comparison, Encoding, FORMAT, ID_COLUMN, NAME_COLUMN, Part, STRATUM_COLUMN, Snapshot, line,
};
use youju_domain::survey::{local, print_instant};
use youju_sheet::{CsvRow, CsvRows, FileOut, SheetError, zip_packed};

use super::{get, not_found};
use crate::context::{App, Cx};
use crate::error::{Fault, Result};
use crate::secrets;

/// The packed text of a frame.
async fn text(cx: &mut Cx<'_>, one: &Snapshot) -> Result<Vec<u8>> {
    Ok(secrets::file(cx, &one.file_hash).await?.ok_or_else(not_found)?.content)
}

fn safe(name: &str) -> String {
    name.replace(['/', '\\', ':', '*', '?', '"', '<', '>', '|'], "")
}

/// The frame in an encoding, with what verifies it. It is written down who took it.
pub async fn deliver(app: &App, actor: Actor, id: SamplingFrameId, encoding: Encoding) -> Result<(String, Vec<u8>)> {
    let read = async |cx: &mut Cx<'_>| {
        let one = get(cx, id).await?;
        let text = text(cx, &one).await?;
        Ok((one, text))
    };
    let (one, packed) = app.read(Some(actor.clone()), read).await?;
    let told = json!({ "encoding": encoding.key(), "sha256": one.hash(encoding), "rows": one.rows });
    let name = format!("{}_{}", safe(&one.definition.name), one.definition.on);
    let done = tokio::task::spawn_blocking({
        let name = name.clone();
        move || zip(&name, &one, &packed, encoding)
    });
    let content = done.await.map_err(|error| Fault::new("packing a frame", error))??;
    let about = ("sampling_frame", id.to_string());
    app.write(Some(actor), async |cx| cx.record("sampling_frame.delivered", about, told).await).await?;
    Ok((format!("{name}.zip"), content))
}

fn zip(name: &str, one: &Snapshot, packed: &[u8], encoding: Encoding) -> Result<Vec<u8>> {
    let at = local(one.at);
    let (path, hash) = (format!("{name}.csv"), one.hash(encoding));
    let manifest = json!({
        "format": FORMAT, "file": path, "encoding": encoding.key(), "sha256": hash, "rows": one.rows, "columns": COLUMNS,
        "name": one.definition.name, "purpose": one.definition.purpose, "area": one.definition.area,
        "on": one.definition.on, "known_at": one.known_at, "frozen_at": one.at, "frozen_by": one.by_name,
        "definition": one.definition,
        "strata": one.strata.iter().map(|(stratum, count)| (stratum.key(), *count)).collect::<std::collections::BTreeMap<_, _>>(),
    });
    let manifest = serde_json::to_vec_pretty(&manifest).map_err(|error| Fault::new("writing a manifest", error))?;
    let read_me = format!(
        "\u{feff}{}\r\n\r\n单位数:{}\r\n基准日:{}\r\n截至:{}(此前登记的内容)\r\n冻结:{} {}\r\n文件:{path}({})\r\nSHA-256:{hash}\r\n\r\n核对:在 Linux、macOS 运行 sha256sum -c SHA256SUMS;在 Windows 运行 certutil -hashfile \"{path}\" SHA256,与上面一致即为交付的原件。用表格软件打开后另存会改变文件,请用原件核对。\r\n",
        one.definition.name,
        one.rows,
        one.definition.on,
        print_instant(one.known_at),
        print_instant(one.at),
        one.by_name,
        encoding.label()
    );
    let file = |path: &str, bytes: Vec<u8>| FileOut { path: path.to_owned(), at, bytes };
    let others = [
        file("manifest.json", manifest),
        file("SHA256SUMS", format!("{hash}  {path}\n").into_bytes()),
        file("说明.txt", read_me.into_bytes()),
    ];
    let mut out = Cursor::new(Vec::new());
    zip_packed(&mut out, (&file(&path, Vec::new()), packed, encoding == Encoding::Gb18030), &others)
        .map_err(|error| Fault::new("packing a frame", error))?;
    Ok(out.into_inner())
}

fn parts(
    packed: &[u8],
) -> std::result::Result<impl Iterator<Item = std::result::Result<Part, SheetError>>, SheetError> {
    let part = |row: CsvRow| {
        let cell = |index: usize| row.get(index).unwrap_or_default().to_owned();
        (cell(ID_COLUMN), cell(NAME_COLUMN), cell(STRATUM_COLUMN))
    };
    Ok(CsvRows::open(packed)?.map(move |row| row.map(part)))
}

/// Two frames beside each other, and every difference as a line of a table.
async fn compared(app: &App, actor: Actor, later: SamplingFrameId, earlier: SamplingFrameId) -> Result<Compared> {
    let read = async |cx: &mut Cx<'_>| {
        let (now, before) = (get(cx, later).await?, get(cx, earlier).await?);
        let texts = (text(cx, &before).await?, text(cx, &now).await?);
        Ok((before, now, texts))
    };
    let (before, now, texts) = app.read(Some(actor), read).await?;
    let work = move || -> std::result::Result<(Comparison, String), SheetError> {
        let mut lines = String::new();
        let tell = |one: &youju_domain::sampling_frame::Difference| lines.push_str(&line(one.cells()));
        let found = Comparison::of(parts(&texts.0)?, parts(&texts.1)?, tell)?;
        Ok((found, lines))
    };
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| Fault::new("comparing frames", error))?;
    let (found, lines) = done.map_err(|error| Fault::new("comparing frames", error))?;
    Ok(Compared { before, now, found, lines })
}

struct Compared {
    before: Snapshot,
    now: Snapshot,
    found: Comparison,
    lines: String,
}

/// A later frame beside an earlier one: the earlier, the later, and who came, left and stands in another stratum.
pub async fn compare(
    app: &App,
    actor: Actor,
    later: SamplingFrameId,
    earlier: SamplingFrameId,
) -> Result<(Snapshot, Snapshot, Comparison)> {
    let Compared { before, now, found, .. } = compared(app, actor, later, earlier).await?;
    Ok((before, now, found))
}

/// Every difference, as CSV.
pub async fn compare_csv(
    app: &App,
    actor: Actor,
    later: SamplingFrameId,
    earlier: SamplingFrameId,
) -> Result<(String, Vec<u8>)> {
    let told = compared(app, actor, later, earlier).await?;
    let head = line(["情形", "单位标识", "单位详细名称", "原层", "现层"]);
    let name = format!("{}与{}对照.csv", safe(&told.now.definition.name), told.before.definition.on);
    Ok((name, format!("\u{feff}{head}{}", told.lines).into_bytes()))
}
