//! Keeping of logs 日志留存: 网络安全法 (2016) article 21 (3) asks for no less than six months. What lies in the data base stays for ever: no statement
//! takes it away (`crates/tidy` holds that). The server's own log is the only one that is cleared, and never before its time.

use crate::problem::Problem;

/// Fewest days that a log is kept. A file is taken away when more days than this lie between it and today: the longest six months, from
/// 1 March to 1 September, are 184 days.
pub const LOG_DAYS_MIN: u32 = 183;
/// Days that the server's own log is kept where nobody says otherwise.
pub const LOG_DAYS_USUAL: u32 = 400;
/// Most days: ten years.
pub const LOG_DAYS_MAX: u32 = 3_660;

/// Days that the server's log is to be kept, or why not so few.
pub fn log_days(days: u32) -> Result<u32, Problem> {
    if (LOG_DAYS_MIN..=LOG_DAYS_MAX).contains(&days) {
        return Ok(days);
    }
    let reason = format!(
        "日志留存应在 {LOG_DAYS_MIN} 到 {LOG_DAYS_MAX} 天之间,现为 {days} 天:网络安全法第二十一条要求相关的网络日志留存不少于六个月。"
    );
    Err(Problem::BadInput { reason })
}

/// Log 日志 in the data base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Log {
    /// Its table.
    pub table: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// What stands in it.
    pub holds: &'static str,
}

/// Every log in the data base. None of these tables is among those of which rows may be deleted.
pub const LOGS: &[Log] = &[
    Log {
        table: "journal_leaf", name: "操作日志", holds: "谁在什么时候办了什么;逐条相连,改动或抽走一条都能发现"
    },
    Log {
        table: "sign_in", name: "登录和失败的尝试", holds: "账号、时间、结果、网络地址、浏览器"
    },
    Log { table: "look", name: "查看和导出", holds: "谁为什么查看了哪个单位,谁取走了什么文件" },
    Log {
        table: "trace", name: "报送痕迹", holds: "单位办理报表时的网络地址、设备、填报方式和用时"
    },
    Log { table: "delivery", name: "通知的投递", holds: "向谁、由哪个渠道、结果如何" },
    Log { table: "message", name: "消息", holds: "发给谁、什么时候读、什么时候签收" },
    Log { table: "checkpoint", name: "日志检查点", holds: "签过名的操作日志总指纹" },
];
