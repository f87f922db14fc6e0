//! Handover 工作交接: who leaves a post hands over what is unfinished and what is kept, somebody takes it over, a third one watches; with the
//! last signature the post ends, and with it, in the same transaction, the account, its sessions, its keys and its seats.

use std::collections::BTreeSet;

use serde_json::json;
use youju_domain::Problem;
use youju_domain::access::Actor;
use youju_domain::dormancy::{Life, Why};
use youju_domain::handover::{Handover, Item, Party, Signer, Signing, Stage, read_papers};
use youju_domain::id::{HandoverId, PersonId, StaffId, TenureId};
use youju_domain::message::Kind;
use youju_domain::person::Person;
use youju_domain::staff::{Staff, Workplace};
use youju_store::register::{Page, PageRequest};
use youju_store::{
    StoreError, access as sessions, accounts, api_key, handover as store, person, seat, staff as register,
};

use crate::context::Cx;
use crate::crypto;
use crate::error::{Error, Result};
use crate::inbox::tally;
use crate::message::{Draft, tell_people};
use crate::organisation::today;
use crate::staff::{Place, finish, place, term};

pub use youju_store::handover::Listed;
pub use youju_store::staff::Held;

mod kept;

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "工作交接" })
}

/// A handover as somebody looks at it.
pub struct Seen {
    /// It, with the post and the names.
    pub listed: Listed,
    /// What would be handed over now.
    pub items: Vec<Item>,
    /// Stands for the list as it is now: signing another one is refused.
    pub seal: String,
    /// As whom the actor may sign now.
    pub turn: Option<Party>,
    /// The actor is the one who leaves.
    pub is_giver: bool,
    /// The actor may take it back.
    pub may_withdraw: bool,
}

/// What stands for a list.
fn seal(items: &[Item]) -> String {
    let lines: Vec<String> =
        items.iter().map(|item| format!("{}|{}|{}", item.title, item.number, item.named.join(","))).collect();
    crypto::sha256(lines.join("\n").as_bytes())
}

/// What somebody leaves behind: what waits for them, as their own inbox tells it, and what they keep.
async fn items(cx: &mut Cx<'_>, giver: &Staff, held: &Held) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    let account = match giver.person {
        Some(person) => person::get(cx.tx(), person).await?,
        None => None,
    };
    if let Some(account) = &account {
        let own = cx.look_as(Some(account.actor()));
        let waiting = waiting_items(cx).await;
        cx.look_as(own);
        items.extend(waiting?);
    }
    items.extend(kept::of(cx, giver, account.as_ref(), held).await?);
    Ok(items)
}

/// What waits for the actor, as their own inbox tells it.
async fn waiting_items(cx: &mut Cx<'_>) -> Result<Vec<Item>> {
    let groups = crate::inbox::groups(cx).await?;
    let mut items = Vec::new();
    for one in tally(cx).await? {
        let group = groups.iter().find(|group| one.title == format!("报表:{}", group.title));
        let named = group.map(|group| group.first.iter().map(kept::name).collect()).unwrap_or_default();
        items.push(Item { title: one.title, number: one.number, named });
    }
    Ok(items)
}

/// Who the actor is in a handover.
async fn signer(cx: &mut Cx<'_>, listed: &Listed, place: &Place) -> Result<Signer> {
    let actor = cx.actor()?.clone();
    let taker = register::get(cx.tx(), listed.handover.taker).await?.ok_or_else(not_found)?;
    Ok(Signer {
        person: actor.person,
        name: actor.name.clone(),
        is_giver: listed.held.person == Some(actor.person),
        is_taker: taker.person == Some(actor.person),
        may_witness: place.may_witness(&actor),
    })
}

/// A handover with the place, for those who take part in it or look after the place.
async fn found(cx: &mut Cx<'_>, id: HandoverId) -> Result<(Listed, Place, Signer)> {
    let listed = store::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let place = place(cx, listed.held.tenure.at).await.map_err(|error| match error {
        Error::Problem(Problem::NotFound { .. }) => not_found(),
        other => other,
    })?;
    let signer = signer(cx, &listed, &place).await?;
    Ok((listed, place, signer))
}

/// A handover as the actor may look at it.
pub async fn get(cx: &mut Cx<'_>, id: HandoverId) -> Result<Seen> {
    let (listed, place, signer) = found(cx, id).await?;
    let actor = cx.actor()?.clone();
    let giver = register::get(cx.tx(), listed.handover.giver).await?.ok_or_else(not_found)?;
    let items = if listed.handover.stage.is_open() { items(cx, &giver, &listed.held).await? } else { Vec::new() };
    let turn = listed.handover.may_sign(&signer);
    let may_withdraw = listed.handover.stage.is_open() && may_begin(&actor, &place, &listed.held);
    Ok(Seen { seal: seal(&items), items, turn, is_giver: signer.is_giver, may_withdraw, listed })
}

