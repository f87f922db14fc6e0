//! security/components.tsv names everything of others that is in the program, with licence and checksum: the page of versions shows it, and
//! the list for other tools is made of it. It is made here, out of what Cargo and npm have locked:
//! `WRITE_COMPONENTS=1 cargo test -p youju-tidy components`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

use crate::tree::{files, root};

const PATH: &str = "security/components.tsv";
/// For what an installation is built. The list must not depend on the machine that makes it.
const TARGET: &str = "x86_64-unknown-linux-gnu";

#[test]
fn the_list_of_components_is_that_of_the_locked_packages() {
    let wanted = wanted();
    if std::env::var_os("WRITE_COMPONENTS").is_some() {
        std::fs::write(root().join(PATH), &wanted).unwrap();
    }
    let is = std::fs::read_to_string(root().join(PATH)).unwrap_or_default();
    assert!(wanted.lines().count() > 200, "only {} packages: the graph was not read", wanted.lines().count());
    let (is, wanted): (BTreeSet<&str>, BTreeSet<&str>) = (is.lines().collect(), wanted.lines().collect());
    let missing: Vec<&&str> = wanted.difference(&is).collect();
    let extra: Vec<&&str> = is.difference(&wanted).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "\nmissing: {missing:#?}\nno more there: {extra:#?}\n\nWrite it again: WRITE_COMPONENTS=1 cargo test -p youju-tidy components\n"
    );
}

fn wanted() -> String {
    let mut text =
        "# source\tname\tversion\tlicence\tchecksum; made by crates/tidy/tests/it/components.rs\n".to_owned();
    for line in crates().into_iter().chain(scripts()) {
        writeln!(text, "{line}").unwrap();
    }
    text
}

/// The crates that are built into the program as it is shipped.
fn crates() -> BTreeSet<String> {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(vec!["--filter-platform".to_owned(), TARGET.to_owned(), "--locked".to_owned()])
        .exec()
        .unwrap();
    let checksums = checksums();
    let shipped = shipped(&metadata);
    let packages = metadata.packages.iter().filter(|package| package.source.is_some() && shipped.contains(&package.id));
    let line = |package: &cargo_metadata::Package| {
        let (name, version) = (package.name.to_string(), package.version.to_string());
        let licence = package.license.as_deref().unwrap_or_default();
        let checksum = checksums.get(&(name.clone(), version.clone())).map(|digest| format!("SHA-256:{digest}"));
        format!("cargo\t{name}\t{version}\t{licence}\t{}", checksum.unwrap_or_default())
    };
    packages.map(line).collect()
}

/// What the program needs to run or to be built; what only tests need is left out.
fn shipped(metadata: &Metadata) -> BTreeSet<PackageId> {
    let nodes = &metadata.resolve.as_ref().unwrap().nodes;
    let by_id: BTreeMap<&PackageId, _> = nodes.iter().map(|node| (&node.id, node)).collect();
    let program = metadata.workspace_packages().into_iter().find(|package| package.name.as_str() == "youju").unwrap();
    let mut seen = BTreeSet::new();
    let mut open = vec![program.id.clone()];
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let is_needed =
            |dep: &&cargo_metadata::NodeDep| dep.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development);
        open.extend(by_id[&id].deps.iter().filter(is_needed).map(|dep| dep.pkg.clone()));
    }
    seen
}

/// The checksums of Cargo.lock, by name and version.
fn checksums() -> BTreeMap<(String, String), String> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let value = |part: &str, name: &str| {
        let line = part.lines().find_map(|line| line.strip_prefix(&format!("{name} = \"")))?;
        Some(line.trim_end_matches('"').to_owned())
    };
    let one = |part: &str| Some(((value(part, "name")?, value(part, "version")?), value(part, "checksum")?));
    lock.split("[[package]]").filter_map(one).collect()
}

/// The scripts and the font that are embedded.
fn scripts() -> Vec<String> {
    let files = files();
    let lock = files.iter().find(|file| file.path == "package-lock.json").unwrap();
    let mut lines = Vec::new();
    for part in lock.text.split("\"node_modules/").skip(1) {
        let name = part.split('"').next().unwrap();
        let value =
            |field: &str| part.split(&format!("\"{field}\": \"")).nth(1).and_then(|rest| rest.split('"').next());
        let integrity = value("integrity").and_then(|text| text.strip_prefix("sha512-")).unwrap_or_default();
        let (version, licence) = (value("version").unwrap_or_default(), value("license").unwrap_or_default());
        lines.push(format!("npm\t{name}\t{version}\t{licence}\tSHA-512:{}", hex_of(integrity)));
    }
    assert!(lines.len() >= 4, "{lines:?}");
    lines
}

/// Base 64 as hexadecimal digits.
fn hex_of(base64: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut hex = String::new();
    let (mut bits, mut count) = (0_u32, 0);
    for byte in base64.bytes().filter(|byte| *byte != b'=') {
        let digit = DIGITS.iter().position(|one| *one == byte).unwrap();
        bits = (bits << 6) | u32::try_from(digit).unwrap();
        count += 6;
        while count >= 8 {
            count -= 8;
            write!(hex, "{:02x}", (bits >> count) & 0xff).unwrap();
        }
        bits &= 0xff;
    }
    hex
}
