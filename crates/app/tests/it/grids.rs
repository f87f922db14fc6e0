//! 网格: a county is cut, the cut is looked at and adopted, and people mend it.

use std::collections::BTreeSet;

use youju_app::grid::{self, Cell, Move, Place, Proposal, To};
use youju_app::register::enrol;
use youju_app::{App, Result};
use youju_codes::{AreaCode, area};
use youju_domain::access::Actor;
use youju_domain::grid::{Kind, Standing};
use youju_domain::id::UnitId;
use youju_testkit::{County, april, new_unit, on_both_engines};

use crate::make::{act, look, refusal, verified};

const REASON: &str = "同一集团的企业划在一起";

fn code(text: &str) -> AreaCode {
    AreaCode::parse(text).unwrap()
}

/// Enrols so many units of an industry, spread over the first villages of a township.
async fn enrolled(app: &App, by: &Actor, from: usize, number: usize, township: &str, industry: &str) {
    let villages: Vec<AreaCode> = area::children(&code(township)).iter().map(|village| village.code).collect();
    act(app, by, async |cx| {
        for index in 0..number {
            enrol(cx, new_unit(from + index, villages[index % villages.len()].as_str(), industry)).await?;
        }
        Ok(())
    })
    .await
    .unwrap();
}

async fn propose(app: &App, by: &Actor, area: &str) -> Result<Proposal> {
    look(app, by, async |cx| grid::propose(cx, code(area)).await).await
}

async fn adopt(app: &App, by: &Actor, area: &str) -> Proposal {
    let proposal = propose(app, by, area).await.unwrap();
    act(app, by, async |cx| grid::adopt(cx, code(area), &proposal.fingerprint).await).await.unwrap()
}

async fn board(app: &App, by: &Actor, area: &str, on: Option<u32>) -> Vec<Place> {
    let on = on.map(|day| april(day).date_naive());
    look(app, by, async |cx| grid::board(cx, code(area), on).await).await.unwrap()
}

fn place<'a>(places: &'a [Place], township: &str) -> &'a Place {
    places.iter().find(|place| place.area == code(township)).unwrap()
}

fn cells(place: &Place) -> Vec<(&str, usize)> {
    place.cells.iter().map(|cell| (cell.grid.name.as_str(), cell.units.len())).collect()
}

fn named<'a>(place: &'a Place, name: &str) -> &'a Cell {
    place.cells.iter().find(|cell| cell.grid.name == name).unwrap()
}

#[test]
fn a_county_is_cut_looked_at_adopted_and_every_unit_has_its_cell() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let officer = &county.county;
        // The county has two factories and a wholesaler already.
        enrolled(&app, officer, 1_000, 52, "330781001000", "1411").await;
        enrolled(&app, officer, 2_000, 24, "330781001000", "5123").await;
        enrolled(&app, officer, 3_000, 9, "330781002000", "7810").await;
        enrolled(&app, officer, 4_000, 3, "330781002000", "4710").await;
        let seen = propose(&app, officer, "330781").await.unwrap();
        assert!(seen.without.is_empty() && seen.ends == 0);
        assert!(
            board(&app, officer, "330781", None).await.iter().all(|place| place.cells.is_empty()),
            "only looked at"
        );
        adopt(&app, officer, "330781").await;
        let places = board(&app, officer, "330781", None).await;
        let first = place(&places, "330781001000");
        // 53 factories, 25 shops: three cells of one industry each, and the villages.
        assert_eq!(cells(first), [("工业第1网格", 27), ("工业第2网格", 26), ("服务业第1网格", 25), ("农业网格", 0)]);
        assert!(first.cells.iter().all(|cell| cell.standing == Standing::Within && cell.why.is_none()));
        // Ten units are no cell by the rule, and it says why.
        let second = place(&places, "330781002000");
        assert_eq!(cells(second), [("综合第1网格", 10), ("农业网格", 0)]);
        let why = second.cells[0].why.as_deref().unwrap();
        assert_eq!(why, "应为 20—30 家,现有 10 家:本地应划入的共 10 家,只能划成一个。");
        let flat = place(&places, "330781");
        assert_eq!(cells(flat), [("建筑业网格", 3)]);
        let covered: u64 = places.iter().map(|place| place.coverage().placed).sum();
        assert_eq!((covered, places.iter().map(|place| place.without.len()).sum::<usize>()), (91, 0));
        assert!(places.iter().all(|place| place.villages_without == 0), "every village of the city");
        // The township sees its own, and cuts nothing.
        let own = board(&app, &county.township, "330781001000", None).await;
        assert_eq!(own.iter().map(|place| place.area).collect::<Vec<_>>(), [code("330781001000")]);
        assert_eq!(refusal(propose(&app, &county.township, "330781001000").await).code(), "access.forbidden");
        let outside = look(&app, &county.neighbour, async |cx| grid::board(cx, code("330781"), None).await).await;
        assert_eq!(refusal(outside).code(), "not_found");
        verified(&app).await;
    });
}

