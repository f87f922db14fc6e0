//! The shipped checks judged a second time by an engine that is not ours: PyPI `vtlengine`, on the same rows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use youju_domain::report::Value;
use youju_programme::{Facts, Form, Population};
use youju_vtl::Verdict;

use crate::entry::CASES;
use crate::make::{Story, b103, b203, cell, f101};
use crate::shipped_all::{Report, all_cases};

/// The Python that `scripts/setup.sh bench` prepares beside the built tests.
fn python() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let target = own.ancestors().nth(3).unwrap();
    let python = target.join("bench/venv/bin/python");
    assert!(python.exists(), "缺少 {}。请先运行 scripts/setup.sh bench。", python.display());
    python
}

fn text(batch: &RecordBatch, column: usize, row: usize) -> String {
    let array = batch.column(column);
    if array.is_null(row) {
        return String::new();
    }
    match array.data_type() {
        DataType::Decimal128(..) => array.as_primitive::<Decimal128Type>().value_as_string(row),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        _ => array.as_string::<i32>().value(row).to_owned(),
    }
}

fn kind(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Decimal128(..) => "Number",
        DataType::Int64 => "Integer",
        DataType::Boolean => "Boolean",
        _ => "String",
    }
}

/// Ruleset, rows and our verdicts, as files that the script reads: `p` passed, `f` failed, `u` undecided.
fn write(folder: &Path, population: &Population) {
    let batch = &population.batch;
    let schema = batch.schema();
    let quoted = |text: String| format!("\"{}\"", text.replace('"', "\"\""));
    let mut csv = format!("row,{}\n", schema.fields().iter().map(|f| f.name().as_str()).collect::<Vec<_>>().join(","));
    for row in 0..batch.num_rows() {
        let cells = (0..batch.num_columns()).map(|column| quoted(text(batch, column, row)));
        csv.extend([row.to_string(), ",".to_owned(), cells.collect::<Vec<_>>().join(","), "\n".to_owned()]);
    }
    let columns = schema.fields().iter().map(|f| format!("[\"{}\", \"{}\"]", f.name(), kind(f.data_type())));
    let verdicts = population.verdicts().unwrap();
    let judged = population.checks().iter().enumerate().map(|(rule, check)| {
        let letters: String = (0..batch.num_rows())
            .map(|row| match verdicts.verdict(rule, row).unwrap() {
                Verdict::Pass => 'p',
                Verdict::Fail => 'f',
                Verdict::Undecided(_) => 'u',
            })
            .collect();
        format!("[\"{}\", \"{letters}\"]", check.id)
    });
    let about = format!(
        "{{\"columns\": [{}], \"judged\": [{}]}}",
        columns.collect::<Vec<_>>().join(","),
        judged.collect::<Vec<_>>().join(",")
    );
    let path = |ending: &str| folder.join(format!("{}.{ending}", population.name()));
    fs::write(path("csv"), csv).unwrap();
    fs::write(path("json"), about).unwrap();
    fs::write(path("vtl"), population.vtl()).unwrap();
}

/// The plausible report, every report that breaks something, and each of them once more with every second figure blank.
fn reports(report: &Report, broken: &[(String, String)]) -> Vec<Report> {
    let mut all = vec![report.clone()];
    all.extend(broken.iter().map(|(change, _)| report.with(change)));
    let gaps: Vec<Report> = all.iter().enumerate().map(|(number, report)| with_gaps(report, number)).collect();
    all.extend(gaps);
    all
}

fn with_gaps(report: &Report, number: usize) -> Report {
    let mut gaps = report.clone();
    for (at, found) in gaps.cells.values_mut().enumerate() {
        if (at * 7 + number).is_multiple_of(5) {
            *found = cell(Value::Blank);
        }
    }
    gaps
}

fn write_all(folder: &Path, form: &Form, facts: &[Facts]) {
    for population in form.populations(facts).unwrap() {
        if !population.checks().is_empty() && population.batch.num_rows() > 0 {
            write(folder, &population);
        }
    }
}

#[test]
#[ignore = "takes minutes and another engine: make second-engine"]
fn another_engine_gives_the_same_verdicts_on_all_shipped_checks() {
    let folder = tempfile::tempdir().unwrap();
    for cases in all_cases() {
        let reports = reports(&Report::of(&cases), &cases.broken);
        let facts: Vec<Facts> = reports.iter().map(Report::facts).collect();
        write_all(folder.path(), reports[0].form, &facts);
    }
    for make in [b203, b103, f101] {
        let story = make();
        let changes = CASES.iter().filter(|(of, ..)| of().form == story.form).map(|(_, changes, ..)| *changes);
        let stories: Vec<Story> = std::iter::once(make()).chain(changes.map(|changes| make().with(changes))).collect();
        let facts: Vec<Facts> = stories.iter().map(Story::facts).collect();
        write_all(folder.path(), story.form(), &facts);
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/second_engine.py");
    let ran = Command::new(python()).arg(script).arg(folder.path()).output().unwrap();
    let (out, err) = (String::from_utf8(ran.stdout).unwrap(), String::from_utf8(ran.stderr).unwrap());
    println!("{out}");
    assert!(ran.status.success(), "{out}\n{err}");
}
