//! The units at work: each client is the browser of some of them, and does one thing after the other.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use youju_domain::id::ReportId;
use youju_domain::report::{CellId, value_of};

use crate::client::{Answer, Body, Client};
use crate::measure::{Measures, memory};
use crate::prepare::{self, Played};
use crate::{Failure, Place, programme};

/// How a run goes.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// Address of the server.
    #[arg(long, default_value = "http://127.0.0.1:8600")]
    server: String,
    /// Browsers at work at the same time.
    #[arg(long, default_value_t = 16)]
    clients: usize,
    /// How long.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// What a submission is.
    #[arg(long, value_enum, default_value = "save")]
    what: What,
    /// Process of the server, for its memory.
    #[arg(long)]
    process: Option<u32>,
}

/// What is counted as one submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// One request that brings all cells of a report: they are read, checked, kept and journalled, and the findings come back.
    Save,
    /// A whole hand-in of five requests: all cells, the check, two signatures by two people, and the submission itself.
    HandIn,
}

/// Where to look afterwards.
#[derive(Debug, clap::Args)]
pub struct Check {
    #[command(flatten)]
    place: Place,
}

/// What the server has acknowledged of a report.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Acknowledged {
    /// The turn whose figures stand in it.
    turn: u64,
    /// Versions that were handed in.
    versions: u32,
}

type Book = BTreeMap<String, Acknowledged>;

/// A report in a client's hands.
struct Task {
    unit: Arc<Played>,
    report: String,
    known: Acknowledged,
}

pub async fn run(options: &Options) -> Result<(), Failure> {
    let units: Vec<Played> = serde_json::from_slice(&fs::read(options.place.units())?)?;
    let mut book: Book = match fs::read(options.place.acknowledged()) {
        Ok(bytes) => serde_json::from_slice(&bytes)?,
        Err(_) => Book::new(),
    };
    let mut queues = share(units, &book, options);
    let until = Instant::now() + Duration::from_secs(options.seconds);
    let began = Instant::now();
    let idle = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = queues
        .drain(..)
        .map(|tasks| tokio::spawn(client(options.server.clone(), tasks, options.what, until, idle.clone())))
        .collect();
    let mut all = Measures::default();
    for client in clients {
        let (measures, known) = client.await?;
        all.add(measures);
        book.extend(known);
    }
    let took = began.elapsed();
    fs::write(options.place.acknowledged(), serde_json::to_vec(&book)?)?;
    let mut line = all.row(options.clients, took);
    if let Some((now, most)) = options.process.and_then(memory) {
        write!(line, " {now} MB now, {most} MB at most |")?;
    }
    say(&line);
    if let Some(error) = &all.first_error {
        say(&format!("first error: {error}"));
    }
    match idle.load(Ordering::SeqCst) {
        0 => {}
        ran_out => say(&format!("{ran_out} clients ran out of reports; prepare more windows")),
    }
    Ok(())
}

/// Deals the reports out to the clients, month by month, so that a unit's months follow each other. A report that was handed in is
/// not played again.
fn share(units: Vec<Played>, book: &Book, options: &Options) -> Vec<Vec<Task>> {
    let mut queues: Vec<Vec<Task>> = (0..options.clients).map(|_| Vec::new()).collect();
    let units: Vec<Arc<Played>> = units.into_iter().map(Arc::new).collect();
    let months = units.iter().map(|unit| unit.reports.len()).max().unwrap_or_default();
    for month in 0..months {
        for (at, unit) in units.iter().enumerate() {
            let Some(report) = unit.reports.get(month) else { continue };
            let known = book.get(report).copied().unwrap_or_default();
            if let (0, Some(queue)) = (known.versions, queues.get_mut(at % options.clients)) {
                queue.push(Task { unit: unit.clone(), report: report.clone(), known });
            }
        }
    }
    queues
}

async fn client(
    server: String,
    mut tasks: Vec<Task>,
    what: What,
    until: Instant,
    idle: Arc<AtomicUsize>,
) -> (Measures, Book) {
    let mut client = Client::new(&server);
    let (mut measures, mut book) = (Measures::default(), Book::new());
    let mut at = 0;
    while Instant::now() < until {
        let Some(task) = tasks.get_mut(at) else {
            // Saving may go round; what was handed in may not.
            if what == What::HandIn || tasks.is_empty() {
                idle.fetch_add(1, Ordering::SeqCst);
                break;
            }
            at = 0;
            continue;
        };
        let began = Instant::now();
        match submit(&mut client, task, what, &mut measures, until).await {
            Ok(Some(bytes)) => {
                measures.done(began.elapsed(), bytes);
                book.insert(task.report.clone(), task.known);
            }
            Ok(None) => break,
            Err(error) => {
                // Whether it was kept is not known: this report is not played any more.
                measures.error(error.as_ref());
                book.remove(&task.report);
            }
        }
        at += 1;
    }
    (measures, book)
}

