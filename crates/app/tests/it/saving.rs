//! Saving: bad values, two people at once, and eight at the same moment.

use youju_app::ledger::{import_trial_balance, read_trial_balance};
use youju_app::report::{self, Typed};
use youju_app::{App, generate};
use youju_codes::Period;
use youju_domain::report::{State, ValueState};
use youju_testkit::{County, Factory, TRIAL_BALANCE, april, figures, on_both_engines};

use crate::make::{act, actions, look, printed, refusal, save, typed, verified};

#[test]
fn what_cannot_stand_in_its_cell_is_told_and_the_rest_is_saved() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        let cases = [
            ("c301", "12万", "“营业收入”应为千元整数,现为“12万”(第 3 位"),
            ("c307", "90,001.5", "“营业成本”应为千元整数,现为“90,001.5”。请四舍五入为整数。"),
            ("c213", "不适用", "“资产总计”必须填报,不能填“不适用”。没有的请填 0。"),
            ("c217", "1234567890123456789", "“负债合计”现为“1234567890123456789”,超过 18 位数。请核对计量单位。"),
            ("c601", "八十", "“期末用工人数”应为人整数,现为“八十”"),
            ("c999", "1", "本表没有编号为 c999 的数据项。"),
        ];
        let mut all: Vec<Typed> = cases.iter().map(|(cell, value, _)| typed(cell, "", value)).collect();
        all.push(typed("c201", "", "８０,０００"));
        all.push(typed("c331", "", "—"));
        let saved = save(&app, clerk, *id, &all).await.unwrap();
        for ((cell, _, says), refused) in cases.iter().zip(&saved.refused) {
            assert_eq!(refused.cell, *cell);
            assert!(refused.problem.says().starts_with(says), "{}", refused.problem.says());
        }
        assert_eq!(saved.refused.len(), cases.len());
        let cells = county.report(*id).await.cells;
        assert_eq!(cells.len(), 2);
        assert_eq!((printed(&cells, "c201"), printed(&cells, "c331")), ("80,000".into(), "—".into()));
    });
}

#[test]
fn when_nothing_was_saved_nothing_is_written_down() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        let before = verified(&app).await;
        for nothing in [vec![], vec![typed("c301", "", "")], vec![typed("c301", "", "很多")]] {
            save(&app, clerk, *id, &nothing).await.unwrap();
        }
        let report = county.report(*id).await;
        assert_eq!((report.state, report.revision), (State::Empty, 0));
        assert_eq!(verified(&app).await, before);
    });
}

#[test]
fn blank_zero_and_not_applicable_stay_three_things() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        let three = [typed("c301", "", "0"), typed("c320", "", "不适用")];
        let saved = save(&app, clerk, *id, &three).await.unwrap();
        let says = |check: &str| saved.findings.iter().any(|f| f.finding.check == check);
        assert!(says("R307") && !says("R301"), "zero fills a required cell, blank does not");
        let cells = county.report(*id).await.cells;
        assert_eq!(["c301", "c320", "c307"].map(|cell| printed(&cells, cell)), ["0", "—", ""]);
        // Taking a figure away leaves a blank, not a zero.
        save(&app, clerk, *id, &[typed("c301", "0", "")]).await.unwrap();
        assert_eq!(printed(&county.report(*id).await.cells, "c301"), "");
    });
}

#[test]
fn the_second_of_two_people_is_told_what_stands_and_loses_nothing_else() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        save(&app, clerk, *id, &[typed("c301", "", "120,000")]).await.unwrap();
        let late = [typed("c301", "", "120,001"), typed("c307", "", "90,001")];
        let saved = save(&app, clerk, *id, &late).await.unwrap();
        let conflict = &saved.conflicts[0];
        assert_eq!((conflict.stands.print(), conflict.wanted.print()), ("120,000".into(), "120,001".into()));
        let cells = county.report(*id).await.cells;
        assert_eq!((printed(&cells, "c301"), printed(&cells, "c307")), ("120,000".into(), "90,001".into()));
    });
}

#[test]
fn an_answer_lost_on_the_way_makes_no_conflict_when_it_is_sent_again() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        let sent = [typed("c301", "", "120,000")];
        save(&app, clerk, *id, &sent).await.unwrap();
        let again = save(&app, clerk, *id, &sent).await.unwrap();
        assert!(again.conflicts.is_empty() && again.refused.is_empty());
        assert_eq!(printed(&again.open.report.cells, "c301"), "120,000");
        assert_eq!(actions(&app, *id).await, ["report.saved"]);
    });
}

