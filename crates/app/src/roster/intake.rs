//! A list comes in: looked at first, then taken batch by batch, each in a transaction of its own, so that a list of a million rows holds
//! nobody up and an interruption loses no more than a batch. Handed in again, rows that are in are recognised.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object};
use youju_domain::id::RosterId;
use youju_domain::roster::{Column, Coverage, DEPARTMENTS, ORIGIN_CHARS_MAX, Roster, Taken};
use youju_store::roster::{self as store, NewLeft, NewRow};

use super::read::{Judged, Opened};
use crate::context::{App, Cx};
use crate::crypto;
use crate::error::{Error, Result};

/// Rows of one transaction.
const BATCH_ROWS: usize = 2_000;
/// Rows that a look shows in full.
pub const SHOWN_MAX: usize = 20;
/// Rows that a look names as left, or with something to be told.
pub const NAMED_MAX: usize = 200;

/// What somebody says about a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Which department.
    pub department: String,
    /// About which area.
    pub area: AreaCode,
    /// Whether it names every unit.
    pub coverage: Coverage,
    /// Where it comes from.
    pub origin: String,
    /// The list that it completes; none for a new one.
    pub into: Option<RosterId>,
}

impl Wanted {
    fn judge(&self) -> Result<()> {
        let bad = |reason: String| Err(Error::Problem(Problem::BadInput { reason }));
        if !DEPARTMENTS.contains(&self.department.as_str()) {
            return bad(format!("请选择名单来自哪个部门:{}。", DEPARTMENTS.join("、")));
        }
        let count = self.origin.trim().chars().count();
        if !(1..=ORIGIN_CHARS_MAX).contains(&count) {
            return bad(format!("请写明名单是谁、什么时候提供的,不超过 {ORIGIN_CHARS_MAX} 个字。"));
        }
        Ok(())
    }
}

/// What a look at a list shows.
#[derive(Default)]
pub struct Looked {
    /// The first rows that can go in, each with its line.
    pub first: Vec<(i64, Taken)>,
    /// How many can.
    pub rows: u64,
    /// How many of those have something to be told.
    pub remarked: u64,
    /// How many cannot.
    pub left: u64,
    /// The first of those that cannot, or have something to be told: line, name, what.
    pub told: Vec<(i64, String, String, bool)>,
}

/// Reads a list to its end without keeping anything.
pub fn look(opened: &mut Opened) -> Result<Looked> {
    let mut looked = Looked::default();
    let mut codes: BTreeMap<String, i64> = BTreeMap::new();
    loop {
        let batch = opened.batch(BATCH_ROWS)?;
        if batch.is_empty() {
            return Ok(looked);
        }
        for judged in batch {
            match judged {
                Judged::Row { line, taken, .. } => {
                    let first = taken.usci().and_then(|code| codes.insert(code.as_str().to_owned(), line));
                    match first {
                        Some(first) => looked.leave(line, &taken.name, same_code(first)),
                        None => looked.take(line, taken),
                    }
                }
                Judged::Left { line, fields, reason, .. } => looked.leave(line, name_of(&fields), reason),
            }
        }
    }
}

fn same_code(line: i64) -> String {
    format!("代码与第 {line} 行相同。请核对后只留一行。")
}

fn name_of(fields: &[(Column, String)]) -> &str {
    fields.iter().find(|(column, _)| *column == Column::Name).map_or("", |(_, text)| text)
}

impl Looked {
    fn take(&mut self, line: i64, taken: Taken) {
        self.rows += 1;
        if !taken.remarks.is_empty() {
            self.remarked += 1;
            self.tell(line, &taken.name, taken.remarks.concat(), false);
        }
        if self.first.len() < SHOWN_MAX {
            self.first.push((line, taken));
        }
    }

    fn leave(&mut self, line: i64, name: &str, reason: String) {
        self.left += 1;
        self.tell(line, name, reason, true);
    }

    fn tell(&mut self, line: i64, name: &str, what: String, is_left: bool) {
        if self.told.len() < NAMED_MAX {
            self.told.push((line, name.to_owned(), what, is_left));
        }
    }
}

/// What has become of a list so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that went in.
    pub rows: u64,
    /// Rows that were in already.
    pub again: u64,
    /// Rows that were left.
    pub left: u64,
    /// Rows that came mended in place of one that was left.
    pub mended: u64,
}

impl Counts {
    /// All rows that were read.
    pub fn all(&self) -> u64 {
        self.rows + self.again + self.left
    }
}

fn may_bring(cx: &Cx<'_>, area: &AreaCode) -> Result<()> {
    if cx.actor().is_ok() { cx.allow(Action::Inspect, Object::Area(area)) } else { Ok(()) }
}

