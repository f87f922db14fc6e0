//! Selective review: which reports to look at first, and why.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use rust_decimal::Decimal;
use youju_app::list::Page;
use youju_app::review::{HEADLINES_MAX, Selected};
use youju_codes::format_number;
use youju_domain::check_list::Provision;
use youju_domain::id::ReportId;
use youju_domain::selection::{Basis, Deviation};
use youju_domain::survey::Window;
use youju_programme::Form;

use crate::limits::PAGE_ROWS;
use crate::register::page_request;
use crate::ui::part;
use crate::url;

/// How the supporting material of the reports stands, and which ones the list is narrowed to.
pub(super) struct Provisions {
    /// The worst of what each report owes.
    pub all: BTreeMap<ReportId, Provision>,
    /// Only those.
    pub only: Option<Provision>,
}

/// Only the reports that lie far from what a department says, in the address.
pub(super) const OUTSIDE: &str = "outside";

/// Which of the reports are shown.
pub(super) struct Wanted {
    /// How material stands, where the form owes any.
    pub provisions: Option<Provisions>,
    /// Those that lie far from what a department says.
    pub beyond: BTreeSet<ReportId>,
    /// Only those.
    pub is_far: bool,
    /// Which part of the list, from 1.
    pub page: i64,
}

impl Wanted {
    fn only(&self) -> Option<Provision> {
        self.provisions.as_ref()?.only
    }

    fn holds(&self, report: ReportId) -> bool {
        let material = self.provisions.as_ref().and_then(|provisions| provisions.all.get(&report));
        (self.only().is_none() || material == self.only().as_ref()) && (!self.is_far || self.beyond.contains(&report))
    }

    /// The choice as it stands in addresses.
    fn asked(&self) -> [(&'static str, &'static str); 2] {
        [("evidence", self.only().map_or("", Provision::key)), ("only", if self.is_far { OUTSIDE } else { "" })]
    }
}

/// The way to the reports that lie far from what a department says, and back to all.
fn narrowing(window: &Window, wanted: &Wanted, far: usize) -> Markup {
    let all = url::window_act(window.id, "review");
    html! {
        @if wanted.is_far { p { "只列与部门数据差异大的 " (far) " 份。" a href=(all) { "看全部" } } }
        @else if far > 0 {
            p { a.button href=(url::with_query(&all, &[("only", OUTSIDE)])) { "只看与部门数据差异大的 " (far) " 份" } " " a href=(url::window_outside(window.id, "")) { "部门数据对照" } }
        }
    }
}

/// Reports in their order, page by page, and how many at the end move no total.
pub(super) fn view(window: &Window, form: &Form, found: Vec<Selected>, wanted: &Wanted) -> Markup {
    let small = found.iter().filter(|one| one.ranked.is_small && one.is_due).count();
    let far = found.iter().filter(|one| wanted.beyond.contains(&one.report.id)).count();
    let places = (1_u64..).zip(found).filter(|(_, one)| wanted.holds(one.report.id));
    let found = Page::cut(places.collect::<Vec<_>>().into_iter(), page_request(wanted.page));
    let provisions = wanted.provisions.as_ref();
    html! {
        (narrowing(window, wanted, far))
        @if let Some(provisions) = provisions { (filter(window, provisions)) }
        @if found.total == 0 && wanted.is_far { (part::empty("没有与部门数据差异大的报表", "没有导入部门数据的,这里也没有。")) }
        @else if found.total == 0 && wanted.only().is_some() { (part::empty("没有这样的报表", "请换一个条件。")) }
        @else if found.total == 0 { (part::empty("还没有上报的报表", "单位上报后,按对合计的影响排列在这里。")) }
        @else {
            div.table-head { (part::shown(&found)) }
            @if form.headline.len() > HEADLINES_MAX { p.muted { "只按前 " (HEADLINES_MAX) " 个主要指标排列。" } }
            @if small > 0 && !wanted.is_far {
                form.bulk method="get" action=(url::window_accept(window.id)) {
                    input type="hidden" name="only" value="small";
                    span { "标“影响小”的合起来对各项合计的影响不超过 1%,其中待您验收 " (small) " 份。" }
                    button.button type="submit" { "看清单,批量验收" }
                }
            }
            div.table-box tabindex="0" role="region" aria-label="审核次序" { table.table {
                thead { tr { th.num { "次序" } th { "单位" } th { "状态" } @if provisions.is_some() { th { "支撑材料" } } th.num { "对合计的影响" } th { "依据" } th.num { "上报数" } th.num { "预计数" } th { "办理" } } }
                tbody { @for (place, one) in &found.rows { tr {
                    td.num { (place) }
                    th scope="row" {
                        a href=(url::report(one.report.id)) { (one.report.unit_name) }
                        @if wanted.beyond.contains(&one.report.id) { " " span.badge.explain { "与部门数据差异大" } }
                    }
                    td { (part::state(one.report.state)) }
                    @if let Some(provisions) = provisions { td { @if let Some(found) = provisions.all.get(&one.report.id) { (crate::check_list::provision(*found)) } } }
                    @match &one.ranked.most {
                        Some(most) => {
                            td.num { (percent(most.effect)) }
                            td { (reason(form, most)) }
                            td.num { (format_number(&most.now)) }
                            td.num { @if most.basis == Basis::None { "—" } @else { (format_number(&most.expected)) } }
                        }
                        None => { td.num { "—" } td { "没有可比的主要指标" } td {} td {} }
                    }
                    td { @if one.ranked.is_small { span.badge { "影响小" } } @else if one.is_due { span.badge.explain { "先看" } } }
                } } }
            } }
            (part::pager(&found, &url::window_act(window.id, "review"), &wanted.asked(), PAGE_ROWS.unsigned_abs()))
        }
    }
}

/// Narrows the list to reports whose material stands in one way.
fn filter(window: &Window, provisions: &Provisions) -> Markup {
    let number = |wanted: Provision| provisions.all.values().filter(|found| **found == wanted).count();
    html! {
        form.filters action=(url::window_act(window.id, "review")) {
            div.field { label for="evidence" { "支撑材料" } select #evidence name="evidence" {
                option value="" { "全部" }
                @for one in Provision::ALL { option value=(one.key()) selected[provisions.only == Some(one)] { (one.label()) " " (number(one)) } }
            } }
            button.button type="submit" { "筛选" }
        }
    }
}

fn percent(share: Decimal) -> String {
    format!("{}%", format_number(&share.saturating_mul(Decimal::ONE_HUNDRED).round_dp(2)))
}

fn reason(form: &Form, most: &Deviation) -> String {
    let cell = form.headline.get(most.figure).and_then(|id| form.cell_by_text(id.as_str()));
    let label = cell.map_or_else(|| "主要指标".to_owned(), |cell| cell.label.clone());
    match most.basis {
        Basis::Previous => format!("{label},按上期推算"),
        Basis::LastYear => format!("{label},按上年同期推算"),
        Basis::None => format!("{label},本单位没有往期数"),
    }
}
