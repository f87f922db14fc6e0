//! The forms of the acts as markup.

use maud::{Markup, html};
use youju_app::organisation::{Around, Listed};
use youju_domain::organisation::{Coded, DOCUMENT_CHARS_MAX, Kind, NAME_CHARS_MAX};

use crate::url;

/// New organisations that the form of a split offers.
pub(super) const PARTS_OFFERED: usize = 4;

/// What every act is asked: from when, by which document, why.
fn ground(needs_document: bool, needs_reason: bool) -> Markup {
    html! {
        div.field { label for="on" { "生效日期" } input #on name="on" type="date" required; }
        div.field {
            label for="document" { "批准文件的文号" @if !needs_document { "(没有可不填)" } }
            input #document name="document" maxlength=(DOCUMENT_CHARS_MAX) required[needs_document] autocomplete="off";
        }
        div.field {
            label for="reason" { "原因" @if !needs_reason { "(可不填)" } }
            textarea #reason name="reason" maxlength=(DOCUMENT_CHARS_MAX) required[needs_reason] {}
        }
    }
}

fn buttons(around: &Around, word: &str, class: &str) -> Markup {
    html! {
        div.form-actions {
            button class={ "button " (class) } type="submit" { (word) }
            a.button href=(url::organisation(around.organisation.id)) { "取消" }
        }
    }
}

fn kinds(id: &str, offered: &[Kind], chosen: Kind) -> Markup {
    html! {
        div.field { label for=(id) { "类型" } select id=(id) name=(id) {
            @for kind in offered { option value=(kind.key()) selected[*kind == chosen] { (kind.label()) } }
        } }
    }
}

fn name_and_code(end: &str, name: &str, code: &str) -> Markup {
    let (name_id, code_id) = (format!("name{end}"), format!("code{end}"));
    html! {
        div.field { label for=(name_id) { "名称" } input id=(name_id) name=(name_id) value=(name) maxlength=(NAME_CHARS_MAX) autocomplete="off"; }
        div.field {
            label for=(code_id) { "统计用区划代码" }
            input id=(code_id) name=(code_id) value=(code) inputmode="numeric" autocomplete="off" aria-describedby={ (code_id) "-help" };
            p.help id={ (code_id) "-help" } { "街道、乡镇、村必填;部门、平台国企不填。" }
        }
    }
}

fn address(around: &Around, act: &str) -> String {
    url::organisation_act(around.organisation.id, act)
}

/// A new organisation.
pub(super) fn add(around: &Around) -> Markup {
    let offered: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Government).collect();
    let first = if around.span.kind == Kind::Government { Kind::Department } else { Kind::Village };
    html! {
        form.card.narrow method="post" action=(address(around, "add")) {
            (kinds("kind", &offered, first))
            (name_and_code("", "", ""))
            div.field { label for="usci" { "统一社会信用代码(只有企(事)业单位填)" } input #usci name="usci" autocomplete="off"; }
            (ground(false, false))
            (buttons(around, "新增", "primary"))
        }
    }
}

/// A new name, kind or code.
pub(super) fn rename(around: &Around) -> Markup {
    let is_enterprise = around.span.kind == Kind::Enterprise;
    let offered: Vec<Kind> =
        Kind::ALL.into_iter().filter(|kind| (*kind == Kind::Enterprise) == is_enterprise).collect();
    let code = around.span.code.map(|code| code.as_str().to_owned()).unwrap_or_default();
    html! {
        form.card.narrow method="post" action=(address(around, "rename")) {
            (kinds("kind", &offered, around.span.kind))
            (name_and_code("", &around.span.name, &code))
            (ground(true, false))
            (buttons(around, "更名", "primary"))
        }
    }
}

/// A merger.
pub(super) fn merge(around: &Around) -> Markup {
    let own = around.organisation.id;
    html! {
        form.card.narrow method="post" action=(address(around, "merge")) {
            fieldset {
                legend { "与哪些机构合并" }
                @if around.beside.is_empty() { p.muted { "同级没有别的机构可以合并。" } }
                @for one in &around.beside { label.choice { input type="checkbox" name="with" value=(one.id); " " (told(one)) } }
            }
            div.field { label for="target" { "合并成" } select #target name="target" {
                option value=(own) { (around.span.name) }
                @for one in &around.beside { option value=(one.id) { (one.span.name) } }
                option value="new" { "新设的机构(在下面填写)" }
            } }
            details.more {
                summary { "新设的机构" }
                (kinds("kind", &of_level(around.span.kind), around.span.kind))
                (name_and_code("", "", ""))
            }
            (ground(true, false))
            (buttons(around, "合并", "primary"))
        }
    }
}

fn told(one: &Listed) -> Markup {
    html! { (one.span.name) @if let Some(code) = one.span.code { " " span.code { (code.as_str()) } } }
}

/// Kinds among which an organisation may change by a merger or a split.
fn of_level(kind: Kind) -> Vec<Kind> {
    let is_level = |other: &Kind| match kind.has_code() {
        Coded::Never => other.has_code() == Coded::Never && *other != Kind::Enterprise,
        _ => other.has_code() != Coded::Never && (*other == Kind::Village) == (kind == Kind::Village),
    };
    Kind::ALL.into_iter().filter(|other| *other != Kind::Government && is_level(other)).collect()
}

/// A split.
pub(super) fn split(around: &Around) -> Markup {
    html! {
        form.card.narrow method="post" action=(address(around, "split")) {
            label.choice { input type="checkbox" name="goes_on" value="yes" checked; " “" (around.span.name) "”继续存在,只分出下面的机构" }
            @for number in 0..PARTS_OFFERED {
                fieldset {
                    legend { "分出的第 " (number + 1) " 个" }
                    (kinds(&format!("kind.{number}"), &of_level(around.span.kind), around.span.kind))
                    (name_and_code(&format!(".{number}"), "", ""))
                }
            }
            @if !around.below.is_empty() {
                fieldset {
                    legend { "下级机构归哪一个" }
                    @for one in &around.below {
                        @let id = format!("below.{}", one.id);
                        div.field { label for=(id) { (told(one)) } select id=(id) name=(id) {
                            option value="" { "留在原机构;原机构不再存在的,归第 1 个" }
                            @for number in 0..PARTS_OFFERED { option value=(number) { "归第 " (number + 1) " 个" } }
                        } }
                    }
                }
            }
            (ground(true, false))
            (buttons(around, "分设", "primary"))
        }
    }
}

/// An end.
pub(super) fn end(around: &Around) -> Markup {
    html! {
        form.card.narrow method="post" action=(address(around, "end")) {
            (ground(true, true))
            (buttons(around, "终止", "danger"))
        }
    }
}
