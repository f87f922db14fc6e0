//! 包保: who answers by name for units, projects and samples, and for whom nobody does.

use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::Redirect;
use maud::{Markup, html};
use rust_decimal::Decimal;
use serde::Deserialize;
use youju_app::list::Page;
use youju_app::sponsorship::{self as app, Covered, Filter, Held, Sheet, Sponsored, Typed};
use youju_codes::{format_number, parse_number};
use youju_domain::Problem;
use youju_domain::id::{SponsorshipId, UnitId};
use youju_domain::register::Unit;
use youju_domain::sponsorship::Tier;

use crate::fields::Fields;
use crate::limits::PAGE_ROWS;
use crate::register::page_request;
use crate::request::{Answer, Signed, id, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    tier: String,
    #[serde(default)]
    ended: String,
    #[serde(default)]
    usci: String,
    #[serde(default)]
    page: i64,
}

fn crumbs(here: &str) -> Vec<(String, Option<String>)> {
    vec![
        ("统计人员".into(), Some(url::STAFF.into())),
        ("包保".into(), Some(url::SPONSORSHIPS.into())),
        (here.to_owned(), None),
    ]
}

/// The sponsorships of the actor's area.
pub(crate) async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let filter = Filter { search: asked.search, tier: asked.tier, has_ended: asked.ended == "yes" };
    let page = page_request(asked.page);
    let read = web.app.read(Some(signed.actor.clone()), async |cx| app::list(cx, &filter, page).await);
    let (found, covered) = read.await?;
    let actions = html! { @if !covered.is_empty() { a.button.primary href=(url::SPONSORSHIPS_NEW) { "指定包保人" } } };
    let head = Head {
        about: Some("谁对哪个单位、项目、样本单位负责到人。离任以后,曾经包保过什么、从哪天到哪天,仍然可查。".into()),
        actions: Some(actions),
        crumbs: vec![("统计人员".into(), Some(url::STAFF.into())), ("包保".into(), None)],
        ..Head::of("包保")
    };
    Ok(whole(&signed.frame, &head, &list_view(&found, &covered, &filter)))
}

fn list_view(found: &Page<Sponsored>, covered: &[Covered], filter: &Filter) -> Markup {
    let name =
        |key: &str| covered.iter().find(|one| one.tier.key == key).map_or(key.to_owned(), |one| one.tier.name.clone());
    html! {
        @if covered.is_empty() { p.notice { "本地的地方配置没有规定包保层级(sponsorship.toml)。" } }
        @else { (tiers(covered)) }
        form.filters action=(url::SPONSORSHIPS) role="search" aria-label="查找包保" {
            div.field { label for="sponsor-search" { "对象或包保人" } input #sponsor-search name="search" value=(filter.search); }
            div.field { label for="tier" { "层级" } select #tier name="tier" {
                option value="" { "全部" }
                @for one in covered { option value=(one.tier.key) selected[one.tier.key == filter.tier] { (one.tier.name) } }
            } }
            div.field { label for="ended" { "情形" } select #ended name="ended" {
                @for (value, word) in [("", "现行"), ("yes", "已结束")] { option value=(value) selected[(value == "yes") == filter.has_ended] { (word) } }
            } }
            button.button type="submit" { "查找" }
        }
        @if found.total == 0 { (part::empty("没有符合条件的包保", if covered.is_empty() { "" } else { "点“指定包保人”,从统计人员登记中选人。" })) }
        @else {
            div.table-head { (part::shown(found)) }
            div.table-box tabindex="0" role="region" aria-label="包保" { table.table {
                thead { tr { th { "对象" } th { "层级" } th { "包保人" } th { "起" } th { "止" } th { "最近走访" } } }
                tbody { @for one in &found.rows { tr {
                    th scope="row" { a href=(url::sponsorship(one.one.id)) { (one.one.subject.name) } }
                    td { (name(&one.one.tier)) }
                    td { a href=(url::staff(one.one.staff)) { (one.sponsor) } }
                    td { (one.one.since) }
                    td { @if let Some(until) = one.one.until { (until) } }
                    td { @match one.visited_on { Some(on) => (on), None => "没有走访记录" } }
                } } }
            } }
            (part::pager(found, url::SPONSORSHIPS, &[("search", &filter.search), ("tier", &filter.tier), ("ended", if filter.has_ended { "yes" } else { "" })], PAGE_ROWS.unsigned_abs()))
        }
    }
}

fn tiers(covered: &[Covered]) -> Markup {
    html! { div.table-box tabindex="0" role="region" aria-label="包保层级" { table.table {
        caption { "本地规定的包保层级" }
        thead { tr { th { "层级" } th { "对象" } th { "由谁" } th { "职责" } th { "依据" } th { "覆盖" } } }
        tbody { @for one in covered { tr {
            th scope="row" { (one.tier.name) }
            td.wrap { (one.tier.what.label()) @if let Some(bounds) = one.tier.bounds() { ":" (bounds) } }
            td { (one.tier.level.label()) }
            td.wrap { (one.tier.duties) }
            td.wrap { "《" (one.tier.document) "》" (one.tier.paragraph) }
            td { @match one.missing {
                None => {},
                Some(0) => span.badge.done { "单位都有包保人" },
                Some(number) => { a href=(url::sponsorships_missing(&one.tier.key)) { (number) " 家没有包保人" } }
            } }
        } } }
    } } }
}

