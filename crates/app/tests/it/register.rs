//! 名录库: who is known, since when, what was known when; two offices at one unit; mergers to come and splits.

use chrono::NaiveDate;
use youju_app::register::{self, event, history, owed};
use youju_app::survey::{self, NewWindow};
use youju_app::{App, Result};
use youju_domain::access::Actor;
use youju_domain::id::UnitId;
use youju_domain::register::{Fact, Facts, Listing, NewChange, Owes, Status};
use youju_testkit::{County, april, new_window, on_both_engines};

use crate::make::{act, look, refusal};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn mill(usci: &str) -> Facts {
    let usci = youju_codes::Usci::with_check(usci).unwrap();
    Facts::read([
        (Fact::Usci, usci.as_str()),
        (Fact::Name, "兰溪市虚构毛纺厂"),
        (Fact::Area, "330781001001"),
        (Fact::Industry, "1721"),
        (Fact::Phone, "0579-88880001"),
    ])
    .unwrap()
}

async fn enter(app: &App, by: &Actor, usci: &str) -> Result<UnitId> {
    let new = NewChange { since: day("2026-04-01"), facts: mill(usci) };
    act(app, by, async |cx| register::enter(cx, new).await).await
}

async fn change(app: &App, by: &Actor, unit: UnitId, facts: Facts, revision: i64) -> Result<()> {
    let new = NewChange { since: day("2026-04-02"), facts };
    act(app, by, async |cx| register::change(cx, unit, new, revision).await).await
}

#[test]
fn a_unit_is_known_before_it_is_asked_for_anything() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        // A village's area may be entered by its township and those above, not by the neighbour.
        assert_eq!(refusal(enter(&app, &county.neighbour, "91330781FAKE77001").await).code(), "not_found");
        let unit = enter(&app, &county.township, "91330781FAKE77001").await.unwrap();
        assert_eq!(refusal(enter(&app, &county.county, "91330781FAKE77001").await).code(), "register.unit_exists");
        let seen = look(&app, &county.township, async |cx| history::as_of(cx, unit, None, None).await).await.unwrap();
        assert_eq!((seen.unit.listing, seen.changes.len()), (Listing::Outside, 1));
        assert_eq!(seen.changes[0].by, Some(county.township.person));
        let answers =
            look(&app, &county.county, async |cx| owed::of_unit(cx, unit, day("2026-04-02")).await).await.unwrap();
        assert!(answers.iter().all(|answer| answer.owes != Owes::Owed), "{answers:?}");
        // The window of April does not ask it, but the two factories.
        app.world().set(april(32));
        let new = NewWindow { times: new_window("330781", "2026-04").times, ..new_window("330781", "2026-04") };
        let opened = act(&app, &county.county, async |cx| survey::open(cx, new).await).await.unwrap();
        assert_eq!(opened.units, 2);
    });
}

#[test]
fn two_offices_at_one_unit_and_what_needs_a_case() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let unit = enter(&app, &county.county, "91330781FAKE77002").await.unwrap();
        app.world().set(april(3));
        let phone = |number: &str| Facts::default().with(Fact::Phone, number);
        change(&app, &county.county, unit, phone("0579-88880002"), 0).await.unwrap();
        // The other one still looks at what was there before.
        let late = change(&app, &county.county, unit, phone("0579-88880003"), 0).await;
        assert_eq!(refusal(late).code(), "conflict");
        let name = Facts::default().with(Fact::Name, "别的名称");
        let words = change(&app, &county.county, unit, name, 1).await.unwrap_err().to_string();
        assert!(words.contains("“单位详细名称”的变更要经过审核"), "{words}");
        assert_eq!(refusal(change(&app, &county.township, unit, phone("1"), 1).await).code(), "access.forbidden");
        // A clock that was put back does not turn the order round.
        app.world().set(april(1));
        change(&app, &county.county, unit, phone("0579-88880004"), 1).await.unwrap();
        let seen = look(&app, &county.county, async |cx| history::as_of(cx, unit, None, None).await).await.unwrap();
        assert!(seen.changes.is_sorted_by_key(|change| (change.recorded_at, change.number)));
        let before = seen.changes[0].recorded_at;
        let known = look(&app, &county.county, async |cx| {
            history::as_of(cx, unit, Some(day("2026-04-02")), Some(before)).await
        });
        assert_eq!(known.await.unwrap().then.unwrap().get(Fact::Phone), Some("0579-88880001"));
    });
}

#[test]
fn a_merger_to_come_counts_from_its_day_on() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let [gone, stays] = [county.factories[0].unit, county.factories[1].unit];
        let ground = event::Ground { since: day("2026-05-01"), document: "合并协议,2026 年 4 月".into() };
        let merged = async |by: &Actor, ids: &[UnitId], into| {
            act(&app, by, async |cx| event::merge(cx, ids, into, &ground).await).await
        };
        assert_eq!(refusal(merged(&county.city, &[gone], stays).await).code(), "access.forbidden");
        assert_eq!(refusal(merged(&county.county, &[gone], gone).await).code(), "bad_input");
        merged(&county.county, &[gone], stays).await.unwrap();
        let row = |unit| look(&app, &county.county, async move |cx| register::get(cx, unit).await);
        assert_eq!(row(gone).await.unwrap().listing, Listing::Above, "until the day has come");
        // The window of April, opened in May after the merger came into force, still asks for April.
        app.world().set(april(32));
        assert_eq!(act_alone(&app).await, 1);
        assert_eq!(act_alone(&app).await, 0);
        let after = row(gone).await.unwrap();
        assert_eq!((after.listing, after.status()), (Listing::Outside, Status::Cancelled));
        assert_eq!(after.details.unit(Fact::Successor), Some(stays));
        let open = async |period: &str| {
            let new = new_window("330781", period);
            act(&app, &county.county, async |cx| survey::open(cx, new).await).await.unwrap().units
        };
        assert_eq!((open("2026-04").await, open("2026-05").await), (2, 1));
        assert_eq!(
            refusal(merged(&county.county, &[stays], gone).await).code(),
            "bad_input",
            "nobody merges into what is gone"
        );
    });
}

/// The sweep of the server.
async fn act_alone(app: &App) -> usize {
    app.write(None, async |cx| history::ripen(cx).await).await.unwrap()
}

#[test]
fn what_is_split_off_is_entered_and_not_yet_asked() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let from = county.factories[0].unit;
        let ground = event::Ground { since: day("2026-04-02"), document: "分立决议".into() };
        let into = vec![mill("91330781FAKE77003"), mill("91330781FAKE77004")];
        let split = act(&app, &county.county, async |cx| event::split(cx, from, into, false, &ground).await).await;
        for new in split.unwrap() {
            let unit = look(&app, &county.county, async |cx| register::get(cx, new).await).await.unwrap();
            assert_eq!((unit.listing, unit.details.unit(Fact::Predecessor)), (Listing::Outside, Some(from)));
        }
        let before = look(&app, &county.county, async |cx| register::get(cx, from).await).await.unwrap();
        assert!(before.status().is_over());
        // One code twice takes the whole split back.
        let twice = vec![mill("91330781FAKE77005"), mill("91330781FAKE77005")];
        let other = county.factories[1].unit;
        let split = act(&app, &county.county, async |cx| event::split(cx, other, twice, true, &ground).await).await;
        assert_eq!(refusal(split).code(), "register.unit_exists");
    });
}
