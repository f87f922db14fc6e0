//! A pair: both records side by side, what differs marked, the evidence field by field, and the decision.

use maud::{Markup, html};
use youju_app::roster::Pairing;
use youju_codes::area;
use youju_domain::register::{Fact, Unit};
use youju_domain::roster::{Band, Choice, Row, Verdict};

use crate::ui::part;
use crate::url;

pub(super) fn badge(found: &Pairing) -> Markup {
    let verdict = found.listed.found.pair.verdict;
    html! { span class={ "badge " (if verdict == Verdict::Review { "todo" } else { "" }) } { (verdict.label()) } }
}

/// Thousandths of a bit as a person reads them.
pub(super) fn bits(thousandths: i64) -> String {
    let tenths = (thousandths.abs() + 50) / 100;
    format!("{}{}.{}", if thousandths < 0 { "-" } else { "+" }, tenths / 10, tenths % 10)
}

/// What a record says, by the same words on both sides.
struct Said {
    title: &'static str,
    link: Option<String>,
    values: [String; 8],
}

const WORDS: [&str; 8] = ["名称", "代码", "所在地", "地址", "电话", "行业", "成立日期", "状态"];

fn of_unit(title: &'static str, unit: &Unit) -> Said {
    let fact = |fact: Fact| unit.details.get(fact).unwrap_or_default().to_owned();
    let first = |one: Fact, other: Fact| {
        let first = fact(one);
        if first.is_empty() { fact(other) } else { first }
    };
    Said {
        title,
        link: Some(url::unit(unit.id)),
        values: [
            unit.name.clone(),
            unit.usci.as_str().to_owned(),
            area::path(&unit.area),
            first(Fact::Address, Fact::RegisteredAddress),
            fact(Fact::Phone),
            format!("{} {}", unit.industry.code(), unit.industry.name()),
            first(Fact::FoundedOn, Fact::OpenedOn),
            unit.status().label().to_owned(),
        ],
    }
}

fn of_row(row: &Row) -> Said {
    let taken = &row.taken;
    Said {
        title: "部门名单",
        link: None,
        values: [
            taken.name.clone(),
            taken.code.clone(),
            area::path(&row.area),
            format!("{}{}", taken.town, taken.address),
            taken.phone.clone(),
            taken.industry.clone(),
            taken.opened.clone(),
            taken.standing.label().to_owned(),
        ],
    }
}

pub(super) fn page(found: &Pairing) -> Markup {
    let sides = [
        found.unit.as_ref().map(|unit| of_unit("名录库", unit)),
        found.other.as_ref().map(|unit| of_unit("名录库(另一家)", unit)),
        found.row.as_ref().map(of_row),
    ];
    let sides: Vec<Said> = sides.into_iter().flatten().collect();
    html! {
        p.hint { "待复核还有 " (part::count(found.waiting)) " 对。键盘:" kbd { "Y" } " 是同一单位," kbd { "N" } " 不是," kbd { "J" } " 先放着、看下一对。" }
        @if found.listed.found.pair.band == Band::Taken { p.notice.explain { "名单的这一行或名录库的这一家,已和别的更像。请看是不是名单里有重复,或原来认定错了。" } }
        (records(&sides))
        (choices(found))
        (evidence(found))
        (history(found))
    }
}

fn records(sides: &[Said]) -> Markup {
    let differs = |place: usize| {
        let mut values = sides.iter().filter_map(|side| side.values.get(place)).filter(|value| !value.is_empty());
        let first = values.next();
        values.any(|value| Some(value) != first)
    };
    html! { div.table-box tabindex="0" role="region" aria-label="两边的记录" { table.table {
        caption { "不同的用“≠”标出,有一边没有的不标" }
        thead { tr { th { "项目" } @for side in sides { th { @if let Some(link) = &side.link { a href=(link) { (side.title) } } @else { (side.title) } } } } }
        tbody { @for (place, word) in WORDS.iter().enumerate() { tr {
            th scope="row" { (word) @if differs(place) { " " span.badge.explain.plain { "≠ 不同" } } }
            @for side in sides { td.wrap { @if let Some(value) = side.values.get(place) { @if differs(place) { mark { (value) } } @else { (value) } } } }
        } } }
    } } }
}

fn choices(found: &Pairing) -> Markup {
    let pair = &found.listed.found.pair;
    let address = url::roster_pair(found.run.id, pair.number);
    let button = |choice: Choice, class: &'static str, key: Option<&'static str>| {
        html! { form method="post" action=(address) {
            input type="hidden" name="choice" value=(choice.key());
            input type="hidden" name="revision" value=(found.listed.revision);
            button class={ "button " (class) } type="submit" data-hotkey=[key] aria-keyshortcuts=[key] { (choice.label()) }
        } }
    };
    html! { div.form-actions {
        @if pair.choice.is_none() {
            (button(Choice::Same, "primary", Some("y")))
            (button(Choice::Different, "", Some("n")))
        } @else {
            (button(Choice::Undone, "", None))
        }
        @if let Some(next) = found.next { a.button href=(url::roster_pair(found.run.id, next)) data-hotkey="j" aria-keyshortcuts="j" { "下一对" } }
        @else { a.button href=(url::roster_run(found.run.id, "")) data-hotkey="j" aria-keyshortcuts="j" { "没有别的待复核,回到结果" } }
    } }
}

fn evidence(found: &Pairing) -> Markup {
    let one = &found.listed.found;
    html! { section.stack {
        h2 { "依据" }
        @if one.evidence.is_empty() { p.hint { "两边都没有矛盾,把握 " (bits(one.bits)) " 比特。" } }
        @else {
            p { "合计把握 " strong { (bits(one.bits)) } " 比特:0 是各占一半,每多 1 比特,是同一单位的机会翻一番。" }
            ul { @for line in &one.evidence { li { (line.says) } } }
        }
    } }
}

fn history(found: &Pairing) -> Markup {
    html! { @if !found.decisions.is_empty() { section.stack {
        h2 { "判断经过" }
        ol.timeline { @for one in &found.decisions { li { (part::instant(one.at)) " " (one.by_name) ":" (one.choice.label()) } } }
    } } }
}
