//! Lists: chosen, looked at, and what came of them.

use maud::{Markup, html};
use youju_app::list::Page;
use youju_app::roster::{Looked, NAMED_MAX, Opened, Wanted};
use youju_codes::{AreaCode, area, format_number};
use youju_domain::roster::{Column, Coverage, DEPARTMENTS, Left, ORIGIN_CHARS_MAX, Roster, Row, Run, Taken};

use super::first;
use super::result::badge;
use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

fn place(code: &AreaCode) -> &str {
    area::name(code).unwrap_or(code.as_str())
}

pub(super) fn actions() -> Markup {
    html! {
        a.button.primary href=(url::ROSTER_TABLE) { "导入名单" }
        (part::post_button(url::ROSTER_DOUBLES, "名录库查重", "", None))
    }
}

pub(super) fn list(found: &Page<Roster>, doubles: &[Run], may_bring: bool) -> Markup {
    html! {
        p.hint { "达标的企业见" a href=(url::PROSPECTS) { "准四上单位" } "。" }
        @if found.total == 0 {
            (part::empty("还没有部门名单", if may_bring { "点“导入名单”,选择部门提供的文件。" } else { "县级统计机构导入以后,本乡镇的线索会列在这里。" }))
        } @else {
            div.table-head { (part::shown(found)) }
            div.table-box tabindex="0" role="region" aria-label="部门名单" { table.table {
                thead { tr { th { "名单" } th { "范围" } th { "来源说明" } th.num { "已收" } th.num { "未收" } th { "导入时间" } th { "状态" } } }
                tbody { @for one in &found.rows { tr {
                    th scope="row" { a href=(url::roster(one.id)) { (one.department) "名单" } }
                    td { (place(&one.area)) }
                    td.wrap { (one.origin) }
                    td.num { (part::count(one.rows)) }
                    td.num { @if one.left > 0 { (part::count(one.left)) } }
                    td { (part::instant(one.at)) }
                    td { (whole(one)) }
                } } }
            } }
            (part::pager(found, url::ROSTERS, &[], PAGE_ROWS.unsigned_abs()))
        }
        section.stack {
            h2 { "名录库查重" }
            @if doubles.is_empty() { (part::empty("还没有查过", "查重把本辖区的名录库与它自己比对,找出跨县、跨专业重复的单位。")) }
            @else { (runs(doubles)) }
        }
    }
}

fn whole(roster: &Roster) -> Markup {
    html! { @if roster.is_whole() { span.badge.done { "已收完" } } @else { span.badge.explain { "没有收完" } } }
}

fn runs(runs: &[Run]) -> Markup {
    html! { ul.list { @for run in runs { li {
        div.main {
            a href=(url::roster_run(run.id, "")) { (part::instant(run.at)) " 的比对" }
            p.about {
                (place(&run.area)) " · 名录库 " (part::count(run.report.units)) " 家"
                @if run.report.rows > 0 { " · 名单 " (part::count(run.report.rows)) " 行" }
                @if !run.says.is_empty() { " · " (run.says) }
            }
        }
        (badge(run.state))
    } } } }
}

