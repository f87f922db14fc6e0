//! Department figures as markup: what was imported, what a table would do, and figures beside each other.

use maud::{Markup, html};
use rust_decimal::Decimal;
use youju_app::list::{Page, PageRequest};
use youju_app::outside::{Imported, Line, Looked, OfWindow, Standing, Table, Wanted, key};
use youju_codes::{Measure, format_number};
use youju_domain::id::WindowId;
use youju_domain::outside::{Against, Fate, Handed, Import, Item, Left, ORIGIN_CHARS_MAX, Verdict};

use crate::limits::{LISTED_MAX, PAGE_ROWS};
use crate::ui::part;
use crate::url;

/// Missing is empty, zero is 0.
fn printed(value: Option<Decimal>) -> String {
    value.map(|value| format_number(&value.normalize())).unwrap_or_default()
}

fn verdict(verdict: Verdict) -> Markup {
    let class = match verdict {
        Verdict::Beyond => "badge explain",
        Verdict::Within => "badge done",
        _ => "badge",
    };
    html! { span class=(class) { (verdict.label()) } }
}

fn measure_in(measure: Measure) -> Markup {
    html! { @if measure != Measure::None { " " span.unit { (measure) } } }
}

/// Where the rule of a comparison comes from, and why the two may differ.
fn ground(item: &Item, against: &Against) -> Markup {
    let said = |is_inferred: bool, sources: &[String]| match (is_inferred, sources.is_empty()) {
        (false, _) => format!("依据:{}", sources.join("、")),
        (true, true) => "没有文件规定,为推定".to_owned(),
        (true, false) => format!("推定,参考:{}", sources.join("、")),
    };
    html! {
        p.hint { (against.tolerance()) "(" (said(against.is_inferred, &against.sources)) ")。" (against.note) }
        p.hint { (item.department) " " (item.name) "(" (said(item.is_inferred, &item.sources)) "):" (item.note) }
    }
}

pub(super) fn import_button() -> Markup {
    html! { a.button.primary href=(url::OUTSIDE_TABLE) { "导入部门数据" } }
}

pub(super) fn list(found: &Page<Imported>, items: &[Item]) -> Markup {
    html! {
        @if found.total == 0 { (part::empty("还没有部门数据", "部门提供表格以后,点“导入部门数据”。各窗口的“部门数据对照”随即可用。")) }
        @else {
            div.table-head { (part::shown(found)) }
            div.table-box tabindex="0" role="region" aria-label="部门数据导入" { table.table {
                caption { "导入的部门数据,新的在前;同一项、同一期后导入的替代先导入的,先导入的保留备查" }
                thead { tr { th { "数据" } th { "部门" } th { "期" } th { "范围" } th { "来源说明" } th { "文件" } th.num { "本辖区单位" } th.num { "没有导入的行" } th { "导入" } th { "情形" } } }
                tbody { @for one in &found.rows { (row(one)) } }
            } }
            (part::pager(found, url::OUTSIDE, &[], PAGE_ROWS.unsigned_abs()))
        }
        @if !items.is_empty() { details.more {
            summary { "能对照的数据 " (items.len()) " 项" }
            ul { @for item in items { li {
                strong { (item.department) " " (item.name) } "(" (item.measure) "):"
                (item.against.iter().map(|against| format!("{} {}", against.form, against.cell)).collect::<Vec<_>>().join("、"))
            } } }
        } }
    }
}

fn row(one: &Imported) -> Markup {
    let import = &one.listed.import;
    let (name, department, period) = match &one.item {
        Some(item) => (item.name.as_str(), item.department.as_str(), item.span.say(import.period)),
        None => (import.item.as_str(), "", import.period.label()),
    };
    html! { tr {
        th scope="row" { a href=(url::outside_import(import.id)) { (name) } }
        td { (department) }
        td { (period) }
        td { (area(import)) }
        td.wrap { (import.origin) }
        td.wrap { (import.file_name) }
        td.num { (part::count(one.listed.figures)) }
        td.num { @if import.left > 0 { (part::count(import.left)) } }
        td { (one.listed.by_name) " " (part::instant(import.at)) }
        td { @if one.counts { span.badge.done { "现行" } } @else { span.badge { "已被替代" } } }
    } }
}

