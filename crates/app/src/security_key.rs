//! Security key 安全密钥: adding one, the second step by it, taking it away. What a key answers is read in [`crate::crypto::webauthn`].
//! A question stands in the row of the session that it is asked in, counts once, and is gone with the session.

use serde_json::json;
use youju_domain::access::Actor;
use youju_domain::account::{Account, Stage};
use youju_domain::id::{PersonId, SecurityKeyId, SessionId};
use youju_domain::message::Kind;
use youju_domain::security_key::{CHALLENGE_LASTS, Flaw, KEYS_MAX, KeyProblem, SecurityKey, Site, name as read_name};
use youju_domain::{Instant, Problem};
use youju_store::{StoreError, access as sessions, person, security_key};

use crate::access::{Browser, SignedIn, complete, counted, held};
use crate::account::{confirm as confirm_password, of};
use crate::context::{App, Cx};
use crate::crypto;
use crate::crypto::webauthn::{self, Answer, Asked, Created};
use crate::error::{Error, Result};
use crate::message::{Draft, tell};
use crate::second_factor::recovery;

/// What the page of the second step can ask for.
pub struct SecondStep {
    /// True when a phone shows codes.
    pub has_phone: bool,
    /// True when there are keys, also where they cannot be asked.
    pub has_keys: bool,
    /// What the keys are asked.
    pub question: Option<Question>,
}

/// What keys are asked.
pub struct Question {
    /// Where.
    pub site: Site,
    /// What they have to sign, in base64url.
    pub challenge: String,
    /// The keys that may answer, or that are here already, in base64url.
    pub credentials: Vec<String>,
}

/// Asks the keys of an account in a session, where there are any and they work.
pub(crate) async fn ask(cx: &mut Cx<'_>, session: SessionId, account: &Account) -> Result<()> {
    if account.security_keys > 0 && cx.app().site().is_some() {
        put_question(cx, session).await?;
    }
    Ok(())
}

async fn put_question(cx: &mut Cx<'_>, session: SessionId) -> Result<()> {
    let now = cx.now();
    Ok(sessions::challenge(cx.tx(), session, &crypto::new_challenge()?, now).await?)
}

/// What was asked in a session, as long as it may be answered.
async fn question(cx: &mut Cx<'_>, session: SessionId, person: PersonId) -> Result<Option<Question>> {
    let after = cx.now() - CHALLENGE_LASTS;
    let Some(challenge) = sessions::challenge_of(cx.tx(), session, after).await? else { return Ok(None) };
    let Some(site) = cx.app().site() else { return Ok(None) };
    let credentials = security_key::of(cx.tx(), person).await?.into_iter().map(|key| key.credential).collect();
    Ok(Some(Question { site, challenge, credentials }))
}

/// What can be asked for after the password.
pub async fn second_step(app: &App, token: &str) -> Result<SecondStep> {
    let held = held(app, token).await?;
    if held.session.stage != Stage::Halfway {
        return Err(Problem::SignedOut.into());
    }
    let question = app.read(None, async |cx| question(cx, held.session.id, held.person.id).await).await?;
    Ok(SecondStep { has_phone: held.account.has_phone, has_keys: held.account.security_keys > 0, question })
}

/// The second step by a key. The halfway session ends, a fresh one begins; after a wrong answer another question is asked.
pub async fn give(app: &App, token: &str, answer: &Answer, browser: &Browser) -> Result<SignedIn> {
    let held = held(app, token).await?;
    if held.session.stage != Stage::Halfway {
        return Err(Problem::SignedOut.into());
    }
    held.person.may_try(app.world().now())?;
    let signed = app.write(Some(held.person.actor()), async |cx| {
        let (person, session) = (held.person.id, held.session.id);
        // Person, key, session: everybody who changes them holds them in this order.
        person::hold(cx.tx(), person).await?;
        let judged = judge(cx, session, person, answer).await?;
        counted(cx, person, judged.is_ok(), ("access.key_refused", browser)).await?;
        let key = match judged {
            Ok(key) => key,
            Err(flaw) => {
                let payload = json!({ "why": flaw.key() });
                cx.record("security_key.refused", ("person", person.to_string()), payload).await?;
                put_question(cx, session).await?;
                return Ok(Err(flaw));
            }
        };
        let now = cx.now();
        security_key::used(cx.tx(), key.id, key.counter, now).await?;
        sessions::remove(cx.tx(), &held.session.token_hash).await?;
        complete(cx, &held.person, &held.account, browser).await.map(Ok)
    });
    signed.await?.map_err(|flaw| Error::Problem(KeyProblem::from(flaw).into()))
}

