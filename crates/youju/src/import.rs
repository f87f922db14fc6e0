//! `youju import register`: a list of units is taken into the register, part by part. What stays out is written to a list of its own.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use youju_app::crypto::sha256_of;
use youju_app::register::import::{Plan, Tally, open as open_list, run as run_list};
use youju_app::world::World;
use youju_codes::{AreaCode, Industry};
use youju_domain::register::import::{Field, Rules};
use youju_domain::survey::local;

use crate::open::{Failure, Place, block_on, open, say};

/// 导入。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 把名单(CSV 或 Excel)导入名录库:逐行核对,对的入库,不对的连同原因写入另一个文件,改好后可以再次导入;随时可以中断,已在库的行不会重复。
    Register(Register),
}

/// 名单。
#[derive(Debug, Args)]
struct Register {
    #[command(flatten)]
    place: Place,
    /// 名单文件:CSV(UTF-8、GB18030,可以是 .gz)或 xlsx。
    file: PathBuf,
    /// 只核对,不入库。
    #[arg(long)]
    dry_run: bool,
    /// 已在库而内容不同的单位,按名单变更;缺省只指出不同。
    #[arg(long)]
    update: bool,
    /// 名单所说的情况自哪一天起(2026-04-01);缺省为今天。
    #[arg(long)]
    since: Option<NaiveDate>,
    /// 没有写明区划、从地址也看不出的行,一律作为这个乡镇(街道)的单位。
    #[arg(long)]
    area: Option<String>,
    /// 没有写明行业的行,一律作为这个行业小类。
    #[arg(long)]
    industry: Option<String>,
    /// 指明某一列是什么:列名=事项,例如 --map 企业全称=name;可以重复。
    #[arg(long = "map", value_parser = mapped)]
    map: Vec<(String, Field)>,
    /// 没有入库的行写到哪里;缺省在名单旁边,文件名加“.未入库.csv”。
    #[arg(long)]
    left: Option<PathBuf>,
}

fn mapped(text: &str) -> Result<(String, Field), String> {
    let known = || Field::all().iter().map(|field| format!("{}({})", field.key(), field.label())).collect::<Vec<_>>();
    let (column, key) = text.rsplit_once('=').ok_or("请写成 列名=事项,例如 --map 企业全称=name。")?;
    let field = Field::from_key(key).ok_or_else(|| format!("没有“{key}”这个事项,可以写:{}。", known().join("、")))?;
    Ok((column.to_owned(), field))
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    match options.act {
        Act::Register(wanted) => block_on(register(wanted)),
    }
}

async fn register(wanted: Register) -> Result<(), Failure> {
    let app = open(&wanted.place, World::System).await?;
    let plan = plan(&wanted, local(app.world().now()).date())?;
    let file = opened(&wanted.file)?;
    let bytes = file.metadata()?.len();
    let progress = ProgressBar::new(bytes).with_style(ProgressStyle::with_template("{bar:30} {percent}% {msg}")?);
    let mut list =
        open_list(&plan.file_name, progress.wrap_read(BufReader::new(file)), &wanted.map, plan.rules.clone())?;
    for (column, field) in list.columns() {
        say(&format!("列“{column}”:{}", field.map_or("不使用", Field::label)));
    }
    let path = wanted.left.clone().unwrap_or_else(|| beside(&wanted.file));
    let mut left = BufWriter::new(File::create(&path).map_err(|error| format!("不能写 {}:{error}。", path.display()))?);
    left.write_all(&list.left_head()?)?;
    let mut broken = None;
    let tally = run_list(&app, None, &plan, &mut list, wanted.dry_run, |list, rows, fates, tally| {
        let lines = list.left(rows, fates)?;
        broken = broken.take().or(left.write_all(&lines).err());
        for note in rows.iter().filter_map(|row| row.judged.as_ref().ok()).flat_map(|sound| &sound.notes) {
            progress.suspend(|| say(&format!("请留意:{note}")));
        }
        progress.set_message(format!("{} 行,入库 {},未入库 {}", tally.rows, tally.new, tally.left()));
        Ok(())
    })
    .await?;
    progress.finish_and_clear();
    if let Some(error) = broken.or(left.flush().err()) {
        return Err(format!("不能写 {}:{error}。名单已导入,重新导入一次即可得到未入库的行。", path.display()).into());
    }
    tell(&tally, wanted.dry_run);
    if tally.left() > 0 {
        say(&format!("未入库的 {} 行在 {},改好后可以直接再次导入。", tally.left(), path.display()));
    } else {
        std::fs::remove_file(&path)?;
    }
    app.db().close().await;
    Ok(())
}

fn plan(wanted: &Register, today: NaiveDate) -> Result<Plan, Failure> {
    let name = wanted.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let area = wanted.area.as_deref().map(AreaCode::parse).transpose()?;
    let industry = wanted.industry.as_deref().map(Industry::parse).transpose()?;
    Ok(Plan {
        file_name: name,
        file_hash: sha256_of(opened(&wanted.file)?)?,
        since: wanted.since.unwrap_or(today),
        update: wanted.update,
        rules: Rules { area, industry, within: None, today },
    })
}

fn opened(path: &Path) -> Result<File, Failure> {
    Ok(File::open(path).map_err(|error| format!("不能打开 {}:{error}。", path.display()))?)
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    name.push(".未入库.csv");
    file.with_file_name(name)
}

fn tell(tally: &Tally, is_look: bool) {
    say(if is_look { "核对结果(没有入库):" } else { "导入结果:" });
    for (label, count) in [
        ("名单中的行", tally.rows),
        ("新入库", tally.new),
        ("其中从地址看出乡镇(街道)的", tally.derived),
        ("其中代码需要核实的", tally.noted),
        ("已在库、没有变化", tally.unchanged),
        ("已在库、已变更", tally.changed),
        ("已在库、与名单不同(没有变更)", tally.differing),
        ("内容不全", tally.incomplete),
        ("有误", tally.refused),
    ] {
        if count > 0 || label == "名单中的行" {
            say(&format!("  {label} {count} 行"));
        }
    }
}
