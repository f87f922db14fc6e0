//! A proof bundle: what it shows, and every way in which somebody may try to improve it.

use proptest::prelude::*;
use youju_journal::{
    Algorithm, BadBundle, BadCheckpoint, BadNote, Bundle, Flaw, Head, Parts, Place, Report, SignedCheckpoint,
    SigningKey, Tree, Unproved, VerifyingKey, sha256, verify_bundle,
};

use crate::kit::{ORIGIN, bundle, cells, checkpoint, entries, key, office_key, parts, tree, trusted};

fn verify(text: &str) -> Result<Report, BadBundle> {
    verify_bundle(text.as_bytes(), &trusted())
}

fn build(change: impl FnOnce(&mut Parts)) -> Result<Bundle, BadBundle> {
    let (mut parts, tree) = parts(&[&office_key()]);
    change(&mut parts);
    Bundle::build(parts, &tree)
}

/// The same bundle after somebody replaced a text and put the fitting fingerprint at its end.
fn forge(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    reseal(&text.replacen(from, to, 1))
}

/// Puts the fitting fingerprint at the end.
pub fn reseal(text: &str) -> String {
    let (body, _) = text.rsplit_once(",\"sha256\":").unwrap();
    format!("{body},\"sha256\":\"{}\"}}\n", sha256(body.as_bytes()))
}

fn place_of(text: &str) -> (Place, Flaw) {
    let bad = verify(text).unwrap_err();
    (bad.place, bad.flaw)
}

#[test]
fn a_bundle_proves_its_entries_and_documents_to_whoever_has_the_key() {
    let report = verify(&bundle()).unwrap();
    assert!(report.is_proved());
    assert_eq!((report.checkpoint.origin(), report.checkpoint.head().size), (ORIGIN, 100));
    assert_eq!(report.older.as_ref().unwrap().checkpoint.head().size, 37);
    assert_eq!(report.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [33, 65, 100]);
    assert_eq!(report.documents.iter().map(|document| document.entry).collect::<Vec<_>>(), [33, 65]);
    assert_eq!(report.documents[0].bytes, cells(33));
    assert_eq!(
        report.unproved(),
        [Unproved::Time, Unproved::OneLog, Unproved::OtherEntries { count: 97 }, Unproved::Choice, Unproved::Truth]
    );
}

#[test]
fn without_a_key_only_inner_consistency_is_shown() {
    let report = verify_bundle(bundle().as_bytes(), &[]).unwrap();
    assert!(!report.is_proved());
    assert_eq!(report.unproved()[0], Unproved::Signer);
    assert_eq!(report.signers[0].key.fingerprint(), office_key().verifying_key().fingerprint());
    assert!(report.unproved()[0].to_string().contains("电话或公报"));
}

#[test]
fn everybody_can_make_a_consistent_bundle_and_nobody_believes_it() {
    // A forger with an own key of the same name, an own journal and own figures.
    let forger = key(ORIGIN, Algorithm::Ed25519, 8);
    let (parts, tree) = parts(&[&forger]);
    let text = Bundle::build(parts, &tree).unwrap().to_text();
    assert!(!verify_bundle(text.as_bytes(), &[]).unwrap().is_proved());
    let (place, flaw) = place_of(&text);
    let fingerprints = vec![forger.verifying_key().fingerprint()];
    assert_eq!((place, flaw), (Place::Checkpoint, Flaw::Untrusted { fingerprints }));
}

#[test]
fn the_right_key_under_a_wrong_name_is_a_wrong_key() {
    let renamed = key("tjj.example.gov.cn/other", Algorithm::Ed25519, 7);
    let bad = verify_bundle(bundle().as_bytes(), &[renamed.verifying_key().clone()]).unwrap_err();
    assert!(matches!(bad.flaw, Flaw::Untrusted { .. }));
    // Renamed inside the bundle, it is no key of this log any more.
    let own = office_key().verifying_key().to_string();
    let text = forge(&bundle(), &own, &renamed.verifying_key().to_string());
    assert!(matches!(
        place_of(&text),
        (Place::Checkpoint, Flaw::Checkpoint(BadCheckpoint::Note(BadNote::NoKey { .. })))
    ));
    assert!(matches!(place_of(&forge(&bundle(), &own, &own.replace("tjj", "tji"))), (Place::Key(1), Flaw::Key(_))));
}

