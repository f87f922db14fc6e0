//! Register 名录.

use axum::extract::{Path, RawForm, RawQuery, State};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::list::{Filter, Listed, Page, PageRequest};
use youju_domain::access::{Action, Object, decide};
use youju_domain::id::UnitId;
use youju_domain::register::Unit;

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
    let head = Head { about: Some("单位名录:先进库、后有数。".into()), ..Head::of("名录") };
    Ok(whole(&signed.frame, &head, &list_view(&units, &asked)))
}

/// The part of a list that page `number` (from 1) shows.
pub(crate) fn page_request(number: i64) -> PageRequest {
    PageRequest { offset: (number.clamp(1, 1_000_000) - 1) * PAGE_ROWS, limit: PAGE_ROWS }
}

fn list_view(units: &Page<Unit>, asked: &Asked) -> Markup {
    html! {
        form.filters action=(url::UNITS) role="search" {
            div.field { label for="unit-search" { "名称或统一社会信用代码" } input #unit-search name="search" value=(asked.search); }
            button.button type="submit" { "查找" }
        }
        @if units.rows.is_empty() {
            (part::empty("没有找到单位", "请换一个名称或代码;新单位请先办理入库。"))
        } @else {
            div.table-head { (part::shown(units)) }
            div.table-box { table.table {
                thead { tr { th { "单位详细名称" } th { "统一社会信用代码" } th { "所在地" } th { "行业" } th { "会计准则" } } }
                tbody { @for unit in &units.rows { tr {
                    th scope="row" { a href=(url::unit(unit.id)) { (unit.name) } }
                    td { (unit.usci.as_str()) }
                    td { (youju_codes::area::name(&unit.area).unwrap_or(unit.area.as_str())) }
                    td { (unit.industry.code()) " " (unit.industry.name()) }
                    td { (unit.standard.label()) }
                } } }
            } }
            (part::pager(units, url::UNITS, &[("search", &asked.search)], PAGE_ROWS.unsigned_abs()))
        }
    }
}

/// One unit with its reports.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let unit: UnitId = id(path)?;
    let filter = Filter { unit: Some(unit), ..Filter::default() };
    let (unit, reports) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let unit = youju_app::register::get(cx, unit).await?;
            let reports = youju_app::report::list(cx, &filter, page_request(1)).await?;
            Ok((unit, reports))
        })
        .await?;
    let may_arrange = decide(&signed.actor, Action::Arrange, Object::Unit { id: unit.id, area: &unit.area });
    let head = Head {
        crumbs: area_crumbs(&unit, true),
        about: Some(format!("统一社会信用代码 {}", unit.usci)),
        ..Head::of(&unit.name)
    };
    Ok(whole(&signed.frame, &head, &view(&unit, &reports, may_arrange)))
}

/// The way down the tree to a unit: 市 › 县 › 乡镇 › 单位.
pub(crate) fn area_crumbs(unit: &Unit, ends_here: bool) -> Vec<(String, Option<String>)> {
    let mut crumbs: Vec<(String, Option<String>)> =
        youju_codes::area::path(&unit.area).split(" › ").map(|name| (name.to_owned(), None)).collect();
    crumbs.push((unit.name.clone(), (!ends_here).then(|| url::unit(unit.id))));
    crumbs
}

fn view(unit: &Unit, reports: &Page<Listed>, may_arrange: bool) -> Markup {
    html! {
        section.card {
            h2 { "基本情况" }
            dl.facts {
                dt { "统一社会信用代码" } dd { (unit.usci.as_str()) }
                dt { "所在地" } dd { (youju_codes::area::path(&unit.area)) " " span.code { (unit.area.as_str()) } }
                dt { "行业" } dd { (unit.industry.path()) " " span.code { (unit.industry.code()) } }
                dt { "执行会计准则" } dd { (unit.standard.label()) }
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
            (crate::report::list_table(reports))
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
