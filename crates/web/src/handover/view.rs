//! Handovers as lists, forms and one page.

use maud::{Markup, html};
use youju_app::handover::{Choice, Listed, Seen};
use youju_app::list::Page;
use youju_domain::handover::{Item, PAPERS_CHARS_MAX, Party, Signature, Stage};
use youju_domain::staff::LINE_CHARS_MAX;

use crate::limits::PAGE_ROWS;
use crate::staff::exception;
use crate::ui::part;
use crate::url;

/// Where a handover stands.
pub(super) fn stage(stage: Stage) -> Markup {
    let class = match stage {
        Stage::Awaits(_) => "todo",
        Stage::Done => "done",
        Stage::Withdrawn => "",
    };
    html! { span class={ "badge " (class) } { (stage.label()) } }
}

/// Handovers as a list.
pub(crate) fn rows(found: &[Listed]) -> Markup {
    html! { ul.list { @for one in found { li {
        div.main {
            a href=(url::handover(one.handover.id)) { (one.held.name) " → " (one.taker) }
            p.about { (one.held.place) " · " (one.held.tenure.duty.label()) " · " (part::instant(one.handover.begun_at)) " 开始" }
        }
        (stage(one.handover.stage))
    } } } }
}

/// A list with its filter.
pub(super) fn list(found: &Page<Listed>, chosen: &str) -> Markup {
    html! {
        form.filters action=(url::HANDOVERS) {
            div.field { label for="stage" { "状态" } select #stage name="stage" {
                option value="" { "全部" }
                @for one in Stage::ALL { option value=(one.key()) selected[one.key() == chosen] { (one.label()) } }
            } }
            button.button type="submit" { "查看" }
        }
        @if found.total == 0 { (part::empty("没有工作交接", "有人离任时,从本人的页面点“办理交接”。")) }
        @else {
            div.table-head { (part::shown(found)) }
            (rows(&found.rows))
            (part::pager(found, url::HANDOVERS, &[("stage", chosen)], PAGE_ROWS.unsigned_abs()))
        }
    }
}

/// The form that begins a handover.
pub(super) fn form(choice: &Choice) -> Markup {
    html! {
        @if choice.takers.is_empty() {
            (part::empty("还没有人可以接收", "接收人要先登记在同一单位任职,并有自己的账号。"))
            div.form-actions { a.button href=(url::place_staff(choice.held.tenure.at)) { "这个单位的人员" } }
        } @else {
            form.card.narrow method="post" action=(url::tenure_act(choice.held.tenure.id, "handover")) {
                div.field { label for="taker" { "接收人" } select #taker name="taker" required {
                    @for one in &choice.takers { option value=(one.tenure.staff) { (one.name) " · " (one.tenure.duty.label()) } }
                } }
                div.field { label for="document" { "离任的文件或原因" } input #document name="document" required maxlength=(LINE_CHARS_MAX) autocomplete="off"; }
                (exception(choice))
                div.field {
                    label for="papers" { "系统以外移交的资料" }
                    textarea #papers name="papers" required maxlength=(PAPERS_CHARS_MAX) aria-describedby="papers-help" {}
                    p.help #papers-help { "纸质台账、原始凭证、设备、印章等,一行一项,写明数量和存放处;没有的写“无”。系统里没办完的事和电子台账会自动列出。" }
                }
                div.form-actions {
                    button.button.primary type="submit" { "开始交接" }
                    a.button href=(url::staff(choice.held.tenure.staff)) { "取消" }
                }
            }
        }
    }
}

/// One handover.
pub(super) fn page(seen: &Seen) -> Markup {
    let handover = &seen.listed.handover;
    html! {
        section.card {
            dl.facts {
                dt { "移交人" } dd { a href=(url::staff(handover.giver)) { (seen.listed.held.name) } }
                dt { "接收人" } dd { a href=(url::staff(handover.taker)) { (seen.listed.taker) } }
                dt { "离任的文件或原因" } dd { (handover.document) }
                @if !handover.exception.is_empty() { dt { "聘期未满的理由" } dd { (handover.exception) } }
                dt { "系统以外的资料" } dd.pre { (handover.papers) }
                @if let Some(done) = handover.done_on { dt { "完成日期" } dd { (done) } }
            }
        }
        section.stack {
            h2 { "签字" }
            ol.list { @for party in Party::ALL { (signature(party, handover.signatures.iter().find(|one| one.party == party), handover.turn() == Some(party))) } }
        }
        @if handover.stage.is_open() {
            section.stack {
                div.table-head { h2 { "移交清单" } span.count { (seen.items.len()) } }
                (items(&seen.items))
                @if let Some(party) = seen.turn { (sign(seen, party)) }
                @if seen.may_withdraw {
                    (part::post_button(&url::handover_act(handover.id, "withdraw"), "撤销交接", "link", Some("撤销以后任职继续,已签的字作废。确定撤销吗?")))
                }
            }
        } @else if let Some(last) = handover.signatures.last() {
            section.stack { h2 { "签字时的清单" } (items(&last.items)) }
        }
    }
}

fn signature(party: Party, signed: Option<&Signature>, is_next: bool) -> Markup {
    html! { li {
        div.main {
            (party.label())
            @if let Some(signed) = signed {
                p.about {
                    (signed.name) " · " (part::instant(signed.at)) " · 清单 " (signed.items.len()) " 项"
                    @if let Some(instead) = &signed.instead { " · 代移交人签字,原因:" (instead) }
                }
            }
        }
        @if signed.is_some() { span.badge.done { "已签字" } }
        @else if is_next { span.badge.todo { "待签字" } }
    } }
}

fn items(items: &[Item]) -> Markup {
    html! {
        @if items.is_empty() { p { "系统里没有未办完的事,也没有保管的资料。" } }
        ul.list { @for item in items { li {
            div.main {
                (item.title)
                @if !item.named.is_empty() {
                    p.about {
                        (item.named.join(";"))
                        @let named = u64::try_from(item.named.len()).unwrap_or_default();
                        @if item.number > named { ";等" }
                    }
                }
            }
            span.count { (part::count(item.number)) }
        } } }
    }
}

fn sign(seen: &Seen, party: Party) -> Markup {
    let handover = &seen.listed.handover;
    // Whoever may not sign as the one who leaves signs in their place, and says why.
    let (word, confirm) = match party {
        Party::Giver => ("签字移交", None),
        Party::Taker => ("签字接收", None),
        Party::Witness => ("签字监交", Some("签字以后交接完成,移交人的账号当即停用。确定签字吗?")),
    };
    html! {
        form.card.narrow method="post" action=(url::handover_act(handover.id, "sign")) data-confirm=[confirm] {
            input type="hidden" name="seal" value=(seen.seal);
            @if party == Party::Giver && !seen.is_giver {
                div.field {
                    label for="instead" { "移交人不能签字的原因" }
                    input #instead name="instead" required minlength="4" maxlength="200" autocomplete="off" aria-describedby="instead-help";
                    p.help #instead-help { "本人已不在岗、联系不上等。代签的人不能再监交。" }
                }
            }
            p { "我已核对以上 " (seen.items.len()) " 项和系统以外的资料。" }
            div.form-actions { button.button.primary type="submit" { (word) } }
        }
    }
}
