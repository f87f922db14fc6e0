//! Sign-ins 登录: from where people sign in, what was tried in vain, and what somebody should look at. Addresses are compared by their
//! network; nobody outside is asked where that is.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use chrono::{NaiveDate, Timelike};
use youju_codes::AreaCode;

use crate::Instant;
use crate::access::Role;
use crate::id::{PersonId, SignInId};
use crate::person::FAILURES_FREE;
use crate::survey::local;

/// Accounts on one network address from which on somebody should look at it: a park or an accountant may rightly have as many.
pub const ACCOUNTS_MIN: usize = 5;
/// Networks of one account from which on somebody should look at it.
pub const NETWORKS_MIN: usize = 4;
/// It is night from this hour …
pub const NIGHT_FROM: u32 = 22;
/// … to this one.
pub const NIGHT_TO: u32 = 6;

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// 登录成功.
    SignedIn,
    /// 密码不正确.
    WrongPassword,
    /// 动态码不正确.
    WrongCode,
    /// 安全密钥不正确.
    WrongKey,
    /// 激活码不正确.
    WrongLetter,
    /// 账号已停用: the password was right.
    Shut,
    /// 账号不存在.
    Stranger,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 7] = [
        Outcome::SignedIn,
        Outcome::WrongPassword,
        Outcome::WrongCode,
        Outcome::WrongKey,
        Outcome::WrongLetter,
        Outcome::Shut,
        Outcome::Stranger,
    ];

    /// The words on the page.
    pub fn label(self) -> &'static str {
        match self {
            Outcome::SignedIn => "登录成功",
            Outcome::WrongPassword => "密码不正确",
            Outcome::WrongCode => "动态码不正确",
            Outcome::WrongKey => "安全密钥不正确",
            Outcome::WrongLetter => "激活码不正确",
            Outcome::Shut => "账号已停用",
            Outcome::Stranger => "账号不存在",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Outcome::SignedIn => "signed_in",
            Outcome::WrongPassword => "wrong_password",
            Outcome::WrongCode => "wrong_code",
            Outcome::WrongKey => "wrong_key",
            Outcome::WrongLetter => "wrong_letter",
            Outcome::Shut => "shut",
            Outcome::Stranger => "stranger",
        }
    }

    /// Reads [`Outcome::key`].
    pub fn from_key(key: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.key() == key)
    }
}

/// Whose account it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whose {
    /// Who.
    pub person: PersonId,
    /// What they sign in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Their area.
    pub area: AreaCode,
}

/// Try to sign in 登录尝试.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Its id.
    pub id: SignInId,
    /// When.
    pub at: Instant,
    /// Whose account; none where there is no such account.
    pub whose: Option<Whose>,
    /// What became of it.
    pub outcome: Outcome,
    /// Failures in a row up to this one.
    pub failures: u32,
    /// Network address; empty where it is not known.
    pub address: String,
    /// The browser in words.
    pub browser: String,
}

impl SignIn {
    /// True when from now on the account has to wait.
    pub fn locks(&self) -> bool {
        self.failures >= FAILURES_FREE
    }

    /// The last day of it, by the clock on the wall.
    pub fn day(&self) -> NaiveDate {
        local(self.at).date()
    }

    fn is_at_night(&self) -> bool {
        let hour = local(self.at).hour();
        !(NIGHT_TO..NIGHT_FROM).contains(&hour)
    }

    fn login(&self) -> &str {
        self.whose.as_ref().map_or("", |whose| &whose.login)
    }
}

/// The network of an address: neighbours in one office share it.
pub fn network(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(v4)) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.*")
        }
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}::*")
        }
        Err(_) => "不明".to_owned(),
    }
}

/// How often, by how many, from where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Tries.
    pub tries: u64,
    /// Accounts.
    pub accounts: BTreeSet<String>,
    /// Networks.
    pub networks: BTreeSet<String>,
    /// The latest.
    pub last: Option<Instant>,
}

impl Tally {
    fn add(&mut self, one: &SignIn) {
        self.tries += 1;
        if !one.login().is_empty() {
            self.accounts.insert(one.login().to_owned());
        }
        self.networks.insert(network(&one.address));
        self.last = self.last.max(Some(one.at));
    }
}

