//! `youju vtl fmt FILE… [--check]`: scripts in the style of the house.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::open::{say, say_error};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// 脚本文件(.vtl)。
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// 只检查、不改写:列出需要排版的文件,有则退出码为 1。
    #[arg(long)]
    check: bool,
}

/// 0: nothing to do, or done. 1: `--check` found files to format. 2: a file cannot be read, formatted or written.
pub(crate) fn run(options: &Options) -> ExitCode {
    let (mut changed, mut failed) = (0_usize, 0_usize);
    for file in &options.files {
        match format(file, options.check) {
            Ok(false) => {}
            Ok(true) => {
                changed += 1;
                let what = if options.check { "需要排版" } else { "已排版" };
                say(&format!("{what}:{}", file.display()));
            }
            Err(message) => {
                failed += 1;
                say_error(&message);
            }
        }
    }
    if options.files.len() > 1 {
        let (all, same) = (options.files.len(), options.files.len() - changed - failed);
        say(&format!(
            "共 {all} 个文件:{changed} 个{},{same} 个无需改动,{failed} 个出错。",
            if options.check { "需要排版" } else { "已排版" }
        ));
    }
    match (failed, options.check && changed > 0) {
        (0, false) => ExitCode::SUCCESS,
        (0, true) => ExitCode::from(1),
        _ => ExitCode::from(2),
    }
}

/// Does the file change? Without `--check` it is written, so that a broken run leaves the old or the new text.
fn format(file: &Path, is_check: bool) -> Result<bool, String> {
    let name = file.display();
    let source = fs::read_to_string(file)
        .map_err(|error| format!("{name}:不能读取({error})。请核对路径和文件名,并把脚本存为 UTF-8 编码。"))?;
    let text = youju_vtl::format(&source)
        .map_err(|errors| format!("{name}:脚本有错误,没有排版。请先改正。\n{}", errors.render(&source)))?;
    if text == source {
        return Ok(false);
    }
    if !is_check {
        let beside = file.with_extension("vtl.new");
        let written = fs::write(&beside, &text).and_then(|()| fs::rename(&beside, file));
        written.map_err(|error| format!("{name}:不能写入({error})。请核对文件夹的权限。"))?;
    }
    Ok(true)
}
