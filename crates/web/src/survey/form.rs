//! The times and the chain of a window as people type them.

use maud::{Markup, html};
use serde::Deserialize;
use youju_domain::Instant;
use youju_domain::Problem;
use youju_domain::report::Level;
use youju_domain::survey::{Chain, Link, Times, local, parse_local};

/// The fields of a window: three instants, and for every level whether it accepts and until when.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TypedTimes {
    opens_at: String,
    due_at: String,
    closes_at: String,
    township: String,
    township_due: String,
    county: String,
    county_due: String,
    city: String,
    city_due: String,
    province: String,
    province_due: String,
}

impl TypedTimes {
    /// The instants, or which of them cannot be read.
    pub(crate) fn times(&self) -> Result<Times, Problem> {
        Ok(Times {
            opens_at: instant("开网时间", &self.opens_at)?,
            due_at: instant("截止时间", &self.due_at)?,
            closes_at: instant("关网时间", &self.closes_at)?,
        })
    }

    /// The levels that were ticked.
    pub(crate) fn chain(&self) -> Result<Chain, Problem> {
        let fields = [
            (Level::Township, &self.township, &self.township_due),
            (Level::County, &self.county, &self.county_due),
            (Level::City, &self.city, &self.city_due),
            (Level::Province, &self.province, &self.province_due),
        ];
        let mut links = Vec::new();
        for (level, ticked, due) in fields {
            if ticked.is_empty() {
                continue;
            }
            let name = format!("{}验收截止", level.label());
            let due_at = if due.trim().is_empty() { None } else { Some(instant(&name, due)?) };
            links.push(Link { level, due_at });
        }
        if links.is_empty() {
            return Err(Problem::BadInput { reason: "请至少选择一个验收层级。".into() });
        }
        Chain::try_from(links)
    }
}

fn instant(name: &str, text: &str) -> Result<Instant, Problem> {
    parse_local(text).ok_or_else(|| Problem::BadInput {
        reason: format!("“{name}”应写成 2026-11-21 14:03 的样子,现为“{text}”。"),
    })
}

fn value(instant: Instant) -> String {
    local(instant).format("%Y-%m-%dT%H:%M").to_string()
}

/// The fields of three instants and the levels, filled with what stands.
pub(crate) fn fields(stands: Option<(&Times, &Chain)>) -> Markup {
    let times = stands.map(|(times, _)| times);
    let instants = [
        ("opens_at", "开网时间", times.map(|times| times.opens_at)),
        ("due_at", "截止时间", times.map(|times| times.due_at)),
        ("closes_at", "关网时间", times.map(|times| times.closes_at)),
    ];
    html! {
        @for (name, word, at) in instants {
            div.field { label for=(name) { (word) } input id=(name) name=(name) type="datetime-local" required value=[at.map(value)]; }
        }
        fieldset.field {
            legend { "验收流程:由低到高,上一级只验收下一级已验收的" }
            @for level in Level::ALL {
                @let holds = stands.map_or(matches!(level, Level::County | Level::City), |(_, chain)| chain.holds(level));
                @let due = stands.and_then(|(_, chain)| chain.due_at(level));
                @let id = format!("{}_due", level.key());
                div.level-row {
                    label { input type="checkbox" name=(level.key()) value="on" checked[holds]; " " (level.label()) "验收" }
                    label.muted for=(id) { "截止" }
                    input id=(id) name=(id) type="datetime-local" value=[due.map(value)];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read_and_what_is_missing_is_named() {
        let typed = TypedTimes { county: "on".into(), county_due: "2026-04-20T18:00".into(), ..TypedTimes::default() };
        assert_eq!(typed.chain().unwrap().first(), Some(Level::County));
        assert!(typed.times().unwrap_err().says().contains("开网时间"));
        let none = TypedTimes::default();
        assert_eq!(none.chain().unwrap_err().says(), "请至少选择一个验收层级。");
    }
}
