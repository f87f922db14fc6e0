//! `youju form`: reports as Excel workbooks, many at a time. Whoever exports or imports signs in as themselves, so that only the
//! respondent changes a reported value, also here.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use youju_app::form_book::{self, Mode, Preview};
use youju_app::list::{Filter, Listed, PageRequest};
use youju_app::world::World;
use youju_app::{App, Error, access, report, survey};
use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::access::Actor;

use crate::open::{Failure, Place, block_on, open, say, say_error};

/// 报表的 Excel 文件。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 导出:单位人员导出自己的报表,一份报表一个文件;统计机构导出一个报告期全部单位的一览表。
    Export(Export),
    /// 导入填好的文件:导过的不再改动,中断后可以重新运行。
    Import(Import),
}

/// Who does it.
#[derive(Debug, Args)]
struct Who {
    #[command(flatten)]
    place: Place,
    /// 登录账号。
    #[arg(long)]
    login: String,
    /// 密码。
    #[arg(long, env = "YOUJU_PASSWORD", hide_env_values = true, hide = true)]
    password: String,
}

/// 导出。密码从环境变量 YOUJU_PASSWORD 读取。
#[derive(Debug, Args)]
struct Export {
    #[command(flatten)]
    who: Who,
    /// 表号,例如 B203;不写为全部。
    #[arg(long)]
    form: Option<String>,
    /// 报告期,例如 2026-03、2026-Q1、2026;不写为全部。
    #[arg(long)]
    period: Option<String>,
    /// 写到这个目录。
    #[arg(long, default_value = ".")]
    out: PathBuf,
}

/// 导入。密码从环境变量 YOUJU_PASSWORD 读取。
#[derive(Debug, Args)]
struct Import {
    #[command(flatten)]
    who: Who,
    /// 填好的文件,是从这个系统导出的。
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// 只看会改动什么,不写入。
    #[arg(long)]
    dry_run: bool,
    /// 有错的文件,先导入其中没有问题的行。
    #[arg(long)]
    correct_rows: bool,
    /// 改动生成、预填的数的原因。
    #[arg(long, default_value = "")]
    reason: String,
    /// 有错的文件,把带批注的表写到这个目录。
    #[arg(long)]
    copies: Option<PathBuf>,
}

pub(crate) fn run(options: Options) -> Result<ExitCode, Failure> {
    block_on(async move {
        match options.act {
            Act::Export(export) => signed_in(&export.who, async |app, actor| all_out(app, actor, &export).await).await,
            Act::Import(import) => signed_in(&import.who, async |app, actor| all_in(app, actor, &import).await).await,
        }
    })
}

/// Signs in, works, signs out.
async fn signed_in(
    who: &Who,
    work: impl AsyncFnOnce(&App, &Actor) -> Result<ExitCode, Failure>,
) -> Result<ExitCode, Failure> {
    let app = open(&who.place, World::System).await?;
    let signed = access::sign_in(&app, &who.login, &who.password).await.map_err(|error| told(&error))?;
    let due = signed.due.map(|due| Error::Problem(due.problem().into()));
    if let Some(error) = due {
        return Err(told(&error).into());
    }
    let done = work(&app, &signed.actor).await;
    access::sign_out(&app, signed.actor, &signed.token).await.map_err(|error| told(&error))?;
    done
}

/// An error as the page would tell it.
fn told(error: &Error) -> String {
    match error {
        Error::Problem(Problem::BadFile { reasons }) => reasons.join("\n"),
        Error::Problem(problem) => format!("{}{}", problem.says(), problem.hint()),
        Error::Fault(_) => error.to_string(),
    }
}

fn bar(total: usize) -> Result<ProgressBar, Failure> {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?;
    Ok(ProgressBar::new(u64::try_from(total).unwrap_or(u64::MAX)).with_style(style))
}

async fn all_out(app: &App, actor: &Actor, export: &Export) -> Result<ExitCode, Failure> {
    std::fs::create_dir_all(&export.out).map_err(|error| format!("不能建立目录 {}:{error}。", export.out.display()))?;
    let period = export.period.as_deref().map(Period::parse).transpose()?;
    let wanted = Wanted { form: export.form.as_deref(), period };
    let written = if actor.role.is_respondent() {
        reports_out(app, actor, &wanted, &export.out).await?
    } else {
        windows_out(app, actor, &wanted, &export.out).await?
    };
    if written == 0 {
        return Err("没有符合条件的报表。".into());
    }
    say(&format!("共写出 {written} 个文件。"));
    Ok(ExitCode::SUCCESS)
}

/// Which reports are asked for.
struct Wanted<'a> {
    form: Option<&'a str>,
    period: Option<Period>,
}

impl Wanted<'_> {
    fn has(&self, form: &str, period: Period) -> bool {
        self.form.is_none_or(|wanted| wanted == form) && self.period.is_none_or(|wanted| wanted == period)
    }
}

