//! Access 登录与权限: signing in and out. What a signed-in actor may do is decided by `domain::access`; what people do with their own
//! account stands in [`crate::account`], the second step in [`crate::second_factor`].

pub(crate) mod stranger;
mod tried;

use chrono::TimeDelta;
use serde_json::json;
use tokio::sync::Semaphore;
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Domains, Object, Role};
use youju_domain::account::{AGENT_CHARS_MAX, Account, AccountProblem, Due, Session, Stage};
use youju_domain::id::{PersonId, SessionId, UnitId};
use youju_domain::message::Kind;
use youju_domain::person::Person;
use youju_domain::security::sign_in::Outcome;
use youju_domain::survey::print_instant;
use youju_store::access as sessions;
use youju_store::sealed::Place;
use youju_store::{StoreError, account, person};

use crate::context::{App, Cx};
use crate::crypto;
use crate::error::{Error, Fault, Result};
use crate::message::{Draft, tell};
use crate::secrets::of_words;
use youju_codes::AreaCode;

pub(crate) use stranger::Strangers;
pub(crate) use tried::write_down;
pub use youju_domain::account::{SESSION_IDLE, SESSION_LONGEST};

/// A fresh session.
pub struct SignedIn {
    /// The token for the cookie; only its hash is stored.
    pub token: String,
    /// Who signed in.
    pub actor: Actor,
    /// What they have to do before anything else.
    pub due: Option<Due>,
}

/// What became of a right password.
pub enum Entered {
    /// Signed in.
    In(SignedIn),
    /// The code is still to come; the token opens the page that asks for it, and nothing else.
    Halfway {
        /// The token for the cookie.
        token: String,
    },
}

/// The browser that somebody signs in with.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// Network address; empty where it is not known.
    pub address: String,
    /// What it says about itself.
    pub agent: String,
    /// The key that it keeps in a cookie; empty where there is no browser.
    pub key: String,
}

impl Browser {
    /// The browser of somebody who is signed in, as far as it is known.
    pub(crate) fn of(actor: &Actor) -> Browser {
        let address = actor.origin.as_ref().map(|origin| origin.address.clone()).unwrap_or_default();
        Browser { address, ..Browser::default() }
    }
}

/// Signs in by password alone, where there is no page for a second step.
pub async fn sign_in(app: &App, login: &str, password: &str) -> Result<SignedIn> {
    match enter(app, login, password, &Browser::default()).await? {
        Entered::In(signed) => Ok(signed),
        Entered::Halfway { .. } => Err(Problem::from(AccountProblem::CodeDue).into()),
    }
}

/// The first step. Failed attempts are counted in a transaction of their own, so that refusing does not undo the count. An account
/// that does not exist is answered in the same words, after the same time, and made to wait like any other.
pub async fn enter(app: &App, login: &str, password: &str, browser: &Browser) -> Result<Entered> {
    let login = login.trim().to_owned();
    let found = app.read(None, async |cx| Ok(person::by_login(cx.tx(), &login).await?)).await?;
    let Some((person, hash)) = found else { return stranger::refuse(app, &login, password, browser).await };
    person.may_try(app.world().now())?;
    let right = check_password(password.to_owned(), hash).await?;
    let entered = app.write(Some(person.actor()), async |cx| {
        if !counted(cx, person.id, right, ("access.refused", browser)).await? {
            return Ok(Err(Problem::WrongPassword));
        }
        let (object, found) = (("person", person.id.to_string()), account::of(cx.tx(), person.id).await?);
        let account = found.ok_or(Error::Problem(Problem::WrongPassword))?;
        // Told to whoever knows the password, and to nobody else.
        if let Err(problem) = account.life.must_be_open(cx.now()) {
            cx.record("access.shut", object, json!({})).await?;
            write_down(cx, Some(person.id), (Outcome::Shut, 0), browser).await?;
            return Ok(Err(problem));
        }
        if account.has_second_factor() {
            // The failures stay: whoever knows the password must not be able to guess codes without end.
            let token = halfway(cx, person.id, &account, browser).await?;
            cx.record("access.password_accepted", object, json!({})).await?;
            return Ok(Ok(Entered::Halfway { token }));
        }
        complete(cx, &person, &account, browser).await.map(|signed| Ok(Entered::In(signed)))
    });
    entered.await?.map_err(Error::Problem)
}

/// Counts an attempt that was wrong; false then. Of many guesses sent at once, those that were counted meanwhile count for this one too.
pub(crate) async fn counted(
    cx: &mut Cx<'_>,
    person: PersonId,
    right: bool,
    (action, browser): (&str, &Browser),
) -> Result<bool> {
    let now = cx.now();
    let held = person::hold(cx.tx(), person).await?;
    held.may_try(now)?;
    if !right {
        person::count_failure(cx.tx(), person, now).await?;
        cx.record(action, ("person", person.to_string()), json!({})).await?;
        let outcome = match action {
            "access.code_refused" => Outcome::WrongCode,
            "access.key_refused" => Outcome::WrongKey,
            crate::activation::REFUSED => Outcome::WrongLetter,
            _ => Outcome::WrongPassword,
        };
        write_down(cx, Some(person), (outcome, held.failures.saturating_add(1)), browser).await?;
    }
    Ok(right)
}

