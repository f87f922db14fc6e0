//! API keys 接口密钥: the unit's people make them for their programs, see which are used, and end them.

mod view;

use axum::extract::{Path, RawForm, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use maud::Markup;
use youju_app::api_key;
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::api_key::{Use, Uses};
use youju_domain::id::{ApiKeyId, UnitId};

use crate::fields::Fields;
use crate::register::area_crumbs;
use crate::request::{Answer, Signed, id, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

/// The keys of a unit.
pub(crate) async fn list(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    headers: HeaderMap,
) -> Answer<Markup> {
    show(&web, &signed, id(path)?, &headers, None).await
}

async fn show(
    web: &Web,
    signed: &Signed,
    unit: UnitId,
    headers: &HeaderMap,
    created: Option<&api_key::Created>,
) -> Answer<Markup> {
    let (unit, keys, period) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let keys = api_key::list(cx, unit).await?;
            let period = youju_app::ledger::period_in_work(cx, unit).await?;
            Ok((youju_app::register::get(cx, unit).await?, keys, period))
        })
        .await?;
    let makes = decide(&signed.actor, Action::Fill, Object::Unit { id: unit.id, area: &unit.area });
    let mut crumbs = area_crumbs(&unit, false);
    crumbs.push(("接口密钥".into(), None));
    let about = "软件用接口密钥报送本单位的台账、办理本单位的事项,各按密钥的用途。密钥不能填报或修改报表,也不能代替本人签字和现场办理。";
    let head = Head { crumbs, about: Some(about.into()), ..Head::of("接口密钥") };
    let scheme = if web.settings.is_https { "https" } else { "http" };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("本系统地址");
    let shown = view::Page {
        unit: &unit,
        period,
        keys: &keys,
        created,
        makes,
        now: web.app.world().now(),
        server: format!("{scheme}://{host}"),
    };
    Ok(whole(&signed.frame, &head, &view::keys(&shown)))
}

/// Makes a key. Its secret stands on this one page and nowhere else.
pub(crate) async fn create(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    headers: HeaderMap,
    RawForm(body): RawForm,
) -> Answer {
    let unit: UnitId = id(path)?;
    let fields = Fields::read(&body)?;
    let last_day = last_day(fields.get("last_day"))?;
    let chosen = |one: Use| fields.all("use").any(|key| key == one.key());
    let (name, uses) = (fields.get("name"), Uses::chosen(chosen(Use::Ledgers), chosen(Use::Cases))?);
    let created = web
        .app
        .write(Some(signed.actor.clone()), async |cx| api_key::create(cx, unit, name, last_day, uses).await)
        .await?;
    Ok(show(&web, &signed, unit, &headers, Some(&created)).await?.into_response())
}

fn last_day(text: &str) -> Result<Option<chrono::NaiveDate>, Problem> {
    let text = text.trim();
    let refused =
        |_| Problem::BadInput { reason: format!("有效期应为日期,如 2027-03-31,现为“{text}”。") };
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(refused) }
}

/// Asks once more before a key is ended.
pub(crate) async fn confirm(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let key: ApiKeyId = id(path)?;
    let (key, unit) = web.app.read(Some(signed.actor.clone()), async |cx| api_key::get(cx, key).await).await?;
    let mut crumbs = area_crumbs(&unit, false);
    crumbs.push(("接口密钥".into(), Some(url::api_keys(unit.id))));
    crumbs.push(("停用".into(), None));
    let head = Head { crumbs, ..Head::of("停用接口密钥") };
    Ok(whole(&signed.frame, &head, &view::confirm(&key, web.app.world().now())))
}

/// Ends a key.
pub(crate) async fn revoke(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Response> {
    let key: ApiKeyId = id(path)?;
    let key = web.app.write(Some(signed.actor), async |cx| api_key::revoke(cx, key).await).await?;
    Ok(see(&url::api_keys(key.unit), "key_revoked"))
}
