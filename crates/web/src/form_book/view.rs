//! Markup of what a workbook would change, and has changed.

use maud::{Markup, html};
use youju_app::form_book::{Changing, Mistake, Preview};
use youju_app::report::Open;
use youju_domain::Problem;
use youju_domain::id::ReportId;

use crate::limits::LISTED_MAX;
use crate::report::findings_summary;
use crate::ui::frame::Head;
use crate::ui::part;
use crate::url;

/// The file, on its way through the page.
pub(super) struct Kept<'a> {
    /// Its name.
    pub name: &'a str,
    /// The revision of the report that it was compared with.
    pub seen: i64,
    /// Its content.
    pub base64: &'a str,
}

/// What stands above every page about a workbook.
pub(super) fn head<'a>(open: &Open, title: &'a str) -> Head<'a> {
    Head {
        period: Some(open.report.period.cumulative_label()),
        crumbs: vec![
            (open.unit.name.clone(), Some(url::unit(open.unit.id))),
            (open.report.form.clone(), Some(url::report(open.report.id))),
            (title.to_owned(), None),
        ],
        ..Head::of(title)
    }
}

pub(super) fn upload(report: ReportId, wrong: Option<&Problem>) -> Markup {
    html! {
        @if let Some(problem) = wrong {
            div.notice.error role="alert" {
                strong { "文件没有导入。" }
                @if let Problem::BadFile { reasons } = problem { ul { @for reason in reasons { li { (reason) } } } }
                @else { p { (problem.says()) } }
                p { (problem.hint()) }
            }
        }
        form.narrow method="post" enctype="multipart/form-data" action=(url::report_act(report, "form-book/import")) {
            label.drop { span.drop-says { "选择或拖入从这份报表导出、填好的文件" } input type="file" name="file" accept=".xlsx,.xls,.et" required; }
            div.form-actions {
                button.button.primary type="submit" { "核对" }
                a.button href=(url::report_act(report, "form-book")) { "导出 Excel" }
                a.button href=(url::report(report)) { "返回报表" }
            }
        }
    }
}

/// What a workbook would change, and the buttons that decide.
pub(super) fn preview(report: ReportId, shown: &Preview, kept: &Kept<'_>) -> Markup {
    let wrong = shown.refused.len() + shown.conflicts.len();
    let changes = shown.changes.len();
    html! {
        div.figures {
            div { b { (changes) } span { "格将改动" } }
            div { b { (shown.refused.len()) } span { "处不能导入" } }
            div { b { (shown.conflicts.len()) } span { "处与报表里后来的改动冲突" } }
        }
        @if changes == 0 && wrong == 0 { p.notice.done role="status" { "文件里没有要导入的改动,报表里已经是这些数据。" } }
        @if wrong > 0 {
            p.notice.error role="alert" {
                strong { "有 " (shown.rows_left) " 行没有通过核对。" }
                "可以改好后重新导入" @if changes > 0 { ",也可以先导入其余没有问题的行" } "。"
            }
        }
        (remarks(shown))
        (decide(report, shown, kept, wrong))
        (list("不能导入的", &shown.refused))
        (list("导出以后报表里又改过的", &shown.conflicts))
        (changed(&shown.changes))
        (told(&shown.told))
    }
}

/// What does not stop anybody, and should be known.
fn remarks(shown: &Preview) -> Markup {
    html! {
        @if !shown.kept.is_empty() {
            details.more { summary { "报表里有 " (shown.kept.len()) " 格在导出以后改过,文件里与导出时一样,保留报表里的数" }
                ul { @for label in shown.kept.iter().take(LISTED_MAX) { li { (label) } } }
                p { "其中要改的,请在网页上改,或重新导出后再填。" }
                (rest(shown.kept.len()))
            }
        }
        @if shown.overtyped > 0 { p.notice.explain { "其中 " (shown.overtyped) " 格原来是生成或预填的数,请写明改动原因;原来的数会留在旁边备查。" } }
        @if !shown.changes.is_empty() { p { "导入后的审核:" (findings_summary(&shown.findings, shown.open.unit.may_explain)) } }
    }
}