/// Units for which nobody answers on a tier.
pub(crate) async fn missing(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let page = page_request(asked.page);
    let read = web.app.read(Some(signed.actor.clone()), async |cx| app::missing(cx, &asked.tier, page).await);
    let (tier, found): (Tier, Page<Unit>) = read.await?;
    let head =
        Head {
            about: Some(tier.name.clone()), crumbs: crumbs("没有包保人的单位"), ..Head::of("没有包保人的单位")
        };
    let main = html! {
        @if found.total == 0 { (part::empty("都有包保人", "本辖区的单位在这一层级都有人负责。")) }
        @else {
            div.table-head { (part::shown(&found)) }
            div.table-box tabindex="0" role="region" aria-label="没有包保人的单位" { table.table {
                thead { tr { th { "单位" } th { "统一社会信用代码" } th { "办理" } } }
                tbody { @for unit in &found.rows { tr {
                    th scope="row" { a href=(url::unit_sponsors(unit.id)) { (unit.name) } }
                    td { span.code { (unit.usci) } }
                    td { a href=(url::with_query(url::SPONSORSHIPS_NEW, &[("tier", &tier.key), ("usci", unit.usci.as_str())])) { "指定包保人" } }
                } } }
            } }
            (part::pager(&found, url::SPONSORSHIPS_MISSING, &[("tier", &tier.key)], PAGE_ROWS.unsigned_abs()))
        }
    };
    Ok(whole(&signed.frame, &head, &main))
}

/// The form that names somebody.
pub(crate) async fn new(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let read = web.app.read(Some(signed.actor.clone()), async |cx| {
        let found = app::candidates(cx, &asked.search).await?;
        let own = cx.actor()?.area;
        Ok((found, app::tiers(cx, &own).to_vec()))
    });
    let (people, tiers) = read.await?;
    let head = Head { crumbs: crumbs("指定包保人"), ..Head::of("指定包保人") };
    Ok(whole(&signed.frame, &head, &form(&people, &tiers, &asked)))
}

