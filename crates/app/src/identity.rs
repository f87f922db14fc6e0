//! Identity platform 统一身份认证平台 (OpenID Connect, authorisation code with PKCE): signing in by it, and tying an account to it. It never makes
//! an account and never leaves out what the house asks for: locks, terms, suspensions, and what is due first.

mod platform;

use serde_json::json;
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object};
use youju_domain::id::{PersonId, SessionId};
use youju_domain::identity::{Claims, IdentityProblem, SUBJECT_CHARS_MAX, Tie};
use youju_domain::message::Kind;
use youju_domain::person::Person;
use youju_store::{StoreError, account, identity, person};

use crate::access::{Browser, Holder, SignedIn, complete, halfway, holder_of};
use crate::account::{confirm as confirm_password, of};
use crate::context::{App, Cx};
use crate::crypto;
use crate::error::{Error, Result};
use crate::message::{Draft, tell};

use platform::Attempt;
pub use platform::{Answering, Platform, Reach, Settings};

/// The path to which the platform sends people back.
pub const BACK_PATH: &str = "/sign-in/platform/back";

/// Where somebody is sent.
pub struct Sent {
    /// The platform's address for people.
    pub to: String,
    /// What goes along.
    pub query: Vec<(&'static str, String)>,
}

/// What the platform has sent along with somebody.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The word of ours.
    pub state: String,
    /// What we may exchange.
    pub code: String,
    /// Why there is none.
    pub error: String,
}

/// What became of somebody who has come back.
pub enum Arrived {
    /// Signed in, and where they wanted to go.
    In(SignedIn, String),
    /// The second step is still to come.
    Halfway {
        /// The token for the cookie.
        token: String,
        /// Where they wanted to go.
        back: String,
    },
    /// The account is tied now.
    Tied,
}

fn platform(app: &App) -> Result<&Platform> {
    app.identity().filter(|_| !app.address().is_empty()).ok_or(Error::Problem(IdentityProblem::None.into()))
}

fn redirect(app: &App) -> String {
    format!("{}{BACK_PATH}", app.address())
}

/// Sends somebody to the platform in order to sign in.
pub async fn begin(app: &App, browser: &Browser, back: &str) -> Result<Sent> {
    send(app, browser, None, back).await
}

/// Sends somebody who has signed in to the platform, in order to tie their account, against the password.
pub async fn begin_tie(app: &App, actor: Actor, session: SessionId, password: &str, browser: &Browser) -> Result<Sent> {
    platform(app)?;
    confirm_password(app, &actor, password).await?;
    let id = actor.person;
    if app.read(Some(actor), async |cx| Ok(identity::of(cx.tx(), id).await?)).await?.is_some() {
        return Err(Problem::from(IdentityProblem::Tied).into());
    }
    send(app, browser, Some(session), "").await
}

async fn send(app: &App, browser: &Browser, session: Option<SessionId>, back: &str) -> Result<Sent> {
    let (platform, now) = (platform(app)?, app.world().now());
    let place = platform.place(now).await.map_err(Problem::from)?;
    let (state, nonce, verifier) = (crypto::new_challenge()?, crypto::new_challenge()?, crypto::new_challenge()?);
    let settings = platform.settings();
    let query = vec![
        ("response_type", "code".to_owned()),
        ("client_id", settings.client.clone()),
        ("redirect_uri", redirect(app)),
        ("scope", settings.scopes.join(" ")),
        ("state", state.clone()),
        ("nonce", nonce.clone()),
        ("code_challenge", crypto::to_base64url(&crypto::digest_of(verifier.as_bytes()))),
        ("code_challenge_method", "S256".to_owned()),
    ];
    let browser_hash = crypto::sha256(browser.key.as_bytes());
    platform.begin(&state, Attempt { browser_hash, session, nonce, verifier, back: back.to_owned(), at: now });
    Ok(Sent { to: place.authorization_endpoint, query })
}

