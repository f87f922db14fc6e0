//! One meeting as markup.

use maud::{Markup, html};
use youju_app::joint_review::{Keyed, Seen, SeenRemark};
use youju_app::list::{Page, PageRequest};
use youju_domain::Problem;
use youju_domain::joint_review::{CLASS_LINES_MIN, Line, MEMBER_DAYS, MINUTES_CHARS, Sheet, Stage};

use crate::limits::PAGE_ROWS;
use crate::request::Answer;
use crate::ui::part;
use crate::url;

pub(super) fn actions(seen: &Seen) -> Markup {
    html! {
        @if seen.sheet.is_some() {
            a.button href=(url::joint_review_act(seen.id, "sheet")) { "打印联审表" }
            a.button href=(url::joint_review_act(seen.id, "sheet/csv")) { "导出 CSV" }
        }
        @if seen.is_office { a.button href=(url::joint_review_act(seen.id, "key")) { "行号对照表" } }
    }
}

/// The meeting: the sheet, what was said, and what the person may do.
pub(super) fn page(seen: &Seen, asked: PageRequest) -> Markup {
    html! {
        (facts(seen))
        @if let Some(sheet) = &seen.sheet { (sheet_part(seen, sheet, asked)) }
        @else { p.notice.explain { "联审已取消,联审表不再显示。" } }
        @if seen.may_remark && seen.sheet.is_some() { (remark_form(seen)) }
        (remarks(seen))
        @if let Some(ending) = &seen.ending {
            section.card {
                h2 { (if seen.stage == Stage::Closed { "纪要" } else { "取消原因" }) }
                @for line in ending.text.lines() { p { (line) } }
                p.small.muted { (ending.name) " " (part::instant(ending.at)) }
            }
        }
        @if seen.is_office && seen.stage == Stage::Called { (end_forms(seen)) }
    }
}

fn facts(seen: &Seen) -> Markup {
    html! {
        dl.facts.wide.card {
            div { dt { "召集" } dd { (seen.level.label()) " " (seen.called_by) } }
            div { dt { "召集时间" } dd { (part::instant(seen.called_at)) } }
            div { dt { "成员" } dd { (seen.members) " 人" @if let Some(window) = seen.window { "," a href=(url::window(window)) { "看这一期进度" } } } }
            @if !seen.topic.is_empty() { div { dt { "议题" } dd { (seen.topic) } } }
            div { dt { "联审表指纹" } dd { span.code { (seen.sheet_hash) } } }
        }
        @if !seen.names.is_empty() {
            details.more { summary { "成员名单(成员之间只见编号)" } ul.list {
                @for (number, name) in &seen.names { li { "成员" (number) " " (name) } }
            } }
        }
        @if !seen.is_office && seen.stage == Stage::Closed { p.muted { "联审结束 " (MEMBER_DAYS) " 天后,成员不能再打开本页。" } }
    }
}

fn sheet_part(seen: &Seen, sheet: &Sheet, asked: PageRequest) -> Markup {
    let lines = Page::cut(sheet.lines.iter(), asked);
    html! {
        section.stack {
            h2 { "联审表" }
            div.table-head { (part::shown(&lines)) }
            (table(sheet, &lines.rows, seen.own))
            (part::pager(&lines, &url::joint_review(seen.id), &[], PAGE_ROWS.unsigned_abs()))
            (notes(sheet))
        }
    }
}

/// The whole sheet for the meeting room: nobody's own line is marked.
pub(super) fn whole_sheet(seen: &Seen) -> Answer<Markup> {
    let sheet = seen.sheet.as_ref().ok_or(Problem::NotFound { what: "联审表" })?;
    let all: Vec<&Line> = sheet.lines.iter().collect();
    Ok(html! {
        p.table-count { "共 " (all.len()) " 行" }
        (table(sheet, &all, None))
        (notes(sheet))
        p.small.muted { "联审表指纹 " (seen.sheet_hash) }
    })
}

