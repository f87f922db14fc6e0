//! Laws 2, 3, 5, 8, 9 and 10 of the house.

use chrono::TimeDelta;
use rust_decimal::Decimal;
use serde_json::json;
use youju_app::access::{NewPerson, add_person, sign_in};
use youju_app::list::{Filter, PageRequest};
use youju_app::{App, Error, Fault, Result, inbox, register, report, review, survey};
use youju_codes::AreaCode;
use youju_domain::access::Role;
use youju_domain::id::Id;
use youju_domain::report::{Level, Report, State};
use youju_store::StoreError;
use youju_testkit::{County, Factory, PASSWORD, REACHED, april, new_unit, new_window, on_both_engines, on_sqlite};

use crate::make::{act, look, printed, refusal, save, typed, verified};

// Law 2: no report before the register.

#[test]
fn a_window_makes_reports_for_registered_units_of_the_surveyed_sections_only() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 3).await;
        let far = new_unit(700, "330783001000", "1411");
        act(&app, &county.neighbour, async |cx| register::enrol(cx, far).await).await.unwrap();
        let new = new_window("330781", "2026-04");
        let opened = act(&app, &county.county, async |cx| survey::open(cx, new).await).await.unwrap();
        assert_eq!(opened.units, 3, "neither the wholesaler nor the factory of the next county");
        let all = PageRequest { offset: 0, limit: 100 };
        let filter = Filter { window: Some(opened.window), ..Filter::default() };
        let listed = look(&app, &county.city, async |cx| report::list(cx, &filter, all).await).await.unwrap();
        let mut units: Vec<_> = listed.rows.iter().map(|row| row.unit).collect();
        units.sort_unstable();
        let mut factories: Vec<_> = county.factories.iter().map(|factory| factory.unit).collect();
        factories.sort_unstable();
        assert_eq!(units, factories);
        let shop = look(&app, &county.county, async |cx| {
            report::list(cx, &Filter { unit: Some(county.shop), ..Filter::default() }, all).await
        });
        assert_eq!(shop.await.unwrap().total, 0);
    });
}

#[test]
fn a_report_of_a_unit_that_is_not_in_the_register_is_refused_by_the_data_base_itself() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let stray: Result<()> = act(&app, &county.county, async |cx| {
            let window = survey::get(cx, county.window).await?;
            let report = Report::empty(cx.new_id(), Id::new(app.world().new_id()), &window);
            Ok(youju_store::report::add(cx.tx(), &report).await?)
        })
        .await;
        let Err(Error::Fault(fault)) = stray else { panic!("a stray report was taken") };
        let cause: &StoreError = fault.cause.downcast_ref().unwrap();
        assert_eq!(cause.constraint(), Some(StoreError::FOREIGN_KEY));
    });
}

// Law 3: one transaction.

#[test]
fn a_use_case_that_fails_half_way_leaves_nothing() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 4).await;
        let before = verified(&app).await;
        // April stands already for one township: the county's window is written, then the reports of the first units,
        // and then one of them is there before.
        let township = new_window("330781002000", "2026-04");
        act(&app, &county.county, async |cx| survey::open(cx, township).await).await.unwrap();
        let after_first = verified(&app).await;
        // Prepared, and opened.
        assert_eq!(after_first.size, before.size + 2);
        let whole = new_window("330781", "2026-04");
        let refused = act(&app, &county.county, async |cx| survey::open(cx, whole).await).await;
        assert_eq!(refusal(refused).code(), "survey.window_exists");
        let windows = look(&app, &county.county, async |cx| survey::list(cx).await).await.unwrap();
        assert_eq!(windows.len(), 2);
        let all = PageRequest { offset: 0, limit: 100 };
        let reports = look(&app, &county.county, async |cx| report::list(cx, &Filter::default(), all).await);
        assert_eq!(reports.await.unwrap().total, 4 + 2);
        assert_eq!(verified(&app).await, after_first);
    });
}

