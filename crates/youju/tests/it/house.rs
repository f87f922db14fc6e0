//! A folder with files, and the program run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value as Json;

/// The program as built for these tests.
pub const YOUJU: &str = env!("CARGO_BIN_EXE_youju");

/// Two reports: 甲厂's 主营业务收入 is above its 营业收入, 乙厂's 利润总额 does not add up.
pub const TWO: &str = "单位代码,报告期,营业收入,主营业务收入,营业利润,营业外收入,营业外支出,利润总额
甲厂,2026-03,1000,1200,100,5,1,104
乙厂,2026-03,2000,1500,200,0,0,300
";

/// Its own folder for each test.
pub struct House(tempfile::TempDir);

/// What a run left behind.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl House {
    pub fn new() -> House {
        House(tempfile::tempdir().unwrap())
    }

    pub fn with(name: &str, bytes: impl AsRef<[u8]>) -> House {
        let house = House::new();
        house.write(name, bytes);
        house
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(YOUJU);
        command.args(arguments).current_dir(self.0.path()).env_remove("YOUJU_PROGRAMMES").stdin(Stdio::null());
        command
    }

    /// `youju check --form B203 …`
    pub fn check(&self, arguments: &[&str]) -> Ran {
        self.run(&[&["check", "--form", "B203"], arguments].concat())
    }

    /// `youju …`
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The outcome of one file as JSON.
    pub fn json(&self, file: &str) -> Json {
        let ran = self.check(&["--json", file]);
        assert!(ran.code < 2 && ran.err.is_empty(), "{}", ran.err);
        let json: Json = serde_json::from_str(&ran.out).unwrap();
        json["files"][0].clone()
    }
}

impl Ran {
    /// The words of the line that begins with a check's id.
    #[track_caller]
    pub fn line(&self, check: &str) -> Vec<&str> {
        let mut lines = self.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        lines.find(|words| words.first() == Some(&check)).unwrap_or_else(|| panic!("no line {check}: {}", self.out))
    }
}

/// Tested, failed, undecided and not applicable rows of a check.
#[track_caller]
pub fn counts(file: &Json, check: &str) -> [u64; 4] {
    let found = file["checks"].as_array().unwrap().iter().find(|found| found["check"] == check).unwrap();
    ["tested", "failed", "undecided", "not_applicable"].map(|name| found[name].as_u64().unwrap())
}

/// The root of the project.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
