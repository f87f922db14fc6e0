//! Small parts: badges, dates, pagers, definition lists.

use chrono::Datelike;
use maud::{Markup, html};
use youju_app::list::Page;
use youju_domain::Instant;
use youju_domain::finding::{Severity, Standing};
use youju_domain::report::State;
use youju_domain::survey::{local, print_instant};

use crate::url;

/// Colour class of a state.
fn state_class(state: State) -> &'static str {
    match state {
        State::NotOpen | State::Empty => "",
        State::Returned => "error",
        State::Accepted(_) | State::Locked => "done",
        _ => "todo",
    }
}

/// A state as a word and a colour.
pub(crate) fn state(state: State) -> Markup {
    html! { span class={ "badge " (state_class(state)) } { (state.label()) } }
}

/// Colour class of a finding's standing.
pub(crate) fn standing_class(standing: Standing) -> &'static str {
    match standing {
        Standing::MustMend => "error",
        Standing::MustExplain => "explain",
        Standing::Explained => "done",
        Standing::Told => "todo",
    }
}

/// What a finding wants, as a word.
pub(crate) fn standing_word(standing: Standing) -> &'static str {
    match standing {
        Standing::MustMend => "须改数",
        Standing::MustExplain => "须说明",
        Standing::Explained => "已说明",
        Standing::Told => "提示",
    }
}

/// The class of a severity in words: `核实性`.
pub(crate) fn severity(severity: Severity) -> Markup {
    html! { span.badge.plain { (severity.label()) } }
}

const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

/// An instant with its weekday.
pub(crate) fn instant(instant: Instant) -> Markup {
    let index = local(instant).weekday().num_days_from_monday();
    let weekday = usize::try_from(index).ok().and_then(|index| WEEKDAYS.get(index)).copied().unwrap_or_default();
    html! { time.nowrap datetime=(instant.to_rfc3339()) { (print_instant(instant)) " " (weekday) } }
}

/// How long until a deadline: `还有 2 天 3 小时`, or `已过 5 小时`.
pub(crate) fn until(due: Instant, now: Instant) -> String {
    let (word, span) = if now <= due { ("还有", due - now) } else { ("已过", now - due) };
    let (days, hours, minutes) = (span.num_days(), span.num_hours() % 24, span.num_minutes() % 60);
    if days > 0 {
        format!("{word} {days} 天 {hours} 小时")
    } else if hours > 0 {
        format!("{word} {hours} 小时 {minutes} 分")
    } else {
        format!("{word} {minutes} 分钟")
    }
}

/// A whole number with thousands separators.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share with one decimal, or — when there is nothing to share.
pub(crate) fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "—".into();
    }
    let tenths = (u128::from(part) * 1_000 + u128::from(whole) / 2) / u128::from(whole);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// How many rows there are and which are shown.
pub(crate) fn shown<T>(page: &Page<T>) -> Markup {
    let number = u64::try_from(page.rows.len()).unwrap_or_default();
    html! {
        span.table-count {
            "共 " (count(page.total)) " 条"
            @if number > 0 { ",显示 " (count(page.offset + 1)) "–" (count(page.offset + number)) }
        }
    }
}

/// Links to the neighbouring parts of a list.
pub(crate) fn pager<T>(page: &Page<T>, path: &str, query: &[(&str, &str)], size: u64) -> Markup {
    pager_named(page, "page", path, query, size)
}

/// The same for a second list of a page, whose number in the address has another name.
pub(crate) fn pager_named<T>(page: &Page<T>, name: &str, path: &str, query: &[(&str, &str)], size: u64) -> Markup {
    let number = page.offset / size.max(1);
    let address = |number: u64| {
        let number = number.to_string();
        let mut pairs = query.to_vec();
        pairs.push((name, &number));
        url::with_query(path, &pairs)
    };
    let has_next = page.offset + size < page.total;
    html! {
        @if page.total > size {
            nav.pager aria-label="翻页" {
                @if number > 0 { a.button.small rel="prev" href=(address(number)) { "上一页" } }
                span { "第 " (count(number + 1)) " 页,共 " (count(page.total.div_ceil(size.max(1)))) " 页" }
                @if has_next { a.button.small rel="next" href=(address(number + 2)) { "下一页" } }
            }
        }
    }
}

/// A list without rows: what is not here, and what to do next.
pub(crate) fn empty(title: &str, next: &str) -> Markup {
    html! { div.empty { h2 { (title) } p { (next) } } }
}

/// A button that posts, by itself.
pub(crate) fn post_button(address: &str, word: &str, class: &str, confirm: Option<&str>) -> Markup {
    html! {
        form method="post" action=(address) data-confirm=[confirm] {
            button class={ "button " (class) } type="submit" { (word) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_shares_are_printed_for_people() {
        assert_eq!([count(0), count(999), count(12_345), count(1_000_000)], ["0", "999", "12,345", "1,000,000"]);
        assert_eq!([share(0, 0), share(1, 3), share(2, 3), share(5, 5)], ["—", "33.3%", "66.7%", "100.0%"]);
    }

    #[test]
    fn a_deadline_says_how_long_is_left() {
        let at = |hours: i64| Instant::UNIX_EPOCH + chrono::TimeDelta::hours(hours);
        assert_eq!(until(at(51), at(0)), "还有 2 天 3 小时");
        assert_eq!(until(at(0), at(5)), "已过 5 小时 0 分");
    }
}
