//! Who may be given which domains, and what an officer's domains shut.

use std::collections::BTreeSet;

use youju_domain::access::{Action, Actor, Domains, Object, Role, Scope, decide};
use youju_domain::domains::{Domain, assign, gaps};
use youju_domain::person::Person;

use crate::make::{actor, area, id};

fn all() -> Vec<Domain> {
    [("energy", "能源"), ("industry", "工业"), ("labour", "劳动工资")]
        .map(|(key, label)| Domain { key: key.into(), label: label.into() })
        .to_vec()
}

fn names(keys: &[&str]) -> BTreeSet<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

fn officer(number: u128, role: Role, code: &str, keys: &[&str]) -> Person {
    Person {
        id: id(number),
        login: format!("x{number}"),
        name: "某".into(),
        role,
        area: area(code),
        unit: None,
        domains: Domains::of(names(keys)),
        failures: 0,
        failed_at: None,
    }
}

fn of_industry(role: Role) -> Actor {
    Actor { domains: Domains::of(names(&["industry"])), ..actor(role) }
}

#[test]
fn an_officers_domains_shut_forms_of_others_and_nothing_else() {
    let place = area("330781001002");
    for role in Role::ALL {
        let (free, bound) = (actor(role), of_industry(role));
        for action in Action::ALL {
            let report = |domain| Object::Report { unit: id(8), area: &place, domain };
            let survey = |domain| Object::Survey { area: &bound.area, domain };
            assert_eq!(
                decide(&bound, action, report("industry")),
                decide(&free, action, Object::Unit { id: id(8), area: &place })
            );
            assert_eq!(decide(&bound, action, survey("industry")), decide(&free, action, Object::Area(&free.area)));
            if role.is_officer() {
                assert!(!decide(&bound, action, report("energy")), "{role:?} {action:?}");
                assert!(!decide(&bound, action, survey("energy")), "{role:?} {action:?}");
            }
            let unit = Object::Unit { id: id(8), area: &place };
            assert_eq!(decide(&bound, action, unit), decide(&free, action, unit), "the register belongs to everybody");
        }
    }
}

#[test]
fn people_of_a_unit_report_every_form_of_it() {
    let clerk = of_industry(Role::Statistician);
    let unit = clerk.unit.unwrap();
    assert!(decide(&clerk, Action::Fill, Object::Report { unit, area: &clerk.area, domain: "energy" }));
    assert_eq!(clerk.form_scope([("B203", "industry"), ("205-1", "energy")]).forms, None);
}

#[test]
fn lists_take_the_forms_of_the_domains() {
    let forms = [("B203", "industry"), ("205-1", "energy"), ("B103-1", "industry")];
    let bound = of_industry(Role::CountyOfficer).form_scope(forms);
    assert_eq!(bound.forms, Some(names(&["B103-1", "B203"])));
    assert_eq!(bound.scope, Scope::Area(area("330781")));
    assert_eq!(actor(Role::CountyOfficer).form_scope(forms).forms, None);
    let none = Actor { domains: Domains::of(names(&["gone"])), ..actor(Role::CountyOfficer) };
    assert_eq!(
        none.form_scope(forms).forms,
        Some(BTreeSet::new()),
        "a domain that is gone shows nothing, not everything"
    );
}

/// What is chosen, who else is there, and what becomes of it: the domains, or a word of the refusal.
type Row<'a> = (&'a [&'a str], &'a [Person], Result<&'a [&'a str], &'a str>);

#[test]
fn a_domain_is_not_taken_from_its_last_officer() {
    let county = |number, keys: &[&str]| officer(number, Role::CountyOfficer, "330781", keys);
    let colleague = county(2, &["energy", "labour"]);
    let elsewhere = officer(3, Role::CountyOfficer, "330783", &[]);
    let above = officer(4, Role::CityOfficer, "3307", &[]);
    let me = county(1, &[]);
    let (colleagues, twins) = ([colleague], [county(1, &[])]);
    let table: [Row<'_>; 7] = [
        (&["industry"], &colleagues, Ok(&["industry"])),
        (&[], &colleagues, Ok(&[])),
        (&["energy"], &colleagues, Err("工业")),
        (&["industry"], &[], Err("能源、劳动工资")),
        (&["industry"], &[elsewhere, above], Err("能源、劳动工资")),
        (&["industry"], &twins, Err("能源、劳动工资")),
        (&["industry", "rocket"], &colleagues, Err("rocket")),
    ];
    for (chosen, others, wanted) in table {
        match (assign(&me, names(chosen), others, &all()), wanted) {
            (Ok(given), Ok(keys)) => assert_eq!(given, Domains::of(names(keys))),
            (Err(problem), Err(word)) => assert!(problem.says().contains(word), "{}", problem.says()),
            (given, wanted) => panic!("{chosen:?}: {given:?}, {wanted:?}"),
        }
    }
}

#[test]
fn only_officers_have_domains() {
    for role in Role::ALL.into_iter().filter(|role| !role.is_officer()) {
        let somebody = officer(1, role, "330781", &[]);
        assert!(assign(&somebody, names(&["industry"]), &[], &all()).is_err(), "{role:?}");
    }
}

#[test]
fn what_nobody_has_any_more_is_told_by_office() {
    let people = [
        officer(1, Role::CountyOfficer, "330781", &["industry"]),
        officer(2, Role::CountyOfficer, "330781", &["labour"]),
        officer(3, Role::CountyOfficer, "330783", &[]),
        officer(4, Role::CityOfficer, "3307", &["energy", "industry", "labour"]),
    ];
    let found = gaps(&people, &all());
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].role, found[0].area), (Role::CountyOfficer, area("330781")));
    assert_eq!(found[0].missing.iter().map(|domain| domain.label.as_str()).collect::<Vec<_>>(), ["能源"]);
}
