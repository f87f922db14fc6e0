//! A second count by DuckDB, which shares no code with the program: the same rows tested, failed and undecided, check by check.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::house::{House, YOUJU, root};
use crate::planted;

/// The Python that scripts/setup.sh prepares beside the built program.
fn python() -> PathBuf {
    let target = Path::new(YOUJU).ancestors().nth(2).unwrap();
    let python = target.join("venv/bin/python");
    assert!(python.exists(), "缺少 {}。请先运行 scripts/setup.sh test。", python.display());
    python
}

/// Runs the second count over a file and gives its table.
fn recount(file: &Path, json: &str) -> String {
    let mut child = Command::new(python())
        .arg(root().join("scripts/recount.py"))
        .arg(file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), json.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    let (out, err) = (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap());
    assert!(done.status.success(), "{out}{err}");
    out
}

#[test]
fn duckdb_counts_the_same_over_accounts_with_planted_errors() {
    let house = House::with("accounts.csv", planted::file());
    let ran = house.check(&["--json", "accounts.csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let table = recount(&house.path("accounts.csv"), &ran.out);
    assert!(table.ends_with("1440 rows, 104 checks, 0 differences\n"), "{table}");
    // Equal counts say little about a check that nothing fails.
    let columns = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = table.lines().map(columns).filter(|row| row.len() == 4).skip(1).collect();
    assert_eq!(rows.len(), 104);
    let never: Vec<&String> = rows.iter().filter(|row| row[2] == "0").map(|row| &row[0]).collect();
    assert_eq!(never, ["Z12", "Z24"], "nothing fails but what looks at other forms");
}

#[test]
fn the_second_count_notices_a_difference() {
    let house = House::with("accounts.csv", planted::file());
    let ran = house.check(&["--json", "accounts.csv"]);
    let one = ran.out.find("\"check\":\"Z7\",\"failed\":").unwrap() + "\"check\":\"Z7\",\"failed\":".len();
    let wrong = format!("{}1{}", &ran.out[..one], &ran.out[one..]);
    let caught = std::panic::catch_unwind(|| recount(&house.path("accounts.csv"), &wrong));
    let said = caught.unwrap_err().downcast::<String>().unwrap();
    assert!(said.ends_with("different: Z7\n"), "{said}");
}

/// The full open data are too large to be kept here: YOUJU_OPEN_DATA names the file.
#[test]
fn duckdb_counts_the_same_over_the_open_data() {
    let Some(file) = std::env::var_os("YOUJU_OPEN_DATA").map(PathBuf::from) else { return };
    let ran = House::new().check(&["--json", file.to_str().unwrap()]);
    assert!(ran.code < 2, "{}", ran.err);
    let table = recount(&file, &ran.out);
    assert!(table.ends_with("102 checks, 0 differences\n"), "{table}");
}
