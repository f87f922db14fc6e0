//! The platform itself: where it is, which keys it signs with, and who is on the way to it. All of it is kept in memory: it can be fetched,
//! or begun, anew.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use serde::Deserialize;
use tokio::sync::Semaphore;
use youju_domain::Instant;
use youju_domain::id::SessionId;
use youju_domain::identity::{ATTEMPT_LASTS, Claims, Doubt, Expected, IdentityProblem};

use crate::crypto;
use crate::crypto::id_token::{self, PlatformKey};

/// What the platform says about itself is asked again after this time.
const PLACE_LASTS: TimeDelta = TimeDelta::hours(1);
/// The same for its keys; a key that is not among them is asked for at once.
const KEYS_LAST: TimeDelta = TimeDelta::hours(1);
/// But not more often than this: whoever brings made-up tokens must not make us call.
const KEYS_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);
/// People who are on the way to the platform at the same time.
const ATTEMPTS_MAX: usize = 10_000;
/// Calls at the same time: a platform that hangs must not hold all the places for requests.
const CALLS_MAX: usize = 16;

/// An answer that is on its way: the body, or why there is none.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send + 'a>>;

/// How the platform is reached. The secret of the installation stays behind it.
pub trait Reach: Send + Sync {
    /// Fetches a document.
    fn get<'a>(&'a self, url: &'a str) -> Answering<'a>;
    /// Sends a form, with the word by which the platform knows the installation.
    fn redeem<'a>(&'a self, url: &'a str, form: Vec<(&'static str, String)>) -> Answering<'a>;
}

/// What an installation says about the platform.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What it is called on the button.
    pub label: String,
    /// Its address, as it names itself.
    pub issuer: String,
    /// Who the installation is there.
    pub client: String,
    /// Which claim says who somebody is.
    pub claim: String,
    /// What it is asked to say, in the words of the standard.
    pub scopes: Vec<String>,
    /// By which means (`acr`, `amr`) somebody has given a second factor there.
    pub second_factor: Vec<String>,
}

/// Identity platform 统一身份认证平台.
#[derive(Clone)]
pub struct Platform(Arc<Parts>);

struct Parts {
    settings: Settings,
    reach: Box<dyn Reach>,
    kept: Mutex<Kept>,
    attempts: Mutex<BTreeMap<String, Attempt>>,
    turns: Semaphore,
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Platform").field(&self.0.settings).finish()
    }
}

#[derive(Default)]
struct Kept {
    place: Option<(Place, Instant)>,
    keys: Option<(Vec<PlatformKey>, Instant)>,
}

/// What the platform says about itself (OpenID Connect Discovery).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Place {
    issuer: String,
    pub(super) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

/// Somebody on the way to the platform.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    /// The hash of the browser's key: nobody finishes what another browser has begun.
    pub(super) browser_hash: String,
    /// In which session an account is to be tied; none for signing in.
    pub(super) session: Option<SessionId>,
    /// The word that the token has to bring back.
    pub(super) nonce: String,
    /// The word that proves to the platform that we have begun it.
    pub(super) verifier: String,
    /// Where to go on.
    pub(super) back: String,
    /// When.
    pub(super) at: Instant,
}

/// What is given for a code.
#[derive(Deserialize)]
struct Redeemed {
    id_token: String,
}

impl Platform {
    /// A platform that is reached by this way.
    pub fn new(settings: Settings, reach: Box<dyn Reach>) -> Platform {
        let turns = Semaphore::new(CALLS_MAX);
        Platform(Arc::new(Parts { settings, reach, kept: Mutex::default(), attempts: Mutex::default(), turns }))
    }

    /// What the installation says about it.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody waits for a call: too many at once are told like a platform that does not answer.
    async fn called(&self, call: Answering<'_>) -> Result<Vec<u8>, String> {
        let _turn = self.0.turns.try_acquire().map_err(|_| format!("{CALLS_MAX} calls are under way"))?;
        call.await
    }

