//! Markup of check lists.

use maud::{Markup, html};
use youju_app::check_list::{Cell, Look, Overview, Row};
use youju_app::list::Page;
use youju_codes::AreaCode;
use youju_domain::Instant;
use youju_domain::check_list::{DataQuality, Entry, MEASURE_CHARS_MAX, PaperQuality, Span, Standing, Subject, Word};
use youju_domain::id::WindowId;
use youju_programme::CheckListRule;

use super::owed::provision;
use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

/// Where a list stands, as a word and a colour.
pub(super) fn standing(standing: Standing) -> Markup {
    let class = match standing {
        Standing::Ahead => "",
        Standing::Running => "todo",
        Standing::HandedIn => "done",
        Standing::Late => "explain",
        Standing::Missing => "error",
    };
    html! { span class={ "badge " (class) } { (standing.label()) } }
}

/// What is declared, in a sentence.
pub(super) fn about(rule: &CheckListRule) -> String {
    let span = match rule.every {
        youju_domain::check_list::Every::Day => "开网至关网,按日历日逐日上报",
        youju_domain::check_list::Every::Week => "开网至关网,按周(周一至周日)上报",
    };
    let sources = rule.ground.sources.join("、");
    let ground = if sources.is_empty() { String::new() } else { format!("依据:{sources}。") };
    format!("{}:{span},节假日不顺延;过了当期才上报的算迟报。{ground}", rule.every.label())
}

/// The file of everything.
pub(super) fn csv_link(window: WindowId) -> Markup {
    html! { a.button href=(url::check_lists_csv(window)) { "导出 CSV" } }
}

fn name_of(area: &AreaCode) -> &str {
    youju_codes::area::name(area).unwrap_or(area.as_str())
}

/// Days by counties.
pub(super) fn overview(found: &Overview, rows: &Page<&Row>, now: Instant) -> Markup {
    let window = found.window.id;
    html! {
        @if found.counties.is_empty() { (part::empty("没有应报单位", "名录库中没有需要填报这张表的单位,不用报核实清单。")) }
        @else {
            div.table-head { (part::shown(rows)) }
            div.table-box tabindex="0" role="region" aria-label="各县核实清单" { table.table {
                caption { "每天(周)、每个县的核实清单:已报、迟报、未报和项数,点进去看每一项" }
                thead { tr {
                    th { "报告日(周)" } th.num { "已报" } th.num { "迟报" } th.num { "未报" }
                    @for county in &found.counties { th { (name_of(county)) } }
                } }
                tbody { @for row in &rows.rows { tr {
                    th scope="row" { (row.span.label()) @if now >= row.span.begins_at() && now < row.span.ends_at() { " " span.muted { (row.span.every().present()) } } }
                    @for wanted in [Standing::HandedIn, Standing::Late, Standing::Missing] {
                        td.num { (row.places.iter().filter(|place| place.standing == wanted).count()) }
                    }
                    @for (county, place) in found.counties.iter().zip(&row.places) { td { (cell(window, county, row.span, place)) } }
                } } }
            } }
            (part::pager(rows, &url::check_lists(window), &[], PAGE_ROWS.unsigned_abs()))
        }
    }
}

fn cell(window: WindowId, county: &AreaCode, span: Span, place: &Cell) -> Markup {
    html! {
        @if place.standing == Standing::Ahead { span.muted { (place.standing.label()) } }
        @else {
            a href=(url::check_list(window, county, span)) aria-label={ (name_of(county)) " " (span.label()) } { (standing(place.standing)) }
            @if !place.lists.is_empty() { p.small.muted { (numbers(span, place)) } }
        }
    }
}

fn numbers(span: Span, place: &Cell) -> String {
    let mut said = match place.entries().len() {
        0 => format!("{}无重点项目", span.every().present()),
        entries => format!("{entries} 项"),
    };
    for (number, words) in
        [(place.doubtful(), "数据存疑或有误"), (place.incomplete(), "资料不全"), (place.unnoted(), "未核实")]
    {
        if number > 0 {
            said = format!("{said},{words} {number}");
        }
    }
    if place.lists.len() > 1 { format!("{said},补充 {} 次", place.lists.len() - 1) } else { said }
}

