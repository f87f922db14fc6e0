//! Every shipped case type, walked exhaustively: every reachable case × every act × everybody is either refused or leads to a valid next
//! state, and from everywhere two people of each office find a way to an end.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeZone, Utc};
use uuid::Uuid;
use youju_codes::{AreaCode, Usci};
use youju_domain::access::{Action, Actor, Domains, Object, Role, decide};
use youju_domain::attachment::FILES_MAX;
use youju_domain::case::{
    Act, Case, CaseType, Command, Demand, FieldKind, Material, Moment, New, OPEN, Point, Shot, Sort, Subject,
    SubjectKind, Values, offers, open, take,
};
use youju_domain::id::{Id, UnitId};
use youju_domain::register::Fact;
use youju_profile::{CaseTypes, Files, Profile, load, load_cases};

fn area(code: &str) -> AreaCode {
    AreaCode::parse(code).unwrap()
}

fn unit() -> UnitId {
    Id::new(Uuid::from_u128(7))
}

fn now() -> Moment {
    (Utc.with_ymd_and_hms(2026, 4, 1, 4, 0, 0).unwrap(), NaiveDate::from_ymd_opt(2026, 4, 1).unwrap())
}

/// Two people of each role on the way from a factory to the province, an administrator, and an officer of the neighbouring county.
fn everybody() -> Vec<Actor> {
    let mut people = Vec::new();
    for (number, role) in Role::ALL.into_iter().enumerate() {
        for twin in 0..2 {
            let (unit, place) = match role {
                Role::Statistician | Role::UnitHead => (Some(unit()), "330781001000"),
                Role::TownshipOfficer => (None, "330781001000"),
                Role::CountyOfficer => (None, "330781"),
                Role::CityOfficer | Role::Administrator | Role::SecurityAdministrator | Role::AuditAdministrator => {
                    (None, "3307")
                }
                Role::ProvinceOfficer => (None, "33"),
            };
            let person = Id::new(Uuid::from_u128(100 + number as u128 * 2 + twin));
            people.push(Actor {
                person,
                name: role.label().into(),
                role,
                area: area(place),
                unit,
                domains: Domains::Every,
                origin: None,
            });
        }
    }
    let stranger = Actor { person: Id::new(Uuid::from_u128(900)), area: area("330783"), ..people[6].clone() };
    assert_eq!(stranger.role, Role::CountyOfficer);
    people.push(stranger);
    people
}

/// Subjects of a type that a person could name.
fn subjects(kind: &CaseType, actor: &Actor) -> Vec<Subject> {
    let of = |place: AreaCode, unit: Option<UnitId>| Subject {
        kind: kind.subject,
        id: "x".into(),
        sort: kind.only.first().cloned().unwrap_or_default(),
        name: "办理对象".into(),
        area: place,
        unit,
    };
    match kind.subject {
        SubjectKind::None => vec![of(actor.area, None)],
        SubjectKind::Unit | SubjectKind::Staff => vec![of(area("330781001000"), Some(unit()))],
        SubjectKind::Organisation | SubjectKind::Area => {
            ["330781001000", "330781", "3307", "33"].map(|code| of(area(code), None)).to_vec()
        }
    }
}

/// Everything that an act asks for.
fn filled(kind: &CaseType, case: Option<&Case>, act: &str, demand: &Demand) -> Command {
    let value = |key: &String| {
        let field = kind.field(key).unwrap();
        let value = match field.kind {
            FieldKind::Unit => Usci::with_check("91330781FAKE77001").unwrap().to_string(),
            FieldKind::Text if field.fact == Some(Fact::Area) => "330781001000".to_owned(),
            FieldKind::Text if field.fact == Some(Fact::Industry) => "1721".to_owned(),
            FieldKind::Text | FieldKind::LongText => "写明情况".to_owned(),
            FieldKind::Date => "2026-04-01".to_owned(),
            FieldKind::Number => "12".to_owned(),
            FieldKind::Choice => field.choices[0].clone(),
            FieldKind::YesNo => "yes".to_owned(),
        };
        (key.clone(), value)
    };
    let there = |kind: &str| case.map_or(0, |case| case.materials().filter(|one| one.kind == kind).count());
    let missing = demand.evidence.iter().flat_map(|asked| {
        let sort = kind.material(&asked.kind).unwrap().sort;
        let shot =
            (sort == Sort::Photo).then(|| Shot { point: Point::new(29_208_300, 119_460_100), ..Shot::default() });
        let name = "材料.pdf".to_owned();
        let file = Material { kind: asked.kind.clone(), name, hash: "00".into(), size: 1, shot, inside: None };
        // What shows how it is on the spot is owed anew each time.
        let there = if sort == Sort::File { there(&asked.kind) } else { 0 };
        std::iter::repeat_n(file, (asked.least as usize).saturating_sub(there))
    });
    let mut values: Values = demand.owes.iter().chain(demand.one_of.first()).map(value).collect();
    if demand.checks {
        let mut stands = case.map(Case::values).unwrap_or_default();
        stands.extend(values.clone());
        let answers = kind.checks_for(&stands).into_iter().map(|check| (check.answer_key(), "yes".to_owned()));
        values.extend(answers.collect::<Values>());
    }
    Command {
        act: act.to_owned(),
        reason: "按规定办理,见附件".into(),
        values,
        materials: missing.collect(),
        revision: case.map_or(0, |case| case.revision),
        ..Command::default()
    }
}

