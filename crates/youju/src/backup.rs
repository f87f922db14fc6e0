//! `youju backup`, `youju backup verify`, `youju restore`: everything in one file, looked at without restoring it, and put back.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use youju_app::App;
use youju_app::backup::{Archive, Manifest, Progress, Wanted, write};
use youju_app::crypto::{Cipher, Digest, Lock, is_vault};
use youju_app::world::World;

use crate::open::{Failure, KEY_FILE, Place, SECRET_FILE, block_on, cipher, open, private, read_secret_keys, say};

/// 备份。
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    act: Option<Act>,
    #[command(flatten)]
    make: Make,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 不恢复,逐表核对一份备份是否完整。
    Verify {
        #[command(flatten)]
        opening: Opening,
    },
}

#[derive(Debug, Args)]
struct Make {
    /// 写到这个文件;已有的文件不会被覆盖。
    #[arg(required = true)]
    file: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
    /// 用口令加密,口令写在环境变量 YOUJU_BACKUP_PASSPHRASE 里。
    #[arg(long, conflicts_with = "with_key_file")]
    passphrase: bool,
    /// 用数据目录的密钥文件加密。
    #[arg(long)]
    with_key_file: bool,
    /// 加密用的算法:aes 或 sm4。
    #[arg(long, default_value = "aes", value_parser = cipher)]
    by: Cipher,
    /// 把密钥文件也放进备份;必须同时用口令加密。
    #[arg(long, requires = "passphrase")]
    with_keys: bool,
    /// 清单的摘要算法:sha-256 或 sm3。
    #[arg(long, default_value = "sha-256", value_parser = digest)]
    digest: Digest,
}

/// 要读的备份。
#[derive(Debug, Args)]
struct Opening {
    /// 备份文件。
    file: PathBuf,
    /// 备份是用密钥文件加密的:那个密钥文件;缺省为数据目录的 secret.key。
    #[arg(long)]
    key_file: Option<PathBuf>,
}

/// 恢复。
#[derive(Debug, Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    opening: Opening,
    #[command(flatten)]
    place: Place,
}

fn digest(word: &str) -> Result<Digest, String> {
    let known = Digest::ALL.map(Digest::name).join("、");
    Digest::from_name(word).ok_or_else(|| format!("没有“{word}”这种摘要算法,可以写 {known}。"))
}

/// Where the passphrase stands: never on a command line, which everybody on the machine can read.
const PASSPHRASE: &str = "YOUJU_BACKUP_PASSPHRASE";
/// Characters of a passphrase.
const PASSPHRASE_CHARS_MIN: usize = 12;

fn passphrase() -> Option<String> {
    std::env::var(PASSPHRASE).ok().filter(|words| !words.is_empty())
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    match options.act {
        Some(Act::Verify { opening }) => {
            let mut archive = opened(&opening, None)?;
            verified(&mut archive)?;
            told(archive.manifest(), "备份完整");
            Ok(())
        }
        None => block_on(make(options.make)),
    }
}

async fn make(wanted: Make) -> Result<(), Failure> {
    let path = wanted.file.clone().unwrap_or_default();
    if path.exists() {
        return Err(format!("{} 已经存在,没有备份。请换一个文件名。", path.display()).into());
    }
    let app = open(&wanted.place, World::System).await?;
    let lock = match (wanted.passphrase, wanted.with_key_file) {
        (true, _) => {
            let words = passphrase().filter(|words| words.chars().count() >= PASSPHRASE_CHARS_MIN);
            let missing = format!("请把口令(不少于 {PASSPHRASE_CHARS_MIN} 个字符)写在环境变量 {PASSPHRASE} 里。");
            Some(Lock::Passphrase(words.ok_or(missing)?))
        }
        (_, true) => Some(Lock::Keys(app.secret_keys().clone())),
        _ => None,
    };
    let is_locked = lock.is_some();
    let files = if wanted.with_keys { keys_of(&wanted.place.data)? } else { Vec::new() };
    let with_keys = !files.is_empty();
    let order = Wanted { digest: wanted.digest, lock: lock.map(|lock| (lock, wanted.by)), files };
    let beside = path.with_extension("part");
    let manifest = written(&app, &beside, order).await?;
    fs::rename(&beside, &path)?;
    let said = json!({ "journal_size": manifest.journal_size, "root": manifest.journal_root, "locked": is_locked, "keys": with_keys });
    app.write(None, async |cx| cx.record("backup.made", ("installation", "backup".into()), said).await).await?;
    told(&manifest, &format!("已备份到 {}", path.display()));
    if !with_keys {
        say(&format!(
            "备份里没有密钥。请把 {SECRET_FILE}(和 {KEY_FILE})另外保存:没有它,恢复以后附件和个人信息打不开。"
        ));
    }
    Ok(())
}

