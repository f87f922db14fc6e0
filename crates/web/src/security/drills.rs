//! 预案和演练: the plan in its versions, drills, and what is to be done.

use axum::extract::{Multipart, Path, RawForm, State};
use axum::response::Redirect;
use maud::{Markup, html};
use youju_app::security::drill::{self, Drills, TypedDrill, TypedIssue, TypedPlan};
use youju_domain::id::{DrillId, IssueId};
use youju_domain::security::drill::{Drill, Issue, KeptFile, Outcome, Plan, Source};
use youju_domain::security::{NAME_CHARS_MAX, WORDS_CHARS_MAX};

use super::{Sent, lines, number, receive, tabs, to, writes};
use crate::attachment::answer;
use crate::fields::Fields;
use crate::request::{Answer, Signed, id, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// Everything about drills.
pub(crate) async fn page(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    let found = web.app.read(Some(signed.actor.clone()), async |cx| drill::list(cx).await).await?;
    let writes = writes(&signed);
    let head = Head {
        about: Some("每年至少演练一次;演练以后评估预案,修订或写明不修订的原因;发现的问题逐个销号。预案和演练登记后不能修改,只能接着登记。".into()),
        ..Head::of("预案和演练")
    };
    let main = html! {
        (tabs(&signed, url::SECURITY_DRILLS))
        (plans(&found))
        (drills(&found, writes))
        h2 #issues { "问题清单" }
        (issues(&found.issues, &found, writes))
        @if writes { div.columns { (plan_form(&found)) @if !found.plans.is_empty() { (drill_form()) } } }
    };
    Ok(whole(&signed.frame, &head, &main))
}

fn link(file: Option<&KeptFile>) -> Markup {
    html! { @if let Some(file) = file { a href=(url::security_file(&file.hash)) { (file.name) } } }
}

fn plans(found: &Drills) -> Markup {
    html! {
        h2 { "应急预案" }
        @if found.plans.is_empty() { (part::empty("还没有应急预案", "请安全管理员登记第一版:写上正文或上传文件。")) }
        @for (index, plan) in found.plans.iter().enumerate() {
            details.more open[index == 0] {
                summary { "第 " (plan.number) " 版 " (plan.title) " · 自 " (plan.in_force) " 起 · " (plan.by.name) " " (part::instant(plan.by.at)) }
                section.card {
                    dl.facts {
                        @if !plan.change.is_empty() { dt { "修订说明" } dd { (lines(&plan.change)) } }
                        @if let Some(drill) = after(plan, found) { dt { "根据演练" } dd { (drill.held_on) " " (first_line(&drill.scenario)) } }
                        @if plan.file.is_some() { dt { "文件" } dd { (link(plan.file.as_ref())) } }
                    }
                    @if !plan.body.is_empty() { p { (lines(&plan.body)) } }
                }
            }
        }
    }
}

fn after<'f>(plan: &Plan, found: &'f Drills) -> Option<&'f Drill> {
    plan.after.and_then(|id| found.drills.iter().find(|drill| drill.id == id))
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn drills(found: &Drills, writes: bool) -> Markup {
    html! {
        h2 { "演练" }
        @if found.drills.is_empty() { (part::empty("还没有登记过演练", "按预案演练以后,请登记情景、参加人员和评估结果。")) }
        @for drill in &found.drills { section.card {
            div.card-head { h3 { (drill.held_on) " 演练" } (outcome(drill.outcome(&found.plans))) }
            dl.facts {
                dt { "依据" } dd { @if let Some(plan) = found.plans.iter().find(|plan| plan.id == drill.plan) { "第 " (plan.number) " 版预案" } }
                dt { "情景" } dd { (lines(&drill.scenario)) }
                dt { "参加人员" } dd { (lines(&drill.people)) }
                dt { "评估结果" } dd { (lines(&drill.finding)) }
                @if drill.file.is_some() { dt { "记录" } dd { (link(drill.file.as_ref())) } }
                @if !drill.unchanged.is_empty() { dt { "不修订预案的原因" } dd { (lines(&drill.unchanged)) } }
                dt { "登记" } dd { (drill.by.name) " " (part::instant(drill.by.at)) }
            }
            @if writes { div.columns {
                (issue_form(drill))
                @if drill.outcome(&found.plans) == Outcome::Open { (leave_form(drill)) }
            } }
        } }
    }
}

