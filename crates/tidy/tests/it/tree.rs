//! The files of the project, and what cargo knows about it.

use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{CargoOpt, Metadata, MetadataCommand};

/// One file that belongs to the project.
pub struct File {
    /// From the root, with `/`.
    pub path: String,
    /// Its text; a file that is not text is empty here.
    pub text: String,
}

impl File {
    /// True for a file of Rust.
    pub fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|extension| extension == "rs")
    }
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    // Asked when it runs: a checkout may have moved since it was built.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).join("../..").canonicalize().unwrap()
}

/// Every file that is tracked or would be: what `.gitignore` names is not ours.
pub fn files() -> Vec<File> {
    let listed = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("these tests ask git which files belong to the project: install git");
    assert!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).unwrap();
    let read = |path: &str| std::fs::read(root().join(path)).ok();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_default();
    let files: Vec<File> = listed
        .split('\0')
        .filter(|path| !path.is_empty())
        .filter_map(|path| read(path).map(|bytes| File { path: path.to_owned(), text: text(bytes) })) // a deleted file is listed until it is committed
        .collect();
    assert!(files.len() > 50, "only {} files found: these tests would hold nothing", files.len());
    files
}

/// The Rust files.
pub fn rust_files() -> Vec<File> {
    files().into_iter().filter(File::is_rust).collect()
}

/// What cargo resolved for the machine that runs the tests.
pub fn metadata() -> Metadata {
    let host = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .features(CargoOpt::AllFeatures)
        .other_options(vec!["--filter-platform".to_owned(), host])
        .exec()
        .unwrap()
}

/// Fails with everything that is wrong at once, and what to do about it.
#[track_caller]
pub fn expect_none(wrong: &[String], what_to_do: &str) {
    assert!(wrong.is_empty(), "\n{}\n\n{what_to_do}\n", wrong.join("\n"));
}
