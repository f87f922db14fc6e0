//! Attachments as markup: the list, and the form that adds to it.

use maud::{Markup, html};
use youju_app::attachment::Added;
use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::attachment::{Attachment, FILES_MAX, NOTE_CHARS_MAX, Proves, REASON_CHARS_MAX};
use youju_domain::id::UnitId;

use crate::ui::part;
use crate::url;

/// What a file picker offers first; a telephone offers its camera. What is taken is decided by content.
const ACCEPT: &str = "image/*,.pdf,.ofd,.xlsx,.xls,.et,.csv,.docx,.doc";

/// Something that an attachment may prove, by its name on the page.
pub(crate) struct Place {
    /// What.
    pub proves: Proves,
    /// Its name.
    pub name: String,
    /// Where it can be looked at.
    pub address: Option<String>,
}

/// What the section of a ledger shows.
pub(crate) struct Section<'a> {
    /// Whose ledger.
    pub unit: UnitId,
    /// Of which period.
    pub period: Period,
    /// The attachments, and what each of them proves.
    pub list: Vec<(&'a Attachment, Place)>,
    /// What a new one may prove; the first is chosen when nothing else is.
    pub places: Vec<Place>,
    /// What the person came to prove.
    pub chosen: Option<Proves>,
    /// True when the person may add and take away.
    pub fills: bool,
    /// True when there is a scanner for viruses.
    pub is_scanned: bool,
}

/// The attachments of a unit and period.
pub(crate) fn section(section: &Section<'_>, added: Option<&Added>, wrong: Option<&Problem>) -> Markup {
    html! {
        section.card #attachments {
            h2 { "附件" }
            @if let Some(problem) = wrong {
                div.notice.error role="alert" { strong { "附件没有添加。" } p { (problem.says()) } p { (problem.hint()) } }
            }
            @if let Some(added) = added { (told(added)) }
            @if section.list.is_empty() {
                p.muted { "本期还没有附件。发票、电费单、出入库单、合同等原始凭证可以拍照或扫描后放在这里。" }
            } @else {
                (table(&section.list, section.fills, "本期附件"))
            }
            @if section.fills { (upload_form(section)) }
        }
    }
}

/// What became of the files of one act, those that were not taken by name and reason.
fn told(added: &Added) -> Markup {
    html! {
        div.notice.error role="alert" {
            strong { @if added.added.is_empty() { "附件没有添加。" } @else { "已添加 " (added.added.len()) " 个附件。" } }
            p { "有 " (added.refused.len()) " 个文件没有添加:" }
            ul { @for file in &added.refused { li { "“" (file.name) "”:" (file.reason) } } }
        }
    }
}

/// Attachments in rows. Those that were taken away say so, and why.
pub(crate) fn table(list: &[(&Attachment, Place)], fills: bool, label: &str) -> Markup {
    html! {
        div.table-box tabindex="0" role="region" aria-label=(label) { table.table {
            thead { tr {
                th { "文件" } th { "类型" } th.num { "大小 " span.unit { "KB" } } th { "证明什么" } th { "说明" } th { "添加" } th { "办理" }
            } }
            tbody { @for (attachment, place) in list { (row(attachment, place, fills)) } }
        } }
    }
}

fn row(attachment: &Attachment, place: &Place, fills: bool) -> Markup {
    let address = url::attachment(attachment.id);
    html! {
        tr {
            th scope="row" {
                a href=(address) { (attachment.file_name) }
                @if attachment.kind.is_shown() { " " a.small href=(url::attachment_shown(attachment.id)) { "查看" } }
            }
            td { (attachment.kind.label()) }
            td.num { (part::count(attachment.size.div_ceil(1024))) }
            td { @match &place.address { Some(address) => { a href=(address) { (place.name) } }, None => (place.name) } }
            td.wrap { (attachment.note) }
            td { (attachment.added.name) " " (part::instant(attachment.added.at)) }
            td.wrap { @match &attachment.removed {
                Some(removal) => {
                    span.badge.explain { "已移除" } " " (removal.by.name) " " (part::instant(removal.by.at)) ",原因:" (removal.reason)
                },
                None => {
                    a href=(address) { "下载" }
                    @if fills { (removal_form(attachment)) }
                },
            } }
        }
    }
}

fn removal_form(attachment: &Attachment) -> Markup {
    let reason = format!("reason-{}", attachment.id);
    html! {
        details.more {
            summary { "移除" }
            form method="post" action=(url::attachment_remove(attachment.id)) {
                div.field {
                    label for=(reason) { "移除原因" }
                    input id=(reason) name="reason" required minlength="4" maxlength=(REASON_CHARS_MAX);
                }
                p.hint { "移除只是作废:记录、原因和文件仍然保留备查。" }
                button.button.small.danger type="submit" { "移除" }
            }
        }
    }
}

fn upload_form(section: &Section<'_>) -> Markup {
    let action = url::unit_attachments(section.unit, section.period);
    html! {
        form.narrow.stack method="post" enctype="multipart/form-data" action=(action) {
            h3 { "添加附件" }
            label.drop {
                span.drop-says { "选择、拍摄或拖入文件:图片、PDF、OFD、Excel、Word、csv,可以选多个" }
                input type="file" name="file" accept=(ACCEPT) multiple required;
            }
            div.field { label for="proves" { "证明什么" } select #proves name="proves" {
                @for place in &section.places {
                    option value=(place.proves) selected[section.chosen.as_ref() == Some(&place.proves)] { (place.name) }
                }
            } }
            div.field {
                label for="note" { "说明" }
                input #note name="note" maxlength=(NOTE_CHARS_MAX) placeholder="如:三月电费单,共 2 张";
            }
            p.hint {
                "一次最多 " (FILES_MAX) " 个文件,合计不超过 32 MB。是什么文件按内容判断,与文件名无关;网页、程序和压缩包不收。"
                @if section.is_scanned { "文件会先经过病毒检查。" } @else { "本系统没有配置病毒检查程序,文件不经过病毒检查。" }
            }
            div.form-actions { button.button type="submit" { "添加附件" } }
        }
    }
}
