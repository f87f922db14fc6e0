//! Standards as markup.

use maud::{Markup, html};
use youju_app::list::PageRequest;
use youju_app::standard::{Asked, At, Held, Item, Lacking, Row};
use youju_domain::id::OrganisationId;
use youju_domain::standard::{Claim, FILES_MAX, Hand, NOTE_CHARS_MAX, Progress, Standing, Turn};

use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

/// Where an item stands, as a word and a colour.
pub(super) fn badge(standing: Standing) -> Markup {
    let class = match standing {
        Standing::Met => "done",
        Standing::Claimed => "todo",
        Standing::Lapsed => "explain",
        Standing::Returned => "error",
        Standing::Lacking => "",
    };
    html! { span class={ "badge " (class) } { (standing.label()) } }
}

fn share(progress: &Progress) -> Markup {
    html! { (progress.met) " / " (progress.all) }
}

/// What an organisation must have, on its page.
pub(crate) fn progress(organisation: OrganisationId, standards: &[Held]) -> Markup {
    html! { @for held in standards {
        section.stack {
            div.table-head { h2 { (held.standard.name) } span.table-count { "今天达到 " (share(&held.progress)) } }
            p.small.muted { "依据《" (held.standard.source) "》" (held.standard.paragraph) "。" (held.standard.note) }
            div.table-box tabindex="0" role="region" aria-label=(held.standard.name) { table.table.words {
                thead { tr { th { "项目" } th { "应提供的材料" } th { "状态" } th { "有效期至" } } }
                tbody { @for (item, stored, standing) in &held.items { tr {
                    th scope="row" { a href=(url::requirement(organisation, &held.standard.id, &item.id)) { (item.words) } }
                    td { (item.evidence) }
                    td { (badge(*standing)) }
                    td { @if let Some(until) = stored.in_force_until { (until) } }
                } } }
            } }
        }
    } }
}

/// One item: what is asked, what waits, what may be done, and its story.
pub(super) fn item(at: &At, item: &Item) -> Markup {
    html! {
        section.card { dl.facts {
            dt { "清单" } dd { (item.standard.name) }
            dt { "应提供的材料" } dd { (item.requirement.evidence) }
            dt { "依据" } dd { "《" (item.standard.source) "》" (item.standard.paragraph) }
            @if let Some(months) = item.standard.renew_months { dt { "复核" } dd { "每 " (months) " 个月重新通过一次" } }
            @if !item.standard.note.is_empty() { dt { "说明" } dd { (item.standard.note) } }
        } }
        @if let Some((claim, by)) = item.attainment.claimed() {
            section.card { h2 { "待验收的申报" } (told(at, claim, by)) (decide(at, item)) }
        } @else if item.may_review && item.attainment.accepted().is_some() {
            details.more { summary { "检查发现没有做到的,退回" } (return_form(at)) }
        }
        @if item.may_claim { (claim_form(at, item)) }
        @if !item.attainment.turns.is_empty() { (story(at, &item.attainment.turns)) }
    }
}