/// Whoever leaves begins it, or who writes the people of the place.
fn may_begin(actor: &Actor, place: &Place, held: &Held) -> bool {
    held.person == Some(actor.person) || place.may_write(actor)
}

/// What beginning a handover chooses from.
pub struct Choice {
    /// The post that ends.
    pub held: Held,
    /// Who can take over: others with a post in the same place, and an account of the same kind.
    pub takers: Vec<Held>,
    /// The first day after a chief's term, where it is not over.
    pub term_ends: Option<chrono::NaiveDate>,
}

/// A post that the actor may begin to hand over.
pub async fn choice(cx: &mut Cx<'_>, tenure: TenureId) -> Result<Choice> {
    let (held, place) = post(cx, tenure).await?;
    let on = today(cx);
    let mut seen = BTreeSet::from([held.tenure.staff]);
    let here = register::in_place(cx.tx(), place.at, on).await?;
    let takers = here.into_iter().filter(|other| other.person.is_some() && seen.insert(other.tenure.staff)).collect();
    let term_ends = held.tenure.term_ends(term(cx, &held)).filter(|ends| on < *ends);
    Ok(Choice { held, takers, term_ends })
}

async fn post(cx: &mut Cx<'_>, tenure: TenureId) -> Result<(Held, Place)> {
    let gone = || Error::Problem(Problem::NotFound { what: "任职" });
    let held = register::held(cx.tx(), tenure).await?.ok_or_else(gone)?;
    let place = place(cx, held.tenure.at).await.map_err(|error| match error {
        Error::Problem(Problem::NotFound { .. }) => gone(),
        other => other,
    })?;
    if !may_begin(cx.actor()?, &place, &held) {
        return Err(Problem::Forbidden.into());
    }
    Ok((held, place))
}

/// What beginning a handover says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// The post that ends.
    pub tenure: TenureId,
    /// Who takes over.
    pub taker: StaffId,
    /// The document or reason of leaving.
    pub document: String,
    /// Why a chief's term is cut short.
    pub exception: String,
    /// What is handed over beside the program.
    pub papers: String,
}

/// Begins a handover. Nobody has signed yet, and nothing ends.
pub async fn begin(cx: &mut Cx<'_>, new: New) -> Result<HandoverId> {
    let (held, place) = post(cx, new.tenure).await?;
    let on = today(cx);
    // What would be refused at the end is refused now.
    held.tenure.end(on, &new.document, term(cx, &held), &new.exception)?;
    if new.taker == held.tenure.staff {
        return Err(Problem::BadInput { reason: "接收人不能是移交人自己。".into() }.into());
    }
    let (_, taker) = taker(cx, new.taker, &held, &place).await?;
    let handover = Handover {
        id: cx.new_id(),
        giver: held.tenure.staff,
        tenure: held.tenure.id,
        taker: new.taker,
        document: new.document.trim().to_owned(),
        exception: new.exception.trim().to_owned(),
        papers: read_papers(&new.papers)?,
        stage: Stage::Awaits(Party::Giver),
        signatures: Vec::new(),
        begun_at: cx.now(),
        done_on: None,
        revision: 0,
    };
    match store::add(cx.tx(), &handover).await {
        Err(StoreError::Constraint(name)) if name.starts_with("handover_tenure_key") => {
            return Err(Problem::BadInput { reason: "这项任职的工作交接正在办理。".into() }.into());
        }
        other => other?,
    }
    let payload = json!({ "from": held.name, "to": taker.name, "place": held.place, "document": handover.document });
    cx.record("handover.begun", ("handover", handover.id.to_string()), payload).await?;
    let people: Vec<PersonId> = held.person.into_iter().chain([taker.id]).collect();
    tell(
        cx,
        handover.id,
        &people,
        "工作交接已开始",
        format!("{}的工作由{}接收,请移交人先核对清单并签字。", held.name, taker.name),
    )
    .await?;
    Ok(handover.id)
}

async fn tell(cx: &mut Cx<'_>, id: HandoverId, people: &[PersonId], title: &str, body: String) -> Result<()> {
    let draft = Draft { kind: Kind::Staff, title: title.to_owned(), body, about: ("handover", id.to_string()) };
    tell_people(cx, people, &draft, false).await
}

