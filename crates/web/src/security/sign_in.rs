//! 登录分布 and 失败的登录: from where people come, what was tried in vain, and what somebody should look at.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;
use serde_json::json;
use youju_app::security::sign_in::{self, SPANS, Span, Tried};
use youju_codes::AreaCode;
use youju_domain::security::sign_in::{ACCOUNTS_MIN, Map, NETWORKS_MIN, NIGHT_FROM, NIGHT_TO, Signal, Tally};

use super::{number, tabs};
use crate::limits::LISTED_MAX;
use crate::request::{Answer, Signed, query};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, download, url};

#[derive(Deserialize)]
struct Asked {
    #[serde(default = "month")]
    days: u64,
}

fn month() -> u64 {
    30
}

fn span(path: &str, span: Span) -> Markup {
    html! {
        form.filters action=(path) {
            div.field { label for="days" { "时间范围" } select #days name="days" {
                @for days in SPANS { option value=(days) selected[days == span.days] { "最近 " (days) " 天" } }
            } }
            button.button type="submit" { "查看" }
        }
        @if span.left > 0 { p.notice.explain { "最近半年的登录记录太多,最早的 " (part::count(span.left.unsigned_abs())) " 条没有计入。" } }
    }
}

/// From where people sign in.
pub(crate) async fn map(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let found = web.app.read(Some(signed.actor.clone()), async |cx| sign_in::map_of(cx, asked.days).await).await?;
    let about = format!(
        "按账号所在的地区、网段和浏览器统计成功的登录。网段取网络地址的前半部分,不向外查询它在哪里。以下只是线索:一个地址有 {ACCOUNTS_MIN} 个以上账号、一个账号来自 {NETWORKS_MIN} 个以上网段、账号首次出现的网段、{NIGHT_FROM} 点到次日 {NIGHT_TO} 点的登录。"
    );
    let head = Head { about: Some(about), ..Head::of("登录分布") };
    let main = html! {
        (tabs(&signed, url::SECURITY_SIGN_INS))
        (span(url::SECURITY_SIGN_INS, found.0))
        @if found.1.all.tries == 0 { (part::empty("这段时间没有登录", "请换一个时间范围。")) }
        @else { (chart(&found.1, found.0)) (areas(&found.1)) (signals(&found.1.signals)) (crosses(&found.1)) (days(&found.1)) }
    };
    Ok(whole(&signed.frame, &head, &main))
}

fn area_name(code: &str) -> String {
    let known = AreaCode::parse(code).ok().and_then(|code| youju_codes::area::name(&code).map(str::to_owned));
    known.unwrap_or_else(|| code.to_owned())
}

/// A bar for each area, with the finding as title.
fn chart(map: &Map, span: Span) -> Markup {
    let mut bars: Vec<(&String, &Tally)> = map.by_area.iter().collect();
    bars.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.tries));
    bars.truncate(20);
    let Some((first, most)) = bars.first() else { return html! {} };
    let names: Vec<String> = bars.iter().map(|(code, _)| area_name(code)).collect();
    let counts: Vec<u64> = bars.iter().map(|(_, tally)| tally.tries).collect();
    let option = json!({
        "grid": { "left": 8, "right": 40, "top": 8, "bottom": 8, "containLabel": true },
        "yAxis": { "type": "category", "inverse": true, "axisLabel": { "interval": 0 }, "data": names },
        "xAxis": { "type": "value", "splitNumber": 3, "minInterval": 1, "axisLabel": { "hideOverlap": true } },
        "tooltip": { "trigger": "axis", "renderMode": "richText" },
        "series": [{ "type": "bar", "name": "登录", "data": counts }],
    });
    html! { figure.chart {
        figcaption {
            strong { (area_name(first)) "登录最多,占 " (part::share(most.tries, map.all.tries)) }
            "单位:次 · " (span.since) " 起 · 来源:登录记录"
        }
        stat-chart { script type="application/json" { (PreEscaped(option.to_string().replace('<', "\\u003c"))) } }
    } }
}

