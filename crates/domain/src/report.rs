//! Report 报表 — one unit's answers to one form for one period, and its life from empty to accepted.
//!
//! Law 1 holds here by construction: the only commands that touch a cell are [`Report::save`] and [`Report::generate`],
//! and both demand a [`Respondent`], which cannot be made from an officer.

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use youju_codes::Period;

use crate::Instant;
use crate::access::Respondent;
use crate::finding::{Answered, Standing};
use crate::id::{ImportId, PersonId, ReportId, UnitId, WindowId};
use crate::problem::Problem;
use crate::survey::Window;

/// Id of a cell 单元格 within its form: `c301`, or `c301_ly` for another column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CellId(String);

impl CellId {
    /// A cell id as the form defines it.
    pub fn new(id: impl Into<String>) -> CellId {
        CellId(id.into())
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

/// One input of a derivation: a balance of a ledger account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivationInput {
    /// Name in the formula, e.g. `ytd_credit_6001`.
    pub name: String,
    /// What it is, e.g. `6001 主营业务收入 本年累计贷方`.
    pub label: String,
    /// The figure in the ledger's unit of measure (元); none where the ledger has no such account.
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
    pub derivation: Option<Derivation>,
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

/// Level 层级 of government that accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 县级.
    County,
    /// 市级.
    City,
}

impl Level {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Level::County => "县级",
            Level::City => "市级",
        }
    }
}

/// Where a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 未填报.
    Empty,
    /// 填报中.
    Draft,
    /// 统计人员已签.
    Signed,
    /// 单位负责人已签.
    Authorised,
    /// 已上报.
    Submitted,
    /// 退回.
    Returned,
    /// 县级验收.
    AcceptedByCounty,
    /// 市级验收.
    AcceptedByCity,
}

impl State {
    /// All states, in the order of a report's life.
    pub const ALL: [State; 8] = [
        State::Empty,
        State::Draft,
        State::Signed,
        State::Authorised,
        State::Submitted,
        State::Returned,
        State::AcceptedByCounty,
        State::AcceptedByCity,
    ];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            State::Empty => "未填报",
            State::Draft => "填报中",
            State::Signed => "统计人员已签",
            State::Authorised => "负责人已签",
            State::Submitted => "已上报",
            State::Returned => "已退回",
            State::AcceptedByCounty => "县级已验收",
            State::AcceptedByCity => "市级已验收",
        }
    }

    /// The name in storage and addresses.
    pub fn key(self) -> &'static str {
        match self {
            State::Empty => "empty",
            State::Draft => "draft",
            State::Signed => "signed",
            State::Authorised => "authorised",
            State::Submitted => "submitted",
            State::Returned => "returned",
            State::AcceptedByCounty => "accepted_by_county",
            State::AcceptedByCity => "accepted_by_city",
        }
    }

    /// Reads [`State::key`].
    pub fn from_key(key: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.key() == key)
    }

    /// True while the respondent may write cells.
    pub fn is_editable(self) -> bool {
        matches!(self, State::Empty | State::Draft | State::Signed | State::Authorised | State::Returned)
    }

    /// True when the figures have reached an office and not been sent back.
    pub fn is_reported(self) -> bool {
        matches!(self, State::Submitted | State::AcceptedByCounty | State::AcceptedByCity)
    }

    /// True when `level` has accepted.
    pub fn is_accepted_by(self, level: Level) -> bool {
        match level {
            Level::County => matches!(self, State::AcceptedByCounty | State::AcceptedByCity),
            Level::City => self == State::AcceptedByCity,
        }
    }
}

/// Report 报表.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// The unit that answers.
    pub unit: UnitId,
    /// The window in which it is reported.
    pub window: WindowId,
    /// Form code 表号.
    pub form: String,
    /// Period 报告期.
    pub period: Period,
    /// Where it stands.
    pub state: State,
    /// The present cells.
    pub cells: Cells,
    /// Number of versions submitted so far.
    pub versions: u32,
    /// Changes at every write; a writer who saw an older number is told so.
    pub revision: i64,
    /// When it was last submitted.
    pub submitted_at: Option<Instant>,
    /// True when that was after the deadline.
    pub is_late: bool,
    /// Why it was returned, while it is.
    pub return_reason: Option<String>,
    /// Who signed as statistician (统计负责人), while it is signed.
    pub signed_by: Option<PersonId>,
    /// Who signed as person in charge (单位负责人), while it is signed.
    pub authorised_by: Option<PersonId>,
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