fn outcome(outcome: Outcome) -> Markup {
    html! { @match outcome {
        Outcome::Open => span.badge.explain { "预案待评估" },
        Outcome::Revised(number) => span.badge.done { "已修订为第 " (number) " 版" },
        Outcome::Unchanged => span.badge.done { "预案不需要修订" },
    } }
}

fn issue_form(drill: &Drill) -> Markup {
    let name = |field: &str| format!("{field}-{}", drill.id);
    html! { form method="post" action=(url::drill_issues(drill.id)) {
        h4 { "登记整改措施" }
        div.field { label for=(name("words")) { "要做什么" } input id=(name("words")) name="words" required maxlength=(WORDS_CHARS_MAX) autocomplete="off"; }
        div.field { label for=(name("owner")) { "责任人" } input id=(name("owner")) name="owner" maxlength=(NAME_CHARS_MAX) autocomplete="off"; }
        div.field { label for=(name("due")) { "期限" } input id=(name("due")) name="due_on" type="date"; }
        div.form-actions { button.button type="submit" { "登记措施" } }
    } }
}

fn leave_form(drill: &Drill) -> Markup {
    let name = format!("reason-{}", drill.id);
    html! { form method="post" action=(url::drill_leave(drill.id)) {
        h4 { "预案不需要修订" }
        div.field { label for=(name) { "原因" } input id=(name) name="reason" required maxlength=(WORDS_CHARS_MAX) autocomplete="off"; }
        div.form-actions { button.button type="submit" { "写明不修订" } }
    } }
}

fn from(issue: &Issue, found: &Drills) -> String {
    match issue.source {
        Source::Drill(id) => {
            let drill = found.drills.iter().find(|drill| drill.id == id);
            drill.map_or_else(|| "演练".to_owned(), |drill| format!("{} 演练", drill.held_on))
        }
        Source::SelfCheck(_) => format!("自查 {}", issue.requirement),
    }
}

/// Issues, each with the form that strikes it off.
fn issues(issues: &[Issue], found: &Drills, writes: bool) -> Markup {
    html! {
        @if issues.is_empty() { p { "没有登记过问题。" } }
        @else {
            div.table-head { span.table-count { "共 " (part::count(number(issues.len()))) " 个" } }
            div.table-box tabindex="0" role="region" aria-label="问题清单" { table.table {
                thead { tr { th { "问题和措施" } th { "来源" } th { "责任人" } th { "期限" } th { "处理" } } }
                tbody { @for one in issues { tr {
                    th.wrap scope="row" { (one.words) }
                    td { (from(one, found)) }
                    td { (one.owner) }
                    td { @if let Some(due) = one.due_on { (due) " " @if one.is_overdue(found.today) { span.badge.error { "已过期限" } } } }
                    td.wrap { (done(one, writes)) }
                } } }
            } }
        }
    }
}

fn done(one: &Issue, writes: bool) -> Markup {
    let name = format!("done-{}", one.id);
    html! {
        @if let Some((words, by)) = &one.done { span.badge.done { "已销号" } " " (words) " · " (by.name) " " (part::instant(by.at)) }
        @else if writes {
            details.more { summary { "销号" } form method="post" action=(url::issue_strike(one.id)) {
                div.field { label for=(name) { "怎样处理的" } input id=(name) name="done" required maxlength=(WORDS_CHARS_MAX) autocomplete="off"; }
                button.button.small type="submit" { "销号" }
            } }
        } @else { span.badge.explain { "没有销号" } }
    }
}

