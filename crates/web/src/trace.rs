//! 报送痕迹: for county and above.

use axum::extract::{Path, State};
use maud::{Markup, html};
use youju_domain::id::{ReportId, WindowId};
use youju_domain::trace::{Signal, Trace};

use crate::request::{Answer, Signed, id};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// The traces of one report.
pub(crate) async fn of_report(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let report: ReportId = id(path)?;
    let (open, traces) =
        web.app.read(Some(signed.actor.clone()), async |cx| youju_app::trace::of_report(cx, report).await).await?;
    let mut crumbs = crate::register::area_crumbs(&open.unit, false);
    crumbs.push((open.report.form.clone(), Some(url::report(report))));
    crumbs.push(("报送痕迹".into(), None));
    let head = Head {
        period: Some(open.report.period.cumulative_label()),
        about: Some("单位人员每一步从哪里、怎样办理。只供核查独立报送使用,单位和乡级看不到。".into()),
        crumbs,
        ..Head::of("报送痕迹")
    };
    Ok(whole(&signed.frame, &head, &table(&traces)))
}

fn table(traces: &[Trace]) -> Markup {
    html! {
        @if traces.is_empty() { (part::empty("没有报送痕迹", "单位通过网页办理以后,这里列出每一步。")) }
        @else { div.table-box tabindex="0" role="region" aria-label="报送痕迹" { table.table {
            thead { tr { th { "时间" } th { "人员" } th { "办理" } th { "录入方式" } th.num { "用时(秒)" } th { "网络地址" } th { "设备" } th.num { "日志" } } }
            tbody { @for trace in traces { tr {
                td { (part::instant(trace.at)) }
                th scope="row" { (trace.person_name) }
                td { (youju_domain::hands::label(&trace.action)) }
                td { (trace.origin.method.label()) }
                td.num { @if trace.origin.seconds > 0 { (trace.origin.seconds) } }
                td { span.code { (trace.origin.address) } }
                td { span.code { (trace.origin.device.get(..8).unwrap_or(&trace.origin.device)) } }
                td.num { (trace.seq) }
            } } }
        } } }
    }
}

/// What units of a window have in common.
pub(crate) async fn of_window(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let window: WindowId = id(path)?;
    let (window, signals) =
        web.app.read(Some(signed.actor.clone()), async |cx| youju_app::trace::signals_of(cx, window).await).await?;
    let head = Head {
        period: Some(window.period.cumulative_label()),
        about: Some("只是线索,不是结论:代理记账、园区共用出口都会出现。请由另一位人员电话核实后再下结论。".into()),
        crumbs: vec![
            ("报送进度".into(), Some(url::WINDOWS.into())),
            (window.form.clone(), Some(url::window(window.id))),
            ("独立报送线索".into(), None),
        ],
        ..Head::of("独立报送线索")
    };
    Ok(whole(&signed.frame, &head, &signals_view(&signals)))
}

fn signals_view(signals: &[Signal]) -> Markup {
    html! {
        @if signals.is_empty() { (part::empty("没有发现线索", "没有多家单位共用设备,也没有集中从同一网络地址上报。")) }
        @for signal in signals { section.card {
            h2 { (signal.kind.label()) " " span.code { (signal.what) } }
            ul { @for (unit, name) in &signal.units { li { a href=(url::unit(*unit)) { (name) } } } }
        } }
    }
}
