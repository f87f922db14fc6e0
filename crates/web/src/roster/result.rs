//! A run: what it is doing, what it found, and its lists with the way on from every row.

use maud::{Markup, html};
use youju_app::roster::{Listed, Results};
use youju_codes::{AreaLevel, area, format_number};
use youju_domain::register::Listing;
use youju_domain::roster::{Choice, Run, RunSort, RunState, Sort, Verdict};

use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

pub(super) fn badge(state: RunState) -> Markup {
    let class = match state {
        RunState::Waiting => "",
        RunState::Running => "todo",
        RunState::Done => "done",
        RunState::Broken => "error",
    };
    html! { span class={ "badge " (class) } { (state.label()) } }
}

/// The lists of a run, in the order of the work.
fn lists(run: &Run) -> &'static [Verdict] {
    match run.sort() {
        RunSort::Match => {
            &[Verdict::Review, Verdict::Enrol, Verdict::Amend, Verdict::Withdraw, Verdict::Agreed, Verdict::Nothing]
        }
        RunSort::Doubles => &[Verdict::Review, Verdict::Double, Verdict::Nothing],
    }
}

pub(super) fn run(results: &Results, (verdict, search): (Verdict, &str), types: &[String]) -> Markup {
    let run = &results.run;
    if run.state != RunState::Done {
        return progress(run);
    }
    let count = |verdict: Verdict| results.counts.get(&verdict).copied().unwrap_or_default();
    let address = url::roster_run(run.id, "");
    html! {
        nav.figures aria-label="比对结果" { @for one in lists(run) {
            a href=(url::roster_run(run.id, one.key())) aria-current=[(*one == verdict).then_some("page")] { b { (part::count(count(*one))) } span { (one.label()) } }
        } }
        @if count(Verdict::Waiting) > 0 { p.hint { "另有 " (part::count(count(Verdict::Waiting))) " 条要等复核以后才能确定。" } }
        div.form-actions {
            @if count(Verdict::Review) > 0 { a.button.primary href=(url::roster_review(run.id)) { "开始复核(" (part::count(count(Verdict::Review))) " 对)" } }
            a.button href=(url::roster_run_csv(run.id, verdict.key(), search)) { "导出 CSV" }
        }
        @if run.sort() == RunSort::Match { (gather(run)) }
        section.stack {
            h2 { (verdict.label()) }
            (about(verdict))
            form.filters action=(address) role="search" aria-label="查找比对结果" {
                input type="hidden" name="list" value=(verdict.key());
                div.field { label for="result-search" { "名称或代码" } input #result-search name="search" value=(search); }
                button.button type="submit" { "查找" }
            }
            @if results.page.total == 0 { (part::empty("这里没有单位", "换一类结果,或清空查找的字。")) }
            @else {
                div.table-head { (part::shown(&results.page)) }
                (table(results, verdict, types))
                (part::pager(&results.page, &address, &[("list", verdict.key()), ("search", search)], PAGE_ROWS.unsigned_abs()))
            }
        }
        (made(run))
    }
}

/// Units whose figure is near their line, in one go.
fn gather(run: &Run) -> Markup {
    html! { form.filters method="post" action=(url::PROSPECTS) aria-label="筛选达标的单位" {
        input type="hidden" name="run" value=(run.id);
        div.field { label for="share" { "营业收入达到纳统标准的" } select #share name="share" {
            @for share in youju_app::prospect::SHARES { option value=(share) { (share) "%" } }
        } }
        button.button type="submit" { "筛选达标的单位,列为准四上线索" }
    } }
}

fn about(verdict: Verdict) -> Markup {
    html! { p.hint { (match verdict {
        Verdict::Enrol => "名单有、名录库没有的单位。先查名录库确认没有,再登记(先进库、后有数),或列为准四上线索。",
        Verdict::Amend => "两边都有、内容不同的单位。不同不等于名录库错了,核实后再提出变更。",
        Verdict::Withdraw => "名单说已注销、吊销或迁出,或全量名单里没有的单位。核实后再提出退出;未纳入调查的单位没有报表可退,提出变更(运营状态)。",
        Verdict::Double => "名录库中可能是同一家的两个单位,跨县、跨行业的在不同之处中写明。",
        Verdict::Review => "把握不够、要人看的对,把握大的在前。",
        Verdict::Agreed => "两边没有矛盾的单位;名单多出来的内容列在不同之处中。",
        Verdict::Nothing | Verdict::Waiting => "复核判为不是同一单位的对,和无需办理的。",
    }) } }
}

/// A run that is not done: it is looked at anew every few seconds, and may be left.
fn progress(run: &Run) -> Markup {
    let address = url::roster_run(run.id, "");
    let is_open = matches!(run.state, RunState::Waiting | RunState::Running);
    html! {
        div #progress .card hx-get=[is_open.then_some(&address)] hx-trigger=[is_open.then_some("every 3s")] hx-select="#main > *" hx-target="#main" hx-swap="innerHTML" {
            p role="status" { (run.state.label()) "。" (run.says) }
            @if is_open {
                p.hint { "比对在后台进行,可以离开这一页,结果会留在这里。" }
                a.button href=(address) { "刷新" }
            }
        }
    }
}

