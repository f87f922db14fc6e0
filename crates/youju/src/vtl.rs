//! `youju vtl`: the check language at the command line.

mod check;
mod fmt;
mod run;

use std::process::ExitCode;

use clap::{Args, Subcommand};

/// 审核语言 VTL。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 在一个目录的数据集上执行脚本。
    Run(run::Options),
    /// 用规则集逐行检查一张宽表(csv、csv.gz、parquet)。
    Check(check::Options),
    /// 把脚本排成统一的格式:一句一行,审核规则一条一行,注释保留。
    Fmt(fmt::Options),
}

pub(crate) fn run(options: &Options) -> ExitCode {
    match &options.act {
        Act::Run(options) => run::run(options),
        Act::Check(options) => check::run(options),
        Act::Fmt(options) => fmt::run(options),
    }
}
