//! `youju journal verify`: recomputes the whole journal.

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use youju_app::world::World;
use youju_store::journal;

use crate::open::{Failure, Place, block_on, open, say};

/// 操作日志。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 逐条重算日志,指出第一条不符的记录。
    Verify {
        #[command(flatten)]
        place: Place,
    },
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    let Act::Verify { place } = options.act;
    block_on(async move {
        let app = open(&place, World::System).await?;
        let mut tx = app.db().read().await?;
        let bar = ProgressBar::new_spinner().with_style(ProgressStyle::with_template("{spinner} 已核对 {pos} 条")?);
        let head = journal::verify(&mut tx, |done| bar.set_position(done)).await?;
        bar.finish_and_clear();
        say(&format!("操作日志完整:共 {} 条,根指纹 {}。", head.size, head.root));
        Ok(())
    })
}
