//! `youju roster`: lists of other departments that are too large for a page. A list of a million rows goes in batch by batch; interrupted, it
//! is sent again, and what is in already is passed over.

use std::fs::File;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use youju_app::roster::{self, Looked, Mapping, NAMED_MAX, Opened, Wanted};
use youju_app::world::World;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::roster::{Column, Coverage};

use crate::open::{Failure, Place, block_on, open, say};

/// Rows between two lines about how far it is.
const TOLD_EVERY: u64 = 100_000;

/// 部门名单。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 导入部门名单(csv、csv.gz、xlsx):不能收的行逐行说明原因,其余照收;中断以后再送一次即可。
    Import(Import),
}

/// 要导入的名单。
#[derive(Debug, Args)]
struct Import {
    #[command(flatten)]
    place: Place,
    /// 名单文件。
    file: PathBuf,
    /// 部门:市场监管、税务、民政、编制、其他部门。
    #[arg(long, default_value = "其他部门")]
    department: String,
    /// 名单的范围(区划代码)。
    #[arg(long)]
    area: String,
    /// 名单是谁、什么时候提供的。
    #[arg(long, default_value = "命令行导入")]
    origin: String,
    /// 全量名单:名录库有而名单没有的,列为应退出的线索。
    #[arg(long)]
    whole: bool,
    /// 补送到已有的名单(它的网址末尾的编号)。
    #[arg(long)]
    into: Option<String>,
    /// 指定一列是什么,可以多次:列名=字段(code name address town phone industry opened standing revenue line;不写字段为不读取)。
    #[arg(long = "map", value_name = "列名=字段")]
    maps: Vec<String>,
    /// 只核对,不导入。
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    match options.act {
        Act::Import(wanted) => import(wanted),
    }
}

fn bad(reason: String) -> Problem {
    Problem::BadInput { reason }
}

/// What the columns are held for, with what was said otherwise.
fn mapped(opened: &Opened, maps: &[String]) -> Result<Mapping, Problem> {
    let mut mapping = opened.mapping.clone();
    for one in maps {
        let (heading, key) = one.split_once('=').ok_or_else(|| bad(format!("“{one}”应写成 列名=字段。")))?;
        let place = opened.headings.iter().position(|other| other == heading.trim());
        let place = place.ok_or_else(|| bad(format!("表里没有“{heading}”这一列。")))?;
        mapping.remove(&place);
        if !key.trim().is_empty() {
            let column = Column::from_key(key.trim()).ok_or_else(|| bad(format!("没有“{key}”这个字段。")))?;
            mapping.retain(|_, other| *other != column);
            mapping.insert(place, column);
        }
    }
    Ok(mapping)
}

fn import(wanted: Import) -> Result<(), Failure> {
    let area = AreaCode::parse(&wanted.area).map_err(|error| error.to_string())?;
    let path = wanted.file.display().to_string();
    let file = File::open(&wanted.file).map_err(|error| format!("不能读取 {path}:{error}。"))?;
    let name = wanted.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut opened = roster::open(&name, Box::new(file))?;
    let mapping = mapped(&opened, &wanted.maps)?;
    opened.map(mapping)?;
    for (place, column) in &opened.mapping {
        say(&format!("“{}”列 → {}", opened.heading(*place), column.label()));
    }
    opened.must_tell_units()?;
    if wanted.dry_run {
        told(&roster::look(&mut opened)?);
        return Ok(());
    }
    let into =
        wanted.into.as_deref().map(str::parse).transpose().map_err(|_| bad("--into 应为名单的编号。".to_owned()))?;
    let coverage = if wanted.whole { Coverage::Whole } else { Coverage::Part };
    let Import { department, origin, place, .. } = wanted;
    let list = Wanted { department, area, coverage, origin, into };
    block_on(async move {
        let app = open(&place, World::System).await?;
        let mut next = TOLD_EVERY;
        let progress = |counts: &roster::Counts, _: u64| {
            if counts.all() >= next {
                say(&format!("已读 {} 行。", counts.all()));
                next += TOLD_EVERY;
            }
        };
        let (id, counts) = roster::take(&app, None, &mut opened, &list, progress).await?;
        say(&format!(
            "名单 {id}:新收 {} 行,原来已收 {} 行,不能收 {} 行,改正顶替 {} 行。",
            counts.rows, counts.again, counts.left, counts.mended
        ));
        if counts.left > 0 {
            say("不能收的行在网页的名单页可以导出,改正后补送。");
        }
        Ok(())
    })
}

fn told(looked: &Looked) {
    for (line, name, what, is_left) in &looked.told {
        let word = if *is_left { "不能收" } else { "可收" };
        say(&format!("第 {line} 行 {name}:{word},{what}"));
    }
    say(&format!(
        "可收 {} 行(其中有提示的 {} 行),不能收 {} 行;以上最多列 {NAMED_MAX} 行。没有导入。",
        looked.rows, looked.remarked, looked.left
    ));
}
