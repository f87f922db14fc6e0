//! Lists of meetings as markup.

use maud::{Markup, html};
use youju_app::joint_review::Brief;
use youju_app::list::Page;
use youju_domain::access::Role;
use youju_domain::joint_review::Stage;

use crate::assessment::area_name;
use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

/// A stage as a word and a colour.
pub(super) fn stage(stage: Stage) -> Markup {
    let class = match stage {
        Stage::Called => "todo",
        Stage::Closed => "done",
        Stage::Cancelled => "",
    };
    html! { span class={ "badge " (class) } { (stage.label()) } }
}

/// The list with its filter.
pub(super) fn view(found: &Page<Brief>, chosen: &str, role: Role) -> Markup {
    html! {
        form.filters action=(url::JOINT_REVIEWS) {
            div.field { label for="stage" { "状态" } select #stage name="stage" {
                option value="" { "全部" }
                @for one in Stage::ALL { option value=(one.key()) selected[one.key() == chosen] { (one.label()) } }
            } }
            button.button type="submit" { "筛选" }
        }
        @if found.rows.is_empty() {
            @if role.is_officer() { (part::empty("还没有联审", "在“进度”中打开一期报表,点“召集联审”,选好成员就可以开始。")) }
            @else { (part::empty("还没有联审", "统计机构请您参加联审时,会出现在这里和待办中。")) }
        } @else {
            div.table-head { (part::shown(found)) }
            div.table-box tabindex="0" role="region" aria-label="联审联评" { table.table {
                caption.vh { "联审会,新召集的在前" }
                thead { tr { th { "范围" } th { "报表" } th { "报告期" } th { "议题" } th { "召集" } th { "召集时间" } th.num { "意见" } th.num { "待处理" } th { "状态" } } }
                tbody { @for brief in &found.rows { tr {
                    th scope="row" { a href=(url::joint_review(brief.id)) { (area_name(&brief.area)) } }
                    td { (brief.form) }
                    td { (brief.period.cumulative_label()) }
                    td.wrap { (brief.topic) }
                    td { (brief.level.label()) }
                    td { (part::instant(brief.called_at)) }
                    td.num { (brief.remarks) }
                    td.num { (brief.open) }
                    td { (stage(brief.stage)) }
                } } }
            } }
            (part::pager(found, url::JOINT_REVIEWS, &[("stage", chosen)], PAGE_ROWS.unsigned_abs()))
        }
    }
}

/// Meetings that wait for the person, for the inbox.
pub(crate) fn waiting(waiting: &[Brief]) -> Markup {
    html! {
        section.stack {
            div.table-head { h2 { "联审联评" } span.count { (waiting.len()) } a.row-end href=(url::JOINT_REVIEWS) { "全部查看" } }
            ul.list { @for brief in waiting { li {
                div.main {
                    a href=(url::joint_review(brief.id)) { (area_name(&brief.area)) " · " (brief.form) " · " (brief.period.cumulative_label()) }
                    p.about { (what_to_do(brief)) }
                }
                (stage(brief.stage))
            } } }
        }
    }
}

fn what_to_do(brief: &Brief) -> String {
    if brief.is_member {
        return "请您看联审表,写下意见。".to_owned();
    }
    match (brief.remarks, brief.open) {
        (0, _) => "等待成员写意见;没有意见的,可以写纪要结束。".to_owned(),
        (_, 0) => "意见都已处理,请写纪要结束。".to_owned(),
        (_, open) => format!("有 {open} 条意见待处理。"),
    }
}
