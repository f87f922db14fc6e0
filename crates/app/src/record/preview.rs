//! Preview 预览: what a chosen file may be and which of its columns would become what, shown before anything is imported.

use youju_domain::Problem;
use youju_domain::id::{TemplateId, UnitId};
use youju_domain::record::Upload;
use youju_sheet::record::{
    FileKind, Guess, Mapping, Proposal, Reason, RecordKind, Take, propose, recognise, resume, tells_persons,
};
use youju_sheet::{CellError, Sheet, trial_balance};
use youju_store::record;

use crate::context::Cx;
use crate::error::{Error, Result};
use crate::ledger::{bad_file, sentences};
use crate::register;

/// Rows of the file that a preview shows.
const SEEN_ROWS: usize = 5;
/// Characters of a cell that a preview shows.
const SEEN_CHARS: usize = 24;

/// Where a mapping comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The program proposes it.
    Program,
    /// The unit agreed to it for an earlier file.
    Unit,
    /// An office shares it.
    Template(TemplateId, String),
    /// A person has just chosen it.
    Chosen,
}

/// A mapping that the data base knows for a kind.
#[derive(Debug, Clone)]
pub struct Known {
    kind: RecordKind,
    origin: Origin,
    mapping: Mapping,
}

impl Known {
    /// The origin of a template among those that are known, by its id as text.
    pub fn origin_of(known: &[Known], template: &str) -> Option<Origin> {
        let is_it = |origin: &&Origin| matches!(origin, Origin::Template(id, _) if id.to_string() == template);
        known.iter().map(|known| &known.origin).find(is_it).cloned()
    }
}

/// Every mapping that a unit may use again: its own, then the templates of its area.
pub async fn known(cx: &mut Cx<'_>, unit: UnitId) -> Result<Vec<Known>> {
    let unit = register::get(cx, unit).await?;
    let mut found = Vec::new();
    for kind in RecordKind::ALL {
        let own = record::mapping(cx.tx(), unit.id, kind.key()).await?;
        found.extend(own.map(|mapping| (kind, Origin::Unit, mapping)));
        for template in record::templates(cx.tx(), &unit.area, kind.key()).await? {
            found.push((kind, Origin::Template(template.id, template.name), template.mapping));
        }
    }
    // A mapping of an older program that cannot be read any more is simply proposed anew.
    let read = |(kind, origin, mapping)| Some(Known { kind, origin, mapping: serde_json::from_value(mapping).ok()? });
    Ok(found.into_iter().filter_map(read).collect())
}

/// What a person has said about a file so far; nothing at first.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Which sheet.
    pub sheet: Option<String>,
    /// What it is.
    pub kind: Option<FileKind>,
    /// Which mapping, of those that are known.
    pub origin: Option<Origin>,
    /// A mapping as it was just chosen.
    pub mapping: Option<Mapping>,
}

/// What a file looks like.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The names of its visible sheets.
    pub sheets: Vec<String>,
    /// The sheet that is shown.
    pub sheet: String,
    /// What it most likely is, with how sure that is from 0 to 100; nothing when it resembles nothing known.
    pub guess: Option<(FileKind, u8)>,
    /// What it is taken for.
    pub kind: FileKind,
    /// What is seen of it.
    pub seen: Seen,
    /// Whether the file names persons: it is then not kept as it came unless somebody asks for it.
    pub tells_persons: bool,
}

/// What is seen of a file.
#[derive(Debug, Clone)]
pub enum Seen {
    /// A trial balance of so many accounts.
    TrialBalance(usize),
    /// Records.
    Records(Box<PreviewedRecords>),
    /// Nothing can be taken from it, for these reasons.
    Nothing(Vec<String>),
}

/// Records as they would be imported.
#[derive(Debug, Clone)]
pub struct PreviewedRecords {
    /// Which column is what, with the reasons.
    pub mapping: Mapping,
    /// Where the mapping comes from.
    pub origin: Origin,
    /// Other mappings that fit the file.
    pub others: Vec<Origin>,
    /// 1-based first row of the header.
    pub header_row: usize,
    /// The first rows below the header, one text for each column; what tells who a person is, is not shown.
    pub rows: Vec<Vec<String>>,
    /// What should be looked at.
    pub doubts: Vec<String>,
}

/// Looks at a file, outside of any transaction.
pub fn preview(upload: &Upload, known: &[Known], asked: Asked) -> Result<Preview> {
    let sheets =
        youju_sheet::read(&upload.file_name, &upload.content).map_err(|error| bad_file(vec![error.to_string()]))?;
    let guesses = recognise(&sheets);
    let likely = |guess: &&Guess| asked.sheet.as_ref().is_none_or(|sheet| *sheet == guess.sheet);
    let guess = guesses.iter().find(likely);
    let wanted = asked.sheet.as_deref().or(guess.map(|guess| guess.sheet.as_str()));
    let sheet = sheet_named(&sheets, wanted)?;
    let guess = guess.map(|guess| (guess.kind, guess.score));
    let kind = asked.kind.or(guess.map(|(kind, _)| kind)).unwrap_or(FileKind::Record(RecordKind::Generic));
    let seen = match kind {
        FileKind::TrialBalance => see_trial_balance(&sheets),
        FileKind::Record(kind) => see_records(sheet, kind, known, asked),
    };
    Ok(Preview {
        sheets: sheets.iter().filter(|sheet| !sheet.is_hidden).map(|sheet| sheet.name.clone()).collect(),
        sheet: sheet.name.clone(),
        guess,
        kind,
        seen,
        tells_persons: tells_persons(&sheets),
    })
}

