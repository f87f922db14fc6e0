//! Markup of windows and boards.

use maud::{Markup, html};
use youju_app::list::{Edited, Listed};
use youju_app::review::AcceptedAll;
use youju_app::survey::BoardRow;
use youju_domain::Instant;
use youju_domain::access::{Action, Actor, Object, decide};
use youju_domain::assessment::level_of;
use youju_domain::id::WindowId;
use youju_domain::report::{Level, State};
use youju_domain::survey::Window;

use crate::ui::part;
use crate::url;

fn phase(window: &Window, now: Instant) -> Markup {
    let (class, word) = if window.locked_at.is_some() {
        ("done", "已锁定".to_owned())
    } else if window.opened_at.is_none() {
        ("", "待县级开网".to_owned())
    } else if now < window.times.opens_at {
        ("", "未开网".to_owned())
    } else if now <= window.times.due_at {
        ("todo", format!("报送中,{}", part::until(window.times.due_at, now)))
    } else if now <= window.times.closes_at {
        ("explain", "已截止,可补报".to_owned())
    } else {
        ("done", "已关网".to_owned())
    };
    html! { span class={ "badge " (class) } { (word) } }
}

/// The list of windows; whoever may arrange gets the form for a new one.
pub(crate) fn windows(windows: &[Window], forms: Option<&[(String, String)]>, now: Instant) -> Markup {
    html! {
        @if windows.is_empty() { (part::empty("还没有布置报表", "县级统计人员布置后,单位会在待办中看到。")) }
        @else {
            div.table-head { span.table-count { "共 " (windows.len()) " 个报送窗口" } }
            div.table-box tabindex="0" role="region" aria-label="报送窗口" { table.table {
                thead { tr { th { "报表" } th { "报告期" } th { "范围" } th { "开网" } th { "截止" } th { "关网" } th { "状态" } } }
                tbody { @for window in windows { tr {
                    th scope="row" { a href=(url::window(window.id)) { (window.form) } }
                    td { (window.period.cumulative_label()) }
                    td { (youju_codes::area::name(&window.area).unwrap_or(window.area.as_str())) }
                    td { (part::instant(window.times.opens_at)) } td { (part::instant(window.times.due_at)) } td { (part::instant(window.times.closes_at)) }
                    td { (phase(window, now)) }
                } } }
            } }
        }
        @if let Some(forms) = forms {
            p { a.button href=(url::CALENDAR) { "报送日历" } }
            (open_form(forms))
        }
    }
}

fn open_form(forms: &[(String, String)]) -> Markup {
    html! {
        details.more {
            summary { "布置一期报表" }
            form.card.narrow method="post" action=(url::WINDOWS) {
                div.field { label for="form" { "报表" } select #form name="form" {
                    @for (code, title) in forms { option value=(code) { (title) } }
                } }
                div.field { label for="period" { "报告期" } input #period name="period" placeholder="2026-03 或 2026年1—2月" required; }
                (super::form::fields(None))
                div.form-actions { button.button.primary type="submit" { "布置" } }
            }
        }
    }
}

/// The table of the window's units, and bulk acceptance with its number.
pub(crate) fn actions(actor: &Actor, window: &Window, acceptable: usize, has_check_lists: bool) -> Markup {
    let act = |name: &str| url::window_act(window.id, name);
    let arranges = decide(actor, Action::Arrange, Object::Area(&window.area));
    let locks = actor.role.level() == window.chain.last() && actor.area.contains(&window.area);
    html! {
        @if arranges && window.locked_at.is_none() {
            @if window.opened_at.is_none() { (part::post_button(&act("open"), "开网", "primary", None)) }
            a.button href=(act("change")) { "调整时间" }
        }
        @if locks && window.opened_at.is_some() && window.locked_at.is_none() {
            span.apart { (part::post_button(&act("lock"), "锁定本期", "danger", Some("锁定后,已验收的报表只能经批准更正。确认锁定吗?"))) }
        }
        a.button href=(act("review")) { "审核次序" }
        @if level_of(&actor.area).is_some() && decide(actor, Action::View, Object::Area(&actor.area)) { a.button href=(url::assessments_of(&window.form, window.period)) { "数据质量评估" } }
        @if has_check_lists { a.button href=(url::check_lists(window.id)) { "核实清单" } }
        @if window.opened_at.is_some() && actor.role.is_officer() { a.button href=(act("joint-review")) { "召集联审" } }
        a.button href=(act("edited")) { "修改痕迹" }
        a.button href=(url::window_form_book(window.id)) { "导出 Excel" }
        @if decide(actor, Action::Inspect, Object::Area(&actor.area)) {
            a.button href=(act("outside")) { "部门数据对照" }
            a.button href=(act("signals")) { "独立报送线索" }
        }
        @if window.opened_at.is_some() && window.locked_at.is_none() && actor.role.level().is_some() { a.button href=(act("remind")) { "催报" } }
        @if acceptable > 0 { a.button.primary href=(url::window_accept(window.id)) { "批量验收 " (acceptable) " 份" } }
    }
}

