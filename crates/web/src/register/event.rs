//! 合并 and 分立 of units.

use axum::extract::{Path, RawForm, State};
use maud::{Markup, html};
use youju_app::register::event::{self, Ground};
use youju_codes::Usci;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::UnitId;
use youju_domain::register::{Fact, Facts, Unit};

use crate::fields::Fields;
use crate::request::{Answer, Signed, id, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

/// New units that a split can name on one form; more are split off a second time.
const NEW_MAX: usize = 3;

/// What is asked for of each.
const ASKED: [Fact; 4] = Fact::OWED;

async fn arranged(web: &Web, signed: &Signed, path: Path<String>) -> Answer<Unit> {
    let unit: UnitId = id(path)?;
    let read = web.app.read(Some(signed.actor.clone()), async |cx| {
        let unit = youju_app::register::get(cx, unit).await?;
        cx.allow(Action::Arrange, Object::Unit { id: unit.id, area: &unit.area })?;
        Ok(unit)
    });
    Ok(read.await?)
}

fn ground_fields() -> Markup {
    html! {
        div.field { label for="since" { "从哪一天起" } input #since name="since" type="date" required; }
        div.field { label for="document" { "依据的文件" } input #document name="document" required maxlength="200"; }
    }
}

fn ground(fields: &Fields) -> Result<Ground, Problem> {
    Ok(Ground { since: fields.must_day("since", "从哪一天起")?, document: fields.get("document").to_owned() })
}

/// 合并: which units were merged into this one.
pub(crate) async fn merge_form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let unit = arranged(&web, &signed, path).await?;
    let head = Head {
        crumbs: super::area_crumbs(&unit, false),
        about: Some(format!(
            "把其他单位并入“{}”。被并入的单位从这一天起注销、不再报表,历史和以前的报表都在。",
            unit.name
        )),
        ..Head::of("合并")
    };
    let body = html! {
        form.card.narrow method="post" action=(url::unit_merge(unit.id)) {
            div.field {
                label for="merged" { "被并入单位的统一社会信用代码" }
                textarea #merged name="merged" rows="4" required aria-describedby="merged-help" {}
                p.help #merged-help { "每行一个" }
            }
            (ground_fields())
            div.form-actions { button.button.primary type="submit" { "登记合并" } a.button href=(url::unit(unit.id)) { "不登记" } }
        }
    };
    Ok(whole(&signed.frame, &head, &body))
}

/// Writes a merger down.
pub(crate) async fn merge(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let into: UnitId = id(path)?;
    let fields = Fields::read(&body)?;
    let bad = |error: youju_codes::CodeError| Problem::BadInput { reason: error.to_string() };
    let lines = fields.get("merged").lines().map(str::trim).filter(|line| !line.is_empty());
    let codes: Vec<Usci> = lines.map(|line| Usci::parse(line).map_err(bad)).collect::<Result<_, _>>()?;
    let ground = ground(&fields)?;
    web.app
        .write(Some(signed.actor), async |cx| {
            let mut merged = Vec::new();
            for code in codes {
                merged.push(youju_app::register::by_code(cx, code).await?.id);
            }
            event::merge(cx, &merged, into, &ground).await
        })
        .await?;
    Ok(see(&url::unit(into), "merged"))
}

/// 分立: what comes out of this unit.
pub(crate) async fn split_form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let unit = arranged(&web, &signed, path).await?;
    let head = Head {
        crumbs: super::area_crumbs(&unit, false),
        about: Some("分立出的单位先登记到名录库,要纳入调查再办理“调查单位纳入”事项。".into()),
        ..Head::of("分立")
    };
    let body = html! {
        form.card.narrow method="post" action=(url::unit_split(unit.id)) {
            @for number in 1..=NEW_MAX {
                fieldset {
                    legend { "分立出的单位 " (number) @if number > 1 { span.muted { "(没有就不填)" } } }
                    @for fact in ASKED {
                        @let name = format!("{}{number}", fact.key());
                        div.field { label for=(name) { (fact.label()) } input id=(name) name=(name) required[number == 1]; }
                    }
                }
            }
            div.field.check {
                input #goes_on name="goes_on" type="checkbox" value="yes" checked;
                label for="goes_on" { "“" (unit.name) "”存续" }
            }
            (ground_fields())
            div.form-actions { button.button.primary type="submit" { "登记分立" } a.button href=(url::unit(unit.id)) { "不登记" } }
        }
    };
    Ok(whole(&signed.frame, &head, &body))
}

/// Writes a split down.
pub(crate) async fn split(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let from: UnitId = id(path)?;
    let fields = Fields::read(&body)?;
    let mut into: Vec<Facts> = Vec::new();
    for number in 1..=NEW_MAX {
        let typed: Vec<(Fact, String)> =
            ASKED.iter().map(|fact| (*fact, fields.get(&format!("{}{number}", fact.key())).to_owned())).collect();
        if typed.iter().any(|(_, text)| !text.is_empty()) {
            into.push(Facts::read(typed.iter().map(|(fact, text)| (*fact, text.as_str())))?);
        }
    }
    let (ground, goes_on) = (ground(&fields)?, fields.get("goes_on") == "yes");
    web.app.write(Some(signed.actor), async |cx| event::split(cx, from, into, goes_on, &ground).await).await?;
    Ok(see(&url::unit(from), "split"))
}
