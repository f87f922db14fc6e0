//! A journal of a statistics office, and every way in which somebody may try to improve it afterwards.

use youju_journal::{Entry, Frontier, Hash, Head, Mismatch, Stored, Verifier, What, verify};

/// An owned copy of what a journal table holds.
#[derive(Clone)]
struct Row {
    seq: u64,
    texts: [String; 7],
    leaf: Vec<u8>,
    root: Vec<u8>,
}

impl Row {
    fn entry(&self) -> Entry<'_> {
        let [at, actor_id, actor_name, action, object_kind, object_id, payload] = &self.texts;
        Entry { seq: self.seq, at, actor_id, actor_name, action, object_kind, object_id, payload }
    }

    fn stored(&self) -> Stored<'_> {
        Stored { entry: self.entry(), leaf_hash: &self.leaf, root_hash: &self.root }
    }
}

fn office_journal() -> Vec<Row> {
    let mut log = Frontier::default();
    let told = [
        ("张会计", "report.submit", r#"{"version":1}"#),
        ("李审核", "report.return", r#"{"reason":"B1 小于 B2"}"#),
        ("张会计", "report.submit", r#"{"version":2}"#),
        ("李审核", "report.accept", "{}"),
        ("赵首席", "release.publish", r#"{"figure":"规上工业增加值"}"#),
    ];
    let mut rows = Vec::new();
    for (seq, (name, action, payload)) in (1..).zip(told) {
        let texts = [&format!("2026-03-0{seq}T08:30:00.000000Z"), "p-1", name, action, "report", "206-1", payload]
            .map(str::to_owned);
        let mut row = Row { seq, texts, leaf: vec![], root: vec![] };
        let leaf = row.entry().leaf_hash();
        log.append(leaf);
        (row.leaf, row.root) = (leaf.as_bytes().to_vec(), log.root().as_bytes().to_vec());
        rows.push(row);
    }
    rows
}

fn check(rows: &[Row]) -> Result<Head, Mismatch> {
    verify(rows.iter().map(Row::stored))
}

#[test]
fn an_untouched_journal_verifies_to_its_last_root() {
    let rows = office_journal();
    let head = check(&rows).unwrap();
    assert_eq!((head.size, head.root.as_bytes()), (5, &rows[4].root[..]));
    assert_eq!(check(&[]).unwrap(), Head { size: 0, root: Hash::empty() });
}

#[test]
fn the_canonical_bytes_are_netstrings_that_anybody_can_write() {
    let row = &office_journal()[3];
    let text = String::from_utf8(row.entry().canonical_bytes()).unwrap();
    assert_eq!(
        text,
        "15:youju.journal.1,1:4,27:2026-03-04T08:30:00.000000Z,3:p-1,9:李审核,13:report.accept,6:report,5:206-1,2:{},"
    );
}

#[test]
fn a_change_of_any_field_of_any_entry_is_named() {
    for victim in 0..5 {
        for field in 0..7 {
            let mut rows = office_journal();
            rows[victim].texts[field].push('x');
            assert_eq!(check(&rows), Err(Mismatch { seq: victim as u64 + 1, what: What::Leaf }), "field {field}");
        }
        let mut rows = office_journal();
        rows[victim].leaf[7] ^= 1;
        assert_eq!(check(&rows), Err(Mismatch { seq: victim as u64 + 1, what: What::Leaf }));
        let mut rows = office_journal();
        rows[victim].root.pop();
        assert_eq!(check(&rows), Err(Mismatch { seq: victim as u64 + 1, what: What::Root }));
    }
}

#[test]
fn text_moved_from_one_field_to_the_next_is_noticed() {
    let mut rows = office_journal();
    rows[1].texts[4] = "report2".into();
    rows[1].texts[5] = "06-1".into();
    assert_eq!(check(&rows), Err(Mismatch { seq: 2, what: What::Leaf }));
}

#[test]
fn a_forger_who_recomputes_the_leaf_is_caught_by_the_root() {
    let mut rows = office_journal();
    rows[1].texts[2] = "王某某".into();
    rows[1].leaf = rows[1].entry().leaf_hash().as_bytes().to_vec();
    assert_eq!(check(&rows), Err(Mismatch { seq: 2, what: What::Root }));
    // Even with a fitting root beside it, the next entry gives the forgery away.
    let mut log = Frontier::default();
    rows[..2].iter().for_each(|row| log.append(row.entry().leaf_hash()));
    rows[1].root = log.root().as_bytes().to_vec();
    assert_eq!(check(&rows), Err(Mismatch { seq: 3, what: What::Root }));
}

#[test]
fn removed_repeated_and_exchanged_entries_are_named() {
    let mut removed = office_journal();
    removed.remove(2);
    assert_eq!(check(&removed), Err(Mismatch { seq: 3, what: What::Missing }));

    let mut repeated = office_journal();
    repeated.insert(2, repeated[1].clone());
    assert_eq!(check(&repeated), Err(Mismatch { seq: 2, what: What::Repeated }));

    let mut exchanged = office_journal();
    exchanged.swap(1, 2);
    assert_eq!(check(&exchanged), Err(Mismatch { seq: 2, what: What::Missing }));

    let mut renumbered = office_journal();
    renumbered.remove(1);
    renumbered[1].seq = 2;
    assert_eq!(check(&renumbered), Err(Mismatch { seq: 2, what: What::Leaf }));
}

#[test]
fn entries_cut_off_the_end_are_missed_by_whoever_kept_the_head() {
    let rows = office_journal();
    let kept = check(&rows).unwrap();
    let mut verifier = Verifier::default();
    rows[..3].iter().for_each(|row| verifier.check(&row.stored()).unwrap());
    assert_eq!(verifier.finish(&kept), Err(Mismatch { seq: 4, what: What::Missing }));
    rows[3..].iter().for_each(|row| verifier.check(&row.stored()).unwrap());
    assert_eq!(verifier.finish(&kept), Ok(kept));
    let shorter = check(&rows[..3]).unwrap();
    assert_eq!(verifier.finish(&shorter), Err(Mismatch { seq: 4, what: What::Head }));
    let other = Head { root: Hash::empty(), ..kept };
    assert_eq!(verifier.finish(&other), Err(Mismatch { seq: 5, what: What::Head }));
}

#[test]
fn the_message_names_the_place_and_the_way_out() {
    let text = Mismatch { seq: 3, what: What::Leaf }.to_string();
    assert_eq!(
        text,
        "操作日志第 3 条的内容与其指纹不符。请立即停止写入,保留现场,并用最近一次备份和已存证的日志头核对。"
    );
}
