//! The register of staff: who counts for what, and how a post begins and ends.

use chrono::NaiveDate;
use proptest::prelude::*;
use youju_domain::norm::{Minimum, Norm, Post};
use youju_domain::organisation::Kind;
use youju_domain::staff::{
    About, Appointment, Certificate, Course, Duty, Establishment, Field, Member, Qualified, Tenure, Time, Validity,
    Workplace, shortfalls,
};

use crate::make::id;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn tenure(who: u128, duty: Duty, establishment: Establishment, fields: &[Field]) -> Tenure {
    let post = Appointment {
        duty,
        time: Time::Full,
        establishment,
        fields: fields.to_vec(),
        work: String::new(),
        document: String::new(),
        since: day("2025-01-01"),
    };
    post.begin(id(who + 1_000), id(who), Workplace::Organisation(id(1)))
}

fn minimum(post: Post, least: u32) -> Minimum {
    Minimum { post, least, term_years: None, words: "原文".into() }
}

/// A norm of these minima.
fn norm(minima: Vec<Minimum>) -> Norm {
    Norm {
        id: "one".into(),
        kinds: vec![Kind::Township],
        only: Vec::new(),
        units_from: 0,
        units_below: None,
        minima,
        source: "plan".into(),
        paragraph: "一".into(),
    }
}

/// How many are there for each minimum.
fn present(minima: Vec<Minimum>, tenures: &[Tenure], enforcer: Option<u128>) -> Vec<u32> {
    let norm = norm(minima);
    let owed: Vec<(&Norm, &Minimum)> = norm.minima.iter().map(|one| (&norm, one)).collect();
    let member = |tenure| -> Member<'_> {
        let tenure: &Tenure = tenure;
        Member { tenure, may_enforce: enforcer.is_some_and(|who| tenure.staff == id(who)) }
    };
    let members: Vec<Member<'_>> = tenures.iter().map(member).collect();
    shortfalls(&owed, &members).iter().map(|one| one.present).collect()
}

#[test]
fn who_counts_for_which_post() {
    use Establishment::{Bought, Established, Hired};
    let people = [
        tenure(1, Duty::Chief, Established, &[]),
        tenure(2, Duty::Statistician, Hired, &[]),
        Tenure { time: Time::Part, ..tenure(3, Duty::Statistician, Bought, &[]) },
        tenure(4, Duty::Auxiliary, Hired, &[]),
        tenure(5, Duty::Lead, Established, &[]),
        // The lead is also a statistician: still one person.
        tenure(5, Duty::Statistician, Established, &[]),
    ];
    let posts = [
        (Post::FullTime, 3),
        (Post::Statistician, 4),
        (Post::Established, 2),
        (Post::Chief, 1),
        (Post::Lead, 1),
        (Post::Auxiliary, 1),
        (Post::Enforcement, 1),
    ];
    let minima = posts.iter().map(|(post, _)| minimum(*post, 9)).collect();
    let wanted: Vec<u32> = posts.iter().map(|(_, count)| *count).collect();
    assert_eq!(present(minima, &people, Some(2)), wanted);
}

#[test]
fn one_person_is_not_the_statistician_of_three_fields() {
    use Field::{Agriculture, Industry, Services};
    let minima = || {
        [Post::EstablishedAgriculture, Post::EstablishedIndustry, Post::EstablishedServices]
            .map(|post| minimum(post, 1))
            .to_vec()
    };
    let established = |who, fields: &[Field]| tenure(who, Duty::Statistician, Establishment::Established, fields);
    let alone = [established(1, &[Agriculture, Industry, Services])];
    assert_eq!(present(minima(), &alone, None).iter().sum::<u32>(), 1);
    // The first one moves to the field that the second one cannot take.
    let two = [established(1, &[Agriculture, Industry]), established(2, &[Agriculture])];
    assert_eq!(present(minima(), &two, None), [1, 1, 0]);
    let hired = [tenure(1, Duty::Statistician, Establishment::Hired, &[Agriculture])];
    assert_eq!(present(minima(), &hired, None), [0, 0, 0]);
}

proptest! {
    /// The matching fills as many posts as trying every assignment does.
    #[test]
    fn fields_are_filled_as_well_as_they_can_be(
        people in prop::collection::vec(prop::collection::btree_set(0_usize..3, 0..4), 0..6),
        least in prop::array::uniform3(0_u32..3),
    ) {
        let fields = [Field::Agriculture, Field::Industry, Field::Services];
        let posts = [Post::EstablishedAgriculture, Post::EstablishedIndustry, Post::EstablishedServices];
        let minima = posts.iter().zip(least).map(|(post, least)| minimum(*post, least)).collect();
        let tenures: Vec<Tenure> = people
            .iter()
            .enumerate()
            .map(|(who, own)| {
                let own: Vec<Field> = own.iter().map(|field| fields[*field]).collect();
                tenure(who as u128 + 1, Duty::Statistician, Establishment::Established, &own)
            })
            .collect();
        let found: u32 = present(minima, &tenures, None).iter().sum();
        // Everybody does nothing, or one of their fields: 4^5 assignments at most.
        let mut best = 0;
        for code in 0..4_u32.pow(u32::try_from(people.len()).unwrap()) {
            let mut filled = [0_u32; 3];
            let mut rest = code;
            for own in &people {
                let choice = (rest % 4) as usize;
                rest /= 4;
                if choice < 3 && own.contains(&choice) && filled[choice] < least[choice] {
                    filled[choice] += 1;
                }
            }
            best = best.max(filled.iter().sum());
        }
        prop_assert_eq!(found, best);
    }
}

