//! Security 安全: how everything stands, for those who look after it. The security administrator keeps the list of assets, the drills and the
//! self-checks; the audit administrator reads all of it; the system administrator reads assets and versions.

pub mod asset;
pub mod drill;
pub mod retention;
pub mod self_check;
pub mod sign_in;
pub mod software;

use std::sync::Arc;

use chrono::{Months, NaiveDate, TimeDelta};
use youju_domain::access::{Action, Object, decide};
use youju_domain::security::Light;
use youju_domain::security::drill::{Hand, Issue};
use youju_domain::survey::{local, print_instant};
use youju_store::{drill as drills, security as store, sign_in as tries};

use crate::context::{App, Cx};
use crate::error::Result;
use crate::organisation::today;

/// Days of failed tries that the overview looks at.
const TRIES_DAYS: i64 = 7;
/// A backup older than this many days is told.
const BACKUP_DAYS: i64 = 2;

/// What surrounds the program, as only the one who started it knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The certificates that it shows, each with its last day; none where it cannot be read.
    pub certificates: Vec<(String, Option<NaiveDate>)>,
    /// True where a gateway stands in front and encrypts.
    pub is_behind_gateway: bool,
    /// The channels by which messages leave, each with where to.
    pub channels: Vec<(String, String)>,
    /// The server's own log, where it is kept.
    pub log: Option<LogKeeping>,
}

/// How the server's own log is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogKeeping {
    /// Where.
    pub folder: String,
    /// For so many days.
    pub days: u32,
    /// Files that are there.
    pub files: u64,
    /// The day of the oldest.
    pub oldest: Option<NaiveDate>,
}

/// Tells the surroundings as they are now.
pub type Around = Arc<dyn Fn() -> Surroundings + Send + Sync>;

/// Refuses whoever looks after neither security nor audit.
fn may_look(cx: &Cx<'_>) -> Result<()> {
    if decide(cx.actor()?, Action::Secure, Object::System) { Ok(()) } else { cx.allow(Action::Audit, Object::System) }
}

/// The same, with the system administrator.
fn may_know(cx: &Cx<'_>) -> Result<()> {
    if decide(cx.actor()?, Action::Administer, Object::System) { Ok(()) } else { may_look(cx) }
}

fn hand(cx: &Cx<'_>) -> Result<Hand> {
    let actor = cx.actor()?;
    Ok(Hand { person: actor.person, name: actor.name.clone(), at: cx.now() })
}

/// What a light is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// 资产清单.
    Assets,
    /// 证书.
    Certificates,
    /// 登录.
    Tries,
    /// 动态码.
    Factors,
    /// 日志留存.
    Logs,
    /// 备份.
    Backups,
    /// 应急演练.
    Drills,
    /// 年度自查.
    SelfCheck,
    /// 问题清单.
    Issues,
}

impl Topic {
    /// The words on the page.
    pub fn label(self) -> &'static str {
        match self {
            Topic::Assets => "资产清单",
            Topic::Certificates => "证书",
            Topic::Tries => "失败的登录",
            Topic::Factors => "动态码",
            Topic::Logs => "日志留存",
            Topic::Backups => "备份",
            Topic::Drills => "应急演练",
            Topic::SelfCheck => "年度自查",
            Topic::Issues => "问题清单",
        }
    }

    /// What its light is computed from.
    pub fn basis(self) -> &'static str {
        match self {
            Topic::Assets => "登记的资产和各自到期的日期;60 天内到期的提前提示",
            Topic::Certificates => "程序正在使用的证书文件;60 天内到期的提前提示",
            Topic::Tries => "最近 7 天的登录记录;连续失败 5 次起要等待",
            Topic::Factors => "统计机构人员和三位管理员中,没有停用、也没有启用动态码的账号",
            Topic::Logs => "启动服务时是否指定了 --log-dir;数据库中的日志从不删除",
            Topic::Backups => "操作日志中最近一次用本程序备份的记录;用数据库自己的工具备份的,程序不知道",
            Topic::Drills => "登记的演练日期;每年至少一次",
            Topic::SelfCheck => "记录的自查日期;每年至少一次",
            Topic::Issues => "演练和自查发现的问题,没有销号的和过了期限的",
        }
    }
}

/// A light with its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it is about.
    pub topic: Topic,
    /// How it stands.
    pub light: Light,
    /// Why, in a sentence.
    pub says: String,
}

