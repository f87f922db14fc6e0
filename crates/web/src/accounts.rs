//! 账号: all accounts, for administrators: which are not used, notice to them, restoring, second factors of lost phones.

use axum::extract::{Path, RawForm, RawQuery, State};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::accounts::{self, Filter, Listed};
use youju_app::list::Page;
use youju_domain::access::{Action, Object, decide};
use youju_domain::dormancy::{IDLE_DAYS, NOTICE_DAYS, REASON_CHARS_MIN, Standing, UNUSED_DAYS};
use youju_domain::id::PersonId;
use youju_domain::{Instant, Problem};

use crate::limits::PAGE_ROWS;
use crate::register::page_request;
use crate::request::{Answer, Signed, id, query, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// What may be asked for, with the words of the list.
const STANDINGS: [(&str, &str); 4] =
    [("", "全部"), ("dormant", "待通知"), ("noticed", "已通知"), ("suspended", "已停用")];

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    standing: String,
    #[serde(default)]
    page: i64,
}

/// All accounts.
pub(crate) async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let (filter, page) = (Filter { search: asked.search, standing: asked.standing }, page_request(asked.page));
    let found = web.app.read(Some(signed.actor.clone()), async |cx| accounts::list(cx, &filter, page).await).await?;
    let about = format!(
        "开设 {UNUSED_DAYS} 天没有登录过、连续 {IDLE_DAYS} 天没有登录、已离岗的账号,通知本人 {NOTICE_DAYS} 天后停用;在此以前登录一次就继续有效(已离岗的除外)。"
    );
    let head = Head { about: Some(about), ..Head::of("账号") };
    let administers = decide(&signed.actor, Action::Administer, Object::System);
    Ok(whole(&signed.frame, &head, &list_view(&found, &filter, web.app.world().now(), administers)))
}

fn list_view(found: &Page<Listed>, filter: &Filter, now: Instant, administers: bool) -> Markup {
    let has_dormant =
        administers && found.rows.iter().any(|one| matches!(one.account.life.standing(now), Standing::Dormant(_)));
    html! {
        form.filters action=(url::ACCOUNTS) role="search" aria-label="查找账号" {
            div.field { label for="account-search" { "账号或姓名" } input #account-search name="search" value=(filter.search); }
            div.field { label for="standing" { "状态" } select #standing name="standing" {
                @for (key, word) in STANDINGS { option value=(key) selected[filter.standing == key] { (word) } }
            } }
            button.button type="submit" { "查找" }
        }
        @if found.rows.is_empty() { (part::empty("没有这样的账号", "请换一个条件。")) }
        @else {
            form method="post" action=(url::ACCOUNTS_NOTICE) {
                div.table-head {
                    (part::shown(found))
                    @if has_dormant { button.button.small type="submit" { "通知选中的账号" } }
                }
                div.table-box tabindex="0" role="region" aria-label="账号清单" { table.table {
                    thead { tr { th { "选" } th { "账号" } th { "姓名" } th { "角色" } th { "最近登录" } th { "动态码" } th { "状态" } th { "说明" } } }
                    tbody { @for one in &found.rows { (row(one, now)) } }
                } }
            }
            (part::pager(found, url::ACCOUNTS, &[("search", &filter.search), ("standing", &filter.standing)], PAGE_ROWS.unsigned_abs()))
        }
    }
}

fn row(one: &Listed, now: Instant) -> Markup {
    let (person, life) = (&one.person, &one.account.life);
    let standing = life.standing(now);
    html! { tr {
        td { @if matches!(standing, Standing::Dormant(_)) {
            input type="checkbox" name="person" value=(person.id) aria-label={ "选中 " (person.login) };
        } }
        th scope="row" { a href=(url::account_of(person.id)) { (person.login) } }
        td { (person.name) }
        td { (person.role.label()) }
        td { @match life.used_at { Some(at) => (part::instant(at)), None => "没有登录过" } }
        td { @if one.account.has_second_factor { "已启用" } @else { "没有启用" } }
        td { (badge(standing)) }
        td.wrap { (why(standing)) }
    } }
}

fn badge(standing: Standing) -> Markup {
    let class = match standing {
        Standing::InUse => "done",
        Standing::Dormant(_) | Standing::Noticed { .. } => "explain",
        Standing::Suspended { .. } => "error",
    };
    html! { span class={ "badge " (class) } { (standing.label()) } }
}

fn why(standing: Standing) -> Markup {
    html! { @match standing {
        Standing::InUse => {},
        Standing::Dormant(why) => (why.label()),
        Standing::Noticed { why, until } => { (why.label()) ",将于 " (part::instant(until)) " 停用" },
        Standing::Suspended { why, since } => { (why.label()) ",停用于 " (part::instant(since)) },
    } }
}

/// One account, and what can be done about it.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let person: PersonId = id(path)?;
    let one = web.app.read(Some(signed.actor.clone()), async |cx| accounts::get(cx, person).await).await?;
    let title = format!("账号 {}", one.person.login);
    let crumbs = vec![("账号".into(), Some(url::ACCOUNTS.into())), (one.person.login.clone(), None)];
    let standing = one.account.life.standing(web.app.world().now());
    let head = Head { badge: Some(badge(standing)), crumbs, ..Head::of(&title) };
    let may = |action| decide(&signed.actor, action, Object::System);
    Ok(whole(&signed.frame, &head, &page_view(&one, standing, [may(Action::Administer), may(Action::Secure)])))
}

