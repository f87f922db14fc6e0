//! Pace: how fast requests may come. Whoever has signed in is counted by their session, with room for the quickest hands; everybody else by
//! the network address, with room for a whole township behind one. Keys of programs have a pace of their own (`api/rate.rs`), and so have
//! failed sign-ins (`access/door.rs`).
//!
//! Time is that of the machine, not of the world: a rehearsal stands still, and its pages are asked for all the same.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;
use youju_app::crypto::sha256;
use youju_domain::Problem;

use crate::limits::{ADDRESS_PACE, COUNTED_MAX, SESSION_PACE};
use crate::request::{Refusal, address_of, cookie, is_json, refuse};
use crate::{Web, access, api, url};

/// So many at once, and then one in each interval.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowed {
    /// At once.
    pub burst: u32,
    /// Between two, when they keep coming.
    pub every: Duration,
}

/// What was asked lately.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// Only sessions that exist: cookies that somebody makes up are counted by the address.
    sessions: Mutex<Meters<String>>,
    addresses: Mutex<Meters<IpAddr>>,
}

impl Pace {
    /// A session that was found to exist.
    pub(crate) fn know(&self, token: &str) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.know(sha256(token.as_bytes()), Instant::now());
    }

    /// Counts a request of a session; none when it is not known.
    fn of_session(&self, token: &str, now: Instant) -> Option<Result<(), Duration>> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.take_known(&sha256(token.as_bytes()), now, SESSION_PACE)
    }

    /// Counts a request of an address. The machine itself speaks for many, and behind an unknown one stands no network.
    fn of_address(&self, address: &str, now: Instant) -> Result<(), Duration> {
        let Some(address) = access::door(address).filter(|address| !address.is_loopback()) else { return Ok(()) };
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        addresses.take(address, now, ADDRESS_PACE)
    }
}

/// Until when each has used up what it may.
#[derive(Debug)]
struct Meters<Key>(HashMap<Key, Instant>);

impl<Key> Default for Meters<Key> {
    fn default() -> Meters<Key> {
        Meters(HashMap::new())
    }
}

impl<Key: Eq + Hash + Clone> Meters<Key> {
    fn know(&mut self, key: Key, now: Instant) {
        self.make_room(now);
        self.0.entry(key).or_insert(now);
    }

    fn take_known(&mut self, key: &Key, now: Instant, allowed: Allowed) -> Option<Result<(), Duration>> {
        self.0.get_mut(key).map(|until| take(until, now, allowed))
    }

    fn take(&mut self, key: Key, now: Instant, allowed: Allowed) -> Result<(), Duration> {
        self.make_room(now);
        take(self.0.entry(key).or_insert(now), now, allowed)
    }

    /// Forgets those who have nothing to wait for; when nobody can be forgotten, the one who waits least.
    fn make_room(&mut self, now: Instant) {
        if self.0.len() >= COUNTED_MAX {
            self.0.retain(|_, until| *until > now);
        }
        if self.0.len() >= COUNTED_MAX {
            let least = self.0.iter().min_by_key(|(_, until)| **until).map(|(key, _)| key.clone());
            least.and_then(|key| self.0.remove(&key));
        }
    }
}

fn take(until: &mut Instant, now: Instant, allowed: Allowed) -> Result<(), Duration> {
    let begins = (*until).max(now);
    let over = (begins - now).saturating_sub(allowed.every * allowed.burst.saturating_sub(1));
    if over.is_zero() {
        *until = begins + allowed.every;
        return Ok(());
    }
    Err(over)
}

/// Refuses what comes too fast, and says when to come again. Styles and scripts are not counted: a page asks for a dozen.
pub(crate) async fn pace(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/assets/") || path == url::HEALTH {
        return next.run(request).await;
    }
    let now = Instant::now();
    let by_session = cookie(request.headers()).and_then(|token| web.pace.of_session(&token, now));
    let allowed = by_session.unwrap_or_else(|| web.pace.of_address(&address_of(&web, &request), now));
    let Err(wait) = allowed else { return next.run(request).await };
    let wait_seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX).saturating_add(1);
    let problem = Problem::TooFast { wait_seconds };
    let mut response = if api::is_api(path) {
        api::ApiProblem::from(problem).into_response()
    } else {
        let (status, refused) = Refusal::from(problem).told();
        refuse(status, refused, is_json(request.headers()))
    };
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait_seconds));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: Allowed = Allowed { burst: 2, every: Duration::from_secs(10) };

    #[test]
    fn whoever_is_too_fast_goes_on_at_the_pace_and_nobody_waits_with_them() {
        let (mut meters, began) = (Meters::default(), Instant::now());
        let after = |seconds| began + Duration::from_secs(seconds);
        assert_eq!(meters.take("a", after(0), TWO), Ok(()));
        assert_eq!(meters.take("a", after(0), TWO), Ok(()));
        assert_eq!(meters.take("a", after(4), TWO), Err(Duration::from_secs(6)));
        assert_eq!(meters.take("b", after(4), TWO), Ok(()));
        assert_eq!(meters.take("a", after(10), TWO), Ok(()));
        assert!(meters.take("a", after(19), TWO).is_err());
        assert_eq!((meters.take("a", after(100), TWO), meters.take("a", after(100), TWO)), (Ok(()), Ok(())));
    }

    #[test]
    fn a_made_up_session_is_not_known_and_memory_is_bounded() {
        let (mut meters, now) = (Meters::default(), Instant::now());
        assert_eq!(meters.take_known(&0, now, TWO), None);
        meters.know(0, now);
        assert_eq!(meters.take_known(&0, now, TWO), Some(Ok(())));
        for key in 1..COUNTED_MAX + 100 {
            let _ = meters.take(key, now, TWO);
        }
        assert!(meters.0.len() <= COUNTED_MAX);
    }
}
