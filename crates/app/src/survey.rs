//! Survey 报表布置: windows, and how far the reporting has come.

mod plan;

use serde_json::json;
use youju_codes::{AreaCode, Period};
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::id::WindowId;
use youju_domain::message::Kind;
use youju_domain::register::{self as rules, Change, Owes, Unit};
use youju_domain::report::{Report, State};
use youju_domain::survey::{Chain, Times, Window, print_instant};
use youju_store::{StoreError, report, survey};

use crate::context::Cx;
use crate::error::{Error, Result};
use crate::message::{Draft, tell_unit};
use crate::register::owed::Past;

pub use plan::{PlannedWindow, REASON_CHARS_MIN, change, lock, plan_year, prepare_year};

/// A window to be put into the calendar.
#[derive(Debug, Clone)]
pub struct NewWindow {
    /// The area whose units report.
    pub area: AreaCode,
    /// Form code 表号.
    pub form: String,
    /// Period 报告期.
    pub period: Period,
    /// 开网, 截止, 关网.
    pub times: Times,
    /// The levels that accept.
    pub chain: Chain,
}

/// What opening a window did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// The window.
    pub window: WindowId,
    /// Units that owe the form and got an empty report.
    pub units: usize,
}

/// Puts a window into the calendar and opens it at once.
pub async fn open(cx: &mut Cx<'_>, new: NewWindow) -> Result<Opened> {
    let window = prepare(cx, new).await?;
    open_prepared(cx, window).await
}

/// Puts a window into the calendar (布置). Nobody reports in it before the county opens it.
pub async fn prepare(cx: &mut Cx<'_>, new: NewWindow) -> Result<WindowId> {
    cx.allow(Action::Arrange, Object::Survey { area: &new.area, domain: cx.app().domain_of(&new.form) })?;
    let app = cx.app();
    let form = app.form(&new.form)?;
    let programme = app.programme_of(&new.form)?;
    if !form.is_reported_in(new.period) {
        let reason = format!("{}不按“{}”报送。", form.title(), new.period.label());
        return Err(Problem::BadInput { reason }.into());
    }
    let window = Window {
        id: cx.new_id(),
        area: new.area,
        programme: programme.id.clone(),
        form: new.form,
        form_version: form.version().to_owned(),
        period: new.period,
        times: new.times,
        chain: new.chain,
        opened_at: None,
        locked_at: None,
    }
    .checked()?;
    match survey::add(cx.tx(), &window).await {
        Err(StoreError::Constraint(name)) if name == "survey_window_area_form_period_key" => {
            return Err(Problem::WindowExists.into());
        }
        other => other?,
    }
    cx.record("survey.prepared", ("window", window.id.to_string()), particulars(&window)).await?;
    Ok(window.id)
}

/// The county opens a prepared window (开网): the form's definition is frozen for it, and every unit of the register that
/// owes the form gets an empty report (law 2: no report before the register). The units begin when its time has come.
pub async fn open_prepared(cx: &mut Cx<'_>, id: WindowId) -> Result<Opened> {
    let mut window = to_arrange(cx, id).await?;
    if window.opened_at.is_some() {
        return Err(Problem::WindowExists.into());
    }
    let form = cx.app().form(&window.form)?;
    form.version().clone_into(&mut window.form_version);
    window.opened_at = Some(cx.now());
    survey::put(cx.tx(), &window).await?;
    let opened = opening(&form.title(), &window);
    let mut units = 0;
    let past = Past::of(cx, &window.area, window.period.last_day()).await?;
    for unit in past.owing(form.audience(), window.period) {
        let report = Report::empty(cx.new_id(), unit.id, &window);
        match report::add(cx.tx(), &report).await {
            // A window for a part of the area, or for the whole of it, has the unit already.
            Err(StoreError::Constraint(name)) if name == "report_unit_form_period_key" => {
                return Err(Problem::WindowExists.into());
            }
            other => other?,
        }
        tell_unit(cx, unit.id, &opened).await?;
        units += 1;
    }
    let payload = json!({ "window": particulars(&window), "units": units });
    cx.record("survey.opened", ("window", window.id.to_string()), payload).await?;
    Ok(Opened { window: window.id, units })
}

fn opening(title: &str, window: &Window) -> Draft {
    let (opens, due) = (print_instant(window.times.opens_at), print_instant(window.times.due_at));
    Draft {
        kind: Kind::Opened,
        title: format!("{title} {} 开网", window.period.cumulative_label()),
        body: format!("{opens} 开网,截止时间 {due}。"),
        about: ("window", window.id.to_string()),
    }
}

/// A unit that has become one that reports gets its report in every window that is open and that it owes; those it has stay.
pub(crate) async fn include(cx: &mut Cx<'_>, unit: &Unit, changes: &[Change]) -> Result<()> {
    let now = cx.now();
    let app = cx.app();
    let open =
        |window: &Window| window.opened_at.is_some() && window.locked_at.is_none() && now <= window.times.closes_at;
    for window in survey::list(cx.tx()).await?.into_iter().filter(open) {
        let Ok(form) = app.form(&window.form) else { continue };
        let facts = rules::state(changes, window.period.last_day(), None);
        let then = facts.and_then(|facts| unit.with(facts, window.period.last_day()).ok());
        let is_owed = rules::owes(then.as_ref(), form.audience()) == Owes::Owed;
        let has_one = report::find(cx.tx(), unit.id, &window.form, window.period).await?.is_some();
        if !is_owed || has_one || !window.area.contains(&unit.area) {
            continue;
        }
        let report = Report::empty(cx.new_id(), unit.id, &window);
        report::add(cx.tx(), &report).await?;
        tell_unit(cx, unit.id, &opening(&form.title(), &window)).await?;
        cx.record(
            "survey.included",
            ("report", report.id.to_string()),
            json!({ "unit": unit.id, "window": window.id }),
        )
        .await?;
    }
    Ok(())
}

