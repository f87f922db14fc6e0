//! Trace 报送痕迹: from where and how a unit's people acted, for those who look after independent reporting.

use youju_domain::access::{Action, Object};
use youju_domain::id::{ReportId, WindowId};
use youju_domain::survey::Window;
use youju_domain::trace::{Signal, Trace, signals};
use youju_store::trace;

use crate::context::Cx;
use crate::error::Result;
use crate::report::{Open, open};
use crate::secrets::opened_traces;
use crate::survey::{self, narrower};

/// The traces of a report, oldest first.
pub async fn of_report(cx: &mut Cx<'_>, id: ReportId) -> Result<(Open, Vec<Trace>)> {
    let open = open(cx, id).await?;
    cx.allow(Action::Inspect, open.object(cx.app()))?;
    let traces = trace::of_report(cx.tx(), id).await?;
    let traces = opened_traces(cx, traces)?;
    Ok((open, traces))
}

/// What units of a window have in common that should not.
pub async fn signals_of(cx: &mut Cx<'_>, id: WindowId) -> Result<(Window, Vec<Signal>)> {
    let window = survey::get(cx, id).await?;
    cx.allow(Action::Inspect, Object::Area(&narrower(&window.area, &cx.actor()?.area)))?;
    let scope = cx.actor()?.scope();
    let traces = trace::of_window(cx.tx(), id, &scope).await?;
    let traces = opened_traces(cx, traces)?;
    Ok((window, signals(&traces)))
}