fn areas(map: &Map) -> Markup {
    html! {
        div.table-box tabindex="0" role="region" aria-label="按地区" { table.table {
            thead { tr { th { "账号所在地区" } th.num { "登录次数" } th.num { "账号数" } th.num { "网段数" } th { "最近一次" } } }
            tbody { @for (code, tally) in &map.by_area { tr {
                th scope="row" { (area_name(code)) }
                (numbers(tally))
                td { @if let Some(at) = tally.last { (part::instant(at)) } }
            } } }
        } }
    }
}

fn numbers(tally: &Tally) -> Markup {
    html! {
        td.num { (part::count(tally.tries)) }
        td.num { (part::count(number(tally.accounts.len()))) }
        td.num { (part::count(number(tally.networks.len()))) }
    }
}

fn signals(signals: &[Signal]) -> Markup {
    html! {
        h2 { "线索" }
        @if signals.is_empty() { p { "没有需要关注的登录。" } }
        @else {
            div.table-head { span.table-count { "共 " (part::count(number(signals.len()))) " 条" @if signals.len() > LISTED_MAX { ",列出前 " (LISTED_MAX) " 条" } } }
            div.table-box tabindex="0" role="region" aria-label="线索" { table.table {
                thead { tr { th { "线索" } th { "账号或地址" } th { "情况" } th { "时间" } } }
                tbody { @for one in signals.iter().take(LISTED_MAX) { tr {
                    td { (one.label()) }
                    @match one {
                        Signal::ManyAccounts { address, accounts } => { th scope="row" { (address) } td.wrap { (part::count(number(accounts.len()))) " 个账号:" (joined(accounts)) } td {} }
                        Signal::ManyNetworks { login, networks } => { th scope="row" { (login) } td.wrap { (part::count(number(networks.len()))) " 个网段:" (joined(networks)) } td {} }
                        Signal::NewNetwork { login, network, at } => { th scope="row" { (login) } td { "第一次从 " (network) " 登录" } td { (part::instant(*at)) } }
                        Signal::Night { login, network, at } => { th scope="row" { (login) } td { "从 " (network) " 登录" } td { (part::instant(*at)) } }
                    }
                } } }
            } }
        }
    }
}

fn joined(words: &std::collections::BTreeSet<String>) -> String {
    words.iter().map(String::as_str).collect::<Vec<_>>().join("、")
}

fn crosses(map: &Map) -> Markup {
    let mut rows: Vec<_> = map.by_cross.iter().collect();
    rows.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.tries));
    html! {
        h2 { "地区、网段和浏览器" }
        div.table-head { span.table-count { "共 " (part::count(number(rows.len()))) " 行" @if rows.len() > LISTED_MAX { ",列出次数最多的 " (LISTED_MAX) " 行" } } }
        div.table-box tabindex="0" role="region" aria-label="地区、网段和浏览器" { table.table {
            thead { tr { th { "账号所在地区" } th { "网段" } th { "浏览器" } th.num { "登录次数" } th.num { "账号数" } th { "最近一次" } } }
            tbody { @for ((code, network, browser), tally) in rows.into_iter().take(LISTED_MAX) { tr {
                th scope="row" { (area_name(code)) }
                td { span.code { (network) } }
                td { @if browser.is_empty() { "不明" } @else { (browser) } }
                td.num { (part::count(tally.tries)) }
                td.num { (part::count(number(tally.accounts.len()))) }
                td { @if let Some(at) = tally.last { (part::instant(at)) } }
            } } }
        } }
    }
}

fn days(map: &Map) -> Markup {
    html! { details.more { summary { "按日" }
        div.table-box tabindex="0" role="region" aria-label="按日" { table.table {
            thead { tr { th { "日期" } th.num { "登录次数" } } }
            tbody { @for (day, count) in map.by_day.iter().rev() { tr { th scope="row" { (day) } td.num { (part::count(*count)) } } } }
        } }
    } }
}

