//! 统计人员: the register, who is missing whom, handovers to the end of the old access, and seats in grids.

use std::collections::BTreeMap;

use youju_app::access::{actor_of, sign_in};
use youju_app::handover::{self, New};
use youju_app::staff::{self, Asked, Entry, Filter, Owing};
use youju_app::{App, Result, case, grid, seat};
use youju_codes::AreaCode;
use youju_domain::access::Actor;
use youju_domain::case::Command;
use youju_domain::dormancy::Standing;
use youju_domain::handover::{Party, Stage};
use youju_domain::id::{HandoverId, StaffId, TenureId};
use youju_domain::norm::Post;
use youju_domain::seat::{Place, Role};
use youju_domain::staff::{
    About, Appointment, Certificate, Course, Duty, Establishment, Field, Qualified, Time, Workplace,
};
use youju_store::register::PageRequest;
use youju_testkit::{County, PASSWORD, april, newcomer, on_both_engines};

use crate::make::{act, look, refusal, verified};
use crate::organisations::{find, set_up};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };

fn about(name: &str) -> About {
    About { name: name.into(), ..About::default() }
}

fn post(duty: Duty, establishment: Establishment) -> Appointment {
    Appointment {
        duty,
        time: Time::Full,
        establishment,
        fields: Vec::new(),
        work: String::new(),
        document: "兰统〔2026〕1号".into(),
        since: april(1).date_naive(),
    }
}

fn clerk_post() -> Appointment {
    post(Duty::Statistician, Establishment::Hired)
}

async fn enrol(app: &App, by: &Actor, at: Workplace, name: &str, post: Appointment, login: &str) -> Result<StaffId> {
    act(app, by, async |cx| staff::enrol(cx, at, about(name), post, login).await).await
}

/// The only post that somebody holds.
async fn tenure(app: &App, by: &Actor, who: StaffId) -> TenureId {
    look(app, by, async |cx| staff::get(cx, who).await).await.unwrap().tenures[0].0.tenure.id
}

async fn missing(app: &App, by: &Actor) -> Vec<Owing> {
    look(app, by, async |cx| staff::staffing(cx, Asked { is_missing: true }).await).await.unwrap().rows
}

#[test]
fn a_township_is_short_of_people_until_they_are_entered() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let officer = &county.county;
        set_up(&app, officer).await;
        let (township, zone) =
            (find(&app, officer, "兰江街道办事处").await, find(&app, officer, "兰溪经济开发区").await);
        // 16 townships and streets, and two zones.
        let all = look(&app, officer, async |cx| staff::staffing(cx, Asked::default()).await).await.unwrap();
        assert_eq!((all.all, all.complete, all.rows.len()), (18, 0, 18));
        let own = |rows: &[Owing], id| rows.iter().find(|row| row.listed.id == id).cloned();
        let short = own(&all.rows, township).unwrap();
        assert_eq!((short.units, short.missing(), short.lines.len()), (Some(2), 3, 4));
        assert_eq!(
            own(&all.rows, zone).unwrap().units,
            None,
            "a zone without a code of its own has no units of its own"
        );
        let at = Workplace::Organisation(township);
        for (name, field) in [("章一", Field::Agriculture), ("章二", Field::Industry), ("章三", Field::Services)]
        {
            let post = Appointment { fields: vec![field], ..post(Duty::Statistician, Establishment::Established) };
            assert!(own(&missing(&app, officer).await, township).is_some());
            // The township does not appoint its own people: the county consents.
            let refused = enrol(&app, &county.township, at, name, post.clone(), "").await;
            assert_eq!(refusal(refused).code(), "access.forbidden");
            enrol(&app, officer, at, name, post, "").await.unwrap();
        }
        assert!(own(&missing(&app, officer).await, township).is_none());
        // The township looks at itself, and at nobody else; units and other counties see nothing.
        let seen = look(&app, &county.township, async |cx| staff::staffing(cx, Asked::default()).await).await.unwrap();
        assert_eq!((seen.all, seen.complete), (1, 1));
        let clerk =
            look(&app, &county.factories[0].clerk, async |cx| staff::staffing(cx, Asked::default()).await).await;
        assert_eq!(refusal(clerk.map(drop)).code(), "not_found");
        let neighbour = look(&app, &county.neighbour, async |cx| staff::in_place(cx, at).await).await;
        assert_eq!(refusal(neighbour).code(), "not_found");
        let (name, file) = staff::csv(&all).unwrap();
        assert!(name.starts_with("人员配备情况") && String::from_utf8_lossy(&file).contains("兰江街道办事处"));
        let lines: Vec<Post> = short.lines.iter().map(|(minimum, ..)| minimum.post).collect();
        assert!(lines.contains(&Post::EstablishedServices));
        verified(&app).await;
    });
}