/// Takes a list to its end. `told` hears how far it is after every batch.
pub async fn take(
    app: &App,
    actor: Option<Actor>,
    opened: &mut Opened,
    wanted: &Wanted,
    mut told: impl FnMut(&Counts, u64),
) -> Result<(RosterId, Counts)> {
    opened.must_tell_units()?;
    let name = opened.name.clone();
    let id = app.write(actor.clone(), async |cx| begin(cx, &name, wanted).await).await?;
    let mut counts = Counts::default();
    loop {
        let batch = opened.batch(BATCH_ROWS)?;
        if batch.is_empty() {
            break;
        }
        let done = app.write(actor.clone(), async |cx| take_batch(cx, id, &batch).await).await?;
        counts.rows += done.rows;
        counts.again += done.again;
        counts.left += done.left;
        counts.mended += done.mended;
        told(&counts, opened.bytes_read());
    }
    let hash = opened.hash();
    app.write(actor, async |cx| finish(cx, id, (&name, &hash), &counts).await).await?;
    Ok((id, counts))
}

/// A new list, or the one that is completed.
async fn begin(cx: &mut Cx<'_>, name: &str, wanted: &Wanted) -> Result<RosterId> {
    if let Some(id) = wanted.into {
        let roster = store::get(cx.tx(), id).await?.ok_or_else(super::not_found)?;
        may_bring(cx, &roster.area)?;
        return Ok(id);
    }
    wanted.judge()?;
    may_bring(cx, &wanted.area)?;
    let roster = Roster {
        id: cx.new_id(),
        department: wanted.department.clone(),
        area: wanted.area,
        coverage: wanted.coverage,
        origin: wanted.origin.trim().to_owned(),
        file_name: name.to_owned(),
        file_hash: String::new(),
        by: cx.actor().ok().map(|actor| actor.person),
        at: cx.now(),
        rows: 0,
        left: 0,
    };
    store::add(cx.tx(), &roster).await?;
    let payload = json!({
        "department": roster.department, "area": roster.area.as_str(), "coverage": roster.coverage.key(),
        "origin": roster.origin, "file_name": roster.file_name,
    });
    cx.record("roster.begun", ("roster", roster.id.to_string()), payload).await?;
    Ok(roster.id)
}

async fn finish(cx: &mut Cx<'_>, id: RosterId, (name, hash): (&str, &str), counts: &Counts) -> Result<()> {
    let roster = store::hold(cx.tx(), id).await?.ok_or_else(super::not_found)?;
    if !roster.is_whole() {
        store::finish(cx.tx(), id, hash).await?;
    }
    let payload = json!({
        "file_name": name, "file_hash": hash, "rows": counts.rows, "again": counts.again, "left": counts.left,
        "mended": counts.mended,
    });
    cx.record("roster.imported", ("roster", id.to_string()), payload).await
}

fn fingerprint(text: &str) -> String {
    crypto::sha256(text.as_bytes())
}

fn hash_of(judged: &Judged) -> String {
    match judged {
        Judged::Row { taken, .. } => fingerprint(&taken.identity()),
        Judged::Left { line, fields, reason, .. } => {
            // A row that could not be read at all is known by its line alone.
            let said = fields.iter().filter(|(column, _)| *column != Column::Line);
            let said: Vec<String> = said.map(|(column, text)| format!("{}\u{1f}{text}", column.key())).collect();
            fingerprint(&if said.is_empty() { format!("{line}\u{1f}{reason}") } else { said.join("\u{1e}") })
        }
    }
}

/// One batch: what is in already is passed over, what bears the code of another row is left.
async fn take_batch(cx: &mut Cx<'_>, id: RosterId, batch: &[Judged]) -> Result<Counts> {
    let roster = store::hold(cx.tx(), id).await?.ok_or_else(super::not_found)?;
    may_bring(cx, &roster.area)?;
    let hashes: Vec<String> = batch.iter().map(hash_of).collect();
    let codes: Vec<String> = batch.iter().filter_map(code_of).collect();
    let asked: Vec<&str> = hashes.iter().map(String::as_str).collect();
    let wanted: Vec<&str> = codes.iter().map(String::as_str).collect();
    let known = store::known(cx.tx(), id, &asked, &wanted).await?;
    let waiting: BTreeSet<String> = store::known_left(cx.tx(), id, &asked).await?.into_iter().collect();
    let mut sorting = Sorting {
        area: roster.area,
        next: i64::try_from(roster.rows).unwrap_or(i64::MAX - 1) + 1,
        hashes: known.iter().map(|(hash, ..)| hash.clone()).collect(),
        codes: known.into_iter().filter(|(_, code, _)| !code.is_empty()).map(|(_, code, line)| (code, line)).collect(),
        waiting,
        ..Sorting::new(roster.area)
    };
    for (judged, hash) in batch.iter().zip(&hashes) {
        sorting.sort(judged, hash.clone());
    }
    let Sorting { rows, left, mended, again, .. } = sorting;
    let (now, mut counts) = (cx.now(), Counts { again, ..Counts::default() });
    if !mended.is_empty() {
        counts.mended = store::mend(cx.tx(), id, &mended, now).await?;
    }
    if !rows.is_empty() {
        store::add_rows(cx.tx(), id, &rows).await?;
    }
    counts.rows = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    counts.left = u64::try_from(left.len()).unwrap_or(u64::MAX);
    if !left.is_empty() {
        let added = store::add_left(cx.tx(), id, &left).await?;
        counts.again += counts.left - added.min(counts.left);
        counts.left = added.min(counts.left);
    }
    Ok(counts)
}

