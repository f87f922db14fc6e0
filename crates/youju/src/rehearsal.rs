//! The clock of a rehearsal: it stands at what a file says, so that months of reporting are played in a day.

use std::path::{Path, PathBuf};
use std::time::Duration;

use youju_app::App;
use youju_app::world::World;
use youju_domain::Instant;
use youju_domain::survey::parse_local;

use crate::demo;
use crate::open::{Failure, Place};

/// How often the file is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The world of a server: the system's, or that of a rehearsal, which is for demonstrations only: on the data base inside their
/// folder, whatever stands in the environment, and without a way for letters to leave.
pub(crate) fn world(clock: Option<&Path>, place: &Place, has_channels: bool) -> Result<World, Failure> {
    let Some(clock) = clock else { return Ok(World::System) };
    if !demo::is_demonstration(&place.data) || place.database.is_some() {
        let reason = "演练时钟只用于演示数据(youju demo 建立的数据目录,不另指数据库),正式报送以系统时间为准。";
        return Err(reason.into());
    }
    if has_channels {
        return Err("演练时不向外发送通知,请去掉 --channels(YOUJU_CHANNELS)。".into());
    }
    Ok(World::rehearsal(read(clock)?))
}

/// Follows the file. What cannot be read leaves the clock as it is.
pub(crate) fn follow(app: &App, clock: PathBuf) {
    let app = app.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if let Ok(now) = read(&clock)
                && now != app.world().now()
            {
                app.world().set(now);
            }
        }
    });
}

fn read(clock: &Path) -> Result<Instant, Failure> {
    let place = clock.display();
    let text = std::fs::read_to_string(clock).map_err(|error| format!("不能读取演练时钟 {place}:{error}。"))?;
    Ok(parse_local(&text).ok_or_else(|| format!("演练时钟 {place} 应写一个时间,例如 2026-03-05 08:30。"))?)
}