#[test]
fn a_unit_enters_its_own_people_and_the_county_is_told() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let own = &county.factories[0];
        let at = Workplace::Unit(own.unit);
        let who = enrol(&app, &own.head, at, "柳惠", clerk_post(), "tb000").await.unwrap();
        let told = look(&app, &county.county, async |cx| youju_app::message::list(cx, ALL).await).await.unwrap().rows;
        assert!(told.iter().any(|one| one.title.ends_with("统计人员变动") && one.body.contains("柳惠")));
        // Nobody has two accounts of others, and nobody is entered into another unit.
        let foreign = enrol(&app, &own.head, at, "柳二", clerk_post(), "tb001").await;
        assert!(refusal(foreign).to_string().contains("没有登录名"));
        let twice = enrol(&app, &own.head, at, "柳三", clerk_post(), "tb000").await;
        assert!(refusal(twice).to_string().contains("一人一号"));
        let other = Workplace::Unit(county.factories[1].unit);
        assert_eq!(refusal(enrol(&app, &own.head, other, "柳四", clerk_post(), "").await).code(), "not_found");
        let chief = enrol(&app, &own.head, at, "柳五", post(Duty::Chief, Establishment::Established), "").await;
        assert!(refusal(chief).to_string().contains("没有首席统计员岗位"));
        // The other unit sees nobody; the township does.
        let seen = look(&app, &county.factories[1].clerk, async |cx| staff::get(cx, who).await).await;
        assert_eq!(refusal(seen.map(drop)).code(), "not_found");
        let list = async |by: &Actor| look(&app, by, async |cx| staff::list(cx, &Filter::default(), ALL).await).await;
        assert_eq!(list(&county.township).await.unwrap().total, 1);
        assert_eq!(list(&county.factories[1].clerk).await.unwrap().total, 0);
        assert_eq!(refusal(list(&county.admin).await).code(), "not_found");
        let in_units = Filter { in_units: Some(false), ..Filter::default() };
        assert_eq!(look(&app, &county.city, async |cx| staff::list(cx, &in_units, ALL).await).await.unwrap().total, 0);
        verified(&app).await;
    });
}

#[test]
fn qualifications_and_trainings_are_noted_and_struck_out_with_a_reason() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        set_up(&app, &county.county).await;
        let bureau = find(&app, &county.county, "兰溪市统计局").await;
        let at = Workplace::Organisation(bureau);
        // The bureau answers to the city, and so do its people.
        let own = enrol(&app, &county.county, at, "方局长", post(Duty::Lead, Establishment::Established), "").await;
        assert_eq!(refusal(own).code(), "access.forbidden");
        let who = enrol(&app, &county.city, at, "方执法", post(Duty::Statistician, Establishment::Established), "xian");
        let who = who.await.unwrap();
        let card = Certificate {
            kind: Qualified::Enforcement,
            number: "浙统执 001".into(),
            issued_on: april(1).date_naive(),
            expires_on: Some(april(20).date_naive()),
        };
        act(&app, &county.city, async |cx| staff::qualify(cx, who, card).await).await.unwrap();
        let course = Course {
            held_on: april(1).date_naive(),
            hours: 8,
            subject: "岗前培训".into(),
            organiser: "金华市统计局".into(),
            passed: Some(true),
        };
        act(&app, &county.city, async |cx| staff::train(cx, who, course).await).await.unwrap();
        // Whoever it is about sees it and does not write it.
        let sheet = look(&app, &county.county, async |cx| staff::get(cx, who).await).await.unwrap();
        assert!(sheet.is_self && !sheet.may_write);
        assert_eq!((sheet.qualifications.len(), sheet.trainings.len()), (1, 1));
        let wrong = Entry::Training(sheet.trainings[0].id);
        let strike =
            async |by: &Actor, why: &str| act(&app, by, async |cx| staff::strike(cx, who, wrong, why).await).await;
        assert_eq!(refusal(strike(&county.county, "不是本人").await).code(), "access.forbidden");
        assert!(strike(&county.city, "错").await.is_err());
        strike(&county.city, "登记到别人名下了").await.unwrap();
        let sheet = look(&app, &county.city, async |cx| staff::get(cx, who).await).await.unwrap();
        assert_eq!((sheet.qualifications.len(), sheet.trainings.len()), (1, 0));
        verified(&app).await;
    });
}

