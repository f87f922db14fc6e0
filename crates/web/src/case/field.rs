//! The fields of a form: each with what the register says of it today, those that are seldom filled in folded away.

use maud::{Markup, html};
use youju_domain::case::{Field, FieldKind, LONG_TEXT_CHARS_MAX, TEXT_CHARS_MAX, Values};
use youju_domain::register::Facts;

/// Words for a fact that the register does not know.
pub(super) const UNKNOWN: &str = "没有登记";

/// The fields of an act. The fold is part of the page and needs no script; nothing in it is owed, and it stands open where something is filled in.
pub(super) fn fields(act: &str, asked: &[(&Field, bool)], values: &Values, facts: &Facts) -> Markup {
    let one = |(field, is_owed): (&Field, bool)| {
        let value = values.get(&field.key).map_or("", String::as_str);
        input(&format!("{act}-{}", field.key), field, is_owed, (value, now(field, facts)))
    };
    let (more, plain): (Vec<_>, Vec<_>) = asked.iter().copied().partition(|(field, _)| field.is_more);
    let labels: Vec<&str> = more.iter().map(|(field, _)| field.label.as_str()).collect();
    html! {
        @for field in plain { (one(field)) }
        @if !more.is_empty() {
            details.more.field open[more.iter().any(|(field, _)| values.contains_key(&field.key))] {
                summary { "其他 " (more.len()) " 个栏目:" (labels.join("、")) }
                @for field in more { (one(field)) }
            }
        }
    }
}

/// What the register says of a field's fact, in the words of a page; nothing where no unit is known yet.
pub(super) fn now(field: &Field, facts: &Facts) -> Option<String> {
    let fact = field.fact.filter(|_| !facts.is_empty())?;
    Some(facts.get(fact).map_or_else(|| UNKNOWN.to_owned(), |value| fact.show(value)))
}

fn input(id: &str, field: &Field, is_owed: bool, (value, now): (&str, Option<String>)) -> Markup {
    let name = format!("f.{}", field.key);
    let help = (!field.help.is_empty()).then(|| format!("{id}-help"));
    let said = now.as_ref().map(|_| format!("{id}-now"));
    let both = [help.as_deref(), said.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let about = (!both.is_empty()).then_some(both);
    let word = if is_owed { "" } else { "(可不填)" };
    html! { div.field {
        label for=(id) { (field.label) (word) }
        @match field.kind {
            FieldKind::Text => input id=(id) name=(name) value=(value) required[is_owed] maxlength=(TEXT_CHARS_MAX) autocomplete="off" aria-describedby=[about.as_deref()];,
            FieldKind::Unit => input id=(id) name=(name) value=(value) required[is_owed] maxlength="18" autocomplete="off" aria-describedby=[about.as_deref()];,
            FieldKind::LongText => textarea id=(id) name=(name) required[is_owed] maxlength=(LONG_TEXT_CHARS_MAX) rows="4" aria-describedby=[about.as_deref()] { (value) },
            FieldKind::Date => input id=(id) name=(name) type="date" value=(value) required[is_owed] aria-describedby=[about.as_deref()];,
            FieldKind::Number => input id=(id) name=(name) inputmode="decimal" value=(value) required[is_owed] autocomplete="off" aria-describedby=[about.as_deref()];,
            FieldKind::Choice => select id=(id) name=(name) required[is_owed] aria-describedby=[about.as_deref()] {
                option value="" { "请选择" }
                @for choice in &field.choices { option value=(choice) selected[choice == value] { (choice) } }
            },
            FieldKind::YesNo => select id=(id) name=(name) required[is_owed] aria-describedby=[about.as_deref()] {
                option value="" { "请选择" }
                @for (key, word) in [("yes", "是"), ("no", "否")] { option value=(key) selected[key == value] { (word) } }
            },
        }
        @if let Some(help) = &help { p.help id=(help) { (field.help) } }
        @if let (Some(said), Some(now)) = (&said, &now) { p.help id=(said) { "现在:" (now) } }
    } }
}
