//! `youju vtl check`: a datapoint ruleset over a wide table of any size, without a form and without a script.

mod output;
mod source;
mod table;
mod work;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use youju_vtl::{DatapointRuleset, Program, Schema, Signature, Type};

use crate::check::{input, verify_target};
use crate::open::{Failure, say, say_error};
use output::FailureFile;
use source::Source;
use work::Tally;

use super::uses;

/// 用规则集检查宽表。
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// 规则文件,其中有 define datapoint ruleset。
    rules: PathBuf,
    /// 要检查的表:每个变量一列,列名就是变量名(csv、csv.gz、parquet)。
    data: PathBuf,
    /// 规则集的名称;文件中只有一个规则集时不必写。
    #[arg(long)]
    ruleset: Option<String>,
    /// 把不符合的记录写到这个 csv 文件。
    #[arg(long)]
    failures: Option<PathBuf>,
    /// 输出 JSON,供程序读取。
    #[arg(long)]
    json: bool,
    /// 同时使用几个线程;缺省与处理器的个数相同。csv 只能从头读到尾,总是用一个。
    #[arg(long)]
    threads: Option<NonZeroUsize>,
}

/// What was checked and how it fared.
struct Outcome {
    ruleset: String,
    program: Program,
    /// Variables of the ruleset that the table does not have.
    missing: Vec<String>,
    tally: Tally,
}

/// 0: nothing failed; 1: something did, or a cell could not be used; 2: a file cannot be used.
pub(crate) fn run(options: &Options) -> ExitCode {
    match check(options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            say_error(&error.to_string());
            ExitCode::from(2)
        }
    }
}

fn check(options: &Options) -> Result<bool, Failure> {
    if let Some(path) = &options.failures {
        verify_csv(path)?;
        verify_target(path, &[options.rules.clone(), options.data.clone()])?;
    }
    let text = read_rules(&options.rules)?;
    let in_rules = |error: &dyn std::fmt::Display| -> Failure { format!("{}:{error}", options.rules.display()).into() };
    let script = youju_vtl::parse(&text).map_err(|errors| in_rules(&errors.render(&text)))?;
    let rulesets: Vec<&DatapointRuleset> = script.rulesets().collect();
    let ruleset = choose(&rulesets, options.ruleset.as_deref()).map_err(|error| in_rules(&error))?;
    let uses = uses::of(ruleset);

    let in_data = |error: &dyn std::fmt::Display| -> Failure { format!("{}:{error}", options.data.display()).into() };
    let names: Vec<String> = ruleset.parameters.iter().map(|parameter| parameter.name.clone()).collect();
    let source = source::open(&options.data, &names, &uses).map_err(|error| in_data(&error))?;
    let kind = |name: &String| source.kind(name).or_else(|| uses.get(name).copied()).unwrap_or(Type::Number);
    let schema = Schema::new(names.iter().map(|name| (name.clone(), kind(name))));
    let program = Program::compile(ruleset, &schema).map_err(|errors| in_rules(&errors.render(&text)))?;
    let missing: Vec<String> = program.inputs().iter().filter(|name| source.kind(name).is_none()).cloned().collect();
    if missing.len() == program.inputs().len() {
        return Err(in_data(&no_variables(&missing)));
    }
    let tally = judge(options, source, &program).map_err(|error| in_data(&error))?;
    let outcome = Outcome { ruleset: ruleset.name.clone(), program, missing, tally };
    if options.json {
        say(&output::json(options, &outcome));
    } else {
        output::print(options, &outcome);
    }
    Ok(outcome.tally.errors.total == 0 && outcome.tally.counts.iter().all(|counts| counts.failed == 0))
}

/// Reads and judges everything; failing rows are written as they are found.
fn judge(options: &Options, source: Source, program: &Program) -> Result<Tally, Failure> {
    let threads = match options.threads {
        Some(threads) => threads.get(),
        None => std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
    };
    let bar = input::bar(source.total, options.json)?;
    let mut file = options.failures.as_deref().map(FailureFile::create).transpose()?;
    let tally = work::run(program, source.parts, threads, &bar, file.as_mut());
    bar.finish_and_clear();
    let tally = tally?;
    if let (Some(file), Some(path)) = (file, &options.failures) {
        let rows = file.finish()?;
        say_error(&format!("不符合的记录 {rows} 条,已写到 {}。", path.display()));
    }
    Ok(tally)
}

pub(super) fn read_rules(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}:{}", path.display(), input::cannot_open(&error)))?;
    String::from_utf8(bytes).map_err(|_| format!("{}:规则文件应为 UTF-8 编码。请转换后再试。", path.display()).into())
}

pub(super) fn choose<'r>(
    rulesets: &[&'r DatapointRuleset],
    name: Option<&str>,
) -> Result<&'r DatapointRuleset, Failure> {
    let known = || rulesets.iter().map(|ruleset| ruleset.name.as_str()).collect::<Vec<_>>().join("、");
    let ruleset = match (rulesets, name) {
        ([], _) => return Err("文件中没有审核规则集。请用 define datapoint ruleset 定义。".into()),
        ([only], None) => *only,
        (_, None) => return Err(format!("有几个规则集:{}。请用 --ruleset 写明用哪一个。", known()).into()),
        (all, Some(name)) => {
            let found = all.iter().find(|ruleset| ruleset.name == name);
            *found.ok_or_else(|| format!("没有规则集 {name}。现有:{}。", known()))?
        }
    };
    if ruleset.signature == Signature::ValueDomain {
        let message = "规则集 {} 写的是值域(valuedomain),不知道对应哪些列。请改为 variable 并写列名。";
        return Err(message.replace("{}", &ruleset.name).into());
    }
    Ok(ruleset)
}

/// A table without any variable of the rules must not look like a table without errors.
fn no_variables(missing: &[String]) -> String {
    format!("没有规则用到的任何一列,一条规则也不能检验。列名应与变量名相同:{}。", missing.join("、"))
}

fn verify_csv(path: &Path) -> Result<(), Failure> {
    let is_csv = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    if is_csv { Ok(()) } else { Err(format!("不能写 {}:文件名应以 .csv 结尾。", path.display()).into()) }
}
