//! Supporting material on the page of a report, and what stands in inboxes: material that units owe, lists that counties owe.

use maud::{Markup, html};
use youju_app::check_list::{self, Due, Lacking, Owed, Owing};
use youju_app::report::Open;
use youju_app::{App, Cx, Result};
use youju_domain::Instant;
use youju_domain::access::{Action, Actor, Object, decide};
use youju_domain::check_list::{Provision, Span, Standing};

use crate::ui::part;
use crate::url;

/// Lists and counties that the inbox itself names; the rest is a link away.
const NAMED_MAX: usize = 10;

/// How material stands, as a word and a colour.
pub(crate) fn provision(provision: Provision) -> Markup {
    let class = match provision {
        Provision::Overdue => "error",
        Provision::DueToday => "todo",
        Provision::ProvidedLate => "explain",
        Provision::Provided => "done",
    };
    html! { span class={ "badge " (class) } { (provision.label()) } }
}

/// What a report owes: to its unit as something to do, to the office as something to look at.
pub(crate) fn owed(open: &Open, owed: &[Owed], is_own: bool) -> Markup {
    let lacking = owed.iter().filter(|one| one.provision.is_owed()).count();
    let is_over = owed.iter().any(|one| one.provision == Provision::Overdue);
    let class = match (lacking, is_over) {
        (0, _) => "done",
        (_, true) => "error",
        (_, false) => "todo",
    };
    html! { @if !owed.is_empty() {
        details class={ "more notice " (class) } open[is_own && lacking > 0] {
            summary {
                @if lacking == 0 { "支撑材料:" (owed.len()) " 项都已提供" }
                @else { "支撑材料:应有 " (owed.len()) " 项,还缺 " (lacking) " 项" }
            }
            ul.list { @for one in owed { li {
                div.main {
                    strong { (if one.name.is_empty() { "整张报表" } else { one.name.as_str() }) }
                    @if let Some(row) = &one.subject.row { " " span.code { (row) } }
                    @if let Some(large) = &one.large { p.about { "重点审核:" (large) } }
                }
                (provision(one.provision))
                @if is_own && one.provision.is_owed() { a.button.small href=(place(open, one)) { "添加材料" } }
            } } }
            @if owed.len() > 1 { p.small { "材料挂在项目那一行的数上,或者挂在整张报表上并在文件名、说明里写明项目名称或代码。" } }
            @if is_own && lacking > 0 { p.small { "上报当天(到 24 时)应提供,以最近一次上报的日期为准;节假日不顺延。" } }
        }
    } }
}

/// Where an officer may put a report on the list of today: its county's, while the window is open.
pub(crate) fn add_by_hand(app: &App, actor: &Actor, open: &Open, now: Instant) -> Option<String> {
    let rule = check_list::rule_of(app, &open.report.form).filter(|_| open.window.is_open(now))?;
    let county = check_list::county_of(open.unit.area);
    let may = decide(actor, Action::Arrange, Object::Area(&county)) && open.report.versions > 0;
    let list = url::check_list(open.window.id, &county, Span::at(rule.every, now));
    may.then(|| url::with_query(&list, &[("unit", open.unit.usci.as_str())]))
}

fn place(open: &Open, one: &Owed) -> String {
    url::ledger_attachments(open.unit.id, Some(open.report.period), Some(&one.place))
}

/// What waits because of check lists.
pub(crate) struct Waiting {
    owing: Vec<Owing>,
    due: Vec<Due>,
    lacking: Vec<Lacking>,
}

impl Waiting {
    /// Reads it; for every role only its own.
    pub(crate) async fn read(cx: &mut Cx<'_>) -> Result<Waiting> {
        Ok(Waiting {
            owing: check_list::owing(cx).await?,
            due: check_list::due(cx).await?,
            lacking: check_list::lacking(cx).await?,
        })
    }

    /// True when nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.owing.is_empty() && self.due.is_empty() && self.lacking.is_empty()
    }
}

/// The part of the inbox.
pub(crate) fn waiting(waiting: &Waiting, now: Instant) -> Markup {
    html! {
        @if !waiting.owing.is_empty() { (owing(&waiting.owing)) }
        @if !waiting.due.is_empty() { (due(&waiting.due, now)) }
        @if !waiting.lacking.is_empty() { (lacking(&waiting.lacking)) }
    }
}

fn owing(all: &[Owing]) -> Markup {
    html! {
        section.stack {
            div.table-head { h2 { "支撑材料待提供" } span.count { (all.len()) } }
            ul.list { @for owing in all { li {
                div.main {
                    a href=(url::report(owing.report)) { (owing.form) " · " (owing.period.cumulative_label()) }
                    p.about { "缺 " (owing.owed.len()) " 项:" (names(&owing.owed)) }
                }
                @if let Some(worst) = owing.owed.iter().map(|one| one.provision).min() { (provision(worst)) }
                @if let Some(first) = owing.owed.first() {
                    a.button.small href=(url::ledger_attachments(owing.unit, Some(owing.period), Some(&first.place))) { "添加材料" }
                }
            } } }
        }
    }
}

fn names(owed: &[Owed]) -> String {
    let name = |one: &Owed| if one.name.is_empty() { "整张报表".to_owned() } else { one.name.clone() };
    let named: Vec<String> = owed.iter().take(NAMED_MAX).map(name).collect();
    let more = if owed.len() > NAMED_MAX { format!(" 等 {} 项", owed.len()) } else { String::new() };
    format!("{}{more}", named.join("、"))
}

fn due(all: &[Due], now: Instant) -> Markup {
    html! {
        section.stack {
            div.table-head { h2 { "核实清单待上报" } span.count { (all.len()) } }
            ul.list { @for due in all.iter().take(NAMED_MAX) { li {
                div.main {
                    a href=(url::check_list(due.window.id, &due.area, due.span)) { (due.window.form) " · " (due.window.period.cumulative_label()) " · " (due.span.label()) }
                }
                (super::view::standing(due.standing))
                @if due.standing == Standing::Running { span.due.todo { (part::until(due.span.ends_at(), now)) } }
            } } }
            @if all.len() > NAMED_MAX { p.muted { "共 " (all.len()) " 份,先列最早的 " (NAMED_MAX) " 份;全部见各期的核实清单。" } }
        }
    }
}

fn lacking(all: &[Lacking]) -> Markup {
    html! {
        section.stack {
            div.table-head { h2 { "县级未报的核实清单" } }
            ul.list { @for one in all { li {
                div.main {
                    a href=(url::check_lists(one.window.id)) { (one.window.form) " · " (one.window.period.cumulative_label()) }
                    p.about { (counties(one)) }
                }
                (super::view::standing(Standing::Missing))
            } } }
        }
    }
}

fn counties(lacking: &Lacking) -> String {
    let name = |(area, count): &(youju_codes::AreaCode, usize)| {
        format!("{} {count} 份", youju_codes::area::name(area).unwrap_or(area.as_str()))
    };
    let named: Vec<String> = lacking.counties.iter().take(NAMED_MAX).map(name).collect();
    let more = lacking.counties.len().saturating_sub(NAMED_MAX);
    let more = if more > 0 { format!(",另有 {more} 个县") } else { String::new() };
    format!("{}{more}", named.join("、"))
}