/// How everything stands.
pub async fn overview(cx: &mut Cx<'_>) -> Result<Vec<Shown>> {
    may_look(cx)?;
    let around = cx.app().surroundings();
    let (today, now) = (today(cx), cx.now());
    let assets = store::assets(cx.tx()).await?;
    let drills_held = drills::drills(cx.tx()).await?;
    let checks = store::self_checks(cx.tx()).await?;
    let issues = drills::issues(cx.tx()).await?;
    let lock_outs = tries::count_lock_outs(cx.tx(), now - TimeDelta::days(TRIES_DAYS)).await?;
    let without = tries::count_without_second_factor(cx.tx()).await?;
    let backup = store::last_backup(cx.tx()).await?;
    let tried = match lock_outs {
        0 => (Light::Good, format!("最近 {TRIES_DAYS} 天没有账号因连续失败而等待。")),
        count => (Light::Due, format!("最近 {TRIES_DAYS} 天有 {count} 次因连续失败而要求等待。")),
    };
    let factors = match without {
        0 => (Light::Good, "统计机构和管理员的账号都已启用动态码。".to_owned()),
        count => (Light::Due, format!("统计机构和管理员中有 {count} 个账号没有启用动态码。")),
    };
    let kept = match backup {
        None => (Light::Unknown, "没有用本程序备份过。".to_owned()),
        Some(at) if now - at > TimeDelta::days(BACKUP_DAYS) => {
            (Light::Due, format!("最近一次备份在 {},已超过 {BACKUP_DAYS} 天。", print_instant(at)))
        }
        Some(at) => (Light::Good, format!("最近一次备份在 {}。", print_instant(at))),
    };
    let last_check = checks.first().map(|check| local(check.by.at).date());
    let shown = [
        (Topic::Assets, asset::light(&assets, today)),
        (Topic::Certificates, certificates(&around, today)),
        (Topic::Tries, tried),
        (Topic::Factors, factors),
        (Topic::Logs, logs(&around)),
        (Topic::Backups, kept),
        (Topic::Drills, yearly(drills_held.first().map(|drill| drill.held_on), today, "演练")),
        (Topic::SelfCheck, yearly(last_check, today, "自查")),
        (Topic::Issues, open_issues(&issues, today)),
    ];
    Ok(shown.into_iter().map(|(topic, (light, says))| Shown { topic, light, says }).collect())
}

fn certificates(around: &Surroundings, today: NaiveDate) -> (Light, String) {
    let ends = around.certificates.iter().map(|(_, until)| *until);
    match (ends.clone().flatten().min(), ends.count()) {
        (Some(first), _) => (Light::of_end(first, today), format!("证书有效期到 {first}。")),
        (None, 0) if around.is_behind_gateway => (Light::Unknown, "加密由前面的网关负责,证书不在本程序。".into()),
        (None, 0) => (Light::Due, "没有配置证书,本程序以明文提供服务,只适合本机试用。".into()),
        (None, _) => (Light::Unknown, "证书文件中的有效期读不出来。".into()),
    }
}

fn logs(around: &Surroundings) -> (Light, String) {
    match &around.log {
        None => (
            Light::Bad,
            "服务器自己的日志没有留存。请用 --log-dir 指定目录重新启动;由系统日志服务留存的,请确认不少于六个月。"
                .into(),
        ),
        Some(log) => {
            let since = log.oldest.map(|day| format!(",最早的是 {day}")).unwrap_or_default();
            (Light::Good, format!("服务器日志留存 {} 天,现有 {} 个文件{since}。", log.days, log.files))
        }
    }
}

fn yearly(last: Option<NaiveDate>, today: NaiveDate, what: &str) -> (Light, String) {
    let (light, next) = Light::of_yearly(last, today);
    let says = match last.zip(next) {
        None => format!("还没有登记过{what}。每年至少一次。"),
        Some((last, next)) if light == Light::Bad => format!("最近一次{what}在 {last},已超过一年({next} 到期)。"),
        Some((last, next)) => format!("最近一次{what}在 {last},下一次应在 {next} 以前。"),
    };
    (light, says)
}

fn open_issues(issues: &[Issue], today: NaiveDate) -> (Light, String) {
    let open = issues.iter().filter(|issue| issue.done.is_none()).count();
    let overdue = issues.iter().filter(|issue| issue.is_overdue(today)).count();
    match (open, overdue) {
        (0, _) => (Light::Good, "没有待处理的问题。".into()),
        (open, 0) => (Light::Due, format!("有 {open} 个问题没有销号,都没有过期限。")),
        (open, overdue) => (Light::Bad, format!("有 {open} 个问题没有销号,其中 {overdue} 个已过期限。")),
    }
}

/// The first day of the time that has to be kept: half a year back.
fn half_a_year_back(today: NaiveDate) -> NaiveDate {
    today.checked_sub_months(Months::new(6)).unwrap_or(today)
}

impl App {
    /// What surrounds the program now; nothing is known where nobody has said how to look.
    pub fn surroundings(&self) -> Surroundings {
        self.around().map(|look| look()).unwrap_or_default()
    }
}
