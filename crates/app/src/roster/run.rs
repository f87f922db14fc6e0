//! A run: asked for by an office, done by the server beside the pages, one after the other. It reads register and list by parts, matches
//! them in a thread of its own, and writes what it found batch by batch; its row tells what it is doing, and holds a lease, so that a run
//! whose server died is begun anew.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use youju_codes::{AreaCode, Usci};
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::{RosterId, RosterRunId, UnitId};
use youju_domain::register::Unit;
use youju_domain::roster::{Report, Roster, Run, RunState, Standing};
use youju_linkage::{Entry, Lists, Settings, Side, doubled, link};
use youju_store::roster as store;
use youju_store::roster::pair;

use super::find::{Finding, Todo, from_doubles, from_match};
use super::{brought, narrower, not_found};
use crate::context::{App, Cx};
use crate::error::{Error, Fault, Result};

/// How long a worker may be silent before its run is begun anew.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// How often a worker that is matching says that it is still there.
const BEAT: Duration = Duration::from_mins(1);
/// Rows that are read or written at a time.
const PART: i64 = 2_000;
/// Threads of the matching: the pages need the rest of the machine.
const THREADS: usize = 2;

const INTERRUPTED: &str = "比对被中断(服务停止或重启),已自动重新开始一次新的比对。";

fn settings() -> Settings {
    Settings { threads: THREADS, ..Settings::default() }
}

/// Asks for a run: of a list with the register, or of the register of an area with itself.
pub async fn ask(cx: &mut Cx<'_>, roster: Option<RosterId>) -> Result<RosterRunId> {
    let area = match roster {
        Some(id) => {
            let roster = brought(cx, id).await?;
            if !roster.is_whole() {
                let reason = "名单还没有读完(导入中断过)。请把同一个文件再送一次,已收的行会自动跳过。".to_owned();
                return Err(Problem::BadInput { reason }.into());
            }
            roster.area
        }
        None => cx.actor()?.area,
    };
    cx.allow(Action::Inspect, Object::Area(&area))?;
    if store::run::is_under_way(cx.tx(), roster, &area).await? {
        let reason = "同样的比对正在等待或进行。请等它完成,结果会留在这里。".to_owned();
        return Err(Problem::BadInput { reason }.into());
    }
    let run = Run {
        id: cx.new_id(),
        roster,
        area,
        state: RunState::Waiting,
        says: String::new(),
        report: Report::default(),
        fingerprint: String::new(),
        by: Some(cx.actor()?.person),
        at: cx.now(),
        ended_at: None,
    };
    store::run::add(cx.tx(), &run).await?;
    let payload = json!({ "roster": roster, "area": area.as_str() });
    cx.record("roster.run_asked", ("roster_run", run.id.to_string()), payload).await?;
    Ok(run.id)
}

/// A run that touches the actor's area, with its list.
pub async fn run(cx: &mut Cx<'_>, id: RosterRunId) -> Result<(Run, Option<Roster>)> {
    let run = store::run::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    cx.allow(Action::View, Object::Area(&narrower(&run.area, &cx.actor()?.area)))?;
    let roster = match run.roster {
        Some(id) => Some(store::get(cx.tx(), id).await?.ok_or_else(not_found)?),
        None => None,
    };
    Ok((run, roster))
}

/// Runs of the register with itself that touch the actor's area, the newest first.
pub async fn doubles(cx: &mut Cx<'_>) -> Result<Vec<Run>> {
    const SHOWN: i64 = 5;
    let area = cx.actor()?.area;
    cx.allow(Action::View, Object::Area(&area))?;
    Ok(store::run::doubles(cx.tx(), &area, SHOWN).await?)
}

