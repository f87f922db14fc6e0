//! The journal in public: its signed checkpoints, and the look-up of a printed form by its code. Nobody has to sign in, and no
//! figure is shown. A proof bundle is for whoever may look at the report.

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::journal::{PaperCode, PaperFacts, fetch_bundle};
use youju_domain::id::ReportId;

use crate::request::{Answer, Signed, id, query};
use crate::ui::frame::bare;
use crate::ui::part;
use crate::{Web, url};

/// Checkpoints that the page shows.
const CHECKPOINTS_SHOWN_MAX: i64 = 20;

/// The published checkpoints and the keys that signed them.
pub(crate) async fn checkpoints(State(web): State<Web>) -> Answer<Markup> {
    let kept = web.app.read(None, async |cx| youju_app::journal::published(cx, CHECKPOINTS_SHOWN_MAX).await).await?;
    let keys: Vec<String> = web.app.signing_keys().iter().map(|key| key.verifying_key().to_string()).collect();
    let main = html! {
        div.public.stack {
            h1 { "操作日志的检查点" }
            p { "每个检查点由本系统签名,写明当时日志有多少条、总指纹是什么。任何人都可以保存;以后的日志必须包含它,否则就是被改过。" }
            h2 { "公钥" }
            @if keys.is_empty() { p.muted { "还没有设置签名密钥。" } }
            @for key in &keys { pre.excerpt { (key) } }
            h2 { "检查点" }
            @if kept.is_empty() { p.muted { "还没有检查点。" } }
            @for one in &kept {
                h3 { "前 " (one.size) " 条 · " (part::instant(one.at)) }
                pre.excerpt { (one.note) }
            }
            p { a href=(url::VERIFY) { "核对一份打印的报表" } }
        }
    };
    Ok(bare("操作日志的检查点", &main))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    code: String,
}

/// The page where the words of a printed code are pasted.
pub(crate) async fn verify(State(web): State<Web>, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    if asked.code.trim().is_empty() {
        return Ok(bare("核对打印的报表", &form(&html! {}, "")));
    }
    look_up(&web, &asked.code).await
}

/// The address in the code of a printed form.
pub(crate) async fn verify_code(State(web): State<Web>, Path(code): Path<String>) -> Answer<Markup> {
    look_up(&web, &format!("/verify/{code}")).await
}

async fn look_up(web: &Web, text: &str) -> Answer<Markup> {
    let found = match PaperCode::parse(text) {
        Some(code) => web
            .app
            .read(None, async |cx| youju_app::journal::look_up(cx, &code).await)
            .await?
            .map(|facts| (code, facts)),
        None => None,
    };
    let result = found.as_ref().map_or_else(unknown, |(code, facts)| told(code, facts));
    Ok(bare("核对打印的报表", &form(&result, text)))
}

fn unknown() -> Markup {
    html! { div.notice.error role="alert" {
        strong { "没有对上。" }
        p { "系统中没有这样一份上报过的报表,或者二维码的内容被改动过。请核对是否完整,或向报表的接收单位询问。" }
    } }
}

fn told(code: &PaperCode, facts: &PaperFacts) -> Markup {
    html! {
        div.notice.done role="status" {
            strong { "对上了:这是一份上报过的报表。" }
            @if facts.version < facts.latest { p { "单位后来又上报过,这是第 " (facts.version) " 版,现在是第 " (facts.latest) " 版。" } }
        }
        dl.facts.card {
            dt { "单位" } dd { (facts.unit_name) }
            dt { "报表" } dd { (facts.form) }
            dt { "报告期" } dd { (facts.period.cumulative_label()) }
            dt { "版本" } dd { "第 " (facts.version) " 版,上报于 " (part::instant(facts.submitted_at)) }
            dt { "现在的状态" } dd { (part::state(facts.state)) }
            dt { "数据指纹" } dd { span.code { (code.cells_hash) } }
            dt { "日志" } dd { "第 " (code.seq) " 条,总指纹 " span.code { (code.root) } }
        }
        p.hint { "这里不显示数据。请核对纸上印的数据指纹与上面是否相同;要逐个数核对,请向报表的接收单位索取证明包,用 youju-verify 验证。" }
    }
}

fn form(result: &Markup, text: &str) -> Markup {
    html! {
        div.public.stack {
            h1 { "核对打印的报表" }
            (result)
            form.card action=(url::VERIFY) {
                div.field {
                    label for="code" { "二维码的内容" }
                    input #code name="code" value=(text) autocomplete="off" spellcheck="false" aria-describedby="code-help";
                    p.help #code-help { "用手机扫报表左下角的二维码,把读出的文字粘贴到这里。" }
                }
                div.form-actions { button.button.primary type="submit" { "核对" } }
            }
            p { a href=(url::CHECKPOINTS) { "操作日志的检查点和公钥" } }
        }
    }
}

/// The proof bundle of a report, to be saved.
pub(crate) async fn proof(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Response> {
    let report: ReportId = id(path)?;
    let text = fetch_bundle(&web.app, signed.actor, report).await?;
    let head = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"proof-{report}.json\"")),
    ];
    Ok((head, text).into_response())
}
