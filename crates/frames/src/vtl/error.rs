//! What can go wrong when a script runs.

use std::fmt;

use datafusion::error::DataFusionError;
use youju_vtl::{Errors, Span};

/// A script that cannot be run to its end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The text is not a script.
    #[error("{0}")]
    Syntax(Errors),
    /// The script does not fit its datasets.
    #[error("{0}")]
    Semantic(Errors),
    /// The data cannot be computed, or is not what its structure says.
    #[error("{message}")]
    Runtime {
        /// What is wrong and the way out.
        message: String,
        /// The statement that was being computed.
        span: Option<Span>,
    },
}

impl RunError {
    /// A mistake in data or files.
    pub fn runtime(message: impl Into<String>) -> RunError {
        RunError::Runtime { message: message.into(), span: None }
    }

    /// The same with the statement that was being computed.
    #[must_use]
    pub(super) fn at(self, span: Span, name: &str) -> RunError {
        match self {
            RunError::Runtime { message, span: None } => {
                RunError::Runtime { message: format!("计算“{name}”时:{message}"), span: Some(span) }
            }
            other => other,
        }
    }
}

impl From<DataFusionError> for RunError {
    fn from(error: DataFusionError) -> RunError {
        match error.find_root() {
            DataFusionError::External(own) => RunError::runtime(own.to_string()),
            other => RunError::runtime(own_words(&other.to_string())),
        }
    }
}

impl From<datafusion::arrow::error::ArrowError> for RunError {
    fn from(error: datafusion::arrow::error::ArrowError) -> RunError {
        RunError::from(DataFusionError::from(error))
    }
}

/// An own message inside a plan.
#[derive(thiserror::Error)]
#[error("{0}")]
pub(crate) struct Broken(pub String);

/// Members of a cluster tell errors as text, in the form of `Debug`; these marks say where our message stands in it.
const MARKS: [char; 2] = ['⟦', '⟧'];

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [open, close] = MARKS;
        write!(f, "{open}{}{close}", self.0)
    }
}

/// The own message inside the text of another error, or what that means here.
fn own_words(text: &str) -> String {
    let [open, close] = MARKS;
    let own = text.split_once(open).and_then(|(_, rest)| rest.rsplit_once(close));
    match own {
        Some((own, _)) => own.to_owned(),
        // Ballista's words.
        None if text.contains("all executors were lost") => {
            "集群的执行器都没有了消息,等了一会儿也没有新的。请用 youju cluster executor 启动执行器,再执行一次。".into()
        }
        None => format!("执行计划失败:{text}"),
    }
}

impl From<Broken> for DataFusionError {
    fn from(broken: Broken) -> DataFusionError {
        DataFusionError::External(Box::new(broken))
    }
}
