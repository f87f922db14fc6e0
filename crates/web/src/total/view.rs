//! Markup of totals: a chart with its finding, then the table that it is drawn from.

use maud::{Markup, PreEscaped, html};
use rust_decimal::Decimal;
use serde_json::json;
use youju_app::total::Parts;
use youju_codes::{AreaCode, format_number};
use youju_domain::survey::Window;
use youju_domain::total::{Grouping, TotalRow, TotalsRequest};
use youju_programme::{CellDef, Form};

use crate::assessment::{Banner, banner};
use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

/// Everything that the page shows.
pub(crate) struct Shown<'a> {
    /// Whether the totals may be used outside.
    pub banner: &'a Banner,
    /// The form.
    pub form: &'a Form,
    /// Its figures, in the order of the sums.
    pub cells: &'a [CellDef],
    /// What was asked.
    pub request: &'a TotalsRequest,
    /// The sums.
    pub rows: &'a [TotalRow],
    /// Periods to choose from.
    pub windows: &'a [Window],
    /// The area within the person's own that was asked for.
    pub narrowed: Option<AreaCode>,
    /// Which of the figures the chart shows.
    pub charted: usize,
}

/// Bars that a chart can show without becoming unreadable; the table has them all, and the caption says so.
const BARS_MAX: usize = 16;

/// When nothing has been arranged yet.
pub(crate) fn nothing() -> Markup {
    part::empty("还没有可以汇总的报表", "布置报表、单位上报并验收后,这里会显示汇总数。")
}

/// The page.
pub(crate) fn page(shown: &Shown<'_>) -> Markup {
    html! {
        (filters(shown))
        (banner(shown.banner))
        @if shown.rows.is_empty() {
            (part::empty("本期还没有验收的报表", "只有验收过的数据才进入汇总。请先完成审核验收。"))
        } @else {
            (chart(shown))
            (table(shown))
        }
    }
}

fn filters(shown: &Shown<'_>) -> Markup {
    let key = &shown.request.key;
    let is_shown = |window: &Window| window.form == key.form && window.period == key.period;
    html! {
        form.filters action=(url::TOTALS) {
            @if let Some(area) = &shown.narrowed { input type="hidden" name="area" value=(area.prefix()); }
            div.field { label for="of" { "报表和报告期" } select #of name="of" {
                @for window in shown.windows {
                    option value={ (window.form) "/" (window.period) } selected[is_shown(window)] { (window.form) " " (window.period.cumulative_label()) }
                }
            } }
            div.field { label for="by" { "分组" } select #by name="by" {
                @for by in Grouping::ALL { option value=(by.key()) selected[by == shown.request.by] { (by.label()) } }
            } }
            div.field { label for="level" { "口径" } select #level name="level" {
                option value="county" { "县级已验收" }
                option value="city" selected[shown.request.level == youju_domain::report::Level::City] { "市级已验收" }
            } }
            div.field { label for="cell" { "图中指标" } select #cell name="cell" {
                @for (index, cell) in shown.cells.iter().enumerate() {
                    option value=(cell.id) selected[index == shown.charted] { (cell.label) }
                }
            } }
            button.button type="submit" { "汇总" }
        }
    }
}

/// What a group is called.
pub(crate) fn group_name(by: Grouping, group: &str) -> String {
    if group.is_empty() {
        return "合计".into();
    }
    let name = match by {
        Grouping::Township | Grouping::County => {
            AreaCode::parse(group).ok().and_then(|code| youju_codes::area::name(&code))
        }
        Grouping::Division | Grouping::Section => {
            youju_codes::Industry::parse(group).ok().map(|industry| industry.name())
        }
    };
    name.unwrap_or(group).to_owned()
}

/// Where a group leads to: the reports in it.
fn group_link(shown: &Shown<'_>, group: &str) -> Option<String> {
    let is_area = matches!(shown.request.by, Grouping::Township | Grouping::County);
    let window =
        shown.windows.iter().find(|w| w.form == shown.request.key.form && w.period == shown.request.key.period)?;
    let id = window.id.to_string();
    (is_area && !group.is_empty()).then(|| url::with_query(url::REPORTS, &[("window", &id), ("area", group)]))
}

/// A sum, as a link to what it is made of where the group is an area.
fn figure(shown: &Shown<'_>, group: &str, cell: &CellDef, value: Decimal) -> Markup {
    let is_area = matches!(shown.request.by, Grouping::Township | Grouping::County) && !group.is_empty();
    let key = &shown.request.key;
    html! {
        @if is_area {
            a.figure href=(url::total_parts(&key.form, key.period, group, shown.request.level, &cell.id)) { (format_number(&value)) }
        } @else { (format_number(&value)) }
    }
}