/// One submission; gives the size of the last answer, or nothing when the time is over before it was taken.
async fn submit(
    client: &mut Client,
    task: &mut Task,
    what: What,
    measures: &mut Measures,
    until: Instant,
) -> Result<Option<usize>, Failure> {
    let turn = task.known.turn + 1;
    let report = format!("/reports/{}", task.report);
    let cells =
        Step { path: format!("{report}/cells"), session: &task.unit.clerk, json: Some(changes(task.known.turn, turn)) };
    let mut bytes = match cells.take(client, measures, until).await? {
        Some(answer) if answer.status == 200 => answer.body.len(),
        Some(answer) => return Err(told(&cells.path, &answer)),
        None => return Ok(None),
    };
    task.known.turn = turn;
    if what == What::Save {
        return Ok(Some(bytes));
    }
    let (clerk, head) = (&task.unit.clerk, &task.unit.head);
    for (act, session) in [("check", clerk), ("sign", clerk), ("authorise", head), ("submit", clerk)] {
        let step = Step { path: format!("{report}/{act}"), session, json: None };
        // Once begun it is brought to its end, so that what is acknowledged is known.
        let answer = step
            .take(client, measures, until + Duration::from_mins(1))
            .await?
            .ok_or("the server takes nothing any more")?;
        if answer.status != 303 {
            return Err(told(&step.path, &answer));
        }
        bytes = answer.body.len();
    }
    task.known.versions += 1;
    Ok(Some(bytes))
}

struct Step<'a> {
    path: String,
    session: &'a str,
    json: Option<String>,
}

impl Step<'_> {
    /// Asks until it is taken: a server that is full says when to come again.
    async fn take(
        &self,
        client: &mut Client,
        measures: &mut Measures,
        until: Instant,
    ) -> Result<Option<Answer>, Failure> {
        loop {
            let body = self.json.clone().map_or(Body::Form, Body::Json);
            let answer = client.post(&self.path, self.session, body).await?;
            if answer.status != 503 {
                return Ok(Some(answer));
            }
            measures.refused += 1;
            let wait = answer.retry_after.ok_or("503 without Retry-After")?;
            tokio::time::sleep(Duration::from_secs(wait)).await;
            if Instant::now() >= until {
                return Ok(None);
            }
        }
    }
}

fn told(path: &str, answer: &Answer) -> Failure {
    let text: String = String::from_utf8_lossy(&answer.body).chars().take(400).collect();
    format!("{path}: {} {text}", answer.status).into()
}

/// The body of a save that fills every cell.
fn changes(before: u64, turn: u64) -> String {
    let cells = programme::cells();
    let mut body = String::with_capacity(cells.len() * 56);
    body.push_str(r#"{"how":"typed","seconds":60,"changes":["#);
    for (at, cell) in cells.iter().enumerate() {
        let was = if before == 0 { String::new() } else { programme::figure(at, before).to_string() };
        let comma = if at == 0 { "" } else { "," };
        let value = programme::figure(at, turn);
        // Writing into a String does not fail.
        let _ = write!(body, r#"{comma}{{"cell":"{cell}","was":"{was}","value":"{value}"}}"#);
    }
    body.push_str("]}");
    body
}

/// Counts acknowledged reports that the data base does not hold as they were acknowledged: there must be none.
pub async fn verify(check: &Check) -> Result<(), Failure> {
    let book: Book = serde_json::from_slice(&fs::read(check.place.acknowledged())?)?;
    let app = prepare::open(&check.place).await?;
    let (mut lost, mut versions) = (0, 0);
    for (report, known) in &book {
        let id: ReportId = report.parse().map_err(|_| format!("not a report: {report}"))?;
        let stands = app.read(None, async |cx| Ok(youju_store::report::get(cx.tx(), id).await?)).await?;
        let holds = stands.is_some_and(|stands| {
            let is_cell = |(at, cell): (usize, &String)| {
                let figure = value_of(&stands.cells, &CellId::new(cell.as_str())).print().replace(',', "");
                figure == programme::figure(at, known.turn).to_string()
            };
            stands.versions >= known.versions && programme::cells().iter().enumerate().all(is_cell)
        });
        lost += u64::from(!holds);
        versions += u64::from(known.versions);
    }
    say(&format!("{} reports and {versions} versions were acknowledged; {lost} are not as acknowledged", book.len()));
    if lost == 0 { Ok(()) } else { Err("acknowledged work is missing".into()) }
}

fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
