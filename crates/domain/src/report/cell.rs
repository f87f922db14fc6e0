//! Cells of a report: values, how they came to stand there, and what wants to change them.

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::Instant;
use crate::id::{BookId, ImportId, PersonId, RecordImportId, ReportId};

/// Id of a cell 单元格 within its form: `c301`, or `c301_ly` for another column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CellId(SmolStr);

impl CellId {
    /// A cell id as the form defines it.
    pub fn new(id: impl AsRef<str>) -> CellId {
        CellId(SmolStr::new(id))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CellId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A reported value. Blank, zero and "not applicable" are three different things (law 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// 未填.
    Blank,
    /// 不适用, shown as —.
    NotApplicable,
    /// An exact number in the cell's unit of measure.
    Number(Decimal),
    /// Text, a code or a date as the form prints it.
    Text(String),
}

impl Value {
    /// The number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The value as a page or an export prints it: empty is empty, zero is 0, not applicable is —.
    pub fn print(&self) -> String {
        match self {
            Value::Blank => String::new(),
            Value::NotApplicable => "—".into(),
            Value::Number(number) => youju_codes::format_number(number),
            Value::Text(text) => text.clone(),
        }
    }
}

/// How a value came to stand in its cell (数据状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueState {
    /// 填报 — typed, pasted or imported by the respondent.
    Collected,
    /// 生成 — derived from the ledger.
    Computed,
    /// 改动 — derived from the ledger and then overtyped by the respondent, with a reason.
    Edited,
    /// 带说明报送 — stands against a check, with an explanation.
    Forced,
    /// 预填 — carried over from the unit's own earlier report.
    Prefilled,
}

impl ValueState {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            ValueState::Collected => "填报",
            ValueState::Computed => "台账生成",
            ValueState::Edited => "改动",
            ValueState::Forced => "说明后报送",
            ValueState::Prefilled => "预填",
        }
    }
}

/// One input of a derivation: a balance of an account, or a figure of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivationInput {
    /// Name in the formula, e.g. `ytd_credit_6001`.
    pub name: String,
    /// What it is, e.g. `6001 主营业务收入 本年累计贷方`.
    pub label: String,
    /// The figure in the ledger's unit of measure (元 for accounts); none where the ledger has no such account.
    pub value: Option<Decimal>,
    /// 1-based row of the imported sheet.
    pub row: Option<u32>,
}

/// Derivation 取数过程 — how a computed value came from the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derivation {
    /// The import that it was derived from; none for a value carried over from an earlier report.
    pub import: Option<ImportId>,
    /// The report that a prefilled value was carried over from.
    pub report: Option<ReportId>,
    /// The filled ledgers that it was derived from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub books: Vec<BookId>,
    /// The source records that it was gathered from, in a ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordImportId>,
    /// The formula, as declared by the programme.
    pub formula: String,
    /// The formula with labels and figures.
    pub sentence: String,
    /// The exact result before rounding, in the ledger's unit of measure.
    pub exact: Option<Decimal>,
    /// Every input.
    pub inputs: Vec<DerivationInput>,
}

/// Cell 单元格 — a value with its state and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The value that counts.
    pub value: Value,
    /// How it came here.
    pub state: ValueState,
    /// Who set it last.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// Derivation of the generated value, kept when the value is overtyped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derivation: Option<Box<Derivation>>,
    /// The generated value, kept beside the one that was typed over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<Value>,
    /// Why a generated value was typed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The filled cells of a report. A cell that is not here is blank.
pub type Cells = BTreeMap<CellId, Cell>;

/// The value of a cell, blank when it was never filled.
pub fn value_of<'a>(cells: &'a Cells, id: &CellId) -> &'a Value {
    cells.get(id).map_or(&Value::Blank, |cell| &cell.value)
}

/// The cells whose values differ between two states of a report, in order.
pub fn changed_between<'a>(before: &'a Cells, after: &'a Cells) -> Vec<&'a CellId> {
    let mut ids: Vec<&CellId> = before.keys().chain(after.keys()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| value_of(before, id) != value_of(after, id));
    ids
}

/// A cell that the respondent wants to change: what stood there when they looked, and what shall stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which cell.
    pub cell: CellId,
    /// What the respondent saw before typing.
    pub was: Value,
    /// The new value.
    pub value: Value,
    /// Why a generated value is typed over; asked for, never guessed.
    pub reason: Option<String>,
}

/// A change that met somebody else's: nothing was overwritten, the respondent chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Which cell.
    pub cell: CellId,
    /// What stands there now.
    pub stands: Value,
    /// What this respondent wanted.
    pub wanted: Value,
}

/// A cell derived from the ledger or carried over, ready to be put into a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// Which cell.
    pub cell: CellId,
    /// The value in the cell's unit of measure.
    pub value: Value,
    /// `Computed` or `Prefilled`.
    pub state: ValueState,
    /// Where it came from.
    pub derivation: Derivation,
}

/// The cell after a change. A value typed over a generated one keeps both.
pub(crate) fn overtype(old: Option<&Cell>, change: &Change, by: PersonId, now: Instant) -> Cell {
    let typed = Cell {
        value: change.value.clone(),
        state: ValueState::Collected,
        by,
        at: now,
        derivation: None,
        generated: None,
        reason: None,
    };
    let Some(old) = old.filter(|cell| cell.derivation.is_some()) else { return typed };
    let generated = old.generated.clone().unwrap_or_else(|| old.value.clone());
    if generated == change.value {
        // Typed back to what the ledger says.
        let prefilled = old.derivation.as_ref().is_some_and(|d| d.report.is_some());
        let state = if prefilled { ValueState::Prefilled } else { ValueState::Computed };
        return Cell { state, derivation: old.derivation.clone(), ..typed };
    }
    Cell {
        state: ValueState::Edited,
        derivation: old.derivation.clone(),
        generated: Some(generated),
        reason: change.reason.clone().or_else(|| old.reason.clone()),
        ..typed
    }
}

/// Puts generated values into cells. One that somebody typed into keeps the typed value and gets the generated one beside it.
pub(crate) fn put_generated(cells: &mut Cells, generated: Vec<Generated>, by: PersonId, now: Instant) {
    for new in generated {
        let cell = match cells.remove(&new.cell) {
            Some(old) if is_typed(&old) && old.value != new.value => Cell {
                state: ValueState::Edited,
                generated: Some(new.value),
                derivation: Some(Box::new(new.derivation)),
                ..old
            },
            _ => Cell {
                value: new.value,
                state: new.state,
                by,
                at: now,
                derivation: Some(Box::new(new.derivation)),
                generated: None,
                reason: None,
            },
        };
        cells.insert(new.cell, cell);
    }
}

/// True when the value in a cell is the respondent's own, not one that was generated or taken away.
fn is_typed(cell: &Cell) -> bool {
    match cell.state {
        ValueState::Edited => true,
        ValueState::Collected | ValueState::Forced => cell.value != Value::Blank,
        ValueState::Computed | ValueState::Prefilled => false,
    }
}