fn area(import: &Import) -> &str {
    youju_codes::area::name(&import.area).unwrap_or(import.area.as_str())
}

pub(super) fn import(import: &Import, item: Option<&Item>, left: &Page<Left>) -> Markup {
    let period = item.map_or_else(|| import.period.label(), |item| item.span.say(import.period));
    html! {
        dl.facts.wide.card {
            div { dt { "期" } dd { (period) } }
            div { dt { "范围" } dd { (area(import)) } }
            div { dt { "计量单位" } dd { (import.measure) } }
            div { dt { "来源说明" } dd { (import.origin) } }
            div { dt { "文件" } dd { (import.file_name) } }
            div { dt { "SHA-256" } dd { span.code { (import.file_hash) } } }
            div { dt { "导入时间" } dd { (part::instant(import.at)) } }
        }
        section.stack {
            h2 { "没有导入的行" }
            @if left.total == 0 { (part::empty("没有", "表里每一行都已导入。")) }
            @else {
                div.table-head { (part::shown(left)) }
                div.table-box tabindex="0" role="region" aria-label="没有导入的行" { table.table {
                    caption { "只记行号、代码和原因,不保留数值" }
                    thead { tr { th.num { "行" } th { "统一社会信用代码" } th { "原因" } } }
                    tbody { @for one in &left.rows { tr { td.num { (one.row) } td { span.code { (one.usci) } } td.wrap { (one.reason) } } } }
                } }
                (part::pager(left, &url::outside_import(import.id), &[], PAGE_ROWS.unsigned_abs()))
            }
        }
    }
}

pub(super) fn form(items: &[Item]) -> Markup {
    html! {
        @if items.is_empty() { (part::empty("没有能对照的部门数据", "现行制度没有声明部门数据(outside.toml)。")) }
        @else {
            form.narrow method="post" enctype="multipart/form-data" action=(url::OUTSIDE_TABLE) {
                div.field { label for="item" { "数据" } select #item name="item" required {
                    @for item in items { option value=(item.id) { (item.department) " · " (item.name) "(" (item.measure) ")" } }
                } }
                div.field { label for="period" { "报告期(表里有报告期列的可以不填)" } input #period name="period" placeholder="2026-03" autocomplete="off"; }
                div.field { label for="origin" { "来源说明" } input #origin name="origin" required maxlength=(ORIGIN_CHARS_MAX) placeholder="如 市税务局 2026 年 4 月 10 日提供" autocomplete="off"; }
                label.drop { span.drop-says { "选择或拖入部门提供的表格" } input type="file" name="file" accept=".xlsx,.xls,.et,.csv" required; }
                p.hint { "计量单位以表头括号或表上方写的为准,没有写的按选项中的。不要导入含有个人姓名、身份证号的名册。" }
                div.form-actions { button.button.primary type="submit" { "核对" } a.button href=(url::OUTSIDE) { "返回" } }
            }
        }
    }
}

/// What travels from the look to the confirmation.
pub(super) struct Kept<'a> {
    pub wanted: &'a Wanted,
    pub content: String,
}

pub(super) fn looked(kept: &Kept<'_>, table: &Table, looked: &Looked) -> Markup {
    let (taken, left, wrong) = looked.counts();
    html! {
        (recognised(table, looked))
        form.bulk method="post" enctype="multipart/form-data" action=(url::OUTSIDE_TAKE) {
            input type="hidden" name="item" value=(kept.wanted.item);
            input type="hidden" name="period" value=(kept.wanted.period);
            input type="hidden" name="origin" value=(kept.wanted.origin);
            input type="hidden" name="name" value=(table.file_name);
            input type="hidden" name="shown" value=(taken);
            input type="hidden" name="kept" value=(kept.content);
            span { "共 " (table.rows.len()) " 行:" (taken) " 行可以导入," (left) " 行不导入," (wrong) " 行有错。" }
            @if wrong == 0 && taken > 0 { button.button.primary type="submit" { "导入 " (taken) " 家单位的数据" } }
            a.button href=(url::OUTSIDE_TABLE) { "换一个文件" }
        }
        @if wrong > 0 { p.notice.error { strong { "有 " (wrong) " 行有错,整表不能导入。" } "请改正后重新选择文件。" } }
        @if wrong == 0 && taken == 0 { p.notice.explain { "没有一行是本辖区名录库中的单位。请核对统一社会信用代码那一列。" } }
        (rows("有错的行", looked, |fate| matches!(fate, Fate::Wrong(_))))
        (rows("不导入的行", looked, |fate| matches!(fate, Fate::Left(_))))
        (rows("可以导入的行", looked, |fate| matches!(fate, Fate::Taken { .. })))
    }
}

