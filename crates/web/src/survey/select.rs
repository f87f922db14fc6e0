//! Selective review: which reports to look at first, and why.

use maud::{Markup, html};
use rust_decimal::Decimal;
use youju_app::list::{Page, PageRequest};
use youju_app::review::{HEADLINES_MAX, Selected};
use youju_codes::format_number;
use youju_domain::selection::{Basis, Deviation};
use youju_domain::survey::Window;
use youju_programme::Form;

use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

/// Reports in their order, page by page, and how many at the end move no total.
pub(super) fn view(window: &Window, form: &Form, found: Vec<Selected>, asked: PageRequest) -> Markup {
    let small = found.iter().filter(|one| one.ranked.is_small && one.is_due).count();
    let total = u64::try_from(found.len()).unwrap_or_default();
    let at = |number: i64| usize::try_from(number).unwrap_or_default();
    let rows = found.into_iter().skip(at(asked.offset)).take(at(asked.limit)).collect();
    let found = Page { rows, total, offset: asked.offset.unsigned_abs() };
    html! {
        @if found.total == 0 { (part::empty("还没有上报的报表", "单位上报后,按对合计的影响排列在这里。")) }
        @else {
            div.table-head { (part::shown(&found)) }
            @if form.headline.len() > HEADLINES_MAX { p.muted { "只按前 " (HEADLINES_MAX) " 个主要指标排列。" } }
            @if small > 0 {
                form.bulk method="get" action=(url::window_accept(window.id)) {
                    input type="hidden" name="only" value="small";
                    span { "标“影响小”的合起来对各项合计的影响不超过 1%,其中待您验收 " (small) " 份。" }
                    button.button type="submit" { "看清单,批量验收" }
                }
            }
            div.table-box tabindex="0" role="region" aria-label="审核次序" { table.table {
                thead { tr { th.num { "次序" } th { "单位" } th { "状态" } th.num { "对合计的影响" } th { "依据" } th.num { "上报数" } th.num { "预计数" } th { "办理" } } }
                tbody { @for (place, one) in (found.offset + 1..).zip(&found.rows) { tr {
                    td.num { (place) }
                    th scope="row" { a href=(url::report(one.report.id)) { (one.report.unit_name) } }
                    td { (part::state(one.report.state)) }
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
            (part::pager(&found, &url::window_act(window.id, "review"), &[], PAGE_ROWS.unsigned_abs()))
        }
    }
}

fn percent(share: Decimal) -> String {
    format!("{}%", format_number(&(share * Decimal::ONE_HUNDRED).round_dp(2)))
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
