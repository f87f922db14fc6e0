//! What stories are made of.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;
use youju_courier::{Channels, Courier, Letter, Limits, Outcome};

/// The identity of the delivery in every story.
pub const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// The instant of writing.
pub fn at() -> DateTime<Utc> {
    "2026-03-05T01:02:03Z".parse().unwrap()
}

/// A letter to somebody.
pub fn letter(to: &str) -> Letter<'_> {
    Letter {
        id: Uuid::parse_str(ID).unwrap(),
        to,
        subject: "报表被退回:B203 2026年2月",
        text: "县统计局退回了本期报表。\n请核对营业收入后重新上报。",
        link: Some("https://youju.example.gov.cn/reports/7"),
        at: at(),
    }
}

/// A courier for these settings.
#[track_caller]
pub fn courier(toml: &str) -> Courier {
    Courier::new(Channels::parse(toml).unwrap()).unwrap()
}

/// A courier that waits for a moment only.
#[track_caller]
pub fn hasty(toml: &str) -> Courier {
    let limits = Limits { time_out: Duration::from_millis(300), ..Limits::default() };
    Courier::with_limits(Channels::parse(toml).unwrap(), limits).unwrap()
}

/// A courier that reads little.
#[track_caller]
pub fn terse(toml: &str) -> Courier {
    let limits = Limits { answer_bytes: 2_000, ..Limits::default() };
    Courier::with_limits(Channels::parse(toml).unwrap(), limits).unwrap()
}

/// The one mistake of these settings.
#[track_caller]
pub fn mistake(toml: &str) -> String {
    let wrong = Channels::parse(toml).unwrap_err().wrong;
    assert_eq!(wrong.len(), 1, "{wrong:#?}");
    wrong.into_iter().next().unwrap()
}

/// The receipt of a delivery.
#[track_caller]
pub fn delivered(outcome: Outcome) -> String {
    match outcome {
        Outcome::Delivered { receipt } => receipt,
        other => panic!("not delivered: {other:?}"),
    }
}

/// The reason of a refusal.
#[track_caller]
pub fn refused(outcome: Outcome) -> String {
    match outcome {
        Outcome::Refused { reason } => reason,
        other => panic!("not refused: {other:?}"),
    }
}

/// The reason of a failure, and the seconds to wait.
#[track_caller]
pub fn failed(outcome: Outcome) -> (String, Option<u64>) {
    match outcome {
        Outcome::Failed { reason, wait } => (reason, wait.map(|wait| wait.as_secs())),
        other => panic!("not failed: {other:?}"),
    }
}

/// A port on which nobody listens.
pub async fn dead_port() -> u16 {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}
