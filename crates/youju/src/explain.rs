//! `youju explain`: what the checks say about one row of a file, with the figures in the formula.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use youju_codes::Period;
use youju_programme::{Checked, Explained};
use youju_vtl::{Language, Verdict};

use crate::check::{no_such_form, one};
use crate::open::{Failure, programmes, say};

/// 解释。
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// 表号,例如 B203。
    #[arg(long)]
    form: String,
    /// 文件(csv、csv.gz、xlsx、xls、parquet)。
    file: PathBuf,
    /// 文件中的行号,表头是第 1 行。
    #[arg(long)]
    row: usize,
    /// 审核关系编号,例如 Z7;可以写多次。不写时解释所有不符合的。
    #[arg(long)]
    check: Vec<String>,
    /// 语言。
    #[arg(long, value_enum, default_value = "zh")]
    language: Spoken,
    /// 文件中没有报告期一栏时,全部数据的报告期。
    #[arg(long)]
    period: Option<String>,
    /// 报表制度目录;缺省使用程序自带的制度。
    #[arg(long, env = "YOUJU_PROGRAMMES")]
    programmes: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Spoken {
    /// 中文
    Zh,
    /// English
    En,
}

impl Spoken {
    fn language(self) -> Language {
        match self {
            Spoken::Zh => Language::Chinese,
            Spoken::En => Language::English,
        }
    }

    fn word(self, chinese: &'static str, english: &'static str) -> &'static str {
        match self {
            Spoken::Zh => chinese,
            Spoken::En => english,
        }
    }
}

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let programmes = programmes(options.programmes.as_deref())?;
    let form = programmes.iter().find_map(|programme| programme.form(&options.form));
    let form = form.ok_or_else(|| no_such_form(&options.form, &programmes))?;
    let period = options.period.as_deref().map(Period::parse).transpose()?;
    let checked = one(form, &options.file, period, true)?;
    let at = (0..checked.rows_checked()).find(|at| checked.row(*at).is_some_and(|id| id.row == options.row));
    let Some((at, id)) = at.and_then(|at| Some((at, checked.row(at)?))) else {
        let reason = checked.errors.iter().find(|error| error.row == options.row).map(ToString::to_string);
        let reason = reason.unwrap_or_else(|| format!("第 {} 行没有数据。行号从表头的第 1 行数起。", options.row));
        return Err(format!("{}:{reason}", options.file.display()).into());
    };
    say(&format!("{}  {}  {}  {}", options.file.display(), form.title(), id.unit, id.period.label()));
    let wanted = match options.check.as_slice() {
        [] => checked.findings(at).iter().map(|finding| finding.check.clone()).collect(),
        named => named.to_vec(),
    };
    let mut shown = 0;
    for check in &wanted {
        let explained = explain(&checked, at, check, options.language)?;
        if !options.check.is_empty() || explained.verdict == Some(Verdict::Fail) {
            print(&explained, options.language);
            shown += 1;
        }
    }
    if options.check.is_empty() {
        let untested = wanted.len() - shown;
        say(&options
            .language
            .word("不符合 {} 条;缺少数据、不能检验的 {} 条。", "{} failed; {} could not be tested.")
            .replacen("{}", &shown.to_string(), 1)
            .replacen("{}", &untested.to_string(), 1));
    }
    Ok(())
}

fn explain<'c>(checked: &'c Checked<'_>, at: usize, check: &str, spoken: Spoken) -> Result<Explained<'c>, Failure> {
    match checked.explain(at, check, spoken.language()) {
        Some(explained) => Ok(explained?),
        None => Err(format!("没有编号为 {check} 的审核关系。编号见 youju check 的第一栏。").into()),
    }
}

fn print(explained: &Explained<'_>, spoken: Spoken) {
    let check = explained.check;
    let fails = if explained.verdict == Some(Verdict::Fail) { spoken.word("不符合:", "fails: ") } else { "" };
    say(&format!("{} ({}) {fails}{}", check.id, check.severity.letter(), explained.explanation.sentence));
    if spoken == Spoken::Zh {
        say(&format!("    应满足 {}", explained.message));
    }
    say(&format!("    {}", check.text));
}
