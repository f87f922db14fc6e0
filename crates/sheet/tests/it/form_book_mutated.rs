//! Forms that are filled in, moved about and spoilt at known places: everything right comes home, and every mistake is named
//! by sheet, row and column, no more and no fewer. Torn files are refused or read, and never stop the program.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use youju_sheet::form_book::*;
use youju_sheet::{Cell, CellOut, Sheet, read};

use crate::form_book_make::{Chance, book, moved, order, put, right, saved, written, wrong};
use crate::make::with_part;

/// Table, row and column of a cell.
type Key = (String, String, usize);

/// A filled form: what was meant by every cell of a row that has a key, and what was spoilt.
struct Filled {
    sheets: Vec<Sheet>,
    meant: BTreeMap<Key, CellOut>,
    /// Sheet and place, as Excel shows it.
    spoilt: BTreeSet<(String, String)>,
}

fn fill(book: &FormBook, chance: &mut Chance, is_spoiling: bool) -> Filled {
    let mut sheets = read("报表.xlsx", &written(book)).unwrap();
    let mut filled = Filled { sheets: Vec::new(), meant: BTreeMap::new(), spoilt: BTreeSet::new() };
    for (section, sheet) in book.sections.iter().zip(&mut sheets) {
        let mut spoilt = Vec::new();
        fill_sheet(section, sheet, chance, &mut filled.meant, is_spoiling.then_some(&mut spoilt));
        let (rows, columns) = order(sheet, chance);
        let mut after = moved(sheet, &rows, &columns);
        let new_row = |old: usize| rows.iter().position(|row| *row == Some(old)).unwrap();
        let new_column = |old: usize| columns.iter().position(|column| *column == Some(old)).unwrap();
        let mut places: Vec<(usize, usize)> =
            spoilt.into_iter().map(|(row, column)| (new_row(row), new_column(column))).collect();
        if is_spoiling {
            let first = (1..=section.columns.len()).map(new_column).min().unwrap();
            places.extend(spoil_rows(section, &mut after, new_column(0), first, chance, &places));
        }
        let place = |cell| Place { sheet: sheet.name.clone(), cell: Some(cell) }.a1();
        filled.spoilt.extend(places.into_iter().map(|cell| (sheet.name.clone(), place(cell))));
        *sheet = after;
    }
    filled.sheets = sheets;
    filled
}

/// Types into the cells; returns what was meant, and where something wrong was typed.
fn fill_sheet(
    section: &Section,
    sheet: &mut Sheet,
    chance: &mut Chance,
    meant: &mut BTreeMap<Key, CellOut>,
    mut spoilt: Option<&mut Vec<(usize, usize)>>,
) {
    for at in 0..sheet.rows.len() {
        let mark = sheet.cell(at, 0).text().into_owned();
        let key = mark.strip_prefix("r:");
        if key.is_none() && mark != "r+" {
            continue;
        }
        let row = section.rows().find(|row| Some(row.key.as_str()) == key);
        for (column, own) in section.columns.iter().enumerate() {
            let printed = row.and_then(|row| row.cells[column].rule.as_ref());
            let rule = printed.unwrap_or(&own.rule);
            let is_open = !matches!(rule, Rule::Locked | Rule::Absent);
            if let Some(spoilt) = spoilt.as_mut().filter(|_| chance.one_in(12) && (is_open || row.is_some())) {
                put(sheet, at, column + 1, wrong(rule, chance));
                spoilt.push((at, column + 1));
            } else if is_open {
                let (typed, value) = right(rule, chance);
                put(sheet, at, column + 1, typed);
                meant.insert((section.key.clone(), key.unwrap_or_default().to_owned(), column), value);
            }
        }
    }
}

/// Copies a row that is not spoilt otherwise, and puts a row between others that does not belong there.
fn spoil_rows(
    section: &Section,
    sheet: &mut Sheet,
    marks: usize,
    first: usize,
    chance: &mut Chance,
    spoilt: &[(usize, usize)],
) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    let is_row = |row: &usize| sheet.cell(*row, marks).text().starts_with("r:");
    let whole = |row: &usize| spoilt.iter().all(|(spoilt, _)| spoilt != row);
    let rows: Vec<usize> = (0..sheet.rows.len()).filter(is_row).filter(whole).collect();
    let blank = |row: &usize| sheet.rows[*row].iter().all(Cell::is_empty);
    let begin = (0..sheet.rows.len()).position(|row| sheet.cell(row, marks).text() == "t:name").unwrap();
    let end = (0..sheet.rows.len()).rposition(|row| is_row(&row)).unwrap();
    let gaps: Vec<usize> = (begin..end).filter(blank).collect();
    if let (Some(gap), Some(row), true) = (gaps.first(), rows.first(), chance.one_in(2)) {
        sheet.rows[*gap] = sheet.rows[*row].clone();
        places.extend([(*gap, first), (*row, first)]);
    }
    if let (Some(gap), true) = (gaps.get(1), section.spare_rows == 0) {
        put(sheet, *gap, first, Cell::from_text("补充"));
        places.push((*gap, first));
    }
    places
}

/// Sheet and place of every error; each names its place in its sentence, and none is the same twice.
fn told(errors: &[BookError]) -> BTreeSet<(String, String)> {
    let places: BTreeSet<(String, String)> =
        errors.iter().map(|error| (error.place.sheet.clone(), error.place.a1())).collect();
    assert_eq!(places.len(), errors.len(), "{errors:?}");
    for error in errors {
        assert!(error.to_string().starts_with(&format!("工作表“{}”{}", error.place.sheet, error.place.a1())));
        assert!(error.message.ends_with('。'), "{error}");
    }
    places
}