/// Progress by township.
pub(crate) fn board(window: &Window, rows: &[BoardRow], looks: Option<Level>, now: Instant) -> Markup {
    // Whoever looks wants to know what is done at their level; a level that does not accept sees the first that does.
    let level = looks.filter(|level| window.chain.holds(*level)).or(window.chain.first()).unwrap_or(Level::County);
    let sum = rows.last();
    html! {
        dl.facts.wide.card {
            div { dt { "状态" } dd { (phase(window, now)) } }
            div { dt { "开网" } dd { (part::instant(window.times.opens_at)) } }
            div { dt { "截止" } dd { (part::instant(window.times.due_at)) } }
            div { dt { "关网" } dd { (part::instant(window.times.closes_at)) } }
            @for link in window.chain.links() { div {
                dt { (link.level.label()) "验收" }
                dd { @if let Some(due) = link.due_at { (part::instant(due)) " 前" } @else { "未定时间" } }
            } }
        }
        @if let Some(sum) = sum {
            div.figures {
                a href=(reports(window, None, "")) { b { (part::count(sum.owed())) } span { "应报单位" } }
                div { b { (part::share(sum.reported(), sum.owed())) } span { "上报率(" (part::count(sum.reported())) " 家)" } }
                div { b { (part::share(sum.on_time(), sum.owed())) } span { "及时率(" (part::count(sum.on_time())) " 家)" } }
                @let accepted = accepted(sum, level);
                div { b { (part::share(accepted, sum.owed())) } span { (level.label()) "验收率(" (part::count(accepted)) " 家)" } }
                div { b { (part::count(sum.open_findings)) } span { "待处理审核问题" } }
            }
            @if sum.owed() == 0 { (part::empty("没有应报单位", "名录库中没有需要填报这张表的单位。")) }
            @else { (board_table(window, rows)) }
        }
    }
}

fn accepted(row: &BoardRow, level: Level) -> u64 {
    let accepted = |state: &State| state.is_accepted_by(level);
    State::ALL.iter().zip(row.by_state).filter(|(state, _)| accepted(state)).map(|(_, number)| number).sum()
}

fn reports(window: &Window, state: Option<State>, township: &str) -> String {
    let id = window.id.to_string();
    let pairs = [("window", id.as_str()), ("state", state.map_or("", State::key)), ("area", township)];
    url::with_query(url::REPORTS, &pairs)
}

fn board_table(window: &Window, rows: &[BoardRow]) -> Markup {
    // Fourteen states hardly fit a screen: those that no report is in are left out.
    let is_met = |at: usize| rows.last().and_then(|sum| sum.by_state.get(at)).is_some_and(|number| *number > 0);
    let met: Vec<usize> = (0..State::ALL.len()).filter(|at| is_met(*at)).collect();
    let states: Vec<State> = met.iter().filter_map(|at| State::ALL.get(*at).copied()).collect();
    let of = |row: &BoardRow| met.iter().filter_map(|at| row.by_state.get(*at).copied()).collect::<Vec<u64>>();
    html! {
        div.table-box tabindex="0" role="region" aria-label="各乡镇进度" { table.table {
            thead { tr {
                th { "乡镇(街道)" } th.num { "应报" }
                @for state in &states { th.num { a href=(reports(window, Some(*state), "")) { (state.label()) } } }
                th { "上报率" } th.num { "迟报" } th.num { "待处理问题" }
            } }
            tbody { @for row in rows {
                tr class=[row.township.is_empty().then_some("sum")] {
                    th scope="row" { a href=(reports(window, None, &row.township)) { (place(&row.township)) } }
                    td.num { (part::count(row.owed())) }
                    @for number in of(row) { td.num { @if number > 0 { (part::count(number)) } } }
                    td { div.meter {
                        meter min="0" max=(row.owed()) low=(row.owed() / 2) high=(row.owed()) optimum=(row.owed()) value=(row.reported()) {}
                        span { (part::share(row.reported(), row.owed())) }
                    } }
                    td.num { @if row.late > 0 { (part::count(row.late)) } }
                    td.num { @if row.open_findings > 0 { (part::count(row.open_findings)) } }
                }
            } }
        } }
    }
}

