//! Sealing 封存: what of the data base is kept encrypted, by which name each thing is sealed, and the way from open or old to the key in
//! use. Everything new is sealed when it is written; this brings the rest after it, a few rows at a time, so that it can be left and
//! taken up again beside a running server.
//!
//! The address of a kept file stays the SHA-256 of its content: that fingerprint stands in the journal, in proof bundles and on the pages
//! of those who handed the file in, where it must be checkable without any key of ours. What it betrays is that a known file is here.

use serde_json::json;
use youju_domain::account::AccountProblem;
use youju_domain::attachment::ContentKind;
use youju_domain::record::Upload;
use youju_domain::trace::Trace;
use youju_store::attachment as files;
use youju_store::sealed::{self, Place};

use crate::context::{App, Cx};
use crate::error::{Error, Result};

/// What a kept file is sealed for.
pub(crate) fn of_file(sha256: &str) -> String {
    format!("blob:{sha256}")
}

/// What the words of a row are sealed for.
pub(crate) fn of_words(place: Place, id: impl std::fmt::Display, channel: &str) -> String {
    match place {
        Place::Contact => format!("contact:{id}:{channel}"),
        Place::Delivery => format!("delivery:{id}"),
        Place::SessionAddress => format!("session:{id}:address"),
        Place::SessionAgent => format!("session:{id}:agent"),
        Place::SecondFactor => id.to_string(),
        Place::SignIn => format!("sign_in:{id}"),
    }
}

/// What the address of a trace is sealed for.
fn of_trace(seq: i64) -> String {
    format!("trace:{seq}")
}

/// Keeps a file under its fingerprint, sealed.
pub(crate) async fn keep_file(cx: &mut Cx<'_>, sha256: &str, kind: ContentKind, content: Vec<u8>) -> Result<()> {
    let size = content.len();
    let now = cx.now();
    let sealed = cx.app().secret_keys().seal_file(content, &of_file(sha256))?;
    Ok(files::keep(cx.tx(), sha256, kind, (sealed, size), now).await?)
}

/// A kept file by its fingerprint, opened.
pub(crate) async fn file(cx: &mut Cx<'_>, sha256: &str) -> Result<Option<files::Blob>> {
    let Some(blob) = files::blob(cx.tx(), sha256).await? else { return Ok(None) };
    let content = cx.app().secret_keys().open_file(blob.content, &of_file(sha256))?;
    Ok(Some(files::Blob { content, ..blob }))
}

/// Keeps a file that waits to be imported, sealed.
pub(crate) async fn keep_upload(cx: &mut Cx<'_>, upload: Upload) -> Result<()> {
    let content = cx.app().secret_keys().seal_file(upload.content, &format!("upload:{}", upload.id))?;
    Ok(files::add_upload(cx.tx(), Upload { content, ..upload }).await?)
}

/// The same file, opened.
pub(crate) fn opened_upload(cx: &Cx<'_>, upload: Upload) -> Result<Upload> {
    let content = cx.app().secret_keys().open_file(upload.content, &format!("upload:{}", upload.id))?;
    Ok(Upload { content, ..upload })
}

/// The network address of a trace, sealed for its entry.
pub(crate) fn sealed_address(app: &App, seq: i64, address: &str) -> Result<String> {
    app.secret_keys().seal_text(address, &of_trace(seq))
}

/// Traces with their network addresses opened.
pub(crate) fn opened_traces(cx: &Cx<'_>, traces: Vec<Trace>) -> Result<Vec<Trace>> {
    let open = |mut trace: Trace| {
        trace.origin.address = cx.app().secret_keys().open_text(trace.origin.address, &of_trace(trace.seq))?;
        Ok(trace)
    };
    traces.into_iter().map(open).collect()
}

/// One sort of things, and how many of it are not sealed with the key in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// What it is, in words.
    pub name: &'static str,
    /// All of it.
    pub total: i64,
    /// What lies open or is sealed with an older key.
    pub rest: i64,
}

