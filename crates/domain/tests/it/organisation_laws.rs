//! Whatever is done to organisations in whatever order: the past stays as it was, nobody hangs below nothing, and a code has one bearer.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::id::OrganisationId;
use youju_domain::organisation::{
    self, Act, Cut, Event, Ground, Kind, NewOrganisation, Organisation, Renaming, Span, Target, recut,
};

use crate::make::{area, at, id};

#[derive(Debug, Clone)]
enum Step {
    AddVillage(usize),
    AddStation(usize),
    Rename(usize, bool),
    Merge(usize, usize, bool),
    Split(usize, bool, usize),
    End(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let pick = 0..50_usize;
    let one = prop_oneof![
        pick.clone().prop_map(Step::AddVillage),
        pick.clone().prop_map(Step::AddStation),
        (pick.clone(), any::<bool>()).prop_map(|(a, code)| Step::Rename(a, code)),
        (pick.clone(), pick.clone(), any::<bool>()).prop_map(|(a, b, new)| Step::Merge(a, b, new)),
        (pick.clone(), any::<bool>(), pick.clone()).prop_map(|(a, stays, child)| Step::Split(a, stays, child)),
        pick.prop_map(Step::End),
    ];
    prop::collection::vec(one, 1..25)
}

/// A county with everything that has been, and what has happened to codes.
struct County {
    all: BTreeMap<OrganisationId, Organisation>,
    cuts: Vec<Cut>,
    today: NaiveDate,
    drawn: u32,
}

impl County {
    fn new() -> County {
        let mut county =
            County { all: BTreeMap::new(), cuts: Vec::new(), today: "2024-01-01".parse().unwrap(), drawn: 0 };
        county.begin(1, Kind::Government, None, "330781");
        for (number, code) in [(2, "330781102"), (3, "330781104"), (4, "330781106")] {
            county.begin(number, Kind::Township, Some(1), code);
        }
        county
    }

    fn begin(&mut self, number: u128, kind: Kind, parent: Option<u128>, code: &str) {
        let span = Span {
            from: self.today,
            until: None,
            kind,
            name: format!("机构{code}"),
            parent: parent.map(id),
            code: Some(area(code)),
            area: area(code),
        };
        let one = Organisation { id: id(number), unit: None, planned: None, spans: vec![span], revision: 0 };
        self.all.insert(one.id, one);
    }

    fn next(&mut self) -> u32 {
        self.drawn += 1;
        self.drawn
    }

    /// Codes are never used twice; townships have three digits, villages three more.
    fn township(&mut self) -> NewOrganisation {
        let number = self.next();
        let code = area(&format!("330781{:03}", 120 + number));
        NewOrganisation {
            id: id(u128::from(number) + 100),
            kind: Kind::Township,
            name: format!("新镇{number}"),
            code: Some(code),
            unit: None,
        }
    }

    fn going_on(&self, is: impl Fn(&Span) -> bool) -> Vec<Organisation> {
        let open = self.all.values().filter(|one| one.going_on().is_ok_and(&is));
        open.cloned().collect()
    }

    fn townships(&self) -> Vec<Organisation> {
        self.going_on(|span| span.kind == Kind::Township)
    }

    /// What stands below organisations, or works in their areas without a code: what the store gives.
    fn followers(&self, of: &[Organisation]) -> Vec<Organisation> {
        let ids: BTreeSet<OrganisationId> = of.iter().map(|one| one.id).collect();
        let areas: BTreeSet<AreaCode> = of.iter().filter_map(|one| one.last().and_then(|span| span.code)).collect();
        self.going_on(|span| {
            span.parent.is_some_and(|parent| ids.contains(&parent))
                || (span.code.is_none() && areas.contains(&span.area))
        })
    }