#[test]
fn a_chief_is_established_and_full_time() {
    let today = day("2026-04-02");
    let post = |establishment, time| Appointment {
        duty: Duty::Chief,
        time,
        establishment,
        fields: Vec::new(),
        work: String::new(),
        document: String::new(),
        since: today,
    };
    assert!(post(Establishment::Established, Time::Full).read(today).is_ok());
    assert!(post(Establishment::Hired, Time::Full).read(today).is_err());
    assert!(post(Establishment::Established, Time::Part).read(today).is_err());
    let on = |since: &str| Appointment { since: day(since), ..post(Establishment::Established, Time::Full) };
    assert!(on("2026-06-01").read(today).is_ok(), "consent comes before somebody does");
    assert!(on("2026-06-02").read(today).unwrap_err().to_string().contains("最多提前 60 天"));
}

#[test]
fn a_chief_leaves_within_the_term_only_for_a_reason() {
    let chief = tenure(1, Duty::Chief, Establishment::Established, &[]);
    let early = day("2026-12-31");
    let refused = chief.end(early, "兰组〔2026〕3号", Some(2), "").unwrap_err().to_string();
    assert!(refused.contains("2027-01-01"), "{refused}");
    let excepted = chief.end(early, "兰组〔2026〕3号", Some(2), "本人因病离岗").unwrap();
    assert_eq!(excepted.left_by.as_deref(), Some("兰组〔2026〕3号;聘期未满,理由:本人因病离岗"));
    assert_eq!(chief.end(day("2027-01-01"), "任期届满", Some(2), "").unwrap().until, Some(day("2027-01-01")));
    // Where no document orders a term, and for anybody else, there is none.
    assert!(chief.end(early, "调动", None, "").is_ok());
    assert!(tenure(1, Duty::Lead, Establishment::Established, &[]).end(early, "调动", Some(2), "").is_ok());
    let ended = chief.end(early, "调动", None, "").unwrap();
    assert!(ended.end(early, "调动", None, "").is_err());
    assert!(chief.end(day("2024-12-31"), "调动", None, "").is_err());
    assert!(chief.end(early, " ", None, "").is_err());
    assert_eq!([ended.holds_on(day("2026-12-30")), ended.holds_on(early)], [true, false]);
}

#[test]
fn what_cannot_be_is_not_entered() {
    let about = |name: &str, born, began| About { name: name.into(), born, education: None, began };
    assert!(about(" 王小兰 ", Some(1990), Some(2012)).read(2026).is_ok_and(|about| about.name == "王小兰"));
    assert!(about("王", None, None).read(2026).is_err());
    assert!(about("王小兰", Some(2020), None).read(2026).is_err());
    assert!(about("王小兰", None, Some(2027)).read(2026).is_err());
    assert!(about("王小兰", Some(1990), Some(1991)).read(2026).is_err());
    let today = day("2026-04-02");
    let course =
        |hours| Course { held_on: today, hours, subject: "年报".into(), organiser: String::new(), passed: None };
    assert!(course(8).read(today).is_ok());
    assert!(course(0).read(today).is_err());
    assert!(Course { held_on: day("2026-04-03"), ..course(8) }.read(today).is_err());
}

#[test]
fn a_qualification_runs_out_on_the_day_after_its_last() {
    let card = Certificate {
        kind: Qualified::Enforcement,
        number: "浙A 0001".into(),
        issued_on: day("2021-06-01"),
        expires_on: Some(day("2026-05-31")),
    };
    let stands = ["2026-04-01", "2026-04-02", "2026-05-31", "2026-06-01"].map(|text| card.on(day(text)));
    assert_eq!(stands, [Validity::EndsSoon, Validity::EndsSoon, Validity::EndsSoon, Validity::Expired]);
    assert_eq!(card.on(day("2026-03-31")), Validity::Valid);
    assert_eq!(Certificate { expires_on: None, ..card.clone() }.on(day("2099-01-01")), Validity::Valid);
    assert!(Certificate { expires_on: Some(day("2021-01-01")), ..card }.read(day("2026-04-02")).is_err());
}
