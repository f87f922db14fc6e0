//! Opening an installation: data base, programmes, columns, put together as the program.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use youju_app::case::effect;
use youju_app::crypto::{Cipher, SecretKeys};
use youju_app::world::World;
use youju_app::{App, Error};
use youju_journal::SigningKey;
use youju_profile::{CaseTypes, Profile};
use youju_programme::{Files, Programme};
use youju_store::{Db, migrate};

use crate::columns::Plugged;
use crate::printer::Typst;
use crate::register;
use crate::scanner;

/// Any failure of a command, with a sentence for the person at the terminal.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Where an installation keeps its things.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// 数据目录(SQLite 数据库、列存文件)。
    #[arg(long, default_value = "data", env = "YOUJU_DATA")]
    pub(crate) data: PathBuf,
    /// 数据库地址;缺省为数据目录下的 SQLite,也可写 postgres://用户名@主机/库名。
    #[arg(long, env = "YOUJU_DATABASE")]
    pub(crate) database: Option<String>,
    /// 报表制度目录;缺省使用程序自带的制度。
    #[arg(long, env = "YOUJU_PROGRAMMES")]
    pub(crate) programmes: Option<PathBuf>,
    /// 地方配置目录;缺省使用程序自带的配置。
    #[arg(long, env = "YOUJU_PROFILES")]
    pub(crate) profiles: Option<PathBuf>,
    /// 查病毒的命令:文件从标准输入给它,退出码 0 表示没有问题;缺省不查。
    #[arg(long, env = "YOUJU_SCANNER")]
    pub(crate) scanner: Option<PathBuf>,
    /// 新建密钥文件时用哪种算法封存附件和个人信息:aes(AES-256-GCM)或 sm4(SM4-GCM)。
    #[arg(long, default_value = "aes", value_parser = cipher, env = "YOUJU_CIPHER")]
    pub(crate) cipher: Cipher,
}

/// An algorithm by its short word.
pub(crate) fn cipher(word: &str) -> Result<Cipher, String> {
    let known = Cipher::ALL.map(Cipher::word).join("、");
    Cipher::from_name(word).ok_or_else(|| format!("没有“{word}”这种算法,可以写 {known}。"))
}

/// The keys that sign the journal, in the data directory: a line each.
pub(crate) const KEY_FILE: &str = "journal.key";

fn signing_keys(data: &Path) -> Result<Vec<SigningKey>, Failure> {
    let path = data.join(KEY_FILE);
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(Vec::new()) };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let keys: Result<Vec<_>, _> = lines.map(SigningKey::parse).collect();
    Ok(keys.map_err(|error| format!("{}:{error}", path.display()))?)
}

/// The keys that secrets in the data base are sealed with, in the data directory: a line each, the one in use first.
pub(crate) const SECRET_FILE: &str = "secret.key";

/// Reads the keys for secrets. An installation that has none yet gets one: it must not lie in the data base that it protects.
fn secret_keys(data: &Path, cipher: Cipher) -> Result<SecretKeys, Failure> {
    let path = data.join(SECRET_FILE);
    let failed = |error: std::io::Error| format!("密钥文件 {}:{error}。", path.display());
    if !path.exists() {
        let text = SecretKeys::draw(cipher).map_err(Error::Fault)?;
        match private(&path) {
            Ok(mut file) => file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?,
            // Another command was faster.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error).into()),
        }
    }
    read_secret_keys(&path)
}

/// Reads a file of keys for secrets.
pub(crate) fn read_secret_keys(path: &Path) -> Result<SecretKeys, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("密钥文件 {}:{error}。", path.display()))?;
    Ok(SecretKeys::parse(&text).map_err(|reason| format!("密钥文件 {}:{reason}", path.display()))?)
}

/// A new file that only its owner reads.
pub(crate) fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Opens everything and brings the schema up to date.
pub(crate) async fn open(place: &Place, world: World) -> Result<App, Failure> {
    std::fs::create_dir_all(&place.data)
        .map_err(|error| format!("不能建立数据目录 {}:{error}。", place.data.display()))?;
    let url = match &place.database {
        Some(url) => url.clone(),
        None => format!("sqlite:{}", place.data.join("youju.sqlite").display()),
    };
    let db = Db::open(&url).await?;
    migrate::run(&db, world.now()).await?;
    let programmes = programmes(place.programmes.as_deref())?;
    let columns = Plugged::open(&place.data.join("columns"))?;
    let (profiles, cases) = profiles(place.profiles.as_deref())?;
    let app = App::new(db, programmes, Box::new(columns), Box::new(Typst), world)
        .with_profiles(profiles)
        .with_case_types(cases)
        .with_signing_keys(signing_keys(&place.data)?)
        .with_secret_keys(secret_keys(&place.data, place.cipher)?);
    register::complete(&app).await?;
    Ok(match &place.scanner {
        Some(path) => app.with_scanner(scanner::command(path.clone())),
        None => app,
    })
}

/// The programmes in force, verified; a bad file is refused with its place, and nothing takes effect.
pub(crate) fn programmes(folder: Option<&Path>) -> Result<Vec<Programme>, Failure> {
    let files = match folder {
        Some(folder) => Files::read_all(folder).map_err(|error| error.to_string())?,
        None => Files::shipped(),
    };
    Ok(youju_programme::load(&files).map_err(|errors| list(&errors))?)
}

/// The profiles in force with the case types that are shared or theirs, verified; a bad file is refused with its place, and nothing takes
/// effect.
fn profiles(folder: Option<&Path>) -> Result<(Vec<Profile>, CaseTypes), Failure> {
    let files = match folder {
        Some(folder) => youju_profile::Files::read_all(folder).map_err(|error| error.to_string())?,
        None => youju_profile::Files::shipped(),
    };
    let profiles = youju_profile::load(&files).map_err(|errors| list(&errors))?;
    let shared = youju_profile::Files::shipped_cases();
    let effects = effect::names(effect::ALL);
    let cases = youju_profile::load_cases(&shared, &files, &profiles, &effects).map_err(|errors| list(&errors))?;
    Ok((profiles, cases))
}

/// Errors as lines.
fn list<E: ToString>(errors: &[E]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// A runtime for commands that wait.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// One line on standard output.
pub(crate) fn say(line: &str) {
    // A closed pipe (`youju … | head`) is no reason to fail.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// One line on standard error.
pub(crate) fn say_error(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