/// A key with its new count, or what is wrong with its answer.
type Judged = std::result::Result<SecurityKey, Flaw>;

/// The key with its new count, if the answer counts. Whatever it was, the question is used up.
async fn judge(cx: &mut Cx<'_>, session: SessionId, person: PersonId, answer: &Answer) -> Result<Judged> {
    let known = security_key::hold(cx.tx(), &answer.credential).await?.filter(|key| key.person == person);
    let Some(asked) = taken(cx, session, person).await? else { return Ok(Err(Flaw::Challenge)) };
    let Some(key) = known else { return Ok(Err(Flaw::Unknown)) };
    let told = webauthn::answered(Asked { challenge: &asked.challenge, site: &asked.site }, answer, &key.public_key);
    let counter = match told {
        Ok(counter) => counter,
        Err(flaw) => return Ok(Err(flaw)),
    };
    if !key.goes_on(counter) {
        let (title, name) = ("您的一把安全密钥可能被人复制", &key.name);
        let body =
            format!("“{name}”的使用次数比上一次还少,登录没有成功。请在“我的账号”中移除这把密钥,并告诉安全管理员。");
        tell(cx, person, &draft(person, title, body), false).await?;
        return Ok(Err(Flaw::Counter));
    }
    Ok(Ok(SecurityKey { counter, ..key }))
}

/// The question of a session, taken back; none when there is none that may still be answered.
async fn taken(cx: &mut Cx<'_>, session: SessionId, person: PersonId) -> Result<Option<Question>> {
    let Some(question) = question(cx, session, person).await? else { return Ok(None) };
    let is_ours = sessions::use_challenge(cx.tx(), session, &question.challenge).await?;
    Ok(is_ours.then_some(question))
}

fn draft(person: PersonId, title: &str, body: String) -> Draft {
    Draft { kind: Kind::Account, title: title.into(), body, about: ("person", person.to_string()) }
}

/// The actor's own keys.
pub async fn list(cx: &mut Cx<'_>) -> Result<Vec<SecurityKey>> {
    let person = cx.actor()?.person;
    Ok(security_key::of(cx.tx(), person).await?)
}

/// Begins to add a key to the actor's own account, against the password.
pub async fn begin(app: &App, actor: Actor, session: SessionId, password: &str) -> Result<()> {
    if app.site().is_none() {
        return Err(Problem::from(KeyProblem::NoSite).into());
    }
    confirm_password(app, &actor, password).await?;
    app.write(Some(actor), async |cx| {
        let person = cx.actor()?.person;
        if security_key::of(cx.tx(), person).await?.len() >= KEYS_MAX {
            return Err(Problem::from(KeyProblem::TooMany).into());
        }
        put_question(cx, session).await?;
        cx.record("security_key.begun", ("person", person.to_string()), json!({})).await
    })
    .await
}

/// What a new key is asked, while it is.
pub async fn pending(cx: &mut Cx<'_>, session: SessionId) -> Result<Option<Question>> {
    let person = cx.actor()?.person;
    question(cx, session, person).await
}

