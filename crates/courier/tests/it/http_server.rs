//! A small HTTP server: answers every request by a function, and remembers what it was asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub method: String,
    pub path: String,
    /// Names in small letters.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Seen {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The body, or the query, as pairs of a form.
    pub fn form(&self) -> BTreeMap<String, String> {
        let text = self.path.split_once('?').map_or(self.body.as_str(), |(_, query)| query);
        serde_urlencoded::from_str(text).unwrap()
    }
}

/// A running server.
pub struct Server {
    pub port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Answers each request with these bytes.
    pub async fn answering(answer: impl Into<Vec<u8>>) -> Server {
        Server::start(answer.into(), None).await
    }

    /// The same under TLS.
    pub async fn encrypted(answer: impl Into<Vec<u8>>, tls: TlsAcceptor) -> Server {
        Server::start(answer.into(), Some(tls)).await
    }

    async fn start(answer: Vec<u8>, tls: Option<TlsAcceptor>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let list = Arc::clone(&seen);
        tokio::spawn(async move {
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                match &tls {
                    None => serve(tcp, &answer, &list).await,
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(tcp).await {
                            serve(stream, &answer, &list).await;
                        }
                    }
                }
            }
        });
        Server { port, seen }
    }

    /// All requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The only request.
    #[track_caller]
    pub fn only(&self) -> Seen {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.into_iter().next().unwrap()
    }
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &[u8], list: &Mutex<Vec<Seen>>) {
    let mut bytes = Vec::new();
    let seen = loop {
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(count) if count > 0 => bytes.extend_from_slice(&part[..count]),
            _ => return,
        }
        if let Some(seen) = whole(&bytes) {
            break seen;
        }
    };
    list.lock().unwrap().push(seen);
    // A client that has read enough may be gone.
    let _written = stream.write_all(answer).await;
    let _closed = stream.shutdown().await;
}

fn whole(bytes: &[u8]) -> Option<Seen> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    (body.len() >= length).then(|| Seen {
        method: first.next().unwrap().to_owned(),
        path: first.next().unwrap().to_owned(),
        headers,
        body: body.to_owned(),
    })
}

/// An answer with a status line, further header lines and a body.
pub fn answer(status: &str, headers: &[&str], body: &str) -> String {
    let length = format!("Content-Length: {}", body.len());
    let lines = [&[length.as_str()], headers].concat().join("\r\n");
    format!("HTTP/1.1 {status}\r\n{lines}\r\n\r\n{body}")
}

/// The answer 200 with this JSON.
pub fn json(body: &str) -> String {
    answer("200 OK", &["Content-Type: application/json"], body)
}
