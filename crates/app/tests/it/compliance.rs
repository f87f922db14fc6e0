//! Ledger compliance: what of the last three years is kept and consistent, who may see it, and that lists of any size work.

use chrono::TimeDelta;
use youju_app::attachment::{self, look_at};
use youju_app::compliance::{Order, Overview, of_area, of_unit};
use youju_app::ledger::{import_trial_balance, read_trial_balance};
use youju_app::list::PageRequest;
use youju_app::{App, register};
use youju_codes::{AreaCode, Period};
use youju_domain::access::Actor;
use youju_domain::attachment::Proves;
use youju_domain::compliance::{Basis, Compliance, Counts, Missing};
use youju_domain::id::UnitId;
use youju_domain::report::State;
use youju_testkit::{County, TRIAL_BALANCE, april, new_unit, new_window, on_both_engines, on_sqlite};

use crate::make::{act, look, refusal};

const FIRST: PageRequest = PageRequest { offset: 0, limit: 50 };

fn march() -> Period {
    Period::parse("2026-03").unwrap()
}

async fn of(app: &App, by: &Actor, unit: UnitId) -> Compliance {
    look(app, by, async |cx| of_unit(cx, unit).await).await.unwrap()
}

async fn listed(app: &App, by: &Actor, township: Option<&str>, order: Order) -> Overview {
    let township = township.map(|code| AreaCode::parse(code).unwrap());
    look(app, by, async |cx| of_area(cx, township, order, FIRST).await).await.unwrap()
}

async fn import(app: &App, county: &County, factory: usize) {
    let book = read_trial_balance("三月.csv", TRIAL_BALANCE.as_bytes()).unwrap();
    let factory = &county.factories[factory];
    act(app, &factory.clerk, async |cx| import_trial_balance(cx, factory.unit, march(), book).await).await.unwrap();
}

fn counts(overview: &Overview) -> Vec<Counts> {
    overview.page.rows.iter().map(|row| row.counts).collect()
}

#[test]
fn a_period_becomes_due_and_is_up_to_standard_when_kept_and_consistent() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 3).await;
        let officer = &county.county;
        import(&app, &county, 0).await;
        assert_eq!(of(&app, officer, county.factories[0].unit).await.periods, [], "the deadline is ahead");
        // Factory 0 has its ledger in time and a report that says the same; 1 imports too late and reports something else; 2 nothing.
        let factory = &county.factories[0];
        act(&app, &factory.clerk, async |cx| youju_app::generate::single(cx, factory.report).await.map(drop))
            .await
            .unwrap();
        county.bring(1, State::Draft).await;
        app.world().set(april(11));
        import(&app, &county, 1).await;
        let good = of(&app, officer, county.factories[0].unit).await;
        let [period] = &good.periods[..] else { panic!("{good:?}") };
        assert_eq!((period.period, period.forms.as_slice()), (march(), ["B203".to_owned()].as_slice()));
        assert_eq!((period.is_in_time, period.is_consistent, period.has_evidence), (Some(true), Some(true), true));
        assert_eq!((good.met(), good.owed(), good.is_met()), (1, 1, Some(true)), "{good:?}");

        let late = of(&app, officer, county.factories[1].unit).await;
        assert_eq!((late.periods[0].is_kept, late.periods[0].is_in_time), (true, Some(false)));

        let bad = of(&app, officer, county.factories[2].unit).await;
        assert_eq!(bad.periods[0].missing, [Missing::NotKept("B203".into(), Basis::TrialBalance)]);
        assert_eq!((bad.periods[0].is_in_time, bad.periods[0].is_consistent, bad.is_met()), (None, None, Some(false)));

        // The list of the area counts what is there; who lacks most stands first, who owes nothing last.
        let overview = listed(&app, officer, None, Order::WorstFirst).await;
        let one = |owed, kept, evident| Counts { owed, kept, evident };
        assert_eq!(counts(&overview), [one(1, 0, 0), one(1, 1, 1), one(1, 1, 1), one(0, 0, 0)]);
        assert_eq!((overview.page.total, overview.owing, overview.full, overview.sum), (4, 3, 2, one(3, 2, 2)));
        // An attachment is evidence, and no ledger.
        let poor = &county.factories[2];
        let looked = look_at(&app, vec![("电费单.pdf".into(), b"%PDF-1.7".to_vec())]).unwrap();
        let place = (poor.unit, march());
        let added = act(&app, &poor.clerk, async |cx| attachment::add(cx, place, &Proves::Period, "", looked).await);
        let id = added.await.unwrap().added[0].id;
        assert_eq!(counts(&listed(&app, officer, None, Order::WorstFirst).await)[0], one(1, 0, 1));
        assert!(of(&app, officer, poor.unit).await.periods[0].has_evidence);
        act(&app, &poor.clerk, async |cx| attachment::remove(cx, id, "传错了文件").await).await.unwrap();
        assert_eq!(counts(&listed(&app, officer, None, Order::WorstFirst).await)[0], one(1, 0, 0));
        assert!(!of(&app, officer, poor.unit).await.periods[0].has_evidence);
        // Three years later nobody asks any more.
        app.world().set(april(11) + TimeDelta::days(3 * 366));
        assert_eq!(of(&app, officer, poor.unit).await.owed(), 0);
        assert_eq!(listed(&app, officer, None, Order::Name).await.owing, 0);
    });
}

