//! 激活: the page on which somebody shows the code of their letter and chooses a password; and, for administrators, the accounts that
//! wait for it with their letters.

use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::activation::{self, Filter, Typed, Waiting};
use youju_app::list::{Page, PageRequest};
use youju_domain::access::{Action, Object, Role, decide};
use youju_domain::activation::{
    CONTACT_CHARS, LETTERS_MAX, SITE_CHARS_MAX, Standing, TERM_DAYS, Wording, groups, read_code,
};
use youju_domain::id::PersonId;
use youju_domain::{Instant, password};

use crate::access::arrive;
use crate::fields::Fields;
use crate::limits::PAGE_ROWS;
use crate::register::page_request;
use crate::request::{Answer, Refusal, Signed, Visitor, damaged, id, query};
use crate::ui::frame::{Head, Refused, bare, page as whole, why};
use crate::ui::part;
use crate::{Web, download, url};

/// The page at which everybody may knock.
pub(crate) async fn form() -> Markup {
    door(&Fields::none(), None)
}

/// Shows a code.
pub(crate) async fn activate(State(web): State<Web>, visitor: Visitor, RawForm(body): RawForm) -> Answer {
    let fields = Fields::read(&body)?;
    let [login, code, name] = ["login", "code", "name"].map(|name| fields.get(name).to_owned());
    // What is chosen is taken as it is, with its blanks.
    let [new, again] = ["new", "again"].map(|name| fields.exact(name).to_owned());
    let typed = Typed { login, code, name, new, again };
    let entered = arrive(&web, &visitor, async |browser| activation::activate(&web.app, typed, browser).await);
    match entered.await? {
        Ok(arrived) => arrived.go(&web, ""),
        Err(error) => {
            let (status, refused) = Refusal::from(error).told();
            Ok((status, door(&fields, Some(&refused))).into_response())
        }
    }
}

