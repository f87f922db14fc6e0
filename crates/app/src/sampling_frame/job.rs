//! A frame that is too large to be frozen while somebody waits: asked for by an office, read by the server beside the pages, one after the other.
//! Its row tells how far it is and holds a lease, so that one whose server died is begun anew.

use chrono::TimeDelta;
use serde_json::json;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::SamplingFrameId;
use youju_domain::sampling_frame::{AT_ONCE_UNITS_MAX, Definition, Freezing, FreezingState};
use youju_store::person;
use youju_store::sampling_frame::job as store;

use super::{keep, must, not_found, packed, read};
use crate::context::{App, Cx};
use crate::error::{Error, Result};
use crate::organisation::today;

/// How long a worker may be silent before its frame is begun anew.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// After so many units the row says how far it is: a second or two of reading.
const TELL_UNITS: u64 = 20_000;

/// True for an area with more units than can be read while somebody waits.
pub async fn is_for_the_server(cx: &mut Cx<'_>, area: &AreaCode) -> Result<bool> {
    cx.allow(Action::Inspect, Object::Area(area))?;
    Ok(store::count_units(cx.tx(), area).await? > AT_ONCE_UNITS_MAX)
}

/// Asks for a frame. Everybody has one under way at a time: the server reads them one after the other.
pub async fn ask(cx: &mut Cx<'_>, definition: Definition) -> Result<SamplingFrameId> {
    let definition = definition.checked(today(cx))?;
    must(cx.actor()?, &definition)?;
    let by = cx.actor()?.person;
    if store::is_under_way(cx.tx(), by).await? {
        let reason = "您已有一个抽样框在等待或正在冻结。请等它完成,再冻结下一个。".to_owned();
        return Err(Problem::BadInput { reason }.into());
    }
    let (id, at) = (cx.new_id(), cx.now());
    let says = "等待服务器开始。".to_owned();
    let one = Freezing { id, definition, state: FreezingState::Waiting, says, by, at, ended_at: None };
    store::add(cx.tx(), &one).await?;
    let payload = json!({ "name": one.definition.name, "area": one.definition.area, "on": one.definition.on });
    cx.record("sampling_frame.asked", ("sampling_frame", id.to_string()), payload).await?;
    Ok(id)
}

/// A frame of the actor's area that is not there yet; none when it is, or was frozen at once.
pub async fn freezing(cx: &mut Cx<'_>, id: SamplingFrameId) -> Result<Option<Freezing>> {
    let Some(one) = store::get(cx.tx(), id).await?.filter(|one| one.state != FreezingState::Done) else {
        return Ok(None);
    };
    must(cx.actor()?, &one.definition)?;
    Ok(Some(one))
}

/// The last frames of the actor's area that are under way or broke.
pub async fn unfinished(cx: &mut Cx<'_>) -> Result<Vec<Freezing>> {
    const SHOWN: i64 = 5;
    let own = cx.actor()?.area;
    cx.allow(Action::Inspect, Object::Area(&own))?;
    Ok(store::unfinished(cx.tx(), &own, SHOWN).await?)
}

/// Freezes the frame that has waited longest, if one waits: in the name of whoever asked for it, as far as they still may.
pub async fn work(app: &App, worker: &str) -> Result<Option<SamplingFrameId>> {
    let claim = async |cx: &mut Cx<'_>| {
        let now = cx.now();
        Ok(store::claim(cx.tx(), worker, (now, now + LEASE)).await?)
    };
    let Some(one) = app.write(None, claim).await? else { return Ok(None) };
    let id = one.id;
    let says = match frozen(app, worker, one).await {
        // Another server has begun it anew: it is theirs.
        Ok(()) | Err(Error::Problem(Problem::Conflict)) => return Ok(Some(id)),
        Err(Error::Problem(problem)) => problem.says(),
        Err(error) => {
            // The same frame would fail again: it is told and stays.
            tracing::error!(?error, "freezing a frame failed");
            "冻结没有完成:系统出现故障。请重新冻结;如再次出现,请告诉系统管理员。".to_owned()
        }
    };
    app.write(None, async |cx| {
        let now = cx.now();
        store::end(cx.tx(), id, (worker, FreezingState::Broken, &says), now).await?;
        cx.record("sampling_frame.broken", ("sampling_frame", id.to_string()), json!({ "says": says })).await
    })
    .await?;
    Ok(Some(id))
}

/// Says on the row how far a frame is, and holds its lease.
pub(super) struct Beat<'b> {
    app: &'b App,
    id: SamplingFrameId,
    worker: &'b str,
    /// How many units the row says.
    told: u64,
}

impl Beat<'_> {
    /// Hears how many units have been looked at.
    pub(super) async fn tell(&mut self, looked_at: u64) -> Result<()> {
        if looked_at < self.told + TELL_UNITS {
            return Ok(());
        }
        self.told = looked_at;
        self.say(looked_at).await
    }

    async fn say(&self, looked_at: u64) -> Result<()> {
        let says = format!("正在读取名录库:已看 {looked_at} 个单位。");
        let beat = async |cx: &mut Cx<'_>| {
            let until = cx.now() + LEASE;
            Ok(store::beat(cx.tx(), self.id, (self.worker, &says), until).await?)
        };
        self.app.write(None, beat).await
    }
}

async fn frozen(app: &App, worker: &str, one: Freezing) -> Result<()> {
    let by = app.read(None, async |cx| Ok(person::get(cx.tx(), one.by).await?)).await?.ok_or_else(not_found)?;
    let (id, actor) = (one.id, by.actor());
    let beat = Beat { app, id, worker, told: 0 };
    beat.say(0).await?;
    let packed = packed(read(app, &actor, one.definition, Some(beat)).await?)?;
    app.write(Some(actor), async |cx| {
        let now = cx.now();
        keep(cx, id, packed).await?;
        Ok(store::end(cx.tx(), id, (worker, FreezingState::Done, ""), now).await?)
    })
    .await
}
