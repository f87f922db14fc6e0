//! The clock of a rehearsal: only for a demonstration, and only what can be read as a time.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::house::House;

/// Files that are there, options beside the clock, what the refusal says.
type Refusal<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], &'a str);

#[test]
fn a_rehearsal_is_refused_in_earnest_and_where_its_clock_cannot_be_read() {
    let (demonstration, clock) = (("data/demonstration.txt", ""), ("clock", "2026-03-05 08:30"));
    let cases: [Refusal; 5] = [
        (&[clock], &[], "演练时钟只用于演示数据"),
        (&[demonstration, clock], &["--database", "sqlite:other.sqlite"], "演练时钟只用于演示数据"),
        (&[demonstration, clock, ("channels.toml", "")], &["--channels", "channels.toml"], "演练时不向外发送通知"),
        (&[demonstration], &[], "不能读取演练时钟 clock"),
        (&[demonstration, ("clock", "三月五日")], &[], "应写一个时间,例如 2026-03-05 08:30。"),
    ];
    for (files, options, says) in cases {
        let house = House::new();
        std::fs::create_dir(house.path("data")).unwrap();
        for (name, text) in files {
            house.write(name, text);
        }
        let serve = ["serve", "--data", "data", "--clock", "clock", "--listen", "127.0.0.1:0"];
        let ran = house.run(&[&serve[..], options].concat());
        assert!(ran.code != 0 && ran.err.contains(says), "{says}: {} {}", ran.code, ran.err);
    }
}

#[test]
fn pages_tell_the_time_of_the_rehearsal_as_the_file_has_it() {
    let house = House::new();
    std::fs::create_dir(house.path("data")).unwrap();
    house.write("data/demonstration.txt", "");
    house.write("clock", "2026-03-05 08:30");
    let said = house.path("said");
    let mut server = house
        .command(&["serve", "--data", "data", "--clock", "clock", "--listen", "127.0.0.1:0"])
        .stdout(std::fs::File::create(&said).unwrap())
        .spawn()
        .unwrap();
    let address: SocketAddr = until(|| {
        let text = std::fs::read_to_string(&said).ok()?;
        text.split("http://").nth(1)?.trim().parse().ok()
    });
    let signed_in_at = |wanted: &str| until(|| asked(address, "/sign-in").contains(wanted).then_some(()));
    signed_in_at("2026-03-05 08:30");
    house.write("clock", "2026-04-05 00:10");
    signed_in_at("2026-04-05 00:10");
    house.write("clock", "");
    std::thread::sleep(Duration::from_millis(300));
    signed_in_at("2026-04-05 00:10");
    server.kill().unwrap();
    server.wait().unwrap();
}

fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "it did not come about");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn asked(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
