//! Journal 操作日志: checkpoints that are signed and published, proof bundles to take home, and printed forms looked up by
//! their code.

use serde_json::json;
use youju_codes::Period;
use youju_domain::access::Actor;
use youju_domain::id::ReportId;
use youju_domain::report::State;
use youju_domain::{Instant, Problem};
use youju_journal::{Bundle, Checkpoint, Document, Parts, SignedCheckpoint};
use youju_store::checkpoint::{self, Kept};
use youju_store::{journal, report, survey};

use crate::context::{App, Cx};
use crate::error::{Error, Fault, Result};
use crate::report::open;

/// Signs the head of the journal and keeps it, unless the latest checkpoint covers everything already. None without a key.
pub async fn sign(cx: &mut Cx<'_>) -> Result<Option<Kept>> {
    let latest = checkpoint::latest(cx.tx(), 1).await?.pop();
    let Some(signed) = sign_head(cx).await? else { return Ok(None) };
    let size = i64::try_from(signed.checkpoint().head().size).unwrap_or(i64::MAX);
    if let Some(latest) = latest.filter(|latest| latest.size == size) {
        return Ok(Some(latest));
    }
    let kept = Kept { size, note: signed.to_string(), at: cx.now() };
    checkpoint::add(cx.tx(), &kept).await?;
    Ok(Some(kept))
}

async fn sign_head(cx: &mut Cx<'_>) -> Result<Option<SignedCheckpoint>> {
    let keys: Vec<_> = cx.app().signing_keys().iter().collect();
    let Some(first) = keys.first() else { return Ok(None) };
    let head = journal::head(cx.tx()).await?;
    let at = journal::instant_text(&cx.now());
    let fault = |error| Fault::new("signing a checkpoint", error);
    let unsigned = Checkpoint::new(first.verifying_key().name(), head, &at).map_err(fault)?;
    Ok(Some(SignedCheckpoint::sign(unsigned, &keys).map_err(fault)?))
}

/// The latest published checkpoints, newest first. Anybody may read them: the more who keep them, the better.
pub async fn published(cx: &mut Cx<'_>, limit: i64) -> Result<Vec<Kept>> {
    Ok(checkpoint::latest(cx.tx(), limit).await?)
}

/// Everything that happened to a report, with every version that was handed in, as a proof bundle: whoever holds it needs
/// neither this program nor this data base to check it.
pub async fn bundle(cx: &mut Cx<'_>, id: ReportId) -> Result<String> {
    let opened = open(cx, id).await?;
    let no_key = || Problem::BadInput { reason: "还没有设置日志签名密钥,不能出具证明包。".into() };
    let signed = sign_head(cx).await?.ok_or_else(no_key)?;
    let older = checkpoint::latest(cx.tx(), 1).await?.pop();
    let older = older.and_then(|kept| SignedCheckpoint::parse(&kept.note).ok());
    let older = older.filter(|older| older.checkpoint().head().size < signed.checkpoint().head().size);
    let entries = journal::of_object_as_hashed(cx.tx(), "report", &id.to_string()).await?;
    let mut documents = Vec::new();
    for version in report::versions(cx.tx(), id).await? {
        let taken_in = |entry: &&youju_journal::EntryBuf| {
            let payload: serde_json::Value = serde_json::from_str(&entry.payload).unwrap_or_default();
            entry.action == "report.submitted" && payload.get("version") == Some(&version.number.into())
        };
        let Some(entry) = entries.iter().find(taken_in) else { continue };
        documents.push(Document {
            name: format!(
                "{}-{}-{}-v{}.json",
                opened.unit.usci, opened.report.form, opened.report.period, version.number
            ),
            media_type: "application/json".to_owned(),
            entry: entry.seq,
            key: "cells_hash".to_owned(),
            bytes: report::version_document(&version)?.into_bytes(),
        });
    }
    let keys = cx.app().signing_keys().iter().map(|key| key.verifying_key().clone()).collect();
    let tree = journal::tree(cx.tx()).await?;
    let parts = Parts { checkpoint: signed, keys, older, entries, documents };
    let built =
        Bundle::build(parts, &tree).map_err(|error| Fault::new("building a proof bundle", error.to_string()))?;
    Ok(built.to_text())
}

