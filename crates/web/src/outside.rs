//! Outside 部门数据: tables that departments hand over are chosen, looked at row by row, then taken; and the units of a window beside
//! what a department says. Between the look and the confirmation the file travels inside the page.

mod view;

use axum::extract::{Multipart, Path, RawQuery, State};
use axum::response::Response;
use maud::Markup;
use serde::Deserialize;
use youju_app::list::Page;
use youju_app::outside::{self, OfWindow, Table, Wanted, read_table};
use youju_domain::access::{Action, Object};
use youju_domain::id::{OutsideImportId, WindowId};

use crate::handed::Handed;
use crate::ledger::unhurried;
use crate::register::page_request;
use crate::request::{Answer, Signed, id, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, download, url};

pub(crate) use view::beside;

/// Who may not see what departments say may not hand it in either, and is told so before anything is read.
fn must_inspect(signed: &Signed) -> Answer<()> {
    Ok(signed.actor.must(Action::Inspect, Object::Area(&signed.actor.area))?)
}

fn head<'a>(title: &'a str, about: &str) -> Head<'a> {
    let mut crumbs = vec![("部门数据".to_owned(), Some(url::OUTSIDE.to_owned()))];
    crumbs.push((title.to_owned(), None));
    Head { about: Some(about.to_owned()), crumbs, ..Head::of(title) }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    of: String,
    #[serde(default)]
    page: i64,
}

/// What has been imported.
pub(crate) async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let request = page_request(asked.page);
    let found = web.app.read(Some(signed.actor.clone()), async |cx| outside::list(cx, request).await).await?;
    let head = Head {
        about: Some("税务、电力、社会保险等部门提供的数据,与单位填报的数对照。只有县级以上统计机构能看到。".into()),
        actions: Some(view::import_button()),
        ..Head::of("部门数据")
    };
    Ok(whole(&signed.frame, &head, &view::list(&found, &outside::items(&web.app))))
}

/// One import, and the rows that it left.
pub(crate) async fn import(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
) -> Answer<Markup> {
    let import: OutsideImportId = id(path)?;
    let asked: Asked = query(raw)?;
    let (import, left) = web.app.read(Some(signed.actor.clone()), async |cx| outside::get(cx, import).await).await?;
    let items = outside::items(&web.app);
    let item = items.iter().find(|item| item.id == import.item);
    let title = item.map_or_else(|| import.item.clone(), |item| item.name.clone());
    let left = Page::cut(left.into_iter(), page_request(asked.page));
    let head = head(&title, "这次导入的来源,和没有导入的行。");
    Ok(whole(&signed.frame, &head, &view::import(&import, item, &left)))
}

const ABOUT: &str = "一个文件是一个部门的一项数据:一行一个单位,有统一社会信用代码和一列数。先看清单,再导入;不对的逐行列出,整表导入或整表不导入。";

/// The page that asks for a table.
pub(crate) async fn form(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    must_inspect(&signed)?;
    Ok(whole(&signed.frame, &head("导入部门数据", ABOUT), &view::form(&outside::items(&web.app))))
}

const MISSING: &str = "请选择部门提供的表格文件。";

/// What the table is said to hold.
fn wanted(sent: &Handed) -> Wanted {
    let [item, period, origin] = ["item", "period", "origin"].map(|name| sent.fields.get(name).to_owned());
    Wanted { item, period, origin }
}

async fn read(web: &Web, sent: &Handed) -> Answer<Table> {
    let (app, wanted, name, bytes) = (web.app.clone(), wanted(sent), sent.name.clone(), sent.bytes.clone());
    Ok(unhurried(move || read_table(&app, &wanted, &name, bytes)).await?)
}

/// What taking the table would do, row by row.
pub(crate) async fn look(State(web): State<Web>, signed: Signed, multipart: Multipart) -> Answer<Markup> {
    must_inspect(&signed)?;
    let sent = Handed::receive(multipart, MISSING).await?;
    let table = read(&web, &sent).await?;
    let looked = web.app.read(Some(signed.actor.clone()), async |cx| outside::look(cx, &table).await).await?;
    let kept = view::Kept { wanted: &wanted(&sent), content: sent.kept() };
    Ok(whole(&signed.frame, &head("核对部门数据", ABOUT), &view::looked(&kept, &table, &looked)))
}

/// Takes the table.
pub(crate) async fn take(State(web): State<Web>, signed: Signed, multipart: Multipart) -> Answer {
    must_inspect(&signed)?;
    let sent = Handed::receive(multipart, MISSING).await?;
    let table = read(&web, &sent).await?;
    let shown = sent.shown;
    let imports = web.app.write(Some(signed.actor), async |cx| outside::import(cx, &table, shown).await).await?;
    let address = match imports.as_slice() {
        [one] => url::outside_import(one.id),
        _ => url::OUTSIDE.to_owned(),
    };
    Ok(see(&address, "outside"))
}

async fn load(web: &Web, signed: &Signed, window: WindowId, of: &str) -> Answer<OfWindow> {
    Ok(outside::of_window(&web.app, &signed.actor, window, of).await?)
}

/// The units of a window beside what a department says.
pub(crate) async fn of_window(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
) -> Answer<Markup> {
    let window: WindowId = id(path)?;
    let asked: Asked = query(raw)?;
    let found = load(&web, &signed, window, &asked.of).await?;
    let head = Head {
        period: Some(found.window.period.cumulative_label()),
        crumbs: vec![
            ("报送进度".into(), Some(url::WINDOWS.into())),
            (found.window.form.clone(), Some(url::window(window))),
            ("部门数据对照".into(), None),
        ],
        about: Some("填报数与部门数据,差异大的在前。差异只是核实的线索,不是结论;查看记入日志。".into()),
        actions: found.choice().map(|choice| view::window_actions(window, choice)),
        ..Head::of("部门数据对照")
    };
    Ok(whole(&signed.frame, &head, &view::of_window(&found, page_request(asked.page))))
}

/// The same as CSV.
pub(crate) async fn csv(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Response> {
    let window: WindowId = id(path)?;
    let asked: Asked = query(raw)?;
    let file = outside::csv(&load(&web, &signed, window, &asked.of).await?)?;
    download::csv(&web, &signed.actor, file).await
}
