//! The entry page: the form as a table, with findings beside it. The same page, without fields, is what officers review.

use maud::{Markup, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use youju_app::check_list::Owed;
use youju_app::outside::Line;
use youju_codes::{Measure, Period, PeriodKind, format_number};
use youju_domain::Instant;
use youju_domain::access::{Action, Object, Role, decide};
use youju_domain::consistency::{Agreement, Comparison};
use youju_domain::finding::Answered;
use youju_domain::id::ReportId;
use youju_domain::report::{Cells, Level, Report, State, Value, value_of};
use youju_domain::survey::Window;
use youju_programme::{CellDef, Form, Indicator, Kind};

use super::save::{in_field, state_name};
use super::talk::{self, Talk};
use super::{findings, lists, present};
use crate::limits::SERIES_PERIODS_MAX;
use crate::request::{Answer, Signed};
use crate::ui::frame::Head;
use crate::ui::part;
use crate::{Web, url};

/// Verdicts by cell, as [`findings::marks`] gives them.
pub(super) type Marks = [(String, &'static str, String)];

/// Everything that the page shows.
pub(crate) struct Shown {
    /// The report with its unit and window.
    pub open: youju_app::report::Open,
    /// Findings with their explanations.
    pub findings: Vec<Answered>,
    /// Cells that say something else than the ledgers of the unit.
    pub unlike: Vec<Comparison>,
    /// Reported figures of earlier periods, newest first.
    pub series: Vec<(Period, Cells)>,
    /// Blank rows of lists that the person asked for.
    pub spare_rows: u32,
    /// What departments say, for those who may see it.
    pub outside: Vec<Line>,
    /// What was said about it.
    pub talk: Talk,
    /// The supporting material that it owes, also what is there.
    pub owed: Vec<Owed>,
    /// Where an officer may put it on the check list of today.
    pub check_list: Option<String>,
    /// Others of the unit who have it open.
    pub others: Vec<String>,
    /// The instant of the request.
    pub now: Instant,
}

/// So many columns have room beside the findings at 1366 pixels.
const COLUMNS_BESIDE_MAX: usize = 2;

/// Reads what the page shows.
pub(crate) async fn load(web: &Web, signed: &Signed, report: ReportId, spare_rows: u32) -> Answer<Shown> {
    let now = web.app.world().now();
    let mut shown = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let open = youju_app::report::open(cx, report).await?;
            let form = cx.app().form(&open.report.form)?;
            let findings = match open.report.state {
                State::Empty => Vec::new(),
                _ => youju_app::report::answered(cx, form, &open).await?,
            };
            let series = youju_app::report::series(cx, &open, SERIES_PERIODS_MAX).await?;
            let mut unlike = match open.report.state {
                State::Empty => Vec::new(),
                _ => youju_app::consistency::of_report(cx, form, &open.unit, &open.report).await?,
            };
            unlike.retain(|one| one.agreement() == Agreement::Differs);
            let talk = talk::load(cx, report).await?;
            let owed = youju_app::check_list::of_report(cx, &open).await?;
            let check_list = crate::check_list::add_by_hand(&web.app, &signed.actor, &open, now);
            let (outside, others) = (Vec::new(), Vec::new());
            Ok(Shown { open, findings, unlike, series, spare_rows, outside, talk, owed, check_list, others, now })
        })
        .await?;
    shown.outside = youju_app::outside::of_report(&web.app, &signed.actor, report).await?;
    // Where nothing can be written any more, nobody comes between anybody.
    if is_being_filled(signed, &shown) {
        shown.others = web.present.note(&signed.actor, report, now);
    }
    Ok(shown)
}

/// True when this person may write cells now.
fn may_fill(signed: &Signed, shown: &Shown) -> bool {
    let unit = &shown.open.unit;
    decide(&signed.actor, Action::Fill, Object::Unit { id: unit.id, area: &unit.area })
        && is_being_filled(signed, shown)
}

/// True when this person's unit may write cells now.
fn is_being_filled(signed: &Signed, shown: &Shown) -> bool {
    let (report, window) = (&shown.open.report, &shown.open.window);
    signed.actor.respondent().is_ok_and(|by| report.must_be_editable(&by, window, shown.now).is_ok())
}

/// What stands above the table.
pub(crate) fn head<'a>(signed: &Signed, form: &'a Form, shown: &Shown) -> Head<'a> {
    let report = &shown.open.report;
    let mut crumbs = crate::register::area_crumbs(&shown.open.unit, false);
    crumbs.push((format!("{} {}", report.form, report.period.cumulative_label()), None));
    Head {
        title: &form.name,
        period: Some(report.period.cumulative_label()),
        badge: Some(
            html! { (part::state(report.state.at(shown.open.window.is_opened(shown.now)))) @if report.is_late { " " span.badge.explain { "迟报" } } },
        ),
        about: Some(about(form, shown)),
        crumbs,
        actions: Some(actions(signed, form, shown)),
    }
}

