//! The ledger of a unit and period 台账: what has been imported, and whether vouchers, ledger and reports say the same.

mod place;

use axum::extract::{Path, RawQuery, State};
use maud::{Markup, html};
use rust_decimal::Decimal;
use serde::Deserialize;
use youju_app::attachment::Added;
use youju_app::book::ListedBook;
use youju_app::consistency::Consistency;
use youju_app::record::{ListedRecords, RecordKind};
use youju_codes::{Period, format_number};
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object, decide};
use youju_domain::attachment::{Attachment, Proves};
use youju_domain::consistency::{Agreement, Between, Comparison, Place};
use youju_domain::id::UnitId;
use youju_domain::ledger::Import;
use youju_domain::register::Unit;
use youju_programme::Ledger;

use super::not_imported;
use crate::attachment::{Section, section};
use crate::request::{Answer, Signed, id, query};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// Comparisons of one kind that the page shows; those that differ stand first, and how many there are is told.
const COMPARISONS_MAX: usize = 200;

#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    pub period: String,
    #[serde(default)]
    pub proves: String,
}

impl Asked {
    /// The period, when one is asked for.
    pub(crate) fn period(&self) -> Result<Option<Period>, Problem> {
        let text = self.period.trim();
        let parse = |text: &str| Period::parse(text).map_err(|error| Problem::BadInput { reason: error.to_string() });
        if text.is_empty() { Ok(None) } else { parse(text).map(Some) }
    }
}

/// The ledger of a unit.
pub(crate) async fn book(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    // What the form shall have chosen is a suggestion: a damaged one suggests nothing.
    let proves = Proves::parse(&asked.proves);
    show(&web, &signed, id(path)?, asked.period()?, &Outcome::None(proves)).await
}

/// What came of a form of this page.
pub(crate) enum Outcome<'a> {
    /// Nothing was sent; perhaps the person came to prove something.
    None(Option<Proves>),
    /// A file was not imported.
    NotImported(&'a Problem),
    /// Files were attached, but not all of them.
    Attached(&'a Added),
    /// Nothing was attached.
    NotAttached(&'a Problem),
}

/// What the page shows.
struct Book {
    unit: Unit,
    period: Period,
    trial_balance: Option<Import>,
    records: Vec<ListedRecords>,
    kept: Vec<ListedBook>,
    has_reports: bool,
    attachments: Vec<Attachment>,
    consistency: Consistency,
    fills: bool,
    is_scanned: bool,
}

pub(crate) async fn show(
    web: &Web,
    signed: &Signed,
    unit: UnitId,
    period: Option<Period>,
    outcome: &Outcome<'_>,
) -> Answer<Markup> {
    let is_scanned = web.app.scanner().is_some();
    let book = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let unit = youju_app::register::get(cx, unit).await?;
            let object = Object::Unit { id: unit.id, area: &unit.area };
            if !matches!(outcome, Outcome::None(_)) {
                cx.allow(Action::Fill, object)?;
            }
            let fills = decide(cx.actor()?, Action::Fill, object);
            let period = match period {
                Some(period) => period,
                None => youju_app::ledger::period_in_work(cx, unit.id).await?,
            };
            let trial_balance = youju_app::ledger::latest(cx, unit.id, period).await?;
            let records = youju_app::record::list(cx, unit.id, period).await?;
            let attachments = youju_app::attachment::list(cx, unit.id, period).await?;
            let consistency = youju_app::consistency::of(cx, unit.id, period).await?;
            let kept = youju_app::book::listed(cx, unit.id, period).await?;
            let has_reports = !consistency.reports.is_empty();
            Ok(Book {
                unit,
                period,
                trial_balance,
                records,
                kept,
                has_reports,
                attachments,
                consistency,
                fills,
                is_scanned,
            })
        })
        .await?;
    let mut crumbs = crate::register::area_crumbs(&book.unit, false);
    crumbs.push(("台账".into(), None));
    let head = Head {
        period: Some(book.period.label()),
        crumbs,
        about: Some("原始记录、科目余额表和报表放在一起,随时核对是否一致。".into()),
        actions: Some(html! {
            @if book.has_reports { a.button href=(url::generate(book.unit.id, book.period)) { "本期报表一键生成" } }
            a.button href=(url::archive(book.unit.id, book.period.year(), None)) { "档案盒" }
        }),
        ..Head::of("台账")
    };
    let main = html! {
        @if let Outcome::NotImported(problem) = outcome { (not_imported(problem)) }
        (periods(&book))
        (ledgers(web, &signed.actor, &book))
        (imported(&book))
        @if book.fills { (upload_form(&book)) }
        (attachments(web, &book, outcome))
        (comparisons(&book))
    };
    Ok(whole(&signed.frame, &head, &main))
}