#[test]
fn sm2_and_both_together_prove_as_well() {
    let (first, second) = (office_key(), key(ORIGIN, Algorithm::Sm2, 9));
    for keys in [vec![&second], vec![&first, &second], vec![&second, &first]] {
        let (parts, tree) = parts(&keys);
        let text = Bundle::build(parts, &tree).unwrap().to_text();
        let report = verify_bundle(text.as_bytes(), &[second.verifying_key().clone()]).unwrap();
        assert!(report.is_proved() && report.signers.len() == keys.len());
        assert_eq!(report.signers.iter().filter(|signer| signer.is_trusted).count(), 1);
        // A key that nobody asked about is checked too, and can be neither altered nor left out.
        for key in &keys {
            let text = forge(&text, &key.verifying_key().to_string(), &office_key_of_nobody().to_string());
            assert!(verify_bundle(text.as_bytes(), &[second.verifying_key().clone()]).is_err());
        }
    }
}

fn office_key_of_nobody() -> VerifyingKey {
    key(ORIGIN, Algorithm::Ed25519, 99).verifying_key().clone()
}

#[test]
fn an_older_checkpoint_by_a_key_of_before_is_continued_but_not_trusted() {
    let before = key(ORIGIN, Algorithm::Ed25519, 6);
    let text = build(|parts| {
        let tree = tree(&entries(100));
        parts.older = Some(checkpoint(&tree, 64, &[&before]));
        parts.keys.push(before.verifying_key().clone());
    });
    let report = verify(&text.unwrap().to_text()).unwrap();
    assert!(report.is_proved());
    assert_eq!(report.unproved()[0], Unproved::OlderSigner);
}

#[test]
fn a_fork_is_found() {
    // The office once signed another history of the first 37 entries.
    let mut rewritten = entries(100);
    rewritten[11].payload = r#"{"cells_hash":"0"}"#.into();
    let other = tree(&rewritten);
    let refused = build(|parts| parts.older = Some(checkpoint(&other, 37, &[&office_key()]))).unwrap_err();
    assert_eq!((refused.place, refused.flaw), (Place::Older, Flaw::Fork));
    // The same inside a ready bundle.
    let honest = tree(&entries(100));
    let written = |signed: SignedCheckpoint| serde_json::Value::from(signed.to_string()).to_string();
    let (from, to) = (checkpoint(&honest, 37, &[&office_key()]), checkpoint(&other, 37, &[&office_key()]));
    assert_eq!(place_of(&forge(&bundle(), &written(from), &written(to))), (Place::Older, Flaw::Fork));
}

#[test]
fn an_older_checkpoint_of_another_log_or_a_later_time_is_refused() {
    let all = tree(&entries(101));
    let later = build(|parts| parts.older = Some(checkpoint(&all, 101, &[&office_key()]))).unwrap_err();
    assert_eq!((later.place, later.flaw), (Place::Older, Flaw::Fork)); // there is no proof to begin with
    let other = key("tjj.other.gov.cn/youju", Algorithm::Ed25519, 7);
    let head = Head { size: 37, root: all.root_at(37).unwrap() };
    let dated = |origin: &str, at: &str, key: &SigningKey| {
        SignedCheckpoint::sign(youju_journal::Checkpoint::new(origin, head, at).unwrap(), &[key]).unwrap()
    };
    let foreign = build(|parts| {
        parts.older = Some(dated("tjj.other.gov.cn/youju", "2026-03-01T00:00:00.000000Z", &other));
        parts.keys.push(other.verifying_key().clone());
    });
    assert_eq!(foreign.unwrap_err().flaw, Flaw::OtherLog);
    let late = build(|parts| parts.older = Some(dated(ORIGIN, "2027-01-01T00:00:00.000000Z", &office_key())));
    assert_eq!(late.unwrap_err().flaw, Flaw::NotOlder);
    // The same checkpoint twice is a log that did not grow.
    assert!(build(|parts| parts.older = Some(parts.checkpoint.clone())).is_ok());
    let empty = checkpoint(&Tree::default(), 0, &[&office_key()]);
    assert!(build(|parts| parts.older = Some(empty)).is_ok());
}

