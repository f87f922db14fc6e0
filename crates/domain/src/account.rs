//! Account 账号: what beside the password decides whether, and as what, somebody may go on after signing in.

use std::fmt;

use chrono::TimeDelta;

use crate::Instant;
use crate::access::Role;
use crate::dormancy::Life;
use crate::id::{PersonId, SessionId};
use crate::problem::Problem;
use crate::second_factor::Duty;

/// A session that waits for the second step ends after this time.
pub const HALFWAY_LASTS: TimeDelta = TimeDelta::minutes(5);
/// A session ends after this time without a request.
pub const SESSION_IDLE: TimeDelta = TimeDelta::hours(2);
/// A session ends after this time in any case.
pub const SESSION_LONGEST: TimeDelta = TimeDelta::hours(12);
/// Characters that are kept of what a browser says about itself.
pub const AGENT_CHARS_MAX: usize = 400;

/// Account 账号 of a person: what was noted about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// True when somebody else has set the password.
    pub must_change: bool,
    /// True when the codes of a phone were set up and confirmed.
    pub has_phone: bool,
    /// How many security keys there are.
    pub security_keys: i64,
    /// Its dates.
    pub life: Life,
}

/// What has to be done after signing in, before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Choose a password of one's own.
    Password,
    /// Set up the second factor.
    SecondFactor,
}

impl Due {
    /// The refusal where there is no page on which it could be done.
    pub fn problem(self) -> AccountProblem {
        match self {
            Due::Password => AccountProblem::ChangeDue,
            Due::SecondFactor => AccountProblem::NoSecondFactor,
        }
    }
}

impl Account {
    /// True when signing in takes a second step: by a phone or by a security key.
    pub fn has_second_factor(&self) -> bool {
        self.has_phone || self.security_keys > 0
    }

    /// What the person has to do first.
    pub fn due(&self, role: Role, duty: Duty) -> Option<Due> {
        if self.must_change {
            Some(Due::Password)
        } else if !self.has_second_factor() && duty.obliges(role) {
            Some(Due::SecondFactor)
        } else {
            None
        }
    }
}

/// How far somebody has signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The password was right, the code is still to come: nothing can be done but to give it.
    Halfway,
    /// Signed in.
    Full,
}

impl Stage {
    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Halfway => "halfway",
            Stage::Full => "full",
        }
    }

    /// Reads [`Stage::key`].
    pub fn from_key(key: &str) -> Option<Stage> {
        [Stage::Halfway, Stage::Full].into_iter().find(|stage| stage.key() == key)
    }
}

/// Session 登录会话 of a person in one browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub person: PersonId,
    /// SHA-256 of the token, hexadecimal.
    pub token_hash: String,
    /// How far.
    pub stage: Stage,
    /// When it began.
    pub created_at: Instant,
    /// The last request that was noted.
    pub seen_at: Instant,
    /// Network address at the beginning; empty where it is not known.
    pub address: String,
    /// What the browser says about itself.
    pub agent: String,
}

impl Session {
    /// True while it opens the door.
    pub fn lasts(&self, now: Instant) -> bool {
        match self.stage {
            Stage::Halfway => now <= self.created_at + HALFWAY_LASTS,
            Stage::Full => now <= self.seen_at + SESSION_IDLE && now <= self.created_at + SESSION_LONGEST,
        }
    }
}

/// Why somebody cannot sign in, or cannot change how they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountProblem {
    /// A password that is easily guessed.
    WeakPassword {
        /// What is wrong with it, without the full stop.
        reasons: Vec<String>,
    },
    /// One of the last passwords.
    PasswordUsedBefore,
    /// The two spellings of the new password differ.
    PasswordsDiffer,
    /// The password by which a change is confirmed.
    WrongOwnPassword,
    /// The code of the second step is wrong, or was used before.
    WrongCode,
    /// The second step is still to come, where there is no page for it.
    CodeDue,
    /// A password of one's own is still to be chosen, where there is no page for it.
    ChangeDue,
    /// There is a second factor already.
    SecondFactorExists,
    /// There is none.
    NoSecondFactor,
    /// The installation has no key to keep secrets with.
    NoKey,
    /// Nobody has used the account, or its person's post has ended.
    Suspended {
        /// Why, as words.
        why: &'static str,
        /// Since when, as printed.
        since: String,
    },
    /// An account that is in use needs no restoring.
    InUse,
    /// The account or the code of the letter is wrong, or the code was used, or a later letter has made it void.
    WrongActivation,
    /// The code is right and its term has run out.
    ActivationRunOut {
        /// Since when, as printed.
        since: String,
    },
    /// The letter names nobody, and no name was typed.
    NameDue,
    /// The account is activated: there is nothing to print a letter for.
    Activated,
    /// Too many failed attempts from one network address.
    AddressWaits {
        /// Seconds to wait.
        wait_seconds: i64,
    },
}

