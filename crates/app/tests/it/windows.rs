//! Windows: the year's calendar, the county's opening, changed times, reminders, locking.

use youju_app::survey::{self, NewWindow};
use youju_app::{App, message, reminder, report, review};
use youju_domain::access::Actor;
use youju_domain::message::Kind;
use youju_domain::report::{Level, State};
use youju_domain::survey::{Chain, Punctuality, Times};
use youju_store::register::PageRequest;
use youju_testkit::{County, april, new_window, on_both_engines};

use crate::make::{act, look, refusal, typed};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };

/// Titles of somebody's unread messages.
async fn unread(app: &App, of: &Actor) -> Vec<String> {
    let messages = look(app, of, async |cx| message::list(cx, ALL).await).await.unwrap();
    messages.rows.into_iter().filter(youju_domain::message::Message::is_news).map(|message| message.title).collect()
}

#[test]
fn a_year_is_prepared_in_one_act_and_opened_month_by_month() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let officer = &county.county;
        let area = officer.area;
        let planned = look(&app, officer, async |cx| survey::plan_year(cx, area, 2026).await).await.unwrap();
        // 21 forms: monthly ones twelve or eleven times, quarterly ones four times (202-1 three), yearly ones once.
        let of = |form: &str| planned.iter().filter(|plan| plan.form == form).count();
        assert_eq!((of("B203"), of("B204-1"), of("202-1"), of("E224"), of("102-1")), (11, 12, 3, 4, 1));
        assert!(planned.windows(2).all(|pair| pair[0].planned.times.due_at <= pair[1].planned.times.due_at));
        let march = planned.iter().find(|plan| plan.form == "B203" && plan.period.to_string() == "2026-03").unwrap();
        assert_eq!(march.exists, Some(county.window));
        // Only what some unit owes: two factories and a wholesaler.
        let owed = planned.iter().filter(|plan| plan.units > 0 && plan.exists.is_none()).count();
        let prepared = act(&app, officer, async |cx| survey::prepare_year(cx, area, 2026, true).await).await.unwrap();
        assert_eq!(prepared, owed);
        let again = act(&app, officer, async |cx| survey::prepare_year(cx, area, 2026, true).await).await.unwrap();
        assert_eq!(again, 0);
        // Prepared is not opened: no report, and the city cannot open it for the county.
        let windows = look(&app, officer, async |cx| survey::list(cx).await).await.unwrap();
        let april_window = windows.iter().find(|w| w.form == "B203" && w.period.to_string() == "2026-04").unwrap();
        assert_eq!((april_window.opened_at, april_window.chain.first()), (None, Some(Level::Township)));
        let (id, times) = (april_window.id, april_window.times);
        // On the day it waits in the inbox of the county, and of nobody else.
        let waits = async |by: &Actor| {
            let waiting = look(&app, by, async |cx| survey::waiting(cx).await).await.unwrap();
            waiting.iter().any(|window| window.id == id)
        };
        assert!(!waits(officer).await);
        app.world().set(times.opens_at);
        assert_eq!(
            (waits(officer).await, waits(&county.city).await, waits(&county.township).await),
            (true, false, false)
        );
        let refused = act(&app, &county.city, async |cx| survey::open_prepared(cx, id).await).await;
        assert_eq!(refusal(refused).code(), "access.forbidden");
        let opened = act(&app, officer, async |cx| survey::open_prepared(cx, id).await).await.unwrap();
        assert_eq!(opened.units, 2);
        assert!(!waits(officer).await);
        let refused = act(&app, officer, async |cx| survey::open_prepared(cx, id).await).await;
        assert_eq!(refusal(refused).code(), "survey.window_exists");
        // The unit learns of it, and begins when the time has come.
        let clerk = &county.factories[0].clerk;
        let told = look(&app, clerk, async |cx| message::list(cx, ALL).await).await.unwrap().rows;
        assert!(told.iter().any(|told| told.kind == Kind::Opened && told.title.contains("2026年1—4月")), "{told:#?}");
        assert!(unread(&app, clerk).await.is_empty(), "the inbox shows the report itself");
    });
}

