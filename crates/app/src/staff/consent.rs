//! What follows when a change of staff is consented to: whoever comes is entered, by the one who consents.

use youju_domain::Problem;
use youju_domain::case::SubjectKind;
use youju_domain::id::OrganisationId;
use youju_domain::staff::{About, Appointment, Duty, Establishment, Field, Time, Workplace};

use super::{enrol, not_found};
use crate::case::effect::{Done, Pending};
use crate::context::Cx;
use crate::error::Result;

/// The word by which a case says that somebody comes.
const COMES: &str = "到任";

/// `staff.appoint`: enters whoever comes, as the case says; whoever leaves hands over, and nothing is done for them here.
pub(crate) fn appoint<'c>(cx: &'c mut Cx<'_>, done: Done<'c>) -> Pending<'c> {
    Box::pin(enter(cx, done))
}

async fn enter(cx: &mut Cx<'_>, done: Done<'_>) -> Result<()> {
    let values = done.case.values();
    let value = |key: &str| values.get(key).map(String::as_str).unwrap_or_default();
    if value("change") != COMES {
        return Ok(());
    }
    let subject = &done.case.subject;
    if subject.kind != SubjectKind::Organisation {
        return Err(not_found());
    }
    let at: OrganisationId = subject.id.parse().map_err(|_| not_found())?;
    let unread = |what: &str| Problem::BadInput { reason: format!("{what}没有填对,请退回补充。") };
    let duty = Duty::ALL.iter().find(|one| one.label() == value("duty")).ok_or_else(|| unread("岗位"))?;
    let time = Time::ALL.iter().find(|one| one.label() == value("time")).ok_or_else(|| unread("专职或兼职"))?;
    let establishment = Establishment::ALL
        .iter()
        .find(|one| one.label() == value("establishment"))
        .ok_or_else(|| unread("编制性质"))?;
    let post = Appointment {
        duty: *duty,
        time: *time,
        establishment: *establishment,
        fields: Field::ALL.iter().filter(|one| one.label() == value("field")).copied().collect(),
        work: String::new(),
        document: format!("{} {}", done.kind.name, done.case.id),
        since: value("on").parse().map_err(|_| unread("到任日期"))?,
    };
    let about = About { name: value("name").to_owned(), ..About::default() };
    enrol(cx, Workplace::Organisation(at), about, post, "").await.map(drop)
}
