//! Plants changes with a known truth into a list of units, matches it back and tells how well: what `benches/linkage.py` measures.
//!
//!     lists plant REGISTER.csv FOLDER [SEED]         register.csv, list.csv and doubled.csv with the truth in the column `unit`
//!     lists match FOLDER [THREADS]                   matches list.csv with register.csv, writes links.csv
//!     lists doubled FOLDER [THREADS]                 looks for duplicates in doubled.csv
//!     lists parts FOLDER                             writes the parts of names and addresses, for other programs to match
//!     lists explain FOLDER ROW ROW                   tells why a row of the register and one of the list are held for one unit
//!     lists scale ROWS [THREADS] [SEED]              as many made-up units of a province in both lists
//!
//! The outcome is one line of JSON.

mod chance;
mod made;
mod plant;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chance::{Chance, Row};
use youju_linkage::{
    Band, Coverage, Entry, Link, Linked, Lists, Notice, PassReport, Settings, Side, Training, address, clusters,
    doubled, explain, link, name, outcome,
};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let text = |at: usize| arguments.get(at).map(String::as_str);
    let number = |at: usize, usual: usize| text(at).map_or(Ok(usual), str::parse);
    let folder = || text(1).map(PathBuf::from).ok_or("a folder is missing");
    match text(0) {
        Some("plant") => plant(
            Path::new(text(1).ok_or("a file is missing")?),
            Path::new(text(2).ok_or("a folder is missing")?),
            number(3, 1)? as u64,
        ),
        Some("match") => matched(&folder()?, number(2, 2)?),
        Some("doubled") => duplicates(&folder()?, number(2, 2)?),
        Some("parts") => parts(&folder()?),
        Some("explain") => explained(&folder()?, number(2, 0)?, number(3, 0)?),
        Some("scale") => scale(number(1, 200_000)?, number(2, 2)?, number(3, 1)? as u64),
        _ => Err("plant, match, doubled, parts, explain or scale".into()),
    }
}

/// Of all units, 15 in a hundred stand in the register only and 15 in the list only; of those in both, 3 in a hundred stand in the list twice.
fn plant(register: &Path, folder: &Path, seed: u64) -> Result<(), Failure> {
    let mut reader = csv::Reader::from_path(register)?;
    let head: HashMap<String, usize> = reader
        .headers()?
        .iter()
        .enumerate()
        .map(|(at, name)| (name.trim_start_matches('\u{feff}').to_owned(), at))
        .collect();
    let mut all = Vec::new();
    for record in reader.records() {
        let record = record?;
        let field = |name: &str| head.get(name).and_then(|at| record.get(*at)).unwrap_or_default().to_owned();
        all.push(Row {
            code: field("uscc"),
            name: field("name"),
            address: field("address"),
            date: field("registered_on"),
            ..Row::default()
        });
    }
    std::fs::create_dir_all(folder)?;
    let mut chance = Chance::new(seed);
    let (mut ours, mut theirs, mut twice) = (Vec::new(), Vec::new(), Vec::new());
    for (unit, row) in all.iter().enumerate() {
        let place = chance.below(100);
        if place < 85 {
            ours.push((unit, row.clone()));
        }
        if place >= 15 {
            theirs.push((unit, plant::planted(row, &all, &mut chance)));
            if place < 85 && chance.percent(3) {
                theirs.push((unit, plant::planted(row, &all, &mut chance)));
            }
        }
        twice.push((unit, row.clone()));
        if chance.percent(10) {
            twice.push((unit, plant::planted(row, &all, &mut chance)));
        }
    }
    for (file, rows) in [("register.csv", &mut ours), ("list.csv", &mut theirs), ("doubled.csv", &mut twice)] {
        for at in (1..rows.len()).rev() {
            rows.swap(at, chance.below(at + 1));
        }
        write(&folder.join(file), rows)?;
    }
    Ok(())
}

fn write(path: &Path, rows: &[(usize, Row)]) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(["row", "unit", "code", "name", "address", "date"])?;
    for (at, (unit, row)) in rows.iter().enumerate() {
        writer.write_record([&at.to_string(), &unit.to_string(), &row.code, &row.name, &row.address, &row.date])?;
    }
    Ok(writer.flush()?)
}

fn read(path: &Path) -> Result<Vec<(usize, Row)>, Failure> {
    let mut rows = Vec::new();
    for record in csv::Reader::from_path(path)?.records() {
        let record = record?;
        let field = |at: usize| record.get(at).unwrap_or_default().to_owned();
        rows.push((
            field(1).parse()?,
            Row { code: field(2), name: field(3), address: field(4), date: field(5), ..Row::default() },
        ));
    }
    Ok(rows)
}

fn lists_of(folder: &Path, threads: usize) -> Result<(Lists, Vec<usize>, Vec<usize>), Failure> {
    let (ours, theirs) = (read(&folder.join("register.csv"))?, read(&folder.join("list.csv"))?);
    let mut lists = Lists::new();
    for (side, rows) in [(Side::Register, &ours), (Side::List, &theirs)] {
        let entries: Vec<Entry<'_>> = rows.iter().map(|(_, row)| row.entry()).collect();
        lists.add(side, &entries, threads);
    }
    let units = |rows: Vec<(usize, Row)>| rows.into_iter().map(|(unit, _)| unit).collect();
    Ok((lists, units(ours), units(theirs)))
}