    fn act(&mut self, step: &Step) -> Option<Result<Act, Problem>> {
        let townships = self.townships();
        let pick = |index: usize| townships.get(index % townships.len().max(1)).cloned();
        let ground =
            Ground { on: self.today, document: "浙民行批1号".into(), reason: "优化区划设置".into() };
        let (ground, top) = ((ground, self.today), self.all.get(&id(1)).cloned()?);
        Some(match *step {
            Step::AddVillage(a) => {
                let (town, number) = (pick(a)?, self.next());
                let code = format!("{}{:03}", &town.last()?.code?.as_str()[..9], 200 + number);
                let new = NewOrganisation {
                    id: id(u128::from(number) + 100),
                    kind: Kind::Village,
                    name: format!("村{number}"),
                    code: Some(area(&code)),
                    unit: None,
                };
                organisation::add(&new, &town, ground.0, ground.1)
            }
            Step::AddStation(a) => {
                let (town, number) = (pick(a)?, self.next());
                let new = NewOrganisation {
                    id: id(u128::from(number) + 100),
                    kind: Kind::Office,
                    name: format!("统计站{number}"),
                    code: None,
                    unit: None,
                };
                organisation::add(&new, &town, ground.0, ground.1)
            }
            Step::Rename(a, recodes) => {
                let town = pick(a)?;
                let code = if recodes { self.township().code } else { town.last()?.code };
                let to = Renaming { kind: Kind::Township, name: format!("更名{}", self.next()), code };
                organisation::rename(&town, &to, Some(&top), &self.followers(std::slice::from_ref(&town)), ground)
            }
            Step::Merge(a, b, is_new) => {
                let merged = [pick(a)?, pick(b)?];
                let target = if is_new { Target::New(self.township()) } else { Target::GoesOn(merged[0].id) };
                organisation::merge(&merged, &target, &top, &self.followers(&merged), ground)
            }
            Step::Split(a, goes_on, child) => {
                let town = pick(a)?;
                let new = if goes_on { vec![self.township()] } else { vec![self.township(), self.township()] };
                let followers = self.followers(std::slice::from_ref(&town));
                let chosen = followers.get(child % followers.len().max(1)).map(|one| one.id);
                let below = chosen.into_iter().map(|one| (one, new[new.len() - 1].id)).collect();
                organisation::split(&town, (&new, goes_on), &top, (&followers, &below), ground)
            }
            Step::End(a) => {
                let town = pick(a)?;
                let below = self.going_on(|span| span.parent == Some(town.id)).len();
                organisation::end(&town, below, ground.0, ground.1)
            }
        })
    }

    fn write(&mut self, act: Act) {
        let event = Event {
            id: id(1),
            happened: act.done.happened,
            on: act.done.ground.on,
            document: String::new(),
            reason: String::new(),
            from: act.done.from,
            into: act.done.into,
            by: None,
            by_name: String::new(),
            at: at(1),
        };
        self.cuts.extend(event.cut());
        self.all.extend(act.begun.into_iter().chain(act.changed).map(|one| (one.id, one)));
    }

    /// What a day looks like.
    fn on(&self, day: NaiveDate) -> Vec<(OrganisationId, Span)> {
        let there = self.all.values().filter_map(|one| Some((one.id, one.as_of(day)?)));
        // An end that was entered later is no part of what the day looked like.
        there.map(|(id, span)| (id, Span { until: None, ..span.clone() })).collect()
    }
}

fn holds(county: &County, day: NaiveDate) -> Result<(), TestCaseError> {
    let now = county.on(day);
    let ids: BTreeSet<OrganisationId> = now.iter().map(|(id, _)| *id).collect();
    let codes: Vec<AreaCode> = now.iter().filter_map(|(_, span)| span.code).collect();
    prop_assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len(), "a code has one bearer");
    for (_, span) in &now {
        prop_assert!(
            span.parent.is_none_or(|parent| ids.contains(&parent)),
            "{} hangs below nothing on {}",
            span.name,
            day
        );
        if span.code.is_none() {
            let above = now.iter().find(|(id, _)| Some(*id) == span.parent).map(|(_, above)| above.area);
            prop_assert_eq!(Some(span.area), above, "{} works where its township is", &span.name);
        }
    }
    for one in county.all.values() {
        for pair in one.spans.windows(2) {
            prop_assert_eq!(pair[0].until, Some(pair[1].from), "no gap and no overlap");
        }
        prop_assert!(one.spans.iter().all(|span| span.until.is_none_or(|until| span.from < until)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn the_past_stays_nobody_hangs_below_nothing_and_codes_have_one_bearer(steps in steps()) {
        let mut county = County::new();
        let mut days = vec![county.today];
        for step in &steps {
            county.today = county.today + Days::new(10);
            let before: Vec<_> = days.iter().map(|day| county.on(*day)).collect();
            if let Some(Ok(act)) = county.act(step) {
                county.write(act);
            }
            let after: Vec<_> = days.iter().map(|day| county.on(*day)).collect();
            prop_assert_eq!(before, after, "{:?} changed the past", step);
            days.push(county.today);
            holds(&county, county.today)?;
        }
        // The codes of the townships of any day, told on any later day, are the codes of that day.
        let of = |day| -> BTreeSet<AreaCode> {
            county.on(day).into_iter().filter(|(_, span)| span.kind == Kind::Township).filter_map(|(_, span)| span.code).collect()
        };
        for from in &days {
            for to in days.iter().filter(|to| *to >= from) {
                let told: BTreeSet<AreaCode> = of(*from).iter().flat_map(|code| recut(&county.cuts, *code, *from, *to).codes).collect();
                prop_assert_eq!(told, of(*to));
            }
        }
    }
}
