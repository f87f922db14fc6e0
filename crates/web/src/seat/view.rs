//! Seats and lights as markup.

use maud::{Markup, html};
use youju_app::seat::{CANDIDATES_MAX, Held, Light, Lights, Seated, Sheet, Taken};
use youju_codes::{AreaCode, area};
use youju_domain::Instant;
use youju_domain::id::{GridId, UnitId};
use youju_domain::report::State;
use youju_domain::seat::Role;

use crate::ui::part;
use crate::url;

/// The tiers of an area.
pub(super) fn board(found: &[Seated], word: &str, own: &AreaCode, only: &str) -> Markup {
    let all = u64::try_from(found.len()).unwrap_or_default();
    let filled = u64::try_from(found.iter().filter(|one| one.vacant().is_empty()).count()).unwrap_or_default();
    let shown: Vec<&Seated> = found.iter().filter(|one| only != "vacant" || !one.vacant().is_empty()).collect();
    html! {
        form.filters action=(url::SEATS) {
            input type="hidden" name="area" value=(own);
            div.field { label for="only" { "看哪些" } select #only name="only" {
                @for (value, name) in [("", "全部"), ("vacant", "还有空缺的")] { option value=(value) selected[value == only] { (name) } }
            } }
            button.button type="submit" { "查看" }
        }
        @if found.is_empty() { (part::empty("还没有可以任职的地方", "先设置机构、划分网格,层级写在地方配置的 grid.toml 中。")) }
        @else {
            div.figures { div { b { (part::share(filled, all)) } span { "任职到位(" (part::count(filled)) " / " (part::count(all)) ")" } } }
            @if shown.is_empty() { (part::empty("都有人负责", "有人离任或网格重新划分以后,空缺会出现在这里。")) }
            @else { (board_table(&shown, word)) }
        }
    }
}

fn board_table(shown: &[&Seated], word: &str) -> Markup {
    let roles = [Role::Lead, Role::Deputy, Role::Guide];
    html! { div.table-box tabindex="0" role="region" aria-label="任职情况" { table.table {
        thead { tr { th { "名称" } th { "层级" } th { "所在地" } @for role in roles { th { (role.label(word)) } } th.num { (Role::Member.label(word)) "(已任命)" } } }
        tbody { @for one in shown { tr {
            th scope="row" { a href=(url::seats(one.place)) { (one.name) } }
            td { (one.tier.name) }
            td { (area::name(&one.area).unwrap_or(one.area.as_str())) }
            @for role in roles { td { (holders(one, role)) } }
            td.num { (one.taken.iter().filter(|taken| taken.seat.role == Role::Member).count()) }
        } } }
    } } }
}

fn holders(one: &Seated, role: Role) -> Markup {
    let names: Vec<&str> =
        one.taken.iter().filter(|taken| taken.seat.role == role).map(|taken| taken.name.as_str()).collect();
    html! {
        @if one.tier.words(role).is_none() { span.muted { "不设" } }
        @else if names.is_empty() { span.badge.error { "空缺" } }
        @else { (names.join("、")) }
    }
}

/// One grid of any tier.
pub(super) fn sheet(sheet: &Sheet, candidates: Option<&[Held]>, search: &str) -> Markup {
    let tier = &sheet.seated.tier;
    html! {
        @for role in Role::ALL {
            @if let Some(words) = tier.words(role) {
                section.stack {
                    h2 { (role.label(&sheet.word)) }
                    p.muted { "按规定由" (words) "担任。" }
                    (taken(sheet, role))
                }
            }
        }
        @if sheet.may_arrange { (naming(sheet, candidates, search)) }
        @if !sheet.before.is_empty() {
            details.more {
                summary { "以前的任职(" (sheet.before.len()) ")" }
                ul.list { @for one in &sheet.before { li { div.main {
                    (one.name) " · " (one.seat.role.label(&sheet.word))
                    p.about { (one.seat.since) " 至 " @if let Some(until) = one.seat.until { (until) } }
                } } } }
            }
        }
    }
}

fn taken(sheet: &Sheet, role: Role) -> Markup {
    let taken: Vec<&Taken> = sheet.seated.taken.iter().filter(|one| one.seat.role == role).collect();
    html! {
        @if taken.is_empty() && role != Role::Member { p { span.badge.error { "空缺" } } }
        @if !taken.is_empty() { ul.list { @for one in taken { li {
            div.main {
                a href=(url::staff(one.seat.staff)) { (one.name) }
                p.about { (one.seat.since) " 起" @if !one.seat.document.is_empty() { " · " (one.seat.document) } }
            }
            @if sheet.may_arrange {
                (part::post_button(&url::seat_relieve(one.seat.id), "免去", "small", Some(&format!("自今天起免去{}的职务,确定吗?", one.name))))
            }
        } } } }
        @if role == Role::Member && !sheet.members.is_empty() {
            details.more {
                summary { "所属单位的统计人员(" (sheet.members.len()) ",按登记自动列入)" }
                ul.list { @for one in &sheet.members { li { div.main {
                    a href=(url::staff(one.tenure.staff)) { (one.name) } p.about { (one.place) " · " (one.tenure.duty.label()) }
                } } } }
            }
        }
    }
}

