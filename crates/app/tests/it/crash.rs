//! Law 3 under the hardest test: the program is killed in the middle of many submissions.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;
use tokio::runtime::Runtime;
use youju_app::{App, report};
use youju_domain::report::State;
use youju_testkit::{County, InMemory, open_app};

use crate::make::verified;

/// Tells the killed process where its data base is.
const PLACE: &str = "YOUJU_TEST_KILLED";
const FACTORIES: usize = 60;
/// After so many acknowledged submissions the process is killed.
const KILLED_AFTER: [usize; 3] = [1, 9, 25];

async fn app_in(folder: &Path) -> App {
    open_app(&format!("sqlite:{}", folder.join("youju.sqlite").display()), Box::new(InMemory::default())).await
}

/// What the killed process runs: it submits every report and prints each one that has been acknowledged.
#[test]
#[ignore = "runs as the process that the story below kills"]
fn the_process_that_is_killed() {
    let Ok(place) = std::env::var(PLACE) else { return };
    Runtime::new().unwrap().block_on(async {
        let app = app_in(Path::new(&place)).await;
        let text = std::fs::read_to_string(Path::new(&place).join("reports")).unwrap();
        app.world().set(youju_testkit::april(3));
        let submit = |app: App, line: String| async move {
            let (login, id) = line.split_once(' ').unwrap();
            let found =
                app.read(None, async |cx| Ok(youju_store::person::by_login(cx.tx(), login).await?)).await.unwrap();
            let id = id.parse().unwrap();
            app.write(found.map(|(person, _)| person.actor()), async |cx| report::submit(cx, id).await).await.unwrap();
            println!("\nsubmitted {id}");
        };
        let tasks: Vec<_> = text.lines().map(|line| tokio::spawn(submit(app.clone(), line.to_owned()))).collect();
        for task in tasks {
            task.await.unwrap();
        }
        unreachable!("the story kills this process before the last report");
    });
}

#[test]
fn a_killed_program_leaves_every_report_wholly_submitted_or_not_at_all() {
    for killed_after in KILLED_AFTER {
        let folder = TempDir::new().unwrap();
        let runtime = Runtime::new().unwrap();
        let county = runtime.block_on(async {
            let app = app_in(folder.path()).await;
            let county = County::with_factories(&app, FACTORIES).await;
            let mut lines = Vec::new();
            for (number, factory) in county.factories.iter().enumerate() {
                county.bring(number, State::Authorised).await;
                lines.push(format!("tb{number:03} {}", factory.report));
            }
            std::fs::write(folder.path().join("reports"), lines.join("\n")).unwrap();
            app.db().close().await;
            county
        });
        let acknowledged = kill_after(killed_after, folder.path());
        runtime.block_on(async {
            let app = app_in(folder.path()).await;
            let submitted = look_over(&County { app: app.clone(), ..county }, &acknowledged).await;
            println!("killed after {} acknowledged, {submitted} submitted", acknowledged.len());
            verified(&app).await;
            app.db().close().await;
        });
    }
}

/// Runs the other process and kills it (`SIGKILL`) when so many reports have been acknowledged; gives all that were.
fn kill_after(number: usize, folder: &Path) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::the_process_that_is_killed", "--ignored", "--nocapture"])
        .env(PLACE, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    for line in lines.map_while(Result::ok) {
        let Some(id) = line.strip_prefix("submitted ") else { continue };
        acknowledged.push(id.to_owned());
        if acknowledged.len() == number {
            child.kill().unwrap();
        }
    }
    assert!(!child.wait().unwrap().success(), "the process was killed");
    assert!(acknowledged.len() >= number, "{}", acknowledged.len());
    acknowledged
}

/// State, version and journal leaf go together, and what was acknowledged is there. Gives the number of submitted reports.
async fn look_over(county: &County, acknowledged: &[String]) -> usize {
    let mut submitted = 0;
    for factory in &county.factories {
        let id = factory.report;
        let report = county.report(id).await;
        let read = county.app.read(Some(factory.clerk.clone()), async |cx| {
            let versions = report::versions(cx, id).await?.len();
            let leaves = report::history(cx, id).await?.iter().filter(|leaf| leaf.action == "report.submitted").count();
            Ok((versions, leaves))
        });
        let is_submitted = report.state == State::Submitted;
        assert!(is_submitted || report.state == State::Authorised, "{:?}", report.state);
        let one = usize::from(is_submitted);
        assert_eq!((report.versions as usize, read.await.unwrap()), (one, (one, one)), "{}", factory.name);
        assert_eq!(report.submitted_at.is_some(), is_submitted);
        assert!(is_submitted || !acknowledged.contains(&id.to_string()), "an acknowledged submission is lost");
        submitted += one;
    }
    assert!(submitted < county.factories.len(), "the process was killed too late to prove anything");
    submitted
}
