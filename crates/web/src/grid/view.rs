//! Cells as tables, cards and lists to be moved between.

use maud::{Markup, html};
use youju_app::grid::{Cell, Place, Placed, Proposal};
use youju_codes::{AreaCode, AreaLevel};
use youju_domain::grid::{Coverage, Draft, Kind, Rule, Standing};
use youju_domain::seat;

use super::{name_of, number};
use crate::ui::part;
use crate::url;

/// How many new cells one act of mending can make.
pub(super) const NEW_CELLS: usize = 2;

fn standing(standing: Standing) -> Markup {
    match standing {
        Standing::Within => html! { span.badge.done { "合规" } },
        Standing::Small => html! { span.badge.explain { "偏少" } },
        Standing::Large => html! { span.badge.explain { "偏多" } },
    }
}

fn sum(places: &[Place]) -> Coverage {
    places.iter().map(Place::coverage).fold(Coverage::default(), |sum, one| Coverage {
        units: sum.units + one.units,
        placed: sum.placed + one.placed,
        cells: sum.cells + one.cells,
        within: sum.within + one.within,
    })
}

/// What an area without a rule shows.
pub(super) fn no_rule() -> Markup {
    part::empty("本地还没有划分规则", "规则写在地方配置的 grid.toml 中,由系统管理员放好以后,这里就能划分。")
}

/// Coverage by townships.
pub(super) fn board(rule: &Rule, places: &[Place], (areas, own): (&[AreaCode], &AreaCode), on: &str) -> Markup {
    let all = sum(places);
    let word = &rule.word;
    html! {
        form.filters action=(url::GRIDS) {
            @if areas.len() > 1 {
                div.field { label for="area" { "地区" } select #area name="area" {
                    @for area in areas { option value=(area) selected[area == own] { (name_of(area)) } }
                } }
            }
            div.field { label for="on" { "截至日期" } input #on type="date" name="on" value=(on); }
            button.button type="submit" { "查看" }
            @if !on.is_empty() { a.button.link href=(url::GRIDS) { "看今天" } }
        }
        @if places.is_empty() { (part::empty("这里还没有单位和村(居)", "单位入库以后,会出现在所在的乡镇(街道)。")) }
        @else {
            div.figures {
                div { b { (part::share(all.placed, all.units)) } span { "覆盖率(" (part::count(all.placed)) " / " (part::count(all.units)) " 家)" } }
                div { b { (part::count(all.cells)) } span { "企业" (word) } }
                div { b { (part::share(all.within, all.cells)) } span { "规模合规(" (part::count(all.within)) " 个)" } }
            }
            div.table-box tabindex="0" role="region" aria-label="各乡镇覆盖情况" { table.table {
                thead { tr {
                    th { "乡镇(街道)" } th.num { "单位" } th.num { "已划入" } th { "覆盖率" } th.num { "企业" (word) } th.num { "其中合规" }
                    th { "农业" (word) } th { "未划入的村(居)" }
                } }
                tbody { @for place in places { (row(rule, place)) } }
            } }
        }
    }
}

fn row(rule: &Rule, place: &Place) -> Markup {
    let coverage = place.coverage();
    let farm = place.cells.iter().find(|cell| cell.grid.kind == Kind::Agriculture);
    html! { tr {
        th scope="row" { a href=(url::grid_township(&place.area)) { (name_of(&place.area))
            @if place.cells.iter().any(|cell| cell.grid.kind == Kind::Flat) { "(扁平化)" } } }
        td.num { (part::count(coverage.units)) }
        td.num { (part::count(coverage.placed)) }
        td { div.meter {
            meter min="0" max=(coverage.units) low=(coverage.units) high=(coverage.units) optimum=(coverage.units) value=(coverage.placed) {}
            span { (part::share(coverage.placed, coverage.units)) }
        } }
        td.num { @if coverage.cells > 0 { (part::count(coverage.cells)) } }
        td.num { @if coverage.cells > 0 { (part::count(coverage.within)) } }
        td { @match farm {
            Some(cell) => { (number(cell.villages.len())) " 个村(居)" },
            None if place.area.level() != AreaLevel::Township => {},
            None => { @if rule.no_agriculture.contains(&place.area) { "不设" } @else { "没有" } },
        } }
        td.num { @if place.villages_without > 0 { (number(place.villages_without)) } }
    } }
}

/// One line about a township.
pub(super) fn about(rule: &Rule, place: &Place) -> String {
    let coverage = place.coverage();
    format!("单位 {} 家,已划入 {} 家,{} {} 个。", coverage.units, coverage.placed, rule.word, place.cells.len())
}

