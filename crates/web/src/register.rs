//! Register 名录.

use axum::extract::{Path, RawForm, RawQuery, State};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::list::{Filter, Listed, Page, PageRequest};
use youju_app::register::NewUnit;
use youju_codes::{AreaCode, Industry, Usci};
use youju_domain::access::{Action, Object, decide};
use youju_domain::id::UnitId;
use youju_domain::register::{AccountingStandard, Unit};
use youju_domain::{Instant, Problem};

use crate::limits::PAGE_ROWS;
use crate::request::{Answer, Signed, id, query, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

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
    let units = web
        .app
        .read(Some(signed.actor.clone()), async |cx| youju_app::register::list(cx, &asked.search, request).await)
        .await?;
    let is_officer = signed.actor.role.is_officer();
    let head = Head {
        about: Some("单位名录:先进库、后有数。".into()),
        actions: is_officer.then(|| actions(&signed)),
        ..Head::of("名录")
    };
    let may_enrol = decide(&signed.actor, Action::Arrange, Object::Area(&signed.actor.area));
    Ok(whole(&signed.frame, &head, &list_view(&units, &asked, may_enrol)))
}

/// The rooms beside the register.
fn actions(signed: &Signed) -> Markup {
    html! {
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

fn list_view(units: &Page<Unit>, asked: &Asked, may_enrol: bool) -> Markup {
    html! {
        form.filters action=(url::UNITS) role="search" aria-label="查找名录" {
            div.field { label for="unit-search" { "名称或统一社会信用代码" } input #unit-search name="search" value=(asked.search); }
            button.button type="submit" { "查找" }
        }
        @if units.rows.is_empty() {
            (part::empty("没有找到单位", "请换一个名称或代码;新单位请先办理入库。"))
        } @else {
            div.table-head { (part::shown(units)) }
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
        @if may_enrol { (enrol_form()) }
    }
}

fn enrol_form() -> Markup {
    html! {
        details.more {
            summary { "单位入库" }
            form.card.narrow method="post" action=(url::UNITS) {
                @for (name, word, help) in [
                    ("usci", "统一社会信用代码", "18 位,校验码不符会被指出"),
                    ("name", "单位详细名称", "与营业执照一致"),
                    ("area", "所在地区划代码", "12 位;只到乡镇的可填 9 位"),
                    ("industry", "行业代码", "GB/T 4754—2017 小类,4 位"),
                ] {
                    div.field {
                        label for=(name) { (word) }
                        input id=(name) name=(name) required aria-describedby={ (name) "-help" };
                        p.help id={ (name) "-help" } { (help) }
                    }
                }
                div.field { label for="standard" { "执行会计准则" } select #standard name="standard" {
                    @for standard in AccountingStandard::ALL { option value=(standard.code()) { (standard.code()) " " (standard.label()) } }
                } }
                div.form-actions { button.button.primary type="submit" { "入库" } }
            }
        }
    }
}

#[derive(Deserialize)]
struct Typed {
    usci: String,
    name: String,
    area: String,
    industry: String,
    standard: String,
}

/// Enters a unit into the register.
pub(crate) async fn enrol(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    let typed: Typed = read(&String::from_utf8_lossy(&body))?;
    let new = new_unit(&typed)?;
    let unit = web.app.write(Some(signed.actor), async |cx| youju_app::register::enrol(cx, new).await).await?;
    Ok(see(&url::unit(unit), "enrolled"))
}

fn new_unit(typed: &Typed) -> Result<NewUnit, Problem> {
    let bad = |reason: String| Problem::BadInput { reason };
    let name = typed.name.trim().to_owned();
    if name.is_empty() {
        return Err(bad("单位详细名称不能为空。".into()));
    }
    Ok(NewUnit {
        usci: Usci::parse(&typed.usci).map_err(|error| bad(error.to_string()))?,
        name,
        area: AreaCode::parse(&typed.area).map_err(|error| bad(error.to_string()))?,
        industry: Industry::parse(&typed.industry).map_err(|error| bad(error.to_string()))?,
        standard: AccountingStandard::from_code(&typed.standard)
            .ok_or_else(|| bad("执行会计准则应从列表中选择。".into()))?,
    })
}

/// One unit with its reports.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let unit: UnitId = id(path)?;
    let filter = Filter { unit: Some(unit), ..Filter::default() };
    let (unit, reports, has_organisation) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let unit = youju_app::register::get(cx, unit).await?;
            let reports = youju_app::report::list(cx, &filter, page_request(1)).await?;
            let has_organisation = youju_app::organisation::of_unit(cx, unit.id).await.is_ok();
            Ok((unit, reports, has_organisation))
        })
        .await?;
    let object = Object::Unit { id: unit.id, area: &unit.area };
    let may_arrange = decide(&signed.actor, Action::Arrange, object);
    let has_keys = decide(&signed.actor, Action::Submit, object);
    let head = Head {
        crumbs: area_crumbs(&unit, true),
        about: Some(format!("统一社会信用代码 {}", unit.usci)),
        actions: Some(html! {
            a.button href=(url::ledger(unit.id, None)) { "台账" }
            a.button href=(url::unit_compliance(unit.id)) { "台账达标" }
            a.button href=(url::unit_archive(unit.id)) { "档案盒" }
            a.button href=(url::unit_staff(unit.id)) { "统计人员" }
            a.button href=(url::unit_sponsors(unit.id)) { "包保" }
            a.button href=(url::unit_onboarding(unit.id)) { "新入库辅导" }
            a.button href=(url::service_pack(unit.id)) { "服务包" }
            @if has_organisation { a.button href=(url::unit_organisation(unit.id)) { "规范化清单" } }
            @if has_keys || decide(&signed.actor, Action::Inspect, object) { a.button href=(url::unit_looks(unit.id)) { "谁查看过" } }
            @if has_keys { a.button href=(url::api_keys(unit.id)) { "接口密钥" } }
        }),
        ..Head::of(&unit.name)
    };
    Ok(whole(&signed.frame, &head, &view(&unit, &reports, may_arrange, web.app.world().now())))
}

