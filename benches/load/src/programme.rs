//! A programme of one form that is as large as the largest ones in use, with checks of the usual kinds.

use std::fmt::Write as _;
use std::path::Path;

use crate::Failure;

/// Code of the form.
pub const FORM: &str = "L250";
/// Indicators in two columns: 250 cells.
pub const INDICATORS: usize = 125;
/// Indicators whose first is the sum of the others.
const BLOCK: usize = 5;

const HEAD: &str = r#"id = "load"
name = "负载测试报表制度"
authority = "测试"
document = "测试"
valid_from = "2020-01-01"
valid_to = "2099-12-31"
domain = "load"
domain_name = "试算"
industries = ["C"]
forms = ["L250"]
provenance = "youju"
note = "只用于测量。"
"#;

const FORM_HEAD: &str = r#"code = "L250"
name = "负载测试表"
period = "month"
measure = "千元"
name_provenance = "youju"
code_provenance = "youju"
columns = [
  { id = "", label = "本月" },
  { id = "ly", label = "上年同期", last_year_of = "" },
]
headline = ["001", "002", "003"]
foot = ["单位负责人", "统计负责人", "填表人", "联系电话", "报出日期"]

[[group]]
heading = "指标"
indicators = [
"#;

/// Ids of all cells.
pub fn cells() -> Vec<String> {
    (1..=INDICATORS).flat_map(|n| [format!("c{n:03}"), format!("c{n:03}_ly")]).collect()
}

/// A figure that keeps every sum: of a block, the first is the sum of the others.
pub fn figure(cell: usize, turn: u64) -> u64 {
    let (indicator, column) = (cell / 2, cell as u64 % 2);
    let plain = |n: usize| 1_000 + n as u64 * 37 + turn % 1_000 * 13 + column;
    if indicator.is_multiple_of(BLOCK) { (indicator + 1..indicator + BLOCK).map(plain).sum() } else { plain(indicator) }
}

/// Writes the programme's files.
pub fn write(folder: &Path) -> Result<(), Failure> {
    let folder = folder.join("load");
    std::fs::create_dir_all(folder.join("forms"))?;
    std::fs::create_dir_all(folder.join("checks"))?;
    std::fs::write(folder.join("programme.toml"), HEAD)?;
    let mut form = FORM_HEAD.to_owned();
    for n in 1..=INDICATORS {
        let required = if n % BLOCK == 1 { ", required = true" } else { "" };
        writeln!(form, "  {{ code = \"{n:03}\", name = \"指标{n:03}\"{required} }},")?;
    }
    form.push_str("]\n");
    std::fs::write(folder.join("forms/L250.toml"), form)?;
    let (rules, names) = rules();
    std::fs::write(folder.join("checks/L250.vtl"), rules)?;
    let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    let about =
        format!("[[about]]\nrules = [{}]\nprovenance = \"youju\"\nnote = \"只用于测量。\"\n", quoted.join(", "));
    std::fs::write(folder.join("checks/L250.toml"), about)?;
    Ok(())
}

/// Sums of both columns, presence, sign, and comparison with the month before: 25 blocks give 125 rules.
fn rules() -> (String, Vec<String>) {
    let firsts = || (1..=INDICATORS).step_by(BLOCK);
    let mut variables: Vec<String> = cells();
    variables.extend(firsts().map(|first| format!("c{first:03}__prev")));
    variables.sort();
    let rules: Vec<Rule> = firsts().flat_map(of_block).collect();
    let lines: Vec<String> = rules.iter().map(Rule::line).collect();
    let head = format!("define datapoint ruleset L250 (variable {}) is", variables.join(", "));
    let text = format!("{head}\n{}\nend datapoint ruleset;\n", lines.join(";\n"));
    (text, rules.into_iter().map(|rule| rule.name).collect())
}

struct Rule {
    name: String,
    judges: String,
    says: &'static str,
    level: char,
}

impl Rule {
    fn line(&self) -> String {
        format!("  {}: {} errorcode \"{}\" errorlevel \"{}\"", self.name, self.judges, self.says, self.level)
    }
}

fn of_block(first: usize) -> [Rule; 5] {
    let second = first + 1;
    let parts = |column: &str| {
        let parts: Vec<String> = (second..first + BLOCK).map(|n| format!("c{n:03}{column}")).collect();
        parts.join(" + ")
    };
    let rule =
        |letter: char, judges: String, says, level| Rule { name: format!("{letter}{first:03}"), judges, says, level };
    let jump = format!("when c{first:03}__prev > 0 then between(c{first:03} / c{first:03}__prev, 0.001, 1000)");
    [
        rule('S', format!("c{first:03} = {}", parts("")), "应等于其中项之和", 'A'),
        rule('Y', format!("c{first:03}_ly = {}", parts("_ly")), "上年应等于其中项之和", 'A'),
        rule('N', format!("c{second:03} >= 0"), "应不小于零", 'B'),
        rule('R', format!("not isnull(c{first:03})"), "应填报", 'A'),
        rule('J', jump, "与上月相差千倍以上", 'C'),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use youju_codes::Period;
    use youju_domain::id::Id;
    use youju_domain::report::{Cell, CellId, Cells, ValueState};
    use youju_programme::{Facts, Files, load};

    use super::*;

    #[test]
    fn the_form_is_accepted_and_its_figures_pass_every_check() {
        let folder = std::env::temp_dir().join(format!("youju-load-{}", std::process::id()));
        write(&folder).unwrap();
        let programmes = load(&Files::read_all(&folder).unwrap());
        std::fs::remove_dir_all(&folder).unwrap();
        let programmes = programmes.unwrap();
        let form = programmes[0].form(FORM).unwrap();
        let filled = |turn: u64| -> Cells {
            let cell = |(at, id): (usize, String)| {
                let value = form.cell_by_text(&id).unwrap().parse_value(&figure(at, turn).to_string()).unwrap();
                let (by, at) =
                    (Id::new("00000000-0000-7000-8000-000000000001".parse().unwrap()), chrono::DateTime::UNIX_EPOCH);
                let state = ValueState::Collected;
                (CellId::new(id), Cell { value, state, by, at, derivation: None, generated: None, reason: None })
            };
            cells().into_iter().enumerate().map(cell).collect()
        };
        let (now, before) = (filled(2), filled(1));
        assert_eq!(now.len(), 250);
        let (others, attributes, figures) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let facts = Facts {
            period: Period::parse("2026-03").unwrap(),
            cells: &now,
            previous: Some(&before),
            last_year: None,
            others: &others,
            attributes: &attributes,
            figures: &figures,
        };
        assert_eq!(form.check(&facts), []);
        assert_eq!(rules().1.len(), 125);
    }
}
