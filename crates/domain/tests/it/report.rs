//! The life of a report: stories first, then laws over random sequences of commands.

use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;
use youju_domain::access::Role;
use youju_domain::finding::Standing;
use youju_domain::id::Id;
use youju_domain::report::{CellId, Change, Derivation, Generated, Level, Report, State, Value, ValueState, value_of};

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

fn generated(cell: &str, value: i64) -> Generated {
    Generated {
        cell: CellId::new(cell),
        value: Value::Number(value.into()),
        state: ValueState::Computed,
        derivation: derivation(),
    }
}

fn submitted() -> Report {
    let clerk = actor(Role::Statistician).respondent().unwrap();
    let head = actor(Role::UnitHead).respondent().unwrap();
    let (draft, _) = report().save(&clerk, &window(), &[change("c301", None, 1_200)], at(2)).unwrap();
    let signed = draft.sign(&clerk, &window(), &[], at(3)).unwrap();
    let authorised = signed.authorise(&head, &window(), at(3)).unwrap();
    authorised.submit(&clerk, &window(), &[], false, at(4)).unwrap()
}

#[test]
fn a_report_goes_from_empty_to_accepted_by_the_city() {
    let accepted = submitted().accept(Level::County).unwrap().accept(Level::City).unwrap();
    assert_eq!(accepted.state, State::AcceptedByCity);
    assert_eq!(accepted.versions, 1);
    assert!(!accepted.is_late);
}

#[test]
fn the_city_waits_for_the_county() {
    assert_eq!(submitted().accept(Level::City).unwrap_err().code(), "report.wrong_state");
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
    let returned = submitted().return_(Level::County, "营业收入与开票额不符").unwrap();
    let (mended, _) = returned.save(&clerk, &window(), &[change("c301", Some(1_200), 1_300)], at(20)).unwrap();
    assert_eq!(mended.state, State::Returned);
}

#[test]
fn a_returned_report_is_signed_and_submitted_again_and_its_versions_are_counted() {
    let clerk = actor(Role::Statistician).respondent().unwrap();
    let head = actor(Role::UnitHead).respondent().unwrap();
    let returned = submitted().return_(Level::County, "营业收入与开票额不符").unwrap();
    let again = returned.sign(&clerk, &window(), &[], at(12)).unwrap();
    let again = again.authorise(&head, &window(), at(12)).unwrap();
    let again = again.submit(&clerk, &window(), &[], false, at(12)).unwrap();
    assert_eq!((again.versions, again.is_late, again.return_reason), (2, true, None));
}

#[test]
fn a_return_wants_a_reason_and_takes_acceptance_away() {
    assert!(submitted().return_(Level::County, "错").is_err());
    let accepted = submitted().accept(Level::County).unwrap().accept(Level::City).unwrap();
    assert!(accepted.clone().return_(Level::County, "县里不能退市级已验收的").is_err());
    assert_eq!(accepted.return_(Level::City, "与税务数据差异过大").unwrap().state, State::Returned);
}

#[derive(Debug, Clone)]
enum Command {
    Save(u8, i64),
    Generate(u8, i64),
    Sign,
    Authorise,
    Submit,
    Recall,
    Accept(Level),
    Return(Level),
}

fn command() -> impl Strategy<Value = Command> {
    let level = prop_oneof![Just(Level::County), Just(Level::City)];
    prop_oneof![
        (0..4_u8, -5..5_i64).prop_map(|(cell, value)| Command::Save(cell, value)),
        (0..4_u8, -5..5_i64).prop_map(|(cell, value)| Command::Generate(cell, value)),
        Just(Command::Sign),
        Just(Command::Authorise),
        Just(Command::Submit),
        Just(Command::Recall),
        level.clone().prop_map(Command::Accept),
        level.prop_map(Command::Return),
    ]
}

fn apply(report: &Report, command: &Command) -> Option<Report> {
    let clerk = actor(Role::Statistician).respondent().unwrap();
    let head = actor(Role::UnitHead).respondent().unwrap();
    let (report, window, now) = (report.clone(), window(), at(5));
    let cell = |number: &u8| format!("c{number}");
    match command {
        Command::Save(number, value) => {
            let was = value_of(&report.cells, &CellId::new(cell(number))).clone();
            let change = Change { was, ..change(&cell(number), None, *value) };
            report.save(&clerk, &window, &[change], now).ok().map(|(report, _)| report)
        }
        Command::Generate(number, value) => {
            report.generate(&clerk, &window, vec![generated(&cell(number), *value)], now).ok()
        }
        Command::Sign => report.sign(&clerk, &window, &[], now).ok(),
        Command::Authorise => report.authorise(&head, &window, now).ok(),
        Command::Submit => report.submit(&clerk, &window, &[], false, now).ok(),
        Command::Recall => report.recall(&clerk, &window, now).ok(),
        Command::Accept(level) => report.accept(*level).ok(),
        Command::Return(level) => report.return_(*level, "数据需要核实").ok(),
    }
}

proptest! {
    #[test]
    fn no_sequence_of_commands_breaks_the_laws(commands in prop::collection::vec(command(), 0..40)) {
        let mut report = report();
        for command in &commands {
            let Some(after) = apply(&report, command) else { continue };
            // Law 1: an officer's act never changes a cell.
            if matches!(command, Command::Accept(_) | Command::Return(_)) {
                prop_assert_eq!(&after.cells, &report.cells);
            }
            // Figures that an office holds do not change under it.
            if report.state.is_reported() && after.state.is_reported() {
                prop_assert_eq!(&after.cells, &report.cells);
            }
            // Signatures stand only while the figures that they were given for stand.
            if after.state == State::Signed { prop_assert!(after.signed_by.is_some()); }
            if after.state == State::Draft { prop_assert!(after.signed_by.is_none() && after.authorised_by.is_none()); }
            // Versions only grow, and by submitting alone.
            let grown = after.versions - report.versions;
            prop_assert_eq!(grown, u32::from(matches!(command, Command::Submit)));
            report = after;
        }
        // Law 10: from wherever the report stands, somebody can do something.
        let ways = [
            Command::Save(9, 99), Command::Sign, Command::Accept(Level::County), Command::Accept(Level::City),
            Command::Return(Level::City),
        ];
        prop_assert!(ways.iter().any(|way| apply(&report, way).is_some()), "stuck in {:?}", report.state);
    }
}
