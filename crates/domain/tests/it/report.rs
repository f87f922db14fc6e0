//! The life of a report, as stories. The laws over random sequences of commands stand in `life.rs`.

use rust_decimal::Decimal;
use uuid::Uuid;
use youju_domain::access::Role;
use youju_domain::finding::Standing;
use youju_domain::id::Id;
use youju_domain::report::{CellId, Change, Derivation, Generated, Level, Report, State, Value, ValueState, value_of};
use youju_domain::survey::{Chain, Punctuality, Window};

use crate::make::{actor, at, change, report, window};

fn derivation() -> Derivation {
    Derivation {
        import: Some(Id::new(Uuid::from_u128(5))),
        report: None,
        books: Vec::new(),
        record: None,
        formula: "ytd_credit_6001".into(),
        sentence: "6001 主营业务收入 本年累计贷方 1,200,000".into(),
        exact: Some(Decimal::from(1_200_000)),
        inputs: vec![],
    }
}

pub(crate) fn generated(cell: &str, value: i64) -> Generated {
    Generated {
        cell: CellId::new(cell),
        value: Value::Number(value.into()),
        state: ValueState::Computed,
        derivation: derivation(),
    }
}

pub(crate) fn submitted() -> Report {
    let clerk = actor(Role::Statistician).respondent().unwrap();
    let head = actor(Role::UnitHead).respondent().unwrap();
    let (draft, _) = report().save(&clerk, &window(), &[change("c301", None, 1_200)], at(2)).unwrap();
    let signed = draft.sign(&clerk, &window(), &[], at(3)).unwrap();
    let authorised = signed.authorise(&head, &window(), at(3)).unwrap();
    authorised.submit(&clerk, &window(), &[], false, at(4)).unwrap()
}

fn accepted_by_all(report: Report) -> Report {
    report.accept(Level::County, &window()).unwrap().accept(Level::City, &window()).unwrap()
}

#[test]
fn a_report_goes_from_empty_to_accepted_by_the_city() {
    let accepted = accepted_by_all(submitted());
    assert_eq!(accepted.state, State::Accepted(Level::City));
    assert_eq!(accepted.versions, 1);
    assert!(!accepted.is_late);
}

#[test]
fn the_city_waits_for_the_county() {
    assert_eq!(submitted().accept(Level::City, &window()).unwrap_err().code(), "report.wrong_state");
}

#[test]
fn a_report_with_open_findings_cannot_be_signed() {
    let clerk = actor(Role::Statistician).respondent().unwrap();
    let (draft, _) = report().save(&clerk, &window(), &[change("c301", None, 1)], at(2)).unwrap();
    let refused = draft.sign(&clerk, &window(), &[Standing::MustMend, Standing::MustExplain], at(3)).unwrap_err();
    assert_eq!(refused.says(), "还有 1 条审核问题需要修改数据,1 条需要填写说明。");
}

#[test]
fn a_change_after_signing_takes_the_signatures_away() {
    let clerk = actor(Role::Statistician).respondent().unwrap();
    let (draft, _) = report().save(&clerk, &window(), &[change("c301", None, 1)], at(2)).unwrap();
    let signed = draft.sign(&clerk, &window(), &[], at(3)).unwrap();
    let (again, _) = signed.save(&clerk, &window(), &[change("c301", Some(1), 2)], at(3)).unwrap();
    assert_eq!((again.state, again.signed_by), (State::Draft, None));
}

#[test]
fn two_people_saving_at_once_lose_nothing() {
    let clerk = actor(Role::Statistician).respondent().unwrap();
    let (first, _) = report().save(&clerk, &window(), &[change("c301", None, 10)], at(2)).unwrap();
    // The second person still saw an empty c301, and also typed c307.
    let late = [change("c301", None, 11), change("c307", None, 5)];
    let (second, conflicts) = first.save(&clerk, &window(), &late, at(2)).unwrap();
    assert_eq!(value_of(&second.cells, &CellId::new("c301")).print(), "10");
    assert_eq!(value_of(&second.cells, &CellId::new("c307")).print(), "5");
    assert_eq!(conflicts.len(), 1);
    assert_eq!((conflicts[0].stands.print(), conflicts[0].wanted.print()), ("10".into(), "11".into()));
}

