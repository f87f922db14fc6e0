//! Register 名录.

pub(crate) mod change;
pub(crate) mod enter;
pub(crate) mod event;
pub(crate) mod history;
pub(crate) mod import;
mod view;

use axum::Router;
use axum::extract::{Path, RawForm, RawQuery, State};
use axum::routing::{get, post};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::list::{Filter, Page, PageRequest};
use youju_app::register::search::{self, Found};
use youju_domain::access::{Action, Object, Role, decide};
use youju_domain::id::UnitId;
use youju_domain::register::search::SEARCH_CHARS_MAX;
use youju_domain::register::{Listing, Unit};

use crate::limits::PAGE_ROWS;
use crate::request::{Answer, Signed, id, query, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// The pages of the register.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(url::UNITS, get(list).post(enter::enter))
        .route(url::UNITS_NEW, get(enter::form))
        .route(url::UNITS_IMPORT, get(import::form).post(import::look))
        .route(url::UNITS_IMPORT_TAKE, get(import::form).post(import::take))
        .route(url::UNITS_IMPORT_LEFT, get(import::form).post(import::left))
        .route("/units/{id}", get(page))
        .route("/units/{id}/history", get(history::page))
        .route("/units/{id}/owed", get(history::owed))
        .route("/units/{id}/change", get(change::form).post(change::save))
        .route("/units/{id}/merge", get(event::merge_form).post(event::merge))
        .route("/units/{id}/split", get(event::split_form).post(event::split))
        .route("/units/{id}/may-explain", post(may_explain))
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    page: i64,
}

/// Units in the person's scope.
pub(crate) async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let request = page_request(asked.page);
    let units =
        web.app.read(Some(signed.actor.clone()), async |cx| search::find(cx, &asked.search, request).await).await?;
    let is_officer = signed.actor.role.is_officer();
    let head = Head {
        about: Some("单位名录:先进库、后有数。".into()),
        actions: is_officer.then(|| actions(&signed)),
        ..Head::of("名录")
    };
    Ok(whole(&signed.frame, &head, &list_view(&units, &asked)))
}

/// The rooms beside the register.
fn actions(signed: &Signed) -> Markup {
    html! {
        a.button href=(url::UNITS_NEW) { "登记单位" }
        @if import::may(signed) { a.button href=(url::UNITS_IMPORT) { "导入名单" } }
        a.button href=(url::ROSTERS) { "部门名单" }
        a.button href=(url::PROSPECTS) { "准四上单位" }
        a.button href=(url::ORGANISATIONS) { "机构" }
        a.button href=(url::CASES) { "事项" }
        a.button href=(url::ONBOARDING) { "新入库辅导" }
        @if decide(&signed.actor, Action::Inspect, Object::Area(&signed.actor.area)) { a.button href=(url::SAMPLING_FRAMES) { "抽样框" } }
    }
}

/// The part of a list that page `number` (from 1) shows.
pub(crate) fn page_request(number: i64) -> PageRequest {
    PageRequest { offset: (number.clamp(1, 1_000_000) - 1) * PAGE_ROWS, limit: PAGE_ROWS }
}

fn list_view(found: &Found, asked: &Asked) -> Markup {
    let units = &found.page;
    html! {
        form.filters action=(url::UNITS) role="search" aria-label="查找名录" {
            div.field {
                label for="unit-search" { "名称、拼音、代码或地址" }
                input #unit-search name="search" value=(asked.search) maxlength=(SEARCH_CHARS_MAX) aria-describedby="unit-search-help";
                p.help #unit-search-help { "写一部分即可:现在或从前的名称、拼音首字母(lxfz)或全拼(lanxi)、代码中连续 4 位以上、地址;几个词用空格隔开" }
            }
            button.button type="submit" { "查找" }
        }
        @if units.rows.is_empty() {
            (part::empty("没有找到单位", "请换一个名称或代码;还不在名录库中的,先点“登记单位”。"))
        } @else {
            div.table-head { @if found.is_more { (more(units)) } @else { (part::shown(units)) } }
            div.table-box tabindex="0" role="region" aria-label="单位清单" { table.table {
                thead { tr { th { "单位详细名称" } th { "统一社会信用代码" } th { "所在地" } th { "行业" } th { "纳入情况" } } }
                tbody { @for unit in &units.rows { tr {
                    th scope="row" { a href=(url::unit(unit.id)) { (unit.name) } }
                    td { (unit.usci.as_str()) }
                    td { (youju_codes::area::name(&unit.area).unwrap_or(unit.area.as_str())) }
                    td { (unit.industry.code()) " " (unit.industry.name()) }
                    td { (unit.listing.label()) }
                } } }
            } }
            (part::pager(units, url::UNITS, &[("search", &asked.search)], PAGE_ROWS.unsigned_abs()))
        }
    }
}

