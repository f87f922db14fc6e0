//! What happens between the unit and the office: late, returned, recalled, accepted.

use youju_app::inbox::{Group, groups};
use youju_app::{App, report, review, survey};
use youju_domain::access::Actor;
use youju_domain::report::{Level, State};
use youju_domain::selection::Basis;
use youju_testkit::{County, Factory, april, on_both_engines};

use crate::make::{act, look, refusal, save, typed};

/// What waits for somebody: the titles of the groups with their numbers.
async fn inbox(app: &App, of: &Actor) -> Vec<String> {
    let groups: Vec<Group> = look(app, of, async |cx| groups(cx).await).await.unwrap();
    groups.iter().map(|group| format!("{} {}", group.title, group.total)).collect()
}

#[test]
fn every_step_hands_the_report_to_the_next_inbox() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, head, report: id, .. } = &county.factories[0];
        assert_eq!(inbox(&app, clerk).await, ["待填报 1"]);
        assert_eq!(inbox(&app, &county.township).await, ["未填报 1"]);
        save(&app, clerk, *id, &youju_testkit::figures()).await.unwrap();
        assert_eq!(inbox(&app, clerk).await, ["填报中,待签字 1"]);
        assert!(inbox(&app, head).await.is_empty());
        act(&app, clerk, async |cx| report::sign(cx, *id).await).await.unwrap();
        assert_eq!(inbox(&app, head).await, ["待负责人签字 1"]);
        act(&app, head, async |cx| report::authorise(cx, *id).await).await.unwrap();
        assert_eq!(inbox(&app, clerk).await, ["已签字,待上报 1"]);
        act(&app, head, async |cx| report::submit(cx, *id).await).await.unwrap();
        assert!(inbox(&app, clerk).await.is_empty());
        assert_eq!(inbox(&app, &county.county).await, ["待县级验收 1"]);
        assert!(inbox(&app, &county.city).await.is_empty());
        act(&app, &county.county, async |cx| review::accept(cx, *id).await).await.unwrap();
        assert_eq!(inbox(&app, &county.city).await, ["待市级验收 1"]);
        act(&app, &county.city, async |cx| review::accept(cx, *id).await).await.unwrap();
        assert_eq!((inbox(&app, &county.county).await, inbox(&app, &county.city).await), (vec![], vec![]));
    });
}

#[test]
fn a_returned_report_is_in_the_inbox_with_its_reason_and_goes_the_whole_way_again() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let Factory { clerk, head, .. } = &county.factories[0];
        let send_back =
            async |reason: &str| act(&app, &county.county, async |cx| review::return_(cx, id, reason).await).await;
        assert_eq!(refusal(send_back("错了").await).code(), "review.return_reason_short");
        send_back("营业收入与开票额不符").await.unwrap();
        let groups = look(&app, clerk, async |cx| groups(cx).await).await.unwrap();
        assert_eq!((groups[0].title.as_str(), groups[0].first[0].id), ("退回待改", id));
        assert_eq!(groups[0].first[0].return_reason.as_deref(), Some("营业收入与开票额不符"));
        save(&app, clerk, id, &[typed("c401", "", "9,000")]).await.unwrap();
        assert_eq!(inbox(&app, clerk).await, ["退回待改 1"]);
        act(&app, clerk, async |cx| report::sign(cx, id).await).await.unwrap();
        act(&app, head, async |cx| report::authorise(cx, id).await).await.unwrap();
        let again = act(&app, clerk, async |cx| report::submit(cx, id).await).await.unwrap();
        assert_eq!((again.versions, again.return_reason), (2, None));
        let versions = look(&app, clerk, async |cx| report::versions(cx, id).await).await.unwrap();
        assert_eq!(versions.iter().map(|version| version.number).collect::<Vec<_>>(), [1, 2]);
        assert_ne!(versions[0].cells_hash, versions[1].cells_hash);
    });
}

#[test]
fn a_report_returned_after_the_window_has_closed_still_finds_its_way_home() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let Factory { clerk, head, .. } = &county.factories[0];
        app.world().set(april(25));
        act(&app, &county.county, async |cx| review::return_(cx, id, "与税务数据差异过大").await).await.unwrap();
        assert_eq!(inbox(&app, clerk).await, ["退回待改 1"]);
        save(&app, clerk, id, &[typed("c401", "", "9,000")]).await.unwrap();
        act(&app, clerk, async |cx| report::sign(cx, id).await).await.unwrap();
        // The clerk sees a slip after signing: it is the returned report again, not a draft that nobody can finish.
        assert_eq!(inbox(&app, head).await, ["待负责人签字 1"]);
        save(&app, clerk, id, &[typed("c401", "9,000", "9,100")]).await.unwrap();
        assert_eq!(inbox(&app, clerk).await, ["退回待改 1"]);
        act(&app, clerk, async |cx| report::sign(cx, id).await).await.unwrap();
        act(&app, head, async |cx| report::authorise(cx, id).await).await.unwrap();
        assert_eq!(inbox(&app, clerk).await, ["已签字,待上报 1"]);
        let again = act(&app, clerk, async |cx| report::submit(cx, id).await).await.unwrap();
        // It came in time at first, and again within its term.
        assert!(!again.is_late);
        let recalled = act(&app, clerk, async |cx| report::recall(cx, id).await).await;
        assert_eq!(refusal(recalled).code(), "survey.window_closed");
        assert_eq!(inbox(&app, &county.county).await, ["待县级验收 1"]);
    });
}

