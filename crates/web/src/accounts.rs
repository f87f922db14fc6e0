//! 账号: all accounts, for administrators: which are not used, notice to them, restoring, second factors of lost phones.

pub(crate) mod domains;

use axum::extract::{Path, RawForm, RawQuery, State};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::accounts::{self, Filter, Listed};
use youju_app::activation;
use youju_app::list::Page;
use youju_app::{Cx, identity};
use youju_domain::access::{Action, Object, decide};
use youju_domain::account::Account;
use youju_domain::activation::Standing as Activation;
use youju_domain::dormancy::{IDLE_DAYS, NOTICE_DAYS, REASON_CHARS_MIN, Standing, UNUSED_DAYS};
use youju_domain::id::PersonId;
use youju_domain::identity::SUBJECT_CHARS_MAX;
use youju_domain::{Instant, Problem};

use crate::activation::{badge as activation_badge, says as activation_says, wording_fields};
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
    let read = web.app.read(Some(signed.actor.clone()), async |cx| {
        let gaps = youju_app::domains::gaps(cx).await?;
        Ok((accounts::list(cx, &filter, page).await?, activation::count(cx).await?, gaps))
    });
    let (found, waiting, gaps) = read.await?;
    let about = format!(
        "开设 {UNUSED_DAYS} 天没有登录过、连续 {IDLE_DAYS} 天没有登录、已离岗的账号,通知本人 {NOTICE_DAYS} 天后停用;在此以前登录一次就继续有效(已离岗的除外)。"
    );
    let administers = decide(&signed.actor, Action::Administer, Object::System);
    let head = Head { about: Some(about), actions: Some(actions(waiting, administers)), ..Head::of("账号") };
    let body = html! { (domains::gaps(&gaps)) (list_view(&found, &filter, web.app.world().now(), administers)) };
    Ok(whole(&signed.frame, &head, &body))
}

/// Opening accounts, and those that wait for their letters.
fn actions((waiting, over): (u64, u64), administers: bool) -> Markup {
    html! {
        @if administers { a.button.primary href=(url::ACCOUNTS_OPEN) { "开设账号" } }
        a.button href=(url::ACCOUNTS_WAITING) {
            "待激活 " (part::count(waiting)) " 个" @if over > 0 { ",其中 " (part::count(over)) " 个的信已过期" }
        }
    }
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
                    thead { tr { th { "选" } th { "账号" } th { "姓名" } th { "角色" } th { "最近登录" } th { "第二步" } th { "状态" } th { "说明" } } }
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
        td { (second_step(&one.account)) }
        td { (badge(standing)) }
        td.wrap { (why(standing)) }
    } }
}