#[test]
fn the_county_consents_before_a_township_gets_somebody_new() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        set_up(&app, &county.county).await;
        let street = find(&app, &county.county, "兰江街道办事处").await;
        let asks = async |change: &str, name: &str| {
            let values = [
                ("change", change),
                ("name", name),
                ("duty", "统计员"),
                ("time", "专职"),
                ("establishment", "在编"),
                ("field", "工业"),
                ("on", "2026-04-20"),
            ];
            let values = values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            let command = Command { values, ..Command::default() };
            let subject = street.to_string();
            act(&app, &county.township, async |cx| {
                case::open(cx, "staff_change", &subject, command, BTreeMap::new()).await
            })
            .await
        };
        let consents = async |by: &Actor, id| {
            let revision = look(&app, by, async |cx| case::get(cx, id).await).await?.case.revision;
            let command = Command { act: "consent".into(), revision, ..Command::default() };
            act(&app, by, async |cx| case::take(cx, id, command, BTreeMap::new()).await).await
        };
        let comes = asks("到任", "章新").await.unwrap();
        assert!(consents(&county.township, comes).await.is_err(), "not by the township itself");
        assert_eq!(list_of(&app, &county.township).await, Vec::<String>::new());
        consents(&county.county, comes).await.unwrap();
        assert_eq!(list_of(&app, &county.township).await, ["章新"]);
        // They count from their first day, and not before.
        let own = |rows: Vec<Owing>| rows.into_iter().find(|row| row.listed.id == street).unwrap().lines[0].1;
        assert_eq!(own(missing(&app, &county.county).await), 0);
        app.world().set(april(20));
        assert_eq!(own(missing(&app, &county.county).await), 1);
        // Whoever leaves is consented to, and hands over: nothing ends by the consent.
        let leaves = asks("离任", "章新").await.unwrap();
        consents(&county.county, leaves).await.unwrap();
        assert_eq!(list_of(&app, &county.township).await, ["章新"]);
        verified(&app).await;
    });
}

async fn list_of(app: &App, by: &Actor) -> Vec<String> {
    let found = look(app, by, async |cx| staff::list(cx, &Filter::default(), ALL).await).await.unwrap();
    found.rows.into_iter().map(|held| held.name).collect()
}

/// The list as somebody sees it now, and their signature under it.
async fn sign(app: &App, by: &Actor, id: HandoverId, instead: &str) -> Result<Stage> {
    let seal = look(app, by, async |cx| Ok(handover::get(cx, id).await?.seal)).await?;
    act(app, by, async |cx| handover::sign(cx, id, &seal, instead).await).await
}

fn new(tenure: TenureId, taker: StaffId) -> New {
    let papers = "纸质台账 3 册(档案柜)".into();
    New { tenure, taker, document: "辞职".into(), exception: String::new(), papers }
}