fn table(results: &Results, verdict: Verdict, types: &[String]) -> Markup {
    // What stands in the list alone differs from nothing, and nobody has judged it: what counts is how large it is.
    let is_compared = verdict != Verdict::Enrol;
    let leads_on = matches!(verdict, Verdict::Enrol | Verdict::Amend | Verdict::Withdraw | Verdict::Double);
    html! { div.table-box tabindex="0" role="region" aria-label=(verdict.label()) { table.table {
        thead { tr { th { "单位" } th { "所在地" } @if is_compared { th { "不同之处" } th { "判断" } } @else { th { "行业" } th.num { "营业收入(元)" } } @if leads_on { th { "办理" } } } }
        tbody { @for one in &results.page.rows { tr {
            th scope="row" { (names(results, one)) }
            td { (area::name(&one.found.area).unwrap_or(one.found.area.as_str())) }
            @if is_compared { td.wrap { (differences(one)) } td { (decided(one)) } }
            @else { td { (one.row_industry.as_deref().unwrap_or_default()) } td.num { (revenue(one)) } }
            @if leads_on { td { (way_on(results, one, types)) } }
        } } }
    } } }
}

fn revenue(one: &Listed) -> String {
    one.row_revenue.as_ref().map_or_else(String::new, format_number)
}

fn names(results: &Results, one: &Listed) -> Markup {
    let pair = &one.found.pair;
    let unit = |name: &Option<String>, code: &Option<String>, id| {
        html! { @if let (Some(name), Some(id)) = (name, id) {
            div { a href=(url::unit(id)) { (name) } @if let Some(code) = code { " " span.code { (code) } } }
        } }
    };
    html! {
        (unit(&one.unit_name, &one.unit_code, pair.unit))
        (unit(&one.other_name, &one.other_code, pair.other))
        @if let Some(name) = &one.row_name { div {
            "名单:" (name) @if let Some(code) = &one.row_code { " " span.code { (code) } }
            @if pair.sort == Sort::Row { @if let Some(address) = &one.row_address { div.muted { (address) } } }
        } }
        @if matches!(pair.sort, Sort::Pair | Sort::Double) { a href=(url::roster_pair(results.run.id, pair.number)) { "看这一对" } }
    }
}

fn differences(one: &Listed) -> Markup {
    html! {
        @for differs in &one.found.differences { div {
            (differs.what) ":" @if differs.ours.is_empty() { "名录库没有" } @else { (differs.ours) } " → " (differs.theirs)
        } }
        @if one.found.pair.sort == Sort::Unit { "全量名单里没有" }
    }
}

fn decided(one: &Listed) -> Markup {
    html! { @match one.found.pair.choice {
        Some(choice) => {
            span class={ "badge " (if choice == Choice::Same { "done" } else { "" }) } { (choice.label()) }
            @if let Some(by) = &one.by_name { div.muted { (by) @if let Some(at) = one.at { " " (part::instant(at)) } } }
        }
        None => {
            @if matches!(one.found.pair.sort, Sort::Pair | Sort::Double) { span.muted { "程序,把握 " (super::pair::bits(one.found.bits)) " 比特" } }
        }
    } }
}

/// What can be done about a row: the fitting case, where its type is in force, or a prospect.
fn way_on(results: &Results, one: &Listed, types: &[String]) -> Markup {
    let pair = &one.found.pair;
    let case = |kind: &str, word: &str| {
        let unit = pair.unit.filter(|_| types.iter().any(|one| one == kind));
        html! { @if let Some(unit) = unit { a.button.small href=(url::case_new_about(kind, &unit.to_string())) { (word) } } }
    };
    let is_outside = one.unit_listing.as_deref().and_then(Listing::from_key) == Some(Listing::Outside);
    match pair.verdict {
        Verdict::Enrol => html! { div.row {
            a.button.small href=(new_unit(one)) { "登记单位" }
            form method="post" action=(url::PROSPECTS) {
                input type="hidden" name="run" value=(results.run.id);
                input type="hidden" name="number" value=(pair.number);
                button.button.small type="submit" { "列为线索" }
            }
        } },
        Verdict::Amend => case("amendment", "提出变更"),
        // Who is only known owes nothing that could be withdrawn from: its standing is amended.
        Verdict::Withdraw if is_outside => case("amendment", "提出变更"),
        Verdict::Withdraw => case("withdrawal", "提出退出"),
        Verdict::Double if is_outside => case("amendment", "提出变更其中一家"),
        Verdict::Double => case("withdrawal", "提出退出其中一家"),
        _ => html! {},
    }
}

/// The form of a new unit with what the list says: first into the register, then whatever follows.
fn new_unit(one: &Listed) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (code, name, address) = (text(&one.row_code), text(&one.row_name), text(&one.row_address));
    let area = one.found.area;
    let area = if area.level() == AreaLevel::Township { area.as_str() } else { "" };
    let written = text(&one.row_industry);
    let industry: String = written.chars().filter(char::is_ascii_digit).collect();
    let industry = if industry.len() == 4 { industry } else { String::new() };
    let known = [("usci", &*code), ("name", &name), ("area", area), ("address", &address), ("industry", &industry)];
    url::unit_new(&known)
}

/// How the result was made, so that it can be told and repeated.
fn made(run: &Run) -> Markup {
    let report = &run.report;
    html! { details.more {
        summary { "怎样比对的" }
        dl.facts {
            dt { "名录库" } dd { (part::count(report.units)) " 家" }
            @if run.sort() == RunSort::Match { dt { "名单" } dd { (part::count(report.rows)) " 行" } }
            dt { "比较过的对" } dd { (part::count(report.compared)) }
            @for (word, value) in &report.settings { dt { (word) } dd { (value) } }
            @if let Some(ended) = run.ended_at { dt { "完成时间" } dd { (part::instant(ended)) } }
            dt { "结果的指纹" } dd { span.code { (run.fingerprint) } }
        }
        h3 { "认定的界线" } ul { @for line in &report.bands { li { (line) } } }
        @if !report.notices.is_empty() { h3 { "使用结果以前请知道" } ul { @for line in &report.notices { li { (line) } } } }
    } }
}