/// One list.
pub(super) fn list(look: &Look, rows: &Page<&Entry>, unit: &str) -> Markup {
    let is_open = look.list.handed.is_none();
    let writes = is_open && look.may_write;
    html! {
        (handed(look))
        @if writes { (carry_form(look)) }
        @if look.entries.is_empty() { (empty(look)) }
        @else if writes { (note_form(look, rows)) }
        @else { (entries(look, rows, false)) (pager(look, rows)) }
        @if writes { (add_form(look, unit)) (hand_in_form(look)) }
    }
}

fn act(look: &Look, name: &str) -> String {
    url::check_list_act(look.place.window.id, &look.place.area, look.place.span, name)
}

fn address(look: &Look) -> String {
    url::check_list(look.place.window.id, &look.place.area, look.place.span)
}

fn pager(look: &Look, rows: &Page<&Entry>) -> Markup {
    let number = if look.list.handed.is_some() { look.list.number.to_string() } else { String::new() };
    part::pager(rows, &address(look), &[("number", &number)], PAGE_ROWS.unsigned_abs())
}

/// What was handed in already, and what has come since.
fn handed(look: &Look) -> Markup {
    let is_last = look.handed.last().is_some_and(|last| last.id == look.list.id);
    let is_being_supplemented = look.list.handed.is_none() && !look.handed.is_empty();
    html! {
        @if !look.handed.is_empty() {
            div.notice.done {
                @for list in &look.handed { @if let Some(handed) = &list.handed {
                    p {
                        a href=(url::with_query(&address(look), &[("number", &list.number.to_string())])) { @if list.number == 1 { "上报" } @else { "补充上报(第 " (list.number) " 次)" } }
                        ":" (handed.name) " " (part::instant(handed.at)) ",共 " (list.entries.len()) " 项。"
                        @if list.id == look.list.id { "下面就是这一份,不再改动。" }
                    }
                } }
            }
        }
        @if is_being_supplemented { p.notice.todo { "正在写补充清单,原来上报的清单保持不变。" } }
        @if look.list.handed.is_some() && is_last && look.may_write {
            @if look.since > 0 { p.notice.explain { "上报以后又有 " (look.since) " 项应核实,请补充上报。" } }
            (part::post_button(&act(look, "supplement"), "补充上报", "", None))
        }
    }
}

fn empty(look: &Look) -> Markup {
    let present = look.place.span.every().present();
    let next = match (look.list.handed.is_some(), look.may_write) {
        (true, _) => "上报时没有需要核实的项目。",
        (false, true) => "没有查询项目,也没有达到界限或缺支撑材料的项目。可以直接上报,也可以人工加入。",
        (false, false) => "县级统计人员还没有写这份清单。",
    };
    part::empty(&format!("{present}无重点项目"), next)
}

fn carry_form(look: &Look) -> Markup {
    html! { @if let Some((span, number)) = look.before { @if number > 0 {
        form.bulk method="post" action=(act(look, "carry")) {
            span { (span.label()) "的清单中有 " (number) " 项到现在没有变化(版本和列入原因都相同)。" }
            button.button type="submit" { "沿用 " (number) " 项的记录" }
        }
    } } }
}

fn note_form(look: &Look, rows: &Page<&Entry>) -> Markup {
    html! {
        form method="post" action=(act(look, "note")) {
            input type="hidden" name="page" value=(rows.offset / PAGE_ROWS.unsigned_abs() + 1);
            (entries(look, rows, true))
            div.form-actions {
                button.button type="submit" { "保存本页记录" }
                span.hint { "属实且资料齐全的可以不写处理措施。" }
            }
        }
        (pager(look, rows))
    }
}

fn entries(look: &Look, rows: &Page<&Entry>, writes: bool) -> Markup {
    html! {
        div.table-head { (part::shown(rows)) }
        div.table-box tabindex="0" role="region" aria-label="核实清单" { table.table {
            caption { "每一项为什么列入、数据质量、资料质量和处理措施" }
            thead { tr {
                th.num { "序号" } th { "单位" } th { "项目" } th { "列入原因" } th { "支撑材料" }
                th { "数据质量" } th { "资料质量" } th { "处理措施" }
            } }
            tbody { @for (number, entry) in (rows.offset + 1..).zip(&rows.rows) { (line(look, number, entry, writes)) } }
        } }
    }
}