/// What of a case decides about what may happen next.
type Key = (String, Vec<String>);

fn key(kind: &CaseType, case: &Case) -> Key {
    let watched: BTreeSet<&String> = kind.actions.iter().flat_map(|act| &act.not_by).collect();
    let last = |act: &&String| {
        let done = case.steps.iter().rev().find(|step| step.act == ***act);
        done.map(|step| format!("{act}:{}", step.by))
    };
    let mut facts: Vec<String> = watched.iter().filter_map(last).collect();
    let signed = case.steps.iter().rev().take_while(|step| step.to == case.state());
    facts.extend(signed.filter_map(|step| Some(format!("{}={}", step.signed_as.as_ref()?, step.by))));
    facts.push(format!("{:?}", case.values().keys().collect::<Vec<_>>()));
    facts.sort();
    (case.state().to_owned(), facts)
}

/// All cases that can come of one, and from each the ones that one step makes.
fn walk(kind: &CaseType, first: Case, people: &[Actor]) -> (BTreeMap<Key, Case>, Vec<(Key, Key)>) {
    let mut known: BTreeMap<Key, Case> = BTreeMap::new();
    let mut steps = Vec::new();
    let mut waiting = vec![first];
    while let Some(case) = waiting.pop() {
        let here = key(kind, &case);
        if known.contains_key(&here) {
            continue;
        }
        for act in &kind.actions {
            for actor in people {
                if let Some(next) = judged(kind, &case, act, actor) {
                    steps.push((here.clone(), key(kind, &next)));
                    waiting.push(next);
                }
            }
        }
        assert!(known.len() < 20_000, "{}: too many cases to walk", kind.key);
        known.insert(here, case);
    }
    (known, steps)
}

/// One act by one person: refused, or a valid next case.
fn judged(kind: &CaseType, case: &Case, act: &Act, actor: &Actor) -> Option<Case> {
    let command = filled(kind, Some(case), &act.key, &act.demand);
    let offered = offers(kind, case, actor).into_iter().find(|offer| offer.act.key == act.key);
    let reach = case.reach(kind);
    match take(kind, case, actor, command, now()) {
        Err(problem) => {
            let bar = offered.and_then(|offer| offer.bar);
            let is_here = act.from.iter().any(|from| from == case.state());
            assert!(!is_here || bar.is_some() || problem.code() == "access.forbidden", "{} {problem}", act.key);
            None
        }
        Ok(taken) => {
            let next = taken.case;
            assert!(offered.is_some_and(|offer| offer.bar.is_none()), "{} was not offered", act.key);
            assert!(
                decide(actor, Action::Handle, Object::Case(&reach))
                    && decide(actor, Action::View, Object::Case(&reach))
            );
            let state = kind.state(next.state()).unwrap_or_else(|| panic!("{} is no state", next.state()));
            assert!(next.state() == act.leads_to(case.state()) || !act.signatories.is_empty());
            assert!(
                state.is_end || !next.turn_parties(kind).is_empty(),
                "{}: nobody's turn in {}",
                kind.key,
                state.key
            );
            assert_eq!(state.is_end, next.turn(kind).is_empty());
            assert_eq!(state.deadline.is_some(), next.due_on(kind).is_some());
            for other in &act.not_by {
                let last = case.steps.iter().rev().find(|step| step.act == *other);
                assert!(last.is_none_or(|step| step.by != actor.person), "{} by one person", act.key);
            }
            Some(next)
        }
    }
}

/// Somebody whose turn it is can act.
fn somebody_can(kind: &CaseType, case: &Case, people: &[Actor]) -> bool {
    let (parties, barred) = (case.turn_parties(kind), case.barred(kind));
    people.iter().any(|actor| {
        parties.iter().any(|party| party.includes(actor, &case.subject.area))
            && !barred.contains(&actor.person)
            && offers(kind, case, actor).iter().any(|offer| offer.bar.is_none())
    })
}

