//! Sampling frame 抽样框: which units a survey below the thresholds is drawn from, as they were on a day. What is delivered is a text of which
//! every byte is decided here (order of rows, columns, quoting), so that the same units give the same fingerprint wherever and whenever it is
//! made. Drawing from it happens elsewhere.

mod compare;
mod job;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use youju_codes::{AreaCode, Industry};

use crate::Instant;
use crate::id::{PersonId, SamplingFrameId};
use crate::problem::Problem;
use crate::register::{Fact, Kind, Listing, Status, Unit, is_among};

pub use compare::{Comparison, Difference, Part};
pub use job::{AT_ONCE_UNITS_MAX, Freezing, FreezingState};

/// Characters of a frame's name and of what it is for.
const WORDS_CHARS_MAX: usize = 100;
/// Industries of a definition: more are a section.
const INDUSTRIES_MAX: usize = 100;

/// The columns of a frame, in their order. A change of them is a new version of the format.
pub const COLUMNS: [&str; 13] = [
    "单位标识",
    "统一社会信用代码",
    "单位详细名称",
    "区划代码",
    "行业代码",
    "单位类型",
    "纳入情况",
    "单位规模",
    "从业人员(人)",
    "营业收入(千元)",
    "联系电话",
    "详细地址",
    "层",
];
/// The version of the format.
pub const FORMAT: &str = "youju-frame-1";
/// The column of the unit, and that of the stratum.
pub const ID_COLUMN: usize = 0;
/// Its name.
pub const NAME_COLUMN: usize = 2;
/// Its stratum.
pub const STRATUM_COLUMN: usize = 12;

/// A measure's bounds, in the unit of the fact: from the first on, below the second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// From this on.
    pub least: Option<Decimal>,
    /// Below this.
    pub below: Option<Decimal>,
}

impl Bounds {
    fn is_open(self) -> bool {
        self.least.is_none() && self.below.is_none()
    }

    /// True for what lies inside; what is not known lies inside when `with_unknown`.
    fn holds(self, measure: Option<Decimal>, with_unknown: bool) -> bool {
        match measure {
            _ if self.is_open() => true,
            None => with_unknown,
            Some(measure) => {
                self.least.is_none_or(|least| measure >= least) && self.below.is_none_or(|below| measure < below)
            }
        }
    }

    fn checked(self, word: &str) -> Result<(), Problem> {
        let reason = match (self.least, self.below) {
            (Some(one), _) | (_, Some(one)) if one < Decimal::ZERO => format!("{word}不能是负数。"),
            (Some(least), Some(below)) if least >= below => format!("{word}的下限应小于上限。"),
            _ => return Ok(()),
        };
        Err(Problem::BadInput { reason })
    }
}

/// Definition 抽样框定义: which units belong to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// The survey that draws from it, and to whom it is delivered.
    pub purpose: String,
    /// Where.
    pub area: AreaCode,
    /// Sections (门类) or beginnings of codes; empty for all.
    pub industries: Vec<String>,
    /// Which units: known only, or sample units already; empty for both.
    pub listings: Vec<String>,
    /// Which kinds; empty for all.
    pub kinds: Vec<String>,
    /// Of the staff.
    pub employees: Bounds,
    /// Of the revenue in 千元.
    pub revenue: Bounds,
    /// Units whose measure is not known belong to it: leaving them out would bend the frame.
    pub with_unknown: bool,
    /// The day that the units are taken of.
    pub on: NaiveDate,
}

impl Definition {
    /// Refuses what defines nothing.
    pub fn checked(self, today: NaiveDate) -> Result<Definition, Problem> {
        let bad = |reason: String| Problem::BadInput { reason };
        let words = |word: &str, text: &str| {
            let text = text.trim();
            match text.chars().count() {
                1..=WORDS_CHARS_MAX if !text.contains(char::is_control) => Ok(text.to_owned()),
                _ => Err(bad(format!("请用 1 至 {WORDS_CHARS_MAX} 个字写明{word}。"))),
            }
        };
        let (name, purpose) = (words("抽样框名称", &self.name)?, words("用途和交付给谁", &self.purpose)?);
        if self.on > today {
            return Err(bad(format!("抽样框的基准日 {} 还没有到。", self.on)));
        }
        if self.industries.len() > INDUSTRIES_MAX {
            return Err(bad(format!("行业最多写 {INDUSTRIES_MAX} 个;更多的请写门类字母。")));
        }
        if let Some(wrong) = self.industries.iter().find(|one| Industry::parse(one).is_err()) {
            return Err(bad(format!("“{wrong}”不是行业代码。请写门类字母,或 2 至 4 位代码,用空格或逗号隔开。")));
        }
        let listing = |key: &&String| Listing::from_key(key).is_none_or(|one| one == Listing::Above);
        if self.listings.iter().any(|key| listing(&key)) || self.kinds.iter().any(|key| Kind::from_key(key).is_none()) {
            return Err(bad("纳入情况和单位类型应从列表中选择。".into()));
        }
        self.employees.checked("从业人员")?;
        self.revenue.checked("营业收入")?;
        Ok(Definition { name, purpose, ..self })
    }

