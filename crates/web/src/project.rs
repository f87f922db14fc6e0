//! Projects 投资项目 of a unit.

use axum::Router;
use axum::extract::{Path, RawForm, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use maud::{Markup, html};
use youju_app::project::{self as app, Entered};
use youju_codes::{area, format_number};
use youju_domain::id::{ProjectId, UnitId};
use youju_domain::register::Unit;

use crate::fields::Fields;
use crate::request::{Answer, Signed, id, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// Its addresses.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/units/{id}/projects", get(of_unit)).route("/projects/{id}/leave", post(leave).get(back))
}

/// The projects of a unit.
pub(crate) async fn of_unit(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let unit: UnitId = id(path)?;
    let (unit, found, may_write) =
        web.app.read(Some(signed.actor.clone()), async |cx| app::of_unit(cx, unit).await).await?;
    let entry = url::with_query(&url::case_new("project_entry"), &[("subject", &unit.id.to_string())]);
    let is_officer = signed.actor.role.is_officer();
    let head = Head {
        about: Some(format!("{} · 先入库、后报送;500 万元及以上的在建项目入库。", unit.name)),
        crumbs: vec![(unit.name.clone(), Some(url::unit(unit.id))), ("投资项目".into(), None)],
        actions: Some(html! { a.button.primary href=(entry) { "申请项目入库" } }),
        ..Head::of("投资项目")
    };
    let main = html! {
        @if found.is_empty() { (part::empty("没有入库的投资项目", "计划总投资 500 万元及以上的在建项目,请申请入库。")) }
        @else { (table(&unit, &found, is_officer)) }
        @if may_write { @for one in found.iter().filter(|one| one.project.left.is_none()) { (leaving(one)) } }
    };
    Ok(whole(&signed.frame, &head, &main))
}

fn table(unit: &Unit, found: &[Entered], is_officer: bool) -> Markup {
    html! { div.table-box tabindex="0" role="region" aria-label="投资项目" { table.table {
        thead { tr { th { "项目" } th { "类型" } th { "建设地点" } th { "行业" } th.num { "计划总投资(万元)" } th { "开工" } th { "入库" } th { "报送" } th { "包保" } } }
        tbody { @for Entered { project, tier } in found { tr {
            th.wrap scope="row" { a href=(url::case(project.case)) { (project.name) } @if !project.code.is_empty() { p.small.muted { (project.code) } } }
            td { (project.kind.label()) }
            td { (area::name(&project.area).unwrap_or(project.area.as_str())) }
            td { (project.industry.code()) " " (project.industry.name()) }
            td.num { (format_number(&project.planned)) }
            td { (project.started_on) }
            td { (project.entered_on) @if let Some((on, why)) = &project.left { p.small { "自 " (on) " 退库:" (why) } } }
            td.wrap { @if project.is_direct() { "法人单位联网直报(206-1)" } @else { "按 500 万元至 5,000 万元项目报送(206-2)" } }
            td { @match tier {
                None => "不要求",
                Some(tier) if is_officer && project.left.is_none() => {
                    (tier.name) " "
                    a href=(url::with_query(url::SPONSORSHIPS_NEW, &[("tier", &tier.key), ("usci", unit.usci.as_str())])) { "指定包保人" }
                },
                Some(tier) => (tier.name),
            } }
        } } }
    } } }
}

fn leaving(one: &Entered) -> Markup {
    let project = &one.project;
    let key = project.id.to_string();
    html! { details.more {
        summary { "退库:" (project.name) }
        form.card.narrow method="post" action=(url::project_leave(project.id)) {
            div.field { label for={ "on-" (key) } { "退库日期" } input id={ "on-" (key) } name="on" type="date" required; }
            div.field { label for={ "why-" (key) } { "退库原因" } input id={ "why-" (key) } name="why" required minlength="4" maxlength="200" autocomplete="off"; }
            div.form-actions { button.button.danger type="submit" { "退库" } }
        }
    } }
}

/// A project leaves the register.
pub(crate) async fn leave(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let (project, fields): (ProjectId, Fields) = (id(path)?, Fields::read(&body)?);
    let on = fields.must_day("on", "退库日期")?;
    let unit =
        web.app.write(Some(signed.actor), async |cx| app::leave(cx, project, on, fields.get("why")).await).await?;
    Ok(see(&url::unit_projects(unit), "saved"))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_signed: Signed, _path: Path<String>) -> Answer<Redirect> {
    Ok(Redirect::to(url::UNITS))
}
