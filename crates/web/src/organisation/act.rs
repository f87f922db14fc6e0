//! The acts on organisations: a form each, and what is done with what it sends.

use std::collections::BTreeMap;

use axum::extract::{Path, RawForm, State};
use maud::Markup;
use youju_app::organisation::{self, Around, Into, Splitting, Typed};
use youju_codes::Usci;
use youju_domain::Problem;
use youju_domain::id::OrganisationId;
use youju_domain::organisation::{Ground, Kind, Renaming};

use super::{code, crumbs, day, form};
use crate::fields::Fields;
use crate::request::{Answer, Signed, damaged, id, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

impl Fields {
    fn ground(&self) -> Result<Ground, Problem> {
        let missing = || Problem::BadInput { reason: "请填写生效日期。".into() };
        Ok(Ground {
            on: day(self.get("on"))?.ok_or_else(missing)?,
            document: self.get("document").to_owned(),
            reason: self.get("reason").to_owned(),
        })
    }

    fn kind(&self, name: &str) -> Result<Kind, Problem> {
        let bad = || Problem::BadInput { reason: "机构类型应从列表中选择。".into() };
        Kind::from_key(self.get(name)).ok_or_else(bad)
    }

    /// A new organisation, from fields whose names end alike.
    fn typed(&self, end: &str) -> Result<Typed, Problem> {
        let field = |name: &str| format!("{name}{end}");
        let usci = self.get(&field("usci"));
        let usci = match usci {
            "" => None,
            text => Some(Usci::parse(text).map_err(|error| Problem::BadInput { reason: error.to_string() })?),
        };
        Ok(Typed {
            kind: self.kind(&field("kind"))?,
            name: self.get(&field("name")).to_owned(),
            code: code(self.get(&field("code")))?,
            usci,
        })
    }
}

/// A page with the form of an act.
async fn form_page(
    web: &Web,
    signed: &Signed,
    path: Path<String>,
    (title, about): (&str, &str),
    draw: impl Fn(&Around) -> Markup,
) -> Answer<Markup> {
    let organisation: OrganisationId = id(path)?;
    let around =
        web.app.read(Some(signed.actor.clone()), async |cx| organisation::around(cx, organisation).await).await?;
    let mut crumbs = crumbs(&[(organisation, around.span.name.clone())]);
    crumbs.push((title.to_owned(), None));
    let whole_title = format!("{title}:{}", around.span.name);
    let head = Head { crumbs, about: Some(about.to_owned()), ..Head::of(&whole_title) };
    Ok(whole(&signed.frame, &head, &draw(&around)))
}

/// The form of a new organisation.
pub(crate) async fn add_form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let about = "企(事)业单位填统一社会信用代码,名称取自名录库;其他机构填名称,是区划的还要填区划代码。";
    form_page(&web, &signed, path, ("新增下级机构", about), form::add).await
}

/// Adds an organisation.
pub(crate) async fn add(State(web): State<Web>, signed: Signed, path: Path<String>, RawForm(body): RawForm) -> Answer {
    let parent: OrganisationId = id(path)?;
    let fields = Fields::read(&body)?;
    let (typed, ground) = (fields.typed("")?, fields.ground()?);
    let begun =
        web.app.write(Some(signed.actor), async |cx| organisation::add(cx, parent, typed, ground).await).await?;
    Ok(see(&url::organisation(begun), "organisation_changed"))
}

/// Adds the units of the register that are no organisation yet.
pub(crate) async fn add_enterprises(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let parent: OrganisationId = id(path)?;
    web.app.write(Some(signed.actor), async |cx| organisation::add_enterprises(cx, parent).await).await?;
    Ok(see(&url::organisation(parent), "enterprises_added"))
}

/// The form of a new name.
pub(crate) async fn rename_form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let about = "改名称、类型或区划代码。变动前的名称按日期仍可查看;只改名称的,区划代码不变。";
    form_page(&web, &signed, path, ("更名", about), form::rename).await
}

/// A new name.
pub(crate) async fn rename(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let organisation: OrganisationId = id(path)?;
    let fields = Fields::read(&body)?;
    let to =
        Renaming { kind: fields.kind("kind")?, name: fields.get("name").to_owned(), code: code(fields.get("code"))? };
    let ground = fields.ground()?;
    web.app.write(Some(signed.actor), async |cx| organisation::rename(cx, organisation, &to, ground).await).await?;
    Ok(see(&url::organisation(organisation), "organisation_changed"))
}

/// The form of a merger.
pub(crate) async fn merge_form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let about = "勾选要合并的机构,再选合并成哪一个。下级机构随之转到合并后的机构,村的区划代码另行变更。";
    form_page(&web, &signed, path, ("合并", about), form::merge).await
}

/// A merger.
pub(crate) async fn merge(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let organisation: OrganisationId = id(path)?;
    let fields = Fields::read(&body)?;
    let mut ids = vec![organisation];
    for one in fields.all("with") {
        ids.push(one.parse().map_err(|_| damaged())?);
    }
    let into = match fields.get("target") {
        "new" => Into::New(fields.typed("")?),
        one => Into::GoesOn(one.parse().map_err(|_| damaged())?),
    };
    let ground = fields.ground()?;
    let event = web.app.write(Some(signed.actor), async |cx| organisation::merge(cx, &ids, into, ground).await).await?;
    let shown = event.into.first().map_or(organisation, |part| part.organisation);
    Ok(see(&url::organisation(shown), "organisation_changed"))
}

/// The form of a split.
pub(crate) async fn split_form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let about = "写明分出的机构,再说明各下级机构归哪一个。名称空着的一栏不算。";
    form_page(&web, &signed, path, ("分设", about), form::split).await
}

/// A split.
pub(crate) async fn split(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let organisation: OrganisationId = id(path)?;
    let fields = Fields::read(&body)?;
    let mut new = Vec::new();
    let mut places = BTreeMap::new();
    for number in 0..form::PARTS_OFFERED {
        let end = format!(".{number}");
        if !fields.get(&format!("name{end}")).is_empty() {
            places.insert(number.to_string(), new.len());
            new.push(fields.typed(&end)?);
        }
    }
    let mut below = BTreeMap::new();
    for (name, to) in fields.pairs() {
        let Some(one) = name.strip_prefix("below.").filter(|_| !to.is_empty()) else { continue };
        let bad = || Problem::BadInput { reason: "有下级机构归到了没有填写的一栏,请核对。".into() };
        below.insert(one.parse().map_err(|_| damaged())?, *places.get(to.as_str()).ok_or_else(bad)?);
    }
    let into = Splitting { new, goes_on: fields.get("goes_on") == "yes", below };
    let ground = fields.ground()?;
    web.app.write(Some(signed.actor), async |cx| organisation::split(cx, organisation, into, ground).await).await?;
    Ok(see(&url::organisation(organisation), "organisation_changed"))
}

/// The form of an end.
pub(crate) async fn end_form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let about = "终止后没有承接的机构。并入别的机构的,请用“合并”。记录不删除,按日期仍可查看。";
    form_page(&web, &signed, path, ("终止", about), form::end).await
}

/// An end.
pub(crate) async fn end(State(web): State<Web>, signed: Signed, path: Path<String>, RawForm(body): RawForm) -> Answer {
    let organisation: OrganisationId = id(path)?;
    let ground = Fields::read(&body)?.ground()?;
    web.app.write(Some(signed.actor), async |cx| organisation::end(cx, organisation, ground).await).await?;
    Ok(see(&url::organisation(organisation), "organisation_changed"))
}
