//! Every "no" of the house: what is refused, why, and the way out, in plain Chinese.
//!
//! A `Problem` is an answer to a person, never an accident. Accidents are faults of the floors above.

use std::fmt;

use crate::account::AccountProblem;
use crate::api_key::{Use, Uses};
use crate::identity::IdentityProblem;
use crate::report::{Level, State};
use crate::security_key::KeyProblem;

/// A refusal with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The actor may not do this.
    Forbidden,
    /// It is not there, or not visible to the actor.
    NotFound {
        /// What was looked for, e.g. `报表`.
        what: &'static str,
    },
    /// Sign-in failed.
    WrongPassword,
    /// Too many failed sign-ins.
    TooManyAttempts {
        /// Seconds to wait.
        wait_seconds: i64,
    },
    /// The session is gone.
    SignedOut,
    /// What concerns the account itself: passwords, the second factor.
    Account(AccountProblem),
    /// What concerns security keys.
    SecurityKey(KeyProblem),
    /// What concerns an identity platform.
    Identity(IdentityProblem),
    /// The key of a program is unknown, expired or revoked, or its person answers for the unit no more; which of them is not told.
    WrongApiKey,
    /// The key of a program serves, but for something else.
    WrongKeyUse {
        /// What it was made for.
        is: Uses,
        /// What was asked.
        needs: Use,
    },
    /// An act of a case that no program does.
    OnlyInPerson {
        /// The act, as its button calls it.
        act: String,
        /// What it wants of a person.
        wants: &'static str,
    },
    /// A key that hands in more often than a program needs to.
    TooManyRequests {
        /// Seconds to wait.
        wait_seconds: i64,
    },
    /// Requests come faster than anybody works.
    TooFast {
        /// Seconds to wait.
        wait_seconds: i64,
    },
    /// Nothing has been filled in.
    NothingFilled,
    /// A command that does not fit the state.
    WrongState {
        /// The state as it is.
        is: State,
        /// The state that the command needs.
        needs: State,
    },
    /// Cells cannot be written in this state.
    NotEditable {
        /// The state as it is.
        is: State,
    },
    /// The window is not open yet.
    WindowNotOpen {
        /// When it opens, as printed.
        opens_at: String,
    },
    /// The window has closed.
    WindowClosed {
        /// When it closed, as printed.
        closed_at: String,
    },
    /// The unit was formally reminded, and that time has run out too.
    NoticeRunOut {
        /// Until when it could still report, as printed.
        until: String,
    },
    /// A unit is reminded formally only after the deadline.
    NotDueYet {
        /// The deadline, as printed.
        due_at: String,
    },
    /// A report that has been handed in, or was sent back, is not overdue.
    NothingOverdue,
    /// The period is locked: nobody is asked to report any more.
    WindowLocked,
    /// Another level of the chain has to act.
    NotYourTurn {
        /// Which one, if any.
        level: Option<Level>,
    },
    /// The instants of a window are not in order.
    WindowOrder,
    /// This form already has a window for the period.
    WindowExists,
    /// Findings that must be mended or explained.
    OpenFindings {
        /// How many must be mended.
        mend: usize,
        /// How many must be explained.
        explain: usize,
    },
    /// The check has no finding that could be explained.
    NothingToExplain,
    /// Explanation too short or too long.
    ExplanationLength {
        /// Characters it has.
        count: usize,
    },
    /// Explanation that says nothing.
    ExplanationEmptyPhrase {
        /// The words.
        text: String,
    },
    /// A return without a reason.
    ReturnReasonShort,
    /// Somebody else was faster.
    Conflict,
    /// More people are at work than the machine can serve at once.
    Crowded,
    /// A unit with this code is in the register already.
    UnitExists {
        /// The code.
        usci: String,
    },
    /// An account with this login exists already.
    AccountExists {
        /// The login.
        login: String,
    },
    /// The unit is not in the register (law 2).
    NotInRegister {
        /// The code.
        usci: String,
    },
    /// The unit does not owe this form.
    FormNotOwed,
    /// A value does not fit its cell.
    BadValue {
        /// The cell's name.
        cell: String,
        /// What is wrong and what to do.
        reason: String,
    },
    /// A cell that the form does not have.
    UnknownCell {
        /// The id that was sent.
        cell: String,
    },
    /// A file that cannot be used, with the reason that names the place.
    BadFile {
        /// What is wrong and what to do; one sentence per entry.
        reasons: Vec<String>,
    },
    /// A file of source records that came without anybody looking at it, and nobody has said yet what its columns are.
    UndecidedColumns {
        /// What has to be decided; one sentence per entry.
        reasons: Vec<String>,
    },
    /// A file in which the scanner for viruses found something.
    SuspiciousFile {
        /// The name of the file.
        name: String,
    },
    /// The imported trial balance is of another period.
    WrongPeriod {
        /// Period in the file.
        file: String,
        /// Period that was asked for.
        asked: String,
    },
    /// There is no ledger to generate from.
    NoLedger,
    /// Anything typed that cannot be read.
    BadInput {
        /// What is wrong and what to do.
        reason: String,
    },
}

