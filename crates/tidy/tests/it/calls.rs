//! Who calls out. The program answers; it calls only through a channel that an administrator has configured.

use std::collections::BTreeSet;

use youju_tidy::source::split;

use crate::tree::{expect_none, metadata, rust_files};

/// The one crate that calls.
const CALLER: &str = "youju-courier";

/// What it calls with. Others may bring these for serving (axum) or for a cluster; nobody else uses them directly.
const CALLING: &[&str] =
    &["hyper", "hyper-util", "http-body-util", "lettre", "rustls", "rustls-native-certs", "tokio-rustls"];

/// Who answers with the same protocols, and with which of them. That it opens no connection is held below.
const ANSWERS: (&str, &[&str]) = ("youju-gate", &["hyper", "hyper-util", "tokio-rustls"]);

/// Crates that reach out by themselves, follow redirects, obey proxies, or bring a C library for secrets.
const ABSENT: &[&str] = &[
    "reqwest",
    "ureq",
    "isahc",
    "curl",
    "attohttpc",
    "surf",
    "hyper-tls",
    "native-tls",
    "openssl-sys",
    "opentelemetry-otlp",
    "sentry",
];

/// Plays browsers against a server that somebody names, and is no part of the program.
const MEASURES: &str = "youju-load";

/// What opens a connection.
const OPENING: &[&str] = &["TcpStream::connect", "TcpSocket::", "UnixStream::connect", "UdpSocket::", "lookup_host("];

/// Where that may stand. The processes of a cluster are parts of the program and reach each other.
const OPENED_IN: &[&str] = &["crates/courier/src/wire.rs", "crates/frames/src/cluster/reach.rs"];

#[test]
fn only_the_courier_uses_what_calls_out() {
    let metadata = metadata();
    let mut wrong = Vec::new();
    let mut used = 0;
    for package in metadata.workspace_packages() {
        for dependency in package.dependencies.iter().filter(|found| CALLING.contains(&found.name.as_str())) {
            if package.name.as_str() == CALLER {
                used += 1;
            } else if package.name.as_str() != MEASURES
                && !(package.name.as_str() == ANSWERS.0 && ANSWERS.1.contains(&dependency.name.as_str()))
            {
                wrong.push(format!("{} → {} ({})", package.name, dependency.name, dependency.kind));
            }
        }
    }
    assert!(used > 3, "{CALLER} uses {used} of them: this list holds nothing");
    expect_none(&wrong, "Let crates/courier deliver it: it calls the hosts of configured channels and nobody else.");
}

#[test]
fn no_second_way_to_call_out_is_used() {
    let metadata = metadata();
    let used: BTreeSet<_> = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes).map(|node| &node.id).collect();
    let wrong: Vec<String> = metadata
        .packages
        .iter()
        .filter(|package| used.contains(&package.id) && ABSENT.contains(&package.name.as_str()))
        .map(|package| format!("{} {}", package.name, package.version))
        .collect();
    expect_none(&wrong, "Find who brings it (cargo tree -i NAME) and switch that feature off, or do without.");
}

#[test]
fn connections_are_opened_in_one_file() {
    let mut wrong = Vec::new();
    let mut found = BTreeSet::new();
    for file in rust_files().iter().filter(|file| file.path.starts_with("crates/") && !file.path.contains("/tests/")) {
        let code = split(&file.text).code;
        if OPENING.iter().any(|call| code.contains(call)) {
            found.insert(file.path.clone());
            if !OPENED_IN.contains(&file.path.as_str()) {
                wrong.push(file.path.clone());
            }
        }
    }
    expect_none(&wrong, "Dial in crates/courier/src/wire.rs: there time, bytes and encryption are held.");
    assert_eq!(found.len(), OPENED_IN.len(), "no longer opened everywhere that the list names: {found:?}");
}
