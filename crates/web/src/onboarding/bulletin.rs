//! 辅导通报 of a month, and 首报跟踪. Every number leads to its units.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use chrono::NaiveDate;
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::list::Page;
use youju_app::onboarding::{self as app, Bulletin, Followed, Line, Only, Sort, Which};
use youju_codes::AreaLevel;
use youju_domain::onboarding::{Coverage, Month};
use youju_domain::{Instant, Problem};

use super::{area, view};
use crate::fields::day;
use crate::limits::PAGE_ROWS;
use crate::register::page_request;
use crate::request::{Answer, Signed, query};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, download, url};

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    area: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    page: i64,
}

fn month(text: &str) -> Result<Option<Month>, Problem> {
    let bad = || Problem::BadInput { reason: format!("月份应写成 2026-04 的样子,现为“{text}”。") };
    if text.is_empty() { Ok(None) } else { Month::parse(text).map(Some).ok_or_else(bad) }
}

fn crumbs(here: &str) -> Vec<(String, Option<String>)> {
    vec![
        ("名录".into(), Some(url::UNITS.into())),
        ("新入库辅导".into(), Some(url::ONBOARDING.into())),
        (here.to_owned(), None),
    ]
}

async fn load(web: &Web, signed: &Signed, raw: RawQuery) -> Answer<Bulletin> {
    let asked: Asked = query(raw)?;
    let (area, month) = (area(&asked.area)?, month(&asked.month)?);
    Ok(web.app.read(Some(signed.actor.clone()), async |cx| app::bulletin(cx, area, month).await).await?)
}

/// The bulletin of a month.
pub(super) async fn page(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let told = load(&web, &signed, raw).await?;
    let asked = [("area", told.area.as_str()), ("month", &told.month.key())];
    let csv = url::with_query(url::ONBOARDING_BULLETIN_CSV, &asked);
    let head = Head {
        period: Some(told.month.label()),
        about: Some(format!("{},截至 {}。每个数都可以点开看是哪些单位。", told.name, told.on)),
        actions: Some(html! { a.button href=(csv) { "导出 CSV" } }),
        crumbs: crumbs("辅导通报"),
        ..Head::of("辅导通报")
    };
    Ok(whole(&signed.frame, &head, &bulletin(&told)))
}