/// Fewest characters of a reason for a return (退回原因).
pub const RETURN_REASON_CHARS_MIN: usize = 4;

impl Report {
    /// An empty report, made when its window opens.
    pub fn empty(id: ReportId, unit: UnitId, window: &Window) -> Report {
        Report {
            id,
            unit,
            window: window.id,
            form: window.form.clone(),
            period: window.period,
            state: State::Empty,
            cells: Cells::new(),
            versions: 0,
            revision: 0,
            submitted_at: None,
            is_late: false,
            return_reason: None,
            signed_by: None,
            authorised_by: None,
        }
    }

    /// Takes the respondent's changes, cell by cell. A cell that somebody else changed in between is left alone and
    /// reported as a conflict; the other changes stand. Signatures fall, because they were given for other figures.
    pub fn save(
        mut self,
        by: &Respondent,
        window: &Window,
        changes: &[Change],
        now: Instant,
    ) -> Result<(Report, Vec<Conflict>), Problem> {
        self.must_be_editable(by, window, now)?;
        let mut conflicts = Vec::new();
        let mut is_touched = false;
        for change in changes {
            let stands = value_of(&self.cells, &change.cell).clone();
            if stands == change.value {
                continue;
            }
            if stands != change.was {
                conflicts.push(Conflict { cell: change.cell.clone(), stands, wanted: change.value.clone() });
                continue;
            }
            let cell = overtype(self.cells.get(&change.cell), change, by.person(), now);
            self.cells.insert(change.cell.clone(), cell);
            is_touched = true;
        }
        if is_touched {
            self = self.drafted();
        }
        Ok((self, conflicts))
    }

    /// Puts generated values into the report (一键生成). A cell that the respondent typed over keeps the typed value
    /// and gets the new generated one beside it.
    pub fn generate(
        mut self,
        by: &Respondent,
        window: &Window,
        generated: Vec<Generated>,
        now: Instant,
    ) -> Result<Report, Problem> {
        self.must_be_editable(by, window, now)?;
        for new in generated {
            let cell = match self.cells.remove(&new.cell) {
                Some(old) if old.state == ValueState::Edited && old.value != new.value => {
                    Cell { generated: Some(new.value), derivation: Some(new.derivation), ..old }
                }
                _ => Cell {
                    value: new.value,
                    state: new.state,
                    by: by.person(),
                    at: now,
                    derivation: Some(new.derivation),
                    generated: None,
                    reason: None,
                },
            };
            self.cells.insert(new.cell, cell);
        }
        Ok(self.drafted())
    }

    /// The statistician signs. Every finding must be mended or explained first.
    pub fn sign(
        mut self,
        by: &Respondent,
        window: &Window,
        open: &[Standing],
        now: Instant,
    ) -> Result<Report, Problem> {
        self.must_be_editable(by, window, now)?;
        match self.state {
            State::Draft | State::Returned => {
                no_open_findings(open)?;
                self.state = State::Signed;
                self.signed_by = Some(by.person());
                Ok(self)
            }
            State::Empty => Err(Problem::NothingFilled),
            state => Err(Problem::WrongState { is: state, needs: State::Draft }),
        }
    }

    /// The person in charge of the unit signs.
    pub fn authorise(mut self, by: &Respondent, window: &Window, now: Instant) -> Result<Report, Problem> {
        self.must_be_editable(by, window, now)?;
        if self.state != State::Signed {
            return Err(Problem::WrongState { is: self.state, needs: State::Signed });
        }
        self.state = State::Authorised;
        self.authorised_by = Some(by.person());
        Ok(self)
    }

