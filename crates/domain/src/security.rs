//! Security 安全: what those who look after network security keep, and how everything stands. Nothing here lets anybody in or keeps anybody out:
//! that is [`crate::access`].

pub mod drill;
pub mod retention;
pub mod self_check;
pub mod sign_in;

use chrono::{Days, Months, NaiveDate};

use crate::id::AssetId;
use crate::problem::Problem;

/// Fewest characters of a reason.
pub const REASON_CHARS_MIN: usize = 4;
/// Most characters of a name, an owner or a place.
pub const NAME_CHARS_MAX: usize = 200;
/// Most characters of longer words.
pub const WORDS_CHARS_MAX: usize = 20_000;
/// Days before an end within which something is due.
pub const DUE_DAYS: u64 = 60;

/// How something stands 状态灯.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Light {
    /// 正常.
    Good,
    /// 不明: the program cannot know it.
    Unknown,
    /// 快到期, or something to look at.
    Due,
    /// 须处理.
    Bad,
}

impl Light {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Light::Good => "正常",
            Light::Unknown => "不明",
            Light::Due => "请关注",
            Light::Bad => "须处理",
        }
    }

    /// Of something that ends on a day.
    pub fn of_end(until: NaiveDate, today: NaiveDate) -> Light {
        if until < today {
            Light::Bad
        } else if today.checked_add_days(Days::new(DUE_DAYS)).is_some_and(|soon| until <= soon) {
            Light::Due
        } else {
            Light::Good
        }
    }

    /// Of something that has to be done once a year, with the last day for it; nobody has ever done it without a day.
    pub fn of_yearly(last: Option<NaiveDate>, today: NaiveDate) -> (Light, Option<NaiveDate>) {
        let next = last.and_then(|last| last.checked_add_months(Months::new(12)));
        (next.map_or(Light::Bad, |next| Light::of_end(next, today)), next)
    }
}

/// What an asset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssetKind {
    /// 服务器.
    Server,
    /// 数据库.
    Database,
    /// 存储.
    Storage,
    /// 密钥文件.
    KeyFile,
    /// 证书.
    Certificate,
    /// 域名.
    Domain,
    /// 备份介质.
    BackupMedium,
    /// 终端.
    Terminal,
    /// 网络和安全设备.
    Device,
    /// 外联线路和渠道.
    Link,
    /// 软件.
    Software,
    /// 其他.
    Other,
}

impl AssetKind {
    /// All kinds.
    pub const ALL: [AssetKind; 12] = [
        AssetKind::Server,
        AssetKind::Database,
        AssetKind::Storage,
        AssetKind::KeyFile,
        AssetKind::Certificate,
        AssetKind::Domain,
        AssetKind::BackupMedium,
        AssetKind::Terminal,
        AssetKind::Device,
        AssetKind::Link,
        AssetKind::Software,
        AssetKind::Other,
    ];

    /// The words on the page.
    pub fn label(self) -> &'static str {
        match self {
            AssetKind::Server => "服务器",
            AssetKind::Database => "数据库",
            AssetKind::Storage => "存储",
            AssetKind::KeyFile => "密钥文件",
            AssetKind::Certificate => "证书",
            AssetKind::Domain => "域名",
            AssetKind::BackupMedium => "备份介质",
            AssetKind::Terminal => "终端",
            AssetKind::Device => "网络和安全设备",
            AssetKind::Link => "外联线路和渠道",
            AssetKind::Software => "软件",
            AssetKind::Other => "其他",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            AssetKind::Server => "server",
            AssetKind::Database => "database",
            AssetKind::Storage => "storage",
            AssetKind::KeyFile => "key_file",
            AssetKind::Certificate => "certificate",
            AssetKind::Domain => "domain",
            AssetKind::BackupMedium => "backup_medium",
            AssetKind::Terminal => "terminal",
            AssetKind::Device => "device",
            AssetKind::Link => "link",
            AssetKind::Software => "software",
            AssetKind::Other => "other",
        }
    }

    /// Reads [`AssetKind::key`].
    pub fn from_key(key: &str) -> Option<AssetKind> {
        AssetKind::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// Level of protection 等级保护 that an asset was filed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Protection {
    /// 未定级.
    #[default]
    None,
    /// 一级.
    First,
    /// 二级.
    Second,
    /// 三级.
    Third,
    /// 四级.
    Fourth,
}

