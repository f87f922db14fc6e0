//! Signed notes and checkpoints: the published examples, one text for one value, and every way of altering one.

use proptest::prelude::*;
use youju_journal::{
    Algorithm, BadCheckpoint, BadNote, Checkpoint, Hash, Head, Note, SignedCheckpoint, SigningKey, VerifyingKey,
    in_beijing, is_instant, sha256,
};

use crate::kit::{Dice, ORIGIN, checkpoint, entries, key, office_key, tree};

/// The example in the documentation of golang.org/x/mod/sumdb/note.
const PETER: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

#[test]
fn the_published_note_verifies_and_is_signed_the_same_way_again() {
    let note = Note::parse(PETER).unwrap();
    let key = VerifyingKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
    assert_eq!(note.verify(&key), Ok(()));
    let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let again = Note::sign(note.text(), &[&SigningKey::parse(secret).unwrap()]).unwrap();
    assert_eq!(again.to_string(), PETER);
    let altered = Note::parse(&PETER.replace("answer", "Answer")).unwrap();
    assert_eq!(altered.verify(&key), Err(BadNote::Forged { name: "PeterNeumann".into() }));
}

#[test]
fn a_note_may_hold_empty_lines_and_ends_at_the_last_one() {
    // The example of C2SP signed-note.
    let text = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n\
        — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
    let note = Note::parse(text).unwrap();
    assert!(note.text().ends_with("sole:\n\ned è subito sera.\n"));
    assert_eq!(note.signatures()[0].name(), "quasimodo.example/salvatore");
    assert_eq!(note.signatures()[0].id().to_string(), "367ba04b");
    assert_eq!(note.to_string(), text);
}

/// Signature lines of keys that nobody knows.
fn others(count: usize) -> String {
    (0..count).fold(String::new(), |lines, n| lines + &format!("— x{n} AAAAAAA=\n"))
}

#[test]
fn what_is_not_exactly_a_note_is_refused() {
    let line = |line| BadNote::Line { line };
    for (text, bad) in [
        (String::new(), BadNote::Form),
        ("text\n".into(), BadNote::Form),
        ("text\n\n".into(), BadNote::Form),
        (PETER.trim_end().into(), BadNote::Form),
        (PETER.replace("is.\n\n", "is.\n"), BadNote::Form),
        (PETER.replace('\n', "\r\n"), BadNote::Form),
        (format!("{PETER}\n"), BadNote::Form),
        (PETER.replace("— ", "- "), line(1)),
        (PETER.replace("— ", "—  "), line(1)),
        (PETER.replace("nAM=", "nAN="), line(1)), // bits behind the last byte
        (PETER.replace("nAM=", "nAM"), line(1)),
        (PETER.replace("nAM=", "nAM= "), line(1)),
        (format!("{PETER}— x AAAAAA==\n"), line(2)),
        (format!("{PETER}— x\u{3000}y AAAAAAA=\n"), line(2)),
        (format!("{PETER}{}", PETER.rsplit_once("\n\n").unwrap().1), BadNote::Twice { name: "PeterNeumann".into() }),
        (PETER.to_owned() + &others(16), BadNote::TooMany),
        ("a".repeat(300_000), BadNote::TooLong),
    ] {
        assert_eq!(Note::parse(&text), Err(bad), "{text:.80}");
    }
    let sixteen = PETER.to_owned() + &others(15);
    assert_eq!(Note::parse(&sixteen).unwrap().signatures().len(), 16);
}

fn signed() -> SignedCheckpoint {
    checkpoint(&tree(&entries(5)), 5, &[&office_key()])
}

#[test]
fn a_checkpoint_is_four_lines_and_a_signature() {
    let text = signed().to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines[0], lines[1], lines[3], lines[4]), (ORIGIN, "5", "at 2026-04-01T00:00:00.000005Z", ""));
    assert!(lines[2].len() == 44 && lines[5].starts_with(&format!("— {ORIGIN} ")), "{text}");
    assert_eq!(SignedCheckpoint::parse(&text).unwrap(), signed());
    assert_eq!(signed().verify(office_key().verifying_key()), Ok(()));
}

#[test]
fn one_checkpoint_may_bear_both_kinds_of_signatures() {
    let (first, second) = (office_key(), key(ORIGIN, Algorithm::Sm2, 9));
    let both = checkpoint(&tree(&entries(5)), 5, &[&first, &second]);
    let read = SignedCheckpoint::parse(&both.to_string()).unwrap();
    assert_eq!(read.verify(first.verifying_key()), Ok(()));
    assert_eq!(read.verify(second.verifying_key()), Ok(()));
    let third = key(ORIGIN, Algorithm::Sm2, 10);
    assert!(matches!(read.verify(third.verifying_key()), Err(BadCheckpoint::Note(BadNote::NotSigned { .. }))));
}

#[test]
fn a_signature_of_somebody_else_stands_beside_and_is_not_looked_at() {
    // A witness, of a kind and length that we do not know.
    let text = format!("{}— witness.example/w {}\n", signed(), "QUJD".repeat(800));
    let read = SignedCheckpoint::parse(&text).unwrap();
    assert_eq!((read.signatures().len(), read.to_string()), (2, text));
    assert_eq!(read.verify(office_key().verifying_key()), Ok(()));
}