/// The same as CSV.
pub(super) async fn csv(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Response> {
    let told = load(&web, &signed, raw).await?;
    download::csv(&web, &signed.actor, app::bulletin_csv(&told)?).await
}

/// The figures of a line: of the month, of the year, of first reports.
const HEADS: [&str; 13] = [
    "应辅导",
    "完成",
    "覆盖率",
    "逾期",
    "应辅导",
    "完成",
    "覆盖率",
    "逾期",
    "期限未到",
    "应报",
    "按时",
    "已验收",
    "及时准确",
];

fn bulletin(told: &Bulletin) -> Markup {
    html! {
        form.filters action=(url::ONBOARDING_BULLETIN) role="search" aria-label="选择月份" {
            input type="hidden" name="area" value=(told.area.as_str());
            div.field { label for="month" { "月份" } input #month name="month" type="month" value=(told.month.key()); }
            button.button type="submit" { "查看" }
        }
        section.card { @for (index, line) in told.text.iter().enumerate() { @if index == 0 { h2 { (line) } } @else { p { (line) } } } }
        div.table-box tabindex="0" role="region" aria-label="各地辅导情况" { table.table {
            caption { "新入库单位辅导和首报情况" }
            thead {
                tr { th rowspan="2" { "地区" } th colspan="4" { (told.month.label()) "新入库(家)" } th colspan="5" { "年初以来新入库(家)" } th colspan="4" { "首报(份)" } }
                tr { @for word in HEADS { th.num { (word) } } }
            }
            tbody { @for line in &told.lines { (row(told, line)) } }
        } }
        section.stack { h2 { "分事项(年初以来)" } (items(told)) }
        section.stack { h2 { "有逾期未办的单位" }
            @if told.overdue.is_empty() { p.muted { "没有。" } }
            @else { ul { @for entry in &told.overdue { li {
                a href=(url::unit_onboarding(entry.one.unit)) { (entry.name) } "(" (entry.one.listed_on) " 纳入):"
                @for (item, _) in entry.one.standings(told.on).filter(|(_, one)| !one.is_done()) { (item.name) " " }
            } } } }
        }
    }
}

fn number(told: &Bulletin, line: &Line, (from, sort): (NaiveDate, Sort), number: u64) -> Markup {
    let (from, on) = (from.to_string(), told.on.to_string());
    let pairs = [("area", line.area.as_str()), ("from", &from), ("to", &on), ("on", &on), ("sort", sort.key())];
    html! { td.num { @if number == 0 { "0" } @else { a href=(url::with_query(url::ONBOARDING, &pairs)) { (part::count(number)) } } } }
}

fn covered(coverage: &Coverage) -> Markup {
    html! { td.num { (part::share(coverage.complete, coverage.owed)) } }
}

fn row(told: &Bulletin, line: &Line) -> Markup {
    let (month, year) = (told.month.first_day(), told.month.year_begins());
    let opens = line.area != told.area && line.area.level() < AreaLevel::Township;
    let address =
        url::with_query(url::ONBOARDING_BULLETIN, &[("area", line.area.as_str()), ("month", &told.month.key())]);
    let first = |verdict: &str, count: u64| {
        let (from, to) = (year.to_string(), told.on.to_string());
        let pairs = [("area", line.area.as_str()), ("from", &from), ("to", &to), ("verdict", verdict)];
        html! { td.num { @if count == 0 { "0" } @else { a href=(url::with_query(url::FIRST_REPORTS, &pairs)) { (part::count(count)) } } } }
    };
    html! { tr {
        th scope="row" { @if opens { a href=(address) { (line.name) } } @else { (line.name) } }
        (number(told, line, (month, Sort::Owed), line.month.owed))
        (number(told, line, (month, Sort::Complete), line.month.complete))
        (covered(&line.month))
        (number(told, line, (month, Sort::Overdue), line.month.overdue))
        (number(told, line, (year, Sort::Owed), line.year.owed))
        (number(told, line, (year, Sort::Complete), line.year.complete))
        (covered(&line.year))
        (number(told, line, (year, Sort::Overdue), line.year.overdue))
        (number(told, line, (year, Sort::Running), line.year.running))
        (first("due", line.first.due)) (first("on_time", line.first.on_time))
        (first("accepted", line.first.accepted)) (first("clean", line.first.clean))
    } }
}

/// How far each item has come; every figure leads to its units.
fn items(told: &Bulletin) -> Markup {
    let Some(whole) = told.lines.first() else { return html! {} };
    let (from, on) = (told.month.year_begins().to_string(), told.on.to_string());
    let number = |item: &str, stands: Option<Which>, number: u64| {
        let mut pairs =
            vec![("area", told.area.as_str()), ("from", &from), ("to", &on), ("on", &on), ("sort", Sort::Owed.key())];
        pairs.extend(stands.into_iter().flat_map(|which| [("item", item), ("stands", which.key())]));
        html! { td.num { @if number == 0 { "0" } @else { a href=(url::with_query(url::ONBOARDING, &pairs)) { (part::count(number)) } } } }
    };
    html! { @if whole.year.items.is_empty() { p.muted { "年初以来没有新入库单位。" } } @else {
        div.table-box tabindex="0" role="region" aria-label="分事项" { table.table {
            thead { tr { th { "辅导事项" } th.num { "应办(家)" } th.num { "已办" } th.num { "办理率" } th.num { "逾期未办" } th.num { "期限未到" } } }
            tbody { @for (item, count) in &whole.year.items { tr {
                th scope="row" { (item) }
                (number(item, None, count.owed()))
                (number(item, Some(Which::Done), count.done))
                td.num { (part::share(count.done, count.owed())) }
                (number(item, Some(Which::Overdue), count.overdue))
                (number(item, Some(Which::Due), count.due))
            } } }
        } }
    } }
}

async fn follow(web: &Web, signed: &Signed, asked: &Asked) -> Answer<Vec<Followed>> {
    let (area, span) = (area(&asked.area)?, (day(&asked.from)?, day(&asked.to)?));
    let only = Only::from_key(&asked.verdict);
    let read = async |cx: &mut youju_app::Cx<'_>| app::first_reports(cx, area, span, only).await;
    Ok(web.app.read(Some(signed.actor.clone()), read).await?)
}

/// The first reports of new units.
pub(super) async fn first_reports(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let all = follow(&web, &signed, &asked).await?;
    let page = Page::cut(all.into_iter(), page_request(asked.page));
    let csv = url::with_query(url::FIRST_REPORTS_CSV, &pairs(&asked));
    let head = Head {
        about: Some("新入库单位各表的首份报表:是否按时、是否一次验收、有没有改数。".into()),
        actions: Some(html! { a.button href=(csv) { "导出 CSV" } }),
        crumbs: crumbs("首报跟踪"),
        ..Head::of("首报跟踪")
    };
    Ok(whole(&signed.frame, &head, &followed(&page, &asked, web.app.world().now())))
}

/// The same as CSV: exactly what is filtered.
pub(super) async fn first_reports_csv(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Response> {
    let asked: Asked = query(raw)?;
    let all = follow(&web, &signed, &asked).await?;
    download::csv(&web, &signed.actor, app::first_reports_csv(&all, web.app.world().now())?).await
}

fn pairs(asked: &Asked) -> [(&str, &str); 4] {
    [("area", &asked.area), ("from", &asked.from), ("to", &asked.to), ("verdict", &asked.verdict)]
}

fn followed(page: &Page<Followed>, asked: &Asked, now: Instant) -> Markup {
    html! {
        form.filters action=(url::FIRST_REPORTS) role="search" aria-label="查找首份报表" {
            input type="hidden" name="area" value=(asked.area);
            div.field { label for="from" { "纳入日期从" } input #from name="from" type="date" value=(asked.from); }
            div.field { label for="to" { "到" } input #to name="to" type="date" value=(asked.to); }
            div.field { label for="verdict" { "结果" } select #verdict name="verdict" {
                option value="" { "全部" }
                @for (key, one) in Only::ALL { option value=(key) selected[key == asked.verdict] { (one.label()) } }
            } }
            button.button type="submit" { "查找" }
        }
        @if page.total == 0 { (part::empty("没有符合条件的首份报表", "单位纳入以后开网的第一个报告期,各表的首份报表列在这里。")) }
        @else {
            div.table-head { (part::shown(page)) }
            div.table-box tabindex="0" role="region" aria-label="首份报表" { table.table {
                thead { tr { th { "单位" } th { "纳入日期" } th { "表号" } th { "报告期" } th { "截止" } th { "结果" } th { "说明" } } }
                tbody { @for one in &page.rows { tr {
                    th scope="row" { a href=(url::unit_onboarding(one.entry.one.unit)) { (one.entry.name) } }
                    td { (one.entry.one.listed_on) }
                    @match &one.report {
                        None => td colspan="5" { "还没有要报的报表" },
                        Some(report) => {
                            td { a href=(url::report(report.report)) { (report.form) } }
                            td { (report.period.cumulative_label()) }
                            td { (part::instant(report.due_at)) }
                            td { (view::verdict(report.verdict(now))) }
                            td.wrap { (report.remarks()) }
                        }
                    }
                } } }
            } }
            (part::pager(page, url::FIRST_REPORTS, &pairs(asked), PAGE_ROWS.unsigned_abs()))
        }
    }
}
