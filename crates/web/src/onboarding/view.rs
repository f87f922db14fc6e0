//! The pages of 新入库辅导: the list of an area, and what is owed to one unit.

use chrono::NaiveDate;
use maud::{Markup, html};
use youju_app::list::Page;
use youju_app::onboarding::{Filter, Sheet, Sort, is_overdue, progress};
use youju_domain::Instant;
use youju_domain::access::Role;
use youju_domain::id::UnitId;
use youju_domain::onboarding::{Act, Entry, Handed, Item, Kind, Onboarding, Standing, Verdict};

use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

/// The ways on from the list.
pub(super) fn actions() -> Markup {
    html! {
        a.button href=(url::ONBOARDING_BULLETIN) { "辅导通报" }
        a.button href=(url::FIRST_REPORTS) { "首报跟踪" }
    }
}

/// The way to the pack.
pub(super) fn pack_button(unit: UnitId) -> Markup {
    html! { a.button href=(url::service_pack(unit)) { "统计服务包" } }
}

/// A standing as a word and a colour.
fn standing(standing: Standing) -> Markup {
    let class = match standing {
        Standing::Done => "done",
        Standing::DoneLate => "explain",
        Standing::Due => "todo",
        Standing::Overdue => "error",
    };
    html! { span class={ "badge " (class) } { (standing.label()) } }
}

/// A verdict as a word and a colour.
pub(super) fn verdict(verdict: Verdict) -> Markup {
    let class = match verdict {
        Verdict::Clean => "done",
        Verdict::Mended => "explain",
        Verdict::Waiting | Verdict::Handed => "todo",
        Verdict::Overdue | Verdict::Returned => "error",
    };
    html! { span class={ "badge " (class) } { (verdict.label()) } }
}

