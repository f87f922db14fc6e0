//! Second factor 动态码: the second step of signing in, setting it up, and taking it away. Secrets are sealed by a key outside the data
//! base; of recovery codes only hashes are kept. The other way of the second step stands in [`crate::security_key`].

use chrono::TimeDelta;
use serde_json::json;
use youju_domain::access::{Action, Actor, Object};
use youju_domain::account::{AccountProblem, Stage};
use youju_domain::id::{PersonId, SessionId};
use youju_domain::message::Kind;
use youju_domain::second_factor::{Given, RECOVERY_CODES, SecondFactor};
use youju_domain::{Instant, Problem};
use youju_store::{access as sessions, second_factor, security_key};

use crate::access::{Browser, SignedIn, complete, counted, held};
use crate::account::{confirm as confirm_password, of};
use crate::context::{App, Cx};
use crate::crypto::{self, otp};
use crate::error::{Error, Result};
use crate::message::{Draft, tell};

/// A set-up that nobody has confirmed is begun anew after this time.
pub const PENDING_LASTS: TimeDelta = TimeDelta::minutes(15);
/// What an administrator says about a reset has at least so many characters.
const REASON_CHARS_MIN: usize = 4;

/// The second step: the code from the phone, or a recovery code. The halfway session ends, a fresh one begins.
pub async fn second_step(app: &App, token: &str, typed: &str, browser: &Browser) -> Result<SignedIn> {
    let held = held(app, token).await?;
    if held.session.stage != Stage::Halfway {
        return Err(Problem::SignedOut.into());
    }
    held.person.may_try(app.world().now())?;
    let given = Given::parse(typed)?;
    let signed = app.write(Some(held.person.actor()), async |cx| {
        let right = accepts(cx, held.person.id, &given).await?;
        if !counted(cx, held.person.id, right, ("access.code_refused", browser)).await? {
            return Ok(None);
        }
        sessions::remove(cx.tx(), &held.session.token_hash).await?;
        if matches!(given, Given::Recovery(_)) {
            let left = second_factor::count_recovery(cx.tx(), held.person.id).await?;
            cx.record("access.recovery_used", ("person", held.person.id.to_string()), json!({ "left": left })).await?;
            let draft = about_recovery(held.person.id, left);
            tell(cx, held.person.id, &draft, false).await?;
        }
        complete(cx, &held.person, &held.account, browser).await.map(Some)
    });
    signed.await?.ok_or(Error::Problem(AccountProblem::WrongCode.into()))
}

fn about_recovery(person: PersonId, left: i64) -> Draft {
    Draft {
        kind: Kind::Account,
        title: "您用恢复码登录了一次".into(),
        body: format!(
            "还有 {left} 个恢复码没有用过。手机或安全密钥丢失的,请在“我的账号”中停用它,再启用新的;不是您本人的,请立即修改密码,并告诉系统管理员。"
        ),
        about: ("person", person.to_string()),
    }
}

/// True when what was given is right and was not used before; then it is used.
async fn accepts(cx: &mut Cx<'_>, person: PersonId, given: &Given) -> Result<bool> {
    let now = cx.now();
    match given {
        Given::Code(code) => {
            let held = second_factor::hold(cx.tx(), person).await?;
            let Some(factor) = held.filter(|factor| factor.confirmed_at.is_some()) else { return Ok(false) };
            accepts_code(cx, &factor, code, now).await
        }
        Given::Recovery(code) => Ok(second_factor::use_recovery(cx.tx(), person, &hash(person, code), now).await?),
    }
}

async fn accepts_code(cx: &mut Cx<'_>, factor: &SecondFactor, code: &str, now: Instant) -> Result<bool> {
    let secret = cx.app().secret_keys().open(&factor.sealed, &factor.person.to_string())?;
    let Some(step) = factor.accept(code, now, |step| otp::code(&secret, step)) else { return Ok(false) };
    second_factor::put(cx.tx(), &SecondFactor { last_step: step, ..factor.clone() }).await?;
    Ok(true)
}

