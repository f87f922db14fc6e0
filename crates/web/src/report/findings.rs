//! Findings beside the report: each with its figures and the ways out.

use maud::{Markup, html};
use youju_domain::finding::{Answered, Outcome, Standing};
use youju_domain::id::ReportId;
use youju_programme::Form;

use crate::ui::part;
use crate::url;

/// The list of findings; the page replaces it after every save. What wants something stands first; checks that could
/// not be tested for want of a figure are folded away.
pub(crate) fn list(
    report: ReportId,
    form: &Form,
    findings: &[Answered],
    may_explain: bool,
    is_editable: bool,
) -> Markup {
    let mut sorted: Vec<(Standing, &Answered)> = findings.iter().map(|f| (f.standing(may_explain), f)).collect();
    sorted.sort_by_key(|(standing, _)| order(*standing));
    let (untested, said): (Vec<_>, Vec<_>) =
        sorted.into_iter().partition(|(_, answered)| answered.finding.outcome == Outcome::NotTestable);
    html! {
        div #findings {
            @if said.is_empty() { p.notice.done { "审核通过,没有需要处理的问题。" } }
            @else { ol.findings { @for (standing, answered) in &said { (one(report, form, *standing, answered, is_editable)) } } }
            @if !untested.is_empty() {
                details.more #untested {
                    summary { "缺少数据、不能检验的审核 " (untested.len()) " 条" }
                    ol.findings { @for (standing, answered) in &untested { (one(report, form, *standing, answered, is_editable)) } }
                }
            }
        }
    }
}

fn order(standing: Standing) -> u8 {
    match standing {
        Standing::MustMend => 0,
        Standing::MustExplain => 1,
        Standing::Explained => 2,
        Standing::Told => 3,
    }
}

fn one(report: ReportId, form: &Form, standing: Standing, answered: &Answered, is_editable: bool) -> Markup {
    let finding = &answered.finding;
    let key = finding.key();
    let field = format!("explain-{key}");
    let may_write = is_editable && matches!(standing, Standing::MustExplain | Standing::Explained);
    html! {
        li class=(part::standing_class(standing)) id={ "finding-" (key) } {
            span.word { (part::standing_word(standing)) } " " (part::severity(finding.severity)) " " span.code { (finding.check) } @if let Some(row) = &finding.row { " " span.tag { (row_name(form, row)) } }
            p.says { (finding.message) }
            p.figures-in { (finding.sentence) }
            @if let Some(explanation) = &answered.explanation { p.figures-in { "说明:" (explanation.text) } }
            div.ways {
                @for cell in &finding.cells {
                    @if let Some(cell) = form.cell_by_text(cell.as_str()) { a href={ "#cell-" (cell.id) } { (if is_editable { "改" } else { "看" }) "“" (cell.label) "”" } }
                }
            }
            @if may_write {
                form method="post" action=(url::report_act(report, "explain")) data-waits-for-save {
                    input type="hidden" name="check" value=(key);
                    label.vh for=(field) { (key) " 的说明" }
                    textarea id=(field) name="text" placeholder="写明具体原因,不少于 6 个字" required minlength="6" maxlength="1000" {}
                    button.button.small type="submit" { "保存说明" }
                }
            }
        }
    }
}

/// `p.3` in words: 研发项目第 3 行.
fn row_name(form: &Form, row: &str) -> String {
    let parts = row.split_once('.').and_then(|(list, number)| Some((form.list(list)?, number)));
    parts.map_or_else(|| row.to_owned(), |(list, number)| format!("{}第 {number} 行", list.heading))
}

/// The one line above the table: what is still to be done.
pub(crate) fn summary(findings: &[Answered], may_explain: bool) -> Markup {
    let number = |wanted: Standing| findings.iter().filter(|f| f.standing(may_explain) == wanted).count();
    let (mend, explain, explained) =
        (number(Standing::MustMend), number(Standing::MustExplain), number(Standing::Explained));
    html! {
        span #report-summary {
            @if mend + explain == 0 { span.badge.done { "审核通过" } }
            @if mend > 0 { span.badge.error { (mend) " 条须改数" } " " }
            @if explain > 0 { span.badge.explain { (explain) " 条须说明" } " " }
            @if explained > 0 { span.muted { "已说明 " (explained) " 条" } }
        }
    }
}

/// Cells of one finding that all bear its words.
const CELLS_MARKED_MAX: usize = 4;

/// Verdicts by cell: `(cell, level, words)`; levels as the entry grid knows them.
pub(crate) fn marks(findings: &[Answered], may_explain: bool) -> Vec<(String, &'static str, String)> {
    let mut marks = Vec::new();
    for answered in findings {
        let level = match answered.standing(may_explain) {
            Standing::MustMend => "error",
            Standing::MustExplain => "explain",
            Standing::Explained | Standing::Told => continue,
        };
        // A long formula is told once, at its result; the list beside the table leads to every term.
        let cells = &answered.finding.cells;
        let shown = if cells.len() > CELLS_MARKED_MAX { 1 } else { cells.len() };
        for cell in cells.iter().take(shown) {
            marks.push((cell.to_string(), level, answered.finding.message.clone()));
        }
    }
    marks
}
