//! Compliance as markup: a table of periods, and a list of units. Every share stands beside its numerator and denominator.

use maud::{Markup, html};
use youju_app::compliance::{Counted, Order, Overview};
use youju_codes::AreaCode;
use youju_domain::compliance::{Compliance, Judged, Missing, YEARS};
use youju_domain::id::UnitId;

use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

/// The name of an order in the address.
pub(super) const BY_NAME: &str = "name";

/// 达标 or not; nothing to judge is neither.
pub(super) fn verdict(is_met: Option<bool>) -> Markup {
    html! { @match is_met {
        Some(true) => span.badge.done { "达标" },
        Some(false) => span.badge.error { "未达标" },
        None => span.badge { "没有到期的报表" },
    } }
}

pub(super) fn unit(unit: UnitId, compliance: &Compliance) -> Markup {
    let (met, owed) = (compliance.met(), compliance.owed());
    html! {
        @if owed == 0 {
            (part::empty("近三年没有到期的报表", "有报表到截止时间以后,这里逐期列出台账情况。"))
        } @else {
            div.figures {
                div { b { (part::share(met, owed)) } span { "达标 " (met) " 期 ÷ 应有 " (owed) " 期" } }
                div { b { (owed - met) } span { "未达标的报告期" } }
            }
            (rule())
            (periods(unit, compliance))
        }
    }
}

/// What counts, in words.
fn rule() -> Markup {
    html! {
        p.hint {
            "达标:应报的报表都有台账(能从账上取数的要有科目余额表,其他的要有原始记录),并且凭证、台账、报表核对没有不一致。"
            "是否及时、有没有凭据(保留的原文件或附件)只提示,不影响达标。近 " (YEARS) " 年按报告期最后一天起算,没有到截止时间的不算。"
        }
    }
}

fn periods(unit: UnitId, compliance: &Compliance) -> Markup {
    html! {
        div.table-box tabindex="0" role="region" aria-label="各期台账" { table.table {
            thead { tr { th { "报告期" } th { "应报" } th { "台账" } th { "及时" } th { "一致" } th { "凭据" } th { "结果" } th { "缺什么" } } }
            tbody { @for period in &compliance.periods { (row(unit, period)) } }
        } }
    }
}

fn row(unit: UnitId, judged: &Judged) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(url::ledger(unit, Some(judged.period))) { (judged.period.label()) } }
            td { (judged.forms.join("、")) }
            td { (mark(Some(judged.is_kept), "有", "没有", "error")) }
            td { (mark(judged.is_in_time, "及时", "迟于截止", "explain")) }
            td { (mark(judged.is_consistent, "一致", "不一致", "error")) }
            td { (mark(Some(judged.has_evidence), "有", "没有", "explain")) }
            td { (verdict(Some(judged.is_met()))) }
            td.wrap { @for missing in &judged.missing { p { (lacks(missing)) } } }
        }
    }
}

/// Yes, no, or — where it cannot be said.
fn mark(answer: Option<bool>, yes: &str, no: &str, class: &str) -> Markup {
    html! { @match answer {
        Some(true) => span.badge.done { (yes) },
        Some(false) => span class={ "badge " (class) } { (no) },
        None => "—",
    } }
}

fn lacks(missing: &Missing) -> String {
    match missing {
        Missing::NotKept(form, basis) => format!("没有{}({form})", basis.label()),
        Missing::Differs(count) => format!("核对有 {count} 项不一致"),
    }
}

pub(super) fn area(overview: &Overview, township: Option<AreaCode>, order: Order) -> Markup {
    let township = township.map(|area| area.to_string()).unwrap_or_default();
    let by = if order == Order::Name { BY_NAME } else { "" };
    let page = &overview.page;
    html! {
        (filters(overview, &township, order))
        @if page.total == 0 {
            (part::empty("没有单位", "名录库中还没有这里的单位。"))
        } @else {
            div.figures {
                div { b { (part::share(overview.full, overview.owing)) } span { "台账齐全 " (part::count(overview.full)) " 家 ÷ 有应报的 " (part::count(overview.owing)) " 家" } }
                div { b { (part::share(overview.sum.kept, overview.sum.owed)) } span { "有台账 " (part::count(overview.sum.kept)) " 期 ÷ 应有 " (part::count(overview.sum.owed)) " 期" } }
                div { b { (part::share(overview.sum.evident, overview.sum.owed)) } span { "有凭据 " (part::count(overview.sum.evident)) " 期 ÷ 应有 " (part::count(overview.sum.owed)) " 期" } }
            }
            p.hint { "这里只数台账和凭据在不在;凭证、台账、报表是否一致要逐期核对,点单位名看是否达标和缺什么。" }
            div.table-head { (part::shown(page)) }
            div.table-box tabindex="0" role="region" aria-label="各单位台账" { table.table {
                thead { tr {
                    th { "单位" } th { "所在地" } th.num { "应有台账 " span.unit { "期" } } th.num { "有台账 " span.unit { "期" } }
                    th.num { "缺 " span.unit { "期" } } th.num { "台账率" } th.num { "有凭据 " span.unit { "期" } } th { "台账" }
                } }
                tbody { @for unit in &page.rows { (unit_row(unit)) } }
            } }
            (part::pager(page, url::COMPLIANCE, &[("township", &township), ("order", by)], PAGE_ROWS.unsigned_abs()))
        }
    }
}

fn filters(overview: &Overview, township: &str, order: Order) -> Markup {
    html! {
        form.filters action=(url::COMPLIANCE) {
            div.field { label for="township" { "乡镇(街道)" } select #township name="township" {
                option value="" { "全部" }
                @for area in &overview.townships {
                    option value=(area) selected[area.as_str() == township] { (youju_codes::area::name(area).unwrap_or(area.as_str())) }
                }
            } }
            div.field { label for="order" { "排序" } select #order name="order" {
                option value="" { "缺得多的在前" }
                option value=(BY_NAME) selected[order == Order::Name] { "单位名称" }
            } }
            button.button type="submit" { "查看" }
        }
    }
}

fn unit_row(unit: &Counted) -> Markup {
    let counts = unit.counts;
    html! {
        tr {
            th scope="row" { a href=(url::unit_compliance(unit.unit)) { (unit.name) } }
            td { (youju_codes::area::name(&unit.area).unwrap_or(unit.area.as_str())) }
            td.num { (counts.owed) }
            td.num { (counts.kept) }
            td.num { @if counts.owed > counts.kept { (counts.owed - counts.kept) } }
            td.num { (part::share(counts.kept, counts.owed)) }
            td.num { (counts.evident) }
            td { @if counts.owed == 0 { span.badge { "没有到期的报表" } }
                @else if counts.kept == counts.owed { span.badge.done { "齐全" } } @else { span.badge.error { "不全" } } }
        }
    }
}
