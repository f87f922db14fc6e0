//! A unit that becomes known 登记单位: what is asked for, and nothing else of it yet.

use axum::extract::{RawForm, RawQuery, State};
use maud::{Markup, html};
use youju_domain::access::{Action, Object, decide};
use youju_domain::register::{Fact, Facts, Form, NewChange};

use crate::fields::Fields;
use crate::request::{Answer, Refusal, Signed, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

/// What is asked for of a new unit, in the order of the form.
const ASKED: [Fact; 13] = [
    Fact::Usci,
    Fact::Name,
    Fact::Area,
    Fact::Industry,
    Fact::Kind,
    Fact::Activity,
    Fact::Address,
    Fact::Representative,
    Fact::Phone,
    Fact::FoundedOn,
    Fact::OpenedOn,
    Fact::Standard,
    Fact::RegistrationNumber,
];

/// The form, filled in as far as the page that led here knows.
pub(crate) async fn form(State(_): State<Web>, signed: Signed, RawQuery(known): RawQuery) -> Answer<Markup> {
    let known = Fields::read(known.unwrap_or_default().as_bytes())?;
    if !decide(&signed.actor, Action::Review, Object::Area(&signed.actor.area)) {
        return Err(Refusal::from(youju_domain::Problem::NotFound { what: "页面" }));
    }
    let head = Head {
        crumbs: vec![("名录".into(), Some(url::UNITS.into())), ("登记单位".into(), None)],
        about: Some("先进库、后有数。登记后在名录库中,不要求报表;要纳入调查,再办理“调查单位纳入”事项。".into()),
        ..Head::of("登记单位")
    };
    let body = html! {
        form.card.narrow method="post" action=(url::UNITS) {
            @for fact in ASKED { (field(fact, known.get(fact.key()), Fact::OWED.contains(&fact))) }
            div.field {
                label for="since" { "从哪一天起" }
                input #since name="since" type="date" required aria-describedby="since-help";
                p.help #since-help { "单位的情况从这一天起如上;一般填成立或开业的日期" }
            }
            div.form-actions { button.button.primary type="submit" { "登记" } }
        }
    };
    Ok(whole(&signed.frame, &head, &body))
}

/// A fact to be filled in.
pub(super) fn field(fact: Fact, value: &str, is_owed: bool) -> Markup {
    let (key, help) = (fact.key(), help(fact));
    let described = (!help.is_empty()).then(|| format!("{key}-help"));
    html! {
        div.field {
            label for=(key) { (fact.label()) @if !is_owed { " " span.muted { "(可不填)" } } }
            @match fact.form() {
                Form::Choice(choices) => select id=(key) name=(key) {
                    @if !is_owed { option value="" { "—" } }
                    @for (code, word) in choices() { option value=(code) selected[code == value] { (word) } }
                },
                Form::Day => input id=(key) name=(key) type="date" value=(value) required[is_owed];,
                Form::Number => input id=(key) name=(key) inputmode="decimal" value=(value) required[is_owed];,
                _ => input id=(key) name=(key) value=(value) required[is_owed] aria-describedby=[described.as_deref()];,
            }
            @if !help.is_empty() { p.help id={ (key) "-help" } { (help) } }
        }
    }
}

fn help(fact: Fact) -> &'static str {
    match fact {
        Fact::Usci => "18 位,校验码不符会被指出",
        Fact::Name => "与营业执照一致",
        Fact::Area | Fact::RegisteredArea => "12 位;只到乡镇(街道)的可填 9 位",
        Fact::Industry => "GB/T 4754—2017 小类,4 位",
        _ => "",
    }
}

/// What a form says about facts.
pub(super) fn facts(fields: &Fields, asked: &[Fact]) -> Answer<Facts> {
    Ok(Facts::read(asked.iter().map(|fact| (*fact, fields.get(fact.key()))))?)
}

/// Enters a unit.
pub(crate) async fn enter(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    let fields = Fields::read(&body)?;
    let facts = facts(&fields, &ASKED)?.settled();
    let new = NewChange { since: fields.must_day("since", "从哪一天起")?, facts };
    let unit = web.app.write(Some(signed.actor), async |cx| youju_app::register::enter(cx, new).await).await?;
    Ok(see(&url::unit(unit), "entered"))
}