#[test]
fn moved_deadlines_need_a_reason_are_told_and_judge_late_anew() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (officer, id) = (&county.county, county.window);
        app.world().set(april(11));
        county.bring(0, State::Submitted).await;
        let late = async || county.report(county.factories[0].report).await.is_late;
        assert!(late().await);
        let window = look(&app, officer, async |cx| survey::get(cx, id).await).await.unwrap();
        let times = Times { due_at: april(12), ..window.times };
        let change = async |times: Times, chain: Chain, reason: &str| {
            act(&app, officer, async |cx| survey::change(cx, id, times, chain, reason).await).await
        };
        assert_eq!(refusal(change(times, window.chain.clone(), "").await).code(), "bad_input");
        let longer = Chain::of(&Level::ALL).unwrap();
        assert!(refusal(change(times, longer, "系统维护停机").await).says().contains("不能改变验收流程"));
        change(times, window.chain.clone(), "系统维护停机").await.unwrap();
        assert!(!late().await);
        assert!(unread(&app, &county.factories[1].clerk).await.iter().any(|title| title.contains("报送时间调整")));
    });
}

#[test]
fn a_formal_reminder_is_signed_for_extends_the_window_and_runs_out() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (officer, slow) = (&county.county, &county.factories[1]);
        let id = slow.report;
        county.bring(0, State::Submitted).await;
        let remind = async |by: &Actor, until| {
            let reports = [county.factories[0].report, id];
            act(&app, by, async |cx| reminder::remind(cx, &reports, until, "请核对后尽快报送").await).await
        };
        // Before the deadline a word may be said; the report that is in is left alone.
        let done = remind(&county.township, None).await.unwrap();
        assert_eq!((done.sent, done.skipped.len()), (0, 2), "the township sees its own units only");
        let done = remind(officer, None).await.unwrap();
        assert_eq!((done.sent, done.skipped[0].1.code()), (1, "report.nothing_overdue"));
        let refused = remind(&county.township, Some(april(22))).await;
        assert_eq!(refusal(refused).says(), "这一步应由县级办理。");
        // The window closes on the 18th. The notice gives until the 22nd.
        app.world().set(april(19));
        let save =
            async || act(&app, &slow.clerk, async |cx| report::save(cx, id, &[typed("c301", "", "7")]).await).await;
        assert_eq!(refusal(save().await).code(), "survey.window_closed");
        assert_eq!(remind(officer, Some(april(22))).await.unwrap().sent, 1);
        // While that term runs the period stays open, even if everything else is accepted.
        act(&app, officer, async |cx| review::accept(cx, county.factories[0].report).await).await.unwrap();
        act(&app, &county.city, async |cx| review::accept(cx, county.factories[0].report).await).await.unwrap();
        let lock = async || act(&app, &county.city, async |cx| survey::lock(cx, county.window).await).await;
        assert!(refusal(lock().await).says().starts_with("还有 1 份"));
        let inbox = look(&app, &slow.clerk, async |cx| youju_app::inbox::groups(cx).await).await.unwrap();
        assert_eq!(inbox.len(), 1, "the report lies in the inbox again");
        save().await.unwrap();
        // Signed for by the clerk, not by the head: the office sees both.
        let messages = look(&app, &slow.clerk, async |cx| message::list(cx, ALL).await).await.unwrap();
        let notice = messages.rows.iter().find(|message| message.kind == Kind::Notice).unwrap();
        assert!(notice.body.contains("至今未报") && notice.body.contains("2026-04-22 12:00"), "{}", notice.body);
        let foreign = act(&app, &slow.head, async |cx| message::read(cx, notice.id).await).await;
        assert_eq!(refusal(foreign).code(), "not_found");
        act(&app, &slow.clerk, async |cx| message::read(cx, notice.id).await).await.unwrap();
        let proofs = look(&app, officer, async |cx| reminder::of_report(cx, id).await).await.unwrap();
        let signed: Vec<bool> = proofs[1].receipts.iter().map(|receipt| receipt.read_at.is_some()).collect();
        assert_eq!((proofs.len(), signed.iter().filter(|signed| **signed).count(), signed.len()), (2, 1, 2));
        // It runs out, and the county and the city hear of it until the period is locked.
        let run_out = async |by: &Actor| {
            let groups = look(&app, by, async |cx| youju_app::inbox::groups(cx).await).await.unwrap();
            let group = groups.into_iter().find(|group| group.wait == youju_app::inbox::Wait::RunOut);
            group.map(|group| group.first.iter().map(|report| report.id).collect::<Vec<_>>()).unwrap_or_default()
        };
        assert!(run_out(officer).await.is_empty());
        app.world().set(april(23));
        assert_eq!((run_out(officer).await, run_out(&county.city).await), (vec![id], vec![id]));
        assert!(run_out(&county.township).await.is_empty());
        assert_eq!(refusal(save().await).code(), "report.notice_run_out");
        let window = look(&app, officer, async |cx| survey::get(cx, county.window).await).await.unwrap();
        let report = county.report(id).await;
        assert_eq!(Punctuality::of(report.handing(), &window, april(23)), Punctuality::Refused);
        assert_eq!(lock().await.unwrap(), 1);
        assert!(run_out(officer).await.is_empty());
    });
}

