//! How often a key may ask. Counted in memory: a program that restarts begins anew, and so does a server.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use youju_domain::id::ApiKeyId;
use youju_domain::{Instant, Problem};

use crate::limits::API_REQUESTS_MAX;

const WINDOW: TimeDelta = TimeDelta::minutes(1);

/// The requests of each key in its present minute. Only keys that exist are counted, so that guesses fill no memory.
#[derive(Debug, Default)]
pub(crate) struct Rate(Mutex<BTreeMap<ApiKeyId, (Instant, u32)>>);

impl Rate {
    /// Counts a request, or refuses it until the minute is over.
    pub(crate) fn take(&self, key: ApiKeyId, now: Instant) -> Result<(), Problem> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back must not lock anybody out.
        keys.retain(|_, (began, _)| (*began..*began + WINDOW).contains(&now));
        let (began, count) = keys.entry(key).or_insert((now, 0));
        if *count >= API_REQUESTS_MAX {
            let wait_seconds = (*began + WINDOW - now).num_seconds().max(1);
            return Err(Problem::TooManyRequests { wait_seconds });
        }
        *count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_waits_for_the_end_of_its_minute_and_no_other_key_waits_with_it() {
        let (rate, began) = (Rate::default(), Instant::UNIX_EPOCH);
        let key = |text: &str| text.parse::<ApiKeyId>().unwrap();
        let (one, two) = (key("018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11"), key("018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c12"));
        for _ in 0..API_REQUESTS_MAX {
            rate.take(one, began).unwrap();
        }
        let later = began + TimeDelta::seconds(20);
        assert_eq!(rate.take(one, later), Err(Problem::TooManyRequests { wait_seconds: 40 }));
        assert_eq!(rate.take(two, later), Ok(()));
        assert_eq!(rate.take(one, began + WINDOW), Ok(()));
        assert_eq!(rate.take(two, began - WINDOW), Ok(()));
    }
}