fn decide(at: &At, item: &Item) -> Markup {
    let act = |act: &str| url::requirement_act(at.organisation, &at.standard, &at.requirement, act);
    html! {
        @if item.may_accept {
            form.narrow method="post" action=(act("accept")) {
                div.field { label for="accept-text" { "验收意见(可不填)" } input #accept-text name="text" maxlength=(NOTE_CHARS_MAX) autocomplete="off"; }
                div.form-actions { button.button.primary type="submit" { "验收" } }
            }
        } @else if item.may_review {
            p.muted { "这一项由您本人申报,应由另一位有权限的人员验收。" }
        }
        @if item.may_review { (return_form(at)) }
    }
}

fn return_form(at: &At) -> Markup {
    html! {
        form.narrow method="post" action=(url::requirement_act(at.organisation, &at.standard, &at.requirement, "return")) {
            div.field { label for="return-text" { "退回原因" } textarea #return-text name="text" required minlength="4" maxlength=(NOTE_CHARS_MAX) {} }
            div.form-actions { button.button.danger type="submit" { "退回" } }
        }
    }
}

fn claim_form(at: &At, item: &Item) -> Markup {
    let is_rule = item.standard.renew_months.is_some();
    let word = if item.attainment.claimed().is_some() { "更换申报" } else { "申报" };
    html! {
        section.card {
            h2 { (word) }
            form.narrow method="post" enctype="multipart/form-data" action=(url::requirement(at.organisation, &at.standard, &at.requirement)) {
                div.field { label for="note" { "情况说明" } textarea #note name="note" maxlength=(NOTE_CHARS_MAX) {} }
                div.field { label for="document" { "文号" } input #document name="document" maxlength=(NOTE_CHARS_MAX) autocomplete="off"; }
                div.field { label for="dated" { (if is_rule { "通过(修订)日期" } else { "文件日期" }) } input #dated name="dated" type="date" max=(item.today) required[is_rule]; }
                @if is_rule {
                    div.field { label for="signed_by" { "签发人" } input #signed_by name="signed_by" required maxlength=(NOTE_CHARS_MAX) autocomplete="off"; }
                    div.field { label for="in_force_until" { "有效期至" } input #in_force_until name="in_force_until" type="date" min=(item.today) required; }
                }
                div.field {
                    label for="file" { "材料" }
                    input #file name="file" type="file" multiple aria-describedby="file-help";
                    p.help #file-help { "最多 " (FILES_MAX) " 个文件,照片、PDF、Word、Excel 都可以。没有文件的,填文号或写明情况。" }
                }
                div.form-actions { button.button.primary type="submit" { (word) } }
            }
        }
    }
}

fn told(at: &At, claim: &Claim, by: &Hand) -> Markup {
    html! {
        @if !claim.note.is_empty() { p { (claim.note) } }
        dl.facts {
            @if !claim.document.is_empty() { dt { "文号" } dd { (claim.document) } }
            @if let Some(dated) = claim.dated { dt { "日期" } dd { (dated) } }
            @if !claim.signed_by.is_empty() { dt { "签发人" } dd { (claim.signed_by) } }
            @if let Some(until) = claim.in_force_until { dt { "有效期至" } dd { (until) } }
            @if !claim.files.is_empty() { dt { "材料" } dd { ul { @for file in &claim.files {
                li { a href=(url::requirement_file(at.organisation, &at.standard, &at.requirement, &file.hash)) { (file.name) } }
            } } } }
        }
        p.small.muted { (by.name) " 申报于 " (part::instant(by.at)) }
    }
}

fn story(at: &At, turns: &[Turn]) -> Markup {
    html! {
        section.stack {
            h2 { "办理经过" }
            ol.timeline { @for turn in turns.iter().rev() { @match turn {
                Turn::Claimed { claim, by } => li.todo { strong { "申报" } (told(at, claim, by)) },
                Turn::Accepted { note, by } => li.done { strong { "验收" } @if !note.is_empty() { p { (note) } } p.small.muted { (by.name) " " (part::instant(by.at)) } },
                Turn::Returned { reason, by } => li.error { strong { "退回" } p { (reason) } p.small.muted { (by.name) " " (part::instant(by.at)) } },
            } } }
        }
    }
}

/// Who lacks what, with its filter.
pub(super) fn lacking(found: &Lacking, asked: &Asked, page: PageRequest) -> Markup {
    let Some((key, standard)) = &found.standard else {
        return part::empty("本辖区没有规范化清单", "规范化清单写在地方配置中。请系统管理员为本地补上配置。");
    };
    let standing = asked.standing.map(Standing::key).unwrap_or_default();
    let only = if asked.is_lacking { "lacking" } else { "" };
    let pairs = [("standard", key.as_str()), ("standing", standing), ("only", only)];
    let rows = found.page(page);
    html! {
        form.filters action=(url::STANDARDS) {
            div.field { label for="standard" { "清单" } select #standard name="standard" {
                @for (id, name) in &found.choices { option value=(id) selected[id == key] { (name) } }
            } }
            div.field { label for="standing" { "有这种状态的" } select #standing name="standing" {
                option value="" { "全部" }
                @for one in Standing::ALL { option value=(one.key()) selected[one.key() == standing] { (one.label()) } }
            } }
            label.choice { input type="checkbox" name="only" value="lacking" checked[asked.is_lacking]; " 只看没有全部达到的" }
            button.button type="submit" { "筛选" }
        }
        p { "适用 " (part::count(found.all)) " 个机构,全部达到的 " (part::count(found.complete)) " 个(" (part::share(found.complete, found.all)) ")。" }
        p.small.muted { "依据《" (standard.source) "》" (standard.paragraph) "。" (standard.note) }
        @if rows.rows.is_empty() {
            @if found.all == 0 { (part::empty("没有适用这个清单的机构", "请先在“机构”中按地方配置设置;企(事)业单位在所属乡镇(街道)的页面按名录库补入。")) }
            @else { (part::empty("没有符合条件的机构", "请换一个筛选条件。")) }
        } @else {
            div.table-head { (part::shown(&rows)) a.button.small.row-end href=(url::with_query(url::STANDARDS_CSV, &pairs)) { "导出 CSV" } }
            div.table-box tabindex="0" role="region" aria-label=(standard.name) { table.table {
                caption.vh { (standard.name) "达标情况" }
                thead { tr { th { "机构" } th.num { "达到" } @for item in &standard.requirements { th.wrap { (item.words) } } } }
                tbody { @for row in &rows.rows { (line(row)) } }
            } }
            (part::pager(&rows, url::STANDARDS, &pairs, PAGE_ROWS.unsigned_abs()))
        }
    }
}

fn line(row: &Row) -> Markup {
    let id = row.listed.id;
    html! { tr {
        th scope="row" { a href=(url::organisation(id)) { (row.listed.span.name) } }
        td.num { (share(&row.held.progress)) }
        @for (item, _, standing) in &row.held.items {
            td { a href=(url::requirement(id, &row.held.standard.id, &item.id)) { (badge(*standing)) } }
        }
    } }
}
