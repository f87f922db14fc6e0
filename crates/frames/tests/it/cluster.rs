//! The same scripts on a cluster of one scheduler and two executors on the loopback address.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::{Duration, Instant};

use youju_frames::cluster::{Cluster, Executor, Scheduler};
use youju_frames::vtl::run_folder_on;

use crate::vtl::failures;

/// An address whose port, and the one behind it, nobody uses.
fn free() -> SocketAddr {
    loop {
        let one = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = one.local_addr().unwrap();
        let next = address.port().checked_add(1).map(|port| TcpListener::bind(("127.0.0.1", port)));
        if next.is_some_and(|next| next.is_ok()) {
            return address;
        }
    }
}

fn wait_for(address: SocketAddr) {
    let start = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(start.elapsed() < Duration::from_mins(1), "{address} is silent");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Members on threads of their own, which end with the test.
fn cluster(folder: &Path) -> Cluster {
    let scheduler = free();
    std::thread::spawn(move || Scheduler { listen: scheduler }.run().unwrap());
    wait_for(scheduler);
    for number in 0..2 {
        let listen = free();
        let member = Executor {
            listen,
            name: None,
            scheduler_host: scheduler.ip().to_string(),
            scheduler_port: scheduler.port(),
            tasks: NonZeroUsize::new(2).unwrap(),
            folder: folder.join(format!("work-{number}")),
        };
        std::thread::spawn(move || member.run().unwrap());
        wait_for(listen);
    }
    Cluster::new(&scheduler.to_string(), &folder.join("shared"))
}

#[test]
fn a_cluster_gives_the_results_that_the_cases_say() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = cluster(folder.path());
    let failures = failures(&|source, input, output| run_folder_on(&cluster, source, input, output));
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n\n"));
    let left = std::fs::read_dir(folder.path().join("shared")).unwrap().count();
    assert_eq!(left, 0, "folders of scripts stay behind");
}