fn about(form: &Form, shown: &Shown) -> String {
    let window = &shown.open.window;
    let due = if shown.open.report.state.is_reported() {
        String::new()
    } else {
        format!(
            " · 截止 {},{}",
            youju_domain::survey::print_instant(window.times.due_at),
            part::until(window.times.due_at, shown.now)
        )
    };
    let measure = match form.measure {
        Measure::None => String::new(),
        measure => format!(" · 计量单位:{}", measure.label()),
    };
    format!("{} · 表号 {}{measure}{due}", shown.open.unit.name, form.code)
}

fn actions(signed: &Signed, form: &Form, shown: &Shown) -> Markup {
    let report = &shown.open.report;
    let act = |name: &str| url::report_act(report.id, name);
    let role = signed.actor.role;
    let fills = may_fill(signed, shown);
    html! {
        a.button href=(act("history")) { "办理过程" }
        a.button href=(act("paper")) target="_blank" { "打印" }
        a.button href=(act("form-book")) { "导出 Excel" }
        @if fills { a.button href=(act("form-book/import")) { "导入填好的 Excel" } }
        a.button href=(url::ledger(report.unit, Some(report.period))) { "台账" }
        @if fills && form.reads_accounts() { a.button href=(act("import")) { "导入科目余额表" } }
        @if fills {
            @if form.can_be_generated() {
                form method="post" action=(act("generate")) data-waits-for-save { button.button type="submit" { "一键生成" } }
            }
            @if matches!(report.state, State::Draft | State::Returned) {
                form method="post" action=(act("check")) data-waits-for-save { button.button type="submit" { "审核" } }
            }
            @if matches!(report.state, State::Draft | State::Checked | State::Returned) {
                form method="post" action=(act("sign")) data-waits-for-save { button.button.primary type="submit" { "统计人员签字" } }
            }
        }
        @if role == Role::UnitHead && report.state == State::Signed {
            (part::post_button(&act("authorise"), "单位负责人签字", "primary", None))
        }
        @if role.is_respondent() && report.state == State::Authorised {
            (part::post_button(&act("submit"), "上报", "primary", Some("上报后数据即送县级统计机构。确认上报吗?")))
        }
        @if role.is_respondent() && report.state == State::Submitted && shown.open.window.is_open(shown.now) {
            span.apart { (part::post_button(&act("recall"), "撤回修改", "danger", Some("撤回后需要重新签字、上报。确认撤回吗?"))) }
        }
        @if role == Role::Statistician { (talk::correct_button(report, &shown.talk)) }
        @if let Some(list) = &shown.check_list { a.button href=(list) { "加入核实清单" } }
        @if role.is_officer() && report.extended_until.is_some() { a.button href=(act("reminders")) { "催报记录" } }
        @if let Some(level) = role.level() { (review(report, &shown.open.window, level, shown.now)) }
    }
}

