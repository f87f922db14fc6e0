//! Staff as lists and as one page.

use maud::{Markup, html};
use youju_app::list::Page;
use youju_app::staff::{Held, Sheet};
use youju_domain::dormancy::Standing;
use youju_domain::staff::{Duty, Establishment, Qualified, Tenure, Validity, Workplace};

use super::form;
use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

fn place_address(at: Workplace) -> String {
    match at {
        Workplace::Organisation(id) => url::organisation(id),
        Workplace::Unit(id) => url::unit(id),
    }
}

/// Fields, time and establishment in a line.
fn kind(tenure: &Tenure) -> String {
    let mut words = vec![tenure.time.label().to_owned(), tenure.establishment.label().to_owned()];
    words.extend(tenure.fields.iter().map(|field| field.label().to_owned()));
    words.join("、")
}

/// Posts with their filter.
pub(super) fn list(found: &Page<Held>, [search, duty, place, ended]: [&str; 4]) -> Markup {
    html! {
        form.filters action=(url::STAFF) role="search" aria-label="查找统计人员" {
            div.field { label for="staff-search" { "姓名或单位" } input #staff-search name="search" type="search" value=(search); }
            div.field { label for="duty" { "岗位" } select #duty name="duty" {
                option value="" { "全部" }
                @for one in Duty::ALL { option value=(one.key()) selected[one.key() == duty] { (one.label()) } }
            } }
            div.field { label for="where" { "在哪里" } select #where name="where" {
                @for (value, word) in [("", "全部"), ("organisations", "机构"), ("units", "调查单位")] { option value=(value) selected[value == place] { (word) } }
            } }
            div.field { label for="ended" { "任职" } select #ended name="ended" {
                @for (value, word) in [("", "在任"), ("yes", "已离任")] { option value=(value) selected[value == ended] { (word) } }
            } }
            button.button type="submit" { "查找" }
        }
        @if found.total == 0 {
            (part::empty("没有符合条件的人员", "从单位或机构的页面进入“统计人员”,可以登记。"))
        } @else {
            div.table-head { (part::shown(found)) }
            (table(&found.rows, true))
            (part::pager(found, url::STAFF, &[("search", search), ("duty", duty), ("where", place), ("ended", ended)], PAGE_ROWS.unsigned_abs()))
        }
    }
}

fn table(rows: &[Held], with_place: bool) -> Markup {
    html! { div.table-box tabindex="0" role="region" aria-label="统计人员" { table.table {
        thead { tr {
            th { "姓名" } @if with_place { th { "单位" } } th { "岗位" } th { "性质" } th { "分工" } th { "任职起" } th { "离任" }
        } }
        tbody { @for held in rows { tr {
            th scope="row" { a href=(url::staff(held.tenure.staff)) { (held.name) } }
            @if with_place { td { a href=(url::place_staff(held.tenure.at)) { (held.place) } } }
            td { (held.tenure.duty.label()) }
            td { (kind(&held.tenure)) }
            td { (held.tenure.work) }
            td { (held.tenure.since) }
            td { @if let Some(until) = held.tenure.until { (until) } }
        } } }
    } } }
}

/// The people of a place today.
pub(super) fn of_place(held: &[Held]) -> Markup {
    html! {
        @if held.is_empty() { (part::empty("还没有登记统计人员", "点“登记人员”填写姓名、岗位和任职日期。")) }
        @else { (table(held, false)) }
    }
}

/// Whether they hold a post today.
pub(super) fn badge(sheet: &Sheet) -> Markup {
    let holds = sheet.tenures.iter().any(|(held, _)| held.tenure.holds_on(sheet.on));
    let (class, word) = if holds { ("done", "在任") } else { ("", "已离任") };
    html! { span class={ "badge " (class) } { (word) } }
}

/// Somebody with everything that is known.
pub(super) fn sheet(sheet: &Sheet, word: &str) -> Markup {
    html! {
        (facts(sheet))
        section.stack {
            h2 { "任职" }
            ol.list { @for (held, handover) in &sheet.tenures { (tenure(sheet, held, *handover)) } }
        }
        (qualifications(sheet))
        (trainings(sheet))
        @if !sheet.seats.is_empty() {
            section.stack {
                h2 { (word) "任职" }
                ul.list { @for (seat, place) in &sheet.seats { li {
                    div.main { (place) " · " (seat.role.label(word)) p.about { (seat.since) " 起" @if let Some(until) = seat.until { ",至 " (until) } } }
                } } }
            }
        }
        @if !sheet.sponsorships.is_empty() { section.stack { h2 { "包保(终身可查)" } (crate::sponsorship::lasting(&sheet.sponsorships)) } }
        @if sheet.may_write { (form::change(sheet)) }
    }
}