fn door(typed: &Fields, wrong: Option<&Refused>) -> Markup {
    let code = read_code(typed.get("code")).map_or(typed.get("code").to_owned(), |code| groups(&code).join(" "));
    let main = html! {
        div.sign-in {
            h1 { "激活账号" }
            p.muted { "请照激活信填写。激活码只能用一次;设好密码以后,用账号和密码登录。" }
            @if let Some(refused) = wrong { (why(refused)) }
            form method="post" action=(url::ACTIVATE) {
                div.field { label for="login" { "账号" } input #login name="login" value=(typed.get("login")) autocomplete="username" required autofocus; }
                div.field {
                    label for="code" { "激活码" }
                    input #code name="code" value=(code) autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="60" required data-from-fragment aria-describedby="code-help";
                    p.help #code-help { "7 组,每组 4 个大写字母或数字 2 至 7;空格和短横可有可无。扫信上的码打开这一页的,已经填好。" }
                }
                div.field {
                    label for="name" { "姓名(信上没有写姓名的才填)" }
                    input #name name="name" value=(typed.get("name")) autocomplete="name" maxlength="40";
                }
                div.field {
                    label for="new" { "设置密码" }
                    input #new name="new" type="password" autocomplete="new-password" maxlength=(password::CHARS_MAX) required aria-describedby="new-help";
                    p.help #new-help { (password::rules(Role::Statistician)) "统计机构人员不少于 10 个字符。" }
                }
                div.field { label for="again" { "再输入一次密码" } input #again name="again" type="password" autocomplete="new-password" maxlength=(password::CHARS_MAX) required; }
                div.form-actions { button.button.primary type="submit" { "激活" } a.button href=(url::SIGN_IN) { "已激活,去登录" } }
            }
        }
    };
    bare("激活账号", &main)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    standing: String,
    #[serde(default)]
    page: i64,
}

/// What may be asked for, with the words of the list.
const STANDINGS: [(&str, &str); 4] = [("", "全部"), ("unsent", "待发信"), ("sent", "待激活"), ("run_out", "已过期")];

/// The accounts that are not activated.
pub(crate) async fn waiting(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let (filter, page) = (Filter { search: asked.search, standing: asked.standing }, page_request(asked.page));
    let found =
        web.app.read(Some(signed.actor.clone()), async |cx| activation::waiting(cx, &filter, page).await).await?;
    let about = format!(
        "还没有激活的账号。激活码只印在信上,印过就不能再看;重新打印一封,原来那封随即作废。信印出后 {TERM_DAYS} 天内有效。"
    );
    let crumbs = vec![("账号".into(), Some(url::ACCOUNTS.into())), ("待激活".into(), None)];
    let head = Head { about: Some(about), crumbs, ..Head::of("待激活的账号") };
    let may = decide(&signed.actor, Action::Administer, Object::System);
    let main = list_view(&found, &filter, (web.app.world().now(), may), web.app.address());
    Ok(whole(&signed.frame, &head, &main))
}

fn list_view(found: &Page<Waiting>, filter: &Filter, (now, may): (Instant, bool), site: &str) -> Markup {
    html! {
        form.filters action=(url::ACCOUNTS_WAITING) role="search" aria-label="查找待激活的账号" {
            div.field { label for="waiting-search" { "账号、姓名或单位" } input #waiting-search name="search" value=(filter.search); }
            div.field { label for="standing" { "情形" } select #standing name="standing" {
                @for (key, word) in STANDINGS { option value=(key) selected[filter.standing == key] { (word) } }
            } }
            button.button type="submit" { "查找" }
        }
        @if found.rows.is_empty() { (part::empty("没有待激活的账号", "开设了账号、还没有激活的列在这里。")) }
        @else {
            form.stack method="post" action=(url::ACCOUNTS_LETTERS) data-bulk data-download {
                input type="hidden" name="search" value=(filter.search);
                input type="hidden" name="standing" value=(filter.standing);
                @if may { fieldset.card.narrow {
                    legend { "打印激活信" }
                    (wording_fields(site))
                    div.field { label { input type="checkbox" name="all" value="yes"; " 不看下面的选择,打印符合条件的前 " (LETTERS_MAX) " 封" } }
                    div.form-actions { button.button.primary type="submit" { "打印激活信" } span.picked-count {} }
                    p.hint { "每封一页。打印后当面交给本人,或者装入信封密封、加盖骑缝章发出;不要拍照、不要用聊天软件传。" }
                } }
                div.table-head { (part::shown(found)) }
                div.table-box tabindex="0" role="region" aria-label="待激活的账号" { table.table {
                    thead { tr { th { "选" } th { "账号" } th { "姓名" } th { "角色" } th { "单位或区划" } th { "情形" } th { "说明" } } }
                    tbody { @for one in &found.rows { (row(one, now, may)) } }
                } }
            }
            (part::pager(found, url::ACCOUNTS_WAITING, &[("search", &filter.search), ("standing", &filter.standing)], PAGE_ROWS.unsigned_abs()))
        }
    }
}

/// What stands in every letter of a printing.
pub(crate) fn wording_fields(site: &str) -> Markup {
    html! {
        div.field { label for="contact" { "联系人和电话(印在信上)" } input #contact name="contact" required minlength=(CONTACT_CHARS.start()) maxlength=(CONTACT_CHARS.end()) autocomplete="off" placeholder="李四 0579-88880000"; }
        div.field { label for="site" { "网址(印在信上)" } input #site name="site" value=(site) required maxlength=(SITE_CHARS_MAX) autocomplete="off" placeholder="https://tj.example.gov.cn"; }
    }
}

fn row(one: &Waiting, now: Instant, may: bool) -> Markup {
    let (person, standing) = (&one.person, one.activation.standing(now));
    let place = if one.unit.is_empty() {
        youju_codes::area::name(&person.area).unwrap_or(person.area.as_str())
    } else {
        &one.unit
    };
    html! { tr {
        td { @if may && !one.activation.is_reset { input.pick type="checkbox" name="person" value=(person.id) aria-label={ "选中 " (person.login) }; } }
        th scope="row" { a href=(url::account_of(person.id)) { (person.login) } }
        td { (person.name) }
        td { (person.role.label()) }
        td.wrap { (place) }
        td { (badge(standing)) }
        td { (says(standing)) @if one.activation.is_reset { " 密码已重置,由安全管理员发信" } }
    } }
}

/// How an activation stands, as a word and a colour.
pub(crate) fn badge(standing: Standing) -> Markup {
    let class = match standing {
        Standing::Unsent => "todo",
        Standing::Sent { .. } => "explain",
        Standing::RunOut { .. } => "error",
        Standing::Done { .. } => "done",
    };
    html! { span class={ "badge " (class) } { (standing.label()) } }
}

/// The same with its date.
pub(crate) fn says(standing: Standing) -> Markup {
    html! { @match standing {
        Standing::Unsent => "还没有打印过信",
        Standing::Sent { until } => { (part::instant(until)) " 以前有效" },
        Standing::RunOut { since } => { "信已于 " (part::instant(since)) " 过期,请重新打印" },
        Standing::Done { at } => (part::instant(at)),
    } }
}

fn wording(fields: &Fields) -> Wording {
    Wording { contact: fields.get("contact").to_owned(), site: fields.get("site").to_owned() }
}

/// Prints letters for those that were chosen.
pub(crate) async fn letters(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer<Response> {
    signed.actor.must(Action::Administer, Object::System)?;
    let fields = Fields::read(&body)?;
    let people: Vec<PersonId> = if fields.get("all") == "yes" {
        let filter = Filter { search: fields.get("search").to_owned(), standing: fields.get("standing").to_owned() };
        let page = PageRequest { offset: 0, limit: i64::try_from(LETTERS_MAX).unwrap_or(i64::MAX) };
        let found = web.app.read(Some(signed.actor.clone()), async |cx| activation::waiting(cx, &filter, page).await);
        found.await?.rows.into_iter().filter(|one| !one.activation.is_reset).map(|one| one.person.id).collect()
    } else {
        fields.all("person").map(|id| id.parse().map_err(|_| damaged())).collect::<Result<_, _>>()?
    };
    let file = activation::letters(&web.app, &signed.actor, &people, wording(&fields)).await?;
    download::saved(&web, &signed.actor, "application/pdf", file).await
}

/// Takes a lost password away, and prints a letter in its place.
pub(crate) async fn reset(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer<Response> {
    let (person, fields): (PersonId, Fields) = (id(path)?, Fields::read(&body)?);
    let reason = fields.get("reason");
    let file = activation::reset(&web.app, &signed.actor, person, reason, wording(&fields)).await?;
    download::saved(&web, &signed.actor, "application/pdf", file).await
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_: Signed) -> axum::response::Redirect {
    axum::response::Redirect::to(url::ACCOUNTS_WAITING)
}
