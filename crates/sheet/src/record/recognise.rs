//! Tells what a file most likely is, before anybody has said so.

use super::kind::RecordKind;
use super::mapping::{Mapping, Take};
use super::propose::propose;
use crate::table::{Cell, Sheet};
use crate::trial_balance;

/// What a sheet may be 文件种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// 科目余额表, which `trial_balance` reads.
    TrialBalance,
    /// A list of source records.
    Record(RecordKind),
}

impl FileKind {
    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            FileKind::TrialBalance => "科目余额表",
            FileKind::Record(kind) => kind.label(),
        }
    }
}

/// Guess 种类判断 about one sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The name of the sheet.
    pub sheet: String,
    /// What it most likely is.
    pub kind: FileKind,
    /// How sure that is, from 0 to 100.
    pub score: u8,
}

/// Below this a sheet is nothing that is known.
const SCORE_MIN: usize = 50;

/// What each visible sheet may be, the most likely first. Sheets that resemble nothing known, or hold nothing, are left out.
pub fn recognise(sheets: &[Sheet]) -> Vec<Guess> {
    let mut guesses: Vec<Guess> = Vec::new();
    for sheet in sheets.iter().filter(|sheet| !sheet.is_hidden) {
        let kinds = RecordKind::ALL.into_iter().filter(|kind| *kind != RecordKind::Generic);
        let mut found: Vec<(usize, FileKind)> =
            kinds.filter_map(|kind| Some((score(sheet, kind)?, FileKind::Record(kind)))).collect();
        if trial_balance::is_one(sheet) {
            found.push((100, FileKind::TrialBalance));
        }
        found.retain(|(score, _)| *score >= SCORE_MIN);
        guesses.extend(found.into_iter().map(|(score, kind)| Guess {
            sheet: sheet.name.clone(),
            kind,
            score: u8::try_from(score).unwrap_or(100),
        }));
    }
    // A stable sort: of two alike, the kind that is told apart by more stands first.
    guesses.sort_by_key(|guess| std::cmp::Reverse(guess.score));
    guesses
}

/// How much of what the kind needs is there, and how much of the sheet it explains.
fn score(sheet: &Sheet, kind: RecordKind) -> Option<usize> {
    let proposal = propose(sheet, kind).ok()?;
    let mapping = &proposal.mapping;
    let body = proposal.header_row - 1 + mapping.header_rows;
    let has = |key: &str| mapping.of(key).is_some_and(|column| is_used(sheet, body, column.column - 1));
    let required = kind.fields().iter().filter(|field| field.is_required);
    if !required.clone().all(|field| has(field.key))
        || !kind.ways().iter().any(|way| way.iter().all(|key| has(key))) && !kind.ways().is_empty()
    {
        return None;
    }
    if kind == RecordKind::Payroll && !(mapping.of("name").is_some() || mapping.of("person_id").is_some()) {
        return None;
    }
    let known = named(mapping).filter(|known| *known).count();
    let all = named(mapping).count().max(1);
    let needs = required.count() + usize::from(!kind.ways().is_empty());
    // What is needed counts by how telling it is: a journal of vouchers asks for more than a list of names.
    Some((40 + 10 * needs.min(4) + 20 * known / all).min(100))
}

fn named(mapping: &Mapping) -> impl Iterator<Item = bool> + '_ {
    mapping.columns.iter().map(|column| column.take != Take::Leave && column.field.is_some())
}

/// Whether something stands in a column, or nothing in the whole table.
fn is_used(sheet: &Sheet, body: usize, column: usize) -> bool {
    let rows = sheet.rows.get(body..).unwrap_or_default();
    let mut cells = rows.iter().filter_map(|row| row.get(column));
    cells.any(|cell: &Cell| !cell.is_empty()) || rows.iter().flatten().all(Cell::is_empty)
}