fn plan_form(found: &Drills) -> Markup {
    let next = found.plans.first().map_or(1, |plan| plan.number + 1);
    let open: Vec<&Drill> = found.drills.iter().filter(|drill| drill.outcome(&found.plans) == Outcome::Open).collect();
    html! { section.card { h2 { "登记预案第 " (next) " 版" } form method="post" action=(url::SECURITY_PLANS) enctype="multipart/form-data" {
        div.field { label for="title" { "名称" } input #title name="title" required maxlength=(NAME_CHARS_MAX) autocomplete="off"; }
        div.field { label for="body" { "正文(上传文件的可不填)" } textarea #body name="body" maxlength=(WORDS_CHARS_MAX) {} }
        div.field { label for="plan-file" { "文件" } input #plan-file name="file" type="file"; }
        div.field { label for="in_force" { "生效日期(不填为今天)" } input #in_force name="in_force" type="date"; }
        div.field { label for="change" { "修订说明" @if next == 1 { "(第一版可不填)" } } textarea #change name="change" required[next > 1] maxlength=(WORDS_CHARS_MAX) {} }
        @if !open.is_empty() { div.field { label for="after" { "根据哪次演练" } select #after name="after" {
            option value="" { "与演练无关" }
            @for drill in open { option value=(drill.id) { (drill.held_on) " " (first_line(&drill.scenario)) } }
        } } }
        div.form-actions { button.button.primary type="submit" { "登记预案" } }
    } } }
}

fn drill_form() -> Markup {
    html! { section.card { h2 { "登记演练" } form method="post" action=(url::SECURITY_DRILLS) enctype="multipart/form-data" {
        div.field { label for="held_on" { "演练日期" } input #held_on name="held_on" type="date" required; }
        div.field { label for="scenario" { "情景" } textarea #scenario name="scenario" required maxlength=(WORDS_CHARS_MAX) {} }
        div.field { label for="people" { "参加人员" } textarea #people name="people" required maxlength=(WORDS_CHARS_MAX) {} }
        div.field { label for="finding" { "评估结果" } textarea #finding name="finding" required maxlength=(WORDS_CHARS_MAX) {} }
        div.field { label for="drill-file" { "记录(照片、签到表)" } input #drill-file name="file" type="file"; }
        div.form-actions { button.button.primary type="submit" { "登记演练" } }
    } } }
}

/// Enters a version of the plan.
pub(crate) async fn add_plan(State(web): State<Web>, signed: Signed, multipart: Multipart) -> Answer {
    super::must_write(&signed)?;
    let Sent { fields, looked } = receive(&web, multipart).await?;
    let after = match fields.get("after") {
        "" => None,
        text => Some(id(Path(text.to_owned()))?),
    };
    let typed = TypedPlan {
        title: fields.get("title").to_owned(),
        body: fields.get("body").to_owned(),
        in_force: fields.day("in_force")?,
        change: fields.get("change").to_owned(),
        after,
    };
    web.app.write(Some(signed.actor), async |cx| drill::add_plan(cx, typed, looked).await).await?;
    Ok(see(url::SECURITY_DRILLS, "security_kept"))
}

/// Enters a drill.
pub(crate) async fn add(State(web): State<Web>, signed: Signed, multipart: Multipart) -> Answer {
    super::must_write(&signed)?;
    let Sent { fields, looked } = receive(&web, multipart).await?;
    let typed = TypedDrill {
        held_on: fields.must_day("held_on", "演练日期")?,
        scenario: fields.get("scenario").to_owned(),
        people: fields.get("people").to_owned(),
        finding: fields.get("finding").to_owned(),
    };
    web.app.write(Some(signed.actor), async |cx| drill::add(cx, typed, looked).await).await?;
    Ok(see(url::SECURITY_DRILLS, "security_kept"))
}

/// Says why the plan stays as it is.
pub(crate) async fn leave(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let (wanted, fields): (DrillId, Fields) = (id(path)?, Fields::read(&body)?);
    let reason = fields.get("reason");
    web.app.write(Some(signed.actor), async |cx| drill::leave_plan(cx, wanted, reason).await).await?;
    Ok(see(url::SECURITY_DRILLS, "security_kept"))
}

/// Enters what has to be done after a drill.
pub(crate) async fn add_issue(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let (wanted, fields): (DrillId, Fields) = (id(path)?, Fields::read(&body)?);
    let typed = TypedIssue {
        words: fields.get("words").to_owned(),
        owner: fields.get("owner").to_owned(),
        due_on: fields.day("due_on")?,
    };
    web.app.write(Some(signed.actor), async |cx| drill::add_issue(cx, wanted, typed).await).await?;
    Ok(see(url::SECURITY_DRILLS, "security_kept"))
}

/// Strikes an issue off.
pub(crate) async fn strike(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let (wanted, fields): (IssueId, Fields) = (id(path)?, Fields::read(&body)?);
    let done = fields.get("done");
    web.app.write(Some(signed.actor), async |cx| drill::strike_off(cx, wanted, done).await).await?;
    Ok(see(url::SECURITY_DRILLS, "issue_struck_off"))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_signed: Signed) -> Redirect {
    to(url::SECURITY_DRILLS)
}

/// A file of a plan or a drill; the journal says who fetched it.
pub(crate) async fn file(State(web): State<Web>, signed: Signed, Path(hash): Path<String>) -> Answer {
    let fetched = web.app.write(Some(signed.actor), async |cx| drill::fetch(cx, &hash).await).await?;
    Ok(answer(fetched, false))
}