impl AccountProblem {
    /// Stable name for machines and logs.
    pub fn code(&self) -> &'static str {
        match self {
            AccountProblem::WeakPassword { .. } => "account.weak_password",
            AccountProblem::PasswordUsedBefore => "account.password_used_before",
            AccountProblem::PasswordsDiffer => "account.passwords_differ",
            AccountProblem::WrongOwnPassword => "account.wrong_own_password",
            AccountProblem::WrongCode => "account.wrong_code",
            AccountProblem::CodeDue => "account.code_due",
            AccountProblem::ChangeDue => "account.change_due",
            AccountProblem::SecondFactorExists => "account.second_factor_exists",
            AccountProblem::NoSecondFactor => "account.no_second_factor",
            AccountProblem::NoKey => "account.no_key",
            AccountProblem::Suspended { .. } => "account.suspended",
            AccountProblem::InUse => "account.in_use",
            AccountProblem::WrongActivation => "account.wrong_activation",
            AccountProblem::ActivationRunOut { .. } => "account.activation_run_out",
            AccountProblem::NameDue => "account.name_due",
            AccountProblem::Activated => "account.activated",
            AccountProblem::AddressWaits { .. } => "account.address_waits",
        }
    }

    /// HTTP status that fits the refusal.
    pub fn status(&self) -> u16 {
        match self {
            AccountProblem::WrongCode | AccountProblem::CodeDue | AccountProblem::WrongActivation => 401,
            AccountProblem::ChangeDue | AccountProblem::Suspended { .. } => 403,
            AccountProblem::AddressWaits { .. } => 429,
            AccountProblem::SecondFactorExists
            | AccountProblem::NoSecondFactor
            | AccountProblem::NoKey
            | AccountProblem::Activated
            | AccountProblem::InUse => 409,
            _ => 422,
        }
    }

    /// What happened, as a sentence.
    pub fn says(&self) -> String {
        match self {
            AccountProblem::WeakPassword { reasons } => format!("新密码容易被猜到:{}。", reasons.join(";")),
            AccountProblem::PasswordUsedBefore => {
                format!("新密码与最近 {} 次用过的密码相同。", crate::password::REMEMBERED)
            }
            AccountProblem::PasswordsDiffer => "两次输入的新密码不一样。".into(),
            AccountProblem::WrongOwnPassword => "现在的密码不正确。".into(),
            AccountProblem::WrongCode => "动态码不正确,或者已经用过。".into(),
            AccountProblem::CodeDue => "这个账号登录还需要动态码或安全密钥,命令行不能办理。".into(),
            AccountProblem::ChangeDue => "这个账号的密码是别人设置的,还没有改成自己的密码。".into(),
            AccountProblem::SecondFactorExists => "动态码已经启用。".into(),
            AccountProblem::NoSecondFactor => "这个账号没有启用动态码。".into(),
            AccountProblem::NoKey => {
                "本系统没有配置保管密钥的文件,或者里面没有封存它的那一把,机密的内容现在不能封存,也不能打开。".into()
            }
            AccountProblem::Suspended { why, since } => format!("这个账号已于 {since} 停用:{why}。"),
            AccountProblem::InUse => "这个账号正在使用中,不需要恢复。".into(),
            AccountProblem::WrongActivation => "账号或激活码不正确,或者激活码已经用过、已经作废。".into(),
            AccountProblem::ActivationRunOut { since } => format!("这封激活信已于 {since} 过期。"),
            AccountProblem::NameDue => "信上没有写您的姓名,请填写本人姓名,2 至 40 个字。".into(),
            AccountProblem::Activated => "这个账号已经激活,不能再发激活信。".into(),
            AccountProblem::AddressWaits { wait_seconds } => {
                format!("从您这个网络地址登录失败的次数过多,请 {wait_seconds} 秒后再试。")
            }
        }
    }

    /// The way out.
    pub fn hint(&self) -> &'static str {
        match self {
            AccountProblem::WeakPassword { .. } => "请换一个密码,例如几个互不相关的词加上数字和符号。",
            AccountProblem::PasswordUsedBefore => "请换一个没有用过的密码。",
            AccountProblem::PasswordsDiffer => "请重新输入两次。",
            AccountProblem::WrongOwnPassword => "请核对后重新输入;忘记密码请联系统计机构重置。",
            AccountProblem::WrongCode => {
                "请等手机上出现下一个动态码后再输入,并核对手机的时间;手机不在身边时,可以输入一个恢复码。"
            }
            AccountProblem::CodeDue => "请在网页上登录办理。",
            AccountProblem::ChangeDue => "请先在网页上登录,改成自己的密码。",
            AccountProblem::SecondFactorExists => "如果换了手机,请先停用,再重新启用。",
            AccountProblem::NoSecondFactor => "请在“我的账号”中启用。",
            AccountProblem::NoKey => "请系统管理员检查数据目录中的密钥文件。",
            AccountProblem::Suspended { .. } => {
                "还需要使用的,请向本级统计机构的安全管理员申诉,说明理由;恢复以后密码不变。"
            }
            AccountProblem::WrongActivation => {
                "请对照信纸逐组核对。您没有用过却提示不正确的,激活码可能已被别人使用,请立即联系信上的联系人作废重发。"
            }
            AccountProblem::ActivationRunOut { .. } => "请联系信上的联系人重新打印一封。",
            AccountProblem::NameDue => "操作以实名记入日志。",
            AccountProblem::Activated => "本人忘记密码的,由安全管理员在账号页面重置。",
            AccountProblem::InUse => "请刷新页面查看最新状态。",
            AccountProblem::AddressWaits { .. } => "同一个单位的人可能共用一个网络地址;请核对账号和密码后再试。",
        }
    }
}

