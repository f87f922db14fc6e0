//! Rule laboratory 规则实验室: how checks have fared, what is odd about them, what a changed one would say.

use axum::extract::{RawForm, RawQuery, State};
use axum::response::IntoResponse;
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::laboratory::{Changed, EXAMPLES_MAX, Example, Fared, Laboratory};
use youju_programme::{Form, Remark};

use crate::request::{Answer, Signed, query, read};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    form: String,
    /// Rules that shall be tried.
    #[serde(default)]
    rules: String,
}

/// The laboratory of one form.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    show(&web, &signed, asked).await
}

/// Tries rules; nothing is kept, so the answer is a page and not another address.
pub(crate) async fn try_rules(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    let asked: Asked = read(&String::from_utf8_lossy(&body))?;
    Ok(show(&web, &signed, asked).await?.into_response())
}

async fn show(web: &Web, signed: &Signed, asked: Asked) -> Answer<Markup> {
    let forms: Vec<&Form> = web.app.programmes().values().flat_map(youju_programme::Programme::forms).collect();
    let code = if asked.form.is_empty() { forms.first().map_or("", |form| &form.code) } else { &asked.form };
    let form = web.app.form(code)?;
    let rules = asked.rules.trim();
    let tried = (!rules.is_empty()).then_some(rules);
    let looked =
        web.app.read(Some(signed.actor.clone()), async |cx| youju_app::laboratory::look(cx, code, tried).await).await?;
    let remarks = form.remarks();
    let head = Head {
        about: Some("审核关系在已上报的报表上表现如何;新增或修改一条之前,先在这里试审。试审不改动任何数据。".into()),
        ..Head::of("规则实验室")
    };
    let main = html! {
        form.filters action=(url::LABORATORY) {
            div.field { label for="form" { "报表" } select #form name="form" {
                @for other in &forms { option value=(other.code) selected[other.code == form.code] { (other.title()) } }
            } }
            button.button type="submit" { "查看" }
        }
        (looked_at(&looked))
        (try_form(form, rules))
        @if let Some(changed) = &looked.changed { (changes(changed)) }
        (fared(&looked.checks))
        (oddities(&remarks))
    };
    Ok(whole(&signed.frame, &head, &main))
}

fn looked_at(looked: &Laboratory) -> Markup {
    html! {
        @match looked.periods {
            Some((first, last)) => p.muted {
                "本辖区已上报 " (looked.reports) " 份(" (looked.units) " 个单位," (first.label()) "至" (last.label()) ")。"
            },
            None => p.notice.todo { "本辖区还没有已上报的这张表,下面只有对审核关系本身的分析。" },
        }
    }
}

fn try_form(form: &Form, rules: &str) -> Markup {
    html! {
        form.card method="post" action=(url::LABORATORY) {
            h2 { "试审" }
            input type="hidden" name="form" value=(form.code);
            div.field {
                label for="rules" { "审核公式,一行一条;或一个 VTL 规则集。编号与现有的相同,就与现有的比较。" }
                textarea #rules name="rules" rows="4" spellcheck="false" placeholder="X1: [301,1] >= [302,1] | C | 营业收入应不小于主营业务收入" { (rules) }
            }
            div.form-actions { button.button.primary type="submit" { "试审" } }
        }
    }
}

fn changes(changed: &Changed) -> Markup {
    html! {
        section.stack aria-label="试审结果" {
            h2 { "试审结果" }
            (fared_table(&changed.checks))
            (examples("新增的不通过", &changed.gained))
            (examples("不再报出的", &changed.lost))
        }
    }
}

fn examples(title: &str, (count, shown): &(u64, Vec<Example>)) -> Markup {
    html! {
        h3 { (title) " " (count) " 处" }
        @if *count > u64::try_from(EXAMPLES_MAX).unwrap_or(u64::MAX) { p.muted { "显示前 " (EXAMPLES_MAX) " 处。" } }
        @if !shown.is_empty() {
            ul.list { @for example in shown { li { div.main {
                a href=(url::report(example.report)) { (example.unit_name) " " (example.period.cumulative_label()) }
                p.about { span.code { (example.finding) } " " (example.sentence) }
            } } } }
        }
    }
}

fn fared(checks: &[Fared]) -> Markup {
    let silent = checks.iter().filter(|check| check.failed + check.mended == 0).count();
    html! {
        section.stack aria-label="审核关系的表现" {
            h2 { "审核关系的表现" }
            p.muted { "共 " (checks.len()) " 条,其中 " (silent) " 条从未报出。误报:不通过而数据未改、经说明后验收;命中:初次上报不通过、后来改正。" }
            (fared_table(checks))
        }
    }
}

fn fared_table(checks: &[Fared]) -> Markup {
    let mut sorted: Vec<&Fared> = checks.iter().collect();
    sorted.sort_by_key(|check| std::cmp::Reverse(check.failed + check.mended));
    html! {
        div.table-box tabindex="0" role="region" aria-label="审核关系" { table.table.words {
            thead { tr {
                th { "编号" } th { "类别" } th { "应当怎样" } th.num { "可审份数" } th.num { "不通过" } th.num { "误报" } th.num { "命中" } th.num { "误报率" }
            } }
            tbody { @for check in sorted { tr {
                th scope="row" { span.code { (check.check) } }
                td { (part::severity(check.severity)) }
                td { (check.message) }
                @for number in [check.tested, check.failed, check.accepted, check.mended] { td.num { @if number > 0 { (number) } } }
                td.num { (share(check.false_alarms())) }
            } } }
        } }
    }
}

/// A share in whole percent, rounded half up; nothing out of nothing.
fn share((part, all): (u64, u64)) -> String {
    if all == 0 { String::new() } else { format!("{}%", (part * 200 + all) / (all * 2)) }
}

fn oddities(remarks: &[Remark]) -> Markup {
    html! {
        section.stack aria-label="对规则本身的分析" {
            h2 { "对规则本身的分析" }
            @if remarks.is_empty() { p.muted { "没有发现矛盾、多余或永远不会报出的审核关系。" } }
            @for remark in remarks { pre.excerpt { (remark.told) } }
        }
    }
}
