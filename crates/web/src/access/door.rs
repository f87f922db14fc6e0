//! How often sign-ins may fail from one network address. Counted in memory: it slows guessing down, it proves nothing. An office behind
//! one address is never shut out: what is forgotten every few seconds is tried again.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use youju_domain::account::AccountProblem;
use youju_domain::{Instant, Problem};

use crate::limits::{ADDRESS_FAILURE_SECONDS, ADDRESS_FAILURES_FREE, ADDRESSES_MAX};

/// The failures of each address, as the instant at which the last of them will be forgotten.
#[derive(Debug, Default)]
pub(crate) struct Doors(Mutex<BTreeMap<IpAddr, Instant>>);

impl Doors {
    /// Refuses while an address has failed too often. An unknown address is let through: behind it stands no network.
    pub(crate) fn may_try(&self, address: &str, now: Instant) -> Result<(), Problem> {
        let Some(address) = door(address) else { return Ok(()) };
        let doors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = doors.get(&address).map_or_else(TimeDelta::zero, |until| *until - now - most());
        if over <= TimeDelta::zero() {
            return Ok(());
        }
        Err(AccountProblem::AddressWaits { wait_seconds: over.num_seconds().max(1) }.into())
    }

    /// Counts a failure.
    pub(crate) fn count(&self, address: &str, now: Instant) {
        let Some(address) = door(address) else { return };
        let mut doors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if doors.len() >= ADDRESSES_MAX {
            doors.retain(|_, until| *until > now);
        }
        if doors.len() >= ADDRESSES_MAX {
            let least = doors.iter().min_by_key(|(_, until)| **until).map(|(address, _)| *address);
            least.and_then(|address| doors.remove(&address));
        }
        let until = doors.entry(address).or_insert(now);
        // A clock that was set back must not shut anybody out.
        let begins = (*until).clamp(now, now + most());
        *until = begins + TimeDelta::seconds(ADDRESS_FAILURE_SECONDS);
    }
}

/// How long it takes to forget the free failures, all but one.
fn most() -> TimeDelta {
    TimeDelta::seconds(ADDRESS_FAILURE_SECONDS * i64::from(ADDRESS_FAILURES_FREE - 1))
}

/// Of IPv6 a whole network: one household has more addresses than could be counted.
pub(crate) fn door(address: &str) -> Option<IpAddr> {
    match address.parse().ok()? {
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => Some(IpAddr::V4(address)),
            None => Some(IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64))),
        },
        address @ IpAddr::V4(_) => Some(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: i64) -> Instant {
        Instant::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn an_address_that_fails_too_often_goes_on_slowly_and_others_do_not_wait_with_it() {
        let doors = Doors::default();
        for number in 0..ADDRESS_FAILURES_FREE {
            assert_eq!(doors.may_try("10.0.0.1", after(0)), Ok(()), "{number}");
            doors.count("10.0.0.1", after(0));
        }
        let refused = doors.may_try("10.0.0.1", after(0)).unwrap_err();
        assert_eq!(refused.says(), "从您这个网络地址登录失败的次数过多,请 10 秒后再试。");
        assert_eq!(doors.may_try("10.0.0.2", after(0)), Ok(()));
        assert_eq!(doors.may_try("", after(0)), Ok(()));
        assert!(doors.may_try("10.0.0.1", after(9)).is_err());
        assert_eq!(doors.may_try("10.0.0.1", after(10)), Ok(()));
        doors.count("10.0.0.1", after(10));
        assert!(doors.may_try("10.0.0.1", after(10)).is_err());
        // After a quiet while everything is as before.
        assert_eq!(doors.may_try("10.0.0.1", after(3_600)), Ok(()));
    }

    #[test]
    fn a_network_of_ipv6_is_one_door_and_the_memory_has_a_bound() {
        let doors = Doors::default();
        for number in 0..ADDRESS_FAILURES_FREE {
            doors.count(&format!("2001:db8::{number:x}"), after(0));
        }
        assert!(doors.may_try("2001:db8::ffff", after(0)).is_err());
        assert_eq!(doors.may_try("2001:db8:0:1::1", after(0)), Ok(()));
        for number in 0..u32::try_from(ADDRESSES_MAX).unwrap() + 10 {
            doors.count(&std::net::Ipv4Addr::from_bits(number).to_string(), after(1));
        }
        assert_eq!(doors.0.lock().unwrap().len(), ADDRESSES_MAX);
        assert!(doors.may_try("2001:db8::1", after(1)).is_err(), "who fails most is forgotten last");
    }
}
