//! `youju journal`: verifies, signs and exports the journal.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use youju_app::App;
use youju_app::world::World;
use youju_domain::id::ReportId;
use youju_journal::{Algorithm, BadKey, Checkpoint, ExportWriter, SECRET_BYTES, SignedCheckpoint, SigningKey};
use youju_store::journal;

use crate::open::{Failure, KEY_FILE, Place, block_on, open, say};

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
    /// 生成日志签名密钥,放在数据目录的 journal.key,显示公钥。
    Key {
        #[command(flatten)]
        place: Place,
        /// 签名者的名称,写在每个检查点上,例如 tjj.example.gov.cn/youju。
        #[arg(long)]
        name: String,
        /// 用 SM2(SM3)签名;缺省用 Ed25519。再运行一次可以两种都有。
        #[arg(long)]
        sm2: bool,
    },
    /// 签署一个检查点并显示出来,请抄送别处保存。
    Checkpoint {
        #[command(flatten)]
        place: Place,
    },
    /// 把全部日志和签名的检查点导出为一个文件,用 youju-verify --journal 验证。
    Export {
        #[command(flatten)]
        place: Place,
        /// 写到这个文件。
        file: PathBuf,
    },
    /// 导出一份报表的证明包:全部经过、每一版数据和证明,用 youju-verify 验证。
    Bundle {
        #[command(flatten)]
        place: Place,
        /// 报表的编号(在它的网址里)。
        #[arg(long)]
        report: ReportId,
        /// 由谁导出:有权查看这份报表的账号。
        #[arg(long)]
        login: String,
        /// 写到这个文件。
        file: PathBuf,
    },
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    block_on(async move {
        match options.act {
            Act::Verify { place } => verify(&open(&place, World::System).await?).await,
            Act::Key { place, name, sm2 } => make_key(&place.data, &name, sm2),
            Act::Checkpoint { place } => checkpoint(&open(&place, World::System).await?).await,
            Act::Export { place, file } => export(&open(&place, World::System).await?, &file).await,
            Act::Bundle { place, report, login, file } => {
                let app = open(&place, World::System).await?;
                bundle(&app, report, &login, &file).await
            }
        }
    })
}

fn bar() -> Result<ProgressBar, Failure> {
    Ok(ProgressBar::new_spinner().with_style(ProgressStyle::with_template("{spinner} 已处理 {pos} 条")?))
}

async fn verify(app: &App) -> Result<(), Failure> {
    let mut tx = app.db().read().await?;
    let bar = bar()?;
    let head = journal::verify(&mut tx, |done| bar.set_position(done)).await?;
    bar.finish_and_clear();
    say(&format!("操作日志完整:共 {} 条,根指纹 {}。", head.size, head.root));
    Ok(())
}

/// Adds a key to the file that only its owner reads.
fn make_key(data: &Path, name: &str, sm2: bool) -> Result<(), Failure> {
    let path = data.join(KEY_FILE);
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let algorithm = if sm2 { Algorithm::Sm2 } else { Algorithm::Ed25519 };
    for line in before.lines().filter(|line| !line.trim().is_empty()) {
        let known = SigningKey::parse(line.trim())?;
        if known.verifying_key().name() != name {
            return Err(format!(
                "{} 中的密钥名称是 {},各把密钥的名称应当相同。",
                path.display(),
                known.verifying_key().name()
            )
            .into());
        }
    }
    let key = draw(name, algorithm)?;
    std::fs::create_dir_all(data)?;
    write_secret(&path, &format!("{before}{}\n", key.to_secret_text()))?;
    say(&format!("{algorithm} 密钥已写入 {}。请另外备份,不要外传。", path.display()));
    say(&format!("公钥(请公布): {}", key.verifying_key()));
    Ok(())
}

/// Of SM2, one draw in 2³² is out of range.
fn draw(name: &str, algorithm: Algorithm) -> Result<SigningKey, Failure> {
    loop {
        let mut secret = [0_u8; SECRET_BYTES];
        getrandom::fill(&mut secret).map_err(|error| format!("不能取得随机数:{error}。"))?;
        match SigningKey::new(name, algorithm, &secret) {
            Err(BadKey::Secret) => {}
            other => return Ok(other?),
        }
    }
}

#[cfg(unix)]
fn write_secret(path: &Path, text: &str) -> Result<(), Failure> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}

#[cfg(not(unix))]
fn write_secret(path: &Path, text: &str) -> Result<(), Failure> {
    Ok(std::fs::write(path, text)?)
}

const NO_KEY: &str = "还没有签名密钥。请先运行 youju journal key --name 名称。";

async fn checkpoint(app: &App) -> Result<(), Failure> {
    let kept =
        app.write(None, async |cx| youju_app::journal::sign(cx).await).await.map_err(|error| format!("{error}"))?;
    say(&kept.ok_or(NO_KEY)?.note);
    Ok(())
}

async fn export(app: &App, path: &Path) -> Result<(), Failure> {
    let keys: Vec<&SigningKey> = app.signing_keys().iter().collect();
    let first = keys.first().ok_or(NO_KEY)?;
    let mut tx = app.db().read().await?;
    let mut out =
        BufWriter::new(std::fs::File::create(path).map_err(|error| format!("不能写 {}:{error}。", path.display()))?);
    let mut writer = ExportWriter::start(&mut out)?;
    let (bar, mut after) = (bar()?, 0);
    loop {
        let page = journal::page(&mut tx, after).await?;
        let Some(last) = page.last() else { break };
        after = i64::try_from(last.seq)?;
        page.iter().try_for_each(|entry| writer.entry(&entry.entry()))?;
        bar.set_position(last.seq);
    }
    let at = journal::instant_text(&app.world().now());
    let signed = SignedCheckpoint::sign(Checkpoint::new(first.verifying_key().name(), writer.head(), &at)?, &keys)?;
    let size = writer.head().size;
    let public: Vec<_> = keys.iter().map(|key| key.verifying_key().clone()).collect();
    writer.finish(&signed, &public)?;
    out.flush()?;
    bar.finish_and_clear();
    say(&format!("已导出 {size} 条到 {}。", path.display()));
    Ok(())
}

async fn bundle(app: &App, report: ReportId, login: &str, path: &Path) -> Result<(), Failure> {
    let found = app.read(None, async |cx| Ok(youju_store::person::by_login(cx.tx(), login).await?)).await;
    let (person, _) = found.map_err(|error| format!("{error}"))?.ok_or_else(|| format!("没有账号“{login}”。"))?;
    let text = app.read(Some(person.actor()), async |cx| youju_app::journal::bundle(cx, report).await).await;
    std::fs::write(path, text.map_err(|error| format!("{error}"))?)
        .map_err(|error| format!("不能写 {}:{error}。", path.display()))?;
    say(&format!("证明包已写入 {}。", path.display()));
    Ok(())
}
