//! Law 1: only the respondent changes a reported value. Every command, by everybody, in every state.

use std::collections::BTreeMap;

use youju_app::ledger::{import_trial_balance, read_trial_balance};
use youju_app::{App, Cx, Error, Fault, Result, form_book, generate, register, reminder, report, review, survey};
use youju_codes::Period;
use youju_domain::access::{Actor, Role};
use youju_domain::id::ReportId;
use youju_domain::report::{Cells, State};
use youju_testkit::{County, Factory, REACHED, TRIAL_BALANCE, Workbook, april, new_unit, new_window, on_both_engines};

use crate::make::{act, typed};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Command {
    Save,
    TakeBook,
    Import,
    Generate,
    Explain,
    Sign,
    Authorise,
    Submit,
    Recall,
    Accept,
    Return,
    AcceptAll,
    TakeUp,
    PutDown,
    Remind,
    Notice,
    MayExplain,
    OpenWindow,
    ChangeWindow,
    LockWindow,
    PrepareYear,
    Enrol,
}

const COMMANDS: [Command; 22] = [
    Command::Save,
    Command::TakeBook,
    Command::Import,
    Command::Generate,
    Command::Explain,
    Command::Sign,
    Command::Authorise,
    Command::Submit,
    Command::Recall,
    Command::Accept,
    Command::Return,
    Command::AcceptAll,
    Command::TakeUp,
    Command::PutDown,
    Command::Remind,
    Command::Notice,
    Command::MayExplain,
    Command::OpenWindow,
    Command::ChangeWindow,
    Command::LockWindow,
    Command::PrepareYear,
    Command::Enrol,
];

/// Commands that are the respondent's alone.
const OF_RESPONDENTS: [Command; 9] = [
    Command::Save,
    Command::TakeBook,
    Command::Import,
    Command::Generate,
    Command::Explain,
    Command::Sign,
    Command::Authorise,
    Command::Submit,
    Command::Recall,
];

async fn run(cx: &mut Cx<'_>, command: Command, on: &Factory) -> Result<()> {
    let (id, unit) = (on.report, on.unit);
    match command {
        Command::Save => report::save(cx, id, &[typed("c301", "120,000", "1"), typed("c402", "", "7")]).await.map(drop),
        Command::TakeBook => {
            let revision = report::open(cx, id).await?.report.revision;
            let mut workbook = Workbook::open(&form_book::file(form_book::export(cx, id).await?).await?);
            workbook.put("301", "", "1");
            let file = form_book::read("填好的表.xlsx", &workbook.save())?;
            form_book::take(cx, id, &file, form_book::Mode::Whole, revision).await.map(drop)
        }
        Command::Import => {
            let file = read_trial_balance("三月.csv", TRIAL_BALANCE.as_bytes())?;
            import_trial_balance(cx, unit, Period::parse("2026-03").unwrap(), file).await.map(drop)
        }
        Command::Generate => generate::single(cx, id).await.map(drop),
        Command::Explain => report::explain(cx, id, "Z15", "去年扩建向银行贷款,尚未投产").await.map(drop),
        Command::Sign => report::sign(cx, id).await.map(drop),
        Command::Authorise => report::authorise(cx, id).await.map(drop),
        Command::Submit => report::submit(cx, id).await.map(drop),
        Command::Recall => report::recall(cx, id).await.map(drop),
        Command::Accept => review::accept(cx, id).await.map(drop),
        Command::Return => review::return_(cx, id, "营业收入与开票额不符").await.map(drop),
        Command::AcceptAll => review::accept_all(cx, &[(id, 1)]).await.map(drop),
        Command::TakeUp => review::take_up(cx, id).await.map(drop),
        Command::PutDown => review::put_down(cx, id).await.map(drop),
        Command::Remind | Command::Notice => {
            let until = (command == Command::Notice).then(|| april(16));
            let done = reminder::remind(cx, &[id], until, "请按时报送").await?;
            done.skipped.into_iter().next().map_or(Ok(()), |(_, problem)| Err(problem.into()))
        }
        Command::ChangeWindow => {
            let window = report::open(cx, id).await?.window;
            survey::change(cx, window.id, window.times, window.chain, "系统维护").await.map(drop)
        }
        Command::LockWindow => {
            let window = report::open(cx, id).await?.window;
            survey::lock(cx, window.id).await.map(drop)
        }
        Command::PrepareYear => survey::prepare_year(cx, cx.actor()?.area, 2026, true).await.map(drop),
        Command::MayExplain => register::set_may_explain(cx, unit, true).await,
        Command::OpenWindow => survey::open(cx, new_window("330781", "2026-04")).await.map(drop),
        Command::Enrol => register::enrol(cx, new_unit(500, "330781001000", "1411")).await.map(drop),
    }
}

async fn cells(county: &County) -> BTreeMap<ReportId, Cells> {
    let mut all = BTreeMap::new();
    for factory in &county.factories {
        all.insert(factory.report, county.report(factory.report).await.cells);
    }
    all
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Refused,
    Done,
    DoneAndCellsChanged,
}