/// What there is to seal.
pub async fn survey(app: &App) -> Result<Vec<Sort>> {
    let (words, file) = prefixes(app)?;
    app.read(None, async |cx| {
        let mut sorts = Vec::new();
        let mut note = |name, count: sealed::Count| sorts.push(Sort { name, total: count.total, rest: count.rest });
        note("附件和导入的原文件", sealed::count_files(cx.tx(), &file).await?);
        for place in Place::ALL {
            note(name(place), sealed::count(cx.tx(), place, &words).await?);
        }
        note("报送痕迹的网络地址", sealed::count_traces(cx.tx(), &words).await?);
        Ok(sorts)
    })
    .await
}

fn name(place: Place) -> &'static str {
    match place {
        Place::Contact => "通知的邮箱和号码",
        Place::Delivery => "投递的结果",
        Place::SessionAddress => "登录的网络地址",
        Place::SessionAgent => "登录的浏览器",
        Place::SecondFactor => "动态码的密钥",
        Place::SignIn => "登录记录的网络地址",
    }
}

/// How everything begins that is sealed with the key in use: words and files.
fn prefixes(app: &App) -> Result<(String, Vec<u8>)> {
    let keys = app.secret_keys();
    keys.in_use().zip(keys.file_in_use()).ok_or(Error::Problem(AccountProblem::NoKey.into()))
}

/// Seals everything that lies open or is sealed with an older key, a few rows in each transaction; `tell` hears how many are done. What was
/// done stays done when it is left. Gives back how many; the journal says so.
pub async fn seal_all(app: &App, mut tell: impl FnMut(u64)) -> Result<u64> {
    let (words, file) = prefixes(app)?;
    let mut done = 0;
    let mut after = String::new();
    loop {
        let (sealed, last) = app.write(None, async |cx| seal_files(cx, &file, &after).await).await?;
        done += sealed;
        tell(done);
        let Some(last) = last else { break };
        after = last;
    }
    for place in Place::ALL {
        loop {
            let sealed = app.write(None, async |cx| seal_words(cx, place, &words).await).await?;
            done += sealed;
            tell(done);
            if sealed == 0 {
                break;
            }
        }
    }
    let mut after = 0;
    loop {
        let (sealed, last) = app.write(None, async |cx| seal_traces(cx, &words, after).await).await?;
        done += sealed;
        tell(done);
        let Some(last) = last else { break };
        after = last;
    }
    if done > 0 {
        let said = json!({ "rows": done, "key": words.trim_end_matches(':') });
        app.write(None, async |cx| cx.record("secrets.sealed", ("installation", "secrets".into()), said).await).await?;
    }
    Ok(done)
}

async fn seal_files(cx: &mut Cx<'_>, prefix: &[u8], after: &str) -> Result<(u64, Option<String>)> {
    let page = sealed::files(cx.tx(), prefix, after).await?;
    let (count, last) = (page.len(), page.last().map(|file| file.sha256.clone()));
    for file in page {
        let about = of_file(&file.sha256);
        let keys = cx.app().secret_keys();
        let content = keys.seal_file(keys.open_file(file.content, &about)?, &about)?;
        sealed::put_file(cx.tx(), &file.sha256, content).await?;
    }
    Ok((u64::try_from(count).unwrap_or(u64::MAX), last))
}

async fn seal_words(cx: &mut Cx<'_>, place: Place, prefix: &str) -> Result<u64> {
    let page = sealed::words(cx.tx(), place, prefix).await?;
    for was in &page {
        let about = of_words(place, was.id, &was.channel);
        let now = cx.app().secret_keys().sealed_anew(&was.words, &about)?;
        sealed::put(cx.tx(), place, was, &now).await?;
    }
    Ok(u64::try_from(page.len()).unwrap_or(u64::MAX))
}

async fn seal_traces(cx: &mut Cx<'_>, prefix: &str, after: i64) -> Result<(u64, Option<i64>)> {
    let page = sealed::traces(cx.tx(), prefix, after).await?;
    for was in &page {
        let now = cx.app().secret_keys().sealed_anew(&was.words, &of_trace(was.seq))?;
        sealed::put_trace(cx.tx(), was.seq, &now).await?;
    }
    Ok((u64::try_from(page.len()).unwrap_or(u64::MAX), page.last().map(|was| was.seq)))
}