fn page_view(one: &Listed, standing: Standing, [administers, secures]: [bool; 2]) -> Markup {
    let (person, life) = (&one.person, &one.account.life);
    html! {
        section.card.narrow { dl.facts {
            dt { "姓名" } dd { (person.name) }
            dt { "角色" } dd { (person.role.label()) }
            dt { "区划" } dd { (youju_codes::area::name(&person.area).unwrap_or(person.area.as_str())) }
            dt { "开设" } dd { @match life.made_at { Some(at) => (part::instant(at)), None => "不明" } }
            dt { "最近登录" } dd { @match life.used_at { Some(at) => (part::instant(at)), None => "没有登录过" } }
            @if let Some(at) = life.restored_at { dt { "最近恢复" } dd { (part::instant(at)) } }
            dt { "动态码" } dd { @if one.account.has_second_factor { "已启用" } @else { "没有启用" } }
            dt { "状态" } dd { (standing.label()) @if standing != Standing::InUse { ":" (why(standing)) } }
        } }
        @if secures && standing != Standing::InUse {
            (reason_form(&url::account_act(person.id, "restore"), "恢复使用", "本人申诉的理由,或者核实的情况;本人和日志中都能看到。", "restore"))
        }
        @if secures && one.account.has_second_factor {
            (reason_form(&url::account_act(person.id, "reset-factor"), "重置动态码", "手机和恢复码都丢失时办理,请先核实是本人。重置后本人在各处的登录都退出,会收到消息。", "reset"))
        }
        @if administers { form.card.narrow method="post" action=(url::account_act(person.id, "post")) {
            h2 { "离岗" }
            div.field {
                label for="last" { "在岗的最后一天" }
                input #last name="last" type="date" value=[life.post_ends_on] aria-describedby="last-help";
                p.help #last-help { "过了这一天,账号列入“待通知”。不填为继续在岗。" }
            }
            div.form-actions { button.button type="submit" { "保存" } }
        } }
    }
}

fn reason_form(action: &str, word: &str, help: &str, field: &str) -> Markup {
    html! {
        form.card.narrow method="post" action=(action) {
            h2 { (word) }
            div.field {
                label for=(field) { "原因" }
                input id=(field) name="reason" required minlength=(REASON_CHARS_MIN) maxlength="200" aria-describedby={ (field) "-help" };
                p.help id={ (field) "-help" } { (help) }
            }
            div.form-actions { button.button type="submit" { (word) } }
        }
    }
}

/// Gives notice to those who were chosen.
pub(crate) async fn notice(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    let pairs: Vec<(String, String)> = read(&String::from_utf8_lossy(&body))?;
    let chosen = pairs.into_iter().filter(|(name, _)| name == "person").map(|(_, value)| value.parse());
    let people: Vec<PersonId> = chosen.collect::<Result<_, _>>().map_err(|_| crate::request::damaged())?;
    if people.is_empty() {
        return Err(Problem::BadInput { reason: "没有选中任何账号。".into() }.into());
    }
    web.app.write(Some(signed.actor), async |cx| accounts::notice(cx, &people).await).await?;
    Ok(see(&url::with_query(url::ACCOUNTS, &[("standing", "noticed")]), "accounts_noticed"))
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

/// Restores an account.
pub(crate) async fn restore(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let (person, typed): (PersonId, Reason) = (id(path)?, read(&String::from_utf8_lossy(&body))?);
    web.app.write(Some(signed.actor), async |cx| accounts::restore(cx, person, &typed.reason).await).await?;
    Ok(see(&url::account_of(person), "account_restored"))
}

/// Takes somebody's second factor away.
pub(crate) async fn reset_factor(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let (person, typed): (PersonId, Reason) = (id(path)?, read(&String::from_utf8_lossy(&body))?);
    let reset = async |cx: &mut youju_app::Cx<'_>| youju_app::second_factor::reset(cx, person, &typed.reason).await;
    web.app.write(Some(signed.actor), reset).await?;
    Ok(see(&url::account_of(person), "factor_reset"))
}

#[derive(Deserialize)]
struct Last {
    #[serde(default)]
    last: String,
}

/// Notes the end of a post.
pub(crate) async fn end_post(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let (person, typed): (PersonId, Last) = (id(path)?, read(&String::from_utf8_lossy(&body))?);
    let bad =
        |_| Problem::BadInput { reason: format!("日期应写成 2026-03-31 的样子,现为“{}”。", typed.last) };
    let last = if typed.last.is_empty() { None } else { Some(typed.last.parse().map_err(bad)?) };
    web.app.write(Some(signed.actor), async |cx| accounts::end_post(cx, person, last).await).await?;
    Ok(see(&url::account_of(person), "saved"))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_: Signed, path: Path<String>) -> Answer<axum::response::Redirect> {
    let person: PersonId = id(path)?;
    Ok(axum::response::Redirect::to(&url::account_of(person)))
}

/// The same for the list.
pub(crate) async fn back_to_list(_: Signed) -> axum::response::Redirect {
    axum::response::Redirect::to(url::ACCOUNTS)
}
