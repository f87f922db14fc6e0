//! A case as markup: where it stands, what it says, its materials, its story, and what may be done.

use std::collections::BTreeMap;

use chrono::Datelike;
use maud::{Markup, html};
use youju_app::case::Seen;
use youju_app::case::sheet::last_visit;
use youju_codes::workday;
use youju_domain::case::{
    ANSWERS, Case, CaseType, Material, Sort, Step, Values, clock_remarks, photo_facts, photo_remarks, show_value,
};

use super::act::offered;
use super::field::now;
use super::list::left;
use super::told::told;
use crate::ui::part;
use crate::url;

/// The state as a word and a colour.
pub(super) fn badge(seen: &Seen) -> Markup {
    let state = seen.kind.state(seen.case.state());
    html! { @if let Some(state) = state { span class={ "badge " (class(state.is_end, state.is_bad)) } { (state.label) } } }
}

fn class(is_end: bool, is_bad: bool) -> &'static str {
    match (is_end, is_bad) {
        (true, true) => "error",
        (true, false) => "done",
        (false, true) => "explain",
        (false, false) => "todo",
    }
}

/// What it is, whose turn it is and until when, in one line.
pub(super) fn about(seen: &Seen) -> String {
    let what = format!("{} · {}", seen.kind.name, seen.case.subject.name);
    let turn = (!seen.turn.is_empty()).then(|| format!(" · 轮到{}办理", seen.turn.join("或")));
    let due = seen.due_on.map(|due| format!(" · 期限 {due},{}", left(due, seen.today).1));
    [Some(what), turn, due].into_iter().flatten().collect()
}

/// What a type rests on and says about itself.
pub(super) fn rests_on(kind: &CaseType) -> Markup {
    html! { details.more {
        summary { "依据和说明(第 " (kind.version) " 版)" }
        ul { @for ground in &kind.grounds { li { (ground) } } }
        @if !kind.note.is_empty() { p { (kind.note) } }
    } }
}

/// The whole page.
pub(super) fn page(seen: &Seen) -> Markup {
    let (case, kind) = (&seen.case, &seen.kind);
    let values = &seen.values;
    html! {
        section.card { dl.facts {
            dt { "事项类型" } dd { (kind.name) }
            dt { "办理对象" } dd { (case.subject.name) }
            @if seen.is_whole { dt { "提出" } dd { (case.opener.name) "(" (case.opener.role.label()) ") " @if let Some(first) = case.steps.first() { (part::instant(first.at)) } } }
            @if !seen.turn.is_empty() { dt { "轮到" } dd { (seen.turn.join("或")) } }
            @if let Some(due) = seen.due_on {
                @let (class, words) = left(due, seen.today);
                dt { "期限" }
                dd {
                    (due) " " span class={ "due " (class) } { (words) }
                    @if let Some(caveat) = &seen.caveat { p.small.muted { (caveat) } }
                    @else if let Some(notice) = workday::notice(due.year()) { p.small.muted { "工作日按" (notice) "的放假安排计算。" } }
                }
            }
        } }
        @if !seen.is_whole { p.notice { "这里是告知贵单位的内容:哪一天来过、结论和整改要求。统计机构内部的核查记录不在其中。" } }
        (content(seen))
        (told(&seen.told))
        (checked(kind, values))
        (materials(case, kind))
        @if seen.is_whole && kind.paper.is_some() && last_visit(case, kind).is_some() {
            p { a.button href=(url::case_sheet(case.id)) { "打印" (kind.paper.as_deref().unwrap_or_default()) } }
        }
        (story(case, kind))
        (offered(seen))
        (rests_on(kind))
    }
}

/// What is filled in. What changes the register stands beside what the register says today, for whoever decides on it.
fn content(seen: &Seen) -> Markup {
    let filled = seen.kind.fields.iter().filter_map(|field| Some((field, seen.values.get(&field.key)?)));
    let (changes, rest): (Vec<_>, Vec<_>) =
        filled.map(|(field, value)| (field, value, now(field, &seen.told.facts))).partition(|(.., now)| now.is_some());
    html! { @if !(changes.is_empty() && rest.is_empty()) {
        section.card {
            h2 { "内容" }
            @if !rest.is_empty() { dl.facts { @for (field, value, _) in rest {
                dt { (field.label) } dd { (lines(&show_value(field, value))) }
            } } }
            @if !changes.is_empty() {
                div.table-box tabindex="0" role="region" aria-label="现在和改为" { table.table {
                    thead { tr { th { "登记事项" } th { "现在" } th { "改为" } } }
                    tbody { @for (field, value, now) in changes {
                        @let new = show_value(field, value);
                        tr {
                            th.wrap scope="row" { (field.label) }
                            td.wrap { (now.as_deref().unwrap_or_default()) }
                            td.wrap { @if now.as_ref() == Some(&new) { span.muted { (new) "(没有变化)" } } @else { strong { (new) } } }
                        }
                    } }
                } }
            }
        }
    } }
}

