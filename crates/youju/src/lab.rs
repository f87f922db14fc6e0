//! `youju lab`: how the checks of a form have fared on the reports that were handed in, and what a changed one would say.

use std::path::PathBuf;

use clap::Args;
use youju_app::laboratory::{self, Fared};
use youju_app::world::World;
use youju_codes::AreaCode;
use youju_domain::access::Scope;

use crate::open::{Failure, Place, block_on, open, say};

/// 规则实验室。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// 表号,例如 B203。
    #[arg(long)]
    form: String,
    /// 只看这个区划的单位,例如 330781。
    #[arg(long)]
    area: AreaCode,
    /// 试审的规则:审核公式(一行一条)或 VTL 规则集的文件。
    #[arg(long)]
    rules: Option<PathBuf>,
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    let rules = match &options.rules {
        Some(path) => {
            let text = std::fs::read_to_string(path);
            Some(text.map_err(|error| format!("不能读取 {}:{error}。", path.display()))?)
        }
        None => None,
    };
    block_on(async move {
        let app = open(&options.place, World::System).await?;
        let scope = Scope::Area(options.area);
        let (form, rules) = (options.form.as_str(), rules.as_deref());
        let looked = app.read(None, async |cx| laboratory::run(cx, form, rules, &scope).await).await;
        let looked = looked.map_err(|error| error.to_string())?;
        match looked.periods {
            Some((first, last)) => {
                let (reports, units) = (looked.reports, looked.units);
                say(&format!("已上报 {reports} 份({units} 个单位,{}至{})。", first.label(), last.label()));
            }
            None => say("没有已上报的这张表。"),
        }
        say("编号\t类别\t可审\t不通过\t误报\t命中\t应当怎样");
        let shown = looked.changed.as_ref().map_or(&looked.checks, |changed| &changed.checks);
        for fared in shown {
            say(&line(fared));
        }
        if let Some(changed) = &looked.changed {
            for (title, (count, examples)) in [("新增的不通过", &changed.gained), ("不再报出的", &changed.lost)]
            {
                say(&format!("{title} {count} 处"));
                for example in examples {
                    let (unit, period) = (&example.unit_name, example.period.cumulative_label());
                    say(&format!("  {unit} {period} {}:{}", example.finding, example.sentence));
                }
            }
        } else {
            let silent = looked.checks.iter().filter(|check| check.failed + check.mended == 0).count();
            say(&format!("共 {} 条,其中 {silent} 条从未报出。", looked.checks.len()));
        }
        Ok(())
    })
}

fn line(fared: &Fared) -> String {
    let Fared { check, severity, message, tested, failed, accepted, mended } = fared;
    format!("{check}\t{}\t{tested}\t{failed}\t{accepted}\t{mended}\t{message}", severity.letter())
}