impl Problem {
    /// Stable name for machines and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Forbidden => "access.forbidden",
            Problem::NotFound { .. } => "not_found",
            Problem::WrongPassword => "access.wrong_password",
            Problem::TooManyAttempts { .. } => "access.too_many_attempts",
            Problem::SignedOut => "access.signed_out",
            Problem::Account(problem) => problem.code(),
            Problem::SecurityKey(problem) => problem.code(),
            Problem::Identity(problem) => problem.code(),
            Problem::WrongApiKey => "api_key.wrong",
            Problem::WrongKeyUse { .. } => "api_key.wrong_use",
            Problem::OnlyInPerson { .. } => "case.only_in_person",
            Problem::TooManyRequests { .. } => "api_key.too_many_requests",
            Problem::TooFast { .. } => "too_fast",
            Problem::NothingFilled => "report.nothing_filled",
            Problem::WrongState { .. } => "report.wrong_state",
            Problem::NotEditable { .. } => "report.not_editable",
            Problem::WindowNotOpen { .. } => "survey.window_not_open",
            Problem::WindowClosed { .. } => "survey.window_closed",
            Problem::NoticeRunOut { .. } => "report.notice_run_out",
            Problem::NotDueYet { .. } => "survey.not_due_yet",
            Problem::NothingOverdue => "report.nothing_overdue",
            Problem::WindowLocked => "survey.window_locked",
            Problem::NotYourTurn { .. } => "review.not_your_turn",
            Problem::WindowOrder => "survey.window_order",
            Problem::WindowExists => "survey.window_exists",
            Problem::OpenFindings { .. } => "report.open_findings",
            Problem::NothingToExplain => "finding.nothing_to_explain",
            Problem::ExplanationLength { .. } => "finding.explanation_length",
            Problem::ExplanationEmptyPhrase { .. } => "finding.explanation_empty_phrase",
            Problem::ReturnReasonShort => "review.return_reason_short",
            Problem::Conflict => "conflict",
            Problem::Crowded => "crowded",
            Problem::UnitExists { .. } => "register.unit_exists",
            Problem::AccountExists { .. } => "person.account_exists",
            Problem::NotInRegister { .. } => "register.not_in_register",
            Problem::FormNotOwed => "survey.form_not_owed",
            Problem::BadValue { .. } => "report.bad_value",
            Problem::UnknownCell { .. } => "report.unknown_cell",
            Problem::BadFile { .. } => "ledger.bad_file",
            Problem::UndecidedColumns { .. } => "record.undecided_columns",
            Problem::SuspiciousFile { .. } => "attachment.suspicious",
            Problem::WrongPeriod { .. } => "ledger.wrong_period",
            Problem::NoLedger => "ledger.none",
            Problem::BadInput { .. } => "bad_input",
        }
    }

    /// HTTP status that fits the refusal.
    pub fn status(&self) -> u16 {
        match self {
            Problem::Forbidden | Problem::WrongKeyUse { .. } | Problem::OnlyInPerson { .. } => 403,
            Problem::NotFound { .. } => 404,
            Problem::WrongPassword | Problem::SignedOut | Problem::WrongApiKey => 401,
            Problem::TooManyAttempts { .. } | Problem::TooManyRequests { .. } | Problem::TooFast { .. } => 429,
            Problem::Account(problem) => problem.status(),
            Problem::SecurityKey(problem) => problem.status(),
            Problem::Identity(problem) => problem.status(),
            Problem::Crowded => 503,
            Problem::BadValue { .. }
            | Problem::UnknownCell { .. }
            | Problem::BadFile { .. }
            | Problem::UndecidedColumns { .. }
            | Problem::SuspiciousFile { .. }
            | Problem::WrongPeriod { .. }
            | Problem::BadInput { .. }
            | Problem::ExplanationLength { .. }
            | Problem::ExplanationEmptyPhrase { .. }
            | Problem::ReturnReasonShort
            | Problem::WindowOrder => 422,
            _ => 409,
        }
    }

    /// What happened, as a sentence.
    pub fn says(&self) -> String {
        match self {
            Problem::Forbidden => "您没有办理这件事的权限。".into(),
            Problem::NotFound { what } => format!("没有找到这个{what},或者它不在您的管理范围内。"),
            Problem::WrongPassword => "账号或密码不正确。".into(),
            Problem::TooManyAttempts { wait_seconds } => format!("连续登录失败次数过多,请 {wait_seconds} 秒后再试。"),
            Problem::SignedOut => "登录已失效。".into(),
            Problem::Account(problem) => problem.says(),
            Problem::SecurityKey(problem) => problem.says(),
            Problem::Identity(problem) => problem.says(),
            Problem::WrongApiKey => "接口密钥无效。".into(),
            Problem::WrongKeyUse { is, needs } => {
                format!("这个接口密钥的用途是“{}”,不能用于“{}”。", is.label(), needs.label())
            }
            Problem::OnlyInPerson { act, wants } => format!("“{act}”{wants},不能由软件办理。"),
            Problem::TooManyRequests { wait_seconds } => {
                format!("这个接口密钥的请求过于频繁,请 {wait_seconds} 秒后再试。")
            }
            Problem::TooFast { wait_seconds } => format!("从您这里来的请求过于频繁,请 {wait_seconds} 秒后再试。"),
            Problem::NothingFilled => "报表还没有填写任何数据。".into(),
            Problem::WrongState { is, needs } => {
                format!("报表现在的状态是“{}”,这一步需要“{}”。", is.label(), needs.label())
            }
            Problem::NotEditable { is } => format!("报表现在的状态是“{}”,不能修改数据。", is.label()),
            Problem::WindowNotOpen { opens_at } => format!("本期报表还没有开网,开网时间是 {opens_at}。"),
            Problem::WindowClosed { closed_at } => format!("本期报表已于 {closed_at} 关网。"),
            Problem::NoticeRunOut { until } => {
                format!("催报通知书规定的期限({until})已过,系统不再受理本期报送。")
            }
            Problem::NotDueYet { due_at } => format!("截止时间({due_at})还没有到,不能发催报通知书。"),
            Problem::NothingOverdue => "这张报表已经上报过,或正在退回修改,不属于逾期未报。".into(),
            Problem::WindowLocked => "本期已锁定,不再受理报送,也不能再催报。".into(),
            Problem::NotYourTurn { level: Some(level) } => format!("这一步应由{}办理。", level.label()),
            Problem::NotYourTurn { level: None } => "本级不在这张报表的验收流程内。".into(),
            Problem::WindowOrder => "开网时间应早于截止时间,截止时间不应晚于关网时间;各级验收截止时间应逐级不早于下一级,且不早于报送截止时间。".into(),
            Problem::WindowExists => "这张表的这个报告期已经布置过了。".into(),
            Problem::OpenFindings { mend, explain } => open_findings(*mend, *explain),
            Problem::NothingToExplain => "这条审核关系现在没有需要说明的问题。".into(),
            Problem::ExplanationLength { count } => {
                format!("说明应在 6 到 1,000 个字之间,现为 {count} 个字。")
            }
            Problem::ExplanationEmptyPhrase { text } => format!("“{text}”没有说明原因。"),
            Problem::ReturnReasonShort => "退回应写明原因,不少于 4 个字。".into(),
            Problem::Conflict => "刚才有其他人也在办理,您的这一步没有保存。".into(),
            Problem::Crowded => "现在同时办理的人很多,您的这一步没有办理。".into(),
            Problem::UnitExists { usci } => format!("名录库中已有统一社会信用代码为 {usci} 的单位。"),
            Problem::AccountExists { login } => format!("账号“{login}”已经有人使用。"),
            Problem::NotInRegister { usci } => format!("名录库中没有统一社会信用代码为 {usci} 的单位。"),
            Problem::FormNotOwed => "这个单位不需要填报这张表。".into(),
            Problem::BadValue { cell, reason } => format!("“{cell}”{reason}"),
            Problem::UnknownCell { cell } => format!("本表没有编号为 {cell} 的数据项。"),
            Problem::BadFile { reasons } => match reasons.as_slice() {
                [only] => only.clone(),
                many => format!("文件中有 {} 处问题:{}", many.len(), many.join("")),
            },
            Problem::UndecidedColumns { reasons } => format!("有的列还没有确定对应关系:{}", reasons.join("")),
            Problem::SuspiciousFile { name } => format!("“{name}”没有通过病毒检查,没有导入。"),
            Problem::WrongPeriod { file, asked } => {
                format!("文件是 {file} 的科目余额表,现在办理的报告期是 {asked}。")
            }
            Problem::NoLedger => "没有可以生成的数:本期没有科目余额表和统计台账,以前的报表也没有可以带入的数。".into(),
            Problem::BadInput { reason } => reason.clone(),
        }
    }

    /// The way out.
    pub fn hint(&self) -> &'static str {
        match self {
            Problem::Forbidden => "如工作需要,请联系本级统计机构的系统管理员。",
            Problem::NotFound { .. } => "请检查地址,或从待办重新进入。",
            Problem::WrongPassword => "请核对后重新输入;忘记密码请联系统计机构重置。",
            Problem::TooManyAttempts { .. } => "如果不是您本人操作,请立即联系统计机构。",
            Problem::SignedOut => "请重新登录,已保存的数据不会丢失。",
            Problem::Account(problem) => problem.hint(),
            Problem::SecurityKey(problem) => problem.hint(),
            Problem::Identity(problem) => problem.hint(),
            Problem::WrongApiKey => "请由单位填报人在“接口密钥”页面核对或新建密钥。",
            Problem::WrongKeyUse { .. } => "密钥的用途不能改:请单位填报人在“接口密钥”页面新建一个有这项用途的密钥。",
            Problem::OnlyInPerson { .. } => "请经办人登录系统,在事项页面上办理。",
            Problem::TooManyRequests { .. } => "同一内容不必重复报送。",
            Problem::TooFast { .. } => "已保存的数据不受影响。如果没有人在频繁点击,请告诉系统管理员。",
            Problem::NothingFilled => "请先填写数据,或导入科目余额表后一键生成。",
            Problem::WrongState { .. } => "请刷新页面,按当前状态办理。",
            Problem::NotEditable { .. } => "如需修改,请先撤回;已验收的报表请联系统计机构退回。",
            Problem::WindowNotOpen { .. } => "请在开网后填报。",
            Problem::WindowClosed { .. } => "如需补报,请联系县级统计机构。",
            Problem::NoticeRunOut { .. } => "请联系县级统计机构;逾期未报将依法处理。",
            Problem::NotDueYet { .. } => "现在可以发一般提醒。",
            Problem::NothingOverdue => "请刷新页面查看最新状态。",
            Problem::WindowLocked => "未报的单位请按逾期未报记录在案。",
            Problem::NotYourTurn { .. } => "本级可以查看、批注和查询。",
            Problem::WindowOrder => "请调整三个时间。",
            Problem::WindowExists => "请在布置列表中打开它。",
            Problem::OpenFindings { .. } => "请逐条修改数据或填写说明后再办理。",
            Problem::NothingToExplain => "请刷新页面查看最新审核结果。",
            Problem::ExplanationLength { .. } | Problem::ExplanationEmptyPhrase { .. } => {
                "请写明数据变动的具体原因,例如“三月新增一条生产线,订单增加”。"
            }
            Problem::ReturnReasonShort => "请写明哪个数据有什么问题,便于单位改正。",
            Problem::Conflict => "请刷新页面,看过最新内容后再办理一次。",
            Problem::Crowded => "请过几秒再办理一次;表格里填写的数据留在本机,会自动重新保存。",
            Problem::UnitExists { .. } => "请打开已有单位核对。",
            Problem::AccountExists { .. } => "请换一个账号名。",
            Problem::NotInRegister { .. } => "先进库、后有数:请先办理入库。",
            Problem::FormNotOwed => "请核对单位的行业代码和报表类别。",
            Problem::BadValue { .. } => "请改正后再保存。",
            Problem::UnknownCell { .. } => "请核对数据项的编号;在页面上办理的,请刷新页面后重试。",
            Problem::BadFile { .. } => "请改正文件后重新导入,本次没有写入任何数据。",
            Problem::UndecidedColumns { .. } => {
                "请由填报人在“台账”页面导入一次同样的文件并确认各列,以后接口就按确认的对应关系读取。"
            }
            Problem::SuspiciousFile { .. } => "请不要打开这个文件;请用杀毒软件检查本机后,从原软件重新导出。",
            Problem::WrongPeriod { .. } => "请导出本期的科目余额表后重新导入。",
            Problem::NoLedger => "请先导入科目余额表或登记台账,也可以直接填写。",
            Problem::BadInput { .. } => "请改正后重试。",
        }
    }
}

fn open_findings(mend: usize, explain: usize) -> String {
    match (mend, explain) {
        (mend, 0) => format!("还有 {mend} 条审核问题需要修改数据。"),
        (0, explain) => format!("还有 {explain} 条审核问题需要填写说明。"),
        (mend, explain) => format!("还有 {mend} 条审核问题需要修改数据,{explain} 条需要填写说明。"),
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.says(), self.hint())
    }
}

impl std::error::Error for Problem {}
