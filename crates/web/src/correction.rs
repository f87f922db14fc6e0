//! Corrections 数据更正: the application of a unit, and the office's decision.

use axum::extract::{Path, RawForm, State};
use axum::response::Redirect;
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::correction::{About, Typed};
use youju_app::report::Open;
use youju_domain::Instant;
use youju_domain::access::{Action, Actor, Object, Role, decide as may};
use youju_domain::correction::{Cause, Correction, DECIDE_DAYS, MEND_DAYS, Stage};
use youju_domain::id::{CorrectionId, ReportId};
use youju_domain::report::{Value, value_of};
use youju_programme::Form;

use crate::request::{Answer, Signed, damaged, id, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// A stage as a word and a colour.
pub(crate) fn stage(stage: Stage) -> Markup {
    let class = match stage {
        Stage::Asked | Stage::Approved => "explain",
        Stage::Refused => "error",
        Stage::Withdrawn => "",
        Stage::Done => "done",
    };
    html! { span class={ "badge " (class) } { (stage.label()) } }
}

/// The form by which a unit asks: every figure with a field beside it.
pub(crate) async fn form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let report: ReportId = id(path)?;
    let open = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let open = youju_app::report::open(cx, report).await?;
            cx.allow(Action::Fill, Object::Unit { id: open.unit.id, area: &open.unit.area })?;
            Ok(open)
        })
        .await?;
    let form = web.app.form(&open.report.form)?;
    let head = Head {
        period: Some(open.report.period.cumulative_label()),
        badge: Some(part::state(open.report.state)),
        about: Some(format!(
            "已验收的数据有错,请写明原因和改成多少;凭证请先作为附件放到相应的数上。统计机构在 {DECIDE_DAYS} 天内答复,同意后在 {MEND_DAYS} 天内改数重报。"
        )),
        crumbs: crumbs(&open, "申请更正"),
        ..Head::of("申请更正")
    };
    Ok(whole(&signed.frame, &head, &form_view(form, &open)))
}

fn crumbs(open: &Open, here: &str) -> Vec<(String, Option<String>)> {
    let mut crumbs = crate::register::area_crumbs(&open.unit, false);
    crumbs.push((open.report.form.clone(), Some(url::report(open.report.id))));
    crumbs.push((here.into(), None));
    crumbs
}

fn form_view(form: &Form, open: &Open) -> Markup {
    let cells = form.all_cells(&[&open.report.cells]);
    html! {
        form method="post" action=(url::report_act(open.report.id, "correction")) {
            div.card.narrow {
                div.field { label for="cause" { "更正原因" } select #cause name="cause" required {
                    @for cause in Cause::ALL { option value=(cause.key()) { (cause.label()) } }
                } }
                div.field { label for="reason" { "具体说明" } textarea #reason name="reason" required minlength="6" maxlength="1000" {} }
                div.form-actions { button.button.primary type="submit" { "提出申请" } a.button href=(url::report(open.report.id)) { "取消" } }
            }
            div.table-box.whole { table.table {
                thead { tr { th { "数据项" } th { "代码" } th.num { "已验收的数" } th.num { "更正为(不更正的不填)" } } }
                tbody { @for cell in &cells { tr {
                    th scope="row" { (cell.label) }
                    td { span.code { (cell.id) } }
                    td.num { (cell.print(value_of(&open.report.cells, &cell.id))) }
                    td.num { input name={ "c." (cell.id) } aria-label={ (cell.label) "更正为" } autocomplete="off"; }
                } } }
            } }
        }
    }
}

/// The unit asks.
pub(crate) async fn ask(State(web): State<Web>, signed: Signed, path: Path<String>, RawForm(body): RawForm) -> Answer {
    let report: ReportId = id(path)?;
    let fields: Vec<(String, String)> = read(&String::from_utf8_lossy(&body))?;
    let text = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let cause = text("cause").and_then(Cause::from_key).ok_or_else(damaged)?;
    let reason = text("reason").ok_or_else(damaged)?;
    let typed: Vec<Typed> = fields
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .filter_map(|(field, value)| Some(Typed { cell: field.strip_prefix("c.")?.to_owned(), value: value.clone() }))
        .collect();
    let asked = web
        .app
        .write(Some(signed.actor), async |cx| youju_app::correction::ask(cx, report, cause, reason, &typed).await)
        .await?;
    Ok(see(&url::correction(asked.id), "correction_asked"))
}