/// How the file was understood.
fn recognised(table: &Table, looked: &Looked) -> Markup {
    html! {
        dl.facts.wide.card {
            div { dt { "数据" } dd { (table.item.department) " " (table.item.name) } }
            div { dt { "期" } dd { @if let Some(period) = table.period { (table.item.span.say(period)) } @else { "按每行的报告期" } } }
            div { dt { "文件" } dd { (table.file_name) ",工作表“" (table.sheet) "”" } }
            div { dt { "计量单位" } dd { (table.measure) @if table.measure_is_written { "(表里写明)" } @else { "(表里没有写,按数据项的)" } } }
            @for (meant, column) in &table.recognised { div { dt { (meant) } dd { "“" (column) "”列" } } }
            @if !table.unused.is_empty() { div { dt { "没有用到的列" } dd { (table.unused.join("、")) } } }
            div { dt { "SHA-256" } dd { span.code { (table.file_hash) } } }
        }
        @for earlier in &looked.replaces { p.notice.explain {
            (table.item.span.say(earlier.period)) " 已有 " (area(earlier)) " 于 " (part::instant(earlier.at)) " 导入的“" (earlier.file_name) "”;导入后本辖区单位以这一次的为准,原来的保留备查。"
        } }
    }
}

/// The first rows of a kind in full, the others by number: nothing is dropped silently.
fn rows(title: &str, looked: &Looked, is: fn(&Fate) -> bool) -> Markup {
    let found: Vec<&(Handed, Fate)> = looked.rows.iter().filter(|(_, fate)| is(fate)).collect();
    let (first, rest) = found.split_at(found.len().min(LISTED_MAX));
    let rest: Vec<u32> = rest.iter().map(|(row, _)| row.row).collect();
    html! { @if !found.is_empty() { section.stack {
        h2 { (title) " " (found.len()) " 行" }
        div.table-box tabindex="0" role="region" aria-label=(title) { table.table {
            thead { tr { th.num { "行" } th { "统一社会信用代码" } th { "表里的名称" } th { "名录库名称" } th { "期" } th.num { "数值" } th { "核对" } } }
            tbody { @for (row, fate) in first { (looked_row(row, fate)) } }
        } }
        @if !rest.is_empty() { p.hint { "另有 " (rest.len()) " 行没有逐行列出:第 " (spans(&rest)) " 行。" } }
    } } }
}

fn looked_row(row: &Handed, fate: &Fate) -> Markup {
    html! { tr {
        td.num { (row.row) }
        td { span.code { (row.usci) } }
        td.wrap { (row.name) }
        @match fate {
            Fate::Taken { name, period, value, .. } => {
                td.wrap { (name) } td { (period.label()) } td.num { (format_number(value)) }
                td { @if row.name.is_empty() || row.name == *name { span.badge.done { "可以" } } @else { span.badge.explain { "名称不同" } } }
            }
            Fate::Left(reason) => { td {} td {} td {} td.wrap { span.badge { "不导入" } " " (reason) } }
            Fate::Wrong(reason) => { td {} td {} td {} td.wrap { span.badge.error { "有错" } " " (reason) } }
        }
    } }
}

/// Row numbers in order, neighbours together: `3、5–9`.
fn spans(rows: &[u32]) -> String {
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match spans.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*row) => *last = *row,
            _ => spans.push((*row, *row)),
        }
    }
    let one = |(first, last): &(u32, u32)| if first == last { first.to_string() } else { format!("{first}–{last}") };
    spans.iter().map(one).collect::<Vec<_>>().join("、")
}

