//! One browser: a connection that is kept open, requests one after the other.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::Failure;

/// Browser.
pub struct Client {
    host: String,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// What a request carries.
pub enum Body {
    /// A pressed button.
    Form,
    /// Cells.
    Json(String),
}

/// What came back.
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Seconds after which it may be tried again, where the server says so.
    pub retry_after: Option<u64>,
    /// The body.
    pub body: Bytes,
}

impl Client {
    /// A client of `http://host:port`.
    pub fn new(server: &str) -> Client {
        Client { host: server.trim_start_matches("http://").trim_end_matches('/').to_owned(), sender: None }
    }

    /// Posts, and reads the whole answer.
    pub async fn post(&mut self, path: &str, session: &str, body: Body) -> Result<Answer, Failure> {
        let (kind, accept, body) = match body {
            Body::Form => ("application/x-www-form-urlencoded", "text/html", Bytes::new()),
            Body::Json(text) => ("application/json", "application/json", Bytes::from(text)),
        };
        let request = Request::builder()
            .method(Method::POST)
            .uri(path.parse::<Uri>()?)
            .header("host", &self.host)
            .header("content-type", kind)
            .header("accept", accept)
            .header("cookie", format!("youju_session={session}"))
            .body(Full::new(body))?;
        let answer = match self.sender().await?.send_request(request).await {
            Ok(answer) => answer,
            Err(error) => {
                self.sender = None;
                return Err(error.into());
            }
        };
        let status = answer.status().as_u16();
        let retry_after = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
        let body = answer.into_body().collect().await?.to_bytes();
        Ok(Answer { status, retry_after, body })
    }

    async fn sender(&mut self) -> Result<&mut SendRequest<Full<Bytes>>, Failure> {
        let is_open = self.sender.as_ref().is_some_and(|sender| !sender.is_closed());
        if !is_open {
            let stream = TcpStream::connect(&self.host).await?;
            stream.set_nodelay(true)?;
            let (sender, connection) = handshake(TokioIo::new(stream)).await?;
            tokio::spawn(connection);
            self.sender = Some(sender);
        }
        let sender = self.sender.as_mut().ok_or("no connection")?;
        sender.ready().await?;
        Ok(sender)
    }
}
