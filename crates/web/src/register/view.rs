//! A unit as markup.

use maud::{Markup, html};
use youju_app::list::{Listed, Page};
use youju_app::register::Kin;
use youju_codes::size_class::{Figure, NoClass};
use youju_codes::threshold;
use youju_domain::Instant;
use youju_domain::register::{Fact, Form, Listing, Unit};

use crate::url;

/// Facts that the page shows in a place of their own, or leaves to the history.
const ELSEWHERE: [Fact; 6] = [Fact::Usci, Fact::Name, Fact::Listing, Fact::Parent, Fact::Predecessor, Fact::Successor];

/// A unit with its reports.
pub(super) fn page(unit: &Unit, kin: &Kin, reports: &Page<Listed>, may_arrange: bool, now: Instant) -> Markup {
    html! {
        section.card {
            h2 { "基本情况" }
            dl.facts {
                dt { "统一社会信用代码" } dd { (unit.usci.as_str()) }
                dt { "组织机构代码" } dd { (unit.usci.org_code().as_str()) }
                dt { "纳入情况" } dd { (listing(unit.listing)) }
                @for (fact, value) in unit.facts().iter().filter(|(fact, _)| !ELSEWHERE.contains(fact)) {
                    dt { (fact.label()) } dd { (shown(fact, value)) }
                }
                dt { "单位规模" } dd { (size(unit)) }
                dt { "纳统标准" } dd { (line(unit)) }
                dt { "准强制性问题" } dd { (mark(unit, may_arrange)) }
            }
            @if may_arrange { p.small {
                a href=(url::unit_change(unit.id)) { "登记变更" } " · "
                a href=(url::unit_merge(unit.id)) { "合并" } " · "
                a href=(url::unit_split(unit.id)) { "分立" }
            } }
        }
        (kindred(kin))
        section.stack {
            h2 { "报表" }
            (crate::report::list_table(reports, now))
        }
    }
}

/// Whether it reports by itself.
pub(super) fn listing(listing: Listing) -> Markup {
    let class = if listing == Listing::Outside { "" } else { "done" };
    html! { span class={ "badge " (class) } { (listing.label()) } }
}

/// A fact; codes keep together.
pub(super) fn shown(fact: Fact, value: &str) -> Markup {
    let unit = if matches!(fact.form(), Form::Unit) { value.parse().ok() } else { None };
    html! { @if let Some(unit) = unit { a href=(url::unit(unit)) { "查看单位" } } @else { (fact.show(value)) } }
}

fn size(unit: &Unit) -> Markup {
    match unit.size_class() {
        Ok((class, by)) => html! { (class.label()) " " span.muted.small { "(按" (by) "的标准计算)" } },
        Err(NoClass::NotClassified) => html! { "这个行业不划分规模" },
        Err(NoClass::Missing(missing)) => {
            let words: Vec<&str> = missing.into_iter().map(Figure::label).collect();
            html! { "还缺" (words.join("、")) "," span.muted.small { "填写后计算" } }
        }
    }
}

fn line(unit: &Unit) -> Markup {
    html! {
        @if let Some(line) = threshold::of(&unit.industry) { (line.say()) " " span.muted.small { "(" (line.source) ")" } }
        @else { "这个行业没有按规模纳入的标准" }
    }
}

fn mark(unit: &Unit, may_arrange: bool) -> Markup {
    html! {
        @if unit.may_explain { "可以说明后报送(说明企业)" } @else { "须改正后报送" }
        @if may_arrange {
            form method="post" action=(url::unit_may_explain(unit.id)) {
                input type="hidden" name="may_explain" value=(if unit.may_explain { "no" } else { "yes" });
                button.button.link type="submit" { (if unit.may_explain { "取消说明企业" } else { "设为说明企业" }) }
            }
        }
    }
}

fn kindred(kin: &Kin) -> Markup {
    let rows: Vec<(&str, &Unit)> =
        [("上一级法人", &kin.parent), ("由它分立、合并而来", &kin.predecessor), ("并入", &kin.successor)]
            .into_iter()
            .filter_map(|(word, unit)| unit.as_ref().map(|unit| (word, unit)))
            .chain(kin.branches.iter().map(|unit| ("下属单位", unit)))
            .chain(kin.came_of_it.iter().map(|unit| ("由本单位分立", unit)))
            .chain(kin.merged.iter().map(|unit| ("并入本单位", unit)))
            .collect();
    html! { @if !rows.is_empty() {
        section.card {
            h2 { "有关单位" }
            dl.facts { @for (word, unit) in rows {
                dt { (word) }
                dd { a href=(url::unit(unit.id)) { (unit.name) } " " span.code { (unit.usci.as_str()) } " " (listing(unit.listing)) }
            } }
        }
    } }
}