#[test]
fn eight_people_at_the_same_moment_in_eight_cells_are_all_saved() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = county.factories[0].clone();
        let chosen: Vec<Typed> = figures().into_iter().take(8).collect();
        let tasks: Vec<_> = chosen
            .iter()
            .cloned()
            .map(|typed| tokio::spawn(saved_alone(app.clone(), clerk.clone(), id, typed)))
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let cells = county.report(id).await.cells;
        for typed in chosen {
            assert_eq!(printed(&cells, &typed.cell), typed.value, "{}", typed.cell);
        }
        assert_eq!(actions(&app, id).await.len(), 8);
        verified(&app).await;
    });
}

#[test]
fn of_eight_people_at_the_same_moment_in_one_cell_one_wins_and_seven_are_told() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = county.factories[0].clone();
        let tasks: Vec<_> = (1..=8)
            .map(|n| tokio::spawn(saved_alone(app.clone(), clerk.clone(), id, typed("c301", "", &n.to_string()))))
            .collect();
        let mut conflicts = 0;
        for task in tasks {
            conflicts += task.await.unwrap().unwrap();
        }
        assert_eq!(conflicts, 7);
        let stands = printed(&county.report(id).await.cells, "c301");
        assert!((1..=8).any(|n| n.to_string() == stands), "{stands}");
    });
}

/// Saves one cell; gives the number of conflicts.
async fn saved_alone(
    app: App,
    by: youju_domain::access::Actor,
    id: youju_domain::id::ReportId,
    typed: Typed,
) -> youju_app::Result<usize> {
    let saved = app.write(Some(by), async |cx| report::save(cx, id, &[typed]).await).await?;
    Ok(saved.conflicts.len())
}

#[test]
fn while_the_county_accepts_in_bulk_units_recall_their_reports_and_nobody_is_stuck() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 8).await;
        for factory in 0..8 {
            county.bring(factory, State::Submitted).await;
        }
        let listed =
            look(&app, &county.county, async |cx| youju_app::review::acceptable_listed(cx, county.window).await);
        let shown: Vec<_> = listed.await.unwrap().iter().map(|row| (row.id, row.versions)).collect();
        let bulk = tokio::spawn({
            let (app, by, shown) = (app.clone(), county.county.clone(), shown.clone());
            async move {
                let done = app.write(Some(by), async |cx| youju_app::review::accept_all(cx, &shown).await).await?;
                Ok::<usize, youju_app::Error>(done.accepted)
            }
        });
        let mut recalled = 0;
        for factory in county.factories.iter().rev() {
            let (app, clerk, id) = (app.clone(), factory.clerk.clone(), factory.report);
            let done =
                tokio::spawn(async move { app.write(Some(clerk), async |cx| report::recall(cx, id).await).await });
            match done.await.unwrap() {
                Ok(_) => recalled += 1,
                Err(error) => assert_eq!(refusal(Err::<(), _>(error)).code(), "report.wrong_state"),
            }
        }
        assert_eq!(bulk.await.unwrap().unwrap() + recalled, 8, "each is either accepted or recalled");
        verified(&app).await;
    });
}

#[test]
fn a_figure_typed_before_generating_is_kept_beside_the_generated_one() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, report: id, .. } = &county.factories[0];
        save(&app, clerk, *id, &[typed("c301", "", "123,456")]).await.unwrap();
        let file = read_trial_balance("三月.csv", TRIAL_BALANCE.as_bytes()).unwrap();
        let march = Period::parse("2026-03").unwrap();
        act(&app, clerk, async |cx| import_trial_balance(cx, *unit, march, file).await).await.unwrap();
        act(&app, clerk, async |cx| generate::single(cx, *id).await).await.unwrap();
        let report = county.report(*id).await;
        let cell = &report.cells[&youju_domain::report::CellId::new("c301")];
        assert_eq!((cell.value.print(), cell.state), ("123,456".into(), ValueState::Edited));
        assert_eq!(cell.generated.as_ref().unwrap().print(), "120,000");
    });
}

#[test]
fn outside_the_window_nothing_is_written() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        let one = [typed("c301", "", "1")];
        for (day, code, says) in
            [(0, "survey.window_not_open", "2026-04-01 12:00"), (19, "survey.window_closed", "2026-04-18 12:00")]
        {
            app.world().set(april(1) + chrono::TimeDelta::days(day - 1));
            let refused = refusal(save(&app, clerk, *id, &one).await);
            assert_eq!(refused.code(), code);
            assert!(refused.says().contains(says), "{}", refused.says());
        }
        assert!(actions(&app, *id).await.is_empty());
    });
}