fn table(sheet: &Sheet, lines: &[&Line], own: Option<u32>) -> Markup {
    html! {
        div.table-box tabindex="0" role="region" aria-label="联审表" { table.table {
            caption { "联审表:行号随机抽取,与单位无关;只列变动档次,不列数据" }
            thead {
                tr {
                    th rowspan="2" scope="col" { "行号" }
                    th rowspan="2" scope="col" { "规模" }
                    @for figure in &sheet.figures { th colspan="2" scope="colgroup" { (figure) } }
                    th.num rowspan="2" scope="col" { "已说明问题" }
                    th.num rowspan="2" scope="col" { "未了结问题" }
                    th rowspan="2" scope="col" { "查询" }
                    th rowspan="2" scope="col" { "上报" }
                }
                tr { @for _ in &sheet.figures { th scope="col" { "比上期" } th scope="col" { "比上年同期" } } }
            }
            tbody { @for line in lines { tr {
                th scope="row" { (line.number) @if own == Some(line.number) { " " span.badge.todo { "本单位" } } }
                td { (line.size.map_or("—", |size| size.label())) }
                @for change in &line.changes { td { (change.previous.label()) } td { (change.last_year.label()) } }
                td.num { (line.explained) }
                td.num { (line.open) }
                td { @if line.has_open_query { span.badge.explain { "未办结" } } }
                td { @if line.is_late { span.badge.explain { "迟报" } } }
            } } }
        } }
    }
}

fn notes(sheet: &Sheet) -> Markup {
    html! { p.small.muted {
        "规模按第一个主要指标从大到小三等分;任何一档不足 " (CLASS_LINES_MIN) " 行时都不分档,记“—”。没有可比的往期数,或往期数不为正的,记“无可比”。"
        @if sheet.figures.is_empty() { "本表没有主要指标,不列变动。" }
    } }
}

