//! `youju vtl`: the check language at the command line.

mod analyse;
mod check;
mod fmt;
mod run;
mod uses;

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
    /// 没有数据之前分析规则:相互矛盾、多余、永远通过或永远不通过的。
    Analyse(analyse::Options),
    /// 在一个目录的数据集上执行脚本。
    Run(run::Options),
    /// 用规则集逐行检查一张宽表(csv、csv.gz、parquet)。
    Check(check::Options),
    /// 把脚本排成统一的格式:一句一行,审核规则一条一行,注释保留。
    Fmt(fmt::Options),
}

pub(crate) fn run(options: &Options) -> ExitCode {
    match &options.act {
        Act::Analyse(options) => analyse::run(options),
        Act::Run(options) => run::run(options),
        Act::Check(options) => check::run(options),
        Act::Fmt(options) => fmt::run(options),
    }
}