/// Does the run that has waited longest, if one waits. Runs whose worker died are begun anew.
pub async fn work(app: &App, worker: &str) -> Result<Option<RosterRunId>> {
    let claimed = app
        .write(None, async |cx| {
            let now = cx.now();
            for broken in store::run::bury(cx.tx(), now, INTERRUPTED).await? {
                let again =
                    Run { id: cx.new_id(), state: RunState::Waiting, says: String::new(), ended_at: None, ..broken };
                store::run::add(cx.tx(), &again).await?;
            }
            Ok(store::run::claim(cx.tx(), worker, now + LEASE).await?)
        })
        .await?;
    let Some(run) = claimed else { return Ok(None) };
    let id = run.id;
    let work = Work { app, worker, id };
    if let Err(error) = work.whole(&run).await {
        // The same run would fail again: it is told and stays.
        tracing::error!(?error, "matching a list failed");
        let says = "比对没有完成:系统出现故障。请重新比对;如再次出现,请告诉系统管理员。".to_owned();
        let broken = Run { state: RunState::Broken, says, ..run };
        work.end(broken).await?;
    }
    Ok(Some(id))
}

/// The register's side of a matching: which unit each row is.
pub(super) type Units = Vec<Unit>;

struct Work<'a> {
    app: &'a App,
    worker: &'a str,
    id: RosterRunId,
}

