//! `youju demo`: a city on the real area codes of Lanxi, with real published accounts, run through the whole chain.

mod accounts;
mod books;
mod chain;
mod disciplines;
mod ledgers;
mod offices;
mod people;
mod summary;

use std::path::{Path, PathBuf};
use std::time::Instant as Stopwatch;

use chrono::TimeDelta;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use youju_app::world::World;
use youju_app::{App, survey};
use youju_codes::{AreaCode, Period};
use youju_domain::Instant;
use youju_domain::id::WindowId;
use youju_domain::report::Level;
use youju_domain::survey::{Chain, Times};

use crate::open::{Failure, Place, block_on, open, say};
use accounts::Company;
use people::Cast;

/// Shown in the top bar of a demonstration.
pub(crate) const PLACE: &str = "兰溪市(演示)";
/// Lanxi: county level.
const COUNTY: &str = "330781";
/// Jinhua: the city above it.
const CITY: &str = "3307";
/// The form that the demonstration reports.
const FORM: &str = "B203";
/// Its programme looks over units in these periods: two years back, one year back, and now.
const PERIODS: [&str; 3] = ["2019-12", "2020-12", "2021-12"];
/// Name of the file that marks a folder as a demonstration, which may be thrown away.
const MARK: &str = "demonstration.txt";

/// 演示数据。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// 单位数(最多 240)。
    #[arg(long, default_value_t = 240)]
    units: usize,
    /// 只建 12 个单位,供测试用。
    #[arg(long)]
    small: bool,
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    block_on(async move {
        let watch = Stopwatch::now();
        clear(&options.place.data)?;
        std::fs::create_dir_all(&options.place.data)?;
        std::fs::write(mark_path(&options.place.data, "unfinished"), "")?;
        let started = World::System.now();
        let app = open(&options.place, World::fixed(started, 2026)).await?;
        let mut companies = accounts::companies()?;
        companies.truncate(if options.small { 12 } else { options.units });
        say(&format!("建立演示数据:{} 个单位,{} 个报告期 ……", companies.len(), PERIODS.len()));
        app.world().set(started - TimeDelta::days(800));
        let cast = people::add(&app, &companies).await?;
        let mut windows = Vec::new();
        for (number, period) in (0_i64..).zip(PERIODS) {
            windows.push(one_period(&app, &cast, &companies, number, period, started).await?);
        }
        app.world().set(started);
        disciplines::arrange(&app, &cast, opens_at(2, started)).await?;
        offices::arrange(&app, &cast).await?;
        summary::print(&app, &cast, &windows, watch.elapsed()).await?;
        mark(&options.place.data)?;
        Ok(())
    })
}

/// When the windows open: two years ago, a year ago, and six days ago, so that the last one is open now.
fn opens_at(number: i64, started: Instant) -> Instant {
    started - TimeDelta::days(365 * (2 - number)) - TimeDelta::days(6)
}

async fn one_period(
    app: &App,
    cast: &Cast,
    companies: &[Company],
    number: i64,
    period: &str,
    started: Instant,
) -> Result<WindowId, Failure> {
    let opens_at = opens_at(number, started);
    let period = Period::parse(period)?;
    app.world().set(opens_at - TimeDelta::days(1));
    let new = survey::NewWindow {
        area: AreaCode::parse(COUNTY)?,
        form: FORM.to_owned(),
        period,
        times: Times { opens_at, due_at: opens_at + TimeDelta::days(10), closes_at: opens_at + TimeDelta::days(20) },
        chain: Chain::of(&[Level::County, Level::City])?,
    };
    let opened = app.write(Some(cast.county.clone()), async |cx| survey::open(cx, new).await).await?;
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}")?;
    let bar = ProgressBar::new(companies.len() as u64).with_style(style).with_message(period.cumulative_label());
    let is_current = period == Period::parse(PERIODS[2])?;
    for (index, company) in companies.iter().enumerate() {
        let goal = if is_current { chain::Goal::of_current(index) } else { chain::Goal::Finished };
        let step = chain::Step { app, cast, company, index, opens_at, period, goal, is_current };
        chain::run(&step).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(opened.window)
}

/// Throws an earlier demonstration away; anything else in the folder is left alone and refuses the command.
fn clear(data: &Path) -> Result<(), Failure> {
    if !data.exists() {
        return Ok(());
    }
    let is_empty = std::fs::read_dir(data)?.next().is_none();
    if is_empty {
        return Ok(());
    }
    let unfinished = mark_path(data, "unfinished");
    if !data.join(MARK).exists() && !unfinished.exists() {
        return Err(format!("目录 {} 中有别的数据,没有改动。请换一个 --data 目录。", data.display()).into());
    }
    std::fs::remove_dir_all(data)?;
    Ok(())
}

fn mark_path(data: &Path, word: &str) -> PathBuf {
    data.join(format!("{word}.{MARK}"))
}

fn mark(data: &Path) -> Result<(), Failure> {
    std::fs::write(data.join(MARK), people::notes().join("\n"))?;
    let unfinished = mark_path(data, "unfinished");
    if unfinished.exists() {
        std::fs::remove_file(unfinished)?;
    }
    Ok(())
}

/// True when a folder holds a demonstration, which may be thrown away.
pub(crate) fn is_demonstration(data: &Path) -> bool {
    data.join(MARK).exists()
}

/// Accounts that the sign-in page shows when the data are a demonstration; nothing anywhere else.
pub(crate) fn sign_in_notes(data: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(data.join(MARK)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}
