//! A cluster of this program's own processes: one scheduler and two executors on the loopback address.

use std::fmt::Write;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::house::YOUJU;

/// The longest that anything here is waited for. A lost executor is given up after ten seconds of silence.
const PATIENCE: Duration = Duration::from_mins(2);

/// Checks, aggregates, windows and joins, each over what came before.
const SCRIPT: &str = r#"
define datapoint ruleset R (variable a, b, c) is
  Z1: a + b = c errorcode "合计" errorlevel 1;
  Z2: when a > 0 then b / a <= 1000 errorcode "比例" errorlevel 2
end datapoint ruleset;
wrong := check_datapoint(DS, R);
more := DS[calc d := a * 2 + nvl(b, 0)];
means := avg(DS[keep a, b, c] group by period);
spread := stddev_samp(DS[keep a] group by period);
before := DS[calc p := lag(a, 1 over (partition by unit order by period))];
both := inner_join(more as x, before as y using unit, period keep d, p);
"#;

struct Member(Child);

impl Drop for Member {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn member(arguments: &[&str]) -> Member {
    let mut command = Command::new(YOUJU);
    command.arg("cluster").args(arguments).stderr(Stdio::null());
    Member(command.spawn().unwrap())
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A port that nobody uses, with the one behind it.
fn free_port() -> u16 {
    loop {
        let one = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = one.local_addr().unwrap().port();
        if port.checked_add(1).is_some_and(|next| TcpListener::bind(("127.0.0.1", next)).is_ok()) {
            return port;
        }
    }
}

fn executor(scheduler: &str, work: &Path) -> Member {
    let port = free_port();
    let listen = format!("127.0.0.1:{port}");
    let work = work.to_str().unwrap();
    let executor = member(&["executor", "--scheduler", scheduler, "--listen", &listen, "--work", work, "--tasks", "2"]);
    until("an executor", || TcpStream::connect(&listen).is_ok());
    executor
}

fn store(folder: &Path) {
    let structure = r#"{"name": "DS", "components": [
        {"name": "unit", "role": "Identifier", "data_type": "String"},
        {"name": "period", "role": "Identifier", "data_type": "Time_Period"},
        {"name": "a", "role": "Measure", "data_type": "Number"},
        {"name": "b", "role": "Measure", "data_type": "Number"},
        {"name": "c", "role": "Measure", "data_type": "Number"}]}"#;
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("DS.json"), structure).unwrap();
    let mut rows = String::from("unit,period,a,b,c\n");
    for unit in 0_u64..30_000 {
        for quarter in 1..=2 {
            let (a, b) = (unit * 7919 % 100_003, unit * quarter * 104_729 % 1_000_003);
            let c = a + b + u64::from(unit % 97 == 0);
            let b = if unit % 51 == 0 { String::new() } else { b.to_string() };
            writeln!(rows, "u{unit},2024Q{quarter},{a},{b},{c}").unwrap();
        }
    }
    fs::write(folder.join("DS.csv"), rows).unwrap();
}

/// `youju vtl run` over the folder, into a folder of the given name.
fn script(folder: &Path, out: &str, more: &[&str]) -> Command {
    fs::write(folder.join("script.vtl"), SCRIPT).unwrap();
    let mut command = Command::new(YOUJU);
    command.args(["vtl", "run"]).arg(folder.join("script.vtl")).args(more);
    command.arg("--in").arg(folder.join("in")).arg("--out").arg(folder.join(out));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn expect_success(done: &Output) {
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into(), fs::read(path).unwrap())).collect()
}

#[test]
fn a_cluster_that_loses_an_executor_gives_the_result_of_one_process_to_the_byte() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    store(&folder.join("in"));
    expect_success(&script(folder, "alone", &[]).output().unwrap());

    let address = format!("127.0.0.1:{}", free_port());
    let _scheduler = member(&["scheduler", "--listen", &address]);
    until("the scheduler", || TcpStream::connect(&address).is_ok());
    let _stays = executor(&address, &folder.join("work-1"));
    let dies = executor(&address, &folder.join("work-2"));
    let shared = folder.join("shared");
    let on_cluster = ["--cluster", &address, "--shared", shared.to_str().unwrap()];

    let mut running = script(folder, "together", &on_cluster).spawn().unwrap();
    until("work of the second executor", || has_files(&folder.join("work-2")));
    assert!(running.try_wait().unwrap().is_none(), "the script was over before the executor was killed");
    drop(dies);
    expect_success(&running.wait_with_output().unwrap());
    let (alone, together) = (files(&folder.join("alone")), files(&folder.join("together")));
    assert_eq!(alone.len(), 12);
    for (one, other) in alone.iter().zip(&together) {
        assert!(one == other, "{} differs", one.0);
    }
}

fn has_files(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()) || has_files(&entry.path()))
}

#[test]
fn a_scheduler_that_does_not_answer_is_told_in_plain_words() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    store(&folder.join("in"));
    let address = format!("127.0.0.1:{}", free_port());
    let done = script(folder, "out", &["--cluster", &address, "--shared", folder.to_str().unwrap()]).output().unwrap();
    assert_eq!(done.status.code(), Some(1));
    let error = String::from_utf8_lossy(&done.stderr);
    assert!(error.contains(&format!("连不上集群的调度器“{address}”")), "{error}");
    assert!(error.contains("youju cluster scheduler"), "{error}");
}