fn decide(report: ReportId, shown: &Preview, kept: &Kept<'_>, wrong: usize) -> Markup {
    let changes = shown.changes.len();
    html! {
        form method="post" enctype="multipart/form-data" action=(url::report_act(report, "form-book/take")) {
            (fields(kept))
            @if shown.overtyped > 0 {
                div.field.narrow {
                    label for="reason" { "改动原因(用于这 " (shown.overtyped) " 格;各格原因不同的,可以导入后在格下分别写)" }
                    input #reason name="reason" maxlength="200";
                }
            }
            div.form-actions {
                @if changes > 0 && wrong == 0 { button.button.primary type="submit" name="mode" value="whole" { "导入 " (changes) " 格" } }
                @if changes > 0 && wrong > 0 { button.button.primary type="submit" name="mode" value="rows" { "只导入没有问题的行(" (changes) " 格)" } }
                (copy_button(report))
                a.button href=(url::report_act(report, "form-book/import")) { "换一个文件" }
                a.button href=(url::report(report)) { "不导入,返回报表" }
            }
        }
    }
}

fn fields(kept: &Kept<'_>) -> Markup {
    html! {
        input type="hidden" name="name" value=(kept.name);
        input type="hidden" name="seen" value=(kept.seen);
        input type="hidden" name="kept" value=(kept.base64);
    }
}

fn copy_button(report: ReportId) -> Markup {
    html! { button.button type="submit" formaction=(url::report_act(report, "form-book/copy")) data-download { "下载带批注的表" } }
}

/// What was taken, and what was not.
pub(super) fn taken(report: ReportId, taken: &Preview, kept: &Kept<'_>) -> Markup {
    html! {
        p.notice.done role="status" {
            strong { "已导入 " (taken.changes.len()) " 格。" }
            @if taken.rows_left > 0 { (taken.rows_left) " 行有问题,没有导入,原因如下。请在带批注的表里改好,再导入一次。" }
        }
        form method="post" enctype="multipart/form-data" action=(url::report_act(report, "form-book/copy")) {
            (fields(kept))
            div.form-actions {
                a.button.primary href=(url::report(report)) { "打开报表" }
                (copy_button(report))
            }
        }
        (list("没有导入的", &taken.refused))
        (list("导出以后报表里又改过的", &taken.conflicts))
        (told(&taken.told))
    }
}

fn list(heading: &str, mistakes: &[Mistake]) -> Markup {
    html! { @if !mistakes.is_empty() {
        section.stack {
            h2 { (heading) " " (part::count(mistakes.len() as u64)) " 处" }
            div.table-box tabindex="0" role="region" aria-label=(heading) { table.table {
                thead { tr { th { "位置" } th { "填报内容" } th { "问题和处理办法" } } }
                tbody { @for mistake in mistakes.iter().take(LISTED_MAX) { tr {
                    th scope="row" { (mistake.place) } td { (mistake.found) } td { (mistake.says) }
                } } }
            } }
            (rest(mistakes.len()))
        }
    } }
}

fn changed(changes: &[Changing]) -> Markup {
    html! { @if !changes.is_empty() {
        section.stack {
            h2 { "将改动 " (part::count(changes.len() as u64)) " 格" }
            div.table-box tabindex="0" role="region" aria-label="将改动的格" { table.table {
                thead { tr { th { "数据项" } th.num { "报表里现在" } th.num { "导入后" } } }
                tbody { @for change in changes.iter().take(LISTED_MAX) { tr {
                    th scope="row" { (change.label) } td.num { (change.was) } td.num { (change.value) }
                } } }
            } }
            (rest(changes.len()))
        }
    } }
}

fn told(told: &[String]) -> Markup {
    html! { @if !told.is_empty() {
        details.more { summary { "有 " (told.len()) " 处内容没有读取" }
            ul { @for one in told.iter().take(LISTED_MAX) { li { (one) } } }
            (rest(told.len()))
        }
    } }
}

/// How many are not listed.
fn rest(number: usize) -> Markup {
    html! { @if number > LISTED_MAX { p.small.muted { "列出前 " (LISTED_MAX) " 处,其余 " (number - LISTED_MAX) " 处见带批注的表。" } } }
}