#[test]
fn a_forger_who_repairs_the_closing_fingerprint_is_caught_at_the_place() {
    let text = bundle();
    let seq = |seq| Place::Entry(seq);
    let document = |nth, name: &str| Place::Document { nth, name: name.into() };
    assert_eq!(place_of(&forge(&text, "王敏", "王某")), (seq(33), Flaw::NotIncluded));
    assert_eq!(place_of(&forge(&text, "is_late", "is_lots")), (seq(33), Flaw::NotIncluded));
    assert_eq!(place_of(&forge(&text, "33250.00", "43250.00")), (document(1, "填报数据.json"), Flaw::Altered));
    let (old, new) = (sha256(&cells(33)).to_string(), sha256(&cells(34)).to_string());
    let both = forge(&text, "33250.00", "34250.00");
    let beside = both.rfind(&old).unwrap();
    let both = reseal(&format!("{}{new}{}", &both[..beside], &both[beside + 64..]));
    assert_eq!(place_of(&both), (document(1, "填报数据.json"), Flaw::OtherHash { seq: 33, key: "cells_hash".into() }));
    assert_eq!(place_of(&both.replace(&old, &new)).0, seq(33));
    assert_eq!(
        place_of(&forge(&text, "\"key\":\"cells_hash\"", "\"key\":\"version\"")),
        (document(1, "填报数据.json"), Flaw::NoHash { seq: 33, key: "version".into() })
    );
    assert_eq!(
        place_of(&forge(&text, "\"entry\":33", "\"entry\":34")),
        (document(1, "填报数据.json"), Flaw::NoEntry { seq: 34 })
    );
    assert_eq!(place_of(&forge(&text, "\"seq\":33", "\"seq\":34")), (seq(34), Flaw::NotIncluded));
    assert_eq!(place_of(&forge(&text, "\"seq\":100", "\"seq\":101")), (seq(101), Flaw::Outside { size: 100 }));
    assert_eq!(place_of(&forge(&text, "\"seq\":33", "\"seq\":0")), (seq(0), Flaw::Order));
    let forged = BadNote::Forged { name: ORIGIN.into() };
    assert_eq!(
        place_of(&forge(&text, "\\n100\\n", "\\n101\\n")),
        (Place::Checkpoint, Flaw::Checkpoint(BadCheckpoint::Note(forged)))
    );
    // A name is nobody's word but the sender's: it can be forged, and the report says so.
    let renamed = verify(&forge(&text, "填报数据.json", "别的数据.json")).unwrap();
    assert!(renamed.unproved().contains(&Unproved::Choice));
    assert_eq!(place_of(&text.replace("填报数据.json", "别的数据.json")), (Place::Whole, Flaw::Digest));
}

#[test]
fn exchanged_removed_and_repeated_parts_are_found() {
    let text = bundle();
    let start = |what: &str| text.find(what).unwrap();
    let (a, b, c) = (start("{\"seq\":33"), start("{\"seq\":65"), start("{\"seq\":100"));
    let (first, second) = (&text[a..b - 1], &text[b..c - 1]);
    let exchanged = reseal(&format!("{}{second},{first}{}", &text[..a], &text[c - 1..]));
    assert_eq!(place_of(&exchanged), (Place::Entry(33), Flaw::Order));
    let repeated = reseal(&format!("{}{first},{first}{}", &text[..a], &text[b - 1..]));
    assert_eq!(place_of(&repeated), (Place::Entry(33), Flaw::Order));
    let removed = reseal(&format!("{}{}", &text[..a], &text[b..]));
    assert_eq!(
        place_of(&removed),
        (Place::Document { nth: 1, name: "填报数据.json".into() }, Flaw::NoEntry { seq: 33 })
    );
    let key = format!("[\"{}\"]", office_key().verifying_key());
    let idle = format!("[\"{}\",\"{}\"]", office_key().verifying_key(), office_key_of_nobody());
    assert_eq!(place_of(&forge(&text, &key, &idle)), (Place::Key(2), Flaw::UnusedKey));
    let twice = format!("[\"{0}\",\"{0}\"]", office_key().verifying_key());
    assert_eq!(place_of(&forge(&text, &key, &twice)), (Place::Key(1), Flaw::UnusedKey));
    assert!(matches!(place_of(&forge(&text, &key, "[]")).0, Place::Checkpoint));
}

#[test]
fn only_one_writing_is_read() {
    let text = bundle();
    for other in [
        format!("\u{feff}{text}"),
        format!(" {text}"),
        format!("{text}\n"),
        text.trim_end().to_owned(),
        text.replacen(",\"keys\"", ", \"keys\"", 1),
        text.replacen('王', "\\u738b", 1),
        text.replace("\"older\":{", "\"newer\":1,\"older\":{"),
        text.replace("\"format\":\"youju.bundle.1\",", ""),
        text.replace("bundle.1", "bundle.2"),
        text.replace("\"entry\":33", "\"entry\":033"),
        text.replace("\"entry\":33", "\"entry\":33.0"),
        text.replace("\"text\":", "\"base64\":"),
    ] {
        let bad = verify(&other).unwrap_err();
        assert!(matches!((&bad.place, &bad.flaw), (Place::Byte(_), Flaw::Form)), "{bad}");
    }
    let upper = sha256(&cells(33)).to_string();
    assert!(verify(&reseal(&text.replace(&upper, &upper.to_uppercase()))).is_err());
    // Text that is written as base64 although it could stand as text.
    let (before, rest) = text.split_once(",\"text\":").unwrap();
    let after = rest.split_once("\",\"sha256\"").unwrap().1;
    let other = reseal(&format!("{before},\"base64\":\"YWJj\",\"sha256\"{after}"));
    assert_eq!(verify(&other).unwrap_err().flaw, Flaw::Form);
    assert_eq!(verify_bundle(b"\xff", &[]).unwrap_err().flaw, Flaw::NotUtf8);
}

