//! The year's calendar: prepared from the programmes in one act, changed with a reason, locked when a period is closed.

use chrono::NaiveDate;
use serde_json::json;
use youju_codes::{AreaCode, Period};
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::WindowId;
use youju_domain::message::Kind;
use youju_domain::survey::{Chain, Times, Window, print_instant};
use youju_programme::{Form, Planned};
use youju_store::{report, survey};

use super::{NewWindow, get, narrower, particulars, prepare, to_arrange};
use crate::context::Cx;
use crate::error::{Error, Result};
use crate::message::{Draft, tell_unit};
use crate::register::owed::Past;

/// Fewest characters of the reason for a change of times.
pub const REASON_CHARS_MIN: usize = 4;

/// A window that the programmes' calendars foresee.
#[derive(Debug, Clone)]
pub struct PlannedWindow {
    /// Form code 表号.
    pub form: String,
    /// Form title.
    pub title: String,
    /// Period 报告期.
    pub period: Period,
    /// Times and levels.
    pub planned: Planned,
    /// Units of the register that owe it today.
    pub units: usize,
    /// The window that is there already.
    pub exists: Option<WindowId>,
}

/// What the calendars foresee for the periods of a year, in the order of the deadlines: the dry run of [`prepare_year`].
pub async fn plan_year(cx: &mut Cx<'_>, area: AreaCode, year: i32) -> Result<Vec<PlannedWindow>> {
    cx.allow(Action::Arrange, Object::Area(&area))?;
    let earliest = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let past = Past::of(cx, &area, earliest).await?;
    let windows = survey::list(cx.tx()).await?;
    let mut planned = Vec::new();
    let actor = cx.actor()?.clone();
    for programme in cx.app().programmes().values().filter(|programme| actor.covers(&programme.domain)) {
        for form in programme.forms() {
            for period in periods(form, year)? {
                let Some(plan) = programme.calendar().planned(&form.code, period) else { continue };
                let same = |w: &&Window| w.form == form.code && w.period == period && touches(&w.area, &area);
                planned.push(PlannedWindow {
                    form: form.code.clone(),
                    title: form.title(),
                    period,
                    planned: plan,
                    units: past.owing(form.audience(), period).count(),
                    exists: windows.iter().find(same).map(|window| window.id),
                });
            }
        }
    }
    planned.sort_by(|a, b| (a.planned.times.due_at, &a.form).cmp(&(b.planned.times.due_at, &b.form)));
    Ok(planned)
}

fn touches(one: &AreaCode, other: &AreaCode) -> bool {
    one.contains(other) || other.contains(one)
}

fn periods(form: &Form, year: i32) -> Result<Vec<Period>> {
    let wrong = |_| Error::Problem(Problem::BadInput { reason: format!("“{year}”不是可以安排的年份。") });
    let all = form.period_kind().periods(year).map_err(wrong)?;
    Ok(all.into_iter().filter(|period| form.is_reported_in(*period)).collect())
}

/// Puts the windows of a year that are not there yet into the calendar: those of forms that some unit owes, if asked for
/// these alone. Gives how many were prepared.
pub async fn prepare_year(cx: &mut Cx<'_>, area: AreaCode, year: i32, owed_only: bool) -> Result<usize> {
    let planned = plan_year(cx, area, year).await?;
    let wanted = planned.into_iter().filter(|plan| plan.exists.is_none() && (!owed_only || plan.units > 0));
    let mut prepared = 0;
    for PlannedWindow { form, period, planned: Planned { times, chain }, .. } in wanted {
        prepare(cx, NewWindow { area, form, period, times, chain }).await?;
        prepared += 1;
    }
    Ok(prepared)
}

/// Changes the times of a window, and its chain while it has not been opened, with a reason. Where the deadline moves, what
/// has been handed in is judged late or not by the new one.
pub async fn change(cx: &mut Cx<'_>, id: WindowId, times: Times, chain: Chain, reason: &str) -> Result<Window> {
    let before = to_arrange(cx, id).await?;
    let reason = reason.trim();
    if reason.chars().count() < REASON_CHARS_MIN {
        let reason = format!("请写明调整时间的原因,不少于 {REASON_CHARS_MIN} 个字。");
        return Err(Problem::BadInput { reason }.into());
    }
    if before.locked_at.is_some() {
        return Err(Problem::BadInput { reason: "本期已锁定,不能再调整时间。".into() }.into());
    }
    let levels = |chain: &Chain| chain.links().iter().map(|link| link.level).collect::<Vec<_>>();
    if before.opened_at.is_some() && levels(&before.chain) != levels(&chain) {
        let reason = "已经开网的报表不能改变验收流程,只能调整各级的截止时间。".into();
        return Err(Problem::BadInput { reason }.into());
    }
    let after = Window { times, chain, ..before.clone() }.checked()?;
    survey::put(cx.tx(), &after).await?;
    let moved = if before.times.due_at == after.times.due_at {
        0
    } else {
        report::judge_late(cx.tx(), id, after.times.due_at).await?
    };
    let payload = json!({
        "was": particulars(&before), "window": particulars(&after), "reason": reason, "reports_judged_anew": moved,
    });
    if after.opened_at.is_some() {
        tell_units(cx, &after, reason).await?;
    }
    cx.record("survey.changed", ("window", id.to_string()), payload).await?;
    Ok(after)
}

/// Tells every unit that reports in a window when it opens, is due and closes now.
async fn tell_units(cx: &mut Cx<'_>, window: &Window, reason: &str) -> Result<()> {
    let times = &window.times;
    let draft = Draft {
        kind: Kind::Changed,
        title: format!("{} {} 报送时间调整", window.form, window.period.cumulative_label()),
        body: format!(
            "现在的开网时间是 {},截止时间是 {},关网时间是 {}。调整原因:{reason}",
            print_instant(times.opens_at),
            print_instant(times.due_at),
            print_instant(times.closes_at)
        ),
        about: ("window", window.id.to_string()),
    };
    for unit in report::units_of_window(cx.tx(), window.id).await? {
        tell_unit(cx, unit, &draft).await?;
    }
    Ok(())
}

/// The last level of the chain closes a period for good (锁定): what it has accepted is changed by an approved correction
/// only. Refused while anything may still come to it. Gives how many reports were locked.
pub async fn lock(cx: &mut Cx<'_>, id: WindowId) -> Result<u64> {
    survey::hold(cx.tx(), id).await?;
    let window = get(cx, id).await?;
    let actor = cx.actor()?.clone();
    cx.allow(Action::Review, Object::Area(&narrower(&window.area, &actor.area)))?;
    let last =
        window.chain.last().filter(|last| actor.role.level() == Some(*last) && actor.area.contains(&window.area));
    let last = last.ok_or(Problem::NotYourTurn { level: window.chain.last() })?;
    if cx.now() <= window.times.closes_at {
        let reason = format!("关网时间({})以前不能锁定本期。", print_instant(window.times.closes_at));
        return Err(Problem::BadInput { reason }.into());
    }
    let now = cx.now();
    let waiting = report::count_unaccepted(cx.tx(), id, now).await?;
    if waiting > 0 {
        let reason = format!("还有 {waiting} 份报表没有验收(已上报、退回修改或催报未到期),不能锁定本期。");
        return Err(Problem::BadInput { reason }.into());
    }
    let locked = report::lock_all(cx.tx(), id, last).await?;
    let window = Window { locked_at: Some(cx.now()), ..window };
    survey::put(cx.tx(), &window).await?;
    cx.record("survey.locked", ("window", id.to_string()), json!({ "level": last, "reports": locked })).await?;
    Ok(locked)
}
