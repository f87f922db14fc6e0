//! A tip 线索 written down by hand: what a village, a department or an enterprise told. Units of the register that are like it stand on the page
//! before anything is kept.

use axum::extract::{RawForm, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use youju_app::prospect::{Meant, Tipped, tip};
use youju_codes::{AreaCode, AreaLevel, Industry, area, parse_number, threshold};
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object, decide};
use youju_domain::id::UnitId;
use youju_domain::prospect::{Channel, Tip};
use youju_domain::register::{Fact, Unit};

use crate::fields::Fields;
use crate::request::{Answer, Refusal, Signed, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

/// What is sent when it is none of the units that are like it.
const NONE_OF_THEM: &str = "none";

/// The empty form.
pub(super) async fn form(signed: Signed) -> Answer<Markup> {
    if !decide(&signed.actor, Action::Review, Object::Area(&signed.actor.area)) {
        return Err(Refusal::from(Problem::NotFound { what: "页面" }));
    }
    Ok(page(&signed, &Fields::none(), &[]))
}

fn page(signed: &Signed, typed: &Fields, alike: &[Unit]) -> Markup {
    let head = Head {
        crumbs: vec![("准四上单位".into(), Some(url::PROSPECTS.into())), ("登记线索".into(), None)],
        about: Some("听说有单位接近或达到纳统标准,先记下来,再上门核实。已在名录库中、已是调查单位、已在准四上单位中的,提交时会指出。".into()),
        ..Head::of("登记线索")
    };
    let body = html! {
        form.card.narrow method="post" action=(url::PROSPECT_NEW) {
            (likeness(alike))
            (line(("name", "单位名称"), typed, true, "不知道全称的写通常的叫法"))
            (line(("code", "统一社会信用代码"), typed, false, "18 位,校验码不符会被指出"))
            (place(&signed.actor, typed.get("area")))
            (industry(typed))
            (line(("address", "地址"), typed, false, ""))
            (line(("phone", "电话"), typed, false, ""))
            (line(("revenue", "大约的年营业收入(万元)"), typed, false, "不知道的不填,核实时再问"))
            div.field { label for="channel" { "线索来源" } select #channel name="channel" required {
                option value="" { "请选择" }
                @for one in Channel::ALL { option value=(one.key()) selected[one.key() == typed.get("channel")] { (one.label()) } }
            } }
            div.field {
                label for="words" { "线索内容" span.muted { " (可不填)" } }
                textarea #words name="words" maxlength="200" aria-describedby="words-help" { (typed.get("words")) }
                p.help #words-help { "谁告知的、看到什么,200 字以内" }
            }
            div.form-actions { button.button.primary type="submit" { "列为线索" } }
        }
    };
    whole(&signed.frame, &head, &body)
}

/// The units of the register that are like it, to be chosen from.
fn likeness(alike: &[Unit]) -> Markup {
    html! { @if !alike.is_empty() {
        fieldset.field.notice.explain {
            legend { "名录库中有名称或电话相同的单位,请先说明是不是同一家" }
            @for one in alike { label.choice {
                input type="radio" name="unit" value=(one.id) required;
                span {
                    a href=(url::unit(one.id)) { (one.name) } " " span.code { (one.usci) } " " (area::path(&one.area))
                    @if let Some(phone) = one.details.get(Fact::Phone) { ",电话 " (phone) } "," (one.listing.label())
                }
            } }
            label.choice { input type="radio" name="unit" value=(NONE_OF_THEM) required; span { "都不是,是另一家" } }
        }
    } }
}

fn line((key, word): (&str, &str), typed: &Fields, is_owed: bool, help: &str) -> Markup {
    let described = (!help.is_empty()).then(|| format!("{key}-help"));
    html! { div.field {
        label for=(key) { (word) @if !is_owed { span.muted { " (可不填)" } } }
        input id=(key) name=(key) value=(typed.get(key)) required[is_owed] autocomplete="off" aria-describedby=[described.as_deref()];
        @if !help.is_empty() { p.help id={ (key) "-help" } { (help) } }
    } }
}

/// Where it is: chosen among what is below a township or a county, typed by whoever answers for more.
fn place(actor: &Actor, typed: &str) -> Markup {
    let own = actor.area;
    let places: Vec<AreaCode> = match own.level() {
        AreaLevel::Township => [own].into_iter().chain(area::children(&own).into_iter().map(|one| one.code)).collect(),
        AreaLevel::County => area::children(&own).into_iter().map(|one| one.code).collect(),
        _ => Vec::new(),
    };
    html! { div.field {
        label for="area" { "所在地" }
        @if places.is_empty() {
            input #area name="area" value=(typed) required aria-describedby="area-help";
            p.help #area-help { "区划代码 12 位;只到乡镇(街道)的可填 9 位" }
        } @else {
            select #area name="area" required {
                @if own.level() != AreaLevel::Township { option value="" { "请选择" } }
                @for one in places { option value=(one) selected[one.as_str() == typed] { (area::name(&one).unwrap_or(one.as_str())) } }
            }
        }
    } }
}

/// What it does: the class where it is known, otherwise what it belongs to.
fn industry(typed: &Fields) -> Markup {
    html! {
        (line(("class", "行业小类代码"), typed, false, "GB/T 4754—2017,4 位;知道的填这里"))
        div.field {
            label for="industry" { "不知道小类代码的,选大致的行业" span.muted { " (二者填一项)" } }
            select #industry name="industry" {
                option value="" { "—" }
                @for (one, label) in threshold::by_revenue() {
                    option value=(one.code()) selected[one.code() == typed.get("industry")] { (one.name()) "(" (label) ")" }
                }
            }
        }
    }
}

fn read(fields: &Fields) -> Result<Tip, Problem> {
    let bad = |reason: String| Problem::BadInput { reason };
    let code = [fields.get("class"), fields.get("industry")].into_iter().find(|text| !text.is_empty());
    let code = code.ok_or_else(|| bad("请填写行业小类代码,或者选大致的行业。".to_owned()))?;
    let revenue = match fields.get("revenue") {
        "" => None,
        text => Some(parse_number(text).map_err(|error| bad(format!("营业收入:{error}")))?),
    };
    Ok(Tip {
        name: fields.get("name").to_owned(),
        code: fields.get("code").to_owned(),
        area: AreaCode::parse(fields.get("area")).map_err(|error| bad(error.to_string()))?,
        industry: Industry::parse(code).map_err(|error| bad(error.to_string()))?,
        address: fields.get("address").to_owned(),
        phone: fields.get("phone").to_owned(),
        revenue,
        channel: fields.choice("channel", "线索来源", Channel::from_key)?,
        words: fields.get("words").to_owned(),
    })
}

fn meant(fields: &Fields) -> Result<Meant, Problem> {
    match fields.get("unit") {
        "" => Ok(Meant::Unsaid),
        NONE_OF_THEM => Ok(Meant::NoneOfThem),
        _ => fields.choice("unit", "单位", |text| text.parse::<UnitId>().ok()).map(Meant::Is),
    }
}

/// Writes the tip down, or shows the form again with the units that it may be.
pub(super) async fn enter(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer<Response> {
    let fields = Fields::read(&body)?;
    let (one, meant) = (read(&fields)?, meant(&fields)?);
    match web.app.write(Some(signed.actor.clone()), async |cx| tip(cx, one, meant).await).await? {
        Tipped::Entered(id) => Ok(see(&url::prospect(id), "prospect_entered").into_response()),
        Tipped::Alike(units) => Ok(page(&signed, &fields, &units).into_response()),
    }
}