#[test]
fn a_generated_value_that_is_typed_over_keeps_both() {
    let clerk = actor(Role::Statistician).respondent().unwrap();
    let id = CellId::new("c301");
    let report = report().generate(&clerk, &window(), vec![generated("c301", 1_200)], at(2)).unwrap();
    let typed = Change { reason: Some("含六月补开发票".into()), ..change("c301", Some(1_200), 1_250) };
    let (report, _) = report.save(&clerk, &window(), &[typed], at(2)).unwrap();
    let cell = &report.cells[&id];
    assert_eq!(cell.state, ValueState::Edited);
    assert_eq!(cell.generated.as_ref().unwrap().print(), "1,200");
    assert_eq!(cell.reason.as_deref(), Some("含六月补开发票"));
    // A new import shows its value beside the typed one; typing it in makes the cell computed again.
    let report = report.generate(&clerk, &window(), vec![generated("c301", 1_260)], at(3)).unwrap();
    assert_eq!(report.cells[&id].value.print(), "1,250");
    let (report, _) = report.save(&clerk, &window(), &[change("c301", Some(1_250), 1_260)], at(3)).unwrap();
    assert_eq!(report.cells[&id].state, ValueState::Computed);
}

#[test]
fn nothing_is_written_outside_the_window_except_into_a_returned_report() {
    let clerk = actor(Role::Statistician).respondent().unwrap();
    let typed = [change("c301", None, 1)];
    assert_eq!(report().save(&clerk, &window(), &typed, at(20)).unwrap_err().code(), "survey.window_closed");
    let returned = submitted().return_(Level::County, &window(), "营业收入与开票额不符", at(20)).unwrap();
    let (mended, _) = returned.save(&clerk, &window(), &[change("c301", Some(1_200), 1_300)], at(20)).unwrap();
    assert_eq!(mended.state, State::Returned);
}

#[test]
fn a_returned_report_is_signed_and_submitted_again_and_its_versions_are_counted() {
    let clerk = actor(Role::Statistician).respondent().unwrap();
    let head = actor(Role::UnitHead).respondent().unwrap();
    let returned = submitted().return_(Level::County, &window(), "营业收入与开票额不符", at(20)).unwrap();
    let again = returned.sign(&clerk, &window(), &[], at(12)).unwrap();
    let again = again.authorise(&head, &window(), at(12)).unwrap();
    let again = again.submit(&clerk, &window(), &[], false, at(12)).unwrap();
    assert_eq!((again.versions, again.is_late, again.return_reason), (2, false, None));
}

#[test]
fn what_was_given_back_is_late_only_after_the_term_to_mend_it() {
    let (clerk, head) = (actor(Role::Statistician).respondent().unwrap(), actor(Role::UnitHead).respondent().unwrap());
    let again = |returned: Report, day| {
        let signed = returned.sign(&clerk, &window(), &[], at(day)).unwrap();
        let authorised = signed.authorise(&head, &window(), at(day)).unwrap();
        authorised.submit(&clerk, &window(), &[], false, at(day)).unwrap().is_late
    };
    let returned = |is_late| {
        let report = Report { is_late, ..submitted() };
        report.return_(Level::County, &window(), "营业收入与开票额不符", at(14)).unwrap()
    };
    // Handed in first in time or late; handed in again before the due day, within the term, after it.
    for (was_late, day, is_late) in
        [(false, 5, false), (false, 13, false), (false, 15, true), (true, 13, true), (true, 15, true)]
    {
        assert_eq!(again(returned(was_late), day), is_late, "{was_late} {day}");
    }
}

