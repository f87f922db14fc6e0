//! 报送痕迹: what is kept of how a unit's people act, who sees it, and what is suspicious about it.

use youju_app::{ledger, report, trace};
use youju_codes::Period;
use youju_domain::access::Actor;
use youju_domain::trace::{Method, Origin, SignalKind};
use youju_testkit::{County, Factory, TRIAL_BALANCE, figures, on_both_engines};

use crate::make::{act, look, refusal, save};

/// Somebody at a browser.
fn at(of: &Actor, address: &str, device: &str, method: Method, seconds: u32) -> Actor {
    let origin = Origin { address: address.into(), device: device.into(), method, seconds, purpose: None };
    Actor { origin: Some(origin), ..of.clone() }
}

#[test]
fn every_act_of_a_unit_is_traced_and_only_the_county_and_above_see_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, head, report: id, unit, .. } = county.factories[0].clone();
        save(&app, &at(&clerk, "10.1.2.3", "aa", Method::Pasted, 42), id, &figures()).await.unwrap();
        let file = ledger::read_trial_balance("三月.csv", TRIAL_BALANCE.as_bytes()).unwrap();
        let march = Period::parse("2026-03").unwrap();
        act(&app, &clerk, async |cx| ledger::import_trial_balance(cx, unit, march, file).await).await.unwrap();
        let bare = at(&clerk, "10.1.2.3", "aa", Method::Act, 0);
        act(&app, &bare, async |cx| report::sign(cx, id).await).await.unwrap();
        act(&app, &at(&head, "10.9.9.9", "bb", Method::Act, 0), async |cx| report::authorise(cx, id).await)
            .await
            .unwrap();
        act(&app, &bare, async |cx| report::submit(cx, id).await).await.unwrap();
        // An officer's acts are in the journal, not here.
        let officer = at(&county.county, "10.0.0.1", "cc", Method::Act, 0);
        act(&app, &officer, async |cx| youju_app::review::take_up(cx, id).await).await.unwrap();
        let (_, traces) = look(&app, &county.county, async |cx| trace::of_report(cx, id).await).await.unwrap();
        let seen: Vec<(&str, &str, &str, u32)> = traces
            .iter()
            .map(|trace| {
                let origin = &trace.origin;
                (trace.action.as_str(), origin.address.as_str(), origin.method.label(), origin.seconds)
            })
            .collect();
        let expected = [
            ("report.saved", "10.1.2.3", "粘贴", 42),
            ("report.signed", "10.1.2.3", "", 0),
            ("report.authorised", "10.9.9.9", "", 0),
            ("report.submitted", "10.1.2.3", "", 0),
        ];
        assert_eq!(seen, expected);
        for (by, code) in [
            (&clerk, "access.forbidden"),
            (&county.township, "access.forbidden"),
            (&county.neighbour, "not_found"),
            (&county.admin, "not_found"),
        ] {
            let refused = look(&app, by, async |cx| trace::of_report(cx, id).await.map(drop)).await;
            assert_eq!(refusal(refused).code(), code, "{}", by.name);
        }
        // Neither the history that everybody reads nor a proof bundle carries an address.
        let history = look(&app, &clerk, async |cx| report::history(cx, id).await).await.unwrap();
        assert!(!format!("{history:?}").contains("10.1.2.3"));
    });
}

#[test]
fn units_that_share_a_browser_are_a_signal() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 3).await;
        for (number, device) in [(0, "same"), (1, "same"), (2, "other")] {
            let Factory { clerk, report: id, .. } = &county.factories[number];
            save(&app, &at(clerk, "10.1.2.3", device, Method::Typed, 9), *id, &figures()).await.unwrap();
        }
        let find = async |by: &Actor| look(&app, by, async |cx| trace::signals_of(cx, county.window).await).await;
        let (_, signals) = find(&county.county).await.unwrap();
        let found: Vec<(SignalKind, usize)> = signals.iter().map(|signal| (signal.kind, signal.units.len())).collect();
        assert_eq!(found, [(SignalKind::Device, 2)]);
        assert_eq!(refusal(find(&county.township).await.map(drop)).code(), "access.forbidden");
    });
}