pub(super) fn form(into: Option<&Roster>, area: &AreaCode) -> Markup {
    html! { form.narrow method="post" enctype="multipart/form-data" action=(url::ROSTER_TABLE) {
        @if let Some(into) = into {
            input type="hidden" name="into" value=(into.id);
            p.notice { "补送到 " (part::instant(into.at)) " 导入的" (into.department) "名单。已收的行会自动跳过;改正后的行带着“原行号”,会顶替原来没有收的那一行。" }
        } @else {
            div.field { label for="department" { "部门" } select #department name="department" required {
                @for one in DEPARTMENTS { option { (one) } }
            } }
            div.field { label for="area" { "名单的范围(区划代码)" } input #area name="area" value=(area.prefix()) inputmode="numeric" autocomplete="off"; }
            fieldset.field { legend { "完整程度" }
                @for one in Coverage::ALL { label.choice { input type="radio" name="coverage" value=(one.key()) checked[one == Coverage::Part]; span { (one.label()) } } }
            }
            div.field { label for="origin" { "来源说明" } input #origin name="origin" required maxlength=(ORIGIN_CHARS_MAX) placeholder="如 市市场监管局 2026 年 4 月 10 日提供" autocomplete="off"; }
        }
        label.drop { span.drop-says { "选择或拖入名单文件" } input type="file" name="file" accept=".xlsx,.xls,.et,.csv,.txt,.gz" required; }
        p.hint { "网页一次收 8 MB 以内的文件。更大的名单请管理员在服务器上用 youju roster import 导入。法定代表人等个人姓名不读取、不保存。" }
        div.form-actions { button.button.primary type="submit" { "核对" } a.button href=(into.map_or_else(|| url::ROSTERS.to_owned(), |into| url::roster(into.id))) { "返回" } }
    } }
}

pub(super) fn looked(wanted: &Wanted, kept: &str, file: &Opened, looked: &Looked) -> Markup {
    let tells_units = file.mapping.values().any(|column| *column == Column::Name);
    html! {
        @if !tells_units { p.notice.error { strong { "没有找到单位名称这一列。" } "请在下面指定哪一列是单位名称,再重新核对。" } }
        form method="post" enctype="multipart/form-data" action=(url::ROSTER_TABLE) {
            (carried(wanted, kept, file))
            (columns(file))
            div.form-actions {
                button.button.primary[!tells_units] type="submit" { "按改过的列重新核对" }
                @if !tells_units { a.button href=(url::ROSTER_TABLE) { "换一个文件" } }
            }
        }
        @if tells_units {
        form.bulk method="post" enctype="multipart/form-data" action=(url::ROSTER_TAKE) {
            (carried(wanted, kept, file))
            @for (place, column) in &file.mapping { input type="hidden" name={ "c" (place) } value=(column.key()); }
            span { "共 " (part::count(looked.rows + looked.left)) " 行:可收 " (part::count(looked.rows)) " 行(其中有提示的 " (part::count(looked.remarked)) " 行),不能收 " (part::count(looked.left)) " 行。" }
            @if looked.rows > 0 { button.button.primary type="submit" { "导入 " (part::count(looked.rows)) " 行" } }
            a.button href=(url::ROSTER_TABLE) { "换一个文件" }
        }
        (told(looked))
        (samples(&looked.first))
        }
    }
}

fn carried(wanted: &Wanted, kept: &str, file: &Opened) -> Markup {
    let into = wanted.into.map(|id| id.to_string()).unwrap_or_default();
    html! {
        input type="hidden" name="department" value=(wanted.department);
        input type="hidden" name="area" value=(wanted.area.prefix());
        input type="hidden" name="coverage" value=(wanted.coverage.key());
        input type="hidden" name="origin" value=(wanted.origin);
        input type="hidden" name="into" value=(into);
        input type="hidden" name="name" value=(file.name);
        input type="hidden" name="kept" value=(kept);
    }
}

/// How the columns were understood; somebody may say otherwise.
fn columns(file: &Opened) -> Markup {
    html! { section.stack {
        h2 { "列的对应" }
        div.table-box tabindex="0" role="region" aria-label="列的对应" { table.table {
            caption { "文件“" (file.name) "”。没有对应的列不读取、不保存" }
            thead { tr { th { "文件中的列" } th { "对应" } } }
            tbody { @for (place, heading) in file.headings.iter().enumerate() { tr {
                th scope="row" { label for={ "column-" (place) } { (heading) } }
                td { select id={ "column-" (place) } name={ "c" (place) } {
                    option value="" { "不读取" }
                    @for column in Column::ALL { option value=(column.key()) selected[file.mapping.get(&place) == Some(&column)] { (column.label()) } }
                } }
            } } }
        } }
        @if file.mapping.values().any(|column| *column == Column::Revenue) { p.hint { "营业收入的计量单位:" (file.measure()) "(以表头括号中写的为准,没有写的按元)。" } }
    } }
}

/// Rows that cannot go in, and rows with something to be told.
fn told(looked: &Looked) -> Markup {
    let all = looked.left + looked.remarked;
    let page = first(looked.told.iter().collect::<Vec<_>>(), all);
    html! { @if all > 0 { section.stack {
        h2 { "不能收的行和提示" }
        div.table-head { (part::shown(&page)) }
        div.table-box tabindex="0" role="region" aria-label="不能收的行和提示" { table.table {
            thead { tr { th.num { "行" } th { "名称" } th { "结果" } th { "原因" } } }
            tbody { @for (line, name, what, is_left) in &looked.told { tr {
                td.num { (line) }
                td.wrap { (name) }
                td { @if *is_left { span.badge.error { "不能收" } } @else { span.badge.explain { "可收" } } }
                td.wrap { (what) }
            } } }
        } }
        @if all > u64::try_from(NAMED_MAX).unwrap_or(u64::MAX) { p.hint { "这里只列前 " (NAMED_MAX) " 行;导入后,不能收的行都可以导出,一行不少。" } }
    } } }
}

fn samples(rows: &[(i64, Taken)]) -> Markup {
    html! { @if !rows.is_empty() { section.stack {
        h2 { "前 " (rows.len()) " 行读成这样" }
        div.table-box tabindex="0" role="region" aria-label="前几行" { table.table {
            thead { tr { th.num { "行" } th { "代码" } th { "名称" } th { "地址" } th { "电话" } th { "行业" } th { "成立日期" } th { "状态" } th.num { "营业收入(元)" } } }
            tbody { @for (line, taken) in rows { tr {
                td.num { (line) } td { span.code { (taken.code) } } td.wrap { (taken.name) } td.wrap { (taken.town) (taken.address) } td { (taken.phone) }
                td { (taken.industry) } td { (taken.opened) } td { (taken.standing.label()) }
                td.num { @if let Some(revenue) = &taken.revenue { (format_number(revenue)) } }
            } } }
        } }
    } } }
}

pub(super) fn one_actions(roster: &Roster) -> Markup {
    html! {
        @if roster.is_whole() { (part::post_button(&url::roster_runs(roster.id), "与名录库比对", "primary", None)) }
        a.button href=(url::roster_more(roster.id)) { "补送" }
        @if roster.left > 0 { a.button href=(url::roster_left(roster.id)) { "导出未收的行" } }
    }
}

pub(super) fn one(
    roster: &Roster,
    runs_of: &[Run],
    rows: Option<&(Page<Left>, Page<Row>)>,
    (left_at, told_at): (i64, i64),
) -> Markup {
    html! {
        dl.facts.wide.card {
            div { dt { "范围" } dd { (place(&roster.area)) } }
            div { dt { "完整程度" } dd { (roster.coverage.label()) } }
            div { dt { "来源说明" } dd { (roster.origin) } }
            div { dt { "文件" } dd { (roster.file_name) } }
            div { dt { "已收" } dd { (part::count(roster.rows)) " 行" } }
            div { dt { "未收" } dd { (part::count(roster.left)) " 行" } }
            div { dt { "导入时间" } dd { (part::instant(roster.at)) } }
            div { dt { "状态" } dd { (whole(roster)) } }
            @if roster.is_whole() { div { dt { "SHA-256" } dd { span.code { (roster.file_hash) } } } }
        }
        @if !roster.is_whole() { p.notice.explain { "导入中断过,名单没有收完。请点“补送”,把同一个文件再送一次,已收的行会自动跳过。" } }
        section.stack {
            h2 { "比对" }
            @if runs_of.is_empty() { (part::empty("还没有比对", "点“与名录库比对”。比对在后台进行,可以离开这一页。")) } @else { (runs(runs_of)) }
        }
        @if let Some((left, remarked)) = rows { (left_rows(roster, left, told_at)) (remarked_rows(roster, remarked, left_at)) }
    }
}

fn left_rows(roster: &Roster, left: &Page<Left>, told_at: i64) -> Markup {
    let value = |row: &Left, wanted: Column| {
        row.values.iter().find(|(column, _)| *column == wanted).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    html! { @if left.total > 0 { section.stack {
        h2 { "未收的行" }
        p.hint { "导出后在表里改正,保留“原行号”一列,再点“补送”送回来;改对的收下,没改对的留着。" }
        div.table-head { (part::shown(left)) }
        div.table-box tabindex="0" role="region" aria-label="未收的行" { table.table {
            thead { tr { th.num { "行" } th { "代码" } th { "名称" } th { "原因" } } }
            tbody { @for row in &left.rows { tr {
                td.num { (row.line) } td { span.code { (value(row, Column::Code)) } } td.wrap { (value(row, Column::Name)) } td.wrap { (row.reason) }
            } } }
        } }
        (part::pager(left, &url::roster(roster.id), &[("told", &beside(told_at))], PAGE_ROWS.unsigned_abs()))
    } } }
}

/// The page of the other table, which stays where it is; nothing for its first.
fn beside(page: i64) -> String {
    if page > 1 { page.to_string() } else { String::new() }
}

fn remarked_rows(roster: &Roster, rows: &Page<Row>, left_at: i64) -> Markup {
    html! { @if rows.total > 0 { section.stack {
        h2 { "已收而有提示的行" }
        div.table-head { (part::shown(rows)) }
        div.table-box tabindex="0" role="region" aria-label="已收而有提示的行" { table.table {
            thead { tr { th.num { "行" } th { "代码" } th { "名称" } th { "提示" } } }
            tbody { @for row in &rows.rows { tr {
                td.num { (row.line) } td { span.code { (row.taken.code) } } td.wrap { (row.taken.name) } td.wrap { (row.taken.remarks.concat()) }
            } } }
        } }
        (part::pager_named(rows, "told", &url::roster(roster.id), &[("page", &beside(left_at))], PAGE_ROWS.unsigned_abs()))
    } } }
}