/// By what somebody signs in after the password.
fn second_step(account: &Account) -> Markup {
    html! { @match (account.has_phone, account.security_keys) {
        (false, 0) => "没有启用",
        (true, 0) => "动态码",
        (false, keys) => { "安全密钥 " (keys) " 把" },
        (true, keys) => { "动态码,安全密钥 " (keys) " 把" },
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
    let read = web.app.read(Some(signed.actor.clone()), async |cx| {
        let (one, tie) = (accounts::get(cx, person).await?, identity::tie_of(cx, person).await?);
        Ok((one, tie, activation::standing(cx, person).await?))
    });
    let (one, tie, activated) = read.await?;
    let title = format!("账号 {}", one.person.login);
    let crumbs = vec![("账号".into(), Some(url::ACCOUNTS.into())), (one.person.login.clone(), None)];
    let standing = one.account.life.standing(web.app.world().now());
    let head = Head { badge: Some(badge(standing)), crumbs, ..Head::of(&title) };
    let may = |action| decide(&signed.actor, action, Object::System);
    let rights @ [administers, secures] = [may(Action::Administer), may(Action::Secure)];
    let domains = youju_app::domains::label(&web.app, &one.person.domains);
    let main = html! {
        (page_view(&one, (activated, &domains), standing, rights))
        (letter_view(&one, activated, rights, web.app.address()))
        @if administers && one.person.role.is_officer() {
            (domains::form(&one.person, &youju_app::domains::all(&web.app)))
        }
        @if tie.is_some() || web.app.identity().is_some() { (identity_view(person, tie.is_some(), secures)) }
    };
    Ok(whole(&signed.frame, &head, &main))
}

/// Printing the letter of a new account is for whoever opens accounts; taking a lost password away for whoever gives access back.
fn letter_view(
    one: &Listed,
    activated: Option<(Activation, Action)>,
    [administers, secures]: [bool; 2],
    site: &str,
) -> Markup {
    let person = &one.person;
    let is_new = activated
        .is_some_and(|(standing, issuer)| !matches!(standing, Activation::Done { .. }) && issuer == Action::Administer);
    html! {
        @if is_new && administers { form.card.narrow method="post" action=(url::ACCOUNTS_LETTERS) data-download {
            h2 { "打印激活信" }
            input type="hidden" name="person" value=(person.id);
            (wording_fields(site))
            p.hint { "激活码只印在信上,印过就不能再看;重新打印一封,原来那封随即作废。" }
            div.form-actions { button.button type="submit" { "打印激活信" } }
        } }
        @if !is_new && secures && !person.role.keeps_the_system() { form.card.narrow method="post" action=(url::account_act(person.id, "reset-password")) data-download {
            h2 { "重置密码" }
            div.field {
                label for="lost" { "原因" }
                input #lost name="reason" required minlength=(REASON_CHARS_MIN) maxlength="200" aria-describedby="lost-help";
                p.help #lost-help { "本人忘记密码时办理,请先核实是本人。原来的密码随即失效,各处的登录都退出;本人凭信上的一次性激活码设置新密码。" }
            }
            (wording_fields(site))
            div.form-actions { button.button type="submit" { "重置并打印激活信" } }
        } }
    }
}

fn page_view(
    one: &Listed,
    (activated, domains): (Option<(Activation, Action)>, &str),
    standing: Standing,
    [administers, secures]: [bool; 2],
) -> Markup {
    let (person, life) = (&one.person, &one.account.life);
    html! {
        section.card.narrow { dl.facts {
            dt { "姓名" } dd { (person.name) }
            dt { "角色" } dd { (person.role.label()) }
            dt { "区划" } dd { (youju_codes::area::name(&person.area).unwrap_or(person.area.as_str())) }
            @if person.role.is_officer() { dt { "分管专业" } dd { (domains) } }
            dt { "开设" } dd { @match life.made_at { Some(at) => (part::instant(at)), None => "不明" } }
            dt { "最近登录" } dd { @match life.used_at { Some(at) => (part::instant(at)), None => "没有登录过" } }
            @if let Some(at) = life.restored_at { dt { "最近恢复" } dd { (part::instant(at)) } }
            dt { "登录的第二步" } dd { (second_step(&one.account)) }
            @if let Some((activation, _)) = activated { dt { "激活" } dd { (activation_badge(activation)) " " (activation_says(activation)) } }
            dt { "状态" } dd { (standing.label()) @if standing != Standing::InUse { ":" (why(standing)) } }
        } }
        @if secures && standing != Standing::InUse {
            (reason_form(&url::account_act(person.id, "restore"), "恢复使用", "本人申诉的理由,或者核实的情况;本人和日志中都能看到。", "restore"))
        }
        @if secures && one.account.has_second_factor() {
            (reason_form(&url::account_act(person.id, "reset-factor"), "重置动态码和安全密钥", "手机、安全密钥和恢复码都丢失时办理,请先核实是本人。重置后都不再有效,本人在各处的登录都退出,会收到消息。", "reset"))
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

fn identity_view(person: PersonId, is_tied: bool, secures: bool) -> Markup {
    html! { section.card.narrow {
        h2 { "统一身份" }
        p { @if is_tied { "已绑定。" } @else { "没有绑定。" } }
        @if secures && is_tied {
            (part::post_button(&url::account_act(person, "untie"), "解除绑定", "danger", Some("这个账号不能再用统一身份认证平台登录,本人会收到消息。确定吗?")))
        } @else if secures {
            form method="post" action=(url::account_act(person, "tie")) {
                div.field {
                    label for="subject" { "在统一身份认证平台上的标识" }
                    input #subject name="subject" required maxlength=(SUBJECT_CHARS_MAX) autocomplete="off" aria-describedby="subject-help";
                    p.help #subject-help { "由平台的管理方提供,一字不差。请先核实是本人;绑定后本人会收到消息,标识不会显示出来。" }
                }
                div.form-actions { button.button type="submit" { "绑定" } }
            }
        }
    } }
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
    let reset = async |cx: &mut Cx<'_>| youju_app::second_factor::reset(cx, person, &typed.reason).await;
    web.app.write(Some(signed.actor), reset).await?;
    Ok(see(&url::account_of(person), "factor_reset"))
}

#[derive(Deserialize)]
struct Subject {
    #[serde(default)]
    subject: String,
}

/// Ties somebody's account to an identity platform.
pub(crate) async fn tie(State(web): State<Web>, signed: Signed, path: Path<String>, RawForm(body): RawForm) -> Answer {
    let (person, typed): (PersonId, Subject) = (id(path)?, read(&String::from_utf8_lossy(&body))?);
    let tie = async |cx: &mut Cx<'_>| identity::tie_somebody(cx, person, &typed.subject).await;
    web.app.write(Some(signed.actor), tie).await?;
    Ok(see(&url::account_of(person), "account_tied"))
}

/// Unties it.
pub(crate) async fn untie(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let person: PersonId = id(path)?;
    web.app.write(Some(signed.actor), async |cx| identity::untie_somebody(cx, person).await).await?;
    Ok(see(&url::account_of(person), "account_untied"))
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