/// Who takes over, with their account: somebody with a post in the place today who can go on with the work in the program.
async fn taker(cx: &mut Cx<'_>, id: StaffId, held: &Held, place: &Place) -> Result<(Staff, Person)> {
    let bad = |reason: String| Error::Problem(Problem::BadInput { reason });
    let on = today(cx);
    let here = register::in_place(cx.tx(), place.at, on).await?;
    if !here.iter().any(|other| other.tenure.staff == id) {
        return Err(bad(format!("接收人应在{}任职。请先登记接收人的任职。", place.name)));
    }
    let staff = register::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let none = || bad(format!("{}还没有账号,接不了系统里的工作。请先由系统管理员开设。", staff.name));
    let person = staff.person.ok_or_else(none)?;
    let (person, account) = crate::account::of(cx, person).await?;
    if account.life.is_shut(cx.now()) {
        return Err(bad(format!("{}的账号已停用,请先恢复。", staff.name)));
    }
    if let Some(own) = held.person {
        let (giver, _) = crate::account::of(cx, own).await?;
        if (giver.role, giver.unit, giver.area) != (person.role, person.unit, person.area) {
            return Err(bad(format!(
                "{}的账号是{},接不了{}的工作。请先由系统管理员调整账号。",
                staff.name,
                person.role.label(),
                giver.role.label()
            )));
        }
    }
    Ok((staff, person))
}

/// Signs a handover, with the list that was looked at. The last signature ends the post and the access that came with it.
pub async fn sign(cx: &mut Cx<'_>, id: HandoverId, seen: &str, instead: &str) -> Result<Stage> {
    let (listed, place, signer) = found(cx, id).await?;
    let (taker_staff, taker) = taker(cx, listed.handover.taker, &listed.held, &place).await?;
    let giver = register::get(cx.tx(), listed.handover.giver).await?.ok_or_else(not_found)?;
    let items = items(cx, &giver, &listed.held).await?;
    if listed.handover.turn().is_some() && seal(&items) != seen {
        let reason = "清单已有变化:有事项办完了,或者有新的事项。请重新核对以后再签字。";
        return Err(Problem::BadInput { reason: reason.into() }.into());
    }
    let on = today(cx);
    let signing = Signing { signer, at: cx.now(), items, instead: instead.to_owned() };
    let next = listed.handover.sign(signing, on)?;
    store::put(cx.tx(), &next).await?;
    let party = next.signatures.last().map(|last| last.party.label()).unwrap_or_default();
    let payload = json!({ "party": party, "seal": seen, "stage": next.stage.key() });
    cx.record("handover.signed", ("handover", id.to_string()), payload).await?;
    let from = &listed.held.name;
    match next.stage {
        Stage::Awaits(Party::Taker) => {
            let body = format!("{from}已签字移交,请您核对清单,确认接收。");
            tell(cx, id, &[taker.id], "请接收移交的工作", body).await?;
        }
        Stage::Awaits(_) => {
            let body = format!("{from}移交给{}的工作已由双方签字,请监交。", taker_staff.name);
            let people = witnesses(cx, &place, &listed).await?;
            tell(cx, id, &people, "请监交", body).await?;
        }
        Stage::Done => {
            let by = format!("{}(工作已移交给{})", listed.handover.document, taker_staff.name);
            let ended = listed.held.tenure.end(on, &by, term(cx, &listed.held), &listed.handover.exception)?;
            finish(cx, &listed.held, &place, &ended).await?;
            end_access(cx, &giver, &listed.held).await?;
            let body = format!("{from}的工作已全部移交给您,{from}的账号已同时停用。");
            tell(cx, id, &[taker.id], "工作交接已完成", body).await?;
        }
        Stage::Withdrawn => {}
    }
    Ok(next.stage)
}

/// Who may watch: those in charge of a unit, and the office that the place answers to.
async fn witnesses(cx: &mut Cx<'_>, place: &Place, listed: &Listed) -> Result<Vec<PersonId>> {
    let mut people = Vec::new();
    if let Workplace::Unit(unit) = place.at {
        people.extend(person::of_unit(cx.tx(), unit).await?);
    } else {
        let roles = youju_domain::access::Role::ALL.into_iter().filter(|role| role.level() == Some(place.answers_to));
        for role in roles {
            people.extend(person::with_role(cx.tx(), role).await?);
        }
    }
    let signed: BTreeSet<PersonId> = listed.handover.signatures.iter().map(|one| one.person).collect();
    let may = |person: &Person| place.may_witness(&person.actor()) && !signed.contains(&person.id);
    Ok(people.iter().filter(|person| may(person)).map(|person| person.id).collect())
}

