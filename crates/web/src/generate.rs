//! 一键生成 of all reports of a unit for a period, and the page that explains every figure and lists what is missing.

use axum::extract::{Path, RawQuery, State};
use axum::response::IntoResponse;
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::generate::{self, Explained, Outcome};
use youju_codes::Period;
use youju_domain::id::UnitId;
use youju_domain::register::Unit;
use youju_domain::report::{Cell, Derivation};
use youju_domain::{Problem, access::Action, access::Object, access::decide};
use youju_programme::CellDef;

use crate::register::area_crumbs;
use crate::request::{Answer, Signed, id, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    period: String,
}

fn period(raw: RawQuery) -> Answer<Period> {
    let asked: Asked = query(raw)?;
    let period = Period::parse(asked.period.trim());
    Ok(period.map_err(|error| Problem::BadInput { reason: error.to_string() })?)
}

/// Where every figure comes from, and what is missing.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Markup> {
    show(&web, &signed, id(path)?, period(raw)?, &[]).await
}

/// Generates all that may be filled in. What could not be generated stays as it was and is told.
pub(crate) async fn all(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer {
    let (unit, period) = (id(path)?, period(raw)?);
    let outcomes: Vec<Outcome> =
        web.app.write(Some(signed.actor.clone()), async |cx| generate::all(cx, unit, period).await).await?;
    if outcomes.iter().all(|outcome| outcome.done.is_ok()) {
        return Ok(see(&url::generate(unit, period), "set_generated"));
    }
    Ok(show(&web, &signed, unit, period, &outcomes).await?.into_response())
}

async fn show(web: &Web, signed: &Signed, unit: UnitId, period: Period, outcomes: &[Outcome]) -> Answer<Markup> {
    let (unit, reports) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let unit = youju_app::register::get(cx, unit).await?;
            let reports = generate::explain(cx, unit.id, period).await?;
            Ok((unit, reports))
        })
        .await?;
    let fills = decide(&signed.actor, Action::Fill, Object::Unit { id: unit.id, area: &unit.area });
    let can_generate = fills && reports.iter().any(|report| report.fills);
    let mut crumbs = area_crumbs(&unit, false);
    crumbs.push(("台账".into(), Some(url::ledger(unit.id, Some(period)))));
    crumbs.push(("一键生成".into(), None));
    let actions = html! {
        @if can_generate {
            (part::post_button(&url::generate(unit.id, period), "全部生成", "primary", None))
        }
        a.button href=(url::ledger(unit.id, Some(period))) { "返回台账" }
    };
    let head = Head {
        period: Some(period.cumulative_label()),
        crumbs,
        about: Some("本期各表的数从哪里来、还缺什么。自己填写的数不会被覆盖;生成后不会自动上报。".into()),
        actions: Some(actions),
        ..Head::of("一键生成")
    };
    Ok(whole(&signed.frame, &head, &view(web, &unit, period, &reports, outcomes)?))
}

fn view(web: &Web, unit: &Unit, period: Period, reports: &[Explained], outcomes: &[Outcome]) -> Answer<Markup> {
    if reports.is_empty() {
        let next = "县级统计人员布置报表后,这里会列出本期各表。";
        return Ok(part::empty(&format!("{}没有{}的报表", unit.name, period.label()), next));
    }
    let mut sections = Vec::new();
    for report in reports {
        let name = web.app.form(&report.report.form)?.name.clone();
        sections.push(section(report, &name));
    }
    Ok(html! {
        @if !outcomes.is_empty() { (told(outcomes)) }
        (overview(reports))
        @for section in &sections { (section) }
    })
}

/// What the last act did, report by report.
fn told(outcomes: &[Outcome]) -> Markup {
    html! {
        div.notice.explain role="status" {
            strong { "有报表没有生成:" }
            ul { @for outcome in outcomes { li {
                (outcome.form) ":"
                @match &outcome.done {
                    Ok((computed, prefilled)) => { "已生成 " (computed) " 项,预填 " (prefilled) " 项。" },
                    Err(problem) => { (problem.says()) (problem.hint()) },
                }
            } } }
        }
    }
}

