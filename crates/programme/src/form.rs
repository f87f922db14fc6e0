//! Form 表式: indicators × columns, and everything that is printed around them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use youju_codes::{Measure, Period, PeriodKind};
use youju_domain::register::{Audience, Listing};
use youju_domain::report::CellId;

use crate::carry::Computed;
use crate::cell::{Carry, CellDef, Kind};
use crate::check::Checks;
use crate::derive::Derivations;
use crate::facts::{Component, Tables};
use crate::ledger::Ledger;
use crate::list::{List, RowCell};

/// Form 报表表式 — one questionnaire with a 表号.
#[derive(Debug)]
pub struct Form {
    /// 表号, e.g. `B203`.
    pub code: String,
    /// 表名, e.g. `工业 财务状况`.
    pub name: String,
    /// 制定机关.
    pub authority: String,
    /// 文号.
    pub document: String,
    /// First day of validity.
    pub valid_from: NaiveDate,
    /// Last day of validity 有效期至.
    pub valid_to: NaiveDate,
    /// Unit of measure of most cells 计量单位, for the head of the form.
    pub measure: Measure,
    /// Columns 栏目, in order; the id of the main one is empty.
    pub columns: Vec<Column>,
    /// The cells that come first where there is room for few 主要指标: charts, summaries.
    pub headline: Vec<CellId>,
    /// Indicators under their headings, in order.
    pub groups: Vec<Group>,
    /// Lists 清单 below them: one row per project, product, fuel.
    pub lists: Vec<List>,
    /// GB/T 4754 codes, or beginnings of them, whose units report 填报范围.
    pub industries: Vec<String>,
    /// Which units of these industries.
    pub listings: Vec<Listing>,
    /// Filling notes 填报说明.
    pub notes: Vec<Note>,
    /// Names at the foot: 单位负责人, 统计负责人, 填表人 …
    pub foot: Vec<String>,
    pub(crate) period: PeriodKind,
    pub(crate) cells: Vec<CellDef>,
    pub(crate) by_id: BTreeMap<CellId, usize>,
    pub(crate) checks: Checks,
    /// The checks of each list's rows, in the order of [`Form::lists`].
    pub(crate) row_checks: Vec<Checks>,
    pub(crate) derivations: Option<Derivations>,
    /// The ledgers of its programme.
    pub(crate) ledgers: Arc<Vec<Ledger>>,
    pub(crate) computed: Vec<Computed>,
    pub(crate) version: String,
    /// What checks of this form may look at: the cells of every form in force.
    pub(crate) tables: Arc<Tables>,
}

/// Column 栏目.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    /// Empty for the main column, otherwise the ending of its cell ids: `ly`.
    pub id: String,
    /// The head, e.g. `1—本月`.
    pub label: String,
    /// What its cells take over from the unit's earlier reports.
    pub carry: Carry,
    /// Its own unit of measure, where it is not that of the row: money beside tons.
    pub measure: Option<Measure>,
    /// Its own decimal places, where they are not those of the row.
    pub decimals: Option<u32>,
}

/// Group 分组 of indicators under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The heading, e.g. `一、期末资产负债`.
    pub heading: String,
    /// The indicators.
    pub indicators: Vec<Indicator>,
}

/// Indicator 指标 — one row of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// 指标代码, e.g. `301` or `103.4`.
    pub code: String,
    /// The name as printed, e.g. `其中:应收账款`.
    pub name: String,
    /// The name in sentences, e.g. `应收账款`.
    pub label: String,
    /// How deep below the total it stands (其中 is 1).
    pub level: u8,
    /// 计量单位.
    pub measure: Measure,
    /// What may be filled in.
    pub kind: Kind,
    /// 必填.
    pub is_required: bool,
    /// True when a negative number is always or nearly always wrong.
    pub is_nonnegative: bool,
    /// Decimal places of its numbers.
    pub decimals: u32,
    /// What it takes over from the unit's earlier reports, where its column does not say so.
    pub carry: Carry,
    /// Where the name was read.
    pub name_provenance: Provenance,
    /// Where the code was read.
    pub code_provenance: Provenance,
    /// Keys of the sources.
    pub sources: Vec<String>,
}

/// Note 填报说明.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The words.
    pub text: String,
    /// Keys of the sources.
    pub sources: Vec<String>,
}

/// Provenance 来源类别 of a name, a code or a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provenance {
    /// Read in an official document.
    Real,
    /// Read in an edition that is no longer in force.
    RealOldEdition,
    /// Inferred; to be confirmed by the authority.
    Inferred,
    /// Our own.
    Youju,
}

impl Provenance {
    const ALL: [Provenance; 4] =
        [Provenance::Real, Provenance::RealOldEdition, Provenance::Inferred, Provenance::Youju];

