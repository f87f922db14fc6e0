//! A connection that is watched: a head that drips in, and an answer that nobody takes, end it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// Which request is being worked on: then reading may take its time, which is that of the request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Work(Arc<Requests>);

#[derive(Debug, Default)]
struct Requests {
    begun: AtomicU64,
    ended: AtomicU64,
}

impl Work {
    pub(crate) fn begins(&self) {
        self.0.begun.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn ends(&self) {
        self.0.ended.fetch_add(1, Ordering::Relaxed);
    }

    fn goes_on(&self) -> bool {
        self.begun() > self.0.ended.load(Ordering::Relaxed)
    }

    fn begun(&self) -> u64 {
        self.0.begun.load(Ordering::Relaxed)
    }
}

/// Time for a piece of work that begins and ends.
#[derive(Debug)]
struct Timer {
    sleep: Pin<Box<Sleep>>,
    time: Duration,
    runs: bool,
}

impl Timer {
    fn new(time: Duration, runs: bool) -> Timer {
        Timer { sleep: Box::pin(sleep(time)), time, runs }
    }

    fn start(&mut self) {
        if !self.runs {
            self.sleep.as_mut().reset(Instant::now() + self.time);
            self.runs = true;
        }
    }

    fn stop(&mut self) {
        self.runs = false;
    }

    /// True when the time is over; otherwise the task is woken when it will be.
    fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        self.runs && self.sleep.as_mut().poll(cx).is_ready()
    }
}

/// A connection with its two clocks.
#[derive(Debug)]
pub(crate) struct Watched<S> {
    stream: S,
    work: Work,
    /// Requests whose head was complete when the clock of heads was looked at last.
    heads: u64,
    head: Timer,
    stalled: Timer,
}

impl<S> Watched<S> {
    /// The first head is waited for from now on.
    pub(crate) fn new(stream: S, work: Work, head: Duration, stalled: Duration) -> Watched<S> {
        Watched { stream, work, heads: 0, head: Timer::new(head, true), stalled: Timer::new(stalled, false) }
    }

    /// What waits for the other end to take something.
    fn until_taken<T>(&mut self, cx: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.stalled.stop();
            return polled;
        }
        self.stalled.start();
        if self.stalled.is_over(cx) { Poll::Ready(Err(io::ErrorKind::TimedOut.into())) } else { Poll::Pending }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let heads = self.work.begun();
        if heads != self.heads {
            self.heads = heads;
            self.head.stop();
        }
        if self.work.goes_on() {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        if self.head.is_over(cx) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        if buf.filled().len() > before {
            self.head.start();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.until_taken(cx, polled)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(cx);
        self.until_taken(cx, polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.until_taken(cx, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.until_taken(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
