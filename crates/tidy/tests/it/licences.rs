//! Everything that is shipped or used must be free to use in an Apache-2.0 program.

use std::collections::BTreeSet;

use youju_tidy::licence::is_allowed;

use crate::tree::{expect_none, files, metadata};

/// The same list stands in deny.toml.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "bzip2-1.0.6",
];

/// The font of printed forms; its licence goes with the program.
const ALLOWED_FOR_FONTS: &[&str] = &["OFL-1.1"];

/// Browser tests only, never shipped: axe-core is MPL-2.0 and used unchanged.
const ALLOWED_IN_BROWSER_TESTS: &[&str] = &["MPL-2.0"];

#[test]
fn every_crate_has_an_allowed_licence() {
    let metadata = metadata();
    let used: BTreeSet<_> = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes).map(|node| &node.id).collect();
    let packages: Vec<_> = metadata.packages.iter().filter(|package| used.contains(&package.id)).collect();
    assert!(packages.len() > 100, "only {} packages: the graph was not read", packages.len());
    let wrong: Vec<String> = packages
        .iter()
        .filter(|package| !package.license.as_deref().is_some_and(|text| is_allowed(text, ALLOWED)))
        .map(|package| {
            format!(
                "{} {}: {}",
                package.name,
                package.version,
                package.license.as_deref().unwrap_or("no licence named")
            )
        })
        .collect();
    expect_none(
        &wrong,
        "Do without this crate, or, if the licence is permissive, add it to the lists in crates/tidy/tests/it/licences.rs and deny.toml.",
    );
}

#[test]
fn every_npm_package_has_an_allowed_licence() {
    let mut wrong = Vec::new();
    for (path, also) in [("package-lock.json", ALLOWED_FOR_FONTS), ("e2e/package-lock.json", ALLOWED_IN_BROWSER_TESTS)]
    {
        let files = files();
        let lock = files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path} is missing"));
        let allowed = [ALLOWED, also].concat();
        let mut count = 0;
        for line in lock.text.lines() {
            let Some(licence) = line.trim().strip_prefix("\"license\": \"") else { continue };
            let licence = licence.trim_end_matches(',').trim_end_matches('"');
            count += 1;
            if !is_allowed(licence, &allowed) {
                wrong.push(format!("{path}: {licence}"));
            }
        }
        let packages = lock.text.matches("\": {\n      \"version\"").count();
        assert!(
            count > packages,
            "{path}: {packages} packages, {count} licences (the project's own among them): one names none"
        );
    }
    expect_none(
        &wrong,
        "Do without this package, or, if the licence is permissive, add it in crates/tidy/tests/it/licences.rs.",
    );
}

#[test]
fn deny_toml_has_the_same_list() {
    let files = files();
    let deny = files.iter().find(|file| file.path == "deny.toml").expect("deny.toml is missing");
    let (_, after) = deny.text.split_once("allow = [").expect("deny.toml has no list of licences");
    let (list, _) = after.split_once(']').expect("the list in deny.toml does not end");
    let listed: Vec<&str> =
        list.split(',').map(|item| item.trim().trim_matches('"')).filter(|item| !item.is_empty()).collect();
    assert_eq!(listed, ALLOWED, "make the lists of deny.toml and crates/tidy/tests/it/licences.rs equal");
}
