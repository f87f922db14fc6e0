//! The rule laboratory: what checks have said about reports, and what a changed one would say.

use youju_app::laboratory::{Laboratory, look as looked};
use youju_app::{App, Error, report, review};
use youju_domain::Problem;
use youju_domain::access::Actor;
use youju_domain::report::{Level, State};
use youju_testkit::{County, Factory, on_both_engines};

use crate::make::{act, look, save, typed};

async fn laboratory(app: &App, actor: &Actor, rules: Option<&str>) -> Laboratory {
    look(app, actor, async |cx| looked(cx, "B203", rules).await).await.unwrap()
}

#[test]
fn checks_are_counted_over_what_was_handed_in() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        assert_eq!(laboratory(&app, &county.county, None).await.periods, None);
        county.bring(0, State::Accepted(Level::City)).await;
        county.bring(1, State::Draft).await;
        let before = laboratory(&app, &county.county, None).await;
        assert_eq!((before.reports, before.units), (1, 1), "a draft was not handed in");

        // The second factory hands in a figure that somebody doubts; it is sent back, and mended.
        let Factory { clerk, head, report: id, .. } = &county.factories[1];
        let hand_in = async || {
            act(&app, clerk, async |cx| report::sign(cx, *id).await).await.unwrap();
            act(&app, head, async |cx| report::authorise(cx, *id).await).await.unwrap();
            act(&app, head, async |cx| report::submit(cx, *id).await).await.unwrap();
        };
        hand_in().await;
        act(&app, &county.county, async |cx| review::return_(cx, *id, "用工人数与名册不符").await).await.unwrap();
        let was = county.report(*id).await.cells[&youju_domain::report::CellId::new("c601")].value.print();
        save(&app, clerk, *id, &[typed("c601", &was, "121")]).await.unwrap();
        hand_in().await;

        let rule = "X1: [601,1] = 121 | C | 应为 121 人";
        let tried = laboratory(&app, &county.county, Some(rule)).await;
        assert_eq!(tried.reports, 2);
        let changed = tried.changed.unwrap();
        let fared = &changed.checks[0];
        // The first factory fails it and was accepted; the second failed it when it handed in first.
        assert_eq!((fared.tested, fared.failed, fared.accepted, fared.mended), (2, 1, 1, 1));
        assert_eq!(fared.false_alarms(), (1, 2));
        assert_eq!((changed.gained.0, changed.lost.0), (1, 0));
        assert_eq!(changed.gained.1[0].unit_name, county.factories[0].name);
        assert!(changed.gained.1[0].sentence.contains("121"), "{}", changed.gained.1[0].sentence);
    });
}

#[test]
fn a_changed_check_is_compared_with_the_one_in_force() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        county.bring(0, State::Submitted).await;
        let all = laboratory(&app, &county.city, None).await.checks;
        assert!(all.iter().any(|check| check.check == "Z7" && check.tested == 1 && check.failed == 0));
        // The same rule under the same number changes nothing; a narrower one gains the report.
        let same = "Z7: [327,1] = [323,1] + [325,1] - [326,1] ± 2 | A | 利润总额";
        let changed = laboratory(&app, &county.city, Some(same)).await.changed.unwrap();
        assert_eq!((changed.gained.0, changed.lost.0), (0, 0));
        let narrower = "Z7: [327,1] > 999999999 | A | 利润总额";
        let changed = laboratory(&app, &county.city, Some(narrower)).await.changed.unwrap();
        assert_eq!((changed.gained.0, changed.lost.0), (1, 0));
        // Nothing of it was adopted.
        assert_eq!(laboratory(&app, &county.city, None).await.checks, all);
    });
}

#[test]
fn the_laboratory_stays_within_the_area_and_tells_what_is_wrong_with_a_rule() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        county.bring(0, State::Submitted).await;
        assert_eq!(laboratory(&app, &county.neighbour, None).await.reports, 0);
        for actor in [&county.factories[0].clerk, &county.admin] {
            let refused = look(&app, actor, async |cx| looked(cx, "B203", None).await).await;
            assert!(matches!(refused, Err(Error::Problem(_))), "{}", actor.name);
        }
        let wrong =
            look(&app, &county.county, async |cx| looked(cx, "B203", Some("X1: [999,1] > 0 | C | 一")).await).await;
        let Err(Error::Problem(Problem::BadInput { reason })) = wrong else { panic!("{wrong:?}") };
        assert!(reason.contains("表 B203 没有第 999 行"), "{reason}");
    });
}