    /// True when a unit, as it was on the day, belongs to the frame.
    pub fn takes(&self, unit: &Unit) -> bool {
        let listing = match unit.listing {
            // They are surveyed one by one, and never drawn.
            Listing::Above => false,
            one => self.listings.is_empty() || self.listings.iter().any(|key| key == one.key()),
        };
        listing
            && unit.status() == Status::Open
            && self.area.contains(&unit.area)
            && (self.industries.is_empty() || is_among(&unit.industry, &self.industries))
            && (self.kinds.is_empty() || self.kinds.iter().any(|key| key == unit.kind().key()))
            && self.employees.holds(unit.details.number(Fact::Employees), self.with_unknown)
            && self.revenue.holds(unit.details.number(Fact::Revenue), self.with_unknown)
    }
}

/// Stratum 层: division of industry × township × size.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stratum {
    /// 行业大类.
    pub division: String,
    /// 乡镇: nine digits.
    pub township: String,
    /// 单位规模, or 不明.
    pub size: String,
}

impl Stratum {
    /// The stratum of a unit.
    pub fn of(unit: &Unit) -> Stratum {
        Stratum {
            division: unit.industry.code().chars().take(2).collect(),
            township: unit.area.as_str().chars().take(9).collect(),
            size: size_of(unit).to_owned(),
        }
    }

    /// `52/330781001/小型`.
    pub fn key(&self) -> String {
        format!("{}/{}/{}", self.division, self.township, self.size)
    }

    /// Reads [`Stratum::key`].
    pub fn from_key(key: &str) -> Option<Stratum> {
        let mut parts = key.splitn(3, '/').map(str::to_owned);
        Some(Stratum { division: parts.next()?, township: parts.next()?, size: parts.next()? })
    }
}

fn size_of(unit: &Unit) -> &'static str {
    unit.size_class().map_or("不明", |(class, _)| class.label())
}

/// How many units stand in each stratum.
pub type Strata = BTreeMap<Stratum, u64>;

/// The cells of a unit, in the order of [`COLUMNS`].
pub fn row(unit: &Unit) -> [String; 13] {
    let fact = |fact: Fact| unit.details.get(fact).unwrap_or_default().to_owned();
    [
        unit.id.to_string(),
        unit.usci.as_str().to_owned(),
        unit.name.clone(),
        unit.area.as_str().to_owned(),
        unit.industry.code().to_owned(),
        unit.kind().label().to_owned(),
        unit.listing.label().to_owned(),
        size_of(unit).to_owned(),
        fact(Fact::Employees),
        fact(Fact::Revenue),
        fact(Fact::Phone),
        fact(Fact::Address),
        Stratum::of(unit).key(),
    ]
}

/// A line of the canonical text: quoted where it must be, ended by CR LF. Cells that a table program would take for a formula keep their
/// text: a frame is read by programs, and a changed cell would be another fingerprint.
pub fn line<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    let mut line = String::new();
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            line.push(',');
        }
        if cell.contains([',', '"', '\r', '\n']) {
            line.push('"');
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(cell);
        }
    }
    line.push_str("\r\n");
    line
}

/// The canonical text of units: a byte order mark, the columns, one line for each in the order of their ids.
pub fn text(units: &mut [Unit]) -> String {
    units.sort_by_key(|unit| unit.id);
    let mut text = head();
    for unit in units.iter() {
        text.push_str(&line(row(unit).iter().map(String::as_str)));
    }
    text
}

/// What stands before the first row: Excel takes a text without a byte order mark for another encoding.
pub fn head() -> String {
    format!("\u{feff}{}", line(COLUMNS))
}

/// Snapshot 冻结的抽样框: what was delivered. Never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its id.
    pub id: SamplingFrameId,
    /// What it is of.
    pub definition: Definition,
    /// What was known at this instant.
    pub known_at: Instant,
    /// How many units.
    pub rows: u64,
    /// How many in each stratum.
    pub strata: Strata,
    /// SHA-256 of the text in UTF-8.
    pub sha256: String,
    /// SHA-256 of the text in GB 18030.
    pub sha256_gb: String,
    /// Bytes of the text in UTF-8.
    pub size: u64,
    /// SHA-256 under which the packed text is kept.
    pub file_hash: String,
    /// Who froze it.
    pub by: PersonId,
    /// Their name.
    pub by_name: String,
    /// When.
    pub at: Instant,
}

/// Encoding 编码 in which a frame is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 with a byte order mark.
    Utf8,
    /// GB 18030, which holds GBK: what older programs read.
    Gb18030,
}

impl Encoding {
    /// Both.
    pub const ALL: [Encoding; 2] = [Encoding::Utf8, Encoding::Gb18030];

    /// The name in an address.
    pub fn key(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf8",
            Encoding::Gb18030 => "gbk",
        }
    }

    /// Reads [`Encoding::key`].
    pub fn from_key(key: &str) -> Option<Encoding> {
        Encoding::ALL.into_iter().find(|one| one.key() == key)
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Gb18030 => "GBK(GB 18030)",
        }
    }
}

impl Snapshot {
    /// The fingerprint of the file in an encoding.
    pub fn hash(&self, encoding: Encoding) -> &str {
        match encoding {
            Encoding::Utf8 => &self.sha256,
            Encoding::Gb18030 => &self.sha256_gb,
        }
    }
}

/// A fingerprint as somebody types it: 64 hexadecimal digits, blanks between them or not.
pub fn read_hash(text: &str) -> Result<String, Problem> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    if plain.len() == 64 && plain.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(plain);
    }
    Err(Problem::BadInput {
        reason: "SHA-256 是 64 位十六进制数字(0-9、a-f)。请核对,或者直接上传文件。".into()
    })
}