/// The cells of a township with their members.
pub(super) fn township(rule: &Rule, place: &Place) -> Markup {
    html! {
        @if place.cells.is_empty() {
            (part::empty(&format!("这里还没有{}", rule.word), "县级可以用“自动划分”算出方案,看过以后采用。"))
        }
        @if !place.without.is_empty() {
            section.card {
                h2 { "未划入 " (number(place.without.len())) " 家" }
                ul.list { @for unit in &place.without { (member(unit)) } }
            }
        }
        @for cell in &place.cells { (card(rule, cell)) }
    }
}

fn card(rule: &Rule, cell: &Cell) -> Markup {
    html! {
        section.card id={ "grid-" (cell.grid.id) } {
            div.table-head {
                h2 { (cell.grid.name) }
                @if cell.grid.kind == Kind::Agriculture { span.count { (number(cell.villages.len())) " 个村(居)" } }
                @else { span.count { (number(cell.units.len())) " 家" } }
                @if cell.grid.kind == Kind::Units { (standing(cell.standing)) }
                @if cell.grid.until.is_none() {
                    a.row-end href=(url::grid_cell(cell.grid.id)) { "报送状态" }
                    @if !rule.tiers.is_empty() { a href=(url::seats(seat::Place::Grid(cell.grid.id))) { "任职" } }
                }
            }
            p.muted {
                "自 " (cell.grid.since) " 起"
                @if cell.branches.len() > 1 { "," (cell.branches.iter().map(|(name, units)| format!("{name} {units} 家")).collect::<Vec<_>>().join("、")) }
                @if let Some(why) = &cell.why { "。" (why) }
            }
            details.more {
                summary { "看" (rule.word) "成员" }
                ul.list {
                    @for unit in &cell.units { (member(unit)) }
                    @for village in &cell.villages { li { (name_of(village)) } }
                }
            }
        }
    }
}

fn member(unit: &Placed) -> Markup {
    html! { li { div.main {
        a href=(url::unit(unit.unit)) { (unit.name) }
        p.about { (name_of(&unit.area)) " · " (unit.industry.name()) }
    } } }
}

/// A cut before it is adopted.
pub(super) fn proposal(rule: &Rule, proposal: &Proposal) -> Markup {
    let word = &rule.word;
    let off = |draft: &&Draft| rule.standing(draft.kind, draft.units.len()) != Standing::Within;
    let placed: usize = proposal.drafts.iter().map(|draft| draft.units.len()).sum();
    let of_units = proposal.drafts.iter().filter(|draft| draft.kind == Kind::Units).count();
    html! {
        div.figures {
            div { b { (number(placed)) } span { "划入的单位" } }
            div { b { (number(of_units)) } span { "企业" (word) } }
            div { b { (number(proposal.drafts.iter().filter(off).count())) } span { "规模不合规" } }
            div { b { (number(proposal.without.len())) } span { "不能划入" } }
        }
        @if proposal.ends > 0 {
            p.notice.explain {
                "采用以后,现有的 " (number(proposal.ends)) " 个" (word) "今天结束"
                @if proposal.ends_explained > 0 { ",其中 " (number(proposal.ends_explained)) " 个经过人工调整" }
                "。以前的划分按日期仍可查看。"
            }
        }
        @if !proposal.without.is_empty() {
            section.card {
                h2 { "不能划入的单位" }
                p { "行业不在任何产业之内,或者所在区划没有写到乡镇(街道)。请先在名录中改正。" }
                ul.list { @for unit in &proposal.without { li { a href=(url::unit(*unit)) { (proposal.names.get(unit).map_or("单位", |(name, _)| name.as_str())) } } } }
            }
        }
        div.table-box tabindex="0" role="region" aria-label="划分方案" { table.table {
            thead { tr { th { "乡镇(街道)" } th { (word) } th.num { "单位" } th.num { "村(居)" } th { "产业" } th { "规模" } } }
            tbody { @for draft in &proposal.drafts { (draft_row(rule, proposal, draft)) } }
        } }
        form.form-actions method="post" action=(url::grid_cut(&proposal.area)) {
            input type="hidden" name="fingerprint" value=(proposal.fingerprint);
            button.button.primary type="submit" { "采用这个方案" }
            a.button href=(url::GRIDS) { "不采用" }
        }
    }
}