fn form(people: &[Held], tiers: &[Tier], asked: &Asked) -> Markup {
    html! {
        form.filters action=(url::SPONSORSHIPS_NEW) role="search" aria-label="查找统计人员" {
            input type="hidden" name="tier" value=(asked.tier);
            input type="hidden" name="usci" value=(asked.usci);
            div.field { label for="who" { "包保人(姓名或机构)" } input #who name="search" value=(asked.search); }
            button.button type="submit" { "查找" }
        }
        @if people.is_empty() { (part::empty("没有找到人", "包保人从统计人员登记中选,请先登记任职,或者换一个词查找。")) }
        @else { form.card.narrow method="post" action=(url::SPONSORSHIPS_NEW) {
            div.field { label for="staff" { "包保人" } select #staff name="staff" required {
                @for one in people { option value=(one.tenure.staff) { (one.name) "(" (one.place) "," (one.tenure.duty.label()) ")" } }
            } }
            div.field { label for="tier" { "层级" } select #tier name="tier" required {
                @for one in tiers { option value=(one.key) selected[one.key == asked.tier] { (one.name) "(" (one.what.label()) @if let Some(bounds) = one.bounds() { "," (bounds) } ")" } }
            } }
            div.field { label for="usci" { "单位的统一社会信用代码(名录库以外的样本户不填)" } input #usci name="usci" value=(asked.usci) maxlength="18"; }
            div.field { label for="name" { "项目或样本户名称(包保单位本身的不填)" } input #name name="name" maxlength="100"; }
            div.field { label for="planned" { "项目计划总投资(万元)" } input #planned name="planned" inputmode="decimal"; }
            div.field { label for="document" { "责任清单或文件" } input #document name="document" maxlength="100"; }
            div.field { label for="since" { "起始日期" } input #since name="since" type="date" required; }
            div.form-actions { button.button.primary type="submit" { "指定" } }
        } }
    }
}

/// Names somebody.
pub(crate) async fn name(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    let fields = Fields::read(&body)?;
    let bad = || Problem::BadInput { reason: "请选择包保人。".into() };
    let planned: Option<Decimal> = match fields.get("planned") {
        "" => None,
        text => Some(parse_number(text).map_err(|error| Problem::BadInput { reason: error.to_string() })?),
    };
    let typed = Typed {
        tier: fields.get("tier").to_owned(),
        staff: fields.get("staff").parse().map_err(|_| bad())?,
        usci: fields.get("usci").to_owned(),
        name: fields.get("name").to_owned(),
        planned,
        document: fields.get("document").to_owned(),
        since: fields.must_day("since", "起始日期")?,
    };
    let named = web.app.write(Some(signed.actor), async |cx| app::name(cx, typed).await).await?;
    Ok(see(&url::sponsorship(named), "saved"))
}

/// One sponsorship.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let one: SponsorshipId = id(path)?;
    let sheet = web.app.read(Some(signed.actor.clone()), async |cx| app::get(cx, one).await).await?;
    let title = sheet.sponsored.one.subject.name.clone();
    let head = Head { crumbs: crumbs(&title), ..Head::of(&title) };
    Ok(whole(&signed.frame, &head, &sheet_view(&sheet)))
}

fn sheet_view(sheet: &Sheet) -> Markup {
    let one = &sheet.sponsored.one;
    html! {
        section.card { dl.facts {
            dt { "包保人" } dd { a href=(url::staff(one.staff)) { (sheet.sponsored.sponsor) } }
            dt { "层级" } dd { (sheet.tier.as_ref().map_or(one.tier.as_str(), |tier| tier.name.as_str())) }
            @if let Some(unit) = one.subject.unit { dt { "单位" } dd { a href=(url::unit_sponsors(unit)) { "这个单位的包保人" } } }
            @if let Some(planned) = &one.subject.planned { dt { "计划总投资" } dd { (format_number(planned)) " 万元" } }
            dt { "期间" } dd { (one.since) " 起" @if let Some(until) = one.until { ",至 " (until) } }
            @if let Some(reason) = &one.reason { dt { "结束原因" } dd { (reason) } }
            @if !one.document.is_empty() { dt { "依据" } dd { (one.document) } }
            @if let Some(tier) = &sheet.tier { dt { "职责" } dd { (tier.duties) } dt { "规定" } dd { "《" (tier.document) "》" (tier.paragraph) } }
        } }
        section.stack {
            h2 { "走访" }
            @if sheet.visits.is_empty() { p.muted { "没有走访记录。" } }
            @else { ul.list { @for visit in &sheet.visits { li { div.main { (visit.on) " " (visit.note) p.about { (visit.by_name) " 记于 " (part::instant(visit.at)) } } } } } }
        }
        @if sheet.may_write && one.until.is_none() {
            form.card.narrow method="post" action=(url::sponsorship_act(one.id, "visit")) {
                h2 { "记录走访" }
                div.field { label for="on" { "日期" } input #on name="on" type="date" required; }
                div.field { label for="note" { "情况" } textarea #note name="note" required minlength="4" maxlength="500" {} }
                div.form-actions { button.button.primary type="submit" { "保存" } }
            }
            form.card.narrow method="post" action=(url::sponsorship_act(one.id, "end")) {
                h2 { "结束包保" }
                div.field { label for="last" { "结束日期" } input #last name="on" type="date" required; }
                div.field { label for="why" { "原因" } input #why name="reason" required minlength="4" maxlength="200" aria-describedby="why-help"; p.help #why-help { "结束以后,这段包保仍在本人和单位的页面上可查。" } }
                div.form-actions { button.button type="submit" { "结束" } }
            }
        }
    }
}

/// Notes a visit.
pub(crate) async fn visit(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let (one, fields): (SponsorshipId, Fields) = (id(path)?, Fields::read(&body)?);
    let on = fields.must_day("on", "日期")?;
    web.app.write(Some(signed.actor), async |cx| app::visit(cx, one, on, fields.get("note")).await).await?;
    Ok(see(&url::sponsorship(one), "saved"))
}

/// Ends a sponsorship.
pub(crate) async fn end(State(web): State<Web>, signed: Signed, path: Path<String>, RawForm(body): RawForm) -> Answer {
    let (one, fields): (SponsorshipId, Fields) = (id(path)?, Fields::read(&body)?);
    let on = fields.must_day("on", "结束日期")?;
    web.app.write(Some(signed.actor), async |cx| app::end(cx, one, on, fields.get("reason")).await).await?;
    Ok(see(&url::sponsorship(one), "saved"))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_: Signed, path: Path<String>) -> Answer<Redirect> {
    let one: SponsorshipId = id(path)?;
    Ok(Redirect::to(&url::sponsorship(one)))
}

/// Who answers and ever answered for a unit.
pub(crate) async fn of_unit(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let unit: UnitId = id(path)?;
    let (unit, found) = web.app.read(Some(signed.actor.clone()), async |cx| app::of_unit(cx, unit).await).await?;
    let head = Head {
        about: Some(unit.name.clone()),
        crumbs: vec![(unit.name.clone(), Some(url::unit(unit.id))), ("包保".into(), None)],
        ..Head::of("包保")
    };
    let main = html! {
        @if found.is_empty() { (part::empty("没有包保人", "由统计机构在“包保”中指定。")) }
        @else { (lasting(&found)) }
    };
    Ok(whole(&signed.frame, &head, &main))
}

/// What somebody, or somebody for a unit, answered for, over and open.
pub(crate) fn lasting(found: &[(Sponsored, String)]) -> Markup {
    html! { ul.list { @for (one, tier) in found { li { div.main {
        (one.sponsor) " · " (tier) " · " (one.one.subject.name)
        p.about {
            (one.one.since) " 起" @if let Some(until) = one.one.until { ",至 " (until) }
            @if let Some(reason) = &one.one.reason { "(" (reason) ")" }
            @if let Some(on) = one.visited_on { ";最近走访 " (on) }
        }
    } } } } }
}
