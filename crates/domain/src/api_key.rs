//! API key 接口密钥: by which a program of a unit hands in its ledgers and takes part in its cases, in the name of the statistician who
//! made the key.
//!
//! A key is no person: it does what it was made for, and what wants somebody's own hand stays with people. It never touches a report (law 1).

use chrono::{Months, NaiveDate, TimeDelta};
use youju_codes::AreaCode;

use crate::Instant;
use crate::access::{Action, Actor, Object};
use crate::id::{ApiKeyId, PersonId, UnitId};
use crate::person::Person;
use crate::problem::Problem;
use crate::survey::{local, parse_local};

/// Characters of the name of a key: it is printed behind the name of a person.
pub const NAME_CHARS_MAX: usize = 20;
/// Months that a key lasts when nobody says how long.
pub const MONTHS_USUAL: u32 = 12;
/// Months that a key lasts at most: then somebody has to think of it again.
pub const MONTHS_MAX: u32 = 24;
/// Keys of one unit that are in force at the same time. A unit has a handful of programs.
pub const KEYS_MAX: usize = 20;

/// Use 用途 of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Handing in ledgers, and reading where figures came from and went.
    Ledgers,
    /// Opening cases of the unit and doing in them what wants nobody's own hand.
    Cases,
}

impl Use {
    /// All uses.
    pub const ALL: [Use; 2] = [Use::Ledgers, Use::Cases];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Use::Ledgers => "台账",
            Use::Cases => "事项",
        }
    }

    /// The name in forms and in the journal.
    pub fn key(self) -> &'static str {
        match self {
            Use::Ledgers => "ledgers",
            Use::Cases => "cases",
        }
    }
}

/// What a key may be used for: decided when it is made, and never widened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uses {
    /// For ledgers.
    pub ledgers: bool,
    /// For cases.
    pub cases: bool,
}

impl Uses {
    /// What every key was for before there was a choice.
    pub const LEDGERS: Uses = Uses { ledgers: true, cases: false };

    /// The uses that were chosen; at least one.
    pub fn chosen(ledgers: bool, cases: bool) -> Result<Uses, Problem> {
        if ledgers || cases {
            return Ok(Uses { ledgers, cases });
        }
        Err(Problem::BadInput { reason: "请选择密钥的用途:台账、事项,或者两项都选。".into() })
    }

    /// True when it is among them.
    pub fn holds(self, one: Use) -> bool {
        match one {
            Use::Ledgers => self.ledgers,
            Use::Cases => self.cases,
        }
    }

    /// Those that it holds.
    pub fn each(self) -> impl Iterator<Item = Use> {
        Use::ALL.into_iter().filter(move |one| self.holds(*one))
    }

    /// In words.
    pub fn label(self) -> String {
        self.each().map(Use::label).collect::<Vec<_>>().join("、")
    }
}

/// API key 接口密钥. The secret itself is nowhere: only what it hashes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// The unit that it acts for.
    pub unit: UnitId,
    /// What the unit calls it, e.g. `用友接口`.
    pub name: String,
    /// The beginning of the secret, by which people tell keys apart.
    pub prefix: String,
    /// SHA-256 of the secret, hexadecimal.
    pub secret_hash: String,
    /// What it may be used for.
    pub uses: Uses,
    /// Who made it, and answers for what it does.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// When it ends by itself.
    pub expires_at: Instant,
    /// When and by whom it was ended before.
    pub revoked: Option<(Instant, PersonId)>,
    /// The last request that was noted.
    pub last_used_at: Option<Instant>,
}

/// Whether a key is in force 密钥状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It serves.
    Active,
    /// Its time is over.
    Expired,
    /// Somebody ended it.
    Revoked,
}

impl Standing {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Standing::Active => "有效",
            Standing::Expired => "已过期",
            Standing::Revoked => "已停用",
        }
    }
}

impl ApiKey {
    /// Whether it is in force.
    pub fn standing(&self, now: Instant) -> Standing {
        if self.revoked.is_some() {
            Standing::Revoked
        } else if now >= self.expires_at {
            Standing::Expired
        } else {
            Standing::Active
        }
    }

    /// The last day on which it serves.
    pub fn last_day(&self) -> NaiveDate {
        local(self.expires_at - TimeDelta::seconds(1)).date()
    }

    /// Refuses what it was not made for.
    pub fn must_serve(&self, needs: Use) -> Result<(), Problem> {
        if self.uses.holds(needs) { Ok(()) } else { Err(Problem::WrongKeyUse { is: self.uses, needs }) }
    }

    /// As whom the key acts: the person who made it, while they may still fill in for the unit. Their name tells the key's,
    /// so that the journal tells a program from the person themselves.
    pub fn actor(&self, person: &Person, area: &AreaCode, now: Instant) -> Result<Actor, Problem> {
        let actor = person.actor();
        let may_fill = actor.must(Action::Fill, Object::Unit { id: self.unit, area }).is_ok();
        if person.id == self.by && may_fill && self.standing(now) == Standing::Active {
            Ok(Actor { name: format!("{}(接口 {})", actor.name, self.name), ..actor })
        } else {
            Err(Problem::WrongApiKey)
        }
    }

    /// Ends it. One that has been ended before stays as it was.
    #[must_use]
    pub fn revoke(self, by: PersonId, now: Instant) -> ApiKey {
        ApiKey { revoked: self.revoked.or(Some((now, by))), ..self }
    }
}

/// The name of a key as it may be printed.
pub fn named(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    let count = name.chars().count();
    if !(1..=NAME_CHARS_MAX).contains(&count) || name.chars().any(char::is_control) {
        let reason = format!("密钥名称应为 1 到 {NAME_CHARS_MAX} 个字,现为 {count} 个字。");
        return Err(Problem::BadInput { reason });
    }
    Ok(name.to_owned())
}

/// When a key ends: after the day that is asked for, else after a year.
pub fn expiry(last_day: Option<NaiveDate>, now: Instant) -> Result<Instant, Problem> {
    let today = local(now).date();
    let usual = today.checked_add_months(Months::new(MONTHS_USUAL));
    let latest = today.checked_add_months(Months::new(MONTHS_MAX));
    let asked = last_day.or(usual).filter(|day| (Some(today)..=latest).contains(&Some(*day)));
    let ends = asked.and_then(|day| parse_local(&format!("{} 00:00", day.succ_opt()?)));
    ends.ok_or_else(|| {
        let latest = latest.unwrap_or(today);
        Problem::BadInput {
            reason: format!("有效期应在 {today} 至 {latest} 之间,最长 {MONTHS_MAX} 个月。")
        }
    })
}

/// Refuses one key more than a unit may have in force.
pub fn must_have_room(keys: &[ApiKey], now: Instant) -> Result<(), Problem> {
    let active = keys.iter().filter(|key| key.standing(now) == Standing::Active).count();
    if active < KEYS_MAX {
        return Ok(());
    }
    let reason = format!("本单位已有 {active} 个有效的接口密钥,最多 {KEYS_MAX} 个。请先停用不再使用的密钥。");
    Err(Problem::BadInput { reason })
}
