//! Where a cell's value came from: formula, account lines, people.

use axum::extract::{Path, State};
use maud::{Markup, html};
use youju_app::Entry;
use youju_app::lineage::Lineage;
use youju_codes::format_yuan;
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::attachment::{Attachment, Proves};
use youju_domain::id::ReportId;
use youju_domain::report::{Cell, Derivation};
use youju_programme::{CellDef, Form};

use super::history::timeline;
use crate::attachment::{Place, table};
use crate::request::{Answer, Signed};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// One cell of one report.
pub(crate) async fn cell(
    State(web): State<Web>,
    signed: Signed,
    Path((report, cell)): Path<(String, String)>,
) -> Answer<Markup> {
    let report: ReportId = report.parse().map_err(|_| Problem::NotFound { what: "报表" })?;
    let (lineage, attachments) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let lineage = youju_app::lineage::of_cell(cx, report, &cell).await?;
            let attachments = youju_app::attachment::of_cell(cx, report, &lineage.id).await?;
            Ok((lineage, attachments))
        })
        .await?;
    let form = web.app.form(&lineage.open.report.form)?;
    let Some(definition) = form.cell_by_text(&cell) else { return Err(Problem::UnknownCell { cell }.into()) };
    let label = definition.label.clone();
    let mut crumbs = crate::register::area_crumbs(&lineage.open.unit, false);
    crumbs.push((form.code.clone(), Some(url::report(report))));
    crumbs.push((label.clone(), None));
    let head = Head {
        period: Some(lineage.open.report.period.cumulative_label()),
        badge: Some(part::state(lineage.open.report.state)),
        about: Some("这个数从哪里来、经过谁的手。".into()),
        crumbs,
        actions: Some(html! { a.button href=(url::hands(report, &lineage.id)) { "倒查经手人" } }),
        ..Head::of(&label)
    };
    let unit = &lineage.open.unit;
    let fills = decide(&signed.actor, Action::Fill, Object::Unit { id: unit.id, area: &unit.area });
    let evidence = evidence(&lineage, &attachments, fills);
    Ok(whole(&signed.frame, &head, &view(form, &definition, &lineage, &evidence)))
}

/// The attachments of the cell and of its report as a whole. They are added and taken away on the page of the ledger.
fn evidence(lineage: &Lineage, attachments: &[Attachment], fills: bool) -> Markup {
    let open = &lineage.open;
    let place = |attachment: &Attachment| {
        let is_cells = matches!(attachment.proves, Proves::Report(_, Some(_)));
        let name = if is_cells { "这一格" } else { "整张报表" }.to_owned();
        Place { proves: attachment.proves.clone(), name, address: None }
    };
    let list: Vec<(&Attachment, Place)> = attachments.iter().map(|one| (one, place(one))).collect();
    let proves = Proves::Report(open.report.id, Some(lineage.id.clone()));
    html! {
        section.card {
            h2 { "附件" }
            @if list.is_empty() { p.muted { "这一格和这张报表还没有附件。" } } @else { (table(&list, false, "这一格的附件")) }
            div.form-actions {
                @if fills {
                    a.button href=(url::ledger_attachments(open.unit.id, Some(open.report.period), Some(&proves))) { "为这一格添加附件" }
                }
                a.button href=(url::ledger_attachments(open.unit.id, Some(open.report.period), None)) { "本期全部附件" }
            }
        }
    }
}

fn view(form: &Form, definition: &CellDef, lineage: &Lineage, evidence: &Markup) -> Markup {
    html! {
        section.card {
            h2 { "数值" }
            dl.facts {
                dt { "本报表数值" }
                dd { @match &lineage.cell {
                    Some(cell) => { strong { (definition.print(&cell.value)) } " " (definition.measure.label()) },
                    None => { span.muted { "未填" } },
                } }
                @if let Some(cell) = &lineage.cell { (facts(cell)) }
            }
        }
        @if let Some(derivation) = lineage.cell.as_ref().and_then(|cell| cell.derivation.as_ref()) {
            (derivation_card(form, derivation, lineage))
        }
        (evidence)
        section.card { h2 { "经手记录" } (timeline(&touching(lineage), Some((form, lineage.id.as_str())))) }
    }
}

fn touching(lineage: &Lineage) -> Vec<&Entry> {
    lineage.touched.iter().rev().collect()
}

fn facts(cell: &Cell) -> Markup {
    html! {
        dt { "数据状态" } dd { (cell.state.label()) }
        dt { "最后修改" } dd { (part::instant(cell.at)) }
        @if let Some(generated) = &cell.generated { dt { "台账生成的数" } dd { (generated.print()) } }
        @if let Some(reason) = &cell.reason { dt { "改动原因" } dd { (reason) } }
    }
}

fn derivation_card(form: &Form, derivation: &Derivation, lineage: &Lineage) -> Markup {
    html! {
        section.card {
            h2 { "取数过程" }
            dl.facts {
                dt { "算式" } dd { (derivation.sentence) }
                dt { "公式" } dd { code { (derivation.formula) } }
                @if let (Some(exact), Some(_)) = (derivation.exact, derivation.import) {
                    dt { "台账合计" } dd { (format_yuan(&exact)) " 元,四舍五入到 " (form.measure.label()) }
                }
                dt { "来源" } dd { (crate::generate::source(derivation)) }
            }
            @if let Some((import, lines)) = &lineage.source {
                p {
                    "来源文件:" a href=(url::import(import.id, None)) { (import.file_name) } ",导入于 " (part::instant(import.at)) " · "
                    a href=(url::import_impact(import.id, None)) { "这个文件的去向" }
                }
                div.table-box tabindex="0" role="region" aria-label="取数的科目" { table.table {
                    thead { tr { th { "科目" } th { "取数口径" } th.num { "金额 " span.unit { "元" } } th.num { "文件行号" } th { "去向" } } }
                    tbody { @for input in &derivation.inputs { tr {
                        th scope="row" { @match input.row {
                            Some(row) => { a href=(url::import(import.id, Some(row))) { (input.label) } },
                            None => (input.label),
                        } }
                        td { span.code { (input.name) } }
                        td.num { @match input.value { Some(value) => (format_yuan(&value)), None => "没有这个科目" } }
                        td.num { @if let Some(row) = input.row { (row) } }
                        td { @if let Some(line) = lines.iter().find(|line| input.row == Some(line.row)) {
                            a href=(url::import_impact(import.id, Some(&line.account))) { "去向" }
                        } }
                    } } }
                } }
                p.small.muted { "共引用 " (lines.len()) " 个科目。点科目可以看到它在科目余额表中的那一行。" }
            }
        }
    }
}
