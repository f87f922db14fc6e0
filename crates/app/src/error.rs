//! No is an answer, broken is an accident: [`youju_domain::Problem`] for the first, [`Fault`] for the second.

use std::fmt;

use youju_domain::Problem;
use youju_store::StoreError;

/// What a use case ends with when it does not succeed.
#[derive(Debug)]
pub enum Error {
    /// The person can do something about it.
    Problem(Problem),
    /// We must do something about it.
    Fault(Fault),
}

/// Result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// An accident: logged once, with its cause; the page shows its number only.
#[derive(Debug)]
pub struct Fault {
    /// What was being done.
    pub doing: &'static str,
    /// What went wrong below.
    pub cause: Box<dyn std::error::Error + Send + Sync>,
}

impl Fault {
    /// An accident with its cause.
    pub fn new(doing: &'static str, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
        Fault { doing, cause: cause.into() }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Error {
        Error::Problem(problem)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        Error::Fault(fault)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        match error {
            StoreError::Conflict => Error::Problem(Problem::Conflict),
            StoreError::Busy => Error::Problem(Problem::Crowded),
            other => Error::Fault(Fault::new("reading or writing the data base", other)),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Problem(problem) => problem.fmt(f),
            Error::Fault(fault) => write!(f, "{}: {}", fault.doing, fault.cause),
        }
    }
}

impl std::error::Error for Error {}
