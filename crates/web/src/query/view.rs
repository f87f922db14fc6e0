//! Queries as markup.

use chrono::NaiveDate;
use maud::{Markup, html};
use youju_app::list::{ListedQuery, Page, Quality};
use youju_app::query::About;
use youju_domain::Instant;
use youju_domain::access::Actor;
use youju_domain::attachment::{Attachment, Proves};
use youju_domain::query::{Act, Cause, Outcome, Query, Stage, Turn};
use youju_domain::report::{Level, value_of};
use youju_programme::Form;

use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

/// A stage as a word and a colour.
pub(crate) fn stage(stage: Stage) -> Markup {
    let class = match stage {
        Stage::Asked => "explain",
        Stage::Answered => "todo",
        Stage::Closed => "done",
    };
    html! { span class={ "badge " (class) } { (stage.label()) } }
}

pub(super) fn list_actions(actor: &Actor) -> Markup {
    html! { a.button href=(url::JOINT_REVIEWS) { "联审联评" } @if actor.role.is_officer() {
        a.button href=(url::QUERY_LIST) { "导入查询清单" }
        a.button href=(url::QUERY_QUALITY) { "回复质量" }
    } }
}

/// The list with its filters.
pub(super) fn list(found: &Page<ListedQuery>, pairs: &[(&str, &str)], now: Instant) -> Markup {
    let value =
        |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).unwrap_or_default();
    html! {
        form.filters action=(url::QUERIES) {
            div.field { label for="stage" { "状态" } select #stage name="stage" {
                option value="" { "全部" }
                @for one in Stage::ALL { option value=(one.key()) selected[one.key() == value("stage")] { (one.label()) } }
            } }
            div.field { label for="source" { "来源清单" } input #source name="source" value=(value("source")) placeholder="如 国家查询清单 2026-03"; }
            label { input type="checkbox" name="overdue" value="1" checked[!value("overdue").is_empty()]; " 只看逾期" }
            button.button type="submit" { "筛选" }
        }
        @if found.rows.is_empty() { (part::empty("没有查询", "上级或本级对上报的数据提出查询后,会出现在这里。")) }
        @else {
            div.table-head { (part::shown(found)) }
            (rows(&found.rows, now))
            (part::pager(found, url::QUERIES, pairs, PAGE_ROWS.unsigned_abs()))
        }
    }
}

/// Queries as a table.
pub(crate) fn rows(listed: &[ListedQuery], now: Instant) -> Markup {
    html! {
        div.table-box tabindex="0" role="region" aria-label="查询" { table.table {
            thead { tr { th { "单位" } th { "报表" } th { "报告期" } th { "查询内容" } th { "提出" } th { "状态" } th { "期限" } th { "结果" } } }
            tbody { @for one in listed { tr {
                th scope="row" { a href=(url::query(one.query.id)) { (one.unit_name) } }
                td { (one.form) }
                td { (one.period.cumulative_label()) }
                td.wrap { (question(&one.query)) @if !one.query.source.is_empty() { p.small.muted { (one.query.source) } } }
                td { (one.query.level.label()) }
                td { (stage(one.query.stage)) @if one.query.is_overdue(now) { " " span.badge.error { "逾期" } } }
                td { @if one.query.stage != Stage::Closed { (part::instant(one.query.due_at)) } }
                td { @if let Some(outcome) = one.query.outcome { (outcome.label()) } }
            } } }
        } }
    }
}

/// The last question that was asked.
fn question(query: &Query) -> &str {
    let asked = query.turns.iter().rev().find(|turn| matches!(turn.act, Act::Ask | Act::Reopen));
    asked.map(|turn| turn.text.as_str()).unwrap_or_default()
}

/// One query: what is asked, about which figures, what was said, and what the person may do.
pub(super) fn page(actor: &Actor, form: &Form, about: &About, evidence: &[Attachment], now: Instant) -> Markup {
    let query = &about.query;
    let report = &about.open.report;
    html! {
        dl.facts.wide.card {
            div { dt { "单位" } dd { a href=(url::unit(about.open.unit.id)) { (about.open.unit.name) } } }
            div { dt { "报表" } dd { a href=(url::report(report.id)) { (form.title()) } } }
            div { dt { "提出" } dd { (query.level.label()) @if !query.source.is_empty() { ",来自 " (query.source) } } }
            div { dt { "查询时的版本" } dd { a href=(url::version(report.id, query.version)) { "第 " (query.version) " 版" } } }
            @if query.stage != Stage::Closed { div { dt { (if query.stage == Stage::Asked { "回复期限" } else { "核实期限" }) } dd {
                (part::instant(query.due_at)) "," (part::until(query.due_at, now))
            } } }
            @if let Some(outcome) = query.outcome { div { dt { "核实结果" } dd { (outcome.label()) @if let Some(cause) = query.cause { " · " (cause.label()) } } } }
        }
        @if !query.cells.is_empty() { (figures(form, about)) }
        (proofs(form, about, evidence))
        section.card { h2 { "经过" } ol.timeline { @for turn in &query.turns { (said(turn)) } } }
        (acts(actor, about))
    }
}

