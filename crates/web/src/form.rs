//! The form itself 表式: what is asked, by what right, which checks look at it, and where each of these was read.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use maud::{Markup, html};
use youju_codes::{Industry, Measure};
use youju_programme::{Check, Form, Indicator, Kind, Programme, Provenance, Reference};

use crate::request::{Answer, Signed};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

type References = BTreeMap<String, Reference>;

/// One form.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, Path(code): Path<String>) -> Answer<Markup> {
    let form = web.app.form(&code)?;
    let programme = web.app.programme_of(&code)?;
    let head = Head {
        about: Some(format!("表号 {} · {}", form.code, programme.name)),
        actions: Some(html! { a.button href=(url::blank(&form.code)) target="_blank" { "打印空白表" } }),
        ..Head::of(&form.name)
    };
    let sources = &programme.sources;
    let main = html! {
        (order(form, programme))
        @if !form.notes.is_empty() { section.card { h2 { "填报说明" } ul { @for note in &form.notes { li { (note.text) (read_in(&note.sources, sources)) } } } } }
        @if !form.groups.is_empty() { section.stack { h2 { "指标" } (indicators(form.indicators(), sources)) } }
        @for list in &form.lists {
            section.stack { h2 { (list.heading) } p.muted { "一行一项,最多 " (list.rows_max) " 行。" }
                (indicators(list.columns.iter().map(|column| &column.indicator), sources)) }
        }
        section.stack { h2 { "审核关系" } (checks(form, sources)) }
    };
    Ok(whole(&signed.frame, &head, &main))
}

fn order(form: &Form, programme: &Programme) -> Markup {
    let industries = form.industries.iter().map(|code| match Industry::parse(code) {
        Ok(industry) => format!("{code} {}", industry.name()),
        Err(_) => code.clone(),
    });
    html! {
        section.card { dl.facts {
            dt { "制定机关" } dd { (form.authority) }
            dt { "文号" } dd { (form.document) " " (provenance(programme.provenance)) }
            dt { "有效期" } dd { (form.valid_from) " 至 " (form.valid_to) }
            dt { "报告期别" } dd { (form.period_kind().label()) }
            dt { "填报范围" } dd { (industries.collect::<Vec<_>>().join("、")) }
            @if !programme.note.is_empty() { dt { "说明" } dd { (programme.note) } }
        } }
    }
}

/// How sure a name, a code or a rule is.
fn provenance(provenance: Provenance) -> Markup {
    let class = match provenance {
        Provenance::Real => "done",
        Provenance::RealOldEdition | Provenance::Inferred => "explain",
        Provenance::Youju => "",
    };
    html! { span class={ "badge " (class) } { (provenance.label()) } }
}

fn read_in(keys: &[String], sources: &References) -> Markup {
    let titles: Vec<&str> =
        keys.iter().filter_map(|key| sources.get(key)).map(|source| source.title.as_str()).collect();
    html! { @if !titles.is_empty() { span.small.muted { " 来源:" (titles.join(";")) } } }
}

fn indicators<'f>(indicators: impl Iterator<Item = &'f Indicator>, sources: &References) -> Markup {
    html! {
        div.table-box tabindex="0" role="region" aria-label="指标" { table.table.words {
            thead { tr { th { "代码" } th { "指标" } th { "计量单位" } th { "填什么" } th { "名称来源" } th { "代码来源" } } }
            tbody { @for indicator in indicators { tr {
                td { span.code { (indicator.code) } }
                th scope="row" class={ "indent-" (indicator.level) } { (indicator.name) @if indicator.is_required { span.must { "*" } } }
                td { @if indicator.measure != Measure::None { (indicator.measure.label()) } }
                td { (kind(indicator)) }
                td { (provenance(indicator.name_provenance)) (read_in(&indicator.sources, sources)) }
                td { (provenance(indicator.code_provenance)) }
            } } }
        } }
    }
}

fn kind(indicator: &Indicator) -> Markup {
    html! { @match &indicator.kind {
        Kind::Number if indicator.decimals == 0 => "整数",
        Kind::Number => { "数值,最多 " (indicator.decimals) " 位小数" },
        Kind::Text => "文字",
        Kind::Date { may_be_open: false } => "年月 YYYYMM",
        Kind::Date { may_be_open: true } => "年月 YYYYMM,未完填 000000",
        Kind::Usci => "统一社会信用代码",
        Kind::Industry => "行业小类代码(GB/T 4754)",
        Kind::Area => "区划代码(12 位)",
        Kind::Code(codes) => details.more {
            summary { "代码(" (codes.len()) " 个)" }
            ul.small { @for (code, words) in codes { li { (code) " " (words) } } }
        },
    } }
}

fn checks(form: &Form, sources: &References) -> Markup {
    let all: Vec<&Check> = form.all_checks().collect();
    html! {
        p.muted { "共 " (all.len() + form.intrinsic_checks().len()) " 条" @if !form.later_checks().is_empty() { ",另有 " (form.later_checks().len()) " 条等待条件" } "。" }
        div.table-box tabindex="0" role="region" aria-label="审核关系" { table.table.words {
            thead { tr { th { "编号" } th { "类别" } th { "应当怎样" } th { "规则" } th { "来源" } } }
            tbody {
                @for check in all { tr {
                    th scope="row" { span.code { (check.id) } }
                    td { (part::severity(check.severity)) }
                    td { (check.message) @if !check.note.is_empty() { p.small.muted { (check.note) } } }
                    td { code.small { (check.text) } }
                    td { (provenance(check.provenance)) (read_in(&check.sources, sources)) }
                } }
                @for check in form.intrinsic_checks() { tr {
                    th scope="row" { span.code { (check.id) } }
                    td { (part::severity(check.severity)) }
                    td { (check.message) @if !check.note.is_empty() { p.small.muted { (check.note) } } }
                    td { "代码校验" }
                    td { (provenance(check.provenance)) (read_in(&check.sources, sources)) }
                } }
            }
        } }
        @if !form.later_checks().is_empty() {
            details.more { summary { "等待条件的审核关系" } ul { @for (id, reason) in form.later_checks() { li { span.code { (id) } " " (reason) } } } }
        }
    }
}
