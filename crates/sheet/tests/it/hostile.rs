//! Files that are torn, forged or no files at all: always an answer, never a crash, and nothing invented.

use std::io::{Cursor, Read, Write};

use proptest::prelude::*;
use proptest::sample::Index;
use youju_sheet::CsvRows;

use crate::any_bytes::{TABLE, file, table, workbook};
use crate::make::{Old, container, gbk, gzip, record, xls, xlsx};

/// What fuzzing has found before.
#[test]
fn what_was_found_before_stays_mended() {
    let tables: [&[u8]; 1] = [b"a\t\x19#,\ne\n\"\""];
    tables.into_iter().for_each(table);
}

fn old_workbook() -> Vec<u8> {
    let cells: Vec<Vec<&str>> = TABLE.lines().map(|line| line.split(',').collect()).collect();
    let mut all = Vec::new();
    for (row, cells) in (0_u16..).zip(&cells) {
        for (column, cell) in (0_u16..).zip(cells) {
            all.push((row, column, cell.parse().map_or(Old::Text(cell), Old::Number)));
        }
    }
    xls(&all, &record(0x00E5, &[1, 0, 0, 0, 0, 0, 0, 0, 1, 0]))
}

fn damage(bytes: &mut Vec<u8>, changes: &[(Index, u8)], cut: Option<&Index>) {
    for (place, byte) in changes {
        if !bytes.is_empty() {
            let place = place.index(bytes.len());
            bytes[place] = *byte;
        }
    }
    if let Some(cut) = cut.filter(|_| !bytes.is_empty()) {
        bytes.truncate(cut.index(bytes.len()));
    }
}

/// Damages a part inside a workbook; from outside only its checksum would be met.
fn damage_parts(file: &[u8], changes: &[(Index, u8)]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut damaged = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if index % 3 == changes.len() % 3 {
            damage(&mut bytes, changes, None);
        }
        damaged.start_file(part.name().unwrap().into_owned(), zip::write::SimpleFileOptions::default()).unwrap();
        damaged.write_all(&bytes).unwrap();
    }
    damaged.finish().unwrap().into_inner()
}

fn changes() -> impl Strategy<Value = Vec<(Index, u8)>> {
    prop::collection::vec((any::<Index>(), any::<u8>()), 0..8)
}

fn bytes_of_any_kind() -> impl Strategy<Value = Vec<u8>> {
    let mark = prop::sample::select(vec![
        b"".to_vec(),
        b"PK\x03\x04".to_vec(),
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(),
        b"\x1f\x8b\x08".to_vec(),
        b"\xEF\xBB\xBF".to_vec(),
        b"\xFF\xFE".to_vec(),
        b"{\"rows\":[".to_vec(),
    ]);
    (mark, prop::collection::vec(any::<u8>(), 0..2_000)).prop_map(|(mark, rest)| [mark, rest].concat())
}

fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "科目编码",
        "科目名称",
        "期初",
        "期末余额",
        "借方",
        "贷方",
        "方向",
        "平",
        "借",
        "合计",
        "1002",
        "1002.01",
        "1e308",
        "-",
        "12万",
        ",",
        ",",
        ",",
        "\n",
        "\n",
        "\"",
        "\r",
        "\t",
        " ",
        "单位:万元",
        "2026.01-2026.99",
        "99999999999999999999999999",
    ]);
    prop::collection::vec(word, 0..80).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_get_an_answer(bytes in bytes_of_any_kind()) {
        table(&bytes);
        workbook(&bytes);
    }

    #[test]
    fn any_words_of_trial_balances_get_an_answer(text in words()) {
        table(text.as_bytes());
        table(&gbk(&text));
    }

    #[test]
    fn damaged_files_get_an_answer(changes in changes(), cut in prop::option::of(any::<Index>())) {
        for mut bytes in [TABLE.as_bytes().to_vec(), gbk(TABLE), gzip(TABLE.as_bytes()), old_workbook()] {
            damage(&mut bytes, &changes, cut.as_ref());
            table(&bytes);
        }
    }

    #[test]
    fn damaged_workbooks_get_an_answer(changes in changes()) {
        file(&damage_parts(&xlsx(&[("表", TABLE, &[(1, 1, 2, 1)])]), &changes));
        let mut old = cfb::CompoundFile::open(Cursor::new(old_workbook())).unwrap();
        let mut stream = Vec::new();
        old.open_stream("/Workbook").unwrap().read_to_end(&mut stream).unwrap();
        damage(&mut stream, &changes, None);
        file(&container(&stream));
    }

    #[test]
    fn well_formed_csv_reads_as_it_was_meant(
        rows in prop::collection::vec(prop::collection::vec("[a-z统计,\"\n;' -]{0,6}", 3), 1..12),
    ) {
        let quote = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let line = |row: &Vec<String>| row.iter().map(quote).collect::<Vec<_>>().join(",");
        let text = format!("甲,乙,丙\r\n{}", rows.iter().map(line).collect::<Vec<_>>().join("\r\n"));
        let is_blank = |row: &Vec<String>| row.iter().all(|cell| cell.trim().is_empty());
        let wanted: Vec<Vec<String>> = rows.into_iter().filter(|row| !is_blank(row)).collect();
        let mine: Vec<Vec<String>> = CsvRows::open(text.as_bytes())
            .unwrap()
            .map(|row| row.unwrap().cells().map(str::to_owned).collect())
            .collect();
        prop_assert_eq!(&mine, &wanted);
        let theirs: Vec<Vec<String>> = csv::Reader::from_reader(text.as_bytes())
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .filter(|row| !is_blank(row))
            .collect();
        prop_assert_eq!(mine, theirs);
    }
}