#[test]
fn a_report_that_says_something_else_than_its_ledger_is_not_up_to_standard() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        import(&app, &county, 0).await;
        let factory = &county.factories[0];
        act(&app, &factory.clerk, async |cx| youju_app::generate::single(cx, factory.report).await.map(drop))
            .await
            .unwrap();
        let typed = youju_app::report::Typed {
            cell: "c301".into(),
            was: "120,000".into(),
            value: "120,001".into(),
            reason: Some("调整了跨月的发票".into()),
        };
        act(&app, &factory.clerk, async |cx| youju_app::report::save(cx, factory.report, &[typed]).await.map(drop))
            .await
            .unwrap();
        app.world().set(april(11));
        let judged = of(&app, &factory.clerk, factory.unit).await;
        assert_eq!(judged.periods[0].missing, [Missing::Differs(1)], "{judged:?}");
        assert_eq!((judged.met(), judged.owed()), (0, 1));
    });
}

#[test]
fn each_sees_the_ledgers_of_their_own_units() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        app.world().set(april(11));
        let unit = county.factories[0].unit;
        let own = &county.factories[0];
        for actor in [&own.clerk, &own.head, &county.township, &county.county, &county.city] {
            assert_eq!(of(&app, actor, unit).await.owed(), 1, "{}", actor.name);
        }
        for actor in [&county.factories[1].clerk, &county.neighbour, &county.admin] {
            let refused = look(&app, actor, async |cx| of_unit(cx, unit).await).await;
            assert_eq!(refusal(refused).code(), "not_found", "{}", actor.name);
        }
        for (actor, units) in [(&county.township, 2), (&county.county, 3), (&county.city, 3), (&county.neighbour, 0)] {
            assert_eq!(listed(&app, actor, None, Order::Name).await.page.total, units, "{}", actor.name);
        }
        for actor in [&own.clerk, &own.head, &county.admin] {
            let refused = look(&app, actor, async |cx| of_area(cx, None, Order::Name, FIRST).await).await;
            assert_eq!(refusal(refused).code(), "not_found", "{}", actor.name);
        }
        let second = listed(&app, &county.county, Some("330781002000"), Order::Name).await;
        assert_eq!((second.page.total, second.townships.len()), (1, 2), "the other townships can still be chosen");
        assert_eq!(listed(&app, &county.township, Some("330781002000"), Order::Name).await.page.total, 0);
    });
}

#[test]
fn no_unit_one_unit_and_a_page_beyond_the_end_are_lists_too() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let none = listed(&app, &county.neighbour, None, Order::WorstFirst).await;
        assert_eq!((none.page.total, none.owing, none.sum), (0, 0, Counts::default()));
        let new = new_unit(700, "330783001000", "1411");
        act(&app, &county.neighbour, async |cx| register::enrol(cx, new).await).await.unwrap();
        let window = new_window("330783", "2026-03");
        act(&app, &county.neighbour, async |cx| youju_app::survey::open(cx, window).await).await.unwrap();
        app.world().set(april(11));
        let one = listed(&app, &county.neighbour, None, Order::WorstFirst).await;
        assert_eq!((one.page.rows.len(), one.owing, one.full), (1, 1, 0));
        let beyond = PageRequest { offset: 50, limit: 50 };
        let beyond =
            look(&app, &county.neighbour, async |cx| of_area(cx, None, Order::Name, beyond).await).await.unwrap();
        assert_eq!((beyond.page.rows.len(), beyond.page.total), (0, 1));
    });
}