#[test]
fn what_would_not_verify_is_not_built() {
    let label = |bad: &str| build(|parts| parts.documents[0].name = bad.into()).unwrap_err().flaw;
    assert_eq!([label(""), label("a\nb"), label(&"长".repeat(90))], [Flaw::Label, Flaw::Label, Flaw::Label]);
    assert!(matches!(build(|parts| parts.documents[0].bytes.push(b' ')).unwrap_err().flaw, Flaw::OtherHash { .. }));
    assert!(matches!(build(|parts| parts.entries[0].seq = 0).unwrap_err().flaw, Flaw::Outside { .. }));
    assert!(matches!(build(|parts| parts.entries[0].actor_name.push('x')).unwrap_err().flaw, Flaw::NotIncluded));
    assert!(matches!(build(|parts| parts.keys.clear()).unwrap_err().place, Place::Checkpoint));
    let entry = build(|parts| parts.entries.push(parts.entries[0].clone())).unwrap_err();
    assert_eq!((entry.place, entry.flaw), (Place::Entry(33), Flaw::Order));
    let unordered = build(|parts| parts.entries.reverse()).unwrap();
    assert_eq!(unordered.to_text(), bundle());
}

#[test]
fn limits_tell_the_number() {
    let too_long = verify_bundle(&vec![b' '; 64 * 1024 * 1024 + 1], &[]).unwrap_err();
    assert_eq!(too_long.to_string(), "证明包超过 67108864 字节。请核对文件是否取错。");
    let documents = build(|parts| parts.documents = vec![parts.documents[0].clone(); 1_001]).unwrap_err();
    assert_eq!(documents.flaw, Flaw::TooMany { most: 1_000 });
}

#[test]
fn messages_name_the_place_and_the_way_out() {
    let text = forge(&bundle(), "33250.00", "43250.00");
    assert_eq!(
        verify(&text).unwrap_err().to_string(),
        "证明包第 1 个文件“填报数据.json”的内容与旁边的 SHA-256 不符:文件被改动过。"
    );
    let bad = verify(&bundle()[1..]).unwrap_err().to_string();
    assert_eq!(bad, "证明包第 1 个字节起不是规定的写法:内容被改动、截断,或被编辑器另存过。请重新索取原件。");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_choice_out_of_any_journal_is_proved(
        size in 1u64..90, old in any::<prop::sample::Index>(), picks in prop::collection::vec(any::<prop::sample::Index>(), 0..6), more in 0u64..20,
    ) {
        let all = entries(size + more);
        let (tree, key) = (tree(&all), office_key());
        let mut chosen: Vec<_> = picks.iter().map(|at| all[at.index(usize::try_from(size).unwrap())].clone()).collect();
        chosen.sort_by_key(|entry| entry.seq);
        chosen.dedup();
        let parts = Parts {
            checkpoint: checkpoint(&tree, size, &[&key]),
            keys: trusted(),
            older: Some(checkpoint(&tree, old.index(usize::try_from(size).unwrap() + 1) as u64, &[&key])),
            entries: chosen.clone(),
            documents: vec![],
        };
        let built = Bundle::build(parts, &tree).unwrap();
        let report = verify(&built.to_text()).unwrap();
        prop_assert_eq!(report.entries, chosen);
        prop_assert!(report.older.is_some());
    }

    #[test]
    fn any_bytes_travel_as_a_document(bytes in prop::collection::vec(any::<u8>(), 0..60), text in any::<String>(), is_text: bool) {
        let bytes = if is_text { text.into_bytes() } else { bytes };
        let mut all = entries(3);
        all[2].payload = format!(r#"{{"file_hash":"{}"}}"#, sha256(&bytes));
        let (tree, (mut parts, _)) = (tree(&all), parts(&[&office_key()]));
        parts.checkpoint = checkpoint(&tree, 3, &[&office_key()]);
        parts.older = None;
        parts.entries = vec![all[2].clone()];
        parts.documents.truncate(1);
        parts.documents[0].bytes = bytes.clone();
        (parts.documents[0].entry, parts.documents[0].key) = (3, "file_hash".into());
        let text = Bundle::build(parts, &tree).unwrap().to_text();
        prop_assert_eq!(&verify(&text).unwrap().documents[0].bytes, &bytes);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }
}
