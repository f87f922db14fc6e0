//! The members: the scheduler cuts plans into tasks, executors compute them.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;
use tokio::runtime::{Builder, Runtime};

use super::codec::{OwnLogical, OwnPhysical};
use super::{MESSAGE_BYTES_MAX, PATIENCE};
use crate::vtl::RunError;

/// An executor says every so many seconds that it lives.
const HEARTBEAT_SECONDS: u64 = 2;
/// Silent for so many seconds it is given up, and its work is done by others.
const SILENCE_SECONDS: u64 = 10;
/// How many seconds an executor tries to reach its scheduler.
const CONNECT_SECONDS: u16 = 60;

/// Stack of the threads of a member, in bytes: plans and their optimiser recurse.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Scheduler 调度器 — takes plans and gives their tasks to executors.
#[derive(Debug, Clone)]
pub struct Scheduler {
    /// Where it listens.
    pub listen: SocketAddr,
}

/// Executor 执行器 — computes tasks.
#[derive(Debug, Clone)]
pub struct Executor {
    /// Where it gives out its results; the next port takes tasks.
    pub listen: SocketAddr,
    /// The name or address under which the others reach it; the listening address if left out.
    pub name: Option<String>,
    /// The scheduler's host.
    pub scheduler_host: String,
    /// The scheduler's port.
    pub scheduler_port: u16,
    /// Tasks at the same time.
    pub tasks: NonZeroUsize,
    /// Where results wait until they are fetched; not shared.
    pub folder: PathBuf,
}

impl Scheduler {
    /// Serves until the process is told to stop.
    pub fn run(&self) -> Result<(), RunError> {
        let config = SchedulerConfig {
            external_host: self.listen.ip().to_string(),
            bind_host: self.listen.ip().to_string(),
            bind_port: self.listen.port(),
            executor_timeout_seconds: SILENCE_SECONDS,
            expire_dead_executor_interval_seconds: HEARTBEAT_SECONDS,
            no_executors_grace_period_seconds: PATIENCE.as_secs(),
            grpc_server_max_decoding_message_size: MESSAGE_BYTES_MAX,
            grpc_server_max_encoding_message_size: MESSAGE_BYTES_MAX,
            grpc_client_max_message_size: MESSAGE_BYTES_MAX,
            override_logical_codec: Some(Arc::new(OwnLogical::default())),
            override_physical_codec: Some(Arc::new(OwnPhysical::default())),
            ..SchedulerConfig::default()
        };
        let serving = async {
            let cluster = BallistaCluster::new_from_config(&config).await?;
            start_server(cluster, self.listen, Arc::new(config.clone())).await
        };
        runtime()?.block_on(serving).map_err(|cause| stopped("调度器", &cause))
    }
}

impl Executor {
    /// Serves until the process is told to stop.
    pub fn run(&self) -> Result<(), RunError> {
        let Some(tasks_port) = self.listen.port().checked_add(1) else {
            return Err(RunError::runtime("执行器的端口不能是 65535:下一个端口用来接收任务。"));
        };
        std::fs::create_dir_all(&self.folder)
            .map_err(|cause| RunError::runtime(format!("不能使用目录“{}”:{cause}。", self.folder.display())))?;
        let config = ExecutorProcessConfig {
            bind_host: self.listen.ip().to_string(),
            external_host: Some(self.name.clone().unwrap_or_else(|| self.listen.ip().to_string())),
            port: self.listen.port(),
            grpc_port: tasks_port,
            scheduler_host: self.scheduler_host.clone(),
            scheduler_port: self.scheduler_port,
            scheduler_connect_timeout_seconds: CONNECT_SECONDS,
            vcores: self.tasks.get(),
            work_dir: Some(self.folder.to_string_lossy().into_owned()),
            executor_heartbeat_interval_seconds: HEARTBEAT_SECONDS,
            grpc_max_decoding_message_size: MESSAGE_BYTES_MAX,
            grpc_max_encoding_message_size: MESSAGE_BYTES_MAX,
            override_logical_codec: Some(Arc::new(OwnLogical::default())),
            override_physical_codec: Some(Arc::new(OwnPhysical::default())),
            ..ExecutorProcessConfig::default()
        };
        runtime()?.block_on(start_executor_process(Arc::new(config))).map_err(|cause| stopped("执行器", &cause))
    }
}

fn runtime() -> Result<Runtime, RunError> {
    let runtime = Builder::new_multi_thread().enable_all().thread_stack_size(STACK_BYTES).build();
    runtime.map_err(|cause| RunError::runtime(format!("不能启动:{cause}。")))
}

fn stopped(who: &str, cause: &dyn std::fmt::Display) -> RunError {
    RunError::runtime(format!("{who}停止:{cause}。"))
}