fn matched(folder: &Path, threads: usize) -> Result<(), Failure> {
    let started = Instant::now();
    let (lists, ours, theirs) = lists_of(folder, threads)?;
    let linked = link(&lists, &Settings { threads, ..Settings::default() });
    let seconds = started.elapsed().as_secs_f64();
    let mut writer = csv::Writer::from_path(folder.join("links.csv"))?;
    writer.write_record(["register", "list", "probability"])?;
    for link in &linked.links {
        writer.write_record([link.left.to_string(), link.right.to_string(), format!("{:.6}", link.probability())])?;
    }
    writer.flush()?;
    report(&lists, &linked, &ours, &theirs, seconds)
}

fn at(units: &[usize], row: u32) -> Option<usize> {
    usize::try_from(row).ok().and_then(|row| units.get(row)).copied()
}

fn report(lists: &Lists, linked: &Linked, ours: &[usize], theirs: &[usize], seconds: f64) -> Result<(), Failure> {
    let known: HashSet<usize> = ours.iter().copied().collect();
    let there: HashSet<usize> = theirs.iter().copied().filter(|unit| known.contains(unit)).collect();
    let is_right = |link: &Link| at(ours, link.left).is_some_and(|unit| Some(unit) == at(theirs, link.right));
    let quality = |taken: &dyn Fn(&Link) -> bool| {
        let all = linked.links.iter().filter(|link| taken(link)).count();
        let right = linked.links.iter().filter(|link| taken(link) && is_right(link)).count();
        let (precision, recall) = (share(right, all), share(right, there.len()));
        format!(
            r#"{{"pairs":{all},"right":{right},"precision":{precision:.4},"recall":{recall:.4},"f1":{:.4}}}"#,
            2.0 * precision * recall / (precision + recall).max(1e-9)
        )
    };
    let accepted = quality(&|link| linked.bands.band(link) == Band::Accepted);
    let even = quality(&|link| link.bits >= 0.0);
    let seen = quality(&|_| true);
    let review = linked.links.iter().filter(|link| linked.bands.band(link) == Band::Review).count();
    let todo = outcome(lists, linked, Coverage::Whole);
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        r#"{{"register":{},"list":{},"truth":{},"compared":{},"accepted":{accepted},"even":{even},"accepted_or_review":{seen},"best_f1":{:.4},"review":{review},"wrong_expected":{:.4},"matches_expected":{:.0},"enrol":{},"amend":{},"agreed":{},"withdraw":{},"seconds":{seconds:.2},"peak_mb":{}}}"#,
        ours.len(),
        theirs.len(),
        there.len(),
        linked.compared,
        best(&linked.links, there.len(), is_right),
        linked.bands.wrong,
        linked.training.matches,
        todo.enrol.len(),
        todo.amend.len(),
        todo.agreed.len(),
        todo.withdraw.len(),
        peak()
    )?;
    learnt(&linked.training, &linked.passes, &linked.notices)
}

/// F1 at the best line that anybody could have drawn who knew the truth.
fn best(links: &[Link], truth: usize, is_right: impl Fn(&Link) -> bool) -> f64 {
    let mut links: Vec<&Link> = links.iter().collect();
    links.sort_by(|a, b| b.bits.total_cmp(&a.bits));
    let (mut right, mut best) = (0, 0.0_f64);
    for (count, link) in (1..).zip(links) {
        right += usize::from(is_right(link));
        best = best.max(share(2 * right, count + truth));
    }
    best
}

/// On the error stream: what was learnt, and what has to be known about it.
fn learnt(training: &Training, passes: &[PassReport], notices: &[Notice]) -> Result<(), Failure> {
    let mut err = std::io::stderr().lock();
    for session in &training.sessions {
        writeln!(err, "{session:?}")?;
    }
    for pass in passes {
        writeln!(err, "{pass:?}")?;
    }
    let model = &training.model;
    for field in youju_linkage::Field::ALL {
        let levels = youju_linkage::levels_of(field);
        let told: Vec<String> = levels
            .map(|level| {
                format!(
                    "{:.4}/{:.6}={:+.1}",
                    model.m.at(field, level),
                    model.u.at(field, level),
                    model.weights.at(field, level)
                )
            })
            .collect();
        writeln!(err, "{}: {}", field.label(), told.join("  "))?;
    }
    for notice in notices {
        writeln!(err, "{}", notice.says())?;
    }
    Ok(())
}

fn share(part: usize, all: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if all == 0 { 0.0 } else { number(part) / number(all) }
}

/// The most memory this process ever had, in MB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kilobytes| kilobytes / 1024)
}