/// Everything that a stranger's bytes go through.
fn take(book: &FormBook, file: &[u8]) -> Option<Vec<u8>> {
    let sheets = read("报表.xlsx", file).ok()?;
    let returned = read_form_book(&sheets).ok()?;
    let judged = judge(book, &returned);
    let mut copy = Vec::new();
    let annotation = Annotation {
        book: Some(book),
        sheets: &sheets,
        errors: &judged.errors,
        told: &returned.told,
        ..Default::default()
    };
    write_annotated(&mut copy, &annotation).ok()?;
    Some(copy)
}

/// A form that is spoilt at known places.
fn spoilt_form(seed: u64) -> usize {
    let mut chance = Chance::new(seed);
    let book = book(&mut chance);
    let filled = fill(&book, &mut chance, true);
    let file = saved(&filled.sheets);
    let sheets = read("报表.xlsx", &file).unwrap();
    let returned = read_form_book(&sheets).unwrap();
    let judged = judge(&book, &returned);
    assert_eq!(told(&judged.errors), filled.spoilt, "seed {seed}");
    for row in judged.rows.iter().filter(|row| row.errors.is_empty()) {
        if let RowId::Key(key) = &row.row.id {
            for (column, value) in &row.values {
                let meant = &filled.meant[&(row.table.section.clone(), key.clone(), *column)];
                assert_eq!(value, meant, "seed {seed}, row {key}");
            }
        }
    }
    // The returned copy, sent back as it is, has the same mistakes in the same places, and its first sheet lists them.
    let copy = take(&book, &file).unwrap();
    let sheets = read("报表.xlsx", &copy).unwrap();
    let listed: BTreeSet<(String, String)> = (0..sheets[0].rows.len())
        .filter(|row| matches!(sheets[0].cell(*row, 0), Cell::Number(_)))
        .map(|row| (sheets[0].cell(row, 1).to_string(), sheets[0].cell(row, 2).to_string()))
        .collect();
    assert_eq!(listed, filled.spoilt, "seed {seed}");
    let returned = read_form_book(&sheets).unwrap();
    assert_eq!(told(&judge(&book, &returned).errors), filled.spoilt, "seed {seed}");
    assert_eq!(take(&book, &copy), Some(copy), "seed {seed}: a copy of a copy is the same");
    torn(&book, &file, &mut chance);
    filled.spoilt.len()
}

const PARTS: [&str; 5] = [
    "xl/workbook.xml",
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
];

/// The file with bytes cut, changed and repeated, outside and inside its parts.
fn torn(book: &FormBook, file: &[u8], chance: &mut Chance) {
    let part = PARTS[chance.below(PARTS.len())];
    let at = chance.below(10_000);
    let inside = with_part(file, part, |text| {
        let mut bytes = text.as_bytes().to_vec();
        tear(&mut bytes, at, at * 31);
        bytes
    });
    take(book, &inside);
    let mut outside = file.to_vec();
    tear(&mut outside, chance.below(1 << 30), chance.below(1 << 30));
    take(book, &outside);
}

fn tear(bytes: &mut Vec<u8>, what: usize, place: usize) {
    let at = place % bytes.len();
    match what % 5 {
        0 => bytes.truncate(at),
        1 => bytes[at] ^= 1 << (what % 8),
        2 => drop(bytes.drain(at..(at + what % 40).min(bytes.len()))),
        3 => {
            let again = bytes[at..(at + what % 400).min(bytes.len())].to_vec();
            bytes.splice(at..at, again);
        }
        _ => bytes[at] = b"<>\"&/0-9"[what % 8],
    }
}

#[test]
fn every_planted_mistake_of_a_hundred_forms_is_named_and_nothing_else() {
    let planted: usize = (0..100).map(spoilt_form).sum();
    assert!(planted > 300, "{planted}");
}

#[test]
#[ignore = "the same with 1,000 forms: `cargo nextest run -p youju-sheet --run-ignored only thousand`"]
fn every_planted_mistake_of_a_thousand_forms_is_named_and_nothing_else() {
    let planted: usize = (0..1_000).map(spoilt_form).sum();
    println!("{planted} planted mistakes, all named");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_typed_comes_home_wherever_rows_and_columns_have_been_moved(seed in any::<u64>()) {
        let mut chance = Chance::new(seed);
        let book = book(&mut chance);
        let filled = fill(&book, &mut chance, false);
        let sheets = read("报表.xlsx", &saved(&filled.sheets)).unwrap();
        let returned = read_form_book(&sheets).unwrap();
        prop_assert_eq!(&returned.stamp, &book.stamp);
        prop_assert!(returned.told.is_empty(), "{:?}", returned.told);
        let judged = judge(&book, &returned);
        prop_assert!(judged.errors.is_empty(), "{:?}", judged.errors);
        let mut home = BTreeMap::new();
        for row in &judged.rows {
            let RowId::Key(key) = &row.row.id else { continue };
            for (column, value) in &row.values {
                home.insert((row.table.section.clone(), key.clone(), *column), value.clone());
            }
        }
        let mut meant = filled.meant;
        meant.retain(|(_, key, _), _| !key.is_empty());
        prop_assert_eq!(home, meant);
    }
}
