//! What a unit was 变更记录, and which forms it owes 应报报表.

use axum::extract::{Path, RawQuery, State};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::register::{history, owed};
use youju_domain::id::UnitId;
use youju_domain::register::{Change, Owes, beginning};
use youju_domain::survey::{local, parse_local, print_instant};

use super::view;
use crate::fields;
use crate::request::{Answer, Signed, id, query};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    on: String,
    #[serde(default)]
    known: String,
}

/// A unit on a day, as it was known at an instant, and everything that was written down.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Markup> {
    let unit: UnitId = id(path)?;
    let asked: Asked = query(raw)?;
    let on = fields::day(&asked.on)?;
    let known_at = match asked.known.trim() {
        "" => None,
        text => Some(parse_local(text).ok_or_else(|| youju_domain::Problem::BadInput {
            reason: format!("时间应写成 2026-04-01 08:00 的样子,现为“{text}”。"),
        })?),
    };
    let known =
        web.app.read(Some(signed.actor.clone()), async |cx| history::as_of(cx, unit, on, known_at).await).await?;
    let head = Head {
        crumbs: super::area_crumbs(&known.unit, false),
        about: Some("每一条写明从哪一天起、什么时候登记、依据什么;登记过的不改写,写错的再登记一条。".into()),
        ..Head::of("变更记录")
    };
    Ok(whole(&signed.frame, &head, &body(&known)))
}

fn body(known: &history::Known) -> Markup {
    let address = url::unit_history(known.unit.id);
    let typed = known.known_at.map(|at| local(at).format("%Y-%m-%dT%H:%M").to_string());
    html! {
        form.filters action=(address) {
            div.field { label for="on" { "哪一天的情况" } input #on name="on" type="date" value=(known.on); }
            div.field { label for="known" { "按什么时候掌握的" } input #known name="known" type="datetime-local" value=[typed]; }
            button.button type="submit" { "查看" }
        }
        @match &known.then {
            None => (part::empty("这一天还不在名录库中", "请选别的日期;下面的记录写明从哪一天起。")),
            Some(facts) => section.card {
                h2 { (known.on) " 的情况" @if let Some(at) = known.known_at { span.muted { "(按 " (print_instant(at)) " 掌握的)" } } }
                dl.facts { @for (fact, value) in facts.iter() { dt { (fact.label()) } dd { (view::shown(fact, value)) } } }
            },
        }
        section.stack {
            h2 { "登记的变更" }
            div.table-head { span.table-count { "共 " (part::count(u64::try_from(known.changes.len()).unwrap_or_default())) " 条" } }
            div.table-box tabindex="0" role="region" aria-label="登记的变更" { table.table {
                thead { tr { th { "从哪一天起" } th { "内容" } th { "登记时间" } th { "登记人" } th { "依据" } } }
                tbody { @for change in known.changes.iter().rev() { (line(change)) } }
            } }
        }
    }
}

fn line(change: &Change) -> Markup {
    html! { tr {
        th scope="row" { @if change.since == beginning() { "建库以前" } @else { (change.since) } }
        td { @for (fact, value) in change.facts.iter() {
            div { span.muted { (fact.label()) } " " @if value.is_empty() { "(去掉)" } @else { (view::shown(fact, value)) } }
        } }
        td { (part::instant(change.recorded_at)) }
        td { @if change.by_name.is_empty() { "系统" } @else { (change.by_name) } }
        td { (change.source.origin.label())
            @match (change.source.origin, change.source.about.parse()) {
                (youju_domain::register::Origin::Case, Ok(case)) => { " " a href=(url::case(case)) { "查看事项" } },
                (_, _) if !change.source.about.is_empty() => { ":" (change.source.about) },
                _ => {},
            }
        }
    } }
}

#[derive(Deserialize)]
pub(crate) struct Day {
    #[serde(default)]
    day: String,
}

/// Every form that is in force, with whether the unit owes it for the period that holds a day, and why.
pub(crate) async fn owed(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Markup> {
    let unit: UnitId = id(path)?;
    let asked: Day = query(raw)?;
    let day = fields::day(&asked.day)?.unwrap_or_else(|| local(web.app.world().now()).date());
    let (unit, answers) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            Ok((youju_app::register::get(cx, unit).await?, owed::of_unit(cx, unit, day).await?))
        })
        .await?;
    let count = answers.iter().filter(|answer| answer.owes == Owes::Owed).count();
    let head = Head {
        crumbs: super::area_crumbs(&unit, false),
        about: Some(format!(
            "{day} 所在的报告期:{} 张报表中应报 {count} 张。以报告期最后一天的情况为准。",
            answers.len()
        )),
        ..Head::of("应报报表")
    };
    let body = html! {
        form.filters action=(url::unit_owed(unit.id)) {
            div.field { label for="day" { "哪一天所在的报告期" } input #day name="day" type="date" value=(day); }
            button.button type="submit" { "查看" }
        }
        div.table-box tabindex="0" role="region" aria-label="应报报表" { table.table {
            thead { tr { th { "报表" } th { "报告期" } th { "是否应报" } th { "为什么" } } }
            tbody { @for answer in &answers { tr {
                th scope="row" { (answer.title) br; span.muted.small { (answer.programme) } }
                td { (answer.period.label()) }
                td { @if answer.owes == Owes::Owed { span.badge.done { "应报" } } @else { span.badge { "不报" } } }
                td { (answer.why) }
            } } }
        } }
    };
    Ok(whole(&signed.frame, &head, &body))
}
