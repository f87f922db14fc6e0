//! A ledger as markup: rows to fill in, sums below, what it is kept from.

use maud::{Markup, html};
use youju_app::book::{Gathered, Opened};
use youju_codes::{Measure, format_number};
use youju_domain::book::Book;
use youju_domain::report::{Cell, Cells, value_of};
use youju_programme::{CellDef, Kind, Ledger, ListColumn};

use super::{At, MORE_ROWS, ROWS_SHOWN, Unsaved};
use crate::ui::part;
use crate::url;

/// The table below the head of the page.
pub(super) fn page(at: &At, opened: &Opened, unsaved: &Unsaved) -> Markup {
    let empty = Cells::default();
    let cells = opened.book.as_ref().map_or(&empty, |book| &book.cells);
    let rows = rows(at.ledger, cells, unsaved, opened.fills);
    let pages = rows.len().div_ceil(ROWS_SHOWN).max(1);
    let page = if unsaved.at_the_end { pages } else { at.page.min(pages) };
    let shown: Vec<u32> = rows.iter().copied().skip((page - 1) * ROWS_SHOWN).take(ROWS_SHOWN).collect();
    html! {
        @if opened.book.as_ref().is_some_and(|book| at.ledger.rows.rows(&book.cells).is_empty()) {
            p.notice.done { "已登记:本期没有发生。" }
        }
        @if let Some(problem) = &unsaved.wrong {
            div.notice.error role="alert" { strong { "没有保存。" } p { (problem.says()) } p { (problem.hint()) } }
        } @else if !unsaved.values.is_empty() {
            p.notice.todo role="status" { "已加空行,填写的内容还没有保存。" }
        }
        (kept_from(at, opened))
        @if opened.fills {
            form method="post" action=(to(at, opened, page)) autocomplete="off" {
                input type="hidden" name="was" value=(was(opened, unsaved));
                input type="hidden" name="spare" value=(unsaved.spare_rows);
                data-grid { (table(at.ledger, cells, &shown, Some(unsaved))) }
                div.form-actions {
                    button.button.primary type="submit" { "保存" }
                    @if rows.last().is_some_and(|last| *last < at.ledger.rows.rows_max) {
                        button.button type="submit" name="more" value="1" { "再加 " (MORE_ROWS) " 行" }
                    } @else { span.muted { "最多登记 " (at.ledger.rows.rows_max) " 行。" } }
                    @if opened.book.is_none() { button.button type="submit" name="none" value="1" { "本期没有发生" } }
                }
            }
        } @else if cells.is_empty() {
            (part::empty("本期还没有登记", "单位登记后会显示在这里。"))
        } @else { (table(at.ledger, cells, &shown, None)) }
        @if pages > 1 { (pager(at, opened, page, pages, rows.len())) }
        (versions(opened))
    }
}

/// The filled rows, those that somebody is filling, and some blank ones.
fn rows(ledger: &Ledger, cells: &Cells, unsaved: &Unsaved, fills: bool) -> Vec<u32> {
    let mut rows = ledger.rows.rows(cells);
    let typed = unsaved.values.iter().filter(|(_, value)| !value.trim().is_empty());
    rows.extend(typed.filter_map(|(cell, _)| cell.split('.').nth(1)?.parse::<u32>().ok()));
    if fills {
        let first = rows.last().copied().unwrap_or(0).saturating_add(1);
        let spare = usize::try_from(unsaved.spare_rows).unwrap_or(0);
        rows.extend((first..=ledger.rows.rows_max).take(spare));
    }
    rows.into_iter().collect()
}

fn kept_from(at: &At, opened: &Opened) -> Markup {
    let ledger = at.ledger;
    html! {
        details.more open[opened.book.is_none()] {
            summary { "登记依据和说明" }
            p { "原始记录:" (ledger.originals.join("、")) "。" }
            @if !ledger.note.is_empty() { p { (ledger.note) } }
            @for gather in &ledger.gathers {
                p { "可由“" (crate::ledger::kind_label(&gather.records)) "”归集:" (gather.note) }
            }
            @if !opened.records.is_empty() {
                p { "本期已导入:"
                    @for (kind, import) in &opened.records { a href=(url::records(*import)) { (kind.label()) } " " }
                }
            }
            p.small.muted { "栏目来源:" (ledger.provenance.label()) "。" }
        }
    }
}

fn table(ledger: &Ledger, cells: &Cells, rows: &[u32], unsaved: Option<&Unsaved>) -> Markup {
    html! {
        div.table-box.whole tabindex="0" role="region" aria-label=(ledger.name) { table.table.entry.listed {
            thead { tr { th { "行" } @for column in &ledger.rows.columns { (head(ledger, column)) } } }
            tbody { @for row in rows { tr {
                th scope="row" { (row) }
                @for column in &ledger.rows.columns {
                    @if let Some(cell) = ledger.rows.cell(*row, &column.id) { (cell_box(ledger, column, &cell, cells, unsaved)) }
                }
            } } }
            @if !ledger.rows.rows(cells).is_empty() { tfoot { (sums(ledger, cells)) } }
        } }
    }
}

