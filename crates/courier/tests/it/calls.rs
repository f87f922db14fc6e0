//! Stories of the network: what one HTTP call does, and what it never does.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::http_server::{Server, answer, json};
use crate::make::{at, courier, dead_port, failed, hasty, letter, refused, terse};

fn robot(port: u16) -> String {
    format!("[[channel]]\nid = 'group'\nkind = 'wecom'\nurl = 'http://127.0.0.1:{port}/send?key=abcdef'\n")
}

/// The port of a server that says something to the first request and never hangs up.
async fn stays_open(said: String) -> u16 {
    let open = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = open.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut tcp, _) = open.accept().await.unwrap();
        assert!(tcp.read(&mut [0; 4096]).await.unwrap() > 0);
        tcp.write_all(said.as_bytes()).await.unwrap();
        std::future::pending::<()>().await;
    });
    port
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::answering(json(r#"{"errcode":0}"#)).await;
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location = format!("Location: http://127.0.0.1:{}/send", elsewhere.port);
        let server = Server::answering(answer(status, &[&location], "")).await;
        let reason = refused(courier(&robot(server.port)).deliver("group", &letter(""), at()).await);
        assert!(reason.contains("要求转到别处,没有照做"), "{reason}");
    }
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_status_tells_what_passes_and_what_does_not() {
    for status in ["500 Oops", "502 Bad Gateway", "503 Busy", "408 Slow"] {
        let server = Server::answering(answer(status, &[], "")).await;
        assert_eq!(failed(courier(&robot(server.port)).deliver("group", &letter(""), at()).await).1, None, "{status}");
    }
    for status in ["400 Bad", "401 Who", "403 No", "404 Not Found"] {
        let server = Server::answering(answer(status, &[], "no")).await;
        let reason = refused(courier(&robot(server.port)).deliver("group", &letter(""), at()).await);
        assert!(reason.contains("对方说:no"), "{reason}");
    }
}

#[tokio::test]
async fn the_wait_that_a_server_asks_for_is_passed_on_but_never_for_ever() {
    for (status, headers, wait) in [
        ("429 Too Many", &["Retry-After: 17"][..], Some(17)),
        ("429 Too Many", &[][..], Some(60)),
        ("503 Busy", &["Retry-After: 5"][..], Some(5)),
        ("503 Busy", &["Retry-After: 99999999999"][..], Some(86_400)),
        ("503 Busy", &["Retry-After: Fri, 31 Dec 1999 23:59:59 GMT"][..], None),
    ] {
        let server = Server::answering(answer(status, headers, "")).await;
        assert_eq!(failed(courier(&robot(server.port)).deliver("group", &letter(""), at()).await).1, wait);
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let server = Server::answering(json(&"x".repeat(1_000_000))).await;
    let (reason, _) = failed(terse(&robot(server.port)).deliver("group", &letter(""), at()).await);
    assert!(reason.contains("答复超过 2000 字节,已中断"), "{reason}");
    let endless = format!("HTTP/1.1 200 OK\r\n{}", "X-More: y\r\n".repeat(10_000));
    let server = Server::answering(endless).await;
    let (reason, _) = failed(terse(&robot(server.port)).deliver("group", &letter(""), at()).await);
    assert!(reason.contains("答复超过 2000 字节,已中断"), "{reason}");
}

#[tokio::test]
async fn a_server_that_is_silent_or_stops_half_way_is_left() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let (reason, _) = failed(hasty(&robot(port)).deliver("group", &letter(""), at()).await);
    assert_eq!(reason, format!("127.0.0.1:{port} 在 0.3 秒内没有答复完。"));

    let port = stays_open("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"errcode\":0".to_owned()).await;
    let (reason, _) = failed(hasty(&robot(port)).deliver("group", &letter(""), at()).await);
    assert!(reason.contains("秒内没有答复完"), "{reason}");
}

#[tokio::test]
async fn a_connection_that_breaks_is_a_failure() {
    for said in ["", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", "220 mail.example.gov.cn ESMTP\r\n"] {
        let server = Server::answering(said).await;
        let (reason, _) = failed(courier(&robot(server.port)).deliver("group", &letter(""), at()).await);
        assert!(reason.contains("中途断开,或对方的答复看不懂"), "{reason}");
    }
}

#[tokio::test]
async fn nobody_listening_and_no_such_host_are_told_apart() {
    let port = dead_port().await;
    let (reason, _) = failed(courier(&robot(port)).deliver("group", &letter(""), at()).await);
    assert!(reason.starts_with(&format!("127.0.0.1:{port} 拒绝连接")), "{reason}");
    let host = format!("{}.invalid", "x".repeat(64)); // too long for a name, so that nobody is asked
    let toml = format!("[[channel]]\nid = 'group'\nkind = 'wecom'\nurl = 'https://{host}/send?key=abcdef'\n");
    let (reason, _) = failed(courier(&toml).deliver("group", &letter(""), at()).await);
    assert!(reason.starts_with(&format!("找不到主机 {host}:443")), "{reason}");
}

#[tokio::test]
async fn a_channel_that_does_not_exist_is_refused() {
    let reason = refused(courier("").deliver("mail", &letter(""), at()).await);
    assert_eq!(reason, "没有名为“mail”的渠道。请检查渠道配置。");
}

#[tokio::test]
async fn a_connection_that_stays_open_does_not_hold_the_answer_back() {
    let port = stays_open(json(r#"{"errcode":0,"errmsg":"ok"}"#)).await;
    assert!(courier(&robot(port)).deliver("group", &letter(""), at()).await.is_delivered());
}

#[tokio::test]
async fn a_delivery_may_run_on_any_thread() {
    let server = Server::answering(json(r#"{"errcode":0,"errmsg":"ok"}"#)).await;
    let courier = std::sync::Arc::new(courier(&robot(server.port)));
    let task = tokio::spawn(async move { courier.deliver("group", &letter(""), at()).await });
    assert!(task.await.unwrap().is_delivered());
}
