//! Sign-ins 登录: from where people come, and what was tried in vain.

use chrono::{Days, NaiveDate, TimeDelta};
use youju_domain::person::{Person, waits_until};
use youju_domain::security::sign_in::{Failures, Map, Outcome, SignIn, failures, map};
use youju_domain::survey::{print_instant, starts};
use youju_domain::{Instant, Problem};
use youju_sheet::{CellOut, ColumnOut, Table, write_csv};
use youju_store::sealed::Place;
use youju_store::sign_in as store;

use super::{half_a_year_back, may_look};
use crate::context::Cx;
use crate::error::{Fault, Result};
use crate::organisation::today;
use crate::secrets::of_words;

/// Tries that are looked at at once: opening as many addresses takes about a second.
pub const TRIES_MAX: i64 = 100_000;
/// Spans that may be asked for, in days.
pub const SPANS: [u64; 4] = [7, 30, 90, 183];

/// What was asked for, and what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub since: NaiveDate,
    /// In days.
    pub days: u64,
    /// Tries of the last half year that were not looked at, because there are too many.
    pub left: i64,
}

/// From where people have signed in.
pub async fn map_of(cx: &mut Cx<'_>, days: u64) -> Result<(Span, Map)> {
    let (span, tries) = read(cx, days).await?;
    Ok((span, map(&tries, span.since)))
}

/// What was tried in vain, with the accounts that have to wait now, each until when.
pub struct Tried {
    /// What was asked for.
    pub span: Span,
    /// Counted.
    pub failures: Failures,
    /// Who waits.
    pub waiting: Vec<(Person, Instant)>,
    /// One by one, the latest first.
    pub rows: Vec<SignIn>,
}

/// What was tried in vain.
pub async fn tried(cx: &mut Cx<'_>, days: u64) -> Result<Tried> {
    let (span, tries) = read(cx, days).await?;
    let now = cx.now();
    let held = store::waiting(cx.tx(), now - TimeDelta::hours(1)).await?;
    let waits = |person: Person| {
        let until = waits_until(person.failures, person.failed_at).filter(|until| *until > now)?;
        Some((person, until))
    };
    let is_shown = |one: &SignIn| one.outcome != Outcome::SignedIn && one.day() >= span.since;
    Ok(Tried {
        span,
        failures: failures(&tries, span.since),
        waiting: held.into_iter().filter_map(waits).collect(),
        rows: tries.into_iter().rev().filter(is_shown).collect(),
    })
}

/// The tries of the last half year, oldest first, with their addresses opened.
async fn read(cx: &mut Cx<'_>, days: u64) -> Result<(Span, Vec<SignIn>)> {
    may_look(cx)?;
    if !SPANS.contains(&days) {
        return Err(Problem::BadInput { reason: "时间范围应从列表中选择。".into() }.into());
    }
    let today = today(cx);
    let since = today.checked_sub_days(Days::new(days - 1)).unwrap_or(today);
    let from = starts(half_a_year_back(today).min(since));
    let count = store::count(cx.tx(), from).await?;
    let mut tries = store::list(cx.tx(), from, TRIES_MAX).await?;
    tries.reverse();
    for one in &mut tries {
        let about = of_words(Place::SignIn, one.id, "");
        one.address = cx.app().secret_keys().open_text(std::mem::take(&mut one.address), &about)?;
    }
    Ok((Span { since, days, left: (count - TRIES_MAX).max(0) }, tries))
}

/// What was tried in vain as CSV: the name of the file, and its content.
pub fn csv(tried: &Tried) -> Result<(String, Vec<u8>)> {
    let names = ["时间", "账号", "姓名", "角色", "结果", "连续失败次数", "网络地址", "浏览器"];
    let lines = tried.rows.iter().map(|one| {
        let whose = one.whose.as_ref();
        [
            print_instant(one.at),
            whose.map_or_else(String::new, |whose| whose.login.clone()),
            whose.map_or_else(String::new, |whose| whose.name.clone()),
            whose.map_or("", |whose| whose.role.label()).to_owned(),
            one.outcome.label().to_owned(),
            one.failures.to_string(),
            one.address.clone(),
            one.browser.clone(),
        ]
    });
    let rows: Vec<Vec<CellOut>> = lines.map(|line| line.map(CellOut::Text).to_vec()).collect();
    let columns = names.iter().map(|name| ColumnOut::new(name)).collect();
    let mut file = Vec::new();
    write_csv(&mut file, Table { title: String::new(), columns, rows: rows.into_iter() })
        .map_err(|error| Fault::new("writing what was tried in vain", error))?;
    Ok((format!("失败的登录 {}起.csv", tried.span.since), file))
}