fn naming(sheet: &Sheet, candidates: Option<&[Held]>, search: &str) -> Markup {
    let address = url::seats(sheet.seated.place);
    html! {
        section.stack {
            h2 { "任命" }
            form.filters action=(address) role="search" aria-label="查找人员" {
                div.field { label for="seat-search" { "姓名或单位" } input #seat-search name="search" type="search" value=(search); }
                button.button type="submit" { "查找" }
            }
            @if let Some(found) = candidates {
                @if found.is_empty() { p { "没有找到。人员要先在“统计人员”中登记。" } }
                @else {
                    form.card.narrow method="post" action=(address) {
                        div.field { label for="staff" { "人员" } select #staff name="staff" { @for one in found {
                            option value=(one.tenure.staff) { (one.name) " · " (one.place) " · " (one.tenure.duty.label()) }
                        } } }
                        @if i64::try_from(found.len()).unwrap_or_default() >= CANDIDATES_MAX { p.help { "只列出前 " (CANDIDATES_MAX) " 人,没有的请写全姓名再找。" } }
                        div.field { label for="role" { "职务" } select #role name="role" { @for role in Role::ALL {
                            @if sheet.seated.tier.words(role).is_some() { option value=(role.key()) { (role.label(&sheet.word)) } }
                        } } }
                        div.field { label for="since" { "任职日期" } input #since name="since" type="date" value=(sheet.on) required; }
                        div.field { label for="document" { "文件(没有可不填)" } input #document name="document" maxlength="100" autocomplete="off"; }
                        div.form-actions { button.button.primary type="submit" { "任命" } }
                    }
                }
            }
        }
    }
}

/// What a state looks like from outside, and the colour of its light.
fn light(light: &Light, now: Instant) -> Markup {
    let is_overdue = now > light.due_at;
    let (class, word) = match light.state {
        State::NotOpen => ("", "未开网"),
        State::Empty if is_overdue => ("error", "逾期未填"),
        State::Empty => ("", "未填"),
        State::Draft | State::Checked | State::Signed | State::Authorised if is_overdue => ("error", "逾期未报"),
        State::Draft | State::Checked | State::Signed | State::Authorised => ("todo", "填报中"),
        State::Returned => ("explain", "退回待改"),
        State::Submitted | State::UnderReview => ("done", "已报"),
        State::Accepted(_) | State::Locked => ("done", "已验收"),
    };
    html! { span class={ "badge " (class) } title=(light.form) { (light.form) " " (light.period.label()) " " (word) @if light.is_late { "(迟报)" } } }
}

/// The units of a cell with their lights; no figure is among them.
pub(super) fn lights(lights: &Lights, own: Option<UnitId>, is_officer: bool, now: Instant) -> Markup {
    let waits = |light: &&Light| light.state.is_editable();
    let open = lights.units.iter().filter(|(_, _, own)| own.iter().any(|light| waits(&light))).count();
    html! {
        @if lights.units.is_empty() { (part::empty("这里没有单位", "单位划入以后,报送状态会出现在这里。")) }
        @else {
            div.table-head { span.table-count { "共 " (lights.units.len()) " 家," (open) " 家还有没报的" } }
            div.table-box tabindex="0" role="region" aria-label="报送状态" { table.table {
                thead { tr { th { "单位" } th { "报送状态" } } }
                tbody { @for (unit, name, own_lights) in &lights.units { tr {
                    th scope="row" { @if is_officer || own == Some(*unit) { a href=(url::unit(*unit)) { (name) } } @else { (name) } }
                    td { div.badges { @for one in own_lights { (light(one, now)) } @if own_lights.is_empty() { span.muted { "现在没有要报的" } } } }
                } } }
            } }
        }
    }
}

/// The cells that somebody follows, above their inbox.
pub(crate) fn own(cells: &[(GridId, String, Role)], word: &str) -> Markup {
    html! { @for (cell, name, role) in cells {
        a.button href=(url::grid_cell(*cell)) title=(role.label(word)) { "我的" (word) ":" (name) }
    } }
}