/// Somebody comes back from the platform. `token` is that of the session in this browser, if there is one. The platform is asked between
/// two transactions, never inside one.
pub async fn arrive(app: &App, given: &Given, browser: &Browser, token: &str) -> Result<Arrived> {
    let (platform, now) = (platform(app)?, app.world().now());
    let attempt = platform.take(&given.state, &browser.key, now).map_err(Problem::from)?;
    if !given.error.is_empty() || given.code.is_empty() {
        return Err(Problem::from(IdentityProblem::Declined).into());
    }
    let claims = match platform.said(&attempt, &given.code, &redirect(app), now).await {
        Ok(claims) => claims,
        Err(problem) => {
            if let IdentityProblem::Doubtful(doubt) = problem {
                note_stranger(app, "identity.doubted", json!({ "why": doubt.key() })).await?;
            }
            return Err(Problem::from(problem).into());
        }
    };
    let subject_hash = hash(platform.settings(), &claims.subject);
    match attempt.session {
        Some(session) => tie_own(app, session, subject_hash, token).await.map(|()| Arrived::Tied),
        None => enter(app, platform, &claims, &subject_hash, browser, attempt.back).await,
    }
}

/// What happens to somebody whom we do not know is written down without a name.
async fn note_stranger(app: &App, action: &str, payload: serde_json::Value) -> Result<()> {
    app.write(None, async |cx| cx.record(action, ("login", "unknown".to_owned()), payload).await).await
}

/// Platform and subject in one: what somebody is called there is not kept.
fn hash(settings: &Settings, subject: &str) -> String {
    crypto::sha256(format!("{}\n{subject}", settings.issuer).as_bytes())
}

/// Signs in whoever is tied. As at the other door, locks and suspensions count, and the second step is asked for, unless the platform says
/// that it has asked for one.
async fn enter(
    app: &App,
    platform: &Platform,
    claims: &Claims,
    subject_hash: &str,
    browser: &Browser,
    back: String,
) -> Result<Arrived> {
    let found = app.read(None, async |cx| tied(cx, subject_hash).await).await?;
    let Some(person) = found else {
        note_stranger(app, "identity.untied", json!({})).await?;
        return Err(Problem::from(IdentityProblem::Untied).into());
    };
    person.may_try(app.world().now())?;
    let strong = &platform.settings().second_factor;
    let has_given_second = claims.means.iter().any(|means| strong.contains(means));
    let entered = app.write(Some(person.actor()), async |cx| {
        let (object, now) = (("person", person.id.to_string()), cx.now());
        person::hold(cx.tx(), person.id).await?.may_try(now)?;
        // Untied or removed meanwhile.
        let tie = identity::of(cx.tx(), person.id).await?.filter(|tie| tie.subject_hash == subject_hash);
        let account = account::of(cx.tx(), person.id).await?.filter(|_| tie.is_some());
        let Some(account) = account else { return Err(Problem::from(IdentityProblem::Untied).into()) };
        if let Err(problem) = account.life.must_be_open(now) {
            cx.record("access.shut", object, json!({})).await?;
            return Ok(Err(problem));
        }
        cx.record("identity.accepted", object, json!({ "second_factor": has_given_second })).await?;
        if account.has_second_factor() && !has_given_second {
            let token = halfway(cx, person.id, &account, browser).await?;
            return Ok(Ok(Arrived::Halfway { token, back }));
        }
        complete(cx, &person, &account, browser).await.map(|signed| Ok(Arrived::In(signed, back)))
    });
    entered.await?.map_err(Error::Problem)
}

async fn tied(cx: &mut Cx<'_>, subject_hash: &str) -> Result<Option<Person>> {
    let Some(tie) = identity::by_subject(cx.tx(), subject_hash).await? else { return Ok(None) };
    Ok(person::get(cx.tx(), tie.person).await?)
}

