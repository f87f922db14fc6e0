//! The forms of the register of staff.

use maud::{Markup, html};
use youju_app::handover::Choice;
use youju_app::list::Page;
use youju_app::staff::{Held, Place, Sheet};
use youju_domain::id::StaffId;
use youju_domain::staff::{Duty, Education, Field, LINE_CHARS_MAX, Qualified, Staff, Time, Workplace};

use super::view::establishments;
use crate::ui::part;
use crate::url;

fn year(id: &str, word: &str, value: Option<i32>) -> Markup {
    html! { div.field { label for=(id) { (word) } input id=(id) name=(id) inputmode="numeric" maxlength="4" value=[value] autocomplete="off"; } }
}

fn text(id: &str, word: &str, required: bool) -> Markup {
    html! { div.field { label for=(id) { (word) } input id=(id) name=(id) maxlength=(LINE_CHARS_MAX) required[required] autocomplete="off"; } }
}

fn day(id: &str, word: &str, required: bool) -> Markup {
    html! { div.field { label for=(id) { (word) } input id=(id) name=(id) type="date" required[required]; } }
}

fn about(name: &str, staff: Option<&Staff>) -> Markup {
    let education = staff.and_then(|staff| staff.education);
    html! {
        div.field { label for="name" { "姓名" } input #name name="name" value=(name) required maxlength="40" autocomplete="off"; }
        (year("born", "出生年份(可不填)", staff.and_then(|staff| staff.born)))
        div.field { label for="education" { "学历" } select #education name="education" {
            option value="" { "没有填" }
            @for one in Education::ALL { option value=(one.key()) selected[Some(*one) == education] { (one.label()) } }
        } }
        (year("began", "从事统计工作起始年份(可不填)", staff.and_then(|staff| staff.began)))
    }
}

fn login(value: &str) -> Markup {
    html! { div.field {
        label for="login" { "账号的登录名(还没有可不填)" }
        input #login name="login" value=(value) autocomplete="off" aria-describedby="login-help";
        p.help #login-help { "账号由系统管理员开设,实名使用,一人一号。" }
    } }
}

/// Somebody new in a place, or another post for somebody of the register.
pub(super) fn enrol(place: &Place, chosen: Option<&Staff>, found: Option<&Page<Held>>, search: &str) -> Markup {
    let is_office = matches!(place.at, Workplace::Organisation(_));
    html! {
        @if chosen.is_none() { (known(place, found, search)) }
        form.card.narrow method="post" action=(url::place_staff(place.at)) {
            @match chosen {
                Some(staff) => { p { strong { (staff.name) } } input type="hidden" name="staff" value=(staff.id); },
                None => { (about("", None)) },
            }
            div.field { label for="duty" { "岗位" } select #duty name="duty" {
                @for one in Duty::ALL.iter().filter(|duty| is_office || matches!(duty, Duty::Lead | Duty::Statistician)) {
                    option value=(one.key()) selected[*one == Duty::Statistician] { (one.label()) }
                }
            } }
            div.field { label for="time" { "专职或兼职" } select #time name="time" { @for one in Time::ALL { option value=(one.key()) { (one.label()) } } } }
            div.field { label for="establishment" { "编制性质" } select #establishment name="establishment" {
                @for one in establishments(place.at) { option value=(one.key()) { (one.label()) } }
            } }
            @if is_office {
                fieldset { legend { "分管领域" } @for one in Field::ALL {
                    label.choice { input type="checkbox" name="field" value=(one.key()); " " (one.label()) }
                } }
            }
            (text("work", "分工(专业、负责的村或样本单位)", false))
            (day("since", "任职日期", true))
            (text("document", "任职文件或备案号(没有可不填)", false))
            @if chosen.is_none() { (login("")) }
            div.form-actions {
                button.button.primary type="submit" { "登记" }
                a.button href=(url::place_staff(place.at)) { "取消" }
            }
        }
    }
}

