//! What follows when the selection of an enumerator is consented to: they are entered into the register and engaged, by the one who consents.

use youju_domain::Problem;
use youju_domain::case::SubjectKind;
use youju_domain::enumerator::{Engagement, Terms, read_area};
use youju_domain::id::OrganisationId;
use youju_domain::staff::{About, Appointment, Duty, Establishment, Time, Workplace};
use youju_store::{enumerator as store, staff};

use super::not_found;
use crate::case::effect::{Done, Pending};
use crate::context::Cx;
use crate::error::Result;
use crate::organisation::today;

/// `enumerator.engage`: enters whoever was selected as 辅助调查员 of the township, with what they answer for.
pub(crate) fn engage<'c>(cx: &'c mut Cx<'_>, done: Done<'c>) -> Pending<'c> {
    Box::pin(enter(cx, done))
}

async fn enter(cx: &mut Cx<'_>, done: Done<'_>) -> Result<()> {
    let values = done.case.values();
    let value = |key: &str| values.get(key).map(String::as_str).unwrap_or_default();
    let subject = &done.case.subject;
    if subject.kind != SubjectKind::Organisation {
        return Err(not_found());
    }
    let at: OrganisationId = subject.id.parse().map_err(|_| not_found())?;
    let unread = |what: &str| Problem::BadInput { reason: format!("{what}没有填对,请退回补充。") };
    let since = value("on").parse().map_err(|_| unread("聘用日期"))?;
    let time = Time::ALL.iter().find(|one| one.label() == value("time")).ok_or_else(|| unread("专职或兼职"))?;
    let post = Appointment {
        duty: Duty::Auxiliary,
        time: *time,
        establishment: Establishment::Hired,
        fields: Vec::new(),
        work: String::new(),
        document: format!("{} {}", done.kind.name, done.case.id),
        since,
    };
    let about = About { name: value("name").to_owned(), ..About::default() };
    let who = crate::staff::enrol(cx, Workplace::Organisation(at), about, post, "").await?;
    let terms = Terms { area: read_area(value("area")), surveys: value("surveys").to_owned(), ..Terms::default() };
    let (on, held) = (today(cx), staff::of_staff(cx.tx(), who).await?);
    let tenure = held.first().ok_or_else(not_found)?.tenure.id;
    let engagement = Engagement::begin(cx.new_id(), tenure, terms.read(who, on)?, since, on)?;
    Ok(store::add(cx.tx(), &engagement).await?)
}