/// 开始审核, 验收 and 退回: the officer's acts. What may be done is asked of the rules themselves.
fn review(report: &Report, window: &Window, level: Level, now: Instant) -> Markup {
    let bare = Report { cells: Cells::new(), ..report.clone() };
    let may_accept = bare.clone().accept(level, window).is_ok();
    let may_take_up = bare.clone().take_up(level, window).is_ok();
    let may_put_down = bare.clone().put_down(level, window).is_ok();
    let may_return = bare.return_(level, window, "退回修改", now).is_ok();
    html! {
        @if may_take_up { (part::post_button(&url::report_act(report.id, "take-up"), "开始审核", "", None)) }
        @if may_put_down { (part::post_button(&url::report_act(report.id, "put-down"), "放回", "", None)) }
        @if may_accept { (part::post_button(&url::report_act(report.id, "accept"), "验收", "primary", None)) }
        @if may_return {
            details.more.apart {
                summary { "退回" }
                form.card method="post" action=(url::report_act(report.id, "return")) {
                    div.field {
                        label for="reason" { "退回原因(单位会看到)" }
                        textarea #reason name="reason" required minlength="4" maxlength="500" placeholder="写明哪个数据有什么问题" {}
                    }
                    div.form-actions { button.button.danger type="submit" { "退回" } }
                }
            }
        }
    }
}

