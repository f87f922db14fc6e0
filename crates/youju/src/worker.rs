//! What the server does by itself: it matches lists with the register, freezes large sampling frames, sends letters, and once an hour it signs the journal and suspends unused accounts.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::TimeDelta;
use youju_app::App;
use youju_app::contact::{Fate, Ready, settle, take};
use youju_courier::{Channels, Courier, Letter, Outcome};

use crate::open::{Failure, SECRET_FILE, read_secret_keys};

/// Pause after nothing was due.
const PAUSE: Duration = Duration::from_secs(5);
/// Between two looks at accounts whose term has run out.
const SWEEP_EVERY: Duration = Duration::from_hours(1);
/// How often the file of keys is looked at.
const KEYS_EVERY: Duration = Duration::from_secs(10);
/// Between two checkpoints of the journal.
const CHECKPOINT_EVERY: Duration = Duration::from_hours(1);

/// The channels of an installation; none without a file.
pub(crate) fn courier(file: Option<&Path>) -> Result<Option<Courier>, Failure> {
    let Some(path) = file else { return Ok(None) };
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("不能读取渠道配置 {}:{error}。", path.display()))?;
    let channels = Channels::parse(&text).map_err(|error| format!("渠道配置 {} 有误:\n{error}", path.display()))?;
    Ok(Some(Courier::new(channels).map_err(|error| error.to_string())?))
}

/// Starts the work beside the pages; it ends with the program. Whatever was not done then is done after the next start.
pub(crate) fn start(app: &App, courier: Option<Courier>, data: &Path) {
    tokio::spawn(keys(app.clone(), data.join(SECRET_FILE)));
    tokio::spawn(checkpoints(app.clone()));
    tokio::spawn(dormant(app.clone()));
    tokio::spawn(matching(app.clone()));
    tokio::spawn(freezing(app.clone()));
    if let Some(courier) = courier {
        tokio::spawn(letters(app.clone(), courier));
    }
}

/// Follows the file of keys, so that a new one counts without a restart. What cannot be read leaves the keys as they are.
async fn keys(app: App, path: PathBuf) {
    let changed_at = || std::fs::metadata(&path).and_then(|about| about.modified()).ok();
    let mut seen = changed_at();
    loop {
        tokio::time::sleep(KEYS_EVERY).await;
        let now = changed_at();
        if now != seen {
            match read_secret_keys(&path) {
                Ok(keys) => app.secret_keys().replace(&keys),
                Err(error) => tracing::error!(%error, "the changed file of keys cannot be used; the old keys stay"),
            }
            seen = now;
        }
    }
}

async fn checkpoints(app: App) {
    loop {
        let signed = app.write(None, async |cx| youju_app::journal::sign(cx).await).await;
        if let Err(error) = signed {
            tracing::error!(?error, "signing the journal failed");
        }
        tokio::time::sleep(CHECKPOINT_EVERY).await;
    }
}

/// Keeps the suspensions of accounts whose term has run out.
async fn dormant(app: App) {
    loop {
        if let Err(error) = app.write(None, async |cx| youju_app::accounts::sweep(cx).await).await {
            tracing::error!(?error, "suspending unused accounts failed");
        }
        ripen(&app).await;
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

/// Brings changes of units into force whose day has come.
async fn ripen(app: &App) {
    loop {
        match app.write(None, async |cx| youju_app::register::history::ripen(cx).await).await {
            Ok(0) => return,
            Ok(units) => tracing::info!(units, "changes of units came into force"),
            Err(error) => return tracing::error!(?error, "bringing changes of units into force failed"),
        }
    }
}

/// Matches lists of departments with the register, one run after the other.
async fn matching(app: App) {
    let worker = format!("server-{}", std::process::id());
    loop {
        match youju_app::roster::work(&app, &worker).await {
            Ok(Some(_)) => {}
            Ok(None) => tokio::time::sleep(PAUSE).await,
            Err(error) => {
                tracing::error!(?error, "matching a list failed");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Freezes sampling frames that are too large for a request, one after the other.
async fn freezing(app: App) {
    let worker = format!("server-{}", std::process::id());
    loop {
        match youju_app::sampling_frame::work(&app, &worker).await {
            Ok(Some(_)) => {}
            Ok(None) => tokio::time::sleep(PAUSE).await,
            Err(error) => {
                tracing::error!(?error, "freezing a frame failed");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn letters(app: App, courier: Courier) {
    // The process is the worker: two servers on one data base have different numbers.
    let worker = format!("server-{}", std::process::id());
    loop {
        match take(&app, &worker).await {
            Ok(Some(ready)) => {
                let fate = deliver(&app, &courier, &ready).await;
                if let Err(error) = settle(&app, &ready, fate).await {
                    tracing::error!(?error, "writing down a delivery failed");
                }
            }
            Ok(None) => tokio::time::sleep(PAUSE).await,
            Err(error) => {
                tracing::error!(?error, "taking a letter failed");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn deliver(app: &App, courier: &Courier, ready: &Ready) -> Fate {
    let link = (!app.address().is_empty()).then(|| format!("{}/inbox", app.address()));
    let letter = Letter {
        id: ready.job.id,
        to: &ready.address,
        subject: &ready.subject,
        text: &ready.text,
        link: link.as_deref(),
        at: ready.at,
    };
    match courier.deliver(&ready.channel, &letter, app.world().now()).await {
        Outcome::Delivered { receipt } => Fate::Delivered(receipt),
        Outcome::Refused { reason } => Fate::Refused(reason),
        Outcome::Failed { reason, wait } => {
            let wait = wait.and_then(|wait| TimeDelta::from_std(wait).ok()).unwrap_or_default();
            Fate::Failed(reason, wait)
        }
    }
}
