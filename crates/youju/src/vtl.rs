//! `youju vtl …`: the check language at the command line.

mod fmt;

use std::process::ExitCode;

use clap::{Args, Subcommand};

/// 审核语言(VTL)的脚本。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 把脚本排成统一的格式:一句一行,审核规则一条一行,注释保留。
    Fmt(fmt::Options),
}

pub(crate) fn run(options: &Options) -> ExitCode {
    match &options.act {
        Act::Fmt(options) => fmt::run(options),
    }
}
