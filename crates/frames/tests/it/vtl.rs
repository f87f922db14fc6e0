//! Runs the script cases: inputs and results as small tables in one text file.
//!
//! `== input NAME` and `== result NAME` are followed by a header (`name role type, …`) and rows; `== script` by VTL.
//! `== error kind` is followed by a piece of the message. `== case NAME` begins the next case. Lines with `# ` are comments.

use std::fs;
use std::path::{Path, PathBuf};

use youju_frames::vtl::{RunError, run_folder};

#[derive(Default)]
struct Case {
    name: String,
    script: String,
    inputs: Vec<(String, String)>,
    results: Vec<(String, String)>,
    error: Option<(String, String)>,
}

fn cases() -> Vec<Case> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/vtl");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| read(path)).collect()
}

/// A case without inputs has those of the case before it in the file.
fn read(path: &Path) -> Vec<Case> {
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("# ")).collect();
    let text = lines.join("\n");
    let mut cases: Vec<Case> = Vec::new();
    let mut inputs = Vec::new();
    for piece in text.trim_start().split("\n== ").map(|piece| piece.strip_prefix("== ").unwrap_or(piece)) {
        let (head, body) = piece.split_once('\n').unwrap_or((piece, ""));
        let body = body.trim_matches('\n').to_owned();
        let (word, rest) = head.split_once(' ').unwrap_or((head, ""));
        match word {
            "case" => {
                let name = format!("{}: {rest}", path.file_name().unwrap().to_string_lossy());
                cases.push(Case { name, inputs: inputs.clone(), ..Case::default() });
            }
            "input" => {
                let case = cases.last_mut().unwrap();
                case.inputs.retain(|(name, _)| name != rest);
                case.inputs.push((rest.to_owned(), body));
                inputs.clone_from(&case.inputs);
            }
            "script" => cases.last_mut().unwrap().script = body,
            "result" => cases.last_mut().unwrap().results.push((rest.to_owned(), body)),
            "error" => cases.last_mut().unwrap().error = Some((rest.to_owned(), body)),
            other => panic!("{}: {other}?", path.display()),
        }
    }
    cases
}

fn type_name(word: &str) -> &str {
    match word {
        "int" => "Integer",
        "num" => "Number",
        "bool" => "Boolean",
        "str" => "String",
        "date" => "Date",
        other => other,
    }
}

fn role_name(word: &str) -> &str {
    match word {
        "id" => "Identifier",
        "me" => "Measure",
        "at" => "Attribute",
        "vi" => "Viral Attribute",
        other => panic!("{other}?"),
    }
}

/// `Id_1 id int, Me_1 me num` and rows.
fn store(folder: &Path, name: &str, body: &str) {
    let (head, rows) = body.split_once('\n').unwrap_or((body, ""));
    let mut components = Vec::new();
    let mut names = Vec::new();
    for component in head.split(", ") {
        let words: Vec<&str> = component.split(' ').collect();
        let [name, role, kind] = words[..] else { panic!("{component}?") };
        names.push(name);
        components.push(serde_json::json!({ "name": name, "role": role_name(role), "data_type": type_name(kind) }));
    }
    let structure = serde_json::json!({ "name": name, "components": components });
    fs::write(folder.join(format!("{name}.json")), structure.to_string()).unwrap();
    fs::write(folder.join(format!("{name}.csv")), format!("{}\n{rows}\n", names.join(","))).unwrap();
}

/// A result in the form of the case.
fn load(folder: &Path, name: &str) -> String {
    let structure = fs::read_to_string(folder.join(format!("{name}.json"))).expect(name);
    let structure: serde_json::Value = serde_json::from_str(&structure).unwrap();
    let short = |word: &str| {
        match word {
            "Identifier" => "id",
            "Measure" => "me",
            "Attribute" => "at",
            "Viral Attribute" => "vi",
            "Integer" => "int",
            "Number" => "num",
            "Boolean" => "bool",
            "String" => "str",
            "Date" => "date",
            other => return other.to_owned(),
        }
        .to_owned()
    };
    let components = structure["components"].as_array().unwrap();
    let head: Vec<String> = components
        .iter()
        .map(|component| {
            let word = |key: &str| component[key].as_str().unwrap();
            format!("{} {} {}", word("name"), short(word("role")), short(word("data_type")))
        })
        .collect();
    let rows = fs::read_to_string(folder.join(format!("{name}.csv"))).unwrap();
    let rows = rows.split_once('\n').unwrap().1;
    format!("{}\n{}", head.join(", "), rows).trim_end().to_owned()
}