/// The last step of signing in: a fresh session, and a message when it is in a browser that was not seen before.
pub(crate) async fn complete(
    cx: &mut Cx<'_>,
    person: &Person,
    account: &Account,
    browser: &Browser,
) -> Result<SignedIn> {
    let now = cx.now();
    person::forget_failures(cx.tx(), person.id).await?;
    account::used(cx.tx(), person.id, now).await?;
    sessions::remove_older_of(cx.tx(), person.id, now - SESSION_LONGEST).await?;
    let (token, _) = begin(cx, person.id, Stage::Full, browser).await?;
    cx.record("access.signed_in", ("person", person.id.to_string()), json!({})).await?;
    write_down(cx, Some(person.id), (Outcome::SignedIn, 0), browser).await?;
    if !browser.key.is_empty() {
        meet(cx, person.id, browser).await?;
    }
    let due = account.due(person.role, cx.app().second_factor());
    Ok(SignedIn { token, actor: person.actor(), due })
}

/// The session in which the second step is asked for.
pub(crate) async fn halfway(cx: &mut Cx<'_>, person: PersonId, account: &Account, browser: &Browser) -> Result<String> {
    let (token, session) = begin(cx, person, Stage::Halfway, browser).await?;
    crate::security_key::ask(cx, session, account).await?;
    Ok(token)
}

async fn begin(cx: &mut Cx<'_>, person: PersonId, stage: Stage, browser: &Browser) -> Result<(String, SessionId)> {
    let token = crypto::new_token()?;
    let id = cx.new_id();
    let seal = |text: &str, place| cx.app().secret_keys().seal_text(text, &of_words(place, id, ""));
    let agent: String = browser.agent.chars().filter(|c| !c.is_control()).take(AGENT_CHARS_MAX).collect();
    let session = Session {
        id,
        person,
        token_hash: crypto::sha256(token.as_bytes()),
        stage,
        created_at: cx.now(),
        seen_at: cx.now(),
        address: seal(&browser.address, Place::SessionAddress)?,
        agent: seal(&agent, Place::SessionAgent)?,
    };
    sessions::add(cx.tx(), &session).await?;
    Ok((token, id))
}

/// The first browser of an account is no news; every other one is told.
async fn meet(cx: &mut Cx<'_>, person: PersonId, browser: &Browser) -> Result<()> {
    let (hash, now) = (crypto::sha256(browser.key.as_bytes()), cx.now());
    let is_news =
        account::count_browsers(cx.tx(), person).await? > 0 && !account::knows_browser(cx.tx(), person, &hash).await?;
    account::note_browser(cx.tx(), person, &hash, now).await?;
    if is_news {
        let agent = youju_domain::account::browser_in_words(&browser.agent);
        let from =
            if browser.address.is_empty() { String::new() } else { format!(",网络地址 {}", browser.address) };
        let draft = Draft {
            kind: Kind::Account,
            title: "您的账号在一个没有用过的浏览器上登录".into(),
            body: format!(
                "{},{agent}{from}。如果不是您本人,请立即在“我的账号”中修改密码,这会退出其他所有登录,并告诉系统管理员。",
                print_instant(now)
            ),
            about: ("person", person.to_string()),
        };
        tell(cx, person, &draft, false).await?;
    }
    Ok(())
}

/// A hash of no password, in the cost of the others: of accounts that do not exist, and of those that are not activated.
pub(crate) const NO_PASSWORD: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$b8Kd2Vq0bTqK4mAfmTgGJ0CB6J0pV3wGqI1uJcZKyUQ";

/// Passwords checked at the same time; each takes 19 MB and a core for a moment.
static CHECKS: Semaphore = Semaphore::const_new(4);

/// True when a password fits a hash.
pub(crate) async fn check_password(password: String, hash: String) -> Result<bool> {
    let _turn = CHECKS.acquire().await.map_err(|error| Fault::new("waiting to check a password", error))?;
    let answer = tokio::task::spawn_blocking(move || crypto::verify_password(&password, &hash)).await;
    Ok(answer.map_err(|error| Fault::new("checking a password", error))?)
}

/// The hash of a new password.
pub(crate) async fn hash_password(password: String) -> Result<String> {
    let _turn = CHECKS.acquire().await.map_err(|error| Fault::new("waiting to hash a password", error))?;
    let answer = tokio::task::spawn_blocking(move || crypto::hash_password(&password)).await;
    Ok(answer.map_err(|error| Fault::new("hashing a password", error))??)
}

/// Whoever holds the token of a session that lasts.
pub enum Holder {
    /// Somebody whose code is still to come: there is no actor yet.
    Halfway,
    /// Somebody who has signed in.
    Full {
        /// Who.
        actor: Actor,
        /// In which session.
        session: SessionId,
        /// What they have to do before anything else.
        due: Option<Due>,
    },
}

