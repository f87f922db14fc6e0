//! `youju vtl run` at the command line: pairs of files in, pairs of files out, refusals that programs can read.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value as Json;

use crate::house::YOUJU;

const STRUCTURE: &str = r#"{"name": "DS_1", "components": [
    {"name": "Id_1", "role": "Identifier", "data_type": "Integer"},
    {"name": "Me_1", "role": "Measure", "data_type": "Number", "nullable": true}]}"#;

fn run(folder: &Path, script: &str, rows: &str) -> Output {
    let input = folder.join("in");
    fs::create_dir_all(&input).unwrap();
    fs::write(input.join("DS_1.json"), STRUCTURE).unwrap();
    fs::write(input.join("DS_1.csv"), rows).unwrap();
    fs::write(folder.join("script.vtl"), script).unwrap();
    let mut command = Command::new(YOUJU);
    command.args(["vtl", "run"]).arg(folder.join("script.vtl"));
    command.arg("--in").arg(&input).arg("--out").arg(folder.join("out")).output().unwrap()
}

#[test]
fn every_result_is_written_as_a_pair_of_files() {
    let folder = tempfile::tempdir().unwrap();
    let done = run(folder.path(), "k := 2; DS_r <- DS_1 * k;", "Id_1,Me_1\n2,0.25\n1,\n");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    assert_eq!(read("DS_r.csv"), "Id_1,Me_1\n1,\n2,0.5\n");
    assert_eq!(read("k.csv"), "k\n2\n");
    let structure: Json = serde_json::from_str(&read("DS_r.json")).unwrap();
    assert_eq!(structure["name"], "DS_r");
    let first = &structure["components"][0];
    assert_eq!(
        (&first["name"], &first["role"], &first["data_type"]),
        (&"Id_1".into(), &"Identifier".into(), &"Integer".into())
    );
}

#[test]
fn refusals_say_kind_and_place() {
    for (script, rows, kind, line, column) in [
        ("r := DS_1 +;", "Id_1,Me_1\n", "syntax", 1, 12),
        ("a := DS_1;\nr := DS_9;", "Id_1,Me_1\n", "semantic", 2, 6),
        ("a := DS_1;\nr := DS_1 / DS_1;", "Id_1,Me_1\n1,0\n", "runtime", 2, 1),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let done = run(folder.path(), script, rows);
        assert_eq!(done.status.code(), Some(1), "{script}");
        let error: Json = serde_json::from_slice(&done.stderr).unwrap();
        let error = &error["error"];
        assert_eq!((&error["kind"], &error["line"]), (&kind.into(), &line.into()), "{error}");
        assert_eq!(error["column"], column, "{error}");
    }
}
