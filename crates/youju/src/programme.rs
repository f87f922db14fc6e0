//! `youju programme`: what an author of a programme asks for before it takes effect.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};

use crate::check::no_such_form;
use crate::open::{Failure, programmes, say, say_error};

/// 报表制度。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 用审核公式或 VTL 列出一张表的全部审核关系。
    Print(Print),
}

#[derive(Debug, Args)]
struct Print {
    /// 表号,例如 B203。
    #[arg(long)]
    form: String,
    /// 写法。
    #[arg(long = "as", value_enum, default_value = "formula")]
    notation: Notation,
    /// 报表制度目录;缺省使用程序自带的制度。
    #[arg(long, env = "YOUJU_PROGRAMMES")]
    programmes: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Notation {
    /// 审核公式
    Formula,
    /// VTL
    Vtl,
}

pub(crate) fn run(options: &Options) -> ExitCode {
    let done = match &options.act {
        Act::Print(options) => print(options),
    };
    done.unwrap_or_else(|error| {
        say_error(&error.to_string());
        ExitCode::from(2)
    })
}

/// 0: all checks were printed; 1: some cannot be written so, and are named.
fn print(options: &Print) -> Result<ExitCode, Failure> {
    let programmes = programmes(options.programmes.as_deref())?;
    let form = programmes.iter().find_map(|programme| programme.form(&options.form));
    let form = form.ok_or_else(|| no_such_form(&options.form, &programmes))?;
    if options.notation == Notation::Vtl {
        say(&form.as_vtl());
        return Ok(ExitCode::SUCCESS);
    }
    let (text, left_out) = form.as_formulas();
    say(text.trim_end());
    left_out.iter().for_each(|unprintable| say_error(&unprintable.to_string()));
    Ok(if left_out.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
