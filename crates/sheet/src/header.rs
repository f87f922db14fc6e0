//! Finds the header of a table: which of the first rows it spans, and which column means what.
//!
//! Headers of accounting programs and forms have one to four rows with merged cells, stand below titles, and call the same
//! thing by many names. Each column is therefore read from top to bottom as a path (`期初余额 › 借方`) and compared with
//! aliases; blanks, brackets, full and half width make no difference. What the columns hold is not looked at here.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::error::SheetError;
use crate::limits::{HEADER_ROWS_MAX, HEADER_SEARCH_ROWS};
use crate::table::Sheet;

/// Column that is looked for 待识别的列.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in code.
    pub key: String,
    /// Its Chinese names; the first one is used in messages. For headers of several rows, the words of the rows one after
    /// the other: `期初余额借方`.
    pub aliases: Vec<String>,
    /// Whether a table without it is refused.
    pub is_required: bool,
    /// Whether it may occur more than once (方向 before each balance).
    pub may_repeat: bool,
}

impl Column {
    /// A column that must be there once.
    pub fn required(key: &str, aliases: &[&str]) -> Column {
        let aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        Column { key: key.to_owned(), aliases, is_required: true, may_repeat: false }
    }

    /// A column that may be there once.
    pub fn optional(key: &str, aliases: &[&str]) -> Column {
        Column { is_required: false, ..Column::required(key, aliases) }
    }

    /// The name for messages.
    pub fn name(&self) -> &str {
        self.aliases.first().unwrap_or(&self.key)
    }
}

/// Header 表头 — where it stands and what its columns mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The rows that it spans, zero-based; the data begin at `rows.end`.
    pub rows: Range<usize>,
    /// The zero-based columns of each key that was found, from left to right.
    pub columns: BTreeMap<String, Vec<usize>>,
    /// The columns that have a name which nobody knows: zero-based, with the name as printed.
    pub unknown: Vec<(usize, String)>,
    names: Vec<String>,
}

impl Header {
    /// The first column of a key.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.get(key).and_then(|columns| columns.first()).copied()
    }

    /// The printed name of a zero-based column, its rows joined: `期初余额借方`. Without a name, its number.
    pub fn name(&self, column: usize) -> String {
        match self.names.get(column) {
            Some(name) if !name.is_empty() => name.clone(),
            _ => format!("第 {} 列", column + 1),
        }
    }
}

/// Finds the header among the first rows of a sheet: the rows in which most of the columns are recognised.
///
/// ```
/// use youju_sheet::{Column, find_header};
/// let sheet = &youju_sheet::read("表.csv", "某厂能源台账,,\n,购进,消费\n品 种,数量(吨),数量(吨)\n原煤,10,8\n".as_bytes())?[0];
/// let wanted = [
///     Column::required("fuel", &["能源品种", "品种"]),
///     Column::required("bought", &["购进量", "购进数量"]),
///     Column::required("used", &["消费量", "消费数量"]),
/// ];
/// let header = find_header(sheet, &wanted)?;
/// assert_eq!((header.rows.clone(), header.column("used")), (1..3, Some(2)));
/// # Ok::<(), youju_sheet::SheetError>(())
/// ```
pub fn find_header(sheet: &Sheet, wanted: &[Column]) -> Result<Header, SheetError> {
    let keys = alias_keys(wanted);
    let searched = sheet.rows.len().min(HEADER_SEARCH_ROWS);
    let words = read_words(sheet, searched);
    let mut best: Option<(Score, Candidate)> = None;
    for first in 0..searched {
        for height in 1..=HEADER_ROWS_MAX.min(words.len() - first) {
            let candidate = read_candidate(&words, first..first + height, &keys);
            let score = score(&candidate, wanted);
            if score.found > 0 && best.as_ref().is_none_or(|(best, _)| score > *best) {
                best = Some((score, candidate));
            }
        }
    }
    let least = wanted.len().min(2);
    match best {
        Some((score, candidate)) if score.found >= least => settle(candidate, wanted),
        _ => {
            let required = wanted.iter().filter(|column| column.is_required);
            Err(SheetError::NoHeader { searched, wanted: required.map(|column| column.name().to_owned()).collect() })
        }
    }
}

/// How good a candidate is, the most important first; of two alike the one with fewer rows, then the upper one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    required: usize,
    found: usize,
    fewer_rows: std::cmp::Reverse<usize>,
}

fn score(candidate: &Candidate, wanted: &[Column]) -> Score {
    let found = wanted.iter().filter(|column| candidate.has(column));
    Score {
        required: found.clone().filter(|column| column.is_required).count(),
        found: found.count(),
        fewer_rows: std::cmp::Reverse(candidate.rows.len()),
    }
}

/// A run of rows, read as if it were the header.
struct Candidate {
    rows: Range<usize>,
    /// Per column: its key, and whether its whole path was recognised (or only the end of it).
    keys: Vec<Option<(String, bool)>>,
    names: Vec<String>,
}

impl Candidate {
    fn has(&self, column: &Column) -> bool {
        self.keys.iter().flatten().any(|(key, _)| *key == column.key)
    }
}

fn alias_keys(wanted: &[Column]) -> HashMap<String, &str> {
    let mut keys = HashMap::new();
    for column in wanted {
        for alias in &column.aliases {
            keys.entry(fold(alias, Brackets::Open)).or_insert(column.key.as_str());
        }
    }
    keys
}

