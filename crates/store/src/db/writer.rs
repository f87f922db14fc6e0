//! The one writer of SQLite. Transactions queue for it, first come first served; those that follow each other closely are made
//! permanent by one commit, because the disk takes as long for one as for fifty. Each is a savepoint of that commit, so that it
//! takes effect wholly or not at all, and nobody hears "done" before the commit that holds it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection as _, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};
use tokio::time::timeout;

use super::constraint::translate;
use crate::error::{Result, StoreError};

/// Transactions that one commit makes permanent.
const GROUP_MAX: usize = 64;
/// How long a finished transaction may wait for those behind it. One that is running already is waited for.
const GROUP_MILLIS_MAX: u64 = 20;

/// Writer 写连接 — cheap to clone.
#[derive(Clone)]
pub(super) struct Writer {
    seat: Arc<Mutex<Seat>>,
    /// How many wait for the seat.
    waiting: Arc<AtomicUsize>,
}

/// The connection and what it holds that is not permanent yet. Whoever has it is the only one who writes.
struct Seat {
    options: SqliteConnectOptions,
    /// None after an accident, until the next transaction opens it again.
    connection: Option<SqliteConnection>,
    /// True from `begin` until `commit` or `rollback`, and while one of them is under way.
    is_begun: bool,
    group: Vec<oneshot::Sender<Result<()>>>,
    /// When the first of the group was finished.
    since: Option<Instant>,
}

impl Writer {
    pub(super) async fn open(options: SqliteConnectOptions) -> sqlx::Result<Writer> {
        let connection = Some(options.connect().await?);
        let seat = Seat { options, connection, is_begun: false, group: Vec::new(), since: None };
        Ok(Writer { seat: Arc::new(Mutex::new(seat)), waiting: Arc::default() })
    }

    /// Waits for the seat and begins.
    pub(super) async fn begin(&self, longest: Duration) -> Result<Lease> {
        let seat = {
            let mut place = Place::take(self);
            let seat = timeout(longest, self.seat.clone().lock_owned()).await.map_err(|_| StoreError::Busy)?;
            place.is_served = true;
            seat
        };
        // From here on the lease's drop tidies up, wherever this future may be cut off.
        let mut lease = Lease { seat: Some(seat), writer: self.clone() };
        if let Some(seat) = &mut lease.seat {
            seat.begin().await.map_err(|error| translate("begin", error))?;
        }
        Ok(lease)
    }

    /// Waits for what is running and closes the connection.
    pub(super) async fn close(&self) {
        let mut seat = self.seat.lock().await;
        seat.commit_group().await;
        if let Some(connection) = seat.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "closing the writing connection");
        }
    }

    /// Ends a transaction in a task of its own: whoever asked for it may be cut off, those who wait for its commit must not be.
    fn finish(&self, mut seat: OwnedMutexGuard<Seat>, done: Option<oneshot::Sender<Result<()>>>) {
        // Without a runtime the program is ending; SQLite takes back by itself what was not committed.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let waiting = self.waiting.clone();
        runtime.spawn(async move {
            match done {
                Some(done) => seat.keep(done).await,
                None => seat.take_back().await,
            }
            let is_due = seat.since.is_some_and(|since| since.elapsed() >= Duration::from_millis(GROUP_MILLIS_MAX));
            if waiting.load(Ordering::SeqCst) == 0 || seat.group.len() >= GROUP_MAX || is_due {
                seat.commit_group().await;
            }
        });
    }
}

/// A place in the queue. The group counts on whoever waits to finish it: who goes away unserved, as the last one, leaves a task
/// that does.
struct Place<'a> {
    writer: &'a Writer,
    is_served: bool,
}

impl Place<'_> {
    fn take(writer: &Writer) -> Place<'_> {
        writer.waiting.fetch_add(1, Ordering::SeqCst);
        Place { writer, is_served: false }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let was_last = self.writer.waiting.fetch_sub(1, Ordering::SeqCst) == 1;
        if let (true, Ok(runtime)) = (was_last && !self.is_served, tokio::runtime::Handle::try_current()) {
            let (seat, waiting) = (self.writer.seat.clone(), self.writer.waiting.clone());
            runtime.spawn(async move {
                let mut seat = seat.lock().await;
                if waiting.load(Ordering::SeqCst) == 0 {
                    seat.commit_group().await;
                }
            });
        }
    }
}

impl Seat {
    async fn begin(&mut self) -> sqlx::Result<()> {
        if self.connection.is_none() {
            self.connection = Some(self.options.connect().await?);
        }
        if !self.is_begun {
            self.is_begun = true;
            if let Err(error) = self.run("begin immediate").await {
                self.is_begun = false;
                return Err(error);
            }
        }
        self.run("savepoint member").await
    }

    /// A member has done its work: it waits for the commit of the group.
    async fn keep(&mut self, done: oneshot::Sender<Result<()>>) {
        match self.run("release member").await {
            Ok(()) => {
                self.group.push(done);
                self.since.get_or_insert_with(Instant::now);
            }
            Err(error) => {
                let _ = done.send(Err(translate("release", error)));
                self.give_up().await;
            }
        }
    }

    /// A member was dropped: the others of the group are not touched by it.
    async fn take_back(&mut self) {
        if !self.is_begun || self.group.is_empty() {
            self.give_up().await;
            return;
        }
        let undone = async {
            self.run("rollback to member").await?;
            self.run("release member").await
        };
        if undone.await.is_err() {
            self.give_up().await;
        }
    }

    /// Makes the group permanent and says so to its members.
    async fn commit_group(&mut self) {
        if self.group.is_empty() {
            return self.give_up().await;
        }
        match self.run("commit").await {
            Ok(()) => {
                self.is_begun = false;
                self.since = None;
                for member in self.group.drain(..) {
                    // Whoever does not listen any more has left; the work is done all the same.
                    let _ = member.send(Ok(()));
                }
            }
            Err(error) => {
                tracing::error!(%error, members = self.group.len(), "a commit failed");
                self.give_up().await;
            }
        }
    }

    /// Takes back what is not permanent, and tells those who wait for it.
    async fn give_up(&mut self) {
        if std::mem::replace(&mut self.is_begun, false) && self.run("rollback").await.is_err() {
            // SQLite may have rolled back by itself. A fresh connection stands on firm ground in any case.
            self.connection = None;
        }
        self.since = None;
        for member in self.group.drain(..) {
            let _ = member.send(Err(StoreError::fault("commit", "the group's transaction was rolled back")));
        }
    }

    async fn run(&mut self, statement: &'static str) -> sqlx::Result<()> {
        let connection = self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        sqlx::query(statement).execute(connection).await.map(drop)
    }
}

/// A transaction that may write: the seat, until it is committed or dropped.
pub(super) struct Lease {
    seat: Option<OwnedMutexGuard<Seat>>,
    writer: Writer,
}

impl Lease {
    /// The connection to run statements on.
    pub(super) fn connection(&mut self) -> sqlx::Result<&mut SqliteConnection> {
        self.seat.as_mut().and_then(|seat| seat.connection.as_mut()).ok_or(sqlx::Error::PoolClosed)
    }

    /// Waits until everything is permanent.
    pub(super) async fn commit(mut self) -> Result<()> {
        let (done, heard) = oneshot::channel();
        if let Some(seat) = self.seat.take() {
            self.writer.finish(seat, Some(done));
        }
        heard.await.unwrap_or_else(|_| Err(StoreError::fault("commit", "the program is ending")))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(seat) = self.seat.take() {
            self.writer.finish(seat, None);
        }
    }
}
