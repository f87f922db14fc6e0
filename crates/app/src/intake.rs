//! Intake 接口报送: what a program of a unit can do with its key. It hands in the ledgers that people import by hand, through the
//! same checks, and reads what became of them: what counts, which figures were taken from it, where a figure came from and through
//! whose hands it went. Nothing here changes a report (law 1): whatever looks at one runs in a transaction that only reads. What it can do in
//! the unit's cases stands in [`case`].

pub mod case;

use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::api_key::Use;
use youju_domain::id::{ImportId, RecordImportId};
use youju_domain::ledger::Import;
use youju_domain::record::RecordImport;
use youju_sheet::record::RecordKind;
use youju_store::{ledger as balances, register};

use crate::api_key::{self, Keyed};
use crate::context::App;
use crate::error::{Error, Result};
use crate::hands::{self, Hands};
use crate::impact::{self, Asked, Impact};
use crate::ledger::{self, TrialBalanceFile};
use crate::lineage::{self, Lineage};
use crate::record::{self, Agreed, Known, ListedRecords, RecordFile};

/// What became of something that was handed in.
#[derive(Debug)]
pub struct Outcome<T> {
    /// The import that counts now.
    pub import: T,
    /// False when the same content counted already: nothing was changed then.
    pub is_new: bool,
}

/// Reads a trial balance that was handed in, before any transaction is opened. Blocks while the scanner works.
pub fn read_trial_balance(app: &App, name: &str, content: Vec<u8>) -> Result<TrialBalanceFile> {
    let (file, sheets) = record::open_sheets(app, name, content)?;
    ledger::trial_balance_in(file, &sheets)
}

/// Imports a trial balance, whole or not at all; the same content a second time changes nothing.
pub async fn trial_balance(
    app: &App,
    program: &Keyed,
    period: Period,
    file: TrialBalanceFile,
) -> Result<Outcome<Import>> {
    app.write(Some(program.acting(Use::Ledgers)?), async |cx| {
        api_key::hold(cx, program).await?;
        // Another key of the unit, or a person, may hand in the same at the same time.
        register::hold(cx.tx(), program.unit.id).await?;
        let unit = program.unit.id;
        let latest = ledger::latest(cx, unit, period).await?;
        if let Some(import) = latest.filter(|import| import.file_hash == file.hash) {
            return Ok(Outcome { import, is_new: false });
        }
        Ok(Outcome { import: ledger::import_trial_balance(cx, unit, period, file).await?, is_new: true })
    })
    .await
}

/// What is known about the columns of the unit's files.
pub async fn known(app: &App, program: &Keyed) -> Result<Vec<Known>> {
    app.read(Some(program.acting(Use::Ledgers)?), async |cx| record::known(cx, program.unit.id).await).await
}

/// What a program says about its records.
#[derive(Debug, Clone)]
pub struct Said {
    /// What they are.
    pub kind: RecordKind,
    /// On which sheet they stand; where nobody says, on the one that looks most like it.
    pub sheet: Option<String>,
    /// Of which period they are.
    pub period: Period,
}

/// Reads source records that were handed in, before any transaction is opened. Columns that nobody has decided on refuse them;
/// a file that names persons is not kept.
pub fn read_records(app: &App, name: &str, content: Vec<u8>, known: &[Known], said: &Said) -> Result<RecordFile> {
    let (file, sheets) = record::open_sheets(app, name, content)?;
    let (sheet, mapping) = record::settle(&sheets, known, said.kind, said.sheet.as_deref())?;
    let agreed = Agreed { sheet: Some(sheet), mapping, period: said.period, keeps_persons: false };
    record::records_in(file, &sheets, &agreed)
}