/// Text with its line breaks.
fn lines(text: &str) -> Markup {
    html! { @for (index, line) in text.lines().enumerate() { @if index > 0 { br; } (line) } }
}

/// The check list with its answers.
fn checked(kind: &CaseType, values: &Values) -> Markup {
    let said = |key: &String| values.get(key).map_or("", String::as_str);
    let rows: Vec<_> =
        kind.checks_for(values).into_iter().filter(|item| values.contains_key(&item.answer_key())).collect();
    html! { @if !rows.is_empty() {
        section.card { h2 { "核查清单" } div.table-box tabindex="0" role="region" aria-label="核查清单" { table.table {
            thead { tr { th { "核查项目" } th { "结果" } th { "说明" } } }
            tbody { @for item in rows {
                @let answer = said(&item.answer_key());
                @let word = ANSWERS.iter().find(|(key, _)| *key == answer).map_or(answer, |(_, word)| *word);
                tr {
                    th.wrap scope="row" { (item.label) }
                    td { @if answer == "no" { span.word.error { (word) } } @else { (word) } }
                    td.wrap { (said(&item.remark_key())) }
                }
            } }
        } } }
    } }
}

fn link(case: &Case, file: &Material) -> Markup {
    html! { a href=(url::case_file(case.id, &file.hash)) { (file.name) } }
}

fn materials(case: &Case, kind: &CaseType) -> Markup {
    let mut by_kind: BTreeMap<&str, Vec<&Material>> = BTreeMap::new();
    for file in case.materials() {
        by_kind.entry(file.kind.as_str()).or_default().push(file);
    }
    html! { @if !by_kind.is_empty() {
        section.card { h2 { "材料" } dl.facts { @for (key, files) in &by_kind {
            dt { (kind.material(key).map_or(*key, |material| material.label.as_str())) }
            dd { ul { @for file in files { li { (link(case, file)) } } } }
        } } }
    } }
}

fn story(case: &Case, kind: &CaseType) -> Markup {
    html! {
        section.stack {
            h2 { "办理经过" }
            ol.timeline { @for (index, step) in case.steps.iter().enumerate().rev() {
                @let state = kind.state(&step.to);
                li class=(state.map_or("", |state| class(state.is_end, state.is_bad))) {
                    strong { (kind.act_label(&step.act)) @if let Some(party) = signed_as(kind, step) { "(" (party) ")" } }
                    @if let Some(state) = state { " → " (state.label) }
                    @if !step.reason.is_empty() { blockquote { (lines(&step.reason)) } }
                    @if index > 0 { (changes(kind, step)) }
                    @if !step.materials.is_empty() { p.small { "材料:" @for file in &step.materials { (link(case, file)) " " } } }
                    (on_the_spot(case, kind, step))
                    p.small.muted { (step.name) "(" (step.role.label()) ") " (part::instant(step.at)) }
                }
            } }
        }
    }
}

/// What a step on the spot says of its photographs and of the clock of the phone; what does not fit together stands out.
fn on_the_spot(case: &Case, kind: &CaseType, step: &Step) -> Markup {
    let is_photo = |file: &&Material| kind.material(&file.kind).is_some_and(|one| one.sort == Sort::Photo);
    html! {
        @for words in clock_remarks(step) { p.small { span.word.explain { (words) } } }
        @for file in step.materials.iter().filter(is_photo) {
            p.small { (file.name) ":" (photo_facts(file)) " · 收到于 " (part::instant(step.at)) }
            @for words in photo_remarks(case, step, file) { p.small { span.word.explain { (words) } } }
        }
    }
}

fn signed_as<'t>(kind: &'t CaseType, step: &Step) -> Option<&'t str> {
    let act = kind.act(&step.act)?;
    let party = act.signatories.iter().find(|one| step.signed_as.as_ref() == Some(&one.key))?;
    Some(&party.label)
}

/// What a step filled in or changed.
fn changes(kind: &CaseType, step: &Step) -> Markup {
    html! { @for (key, value) in &step.values { @if let Some(field) = kind.field(key) {
        p.small { (field.label) ":" @if value.is_empty() { "(删去)" } @else { (lines(&show_value(field, value))) } }
    } } }
}
