//! Outside 部门数据 — what tax, power and social insurance departments say about units, beside what the units report. What may be
//! handed over, and with which cell it is compared, is declared by programmes; a difference is something to ask about, never a
//! verdict, and no cell is ever written from it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use youju_codes::{AreaCode, Measure, Period, PeriodKind, Quantity, Usci};

use crate::Instant;
use crate::id::{OutsideImportId, PersonId, UnitId};
use crate::report::CellId;

/// Digits before the point of a figure that a department hands over: as many as a cell may have.
pub const FIGURE_DIGITS_MAX: u32 = 18;
/// Its decimal places: what departments write has at most 分 and a few kilowatt-hours behind 万.
pub const FIGURE_DECIMALS_MAX: u32 = 6;
/// Characters of the words about where a table comes from.
pub const ORIGIN_CHARS_MAX: usize = 100;

/// Which time a figure covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// 本年累计: from January to the end of the period.
    YearToDate,
    /// 期末: on the last day.
    End,
    /// 本期: the period itself.
    Period,
}

impl Span {
    /// All.
    pub const ALL: [Span; 3] = [Span::YearToDate, Span::End, Span::Period];

    /// The word in programme files.
    pub fn key(self) -> &'static str {
        match self {
            Span::YearToDate => "year_to_date",
            Span::End => "end",
            Span::Period => "period",
        }
    }

    /// Reads [`Span::key`].
    pub fn from_key(key: &str) -> Option<Span> {
        Span::ALL.into_iter().find(|span| span.key() == key)
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Span::YearToDate => "本年累计",
            Span::End => "期末数",
            Span::Period => "本期数",
        }
    }

    /// The period under which a figure is kept and looked for. What is counted from January on, or on a last day, belongs to the
    /// month that ends then, so that figures of March serve the report of the first quarter too.
    #[must_use]
    pub fn kept_under(self, period: Period) -> Period {
        match self {
            Span::Period => period,
            Span::YearToDate | Span::End => PeriodKind::Month.containing(period.last_day()).unwrap_or(period),
        }
    }

    /// A period that a figure is kept under, in words.
    pub fn say(self, period: Period) -> String {
        match self {
            Span::YearToDate => period.cumulative_label(),
            Span::End => format!("{}末", period.label()),
            Span::Period => period.label(),
        }
    }
}

/// Item 部门数据项 — one kind of figure that a department hands over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id, the same in every programme that looks at it.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Which department has it, e.g. `税务`.
    pub department: String,
    /// The unit of measure where a file does not name one.
    pub measure: Measure,
    /// Which time it covers.
    pub span: Span,
    /// What its column is called in the tables of the department.
    pub columns: Vec<String>,
    /// With which cells it is compared.
    pub against: Vec<Against>,
    /// Titles of the texts that it was read in.
    pub sources: Vec<String>,
    /// True where no text says it.
    pub is_inferred: bool,
    /// What has to be known about it.
    pub note: String,
}

/// Against 对照 — a cell with which an item is compared, and how far the two may lie apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// 表号.
    pub form: String,
    /// The cell.
    pub cell: CellId,
    /// The department's figure is at least so many percent of the reported one.
    pub at_least: Decimal,
    /// And at most so many.
    pub at_most: Decimal,
    /// Titles of the texts that the tolerance was read in.
    pub sources: Vec<String>,
    /// True where no text says it.
    pub is_inferred: bool,
    /// Why the two may differ.
    pub note: String,
}

/// How a comparison ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// 差异大: beyond the tolerance.
    Beyond,
    /// 在容许范围内.
    Within,
    /// 未填报: there is nothing to compare with.
    NotReported,
    /// 部门没有: missing is not zero.
    NoFigure,
    /// 不可比: no exact number says the one in terms of the other.
    NotComparable,
}

impl Verdict {
    /// All, in the order of the page.
    pub const ALL: [Verdict; 5] =
        [Verdict::Beyond, Verdict::Within, Verdict::NotReported, Verdict::NoFigure, Verdict::NotComparable];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Verdict::Beyond => "差异大",
            Verdict::Within => "容许范围内",
            Verdict::NotReported => "未填报",
            Verdict::NoFigure => "部门没有",
            Verdict::NotComparable => "不可比",
        }
    }
}

/// A reported figure beside that of a department, both in the unit of measure of the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// As reported; none where nothing is.
    pub reported: Option<Decimal>,
    /// What the department says; none where it says nothing, or nothing that can be told in this unit of measure.
    pub outside: Option<Decimal>,
    /// The first less the second.
    pub difference: Option<Decimal>,
    /// What follows.
    pub verdict: Verdict,
}

impl Against {
    /// Compares a reported figure of a cell, in its unit of measure and with its decimal places, with what a department says.
    pub fn compare(
        &self,
        (measure, decimals): (Measure, u32),
        reported: Option<Decimal>,
        handed: Option<Quantity>,
    ) -> Compared {
        let bare = |outside, verdict| Compared { reported, outside, difference: None, verdict };
        let Some(handed) = handed else {
            return bare(None, if reported.is_some() { Verdict::NoFigure } else { Verdict::NotReported });
        };
        let Ok(outside) = handed.to(measure) else { return bare(None, Verdict::NotComparable) };
        let Some(number) = reported else { return bare(Some(outside.value()), Verdict::NotReported) };
        let difference = Quantity::new(number, measure).checked_sub(&outside).map(|quantity| quantity.value());
        let (Ok(difference), Some(is_within)) = (difference, self.holds(number, outside.value(), decimals)) else {
            return bare(Some(outside.value()), Verdict::NotComparable);
        };
        let verdict = if is_within { Verdict::Within } else { Verdict::Beyond };
        Compared { difference: Some(difference), ..bare(Some(outside.value()), verdict) }
    }