/// Whoever may look at a case sees all of it, or no field that its type does not tell them and no word of anybody else.
fn tells_no_more(kind: &CaseType, case: &Case, actor: &Actor) {
    let reach = case.reach(kind);
    if !decide(actor, Action::View, Object::Case(&reach)) || reach.is_whole_to(actor) {
        return;
    }
    let fields: Vec<&String> = kind.told.iter().flat_map(|one| &one.shows).collect();
    let (shown, values) = case.shown_to(kind, actor);
    assert!(values.keys().all(|key| fields.contains(&key)), "{}: {values:?}", kind.key);
    for step in shown.steps.iter().filter(|step| step.by != actor.person) {
        assert!(step.reason.is_empty() && step.materials.is_empty(), "{}: {step:?}", kind.key);
        assert!(step.values.keys().all(|key| fields.contains(&key)), "{}: {step:?}", kind.key);
    }
}

/// Opens a type in every possible way and walks on; the states that were met.
fn explore(kind: &CaseType, people: &[Actor]) -> BTreeSet<String> {
    let mut met = BTreeSet::new();
    for actor in people {
        for subject in subjects(kind, actor) {
            let command = filled(kind, None, OPEN, &kind.open.demand);
            let new = New { id: Id::new(Uuid::from_u128(1)), type_hash: "hash" };
            let Ok(case) = open(kind, new, subject, actor, command, now()) else { continue };
            let (known, steps) = walk(kind, case, people);
            let ends = |key: &Key| kind.state(&key.0).is_some_and(|state| state.is_end);
            let mut ending: BTreeSet<&Key> = known.keys().filter(|key| ends(key)).collect();
            loop {
                let more: Vec<&Key> =
                    steps.iter().filter(|(_, to)| ending.contains(to)).map(|(from, _)| from).collect();
                let before = ending.len();
                ending.extend(more);
                if ending.len() == before {
                    break;
                }
            }
            for case in known.values() {
                for actor in people {
                    tells_no_more(kind, case, actor);
                }
            }
            for (key, case) in &known {
                assert!(ending.contains(key), "{}: no way to an end from {key:?}", kind.key);
                assert!(ends(key) || somebody_can(kind, case, people), "{}: nobody can act in {key:?}", kind.key);
            }
            met.extend(known.into_keys().map(|(state, _)| state));
        }
    }
    met
}

/// The shipped types. Which effects the program has is the business of the floor that has them: here every name is taken.
fn shipped(files: &[Files], profiles: &[Profile]) -> CaseTypes {
    let cases = Files::shipped_cases();
    let texts = [&cases].into_iter().chain(files).flat_map(|files| files.paths().filter_map(|path| files.get(path)));
    let tables: Vec<toml::Table> = texts.map(|text| text.parse().unwrap()).collect();
    let acts = tables.iter().filter_map(|table| table.get("action")?.as_array()).flatten();
    let effects = acts.filter_map(|act| act.get("effects")?.as_array()).flatten().filter_map(|name| name.as_str());
    match load_cases(&cases, files, profiles, &effects.collect::<Vec<_>>()) {
        Ok(types) => types,
        Err(errors) => panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

#[test]
fn every_shipped_type_can_be_gone_through_to_an_end_by_people_who_may() {
    let files = Files::shipped();
    let profiles = load(&files).unwrap();
    let types = shipped(&files, &profiles);
    let people = everybody();
    let mut count = 0;
    for (_, kind) in types.all() {
        assert!(kind.open.demand.evidence.iter().all(|asked| asked.least as usize <= FILES_MAX));
        let all: BTreeSet<String> = kind.states.iter().map(|state| state.key.clone()).collect();
        assert_eq!(explore(kind, &people), all, "{}: states that nobody reaches", kind.key);
        count += 1;
    }
    assert!(count >= 2);
}

#[test]
fn with_one_officer_alone_two_person_rules_hold_and_say_so() {
    let files = Files::shipped();
    let types = shipped(&files, &load(&files).unwrap());
    let kind = types.get(&area("330781"), "department_survey").unwrap();
    let officer = everybody().into_iter().find(|actor| actor.role == Role::CountyOfficer).unwrap();
    let subject = subjects(kind, &officer).into_iter().find(|subject| subject.area == officer.area).unwrap();
    let new = New { id: Id::new(Uuid::from_u128(1)), type_hash: "hash" };
    let opening = filled(kind, None, OPEN, &kind.open.demand);
    let mut case = open(kind, new, subject, &officer, opening, now()).unwrap();
    for act in ["accept", "propose"] {
        let command = filled(kind, Some(&case), act, &kind.act(act).unwrap().demand);
        case = take(kind, &case, &officer, command, now()).unwrap().case;
    }
    let command = filled(kind, Some(&case), "approve", &kind.act("approve").unwrap().demand);
    let refused = take(kind, &case, &officer, command, now()).unwrap_err();
    assert_eq!(refused.says(), "“提出审查意见”是您本人办理的,“批准”应由另一位人员办理。");
    assert_eq!(case.barred(kind), [officer.person]);
}
