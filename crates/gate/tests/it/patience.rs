//! Stories of people and programs that take their time.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use youju_gate::Limits;

use crate::make::{Gate, ask, hear, say};

const HEAD: &str = "GET / HTTP/1.1\r\nHost: tj.example.gov.cn\r\n";

fn limits() -> Limits {
    Limits { head: Duration::from_millis(700), idle: Duration::from_secs(3), ..Limits::default() }
}

#[tokio::test]
async fn a_head_that_drips_in_is_cut_off_and_others_are_served_meanwhile() {
    let gate = Gate::open(None, limits()).await;
    let began = Instant::now();
    let mut slow = gate.dial().await;
    say(&mut slow, HEAD).await;
    for line in 0..20 {
        say(&mut slow, &format!("X-{line}: y\r\n")).await;
        sleep(Duration::from_millis(100)).await;
    }
    assert!(ask(&mut gate.dial().await, "/").await.contains("200 OK"));
    assert!(!hear(&mut slow).await.contains("200 OK"));
    assert!(began.elapsed() < Duration::from_secs(5));
    // Whoever says nothing at all is not waited for either.
    assert_eq!(hear(&mut gate.dial().await).await, "");
}

#[tokio::test]
async fn who_is_quiet_between_two_requests_is_still_heard_and_a_long_request_is_not_cut_off() {
    let gate = Gate::open(None, limits()).await;
    let mut stream = gate.dial().await;
    let mut first = [0; 1];
    for path in ["/slow", "/", "/slow"] {
        say(&mut stream, &format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")).await;
        tokio::io::AsyncReadExt::read_exact(&mut stream, &mut first).await.unwrap();
        sleep(Duration::from_millis(1_200)).await;
    }
    let rest = ask(&mut stream, "/").await;
    assert_eq!(rest.matches("200 OK").count(), 4, "{rest}");
    // A body has the time of its request, not that of a head.
    let mut stream = gate.dial().await;
    say(&mut stream, "POST /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 10\r\n\r\n").await;
    for _ in 0..10 {
        sleep(Duration::from_millis(150)).await;
        say(&mut stream, "x").await;
    }
    assert!(hear(&mut stream).await.ends_with("10"));
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_given_up() {
    let gate = Gate::open(None, Limits { stalled: Duration::from_millis(500), ..limits() }).await;
    let mut stream = gate.dial().await;
    say(&mut stream, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await;
    sleep(Duration::from_millis(1_500)).await;
    let heard = hear(&mut stream).await;
    assert!(heard.starts_with("HTTP/1.1 200") && heard.len() < 64 << 20, "{} bytes", heard.len());
}

#[tokio::test]
async fn a_head_too_large_is_refused() {
    let gate = Gate::open(None, limits()).await;
    let cases = [
        format!("{HEAD}Cookie: {}\r\n\r\n", "x".repeat(40 * 1024)),
        format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(40 * 1024)),
        format!("{HEAD}{}\r\n", "X-Y: z\r\n".repeat(70)),
    ];
    for asked in cases {
        let mut stream = gate.dial().await;
        say(&mut stream, &asked).await;
        let heard = hear(&mut stream).await;
        assert!(heard.starts_with("HTTP/1.1 431") || heard.starts_with("HTTP/1.1 414"), "{heard}");
    }
}

#[tokio::test]
async fn running_requests_are_finished_when_the_gate_closes() {
    let mut gate = Gate::open(None, Limits::default()).await;
    let mut stream = gate.dial().await;
    let mut idle = gate.dial().await;
    say(&mut idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    say(&mut stream, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await;
    sleep(Duration::from_millis(300)).await;
    let _ = gate.close.take().unwrap().send(());
    assert!(hear(&mut stream).await.ends_with("done"));
    assert!(hear(&mut idle).await.contains("200 OK"));
    timeout(Duration::from_secs(5), gate.closed).await.unwrap().unwrap();
    assert!(tokio::net::TcpStream::connect(gate.at).await.is_err());
}

#[tokio::test]
async fn who_comes_when_all_places_are_taken_waits_for_one() {
    let gate = Gate::open(None, Limits { connections: 2, ..limits() }).await;
    let (one, two) = (gate.dial().await, gate.dial().await);
    let mut third = gate.dial().await;
    let waited = Instant::now();
    // The two say nothing and are cut off; then there is a place.
    assert!(ask(&mut third, "/").await.contains("200 OK"));
    assert!(waited.elapsed() > Duration::from_millis(400));
    drop((one, two));
}

#[tokio::test]
async fn an_answer_before_the_content_was_taken_says_that_the_connection_ends() {
    let gate = Gate::open(None, limits()).await;
    let post = |path: &str, rest: &str| format!("POST {path} HTTP/1.1\r\nHost: x\r\n{rest}");
    let ends = |told: &str| told.to_ascii_lowercase().contains("connection: close\r\n");
    // Nobody looks at the content of what is not there, as nobody looks at that of a request without a key.
    for sent in [
        "Content-Length: 4\r\n\r\nabcd",
        "Content-Length: 9000000\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd",
    ] {
        let mut stream = gate.dial().await;
        say(&mut stream, &post("/nothing", sent)).await;
        let told = hear(&mut stream).await;
        assert!(told.contains("404 Not Found") && ends(&told), "{sent:?}: {told}");
    }
    // What was taken to its end, or was never there, leaves the connection to the next request.
    let mut stream = gate.dial().await;
    say(&mut stream, &post("/count", "Content-Length: 4\r\n\r\nabcd")).await;
    say(&mut stream, &post("/nothing", "Content-Length: 0\r\n\r\n")).await;
    let rest = ask(&mut stream, "/").await;
    assert_eq!((rest.matches("HTTP/1.1 ").count(), rest.matches("onnection: close").count()), (3, 1), "{rest}");
}
