//! Who may use whom. A crate stands on a floor and uses lower floors only; a new arrow is the rarest kind of change.

use std::collections::BTreeMap;

use cargo_metadata::DependencyKind;

use crate::tree::{expect_none, files, metadata};

/// Floor, crate, and the crates that it may use.
const ARROWS: &[(u8, &str, &[&str])] = &[
    (1, "codes", &[]),
    (1, "vtl", &[]),
    (1, "journal", &[]),
    (2, "domain", &["codes"]),
    (2, "verify", &["journal"]),
    (2, "linkage", &["codes"]),
    (3, "programme", &["codes", "domain", "vtl"]),
    (3, "profile", &["codes", "domain"]),
    (4, "store", &["codes", "domain", "journal"]),
    (4, "sheet", &["codes"]),
    (4, "print", &["domain"]),
    (4, "courier", &[]),
    (4, "gate", &[]),
    (4, "frames", &["codes", "domain", "programme", "vtl"]),
    (5, "app", &["codes", "domain", "programme", "profile", "vtl", "journal", "store", "sheet", "linkage"]),
    (6, "web", &["codes", "domain", "programme", "app"]),
    (
        7,
        "youju",
        &[
            "codes",
            "domain",
            "programme",
            "profile",
            "vtl",
            "journal",
            "store",
            "sheet",
            "frames",
            "print",
            "courier",
            "gate",
            "app",
            "web",
        ],
    ),
];

/// Beside the floors: `testkit` serves tests, `load` measures, `tidy` uses nobody.
const BESIDE: &[(&str, &[&str])] = &[
    ("testkit", &["codes", "domain", "programme", "profile", "store", "app", "sheet"]),
    ("load", &["codes", "domain", "programme", "store", "app", "testkit"]),
    ("tidy", &[]),
];

/// Crates whose tests may use `testkit`.
const TESTED_WITH_KIT: &[&str] = &["app", "web", "youju"];

fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    ARROWS.iter().map(|(_, name, uses)| (*name, *uses)).chain(BESIDE.iter().copied()).collect()
}

/// `youju-web` → `web`; the program itself is called `youju`.
fn room(package: &str) -> Option<&str> {
    if package == "youju" { Some("youju") } else { package.strip_prefix("youju-") }
}

#[test]
fn every_arrow_between_our_crates_is_in_the_table() {
    let allowed = allowed();
    let mut wrong = Vec::new();
    for package in metadata().workspace_packages() {
        let name = room(&package.name).unwrap_or(&package.name);
        let Some(may_use) = allowed.get(name) else {
            wrong.push(format!("crates/{name}: stands on no floor"));
            continue;
        };
        for dependency in &package.dependencies {
            let Some(used) = room(&dependency.name) else { continue };
            let is_kit =
                used == "testkit" && dependency.kind == DependencyKind::Development && TESTED_WITH_KIT.contains(&name);
            if !may_use.contains(&used) && !is_kit {
                wrong.push(format!("crates/{name}/Cargo.toml: {name} → {used} ({})", dependency.kind));
            }
        }
    }
    expect_none(
        &wrong,
        "Move the code to the floor where it belongs. If the house itself must change, change the table in \
         crates/tidy/tests/it/arrows.rs and ARCHITECTURE.md in the same commit, with the reason.",
    );
}

#[test]
fn the_table_itself_only_points_down() {
    let floor = |wanted: &str| ARROWS.iter().find(|(_, name, _)| *name == wanted).map(|(floor, ..)| *floor);
    let mut wrong = Vec::new();
    for (from, name, uses) in ARROWS {
        for used in *uses {
            if floor(used).is_none_or(|to| to >= *from) {
                wrong.push(format!("{name} (floor {from}) → {used}"));
            }
        }
    }
    expect_none(&wrong, "A crate may only use crates on lower floors.");
}

#[test]
fn architecture_md_names_every_crate() {
    let files = files();
    let Some(plan) = files.iter().find(|file| file.path == "ARCHITECTURE.md") else {
        panic!("ARCHITECTURE.md is missing: it is the map that a newcomer opens first. Write it.");
    };
    let wrong: Vec<String> = allowed()
        .keys()
        .filter(|name| !plan.text.contains(&format!("`{name}`")))
        .map(|name| format!("`{name}` is not named"))
        .collect();
    expect_none(&wrong, "Say in the crate map of ARCHITECTURE.md what lives there and what never will.");
}

#[test]
fn every_crate_inherits_lints_and_shared_facts() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.path.starts_with("crates/") && file.path.ends_with("/Cargo.toml")) {
        for line in [
            "[lints]\nworkspace = true",
            "edition.workspace = true",
            "license.workspace = true",
            "publish.workspace = true",
        ] {
            if !file.text.contains(line) {
                wrong.push(format!("{}: {}", file.path, line.replace('\n', " ")));
            }
        }
    }
    expect_none(&wrong, "Add the line: lints, edition and licence stand once, in the root Cargo.toml.");
}

#[test]
fn versions_stand_in_the_root_only() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.path.starts_with("crates/") && file.path.ends_with("/Cargo.toml")) {
        let in_dependencies = file
            .text
            .split("\n[")
            .filter(|part| part.split(']').next().is_some_and(|head| head.ends_with("dependencies")));
        for line in in_dependencies.flat_map(|part| part.lines().skip(1)) {
            let is_entry = line.contains('=') && !line.trim_start().starts_with('#');
            if is_entry && !line.contains("workspace = true") {
                wrong.push(format!("{}: {line}", file.path));
            }
        }
    }
    expect_none(
        &wrong,
        "Name the version in [workspace.dependencies] of the root Cargo.toml, with its reason, and write `workspace = true` here.",
    );
}
