//! Sampling frames 抽样框: defined, counted, frozen, delivered with their fingerprint, verified, compared. A frame is read a part at a time and
//! packed on the way, so that two million units need no more room than what they are packed to.

mod deliver;
mod job;

use serde_json::json;
use youju_domain::access::{Action, Actor, Object};
use youju_domain::attachment::ContentKind;
use youju_domain::id::{SamplingFrameId, UnitId};
use youju_domain::register::{self as rules, Unit};
use youju_domain::sampling_frame::{
    AT_ONCE_UNITS_MAX, Definition, Encoding, FORMAT, Snapshot, Strata, Stratum, head, line, read_hash, row,
};
use youju_domain::{Instant, Problem};
use youju_sheet::{PackedText, in_gb18030};
use youju_store::register::{Page, PageRequest};
use youju_store::sampling_frame as store;

use crate::context::{App, Cx};
use crate::crypto::{Digest, Digesting, sha256};
use crate::error::{Error, Fault, Result};
use crate::organisation::today;
use crate::secrets;

pub use deliver::{compare, compare_csv, deliver};
use job::Beat;
pub use job::{ask, freezing, is_for_the_server, unfinished, work};

/// Units that are read at a time.
const PART: i64 = 2_000;

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "抽样框" })
}

/// Calls `tell` for every unit of a frame, as it was on the frame's day and is known at this instant, in the order of the ids. The order
/// does not depend on the data base, nor on when somebody was entered.
///
/// After every part the beat, if there is one, hears how many units have been looked at.
async fn each(
    cx: &mut Cx<'_>,
    frame: &Definition,
    mut tell: impl FnMut(&Unit) -> Result<()>,
    mut beat: Option<Beat<'_>>,
) -> Result<()> {
    let (mut after, known_at): (Option<UnitId>, Instant) = (None, cx.now());
    let mut looked_at = 0;
    loop {
        let part = store::candidates(cx.tx(), &frame.area, frame.on, after, PART).await?;
        let (Some(first), Some(last)) = (part.first(), part.last()) else { return Ok(()) };
        after = Some(last.id);
        let changes = store::changes(cx.tx(), (first.id, last.id), frame.on).await?;
        looked_at += u64::try_from(part.len()).unwrap_or_default();
        for unit in part {
            // The row is what the unit is today; what counts later than the day is told by its changes.
            let then = match changes.get(&unit.id) {
                None => Some(unit),
                Some(changes) => {
                    rules::state(changes, frame.on, Some(known_at)).and_then(|facts| unit.with(facts, frame.on).ok())
                }
            };
            if let Some(unit) = then.filter(|unit| frame.takes(unit)) {
                tell(&unit)?;
            }
        }
        if let Some(beat) = &mut beat {
            beat.tell(looked_at).await?;
        }
    }
}

/// What freezing would give.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The definition, as it is understood.
    pub definition: Definition,
    /// How many units it takes; none where the area has too many to be counted while somebody waits.
    pub rows: Option<u64>,
    /// How many units the area has.
    pub units: u64,
    /// How many in each stratum.
    pub strata: Strata,
    /// Units whose size is not known.
    pub unknown: u64,
}

fn must(actor: &Actor, definition: &Definition) -> Result<()> {
    Ok(actor.must(Action::Inspect, Object::Area(&definition.area))?)
}

/// Counts what a definition would take, by stratum.
pub async fn preview(cx: &mut Cx<'_>, definition: Definition) -> Result<Preview> {
    let definition = definition.checked(today(cx))?;
    must(cx.actor()?, &definition)?;
    let units = store::job::count_units(cx.tx(), &definition.area).await?;
    let (mut rows, mut unknown, mut strata) = (0, 0, Strata::new());
    if units > AT_ONCE_UNITS_MAX {
        return Ok(Preview { definition, rows: None, units, strata, unknown });
    }
    let count = |unit: &Unit| {
        rows += 1;
        unknown += u64::from(unit.size_class().is_err());
        *strata.entry(Stratum::of(unit)).or_default() += 1;
        Ok(())
    };
    each(cx, &definition, count, None).await?;
    Ok(Preview { definition, rows: Some(rows), units, strata, unknown })
}

/// A frame on its way into the store.
struct Packing {
    text: PackedText,
    utf8: Digesting,
    gb18030: Digesting,
    size: u64,
    rows: u64,
    strata: Strata,
}

impl Packing {
    fn begin() -> Result<Packing> {
        let (utf8, gb18030) = (Digest::Sha256.begin(), Digest::Sha256.begin());
        let mut packing =
            Packing { text: PackedText::default(), utf8, gb18030, size: 0, rows: 0, strata: Strata::new() };
        packing.push(&head())?;
        Ok(packing)
    }

    fn push(&mut self, text: &str) -> Result<()> {
        self.text.push(text).map_err(|error| Fault::new("packing a frame", error))?;
        self.utf8.update(text.as_bytes());
        self.gb18030.update(&in_gb18030(text));
        self.size += u64::try_from(text.len()).unwrap_or_default();
        Ok(())
    }

