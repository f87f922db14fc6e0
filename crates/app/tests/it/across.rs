//! Checks that look across forms: the annual report beside December's.

use youju_app::{App, report, review, survey};
use youju_codes::Period;
use youju_domain::finding::Outcome;
use youju_domain::id::ReportId;
use youju_testkit::{County, Factory, figures, new_window, on_both_engines};

use crate::make::{act, look, save, typed};

/// Opens a window and gives the first factory's report in it.
async fn opened(app: &App, county: &County, form: &str, period: &str) -> ReportId {
    let mut new = new_window("330781", period);
    form.clone_into(&mut new.form);
    act(app, &county.county, async |cx| survey::open(cx, new).await).await.unwrap();
    let Factory { unit, clerk, .. } = &county.factories[0];
    let period = Period::parse(period).unwrap();
    let reports = look(app, clerk, async |cx| report::of_unit_and_period(cx, *unit, period).await).await.unwrap();
    reports.into_iter().find(|report| report.form == form).unwrap().id
}

/// The annual report's finding on December's revenue, after its own revenue was typed.
async fn compared(app: &App, county: &County, annual: ReportId, was: &str, revenue: &str) -> Option<(Outcome, String)> {
    let saved = save(app, &county.factories[0].clerk, annual, &[typed("c301", was, revenue)]).await.unwrap();
    let finding = saved.findings.into_iter().map(|answered| answered.finding).find(|finding| finding.check == "Z23");
    finding.map(|finding| (finding.outcome, finding.sentence))
}

#[test]
fn the_annual_report_is_compared_with_december_once_december_is_reported() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let december = opened(&app, &county, "B203", "2025-12").await;
        let annual = opened(&app, &county, "B103-1", "2025").await;
        let Factory { clerk, head, .. } = &county.factories[0];

        // What is still being typed is not yet a figure to compare with.
        save(&app, clerk, december, &figures()).await.unwrap();
        let (outcome, sentence) = compared(&app, &county, annual, "", "120000").await.unwrap();
        assert_eq!(outcome, Outcome::NotTestable);
        assert_eq!(sentence, "“营业收入(B203)”没有数据,无法审核。填报后自动审核。");

        act(&app, clerk, async |cx| report::sign(cx, december).await).await.unwrap();
        act(&app, head, async |cx| report::authorise(cx, december).await).await.unwrap();
        act(&app, head, async |cx| report::submit(cx, december).await).await.unwrap();
        assert_eq!(compared(&app, &county, annual, "120,000", "130000").await, None);
        let (outcome, sentence) = compared(&app, &county, annual, "130,000", "150000").await.unwrap();
        assert_eq!(outcome, Outcome::Fail);
        assert_eq!(sentence, "营业收入 150,000 ÷ 营业收入(B203) 120,000 = 1.25 不在 0.9 与 1.1 之间。");

        // A returned report is no longer what the unit has reported.
        act(&app, &county.county, async |cx| review::return_(cx, december, "营业收入与开票额不符").await)
            .await
            .unwrap();
        let (outcome, _) = compared(&app, &county, annual, "150,000", "151000").await.unwrap();
        assert_eq!(outcome, Outcome::NotTestable);
    });
}
