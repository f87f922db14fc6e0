//! `youju cluster`: the members of a cluster, each a process of this program.

use std::error::Error;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use youju_frames::cluster::{Executor, Scheduler};

use crate::open::say_error;

/// 集群的成员。成员之间不验证身份,只能放在封闭的内部网络里。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 启动调度器:接收计算计划,分成任务交给执行器。
    Scheduler(SchedulerOptions),
    /// 启动执行器:完成调度器分来的任务。
    Executor(ExecutorOptions),
}

#[derive(Debug, Args)]
struct SchedulerOptions {
    /// 监听的地址。
    #[arg(long, value_name = "地址:端口", default_value = "127.0.0.1:8650")]
    listen: SocketAddr,
}

#[derive(Debug, Args)]
struct ExecutorOptions {
    /// 调度器的地址。
    #[arg(long, value_name = "主机:端口", default_value = "127.0.0.1:8650")]
    scheduler: String,
    /// 监听的地址;下一个端口也要空着,用来接收任务。
    #[arg(long, value_name = "地址:端口", default_value = "127.0.0.1:8660")]
    listen: SocketAddr,
    /// 其他成员用来找到它的主机名或地址,缺省为监听的地址。
    #[arg(long, value_name = "主机")]
    name: Option<String>,
    /// 同时完成的任务数,缺省为处理器的核数。
    #[arg(long, value_name = "个数")]
    tasks: Option<NonZeroUsize>,
    /// 存放中间结果的目录,不必共享。
    #[arg(long, value_name = "目录", default_value = "cluster-work")]
    work: PathBuf,
}

pub(crate) fn run(options: Options) -> Result<(), Box<dyn Error + Send + Sync>> {
    match options.act {
        Act::Scheduler(options) => {
            say_error(&format!("调度器在 {} 等待执行器和脚本。", options.listen));
            Ok(Scheduler { listen: options.listen }.run()?)
        }
        Act::Executor(options) => executor(options),
    }
}

fn executor(options: ExecutorOptions) -> Result<(), Box<dyn Error + Send + Sync>> {
    let wrong = || format!("调度器的地址“{}”应写成 主机:端口,如 10.0.0.1:8650。", options.scheduler);
    let (host, port) = options.scheduler.rsplit_once(':').ok_or_else(wrong)?;
    let port = port.parse().map_err(|_| wrong())?;
    let tasks = match options.tasks {
        Some(tasks) => tasks,
        None => std::thread::available_parallelism()?,
    };
    say_error(&format!("执行器在 {} 等待任务,调度器 {},同时 {tasks} 个任务。", options.listen, options.scheduler));
    let member = Executor {
        listen: options.listen,
        name: options.name,
        scheduler_host: host.to_owned(),
        scheduler_port: port,
        tasks,
        folder: options.work,
    };
    Ok(member.run()?)
}