fn place(township: &str) -> String {
    if township.is_empty() {
        return "合计".into();
    }
    let code = youju_codes::AreaCode::parse(township).ok();
    code.and_then(|code| youju_codes::area::name(&code)).unwrap_or(township).to_owned()
}

/// Reports that were handed in more than once.
pub(crate) fn edited(found: &[Edited]) -> Markup {
    html! {
        @if found.is_empty() { (part::empty("没有重报的报表", "退回、撤回或更正后重新上报的,会列在这里。")) }
        @else {
            div.table-head { span.table-count { "共 " (found.len()) " 份重报" } }
            div.table-box tabindex="0" role="region" aria-label="重报的报表" { table.table {
                thead { tr { th { "单位" } th.num { "上报次数" } th.num { "改动的数(各次相加)" } th.num { "更正申请" } th { "每次改了什么" } } }
                tbody { @for one in found { tr {
                    th scope="row" { a href=(url::report(one.report)) { (one.unit_name) } }
                    td.num { (one.versions) }
                    td.num { (part::count(one.changed)) }
                    td.num { @if one.corrections > 0 { (one.corrections) } }
                    td { a href=(url::report_act(one.report, "history")) { "逐版对照" } }
                } } }
            } }
        }
    }
}

/// The list that bulk acceptance would change.
pub(crate) fn dry_run(window: &Window, listed: &[Listed]) -> Markup {
    let shown: Vec<String> = listed.iter().map(|report| format!("{}:{}", report.id, report.versions)).collect();
    html! {
        @if listed.is_empty() { (part::empty("没有可以验收的报表", "下一级验收或单位上报后,会出现在这里。")) }
        @else {
            form.bulk method="post" action=(url::window_accept(window.id)) {
                input type="hidden" name="reports" value=(shown.join(","));
                span { "将验收下列 " (listed.len()) " 份报表。" }
                button.button.primary type="submit" { "验收 " (listed.len()) " 份" }
                a.button href=(url::window(window.id)) { "取消" }
            }
            div.table-box tabindex="0" role="region" aria-label="将验收的报表" { table.table {
                thead { tr { th { "单位" } th { "状态" } th { "上报时间" } th.num { "版本" } th.num { "已说明问题" } } }
                tbody { @for report in listed { tr {
                    th scope="row" { a href=(url::report(report.id)) { (report.unit_name) } }
                    td { (part::state(report.state)) }
                    td { @if let Some(at) = report.submitted_at { (part::instant(at)) } @if report.is_late { " " span.badge.explain { "迟报" } } }
                    td.num { (report.versions) }
                    td.num { @if report.explained > 0 { (report.explained) } }
                } } }
            } }
        }
    }
}

/// What bulk acceptance did.
pub(crate) fn accepted_all(window: WindowId, done: &AcceptedAll) -> Markup {
    html! {
        p.notice.done role="status" { strong { "已验收 " (done.accepted) " 份。" } @if !done.skipped.is_empty() { (done.skipped.len()) " 份没有验收,原因如下。" } }
        @if !done.skipped.is_empty() {
            ul.list { @for (id, problem) in &done.skipped { li {
                div.main { a href=(url::report(*id)) { "打开报表" } p.about { (problem.says()) (problem.hint()) } }
            } } }
        }
        p { a.button href=(url::window(window)) { "回到进度" } }
    }
}
