//! 资产清单: what somebody keeps, beside what the program knows by itself.

use axum::extract::{Path, RawForm, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use maud::{Markup, html};
use youju_app::security::asset::{self, Assets, Known, Typed};
use youju_domain::id::AssetId;
use youju_domain::security::{Asset, AssetKind, Light, NAME_CHARS_MAX, Protection, WORDS_CHARS_MAX};

use super::{light, lines, number, tabs, to, writes};
use crate::fields::Fields;
use crate::request::{Answer, Signed, id, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, download, url};

/// The list.
pub(crate) async fn list(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    let assets = web.app.read(Some(signed.actor.clone()), async |cx| asset::list(cx).await).await?;
    let head = Head {
        about: Some(
            "服务器、数据库、证书、备份介质、终端、外联线路:责任到人,到期提前 60 天提示。程序自己知道的不用登记。"
                .into(),
        ),
        actions: Some(html! { a.button href=(url::SECURITY_ASSETS_CSV) { "导出 CSV" } }),
        ..Head::of("资产清单")
    };
    let main = html! {
        (tabs(&signed, url::SECURITY_ASSETS))
        (entered(&assets, writes(&signed)))
        (known(&assets.known, assets.today))
        @if writes(&signed) {
            section.card { h2 { "登记资产" } form method="post" action=(url::SECURITY_ASSETS) {
                (fields(None))
                div.form-actions { button.button.primary type="submit" { "登记" } }
            } }
        }
    };
    Ok(whole(&signed.frame, &head, &main))
}

fn entered(assets: &Assets, writes: bool) -> Markup {
    html! {
        @if assets.entered.is_empty() { (part::empty("还没有登记资产", "请安全管理员逐项登记:名称、责任人、位置、等级保护的级别和到期的日期。")) }
        @else {
            div.table-head { span.table-count { "共 " (part::count(number(assets.entered.len()))) " 项登记的资产" } }
            div.table-box tabindex="0" role="region" aria-label="登记的资产" { table.table {
                thead { tr { th { "名称" } th { "类别" } th { "责任人" } th { "位置" } th { "等级保护" } th { "启用" } th { "到期" } th { "备注" } } }
                tbody { @for one in &assets.entered { (row(one, assets.today, writes)) } }
            } }
        }
    }
}

fn row(one: &Asset, today: NaiveDate, writes: bool) -> Markup {
    html! { tr {
        th scope="row" { @if writes && !one.is_struck() { a href=(url::asset(one.id)) { (one.name) } } @else { (one.name) } }
        td { (one.kind.label()) }
        td { (one.owner) }
        td { (one.place) }
        td { (one.protection.label()) }
        td { @if let Some(day) = one.since { (day) } }
        td { (until(one.until, one.light(today))) }
        td.wrap { @if one.is_struck() { span.badge { "已划去" } " " (one.struck) } @else { (lines(&one.remarks)) } }
    } }
}

fn until(until: Option<NaiveDate>, how: Option<Light>) -> Markup {
    html! {
        @if let Some(day) = until { (day) " " }
        @if let Some(how) = how { (light(how)) }
    }
}

fn known(known: &[Known], today: NaiveDate) -> Markup {
    html! {
        h2 { "程序自己知道的" }
        div.table-box tabindex="0" role="region" aria-label="程序自己知道的资产" { table.table {
            thead { tr { th { "名称" } th { "类别" } th { "情况" } th { "到期" } } }
            tbody { @for one in known { tr {
                th scope="row" { (one.name) }
                td { (one.kind.label()) }
                td.wrap { (one.says) }
                td { (until(one.until, one.until.map(|day| Light::of_end(day, today)))) }
            } } }
        } }
    }
}

fn choice<T: Copy + PartialEq>(
    (name, label): (&str, &str),
    all: &[T],
    chosen: Option<T>,
    words: impl Fn(T) -> (&'static str, &'static str),
) -> Markup {
    html! { div.field { label for=(name) { (label) } select id=(name) name=(name) {
        @for one in all { @let (key, word) = words(*one); option value=(key) selected[chosen == Some(*one)] { (word) } }
    } } }
}

fn fields(of: Option<&Asset>) -> Markup {
    let text = |read: fn(&Asset) -> &String| of.map_or("", |asset| read(asset).as_str());
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    html! { div.columns {
        (choice(("kind", "类别"), &AssetKind::ALL, of.map(|asset| asset.kind), |kind| (kind.key(), kind.label())))
        div.field { label for="name" { "名称" } input #name name="name" required maxlength=(NAME_CHARS_MAX) value=(text(|asset| &asset.name)) autocomplete="off"; }
        div.field { label for="owner" { "责任人" } input #owner name="owner" required maxlength=(NAME_CHARS_MAX) value=(text(|asset| &asset.owner)) autocomplete="off"; }
        div.field { label for="place" { "位置" } input #place name="place" maxlength=(NAME_CHARS_MAX) value=(text(|asset| &asset.place)) autocomplete="off"; }
        (choice(("protection", "等级保护"), &Protection::ALL, of.map(|asset| asset.protection), |level| (level.key(), level.label())))
        div.field { label for="since" { "启用" } input #since name="since" type="date" value=(day(of.and_then(|asset| asset.since))); }
        div.field { label for="until" { "到期(没有可不填)" } input #until name="until" type="date" value=(day(of.and_then(|asset| asset.until))); }
        div.field { label for="remarks" { "备注" } textarea #remarks name="remarks" maxlength=(WORDS_CHARS_MAX) { (text(|asset| &asset.remarks)) } }
    } }
}

fn typed(fields: &Fields) -> Answer<Typed> {
    Ok(Typed {
        kind: fields.choice("kind", "类别", AssetKind::from_key)?,
        name: fields.get("name").to_owned(),
        owner: fields.get("owner").to_owned(),
        place: fields.get("place").to_owned(),
        protection: fields.choice("protection", "等级保护", Protection::from_key)?,
        since: fields.day("since")?,
        until: fields.day("until")?,
        remarks: fields.get("remarks").to_owned(),
    })
}

/// Enters an asset.
pub(crate) async fn add(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    // Whoever may not is told so, and not what is missing in the form.
    super::must_write(&signed)?;
    let typed = typed(&Fields::read(&body)?)?;
    web.app.write(Some(signed.actor), async |cx| asset::add(cx, typed).await).await?;
    Ok(see(url::SECURITY_ASSETS, "security_kept"))
}

/// The form that changes an asset.
pub(crate) async fn form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let wanted: AssetId = id(path)?;
    let one = web.app.read(Some(signed.actor.clone()), async |cx| asset::get(cx, wanted).await).await?;
    let crumbs = vec![("资产清单".into(), Some(url::SECURITY_ASSETS.into())), (one.name.clone(), None)];
    let title = one.name.clone();
    let head = Head { crumbs, ..Head::of(&title) };
    let main = html! {
        @if writes(&signed) && !one.is_struck() {
            section.card { form method="post" action=(url::asset(one.id)) {
                input type="hidden" name="revision" value=(one.revision);
                (fields(Some(&one)))
                div.form-actions { button.button.primary type="submit" { "保存" } a.button href=(url::SECURITY_ASSETS) { "取消" } }
            } }
            section.card.narrow { h2 { "从清单划去" } form method="post" action=(url::asset_strike(one.id)) {
                div.field { label for="reason" { "原因(报废、停用、移交)" } input #reason name="reason" required maxlength=(NAME_CHARS_MAX) autocomplete="off"; }
                div.form-actions { button.button.danger type="submit" { "划去" } }
            } }
        } @else { section.card.narrow { dl.facts {
            dt { "类别" } dd { (one.kind.label()) }
            dt { "责任人" } dd { (one.owner) }
            dt { "位置" } dd { (one.place) }
            @if one.is_struck() { dt { "划去的原因" } dd { (one.struck) } }
        } } }
    };
    Ok(whole(&signed.frame, &head, &main))
}

/// Changes an asset.
pub(crate) async fn change(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    super::must_write(&signed)?;
    let (wanted, fields): (AssetId, Fields) = (id(path)?, Fields::read(&body)?);
    let revision = fields.number("revision", "版本")?.unwrap_or_default();
    let typed = typed(&fields)?;
    web.app.write(Some(signed.actor), async |cx| asset::change(cx, wanted, revision, typed).await).await?;
    Ok(see(url::SECURITY_ASSETS, "security_kept"))
}

/// Strikes an asset off.
pub(crate) async fn strike(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let (wanted, fields): (AssetId, Fields) = (id(path)?, Fields::read(&body)?);
    let reason = fields.get("reason");
    web.app.write(Some(signed.actor), async |cx| asset::strike(cx, wanted, reason).await).await?;
    Ok(see(url::SECURITY_ASSETS, "security_kept"))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_signed: Signed, path: Path<String>) -> Answer<Redirect> {
    Ok(to(&url::asset(id(path)?)))
}

/// The list as CSV.
pub(crate) async fn csv(State(web): State<Web>, signed: Signed) -> Answer<Response> {
    let assets = web.app.read(Some(signed.actor.clone()), async |cx| asset::list(cx).await).await?;
    Ok(download::csv(&web, &signed.actor, asset::csv(&assets)?).await?.into_response())
}