#[test]
fn an_accident_after_the_last_write_takes_the_report_the_version_and_the_journal_leaf_back() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Authorised).await;
        let clerk = &county.factories[0].clerk;
        let (before, head) = (county.report(id).await, verified(&app).await);
        let broken: Result<()> = act(&app, clerk, async |cx| {
            report::submit(cx, id).await?;
            Err(Fault::new("a power cut in a story", "dark").into())
        })
        .await;
        assert!(matches!(broken, Err(Error::Fault(_))));
        assert_eq!(county.report(id).await, before);
        assert_eq!(verified(&app).await, head);
        assert!(look(&app, clerk, async |cx| report::versions(cx, id).await).await.unwrap().is_empty());
        // And the next attempt is a first attempt.
        assert_eq!(act(&app, clerk, async |cx| report::submit(cx, id).await).await.unwrap().versions, 1);
    });
}

#[test]
fn a_use_case_that_only_reads_cannot_write() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let tried = look(&app, &county.county, async |cx| review::accept(cx, id).await).await;
        assert!(matches!(tried, Err(Error::Fault(_))));
        assert_eq!(county.report(id).await.state, State::Submitted);
    });
}

#[test]
fn a_command_given_twice_happens_once() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Authorised).await;
        let submit = |app: App, by: youju_domain::access::Actor| async move {
            app.write(Some(by), async |cx| report::submit(cx, id).await).await.map(drop)
        };
        let Factory { clerk, head, .. } = &county.factories[0];
        let (one, two) = tokio::join!(
            tokio::spawn(submit(app.clone(), clerk.clone())),
            tokio::spawn(submit(app.clone(), head.clone()))
        );
        let outcomes = [one.unwrap(), two.unwrap()];
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let versions = look(&app, clerk, async |cx| report::versions(cx, id).await).await.unwrap();
        assert_eq!((versions.len(), county.report(id).await.versions), (1, 1));
    });
}

#[test]
fn what_is_there_already_is_refused_in_words() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let twin = new_unit(0, "330781001000", "1411");
        let refused = refusal(act(&app, &county.county, async |cx| register::enrol(cx, twin).await).await);
        assert_eq!(refused.code(), "register.unit_exists");
        let again = new_window("330781", "2026-03");
        let refused = refusal(act(&app, &county.county, async |cx| survey::open(cx, again).await).await);
        assert_eq!(refused.code(), "survey.window_exists");
        let january = new_window("330781", "2026-01");
        let refused = refusal(act(&app, &county.county, async |cx| survey::open(cx, january).await).await);
        assert!(refused.says().contains("2026年1月"), "{}", refused.says());
        let mut backwards = new_window("330781", "2026-04");
        backwards.times.due_at = april(20);
        let refused = refusal(act(&app, &county.county, async |cx| survey::open(cx, backwards).await).await);
        assert_eq!(refused.code(), "survey.window_order");
        let login = NewPerson {
            login: "tb000".into(),
            name: "又一个填报人".into(),
            role: Role::Statistician,
            area: AreaCode::parse("330781001000").unwrap(),
            unit: Some(county.factories[0].unit),
            password_hash: "x".into(),
        };
        let refused = refusal(act(&app, &county.admin, async |cx| add_person(cx, login).await).await);
        assert!(refused.says().contains("tb000"), "{}", refused.says());
    });
}

// Law 5: exact numbers.

#[test]
fn the_largest_figure_keeps_every_digit_on_its_way_to_the_total() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        save(&app, clerk, *id, &[typed("c402", "", "-999,999,999,999,999,999")]).await.unwrap();
        let cells = county.report(*id).await.cells;
        assert_eq!(printed(&cells, "c402"), "−999,999,999,999,999,999");
        let number = youju_domain::report::value_of(&cells, &youju_domain::report::CellId::new("c402")).number();
        assert_eq!(number, Some(Decimal::from(-999_999_999_999_999_999_i64)));
    });
}

#[test]
fn a_sum_that_is_off_by_the_rounding_bound_passes_and_by_one_more_does_not() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        save(&app, clerk, *id, &youju_testkit::figures()).await.unwrap();
        for (was, profit, passes) in
            [("21,049", "21,051", true), ("21,051", "21,052", false), ("21,052", "21,047", true)]
        {
            let saved = save(&app, clerk, *id, &[typed("c327", was, profit)]).await.unwrap();
            assert_eq!(!saved.findings.iter().any(|f| f.finding.check == "Z7"), passes, "{profit}");
        }
    });
}