/// Ties the account of the session that has begun it, and of no other.
async fn tie_own(app: &App, session: SessionId, subject_hash: String, token: &str) -> Result<()> {
    let actor = match holder_of(app, token).await? {
        Holder::Full { actor, session: here, due: None } if here == session => actor,
        _ => return Err(Problem::from(IdentityProblem::Stale).into()),
    };
    app.write(Some(actor), async |cx| {
        let person = cx.actor()?.person;
        tie(cx, person, subject_hash, json!({})).await
    })
    .await
}

async fn tie(cx: &mut Cx<'_>, id: PersonId, subject_hash: String, payload: serde_json::Value) -> Result<()> {
    if identity::of(cx.tx(), id).await?.is_some() {
        return Err(Problem::from(IdentityProblem::Tied).into());
    }
    let tie = Tie { person: id, subject_hash, made_at: cx.now() };
    match identity::add(cx.tx(), &tie).await {
        Err(StoreError::Constraint(name)) if name == "identity_tie_subject_hash_key" => {
            return Err(Problem::from(IdentityProblem::TiedElsewhere).into());
        }
        other => other?,
    }
    cx.record("identity.tied", ("person", id.to_string()), payload).await?;
    let body = "以后可以用统一身份认证平台登录。如果不是您本人办理的,请立即解除绑定,修改密码,并告诉安全管理员。";
    tell_of(cx, id, "您的账号绑定了统一身份", body).await
}

async fn tell_of(cx: &mut Cx<'_>, person: PersonId, title: &str, body: &str) -> Result<()> {
    let draft =
        Draft { kind: Kind::Account, title: title.into(), body: body.into(), about: ("person", person.to_string()) };
    tell(cx, person, &draft, false).await
}

async fn untie_of(cx: &mut Cx<'_>, id: PersonId, payload: serde_json::Value) -> Result<()> {
    if !identity::remove(cx.tx(), id).await? {
        return Err(Problem::from(IdentityProblem::NotTied).into());
    }
    cx.record("identity.untied_account", ("person", id.to_string()), payload).await?;
    let body = "以后不能再用统一身份认证平台登录,账号和密码不变。如果不是您本人办理的,请告诉安全管理员。";
    tell_of(cx, id, "您的账号解除了统一身份的绑定", body).await
}

/// Since when the actor's own account is tied.
pub async fn own(cx: &mut Cx<'_>) -> Result<Option<Tie>> {
    let person = cx.actor()?.person;
    Ok(identity::of(cx.tx(), person).await?)
}

/// Unties the actor's own account, against the password.
pub async fn untie(app: &App, actor: Actor, password: &str) -> Result<()> {
    confirm_password(app, &actor, password).await?;
    app.write(Some(actor), async |cx| {
        let person = cx.actor()?.person;
        untie_of(cx, person, json!({})).await
    })
    .await
}

/// Since when somebody's account is tied, for administrators.
pub async fn tie_of(cx: &mut Cx<'_>, id: PersonId) -> Result<Option<Tie>> {
    cx.allow(Action::View, Object::System)?;
    Ok(identity::of(cx.tx(), id).await?)
}

/// Ties somebody's account to a subject that the platform has named to the administrator.
pub async fn tie_somebody(cx: &mut Cx<'_>, id: PersonId, subject: &str) -> Result<()> {
    cx.allow(Action::Secure, Object::System)?;
    let platform = platform(cx.app())?;
    let subject = subject.trim();
    let is_odd = subject.chars().any(|c| c.is_control() || c.is_whitespace());
    if subject.is_empty() || is_odd || subject.chars().count() > SUBJECT_CHARS_MAX {
        return Err(Problem::from(IdentityProblem::BadSubject).into());
    }
    of(cx, id).await?;
    tie(cx, id, hash(platform.settings(), subject), json!({ "by_administrator": true })).await
}

/// Unties somebody's account.
pub async fn untie_somebody(cx: &mut Cx<'_>, id: PersonId) -> Result<()> {
    cx.allow(Action::Secure, Object::System)?;
    of(cx, id).await?;
    untie_of(cx, id, json!({ "by_administrator": true })).await
}