/// Imports source records, whole or not at all; the same sheet of the same content a second time changes nothing, unless
/// its columns are read in another way now.
pub async fn records(app: &App, program: &Keyed, file: RecordFile) -> Result<Outcome<RecordImport>> {
    app.write(Some(program.acting(Use::Ledgers)?), async |cx| {
        api_key::hold(cx, program).await?;
        // Another key of the unit, or a person, may hand in the same at the same time.
        register::hold(cx.tx(), program.unit.id).await?;
        let (unit, kind) = (program.unit.id, file.kind.key());
        let listed = record::list(cx, unit, file.period).await?;
        let latest = listed.into_iter().find(|listed| listed.kind == kind);
        let is_same = |listed: &ListedRecords| {
            listed.file_hash == file.hash && (file.is_only_sheet || listed.sheet == file.sheet)
        };
        if let Some(same) = latest.filter(is_same) {
            let import = record::get(cx, same.id).await?;
            // Read in another way since, the same content is something else.
            if import.mapping == file.mapping_document()? {
                return Ok(Outcome { import, is_new: false });
            }
        }
        Ok(Outcome { import: record::import(cx, unit, file, None).await?, is_new: true })
    })
    .await
}

/// What counts for a period.
#[derive(Debug)]
pub struct Standing {
    /// The trial balance, with how many earlier ones there are.
    pub trial_balance: Option<(Import, u64)>,
    /// The records of each kind, with how many earlier ones there are.
    pub records: Vec<(ListedRecords, u64)>,
}

/// What has been imported for a period, by programs and by hand.
pub async fn standing(app: &App, program: &Keyed, period: Period) -> Result<Standing> {
    app.read(Some(program.acting(Use::Ledgers)?), async |cx| {
        let unit = program.unit.id;
        let count = ledger::count(cx, unit, period).await?;
        let trial_balance = ledger::latest(cx, unit, period).await?.map(|import| (import, count.saturating_sub(1)));
        let mut records: Vec<(ListedRecords, u64)> = Vec::new();
        for listed in record::list(cx, unit, period).await? {
            match records.last_mut().filter(|(latest, _)| latest.kind == listed.kind) {
                Some((_, earlier)) => *earlier += 1,
                None => records.push((listed, 0)),
            }
        }
        Ok(Standing { trial_balance, records })
    })
    .await
}

/// A cell of the unit's reports, as programs name it.
#[derive(Debug, Clone)]
pub struct Place {
    /// Form 表号.
    pub form: String,
    /// Period of the report.
    pub period: Period,
    /// Id of the cell.
    pub cell: String,
}

/// Where a cell of the unit's own report came from.
pub async fn lineage(app: &App, program: &Keyed, place: &Place) -> Result<Lineage> {
    app.read(Some(program.acting(Use::Ledgers)?), async |cx| {
        let report = lineage::report_of(cx, program.unit.id, &place.form, place.period).await?;
        lineage::of_cell(cx, report, &place.cell).await
    })
    .await
}

/// Through whose hands a cell of the unit's own report went, as the unit's people see it.
pub async fn hands(app: &App, program: &Keyed, place: &Place) -> Result<Hands> {
    app.read(Some(program.acting(Use::Ledgers)?), async |cx| {
        let report = lineage::report_of(cx, program.unit.id, &place.form, place.period).await?;
        hands::of_cell(cx, report, &place.cell).await
    })
    .await
}

/// Where an import of the unit and period leads: a trial balance, the line of one account of it, or source records.
pub async fn impact(app: &App, program: &Keyed, period: Period, import: &str, account: Option<&str>) -> Result<Impact> {
    let not_found = || Error::Problem(Problem::NotFound { what: "导入" });
    app.read(Some(program.acting(Use::Ledgers)?), async |cx| {
        let id: ImportId = import.parse().map_err(|_| not_found())?;
        let asked = match balances::get(cx.tx(), id).await? {
            Some(_) => Asked::Import(id, account.map(str::to_owned)),
            None if account.is_some() => return Err(Problem::NotFound { what: "科目" }.into()),
            None => Asked::Records(RecordImportId::new(id.uuid())),
        };
        let impact = impact::of(cx, &asked).await.map_err(|error| match error {
            Error::Problem(Problem::NotFound { what }) if what != "科目" => not_found(),
            other => other,
        })?;
        if impact.unit.id == program.unit.id && impact.period == period { Ok(impact) } else { Err(not_found()) }
    })
    .await
}
