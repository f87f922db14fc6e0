//! Organisations as markup.

use chrono::NaiveDate;
use maud::{Markup, html};
use youju_app::list::Page;
use youju_app::organisation::{Branch, DryRun, Listed, Recutting, Seen, Tree};
use youju_codes::AreaCode;
use youju_domain::organisation::{Coded, Event, Happened, Kind, Part, Span, Step};
use youju_domain::seat::Place;

use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::{standard, url};

/// A field for a day, and its button.
fn day_form(address: &str, on: NaiveDate) -> Markup {
    html! {
        form.filters action=(address) {
            div.field { label for="on" { "查看哪一天" } input #on name="on" type="date" value=(on); }
            button.button type="submit" { "查看" }
        }
    }
}

/// The tree as a table, each line indented below what it belongs to.
pub(super) fn tree(tree: &Tree, can_set_up: bool) -> Markup {
    html! {
        (day_form(url::ORGANISATIONS, tree.on))
        @if tree.branches.is_empty() {
            @if can_set_up { (part::empty("这一天还没有机构", "点“按地方配置设置”,先看清单再设置;也可以选别的日期。")) }
            @else { (part::empty("这一天还没有机构", "请县级或市级统计机构设置机构;也可以选别的日期。")) }
        } @else {
            div.table-head { span.table-count { "共 " (part::count(u64::try_from(tree.branches.len()).unwrap_or_default())) " 个机构(不含企(事)业单位)" } }
            div.table-box tabindex="0" role="region" aria-label="机构" { table.table {
                caption.vh { (tree.on) " 的机构,下级缩进" }
                thead { tr { th { "机构" } th { "类型" } th { "区划代码" } th { "起始" } th.num { "企(事)业单位 " span.unit { "家" } } } }
                tbody { @for branch in &tree.branches { (line(branch, tree)) } }
            } }
        }
    }
}

fn line(branch: &Branch, tree: &Tree) -> Markup {
    let span = &branch.listed.span;
    let address = if tree.is_today {
        url::organisation(branch.listed.id)
    } else {
        url::organisation_on(branch.listed.id, tree.on)
    };
    html! { tr {
        th scope="row" class=[indent(branch.depth)] { a href=(address) { (span.name) } }
        td { (span.kind.label()) }
        td { (code(span.code)) }
        td { (span.from) }
        td.num { @if branch.enterprises > 0 { a.figure href=(address) { (part::count(branch.enterprises)) } } }
    } }
}

fn indent(depth: usize) -> Option<&'static str> {
    match depth {
        0 => None,
        1 => Some("indent-1"),
        _ => Some("indent-2"),
    }
}

fn code(code: Option<AreaCode>) -> Markup {
    html! { @if let Some(code) = code { span.code { (code.as_str()) } } @else { span.muted { "—" } } }
}

/// Whether it is there on the day.
pub(super) fn badge(seen: &Seen) -> Markup {
    let (class, word) = match (&seen.span, seen.organisation.ended_on()) {
        (Some(_), None) => ("done", "现行"),
        (Some(_), Some(_)) => ("todo", "这一天还在,后来终止"),
        (None, Some(until)) if until <= seen.on => ("", "已终止"),
        (None, _) => ("", "这一天还没有"),
    };
    html! { span class={ "badge " (class) } { (word) } }
}

/// The acts that fit.
pub(super) fn actions(seen: &Seen) -> Markup {
    let Some(span) = seen.organisation.last() else { return html! {} };
    let id = seen.organisation.id;
    let is_single = matches!(span.kind, Kind::Government | Kind::Enterprise);
    let has_units = matches!(span.kind, Kind::Street | Kind::Township | Kind::Zone) && span.code.is_some();
    html! {
        @if span.kind != Kind::Enterprise { a.button href=(url::organisation_act(id, "add")) { "新增下级" } }
        @if has_units { (part::post_button(&url::organisation_act(id, "enterprises"), "按名录库补入单位", "", Some("把名录库中本辖区还没有登记为机构的单位都补入,确定吗?"))) }
        a.button href=(url::organisation_act(id, "rename")) { "更名" }
        @if !is_single {
            a.button href=(url::organisation_act(id, "merge")) { "合并" }
            a.button href=(url::organisation_act(id, "split")) { "分设" }
        }
        @if span.parent.is_some() { a.button.danger.apart href=(url::organisation_act(id, "end")) { "终止" } }
    }
}

