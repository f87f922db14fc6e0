//! What an office has learnt of a unit 登记变更: what needs no case.

use axum::extract::{Path, RawForm, State};
use maud::{Markup, html};
use youju_app::register::NEEDS_CASE;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::UnitId;
use youju_domain::register::{Fact, Facts, Form, NewChange};

use super::enter;
use crate::fields::Fields;
use crate::request::{Answer, Signed, id, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

fn asked() -> Vec<Fact> {
    let typed = |fact: &Fact| !NEEDS_CASE.contains(fact) && !matches!(fact.form(), Form::Unit);
    Fact::ALL.iter().copied().filter(typed).collect()
}

/// The form, with what is known.
pub(crate) async fn form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let unit: UnitId = id(path)?;
    let unit = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let unit = youju_app::register::get(cx, unit).await?;
            cx.allow(Action::Arrange, Object::Unit { id: unit.id, area: &unit.area })?;
            Ok(unit)
        })
        .await?;
    let head = Head {
        crumbs: super::area_crumbs(&unit, false),
        about: Some("名称、代码、地址所在区划、行业、纳入情况等要经过审核,请在“事项”中提出;其余的在这里登记。".into()),
        ..Head::of("登记变更")
    };
    let known = unit.facts();
    let body = html! {
        form.card.narrow method="post" action=(url::unit_change(unit.id)) {
            input type="hidden" name="revision" value=(unit.revision);
            @for fact in asked() { (enter::field(fact, known.get(fact).unwrap_or_default(), false)) }
            div.field { label for="since" { "从哪一天起" } input #since name="since" type="date" required; }
            div.form-actions { button.button.primary type="submit" { "登记" } a.button href=(url::unit(unit.id)) { "不登记" } }
        }
    };
    Ok(whole(&signed.frame, &head, &body))
}

/// Writes it down.
pub(crate) async fn save(State(web): State<Web>, signed: Signed, path: Path<String>, RawForm(body): RawForm) -> Answer {
    let unit: UnitId = id(path)?;
    let fields = Fields::read(&body)?;
    let missing = || Problem::BadInput { reason: "页面不完整,请刷新后再登记。".into() };
    let revision = fields.number("revision", "版本")?.ok_or_else(missing)?;
    // Only what the page had counts: a program may send less.
    let sent = |fact: &Fact| fields.pairs().iter().any(|(name, _)| name == fact.key());
    let asked: Vec<Fact> = Fact::ALL.iter().copied().filter(sent).collect();
    let facts: Facts = enter::facts(&fields, &asked)?;
    let new = NewChange { since: fields.must_day("since", "从哪一天起")?, facts };
    web.app.write(Some(signed.actor), async |cx| youju_app::register::change(cx, unit, new, revision).await).await?;
    Ok(see(&url::unit(unit), "changed"))
}