    /// Keeps an attempt; the oldest one is given up when there are too many.
    pub(super) fn begin(&self, state: &str, attempt: Attempt) {
        let mut attempts = self.0.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        if attempts.len() >= ATTEMPTS_MAX {
            attempts.retain(|_, one| one.at + ATTEMPT_LASTS >= attempt.at);
        }
        if attempts.len() >= ATTEMPTS_MAX {
            let oldest = attempts.iter().min_by_key(|(_, one)| one.at).map(|(state, _)| state.clone());
            oldest.and_then(|state| attempts.remove(&state));
        }
        attempts.insert(crypto::sha256(state.as_bytes()), attempt);
    }

    /// Takes an attempt back: it is finished once, by the browser that has begun it, in time.
    pub(super) fn take(&self, state: &str, browser_key: &str, now: Instant) -> Result<Attempt, IdentityProblem> {
        let mut attempts = self.0.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let found = attempts.remove(&crypto::sha256(state.as_bytes()));
        let is_ours = |attempt: &Attempt| {
            attempt.browser_hash == crypto::sha256(browser_key.as_bytes()) && now <= attempt.at + ATTEMPT_LASTS
        };
        found.filter(is_ours).ok_or(IdentityProblem::Stale)
    }

    /// Where the platform is, as it says itself. Only the platform that was configured may say it.
    pub(super) async fn place(&self, now: Instant) -> Result<Place, IdentityProblem> {
        if let Some((place, at)) = &self.kept().place
            && now < *at + PLACE_LASTS
        {
            return Ok(place.clone());
        }
        let issuer = &self.0.settings.issuer;
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let body = self.called(self.0.reach.get(&url)).await.map_err(|why| unreachable("its description", &why))?;
        let place: Place =
            serde_json::from_slice(&body).map_err(|error| unreachable("its description", &error.to_string()))?;
        if place.issuer != *issuer {
            tracing::warn!(issuer = place.issuer, "the identity platform names itself otherwise than it is configured");
            return Err(Doubt::Issuer.into());
        }
        if !is_web(&place.authorization_endpoint) {
            return Err(unreachable("its description", "the address for people is none"));
        }
        self.kept().place = Some((place.clone(), now));
        Ok(place)
    }

    async fn keys(&self, place: &Place, lasts: TimeDelta, now: Instant) -> Result<Vec<PlatformKey>, IdentityProblem> {
        if let Some((keys, at)) = &self.kept().keys
            && now < *at + lasts
        {
            return Ok(keys.clone());
        }
        let body = self.called(self.0.reach.get(&place.jwks_uri)).await.map_err(|why| unreachable("its keys", &why))?;
        let keys = id_token::keys(&body).ok_or_else(|| unreachable("its keys", "no set of keys"))?;
        self.kept().keys = Some((keys.clone(), now));
        Ok(keys)
    }

    /// What the platform says about whoever comes back with a code.
    pub(super) async fn said(
        &self,
        attempt: &Attempt,
        code: &str,
        redirect: &str,
        now: Instant,
    ) -> Result<Claims, IdentityProblem> {
        let place = self.place(now).await?;
        let form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", redirect.to_owned()),
            ("code_verifier", attempt.verifier.clone()),
        ];
        let body = self.0.reach.redeem(&place.token_endpoint, form).await.map_err(|why| unreachable("a code", &why))?;
        // Never told: a token is as good as a password.
        let redeemed: Redeemed =
            serde_json::from_slice(&body).map_err(|_| unreachable("a code", "no token in the answer"))?;
        let Settings { issuer, client, claim, .. } = self.settings();
        let keys = self.keys(&place, KEYS_LAST, now).await?;
        let claims = match id_token::read(&redeemed.id_token, &keys, claim) {
            Err(Doubt::Key) => {
                let keys = self.keys(&place, KEYS_AGAIN_AFTER, now).await?;
                id_token::read(&redeemed.id_token, &keys, claim)?
            }
            other => other?,
        };
        claims.judge(Expected { issuer, client, nonce: &attempt.nonce, now })?;
        Ok(claims)
    }
}

fn unreachable(doing: &str, why: &str) -> IdentityProblem {
    tracing::warn!(doing, why, "the identity platform did not answer as it should");
    IdentityProblem::Unreachable
}

/// An address to which people may be sent: encrypted, or on the machine itself; without odd characters.
fn is_web(url: &str) -> bool {
    let is_here = ["http://localhost", "http://127.0.0.1"]
        .iter()
        .any(|begin| url.strip_prefix(begin).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?'])));
    (url.starts_with("https://") || is_here) && url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
}
