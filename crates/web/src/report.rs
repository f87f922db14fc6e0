//! Report 报表: lists, the entry page, the commands of its life, where a cell came from, what happened.

mod command;
mod entry;
mod findings;
mod hands;
mod history;
mod lineage;
mod lists;
mod paper;
mod present;
mod save;
mod talk;

use axum::extract::{Path, RawQuery, State};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::list::{Filter, Listed, Page};
use youju_codes::AreaCode;
use youju_domain::id::ReportId;
use youju_domain::report::{Level, State as ReportState};
use youju_domain::{Instant, Problem};

use crate::limits::{PAGE_ROWS, SPARE_ROWS_MAX};
use crate::register::page_request;
use crate::request::{Answer, Signed, id, query};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

pub(crate) use command::{
    accept, authorise, back, check, explain, generate, put_down, recall, return_, sign, submit, take_up,
};
pub(crate) use findings::summary as findings_summary;
pub(crate) use hands::{csv as hands_csv, page as hands};
pub(crate) use history::{history, version};
pub(crate) use lineage::cell;
pub(crate) use paper::{blank, paper};
pub(crate) use present::{Present, present};
pub(crate) use save::save;
pub(crate) use talk::note;

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    window: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    awaits: String,
    /// `yes`: only where a formal reminder has run out.
    #[serde(default)]
    run_out: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    search: String,
    #[serde(default)]
    page: i64,
}

impl Asked {
    fn filter(&self, now: Instant) -> Answer<Filter> {
        let bad = || Problem::BadInput { reason: "筛选条件不正确。".into() };
        let window = match self.window.as_str() {
            "" => None,
            text => Some(text.parse().map_err(|_| bad())?),
        };
        let state = match self.state.as_str() {
            "" => None,
            key => Some(ReportState::from_key(key).ok_or_else(bad)?),
        };
        let awaits = match self.awaits.as_str() {
            "" => None,
            key => Some(Level::from_key(key).ok_or_else(bad)?),
        };
        let area = match self.area.as_str() {
            "" => None,
            text => Some(AreaCode::parse(text).map_err(|error| Problem::BadInput { reason: error.to_string() })?),
        };
        let run_out_at = match self.run_out.as_str() {
            "" => None,
            "yes" => Some(now),
            _ => return Err(bad().into()),
        };
        let unreported = run_out_at.map(|_| true);
        let search = self.search.trim().to_owned();
        Ok(Filter { window, state, awaits, area, search, run_out_at, unreported, ..Filter::default() })
    }

    fn pairs(&self) -> [(&str, &str); 6] {
        [
            ("window", &self.window),
            ("state", &self.state),
            ("awaits", &self.awaits),
            ("run_out", &self.run_out),
            ("area", &self.area),
            ("search", &self.search),
        ]
    }
}

/// Reports in the person's scope.
pub(crate) async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let now = web.app.world().now();
    let filter = asked.filter(now)?;
    let request = page_request(asked.page);
    let reports = web
        .app
        .read(Some(signed.actor.clone()), async |cx| youju_app::report::list(cx, &filter, request).await)
        .await?;
    let main = html! {
        @if filter.run_out_at.is_some() { p.notice { "只列出催报期满、仍未报送的报表。" } }
        form.filters action=(url::REPORTS) role="search" aria-label="查找报表" {
            input type="hidden" name="window" value=(asked.window);
            input type="hidden" name="area" value=(asked.area);
            input type="hidden" name="awaits" value=(asked.awaits);
            input type="hidden" name="run_out" value=(asked.run_out);
            @if !signed.actor.role.is_respondent() {
                div.field { label for="report-search" { "单位名称或代码" } input #report-search name="search" value=(asked.search); }
            }
            div.field { label for="state" { "状态" } select #state name="state" {
                option value="" { "全部" }
                @for state in ReportState::ALL.into_iter().filter(|state| *state != ReportState::NotOpen) { option value=(state.key()) selected[state.key() == asked.state] { (state.label()) } }
            } }
            button.button type="submit" { "筛选" }
            @if asked.pairs().iter().any(|(_, value)| !value.is_empty()) { a.button.link href=(url::REPORTS) { "清除条件" } }
        }
        (list_table(&reports, now))
        (part::pager(&reports, url::REPORTS, &asked.pairs(), PAGE_ROWS.unsigned_abs()))
    };
    Ok(whole(&signed.frame, &Head::of("报表"), &main))
}

/// Reports as a table.
pub(crate) fn list_table(reports: &Page<Listed>, now: Instant) -> Markup {
    html! {
        @if reports.rows.is_empty() {
            (part::empty("没有符合条件的报表", "请放宽条件;新的报告期由县级统计人员布置后出现。"))
        } @else {
            div.table-head { (part::shown(reports)) }
            div.table-box tabindex="0" role="region" aria-label="报表清单" { table.table {
                thead { tr {
                    th { "单位" } th { "报表" } th { "报告期" } th { "状态" } th { "截止" } th { "上报时间" }
                    th.num { "须改数" } th.num { "须说明" } th.num { "已说明" } th.num { "版本" }
                } }
                tbody { @for report in &reports.rows { tr {
                    th scope="row" { a href=(url::report(report.id)) { (report.unit_name) } }
                    td { (report.form) }
                    td { (report.period.cumulative_label()) }
                    td { (part::state(report.state_at(now))) @if report.is_late { " " span.badge.explain { "迟报" } } }
                    td { (part::instant(report.due_at)) }
                    td { @if let Some(at) = report.submitted_at { (part::instant(at)) } }
                    @for number in [report.must_mend, report.must_explain, report.explained, report.versions] {
                        td.num { @if number > 0 { (number) } }
                    }
                } } }
            } }
        }
    }
}

/// One report: to fill, to sign, to review — what the person may do with it.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Markup> {
    let Rows { rows } = query(raw)?;
    show(&web, &signed, id(path)?, rows.unwrap_or(lists::SPARE_ROWS)).await
}

/// How many blank rows the lists of the page shall have.
#[derive(Deserialize)]
struct Rows {
    #[serde(default)]
    rows: Option<u32>,
}

async fn show(web: &Web, signed: &Signed, report: ReportId, spare_rows: u32) -> Answer<Markup> {
    let shown = entry::load(web, signed, report, spare_rows.min(SPARE_ROWS_MAX)).await?;
    let form = web.app.form(&shown.open.report.form)?;
    Ok(whole(&signed.frame, &entry::head(signed, form, &shown), &entry::view(signed, form, &shown)))
}
