//! `youju programme`: what an author of a programme asks for before it takes effect.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use youju_programme::Files;

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
    /// 核对制度:载入时会拒绝的错误,以及审核关系中可疑的地方。
    Check(Check),
    /// 用审核公式或 VTL 列出一张表的全部审核关系。
    Print(Print),
    /// 列出一个单位可能要在几张表上重复填的指标(最多报一次)。
    Burden(Check),
}

#[derive(Debug, Args)]
struct Check {
    /// 报表制度目录;缺省使用程序自带的制度。
    #[arg(env = "YOUJU_PROGRAMMES")]
    folder: Option<PathBuf>,
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
        Act::Check(options) => check(options),
        Act::Print(options) => print(options),
        Act::Burden(options) => burden(options),
    };
    done.unwrap_or_else(|error| {
        say_error(&error.to_string());
        ExitCode::from(2)
    })
}

/// 0: the programme can be used, whatever remarks there are; 1: it is refused.
fn check(options: &Check) -> Result<ExitCode, Failure> {
    let files = files(options.folder.as_deref())?;
    let programmes = match youju_programme::load(&files) {
        Ok(programmes) => programmes,
        Err(errors) => {
            for error in &errors {
                say(&error.to_string());
            }
            say(&format!("不能使用:{} 处错误。请改正后再核对。", errors.len()));
            return Ok(ExitCode::from(1));
        }
    };
    for programme in &programmes {
        let remarks: Vec<_> = programme.forms().iter().flat_map(youju_programme::Form::remarks).collect();
        for remark in &remarks {
            say(&remark.told);
        }
        let checks: usize = programme.forms().iter().map(|form| form.all_checks().count()).sum();
        let (name, forms, remarks) = (&programme.name, programme.forms().len(), remarks.len());
        say(&format!("{name}:{forms} 张表,{checks} 条审核关系,可以使用;{remarks} 处提示。"));
    }
    Ok(ExitCode::SUCCESS)
}

/// 0: nothing is typed twice; 1: some figures are.
fn burden(options: &Check) -> Result<ExitCode, Failure> {
    let programmes = programmes(options.folder.as_deref())?;
    let repeated = youju_programme::burden(&programmes);
    let forms = |forms: &[(String, Option<String>)]| {
        let told = forms.iter().map(|(form, from)| match from {
            Some(from) => format!("{form}(取自 {from})"),
            None => form.clone(),
        });
        told.collect::<Vec<_>>().join("、")
    };
    for one in &repeated {
        let mark = if one.is_typed_twice() { "重复" } else { "一次" };
        say(&format!("{mark}\t{}({})\t{}", one.label, one.measure, forms(&one.forms)));
    }
    let twice = repeated.iter().filter(|one| one.is_typed_twice()).count();
    say(&format!("{} 个指标在一张以上的表上,其中 {twice} 个要填不止一次。", repeated.len()));
    Ok(if twice == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
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
    for unprintable in &left_out {
        say_error(&unprintable.to_string());
    }
    Ok(if left_out.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn files(folder: Option<&Path>) -> Result<Vec<Files>, Failure> {
    let Some(folder) = folder else { return Ok(Files::shipped()) };
    let unreadable = |error: std::io::Error| format!("不能读取 {}:{error}", folder.display());
    Ok(Files::read_all(folder).map_err(unreadable)?)
}
