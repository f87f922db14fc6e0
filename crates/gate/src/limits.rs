//! Limits of connections, with their units and reasons.

use std::time::Duration;

/// Connections at the same time. More would run into the number of open files that systems usually grant a service.
const CONNECTIONS_MAX: usize = 8_192;
/// Connections of one network address: a township of 150 people behind one address, each browser with six.
const ADDRESS_CONNECTIONS_MAX: usize = 1_024;
/// From the first byte of a request until its head is complete; a browser sends it at once.
const HEAD_SECONDS_MAX: u64 = 15;
/// Until both ends agree on encryption: a few exchanges, even over a bad line.
const HANDSHAKE_SECONDS_MAX: u64 = 10;
/// Between two requests of one connection. Longer than gateways keep theirs (nginx: 60 s), so that they never use one that closes.
const IDLE_SECONDS_MAX: u64 = 75;
/// Without taking a single byte of an answer.
const STALLED_SECONDS_MAX: u64 = 60;
/// Bytes of a request's head: a long address, its copy as the referring page, and cookies.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// Lines of a request's head; browsers send about twenty.
const HEAD_LINES_MAX: usize = 64;
/// For running requests when the program is asked to stop: the longest that a request may take, and a little.
const PARTING_SECONDS_MAX: u64 = 65;

/// What a listener grants.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at the same time; who comes later waits outside.
    pub connections: usize,
    /// Connections of one address; further ones are closed at once. None behind a gateway: there all have one address.
    pub connections_of_address: Option<usize>,
    /// Until the head of a request is complete.
    pub head: Duration,
    /// Until the encryption stands.
    pub handshake: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// Without progress of an answer.
    pub stalled: Duration,
    /// Bytes of a head.
    pub head_bytes: usize,
    /// Lines of a head.
    pub head_lines: usize,
    /// For running requests at the end.
    pub parting: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: CONNECTIONS_MAX,
            connections_of_address: Some(ADDRESS_CONNECTIONS_MAX),
            head: Duration::from_secs(HEAD_SECONDS_MAX),
            handshake: Duration::from_secs(HANDSHAKE_SECONDS_MAX),
            idle: Duration::from_secs(IDLE_SECONDS_MAX),
            stalled: Duration::from_secs(STALLED_SECONDS_MAX),
            head_bytes: HEAD_BYTES_MAX,
            head_lines: HEAD_LINES_MAX,
            parting: Duration::from_secs(PARTING_SECONDS_MAX),
        }
    }
}

impl Limits {
    /// The usual ones for a server whose clients all come through one gateway, which has to count them itself.
    #[must_use]
    pub fn behind_gateway() -> Limits {
        Limits { connections_of_address: None, ..Limits::default() }
    }
}
