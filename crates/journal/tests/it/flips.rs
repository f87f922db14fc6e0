//! Ten thousand bytes are altered, one at a time, and each alteration is found.

use std::ops::Range;

use youju_journal::{Algorithm, Bundle, verify_bundle};

use crate::bundle::reseal;
use crate::export::check;
use crate::kit::{Dice, ORIGIN, bundle, export, key, parts, trusted};

const FLIPS: usize = 10_000;

#[test]
fn each_of_ten_thousand_altered_bytes_of_a_bundle_is_found() {
    let text = bundle();
    assert!(verify_bundle(text.as_bytes(), &trusted()).is_ok());
    let mut dice = Dice(2026);
    for n in 0..FLIPS {
        let (at, altered) = dice.flip(text.as_bytes());
        assert!(verify_bundle(&altered, &trusted()).is_err(), "{n}: byte {at}");
    }
}

#[test]
fn each_of_ten_thousand_altered_bytes_of_an_exported_journal_is_found() {
    let bytes = export(100);
    assert!(check(&bytes, &trusted()).is_ok());
    let mut dice = Dice(2027);
    for n in 0..FLIPS {
        let (at, altered) = dice.flip(&bytes);
        assert!(check(&altered, &trusted()).is_err(), "{n}: byte {at}");
    }
}

#[test]
fn altered_bytes_are_found_without_a_key_too_because_the_parts_hold_each_other() {
    let (text, bytes) = (bundle(), export(100));
    let mut dice = Dice(2028);
    for n in 0..1_000 {
        let (at, altered) = dice.flip(text.as_bytes());
        assert!(verify_bundle(&altered, &[]).is_err(), "{n}: byte {at} of the bundle");
        let (at, altered) = dice.flip(&bytes);
        assert!(check(&altered, &[]).is_err(), "{n}: byte {at} of the journal");
    }
}

#[test]
fn altered_bytes_under_a_signature_of_sm2_are_found() {
    let key = key(ORIGIN, Algorithm::Sm2, 7);
    let (parts, tree) = parts(&[&key]);
    let text = Bundle::build(parts, &tree).unwrap().to_text();
    let trusted = [key.verifying_key().clone()];
    let mut dice = Dice(2029);
    for n in 0..1_000 {
        let (at, altered) = dice.flip(text.as_bytes());
        assert!(verify_bundle(&altered, &trusted).is_err(), "{n}: byte {at}");
    }
}

/// Where the names and media types of documents stand: the one thing in a bundle that is nobody's word but the sender's.
fn labels(text: &str) -> Vec<Range<usize>> {
    let documents = text.find(",\"documents\":").unwrap();
    let mut found = Vec::new();
    for member in ["\"name\":\"", "\"media_type\":\""] {
        for (at, _) in text.match_indices(member).filter(|(at, _)| *at > documents) {
            let start = at + member.len();
            found.push(start..start + text[start..].find('"').unwrap());
        }
    }
    found
}

#[test]
fn who_also_repairs_the_closing_fingerprint_can_alter_names_and_nothing_else() {
    let text = bundle();
    let labels = labels(&text);
    assert_eq!(labels.len(), 4);
    let body = text.rfind(",\"sha256\":").unwrap();
    let (mut dice, mut renamed) = (Dice(2030), 0);
    for n in 0..FLIPS {
        let (at, altered) = dice.flip(text.as_bytes());
        let Ok(altered) = String::from_utf8(altered) else { continue };
        if at >= body {
            continue; // the fingerprint itself
        }
        if verify_bundle(reseal(&altered).as_bytes(), &trusted()).is_ok() {
            assert!(labels.iter().any(|label| label.contains(&at)), "{n}: byte {at}");
            renamed += 1;
        }
    }
    assert!(renamed > 0, "the test would not notice if names were proved");
}

#[test]
fn inserted_deleted_and_cut_bytes_of_a_bundle_are_found() {
    let text = bundle().into_bytes();
    let mut dice = Dice(2031);
    for _ in 0..2_000 {
        let (at, byte) = (dice.below(text.len()), u8::try_from(dice.below(256)).unwrap());
        assert!(verify_bundle(&[&text[..at], &[byte], &text[at..]].concat(), &trusted()).is_err(), "inserted at {at}");
        assert!(verify_bundle(&[&text[..at], &text[at + 1..]].concat(), &trusted()).is_err(), "deleted at {at}");
        assert!(verify_bundle(&text[..at], &trusted()).is_err(), "cut at {at}");
        assert!(verify_bundle(&[&text[..], &[byte]].concat(), &trusted()).is_err(), "appended {byte}");
    }
}