#[test]
fn a_clerk_leaves_after_three_signatures_and_is_out_that_second() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let own = &county.factories[0];
        let (clerk, head, at) = (&own.clerk, &own.head, Workplace::Unit(own.unit));
        let leaves = enrol(&app, head, at, "柳惠", clerk_post(), "tb000").await.unwrap();
        let tenure = tenure(&app, clerk, leaves).await;
        // Nobody simply goes: there is an account with unfinished work.
        let gone = act(&app, head, async |cx| staff::release(cx, tenure, april(2).date_naive(), "辞职", "").await);
        assert!(refusal(gone.await).to_string().contains("要先办理工作交接"));
        // Somebody without an account cannot go on with the work.
        let follows = enrol(&app, head, at, "龚敏", clerk_post(), "").await.unwrap();
        let early = act(&app, clerk, async |cx| handover::begin(cx, new(tenure, follows)).await).await;
        assert!(refusal(early).to_string().contains("还没有账号"));
        let successor = newcomer(&county, "tb900", clerk).await;
        act(&app, head, async |cx| staff::change(cx, follows, about("龚敏"), "tb900", 0).await).await.unwrap();
        let id = act(&app, clerk, async |cx| handover::begin(cx, new(tenure, follows)).await).await.unwrap();
        let twice = act(&app, clerk, async |cx| handover::begin(cx, new(tenure, follows)).await).await;
        assert!(refusal(twice).to_string().contains("正在办理"));
        let token = sign_in(&app, "tb000", PASSWORD).await.unwrap().token;
        let seen = look(&app, clerk, async |cx| handover::get(cx, id).await).await.unwrap();
        let titles: Vec<&str> = seen.items.iter().map(|item| item.title.as_str()).collect();
        assert!(titles.contains(&"报表:待填报"), "{titles:?}");
        assert_eq!((seen.turn, seen.is_giver), (Some(Party::Giver), true));
        // A list that has changed since the look is not signed.
        let stale = act(&app, clerk, async |cx| handover::sign(cx, id, "old", "").await).await;
        assert!(refusal(stale).to_string().contains("清单已有变化"));
        assert!(sign(&app, &successor, id, "").await.is_err(), "not yet");
        assert_eq!(sign(&app, clerk, id, "").await.unwrap(), Stage::Awaits(Party::Taker));
        assert_eq!(look(&app, &successor, async |cx| Ok(handover::waiting(cx).await?.len())).await.unwrap(), 1);
        assert_eq!(sign(&app, &successor, id, "").await.unwrap(), Stage::Awaits(Party::Witness));
        // The other unit does not even learn that there is one.
        let foreign = look(&app, &county.factories[1].head, async |cx| handover::get(cx, id).await).await;
        assert_eq!(refusal(foreign.map(drop)).code(), "not_found");
        assert!(actor_of(&app, &token).await.is_ok(), "until the last signature");
        assert_eq!(sign(&app, head, id, "").await.unwrap(), Stage::Done);
        assert!(actor_of(&app, &token).await.is_err(), "the session has ended");
        assert!(refusal(sign_in(&app, "tb000", PASSWORD).await.map(drop)).to_string().contains("已离岗"));
        let sheet = look(&app, head, async |cx| staff::get(cx, leaves).await).await.unwrap();
        assert!(matches!(sheet.account, Some((_, Standing::Suspended { .. }))));
        assert_eq!(sheet.tenures[0].0.tenure.until, Some(april(2).date_naive()));
        let done = look(&app, head, async |cx| handover::get(cx, id).await).await.unwrap();
        assert!(done.listed.handover.signatures.iter().all(|one| !one.items.is_empty()));
        verified(&app).await;
    });
}

#[test]
fn a_township_statistician_is_gone_and_the_county_hands_over_with_two_people() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let officer = &county.county;
        set_up(&app, officer).await;
        let at = Workplace::Organisation(find(&app, officer, "兰江街道办事处").await);
        let chief = post(Duty::Chief, Establishment::Established);
        let leaves = enrol(&app, officer, at, "徐镇", chief, "zhen").await.unwrap();
        let successor = newcomer(&county, "zhen2", &county.township).await;
        let follows = enrol(&app, officer, at, "胡镇", clerk_post(), "zhen2").await.unwrap();
        let tenure = tenure(&app, officer, leaves).await;
        let id = act(&app, officer, async |cx| handover::begin(cx, new(tenure, follows)).await).await.unwrap();
        // The one who has left does not sign; whoever signs for them says why and does not watch as well.
        assert!(sign(&app, officer, id, "").await.is_err());
        sign(&app, officer, id, "本人已调离,联系不上").await.unwrap();
        sign(&app, &successor, id, "").await.unwrap();
        assert!(sign(&app, officer, id, "").await.is_err());
        assert!(sign(&app, &county.neighbour, id, "").await.is_err());
        assert_eq!(sign(&app, &county.city, id, "").await.unwrap(), Stage::Done);
        assert!(sign_in(&app, "zhen", PASSWORD).await.is_err());
        assert!(sign_in(&app, "zhen2", PASSWORD).await.is_ok());
        let found = look(&app, officer, async |cx| handover::list(cx, Some(Stage::Done), ALL).await).await.unwrap();
        assert_eq!(found.total, 1);
        verified(&app).await;
    });
}