/// What a figure of a group is made of: unit by unit.
pub(crate) fn parts((form, told): (&Form, &Banner), cell: &CellDef, parts: &Parts, query: &[(&str, &str)]) -> Markup {
    let is_cell = form.cell_by_text(cell.id.as_str()).is_some();
    html! {
        (banner(told))
        @if parts.rows.rows.is_empty() {
            (part::empty("没有汇总进来的报表", "只有验收过的数据才进入汇总。"))
        } @else {
            div.table-head { (part::shown(&parts.rows)) }
            div.table-box tabindex="0" role="region" aria-label="汇总的组成" { table.table {
                caption { (cell.label) "由下列单位的数加成,合计 " @if let Some(sum) = parts.sum { (format_number(&sum)) } " " (cell.measure.label()) }
                thead { tr { th { "单位" } th.num { (cell.label) " " span.unit { (cell.measure.label()) } } th { "来源" } th { "倒查" } } }
                tbody { @for one in &parts.rows.rows { tr {
                    th scope="row" { a href=(url::report(one.report)) { (one.unit_name) } }
                    td.num { @if let Some(value) = one.value { (format_number(&value)) } }
                    @if is_cell {
                        td { a href=(url::cell(one.report, &cell.id)) { "来源" } }
                        td { a href=(url::hands(one.report, &cell.id)) { "倒查" } }
                    } @else { td colspan="2" { "清单各行的合计,请打开报表查看各行" } }
                } } }
            } }
            (part::pager(&parts.rows, url::TOTAL_PARTS, query, PAGE_ROWS.unsigned_abs()))
        }
    }
}

fn growth(value: Option<Decimal>) -> Markup {
    html! {
        @if let Some(rate) = value {
            span class=(if rate.is_sign_negative() { "down" } else { "up" }) { (format_number(&rate)) }
        } @else { "—" }
    }
}

fn table(shown: &Shown<'_>) -> Markup {
    let labels: Vec<(&str, &str)> =
        shown.cells.iter().map(|cell| (cell.label.as_str(), cell.measure.label())).collect();
    html! {
        div.table-head { span.table-count { "共 " (shown.rows.len().saturating_sub(1)) " 组" } }
        div.table-box tabindex="0" role="region" aria-label="汇总表" { table.table {
            thead {
                tr {
                    th rowspan="2" { (shown.request.by.label().trim_start_matches('按')) } th.num rowspan="2" { "单位数" }
                    @for (name, unit) in &labels { th colspan="2" { (name) " " span.unit { (unit) } } }
                }
                tr { @for _ in &labels { th.num { "本期" } th.num { "增速 " span.unit { "%" } } } }
            }
            tbody { @for row in shown.rows {
                tr class=[row.group.is_empty().then_some("sum")] {
                    th scope="row" {
                        @if let Some(address) = group_link(shown, &row.group) { a href=(address) { (group_name(shown.request.by, &row.group)) } }
                        @else { (group_name(shown.request.by, &row.group)) }
                    }
                    td.num { (part::count(row.units)) }
                    @for (sum, cell) in row.sums.iter().zip(shown.cells) {
                        td.num { @if let Some(value) = sum.this { (figure(shown, &row.group, cell, value)) } }
                        td.num { (growth(sum.growth())) }
                    }
                }
            } }
        } }
        p.small.muted { "增速 = 本期 ÷ 上年同期 − 1,按可比口径:只用本期和上年同期都有数据的单位计算;上年同期合计为零或为负时不计算。单位:" (shown.form.measure.label()) "。" }
    }
}

/// A bar per group of the first figure, with the finding as title.
fn chart(shown: &Shown<'_>) -> Markup {
    let mut bars: Vec<(String, Decimal)> = shown
        .rows
        .iter()
        .filter(|row| !row.group.is_empty())
        .filter_map(|row| Some((group_name(shown.request.by, &row.group), row.sums.get(shown.charted)?.this?)))
        .collect();
    bars.sort_by_key(|(_, value)| std::cmp::Reverse(*value));
    let Some((first, most)) = bars.first().cloned() else { return html! {} };
    let all: Decimal = bars.iter().map(|(_, value)| value).sum();
    let groups = bars.len();
    bars.truncate(BARS_MAX);
    let name = shown.cells.get(shown.charted).map_or("", |cell| cell.label.as_str());
    let unit = shown.form.measure.label();
    // Drawing is the one place where a figure becomes a float.
    let option = json!({
        "grid": { "left": 8, "right": 40, "top": 8, "bottom": 8, "containLabel": true },
        "yAxis": { "type": "category", "inverse": true, "axisLabel": { "interval": 0 }, "data": bars.iter().map(|(name, _)| name).collect::<Vec<_>>() },
        "xAxis": { "type": "value", "splitNumber": 3, "axisLabel": { "hideOverlap": true } },
        "tooltip": { "trigger": "axis", "renderMode": "richText" },
        "series": [{ "type": "bar", "name": name, "data": bars.iter().map(|(_, value)| to_number(*value)).collect::<Vec<_>>() }],
    });
    let share = (most * Decimal::ONE_HUNDRED).checked_div(all).map(|share| share.round_dp(1));
    html! {
        figure.chart {
            figcaption {
                strong {
                    (name) "最高的是" (first)
                    @if let Some(share) = share.filter(|_| all > Decimal::ZERO) { ",占 " (format_number(&share)) "%" }
                }
                "单位:" (unit) " · " (shown.request.key.period.cumulative_label()) " · 来源:" (shown.form.title())
                @if groups > bars.len() { " · 图中为前 " (bars.len()) " 组,共 " (groups) " 组" }
            }
            stat-chart { script type="application/json" { (PreEscaped(option.to_string().replace('<', "\\u003c"))) } }
        }
    }
}

fn to_number(value: Decimal) -> serde_json::Value {
    serde_json::from_str(&value.normalize().to_string()).unwrap_or(serde_json::Value::Null)
}