/// The file is left when it does not come about: half a backup is none.
async fn written(app: &App, path: &Path, order: Wanted) -> Result<Manifest, Failure> {
    let _ = fs::remove_file(path);
    let file = private(path).map_err(|error| format!("不能写 {}:{error}。", path.display()))?;
    let bar = bar()?;
    let mut out = BufWriter::new(file);
    let done = write(app, &mut out, order, |progress| shown(&bar, progress)).await;
    bar.finish_and_clear();
    let synced = done.map_err(Failure::from).and_then(|manifest| {
        out.flush()?;
        out.get_ref().sync_all()?;
        Ok(manifest)
    });
    if synced.is_err() {
        let _ = fs::remove_file(path);
    }
    synced
}

fn keys_of(data: &Path) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut files = Vec::new();
    for name in [SECRET_FILE, KEY_FILE] {
        match fs::read(data.join(name)) {
            Ok(content) => files.push((name.to_owned(), content)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(format!("密钥文件 {name}:{error}。").into()),
        }
    }
    Ok(files)
}

fn opened(opening: &Opening, data: Option<&Path>) -> Result<Archive<'static>, Failure> {
    let path = opening.file.display();
    let mut file = File::open(&opening.file).map_err(|error| format!("不能读取 {path}:{error}。"))?;
    let lock = match (is_vault(&mut file)?, &opening.key_file, passphrase()) {
        (false, ..) => None,
        (true, Some(keys), _) => Some(Lock::Keys(read_secret_keys(keys)?)),
        (true, None, Some(words)) => Some(Lock::Passphrase(words)),
        (true, None, None) => {
            let keys = data.map(|data| data.join(SECRET_FILE)).filter(|path| path.exists());
            let keys = keys.map(|path| read_secret_keys(&path)).transpose()?;
            Some(Lock::Keys(keys.unwrap_or_default()))
        }
    };
    Ok(Archive::open(BufReader::new(file), lock.as_ref()).map_err(|error| format!("{path}:{error}"))?)
}

fn verified(archive: &mut Archive<'_>) -> Result<(), Failure> {
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::with_template("{spinner} 核对 {msg}")?);
    let sound = archive.verify(|part| {
        bar.set_message(part.to_owned());
        bar.tick();
    });
    bar.finish_and_clear();
    Ok(sound?)
}

pub(crate) fn restore(wanted: Restore) -> Result<(), Failure> {
    block_on(async move {
        let data = &wanted.place.data;
        let mut archive = opened(&wanted.opening, Some(data))?;
        verified(&mut archive)?;
        must_be_empty(&wanted.place)?;
        fs::create_dir_all(data).map_err(|error| format!("不能建立数据目录 {}:{error}。", data.display()))?;
        for part in archive.manifest().files.clone() {
            // Only the names that we write ourselves: a path of somebody else's could lead anywhere.
            if [SECRET_FILE, KEY_FILE].contains(&part.name.as_str()) && !data.join(&part.name).exists() {
                private(&data.join(&part.name))?.write_all(&archive.file(&part.name)?)?;
            }
        }
        let app = open(&wanted.place, World::System).await?;
        let bar = bar()?;
        let done = youju_app::backup::restore(&app, &mut archive, |progress| shown(&bar, progress)).await;
        bar.finish_and_clear();
        done?;
        let manifest = archive.manifest();
        told(manifest, "已恢复,操作日志和每个表都已核对");
        let there = app.secret_keys().names();
        let missing: Vec<&str> =
            manifest.secret_keys.iter().filter(|name| !there.contains(name)).map(String::as_str).collect();
        if !missing.is_empty() {
            say(&format!(
                "注意:{} 里没有密钥 {},用它封存的附件、个人信息和动态码打不开。请把当时的密钥文件的各行加在它的后面。",
                data.join(SECRET_FILE).display(),
                missing.join("、")
            ));
        }
        Ok(())
    })
}

/// A folder that holds anything but keys belongs to something; whether a server's data base is empty is asked there.
fn must_be_empty(place: &Place) -> Result<(), Failure> {
    let Ok(entries) = fs::read_dir(&place.data) else { return Ok(()) };
    for entry in entries {
        let name = entry?.file_name();
        if place.database.is_none() && name != SECRET_FILE && name != KEY_FILE {
            let (data, name) = (place.data.display(), name.to_string_lossy().into_owned());
            return Err(
                format!("数据目录 {data} 不是空的(有 {name}),没有恢复。请另给一个空目录,里面只放密钥文件。").into()
            );
        }
    }
    Ok(())
}

fn told(manifest: &Manifest, done: &str) {
    let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
    say(&format!("{done}:{} 个表,{rows} 行,操作日志 {} 条。", manifest.tables.len(), manifest.journal_size));
    say(&format!("根指纹 {};备份于 {},youju {}。", manifest.journal_root, manifest.made_at, manifest.program));
}

fn bar() -> Result<ProgressBar, Failure> {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} 行 {msg},还需 {eta}")?;
    Ok(ProgressBar::new(0).with_style(style))
}

/// Drawing at every row would take longer than the row.
fn shown(bar: &ProgressBar, progress: Progress) {
    if progress.done.is_multiple_of(100) || progress.done == progress.total {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
        bar.set_message(progress.table);
    }
}
