//! What is measured of one run, and the line that tells it.

use std::fs;
use std::time::Duration;

/// Measures of one client, then of all.
#[derive(Debug, Default)]
pub struct Measures {
    /// Time of each acknowledged submission, from the first of its requests to the last answer, in microseconds.
    pub micros: Vec<u64>,
    /// Requests refused for the moment (503).
    pub refused: u64,
    /// Requests that went wrong.
    pub errors: u64,
    /// Shortest and longest answer to a submission, in bytes.
    pub answer_bytes: Option<(usize, usize)>,
    /// The first error, as it was told.
    pub first_error: Option<String>,
}

impl Measures {
    /// An acknowledged submission.
    pub fn done(&mut self, took: Duration, bytes: usize) {
        self.micros.push(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        let (least, most) = self.answer_bytes.unwrap_or((bytes, bytes));
        self.answer_bytes = Some((least.min(bytes), most.max(bytes)));
    }

    /// A request that went wrong.
    pub fn error(&mut self, says: &dyn std::error::Error) {
        self.errors += 1;
        self.first_error.get_or_insert_with(|| says.to_string());
    }

    /// Another client's measures too.
    pub fn add(&mut self, other: Measures) {
        self.micros.extend(other.micros);
        self.refused += other.refused;
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
        self.answer_bytes = match (self.answer_bytes, other.answer_bytes) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, two) => one.or(two),
        };
    }

    /// One row of a table: clients, submissions, per second, p50, p95, p99 and longest in ms, refused, errors, answer bytes.
    pub fn row(&mut self, clients: usize, took: Duration) -> String {
        self.micros.sort_unstable();
        let count = self.micros.len();
        let at = |percent: usize| {
            let micros = self.micros.get(count.saturating_sub(1) * percent / 100).copied().unwrap_or_default();
            format!("{}.{}", micros / 1_000, micros % 1_000 / 100)
        };
        let per_second = u128::try_from(count).unwrap_or_default() * 1_000 / took.as_millis().max(1);
        let (least, most) = self.answer_bytes.unwrap_or_default();
        let (refused, errors) = (self.refused, self.errors);
        format!(
            "| {clients} | {count} | {per_second} | {} | {} | {} | {} | {refused} | {errors} | {least}–{most} |",
            at(50),
            at(95),
            at(99),
            at(100),
        )
    }
}

/// Resident memory of a process now and at its highest, in MB.
pub fn memory(process: u32) -> Option<(u64, u64)> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1_024)
    };
    Some((field("VmRSS:")?, field("VmHWM:")?))
}
