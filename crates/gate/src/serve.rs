//! The listener: lets connections in, and hands what they ask for to a router.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

use crate::addresses::Addresses;
use crate::certificate::Certificate;
use crate::limits::Limits;
use crate::sent::Sent;
use crate::watched::{Watched, Work};

/// After the system could not give a connection (too many open files), until the next try.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves until `stop` ends; then running requests are finished, within their time. With a certificate every connection is encrypted.
/// A handshake, a slow head or a slow reader holds up nobody but itself.
pub async fn serve(
    listener: TcpListener,
    certificate: Option<Certificate>,
    pages: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let addresses = Arc::new(Addresses::default());
    let parting = limits.parting;
    let limits = Arc::new(limits);
    let (stopping, stopped) = watch::channel(());
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            // Whoever finds no place waits in the queue of the system.
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, (stream, from)) = tokio::select! {
            () = &mut stop => break,
            (place, accepted) = next => match accepted {
                Ok(accepted) => (place, accepted),
                Err(error) => {
                    rest(&error).await;
                    continue;
                }
            },
        };
        let Some(own) = addresses.enter(from.ip(), limits.connections_of_address) else {
            tracing::warn!(address = %from.ip(), "too many connections of one address");
            continue;
        };
        let connection =
            Connection { pages: pages.clone(), from, limits: Arc::clone(&limits), stopped: stopped.clone() };
        let certificate = certificate.clone();
        tokio::spawn(async move {
            connection.live(stream, certificate).await;
            drop((place, own));
        });
    }
    drop(listener);
    drop(stopped);
    // Every connection holds a receiver until it is over.
    stopping.send_replace(());
    if tokio::time::timeout(parting, stopping.closed()).await.is_err() {
        tracing::warn!("some requests were cut off when the program stopped");
    }
}

/// A connection that was gone before it was taken is nobody's trouble; a shortage passes.
async fn rest(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "no connection could be taken");
        tokio::time::sleep(PAUSE).await;
    }
}

struct Connection {
    pages: Router,
    from: SocketAddr,
    limits: Arc<Limits>,
    stopped: watch::Receiver<()>,
}

impl Connection {
    async fn live(self, stream: TcpStream, certificate: Option<Certificate>) {
        // Small answers go out at once.
        let _ = stream.set_nodelay(true);
        let Some(certificate) = certificate else { return self.speak(stream).await };
        let handshake = certificate.acceptor().accept(stream);
        match tokio::time::timeout(self.limits.handshake, handshake).await {
            Ok(Ok(stream)) => self.speak(stream).await,
            Ok(Err(error)) => tracing::debug!(address = %self.from.ip(), %error, "no encryption was agreed on"),
            Err(_) => tracing::debug!(address = %self.from.ip(), "the handshake took too long"),
        }
    }

    async fn speak<S: AsyncRead + AsyncWrite + Unpin + Send>(mut self, stream: S) {
        let work = Work::default();
        let stream = Watched::new(stream, work.clone(), self.limits.head, self.limits.stalled);
        let (pages, from) = (self.pages, self.from);
        let answer = service_fn(|request: hyper::Request<Incoming>| {
            let (pages, work) = (pages.clone(), work.clone());
            async move {
                work.begins();
                let (head, body) = request.into_parts();
                let (sent, taken) = Sent::new(body);
                let mut request = Request::from_parts(head, Body::new(sent));
                request.extensions_mut().insert(ConnectInfo(from));
                let answer = pages.oneshot(request).await;
                work.ends();
                answer.map(|answer| taken.told(answer))
            }
        });
        let mut protocol = http1::Builder::new();
        protocol.timer(TokioTimer::new()).header_read_timeout(self.limits.idle);
        protocol.max_headers(self.limits.head_lines).max_header_size(self.limits.head_bytes);
        let mut connection = std::pin::pin!(protocol.serve_connection(TokioIo::new(stream), answer));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            _ = self.stopped.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(address = %from.ip(), %error, "a connection ended early");
        }
    }
}