impl From<AccountProblem> for Problem {
    fn from(problem: AccountProblem) -> Problem {
        Problem::Account(problem)
    }
}

impl fmt::Display for AccountProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.says(), self.hint())
    }
}

/// A browser and its system in words a person knows, from what it says about itself. It may say anything: it is shown, never relied on.
pub fn browser_in_words(agent: &str) -> String {
    // The order matters: most of them also say that they are Chrome or Safari.
    let browsers = [
        ("MicroMessenger", "微信"),
        ("DingTalk", "钉钉"),
        ("QQBrowser", "QQ 浏览器"),
        ("360SE", "360 安全浏览器"),
        ("360EE", "360 极速浏览器"),
        ("SLBrowser", "联想浏览器"),
        ("MetaSr", "搜狗浏览器"),
        ("HuaweiBrowser", "华为浏览器"),
        ("MiuiBrowser", "小米浏览器"),
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Firefox", "火狐(Firefox)"),
        ("Chrome", "谷歌内核浏览器(Chrome)"),
        ("Safari", "Safari"),
        ("Trident", "IE"),
        ("MSIE", "IE"),
    ];
    let systems = [
        ("HarmonyOS", "鸿蒙"),
        ("OpenHarmony", "鸿蒙"),
        ("Android", "安卓"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows NT 10", "Windows 10 或 11"),
        ("Windows NT 6.1", "Windows 7"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux(统信、麒麟等)"),
    ];
    let find =
        |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, word)| *word);
    match (find(&browsers), find(&systems)) {
        (Some(browser), Some(system)) => {
            let gap = |letter: Option<char>| if letter.is_some_and(|c| c.is_ascii_alphanumeric()) { " " } else { "" };
            let (before, after) = (gap(system.chars().last()), gap(browser.chars().next()));
            format!("{system}{before}上的{after}{browser}")
        }
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("浏览器({system})"),
        (None, None) => "不能识别的浏览器".to_owned(),
    }
}
