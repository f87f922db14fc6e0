//! Handovers: three people, three signatures, nobody twice, and nothing ends before the last one.

use std::collections::BTreeSet;

use youju_domain::handover::{Handover, Item, Party, Signer, Signing, Stage, read_papers};

use crate::make::{at, id};

fn handover() -> Handover {
    Handover {
        id: id(1),
        giver: id(10),
        tenure: id(20),
        taker: id(11),
        document: "兰人社〔2026〕5号".into(),
        exception: String::new(),
        papers: "无".into(),
        stage: Stage::Awaits(Party::Giver),
        signatures: Vec::new(),
        begun_at: at(2),
        done_on: None,
        revision: 0,
    }
}

fn items() -> Vec<Item> {
    vec![Item { title: "报表:退回待改".into(), number: 1, named: vec!["B203 2026年1—3月".into()] }]
}

/// Everybody who may come along: one of each kind, and a second officer.
fn people() -> Vec<Signer> {
    let signer = |person, is_giver, is_taker, may_witness| Signer {
        person: id(person),
        name: format!("第{person}人"),
        is_giver,
        is_taker,
        may_witness,
    };
    vec![
        signer(1, true, false, false),
        signer(2, false, true, false),
        signer(3, false, false, true),
        signer(4, false, false, true),
        // Who is in charge takes over themselves.
        signer(5, false, true, true),
        // Who leaves was in charge.
        signer(6, true, false, true),
        signer(7, false, false, false),
    ]
}

fn sign(handover: &Handover, signer: &Signer, instead: &str) -> Option<Handover> {
    let signing = Signing { signer: signer.clone(), at: at(3), items: items(), instead: instead.into() };
    handover.sign(signing, "2026-04-03".parse().unwrap()).ok()
}

#[test]
fn every_way_to_the_end_is_signed_by_three_different_people_in_order() {
    let mut open = vec![handover()];
    let (mut done, mut seen) = (0, 0);
    while let Some(next) = open.pop() {
        seen += 1;
        let signed: BTreeSet<_> = next.signatures.iter().map(|one| one.person).collect();
        assert_eq!(signed.len(), next.signatures.len(), "nobody signs twice");
        assert_eq!(next.done_on.is_some(), next.stage == Stage::Done);
        if next.stage == Stage::Done {
            done += 1;
            let parties: Vec<Party> = next.signatures.iter().map(|one| one.party).collect();
            assert_eq!(parties, Party::ALL);
            let witness = next.signatures.last().unwrap();
            let is_own = people().iter().any(|one| one.person == witness.person && (one.is_giver || one.is_taker));
            assert!(!is_own, "nobody watches over themselves");
            assert!(people().iter().all(|one| sign(&next, one, "不能到场").is_none()), "what is done is done");
            continue;
        }
        let before = open.len();
        for one in people() {
            let after = sign(&next, &one, "本人已离岗");
            assert_eq!(after.is_some(), next.may_sign(&one).is_some());
            open.extend(after);
        }
        // Each open stage has somebody who can go on: two officers are enough.
        assert!(open.len() > before, "a dead end at {:?}", next.stage);
    }
    assert!(done > 4 && seen > done);
}

#[test]
fn signing_in_the_place_of_somebody_takes_a_reason() {
    let officer = people().remove(2);
    assert!(sign(&handover(), &officer, "").is_none());
    assert!(sign(&handover(), &officer, "病了").is_none());
    let signed = sign(&handover(), &officer, "本人已离职,联系不上").unwrap();
    assert_eq!(signed.signatures[0].instead.as_deref(), Some("本人已离职,联系不上"));
    // Who leaves signs themselves, and no reason is kept.
    let own = sign(&handover(), &people()[0], "多写的").unwrap();
    assert_eq!(own.signatures[0].instead, None);
    assert_eq!(own.signatures[0].items, items());
}

#[test]
fn what_is_done_is_not_taken_back() {
    let withdrawn = handover().withdraw().unwrap();
    assert_eq!(withdrawn.stage, Stage::Withdrawn);
    assert!(withdrawn.withdraw().is_err());
    assert!(people().iter().all(|one| sign(&withdrawn, one, "本人已离岗").is_none()));
    let mut done = handover();
    for one in people().iter().take(3) {
        done = sign(&done, one, "").unwrap();
    }
    assert!(done.withdraw().is_err());
}

#[test]
fn papers_are_told_or_said_to_be_none() {
    assert!(read_papers("  ").is_err());
    assert_eq!(read_papers(" 无 ").unwrap(), "无");
    assert!(read_papers(&"账".repeat(1_001)).is_err());
}
