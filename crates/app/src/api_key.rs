//! API keys 接口密钥: made, listed and ended by the people of a unit, shown by its programs. What a program may then do stands in
//! [`crate::intake`], and nowhere else; what a key was made for is decided here, and never widened.

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;
use youju_codes::Usci;
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object};
use youju_domain::api_key::{ApiKey, Use, Uses, expiry, must_have_room, named};
use youju_domain::id::{ApiKeyId, UnitId};
use youju_domain::register::Unit;
use youju_store::{account, api_key, person, register as units};

use crate::context::{App, Cx};
use crate::crypto;
use crate::error::{Error, Result};
use crate::register;

/// What every secret begins with, so that one that got out is recognised wherever it stands.
const MARK: &str = "yj_";
/// Characters of a secret that pages show: enough to tell keys apart, far too few to guess the rest.
const PREFIX_CHARS: usize = 11;

/// A fresh key, with the secret that is never shown again.
pub struct Created {
    /// The key as it is kept.
    pub key: ApiKey,
    /// The secret; only its hash is stored.
    pub secret: String,
}

/// Makes a key of a unit. Only its statisticians do, because the key then acts for them.
pub async fn create(
    cx: &mut Cx<'_>,
    unit: UnitId,
    name: &str,
    last_day: Option<NaiveDate>,
    uses: Uses,
) -> Result<Created> {
    let unit = register::get(cx, unit).await?;
    cx.allow(Action::Fill, Object::Unit { id: unit.id, area: &unit.area })?;
    let (name, expires_at) = (named(name)?, expiry(last_day, cx.now())?);
    must_have_room(&api_key::of_unit(cx.tx(), unit.id).await?, cx.now())?;
    let secret = format!("{MARK}{}", crypto::new_token()?);
    let key = ApiKey {
        id: cx.new_id(),
        unit: unit.id,
        name,
        prefix: secret.chars().take(PREFIX_CHARS).collect(),
        secret_hash: crypto::sha256(secret.as_bytes()),
        uses,
        by: cx.actor()?.person,
        at: cx.now(),
        expires_at,
        revoked: None,
        last_used_at: None,
    };
    api_key::add(cx.tx(), &key).await?;
    let payload = json!({
        "unit": unit.id, "name": key.name, "prefix": key.prefix, "expires_at": key.expires_at,
        "uses": key.uses.each().map(Use::key).collect::<Vec<_>>(),
    });
    cx.record("api_key.created", ("api_key", key.id.to_string()), payload).await?;
    Ok(Created { key, secret })
}

/// A key as the page shows it.
pub struct Listed {
    /// The key.
    pub key: ApiKey,
    /// Who made it.
    pub by: String,
}

/// The people who answer for what a unit hands in see its keys and may end them: those who may hand in its reports.
async fn answering(cx: &mut Cx<'_>, unit: UnitId) -> Result<Unit> {
    let unit = register::get(cx, unit).await?;
    cx.allow(Action::Submit, Object::Unit { id: unit.id, area: &unit.area })?;
    Ok(unit)
}

/// Every key that a unit has had, the newest first.
pub async fn list(cx: &mut Cx<'_>, unit: UnitId) -> Result<Vec<Listed>> {
    let unit = answering(cx, unit).await?;
    let mut listed = Vec::new();
    for key in api_key::of_unit(cx.tx(), unit.id).await? {
        let by = person::get(cx.tx(), key.by).await?.map(|person| person.name).unwrap_or_default();
        listed.push(Listed { key, by });
    }
    Ok(listed)
}

/// A key with its unit.
pub async fn get(cx: &mut Cx<'_>, id: ApiKeyId) -> Result<(ApiKey, Unit)> {
    let found = api_key::get(cx.tx(), id).await?;
    let key = found.ok_or(Error::Problem(Problem::NotFound { what: "接口密钥" }))?;
    let unit = answering(cx, key.unit).await?;
    Ok((key, unit))
}

