//! `youju vtl run`: a script over the datasets of a folder.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use youju_frames::vtl::{RunError, run_folder};
use youju_vtl::{Errors, Span};

use crate::open::say_error;

/// 执行脚本。
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// 脚本文件(.vtl)。
    script: PathBuf,
    /// 输入目录:每个数据集一个 NAME.json(结构)和一个 NAME.csv(数据)。
    #[arg(long = "in", value_name = "目录")]
    input: PathBuf,
    /// 输出目录:每个结果写成同样的一对文件。
    #[arg(long = "out", value_name = "目录")]
    output: PathBuf,
    /// 集群调度器的地址;写了就由集群计算,要同时写 --shared。
    #[cfg(feature = "cluster")]
    #[arg(long, value_name = "主机:端口", requires = "shared")]
    cluster: Option<String>,
    /// 本机和集群所有成员都能用同一路径读写的目录。
    #[cfg(feature = "cluster")]
    #[arg(long, value_name = "目录", requires = "cluster")]
    shared: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> ExitCode {
    let done = read(&options.script).and_then(|source| computed(&source, options));
    match done {
        Ok(remarks) => {
            for remark in remarks {
                say_error(&remark);
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            say_error(&failure(&error).to_string());
            ExitCode::FAILURE
        }
    }
}

fn computed(source: &str, options: &Options) -> Result<Vec<String>, RunError> {
    #[cfg(feature = "cluster")]
    if let (Some(scheduler), Some(shared)) = (&options.cluster, &options.shared) {
        let cluster = youju_frames::cluster::Cluster::new(scheduler, shared);
        return youju_frames::vtl::run_folder_on(&cluster, source, &options.input, &options.output);
    }
    run_folder(source, &options.input, &options.output)
}

fn read(path: &Path) -> Result<String, RunError> {
    std::fs::read_to_string(path)
        .map_err(|cause| RunError::runtime(format!("不能读取脚本“{}”:{cause}。", path.display())))
}

/// `{"error": {"kind", "code", "message", "line", "column"}}`, for programs that read it. The codes are the classes of
/// the standard: 1 syntax, 2 semantics, 3 run time.
fn failure(error: &RunError) -> serde_json::Value {
    let first = |errors: &Errors| errors.0.first().map(|error| error.span);
    let (kind, code, span): (_, _, Option<Span>) = match error {
        RunError::Syntax(errors) => ("syntax", "1", first(errors)),
        RunError::Semantic(errors) => ("semantic", "2", first(errors)),
        RunError::Runtime { span, .. } => ("runtime", "3", *span),
    };
    json!({ "error": {
        "kind": kind,
        "code": code,
        "message": error.to_string(),
        "line": span.map(|span| span.line),
        "column": span.map(|span| span.column),
    } })
}