fn periods(book: &Book) -> Markup {
    let (unit, period) = (book.unit.id, book.period);
    let (before, after) = (period.previous(), period.next());
    html! {
        form.filters action=(url::ledger(unit, None)) {
            div.field { label for="period" { "报告期" } input #period name="period" value=(period) required; }
            button.button type="submit" { "查看" }
            a.button rel="prev" href=(url::ledger(unit, Some(before))) { "‹ " (before.label()) }
            a.button rel="next" href=(url::ledger(unit, Some(after))) { (after.label()) " ›" }
        }
    }
}

/// The ledgers of the unit's disciplines, with what is kept in each.
fn ledgers(web: &Web, actor: &Actor, book: &Book) -> Markup {
    let all = youju_app::book::ledgers_of(&web.app, actor, &book.unit);
    let periods = |ledger: &Ledger| {
        let within = ledger.periods_within(book.period);
        // A yearly ledger is kept at the end of the year, whichever rhythm the page shows.
        let ending = ledger.period_ending_with(book.period).filter(|own| own.last_day() == book.period.last_day());
        if within.is_empty() { ending.into_iter().collect() } else { within }
    };
    let due: Vec<(&Ledger, Period)> =
        all.iter().flat_map(|ledger| periods(ledger).into_iter().map(move |period| (*ledger, period))).collect();
    html! {
        @if !due.is_empty() {
            section.stack {
                h2 { "统计台账" }
                div.table-box tabindex="0" role="region" aria-label="统计台账" { table.table {
                    thead { tr { th { "台账" } th { "报告期" } th.num { "行数" } th { "保存" } th { "状态" } } }
                    tbody { @for (ledger, period) in &due {
                        @let kept = book.kept.iter().find(|kept| kept.ledger == ledger.id && kept.period == *period);
                        tr {
                            th scope="row" { a href=(url::book(book.unit.id, &ledger.id, *period)) { (ledger.name) } }
                            td { (period.label()) }
                            td.num { @if let Some(kept) = kept { (part::count(kept.rows)) } }
                            td { @if let Some(kept) = kept { (part::instant(kept.at)) " " (kept.by_name) } }
                            td { @if kept.is_some_and(|kept| kept.rows == 0) { span.badge.done { "本期没有发生" } } @else if kept.is_some() { span.badge.done { "已登记" } } @else { span.badge.todo { "未登记" } } }
                        }
                    } }
                } }
            }
        }
    }
}

fn imported(book: &Book) -> Markup {
    let is_latest = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| book.records.get(at));
        book.records.get(at).is_some_and(|this| before.is_none_or(|before| before.kind != this.kind))
    };
    html! {
        @if book.trial_balance.is_none() && book.records.is_empty() {
            (part::empty("本期还没有导入", if book.fills { "请在下面选择从财务软件导出的文件。" } else { "单位导入后会显示在这里。" }))
        } @else {
            div.table-box tabindex="0" role="region" aria-label="本期已导入" { table.table {
                thead { tr { th { "种类" } th { "文件" } th.num { "条数" } th { "导入时间" } th { "状态" } } }
                tbody {
                    @if let Some(import) = &book.trial_balance { tr {
                        th scope="row" { "科目余额表" }
                        td { a href=(url::import(import.id, None)) { (import.file_name) } }
                        td.num { (import.lines.len()) }
                        td { (part::instant(import.at)) }
                        td { span.badge.done { "采用" } }
                    } }
                    @for (at, listed) in book.records.iter().enumerate() { tr {
                        th scope="row" { (kind_label(&listed.kind)) }
                        td { a href=(url::records(listed.id)) { (listed.file_name) } }
                        td.num { (part::count(listed.count)) }
                        td { (part::instant(listed.at)) }
                        td { @if is_latest(at) { span.badge.done { "采用" } } @else { span.badge { "已被取代" } } }
                    } }
                }
            } }
        }
    }
}

/// The Chinese name of a kind of source records.
pub(crate) fn kind_label(key: &str) -> &'static str {
    RecordKind::from_key(key).map_or("原始记录", RecordKind::label)
}

fn upload_form(book: &Book) -> Markup {
    html! {
        form.card.narrow method="post" enctype="multipart/form-data" action=(url::ledger(book.unit.id, Some(book.period))) {
            h2 { "导入" }
            label.drop {
                span.drop-says { "选择或拖入文件:科目余额表、凭证序时簿、销售明细、出入库、工资表、银行流水、能源消费等" }
                input type="file" name="file" accept=".xlsx,.xls,.et,.csv,.txt,.gz" required;
            }
            p.hint {
                "程序先识别每一列是什么,您核对后才会导入。"
                @if book.is_scanned { "文件会先经过病毒检查。" } @else { "本系统没有配置病毒检查程序,文件不经过病毒检查。" }
            }
            div.form-actions { button.button.primary type="submit" { "下一步:核对各列" } }
        }
    }
}