fn particulars(window: &Window) -> serde_json::Value {
    json!({
        "area": window.area.as_str(), "form": window.form, "form_version": window.form_version,
        "period": window.period, "opens_at": window.times.opens_at, "due_at": window.times.due_at,
        "closes_at": window.times.closes_at, "chain": window.chain,
    })
}

/// A window that the actor arranges, held until the transaction ends.
async fn to_arrange(cx: &mut Cx<'_>, id: WindowId) -> Result<Window> {
    survey::hold(cx.tx(), id).await?;
    let window = get(cx, id).await?;
    cx.allow(Action::Arrange, Object::Survey { area: &window.area, domain: cx.app().domain_of(&window.form) })?;
    Ok(window)
}

/// A window, for whoever reports in it or looks over it.
pub async fn get(cx: &mut Cx<'_>, id: WindowId) -> Result<Window> {
    let window = survey::get(cx.tx(), id).await?.ok_or(Error::Problem(Problem::NotFound { what: "报送窗口" }))?;
    let actor = cx.actor()?;
    let sees = actor.area.contains(&window.area) || window.area.contains(&actor.area);
    if sees && actor.covers(cx.app().domain_of(&window.form)) {
        Ok(window)
    } else {
        Err(Problem::NotFound { what: "报送窗口" }.into())
    }
}

/// The windows that touch the actor's area, newest period first.
pub async fn list(cx: &mut Cx<'_>) -> Result<Vec<Window>> {
    let actor = cx.actor()?.clone();
    let app = cx.app();
    let touches = |w: &Window| actor.area.contains(&w.area) || w.area.contains(&actor.area);
    let windows = survey::list(cx.tx()).await?;
    Ok(windows.into_iter().filter(|w| touches(w) && actor.covers(app.domain_of(&w.form))).collect())
}

/// The windows whose time it is and that wait for the actor to open them.
pub async fn waiting(cx: &mut Cx<'_>) -> Result<Vec<Window>> {
    let (actor, now) = (cx.actor()?.clone(), cx.now());
    let windows = survey::waiting(cx.tx(), now).await?;
    let app = cx.app();
    let arranges =
        |w: &Window| decide(&actor, Action::Arrange, Object::Survey { area: &w.area, domain: app.domain_of(&w.form) });
    Ok(windows.into_iter().filter(arranges).collect())
}

/// How many reports of a township stand where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardRow {
    /// Township, 9 digits; empty for the sum.
    pub township: String,
    /// Reports by state, in the order of [`State::ALL`].
    pub by_state: [u64; State::ALL.len()],
    /// Handed in after the deadline.
    pub late: u64,
    /// Findings that still have to be mended or explained.
    pub open_findings: u64,
}

impl BoardRow {
    /// Units that owe a report.
    pub fn owed(&self) -> u64 {
        self.by_state.iter().sum()
    }

    /// Units whose report has reached the office.
    pub fn reported(&self) -> u64 {
        State::ALL.iter().zip(self.by_state).filter(|(state, _)| state.is_reported()).map(|(_, n)| n).sum()
    }

    /// Units whose report reached it in time.
    pub fn on_time(&self) -> u64 {
        self.reported().saturating_sub(self.late)
    }
}

/// Progress board 报送进度 of a window: one row per township that the actor sees, then the sum.
pub async fn board(cx: &mut Cx<'_>, id: WindowId) -> Result<(Window, Vec<BoardRow>)> {
    let window = get(cx, id).await?;
    cx.allow(Action::View, Object::Area(&narrower(&window.area, &cx.actor()?.area)))?;
    let scope = cx.actor()?.scope();
    let mut rows: Vec<BoardRow> = Vec::new();
    let mut sum = empty_row("");
    for count in report::counts_by_township(cx.tx(), id, &scope).await? {
        if rows.last().is_none_or(|row| row.township != count.township) {
            rows.push(empty_row(&count.township));
        }
        for row in rows.last_mut().into_iter().chain([&mut sum]) {
            add_count(row, &count);
        }
    }
    rows.push(sum);
    Ok((window, rows))
}

/// The smaller of two areas of which one holds the other.
pub(crate) fn narrower(one: &AreaCode, other: &AreaCode) -> AreaCode {
    if one.contains(other) { *other } else { *one }
}

fn empty_row(township: &str) -> BoardRow {
    BoardRow { township: township.to_owned(), by_state: [0; State::ALL.len()], late: 0, open_findings: 0 }
}

fn add_count(row: &mut BoardRow, count: &report::TownshipCount) {
    for (state, number) in State::ALL.iter().zip(&mut row.by_state) {
        if *state == count.state {
            *number += count.reports;
        }
    }
    row.late += count.late;
    row.open_findings += count.open_findings;
}
