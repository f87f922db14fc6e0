//! Sheet 联审表 — what members of a meeting see of the reports. Members may be competitors of those on it: it tells directions and
//! orders of size, never a figure, a name, a code or a place. What is not put in here cannot be read off it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;
use crate::selection::Figure;

/// Fewest lines of a sheet: two members who tell each other their own lines still face three that they cannot tell apart.
pub const LINES_MIN: usize = 5;
/// Most lines of a sheet. Nobody goes through more in a meeting; a larger area is called township by township.
pub const LINES_MAX: usize = 500;
/// Fewest lines in each class of size: the only large one would be known to everybody.
pub const CLASS_LINES_MIN: usize = 2;

/// Band 变动档: how a figure has moved, without telling the figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Fell by more than 50 %.
    FellFar,
    /// Fell by more than 20 %.
    Fell,
    /// Fell by more than 5 %.
    FellSlightly,
    /// Moved by 5 % at most.
    Steady,
    /// Rose by more than 5 %.
    RoseSlightly,
    /// Rose by more than 20 %.
    Rose,
    /// Rose by more than 50 %.
    RoseFar,
    /// One of the two figures is missing, or there was nothing to grow from.
    Incomparable,
}

impl Band {
    /// The words on the page.
    pub fn label(self) -> &'static str {
        match self {
            Band::FellFar => "下降50%以上",
            Band::Fell => "下降20%–50%",
            Band::FellSlightly => "下降5%–20%",
            Band::Steady => "±5%以内",
            Band::RoseSlightly => "上升5%–20%",
            Band::Rose => "上升20%–50%",
            Band::RoseFar => "上升50%以上",
            Band::Incomparable => "无可比",
        }
    }

    /// The band of a figure against an earlier one. A bound belongs to the band nearer to no change. An earlier figure that is
    /// not positive gives no rate; a figure too long for exact arithmetic is a mistake and gives none either.
    pub fn of(now: Option<Decimal>, past: Option<Decimal>) -> Band {
        Band::compared(now, past).unwrap_or(Band::Incomparable)
    }

    fn compared(now: Option<Decimal>, past: Option<Decimal>) -> Option<Band> {
        let past = past.filter(|past| *past > Decimal::ZERO)?;
        let moved = now?.checked_sub(past)?;
        let far = moved.abs().checked_mul(Decimal::ONE_HUNDRED)?;
        let exceeds = |percent: i64| past.checked_mul(percent.into()).map(|bound| far > bound);
        let (by_5, by_20, by_50) = (exceeds(5)?, exceeds(20)?, exceeds(50)?);
        Some(match (moved > Decimal::ZERO, by_5, by_20, by_50) {
            (_, false, ..) => Band::Steady,
            (true, _, false, _) => Band::RoseSlightly,
            (true, _, _, false) => Band::Rose,
            (true, ..) => Band::RoseFar,
            (false, _, false, _) => Band::FellSlightly,
            (false, _, _, false) => Band::Fell,
            (false, ..) => Band::FellFar,
        })
    }
}

/// Size 规模: the third of the group that a line is in, by its first headline figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// 大.
    Large,
    /// 中.
    Middle,
    /// 小.
    Small,
}

impl Size {
    /// All of them, the largest first.
    pub const ALL: [Size; 3] = [Size::Large, Size::Middle, Size::Small];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Size::Large => "大",
            Size::Middle => "中",
            Size::Small => "小",
        }
    }
}

/// How a headline figure has moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Against the previous period.
    pub previous: Band,
    /// Against the same period last year.
    pub last_year: Band,
}

/// Line 行: a report as a meeting sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number, drawn at random, from 1.
    pub number: u32,
    /// Its size; none for all lines where a class would be too small.
    pub size: Option<Size>,
    /// How the headline figures have moved, in the order of [`Sheet::figures`].
    pub changes: Vec<Change>,
    /// Findings that were explained.
    pub explained: u64,
    /// Findings that are still open.
    pub open: u64,
    /// True when a query about it is not closed.
    pub has_open_query: bool,
    /// True when it was handed in late.
    pub is_late: bool,
}