/// Ends a key at once. One that has been ended before stays as it was.
pub async fn revoke(cx: &mut Cx<'_>, id: ApiKeyId) -> Result<ApiKey> {
    let (key, _) = get(cx, id).await?;
    if key.revoked.is_some() {
        return Ok(key);
    }
    let (by, now) = (cx.actor()?.person, cx.now());
    let key = key.revoke(by, now);
    api_key::revoke(cx.tx(), id, by, now).await?;
    let payload = json!({ "unit": key.unit, "name": key.name, "prefix": key.prefix });
    cx.record("api_key.revoked", ("api_key", id.to_string()), payload).await?;
    Ok(key)
}

/// A program that has shown its key. As whom it acts stays inside this crate, and is given out for what the key was made for alone: whoever
/// holds this can hand in ledgers and read where the unit's own figures came from and went, or take part in the unit's cases; it can do
/// nothing else that its person could do, and change no report.
pub struct Keyed {
    actor: Actor,
    pub(crate) unit: Unit,
    key: ApiKey,
}

impl Keyed {
    /// The key.
    pub fn key(&self) -> ApiKeyId {
        self.key.id
    }

    /// Refuses what the key was not made for.
    pub fn must_serve(&self, needs: Use) -> Result<()> {
        Ok(self.key.must_serve(needs)?)
    }

    /// As whom it acts in what it was made for.
    pub(crate) fn acting(&self, needs: Use) -> Result<Actor> {
        self.must_serve(needs)?;
        Ok(self.actor.clone())
    }

    /// The unit that it acts for.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// Refuses any other unit, named by its 统一社会信用代码 or its id; whether there is one, is not told.
    pub fn must_be_of(&self, unit: &str) -> Result<()> {
        let by_code = Usci::parse(unit).is_ok_and(|usci| usci == self.unit.usci);
        let by_id = unit.parse::<UnitId>().is_ok_and(|id| id == self.unit.id);
        if by_code || by_id { Ok(()) } else { Err(Problem::NotFound { what: "单位" }.into()) }
    }
}

/// The program behind a secret. Whatever is wrong with a key, the answer is the same.
pub async fn authenticate(app: &App, secret: &str) -> Result<Keyed> {
    let (hash, now) = (crypto::sha256(secret.as_bytes()), app.world().now());
    let (keyed, last_used_at) = app
        .read(None, async |cx| {
            // Found by its hash: nothing is compared that somebody could measure their way along.
            let key = api_key::by_secret_hash(cx.tx(), &hash).await?.ok_or(Error::Problem(Problem::WrongApiKey))?;
            let last_used_at = key.last_used_at;
            Ok((keyed(cx, key).await?, last_used_at))
        })
        .await?;
    // One write a minute is enough to know that a key is used.
    if last_used_at.is_none_or(|at| now > at + TimeDelta::minutes(1)) {
        app.write(None, async |cx| {
            api_key::used(cx.tx(), keyed.key.id, now).await?;
            // Somebody whose program reports for them every month has not gone.
            Ok(account::used(cx.tx(), keyed.actor.person, now).await?)
        })
        .await?;
    }
    Ok(keyed)
}

async fn keyed(cx: &mut Cx<'_>, key: ApiKey) -> Result<Keyed> {
    let person = person::get(cx.tx(), key.by).await?;
    let unit = units::get(cx.tx(), key.unit).await?;
    let (person, unit) = person.zip(unit).ok_or(Error::Problem(Problem::WrongApiKey))?;
    let account = account::of(cx.tx(), person.id).await?.ok_or(Error::Problem(Problem::WrongApiKey))?;
    if account.life.is_shut(cx.now()) {
        return Err(Problem::WrongApiKey.into());
    }
    let actor = key.actor(&person, &unit.area, cx.now())?;
    Ok(Keyed { actor, unit, key })
}

/// Refuses a key that was ended while its file was read, and lets what the same key hands in at the same time wait.
pub(crate) async fn hold(cx: &mut Cx<'_>, program: &Keyed) -> Result<()> {
    let key = api_key::hold(cx.tx(), program.key.id).await?;
    keyed(cx, key).await.map(drop)
}