/// The way down the tree to a unit: 市 › 县 › 乡镇 › 单位.
pub(crate) fn area_crumbs(unit: &Unit, ends_here: bool) -> Vec<(String, Option<String>)> {
    let mut crumbs: Vec<(String, Option<String>)> =
        youju_codes::area::path(&unit.area).split(" › ").map(|name| (name.to_owned(), None)).collect();
    crumbs.push((unit.name.clone(), (!ends_here).then(|| url::unit(unit.id))));
    crumbs
}

fn view(unit: &Unit, reports: &Page<Listed>, may_arrange: bool, now: Instant) -> Markup {
    html! {
        section.card {
            h2 { "基本情况" }
            dl.facts {
                dt { "统一社会信用代码" } dd { (unit.usci.as_str()) }
                dt { "所在地" } dd { (youju_codes::area::path(&unit.area)) " " span.code { (unit.area.as_str()) } }
                dt { "行业" } dd { (unit.industry.path()) " " span.code { (unit.industry.code()) } }
                dt { "执行会计准则" } dd { (unit.standard.map_or("—", AccountingStandard::label)) }
                dt { "准强制性问题" } dd {
                    @if unit.may_explain { "可以说明后报送(说明企业)" } @else { "须改正后报送" }
                    @if may_arrange {
                        form method="post" action=(url::unit_may_explain(unit.id)) {
                            input type="hidden" name="may_explain" value=(if unit.may_explain { "no" } else { "yes" });
                            button.button.link type="submit" { (if unit.may_explain { "取消说明企业" } else { "设为说明企业" }) }
                        }
                    }
                }
            }
        }
        section.stack {
            h2 { "报表" }
            (crate::report::list_table(reports, now))
        }
    }
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