/// Sheet 联审表, frozen when the meeting is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// What the headline figures are called.
    pub figures: Vec<String>,
    /// The lines, by number.
    pub lines: Vec<Line>,
}

/// What of a report a line is made of. There is no place in it for whose report it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What was drawn for it: the lines stand in the order of their lots.
    pub lot: String,
    /// Its headline figures.
    pub figures: Vec<Figure>,
    /// Findings that were explained.
    pub explained: u64,
    /// Findings that are still open.
    pub open: u64,
    /// True when a query about it is not closed.
    pub has_open_query: bool,
    /// True when it was handed in late.
    pub is_late: bool,
}

/// A sheet, and which of the sources each of its lines is: the key, which is kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// What members see.
    pub sheet: Sheet,
    /// Place in the sources of line 1, line 2 …
    pub places: Vec<usize>,
}

/// Draws the sheet of reports that were handed in; refused where there are too few to hide in, or too many for a meeting.
pub fn draw(figures: Vec<String>, sources: &[Source]) -> Result<Drawn, Problem> {
    let count = sources.len();
    if count < LINES_MIN {
        let reason = format!(
            "这个范围已上报的报表只有 {count} 份,不足 {LINES_MIN} 份:行数太少,看表的人猜得出是哪家单位,不能召集联审。请扩大范围或等更多单位上报。"
        );
        return Err(Problem::BadInput { reason });
    }
    if count > LINES_MAX {
        let reason = format!("这个范围已上报的报表有 {count} 份,一次联审最多 {LINES_MAX} 份。请按乡镇(街道)分别召集。");
        return Err(Problem::BadInput { reason });
    }
    let sizes = sizes(sources);
    let mut order: Vec<(usize, &Source, Option<Size>)> =
        sources.iter().zip(sizes).enumerate().map(|(place, (source, size))| (place, source, size)).collect();
    order.sort_by(|(_, one, _), (_, other, _)| one.lot.cmp(&other.lot));
    let lines =
        (1..).zip(&order).map(|(number, (_, source, size))| line(number, source, *size, figures.len())).collect();
    let places = order.iter().map(|(place, ..)| *place).collect();
    Ok(Drawn { sheet: Sheet { figures, lines }, places })
}

fn line(number: u32, source: &Source, size: Option<Size>, figures: usize) -> Line {
    let change = |figure: &Figure| Change {
        previous: Band::of(figure.now, figure.previous),
        last_year: Band::of(figure.now, figure.last_year),
    };
    Line {
        number,
        size,
        changes: source.figures.iter().take(figures).map(change).collect(),
        explained: source.explained,
        open: source.open,
        has_open_query: source.has_open_query,
        is_late: source.is_late,
    }
}

/// The thirds by the first figure. Equal figures are in the same class, so that no hidden order decides.
fn sizes(sources: &[Source]) -> Vec<Option<Size>> {
    let first = |source: &Source| source.figures.first().and_then(|figure| figure.now);
    let known: Vec<Decimal> = sources.iter().filter_map(first).collect();
    let class = |figure: Decimal| {
        let larger = known.iter().filter(|other| **other > figure).count();
        match larger.saturating_mul(Size::ALL.len()) {
            thrice if thrice < known.len() => Size::Large,
            thrice if thrice < known.len().saturating_mul(2) => Size::Middle,
            _ => Size::Small,
        }
    };
    let classes: Vec<Option<Size>> = sources.iter().map(|source| first(source).map(class)).collect();
    let holds = |size: &Size| classes.iter().filter(|class| **class == Some(*size)).count() >= CLASS_LINES_MIN;
    if Size::ALL.iter().all(holds) { classes } else { vec![None; sources.len()] }
}