/// 台账与部门数据对照: on the office's view of a report.
pub(crate) fn beside(lines: &[Line]) -> Markup {
    html! { @if !lines.is_empty() { section.stack #outside {
        h2 { "台账与部门数据对照" }
        div.table-box tabindex="0" role="region" aria-label="台账与部门数据对照" { table.table {
            caption { "都按报表的计量单位。差异是填报数减部门数,只是核实的线索;单位看不到这张表" }
            thead { tr {
                th { "指标" } th.num { "本期填报" } th.num { "上期" } th.num { "上年同期" } th.num { "台账" }
                th { "部门数据" } th.num { "部门数" } th.num { "差异" } th { "结果" }
            } }
            tbody { @for line in lines { tr {
                th scope="row" { (line.label) (measure_in(line.measure)) }
                td.num { (printed(line.compared.reported)) }
                td.num { (printed(line.previous)) }
                td.num { (printed(line.last_year)) }
                td.num { (printed(line.ledger)) }
                td.wrap { (line.item.department) ":" (line.item.name) }
                td.num { (printed(line.compared.outside)) }
                td.num { (printed(line.compared.difference)) }
                td { (verdict(line.compared.verdict)) }
            } } }
        } }
        details.more { summary { "容许范围和来源" } @for line in lines {
            h3 { (line.label) ":" (line.item.name) }
            (ground(&line.item, &line.against))
            p.hint { @match &line.import {
                Some(import) => { (import.origin) ",“" (import.file_name) "”," (area(import)) " " (part::instant(import.at)) " 导入。" }
                None => { "本期还没有导入。" }
            } }
        } }
    } } }
}

pub(super) fn window_actions(window: WindowId, choice: &(Item, Against)) -> Markup {
    html! {
        a.button href=(url::window_outside_csv(window, &key(choice))) { "导出 CSV" }
        a.button href=(url::OUTSIDE) { "部门数据" }
    }
}

/// The units of a window, the largest difference first.
pub(super) fn of_window(found: &OfWindow, asked: PageRequest) -> Markup {
    let Some(choice) = found.choice() else {
        return part::empty("这张表没有部门数据可以对照", "能对照的数据和报表见“部门数据”页。");
    };
    let address = url::window_outside(found.window.id, "");
    let units = Page::cut(found.units.iter(), asked);
    let of = key(choice);
    html! {
        form.filters action=(address) {
            div.field { label for="of" { "对照" } select #of name="of" {
                @for other in &found.choices { option value=(key(other)) selected[key(other) == of] { (other.1.cell) " 与 " (other.0.department) ":" (other.0.name) } }
            } }
            button.button type="submit" { "查看" }
        }
        div.figures { @for one in Verdict::ALL { div { b { (found.number(one)) } span { (one.label()) } } } }
        (ground(&choice.0, &choice.1))
        @if units.total == 0 { (part::empty("这里没有单位", "窗口里没有本辖区的报表。")) }
        @else {
            div.table-head { (part::shown(&units)) }
            (units_table(found, choice, &units))
            (part::pager(&units, &address, &[("of", &of)], PAGE_ROWS.unsigned_abs()))
        }
    }
}

fn units_table(found: &OfWindow, (item, _): &(Item, Against), units: &Page<&Standing>) -> Markup {
    let (label, measure) = &found.cell;
    html! {
        div.table-box tabindex="0" role="region" aria-label="部门数据对照" { table.table {
            caption { (label) "与" (item.department) (item.name) ",单位:" (measure) ",差异大的在前" }
            thead { tr { th { "单位" } th { "所在地" } th { "状态" } th.num { "填报数" } th.num { "部门数" } th.num { "差异" } th { "结果" } } }
            tbody { @for unit in &units.rows { tr {
                th scope="row" { a href=(url::report(unit.report.id)) { (unit.report.unit_name) } }
                td { (youju_codes::area::name(&unit.report.area).unwrap_or(unit.report.area.as_str())) }
                td { (part::state(unit.report.state)) }
                td.num { (printed(unit.compared.reported)) }
                td.num { (printed(unit.compared.outside)) }
                td.num { (printed(unit.compared.difference)) }
                td { (verdict(unit.compared.verdict)) }
            } } }
        } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_not_listed_are_told_by_number() {
        assert_eq!(spans(&[3]), "3");
        assert_eq!(spans(&[3, 5, 6, 7, 9]), "3、5–7、9");
        assert_eq!(spans(&[u32::MAX - 1, u32::MAX, u32::MAX]), "4294967294–4294967295、4294967295");
    }
}
