//! Lists of assessments as markup.

use maud::{Markup, html};
use youju_app::assessment::{Listed, Waiting};
use youju_app::list::Page;
use youju_domain::assessment::{Stage, assessed_by};
use youju_programme::Form;

use super::UNASSESSED;
use super::view::{area_name, stage};
use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

/// The list with its filters, and the forms for which nothing is declared.
pub(super) fn view(found: &Page<Listed>, pairs: &[(&str, &str)], declared: &[&Form], undeclared: &[&Form]) -> Markup {
    html! {
        (filters(pairs, declared))
        @if found.rows.is_empty() {
            (part::empty("没有可以评估的报表", "开网并有单位应报的报表,会按县(市、区)和报告期列在这里;乡镇的数据随所在县一并评估。"))
        } @else {
            div.table-head { (part::shown(found)) }
            (table(&found.rows))
            (part::pager(found, url::ASSESSMENTS, pairs, PAGE_ROWS.unsigned_abs()))
        }
        @if !undeclared.is_empty() {
            p.small.muted {
                "没有制定评估办法、因而不在列表里的报表:"
                (undeclared.iter().map(|form| form.code.as_str()).collect::<Vec<_>>().join("、"))
                "。它们的汇总数据同样不得对外使用。"
            }
        }
    }
}

fn filters(pairs: &[(&str, &str)], declared: &[&Form]) -> Markup {
    let value =
        |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).unwrap_or_default();
    html! {
        form.filters action=(url::ASSESSMENTS) {
            div.field { label for="form" { "报表" } select #form name="form" {
                option value="" { "全部" }
                @for form in declared { option value=(form.code) selected[form.code == value("form")] { (form.title()) } }
            } }
            div.field { label for="period" { "报告期" } input #period name="period" value=(value("period")) placeholder="如 2026-03"; }
            div.field { label for="area" { "地区代码" } input #area name="area" value=(value("area")) placeholder="如 330781" inputmode="numeric"; }
            div.field { label for="stage" { "状态" } select #stage name="stage" {
                option value="" { "全部" }
                option value=(UNASSESSED) selected[value("stage") == UNASSESSED] { "未评估" }
                @for one in Stage::ALL { option value=(one.key()) selected[one.key() == value("stage")] { (one.label()) } }
            } }
            button.button type="submit" { "筛选" }
        }
    }
}

fn table(rows: &[Listed]) -> Markup {
    html! {
        div.table-box tabindex="0" role="region" aria-label="数据质量评估" { table.table {
            caption.vh { "各地区各期报表的评估情况" }
            thead { tr { th { "地区" } th { "报表" } th { "报告期" } th { "状态" } th { "结论" } th { "办理" } } }
            tbody { @for row in rows { tr {
                th scope="row" { (area_name(&row.area)) }
                td { (row.form) }
                td { (row.period.cumulative_label()) }
                td { (stage(row.brief.as_ref().map(|brief| brief.stage))) }
                td { @if let Some(overall) = row.brief.as_ref().and_then(|brief| brief.overall) { (overall.label()) } }
                td { (act(row)) }
            } } }
        } }
    }
}

fn act(row: &Listed) -> Markup {
    html! {
        @if let Some(brief) = &row.brief { a href=(url::assessment(brief.id)) { "打开" } }
        @else if row.may_assess {
            form method="post" action=(url::ASSESSMENTS) {
                input type="hidden" name="form" value=(row.form);
                input type="hidden" name="period" value=(row.period);
                input type="hidden" name="area" value=(row.area.prefix());
                button.button.small type="submit" aria-label={ "开始评估" (area_name(&row.area)) " " (row.form) " " (row.period.cumulative_label()) } { "开始评估" }
            }
        }
        @else if let Some(level) = assessed_by(&row.area) { span.muted { "由" (level.label()) "评估" } }
    }
}

/// Assessments that wait for the person, for the inbox.
pub(crate) fn waiting(waiting: &Waiting) -> Markup {
    html! {
        section.stack {
            div.table-head { h2 { "数据质量评估" } span.count { (part::count(waiting.total)) } a.row-end href=(url::ASSESSMENTS) { "全部查看" } }
            ul.list { @for brief in &waiting.first { li {
                div.main {
                    a href=(url::assessment(brief.id)) { (area_name(&brief.area)) " · " (brief.form) " · " (brief.period.cumulative_label()) }
                    p.about { (what_to_do(brief.stage)) }
                }
                (stage(Some(brief.stage)))
            } } }
        }
    }
}

fn what_to_do(stage: Stage) -> &'static str {
    match stage {
        Stage::Assessing => "请逐项评判并反馈。",
        Stage::Demanded => "上级已反馈,请核实后答复。",
        Stage::Answered => "下级已答复,请办结或重新评估。",
        Stage::Changed => "评估后已验收的数据有变动,请重新评估;在此之前不得对外使用。",
        Stage::Closed => "",
    }
}
