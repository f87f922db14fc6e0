//! Whether a place has the people that the norms ask for. Counted are people, not posts: whoever holds two posts in one place is one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Duty, Establishment, Field, Tenure, Time};
use crate::id::StaffId;
use crate::norm::{Minimum, Norm, Post};

/// A post that is held in a place today, with what counts about its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member<'a> {
    /// The post.
    pub tenure: &'a Tenure,
    /// Its holder has a valid 统计执法证.
    pub may_enforce: bool,
}

/// Shortfall 缺口: a minimum with how many are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall<'n> {
    /// The norm.
    pub norm: &'n Norm,
    /// The minimum.
    pub minimum: &'n Minimum,
    /// How many are there.
    pub present: u32,
}

impl Shortfall<'_> {
    /// How many are missing.
    pub fn missing(&self) -> u32 {
        self.minimum.least.saturating_sub(self.present)
    }
}

/// Every minimum that a place owes, with how many are there.
///
/// Nobody counts for two fields: three established statisticians, one each for agriculture, industry and services, are three people.
/// Who counts for which field is chosen so that as many as possible are filled.
pub fn shortfalls<'n>(owed: &[(&'n Norm, &'n Minimum)], members: &[Member<'_>]) -> Vec<Shortfall<'n>> {
    let wanted = owed.iter().filter_map(|(_, minimum)| Some((field(minimum.post)?, minimum.least)));
    let mut fields: BTreeMap<Field, u32> = BTreeMap::new();
    for (field, least) in wanted {
        let most = fields.entry(field).or_default();
        *most = least.max(*most);
    }
    let filled = filled(&fields, members);
    let count = |(norm, minimum): &(&'n Norm, &'n Minimum)| {
        let present = match field(minimum.post) {
            Some(field) => filled.get(&field).copied().unwrap_or_default(),
            None => people(members.iter().filter(|member| counts(minimum.post, member))),
        };
        Shortfall { norm, minimum, present }
    };
    owed.iter().map(count).collect()
}

fn field(post: Post) -> Option<Field> {
    match post {
        Post::EstablishedAgriculture => Some(Field::Agriculture),
        Post::EstablishedIndustry => Some(Field::Industry),
        Post::EstablishedServices => Some(Field::Services),
        _ => None,
    }
}

/// Whether somebody counts for a post, whatever else they do.
fn counts(post: Post, member: &Member<'_>) -> bool {
    let Tenure { duty, time, establishment, .. } = member.tenure;
    let does_statistics = *duty != Duty::Auxiliary;
    // Whoever answers for the statistics of a place is one of its people, and not one of its statisticians (统计员).
    let is_statistician = matches!(duty, Duty::Statistician | Duty::Chief);
    match post {
        Post::FullTime => does_statistics && *time == Time::Full,
        Post::Statistician => does_statistics,
        Post::Established | Post::EstablishedAgriculture | Post::EstablishedIndustry | Post::EstablishedServices => {
            is_statistician && *establishment == Establishment::Established
        }
        Post::Chief => *duty == Duty::Chief && *time == Time::Full && *establishment == Establishment::Established,
        Post::Lead => *duty == Duty::Lead,
        Post::Auxiliary => *duty == Duty::Auxiliary,
        Post::Enforcement => member.may_enforce,
    }
}

fn people<'a>(members: impl Iterator<Item = &'a Member<'a>>) -> u32 {
    let people: BTreeSet<StaffId> = members.map(|member| member.tenure.staff).collect();
    u32::try_from(people.len()).unwrap_or(u32::MAX)
}

/// How many places of each field can be filled by different established people: a greatest matching, by ways that make it greater.
fn filled(wanted: &BTreeMap<Field, u32>, members: &[Member<'_>]) -> BTreeMap<Field, u32> {
    let mut may: BTreeMap<StaffId, BTreeSet<Field>> = BTreeMap::new();
    for member in members.iter().filter(|member| counts(Post::Established, member)) {
        may.entry(member.tenure.staff).or_default().extend(member.tenure.fields.iter().copied());
    }
    let seats: Vec<Field> = wanted.iter().flat_map(|(field, least)| (0..*least).map(|_| *field)).collect();
    let mut holders: BTreeMap<usize, StaffId> = BTreeMap::new();
    for staff in may.keys() {
        seat(*staff, &may, &seats, &mut holders, &mut BTreeSet::new());
    }
    let mut filled: BTreeMap<Field, u32> = BTreeMap::new();
    for field in holders.keys().filter_map(|place| seats.get(*place)) {
        *filled.entry(*field).or_default() += 1;
    }
    filled
}

/// Finds a seat for somebody; whoever sits on it moves to another one if they can.
fn seat(
    staff: StaffId,
    may: &BTreeMap<StaffId, BTreeSet<Field>>,
    seats: &[Field],
    holders: &mut BTreeMap<usize, StaffId>,
    tried: &mut BTreeSet<usize>,
) -> bool {
    for (place, field) in seats.iter().enumerate() {
        if !may.get(&staff).is_some_and(|fields| fields.contains(field)) || !tried.insert(place) {
            continue;
        }
        let is_free = match holders.get(&place).copied() {
            None => true,
            Some(holder) => seat(holder, may, seats, holders, tried),
        };
        if is_free {
            holders.insert(place, staff);
            return true;
        }
    }
    false
}