impl Work<'_> {
    async fn says(&self, says: &str) -> Result<()> {
        self.app
            .write(None, async |cx| {
                let until = cx.now() + LEASE;
                Ok(store::run::beat(cx.tx(), self.id, (self.worker, says), until).await?)
            })
            .await
    }

    async fn whole(&self, run: &Run) -> Result<()> {
        self.says("正在读取名录库。").await?;
        let mut lists = Lists::new();
        let units = self.register(&run.area, &mut lists).await?;
        let roster = match run.roster {
            Some(id) => {
                Some(self.app.read(None, async |cx| Ok(store::get(cx.tx(), id).await?)).await?.ok_or_else(not_found)?)
            }
            None => None,
        };
        let standings = match &roster {
            Some(roster) => self.list(roster, &mut lists).await?,
            None => Vec::new(),
        };
        let rows = u64::try_from(standings.len()).unwrap_or(u64::MAX);
        let (finding, units, lists) = self.matched(lists, units, standings, roster.as_ref()).await?;
        let mut report = finding.report.clone();
        (report.units, report.rows) = (u64::try_from(units.len()).unwrap_or(u64::MAX), rows);
        report.settings = told(&settings());
        let fingerprint = self.written(roster.as_ref(), finding, (&units, &lists)).await?;
        let done = Run { state: RunState::Done, says: String::new(), report, fingerprint, ..run.clone() };
        self.end(done).await
    }

    /// Reads the units of an area.
    async fn register(&self, area: &AreaCode, lists: &mut Lists) -> Result<Units> {
        let mut units = Units::new();
        loop {
            let behind = units.last().map_or("", |unit: &Unit| unit.usci.as_str()).to_owned();
            let read = self.app.read(None, async |cx| Ok(store::run::units_after(cx.tx(), area, &behind, PART).await?));
            let part = read.await?;
            if part.is_empty() {
                return Ok(units);
            }
            let texts: Vec<[String; 3]> = part.iter().map(super::find::texts_of).collect();
            let entries: Vec<Entry<'_>> = part
                .iter()
                .zip(&texts)
                .map(|(unit, [address, phone, date])| Entry {
                    code: unit.usci.as_str(),
                    name: &unit.name,
                    address,
                    phone,
                    date,
                    industry: unit.industry.code(),
                    profession: unit.industry.section().code(),
                    ..Entry::default()
                })
                .collect();
            lists.add(Side::Register, &entries, THREADS);
            units.extend(part);
        }
    }

    /// Reads the rows of a list by parts; what each says about whether it is there.
    async fn list(&self, roster: &Roster, lists: &mut Lists) -> Result<Vec<Standing>> {
        let mut standings: Vec<Standing> = Vec::new();
        loop {
            let behind = i64::try_from(standings.len()).unwrap_or(i64::MAX);
            let rows =
                self.app.read(None, async |cx| Ok(store::rows_after(cx.tx(), roster.id, behind, PART).await?)).await?;
            if rows.is_empty() {
                return Ok(standings);
            }
            let addresses: Vec<String> = rows.iter().map(super::find::address_of).collect();
            let entries: Vec<Entry<'_>> = rows
                .iter()
                .zip(&addresses)
                .map(|(row, address)| Entry {
                    code: &row.taken.code,
                    name: &row.taken.name,
                    address,
                    phone: &row.taken.phone,
                    industry: &row.taken.industry,
                    date: &row.taken.opened,
                    standing: standing_of(row.taken.standing),
                    ..Entry::default()
                })
                .collect();
            lists.add(Side::List, &entries, THREADS);
            standings.extend(rows.iter().map(|row| row.taken.standing));
            self.says(&format!("正在读取名单:{} 行。", standings.len())).await?;
        }
    }

    /// Matches, in a thread of its own, saying meanwhile that somebody is at work.
    async fn matched(
        &self,
        lists: Lists,
        units: Units,
        standings: Vec<Standing>,
        roster: Option<&Roster>,
    ) -> Result<(Finding, Units, Lists)> {
        let coverage = roster.map(|roster| roster.coverage);
        let mut matching = tokio::task::spawn_blocking(move || {
            let finding = match coverage {
                Some(coverage) => from_match(&lists, link(&lists, &settings()), coverage, &standings),
                None => from_doubles(&lists, doubled(&lists, Side::Register, &settings())),
            };
            (finding, units, lists)
        });
        loop {
            self.says("正在比对。").await?;
            if let Ok(done) = tokio::time::timeout(BEAT, &mut matching).await {
                return done.map_err(|error| Error::Fault(Fault::new("matching a list", error)));
            }
        }
    }

    /// Writes what was found, part by part, and gives the fingerprint of all of it.
    async fn written(
        &self,
        roster: Option<&Roster>,
        finding: Finding,
        (units, lists): (&Units, &Lists),
    ) -> Result<String> {
        let codes: BTreeMap<UnitId, Usci> = units.iter().map(|unit| (unit.id, unit.usci)).collect();
        let (count, mut done, mut fingerprint) = (finding.todo.len(), 0_usize, String::new());
        for part in finding.todo.chunks(usize::try_from(PART).unwrap_or(usize::MAX)) {
            let numbers: Vec<i64> = part.iter().filter_map(Todo::row).collect();
            let rows = match roster {
                Some(roster) => {
                    self.app.read(None, async |cx| Ok(store::rows(cx.tx(), roster.id, &numbers).await?)).await?
                }
                None => Vec::new(),
            };
            let found = finding.found(part, i64::try_from(done).unwrap_or(i64::MAX), (units, &rows, lists));
            for one in &found {
                fingerprint = super::find::sealed(&fingerprint, one, &codes);
            }
            let id = self.id;
            self.app.write(None, async |cx| Ok(pair::add(cx.tx(), id, &found).await?)).await?;
            done += part.len();
            self.says(&format!("正在保存结果:{done} / {count} 条。")).await?;
        }
        Ok(fingerprint)
    }

    async fn end(&self, run: Run) -> Result<()> {
        self.app
            .write(None, async |cx| {
                let ended = Run { ended_at: Some(cx.now()), ..run };
                store::run::end(cx.tx(), &ended, self.worker).await?;
                let payload = json!({
                    "roster": ended.roster, "state": ended.state.key(), "units": ended.report.units, "rows": ended.report.rows,
                    "compared": ended.report.compared, "fingerprint": ended.fingerprint,
                });
                cx.record("roster.run_ended", ("roster_run", ended.id.to_string()), payload).await
            })
            .await
    }
}

fn standing_of(standing: Standing) -> youju_linkage::Standing {
    if standing.is_gone() { youju_linkage::Standing::Closed } else { youju_linkage::Standing::Active }
}

fn told(settings: &Settings) -> Vec<(String, String)> {
    let pairs = [
        ("随机种子", settings.seed.to_string()),
        ("用来学习的行数上限", settings.train_rows.to_string()),
        ("随机抽取的对数", settings.random_pairs.to_string()),
        ("直接认定中允许的差错", format!("{:.1}%", settings.false_max * 100.0)),
        ("直接排除中允许的遗漏", format!("{:.1}%", settings.missed_max * 100.0)),
    ];
    pairs.into_iter().map(|(word, value)| (word.to_owned(), value)).collect()
}