#[test]
fn whoever_submits_after_the_deadline_is_late_to_the_second() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        for (factory, seconds, is_late) in [(0, 0, false), (1, 1, true)] {
            let id = county.bring(factory, State::Authorised).await;
            app.world().set(april(10) + chrono::TimeDelta::seconds(seconds));
            let clerk = &county.factories[factory].clerk;
            let report = act(&app, clerk, async |cx| report::submit(cx, id).await).await.unwrap();
            assert_eq!(report.is_late, is_late);
        }
        let board = look(&app, &county.county, async |cx| survey::board(cx, county.window).await);
        let (_, rows) = board.await.unwrap();
        let sum = rows.last().unwrap();
        assert_eq!((sum.owed(), sum.reported(), sum.on_time(), sum.late), (2, 2, 1, 1));
    });
}

#[test]
fn a_recalled_report_is_a_draft_again_until_an_office_has_accepted_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let clerk = &county.factories[0].clerk;
        let refused = refusal(save(&app, clerk, id, &[typed("c301", "120,000", "1")]).await.map(drop));
        assert_eq!(refused.code(), "report.not_editable");
        let report = act(&app, clerk, async |cx| report::recall(cx, id).await).await.unwrap();
        assert_eq!((report.state, report.signed_by, report.authorised_by), (State::Draft, None, None));
        let accepted = county.bring(1, State::Accepted(Level::County)).await;
        let clerk = &county.factories[1].clerk;
        let recalled = act(&app, clerk, async |cx| report::recall(cx, accepted).await).await;
        assert_eq!(refusal(recalled).code(), "report.wrong_state");
    });
}

#[test]
fn bulk_acceptance_takes_what_the_list_showed_and_nothing_newer() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 3).await;
        for factory in 0..3 {
            county.bring(factory, State::Submitted).await;
        }
        let listed = look(&app, &county.county, async |cx| review::acceptable_listed(cx, county.window).await);
        let shown: Vec<_> = listed.await.unwrap().iter().map(|row| (row.id, row.versions)).collect();
        assert_eq!(shown.len(), 3);
        // Behind the officer's back the first unit sends another version, and the second takes its report back.
        let Factory { clerk, head, report: changed, .. } = &county.factories[0];
        act(&app, clerk, async |cx| report::recall(cx, *changed).await).await.unwrap();
        save(&app, clerk, *changed, &[typed("c401", "", "9,000")]).await.unwrap();
        act(&app, clerk, async |cx| report::sign(cx, *changed).await).await.unwrap();
        act(&app, head, async |cx| report::authorise(cx, *changed).await).await.unwrap();
        act(&app, clerk, async |cx| report::submit(cx, *changed).await).await.unwrap();
        let Factory { clerk, report: recalled, .. } = &county.factories[1];
        act(&app, clerk, async |cx| report::recall(cx, *recalled).await).await.unwrap();
        let done = act(&app, &county.county, async |cx| review::accept_all(cx, &shown).await).await.unwrap();
        assert_eq!(done.accepted, 1);
        let skipped: Vec<_> = done.skipped.iter().map(|(id, problem)| (*id, problem.code())).collect();
        assert_eq!(skipped.len(), 2);
        assert!(skipped.contains(&(*changed, "conflict")) && skipped.contains(&(*recalled, "report.wrong_state")));
    });
}

#[test]
fn reports_are_looked_at_in_the_order_of_their_weight_and_the_rest_is_accepted_in_one_go() {
    on_both_engines(async |app| {
        let mut county = County::with_factories(&app, 6).await;
        let february = youju_testkit::new_window("330781", "2026-01~02");
        let period = february.period;
        act(&app, &county.county, async |cx| survey::open(cx, february).await).await.unwrap();
        // Five have reported in February; March brings them the same figures. The sixth is new.
        for at in 0..5 {
            let Factory { unit, clerk, report: march, .. } = county.factories[at].clone();
            let of_unit = look(&app, &clerk, async |cx| report::of_unit_and_period(cx, unit, period).await).await;
            county.factories[at].report = of_unit.unwrap()[0].id;
            county.bring(at, State::Submitted).await;
            county.factories[at].report = march;
        }
        for at in 0..6 {
            county.bring(at, State::Submitted).await;
        }
        let order = async |by: &Actor| look(&app, by, async |cx| review::selected(cx, county.window).await).await;
        let (_, selected) = order(&county.county).await.unwrap();
        let first = &selected[0];
        assert_eq!((first.report.id, first.is_due, first.ranked.is_small), (county.factories[5].report, true, false));
        assert_eq!(first.ranked.most.unwrap().basis, Basis::None);
        assert_eq!(selected.len(), 6);
        assert!(selected[1..].iter().all(|one| one.ranked.is_small && one.ranked.effect().is_zero()));
        // A township weighs its own; a neighbour has nothing to weigh, a unit no business here.
        let (_, own) = order(&county.township).await.unwrap();
        assert_eq!(own.len(), 3);
        for stranger in [&county.neighbour, &county.factories[0].clerk] {
            assert_eq!(refusal(order(stranger).await).code(), "not_found");
        }
        let small = look(&app, &county.county, async |cx| review::acceptable_small(cx, county.window).await).await;
        let shown: Vec<_> = small.unwrap().iter().map(|report| (report.id, report.versions)).collect();
        let done = act(&app, &county.county, async |cx| review::accept_all(cx, &shown).await).await.unwrap();
        assert_eq!((done.accepted, done.skipped.len()), (5, 0));
        assert_eq!(county.report(county.factories[5].report).await.state, State::Submitted);
    });
}