/// [`bundle`] on its way out of the house: which officer took one is written down, because it holds a unit's figures.
pub async fn fetch_bundle(app: &App, actor: Actor, id: ReportId) -> Result<String> {
    let is_officer = actor.role.is_officer();
    let text = app.read(Some(actor.clone()), async |cx| bundle(cx, id).await).await?;
    if is_officer {
        let about = ("report", id.to_string());
        app.write(Some(actor), async |cx| cx.record("report.proof_fetched", about, json!({})).await).await?;
    }
    Ok(text)
}

/// What a printed form says about itself: the words of its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperCode {
    /// Which report.
    pub report: ReportId,
    /// Which version.
    pub version: u32,
    /// SHA-256 of its cells, hexadecimal.
    pub cells_hash: String,
    /// The journal entry that took it in.
    pub seq: i64,
    /// The root of the journal after that entry, hexadecimal.
    pub root: String,
}

impl PaperCode {
    /// Reads `youju:1:报表:版本:数据指纹:日志条数:日志指纹`, or the same pieces as the end of an address.
    pub fn parse(text: &str) -> Option<PaperCode> {
        let text = text.trim();
        let rest = text.strip_prefix("youju:1:").map(|rest| rest.replace(':', "/"));
        let rest = rest.or_else(|| Some(text.rsplit_once("/verify/")?.1.to_owned()))?;
        let [report, version, cells_hash, seq, root] = rest.split('/').collect::<Vec<_>>().try_into().ok()?;
        Some(PaperCode {
            report: report.parse().ok()?,
            version: version.parse().ok()?,
            cells_hash: cells_hash.to_owned(),
            seq: seq.parse().ok()?,
            root: root.to_owned(),
        })
    }
}

/// What is told to whoever holds a printed form: no figure, only that the paper is what was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperFacts {
    /// Form code and title.
    pub form: String,
    /// Period.
    pub period: Period,
    /// Name of the unit.
    pub unit_name: String,
    /// When the version was handed in.
    pub submitted_at: Instant,
    /// The version on the paper.
    pub version: u32,
    /// The latest version that was handed in.
    pub latest: u32,
    /// Where the report stands.
    pub state: State,
}

/// Looks a printed form up. Anybody may ask, but is answered only if hash and root of the paper are those that are stored: who
/// does not hold the paper cannot know them.
pub async fn look_up(cx: &mut Cx<'_>, code: &PaperCode) -> Result<Option<PaperFacts>> {
    let Some(version) = report::version(cx.tx(), code.report, code.version).await? else { return Ok(None) };
    if version.cells_hash != code.cells_hash || report::version_hash(&version)? != code.cells_hash {
        return Ok(None);
    }
    let entries = journal::of_object(cx.tx(), "report", &code.report.to_string()).await?;
    let is_it = entries.iter().any(|entry| {
        let has = |name: &str, value: serde_json::Value| entry.payload.get(name) == Some(&value);
        let fits = has("version", code.version.into()) && has("cells_hash", code.cells_hash.clone().into());
        entry.seq == code.seq && entry.action == "report.submitted" && fits
    });
    if !is_it || journal::root_after(cx.tx(), code.seq).await? != code.root {
        return Ok(None);
    }
    let not_found = || Error::Problem(Problem::NotFound { what: "报表" });
    let report = report::get(cx.tx(), code.report).await?.ok_or_else(not_found)?;
    let unit = youju_store::register::get(cx.tx(), report.unit).await?.ok_or_else(not_found)?;
    let window = survey::get(cx.tx(), report.window).await?.ok_or_else(not_found)?;
    Ok(Some(PaperFacts {
        form: cx.app().form(&window.form)?.title(),
        period: report.period,
        unit_name: unit.name,
        submitted_at: version.submitted_at,
        version: version.number,
        latest: report.versions,
        state: report.state,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_paper_is_read_as_text_and_as_an_address() {
        let id = "018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11";
        let text = PaperCode::parse(&format!("youju:1:{id}:2:ab:17:cd")).unwrap();
        let address = PaperCode::parse(&format!("https://tj.example.gov.cn/verify/{id}/2/ab/17/cd")).unwrap();
        assert_eq!(text, address);
        assert_eq!((text.version, text.seq), (2, 17));
        assert!(PaperCode::parse("youju:1:x:2:ab:17:cd").is_none());
    }
}
