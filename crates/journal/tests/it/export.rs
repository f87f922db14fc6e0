//! A whole journal as a file: written, checked, and improved by all kinds of people.

use std::io::{BufReader, Cursor};

use proptest::prelude::*;
use youju_journal::json::BadJson;
use youju_journal::{
    Algorithm, BadCheckpoint, BadExport, BadNote, EntryBuf, ExportReport, ExportWriter, Unproved, VerifyingKey,
    verify_export,
};

use crate::kit::{ORIGIN, checkpoint, entries, export, key, office_key, tree, trusted};

/// What the checker says with these keys.
pub fn check(bytes: &[u8], trusted: &[VerifyingKey]) -> Result<ExportReport, BadExport> {
    verify_export(&mut Cursor::new(bytes), trusted, &mut |_| {})
}

fn wrong(lines: &[String]) -> BadExport {
    check(lines.concat().as_bytes(), &trusted()).unwrap_err()
}

fn lines(count: u64) -> Vec<String> {
    String::from_utf8(export(count)).unwrap().split_inclusive('\n').map(str::to_owned).collect()
}

fn write(writer: &mut ExportWriter<'_>, entries: &[EntryBuf]) {
    for entry in entries {
        writer.entry(&entry.entry()).unwrap();
    }
}

#[test]
fn an_exported_journal_is_proved_by_its_checkpoint() {
    let bytes = export(40);
    let mut seen: Vec<EntryBuf> = Vec::new();
    let report =
        verify_export(&mut BufReader::with_capacity(7, &bytes[..]), &trusted(), &mut |entry| seen.push(entry.clone()));
    let report = report.unwrap();
    assert!(report.is_proved());
    assert_eq!((report.checkpoint.origin(), report.checkpoint.head().size), (ORIGIN, 40));
    assert_eq!(seen, entries(40));
    assert_eq!(report.unproved(), [Unproved::Time, Unproved::OneLog, Unproved::Truth]);
    let open = check(&bytes, &[]).unwrap();
    assert!(!open.is_proved() && open.unproved()[0] == Unproved::Signer);
}

#[test]
fn an_empty_journal_can_be_exported_too() {
    assert_eq!(check(&export(0), &trusted()).unwrap().checkpoint.head().size, 0);
}

#[test]
fn every_line_is_json() {
    for line in lines(12) {
        assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok(), "{line}");
    }
    assert!(lines(3)[1].starts_with("[1,\"2026-03-01T01:30:00.000001Z\",\"0195b2c1-"));
}

#[test]
fn removed_repeated_exchanged_and_added_entries_are_named() {
    let mut removed = lines(9);
    removed.remove(4);
    assert!(matches!(wrong(&removed), BadExport::Order { expected: 4, found: 5 }));
    let mut repeated = lines(9);
    repeated.insert(4, repeated[4].clone());
    assert!(matches!(wrong(&repeated), BadExport::Order { expected: 5, found: 4 }));
    let mut exchanged = lines(9);
    exchanged.swap(4, 5);
    assert!(matches!(wrong(&exchanged), BadExport::Order { expected: 4, found: 5 }));
    let mut shorter = lines(9);
    shorter.remove(9);
    assert!(matches!(wrong(&shorter), BadExport::Size { found: 8, expected: 9 }));
    let mut longer = lines(9);
    longer.insert(10, lines(10)[10].clone());
    assert!(matches!(wrong(&longer), BadExport::Size { found: 10, expected: 9 }));
}

#[test]
fn an_altered_entry_is_seen_in_the_root() {
    let mut altered = lines(9);
    altered[5] = altered[5].replace("王敏", "王某");
    assert!(matches!(wrong(&altered), BadExport::Root { size: 9, .. }));
    // Even with a checkpoint that fits, if it is not the office's.
    let forger = key(ORIGIN, Algorithm::Ed25519, 8);
    let mut all = entries(9);
    all[4].actor_name = "王某".into();
    let mut out = Cursor::new(Vec::new());
    let mut writer = ExportWriter::start(&mut out).unwrap();
    write(&mut writer, &all);
    assert_eq!(writer.head().size, 9);
    writer.finish(&checkpoint(&tree(&all), 9, &[&forger]), &[forger.verifying_key().clone()]).unwrap();
    let bytes = out.into_inner();
    assert!(matches!(check(&bytes, &trusted()).unwrap_err(), BadExport::Untrusted { .. }));
    assert!(!check(&bytes, &[]).unwrap().is_proved());
}

#[test]
fn truncated_and_continued_files_are_found() {
    let whole = lines(9);
    assert!(matches!(wrong(&whole[..10]), BadExport::CutOff { size: 9 }));
    assert!(matches!(wrong(&whole[..1]), BadExport::CutOff { size: 0 }));
    assert!(matches!(wrong(&[]), BadExport::CutOff { size: 0 }));
    for more in ["\n", " ", "[10]\n", "x"] {
        let mut continued = whole.clone();
        continued.push(more.to_owned());
        assert!(matches!(wrong(&continued), BadExport::Appended { line: 12 }), "{more:?}");
    }
    let bytes = whole.concat().into_bytes();
    for at in 0..bytes.len() {
        assert!(check(&bytes[..at], &trusted()).is_err(), "cut at {at}");
        let inserted = [&bytes[..at], b"1", &bytes[at..]].concat();
        assert!(check(&inserted, &trusted()).is_err(), "inserted at {at}");
        let deleted = [&bytes[..at], &bytes[at + 1..]].concat();
        assert!(check(&deleted, &trusted()).is_err(), "deleted at {at}");
    }
}