fn draft_row(rule: &Rule, proposal: &Proposal, draft: &Draft) -> Markup {
    let stands = rule.standing(draft.kind, draft.units.len());
    let beside = proposal.drafts.iter().filter(|other| other.area == draft.area && other.kind == Kind::Units);
    let together = beside.map(|other| other.units.len()).sum();
    html! { tr {
        th scope="row" { (name_of(&draft.area)) }
        td { (draft.name) }
        td.num { @if !draft.units.is_empty() { (number(draft.units.len())) } }
        td.num { @if !draft.villages.is_empty() { (number(draft.villages.len())) } }
        td.wrap { (branches(rule, proposal, draft)) }
        td.wrap {
            @if draft.kind == Kind::Units { (standing(stands)) }
            @if let Some(why) = rule.why(stands, draft.units.len(), together) { p.small.muted { (why) } }
        }
    } }
}

fn branches(rule: &Rule, proposal: &Proposal, draft: &Draft) -> String {
    let mut numbers = std::collections::BTreeMap::new();
    for (_, industry) in draft.units.iter().filter_map(|unit| proposal.names.get(unit)) {
        let name = rule.branch_of(industry).map_or("其他", |branch| branch.name.as_str());
        *numbers.entry(name).or_insert(0_usize) += 1;
    }
    numbers.iter().map(|(name, units)| format!("{name} {units}")).collect::<Vec<_>>().join(",")
}

/// Everything that can be moved in a township: works by the lists behind the units, and by dragging where scripts run.
pub(super) fn hand(rule: &Rule, place: &Place) -> Markup {
    let cells: Vec<&Cell> = place.cells.iter().filter(|cell| cell.grid.kind == Kind::Units).collect();
    html! {
        form method="post" action=(url::grid_recut(&place.area)) {
            cell-board data-min=(rule.size.min()) data-max=(rule.size.max()) {
                p.notice role="status" data-tells { "已划入 " (number(cells.iter().map(|cell| cell.units.len()).sum())) " 家,未划入 " (number(place.without.len())) " 家。" }
                div.cells {
                    @if !place.without.is_empty() { (column(rule, &cells, "", "未划入", &place.without)) }
                    @for cell in &cells { (column(rule, &cells, &cell.grid.id.to_string(), &cell.grid.name, &cell.units)) }
                    @for new in 0..NEW_CELLS { (new_column(rule, place, new)) }
                }
            }
            div.field {
                label for="reason" { "调整原因" }
                input #reason name="reason" required minlength="4" maxlength="200" aria-describedby="reason-help";
                p.help #reason-help { "规模因此不合规的" (rule.word) ",会一直注明这个原因。" }
            }
            div.form-actions {
                button.button.primary type="submit" { "保存调整" }
                a.button href=(url::grid_township(&place.area)) { "放弃" }
            }
        }
    }
}

fn column(rule: &Rule, cells: &[&Cell], id: &str, name: &str, units: &[Placed]) -> Markup {
    let stands = rule.standing(Kind::Units, units.len());
    html! {
        fieldset.cell-column data-cell=(id) {
            legend { (name) " " span.count data-count { (number(units.len())) } " " @if !id.is_empty() { (standing(stands)) } }
            ul.list { @for unit in units { (movable(rule, cells, id, unit)) } }
        }
    }
}

fn new_column(rule: &Rule, place: &Place, number: usize) -> Markup {
    let key = format!("new.{number}");
    let taken = place.cells.len() + number + 1;
    html! {
        fieldset.cell-column data-cell=(key) {
            legend { "新" (rule.word) (number + 1) " " span.count data-count { "0" } }
            div.field {
                label for=(key) { "名称" }
                input id=(key) name=(key) maxlength="30" value={ "新增第" (taken) (rule.word) };
            }
            ul.list {}
        }
    }
}

fn movable(rule: &Rule, cells: &[&Cell], from: &str, unit: &Placed) -> Markup {
    let field = format!("unit.{}.{from}", unit.unit);
    let branch = rule.branch_of(&unit.industry).map_or("其他", |branch| branch.name.as_str());
    html! { li draggable="true" {
        div.main { (unit.name) p.about { (branch) " · " (name_of(&unit.area)) } }
        select name=(field) aria-label={ "把" (unit.name) "移到" } {
            @if from.is_empty() { option value="" selected { "未划入" } }
            @for cell in cells { option value=(cell.grid.id) selected[cell.grid.id.to_string() == from] { (cell.grid.name) } }
            @for new in 0..NEW_CELLS { option value={ "new." (new) } { "新" (rule.word) (new + 1) } }
        }
    } }
}
