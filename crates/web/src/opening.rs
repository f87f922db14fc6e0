//! 开设账号: one on a page, many by a table, or for the units that have none. A table travels inside the page between the look and the
//! confirmation.

mod view;

use axum::extract::{Multipart, RawForm, RawQuery, State};
use axum::response::{Redirect, Response};
use maud::Markup;
use serde::Deserialize;
use youju_app::list::PageRequest;
use youju_app::opening::{self, Table, counts, read_table, roles_of_units, rows_for, rows_for_all, written};
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::opening::{OPENED_MAX, Typed, must_be_some};

use crate::fields::Fields;
use crate::handed::Handed;
use crate::ledger::unhurried;
use crate::register::page_request;
use crate::request::{Answer, Signed, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, download, url};

const MISSING: &str = "请选择名单文件。";

const ABOUT: &str = "账号开设时没有密码,也没有初始密码:打印激活信交给本人,本人凭一次性激活码设置自己的密码。";

fn head<'a>(title: &'a str, about: &str) -> Head<'a> {
    let mut crumbs = vec![("账号".to_owned(), Some(url::ACCOUNTS.to_owned()))];
    if title != view::OPEN {
        crumbs.push((view::OPEN.to_owned(), Some(url::ACCOUNTS_OPEN.to_owned())));
    }
    crumbs.push((title.to_owned(), None));
    Head { about: Some(about.to_owned()), crumbs, ..Head::of(title) }
}

/// Who may not open accounts is told so before anything is read.
fn must(signed: &Signed) -> Answer<()> {
    Ok(signed.actor.must(Action::Administer, Object::System)?)
}

/// One account, or a table.
pub(crate) async fn form(signed: Signed) -> Answer<Markup> {
    must(&signed)?;
    Ok(whole(&signed.frame, &head(view::OPEN, ABOUT), &view::form()))
}

/// Opens one account.
pub(crate) async fn open_one(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    must(&signed)?;
    let fields = Fields::read(&body)?;
    let [login, name, role, usci, area] =
        ["login", "name", "role", "usci", "area"].map(|name| fields.get(name).to_owned());
    let typed = Typed { row: 1, login, name, role, usci, area };
    web.app.write(Some(signed.actor), async |cx| opening::open_one(cx, typed).await).await?;
    Ok(see(&url::with_query(url::ACCOUNTS_WAITING, &[("standing", "unsent")]), "accounts_opened"))
}

async fn read(web: &Web, sent: &Handed) -> Answer<Table> {
    let (app, name, bytes) = (web.app.clone(), sent.name.clone(), sent.bytes.clone());
    Ok(unhurried(move || read_table(&app, &name, bytes)).await?)
}

/// What a table would open, row by row.
pub(crate) async fn look(State(web): State<Web>, signed: Signed, multipart: Multipart) -> Answer<Markup> {
    must(&signed)?;
    let sent = Handed::receive(multipart, MISSING).await?;
    looked(&web, &signed, &sent).await
}

async fn looked(web: &Web, signed: &Signed, sent: &Handed) -> Answer<Markup> {
    let table = read(web, sent).await?;
    let looked = web.app.read(Some(signed.actor.clone()), async |cx| opening::look(cx, &table.rows).await).await?;
    let kept = sent.kept();
    let main = view::looked(&table, &looked, counts(&looked), &kept);
    Ok(whole(&signed.frame, &head("核对名单", ABOUT), &main))
}

/// Opens the rows that are right.
pub(crate) async fn take(State(web): State<Web>, signed: Signed, multipart: Multipart) -> Answer {
    must(&signed)?;
    let sent = Handed::receive(multipart, MISSING).await?;
    let table = read(&web, &sent).await?;
    let shown = sent.shown;
    web.app.write(Some(signed.actor), async |cx| opening::open(cx, &table.rows, shown).await).await?;
    Ok(see(&url::with_query(url::ACCOUNTS_WAITING, &[("standing", "unsent")]), "accounts_opened"))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    page: i64,
}

/// Units without any account.
pub(crate) async fn units(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let page = page_request(asked.page);
    let search = asked.search;
    let read = web.app.read(Some(signed.actor.clone()), async |cx| opening::without(cx, &search, page).await);
    let found = read.await?;
    let about = "名录库中一个账号也没有的单位。姓名取自统计人员登记;不知道姓名的可以空着,本人激活时填写。";
    Ok(whole(&signed.frame, &head("没有账号的单位", about), &view::units(&found, &search)))
}

/// The look at the units that were chosen: the rows are written as a table and go the same way as one that was handed in.
pub(crate) async fn look_at_units(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer<Markup> {
    must(&signed)?;
    let fields = Fields::read(&body)?;
    let roles = roles_of_units(fields.all("role"));
    if roles.is_empty() {
        return Err(Problem::BadInput {
            reason: "请选择开设填报人、单位负责人的账号,或者都开设。".into()
        }
        .into());
    }
    let rows = if fields.get("all") == "yes" {
        let search = fields.get("search").to_owned();
        web.app.read(Some(signed.actor.clone()), async |cx| rows_for_all(cx, &search, &roles).await).await?
    } else {
        let named = |usci: &str| (usci.to_owned(), fields.get(&format!("name.{usci}")).to_owned());
        rows_for(&fields.all("unit").map(named).collect::<Vec<_>>(), &roles)
    };
    must_be_some(rows.len())?;
    let sent = Handed::made("没有账号的单位.csv", written(&rows)?);
    looked(&web, &signed, &sent).await
}

/// The same list as a table, to be completed and handed in.
pub(crate) async fn csv(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Response> {
    let asked: Asked = query(raw)?;
    let page = PageRequest { offset: 0, limit: i64::try_from(OPENED_MAX).unwrap_or(i64::MAX) };
    let read = web.app.read(Some(signed.actor.clone()), async |cx| opening::without(cx, &asked.search, page).await);
    let found = read.await?;
    download::csv(&web, &signed.actor, opening::csv(&found.rows)?).await
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_: Signed) -> Redirect {
    Redirect::to(url::ACCOUNTS_OPEN)
}