/// One organisation.
pub(super) fn page(seen: &Seen) -> Markup {
    html! {
        (day_form(&url::organisation(seen.organisation.id), seen.on))
        @match &seen.span {
            Some(span) => (facts(seen, span)),
            None => p.notice { "这一天没有这个机构。下面的沿革写明它哪一天设置、哪一天终止。" },
        }
        div.badges {
            @match seen.organisation.unit {
                Some(unit) => { a.button.small href=(url::unit_staff(unit)) { "统计人员" } },
                None => { a.button.small href=(url::organisation_staff(seen.organisation.id)) { "统计人员" } },
            }
            @if seen.span.as_ref().is_some_and(|span| matches!(span.kind, Kind::Street | Kind::Township)) {
                a.button.small href=(url::organisation_enumerators(seen.organisation.id)) { "辅助调查员" }
            }
            @if seen.has_seats { a.button.small href=(url::seats(Place::Organisation(seen.organisation.id))) { "任职" } }
        }
        (standard::progress(seen.organisation.id, &seen.standards))
        @if seen.children.total > 0 { (children(seen, &seen.children)) }
        (spans(&seen.organisation.spans))
        (events(&seen.events))
    }
}

fn facts(seen: &Seen, span: &Span) -> Markup {
    html! {
        section.card { dl.facts {
            dt { "类型" } dd { (span.kind.label()) }
            @if let Some((id, name)) = seen.above.last() { dt { "上级" } dd { a href=(url::organisation(*id)) { (name) } } }
            @if span.kind.has_code() != Coded::Never { dt { "统计用区划代码" } dd { (code(span.code)) } }
            dt { "所在地" } dd { (youju_codes::area::path(&span.area)) }
            dt { "本段登记" } dd { (span.from) " 起" @if let Some(until) = span.until { ",到 " (until) " 前" } }
            @if let Some(unit) = seen.organisation.unit { dt { "名录库单位" } dd { a href=(url::unit(unit)) { (span.name) } } }
            @if let Some((paragraph, title)) = &seen.duties { dt { "职责出处" } dd { "《" (title) "》" (paragraph) } }
        } }
    }
}

fn children(seen: &Seen, children: &Page<Listed>) -> Markup {
    let on = seen.on.to_string();
    html! {
        section.stack {
            div.table-head { h2 { "下级机构" } (part::shown(children)) }
            div.table-box tabindex="0" role="region" aria-label="下级机构" { table.table {
                thead { tr { th { "机构" } th { "类型" } th { "区划代码" } th { "起始" } } }
                tbody { @for one in &children.rows { tr {
                    th scope="row" { a href=(url::organisation_on(one.id, seen.on)) { (one.span.name) } }
                    td { (one.span.kind.label()) }
                    td { (code(one.span.code)) }
                    td { (one.span.from) }
                } } }
            } }
            (part::pager(children, &url::organisation(seen.organisation.id), &[("on", &on)], PAGE_ROWS.unsigned_abs()))
        }
    }
}

fn spans(spans: &[Span]) -> Markup {
    html! {
        section.stack {
            h2 { "沿革" }
            div.table-box tabindex="0" role="region" aria-label="沿革" { table.table {
                thead { tr { th { "名称" } th { "类型" } th { "区划代码" } th { "起" } th { "止" } } }
                tbody { @for span in spans.iter().rev() { tr {
                    th scope="row" { (span.name) }
                    td { (span.kind.label()) }
                    td { (code(span.code)) }
                    td { (span.from) }
                    td { @if let Some(until) = span.until { (until) } @else { span.muted { "至今" } } }
                } } }
            } }
        }
    }
}

fn events(events: &[Event]) -> Markup {
    html! {
        @if !events.is_empty() { section.stack {
            h2 { "变动" }
            ol.timeline { @for event in events { li.done {
                p { strong { (event.on) " " (event.happened.label()) } @if !event.document.is_empty() { " · " (event.document) } }
                @match event.happened {
                    Happened::SetUp | Happened::Added => p { (parts(&event.into)) },
                    Happened::Ended => p { (parts(&event.from)) },
                    _ => p { (parts(&event.from)) " → " (parts(&event.into)) },
                }
                @if !event.reason.is_empty() { p.muted { (event.reason) } }
                p.small.muted { (event.by_name) " 记于 " (part::instant(event.at)) }
            } } }
        } }
    }
}

fn parts(parts: &[Part]) -> Markup {
    html! {
        @for (index, one) in parts.iter().enumerate() {
            @if index > 0 { "、" }
            a href=(url::organisation(one.organisation)) { (one.name) }
            @if let Some(code) = one.code { " " span.code { (code.as_str()) } }
        }
    }
}