/// Runs a command, looks at every cell, and rolls back, so that the next attempt meets the same state.
async fn tried(app: &App, before: &BTreeMap<ReportId, Cells>, by: &Actor, command: Command, on: &Factory) -> Outcome {
    let mut outcome = Outcome::Refused;
    let rolled_back: Result<()> = app
        .write(Some(by.clone()), async |cx| {
            run(cx, command, on).await?;
            outcome = Outcome::Done;
            for (id, was) in before {
                if youju_store::report::get(cx.tx(), *id).await?.is_none_or(|now| now.cells != *was) {
                    outcome = Outcome::DoneAndCellsChanged;
                }
            }
            Err(Fault::new("trying", "rolled back").into())
        })
        .await;
    match rolled_back {
        Err(Error::Fault(fault)) if outcome == Outcome::Refused => panic!("{command:?}: {fault:?}"),
        _ => outcome,
    }
}

#[test]
fn no_command_of_an_officer_changes_a_cell_in_any_state() {
    on_both_engines(async |app| {
        let states = REACHED;
        let county = County::with_factories(&app, states.len()).await;
        for (factory, state) in states.into_iter().enumerate() {
            county.bring(factory, state).await;
        }
        // After the deadline, so that units can be reminded formally.
        app.world().set(april(12));
        let before = cells(&county).await;
        let mut done = Vec::new();
        let officers = [&county.township, &county.county, &county.city, &county.neighbour, &county.admin];
        for by in officers {
            for command in COMMANDS {
                let reviews = by.role.level().is_some();
                // Whoever cannot even review is tried in two states instead of eight.
                let tried_in = |state: State| reviews || matches!(state, State::Draft | State::Submitted);
                for (factory, state) in county.factories.iter().zip(states).filter(|(_, state)| tried_in(*state)) {
                    let outcome = tried(&app, &before, by, command, factory).await;
                    let refused = outcome == Outcome::Refused;
                    assert_ne!(outcome, Outcome::DoneAndCellsChanged, "{} {command:?} in {state:?}", by.name);
                    assert!(refused || !OF_RESPONDENTS.contains(&command), "{} {command:?} in {state:?}", by.name);
                    if !refused && !done.contains(&(by.role, command)) {
                        done.push((by.role, command));
                    }
                }
            }
        }
        // The story would prove nothing if officers could do nothing.
        for expected in [
            (Role::CountyOfficer, Command::Accept),
            (Role::CountyOfficer, Command::Return),
            (Role::CountyOfficer, Command::TakeUp),
            (Role::CountyOfficer, Command::PutDown),
            (Role::CountyOfficer, Command::Notice),
            (Role::CountyOfficer, Command::ChangeWindow),
            (Role::CountyOfficer, Command::PrepareYear),
            (Role::CountyOfficer, Command::MayExplain),
            (Role::CountyOfficer, Command::OpenWindow),
            (Role::CountyOfficer, Command::Enrol),
            (Role::CityOfficer, Command::Accept),
            (Role::CityOfficer, Command::Return),
        ] {
            assert!(done.contains(&expected), "{expected:?}");
        }
        // The township is not in this chain: it reminds, and its bulk acceptance skips everything.
        let of = |wanted: Role| done.iter().filter(move |(role, _)| *role == wanted).map(|(_, command)| *command);
        assert_eq!(of(Role::Administrator).count(), 0);
        assert_eq!(of(Role::TownshipOfficer).collect::<Vec<_>>(), [Command::AcceptAll, Command::Remind]);
        assert_eq!(cells(&county).await, before);
        // Nor would it, if the commands that must change a cell did not.
        let own = &county.factories[1];
        for command in [Command::Save, Command::TakeBook] {
            assert_eq!(tried(&app, &before, &own.clerk, command, own).await, Outcome::DoneAndCellsChanged);
        }
    });
}

#[test]
fn no_respondent_touches_another_units_report() {
    on_both_engines(async |app| {
        let states = [State::Draft, State::Authorised, State::Submitted];
        let county = County::with_factories(&app, states.len() + 1).await;
        for (factory, state) in states.into_iter().enumerate() {
            county.bring(factory, state).await;
        }
        let before = cells(&county).await;
        let stranger = county.factories.last().unwrap();
        for by in [&stranger.clerk, &stranger.head] {
            for command in COMMANDS {
                for factory in &county.factories[..states.len()] {
                    let outcome = tried(&app, &before, by, command, factory).await;
                    assert_eq!(outcome, Outcome::Refused, "{} {command:?}", by.name);
                }
            }
        }
    });
}

#[test]
fn each_signature_is_given_by_the_person_whose_it_is() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 3).await;
        for (factory, state, command, clerk_may, head_may) in [
            (0, State::Draft, Command::Sign, true, false),
            (1, State::Signed, Command::Authorise, false, true),
            (2, State::Authorised, Command::Submit, true, true),
            (2, State::Authorised, Command::Save, true, false),
        ] {
            if county.report(county.factories[factory].report).await.state == State::Empty {
                county.bring(factory, state).await;
            }
            let on = &county.factories[factory];
            for (by, may) in [(&on.clerk, clerk_may), (&on.head, head_may)] {
                let outcome = tried(&app, &BTreeMap::new(), by, command, on).await;
                assert_eq!(outcome != Outcome::Refused, may, "{} {command:?}", by.name);
            }
        }
        let clerk = &county.factories[0].clerk;
        let twice = act(&app, clerk, async |cx| report::authorise(cx, county.factories[0].report).await).await;
        assert!(twice.is_err());
    });
}