fn attachments(web: &Web, book: &Book, outcome: &Outcome<'_>) -> Markup {
    let chosen = match outcome {
        Outcome::None(proves) => proves.clone(),
        _ => None,
    };
    let shown = Section {
        unit: book.unit.id,
        period: book.period,
        list: book.attachments.iter().map(|one| (one, place::of(web, book, &one.proves))).collect(),
        places: place::all(web, book, chosen.as_ref()),
        chosen,
        fills: book.fills,
        is_scanned: book.is_scanned,
    };
    match outcome {
        Outcome::Attached(added) => section(&shown, Some(added), None),
        Outcome::NotAttached(problem) => section(&shown, None, Some(problem)),
        _ => section(&shown, None, None),
    }
}

fn comparisons(book: &Book) -> Markup {
    html! {
        @for between in Between::ALL {
            section.card id=(anchor(between)) {
                h2 { (between.label()) }
                @let mut found: Vec<&Comparison> = book.consistency.comparisons.iter().filter(|one| one.between == between).collect();
                @if found.is_empty() {
                    p.muted { (lacking(book, between)) }
                } @else {
                    @let () = found.sort_by_key(|one| one.agreement());
                    (summary(&found))
                    (table(book, between, &found))
                }
            }
        }
    }
}

fn anchor(between: Between) -> &'static str {
    match between {
        Between::RecordsAndLedger => "records",
        Between::VouchersAndLedger => "vouchers",
        Between::LedgerAndLedger => "ledgers",
        Between::LedgerAndReport => "reports",
    }
}

/// Why there is nothing to compare: which side is missing.
fn lacking(book: &Book, between: Between) -> &'static str {
    match between {
        Between::RecordsAndLedger => "缺一方:本期没有登记可由原始记录归集的台账,或没有导入对应的原始记录。",
        Between::LedgerAndReport if book.consistency.reports.is_empty() => "缺一方:本期没有这个单位的报表。",
        Between::LedgerAndReport => "台账没有给出本期报表的数据。",
        _ if book.consistency.ledger.is_none() => "缺一方:本期还没有导入科目余额表。",
        Between::VouchersAndLedger if book.consistency.vouchers.is_none() => "缺一方:本期还没有导入凭证序时簿。",
        _ => "没有可以核对的数据。",
    }
}

fn summary(found: &[&Comparison]) -> Markup {
    let count = |wanted: Agreement| found.iter().filter(|one| one.agreement() == wanted).count();
    html! {
        p {
            "共核对 " (found.len()) " 项:"
            @for agreement in [Agreement::Same, Agreement::Differs, Agreement::OneSided] {
                " " (badge(agreement)) " " (count(agreement)) " 项"
            }
            @if found.len() > COMPARISONS_MAX { "。只列出前 " (COMPARISONS_MAX) " 项,不一致的在前。" }
        }
    }
}

fn badge(agreement: Agreement) -> Markup {
    let class = match agreement {
        Agreement::Same => "done",
        Agreement::Differs => "error",
        Agreement::OneSided => "explain",
    };
    html! { span class={ "badge " (class) } { (agreement.label()) } }
}

fn table(book: &Book, between: Between, found: &[&Comparison]) -> Markup {
    let (left, right) = between.sides();
    let printed = |value: Option<Decimal>| value.map_or_else(|| "—".to_owned(), |value| format_number(&value));
    html! {
        div.table-box tabindex="0" role="region" aria-label=(between.label()) { table.table {
            thead { tr { th { "项目" } th.num { (left) } th.num { (right) } th.num { "相差" } th { "结果" } } }
            tbody { @for one in found.iter().take(COMPARISONS_MAX) { tr {
                th scope="row" { @match address(book, one) {
                    Some(address) => { a href=(address) { (one.label) } },
                    None => (one.label),
                } }
                td.num { (printed(one.left)) }
                td.num { (printed(one.right)) }
                td.num { @if one.agreement() != Agreement::Same { (printed(one.difference())) } }
                td { (badge(one.agreement())) }
            } } }
        } }
        @if between == Between::VouchersAndLedger {
            @if let Some(vouchers) = book.consistency.vouchers { p.small.muted { a href=(url::records(vouchers)) { "查看凭证序时簿" } } }
        }
    }
}

/// Where a compared figure can be followed further.
fn address(book: &Book, one: &Comparison) -> Option<String> {
    match &one.place {
        Place::Line(row) => book.consistency.ledger.map(|import| url::import(import, Some(*row))),
        Place::Book(kept) => Some(url::saved_book(*kept)),
        Place::Cell(report, cell) => Some(url::cell(*report, cell)),
        Place::Total => None,
    }
}
