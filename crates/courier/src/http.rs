//! One request, one answer, one connection. Nothing is followed, kept or asked of the environment.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, CONNECTION, CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::Value as Json;
use tokio_rustls::TlsConnector;

use crate::channels::Url;
use crate::limits::Limits;
use crate::outcome::Outcome;
use crate::secret::{Secret, Veil};
use crate::wire::{Trouble, Wire, dial, encrypt, within};

/// What is sent.
pub(crate) struct Call<'a> {
    pub method: Method,
    pub url: &'a Url,
    /// Path and query.
    pub path: String,
    pub content_type: &'static str,
    pub headers: &'a [(String, Secret)],
    pub body: Vec<u8>,
}

/// What came back.
pub(crate) struct Answer {
    pub status: u16,
    /// Seconds to wait, if the other side says so.
    pub retry_after: Option<u64>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Option<Json> {
        serde_json::from_slice(&self.body).ok()
    }

    /// What the status alone decides: everything but success.
    pub(crate) fn verdict(&self, target: &str, expected: Option<u16>, veil: &Veil) -> Option<Outcome> {
        let status = self.status;
        let is_success = expected.map_or((200..300).contains(&status), |expected| status == expected);
        if is_success {
            return None;
        }
        let said = format!("{target} 答复状态 {status}");
        let words = veil.quote(&String::from_utf8_lossy(&self.body));
        let words = if words.is_empty() { words } else { format!("对方说:{words}") };
        Some(match status {
            300..400 => Outcome::refused(format!("{said},要求转到别处,没有照做。请把渠道里的地址改成最终的地址。")),
            429 => Outcome::failed_for(format!("{said},发得太快。{words}"), self.retry_after.unwrap_or(60)),
            408 | 500.. => match self.retry_after {
                Some(wait) => Outcome::failed_for(format!("{said},对方暂时不能办理。{words}"), wait),
                None => Outcome::failed(format!("{said},对方暂时不能办理。{words}")),
            },
            400..500 => Outcome::refused(format!("{said},请求不被接受。请检查渠道里的地址和密钥。{words}")),
            _ => Outcome::failed(format!("{said},不是配置里写的成功状态。{words}")),
        })
    }
}

/// Sends the call and reads the whole answer in time.
pub(crate) async fn call(call: Call<'_>, trust: Option<&TlsConnector>, limits: &Limits) -> Result<Answer, Trouble> {
    within(limits.time_out, async {
        let url = call.url;
        let tcp = dial(&url.host, url.port, limits).await?;
        let wire: Wire = match trust {
            Some(trust) if url.is_encrypted => encrypt(tcp, &url.host, trust).await?,
            _ if url.is_encrypted => return Err(Trouble::Untrusted("渠道没有可用的证书。")),
            _ => Box::new(tcp),
        };
        exchange(wire, request(call)?).await
    })
    .await?
}

fn request(call: Call<'_>) -> Result<Request<Full<Bytes>>, Trouble> {
    let mut request = Request::builder()
        .method(call.method)
        .uri(call.path)
        .header(HOST, call.url.authority())
        .header(USER_AGENT, "youju")
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, call.content_type)
        .header(CONNECTION, "close");
    for (name, value) in call.headers {
        request = request.header(name, value.reveal());
    }
    request.body(Full::new(Bytes::from(call.body))).map_err(|_| Trouble::Broken)
}

async fn exchange(wire: Wire, request: Request<Full<Bytes>>) -> Result<Answer, Trouble> {
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(wire)).await.map_err(|error| Trouble::behind(&error))?;
    let talk = async move {
        let (head, body) = sender.send_request(request).await?.into_parts();
        let retry_after = head.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let body = body.collect().await?.to_bytes().to_vec();
        Ok::<_, hyper::Error>(Answer { status: head.status.as_u16(), retry_after, body })
    };
    let drive = async move {
        // The end of the connection decides nothing: what it brought is told by `talk`.
        let _ended = connection.await;
        std::future::pending().await
    };
    tokio::select! {
        answer = talk => answer.map_err(|error| Trouble::behind(&error)),
        never = drive => never,
    }
}
