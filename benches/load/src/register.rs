//! The register at scale: a made-up list of units is taken in, some of them change several times, and the search box is asked.

mod asked;
mod made;

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::time::Instant;

use chrono::NaiveDate;
use youju_app::App;
use youju_app::register::import::{Plan, Tally, open as open_list, run as run_list};
use youju_app::world::World;
use youju_domain::register::import::Rules;
use youju_domain::survey::local;
use youju_store::{Db, migrate};
use youju_testkit::{InMemory, Plain};

use crate::Failure;

/// What is measured.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Folder for the lists, and for the data base of SQLite.
    #[arg(long)]
    data: PathBuf,
    /// Address of the data base; SQLite in the folder without one.
    #[arg(long)]
    database: Option<String>,
    /// Units of the list.
    #[arg(long, default_value_t = 2_000_000)]
    units: u64,
    /// Of a thousand units, how many change in each round.
    #[arg(long, default_value_t = 10)]
    changed: u64,
    /// Rounds of changes, a month apart.
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Searches of each kind.
    #[arg(long, default_value_t = 200)]
    searches: usize,
}

pub async fn run(options: &Options) -> Result<(), Failure> {
    fs::create_dir_all(&options.data)?;
    let app = open(options).await?;
    let first = options.data.join("units.csv");
    let mut file = BufWriter::new(File::create(&first)?);
    made::list(&mut file, (0..options.units).filter_map(|number| made::unit(number, 0)))?;
    file.flush()?;
    drop(file);
    say(&format!("list of {} units, {} bytes", options.units, fs::metadata(&first)?.len()));
    let clock = Instant::now();
    let tally = take(&app, &first, "2026-01-01".parse()?, false).await?;
    told("import", &tally, clock);
    let changing: Vec<u64> = (0..options.units).filter(|number| number % 1_000 < options.changed).collect();
    for round in 1..=options.rounds {
        let path = options.data.join(format!("changes-{round}.csv"));
        let mut file = BufWriter::new(File::create(&path)?);
        made::list(&mut file, changing.iter().filter_map(|number| made::unit(*number, round)))?;
        file.flush()?;
        let since = NaiveDate::from_ymd_opt(2026, 1 + round, 1).ok_or("no such month")?;
        let clock = Instant::now();
        let tally = take(&app, &path, since, true).await?;
        told(&format!("changes {round}"), &tally, clock);
    }
    let clock = Instant::now();
    let again = take(&app, &first, "2026-01-01".parse()?, false).await?;
    told("the same list again", &again, clock);
    let bytes = app.read(None, async |cx| Ok(youju_store::backup::bytes(cx.tx()).await?)).await?;
    let per_unit = bytes / options.units.max(1);
    say(&format!("data base: {bytes} bytes, {per_unit} bytes per unit with history and index"));
    asked::search(&app, options.units, options.searches).await?;
    // What the first start after an upgrade does.
    let clock = Instant::now();
    let rows = youju_app::register::search::rewrite(&app, true, |_| ()).await?;
    say(&format!("index of {rows} units written anew in {:.1} s", clock.elapsed().as_secs_f64()));
    say(&format!("memory of this process at most: {} MB", peak_memory()? / 1024));
    app.db().close().await;
    Ok(())
}

/// The program's parts without programmes: nothing reports here.
async fn open(options: &Options) -> Result<App, Failure> {
    let world = World::System;
    let own = format!("sqlite:{}", options.data.join("youju.sqlite").display());
    let db = Db::open(options.database.as_ref().unwrap_or(&own)).await?;
    migrate::run(&db, world.now()).await?;
    Ok(App::new(db, Vec::new(), Box::new(InMemory::default()), Box::new(Plain), world))
}

async fn take(app: &App, path: &std::path::Path, since: NaiveDate, update: bool) -> Result<Tally, Failure> {
    let today = local(app.world().now()).date();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let plan = Plan {
        file_hash: youju_app::crypto::sha256_of(File::open(path)?)?,
        file_name: name,
        since,
        update,
        rules: Rules { area: None, industry: None, within: None, today },
    };
    let mut list = open_list(&plan.file_name, BufReader::new(File::open(path)?), &[], plan.rules.clone())?;
    let (clock, mut told_at) = (Instant::now(), 0);
    let tally = run_list(app, None, &plan, &mut list, false, |_, _, _, tally| {
        if tally.rows >= told_at + 100_000 {
            told_at = tally.rows;
            say(&format!("  {} rows after {:.0} s", tally.rows, clock.elapsed().as_secs_f64()));
        }
        Ok(())
    });
    Ok(tally.await?)
}

fn told(what: &str, tally: &Tally, clock: Instant) {
    let seconds = clock.elapsed().as_secs_f64();
    let per_second = f64::from(u32::try_from(tally.rows).unwrap_or(u32::MAX)) / seconds;
    say(&format!("{what}: {tally:?} in {seconds:.1} s, {per_second:.0} rows/s"));
}

/// KB of memory that this process had at most.
fn peak_memory() -> Result<u64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

pub(crate) fn say(line: &str) {
    // A closed pipe is no reason to fail.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The measurement itself with a few units: lists go in and come back as known, and every kind of question is answered.
    async fn a_short_run(database: Option<String>) {
        let folder = std::env::temp_dir().join(format!("youju-register-{}-{}", std::process::id(), database.is_some()));
        let options = Options { data: folder.clone(), database, units: 3_000, changed: 10, rounds: 3, searches: 5 };
        run(&options).await.unwrap();
        fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn lists_are_taken_units_change_and_the_search_box_answers() {
        a_short_run(None).await;
        if let Ok(server) = std::env::var("YOUJU_TEST_POSTGRES") {
            // The server's own data base is nobody's story.
            a_short_run(Some(server)).await;
        }
    }
}
