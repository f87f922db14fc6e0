//! Explanations, and signing while something is open.

use youju_app::report::{self, Saved, Typed};
use youju_app::{App, register};
use youju_domain::access::Actor;
use youju_domain::finding::Standing;
use youju_domain::id::ReportId;
use youju_domain::report::{CellId, State, ValueState};
use youju_testkit::{County, Factory, april, figures, on_both_engines};

use crate::make::{act, actions, look, refusal, save, typed};

async fn explain(app: &App, by: &Actor, id: ReportId, check: &str, text: &str) -> youju_app::Result<Saved> {
    act(app, by, async |cx| report::explain(cx, id, check, text).await).await
}

fn standing(saved: &Saved, check: &str) -> Option<Standing> {
    saved.findings.iter().find(|f| f.finding.check == check).map(|f| f.standing(saved.open.unit.may_explain))
}

/// The clean figures with more debts than assets, which wants an explanation (Z15).
fn indebted() -> Vec<Typed> {
    let more = |typed: Typed| if typed.cell == "c217" { Typed { value: "160,000".into(), ..typed } } else { typed };
    figures().into_iter().map(more).collect()
}

#[test]
fn an_explanation_must_say_something_and_says_what_it_must() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        save(&app, clerk, *id, &indebted()).await.unwrap();
        for (text, code) in [
            ("不对", "finding.explanation_length"),
            ("", "finding.explanation_length"),
            ("核实无误,数据属实", "finding.explanation_empty_phrase"),
            ("正常正常正常", "finding.explanation_empty_phrase"),
        ] {
            assert_eq!(refusal(explain(&app, clerk, *id, "Z15", text).await).code(), code, "{text}");
        }
        assert_eq!(
            refusal(explain(&app, clerk, *id, "Z1", "新厂区三月投产").await).code(),
            "finding.nothing_to_explain"
        );
        let saved = explain(&app, clerk, *id, "Z15", "去年扩建向银行贷款,尚未投产").await.unwrap();
        assert_eq!(standing(&saved, "Z15"), Some(Standing::Explained));
        assert_eq!(actions(&app, *id).await, ["report.saved", "report.explained", "report.checked"]);
    });
}

#[test]
fn an_explanation_falls_when_its_figures_change_and_stands_again_when_they_return() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        save(&app, clerk, *id, &indebted()).await.unwrap();
        explain(&app, clerk, *id, "Z15", "去年扩建向银行贷款,尚未投产").await.unwrap();
        let saved = save(&app, clerk, *id, &[typed("c217", "160,000", "170,000")]).await.unwrap();
        assert_eq!(standing(&saved, "Z15"), Some(Standing::MustExplain));
        // A figure that the check does not read leaves the explanation alone.
        let saved =
            save(&app, clerk, *id, &[typed("c217", "170,000", "160,000"), typed("c401", "", "900")]).await.unwrap();
        assert_eq!(standing(&saved, "Z15"), Some(Standing::Explained));
        let saved = save(&app, clerk, *id, &[typed("c217", "160,000", "60,000")]).await.unwrap();
        assert_eq!(standing(&saved, "Z15"), None);
    });
}

#[test]
fn nobody_signs_while_something_is_open() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, head, report: id, .. } = &county.factories[0];
        let sign = async || act(&app, clerk, async |cx| report::sign(cx, *id).await).await;
        assert_eq!(refusal(sign().await).code(), "report.nothing_filled");
        save(&app, clerk, *id, &[typed("c301", "", "1")]).await.unwrap();
        assert_eq!(refusal(sign().await).says(), "还有 14 条审核问题需要修改数据。");
        let mut rest = indebted();
        rest.retain(|typed| typed.cell != "c301");
        rest.push(typed("c301", "1", "120,000"));
        save(&app, clerk, *id, &rest).await.unwrap();
        assert_eq!(refusal(sign().await).says(), "还有 1 条审核问题需要填写说明。");
        explain(&app, clerk, *id, "Z15", "去年扩建向银行贷款,尚未投产").await.unwrap();
        sign().await.unwrap();
        act(&app, head, async |cx| report::authorise(cx, *id).await).await.unwrap();
        let report = act(&app, clerk, async |cx| report::submit(cx, *id).await).await.unwrap();
        // What stands against a check bears the mark of it, in the version too.
        assert_eq!(report.cells[&CellId::new("c217")].state, ValueState::Forced);
        let version = look(&app, clerk, async |cx| report::version(cx, *id, 1).await).await.unwrap();
        assert_eq!(version.cells, report.cells);
    });
}

#[test]
fn a_class_b_failure_is_explained_only_by_a_unit_that_the_county_allows_to() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, report: id, .. } = &county.factories[0];
        let wrong = |typed: Typed| match typed.cell.as_str() {
            "c323" => Typed { value: "21,999".into(), ..typed },
            "c327" => Typed { value: "22,049".into(), ..typed },
            _ => typed,
        };
        let profit: Vec<Typed> = figures().into_iter().map(wrong).collect();
        let saved = save(&app, clerk, *id, &profit).await.unwrap();
        assert_eq!(standing(&saved, "Z5"), Some(Standing::MustMend));
        let words = "合并抵销产生差额,已附合并底稿";
        assert_eq!(refusal(explain(&app, clerk, *id, "Z5", words).await).code(), "finding.nothing_to_explain");
        act(&app, &county.county, async |cx| register::set_may_explain(cx, *unit, true).await).await.unwrap();
        let saved = explain(&app, clerk, *id, "Z5", words).await.unwrap();
        assert_eq!(standing(&saved, "Z5"), Some(Standing::Explained));
        act(&app, &county.county, async |cx| register::set_may_explain(cx, *unit, false).await).await.unwrap();
        let refused = act(&app, clerk, async |cx| report::sign(cx, *id).await).await;
        assert_eq!(refusal(refused).says(), "还有 1 条审核问题需要修改数据。");
    });
}

#[test]
fn after_the_window_has_closed_and_after_submitting_nothing_is_explained() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, head, report: id, .. } = &county.factories[0];
        save(&app, clerk, *id, &indebted()).await.unwrap();
        app.world().set(april(19));
        let words = "去年扩建向银行贷款,尚未投产";
        assert_eq!(refusal(explain(&app, clerk, *id, "Z15", words).await).code(), "survey.window_closed");
        app.world().set(april(3));
        explain(&app, clerk, *id, "Z15", words).await.unwrap();
        act(&app, clerk, async |cx| report::sign(cx, *id).await).await.unwrap();
        act(&app, head, async |cx| report::authorise(cx, *id).await).await.unwrap();
        act(&app, clerk, async |cx| report::submit(cx, *id).await).await.unwrap();
        assert_eq!(refusal(explain(&app, clerk, *id, "Z15", words).await).code(), "report.not_editable");
        assert_eq!(county.report(*id).await.state, State::Submitted);
    });
}