async fn reports_out(app: &App, actor: &Actor, wanted: &Wanted<'_>, folder: &Path) -> Result<usize, Failure> {
    let all = PageRequest { offset: 0, limit: i64::MAX };
    let filter = Filter::default();
    let listed = app.read(Some(actor.clone()), async |cx| report::list(cx, &filter, all).await).await;
    let listed = listed.map_err(|error| told(&error))?.rows;
    let chosen: Vec<Listed> = listed.into_iter().filter(|one| wanted.has(&one.form, one.period)).collect();
    let bar = bar(chosen.len())?;
    for one in &chosen {
        let out = app.read(Some(actor.clone()), async |cx| form_book::export(cx, one.id).await).await;
        keep(folder, out.map_err(|error| told(&error))?).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(chosen.len())
}

async fn windows_out(app: &App, actor: &Actor, wanted: &Wanted<'_>, folder: &Path) -> Result<usize, Failure> {
    let windows = app.read(Some(actor.clone()), async |cx| survey::list(cx).await).await;
    let windows = windows.map_err(|error| told(&error))?;
    let chosen: Vec<_> = windows.iter().filter(|window| wanted.has(&window.form, window.period)).collect();
    let bar = bar(chosen.len())?;
    for window in &chosen {
        let out = app.read(Some(actor.clone()), async |cx| form_book::export_window(cx, window.id).await).await;
        // Whoever takes it out here is written down like on the page.
        let out = form_book::take_out(app, actor, out.map_err(|error| told(&error))?).await;
        keep(folder, out.map_err(|error| told(&error))?).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(chosen.len())
}

async fn keep(folder: &Path, out: form_book::Outgoing) -> Result<(), Failure> {
    // A unit may have a name that is no name of a file, and two windows the same one.
    let name = youju_domain::attachment::file_name(&out.name.replace(['/', '\\'], "_"));
    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, "xlsx"));
    let names = std::iter::once(name.clone()).chain((2..).map(|number| format!("{stem}({number}).{ending}")));
    let path = names.map(|name| folder.join(name)).find(|path| !path.exists()).ok_or("没有可用的文件名。")?;
    let bytes = form_book::file(out).await.map_err(|error| told(&error))?;
    std::fs::write(&path, bytes).map_err(|error| format!("不能写入 {}:{error}。", path.display()))?;
    say(&path.display().to_string());
    Ok(())
}

/// Every file for itself: what is wrong with one does not keep the others out.
async fn all_in(app: &App, actor: &Actor, import: &Import) -> Result<ExitCode, Failure> {
    let bar = bar(import.files.len())?;
    let (mut taken, mut wrong) = (0_usize, 0_usize);
    for path in &import.files {
        bar.set_message(path.display().to_string());
        let done = one_in(app, actor, import, path).await;
        bar.suspend(|| match &done {
            Ok(Done { says, .. }) => say(&format!("{}:{says}", path.display())),
            Err(reason) => say_error(&format!("{}:没有导入。{reason}", path.display())),
        });
        taken += done.as_ref().map_or(0, |done| done.cells);
        wrong += usize::from(done.as_ref().map_or(true, |done| done.is_wrong));
        bar.inc(1);
    }
    bar.finish_and_clear();
    let word = if import.dry_run { "将导入" } else { "已导入" };
    say(&format!("{} 个文件,{word} {taken} 格,{wrong} 个文件有没有通过核对的内容。", import.files.len()));
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// What came of one file.
struct Done {
    says: String,
    cells: usize,
    is_wrong: bool,
}

async fn one_in(app: &App, actor: &Actor, import: &Import, path: &Path) -> Result<Done, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = std::fs::read(path).map_err(|error| format!("不能读取文件:{error}。"))?;
    let file = form_book::read(&name, &bytes).map_err(|error| told(&error))?.because(&import.reason);
    let id = file.report().map_err(|error| told(&error))?;
    let actor = Some(actor.clone());
    let shown = app.read(actor.clone(), async |cx| form_book::preview(cx, id, &file).await).await;
    let shown = shown.map_err(|error| told(&error))?;
    let is_wrong = !shown.refused.is_empty() || !shown.conflicts.is_empty();
    if let Some(folder) = import.copies.as_deref().filter(|_| is_wrong) {
        let copy = app.read(actor.clone(), async |cx| form_book::annotated(cx, id, &file).await).await;
        let (name, bytes) = copy.map_err(|error| told(&error))?;
        std::fs::create_dir_all(folder).map_err(|error| format!("不能建立目录 {}:{error}。", folder.display()))?;
        std::fs::write(folder.join(&name), bytes).map_err(|error| format!("不能写入 {name}:{error}。"))?;
    }
    let cells = if is_wrong && !import.correct_rows { 0 } else { shown.changes.len() };
    if cells > 0 && !import.dry_run {
        let mode = if is_wrong { Mode::CorrectRows } else { Mode::Whole };
        let take = app.write(actor, async |cx| form_book::take(cx, id, &file, mode, shown.revision).await).await;
        take.map_err(|error| told(&error))?;
    }
    Ok(Done { says: says(&shown, cells, import.dry_run), cells, is_wrong })
}

/// One line about a file, and one for everything that is wrong in it.
fn says(shown: &Preview, cells: usize, is_dry: bool) -> String {
    let mut says = match (cells, is_dry) {
        (0, _) => "没有改动。".to_owned(),
        (_, true) => format!("将改动 {cells} 格。"),
        (_, false) => format!("已导入 {cells} 格。"),
    };
    for mistake in shown.refused.iter().chain(&shown.conflicts) {
        let _ = write!(says, "\n  {} “{}”:{}", mistake.place, mistake.found, mistake.says);
    }
    says
}
