//! Strangers: whoever tries to sign in with an account that does not exist. Everything is as if it did, or accounts could be found out
//! by trying.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use serde_json::json;
use youju_domain::account::AccountProblem;
use youju_domain::person::may_try;
use youju_domain::security::sign_in::Outcome;
use youju_domain::{Instant, Problem};

use super::{Browser, Entered, NO_PASSWORD, check_password, write_down};
use crate::context::App;
use crate::crypto;
use crate::error::Result;

/// Logins that are remembered at the same time. They are not in the data base: anybody can think of any number of them.
const STRANGERS_MAX: usize = 10_000;
/// A login that nobody tries is forgotten after this time; the longest wait is as long.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(1);

/// Failures of logins that do not exist, by the hash of what was typed: it may have been a password.
#[derive(Debug, Default)]
pub(crate) struct Strangers(Mutex<BTreeMap<String, (u32, Instant)>>);

impl Strangers {
    fn may_try(&self, login: &str, now: Instant) -> Result<()> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match known.get(login) {
            Some((failures, at)) => Ok(may_try(*failures, Some(*at), now)?),
            None => Ok(()),
        }
    }

    fn count(&self, login: &str, now: Instant) -> Result<u32> {
        self.may_try(login, now)?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= STRANGERS_MAX {
            known.retain(|_, (_, at)| *at + FORGOTTEN_AFTER > now);
        }
        if known.len() >= STRANGERS_MAX {
            // Whoever tries so many logins is slowed down by their address.
            let oldest = known.iter().min_by_key(|(_, (_, at))| *at).map(|(login, _)| login.clone());
            oldest.and_then(|login| known.remove(&login));
        }
        let (failures, at) = known.entry(login.to_owned()).or_insert((0, now));
        (*failures, *at) = (failures.saturating_add(1), now);
        Ok(*failures)
    }
}

/// Refuses a login that does not exist: the same hash is computed, the same is written down, the same wait is asked for.
pub(super) async fn refuse(app: &App, login: &str, password: &str, browser: &Browser) -> Result<Entered> {
    let (login, now) = (crypto::sha256(login.as_bytes()), app.world().now());
    app.strangers().may_try(&login, now)?;
    check_password(password.to_owned(), NO_PASSWORD.to_owned()).await?;
    let failures = app.strangers().count(&login, now)?;
    // What was typed is not written down.
    app.write(None, async |cx| {
        cx.record("access.refused", ("login", "unknown".to_owned()), json!({})).await?;
        write_down(cx, None, (Outcome::Stranger, failures), browser).await
    })
    .await?;
    Err(Problem::WrongPassword.into())
}

/// The same of whoever shows a code for a login that does not exist.
pub(crate) async fn refuse_code<T>(app: &App, login: &str, (action, browser): (&str, &Browser)) -> Result<T> {
    let (login, now) = (crypto::sha256(login.as_bytes()), app.world().now());
    app.strangers().may_try(&login, now)?;
    let failures = app.strangers().count(&login, now)?;
    app.write(None, async |cx| {
        cx.record(action, ("login", "unknown".to_owned()), json!({})).await?;
        write_down(cx, None, (Outcome::Stranger, failures), browser).await
    })
    .await?;
    Err(Problem::from(AccountProblem::WrongActivation).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_fill_no_memory() {
        let (strangers, began) = (Strangers::default(), Instant::UNIX_EPOCH);
        for number in 0..STRANGERS_MAX + 20 {
            let at = began + TimeDelta::seconds(i64::try_from(number).unwrap() / 100);
            strangers.count(&number.to_string(), at).unwrap();
        }
        assert_eq!(strangers.0.lock().unwrap().len(), STRANGERS_MAX);
        strangers.count("later", began + TimeDelta::hours(3)).unwrap();
        assert_eq!(strangers.0.lock().unwrap().len(), 1);
    }
}