    fn unit(&mut self, unit: &Unit) -> Result<()> {
        self.rows += 1;
        *self.strata.entry(Stratum::of(unit)).or_default() += 1;
        self.push(&line(row(unit).iter().map(String::as_str)))
    }
}

/// A frame that has been read: its definition, the instant up to which it knows, and its text.
type Read = (Definition, Instant, Packing);

/// Reads a frame in one look at the data base, so that nobody waits for it. What is written down meanwhile is not in it, and the instant up to
/// which it knows says so.
async fn read(app: &App, actor: &Actor, definition: Definition, beat: Option<Beat<'_>>) -> Result<Read> {
    let read = async |cx: &mut Cx<'_>| {
        let definition = definition.checked(today(cx))?;
        must(cx.actor()?, &definition)?;
        let mut packing = Packing::begin()?;
        each(cx, &definition, |unit| packing.unit(unit), beat).await?;
        Ok((definition, cx.now(), packing))
    };
    let (definition, known_at, packing) = app.read(Some(actor.clone()), read).await?;
    if packing.rows == 0 {
        let reason = "按这个定义没有一个单位,没有可以冻结的抽样框。请改定义。".to_owned();
        return Err(Problem::BadInput { reason }.into());
    }
    Ok((definition, known_at, packing))
}

/// A frame that has been read, packed to its end.
struct Packed {
    definition: Definition,
    known_at: Instant,
    rows: u64,
    strata: Strata,
    hashes: (String, String),
    size: u64,
    content: Vec<u8>,
}

fn packed((definition, known_at, packing): Read) -> Result<Packed> {
    let Packing { text, utf8, gb18030, size, rows, strata } = packing;
    let content = text.finish().map_err(|error| Fault::new("packing a frame", error))?;
    Ok(Packed { definition, known_at, rows, strata, hashes: (utf8.finish(), gb18030.finish()), size, content })
}

/// Writes a frame at once.
async fn keep(cx: &mut Cx<'_>, id: SamplingFrameId, packed: Packed) -> Result<()> {
    let by = cx.actor()?.clone();
    must(&by, &packed.definition)?;
    let (sha256_utf8, sha256_gb) = packed.hashes;
    let one = Snapshot {
        id,
        definition: packed.definition,
        known_at: packed.known_at,
        rows: packed.rows,
        strata: packed.strata,
        sha256: sha256_utf8,
        sha256_gb,
        size: packed.size,
        file_hash: sha256(&packed.content),
        by: by.person,
        by_name: by.name,
        at: cx.now(),
    };
    secrets::keep_file(cx, &one.file_hash, ContentKind::PackedText, packed.content).await?;
    store::add(cx.tx(), &one).await?;
    let payload = json!({
        "format": FORMAT, "name": one.definition.name, "area": one.definition.area, "on": one.definition.on,
        "known_at": one.known_at, "rows": one.rows, "sha256": one.sha256, "sha256_gb18030": one.sha256_gb,
    });
    cx.record("sampling_frame.frozen", ("sampling_frame", one.id.to_string()), payload).await
}

/// Freezes a frame while somebody waits. Of an area with too many units it is asked for instead ([`ask`]).
pub async fn freeze(app: &App, actor: Actor, definition: Definition) -> Result<SamplingFrameId> {
    let packed = packed(read(app, &actor, definition, None).await?)?;
    app.write(Some(actor), async |cx| {
        let id = cx.new_id();
        keep(cx, id, packed).await?;
        Ok(id)
    })
    .await
}

/// A frame of the actor's area.
pub async fn get(cx: &mut Cx<'_>, id: SamplingFrameId) -> Result<Snapshot> {
    let one = store::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    must(cx.actor()?, &one.definition)?;
    Ok(one)
}

/// One page of the frames of the actor's area, the newest first.
pub async fn list(cx: &mut Cx<'_>, page: PageRequest) -> Result<Page<Snapshot>> {
    let own = cx.actor()?.area;
    cx.allow(Action::Inspect, Object::Area(&own))?;
    Ok(store::list(cx.tx(), &own, page).await?)
}

/// Which frozen frames a fingerprint belongs to, and in which encoding. Whoever has the file or its fingerprint has seen the frame: every
/// officer may ask, and learns nothing else.
pub async fn verify(cx: &mut Cx<'_>, typed: &str) -> Result<(String, Vec<(Snapshot, Encoding)>)> {
    let own = cx.actor()?.area;
    cx.allow(Action::View, Object::Area(&own))?;
    let hash = read_hash(typed)?;
    let found = store::by_hash(cx.tx(), &hash).await?;
    let encoding = |one: &Snapshot| if one.sha256 == hash { Encoding::Utf8 } else { Encoding::Gb18030 };
    let found = found.into_iter().map(|one| (encoding(&one), one)).map(|(encoding, one)| (one, encoding)).collect();
    Ok((hash, found))
}

/// The fingerprint of a file that somebody has received.
pub fn fingerprint(file: &[u8]) -> String {
    sha256(file)
}