pub(super) fn list(found: &Page<Entry>, filter: &Filter, on: NaiveDate) -> Markup {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let (from, to, asked) = (day(filter.from), day(filter.to), day(filter.on));
    let area = filter.area.map(|area| area.as_str().to_owned()).unwrap_or_default();
    let sort = filter.sort.map_or("", Sort::key);
    let (item, stands) = filter.item.as_ref().map_or(("", ""), |(item, which)| (item.as_str(), which.key()));
    let pairs = [
        ("search", filter.search.as_str()),
        ("area", area.as_str()),
        ("from", from.as_str()),
        ("to", to.as_str()),
        ("on", asked.as_str()),
        ("sort", sort),
        ("item", item),
        ("stands", stands),
    ];
    html! {
        form.filters action=(url::ONBOARDING) role="search" aria-label="查找新入库单位" {
            div.field { label for="new-search" { "名称或统一社会信用代码" } input #new-search name="search" value=(filter.search); }
            div.field { label for="from" { "纳入日期从" } input #from name="from" type="date" value=(from); }
            div.field { label for="to" { "到" } input #to name="to" type="date" value=(to); }
            div.field { label for="sort" { "情形" } select #sort name="sort" {
                option value="" { "全部" }
                @for one in Sort::ALL { option value=(one.key()) selected[filter.sort == Some(one)] { (one.label()) } }
            } }
            input type="hidden" name="area" value=(area);
            input type="hidden" name="on" value=(asked);
            input type="hidden" name="item" value=(item);
            input type="hidden" name="stands" value=(stands);
            button.button type="submit" { "查找" }
        }
        @if let Some((item, which)) = &filter.item { p.notice { "只列“" (item) "”" (which.label()) "的单位。" } }
        @if found.total == 0 { (part::empty("没有符合条件的新入库单位", "单位纳入调查以后,会自动列在这里。此前已经在报的单位不在辅导范围。")) }
        @else {
            div.table-head { (part::shown(found)) span.muted { "截至 " (on) } }
            div.table-box tabindex="0" role="region" aria-label="新入库单位" { table.table {
                thead { tr { th { "单位" } th { "所在地" } th { "纳入日期" } th { "已办" } th { "还没有办" } th { "情形" } } }
                tbody { @for entry in &found.rows { (row(entry, on)) } }
            } }
            (part::pager(found, url::ONBOARDING, &pairs, PAGE_ROWS.unsigned_abs()))
        }
    }
}

fn row(entry: &Entry, on: NaiveDate) -> Markup {
    let (done, all) = progress(&entry.one, on);
    let lacking: Vec<&str> =
        entry.one.standings(on).filter(|(_, one)| !one.is_done()).map(|(item, _)| item.name.as_str()).collect();
    html! { tr {
        th scope="row" { a href=(url::unit_onboarding(entry.one.unit)) { (entry.name) } }
        td { (youju_codes::area::name(&entry.area).unwrap_or(entry.area.as_str())) }
        td { (entry.one.listed_on) }
        td.num { (done) "/" (all) }
        td.wrap { (lacking.join("、")) }
        td {
            @if !entry.is_listed { span.badge { "已退出" } }
            @else if done == all { span.badge.done { "全部完成" } }
            @else if is_overdue(&entry.one, on) { span.badge.error { "有逾期" } }
            @else { span.badge.todo { "期限未到" } }
        }
    } }
}

/// New units for which the officer's own level has something to do, as the inbox shows them.
pub(crate) fn waiting((entries, count): &(Vec<Entry>, u64), role: Role, today: NaiveDate) -> Markup {
    let late = |due: NaiveDate| if due < today { "error" } else { "todo" };
    html! { section.stack {
        div.table-head { h2 { "新入库辅导" } span.count { (part::count(*count)) } a.row-end href=(url::ONBOARDING) { "全部查看" } }
        ul.list { @for entry in entries {
            @let items = role.level().map(|level| entry.one.waits_for(level)).unwrap_or_default();
            @let due = items.iter().map(|(_, due)| *due).min();
            li {
                div.main {
                    a href=(url::unit_onboarding(entry.one.unit)) { (entry.name) }
                    p.about { (entry.one.listed_on) " 纳入,待办:" (items.iter().map(|(item, _)| item.name.as_str()).collect::<Vec<_>>().join("、")) }
                }
                @if let Some(due) = due { span class={ "due " (late(due)) } { "期限 " (due) } }
            }
        } }
    } }
}

pub(super) fn sheet(sheet: &Sheet, now: Instant) -> Markup {
    let Some(one) = &sheet.one else {
        return part::empty(
            "这个单位不在辅导范围",
            "辅导从单位纳入调查之日开始。开始使用本系统以前已经在报的单位、还没有纳入的单位,没有辅导事项。",
        );
    };
    let order = &sheet.order;
    html! {
        section.card { dl.facts {
            dt { "纳入日期" } dd { (one.listed_on) }
            dt { "依据" } dd {
                @if order.document.is_empty() { "本地没有规定,采用通行做法。" } @else { "《" (order.document) "》" (order.paragraph) }
                @if order.is_inferred { p.muted { "文件没有写明是哪四项,以下为通行的缺省设置,可以在地方配置 onboarding.toml 中改。" } }
            }
        } }
        @if sheet.may_confirm && let Some(item) = sheet.to_confirm() {
            section.card {
                h2 { "请确认收到统计服务包" }
                p { "请先" a href=(url::service_pack(one.unit)) { "打开服务包" } "看一遍。确认后记下您的姓名和时间,“" (item.name) "”即为完成。" }
                (part::post_button(&url::unit_onboarding_confirm(one.unit), "确认收到服务包", "primary", None))
            }
        }
        @for item in &one.items { (item_view(one, item, sheet)) }
        section.stack { h2 { "首报跟踪" } (first(&sheet.first.reports, now)) }
        (struck(one))
    }
}

fn item_view(one: &Onboarding, item: &Item, sheet: &Sheet) -> Markup {
    let proof = one.proof(&item.key);
    html! { section.card {
        h2 { (item.name) " " (standing(one.standing(item, sheet.today))) }
        p { (item.shows) }
        p.muted { "由" (item.level.label()) "以上统计机构办理,纳入之日起 " (item.days) " 个工作日内,即 " (one.due_on(item)) " 以前。" }
        @match proof {
            Some(act) => {
                (done(one, act))
                @if sheet.may_note { details.more { summary { "撤销" }
                    form method="post" action=(url::unit_onboarding_act(one.unit, &item.key, "strike")) {
                        div.field { label for={ "why-" (item.key) } { "原因" } input id={ "why-" (item.key) } name="reason" required minlength="4" maxlength="200"; }
                        div.form-actions { button.button type="submit" { "撤销登记" } }
                    }
                } }
            }
            None => @if sheet.may_note { (note_form(one, item)) },
        }
    } }
}

fn done(one: &Onboarding, act: &Act) -> Markup {
    html! { dl.facts {
        dt { "完成日期" } dd { (act.done_on) }
        dt { "情况" } dd { (act.note) }
        dt { "登记" } dd { (act.by_name) @if act.is_by_unit { "(单位确认)" } " " (part::instant(act.at)) }
        @if !act.link.is_empty() { dt { "佐证页面" } dd { a href=(act.link) { (act.link) } } }
        @if !act.file_hash.is_empty() { dt { "佐证材料" } dd { a href=(url::unit_onboarding_file(one.unit, &act.file_hash)) { (act.file_name) } } }
    } }
}

fn note_form(one: &Onboarding, item: &Item) -> Markup {
    let needs_file = item.needs_file || item.kind == Kind::Pack;
    let of = |name: &str| format!("{name}-{}", item.key);
    html! { details.more { summary { "登记完成" }
        form method="post" enctype="multipart/form-data" action=(url::unit_onboarding_act(one.unit, &item.key, "note")) {
            div.field { label for=(of("on")) { "完成日期(不填为今天)" } input id=(of("on")) name="done_on" type="date"; }
            div.field { label for=(of("note")) { "办理情况" } textarea id=(of("note")) name="note" required minlength="2" maxlength="500" {} }
            div.field { label for=(of("link")) { "佐证页面(本系统的地址,可不填)" } input id=(of("link")) name="link" maxlength="200" placeholder="/sponsorships/…"; }
            div.field {
                label for=(of("file")) { @if item.kind == Kind::Pack { "单位签字的回执" } @else { "佐证材料" } @if !needs_file { "(可不附)" } }
                input id=(of("file")) name="file" type="file" required[needs_file];
            }
            div.form-actions { button.button.primary type="submit" { "登记" } }
        }
    } }
}

fn first(reports: &[Handed], now: Instant) -> Markup {
    html! { @if reports.is_empty() { p.muted { "纳入以后还没有要报的报表。开网以后,各表的首份报表列在这里。" } }
    @else { div.table-box tabindex="0" role="region" aria-label="首份报表" { table.table {
        thead { tr { th { "表号" } th { "报告期" } th { "截止" } th { "结果" } th { "说明" } } }
        tbody { @for report in reports { tr {
            th scope="row" { a href=(url::report(report.report)) { (report.form) } }
            td { (report.period.cumulative_label()) }
            td { (part::instant(report.due_at)) }
            td { (verdict(report.verdict(now))) }
            td.wrap { (report.remarks()) }
        } } }
    } } } }
}

fn struck(one: &Onboarding) -> Markup {
    let struck: Vec<(&Act, &(String, String, Instant))> =
        one.acts.iter().filter_map(|act| Some((act, act.struck.as_ref()?))).collect();
    let name =
        |key: &str| one.items.iter().find(|item| item.key == key).map_or(key.to_owned(), |item| item.name.clone());
    html! { @if !struck.is_empty() { section.stack {
        h2 { "已撤销的登记" }
        ul.list { @for (act, (why, by, at)) in struck { li { div.main {
            (name(&act.item)) " " (act.done_on) " " (act.note)
            p.about { (act.by_name) " 登记;" (by) " 于 " (part::instant(*at)) " 撤销:" (why) }
        } } } }
    } } }
}