#[test]
fn a_key_of_another_log_cannot_sign_for_this_one() {
    let other = key("tjj.other.gov.cn/youju", Algorithm::Ed25519, 7);
    let refused = SignedCheckpoint::sign(signed().checkpoint().clone(), &[&other]);
    assert!(matches!(refused, Err(BadCheckpoint::OtherLog { .. })));
    // Even if it did, with a note of its own making.
    let forced = Note::sign(&signed().checkpoint().to_string(), &[&other]).unwrap().to_string();
    let read = SignedCheckpoint::parse(&forced).unwrap();
    assert!(matches!(read.verify(other.verifying_key()), Err(BadCheckpoint::OtherLog { .. })));
    assert!(matches!(read.verify(office_key().verifying_key()), Err(BadCheckpoint::Note(BadNote::NotSigned { .. }))));
    assert!(SignedCheckpoint::sign(signed().checkpoint().clone(), &[]).is_err());
}

#[test]
fn what_is_not_exactly_a_checkpoint_is_refused() {
    let text = signed().checkpoint().to_string();
    assert_eq!(Checkpoint::parse(&text).as_ref(), Ok(signed().checkpoint()));
    for bad in [
        text.trim_end().to_owned(),
        format!("{text}more\n"),
        text.replace("\n5\n", "\n05\n"),
        text.replace("\n5\n", "\n+5\n"),
        text.replace("\n5\n", "\n-5\n"),
        text.replace("\n5\n", "\n18446744073709551616\n"),
        text.replace("=\n", "\n"),
        text.replace("at 2026", "at  2026"),
        text.replace("at 2026", "At 2026"),
        text.replace("Z\n", "+00:00\n"),
        text.replace("04-01", "04-31"),
        text.replace(ORIGIN, ""),
        text.replace(ORIGIN, "tjj example"),
        text.split_inclusive('\n').take(3).collect(),
    ] {
        assert!(Checkpoint::parse(&bad).is_err(), "{bad}");
    }
}

#[test]
fn an_instant_is_a_moment_that_exists() {
    for good in ["2026-03-05T08:30:00.000000Z", "2024-02-29T23:59:59.999999Z", "2000-02-29T00:00:00.000000Z"] {
        assert!(is_instant(good), "{good}");
    }
    for bad in [
        "2026-02-29T00:00:00.000000Z",
        "1900-02-29T00:00:00.000000Z",
        "2026-00-01T00:00:00.000000Z",
        "2026-13-01T00:00:00.000000Z",
        "2026-01-00T00:00:00.000000Z",
        "2026-01-01T24:00:00.000000Z",
        "2026-01-01T00:60:00.000000Z",
        "2026-01-01T00:00:60.000000Z",
        "2026-01-01T00:00:00.00000Z",
        "2026-01-01 00:00:00.000000Z",
        "２026-01-01T00:00:00.000000Z",
    ] {
        assert!(!is_instant(bad), "{bad}");
    }
    for (utc, beijing) in [
        ("2026-03-05T08:30:00.000000Z", "2026-03-05 16:30:00"),
        ("2026-03-05T16:00:01.500000Z", "2026-03-06 00:00:01"),
        ("2024-02-28T20:00:00.000000Z", "2024-02-29 04:00:00"),
        ("2025-02-28T20:00:00.000000Z", "2025-03-01 04:00:00"),
        ("2025-12-31T23:59:59.000000Z", "2026-01-01 07:59:59"),
    ] {
        assert_eq!(in_beijing(utc).as_deref(), Some(beijing));
    }
    assert_eq!(in_beijing("gestern"), None);
}

#[test]
fn every_byte_of_a_signed_checkpoint_matters_to_whoever_has_the_key() {
    for algorithm in [Algorithm::Ed25519, Algorithm::Sm2] {
        let key = key(ORIGIN, algorithm, 7);
        let text = checkpoint(&tree(&entries(5)), 5, &[&key]).to_string();
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= u8::try_from(1 + Dice(at as u64).below(255)).unwrap();
            let is_accepted = String::from_utf8(bytes).is_ok_and(|text| {
                SignedCheckpoint::parse(&text).is_ok_and(|it| it.verify(key.verifying_key()).is_ok())
            });
            assert!(!is_accepted, "{algorithm}: byte {at}");
        }
    }
}

proptest! {
    #[test]
    fn a_checkpoint_reads_back(origin in "[a-z0-9./区县-]{1,40}", size: u64, leaf: u64, day in 1u32..=28, micro in 0u32..1_000_000) {
        let head = Head { size, root: sha256(&leaf.to_be_bytes()) };
        let at = format!("2026-02-{day:02}T12:00:00.{micro:06}Z");
        let checkpoint = Checkpoint::new(&origin, head, &at).unwrap();
        prop_assert_eq!(Checkpoint::parse(&checkpoint.to_string()).unwrap(), checkpoint.clone());
        let key = key(&origin, Algorithm::Ed25519, 3);
        let signed = SignedCheckpoint::sign(checkpoint, &[&key]).unwrap();
        let read = SignedCheckpoint::parse(&signed.to_string()).unwrap();
        prop_assert_eq!(&read, &signed);
        prop_assert!(read.verify(key.verifying_key()).is_ok());
    }

    #[test]
    fn whatever_parses_is_printed_as_it_was(text in "[a-c]{1,3}\n[0-9+ ]{1,3}\n[A-Za-z0-9+/=]{44}\nat 20[0-9]{2}-0[1-9]-[0-2][0-9]T0[0-9]:[0-5]0:00.000000Z\n") {
        if let Ok(checkpoint) = Checkpoint::parse(&text) {
            prop_assert_eq!(checkpoint.to_string(), text);
        }
    }
}

#[test]
fn the_empty_log_has_a_checkpoint_too() {
    let empty = Checkpoint::new(ORIGIN, Head { size: 0, root: Hash::empty() }, "2026-01-01T00:00:00.000000Z").unwrap();
    assert_eq!(Checkpoint::parse(&empty.to_string()), Ok(empty));
}
