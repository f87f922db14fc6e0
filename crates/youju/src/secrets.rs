//! `youju secrets`: what is sealed and with which key, sealing what lies open, and a new key.

use std::fs;
use std::io::Write;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use youju_app::Error;
use youju_app::crypto::{Cipher, SecretKeys};
use youju_app::secrets::{seal_all, survey};
use youju_app::world::World;

use crate::open::{Failure, Place, SECRET_FILE, block_on, cipher, open, private, say};

/// 封存。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 把还没有封存的、用旧密钥封存的,都用现在的密钥封存。服务可以不停;中断以后可以再来。
    Seal {
        #[command(flatten)]
        place: Place,
        /// 只列出有多少,不封存。
        #[arg(long)]
        dry_run: bool,
    },
    /// 换一把新密钥:写在密钥文件的最前面,旧的留着,仍能打开以前封存的。
    Rotate {
        #[command(flatten)]
        place: Place,
        /// 新密钥用的算法:aes 或 sm4。
        #[arg(long = "to", value_parser = cipher)]
        to: Cipher,
    },
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    block_on(async move {
        match options.act {
            Act::Seal { place, dry_run } => seal(&place, dry_run).await,
            Act::Rotate { place, to } => rotate(&place, to).await,
        }
    })
}

async fn seal(place: &Place, dry_run: bool) -> Result<(), Failure> {
    let app = open(place, World::System).await?;
    let told = |error: Error| format!("{error}");
    let sorts = survey(&app).await.map_err(told)?;
    let key = app.secret_keys().in_use().unwrap_or_default();
    say(&format!("现在的密钥:{}。", key.trim_end_matches(':')));
    for sort in &sorts {
        say(&format!("{}:共 {} 条,其中 {} 条没有用它封存。", sort.name, sort.total, sort.rest));
    }
    let rest: i64 = sorts.iter().map(|sort| sort.rest).sum();
    if dry_run || rest == 0 {
        return Ok(());
    }
    let bar = ProgressBar::new(u64::try_from(rest)?);
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} 条,还需 {eta}")?);
    let done = seal_all(&app, |done| bar.set_position(done)).await;
    bar.finish_and_clear();
    say(&format!("已封存 {} 条。", done.map_err(told)?));
    Ok(())
}

/// The keys that there are come from opening the installation, so that the file is known to be sound before it is written anew.
async fn rotate(place: &Place, to: Cipher) -> Result<(), Failure> {
    drop(open(place, World::System).await?);
    let path = place.data.join(SECRET_FILE);
    let failed = |error: std::io::Error| format!("密钥文件 {}:{error}。", path.display());
    let before = fs::read_to_string(&path).map_err(failed)?;
    let text = format!("{}{before}", SecretKeys::draw(to).map_err(Error::Fault)?);
    // Whole beside it, then in its place: a cut of power leaves the old file or the new one.
    let beside = path.with_extension("key.new");
    let _ = fs::remove_file(&beside);
    private(&beside)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .map_err(failed)?;
    fs::rename(&beside, &path).map_err(failed)?;
    let keys = SecretKeys::parse(&text)?;
    say(&format!(
        "新密钥 {} 已写在 {} 的第一行。",
        keys.in_use().unwrap_or_default().trim_end_matches(':'),
        path.display()
    ));
    say(
        "运行中的服务 10 秒内开始使用。请另外备份密钥文件,然后运行 youju secrets seal,把以前封存的换成新密钥;旧的一行请保留到旧的备份都不再需要为止。",
    );
    Ok(())
}