#[test]
fn a_locked_period_sends_no_notice_and_locks_again_what_was_corrected() {
    let locked = Window { locked_at: Some(at(21)), ..window() };
    let refused = report().extend(&locked, at(30), at(22)).unwrap_err();
    assert_eq!(refused.code(), "survey.window_locked");
    let accepted = accepted_by_all(submitted());
    let last = window().chain.last().unwrap();
    let corrected = Report { state: State::Locked, ..accepted };
    let opened = corrected.reopen(last, &locked, "营业收入漏记", at(25)).unwrap();
    let mut again = Report { state: State::Submitted, awaits: locked.chain.first(), ..opened };
    for link in locked.chain.links() {
        again = again.accept(link.level, &locked).unwrap();
    }
    assert_eq!((again.state, again.awaits), (State::Locked, None));
}

#[test]
fn a_return_wants_a_reason_and_takes_acceptance_away() {
    assert!(submitted().return_(Level::County, &window(), "错", at(20)).is_err());
    let accepted = accepted_by_all(submitted());
    assert!(accepted.clone().return_(Level::County, &window(), "县里不能退市级已验收的", at(20)).is_err());
    assert_eq!(accepted.return_(Level::City, &window(), "与税务数据差异过大", at(20)).unwrap().state, State::Returned);
}

#[test]
fn what_the_first_level_has_taken_up_is_not_recalled() {
    let clerk = actor(Role::Statistician).respondent().unwrap();
    let taken = submitted().take_up(Level::County, &window()).unwrap();
    assert_eq!(taken.clone().recall(&clerk, &window(), at(5)).unwrap_err().code(), "report.wrong_state");
    assert_eq!(submitted().take_up(Level::City, &window()).unwrap_err().says(), "这一步应由县级办理。");
    let back = taken.clone().put_down(Level::County, &window()).unwrap();
    assert_eq!(back.recall(&clerk, &window(), at(5)).unwrap().state, State::Draft);
    assert_eq!(taken.accept(Level::County, &window()).unwrap().state, State::Accepted(Level::County));
}

#[test]
fn where_the_township_is_in_the_chain_the_county_waits_for_it() {
    let window = Window { chain: Chain::of(&Level::ALL).unwrap(), ..window() };
    assert_eq!(submitted().accept(Level::County, &window).unwrap_err().code(), "report.wrong_state");
    let mut report = submitted();
    for level in Level::ALL {
        assert_eq!(window.chain.waits_for(report.state), Some(level));
        report = report.accept(level, &window).unwrap();
    }
    assert_eq!(window.chain.waits_for(report.state), None);
    let locked = report.lock(Level::Province, &window).unwrap();
    assert!(locked.clone().return_(Level::Province, &window, "与税务数据差异过大", at(20)).is_err());
    assert_eq!(locked.clone().reopen(Level::City, &window, "更正", at(20)).unwrap_err().says(), "这一步应由省级办理。");
    assert_eq!(locked.reopen(Level::Province, &window, "更正:漏填第四季度", at(20)).unwrap().state, State::Returned);
}

#[test]
fn a_level_outside_the_chain_neither_accepts_nor_returns() {
    for refused in [
        submitted().accept(Level::Township, &window()),
        submitted().return_(Level::Township, &window(), "营业收入与开票额不符", at(20)),
        submitted().accept(Level::Province, &window()),
    ] {
        assert_eq!(refused.unwrap_err().code(), "review.not_your_turn");
    }
}