#[test]
fn the_township_is_the_first_gate_and_the_last_level_locks() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let chain = Chain::of(&[Level::Township, Level::County, Level::City]).unwrap();
        let new = NewWindow { chain, ..new_window("330781", "2026-04") };
        let period = new.period;
        let window = act(&app, &county.county, async |cx| survey::open(cx, new).await).await.unwrap().window;
        let factory = &county.factories[0];
        let listed = look(&app, &factory.clerk, async |cx| report::of_unit_and_period(cx, factory.unit, period).await);
        let id = listed.await.unwrap()[0].id;
        let figures = youju_testkit::figures();
        act(&app, &factory.clerk, async |cx| report::save(cx, id, &figures).await).await.unwrap();
        act(&app, &factory.clerk, async |cx| report::sign(cx, id).await).await.unwrap();
        act(&app, &factory.head, async |cx| report::authorise(cx, id).await).await.unwrap();
        act(&app, &factory.clerk, async |cx| report::submit(cx, id).await).await.unwrap();
        let accept = async |by: &Actor| act(&app, by, async |cx| review::accept(cx, id).await).await;
        assert_eq!(refusal(accept(&county.county).await).code(), "report.wrong_state");
        let waiting = look(&app, &county.township, async |cx| review::acceptable(cx, window).await).await.unwrap();
        assert_eq!(waiting, [id]);
        accept(&county.township).await.unwrap();
        accept(&county.county).await.unwrap();
        // The city returns it: the unit, the township and the county learn of it.
        let reason = "营业收入与开票额不符";
        act(&app, &county.city, async |cx| review::return_(cx, id, reason).await).await.unwrap();
        for told in [&factory.clerk, &factory.head, &county.township, &county.county] {
            let all = look(&app, told, async |cx| message::list(cx, ALL).await).await.unwrap().rows;
            assert!(all.iter().any(|message| message.title.contains("被退回")), "{}", told.name);
        }
        // The unit's inbox shows the report itself.
        assert!(unread(&app, &factory.clerk).await.is_empty() && !unread(&app, &county.county).await.is_empty());
        let lock = async |by: &Actor| act(&app, by, async |cx| survey::lock(cx, window).await).await;
        app.world().set(april(19));
        assert!(refusal(lock(&county.city).await).says().starts_with("还有 1 份"));
        act(&app, &factory.clerk, async |cx| report::sign(cx, id).await).await.unwrap();
        act(&app, &factory.head, async |cx| report::authorise(cx, id).await).await.unwrap();
        act(&app, &factory.clerk, async |cx| report::submit(cx, id).await).await.unwrap();
        for by in [&county.township, &county.county, &county.city] {
            accept(by).await.unwrap();
        }
        assert_eq!(refusal(lock(&county.county).await).code(), "review.not_your_turn");
        assert_eq!(lock(&county.city).await.unwrap(), 1);
        assert_eq!(county.report(id).await.state, State::Locked);
        let versions = look(&app, &county.city, async |cx| report::versions(cx, id).await).await.unwrap();
        assert_eq!(versions.iter().map(|version| version.changed).collect::<Vec<_>>(), [0, 0]);
    });
}
