//! Settling a mapping without anybody looking: for files that a program hands in. Only what somebody has agreed to before, or
//! what leaves no doubt, is used.

use youju_domain::Problem;
use youju_sheet::Sheet;
use youju_sheet::record::{FileKind, Mapping, RecordKind, recognise};

use super::preview::{Asked, Known, Origin, Seen, see_records, sheet_named};
use crate::error::Result;
use crate::ledger::bad_file;

/// The sheet that is read, and by which mapping: the unit's own, else a shared one, else the program's when it is complete.
pub(crate) fn settle(
    sheets: &[Sheet],
    known: &[Known],
    kind: RecordKind,
    wanted: Option<&str>,
) -> Result<(String, Mapping)> {
    let sheet = sheet_named(sheets, wanted.or(likely(sheets, kind).as_deref()))?;
    let seen = match see_records(sheet, kind, known, Asked::default()) {
        Seen::Records(seen) => seen,
        Seen::Nothing(reasons) => return Err(bad_file(reasons)),
        Seen::TrialBalance(_) => return Err(bad_file(vec!["这是科目余额表,不是原始记录。".into()])),
    };
    if seen.origin == Origin::Program && !seen.doubts.is_empty() {
        return Err(Problem::UndecidedColumns { reasons: seen.doubts }.into());
    }
    Ok((sheet.name.clone(), seen.mapping))
}

/// Of several sheets, the one that looks like the kind most.
fn likely(sheets: &[Sheet], kind: RecordKind) -> Option<String> {
    let several = sheets.iter().filter(|sheet| !sheet.is_hidden).nth(1).is_some();
    let guesses = if several { recognise(sheets) } else { Vec::new() };
    guesses.into_iter().find(|guess| guess.kind == FileKind::Record(kind)).map(|guess| guess.sheet)
}