fn overview(reports: &[Explained]) -> Markup {
    html! {
        div.table-box tabindex="0" role="region" aria-label="本期各表" { table.table {
            thead { tr { th { "报表" } th { "报告期" } th { "状态" } th.num { "有来源的数" } th.num { "改动" } th.num { "缺少" } th { "" } } }
            tbody { @for one in reports { tr {
                th scope="row" { a href={ "#form-" (one.report.form) } { (one.report.form) } }
                td { (one.report.period.cumulative_label()) }
                td { (part::state(one.report.state)) }
                td.num { (one.cells.len()) }
                td.num { (edited(one).count()) }
                td.num { (one.missing.len()) }
                td.act { a href=(url::report(one.report.id)) { "打开报表" } }
            } } }
        } }
    }
}

fn edited(one: &Explained) -> impl Iterator<Item = &(CellDef, Cell)> {
    one.cells.iter().filter(|(_, cell)| cell.generated.is_some())
}

fn section(one: &Explained, name: &str) -> Markup {
    html! {
        section.stack id={ "form-" (one.report.form) } {
            h2 { (one.report.form) " " (name) }
            @if !one.missing.is_empty() {
                details.more open[one.fills] {
                    summary { "缺少 " (one.missing.len()) " 项,请根据原始记录填写" }
                    ul.list { @for (reason, what) in by_reason(&one.missing) { li { div.main { strong { (what.join("、")) } p.about { (reason) } } } } }
                }
            }
            @if one.cells.is_empty() { p.muted { "还没有生成的数。" } } @else {
                details.more {
                    summary { "有来源的 " (one.cells.len()) " 项" }
                    div.table-box tabindex="0" role="region" aria-label={ (one.report.form) "各数的来源" } { table.table {
                        thead { tr { th { "指标" } th.num { "报表" } th { "数据状态" } th { "怎样得到" } th { "来源" } } }
                        tbody { @for (cell, stands) in &one.cells { (row(one, cell, stands)) } }
                    } }
                }
            }
        }
    }
}

/// What is missing for the same reason stands together, in the order of the form.
fn by_reason(missing: &[(String, String)]) -> Vec<(&str, Vec<&str>)> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for (what, reason) in missing {
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, all)) => all.push(what),
            None => reasons.push((reason, vec![what])),
        }
    }
    reasons
}

fn row(one: &Explained, cell: &CellDef, stands: &Cell) -> Markup {
    html! {
        tr {
            th.wrap scope="row" { a href=(url::cell(one.report.id, &cell.id)) { (cell.label) } }
            td.num { (cell.print(&stands.value)) }
            td {
                (stands.state.label())
                @if let Some(generated) = &stands.generated { p.small.muted { "生成的数 " (cell.print(generated)) } }
                @if let Some(reason) = &stands.reason { p.small.muted { "改动原因:" (reason) } }
            }
            td.wrap { @if let Some(derivation) = &stands.derivation { (derivation.sentence) } }
            td { @if let Some(derivation) = &stands.derivation { (source(derivation)) } }
        }
    }
}

/// Where the figure was taken from.
pub(crate) fn source(derivation: &Derivation) -> Markup {
    html! {
        @if let Some(import) = derivation.import { a href=(url::import(import, None)) { "科目余额表" } " " }
        @if let Some(report) = derivation.report { a href=(url::report(report)) { "本单位的另一份报表" } " " }
        @match derivation.books.as_slice() {
            [] => {},
            [book] => { a href=(url::saved_book(*book)) { "台账" } },
            books => {
                "台账 "
                @for (number, book) in (1..).zip(books) {
                    a href=(url::saved_book(*book)) aria-label={ "第 " (number) " 期台账" } { (number) } " "
                }
            }
        }
        @if derivation.import.is_none() && derivation.report.is_none() && derivation.books.is_empty() { "本表计算" }
    }
}
