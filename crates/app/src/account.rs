//! Account 我的账号: what people do with their own account: the password, and where they are signed in.

use serde_json::json;
use youju_domain::access::Actor;
use youju_domain::account::{Account, AccountProblem, Session, Stage};
use youju_domain::id::{PersonId, SessionId};
use youju_domain::password::{self, REMEMBERED, Whose};
use youju_domain::person::Person;
use youju_domain::{Instant, Problem};
use youju_store::sealed::Place;
use youju_store::{access as sessions, account, person, second_factor};

use crate::access::{Browser, NO_PASSWORD, check_password, counted, hash_password};
use crate::context::{App, Cx};
use crate::error::{Error, Result};
use crate::secrets::of_words;

/// A person's own account.
pub struct Own {
    /// Who.
    pub person: Person,
    /// What was noted.
    pub account: Account,
    /// When the password was set, if that is known.
    pub password_set_at: Option<Instant>,
    /// Recovery codes that were not used.
    pub recovery_left: i64,
    /// Where the person is signed in, the latest first.
    pub sessions: Vec<Session>,
}

/// The actor's own account.
pub async fn own(cx: &mut Cx<'_>) -> Result<Own> {
    let (id, now) = (cx.actor()?.person, cx.now());
    let (person, account) = of(cx, id).await?;
    let sessions = sessions::of_person(cx.tx(), id).await?.into_iter();
    let sessions = sessions.filter(|session| session.stage == Stage::Full && session.lasts(now));
    let sessions = sessions.map(|session| opened(cx, session)).collect::<Result<_>>()?;
    Ok(Own {
        password_set_at: account::password_set_at(cx.tx(), id).await?.or(account.life.made_at),
        recovery_left: second_factor::count_recovery(cx.tx(), id).await?,
        person,
        account,
        sessions,
    })
}

/// A session with its whereabouts opened.
fn opened(cx: &Cx<'_>, session: Session) -> Result<Session> {
    let open = |text, place| cx.app().secret_keys().open_text(text, &of_words(place, session.id, ""));
    let address = open(session.address, Place::SessionAddress)?;
    Ok(Session { address, agent: open(session.agent, Place::SessionAgent)?, ..session })
}

pub(crate) async fn of(cx: &mut Cx<'_>, id: PersonId) -> Result<(Person, Account)> {
    let person = person::get(cx.tx(), id).await?;
    let account = account::of(cx.tx(), id).await?;
    person.zip(account).ok_or(Error::Problem(Problem::NotFound { what: "账号" }))
}

/// What somebody types to change their password.
pub struct Change {
    /// The password as it is.
    pub old: String,
    /// The new one.
    pub new: String,
    /// The new one again.
    pub again: String,
}

/// Changes the actor's own password, and signs out all their other sessions.
pub async fn change_password(app: &App, actor: Actor, session: SessionId, typed: Change) -> Result<()> {
    confirm(app, &actor, &typed.old).await?;
    let (person, hashes) = app
        .read(Some(actor.clone()), async |cx| {
            let (person, _) = of(cx, actor.person).await?;
            let mut hashes = account::passwords(cx.tx(), person.id, limit()).await?;
            hashes.extend(account::password_hash(cx.tx(), person.id).await?);
            Ok((person, hashes))
        })
        .await?;
    if typed.new != typed.again {
        return Err(Problem::from(AccountProblem::PasswordsDiffer).into());
    }
    must_be_new(&person, &typed.new, hashes).await?;
    let hash = hash_password(typed.new).await?;
    app.write(Some(actor), async |cx| {
        set_password(cx, person.id, &hash).await?;
        account::must_change(cx.tx(), person.id, false).await?;
        sessions::remove_others_of(cx.tx(), person.id, session).await?;
        cx.record("person.password_changed", ("person", person.id.to_string()), json!({})).await
    })
    .await
}

/// Refuses a new password that is weak, or one of the last ones.
pub(crate) async fn must_be_new(person: &Person, new: &str, earlier: Vec<String>) -> Result<()> {
    password::judge(new, Whose { login: &person.login, name: &person.name, role: person.role })?;
    for hash in earlier {
        if check_password(new.to_owned(), hash).await? {
            return Err(Problem::from(AccountProblem::PasswordUsedBefore).into());
        }
    }
    Ok(())
}

pub(crate) fn limit() -> i64 {
    i64::try_from(REMEMBERED).unwrap_or(i64::MAX)
}

/// Sets a password and remembers it among the last ones, with the one before it.
pub(crate) async fn set_password(cx: &mut Cx<'_>, id: PersonId, hash: &str) -> Result<()> {
    remember_first(cx, id).await?;
    let now = cx.now();
    person::set_password(cx.tx(), id, hash).await?;
    let row = cx.app().world().new_id();
    account::remember_password(cx.tx(), row, id, hash, now).await?;
    account::forget_passwords(cx.tx(), id, limit()).await?;
    Ok(())
}

/// Takes the password of an account away, and the sessions that it has opened; it stays among the last ones.
pub(crate) async fn take_password(cx: &mut Cx<'_>, id: PersonId) -> Result<()> {
    remember_first(cx, id).await?;
    person::set_password(cx.tx(), id, NO_PASSWORD).await?;
    account::must_change(cx.tx(), id, false).await?;
    sessions::remove_all_of(cx.tx(), id).await?;
    Ok(())
}

/// The first password was not written down when the account was made; whoever comes by a letter has none.
async fn remember_first(cx: &mut Cx<'_>, id: PersonId) -> Result<()> {
    let (now, made_at) = (cx.now(), account::of(cx.tx(), id).await?.and_then(|account| account.life.made_at));
    if account::password_set_at(cx.tx(), id).await?.is_none() {
        let first = account::password_hash(cx.tx(), id).await?;
        if let Some(first) = first.filter(|first| first != NO_PASSWORD) {
            let row = cx.app().world().new_id();
            account::remember_password(cx.tx(), row, id, &first, made_at.unwrap_or(now)).await?;
        }
    }
    Ok(())
}

/// Asks for the actor's own password before a change. Wrong ones count like those at the door: a session that somebody left open must
/// not be a place to guess.
pub(crate) async fn confirm(app: &App, actor: &Actor, password: &str) -> Result<()> {
    let id = actor.person;
    let found = app.read(Some(actor.clone()), async |cx| {
        let (person, _) = of(cx, id).await?;
        Ok((person, account::password_hash(cx.tx(), id).await?.unwrap_or_default()))
    });
    let (person, hash) = found.await?;
    person.may_try(app.world().now())?;
    let right = check_password(password.to_owned(), hash).await?;
    let browser = Browser::of(actor);
    let tried = ("access.refused", &browser);
    let right = app.write(Some(actor.clone()), async |cx| counted(cx, id, right, tried).await).await?;
    if right { Ok(()) } else { Err(Problem::from(AccountProblem::WrongOwnPassword).into()) }
}

/// Ends one of the actor's own sessions.
pub async fn end_session(cx: &mut Cx<'_>, id: SessionId) -> Result<()> {
    let person = cx.actor()?.person;
    sessions::remove_one_of(cx.tx(), person, id).await?;
    cx.record("access.session_ended", ("person", person.to_string()), json!({ "session": id })).await
}

/// Ends all of the actor's own sessions, this one too.
pub async fn end_all_sessions(cx: &mut Cx<'_>) -> Result<()> {
    let person = cx.actor()?.person;
    sessions::remove_all_of(cx.tx(), person).await?;
    cx.record("access.all_sessions_ended", ("person", person.to_string()), json!({})).await
}
