//! `youju vtl analyse`: what can be said about the rules of a file before there is any data.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use youju_vtl::{DatapointRuleset, Range, Ranges, Scalar, Schema, Type, analyse};

use super::check::{choose, read_rules};
use super::uses;
use crate::open::{Failure, say, say_error};

/// 分析规则。
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// 规则文件,其中有 define datapoint ruleset。
    rules: PathBuf,
    /// 规则集的名称;文件中只有一个规则集时不必写。
    #[arg(long)]
    ruleset: Option<String>,
    /// 变量的取值范围,例如 c301=0.. 或 c301=0..1000000;可以写多次。
    #[arg(long, value_name = "变量=最小..最大", value_parser = read_range)]
    range: Vec<(String, Range)>,
    /// 全部数值变量都不为负。
    #[arg(long)]
    not_negative: bool,
}

/// 0: nothing to say; 1: notes; 2: the rules cannot be used.
pub(crate) fn run(options: &Options) -> ExitCode {
    match notes(options) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            say_error(&error.to_string());
            ExitCode::from(2)
        }
    }
}

fn notes(options: &Options) -> Result<usize, Failure> {
    let source = read_rules(&options.rules)?;
    let in_rules = |errors: &youju_vtl::Errors| -> Failure {
        format!("{}:规则有错误。请先改正。\n{}", options.rules.display(), errors.render(&source)).into()
    };
    let script = youju_vtl::parse(&source).map_err(|errors| in_rules(&errors))?;
    let rulesets: Vec<&DatapointRuleset> = script.rulesets().collect();
    let ruleset = choose(&rulesets, options.ruleset.as_deref())?;
    let kinds = uses::of(ruleset);
    let names = ruleset.parameters.iter().map(|parameter| parameter.name.clone());
    let typed = names.map(|name| (name.clone(), kinds.get(&name).copied().unwrap_or(Type::Number)));
    let schema = Schema::new(typed);
    if let Some((name, _)) = options.range.iter().find(|(name, _)| schema.kind(name).is_none()) {
        return Err(format!("规则集 {} 没有变量“{name}”。请核对 --range 中的名称。", ruleset.name).into());
    }
    let numbers = schema.components().iter().filter(|(_, kind)| options.not_negative && kind.is_numeric());
    let whole = numbers.map(|(name, _)| (name.clone(), Range::not_negative()));
    let ranges = Ranges::new(whole.chain(options.range.iter().cloned()));
    let notes = analyse(ruleset, &schema, &ranges).map_err(|errors| in_rules(&errors))?;
    for note in &notes {
        say(&note.render(&source));
    }
    say(&format!("规则集 {}:{} 条规则,{} 处提示。", ruleset.name, ruleset.rules.len(), notes.len()));
    Ok(notes.len())
}

/// `c301=0..1000`, either side may be left out.
fn read_range(text: &str) -> Result<(String, Range), String> {
    let wrong = || format!("“{text}”应写成 变量=最小..最大,例如 c301=0..1000,一边可以不写");
    let (name, bounds) = text.split_once('=').ok_or_else(wrong)?;
    let (min, max) = bounds.split_once("..").ok_or_else(wrong)?;
    let bound = |text: &str| match text.trim() {
        "" => Ok(None),
        number => Scalar::parse_number(number).map(Some).ok_or_else(wrong),
    };
    Ok((name.trim().to_owned(), Range { min: bound(min)?, max: bound(max)?, ..Range::default() }))
}