/// The right code of a row that can go in; a damaged one may be anybody's.
fn code_of(judged: &Judged) -> Option<String> {
    match judged {
        Judged::Row { taken, .. } => taken.usci().map(|code| code.as_str().to_owned()),
        Judged::Left { .. } => None,
    }
}

/// The rows of a batch on their way to where they belong.
struct Sorting {
    area: AreaCode,
    next: i64,
    hashes: BTreeSet<String>,
    codes: BTreeMap<String, i64>,
    waiting: BTreeSet<String>,
    rows: Vec<NewRow>,
    left: Vec<NewLeft>,
    mended: Vec<i64>,
    again: u64,
}

impl Sorting {
    fn new(area: AreaCode) -> Sorting {
        Sorting {
            area,
            next: 1,
            hashes: BTreeSet::new(),
            codes: BTreeMap::new(),
            waiting: BTreeSet::new(),
            rows: Vec::new(),
            left: Vec::new(),
            mended: Vec::new(),
            again: 0,
        }
    }

    fn sort(&mut self, judged: &Judged, hash: String) {
        match judged {
            Judged::Row { line, is_mended, taken } => {
                let code = code_of(judged);
                let twin = code.as_ref().and_then(|code| self.codes.get(code)).copied();
                if self.hashes.contains(&hash) {
                    self.again += 1;
                    self.mended.extend(is_mended.then_some(*line));
                } else if let Some(twin) = twin {
                    self.leave((*line, *is_mended), hash, fields_of(taken), same_code(twin));
                } else {
                    self.mended.extend(is_mended.then_some(*line));
                    self.hashes.insert(hash.clone());
                    self.codes.extend(code.map(|code| (code, *line)));
                    self.rows.push(row(self.next, *line, hash, place(&self.area, taken), taken));
                    self.next += 1;
                }
            }
            // A row that nobody could read went out empty and comes back empty: it waits as it did.
            Judged::Left { is_mended: true, fields, .. }
                if fields.iter().all(|(column, _)| *column == Column::Line) =>
            {
                self.again += 1;
            }
            Judged::Left { line, is_mended, fields, reason } => {
                let fields = fields.iter().filter(|(column, _)| *column != Column::Line).cloned().collect();
                self.leave((*line, *is_mended), hash, fields, reason.clone());
            }
        }
    }

    /// A row that came back still broken takes the place of the one that was left; unchanged it stays where it is.
    fn leave(&mut self, (line, is_mended): (i64, bool), hash: String, fields: Vec<(Column, String)>, reason: String) {
        if self.waiting.contains(&hash) {
            self.again += 1;
            return;
        }
        self.mended.extend(is_mended.then_some(line));
        self.waiting.insert(hash.clone());
        self.left.push(NewLeft { line, hash, fields, reason });
    }
}

fn fields_of(taken: &Taken) -> Vec<(Column, String)> {
    let standing = taken.standing.label().to_owned();
    let revenue = taken.revenue.map(|revenue| revenue.normalize().to_string()).unwrap_or_default();
    let all = [
        (Column::Code, taken.code.clone()),
        (Column::Name, taken.name.clone()),
        (Column::Address, taken.address.clone()),
        (Column::Town, taken.town.clone()),
        (Column::Phone, taken.phone.clone()),
        (Column::Industry, taken.industry.clone()),
        (Column::Opened, taken.opened.clone()),
        (Column::Standing, standing),
        (Column::Revenue, revenue),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn row(number: i64, line: i64, hash: String, area: AreaCode, taken: &Taken) -> NewRow {
    NewRow {
        number,
        line,
        hash,
        area,
        code: taken.code.clone(),
        name: taken.name.clone(),
        address: taken.address.clone(),
        town: taken.town.clone(),
        phone: taken.phone.clone(),
        industry: taken.industry.clone(),
        opened: taken.opened.clone(),
        standing: taken.standing.key(),
        revenue: taken.revenue.map(|revenue| revenue.normalize().to_string()),
        remarks: taken.remarks.clone(),
    }
}

/// Where a row is, as far as it tells: by the code of its township, by its address, by its name; else the area of the list.
fn place(area: &AreaCode, taken: &Taken) -> AreaCode {
    let by_code = AreaCode::parse(&taken.town).ok();
    let read = |text: &str| code_of_place(youju_linkage::address(text).place);
    let by_town = || read(&format!("{}{}", youju_codes::area::path(area).replace(" › ", ""), taken.town));
    let by_name = || code_of_place(youju_linkage::name(&taken.name).place);
    let inside = |found: &AreaCode| area.contains(found) && found != area;
    by_code
        .filter(inside)
        .or_else(|| read(&taken.address).filter(inside))
        .or_else(|| by_town().filter(|_| !taken.town.is_empty()).filter(inside))
        .or_else(|| by_name().filter(inside))
        .unwrap_or(*area)
}

/// An area as `linkage` has it; none where it is unknown.
fn code_of_place(place: youju_linkage::Place) -> Option<AreaCode> {
    if place == 0 { None } else { AreaCode::parse(&format!("{place:09}")).ok() }
}