fn figures(form: &Form, about: &About) -> Markup {
    let before = about.open.previous.as_ref().map(|(_, cells)| cells);
    let last_year = about.open.last_year.as_ref().map(|(_, cells)| cells);
    html! {
        div.table-box { table.table {
            thead { tr { th { "被查询的数据" } th.num { "现在" } th.num { "上期" } th.num { "上年同期" } th { "来源" } } }
            tbody { @for id in &about.query.cells { @if let Some(cell) = form.cell(id) { tr {
                th scope="row" { (cell.label) }
                td.num { (cell.print(value_of(&about.open.report.cells, id))) }
                td.num { @if let Some(cells) = before { (cell.print(value_of(cells, id))) } }
                td.num { @if let Some(cells) = last_year { (cell.print(value_of(cells, id))) } }
                td { a href=(url::cell(about.open.report.id, id)) { "追溯" } }
            } } } }
        } }
    }
}

/// The attachments of the report that is asked about, and the way to add one.
fn proofs(form: &Form, about: &About, evidence: &[Attachment]) -> Markup {
    let report = about.open.report.id;
    let is_here =
        |one: &&Attachment| matches!(&one.proves, Proves::Report(id, _) if *id == report) && one.removed.is_none();
    let here: Vec<&Attachment> = evidence.iter().filter(is_here).collect();
    let cell = about.query.cells.first().cloned();
    let add = url::ledger_attachments(
        about.open.unit.id,
        Some(about.open.report.period),
        Some(&Proves::Report(report, cell)),
    );
    html! {
        section.card {
            h2 { "凭证" }
            @if here.is_empty() { p.muted { "这张报表还没有附件。" } }
            @else { ul.list { @for one in &here { li { div.main {
                a href=(url::attachment(one.id)) { (one.file_name) }
                p.about { (one.note) @if let Proves::Report(_, Some(cell)) = &one.proves { " · 证明“" (form.cell(cell).map_or_else(|| cell.as_str().to_owned(), |cell| cell.label.clone())) "”" } " · " (one.added.name) " " (part::instant(one.added.at)) }
            } } } } }
            p { a.button href=(add) { "查看和添加附件" } }
        }
    }
}

fn said(turn: &Turn) -> Markup {
    let class = match turn.act {
        Act::Ask | Act::Reopen => "explain",
        Act::Close => "done",
        _ => "todo",
    };
    html! { li class=(class) {
        time datetime=(turn.at.to_rfc3339()) { (youju_domain::survey::print_instant(turn.at)) }
        strong { (turn.name) } " " (turn.act.label()) @if let Some(level) = turn.level { "(" (level.label()) ")" }
        @if !turn.text.is_empty() { blockquote { (turn.text) } }
    } }
}

/// What the person may do now.
fn acts(actor: &Actor, about: &About) -> Markup {
    let query = &about.query;
    let own = actor.role == youju_domain::access::Role::Statistician && actor.unit == Some(query.unit);
    html! {
        @if own && query.stage == Stage::Asked { (answer_form(query)) }
        @if let Some(level) = actor.role.level() {
            @if query.stage == Stage::Answered && level < query.level { (opinion_form(query)) }
            @if query.stage == Stage::Answered && level >= query.level { (close_form(query)) }
            @if query.stage != Stage::Asked && level >= query.level { (reopen_form(query)) }
        }
    }
}

fn answer_form(query: &Query) -> Markup {
    html! {
        form.card.narrow method="post" action=(url::query_act(query.id, "answer")) {
            h2 { "回复" }
            div.field {
                label for="text" { "说明" }
                textarea #text name="text" required minlength="6" maxlength="1000" aria-describedby="text-help" {}
                p.help #text-help { "写清原因和依据;先把发票、合同等凭证作为附件放到这个数上。数据确有错误的,请改数重报,并在这里说明。" }
            }
            div.form-actions { button.button.primary type="submit" { "回复" } }
        }
    }
}