fn line(look: &Look, number: u64, entry: &Entry, writes: bool) -> Markup {
    let about = &entry.about;
    html! { tr {
        td.num { (number) }
        th scope="row" { a href=(url::report(about.subject.report)) { (about.unit) } " " span.muted { "第 " (about.version) " 版" } }
        td.wrap { @match &about.subject.row {
            Some(row) => { (about.name) " " span.code { (row) } }
            None => span.muted { "整张报表" },
        } }
        td.wrap {
            @for reason in &about.reasons { p { (reason) } }
            @if let Some(reason) = &entry.added { p { "人工加入:" (reason) } }
        }
        td { @if let Some(found) = look.provisions.get(&about.subject) { (provision(*found)) } }
        @if writes { (fields(number, entry)) } @else { (words(entry)) }
    } }
}

/// What was noted, to be read.
fn words(entry: &Entry) -> Markup {
    let (data, papers) = entry.word.as_ref().map_or(("—", "—"), |word| (word.data.label(), word.papers.label()));
    html! {
        td { (data) } td { (papers) }
        td.wrap {
            @if let Some(word) = &entry.word { (word.measure) (from(entry, word)) }
            @if let Some(left) = &entry.left { span.badge.explain { "未核实" } " " (left) }
            @if entry.word.is_none() && entry.left.is_none() { span.muted { "还没有记录" } }
        }
    }
}

/// Where a note comes from: carried over, or about an earlier version.
fn from(entry: &Entry, word: &Word) -> Markup {
    html! { p.small.muted {
        (word.name) " " (part::instant(word.at))
        @if let Some(span) = word.carried_from { " · 沿用 " (span.label()) "的记录" }
        @if !entry.is_noted() { " · " span.badge.explain { "第 " (word.version) " 版的记录,之后又上报过,请重新核对" } }
    } }
}

fn fields(number: u64, entry: &Entry) -> Markup {
    let word = entry.word.as_ref();
    let name = if entry.about.name.is_empty() { &entry.about.unit } else { &entry.about.name };
    html! {
        td {
            input type="hidden" name={ "subject." (number) } value=(subject(&entry.about.subject));
            select name={ "data." (number) } aria-label={ (name) "数据质量" } {
                option value="" { "—" }
                @for one in DataQuality::ALL { option value=(one.key()) selected[word.is_some_and(|word| word.data == *one)] { (one.label()) } }
            }
        }
        td { select name={ "papers." (number) } aria-label={ (name) "资料质量" } {
            option value="" { "—" }
            @for one in PaperQuality::ALL { option value=(one.key()) selected[word.is_some_and(|word| word.papers == *one)] { (one.label()) } }
        } }
        td.wrap {
            input name={ "measure." (number) } aria-label={ (name) "处理措施" } maxlength=(MEASURE_CHARS_MAX) value=(word.map(|word| word.measure.as_str()).unwrap_or_default());
            @if let Some(word) = word { (from(entry, word)) }
        }
    }
}

/// The subject of an entry in a form: the report, and behind a colon the key of the row.
fn subject(subject: &Subject) -> String {
    match &subject.row {
        Some(row) => format!("{}:{row}", subject.report),
        None => subject.report.to_string(),
    }
}

fn add_form(look: &Look, unit: &str) -> Markup {
    html! {
        details.more open[!unit.is_empty()] {
            summary { "人工加入一项" }
            form.card.narrow method="post" action=(act(look, "add")) {
                div.field { label for="unit" { "单位全称或统一社会信用代码(已上报这张表的)" } input #unit name="unit" required value=(unit); }
                @if look.place.rule.rows.is_some() { div.field { label for="row" { "项目代码(不填为整张报表)" } input #row name="row"; } }
                div.field { label for="reason" { "加入的原因" } input #reason name="reason" required minlength="6" maxlength="300"; }
                div.form-actions { button.button type="submit" { "加入" } }
            }
        }
    }
}

fn hand_in_form(look: &Look) -> Markup {
    let open = look.entries.iter().filter(|entry| !entry.is_noted()).count();
    let present = look.place.span.every().present();
    html! {
        form.card.narrow method="post" action=(act(look, "hand-in")) {
            h2 { "上报市级" }
            input type="hidden" name="seal" value=(look.seal);
            p.hint { "共 " (look.entries.len()) " 项,已记录 " (look.entries.len() - open) " 项。上报后不再改动;有新情况补充上报。" }
            @if open > 0 { div.field { label for="left" { "还有 " (open) " 项没有记录,没有核实的原因" } textarea #left name="left" maxlength="500" {} } }
            div.form-actions { button.button.primary type="submit" {
                @if look.entries.is_empty() { "上报“" (present) "无重点项目”" } @else { "上报 " (look.entries.len()) " 项" }
            } }
        }
    }
}