/// The page below its head.
pub(crate) fn view(signed: &Signed, form: &Form, shown: &Shown) -> Markup {
    let report = &shown.open.report;
    let fills = may_fill(signed, shown);
    let may_explain = shown.open.unit.may_explain;
    html! {
        @if let Some(reason) = &report.return_reason {
            div.notice.error { strong { "已退回:" } (reason) @if let Some(by) = report.mend_by { p { "请于 " (part::instant(by)) " 前重报," (part::until(by, shown.now)) "。" } } @if fills { p { "请改正数据或补充说明,重新签字后上报。" } } }
        }
        @if fills && report.state == State::Empty {
            p.notice.todo {
                @if form.reads_accounts() { "可以直接填写,也可以先“导入科目余额表”,再“一键生成”。" }
                "填写的数据会自动保存。"
            }
        }
        (crate::check_list::owed(&shown.open, &shown.owed, signed.actor.role.is_respondent()))
        @if !shown.unlike.is_empty() { (unlike(shown)) }
        div.entry-bar {
            @if report.state != State::Empty { (findings::summary(&shown.findings, may_explain)) }
            @else { span #report-summary {} }
            @if fills { span #save-state.save-state role="status" { "没有待保存的改动" } }
            @if is_wide(form) { a href="#findings" { "看审核结果" } }
            @if is_being_filled(signed, shown) {
                span.others role="status" data-present=(url::report_act(report.id, "present")) { (present::says(&shown.others)) }
            }
            span.row-end.muted { (signatures(report)) }
        }
        div.work.wide[is_wide(form)] {
            div {
                @if fills { (fill_form(signed, form, shown)) } @else { (table(form, shown, false)) }
                (crate::outside::beside(&shown.outside))
                @if !form.notes.is_empty() {
                    details.more { summary { "填报说明" } ul { @for note in &form.notes { li { (note.text) } } } }
                }
                p { a href=(url::form(&form.code)) { "表式、审核关系和它们的来源" } }
                (talk::view(&signed.actor, form, report, &shown.talk, shown.now))
            }
            aside.aside.stack {
                h2 { "审核结果" }
                @if report.state == State::Empty { div #findings { p.muted { "填写后自动审核。" } } }
                @else { (findings::list(report.id, form, &shown.findings, may_explain, fills)) }
            }
        }
    }
}

/// So many of the cells that differ from the ledger are named; the page of the ledger shows all.
const UNLIKE_NAMED_MAX: usize = 5;

/// 账表不一致: told where the figures stand, to those who fill them in and to those who review them.
fn unlike(shown: &Shown) -> Markup {
    let report = &shown.open.report;
    let printed = |value: Option<Decimal>| value.map(|value| format_number(&value)).unwrap_or_default();
    html! {
        details.more.notice.explain {
            summary { "有 " (shown.unlike.len()) " 项与台账不一致" }
            ul { @for one in shown.unlike.iter().take(UNLIKE_NAMED_MAX) {
                li { (one.label) ":台账 " (printed(one.left)) ",报表 " (printed(one.right)) }
            } }
            p { a href=(url::ledger(report.unit, Some(report.period))) { "在台账页看全部 " (shown.unlike.len()) " 项" } }
        }
    }
}

/// True for a form that needs the whole width: the findings then stand below it.
fn is_wide(form: &Form) -> bool {
    form.columns.len() > COLUMNS_BESIDE_MAX || !form.lists.is_empty()
}

fn signatures(report: &Report) -> String {
    match (report.signed_by.is_some(), report.authorised_by.is_some()) {
        (true, true) => "统计人员、单位负责人已签字".into(),
        (true, false) => "统计人员已签字".into(),
        _ => String::new(),
    }
}

fn fill_form(signed: &Signed, form: &Form, shown: &Shown) -> Markup {
    let address = url::report_act(shown.open.report.id, "cells");
    html! {
        form method="post" action=(address) data-save=(address) data-revision=(shown.open.report.revision) data-report-state=(shown.open.report.state.key())
            data-person=(signed.actor.person) autocomplete="off" {
            data-grid { (table(form, shown, true)) }
            noscript { div.form-actions { button.button.primary type="submit" { "保存" } } }
        }
    }
}

fn table(form: &Form, shown: &Shown, fills: bool) -> Markup {
    let columns = &form.columns;
    let extra = usize::from(shown.open.previous.is_some()) + usize::from(!shown.series.is_empty());
    let marks = findings::marks(&shown.findings, shown.open.unit.may_explain);
    html! {
        @if !form.groups.is_empty() { div.table-box.whole { table.table.entry {
            thead { tr {
                th { "指标" } th { "代码" } th { "计量单位" }
                @for column in columns { th.num { (column.label) } }
                @if shown.open.previous.is_some() { th.num { "上期" } }
                @if !shown.series.is_empty() { th { "近期走势" } }
            } }
            tbody {
                @for group in &form.groups {
                    @if !group.heading.is_empty() { tr.group { th scope="rowgroup" colspan=(columns.len() + 3 + extra) { (group.heading) } } }
                    @for indicator in &group.indicators { (row(form, shown, indicator, &marks, fills)) }
                }
            }
        } } }
        (lists::view(form, shown, &marks, fills, shown.spare_rows))
    }
}

fn row(form: &Form, shown: &Shown, indicator: &Indicator, marks: &Marks, fills: bool) -> Markup {
    let cells: Vec<Option<&CellDef>> = form.columns.iter().map(|column| form.cell_at(indicator, column)).collect();
    let main = cells.first().copied().flatten();
    html! {
        tr {
            th scope="row" class={ "indent-" (indicator.level) } title=(indicator.label) { (indicator.name) }
            td { span.code { (indicator.code) } }
            td.ref { @if indicator.measure != Measure::None { (indicator.measure.label()) } }
            @for cell in &cells { @match cell {
                Some(cell) => (cell_box(shown, cell, marks, fills)),
                None => td.num.none title="不填" { "" },
            } }
            @if let Some((_, previous)) = &shown.open.previous {
                td.num.ref { @if let Some(cell) = main { (value_of(previous, &cell.id).print()) } }
            }
            @if !shown.series.is_empty() { td { @if let Some(cell) = main { (spark(shown, cell)) } } }
        }
    }
}

pub(super) fn cell_box(shown: &Shown, cell: &CellDef, marks: &Marks, fills: bool) -> Markup {
    let report = &shown.open.report;
    let filled = report.cells.get(&cell.id);
    let value = value_of(&report.cells, &cell.id);
    let mine: Vec<&(String, &str, String)> = marks.iter().filter(|(id, _, _)| id == cell.id.as_str()).collect();
    let level = ["error", "explain"].into_iter().find(|level| mine.iter().any(|(_, found, _)| found == level));
    let state = filled.and_then(state_name);
    html! {
        td.cell.num id={ "cell-" (cell.id) } data-state=[state] data-mark=[level] {
            @if fills { (field(cell, value, filled.is_some_and(|c| c.derivation.is_some()), filled.and_then(|c| c.reason.as_deref()))) }
            @else { (shown_value(report.id, cell, value)) }
            span.cell-state { @if let Some(filled) = filled {
                @if filled.derivation.is_some() { a href=(url::cell(report.id, &cell.id)) title="看这个数从哪里来" { (filled.state.label()) } }
                @else if !fills { (filled.state.label()) }
            } }
            span.cell-says id={ "says-" (cell.id) } { @for (_, level, says) in mine { span class=(level) { (says) } } }
        }
    }
}

fn shown_value(report: ReportId, cell: &CellDef, value: &Value) -> Markup {
    let printed = cell.print(value);
    html! { @if !printed.is_empty() { a.figure href=(url::cell(report, &cell.id)) { (printed) } } }
}

fn field(cell: &CellDef, value: &Value, is_generated: bool, reason: Option<&str>) -> Markup {
    let printed = in_field(value);
    let label = &cell.label;
    html! {
        @if let Kind::Code(codes) = &cell.kind {
            select name=(cell.id) data-cell=(cell.id) aria-label=(label) {
                option value="" {}
                @for (code, word) in codes { option value=(code) selected[*code == printed] { (code) " " (word) } }
            }
        } @else {
            input name=(cell.id) data-cell=(cell.id) value=(printed) aria-label=(label) aria-describedby={ "says-" (cell.id) }
                class=[(!cell.is_number()).then_some("words")] inputmode=[cell.is_number().then_some("decimal")]
                data-generated=[is_generated.then_some("true")] data-reason=[reason];
        }
        noscript { input type="hidden" name={ "was." (cell.id) } value=(printed); }
    }
}

/// The twelve-period line of a cell, oldest left, the present value last. What is cumulative within a year begins anew with the
/// next one, and so does the line.
fn spark(shown: &Shown, cell: &CellDef) -> Markup {
    let report = &shown.open.report;
    let earlier = shown.series.iter().rev().map(|(period, cells)| (*period, cells));
    let points = earlier.chain([(report.period, &report.cells)]);
    // Only the drawing is a float; no figure is read from it.
    let points: Vec<(Period, f64)> =
        points.filter_map(|(period, cells)| Some((period, value_of(cells, &cell.id).number()?.to_f64()?))).collect();
    if points.len() < 2 {
        return html! {};
    }
    let heights: Vec<f64> = points.iter().map(|(_, y)| *y).collect();
    let (low, high) = heights.iter().fold((f64::MAX, f64::MIN), |(low, high), y| (low.min(*y), high.max(*y)));
    let span = if high > low { high - low } else { 1.0 };
    let step = 68.0 / f64::from(u32::try_from(heights.len() - 1).unwrap_or(1));
    let place = |(index, y): (u32, &f64)| (2.0 + step * f64::from(index), 18.0 - 16.0 * (y - low) / span);
    let places: Vec<(f64, f64)> = (0_u32..).zip(&heights).map(place).collect();
    let dots: Vec<(Period, String)> =
        points.iter().zip(&places).map(|((period, _), (x, y))| (*period, format!("{x:.1},{y:.1}"))).collect();
    let is_cumulative = report.period.kind() != PeriodKind::Year;
    let lines = dots.chunk_by(|(a, _), (b, _)| !is_cumulative || a.year() == b.year());
    let (x, y) = places.last().copied().unwrap_or_default();
    html! {
        svg.spark viewBox="0 0 72 20" role="img" aria-label={ "近 " (points.len()) " 期走势" } {
            @for line in lines {
                polyline points=(line.iter().map(|(_, dot)| dot.as_str()).collect::<Vec<_>>().join(" ")) {}
            }
            circle.now cx={ (format!("{x:.1}")) } cy={ (format!("{y:.1}")) } r="2" {}
        }
    }
}