#[test]
fn a_handover_is_taken_back_and_the_post_goes_on() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let own = &county.factories[0];
        let at = Workplace::Unit(own.unit);
        let leaves = enrol(&app, &own.head, at, "柳惠", clerk_post(), "tb000").await.unwrap();
        newcomer(&county, "tb900", &own.clerk).await;
        let follows = enrol(&app, &own.head, at, "龚敏", clerk_post(), "tb900").await.unwrap();
        let tenure = tenure(&app, &own.head, leaves).await;
        let id = act(&app, &own.clerk, async |cx| handover::begin(cx, new(tenure, follows)).await).await.unwrap();
        sign(&app, &own.clerk, id, "").await.unwrap();
        act(&app, &own.clerk, async |cx| handover::withdraw(cx, id).await).await.unwrap();
        assert!(sign(&app, &own.head, id, "本人已离岗").await.is_err());
        assert!(sign_in(&app, "tb000", PASSWORD).await.is_ok());
        // And it can be begun anew.
        act(&app, &own.clerk, async |cx| handover::begin(cx, new(tenure, follows)).await).await.unwrap();
    });
}

#[test]
fn a_deputy_from_an_enterprise_sees_the_lights_of_the_cell_and_no_other() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 4).await;
        let officer = &county.county;
        let area = AreaCode::parse("330781").unwrap();
        let print = look(&app, officer, async |cx| Ok(grid::propose(cx, area).await?.fingerprint)).await.unwrap();
        act(&app, officer, async |cx| grid::adopt(cx, area, &print).await).await.unwrap();
        let places = look(&app, officer, async |cx| grid::board(cx, area, None).await).await.unwrap();
        let cell = |township: &str| {
            let place = places.iter().find(|place| place.area.as_str() == township).unwrap();
            place.cells.iter().find(|cell| !cell.units.is_empty()).unwrap().grid.id
        };
        let (own_cell, other_cell) = (cell("330781001000"), cell("330781002000"));
        let deputy = &county.factories[0];
        let at = Workplace::Unit(deputy.unit);
        let who = enrol(&app, &deputy.head, at, "柳惠", clerk_post(), "tb000").await.unwrap();
        let since = april(2).date_naive();
        let name = async |by: &Actor, cell, role| {
            act(&app, by, async |cx| seat::name(cx, (Place::Grid(cell), role), who, (since, "")).await).await
        };
        let lights = async |by: &Actor, cell| look(&app, by, async |cx| seat::lights(cx, cell).await).await;
        // As one of the members they see nothing of the cell.
        assert_eq!(refusal(lights(&deputy.clerk, own_cell).await.map(drop)).code(), "not_found");
        assert_eq!(refusal(name(&county.township, own_cell, Role::Deputy).await).code(), "access.forbidden");
        assert!(refusal(name(officer, other_cell, Role::Deputy).await).to_string().contains("不在"));
        let id = name(officer, own_cell, Role::Deputy).await.unwrap();
        assert!(name(officer, own_cell, Role::Guide).await.is_err(), "nobody sits twice");
        let seen = lights(&deputy.clerk, own_cell).await.unwrap();
        assert_eq!(seen.role, Some(Role::Deputy));
        assert_eq!(seen.units.iter().filter(|(_, _, lights)| !lights.is_empty()).count(), 2);
        assert_eq!(refusal(lights(&deputy.clerk, other_cell).await.map(drop)).code(), "not_found");
        assert_eq!(refusal(lights(&county.factories[2].clerk, own_cell).await.map(drop)).code(), "not_found");
        assert!(lights(&county.township, own_cell).await.is_ok());
        // The figures of the other units stay theirs.
        let report = county.factories[2].report;
        let figures = look(&app, &deputy.clerk, async |cx| youju_app::report::open(cx, report).await).await;
        assert_eq!(refusal(figures.map(drop)).code(), "not_found");
        let board = look(&app, officer, async |cx| seat::board(cx, area).await).await.unwrap();
        let seated = board.iter().find(|one| one.place == Place::Grid(own_cell)).unwrap();
        assert_eq!(seated.vacant(), [Role::Lead, Role::Guide]);
        assert_eq!(look(&app, &deputy.clerk, async |cx| Ok(seat::own(cx).await?.len())).await.unwrap(), 1);
        act(&app, officer, async |cx| seat::relieve(cx, id).await).await.unwrap();
        assert_eq!(refusal(lights(&deputy.clerk, own_cell).await.map(drop)).code(), "not_found");
        // A seat ends with its cell.
        name(officer, own_cell, Role::Deputy).await.unwrap();
        let print = look(&app, officer, async |cx| Ok(grid::propose(cx, area).await?.fingerprint)).await.unwrap();
        act(&app, officer, async |cx| grid::adopt(cx, area, &print).await).await.unwrap();
        assert_eq!(look(&app, &deputy.clerk, async |cx| Ok(seat::own(cx).await?.len())).await.unwrap(), 0);
        verified(&app).await;
    });
}