/// Colour class of a step.
fn step_class(step: Step) -> &'static str {
    match step {
        Step::New | Step::Known | Step::Changed => "todo",
        Step::Both | Step::Today => "explain",
        Step::Local | Step::Ended | Step::Dropped => "",
        Step::Unchanged => "done",
    }
}

/// What setting up would do, what is written first.
pub(super) fn dry_run(profiles: &[(String, String)], run: &DryRun) -> Markup {
    let mut lines: Vec<_> = run.lines.iter().collect();
    lines.sort_by_key(|line| line.step);
    html! {
        @if profiles.len() > 1 {
            form.filters action=(url::ORGANISATIONS_SET_UP) {
                div.field { label for="profile" { "地方配置" } select #profile name="profile" {
                    @for (id, name) in profiles { option value=(id) selected[*id == run.profile.id] { (name) } }
                } }
                button.button type="submit" { "查看" }
            }
        }
        section.card { dl.facts {
            dt { "地方配置" } dd { (run.profile.name) }
            @if let Some(document) = run.profile.leading() {
                dt { "依据" } dd { "《" (document.title) "》" (document.number) " " (document.authority) }
            }
            @for step in Step::ALL { @if run.count(step) > 0 { dt { (step.label()) } dd { (run.count(step)) " 个" } } }
        } }
        @if run.to_do() == 0 { p.notice.done { "机构与地方配置一致,没有要设置的。" } }
        @else {
            form method="post" action=(url::ORGANISATIONS_SET_UP) {
                input type="hidden" name="profile" value=(run.profile.id);
                input type="hidden" name="shown" value=(run.to_do());
                button.button.primary type="submit" { "设置 " (run.to_do()) " 个机构" }
            }
        }
        div.table-box tabindex="0" role="region" aria-label="设置清单" { table.table {
            caption.vh { "设置清单,要办的在前" }
            thead { tr { th { "机构" } th { "怎样" } th { "类型" } th { "区划代码" } th { "变化" } } }
            tbody { @for line in lines { tr {
                th scope="row" { @if let Some(id) = line.organisation { a href=(url::organisation(id)) { (line.name) } } @else { (line.name) } }
                td { span class={ "badge " (step_class(line.step)) } { (line.step.label()) } }
                td { @if let Some(planned) = &line.planned { (planned.kind.label()) } }
                td { @if let Some(planned) = &line.planned { (code(planned.code)) } }
                td.wrap { (line.changes.join(";")) }
            } } }
        } }
    }
}

/// The question, and what came of it.
pub(super) fn recut(
    [code, from, to]: [&str; 3],
    wanted: Option<(AreaCode, NaiveDate, NaiveDate)>,
    found: Option<&Recutting>,
) -> Markup {
    html! {
        form.filters action=(url::ORGANISATIONS_RECUT) {
            div.field { label for="code" { "区划代码" } input #code name="code" value=(code) required inputmode="numeric"; }
            div.field { label for="from" { "原来的日期" } input #from name="from" type="date" value=(from) required; }
            div.field { label for="to" { "对照的日期" } input #to name="to" type="date" value=(to) required; }
            button.button type="submit" { "对照" }
        }
        @if let (Some((code, from, to)), Some(found)) = (wanted, found) { (answer((code, from, to), found)) }
        @else { p.muted { "按机构的更名、合并、分设记录推算。已验收的数据仍按当时的区划保存,不因变动而改。" } }
    }
}

fn answer((code, from, to): (AreaCode, NaiveDate, NaiveDate), found: &Recutting) -> Markup {
    let name = |code: &AreaCode| found.names.iter().find(|(one, _)| one == code).map(|(_, name)| name.as_str());
    html! {
        section.card {
            p { (from) " 的 " span.code { (code.as_str()) } " " (name(&code).unwrap_or_default()) ",在 " (to) " 是:" }
            @if found.recut.codes.is_empty() { p.notice.explain { "已经撤销,没有承接的区划。" } }
            @else { ul { @for one in &found.recut.codes { li { span.code { (one.as_str()) } " " (name(one).unwrap_or_default()) } } } }
            @if found.recut.is_coarse { p.notice.explain { "只能对照到上一级区划:上级变动时,没有登记这个代码改成了哪个代码。" } }
            @if found.is_reversible { p.notice.done { "一一对应,数据可以换算过去再换算回来。" } }
            @else if found.recut.only().is_some() { p.notice.explain { "全部划入上面的区划,但那里还有别的区划的数据,换算过去后不能分开再换算回来。" } }
            @else if !found.recut.codes.is_empty() { p.notice.explain { "分到了几个区划,凭区划代码不能换算,需要按单位重新汇总。" } }
        }
    }
}
