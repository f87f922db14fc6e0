//! A pair: both records side by side, what differs marked, the evidence field by field, and the decision.

use maud::{Markup, html};
use youju_app::roster::Pairing;
use youju_codes::{AreaCode, area, normalise};
use youju_domain::register::{Fact, Status, Unit};
use youju_domain::roster::{Band, Choice, Row, Standing, Verdict};

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
    area: AreaCode,
    industry: String,
    is_open: bool,
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
        area: unit.area,
        industry: unit.industry.code().to_owned(),
        is_open: unit.status() == Status::Open,
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
        area: row.area,
        industry: taken.industry.chars().filter(char::is_ascii_digit).collect(),
        is_open: taken.standing == Standing::Open,
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

/// True when two sides say something that cannot both be so. Lists name an industry by its code alone or only roughly, a place only as far
/// as the address tells, and what is open in the words of their department: none of that is a difference.
fn contradict(word: &str, (one, said): (&Said, &str), (other, told): (&Said, &str)) -> bool {
    match word {
        _ if said.is_empty() || told.is_empty() || said == told => false,
        "所在地" => !one.area.contains(&other.area) && !other.area.contains(&one.area),
        "行业" if !one.industry.is_empty() && !other.industry.is_empty() => {
            !one.industry.starts_with(&other.industry) && !other.industry.starts_with(&one.industry)
        }
        "行业" => !said.contains(told) && !told.contains(said),
        "状态" => !(one.is_open && other.is_open),
        "成立日期" => day(said) != day(told),
        _ => normalise(said) != normalise(told),
    }
}

/// Year, month and day, however they are written: 2015-03-02, 2015/3/2, 20150302, 2015年3月2日.
fn day(text: &str) -> Vec<u32> {
    let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let parts = match parts.as_slice() {
        [whole] if whole.len() == 8 => vec![whole.get(..4), whole.get(4..6), whole.get(6..)],
        parts => parts.iter().take(3).copied().map(Some).collect(),
    };
    parts.into_iter().flatten().filter_map(|part| part.parse().ok()).collect()
}

pub(super) fn page(found: &Pairing, last: Option<i64>) -> Markup {
    let sides = [
        found.unit.as_ref().map(|unit| of_unit("名录库", unit)),
        found.other.as_ref().map(|unit| of_unit("名录库(另一家)", unit)),
        found.row.as_ref().map(of_row),
    ];
    let sides: Vec<Said> = sides.into_iter().flatten().collect();
    html! {
        (keys(found, last))
        @if found.listed.found.pair.band == Band::Taken { p.notice.explain { "名单的这一行或名录库的这一家,已和别的更像。请看是不是名单里有重复,或原来认定错了。" } }
        (records(&sides))
        (choices(found))
        (evidence(found))
        (history(found))
    }
}

/// What waits, and what the keyboard does here. The pair that was judged last is one key away: a slip is taken back there.
fn keys(found: &Pairing, last: Option<i64>) -> Markup {
    let waits = found.listed.found.pair.choice.is_none();
    html! {
        p.hint {
            "待复核还有 " (part::count(found.waiting)) " 对。键盘:"
            @if waits { kbd { "Y" } " 是同一单位," kbd { "N" } " 不是," }
            kbd { "J" } @if found.next.is_none() { " 回到结果" } @else if waits { " 先放着、看下一对" } @else { " 看下一对" } "。"
        }
        @if let Some(last) = last { p.hint {
            "刚才判断的是" a href=(url::roster_pair(found.run.id, last)) data-hotkey="k" aria-keyshortcuts="k" { "第 " (last) " 对" } ",判错了可以打开它撤销(键盘 " kbd { "K" } ")。"
        } }
    }
}

fn records(sides: &[Said]) -> Markup {
    let differs = |place: usize| {
        let value = |side: &'_ Said| side.values.get(place).cloned().unwrap_or_default();
        let word = WORDS.get(place).copied().unwrap_or_default();
        let [one, other] = sides else { return false };
        contradict(word, (one, &value(one)), (other, &value(other)))
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