// Law 8: deterministic.

#[test]
fn two_runs_of_the_same_world_end_with_the_same_journal_on_both_engines() {
    let roots = std::sync::Mutex::new(Vec::new());
    for _ in 0..2 {
        on_both_engines(async |app| {
            let county = County::with_factories(&app, 3).await;
            for (factory, state) in
                [State::Accepted(Level::City), State::Returned, State::Draft].into_iter().enumerate()
            {
                county.bring(factory, state).await;
            }
            sign_in(&app, "tb000", PASSWORD).await.unwrap();
            let head = verified(&app).await;
            roots.lock().unwrap().push((head.size, head.root));
        });
    }
    let roots = roots.into_inner().unwrap();
    assert!(roots.len() >= 2 && roots[0].0 > 20);
    assert!(roots.iter().all(|root| *root == roots[0]), "{roots:?}");
}

#[test]
fn another_instant_or_another_figure_gives_another_journal() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let before = verified(&app).await;
        let entry = |at, figure: &str| youju_store::journal::NewEntry {
            at,
            actor_id: None,
            actor_name: "系统".into(),
            action: "report.saved".into(),
            object_kind: "report".into(),
            object_id: county.factories[0].report.to_string(),
            payload: json!({ "cells": { "c301": { "was": "", "value": figure, "state": "collected" } } }).into(),
        };
        let mut roots = Vec::new();
        for (at, figure) in
            [(april(2), "1"), (april(2), "1"), (april(2), "2"), (april(2) + TimeDelta::microseconds(1), "1")]
        {
            let mut tx = app.db().write().await.unwrap();
            roots.push(youju_store::journal::append(&mut tx, entry(at, figure)).await.unwrap().root);
        }
        assert_eq!(roots[0], roots[1]);
        assert!(roots[0] != roots[2] && roots[0] != roots[3]);
        assert_eq!(verified(&app).await, before);
    });
}

// Law 9: no silent limits.

#[test]
fn every_part_of_a_list_says_how_many_there_are() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 13).await;
        for (offset, rows) in [(0, 5), (5, 5), (10, 3), (15, 0)] {
            let part = PageRequest { offset, limit: 5 };
            let page = look(&app, &county.county, async |cx| report::list(cx, &Filter::default(), part).await);
            let page = page.await.unwrap();
            assert_eq!((page.rows.len(), page.total, page.offset), (rows, 13, offset.unsigned_abs()));
            let units = look(&app, &county.county, async |cx| register::list(cx, "食品厂", part).await).await.unwrap();
            assert_eq!(units.total, 14);
        }
        // The inbox shows the first ten and says that there are thirteen.
        for factory in 0..13 {
            county.bring(factory, State::Submitted).await;
        }
        let groups = look(&app, &county.county, async |cx| inbox::groups(cx).await).await.unwrap();
        assert_eq!((groups[0].total, groups[0].first.len()), (13, 10));
        let dry_run = look(&app, &county.county, async |cx| review::acceptable_listed(cx, county.window).await);
        assert_eq!(dry_run.await.unwrap().len(), 13);
    });
}

// Law 10: no dead ends.

#[test]
fn in_every_state_the_report_lies_in_somebodys_inbox_until_it_is_finished() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, REACHED.len()).await;
        for (factory, state) in REACHED.into_iter().enumerate() {
            let id = county.bring(factory, state).await;
            assert_eq!(county.report(id).await.state, state);
            let Factory { clerk, head, .. } = &county.factories[factory];
            let mut waits = 0;
            for actor in [clerk, head, &county.county, &county.city] {
                let groups = look(&app, actor, async |cx| inbox::groups(cx).await).await.unwrap();
                waits += groups.iter().flat_map(|group| &group.first).filter(|row| row.id == id).count();
            }
            assert_eq!(waits > 0, state != State::Accepted(Level::City), "{state:?}");
        }
    });
}