fn duplicates(folder: &Path, threads: usize) -> Result<(), Failure> {
    let started = Instant::now();
    let rows = read(&folder.join("doubled.csv"))?;
    let mut lists = Lists::new();
    let entries: Vec<Entry<'_>> = rows.iter().map(|(_, row)| row.entry()).collect();
    lists.add(Side::List, &entries, threads);
    let found = doubled(&lists, Side::List, &Settings { threads, ..Settings::default() });
    let clusters = clusters(&lists, Side::List, &found);
    let seconds = started.elapsed().as_secs_f64();
    let units: Vec<usize> = rows.iter().map(|(unit, _)| *unit).collect();
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for unit in &units {
        *counts.entry(*unit).or_default() += 1;
    }
    let truth: usize = counts.values().map(|count| count * (count - 1) / 2).sum();
    let (mut all, mut right) = (0, 0);
    for cluster in &clusters.clusters {
        for (n, a) in cluster.rows.iter().enumerate() {
            for b in cluster.rows.iter().skip(n + 1) {
                all += 1;
                right += usize::from(at(&units, *a) == at(&units, *b));
            }
        }
    }
    let (precision, recall) = (share(right, all), share(right, truth));
    let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
    let review = found.links.iter().filter(|link| found.bands.band(link) == Band::Review).count();
    writeln!(
        std::io::stdout().lock(),
        r#"{{"rows":{},"truth":{truth},"clusters":{},"cut":{},"pairs":{all},"right":{right},"precision":{precision:.4},"recall":{recall:.4},"f1":{f1:.4},"review":{review},"compared":{},"seconds":{seconds:.2},"peak_mb":{}}}"#,
        rows.len(),
        clusters.clusters.len(),
        clusters.cut.len(),
        found.compared,
        peak()
    )?;
    learnt(&found.training, &found.passes, &found.notices)
}

fn parts(folder: &Path) -> Result<(), Failure> {
    for file in ["register", "list"] {
        let mut writer = csv::Writer::from_writer(File::create(folder.join(format!("{file}-parts.csv")))?);
        writer.write_record(["row", "unit", "code", "core", "trade", "branch", "place", "street", "number", "date"])?;
        for (row, (unit, entry)) in read(&folder.join(format!("{file}.csv")))?.into_iter().enumerate() {
            let (name, address) = (name(&entry.name), address(&entry.address));
            let place = if address.place == 0 { name.place } else { address.place };
            let place = if place == 0 { String::new() } else { place.to_string() };
            let date = entry.date.replace('/', "-");
            let (row, unit) = (row.to_string(), unit.to_string());
            writer.write_record([
                &row,
                &unit,
                &entry.code,
                &name.core,
                &name.trade,
                &name.branch,
                &place,
                &address.street,
                &address.number,
                &date,
            ])?;
        }
        writer.flush()?;
    }
    Ok(())
}

fn explained(folder: &Path, left: usize, right: usize) -> Result<(), Failure> {
    let (lists, ..) = lists_of(folder, 2)?;
    let linked = link(&lists, &Settings::default());
    let told = explain(
        &lists,
        &linked.training.model,
        (Side::Register, u32::try_from(left)?),
        (Side::List, u32::try_from(right)?),
    );
    let mut out = std::io::stdout().lock();
    for line in &told.lines {
        writeln!(out, "{}", line.says)?;
    }
    Ok(writeln!(out, "{}", told.says)?)
}

/// Four fifths of the list are units of the register; the others are not in it.
fn scale(rows: usize, threads: usize, seed: u64) -> Result<(), Failure> {
    const PART: usize = 50_000;
    let world = made::World::new("33");
    let mut lists = Lists::new();
    let others: Vec<Row> = (0..1000).map(|n| world.unit(seed, n * 7)).collect();
    let unit_of = |row: usize| if row.is_multiple_of(5) { rows + row } else { row * 7 % rows };
    let (mut preparing, mut made) = (0.0, Vec::with_capacity(PART));
    for side in [Side::Register, Side::List] {
        for from in (0..rows).step_by(PART) {
            made.clear();
            made.extend((from..rows.min(from + PART)).map(|row| match side {
                Side::Register => world.unit(seed, row),
                Side::List => {
                    let unit = world.unit(seed, unit_of(row));
                    plant::planted(&unit, &others, &mut Chance::new(seed ^ 0x63 ^ (row as u64) << 8))
                }
            }));
            let entries: Vec<Entry<'_>> = made.iter().map(Row::entry).collect();
            let started = Instant::now();
            lists.add(side, &entries, threads);
            preparing += started.elapsed().as_secs_f64();
        }
    }
    let prepared_mb = peak();
    let started = Instant::now();
    let linked = link(&lists, &Settings { threads, ..Settings::default() });
    let linking = started.elapsed().as_secs_f64();
    writeln!(std::io::stderr().lock(), "preparing {preparing:.1} s, {prepared_mb} MB; linking {linking:.1} s")?;
    let ours: Vec<usize> = (0..rows).collect();
    let theirs: Vec<usize> = (0..rows).map(unit_of).collect();
    report(&lists, &linked, &ours, &theirs, preparing + linking)
}