#[test]
fn what_was_looked_at_is_adopted_or_nothing_and_old_cells_stay_readable() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let officer = &county.county;
        enrolled(&app, officer, 1_000, 30, "330781001000", "1411").await;
        let seen = propose(&app, officer, "330781").await.unwrap();
        enrolled(&app, officer, 2_000, 10, "330781001000", "1411").await;
        let stale = act(&app, officer, async |cx| grid::adopt(cx, code("330781"), &seen.fingerprint).await).await;
        assert_eq!(refusal(stale).code(), "conflict");
        adopt(&app, officer, "330781").await;
        let before = board(&app, officer, "330781", None).await;
        // A day later ten more have come; they are without a cell until the township is cut anew.
        app.world().set(april(3));
        enrolled(&app, officer, 3_000, 10, "330781001000", "1411").await;
        let places = board(&app, officer, "330781", None).await;
        assert_eq!(place(&places, "330781001000").without.len(), 10);
        adopt(&app, officer, "330781001000").await;
        let after = board(&app, officer, "330781", None).await;
        assert_eq!(place(&after, "330781001000").coverage().placed, 52);
        assert_eq!(cells(place(&after, "330781002000")), cells(place(&before, "330781002000")), "left alone");
        let then = board(&app, officer, "330781", Some(2)).await;
        assert_eq!(cells(place(&then, "330781001000")), cells(place(&before, "330781001000")));
        // Cut a second time on the same day: the first of the two was never anybody's cell for a day.
        adopt(&app, officer, "330781").await;
        let again = board(&app, officer, "330781", None).await;
        assert_eq!(cells(place(&again, "330781001000")), cells(place(&after, "330781001000")));
    });
}

/// Units of a cell.
fn units(cell: &Cell, number: usize) -> Vec<UnitId> {
    cell.units.iter().take(number).map(|unit| unit.unit).collect()
}

#[test]
fn people_move_units_between_cells_and_the_reason_stays_with_what_is_off() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let officer = &county.county;
        enrolled(&app, officer, 1_000, 49, "330781001000", "1411").await;
        enrolled(&app, officer, 2_000, 24, "330781001000", "5123").await;
        adopt(&app, officer, "330781").await;
        app.world().set(april(3));
        let township = code("330781001000");
        let places = board(&app, officer, "330781001000", None).await;
        let (one, two) = (named(&places[0], "工业第1网格"), named(&places[0], "工业第2网格"));
        let (from, to) = (one.grid.id, two.grid.id);
        let moves = |from, to, units: &[UnitId]| -> Vec<Move> {
            units.iter().map(|unit| Move { unit: *unit, from: Some(from), to }).collect()
        };
        let recut = async |by: &Actor, new: &[String], moves: &[Move], reason: &str| {
            act(&app, by, async |cx| grid::recut(cx, township, new, moves, reason).await).await
        };
        // Six to the other cell: one has too few, the other too many.
        let six = moves(from, To::Cell(to), &units(one, 6));
        assert_eq!(refusal(recut(officer, &[], &six, "好").await).code(), "bad_input");
        assert_eq!(refusal(recut(&county.township, &[], &six, REASON).await).code(), "access.forbidden");
        recut(officer, &[], &six, REASON).await.unwrap();
        let places = board(&app, officer, "330781001000", None).await;
        let (small, large) = (named(&places[0], "工业第1网格"), named(&places[0], "工业第2网格"));
        assert_eq!((small.units.len(), large.units.len()), (one.units.len() - 6, two.units.len() + 6));
        assert!(small.standing == Standing::Small && small.why.as_deref().unwrap().ends_with(REASON));
        // Who looked at yesterday's cells is told.
        assert_eq!(refusal(recut(officer, &[], &six, REASON).await).code(), "conflict");
        // A new cell of the rest; the first is empty then and ends today.
        let rest = units(small, 100);
        let fresh = ["集团网格".to_owned()];
        recut(officer, &fresh, &moves(from, To::New(0), &rest), REASON).await.unwrap();
        let places = board(&app, officer, "330781001000", None).await;
        let names: BTreeSet<&str> = places[0].cells.iter().map(|cell| cell.grid.name.as_str()).collect();
        assert!(names.contains("集团网格") && !names.contains("工业第1网格"), "{names:?}");
        assert_eq!(named(&places[0], "集团网格").units.len(), rest.len());
        // Back on the same day, into a cell of the same name as another: refused, and nothing of it has happened.
        let back = moves(named(&places[0], "集团网格").grid.id, To::New(0), &rest);
        let said = refusal(recut(officer, &["工业第2网格".to_owned()], &back, REASON).await).says();
        assert!(said.contains("已有名为“工业第2网格”的网格"), "{said}");
        // Villages and the flat line are not mended here.
        let farm = places[0].cells.iter().find(|cell| cell.grid.kind == Kind::Agriculture).unwrap().grid.id;
        let wrong = moves(named(&places[0], "集团网格").grid.id, To::Cell(farm), &rest[..1]);
        assert_eq!(refusal(recut(officer, &[], &wrong, REASON).await).code(), "bad_input");
        // The day before everything stood as it was cut.
        let then = board(&app, officer, "330781001000", Some(2)).await;
        assert_eq!(named(&then[0], "工业第1网格").units.len(), one.units.len());
    });
}
