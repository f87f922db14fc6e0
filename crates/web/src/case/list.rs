//! Lists of cases as markup.

use std::cmp::Ordering;

use chrono::NaiveDate;
use maud::{Markup, html};
use youju_app::case::Listed;
use youju_app::list::Page;
use youju_codes::workday::working_days_between;

use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

/// What a list is narrowed to, as it stands in the address.
pub(super) struct Chosen<'a> {
    pub kind: &'a str,
    pub turn: &'a str,
    pub search: &'a str,
    pub is_overdue: bool,
}

const TURNS: [(&str, &str); 4] = [("", "全部"), ("mine", "待我办理"), ("open", "办理中"), ("ended", "已办结")];

/// The state of a listed case as a word and a colour.
fn badge(row: &Listed) -> Markup {
    let class = match (row.is_end, row.is_bad) {
        (true, false) => "done",
        (false, false) => "todo",
        (true, true) => "",
        (false, true) => "explain",
    };
    html! { span class={ "badge " (class) } { (row.state) } }
}

/// How long is left, in working days.
pub(super) fn left(due: NaiveDate, today: NaiveDate) -> (&'static str, String) {
    match due.cmp(&today) {
        Ordering::Less => ("error", format!("已超期 {} 个工作日", working_days_between(due, today))),
        Ordering::Equal => ("explain", "今天到期".to_owned()),
        Ordering::Greater => {
            let days = working_days_between(today, due);
            (if days <= 2 { "explain" } else { "todo" }, format!("还有 {days} 个工作日"))
        }
    }
}

fn due(row: &Listed, today: NaiveDate) -> Markup {
    html! { @if let Some(due) = row.due_on.filter(|_| !row.is_end) {
        @let (class, words) = left(due, today);
        span.nowrap { (due) } " " span class={ "due " (class) } { (words) }
    } }
}

/// The list with its filter.
pub(super) fn view(found: &Page<Listed>, names: &[(String, String)], chosen: &Chosen<'_>, today: NaiveDate) -> Markup {
    let overdue = if chosen.is_overdue { "yes" } else { "" };
    let pairs = [("kind", chosen.kind), ("turn", chosen.turn), ("search", chosen.search), ("overdue", overdue)];
    let is_narrowed = pairs.iter().any(|(_, value)| !value.is_empty());
    html! {
        form.filters action=(url::CASES) {
            div.field { label for="case-kind" { "事项类型" } select #case-kind name="kind" {
                option value="" { "全部" }
                @for (key, name) in names { option value=(key) selected[key == chosen.kind] { (name) } }
            } }
            div.field { label for="case-turn" { "办理情况" } select #case-turn name="turn" {
                @for (key, name) in TURNS { option value=(key) selected[key == chosen.turn] { (name) } }
            } }
            div.field { label for="case-search" { "名称或办理对象" } input #case-search name="search" value=(chosen.search) maxlength="100"; }
            label.choice { input type="checkbox" name="overdue" value="yes" checked[chosen.is_overdue]; " 只看超期的" }
            button.button type="submit" { "筛选" }
        }
        @if found.rows.is_empty() {
            @if is_narrowed { (part::empty("没有符合条件的事项", "请换一个筛选条件。")) }
            @else { (part::empty("还没有事项", "可以提出的事项列在页面上方;轮到您办理的,会出现在这里和待办中。")) }
        } @else {
            div.table-head { (part::shown(found)) }
            div.table-box tabindex="0" role="region" aria-label="事项清单" { table.table {
                caption.vh { "事项,轮到您办理的在前,到期早的在前" }
                thead { tr { th { "名称" } th { "事项类型" } th { "办理对象" } th { "状态" } th { "期限" } th { "提出时间" } th { "最近办理" } } }
                tbody { @for row in &found.rows { tr {
                    th.wrap scope="row" { a href=(url::case(row.id)) { (row.title) } @if row.is_mine { " " span.badge.todo { "待您办理" } } }
                    td { (row.kind) }
                    td.wrap { (row.subject) }
                    td { (badge(row)) }
                    td { (due(row, today)) }
                    td { (part::instant(row.opened_at)) }
                    td { (part::instant(row.changed_at)) }
                } } }
            } }
            (part::pager(found, url::CASES, &pairs, PAGE_ROWS.unsigned_abs()))
        }
    }
}

/// Cases where it is the person's turn, for the inbox.
pub(crate) fn waiting(found: &Page<Listed>, today: NaiveDate) -> Markup {
    html! {
        section.stack {
            div.table-head {
                h2 { "事项" }
                span.count { (part::count(found.total)) }
                a.row-end href=(url::with_query(url::CASES, &[("turn", "mine")])) { "全部查看" }
            }
            ul.list { @for row in &found.rows { li {
                div.main {
                    a href=(url::case(row.id)) { (row.title) }
                    p.about { (row.kind) " · " (row.subject) }
                }
                (badge(row))
                @if let Some(due) = row.due_on {
                    @let (class, words) = left(due, today);
                    span class={ "due " (class) } { (words) }
                }
            } } }
        }
    }
}