/// What somebody should look at. None of it is proof of anything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// 一个地址多个账号.
    ManyAccounts {
        /// The address.
        address: String,
        /// The accounts.
        accounts: BTreeSet<String>,
    },
    /// 一个账号多个网段.
    ManyNetworks {
        /// The account.
        login: String,
        /// The networks.
        networks: BTreeSet<String>,
    },
    /// 首次出现的网段 of an account that had signed in from elsewhere before.
    NewNetwork {
        /// The account.
        login: String,
        /// The network.
        network: String,
        /// When.
        at: Instant,
    },
    /// 夜间登录.
    Night {
        /// The account.
        login: String,
        /// The network.
        network: String,
        /// When.
        at: Instant,
    },
}

impl Signal {
    /// The word on the page.
    pub fn label(&self) -> &'static str {
        match self {
            Signal::ManyAccounts { .. } => "一个地址多个账号",
            Signal::ManyNetworks { .. } => "一个账号多个网段",
            Signal::NewNetwork { .. } => "首次出现的网段",
            Signal::Night { .. } => "夜间登录",
        }
    }
}

/// Area, network and browser of sign-ins.
pub type Cross = (String, String, String);

/// From where people signed in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Map {
    /// All of them.
    pub all: Tally,
    /// By the county of the account.
    pub by_area: BTreeMap<String, Tally>,
    /// By county, network and browser.
    pub by_cross: BTreeMap<Cross, Tally>,
    /// By day.
    pub by_day: BTreeMap<NaiveDate, u64>,
    /// What somebody should look at.
    pub signals: Vec<Signal>,
}

/// The county of an account, or what is wider.
fn county(whose: &Whose) -> String {
    whose.area.as_str().chars().take(6).collect()
}

/// From where people have signed in since a day. The tries before it, oldest first like all of them, only tell what is new.
pub fn map(tries: &[SignIn], since: NaiveDate) -> Map {
    let mut map = Map::default();
    let mut known: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut of_address: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut of_account: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for one in tries.iter().filter(|one| one.outcome == Outcome::SignedIn) {
        let Some(whose) = &one.whose else { continue };
        let (login, net) = (whose.login.as_str(), network(&one.address));
        let is_known = !one.address.is_empty();
        let seen = known.entry(login).or_default();
        let is_new = is_known && !seen.is_empty() && !seen.contains(&net);
        if is_known {
            seen.insert(net.clone());
        }
        if one.day() < since {
            continue;
        }
        map.all.add(one);
        map.by_area.entry(county(whose)).or_default().add(one);
        map.by_cross.entry((county(whose), net.clone(), one.browser.clone())).or_default().add(one);
        *map.by_day.entry(one.day()).or_default() += 1;
        if is_known {
            of_address.entry(&one.address).or_default().insert(login.to_owned());
            of_account.entry(login).or_default().insert(net.clone());
        }
        if is_new {
            map.signals.push(Signal::NewNetwork { login: login.to_owned(), network: net.clone(), at: one.at });
        }
        if one.is_at_night() {
            map.signals.push(Signal::Night { login: login.to_owned(), network: net, at: one.at });
        }
    }
    let many = of_address.into_iter().filter(|(_, accounts)| accounts.len() >= ACCOUNTS_MIN);
    map.signals.extend(many.map(|(address, accounts)| Signal::ManyAccounts { address: address.to_owned(), accounts }));
    let many = of_account.into_iter().filter(|(_, networks)| networks.len() >= NETWORKS_MIN);
    map.signals.extend(many.map(|(login, networks)| Signal::ManyNetworks { login: login.to_owned(), networks }));
    map.signals.sort();
    map
}

/// What was tried in vain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Failures {
    /// All of it.
    pub all: Tally,
    /// By account; the empty one for accounts that do not exist.
    pub by_account: BTreeMap<String, Tally>,
    /// By address; the empty one where it is not known.
    pub by_address: BTreeMap<String, Tally>,
    /// By hour of the day.
    pub by_hour: [u64; 24],
    /// After which the account had to wait.
    pub lock_outs: u64,
}

/// What was tried in vain since a day.
pub fn failures(tries: &[SignIn], since: NaiveDate) -> Failures {
    let mut failures = Failures::default();
    for one in tries.iter().filter(|one| one.outcome != Outcome::SignedIn && one.day() >= since) {
        failures.all.add(one);
        failures.by_account.entry(one.login().to_owned()).or_default().add(one);
        failures.by_address.entry(one.address.clone()).or_default().add(one);
        failures.lock_outs += u64::from(one.locks());
        let hour = usize::try_from(local(one.at).hour()).unwrap_or_default();
        if let Some(count) = failures.by_hour.get_mut(hour) {
            *count += 1;
        }
    }
    failures
}
