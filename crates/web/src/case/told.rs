//! What is told before a decision, as markup: rounds, contradictions, units that look alike.

use maud::{Markup, html};
use youju_app::case::Told;

use crate::url;

/// Everything that is told.
pub(super) fn told(told: &Told) -> Markup {
    html! {
        @if !told.rounds.is_empty() {
            section.card { h2 { "申报批次" } ul { @for round in &told.rounds { li { (round.say()) } } }
                p.small.muted { "截止日以当年的通知为准。过了截止日也可以提出,列入下一批。" } }
        }
        @if !told.contradictions.is_empty() {
            section.notice.explain aria-label="矛盾和提示" {
                h2 { "矛盾和提示" }
                p { "由程序比对得出。要继续办理的,请在意见中逐条说明理由。" }
                ul { @for one in &told.contradictions { li { (one) } } }
            }
        }
        @if !told.alike.is_empty() || told.alike_elsewhere > 0 { (alike(told)) }
    }
}

fn alike(told: &Told) -> Markup {
    html! { section.card {
        h2 { "名录库中相似的单位" }
        p { "名称、组织机构代码、电话或地址相同。请核对是不是同一个单位,有没有在其他专业或其他县区申报。" }
        ul { @for one in &told.alike { li {
            a href=(url::unit(one.unit)) { (one.name) } " " span.code { (one.usci) }
            "(" (one.listing) ";" (one.same.join("、")) "相同)"
        } } }
        @if told.alike_elsewhere > 0 { p { "另有 " (told.alike_elsewhere) " 家在其他地区,请上一级核对。" } }
    } }
}
