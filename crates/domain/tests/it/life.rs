//! Laws over the life of a report: random commands by everybody, on random days, in windows with every possible chain.

use proptest::prelude::*;
use youju_domain::access::Role;
use youju_domain::report::{CellId, Change, Level, Report, State, value_of};
use youju_domain::survey::{Chain, Window};

use crate::make::{actor, at, change, report, window};
use crate::report::generated;

#[derive(Debug, Clone)]
enum Command {
    Save(u8, i64),
    Generate(u8, i64),
    Check,
    Sign,
    Authorise,
    Submit,
    Recall,
    TakeUp(Level),
    PutDown(Level),
    Accept(Level),
    Return(Level),
    Reopen(Level),
    Lock(Level),
    Extend(u32),
}

impl Command {
    fn is_of_an_officer(&self) -> bool {
        !matches!(
            self,
            Command::Save(..)
                | Command::Generate(..)
                | Command::Check
                | Command::Sign
                | Command::Authorise
                | Command::Submit
                | Command::Recall
        )
    }
}

fn level() -> impl Strategy<Value = Level> + Clone {
    prop::sample::select(Level::ALL.to_vec())
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        3 => (0..4_u8, -5..5_i64).prop_map(|(cell, value)| Command::Save(cell, value)),
        1 => (0..4_u8, -5..5_i64).prop_map(|(cell, value)| Command::Generate(cell, value)),
        1 => Just(Command::Check),
        3 => Just(Command::Sign),
        3 => Just(Command::Authorise),
        3 => Just(Command::Submit),
        1 => Just(Command::Recall),
        1 => level().prop_map(Command::TakeUp),
        1 => level().prop_map(Command::PutDown),
        6 => level().prop_map(Command::Accept),
        2 => level().prop_map(Command::Return),
        1 => level().prop_map(Command::Reopen),
        1 => level().prop_map(Command::Lock),
        1 => (11..30_u32).prop_map(Command::Extend),
    ]
}

fn chain() -> impl Strategy<Value = Chain> {
    prop::sample::subsequence(Level::ALL.to_vec(), 1..=4).prop_map(|levels| Chain::of(&levels).unwrap())
}

fn apply(report: &Report, window: &Window, command: &Command, day: u32) -> Option<Report> {
    let clerk = actor(Role::Statistician).respondent().unwrap();
    let head = actor(Role::UnitHead).respondent().unwrap();
    let (report, now) = (report.clone(), at(day));
    let cell = |number: &u8| format!("c{number}");
    match command {
        Command::Save(number, value) => {
            let was = value_of(&report.cells, &CellId::new(cell(number))).clone();
            let change = Change { was, ..change(&cell(number), None, *value) };
            report.save(&clerk, window, &[change], now).ok().map(|(report, _)| report)
        }
        Command::Generate(number, value) => {
            report.generate(&clerk, window, vec![generated(&cell(number), *value)], now).ok()
        }
        Command::Check => report.check(&clerk, window, &[], now).ok(),
        Command::Sign => report.sign(&clerk, window, &[], now).ok(),
        Command::Authorise => report.authorise(&head, window, now).ok(),
        Command::Submit => report.submit(&clerk, window, &[], false, now).ok(),
        Command::Recall => report.recall(&clerk, window, now).ok(),
        Command::TakeUp(level) => report.take_up(*level, window).ok(),
        Command::PutDown(level) => report.put_down(*level, window).ok(),
        Command::Accept(level) => report.accept(*level, window).ok(),
        Command::Return(level) => report.return_(*level, window, "数据需要核实", at(20)).ok(),
        Command::Reopen(level) => report.reopen(*level, window, "更正:漏填", at(20)).ok(),
        Command::Lock(level) => report.lock(*level, window).ok(),
        Command::Extend(until) => report.extend(window, at(*until), now).ok(),
    }
}

/// Every command once, for looking for a way out.
fn ways() -> Vec<Command> {
    let own =
        [Command::Save(9, 99), Command::Check, Command::Sign, Command::Authorise, Command::Submit, Command::Recall];
    let of_level = |level| {
        let lock = [Command::Lock(level), Command::Reopen(level), Command::TakeUp(level)];
        [Command::Accept(level), Command::Return(level)].into_iter().chain(lock)
    };
    own.into_iter().chain(Level::ALL.into_iter().flat_map(of_level)).collect()
}

/// What must follow from one command, whatever came before.
fn holds(before: &Report, after: &Report, command: &Command) -> Result<(), TestCaseError> {
    // Law 1: an officer's act never changes a cell.
    if command.is_of_an_officer() {
        prop_assert_eq!(&after.cells, &before.cells, "{:?} wrote a cell", command);
    }
    // Figures that an office holds do not change under it.
    if before.state.is_reported() && after.state.is_reported() {
        prop_assert_eq!(&after.cells, &before.cells);
    }
    // A unit's act never accepts, and takes back only what nobody has begun to review.
    if !command.is_of_an_officer() && before.state.is_reported() {
        prop_assert_eq!(before.state, State::Submitted, "{:?} moved what an office holds", command);
    }
    // Signatures stand only while the figures that they were given for stand.
    let is_unsigned = after.signed_by.is_none() && after.authorised_by.is_none();
    match after.state {
        State::Signed => prop_assert!(after.signed_by.is_some()),
        State::Draft | State::Checked | State::Returned => prop_assert!(is_unsigned),
        State::NotOpen => prop_assert!(false, "not open is never stored"),
        state if state.is_reported() => prop_assert!(after.signed_by.is_some() && after.authorised_by.is_some()),
        _ => {}
    }
    // Versions only grow, and by submitting alone.
    prop_assert_eq!(after.versions - before.versions, u32::from(matches!(command, Command::Submit)));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_commands_breaks_the_laws(
        chain in chain(),
        commands in prop::collection::vec((command(), 0..3_u32), 0..60),
    ) {
        let window = Window { chain: chain.clone(), ..window() };
        let (mut report, mut day) = (report(), 1);
        // Which levels have accepted what was handed in last: the model that the state must agree with.
        let mut accepted: Vec<Level> = Vec::new();
        for (command, days) in &commands {
            day = (day + days).min(28);
            let Some(after) = apply(&report, &window, command, day) else { continue };
            holds(&report, &after, command)?;
            match command {
                Command::Accept(level) => accepted.push(*level),
                _ if after.state.is_with_unit() => accepted.clear(),
                _ => {}
            }
            // A level accepts only what every level of the chain below it has accepted, and totals hold nothing else.
            let wanted: Vec<Level> = chain.links().iter().map(|link| link.level).collect();
            prop_assert!(wanted.starts_with(&accepted), "{:?} in the chain {:?}", accepted, wanted);
            for level in wanted {
                prop_assert_eq!(after.state.is_accepted_by(level), accepted.contains(&level));
            }
            prop_assert_eq!(after.awaits, window.chain.waits_for(after.state));
            report = after;
        }
        // Law 10: from wherever the report stands, somebody can bring it further, if not today then while the window is open.
        let stuck = !ways().iter().any(|way| {
            (day..30).chain([5]).any(|day| apply(&report, &window, way, day).is_some_and(|after| after.state != report.state))
        });
        let reopened = [Command::Extend(29)].iter().find_map(|way| apply(&report, &window, way, day.max(11)));
        prop_assert!(!stuck || reopened.is_some(), "stuck in {:?}", report.state);
    }
}