/// The holder of a session token, while the session lasts.
pub async fn holder_of(app: &App, token: &str) -> Result<Holder> {
    let held = held(app, token).await?;
    let (session, now) = (held.session, app.world().now());
    if session.stage == Stage::Halfway {
        return Ok(Holder::Halfway);
    }
    // One write a minute is enough to know that a session lives.
    if now > session.seen_at + TimeDelta::minutes(1) {
        app.write(None, async |cx| Ok(sessions::seen(cx.tx(), session.id, now).await?)).await?;
    }
    let due = held.account.due(held.person.role, app.second_factor());
    Ok(Holder::Full { actor: held.person.actor(), session: session.id, due })
}

pub(crate) async fn held(app: &App, token: &str) -> Result<sessions::Held> {
    let hash = crypto::sha256(token.as_bytes());
    let found = app.glance(async |cx| Ok(sessions::by_token_hash(cx.tx(), &hash).await?)).await?;
    let now = app.world().now();
    let held = found.filter(|held| held.session.lasts(now) && !held.account.life.is_shut(now));
    held.ok_or(Error::Problem(Problem::SignedOut))
}

/// The actor of a session token, who may do whatever they may: nothing else is due.
pub async fn actor_of(app: &App, token: &str) -> Result<Actor> {
    match holder_of(app, token).await? {
        Holder::Full { actor, due: None, .. } => Ok(actor),
        Holder::Full { due: Some(due), .. } => Err(Problem::from(due.problem()).into()),
        Holder::Halfway => Err(Problem::from(AccountProblem::CodeDue).into()),
    }
}

/// Signs out: the session is gone at once.
pub async fn sign_out(app: &App, actor: Actor, token: &str) -> Result<()> {
    let hash = crypto::sha256(token.as_bytes());
    let object = ("person", actor.person.to_string());
    app.write(Some(actor), async |cx| {
        sessions::remove(cx.tx(), &hash).await?;
        cx.record("access.signed_out", object, json!({})).await
    })
    .await
}

/// An account to be made.
pub struct NewPerson {
    /// What they sign in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The area they answer for.
    pub area: AreaCode,
    /// Their unit, for respondents.
    pub unit: Option<UnitId>,
    /// Hash of their first password, by [`crypto::hash_password`].
    pub password_hash: String,
}

/// Makes an account whose password was chosen by somebody else: an administrator, or whoever sits at the terminal. Its person has to
/// choose another before anything else.
pub async fn open_account(cx: &mut Cx<'_>, new: NewPerson) -> Result<PersonId> {
    let person = add_person(cx, new).await?;
    account::must_change(cx.tx(), person, true).await?;
    Ok(person)
}

/// Makes an account. The program itself does, when a data base is set up; what an administrator makes has to be changed.
pub async fn add_person(cx: &mut Cx<'_>, new: NewPerson) -> Result<PersonId> {
    if cx.actor().is_ok() {
        cx.allow(Action::Administer, Object::System)?;
    }
    let person = Person {
        id: cx.new_id(),
        login: new.login,
        name: new.name,
        role: new.role,
        area: new.area,
        unit: new.unit,
        domains: Domains::Every,
        failures: 0,
        failed_at: None,
    };
    match person::add(cx.tx(), &person, &new.password_hash).await {
        Err(StoreError::Constraint(name)) if name == "person_login_key" => {
            return Err(Problem::AccountExists { login: person.login }.into());
        }
        other => other?,
    }
    let (now, is_given) = (cx.now(), cx.actor().is_ok());
    account::made(cx.tx(), person.id, now, is_given).await?;
    let payload = json!({ "login": person.login, "role": person.role.key(), "unit": person.unit });
    cx.record("person.added", ("person", person.id.to_string()), payload).await?;
    Ok(person.id)
}

/// Gives somebody another password, who then has to sign in anew everywhere, and to choose one of their own.
pub async fn reset_password(cx: &mut Cx<'_>, login: &str, password_hash: &str) -> Result<Person> {
    if cx.actor().is_ok() {
        cx.allow(Action::Secure, Object::System)?;
    }
    let found = person::by_login(cx.tx(), login).await?;
    let (person, _) = found.ok_or(Error::Problem(Problem::NotFound { what: "账号" }))?;
    crate::account::set_password(cx, person.id, password_hash).await?;
    account::must_change(cx.tx(), person.id, true).await?;
    sessions::remove_all_of(cx.tx(), person.id).await?;
    // Whoever was in the account may have tied it to themselves.
    let untied = youju_store::identity::remove(cx.tx(), person.id).await?;
    cx.record("person.password_reset", ("person", person.id.to_string()), json!({ "untied": untied })).await?;
    Ok(person)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_account_costs_as_much_as_a_known_one() {
        let cost = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(cost(NO_PASSWORD), cost(&crypto::hash_password("x").unwrap()));
        // A hash that cannot be read would be answered at once.
        assert!(argon2::password_hash::phc::PasswordHash::new(NO_PASSWORD).is_ok());
    }
}