/// The hash of a recovery code: 80 random bits need no slow one. The person is in it, so that equal rows tell nothing.
fn hash(person: PersonId, code: &str) -> String {
    crypto::sha256(format!("{person}:{code}").as_bytes())
}

/// Begins to set up the actor's own second factor; what was begun before and not confirmed is replaced.
pub async fn begin(app: &App, actor: Actor, password: &str) -> Result<()> {
    confirm_password(app, &actor, password).await?;
    app.write(Some(actor), async |cx| {
        let (person, now) = (cx.actor()?.person, cx.now());
        if second_factor::hold(cx.tx(), person).await?.is_some_and(|factor| factor.confirmed_at.is_some()) {
            return Err(Problem::from(AccountProblem::SecondFactorExists).into());
        }
        let sealed = cx.app().secret_keys().seal(&otp::new_secret()?, &person.to_string())?;
        let factor = SecondFactor { person, sealed, begun_at: now, confirmed_at: None, last_step: 0 };
        second_factor::put(cx.tx(), &factor).await?;
        cx.record("second_factor.begun", ("person", person.to_string()), json!({})).await
    })
    .await
}

/// What is shown while a set-up waits for its first code.
pub struct Pending {
    /// The secret in base 32, for the picture and for typing.
    pub secret: String,
    /// Whose.
    pub login: String,
}

/// The actor's set-up that waits for its first code. A confirmed secret is never shown again.
pub async fn pending(cx: &mut Cx<'_>) -> Result<Option<Pending>> {
    let (person, now) = (cx.actor()?.person, cx.now());
    let found = second_factor::of(cx.tx(), person).await?;
    let waits = |factor: &SecondFactor| factor.confirmed_at.is_none() && now <= factor.begun_at + PENDING_LASTS;
    let Some(factor) = found.filter(waits) else { return Ok(None) };
    let secret = otp::base32(&cx.app().secret_keys().open(&factor.sealed, &person.to_string())?);
    Ok(Some(Pending { secret, login: of(cx, person).await?.0.login }))
}

/// Confirms a set-up by a first code. The recovery codes are shown this once; other sessions, which never gave a code, end.
pub async fn confirm(app: &App, actor: Actor, session: SessionId, code: &str) -> Result<Vec<String>> {
    let Given::Code(code) = Given::parse(code)? else { return Err(Problem::from(AccountProblem::WrongCode).into()) };
    let codes = app.write(Some(actor), async |cx| {
        let (person, now) = (cx.actor()?.person, cx.now());
        let factor = second_factor::hold(cx.tx(), person).await?;
        let factor = factor.ok_or(Error::Problem(AccountProblem::NoSecondFactor.into()))?;
        if factor.confirmed_at.is_some() || now > factor.begun_at + PENDING_LASTS {
            return Err(Problem::from(AccountProblem::NoSecondFactor).into());
        }
        let right = accepts_code(cx, &factor, &code, now).await?;
        let browser = Browser::of(cx.actor()?);
        if !counted(cx, person, right, ("access.code_refused", &browser)).await? {
            return Ok(None);
        }
        let used = second_factor::of(cx.tx(), person).await?.unwrap_or(factor);
        second_factor::put(cx.tx(), &SecondFactor { confirmed_at: Some(now), ..used }).await?;
        let codes = recovery(cx, person).await?;
        // Where a key was asked for, the other sessions have given one.
        if security_key::of(cx.tx(), person).await?.is_empty() {
            sessions::remove_others_of(cx.tx(), person, session).await?;
        }
        cx.record("second_factor.confirmed", ("person", person.to_string()), json!({})).await?;
        Ok(Some(codes))
    });
    codes.await?.ok_or(Error::Problem(AccountProblem::WrongCode.into()))
}