/// Adds the key that has answered. With the first second factor of an account come ten recovery codes, which are shown this once, and
/// other sessions, which never gave one, end.
pub async fn add(
    app: &App,
    actor: Actor,
    session: SessionId,
    typed: &str,
    given: &Created,
) -> Result<Option<Vec<String>>> {
    let name = read_name(typed)?;
    let done = app.write(Some(actor), async |cx| {
        let (person, now) = (cx.actor()?.person, cx.now());
        let Some(asked) = taken(cx, session, person).await? else { return Ok(Err(KeyProblem::from(Flaw::Challenge))) };
        let new = match webauthn::created(Asked { challenge: &asked.challenge, site: &asked.site }, given) {
            Ok(new) => new,
            Err(flaw) => return Ok(Err(KeyProblem::from(flaw))),
        };
        if asked.credentials.len() >= KEYS_MAX {
            return Ok(Err(KeyProblem::TooMany));
        }
        if security_key::hold(cx.tx(), &new.credential).await?.is_some() {
            return Ok(Err(KeyProblem::Known));
        }
        let is_first = !of(cx, person).await?.1.has_second_factor();
        let key = key_of(cx.new_id(), person, name, new, now);
        match security_key::add(cx.tx(), &key).await {
            Err(StoreError::Constraint(name)) if name == "security_key_credential_key" => {
                return Err(Problem::from(KeyProblem::Known).into());
            }
            other => other?,
        }
        let payload = json!({ "key": key.id, "name": key.name });
        cx.record("security_key.added", ("person", person.to_string()), payload).await?;
        let body = format!("名称:{}。以后登录可以用它。如果不是您本人登记的,请立即移除它并修改密码。", key.name);
        tell(cx, person, &draft(person, "您的账号登记了一把安全密钥", body), false).await?;
        if !is_first {
            return Ok(Ok(None));
        }
        sessions::remove_others_of(cx.tx(), person, session).await?;
        recovery(cx, person).await.map(|codes| Ok(Some(codes)))
    });
    done.await?.map_err(|problem| Error::Problem(problem.into()))
}

fn key_of(id: SecurityKeyId, person: PersonId, name: String, new: webauthn::NewKey, now: Instant) -> SecurityKey {
    let webauthn::NewKey { credential, public_key, counter } = new;
    SecurityKey { id, person, name, credential, public_key, counter, made_at: now, used_at: None }
}

async fn own(cx: &mut Cx<'_>, id: SecurityKeyId) -> Result<SecurityKey> {
    let found = list(cx).await?.into_iter().find(|key| key.id == id);
    found.ok_or(Error::Problem(Problem::NotFound { what: "安全密钥" }))
}

/// Gives one of the actor's own keys another name.
pub async fn rename(cx: &mut Cx<'_>, id: SecurityKeyId, typed: &str) -> Result<()> {
    let (key, name) = (own(cx, id).await?, read_name(typed)?);
    security_key::rename(cx.tx(), id, &name).await?;
    let payload = json!({ "key": id, "name": name, "was": key.name });
    cx.record("security_key.renamed", ("person", key.person.to_string()), payload).await
}

/// Takes one of the actor's own keys away, against the password. Who must have a second factor keeps the last one.
pub async fn remove(app: &App, actor: Actor, id: SecurityKeyId, password: &str) -> Result<()> {
    confirm_password(app, &actor, password).await?;
    app.write(Some(actor), async |cx| {
        let key = own(cx, id).await?;
        let (person, account) = of(cx, key.person).await?;
        let is_last = !account.has_phone && account.security_keys <= 1;
        if is_last && cx.app().second_factor().obliges(person.role) {
            return Err(Problem::from(KeyProblem::LastFactor).into());
        }
        security_key::remove(cx.tx(), id).await?;
        if is_last {
            youju_store::second_factor::remove_recovery(cx.tx(), person.id).await?;
        }
        let payload = json!({ "key": id, "name": key.name });
        cx.record("security_key.removed", ("person", person.id.to_string()), payload).await?;
        let body = format!("名称:{}。如果不是您本人移除的,请立即修改密码,并告诉安全管理员。", key.name);
        tell(cx, person.id, &draft(person.id, "您的账号移除了一把安全密钥", body), false).await
    })
    .await
}