/// More than are counted: nobody turns so many pages.
fn more(units: &Page<Unit>) -> Markup {
    let number = u64::try_from(units.rows.len()).unwrap_or_default();
    html! {
        span.table-count {
            (part::count(units.total)) " 家以上,显示 " (part::count(units.offset + 1)) "–" (part::count(units.offset + number))
            "。请再写一个词,例如地址的一部分。"
        }
    }
}

/// One unit with its reports.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let unit: UnitId = id(path)?;
    let filter = Filter { unit: Some(unit), ..Filter::default() };
    let (unit, reports, has_organisation, kin) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let unit = youju_app::register::get(cx, unit).await?;
            let reports = youju_app::report::list(cx, &filter, page_request(1)).await?;
            let has_organisation = youju_app::organisation::of_unit(cx, unit.id).await.is_ok();
            let kin = youju_app::register::kin(cx, unit.id).await?;
            Ok((unit, reports, has_organisation, kin))
        })
        .await?;
    let object = Object::Unit { id: unit.id, area: &unit.area };
    let may_arrange = decide(&signed.actor, Action::Arrange, object);
    let has_keys = decide(&signed.actor, Action::Submit, object);
    let head = Head {
        crumbs: area_crumbs(&unit, true),
        about: Some(format!("统一社会信用代码 {}", unit.usci)),
        actions: Some(html! {
            a.button href=(url::unit_owed(unit.id)) { "应报报表" }
            a.button href=(url::ledger(unit.id, None)) { "台账" }
            (cases(&unit, signed.actor.role))
        }),
        ..Head::of(&unit.name)
    };
    let rooms = html! { nav.badges aria-label="这个单位的" {
        a.button.small href=(url::unit_history(unit.id)) { "变更记录" }
        a.button.small href=(url::unit_projects(unit.id)) { "投资项目" }
        a.button.small href=(url::unit_compliance(unit.id)) { "台账达标" }
        a.button.small href=(url::unit_archive(unit.id)) { "档案盒" }
        a.button.small href=(url::unit_staff(unit.id)) { "统计人员" }
        @if has_organisation { a.button.small href=(url::unit_organisation(unit.id)) { "规范化清单" } }
        a.button.small href=(url::unit_sponsors(unit.id)) { "包保" }
        a.button.small href=(url::unit_onboarding(unit.id)) { "新入库辅导" }
        a.button.small href=(url::service_pack(unit.id)) { "服务包" }
        @if has_keys || decide(&signed.actor, Action::Inspect, object) { a.button.small href=(url::unit_looks(unit.id)) { "谁查看过" } }
        @if has_keys { a.button.small href=(url::api_keys(unit.id)) { "接口密钥" } }
    } };
    let body = html! { (rooms) (view::page(&unit, &kin, &reports, may_arrange, web.app.world().now())) };
    Ok(whole(&signed.frame, &head, &body))
}

/// Cases of the register that fit how a unit is listed, for those who open them.
fn cases(unit: &Unit, role: Role) -> Markup {
    let fitting: &[(&str, &str)] = match unit.listing {
        Listing::Outside => &[("enrolment", "纳入"), ("amendment", "变更")],
        Listing::Above => &[("amendment", "变更"), ("withdrawal", "退出")],
        Listing::Sample => &[("amendment", "变更"), ("withdrawal", "退出"), ("sample_replacement", "更换样本")],
    };
    let opens = |key: &str| match role {
        Role::TownshipOfficer | Role::CountyOfficer => true,
        role => role.is_respondent() && key != "sample_replacement",
    };
    let subject = unit.id.to_string();
    html! { @for (key, word) in fitting.iter().filter(|(key, _)| opens(key)) {
        a.button href=(url::with_query(&url::case_new(key), &[("subject", &subject)])) { "申请" (word) }
    } }
}

/// The way down the tree to a unit: 市 › 县 › 乡镇 › 单位.
pub(crate) fn area_crumbs(unit: &Unit, ends_here: bool) -> Vec<(String, Option<String>)> {
    let mut crumbs: Vec<(String, Option<String>)> =
        youju_codes::area::path(&unit.area).split(" › ").map(|name| (name.to_owned(), None)).collect();
    crumbs.push((unit.name.clone(), (!ends_here).then(|| url::unit(unit.id))));
    crumbs
}

#[derive(Deserialize)]
struct Mark {
    may_explain: String,
}

/// Sets or takes away the mark 说明企业.
pub(crate) async fn may_explain(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let unit: UnitId = id(path)?;
    let mark: Mark = read(&String::from_utf8_lossy(&body))?;
    let may = mark.may_explain == "yes";
    web.app.write(Some(signed.actor), async |cx| youju_app::register::set_may_explain(cx, unit, may).await).await?;
    Ok(see(&url::unit(unit), "marked"))
}
