//! docs/attacks.md promises a test for every attack: the tests that it names are there.

use youju_tidy::source::split;

use crate::tree::{expect_none, files, rust_files};

#[test]
fn every_test_that_the_list_of_attacks_names_is_there() {
    let files = files();
    let Some(list) = files.iter().find(|file| file.path == "docs/attacks.md") else {
        panic!("docs/attacks.md is missing: it says which test stands for which attack.");
    };
    let named = list.text.lines().filter_map(|line| line.strip_suffix(" |")?.rsplit_once(" | "));
    let named: Vec<&str> = named.flat_map(|(_, tests)| tests.split('`').skip(1).step_by(2)).collect();
    assert!(named.len() > 30, "the table is written otherwise now: {named:?}");
    let code: Vec<String> = rust_files().iter().map(|file| file.text.clone()).collect();
    let wrong: Vec<String> = named
        .into_iter()
        .filter(|name| !code.iter().any(|text| text.contains(&format!("fn {name}("))))
        .map(|name| format!("docs/attacks.md: {name}"))
        .collect();
    expect_none(&wrong, "Name the test as it is called now, or write it again: an attack without a test is a promise.");
}

/// By which functions of the store files come and go.
const RAW: &[&str] = &["::blob(", "attachment::keep(cx.tx()", "files::keep(cx.tx()", "::add_upload("];

#[test]
fn every_kept_file_goes_through_the_seal() {
    let own = |path: &str| path.starts_with("crates/app/src/") && path != "crates/app/src/secrets.rs";
    let wrong: Vec<String> = rust_files()
        .iter()
        .filter(|file| own(&file.path))
        .filter(|file| RAW.iter().any(|call| split(&file.text).code.contains(call)))
        .map(|file| file.path.clone())
        .collect();
    expect_none(&wrong, "Use `secrets::keep_file`, `secrets::file` or `secrets::keep_upload`: they seal and open.");
}
