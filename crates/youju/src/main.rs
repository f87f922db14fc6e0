//! The program: command line, server, and the place where the heavy floors are plugged in.

mod backup;
mod check;
#[cfg(feature = "cluster")]
mod cluster;
mod columns;
mod demo;
mod explain;
mod form;
mod identity;
mod import;
mod journal;
mod lab;
mod log;
mod open;
mod person;
mod printer;
mod programme;
mod register;
mod rehearsal;
mod roster;
mod scanner;
mod secrets;
mod serve;
mod vtl;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// 有据 Youju: every number has its evidence.
#[derive(Debug, Parser)]
#[command(name = "youju", version, about = "有据:数出有据的统计工作平台", disable_help_subcommand = true)]
struct Command {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 启动网页服务。
    Serve(serve::Options),
    /// 建立演示数据:用公开的真实财务数据走完一个报告期。
    Demo(demo::Options),
    /// 用报表的审核关系检查文件(csv、csv.gz、xlsx、parquet)。
    Check(check::Options),
    /// 解释一行数据为什么不符合(或符合)审核关系。
    Explain(explain::Options),
    /// 规则实验室:审核关系在已上报的报表上表现如何,试审新增或修改的一条。
    Lab(lab::Options),
    /// 报表的 Excel 文件:导出、导入。
    Form(form::Options),
    /// 报表制度。
    Programme(programme::Options),
    /// 审核语言 VTL。
    Vtl(vtl::Options),
    /// 集群的成员:脚本的计算由一个调度器分给多个执行器。
    #[cfg(feature = "cluster")]
    Cluster(cluster::Options),
    /// 操作日志。
    Journal(journal::Options),
    /// 导入名单。
    Import(import::Options),
    /// 名录库。
    Register(register::Options),
    /// 账号。
    Person(person::Options),
    /// 部门名单。
    Roster(roster::Options),
    /// 备份:把数据库的全部内容写成一个文件,服务可以不停。
    Backup(backup::Options),
    /// 把备份恢复到空的数据目录或数据库。
    Restore(backup::Restore),
    /// 封存附件和个人信息的密钥。
    Secrets(secrets::Options),
}

impl Act {
    /// Where the log of a server is kept, if it is.
    fn log_files(&self) -> Result<Option<log::Files>, open::Failure> {
        match self {
            Act::Serve(options) => options.log_files(),
            _ => Ok(None),
        }
    }
}

fn main() -> ExitCode {
    let command = Command::parse();
    match command.act.log_files() {
        Ok(files) => log::begin(files),
        Err(error) => {
            open::say_error(&error.to_string());
            return ExitCode::from(2);
        }
    }
    let done = match command.act {
        Act::Serve(options) => serve::run(options),
        Act::Demo(options) => demo::run(options),
        Act::Check(options) => return check::run(&options),
        Act::Explain(options) => explain::run(&options),
        Act::Lab(options) => lab::run(options),
        Act::Form(options) => match form::run(options) {
            Ok(code) => return code,
            Err(error) => Err(error),
        },
        Act::Programme(options) => return programme::run(&options),
        Act::Vtl(options) => return vtl::run(&options),
        #[cfg(feature = "cluster")]
        Act::Cluster(options) => cluster::run(options),
        Act::Journal(options) => journal::run(options),
        Act::Import(options) => import::run(options),
        Act::Register(options) => register::run(options),
        Act::Person(options) => person::run(options),
        Act::Roster(options) => roster::run(options),
        Act::Backup(options) => backup::run(options),
        Act::Restore(options) => backup::restore(options),
        Act::Secrets(options) => secrets::run(options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            open::say_error(&error.to_string());
            ExitCode::from(2)
        }
    }
}
