//! The paper of what was done on the spot: who was visited, what was found, what shows it, who signed.

use serde_json::json;
use youju_codes::area;
use youju_domain::Problem;
use youju_domain::access::{Action, Actor};
use youju_domain::attachment::ContentKind;
use youju_domain::case::{
    ANSWERS, Case, CaseType, FieldKind, Material, OPEN, Sort, Step, clock_remarks, photo_facts, photo_remarks,
    show_value,
};
use youju_domain::id::{CaseId, UnitId};
use youju_domain::paper::{SitePicture, SiteSheet};
use youju_domain::register::Fact;
use youju_domain::survey::local;

use super::found;
use crate::context::{App, Cx};
use crate::error::{Error, Result};
use crate::look::take_copy;
use crate::secrets;

/// The last time that somebody was on the spot.
pub fn last_visit<'c>(case: &'c Case, kind: &CaseType) -> Option<&'c Step> {
    case.steps.iter().rev().find(|step| kind.act(&step.act).is_some_and(|act| act.is_onsite))
}

/// The sheet as somebody takes it, with the name of the file. Who takes it is written down first, and the mark
/// stands below: behind the words there is room for seals.
pub async fn take(app: &App, actor: &Actor, id: CaseId) -> Result<(String, SiteSheet)> {
    let (sheet, name, unit) = app.write(Some(actor.clone()), async |cx| of_case(cx, id).await).await?;
    let taken = take_copy(app, actor, unit, &name).await?;
    Ok((taken.named(&name), SiteSheet { mark: taken.words(), ..sheet }))
}

async fn of_case(cx: &mut Cx<'_>, id: CaseId) -> Result<(SiteSheet, String, Option<UnitId>)> {
    let (case, kind) = found(cx, id, Action::View).await?;
    let none = || Error::Problem(Problem::NotFound { what: "现场办理的核查表" });
    if !case.reach(&kind).is_whole_to(cx.actor()?) {
        return Err(none());
    }
    let (Some(title), Some(visit)) = (&kind.paper, last_visit(&case, &kind)) else { return Err(none()) };
    let (mut photos, mut names) = (Vec::new(), Vec::new());
    for file in &visit.materials {
        let Some(material) = kind.material(&file.kind) else { continue };
        let mut words = vec![photo_facts(file)];
        words.extend(photo_remarks(&case, visit, file));
        match material.sort {
            Sort::File => {}
            Sort::Photo => photos.push(picture(cx, file, &material.label, words).await?),
            Sort::Signature => names.push(picture(cx, file, &material.label, vec![day(visit)]).await?),
        }
    }
    let files: Vec<&str> = visit.materials.iter().map(|file| file.hash.as_str()).collect();
    cx.record("case.sheet_taken", ("case", id.to_string()), json!({ "files": files })).await?;
    let sheet = SiteSheet {
        title: title.clone(),
        number: id.to_string(),
        unit: unit_facts(cx, &case).await?,
        facts: facts(&case, &kind, visit),
        checks: checks(&case, &kind),
        photos,
        names,
        opinions: opinions(&case, &kind),
        seals: vec!["单位公章".into(), "县级统计机构公章".into()],
        ..SiteSheet::default()
    };
    Ok((sheet, format!("{title} {}.pdf", case.subject.name), case.subject.unit))
}

async fn picture(cx: &mut Cx<'_>, file: &Material, label: &str, words: Vec<String>) -> Result<SitePicture> {
    let blob = secrets::file(cx, &file.hash).await?;
    let format = match blob.as_ref().map(|blob| blob.kind) {
        Some(ContentKind::Jpeg) => "jpg",
        Some(ContentKind::Png) => "png",
        Some(ContentKind::Webp) => "webp",
        _ => "",
    };
    let content = blob.map(|blob| blob.content).unwrap_or_default();
    Ok(SitePicture { label: label.to_owned(), words, format, content })
}

/// What the register says of the unit; what it does not know is left for the pen.
async fn unit_facts(cx: &mut Cx<'_>, case: &Case) -> Result<Vec<(String, String)>> {
    let id = case.subject.unit.ok_or(Error::Problem(Problem::NotFound { what: "单位" }))?;
    let unit = crate::register::get(cx, id).await?;
    let known = |fact: Fact| unit.details.get(fact).unwrap_or_default().to_owned();
    let first = |said: Option<String>, fact: Fact| said.filter(|said| !said.is_empty()).unwrap_or_else(|| known(fact));
    let pairs = [
        (Fact::Name.label(), unit.name.clone()),
        (Fact::Usci.label(), unit.usci.as_str().to_owned()),
        (Fact::Area.label(), format!("{} {}", unit.area.as_str(), area::path(&unit.area))),
        (Fact::Industry.label(), format!("{} {}", unit.industry.code(), unit.industry.name())),
        (Fact::Address.label(), known(Fact::Address)),
        (Fact::Activity.label(), known(Fact::Activity)),
        // What was asked on the spot is newer than what the register knows.
        (Fact::Phone.label(), first(case.values().remove("phone"), Fact::Phone)),
        (Fact::Representative.label(), known(Fact::Representative)),
    ];
    Ok(pairs.map(|(label, value)| (label.to_owned(), value)).into())
}

fn facts(case: &Case, kind: &CaseType, visit: &Step) -> Vec<(String, String)> {
    let values = case.values();
    let filled = kind.fields.iter().filter_map(|field| Some((field, values.get(&field.key)?)));
    let mut facts: Vec<(String, String)> =
        filled.map(|(field, value)| (field.label.clone(), shown(field.kind, &show_value(field, value)))).collect();
    let at = local(visit.at).format("%Y-%m-%d %H:%M");
    facts.push(("现场办理".into(), format!("{}({}),服务器收到时间 {at}", visit.name, visit.role.label())));
    let clock = clock_remarks(visit);
    if !clock.is_empty() {
        facts.push(("手机时间".into(), clock.join("\n")));
    }
    facts
}

fn shown(kind: FieldKind, value: &str) -> String {
    if kind == FieldKind::LongText { value.to_owned() } else { value.replace('\n', " ") }
}

fn checks(case: &Case, kind: &CaseType) -> Vec<(String, String, String)> {
    let values = case.values();
    let said = |key: &String| values.get(key).cloned().unwrap_or_default();
    let row = |item: &youju_domain::case::Check| {
        let answer = said(&item.answer_key());
        let word = ANSWERS.iter().find(|(key, _)| *key == answer).map_or("", |(_, word)| *word);
        (item.label.clone(), word.to_owned(), said(&item.remark_key()))
    };
    kind.checks_for(&values).into_iter().map(row).collect()
}

fn opinions(case: &Case, kind: &CaseType) -> Vec<(String, String)> {
    let later = case.steps.iter().filter(|step| step.act != OPEN);
    let later = later.filter(|step| kind.act(&step.act).is_some_and(|act| !act.is_onsite));
    later
        .map(|step| {
            let words = if step.reason.is_empty() { String::new() } else { format!("{}\n", step.reason) };
            (kind.act_label(&step.act).to_owned(), format!("{words}{}({}) {}", step.name, step.role.label(), day(step)))
        })
        .collect()
}

fn day(step: &Step) -> String {
    local(step.at).format("%Y年%-m月%-d日").to_string()
}