    /// Whether the department's figure lies within the tolerance. A reported figure is rounded to the places of its cell, so half
    /// a place more is within; beside a reported zero only that is. Nothing where no exact number can tell.
    fn holds(&self, reported: Decimal, outside: Decimal, decimals: u32) -> Option<bool> {
        let (one, other) = (reported.checked_mul(self.at_least)?, reported.checked_mul(self.at_most)?);
        let slack = Decimal::try_from_i128_with_scale(50, decimals).ok()?;
        let hundredfold = outside.checked_mul(Decimal::ONE_HUNDRED)?;
        let (low, high) = (one.min(other).checked_sub(slack)?, one.max(other).checked_add(slack)?);
        Some(low <= hundredfold && hundredfold <= high)
    }

    /// The tolerance in words.
    pub fn tolerance(&self) -> String {
        format!("部门数为填报数的 {}%–{}%", self.at_least.normalize(), self.at_most.normalize())
    }
}

/// A row of a table as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// Row in the file, from 1.
    pub row: u32,
    /// 统一社会信用代码 as it stands there.
    pub usci: String,
    /// 单位名称; may be empty.
    pub name: String,
    /// Of which period, or why that cannot be told.
    pub period: Result<Period, String>,
    /// The figure; none where nothing stands there.
    pub value: Result<Option<Decimal>, String>,
}

/// A unit that the one who imports may look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub unit: UnitId,
    /// Its name in the register.
    pub name: String,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is taken.
    Taken {
        /// For which unit.
        unit: UnitId,
        /// The unit's name in the register.
        name: String,
        /// Kept under which period.
        period: Period,
        /// The figure.
        value: Decimal,
    },
    /// It is left, and told: it says nothing about a unit in work.
    Left(String),
    /// The whole table is refused until this is mended.
    Wrong(String),
}

/// What becomes of every row of a table. A row about nobody in the register is left; a row about a unit must be right, because
/// half a table would be taken for a whole one.
pub fn judge(rows: &[Handed], known: &BTreeMap<Usci, Known>) -> Vec<Fate> {
    let mut seen: BTreeMap<(UnitId, Period), u32> = BTreeMap::new();
    rows.iter().map(|row| judge_row(row, known, &mut seen)).collect()
}

fn judge_row(row: &Handed, known: &BTreeMap<Usci, Known>, seen: &mut BTreeMap<(UnitId, Period), u32>) -> Fate {
    if row.usci.is_empty() {
        return Fate::Left("没有统一社会信用代码。".into());
    }
    let code = match Usci::parse(&row.usci) {
        Ok(code) => code,
        Err(error) => return Fate::Left(format!("统一社会信用代码不对:{}。", error.reason)),
    };
    let Some(unit) = known.get(&code) else {
        return Fate::Left("名录库中本辖区没有这个单位。".into());
    };
    let period = match &row.period {
        Ok(period) => *period,
        Err(reason) => return Fate::Wrong(reason.clone()),
    };
    let value = match &row.value {
        Ok(Some(value)) => *value,
        Ok(None) => return Fate::Left("没有填数;空白不当作 0。".into()),
        Err(reason) => return Fate::Wrong(reason.clone()),
    };
    if value.scale() > FIGURE_DECIMALS_MAX || value.trunc().abs() >= Decimal::from(10_u64.pow(FIGURE_DIGITS_MAX)) {
        return Fate::Wrong(format!(
            "整数超过 {FIGURE_DIGITS_MAX} 位或小数超过 {FIGURE_DECIMALS_MAX} 位。请核对数值和计量单位。"
        ));
    }
    if let Some(first) = seen.insert((unit.unit, period), row.row) {
        return Fate::Wrong(format!("与第 {first} 行是同一单位、同一期。请只留一行。"));
    }
    Fate::Taken { unit: unit.unit, name: unit.name.clone(), period, value }
}

/// A row that was left, as an import remembers it: without its figure, because it is about nobody whom the office asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Row in the file.
    pub row: u32,
    /// The code as it stood there.
    pub usci: String,
    /// Why it was left.
    pub reason: String,
}

/// Import 部门数据导入 — one table of one item and period, for the units of one area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: OutsideImportId,
    /// Which item.
    pub item: String,
    /// The period that it is kept under.
    pub period: Period,
    /// For which area: that of the office that imported it.
    pub area: AreaCode,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_hash: String,
    /// Where it comes from, in the words of who imported it.
    pub origin: String,
    /// The unit of measure of its figures.
    pub measure: Measure,
    /// Who imported it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// How many rows were left.
    pub left: u64,
}

/// The imports of an item and period that still count, of those given from the newest on: one whose whole area a newer one covers
/// has been replaced.
pub fn counting(imports: Vec<Import>) -> Vec<Import> {
    let mut counting: Vec<Import> = Vec::new();
    for import in imports {
        if counting.iter().all(|newer| !newer.area.contains(&import.area)) {
            counting.push(import);
        }
    }
    counting
}

/// The import that speaks for a unit, of those that [`counting`] gave: the newest of an area in which the unit lies. Where it says
/// nothing about the unit, an older one is not asked instead.
pub fn speaks_for<'a>(counting: &'a [Import], area: &AreaCode) -> Option<&'a Import> {
    counting.iter().find(|import| import.area.contains(area))
}