fn remark_form(seen: &Seen) -> Markup {
    html! {
        form.card.narrow method="post" action=(url::joint_review_act(seen.id, "remark")) {
            h2 { "写意见" }
            div.field { label for="line" { "行号" } input #line name="line" inputmode="numeric" required autocomplete="off"; }
            div.field {
                label for="remark-text" { "意见" }
                textarea #remark-text name="text" required minlength="6" maxlength="1000" aria-describedby="remark-help" {}
                p.help #remark-help { "写哪里不合常理、为什么。不要写单位名称;其他成员只看到您的编号。" @if let Some(own) = seen.own { "第 " (own) " 行是本单位,不能自己评议。" } }
            }
            div.form-actions { button.button.primary type="submit" { "写上意见" } }
        }
    }
}

fn remarks(seen: &Seen) -> Markup {
    html! {
        section.card {
            h2 { "意见" }
            @if seen.remarks.is_empty() { p.muted { "还没有意见。" } }
            @else {
                p.table-count { "共 " (seen.remarks.len()) " 条" }
                ol.timeline { @for remark in &seen.remarks { (remark_view(seen, remark)) } }
            }
        }
    }
}

fn remark_view(seen: &Seen, remark: &SeenRemark) -> Markup {
    let class = if remark.settled.is_some() { "done" } else { "explain" };
    html! { li class=(class) {
        time datetime=(remark.at.to_rfc3339()) { (youju_domain::survey::print_instant(remark.at)) }
        strong { (remark.author) } " 对第 " (remark.line) " 行"
        blockquote { (remark.text) }
        @match &remark.settled {
            Some(settled) => { p {
                @if settled.is_asked { "已向单位查询" @if let Some(query) = settled.query { "," a href=(url::query(query)) { "看这条查询" } } }
                @else { "未采纳:" (settled.reason) }
                " " span.small.muted { (part::instant(settled.at)) }
            } }
            None if seen.is_office && seen.stage == Stage::Called => { (settle_forms(seen, remark)) }
            None => { p.muted { "等待召集单位处理。" } }
        }
    } }
}

/// Both ways to settle a remark; the question is prefilled and goes to the unit of the line.
fn settle_forms(seen: &Seen, remark: &SeenRemark) -> Markup {
    let number = remark.number;
    html! {
        details.more { summary { "转为查询" }
            form.card.narrow method="post" action=(url::joint_review_act(seen.id, "ask")) {
                input type="hidden" name="remark" value=(number);
                div.field { label for={ "cells-" (number) } { "数据项编号,用逗号分开(不填为整张表)" } input id={ "cells-" (number) } name="cells" placeholder="如 c301,c327" autocomplete="off"; }
                div.field { label for={ "question-" (number) } { "查询内容(这一行的单位会看到,看不到是谁提的)" }
                    textarea id={ "question-" (number) } name="question" required minlength="4" maxlength="500" { (question(remark)) } }
                div.field { label for={ "due-" (number) } { "回复期限(不填为 2 天)" } input id={ "due-" (number) } name="due_at" type="datetime-local"; }
                div.form-actions { button.button.primary type="submit" { "提出查询" } }
            }
        }
        details.more { summary { "不采纳" }
            form.card.narrow method="post" action=(url::joint_review_act(seen.id, "dismiss")) {
                input type="hidden" name="remark" value=(number);
                div.field { label for={ "reason-" (number) } { "理由(成员会看到,不要写单位名称和数据)" }
                    textarea id={ "reason-" (number) } name="text" required minlength="6" maxlength="1000" {} }
                div.form-actions { button.button type="submit" { "不采纳" } }
            }
        }
    }
}

/// A remark may be longer than a question.
fn question(remark: &SeenRemark) -> String {
    format!("联审中提出:{}", remark.text).chars().take(youju_domain::query::QUESTION_CHARS_MAX).collect()
}

fn end_forms(seen: &Seen) -> Markup {
    let open = seen.remarks.iter().filter(|remark| remark.settled.is_none()).count();
    let (least, most) = MINUTES_CHARS;
    html! {
        @if open > 0 { p.notice.explain { "还有 " (open) " 条意见没有处理,处理完才能写纪要结束。" } }
        @else {
            form.card method="post" action=(url::joint_review_act(seen.id, "close")) {
                h2 { "写纪要,结束联审" }
                div.field {
                    label for="minutes" { "纪要" }
                    textarea #minutes name="text" rows="8" required minlength=(least) maxlength=(most) aria-describedby="minutes-help" {}
                    p.help #minutes-help { "谁参加、议了什么、形成哪些意见。成员会看到,只写行号,不写单位名称和数据。" }
                }
                div.form-actions { button.button.primary type="submit" { "结束联审" } }
            }
        }
        details.more { summary { "取消联审" }
            form.card.narrow method="post" action=(url::joint_review_act(seen.id, "cancel")) {
                div.field { label for="cancel-text" { "原因" } textarea #cancel-text name="text" required minlength="6" maxlength="1000" {} }
                div.form-actions { button.button.danger type="submit" { "取消联审" } }
            }
        }
    }
}

/// Whose the lines are.
pub(super) fn key(seen: &Seen, keyed: Vec<Keyed>, asked: PageRequest) -> Markup {
    let rows = Page::cut(keyed.into_iter(), asked);
    html! {
        div.table-head { (part::shown(&rows)) }
        div.table-box tabindex="0" role="region" aria-label="行号对照表" { table.table {
            caption.vh { "联审表的行号和单位" }
            thead { tr { th.num { "行号" } th { "单位" } th { "报表" } } }
            tbody { @for one in &rows.rows { tr {
                td.num { (one.line) }
                th scope="row" { a href=(url::unit(one.unit)) { (one.unit_name) } }
                td { a href=(url::report(one.report)) { (seen.form) } }
            } } }
        } }
        (part::pager(&rows, &url::joint_review_act(seen.id, "key"), &[], PAGE_ROWS.unsigned_abs()))
    }
}