/// Ten fresh recovery codes; the earlier ones are void.
pub(crate) async fn recovery(cx: &mut Cx<'_>, person: PersonId) -> Result<Vec<String>> {
    second_factor::remove_recovery(cx.tx(), person).await?;
    let mut codes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let code = otp::new_recovery()?;
        second_factor::add_recovery(cx.tx(), person, &hash(person, &code.replace('-', ""))).await?;
        codes.push(code);
    }
    Ok(codes)
}

/// Gives the actor ten fresh recovery codes, against password and code.
pub async fn renew_recovery(app: &App, actor: Actor, password: &str, code: &str) -> Result<Vec<String>> {
    confirm_password(app, &actor, password).await?;
    let given = Given::parse(code)?;
    let codes = app.write(Some(actor), async |cx| {
        let person = must_give(cx, &given).await?;
        let Some(person) = person else { return Ok(None) };
        let codes = recovery(cx, person).await?;
        cx.record("second_factor.recovery_renewed", ("person", person.to_string()), json!({})).await?;
        Ok(Some(codes))
    });
    codes.await?.ok_or(Error::Problem(AccountProblem::WrongCode.into()))
}

/// Takes the actor's own second factor away, against password and code. Who must have one is led to set up another.
pub async fn remove(app: &App, actor: Actor, password: &str, code: &str) -> Result<()> {
    confirm_password(app, &actor, password).await?;
    let given = Given::parse(code)?;
    let done = app.write(Some(actor), async |cx| {
        let Some(person) = must_give(cx, &given).await? else { return Ok(None) };
        second_factor::remove(cx.tx(), person).await?;
        if security_key::of(cx.tx(), person).await?.is_empty() {
            // With a security key the second step stays, and so does the way around it.
            second_factor::remove_recovery(cx.tx(), person).await?;
        }
        cx.record("second_factor.removed", ("person", person.to_string()), json!({})).await?;
        Ok(Some(()))
    });
    done.await?.ok_or(Error::Problem(AccountProblem::WrongCode.into()))
}

/// The actor, if what they give is right; none when it was wrong and has been counted.
async fn must_give(cx: &mut Cx<'_>, given: &Given) -> Result<Option<PersonId>> {
    let person = cx.actor()?.person;
    if !of(cx, person).await?.1.has_phone {
        return Err(Problem::from(AccountProblem::NoSecondFactor).into());
    }
    let right = accepts(cx, person, given).await?;
    let browser = Browser::of(cx.actor()?);
    Ok(counted(cx, person, right, ("access.code_refused", &browser)).await?.then_some(person))
}

/// Takes somebody else's second factors away, because phone and keys are gone. They are told, and have to sign in anew.
pub async fn reset(cx: &mut Cx<'_>, person: PersonId, reason: &str) -> Result<()> {
    if cx.actor().is_ok() {
        cx.allow(Action::Secure, Object::System)?;
    }
    let (reason, (of_whom, account)) = (reason.trim(), of(cx, person).await?);
    if reason.chars().count() < REASON_CHARS_MIN {
        return Err(Problem::BadInput {
            reason: format!("重置应写明原因,不少于 {REASON_CHARS_MIN} 个字。")
        }
        .into());
    }
    if !account.has_second_factor() {
        return Err(Problem::from(AccountProblem::NoSecondFactor).into());
    }
    second_factor::remove(cx.tx(), of_whom.id).await?;
    second_factor::remove_recovery(cx.tx(), of_whom.id).await?;
    security_key::remove_all_of(cx.tx(), of_whom.id).await?;
    sessions::remove_all_of(cx.tx(), of_whom.id).await?;
    let payload = json!({ "reason": reason, "phone": account.has_phone, "keys": account.security_keys });
    cx.record("second_factor.reset", ("person", person.to_string()), payload).await?;
    let draft = Draft {
        kind: Kind::Account,
        title: "您的动态码和安全密钥已由安全管理员重置".into(),
        body: format!(
            "原因:{reason}。原来的动态码、安全密钥和恢复码不再有效,请重新启用。如果不是您提出的,请立即修改密码,并告诉统计机构。"
        ),
        about: ("person", person.to_string()),
    };
    tell(cx, person, &draft, false).await
}