#[test]
fn only_one_writing_is_read() {
    let whole = lines(4);
    let with = |at: usize, from: &str, to: &str| {
        let mut lines = whole.clone();
        assert!(lines[at].contains(from));
        lines[at] = lines[at].replacen(from, to, 1);
        wrong(&lines)
    };
    assert!(matches!(with(0, "export.1", "export.2"), BadExport::Line { line: 1, bad: BadJson::Form { byte: 33 } }));
    assert!(matches!(with(1, "[1,", "[01,"), BadExport::Line { line: 2, bad: BadJson::Form { byte: 2 } }));
    assert!(matches!(with(1, ",\"", ", \""), BadExport::Line { line: 2, bad: BadJson::Form { byte: 4 } }));
    assert!(matches!(with(2, "王", "\\u738b"), BadExport::Line { line: 3, .. }));
    assert!(matches!(with(3, "\n", "\r\n"), BadExport::Line { line: 4, .. }));
    assert!(matches!(with(5, "{\"keys\"", "{\"Keys\""), BadExport::Line { line: 6, bad: BadJson::Form { byte: 3 } }));
    assert!(matches!(with(5, "tjj", "tji"), BadExport::Key { nth: 1, .. }));
    assert!(check(b"\xff", &[]).is_err());
}

#[test]
fn keys_are_those_of_the_signatures() {
    let (all, office, other) = (entries(4), office_key(), key(ORIGIN, Algorithm::Sm2, 9));
    let tree = tree(&all);
    let finish = |signing: &[&youju_journal::SigningKey], carried: &[VerifyingKey], size| {
        let mut out = Cursor::new(Vec::new());
        let mut writer = ExportWriter::start(&mut out).unwrap();
        write(&mut writer, &all);
        writer.finish(&checkpoint(&tree, size, signing), carried).map(|()| out.into_inner())
    };
    let (a, b) = (office.verifying_key().clone(), other.verifying_key().clone());
    let both = finish(&[&office, &other], &[a.clone(), b.clone()], 4).unwrap();
    assert!(check(&both, std::slice::from_ref(&b)).unwrap().is_proved());
    assert!(check(&both, std::slice::from_ref(&a)).unwrap().is_proved());
    let missing = finish(&[&office, &other], std::slice::from_ref(&a), 4).unwrap_err();
    assert!(matches!(missing, BadExport::Checkpoint(BadCheckpoint::Note(BadNote::NoKey { .. }))));
    assert!(matches!(finish(&[&office], &[a.clone(), b], 4).unwrap_err(), BadExport::UnusedKey { nth: 2 }));
    assert!(matches!(finish(&[&office], &[a.clone(), a.clone()], 4).unwrap_err(), BadExport::UnusedKey { nth: 1 }));
    assert!(matches!(finish(&[&office], &[a], 3).unwrap_err(), BadExport::Size { found: 4, expected: 3 }));
}

#[test]
fn the_writer_refuses_gaps_and_lines_that_nobody_would_read() {
    let all = entries(3);
    let mut out = Cursor::new(Vec::new());
    let mut writer = ExportWriter::start(&mut out).unwrap();
    writer.entry(&all[0].entry()).unwrap();
    assert!(matches!(writer.entry(&all[2].entry()).unwrap_err(), BadExport::Order { expected: 2, found: 3 }));
    let mut long = all[1].clone();
    long.payload = "x".repeat(16 * 1024 * 1024);
    assert!(matches!(writer.entry(&long.entry()).unwrap_err(), BadExport::TooLong { line: 3 }));
    let mut text = String::from_utf8(export(1)).unwrap();
    text.insert_str(text.find("[1,").unwrap(), &" ".repeat(17_000_000));
    let bad = check(text.as_bytes(), &[]).unwrap_err();
    assert_eq!(bad.to_string(), "第 2 行超过 16777216 字节。请核对文件是否取错。");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_journal_reads_back_as_it_was_written(texts in prop::collection::vec(prop::array::uniform4(any::<String>()), 0..6)) {
        let all: Vec<EntryBuf> = (1..).zip(texts).map(|(seq, [at, actor_name, object_id, payload])| {
            EntryBuf { seq, at, actor_name, object_id, payload, ..EntryBuf::default() }
        }).collect();
        let mut out = Cursor::new(Vec::new());
        let mut writer = ExportWriter::start(&mut out).unwrap();
        for entry in &all {
            writer.entry(&entry.entry()).unwrap();
        }
        writer.finish(&checkpoint(&tree(&all), all.len() as u64, &[&office_key()]), &trusted()).unwrap();
        let mut seen = Vec::new();
        verify_export(&mut Cursor::new(out.into_inner()), &trusted(), &mut |entry| seen.push(entry.clone())).unwrap();
        prop_assert_eq!(seen, all);
    }
}
