//! Where the header of a record file stands: one to four rows, merged or spread, below titles. First the rows in which most
//! wanted fields are recognised; where nobody recognises anything, the first full row of words. Then the rows that belong to
//! it: headings above, parts below.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::LazyLock;

use super::kind::{Field, RecordKind};
use super::likeness::{Likeness, bare};
use super::mapping::Reason;
use super::value::is_figure;
use crate::error::SheetError;
use crate::header::{Brackets, fold, read_paths, read_words};
use crate::limits::{COLUMN_NAME_BYTES_MAX, HEADER_ROWS_MAX, HEADER_SEARCH_ROWS, RECORD_COLUMNS_MAX};
use crate::table::Sheet;

/// A header.
pub(super) struct Head {
    /// Zero-based; the data begin at `rows.end`.
    pub rows: Range<usize>,
    /// The words of each column from top to bottom.
    pub paths: Vec<Vec<String>>,
}

impl Head {
    /// The name of a zero-based column: `应付工资/基本工资`; empty without words.
    pub fn name(&self, column: usize) -> String {
        self.paths.get(column).map(|path| path.join("/")).unwrap_or_default()
    }

    /// The columns that have a name.
    pub fn named(&self) -> impl Iterator<Item = (usize, String)> + '_ {
        self.paths.iter().enumerate().filter(|(_, path)| !path.is_empty()).map(|(at, path)| (at, path.join("/")))
    }

    /// Reads given rows as the header.
    pub fn at(sheet: &Sheet, rows: Range<usize>) -> Head {
        let words = read_words(sheet, rows.end.min(sheet.rows.len()));
        Head { paths: read_paths(words.get(rows.clone()).unwrap_or_default()), rows }
    }
}

/// The known names of a kind, in the three ways of comparing them.
pub(super) struct Aliases {
    exact: HashMap<&'static str, Known>,
    open: HashMap<String, Known>,
    bare: HashMap<String, Known>,
    /// The names of each field, for those that are only like them.
    pub likes: Vec<(&'static Field, Vec<Likeness>)>,
}

/// A field, and which of its names it was.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub field: &'static Field,
    pub alias: usize,
}

impl Aliases {
    /// The names of a kind.
    pub fn of(kind: RecordKind) -> &'static Aliases {
        static ALL: LazyLock<BTreeMap<RecordKind, Aliases>> =
            LazyLock::new(|| RecordKind::ALL.into_iter().map(|kind| (kind, Aliases::read(kind))).collect());
        static NONE: LazyLock<Aliases> = LazyLock::new(|| Aliases::read(RecordKind::Generic));
        ALL.get(&kind).unwrap_or(&NONE)
    }

    fn read(kind: RecordKind) -> Aliases {
        let mut aliases =
            Aliases { exact: HashMap::new(), open: HashMap::new(), bare: HashMap::new(), likes: Vec::new() };
        for field in kind.fields() {
            aliases.likes.push((field, field.aliases.iter().map(|name| Likeness::of(name)).collect()));
            for (alias, name) in field.aliases.iter().enumerate() {
                let known = Known { field, alias };
                aliases.exact.entry(name).or_insert(known);
                aliases.open.entry(fold(name, Brackets::Open)).or_insert(known);
                aliases.bare.entry(bare(name)).or_insert(known);
            }
        }
        aliases
    }

    /// The field of a path: by all its words, else by the longest end of it that is known. `seen` keeps what has been looked up.
    pub fn find(&self, path: &[String], seen: &mut Seen) -> Option<(Known, Reason)> {
        (0..path.len()).find_map(|from| {
            let words = path.get(from..)?.concat();
            let found = seen.get(&words).copied().unwrap_or_else(|| {
                let found = self.look_up(&words);
                seen.insert(words, found);
                found
            });
            found.map(|(known, reason)| (known, if from == 0 { reason } else { Reason::End }))
        })
    }

    fn look_up(&self, words: &str) -> Option<(Known, Reason)> {
        if words.len() > COLUMN_NAME_BYTES_MAX {
            return None;
        }
        if let Some(known) = self.exact.get(words) {
            return Some((*known, Reason::Exact));
        }
        let bare = bare(words);
        let folded = self.open.get(&fold(words, Brackets::Open));
        let folded = folded.or_else(|| self.bare.get(&bare).filter(|_| !bare.is_empty()));
        folded.map(|known| (*known, Reason::Normalised))
    }
}

/// Names that have been looked up.
pub(super) type Seen = HashMap<String, Option<(Known, Reason)>>;

/// Refuses a sheet that is too wide to be a record file.
pub(super) fn verify_width(sheet: &Sheet) -> Result<(), SheetError> {
    let width = sheet.width();
    if width > RECORD_COLUMNS_MAX {
        let what = format!("工作表“{}”的列数", sheet.name);
        return Err(SheetError::limit(what, width as u64, RECORD_COLUMNS_MAX as u64));
    }
    Ok(())
}

/// Finds the header.
pub(super) fn find(sheet: &Sheet, kind: RecordKind) -> Result<Head, SheetError> {
    verify_width(sheet)?;
    let searched = sheet.rows.len().min(HEADER_SEARCH_ROWS);
    let aliases = Aliases::of(kind);
    let rows = by_names(sheet, kind, aliases, searched).or_else(|| by_shape(sheet, searched));
    let Some(rows) = rows else {
        let required = kind.fields().iter().filter(|field| field.is_required);
        let wanted = required.map(|field| field.name().to_owned()).collect();
        return Err(SheetError::NoHeader { searched, wanted });
    };
    let rows = with_headings(sheet, rows);
    Ok(Head::at(sheet, with_parts(sheet, rows)))
}