/// Looking for somebody of the register, so that nobody is entered twice.
fn known(place: &Place, found: Option<&Page<Held>>, search: &str) -> Markup {
    html! {
        details.more open[found.is_some()] {
            summary { "已经登记过的人(在别处任职,或在这里另有岗位)" }
            form.filters action=(url::place_staff_new(place.at)) role="search" aria-label="查找人员" {
                div.field { label for="staff-search" { "姓名或单位" } input #staff-search name="search" type="search" value=(search); }
                button.button type="submit" { "查找" }
            }
            @if let Some(found) = found {
                p { (part::shown(found)) }
                ul.list { @for held in &found.rows { li {
                    div.main { (held.name) p.about { (held.place) " · " (held.tenure.duty.label()) } }
                    a.button.small href=(url::place_staff_of(place.at, held.tenure.staff)) { "选这个人" }
                } } }
            }
        }
    }
}

/// What is told of somebody.
pub(super) fn change(sheet: &Sheet) -> Markup {
    let account = sheet.account.as_ref().map(|(login, _)| login.as_str()).unwrap_or_default();
    html! {
        details.more {
            summary { "更正基本情况" }
            form.card.narrow method="post" action=(url::staff_act(sheet.staff.id, "change")) {
                input type="hidden" name="revision" value=(sheet.staff.revision);
                (about(&sheet.staff.name, Some(&sheet.staff)))
                (login(account))
                div.form-actions { button.button.primary type="submit" { "保存" } }
            }
        }
    }
}

/// A new qualification.
pub(super) fn qualify(who: StaffId, kinds: &[Qualified]) -> Markup {
    html! {
        details.more {
            summary { "登记资格" }
            form.card.narrow method="post" action=(url::staff_act(who, "qualify")) {
                div.field { label for="kind" { "资格类型" } select #kind name="kind" { @for one in kinds { option value=(one.key()) { (one.label()) } } } }
                (text("number", "证书编号", false))
                (day("issued", "发证日期", true))
                (day("expires", "有效期至(长期有效可不填)", false))
                div.form-actions { button.button.primary type="submit" { "登记" } }
            }
        }
    }
}

/// A new training.
pub(super) fn train(who: StaffId) -> Markup {
    html! {
        details.more {
            summary { "登记培训" }
            form.card.narrow method="post" action=(url::staff_act(who, "train")) {
                (text("subject", "培训内容", true))
                (day("held", "培训日期", true))
                div.field { label for="hours" { "学时" } input #hours name="hours" inputmode="numeric" required maxlength="3"; }
                (text("organiser", "举办单位", false))
                div.field { label for="passed" { "考核" } select #passed name="passed" {
                    @for (value, word) in [("", "没有考核"), ("yes", "合格"), ("no", "不合格")] { option value=(value) { (word) } }
                } }
                div.form-actions { button.button.primary type="submit" { "登记" } }
            }
        }
    }
}

/// Striking out what was entered wrongly.
pub(super) fn strike(who: StaffId, kind: &str, entry: &str, name: &str) -> Markup {
    let field = format!("reason-{entry}");
    html! {
        details.more {
            summary { "登记有误" span.vh { ":" (name) } }
            form.filters method="post" action=(url::staff_act(who, "strike")) {
                input type="hidden" name="kind" value=(kind);
                input type="hidden" name="entry" value=(entry);
                div.field { label for=(field) { "更正原因" } input id=(field) name="reason" required minlength="4" maxlength="200" autocomplete="off"; }
                button.button.danger type="submit" { "删去" }
            }
        }
    }
}

/// Leaving without anything to hand over.
pub(super) fn release(choice: &Choice) -> Markup {
    html! {
        form.card.narrow method="post" action=(url::tenure_act(choice.held.tenure.id, "release")) {
            (day("on", "离任日期", true))
            (text("document", "文件或原因", true))
            (exception(choice))
            div.form-actions {
                button.button.primary type="submit" { "离任" }
                a.button href=(url::staff(choice.held.tenure.staff)) { "取消" }
            }
        }
    }
}

/// Why a chief's term is cut short.
pub(crate) fn exception(choice: &Choice) -> Markup {
    html! { @if let Some(ends) = choice.term_ends {
        div.field {
            label for="exception" { "聘期未满就调整的理由" }
            input #exception name="exception" required minlength="4" maxlength=(LINE_CHARS_MAX) autocomplete="off" aria-describedby="exception-help";
            p.help #exception-help { "首席统计员聘期到 " (ends) ",原则上在此以前不调整。" }
        }
    } }
}