    /// Hands the signed report to the office; it becomes the next immutable version.
    /// Findings are looked at once more, because other reports that a check compares with may have changed.
    pub fn submit(
        mut self,
        by: &Respondent,
        window: &Window,
        findings: &[Answered],
        may_explain: bool,
        now: Instant,
    ) -> Result<Report, Problem> {
        self.must_be_editable(by, window, now)?;
        if self.state != State::Authorised {
            return Err(Problem::WrongState { is: self.state, needs: State::Authorised });
        }
        let standings: Vec<Standing> = findings.iter().map(|f| f.standing(may_explain)).collect();
        no_open_findings(&standings)?;
        self.mark_forced(findings, may_explain);
        self.state = State::Submitted;
        self.submitted_at = Some(now);
        self.is_late = window.is_late(now);
        self.return_reason = None;
        self.versions += 1;
        Ok(self)
    }

    /// The respondent takes a submitted report back to change it, as long as no office has accepted it
    /// and the window is open (LWZB-TIPS).
    pub fn recall(mut self, by: &Respondent, window: &Window, now: Instant) -> Result<Report, Problem> {
        by.must_answer_for(self.unit)?;
        window.must_be_open(now)?;
        if self.state != State::Submitted {
            return Err(Problem::WrongState { is: self.state, needs: State::Submitted });
        }
        self = self.drafted();
        Ok(self)
    }

    /// An office accepts. A higher level accepts only what the lower has accepted.
    pub fn accept(mut self, level: Level) -> Result<Report, Problem> {
        let needs = match level {
            Level::County => State::Submitted,
            Level::City => State::AcceptedByCounty,
        };
        if self.state != needs {
            return Err(Problem::WrongState { is: self.state, needs });
        }
        self.state = match level {
            Level::County => State::AcceptedByCounty,
            Level::City => State::AcceptedByCity,
        };
        Ok(self)
    }

    /// An office sends the report back, with a reason; acceptance given so far falls. The cells stay as they are:
    /// only the respondent mends them.
    pub fn return_(mut self, level: Level, reason: &str) -> Result<Report, Problem> {
        let reason = reason.trim();
        if reason.chars().count() < RETURN_REASON_CHARS_MIN {
            return Err(Problem::ReturnReasonShort);
        }
        let may = match self.state {
            State::Submitted | State::AcceptedByCounty => true,
            State::AcceptedByCity => level == Level::City,
            _ => false,
        };
        if !may {
            return Err(Problem::WrongState { is: self.state, needs: State::Submitted });
        }
        self.state = State::Returned;
        self.return_reason = Some(reason.to_owned());
        self.signed_by = None;
        self.authorised_by = None;
        Ok(self)
    }

    fn must_be_editable(&self, by: &Respondent, window: &Window, now: Instant) -> Result<(), Problem> {
        by.must_answer_for(self.unit)?;
        if self.state != State::Returned {
            // A returned report may be mended after the window has closed: it must never be stuck.
            window.must_be_open(now)?;
        }
        if self.state.is_editable() { Ok(()) } else { Err(Problem::NotEditable { is: self.state }) }
    }

    fn drafted(mut self) -> Report {
        // A returned report stays returned until it is signed again, so that it keeps its place in the inbox.
        if self.state != State::Returned {
            self.state = State::Draft;
        }
        self.signed_by = None;
        self.authorised_by = None;
        self
    }

    fn mark_forced(&mut self, findings: &[Answered], may_explain: bool) {
        let explained = findings.iter().filter(|f| f.standing(may_explain) == Standing::Explained);
        for id in explained.flat_map(|f| f.finding.cells.iter()) {
            if let Some(cell) = self.cells.get_mut(id)
                && cell.state == ValueState::Collected
            {
                cell.state = ValueState::Forced;
            }
        }
    }
}

fn overtype(old: Option<&Cell>, change: &Change, by: PersonId, now: Instant) -> Cell {
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
        let prefilled = old.derivation.as_ref().is_some_and(|d| d.import.is_none());
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

fn no_open_findings(standings: &[Standing]) -> Result<(), Problem> {
    let mend = standings.iter().filter(|s| **s == Standing::MustMend).count();
    let explain = standings.iter().filter(|s| **s == Standing::MustExplain).count();
    if mend + explain == 0 { Ok(()) } else { Err(Problem::OpenFindings { mend, explain }) }
}