/// The rows in which most fields are recognised, the required ones first; of two alike the fewer rows, then the upper ones.
fn by_names(sheet: &Sheet, kind: RecordKind, aliases: &Aliases, searched: usize) -> Option<Range<usize>> {
    const FOUND_MIN: usize = 2;
    let words = read_words(sheet, searched);
    let mut seen = Seen::new();
    let mut best: Option<((usize, usize, usize), Range<usize>)> = None;
    for first in 0..searched {
        for height in 1..=HEADER_ROWS_MAX.min(searched - first) {
            let paths = read_paths(words.get(first..first + height)?);
            let found: BTreeMap<&str, &Field> = paths
                .iter()
                .filter_map(|path| aliases.find(path, &mut seen))
                .map(|(known, _)| (known.field.key, known.field))
                .collect();
            let has = |way: &&&[&str]| way.iter().all(|key| found.contains_key(key));
            let required = found.values().filter(|field| field.is_required).count()
                + usize::from(kind.ways().iter().any(|way| has(&way)));
            let score = (required, found.len(), HEADER_ROWS_MAX - height);
            if found.len() >= FOUND_MIN && best.as_ref().is_none_or(|(best, _)| score > *best) {
                best = Some((score, first..first + height));
            }
        }
    }
    best.map(|(_, rows)| rows)
}

/// The first row that has most words and neither figures nor labels.
fn by_shape(sheet: &Sheet, searched: usize) -> Option<Range<usize>> {
    const WORDS_MIN: usize = 2;
    let mut best: Option<(usize, usize)> = None;
    for row in 0..searched {
        let filled = filled(sheet, row);
        let count = filled.len();
        if count >= WORDS_MIN && are_words(sheet, row, &filled) && best.is_none_or(|(most, _)| count > most) {
            best = Some((count, row));
        }
    }
    best.map(|(_, row)| row..row + 1)
}

/// The zero-based columns of a row where something stands.
fn filled(sheet: &Sheet, row: usize) -> Vec<usize> {
    let cells = sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default();
    cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).map(|(column, _)| column).collect()
}

/// Whether a row holds names: no figures, and no `制表人:王某`.
fn are_words(sheet: &Sheet, row: usize, filled: &[usize]) -> bool {
    let is_word = |column: &usize| {
        let cell = sheet.cell(row, *column);
        !is_figure(cell) && !cell.text().contains([':', '：'])
    };
    filled.iter().all(is_word)
}

/// Headings above a header: merged over several columns, or needed to tell columns of the same name apart.
fn with_headings(sheet: &Sheet, mut rows: Range<usize>) -> Range<usize> {
    while rows.start > 0 && rows.len() < HEADER_ROWS_MAX {
        let above = rows.start - 1;
        let filled = filled(sheet, above);
        let covers = |column: &usize| {
            let is_blank = |at: usize| sheet.cell(above, at).is_empty();
            is_blank(column + 1)
                && !sheet.cell(rows.start, *column).is_empty()
                && !sheet.cell(rows.start, column + 1).is_empty()
        };
        let is_title = filled.len() < 2 && filled.first().is_none_or(|column| *column == 0);
        let is_heading = !is_title && are_words(sheet, above, &filled) && filled.iter().any(covers);
        if !is_heading || !(has_twins(sheet, &rows) || is_merged(sheet, above)) {
            break;
        }
        rows.start = above;
    }
    rows
}

/// Whether two columns have the same name.
fn has_twins(sheet: &Sheet, rows: &Range<usize>) -> bool {
    let head = Head::at(sheet, rows.clone());
    let names: Vec<String> = head.named().map(|(_, name)| name).collect();
    names.iter().collect::<BTreeSet<_>>().len() < names.len()
}

/// Whether a row holds a range of several columns that is narrower than the table.
fn is_merged(sheet: &Sheet, row: usize) -> bool {
    let width = sheet.width();
    sheet.merged.iter().any(|range| {
        let columns = range.last_column.saturating_sub(range.first_column) + 1;
        range.first_row == row && columns > 1 && columns + 1 < width
    })
}

/// Parts below a header: words only, under headings that span several columns, the first column left blank.
fn with_parts(sheet: &Sheet, mut rows: Range<usize>) -> Range<usize> {
    while rows.end < sheet.rows.len() && rows.len() < HEADER_ROWS_MAX {
        let below = rows.end;
        let parts = filled(sheet, below);
        let lead = rows.clone().filter_map(|row| filled(sheet, row).first().copied()).min();
        let is_under_heading = |column: &usize| {
            let above = |at: usize| sheet.cell(below - 1, at).is_empty();
            above(*column) || above(column + 1) && !sheet.cell(below, column + 1).is_empty()
        };
        let is_part = !parts.is_empty()
            && lead.is_some_and(|lead| !parts.contains(&lead))
            && are_words(sheet, below, &parts)
            && parts.iter().any(is_under_heading);
        if !is_part {
            break;
        }
        rows.end += 1;
    }
    rows
}
