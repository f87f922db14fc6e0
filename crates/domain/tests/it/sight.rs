//! Who sees all of a case and who is only told something of it, as a story and as a law over whatever may happen.

use proptest::prelude::*;
use youju_domain::access::{Action, Actor, Object, Role, decide};
use youju_domain::case::{Case, CaseType, Command, Height, Material, New, Telling, Values, Who, flaws, open, take};

use crate::case::{colleague, letter, loan, moment, officer, opening, people, subject, values};
use crate::make::{actor, id};

/// The loan of the other stories, as something between offices of which the factory is told when it is settled.
fn quiet(told: Vec<Telling>) -> CaseType {
    CaseType { readers: vec![Who::Officer(Height::Any)], told, ..loan() }
}

fn telling(states: &[&str], shows: &[&str]) -> Telling {
    let own = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
    Telling { who: vec![Who::Unit(None)], states: own(states), shows: own(shows) }
}

/// Opened by the township, so that the factory is no applicant.
fn begin(kind: &CaseType) -> Case {
    let new = New { id: id(1), type_hash: "hash" };
    open(kind, new, subject(), &actor(Role::TownshipOfficer), opening(), moment(1)).unwrap()
}

fn does(kind: &CaseType, case: &Case, by: &Actor, act: &str) -> Case {
    let values = if act == "propose" { values(&[("how", "现场")]) } else { Values::new() };
    let command = Command { act: act.into(), reason: "内部意见".into(), values, ..Command::default() };
    take(kind, case, by, command, moment(2)).unwrap().case
}

#[test]
fn a_factory_learns_what_came_of_it_and_not_what_was_written_about_it() {
    let kind = quiet(vec![telling(&["refused"], &["what", "how"])]);
    let effects: Vec<String> = kind.actions.iter().flat_map(|act| act.effects.clone()).collect();
    assert_eq!(flaws(&kind, &effects.iter().map(String::as_str).collect::<Vec<_>>()), []);
    let clerk = actor(Role::Statistician);
    let sees = |case: &Case| decide(&clerk, Action::View, Object::Case(&case.reach(&kind)));
    let case = begin(&kind);
    let case = does(&kind, &case, &officer(), "propose");
    assert!(!sees(&case), "nobody is told beforehand");
    let case = does(&kind, &case, &colleague(), "refuse");
    assert!(sees(&case) && !case.reach(&kind).is_whole_to(&clerk));
    let (shown, told) = case.shown_to(&kind, &clerk);
    assert_eq!(told, values(&[("what", "2025 年台账"), ("how", "现场")]), "and not for how long");
    assert_eq!((shown.steps.len(), shown.state()), (1, "refused"), "only the step that is told");
    let step = shown.last().unwrap();
    assert_eq!((step.act.as_str(), step.at, step.reason.as_str()), ("refuse", moment(2).0, ""));
    assert_eq!(shown.materials().count(), 0);
    assert_eq!(case.shown_to(&kind, &officer()), (case.clone(), case.values()), "readers see all of it");
}

#[test]
fn a_telling_that_says_nothing_or_hides_a_field_from_its_own_hand_is_refused() {
    let told = |one: Telling| {
        let kind = quiet(vec![one]);
        let effects: Vec<String> = kind.actions.iter().flat_map(|act| act.effects.clone()).collect();
        let found = flaws(&kind, &effects.iter().map(String::as_str).collect::<Vec<_>>());
        found.into_iter().map(|flaw| flaw.says).collect::<Vec<_>>().join("\n")
    };
    let by = |who: Who, one: Telling| Telling { who: vec![who], ..one };
    for (one, expected) in [
        (telling(&[], &["what"]), "告知([[told]])应写明告知谁(who)、在哪些状态(in)、看到哪些栏目(shows)。"),
        (telling(&["gone"], &["what"]), "没有状态“gone”(告知的 in)。"),
        (telling(&["lent"], &["what", "colour"]), "没有栏目“colour”(告知的 shows)。"),
        (telling(&["lent"], &["how"]), "标题栏目“what”在列表中总能看到"),
        (by(Who::Applicant, telling(&["lent"], &["what"])), "“applicant”能查看整个事项"),
        (by(Who::Officer(Height::Any), telling(&["lent"], &["what"])), "“officer:any”能查看整个事项"),
        (by(Who::Colleagues, telling(&["returned"], &["what"])), "被告知的人办理“again”时填写“days”"),
    ] {
        let found = told(one);
        assert!(found.contains(expected), "{expected}: {found}");
    }
    assert_eq!(told(telling(&["lent", "signing"], &["what"])), "");
}

/// What somebody sees of a case that they may look at: all of it, or nothing but what is told and what they did.
fn tells_no_more(kind: &CaseType, case: &Case, actor: &Actor, fields: &[String]) {
    let reach = case.reach(kind);
    let (shown, told) = case.shown_to(kind, actor);
    if reach.is_whole_to(actor) {
        assert!(decide(actor, Action::View, Object::Case(&reach)));
        assert_eq!((&shown, &told), (case, &case.values()));
        return;
    }
    assert!(told.keys().all(|key| fields.contains(key)), "{told:?}");
    assert!(told.iter().all(|(key, value)| case.values().get(key) == Some(value)));
    for step in &shown.steps {
        let whole = case.steps.iter().any(|one| one == step);
        let is_bare = step.reason.is_empty() && step.materials.is_empty() && step.sending.is_none();
        assert!(whole && step.by == actor.person || is_bare, "{step:?}");
        assert!(step.by == actor.person || step.values.keys().all(|key| fields.contains(key)), "{step:?}");
    }
}

const STATES: [&str; 6] = ["asked", "returned", "deciding", "signing", "lent", "refused"];
const FIELDS: [&str; 3] = ["what", "days", "how"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_happens_nobody_is_told_more_than_the_type_says(
        moves in prop::collection::vec((0..16_usize, 0..7_usize), 1..40),
        states in prop::sample::subsequence(&STATES[..], 0..6),
        shows in prop::sample::subsequence(&FIELDS[..], 0..3),
    ) {
        let kind = quiet(vec![telling(&states, &shows)]);
        let shows: Vec<String> = shows.iter().map(ToString::to_string).collect();
        let people = people();
        let mut case = begin(&kind);
        for (person, act) in moves {
            let by = &people[person % people.len()];
            let act = &kind.actions[act];
            let values = if act.key == "propose" { values(&[("how", "复印")]) } else { Values::new() };
            let materials: Vec<Material> = if act.key == "again" { vec![letter()] } else { Vec::new() };
            let command = Command {
                act: act.key.clone(),
                reason: if act.key == "sign" { String::new() } else { "内部意见".into() },
                values,
                materials,
                revision: case.revision,
                ..Command::default()
            };
            if let Ok(taken) = take(&kind, &case, by, command, moment(2)) {
                case = taken.case;
            }
            for one in &people {
                let may = decide(one, Action::View, Object::Case(&case.reach(&kind)));
                let is_hand = case.reach(&kind).is_in_the_hands_of(one);
                let is_told = one.role.is_respondent() && states.contains(&case.state());
                if one.role.is_respondent() {
                    prop_assert_eq!(may, is_told || is_hand, "{} in {}", one.role.label(), case.state());
                }
                if may {
                    tells_no_more(&kind, &case, one, &shows);
                }
            }
        }
    }
}