fn kind_of(error: &RunError) -> &'static str {
    match error {
        RunError::Syntax(_) => "syntax",
        RunError::Semantic(_) => "semantic",
        RunError::Runtime { .. } => "runtime",
    }
}

/// How a script over a folder is run into another one.
pub(crate) type Run<'a> = &'a dyn Fn(&str, &Path, &Path) -> Result<Vec<String>, RunError>;

/// What goes wrong when all cases are run.
pub(crate) fn failures(run: Run<'_>) -> Vec<String> {
    let wanted = std::env::var("VTL_CASE").unwrap_or_default();
    let cases = cases();
    cases.iter().filter(|case| case.name.contains(&wanted)).flat_map(|case| failures_of(case, run)).collect()
}

fn failures_of(case: &Case, run: Run<'_>) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir_all(&input).unwrap();
    for (name, body) in &case.inputs {
        store(&input, name, body);
    }
    let mut failures = Vec::new();
    match (run(&case.script, &input, &output), &case.error) {
        (Ok(_), None) => {
            for (name, expected) in &case.results {
                let found = load(&output, name);
                if found.trim() != expected.trim() {
                    failures.push(format!("{} {name}\n{found}\n--- expected\n{expected}", case.name));
                }
            }
        }
        (Ok(_), Some(_)) => failures.push(format!("{}: no error", case.name)),
        (Err(error), Some((kind, piece))) => {
            if kind_of(&error) != kind || !error.to_string().contains(piece.trim()) {
                failures.push(format!("{}\n{error}\n--- expected {kind}\n{piece}", case.name));
            }
        }
        (Err(error), None) => failures.push(format!("{}\n{error}", case.name)),
    }
    failures
}

#[test]
fn scripts_give_the_results_that_the_cases_say() {
    let failures = failures(&run_folder);
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Several structures in one file, a file that is not asked for, a column that is not known.
#[test]
fn the_other_layout_is_read_and_what_is_not_used_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir_all(&input).unwrap();
    let structures = r#"{"datasets": [
        {"name": "月报", "DataStructure": [
            {"name": "单位", "type": "String", "role": "Identifier", "nullable": false},
            {"name": "期", "type": "TimePeriod", "role": "Identifier", "nullable": false},
            {"name": "收入", "type": "Number", "role": "Measure", "nullable": false}]},
        {"name": "别的", "DataStructure": [{"name": "x", "type": "Integer", "role": "ViralAttribute", "nullable": true}]}]}"#;
    fs::write(input.join("all.json"), structures).unwrap();
    fs::write(input.join("notes.json"), "{ this is not JSON").unwrap();
    fs::write(input.join("月报.csv"), "\u{feff}期,单位,收入,附注\n2024-01,甲,1e3,x\n2024-01,乙,0.10,\n").unwrap();
    let remarks = run_folder("r <- '月报' * 2;", &input, &output).unwrap();
    assert_eq!(remarks, ["月报.csv 的列“附注”不在结构里,没有使用。"]);
    assert_eq!(load(&output, "r"), "单位 id str, 期 id Time_Period, 收入 me num\n乙,2024M01,0.2\n甲,2024M01,2000");

    fs::write(input.join("月报.csv"), "期,单位,收入\n2024-01,甲,\n").unwrap();
    let refused = run_folder("r <- '月报' * 2;", &input, &output).unwrap_err();
    assert_eq!(refused.to_string(), "月报.csv 第 2 行“收入”应为数值(结构写明不能为空),现为“”。");
}

/// Long chains and deep nesting neither overflow the stack nor take for ever.
#[test]
fn a_long_chain_of_operators_is_computed() {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir_all(&input).unwrap();
    store(&input, "D", "Id_1 id int, Me_1 me num\n1,1\n2,0.5");
    let chain = format!("r := D{};", " + D".repeat(60));
    run_folder(&chain, &input, &output).unwrap();
    assert_eq!(load(&output, "r"), "Id_1 id int, Me_1 me num\n1,61\n2,30.5");
    let again = "define operator f (x dataset) returns dataset is f(x) + f(x) end operator; r := f(D);";
    let refused = run_folder(again, &input, &output).unwrap_err();
    assert!(refused.to_string().contains("嵌套超过 32 层"), "{refused}");
}