/// The first rows as a person sees them, without blanks: a merged range shows its first cell everywhere.
pub(crate) fn read_words(sheet: &Sheet, height: usize) -> Vec<Vec<String>> {
    let width = sheet.rows.iter().take(height).map(Vec::len).max().unwrap_or(0);
    let word = |row: usize, column: usize| sheet.cell(row, column).text().split_whitespace().collect::<String>();
    let mut words: Vec<Vec<String>> =
        (0..height).map(|row| (0..width).map(|column| word(row, column)).collect()).collect();
    // Merged ranges do not overlap; a file that says so all the same is not followed for long.
    let mut strokes_left = height * width;
    for merged in &sheet.merged {
        let first = word(merged.first_row, merged.first_column);
        for cells in words.iter_mut().take(merged.last_row + 1).skip(merged.first_row) {
            for cell in cells.iter_mut().take(merged.last_column + 1).skip(merged.first_column) {
                if strokes_left == 0 {
                    return words;
                }
                strokes_left -= 1;
                cell.clone_from(&first);
            }
        }
    }
    words
}

fn read_candidate(words: &[Vec<String>], rows: Range<usize>, keys: &HashMap<String, &str>) -> Candidate {
    let paths = read_paths(words.get(rows.clone()).unwrap_or_default());
    let keys = paths.iter().map(|path| recognise(path, keys)).collect();
    Candidate { rows, keys, names: paths.iter().map(|path| path.concat()).collect() }
}

/// The words of each column from top to bottom. In files without merged cells (CSV) a word stands for the columns to its
/// right as well, as long as the rows below say something there and the row itself says nothing.
pub(crate) fn read_paths(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut paths: Vec<Vec<String>> = vec![Vec::new(); rows.first().map_or(0, Vec::len)];
    for (index, row) in rows.iter().enumerate() {
        let below = rows.get(index + 1..).unwrap_or_default();
        let mut left = "";
        for (column, (path, own)) in paths.iter_mut().zip(row).enumerate() {
            let says_something = |row: &Vec<String>| row.get(column).is_some_and(|word| !word.is_empty());
            let word = if own.is_empty() && below.iter().any(says_something) { left } else { own };
            if !own.is_empty() {
                left = own;
            }
            if !word.is_empty() && path.last().is_none_or(|last| last != word) {
                path.push(word.to_owned());
            }
        }
    }
    paths
}

/// The key of a path: by all its words, else by the longest end of it that is known (titles may stand above).
fn recognise(path: &[String], keys: &HashMap<String, &str>) -> Option<(String, bool)> {
    (0..path.len()).find_map(|from| {
        let words = path.get(from..)?.concat();
        let by = |brackets| keys.get(fold(&words, brackets).as_str());
        let key = by(Brackets::Open).or_else(|| by(Brackets::Dropped))?;
        Some(((*key).to_owned(), from == 0))
    })
}

/// What brackets do to a name.
#[derive(Clone, Copy)]
pub(crate) enum Brackets {
    /// `本期借方(发生额)` is 本期借方发生额.
    Open,
    /// `金额(元)` is 金额.
    Dropped,
}

/// The form in which names are compared.
pub(crate) fn fold(name: &str, brackets: Brackets) -> String {
    let mut depth = 0_usize;
    let mut folded = String::new();
    for c in youju_codes::normalise(name).chars() {
        match c {
            '(' | '[' | '【' | '〔' | '「' => depth += 1,
            ')' | ']' | '】' | '〕' | '」' => depth = depth.saturating_sub(1),
            ':' | '*' | '_' | '-' | '/' | '、' | '.' => {}
            _ if c.is_whitespace() => {}
            _ if depth > 0 && matches!(brackets, Brackets::Dropped) => {}
            _ => folded.push(c),
        }
    }
    folded
}

/// Sorts the columns by key, and refuses what is missing or found twice.
fn settle(candidate: Candidate, wanted: &[Column]) -> Result<Header, SheetError> {
    let mut columns = BTreeMap::<String, Vec<usize>>::new();
    let mut unknown = Vec::new();
    for column in wanted {
        let places = |is_whole: bool| -> Vec<usize> {
            let matches = |found: &Option<(String, bool)>| {
                found.as_ref().is_some_and(|(key, whole)| *key == column.key && (*whole || !is_whole))
            };
            candidate.keys.iter().enumerate().filter(|(_, key)| matches(key)).map(|(place, _)| place).collect()
        };
        // 方向 alone is meant rather than 期初 › 方向.
        let whole = places(true);
        let places = if whole.is_empty() || column.may_repeat { places(false) } else { whole };
        if let ([first, second, ..], false) = (places.as_slice(), column.may_repeat) {
            return Err(SheetError::DuplicateColumn {
                row: candidate.rows.start as u64 + 1,
                name: candidate.names.get(*second).cloned().unwrap_or_default(),
                first: first + 1,
                second: second + 1,
            });
        }
        if !places.is_empty() {
            columns.insert(column.key.clone(), places);
        }
    }
    let missing = wanted.iter().filter(|column| column.is_required && !columns.contains_key(&column.key));
    let missing: Vec<String> = missing.map(|column| column.name().to_owned()).collect();
    if !missing.is_empty() {
        return Err(SheetError::MissingColumns { row: candidate.rows.start + 1, missing });
    }
    for (place, name) in candidate.names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if !columns.values().any(|places| places.contains(&place)) {
            unknown.push((place, name.clone()));
        }
    }
    Ok(Header { rows: candidate.rows, columns, unknown, names: candidate.names })
}
