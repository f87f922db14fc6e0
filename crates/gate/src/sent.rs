//! What was sent along with a request, and whether it has been taken. A connection cannot be used again while something lies in it that nobody
//! took; hyper ends it then, but only after an answer that does not say so, and the next request on it would fail.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::response::Response;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::header::{CONNECTION, HeaderValue};

/// The body of a request on its way to the pages.
pub(crate) struct Sent {
    body: Incoming,
    taken: Arc<AtomicBool>,
}

/// Knows whether a body has been taken to its end.
pub(crate) struct Taken(Arc<AtomicBool>);

impl Sent {
    pub(crate) fn new(body: Incoming) -> (Sent, Taken) {
        let taken = Arc::new(AtomicBool::new(body.is_end_stream()));
        (Sent { body, taken: Arc::clone(&taken) }, Taken(taken))
    }
}

impl Taken {
    /// The answer, which says that the connection ends with it when something was left lying there.
    pub(crate) fn told(&self, mut answer: Response) -> Response {
        if !self.0.load(Ordering::Acquire) {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(frame, Poll::Ready(None)) || self.body.is_end_stream() {
            self.taken.store(true, Ordering::Release);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