#[test]
fn a_unit_that_does_not_report_is_late_then_reminded_then_refused() {
    let (clerk, window) = (actor(Role::Statistician).respondent().unwrap(), window());
    let early = report().extend(&window, at(15), at(9)).unwrap_err();
    assert_eq!(early.says(), "截止时间(2026-04-10 12:00)还没有到,不能发催报通知书。");
    let reminded = report().extend(&window, at(21), at(17)).unwrap();
    let expected = [
        (5, Punctuality::Pending),
        (11, Punctuality::Reminded),
        (20, Punctuality::Reminded),
        (22, Punctuality::Refused),
    ];
    for (day, punctuality) in expected {
        assert_eq!(Punctuality::of(reminded.handing(), &window, at(day)), punctuality, "on day {day}");
    }
    assert_eq!(Punctuality::of(report().handing(), &window, at(11)), Punctuality::Overdue);
    // The window closed on the 18th; the formal reminder gives this unit longer, and then nobody.
    let typed = [change("c301", None, 1)];
    assert_eq!(report().save(&clerk, &window, &typed, at(20)).unwrap_err().code(), "survey.window_closed");
    assert!(reminded.clone().save(&clerk, &window, &typed, at(20)).is_ok());
    let refused = reminded.clone().save(&clerk, &window, &typed, at(22)).unwrap_err();
    assert_eq!(refused.says(), "催报通知书规定的期限(2026-04-21 12:00)已过,系统不再受理本期报送。");
    // The way out: the office may remind once more.
    assert!(reminded.extend(&window, at(26), at(23)).unwrap().save(&clerk, &window, &typed, at(24)).is_ok());
}

#[test]
fn a_report_that_is_in_is_not_reminded() {
    assert_eq!(submitted().extend(&window(), at(15), at(12)).unwrap_err().code(), "report.nothing_overdue");
    let returned = submitted().return_(Level::County, &window(), "营业收入与开票额不符", at(20)).unwrap();
    assert_eq!(Punctuality::of(returned.handing(), &window(), at(20)), Punctuality::OnTime);
    assert!(returned.extend(&window(), at(15), at(12)).is_err());
}

#[test]
fn before_the_county_opens_the_window_nothing_is_taken() {
    let clerk = actor(Role::Statistician).respondent().unwrap();
    let planned = Window { opened_at: None, ..window() };
    let refused = report().save(&clerk, &planned, &[change("c301", None, 1)], at(5)).unwrap_err();
    assert_eq!(refused.code(), "survey.window_not_open");
    assert_eq!(Punctuality::of(report().handing(), &planned, at(12)), Punctuality::NotOpen);
    assert_eq!(State::Empty.at(planned.is_opened(at(5))), State::NotOpen);
}

#[test]
fn checked_figures_are_signed_and_changed_ones_are_a_draft_again() {
    let clerk = actor(Role::Statistician).respondent().unwrap();
    let (draft, _) = report().save(&clerk, &window(), &[change("c301", None, 1)], at(2)).unwrap();
    assert!(draft.clone().check(&clerk, &window(), &[Standing::MustExplain], at(2)).is_err());
    let checked = draft.check(&clerk, &window(), &[Standing::Explained], at(2)).unwrap();
    assert_eq!(checked.state, State::Checked);
    let (again, _) = checked.clone().save(&clerk, &window(), &[change("c301", Some(1), 2)], at(2)).unwrap();
    assert_eq!(again.state, State::Draft);
    assert_eq!(checked.sign(&clerk, &window(), &[], at(2)).unwrap().state, State::Signed);
    assert_eq!(report().check(&clerk, &window(), &[], at(2)).unwrap_err().code(), "report.nothing_filled");
}

#[test]
fn a_chain_rises_and_its_deadlines_with_it() {
    assert!(Chain::of(&[]).is_err());
    assert!(Chain::of(&[Level::City, Level::County]).is_err());
    let link = |level, day| youju_domain::survey::Link { level, due_at: Some(at(day)) };
    assert!(Chain::try_from(vec![link(Level::County, 14), link(Level::City, 13)]).is_err());
    let chain = Chain::try_from(vec![link(Level::County, 9), link(Level::City, 13)]).unwrap();
    assert!(Window { chain, ..window() }.checked().is_err(), "the county is due before the units");
}
