//! Bounds of one delivery, each with its unit and reason.

use std::time::Duration;

/// Longest time for one delivery, from the look-up of the host to the last word of the answer.
/// Slow mail servers let a stranger wait for 20 s; a worker that waits longer keeps others waiting.
pub const TIME_OUT_SECONDS_MAX: u64 = 30;
/// Most bytes that are read from the other side, encryption included. An answer is a few lines; certificates take up to 10 KB.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Longest subject. What is longer is not a subject, and would leave no room for the text.
pub const SUBJECT_CHARS_MAX: usize = 200;
/// Longest text. A message that tells of something to do is a page, not a file.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;
/// Longest link. It is never cut, so it must fit beside the subject into the shortest message.
pub const LINK_BYTES_MAX: usize = 1_000;
/// What WeCom takes as a text.
pub const WECOM_TEXT_BYTES_MAX: usize = 2_048;
/// What WeCom takes as markdown.
pub const WECOM_MARKDOWN_BYTES_MAX: usize = 4_096;
/// What DingTalk surely takes: robots of applications end at 15,000 bytes, those of groups a little later.
pub const DINGTALK_BYTES_MAX: usize = 15_000;
/// Longest short message, unless the channel says less: gateways split it into parts of 67 characters and charge each.
pub const SMS_CHARS_MAX: usize = 500;
/// Longest time for the goodbye to a mail server. The letter is delivered by then.
pub(crate) const GOODBYE_SECONDS_MAX: u64 = 2;
/// Longest quotation of the other side's words in a reason.
pub(crate) const WORDS_CHARS_MAX: usize = 200;
/// Longest wait that the other side can ask for: a day.
pub(crate) const WAIT_SECONDS_MAX: u64 = 86_400;

/// The bounds that depend on the network; tests make them small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest time for one delivery.
    pub time_out: Duration,
    /// Most bytes that are read.
    pub answer_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { time_out: Duration::from_secs(TIME_OUT_SECONDS_MAX), answer_bytes: ANSWER_BYTES_MAX }
    }
}
