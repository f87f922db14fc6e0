//! 年度自查 against the list that comes with the program.

use axum::extract::{RawForm, RawQuery, State};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::security::self_check::{self, Checks, List};
use youju_domain::security::WORDS_CHARS_MAX;
use youju_domain::security::self_check::{Counts, Requirement, Status};

use super::{lines, number, tabs, writes};
use crate::fields::Fields;
use crate::request::{Answer, Signed, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    chapter: String,
    #[serde(default)]
    status: String,
}

/// The list, and the checks that were made.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let found = web.app.read(Some(signed.actor.clone()), async |cx| self_check::checks(cx).await).await?;
    let about = format!(
        "对照 {} 二级要求逐条列出。“有测试证明”的写明测试的名字,测试不在了就不能发布;“核对符合”的只是有人读过代码或文档;“不符合”的写明原因。每年记录一次,不符合的进入问题清单。",
        found.list.standard
    );
    let head = Head { about: Some(about), ..Head::of("年度自查") };
    let main = html! {
        (tabs(&signed, url::SECURITY_CHECK))
        (counts(found.list, found.counts))
        (made(&found))
        @if writes(&signed) { (form()) }
        (list(found.list, &asked))
    };
    Ok(whole(&signed.frame, &head, &main))
}

fn class(status: Status) -> &'static str {
    match status {
        Status::Met => "done",
        Status::Read => "todo",
        Status::NotMet => "error",
        Status::NotApplicable => "",
    }
}

fn counts(list: &List, all: Counts) -> Markup {
    let of = |chapter: &str| Counts::of(list.requirements.iter().filter(|one| one.chapter() == chapter));
    let line = |counts: Counts| {
        html! {
            @for status in Status::ALL { td.num { (part::count(counts.of_status(status).unsigned_abs())) } }
            td.num { (part::count(counts.all().unsigned_abs())) }
        }
    };
    html! { div.table-box tabindex="0" role="region" aria-label="各章情况" { table.table {
        thead { tr { th { "章" } @for status in Status::ALL { th.num { (status.label()) } } th.num { "合计" } } }
        tbody {
            tr { th scope="row" { "合计" } (line(all)) }
            @for (number, name) in &list.chapters { tr {
                th scope="row" { a href=(url::with_query(url::SECURITY_CHECK, &[("chapter", number)])) { "V" (number) " " (name) } }
                (line(of(number)))
            } }
        }
    } } }
}

fn made(found: &Checks) -> Markup {
    html! {
        h2 { "自查记录" }
        @if found.made.is_empty() { (part::empty("还没有记录过自查", "看过清单以后,由安全管理员写上结论,当时的各项数目和清单的指纹随之固定。")) }
        @else { div.table-box tabindex="0" role="region" aria-label="自查记录" { table.table {
            thead { tr { th { "时间" } th { "记录人" } th { "程序版本" } @for status in Status::ALL { th.num { (status.label()) } } th { "清单指纹" } th { "结论" } } }
            tbody { @for one in &found.made { tr {
                th scope="row" { (part::instant(one.by.at)) }
                td { (one.by.name) }
                td { (one.program) }
                @for status in Status::ALL { td.num { (part::count(one.counts.of_status(status).unsigned_abs())) } }
                td {
                    span.code { (one.fingerprint.get(..16).unwrap_or_default()) }
                    @if one.fingerprint != found.list.fingerprint() { " " span.badge { "清单已更新" } }
                }
                td.wrap { (lines(&one.conclusion)) }
            } } }
        } } }
        @let open = found.issues.iter().filter(|issue| issue.done.is_none()).count();
        @if open > 0 { p { a href={ (url::SECURITY_DRILLS) "#issues" } { "自查的问题还有 " (part::count(number(open))) " 个没有销号" } } }
    }
}

fn form() -> Markup {
    html! { section.card.narrow { h2 { "记录本年度自查" } form method="post" action=(url::SECURITY_CHECK) {
        div.field { label for="conclusion" { "结论" } textarea #conclusion name="conclusion" required maxlength=(WORDS_CHARS_MAX) {} }
        div.form-actions { button.button.primary type="submit" { "记录自查" } }
    } } }
}

fn list(list: &List, asked: &Asked) -> Markup {
    let status = Status::from_key(&asked.status);
    let is_shown = |one: &&Requirement| {
        (asked.chapter.is_empty() || one.chapter() == asked.chapter) && status.is_none_or(|status| one.status == status)
    };
    let rows: Vec<&Requirement> = list.requirements.iter().filter(is_shown).collect();
    html! {
        h2 { "清单" }
        form.filters action=(url::SECURITY_CHECK) {
            div.field { label for="chapter" { "章" } select #chapter name="chapter" {
                option value="" { "全部" }
                @for (number, name) in &list.chapters { option value=(number) selected[*number == asked.chapter] { "V" (number) " " (name) } }
            } }
            div.field { label for="status" { "情况" } select #status name="status" {
                option value="" { "全部" }
                @for one in Status::ALL { option value=(one.key()) selected[status == Some(one)] { (one.label()) } }
            } }
            button.button type="submit" { "查看" }
        }
        @if rows.is_empty() { (part::empty("没有这样的要求", "请换一个条件。")) }
        @else {
            div.table-head { span.table-count { "共 " (part::count(number(rows.len()))) " 条" } }
            div.table-box tabindex="0" role="region" aria-label="清单" { table.table {
                thead { tr { th { "编号" } th { "要求" } th { "情况" } th { "证明、出处或原因" } } }
                tbody { @for one in rows { tr {
                    th scope="row" { (one.id) }
                    td.wrap { (one.asks) }
                    td { span class={ "badge " (class(one.status)) } { (one.status.label()) } }
                    td.wrap { (one.why) @for test in &one.tests { " " span.code { (test) } } }
                } } }
            } }
        }
    }
}

/// Records a self-check.
pub(crate) async fn record(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    let fields = Fields::read(&body)?;
    let conclusion = fields.get("conclusion");
    web.app.write(Some(signed.actor), async |cx| self_check::record(cx, conclusion).await).await?;
    Ok(see(url::SECURITY_CHECK, "self_check_recorded"))
}