impl Protection {
    /// All levels.
    pub const ALL: [Protection; 5] =
        [Protection::None, Protection::First, Protection::Second, Protection::Third, Protection::Fourth];

    /// The words on the page.
    pub fn label(self) -> &'static str {
        match self {
            Protection::None => "未定级",
            Protection::First => "一级",
            Protection::Second => "二级",
            Protection::Third => "三级",
            Protection::Fourth => "四级",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Protection::None => "none",
            Protection::First => "1",
            Protection::Second => "2",
            Protection::Third => "3",
            Protection::Fourth => "4",
        }
    }

    /// Reads [`Protection::key`].
    pub fn from_key(key: &str) -> Option<Protection> {
        Protection::ALL.into_iter().find(|level| level.key() == key)
    }
}

/// Asset 资产 that the program cannot know by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its id.
    pub id: AssetId,
    /// What it is.
    pub kind: AssetKind,
    /// What it is called.
    pub name: String,
    /// Who answers for it: a person.
    pub owner: String,
    /// Where it is.
    pub place: String,
    /// For which level of protection it was filed.
    pub protection: Protection,
    /// In use since.
    pub since: Option<NaiveDate>,
    /// The last day: of a certificate, a domain, a guarantee.
    pub until: Option<NaiveDate>,
    /// What else has to be known.
    pub remarks: String,
    /// Why it was struck off the list; empty while it stands there.
    pub struck: String,
    /// How often it was written.
    pub revision: i64,
}

impl Asset {
    /// The asset with trimmed words, or what is wrong with it.
    pub fn checked(mut self) -> Result<Asset, Problem> {
        self.name = words(&self.name, "名称", 2, NAME_CHARS_MAX)?;
        self.owner = words(&self.owner, "责任人", 2, NAME_CHARS_MAX)?;
        self.place = words(&self.place, "位置", 0, NAME_CHARS_MAX)?;
        self.remarks = words(&self.remarks, "备注", 0, WORDS_CHARS_MAX)?;
        if self.since.zip(self.until).is_some_and(|(since, until)| until < since) {
            return Err(bad("到期的日期不应早于启用的日期。"));
        }
        if self.is_struck() {
            return Err(bad("这项资产已经从清单中划去,不能再改;仍在使用的请另行登记。"));
        }
        Ok(self)
    }

    /// True when it stands on the list no more.
    pub fn is_struck(&self) -> bool {
        !self.struck.is_empty()
    }

    /// Struck off the list; what it was stays to be read.
    pub fn strike(self, reason: &str) -> Result<Asset, Problem> {
        let asset = self.checked()?;
        Ok(Asset { struck: words(reason, "划去的原因", REASON_CHARS_MIN, NAME_CHARS_MAX)?, ..asset })
    }

    /// How it stands; one without a last day has no light.
    pub fn light(&self, today: NaiveDate) -> Option<Light> {
        self.until.filter(|_| !self.is_struck()).map(|until| Light::of_end(until, today))
    }
}

/// Words of a form, trimmed, of a length that is told when it is not kept.
pub(crate) fn words(text: &str, what: &str, least: usize, most: usize) -> Result<String, Problem> {
    let text = text.trim();
    let count = text.chars().count();
    if count < least || count > most {
        return Err(bad(&format!("{what}应在 {least} 到 {most} 个字之间,现为 {count} 个字。")));
    }
    Ok(text.to_owned())
}

pub(crate) fn bad(reason: &str) -> Problem {
    Problem::BadInput { reason: reason.to_owned() }
}