/// One correction.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let correction: CorrectionId = id(path)?;
    let (about, open) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let about = youju_app::correction::get(cx, correction).await?;
            let open = youju_app::report::open(cx, about.report.id).await?;
            Ok((about, open))
        })
        .await?;
    let form = web.app.form(&open.report.form)?;
    let head = Head {
        period: Some(open.report.period.cumulative_label()),
        badge: Some(stage(about.correction.stage)),
        crumbs: crumbs(&open, "更正申请"),
        ..Head::of("更正申请")
    };
    let decides = Correction::decided_by(&open.report, &open.window);
    let decides = decides.is_some_and(|level| signed.actor.role.level().is_some_and(|own| own >= level));
    Ok(whole(&signed.frame, &head, &view(&signed.actor, form, &about, decides, web.app.world().now())))
}

fn view(actor: &Actor, form: &Form, about: &About, decides: bool, now: Instant) -> Markup {
    let correction = &about.correction;
    let print = |id, value: &Value| form.cell(id).map_or_else(|| value.print(), |cell| cell.print(value));
    let owns = may(actor, Action::Fill, Object::Unit { id: about.unit.id, area: &about.unit.area });
    html! {
        dl.facts.wide.card {
            div { dt { "单位" } dd { a href=(url::unit(about.unit.id)) { (about.unit.name) } } }
            div { dt { "更正原因" } dd { (correction.cause.label()) } }
            div { dt { "申请时间" } dd { (part::instant(correction.asked_at)) } }
            @if correction.stage.is_open() { div { dt { (if correction.stage == Stage::Asked { "答复期限" } else { "重报期限" }) } dd {
                (part::instant(correction.due_at)) "," (part::until(correction.due_at, now))
            } } }
            @if let Some(version) = correction.new_version { div { dt { "更正后的版本" } dd { a href=(url::version(correction.report, version)) { "第 " (version) " 版,看两版的改动" } } } }
        }
        section.card { h2 { "具体说明" } p { (correction.reason) } }
        div.table-box { table.table {
            thead { tr { th { "数据项" } th.num { "已验收的数(第 " (correction.version) " 版)" } th.num { "申请更正为" } th { "凭证" } } }
            tbody { @for wanted in &correction.wanted { tr {
                th scope="row" { (form.cell(&wanted.cell).map_or_else(|| wanted.cell.to_string(), |cell| cell.label.clone())) }
                td.num { (print(&wanted.cell, &wanted.was)) }
                td.num { (print(&wanted.cell, &wanted.value)) }
                td { a href=(url::cell(correction.report, &wanted.cell)) { "来源和附件" } }
            } } }
        } }
        @if let Some(decision) = &correction.decision {
            section.card { h2 { (decision.level.label()) "意见" } p { (if decision.opinion.is_empty() { "同意" } else { decision.opinion.as_str() }) } p.small.muted { (part::instant(decision.at)) } }
        }
        @if correction.stage == Stage::Asked && decides { (decide_form(correction)) }
        @if correction.stage == Stage::Asked && owns && actor.role == Role::Statistician {
            (part::post_button(&url::correction_act(correction.id, "withdraw"), "撤回申请", "", Some("撤回后可以重新申请。确认撤回吗?")))
        }
    }
}

fn decide_form(correction: &Correction) -> Markup {
    html! {
        form.card.narrow method="post" action=(url::correction_act(correction.id, "decide")) {
            h2 { "审批" }
            p.hint { "同意后报表退回单位改数重报,验收一并取消,汇总立即不含这一份。" }
            div.field { label for="opinion" { "意见(不同意的必须写明理由)" } textarea #opinion name="opinion" maxlength="500" {} }
            div.form-actions {
                button.button.primary type="submit" name="agrees" value="yes" { "同意更正" }
                button.button type="submit" name="agrees" value="no" { "不同意" }
            }
        }
    }
}

#[derive(Deserialize)]
struct Decided {
    agrees: String,
    #[serde(default)]
    opinion: String,
}

/// The office decides.
pub(crate) async fn decide(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let correction: CorrectionId = id(path)?;
    let decided: Decided = read(&String::from_utf8_lossy(&body))?;
    let agrees = decided.agrees == "yes";
    web.app
        .write(Some(signed.actor), async |cx| {
            youju_app::correction::decide(cx, correction, agrees, &decided.opinion).await
        })
        .await?;
    Ok(see(&url::correction(correction), if agrees { "correction_approved" } else { "correction_refused" }))
}

/// The unit changes its mind.
pub(crate) async fn withdraw(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let correction: CorrectionId = id(path)?;
    web.app.write(Some(signed.actor), async |cx| youju_app::correction::withdraw(cx, correction).await).await?;
    Ok(see(&url::correction(correction), "correction_withdrawn"))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(path: Path<String>) -> Answer<Redirect> {
    Ok(Redirect::to(&url::correction(id(path)?)))
}
