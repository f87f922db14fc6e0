//! Law 3 tortured: a process that submits, accepts, sends back and imports under load is killed at random points, again and
//! again, on one data base. After every death nothing acknowledged is missing, nothing is half done, the journal verifies.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::TimeDelta;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use youju_app::ledger::{import_trial_balance, read_trial_balance};
use youju_app::{App, Entry, report, review};
use youju_codes::Period;
use youju_domain::access::Actor;
use youju_domain::id::{ImportId, ReportId};
use youju_domain::report::{Level, State};
use youju_testkit::{County, InMemory, TRIAL_BALANCE, april, open_app};

use crate::make::{look, verified};

/// Tells the killed process where its data base is.
const PLACE: &str = "YOUJU_TEST_TORTURED";
/// Tells it which life it lives: identities are drawn from the clock, and every life needs its own.
const LIFE: &str = "YOUJU_TEST_LIFE";
/// How often it is killed in the long run.
const KILLS: &str = "YOUJU_TORTURE_KILLS";
const FACTORIES: usize = 12;
/// The longest that a process lives after its first acknowledgement.
const LIFE_MILLISECONDS_MAX: u64 = 400;

async fn app_in(folder: &Path) -> App {
    let app =
        open_app(&format!("sqlite:{}", folder.join("youju.sqlite").display()), Box::new(InMemory::default())).await;
    app.world().set(april(3));
    app
}

async fn person(app: &App, login: &str) -> Actor {
    let found = app.read(None, async |cx| Ok(youju_store::person::by_login(cx.tx(), login).await?)).await;
    found.unwrap().unwrap().0.actor()
}

/// One report goes round and round: handed in, accepted by county and city, sent back, signed again; and the unit imports its
/// books. Every step is told once it has been acknowledged.
async fn work(app: App, number: usize) {
    let clerk = person(&app, &format!("tb{number:03}")).await;
    let head = person(&app, &format!("fz{number:03}")).await;
    let (county, city) = (person(&app, "xian").await, person(&app, "shi").await);
    let unit = clerk.unit.unwrap();
    let march = Period::parse("2026-03").unwrap();
    let listed = look(&app, &clerk, async |cx| report::of_unit_and_period(cx, unit, march).await).await.unwrap();
    let id = listed[0].id;
    loop {
        let state = look(&app, &clerk, async |cx| Ok(report::open(cx, id).await?.report.state)).await.unwrap();
        let by = match state {
            State::Signed => &head,
            State::Submitted => &county,
            State::Accepted(_) => &city,
            _ => &clerk,
        };
        let step = app.write(Some(by.clone()), async |cx| match state {
            State::Returned | State::Checked => report::sign(cx, id).await,
            State::Signed => report::authorise(cx, id).await,
            State::Authorised => report::submit(cx, id).await,
            State::Accepted(Level::City) => review::return_(cx, id, "营业收入与开票额不符").await,
            _ => review::accept(cx, id).await,
        });
        let done = step.await.unwrap();
        println!("\ndone report {id} {}", done.revision);
        if done.state == State::Submitted {
            let file = read_trial_balance("三月.csv", TRIAL_BALANCE.as_bytes()).unwrap();
            let import =
                app.write(Some(clerk.clone()), async |cx| import_trial_balance(cx, unit, march, file).await).await;
            println!("\ndone import {} 0", import.unwrap().id);
        }
    }
}

#[test]
#[ignore = "runs as the process that the stories below kill"]
fn the_process_that_is_tortured() {
    let Ok(place) = std::env::var(PLACE) else { return };
    Runtime::new().unwrap().block_on(async {
        let app = app_in(Path::new(&place)).await;
        let life: i64 = std::env::var(LIFE).unwrap().parse().unwrap();
        app.world().set(april(3) + TimeDelta::seconds(life));
        let tasks: Vec<_> = (0..FACTORIES).map(|number| tokio::spawn(work(app.clone(), number))).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

/// What a process has acknowledged: the latest revision of each report, and its imports.
#[derive(Default)]
struct Acknowledged {
    revisions: BTreeMap<ReportId, i64>,
    imports: Vec<ImportId>,
}

impl Acknowledged {
    /// Takes a line that stands whole; a torn one was not acknowledged.
    fn hear(&mut self, line: &str) -> bool {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["done", "report", id, revision] => {
                let (id, revision) = (id.parse().unwrap(), revision.parse().unwrap());
                let known = self.revisions.entry(id).or_default();
                *known = (*known).max(revision);
                true
            }
            ["done", "import", id, "0"] => {
                self.imports.push(id.parse().unwrap());
                true
            }
            _ => false,
        }
    }
}

/// Runs the process until a random moment after its first acknowledgement, and hears everything that it acknowledges.
fn run_and_kill(folder: &Path, number: usize, life: Duration, acknowledged: &mut Acknowledged) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "torture::the_process_that_is_tortured", "--ignored", "--nocapture"])
        .env(PLACE, folder)
        .env(LIFE, (number + 1).to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).split(b'\n').map_while(Result::ok);
    let mut hear = |line: &[u8]| std::str::from_utf8(line).is_ok_and(|line| acknowledged.hear(line));
    assert!(lines.any(|line| hear(&line)), "the process ended before it acknowledged anything");
    std::thread::sleep(life);
    child.kill().unwrap();
    // What stands in the pipe was acknowledged before the death. The last piece may be torn.
    let mut rest: Vec<Vec<u8>> = lines.collect();
    rest.pop();
    for line in &rest {
        hear(line);
    }
    // It must have died of the blow, not of an accident of its own.
    assert_eq!(child.wait().unwrap().signal(), Some(9));
}

