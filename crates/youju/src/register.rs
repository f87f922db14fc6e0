//! `youju register`: upkeep of the register's search index.

use clap::{Args, Subcommand};
use youju_app::App;
use youju_app::register::search;
use youju_app::world::World;

use crate::open::{Failure, Place, block_on, open, say_error};

/// 名录库。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 重建检索索引:随时可以中断,下次接着做;服务可以不停。升级或恢复备份以后程序会自动重建,一般不需要手工执行。
    Reindex(Reindex),
}

/// 重建。
#[derive(Debug, Args)]
struct Reindex {
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    match options.act {
        Act::Reindex(wanted) => block_on(async move {
            let app = open(&wanted.place, World::System).await?;
            rewrite(&app, true).await?;
            app.db().close().await;
            Ok(())
        }),
    }
}

/// Writes the index where it is not of this program: after an upgrade, and after a restoration.
pub(crate) async fn complete(app: &App) -> Result<(), Failure> {
    if search::is_whole(app).await? { Ok(()) } else { rewrite(app, false).await }
}

async fn rewrite(app: &App, from_the_beginning: bool) -> Result<(), Failure> {
    const STEP: u64 = 50_000;
    let mut told = 0;
    let count = search::rewrite(app, from_the_beginning, |done| {
        if done >= told + STEP {
            told = done;
            say_error(&format!("检索索引:已写 {done} 个单位。"));
        }
    })
    .await?;
    if count > 0 {
        say_error(&format!("检索索引已重建,共 {count} 个单位。"));
    }
    Ok(())
}
