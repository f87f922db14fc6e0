//! A cluster 集群: one scheduler, any number of executors, and a folder that all of them see.
//!
//! The plans are those that a single process computes; only their tables are files in that folder instead of memory, and
//! their functions travel as text. What belongs to one statement as a whole — order of the result, identifiers that are
//! twice the same — is still looked at where the script runs.
//!
//! The members trust each other and whoever can reach them: a plan may read any file that the member may read. They
//! listen on the loopback address unless told otherwise, and belong into a closed network.

mod codec;
mod member;
mod reach;
mod tables;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ballista_core::extension::{SessionConfigExt, SessionStateExt};
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::vtl::RunError;
use codec::OwnLogical;

pub use member::{Executor, Scheduler};
pub(crate) use tables::Tables;

/// The largest message between members, in bytes: plans with ten thousand rules have about two million.
const MESSAGE_BYTES_MAX: u32 = 256 * 1024 * 1024;
/// How long a script waits for the first executor, and for another one when all are lost.
const PATIENCE: Duration = Duration::from_mins(1);
/// Files from this size on, in bytes, are read in several pieces at once.
const PIECE_BYTES_MIN: usize = 1024 * 1024;
/// Into how many pieces work is cut. More pieces than executors, so that a slow one does not hold up the others.
const PIECES: usize = 8;

/// Cluster 集群 — where its scheduler listens, and the folder that all members see under the same path.
#[derive(Debug, Clone)]
pub struct Cluster {
    scheduler: String,
    shared: PathBuf,
}

impl Cluster {
    /// A cluster by the address of its scheduler, `host:port`, and its shared folder.
    pub fn new(scheduler: &str, shared: &Path) -> Cluster {
        Cluster { scheduler: scheduler.to_owned(), shared: shared.to_owned() }
    }

    /// A session whose plans are computed by the cluster.
    pub(crate) fn context(&self) -> Result<SessionContext, RunError> {
        reach::reach(&self.scheduler, PATIENCE)?;
        let config = SessionConfig::new_with_ballista()
            .with_target_partitions(PIECES)
            .with_repartition_file_min_size(PIECE_BYTES_MIN)
            .with_ballista_logical_extension_codec(Arc::new(OwnLogical::default()))
            .with_ballista_grpc_client_max_message_size(MESSAGE_BYTES_MAX as usize);
        let state = SessionStateBuilder::new().with_default_features().with_config(config).build();
        let state = state.upgrade_for_ballista(format!("http://{}", self.scheduler))?;
        Ok(SessionContext::new_with_state(state))
    }

    pub(crate) fn tables(&self) -> Result<Tables, RunError> {
        Tables::new(&self.shared)
    }
}