fn head(ledger: &Ledger, column: &ListColumn) -> Markup {
    let indicator = &column.indicator;
    html! {
        th.num[indicator.kind == Kind::Number] title=(indicator.name) {
            (indicator.name)
            @if indicator.is_required { span.must title="必填" { "*" } }
            @if indicator.measure != Measure::None { " " span.unit { (indicator.measure.label()) } }
            @if let Some(formula) = ledger.formula(&column.id) { " " span.code title=(formula) { "算出" } }
        }
    }
}

fn cell_box(ledger: &Ledger, column: &ListColumn, cell: &CellDef, cells: &Cells, unsaved: Option<&Unsaved>) -> Markup {
    let stands = cells.get(&cell.id);
    let is_computed = ledger.is_computed(&column.id);
    let says = stands.and_then(|stands| stands.derivation.as_ref()).map(|derivation| derivation.sentence.as_str());
    html! {
        td.cell.num.locked[is_computed] title=[says] {
            @match unsaved.filter(|_| !is_computed) {
                Some(unsaved) => (field(cell, stands, unsaved)),
                None => span.figure { (cell.print(value_of(cells, &cell.id))) },
            }
            @if let Some(stands) = stands.filter(|stands| stands.derivation.is_some() && !is_computed) {
                span.cell-state { (state(stands)) }
            }
        }
    }
}

/// How a value came here, with the way to where it came from; the gathered value beside the one that was typed over it.
fn state(cell: &Cell) -> Markup {
    let origin = cell.derivation.as_ref();
    let records = origin.and_then(|origin| origin.record).map(|import| ("归集", url::records(import)));
    let book = origin.and_then(|origin| origin.books.first()).map(|book| ("结转", url::saved_book(*book)));
    html! {
        @match records.or(book) {
            Some((word, address)) => { a href=(address) title="看这个数从哪里来" { (word) } },
            None => "结转",
        }
        @if let Some(generated) = &cell.generated { " " (generated.print()) }
    }
}

fn field(cell: &CellDef, stands: Option<&Cell>, unsaved: &Unsaved) -> Markup {
    let id = cell.id.as_str();
    let stands = stands.map(|stands| stands.value.print()).unwrap_or_default();
    let value = unsaved.values.get(id).unwrap_or(&stands);
    html! {
        @if let Kind::Code(codes) = &cell.kind {
            select name=(id) data-cell=(id) aria-label=(cell.label) {
                option value="" {}
                @for (code, word) in codes { option value=(code) selected[code == value] { (code) " " (word) } }
            }
        } @else {
            input name=(id) data-cell=(id) value=(value) aria-label=(cell.label)
                class=[(!cell.is_number()).then_some("words")] inputmode=[cell.is_number().then_some("decimal")];
        }
    }
}

/// Sums over all rows, also those of other pages; only of what may be added up.
fn sums(ledger: &Ledger, cells: &Cells) -> Markup {
    html! {
        tr.sum {
            th scope="row" { "合计" }
            @for column in &ledger.rows.columns {
                td.num {
                    @if ledger.adds_up(column) {
                        @if let Some(sum) = ledger.sum(cells, &column.id) { (format_number(&sum)) }
                    }
                }
            }
        }
    }
}

/// The book that the fields are filled from.
fn was(opened: &Opened, unsaved: &Unsaved) -> String {
    let latest = opened.book.as_ref().map(|book| book.id);
    unsaved.was.clone().unwrap_or_else(|| latest.map(|id| id.to_string()).unwrap_or_default())
}

fn to(at: &At, opened: &Opened, page: usize) -> String {
    format!("{}&page={page}", url::book(at.unit, &at.ledger.id, opened.period))
}

fn pager(at: &At, opened: &Opened, page: usize, pages: usize, rows: usize) -> Markup {
    let to = |page: usize| to(at, opened, page);
    html! {
        nav.pager aria-label="翻页" {
            span { "共 " (rows) " 行,第 " (page) " 页,共 " (pages) " 页" }
            @if page > 1 { a.button rel="prev" href=(to(page - 1)) { "上一页" } }
            @if page < pages { a.button rel="next" href=(to(page + 1)) { "下一页" } }
            span.muted { "翻页前请先保存。" }
        }
    }
}

fn versions(opened: &Opened) -> Markup {
    html! {
        @if !opened.versions.is_empty() {
            section.stack {
                h2 { "保存记录" }
                ul.timeline { @for version in &opened.versions { li {
                    a href=(url::saved_book(version.id)) { (part::instant(version.at)) }
                    " " (version.by_name) ",登记 " (version.rows) " 行"
                } } }
            }
        }
    }
}

/// A ledger as it was saved at one time.
pub(super) fn saved(ledger: &Ledger, book: &Book) -> Markup {
    let rows: Vec<u32> = ledger.rows.rows(&book.cells).into_iter().collect();
    html! { (table(ledger, &book.cells, &rows, None)) }
}

/// Records that belong to no row (law 9).
pub(super) fn left_out(done: &Gathered, back: &str) -> Markup {
    html! {
        p.notice.done role="status" { "已归集和结转 " (done.cells) " 格。" }
        section.stack {
            h2 { "没有归集的原始记录" }
            ul.list { @for (kind, reason, records) in &done.left_out { li { div.main {
                strong { (kind.label()) "," (records) " 条" } p.about { (reason) "。" }
            } } } }
            p { "请改正原始记录后重新导入,或在台账中直接登记。" }
        }
        p { a.button.primary href=(back) { "打开台账核对" } }
    }
}
