//! Is there a scheduler, and has it executors? Asked before a script begins, so that nobody waits without knowing for what.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use crate::vtl::RunError;

/// How long the scheduler may take for an answer.
const ANSWER_TIME: Duration = Duration::from_secs(10);
/// How long is waited between two questions.
const PAUSE: Duration = Duration::from_millis(200);

/// Returns when the scheduler at `host:port` has an executor; refuses when it does not answer, or has none for `patience`.
pub(super) fn reach(scheduler: &str, patience: Duration) -> Result<(), RunError> {
    let start = Instant::now();
    while !has_executor(scheduler)? {
        if start.elapsed() >= patience {
            let advice = "请在计算的机器上用 youju cluster executor 启动执行器。";
            return Err(RunError::runtime(format!("集群“{scheduler}”还没有执行器。{advice}")));
        }
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

/// The scheduler's readiness probe.
fn has_executor(scheduler: &str) -> Result<bool, RunError> {
    let unreachable = |cause: &dyn std::fmt::Display| {
        let advice = "请核对地址,并先用 youju cluster scheduler 启动调度器。";
        RunError::runtime(format!("连不上集群的调度器“{scheduler}”:{cause}。{advice}"))
    };
    let mut stream = connected(scheduler).map_err(|cause| unreachable(&cause))?;
    let mut answer = Vec::new();
    let asked = stream.write_all(b"GET /readyz HTTP/1.0\r\n\r\n").and_then(|()| stream.read_to_end(&mut answer));
    asked.map_err(|cause| unreachable(&cause))?;
    // "HTTP/1.0 200 OK"
    match answer.split(|byte| *byte == b' ').nth(1) {
        Some(b"200") => Ok(true),
        Some(b"503") => Ok(false),
        _ => Err(unreachable(&"那里的程序不是调度器")),
    }
}

fn connected(scheduler: &str) -> std::io::Result<TcpStream> {
    let mut last = std::io::Error::other("地址应写成 主机:端口");
    for address in scheduler.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, ANSWER_TIME) {
            Ok(stream) => {
                stream.set_read_timeout(Some(ANSWER_TIME))?;
                stream.set_write_timeout(Some(ANSWER_TIME))?;
                return Ok(stream);
            }
            Err(cause) => last = cause,
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// A server that gives every caller the same answer.
    fn answering(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut question = [0; 64];
                let _ = stream.read(&mut question).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        address
    }

    #[test]
    fn a_scheduler_is_used_when_it_has_executors() {
        let patience = Duration::from_millis(1);
        let refused = |answer| reach(&answering(answer), patience).unwrap_err().to_string();
        assert!(reach(&answering("HTTP/1.0 200 OK\r\n\r\nready"), patience).is_ok());
        assert!(refused("HTTP/1.0 503 Service Unavailable\r\n\r\n").contains("还没有执行器"));
        assert!(refused("HTTP/1.0 404 Not Found\r\n\r\n").contains("那里的程序不是调度器"));
        assert!(refused("SSH-2.0-OpenSSH\r\n").contains("那里的程序不是调度器"));
    }
}