fn facts(sheet: &Sheet) -> Markup {
    let staff = &sheet.staff;
    html! { section.card {
        h2 { "基本情况" }
        dl.facts {
            dt { "出生年份" } dd { @if let Some(born) = staff.born { (born) } @else { span.muted { "没有填" } } }
            dt { "学历" } dd { @if let Some(education) = staff.education { (education.label()) } @else { span.muted { "没有填" } } }
            dt { "从事统计工作" } dd { @if let Some(began) = staff.began { "自 " (began) " 年" } @else { span.muted { "没有填" } } }
            dt { "账号" } dd {
                @match &sheet.account {
                    Some((login, Standing::Suspended { .. })) => { (login) " " span.badge { "已停用" } },
                    Some((login, _)) => { (login) },
                    None => { span.muted { "没有账号" } },
                }
            }
        }
    } }
}

fn tenure(sheet: &Sheet, held: &Held, handover: Option<youju_domain::id::HandoverId>) -> Markup {
    let tenure = &held.tenure;
    let goes_on = tenure.until.is_none();
    let may_leave = goes_on && (sheet.may_write || sheet.is_self);
    let by_handover = sheet.staff.person.is_some() && tenure.duty != Duty::Auxiliary;
    html! { li {
        div.main {
            a href=(place_address(tenure.at)) { (held.place) } " · " (tenure.duty.label())
            p.about {
                (kind(tenure)) @if !tenure.work.is_empty() { " · " (tenure.work) }
                " · " (tenure.since) " 起" @if let Some(until) = tenure.until { ",至 " (until) }
                @if !tenure.document.is_empty() { " · " (tenure.document) }
                @if let Some(by) = &tenure.left_by { " · 离任:" (by) }
            }
        }
        @if let Some(handover) = handover { a.button.small href=(url::handover(handover)) { "交接中" } }
        @else if may_leave && by_handover { a.button.small href=(url::tenure_act(tenure.id, "handover")) { "办理交接" } }
        @else if goes_on && sheet.may_write { a.button.small href=(url::tenure_act(tenure.id, "release")) { "离任" } }
    } }
}

fn validity(validity: Validity) -> Markup {
    let (class, word) = match validity {
        Validity::Valid => ("done", "有效"),
        Validity::EndsSoon => ("explain", "即将到期"),
        Validity::Expired => ("error", "已过期"),
    };
    html! { span class={ "badge " (class) } { (word) } }
}

fn qualifications(sheet: &Sheet) -> Markup {
    html! { section.stack {
        h2 { "资格" }
        @if sheet.qualifications.is_empty() { p.muted { "还没有登记。" } }
        @else { ul.list { @for one in &sheet.qualifications { li {
            div.main {
                (one.certificate.kind.label()) " " (validity(one.certificate.on(sheet.on)))
                p.about {
                    @if !one.certificate.number.is_empty() { "编号 " (one.certificate.number) " · " } (one.certificate.issued_on) " 发证"
                    @if let Some(last) = one.certificate.expires_on { ",有效至 " (last) }
                }
            }
            @if sheet.may_write { (form::strike(sheet.staff.id, "qualification", &one.id.to_string(), one.certificate.kind.label())) }
        } } } }
        @if sheet.may_write { (form::qualify(sheet.staff.id, Qualified::ALL)) }
    } }
}

fn trainings(sheet: &Sheet) -> Markup {
    let hours: u32 = sheet.trainings.iter().map(|one| one.course.hours).sum();
    html! { section.stack {
        div.table-head { h2 { "培训" } @if hours > 0 { span.count { "共 " (hours) " 学时" } } }
        @if sheet.trainings.is_empty() { p.muted { "还没有登记。" } }
        @else { ul.list { @for one in &sheet.trainings { li {
            div.main {
                (one.course.subject)
                @match one.course.passed { Some(true) => { " " span.badge.done { "合格" } }, Some(false) => { " " span.badge.error { "不合格" } }, None => {} }
                p.about { (one.course.held_on) " · " (one.course.hours) " 学时" @if !one.course.organiser.is_empty() { " · " (one.course.organiser) } }
            }
            @if sheet.may_write { (form::strike(sheet.staff.id, "training", &one.id.to_string(), &one.course.subject)) }
        } } } }
        @if sheet.may_write { (form::train(sheet.staff.id)) }
    } }
}

/// Establishments that fit a place: those of units have none of a government.
pub(super) fn establishments(at: Workplace) -> &'static [Establishment] {
    match at {
        Workplace::Organisation(_) => Establishment::ALL,
        Workplace::Unit(_) => &[Establishment::Hired, Establishment::Bought],
    }
}
