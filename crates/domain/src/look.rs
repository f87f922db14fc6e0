//! Looks 查看记录: who looked at a unit's data, when, from where and what for. An officer who looks is written down before they see anything;
//! whatever leaves the program as a file bears a mark that leads back to whoever took it.

use crate::Instant;
use crate::access::Role;
use crate::id::{LookId, PersonId, UnitId};

/// Purpose 查看目的: which work it is part of. It follows from the page that was asked for; nobody is made to type it a hundred times a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Purpose {
    /// 审核报表.
    Review,
    /// 查询、更正.
    Query,
    /// 数据质量评估和联审.
    Assessment,
    /// 台账、原始记录、附件.
    Ledger,
    /// 归档检查.
    Archive,
    /// 汇总追溯.
    Total,
    /// 名录管理.
    Register,
    /// 部门数据比对.
    Outside,
    /// 人员和交接.
    Staff,
    /// 导出文件.
    Export,
    /// 其他.
    #[default]
    Other,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Purpose; 11] = [
        Purpose::Review,
        Purpose::Query,
        Purpose::Assessment,
        Purpose::Ledger,
        Purpose::Archive,
        Purpose::Total,
        Purpose::Register,
        Purpose::Outside,
        Purpose::Staff,
        Purpose::Export,
        Purpose::Other,
    ];

    /// The words on the page.
    pub fn label(self) -> &'static str {
        match self {
            Purpose::Review => "审核报表",
            Purpose::Query => "查询和更正",
            Purpose::Assessment => "评估和联审",
            Purpose::Ledger => "检查台账和资料",
            Purpose::Archive => "检查档案",
            Purpose::Total => "汇总追溯",
            Purpose::Register => "名录管理",
            Purpose::Outside => "比对部门数据",
            Purpose::Staff => "人员和交接",
            Purpose::Export => "导出文件",
            Purpose::Other => "其他",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Purpose::Review => "review",
            Purpose::Query => "query",
            Purpose::Assessment => "assessment",
            Purpose::Ledger => "ledger",
            Purpose::Archive => "archive",
            Purpose::Total => "total",
            Purpose::Register => "register",
            Purpose::Outside => "outside",
            Purpose::Staff => "staff",
            Purpose::Export => "export",
            Purpose::Other => "other",
        }
    }

    /// Reads [`Purpose::key`].
    pub fn from_key(key: &str) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|purpose| purpose.key() == key)
    }
}

/// Minutes within which looking at the same unit for the same purpose again is the same look.
pub const SAME_LOOK_MINUTES: i64 = 60;

/// Look 查看记录.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Its id.
    pub id: LookId,
    /// At whose data; none for a file about many.
    pub unit: Option<UnitId>,
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their role then.
    pub role: Role,
    /// What for.
    pub purpose: Purpose,
    /// What was taken, of an export: the name of the file.
    pub what: String,
    /// The mark in the file; empty where nothing left the program.
    pub mark: String,
    /// When it began.
    pub at: Instant,
}

/// The mark of a file: eight letters and digits of the look's id, that cannot be mistaken for one another.
pub fn mark(id: LookId) -> String {
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut rest = id.uuid().as_u128();
    let mut mark = String::new();
    for _ in 0..8 {
        let place = usize::try_from(rest % 32).unwrap_or_default();
        mark.extend(ALPHABET.get(place).map(|letter| char::from(*letter)));
        rest /= 32;
    }
    mark
}

/// How the line in a file that says who took it goes on, and how it ends.
const WATERMARK: [&str; 2] = [" 导出,标记 ", "。含单位资料,依法保密,不得外传。"];

/// True for a row that is nothing but the line of [`watermark`]: a file that went out to be mended comes home with it, and it is no row.
///
/// ```
/// use youju_domain::look::is_watermark;
/// let line = "由王五(县级统计人员)于 2026-04-01 09:00 周三 导出,标记 4F7K2M9P。含单位资料,依法保密,不得外传。";
/// assert!(is_watermark([line, "", " "]));
/// assert!(!is_watermark([line, "兰溪市某某厂"]) && !is_watermark(["由某(导出)"]) && !is_watermark([""]));
/// ```
pub fn is_watermark<'c>(cells: impl IntoIterator<Item = &'c str>) -> bool {
    let mut filled = cells.into_iter().map(str::trim).filter(|cell| !cell.is_empty());
    let [goes_on, ends] = WATERMARK;
    let (first, second) = (filled.next(), filled.next());
    first.is_some_and(|text| text.contains(goes_on) && text.ends_with(ends)) && second.is_none()
}

/// The line in a file that says who took it.
pub fn watermark(look: &Look) -> String {
    let [goes_on, ends] = WATERMARK;
    format!(
        "由{}({})于 {}{goes_on}{}{ends}",
        look.name,
        look.role.label(),
        crate::survey::print_instant(look.at),
        look.mark
    )
}