    /// The word in files.
    pub fn key(self) -> &'static str {
        match self {
            Provenance::Real => "real",
            Provenance::RealOldEdition => "real_old_edition",
            Provenance::Inferred => "inferred",
            Provenance::Youju => "youju",
        }
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Provenance::Real => "见于公开文件",
            Provenance::RealOldEdition => "见于旧版制度",
            Provenance::Inferred => "推定,待制定机关核定",
            Provenance::Youju => "本系统增加",
        }
    }

    pub(crate) fn from_key(key: &str) -> Option<Provenance> {
        Provenance::ALL.into_iter().find(|provenance| provenance.key() == key)
    }
}

impl Form {
    /// Who reports it.
    pub fn audience(&self) -> Audience<'_> {
        Audience { industries: &self.industries, listings: &self.listings }
    }

    /// 表号 and name, as in a heading: `B203 工业 财务状况`.
    pub fn title(&self) -> String {
        format!("{} {}", self.code, self.name)
    }

    /// SHA-256 over everything that defines the form; windows freeze it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The rhythm in which the form is reported.
    pub fn period_kind(&self) -> PeriodKind {
        self.period
    }

    /// True when the form is reported for exactly this period (B203: 1—2月, 3月 … 12月, but never 1月).
    pub fn is_reported_in(&self, period: Period) -> bool {
        self.period.periods(period.year()).is_ok_and(|periods| periods.contains(&period))
    }

    /// The other forms 表号 whose reports its checks look at or its cells are taken from.
    pub fn other_forms(&self) -> BTreeSet<&str> {
        let checks = std::iter::once(&self.checks).chain(&self.row_checks);
        let taken = self.cells.iter().filter_map(|cell| match &cell.carry {
            Carry::OtherForm(form) => Some(form.as_str()),
            _ => None,
        });
        checks.flat_map(|checks| &checks.components).filter_map(Component::other_form).chain(taken).collect()
    }

    /// The period of this form's rhythm that ends with another period: the year for December, December for the year.
    pub fn period_ending_with(&self, period: Period) -> Option<Period> {
        let periods = self.period.periods(period.year()).ok()?;
        periods.into_iter().find(|own| own.last_month() == period.last_month())
    }

    /// Every indicator, in order.
    pub fn indicators(&self) -> impl Iterator<Item = &Indicator> {
        self.groups.iter().flat_map(|group| &group.indicators)
    }

    /// Every cell: row by row, within a row column by column.
    pub fn cells(&self) -> &[CellDef] {
        &self.cells
    }

    /// The cell with this id among the fixed ones.
    pub(crate) fn fixed(&self, id: &CellId) -> Option<&CellDef> {
        self.by_id.get(id).and_then(|at| self.cells.get(*at))
    }

    /// The cell with this id: a fixed one, or one in a row of a list.
    pub fn cell(&self, id: &CellId) -> Option<Cow<'_, CellDef>> {
        self.fixed(id).map(Cow::Borrowed).or_else(|| self.cell_of_row(id).map(Cow::Owned))
    }

    /// The cell with this id, given as text from outside.
    pub fn cell_by_text(&self, id: &str) -> Option<Cow<'_, CellDef>> {
        self.cell(&CellId::new(id))
    }

    /// The cell of an indicator in a column; nothing where the form has a blank field.
    pub fn cell_at(&self, indicator: &Indicator, column: &Column) -> Option<&CellDef> {
        self.fixed(&cell_id(&indicator.code, &column.id))
    }

    /// Cells that repeat last year's report, each with the cell of the same indicator that it repeats.
    pub fn last_year_cells(&self) -> impl Iterator<Item = (&CellId, &CellId)> {
        self.cells.iter().filter_map(|main| Some((last_year_of(&self.cells, main)?, &main.id)))
    }

    /// The cell that holds last year's figure of another one, if the form has one.
    pub fn last_year_of(&self, main: &CellDef) -> Option<&CellId> {
        last_year_of(&self.cells, main)
    }

    fn cell_of_row(&self, id: &CellId) -> Option<CellDef> {
        let row = RowCell::parse(id)?;
        self.list(row.list).filter(|list| row.number <= list.rows_max)?.cell(row.number, row.column)
    }
}

/// Among the cells of a form, the one that repeats another one from last year's report.
pub(crate) fn last_year_of<'a>(cells: &'a [CellDef], main: &CellDef) -> Option<&'a CellId> {
    let repeats = |cell: &&CellDef| {
        cell.code == main.code && matches!(&cell.carry, Carry::LastYear(column) if *column == main.column)
    };
    cells.iter().find(repeats).map(|cell| &cell.id)
}

/// `301` in the main column is `c301`, in column `ly` it is `c301_ly`; `103.4` is `c103_4`.
pub(crate) fn cell_id(code: &str, column: &str) -> CellId {
    let code: String = code.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    CellId::new(if column.is_empty() { format!("c{code}") } else { format!("c{code}_{column}") })
}