/// What the journal says about a report: how often each act was done, and where the report stands after the last.
fn told(entries: &[Entry]) -> (usize, State) {
    let submitted = entries.iter().filter(|entry| entry.action == "report.submitted").count();
    let level = |entry: &Entry| entry.payload["level"].as_str().and_then(Level::from_key).unwrap();
    let state = entries.iter().rev().find_map(|entry| match entry.action.as_str() {
        "report.signed" => Some(State::Signed),
        "report.authorised" => Some(State::Authorised),
        "report.submitted" => Some(State::Submitted),
        "review.accepted" => Some(State::Accepted(level(entry))),
        "review.returned" => Some(State::Returned),
        _ => None,
    });
    (submitted, state.unwrap())
}

/// Every acknowledged step is there: each raised its report's revision by one.
async fn nothing_is_missing(app: &App, acknowledged: &Acknowledged) {
    for (id, revision) in &acknowledged.revisions {
        let found =
            app.read(None, async |cx| Ok(youju_store::report::get(cx.tx(), *id).await?)).await.unwrap().unwrap();
        assert!(found.revision >= *revision, "{id}: revision {revision} was acknowledged, {} is there", found.revision);
    }
    for import in &acknowledged.imports {
        let found = app.read(None, async |cx| Ok(youju_store::ledger::get(cx.tx(), *import).await?)).await.unwrap();
        assert!(found.is_some(), "the import {import} was acknowledged and is lost");
    }
}

/// State, versions and imports are what the journal says, to the last.
async fn nothing_is_half_done(app: &App, reports: &[ReportId], imports: &[ImportId]) {
    verified(app).await;
    for (number, id) in reports.iter().enumerate() {
        let by = person(app, &format!("tb{number:03}")).await;
        let entries = look(app, &by, async |cx| report::history(cx, *id).await).await.unwrap();
        let versions = look(app, &by, async |cx| report::versions(cx, *id).await).await.unwrap();
        let open = look(app, &by, async |cx| Ok(report::open(cx, *id).await?.report)).await.unwrap();
        let (submitted, state) = told(&entries);
        assert_eq!((open.state, open.versions as usize, versions.len()), (state, submitted, submitted), "{id}");
    }
    for import in imports {
        let id = import.to_string();
        let entries = app.read(None, async |cx| Ok(youju_store::journal::of_object(cx.tx(), "import", &id).await?));
        assert_eq!(entries.await.unwrap().len(), 1, "the import {import} in the journal");
    }
}

fn torture(kills: u64) {
    let folder = TempDir::new().unwrap();
    let runtime = Runtime::new().unwrap();
    let reports: Vec<ReportId> = runtime.block_on(async {
        let app = app_in(folder.path()).await;
        let county = County::with_factories(&app, FACTORIES).await;
        let mut reports = Vec::new();
        for number in 0..FACTORIES {
            reports.push(county.bring(number, State::Authorised).await);
        }
        app.db().close().await;
        reports
    });
    let mut acknowledged = Acknowledged::default();
    // A fixed sequence of lives, spread over every moment of the work.
    let lives = (1..=kills).map(|kill| Duration::from_millis(kill.wrapping_mul(2_654_435_761) % LIFE_MILLISECONDS_MAX));
    let (mut steps, mut imports) = (0, 0);
    for (kill, life) in lives.enumerate() {
        let before: i64 = acknowledged.revisions.values().sum();
        run_and_kill(folder.path(), kill, life, &mut acknowledged);
        if kill % 25 == 24 {
            println!("killed {} times, {steps} steps acknowledged", kill + 1);
        }
        steps += acknowledged.revisions.values().sum::<i64>() - before;
        runtime.block_on(async {
            let app = app_in(folder.path()).await;
            nothing_is_missing(&app, &acknowledged).await;
            // The whole journal is read again now and then; it grows with every life.
            if kills < 100 || kill % 25 == 24 {
                nothing_is_half_done(&app, &reports, &acknowledged.imports).await;
            }
            app.db().close().await;
        });
        imports += acknowledged.imports.len();
        acknowledged.imports.clear();
    }
    println!("{steps} steps and {imports} imports were acknowledged");
    println!("killed {kills} times, nothing acknowledged is missing and nothing is half done");
}

#[test]
fn a_process_killed_at_random_points_loses_nothing_and_leaves_nothing_half_done() {
    torture(3);
}

#[test]
#[ignore = "a thousand deaths take a quarter of an hour: make torture"]
fn a_process_killed_a_thousand_times_loses_nothing() {
    torture(std::env::var(KILLS).ok().and_then(|kills| kills.parse().ok()).unwrap_or(1_000));
}