/// What was tried in vain.
pub(crate) async fn failures(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let tried = web.app.read(Some(signed.actor.clone()), async |cx| sign_in::tried(cx, asked.days).await).await?;
    let head = Head {
        about: Some("密码或动态码不正确、账号不存在、账号已停用的登录。连续失败 5 次起要求等待,等待期间的尝试不再核对,也不计入。输入的内容不留存。".into()),
        actions: Some(html! { a.button href=(url::over_days(url::SECURITY_FAILURES_CSV, asked.days)) { "导出 CSV" } }),
        ..Head::of("失败的登录")
    };
    let main = html! {
        (tabs(&signed, url::SECURITY_FAILURES))
        (span(url::SECURITY_FAILURES, tried.span))
        (waiting(&tried))
        @if tried.failures.all.tries == 0 { (part::empty("这段时间没有失败的登录", "请换一个时间范围。")) }
        @else {
            p { "共 " (part::count(tried.failures.all.tries)) " 次,其中 " (part::count(tried.failures.lock_outs)) " 次以后账号要等待。" }
            (tallies("按账号", "账号", "账号不存在", &tried.failures.by_account))
            (tallies("按网络地址", "网络地址", "地址不明", &tried.failures.by_address))
            (hours(&tried.failures.by_hour))
        }
    };
    Ok(whole(&signed.frame, &head, &main))
}

fn waiting(tried: &Tried) -> Markup {
    html! {
        @if tried.waiting.is_empty() { p { "现在没有账号在等待。" } }
        @else { div.table-box tabindex="0" role="region" aria-label="正在等待的账号" { table.table {
            caption { "正在等待的账号" }
            thead { tr { th { "账号" } th { "姓名" } th.num { "连续失败" } th { "等到" } } }
            tbody { @for (person, until) in &tried.waiting { tr {
                th scope="row" { (person.login) } td { (person.name) } td.num { (person.failures) } td { (part::instant(*until)) }
            } } }
        } } }
    }
}

fn tallies(title: &str, head: &str, nobody: &str, by: &std::collections::BTreeMap<String, Tally>) -> Markup {
    let mut rows: Vec<(&String, &Tally)> = by.iter().collect();
    rows.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.tries));
    html! {
        h2 { (title) }
        div.table-head { span.table-count { "共 " (part::count(number(rows.len()))) " 行" @if rows.len() > LISTED_MAX { ",列出次数最多的 " (LISTED_MAX) " 行" } } }
        div.table-box tabindex="0" role="region" aria-label=(title) { table.table {
            thead { tr { th { (head) } th.num { "失败次数" } th.num { "账号数" } th.num { "网段数" } th { "最近一次" } } }
            tbody { @for (name, tally) in rows.into_iter().take(LISTED_MAX) { tr {
                th scope="row" { @if name.is_empty() { span.muted { (nobody) } } @else { (name) } }
                (numbers(tally))
                td { @if let Some(at) = tally.last { (part::instant(at)) } }
            } } }
        } }
    }
}

fn hours(by_hour: &[u64; 24]) -> Markup {
    html! {
        h2 { "按时刻" }
        div.table-box tabindex="0" role="region" aria-label="按时刻" { table.table {
            thead { tr { th { "时刻" } th.num { "失败次数" } } }
            tbody { @for (hour, count) in by_hour.iter().enumerate() { @if *count > 0 { tr {
                th scope="row" { (hour) ":00—" (hour) ":59" } td.num { (part::count(*count)) }
            } } } }
        } }
    }
}

/// The same as CSV.
pub(crate) async fn csv(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Response> {
    let asked: Asked = query(raw)?;
    let tried = web.app.read(Some(signed.actor.clone()), async |cx| sign_in::tried(cx, asked.days).await).await?;
    download::csv(&web, &signed.actor, sign_in::csv(&tried)?).await
}
