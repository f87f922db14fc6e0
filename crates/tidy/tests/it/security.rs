//! The list of the yearly self-check is honest: a test that it names is there; and no log can be cleared.

use std::collections::BTreeSet;

use youju_tidy::source::split;

use crate::places::DELETED;
use crate::tree::{expect_none, files, rust_files};

fn read(path: &str) -> String {
    let files = files();
    files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path} is missing")).text.clone()
}

#[test]
fn every_test_that_the_self_check_names_is_there() {
    let list = read("security/asvs.toml");
    let named: BTreeSet<&str> = list
        .lines()
        .filter_map(|line| line.split_once("tests = [")?.1.split_once(']'))
        .flat_map(|(names, _)| names.split('"').skip(1).step_by(2))
        .collect();
    assert!(named.len() > 60, "the list is written otherwise now: {named:?}");
    let code: String = rust_files().iter().map(|file| file.text.as_str()).collect::<Vec<_>>().join("\n");
    let wrong: Vec<String> = named
        .into_iter()
        .filter(|name| !code.contains(&format!("fn {name}(")))
        .map(|name| format!("security/asvs.toml: {name}"))
        .collect();
    expect_none(&wrong, "Name the test as it is called now, or say that the requirement was only read or is not met.");
}

#[test]
fn no_row_of_a_log_can_be_deleted_and_none_is_written_anew() {
    let source = read("crates/domain/src/security/retention.rs");
    let tables: Vec<&str> = source.split("table: \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(tables.len() >= 7 && tables.contains(&"sign_in"), "{tables:?}");
    let mut wrong: Vec<String> =
        tables.iter().filter(|table| DELETED.contains(table)).map(|table| format!("{table} may be deleted")).collect();
    // A message is read and signed for; sealing anew keeps the words of a row.
    let may = |path: &str, table: &str| path == "crates/store/src/sealed.rs" || table == "message";
    for file in rust_files().iter().filter(|file| file.path.starts_with("crates/store/src/")) {
        for text in split(&file.text).strings {
            let words: Vec<&str> = text.split_whitespace().collect();
            let changed =
                words.windows(3).filter(|three| three[0] == "update" && three[2] == "set").map(|three| three[1]);
            wrong.extend(
                changed
                    .filter(|table| tables.contains(table) && !may(&file.path, table))
                    .map(|table| format!("{}: update {table}", file.path)),
            );
        }
    }
    expect_none(
        &wrong,
        "网络安全法 article 21 asks for six months of logs, and a log that can be written anew proves nothing. Keep the row, and add another.",
    );
}
