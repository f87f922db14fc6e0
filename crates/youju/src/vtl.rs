//! `youju vtl …`: scripts of the check language.

mod run;

use std::process::ExitCode;

use clap::{Args, Subcommand};

/// VTL 脚本。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 在一个目录的数据集上执行脚本。
    Run(run::Options),
}

pub(crate) fn run(options: &Options) -> ExitCode {
    match &options.act {
        Act::Run(options) => run::run(options),
    }
}
