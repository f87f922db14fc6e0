//! The lists of a form on the entry page: a row per project or product, and some blank rows to go on with.

use std::collections::BTreeSet;

use maud::{Markup, html};
use youju_codes::Measure;
use youju_programme::{CellDef, Form, List, ListColumn};

use super::entry::{Marks, Shown, cell_box};
use crate::limits::SPARE_ROWS_MAX;
use crate::url;

/// A list with more columns is turned: its rows stand side by side, as on a sheet of its own for each project.
const COLUMNS_ACROSS_MAX: usize = 12;
/// So many blank rows follow the filled ones.
pub(crate) const SPARE_ROWS: u32 = 3;
/// So many more the link below a list gives.
const MORE_ROWS: u32 = 20;

/// Every list, with `spare` blank rows where it can be filled in.
pub(super) fn view(form: &Form, shown: &Shown, marks: &Marks, fills: bool, spare: u32) -> Markup {
    html! { @for list in &form.lists { (one(form, list, shown, marks, fills.then_some(spare))) } }
}

fn one(form: &Form, list: &List, shown: &Shown, marks: &Marks, spare: Option<u32>) -> Markup {
    let report = &shown.open.report;
    let filled = list.rows(&report.cells);
    let rows = numbers(&filled, list.rows_max, spare.unwrap_or(0));
    let fills = spare.is_some();
    let more = spare.unwrap_or(0) + MORE_ROWS;
    let is_full = rows.last().is_some_and(|last| *last >= list.rows_max);
    html! {
        section.list-part id={ "list-" (list.id) } aria-label=(list.heading) {
            div.table-head { h2 { (list.heading) } p.muted { "已填 " (filled.len()) " 行" @if fills { ",最多 " (list.rows_max) " 行。清空一行的各栏,这一行就不再上报。" } } }
            @if rows.is_empty() { p.muted { "没有填报。" } }
            @else if list.columns.len() > COLUMNS_ACROSS_MAX { (turned(list, &rows, shown, marks, fills)) }
            @else { (across(list, &rows, shown, marks, fills)) }
            @if fills && !is_full && spare.unwrap_or(0) >= SPARE_ROWS_MAX {
                p.muted { "一页最多 " (SPARE_ROWS_MAX) " 个空行。填完这些再打开本页,后面还有。" }
            } @else if fills && !is_full {
                p { a.button href={ (url::with_query(&url::report(report.id), &[("rows", &more.to_string())])) "#list-" (list.id) } { "再加 " (MORE_ROWS) " 行" } }
            }
            @if fills && is_full { p.muted { "已到最多行数。" (form.code) " 表还需要更多行时,请告诉统计机构。" } }
        }
    }
}

/// Numbers of the rows that are shown: the filled ones, and blank ones behind them.
fn numbers(filled: &BTreeSet<u32>, rows_max: u32, spare: u32) -> Vec<u32> {
    let last = filled.last().copied().unwrap_or(0);
    let blank = (last.saturating_add(1)..=rows_max).take(usize::try_from(spare).unwrap_or(usize::MAX));
    filled.iter().copied().chain(blank).collect()
}

fn across(list: &List, rows: &[u32], shown: &Shown, marks: &Marks, fills: bool) -> Markup {
    html! {
        div.table-box.whole { table.table.entry.listed {
            thead { tr {
                th { "行" }
                @for column in &list.columns { th.num[column_is_number(column)] title=(column.indicator.name) { (head(column)) } }
            } }
            tbody { @for number in rows { tr {
                th scope="row" { (number) }
                @for cell in cells(list, *number) { (cell_box(shown, &cell, marks, fills)) }
            } } }
        } }
    }
}

fn turned(list: &List, rows: &[u32], shown: &Shown, marks: &Marks, fills: bool) -> Markup {
    html! {
        div.table-box.whole { table.table.entry.listed {
            thead { tr {
                th { "指标" } th { "代码" } th { "计量单位" }
                @for number in rows { th.num scope="col" { "第 " (number) " 行" } }
            } }
            tbody { @for column in &list.columns { tr {
                th scope="row" class={ "indent-" (column.indicator.level) } { (column.indicator.name) (required(column)) }
                td { span.code { (column.indicator.code) } }
                td.ref { @if column.indicator.measure != Measure::None { (column.indicator.measure.label()) } }
                @for number in rows { @if let Some(cell) = list.cell(*number, &column.id) { (cell_box(shown, &cell, marks, fills)) } }
            } } }
        } }
    }
}

fn column_is_number(column: &ListColumn) -> bool {
    column.indicator.kind == youju_programme::Kind::Number
}

fn head(column: &ListColumn) -> Markup {
    let indicator = &column.indicator;
    html! {
        (indicator.label) (required(column))
        @if indicator.measure != Measure::None { " " span.unit { (indicator.measure.label()) } }
        @if indicator.code != indicator.label { " " span.code { (indicator.code) } }
    }
}

fn required(column: &ListColumn) -> Markup {
    html! { @if column.indicator.is_required { span.must title="必填" { "*" } } }
}

fn cells(list: &List, number: u32) -> impl Iterator<Item = CellDef> {
    list.columns.iter().filter_map(move |column| list.cell(number, &column.id))
}