fn opinion_form(query: &Query) -> Markup {
    html! {
        form.card.narrow method="post" action=(url::query_act(query.id, "judge")) {
            h2 { "核实意见" }
            input type="hidden" name="act" value="opinion";
            div.field { label for="opinion" { "凭证是否核对、是否属实" } textarea #opinion name="text" required minlength="6" maxlength="1000" {} }
            div.form-actions { button.button.primary type="submit" { "提交意见" } }
        }
    }
}

fn close_form(query: &Query) -> Markup {
    html! {
        form.card.narrow method="post" action=(url::query_act(query.id, "judge")) {
            h2 { "办结" }
            input type="hidden" name="act" value="close";
            div.field { label for="outcome" { "核实结果" } select #outcome name="outcome" required {
                @for one in Outcome::ALL { option value=(one.key()) { (one.label()) } }
            } }
            div.field { label for="cause" { "原因分类" } select #cause name="cause" required {
                @for one in Cause::ALL { option value=(one.key()) { (one.label()) } }
            } }
            div.field { label for="closing" { "意见(可不填)" } textarea #closing name="text" maxlength="500" {} }
            div.form-actions { button.button.primary type="submit" { "办结" } }
        }
    }
}

fn reopen_form(query: &Query) -> Markup {
    html! {
        details.more {
            summary { "再次查询" }
            form.card.narrow method="post" action=(url::query_act(query.id, "judge")) {
                input type="hidden" name="act" value="reopen";
                div.field { label for="again" { "还要说明什么" } textarea #again name="text" required minlength="4" maxlength="500" {} }
                div.field { label for="again-due" { "回复期限(不填为 2 天)" } input #again-due name="due_at" type="datetime-local"; }
                div.form-actions { button.button type="submit" { "再次查询" } }
            }
        }
    }
}

/// The form by which an officer asks about a report, with the cells to choose from.
pub(crate) fn ask_form(report: youju_domain::id::ReportId, level: Level) -> Markup {
    html! {
        details.more {
            summary { "查询" }
            form.card method="post" action=(url::report_act(report, "query")) {
                div.field { label for="query-cells" { "数据项编号,用逗号分开(不填为整张表)" } input #query-cells name="cells" placeholder="如 c301,c327" autocomplete="off"; }
                div.field { label for="question" { "查询内容(" (level.label()) "提出,单位会看到)" } textarea #question name="question" required minlength="4" maxlength="500" {} }
                div.field { label for="query-due" { "回复期限(不填为 2 天)" } input #query-due name="due_at" type="datetime-local"; }
                div.form-actions { button.button.primary type="submit" { "提出查询" } }
            }
        }
    }
}

/// How units answered: a row per unit, below the sum of its township.
pub(super) fn quality(rows: &[Quality], from: NaiveDate, to: NaiveDate) -> Markup {
    let mut townships: Vec<&str> = rows.iter().map(|row| row.township.as_str()).collect();
    townships.dedup();
    html! {
        form.filters action=(url::QUERY_QUALITY) {
            div.field { label for="from" { "从" } input #from name="from" type="date" value=(from); }
            div.field { label for="to" { "到" } input #to name="to" type="date" value=(to); }
            button.button type="submit" { "统计" }
        }
        @if rows.is_empty() { (part::empty("这段时间没有查询", "换一段时间看看。")) }
        @else { div.table-box tabindex="0" role="region" aria-label="查询回复质量" { table.table {
            thead { tr { th { "单位" } th.num { "查询" } th.num { "已回复" } th.num { "逾期" } th.num { "被再次查询" } th.num { "因此更正" } th { "按时率" } } }
            tbody {
                @for township in townships {
                    @let own: Vec<&Quality> = rows.iter().filter(|row| row.township == township).collect();
                    (quality_row(&place(township), &own, true))
                    @for row in own { (quality_row(&row.unit_name, &[row], false)) }
                }
                (quality_row("合计", &rows.iter().collect::<Vec<_>>(), true))
            }
        } } }
    }
}

fn place(township: &str) -> String {
    let code = youju_codes::AreaCode::parse(township).ok();
    code.and_then(|code| youju_codes::area::name(&code)).unwrap_or(township).to_owned()
}

fn quality_row(name: &str, rows: &[&Quality], is_sum: bool) -> Markup {
    let sum = |of: fn(&Quality) -> u64| rows.iter().map(|row| of(row)).sum::<u64>();
    let (asked, late) = (sum(|row| row.asked), sum(|row| row.late));
    // Who still has time has neither answered in time nor late.
    let due = asked.saturating_sub(sum(|row| row.pending));
    html! { tr class=[is_sum.then_some("sum")] {
        th scope="row" { (name) }
        @for number in [asked, sum(|row| row.answered), late, sum(|row| row.reopened), sum(|row| row.corrected)] {
            td.num { @if number > 0 { (part::count(number)) } }
        }
        td { (part::share(due.saturating_sub(late), due)) }
    } }
}