/// Ends what somebody could do, in the transaction of the last signature — unless they hold another post for which the account is.
async fn end_access(cx: &mut Cx<'_>, giver: &Staff, held: &Held) -> Result<()> {
    let (now, on) = (cx.now(), today(cx));
    let others = register::of_staff(cx.tx(), giver.id).await?;
    let goes_on = others.iter().any(|other| other.tenure.at == held.tenure.at && other.tenure.holds_on(on));
    if goes_on {
        return Ok(());
    }
    let seats = seat::end_of(cx.tx(), giver.id, on).await?;
    let Some(person) = giver.person else { return Ok(()) };
    let mut keys = 0;
    if let Workplace::Unit(unit) = held.tenure.at {
        let by = cx.actor()?.person;
        for key in api_key::of_unit(cx.tx(), unit).await? {
            if key.by == person && key.revoked.is_none() {
                api_key::revoke(cx.tx(), key.id, by, now).await?;
                keys += 1;
            }
        }
    }
    let life = accounts::hold(cx.tx(), person).await?.ok_or_else(not_found)?;
    let shut = Life { suspended: Some((now, Why::PostEnded)), notice_until: None, post_ends_on: Some(on), ..life };
    accounts::put(cx.tx(), person, &shut).await?;
    accounts::end_post(cx.tx(), person, Some(on)).await?;
    sessions::remove_all_of(cx.tx(), person).await?;
    let payload = json!({ "why": Why::PostEnded.key(), "keys": keys, "seats": seats });
    cx.record("account.suspended", ("person", person.to_string()), payload).await
}

/// Takes a handover back before it is done: the post goes on.
pub async fn withdraw(cx: &mut Cx<'_>, id: HandoverId) -> Result<()> {
    let (listed, place, _) = found(cx, id).await?;
    if !may_begin(cx.actor()?, &place, &listed.held) {
        return Err(Problem::Forbidden.into());
    }
    store::put(cx.tx(), &listed.handover.withdraw()?).await?;
    cx.record("handover.withdrawn", ("handover", id.to_string()), json!({ "from": listed.held.name })).await
}

/// One page of the handovers that the actor looks after or takes part in.
pub async fn list(cx: &mut Cx<'_>, stage: Option<Stage>, page: PageRequest) -> Result<Page<Listed>> {
    let actor = cx.actor()?.clone();
    if !actor.role.is_officer() && !actor.role.is_respondent() {
        return Err(not_found());
    }
    let own = register::of_person(cx.tx(), actor.person).await?;
    let found = store::list(cx.tx(), &actor.scope(), own.map(|own| own.id), stage, page).await?;
    Ok(found)
}

/// Open handovers that are read at a time; a county has a few.
const OPEN_ROWS: i64 = 200;

/// Every handover that waits for a party, among those that the actor looks after or takes part in.
async fn open(cx: &mut Cx<'_>, actor: &Actor, own: Option<StaffId>, party: Party) -> Result<Vec<Listed>> {
    let (mut open, mut page) = (Vec::new(), PageRequest { offset: 0, limit: OPEN_ROWS });
    loop {
        let found = store::list(cx.tx(), &actor.scope(), own, Some(Stage::Awaits(party)), page).await?;
        page.offset += OPEN_ROWS;
        open.extend(found.rows);
        if u64::try_from(page.offset).unwrap_or(u64::MAX) >= found.total {
            return Ok(open);
        }
    }
}

/// Handovers that wait for the actor's signature. Who only could sign in the place of somebody who leaves is not asked to.
pub async fn waiting(cx: &mut Cx<'_>) -> Result<Vec<Listed>> {
    let actor = cx.actor()?.clone();
    if !actor.role.is_officer() && !actor.role.is_respondent() {
        return Ok(Vec::new());
    }
    let own = register::of_person(cx.tx(), actor.person).await?.map(|own| own.id);
    let mut waiting = Vec::new();
    for party in Party::ALL {
        for listed in open(cx, &actor, own, party).await? {
            let Ok(place) = place(cx, listed.held.tenure.at).await else { continue };
            let signer = signer(cx, &listed, &place).await?;
            let is_asked = party != Party::Giver || signer.is_giver;
            if is_asked && listed.handover.may_sign(&signer).is_some() {
                waiting.push(listed);
            }
        }
    }
    Ok(waiting)
}
