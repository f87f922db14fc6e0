//! Access 登录与权限: signing in and out. What a signed-in actor may do is decided by `domain::access`.

use chrono::TimeDelta;
use serde_json::json;
use tokio::sync::Semaphore;
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object, Role};
use youju_domain::id::{PersonId, UnitId};
use youju_domain::person::Person;
use youju_store::access as sessions;
use youju_store::{StoreError, person};

use crate::context::{App, Cx};
use crate::crypto;
use crate::error::{Error, Fault, Result};
use youju_codes::AreaCode;

/// A session ends after this time without a request.
pub const SESSION_IDLE: TimeDelta = TimeDelta::hours(2);
/// A session ends after this time in any case.
pub const SESSION_LONGEST: TimeDelta = TimeDelta::hours(12);
/// Fewest characters of a password.
pub const PASSWORD_CHARS_MIN: usize = 8;

/// A fresh session.
pub struct SignedIn {
    /// The token for the cookie; only its hash is stored.
    pub token: String,
    /// Who signed in.
    pub actor: Actor,
}

/// Signs in. Failed attempts are counted in a transaction of their own, so that refusing does not undo the count.
pub async fn sign_in(app: &App, login: &str, password: &str) -> Result<SignedIn> {
    let login = login.trim().to_owned();
    let found = app.read(None, async |cx| Ok(person::by_login(cx.tx(), &login).await?)).await?;
    let Some((person, hash)) = found else {
        // Spend the same time as for an account that exists.
        check_password(password.to_owned(), DUMMY_HASH.to_owned()).await?;
        return Err(Problem::WrongPassword.into());
    };
    person.may_try(app.world().now())?;
    let right = check_password(password.to_owned(), hash).await?;
    app.write(Some(person.actor()), async |cx| {
        let now = cx.now();
        // Of many guesses sent at once, those that were counted meanwhile count for this one too.
        person::hold(cx.tx(), person.id).await?.may_try(now)?;
        if !right {
            person::count_failure(cx.tx(), person.id, now).await?;
            cx.record("access.refused", ("person", person.id.to_string()), json!({})).await?;
            return Ok(None);
        }
        person::forget_failures(cx.tx(), person.id).await?;
        let token = crypto::new_token()?;
        let session = sessions::Session {
            id: cx.new_id(),
            person: person.id,
            token_hash: crypto::sha256(token.as_bytes()),
            created_at: now,
            seen_at: now,
        };
        sessions::add(cx.tx(), &session).await?;
        cx.record("access.signed_in", ("person", person.id.to_string()), json!({})).await?;
        Ok(Some(SignedIn { token, actor: person.actor() }))
    })
    .await?
    .ok_or(Error::Problem(Problem::WrongPassword))
}

/// A hash of no password, in the cost of the others.
const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$b8Kd2Vq0bTqK4mAfmTgGJ0CB6J0pV3wGqI1uJcZKyUQ";

/// Passwords checked at the same time; each takes 19 MB and a core for a moment.
static CHECKS: Semaphore = Semaphore::const_new(4);

async fn check_password(password: String, hash: String) -> Result<bool> {
    let _turn = CHECKS.acquire().await.map_err(|error| Fault::new("waiting to check a password", error))?;
    let answer = tokio::task::spawn_blocking(move || crypto::verify_password(&password, &hash)).await;
    Ok(answer.map_err(|error| Fault::new("checking a password", error))?)
}

/// The actor of a session token, while the session lasts.
pub async fn actor_of(app: &App, token: &str) -> Result<Actor> {
    let hash = crypto::sha256(token.as_bytes());
    let now = app.world().now();
    let found = app.glance(async |cx| Ok(sessions::by_token_hash(cx.tx(), &hash).await?)).await?;
    let Some((session, person)) = found else { return Err(Problem::SignedOut.into()) };
    if now > session.seen_at + SESSION_IDLE || now > session.created_at + SESSION_LONGEST {
        return Err(Problem::SignedOut.into());
    }
    // One write a minute is enough to know that a session lives.
    if now > session.seen_at + TimeDelta::minutes(1) {
        app.write(None, async |cx| Ok(sessions::seen(cx.tx(), session.id, now).await?)).await?;
    }
    Ok(person.actor())
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

/// Makes an account. Administrators do; so does the program itself, when a data base is set up.
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
        failures: 0,
        failed_at: None,
    };
    match person::add(cx.tx(), &person, &new.password_hash).await {
        Err(StoreError::Constraint(name)) if name == "person_login_key" => {
            return Err(Problem::AccountExists { login: person.login }.into());
        }
        other => other?,
    }
    let payload = json!({ "login": person.login, "role": person.role.key(), "unit": person.unit });
    cx.record("person.added", ("person", person.id.to_string()), payload).await?;
    Ok(person.id)
}

/// Gives somebody another password, who then has to sign in anew everywhere.
pub async fn reset_password(cx: &mut Cx<'_>, login: &str, password_hash: &str) -> Result<Person> {
    if cx.actor().is_ok() {
        cx.allow(Action::Administer, Object::System)?;
    }
    let found = person::by_login(cx.tx(), login).await?;
    let (person, _) = found.ok_or(Error::Problem(Problem::NotFound { what: "账号" }))?;
    person::set_password(cx.tx(), person.id, password_hash).await?;
    sessions::remove_all_of(cx.tx(), person.id).await?;
    cx.record("person.password_reset", ("person", person.id.to_string()), json!({})).await?;
    Ok(person)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_account_costs_as_much_as_a_known_one() {
        let cost = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(cost(DUMMY_HASH), cost(&crypto::hash_password("x").unwrap()));
        // A hash that cannot be read would be answered at once.
        assert!(argon2::password_hash::phc::PasswordHash::new(DUMMY_HASH).is_ok());
    }
}
