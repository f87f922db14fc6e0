//! `youju-verify`: the small program that an auditor, a court or a unit uses without Youju, without a network and years later. It reads a proof
//! bundle or an exported journal, says what is proved and what is not, and ends with 0 (proved), 1 (not proved, or tampered with) or
//! 2 (wrong call, or a file that cannot be read). All checks are those of `youju_journal`; here is only the command line.
//!
//! ```text
//! youju-verify 证明包.json --key tjj.example.gov.cn/youju+3f…+AQ…
//! youju-verify --journal 日志.jsonl --key 公钥.txt
//! ```
//!
//! Never here: a data base, a network, a clock, writing to files.

mod input;
mod json;
mod text;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use youju_journal::{BadExport, VerifyingKey, verify_bundle, verify_export};

/// 核对有据的证明包和导出的操作日志。不联网,不需要有据平台。
#[derive(Debug, Parser)]
#[command(
    name = "youju-verify",
    version,
    after_help = "退出码:0 已证明;1 未证明或内容被改动;2 用法有误或文件无法读取。"
)]
struct Command {
    /// 要核对的证明包。
    #[arg(value_name = "证明包", required_unless_present = "journal", conflicts_with = "journal")]
    bundle: Option<PathBuf>,
    /// 改为核对导出的整份操作日志。
    #[arg(long, value_name = "文件")]
    journal: Option<PathBuf>,
    /// 可信的公钥,或每行一个公钥的文件;可以给出多次。公钥要从电话、公报等另外的途径取得,不能取自证明包。
    #[arg(long = "key", value_name = "公钥或文件")]
    keys: Vec<String>,
    /// 以 JSON 输出结果。
    #[arg(long)]
    json: bool,
}

/// What came of it, ready to be shown.
pub(crate) struct Outcome {
    /// Lines or JSON, without a line break at the end.
    pub(crate) shown: String,
    /// True if a trusted key stands behind everything.
    pub(crate) is_proved: bool,
}

fn main() -> ExitCode {
    let command = Command::parse();
    match run(&command) {
        Ok(outcome) => {
            // A closed pipe (`youju-verify … | head`) changes nothing about the result.
            let _ = writeln!(std::io::stdout().lock(), "{}", outcome.shown);
            if outcome.is_proved { ExitCode::SUCCESS } else { ExitCode::from(1) }
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr().lock(), "{}", text::plain(&error));
            ExitCode::from(2)
        }
    }
}

/// An error is a call or a file that cannot be used; whatever is wrong with the content is an outcome.
fn run(command: &Command) -> Result<Outcome, String> {
    let keys = input::keys(&command.keys)?;
    match (&command.bundle, &command.journal) {
        (Some(bundle), _) => {
            let bytes = input::bundle(bundle)?;
            Ok(of_bundle(&bytes, &keys, command.json))
        }
        (None, Some(journal)) => {
            let mut file = input::journal(journal)?;
            match verify_export(&mut file, &keys, &mut |_| {}) {
                Err(BadExport::Io(error)) => Err(input::unreadable(journal, &error)),
                other => Ok(of_journal(other, command.json)),
            }
        }
        (None, None) => Err("请指明要核对的证明包,或用 --journal 指明导出的日志。".to_owned()),
    }
}

fn of_bundle(bytes: &[u8], keys: &[VerifyingKey], is_json: bool) -> Outcome {
    match verify_bundle(bytes, keys) {
        Ok(report) => {
            let shown = if is_json { json::bundle(&report) } else { text::bundle(&report) };
            Outcome { shown, is_proved: report.is_proved() }
        }
        Err(bad) => refused("bundle", &bad.to_string(), is_json),
    }
}

fn of_journal(result: Result<youju_journal::ExportReport, BadExport>, is_json: bool) -> Outcome {
    match result {
        Ok(report) => {
            let shown = if is_json { json::journal(&report) } else { text::journal(&report) };
            Outcome { shown, is_proved: report.is_proved() }
        }
        Err(bad) => refused("journal", &bad.to_string(), is_json),
    }
}

fn refused(kind: &str, error: &str, is_json: bool) -> Outcome {
    let shown = if is_json { json::refused(kind, error) } else { text::refused(error) };
    Outcome { shown, is_proved: false }
}