/// A visible sheet by its name; the first one where nobody says.
pub(super) fn sheet_named<'a>(sheets: &'a [Sheet], name: Option<&str>) -> Result<&'a Sheet> {
    let mut visible = sheets.iter().filter(|sheet| !sheet.is_hidden);
    let found = match name {
        Some(name) => visible.find(|sheet| sheet.name == name),
        None => visible.next(),
    };
    let reason = || "文件中没有这个可见的工作表。请重新选择文件。".to_owned();
    found.ok_or_else(|| Error::Problem(Problem::BadInput { reason: reason() }))
}

fn see_trial_balance(sheets: &[Sheet]) -> Seen {
    match trial_balance::parse(sheets) {
        Ok(table) => Seen::TrialBalance(table.lines.len()),
        Err(errors) => Seen::Nothing(sentences(errors.iter().map(ToString::to_string).collect())),
    }
}

pub(super) fn see_records(sheet: &Sheet, kind: RecordKind, known: &[Known], asked: Asked) -> Seen {
    let of_kind: Vec<(&Known, std::result::Result<Proposal, Vec<CellError>>)> =
        known.iter().filter(|known| known.kind == kind).map(|known| (known, resume(sheet, &known.mapping))).collect();
    let mut doubts = Vec::new();
    let chosen = asked.mapping.filter(|mapping| mapping.kind == kind);
    let is_wanted = |known: &Known| asked.origin.as_ref().is_none_or(|origin| *origin == known.origin);
    let fitting = || {
        of_kind.iter().find_map(|(known, fit)| Some((known, fit.as_ref().ok()?)).filter(|(known, _)| is_wanted(known)))
    };
    let (proposal, origin) = if let Some(mapping) = chosen {
        let header_row = resume(sheet, &mapping).map_or(1, |proposal| proposal.header_row);
        (Proposal { mapping, header_row, doubts: Vec::new() }, Origin::Chosen)
    } else if let Some((known, proposal)) = fitting() {
        (proposal.clone(), known.origin.clone())
    } else {
        let unit = of_kind.iter().find(|(known, _)| known.origin == Origin::Unit && asked.origin.is_none());
        if let Some((_, Err(errors))) = unit {
            doubts.push("保存的对应关系不适合这个文件,下面是程序重新建议的。".to_owned());
            doubts.extend(errors.iter().map(ToString::to_string));
        }
        match propose(sheet, kind) {
            Ok(proposal) => (proposal, Origin::Program),
            Err(error) => return Seen::Nothing(vec![error.to_string()]),
        }
    };
    doubts.extend(proposal.doubts.iter().map(ToString::to_string));
    let mut others: Vec<Origin> =
        of_kind.iter().filter(|(_, fit)| fit.is_ok()).map(|(known, _)| known.origin.clone()).collect();
    others.push(Origin::Program);
    others.retain(|other| *other != origin);
    Seen::Records(Box::new(PreviewedRecords {
        rows: first_rows(sheet, &proposal),
        header_row: proposal.header_row,
        mapping: proposal.mapping,
        origin,
        others,
        doubts: sentences(doubts),
    }))
}

fn first_rows(sheet: &Sheet, proposal: &Proposal) -> Vec<Vec<String>> {
    let body = (proposal.header_row - 1).saturating_add(proposal.mapping.header_rows);
    let filled = sheet.rows.iter().skip(body).filter(|row| row.iter().any(|cell| !cell.is_empty()));
    let text = |row: &Vec<youju_sheet::Cell>| {
        let columns = proposal.mapping.columns.iter();
        let cell = |column: &youju_sheet::record::MappedColumn| {
            if column.take == Take::Personal {
                return "(个人信息)".to_owned();
            }
            let cell = column.column.checked_sub(1).and_then(|at| row.get(at));
            cell.map(|cell| cell.text().chars().take(SEEN_CHARS).collect()).unwrap_or_default()
        };
        columns.map(cell).collect()
    };
    filled.take(SEEN_ROWS).map(text).collect()
}

/// What a person chooses for one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// It is this field.
    Field(String),
    /// It is kept under its own name.
    Own,
    /// It is not used.
    Leave,
}

/// Changes a mapping as a person chose, column by column; a choice that says what is so already leaves the reason as it was.
pub fn change(mapping: &mut Mapping, choices: &[(usize, Choice)]) -> Result<()> {
    let unknown = || Problem::BadInput {
        reason: "选择的列或栏目不在这个文件中。请重新打开预览。".to_owned()
    };
    for (index, choice) in choices {
        let Some(column) = mapping.columns.get(*index) else { return Err(unknown().into()) };
        let now = match (&column.field, column.take) {
            (_, Take::Leave) | (None, Take::Personal) => Choice::Leave,
            (Some(field), _) => Choice::Field(field.clone()),
            (None, Take::Keep) => Choice::Own,
        };
        if now == *choice {
            continue;
        }
        match choice {
            Choice::Field(key) => {
                let field = mapping.kind.field(key).ok_or_else(unknown)?;
                mapping.choose(*index, Some(field));
            }
            Choice::Leave | Choice::Own => {
                mapping.choose(*index, None);
                if let (Some(column), Choice::Own) = (mapping.columns.get_mut(*index), choice) {
                    (column.take, column.reason) = (Take::Keep, Reason::Chosen);
                }
            }
        }
    }
    Ok(())
}
